"""Drawings of measurement science where data are few, far, alike or absent; read back from the ink."""

import math
from decimal import Decimal

import pytest

from jialiang.console.charts.conformity import Judged, decision_drawing, operating_point_drawing
from jialiang.console.charts.plane import (
    MARGIN_BOTTOM,
    MARGIN_LEFT,
    MARGIN_RIGHT,
    MARGIN_TOP,
    Axis,
    Plane,
    logarithmic,
    text,
)
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
from jialiang.science.charts.shewhart import Known, chart_about, chart_of_individuals
from jialiang.science.comparisons.youden import youden_plot
from jialiang.science.decisions.statements import Limits
from jialiang.science.intervals.reliability import AttributesData, fit_reliability
from jialiang.science.intervals.variables import ToleranceTarget, drift_model
from tests.console.charts.measuring import Drawn, path_points

LANGUAGES = ("zh", "en")
MASS = Text(zh="质量", en="Mass")
ITEM = (Text(zh="样品", en="Item"), "mg")


def _plane(low=0.0, high=10.0):
    return Plane(Axis(MASS, "g", 0.0, 100.0), Axis(MASS, "mg", low, high), width=400, height=200)


# --- the plane


@pytest.mark.parametrize(
    ("unit", "zh", "en"),
    [("g", "质量 / g", "Mass / g"), ("", "质量", "Mass"), ("µg", "质量 / µg", "Mass / µg")],
)
def test_a_caption_is_quantity_over_unit(unit, zh, en):
    axis = Axis(MASS, unit, 0, 1)
    assert (axis.caption("zh"), axis.caption("en")) == (zh, en)


@pytest.mark.parametrize(
    ("value", "share"),
    [(0, 0), (25, 0.25), (50, 0.5), (100, 1), (-1, 0), (101, 1), (1e300, 1), (-math.inf, 0)],
)
def test_a_straight_axis_is_to_scale_and_ends_at_its_edge(value, share):
    plane = _plane(0.0, 100.0)
    across, up = 400 - MARGIN_LEFT - MARGIN_RIGHT, 200 - MARGIN_TOP - MARGIN_BOTTOM
    assert plane.x(value) == pytest.approx(MARGIN_LEFT + share * across, abs=0.05)
    assert plane.y(value) == pytest.approx(200 - MARGIN_BOTTOM - share * up, abs=0.05)


@pytest.mark.parametrize(
    ("value", "share"), [(1, 0), (10, 0.5), (100, 1), (math.sqrt(10), 0.25), (0.0, 0), (-5, 0), (1e9, 1)]
)
def test_a_logarithmic_axis_is_to_scale_and_ends_at_its_edge(value, share):
    plane = Plane(Axis(MASS, "g", 1.0, 100.0, is_logarithmic=True), Axis(MASS, "mg", 0, 1))
    assert plane.x(value) == pytest.approx(plane.left + share * (plane.right - plane.left), abs=0.05)


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ([1.0], 1.0, 10.0),  # one value on a decade still has an axis of one decade
        ([3.0], 1.0, 10.0),
        ([0.02, 30.0], 0.01, 100.0),
        ([10.0, 1000.0], 10.0, 1000.0),
        ([3e-13], 1e-13, 1e-12),
        ([], 1.0, 10.0),
        ([0.0, -1.0], 1.0, 10.0),
        ([0.0, 50.0], 10.0, 100.0),
    ],
)
def test_logarithmic_axes_hold_whole_decades(values, low, high):
    axis = logarithmic(MASS, "g", values)
    assert (axis.low, axis.high) == pytest.approx((low, high))
    assert axis.is_logarithmic


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (1.0, 100.0, ["1", "10", "10²"]),
        (0.01, 1.0, ["10⁻²", "10⁻¹", "1"]),
        (1e-12, 1e-10, ["10⁻¹²", "10⁻¹¹", "10⁻¹⁰"]),
    ],
)
def test_decades_are_written_as_powers(low, high, words):
    plane = Plane(Axis(MASS, "g", low, high, is_logarithmic=True), Axis(Text(), "", 0, 1))
    drawn = Drawn(plane.drawing([], label="l", language="en"))
    assert drawn.words() == [*words, "Mass / g"]


def test_many_decades_are_marked_at_a_distance():
    plane = Plane(Axis(MASS, "g", 1e-20, 1e20, is_logarithmic=True), Axis(Text(), "", 0, 1))
    words = Drawn(plane.drawing([], label="l", language="en")).words()
    assert 4 <= len(words) - 1 <= 10


