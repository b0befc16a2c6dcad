"""A conformity credential made from a certificate of conformity."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass

from jialiang.formats.credential.dids import is_did
from jialiang.formats.credential.errors import IssuerNotADid, MissingForCredential
from jialiang.formats.credential.model import (
    AssessedProduct,
    AssessedProductId,
    ConformityAssessment,
    ConformityAttestation,
    ConformityCredential,
    ConformityScheme,
    CredentialIssuer,
    CredentialLink,
    Criterion,
    IdentifiedParty,
)
from jialiang.formats.dcoc.model import CertificateOfConformity, Named, text_in
from jialiang.formats.dcoc.rdf_nodes import is_day, is_plain_iri

CONTEXT = ("https://www.w3.org/ns/credentials/v2", "https://test.uncefact.org/vocabulary/untp/dcc/working/")
_CERTIFICATE_LINK = "https://test.uncefact.org/vocabulary/linkTypes/dcc"


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialWish:
    """What a credential says that a certificate of conformity does not.

    ``issuer`` is a DID. Levels and topic are codes of UNTP's lists. The scheme is told as scope only where its version
    and the day since which that holds are given, for both are needed there. ``document`` is the file of the
    certificate; its digest stands in the credential.
    """

    issuer: str
    credential_id: str = ""
    language: str = "en"
    assessor_level: str = "3rdParty"
    assessment_level: str = "Unspecified"
    topic: str = "governance.compliance"
    scheme_version: str = ""
    scheme_valid_from: str = ""
    document: bytes | None = None


def credential_from_dcoc(certificate: CertificateOfConformity, wish: CredentialWish) -> ConformityCredential:
    """Return the credential of a certificate; the same certificate and wish give the same credential.

    A certificate of conformity is made where the decision was positive, so ``conformance`` is true. Days become
    moments of UTC. Raises IssuerNotADid, MissingForCredential.
    """
    if not is_did(wish.issuer):
        raise IssuerNotADid(issuer=wish.issuer[:80])
    _refuse_missing(certificate)
    own_id = wish.credential_id or _derived_id(certificate, wish.issuer)
    begins = certificate.validity.begins or certificate.date
    return ConformityCredential(
        type=("DigitalConformityCredential", "VerifiableCredential"),
        context=CONTEXT,
        id=own_id,
        issuer=_issuer(certificate, wish),
        valid_from=f"{begins}T00:00:00Z" if is_day(begins) else None,
        valid_until=f"{certificate.validity.until}T23:59:59Z" if is_day(certificate.validity.until) else None,
        credential_subject=_attestation(certificate, wish, certificate.identifier or own_id),
    )


def _refuse_missing(certificate: CertificateOfConformity) -> None:
    for element, value in (
        ("certNo", certificate.number), ("certificationBody/name", certificate.body.name),
        ("manufacturer/name", certificate.manufacturer.name), ("certObjectIDs", certificate.objects),
        ("certificationCriteria", certificate.criteria), ("statementOfConformity", certificate.statement),
    ):  # fmt: skip
        if not value:
            raise MissingForCredential(element=element)


def _derived_id(certificate: CertificateOfConformity, issuer: str) -> str:
    name = f"{issuer} {certificate.number} {certificate.revision}"
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def _issuer(certificate: CertificateOfConformity, wish: CredentialWish) -> CredentialIssuer:
    body = certificate.body
    name = text_in(body.name, wish.language)
    known = (
        IdentifiedParty(id=body.url, name=name, registered_id=body.identifier or None) if body.url else None
    )
    return CredentialIssuer(
        type=("CredentialIssuer",),
        id=wish.issuer,
        name=name,
        issuer_also_known_as=(known,) if known else None,
    )


def _attestation(
    certificate: CertificateOfConformity, wish: CredentialWish, base: str
) -> ConformityAttestation:
    maker, category = certificate.manufacturer, _title(certificate.category, wish.language)
    return ConformityAttestation(
        type=("ConformityAttestation", "Attestation"),
        id=certificate.identifier or _part(base, "attestation"),
        name=f"{certificate.number} {category}".strip(),
        description=text_in(certificate.statement, wish.language),
        assessor_level=wish.assessor_level,
        assessment_level=wish.assessment_level,
        attestation_type="certification",
        issued_to_party=IdentifiedParty(
            id=maker.url or _part(base, "manufacturer"),
            name=text_in(maker.name, wish.language),
            registered_id=maker.identifier or None,
        ),
        conformity_certificate=_link(certificate, wish, base),
        scope=_scope(certificate, wish, base),
        assessment=(_assessment(certificate, wish, base),),
    )


def _link(certificate: CertificateOfConformity, wish: CredentialWish, base: str) -> CredentialLink | None:
    if wish.document is None and not certificate.identifier:
        return None
    digest = hashlib.sha256(wish.document).hexdigest() if wish.document is not None else None
    return CredentialLink(
        type=("SecureLink", "Link"),
        link_url=certificate.identifier or _part(base, "certificate"),
        link_name=certificate.number,
        link_type=_CERTIFICATE_LINK,
        hash_digest=digest,
        hash_method="SHA-256" if digest else None,
    )


def _scope(certificate: CertificateOfConformity, wish: CredentialWish, base: str) -> ConformityScheme | None:
    if not (wish.scheme_version and wish.scheme_valid_from):
        return None
    scheme, body = certificate.scheme, certificate.body
    name = _title(scheme, wish.language)
    return ConformityScheme(
        type=("ConformityScheme",),
        id=_iri(scheme, base, "certificationScheme"),
        name=name,
        description=" ".join(filter(None, (scheme.identifier, text_in(scheme.title, wish.language)))) or name,
        version=wish.scheme_version,
        valid_from=wish.scheme_valid_from,
        owner=IdentifiedParty(
            id=body.url or _part(base, "certificationBody"), name=text_in(body.name, wish.language)
        ),
    )


def _assessment(
    certificate: CertificateOfConformity, wish: CredentialWish, base: str
) -> ConformityAssessment:
    return ConformityAssessment(
        type=("ConformityAssessment", "Declaration"),
        id=_part(base, "assessment"),
        name=f"{certificate.number}",
        assessment_date=certificate.date if is_day(certificate.date) else None,
        assessment_criteria=tuple(
            _criterion(each, wish, _iri(each, base, f"certificationCriteria-{number}"))
            for number, each in enumerate(certificate.criteria, start=1)
        ),
        conformity_topic=wish.topic,
        conformance=True,
        assessed_product=tuple(
            _product(certificate, each, wish, _iri(each, base, f"certObjectIDs-{number}"))
            for number, each in enumerate(certificate.objects, start=1)
        ),
    )


def _criterion(document: Named, wish: CredentialWish, iri: str) -> Criterion:
    title = text_in(document.title, wish.language)
    return Criterion(
        type=("Criterion",), id=iri, name=document.identifier or title, description=title or document.identifier,
        conformity_topic=wish.topic, status="active",
    )  # fmt: skip


def _product(
    certificate: CertificateOfConformity, product: Named, wish: CredentialWish, iri: str
) -> AssessedProduct:
    name = text_in(product.title, wish.language) or _title(certificate.category, wish.language)
    named = AssessedProductId(
        id=iri, name=name or product.identifier, registered_id=product.identifier or None
    )
    return AssessedProduct(type=("ProductVerification",), product=named)


def _title(named: Named, language: str) -> str:
    return text_in(named.title, language) or named.identifier


def _iri(named: Named, base: str, name: str) -> str:
    return named.uri if is_plain_iri(named.uri) else _part(base, name)


def _part(base: str, name: str) -> str:
    return f"{base}{'-' if '#' in base else '#'}{name}"
