"""Sets the blocks of a reading view on pages: headings, labels with what is said, tables, formulas and pictures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib import resources

from jialiang.formats.ofd.layout.flow import PAGE_ROOM, Area, Flow
from jialiang.formats.ofd.layout.lines import Type
from jialiang.formats.ofd.layout.tables import GREY, HEAD, LIGHT, Head, PlainTable, set_table
from jialiang.formats.ofd.model import Box
from jialiang.formats.ofd.page_writing import NewImage
from jialiang.formats.reading_view.blocks import (
    Block,
    Column,
    Fact,
    Facts,
    FormulaBlock,
    Group,
    Paragraph,
    Picture,
    Said,
    Table,
)
from jialiang.kernel.text import Text

BODY = Type(3.3)
NOTE = Type(2.9, colour=GREY)
WARNING = Type(3.3, bold=True)
LABEL = Type(3.3, colour="80 80 80")
ABOUT = Type(2.7, colour=GREY)
HEADINGS = (Type(4.6, bold=True), Type(3.9, bold=True), Type(3.5, bold=True), Type(3.3, bold=True))

_LABELS = 44.0  # the strip of the labels
_BETWEEN = 3.0
_INCH = 25.4
_DOTS = 150  # of a picture to an inch, where it fits
_HIGHEST_PICTURE = 110.0
_HIGHEST_HEAD = 0.4 * PAGE_ROOM
_WITH_SECTION, _WITH_HEADING = 28.0, 14.0  # what must fit below a heading on the same page


class BlockPages:
    """Sets blocks one after the other; ``language`` is that of the house's own words."""

    def __init__(self, flow: Flow, language: str) -> None:
        self._flow = flow
        self._language = language

    def section(self, group: Group) -> None:
        """Set a section of the certificate, with a line under its heading."""
        self._flow.skip(4)
        self._heading(group, 0, Area())
        self._flow.rule(Area(), 0.25)
        self._flow.y += 1.2
        self.blocks(group.blocks, Area(), 1)

    def blocks(self, blocks: Sequence[Block], area: Area, level: int) -> None:
        """Set blocks of a level below a heading."""
        for block in blocks:
            if isinstance(block, Group):
                self._group(block, area, level)
            elif isinstance(block, Facts):
                self._facts(block, area)
            elif isinstance(block, Table):
                self._table(block, area)
            elif isinstance(block, Paragraph):
                self.paragraph(block, area)
            elif isinstance(block, FormulaBlock):
                self._formula(block, area)
            else:
                self._picture(block, area)

    def paragraph(self, block: Paragraph, area: Area) -> None:
        """Set a text, line by line."""
        kind = {"text": BODY, "note": NOTE, "warning": WARNING}[block.tone]
        for line in shown(block.said):
            self._flow.paragraph(line, kind, area)
        self._flow.skip(1)

    def _group(self, group: Group, area: Area, level: int) -> None:
        self._flow.skip(2)
        if group.heading or group.about:
            self._heading(group, level, area)
        self.blocks(group.blocks, area, level + 1)

    def _heading(self, group: Group, level: int, area: Area) -> None:
        kind = HEADINGS[min(level, len(HEADINGS) - 1)]
        lines = [
            each for line in shown(group.heading) for each in self._flow.ruler.lines(line, kind, area.width)
        ]
        self._flow.need(len(lines) * kind.leading + (_WITH_SECTION if level == 0 else _WITH_HEADING))
        if group.about:
            self._flow.paragraph(group.about, ABOUT, area)
        for line in lines:
            self._flow.paragraph(line, kind, area)

    def _facts(self, block: Facts, area: Area) -> None:
        for fact in block.facts:
            self._fact(fact, area)
        self._flow.skip(1)

    def _fact(self, fact: Fact, area: Area) -> None:
        ruler = self._flow.ruler
        label_width = min(_LABELS, 0.4 * area.width)
        values = area.indented(label_width + _BETWEEN)
        label = [each for line in shown(fact.label) for each in ruler.lines(line, LABEL, label_width)]
        said = [each for line in shown(fact.said) for each in ruler.lines(line, BODY, values.width)]
        hint = ruler.lines(fact.hint, ABOUT, values.width) if fact.hint else []
        height = max(len(label) * LABEL.leading, len(said) * BODY.leading + len(hint) * ABOUT.leading) + 0.8
        if height > PAGE_ROOM / 2:
            self._long_fact(fact, area)
            return
        self._flow.need(height)
        self._flow.put_lines(label, LABEL, area.left)
        self._flow.put_lines(said, BODY, values.left)
        for number, line in enumerate(hint):
            self._flow.put_line(line, ABOUT, values.left, len(said) * BODY.leading + number * ABOUT.leading)
        self._flow.y += height
        self._flow.rule(area, 0.1, LIGHT)
        self._flow.y += 0.4

    def _long_fact(self, fact: Fact, area: Area) -> None:
        """Set a label above a text that goes on over pages."""
        for line in shown(fact.label):
            self._flow.paragraph(line, LABEL, area)
        for line in shown(fact.said):
            self._flow.paragraph(line, BODY, area)
        if fact.hint:
            self._flow.paragraph(fact.hint, ABOUT, area)
        self._flow.skip(1)

    def _table(self, block: Table, area: Area) -> None:
        heads = [_head(column) for column in block.columns]
        if not heads:
            return
        highest = max(len(each.lines) for each in heads) * HEAD.leading
        lengths = max(sum(map(len, each.lines)) for each in heads)
        if highest > _HIGHEST_HEAD or lengths > 400:
            heads = self._told_before(heads, area)
        rows = tuple(tuple(tuple(shown(cell)) for cell in row) for row in block.rows)
        self._flow.skip(1)
        set_table(self._flow, PlainTable(tuple(heads), rows, block.keys), area)

    def _told_before(self, heads: list[Head], area: Area) -> list[Head]:
        """Set heads that are too long for a table as texts before it, and return numbers in their place."""
        short = []
        for number, head in enumerate(heads, start=1):
            name = word("column", number=number).in_language(self._language)
            self._flow.paragraph(f"{name}: {' '.join(head.lines)}", NOTE, area)
            short.append(Head((name,), head.is_number))
        return short

    def _formula(self, block: FormulaBlock, area: Area) -> None:
        label = word("formula", notation=block.notation).in_language(self._language)
        self._flow.paragraph(label, ABOUT, area)
        for line in (block.readable or block.source).splitlines():
            self._flow.paragraph(line, BODY, area)
        self._flow.skip(1)

    def _picture(self, block: Picture, area: Area) -> None:
        scale = min(_INCH / _DOTS, area.width / max(block.width, 1), _HIGHEST_PICTURE / max(block.height, 1))
        width, height = block.width * scale, block.height * scale
        name = [each for line in shown(block.name) for each in self._flow.ruler.lines(line, NOTE, area.width)]
        self._flow.need(height + len(name) * NOTE.leading + 2)
        kind = "PNG" if block.mime == "image/png" else "JPEG"
        self._flow.put(NewImage(Box(area.left, self._flow.y, width, height), block.data, kind))
        self._flow.y += height + 0.5
        for line in name:
            self._flow.paragraph(line, NOTE, area)
        self._flow.skip(1)


def shown(said: Said) -> list[str]:
    """Return the lines of a text; the last one names its language where that is not the view's."""
    lines = [" ".join(line.split()) for line in said.lines] or [""]
    if said.language:
        lines[-1] = f"{lines[-1]} [{said.language}]".strip()
    return lines


def word(key: str, **facts: object) -> Text:
    """Return words of the house for these pages."""
    return _words()[key].format(**facts)


def _head(column: Column) -> Head:
    unit = (
        f"{column.symbol} / {column.unit}" if column.symbol and column.unit else column.symbol or column.unit
    )
    lines = [*shown(column.name), unit, *column.remarks]
    return Head(tuple(line for line in lines if line), column.kind == "number")


@cache
def _words() -> dict[str, Text]:
    text = (resources.files("jialiang.formats.ofd") / "words.json").read_text("utf-8")
    return {key: Text.from_json(said) for key, said in json.loads(text).items()}
