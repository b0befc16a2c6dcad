"""From when until when a credential holds, and days that are days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from jialiang.formats.credential.model import (
    ConformityAssessment,
    ConformityAttestation,
    ConformityCredential,
)
from jialiang.formats.credential.rules.catalogue import finding
from jialiang.formats.findings import DocumentFinding

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FRACTION = re.compile(r"\.([0-9]+)")
_TOLERANCE = timedelta(minutes=5)
_SHOWN = 40


def moments_in_order(credential: ConformityCredential) -> Iterator[DocumentFinding]:
    """Yield validities that end before they begin or are no moments, and credentials that do not say since when."""
    begins, until = moment_of(credential.valid_from), moment_of(credential.valid_until)
    given = (("validFrom", credential.valid_from, begins), ("validUntil", credential.valid_until, until))
    for name, text, moment in given:
        if text is not None and moment is None:
            yield finding("CREDENTIAL-DATE-FORMAT", f"/{name}", value=text[:_SHOWN])
    if credential.valid_from is None:
        yield finding("CREDENTIAL-VALID-FROM-MISSING", "")
    if begins and until and until < begins:
        yield finding("CREDENTIAL-DATES-REVERSED", "/validUntil",
                      begins=credential.valid_from, until=credential.valid_until)  # fmt: skip


def assessed_before(credential: ConformityCredential) -> Iterator[DocumentFinding]:
    """Yield assessments of a day after the one on which the credential begins to hold."""
    begins = moment_of(credential.valid_from)
    for path, assessment in _assessments(credential.credential_subject):
        day = day_of(assessment.assessment_date)
        if begins and day and (day - begins.date()).days > 1:
            facts = {"assessed": day, "begins": credential.valid_from}
            yield finding("CREDENTIAL-ASSESSED-LATER", f"{path}/assessmentDate", **facts)


def in_force(credential: ConformityCredential, now: datetime) -> Iterator[DocumentFinding]:
    """Yield credentials that do not hold at the moment of the check."""
    begins, until = moment_of(credential.valid_from), moment_of(credential.valid_until)
    if begins and begins > now + _TOLERANCE:
        yield finding("CREDENTIAL-NOT-YET-VALID", "/validFrom", begins=credential.valid_from)
    if until and until < now:
        yield finding("CREDENTIAL-EXPIRED", "/validUntil", until=credential.valid_until)


def days_readable(credential: ConformityCredential) -> Iterator[DocumentFinding]:
    """Yield days of the attestation that are no days of the calendar."""
    subject = credential.credential_subject
    scope = subject.scope if subject else None
    days = [("/credentialSubject/scope/validFrom", scope.valid_from)] if scope else []
    for path, each in _assessments(subject):
        days += _days(path, each)
    for path, text in days:
        if text and day_of(text) is None:
            yield finding("CREDENTIAL-DATE-FORMAT", path, value=text[:_SHOWN])


def _days(path: str, assessment: ConformityAssessment) -> list[tuple[str, str]]:
    """Return the days of an assessment with their places, empty where there is none."""
    standard, regulation = assessment.reference_standard, assessment.reference_regulation
    days = [
        ("assessmentDate", assessment.assessment_date),
        ("referenceStandard/issueDate", standard.issue_date if standard else None),
        ("referenceRegulation/effectiveDate", regulation.effective_date if regulation else None),
    ]
    return [(f"{path}/{name}", day or "") for name, day in days]


def moment_of(text: str | None) -> datetime | None:
    """Return a moment with its zone, to the microsecond; None where it is none of the calendar of this program."""
    if text is None:
        return None
    whole = _FRACTION.sub(lambda match: f".{match[1][:6]:0<6}", text)
    is_midnight = "T24:" in whole
    try:
        moment = datetime.fromisoformat(whole.replace("T24:", "T00:") if is_midnight else whole)
        return (moment + timedelta(days=1) if is_midnight else moment).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def day_of(text: str | None) -> date | None:
    """Return a day of the calendar, None where the text is none."""
    try:
        return date.fromisoformat(text) if text and _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _assessments(subject: ConformityAttestation | None) -> Iterator[tuple[str, ConformityAssessment]]:
    found = subject.assessment if subject else None
    for at, each in enumerate(found or ()):
        yield f"/credentialSubject/assessment/{at}", each
