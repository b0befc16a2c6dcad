"""A message: envelope 20 bytes, header 24 bytes, body, credential with four bytes of length before it.

    envelope   protocol major 1, minor 1, flags 1, suggested minor 1, session 4, request 4, sequence 4, length 4
    flags      0x80 compressed, 0x40 encrypted, 0x20 one of several datagrams, the low two bits the suggested major
    header     operation 4, response 4, flags 4, serial of the site 2, recursions 1, reserved 1, expiry 4, body length 4

``length`` counts what follows the envelope; of a message in several datagrams each carries the length of the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from struct import Struct

from jialiang.formats.handle.octets import LEFT_OVER, TOO_SHORT, Octets, block_octets
from jialiang.kernel.text import Text

ENVELOPE_BYTES, HEADER_BYTES = 20, 24
LONGEST_MESSAGE = 16_672_500
MAJOR, MINOR = 2, 10
"""The version of the protocol spoken here."""
COMPRESSED, ENCRYPTED, TRUNCATED = 0x80, 0x40, 0x20
_ENVELOPE, _HEADER = Struct(">BBBBIIII"), Struct(">IIIHBBII")
TOO_LONG = Text(zh="消息长度超过上限", en="the message is longer than allowed")
NOT_PLAIN = Text(zh="不接受压缩或加密的消息", en="compressed and encrypted messages are not taken")
OTHER_VERSION = Text(zh="不支持的协议主版本", en="a major version of the protocol that is not spoken here")
OTHER_LENGTH = Text(zh="信封所记长度与消息不符", en="the length in the envelope is not that of the message")


@dataclass(frozen=True, slots=True)
class Envelope:
    """The first twenty bytes of a packet."""

    length: int
    request: int
    session: int = 0
    sequence: int = 0
    major: int = MAJOR
    minor: int = MINOR
    flags: int = MAJOR
    suggested_minor: int = MINOR

    @property
    def is_truncated(self) -> bool:
        """Whether the packet is one of several of its message."""
        return bool(self.flags & TRUNCATED)

    @property
    def version(self) -> tuple[int, int]:
        """The version that both sides speak at most: the suggested one where it is lower or newer than the own."""
        suggested = self.flags & 3
        return (suggested, self.suggested_minor) if suggested else (self.major, self.minor)

    def octets(self) -> bytes:
        """Return the twenty bytes."""
        head = (self.major, self.minor, self.flags, self.suggested_minor)
        return _ENVELOPE.pack(*head, self.session, self.request, self.sequence, self.length)


@dataclass(frozen=True, slots=True)
class Header:
    """What is asked (``response`` 0) or how it went; ``expiration`` in seconds since 1970."""

    op: int
    response: int = 0
    flags: int = 0
    site_serial: int = 0
    recursions: int = 0
    expiration: int = 0
    reserved: int = 0

    def octets(self, body_length: int) -> bytes:
        """Return the 24 bytes before a body."""
        counted = (self.site_serial, self.recursions, self.reserved, self.expiration, body_length)
        return _HEADER.pack(self.op, self.response, self.flags, *counted)


@dataclass(frozen=True, slots=True)
class Message:
    """A whole message; ``credential`` is None where its length is left out as well."""

    envelope: Envelope
    header: Header
    body: bytes
    credential: bytes | None = b""

    @property
    def digested(self) -> bytes:
        """Header and body, over which a digest of the message is taken."""
        return self.header.octets(len(self.body)) + self.body

    @property
    def content(self) -> bytes:
        """Everything behind the envelope."""
        return self.digested + (b"" if self.credential is None else block_octets(self.credential))

    def octets(self) -> bytes:
        """Return the bytes for a stream, with the right length in the envelope."""
        content = self.content
        return replace(self.envelope, length=len(content)).octets() + content


def read_envelope(data: bytes, at: int = 0) -> Envelope:
    """Return the envelope at ``at``. Raises BadOctets where it is cut or claims a length beyond the protocol's."""
    if len(data) - at < ENVELOPE_BYTES:
        raise Octets(data, at).fault("envelope", TOO_SHORT)
    major, minor, flags, suggested, session, request, sequence, length = _ENVELOPE.unpack_from(data, at)
    if length > LONGEST_MESSAGE:
        raise Octets(data, at).fault("length of the message", TOO_LONG, at + 16)
    return Envelope(length, request, session, sequence, major, minor, flags, suggested)


def read_message(data: bytes) -> Message:
    """Return the one message that ``data`` are. Raises BadOctets."""
    envelope = read_envelope(data)
    if envelope.length != len(data) - ENVELOPE_BYTES:
        raise Octets(data).fault("length of the message", OTHER_LENGTH, 16)
    return read_content(envelope, data[ENVELOPE_BYTES:])


def read_content(envelope: Envelope, content: bytes) -> Message:
    """Return the message of an envelope and what followed it. Raises BadOctets, with offsets from the header on."""
    octets = Octets(content)
    if envelope.major != MAJOR:
        raise octets.fault("version of the protocol", OTHER_VERSION)
    if envelope.flags & (COMPRESSED | ENCRYPTED):
        raise octets.fault("flags of the envelope", NOT_PLAIN)
    header, body_length = read_header(content)
    octets.at = HEADER_BYTES
    body = octets.raw(body_length, "body")
    credential = octets.block("credential") if octets.left >= 4 else None
    if octets.left:
        raise octets.fault("credential", LEFT_OVER)
    return Message(envelope, header, body, credential)


def read_header(content: bytes) -> tuple[Header, int]:
    """Return the header that ``content`` begins with and the length of the body it claims. Raises BadOctets."""
    if len(content) < HEADER_BYTES:
        raise Octets(content).fault("header", TOO_SHORT)
    op, response, flags, serial, recursions, reserved, expiration, body_length = _HEADER.unpack_from(content)
    return Header(op, response, flags, serial, recursions, expiration, reserved), body_length
