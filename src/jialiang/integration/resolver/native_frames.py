"""Requests of the native protocol as they come off the wire, and the responses to them.

A response repeats version, session, request and flags of its request. Envelope and header are packed in one go.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from struct import Struct

from jialiang.formats.handle.challenges import digest_of
from jialiang.formats.handle.octets import text_octets
from jialiang.formats.handle.wire.codes import HashCode, OpFlag
from jialiang.formats.handle.wire.messages import ENVELOPE_BYTES, HEADER_BYTES, MAJOR, MINOR, Message

FRAME = Struct(">BBBBIIIIIIIHBBII")
"""Envelope and header: version 2, flags, suggested, session, request, sequence, length; op, response, flags, serial,
recursions, reserved, expiry, body length."""
FRAME_BYTES = ENVELOPE_BYTES + HEADER_BYTES
NO_CREDENTIAL = b"\0\0\0\0"
ANSWERS_LAST = 12 * 3600  # seconds until a response runs out
SITE_SERIAL = 1
WITH_SHA256 = (2, 3)
"""The version from which on clients know SHA-256 as digest of a request; older ones get SHA-1."""


@dataclass(frozen=True)
class Asked:
    """A request: the message, and the moment (seconds since 1970) at which it came."""

    message: Message
    now: float

    @property
    def op(self) -> int:
        """The operation."""
        return self.message.header.op

    @property
    def request(self) -> int:
        """The number that the client gave the request."""
        return self.message.envelope.request

    @property
    def session(self) -> int:
        """The session that the client named, 0 for none."""
        return self.message.envelope.session

    def wants(self, flag: OpFlag) -> bool:
        """Tell whether a flag is set."""
        return bool(self.message.header.flags & flag)

    @property
    def has_run_out(self) -> bool:
        """Whether the client said that it does not want an answer any more."""
        return 0 < self.message.header.expiration < self.now

    @cached_property
    def digest(self) -> bytes:
        """The kind of digest, one byte, and the digest of header and body."""
        kind = HashCode.SHA256 if self.message.envelope.version >= WITH_SHA256 else HashCode.SHA1
        return bytes([kind]) + digest_of(kind, self.message.digested)


@dataclass(frozen=True, slots=True)
class Said:
    """What is answered: a response code and a body; ``op``, ``session`` and ``flags`` where they differ."""

    response: int
    body: bytes = b""
    op: int | None = None
    session: int | None = None
    more_flags: int = 0
    with_digest: bool = False

    def frame(self, asked: Asked) -> bytes:
        """Return the message that goes back."""
        flags = asked.message.header.flags & ~int(OpFlag.TRUSTED_RESULT) | self.more_flags
        digest = b""
        if self.with_digest or asked.wants(OpFlag.RETURN_DIGEST):
            flags |= OpFlag.RETURN_DIGEST
            digest = asked.digest
        body = digest + self.body
        envelope = asked.message.envelope
        major, minor = (MAJOR, envelope.minor) if envelope.major == MAJOR else (MAJOR, MINOR)
        return (
            FRAME.pack(
                major, minor, MAJOR, MINOR,
                asked.session if self.session is None else self.session, asked.request, 0, HEADER_BYTES + len(body) + 4,
                asked.op if self.op is None else self.op, self.response, flags, SITE_SERIAL,
                asked.message.header.recursions, 0, int(asked.now) + ANSWERS_LAST, len(body),
            )
            + body
            + NO_CREDENTIAL
        )  # fmt: skip


def complaint(response: int, words: str) -> Said:
    """Return a refusal in words."""
    return Said(int(response), text_octets(words))