def test_an_axis_without_a_quantity_has_neither_marks_nor_caption():
    plane = Plane(Axis(MASS, "g", 0, 10), Axis(Text(), "", 0, 1))
    drawn = Drawn(plane.drawing([], label="l", language="zh"))
    assert drawn.of_class("grid") == []
    assert drawn.words()[-1] == "质量 / g"


def test_words_and_labels_are_escaped():
    evil = Text(zh='<b>"&', en='<b>"&')
    plane = Plane(Axis(evil, "<i>", 0, 10), Axis(evil, "&", 0, 1))
    drawn = Drawn(plane.drawing([text("lbl", 1, 2, "</svg>")], label='"><script>', language="en"))
    assert drawn.root.get("aria-label") == '"><script>'
    assert {'<b>"& / <i>', '<b>"& / &', "</svg>"} <= set(drawn.words())
    assert not list(drawn.root.iter("script", "b", "i"))


@pytest.mark.parametrize(
    ("make", "kind", "points"),
    [
        (lambda p: p.level("limit", 5.0), "limit", [(66, 92), (364, 92)]),
        (lambda p: p.level("limit", 99.0), "limit", [(66, 30), (364, 30)]),
        (lambda p: p.upright("guard", 50.0), "guard", [(215, 154), (215, 30)]),
        (lambda p: p.upright("guard", -9.0), "guard", [(66, 154), (66, 30)]),
        (lambda p: p.dot("pt", (50.0, 5.0)), "pt", [(212, 89), (218, 95)]),
        (lambda p: p.cross((50.0, 5.0)), "pt-out", [(211, 88), (219, 96), (219, 88), (211, 96)]),
        (lambda p: p.path("trace", [(0.0, 0.0), (100.0, 10.0)]), "trace", [(66, 154), (364, 30)]),
        (
            lambda p: p.bar(50.0, 0.0, 10.0),
            "u",
            [(215, 154), (215, 30), (211, 154), (219, 154), (211, 30), (219, 30)],
        ),
    ],
)
def test_marks_stand_where_their_numbers_are(make, kind, points):
    plane = _plane()
    drawn = Drawn(plane.drawing([make(plane)], label="l", language="en"))
    (mark,) = drawn.of_class(kind)
    found = path_points(mark.get("d")) if mark.tag == "path" else _ends(mark)
    assert found == [pytest.approx(point, abs=0.06) for point in points]


def _ends(mark):
    number = {name: float(value) for name, value in mark.items() if name != "class"}
    if mark.tag == "circle":
        x, y, r = number["cx"], number["cy"], number["r"]
        return [(x - r, y - r), (x + r, y + r)]
    return [(number["x1"], number["y1"]), (number["x2"], number["y2"])]


@pytest.mark.parametrize(
    ("x", "by", "anchored", "at"),
    [
        (0.0, (6, 0), False, 72),
        (70.0, (6, 0), False, 66 + 0.7 * 298 + 6),
        (100.0, (6, 0), True, 358),  # words that begin near the right edge end there instead
        (80.0, (0, 0), True, 66 + 0.8 * 298),
    ],
)
def test_notes_near_the_right_edge_are_turned_inwards(x, by, anchored, at):
    drawn = Drawn(_plane().note("lbl", (x, 5.0), "words", by=by))
    assert ("t-end" in drawn.root.get("class").split()) is anchored
    assert float(drawn.root.get("x")) == pytest.approx(at, abs=0.1)


@pytest.mark.parametrize("shift", [-500, 500])
def test_notes_never_leave_the_drawing_upwards_or_downwards(shift):
    drawn = Drawn(_plane().note("lbl", (50.0, 5.0), "words", by=(0, shift)))
    assert 11 <= float(drawn.root.get("y")) <= 196


