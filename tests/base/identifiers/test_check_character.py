"""ISO/IEC 7064 MOD 37,36: a published example, the recursion of the standard, and what it finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.base.identifiers.check_character import ALPHABET, check_character, holds

BODIES = st.text(ALPHABET, min_size=1, max_size=30)


def test_the_example_of_the_global_release_identifier_holds():
    assert check_character("A12425GABC1234002") == "M"  # GRid A1-2425G-ABC1234002-M
    assert holds("A12425GABC1234002M")


@given(BODIES)
def test_the_recursion_of_the_standard_ends_at_one(body):
    carried = 36  # ISO/IEC 7064: P_1 = M; S_j = P_j|(M+1) + a_j; P_(j+1) = S_j||M × 2; the last S is 1 modulo M
    for letter in body + check_character(body):
        total = carried % 37 + ALPHABET.index(letter)
        carried = (total % 36 or 36) * 2
    assert total % 36 == 1


@given(BODIES, st.data())
def test_every_single_wrong_character_is_found(body, data):
    right = body + check_character(body)
    place = data.draw(st.integers(0, len(right) - 1))
    wrong = data.draw(st.sampled_from([letter for letter in ALPHABET if letter != right[place]]))
    assert holds(right)
    assert not holds(right[:place] + wrong + right[place + 1 :])


@pytest.mark.parametrize("text", ["", "0", "12-", "１２", "abc"])
def test_what_has_other_letters_or_none_to_check_does_not_hold(text):
    assert not holds(text)
