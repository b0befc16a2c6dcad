"""Contributions, EWMA and CUSUM: every number stands where it belongs, at the edges too."""

import pytest

from jialiang.console.charts.contributions import contributions_drawing
from jialiang.console.charts.memory_charts import cusum_drawing, ewma_drawing
from jialiang.kernel.text import Text
from jialiang.science.charts.memory import CusumDesign, EwmaDesign, cusum_chart, ewma_chart
from tests.console.charts.measuring import Drawn

MASS = Text(zh="质量", en="Mass")
LANGUAGES = ("zh", "en")


def bars_of(parts, combined=5.0, unit="mg", language="en"):
    return Drawn(contributions_drawing(parts, combined, unit, label="l", language=language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_bars_are_to_scale_with_the_axis_labelled(language):
    drawn = bars_of([("b", -4.0), ("a", 3.0)], language=language)
    first, second = (float(bar.get("width")) for bar in drawn.of_class("bar"))
    assert first / second == pytest.approx(4 / 3, abs=0.01)
    caption = {"zh": "不确定度分量 |c| u / mg", "en": "Contribution |c| u / mg"}[language]
    assert caption in drawn.words()
    assert drawn.outside() == []
    (line,) = drawn.of_class("lpu")
    left = float(drawn.of_class("bar")[0].get("x"))
    assert (float(line.get("x1")) - left) / first == pytest.approx(5 / 4, abs=0.01)


def test_the_largest_stands_first_whatever_the_order():
    words = bars_of([("small", 1.0), ("large", -9.0), ("middle", 2.0)]).words()
    assert [w for w in words if w in ("small", "large", "middle")] == ["large", "middle", "small"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_many_inputs_end_in_one_bar_for_the_rest(language):
    drawn = bars_of([(f"x{k}", 1.0) for k in range(30)], combined=30**0.5, language=language)
    bars = [float(bar.get("width")) for bar in drawn.of_class("bar")]
    assert len(bars) == 12
    assert bars[-1] / bars[0] == pytest.approx(19**0.5, abs=0.05)
    assert any("19" in word for word in drawn.words())
    assert drawn.outside() == []


@pytest.mark.parametrize(
    ("parts", "combined"),
    [
        ([("a", 1e-300)], 1e-300),
        ([("a", 1e12), ("b", 1e-12)], 1e12),
        ([("a", 0.0)], 0.0),
        ([("a", 7.0), ("b", -7.0)], 0.5),
    ],
)
def test_odd_sizes_stay_on_the_drawing(parts, combined):
    drawn = bars_of(parts, combined, unit="")
    assert drawn.outside() == []
    assert all(float(bar.get("width")) >= 0.5 for bar in drawn.of_class("bar"))


def test_names_are_escaped():
    drawn = bars_of([("<b>&", 1.0)], unit="<i>")
    assert "<b>&" in drawn.words()
    assert not list(drawn.root.iter("b", "i"))


def ewma(data, language="en", **design):
    chart = ewma_chart(data, centre=10.0, sd=1.0, design=EwmaDesign(**design))
    return chart, Drawn(ewma_drawing(chart, MASS, "mg", label="l", language=language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("exact", [False, True])
def test_an_ewma_has_a_point_for_each_value_and_a_cross_beyond(language, exact):
    chart, drawn = ewma([10, 10.5, 9.5, 12, 13, 14], language=language, exact=exact)
    assert len(drawn.of_class("pt-out")) == len(chart.outside) > 0
    assert len(drawn.of_class("pt-out")) + len(drawn.of_class("pt-now")) == 6
    assert len(drawn.of_class("limit")) == 2
    assert {"zh": "质量 / mg", "en": "Mass / mg"}[language] in drawn.words()
    assert {"CL", "LCL", "UCL"} <= set(drawn.words())
    assert drawn.outside() == []


def test_exact_limits_widen_and_steady_ones_do_not():
    _, steady = ewma([10.0] * 5)
    _, exact = ewma([10.0] * 5, exact=True)

    def heights(drawn):
        path = drawn.of_class("limit")[1].get("d")[1:]
        return [float(step.split()[1]) for step in path.split("L")]

    assert len(set(heights(steady))) == 1
    assert heights(exact) == sorted(heights(exact), reverse=True)
    assert len(set(heights(exact))) > 2


@pytest.mark.parametrize("data", [[10.0], [10.0, 10.0], [1e9, -1e9]])
def test_few_or_wild_values_are_drawn_within_the_ewma(data):
    assert ewma(data)[1].outside() == []


def cusum(data, language="en", **design):
    chart = cusum_chart(data, centre=0.0, sd=1.0, design=CusumDesign(**design))
    return chart, Drawn(cusum_drawing(chart, label="l", language=language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cusum_shows_both_sums_and_crosses_at_its_signals(language):
    chart, drawn = cusum([0, 0.2, 1.5, 2, 2, 2, -3, -3, -3, -3], language=language)
    assert {signal.side for signal in chart.signals} == {"upper", "lower"}
    assert len(drawn.of_class("pt-out")) == len(chart.signals)
    assert len(drawn.of_class("trend")) == 2
    assert {"h", "−h"} <= set(drawn.words())
    assert any("σ" in word for word in drawn.words())
    assert drawn.outside() == []


@pytest.mark.parametrize("data", [[0.0], [0.0, 0.0], [100.0] * 3])
def test_few_or_far_values_are_drawn_within_the_cusum(data):
    assert cusum(data)[1].outside() == []
