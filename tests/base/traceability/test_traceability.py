"""Evidence: what proves what from when to when, what the database refuses, and what has to be renewed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from tests.information.evidence_rows import certificate
from tests.ledger import PAPER

from jialiang.base.instruments.models import Instrument
from jialiang.base.measurement_standards.selectors import certificates_of
from jialiang.base.traceability import selectors, services
from jialiang.base.traceability.models import Evidence
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.tenancy.errors import NoTenantInScope
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

BEGIN, END = date(2026, 1, 10), date(2027, 1, 9)


@pytest.fixture
def thermometer(world):
    return world.instrument()


def proven(world, instrument, valid_from=BEGIN, valid_until=END, **members):
    """Evidence of an instrument by a certificate of its own."""
    issued = certificate(world, instrument, calibration=members.pop("calibration", None))
    for entry in issued.calibration.item.commission.items.all():
        entry.custody = "returned"
        entry.save()
    row = services.record_instrument_evidence(
        instrument_id=instrument.id, certificate_id=issued.id, conformity="pass", valid_from=valid_from,
        valid_until=valid_until, now=world.now,
    )  # fmt: skip
    if members:
        Evidence.objects.filter(pk=row.pk).update(**members)
    return row


def other_institute(world):
    with everywhere("a second institute for the test"):
        return create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)


def test_a_certificate_proves_a_standard_once_however_often_it_is_recorded(world):
    standard = world.standard(PAPER)
    (paper,) = certificates_of(standard.id)
    (first,) = selectors.evidence_of_standard(standard.id)
    assert (first.valid_from, first.valid_until, first.standard_certificate) == (BEGIN, END, paper)
    again = services.record_standard_evidence(
        standard_id=standard.id, standard_certificate_id=paper.id, valid_from=BEGIN, valid_until=date(2030, 1, 1),
        now=world.now,
    )  # fmt: skip
    assert (again.id, again.valid_until) == (first.id, END)
    assert Evidence.objects.count() == 1


def test_a_certificate_proves_an_instrument_once_however_often_it_is_recorded(world, thermometer):
    first = proven(world, thermometer)
    again = services.record_instrument_evidence(
        instrument_id=thermometer.id, certificate_id=first.certificate_id, conformity="fail", valid_from=BEGIN,
        valid_until=None, now=world.now,
    )  # fmt: skip
    assert (again.id, again.conformity, again.valid_until) == (first.id, "pass", END)


# day asked about, is there evidence of 2026-01-10 … 2027-01-09
DAYS = [
    (date(2026, 1, 9), False),
    (date(2026, 1, 10), True),
    (date(2026, 6, 16), True),
    (date(2027, 1, 9), True),
    (date(2027, 1, 10), False),
]


@pytest.mark.parametrize(("on", "holds"), DAYS, ids=str)
def test_evidence_holds_from_its_first_to_its_last_day(world, thermometer, on, holds):
    row = proven(world, thermometer)
    standard = world.standard(PAPER)
    found = selectors.instrument_evidence_on(thermometer.id, on)
    assert (found is not None and found.id == row.id) is holds
    assert (selectors.standard_evidence_on(standard.id, on) is not None) is holds


def test_a_day_ends_with_the_institutes_own_midnight_wherever_it_is(world, thermometer, tenant):
    """17:00 in UTC is one in the morning in Shanghai, but eleven in the evening in Urumqi's own time."""
    proven(world, thermometer, ended_at=datetime(2026, 6, 15, 17, 0, tzinfo=UTC))
    for zone, last_day in (
        ("Asia/Shanghai", 15),
        ("Asia/Urumqi", 14),
        ("America/New_York", 14),
        ("Asia/Tokyo", 15),
    ):
        tenant.time_zone = zone
        tenant.save()
        for day in (14, 15, 16):
            found = selectors.instrument_evidence_on(thermometer.id, date(2026, 6, day))
            assert (found is not None) is (day <= last_day), (zone, day)


def test_evidence_without_a_last_day_holds_for_ever(world, thermometer):
    proven(world, thermometer, valid_until=None)
    assert selectors.instrument_evidence_on(thermometer.id, date(2099, 1, 1)) is not None
    assert selectors.instrument_evidence_on(thermometer.id, date(2026, 1, 9)) is None


# evidence ended at this moment (UTC); the day in Shanghai begins eight hours earlier
ENDED = [
    (datetime(2026, 6, 16, 7, 0, tzinfo=UTC), date(2026, 6, 15), True),
    (datetime(2026, 6, 16, 7, 0, tzinfo=UTC), date(2026, 6, 16), False),
    (datetime(2026, 6, 16, 7, 0, tzinfo=UTC), date(2026, 6, 17), False),
    (datetime(2026, 6, 15, 17, 0, tzinfo=UTC), date(2026, 6, 15), True),  # 01:00 on the 16th in Shanghai
    (datetime(2026, 6, 15, 17, 0, tzinfo=UTC), date(2026, 6, 16), False),
    (datetime(2026, 6, 15, 15, 59, tzinfo=UTC), date(2026, 6, 15), False),
    (datetime(2026, 6, 15, 15, 59, tzinfo=UTC), date(2026, 6, 14), True),
]


