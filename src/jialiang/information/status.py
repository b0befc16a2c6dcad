"""Fitness for use of an instrument (合格, 限用, 停用), derived from evidence and never entered.

The latest evidence decides; evidence that a newer certificate superseded is left out. In this order:

1. scrapped or suspended by decision: out of use, with the reason;
2. no evidence yet: unproven (新登记);
3. the latest certificate was withdrawn: out of use since then;
4. it states that requirements are not met: out of use since the day of the certificate;
5. its due date has passed, or the owner's own interval where none was agreed: out of use since the day after;
6. it states a pass with conditions, or the ledger limits the use: limited, which is not for the rest;
7. otherwise fit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Literal, Protocol
from uuid import UUID

from jialiang.base.instruments.selectors import instrument
from jialiang.base.traceability.selectors import (
    Evidence,
    evidence_of_instrument,
    evidence_of_instruments,
)
from jialiang.kernel.clock import local_date
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import current_tenant_id
from jialiang.security.tenancy.selectors import tenant
from jialiang.vocabulary.statuses import CertificateState, FitnessForUse, InstrumentState

ONE_DAY = timedelta(days=1)
NOT_MET = frozenset({"fail", "noPass", "conditionalFail"})
WITH_CONDITIONS = frozenset({"conditionalPass", "noFail"})
PASSED_OVER = frozenset({CertificateState.SUPERSEDED, CertificateState.VOID})
DueBasis = Literal["certificate", "owner_interval", "none"]


class Ledger(Protocol):
    """What is needed of an instrument's ledger record."""

    @property
    def state(self) -> str:
        """Administrative state."""

    @property
    def state_reason(self) -> str:
        """Why it is suspended or scrapped."""

    @property
    def interval_months(self) -> int | None:
        """The owner's own interval."""

    @property
    def limitation_zh(self) -> str:
        """Limitation in Chinese."""

    @property
    def limitation_en(self) -> str:
        """Limitation in English."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One evidence of an instrument, as plain values; ``ended_on`` is the day of a withdrawal."""

    certificate_id: UUID | None
    certificate_number: str
    conformity: str
    valid_from: date
    valid_until: date | None
    ended_on: date | None = None
    end_reason: Text = Text()


@dataclass(frozen=True, slots=True)
class Due:
    """The last day on which an instrument may be used without new evidence, and who set it."""

    date: date | None
    basis: DueBasis


@dataclass(frozen=True, slots=True)
class Fitness:
    """Whether an instrument may be used on a day, why, since when, and by which certificate."""

    state: FitnessForUse
    reason: Text
    since: date | None
    due: Due
    certificate_number: str = ""
    certificate_id: UUID | None = None
    limitation: Text = Text()


def fitness_of(instrument_id: UUID, on: date) -> Fitness:
    """Return the fitness for use of an instrument on a day: three queries. Raises InstrumentUnknown."""
    return fitness_from(instrument(instrument_id), proofs_of(instrument_id), on)


def fitness_of_many(ledgers: Mapping[UUID, Ledger], on: date) -> dict[UUID, Fitness]:
    """Return the fitness for use of the instruments of a list, by id: two queries, however long the list is."""
    zone = tenant(current_tenant_id()).time_zone
    evidence = evidence_of_instruments(ledgers)
    judged = {}
    for instrument_id, ledger in ledgers.items():
        rows = (row for row in evidence.get(instrument_id, []) if not _is_passed_over(row))
        judged[instrument_id] = fitness_from(ledger, [proof_from(row, zone) for row in rows], on)
    return judged


def is_proven(instrument_id: UUID, on: date) -> bool:
    """Tell whether the evidence alone lets an instrument be used on a day, whatever was decided: three queries."""
    row = instrument(instrument_id)
    judged = _by_evidence(row, proofs_of(instrument_id), on)
    return judged.state in (FitnessForUse.FIT, FitnessForUse.LIMITED)


def proofs_of(instrument_id: UUID) -> tuple[Proof, ...]:
    """Return the evidence of an instrument that counts, latest first: two queries."""
    zone = tenant(current_tenant_id()).time_zone
    rows = evidence_of_instrument(instrument_id)
    return tuple(proof_from(row, zone) for row in rows if not _is_passed_over(row))


def proof_from(row: Evidence, time_zone: str) -> Proof:
    """Return a stored evidence (with its certificate at hand) as plain values."""
    certificate = row.certificate
    return Proof(
        certificate_id=certificate.id if certificate else None,
        certificate_number=certificate.number if certificate else "",
        conformity=row.conformity,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        ended_on=local_date(row.ended_at, time_zone) if row.ended_at else None,
        end_reason=_why_ended(row),
    )


