"""What the register says to a stranger: the public answer of an issued certificate, built from its frozen content."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from jialiang.base.certificates.models import Certificate, CertificateFile
from jialiang.formats.canonical import from_plain
from jialiang.formats.content import CertificateContent, Column, ResultTable
from jialiang.formats.public_page.answer import (
    Outcome,
    PublicAnswer,
    PublicCertificate,
    PublicCheck,
    PublicFile,
    PublicResults,
    VerdictName,
)
from jialiang.kernel.clock import local_date
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import CertificateState

FILE_PATH = "/files/"
_VERDICTS: dict[str, VerdictName] = {
    CertificateState.IN_FORCE: "genuine",
    CertificateState.SUPERSEDED: "superseded",
    CertificateState.WITHDRAWN: "withdrawn",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a certificate stands: verdict, since when and why, and what replaced it."""

    verdict: VerdictName
    since: str = ""
    reason: Text = Text()
    successor_number: str = ""
    successor_url: str = ""


def content_of(certificate: Certificate) -> CertificateContent:
    """Read the frozen content."""
    return from_plain(CertificateContent, json.loads(certificate.content))


def end_of_validity(certificate: Certificate, content: CertificateContent) -> datetime | None:
    """Return the first moment after the due date, which is a day in the institute's time zone; None without one."""
    if certificate.due_date is None:
        return None
    following = certificate.due_date + timedelta(days=1)
    midnight = datetime(following.year, following.month, following.day, tzinfo=ZoneInfo(content.time_zone))
    return midnight.astimezone(UTC)


def standing_of(certificate: Certificate, successor: Certificate | None, on: date | None) -> Standing:
    """Return how a certificate stands on the day ``on``; without a day, expiry is left out of account."""
    content = content_of(certificate)
    verdict = _VERDICTS[certificate.state]
    if verdict == "genuine" and certificate.due_date is not None and on is not None and on > certificate.due_date:
        return Standing("expired", since=certificate.due_date.isoformat())
    zone = ZoneInfo(content.time_zone)
    since = certificate.status_since.astimezone(zone).isoformat(timespec="seconds")
    return Standing(
        verdict,
        since=since,
        reason=Text(certificate.status_reason_zh, certificate.status_reason_en),
        successor_number=successor.number if successor else "",
        successor_url=content_of(successor).check_url if successor else "",
    )


def standing_now(certificate: Certificate, successor: Certificate | None, now: datetime) -> Standing:
    """Return how a certificate stands now, in the institute's own calendar."""
    return standing_of(certificate, successor, local_date(now, content_of(certificate).time_zone))


def public_certificate_of(content: CertificateContent, files: list[CertificateFile]) -> PublicCertificate:
    """Return what the page shows for comparison with the paper in hand."""
    item = content.items[0]
    return PublicCertificate(
        number=content.number,
        identifier=content.identifier,
        kind=content.kind,
        instrument=item.name,
        model=item.model,
        serial_number=item.serial_number,
        institute=content.institute.name,
        institute_phone=content.institute.phone,
        begin_date=content.begin_date,
        end_date=content.end_date,
        issue_date=content.issue_date,
        due_date=content.due_date,
        signer=content.trust.signer,
        authority=content.trust.authority,
        authority_fingerprint=content.trust.authority_fingerprint,
        claimed_signing_time=content.signing_time,
        results=_results(content.results[0]) if content.results else None,
        files=tuple(PublicFile(_words(f"file.{f.kind}"), FILE_PATH + f.sha256, f.sha256, f.size) for f in files),
    )


def answer_of(
    content: CertificateContent, files: list[CertificateFile], standing: Standing
) -> PublicAnswer:
    """Return the answer to a question by number or identifier, both with the right check code."""
    return PublicAnswer(
        verdict=standing.verdict,
        status={"genuine": "in_force", "expired": "in_force"}.get(standing.verdict, standing.verdict),
        checks=tuple(_checks(content, standing)),
        certificate=public_certificate_of(content, files),
        since=standing.since,
        reason=standing.reason,
        superseded_by_number=standing.successor_number,
        superseded_by_url=standing.successor_url,
        domain=content.trust.domain,
    )


def status_checks(content: CertificateContent, standing: Standing) -> Iterator[PublicCheck]:
    """Yield what the register says of status and validity; the checks of a file carry them too."""
    outcome: Outcome = "ok" if standing.verdict in ("genuine", "expired") else "failed"
    evidence = _words("since").format(date=standing.since[:10])
    status = _words(f"status.{standing.verdict}")
    yield PublicCheck("status", "warning" if standing.verdict == "superseded" else outcome, status, evidence)
    if not content.due_date:
        yield PublicCheck("validity", "ok", _words("validity.none"))
    elif standing.verdict == "expired":
        ended = _words("ended").format(date=content.due_date)
        yield PublicCheck("validity", "warning", _words("validity.expired"), ended)
    elif standing.verdict == "genuine":
        until = _words("until").format(date=content.due_date)
        yield PublicCheck("validity", "ok", _words("validity.genuine"), until)


def _checks(content: CertificateContent, standing: Standing) -> Iterator[PublicCheck]:
    number = Text(content.number, content.number)
    yield PublicCheck("register", "ok", _words("registered"), number)
    yield from status_checks(content, standing)
    yield PublicCheck("paper", "not_checked", _words("paper"))


def _results(table: ResultTable) -> PublicResults:
    headings: list[Text] = []
    units: list[str] = []
    columns: list[tuple[str, ...]] = []
    uncertain = [column for column in table.columns if column.expanded_uncertainties]
    for column in table.columns:
        headings.append(column.name)
        units.append(column.unit)
        columns.append(column.quantity_values)
        if column.expanded_uncertainties:
            headings.append(_heading_of_uncertainty(column, several=len(uncertain) > 1))
            units.append(column.unit)
            columns.append(column.expanded_uncertainties)
    return PublicResults(tuple(headings), tuple(units), tuple(zip(*columns, strict=True)))


def _heading_of_uncertainty(column: Column, *, several: bool) -> Text:
    if several:
        return _words("expanded").format(name=column.name)
    factors = set(column.coverage_factors)
    return Text("U", "U") if len(factors) != 1 else Text(*[f"U (k = {next(iter(factors))})"] * 2)


def _words(key: str) -> Text:
    return Text.from_json(_all_words()[key])


@cache
def _all_words() -> dict[str, dict[str, str]]:
    file = resources.files("jialiang.base.certificates") / "public_words.json"
    words: dict[str, dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return words
