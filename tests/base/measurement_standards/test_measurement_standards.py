"""Measurement standards: identity, certificates in force, checks as entered."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger import PAPER, REFERENCE_THERMOMETER

from jialiang.base.measurement_standards import errors, selectors, services
from jialiang.base.measurement_standards.facts import CheckFacts, StandardFacts, moment_of
from jialiang.base.measurement_standards.models import StandardCertificate
from jialiang.formats.content import CertificateReference
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text

FIRST, LAST = PAPER.valid_from, PAPER.valid_until
ONE_DAY = timedelta(days=1)


@pytest.fixture
def keeper(world):
    return world.person("standards_keeper")


@pytest.fixture
def standard(world):
    return services.register(REFERENCE_THERMOMETER, now=world.now)


def add(standard, keeper, now, **members):
    return services.add_certificate(standard.id, replace(PAPER, **members), actor=keeper, now=now)


def test_what_a_standard_lacks_is_named_all_at_once(world):
    empty = StandardFacts(name=Text(), level="", model="", serial_number="", quantity=Text(), unit="")
    with pytest.raises(errors.StandardIncomplete) as refused:
        services.register(empty, now=world.now)
    named = refused.value.facts["members"].zh
    assert named == "计量标准名称、计量标准等级、型号规格、出厂编号、量的名称、计量单位、测量范围"


@pytest.mark.parametrize(
    ("members", "english"),
    [
        ({"level": "best"}, "is not one of"),
        ({"unit": "grad"}, "not a known unit"),
        ({"measuring_interval_minimum": "0..1"}, "not a decimal"),
        ({"measuring_interval_minimum": "50"}, "the lower limit 50"),
        ({"drift_half_width": "-0.1"}, "negative"),
    ],
)
def test_a_standard_s_member_that_cannot_be_is_refused(world, members, english):
    with pytest.raises(errors.StandardMember) as refused:
        services.register(replace(REFERENCE_THERMOMETER, **members), now=world.now)
    assert english in refused.value.what.en


def test_a_standard_is_registered_once(world, standard):
    with pytest.raises(errors.StandardExists):
        services.register(replace(REFERENCE_THERMOMETER, name=Text("另一名称")), now=world.now)


def test_a_certificate_is_kept_digit_for_digit_with_its_values_and_the_link_upward(world, keeper, standard):
    above = CertificateReference(
        Text("国家基准"), "N-1", "c14n-sha256", "a" * 64, linked=CertificateReference(Text("SI"), "0", "analogue", "")
    )
    spread = {"expanded_uncertainty": "0.0040", "coverage_factor": "2.00"}
    values = ({"nominal": "25.000", "measured": "25.0100", **spread},)
    row = add(standard, keeper, world.now, upward=above, measured_values=values)
    view = selectors.standard_certificate(row.id)
    assert (view.expanded_uncertainty, view.coverage_factor) == ("0.004", "2.00")
    assert view.measured_values == values
    assert view.upward == above
    assert view.reference(LAST).linked == above
    assert view.reference(LAST).in_validity
    assert not view.reference(LAST + ONE_DAY).in_validity


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"number": "", "valid_until": None}, errors.StandardIncomplete),
        ({"expanded_uncertainty": "0"}, errors.StandardMember),
        ({"coverage_factor": "-2"}, errors.StandardMember),
        ({"valid_until": FIRST - ONE_DAY}, errors.StandardMember),
        ({"digest": "XYZ"}, errors.StandardMember),
        ({"form": "fax"}, errors.StandardMember),
        ({"measured_values": ({"nominal": "1"},)}, errors.StandardMember),
        ({"unit": "\\milli\\kelvin"}, errors.StandardMember),
        ({"unit": "\\gram"}, errors.StandardMember),
    ],
)
def test_a_certificate_that_cannot_be_is_refused(world, keeper, standard, members, error):
    with pytest.raises(error):
        add(standard, keeper, world.now, **members)


def test_a_number_stands_once_among_a_standard_s_certificates(world, keeper, standard):
    add(standard, keeper, world.now)
    with pytest.raises(errors.StandardCertificateExists):
        add(standard, keeper, world.now)


@pytest.mark.parametrize("on", [FIRST, date(2026, 6, 16), LAST])
def test_a_certificate_is_in_force_from_its_first_to_its_last_day(world, keeper, standard, on):
    row = add(standard, keeper, world.now)
    assert selectors.certificate_in_force(standard.id, on).id == row.id


def test_an_expired_link_names_the_standard_the_certificate_and_since_when(world, keeper, standard):
    add(standard, keeper, world.now)
    with pytest.raises(errors.StandardExpired) as stopped:
        selectors.certificate_in_force(standard.id, LAST + ONE_DAY)
    assert stopped.value.facts["since"] == LAST + ONE_DAY
    for said in (stopped.value.what.zh, stopped.value.what.en):
        assert all(part in said for part in ("YZ-T-001", PAPER.number, "2027-01-10"))


def test_before_the_first_day_of_its_first_certificate_a_standard_is_unproven(world, keeper, standard):
    with pytest.raises(errors.StandardUnproven):
        selectors.certificate_in_force(standard.id, FIRST)
    add(standard, keeper, world.now)
    with pytest.raises(errors.StandardUnproven):
        selectors.certificate_in_force(standard.id, FIRST - ONE_DAY)


def test_of_two_in_force_the_later_one_carries_and_the_earlier_day_keeps_the_earlier(world, keeper, standard):
    old = add(standard, keeper, world.now)
    new = add(standard, keeper, world.now, number="2", valid_from=date(2026, 9, 1), valid_until=date(2027, 8, 31))
    assert selectors.certificate_in_force(standard.id, date(2026, 8, 31)).id == old.id
    assert selectors.certificate_in_force(standard.id, date(2026, 9, 1)).id == new.id


def test_a_long_certificate_carries_on_where_a_later_short_one_has_ended(world, keeper, standard):
    long = add(standard, keeper, world.now)
    add(standard, keeper, world.now, number="2", valid_from=date(2026, 3, 1), valid_until=date(2026, 3, 31))
    assert selectors.certificate_in_force(standard.id, date(2026, 4, 1)).id == long.id


def test_a_revoked_certificate_carries_only_what_was_before(world, keeper, standard):
    row = add(standard, keeper, world.now)
    StandardCertificate.objects.filter(pk=row.id).update(revoked_at=datetime(2026, 5, 1, 9, tzinfo=UTC))
    assert selectors.certificate_in_force(standard.id, date(2026, 4, 30)).id == row.id
    with pytest.raises(errors.StandardExpired) as stopped:
        selectors.certificate_in_force(standard.id, date(2026, 5, 1))
    assert stopped.value.facts["since"] == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("zone", "revoked", "last"),
    [
        ("Asia/Shanghai", datetime(2026, 4, 30, 17, tzinfo=UTC), date(2026, 4, 30)),  # 01:00 on the first of May
        ("Asia/Shanghai", datetime(2026, 4, 30, 15, 59, tzinfo=UTC), date(2026, 4, 29)),
        ("Asia/Urumqi", datetime(2026, 4, 30, 17, tzinfo=UTC), date(2026, 4, 29)),
        ("UTC", datetime(2026, 5, 1, 0, 0, tzinfo=UTC), date(2026, 4, 30)),
    ],
)
def test_the_day_of_a_revocation_is_that_of_the_institutes_calendar(
    world, keeper, standard, tenant, zone, revoked, last
):
    tenant.time_zone = zone
    tenant.save()
    row = add(standard, keeper, world.now)
    StandardCertificate.objects.filter(pk=row.id).update(revoked_at=revoked)
    assert selectors.ends_on(StandardCertificate.objects.get(pk=row.id)) == last


def test_a_suspended_standard_stops_the_work_with_its_reason(world, keeper, standard):
    add(standard, keeper, world.now)
    services.suspend(standard.id, reason="期间核查超限")
    with pytest.raises(errors.StandardSuspended, match="期间核查超限"):
        selectors.certificate_in_force(standard.id, FIRST)
    services.resume(standard.id, reason="复核正常")
    assert selectors.certificate_in_force(standard.id, FIRST).number == PAPER.number


def test_a_unit_of_the_same_size_is_taken(world, keeper, standard):
    assert add(standard, keeper, world.now, unit="\\kelvin").unit == "\\kelvin"


def test_states_change_with_a_reason_and_from_the_right_state(world, standard):
    with pytest.raises(errors.ReasonMissing):
        services.suspend(standard.id, reason="")
    with pytest.raises(errors.StandardMember):
        services.suspend(standard.id, reason="x" * 201)
    with pytest.raises(errors.StateForbids):
        services.resume(standard.id, reason="r")


def test_checks_are_appended_as_entered_and_numbered(world, keeper, standard):
    days = ("2026-01-15", "75.884")
    checks = [CheckFacts(observed_on=day, measured_value="25.010", unit="\\degreecelsius") for day in days]
    services.record_checks(standard.id, checks, actor=keeper, now=world.now)
    services.record_checks(standard.id, checks[:1], actor=keeper, now=world.now)
    rows = selectors.check_observations(standard.id)
    assert [(r.sequence, r.observed_on, r.measured_value) for r in rows] == [
        (1, "2026-01-15", "25.010"), (2, "75.884", "25.010"), (3, "2026-01-15", "25.010"),
    ]  # fmt: skip
    assert {(r.person_id, r.person_name) for r in rows} == {(keeper.person_id, "李四")}


@pytest.mark.parametrize(
    "members", [{"observed_on": "yesterday"}, {"measured_value": "25,01"}, {"standard_deviation": "-1"}, {"unit": "x"}]
)
def test_a_check_that_cannot_be_read_is_refused(world, keeper, standard, members):
    good = CheckFacts(observed_on="2026-01-15", measured_value="25.010", unit="\\degreecelsius")
    with pytest.raises(errors.StandardMember):
        services.record_checks(standard.id, [good, replace(good, **members)], actor=keeper, now=world.now)
    assert selectors.check_observations(standard.id) == []


@given(st.dates(), st.dates())
def test_moments_of_days_are_ordered_as_the_days(one, other):
    assert (moment_of(one.isoformat()) < moment_of(other.isoformat())) == (one < other)


def test_the_moment_of_the_middle_of_a_year_is_half_a_year():
    assert moment_of("2025-07-02") == pytest.approx(2025.5, abs=0.003)
    assert moment_of("75.884") == 75.884
    assert moment_of("soon") is None


def test_a_standard_is_named_on_certificates_with_its_uncertainty(world, keeper, standard):
    row = add(standard, keeper, world.now)
    view = selectors.standard_view(standard.id)
    equipment = view.equipment("s1", selectors.standard_certificate(row.id), FIRST)
    assert equipment.uncertainty_statement == Text("U = 0.004 ℃，k = 2.00", "U = 0.004 °C, k = 2.00")
    assert (equipment.certificate.number, equipment.serial_number) == (PAPER.number, "YZ-T-001")


def test_lists_hold_certificates_at_hand(world, keeper, standard, django_assert_num_queries):
    add(standard, keeper, world.now)
    with django_assert_num_queries(2):
        (row,) = selectors.standards(text="sprt")
        assert selectors.latest(row).number == selectors.carrying(row, FIRST).number == PAPER.number
        assert selectors.carrying(row, LAST + ONE_DAY) is None
    assert [s.id for s in selectors.standards_in_use()] == [standard.id]
    assert selectors.count_standards(state="suspended") == 0


def test_what_is_not_here_is_not_found(world):
    with pytest.raises(errors.StandardUnknown):
        selectors.certificate_in_force(new_id(world.now), FIRST)
    with pytest.raises(errors.StandardCertificateUnknown):
        selectors.standard_certificate(new_id(world.now))
