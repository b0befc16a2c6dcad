"""One sheet of a workbook as texts by row and column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_LETTERS = 26


class Sheet:
    """The cells of a sheet that hold something; rows and columns count from 1."""

    def __init__(self, name: str, cells: Iterable[tuple[int, int, str | bool]]) -> None:
        self.name = name
        self._cells = {(row, column): held for row, column, held in cells}

    def at(self, row: int, column: int) -> str | bool:
        """Return what a cell holds; an empty text for nothing."""
        return self._cells.get((row, column), "")

    def text(self, row: int, column: int) -> str:
        """Return what a cell holds as text."""
        held = self.at(row, column)
        return held if isinstance(held, str) else str(held).lower()

    def rows(self) -> Iterator[int]:
        """Return the rows in which something stands, in order."""
        return iter(sorted({row for row, _ in self._cells}))

    def columns(self) -> Iterator[int]:
        """Return the columns in which something stands, in order."""
        return iter(sorted({column for _, column in self._cells}))

    def place(self, row: int, column: int) -> str:
        """Return the name of a cell, such as ``items!B3``."""
        letters = ""
        while column:
            column, rest = divmod(column - 1, _LETTERS)
            letters = chr(ord("A") + rest) + letters
        return f"{self.name}!{letters}{row}"
