"""Refusals of the Handle JSON interface: the pair of status and code of each, its headers, and what is not told."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.any_error import an_error

from jialiang.base.handle_identities.errors import IdentityLocked, IdentityRefused, IdentityTaken
from jialiang.base.identifiers.errors import (
    BadCode,
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
from jialiang.integration.handle_api.answers import (
    PAIRS,
    AuthenticationNeeded,
    BadRequest,
    answer,
    fault,
    pair_of,
    refusal,
    success,
)
from jialiang.integration.handle_api.asking import basic
from jialiang.kernel.errors import JialiangError, NotAllowed, NotFound, TooMany, Unavailable, Unreadable
from jialiang.security.policy import AnotherInstitute, NotOwnOrganization

TABLE: list[tuple[type[JialiangError], int, int]] = [
    (AuthenticationNeeded, 401, 402),
    (IdentityRefused, 403, 403),
    (IdentityLocked, 403, 403),
    (NotAllowed, 403, 401),
    (PrefixForbids, 403, 401),
    (NotOwnOrganization, 403, 401),
    (AnotherInstitute, 403, 401),
    (IdentifierTaken, 409, 101),
    (ValueTaken, 409, 201),
    (CodeTaken, 409, 2),
    (IdentityTaken, 409, 2),
    (IdentifierChanged, 409, 2),
    (IdentifierStateForbids, 409, 2),
    (IdentifierUnknown, 404, 100),
    (IdentifierSuspended, 404, 100),
    (IdentifierRetired, 410, 100),
    (ValueUnknown, 400, 200),
    (BadHandle, 400, 102),
    (BadRequest, 400, 2),
    (BadValue, 400, 202),
    (BadCode, 400, 202),
    (TemplateBroken, 400, 202),
    (ReasonMissing, 400, 202),
    (Unreadable, 400, 202),
    (TooMany, 429, 3),
    (Unavailable, 503, 3),
    (NotFound, 500, 2),
    (JialiangError, 500, 2),
]


def read(response: Any) -> tuple[int, dict[str, Any]]:
    return response.status_code, json.loads(response.content)


@pytest.mark.parametrize(("kind", "status", "code"), TABLE)
def test_each_error_has_its_pair(kind: type[JialiangError], status: int, code: int) -> None:
    error = an_error(kind)
    assert pair_of(error) == (status, code)
    answered, said = read(refusal(error, "88.101.5/x"))
    assert (answered, said["responseCode"], said["handle"]) == (status, code, "88.101.5/x")
    assert said.get("message", "") == f"{error.what.en} {error.way_out.en}".strip()


def test_every_kind_with_a_pair_of_its_own_is_in_the_table() -> None:
    missing = {kind.__name__ for kind in PAIRS} - {kind.__name__ for kind, _, _ in TABLE}
    assert missing <= {"InvalidInput", "Conflict"}  # seen in those below them


@pytest.mark.parametrize("kind", [kind for kind, _, _ in TABLE if kind.__module__ != JialiangError.__module__])
def test_the_words_of_the_house_stand_beside_and_the_facts_do_not(kind: type[JialiangError]) -> None:
    error = an_error(kind, reason="db.internal:5432 refused")
    _, said = read(refusal(error, "x"))
    assert set(said["error"]) == {"code", "what", "rule", "way_out"}
    assert all(set(said["error"][member]) == {"zh", "en"} for member in ("what", "rule", "way_out"))
    assert "facts" not in said["error"]


@pytest.mark.parametrize(("kind", "status", "code"), TABLE)
def test_only_who_has_to_authenticate_is_challenged(kind: type[JialiangError], status: int, code: int) -> None:
    response = refusal(an_error(kind), "x")
    assert response.get("WWW-Authenticate") == ('Basic realm="handle"' if status == 401 else None)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Type"] == "application/json;charset=UTF-8"


@pytest.mark.parametrize(("facts", "header"), [({"seconds": 7}, "7"), ({"seconds": "12"}, "12"), ({}, None)])
def test_who_has_to_wait_is_told_how_long(facts: dict[str, object], header: str | None) -> None:
    assert refusal(TooMany(**facts), "x").get("Retry-After") == header


@pytest.mark.parametrize(("length", "told"), [(0, 0), (199, 199), (200, 200), (201, 200), (5000, 200)])
def test_a_name_is_told_back_up_to_two_hundred_letters(length: int, told: int) -> None:
    _, said = read(refusal(an_error(IdentifierUnknown), "量" * length))
    assert said.get("handle", "") == "量" * told
    assert len(read(fault("量" * length))[1].get("handle", "")) == told


def test_a_kind_below_two_takes_the_nearest() -> None:
    class Locked(TooMany, NotAllowed):
        code = "JL-XXX-001"

    class Special(IdentifierTaken):
        code = "JL-XXX-002"

    assert pair_of(Locked()) == (429, 3)
    assert pair_of(Special()) == (409, 101)


def test_a_fault_tells_nothing_of_its_inside() -> None:
    assert read(fault("x")) == (500, {"responseCode": 2, "handle": "x", "message": "Internal error"})


@pytest.mark.parametrize(("status", "more"), [(200, {}), (201, {}), (200, {"sessionId": "s"})])
def test_a_deed_that_was_done_is_a_success_with_its_name(status: int, more: dict[str, str]) -> None:
    assert read(success("88.1/x", status, **more)) == (status, {"responseCode": 1, "handle": "88.1/x", **more})


def test_ready_bytes_are_answered_as_they_are() -> None:
    assert answer(b'{"a": 1}', 410).content == b'{"a": 1}'
    assert answer({"a": "量"}).content == '{"a":"量"}'.encode()


# --- Basic ---------------------------------------------------------------------------------------------------


def written(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("300%3A88.1%2Fapp:secret", ("300:88.1/app", "secret")),
        ("300%3a88.1/app:se:cret:", ("300:88.1/app", "se:cret:")),
        ("300:88.1/app:secret", ("300", "88.1/app:secret")),  # not encoded: the colon ends the user
        ("%:x", ("%", "x")),
        ("a%2:x", ("a%2", "x")),
        ("%E9%87%8F:量", ("量", "量")),
        (":", ("", "")),
        ("x:%41", ("x", "%41")),  # the secret is taken as it is
    ],
)
def test_the_user_ends_at_the_first_colon_and_is_decoded(text: str, found: tuple[str, str]) -> None:
    assert basic(written(text)) == found
    assert basic(f"  {written(text)}\t") == found


@pytest.mark.parametrize("text", ["", "x", "=", "eD p5", written("no colon"), "/w==", "量", "eDp5\neDp5"])
def test_what_is_no_pair_in_base64_is_no_authentication(text: str) -> None:
    with pytest.raises(AuthenticationNeeded):
        basic(text)


@given(st.text(max_size=60))
def test_whatever_stands_there_is_a_pair_or_no_authentication(text: str) -> None:
    try:
        user, secret = basic(text)
    except AuthenticationNeeded:
        return
    assert isinstance(user, str)
    assert isinstance(secret, str)
