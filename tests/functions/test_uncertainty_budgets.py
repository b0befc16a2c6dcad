"""A budget from draft to force: versions, two persons, one template for each point, and what is left on record."""

from __future__ import annotations

import pytest
from tests.functions import budget_world
from tests.functions.budget_world import draft, in_force, in_review, put_into_force, version_facts, with_bath
from tests.functions.record_world import build_world

from jialiang.base.calibrations.errors import UnknownProcedure
from jialiang.base.uncertainty_budgets.errors import (
    AuthorApproves,
    BudgetChanged,
    BudgetMember,
    BudgetReasonNeeded,
    BudgetUnknown,
    BudgetWrongState,
    NothingChanged,
    ScopeTaken,
    TrialFails,
)
from jialiang.base.uncertainty_budgets.facts import BudgetFacts
from jialiang.base.uncertainty_budgets.models import BudgetVersion
from jialiang.base.uncertainty_budgets.selectors import (
    budget_steps,
    budget_version,
    uncertainty_budgets,
    versions_in_force,
    versions_of,
    versions_waiting,
)
from jialiang.functions import uncertainty_budgets as verbs
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.information.budget_templates.errors import TemplateUnreadable
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.accounts.selectors import actor_of
from jialiang.security.accounts.services import grant_role
from jialiang.security.audit.models import AuditRecord
from jialiang.security.policy import NotAuthorized
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(in_tenant, now):
    return build_world(in_tenant, now)


def test_a_budget_goes_from_draft_over_review_into_force(world):
    row = draft(world)
    assert (row.number, row.state, row.budget.code[:3]) == (1, "draft", "UB-")
    verbs.submit(actor=world.people["technician"], version_id=row.id, now=world.now)
    assert [waiting.id for waiting in versions_waiting()] == [row.id]
    approved = verbs.approve(
        actor=world.people["reviewer"], version_id=row.id, seen_digest=row.digest, now=world.now
    )
    assert approved.state == "in_force"
    assert approved.approved_by == Text("陈同律", "Reviewer")
    assert [held.id for held in versions_in_force("thermometer_line")] == [row.id]
    assert versions_waiting() == []
    steps = [(step.action.split(".")[1], step.from_state, step.to_state) for step in budget_steps(row.budget_id)]
    assert steps == [("create", "", "draft"), ("submit", "draft", "in_review"), ("approve", "in_review", "in_force")]


def test_every_deed_leaves_an_audit_record_and_its_event(world):
    row = in_review(world)
    verbs.return_budget(actor=world.people["reviewer"], version_id=row.id, reason="漏了漂移", now=world.now)
    verbs.change(
        actor=world.people["technician"], budget_id=row.budget_id, facts=version_facts(minimum="0"), now=world.now
    )
    put_into_force(world, row.id)
    verbs.withdraw(actor=world.people["reviewer"], version_id=row.id, reason="方法作废", now=world.now)
    acts = AuditRecord.objects.filter(action__startswith="uncertainty_budget.").order_by("seq")
    assert [act.action.split(".")[1] for act in acts] == [
        "create", "submit", "return", "change", "submit", "approve", "withdraw"
    ]  # fmt: skip
    events = OutboxEvent.objects.filter(name__startswith="uncertainty_budget.").order_by("id")
    told = ["created", "submitted", "returned", "submitted", "approved", "withdrawn"]
    assert [event.name.split(".")[1] for event in events] == told
    assert {event.subject_id for event in events} == {row.id}


def test_a_change_to_what_holds_makes_a_new_version_and_leaves_the_old_one_as_it_is(world):
    first = in_force(world)
    kept = dict(BudgetVersion.objects.filter(pk=first.id).values().get())
    second = verbs.change(
        actor=world.people["standards_keeper"],
        budget_id=first.budget_id,
        facts=version_facts(document=with_bath("0.004"), change_note="换了恒温槽"),
        now=world.now,
    )
    assert (second.number, second.state) == (2, "draft")
    assert dict(BudgetVersion.objects.filter(pk=first.id).values().get()) == kept
    approved = put_into_force(world, second.id)
    assert approved.state == "in_force"
    old = budget_version(first.id)
    assert (old.state, old.document, old.digest) == ("superseded", kept["document"], kept["digest"])
    assert old.ended_at == world.now
    assert [version.number for version in versions_of(first.budget_id)] == [2, 1]
    assert [held.number for held in versions_in_force("thermometer_line")] == [2]


def test_a_draft_is_written_again_without_a_new_version(world):
    row = draft(world)
    again = verbs.change(
        actor=world.people["technician"], budget_id=row.budget_id, facts=version_facts(maximum="100"), now=world.now
    )
    assert (again.id, again.number, again.maximum) == (row.id, 1, "100")
    assert again.digest != row.digest
    assert again.version == row.version + 1


