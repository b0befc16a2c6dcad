"""Attesting conformity by a certificate: its D-CoC and its credential, made once, signed, frozen, bound to it.

Both are files of the certificate: they have no status of their own, so whoever checks one of them is told when the
certificate is withdrawn or superseded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import transaction

from jialiang.base.certificates import selectors, services
from jialiang.base.certificates.errors import AttestationExpired, AttestationRefused
from jialiang.base.certificates.public_answers import content_of
from jialiang.formats.content import CertificateContent
from jialiang.formats.credential.codec import plain_credential
from jialiang.formats.credential.dids import did_web, key_id
from jialiang.formats.credential.documents import read_credential
from jialiang.formats.credential.making import CredentialWish, credential_from_dcoc
from jialiang.formats.credential.rules.checking import check_credential
from jialiang.formats.credential.tokens import sign_token
from jialiang.formats.dcoc.documents import read_dcoc
from jialiang.formats.dcoc.making import dcoc_from_content
from jialiang.formats.dcoc.model import Named, texts
from jialiang.formats.dcoc.rules.checking import check_dcoc
from jialiang.formats.dcoc.xml_form import write_xml
from jialiang.formats.findings import DocumentFinding
from jialiang.formats.xades.signing import sign_enveloped
from jialiang.functions.certificate_files import MadeFile
from jialiang.functions.certificates import Confirmation
from jialiang.functions.deed import permit, put_on_record
from jialiang.governance.storage.current import current_store
from jialiang.kernel.clock import local_date
from jialiang.kernel.text import Text
from jialiang.security.accounts.services import confirm
from jialiang.security.actor import Actor
from jialiang.security.keys.selectors import SealView, seal_for
from jialiang.security.tenancy.selectors import tenant

DID_PATH = ("api", "v1", "institutes")
"""Where the document of an institute's DID is found, below the address of the installation."""
LANGUAGE = "en"
"""The language of the credential, which has one language only; the D-CoC has both."""


@dataclass(frozen=True, slots=True)
class AttestationFacts:
    """What the certificate does not say itself: the scheme under which is attested, and the category of the instrument.

    Without a category the instrument's name is taken. ``scheme_valid_from`` (ISO 8601) is the day since which the
    version of the scheme holds; the credential tells the scheme only where both are given.
    """

    scheme_number: str
    scheme_title: Text = Text()
    scheme_uri: str = ""
    scheme_version: str = ""
    scheme_valid_from: str = ""
    category_code: str = ""
    category_title: Text = Text()


def attest(
    *, actor: Actor, certificate_id: UUID, facts: AttestationFacts, confirmation: Confirmation, now: datetime
) -> selectors.Certificate:
    """Issue certificate of conformity and credential by a certificate in force (``certificate.attested``).

    Raises WrongCertificateState, AttestationExpired, NotConforming (no statement that the items conform),
    ConformityAttested, AttestationRefused, MissingForCredential, SealMissing, ConfirmationRefused.
    """
    found = selectors.certificate(certificate_id)
    permit(actor, "certificate.attest", found)
    services.require_attestable(found)
    content = content_of(found)
    _require_unexpired(content, now)
    made = list(made_attestation(content, facts, _issuer(actor.tenant_id, now), now))
    confirmed_by = confirm(actor=actor, password=confirmation.password, totp=confirmation.totp, now=now)
    files = [
        services.IssuedFile(each.kind, current_store().put(each.data), len(each.data), each.file_name)
        for each in made
    ]
    with transaction.atomic():
        attested = services.attest(certificate_id, files, now=now)
        put_on_record(
            actor,
            "certificate.attest",
            attested,
            now,
            event="certificate.attested",
            data={"number": attested.number},
            number=attested.number,
            scheme=facts.scheme_number or facts.scheme_title,
            files={file.kind: file.sha256 for file in files},
            confirmed_by=confirmed_by,
        )
    return attested


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who attests: the institute's DID and the seal that signs."""

    did: str
    seal: SealView


def made_attestation(
    content: CertificateContent, facts: AttestationFacts, issuer: Issuer, signing_time: datetime
) -> Iterator[MadeFile]:
    """Make the signed D-CoC, then the credential that has its digest; the same arguments give the same bytes."""
    scheme = Named(facts.scheme_number.strip(), texts(facts.scheme_title.items()), facts.scheme_uri.strip())
    title = facts.category_title or (content.items[0].name if content.items else Text())
    category = Named(facts.category_code.strip(), texts(title.items()))
    certificate = dcoc_from_content(content, scheme=scheme, category=category)
    chain, signer = issuer.seal.chain[:-1], issuer.seal.signer
    xml = sign_enveloped(write_xml(certificate), signer, chain[1:], signing_time)
    _refuse_broken(content.number, check_dcoc(read_dcoc(xml)))
    yield MadeFile("dcoc", f"{content.number}.dcoc.xml", xml)
    wish = CredentialWish(
        issuer=issuer.did,
        language=LANGUAGE,
        assessor_level="Self" if _is_own(content) else "3rdParty",
        scheme_version=facts.scheme_version.strip(),
        scheme_valid_from=facts.scheme_valid_from.strip(),
        document=xml,
    )
    plain = plain_credential(credential_from_dcoc(certificate, wish))
    key = cast(ec.EllipticCurvePublicKey, issuer.seal.certificate.public_key())
    token = sign_token(plain, signer, key_id(issuer.did, key), chain=chain, signing_time=signing_time).encode()
    _refuse_broken(content.number, check_credential(read_credential(token)))
    yield MadeFile("credential", f"{content.number}.credential.jwt", token)


def institute_did(slug: str) -> str:
    """Return the DID of an institute of this installation (did:web). Raises IssuerNotADid."""
    return did_web(urlsplit(settings.JIALIANG.public_url).netloc, *DID_PATH, slug)


def _issuer(tenant_id: UUID, now: datetime) -> Issuer:
    return Issuer(institute_did(tenant(tenant_id).slug), seal_for(tenant_id, now))


def _require_unexpired(content: CertificateContent, now: datetime) -> None:
    if content.due_date and local_date(now, content.time_zone).isoformat() > content.due_date:
        raise AttestationExpired(number=content.number, day=content.due_date)


def _is_own(content: CertificateContent) -> bool:
    """Tell whether the institute attests the conformity of an instrument of its own."""
    return bool(content.institute.credit_code) and content.institute.credit_code == content.customer.credit_code


def _is_of_what_was_given(found: DocumentFinding) -> bool:
    """Tell whether a warning is about scheme or category, which whoever attests can mend at once."""
    return found.severity == "warning" and found.path.startswith(("/certificationScheme", "/categoryOfInstrument"))


def _refuse_broken(number: str, findings: Sequence[DocumentFinding]) -> None:
    broken = next((each for each in findings if each.severity == "error" or _is_of_what_was_given(each)), None)
    if broken is not None:
        raise AttestationRefused(number=number, rule=broken.rule, reason=broken.text)
