"""How numbers look: SI brochure (9th edition) 5.4.4 for groups, U+2212 for minus, nothing rounded."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.console.numbers import longest_fraction, on_screen, split_number, with_unit

GROUP = "\u202f"


@pytest.mark.parametrize(
    ("entered", "shown"),
    [
        ("20.013", "20.013"),
        ("10.000", "10.000"),
        ("-20.013", "\u221220.013"),
        ("\u22121", "\u22121"),
        ("+0.5", "+0.5"),
        ("9999", "9999"),
        ("12345", f"12{GROUP}345"),
        ("1000000", f"1{GROUP}000{GROUP}000"),
        ("0.00005", f"0.000{GROUP}05"),
        ("0.0001", "0.0001"),
        ("-1.79e-06", "−1.79\u00a0×\u00a010⁻⁶"),
        ("1e-8", "1\u00a0×\u00a010⁻⁸"),
        ("1.25E+3", "1.25\u00a0×\u00a010³"),
        ("未给出", "未给出"),
        ("", ""),
    ],
)
def test_a_number_is_shown_as_entered_with_a_true_minus_and_narrow_groups(entered: str, shown: str) -> None:
    assert on_screen(entered) == shown


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ("0.029", "+0.029"),
        ("-0.011", "\u22120.011"),
        ("0.000", "0.000"),
        ("-0.000", "0.000"),
        ("+0.0", "0.0"),
    ],
)
def test_errors_and_changes_carry_their_sign_and_zero_has_none(change: str, shown: str) -> None:
    assert on_screen(change, signed=True) == shown


def test_the_split_stands_at_the_decimal_point() -> None:
    split = split_number("-20.013")
    assert (split.whole, split.fraction) == ("\u221220", ".013")


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6))
def test_no_digit_is_lost_or_added(value: Decimal) -> None:
    text = format(value, "f")
    assert on_screen(text).replace(GROUP, "").replace("\u2212", "-") == text


def test_the_longest_fraction_of_a_column_ignores_what_is_no_number() -> None:
    assert longest_fraction(["20", "20.0", "-3.125", "—", None]) == 3
    assert longest_fraction([]) == 0


@pytest.mark.parametrize(
    ("number", "unit", "joined"),
    [("23", "℃", "23\u00a0℃"), ("45", "%", "45\u00a0%"), ("12", "′", "12′"), ("7", "", "7")],
)
def test_a_no_break_space_stands_between_number_and_unit(number: str, unit: str, joined: str) -> None:
    assert with_unit(number, unit) == joined
