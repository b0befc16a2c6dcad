"""The graph of a table with a ruler: which marks its axes have, where zero lies, and when there is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.content import Column, ResultTable
from jialiang.formats.pdf.chart import Chart, axes_of, chart_of, is_deviation
from jialiang.kernel.text import Text

THIN = "\N{THIN SPACE}"


def column(ref_type: str, *values: str, us: tuple[str, ...] = ()) -> Column:
    return Column(ref_type, Text("量", "q"), "\\volt", values, expanded_uncertainties=us)


def chart(xs: tuple[str, ...], ys: tuple[str, ...], us: tuple[str, ...] = ()) -> Chart | None:
    return chart_of(column("basic_referenceValue", *xs), column("basic_measurementError", *ys, us=us))


def labels(ticks) -> list[str]:
    return [tick.label for tick in ticks]


ACROSS = [
    # first and last abscissa: the marks of the axis (steps of 1, 2 or 5, six or so; 6 % of room at either end)
    ("0", "10", ["0", "2", "4", "6", "8", "10"]),
    ("20", "100", ["20", "40", "60", "80", "100"]),
    ("0.1", "0.2", ["0.10", "0.12", "0.14", "0.16", "0.18", "0.20"]),
    ("0", "6", ["0", "1", "2", "3", "4", "5", "6"]),
    ("0", "30", ["0", "5", "10", "15", "20", "25", "30"]),
    ("0", "3", ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5", "3.0"]),
    ("1000", "61000", ["0", *[f"{n}0{THIN}000" for n in range(1, 7)]]),
    ("-5", "5", ["−4", "−2", "0", "2", "4"]),
    ("-40", "-10", ["−40", "−35", "−30", "−25", "−20", "−15", "−10"]),
    ("1E3", "4E3", ["1000", "1500", "2000", "2500", "3000", "3500", "4000"]),
    ("0", "0.00012", [f"0.000{THIN}{n:02}" for n in (0, 2, 4, 6, 8, 10, 12)]),
]


@pytest.mark.parametrize(("first", "last", "marks"), ACROSS)
def test_the_axis_across_has_round_numbers(first, last, marks):
    drawn = chart((first, last), ("0", "1"))
    assert drawn is not None
    assert labels(drawn.x_ticks) == marks


UPWARD = [
    # errors, U: marks with their sign
    (("-0.2", "0.3"), (), ["−0.2", "−0.1", "0.0", "+0.1", "+0.2", "+0.3"]),
    (("0", "6"), (), ["0", "+1", "+2", "+3", "+4", "+5", "+6"]),
    (("1", "5"), ("1", "1"), ["0", "+1", "+2", "+3", "+4", "+5", "+6"]),
    (("-6", "0"), (), ["−6", "−5", "−4", "−3", "−2", "−1", "0"]),
    (("100", "103"), (), ["+100.0", "+100.5", "+101.0", "+101.5", "+102.0", "+102.5", "+103.0"]),
]


@pytest.mark.parametrize(("ys", "us", "marks"), UPWARD)
def test_the_axis_upward_carries_signs_and_shows_zero_where_it_is_near(ys, us, marks):
    drawn = chart(("0", "1"), ys, us)
    assert drawn is not None
    assert labels(drawn.y_ticks) == marks


PLACES = [
    # ys, us: (height, low, high) of each mark on an axis with 6 % of room, and the height of zero
    (("0", "1"), (), [(0.05357, 0.05357, 0.05357), (0.94643, 0.94643, 0.94643)], 0.05357),
    (("-1", "1"), (), [(0.05357,) * 3, (0.94643,) * 3], 0.5),
    (("0", "0"), ("1", "1"), [(0.5, 0.05357, 0.94643)] * 2, 0.5),
    (("1", "3"), ("1", "1"), [(0.27679, 0.05357, 0.5), (0.72321, 0.5, 0.94643)], 0.05357),
    (("100", "101"), (), [(0.05357,) * 3, (0.94643,) * 3], None),
]


@pytest.mark.parametrize(("ys", "us", "places", "zero"), PLACES)
def test_points_bars_and_zero_stand_where_a_ruler_puts_them(ys, us, places, zero):
    drawn = chart(("0", "1"), ys, us)
    assert drawn is not None
    assert [(m.y, m.low, m.high) for m in drawn.marks] == [pytest.approx(p, abs=1e-5) for p in places]
    assert drawn.zero == (None if zero is None else pytest.approx(zero, abs=1e-5))
    assert [m.x for m in drawn.marks] == pytest.approx([0.05357, 0.94643], abs=1e-5)


NONE = {
    "one place only": (("1", "1"), ("0", "1"), ()),
    "one point": (("1",), ("0",), ()),
    "no points": ((), (), ()),
    "words for a reference": (("low", "high"), ("0", "1"), ()),
    "words for an error": (("0", "1"), ("0", "未检出"), ()),
    "a missing U": (("0", "1"), ("0", "1"), ("0.1", "")),
    "no number at all": (("0", "1"), ("NaN", "1"), ()),
    "without end": (("0", "Infinity"), ("0", "1"), ()),
    "beyond all readings": (("0", "1E31"), ("0", "1"), ()),
    "too close together to be told apart": (("1", "1.00000000001"), ("0", "1"), ()),
}


@pytest.mark.parametrize(("xs", "ys", "us"), NONE.values(), ids=NONE)
def test_without_numbers_at_two_places_there_is_no_graph(xs, ys, us):
    assert chart(xs, ys, us) is None


KINDS = {
    "basic_measurementError": True, "gp_correction": True, "basic_correction": True, "gp_Correction": True,
    "math_standardDeviation": True, "basic_referenceValue": False, "basic_measuredValue": False,
    "basic_nominalValue": False, "": False, "basic_errorLimit": False,
}  # fmt: skip


@pytest.mark.parametrize(("ref_type", "deviates"), KINDS.items())
def test_which_columns_carry_signs(ref_type, deviates):
    assert is_deviation(column(ref_type)) is deviates


AXES = [
    # types of the columns in order: which is across, which upward
    (("basic_referenceValue", "basic_measurementError"), (0, 1)),
    (("basic_measurementError", "basic_referenceValue"), (1, 0)),
    (("basic_measuredValue", "basic_referenceValue", "gp_correction"), (1, 2)),
    (("basic_measuredValue", "basic_nominalValue", "gp_correction"), (1, 2)),
    (("basic_measuredValue", "gp_correction"), (0, 1)),
    (("basic_referenceValue", "gp_correction", "basic_measurementError"), (0, 1)),
    (("basic_referenceValue", "basic_referenceValue", "gp_correction"), (0, 2)),
    (("basic_referenceValue",), None),
    (("gp_correction",), None),
    ((), None),
]


@pytest.mark.parametrize(("types", "chosen"), AXES)
def test_the_reference_goes_across_and_the_first_deviation_upward(types, chosen):
    columns = tuple(column(ref_type, str(n)) for n, ref_type in enumerate(types))
    found = axes_of(ResultTable(Text("表", "Table"), columns))
    assert found == (None if chosen is None else (columns[chosen[0]], columns[chosen[1]]))


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=8, unique=True), st.integers(-6, 6))
def test_another_power_of_ten_changes_no_place(xs, power):
    ys = tuple("0" if n % 2 else "1" for n in range(len(xs)))
    one, other = (chart(tuple(f"{x}E{p}" for x in xs), ys) for p in (0, power))
    assert one is not None
    assert other is not None
    assert [m.x for m in one.marks] == pytest.approx([m.x for m in other.marks], abs=2e-5)
    assert [t.at for t in one.x_ticks] == pytest.approx([t.at for t in other.x_ticks], abs=2e-5)
