"""A comparison from registration to report: states, refusals, permissions, what is left on record."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.functions.comparison_world import BARE_WEIGHT, MASS, WEIGHT, Desk
from tests.ledger import build_world

from jialiang.base.comparison_rounds import errors
from jialiang.base.comparison_rounds.facts import ParticipantFacts, ResultFacts, RoundFacts
from jialiang.base.comparison_rounds.selectors import (
    artefacts_of,
    comparison_participant,
    comparison_round,
    comparison_rounds,
    count_comparison_rounds,
    counts_of_rounds_by_state,
    participant_of,
    participants_of,
    results_of,
)
from jialiang.base.organizations.errors import OrganizationUnknown
from jialiang.functions import comparison_rounds as verbs
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.kernel.text import Text
from jialiang.security.audit.models import AuditRecord
from jialiang.security.policy import NotAuthorized
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

pytestmark = pytest.mark.django_db
NAMED = ParticipantFacts(name=Text("某院", "Some institute"))
TEN = ResultFacts(measured_value="10.0", expanded_uncertainty="1")


@pytest.fixture
def desk(in_tenant, now) -> Desk:
    return Desk(in_tenant.id, now)


def test_a_round_goes_from_registration_over_measuring_and_evaluation_to_its_report(desk, now):
    row = desk.open("weighted_mean")
    assert (row.number, row.state) == (f"CR-{now.year}-0001", "open")
    desk.enrol(row, "A", "B")
    assert comparison_round(row.id).state == "open"
    desk.enter(row, "A", "10.0", "2")
    assert comparison_round(row.id).state == "measuring"
    desk.enter(row, "B", "12.0", "2")
    seen = verbs.evaluate(actor=desk.technician, round_id=row.id, now=now)
    assert seen.state == "evaluated"
    assert seen.evaluation["artefacts"][0]["assigned"]["value"] == "11.0"
    done = verbs.report(actor=desk.manager, round_id=row.id, seen_digest=seen.evaluation_digest, now=now)
    assert (done.state, done.reported_by_name, done.reported_at) == ("reported", desk.manager.name.zh, now)
    assert comparison_round(row.id).evaluation == seen.evaluation


def test_every_deed_leaves_an_audit_record_and_its_event(desk):
    row = desk.reported()
    other = desk.open()
    verbs.cancel(actor=desk.manager, round_id=other.id, reason="样品损坏", now=desk.now)
    acts = [each.action for each in AuditRecord.objects.filter(action__startswith="comparison_round.").order_by("seq")]
    told = OutboxEvent.objects.filter(name__startswith="comparison_round.").order_by("id")
    deeds = ["open", "enrol", "enter_result", "enrol", "enter_result", "evaluate", "report", "open", "cancel"]
    assert acts == [f"comparison_round.{deed}" for deed in deeds]
    happened = [each.name.split(".")[1] for each in told]
    assert happened == [
        "opened", "enrolled", "result_entered", "enrolled", "result_entered", "evaluated", "reported", "opened",
        "cancelled",
    ]  # fmt: skip
    assert {each.subject_id for each in told} == {row.id, other.id}


def test_the_numbers_have_no_gaps_and_a_refused_round_takes_none(desk, now):
    assert desk.open().number.endswith("0001")
    with pytest.raises(errors.RoundIncomplete):
        verbs.open_round(actor=desk.manager, facts=MASS, artefacts=[], now=now)
    assert desk.open().number.endswith("0002")


def test_a_correction_replaces_the_result_keeps_the_old_one_on_record_and_drops_the_evaluation(desk):
    row = desk.evaluated()
    desk.enter(row, "B", "13.0", "2", "2.1")
    again = comparison_round(row.id)
    assert (again.state, again.evaluation, again.evaluation_digest) == ("measuring", None, "")
    assert [each.measured_value for each in results_of(row.id)] == ["10.0", "13.0"]
    last = AuditRecord.objects.filter(action="comparison_round.enter_result").order_by("-seq").first()
    assert last.detail["before"] == {
        "measured_value": "12.0", "expanded_uncertainty": "2", "coverage_factor": "2",
    }  # fmt: skip
    assert (last.detail["measured_value"], last.detail["coverage_factor"]) == ("13.0", "2.1")


def test_the_same_results_evaluated_again_give_the_same_digest(desk):
    row = desk.evaluated()
    again = verbs.evaluate(actor=desk.manager, round_id=row.id, now=desk.now + timedelta(days=3))
    assert again.evaluation_digest == row.evaluation_digest
    assert again.state_since == row.state_since


def test_only_the_evaluation_that_was_seen_is_reported(desk):
    row = desk.evaluated()
    desk.enter(row, "B", "13.0", "2")
    fresh = verbs.evaluate(actor=desk.technician, round_id=row.id, now=desk.now)
    assert fresh.evaluation_digest != row.evaluation_digest
    with pytest.raises(errors.EvaluationChanged) as refused:
        verbs.report(actor=desk.manager, round_id=row.id, seen_digest=row.evaluation_digest, now=desk.now)
    assert refused.value.facts["number"] == row.number
    assert comparison_round(row.id).state == "evaluated"


def test_a_reported_round_never_changes(desk):
    row = desk.reported()
    participant = participants_of(row.id)[0]
    attempts = [
        lambda: desk.enter(row, "A", "9", "1"),
        lambda: desk.enrol(row, "Z"),
        lambda: verbs.evaluate(actor=desk.technician, round_id=row.id, now=desk.now),
        lambda: verbs.cancel(actor=desk.manager, round_id=row.id, reason="后悔", now=desk.now),
        lambda: verbs.report(
            actor=desk.manager, round_id=row.id, seen_digest=row.evaluation_digest, now=desk.now
        ),
    ]
    for attempt in attempts:
        with pytest.raises(errors.RoundStateForbids) as refused:
            attempt()
        assert refused.value.facts["state"].zh == "已报告"
    assert [each.measured_value for each in results_of(row.id)] == ["10.0", "12.0"]
    assert comparison_participant(participant.id).code == "A"


def test_nobody_is_enrolled_once_the_round_is_evaluated(desk):
    row = desk.evaluated()
    with pytest.raises(errors.RoundStateForbids) as refused:
        desk.enrol(row, "C")
    assert refused.value.facts["allowed"].en == "Enrolling, Measuring"


def test_a_round_without_any_result_is_not_evaluated(desk):
    row = desk.open()
    desk.enrol(row, "A")
    with pytest.raises(errors.RoundStateForbids):
        verbs.evaluate(actor=desk.technician, round_id=row.id, now=desk.now)


@pytest.mark.parametrize(
    ("assigned_by", "given", "needed"),
    [("weighted_mean", 1, 2), ("largest_consistent_subset", 1, 2), ("algorithm_a", 2, 3)],
)
def test_a_value_from_the_participants_needs_enough_of_them(desk, assigned_by, given, needed):
    row = desk.measured([("10.0", "2")] * given, assigned_by)
    with pytest.raises(errors.TooFewResults) as refused:
        verbs.evaluate(actor=desk.technician, round_id=row.id, now=desk.now)
    facts = refused.value.facts
    assert (facts["needed"], facts["given"], facts["artefact"]) == (needed, given, BARE_WEIGHT.name)
    assert comparison_round(row.id).state == "measuring"


def test_a_second_artefact_without_results_is_named(desk):
    row = desk.open("weighted_mean", [BARE_WEIGHT, BARE_WEIGHT])
    for code in "AB":
        desk.enrol(row, code)
        desk.enter(row, code, "10.0", "1")
    with pytest.raises(errors.TooFewResults) as refused:
        verbs.evaluate(actor=desk.technician, round_id=row.id, now=desk.now)
    assert refused.value.facts["given"] == 0


def test_cancelling_needs_a_reason_that_fits(desk):
    row = desk.open()
    for reason, wanted in ((" \n ", errors.RoundReasonMissing), ("长" * 201, errors.RoundMember)):
        with pytest.raises(wanted):
            verbs.cancel(actor=desk.manager, round_id=row.id, reason=reason, now=desk.now)
    cancelled = verbs.cancel(actor=desk.manager, round_id=row.id, reason="样品\n损坏", now=desk.now)
    assert (cancelled.state, cancelled.state_reason) == ("cancelled", "样品 损坏")
    with pytest.raises(errors.RoundStateForbids):
        desk.enrol(row, "A")


def test_a_code_and_a_laboratory_stand_once_in_a_round(desk, in_tenant, now):
    world = build_world(in_tenant.id, now)
    row = desk.open()
    dairy = ParticipantFacts(organization_id=world.dairy_id)
    first = verbs.enrol(actor=desk.manager, round_id=row.id, facts=dairy, now=now)
    assert (first.code, first.name.zh) == ("L01", "晨星乳业有限公司")
    with pytest.raises(errors.ParticipantTwice) as refused:
        verbs.enrol(actor=desk.manager, round_id=row.id, facts=dairy, now=now)
    assert refused.value.facts["given"].zh == "晨星乳业有限公司"
    with pytest.raises(errors.ParticipantTwice) as refused:
        desk.enrol(row, "L01")
    assert refused.value.facts["given"].zh == "L01"
    elsewhere = desk.open()
    assert verbs.enrol(actor=desk.manager, round_id=elsewhere.id, facts=dairy, now=now).code == "L01"


def test_the_next_free_code_is_given(desk):
    row = desk.open()
    desk.enrol(row, "L02")
    codes = [
        verbs.enrol(actor=desk.manager, round_id=row.id, facts=NAMED, now=desk.now).code for _ in range(3)
    ]
    assert codes == ["L01", "L03", "L04"]
    assert [each.position for each in participants_of(row.id)] == [1, 2, 3, 4]


def test_a_laboratory_that_is_not_registered_is_refused(desk):
    row = desk.open()
    with pytest.raises(OrganizationUnknown):
        verbs.enrol(
            actor=desk.manager, round_id=row.id, facts=ParticipantFacts(organization_id=uuid4()), now=desk.now
        )
    with pytest.raises(errors.RoundIncomplete):
        verbs.enrol(actor=desk.manager, round_id=row.id, facts=ParticipantFacts(), now=desk.now)


def test_what_is_not_there_is_said(desk):
    row = desk.measured()
    someone = participants_of(row.id)[0]
    unknown = uuid4()
    attempts = [
        lambda: comparison_round(unknown),
        lambda: comparison_participant(unknown),
        lambda: participant_of(unknown, someone.id),
        lambda: desk.enter(row, "A", "1", "1", artefact=2),
        lambda: verbs.evaluate(actor=desk.manager, round_id=unknown, now=desk.now),
        lambda: verbs.enter_result(
            actor=desk.technician, participant_id=unknown, artefact=1, facts=TEN, now=desk.now
        ),
    ]
    for attempt in attempts:
        with pytest.raises(errors.RoundUnknown):
            attempt()
    assert participant_of(row.id, someone.id).id == someone.id


ALLOWED = {
    "open": {"quality_manager"},
    "enrol": {"quality_manager"},
    "enter_result": {"quality_manager", "technician"},
    "evaluate": {"quality_manager", "technician"},
    "report": {"quality_manager"},
    "cancel": {"quality_manager"},
}
ROLES = (
    "receptionist", "technician", "reviewer", "signatory", "standards_keeper", "instrument_manager", "customer",
    "quality_manager", "auditor", "regulator", "system_administrator", "identifier_operator",
)  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("deed", ALLOWED)
def test_each_role_does_what_it_may_and_nothing_else(desk, now, role, deed):
    row = desk.evaluated()
    person = desk.person(role)
    act = {
        "open": lambda: verbs.open_round(actor=person, facts=MASS, artefacts=[WEIGHT], now=now),
        "enrol": lambda: verbs.enrol(actor=person, round_id=desk.open().id, facts=NAMED, now=now),
        "enter_result": lambda: verbs.enter_result(
            actor=person, participant_id=participants_of(row.id)[0].id, artefact=1, facts=TEN, now=now
        ),
        "evaluate": lambda: verbs.evaluate(actor=person, round_id=row.id, now=now),
        "report": lambda: verbs.report(
            actor=person, round_id=row.id, seen_digest=row.evaluation_digest, now=now
        ),
        "cancel": lambda: verbs.cancel(actor=person, round_id=row.id, reason="样品损坏", now=now),
    }[deed]
    if role in ALLOWED[deed]:
        act()
        return
    with pytest.raises(NotAuthorized):
        act()
    assert comparison_round(row.id).state == "evaluated"


def test_another_institute_sees_nothing_of_a_round(desk, now):
    row = desk.reported()
    someone = participants_of(row.id)[0]
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=now)
    with scope(other.id):
        stranger = Desk(other.id, now)
        assert count_comparison_rounds() == 0
        assert list(comparison_rounds()) == []
        assert artefacts_of(row.id) == participants_of(row.id) == results_of(row.id) == []
        for attempt in (
            lambda: comparison_round(row.id),
            lambda: verbs.cancel(actor=stranger.manager, round_id=row.id, reason="越权", now=now),
            lambda: verbs.enter_result(
                actor=stranger.technician, participant_id=someone.id, artefact=1, facts=TEN, now=now
            ),
        ):
            with pytest.raises(errors.RoundUnknown):
                attempt()
        assert stranger.open().number.endswith("0001")


def test_lists_are_narrowed_by_words_and_states_and_counted(desk):
    first = desk.open(name=Text("量块比对", "Gauge block comparison"))
    second = desk.reported()
    desk.enrol(first, "Q7")
    assert [row.id for row in comparison_rounds()] == [second.id, first.id]
    assert [row.id for row in comparison_rounds(text="gauge")] == [first.id]
    assert [row.id for row in comparison_rounds(text="Q7 实验室")] == [first.id]
    assert [row.id for row in comparison_rounds(text=second.number)] == [second.id]
    assert [row.id for row in comparison_rounds(state="reported")] == [second.id]
    assert count_comparison_rounds(text="gauge", state="reported") == 0
    assert counts_of_rounds_by_state() == {
        "open": 1, "measuring": 0, "evaluated": 0, "reported": 1, "cancelled": 0,
    }  # fmt: skip


def test_an_instant_in_the_new_year_takes_that_year_s_first_number(desk, now):
    later = now.replace(year=now.year + 1, month=6)
    row = verbs.open_round(
        actor=desk.manager,
        facts=RoundFacts(name=MASS.name, quantity=MASS.quantity, unit=MASS.unit, assigned_by="algorithm_a"),
        artefacts=[BARE_WEIGHT],
        now=later,
    )
    assert row.number == f"CR-{now.year + 1}-0001"
