"""Credit codes against the vectors of the oracles and the law of the check character."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.vocabulary.credit_codes import (
    ALPHABET,
    check_character,
    is_credit_code,
    likely_credit_code,
    normalized_credit_code,
    why_not_credit_code,
)

BODIES = st.tuples(
    st.text(ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
).map("".join)


@pytest.fixture(scope="module")
def vectors(oracles):
    return json.loads((oracles / "china" / "uscc_gb32100.json").read_text(encoding="utf-8"))


def test_the_alphabet_and_the_weights_are_those_of_gb_32100(vectors):
    assert vectors["alphabet"] == ALPHABET
    assert vectors["weights"] == [pow(3, i, 31) for i in range(17)]


def test_the_published_valid_codes_hold(vectors):
    assert [c for c in vectors["fictional_valid"] if not is_credit_code(c)] == []


def test_the_published_invalid_codes_do_not_hold(vectors):
    assert [c for c in vectors["fictional_invalid"] if is_credit_code(c)] == []


@given(BODIES)
def test_every_body_has_exactly_one_check_character(body):
    assert [c for c in ALPHABET if is_credit_code(body + c)] == [check_character(body)]


@given(BODIES, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(body, place, other):
    code = body + check_character(body)
    changed = code[:place] + other + code[place + 1 :]
    assert is_credit_code(changed) == (changed == code)


@given(BODIES, st.integers(0, 16))
def test_two_neighbours_swapped_are_always_found(body, place):
    code = body + check_character(body)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_credit_code(swapped) == (swapped == code)


def test_any_of_the_31_characters_can_stand_last():
    assert {check_character(f"9137000000000{a}{b}00") for a in ALPHABET for b in ALPHABET} == set(ALPHABET)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("91000000000000000K", ""),
        ("91000000000000000", "length"),
        ("91370000MAI000001T", "letter"),
        ("91A70000MA0000001T", "division"),
        ("91370000MA0000001K", "check"),
    ],
)
def test_what_is_wrong_is_named(code, why):
    assert why_not_credit_code(code) == why


def test_typing_habits_are_undone():
    assert normalized_credit_code(" ９１３７ 0000-ma0000001t　") == "91370000MA0000001T"


def test_a_letter_typed_for_a_digit_is_guessed_only_when_the_check_confirms_it():
    assert likely_credit_code("9137OOOOMAOOOOOO1T") == "91370000MA0000001T"
    assert likely_credit_code("9137OOOOMAOOOOOO1K") == ""
    assert likely_credit_code("91370000MA0000001T") == ""
