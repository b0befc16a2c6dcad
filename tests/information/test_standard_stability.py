"""JJF 1033 from stored checks: groups of a day, s by Bessel, the change against its criterion, year after year."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest

from jialiang.information import standard_stability
from jialiang.information.standard_stability import standard_tests
from jialiang.science.errors import NotANumber, ParameterNotAllowed

ID = UUID(int=1)
CELSIUS = "\\degreecelsius"
TEN = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10")


def check(observed_on, value, unit=CELSIUS):
    return SimpleNamespace(observed_on=observed_on, measured_value=value, unit=unit)


def certificate(number, begin, expanded="0.05", unit=CELSIUS, revoked=None):
    return SimpleNamespace(
        number=number, valid_from=begin, expanded_uncertainty=expanded, unit=unit, revoked_at=revoked
    )


@pytest.fixture
def tests_of(monkeypatch):
    """Tests of a standard with these checks and certificates."""

    def told(checks, certificates=(), **wanted):
        monkeypatch.setattr(standard_stability, "standard", lambda _: SimpleNamespace(unit=CELSIUS))
        monkeypatch.setattr(standard_stability, "check_observations", lambda _: list(checks))
        monkeypatch.setattr(standard_stability, "certificates_of", lambda _: list(certificates))
        return standard_tests(ID, **wanted)

    return told


def monthly(*values, year=2025):
    return [check(f"{year}-{month:02d}-15", value) for month, value in enumerate(values, 1)]


def test_ten_readings_of_a_day_by_hand(tests_of):
    # 1 … 10: mean 5.5, Σ(x - 5.5)² = 82.5, s² = 82.5/9, s of the mean = s/√10
    found = tests_of([check("2025-03-01", value) for value in TEN])
    (group,) = found.repeatability
    assert (group.label, group.mean, group.found.count) == ("2025-03-01", 5.5, 10)
    assert group.found.standard_deviation == pytest.approx(math.sqrt(82.5 / 9))
    assert group.found.standard_uncertainty_of_mean == pytest.approx(math.sqrt(82.5 / 90))
    assert (found.has_grown, found.stability) == (None, ())


def test_nine_readings_are_no_test_of_repeatability(tests_of):
    found = tests_of([check("2025-03-01", value) for value in TEN[:9]])
    assert found.repeatability == ()
    assert not found.groups[0].is_enough
    assert found.groups[0].found.count == 9


@pytest.mark.parametrize(("factor", "grown"), [("2", True), ("1", False), ("0.5", False)])
def test_the_latest_scatter_is_compared_with_the_first(tests_of, factor, grown):
    later = [check("2026-03-01", str(Decimal(value) * Decimal(factor))) for value in TEN]
    assert tests_of([*[check("2025-03-01", value) for value in TEN], *later]).has_grown is grown


def test_four_group_means_a_month_apart_make_the_test_as_new(tests_of):
    found = tests_of(monthly("1.00", "1.03", "0.99", "1.02"), [certificate("C-1", date(2025, 1, 1))])
    (test,) = found.stability
    assert (test.kind, test.first, test.last) == ("new", "2025-01-15", "2025-04-15")
    assert test.means == (1.00, 1.03, 0.99, 1.02)
    assert test.change == Decimal("0.04")
    assert (test.limit, test.limit_from, test.holds) == (Decimal("0.05"), "C-1", True)


@pytest.mark.parametrize(
    ("highest", "holds"), [("1.04", True), ("1.05", False), ("1.06", False)]
)
def test_a_change_as_large_as_the_criterion_does_not_hold(tests_of, highest, holds):
    found = tests_of(monthly("1.00", highest, "1.01", "1.02"), [certificate("C-1", date(2025, 1, 1))])
    assert found.stability[0].holds is holds


def test_groups_less_than_a_month_apart_are_passed_over(tests_of):
    days = ["2025-01-15", "2025-02-14", "2025-02-15", "2025-03-14", "2025-03-15", "2025-04-15"]
    values = ["1.00", "9.00", "1.01", "8.00", "1.02", "1.03"]
    found = tests_of([check(day, value) for day, value in zip(days, values, strict=True)])
    assert found.stability[0].means == (1.00, 1.01, 1.02, 1.03)


def test_three_groups_make_no_test(tests_of):
    assert tests_of(monthly("1.00", "1.01", "1.02")).stability == ()


def test_years_in_use_are_compared_one_with_the_next(tests_of):
    checks = [check("2023-06-01", "1.00"), check("2024-06-01", "1.02"), check("2025-06-01", "1.09")]
    found = tests_of(checks, [certificate("C-1", date(2023, 1, 1))])
    new, *in_use = found.stability if found.stability[0].kind == "new" else (None, *found.stability)
    assert new is None
    assert [(t.first, t.last, t.change, t.holds) for t in in_use] == [
        ("2023", "2024", Decimal("0.02"), True),
        ("2024", "2025", Decimal("0.07"), False),
    ]


def test_the_mean_of_a_year_is_that_of_its_groups(tests_of):
    checks = [check("2024-01-01", "1"), check("2024-01-01", "3"), check("2024-05-01", "4"), check("2025-01-01", "7")]
    (test,) = tests_of(checks).stability
    assert test.means == (3.0, 7.0)  # groups of 2024: 2 and 4
    assert test.change == 4


def test_a_year_without_checks_is_bridged_and_named(tests_of):
    (test,) = tests_of([check("2022-01-01", "1"), check("2025-01-01", "1.5")]).stability
    assert (test.first, test.last, test.change) == ("2022", "2025", Decimal("0.5"))


def test_the_criterion_is_of_the_certificate_that_carried_the_standard_then(tests_of):
    checks = [check("2023-06-01", "1.00"), check("2024-06-01", "1.02"), check("2025-06-01", "1.04")]
    certificates = [certificate("C-2", date(2025, 1, 1), "0.01"), certificate("C-1", date(2023, 1, 1), "0.03")]
    found = tests_of(checks, certificates)
    assert [(t.limit_from, t.holds) for t in found.stability] == [("C-1", True), ("C-2", False)]


def test_a_revoked_certificate_and_one_not_begun_are_no_criterion(tests_of):
    certificates = [certificate("C-1", date(2023, 1, 1), revoked=object()), certificate("C-2", date(2026, 1, 1))]
    (test,) = tests_of([check("2024-01-01", "1"), check("2025-01-01", "1")], certificates).stability
    assert (test.limit, test.limit_from, test.holds) == (None, "", None)


def test_the_uncertainty_in_another_unit_is_converted(tests_of):
    certificates = [certificate("C-1", date(2023, 1, 1), "50", unit="\\milli\\kelvin")]
    (test,) = tests_of([check("2024-01-01", "1"), check("2025-01-01", "1.04")], certificates).stability
    assert float(test.limit) == pytest.approx(0.05)
    assert test.holds is True


@pytest.mark.parametrize(("mpe", "holds"), [("0.05", True), ("-0.05", True), ("0.04", False), ("0.03", False)])
def test_a_standard_used_at_its_nominal_value_is_judged_by_its_mpe(tests_of, mpe, holds):
    checks = [check("2024-01-01", "1"), check("2025-01-01", "1.04")]
    (test,) = tests_of(checks, [certificate("C-1", date(2020, 1, 1))], maximum_permissible_error=mpe).stability
    assert (test.limit_from, test.limit, test.holds) == ("mpe", abs(Decimal(mpe)), holds)


@pytest.mark.parametrize(("mpe", "error"), [("0", ParameterNotAllowed), ("abc", NotANumber)])
def test_what_is_no_maximum_permissible_error_is_refused(tests_of, mpe, error):
    with pytest.raises(error) as refused:
        tests_of([], maximum_permissible_error=mpe)
    assert refused.value.what.zh
    assert refused.value.what.en


def test_moments_told_in_years_make_groups_and_tests_without_a_criterion(tests_of):
    checks = [check(str(75.0 + n / 12), f"{n}") for n in range(4)] + [check("76.5", "9")]
    found = tests_of(checks, [certificate("C-1", date(2020, 1, 1))])
    assert [(t.kind, t.holds) for t in found.stability] == [("new", None), ("in_use", None)]
    assert (found.stability[1].first, found.stability[1].last) == ("75", "76")


def test_groups_stand_in_the_order_of_time_whatever_the_order_of_entry(tests_of):
    found = tests_of([check("2025-05-01", "2"), check("2024-05-01", "1"), check("2025-05-01", "4")])
    assert [(group.label, group.mean) for group in found.groups] == [("2024-05-01", 1.0), ("2025-05-01", 3.0)]


def test_without_checks_there_is_nothing_to_tell(tests_of):
    found = tests_of([])
    assert (found.groups, found.repeatability, found.stability, found.has_grown) == ((), (), (), None)
