"""Statements of RDF as plain values: subject, predicate and object, with the prefixes that the house uses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "jl": "urn:jialiang:vocabulary:1#",
    "prov": "http://www.w3.org/ns/prov#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "schema": "https://schema.org/",
    "sosa": "http://www.w3.org/ns/sosa/",
    "ssn": "http://www.w3.org/ns/ssn/",
    "unit": "http://qudt.org/vocab/unit/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""The vocabularies, by the prefix that stands for each; ``jl`` is the one of the house."""

_DECIMAL = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)", re.ASCII)
_DOUBLE = re.compile(r"(?:[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]+|NaN|-?INF)", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
    r"(?:Z|[-+](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?",
    re.ASCII,
)
_TO_THE_SECOND = 19
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Iri:
    """A thing with a name of its own."""

    text: str


@dataclass(frozen=True, slots=True)
class Plain:
    """A literal: its letters, and its datatype (prefixed) or its language."""

    text: str
    datatype: str = ""
    language: str = ""


Term: TypeAlias = "Iri | Plain"
Triple: TypeAlias = tuple[str, str, Term]


@dataclass
class Statements:
    """Statements in the order in which they are made; one that is made twice counts once."""

    triples: dict[Triple, None] = field(default_factory=dict)

    def add(self, subject: str, predicate: str, said: Term) -> None:
        """State something; ``predicate`` is prefixed."""
        self.triples[subject, iri(predicate), said] = None

    def types(self, subject: str, *names: str) -> None:
        """State what kind of thing a subject is."""
        for name in names:
            self.add(subject, "rdf:type", Iri(iri(name)))

    def link(self, subject: str, predicate: str, target: str) -> None:
        """State that a subject and another thing belong together."""
        self.add(subject, predicate, Iri(target))

    def say(self, subject: str, predicate: str, text: str, datatype: str = "") -> None:
        """State a text, or a text of a datatype; nothing where there is none."""
        if text:
            self.add(subject, predicate, Plain(text, datatype))

    def words(self, subject: str, predicate: str, words: tuple[tuple[str, str], ...]) -> None:
        """State texts with their languages; a tag that RDF cannot carry is left out, the text is not."""
        for language, text in words:
            if text:
                tag = language if _LANGUAGE.fullmatch(language) else ""
                self.add(subject, predicate, Plain(text, language=tag))

    def number(self, subject: str, predicate: str, text: str) -> None:
        """State a number by its exact letters; see :func:`number_type`."""
        self.say(subject, predicate, text, number_type(text))

    def day(self, subject: str, predicate: str, text: str) -> None:
        """State a day; what is none stays a text."""
        self.say(subject, predicate, text, "xsd:date" if _DAY.fullmatch(text) and _exists(text) else "")

    def moment(self, subject: str, predicate: str, text: str) -> None:
        """State a date with its time; what is none stays a text."""
        is_moment = _MOMENT.fullmatch(text) is not None and _exists(text[:_TO_THE_SECOND])
        self.say(subject, predicate, text, "xsd:dateTime" if is_moment else "")


def _exists(text: str) -> bool:
    """Whether the calendar has a day, and the day a time."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def number_type(text: str) -> str:
    """Return the datatype of a number: decimal, double for one with an exponent, none for what is no number."""
    if _DECIMAL.fullmatch(text):
        return "xsd:decimal"
    return "xsd:double" if _DOUBLE.fullmatch(text) else ""


def iri(prefixed: str) -> str:
    """Return the whole IRI of ``prefix:name``."""
    prefix, _, name = prefixed.partition(":")
    return PREFIXES[prefix] + name
