"""The envelope of the door for programs: which code each error has, in what order kinds are asked, what is said."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.integration.any_error import an_error

from jialiang.base.handle_identities.errors import (
    BadIdentity,
    IdentityLocked,
    IdentityRefused,
    IdentityUnknown,
)
from jialiang.base.identifier_templates.errors import TemplateUnknown
from jialiang.base.identifiers.errors import (
    BadCode,
    BadFirstState,
    BadValue,
    CodeTaken,
    IdentifierChanged,
    IdentifierRetired,
    IdentifierStateForbids,
    IdentifierSuspended,
    IdentifierTaken,
    IdentifierUnknown,
    PrefixForbids,
    ReasonMissing,
    TemplateBroken,
    ValueTaken,
    ValueUnknown,
)
from jialiang.formats.handle.names import BadHandle
from jialiang.integration.idhub.envelope import (
    BadObjectName,
    BadRequest,
    Code,
    DoorError,
    ItemUnknown,
    NotAuthenticated,
    OperationUnknown,
    SignatureRefused,
    TemplateMissing,
    answer,
    code_of,
    fault,
    refusal,
)
from jialiang.kernel.errors import (
    Conflict,
    InvalidInput,
    JialiangError,
    NotAllowed,
    NotFound,
    TooMany,
    Unavailable,
    Unreadable,
)
from jialiang.security.policy import NotOwnOrganization


def told(error: JialiangError) -> dict[str, Any]:
    return json.loads(refusal(error).content)


# --- codes ---------------------------------------------------------------------------------------------------

OF_THE_DOOR = [
    (BadRequest, 101),
    (NotAuthenticated, 401),
    (SignatureRefused, 102),
    (OperationUnknown, 404),
    (BadObjectName, 40508),
    (ItemUnknown, 603),
    (TemplateMissing, 604),
]
OF_THE_HOUSE = [
    (IdentifierTaken, 105),
    (IdentifierUnknown, 104),
    (IdentifierSuspended, 104),
    (IdentifierRetired, 104),
    (PrefixForbids, 701),
    (NotOwnOrganization, 701),
    (IdentityLocked, 200),
    (IdentityRefused, 103),
    (NotAllowed, 103),
    (NotFound, 104),
    (ValueUnknown, 104),
    (TemplateUnknown, 104),
    (IdentityUnknown, 104),
    (BadValue, 106),
    (BadCode, 106),
    (BadHandle, 106),
    (BadIdentity, 106),
    (BadFirstState, 106),
    (ReasonMissing, 106),
    (TemplateBroken, 106),
    (InvalidInput, 106),
    (Unreadable, 106),
    (Conflict, 106),
    (CodeTaken, 106),
    (ValueTaken, 106),
    (IdentifierChanged, 106),
    (IdentifierStateForbids, 106),
    (TooMany, 106),
    (Unavailable, 500),
    (JialiangError, 500),
]


@pytest.mark.parametrize(("kind", "code"), OF_THE_DOOR + OF_THE_HOUSE)
def test_each_kind_of_error_has_its_code(kind: type[JialiangError], code: int) -> None:
    assert code_of(an_error(kind)) == code


def test_every_error_of_the_door_stands_in_the_table_with_words_of_its_own() -> None:
    assert set(DoorError.__subclasses__()) == {kind for kind, _ in OF_THE_DOOR}
    codes = [kind.code for kind, _ in OF_THE_DOOR]
    assert len(set(codes)) == len(codes)
    for kind, _ in OF_THE_DOOR:
        error = an_error(kind)
        for words in (error.what, error.rule, error.way_out):
            assert words.zh and words.en and words.zh != words.en
            assert "{" not in words.zh + words.en


def test_an_error_of_a_kind_below_a_named_one_has_its_code() -> None:
    class Stranger(PrefixForbids):
        code = "JL-XXX-001"

    class Later(Unavailable):
        code = "JL-XXX-002"

    assert code_of(Stranger()) == Code.NOT_OWN
    assert code_of(Later()) == Code.OTHER


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("READ", 1), ("WRITTEN", 10000), ("INVALID_REQUEST", 101), ("CLIENT_REFUSED", 102), ("NOT_AUTHORIZED", 103),
        ("NOT_FOUND", 104), ("EXISTS", 105), ("BAD_INPUT", 106), ("REFUSED", 200), ("NOT_AUTHENTICATED", 401),
        ("NOT_READABLE", 403), ("OPERATION_UNKNOWN", 404), ("OPERATION_UNSUPPORTED", 405), ("NOT_EDITABLE", 406),
        ("OTHER", 500), ("TEMPLATE_UNPUBLISHED", 600), ("ITEM_WRONG", 601), ("ITEM_UNKNOWN", 603),
        ("TEMPLATE_UNKNOWN", 604), ("TEMPLATE_NOT_MANAGED", 605), ("NOT_DELETABLE", 700), ("NOT_OWN", 701),
        ("NOT_ALLOWED", 702), ("BAD_HANDLE", 40508),
    ],
)  # fmt: skip
def test_the_numbers_are_those_of_the_guide(name: str, number: int) -> None:
    assert Code[name] == number


# --- the envelope --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [0, False, "", [], {}, "1816", {"token": "x"}])
def test_data_stand_in_the_envelope_even_where_they_are_empty(data: object) -> None:
    assert json.loads(answer(data).content) == {"code": 1, "message": "成功", "data": data}


def test_without_data_the_member_is_left_out() -> None:
    assert json.loads(answer().content) == {"code": 1, "message": "成功"}
    assert json.loads(answer(code=Code.WRITTEN).content) == {"code": 10000, "message": "成功"}


@pytest.mark.parametrize(("kind", "code"), OF_THE_DOOR)
def test_a_refusal_tells_what_and_the_way_out_in_chinese_and_no_data(kind: type[JialiangError], code: int) -> None:
    error = an_error(kind)
    assert told(error) == {"code": code, "message": f"{error.what.zh}{error.way_out.zh}"}
    assert any("一" <= letter <= "鿿" for letter in told(error)["message"])


def test_every_answer_is_http_200_is_json_and_is_not_kept() -> None:
    for response in (answer(1), refusal(BadRequest(place="x", rule="y")), refusal(Unavailable()), fault()):
        assert response.status_code == 200
        assert response["Content-Type"] == "application/json"
        assert response["Cache-Control"] == "no-store"


def test_chinese_is_written_as_it_is() -> None:
    assert "成功".encode() in answer("量程").content
    assert "量程".encode() in answer("量程").content


def test_a_fault_tells_nothing_of_its_inside() -> None:
    assert json.loads(fault().content) == {"code": 500, "message": "系统内部错误"}
