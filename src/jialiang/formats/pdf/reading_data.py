"""A reading view as the plain data that the pages are set from."""

from __future__ import annotations

import dataclasses
from typing import Any

from jialiang.formats.pdf.errors import TooManyCells
from jialiang.formats.pdf.wording import words
from jialiang.formats.reading_view.alignment import trailing
from jialiang.formats.reading_view.blocks import (
    Block,
    Column,
    Fact,
    Facts,
    FormulaBlock,
    Group,
    Paragraph,
    Picture,
    ReadingView,
    Said,
    Table,
)
from jialiang.formats.reading_view.splitting import split, width_of
from jialiang.formats.reading_view.wording import own
from jialiang.kernel.text import LANGUAGES

PAGE_WIDTH = 9.2
"""How many columns of usual numbers stand side by side on an upright page in the usual size."""
MOST = 11.8
"""How many stand there in the smallest size; wider tables are cut."""
MOST_CELLS = 40_000
"""How many cells of tables are set; more would take minutes, and nobody turns that many pages."""
PlainData = dict[str, Any]


def reading_data(view: ReadingView) -> tuple[PlainData, dict[str, bytes]]:
    """Return the data of the pages, and the pictures in them by name. Raises TooManyCells."""
    cells = sum(map(_cells, view.sections))
    if cells > MOST_CELLS:
        raise TooManyCells(cells=cells, limit=MOST_CELLS)
    pictures: dict[str, bytes] = {}
    number = view.number or "–"
    data: PlainData = {
        "language": view.language,
        "title": view.title,
        "number": view.number,
        "laboratory": _said(view.laboratory),
        "page": words("page").in_language(view.language),
        "number_label": words("number").in_language(view.language),
        "end": [words("end").in_language(language) for language in _own_first(view)],
        "origin": [own("origin", language, document=view.document, number=number) for language in _own_first(view)],
        "notices": [line for notice in view.notices for line in notice.said.lines],
        "sections": [_block(section, pictures) for section in view.sections],
    }
    return data, pictures


def without_pictures(view: ReadingView) -> ReadingView:
    """Return the view with a remark in the place of each picture."""
    note = Paragraph(Said((own("file.not_shown", view.language),)), "note")

    def kept(block: Block) -> Block:
        if isinstance(block, Picture):
            return note
        if isinstance(block, Group):
            return dataclasses.replace(block, blocks=tuple(map(kept, block.blocks)))
        return block

    sections = tuple(
        dataclasses.replace(section, blocks=tuple(map(kept, section.blocks))) for section in view.sections
    )
    return dataclasses.replace(view, sections=sections)


def _cells(block: Block) -> int:
    if isinstance(block, Group):
        return sum(map(_cells, block.blocks))
    return len(block.columns) * len(block.rows) if isinstance(block, Table) else 0


def _own_first(view: ReadingView) -> list[Any]:
    return sorted(LANGUAGES, key=lambda language: language != view.language)


def _said(said: Said) -> PlainData:
    return {"lines": list(said.lines), "language": said.language}


def _block(block: Block, pictures: dict[str, bytes]) -> PlainData:
    match block:
        case Group():
            inside = [_block(each, pictures) for each in block.blocks]
            return {"kind": "group", "key": block.key, "heading": _said(block.heading), "about": block.about,
                    "blocks": inside}  # fmt: skip
        case Facts():
            return {"kind": "facts", "facts": list(map(_fact, block.facts))}
        case Table():
            return {"kind": "tables", "tables": [_table(piece) for piece in split(block, MOST)]}
        case FormulaBlock():
            return {"kind": "formula", "source": block.readable or block.source}
        case Picture():
            name = f"picture-{len(pictures)}"
            pictures[name] = block.data
            return {"kind": "picture", "file": f"{name}.json", "name": _said(block.name)}
        case Paragraph():
            return {"kind": "paragraph", "tone": block.tone, "said": _said(block.said)}


def _fact(fact: Fact) -> PlainData:
    return {"label": _said(fact.label), "said": _said(fact.said), "hint": fact.hint}


def _table(table: Table) -> PlainData:
    tails = trailing(table)
    rows = [
        [_said(said) | {"tail": tails[at][column]} for column, said in enumerate(row)]
        for at, row in enumerate(table.rows)
    ]
    heads = [_head(column) | {"weight": width_of(table, at)} for at, column in enumerate(table.columns)]
    wide = sum(head["weight"] for head in heads)
    return {
        "heads": heads,
        "rows": rows,
        "scale": min(1.0, PAGE_WIDTH / wide),
        "full": wide > 0.8 * PAGE_WIDTH,
    }


def _head(column: Column) -> PlainData:
    return {"name": _said(column.name), "kind": column.kind, "symbol": column.symbol, "unit": column.unit,
            "remarks": list(column.remarks)}  # fmt: skip
