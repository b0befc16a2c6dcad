"""The whole-number tests of rules against fractions: the same answer for every number, unit and rounding."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.dcc.rules.numbers import (
    agreement,
    difference_test,
    digits_of,
    exact,
    is_number,
    known_unit,
    last_digit,
    number_of,
)

UNITS = [known_unit(text) for text in ("\\kelvin", "\\degreecelsius", "\\milli\\kelvin")]
LENGTHS = [known_unit(text) for text in ("\\metre", "\\milli\\metre", "\\centi\\metre", "\\kilo\\metre")]
NUMBERS = st.builds(
    lambda sign, digits, places, exponent: (
        f"{sign}{digits:0{places + 1}d}"[: None if places == 0 else -places]
        + (f".{digits:0{places + 1}d}"[: places + 1] if places else "")
        + exponent
    ),
    st.sampled_from(["", "-", "+"]),
    st.integers(0, 10**7),
    st.integers(0, 5),
    st.sampled_from(["", "e3", "E-2", "e+12", "e-15"]),
)


def in_si(text, unit, *, difference):
    """A number in SI units and one unit of its last digit, by fractions alone."""
    number = Decimal(text)
    step = Fraction(10) ** number.as_tuple().exponent
    return Fraction(number) * unit.factor + (0 if difference else unit.offset), step * unit.factor


@given(NUMBERS, NUMBERS, st.sampled_from(UNITS), st.sampled_from(UNITS), st.booleans())
def test_agreement_is_that_of_fractions(one, other, first, second, difference):
    a, slack_a = in_si(one, first, difference=difference)
    b, slack_b = in_si(other, second, difference=difference)
    agree = agreement(first, second, difference=difference)
    assert agree(digits_of(one), digits_of(other)) == (abs(a - b) <= slack_a + slack_b)


@pytest.mark.parametrize(
    ("kelvin", "celsius", "same"),
    [
        ("293.15", "20.00", True),
        ("293.16", "20.00", True),  # one unit of each last digit
        ("293.17", "20.00", True),
        ("293.18", "20.00", False),
        ("293", "20", True),
        ("0", "-273.15", True),
        ("-0.0", "-273.2", True),
        ("2.9315e2", "2E1", True),
        ("2931.5e-1", "200e-1", True),
        ("1e3", "726.85", True),
        ("300", "20.00", False),
    ],
)
def test_agreement_by_hand(kelvin, celsius, same):
    agree = agreement(known_unit("\\kelvin"), known_unit("\\degreecelsius"), difference=False)
    assert agree(digits_of(kelvin), digits_of(celsius)) is same


@given(NUMBERS, NUMBERS, NUMBERS, st.sampled_from(LENGTHS), st.sampled_from(LENGTHS))
def test_a_difference_is_that_of_fractions(stated, high, low, result, parts):
    values = [
        in_si(text, unit, difference=True) for text, unit in ((stated, result), (high, parts), (low, parts))
    ]
    (error, slack), (above, slack_above), (below, slack_below) = values
    expected = abs(error - (above - below)) <= slack + slack_above + slack_below
    assert difference_test(result, parts)(*map(digits_of, (stated, high, low))) == expected


@given(NUMBERS)
def test_digits_have_the_value_and_the_last_place_of_the_text(text):
    digits = digits_of(text)
    assert exact(digits) == Fraction(Decimal(text))
    assert digits[1] == Decimal(text).as_tuple().exponent
    assert last_digit(number_of(text)) == Fraction(10) ** digits[1]


@given(st.text("0123456789.+-eEN ", max_size=12) | st.just("NaN"))
def test_a_text_has_digits_exactly_where_it_is_a_number_to_compute_with(text):
    assert (digits_of(text) is None) == (number_of(text) is None)
    if digits_of(text) is not None:
        assert is_number(text)


@pytest.mark.parametrize(
    ("text", "computable"),
    [
        ("9" * 60, True), ("9" * 61, False), ("1." + "0" * 58, True), ("1." + "0" * 59, False),
        ("1e999", True), ("1e1000", False), ("1e-999", True), (".", False), ("", False), ("+", False),
        ("1e", False), ("e5", False), ("1.2.3", False), ("１", False), ("NaN", False), ("INF", False),
    ],
)  # fmt: skip
def test_absurd_numbers_are_not_computed_with(text, computable):
    assert (number_of(text) is not None) is computable
    assert (digits_of(text) is not None) is computable


def test_the_largest_numbers_are_compared_quickly():
    agree = agreement(known_unit("\\kelvin"), known_unit("\\degreecelsius"), difference=False)
    assert not agree(digits_of("9e999"), digits_of("1e-999"))
    assert agree(digits_of("1e999"), digits_of("1e999"))
