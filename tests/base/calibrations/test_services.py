"""Records in the base: the way from state to state, who did what, and what no record forgets."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from tests.base.bench_rows import another_standard, build_bench
from tests.ledger import build_world

from jialiang.base.calibrations import services
from jialiang.base.calibrations.errors import (
    BadEntry,
    CalibrationUnknown,
    NothingToTakeOver,
    ReasonNeeded,
    RecordChanged,
    SamePerson,
    WrongState,
)
from jialiang.base.calibrations.models import Calibration, CalibrationStandard, CalibrationStep
from jialiang.base.calibrations.selectors import standards_used, steps_of
from jialiang.base.calibrations.transitions import steps_from
from jialiang.base.readings import services as readings
from jialiang.base.readings.models import ReadingSet
from jialiang.base.readings.views import CellEntry
from jialiang.formats.canonical import canonical_json, sha256_hex
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor, system_actor
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

STATES = ("draft", "in_review", "awaiting_approval", "approved")
# action: (from draft, from in_review, from awaiting_approval, from approved); "—" is not possible
WAY = {
    "calibration.record":        ("draft",     "—",                 "—",         "—"),
    "calibration.take_over":     ("draft",     "—",                 "—",         "—"),
    "calibration.submit":        ("in_review", "—",                 "—",         "—"),
    "calibration.amend_reading": ("draft",     "in_review",         "in_review", "—"),
    "calibration.review":        ("—",         "awaiting_approval", "—",         "—"),
    "calibration.return":        ("—",         "draft",             "draft",     "—"),
    "certificate.approve":       ("—",         "—",                 "approved",  "—"),
    "certificate.void":          ("—",         "—",                 "—",         "awaiting_approval"),
    "certificate.issue":         ("—",         "—",                 "—",         "—"),
}  # fmt: skip
NEEDS_REASON = (
    "calibration.take_over",
    "calibration.amend_reading",
    "calibration.return",
    "certificate.void",
)
EVALUATION = {"schema": "jialiang.evaluation/1", "points": [{"point": "22", "deviation": "-0.168"}]}
SIGNED = {"calibrated": Text("甲", "A"), "reviewed": Text("乙", "B"), "approved": Text("丙", "C")}


@pytest.fixture
def bench(world):
    return build_bench(world)


SECOND = Text("乙", "B")


def somebody(bench, name: Text = SECOND) -> Actor:
    anyone = bench.world.person("reviewer")
    return Actor(anyone.person_id, anyone.tenant_id, name, anyone.roles, None, "console")


def columns(record_id, *names):
    return Calibration.objects.filter(pk=record_id).values_list(*names).get()


def test_a_record_is_opened_as_a_draft_of_its_technician_with_all_that_was_given(bench):
    new = bench.new(
        environment={"temperature": {"minimum": "22.9", "maximum": "23.3"}},
        begin_date=date(2026, 6, 15),
        end_date=date(2026, 6, 16),
        amendment_reason=Text("更正委托方名称", "customer's name corrected"),
    )
    stored = Calibration.objects.get(
        pk=services.open_record(new, actor=bench.technician, now=bench.world.now).pk
    )
    assert (stored.number, stored.state, stored.version, stored.kind) == (
        new.number,
        "draft",
        1,
        "calibration",
    )
    assert (stored.item_id, stored.reading_set_id) == (new.item_id, new.reading_set_id)
    assert (stored.procedure, stored.method, stored.method_norm) == (
        "thermometer_line",
        new.method,
        "YZ-TM-07",
    )
    assert stored.points == ["22", "24.0"]
    assert stored.parameters == {"rows": "3"}
    assert stored.environment == {"temperature": {"minimum": "22.9", "maximum": "23.3"}}
    assert (stored.begin_date, stored.end_date) == (date(2026, 6, 15), date(2026, 6, 16))
    assert (stored.calibrated_by_id, stored.calibrated_by_zh) == (bench.technician.person_id, "李四")
    assert stored.calibrated_by_en == "Li Si"
    assert (stored.amendment_reason_zh, stored.amendment_reason_en) == (
        "更正委托方名称",
        "customer's name corrected",
    )
    assert (stored.evaluation, stored.evaluation_digest, stored.created_at) == (None, "", bench.world.now)
    assert (stored.submitted_at, stored.reviewed_by_id, stored.approved_by_id) == (None, None, None)
    assert steps_of(stored.id) == []


def test_the_standards_of_a_record_stand_with_the_certificate_of_that_day_the_reference_first(bench):
    other_id, other_certificate_id = another_standard(bench, "YZ-T-002", number="GJ-2")
    standards = ((other_id, other_certificate_id, False), (bench.standard_id, bench.certificate_id, True))
    record = bench.record(standards=standards)
    assert [used.standard_id for used in standards_used(record.id)] == [bench.standard_id, other_id]
    assert services.copy_standards(record.id) == tuple(reversed(standards))


@pytest.mark.parametrize("action", WAY)
def test_the_way_of_a_record(bench, action):
    for state, target in zip(STATES, WAY[action], strict=True):
        record = bench.record(state=state)
        deed = {"actor": bench.technician, "now": bench.world.now, "reason": "原因"}
        if target == "—":
            with pytest.raises(WrongState) as refused:
                services.step(record.id, action, **deed)
            assert (refused.value.facts["number"], refused.value.facts["action"]) == (record.number, action)
            assert columns(record.id, "state", "version") == (state, 1)
            assert steps_of(record.id) == []
            continue
        assert services.step(record.id, action, **deed).state == target
        assert columns(record.id, "state", "version") == (target, 2)
        (step,) = steps_of(record.id)
        assert (step.action, step.from_state, step.to_state) == (action, state, target)


@pytest.mark.parametrize("state", STATES)
def test_the_actions_offered_in_a_state_are_those_that_lead_on(state):
    assert set(steps_from(state)) == {
        action for action, row in WAY.items() if row[STATES.index(state)] != "—"
    }


@pytest.mark.parametrize("action", [action for action in WAY if action != "certificate.issue"])
def test_some_steps_are_not_taken_without_a_reason(bench, action):
    state = next(state for state, target in zip(STATES, WAY[action], strict=True) if target != "—")
    record = bench.record(state=state)
    if action not in NEEDS_REASON:
        services.step(record.id, action, actor=bench.technician, now=bench.world.now)
        assert steps_of(record.id)[0].reason == ""
        return
    for blank in ("", "   ", "\n\t"):
        with pytest.raises(ReasonNeeded) as refused:
            services.step(record.id, action, actor=bench.technician, now=bench.world.now, reason=blank)
        assert refused.value.code == "JL-CAL-005"
    assert columns(record.id, "state", "version") == (state, 1)
    assert steps_of(record.id) == []


@pytest.mark.parametrize("reason", ["长" * 401, "a\x00b", "\x07"])
def test_a_reason_that_postgresql_would_not_store_is_refused_on_every_database(bench, reason):
    record = bench.record(state="in_review")
    with pytest.raises(BadEntry) as refused:
        services.step(
            record.id, "calibration.return", actor=bench.technician, now=bench.world.now, reason=reason
        )
    assert refused.value.code == "JL-CAL-013"
    assert len(refused.value.facts["given"]) <= 41
    assert (columns(record.id, "state", "version"), steps_of(record.id)) == (("in_review", 1), [])
    longest = "第一行\n" + "长" * 396
    services.step(
        record.id, "calibration.return", actor=bench.technician, now=bench.world.now, reason=longest
    )
    assert steps_of(record.id)[0].reason == longest


@pytest.mark.parametrize(
    ("member", "text"),
    [
        ("method", Text("长" * 201)),
        ("method", Text("比较法", "x" * 201)),
        ("method", Text("比较\x00法")),
        ("method_norm", "x" * 61),
        ("amendment_reason", Text("长" * 301)),
        ("amendment_reason", Text("更正", "x" * 301)),
    ],
)
def test_what_does_not_fit_is_refused_when_a_record_is_opened(bench, member, text):
    new = bench.new(**{member: text})
    with pytest.raises(BadEntry):
        services.open_record(new, actor=bench.technician, now=bench.world.now)
    assert Calibration.objects.count() == 0


def test_a_step_says_who_when_and_why_and_earlier_steps_stay(bench):
    record, later = bench.record(), bench.world.now + timedelta(hours=2)
    services.step(record.id, "calibration.submit", actor=bench.technician, now=bench.world.now)
    english = somebody(bench, Text("", "Berta"))
    services.step(record.id, "calibration.return", actor=english, now=later, reason="  第 3 行单位有误 ")
    first, second = steps_of(record.id)
    assert (first.at, first.person_id, first.person_name) == (
        bench.world.now,
        bench.technician.person_id,
        "李四",
    )
    assert (second.at, second.person_id, second.person_name) == (later, english.person_id, "Berta")
    assert second.reason == "第 3 行单位有误"


def signed_record(bench, state):
    """A record in a state with the signatures of all three and a reviewed evaluation."""
    record = bench.record(state=state)
    members = {
        f"{duty}_by_{part}": value
        for duty, name in SIGNED.items()
        for part, value in (("id", UUID(int=len(duty))), ("zh", name.zh), ("en", name.en))
    }
    at = bench.world.now - timedelta(days=1)
    Calibration.objects.filter(pk=record.id).update(
        **members,
        submitted_at=at,
        reviewed_at=at,
        approved_at=at,
        evaluation_digest="b" * 64,
        reviewed_digest="a" * 64,
    )
    return record


# action, state it starts from: which duties it signs, which it wipes out
SIGNATURES = [
    ("calibration.submit",        "draft",             (),              ()),
    ("calibration.take_over",     "draft",             ("calibrated",), ()),
    ("calibration.amend_reading", "draft",             (),              ("reviewed",)),
    ("calibration.amend_reading", "in_review",         (),              ("reviewed",)),
    ("calibration.amend_reading", "awaiting_approval", (),              ("reviewed",)),
    ("calibration.review",        "in_review",         ("reviewed",),   ()),
    ("calibration.return",        "in_review",         (),              ("reviewed",)),
    ("calibration.return",        "awaiting_approval", (),              ("reviewed",)),
    ("certificate.approve",       "awaiting_approval", ("approved",),   ()),
    ("certificate.void",          "approved",          (),              ("approved",)),
]  # fmt: skip


@pytest.mark.parametrize(("action", "state", "signs", "wipes"), SIGNATURES)
def test_each_step_writes_its_own_signature_and_wipes_out_what_no_longer_holds(
    bench, action, state, signs, wipes
):
    record, actor = signed_record(bench, state), somebody(bench, Text("丁", "D"))
    services.step(record.id, action, actor=actor, now=bench.world.now, reason="原因")
    for duty, name in SIGNED.items():
        found = columns(record.id, f"{duty}_by_id", f"{duty}_by_zh", f"{duty}_by_en")
        if duty in signs:
            assert found == (actor.person_id, "丁", "D")
        elif duty in wipes:
            assert found == (None, "", "")
        else:
            assert found == (UUID(int=len(duty)), name.zh, name.en)
    yesterday = bench.world.now - timedelta(days=1)
    for duty in ("reviewed", "approved"):
        expected = bench.world.now if duty in signs else None if duty in wipes else yesterday
        assert columns(record.id, f"{duty}_at") == (expected,)
    submitted = bench.world.now if action == "calibration.submit" else yesterday
    assert columns(record.id, "submitted_at") == (submitted,)


def test_a_review_binds_the_digest_of_that_evaluation_and_a_return_keeps_it_for_comparison(bench):
    record = signed_record(bench, "in_review")
    services.step(record.id, "calibration.review", actor=somebody(bench), now=bench.world.now)
    assert columns(record.id, "reviewed_digest") == ("b" * 64,)
    services.step(record.id, "calibration.return", actor=somebody(bench), now=bench.world.now, reason="单位")
    assert columns(record.id, "reviewed_digest", "evaluation_digest") == ("b" * 64, "b" * 64)


def test_a_draft_is_changed_member_by_member_from_the_version_that_was_read(bench):
    record = bench.record()
    changed = services.change_draft(record.id, {"begin_date": date(2026, 6, 15)}, expected_version=1)
    assert changed.version == 2
    with pytest.raises(RecordChanged) as refused:
        services.change_draft(record.id, {"end_date": date(2026, 6, 16)}, expected_version=1)
    assert refused.value.code == "JL-CAL-007"
    services.change_draft(record.id, {"end_date": date(2026, 6, 17)})
    assert columns(record.id, "begin_date", "end_date", "version") == (
        date(2026, 6, 15),
        date(2026, 6, 17),
        3,
    )


@pytest.mark.parametrize("state", STATES[1:])
def test_only_a_draft_is_changed(bench, state):
    record = bench.record(state=state)
    with pytest.raises(WrongState):
        services.change_draft(record.id, {"begin_date": date(2026, 6, 15)})
    assert columns(record.id, "begin_date", "version") == (None, 1)


def test_an_evaluation_is_kept_with_the_digest_of_its_canonical_form(bench):
    record = bench.record()
    digest = services.keep_evaluation(record.id, EVALUATION)
    assert digest == sha256_hex(canonical_json(EVALUATION))
    assert columns(record.id, "evaluation", "evaluation_digest", "version") == (EVALUATION, digest, 2)
    other_order = dict(reversed(EVALUATION.items()))
    assert services.keep_evaluation(record.id, other_order) == digest
    assert services.keep_evaluation(record.id, EVALUATION | {"points": []}) != digest


def test_a_technician_takes_over_from_another_and_not_from_the_own_hands(bench):
    record, successor = bench.record(), bench.world.person("technician")
    with pytest.raises(NothingToTakeOver) as refused:
        services.take_over(record.id, actor=bench.technician, now=bench.world.now, reason="我的")
    assert refused.value.code == "JL-CAL-015"
    taken = services.take_over(record.id, actor=successor, now=bench.world.now, reason="李四休假")
    assert taken.calibrated_by_id == successor.person_id
    assert [step.action for step in steps_of(record.id)] == ["calibration.take_over"]


def type_in(record, actor, now, *, row=1, text="21.521"):
    readings.enter(record.reading_set_id, [CellEntry(row, "indication", text)], actor=actor, now=now)


def amends(record, actor, now):
    readings.freeze(record.reading_set_id, now)
    entry = CellEntry(1, "correction", "-0.171")
    readings.amend(record.reading_set_id, entry, reason="漏填", actor=actor, now=now)


def takes_over(record, actor, now):
    services.take_over(record.id, actor=actor, now=now, reason="休假")


def hands_on(record, actor, now):
    services.take_over(record.id, actor=actor, now=now, reason="休假")
    Calibration.objects.filter(pk=record.pk).update(calibrated_by_id=UUID(int=1))


def submits(record, actor, now):
    services.step(record.id, "calibration.submit", actor=actor, now=now)


@pytest.mark.parametrize(
    "deed", [type_in, amends, takes_over, hands_on, submits], ids=lambda deed: deed.__name__
)
def test_whoever_worked_at_the_bench_has_calibrated(bench, deed):
    record, worker, other = bench.record(), somebody(bench), somebody(bench)
    deed(record, worker, bench.world.now)
    record = services.locked(record.id)
    with pytest.raises(SamePerson) as refused:
        services.require_other_person(record, worker, ("calibrated_by",))
    assert refused.value.facts["duty"] == services.DUTIES["calibrated_by"]
    services.require_other_person(record, other, ("calibrated_by", "reviewed_by", "approved_by"))


def test_a_cell_that_was_typed_over_in_the_draft_no_longer_makes_its_first_writer_a_calibrator(bench):
    record, worker = bench.record(), somebody(bench)
    type_in(record, worker, bench.world.now)
    type_in(record, bench.technician, bench.world.now, text="21.522")
    services.require_other_person(services.locked(record.id), worker, ("calibrated_by",))


@pytest.mark.parametrize("duty", ["reviewed_by", "approved_by"])
def test_reviewer_and_signatory_hold_their_duty_only_where_it_is_asked_for(bench, duty):
    record, holder = bench.record(), somebody(bench)
    Calibration.objects.filter(pk=record.id).update(**{f"{duty}_id": holder.person_id})
    record = services.locked(record.id)
    with pytest.raises(SamePerson) as refused:
        services.require_other_person(record, holder, ("calibrated_by", duty))
    assert (refused.value.code, refused.value.facts["number"]) == ("JL-CAL-002", record.number)
    services.require_other_person(record, holder, ("calibrated_by",))


def test_a_program_is_no_person_and_holds_no_duty(bench):
    record = bench.record()
    Calibration.objects.filter(pk=record.id).update(calibrated_by_id=None)
    program = system_actor(bench.world.tenant_id, Text("签发程序"), "worker")
    services.require_other_person(
        services.locked(record.id), program, ("calibrated_by", "reviewed_by", "approved_by")
    )


ON_A_RECORD = {
    "locked": lambda key, bench: services.locked(key),
    "change_draft": lambda key, bench: services.change_draft(key, {"begin_date": date(2026, 1, 1)}),
    "keep_evaluation": lambda key, bench: services.keep_evaluation(key, EVALUATION),
    "step": lambda key, bench: services.step(
        key, "calibration.submit", actor=bench.technician, now=bench.world.now
    ),
    "take_over": lambda key, bench: services.take_over(
        key, actor=somebody(bench), now=bench.world.now, reason="r"
    ),
}


@pytest.mark.parametrize("service", ON_A_RECORD)
def test_a_record_of_another_institute_is_neither_found_nor_changed(bench, service):
    record = bench.record()
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=bench.world.now)
    with scope(other.id), pytest.raises(CalibrationUnknown) as refused:
        ON_A_RECORD[service](record.id, bench)
    assert refused.value.code == "JL-CAL-011"
    assert columns(record.id, "state", "version", "calibrated_by_id") == (
        "draft",
        1,
        bench.technician.person_id,
    )
    assert steps_of(record.id) == []


def test_a_number_is_given_once_in_an_institute_and_again_in_another(bench):
    record = bench.record(number="JL-2026-900001")
    with pytest.raises(IntegrityError), transaction.atomic():
        bench.record(number="JL-2026-900001")
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=bench.world.now)
    with scope(other.id):
        twin = build_bench(build_world(other.id, bench.world.now)).record(number="JL-2026-900001")
    assert twin.tenant_id != record.tenant_id


def test_one_table_of_readings_serves_one_record(bench):
    record = bench.record()
    with pytest.raises(IntegrityError), transaction.atomic():
        bench.record(reading_set_id=record.reading_set_id)


def test_a_standard_is_used_once_by_a_record(bench):
    twice = (
        (bench.standard_id, bench.certificate_id, True),
        (bench.standard_id, bench.certificate_id, False),
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        bench.record(standards=twice)
    assert CalibrationStandard.objects.count() == 0


def test_nothing_that_a_record_rests_on_can_be_deleted(bench):
    record = bench.record()
    services.step(record.id, "calibration.submit", actor=bench.technician, now=bench.world.now)
    (used,) = standards_used(record.id)
    held = [
        ReadingSet.objects.get(pk=record.reading_set_id),
        used.standard,
        used.certificate,
        record.item,
        record,
    ]
    for row in held:
        with pytest.raises(ProtectedError):
            row.delete()
    assert CalibrationStep.objects.count() == 1
