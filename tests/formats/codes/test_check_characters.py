"""Check digits and check pairs: GS1's own examples, and that no single slip passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.codes.check_characters import CHARACTER_SETS, check_digit, check_pair, wrong_character

# GS1 General Specifications 7.9.5 (the first), and the vectors of GS1's reference linter (gs1/gs1-syntax-dictionary)
PAIRS = [
    "1987654Ad4X4bL5ttr2310c2K",
    "12345678901234567890123NT",
    "12345_ABCDEFGHIJKLMCP",
    "12345_NOPQRSTUVWXYZDN",
    "12345_abcdefghijklmN3",
    "12345_nopqrstuvwxyzP2",
    "12345_!\"%&'()*+,-./LC",
    "12345_0123456789:;<=>?62",
    "7907665Bm8v2AB",
    "97850l6KZm0yCD",
    "225803106GSpEF",
    "149512464PM+GH",
    "62577B8fRG7HJK",
    "515942070CYxLM",
    "390800494sP6NP",
    "386830132uO+QR",
    "53395376X1:nST",
    "957813138Sb6UV",
    "530790no0qOgWX",
    "62185314IvwmYZ",
    "23956qk1&dB!23",
    "794394895ic045",
    "57453Uq3qA<H67",
    "0881063PhHvY89",
    "00000!HV",
    "99999zzzzzzzzzzzzzzzzzzT2",
    "22",
    "!22",
    "!!22",
]
BODIES = st.text(CHARACTER_SETS["x"], min_size=1, max_size=23)


@pytest.mark.parametrize("code", PAIRS)
def test_the_check_pair_is_that_of_the_examples(code):
    assert check_pair(code[:-2]) == code[-2:]


@given(BODIES, st.integers(0, 22), st.sampled_from(CHARACTER_SETS["x"]))
def test_one_wrong_character_always_changes_the_pair(body, place, other):
    place %= len(body)
    changed = body[:place] + other + body[place + 1 :]
    assert (check_pair(changed) == check_pair(body)) == (changed == body)


@given(st.text(CHARACTER_SETS["x"], min_size=2, max_size=23), st.integers(0, 21))
def test_two_neighbours_in_the_wrong_order_always_change_the_pair(body, place):
    place %= len(body) - 1
    changed = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assert (check_pair(changed) == check_pair(body)) == (changed == body)


@given(BODIES)
def test_the_pair_uses_no_letter_that_is_misread(body):
    assert not set(check_pair(body)) & set("01IO")


def test_a_body_of_24_has_no_pair():
    with pytest.raises(ValueError, match="23"):
        check_pair("1" * 24)


def test_a_letter_outside_the_set_has_no_pair():
    with pytest.raises(ValueError, match="substring not found"):
        check_pair("12 45")


@pytest.mark.parametrize(
    "number",
    [
        "6291041500213",
        "106141411234567897",
        "036000291452",
        "4006381333931",
        "9781861972712",
        "73513537",
        "09506000134352",
        "9506000134352",
        "0000000000000",
    ],
)
def test_check_digits_are_those_of_numbers_in_print(number):
    assert check_digit(number[:-1]) == number[-1]


@given(st.text("0123456789", min_size=1, max_size=17), st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_wrong_digit_always_changes_the_check_digit(body, place, other):
    place %= len(body)
    changed = body[:place] + other + body[place + 1 :]
    assert (check_digit(changed) == check_digit(body)) == (changed == body)


@pytest.mark.parametrize(("name", "count"), [("n", 10), ("x", 82), ("y", 39), ("z", 65)])
def test_the_sets_have_as_many_characters_as_their_names_say(name, count):
    assert len(CHARACTER_SETS[name]) == len(set(CHARACTER_SETS[name])) == count
    assert CHARACTER_SETS[name].isascii()


@pytest.mark.parametrize(
    ("text", "characters", "found"),
    [
        ("0123456789", "n", None),
        ("01a3", "n", (3, "a")),
        ("", "n", None),
        ("０1", "n", (1, "０")),
        ("1 ", "n", (2, " ")),
        ("aZ_(+)", "x", None),
        ("a b", "x", (2, " ")),
        ("a#", "x", (2, "#")),
        ("a$", "x", (2, "$")),
        ("é", "x", (1, "é")),
        ("AB-12/#", "y", None),
        ("ab", "y", (1, "a")),
        ("A_", "y", (2, "_")),
        ("Az-_=", "z", None),
        ("A+", "z", (2, "+")),
        ("压", "x", (1, "压")),
        ("a\x1d", "x", (2, "\x1d")),
        ("a@", "x", (2, "@")),
        ("a^", "x", (2, "^")),
        ("~", "x", (1, "~")),
    ],
)
def test_the_first_wrong_character_is_found_with_its_place(text, characters, found):
    assert wrong_character(text, characters) == found