@pytest.mark.parametrize(("ended", "on", "holds"), ENDED)
def test_ended_evidence_holds_on_the_days_before_its_end_in_the_institutes_own_calendar(
    world, thermometer, ended, on, holds
):
    proven(world, thermometer, ended_at=ended)
    assert (selectors.instrument_evidence_on(thermometer.id, on) is not None) is holds


def test_of_several_the_one_that_began_last_counts_and_of_those_the_later_made(world, thermometer):
    old = proven(world, thermometer, valid_from=date(2025, 1, 1), valid_until=date(2028, 1, 1))
    first, second = proven(world, thermometer), proven(world, thermometer)
    assert selectors.instrument_evidence_on(thermometer.id, date(2026, 6, 1)).id == second.id
    assert selectors.instrument_evidence_on(thermometer.id, date(2027, 6, 1)).id == old.id
    listed = selectors.evidence_of_instrument(thermometer.id)
    assert [row.id for row in listed] == [second.id, first.id, old.id]
    assert selectors.evidence_of_instruments([thermometer.id])[thermometer.id] == listed


def test_evidence_of_many_costs_one_query_and_leaves_out_who_has_none(
    world, thermometer, django_assert_num_queries
):
    other, bare = world.instrument(serial_number="2"), world.instrument(serial_number="3")
    first, second = proven(world, thermometer), proven(world, other)
    with django_assert_num_queries(1):
        found = selectors.evidence_of_instruments([thermometer.id, other.id, bare.id])
        numbers = {rows[0].certificate.number for rows in found.values()}
    assert {key: [row.id for row in rows] for key, rows in found.items()} == {
        thermometer.id: [first.id], other.id: [second.id],
    }  # fmt: skip
    assert len(numbers) == 2
    assert selectors.evidence_of_instruments([]) == {}


def test_ending_what_a_certificate_proved_is_done_once_and_keeps_the_first_reason(world, thermometer):
    row = proven(world, thermometer)
    later = world.now + timedelta(days=1)
    assert (
        services.end_certificate_evidence(row.certificate_id, reason="撤销" + "长" * 400, now=world.now) == 1
    )
    assert services.end_certificate_evidence(row.certificate_id, reason="again", now=later) == 0
    (ended,) = selectors.evidence_of_certificate(row.certificate_id)
    assert (ended.ended_at, len(ended.end_reason), ended.end_reason[:2]) == (world.now, 300, "撤销")


def test_ending_what_a_standards_certificate_proved_touches_no_other(world):
    newer = replace(PAPER, number="GJ-2", valid_from=date(2026, 5, 1), valid_until=date(2028, 1, 1))
    standard = world.standard(PAPER, newer)
    latest, first = certificates_of(standard.id)
    assert services.end_standard_evidence(latest.id, reason="量值有误", now=world.now) == 1
    assert services.end_standard_evidence(new_id(world.now), reason="x", now=world.now) == 0
    ended, kept = selectors.evidence_of_standard(standard.id)
    assert (ended.standard_certificate_id, ended.end_reason) == (latest.id, "量值有误")
    assert (kept.standard_certificate_id, kept.ended_at) == (first.id, None)
    assert selectors.standard_evidence_on(standard.id, date(2026, 6, 17)).id == kept.id


# what an evidence row must not be: it has one certificate and one subject
WRONG = [
    ({}, "nothing at all"),
    ({"certificate"}, "no subject"),
    ({"instrument"}, "no certificate"),
    ({"certificate", "standard_certificate", "instrument"}, "two certificates"),
    ({"certificate", "instrument", "standard"}, "two subjects"),
]


@pytest.mark.parametrize(("given", "why"), WRONG, ids=[why for _, why in WRONG])
def test_the_database_refuses_evidence_without_one_certificate_and_one_subject(
    world, thermometer, given, why
):
    standard = world.standard(PAPER)
    (paper,) = certificates_of(standard.id)
    issued = certificate(world, thermometer)
    Evidence.objects.all().delete()
    members = {
        "certificate": issued, "standard_certificate": paper, "instrument": thermometer, "standard_id": standard.id
    }  # fmt: skip
    chosen = {name: row for name, row in members.items() if name.removesuffix("_id") in given}
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.create(id=new_id(world.now), valid_from=BEGIN, **chosen)
    assert Evidence.objects.count() == 0, why


def test_what_is_evidence_cannot_be_deleted(world, thermometer):
    row = proven(world, thermometer)
    for held in (row.certificate, row.instrument):
        with pytest.raises(ProtectedError):
            held.delete()


def renewing(until, **narrowing):
    return [row.instrument.serial_number for row in selectors.evidence_to_renew(until, **narrowing)]


