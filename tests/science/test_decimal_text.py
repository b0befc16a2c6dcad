"""Numbers as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.science.decimal_text import MAX_DIGITS, exact_float, read_decimal
from jialiang.science.errors import DecimalComma, NotANumber, NumberOutOfBounds

plain_numbers = st.from_regex(r"-?[0-9]{1,12}(\.[0-9]{1,12})?", fullmatch=True)


@given(plain_numbers)
def test_what_is_typed_plainly_is_kept_digit_for_digit(typed):
    number = read_decimal(typed)
    assert number.text == typed
    assert not number.was_rewritten
    assert number.number == Decimal(typed)


@given(st.text(max_size=60))
def test_no_input_does_anything_but_be_read_or_refused_with_words(typed):
    try:
        number = read_decimal(typed)
    except (DecimalComma, NotANumber, NumberOutOfBounds) as refused:
        assert refused.what.zh
        assert refused.way_out.en
    else:
        assert number.number.is_finite()
        assert number.text.isascii()


@given(plain_numbers)
def test_reading_the_understood_text_again_changes_nothing(typed):
    full_width = "".join(
        chr(ord(c) + 0xFEE0) if c.isdigit() else {"-": "\u2212", ".": "。"}[c] for c in typed
    )
    understood = read_decimal(full_width)
    assert understood.text == typed
    assert understood.as_typed == full_width
    assert understood.was_rewritten
    assert read_decimal(understood.text).text == typed


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("\u22120.171", "-0.171"),
        ("－0．171", "-0.171"),
        ("–5", "-5"),
        ("２０。０３", "20.03"),
        ("20｡5", "20.5"),
        (".5", "0.5"),
        ("-.5", "-0.5"),
        ("+5.00", "5.00"),
        ("1.5e-03", "1.5E-3"),
        ("１．５Ｅ３", "1.5E3"),
        ("007", "007"),
    ],
)
def test_signs_and_digits_of_input_methods_are_understood_and_marked(typed, text):
    number = read_decimal(typed)
    assert number.text == text
    assert number.was_rewritten == (text != typed)


def test_trailing_zeros_say_how_well_it_was_read():
    assert read_decimal("10.000").text == "10.000"
    assert read_decimal("10.000").decimal_places == 3
    assert read_decimal("10").decimal_places == 0
    assert read_decimal("1.50E1").decimal_places == 1
    assert read_decimal("1E3").decimal_places == -3


def test_blanks_around_a_number_are_no_rewriting():
    assert read_decimal(" 21.521\n").text == "21.521"
    assert not read_decimal(" 21.521\n").was_rewritten


@pytest.mark.parametrize("typed", ["0,171", "1,234.5", "０，５", "1、5", "1٫5"])
def test_a_comma_is_never_guessed(typed):
    with pytest.raises(DecimalComma) as caught:
        read_decimal(typed)
    assert caught.value.code == "JL-UNC-001"
    assert "小数点" in caught.value.way_out.zh


def test_the_refusal_of_a_comma_shows_the_number_with_a_point():
    with pytest.raises(DecimalComma) as caught:
        read_decimal("-0,171")
    assert caught.value.facts["suggestion"] == "-0.171"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "-",
        ".",
        "nan",
        "NaN",
        "inf",
        "-Infinity",
        "1 000",
        "0.171 0.169",
        "1.2.3",
        "5.",
        "12 ℃",
        "0x10",
        "1_000",
        "--1",
        "1e",
        "١٢",
    ],
)
def test_what_is_not_one_finite_number_is_refused(typed):
    with pytest.raises(NotANumber):
        read_decimal(typed)


@pytest.mark.parametrize("typed", ["1e999", "1E-51", "9" * (MAX_DIGITS + 1), "0." + "1" * MAX_DIGITS])
def test_absurd_sizes_are_refused(typed):
    with pytest.raises(NumberOutOfBounds):
        read_decimal(typed)


def test_a_long_wrong_text_is_shortened_in_the_message():
    with pytest.raises(NotANumber) as caught:
        read_decimal("x" * 10_000)
    assert len(str(caught.value)) < 200


def test_the_float_for_computing_is_the_nearest_one():
    assert exact_float("21.521") == 21.521
    assert exact_float("−0.171") == -0.171
