"""RDF/XML and JSON-LD of a certificate of conformity, written from the same nodes; the context stands in the file."""

from __future__ import annotations

import json
from typing import Any

from lxml import etree

from jialiang.formats.dcoc.model import CertificateOfConformity
from jialiang.formats.dcoc.rdf_nodes import Iri, Literal, Property, RdfNode, rdf_node
from jialiang.formats.dcoc.shapes import iri, namespaces

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CONTEXT_OF_KIND: dict[str, dict[str, str]] = {
    "texts": {"@container": "@language"}, "date": {"@type": "xsd:date"}, "period": {"@type": "dcterms:Period"},
    "uri": {"@type": "@id"}, "email": {"@type": "@id"}, "phone": {"@type": "@id"},
}  # fmt: skip


def write_rdf_xml(certificate: CertificateOfConformity) -> bytes:
    """Write a certificate as RDF/XML. Raises UnfitText, UnfitIdentifier, UnfitLanguage."""
    prefixes = {prefix: uri for prefix, uri in namespaces().items() if prefix != "xsd"}
    root = etree.Element(f"{{{RDF}}}RDF", nsmap=prefixes)
    _element(root, rdf_node(certificate))
    etree.indent(root)
    body: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


def json_ld(certificate: CertificateOfConformity) -> dict[str, Any]:
    """Return a certificate as JSON-LD with its context. Raises UnfitText, UnfitIdentifier, UnfitLanguage."""
    node = rdf_node(certificate)
    prefixes = {prefix: uri for prefix, uri in namespaces().items() if prefix != "rdf"}
    return {"@context": prefixes | _context(node)} | _object(node)


def write_json_ld(certificate: CertificateOfConformity) -> bytes:
    """Write a certificate as JSON-LD. Raises UnfitText, UnfitIdentifier, UnfitLanguage."""
    return (json.dumps(json_ld(certificate), ensure_ascii=False, indent=2) + "\n").encode()


def _element(parent: etree._Element, node: RdfNode) -> None:
    name = iri(node.rdf_class) if node.rdf_class else f"{RDF}Description"
    element = etree.SubElement(parent, _tag(name))
    element.set(f"{{{RDF}}}about", node.iri)
    for each in node.properties:
        for value in each.values:
            holder = etree.SubElement(element, _tag(iri(each.term)))
            if isinstance(value, RdfNode):
                _element(holder, value)
            elif isinstance(value, Iri):
                holder.set(f"{{{RDF}}}resource", value.iri)
            else:
                _literal(holder, value)


def _literal(holder: etree._Element, value: Literal) -> None:
    holder.text = value.text
    if value.language:
        holder.set(_XML_LANG, value.language)
    elif value.datatype:
        holder.set(f"{{{RDF}}}datatype", iri(value.datatype))


def _tag(name: str) -> str:
    cut = max(name.rfind("#"), name.rfind("/")) + 1
    return f"{{{name[:cut]}}}{name[cut:]}"


def _context(node: RdfNode) -> dict[str, Any]:
    """Return the terms that a node and its parts use."""
    terms: dict[str, Any] = {}
    for each in node.properties:
        terms[each.name] = {"@id": each.term} | _CONTEXT_OF_KIND.get(each.kind, {})
        for value in each.values:
            if isinstance(value, RdfNode):
                terms |= _context(value)
    return terms


def _object(node: RdfNode) -> dict[str, Any]:
    head = {"@id": node.iri} | ({"@type": node.rdf_class} if node.rdf_class else {})
    return head | {each.name: _written(each) for each in node.properties}


def _written(given: Property) -> Any:
    if given.kind == "texts":
        literals = [value for value in given.values if isinstance(value, Literal)]
        return {value.language or "@none": value.text for value in literals}
    values = [_value(value, given.kind) for value in given.values]
    return values if given.is_many else values[0]


def _value(value: Literal | Iri | RdfNode, kind: str) -> Any:
    if isinstance(value, RdfNode):
        return _object(value)
    if isinstance(value, Iri):
        return value.iri
    # A text where the context announces a date or an IRI has to say that it is none.
    is_other = kind in _CONTEXT_OF_KIND and not value.datatype
    return {"@value": value.text} if is_other else value.text
