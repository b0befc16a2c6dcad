"""Versions of budgets in their tables: what is checked before it is stored, what the database itself refuses, lists."""

from __future__ import annotations

import itertools

import pytest
from django.db import IntegrityError, transaction
from tests.functions import budget_world
from tests.functions.record_world import CELSIUS, build_world

from jialiang.base.uncertainty_budgets import services
from jialiang.base.uncertainty_budgets.errors import BudgetMember, BudgetUnknown, BudgetWrongState
from jialiang.base.uncertainty_budgets.facts import BudgetFacts, VersionFacts, budget_columns, version_columns
from jialiang.base.uncertainty_budgets.models import BudgetVersion
from jialiang.base.uncertainty_budgets.selectors import (
    budget_version,
    budget_versions,
    count_uncertainty_budgets,
    uncertainty_budget,
    uncertainty_budgets,
    version_before,
    versions_of,
)
from jialiang.base.uncertainty_budgets.transitions import TRANSITIONS, steps_from
from jialiang.functions import uncertainty_budgets as verbs
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import BudgetState

ACTIONS = sorted({action for action, _ in TRANSITIONS})


def facts(**changes):
    return VersionFacts(**({"unit": CELSIUS, "document": {"a": "1"}} | changes))


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ({}, {"minimum": "", "maximum": "", "quantity_kind": ""}),
        ({"minimum": " 0 ", "maximum": "100.0"}, {"minimum": "0", "maximum": "100.0"}),
        ({"minimum": "−10", "maximum": "-1"}, {"minimum": "-10", "maximum": "-1"}),
        ({"minimum": "20", "maximum": "20"}, {"minimum": "20", "maximum": "20"}),
        ({"quantity_kind": "temperature"}, {"quantity_kind": "temperature"}),
        ({"change_note": " 换了恒温槽 "}, {"change_note": "换了恒温槽"}),
    ],
)
def test_what_is_stored_is_what_was_meant(given, stored):
    written = version_columns(facts(**given))
    assert {name: written[name] for name in stored} == stored
    assert written["document"] == {"a": "1"}


@pytest.mark.parametrize(
    ("given", "member"),
    [
        ({"unit": ""}, "unit"),
        ({"unit": "\\furlong"}, "unit"),
        ({"minimum": "1,5"}, "lower limit of its interval"),
        ({"maximum": "hot"}, "upper limit of its interval"),
        ({"minimum": "2", "maximum": "1"}, "upper limit of its interval"),
        ({"quantity_kind": "mass"}, "kind of quantity"),
        ({"change_note": "a\0b"}, "note on the change"),
        ({"minimum": "1" * 31}, "lower limit of its interval"),
    ],
)
def test_what_cannot_be_stored_names_its_member_and_the_reason(given, member):
    with pytest.raises(BudgetMember) as refused:
        version_columns(facts(**given))
    assert refused.value.facts["member"].en == member
    assert refused.value.facts["reason"].zh
    assert refused.value.facts["reason"].en


def test_a_budget_has_a_name_in_at_least_one_language():
    assert budget_columns(BudgetFacts(name=Text("", "Thermometers"), procedure="p"))["name_zh"] == "Thermometers"
    with pytest.raises(BudgetMember):
        budget_columns(BudgetFacts(name=Text("", " "), procedure="p"))
    with pytest.raises(BudgetMember):
        budget_columns(BudgetFacts(name=Text("长" * 101), procedure="p"))


def test_the_digest_is_of_scope_and_document_and_of_nothing_else():
    first = services.digest_of(version_columns(facts()))
    assert first == services.digest_of(version_columns(facts(change_note="另一说明")))
    others = [facts(minimum="0"), facts(maximum="9"), facts(unit="\\kelvin"), facts(document={"a": "2"})]
    assert len({first, *(services.digest_of(version_columns(each)) for each in others)}) == 5


def test_the_steps_of_a_state_are_those_that_lead_from_it():
    assert steps_from("draft") == (
        "uncertainty_budget.change", "uncertainty_budget.submit", "uncertainty_budget.withdraw"
    )  # fmt: skip
    assert steps_from("superseded") == steps_from("withdrawn") == ()
    assert set(TRANSITIONS.values()) == set(BudgetState)


@pytest.fixture
def world(in_tenant, now):
    return build_world(in_tenant, now)


