"""What a comparison round, its artefacts, participants and results say, and the rules that hold for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

from jialiang.base.comparison_rounds.errors import RoundIncomplete, RoundMember, UncertaintyMissing
from jialiang.base.comparison_rounds.models import (
    ComparisonArtefact,
    ComparisonParticipant,
    ComparisonResult,
    ComparisonRound,
)
from jialiang.governance import data_elements as elements
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text
from jialiang.science.decimal_text import read_decimal
from jialiang.science.units import display_unit
from jialiang.vocabulary.statuses import AssignedValueMethod, label

NOUN = "comparison_round"
MOST_ARTEFACTS = 2
MOST_PARTICIPANTS = 200
USUAL_COVERAGE_FACTOR = "2"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """What is known when a round is opened; ``unit`` is D-SI, the standard deviation is σ_pt of z scores."""

    name: Text
    quantity: Text
    unit: str
    assigned_by: str
    standard_deviation_for_assessment: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactFacts:
    """What travels; value, U and k only where the reference laboratory states them."""

    name: Text
    assigned_value: str = ""
    expanded_uncertainty: str = ""
    coverage_factor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantFacts:
    """A laboratory: an organization of the register or a name; without a code it gets the next number."""

    organization_id: UUID | None = None
    name: Text = Text()
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFacts:
    """What a participant measured; an empty U says that none was stated, an empty k beside a U is 2."""

    measured_value: str
    expanded_uncertainty: str = ""
    coverage_factor: str = ""


def round_columns(facts: RoundFacts) -> dict[str, Any]:
    """Return the columns of a new round. Raises RoundIncomplete, RoundMember."""
    _require(facts, ("name", "quantity", "unit", "assigned_by"))
    written = _checked(ComparisonRound, elements.columns(facts))
    try:
        display_unit(written["unit"], "en")
    except InvalidInput as problem:
        raise refused("unit", written["unit"], "unknown_unit") from problem
    written["standard_deviation_for_assessment"] = _positive(
        "standard_deviation_for_assessment", facts.standard_deviation_for_assessment
    )
    return written


def artefact_columns(artefacts: Sequence[ArtefactFacts], assigned_by: str) -> list[dict[str, Any]]:
    """Return the columns of the artefacts of a round: one, or two for a Youden plot.

    Raises RoundIncomplete, RoundMember.
    """
    if not artefacts:
        raise RoundIncomplete(members=elements.element_names(NOUN, ["artefacts"]))
    if len(artefacts) > MOST_ARTEFACTS:
        raise refused("artefacts", len(artefacts), "too_many", limit=MOST_ARTEFACTS)
    return [_artefact(each, assigned_by) for each in artefacts]


def participant_columns(facts: ParticipantFacts, code: str) -> dict[str, Any]:
    """Return the columns of a participant. Raises RoundIncomplete, RoundMember."""
    _require(facts, ("name",))
    return _checked(ComparisonParticipant, elements.columns(facts) | {"code": facts.code.strip() or code})


def result_columns(facts: ResultFacts, assigned_by: str) -> dict[str, Any]:
    """Return the columns of a result. Raises RoundIncomplete, RoundMember, UncertaintyMissing."""
    _require(facts, ("measured_value",))
    written = _checked(ComparisonResult, elements.columns(facts))
    written["measured_value"] = _decimal("measured_value", facts.measured_value)
    written |= _uncertainty(facts)
    if not written["expanded_uncertainty"] and assigned_by != AssignedValueMethod.ALGORITHM_A:
        raise UncertaintyMissing(
            member=elements.element_name(NOUN, "expanded_uncertainty"),
            reason=elements.reason("needed"),
            by=label(AssignedValueMethod(assigned_by)),
        )
    return written


def refused(member: str, given: object, why: str, **facts: object) -> RoundMember:
    """Return the error that a member cannot be stored, with its reason in words."""
    return RoundMember(
        member=elements.element_name(NOUN, member),
        given=elements.beginning(str(given)),
        reason=elements.reason(why, **facts),
    )


def _artefact(facts: ArtefactFacts, assigned_by: str) -> dict[str, Any]:
    stated = ("assigned_value", "expanded_uncertainty") if assigned_by == AssignedValueMethod.REFERENCE else ()
    _require(facts, ("name", *stated))
    written = _checked(ComparisonArtefact, elements.columns(facts))
    if not stated:
        for member in ("assigned_value", "expanded_uncertainty", "coverage_factor"):
            if written[member]:
                raise refused(member, written[member], "value_from_participants")
        return written
    return written | _uncertainty(facts) | {"assigned_value": _decimal("assigned_value", facts.assigned_value)}


def _uncertainty(facts: ArtefactFacts | ResultFacts) -> dict[str, str]:
    expanded = _positive("expanded_uncertainty", facts.expanded_uncertainty)
    factor = _positive("coverage_factor", facts.coverage_factor)
    if factor and not expanded:
        raise refused("coverage_factor", factor, "coverage_factor_alone")
    return {
        "expanded_uncertainty": expanded,
        "coverage_factor": factor or (USUAL_COVERAGE_FACTOR if expanded else ""),
    }


def _require(facts: object, members: tuple[str, ...]) -> None:
    missing = elements.missing_members(facts, members)
    if missing:
        raise RoundIncomplete(members=elements.element_names(NOUN, missing))


def _checked(table: type[models.Model], written: dict[str, Any]) -> dict[str, Any]:
    for problem in elements.problems(NOUN, table, written):
        raise RoundMember(member=problem.member, given=problem.given, reason=problem.reason)
    return written


def _decimal(member: str, text: str) -> str:
    try:
        return read_decimal(text).text
    except InvalidInput as problem:
        raise refused(member, text, "not_a_decimal") from problem


def _positive(member: str, text: str) -> str:
    if not text.strip():
        return ""
    found = _decimal(member, text)
    if read_decimal(found).number <= 0:
        raise refused(member, text, "not_positive")
    return found
