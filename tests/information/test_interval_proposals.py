"""Intervals from stored calibrations: counts and regressions by hand, and never above the legal maximum."""

from __future__ import annotations

import math
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.information.drift import DriftPoint, DriftSeries
from jialiang.information.interval_proposals import Ledger, Wanted, proposals_for
from jialiang.kernel.text import Text

FIRST = date(2020, 1, 1)
FREE = Ledger(None, is_compulsory=False)
YEARLY = Ledger(12, is_compulsory=False)
COMPULSORY = Ledger(12, is_compulsory=True)


def result(instrument, day, deviation, *, mpe="0.5", expanded="0.02", valid_days=None):
    """One certificate of an instrument so many days after the first."""
    return DriftPoint(
        certificate_id=UUID(int=instrument * 10_000 + day + 1),
        number=f"N-{instrument}-{day}",
        day=FIRST + timedelta(days=day),
        deviation=deviation,
        expanded_uncertainty=expanded,
        coverage_factor="2",
        maximum_permissible_error=mpe,
        conformity="",
        instrument_id=UUID(int=instrument),
        standard_uncertainty=float(expanded) / 2,
        valid_days=valid_days,
    )


def series(*points, point="20"):
    return DriftSeries(point, "\\degreecelsius", Text("示值误差", "Indication error"), list(points))


def fleet(good, bad, *, days=365, valid_days=None):
    """Instruments calibrated twice; the second time so many were in tolerance and so many out."""
    points = []
    for number in range(1, good + bad + 1):
        found = "0.1" if number <= good else "0.7"
        points += [result(number, 0, "0.0"), result(number, days, found, valid_days=valid_days)]
    return series(*points)


def survey(shown, ledger=FREE, *, every=None, **wanted):
    ids = {point.instrument_id for point in shown.points}
    return proposals_for(every or [shown], shown, dict.fromkeys(ids, ledger), Wanted(**wanted))


def by_method(found):
    return {each.method: each for each in found.proposals}


@pytest.mark.parametrize(
    ("good", "bad", "days"),
    [
        (10, 0, 365.25),  # Q = 1 - 0.95¹⁰ = 0.40: not contradicted
        (20, 0, 365.25 * 10 ** (0.05 / 0.95**20)),  # Q = 1 - 0.95²⁰ = 0.64, factor 10^(0.05/(1 - Q)) = 1.379
        (12, 8, 365.25 / 2),  # 10^(-0.35 Q) would be below a half: no more than halved at once
        (19, 1, 365.25),  # as many as the target
    ],
)
def test_a3_by_hand_from_the_counts_of_a_model(good, bad, days):
    found = by_method(survey(fleet(good, bad), YEARLY))["A3"]
    assert found.proposed_days == pytest.approx(days, rel=1e-9)
    assert found.evidence["in_tolerance"] == good
    assert found.evidence["n"] == good + bad
    assert found.held_by is None


def test_a3_counts_only_what_was_calibrated_at_about_the_present_interval():
    points = [*fleet(6, 0).points, result(50, 0, "0"), result(50, 700, "0.7"), result(51, 0, "0"), result(51, 450, "0")]
    found = by_method(survey(series(*points), YEARLY))["A3"]
    assert found.evidence["n"] == 7  # 365 six times and 450; 700 days are too long
    assert found.evidence["in_tolerance"] == 7


def test_a_certificate_is_in_tolerance_only_if_every_point_is():
    shown = fleet(20, 0)
    other = series(*[result(n, 365, "0.7" if n <= 8 else "0.1") for n in range(1, 21)], point="80")
    found = by_method(survey(shown, YEARLY, every=[shown, other]))["A3"]
    assert found.evidence["in_tolerance"] == 12
    assert found.proposed_days == pytest.approx(365.25 / 2)


def test_a_result_on_the_limit_is_in_tolerance():
    shown = series(result(1, 0, "0"), result(1, 365, "-0.50"), result(2, 0, "0"), result(2, 365, "-0.51"))
    assert by_method(survey(shown, YEARLY))["A3"].evidence["in_tolerance"] == 1


def two_times(first_bad, second_bad, each=20):
    """Instruments found after one year, and as many after two, with so many out of tolerance."""
    points = []
    for number in range(1, 2 * each + 1):
        days, bad = (365, first_bad) if number <= each else (730, second_bad)
        is_bad = (number - 1) % each < bad
        points += [result(number, 0, "0"), result(number, days, "0.7" if is_bad else "0.1")]
    return series(*points)


def test_s2_by_hand_with_an_exponential():
    # 90 of 100 after 365 d and 81 after 730 d: R = 0.9^(t/365); R = 0.95 after 365 ln 0.95 / ln 0.9 = 177.7 d
    found = by_method(survey(two_times(10, 19, each=100), YEARLY))["S2"]
    assert found.evidence["times"] == [365, 730]
    assert found.evidence["n"] == [100, 100]
    assert found.evidence["in_tolerance"] == [90, 81]
    assert found.evidence["best"] == "exponential"
    assert found.proposed_days == pytest.approx(365 * math.log(0.95) / math.log(0.9), rel=1e-6)


def test_s2_says_nothing_where_the_model_contradicts_the_counts():
    # 18 of 20 out after a year, 2 of 20 after two: no reliability falls like that
    found = by_method(survey(two_times(18, 2), YEARLY))["S2"]
    assert found.proposed_days is None
    assert "does not fit" in found.why_not.en


def test_s2_needs_two_times():
    found = by_method(survey(fleet(18, 2), YEARLY))["S2"]
    assert found.proposed_days is None
    assert found.why_not.zh
    assert found.why_not.en


