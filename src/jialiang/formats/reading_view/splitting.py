"""Tables that are too wide for a page, cut between columns; the columns that tell the row stand in every piece."""

from __future__ import annotations

from jialiang.formats.reading_view.alignment import tails_of
from jialiang.formats.reading_view.blocks import Column, Said, Table

_USUAL = 9
_NARROWEST, _WIDEST = 0.6, 3.5
_LOOKED_AT = 200


def split(table: Table, most: float) -> tuple[Table, ...]:
    """Return the table in pieces of at most ``most`` columns' width each; see :func:`width_of`.

    A piece has the key columns and at least one other, however wide. Columns of one quantity stay together where
    they fit.
    """
    widths = [width_of(table, at) for at in range(len(table.columns))]
    if sum(widths) <= most or table.keys >= len(table.columns):
        return (table,)
    room = most - sum(widths[: table.keys])
    pieces: list[list[int]] = []
    taken = 0.0
    for bundle in _fitting(table, widths, room):
        wide = sum(widths[at] for at in bundle)
        if not pieces or taken + wide > room:
            pieces.append([])
            taken = 0.0
        pieces[-1] += bundle
        taken += wide
    return tuple(_piece(table, columns) for columns in pieces)


def _fitting(table: Table, widths: list[float], room: float) -> list[list[int]]:
    """Return the bundles of columns; one that is wider than the room falls into its columns."""
    found: list[list[int]] = []
    for together in _bundles(table):
        fits = sum(widths[at] for at in together) <= room
        found += [together] if fits else [[at] for at in together]
    return found


def width_of(table: Table, at: int) -> float:
    """Return how wide a column is, 1 for a column of usual numbers: by its longest text, heads counted less."""
    column = table.columns[at]
    rows = table.rows[:_LOOKED_AT]
    tails = tails_of(column.kind, [row[at] for row in rows])
    longest = max(
        (
            _with_mark(row[at], line + tail)
            for row, tail in zip(rows, tails, strict=True)
            for line in row[at].lines
        ),
        default=0,
    )
    words = max((_letters(word) for line in _head(column) for word in line.split()), default=0)
    head = words + 1 + (2 if column.symbol else 0)
    return min(max(longest / _USUAL, head / _USUAL, _NARROWEST), _WIDEST)


def _with_mark(said: Said, line: str) -> int:
    return _letters(line) + (4 if said.language else 0)


def _head(column: Column) -> tuple[str, ...]:
    return (*column.name.lines, column.unit, *column.remarks)


def _letters(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def _bundles(table: Table) -> list[list[int]]:
    """Return the columns behind the keys, those of one name together."""
    bundles: list[list[int]] = []
    for at in range(table.keys, len(table.columns)):
        if bundles and table.columns[at].name == table.columns[bundles[-1][0]].name:
            bundles[-1].append(at)
        else:
            bundles.append([at])
    return bundles


def _piece(table: Table, columns: list[int]) -> Table:
    chosen = [*range(table.keys), *columns]
    rows = tuple(tuple(row[at] for at in chosen) for row in table.rows)
    return Table(tuple(table.columns[at] for at in chosen), rows, table.keys)
