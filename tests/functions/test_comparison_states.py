"""Every deed on a comparison round in every state: what it leads to, or what is refused without a trace."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from tests.functions.comparison_world import BARE_WEIGHT, SECOND_WEIGHT, Desk

from jialiang.base.comparison_rounds import errors
from jialiang.base.comparison_rounds.facts import ParticipantFacts, ResultFacts
from jialiang.base.comparison_rounds.models import ComparisonRound
from jialiang.base.comparison_rounds.selectors import comparison_round, participants_of, results_of
from jialiang.functions import comparison_rounds as verbs
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.kernel.text import Text
from jialiang.security.audit.models import AuditRecord
from jialiang.vocabulary.statuses import ComparisonRoundState, label

pytestmark = pytest.mark.django_db
STATES = tuple(state.value for state in ComparisonRoundState)
NEW = ParticipantFacts(name=Text("新院", "New institute"), code="N")
TEN = ResultFacts(measured_value="10.50", expanded_uncertainty="2")


@pytest.fixture
def desk(in_tenant, now) -> Desk:
    return Desk(in_tenant.id, now)


@contextmanager
def tried():
    """A deed of which nothing stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def brought_to(desk: Desk, state: str) -> ComparisonRound:
    """A round of two laboratories in a state, by the deeds that lead there."""
    if state == "open":
        row = desk.open("weighted_mean")
        desk.enrol(row, "A", "B")
        return comparison_round(row.id)
    if state == "cancelled":
        row = desk.measured()
        return verbs.cancel(actor=desk.manager, round_id=row.id, reason="样品损坏", now=desk.now)
    return {"measuring": desk.measured, "evaluated": desk.evaluated, "reported": desk.reported}[state]()


def deeds(desk: Desk, row: ComparisonRound, later: Any = None) -> dict[str, Callable[[], Any]]:
    """The deeds on a round, an hour later."""
    now = later or desk.now + timedelta(hours=1)
    first = participants_of(row.id)[0]
    manager, technician = desk.manager, desk.technician
    seen = row.evaluation_digest
    return {
        "enrol": lambda: verbs.enrol(actor=manager, round_id=row.id, facts=NEW, now=now),
        "enter_result": lambda: verbs.enter_result(
            actor=technician, participant_id=first.id, artefact=1, facts=TEN, now=now
        ),
        "evaluate": lambda: verbs.evaluate(actor=technician, round_id=row.id, now=now),
        "report": lambda: verbs.report(actor=manager, round_id=row.id, seen_digest=seen, now=now),
        "cancel": lambda: verbs.cancel(actor=manager, round_id=row.id, reason="不再需要", now=now),
    }