def test_a_version_in_review_is_not_written(world):
    row = in_review(world)
    with pytest.raises(BudgetWrongState) as refused:
        verbs.change(
            actor=world.people["technician"], budget_id=row.budget_id, facts=version_facts(maximum="9"), now=world.now
        )
    assert refused.value.facts["state"] == Text("评审中", "In review")


def test_a_new_version_that_says_the_same_is_none(world):
    row = in_force(world)
    with pytest.raises(NothingChanged):
        facts = version_facts(document=row.document, change_note="再来一次")
        verbs.change(actor=world.people["technician"], budget_id=row.budget_id, facts=facts, now=world.now)
    assert len(versions_of(row.budget_id)) == 1


def test_a_withdrawn_budget_begins_a_new_version_on_change(world):
    row = in_force(world)
    verbs.withdraw(actor=world.people["reviewer"], version_id=row.id, reason="停用", now=world.now)
    again = verbs.change(
        actor=world.people["technician"], budget_id=row.budget_id, facts=version_facts(maximum="9"), now=world.now
    )
    assert (again.number, again.state) == (2, "draft")


@pytest.mark.parametrize("deed", ["approve", "return"])
def test_whoever_wrote_any_of_a_version_does_not_review_it_whatever_roles_there_are(world, deed):
    row = draft(world)
    keeper = world.people["standards_keeper"]
    changed = version_facts(maximum="90")
    verbs.change(actor=keeper, budget_id=row.budget_id, facts=changed, now=world.now)
    row = verbs.submit(actor=world.people["technician"], version_id=row.id, now=world.now)
    for role in ("technician", "standards_keeper"):
        who = _with_role(world, role, "quality_manager")
        with pytest.raises(AuthorApproves):
            if deed == "approve":
                verbs.approve(actor=who, version_id=row.id, seen_digest=row.digest, now=world.now)
            else:
                verbs.return_budget(actor=who, version_id=row.id, reason="看错", now=world.now)
    assert budget_version(row.id).state == "in_review"


def _with_role(world, role, further):
    person = world.people[role].person_id
    grant_role(person_id=person, role=further, valid_from=world.now.date(), granted_by_id=None, now=world.now)
    return actor_of(person, world.now.date(), "console")


def test_what_is_approved_is_what_was_seen(world):
    row = in_review(world)
    with pytest.raises(BudgetChanged):
        verbs.approve(actor=world.people["reviewer"], version_id=row.id, seen_digest="0" * 64, now=world.now)


def test_a_draft_is_not_approved(world):
    row = draft(world)
    with pytest.raises(BudgetWrongState):
        verbs.approve(actor=world.people["reviewer"], version_id=row.id, seen_digest=row.digest, now=world.now)


@pytest.mark.parametrize("deed", ["return_budget", "withdraw"])
def test_returning_and_withdrawing_need_a_reason(world, deed):
    row = in_review(world)
    with pytest.raises(BudgetReasonNeeded):
        getattr(verbs, deed)(actor=world.people["reviewer"], version_id=row.id, reason="  \n", now=world.now)


def test_an_old_draft_is_not_saved_over_a_newer_one(world):
    row = draft(world)
    facts = version_facts(maximum="90")
    verbs.change(actor=world.people["technician"], budget_id=row.budget_id, facts=facts, now=world.now)
    with pytest.raises(BudgetChanged):
        verbs.change(
            actor=world.people["standards_keeper"],
            budget_id=row.budget_id,
            facts=version_facts(maximum="80"),
            now=world.now,
            expected_version=row.version,
        )
    with pytest.raises(BudgetChanged):
        actor = world.people["technician"]
        verbs.submit(actor=actor, version_id=row.id, now=world.now, expected_version=row.version)


OVERLAPS = [
    (("", ""), ("0", "100"), True),
    (("0", "50"), ("40", "100"), True),
    (("0", "50"), ("10", "20"), True),
    (("0", "50"), ("50", "100"), False),
    (("0", "50"), ("51", ""), False),
    (("", "0"), ("0", ""), False),
    (("20", "20"), ("20", "20"), True),
    (("20", "20"), ("0", "50"), True),
    (("0", "50"), ("20", "20"), True),
    (("", "50"), ("20", "20"), True),
    (("0", "20"), ("20", "20"), False),
]


@pytest.mark.parametrize(("held", "wanted", "taken"), OVERLAPS, ids=str)
def test_every_point_of_a_procedure_has_one_budget_in_force(world, held, wanted, taken):
    first = in_force(world, minimum=held[0], maximum=held[1])
    row = in_review(world, minimum=wanted[0], maximum=wanted[1])
    deed = {"actor": world.people["reviewer"], "version_id": row.id, "seen_digest": row.digest, "now": world.now}
    if not taken:
        assert verbs.approve(**deed).state == "in_force"
        return
    with pytest.raises(ScopeTaken) as refused:
        verbs.approve(**deed)
    assert refused.value.facts["other"] == first.budget.code
    assert budget_version(row.id).state == "in_review"


