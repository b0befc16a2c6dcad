"""Keys of published answers: the same for whoever writes and whoever asks, and telling nothing."""

import re
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.public_keys import (
    CHECKED_AT_MARKER,
    FORMS,
    after_key,
    key_by_identifier,
    key_by_number,
    unknown_key,
)
from jialiang.kernel.ids import grouped_code, new_check_code


def test_the_key_of_a_number_is_the_digest_of_number_bar_code() -> None:
    digest = sha256("JL校字第2026-000123号|K7QM3XRD9FWTP".encode()).hexdigest()
    assert key_by_number("JL校字第2026-000123号", "K7QM3XRD9FWTP", "zh") == f"a:{digest}:zh"


def test_the_key_of_an_identifier_is_the_digest_of_identifier_bar_code() -> None:
    digest = sha256(b"88.999.1/CAL.2026.7F3K|K7QM3XRD9FWTP").hexdigest()
    assert key_by_identifier("88.999.1/cal.2026.7f3k", "K7QM3XRD9FWTP", "json") == f"i:{digest}:json"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("jl2026-000123", "K7QM-3XRD-9FWT-P"),
        (" JL2026-000123 ", "k7qm3xrd9fwtp"),
        ("ＪＬ２０２６－０００１２３", "Ｋ７ＱＭ ３ＸＲＤ ９ＦＷＴ Ｐ"),
        ("JL 2026-000123", " k7qm 3xrd 9fwt p "),
    ],
)
def test_however_it_is_typed_the_key_is_the_same(number: str, code: str) -> None:
    assert key_by_number(number, code, "en") == key_by_number("JL2026-000123", "K7QM3XRD9FWTP", "en")


def test_a_bar_in_the_number_cannot_be_shifted_into_the_code() -> None:
    assert key_by_number("A|1", "2", "zh") != key_by_number("A", "12", "zh")
    assert key_by_number("A|1", "2", "zh") != key_by_number("A", "1|2", "zh")


def test_a_number_is_no_identifier() -> None:
    assert key_by_number("88.999.1/X", "A", "zh") != key_by_identifier("88.999.1/X", "A", "zh")


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_text_at_all_has_a_key_of_the_same_shape(number: str, code: str) -> None:
    for form in FORMS:
        assert re.fullmatch(rf"a:[0-9a-f]{{64}}:{form}", key_by_number(number, code, form))


@given(st.integers(min_value=1, max_value=999999))
def test_every_code_that_is_given_out_may_be_typed_grouped_and_in_small_letters(serial: int) -> None:
    code = new_check_code()
    typed = grouped_code(code).lower()
    assert key_by_number(f"JL2026-{serial:06}", typed, "json") == key_by_number(
        f"jl2026-{serial:06}", code, "json"
    )


def test_the_marker_is_as_long_as_the_moment_that_replaces_it() -> None:
    assert len(CHECKED_AT_MARKER) == len(b"2026-06-16T07:47:30Z") == 20


def test_the_marker_stands_in_html_and_json_as_it_is() -> None:
    assert not set(CHECKED_AT_MARKER) & set(b"<>&\"'\\/ ")


def test_the_other_keys_are_plain_words() -> None:
    assert [unknown_key(form) for form in FORMS] == ["unknown:json", "unknown:zh", "unknown:en"]
    assert after_key("a:00:zh") == "a:00:zh#after"
