"""What a certificate gets when it is issued: number, identifier, check address, and whose key signs it when."""

from __future__ import annotations

import secrets
from datetime import datetime
from urllib.parse import quote, urlencode
from uuid import UUID

from django.conf import settings

from jialiang.base.calibrations.selectors import Calibration
from jialiang.base.certificates.errors import InstituteIncomplete
from jialiang.base.identifiers.errors import IdentifierTaken
from jialiang.base.identifiers.selectors import Identifier
from jialiang.base.identifiers.services import mint
from jialiang.base.organizations.selectors import own_organization
from jialiang.formats.content import Trust
from jialiang.governance.counters.services import take
from jialiang.information.agreed_validity import due_date_of
from jialiang.information.certificate_content import IssueFacts
from jialiang.information.verdicts import overall
from jialiang.kernel.clock import iso_seconds, local_date
from jialiang.kernel.ids import CROCKFORD
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.security.keys.selectors import SealView, authority
from jialiang.security.tenancy.selectors import tenant
from jialiang.vocabulary.statuses import WorkKind

FINISH_JOB = "certificate.finish"
CERTIFICATE_NUMBERS = "certificate"
KIND_LETTERS = {
    WorkKind.CALIBRATION.value: "C",
    WorkKind.LEGAL_VERIFICATION.value: "V",
    WorkKind.TESTING.value: "T",
}
UNKNOWN_CODE = "0" * 13
UNKNOWN_NUMBER = "·" * 6  # reads alike in every language


def draft_facts(record: Calibration, actor: Actor, seal: SealView, now: datetime) -> IssueFacts:
    """Return the facts of an issue at this moment, with a stand-in for number, identifier and code."""
    zone = tenant(record.tenant_id).time_zone
    outcome = overall([point["conformity"] for point in (record.evaluation or {}).get("points", [])])
    due_date = due_date_of(record, outcome)
    root = authority()
    identifier = f"{settings.JIALIANG.identifier_prefix}/preview"
    return IssueFacts(
        number=UNKNOWN_NUMBER,
        identifier=identifier,
        check_code=UNKNOWN_CODE,
        check_url=check_url(identifier, UNKNOWN_CODE),
        issue_date=local_date(now, zone).isoformat(),
        signing_time=iso_seconds(now),
        time_zone=zone,
        due_date=due_date.isoformat() if due_date else "",
        approver=actor.name,
        trust=Trust(
            signer=seal.subject,
            signer_kind="institute_seal",
            authority=root.name,
            authority_fingerprint=root.fingerprint,
            domain=settings.JIALIANG.domain,
        ),
    )


def next_number(record: Calibration, certificate_id: UUID, now: datetime) -> str:
    """Take the next number: ``YZ-2026-C-000001``, the year in the institute's time zone, one series a kind.

    Raises InstituteIncomplete where the institute has no short code.
    """
    own = own_organization()
    if not own.short_code:
        raise InstituteIncomplete(missing=Text("机构简码", "its short code"))
    letter = KIND_LETTERS[record.kind]
    taken = take(
        kind=series_of(record.kind),
        year=local_date(now, tenant(record.tenant_id).time_zone).year,
        pattern=f"{own.short_code}-{{year}}-{letter}-{{serial:06d}}",
        subject_id=certificate_id,
        now=now,
    )
    return taken.number


def series_of(kind: str) -> str:
    """Return the name of the series of numbers of a kind of work: ``certificate.calibration``."""
    return f"{CERTIFICATE_NUMBERS}.{kind}"


def minted(number: str, certificate_id: UUID, now: datetime) -> Identifier:
    """Mint the identifier of a certificate from its number; a number that another institute has gets an addition."""
    try:
        return mint(suffix=number.lower(), subject_kind="certificate", subject_id=certificate_id, now=now)
    except IdentifierTaken:
        addition = "".join(secrets.choice(CROCKFORD) for _ in range(8)).lower()
        suffix = f"{number.lower()}-{addition}"
        return mint(suffix=suffix, subject_kind="certificate", subject_id=certificate_id, now=now)


def check_url(identifier: str, code: str) -> str:
    """Return the address that the QR symbol carries."""
    return f"{settings.JIALIANG.public_url.rstrip('/')}/c/{quote(identifier)}?{urlencode({'k': code})}"
