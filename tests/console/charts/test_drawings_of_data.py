"""Every chart: well formed for any words, inside its box for any numbers, each mark where its value belongs."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jialiang.console.charts.chain import BOX_HEIGHT, BOX_WIDTH, Arrow, Box, chain_chart
from jialiang.console.charts.control import control_chart_drawing
from jialiang.console.charts.deviations import Captions, Line, Plotted, deviation_chart, limits_shown
from jialiang.console.charts.drift import Dated, drift_chart
from jialiang.console.charts.histogram import histogram
from jialiang.information.simulated_distribution import SimulatedDistribution
from jialiang.science.charts.check_standard import Baseline, check_standard_chart
from tests.console.charts.measuring import Drawn, path_points

FEW = settings(max_examples=10)
WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=20
)
VALUES = st.floats(-1e4, 1e4, allow_nan=False, allow_subnormal=False).map(lambda x: round(x, 6))
UNCERTAINTIES = st.floats(1e-4, 1e3).map(lambda x: round(x, 6))
CAPTIONS = Captions("finding", "point / ℃", "deviation / ℃")
POINTS = st.lists(
    st.builds(
        Plotted,
        point=st.integers(-200, 1500).map(str),
        deviation=VALUES,
        uncertainty=UNCERTAINTIES,
        conformity=st.sampled_from(["", "pass", "conditionalPass", "conditionalFail", "fail"]),
        previous=st.none() | VALUES,
    ),
    min_size=1,
    max_size=20,
)


@FEW
@given(POINTS, st.none() | st.floats(1e-3, 1e5))
def test_deviations_stay_inside_their_box(points: list[Plotted], limit: float | None) -> None:
    drawn = Drawn(deviation_chart(points, CAPTIONS, limit=limit))
    assert drawn.outside() == []
    assert len(drawn.of_class("pt")) == len(points)
    assert len(drawn.of_class("past")) == sum(point.previous is not None for point in points)


@FEW
@given(
    POINTS,
    VALUES,
    st.floats(-1, 1),
    st.lists(st.tuples(st.floats(-200, 1500), VALUES), min_size=2, max_size=9),
)
def test_points_and_readings_of_a_fitted_line_stay_inside_their_box(
    points: list[Plotted], intercept: float, slope: float, readings: list[tuple[float, float]]
) -> None:
    drawn = Drawn(deviation_chart(points, CAPTIONS, line=Line(0.0, 0.0, 0.0, tuple(readings))))
    assert drawn.outside() == []
    assert len(drawn.of_class("read")) == len(readings)
    assert Line(intercept, slope, 20.0, ()).at(20.0) == intercept
    assert Line(intercept, slope, 20.0, ()).at(21.0) == pytest.approx(intercept + slope)


@FEW
@given(WORDS, WORDS, WORDS)
def test_any_words_of_a_deviation_chart_are_read_back_as_they_were(
    label: str, across: str, point: str
) -> None:
    points = [Plotted(point, 0.1, 0.01)]
    drawn = Drawn(deviation_chart(points, Captions(label, across, "u"), limit=0.2))
    assert drawn.root.get("aria-label") == label
    assert across in drawn.words()


@pytest.mark.parametrize(
    ("limit", "fitted", "shown"),
    [
        (None, False, False),
        (0.55, False, True),
        (0.56, False, False),
        (0.165, True, True),
        (0.17, True, False),
    ],
)
def test_a_limit_is_left_out_beyond_five_times_the_largest_deviation_and_near_a_line_sooner(
    limit: float | None, fitted: bool, shown: bool
) -> None:
    points = [Plotted("0", -0.1, 0.01), Plotted("1", 0.02, 0.01)]  # |d| + U = 0.11 at the most
    assert limits_shown(points, limit, fitted=fitted) is shown
    line = Line(0, 0, 0, ((0, 0.0), (1, 0.0))) if fitted else None
    drawn = Drawn(deviation_chart(points, CAPTIONS, limit=limit, line=line))
    assert len(drawn.of_class("limit")) == (2 if shown else 0)


def test_deviations_hang_on_the_right_side_of_zero_with_u_on_both_sides() -> None:
    drawn = Drawn(deviation_chart([Plotted("0", 0.1, 0.02), Plotted("1", -0.1, 0.02)], CAPTIONS))
    zero = float(drawn.of_class("zero")[0].get("y1"))
    high, low = (float(circle.get("cy")) for circle in drawn.of_class("pt"))
    assert high < zero < low
    assert zero - high == pytest.approx(low - zero, abs=0.2)
    for bar, circle in zip(drawn.of_class("u"), drawn.of_class("pt"), strict=True):
        ends = bar.get("d").removeprefix("M").partition("M")[0].split()[1].split("V")
        below, above = map(float, ends)
        assert (below + above) / 2 == pytest.approx(float(circle.get("cy")), abs=0.11)
        assert above < float(circle.get("cy")) < below


@pytest.mark.parametrize(
    ("conformity", "look"),
    [
        ("pass", "pt"),
        ("conditionalPass", "pt pt-warn"),
        ("conditionalFail", "pt pt-warn"),
        ("fail", "pt pt-stop"),
        ("", "pt"),
    ],
)
def test_only_a_failed_point_is_drawn_as_stopped(conformity: str, look: str) -> None:
    drawn = Drawn(deviation_chart([Plotted("20", 0.1, 0.02, conformity)], CAPTIONS))
    assert [circle.get("class") for circle in drawn.of_class("pt")] == [look]


@pytest.mark.parametrize(
    ("limit", "text"), [(0.05, "0.05"), (1234567.5, "1\u202f234\u202f567.5"), (0.3, "0.3")]
)
def test_a_limit_is_written_with_all_its_digits(limit: float, text: str) -> None:
    words = Drawn(deviation_chart([Plotted("1", limit, limit / 10)], CAPTIONS, limit=limit)).words()
    assert f"MPE +{text}" in words
    assert f"MPE \u2212{text}" in words
    dated = [Dated(date(2026, 6, 16), limit, limit / 10, "", "", "")]
    assert f"MPE +{text}" in Drawn(drift_chart(dated, label="", axis="", limit=limit)).words()


def test_places_of_the_axis_thin_out_when_there_are_many_points() -> None:
    many = [Plotted(str(n), 0.1, 0.01) for n in range(40)]
    words = Drawn(deviation_chart(many, CAPTIONS)).words()
    assert [n for n in range(40) if str(n) in words] == list(range(0, 40, 5))


DATES = st.dates(date(1990, 1, 1), date(2060, 12, 31))
DATED = st.lists(
    st.builds(
        Dated, day=DATES, deviation=VALUES, uncertainty=UNCERTAINTIES, text=WORDS, url=WORDS, title=WORDS
    ),
    min_size=1,
    max_size=8,
).map(lambda points: sorted(points, key=lambda point: point.day))


@FEW
@given(DATED, st.none() | st.floats(1e-3, 1e5), WORDS)
def test_drift_stays_inside_its_box_and_its_words_are_harmless(
    points: list[Dated], limit: float | None, label: str
) -> None:
    drawn = Drawn(drift_chart(points, label=label, axis="year", limit=limit))
    assert drawn.outside() == []
    assert drawn.root.get("aria-label") == label
    assert [title.text or "" for title in drawn.root.iter("title")] == [point.title for point in points]
    assert [link.get("href") for link in drawn.root.iter("a")] == [point.url for point in points if point.url]
    assert len(drawn.of_class("pt-now")) == 1


def test_the_years_stand_under_their_results_and_the_last_label_is_read_in_full() -> None:
    points = [Dated(date(year, 1, 1), 0.01, 0.002, "+0.010", "", str(year)) for year in range(2010, 2027)]
    drawn = Drawn(drift_chart(points, label="", axis="", limit=None))
    years = {text.text: float(text.get("x")) for text in drawn.root.iter("text")}
    dots = [float(dot.get("cx")) for dot in drawn.of_class("pt")]
    assert dots == sorted(dots)
    assert [years[str(year)] for year in range(2010, 2027)] == dots
    last = drawn.of_class("lbl")[0]
    assert "t-end" in last.get("class").split() or float(last.get("x")) + 7 * len(last.text) <= drawn.box[0]


@FEW
@given(
    st.lists(VALUES, min_size=3, max_size=12, unique=True),
    VALUES,
    st.floats(1e-3, 1e3),
    WORDS,
)
@example([-1940.0, 0.0, 1.0], 0.0, 0.5, "the line ends above every observation")
def test_a_control_chart_stays_inside_its_box_and_shows_each_observation_once(
    observations: list[float], centre: float, spread: float, label: str
) -> None:
    chart = check_standard_chart(range(len(observations)), observations, Baseline(centre, spread, 20))
    drawn = Drawn(control_chart_drawing(chart, label=label, axis="n"))
    marks = {look: len(drawn.of_class(look)) for look in ("pt-out", "pt-warn", "pt-now")}
    assert marks["pt-out"] == sum(abs(x - centre) > 3 * spread for x in observations) == len(chart.outside)
    assert marks["pt-warn"] == len(chart.warned)
    assert sum(marks.values()) == len(observations)
    assert drawn.root.get("aria-label") == label
    assert drawn.outside() == []


def test_limits_of_a_control_chart_stand_in_their_order_and_bear_their_multiples() -> None:
    chart = check_standard_chart((1, 2, 3), (10.0, 10.1, 9.9), Baseline(10.0, 0.1, 20))
    drawn = Drawn(control_chart_drawing(chart, label="", axis=""))
    heights = [float(drawn.of_class(kind)[at].get("y1")) for kind, at in ORDER]
    assert heights == sorted(heights)
    gaps = [round(after - before, 1) for before, after in pairwise(heights)]
    assert gaps[0] == pytest.approx(gaps[3], abs=0.2)
    assert gaps[1] == pytest.approx(2 * gaps[0], abs=0.3)
    assert [text.text for text in drawn.of_class("t-limit")] == ["+3 s", "\u22123 s"]
    assert [text.text for text in drawn.of_class("t-guard")] == ["+2 s", "\u22122 s"]


ORDER = (("limit", 0), ("guard", 0), ("zero", 0), ("guard", 1), ("limit", 1))


@FEW
@given(VALUES, UNCERTAINTIES, st.lists(st.floats(0, 1), min_size=8, max_size=8), WORDS, WORDS)
def test_a_simulated_distribution_stays_inside_its_box(
    estimate: float, uncertainty: float, shares: list[float], label: str, axis: str
) -> None:
    found = simulated(estimate, uncertainty, shares)
    drawn = Drawn(histogram(found, label=label, axis=axis))
    assert drawn.outside() == []
    assert (drawn.root.get("aria-label"), drawn.words()[-1]) == (label, axis)
    assert len(drawn.of_class("col")) == len(found.densities)


def simulated(estimate: float, uncertainty: float, shares: list[float]) -> SimulatedDistribution:
    edges = tuple(estimate + uncertainty * (n - 4) for n in range(9))
    reach = 2 * uncertainty
    return SimulatedDistribution(
        edges=edges,
        densities=tuple(share / uncertainty for share in shares),
        estimate=estimate,
        uncertainty=uncertainty,
        simulated=(estimate - 0.95 * reach, estimate + 0.95 * reach),
        propagated=(estimate - reach, estimate + reach),
        draws=1000,
    )


def test_columns_stand_on_the_axis_and_the_highest_one_is_that_of_the_largest_density() -> None:
    drawn = Drawn(
        histogram(simulated(0.018, 0.0996, [0, 0.1, 0.2, 0.9, 0.3, 0.2, 0.1, 0]), label="", axis="")
    )
    columns = drawn.of_class("col")
    heights = [float(column.get("height")) for column in columns]
    assert heights.index(max(heights)) == 3
    assert heights[0] == heights[7] == 0
    assert {float(c.get("y")) + float(c.get("height")) for c in columns} == {170.0}
    assert all(float(a.get("x")) + float(a.get("width")) <= float(b.get("x")) for a, b in pairwise(columns))


def test_both_intervals_are_marked_and_their_ends_written_to_the_place_of_u() -> None:
    drawn = Drawn(histogram(simulated(0.018, 0.0996, [0.1] * 8), label="", axis=""))
    inner = [float(line.get("x1")) for line in drawn.of_class("mc")]
    outer = [float(line.get("x1")) for line in drawn.of_class("lpu")]
    assert outer[0] < inner[0] < inner[1] < outer[1]
    assert "\u22120.17" in drawn.words()  # u is 0.10 with two digits: hundredths
    assert "+0.21" in drawn.words()


def box(key: str, level: int, **more: object) -> Box:
    facts = {"heading": "H", "name": key, "uncertainty": "U", "remark": "", "state": "in force", "kind": "ok"}
    return Box(**facts | {"key": key, "level": level, "shape": "ring"} | more)  # type: ignore[arg-type]


@FEW
@given(st.lists(st.integers(1, 4), min_size=1, max_size=5), WORDS)
def test_boxes_of_a_chain_stand_apart_inside_the_drawing_the_origin_on_top(
    counts: list[int], name: str
) -> None:
    boxes = [
        box(f"{level}/{n}", level, name=name) for level, count in enumerate(counts) for n in range(count)
    ]
    drawn = Drawn(chain_chart(boxes, [], label=name))
    assert drawn.outside() == []
    assert drawn.root.get("aria-label") == name
    corners = [(float(r.get("x")), float(r.get("y"))) for r in drawn.of_class("box")]
    assert len(corners) == len(boxes)
    for place, (x, y) in enumerate(corners):
        for other_x, other_y in corners[place + 1 :]:
            assert abs(x - other_x) >= BOX_WIDTH or abs(y - other_y) >= BOX_HEIGHT
    tops = {b.level: y for b, (_, y) in zip(boxes, corners, strict=True)}
    assert [tops[level] for level in sorted(tops)] == sorted(tops.values(), reverse=True)


def test_an_arrow_leads_from_the_foot_of_the_upper_box_to_the_head_of_the_lower_one() -> None:
    boxes = [box("low", 0, is_start=True), box("left", 1), box("right", 1)]
    drawn = Drawn(
        chain_chart(boxes, [Arrow("low", "right", "by <b>", "note"), Arrow("low", "gone", "x")], label="")
    )
    corners = [(float(r.get("x")), float(r.get("y"))) for r in drawn.of_class("box")]
    (edge,) = drawn.of_class("edge")
    start, *_, end = path_points(edge.get("d"))
    assert start == (corners[2][0] + BOX_WIDTH / 2, corners[2][1] + BOX_HEIGHT)
    assert end[0] == corners[0][0] + BOX_WIDTH / 2
    assert start[1] < end[1] < corners[0][1]
    assert "by <b>" in drawn.words()
    assert "note" in drawn.words()
    assert "x" not in drawn.words()


@pytest.mark.parametrize(
    ("more", "looks"),
    [
        ({"is_start": True}, "here"),
        ({"is_start": True, "kind": "stop"}, "here"),
        ({"kind": "stop"}, "bad"),
        ({"kind": "warn"}, ""),
    ],
)
def test_a_box_looks_like_the_start_before_it_looks_broken(more: dict[str, object], looks: str) -> None:
    plain = Drawn(chain_chart([box("a", 0, **more)], [], label=""))
    assert plain.root[0].tag == "g"
    assert plain.root[0].get("class") == looks
    linked = Drawn(chain_chart([box("a", 0, url="/x?a=1&b='\"", **more)], [], label=""))
    assert (linked.root[0].tag, linked.root[0].get("class")) == ("a", looks)
    assert linked.root[0].get("href") == "/x?a=1&b='\""
    assert linked.root[0].get("aria-label") == "H: a, in force"


@pytest.mark.parametrize("state", ["in force", "有效", "已撤销 since"])
def test_the_shape_of_a_state_stands_left_of_its_word(state: str) -> None:
    drawn = Drawn(chain_chart([box("a", 0, state=state)], [], label=""))
    (icon,) = [e for e in drawn.root.iter("svg") if e is not drawn.root]
    right = float(drawn.of_class("t-end")[0].get("x"))
    letters = sum(12 if ord(letter) > 0x2E7F else 6.4 for letter in state)
    assert float(icon.get("x")) + float(icon.get("width")) <= right - letters
    assert float(icon.get("x")) >= float(drawn.of_class("box")[0].get("x"))


def test_days_of_a_year_move_a_result_along_the_axis() -> None:
    start = date(2025, 1, 1)
    points = [Dated(start + timedelta(days=d), 0.0, 0.1, "", "", "") for d in (0, 182, 365)]
    first, middle, last = (
        float(dot.get("cx"))
        for dot in Drawn(drift_chart(points, label="", axis="", limit=None)).of_class("pt")
    )
    assert middle - first == pytest.approx(last - middle, abs=2)
    assert last - first == pytest.approx(686 / 1.8, rel=0.01)
