"""Sets tables: columns as wide as they need, heads repeated on every page, too many columns in several strips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jialiang.formats.ofd.layout.flow import PAGE_ROOM, Area, Flow
from jialiang.formats.ofd.layout.lines import Ruler, Type

HEAD = Type(2.9, bold=True)
CELL = Type(3.0)
GREY = "100 100 100"
LIGHT = "200 200 200"

_PAD = 1.5
_GAP = 0.9  # above and below a row
_THICK, _THIN, _HAIR = 0.4, 0.22, 0.1
_WIDEST_WORD = 62.0
_SHORT = 14.0
_WIDEST_SHARE = 0.45  # of the strip: what one word may ask for


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column, in lines, and whether its entries stand at the right side."""

    lines: tuple[str, ...]
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class PlainTable:
    """Heads and rows of lines; the first ``keys`` columns tell which row it is."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[tuple[str, ...], ...], ...]
    keys: int = 1


@dataclass(frozen=True, slots=True)
class _Wish:
    """How wide a column must be, and how wide it would like to be."""

    least: float
    liked: float


def set_table(flow: Flow, table: PlainTable, area: Area) -> None:
    """Set a table; where its columns do not fit side by side, the key columns begin each further strip."""
    wishes = [_wish(flow.ruler, table, column, area.width) for column in range(len(table.heads))]
    for columns in _strips(wishes, min(table.keys, len(wishes) - 1), area.width):
        widths = _widths([wishes[column] for column in columns], area.width)
        _Strip(flow, table, columns, widths, area).set()
        flow.skip(2.5)


class _Strip:
    """Some columns of a table, with their widths."""

    def __init__(
        self, flow: Flow, table: PlainTable, columns: Sequence[int], widths: list[float], area: Area
    ) -> None:
        self._flow = flow
        self._widths = widths
        self._heads = [table.heads[column] for column in columns]
        self._rows = [tuple(row[column] for column in columns) for row in table.rows]
        self._area = Area(area.left, sum(widths))

    def set(self) -> None:
        """Set the head, then row by row; a new page begins with the head again."""
        head = self._cells([each.lines for each in self._heads], HEAD)
        first = self._cells(self._rows[0], CELL) if self._rows else []
        self._flow.need(_height(head, HEAD) + _height(first, CELL))
        self._head(head)
        for number, row in enumerate(self._rows):
            self._row(self._cells(row, CELL), head, is_first=number == 0)
        self._flow.rule(self._area, _THICK)

    def _head(self, head: list[list[str]]) -> None:
        self._flow.rule(self._area, _THICK)
        self._set(head, HEAD)
        self._flow.rule(self._area, _THIN)

    def _row(self, row: list[list[str]], head: list[list[str]], *, is_first: bool) -> None:
        """Set a row; one that is higher than a page goes on below the head of the next."""
        while any(row) or is_first:
            room = int((self._flow.left_over - 2 * _GAP) / CELL.leading)
            lines, most = max(len(cell) for cell in row), self._whole_page(head)
            if lines > room and (room < 1 or lines <= most):
                self._next_page(head)
                is_first, room = True, most
            if not is_first:
                self._flow.rule(self._area, _HAIR, LIGHT)
            self._set([cell[:room] for cell in row], CELL)
            row = [cell[room:] for cell in row]
            is_first = any(row)
            if is_first:
                self._next_page(head)

    def _whole_page(self, head: list[list[str]]) -> int:
        """Return how many lines of a row fit below the head of a new page."""
        return max(1, int((PAGE_ROOM - _height(head, HEAD) - 2 * _GAP) / CELL.leading))

    def _next_page(self, head: list[list[str]]) -> None:
        self._flow.rule(self._area, _THIN)
        self._flow.next_page()
        self._head(head)

    def _set(self, cells: list[list[str]], kind: Type) -> None:
        x = self._area.left
        for head, cell, width in zip(self._heads, cells, self._widths, strict=True):
            for number, line in enumerate(cell):
                self._flow.put_line(
                    line, kind, self._start(line, kind, x, width, head), _GAP + number * kind.leading
                )
            x += width
        self._flow.y += _height(cells, kind)

    def _start(self, line: str, kind: Type, x: float, width: float, head: Head) -> float:
        if not head.is_number:
            return x + _PAD
        return max(x + _PAD, x + width - _PAD - self._flow.ruler.width(line, kind))

    def _cells(self, texts: Sequence[Sequence[str]], kind: Type) -> list[list[str]]:
        return [
            [line for text in lines for line in self._flow.ruler.lines(text, kind, width - 2 * _PAD)]
            for lines, width in zip(texts, self._widths, strict=True)
        ]


def _height(cells: Sequence[Sequence[str]], kind: Type) -> float:
    return 2 * _GAP + kind.leading * max((len(cell) for cell in cells), default=0)


def _wish(ruler: Ruler, table: PlainTable, column: int, width: float) -> _Wish:
    """Measure a column: a number keeps its unit beside it, and nothing short is broken."""
    head = table.heads[column]
    entries = {line for row in table.rows for line in row[column]}
    texts = [(line, HEAD) for line in head.lines] + [(line, CELL) for line in sorted(entries)]
    whole = [ruler.width(text, kind) for text, kind in texts]
    least = 0.0
    for (text, kind), wide in zip(texts, whole, strict=True):
        keeps = wide <= _SHORT or (head.is_number and kind is CELL)
        least = max(least, wide if keeps else ruler.longest(text, kind))
    least = min(least, _WIDEST_SHARE * width)
    liked = max(min(max(whole, default=0.0), _WIDEST_WORD), least)
    return _Wish(least + 2 * _PAD + 0.1, liked + 2 * _PAD + 0.1)


def _strips(wishes: list[_Wish], keys: int, width: float) -> list[list[int]]:
    """Share the columns out over strips that are no wider than ``width``; key columns stand in each."""
    if sum(wish.least for wish in wishes) <= width:
        return [list(range(len(wishes)))]
    leading = list(range(keys))
    if sum(wishes[column].least for column in leading) > 0.6 * width:
        leading = []
    strips: list[list[int]] = []
    for column in range(len(leading), len(wishes)):
        taken = sum(wishes[each].least for each in strips[-1]) if strips else width
        if taken + wishes[column].least > width:
            strips.append([*leading])
        strips[-1].append(column)
    return strips


def _widths(wishes: list[_Wish], width: float) -> list[float]:
    """Give every column what it likes where that fits, and share out what is over; else what it must have and more."""
    liked, least = sum(wish.liked for wish in wishes), sum(wish.least for wish in wishes)
    if liked <= width:
        return [wish.liked * width / liked for wish in wishes]
    if liked == least:
        return [wish.least * min(1.0, width / least) for wish in wishes]
    share = max(0.0, (width - least) / (liked - least))
    return [wish.least + share * (wish.liked - wish.least) for wish in wishes]
