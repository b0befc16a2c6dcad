"""RDF/XML and JSON-LD of a certificate of conformity read as a graph, whoever wrote them.

The graph is parsed by rdflib (extra ``rdf``) after everything that could reach out of the document or grow without
limit has been refused: DOCTYPE, contexts elsewhere, depth, size.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote
from xml.sax import SAXException

from lxml import etree

from jialiang.formats.conversion.libraries import library
from jialiang.formats.dcoc.errors import ForeignContext, NotRdf, SeveralCertificates
from jialiang.formats.dcoc.model import NO_LANGUAGE, CertificateOfConformity, texts
from jialiang.formats.dcoc.reading import Reading, refuse_unfit
from jialiang.formats.dcoc.rules.catalogue import finding
from jialiang.formats.dcoc.shapes import (
    CERTIFICATE,
    PERIOD,
    VALIDITY,
    Member,
    elements,
    iri,
    namespaces,
    shape,
)
from jialiang.formats.findings import DocumentFinding

# No document has an address of this kind, so that whatever begins with it was relative to the document.
BASE = "gopher://document.invalid/"
_PERIOD_PART = re.compile(r"\b(start|end)\s*=\s*([^;]*)")
_NUMBER = re.compile(r"-([0-9]{1,6})$", re.ASCII)
_SCHEMES = {"email": "mailto:", "phone": "tel:"}
_MOST_NAMED = 8
_MOST_VALUES = 500
_WHAT_PARSERS_RAISE = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    AssertionError,
    IndexError,
    RecursionError,
)


def read_rdf_xml(tree: etree._ElementTree) -> Reading:
    """Read RDF/XML that ``formats.xml`` has parsed. Raises NotRdf, SeveralCertificates, UnfitText, LibraryMissing."""
    graph = library("rdflib").Graph()
    data: bytes = etree.tostring(tree, encoding="UTF-8")
    with _told_as_not_rdf():
        graph.parse(data=data, format="xml", publicID=BASE)
    return _reading(graph, "rdfxml")


def read_json_ld(document: Any) -> Reading:
    """Read a parsed JSON-LD document after a look for contexts elsewhere; named graphs are no certificates.

    Raises ForeignContext, NotRdf, SeveralCertificates, UnfitText, LibraryMissing.
    """
    _refuse_foreign_contexts(document)
    graph = library("rdflib").Graph()
    with _told_as_not_rdf():
        library("rdflib.plugins.parsers.jsonld").to_rdf(document, graph, base=BASE, version=1.1)
    return _reading(graph, "jsonld")


def _refuse_foreign_contexts(document: Any) -> None:
    pending = [document]
    while pending:
        each = pending.pop()
        if isinstance(each, list):
            pending += each
        elif isinstance(each, dict):
            contexts = each.get("@context", [])
            for context in contexts if isinstance(contexts, list) else [contexts]:
                if isinstance(context, str):
                    raise ForeignContext(context=context[:120])
            if "@import" in each:
                raise ForeignContext(context=str(each["@import"])[:120])
            pending += each.values()


@contextmanager
def _told_as_not_rdf() -> Iterator[None]:
    """Turn what the parsers raise on documents that are no RDF into NotRdf, and keep their log quiet."""
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)  # what it warns of is told by findings
    try:
        yield
    except (*_WHAT_PARSERS_RAISE, SAXException, library("rdflib").exceptions.Error) as problem:
        raise NotRdf(detail=_plain(str(problem))) from None


def _plain(text: str) -> str:
    return text[:120].replace("{", "(").replace("}", ")").replace("\n", " ") or "not understood"


def _reading(graph: Any, notation: str) -> Reading:
    subjects = set(
        graph.subjects(_ref(f"{namespaces()['rdf']}type"), _ref(iri(shape(CERTIFICATE).rdf_class)))
    )
    if len(subjects) != 1:
        raise SeveralCertificates(count=len(subjects))
    subject = subjects.pop()
    taker = _Taker(graph)
    values = taker.values(subject, CERTIFICATE)
    named = str(subject).removeprefix(BASE) if _is_iri(subject) else ""
    certificate = CertificateOfConformity(identifier=named, **values)
    refuse_unfit(certificate)
    counts = {each.name: taker.count(subject, each) for each in elements()}
    return Reading(certificate, notation, counts, findings=tuple(_told(taker)))


def _told(taker: _Taker) -> Iterator[DocumentFinding]:
    """Give what a certificate cannot hold of the graph: what stands twice in a part, and other vocabularies."""
    for part, name in taker.repeated:
        yield finding("DCOC-PART-REPEATED", part or "/", name=name)
    left = taker.not_taken()
    if left:
        shown = ", ".join(left[:_MOST_NAMED]) + (" …" if len(left) > _MOST_NAMED else "")
        yield finding("DCOC-RDF-NOT-KEPT", "/", terms=shown)


class _Taker:
    """Takes the values of shapes out of a graph, and remembers what it has taken."""

    def __init__(self, graph: Any) -> None:
        self.graph = graph
        self.taken: set[tuple[Any, str]] = set()
        self.repeated: list[tuple[str, str]] = []

    def values(self, subject: Any, kind: str) -> dict[str, Any]:
        """Return the attributes of a shape that ``subject`` has."""
        values: dict[str, Any] = {}
        if kind == VALIDITY:
            values |= self._period(subject)
        for member in shape(kind).members:
            if member.term == "-":
                continue
            found = self._objects(subject, member.term)
            if kind != CERTIFICATE and _often(found, member) > 1:
                self.repeated.append((str(subject).removeprefix(BASE), member.name))
            if member.kind == "texts":
                values[member.attribute] = texts(_tagged(each) for each in found)
                continue
            read = tuple(self._value(each, member) for each in (found if member.is_many else found[:1]))
            if read:
                values[member.attribute] = read if member.is_many else read[0]
        return values

    def count(self, subject: Any, member: Member) -> int:
        """Return how often an element stands; a text in several languages stands once."""
        return _often(self._objects(subject, member.term), member)

    def not_taken(self) -> list[str]:
        """Return the properties that no element took, shortened by prefixes."""
        of_type = f"{namespaces()['rdf']}type"
        left = {str(p) for s, p, _ in self.graph if (s, str(p)) not in self.taken and str(p) != of_type}
        return sorted(_shortened(each) for each in left)

    def _objects(self, subject: Any, term: str) -> list[Any]:
        self.taken.add((subject, iri(term)))
        found = list(self.graph.objects(subject, _ref(iri(term))))
        if len(found) > _MOST_VALUES:
            raise NotRdf(detail=f"{term} has {len(found)} values")
        return sorted(found, key=self._order)

    def _order(self, node: Any) -> tuple[int, str, str]:
        number = _NUMBER.search(str(node)) if _is_iri(node) else None
        own = sorted(f"{p} {o}" for p, o in self.graph.predicate_objects(node)) if _is_thing(node) else []
        named = "" if _is_blank(node) else str(node)
        return (
            int(number[1]) if number else 0,
            named or " ".join(own),
            getattr(node, "language", None) or "",
        )

    def _value(self, node: Any, member: Member) -> Any:
        if not member.is_shape:
            return _word(node, member.kind)
        if not _is_thing(node):
            return shape(member.kind).made(_of_literal(node, member.kind))
        values = self.values(node, member.kind)
        is_elsewhere = _is_iri(node) and not _is_part(str(node))
        if is_elsewhere and "uri" in {each.attribute for each in shape(member.kind).members}:
            values.setdefault("uri", str(node))
        return shape(member.kind).made(values)

    def _period(self, subject: Any) -> dict[str, str]:
        found = self._objects(subject, PERIOD)
        return _days(str(found[0])) if found else {}


def _often(found: list[Any], member: Member) -> int:
    """Return how often a member stands; a text in several languages stands once."""
    if member.kind != "texts":
        return len(found)
    tags = [tag.lower() for tag, _ in map(_tagged, found)]
    return max(map(tags.count, tags), default=0)


def _of_literal(node: Any, kind: str) -> dict[str, Any]:
    """Return what a plain text says where a thing with properties is expected."""
    if kind == VALIDITY:
        days = _days(str(node))
        return days or {"conditions": texts([_tagged(node)])}
    if kind == "previous":
        return {"number": str(node)}
    if kind == "named" and not node.language:
        return {"identifier": str(node)}
    name = {"named": "title", "address": "street"}.get(kind, "name")
    return {name: texts([_tagged(node)])}


def _days(text: str) -> dict[str, str]:
    parts = {name: unquote(day.strip()) for name, day in _PERIOD_PART.findall(text)}
    return {new: parts[old] for old, new in (("start", "begins"), ("end", "until")) if parts.get(old)}


def _word(node: Any, kind: str) -> str:
    text = str(node)
    scheme = _SCHEMES.get(kind)
    if scheme and _is_iri(node) and text.startswith(scheme):
        return unquote(text.removeprefix(scheme))
    return text.removeprefix(BASE) if _is_iri(node) else text


def _tagged(node: Any) -> tuple[str, str]:
    return getattr(node, "language", None) or NO_LANGUAGE, str(node)


def _is_part(name: str) -> bool:
    """Whether an IRI was given here, to a part of a certificate."""
    names: Iterator[str] = (each.name for each in elements() if each.is_shape)
    return any(re.search(rf"[#-]{each}(?:-[0-9]+)?$", name) for each in names)


def _shortened(name: str) -> str:
    for prefix, uri in namespaces().items():
        if name.startswith(uri):
            return f"{prefix}:{name.removeprefix(uri)}"
    return name


def _ref(name: str) -> Any:
    return library("rdflib").URIRef(name)


def _is_iri(node: Any) -> bool:
    return isinstance(node, library("rdflib").URIRef)


def _is_blank(node: Any) -> bool:
    return isinstance(node, library("rdflib").BNode)


def _is_thing(node: Any) -> bool:
    return _is_iri(node) or _is_blank(node)
