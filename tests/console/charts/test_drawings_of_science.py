"""Drawings of measurement science: axes name quantity and unit, marks stand where the numbers are, all inside."""

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.console.charts.conformity import Judged, decision_drawing, operating_point_drawing
from jialiang.console.charts.plane import Axis, Plane, logarithmic
from jialiang.console.charts.process_charts import shewhart_drawing, youden_drawing
from jialiang.console.charts.stability_charts import (
    Prediction,
    Proposed,
    Stability,
    allan_drawing,
    drift_interval_drawing,
    reliability_drawing,
)
from jialiang.kernel.text import Text
from jialiang.science.charts.shewhart import Known, chart_of_individuals
from jialiang.science.comparisons.youden import youden_plot
from jialiang.science.decisions.risk import risk_of_ratio
from jialiang.science.decisions.statements import Limits
from jialiang.science.intervals.reliability import AttributesData, fit_reliability
from jialiang.science.intervals.variables import ToleranceTarget, drift_model, interval_for_tolerance
from tests.console.charts.measuring import Drawn, path_points

FEW = settings(max_examples=12, deadline=None)
VOLTAGE = Text(zh="电压", en="Voltage")
DATA = AttributesData((4, 10, 20, 40), (10, 20, 30, 5), (9, 16, 18, 2))
FIT = fit_reliability(DATA, "exponential")
DRIFT = drift_model([100, 200, 300, 400], ["0.11", "0.19", "0.31", "0.40"], u0=0.02, y0=5.0)
TARGET = ToleranceTarget(4.0, 6.0, 0.9)
INTERVAL = interval_for_tolerance(DRIFT, TARGET)
MASSES = [10.01, 10.02, 9.99, 10.0, 9.98, 10.09]


def every_drawing(language):
    chart = chart_of_individuals(MASSES, known=Known(10, 0.02)).location
    plot = youden_plot(MASSES, [20.0, 20.1, 19.9, 20.0, 20.05, 20.9])
    values = [
        Stability(1, 1e-11, 0.9e-11, 1.1e-11),
        Stability(10, 3e-12, 2e-12, 5e-12),
        Stability(100, 4e-12),
    ]
    judged = Judged(0.27, 0.1, Limits.symmetric("0.3"), 0.1)
    codes = [f"L{i}" for i in range(6)]
    item = (Text(zh="样品", en="Item"), "mg")
    end = {"label": "drawn", "language": language}
    return {
        "decision": decision_drawing(judged, VOLTAGE, "V", **end),
        "operating": operating_point_drawing(0.8, 2, 0.9, target_pfa=0.02, **end),
        "shewhart": shewhart_drawing(chart, VOLTAGE, "V", **end),
        "youden": youden_drawing(plot, item, item, codes, **end),
        "allan": allan_drawing(values, Text(zh="阿伦偏差", en="Allan deviation"), "", **end),
        "reliability": reliability_drawing(FIT, DATA, 0.75, Proposed(FIT.interval(0.75), "d", 30), **end),
        "drift": drift_interval_drawing(
            Prediction(DRIFT, TARGET), Proposed(INTERVAL, "d", 365), VOLTAGE, "V", **end
        ),
    }


