"""A client of the native Handle protocol, written from the wire notes alone: it uses nothing of the product.

Envelope 20 bytes, header 24 bytes, body, credential; datagrams of 512 bytes. Everything is big-endian.
"""

from __future__ import annotations

import hashlib
import os
import random
import socket
import struct
import time
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ENVELOPE, HEADER = struct.Struct(">4B4I"), struct.Struct(">3IH2B2I")
PIECE = 492
RETURN_DIGEST = 0x00800000


@dataclass
class Value:
    """A value as it stands on the wire."""

    index: int
    type: str
    data: bytes
    timestamp: int = 0
    ttl_kind: int = 0
    ttl: int = 86400
    permissions: int = 14
    references: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class Response:
    """A response taken apart."""

    op: int
    code: int
    flags: int
    session: int
    request: int
    expires: int
    recursions: int
    envelope_flags: int
    digest: bytes | None
    body: bytes

    @property
    def text(self) -> str:
        """The message of a refusal."""
        return Reader(self.body).text()

    @property
    def nonce(self) -> bytes:
        """The chance of a challenge."""
        return Reader(self.body).block()

    def record(self) -> tuple[str, list[Value]]:
        """Name and values."""
        reader = Reader(self.body)
        name, values = reader.text(), [reader.value() for _ in range(reader.number())]
        assert reader.at == len(self.body)
        return name, values


