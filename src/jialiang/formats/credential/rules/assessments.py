"""What was assessed against what, and whether links can be trusted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jialiang.formats.credential.model import (
    ConformityAssessment,
    ConformityAttestation,
    ConformityCredential,
    CredentialLink,
    CredentialMetric,
    Criterion,
)
from jialiang.formats.credential.rules.catalogue import finding
from jialiang.formats.dcc.rules.catalogue import code_set
from jialiang.formats.findings import DocumentFinding

_SUBJECT = "/credentialSubject"
_LETTERS = {"SHA-256": 64, "SHA-1": 40}
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]+")


def assessments_complete(credential: ConformityCredential) -> Iterator[DocumentFinding]:
    """Yield attestations without assessments, and assessments that name no object or nothing to conform to."""
    subject = credential.credential_subject
    if subject is None:
        return
    if not subject.assessment:
        yield finding("CREDENTIAL-ASSESSMENT-MISSING", _SUBJECT)
    for path, each in _assessments(subject):
        if not any((each.assessed_product, each.assessed_facility, each.assessed_organisation)):
            yield finding("CREDENTIAL-ASSESSED-MISSING", path)
        if not any((each.reference_standard, each.reference_regulation, each.assessment_criteria)):
            yield finding("CREDENTIAL-REFERENCE-MISSING", path)
        if not each.conformance:
            yield finding("CREDENTIAL-NOT-CONFORMING", f"{path}/conformance")


def links_secured(credential: ConformityCredential) -> Iterator[DocumentFinding]:
    """Yield links whose digest is weak, malformed or of an unnamed method."""
    subject = credential.credential_subject
    if subject is None:
        return
    for name, link in (
        ("conformityCertificate", subject.conformity_certificate),
        ("auditableEvidence", subject.auditable_evidence),
    ):
        if link is not None:
            yield from _digest(link, f"{_SUBJECT}/{name}")


def values_plausible(credential: ConformityCredential) -> Iterator[DocumentFinding]:
    """Yield accuracies that are no fractions, and countries that do not exist."""
    for path, assessment in _assessments(credential.credential_subject):
        for place, metric in _metrics(assessment, path):
            if metric.accuracy is not None and not 0 <= metric.accuracy <= 1:
                yield finding("CREDENTIAL-ACCURACY-RANGE", f"{place}/accuracy", value=str(metric.accuracy))
        regulation = assessment.reference_regulation
        country = regulation.jurisdiction_country if regulation else None
        if country is not None and country not in code_set("countries"):
            place = f"{path}/referenceRegulation/jurisdictionCountry"
            yield finding("CREDENTIAL-COUNTRY-UNKNOWN", place, value=country[:20])


def _digest(link: CredentialLink, path: str) -> Iterator[DocumentFinding]:
    digest, method = link.hash_digest, link.hash_method
    if digest is None:
        return
    if method is None:
        yield finding("CREDENTIAL-HASH-UNNAMED", path)
        return
    if _HEXADECIMAL.fullmatch(digest) is None or len(digest) != _LETTERS[method]:
        yield finding("CREDENTIAL-HASH-MALFORMED", f"{path}/hashDigest", method=method)
    if method == "SHA-1":
        yield finding("CREDENTIAL-HASH-WEAK", f"{path}/hashMethod")


def _assessments(subject: ConformityAttestation | None) -> Iterator[tuple[str, ConformityAssessment]]:
    if subject is not None:
        for at, each in enumerate(subject.assessment or ()):
            yield f"{_SUBJECT}/assessment/{at}", each


def _metrics(assessment: ConformityAssessment, path: str) -> Iterator[tuple[str, CredentialMetric]]:
    for at, metric in enumerate(assessment.declared_value or ()):
        yield f"{path}/declaredValue/{at}", metric
    pending = _numbered(assessment.assessment_criteria, f"{path}/assessmentCriteria")
    while pending:
        place, criterion = pending.pop()
        if criterion.threshold_value is not None:
            yield f"{place}/thresholdValue", criterion.threshold_value
        pending += _numbered(criterion.sub_criterion, f"{place}/subCriterion")


def _numbered(criteria: tuple[Criterion, ...] | None, path: str) -> list[tuple[str, Criterion]]:
    """Return criteria with their places, the last one first."""
    return [(f"{path}/{at}", each) for at, each in enumerate(criteria or ())][::-1]
