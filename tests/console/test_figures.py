"""Figures of an evaluation for the eye: significant digits, places, degrees of freedom, shares."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.console.figures import degrees, percent, significant, to_places


@pytest.mark.parametrize(
    ("exact", "digits", "shown"),
    [
        ("0.0123456", 3, "0.0123"),
        ("-0.0123456", 2, "-0.012"),
        ("0.0996", 2, "0.10"),  # the carry makes no third digit
        ("9.996", 3, "10.0"),
        ("99.96", 3, "100"),
        ("123456.7", 3, "123457"),  # whole digits are never rounded away
        ("1.5e-7", 3, "0.000000150"),
        (0.1 + 0.2, 4, "0.3000"),
        ("0.000", 3, "0"),
        ("inf", 3, "∞"),
        ("nan", 3, ""),
        ("", 3, ""),
    ],
)
def test_so_many_digits_are_shown_and_no_more(exact: object, digits: int, shown: str) -> None:
    assert significant(exact, digits) == shown


@settings(max_examples=50)
@given(st.decimals(Decimal("1e-9"), Decimal("0.9"), places=15), st.integers(1, 5), st.booleans())
def test_a_small_number_has_exactly_its_digits_and_is_off_by_half_a_unit_at_most(
    size: Decimal, digits: int, is_negative: bool
) -> None:
    value = -size if is_negative else size
    shown = Decimal(significant(value, digits))
    assert len(shown.as_tuple().digits) == digits
    assert abs(shown - value) <= Decimal(5).scaleb(shown.as_tuple().exponent - 1)


@pytest.mark.parametrize(
    ("exact", "places", "shown"),
    [("-0.0004", 3, "0.000"), ("0.0125", 3, "0.012"), (2, 2, "2.00"), ("-1.5", 0, "-2")],
)
def test_places_are_filled_with_zeros_and_a_zero_has_no_sign(exact: object, places: int, shown: str) -> None:
    assert to_places(exact, places) == shown


@pytest.mark.parametrize(
    ("exact", "shown"), [("9.99", "9"), ("10", "10"), ("inf", "∞"), ("", ""), ("118.0000001", "118")]
)
def test_degrees_of_freedom_are_rounded_down(exact: str, shown: str) -> None:
    assert degrees(exact) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(0.1234, "12.3"), (1.0, "100.0"), (0.0, "0.0"), (0.00049, "0.0")]
)
def test_a_share_is_told_in_percent_with_one_place(share: float, shown: str) -> None:
    assert percent(share) == shown