CAPTIONS = {
    "zh": {
        "decision": ["电压 / V"],
        "operating": ["误接受概率 PFA / %", "误拒绝概率 PFR / %"],
        "shewhart": ["序号", "电压 / V"],
        "youden": ["样品 / mg"],
        "allan": ["平均时间 τ / s", "阿伦偏差"],
        "reliability": ["校准后的时间 / d", "合格率（可靠性）"],
        "drift": ["校准后的时间 / d", "电压 / V"],
    },
    "en": {
        "decision": ["Voltage / V"],
        "operating": ["Probability of false acceptance, PFA / %", "Probability of false rejection, PFR / %"],
        "shewhart": ["Number", "Voltage / V"],
        "youden": ["Item / mg"],
        "allan": ["Averaging time τ / s", "Allan deviation"],
        "reliability": ["Time since calibration / d", "Reliability, share found in tolerance"],
        "drift": ["Time since calibration / d", "Voltage / V"],
    },
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axes_name_quantity_and_unit_in_the_language_asked_for(language):
    for name, source in every_drawing(language).items():
        drawn = Drawn(source)
        for caption in CAPTIONS[language][name]:
            assert caption in drawn.words(), name
        assert drawn.outside() == [], name
        assert drawn.root.get("aria-label") == "drawn"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_drawing_carries_a_colour_of_its_own(language):
    """Print, dark mode and high contrast come from the stylesheet."""
    for source in every_drawing(language).values():
        assert "style=" not in source
        assert "fill=" not in source
        assert "stroke=" not in source
        assert "#" not in source


def test_only_chinese_words_in_chinese_drawings_but_symbols():
    latin = {
        word
        for s in every_drawing("zh").values()
        for word in Drawn(s).words()
        if word.isascii() and word.isalpha()
    }
    assert latin <= {"UCL", "LCL", "CL"}


def test_the_value_stands_between_its_limits_to_scale():
    drawn = Drawn(every_drawing("en")["decision"])
    (dot,) = drawn.of_class("pt-now")
    limits = sorted(float(line.get("x1")) for line in drawn.of_class("limit"))
    guards = sorted(float(line.get("x1")) for line in drawn.of_class("guard"))
    share = (float(dot.get("cx")) - limits[0]) / (limits[1] - limits[0])
    assert share == pytest.approx((0.27 + 0.3) / 0.6, abs=0.002)
    assert limits[0] < guards[0] < guards[1] < limits[1]
    (bar,) = drawn.of_class("u")
    (left, _), (right, _) = path_points(bar.get("d"))
    assert (right - left) / (limits[1] - limits[0]) == pytest.approx(0.2 / 0.6, abs=0.002)


def test_one_limit_without_guard_band_has_one_line():
    judged = Judged(9.0, 0.5, Limits(upper=Decimal(10)))
    drawn = Drawn(decision_drawing(judged, VOLTAGE, "V", label="", language="en"))
    assert len(drawn.of_class("limit")) == 1
    assert drawn.of_class("guard") == []


@FEW
@given(st.floats(0.6, 0.99), st.floats(1.2, 10), st.floats(0.6, 1.1))
def test_the_operating_point_lies_on_its_curve(itp, tur, factor):
    drawn = Drawn(operating_point_drawing(itp, tur, factor, label="", language="en"))
    assert drawn.outside() == []
    (dot,) = drawn.of_class("pt-now")
    found = risk_of_ratio(itp, tur, factor)
    assert any(f"PFA {100 * found.pfa:.3g} %" in word for word in drawn.words())
    x, y = float(dot.get("cx")), float(dot.get("cy"))
    curve = path_points(drawn.of_class("curve")[0].get("d"))
    nearest = min(_distance((x, y), a, b) for a, b in zip(curve, curve[1:], strict=False))
    assert nearest < 6


def _distance(p, a, b):
    """From a point to a piece of a line."""
    length = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2
    t = (
        0
        if not length
        else max(0, min(1, ((p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1])) / length))
    )
    return math.hypot(p[0] - a[0] - t * (b[0] - a[0]), p[1] - a[1] - t * (b[1] - a[1]))


def test_signals_are_told_by_shape_and_number():
    drawn = Drawn(every_drawing("en")["shewhart"])
    assert len(drawn.of_class("pt-out")) == 1
    assert len(drawn.of_class("pt-now")) == 5
    assert "1" in drawn.words()
    assert "× pattern of the rule with this number" in drawn.words()
    calm = Drawn(
        shewhart_drawing(
            chart_of_individuals([1.0, 1.1, 0.9, 1.0]).location, VOLTAGE, "V", label="", language="en"
        )
    )
    assert calm.of_class("pt-out") == []
    assert not any("×" in word for word in calm.words())


