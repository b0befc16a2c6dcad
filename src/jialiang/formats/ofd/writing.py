"""Writes an OFD: pages of texts and shapes, the fonts that they use, and files that ride along.

The same document and the same fonts always give the same bytes. What is written are the elements of the samples of
other makers, in the order of the types that open readers declare: ``MaxUnitID`` first, attachments last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count

from lxml import etree

from jialiang.formats.ofd.container import write_container
from jialiang.formats.ofd.errors import AttachmentUnsuitable
from jialiang.formats.ofd.faces import Face, Faces
from jialiang.formats.ofd.model import Box
from jialiang.formats.ofd.names import ENTRANCE, NAMESPACE, PAGE_HEIGHT, PAGE_WIDTH, tag
from jialiang.formats.ofd.page_writing import Content, PageWriter, UsedFonts, UsedImages, box_text, xml_text
from jialiang.kernel.text import is_one_line, storable

FOLDER = "Doc_0"
ATTACHED = "Attachs"

_DOC_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_LONGEST_NAME = 120
_NOT_IN_NAMES = frozenset('/\\:*?"<>|')


@dataclass(frozen=True, slots=True)
class NewPage:
    """A page to be written: what stands on it, in reading order, and its size in millimetres."""

    content: tuple[Content, ...]
    width: float = PAGE_WIDTH
    height: float = PAGE_HEIGHT

    @property
    def box(self) -> Box:
        """The page as a box."""
        return Box(0, 0, self.width, self.height)


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A file that rides along; ``kind`` is its format in short, such as ``xml``."""

    name: str
    data: bytes
    kind: str = ""


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document to be written; ``doc_id`` are 32 hexadecimal digits, ``created`` the day that it states."""

    pages: tuple[NewPage, ...]
    doc_id: str
    attachments: tuple[NewAttachment, ...] = ()
    title: str = ""
    author: str = ""
    created: date | None = None
    creator: str = "Jialiang"
    creator_version: str = ""


def write_ofd(document: NewDocument, faces: Faces) -> bytes:
    """Return the OFD of a document. Raises AttachmentUnsuitable, FontLibraryMissing, ForbiddenCharacter."""
    return write_container(ofd_parts(document, faces))


def ofd_parts(document: NewDocument, faces: Faces) -> dict[str, bytes]:
    """Return the parts by name, as a signer needs them; raises what :func:`write_ofd` raises."""
    _check(document)
    fonts, images = UsedFonts(faces), UsedImages()
    pages = [PageWriter(page.content, page.box, fonts, images) for page in document.pages]
    numbers = count(1)
    fonts.number(numbers)
    images.number(numbers)
    contents = [page.content(numbers) for page in pages]
    page_ids = [next(numbers) for _ in pages]
    attachment_ids = [next(numbers) for _ in document.attachments]
    highest = next(numbers) - 1
    pictures = list(images.listed())
    root = _root(document, page_ids, highest, has_pictures=bool(pictures))
    parts = {
        ENTRANCE: _entrance(document),
        f"{FOLDER}/Document.xml": root,
        f"{FOLDER}/PublicRes.xml": _fonts(fonts),
    }
    if pictures:
        parts[f"{FOLDER}/DocumentRes.xml"] = _media(pictures)
    parts |= {f"{FOLDER}/Res/{file}": program for file, program in fonts.programs()}
    parts |= {f"{FOLDER}/Res/{file}": data for _, file, _, data in pictures}
    parts |= {f"{FOLDER}/Pages/Page_{n}/Content.xml": content for n, content in enumerate(contents)}
    if document.attachments:
        parts[f"{FOLDER}/Attachments.xml"] = _attachments(document, attachment_ids)
    return parts | {f"{FOLDER}/{ATTACHED}/{each.name}": each.data for each in document.attachments}


def serialized(root: etree._Element) -> bytes:
    """Return an element as a part: UTF-8, declared, on one line."""
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="unicode").encode()


def _check(document: NewDocument) -> None:
    if not _DOC_ID.fullmatch(document.doc_id):
        raise ValueError(f"doc_id has 32 hexadecimal digits, not {document.doc_id[:40]!r}")
    seen: set[str] = set()
    for each in document.attachments:
        name = each.name
        odd = not name or len(name) > _LONGEST_NAME or name.startswith(".") or not is_one_line(name)
        if odd or name != name.strip() or name.casefold() in seen or _NOT_IN_NAMES & set(name):
            raise AttachmentUnsuitable(name=storable(name, 80))
        seen.add(name.casefold())


def _entrance(document: NewDocument) -> bytes:
    root = _element("OFD", Version="1.0", DocType="OFD")
    body = _under(root, "DocBody")
    info = _under(body, "DocInfo")
    said = {
        "DocID": document.doc_id,
        "Title": document.title,
        "Author": document.author,
        "CreationDate": document.created.isoformat() if document.created else "",
        "Creator": document.creator,
        "CreatorVersion": document.creator_version,
    }
    for name, text in said.items():
        if text:
            _under(info, name, text)
    _under(body, "DocRoot", f"{FOLDER}/Document.xml")
    return serialized(root)


def _root(document: NewDocument, page_ids: list[int], highest: int, *, has_pictures: bool) -> bytes:
    root = _element("Document")
    common = _under(root, "CommonData")
    _under(common, "MaxUnitID", str(highest))
    first = document.pages[0] if document.pages else NewPage(())
    area = _under(common, "PageArea")
    _under(area, "PhysicalBox", box_text(first.box))
    _under(common, "PublicRes", "PublicRes.xml")
    if has_pictures:
        _under(common, "DocumentRes", "DocumentRes.xml")
    pages = _under(root, "Pages")
    for number, identifier in enumerate(page_ids):
        page = _under(pages, "Page")
        page.set("ID", str(identifier))
        page.set("BaseLoc", f"Pages/Page_{number}/Content.xml")
    if document.attachments:
        _under(root, "Attachments", "Attachments.xml")
    return serialized(root)


def _fonts(fonts: UsedFonts) -> bytes:
    root = _element("Res", BaseLoc="Res")
    listed = _under(root, "Fonts")
    for face, identifier, file in fonts.listed():
        _font(listed, face, identifier, file)
    return serialized(root)


def _font(listed: etree._Element, face: Face, identifier: int, file: str) -> None:
    font = _under(listed, "Font")
    font.set("ID", str(identifier))
    font.set("FontName", face.name)
    font.set("FamilyName", face.family)
    if face.is_bold:
        font.set("Bold", "true")
    if file:
        _under(font, "FontFile", file)


def _media(pictures: list[tuple[int, str, str, bytes]]) -> bytes:
    root = _element("Res", BaseLoc="Res")
    listed = _under(root, "MultiMedias")
    for identifier, file, kind, _ in pictures:
        medium = _under(listed, "MultiMedia")
        medium.set("ID", str(identifier))
        medium.set("Type", "Image")
        medium.set("Format", kind)
        _under(medium, "MediaFile", file)
    return serialized(root)


def _attachments(document: NewDocument, identifiers: list[int]) -> bytes:
    root = _element("Attachments")
    for each, identifier in zip(document.attachments, identifiers, strict=True):
        attachment = _under(root, "Attachment")
        attachment.set("ID", str(identifier))
        attachment.set("Name", each.name)
        if each.kind:
            attachment.set("Format", each.kind)
        attachment.set("Size", format(Decimal(len(each.data)) / 1024, "f"))
        attachment.set("Visible", "true")
        _under(attachment, "FileLoc", f"{ATTACHED}/{each.name}")
    return serialized(root)


def _element(name: str, **attributes: str) -> etree._Element:
    return etree.Element(tag(name), attributes, nsmap={"ofd": NAMESPACE})


def _under(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    made = etree.SubElement(parent, tag(name))
    if text:
        made.text = xml_text(text)
    return made
