"""Steady, drifting or changed at a step: straight lines and steps fitted with a pencil."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.science.errors import ParameterNotAllowed
from jialiang.science.trend import Calibrated, common_drift, steps_in, trend_of


def history(*deviations, u=1.0, from_reference=0.0, every=1.0, since=0.0):
    """One calibration after the other, ``every`` days apart."""
    return [
        Calibrated(since + every * place, float(value), u, from_reference)
        for place, value in enumerate(deviations)
    ]


def test_a_straight_line_by_hand():
    # 1 3 5 7 on days 0 … 3, u = 1: b = 2, Σ(d - 1.5)² = 5, u(b) = 1/√5; u²(5) = 1/4 + 3.5²/5 = 2.7
    found = trend_of(history(1, 3, 5, 7))
    assert found.verdict == "drift"
    assert found.line.rate.rate == pytest.approx(2, rel=1e-12)
    assert found.line.rate.standard_uncertainty == pytest.approx(1 / math.sqrt(5), rel=1e-12)
    ahead = found.on(5)
    assert ahead.value == pytest.approx(11, rel=1e-12)
    assert ahead.standard_uncertainty == pytest.approx(math.sqrt(2.7), rel=1e-12)
    assert (found.first, found.partition) == (0, None)


def test_scatter_without_a_slope_is_steady():
    # 1 -1 1 -1: b = Σ(d - 1.5) y / 5 = -2/5, less than 2/√5
    found = trend_of(history(1, -1, 1, -1))
    assert found.verdict == "steady"
    assert found.line.rate.rate == pytest.approx(-0.4, rel=1e-12)


@pytest.mark.parametrize("at", [2, 3, 4, 6])
def test_a_planted_step_is_found_at_its_place_and_the_line_begins_there(at):
    found = trend_of(history(*([0] * at + [10] * (8 - at))))
    assert found.verdict == "step"
    assert found.partition.change_points == (at,)
    assert [stretch.mean for stretch in found.partition.stretches] == [0, 10]
    assert found.first == at
    if 8 - at >= 3:
        assert found.on(20).value == pytest.approx(10, abs=1e-9)
        assert found.line.rate.rate == pytest.approx(0, abs=1e-9)
    else:
        assert found.line is None
        assert found.on(20) is None


def test_two_planted_steps_are_found_at_their_places():
    found = trend_of(history(0, 0, 0, 10, 10, 10, -5, -5, -5))
    assert found.partition.change_points == (3, 6)
    assert found.on(12).value == pytest.approx(-5, abs=1e-9)


def test_a_step_within_the_uncertainty_is_none():
    assert trend_of(history(0, 0, 0, 1, 1, 1)).partition is None


def test_a_straight_climb_is_not_taken_for_a_staircase():
    # two stretches would halve it: spread 2 + 2 and a price, a line leaves nothing but its price
    assert steps_in([0, 1, 2, 3], [1, 3, 5, 7], 1.0) is None
    # 0 0 0 10 10 10: the step leaves 0, the line 150 - 45²/17.5 = 34.3
    assert steps_in(range(6), [0, 0, 0, 10, 10, 10], 1.0).change_points == (3,)


def test_on_one_day_there_is_no_line_to_weigh_a_step_against():
    assert steps_in([5.0] * 4, [0, 0, 10, 10], 1.0).change_points == (2,)
    assert trend_of(history(1, 1, 1, every=0)).verdict == "unknown"


@pytest.mark.parametrize("deviations", [(1,), (1, 2)])
def test_one_or_two_calibrations_tell_nothing(deviations):
    found = trend_of(history(*deviations))
    assert (found.verdict, found.line, found.on(9)) == ("unknown", None, None)


def test_what_all_have_from_one_reference_stays_in_the_prediction():
    # u = 5, of which 4 common: own part 3; mean of three at their middle has 3/√3, with the common part √(3 + 16)
    found = trend_of(history(2, 2, 2, u=5.0, from_reference=4.0))
    assert found.line.common_uncertainty == 4.0
    assert found.line.on(1).standard_uncertainty == pytest.approx(math.sqrt(19), rel=1e-12)


def test_the_common_part_never_takes_the_whole_uncertainty():
    found = trend_of(history(2, 2, 2, u=1.0, from_reference=1.5))
    assert found.line.common_uncertainty == 0.99


def test_changes_of_several_instruments_by_hand():
    # changes 1 and 3, a day each: b = 4/2 = 2, s² = 2, u(b) = 1; k95(ν = 1) = 12.7, so no drift can be told
    found = common_drift([history(0, 1), history(50, 53)])
    assert found.changes == ((1.0, 1.0), (1.0, 3.0))
    assert found.model.curve.coefficients[0] == pytest.approx(2)
    assert found.model.curve.standard_uncertainties[0] == pytest.approx(1)
    assert found.verdict == "steady"
    # from 5 with u = 0.3 on day 10 to day 13: 5 + 3·2; u² = 0.09 + 2 + 9·1
    ahead = found.on(13, Calibrated(10, 5, 0.3))
    assert ahead.value == pytest.approx(11)
    assert ahead.standard_uncertainty == pytest.approx(math.sqrt(11.09))


def test_levels_of_instruments_do_not_hide_their_common_drift():
    found = common_drift([history(0, 1, 2, 3), history(100, 101, 102, 103), history(-40, -39, -38, -37)])
    assert found.verdict == "drift"
    assert found.model.curve.coefficients[0] == pytest.approx(1)
    assert found.partition is None


def test_a_step_of_all_at_once_is_found_at_its_day():
    levels = [history(*[level + (8 if day >= 3 else 0) for day in range(6)], u=0.5) for level in (0, 20, -7)]
    found = common_drift(levels)
    assert found.verdict == "step"
    assert [found.days[at] for at in found.partition.change_points] == [3.0]


@pytest.mark.parametrize(
    ("histories", "changes"),
    [([], 0), ([history(1)], 0), ([history(1), history(2)], 0), ([history(1, 2)], 1), ([history(1, 2, every=0)], 0)],
)
def test_below_two_changes_nothing_is_told_in_common(histories, changes):
    found = common_drift(histories)
    assert (found.verdict, found.model, len(found.changes)) == ("unknown", None, changes)
    assert found.on(9, Calibrated(0, 0, 1)) is None


@pytest.mark.parametrize("judge", [trend_of, lambda each: common_drift([each])])
def test_calibrations_out_of_their_order_are_refused(judge):
    with pytest.raises(ParameterNotAllowed) as refused:
        judge([Calibrated(3, 0, 1), Calibrated(2, 0, 1)])
    assert refused.value.facts["parameter"] == "day"


def test_the_common_rate_is_that_of_all_changes_together():
    found = common_drift([history(1, 2, 4), history(1, 2, 4)])
    assert found.model.curve.coefficients[0] == pytest.approx(6 / 4)


small = st.floats(min_value=-50, max_value=50, allow_nan=False).map(lambda x: round(x, 3))


@settings(max_examples=20)
@given(st.lists(small, min_size=4, max_size=9), small)
def test_a_constant_shift_changes_neither_verdict_nor_rate(deviations, shift):
    before = trend_of(history(*deviations))
    after = trend_of(history(*[value + shift for value in deviations]))
    assert after.first == before.first
    if before.line is not None:
        assert after.line.rate.rate == pytest.approx(before.line.rate.rate, abs=1e-6)


@settings(max_examples=20)
@given(st.lists(small, min_size=3, max_size=8), st.floats(min_value=0, max_value=500))
def test_the_uncertainty_grows_with_the_time_ahead(deviations, days):
    found = trend_of(history(*deviations))
    if found.line is not None:
        last = len(deviations) - 1
        near, far = found.on(last + days), found.on(last + days + 10)
        assert far.standard_uncertainty >= near.standard_uncertainty


@settings(max_examples=20)
@given(st.lists(st.lists(small, min_size=2, max_size=5), min_size=2, max_size=4), small)
def test_the_level_of_one_instrument_does_not_change_the_common_rate(values, shift):
    before = common_drift([history(*each) for each in values])
    moved = [[value + shift for value in values[0]], *values[1:]]
    after = common_drift([history(*each) for each in moved])
    assert after.model.curve.coefficients[0] == pytest.approx(before.model.curve.coefficients[0], abs=1e-6)