class Reader:
    """Reads what stands in a body."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def number(self) -> int:
        (number,) = struct.unpack_from(">I", self.data, self.at)
        self.at += 4
        return int(number)

    def block(self) -> bytes:
        length = self.number()
        block = self.data[self.at : self.at + length]
        assert len(block) == length
        self.at += length
        return block

    def text(self) -> str:
        return self.block().decode()

    def value(self) -> Value:
        index, timestamp, kind, ttl, permissions = struct.unpack_from(">IIBIB", self.data, self.at)
        self.at += 14
        name, data = self.text(), self.block()
        references = [(self.text(), self.number()) for _ in range(self.number())]
        return Value(index, name, data, timestamp, kind, ttl, permissions, references)


def block(data: bytes | str) -> bytes:
    """Length and bytes."""
    raw = data.encode() if isinstance(data, str) else data
    return struct.pack(">I", len(raw)) + raw


def numbers(given: list[int] | tuple[int, ...]) -> bytes:
    """A list of numbers."""
    return struct.pack(f">I{len(given)}I", len(given), *given)


def value_bytes(value: Value) -> bytes:
    """A value on the wire."""
    head = struct.pack(">IIBIB", value.index, value.timestamp, value.ttl_kind, value.ttl, value.permissions)
    references = b"".join(block(name) + struct.pack(">I", index) for name, index in value.references)
    return (
        head + block(value.type) + block(value.data) + struct.pack(">I", len(value.references)) + references
    )


def record_body(name: str, values: list[Value]) -> bytes:
    """Name, number, values."""
    return block(name) + struct.pack(">I", len(values)) + b"".join(map(value_bytes, values))


def question(name: str, indexes: tuple[int, ...] = (), types: tuple[str, ...] = ()) -> bytes:
    """The body of a resolution."""
    return block(name) + numbers(indexes) + struct.pack(">I", len(types)) + b"".join(map(block, types))


def content(
    op: int, body: bytes, flags: int = 0, *, expires: int | None = None, recursions: int = 0
) -> bytes:
    """Header, body and no credential."""
    until = int(time.time()) + 43200 if expires is None else expires
    return HEADER.pack(op, 0, flags, 0xFFFF, recursions, 0, until, len(body)) + body + bytes(4)


def taken_apart(envelope: bytes, rest: bytes) -> Response:
    """Read a response."""
    major, _, envelope_flags, _, session, request, _, _ = ENVELOPE.unpack(envelope)
    assert major == 2
    op, code, flags, _, recursions, _, expires, length = HEADER.unpack_from(rest)
    body, digest = rest[24 : 24 + length], None
    assert rest[24 + length :] == bytes(4)
    if flags & RETURN_DIGEST:
        size = {1: 16, 2: 20, 3: 32}[body[0]]
        digest, body = body[: 1 + size], body[1 + size :]
    return Response(op, code, flags, session, request, expires, recursions, envelope_flags, digest, body)


class Client:
    """Speaks with a server over TCP, on one connection, or over UDP."""

    def __init__(self, host: str, port: int, transport: str = "tcp", *, minor: int = 3) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        kind = socket.SOCK_STREAM if transport == "tcp" else socket.SOCK_DGRAM
        self.socket = socket.socket(family, kind)
        self.socket.settimeout(10)
        try:
            self.socket.connect((host, port))
        except OSError:
            self.socket.close()
            raise
        self.transport, self.minor, self.session = transport, minor, 0
        self._received = b""

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def ask(
        self, op: int, body: bytes = b"", flags: int = 0, *, session: int | None = None, **more: int
    ) -> Response:
        """Send a request and return its response."""
        return self.exchange(content(op, body, flags, **more), session)

    def exchange(self, sent: bytes, session: int | None = None) -> Response:
        """Send what stands behind an envelope and return the response."""
        number = random.getrandbits(31)
        named = self.session if session is None else session
        if self.transport == "tcp":
            self.socket.sendall(self._envelope(len(sent), number, named) + sent)
            response = self.read()
        else:
            self._send_pieces(sent, number, named)
            response = self._read_pieces()
        assert response.request == number
        return response

    def read(self) -> Response:
        """Read the next response of a connection."""
        envelope = self.exactly(20)
        return taken_apart(envelope, self.exactly(struct.unpack(">I", envelope[16:])[0]))

    def exactly(self, length: int) -> bytes:
        """Read so many bytes."""
        while len(self._received) < length:
            piece = self.socket.recv(65536)
            if not piece:
                raise ConnectionError("the server closed the connection")
            self._received += piece
        taken, self._received = self._received[:length], self._received[length:]
        return taken

    def resolve(
        self, name: str, indexes: tuple[int, ...] = (), types: tuple[str, ...] = (), flags: int = 0
    ) -> Response:
        """Resolve a name."""
        return self.ask(1, question(name, indexes, types), flags)

    def log_in(self, name: str, index: int, key: rsa.RSAPrivateKey, op: int = 2001) -> Response:
        """Log in with a key: ask, sign chance and digest, answer."""
        asked = content(op, block(name) + struct.pack(">I", index), RETURN_DIGEST)
        return self.answer_challenge(self.exchange(asked), asked, name, index, signed_by(key))

    def answer_challenge(
        self, challenge: Response, asked: bytes, name: str, index: int, prove: object
    ) -> Response:
        """Answer a challenge for what was asked; ``prove`` makes kind and proof of chance and digest."""
        assert challenge.code == 402
        assert challenge.digest == digest_of(challenge.digest[0], asked[:-4])
        kind, proof = prove(challenge.nonce + challenge.digest[1:])
        self.session = challenge.session
        body = block(kind) + block(name) + struct.pack(">I", index) + block(proof)
        return self.ask(200, body, RETURN_DIGEST)

    def _envelope(self, length: int, number: int, session: int, sequence: int = 0, flags: int = 2) -> bytes:
        return ENVELOPE.pack(2, self.minor, flags, 10, session, number, sequence, length)

    def _send_pieces(self, sent: bytes, number: int, session: int) -> None:
        pieces = [sent[at : at + PIECE] for at in range(0, len(sent), PIECE)]
        flags = 2 | (0x20 if len(pieces) > 1 else 0)
        for at, piece in enumerate(pieces):
            self.socket.send(self._envelope(len(sent), number, session, at, flags) + piece)

    def _read_pieces(self) -> Response:
        pieces: dict[int, bytes] = {}
        while True:
            datagram = self.socket.recv(2048)
            assert len(datagram) <= 512
            *_, sequence, length = ENVELOPE.unpack(datagram[:20])
            pieces[sequence] = datagram[20:]
            if sum(map(len, pieces.values())) == length:
                return taken_apart(datagram[:20], b"".join(pieces[at] for at in sorted(pieces)))


def digest_of(kind: int, digested: bytes) -> bytes:
    """Kind and digest of header and body."""
    return bytes([kind]) + {1: hashlib.md5, 2: hashlib.sha1, 3: hashlib.sha256}[kind](digested).digest()


def signed_by(key: rsa.RSAPrivateKey) -> object:
    """Prove with a key: RSA PKCS #1 v1.5 and SHA-256."""

    def prove(challenged: bytes) -> tuple[str, bytes]:
        signature = key.sign(challenged, padding.PKCS1v15(), hashes.SHA256())
        return "HS_PUBKEY", block("SHA-256") + block(signature)

    return prove


def stretched_from(secret: bytes) -> object:
    """Prove with a secret: HMAC-SHA-1 under the key that PBKDF2 makes of it."""

    def prove(challenged: bytes) -> tuple[str, bytes]:
        salt = os.urandom(16)
        key = hashlib.pbkdf2_hmac("sha1", secret, salt, 10_000, 20)
        tag = hashlib.new(
            "sha1",
            bytes(x ^ 0x5C for x in key.ljust(64, b"\0"))
            + hashlib.sha1(bytes(x ^ 0x36 for x in key.ljust(64, b"\0")) + challenged).digest(),
        ).digest()
        return "HS_SECKEY", b"\x22" + block(salt) + struct.pack(">II", 10_000, 160) + block(tag)

    return prove