@pytest.mark.parametrize(("good", "bad"), [(20, 0), (0, 5)])
def test_s2_says_nothing_where_all_were_found_alike(good, bad):
    found = by_method(survey(fleet(good, bad), YEARLY))["S2"]
    assert found.proposed_days is None
    assert "All were found" in found.why_not.en


def test_regression_by_hand_until_the_limit_is_touched():
    # 0, 0.1, 0.2 every 100 d: 0.001 a day, s = 0, u0 = 0.01, k(ν = 1) = 12.7062; (0.5 - 0.2 - 0.127062)/0.001 d
    shown = series(result(1, 0, "0"), result(1, 100, "0.1"), result(1, 200, "0.2"))
    found = by_method(survey(shown))["variables"]
    assert found.proposed_days == pytest.approx(172.938, abs=1e-3)
    assert found.evidence == {"days": [100, 100], "delta": [0.1, 0.1]}
    assert "staircase" not in by_method(survey(shown))


@pytest.mark.parametrize(
    ("deviation", "factor", "step"), [("0.3", 1.1, "extend"), ("0.45", 1.0, "keep"), ("0.6", 0.5, "reduce")]
)
def test_too_few_results_for_a_regression_fall_back_on_the_staircase(deviation, factor, step):
    shown = series(result(1, 0, "0"), result(1, 365, deviation))
    found = by_method(survey(shown, YEARLY))
    assert found["variables"].proposed_days is None
    assert found["variables"].why_not.zh
    assert found["staircase"].proposed_days == pytest.approx(365.25 * factor)
    assert found["staircase"].evidence["step"] == step


def test_regression_is_of_one_instrument_alone():
    assert set(by_method(survey(fleet(3, 0)))) == {"A3", "S2"}


@pytest.mark.parametrize(
    ("ledger", "valid", "given_days", "legal", "legal_from"),
    [
        (FREE, None, None, None, ""),
        (FREE, None, 300.0, 300.0, "given"),
        (FREE, 200, None, 200.0, "certificate"),
        (FREE, 200, 300.0, 200.0, "certificate"),
        (FREE, 400, 300.0, 300.0, "given"),
        (COMPULSORY, None, None, 365.25, "present_interval"),
        (COMPULSORY, None, 500.0, 500.0, "given"),
        (COMPULSORY, 180, None, 180.0, "certificate"),
    ],
)
def test_the_legal_maximum_and_where_it_is_from(ledger, valid, given_days, legal, legal_from):
    found = survey(fleet(20, 0, valid_days=valid), ledger, legal_maximum_days=given_days)
    assert (found.legal_maximum_days, found.legal_from) == (legal, legal_from)


@settings(max_examples=8)
@given(
    good=st.integers(min_value=0, max_value=12),
    bad=st.integers(min_value=0, max_value=6),
    legal=st.floats(min_value=1, max_value=800),
    target=st.sampled_from([0.5, 0.8, 0.95]),
)
def test_no_proposal_ever_exceeds_the_legal_maximum(good, bad, legal, target):
    if good + bad:
        found = survey(fleet(good, bad), YEARLY, legal_maximum_days=legal, target=target)
        assert all(each.proposed_days <= legal + 1e-9 for each in found.proposals if each.proposed_days is not None)


@settings(max_examples=8)
@given(st.lists(st.sampled_from(["0", "0.1", "0.2", "0.4"]), min_size=1, max_size=5), st.floats(1, 500))
def test_no_proposal_for_one_instrument_exceeds_the_legal_maximum(deviations, legal):
    shown = series(*[result(1, 100 * place, value) for place, value in enumerate(deviations)])
    found = survey(shown, COMPULSORY, legal_maximum_days=legal)
    assert all(each.proposed_days <= legal + 1e-9 for each in found.proposals if each.proposed_days is not None)


def test_a_compulsory_instrument_is_never_given_longer_than_now_without_a_limit_known():
    found = survey(fleet(20, 0), COMPULSORY)
    assert by_method(found)["A3"].held_by == "legal_maximum"
    assert by_method(found)["A3"].proposed_days == pytest.approx(365.25)
    assert by_method(found)["A3"].unbounded_days > 365.25


@pytest.mark.parametrize(
    ("months", "current"), [([12, 12, 24], 365.25), ([24, 6, 6], 182.625), ([24, 12], 365.25), ([None, 24], 730.5)]
)
def test_the_present_interval_is_the_commonest_of_the_ledger_the_shorter_of_two(months, current):
    ids = [UUID(int=n + 1) for n in range(len(months))]
    shown = series(*[result(n + 1, 0, "0") for n in range(len(months))])
    ledger = {key: Ledger(m, is_compulsory=False) for key, m in zip(ids, months, strict=True)}
    assert proposals_for([shown], shown, ledger, Wanted()).current_days == current


def test_without_an_interval_in_the_ledger_the_median_time_stands():
    shown = series(*[result(1, day, "0") for day in (0, 300, 700, 1100)])
    assert survey(shown).current_days == 400


@pytest.mark.parametrize("mpe", ["", "0.5"])
def test_a_single_certificate_proposes_nothing_by_counts_and_says_why(mpe):
    found = by_method(survey(series(result(1, 0, "0.1", mpe=mpe))))
    assert {each.proposed_days for each in found.values()} == {None}
    assert all(each.why_not.zh and each.why_not.en for each in found.values())


def test_certificates_without_a_limit_do_not_count():
    shown = series(*[result(1, 365 * n, "0.1", mpe="") for n in range(4)])
    found = by_method(survey(shown, YEARLY))
    assert found["A3"].proposed_days is None
    assert found["variables"].proposed_days is None
    assert found["staircase"].proposed_days is None
