"""Records in the native form, made once from the published JSON and kept while the row is the same."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from jialiang.formats.handle.count_log import Counted, counted_prefix
from jialiang.formats.handle.json_values import published_record
from jialiang.formats.handle.names import folded
from jialiang.formats.handle.octets import uint32_octets
from jialiang.formats.handle.wire.bodies import Question
from jialiang.formats.handle.wire.value_octets import value_octets
from jialiang.integration.resolver.held_rows import HeldRow

OVERHEAD = 420  # bytes of memory that an entry costs beside its values
PER_VALUE = 170
COUNTED_KINDS = 4096


@dataclass(frozen=True, slots=True)
class NativeRecord:
    """The public values of a record as bytes.

    ``number`` is that of the row they were made of; by ``prefix`` an answer is counted. ``rest`` is the number of
    values and the values: what follows the name in an answer with everything. ``places`` tells of each value its index,
    its type in lower case and where in ``rest`` it begins and ends.
    """

    number: int
    prefix: str
    rest: bytes
    places: tuple[tuple[int, str, int, int], ...]

    @property
    def size(self) -> int:
        """The memory taken, estimated."""
        return OVERHEAD + len(self.rest) + PER_VALUE * len(self.places)

    def chosen(self, question: Question) -> bytes | None:
        """Return number and values of what is asked for, None where there is nothing of it."""
        if not question.indexes and not question.types:
            return self.rest if self.places else None
        types = [folded(each) for each in question.types]
        kept = [
            self.rest[start:end]
            for index, own, start, end in self.places
            if index in question.indexes or any(_is_of(own, wanted) for wanted in types)
        ]
        return uint32_octets(len(kept)) + b"".join(kept) if kept else None


def native_record(row: HeldRow) -> NativeRecord:
    """Return the native form of a published row of status 200."""
    record = published_record(row[0])
    pieces, places, at = [uint32_octets(len(record.values))], [], 4
    for value in record.values:
        piece = value_octets(value)
        pieces.append(piece)
        places.append((value.index, folded(value.type), at, at + len(piece)))
        at += len(piece)
    return NativeRecord(row[1], counted_prefix(record.handle), b"".join(pieces), tuple(places))


@lru_cache(maxsize=COUNTED_KINDS)
def counted(kind: str, outcome: str, prefix: str) -> Counted:
    """Return how an answer counts."""
    return Counted(kind, outcome, "none", "", prefix)


class NativeRecords:
    """Native forms by the bytes of the name asked for; two halves of memory, as ``held_rows`` keeps rows."""

    def __init__(self, limit_bytes: int) -> None:
        self._half = limit_bytes // 2
        self._newer: dict[bytes, tuple[str, NativeRecord]] = {}
        self._older: dict[bytes, tuple[str, NativeRecord]] = {}
        self._newer_bytes = self._older_bytes = 0

    def __len__(self) -> int:
        return len(self._newer) + len(self._older)

    @property
    def bytes_held(self) -> int:
        """The memory taken, estimated."""
        return self._newer_bytes + self._older_bytes

    def held(self, name: bytes) -> tuple[str, NativeRecord] | None:
        """Return the name as text and the native form that were kept for ``name``, current or not."""
        entry = self._newer.get(name)
        if entry is None:
            entry = self._older.get(name)
            if entry is not None:
                self.keep(name, *entry)
        return entry

    def keep(self, name: bytes, text: str, record: NativeRecord) -> None:
        """Keep a form, in place of an older one."""
        self._forget(name)
        size = _size(name, record)
        if size > self._half:
            return
        if self._newer_bytes + size > self._half:
            self._older, self._older_bytes = self._newer, self._newer_bytes
            self._newer, self._newer_bytes = {}, 0
        self._newer[name] = (text, record)
        self._newer_bytes += size

    def _forget(self, name: bytes) -> None:
        before = self._newer.pop(name, None)
        if before is not None:
            self._newer_bytes -= _size(name, before[1])
        before = self._older.pop(name, None)
        if before is not None:
            self._older_bytes -= _size(name, before[1])


def _is_of(own: str, wanted: str) -> bool:
    return own == wanted or (wanted.endswith(".") and (own == wanted[:-1] or own.startswith(wanted)))


def _size(name: bytes, record: NativeRecord) -> int:
    return record.size + 2 * len(name)
