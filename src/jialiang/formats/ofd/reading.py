"""Reads an OFD: what it says of itself, its pages, fonts, attachments and the signatures that it lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from jialiang.formats.ofd.container import DEFAULT_LIMITS, ContainerLimits, read_container
from jialiang.formats.ofd.model import (
    Attachment,
    Box,
    Font,
    Medium,
    OfdDocument,
    OfdFile,
    Page,
    SignatureEntry,
)
from jialiang.formats.ofd.names import ENTRANCE, resolved, tag
from jialiang.formats.ofd.page_reading import page_content
from jialiang.formats.ofd.trees import Trees, box, child, text_of


def read_ofd(data: bytes, limits: ContainerLimits = DEFAULT_LIMITS) -> OfdFile:
    """Read an OFD. Parts that are referred to but missing are left empty; ``check_ofd`` names them.

    Raises NotAContainer, ContainerTooLarge, PartRefused, PartMissing (``OFD.xml`` or a document root),
    PartUnreadable and NotADocument.
    """
    return read_parts(read_container(data, limits))


def read_parts(parts: Mapping[str, bytes]) -> OfdFile:
    """Read an OFD from its parts by name; raises what :func:`read_ofd` raises."""
    trees = Trees(parts)
    entrance = trees.root(ENTRANCE, ENTRANCE, "OFD")
    documents = tuple(_document(body, trees) for body in entrance.iterchildren(tag("DocBody")))
    return OfdFile(entrance.get("Version", ""), entrance.get("DocType", ""), documents, parts)


def _document(body: etree._Element, trees: Trees) -> OfdDocument:
    part = resolved(text_of(body, "DocRoot"), ENTRANCE)
    root = trees.root(part, ENTRANCE, "Document")
    common = child(root, "CommonData")
    page_box = box(text_of(common, "PageArea", "PhysicalBox"))
    fonts, media = _resources(common, part, trees)
    maximum = text_of(common, "MaxUnitID")
    return OfdDocument(
        part=part,
        info=_info(child(body, "DocInfo")),
        page_box=page_box,
        pages=tuple(_pages(root, part, page_box, trees)),
        fonts=tuple(fonts),
        media=tuple(media),
        attachments=tuple(_attachments(resolved(text_of(root, "Attachments"), part), trees)),
        signatures=tuple(_signatures(resolved(text_of(body, "Signatures"), ENTRANCE), trees)),
        max_unit_id=int(maximum) if maximum.isascii() and maximum.isdigit() and len(maximum) < 16 else None,
        has_annotations=child(root, "Annotations") is not None,
        has_templates=child(common, "TemplatePage") is not None,
        has_custom_tags=child(root, "CustomTags") is not None,
    )


def _info(info: etree._Element | None) -> dict[str, str]:
    if info is None:
        return {}
    return {etree.QName(each).localname: (each.text or "").strip() for each in info.iterchildren(tag("*"))}


def _pages(root: etree._Element, part: str, page_box: Box | None, trees: Trees) -> Iterator[Page]:
    for entry in root.iterfind(f"{tag('Pages')}/{tag('Page')}"):
        content = resolved(entry.get("BaseLoc", ""), part)
        number = entry.get("ID", "")
        if content not in trees.parts:
            yield Page(number, content, page_box or Box(0, 0, 0, 0))
            continue
        page = trees.root(content, part, "Page")
        own = box(text_of(page, "Area", "PhysicalBox")) or page_box or Box(0, 0, 0, 0)
        texts, paths, images = page_content(page)
        yield Page(number, content, own, texts, paths, images)


def _resources(common: etree._Element | None, part: str, trees: Trees) -> tuple[list[Font], list[Medium]]:
    fonts: list[Font] = []
    media: list[Medium] = []
    for name in ("PublicRes", "DocumentRes"):
        for location in common.iterchildren(tag(name)) if common is not None else ():
            found = resolved(location.text or "", part)
            if found in trees.parts:
                _read_resources(trees.root(found, part, "Res"), found, fonts, media)
    return fonts, media


def _read_resources(res: etree._Element, part: str, fonts: list[Font], media: list[Medium]) -> None:
    base = res.get("BaseLoc", "")
    for font in res.iter(tag("Font")):
        program = resolved(text_of(font, "FontFile"), part, base)
        fonts.append(Font(font.get("ID", ""), font.get("FontName", ""), font.get("FamilyName", ""), program))
    for medium in res.iter(tag("MultiMedia")):
        file = resolved(text_of(medium, "MediaFile"), part, base)
        media.append(Medium(medium.get("ID", ""), medium.get("Type", ""), file))


def _attachments(part: str, trees: Trees) -> Iterator[Attachment]:
    if part not in trees.parts:
        return
    for each in trees.root(part, part, "Attachments").iterchildren(tag("Attachment")):
        file = resolved(text_of(each, "FileLoc"), part)
        said = {str(name): str(value) for name, value in each.items()}
        yield Attachment(each.get("ID", ""), each.get("Name", ""), file, said, trees.parts.get(file))


def _signatures(part: str, trees: Trees) -> Iterator[SignatureEntry]:
    if part not in trees.parts:
        return
    for each in trees.root(part, ENTRANCE, "Signatures").iterchildren(tag("Signature")):
        file = resolved(each.get("BaseLoc", ""), part)
        yield SignatureEntry(each.get("ID", ""), each.get("Type", ""), file)
