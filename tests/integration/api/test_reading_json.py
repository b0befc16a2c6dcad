"""Laws of the strict reader of bodies: what it lets in is what json.dumps wrote, and nothing that loses a digit."""

import json
from typing import Any

import pytest
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.integration.api.problems import BodyUnreadable
from jialiang.integration.api.reading_json import DEEPEST, StrictJson

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
SOME = settings(max_examples=40)


def read(body: str | bytes) -> Any:
    return StrictJson().parse_body(RequestFactory().post("/", body, content_type="application/json"))


@SOME
@given(VALUES, st.booleans())
def test_whatever_has_no_fraction_is_read_back_as_it_was_written(value: Any, ascii_only: bool) -> None:
    assert read(json.dumps(value, ensure_ascii=ascii_only)) == value


@SOME
@given(st.floats(allow_nan=True, allow_infinity=True), WORDS)
def test_no_number_with_a_fraction_gets_in_however_deep(value: float, name: str) -> None:
    with pytest.raises(BodyUnreadable):
        read(json.dumps({name: [value]}))


@SOME
@given(WORDS, VALUES, VALUES)
def test_a_name_occurs_once_in_an_object_even_with_equal_values(name: str, first: Any, second: Any) -> None:
    word = json.dumps(name)
    with pytest.raises(BodyUnreadable, match="JL-API-002"):
        read(f'[{{{word}: {json.dumps(first)}, "other": 1, {word}: {json.dumps(second)}}}]')


def test_the_same_name_in_two_objects_is_no_repetition() -> None:
    assert read('{"a": {"a": 1}, "b": {"a": 2}}') == {"a": {"a": 1}, "b": {"a": 2}}


@pytest.mark.parametrize("nested", ["[{}]", '{{"a": {}}}'])
def test_the_last_level_is_read_and_the_next_one_is_not(nested: str) -> None:
    def levels(count: int) -> str:
        body = "1"
        for _ in range(count):
            body = nested.format(body)
        return body

    assert read(levels(DEEPEST))
    with pytest.raises(BodyUnreadable) as refused:
        read(levels(DEEPEST + 1))
    assert refused.value.facts["reason"] == "deeper than 32 levels"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'"\xff"', "utf-8"),
        ("\ufeff{}".encode(), "BOM"),
        ("", "Expecting value"),
        ("{} {}", "Extra data"),
        ("{'a': 1}", "double quotes"),
        ("[1,]", ""),
        ("1" * 5000, "digit"),
        ("1e2", "fraction"),
        ("-Infinity", "-Infinity is no number"),
        ('{"\\u0000": 1}', "U+0000"),
        ('{"a": ["x\\u0000"]}', "U+0000"),
        ('{"\\udfff": 1}', "surrogates"),
        ("[" * 100_000, ""),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(body: str | bytes, why: str) -> None:
    with pytest.raises(BodyUnreadable) as refused:
        read(body)
    assert why in refused.value.facts["reason"]
    assert len(refused.value.facts["reason"]) <= 200
    assert refused.value.http_status == 400


def test_a_pair_of_surrogates_is_one_letter() -> None:
    assert read('"\\ud83d\\ude00"') == "\U0001f600"
