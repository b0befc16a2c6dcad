"""Messages in datagrams of at most 512 bytes: each has the envelope, with the number of the piece, and up to 492 bytes.

What comes in is put together in bounded room: so many messages at once, so many bytes each, for so many seconds.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field, replace

from jialiang.formats.handle.octets import Octets
from jialiang.formats.handle.wire.messages import (
    ENVELOPE_BYTES,
    OTHER_LENGTH,
    TOO_LONG,
    TRUNCATED,
    Envelope,
    Message,
    read_envelope,
)
from jialiang.kernel.text import Text

LARGEST_DATAGRAM = 512
PIECE_BYTES = LARGEST_DATAGRAM - ENVELOPE_BYTES
WRONG_PIECE = Text(zh="分片序号或长度不符", en="a piece with a wrong number or length")


def datagrams(message: Message) -> list[bytes]:
    """Return the datagrams of a message, one where it fits."""
    content = message.content
    pieces = [content[at : at + PIECE_BYTES] for at in range(0, max(len(content), 1), PIECE_BYTES)]
    flags = message.envelope.flags & ~TRUNCATED | (TRUNCATED if len(pieces) > 1 else 0)
    envelope = replace(message.envelope, length=len(content), flags=flags)
    return [replace(envelope, sequence=number).octets() + piece for number, piece in enumerate(pieces)]


@dataclass(slots=True)
class _Pending:
    length: int
    until: float
    pieces: dict[int, bytes] = field(default_factory=dict)


class Assembly:
    """Puts messages together again; ``sender`` tells one source of datagrams from another."""

    def __init__(self, *, longest: int, at_once: int, seconds: float) -> None:
        self._longest = longest
        self._at_once = at_once
        self._seconds = seconds
        self._pending: OrderedDict[tuple[Hashable, int], _Pending] = OrderedDict()

    def __len__(self) -> int:
        return len(self._pending)

    def add(self, sender: Hashable, datagram: bytes, now: float) -> tuple[Envelope, bytes] | None:
        """Return envelope and content once a message is whole, else None. Raises BadOctets."""
        envelope = read_envelope(datagram)
        piece = datagram[ENVELOPE_BYTES:]
        if envelope.length > self._longest:
            raise Octets(datagram).fault("length of the message", TOO_LONG, 16)
        if envelope.length <= PIECE_BYTES or not envelope.is_truncated:
            if envelope.sequence or envelope.length != len(piece):
                raise Octets(datagram).fault("length of the message", OTHER_LENGTH, 16)
            return envelope, piece
        return self._piece(sender, envelope, piece, now)

    def _piece(
        self, sender: Hashable, envelope: Envelope, piece: bytes, now: float
    ) -> tuple[Envelope, bytes] | None:
        number = -(-envelope.length // PIECE_BYTES)
        last = envelope.length - (number - 1) * PIECE_BYTES
        wanted = last if envelope.sequence == number - 1 else PIECE_BYTES
        if envelope.sequence >= number or len(piece) != wanted:
            raise Octets(piece).fault("number of the piece", WRONG_PIECE)
        key = (sender, envelope.request)
        pending = self._pending.get(key)
        if pending is None or pending.until <= now or pending.length != envelope.length:
            pending = self._begun(key, envelope.length, now)
        pending.pieces[envelope.sequence] = piece
        if len(pending.pieces) < number:
            return None
        del self._pending[key]
        whole = b"".join(pending.pieces[at] for at in range(number))
        return replace(envelope, sequence=0, flags=envelope.flags & ~TRUNCATED), whole

    def _begun(self, key: tuple[Hashable, int], length: int, now: float) -> _Pending:
        self._pending.pop(key, None)
        while self._pending and (len(self._pending) >= self._at_once or self._oldest_until() <= now):
            self._pending.popitem(last=False)
        pending = self._pending[key] = _Pending(length, now + self._seconds)
        return pending

    def _oldest_until(self) -> float:
        return next(iter(self._pending.values())).until
