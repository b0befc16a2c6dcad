"""Fitness for use follows from evidence: every rule of the module, on its first and last day."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.information.evidence_rows import certificate, evidence, record

from jialiang.base.commissions.selectors import items_of
from jialiang.base.instruments.errors import InstrumentUnknown
from jialiang.base.instruments.selectors import instrument
from jialiang.base.traceability.services import record_instrument_evidence
from jialiang.functions import commissions, instruments
from jialiang.information.status import Due, Proof, due_of, fitness_from, fitness_of, is_proven, months_after
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import CustodyState, FitnessForUse

FIT, LIMITED, OUT, UNPROVEN = FitnessForUse.FIT, FitnessForUse.LIMITED, FitnessForUse.OUT_OF_USE, FitnessForUse.UNPROVEN
ONE_DAY = timedelta(days=1)
BEGIN, END, TODAY = date(2026, 1, 10), date(2027, 1, 9), date(2026, 6, 16)


@dataclass(frozen=True)
class Ledger:
    state: str = "in_service"
    state_reason: str = ""
    interval_months: int | None = None
    limitation_zh: str = ""
    limitation_en: str = ""


def proof(**members):
    members = {"conformity": "pass", "valid_from": BEGIN, "valid_until": END, **members}
    return Proof(certificate_id=None, certificate_number="C-1", **members)


PROOFS = st.builds(
    Proof,
    certificate_id=st.none(),
    certificate_number=st.just("C-1"),
    conformity=st.sampled_from(["", "pass", "fail", "conditionalPass", "conditionalFail", "noPass", "noFail"]),
    valid_from=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    valid_until=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    ended_on=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)


def test_without_evidence_an_instrument_is_unproven():
    assert fitness_from(Ledger(), [], TODAY).state is UNPROVEN


@pytest.mark.parametrize(
    ("on", "state"), [(BEGIN - ONE_DAY, UNPROVEN), (BEGIN, FIT), (END, FIT), (END + ONE_DAY, OUT)]
)
def test_a_pass_holds_from_its_first_to_its_last_day(on, state):
    assert fitness_from(Ledger(), [proof()], on).state is state


def test_overdue_is_out_of_use_since_the_day_after_the_due_date():
    judged = fitness_from(Ledger(), [proof()], date(2027, 6, 1))
    assert (judged.since, judged.due) == (END + ONE_DAY, Due(END, "certificate"))
    assert "C-1" in judged.reason.zh
    assert "2027-01-09" in judged.reason.en


@pytest.mark.parametrize(
    ("conformity", "state"),
    [
        ("pass", FIT), ("", FIT), ("conditionalPass", LIMITED), ("noFail", LIMITED),
        ("fail", OUT), ("noPass", OUT), ("conditionalFail", OUT),
    ],
)  # fmt: skip
def test_the_conclusion_of_the_latest_evidence_decides(conformity, state):
    judged = fitness_from(Ledger(), [proof(conformity=conformity), proof(valid_from=date(2025, 1, 1))], TODAY)
    assert (judged.state, judged.since) == (state, BEGIN)


def test_a_later_pass_ends_an_earlier_failure_and_the_other_way_round():
    failed, passed = proof(conformity="fail"), proof(valid_from=date(2026, 3, 1))
    assert fitness_from(Ledger(), [failed, passed], TODAY).state is FIT
    assert fitness_from(Ledger(), [failed, passed], date(2026, 2, 1)).state is OUT


def test_a_withdrawn_certificate_takes_the_instrument_out_of_use_since_that_day():
    withdrawn = proof(ended_on=date(2026, 5, 4), end_reason=Text("标准器超差", "standard out of tolerance"))
    judged = fitness_from(Ledger(), [withdrawn], TODAY)
    assert (judged.state, judged.since) == (OUT, date(2026, 5, 4))
    told = "Certificate C-1 was withdrawn: standard out of tolerance"
    assert judged.reason == Text("证书 C-1 已撤销：标准器超差", told)
    assert fitness_from(Ledger(), [withdrawn], date(2026, 5, 3)).state is FIT


def test_a_limitation_in_the_ledger_limits_what_is_fit_but_mends_nothing():
    ledger = Ledger(limitation_zh="限 22 ℃～26 ℃", limitation_en="22 °C to 26 °C")
    judged = fitness_from(ledger, [proof()], TODAY)
    assert (judged.state, judged.limitation.en) == (LIMITED, "22 °C to 26 °C")
    assert fitness_from(ledger, [proof(conformity="fail")], TODAY).state is OUT


@pytest.mark.parametrize(("state", "word"), [("suspended", "已停用：跌落"), ("retired", "已报废：跌落")])
def test_a_decision_comes_before_all_evidence(state, word):
    judged = fitness_from(Ledger(state=state, state_reason="跌落"), [proof()], TODAY)
    assert (judged.state, judged.reason.zh, judged.certificate_number) == (OUT, word, "C-1")


def test_without_a_due_date_the_owner_s_interval_counts():
    open_ended = proof(valid_until=None)
    assert due_of(Ledger(), open_ended) == Due(None, "none")
    assert fitness_from(Ledger(), [open_ended], date(2040, 1, 1)).state is FIT
    ledger = Ledger(interval_months=12)
    assert due_of(ledger, open_ended) == Due(date(2027, 1, 9), "owner_interval")
    judged = fitness_from(ledger, [open_ended], date(2027, 1, 10))
    assert (judged.state, judged.since) == (OUT, date(2027, 1, 10))
    assert "owner" in judged.reason.en
    assert due_of(Ledger(interval_months=6), proof()).basis == "certificate"
    assert due_of(ledger, None) == Due(None, "none")


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)), (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)), (date(2026, 3, 31), 240, date(2046, 3, 31)),
    ],
)  # fmt: skip
def test_months_are_counted_as_on_the_calendar(day, months, expected):
    assert months_after(day, months) == expected


@given(st.dates(date(1990, 1, 1), date(2200, 1, 1)), st.integers(1, 240))
def test_months_after_land_in_the_right_month_and_never_on_a_later_day(day, months):
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
    assert later.day == day.day or (later + ONE_DAY).day == 1


@given(st.lists(PROOFS, max_size=5), st.dates(date(2020, 1, 1), date(2031, 1, 1)), st.randoms())
def test_the_order_of_evidence_of_different_days_does_not_matter(proofs, on, rng):
    proofs = list({p.valid_from: p for p in proofs}.values())
    shuffled = rng.sample(proofs, len(proofs))
    assert fitness_from(Ledger(), proofs, on) == fitness_from(Ledger(), shuffled, on)


@given(st.lists(PROOFS, max_size=5), st.dates(date(2020, 1, 1), date(2031, 1, 1)))
def test_nothing_is_fit_without_evidence_that_has_begun_has_not_ended_and_is_not_overdue(proofs, on):
    judged = fitness_from(Ledger(), proofs, on)
    if judged.state in (FIT, LIMITED):
        assert judged.since <= on
        assert any(
            p.valid_from == judged.since and (p.valid_until is None or p.valid_until >= on)
            and (p.ended_on is None or p.ended_on > on)
            for p in proofs
        )  # fmt: skip
    assert (judged.state is UNPROVEN) == all(p.valid_from > on for p in proofs)


def test_stored_evidence_proves_an_instrument(world, django_assert_num_queries):
    thermometer = world.instrument()
    evidence(world, thermometer, BEGIN, END)
    with django_assert_num_queries(3):
        judged = fitness_of(thermometer.id, TODAY)
    assert (judged.state, judged.due.date) == (FIT, END)
    assert judged.certificate_number.startswith("YZ-2026-C-")


def test_superseded_evidence_is_passed_over_and_withdrawn_evidence_is_not(world):
    thermometer = world.instrument()
    evidence(world, thermometer, BEGIN, END)
    evidence(world, thermometer, date(2026, 2, 1), END, conformity="fail", state="superseded", ended=3)
    assert fitness_of(thermometer.id, TODAY).state is FIT
    evidence(world, thermometer, date(2026, 3, 1), END, state="withdrawn", ended=2, why="标准器超差")
    judged = fitness_of(thermometer.id, TODAY)
    assert (judged.state, judged.since) == (OUT, date(2026, 6, 14))


def test_the_day_of_a_withdrawal_is_the_institute_s(world):
    thermometer = world.instrument()
    row = evidence(world, thermometer, BEGIN, END, state="withdrawn", ended=0)
    row.ended_at = row.ended_at.replace(hour=17)  # one in the morning of the 17th in Shanghai
    row.save()
    assert fitness_of(thermometer.id, TODAY).state is FIT
    assert fitness_of(thermometer.id, TODAY + ONE_DAY).since == date(2026, 6, 17)


def test_a_suspended_instrument_comes_back_into_service_with_a_pass_and_only_with_it(world):
    desk, thermometer = world.person("receptionist"), world.instrument()
    instruments.suspend(actor=desk, instrument_id=thermometer.id, reason="漂移过大", now=world.now)
    assert not is_proven(thermometer.id, TODAY)
    (item,) = items_of(world.commission(thermometer).id)
    commissions.receive(actor=desk, item_id=item.id, now=world.now + ONE_DAY)
    issued = certificate(world, thermometer, calibration=record(world, thermometer, item=item, state="approved"))
    record_instrument_evidence(
        instrument_id=thermometer.id, certificate_id=issued.id, conformity="pass", valid_from=BEGIN, valid_until=END,
        now=world.now,
    )  # fmt: skip
    assert is_proven(thermometer.id, TODAY)
    commissions.hand_over(actor=desk, item_id=item.id, to=CustodyState.RETURNED, now=world.now + 2 * ONE_DAY)
    assert fitness_of(thermometer.id, TODAY).state is FIT
    assert instrument(thermometer.id).state == "in_service"


def test_an_unknown_instrument_is_not_found(world):
    with pytest.raises(InstrumentUnknown):
        fitness_of(new_id(world.now), TODAY)
