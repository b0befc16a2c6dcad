"""What a certificate of conformity consists of, as data: one table from which every notation is read and written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jialiang.formats.dcoc.model import (
    Address,
    CertificateOfConformity,
    Contact,
    Named,
    PreviousCertificate,
    Validity,
)

CERTIFICATE = "certificate"
VALIDITY = "validity"
PERIOD = "dcterms:valid"
"""The term that holds both days of a validity, as a DCMI Period."""

_OFTEN = {"1": (1, 1), "?": (0, 1), "*": (0, None), "+": (1, None)}
_CLASSES: dict[str, type] = {
    CERTIFICATE: CertificateOfConformity, "named": Named, "organization": Contact, "person": Contact,
    "address": Address, VALIDITY: Validity, "previous": PreviousCertificate,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """A member: its name in XML and JSON, its attribute here, its kind, its RDF property, and how often it stands."""

    name: str
    attribute: str
    kind: str
    term: str
    least: int
    most: int | None

    @property
    def is_many(self) -> bool:
        """Whether it may stand several times."""
        return self.most is None

    @property
    def is_shape(self) -> bool:
        """Whether it has members of its own."""
        return self.kind in _CLASSES

    @property
    def often(self) -> str:
        """How often it has to stand, as ``1..1`` or ``0..*``."""
        return f"{self.least}..{'*' if self.most is None else self.most}"


@dataclass(frozen=True, slots=True)
class Shape:
    """A part of a certificate: the class of its values, its RDF class (empty: none), and its members in order."""

    name: str
    value_class: type
    rdf_class: str
    members: tuple[Member, ...]

    def made(self, values: dict[str, Any]) -> Any:
        """Return the value with these attributes."""
        return self.value_class(**values)


@cache
def shape(name: str) -> Shape:
    """Return a shape by its name."""
    data = _data()
    lines = data["shapes"][data["same"].get(name, name)]
    return Shape(name, _CLASSES[name], data["classes"].get(name, ""), tuple(_member(line) for line in lines))


def elements() -> tuple[Member, ...]:
    """Return the seventeen elements of a certificate, in order."""
    return shape(CERTIFICATE).members


def namespaces() -> dict[str, str]:
    """Return the namespaces of the terms by prefix."""
    return dict(_data()["namespaces"])


@cache
def iri(term: str) -> str:
    """Return the IRI of a term such as ``dcoc:certNo``."""
    prefix, _, name = term.partition(":")
    return f"{_data()['namespaces'][prefix]}{name}"


def _member(line: str) -> Member:
    name, attribute, kind, term, often = line.split()
    least, most = _OFTEN[often]
    return Member(name, attribute, kind, term, least, most)


@cache
def _data() -> dict[str, Any]:
    file = resources.files("jialiang.formats.dcoc") / "shapes.json"
    data: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return data
