"""Rounding worked by hand: each row under all three rules, ties both ways, carries, powers of ten, signs, exponents."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.science.rounding import (
    as_decimal,
    coverage_factor_text,
    plain_text,
    reported,
    rounded_to_place,
    signed,
    three_significant_digits,
    typeset,
)

# value, U, digits: value and U half to even | half up | up (U enlarged, value half to even)
TABLE = [
    # ties of U: the digit before decides, up always enlarges
    ("1.005", "0.125", 2, "1.00 0.12", "1.01 0.13", "1.00 0.13"),
    ("1.015", "0.135", 2, "1.02 0.14", "1.02 0.14", "1.02 0.14"),
    ("1.025", "0.1251", 2, "1.02 0.13", "1.03 0.13", "1.02 0.13"),
    ("1.035", "0.1249", 2, "1.04 0.12", "1.04 0.12", "1.04 0.13"),
    ("2.345", "0.985", 2, "2.34 0.98", "2.35 0.99", "2.34 0.99"),
    ("5.5", "2.5", 1, "6 2", "6 3", "6 3"),
    ("4.5", "3.5", 1, "4 4", "5 4", "4 4"),
    ("0.25", "0.15", 1, "0.2 0.2", "0.3 0.2", "0.2 0.2"),
    # nothing to round: zeros stay and are added
    ("10", "0.050", 2, "10.000 0.050", "10.000 0.050", "10.000 0.050"),
    ("10.0", "0.05", 1, "10.00 0.05", "10.00 0.05", "10.00 0.05"),
    ("7", "3", 2, "7.0 3.0", "7.0 3.0", "7.0 3.0"),
    ("299792458", "1.5", 2, "299792458.0 1.5", "299792458.0 1.5", "299792458.0 1.5"),
    # up leaves what is exact as it is
    ("5.55", "0.100", 2, "5.55 0.10", "5.55 0.10", "5.55 0.10"),
    ("5.55", "0.1000000001", 2, "5.55 0.10", "5.55 0.10", "5.55 0.11"),
    ("5.55", "0.101", 1, "5.6 0.1", "5.6 0.1", "5.6 0.2"),
    # a carry: one digit less behind the point, for the value too
    ("2.345", "0.995", 2, "2.3 1.0", "2.3 1.0", "2.3 1.0"),
    ("2.345", "0.9949", 2, "2.34 0.99", "2.35 0.99", "2.3 1.0"),
    ("123.5", "9.95", 2, "124 10", "124 10", "124 10"),
    ("122.5", "9.95", 2, "122 10", "123 10", "122 10"),
    ("12345", "99.5", 2, "12340 100", "12350 100", "12340 100"),
    ("1250", "95", 1, "1200 100", "1300 100", "1200 100"),
    ("1350", "95", 1, "1400 100", "1400 100", "1400 100"),
    ("1.2345", "0.00999", 1, "1.23 0.01", "1.23 0.01", "1.23 0.01"),
    ("1.225", "0.00999", 1, "1.22 0.01", "1.23 0.01", "1.22 0.01"),
    ("6.5", "0.9000001", 1, "6.5 0.9", "6.5 0.9", "6 1"),
    ("7.5", "0.9000001", 1, "7.5 0.9", "7.5 0.9", "8 1"),
    ("45", "9.01", 1, "45 9", "45 9", "40 10"),
    ("55", "9.01", 1, "55 9", "55 9", "60 10"),
    # powers of ten
    ("3", "1", 2, "3.0 1.0", "3.0 1.0", "3.0 1.0"),
    ("3", "10", 2, "3 10", "3 10", "3 10"),
    ("3", "10", 1, "0 10", "0 10", "0 10"),
    ("5", "10", 1, "0 10", "10 10", "0 10"),
    ("15", "10", 1, "20 10", "20 10", "20 10"),
    ("1234.5", "100", 2, "1230 100", "1230 100", "1230 100"),
    ("1234.5", "100", 1, "1200 100", "1200 100", "1200 100"),
    ("1225", "85", 1, "1220 80", "1230 90", "1220 90"),
    # below zero: ties mirror those above; no sign on zero
    ("-1.005", "0.05", 1, "-1.00 0.05", "-1.01 0.05", "-1.00 0.05"),
    ("-123.5", "9.95", 2, "-124 10", "-124 10", "-124 10"),
    ("-5", "10", 1, "0 10", "-10 10", "0 10"),
    ("-0.0004", "0.01", 1, "0.00 0.01", "0.00 0.01", "0.00 0.01"),
    ("-0", "0.05", 2, "0.000 0.050", "0.000 0.050", "0.000 0.050"),
    ("0", "0.05", 2, "0.000 0.050", "0.000 0.050", "0.000 0.050"),
    # exponents, in and never out
    ("1.5E-8", "1.0E-7", 2, "0.00000002 0.00000010", "0.00000002 0.00000010", "0.00000002 0.00000010"),
    ("2.5E-8", "1.0E-7", 2, "0.00000002 0.00000010", "0.00000003 0.00000010", "0.00000002 0.00000010"),
    ("6.02214076E23", "1.2E16", 2, *["602214076000000000000000 12000000000000000"] * 3),
    ("1E3", "2E2", 1, "1000 200", "1000 200", "1000 200"),
    ("1E-30", "4.4E-31", 1, *["0.0000000000000000000000000000010 0.0000000000000000000000000000004"] * 2,
     "0.0000000000000000000000000000010 0.0000000000000000000000000000005"),
    # a value far below or above its U
    ("0.004", "0.5", 1, "0.0 0.5", "0.0 0.5", "0.0 0.5"),
    ("0.05", "0.5", 1, "0.0 0.5", "0.1 0.5", "0.0 0.5"),
    ("123456789.123456789", "0.00010", 2, *["123456789.12346 0.00010"] * 3),
]  # fmt: skip
RULES = ("half_even", "half_up", "up")
CASES = [
    (value, uncertainty, digits, rule, expected)
    for value, uncertainty, digits, *row in TABLE
    for rule, expected in zip(RULES, row, strict=True)
]


@pytest.mark.parametrize(("value", "uncertainty", "digits", "rule", "expected"), CASES)
def test_a_report_is_the_one_worked_by_hand(value, uncertainty, digits, rule, expected):
    result = reported(value, uncertainty, digits=digits, rule=rule)
    assert f"{result.value_text} {result.uncertainty_text}" == expected


@pytest.mark.parametrize(("value", "uncertainty", "digits", "rule", "expected"), CASES)
def test_text_decimal_and_leading_plus_mean_the_same_number(value, uncertainty, digits, rule, expected):
    exact = reported(Decimal(value), Decimal(uncertainty), digits=digits, rule=rule)
    plus = reported(
        value if value.startswith("-") else f"+{value}", f"+{uncertainty}", digits=digits, rule=rule
    )
    assert exact == plus == reported(value, uncertainty, digits=digits, rule=rule)


FLOATS = [
    # a float is the number that people read, and U loses the noise of its computation
    (2.675, 0.05, 1, "half_even", "2.68 0.05"),
    (1.005, 0.05, 1, "half_up", "1.01 0.05"),
    (1.005, 0.05, 1, "half_even", "1.00 0.05"),
    (0.1 + 0.2, 0.1 + 0.2, 2, "up", "0.30 0.30"),
    (0.5, 0.025, 1, "half_even", "0.50 0.02"),
    (0.5, 0.025, 1, "half_up", "0.50 0.03"),
    (0.5, 3 * 0.028, 2, "up", "0.500 0.084"),
    (1e22, 1e20, 1, "half_even", "10000000000000000000000 100000000000000000000"),
    (-1e-9, 2.5e-9, 1, "half_even", "-0.000000001 0.000000002"),
    (5, 2, 1, "half_even", "5 2"),
]


@pytest.mark.parametrize(("value", "uncertainty", "digits", "rule", "expected"), FLOATS)
def test_floats_are_rounded_as_people_read_them(value, uncertainty, digits, rule, expected):
    result = reported(value, uncertainty, digits=digits, rule=rule)
    assert f"{result.value_text} {result.uncertainty_text}" == expected


PLACES = [
    # value, place: half to even, half up, up (away from zero)
    ("0.5", 0, "0", "1", "1"),
    ("1.5", 0, "2", "2", "2"),
    ("2.5", 0, "2", "3", "3"),
    ("-0.5", 0, "0", "-1", "-1"),
    ("-1.5", 0, "-2", "-2", "-2"),
    ("-2.5", 0, "-2", "-3", "-3"),
    ("0.0001", 0, "0", "0", "1"),
    ("-0.0001", 0, "0", "0", "-1"),
    ("0", 0, "0", "0", "0"),
    ("1", -3, "1.000", "1.000", "1.000"),
    ("1E2", -1, "100.0", "100.0", "100.0"),
    ("149", 2, "100", "100", "200"),
    ("150", 2, "200", "200", "200"),
    ("250", 2, "200", "300", "300"),
    ("49", 2, "0", "0", "100"),
    ("999.5", 0, "1000", "1000", "1000"),
    ("998.5", 0, "998", "999", "999"),
    ("0.04999999999999999999999999", -1, "0.0", "0.0", "0.1"),
    ("0.05000000000000000000000001", -1, "0.1", "0.1", "0.1"),
]


@pytest.mark.parametrize(("value", "place", "even", "half_up", "up"), PLACES)
def test_a_place_is_rounded_to_as_worked_by_hand(value, place, even, half_up, up):
    found = [rounded_to_place(value, place, rule=rule) for rule in RULES]
    assert found == [even, half_up, up]


FACTORS = [
    (2.0, "2.00"), (2, "2.00"), (1.96, "1.96"), (1.645, "1.64"), (1.655, "1.66"), (2.005, "2.00"), (2.015, "2.02"),
    (12.7062, "12.71"), (2.776445, "2.78"), (63.656741, "63.66"), (1.0, "1.00"), (0.675, "0.68"), (100.0, "100.00"),
]  # fmt: skip


@pytest.mark.parametrize(("factor", "text"), FACTORS)
def test_k_stands_with_two_places_half_to_even(factor, text):
    assert coverage_factor_text(factor) == text


@pytest.mark.parametrize(
    ("factor", "places", "text"), [(2.3198, 0, "2"), (2.3198, 1, "2.3"), (2.5, 0, "2"), (3.5, 0, "4")]
)
def test_k_may_stand_with_fewer_places(factor, places, text):
    assert coverage_factor_text(factor, places) == text


DIGITS = [
    (18.9987, 19.0), (16.749, 16.7), (16.75, 16.8), (16.65, 16.6), (1.2345, 1.23), (0.0012345, 0.00123),
    (999.5, 1000.0),
    (998.5, 998.0), (123456.0, 123000.0), (-18.9987, -19.0), (0.0, 0.0), (7.0, 7.0),
]  # fmt: skip


@pytest.mark.parametrize(("number", "rounded"), DIGITS)
def test_three_digits_are_kept_of_degrees_of_freedom(number, rounded):
    assert three_significant_digits(number) == rounded


PLAIN = [
    ("1.2E+3", "1200"), ("1E-7", "0.0000001"), ("-0", "0"), ("-0.000", "0.000"), ("-0E+2", "0"), ("100", "100"),
    ("1.0", "1.0"), ("-1.50", "-1.50"), ("0E-3", "0.000"), ("12E0", "12"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "text"), PLAIN)
def test_plain_text_has_no_exponent_and_no_sign_on_zero(number, text):
    assert plain_text(Decimal(number)) == text


SIGNED = [
    ("0.5", "+0.5"), ("-0.5", "-0.5"), ("+0.5", "+0.5"), ("0", "0"), ("-0", "0"), ("+0.00", "0.00"), ("-0.00", "0.00"),
    ("1E-3", "+1E-3"), ("-1E-3", "-1E-3"), ("0.000000001", "+0.000000001"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shown"), SIGNED)
def test_an_error_carries_its_sign(text, shown):
    assert signed(text) == shown


TYPESET = {
    # numbers: a true minus
    "-0.1712": "−0.1712", "-5": "−5", "1E-3": "1E−3", "-1.5e-10": "−1.5e−10", " -7 ": " −7 ",
    # numbers without anything to change
    "0.1712": "0.1712", "+5": "+5", "10.000": "10.000", "2E+3": "2E+3", "−3": "−3",
    # no numbers: their hyphens are their own
    "WZP-230": "WZP-230", "T2104-0387": "T2104-0387", "A-1": "A-1", "-A1": "-A1", "2026-06-16": "2026-06-16",
    "JJG 130-2011": "JJG 130-2011", "YZ-2026-T-004217": "YZ-2026-T-004217", "123-456": "123-456", "3-4": "3-4",
    "Smith-Jones": "Smith-Jones", "-": "-", "--5": "--5", "-5-": "-5-", "-.5": "-.5", "5.": "5.", "": "",
    "+86-10": "+86-10",
    "-5 ℃": "-5 ℃", "0x-1": "0x-1", "-٥": "-٥", "-５": "-５",
}  # fmt: skip


@pytest.mark.parametrize(("text", "printed"), TYPESET.items(), ids=[repr(t) for t in TYPESET])
def test_only_numbers_get_a_true_minus(text, printed):
    assert typeset(text) == printed


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6))
def test_every_number_in_print_is_read_back_with_a_hyphen_for_the_minus(number):
    text = plain_text(number)
    assert "-" not in typeset(text)
    assert as_decimal(typeset(text).replace("−", "-")) == as_decimal(text)


@given(st.from_regex(r"[A-Za-z]{1,4}-[0-9]{1,5}(-[0-9]{1,3})?", fullmatch=True))
def test_no_number_of_a_type_or_a_series_is_changed_by_printing(name):
    assert typeset(name) == name
