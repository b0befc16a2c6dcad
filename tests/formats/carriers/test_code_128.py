"""Code 128: patterns, check character, and that runs of digits are written two by two where that is shorter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.carriers.code_128 import (
    _codewords,
    _patterns,
    _pieces,
    check_codeword,
    code_128_modules,
    gs1_128_modules,
)

START_B, START_C, TO_C, TO_B, FNC1 = 104, 105, 99, 100, 102


def test_there_are_107_patterns_of_11_modules_and_a_stop_of_13():
    patterns = _patterns()
    assert len(patterns) == len(set(patterns)) == 107
    assert all(sum(map(int, pattern)) == 11 and len(pattern) == 6 for pattern in patterns[:-1])
    assert all(sum(map(int, pattern[::2])) % 2 == 0 for pattern in patterns[:-1]), (
        "bars of each pattern are even"
    )
    assert (sum(map(int, patterns[-1])), len(patterns[-1])) == (13, 7)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("12", [START_C, 12]),
        ("1234", [START_C, 12, 34]),
        ("123", [START_B, 17, 18, 19]),
        ("12345", [START_C, 12, 34, TO_B, 21]),
        ("A", [START_B, 33]),
        ("A1234", [START_B, 33, TO_C, 12, 34]),
        ("A12345", [START_B, 33, 17, TO_C, 23, 45]),
        ("1234A", [START_C, 12, 34, TO_B, 33]),
        ("A1234B", [START_B, 33, 17, 18, 19, 20, 34]),
        ("A123456B", [START_B, 33, TO_C, 12, 34, 56, TO_B, 34]),
    ],
)
def test_sets_are_changed_where_that_is_shorter(text, words):
    assert _codewords(text, gs1=False)[:-1] == words


def test_gs1_begins_with_fnc1_and_has_it_for_separators():
    assert _codewords("10A\x1d21B", gs1=True)[:2] == [START_B, FNC1]
    assert _codewords("10A\x1d21B", gs1=True).count(FNC1) == 2
    assert _codewords("0109506000134352", gs1=True)[:4] == [START_C, FNC1, 1, 9]


def test_the_check_character_of_the_standards_example():
    # AIM: the text "AIM" in set B
    assert _codewords("AIM", gs1=False) == [104, 33, 41, 45, (104 + 33 + 2 * 41 + 3 * 45) % 103]
    assert check_codeword([105, 12, 34]) == (105 + 12 + 2 * 34) % 103


@given(st.text("0123456789AB\x1d", min_size=1, max_size=40))
def test_pieces_put_together_are_the_text(text):
    assert "".join(_pieces(text)) == text


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=60))
def test_a_row_is_never_wider_than_all_in_set_b(text):
    (row,) = code_128_modules(text)
    assert len(row) <= 20 + 11 * (len(text) + 2) + 13
    assert (len(row) - 20 - 13) % 11 == 0


@given(st.text("0123456789", min_size=4, max_size=40).filter(lambda digits: len(digits) % 2 == 0))
def test_an_even_number_of_digits_takes_half_the_room(digits):
    (row,) = code_128_modules(digits)
    assert len(row) == 20 + 11 * (len(digits) // 2 + 2) + 13


def test_a_gs1_row_is_one_codeword_wider():
    assert len(gs1_128_modules("0109506000134352")[0]) == len(code_128_modules("0109506000134352")[0]) + 11