# --- decisions


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("measured", "expanded", "limits", "guard", "lines"),
    [
        (0.0, 0.1, Limits.symmetric("0.3"), 0.1, (2, 2)),
        (0.0, 0.1, Limits.symmetric("0.3"), 0.0, (2, 0)),
        (5.0, 0.1, Limits.symmetric("0.3"), 0.1, (2, 2)),  # far outside
        (0.0, 9.0, Limits.symmetric("0.3"), 9.0, (2, 2)),  # nothing can pass
        (0.0, 0.0, Limits(upper=Decimal(1)), 0.2, (1, 1)),
        (0.0, 0.0, Limits(lower=Decimal(-1)), 0.0, (1, 0)),
        (1e9, 1e-9, Limits(upper=Decimal("1000000000.00000001")), 0.0, (1, 0)),
        (1.0, 0.0, Limits(upper=Decimal(1)), 0.0, (1, 0)),  # all in one place
        (-1e-12, 1e-13, Limits.symmetric("1e-12"), -1e-13, (2, 2)),
    ],
)
def test_a_decision_is_drawn_wherever_its_value_lies(measured, expanded, limits, guard, lines, language):
    judged = Judged(measured, expanded, limits, guard)
    drawn = Drawn(decision_drawing(judged, MASS, "g", label="判定", language=language))
    assert drawn.outside() == []
    assert MASS.in_language(language) + " / g" in drawn.words()
    assert (len(drawn.of_class("limit")), len(drawn.of_class("guard"))) == lines
    assert len(drawn.of_class("pt-now")) == 1
    names = {"zh": ("规范限", "接受限"), "en": ("tolerance limit", "acceptance limit")}[language]
    assert tuple(drawn.words().count(name) for name in names) == lines
    assert drawn.words().count(f"U = {expanded:.3g}") == 1


def test_a_negative_guard_band_stands_outside_the_limits():
    drawn = Drawn(
        decision_drawing(Judged(0.0, 0.1, Limits.symmetric(1), -0.5), MASS, "g", label="l", language="en")
    )
    limits = sorted(float(line.get("x1")) for line in drawn.of_class("limit"))
    guards = sorted(float(line.get("x1")) for line in drawn.of_class("guard"))
    assert guards[0] < limits[0] < limits[1] < guards[1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("itp", "tur", "factor", "target"),
    [
        (0.8, 2.0, 0.9, 0.02),
        (0.8, 2.0, 0.9, None),
        (0.999999, 50.0, 1.0, None),  # hardly a risk at all
        (0.01, 0.5, 1.0, 0.3),
        (0.8, 2.0, 0.0, None),  # nothing is accepted
        (0.8, 2.0, -1.0, 0.02),
        (0.8, 2.0, 5.0, 0.02),
        (0.5, 1000.0, 1.0, 1e-9),
    ],
)
def test_an_operating_point_is_drawn_at_any_risk(itp, tur, factor, target, language):
    drawn = Drawn(operating_point_drawing(itp, tur, factor, target_pfa=target, label="l", language=language))
    assert drawn.outside() == []
    assert len(drawn.of_class("pt-now")) == 1
    assert len(drawn.of_class("limit")) == (target is not None)
    word = {"zh": "保护带系数", "en": "guard-band factor"}[language]
    assert any(f"{word} {factor:.3f}" in words for words in drawn.words())


# --- control charts


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("points", "centre", "sd", "crosses"),
    [
        ([10.0], 10.0, 0.1, 0),
        ([99.0], 10.0, 0.1, 1),
        ([10.0, 10.0], 10.0, 1e-9, 0),
        ([-1e9, 1e9], 0.0, 1.0, 2),
        ([1e-15, 2e-15], 1e-15, 1e-15, 0),
        ([0.5, 3.5, -0.5], 0.0, 1.0, 1),
    ],
)
def test_a_control_chart_of_few_or_far_points(points, centre, sd, crosses, language):
    drawn = Drawn(shewhart_drawing(chart_about(points, centre, sd), MASS, "g", label="l", language=language))
    assert drawn.outside() == []
    assert len(drawn.of_class("pt-out")) == crosses
    assert len(drawn.of_class("pt-now")) == len(points) - crosses
    assert {"LCL", "CL", "UCL", MASS.in_language(language) + " / g"} <= set(drawn.words())
    assert {"zh": "序号", "en": "Number"}[language] in drawn.words()
    legend = {"zh": "判异准则", "en": "pattern of the rule"}[language]
    assert any(legend in words for words in drawn.words()) is bool(crosses)


def test_a_pattern_that_goes_on_is_named_once():
    chart = chart_about([2.5] * 4, 0.0, 1.0)
    drawn = Drawn(shewhart_drawing(chart, MASS, "g", label="l", language="en"))
    named = [e.text for e in drawn.of_class("lbl")]
    assert named == ["5", "6"]
    assert len(drawn.of_class("pt-out")) == 3


