"""Verbs on comparison rounds: from registration to report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from jialiang.base.comparison_rounds import services
from jialiang.base.comparison_rounds.facts import ArtefactFacts, ParticipantFacts, ResultFacts, RoundFacts
from jialiang.base.comparison_rounds.selectors import (
    ComparisonParticipant,
    ComparisonResult,
    ComparisonRound,
    comparison_participant,
    comparison_round,
)
from jialiang.functions.deed import permit, put_on_record
from jialiang.governance.counters.services import take
from jialiang.information.comparison_evaluation import evaluation_of
from jialiang.kernel.ids import new_id
from jialiang.security.actor import Actor
from jialiang.security.tenancy.calendar import today

SERIES = "comparison_round"
NUMBER = "CR-{year}-{serial:04d}"


@transaction.atomic
def open_round(
    *, actor: Actor, facts: RoundFacts, artefacts: Sequence[ArtefactFacts], now: datetime
) -> ComparisonRound:
    """Open a round with its artefacts; it is numbered gap-free. Event ``comparison_round.opened``.

    Raises RoundIncomplete, RoundMember.
    """
    permit(actor, "comparison_round.open")
    round_id = new_id(now)
    number = take(
        kind=SERIES, year=today(now).year, pattern=NUMBER, subject_id=round_id, now=now
    ).number
    row = services.open_round(facts, artefacts, round_id=round_id, number=number, actor=actor, now=now)
    put_on_record(
        actor,
        "comparison_round.open",
        row,
        now,
        event="comparison_round.opened",
        data={"number": row.number},
        number=row.number,
        assigned_by=row.assigned_by,
        unit=row.unit,
        artefacts=[each.name.to_json() for each in artefacts],
    )
    return row


@transaction.atomic
def enrol(
    *, actor: Actor, round_id: UUID, facts: ParticipantFacts, now: datetime
) -> ComparisonParticipant:
    """Enrol a laboratory in a round that is not evaluated. Event ``comparison_round.enrolled``.

    Raises RoundUnknown, RoundStateForbids, RoundIncomplete, RoundMember, ParticipantTwice.
    """
    row = comparison_round(round_id)
    permit(actor, "comparison_round.enrol", row)
    added = services.enrol(round_id, facts, now=now)
    put_on_record(
        actor,
        "comparison_round.enrol",
        row,
        now,
        event="comparison_round.enrolled",
        data={"participant_id": added.id, "code": added.code},
        code=added.code,
        organization_id=added.organization_id,
        name=added.name.to_json(),
    )
    return added


@transaction.atomic
def enter_result(
    *, actor: Actor, participant_id: UUID, artefact: int, facts: ResultFacts, now: datetime
) -> ComparisonResult:
    """Enter or correct what a participant measured on an artefact, by its place from 1.

    An evaluation that was made before is dropped: the round is measuring again. The record keeps what stood there.
    Event ``comparison_round.result_entered``. Raises RoundUnknown, RoundStateForbids, RoundIncomplete, RoundMember,
    UncertaintyMissing.
    """
    participant = comparison_participant(participant_id)
    permit(actor, "comparison_round.enter_result", participant.round)
    stored, before = services.enter_result(participant_id, artefact, facts, actor=actor, now=now)
    put_on_record(
        actor,
        "comparison_round.enter_result",
        participant.round,
        now,
        event="comparison_round.result_entered",
        data={"participant_id": participant.id, "artefact": artefact},
        code=participant.code,
        artefact=artefact,
        measured_value=stored.measured_value,
        expanded_uncertainty=stored.expanded_uncertainty,
        coverage_factor=stored.coverage_factor,
        before=before,
    )
    return stored


@transaction.atomic
def evaluate(*, actor: Actor, round_id: UUID, now: datetime) -> ComparisonRound:
    """Evaluate the results that stand; the evaluation is kept with its digest. Event ``comparison_round.evaluated``.

    Raises RoundUnknown, RoundStateForbids, TooFewResults, and what the science refuses.
    """
    permit(actor, "comparison_round.evaluate", comparison_round(round_id))
    row = services.round_to_evaluate(round_id)
    document, digest = evaluation_of(row)
    row = services.evaluate(round_id, document, digest, now=now)
    put_on_record(
        actor,
        "comparison_round.evaluate",
        row,
        now,
        event="comparison_round.evaluated",
        data={"digest": digest},
        digest=digest,
    )
    return row


@transaction.atomic
def report(*, actor: Actor, round_id: UUID, seen_digest: str, now: datetime) -> ComparisonRound:
    """Report the evaluation with the digest that was seen; the round does not change any more.

    Event ``comparison_round.reported``. Raises RoundUnknown, RoundStateForbids, EvaluationChanged.
    """
    permit(actor, "comparison_round.report", comparison_round(round_id))
    row = services.report(round_id, seen_digest=seen_digest, actor=actor, now=now)
    put_on_record(
        actor,
        "comparison_round.report",
        row,
        now,
        event="comparison_round.reported",
        data={"number": row.number, "digest": row.evaluation_digest},
        digest=row.evaluation_digest,
    )
    return row


@transaction.atomic
def cancel(*, actor: Actor, round_id: UUID, reason: str, now: datetime) -> ComparisonRound:
    """Give a round up before it is reported, with a reason. Event ``comparison_round.cancelled``.

    Raises RoundUnknown, RoundReasonMissing, RoundMember, RoundStateForbids.
    """
    permit(actor, "comparison_round.cancel", comparison_round(round_id))
    row = services.cancel(round_id, reason=reason, now=now)
    put_on_record(
        actor,
        "comparison_round.cancel",
        row,
        now,
        event="comparison_round.cancelled",
        data={"number": row.number},
        reason=row.state_reason,
    )
    return row
