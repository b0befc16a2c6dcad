"""Checks the structure of an OFD: parts, identifiers, resources, boxes, attachments. Signatures are not checked."""

from __future__ import annotations

import re
from decimal import Decimal

from lxml import etree

from jialiang.formats.findings import DocumentFinding
from jialiang.formats.ofd.findings import OfdFindings
from jialiang.formats.ofd.identifiers import Identifiers
from jialiang.formats.ofd.model import OfdDocument, OfdFile
from jialiang.formats.ofd.names import ENTRANCE, tag
from jialiang.formats.ofd.object_checks import check_page
from jialiang.formats.ofd.reading import read_ofd
from jialiang.formats.ofd.references import References
from jialiang.formats.ofd.trees import Trees, number
from jialiang.kernel.text import Text

_DOC_ID = re.compile(r"[0-9a-fA-F]{32}", re.ASCII)
_KB = 1024
_TOLERANCE = 0.1  # KB: makers round
_LISTS = {"PublicRes": "Res", "DocumentRes": "Res"}


def check_ofd(data: bytes) -> tuple[DocumentFinding, ...]:
    """Check the bytes of an OFD; raises what ``read_ofd`` raises."""
    return check_file(read_ofd(data))


def check_file(file: OfdFile) -> tuple[DocumentFinding, ...]:
    """Check an OFD that is read already; it holds if no finding is an error.

    That a document is signed is told as a hint: whether its signatures hold is no matter of structure. Raises
    PartUnreadable and NotADocument for parts that only the check looks into.
    """
    findings = OfdFindings()
    trees = Trees(file.parts)
    if (file.kind, file.version) != ("OFD", "1.0"):
        findings.add("OFD-KIND", ENTRANCE, found=f"{file.kind} {file.version}".strip())
    if not file.documents:
        findings.add("OFD-DOCUMENT-NONE", ENTRANCE)
    references = References(file.parts, findings)
    entrance = trees.root(ENTRANCE, ENTRANCE, "OFD")
    references.follow(ENTRANCE, entrance)
    for document in file.documents:
        _check_document(document, trees, references, findings)
    for part in sorted(set(file.parts) - references.used):
        findings.add("OFD-PART-UNUSED", part, found=part)
    return findings.result()


def _check_document(
    document: OfdDocument, trees: Trees, references: References, findings: OfdFindings
) -> None:
    identifiers = Identifiers(document.max_unit_id, findings)
    root = trees.root(document.part, ENTRANCE, "Document")
    references.follow(document.part, root)
    if document.max_unit_id is None or document.max_unit_id < 1:
        findings.add("OFD-ID-MAX-MISSING", document.part, root)
    identifiers.take(document.part, root)
    if not _DOC_ID.fullmatch(document.info.get("DocID", "")):
        findings.add("OFD-DOCUMENT-ID", ENTRANCE, found=document.info.get("DocID", ""))
    for part in references.named(document.part, root, *_LISTS):
        resources = trees.root(part, document.part, "Res")
        references.follow(part, resources)
        identifiers.take(part, resources)
    _check_pages(document, trees, identifiers, findings)
    for font in document.fonts:
        if not font.part:
            findings.add("OFD-FONT-RESIDENT", document.part, found=font.name)
    _check_attachments(document, root, trees, references, findings)
    _check_signatures(document, trees, references, findings)
    _tell_what_is_not_read(document, references, root, findings)


def _check_pages(
    document: OfdDocument, trees: Trees, identifiers: Identifiers, findings: OfdFindings
) -> None:
    if not document.pages:
        findings.add("OFD-PAGE-NONE", document.part)
    fonts = {font.id for font in document.fonts}
    media = {medium.id for medium in document.media}
    for page in document.pages:
        if page.box.width <= 0 or page.box.height <= 0:
            findings.add("OFD-PAGE-BOX", page.part or document.part, found=page.id)
        if page.part in trees.parts and not findings.is_full:
            root = trees.root(page.part, document.part, "Page")
            identifiers.take(page.part, root)
            check_page(page, root, fonts, media, findings)


def _check_attachments(
    document: OfdDocument, root: etree._Element, trees: Trees, references: References, findings: OfdFindings
) -> None:
    for part in references.named(document.part, root, "Attachments"):
        references.follow(part, trees.root(part, document.part, "Attachments"))
    names: set[str] = set()
    for each in document.attachments:
        if not each.name or each.name in names:
            findings.add("OFD-ATTACHMENT-NAME", each.part or document.part, found=each.name)
        names.add(each.name)
        stated = each.said.get("Size")
        if each.data is not None and stated is not None:
            size = number(stated)
            if size is None or abs(size - len(each.data) / _KB) > _TOLERANCE:
                true = format(Decimal(len(each.data)) / _KB, "f")
                findings.add("OFD-ATTACHMENT-SIZE", each.part, name=each.name, found=stated, expected=true)


def _check_signatures(
    document: OfdDocument, trees: Trees, references: References, findings: OfdFindings
) -> None:
    entrance = trees.root(ENTRANCE, ENTRANCE, "OFD")
    for part in references.named(ENTRANCE, entrance, "Signatures"):
        references.follow(part, trees.root(part, ENTRANCE, "Signatures"))
    for signature in document.signatures:
        if signature.part in trees.parts:
            references.follow(signature.part, trees.root(signature.part, document.part, "Signature"))
    if document.signatures:
        findings.add("OFD-SIGNED", ENTRANCE, found=len(document.signatures))


_NOT_READ = {
    "TemplatePage": Text("模板页", "template pages"),
    "Annotations": Text("注释", "annotations"),
    "CustomTags": Text("自定义标引", "custom tags"),
    "Extensions": Text("扩展", "extensions"),
}


def _tell_what_is_not_read(
    document: OfdDocument, references: References, root: etree._Element, findings: OfdFindings
) -> None:
    for name, words in _NOT_READ.items():
        found = root.find(f".//{tag(name)}")
        if found is not None:
            references.take_folders_of(document.part, root, name)
            findings.add("OFD-NOT-READ", document.part, found, found=words)
