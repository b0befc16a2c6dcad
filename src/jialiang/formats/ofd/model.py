"""An OFD as read: documents, pages with what stands on them, fonts, attachments, signatures. Lengths in millimetres."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jialiang.formats.ofd.errors import AttachmentMissing


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: upper left corner, width and height; y grows downwards."""

    x: float
    y: float
    width: float
    height: float

    def holds(self, other: Box, slack: float = 0.01) -> bool:
        """Tell whether another box lies in this one, but for ``slack``."""
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.x + other.width <= self.x + self.width + slack
            and other.y + other.height <= self.y + self.height + slack
        )


@dataclass(frozen=True, slots=True)
class TextRun:
    """Letters of one font and size; ``x`` and ``y`` are the origin of the first one on the page.

    ``advances`` are the steps to each following letter, none where the file does not say.
    """

    text: str
    x: float
    y: float
    font: str
    size: float
    advances: tuple[float, ...] = ()
    colour: str = ""


@dataclass(frozen=True, slots=True)
class DrawnPath:
    """A vector shape: commands with coordinates inside its box; ``line_width`` in millimetres."""

    box: Box
    commands: str
    stroke: bool = True
    fill: bool = False
    line_width: float = 0.353
    stroke_colour: str = ""
    fill_colour: str = ""


@dataclass(frozen=True, slots=True)
class DrawnImage:
    """A picture: the box that it fills and the medium that it shows."""

    box: Box
    resource: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page and all that stands on it, in the order of the file."""

    id: str
    part: str
    box: Box
    texts: tuple[TextRun, ...] = ()
    paths: tuple[DrawnPath, ...] = ()
    images: tuple[DrawnImage, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The texts in reading order: from top to bottom, on one baseline from left to right."""
        rows: list[list[TextRun]] = []
        for run in sorted(self.texts, key=lambda each: (each.y, each.x)):
            if rows and run.y - rows[-1][0].y <= 0.3 * min(run.size, rows[-1][0].size):
                rows[-1].append(run)
            else:
                rows.append([run])
        return tuple(_joined(sorted(row, key=lambda each: each.x)) for row in rows)


@dataclass(frozen=True, slots=True)
class Font:
    """A font that texts name by ``id``; ``part`` is its program in the container, empty where it is not embedded."""

    id: str
    name: str
    family: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture or the like that objects name by ``id``."""

    id: str
    kind: str
    part: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that rides in the OFD; ``said`` are its attributes as they stand, ``data`` None where it is missing."""

    id: str
    name: str
    part: str
    said: Mapping[str, str]
    data: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignatureEntry:
    """A signature that the document lists; it is not looked into here."""

    id: str
    kind: str
    part: str


@dataclass(frozen=True, slots=True)
class OfdDocument:
    """One document of the container; ``info`` is what it says of itself (DocID, CreationDate, …)."""

    part: str
    info: Mapping[str, str]
    page_box: Box | None
    pages: tuple[Page, ...]
    fonts: tuple[Font, ...] = ()
    media: tuple[Medium, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    signatures: tuple[SignatureEntry, ...] = ()
    max_unit_id: int | None = None
    has_annotations: bool = False
    has_templates: bool = False
    has_custom_tags: bool = False

    @property
    def text(self) -> str:
        """All lines of all pages."""
        return "\n".join(line for page in self.pages for line in page.lines)

    def attachment(self, name: str) -> Attachment:
        """Return the attachment of this name. Raises AttachmentMissing."""
        for each in self.attachments:
            if each.name == name:
                return each
        raise AttachmentMissing(name=name[:120], known=", ".join(a.name for a in self.attachments) or "–")


@dataclass(frozen=True, slots=True)
class OfdFile:
    """A whole OFD: its documents, its parts byte by byte, and the version and kind that it states."""

    version: str
    kind: str
    documents: tuple[OfdDocument, ...]
    parts: Mapping[str, bytes] = field(repr=False)

    @property
    def is_signed(self) -> bool:
        """Whether a document lists a signature; whether that holds is not looked at here."""
        return any(document.signatures for document in self.documents)


def _joined(row: list[TextRun]) -> str:
    """Join the runs of a baseline; a blank stands where the gap is wider than the last letter can be."""
    line, end = "", 0.0
    for run in row:
        if line and run.x - end > 0.45 * run.size:
            line += " "
        line += run.text
        last = run.size if ord(run.text[-1:] or "x") > 0x2E80 else 0.6 * run.size
        end = run.x + sum(run.advances) + last
    return line
