"""Finding records: by number, state, technician and instrument; the last of its kind; what stops the work."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from tests.base.bench_rows import another_standard, build_bench
from tests.information.evidence_rows import certificate, sent_back
from tests.ledger import PAPER

from jialiang.base.calibrations import selectors, services
from jialiang.base.calibrations.errors import CalibrationUnknown, StandardCertificateRevoked
from jialiang.base.calibrations.models import Calibration
from jialiang.base.measurement_standards.errors import StandardExpired, StandardSuspended, StandardUnproven
from jialiang.base.measurement_standards.models import StandardCertificate
from jialiang.base.measurement_standards.services import add_certificate, suspend
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

TODAY = date(2026, 6, 16)


@pytest.fixture
def bench(world):
    return build_bench(world)


@pytest.fixture
def other_institute(world):
    with everywhere("a second institute for the test"):
        return create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)


def later(bench, **delta):
    return bench.world.now + timedelta(**delta)


def test_a_record_is_read_with_everything_around_it_in_one_query(bench, django_assert_num_queries):
    made = bench.record()
    for find in (
        lambda: selectors.calibration(made.id),
        lambda: selectors.calibration_by_number(made.number),
    ):
        with django_assert_num_queries(1):
            row = find()
            around = (
                row.item.commission.customer.name_zh,
                row.item.instrument.owner.name_zh,
                row.reading_set.frozen_at,
            )
        assert around == ("晨星乳业有限公司", "晨星乳业有限公司", None)
        assert (row.id, row.site) == (made.id, None)


def test_an_unknown_record_is_named(bench, now):
    for find, wanted in (
        (selectors.calibration, new_id(now)),
        (selectors.calibration_by_number, "JL-2026-999999"),
    ):
        with pytest.raises(CalibrationUnknown) as refused:
            find(wanted)
        assert refused.value.facts["calibration"] == wanted


def test_records_are_listed_the_longest_waiting_first_and_narrowed(bench):
    colleague = bench.world.person("technician")
    new = bench.record(now=later(bench, hours=2))
    old = bench.record(now=later(bench, hours=-2), actor=colleague)
    reviewed = bench.record(state="in_review")
    serial = reviewed.item.instrument.serial_number
    for narrowing, expected in [
        ({}, [old, reviewed, new]),
        ({"state": "draft"}, [old, new]),
        ({"state": "approved"}, []),
        ({"technician_id": colleague.person_id}, [old]),
        ({"technician_id": bench.technician.person_id, "state": "in_review"}, [reviewed]),
        ({"search": new.number.lower()}, [new]),
        ({"search": serial}, [reviewed]),
        ({"search": "JL-2026"}, [old, reviewed, new]),
        ({"search": serial, "state": "draft"}, []),
        ({"search": serial, "technician_id": colleague.person_id}, []),
        ({"search": "no such text"}, []),
    ]:
        assert [row.id for row in selectors.calibrations(**narrowing)] == [row.id for row in expected], (
            narrowing
        )


def test_of_two_that_began_at_once_the_order_is_that_of_their_making(bench):
    made = [bench.record().id for _ in range(4)]
    assert [row.id for row in selectors.calibrations()] == made


def test_what_waits_is_counted_state_by_state_without_what_is_done(bench):
    assert selectors.waiting_counts() == {"draft": 0, "in_review": 0, "awaiting_approval": 0}
    for state in ("draft", "in_review", "in_review", "approved"):
        bench.record(state=state)
    assert selectors.waiting_counts() == {"draft": 1, "in_review": 2, "awaiting_approval": 0}


def test_the_records_of_an_item_come_oldest_first_and_items_without_one_are_left_out(bench):
    first = bench.record(now=later(bench, days=-1))
    second = bench.record(item_id=first.item_id)
    other = bench.record()
    assert [row.id for row in selectors.records_of_item(first.item_id)] == [first.id, second.id]
    nothing = new_id(bench.world.now)
    asked = [first.item_id, other.item_id, nothing]
    assert selectors.items_with_records(asked) == {first.item_id, other.item_id}
    assert selectors.items_with_records([nothing]) == frozenset()
    assert selectors.records_of_item(nothing) == []


def test_of_several_returns_the_last_one_counts(bench):
    twice, never, once = bench.record(), bench.record(), bench.record()
    sent_back(twice, later(bench, hours=1), reason="一")
    sent_back(twice, later(bench, hours=3), reason="三")
    sent_back(twice, later(bench, hours=2), reason="二")
    sent_back(once, later(bench, hours=1), reason="单位")
    services.step(never.id, "calibration.submit", actor=bench.technician, now=bench.world.now)
    found = selectors.last_returns([twice.id, never.id, once.id])
    assert {key: step.reason for key, step in found.items()} == {twice.id: "三", once.id: "单位"}
    assert selectors.last_returns([]) == {}


def approved(bench, item_id, ended, **members):
    """An approved record that was opened on the day before its end."""
    moment = bench.world.now + timedelta(days=(ended - TODAY).days - 1)
    return bench.record(
        state="approved", item_id=item_id, now=moment, begin_date=ended, end_date=ended, **members
    )


def test_the_record_before_this_one_is_of_the_same_instrument_and_procedure_and_approved(bench):
    record = bench.record()
    item_id = record.item_id
    assert selectors.previous_record(record) is None
    approved(bench, item_id, date(2024, 6, 1))
    last = approved(bench, item_id, date(2025, 6, 1))
    approved(bench, item_id, date(2025, 9, 1), procedure="repeated_comparison")
    bench.record(item_id=item_id, state="awaiting_approval", now=later(bench, days=-3))
    approved(bench, bench.record().item_id, date(2026, 1, 1))
    approved(bench, item_id, date(2026, 9, 1))
    found = selectors.previous_record(selectors.calibration(record.id))
    assert found is not None
    assert found.id == last.id


def test_the_record_that_is_being_amended_is_not_an_earlier_one(bench):
    original_item = bench.record().item_id
    earlier = approved(bench, original_item, date(2025, 6, 1))
    amended = approved(bench, original_item, date(2026, 6, 10))
    issued = certificate(bench.world, amended.item.instrument, calibration=amended)
    amending = bench.record(item_id=original_item, amends_certificate_id=issued.id)
    assert selectors.previous_record(selectors.calibration(amending.id)).id == earlier.id
    plain = bench.record(item_id=original_item)
    assert selectors.previous_record(selectors.calibration(plain.id)).id == amended.id


def test_an_amendment_is_open_until_it_is_approved(bench):
    issued_id = new_id(bench.world.now)
    assert selectors.open_amendment_of(issued_id) is None
    amending = bench.record(amends_certificate_id=issued_id)
    for state, is_open in (
        ("draft", True),
        ("in_review", True),
        ("awaiting_approval", True),
        ("approved", False),
    ):
        Calibration.objects.filter(pk=amending.id).update(state=state)
        found = selectors.open_amendment_of(issued_id)
        assert (found is not None and found.id == amending.id) is is_open, state


def test_what_rests_on_a_certificate_of_a_standard_is_found_oldest_first(bench):
    other = another_standard(bench, "YZ-T-002", number="GJ-2")
    both = bench.record(standards=((bench.standard_id, bench.certificate_id, True), (*other, False)))
    older = bench.record(now=later(bench, days=-1))
    assert [r.id for r in selectors.records_using_certificate(bench.certificate_id)] == [older.id, both.id]
    assert [r.id for r in selectors.records_using_certificate(other[1])] == [both.id]
    assert list(selectors.records_using_certificate(new_id(bench.world.now))) == []


# day, what stops the work on it; the certificate holds from 2026-01-10 to 2027-01-09
DAYS = [
    (date(2026, 1, 9), StandardUnproven),
    (date(2026, 1, 10), None),
    (date(2027, 1, 9), None),
    (date(2027, 1, 10), StandardExpired),
]


@pytest.mark.parametrize(("on", "stop"), DAYS, ids=str)
def test_the_work_stops_with_the_day_of_its_standards(bench, on, stop):
    record = bench.record()
    if stop is None:
        selectors.require_standards_in_force(record.id, on)
        return
    with pytest.raises(stop) as stopped:
        selectors.require_standards_in_force(record.id, on)
    assert stopped.value.facts["serial_number"] == "YZ-T-001"


def test_a_newer_certificate_keeps_a_standard_in_force_though_an_older_one_was_used(bench):
    record = bench.record()
    facts = replace(PAPER, number="GJ-2", valid_from=date(2027, 1, 1), valid_until=date(2028, 1, 1))
    add_certificate(bench.standard_id, facts, actor=bench.technician, now=bench.world.now)
    selectors.require_standards_in_force(record.id, date(2027, 6, 1))


def test_a_suspended_standard_stops_the_work_with_its_reason(bench):
    record = bench.record()
    suspend(bench.standard_id, reason="跌落")
    with pytest.raises(StandardSuspended) as stopped:
        selectors.require_standards_in_force(record.id, TODAY)
    assert stopped.value.facts["reason"] == "跌落"


def test_the_certificate_that_was_used_must_not_have_been_revoked_though_a_newer_one_holds(bench):
    record = bench.record()
    facts = replace(PAPER, number="GJ-2", valid_from=date(2026, 5, 1), valid_until=date(2028, 1, 1))
    add_certificate(bench.standard_id, facts, actor=bench.technician, now=bench.world.now)
    StandardCertificate.objects.filter(pk=bench.certificate_id).update(
        revoked_at=bench.world.now, revocation_reason="量值有误"
    )
    with pytest.raises(StandardCertificateRevoked) as stopped:
        selectors.require_standards_in_force(record.id, TODAY)
    assert stopped.value.facts["certificate"] == PAPER.number
    assert stopped.value.facts["reason"] == "量值有误"
    assert stopped.value.code == "JL-CAL-003"


def test_every_standard_of_a_record_has_to_be_in_force_not_the_reference_alone(bench):
    short = another_standard(bench, "YZ-T-003", number="GJ-3", valid_until=date(2026, 6, 15))
    record = bench.record(standards=((bench.standard_id, bench.certificate_id, True), (*short, False)))
    selectors.require_standards_in_force(record.id, date(2026, 6, 15))
    with pytest.raises(StandardExpired) as stopped:
        selectors.require_standards_in_force(record.id, TODAY)
    assert stopped.value.facts["serial_number"] == "YZ-T-003"


def test_in_another_institute_no_record_is_seen(bench, other_institute):
    record = bench.record(amends_certificate_id=bench.certificate_id, state="in_review")
    sent_back(record, bench.world.now)
    instrument_id = record.item.instrument_id
    with scope(other_institute.id):
        assert list(selectors.calibrations()) == []
        assert set(selectors.waiting_counts().values()) == {0}
        assert selectors.standards_used(record.id) == []
        assert selectors.steps_of(record.id) == []
        assert selectors.records_of_item(record.item_id) == []
        assert selectors.items_with_records([record.item_id]) == frozenset()
        assert selectors.last_returns([record.id]) == {}
        assert selectors.open_amendment_of(bench.certificate_id) is None
        assert list(selectors.records_using_certificate(bench.certificate_id)) == []
        asked = SimpleNamespace(
            item=SimpleNamespace(instrument_id=instrument_id), procedure=record.procedure,
            created_at=later(bench, days=9), amends_certificate_id=None,
        )  # fmt: skip
        assert selectors.previous_record(asked) is None
        with pytest.raises(CalibrationUnknown):
            selectors.calibration(record.id)
