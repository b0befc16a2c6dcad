"""Every letter and length of a prefix, its place in the tree, and why a text is refused in both languages."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.base.prefixes.errors import BadPrefix
from jialiang.base.prefixes.texts import (
    LONGEST_CODE,
    LONGEST_PREFIX,
    above,
    checked_code,
    checked_prefix,
    level_of,
    next_code,
)

INSIDE = string.ascii_letters + string.digits + "_-"
ENDS = string.ascii_letters + string.digits
REFUSED_LETTERS = {
    "slash": "/", "backslash": "\\", "colon": ":", "blank": " ", "tab": "\t", "line end": "\n", "zero": "\0",
    "percent": "%", "at": "@", "plus": "+", "star": "*", "question": "?", "hash": "#", "quote": "'", "double": '"',
    "less": "<", "ampersand": "&", "comma": ",", "semicolon": ";", "brace": "{", "tilde": "~", "bar": "|",
    "full-width digit": "５", "Arabic digit": "٥", "superscript": "²", "Roman number": "Ⅳ", "dotless i": "ı",
    "long s": "ſ", "Kelvin": "\u212a", "sharp s": "ß", "umlaut": "ü", "Han": "中", "Greek": "μ", "Cyrillic": "а",
    "emoji": "🙂", "combining": "e\u0301", "zero width": "\u200b", "no-break": "\u00a0", "direction": "\u202e",
    "half letter": "\ud800", "soft hyphen": "\u00ad", "dash": "–", "full stop of Han": "。", "middle dot": "·",
}  # fmt: skip


@pytest.mark.parametrize("letter", INSIDE)
def test_a_letter_that_may_stand_inside_a_code(letter: str):
    assert checked_code(f"a{letter}b") == f"a{letter}b"
    assert checked_prefix(f"88.a{letter}b.c") == f"88.a{letter}b.c"


@pytest.mark.parametrize("letter", ENDS)
def test_a_code_of_one_letter_or_digit(letter: str):
    assert checked_code(letter) == letter
    assert checked_prefix(f"{letter}.{letter}") == f"{letter}.{letter}"


@pytest.mark.parametrize("letter", "_-")
@pytest.mark.parametrize("shape", ["{}", "{}a", "a{}", "88.{}", "88.a{}", "{}a.88", "88.{}a.9"])
def test_a_line_never_stands_at_an_end_of_a_code(letter: str, shape: str):
    with pytest.raises(BadPrefix):
        checked_prefix(shape.format(letter))


@pytest.mark.parametrize("what", REFUSED_LETTERS)
@pytest.mark.parametrize("shape", ["a{}b", "88.1{}0", "{}.88"])
def test_a_letter_that_never_stands_in_a_prefix(what: str, shape: str):
    text = shape.format(REFUSED_LETTERS[what])
    with pytest.raises(BadPrefix) as refused:
        checked_prefix(text)
    assert refused.value.code == "JL-PFX-001"
    given_back = refused.value.facts["given"]
    given_back.encode()  # what is told can be written everywhere
    assert "\0" not in given_back


@pytest.mark.parametrize("what", REFUSED_LETTERS)
def test_a_code_that_is_wished_for_has_the_same_letters(what: str):
    with pytest.raises(BadPrefix):
        checked_code(f"1{REFUSED_LETTERS[what]}1")


@pytest.mark.parametrize(
    "text", ["", ".", "..", "88.", ".88", "88..5", "88.101.", ".88.101", "88.101..5", " . "]
)
def test_no_code_is_empty(text: str):
    with pytest.raises(BadPrefix):
        checked_prefix(text)


@pytest.mark.parametrize("text", ["88.101", "88.101.5", "a.b", ".", "88."])
def test_a_single_code_holds_no_dot(text: str):
    with pytest.raises(BadPrefix):
        checked_code(text)


@pytest.mark.parametrize(
    ("letters", "holds"), [(1, True), (19, True), (LONGEST_CODE, True), (21, False), (60, False)]
)
def test_a_code_has_twenty_letters(letters: int, holds: bool):
    code = "7" * letters
    for check, text in ((checked_code, code), (checked_prefix, f"88.{code}.x"), (checked_prefix, code)):
        if holds:
            assert check(text) == text
        else:
            with pytest.raises(BadPrefix):
                check(text)


@pytest.mark.parametrize(
    ("letters", "holds"), [(58, True), (59, True), (60, True), (61, False), (62, False), (500, False)]
)
def test_a_prefix_has_sixty_letters_and_says_how_many_it_was_given(letters: int, holds: bool):
    text = ("abcdefghi." * (letters // 10 + 1))[:letters]
    text = text[:-1] + "z" if text.endswith(".") else text
    assert len(text) == letters
    if holds:
        assert checked_prefix(f"  {text}\t") == text
        return
    with pytest.raises(BadPrefix) as refused:
        checked_prefix(text)
    why = refused.value.facts["reason"]
    for language in (why.zh, why.en):
        assert str(letters) in language
        assert str(LONGEST_PREFIX) in language
    assert len(refused.value.facts["given"]) <= 80


def test_the_words_of_a_refusal_differ_by_language_and_name_what_was_given():
    with pytest.raises(BadPrefix) as refused:
        checked_prefix("88.北京")
    told = refused.value
    assert "88.北京" in told.what.zh
    assert "88.北京" in told.what.en
    assert told.facts["reason"].zh != told.facts["reason"].en
    assert told.rule.zh
    assert told.way_out.en


@pytest.mark.parametrize(
    ("text", "level", "parent"),
    [
        ("88", "national", ""), ("lab", "national", ""), ("88.101", "second_level", "88"), ("a.b", "second_level", "a"),
        ("88.101.5", "enterprise", "88.101"), ("88.101.5.1", "enterprise", "88.101.5"),
        ("1.2.3.4.5.6.7", "enterprise", "1.2.3.4.5.6"), ("88.a-b.c_d", "enterprise", "88.a-b"),
    ],
)  # fmt: skip
def test_level_and_parent_follow_from_the_codes(text: str, level: str, parent: str):
    assert (level_of(checked_prefix(text)), above(text)) == (level, parent)


END = st.sampled_from(ENDS)
CODES = END | st.builds(lambda first, inside, last: first + inside + last, END, st.text(INSIDE, max_size=4), END)


@settings(max_examples=60)
@given(st.lists(CODES, min_size=1, max_size=8))
def test_a_prefix_is_its_codes_and_checking_it_again_changes_nothing(codes: list[str]):
    text = ".".join(codes)
    assert checked_prefix(checked_prefix(f" {text}")) == text
    assert [checked_code(code) for code in text.split(".")] == codes
    assert above(f"{text}.x") == text
    assert level_of(f"{text}.x.y") == "enterprise"


@pytest.mark.parametrize(
    ("taken", "following"),
    [
        ([], "1"), (["0"], "1"), (["1"], "2"), (["9"], "10"), (["99", "100"], "101"), (["100", "99"], "101"),
        (["007"], "8"), (["a"], "1"), (["1a", "a1"], "1"), (["-5"], "1"), (["５"], "1"), (["٥"], "1"), (["²"], "1"),
        (["4", "x", "2"], "5"), (["1.5"], "1"), ([""], "1"), (["99999999999999999999"], "100000000000000000000"),
    ],
)  # fmt: skip
def test_the_next_number_is_one_more_than_the_greatest_number_of_plain_digits(
    taken: list[str], following: str
):
    assert next_code(taken) == following
    assert next_code(reversed(taken)) == following


@settings(max_examples=60)
@given(st.lists(st.integers(0, 10_000).map(str), max_size=6), st.lists(CODES, max_size=4))
def test_the_order_of_what_is_taken_does_not_matter_and_letters_count_for_nothing(
    numbers: list[str], codes: list[str]
):
    words = [code for code in codes if not code.isdecimal()]
    assert next_code(numbers + words) == next_code(words + sorted(numbers)) == next_code(set(numbers))
