"""Which characters the fonts have, read from their ``cmap`` tables (ISO/IEC 14496-22, formats 4 and 12)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

_SUFFIXES = (".ttf", ".otf")
_SEGMENTS, _GROUPS = 4, 12
_LAST_OF_BMP = 0xFFFF


def covered(folders: Sequence[Path]) -> frozenset[int]:
    """Return the code points for which a font in the folders has a glyph; read once a process."""
    return _covered(tuple(sorted(str(folder) for folder in folders)))


@lru_cache(maxsize=4)
def _covered(folders: tuple[str, ...]) -> frozenset[int]:
    files = (file for folder in folders for file in sorted(Path(folder).iterdir()))
    found: set[int] = set()
    for file in files:
        if file.suffix.lower() in _SUFFIXES:
            found.update(code_points(file.read_bytes()))
    return frozenset(found)


def code_points(font: bytes) -> Iterator[int]:
    """Yield the code points that a TrueType or OpenType font maps to a glyph; nothing for what is no such font."""
    try:
        start = _table(font, b"cmap")
        if start is None:
            return
        (count,) = struct.unpack_from(">H", font, start + 2)
        offsets = {struct.unpack_from(">HHI", font, start + 4 + 8 * number)[2] for number in range(count)}
        for offset in sorted(offsets):
            yield from _subtable(font, start + offset)
    except struct.error:
        return


def _table(font: bytes, tag: bytes) -> int | None:
    (count,) = struct.unpack_from(">H", font, 4)
    for number in range(count):
        name, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        if name == tag:
            return int(offset)
    return None


def _subtable(font: bytes, start: int) -> Iterator[int]:
    (kind,) = struct.unpack_from(">H", font, start)
    if kind == _SEGMENTS:
        yield from _of_segments(font, start)
    elif kind == _GROUPS:
        (count,) = struct.unpack_from(">I", font, start + 12)
        for number in range(count):
            first, last, glyph = struct.unpack_from(">III", font, start + 16 + 12 * number)
            yield from (point for point in range(first, last + 1) if glyph + point - first)


def _of_segments(font: bytes, start: int) -> Iterator[int]:
    (doubled,) = struct.unpack_from(">H", font, start + 6)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", font, start + 14)
    starts = struct.unpack_from(f">{count}H", font, start + 16 + doubled)
    deltas = struct.unpack_from(f">{count}H", font, start + 16 + 2 * doubled)
    at = start + 16 + 3 * doubled
    ranges = struct.unpack_from(f">{count}H", font, at)
    for number in range(count):
        for point in range(starts[number], ends[number] + 1):
            glyph = point
            if ranges[number]:
                place = at + 2 * number + ranges[number] + 2 * (point - starts[number])
                (glyph,) = struct.unpack_from(">H", font, place)
            if point != _LAST_OF_BMP and (glyph or not ranges[number]) and (glyph + deltas[number]) % 65536:
                yield point