LEADS = {
    ("open", "enrol"): "open", ("measuring", "enrol"): "measuring",
    ("open", "enter_result"): "measuring", ("measuring", "enter_result"): "measuring",
    ("evaluated", "enter_result"): "measuring",
    ("measuring", "evaluate"): "evaluated", ("evaluated", "evaluate"): "evaluated",
    ("evaluated", "report"): "reported",
    ("open", "cancel"): "cancelled", ("measuring", "cancel"): "cancelled", ("evaluated", "cancel"): "cancelled",
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_every_deed_in_every_state_leads_where_it_should_or_is_refused_without_a_trace(desk, state):
    row = brought_to(desk, state)
    assert comparison_round(row.id).state == state
    acts, told = AuditRecord.objects.count(), OutboxEvent.objects.count()
    for name, deed in deeds(desk, row).items():
        with tried():
            target = LEADS.get((state, name))
            if target is None:
                with pytest.raises(errors.RoundStateForbids) as refused:
                    deed()
                facts = refused.value.facts
                assert (facts["number"], facts["state"]) == (row.number, label(ComparisonRoundState(state)))
                assert facts["allowed"].zh
                assert facts["allowed"].en
                assert comparison_round(row.id).state == state
                assert (AuditRecord.objects.count(), OutboxEvent.objects.count()) == (acts, told)
            else:
                deed()
                stored = comparison_round(row.id)
                assert stored.state == target
                assert stored.state_since == (desk.now if target == state else desk.now + timedelta(hours=1))
                assert (stored.evaluation is not None) is (
                    target in ("evaluated", "reported") or name == "cancel" and bool(row.evaluation)
                )
                assert (AuditRecord.objects.count(), OutboxEvent.objects.count()) == (acts + 1, told + 1)
                assert AuditRecord.objects.order_by("-seq")[0].action == f"comparison_round.{name}"


def test_a_result_entered_again_with_the_same_numbers_drops_the_evaluation_all_the_same(desk):
    row = desk.evaluated()
    desk.enter(row, "A", "10.0", "2")
    stored = comparison_round(row.id)
    assert (stored.state, stored.evaluation, stored.evaluation_digest) == ("measuring", None, "")
    again = verbs.evaluate(actor=desk.technician, round_id=row.id, now=desk.now)
    assert again.evaluation_digest == row.evaluation_digest


def test_a_laboratory_that_withdrew_stays_in_the_list_and_out_of_the_evaluation(desk):
    row = desk.open("weighted_mean")
    desk.enrol(row, "A", "W", "B")
    for code, value in (("A", "10.0"), ("B", "12.0")):
        desk.enter(row, code, value, "2")
    done = verbs.evaluate(actor=desk.technician, round_id=row.id, now=desk.now)
    assert [each.code for each in participants_of(row.id)] == ["A", "W", "B"]
    (artefact,) = done.evaluation["artefacts"]
    assert [line["code"] for line in artefact["rows"]] == ["A", "B"]
    assert artefact["assigned"]["value"] == "11.0"


def test_a_laboratory_that_measured_one_artefact_only_counts_for_that_one(desk):
    row = desk.open("weighted_mean", [BARE_WEIGHT, SECOND_WEIGHT])
    desk.enrol(row, "A", "B", "C")
    for code in "ABC":
        desk.enter(row, code, "10", "2")
    for code in "AB":
        desk.enter(row, code, "20", "2", artefact=2)
    done = verbs.evaluate(actor=desk.technician, round_id=row.id, now=desk.now)
    assert [[line["code"] for line in each["rows"]] for each in done.evaluation["artefacts"]] == [
        list("ABC"),
        list("AB"),
    ]


def test_an_outlier_that_is_corrected_comes_back_into_the_subset(desk):
    row = desk.evaluated([("10", "2"), ("10.5", "2"), ("30", "2")], "largest_consistent_subset")
    contributes = [line["contributes"] for line in row.evaluation["artefacts"][0]["rows"]]
    assert contributes == [True, True, False]
    desk.enter(row, "C", "10.2", "2")
    again = verbs.evaluate(actor=desk.technician, round_id=row.id, now=desk.now)
    assert all(line["contributes"] for line in again.evaluation["artefacts"][0]["rows"])
    last = AuditRecord.objects.filter(action="comparison_round.enter_result").order_by("-seq")[0]
    assert last.detail["before"]["measured_value"] == "30"


def test_a_round_of_another_institute_s_participant_is_not_reached_by_place(desk):
    one, other = desk.measured(), desk.measured()
    stranger = participants_of(other.id)[0]
    verbs.enter_result(actor=desk.technician, participant_id=stranger.id, artefact=1, facts=TEN, now=desk.now)
    assert {each.measured_value for each in results_of(one.id)} == {"10.0", "12.0"}
    for place in (0, 2, 99):
        with pytest.raises(errors.RoundUnknown):
            verbs.enter_result(
                actor=desk.technician, participant_id=stranger.id, artefact=place, facts=TEN, now=desk.now
            )


def test_digits_are_kept_as_they_were_typed_through_result_evaluation_and_report(desk):
    row = desk.open("weighted_mean")
    desk.enrol(row, "A", "B")
    desk.enter(row, "A", "10.000", "0.50", "2.00")
    desk.enter(row, "B", "−0.0100", "0.0500")
    assert [(each.measured_value, each.expanded_uncertainty, each.coverage_factor) for each in results_of(row.id)] == [
        ("10.000", "0.50", "2.00"), ("-0.0100", "0.0500", "2")
    ]  # fmt: skip
    done = verbs.evaluate(actor=desk.technician, round_id=row.id, now=desk.now)
    lines = done.evaluation["artefacts"][0]["rows"]
    assert [(line["measured_value"], line["coverage_factor"]) for line in lines] == [
        ("10.000", "2.00"),
        ("-0.0100", "2"),
    ]


def test_a_round_whose_mean_is_one_result_alone_is_evaluated_and_reported(desk):
    """A very sharp result beside a wide one: U(d) of the first is zero, so it has no score against the mean."""
    row = desk.evaluated([("10", "0.000000002"), ("12", "2")])
    first, second = row.evaluation["artefacts"][0]["rows"]
    assert (first["scores"], float(first["difference_uncertainty"])) == ([], 0.0)
    assert [each["name"] for each in second["scores"]] == ["en", "zeta"]
    done = verbs.report(actor=desk.manager, round_id=row.id, seen_digest=row.evaluation_digest, now=desk.now)
    assert done.state == "reported"
