"""Dates in their order, and how a certificate follows those before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from jialiang.formats.dcoc.model import CertificateOfConformity, PreviousCertificate
from jialiang.formats.dcoc.reading import Reading
from jialiang.formats.dcoc.rules.breach import Breach, day_of, leaves, shown

_LATER = timedelta(days=1)  # it may be tomorrow already where the certificate was made


def dates_readable(reading: Reading) -> Iterator[Breach]:
    """Yield dates that are no days of the calendar."""
    for path, member, value in leaves(reading.certificate):
        if member.kind == "date" and value and day_of(value) is None:
            yield Breach("DCOC-DATE-FORMAT", path, {"value": shown(value)})


def validity_in_order(reading: Reading) -> Iterator[Breach]:
    """Yield validities that end before they begin, or before the certificate was issued; and such without an end."""
    certificate = reading.certificate
    issued, begins, until = _days(certificate)
    if begins and until and until < begins:
        yield Breach("DCOC-VALIDITY-REVERSED", "/validity", {"begins": begins, "until": until})
    yield from _before_issue(issued, "DCOC-VALIDITY-BEFORE-ISSUE", "until", until)
    yield from _before_issue(issued, "DCOC-VALIDITY-BACKDATED", "from", begins)
    if reading.counts.get("validity") and not certificate.validity.until:
        yield Breach("DCOC-VALIDITY-OPEN", "/validity")


def _before_issue(issued: date | None, rule: str, name: str, day: date | None) -> Iterator[Breach]:
    if issued and day and day < issued:
        yield Breach(rule, f"/validity/{name}", {"issued": issued, "day": day})


def validity_today(reading: Reading, today: date) -> Iterator[Breach]:
    """Yield certificates that are not in force on the day of the check, or dated after it."""
    issued, begins, until = _days(reading.certificate)
    if issued and issued > today + _LATER:
        yield Breach("DCOC-DATE-IN-FUTURE", "/certDate", {"date": issued, "today": today})
    if begins and begins > today + _LATER:
        yield Breach("DCOC-NOT-YET-VALID", "/validity/from", {"begins": begins, "today": today})
    if until and until < today:
        yield Breach("DCOC-EXPIRED", "/validity/until", {"until": until, "today": today})


def revision_told(reading: Reading) -> Iterator[Breach]:
    """Yield revisions that say not what they follow or what they changed, and changes without a revision."""
    certificate = reading.certificate
    revision = _number(certificate.revision)
    if revision is None:
        if certificate.revision.strip():
            yield Breach("DCOC-REVISION-FORMAT", "/revision", {"value": shown(certificate.revision)})
        return
    if revision > 0 and not certificate.previous:
        yield Breach("DCOC-PREVIOUS-MISSING", "/revision", {"revision": revision})
    if revision > 0 and not certificate.modifications:
        yield Breach("DCOC-MODIFICATIONS-MISSING", "/revision", {"revision": revision})
    if revision == 0 and certificate.modifications:
        yield Breach("DCOC-MODIFICATIONS-UNEXPECTED", "/modifications")


def previous_consistent(reading: Reading) -> Iterator[Breach]:
    """Yield previous certificates that are this one, or later than it, or named twice."""
    certificate = reading.certificate
    seen: set[tuple[str, str]] = set()
    for number, each in enumerate(certificate.previous, start=1):
        path = f"/previousCertificates[{number}]"
        key = (each.number.strip(), each.revision.strip())
        if key in seen:
            yield Breach("DCOC-PREVIOUS-REPEATED", path, {"number": shown(each.number)})
        seen.add(key)
        yield from _later(certificate, each, path)


def _later(
    certificate: CertificateOfConformity, previous: PreviousCertificate, path: str
) -> Iterator[Breach]:
    issued, before = day_of(certificate.date), day_of(previous.date)
    if issued and before and before > issued:
        facts: dict[str, object] = {"number": shown(previous.number), "before": before, "issued": issued}
        yield Breach("DCOC-PREVIOUS-LATER", path, facts)
    if previous.number.strip() != certificate.number.strip():
        return
    now, then = _number(certificate.revision), _number(previous.revision)
    if previous.revision.strip() == certificate.revision.strip() or (
        now is not None and then is not None and then >= now
    ):
        facts = {"number": shown(previous.number), "revision": shown(previous.revision) or "–"}
        yield Breach("DCOC-PREVIOUS-REVISION", path, facts)


def _days(certificate: CertificateOfConformity) -> tuple[date | None, date | None, date | None]:
    validity = certificate.validity
    return day_of(certificate.date), day_of(validity.begins), day_of(validity.until)


def _number(text: str) -> int | None:
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else None
