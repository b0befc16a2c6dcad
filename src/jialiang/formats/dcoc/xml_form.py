"""The XML form of a certificate of conformity: the one that is signed with XAdES.

Namespace ``urn:jialiang:dcoc:1``; the seventeen elements by their names, in the order of the data structure. A text
in several languages has a ``content`` with ``lang`` for each.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, cast

from lxml import etree

from jialiang.formats.dcoc.errors import NotACertificateOfConformity
from jialiang.formats.dcoc.model import NO_LANGUAGE, CertificateOfConformity, Texts, texts
from jialiang.formats.dcoc.reading import Reading, refuse_unfit
from jialiang.formats.dcoc.rules.catalogue import finding
from jialiang.formats.dcoc.shapes import CERTIFICATE, Member, elements, shape
from jialiang.formats.findings import DocumentFinding
from jialiang.formats.structure.checking import StructureCheck
from jialiang.formats.structure.findings import Reporter
from jialiang.formats.structure.lexical import is_date
from jialiang.formats.structure.models import Models
from jialiang.formats.structure.places import path_of
from jialiang.formats.structure.versions import vocabulary
from jialiang.formats.xml.canonicalization import serialized

NAMESPACE = "urn:jialiang:dcoc:1"
VERSION = "1.0.0"
ROOT = f"{{{NAMESPACE}}}digitalCertificateOfConformity"
RULES = "DCOC-STRUCTURE"
_BLANKS = " \t\n\r"
_DEFAULT = cast("dict[str, str]", {None: NAMESPACE})


def read_xml(tree: etree._ElementTree) -> Reading:
    """Read a parsed document. Raises NotACertificateOfConformity; whatever else is wrong stands in the findings."""
    root = tree.getroot()
    if root.tag != ROOT:
        found = etree.QName(root).localname[:80]
        raise NotACertificateOfConformity(found=found, line=root.sourceline or 1)
    lines: dict[str, int] = {}
    values = _values(root, CERTIFICATE, "", lines)
    certificate = CertificateOfConformity(identifier=root.get("identifier", ""), **values)
    refuse_unfit(certificate)
    counts = {each.name: len(_children(root, each.name)) for each in elements()}
    return Reading(certificate, "xml", counts, lines, (*check_structure(tree), *_repeated_languages(root)))


def _repeated_languages(root: etree._Element) -> Iterator[DocumentFinding]:
    """Yield texts that stand twice in one language, of which only the first could be kept."""
    for content in root.iter(f"{{{NAMESPACE}}}content"):
        tag = content.get("lang", NO_LANGUAGE).lower()
        before = content.itersiblings(content.tag, preceding=True)
        if any(each.get("lang", NO_LANGUAGE).lower() == tag for each in before):
            line = cast("int | None", content.sourceline)
            path = path_of(content, {NAMESPACE: "dcoc"})
            yield finding("DCOC-PART-REPEATED", path, line, name=tag)


def check_structure(tree: etree._ElementTree) -> tuple[DocumentFinding, ...]:
    """Check a document against the content model; empty means valid."""
    models = _models()
    reporter = Reporter(RULES, models.prefixes)
    StructureCheck(models, reporter).run(tree.getroot())
    return reporter.result()


def write_xml(certificate: CertificateOfConformity) -> bytes:
    """Write a certificate, in the one way of this house. Raises UnfitText."""
    refuse_unfit(certificate)
    root = etree.Element(ROOT, nsmap=_DEFAULT, schemaVersion=VERSION)
    if certificate.identifier:
        root.set("identifier", certificate.identifier)
    _write(root, certificate, CERTIFICATE)
    etree.indent(root)
    return serialized(root.getroottree())


def _values(element: etree._Element, kind: str, path: str, lines: dict[str, int]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for member in shape(kind).members:
        found = _children(element, member.name)
        read = []
        for number, child in enumerate(found, start=1):
            place = f"{path}/{member.name}[{number}]" if member.is_many else f"{path}/{member.name}"
            lines.setdefault(place, cast("int | None", child.sourceline) or 1)
            read.append(_value(child, member, place, lines))
        if member.is_many:
            values[member.attribute] = tuple(read)
        elif read:
            values[member.attribute] = read[0]
    return values


def _value(element: etree._Element, member: Member, path: str, lines: dict[str, int]) -> Any:
    if member.is_shape:
        return shape(member.kind).made(_values(element, member.kind, path, lines))
    if member.kind == "texts":
        contents = _children(element, "content")
        return texts((each.get("lang") or NO_LANGUAGE, _text(each)) for each in contents)
    text = _text(element)
    bare = text.strip(_BLANKS)
    # Blanks around a date say nothing (XML Schema Part 2, 4.3.6: collapse); what is no date stays as it stands.
    return bare if member.kind == "date" and is_date(bare) else text


def _text(element: etree._Element) -> str:
    return str(element.xpath("string()"))


def _children(element: etree._Element, name: str) -> list[etree._Element]:
    return element.findall(f"{{{NAMESPACE}}}{name}")


def _write(element: etree._Element, value: object, kind: str) -> None:
    for member in shape(kind).members:
        found = getattr(value, member.attribute)
        for each in found if member.is_many else (found,):
            if not _is_empty(each, member):
                _write_member(etree.SubElement(element, f"{{{NAMESPACE}}}{member.name}"), each, member)


def _write_member(element: etree._Element, value: Any, member: Member) -> None:
    if member.is_shape:
        _write(element, value, member.kind)
    elif member.kind == "texts":
        _write_texts(element, value)
    else:
        element.text = value


def _write_texts(element: etree._Element, words: Texts) -> None:
    for language, text in words:
        content = etree.SubElement(element, f"{{{NAMESPACE}}}content")
        if language != NO_LANGUAGE:
            content.set("lang", language)
        content.text = text


def _is_empty(value: object, member: Member) -> bool:
    if member.is_shape:
        return not member.is_many and value == shape(member.kind).made({})
    return not value


@cache
def _models() -> Models:
    own = vocabulary("jialiang.formats.dcoc", "content_models.json", VERSION)
    return Models((own, vocabulary("jialiang.formats.structure", "signature_models.json", "1.0")))
