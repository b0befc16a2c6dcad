"""Measurement science in the demonstration: a budget of the institute in force, and a comparison that is reported."""

from __future__ import annotations

from datetime import datetime, timedelta

from jialiang.base.comparison_rounds.facts import ArtefactFacts, ParticipantFacts, ResultFacts, RoundFacts
from jialiang.base.uncertainty_budgets.facts import BudgetFacts, VersionFacts
from jialiang.business.demonstration.cast import Institute
from jialiang.business.demonstration.data import text, world
from jialiang.functions import comparison_rounds, uncertainty_budgets
from jialiang.information.budget_templates.shipped_templates import shipped_template

TECHNICIAN, REVIEWER, QUALITY = "technician", "reviewer", "quality"


def lay_budget(institute: Institute, at: datetime) -> None:
    """Let the technician write the budget of the thermometers, and the reviewer put it into force."""
    data = world()["uncertainty_budget"]
    first = VersionFacts(
        unit=data["unit"], document=shipped_template(data["procedure"]), change_note=data["change_note"]
    )
    facts = BudgetFacts(name=text(data["name"]), procedure=data["procedure"])
    technician = institute.actor(TECHNICIAN, at)
    draft = uncertainty_budgets.create(actor=technician, facts=facts, first=first, now=at)
    waiting = uncertainty_budgets.submit(actor=technician, version_id=draft.id, now=at)
    later = at + timedelta(days=2)
    uncertainty_budgets.approve(
        actor=institute.actor(REVIEWER, later), version_id=waiting.id, seen_digest=waiting.digest, now=later
    )


def lay_comparison(institute: Institute, at: datetime) -> None:
    """Run a comparison of five laboratories from its opening to its report."""
    data = world()["comparison_round"]
    facts = RoundFacts(
        name=text(data["name"]),
        quantity=text(data["quantity"]),
        unit=data["unit"],
        assigned_by=data["assigned_by"],
    )
    quality = institute.actor(QUALITY, at)
    travelling = [ArtefactFacts(name=text(data["artefact"]))]
    opened = comparison_rounds.open_round(actor=quality, facts=facts, artefacts=travelling, now=at)
    technician = institute.actor(TECHNICIAN, at)
    for each in data["results"]:
        member = ParticipantFacts(name=text(each["name"]), code=each["code"])
        participant = comparison_rounds.enrol(actor=quality, round_id=opened.id, facts=member, now=at)
        measured = ResultFacts(measured_value=each["value"], expanded_uncertainty=each["expanded"])
        comparison_rounds.enter_result(
            actor=technician, participant_id=participant.id, artefact=1, facts=measured, now=at
        )
    evaluated = comparison_rounds.evaluate(actor=technician, round_id=opened.id, now=at)
    comparison_rounds.report(actor=quality, round_id=opened.id, seen_digest=evaluated.evaluation_digest, now=at)
