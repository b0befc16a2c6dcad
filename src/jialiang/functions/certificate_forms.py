"""Any form of an issued certificate, made from its one XML; who may read the certificate may have it in every form."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from jialiang.base.certificates import selectors
from jialiang.formats.conversion.converters import Wish
from jialiang.formats.dcoc.conversion import NOTATIONS
from jialiang.formats.documents.deeds import UTF_8, Made, converted
from jialiang.formats.documents.notations import Notation, known_notations, notation
from jialiang.formats.documents.parts import Part
from jialiang.functions import certificates
from jialiang.functions.certificate_files import font_folders
from jialiang.security.actor import Actor

PAGES = "pdf"
OF_DCOC = "dcoc-"
ATTESTED = ("dcoc", "credential")
"""The forms that a certificate has once conformity was attested by it."""


def form_of(*, actor: Actor, certificate: str, name: str, wish: Wish) -> Made:
    """Return a certificate in a notation; ``certificate`` is its number or id.

    The XML in UTF-8, the PDF, ``dcoc`` and ``credential`` are the issued files, byte for byte; all others are made
    from the issued XML now, those that begin with ``dcoc-`` from the D-CoC.
    Permission ``certificate.read``. Raises CertificateUnknown, FileNotIssued, UnknownNotation.
    """
    found = certificates.read(actor=actor, certificate_id=_id_of(certificate))
    kind = _issued_kind(name, wish)
    if kind:
        file_name, data = certificates.file_of(actor=actor, certificate_id=found.id, kind=kind)
        return Made(file_name, data, notation(name))
    source, notation_name = ("dcoc", name.removeprefix(OF_DCOC)) if name.startswith(OF_DCOC) else ("xml", name)
    file_name, xml = certificates.file_of(actor=actor, certificate_id=found.id, kind=source)
    fonts = font_folders() if notation_name == PAGES else wish.fonts
    return converted(Part(file_name, xml), notation_name, replace(wish, fonts=fonts))


def forms_offered() -> tuple[Notation, ...]:
    """Return the notations that every issued certificate has: the XML, the pages, and those of the registry."""
    others = tuple(each for each in known_notations() if each.name not in ("xml", PAGES))
    return (notation("xml"), notation(PAGES), *others)


def forms_attested() -> tuple[Notation, ...]:
    """Return the notations that the D-CoC of an attested certificate is also written in, named ``dcoc-…``."""
    others = (notation(name, "dcoc") for name in NOTATIONS if name != "xml")
    return tuple(replace(each, name=f"{OF_DCOC}{each.name}") for each in others)


def _issued_kind(name: str, wish: Wish) -> str:
    if name == PAGES:
        return f"pdf_{wish.language}"
    if name in ATTESTED:
        return name
    return "xml" if name == "xml" and wish.encoding.lower() == UTF_8 else ""


def _id_of(certificate: str) -> UUID:
    try:
        return UUID(certificate)
    except ValueError:
        found: UUID = selectors.certificate_by_number(certificate).id
        return found
