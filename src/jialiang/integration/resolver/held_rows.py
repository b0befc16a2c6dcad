"""Rows of identifiers in memory: found by what was asked, current as the feed says, bounded by bytes.

Each row is held as one string of bytes, its body (``shortened``) and 20 bytes about it, which is the least that Python
can do with: no pointer, nothing for its collector. Memory has two halves, the newer and the older; when the newer one
is full the older one is dropped and they change places, and what is asked for in the older one moves to the newer. So
what is asked for often stays.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from zlib import crc32

from jialiang.formats.handle.published import STATUS_HEADER
from jialiang.integration.resolver.reader import AnswerReader, AnswersUnavailable, Row
from jialiang.integration.resolver.shortened import shortened, whole
from jialiang.integration.resolver.table_feed import MARK_LENGTH, TableFeed

OVERHEAD = 160  # bytes of memory that an entry costs beside the bytes of its body and the letters of its name
_NUMBER, _STATUS, _MARK = 12, 2, MARK_LENGTH  # bytes behind a body
_BEHIND = _NUMBER + _STATUS + _MARK

HeldRow = tuple[bytes, int, int, int]
"""The body; version and moment of the row as one number, of which the ETag is made; HTTP status; mark of the feed."""


class HeldRows:
    """Rows of the table, each held under the name by which it is asked; ``key_of`` makes a name's key."""

    def __init__(
        self, reader: AnswerReader, feed: TableFeed, key_of: Callable[[str], str], *, limit_bytes: int
    ) -> None:
        self._reader = reader
        self._key_of = key_of
        self._feed = feed
        self._half = limit_bytes // 2
        self._newer: dict[str, bytes] = {}
        self._older: dict[str, bytes] = {}
        self._newer_bytes = self._older_bytes = 0

    @property
    def bytes_held(self) -> int:
        """The memory taken, estimated."""
        return self._newer_bytes + self._older_bytes

    def __len__(self) -> int:
        return len(self._newer) + len(self._older)

    def at_hand(self, name: str) -> HeldRow | None:
        """Return what is held under ``name`` if it is current at the feed's present mark."""
        packed = self._newer.get(name)
        if packed is None or packed[-_MARK:] != self._feed.mark_bytes:
            packed = self._renewed(name, packed)
            if packed is None:
                return None
        number, status = packed[-_BEHIND : -_MARK - _STATUS], packed[-_MARK - _STATUS : -_MARK]
        unpacked = int.from_bytes
        return whole(packed[:-_BEHIND]), unpacked(number, "big"), unpacked(status, "big"), self._feed.mark

    async def find(self, name: str) -> HeldRow | None:
        """Return the row of ``name``, None where there is none or an emptied one.

        Raises ``AnswersUnavailable``: what cannot be compared is not given.
        """
        mark = await self._feed.look()
        held = self.at_hand(name)
        if held is not None:
            return held
        found = await self._reader.read(self._key_of(name), None)
        self._forget(name)
        if not isinstance(found, Row) or not found.body:
            return None
        row = (found.body, row_number(found.stamp), _status(found), mark)
        self._keep(name, _packed(row))
        return row

    def _renewed(self, name: str, packed: bytes | None) -> bytes | None:
        """Return what is held at the present mark, if nothing was written under its key since its own."""
        packed = packed or self._older.get(name)
        if packed is None:
            return None
        mark = int.from_bytes(packed[-_MARK:], "big")
        if self._feed.is_touched(self._key_of, name, mark):
            return None
        self._forget(name)
        packed = packed[:-_MARK] + self._feed.mark_bytes
        self._keep(name, packed)
        return packed

    def _keep(self, name: str, packed: bytes) -> None:
        size = OVERHEAD + len(packed) + len(name)
        if size > self._half:
            return
        if self._newer_bytes + size > self._half:
            self._older, self._older_bytes = self._newer, self._newer_bytes
            self._newer, self._newer_bytes = {}, 0
        self._newer[name] = packed
        self._newer_bytes += size

    def _forget(self, name: str) -> None:
        packed = self._newer.pop(name, None)
        if packed is not None:
            self._newer_bytes -= OVERHEAD + len(packed) + len(name)
        packed = self._older.pop(name, None)
        if packed is not None:
            self._older_bytes -= OVERHEAD + len(packed) + len(name)


def _packed(row: HeldRow) -> bytes:
    body, number, status, mark = row
    return b"".join(
        (shortened(body), number.to_bytes(_NUMBER, "big"), status.to_bytes(_STATUS, "big"), mark.to_bytes(_MARK, "big"))
    )


def row_number(stamp: str) -> int:
    """Return version and moment of a row as one number."""
    version, _, moment = stamp.partition(" ")
    return int(version) << 32 | crc32(moment.encode())


def _status(row: Row) -> int:
    if STATUS_HEADER not in row.headers:
        return 200
    try:
        stated = dict(json.loads(row.headers)).get(STATUS_HEADER, "200")
        return int(stated)
    except (ValueError, TypeError) as problem:
        raise AnswersUnavailable(reason=f"headers: {problem}") from problem
