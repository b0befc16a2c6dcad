"""Makes the OFD of any DCC: its reading view on A4 pages, and the XML itself as attachment."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from jialiang import __version__
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.profile import DCC
from jialiang.formats.ofd.block_pages import BODY, NOTE, BlockPages, word
from jialiang.formats.ofd.errors import FontLibraryMissing
from jialiang.formats.ofd.faces import Faces, house_faces
from jialiang.formats.ofd.layout.flow import LEFT, RIGHT, TOP, Area, Flow, horizontal
from jialiang.formats.ofd.layout.lines import Ruler, Type
from jialiang.formats.ofd.layout.tables import GREY
from jialiang.formats.ofd.model import Box, DrawnPath
from jialiang.formats.ofd.names import PAGE_HEIGHT, PAGE_WIDTH
from jialiang.formats.ofd.page_writing import Content, NewText
from jialiang.formats.ofd.writing import NewAttachment, NewDocument, NewPage, write_ofd
from jialiang.formats.reading_view.blocks import ReadingView
from jialiang.formats.reading_view.building import reading_view
from jialiang.kernel.npm_files import npm_folder
from jialiang.kernel.text import Language

ATTACHMENT = "certificate.xml"

_TITLE = Type(7.0, bold=True)
_NUMBER = Type(3.8)
_LABORATORY = Type(4.2)
_FOOT = Type(2.7, colour=GREY)
_CHECK = Type(2.5, colour=GREY)
_SYMBOL = 24.0
_LONGEST_ADDRESS = 300
_QUIET = 4  # modules around a QR symbol


def certificate_ofd(certificate: Certificate, language: str, faces: Faces | None = None) -> bytes:
    """Return the OFD of a certificate, its labels in ``zh`` or ``en``; raises what :func:`certificate_document` does.

    ``faces`` are the house's fonts where none are given; without those the fonts of the reader are named.
    """
    faces = faces if faces is not None else house_faces(npm_folder())
    chosen: Language = "zh" if language.lower().startswith("zh") else "en"
    faces = replace(faces, is_western=chosen == "en")
    return write_ofd(certificate_document(certificate, chosen, faces), faces)


def certificate_document(certificate: Certificate, language: Language, faces: Faces) -> NewDocument:
    """Return the document of a certificate, with the XML attached byte by byte.

    The identifier of the document comes from the bytes and the language, its day from the certificate, so that the
    same input gives the same file. Raises FontLibraryMissing and PagesTooMany.
    """
    view = reading_view(certificate, language)
    xml = certificate.xml
    digest = sha256_hex(xml)
    flow = Flow(Ruler(faces))
    pages = BlockPages(flow, language)
    _set_title(flow, view, _check_address(certificate))
    for notice in view.notices:
        pages.paragraph(notice, Area())
    for section in view.sections:
        pages.section(section)
    _set_end(flow, view, digest)
    return NewDocument(
        pages=tuple(NewPage(tuple(content)) for content in _with_feet(flow, view)),
        doc_id=sha256_hex(f"{digest} {language}".encode())[:32],
        attachments=(NewAttachment(ATTACHMENT, xml, "xml"),),
        title=f"{view.title} {view.number}".strip(),
        author=" ".join(view.laboratory.lines),
        created=_day(certificate),
        creator_version=__version__,
    )


def _set_title(flow: Flow, view: ReadingView, address: str) -> None:
    """Set title, number and laboratory in the middle of the page, and the symbol of the check at its right."""
    width = Area().width - (2 * (_SYMBOL + 2) if address else 0)
    if address:
        flow.put(qr_path(address, PAGE_WIDTH - RIGHT - _SYMBOL, TOP - 6, _SYMBOL))
    texts = ((" ".join(view.laboratory.lines), _LABORATORY), (view.title, _TITLE),
             (word("number", number=view.number).in_language(view.language), _NUMBER))  # fmt: skip
    for text, kind in texts:
        for line in flow.ruler.lines(text, kind, width) if text else ():
            flow.need(kind.leading)
            flow.put_line(line, kind, (PAGE_WIDTH + LEFT - RIGHT - flow.ruler.width(line, kind)) / 2)
            flow.y += kind.leading
        flow.y += 1
    if address:
        label = word("check").in_language(view.language)
        flow.y = max(flow.y, TOP - 6 + _SYMBOL + 1) if len(flow.pages) == 1 else flow.y
        flow.paragraph(f"{label}: {address}", _CHECK, Area())
    flow.y += 2


def _set_end(flow: Flow, view: ReadingView, digest: str) -> None:
    """Set the end mark and the note that the attached XML is the certificate, together."""
    note = word("document", name=ATTACHMENT, digest=digest).in_language(view.language)
    lines = flow.ruler.lines(note, NOTE, Area().width)
    flow.need(len(lines) * NOTE.leading + BODY.leading + 10)
    flow.skip(5)
    end = word("end").in_language(view.language)
    flow.put_line(end, BODY, (PAGE_WIDTH + LEFT - RIGHT - flow.ruler.width(end, BODY)) / 2)
    flow.y += BODY.leading + 2
    flow.paragraph(note, NOTE, Area())


def _with_feet(flow: Flow, view: ReadingView) -> Sequence[list[Content]]:
    """Return the pages with number of the certificate and of the page at their feet."""
    number = word("number", number=view.number).in_language(view.language)
    room = 0.7 * Area().width
    left = flow.ruler.lines(number, _FOOT, room)[0]
    for at, content in enumerate(flow.pages, start=1):
        page = word("page", number=at, total=len(flow.pages)).in_language(view.language)
        x = PAGE_WIDTH - RIGHT - flow.ruler.width(page, _FOOT)
        y = PAGE_HEIGHT - 12
        content += [
            horizontal(LEFT, y - 4, Area().width, 0.15, GREY),
            NewText(left, LEFT, y, _FOOT.size, colour=GREY),
            NewText(page, x, y, _FOOT.size, colour=GREY),
        ]
    return flow.pages


def qr_path(text: str, x: float, y: float, side: float) -> DrawnPath:
    """Return a QR symbol (level M at least, quiet zone of 4 modules) as one filled shape. Raises FontLibraryMissing."""
    try:
        segno = importlib.import_module("segno")
    except ImportError:
        raise FontLibraryMissing() from None
    rows = [list(row) for row in segno.make_qr(text, error="m", boost_error=True).matrix_iter(border=_QUIET)]
    step = side / len(rows)
    commands = [
        _bar(column * step, number * step, run * step, step)
        for number, row in enumerate(rows)
        for column, run in _runs(row)
    ]
    return DrawnPath(Box(x, y, side, side), " ".join(commands), stroke=False, fill=True, fill_colour="0 0 0")


def _runs(row: Sequence[int]) -> list[tuple[int, int]]:
    """Return where dark runs of a row begin, and how long they are."""
    found: list[tuple[int, int]] = []
    for column, module in enumerate(row):
        if module and found and sum(found[-1]) == column:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif module:
            found.append((column, 1))
    return found


def _bar(x: float, y: float, width: float, height: float) -> str:
    right, low = f"{x + width:.3f}", f"{y + height:.3f}"
    return f"M {x:.3f} {y:.3f} L {right} {y:.3f} L {right} {low} L {x:.3f} {low} C"


def _check_address(certificate: Certificate) -> str:
    """Return the address of the check that a certificate of the house states; empty for any other."""
    stated = f".//{{{DCC}}}identification[@refType='jl_checkUrl']/{{{DCC}}}value"
    core = certificate.tree.getroot().find(f".//{{{DCC}}}coreData")
    found = (core.findtext(stated) or "").strip() if core is not None else ""
    plain = found.isascii() and found.isprintable() and " " not in found and len(found) <= _LONGEST_ADDRESS
    return found if plain and found.startswith(("https://", "http://")) else ""


def _day(certificate: Certificate) -> date | None:
    """Return the day of issue, else the last day of the work, where the certificate states one."""
    core = certificate.tree.getroot().find(f"{{{DCC}}}administrativeData/{{{DCC}}}coreData")
    for name in ("issueDate", "endPerformanceDate"):
        stated = core.findtext(f"{{{DCC}}}{name}") if core is not None else None
        try:
            return date.fromisoformat((stated or "").strip()[:10])
        except ValueError:
            continue
    return None
