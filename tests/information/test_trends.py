"""The trend at a point, of one instrument and of many: rates per year, days of change, what is to be expected."""

from __future__ import annotations

import math
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.information.test_interval_proposals import FIRST, result, series

from jialiang.console.charts.trends import trend_drawing, year_of
from jialiang.information.trends import by_instrument, calibration_of, trend_at


def yearly(*deviations, instrument=1, expanded="2"):
    """Results of one instrument, 100 days apart."""
    return [result(instrument, 100 * n, value, expanded=expanded, mpe="50") for n, value in enumerate(deviations)]


def test_the_rate_of_one_instrument_is_told_a_year():
    # 1 3 5 7 every 100 d with u = 1: 0.02 a day, u(b) = 1/√(5·100²) a day; a year has 365.25 d
    on = FIRST + timedelta(days=500)
    found = trend_at(series(*yearly("1", "3", "5", "7")), on)
    assert (found.verdict, found.is_of_one, found.steps) == ("drift", True, ())
    assert found.rate == pytest.approx(0.02 * 365.25)
    assert found.rate_uncertainty == pytest.approx(365.25 / 100 / math.sqrt(5))
    (forecast,) = found.forecasts
    assert forecast.instrument_id == UUID(int=1)
    assert forecast.last.deviation == "7"
    assert forecast.expected.value == pytest.approx(11)
    assert forecast.expected.standard_uncertainty == pytest.approx(math.sqrt(2.7))


def test_a_step_of_one_instrument_is_told_by_the_day_after_it():
    found = trend_at(series(*yearly("0", "0", "0", "10", "10", "10")), date(2022, 1, 1))
    assert found.verdict == "step"
    assert found.steps == (FIRST + timedelta(days=300),)
    assert found.forecasts[0].expected.value == pytest.approx(10, abs=1e-9)


def test_results_in_any_order_give_the_same_trend():
    points = yearly("1", "3", "5", "7")
    assert trend_at(series(*reversed(points)), date(2022, 1, 1)).rate == trend_at(
        series(*points), date(2022, 1, 1)
    ).rate


def test_many_instruments_have_a_rate_in_common_and_forecasts_of_their_own():
    points = [*yearly("0", "1", "2"), *yearly("100", "101", "102", instrument=2)]
    found = trend_at(series(*points), FIRST + timedelta(days=300))
    assert (found.verdict, found.is_of_one) == ("drift", False)
    assert found.rate == pytest.approx(0.01 * 365.25)
    expected = {each.instrument_id.int: each.expected.value for each in found.forecasts}
    assert expected == {1: pytest.approx(3), 2: pytest.approx(103)}


def test_a_step_of_all_is_told_by_its_day():
    points = [
        point
        for number, level in enumerate((0, 30, -9), 1)
        for point in yearly(*[str(level + (20 if n > 2 else 0)) for n in range(6)], instrument=number, expanded="1")
    ]
    found = trend_at(series(*points), date(2022, 1, 1))
    assert found.verdict == "step"
    assert found.steps == (FIRST + timedelta(days=300),)


@pytest.mark.parametrize("deviations", [("1",), ("1", "2")])
def test_too_few_results_have_neither_rate_nor_forecast(deviations):
    found = trend_at(series(*yearly(*deviations)), date(2022, 1, 1))
    assert (found.verdict, found.rate, found.rate_uncertainty, found.forecasts) == ("unknown", None, None, ())


def test_two_instruments_with_a_result_each_tell_nothing_in_common():
    found = trend_at(series(*yearly("1"), *yearly("5", instrument=2)), date(2022, 1, 1))
    assert (found.verdict, found.rate, found.forecasts) == ("unknown", None, ())


def test_points_are_told_apart_by_instrument_oldest_first():
    points = [result(2, 5, "1"), result(1, 9, "2"), result(1, 3, "3")]
    found = by_instrument(points)
    assert {key.int: [p.deviation for p in history] for key, history in found.items()} == {1: ["3", "2"], 2: ["1"]}


def test_a_result_is_read_with_its_exact_uncertainty():
    read = calibration_of(result(1, 0, "-0.125", expanded="0.030"))
    assert (read.day, read.deviation, read.standard_uncertainty) == (FIRST.toordinal(), -0.125, 0.015)


@pytest.mark.parametrize(("language", "axis"), [("zh", "示值误差 / °C"), ("en", "Indication error / °C")])
def test_the_drawing_names_quantity_unit_and_time_in_the_language(language, axis):
    on = date(2022, 1, 1)
    drawn = trend_drawing(
        trend_at(series(*yearly("1", "3", "5", "7")), on), "°C", on, label="<b>", language=language
    )
    assert axis in drawn
    assert {"zh": "校准年份", "en": "Year of the calibration"}[language] in drawn
    assert 'aria-label="&lt;b&gt;"' in drawn
    assert drawn.count('class="pt"') == 4
    assert drawn.count('class="pt-ahead"') == 1
    assert drawn.count('class="trend ahead"') == 3
    assert drawn.count('class="curve"') == 1


def test_the_drawing_marks_steps_and_limits_that_are_near():
    on = date(2022, 1, 1)
    points = yearly("0", "0", "0", "10", "10", "10")
    drawn = trend_drawing(trend_at(series(*points), on), "mm", on, label="", language="en")
    assert drawn.count('class="guard"') == 1
    assert drawn.count('class="limit"') == 2
    far = [result(1, 100 * n, "0.1", mpe="900") for n in range(4)]
    assert 'class="limit"' not in trend_drawing(trend_at(series(*far), on), "mm", on, label="", language="en")


def test_a_drawing_of_many_has_a_line_for_each_and_no_bars():
    on = date(2022, 1, 1)
    points = [*yearly("0", "1", "2"), *yearly("4", "5", "6", instrument=2)]
    drawn = trend_drawing(trend_at(series(*points), on), "mm", on, label="", language="zh")
    assert drawn.count('class="trace"') == 2
    assert drawn.count('class="pt"') == 6
    assert drawn.count('class="pt-ahead"') == 2
    assert 'class="u"' not in drawn
    assert 'class="curve"' not in drawn


def test_a_single_result_is_drawn_without_a_line():
    on = date(2022, 1, 1)
    drawn = trend_drawing(trend_at(series(*yearly("1")), on), "mm", on, label="", language="en")
    assert drawn.count('class="pt"') == 1
    assert "pt-ahead" not in drawn


def test_the_last_day_itself_may_be_asked_for():
    points = yearly("1", "3", "5", "7")
    on = points[-1].day
    trend = trend_at(series(*points), on)
    assert trend.forecasts[0].expected.value == pytest.approx(7)
    assert trend_drawing(trend, "mm", on, label="", language="en").count("<svg") == 1


@pytest.mark.parametrize(("day", "year"), [(date(2020, 1, 1), 2020), (date(2021, 7, 2), 2021 + 182 / 365.25)])
def test_a_day_stands_between_its_years(day, year):
    assert year_of(day) == pytest.approx(year)
