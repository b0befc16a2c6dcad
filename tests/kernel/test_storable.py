"""Texts of unknown origin: which one line of a form may hold, and what is kept of a message that nobody controls."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.kernel.text import is_one_line, storable

ONE_LINE = {
    "nothing": ("", True),
    "Chinese": ("水银温度计", True),
    "a blank of Chinese width": ("温度　计", True),
    "a blank that does not break": ("20\u00a0℃", True),
    "a character of four bytes": ("𠮷", True),
    "an emoji with joiners": ("👩\u200d🔬", True),
    "a mark of direction": ("a\u202eb", True),
    "a combining accent": ("e\u0301", True),
    "a letter for private use": ("\ue000", True),
    "a zero byte": ("a\x00b", False),
    "a tab": ("a\tb", False),
    "a line feed": ("a\nb", False),
    "a carriage return": ("a\r", False),
    "an escape": ("\x1b[2J", False),
    "delete": ("\x7f", False),
    "a control character above 0x80": ("\x85", False),
    "a line separator": ("a\u2028b", False),
    "a paragraph separator": ("a\u2029b", False),
    "the first half of a pair": ("\ud83d", False),
    "the second half of a pair": ("\ude00", False),
}


@pytest.mark.parametrize(("text", "one_line"), ONE_LINE.values(), ids=ONE_LINE)
def test_what_one_line_of_a_form_may_hold(text: str, one_line: bool) -> None:
    assert is_one_line(text) is one_line


STORED = [
    # given, limit, kept
    ("KeyError: 'a'", 2000, "KeyError: 'a'"),
    ("two\nlines\tand a tab", 2000, "two\nlines\tand a tab"),
    ("zero \x00 byte", 2000, "zero \ufffd byte"),
    ("half \ud800 letter", 2000, "half \ufffd letter"),
    ("\x1b[31mred", 2000, "\ufffd[31mred"),
    ("温度计", 2, "温度"),
    ("", 5, ""),
    ("abc", 0, ""),
    ("\r\n", 5, "\ufffd\n"),
]


@pytest.mark.parametrize(("given_text", "limit", "kept"), STORED)
def test_what_is_kept_of_a_message(given_text: str, limit: int, kept: str) -> None:
    assert storable(given_text, limit) == kept


@given(st.text(st.characters(), max_size=60), st.integers(0, 60))
def test_whatever_is_kept_can_be_encoded_is_no_longer_than_allowed_and_stays_when_kept_again(text, limit):
    kept = storable(text, limit)
    kept.encode()
    assert len(kept) == min(limit, len(text))
    assert storable(kept, limit) == kept
    assert "\x00" not in kept


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=60))
def test_ordinary_text_is_kept_letter_by_letter(text):
    assert is_one_line(text)
    assert storable(text, 60) == text


@given(st.characters())
def test_a_letter_is_refused_exactly_by_its_category(letter):
    assert is_one_line(letter) is (unicodedata.category(letter) not in {"Cc", "Cs", "Zl", "Zp"})
