"""Rounding for the report."""

import json
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.science.errors import (
    DigitsNotAllowed,
    NotANumber,
    NumberOutOfBounds,
    UncertaintyNotPositive,
)
from jialiang.science.rounding import (
    as_decimal,
    coverage_factor_text,
    plain_text,
    reported,
    rounded_expanded_uncertainty,
    rounded_to_place,
    signed,
    three_significant_digits,
    typeset,
)

ROWS = json.loads((Path(__file__).parent.parent / "vectors" / "rounding.json").read_text(encoding="utf-8"))[
    "rows"
]

decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=9)
uncertainties = st.decimals(min_value="0.00000001", max_value="99999999", allow_nan=False).filter(
    lambda d: d > 0
)
rules = st.sampled_from(["half_even", "half_up", "up"])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['value']}±{row['uncertainty']}-{row['rule']}")
def test_value_and_uncertainty_end_at_the_same_decimal_place(row):
    result = reported(row["value"], row["uncertainty"], digits=row["digits"], rule=row["rule"])
    assert [result.value_text, result.uncertainty_text] == row["expected"]


@given(decimals, uncertainties, st.sampled_from([1, 2]), rules)
def test_rounding_never_moves_a_value_by_more_than_half_a_unit_of_the_last_place(
    value, uncertainty, digits, rule
):
    result = reported(value, uncertainty, digits=digits, rule=rule)
    rounded = rounded_expanded_uncertainty(uncertainty, digits, rule=rule)
    unit = Decimal(1).scaleb(rounded.adjusted() - digits + 1)
    assert abs(Decimal(result.value_text) - value) <= unit / 2
    assert abs(Decimal(result.uncertainty_text) - uncertainty) <= unit * (
        1 if rule == "up" else Decimal("0.5")
    )


@given(uncertainties, st.sampled_from([1, 2]), rules)
def test_a_reported_uncertainty_has_exactly_the_digits_asked_for(uncertainty, digits, rule):
    rounded = rounded_expanded_uncertainty(uncertainty, digits, rule=rule)
    unit = Decimal(1).scaleb(rounded.adjusted() - digits + 1)
    assert rounded % unit == 0
    assert 10 ** (digits - 1) <= rounded / unit < 10**digits


@given(uncertainties, st.sampled_from([1, 2]))
def test_rounding_up_never_makes_an_uncertainty_smaller(uncertainty, digits):
    assert rounded_expanded_uncertainty(uncertainty, digits, rule="up") >= uncertainty


@given(decimals, uncertainties)
def test_a_report_rounded_again_with_its_own_uncertainty_stays_the_same(value, uncertainty):
    once = reported(value, uncertainty)
    assert reported(once.value_text, once.uncertainty_text) == once


@given(decimals, uncertainties)
def test_reports_are_plain_decimal_text_without_exponent_or_typographic_minus(value, uncertainty):
    result = reported(value, uncertainty)
    for text in (result.value_text, result.uncertainty_text):
        assert set(text) <= set("-0123456789.")
    places = {len(text.partition(".")[2]) for text in (result.value_text, result.uncertainty_text)}
    assert len(places) == 1


def test_binary_noise_does_not_push_an_uncertainty_up():
    assert str(rounded_expanded_uncertainty(0.08400000000000001, 2, rule="up")) == "0.084"
    assert str(rounded_expanded_uncertainty("0.08400000000000001", 2, rule="up")) == "0.085"


def test_a_float_is_rounded_by_the_text_that_people_read():
    assert Decimal(2.675) < Decimal("2.675")
    assert rounded_to_place(2.675, -2, rule="half_up") == "2.68"


def test_a_long_value_keeps_all_its_digits():
    assert reported("50000838.1234567", "0.0000020").value_text == "50000838.1234567"
    assert rounded_to_place("123456789012345678901234567890.5", 0) == "123456789012345678901234567890"


def test_extreme_floats_are_reported_without_loss():
    result = reported(1e300, 1e-300)
    assert Decimal(result.value_text) == Decimal("1E300")
    assert len(result.uncertainty_text) == len("0.") + 301


@pytest.mark.parametrize("bad", [0, 0.0, -1, "-0.1", float("nan"), float("inf"), "0"])
def test_an_uncertainty_that_is_not_positive_is_refused(bad):
    with pytest.raises(UncertaintyNotPositive) as caught:
        rounded_expanded_uncertainty(bad)
    assert caught.value.code == "JL-UNC-004"


@pytest.mark.parametrize("digits", [0, 3, -1])
def test_three_digits_of_uncertainty_are_refused(digits):
    with pytest.raises(DigitsNotAllowed):
        rounded_expanded_uncertainty("0.1", digits)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), "abc", "NaN", ""])
def test_a_value_that_is_no_number_is_refused(bad):
    with pytest.raises(NotANumber):
        reported(bad, "0.1")


def test_an_absurd_exponent_does_not_eat_the_memory():
    with pytest.raises(NumberOutOfBounds):
        reported("1E999999", "0.1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.012", "+0.012"),
        ("-0.012", "-0.012"),
        ("0.000", "0.000"),
        ("-0.000", "0.000"),
        ("+1", "+1"),
        ("0", "0"),
    ],
)
def test_an_error_carries_its_sign_and_zero_has_none(text, expected):
    assert signed(text) == expected


def test_the_minus_is_a_hyphen_in_data_and_a_minus_sign_in_print():
    assert reported("-0.1712", "0.0029").value_text == "-0.1712"
    assert typeset("-0.1712") == "\u22120.1712"


@pytest.mark.parametrize(
    ("k", "text"), [(2.0, "2.00"), (2.3198, "2.32"), (1.959963984540054, "1.96"), (2, "2.00")]
)
def test_k_is_reported_with_two_decimals(k, text):
    assert coverage_factor_text(k) == text


def test_plain_text_has_no_exponent_and_no_negative_zero():
    assert plain_text(Decimal("1.2E+3")) == "1200"
    assert plain_text(Decimal("-0.00")) == "0.00"


@given(st.floats(min_value=-1e300, max_value=1e300, allow_nan=False))
def test_a_float_and_its_decimal_are_the_same_float(number):
    if number == 0 or abs(number) > 1e-300:
        assert float(as_decimal(number)) == number


@given(st.floats(min_value=1e-6, max_value=1e6))
def test_three_digits_are_what_the_decimal_module_says(number):
    exact = Decimal(repr(number))
    unit = Decimal(1).scaleb(exact.adjusted() - 2)
    assert three_significant_digits(number) == float(exact.quantize(unit, rounding=ROUND_HALF_EVEN))
    assert three_significant_digits(0.0) == 0.0
    assert three_significant_digits(float("inf")) == float("inf")