def test_the_ends_of_intervals_are_compared_in_one_unit(world):
    """0 °C … 50 °C and 323.15 K … 373.15 K meet at 50 °C; from 320 K they overlap."""
    in_force(world, minimum="0", maximum="50")
    meeting = in_review(world, unit="\\kelvin", minimum="323.15", maximum="373.15")
    overlapping = in_review(world, unit="\\kelvin", minimum="320", maximum="323")
    reviewer = world.people["reviewer"]
    with pytest.raises(ScopeTaken):
        verbs.approve(actor=reviewer, version_id=overlapping.id, seen_digest=overlapping.digest, now=world.now)
    verbs.approve(actor=reviewer, version_id=meeting.id, seen_digest=meeting.digest, now=world.now)


def test_budgets_of_another_procedure_or_quantity_do_not_stand_in_the_way(world):
    in_force(world)
    in_force(world, "repeated_comparison")
    in_force(world, "repeated_comparison", unit="\\gram")
    assert len(versions_in_force("repeated_comparison")) == 2


def test_a_budget_that_cannot_be_tried_out_does_not_go_to_review(world):
    document = with_bath("0.004")
    del document["inputs"][4]["U"]
    row = draft(world, document=document)
    with pytest.raises(TrialFails) as refused:
        verbs.submit(actor=world.people["technician"], version_id=row.id, now=world.now)
    assert refused.value.facts["code"] == row.budget.code
    assert budget_version(row.id).state == "draft"


BAD = {
    "unknown unit": ({"unit": "\\furlong"}, BudgetMember),
    "reversed limits": ({"minimum": "10", "maximum": "1"}, BudgetMember),
    "no decimal": ({"minimum": "cold"}, BudgetMember),
    "unknown kind": ({"quantity_kind": "phlogiston"}, BudgetMember),
    "unit of another kind": ({"quantity_kind": "mass"}, BudgetMember),
    "a note that is too long": ({"change_note": "长" * 401}, BudgetMember),
    "a document without inputs": ({"document": {"model": {"expr": "y = x"}}}, TemplateUnreadable),
    "a number that is none": ({"document": {"model": {"expr": "y=x"}, "inputs": [float("nan")]}}, TemplateUnreadable),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_stored_is_refused_with_its_member(world, name):
    changes, error = BAD[name]
    with pytest.raises(error):
        draft(world, **changes)
    assert len(uncertainty_budgets().rows) == 0


def test_a_budget_needs_a_name_and_a_known_procedure(world):
    technician = world.people["technician"]
    with pytest.raises(BudgetMember):
        facts = BudgetFacts(name=Text(" ", ""), procedure="thermometer_line")
        verbs.create(actor=technician, facts=facts, first=version_facts(), now=world.now)
    with pytest.raises(UnknownProcedure):
        facts = BudgetFacts(name=budget_world.NAME, procedure="palmistry")
        verbs.create(actor=technician, facts=facts, first=version_facts(), now=world.now)


def test_numbers_are_kept_as_texts_so_that_the_digest_is_the_same_everywhere(world):
    document = with_bath("0.004")
    bath = next(item for item in document["inputs"] if item["name"] == "delta_bath")
    row = draft(world, document=document)
    bath["half_width"] = 0.004
    assert draft(world, document=document).digest == row.digest


DEEDS = ("create", "change", "submit", "approve", "return_budget", "withdraw")
WRITERS, REVIEWERS = {"technician", "standards_keeper"}, {"reviewer"}


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("role", ["receptionist", "technician", "reviewer", "signatory", "standards_keeper"])
def test_who_may_not_is_refused(world, deed, role):
    if role in (WRITERS if deed in DEEDS[:3] else REVIEWERS):
        return
    row = draft(world) if deed == "submit" else in_review(world)
    who, now = world.people[role], world.now
    deeds = {
        "create": lambda: draft(world, by=role),
        "change": lambda: verbs.change(actor=who, budget_id=row.budget_id, facts=version_facts(), now=now),
        "submit": lambda: verbs.submit(actor=who, version_id=row.id, now=now),
        "approve": lambda: verbs.approve(actor=who, version_id=row.id, seen_digest=row.digest, now=now),
        "return_budget": lambda: verbs.return_budget(actor=who, version_id=row.id, reason="x", now=now),
        "withdraw": lambda: verbs.withdraw(actor=who, version_id=row.id, reason="x", now=now),
    }
    with pytest.raises(NotAuthorized):
        deeds[deed]()
    assert [version.version for version in versions_of(row.budget_id)] == [row.version]


def test_the_budgets_of_another_institute_are_not_found(world, now):
    row = in_force(world)
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=now)
    with scope(other.id):
        with pytest.raises(BudgetUnknown):
            budget_version(row.id)
        assert versions_in_force("thermometer_line") == []
    with pytest.raises(BudgetUnknown):
        verbs.submit(actor=world.people["technician"], version_id=new_id(now), now=now)
