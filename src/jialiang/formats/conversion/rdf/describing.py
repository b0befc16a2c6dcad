"""Parts of a certificate to statements, by the table ``mapping.json``: which child is said by which property."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import quote

from lxml import etree

from jialiang.formats.conversion.rdf.terms import Statements
from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.quantities.belonging import words_of
from jialiang.formats.dcc.reading_parts import all_of
from jialiang.formats.xml.places import Places

_UNRESERVED = "/-._~"
_TRUTH = {"1": "true", "0": "false", "true": "true", "false": "false"}


class Names:
    """IRIs of the parts of one certificate: its own, ``#id`` for a part with an id, ``#/path`` for others."""

    def __init__(self, certificate: str) -> None:
        self.certificate = certificate
        self._places = Places()

    def of(self, element: etree._Element) -> str:
        """Return the IRI of a part."""
        return self.at(self._places.path(element), element.get("id", ""))

    def at(self, path: str, id_: str = "") -> str:
        """Return the IRI of a part by its id, else by its path as findings and quantities give it."""
        if id_:
            return f"{self.certificate}#{quote(id_, safe=_UNRESERVED)}"
        steps = path.split("/")[2:]
        plain = (step.partition(":")[2].replace("[1]", "").replace("[", ".").rstrip("]") for step in steps)
        return f"{self.certificate}#/{quote('/'.join(plain), safe=_UNRESERVED)}"


def describe(said: Statements, names: Names, element: etree._Element, kind: str) -> str:
    """State what ``mapping.json`` has for a kind of part, and for the parts in it; return the IRI of the part."""
    subject = names.of(element) if element.getparent() is not None else names.certificate
    describe_as(said, names, subject, (element, kind))
    return subject


def describe_as(said: Statements, names: Names, subject: str, part: tuple[etree._Element, str]) -> None:
    """State about ``subject`` what an element has to say of a kind of part."""
    element, kind = part
    table = mapping()[kind]
    said.types(subject, *table["types"])
    for ref_type in element.get("refType", "").split():
        said.say(subject, "jl:refType", ref_type)
    for path, predicate in table.get("words", {}).items():
        for found in all_of(element, path):
            said.words(subject, predicate, words_of(found))
    _plain_texts(said, subject, element, table)
    for path, inner in table.get("also", {}).items():
        for found in all_of(element, path)[:1]:
            describe_as(said, names, subject, (found, inner))
    for path, (predicate, inner) in table.get("parts", {}).items():
        for found in all_of(element, path):
            said.link(subject, predicate, describe(said, names, found, inner))


def _plain_texts(said: Statements, subject: str, element: etree._Element, table: dict[str, Any]) -> None:
    for path, predicate in table.get("plain", {}).items():
        for text in _texts(element, path):
            said.say(subject, predicate, text)
    for path, predicate in table.get("days", {}).items():
        for text in _texts(element, path):
            said.day(subject, predicate, text)
    for path, predicate in table.get("flags", {}).items():
        for text in _texts(element, path):
            said.say(subject, predicate, _TRUTH.get(text, text), "xsd:boolean" if text in _TRUTH else "")


def _texts(element: etree._Element, path: str) -> list[str]:
    return [(found.text or "").strip() for found in all_of(element, path)]


def anywhere(root: etree._Element, name: str) -> list[etree._Element]:
    """Return all elements of a DCC name, wherever they stand."""
    return list(root.iter(f"{{{DCC}}}{name}"))


@cache
def mapping() -> dict[str, dict[str, Any]]:
    """Return the table: by kind of part, its types and which property says which child."""
    file = resources.files("jialiang.formats.conversion.rdf") / "mapping.json"
    table: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return table
