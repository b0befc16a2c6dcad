"""The envelope of the door for business systems: the status of each error, the agreed messages, tokens and bodies."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.any_error import an_error

from jialiang.base.handle_identities.errors import BadIdentity, IdentityLocked, IdentityRefused
from jialiang.base.identifier_templates.errors import TemplateUnknown
from jialiang.base.identifiers.errors import (
    BadValue,
    CodeTaken,
    IdentifierChanged,
    IdentifierRetired,
    IdentifierStateForbids,
    IdentifierSuspended,
    IdentifierTaken,
    IdentifierUnknown,
    PrefixForbids,
    TemplateBroken,
)
from jialiang.formats.handle.names import BadHandle
from jialiang.formats.handle.values import ADMIN_READ, ADMIN_WRITE, HandleValue
from jialiang.integration.snms.bodies import BadItem, given_batch, given_names, given_record, shown_value
from jialiang.integration.snms.envelope import (
    BadRequest,
    LoginRefused,
    NotLoggedIn,
    Status,
    TooManyRecords,
    answer,
    fault,
    refusal,
    saying,
    status_of,
)
from jialiang.integration.snms.sessions import daily_digest
from jialiang.kernel.errors import (
    Conflict,
    InvalidInput,
    JialiangError,
    NotAllowed,
    NotFound,
    TooMany,
    Unavailable,
)
from jialiang.kernel.text import Text
from jialiang.security.policy import NotOwnOrganization

FACTS = {"place": "handle", "rule": Text("应为文本", "a text"), "number": 2001, "limit": 2000}


def told(error: JialiangError) -> dict[str, Any]:
    return json.loads(refusal(error).content)


# --- status --------------------------------------------------------------------------------------------------

STATUSES = [
    (NotLoggedIn, -1),
    (LoginRefused, -2),
    (BadRequest, -2),
    (TooManyRecords, -2),
    (IdentifierTaken, -2),
    (IdentifierUnknown, -2),
    (IdentifierSuspended, -2),
    (IdentifierRetired, -2),
    (IdentifierChanged, -2),
    (IdentifierStateForbids, -2),
    (CodeTaken, -2),
    (BadValue, -2),
    (BadHandle, -2),
    (BadIdentity, -2),
    (TemplateBroken, -2),
    (TemplateUnknown, -2),
    (NotFound, -2),
    (Conflict, -2),
    (InvalidInput, -2),
    (TooMany, -2),
    (PrefixForbids, -3),
    (NotOwnOrganization, -3),
    (NotAllowed, -3),
    (IdentityRefused, -3),
    (IdentityLocked, -3),
    (Unavailable, -4),
    (JialiangError, -4),
]


@pytest.mark.parametrize(("kind", "status"), STATUSES)
def test_each_kind_of_error_has_its_status(kind: type[JialiangError], status: int) -> None:
    assert status_of(an_error(kind, **FACTS)) == status
    envelope = told(an_error(kind, **FACTS))
    assert (envelope["status"], envelope["data"]) == (status, None)


def test_the_numbers_are_those_of_the_guide() -> None:
    assert [(each.name, int(each)) for each in Status] == [
        ("SUCCESS", 1), ("NOT_LOGGED_IN", -1), ("FAILED", -2), ("FORBIDDEN", -3), ("INTERNAL", -4),
    ]  # fmt: skip


# --- messages ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (an_error(IdentifierTaken), "标识已存在"),
        (an_error(IdentifierUnknown), "没有找到标识"),
    ],
)
def test_messages_that_clients_compare_are_said_to_the_letter(error: JialiangError, message: str) -> None:
    assert saying(error) == message == told(error)["message"]


def test_a_kind_below_an_agreed_one_says_the_same() -> None:
    class Doubly(IdentifierTaken):
        code = "JL-XXX-001"

    assert saying(Doubly(identifier="x")) == "标识已存在"


@pytest.mark.parametrize("kind", [NotLoggedIn, LoginRefused, BadRequest, TooManyRecords])
def test_every_other_message_is_what_and_the_way_out_in_chinese(kind: type[JialiangError]) -> None:
    error = an_error(kind, **FACTS)
    assert saying(error) == f"{error.what.zh}{error.way_out.zh}"
    assert error.what.en and error.rule.zh and error.rule.en and error.way_out.en
    assert "{" not in saying(error)


def test_a_place_and_its_rule_stand_in_the_message() -> None:
    assert told(BadRequest(**FACTS))["message"].startswith("请求参数 handle 有误：应为文本。")
    assert "2001 条" in told(TooManyRecords(**FACTS))["message"]


# --- the envelope --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [True, None, "", 0, [], {"token": "x"}])
def test_an_answer_has_three_members_always(data: object) -> None:
    assert json.loads(answer(data).content) == {"message": "success", "status": 1, "data": data}


def test_every_answer_is_http_200_and_is_not_kept() -> None:
    for response in (answer(1), refusal(NotLoggedIn()), refusal(Unavailable()), fault()):
        assert response.status_code == 200
        assert response["Content-Type"] == "application/json"
        assert response["Cache-Control"] == "no-store"


def test_a_fault_tells_nothing_of_its_inside() -> None:
    assert json.loads(fault().content) == {"message": "系统内部错误", "status": -4, "data": None}
    assert "标识".encode() in answer("标识").content


# --- the digest of the day -----------------------------------------------------------------------------------


def test_the_digest_is_taken_twice_with_the_day_behind_the_first_in_hexadecimal() -> None:
    inner = sha256(b"secret").hexdigest()
    assert daily_digest(b"secret", "2019-08-15") == sha256(f"{inner}2019-08-15".encode()).hexdigest()
    assert daily_digest(b"secret", "2019-08-15") != daily_digest(b"secret", "2019-08-16")
    assert daily_digest(b"secret", "2019-08-15") != daily_digest(b"Secret", "2019-08-15")


@given(st.binary(max_size=40), st.dates(min_value=datetime(2000, 1, 1, tzinfo=UTC).date()))
def test_two_days_never_have_one_digest(secret: bytes, day: Any) -> None:
    try:
        following = day + timedelta(days=1)
    except OverflowError:
        return
    digest = daily_digest(secret, day.isoformat())
    assert len(digest) == 64
    assert digest == digest.lower()
    assert digest != daily_digest(secret, following.isoformat())


# --- bodies --------------------------------------------------------------------------------------------------


def value(index: object = 2000, **more: Any) -> dict[str, Any]:
    return {"index": index, "type": "t", "data": {"format": "string", "value": "v"}, **more}


def a_record(*values: object, **more: Any) -> dict[str, Any]:
    return {"handle": "88.1/x", "templateVersion": "1.0", "value": list(values) or [value()], **more}


@pytest.mark.parametrize(
    ("index", "good"),
    [
        (1, True), (1000, True), (1001, False), (1002, True), (2_147_483_647, True), (2_147_483_648, False),
        (0, False), (-1, False), (True, False), ("2000", False), (2000.0, False), (None, False),
    ],
)  # fmt: skip
def test_an_index_is_a_whole_number_other_than_that_of_the_template(index: object, good: bool) -> None:
    if good:
        assert given_record(a_record(value(index))).values[0].index == index
    else:
        with pytest.raises(BadRequest) as refused:
            given_record(a_record(value(index)))
        assert refused.value.facts["place"] == "value[0].index"


@pytest.mark.parametrize(
    ("at", "values"),
    [(1, [value(), value()]), (2, [value(1), value(2), value(1)]), (3, [value(i) for i in (5, 6, 7, 6)])],
)
def test_the_second_of_two_values_with_one_index_is_named(at: int, values: list[dict[str, Any]]) -> None:
    with pytest.raises(BadRequest) as refused:
        given_record(a_record(*values))
    assert refused.value.facts["place"] == f"value[{at}].index"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (None, "value[0].data"),
        ("v", "value[0].data"),
        ({}, "value[0].data.value"),
        ({"value": ""}, "value[0].data.value"),
        ({"value": "x" * 256}, "value[0].data.value"),
        ({"value": 5}, "value[0].data.value"),
        ({"format": "base64", "value": "v"}, "value[0].data.format"),
        ({"format": None, "value": "v"}, "value[0].data.format"),
    ],
)
def test_the_data_of_a_value_are_a_text_of_at_most_255_letters(data: object, place: str) -> None:
    with pytest.raises(BadRequest) as refused:
        given_record(a_record(value(data=data)))
    assert refused.value.facts["place"] == place


@pytest.mark.parametrize("text", ["v", "x" * 255, "量" * 255, " ", "a\nb"])
def test_what_fits_is_kept_in_utf_8(text: str) -> None:
    (read,) = given_record(a_record(value(data={"value": text}))).values
    assert (read.data, read.type, read.index) == (text.encode(), "t", 2000)
    assert read.is_public


def test_a_batch_tells_each_bad_item_with_the_name_it_gives() -> None:
    given_items = given_batch([a_record(), a_record(handle=""), a_record(handle=7), "text", None, a_record(value(0))])
    assert [type(each).__name__ for each in given_items] == ["GivenRecord", *["BadItem"] * 5]
    names = [each.handle for each in given_items]
    assert names == ["88.1/x", "", "", "text", "", "88.1/x"]


def test_names_of_a_batch_are_judged_one_by_one() -> None:
    read = given_names(["88.1/a", "", 5, "x" * 255, "x" * 256])
    assert [each if isinstance(each, str) else each.handle for each in read] == [
        "88.1/a", "", "", "x" * 255, "x" * 256,
    ]  # fmt: skip
    assert [isinstance(each, BadItem) for each in read] == [False, True, True, False, True]


@pytest.mark.parametrize(
    ("permissions", "data", "auth", "text"),
    [
        (14, "量程".encode(), "1", "量程"),
        (ADMIN_READ | ADMIN_WRITE, b"v", "0", "v"),
        (2, b"\xff", "1", "ff"),
        (0, b"", "0", ""),
    ],
)
def test_a_value_is_shown_with_who_may_read_it(permissions: int, data: bytes, auth: str, text: str) -> None:
    assert shown_value(HandleValue(7, "t", data, permissions=permissions)) == {
        "auth": auth,
        "index": 7,
        "type": "t",
        "data": {"format": "string", "value": text},
    }


@given(st.text(min_size=1, max_size=255), st.integers(1, 2**31 - 1).filter(lambda index: index != 1001))
def test_what_is_sent_is_shown_as_it_was(text: str, index: int) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    (read,) = given_record(a_record(value(index, data={"format": "string", "value": text}))).values
    assert shown_value(read) == {**value(index, data={"format": "string", "value": text}), "auth": "1"}
