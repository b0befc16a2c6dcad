"""Statements as Turtle and JSON-LD by rdflib: the same statements always give the same bytes."""

from __future__ import annotations

import io
import json
from typing import Any

from jialiang.formats.conversion.libraries import library
from jialiang.formats.conversion.rdf.certificate import statements_of
from jialiang.formats.conversion.rdf.terms import PREFIXES, Iri, Plain, Statements, Term, iri
from jialiang.formats.dcc.certificate import Certificate


def turtle_of(certificate: Certificate) -> bytes:
    """Write a certificate as Turtle, UTF-8. Raises LibraryMissing."""
    graph = graph_of(statements_of(certificate))
    buffer = io.BytesIO()
    _exact_turtle()(graph).serialize(buffer, encoding="utf-8")
    return buffer.getvalue()


def json_ld_of(certificate: Certificate) -> bytes:
    """Write a certificate as JSON-LD 1.1 with its context inside, nodes and members sorted. Raises LibraryMissing."""
    graph = graph_of(statements_of(certificate))
    context = {"@version": 1.1, **PREFIXES}
    text = graph.serialize(format="json-ld", context=context, auto_compact=False, use_native_types=False)
    document = json.loads(text)
    nodes = document.get("@graph", [{key: each for key, each in document.items() if key != "@context"}])
    ordered = {"@context": context, "@graph": sorted(map(_sorted, nodes), key=lambda node: str(node["@id"]))}
    return json.dumps(ordered, ensure_ascii=False, indent=1).encode() + b"\n"


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


def _sorted(node: Any) -> Any:
    """Return a JSON-LD value with members and sets in one order; no list here means an order."""
    if isinstance(node, dict):
        return {key: _sorted(node[key]) for key in sorted(node)}
    if isinstance(node, list):
        return sorted(map(_sorted, node), key=lambda each: json.dumps(each, sort_keys=True))
    return node
