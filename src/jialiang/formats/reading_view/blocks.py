"""The pieces that a page is laid out from; HTML, PDF and other pages show the same pieces.

All texts are plain, free of control characters and of marks that turn the direction of writing, and need escaping
like any text. Numbers are the exact texts of the certificate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from jialiang.kernel.text import Language

ColumnKind = Literal["number", "word"]
Tone = Literal["text", "note", "warning"]


@dataclass(frozen=True, slots=True)
class Said:
    """A text of one or more lines.

    ``language`` is empty for words of the house, for texts without a language and for those in the language of the
    view; otherwise it is the tag of the language in which the certificate says it, to be shown beside the text.
    """

    lines: tuple[str, ...] = ()
    language: str = ""

    @property
    def text(self) -> str:
        """All lines as one text."""
        return "\n".join(self.lines)

    def __bool__(self) -> bool:
        return any(self.lines)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text; ``note`` is a small one of the house, ``warning`` something the reader must not miss."""

    said: Said
    tone: Tone = "text"


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with what is said under it; ``hint`` is a small remark of the house behind it."""

    label: Said
    said: Said
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and what is said under them, one after the other."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column: what it is, the symbol (``U``, ``k``), the unit as people read it, small remarks."""

    name: Said
    kind: ColumnKind = "word"
    symbol: str = ""
    unit: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows; a row has a text a column, and the first ``keys`` columns tell which row it is."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Said, ...], ...]
    keys: int = 1


@dataclass(frozen=True, slots=True)
class FormulaBlock:
    """A formula: ``source`` as in the certificate, ``readable`` on one line, ``mathml`` cleaned, empty if none."""

    notation: Literal["latex", "mathml", "siunitx"]
    source: str
    readable: str
    mathml: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture from the certificate that is safe to show; ``mime`` is told by its bytes, not by its label."""

    name: Said
    mime: Literal["image/png", "image/jpeg"]
    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Group:
    """A heading with what stands under it; ``about`` says in words of the house what kind of thing it is.

    The heading may be empty. ``key`` names the sections of a certificate: ``identity``, ``laboratory``, ``results`` …
    """

    heading: Said
    blocks: tuple[Block, ...]
    about: str = ""
    key: str = ""


Block: TypeAlias = Paragraph | Facts | Table | FormulaBlock | Picture | Group


@dataclass(frozen=True, slots=True)
class ReadingView:
    """A whole certificate for the reader; ``number`` is its unique identifier, ``languages`` those it states.

    ``document`` is the sort of document that the page is made from, as its short name.
    """

    language: Language
    title: str
    number: str
    version: str
    laboratory: Said
    languages: tuple[str, ...]
    notices: tuple[Paragraph, ...]
    sections: tuple[Group, ...]
    origin: str
    document: str = "DCC"
