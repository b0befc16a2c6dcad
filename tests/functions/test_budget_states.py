"""Every deed on a version of a budget in every state, by every role: what happens, who may, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from tests.functions import budget_world
from tests.functions.record_world import World, build_world
from tests.functions.test_budget_machine import quickly_tried
from tests.integration.api.calling import add_person

from jialiang.base.uncertainty_budgets.errors import (
    AuthorApproves,
    BudgetChanged,
    BudgetMember,
    BudgetReasonNeeded,
    BudgetUnknown,
    BudgetWrongState,
    ScopeTaken,
)
from jialiang.base.uncertainty_budgets.models import BudgetStep, BudgetVersion
from jialiang.base.uncertainty_budgets.selectors import (
    budget_steps,
    budget_version,
    versions_in_force,
    versions_of,
)
from jialiang.functions import uncertainty_budgets as verbs
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.information.budget_templates.errors import TemplateUnreadable
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.accounts.selectors import actor_of
from jialiang.security.accounts.services import grant_role
from jialiang.security.audit.models import AuditRecord
from jialiang.security.policy import NotAuthorized, roles_for
from jialiang.vocabulary.statuses import BudgetState, label

pytestmark = pytest.mark.django_db
STATES = ("draft", "in_review", "in_force", "superseded", "withdrawn")
ROLES = (
    "receptionist", "technician", "reviewer", "signatory", "standards_keeper", "quality_manager", "auditor",
    "system_administrator", "instrument_manager", "identifier_operator", "customer",
)  # fmt: skip


@pytest.fixture
def world(in_tenant, now) -> World:
    return build_world(in_tenant, now)


@contextmanager
def tried():
    """A deed of which nothing stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def version(**changes: Any):
    return budget_world.version_facts(document=quickly_tried(), **changes)


def begun(world: World, **changes: Any) -> BudgetVersion:
    return budget_world.draft(world, document=quickly_tried(), **changes)


def brought_to(world: World, state: str) -> BudgetVersion:
    """A version in a state, by the deeds that lead there."""
    technician, reviewer, now = world.people["technician"], world.people["reviewer"], world.now
    row = begun(world)
    if state == "draft":
        return row
    if state == "withdrawn":
        return verbs.withdraw(actor=reviewer, version_id=row.id, reason="停用", now=now)
    row = verbs.submit(actor=technician, version_id=row.id, now=now)
    if state == "in_review":
        return row
    row = verbs.approve(actor=reviewer, version_id=row.id, seen_digest=row.digest, now=now)
    if state == "superseded":
        later = verbs.change(actor=technician, budget_id=row.budget_id, facts=version(maximum="50"), now=now)
        budget_world.put_into_force(world, later.id)
    return budget_version(row.id)


def deeds(world: World, row: BudgetVersion, actor: Any = None) -> dict[str, Callable[[], BudgetVersion]]:
    """The deeds on one version, by whom they are usually done or by ``actor``."""
    technician, reviewer = (actor or world.people[role] for role in ("technician", "reviewer"))
    at = {"version_id": row.id, "now": world.now}
    return {
        "submit": lambda: verbs.submit(actor=technician, **at),
        "approve": lambda: verbs.approve(actor=reviewer, seen_digest=row.digest, **at),
        "return": lambda: verbs.return_budget(actor=reviewer, reason="理由", **at),
        "withdraw": lambda: verbs.withdraw(actor=reviewer, reason="理由", **at),
    }


