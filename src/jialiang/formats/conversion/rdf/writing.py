"""Statements as Turtle (by rdflib) and JSON-LD: the same statements always give the same bytes."""

from __future__ import annotations

import io
import json
from typing import Any

from jialiang.formats.conversion.libraries import library
from jialiang.formats.conversion.rdf.certificate import statements_of
from jialiang.formats.conversion.rdf.terms import PREFIXES, Iri, Plain, Statements, Term, iri
from jialiang.formats.dcc.certificate import Certificate

_TYPE = "rdf:type"


def turtle_of(certificate: Certificate) -> bytes:
    """Write a certificate as Turtle, UTF-8. Raises LibraryMissing."""
    graph = graph_of(statements_of(certificate))
    buffer = io.BytesIO()
    _exact_turtle()(graph).serialize(buffer, encoding="utf-8")
    return buffer.getvalue()


def json_ld_of(certificate: Certificate) -> bytes:
    """Write a certificate as JSON-LD 1.1 with its context inside, nodes and members sorted; needs no library."""
    nodes: dict[str, dict[str, set[tuple[str, str, str]]]] = {}
    for subject, predicate, said in statements_of(certificate).triples:
        nodes.setdefault(subject, {}).setdefault(_compact(predicate), set()).add(_key(said))
    graph = [{"@id": subject} | _members(nodes[subject]) for subject in sorted(nodes)]
    document = {"@context": {"@version": 1.1, **PREFIXES}, "@graph": graph}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _members(said: dict[str, set[tuple[str, str, str]]]) -> dict[str, Any]:
    types = {"@type": sorted(text for text, _, _ in said[_TYPE])} if _TYPE in said else {}
    return types | {key: [_json(each) for each in sorted(said[key])] for key in sorted(set(said) - {_TYPE})}


def _key(said: Term) -> tuple[str, str, str]:
    """Return a term as (text, kind, language or datatype), which can be sorted."""
    if isinstance(said, Iri):
        return (_compact(said.text), "@id", "")
    if said.language:
        return (said.text, "@language", said.language)
    return (said.text, "@type", said.datatype)


def _json(term: tuple[str, str, str]) -> Any:
    text, kind, more = term
    if kind == "@id":
        return {"@id": text}
    return {"@value": text, kind: more} if more else {"@value": text}


def _compact(text: str) -> str:
    """Return an IRI with its prefix, where one fits and no colon or slash is left that would be read anew."""
    for prefix, namespace in PREFIXES.items():
        name = text.removeprefix(namespace)
        if name != text and name.replace("-", "").replace("_", "").isalnum():
            return f"{prefix}:{name}"
    return text


def graph_of(statements: Statements) -> Any:
    """Return statements as a ``rdflib.Graph`` that holds every literal letter by letter. Raises LibraryMissing."""
    rdflib = library("rdflib")
    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    for subject, predicate, said in statements.triples:
        graph.add((rdflib.URIRef(subject), rdflib.URIRef(predicate), _term(rdflib, said)))
    return graph


def _term(rdflib: Any, said: Term) -> Any:
    if isinstance(said, Iri):
        return rdflib.URIRef(said.text)
    if said.language:
        return rdflib.Literal(said.text, lang=said.language)
    return _literal(rdflib, said)


def _literal(rdflib: Any, said: Plain) -> Any:
    datatype = rdflib.URIRef(iri(said.datatype)) if said.datatype else None
    return rdflib.Literal(said.text, datatype=datatype, normalize=False)


def _exact_turtle() -> Any:
    """Return rdflib's writer of Turtle without its short forms of numbers: 20 would become 20.0."""
    base = library("rdflib.plugins.serializers.turtle").TurtleSerializer
    literal = library("rdflib").Literal

    def label(self: Any, node: Any, position: int) -> str:
        if isinstance(node, literal):
            return str(node._literal_n3(use_plain=False, qname_callback=lambda u: self.get_pname(u, False)))
        return str(base.label(self, node, position))

    return type("ExactTurtle", (base,), {"label": label})
