"""Writing comparison rounds, in the transaction of the verb."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from jialiang.base.comparison_rounds import errors
from jialiang.base.comparison_rounds.facts import (
    MOST_PARTICIPANTS,
    NOUN,
    ArtefactFacts,
    ParticipantFacts,
    ResultFacts,
    RoundFacts,
    artefact_columns,
    participant_columns,
    refused,
    result_columns,
    round_columns,
)
from jialiang.base.comparison_rounds.models import (
    ComparisonArtefact,
    ComparisonParticipant,
    ComparisonResult,
    ComparisonRound,
)
from jialiang.base.comparison_rounds.selectors import (
    comparison_artefact,
    comparison_participant,
    participants_of,
)
from jialiang.base.organizations.selectors import organization
from jialiang.governance import data_elements as elements
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import ComparisonRoundState as State
from jialiang.vocabulary.statuses import label


def open_round(
    facts: RoundFacts,
    artefacts: Sequence[ArtefactFacts],
    *,
    round_id: UUID,
    number: str,
    actor: Actor,
    now: datetime,
) -> ComparisonRound:
    """Store a new round with its artefacts. Raises RoundIncomplete, RoundMember."""
    written, traveling = round_columns(facts), artefact_columns(artefacts, facts.assigned_by)
    row = ComparisonRound.objects.create(
        id=round_id,
        number=number,
        opened_by_name=_name(actor),
        opened_at=now,
        state_since=now,
        **written,
    )
    for position, columns in enumerate(traveling, 1):
        ComparisonArtefact.objects.create(id=new_id(now), round=row, position=position, **columns)
    return row


def enrol(round_id: UUID, facts: ParticipantFacts, *, now: datetime) -> ComparisonParticipant:
    """Add a laboratory to a round that is not evaluated yet.

    Raises RoundUnknown, RoundStateForbids, RoundIncomplete, RoundMember, ParticipantTwice, OrganizationUnknown.
    """
    row = _locked(round_id)
    _require_state(row, State.OPEN, State.MEASURING)
    there = participants_of(round_id)
    if len(there) >= MOST_PARTICIPANTS:
        raise refused("participants", len(there) + 1, "too_many", limit=MOST_PARTICIPANTS)
    if facts.organization_id is not None:
        name = organization(facts.organization_id).name
        facts = ParticipantFacts(organization_id=facts.organization_id, name=name, code=facts.code)
    written = participant_columns(facts, _next_code(there))
    for other in there:
        same = facts.organization_id is not None and other.organization_id == facts.organization_id
        if same or other.code == written["code"]:
            raise errors.ParticipantTwice(
                given=facts.name if same else Text(other.code, other.code), number=row.number
            )
    return ComparisonParticipant.objects.create(
        id=new_id(now), round=row, position=len(there) + 1, enrolled_at=now, **written
    )


def enter_result(
    participant_id: UUID, position: int, facts: ResultFacts, *, actor: Actor, now: datetime
) -> tuple[ComparisonResult, dict[str, str]]:
    """Store what a participant measured on an artefact; return it and what stood there before.

    The round is measuring afterwards: an evaluation made before is dropped. Raises RoundUnknown,
    RoundStateForbids, RoundIncomplete, RoundMember, UncertaintyMissing.
    """
    participant = comparison_participant(participant_id)
    row = _locked(participant.round_id)
    _require_state(row, State.OPEN, State.MEASURING, State.EVALUATED)
    artefact = comparison_artefact(row.id, position)
    written = result_columns(facts, row.assigned_by)
    stored = ComparisonResult.objects.filter(participant=participant, artefact=artefact).first()
    before = {name: getattr(stored, name) for name in written} if stored else {}
    columns = written | {"entered_by_name": _name(actor), "entered_at": now}
    if stored is None:
        stored = ComparisonResult(id=new_id(now), participant=participant, artefact=artefact)
    for name, value in columns.items():
        setattr(stored, name, value)
    stored.save()
    row.evaluation, row.evaluation_digest = None, ""
    _moved(row, State.MEASURING, "", now)
    return stored, before


def evaluate(round_id: UUID, document: dict[str, Any], digest: str, *, now: datetime) -> ComparisonRound:
    """Keep the evaluation of the results that stand. Raises RoundUnknown, RoundStateForbids."""
    row = round_to_evaluate(round_id)
    row.evaluation, row.evaluation_digest = document, digest
    return _moved(row, State.EVALUATED, "", now)


def report(round_id: UUID, *, seen_digest: str, actor: Actor, now: datetime) -> ComparisonRound:
    """Report the evaluation that was seen; afterwards nothing changes.

    Raises RoundUnknown, RoundStateForbids, EvaluationChanged.
    """
    row = _locked(round_id)
    _require_state(row, State.EVALUATED)
    if seen_digest != row.evaluation_digest:
        raise errors.EvaluationChanged(number=row.number)
    row.reported_by_name, row.reported_at = _name(actor), now
    return _moved(row, State.REPORTED, "", now)


def cancel(round_id: UUID, *, reason: str, now: datetime) -> ComparisonRound:
    """Give a round up before it is reported. Raises RoundUnknown, RoundReasonMissing, RoundStateForbids."""
    row = _locked(round_id)
    text = " ".join(reason.split())
    if not text:
        raise errors.RoundReasonMissing()
    why = elements.refusal(ComparisonRound, "state_reason", text)
    if why is not None:
        raise errors.RoundMember(
            member=elements.element_name(NOUN, "reason"), given=elements.beginning(text), reason=why
        )
    _require_state(row, State.OPEN, State.MEASURING, State.EVALUATED)
    return _moved(row, State.CANCELLED, text, now)


def round_to_evaluate(round_id: UUID) -> ComparisonRound:
    """Return a round with results, locked until commit. Raises RoundUnknown, RoundStateForbids."""
    row = _locked(round_id)
    _require_state(row, State.MEASURING, State.EVALUATED)
    return row


def _locked(round_id: UUID) -> ComparisonRound:
    row = ComparisonRound.objects.select_for_update().filter(pk=round_id).first()
    if row is None:
        raise errors.RoundUnknown(wanted=str(round_id))
    return row


def _require_state(row: ComparisonRound, *allowed: State) -> None:
    if row.state in allowed:
        return
    names = [label(state) for state in allowed]
    raise errors.RoundStateForbids(
        number=row.number,
        state=label(State(row.state)),
        allowed=Text("、".join(n.zh for n in names), ", ".join(n.en for n in names)),
    )


def _moved(row: ComparisonRound, state: State, reason: str, now: datetime) -> ComparisonRound:
    if row.state != state:
        row.state, row.state_since = state.value, now
    row.state_reason = reason
    row.save()
    return row


def _next_code(there: Sequence[ComparisonParticipant]) -> str:
    taken = {other.code for other in there}
    return next(code for serial in range(1, len(there) + 2) if (code := f"L{serial:02d}") not in taken)


def _name(actor: Actor) -> str:
    return actor.name.zh or actor.name.en
