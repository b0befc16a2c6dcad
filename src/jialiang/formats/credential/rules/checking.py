"""A credential against its structure and all rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from jialiang.formats.credential.codec import typed_credential
from jialiang.formats.credential.documents import CredentialReading
from jialiang.formats.credential.model import ConformityCredential
from jialiang.formats.credential.rules import assessments, identity, times
from jialiang.formats.credential.rules.catalogue import finding
from jialiang.formats.findings import DocumentFinding

Check = Callable[[ConformityCredential], Iterator[DocumentFinding]]
CHECKS: tuple[Check, ...] = (
    identity.types_and_subject,
    identity.issuer_named,
    identity.addresses_formed,
    times.moments_in_order,
    times.assessed_before,
    times.days_readable,
    assessments.assessments_complete,
    assessments.links_secured,
    assessments.values_plausible,
)
LIMIT = 500
"""More findings than this help nobody; the rest is left out."""


def check_credential(reading: CredentialReading, now: datetime | None = None) -> tuple[DocumentFinding, ...]:
    """Return what is wrong with a credential; rules are asked only where the structure holds.

    ``now`` (aware) is the moment at which it has to be in force; without it that is not judged.
    """
    if reading.findings:
        return reading.findings
    credential = typed_credential(reading.document)
    found = [each for check in CHECKS for each in check(credential)]
    if now is not None:
        found += times.in_force(credential, now)
    if reading.secured == "none":
        found.append(finding("CREDENTIAL-NOT-SECURED", ""))
    return tuple(found[:LIMIT])
