"""Versions of one budget under any sequence of deeds: one in force, one being written, history that never changes."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from tests.functions import budget_world
from tests.functions.record_world import World, build_world
from tests.machines import DatabaseMachine, run

from jialiang.base.uncertainty_budgets.errors import (
    AuthorApproves,
    BudgetChanged,
    BudgetWrongState,
    NothingChanged,
)
from jialiang.base.uncertainty_budgets.models import BudgetVersion
from jialiang.base.uncertainty_budgets.selectors import (
    budget_steps,
    budget_version,
    count_uncertainty_budgets,
    version_before,
    versions_in_force,
    versions_of,
    versions_waiting,
)
from jialiang.functions import uncertainty_budgets as verbs
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.information.budget_templates.shipped_templates import shipped_template
from jialiang.security.accounts.selectors import actor_of
from jialiang.security.accounts.services import grant_role
from jialiang.security.audit.models import AuditRecord
from jialiang.security.tenancy.scope import scope

AUTHORS = st.sampled_from(["technician", "standards_keeper"])
ENDS = st.sampled_from(["", "10", "20", "30"])
WRITTEN_ONCE = ("document", "digest", "minimum", "maximum", "unit", "change_note", "written_by_id", "written_at")


def quickly_tried() -> dict[str, Any]:
    """The template of thermometers, tried out by the law of propagation alone: two hundred thousand draws are saved."""
    document = shipped_template("thermometer_line")
    return document | {"settings": document["settings"] | {"validate": False, "draws": "10000"}}


class Budget(DatabaseMachine):
    """A model of one budget: its states by number, its latest scope, and what had left its draft.

    The institute is founded once for all runs; what a run does in it is rolled back at its end.
    """

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self._institute = scope(self.world.tenant.id)
        self._institute.__enter__()

    def teardown(self) -> None:
        self._institute.__exit__(None, None, None)
        super().teardown()

    @initialize()
    def begin(self) -> None:
        first = budget_world.draft(self.world, document=quickly_tried())
        self.budget_id = first.budget_id
        self.states = {1: "draft"}
        self.scopes = {1: ""}
        self.sealed: dict[int, dict[str, object]] = {}
        self.acts, self.events = ["create"], ["created"]

    @property
    def newest(self) -> BudgetVersion:
        return versions_of(self.budget_id)[0]

    def actor(self, role: str):
        return self.world.people[role]

    def told(self, act: str, event: str = "") -> None:
        self.acts.append(act)
        self.events.extend([event] if event else [])
        self.pass_time(60)

    @rule(author=AUTHORS, maximum=ENDS, is_late=st.booleans())
    def change(self, author: str, maximum: str, is_late: bool) -> None:
        row, number = self.newest, max(self.states)
        state = self.states[number]
        deed = {
            "actor": self.actor(author),
            "budget_id": self.budget_id,
            "facts": budget_world.version_facts(maximum=maximum, document=quickly_tried()),
            "now": self.now,
            "expected_version": row.version - 1 if is_late else row.version,
        }
        if is_late or state == "in_review" or (state != "draft" and self.scopes[number] == maximum):
            wrong = BudgetChanged if is_late else BudgetWrongState if state == "in_review" else NothingChanged
            with pytest.raises(wrong):
                verbs.change(**deed)
            return
        verbs.change(**deed)
        number += state != "draft"
        self.states[number], self.scopes[number] = "draft", maximum
        self.told("change")

    @rule()
    def submit(self) -> None:
        row, number = self.newest, max(self.states)
        deed = {"actor": self.actor("technician"), "version_id": row.id, "now": self.now}
        if self.states[number] != "draft":
            with pytest.raises(BudgetWrongState):
                verbs.submit(**deed)
            return
        verbs.submit(**deed)
        self.states[number] = "in_review"
        self.told("submit", "submitted")

    @rule(saw_it=st.booleans())
    def approve(self, saw_it: bool) -> None:
        row, number = self.newest, max(self.states)
        seen = row.digest if saw_it else "0" * 64
        deed = {"actor": self.actor("reviewer"), "version_id": row.id, "seen_digest": seen, "now": self.now}
        if not saw_it or self.states[number] != "in_review":
            with pytest.raises((BudgetChanged, BudgetWrongState)):
                verbs.approve(**deed)
            return
        verbs.approve(**deed)
        self.states = {n: "superseded" if s == "in_force" else s for n, s in self.states.items()}
        self.states[number] = "in_force"
        self.told("approve", "approved")

    @precondition(lambda self: self.states[max(self.states)] == "in_review")
    @rule()
    def send_back(self) -> None:
        number = max(self.states)
        deed = {"version_id": self.newest.id, "reason": "再想想", "now": self.now}
        verbs.return_budget(actor=self.actor("reviewer"), **deed)
        self.states[number] = "draft"
        self.told("return", "returned")

    @rule(back=st.integers(0, 2))
    def withdraw(self, back: int) -> None:
        number = max(1, max(self.states) - back)
        row = next(version for version in versions_of(self.budget_id) if version.number == number)
        deed = {"actor": self.actor("reviewer"), "version_id": row.id, "reason": "停用", "now": self.now}
        if self.states[number] in ("superseded", "withdrawn"):
            with pytest.raises(BudgetWrongState):
                verbs.withdraw(**deed)
            return
        verbs.withdraw(**deed)
        self.states[number] = "withdrawn"
        self.told("withdraw", "withdrawn")

    @invariant()
    def states_are_those_of_the_model(self) -> None:
        rows = versions_of(self.budget_id)
        assert {row.number: row.state for row in rows} == self.states
        assert [row.number for row in rows] == list(range(len(rows), 0, -1))

    @invariant()
    def at_most_one_holds_and_one_is_being_written(self) -> None:
        states = list(self.states.values())
        assert states.count("in_force") <= 1
        assert states.count("draft") + states.count("in_review") <= 1
        held = [number for number, state in self.states.items() if state == "in_force"]
        assert [row.number for row in versions_in_force("thermometer_line")] == held
        assert [row.number for row in versions_waiting()] == [n for n, s in self.states.items() if s == "in_review"]
        for state in set(states):
            assert count_uncertainty_budgets(state=state) == 1

    @invariant()
    def what_was_approved_is_never_written_again(self) -> None:
        for row in versions_of(self.budget_id):
            says = {name: getattr(row, name) for name in WRITTEN_ONCE}
            if row.approved_at is not None:
                assert self.sealed.setdefault(row.number, says) == says
            assert (row.ended_at is not None) is (row.state in ("superseded", "withdrawn"))

    @invariant()
    def the_steps_of_a_version_join_one_another(self) -> None:
        last: dict[int, str] = {}
        for step in budget_steps(self.budget_id):
            number = step.budget_version.number
            assert step.from_state == last.get(number, "")
            last[number] = step.to_state
        assert last == self.states

    @invariant()
    def every_deed_is_told_once_and_no_refusal_is(self) -> None:
        acts = AuditRecord.objects.filter(action__startswith="uncertainty_budget.").order_by("seq")
        assert [act.action.partition(".")[2] for act in acts] == self.acts
        events = OutboxEvent.objects.filter(name__startswith="uncertainty_budget.").order_by("id")
        assert [event.name.partition(".")[2] for event in events] == self.events

    @invariant()
    def the_version_before_is_older_and_held_where_one_did(self) -> None:
        held = {row.number for row in versions_of(self.budget_id) if row.approved_at is not None}
        for row in versions_of(self.budget_id):
            before = version_before(row)
            older = [number for number in self.states if number < row.number]
            expected = max([n for n in older if n in held], default=max(older, default=None))
            assert (before.number if before else None) == expected


@pytest.mark.django_db
def test_any_sequence_of_deeds_keeps_the_promises_of_a_budget(in_tenant, now):
    Budget.world = build_world(in_tenant, now)
    run(Budget, examples=5, steps=16, shrinks=False)


@pytest.mark.django_db
@pytest.mark.parametrize("written_by", ["technician", "standards_keeper"])
def test_whoever_wrote_an_earlier_version_only_may_review_a_later_one_of_another(in_tenant, now, written_by):
    """Two eyes are asked for of each version, not of the budget: the author of version 1 did not write version 2."""
    world = build_world(in_tenant, now)
    other = ({"technician", "standards_keeper"} - {written_by}).pop()
    first = budget_world.draft(world, by=written_by, document=quickly_tried())
    verbs.submit(actor=world.people[written_by], version_id=first.id, now=now)
    reviewer = world.people["reviewer"]
    verbs.approve(actor=reviewer, version_id=first.id, seen_digest=budget_version(first.id).digest, now=now)
    second = verbs.change(
        actor=world.people[other],
        budget_id=first.budget_id,
        facts=budget_world.version_facts(maximum="5", document=quickly_tried()),
        now=now,
    )
    verbs.submit(actor=world.people[other], version_id=second.id, now=now)
    person = world.people[written_by].person_id
    grant_role(person_id=person, role="reviewer", valid_from=now.date(), granted_by_id=None, now=now)
    both = actor_of(person, now.date(), "console")
    approved = verbs.approve(actor=both, version_id=second.id, seen_digest=second.digest, now=now)
    assert (approved.state, approved.approved_by_id) == ("in_force", person)
    with pytest.raises(AuthorApproves):
        third = verbs.change(
            actor=both,
            budget_id=first.budget_id,
            facts=budget_world.version_facts(maximum="6", document=quickly_tried()),
            now=now,
        )
        verbs.submit(actor=both, version_id=third.id, now=now)
        verbs.approve(actor=both, version_id=third.id, seen_digest=third.digest, now=now)
    assert budget_version(second.id).state == "in_force"
