"""Reading comparison rounds with their artefacts, participants and results, of the institute in scope."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from jialiang.base.comparison_rounds.errors import RoundUnknown
from jialiang.base.comparison_rounds.models import ComparisonArtefact as ComparisonArtefact
from jialiang.base.comparison_rounds.models import ComparisonParticipant as ComparisonParticipant
from jialiang.base.comparison_rounds.models import ComparisonResult as ComparisonResult
from jialiang.base.comparison_rounds.models import ComparisonRound as ComparisonRound
from jialiang.security.tenancy.paging import DEFAULT_SIZE, Page, page
from jialiang.vocabulary.statuses import ComparisonRoundState


def comparison_round(round_id: UUID) -> ComparisonRound:
    """Return one round: one query by primary key. Raises :class:`RoundUnknown`."""
    row = ComparisonRound.objects.filter(pk=round_id).first()
    if row is None:
        raise RoundUnknown(wanted=str(round_id))
    return row


def comparison_rounds(
    *, text: str = "", state: str = "", after: str = "", size: int = DEFAULT_SIZE
) -> Page[ComparisonRound]:
    """Return a page of rounds, newest first: one query by ``comparison_round_state`` or primary key."""
    return page(_matching(text, state), after=after, size=size)


def count_comparison_rounds(*, text: str = "", state: str = "") -> int:
    """Count what :func:`comparison_rounds` lists: one query."""
    return _matching(text, state).count()


def counts_of_rounds_by_state() -> dict[str, int]:
    """Count the rounds in every state, zeros included: one query by ``comparison_round_state``."""
    counted = ComparisonRound.objects.values("state").annotate(number=Count("id")).order_by()
    found = {row["state"]: row["number"] for row in counted}
    return {state.value: found.get(state.value, 0) for state in ComparisonRoundState}


def artefacts_of(round_id: UUID) -> list[ComparisonArtefact]:
    """Return the artefacts in their order: one query by ``comparison_artefact_once``."""
    return list(ComparisonArtefact.objects.filter(round_id=round_id).order_by("position"))


def participants_of(round_id: UUID) -> list[ComparisonParticipant]:
    """Return the participants in their order: one query by ``comparison_participant_once``."""
    return list(ComparisonParticipant.objects.filter(round_id=round_id).order_by("position"))


def results_of(round_id: UUID) -> list[ComparisonResult]:
    """Return the results by participant, then artefact, both at hand: one query by the participants' index."""
    rows = ComparisonResult.objects.filter(participant__round_id=round_id)
    rows = rows.select_related("participant", "artefact")
    return list(rows.order_by("participant__position", "artefact__position"))


def comparison_participant(participant_id: UUID) -> ComparisonParticipant:
    """Return one participant with its round: one query by primary key. Raises :class:`RoundUnknown`."""
    row = ComparisonParticipant.objects.select_related("round").filter(pk=participant_id).first()
    if row is None:
        raise RoundUnknown(wanted=str(participant_id))
    return row


def participant_of(round_id: UUID, participant_id: UUID) -> ComparisonParticipant:
    """Return a participant of one round: one query by primary key. Raises :class:`RoundUnknown`."""
    row = comparison_participant(participant_id)
    if row.round_id != round_id:
        raise RoundUnknown(wanted=str(participant_id))
    return row


def comparison_artefact(round_id: UUID, position: int) -> ComparisonArtefact:
    """Return an artefact by its place: one query by ``comparison_artefact_once``. Raises :class:`RoundUnknown`."""
    row = ComparisonArtefact.objects.filter(round_id=round_id, position=position).first()
    if row is None:
        raise RoundUnknown(wanted=f"{round_id} / {position}")
    return row


def _matching(text: str, state: str) -> QuerySet[ComparisonRound]:
    rows = ComparisonRound.objects.all()
    if state:
        rows = rows.filter(state=state)
    if wanted := text.strip():
        named = Q(number__icontains=wanted) | Q(name_zh__icontains=wanted) | Q(name_en__icontains=wanted)
        rows = rows.filter(named | Q(participants__name_zh__icontains=wanted)).distinct()
    return rows
