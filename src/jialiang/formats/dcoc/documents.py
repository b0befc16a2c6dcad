"""A certificate of conformity from bytes in whichever notation, and into bytes in any."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jialiang.formats.dcoc.errors import NotACertificateOfConformity, UnknownForm
from jialiang.formats.dcoc.json_form import SCHEMA, read_json_form, write_json
from jialiang.formats.dcoc.model import CertificateOfConformity
from jialiang.formats.dcoc.rdf_reading import read_json_ld, read_rdf_xml
from jialiang.formats.dcoc.rdf_writing import RDF, write_json_ld, write_rdf_xml
from jialiang.formats.dcoc.reading import Reading
from jialiang.formats.dcoc.xml_form import read_xml, write_xml
from jialiang.formats.json_documents.reading import JsonLimits, read_json
from jialiang.formats.xml.parsing import XmlLimits, parse_xml

XML_LIMITS = XmlLimits(size=5 * 1024 * 1024, depth=64, elements=20_000)
JSON_LIMITS = JsonLimits(values=20_000)

FORMS: dict[str, Callable[[CertificateOfConformity], bytes]] = {
    "xml": write_xml, "rdfxml": write_rdf_xml, "jsonld": write_json_ld, "json": write_json,
}  # fmt: skip
"""The notations that are written and read again without loss."""


def read_dcoc(data: bytes) -> Reading:
    """Read XML, RDF/XML, JSON-LD or JSON, told apart by their content.

    Raises the errors of ``formats.xml``, ``formats.json_documents`` and ``formats.dcoc``, and LibraryMissing where
    RDF is to be read without rdflib.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        document = read_json(data, JSON_LIMITS)
        return _read_json(document)
    tree = parse_xml(data, XML_LIMITS)
    return read_rdf_xml(tree) if tree.getroot().tag == f"{{{RDF}}}RDF" else read_xml(tree)


def write_dcoc(certificate: CertificateOfConformity, form: str) -> bytes:
    """Write a certificate in one of :data:`FORMS`. Raises UnknownForm and what the form cannot carry."""
    if form not in FORMS:
        raise UnknownForm(form=form[:40], known=", ".join(FORMS))
    return FORMS[form](certificate)


def _read_json(document: Any) -> Reading:
    if isinstance(document, dict) and document.get("schema") == SCHEMA:
        return read_json_form(document)
    if isinstance(document, list) or "@context" in document or "@graph" in document or "@type" in document:
        return read_json_ld(document)
    raise NotACertificateOfConformity(found=str(document.get("schema", "JSON"))[:80], line=1)
