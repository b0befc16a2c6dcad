"""Which texts are prefixes, where they stand in the tree, and which code comes next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.base.prefixes.errors import BadPrefix
from jialiang.base.prefixes.texts import above, checked_code, checked_prefix, level_of, next_code
from jialiang.formats.handle.names import parsed_handle

CODES = st.from_regex(r"[0-9A-Za-z]([0-9A-Za-z_-]{0,6}[0-9A-Za-z])?", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("88", "national"),
        ("88.101", "second_level"),
        ("88.709", "second_level"),
        ("88.101.5", "enterprise"),
        ("88.101.0042", "enterprise"),
        ("88.608.8899", "enterprise"),
        ("88.999.1.7", "enterprise"),
        ("TEST", "national"),
    ],
)
def test_prefixes_in_use_are_taken_and_have_their_level(text, level):
    assert (checked_prefix(f" {text} "), level_of(text)) == (text, level)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ".",
        "88.",
        ".88",
        "88..5",
        "88.101/5",
        "88 101",
        "88.１０１",
        "-1",
        "88.1-",
        "88.\n5",
        "88. 5",
        "北京",
    ],
)
def test_what_is_no_prefix_is_refused_with_what_was_given(text):
    with pytest.raises(BadPrefix) as refused:
        checked_prefix(text)
    assert refused.value.facts["reason"].zh
    assert refused.value.code == "JL-PFX-001"


def test_a_prefix_has_at_most_sixty_letters_and_a_code_twenty():
    assert checked_prefix(".".join(["1" * 19] * 3)) == ".".join(["1" * 19] * 3)
    with pytest.raises(BadPrefix, match="61"):
        checked_prefix(".".join(["12345"] * 10) + ".1")
    assert checked_code("x" * 20)
    with pytest.raises(BadPrefix):
        checked_code("x" * 21)


@given(st.lists(CODES, min_size=1, max_size=5))
def test_every_prefix_that_is_taken_begins_a_name_of_the_handle_system(codes):
    text = ".".join(codes)
    assert parsed_handle(f"{checked_prefix(text)}/x").prefix == text
    assert above(text) == ".".join(codes[:-1])


@pytest.mark.parametrize(
    ("taken", "following"),
    [([], "1"), (["1", "2"], "3"), (["0042", "7"], "43"), (["lab", "x-9"], "1"), (["9", "10"], "11")],
)
def test_the_next_code_is_the_number_after_the_greatest(taken, following):
    assert next_code(taken) == following


@given(st.lists(CODES, max_size=8))
def test_the_next_code_is_never_one_of_those_taken(codes):
    assert next_code(codes) not in codes
