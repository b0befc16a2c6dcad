"""How often the elements stand, and whether they say anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jialiang.formats.dcc.rules.catalogue import code_set
from jialiang.formats.dcoc.model import CertificateOfConformity, Contact, Named
from jialiang.formats.dcoc.rdf_nodes import is_plain_iri
from jialiang.formats.dcoc.reading import Reading
from jialiang.formats.dcoc.rules.breach import Breach, leaves, shown
from jialiang.formats.dcoc.rules.catalogue import is_known_category
from jialiang.formats.dcoc.shapes import Member, elements, shape

_MAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{4,30}", re.ASCII)


def cardinalities(reading: Reading) -> Iterator[Breach]:
    """Yield elements that stand more or less often than the data structure allows."""
    for member in elements():
        count = reading.counts.get(member.name, 0)
        if count < member.least or (member.most is not None and count > member.most):
            facts = {"name": member.name, "count": count, "often": member.often}
            yield Breach("DCOC-CARDINALITY", f"/{member.name}" if count else "/", facts)


def elements_filled(reading: Reading) -> Iterator[Breach]:
    """Yield elements that stand there and say nothing."""
    for member in elements():
        found = getattr(reading.certificate, member.attribute)
        if not reading.counts.get(member.name, 0):
            continue
        entries: tuple[Any, ...] = found if member.is_many else (found,)
        for number, each in enumerate(entries, start=1):
            if not _says_something(each, member):
                path = f"/{member.name}[{number}]" if member.is_many else f"/{member.name}"
                yield Breach("DCOC-EMPTY", path, {"name": member.name})


def _says_something(value: Any, member: Member) -> bool:
    if isinstance(value, Contact):
        return any(text.strip() for _, text in value.name)
    if isinstance(value, Named):
        return bool(value.identifier.strip() or any(text.strip() for _, text in value.title))
    if member.kind == "texts":
        return any(text.strip() for _, text in value)
    if member.is_shape:
        return bool(value != shape(member.kind).made({}))
    return bool(value.strip())


def body_reachable(reading: Reading) -> Iterator[Breach]:
    """Yield what is missing to reach the body and the manufacturer, and to know whom one speaks to."""
    certificate = reading.certificate
    if certificate.body.name and not _is_reachable(certificate.body):
        yield Breach("DCOC-BODY-CONTACT", "/certificationBody")
    if certificate.body.name and not certificate.body.identifier:
        yield Breach("DCOC-BODY-IDENTIFIER", "/certificationBody")
    if certificate.manufacturer.name and not _is_reachable(certificate.manufacturer):
        yield Breach("DCOC-MANUFACTURER-CONTACT", "/manufacturer")
    for number, person in enumerate(certificate.responsibles, start=1):
        if person.name and not person.role:
            yield Breach("DCOC-RESPONSIBLE-ROLE", f"/responsibles[{number}]")


def _is_reachable(contact: Contact) -> bool:
    address = contact.address
    return bool(contact.email or contact.phone or contact.url or address.street or address.city)


def what_is_certified(reading: Reading) -> Iterator[Breach]:
    """Yield objects and criteria that nobody could tell from others, and categories without a known code."""
    certificate = reading.certificate
    yield from _numbered(certificate.objects, "certObjectIDs", "DCOC-OBJECT-ID-MISSING")
    yield from _numbered(certificate.criteria, "certificationCriteria", "DCOC-CRITERION-NUMBER-MISSING")
    yield from _repeated(certificate.objects)
    code = certificate.category.identifier
    if certificate.category.title and not code:
        yield Breach("DCOC-CATEGORY-CODE-MISSING", "/categoryOfInstrument")
    elif code and not is_known_category(code):
        yield Breach("DCOC-CATEGORY-UNKNOWN", "/categoryOfInstrument/identifier", {"code": shown(code)})


def _numbered(entries: tuple[Named, ...], name: str, rule: str) -> Iterator[Breach]:
    for number, each in enumerate(entries, start=1):
        if each.title and not each.identifier.strip():
            yield Breach(rule, f"/{name}[{number}]")


def _repeated(objects: tuple[Named, ...]) -> Iterator[Breach]:
    seen: set[Named] = set()
    for number, each in enumerate(objects, start=1):
        if each in seen:
            yield Breach("DCOC-OBJECT-REPEATED", f"/certObjectIDs[{number}]", {"id": shown(each.identifier)})
        seen.add(each)


def addresses_formed(reading: Reading) -> Iterator[Breach]:
    """Yield addresses of mail, telephone and web, and countries, that are none."""
    certificate = reading.certificate
    for path, member, value in leaves(certificate):
        if not value:
            continue
        rule = _malformed(member, value)
        if rule:
            yield Breach(rule, path, {"value": shown(value)})
    yield from _identifier(certificate)


def _identifier(certificate: CertificateOfConformity) -> Iterator[Breach]:
    if certificate.identifier and not is_plain_iri(certificate.identifier):
        yield Breach("DCOC-URI-FORMAT", "/", {"value": shown(certificate.identifier)})


def _malformed(member: Member, value: str) -> str:
    if member.kind == "email" and not _MAIL.fullmatch(value):
        return "DCOC-EMAIL-FORMAT"
    if member.kind == "phone" and not _PHONE.fullmatch(value):
        return "DCOC-PHONE-FORMAT"
    if member.kind == "uri" and not is_plain_iri(value):
        return "DCOC-URI-FORMAT"
    if member.name == "country" and value not in code_set("countries"):
        return "DCOC-COUNTRY-UNKNOWN"
    return ""