LEADS = {
    ("draft", "submit"): "in_review", ("in_review", "approve"): "in_force", ("in_review", "return"): "draft",
    ("draft", "withdraw"): "withdrawn", ("in_review", "withdraw"): "withdrawn", ("in_force", "withdraw"): "withdrawn",
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_every_deed_in_every_state_leads_where_it_should_or_is_refused_without_a_trace(world, state):
    row = brought_to(world, state)
    assert budget_version(row.id).state == state
    acts, told = AuditRecord.objects.count(), OutboxEvent.objects.count()
    for name, deed in deeds(world, row).items():
        target = LEADS.get((state, name))
        with tried():
            if target is None:
                with pytest.raises(BudgetWrongState) as refused:
                    deed()
                facts = refused.value.facts
                assert (facts["code"], facts["number"], facts["state"]) == (
                    row.budget.code,
                    1,
                    label(BudgetState(state)),
                )
                assert facts["action"] == f"uncertainty_budget.{name}"
                assert refused.value.way_out.zh
                assert refused.value.way_out.en
                assert (AuditRecord.objects.count(), OutboxEvent.objects.count()) == (acts, told)
            else:
                moved = deed()
                assert moved.state == target
                assert moved.version == row.version + 1
                assert AuditRecord.objects.count() == acts + 1
                assert OutboxEvent.objects.count() == told + 1
                last = list(budget_steps(row.budget_id))[-1]
                assert (last.from_state, last.to_state) == (state, target)
    assert budget_version(row.id).state == state


MAY = {
    "submit": {"technician", "standards_keeper"},
    "approve": {"reviewer", "quality_manager"},
    "return": {"reviewer", "quality_manager"},
    "withdraw": {"reviewer", "quality_manager"},
}


def test_every_role_does_what_it_may_and_nothing_else(world):
    """The table of roles is that of the policy; here it is tried on a version in the right state."""
    for role in ROLES:
        if role not in world.people:
            owner = world.customer_id if role == "customer" else None
            world.people[role] = add_person(world, role, "", world.now, organization_id=owner)
    for name in MAY:
        row = brought_to(world, "draft" if name == "submit" else "in_review")
        allowed = {role for role in ROLES if role in roles_for(f"uncertainty_budget.{name}")}
        assert MAY[name] <= allowed
        for role in ROLES:
            with tried():
                deed = deeds(world, row, world.people[role])[name]
                if role not in allowed:
                    with pytest.raises(NotAuthorized):
                        deed()
                    assert budget_version(row.id).state == row.state
                elif role == "technician" and name in ("approve", "return"):
                    with pytest.raises(AuthorApproves):
                        deed()
                else:
                    assert deed().state == LEADS[row.state, name]


def test_who_may_begin_and_change_a_budget(world):
    for role in ROLES:
        if role not in world.people:
            owner = world.customer_id if role == "customer" else None
            world.people[role] = add_person(world, role, "", world.now, organization_id=owner)
    row = begun(world)
    for action in ("create", "change"):
        allowed = {role for role in ROLES if role in roles_for(f"uncertainty_budget.{action}")}
        assert {"technician", "standards_keeper"} <= allowed
        assert not {"customer", "receptionist", "auditor", "identifier_operator"} & allowed
        for role in ROLES:
            with tried():
                actor = world.people[role]
                if role in allowed and action == "create":
                    assert begun(world, by=role).written_by_id == actor.person_id
                elif role in allowed:
                    changed = verbs.change(
                        actor=actor, budget_id=row.budget_id, facts=version(maximum="7"), now=world.now
                    )
                    assert (changed.id, changed.maximum, changed.written_by_id) == (
                        row.id,
                        "7",
                        actor.person_id,
                    )
                else:
                    with pytest.raises(NotAuthorized):
                        if action == "create":
                            begun(world, by=role)
                        else:
                            verbs.change(
                                actor=actor,
                                budget_id=row.budget_id,
                                facts=version(maximum="7"),
                                now=world.now,
                            )


def test_who_submitted_only_does_not_review_either(world):
    """The standards keeper wrote nothing but handed the draft in."""
    row = begun(world)
    keeper = world.people["standards_keeper"].person_id
    grant_role(
        person_id=keeper, role="reviewer", valid_from=world.now.date(), granted_by_id=None, now=world.now
    )
    both = actor_of(keeper, world.now.date(), "console")
    row = verbs.submit(actor=both, version_id=row.id, now=world.now)
    for name in ("approve", "return"):
        with pytest.raises(AuthorApproves) as refused:
            deeds(world, row, both)[name]()
        assert refused.value.facts["code"] == row.budget.code
        assert "何守准" in refused.value.facts["person"].zh


def test_whoever_wrote_may_withdraw_the_own_version_if_the_role_allows_it(world):
    """Giving up is no review; but a technician has no right to it."""
    row = begun(world)
    with pytest.raises(NotAuthorized):
        verbs.withdraw(actor=world.people["technician"], version_id=row.id, reason="重来", now=world.now)
    assert (
        verbs.withdraw(
            actor=world.people["reviewer"], version_id=row.id, reason="重来", now=world.now
        ).ended_at
        == world.now
    )


STALE = [-1, 1, 99, 0]


@pytest.mark.parametrize("off", STALE)
def test_a_draft_that_changed_since_it_was_read_is_neither_written_nor_submitted(world, off):
    row = begun(world)
    deed = {"actor": world.people["technician"], "now": world.now, "expected_version": row.version + off}
    if off == 0:
        written = verbs.change(budget_id=row.budget_id, facts=version(maximum="9"), **deed)
        assert (written.version, written.maximum) == (row.version + 1, "9")
        return
    for act in (
        lambda: verbs.change(budget_id=row.budget_id, facts=version(maximum="9"), **deed),
        lambda: verbs.submit(version_id=row.id, **deed),
    ):
        with pytest.raises(BudgetChanged) as refused:
            act()
        assert refused.value.facts == {"code": row.budget.code, "number": 1}
    assert (budget_version(row.id).state, budget_version(row.id).maximum) == ("draft", "")


def test_two_who_approve_one_version_do_it_once(world):
    row = brought_to(world, "in_review")
    deeds(world, row)["approve"]()
    with pytest.raises(BudgetWrongState):
        deeds(world, row)["approve"]()
    assert [held.id for held in versions_in_force("thermometer_line")] == [row.id]
    assert BudgetStep.objects.filter(action="uncertainty_budget.approve").count() == 1


REASONS = [
    ("", BudgetReasonNeeded),
    (" \t\n", BudgetReasonNeeded),
    ("长" * 401, BudgetMember),
    ("a\0b", BudgetMember),
]


@pytest.mark.parametrize(("reason", "problem"), REASONS, ids=["empty", "blank", "long", "nul"])
def test_a_reason_is_there_and_can_be_kept(world, reason, problem):
    row = brought_to(world, "in_review")
    for verb in (verbs.return_budget, verbs.withdraw):
        with pytest.raises(problem) as refused:
            verb(actor=world.people["reviewer"], version_id=row.id, reason=reason, now=world.now)
        assert refused.value.what.zh
        assert refused.value.what.en
    assert budget_version(row.id).state == "in_review"


def test_a_reason_is_kept_in_one_line_and_told_on_the_record(world):
    row = brought_to(world, "in_review")
    reason = "  漏了漂移，\n 见  第 3 项 "
    verbs.return_budget(actor=world.people["reviewer"], version_id=row.id, reason=reason, now=world.now)
    last = list(budget_steps(row.budget_id))[-1]
    assert (last.reason, last.person_name) == ("漏了漂移， 见 第 3 项", "陈同律")
    act = AuditRecord.objects.filter(action="uncertainty_budget.return").get()
    assert "漏了漂移" in str(act.detail)


def test_a_budget_that_came_back_goes_the_whole_way_and_nothing_of_it_is_forgotten(world):
    row = brought_to(world, "in_review")
    deeds(world, row)["return"]()
    verbs.change(
        actor=world.people["technician"], budget_id=row.budget_id, facts=version(minimum="-5"), now=world.now
    )
    held = budget_world.put_into_force(world, row.id)
    assert (held.number, held.minimum, held.state) == (1, "-5", "in_force")
    steps = [(step.action.partition(".")[2], step.to_state) for step in budget_steps(row.budget_id)]
    assert steps == [
        ("create", "draft"), ("submit", "in_review"), ("return", "draft"), ("change", "draft"),
        ("submit", "in_review"), ("approve", "in_force"),
    ]  # fmt: skip
    assert [step.at for step in budget_steps(row.budget_id)] == [world.now] * 6


SCOPES = [
    (("0", "100"), ("100", "200"), False), (("0", "100"), ("99.9", "200"), True), (("", "0"), ("0", ""), False),
    (("", ""), ("5", "6"), True), (("20", "20"), ("20", "20"), True), (("20", "20"), ("10", "30"), True),
    (("20", "20"), ("20", "30"), False), (("-10", "0"), ("-20", "-10"), False), (("", "5"), ("", "-5"), True),
]  # fmt: skip


@pytest.mark.parametrize(("held", "wanted", "is_taken"), SCOPES, ids=str)
def test_two_budgets_hold_for_points_of_their_own(world, held, wanted, is_taken):
    first = begun(world, minimum=held[0], maximum=held[1])
    budget_world.put_into_force(world, first.id)
    second = begun(world, minimum=wanted[0], maximum=wanted[1])
    if is_taken:
        with pytest.raises(ScopeTaken) as refused:
            budget_world.put_into_force(world, second.id)
        assert refused.value.facts["other"] == first.budget.code
        assert refused.value.facts["interval"] == f"{held[0] or '−∞'} … {held[1] or '∞'}"
        assert [row.id for row in versions_in_force("thermometer_line")] == [first.id]
    else:
        budget_world.put_into_force(world, second.id)
        assert [row.id for row in versions_in_force("thermometer_line")] == [first.id, second.id]


def test_what_does_not_exist_is_said_before_anything_else(world):
    nowhere = new_id(world.now)
    actor, now = world.people["reviewer"], world.now
    attempts = (
        lambda: verbs.submit(actor=actor, version_id=nowhere, now=now),
        lambda: verbs.approve(actor=actor, version_id=nowhere, seen_digest="", now=now),
        lambda: verbs.return_budget(actor=actor, version_id=nowhere, reason="x", now=now),
        lambda: verbs.withdraw(actor=actor, version_id=nowhere, reason="x", now=now),
        lambda: verbs.change(actor=actor, budget_id=nowhere, facts=version(), now=now),
    )
    for attempt in attempts:
        with pytest.raises(BudgetUnknown) as refused:
            attempt()
        assert refused.value.facts["wanted"] == str(nowhere)


def test_a_document_that_records_cannot_fill_is_refused_at_its_member_and_changes_nothing(world):
    row = begun(world)
    wrong = quickly_tried()
    wrong["inputs"][0]["from"] = {"source": "parameter", "name": "standard_value", "as": "value"}
    facts = budget_world.version_facts(document=wrong)
    with pytest.raises(TemplateUnreadable) as refused:
        verbs.change(actor=world.people["technician"], budget_id=row.budget_id, facts=facts, now=world.now)
    assert refused.value.facts["member"] == "t.from.name"
    assert "reference_point" in refused.value.facts["known"]
    stored = versions_of(row.budget_id)
    assert [(each.digest, each.version) for each in stored] == [(row.digest, row.version)]


def test_the_people_of_a_version_are_named_in_both_languages(world):
    row = brought_to(world, "in_force")
    assert row.written_by == Text("李小量", "Technician")
    assert row.approved_by == Text("陈同律", "Reviewer")
    assert (row.written_at, row.submitted_at, row.approved_at, row.ended_at) == (world.now,) * 3 + (None,)
