"""Small certificates for the pages that people read, and ways to look into a reading view."""

from collections.abc import Iterator

from tests.formats.dcc_samples import DCC, HEAD, SI, certificate_with

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.common_parts import LocalText, RichContent
from jialiang.formats.reading_view.blocks import (
    Block,
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
from jialiang.formats.reading_view.building import reading_view
from jialiang.formats.xml.nodes import node_of
from jialiang.formats.xml.parsing import parse_xml

LANGUAGES = ("zh", "en")
MATHML = "http://www.w3.org/1998/Math/MathML"


def view_of(document: bytes, language: str = "en") -> ReadingView:
    """The view of a certificate given as XML."""
    return reading_view(Certificate.read(document), language)


def table_view(quantities: str, language: str = "en", **others: str) -> ReadingView:
    """The view of a small certificate around quantities."""
    return view_of(certificate_with(quantities, **others), language)


def listed(*quantities: str, name: str = "", after: str = "", before: str = "") -> str:
    """A list around quantities."""
    named = f"<dcc:name><dcc:content>{name}</dcc:content></dcc:name>" if name else ""
    return f"<dcc:list>{named}{before}{''.join(quantities)}{after}</dcc:list>"


def element(xml: str):
    """An element in the namespaces of the DCC as a node."""
    wrapped = f'<dcc:x xmlns:dcc="{DCC}" xmlns:si="{SI}">{xml}</dcc:x>'
    return node_of(parse_xml(wrapped.encode()).getroot()).elements[0]


def name_part(*contents: tuple[str, str]) -> LocalText:
    """A name in languages; an empty language is none."""
    return LocalText(element(f"<dcc:name>{contents_xml(*contents)}</dcc:name>"))


def rich_part(*contents: tuple[str, str], after: str = "") -> RichContent:
    """A longer text in languages."""
    return RichContent(element(f"<dcc:description>{contents_xml(*contents)}{after}</dcc:description>"))


def contents_xml(*contents: tuple[str, str]) -> str:
    """The contents of a text in languages."""
    return "".join(
        f'<dcc:content lang="{tag}">{text}</dcc:content>' if tag else f"<dcc:content>{text}</dcc:content>"
        for tag, text in contents
    )


def walk(block: Block) -> Iterator[Block]:
    """A block and all blocks in it."""
    yield block
    if isinstance(block, Group):
        for inside in block.blocks:
            yield from walk(inside)


def blocks(view: ReadingView, kind: type) -> list:
    """All blocks of a kind, in the order of the page."""
    return [block for section in view.sections for block in walk(section) if isinstance(block, kind)]


def tables(view: ReadingView, key: str = "") -> list[Table]:
    """All tables, or those of one section."""
    sections = [section for section in view.sections if key in ("", section.key)]
    return [block for section in sections for block in walk(section) if isinstance(block, Table)]


def section(view: ReadingView, key: str) -> Group:
    """The section with a key."""
    return next(each for each in view.sections if each.key == key)


def facts(view: ReadingView, key: str = "") -> dict[str, str]:
    """Labels and texts of all facts of a section (of all sections)."""
    found: dict[str, str] = {}
    for each in view.sections:
        if key in ("", each.key):
            for block in walk(each):
                if isinstance(block, Facts):
                    found |= {fact.label.text: fact.said.text for fact in block.facts}
    return found


def fact_list(view: ReadingView, key: str) -> list[Fact]:
    """The facts of a section in their order."""
    return [fact for block in walk(section(view, key)) if isinstance(block, Facts) for fact in block.facts]


def group(view: ReadingView, heading: str) -> Group:
    """The first group with a heading."""
    return next(block for block in blocks(view, Group) if block.heading.text == heading)


def column(table: Table, at: int) -> list[str]:
    """The texts of a column."""
    return [row[at].text for row in table.rows]


def heads(table: Table) -> list[tuple[str, str, str]]:
    """Symbol, name and unit of the columns."""
    return [(each.symbol, each.name.text, each.unit) for each in table.columns]


def every_text(view: ReadingView) -> list[str]:
    """Every line that stands on the page, numbers of tables included."""
    lines = [view.title, view.number, view.origin, *view.laboratory.lines]
    lines += [line for notice in view.notices for line in notice.said.lines]
    for each in view.sections:
        for block in walk(each):
            lines += lines_of_block(block)
    return lines


def lines_of_block(block: Block) -> list[str]:
    """The lines that a block itself shows."""
    match block:
        case Paragraph():
            return list(block.said.lines)
        case Facts():
            return [line for f in block.facts for line in (*f.label.lines, *f.said.lines, f.hint)]
        case Table():
            head = [line for c in block.columns for line in (c.symbol, *c.name.lines, c.unit, *c.remarks)]
            return head + [line for row in block.rows for cell in row for line in cell.lines]
        case FormulaBlock():
            return [block.readable or block.source]
        case Picture():
            return list(block.name.lines)
        case Group():
            return [*block.heading.lines, block.about]


def words_of(text: str) -> list[str]:
    """A text cut at blanks, brackets and separators, so that numbers stand alone."""
    for sign in "[];=|":
        text = text.replace(sign, " ")
    return text.split()


def bare(administrative: str = "", results: str = "", version: str = "3.3.0", after: str = "") -> bytes:
    """A certificate of just these parts, whether or not its structure is right."""
    return (
        f"{HEAD.format(version=version)}<dcc:administrativeData>{administrative}</dcc:administrativeData>"
        f"<dcc:measurementResults>{results}</dcc:measurementResults>{after}</dcc:digitalCalibrationCertificate>"
    ).encode()


def said(*lines: str, language: str = "") -> Said:
    """A text of lines."""
    return Said(tuple(lines), language)
