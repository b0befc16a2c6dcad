"""Longer texts of a certificate with their formulas and files."""

from __future__ import annotations

from jialiang.formats.dcc.common_parts import Formula, RichContent
from jialiang.formats.reading_view.blocks import Block, FormulaBlock, Group, Paragraph, Said
from jialiang.formats.reading_view.mathml import cleaned, readable
from jialiang.formats.reading_view.pictures import file_blocks, file_title
from jialiang.formats.reading_view.texts import Reader, lines_of
from jialiang.formats.xml.nodes import Node, written_node


def rich_blocks(part: RichContent | None, reader: Reader) -> list[Block]:
    """Return name, paragraphs, formulas and files of a text, in this order."""
    if part is None:
        return []
    told = with_name(part, reader)
    blocks: list[Block] = [Paragraph(told)] if told else []
    return [*blocks, *extras(part, reader)]


def with_name(part: RichContent | None, reader: Reader) -> Said:
    """Return the paragraphs of a text with its name before them."""
    if part is None:
        return Said()
    name, told = reader.say(part.name), reader.tell(part)
    return Said((*name.lines, *told.lines), told.language or name.language)


def extras(part: RichContent | None, reader: Reader) -> list[Block]:
    """Return the formulas and files of a text."""
    if part is None:
        return []
    files = [
        Group(reader.say(file.name), tuple(file_blocks(file, reader)), file_title(reader))
        for file in part.files
    ]
    return [*(block for each in part.formulas for block in formula_blocks(each)), *files]


def formula_blocks(part: Formula) -> list[Block]:
    """Return a formula in each notation that it is given in."""
    blocks: list[Block] = []
    for notation, text in (("latex", part.latex), ("siunitx", part.siunitx)):
        if text and text.strip():
            line = " ".join(lines_of(text))
            blocks.append(FormulaBlock("latex" if notation == "latex" else "siunitx", line, line))
    if part.mathml is not None and (inside := next(iter(part.mathml.node.elements), None)) is not None:
        source = " ".join(lines_of(written_node(_self_standing(inside))))
        blocks.append(FormulaBlock("mathml", source, readable(inside), cleaned(inside)))
    return blocks


def _self_standing(node: Node, around: str = "") -> Node:
    """Return MathML without prefixes, so that it can be written outside its document."""
    here = node.namespace
    inside = tuple(_self_standing(part, here) if isinstance(part, Node) else part for part in node.content)
    attributes = tuple((name, text) for name, text in node.attributes if not name.startswith("{"))
    return Node(node.name, "", attributes, (("", here),) if here != around else (), inside)
