"""Numbers, units and moments on paper keep every digit that was reported."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.pdf.errors import ContentUnsuitable
from jialiang.formats.pdf.figures import (
    NARROW,
    aligned,
    local_moment,
    shown_number,
    shown_percent,
    shown_unit,
    with_unit,
)

NO_BREAK = "\N{NO-BREAK SPACE}"
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("10.000", "10.000"),
        ("-20.006", "−20.006"),
        ("0.000", "0.000"),
        ("-0.000", "0.000"),
        ("1234", "1234"),
        ("12345", f"12{NARROW}345"),
        ("1000000", f"1{NARROW}000{NARROW}000"),
        ("-0.00005", f"−0.000{NARROW}05"),
        ("1.2e-5", f"1.2{NO_BREAK}×{NO_BREAK}10⁻⁵"),
        ("6.02E23", f"6.02{NO_BREAK}×{NO_BREAK}10²³"),
        ("—", "—"),
        ("未检出", "未检出"),
    ],
)
def test_a_number_is_printed_with_its_own_digits(text, shown):
    assert shown_number(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"), [("0.004", "+0.004"), ("-0.006", "−0.006"), ("0.000", "0.000"), ("+0.1", "+0.1")]
)
def test_an_error_always_carries_its_sign_and_zero_none(text, shown):
    assert shown_number(text, signed=True) == shown


@given(DECIMALS)
def test_printing_loses_and_adds_no_digit(number):
    shown = shown_number(f"{number:f}")
    read_back = shown.replace(NARROW, "").replace("−", "-")
    assert Decimal(read_back) == number
    assert read_back.lstrip("-") == f"{number:f}".lstrip("-")


@given(st.lists(DECIMALS.map(lambda d: f"{d.normalize():f}"), min_size=1, max_size=8))
def test_the_decimal_points_of_a_column_stand_on_one_line(texts):
    figures = aligned(texts)
    heads = {len(f.lead) + len(f.text.split(".")[0]) for f in figures}
    widths = {len(f.lead + f.text + f.trail) for f in figures}
    assert len(heads) == 1
    assert len(widths) == 1


def test_what_is_no_number_takes_no_part_in_the_alignment():
    figures = aligned(["-20.006", "—", "0.1"])
    assert [(f.lead, f.text, f.trail) for f in figures] == [
        ("", "−20.006", ""),
        ("", "—", ""),
        ("−2", "0.1", "06"),
    ]


def test_if_one_number_of_a_column_is_grouped_all_are():
    assert [f.text for f in aligned(["0.12345", "0.1234"])] == [f"0.123{NARROW}45", f"0.123{NARROW}4"]


@pytest.mark.parametrize(
    ("unit", "zh", "en"),
    [
        (r"\degreecelsius", "℃", "°C"),
        (r"\percent", "%", "%"),
        (r"\one", "", ""),
        (r"\milli\metre", "mm", "mm"),
        (r"\metre\per\second\tothe{2}", "m/s²", "m/s²"),
        ("%RH", "%RH", "%RH"),
    ],
)
def test_units_are_printed_as_symbols_of_the_language(unit, zh, en):
    assert (shown_unit(unit, "zh"), shown_unit(unit, "en")) == (zh, en)


def test_a_quantity_does_not_break_between_number_and_unit():
    assert with_unit("45", "%") == f"45{NO_BREAK}%"
    assert with_unit("30", "°") == "30°"
    assert with_unit("3", "") == "3"


@pytest.mark.parametrize(
    ("probability", "shown"),
    [("0.95", "95"), ("0.9545", "95.45"), ("0.9", "90"), ("1", "100"), ("0.997", "99.7")],
)
def test_a_probability_is_printed_as_per_cent_without_rounding(probability, shown):
    assert shown_percent(probability) == f"{shown}{NO_BREAK}%"


@pytest.mark.parametrize("probability", ["", "95 %", "9e-1"])
def test_a_probability_that_is_no_decimal_text_is_refused(probability):
    with pytest.raises(ContentUnsuitable, match="coverage_probability"):
        shown_percent(probability)


def test_a_moment_is_printed_in_the_zone_of_the_institute():
    assert local_moment("2026-06-16T07:47:30Z", "Asia/Shanghai") == ("2026-06-16 15:47:30", "UTC+08:00")
    assert local_moment("2026-12-31T18:30:00Z", "Asia/Shanghai")[0] == "2027-01-01 02:30:00"
    assert local_moment("2026-01-01T00:00:00+08:00", "America/New_York") == (
        "2025-12-31 11:00:00",
        "UTC−05:00",
    )


@pytest.mark.parametrize("text", ["2026-06-16T07:47:30", "yesterday", ""])
def test_a_moment_without_an_offset_is_refused(text):
    with pytest.raises(ContentUnsuitable, match="signing_time"):
        local_moment(text, "Asia/Shanghai")


def test_an_unknown_time_zone_is_refused_by_name():
    with pytest.raises(ContentUnsuitable) as refused:
        local_moment("2026-06-16T07:47:30Z", "Asia/Yunze")
    assert refused.value.facts["given"] == "Asia/Yunze"