def test_what_ends_by_a_day_is_to_be_renewed_the_earliest_end_first(world):
    for serial, end in (("a", date(2026, 7, 2)), ("b", date(2026, 7, 1)), ("c", date(2026, 7, 3))):
        proven(world, world.instrument(serial_number=serial), valid_until=end)
    assert renewing(date(2026, 6, 30)) == []
    assert renewing(date(2026, 7, 1)) == ["b"]
    assert renewing(date(2026, 7, 2)) == ["b", "a"]
    assert renewing(date(2026, 7, 31)) == ["b", "a", "c"]


def test_only_the_latest_evidence_of_an_instrument_is_to_be_renewed(world, thermometer):
    proven(world, thermometer, valid_from=date(2025, 1, 1), valid_until=date(2026, 1, 1))
    proven(world, thermometer, valid_from=date(2026, 1, 1), valid_until=date(2030, 1, 1))
    assert renewing(date(2026, 12, 31)) == []
    assert renewing(date(2030, 1, 1)) == [thermometer.serial_number]


def test_newer_evidence_that_was_ended_lets_the_older_one_be_renewed(world, thermometer):
    older = proven(world, thermometer, valid_from=date(2025, 1, 1), valid_until=date(2026, 1, 1))
    proven(world, thermometer, valid_from=date(2026, 1, 1), valid_until=date(2030, 1, 1), ended_at=world.now)
    assert [row.id for row in selectors.evidence_to_renew(date(2026, 12, 31))] == [older.id]


# columns of the instrument, last day of the evidence: is it to be renewed by 2026-12-31
RENEWED = [
    ({}, date(2026, 12, 31), True),
    ({}, date(2027, 1, 1), False),
    ({"interval_months": 12}, None, True),
    ({"interval_months": None}, None, False),
    ({"state": "retired"}, date(2026, 7, 1), False),
    ({"state": "suspended"}, date(2026, 7, 1), True),
    ({"state": "away"}, date(2026, 7, 1), True),
]


@pytest.mark.parametrize(("columns", "end", "is_due"), RENEWED)
def test_what_is_to_be_renewed(world, thermometer, columns, end, is_due):
    proven(world, thermometer, valid_until=end)
    Instrument.objects.filter(pk=thermometer.pk).update(**columns)
    assert renewing(date(2026, 12, 31)) == ([thermometer.serial_number] if is_due else [])


def test_an_owner_is_told_of_the_own_instruments_only(world, thermometer):
    mill = world.instrument(owner_id=world.mill_id, serial_number="m")
    for row in (thermometer, mill):
        proven_by_hand = certificate_of(world, row)
        assert proven_by_hand is not None
    assert renewing(END, owner_id=world.mill_id) == ["m"]
    assert renewing(END, owner_id=world.own_id) == []
    assert len(renewing(END)) == 2


def certificate_of(world, instrument):
    """Evidence of any customer's instrument, by a record of the dairy's thermometer."""
    carrier = world.instrument(serial_number=f"carrier of {instrument.serial_number}")
    issued = certificate(world, carrier)
    return services.record_instrument_evidence(
        instrument_id=instrument.id, certificate_id=issued.id, conformity="", valid_from=BEGIN, valid_until=END,
        now=world.now,
    )  # fmt: skip


def test_in_another_institute_there_is_no_evidence_and_none_is_ended(world, thermometer):
    row = proven(world, thermometer)
    standard = world.standard(PAPER)
    (paper,) = certificates_of(standard.id)
    on = date(2026, 6, 16)
    with scope(other_institute(world).id):
        assert selectors.evidence_of_instrument(thermometer.id) == []
        assert selectors.evidence_of_instruments([thermometer.id]) == {}
        assert selectors.evidence_of_standard(standard.id) == []
        assert selectors.instrument_evidence_on(thermometer.id, on) is None
        assert selectors.standard_evidence_on(standard.id, on) is None
        assert selectors.evidence_to_renew(date(2030, 1, 1)) == []
        assert selectors.evidence_of_certificate(row.certificate_id) == []
        assert services.end_certificate_evidence(row.certificate_id, reason="x", now=world.now) == 0
        assert services.end_standard_evidence(paper.id, reason="x", now=world.now) == 0
    assert Evidence.objects.filter(ended_at__isnull=False).count() == 0


def test_outside_every_scope_evidence_is_neither_read_nor_written(tenant, now):
    key = new_id(now)
    for deed in (
        lambda: selectors.evidence_of_instrument(key),
        lambda: selectors.instrument_evidence_on(key, BEGIN),
        lambda: services.end_certificate_evidence(key, reason="x", now=now),
        lambda: services.record_standard_evidence(
            standard_id=key, standard_certificate_id=key, valid_from=BEGIN, valid_until=END, now=now
        ),
    ):
        with pytest.raises(NoTenantInScope):
            deed()