@FEW
@given(
    st.lists(st.floats(-1e3, 1e3).map(lambda x: round(x, 3)), min_size=2, max_size=60), st.floats(1e-3, 100)
)
def test_every_chart_stays_inside_its_box(points, sd):
    chart = chart_of_individuals(points, known=Known(points[0], sd)).location
    drawn = Drawn(shewhart_drawing(chart, VOLTAGE, "V", label="", language="zh"))
    assert drawn.outside() == []
    assert len(drawn.of_class("pt-now")) + len(drawn.of_class("pt-out")) == len(points)


def test_the_youden_circle_has_the_radius_of_the_plot():
    first, second = MASSES, [20.0, 20.1, 19.9, 20.0, 20.05, 20.9]
    plot = youden_plot(first, second)
    drawn = Drawn(every_drawing("en")["youden"])
    circle = path_points(drawn.of_class("curve")[0].get("d"))
    width = max(x for x, _ in circle) - min(x for x, _ in circle)
    height = max(y for _, y in circle) - min(y for _, y in circle)
    assert width == pytest.approx(height, rel=0.01)
    assert len(drawn.of_class("pt-out")) == len(plot.outside)
    for place in plot.outside:
        assert f"L{place}" in drawn.words()


@FEW
@given(st.integers(0, 2**32 - 1), st.floats(1e-15, 1e3))
def test_allan_plots_stay_inside_and_fall_to_scale(seed, size):
    taus = [2.0**k for k in range(9)]
    values = [
        Stability(t, size / math.sqrt(t), 0.8 * size / math.sqrt(t), 1.3 * size / math.sqrt(t)) for t in taus
    ]
    drawn = Drawn(allan_drawing(values, VOLTAGE, "V", label="", language="en"))
    assert drawn.outside() == []
    assert len(drawn.of_class("u")) == len(drawn.of_class("pt")) == 9
    places = path_points(drawn.of_class("trend")[0].get("d"))
    slopes = np.diff([y for _, y in places]) / np.diff([x for x, _ in places])
    assert np.ptp(slopes) < 0.02


def test_zero_deviations_have_no_place_on_a_logarithmic_axis():
    drawn = Drawn(
        allan_drawing([Stability(1, 0.0), Stability(2, 1.0)], VOLTAGE, "V", label="", language="en")
    )
    assert len(drawn.of_class("pt")) == 1
    assert Drawn(allan_drawing([], VOLTAGE, "V", label="", language="en")).outside() == []


def test_the_proposal_stands_where_the_curve_meets_the_target():
    drawn = Drawn(every_drawing("en")["reliability"])
    x = float(drawn.of_class("lpu")[0].get("x1"))
    level = float(drawn.of_class("limit")[0].get("y1"))
    curve = path_points(drawn.of_class("curve")[0].get("d"))
    at = np.interp(x, [p[0] for p in curve], [p[1] for p in curve])
    assert at == pytest.approx(level, abs=1)
    assert len(drawn.of_class("pt")) == len(DATA.times)
    assert any("proposed interval" in word for word in drawn.words())
    assert "legal maximum" in drawn.words()


def test_the_upper_band_meets_the_limit_on_the_proposed_day():
    drawn = Drawn(every_drawing("zh")["drift"])
    x = float(drawn.of_class("lpu")[0].get("x1"))
    top = min(float(line.get("y1")) for line in drawn.of_class("limit"))
    upper = min((path_points(p.get("d")) for p in drawn.of_class("ahead")), key=lambda points: points[0][1])
    assert np.interp(x, [p[0] for p in upper], [p[1] for p in upper]) == pytest.approx(top, abs=1)


def test_axes_hold_whole_decades_and_clip_at_their_ends():
    axis = logarithmic(VOLTAGE, "V", [3e-12, 2e-9])
    assert (axis.low, axis.high) == (pytest.approx(1e-12), pytest.approx(1e-8))
    plane = Plane(axis, Axis(VOLTAGE, "V", 0, 1))
    assert plane.x(1e-12) == plane.left
    assert plane.x(1.0) == plane.x(1e-8) == plane.right
    assert plane.y(-5) == plane.bottom
    words = Drawn(plane.drawing([], label="", language="zh")).words()
    assert "10⁻¹²" in words
    assert words[-2:] == ["电压 / V", "电压 / V"]
