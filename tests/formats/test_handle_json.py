"""Handle JSON: what the HTTP interface of the Handle System reads and writes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.handle.json_faults import BadHandleJson, expectations
from jialiang.formats.handle.json_values import (
    HIGHEST_INDEX,
    LAST_MOMENT,
    answer_body,
    compact,
    moment_text,
    parsed_record,
    parsed_value,
    parsed_values,
    published_record,
    read_values,
    record_json,
    refusal_json,
    value_json,
)
from jialiang.formats.handle.values import (
    ADMIN_READ,
    ADMIN_WRITE,
    USUAL_PERMISSIONS,
    USUAL_TTL,
    HandleRecord,
    HandleReference,
    HandleValue,
    ResponseCode,
)
from jialiang.formats.json_documents.errors import MemberRepeated, NotJson

WRITTEN = 1781582850  # 2026-06-16T04:07:30Z
URL = HandleValue(1, "URL", b"https://a.example", timestamp=WRITTEN)
SECRET = HandleValue(300, "HS_SECKEY", b"secret", permissions=ADMIN_READ | ADMIN_WRITE, timestamp=WRITTEN)
RECORD = HandleRecord("88.101.5/Ins-7", (SECRET, URL))

URL_JSON = {
    "index": 1,
    "type": "URL",
    "data": {"format": "string", "value": "https://a.example"},
    "ttl": 86400,
    "timestamp": "2026-06-16T04:07:30Z",
}

HANDLES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=20)
VALUES = st.builds(
    HandleValue,
    index=st.integers(1, HIGHEST_INDEX),
    type=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20).filter(
        lambda kind: not kind.upper().startswith("HS_")
    ),
    data=st.binary(max_size=80) | st.text(max_size=40).map(str.encode),
    ttl=st.integers(0, HIGHEST_INDEX),
    ttl_absolute=st.booleans(),
    timestamp=st.integers(0, LAST_MOMENT),
    permissions=st.integers(0, 15),
    references=st.lists(st.builds(HandleReference, st.integers(0, HIGHEST_INDEX), HANDLES), max_size=3).map(
        tuple
    ),
)
RECORDS = st.builds(
    HandleRecord,
    HANDLES,
    st.lists(VALUES, max_size=5, unique_by=lambda value: value.index).map(
        lambda values: tuple(sorted(values, key=lambda value: value.index))
    ),
)


def test_a_value_is_written_with_the_members_that_clients_know() -> None:
    assert value_json(URL) == URL_JSON


def test_permissions_stand_only_where_they_are_not_the_usual_ones() -> None:
    assert "permissions" not in value_json(URL)
    assert value_json(SECRET)["permissions"] == "1100"


def test_values_are_given_by_index_and_the_name_as_it_was_written() -> None:
    written = record_json(RECORD)
    assert (written["responseCode"], written["handle"]) == (1, "88.101.5/Ins-7")
    assert [value["index"] for value in written["values"]] == [1, 300]


def test_the_published_body_has_the_public_values_alone_and_no_blank() -> None:
    body = answer_body(RECORD)
    assert b"secret" not in body
    assert body.startswith(b'{"responseCode":1,"handle":"88.101.5/Ins-7","values":[{"index":1,')


def test_chinese_is_written_as_it_is() -> None:
    body = compact({"type": "名称"})
    assert body == '{"type":"名称"}'.encode()


def test_a_refusal_tells_code_name_and_message() -> None:
    assert refusal_json(ResponseCode.HANDLE_NOT_FOUND, "1/x") == {"responseCode": 100, "handle": "1/x"}
    assert refusal_json(ResponseCode.ERROR, "1/x", "broken")["message"] == "broken"


@given(RECORDS)
def test_what_is_written_is_read_back_as_it_was(record: HandleRecord) -> None:
    assert parsed_record(json.loads(compact(record_json(record)))) == record


@given(RECORDS)
def test_the_public_part_survives_publication(record: HandleRecord) -> None:
    assert published_record(answer_body(record)) == record.public()


@given(st.binary(max_size=60))
def test_any_bytes_survive_even_those_that_no_text_can_hold(data: bytes) -> None:
    value = HandleValue(1, "DATA", data)
    assert parsed_value(value_json(value)).data == data


@pytest.mark.parametrize(
    ("data", "form"),
    [(b"plain", "string"), ("量具".encode(), "string"), (b"a\tb\r\n", "string"), (b"", "string"),
     (b"\x00\x01", "base64"), (b"\xff\xfe", "base64"), (b"a\x1b", "base64")],
)  # fmt: skip
def test_data_are_a_text_where_they_read_as_one(data: bytes, form: str) -> None:
    assert value_json(HandleValue(1, "X", data))["data"]["format"] == form


@pytest.mark.parametrize(
    ("written", "data"),
    [
        ("https://a.example", b"https://a.example"),
        ({"value": "no format means text"}, b"no format means text"),
        ({"format": "string", "value": ""}, b""),
        ({"format": "base64", "value": "AAECAw=="}, bytes([0, 1, 2, 3])),
        ({"format": "base64", "value": "AAEC\nAw=="}, bytes([0, 1, 2, 3])),
        ({"format": "hex", "value": "00fF10"}, bytes([0, 255, 16])),
    ],
)
def test_data_are_read_in_each_form(written: object, data: bytes) -> None:
    assert parsed_value({"index": 1, "type": "X", "data": written}).data == data


@pytest.mark.parametrize(
    "body",
    [
        [URL_JSON],
        {"values": [URL_JSON]},
        URL_JSON,
        {"handle": "1/x", "responseCode": 1, "values": [URL_JSON]},
    ],
)
def test_a_request_is_an_array_or_has_values_or_is_one_value(body: object) -> None:
    assert parsed_values(body) == (URL,)


def test_the_body_of_a_request_is_read_with_the_same_result() -> None:
    assert read_values(json.dumps([URL_JSON]).encode()) == (URL,)


def test_no_values_are_a_request_too() -> None:
    assert parsed_values([]) == () == parsed_values({"values": []})


def test_what_is_left_out_takes_the_usual_value() -> None:
    value = parsed_value({"index": 7, "type": "EMAIL", "data": "a@b.example"})
    assert (value.ttl, value.ttl_absolute, value.timestamp) == (USUAL_TTL, False, 0)
    assert (value.permissions, value.references) == (USUAL_PERMISSIONS, ())


def test_an_index_may_be_written_with_its_digits() -> None:
    assert parsed_value({"index": "12", "type": "X", "data": ""}).index == 12


def test_a_ttl_may_be_a_moment() -> None:
    value = parsed_value({**URL_JSON, "ttl": "2027-01-01T00:00:00Z"})
    assert (value.ttl, value.ttl_absolute) == (1798761600, True)
    assert value_json(value)["ttl"] == "2027-01-01T00:00:00Z"


def test_a_moment_with_milliseconds_is_read_and_written_without() -> None:
    value = parsed_value({**URL_JSON, "timestamp": "2026-06-16T04:07:30.999Z"})
    assert value.timestamp == WRITTEN
    assert moment_text(value.timestamp) == "2026-06-16T04:07:30Z"


def test_references_are_kept() -> None:
    value = parsed_value({**URL_JSON, "references": [{"handle": "88.101.5/sig", "index": 400}]})
    assert value.references == (HandleReference(400, "88.101.5/sig"),)
    assert value_json(value)["references"] == [{"handle": "88.101.5/sig", "index": 400}]


def test_unknown_members_are_passed_over() -> None:
    assert parsed_value({**URL_JSON, "comment": "of another server"}) == URL


@pytest.mark.parametrize(
    ("given", "place", "kind"),
    [
        ("text", "/", "object"),
        (None, "/", "object"),
        ({"values": {}}, "/values", "array"),
        ([URL_JSON, 7], "/1", "object"),
        ([{**URL_JSON, "index": 0}], "/0/index", "number"),
        ([{**URL_JSON, "index": True}], "/0/index", "number"),
        ([{**URL_JSON, "index": 2**31}], "/0/index", "number"),
        ([{**URL_JSON, "index": "one"}], "/0/index", "number"),
        ([URL_JSON, URL_JSON], "/1/index", "repeated"),
        ({"values": [{**URL_JSON, "type": ""}]}, "/values/0/type", "type"),
        ({**URL_JSON, "type": "X" * 129}, "/type", "type"),
        ({**URL_JSON, "type": "A\nB"}, "/type", "type"),
        ({**URL_JSON, "type": None}, "/type", "type"),
        ({**URL_JSON, "ttl": -1}, "/ttl", "number"),
        ({**URL_JSON, "ttl": "tomorrow"}, "/ttl", "moment"),
        ({**URL_JSON, "timestamp": 5}, "/timestamp", "moment"),
        ({**URL_JSON, "timestamp": "2107-01-01T00:00:00Z"}, "/timestamp", "moment"),
        ({**URL_JSON, "permissions": "111"}, "/permissions", "permissions"),
        ({**URL_JSON, "permissions": "1112"}, "/permissions", "permissions"),
        ({**URL_JSON, "references": {}}, "/references", "array"),
        ({**URL_JSON, "references": ["1/x"]}, "/references/0", "object"),
        ({**URL_JSON, "references": [{"index": 1}]}, "/references/0/handle", "text"),
        ({**URL_JSON, "references": [{"handle": "1/x", "index": -1}]}, "/references/0/index", "number"),
    ],
)
def test_a_fault_is_told_with_its_place_and_what_was_expected(given: object, place: str, kind: str) -> None:
    with pytest.raises(BadHandleJson) as caught:
        parsed_values(given)
    expected = expectations()[kind]
    assert caught.value.facts["place"] == place
    assert str(caught.value.facts["expected"].en).split("{")[0][:12] == expected.en.split("{")[0][:12]
    assert place in caught.value.what.zh


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"data": None}, "/data"),
        ({"data": 5}, "/data"),
        ({"data": {"format": "string"}}, "/data"),
        ({"data": {"format": "yaml", "value": ""}}, "/data/format"),
        ({"data": {"format": ["string"], "value": ""}}, "/data/format"),
        ({"data": {"format": "string", "value": 5}}, "/data/value"),
        ({"data": {"format": "base64", "value": "A"}}, "/data/value"),
        ({"data": {"format": "base64", "value": "量"}}, "/data/value"),
        ({"data": {"format": "hex", "value": "0"}}, "/data/value"),
        ({"data": {"format": "admin", "value": {"handle": "1/x", "index": 1, "permissions": "2"}}},
         "/data/value/permissions"),
        ({"data": {"format": "vlist", "value": [{"handle": "1/x", "index": 1}, {"index": 1}]}},
         "/data/value/1/handle"),
        ({"type": "HS_ADMIN", "data": "no structure"}, "/data"),
    ],
)  # fmt: skip
def test_a_fault_of_the_data_is_told_with_its_place_as_well(changed: dict[str, object], place: str) -> None:
    with pytest.raises(BadHandleJson) as caught:
        parsed_values([{**URL_JSON, **changed}])
    assert caught.value.facts["place"] == f"/0{place}"
    assert caught.value.what.zh != caught.value.what.en


def test_the_structures_have_forms_of_their_own() -> None:
    admin = {"handle": "0.NA/88.101.5", "index": 200, "permissions": "011111110011"}
    value = parsed_value({"index": 100, "type": "HS_ADMIN", "data": {"format": "admin", "value": admin}})
    assert value_json(value)["data"] == {"format": "admin", "value": admin}
    assert value.data[:2] == bytes([0b0111, 0b11110011])


def test_what_was_given_is_shortened_in_the_message() -> None:
    with pytest.raises(BadHandleJson) as caught:
        parsed_values([{**URL_JSON, "permissions": "1" * 5000}])
    assert len(caught.value.what.en) < 300


def test_a_record_needs_a_name_and_values() -> None:
    assert parsed_record({"values": [URL_JSON]}, "1/x") == HandleRecord("1/x", (URL,))
    for broken in ([], {"values": [URL_JSON]}, {"handle": "1/x"}, {"handle": 5, "values": []}):
        with pytest.raises(BadHandleJson):
            parsed_record(broken)


def test_a_published_refusal_is_no_record() -> None:
    with pytest.raises(BadHandleJson):
        published_record(compact(refusal_json(ResponseCode.HANDLE_NOT_FOUND, "1/x")))


def test_a_body_that_is_no_json_is_refused_before() -> None:
    with pytest.raises(NotJson):
        read_values(b"[{")
    with pytest.raises(MemberRepeated):
        read_values(b'{"index":1,"index":2}')


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["index", "type", "data", "values", "ttl", "format", "value", "handle"]), inner),
    max_leaves=12,
))  # fmt: skip
def test_whatever_comes_is_read_or_refused_in_words(anything: object) -> None:
    try:
        values = parsed_values(anything)
    except BadHandleJson as problem:
        assert str(problem.facts["place"]).startswith("/")
    else:
        assert all(isinstance(value, HandleValue) for value in values)
