"""Bodies of the door for business systems: the documented examples are read, each fault is told at its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.handle.values import PUBLIC_READ, HandleValue
from jialiang.integration.snms.bodies import (
    MOST_RECORDS,
    BadItem,
    GivenRecord,
    given_batch,
    given_names,
    given_record,
    shown_value,
    text_member,
)
from jialiang.integration.snms.envelope import BadRequest, TooManyRecords

MEMBERS = st.sampled_from(["handle", "templateVersion", "value", "index", "data", "type", "handles"])
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=4),
    max_leaves=12,
)


def a_value(index: int = 2000, kind: str = "URL", text: str = "www.001.example") -> dict[str, Any]:
    return {"data": {"format": "string", "value": text}, "auth": "", "index": index, "type": kind}


def a_record(handle: str = "88.101.0042/001", *values: dict[str, Any]) -> dict[str, Any]:
    return {"handle": handle, "templateVersion": "1.0.0", "value": list(values) or [a_value()]}


def changed(body: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """Return a copy with the member at ``a.0.b`` set, or taken out where ``value`` is Ellipsis."""
    copy: Any = json.loads(json.dumps(body))
    place = copy
    *way, last = path.split(".")
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    end = int(last) if last.isdigit() else last
    if value is ...:
        del place[end]
    else:
        place[end] = value
    return copy


def test_a_record_is_read_with_its_values() -> None:
    body = a_record("88.1021.150/xx002", a_value(2000, "name", "小型机械01"), a_value(2001, "URL2", "www.002.example"))
    assert given_record(body) == GivenRecord(
        "88.1021.150/xx002",
        "1.0.0",
        (
            HandleValue(2000, "name", "小型机械01".encode()),
            HandleValue(2001, "URL2", b"www.002.example"),
        ),
    )


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("handle", ..., "handle"),
        ("handle", "", "handle"),
        ("handle", 7, "handle"),
        ("handle", "88.1/" + "x" * 251, "handle"),
        ("templateVersion", ..., "templateVersion"),
        ("templateVersion", "v" * 129, "templateVersion"),
        ("value", ..., "value"),
        ("value", [], "value"),
        ("value", {}, "value"),
        ("value.0", "text", "value[0]"),
        ("value.0.index", ..., "value[0].index"),
        ("value.0.index", "2000", "value[0].index"),
        ("value.0.index", True, "value[0].index"),
        ("value.0.index", 0, "value[0].index"),
        ("value.0.index", 2**31, "value[0].index"),
        ("value.0.index", 1001, "value[0].index"),
        ("value.0.type", ..., "value[0].type"),
        ("value.0.type", "t" * 129, "value[0].type"),
        ("value.0.data", ..., "value[0].data"),
        ("value.0.data.format", "base64", "value[0].data.format"),
        ("value.0.data.value", ..., "value[0].data.value"),
        ("value.0.data.value", "", "value[0].data.value"),
        ("value.0.data.value", "x" * 256, "value[0].data.value"),
        ("value.0.data.value", 5, "value[0].data.value"),
    ],
)
def test_each_fault_is_told_at_its_place(path: str, value: object, place: str) -> None:
    with pytest.raises(BadRequest) as caught:
        given_record(changed(a_record(), path, value))
    assert caught.value.facts["place"] == place
    rule = caught.value.facts["rule"]
    assert rule.zh in caught.value.what.zh
    assert rule.en in caught.value.what.en


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("handle", "88.1/" + "x" * 250),
        ("templateVersion", "v" * 128),
        ("value.0.index", 2**31 - 1),
        ("value.0.index", 1),
        ("value.0.type", "t" * 128),
        ("value.0.data.value", "量" * 255),
        ("value.0.data.format", "string"),
        ("value.0.auth", ...),
    ],
)
def test_what_reaches_its_limit_is_read(path: str, value: object) -> None:
    assert given_record(changed(a_record(), path, value)).values


def test_an_index_stands_once_in_a_record() -> None:
    with pytest.raises(BadRequest) as caught:
        given_record(a_record("88.1/x", a_value(2000), a_value(2001), a_value(2000)))
    assert caught.value.facts["place"] == "value[2].index"


def test_a_record_that_breaks_a_rule_does_not_hold_up_the_others_of_its_batch() -> None:
    good, bad, worse = given_batch([a_record("88.1/a"), changed(a_record("88.1/b"), "value.0.type", ...), 7])
    assert isinstance(good, GivenRecord)
    assert isinstance(bad, BadItem)
    assert (bad.handle, bad.error.facts["place"]) == ("88.1/b", "value[0].type")
    assert isinstance(worse, BadItem)
    assert worse.handle == ""


def test_a_batch_holds_two_thousand_and_not_one_more() -> None:
    batch = [a_record(f"88.1/{i}") for i in range(MOST_RECORDS)]
    assert [record.handle for record in given_batch(batch)][-1] == "88.1/1999"
    with pytest.raises(TooManyRecords) as caught:
        given_batch([*batch, a_record("88.1/one-more")])
    assert "2000" in caught.value.rule.zh
    with pytest.raises(TooManyRecords):
        given_names([f"88.1/{i}" for i in range(MOST_RECORDS + 1)])


@pytest.mark.parametrize("body", [[], {}, None, "text", 5, {"handles": []}])
def test_a_batch_is_an_array_that_is_not_empty(body: object) -> None:
    for read in (given_batch, given_names):
        with pytest.raises(BadRequest):
            read(body)


def test_names_come_as_an_array_or_under_their_member() -> None:
    names = ["86.709.612/cc", "86.709.612/cc1"]
    assert given_names(names) == given_names({"handles": names}) == names
    first, second = given_names(["86.709.612/cc", 7])
    assert first == "86.709.612/cc"
    assert isinstance(second, BadItem)


def test_a_value_is_shown_as_it_was_sent() -> None:
    sent = a_value(2000, "name", "小型机械01")
    (value,) = given_record(a_record("88.1/x", sent)).values
    assert shown_value(value) == {**sent, "auth": "1"}


def test_what_is_not_public_and_what_is_no_text_is_shown_as_such() -> None:
    hidden = HandleValue(300, "HS_ADMIN", b"\x07\xf3\xff", permissions=0b1110 & ~PUBLIC_READ)
    assert shown_value(hidden) == {
        "auth": "0",
        "index": 300,
        "type": "HS_ADMIN",
        "data": {"format": "string", "value": "07f3ff"},
    }


@given(anything)
def test_whatever_is_sent_is_a_record_or_a_refusal(body: object) -> None:
    for read in (given_record, given_batch, given_names):
        try:
            read(body)
        except (BadRequest, TooManyRecords) as refused:
            assert refused.what.zh
            assert refused.what.en


def test_a_missing_member_is_told_apart_from_a_wrong_one() -> None:
    with pytest.raises(BadRequest) as caught:
        text_member({}, "username", 50)
    assert "缺少" in caught.value.what.zh
    with pytest.raises(BadRequest) as caught:
        text_member({"username": "x" * 51}, "username", 50)
    assert "50" in caught.value.what.zh
