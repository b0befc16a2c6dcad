"""The parts of a signature, found by their place and never by an id that anything else could carry."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from lxml import etree

from jialiang.formats.xades.errors import (
    MalformedSignature,
    MisplacedSignature,
    NoCertificate,
    NotSigned,
    SeveralSignatures,
)
from jialiang.formats.xades.names import ds, xades

_UNREADABLE_CERTIFICATE = (
    ValueError, TypeError, MalformedSignature, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)  # fmt: skip
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_CHILDREN = ("SignedInfo", "SignatureValue", "KeyInfo", "Object")
MAXIMUM_CERTIFICATES = 16
"""More certificates than this help nobody to find the root, but cost the checker a search among all their paths."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The elements of one signature; ``properties`` and ``qualifying`` are missing in a plain XML signature."""

    signature: etree._Element
    signed_info: etree._Element
    key_info: etree._Element
    signature_value: bytes
    certificates: tuple[x509.Certificate, ...]
    properties: etree._Element | None


def signature_of(tree: etree._ElementTree) -> etree._Element:
    """Return the only signature; raises NotSigned, SeveralSignatures, MisplacedSignature.

    Counting all of them, wherever they hide, and asking for one place only is what keeps signature wrapping out:
    whatever is moved, copied or nested, either the count or the place is wrong, or the content is.
    """
    root = tree.getroot()
    found = list(root.iter(ds("Signature")))
    if not found:
        raise NotSigned()
    if len(found) > 1:
        raise SeveralSignatures(count=len(found))
    signature = found[0]
    last = next(root.iterchildren(tag=etree.Element, reversed=True), None)
    if signature is not last:
        raise MisplacedSignature(line=signature.sourceline)
    return signature


def parts_of(signature: etree._Element) -> Parts:
    """Take a signature apart; raises MalformedSignature and NoCertificate."""
    children = {name: _children(signature, ds(name)) for name in _CHILDREN}
    if sum(len(found) for found in children.values()) != len(elements_of(signature)):
        raise MalformedSignature(line=signature.sourceline, part="ds:Signature")
    for name in _CHILDREN[:3]:
        if len(children[name]) != 1:
            raise MalformedSignature(line=signature.sourceline, part=f"ds:{name}")
    key_info = children["KeyInfo"][0]
    return Parts(
        signature=signature,
        signed_info=children["SignedInfo"][0],
        key_info=key_info,
        signature_value=strict_base64(children["SignatureValue"][0]),
        certificates=_certificates(key_info),
        properties=_properties(signature, children["Object"]),
    )


def elements_of(parent: etree._Element) -> list[etree._Element]:
    """Return the child elements, without comments."""
    return list(parent.iterchildren(tag=etree.Element))


def only_child(parent: etree._Element, tag: str) -> etree._Element:
    """Return the one child with ``tag``; raises MalformedSignature if there is none or more."""
    found = _children(parent, tag)
    if len(found) != 1:
        raise MalformedSignature(line=parent.sourceline, part=etree.QName(tag).localname)
    return found[0]


def strict_base64(element: etree._Element) -> bytes:
    """Decode base64 in its one correct writing: a lenient decoder would overlook changed letters.

    Blanks between the letters are allowed, as base64Binary allows them.
    """
    text = element.text or ""
    letters = "".join(text.split())
    try:
        decoded = base64.b64decode(letters, validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    plain = not elements_of(element) and base64.b64encode(decoded).decode() == letters
    if not decoded or not plain or len(element) > 0:
        raise MalformedSignature(line=element.sourceline, part=etree.QName(element).localname)
    return decoded


def signing_time_of(properties: etree._Element) -> datetime | None:
    """Return the claimed signing time as an aware moment, or nothing; raises MalformedSignature.

    It stands there once at most, as a dateTime of XML Schema: two readers must not read two times.
    """
    found = properties.findall(f"{xades('SignedSignatureProperties')}/{xades('SigningTime')}")
    if not found:
        return None
    text = (found[0].text or "").strip()
    if len(found) > 1 or len(found[0]) > 0 or not _DATE_TIME.fullmatch(text):
        raise MalformedSignature(line=found[0].sourceline, part="SigningTime")
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise MalformedSignature(line=found[0].sourceline, part="SigningTime") from None


def _children(parent: etree._Element, tag: str) -> list[etree._Element]:
    return [child for child in elements_of(parent) if child.tag == tag]


def _certificates(key_info: etree._Element) -> tuple[x509.Certificate, ...]:
    found = [
        c for data in _children(key_info, ds("X509Data")) for c in _children(data, ds("X509Certificate"))
    ]
    if len(found) > MAXIMUM_CERTIFICATES:
        raise MalformedSignature(line=key_info.sourceline, part="ds:X509Data")
    try:
        certificates = tuple(x509.load_der_x509_certificate(strict_base64(c)) for c in found)
        # Reading a part makes the library decode it: a broken certificate is found here and not later.
        for certificate in certificates:
            _ = (certificate.subject, certificate.issuer, certificate.extensions, certificate.public_key())
    except _UNREADABLE_CERTIFICATE:
        raise NoCertificate() from None
    if not certificates:
        raise NoCertificate()
    return certificates


def _properties(signature: etree._Element, objects: list[etree._Element]) -> etree._Element | None:
    if not objects:
        return None
    if len(objects) > 1:
        raise MalformedSignature(line=signature.sourceline, part="ds:Object")
    qualifying = elements_of(objects[0])
    if len(qualifying) != 1 or qualifying[0].tag != xades("QualifyingProperties"):
        raise MalformedSignature(line=objects[0].sourceline, part="ds:Object")
    own = signature.get("Id")
    if not own or qualifying[0].get("Target") != f"#{own}":
        raise MalformedSignature(line=qualifying[0].sourceline, part="QualifyingProperties/@Target")
    return only_child(qualifying[0], xades("SignedProperties"))