@pytest.mark.parametrize(("action", "state"), list(itertools.product(ACTIONS, BudgetState)))
def test_every_step_from_every_state_leads_where_the_table_says_or_nowhere(world, action, state):
    row = budget_world.draft(world)
    BudgetVersion.objects.filter(pk=row.id).update(state=state)
    target = TRANSITIONS.get((action, state))
    actor = world.people["technician"]
    if target is None:
        with pytest.raises(BudgetWrongState):
            services.step(row.id, action, actor=actor, now=world.now, reason="理由")
        assert budget_version(row.id).state == state
        return
    moved = services.step(row.id, action, actor=actor, now=world.now, reason="理由")
    assert moved.state == target
    assert (moved.ended_at is not None) is (target in (BudgetState.SUPERSEDED, BudgetState.WITHDRAWN))
    assert moved.version == row.version + 1


def test_the_database_itself_keeps_one_version_in_force_and_one_being_written(world):
    row = budget_world.in_force(world)
    second = verbs.change(
        actor=world.people["technician"],
        budget_id=row.budget_id,
        facts=budget_world.version_facts(maximum="9"),
        now=world.now,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetVersion.objects.filter(pk=second.id).update(state="in_force")
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetVersion.objects.filter(pk=row.id).update(state="in_review")
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetVersion.objects.filter(pk=second.id).update(number=1)


def test_lists_are_narrowed_by_text_procedure_and_state(world):
    held = budget_world.in_force(world)
    draft = budget_world.draft(world, "repeated_comparison")
    assert [row.id for row in uncertainty_budgets()] == [draft.budget_id, held.budget_id]
    assert [row.id for row in uncertainty_budgets(procedure="repeated_comparison")] == [draft.budget_id]
    assert [row.id for row in uncertainty_budgets(state="in_force")] == [held.budget_id]
    assert [row.id for row in uncertainty_budgets(text=held.budget.code)] == [held.budget_id]
    assert [row.id for row in uncertainty_budgets(text="Correction of")] == [draft.budget_id, held.budget_id]
    assert (count_uncertainty_budgets(), count_uncertainty_budgets(text="无此名称")) == (2, 0)
    first = uncertainty_budgets(size=1)
    (second,) = uncertainty_budgets(size=1, after=first.next_after)
    assert [row.id for row in first] + [second.id] == [draft.budget_id, held.budget_id]


def test_the_version_before_is_the_one_that_held_not_a_draft_that_was_given_up(world):
    actor, now = world.people["technician"], world.now

    def change(maximum):
        new = budget_world.version_facts(maximum=maximum)
        return verbs.change(actor=actor, budget_id=first.budget_id, facts=new, now=now)

    first = budget_world.in_force(world)
    given_up = change("9")
    verbs.withdraw(actor=world.people["reviewer"], version_id=given_up.id, reason="弃用", now=now)
    third = change("8")
    assert version_before(third).id == first.id
    assert version_before(given_up).id == first.id
    assert version_before(first) is None
    assert [row.number for row in versions_of(first.budget_id)] == [3, 2, 1]


def test_before_anything_held_the_version_before_is_the_earlier_draft(world):
    first = budget_world.draft(world)
    reviewer = world.people["reviewer"]
    verbs.withdraw(actor=reviewer, version_id=first.id, reason="重来", now=world.now)
    second = verbs.change(
        actor=world.people["technician"],
        budget_id=first.budget_id,
        facts=budget_world.version_facts(maximum="5"),
        now=world.now,
    )
    assert version_before(second).id == first.id


def test_what_is_not_there_is_named(world):
    unknown = new_id(world.now)
    for reading in (uncertainty_budget, budget_version, services.locked):
        with pytest.raises(BudgetUnknown) as refused:
            reading(unknown)
        assert refused.value.facts["wanted"] == str(unknown)
    assert versions_of(unknown) == budget_versions([unknown]) == []
    assert services.supersede(unknown, actor=world.people["reviewer"], now=world.now) == 0


def test_the_code_counts_up_within_the_year(world):
    codes = [budget_world.draft(world).budget.code for _ in range(3)]
    year = world.now.year
    assert codes == [f"UB-{year}-0001", f"UB-{year}-0002", f"UB-{year}-0003"]
