"""The main job, from the commission to the approved certificate, as one institute does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from jialiang.base.commissions.facts import Agreement, CommissionFacts, ItemFacts
from jialiang.base.commissions.selectors import items_of
from jialiang.base.readings.views import CellEntry
from jialiang.business.demonstration.cast import Institute
from jialiang.business.demonstration.data import PASSWORD
from jialiang.functions import calibrations, certificates, commissions
from jialiang.kernel.clock import local_date
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import CustodyState, DecisionRule, FeeKind, WorkKind

ENVIRONMENT = {
    "temperature": {"minimum": "22.9", "maximum": "23.3"},
    "humidity": {"minimum": "43", "maximum": "47"},
    "pressure": {"minimum": "101.1", "maximum": "101.2"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Who does what: sign-in names."""

    reception: str
    technician: str
    reviewer: str
    signatory: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One job: what is calibrated, how, and the readings exactly as they are entered."""

    customer_id: UUID
    instrument_id: UUID
    procedure: str
    method: Text
    points: Sequence[str]
    readings: Sequence[Mapping[str, str]]
    reference_standard_id: UUID
    parameters: Mapping[str, str] = field(default_factory=dict)
    site_id: UUID | None = None
    condition: Text = Text()
    method_norm: str = ""
    due_months: int | None = None
    decision_rule: str = DecisionRule.NONE.value
    other_standard_ids: tuple[UUID, ...] = ()


@dataclass(slots=True)
class Day:
    """A day's clock: each deed happens a little later than the one before."""

    now: datetime
    step: timedelta = timedelta(minutes=6)

    def next(self) -> datetime:
        """Return the moment of the next deed."""
        self.now += self.step
        return self.now


def request(institute: Institute, username: str, work: Work, day: Day) -> UUID:
    """Open a commission, as the desk or as the customer, and return it."""
    opened = commissions.open_commission(
        actor=institute.actor(username, day.now),
        facts=CommissionFacts(customer_id=work.customer_id, kind=WorkKind.CALIBRATION.value),
        items=[ItemFacts(instrument_id=work.instrument_id, requested_points=tuple(work.points))],
        now=day.next(),
    )
    return opened.id


def take_in(institute: Institute, team: Team, work: Work, day: Day) -> UUID:
    """Open and accept a commission, take the instrument in, and return the item."""
    commission_id = request(institute, team.reception, work, day)
    reception = institute.actor(team.reception, day.now)
    commissions.accept(
        actor=reception,
        commission_id=commission_id,
        agreement=Agreement(
            decision_rule=work.decision_rule,
            due_date_agreed=work.due_months is not None,
            agreed_interval_months=work.due_months,
            fee_kind=FeeKind.CHARGED.value,
        ),
        now=day.next(),
    )
    item = items_of(commission_id)[0]
    commissions.receive(actor=reception, item_id=item.id, condition=work.condition, now=day.next())
    return item.id


def record(institute: Institute, team: Team, work: Work, item_id: UUID, day: Day) -> UUID:
    """Start the record and enter conditions and readings; return the record, still a draft."""
    technician = institute.actor(team.technician, day.now)
    started = calibrations.start(
        actor=technician,
        new=calibrations.NewCalibration(
            item_id=item_id,
            procedure=work.procedure,
            method=work.method,
            method_norm=work.method_norm,
            reference_standard_id=work.reference_standard_id,
            other_standard_ids=work.other_standard_ids,
            points=tuple(work.points),
            parameters=work.parameters,
            site_id=work.site_id,
        ),
        now=day.next(),
    )
    today = local_date(day.now, "Asia/Shanghai")
    entry = calibrations.RecordEntry(
        cells=cells(work.readings), environment=ENVIRONMENT, begin_date=today, end_date=today
    )
    calibrations.record(actor=technician, calibration_id=started.id, entry=entry, now=day.next())
    return started.id


def submit(institute: Institute, team: Team, calibration_id: UUID, day: Day) -> str:
    """Submit the record; return the digest of its evaluation."""
    technician = institute.actor(team.technician, day.now)
    submitted = calibrations.submit(actor=technician, calibration_id=calibration_id, now=day.next())
    return submitted.evaluation_digest


def review(institute: Institute, team: Team, calibration_id: UUID, day: Day) -> None:
    """Submit the record and pass the review."""
    digest = submit(institute, team, calibration_id, day)
    reviewer = institute.actor(team.reviewer, day.now)
    calibrations.review(actor=reviewer, calibration_id=calibration_id, seen_digest=digest, now=day.next())


def approve(institute: Institute, team: Team, calibration_id: UUID, day: Day) -> UUID:
    """Look at the final page, approve it with the password, and return the numbered certificate."""
    signatory = institute.actor(team.signatory, day.now)
    at = day.next()
    seen = certificates.preview(actor=signatory, calibration_id=calibration_id, now=at)
    issued = certificates.approve(
        actor=signatory,
        calibration_id=calibration_id,
        seen_digest=seen.digest,
        confirmation=certificates.Confirmation(password=PASSWORD),
        now=at,
    )
    return issued.id


def whole_job(
    institute: Institute, team: Team, work: Work, day: Day, finish_waiting: Callable[[datetime], None]
) -> UUID:
    """Do the whole job; ``finish_waiting`` lets the worker finish what is numbered. Returns the certificate."""
    item_id = take_in(institute, team, work, day)
    calibration_id = record(institute, team, work, item_id, day)
    review(institute, team, calibration_id, day)
    certificate_id = approve(institute, team, calibration_id, day)
    finish_waiting(day.next())
    commissions.hand_over(
        actor=institute.actor(team.reception, day.now),
        item_id=item_id,
        to=CustodyState.RETURNED,
        now=day.next(),
    )
    return certificate_id


def cells(rows: Sequence[Mapping[str, str]]) -> tuple[CellEntry, ...]:
    """Return the entries of a table, row by row."""
    numbered = enumerate(rows, 1)
    return tuple(
        CellEntry(number, column, typed) for number, row in numbered for column, typed in row.items()
    )