def test_long_charts_have_smaller_dots():
    radii = {}
    for count in (200, 201):
        chart = chart_of_individuals([float(i % 2) for i in range(count)], known=Known(0.5, 5.0), rules=[1])
        drawn = Drawn(shewhart_drawing(chart.location, MASS, "g", label="l", language="en"))
        radii[count] = {float(e.get("r")) for e in drawn.of_class("pt-now")}
        assert len(drawn.of_class("pt-now")) == count
    assert radii == {200: {2.5}, 201: {1.6}}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]),  # on the diagonal: a circle of nothing
        ([5.0, 5.0, 5.0], [7.0, 7.0, 7.0]),  # all laboratories alike
        ([1.0, 2.0, 1e6], [1.0, 2.0, -1e6]),
        ([1e-9, 2e-9, 3e-9], [3e-9, 1e-9, 2e-9]),
    ],
)
def test_a_youden_plot_of_few_or_far_laboratories(first, second, language):
    plot = youden_plot(first, second)
    drawn = Drawn(youden_drawing(plot, ITEM, ITEM, ["甲", "乙", "丙"], label="l", language=language))
    assert drawn.outside() == []
    caption = {"zh": "样品 / mg", "en": "Item / mg"}[language]
    assert drawn.words().count(caption) == 2
    assert len(drawn.of_class("pt")) + len(drawn.of_class("pt-out")) + len(drawn.of_class("pt-now")) == 3


# --- time


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("values", "dots", "bars", "lines"),
    [
        ([], 0, 0, 0),
        ([Stability(1.0, 0.0)], 0, 0, 0),
        ([Stability(1.0, 1e-12)], 1, 0, 0),
        ([Stability(1.0, 1e-12, 5e-13, 2e-12)], 1, 1, 0),
        ([Stability(1.0, 1e-12, 5e-13)], 1, 0, 0),  # an interval with one end is none
        ([Stability(1.0, 1e-12), Stability(2.0, 0.0), Stability(4.0, 1e-13)], 2, 0, 1),
        ([Stability(1e-9, 1e-300), Stability(1e9, 1e300)], 2, 0, 1),
    ],
)
def test_an_allan_plot_of_none_one_and_far_values(values, dots, bars, lines, language):
    name = Text(zh="阿伦偏差", en="Allan deviation")
    drawn = Drawn(allan_drawing(values, name, "", label="l", language=language))
    assert drawn.outside() == []
    assert (len(drawn.of_class("pt")), len(drawn.of_class("u")), len(drawn.of_class("trend"))) == (
        dots,
        bars,
        lines,
    )
    assert {"zh": "平均时间 τ / s", "en": "Averaging time τ / s"}[language] in drawn.words()
    assert name.in_language(language) in drawn.words()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("interval", "unit", "legal", "guards"),
    [(1.0, "a", None, 0), (1.0, "a", 0.5, 1), (0.0, "d", 365.0, 1), (4000.0, "d", 1.0, 1)],
)
def test_a_reliability_plot_holds_proposal_and_law(interval, unit, legal, guards, language):
    data = AttributesData((1.0, 2.0), (100, 1), (50, 0))
    drawn = Drawn(
        reliability_drawing(
            fit_reliability(data, "exponential"),
            data,
            0.85,
            Proposed(interval, unit, legal),
            label="l",
            language=language,
        )
    )
    assert drawn.outside() == []
    assert len(drawn.of_class("guard")) == guards
    assert len(drawn.of_class("pt")) == 2
    big, small = (float(e.get("r")) for e in drawn.of_class("pt"))
    assert big == 6.5 > small == 2.9  # 2.5 + 4 √(n/most)
    assert {"zh": f"校准后的时间 / {unit}", "en": f"Time since calibration / {unit}"}[
        language
    ] in drawn.words()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("target", "interval", "limits"),
    [
        (ToleranceTarget(-1.0, 1.0, 0.95), 57.0, 2),
        (ToleranceTarget(None, 1.0, 0.95), 70.0, 1),
        (ToleranceTarget(-1.0, None, 0.95), 36525.0, 1),
        (ToleranceTarget(None, -5.0, 0.95), 0.0, 1),  # outside from the first day
    ],
)
def test_a_drift_plot_of_any_limits(target, interval, limits, language):
    model = drift_model([10, 20, 30], ["0.1", "0.2", "0.3"], u0=0.1)
    drawn = Drawn(
        drift_interval_drawing(
            Prediction(model, target), Proposed(interval, "d"), MASS, "g", label="l", language=language
        )
    )
    assert drawn.outside() == []
    assert len(drawn.of_class("limit")) == limits
    assert drawn.words().count({"zh": "规范限", "en": "tolerance limit"}[language]) == limits
    assert len(drawn.of_class("lpu")) == 1
    assert MASS.in_language(language) + " / g" in drawn.words()


@pytest.mark.parametrize(("legal", "farthest"), [(None, 9.0), (5.0, 9.0), (20.0, 20.0)])
def test_the_farthest_time_of_a_drawing(legal, farthest):
    assert Proposed(9.0, "d", legal).farthest == farthest