def _why_ended(row: Evidence) -> Text:
    """Return the reason in both languages as the certificate keeps it; the evidence itself keeps one of them."""
    certificate = row.certificate
    if certificate is not None and certificate.state == CertificateState.WITHDRAWN:
        told = Text(certificate.status_reason_zh, certificate.status_reason_en)
        return Text(told.zh or told.en, told.en or told.zh)
    return Text(row.end_reason, row.end_reason)


def fitness_from(ledger: Ledger, proofs: Iterable[Proof], on: date) -> Fitness:
    """Judge an instrument from its ledger record and its evidence, in any order: the rules of this module."""
    judged = _by_evidence(ledger, proofs, on)
    if ledger.state == InstrumentState.RETIRED:
        return _out(judged, "retired", None, why=ledger.state_reason)
    if ledger.state == InstrumentState.SUSPENDED:
        return _out(judged, "suspended", None, why=ledger.state_reason)
    return judged


def due_of(ledger: Ledger, latest: Proof | None) -> Due:
    """Return the due date of an instrument whose latest evidence is ``latest``.

    The date on the certificate counts; without one, the owner's own interval from the day of the evidence.
    """
    if latest is None:
        return Due(None, "none")
    if latest.valid_until is not None:
        return Due(latest.valid_until, "certificate")
    if ledger.interval_months is not None:
        return Due(months_after(latest.valid_from, ledger.interval_months) - ONE_DAY, "owner_interval")
    return Due(None, "none")


def months_after(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    next_first = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), next_first - ONE_DAY)


def _by_evidence(ledger: Ledger, proofs: Iterable[Proof], on: date) -> Fitness:
    begun = [proof for proof in proofs if proof.valid_from <= on]
    latest = max(begun, key=lambda p: p.valid_from, default=None)
    due = due_of(ledger, latest)
    if latest is None:
        return Fitness(FitnessForUse.UNPROVEN, reason("unproven"), None, due)
    limitation = Text(ledger.limitation_zh, ledger.limitation_en)
    fit = Fitness(
        FitnessForUse.FIT,
        reason("fit" if latest.conformity == "pass" else "calibrated"),
        latest.valid_from,
        due,
        latest.certificate_number,
        latest.certificate_id,
        limitation,
    )
    return _out_of_use(fit, latest, on) or _limited(fit, latest) or fit


def _out_of_use(fit: Fitness, latest: Proof, on: date) -> Fitness | None:
    number = latest.certificate_number
    if latest.ended_on is not None and latest.ended_on <= on:
        return _out(fit, "withdrawn", latest.ended_on, number=number, why=latest.end_reason)
    if latest.conformity in NOT_MET:
        return _out(fit, "not_met", latest.valid_from, number=number)
    if fit.due.date is not None and fit.due.date < on:
        word = "expired" if fit.due.basis == "certificate" else "interval_over"
        return _out(fit, word, fit.due.date + ONE_DAY, number=number, due=fit.due.date)
    return None


def _limited(fit: Fitness, latest: Proof) -> Fitness | None:
    if fit.limitation:
        return _judged(fit, FitnessForUse.LIMITED, reason("limited", limitation=fit.limitation), fit.since)
    if latest.conformity in WITH_CONDITIONS:
        words = reason("conditions", number=latest.certificate_number)
        return _judged(fit, FitnessForUse.LIMITED, words, fit.since)
    return None


def _out(judged: Fitness, word: str, since: date | None, **facts: object) -> Fitness:
    return _judged(judged, FitnessForUse.OUT_OF_USE, reason(word, **facts), since)


def _judged(judged: Fitness, state: FitnessForUse, words: Text, since: date | None) -> Fitness:
    return Fitness(
        state, words, since, judged.due, judged.certificate_number, judged.certificate_id, judged.limitation
    )


def _is_passed_over(row: Evidence) -> bool:
    return row.certificate is not None and row.certificate.state in PASSED_OVER


def reason(word: str, **facts: object) -> Text:
    """Return the words of a reason in zh and en, filled with ``facts``."""
    return Text.from_json(_words()[word]).format(**facts)


@cache
def _words() -> dict[str, dict[str, str]]:
    file = resources.files("jialiang.information") / "status_words.json"
    words: dict[str, dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return words
