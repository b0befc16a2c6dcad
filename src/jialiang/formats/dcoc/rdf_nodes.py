"""A certificate of conformity as a tree of RDF nodes, from which RDF/XML and JSON-LD are written.

Terms: those of OIML SMART/NoBoMet for the seventeen elements, vCard for contacts, Dublin Core for identifiers,
titles, references and periods. Every part is named after the certificate (``…#responsibles-2``), so that order
survives in a notation that has none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from jialiang.formats.dcoc.errors import UnfitIdentifier, UnfitLanguage
from jialiang.formats.dcoc.model import NO_LANGUAGE, CertificateOfConformity, Texts, Validity
from jialiang.formats.dcoc.reading import refuse_unfit
from jialiang.formats.dcoc.shapes import CERTIFICATE, PERIOD, VALIDITY, Member, shape

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`\x7f]+")
_NORMALIZED_AWAY = re.compile(r"/\.{1,2}(?:[/?#]|$)|[?#;]$|^[a-z]+:/{0,2}$|[?;]#|;\?|//[?#]", re.IGNORECASE)
_TAG = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_SCHEMES = {"email": ("mailto:", "@+-._~"), "phone": ("tel:", "+-.()")}


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, in a language or of a datatype (as a term), or of neither."""

    text: str
    language: str = ""
    datatype: str = ""


@dataclass(frozen=True, slots=True)
class Iri:
    """An IRI as a value."""

    iri: str


@dataclass(frozen=True, slots=True)
class RdfNode:
    """A thing: its IRI (relative to the document where it begins with # or is empty), its class, its properties.

    Of a property: the name in JSON-LD, the term, its kind, whether it may stand several times, and its values.
    """

    iri: str
    rdf_class: str
    properties: tuple[Property, ...]


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a thing with its values."""

    name: str
    term: str
    kind: str
    is_many: bool
    values: tuple[Literal | Iri | RdfNode, ...]


def rdf_node(certificate: CertificateOfConformity) -> RdfNode:
    """Return a certificate as RDF. Raises UnfitText, UnfitIdentifier, UnfitLanguage."""
    refuse_unfit(certificate)
    if certificate.identifier and not is_plain_iri(certificate.identifier):
        raise UnfitIdentifier(identifier=certificate.identifier[:80])
    return _node(certificate, CERTIFICATE, certificate.identifier)


def is_plain_iri(text: str) -> bool:
    """Whether a text is an absolute IRI that no reader would write otherwise (RFC 3986, 5.2.4 and 6.2)."""
    return _IRI.fullmatch(text) is not None and _NORMALIZED_AWAY.search(text) is None


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar, without a time zone."""
    try:
        return _DAY.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _node(value: Any, kind: str, iri: str) -> RdfNode:
    of_kind = shape(kind)
    found: list[Property] = []
    if kind == VALIDITY and (period := _period(value)):
        found.append(
            Property("valid", PERIOD, "period", False, (Literal(period, datatype="dcterms:Period"),))
        )
    for member in of_kind.members:
        if member.term == "-":
            continue
        given = getattr(value, member.attribute)
        values = _values(given if member.is_many else (given,), member, iri)
        if values:
            found.append(Property(member.name, member.term, member.kind, member.is_many, values))
    return RdfNode(iri, of_kind.rdf_class, tuple(found))


def _values(given: tuple[Any, ...], member: Member, iri: str) -> tuple[Literal | Iri | RdfNode, ...]:
    if member.is_shape:
        empty = shape(member.kind).made({})
        numbered = ((f"-{n}" if member.is_many else "", each) for n, each in enumerate(given, start=1))
        return tuple(
            _node(each, member.kind, _part(iri, f"{member.name}{number}"))
            for number, each in numbered
            if member.is_many or each != empty
        )
    if member.kind == "texts":
        return _literals(given[0], member.name)
    return tuple(_leaf(each, member.kind) for each in given if each)


def _part(iri: str, name: str) -> str:
    return f"{iri}{'-' if '#' in iri else '#'}{name}"


def _literals(words: Texts, name: str) -> tuple[Literal, ...]:
    for tag, _ in words:
        if not _TAG.fullmatch(tag):
            raise UnfitLanguage(path=name, tag=tag[:40])
    return tuple(Literal(text, "" if tag == NO_LANGUAGE else tag) for tag, text in words)


def _leaf(text: str, kind: str) -> Literal | Iri:
    if kind in _SCHEMES:
        scheme, safe = _SCHEMES[kind]
        return Iri(scheme + quote(text, safe=safe))
    if kind == "uri" and is_plain_iri(text):
        return Iri(text)
    return Literal(text, datatype="xsd:date" if kind == "date" and is_day(text) else "")


def _period(validity: Validity) -> str:
    """Return both days as a DCMI Period; what could be taken for its punctuation is escaped."""
    days = (("start", validity.begins), ("end", validity.until))
    return " ".join(f"{name}={quote(day, safe='-+:.')};" for name, day in days if day)
