"""Numbers of a column in line on their decimal points."""

from __future__ import annotations

import re

from jialiang.formats.reading_view.blocks import ColumnKind, Said, Table

_NUMBER = re.compile(r"[-+−]?[0-9]*(?P<fraction>\.[0-9]*)?")


def trailing(table: Table) -> list[list[str]]:
    """Return for each row and cell what has to stand unseen behind a number so that the points are in line.

    Only cells with one plain decimal number in a column of numbers get any; ``.00`` behind 5 where another has 0.25.
    """
    columns = [
        tails_of(column.kind, [row[at] for row in table.rows]) for at, column in enumerate(table.columns)
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def tails_of(kind: ColumnKind, cells: list[Said]) -> list[str]:
    """Return what :func:`trailing` does for the cells of one column."""
    fractions = [_fraction(cell) if kind == "number" else None for cell in cells]
    longest = max((fraction for fraction in fractions if fraction is not None), key=len, default="")
    return ["" if fraction is None else longest[len(fraction) :] for fraction in fractions]


def _fraction(cell: Said) -> str | None:
    match = _NUMBER.fullmatch(cell.lines[0]) if len(cell.lines) == 1 else None
    return None if match is None else re.sub("[0-9]", "0", match["fraction"] or "")
