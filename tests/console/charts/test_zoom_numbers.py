"""The numbers beside a drawing are those that the drawing was made of, and its block of JSON is harmless."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest
from django.utils import translation
from django.utils.safestring import mark_safe
from lxml import etree, html

from jialiang.console.charts.histogram import histogram
from jialiang.console.charts.stability_charts import FAMILY, Stability, allan_drawing, family_drawing, kind_of
from jialiang.console.charts.trends import trend_drawing, year_of
from jialiang.console.charts.zoom_numbers import distribution_numbers, stability_numbers, trend_numbers
from jialiang.console.charts.zoomable import Trace, ZoomAxis, ZoomChart, intervals, zoomable
from jialiang.information.simulated_distribution import SimulatedDistribution
from jialiang.information.trends import trend_at
from jialiang.kernel.text import Text
from tests.information.test_interval_proposals import FIRST, result, series

FOUND = SimulatedDistribution(
    edges=(9.0, 9.5, 10.0, 10.5, 11.0),
    densities=(0.2, 0.7, 0.8, 0.3),
    estimate=10.0,
    uncertainty=0.5,
    simulated=(9.1, 10.9),
    propagated=(9.0, 11.0),
    draws=1000,
)
CURVES = {
    "adev": [Stability(1, 1e-10, 8e-11, 1.4e-10), Stability(2, 7e-11, 5e-11, 1.1e-10), Stability(4, 5e-11)],
    "mdev": [Stability(1, 1e-10), Stability(2, 5e-11)],
}
PATH = re.compile(r"(-?[\d.]+) (-?[\d.]+)")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def read(drawing):
    return etree.fromstring(str(drawing))


def block(wrapped):
    root = html.fromstring(str(wrapped))
    (data,) = root.xpath("//script[@type='application/json']")
    return root, json.loads(data.text)


def places(svg, kind):
    """The points of the first path of a class."""
    path = next(p for p in svg.iter("path") if p.get("class") == kind)
    return [(float(x), float(y)) for x, y in PATH.findall(path.get("d"))]


def assert_straight(values, coordinates):
    """Coordinates are one linear function of the values."""
    low, high = min(values), max(values)
    at = dict(zip(values, coordinates, strict=True))
    for value, place in zip(values, coordinates, strict=True):
        expected = at[low] + (value - low) / ((high - low) or 1) * (at[high] - at[low])
        assert place == pytest.approx(expected, abs=0.16)


def trace(chart, name):
    return next(each for each in chart.traces if each.name == name)


def of_one():
    return [result(1, 300 * place, value) for place, value in enumerate(("0.1", "0.2", "0.2", "0.4", "0.5"))]


def test_the_results_of_a_trend_are_those_of_its_drawing():
    on = FIRST + timedelta(days=2000)
    trend = trend_at(series(*of_one()), on)
    (instrument,) = {point.instrument_id for point in trend.series.points}
    chart = trend_numbers(trend, "mm", on, {instrument: "S-1"}, label="L")
    marks = trace(chart, "S-1").marks
    assert [mark[0] for mark in marks] == [point.day.isoformat() for point in trend.series.points]
    assert [mark[1] for mark in marks] == [float(point.deviation) for point in trend.series.points]
    assert all("U = " in mark[2] and "S-1" in mark[2] for mark in marks)
    svg = read(trend_drawing(trend, "mm", on, label="L", language="en"))
    dots = [c for c in svg.iter("circle") if c.get("class") == "pt"]
    years = [year_of(date.fromisoformat(mark[0])) for mark in marks]
    assert_straight(years, [float(dot.get("cx")) for dot in dots])
    assert [float(d.get("cy")) for d in dots] == sorted((float(d.get("cy")) for d in dots), reverse=True)
    assert chart.across.scaling == "time"
    assert "mm" in chart.up.caption


def test_what_is_expected_stands_in_the_numbers_as_in_the_drawing():
    on = FIRST + timedelta(days=2000)
    trend = trend_at(series(*of_one()), on)
    chart = trend_numbers(trend, "mm", on, {}, label="L")
    assert trace(chart, "expected").marks[-1][0] == on.isoformat()
    (ahead,) = trace(chart, "expected on the day").marks
    assert ahead[1] == pytest.approx(trace(chart, "expected").marks[-1][1])
    low, high = (trace(chart, f"expected {sign} 2 u").marks[-1][1] for sign in ("−", "+"))
    assert low < ahead[1] < high
    svg = read(trend_drawing(trend, "mm", on, label="L", language="en"))
    line = places(svg, "curve")
    assert len(line) == len(trace(chart, "fitted line").marks) == 2
    bars = trace(chart, "U as reported").marks
    assert bars.count(None) == len(trend.series.points)


def test_instruments_of_a_model_can_be_told_apart():
    on = FIRST + timedelta(days=1500)
    points = [result(number, 365 * year, f"0.{number}{year}") for number in (1, 2, 3) for year in range(3)]
    trend = trend_at(series(*points), on)
    names = {point.instrument_id: f"S-{k}" for k, point in enumerate(trend.series.points)}
    chart = trend_numbers(trend, "", on, names, label="L")
    shown = [each for each in chart.traces if each.kind == "pt"]
    assert len(shown) == 3
    assert sum(len(each.marks) for each in shown) == 9
    assert not [each for each in chart.traces if each.name == "U as reported"]


def test_a_distribution_has_the_columns_the_curve_and_both_intervals_of_its_drawing():
    chart = distribution_numbers(FOUND, "y / mm", key="d", label="L")
    columns, curve, by_draws, by_law = chart.traces
    assert [mark[:2] for mark in columns.marks] == [(9.0, 0.2), (9.5, 0.7), (10.0, 0.8), (10.5, 0.3), (11.0, 0.3)]
    svg = read(histogram(FOUND, label="L", axis="y / mm", signed=False))
    drawn = places(svg, "curve")
    assert len(drawn) == len(curve.marks) == 97
    assert_straight([x for x, _ in curve.marks], [x for x, _ in drawn])
    assert_straight([y for _, y in curve.marks], [y for _, y in drawn])
    rects = [r for r in svg.iter("rect") if r.get("class") == "col"]
    assert_straight(list(FOUND.densities), [float(r.get("height")) for r in rects])
    assert {mark[0] for mark in by_draws.marks if mark} == set(FOUND.simulated)
    assert {mark[0] for mark in by_law.marks if mark} == set(FOUND.propagated)
    assert (chart.across.low, chart.across.high, chart.up.low) == (9.0, 11.0, 0)


def test_one_deviation_bears_its_intervals():
    chart = stability_numbers({"adev": CURVES["adev"]}, ("τ / s", "σ"), label="L")
    line, bars = chart.traces
    assert [mark[:2] for mark in line.marks] == [(v.tau, v.deviation) for v in CURVES["adev"]]
    assert line.marks[0][2].replace("\xa0", " ").startswith("ADEV  τ = 1 s\nσ = 1.000 × 10⁻¹⁰ (8.00 × 10⁻¹¹ …")
    assert bars.is_shown
    assert [mark for mark in bars.marks if mark][:2] == [(1, 8e-11), (1, 1.4e-10)]
    svg = read(allan_drawing(CURVES["adev"], Text("a", "a"), "1", label="L", language="en"))
    assert sum(1 for c in svg.iter("circle") if c.get("class") == "pt") == len(line.marks)


def test_a_family_has_a_line_of_its_own_kind_for_each():
    chart = stability_numbers(CURVES, ("τ / s", "σ"), label="L")
    assert [(each.name, each.kind) for each in chart.traces[:2]] == [("ADEV", "c1"), ("MDEV", "c3")]
    assert not chart.traces[2].is_shown
    svg = read(family_drawing(CURVES, Text("偏差", "Deviation"), label="L", language="en"))
    for name, values in CURVES.items():
        assert len(places(svg, kind_of(name))) == len(values)
        assert name.upper() in "".join(svg.itertext())
    assert len({kind_of(name) for name in FAMILY}) == len(FAMILY)


def test_bars_are_a_line_with_gaps():
    assert intervals([(1, 2.0, 3.0), ("2026-01-01", 4.0, 5.0)]) == [
        (1, 2.0), (1, 3.0), None, ("2026-01-01", 4.0), ("2026-01-01", 5.0), None,
    ]  # fmt: skip


def test_the_block_of_numbers_holds_whatever_names_hold():
    hostile = "</script><script>alert(1)</script>&"
    chart = ZoomChart(
        hostile,
        hostile,
        ZoomAxis(hostile, "value"),
        ZoomAxis("y", "log", 1.0, 10.0),
        [Trace(hostile, "curve", "line", [(1.0, 2.0), None, (2.0, 3.0, hostile)])],
    )
    wrapped = zoomable(mark_safe('<svg class="jl-chart"></svg>'), chart)
    assert str(wrapped).count("<script") == 1
    root, told = block(wrapped)
    assert told["label"] == told["traces"][0]["name"] == hostile
    assert told["traces"][0]["marks"] == [[1.0, 2.0], None, [2.0, 3.0, hostile]]
    assert told["up"] == {"caption": "y", "scaling": "log", "low": 1.0, "high": 10.0}
    assert root.get("data-library").startswith("/static/vendor/echarts/")
    assert all(told["words"].values())


@pytest.mark.parametrize(("language", "locale"), [("zh-hans", "ZH"), ("en", "EN")])
@pytest.mark.django_db
def test_pages_bear_the_locale_of_their_language(signed_in, language, locale):
    text = signed_in("technician", language=language).get("/science/charts/allan").content.decode()
    root, told = block(text)
    (host,) = root.xpath("//*[@data-zoomable]")
    assert host.get("data-locale") == locale
    assert told["words"]["open"] == ("缩放并选择数据系列" if locale == "ZH" else "Zoom and choose series")
    assert "zoomable.js" in text


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/science/", "/science/risk", "/science/gauge", "/science/charts/youden", "/"])
def test_pages_without_such_drawings_load_nothing_more(signed_in, path):
    text = signed_in("technician").get(path, follow=True).content.decode()
    assert "zoomable.js" not in text
    assert "echarts" not in text


@pytest.mark.django_db
def test_the_library_is_served_as_a_script(client):
    response = client.get("/static/vendor/echarts/echarts.common.min.js")
    assert response.status_code == 200
    assert response["Content-Type"].split(";")[0] in ("text/javascript", "application/javascript")
    held = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()
    assert b"Licensed to the Apache Software Foundation" in held[:1000]
    licence = client.get("/static/vendor/echarts/LICENSE")
    assert b"Apache License" in b"".join(licence.streaming_content)
