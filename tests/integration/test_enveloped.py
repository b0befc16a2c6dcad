"""Doors with an envelope of their own: what both share, and what each says in its own words."""

from __future__ import annotations

import json
import logging
from types import ModuleType

import pytest
from django.http import HttpResponse, JsonResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from jialiang.integration.enveloped import Envelope, bearer_token
from jialiang.integration.idhub import door as idhub
from jialiang.integration.idhub import envelope as idhub_envelope
from jialiang.integration.snms import door as snms
from jialiang.integration.snms import envelope as snms_envelope
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text

ASKING = RequestFactory()
DOORS = pytest.mark.parametrize("door", [snms, idhub], ids=["snms", "idhub"])
WORDS = {"snms": snms_envelope, "idhub": idhub_envelope}


def words_of(door: ModuleType) -> ModuleType:
    return WORDS[door.__name__.split(".")[-2]]


def posted(body: bytes, **headers: str):
    return ASKING.post("/somewhere", body, content_type="application/json", headers=headers)


TOKENS = [
    ({}, None),
    ({"Authorization": ""}, None),
    ({"Authorization": "abc"}, None),
    ({"Authorization": "Basic abc"}, None),
    ({"Authorization": "Bearerabc"}, None),
    ({"Authorization": "Bearer"}, ""),
    ({"Authorization": "Bearer "}, ""),
    ({"Authorization": "Bearer abc"}, "abc"),
    ({"Authorization": "bearer abc"}, "abc"),
    ({"Authorization": "BEARER   abc "}, "abc"),
    ({"Authorization": "Bearer a b"}, "a b"),
]


@pytest.mark.parametrize(("headers", "token"), TOKENS)
def test_a_token_is_what_stands_behind_the_word_bearer(headers, token):
    assert bearer_token(ASKING.get("/", headers=headers)) == token


@DOORS
@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"", None),
        (b"null", None),
        (b"{}", {}),
        (b"[1, 2]", [1, 2]),
        ('{"名": "称"}'.encode(), {"名": "称"}),
        (b' "x" ', "x"),
    ],
)
def test_a_body_is_read_as_json(door, body, value):
    assert door.ENVELOPE.body(posted(body)) == value


BROKEN = [b"{", b"{'a': 1}", b"\xff\xfe", b"[1,]", b"nul", b'{"a": "\\u0000"}', b'"\\ud800"', b"[" * 100_000]


@DOORS
@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_json_that_can_be_kept_is_the_doors_bad_request(door, body):
    with pytest.raises(words_of(door).BadRequest) as refused:
        door.ENVELOPE.body(posted(body))
    assert refused.value.facts["place"] == "body"
    assert "JSON" in refused.value.facts["rule"].zh
    assert "JSON" in refused.value.facts["rule"].en


@DOORS
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text('aé汉 "\\'), st.lists, max_leaves=6
    )
)
def test_any_json_is_read_as_it_was_written(door, value):
    assert door.ENVELOPE.body(posted(json.dumps(value).encode())) == value


@DOORS
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_a_method_that_the_address_has_finds_its_view_and_another_is_told_which_there_are(door, method):
    views = {"GET": "reads", "POST": "writes"}
    request = ASKING.generic(method, "/")
    if method in views:
        assert door.ENVELOPE.view_of(views, request) == views[method]
        return
    with pytest.raises(words_of(door).BadRequest) as refused:
        door.ENVELOPE.view_of(views, request)
    assert refused.value.facts["place"] == method
    assert refused.value.facts["rule"].zh == "此地址只接受 GET、POST"
    assert refused.value.facts["rule"].en == "only GET, POST here"


def refusing(error: Exception):
    def view(_request):
        raise error

    return view


@DOORS
def test_an_answer_goes_out_as_it_is(door):
    answered = HttpResponse(b"as it is", status=207)
    assert door.ENVELOPE.guarded(ASKING.get("/"), lambda _request: answered) is answered


@DOORS
def test_an_error_of_ours_is_told_in_the_envelope_with_status_200(door):
    error = words_of(door).BadRequest(place="body", rule=Text("规则", "rule"))
    response = door.ENVELOPE.guarded(ASKING.get("/"), refusing(error))
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    said = json.loads(response.content)
    assert said == json.loads(words_of(door).refusal(error).content)
    assert said["message"]


@DOORS
@pytest.mark.parametrize(
    "problem", [ValueError("secret path /etc"), KeyError("x"), RuntimeError("secret"), OSError("secret")]
)
def test_a_fault_of_the_program_tells_nothing_but_is_logged_with_method_and_path(door, problem, caplog):
    with caplog.at_level(logging.ERROR, logger=words_of(door).log.name):
        response = door.ENVELOPE.guarded(ASKING.post("/some/where"), refusing(problem))
    assert response.status_code == 200
    assert "secret" not in response.content.decode()
    assert json.loads(response.content)["message"] == "系统内部错误"
    (record,) = [each for each in caplog.records if each.name == words_of(door).log.name]
    assert record.getMessage() == "POST /some/where failed"
    assert record.exc_info[1] is problem


def test_the_two_doors_keep_their_own_numbers():
    """One says ``status``, the other ``code``."""
    ours, theirs = (json.loads(words.fault().content) for words in (snms_envelope, idhub_envelope))
    assert ours == {"status": -4, "message": "系统内部错误", "data": None}
    assert theirs == {"code": 500, "message": "系统内部错误"}
    assert snms.ENVELOPE.log.name != idhub.ENVELOPE.log.name


@DOORS
def test_without_a_token_nobody_is_let_in(door):
    def never(_asked):
        raise AssertionError("a stranger was let in")

    for headers in ({}, {"Authorization": "Basic x"}):
        response = door.address(post=never)(posted(b"{}", **headers))
        said = json.loads(response.content)
        assert said.get("status", said.get("code")) in (-1, 401)


def test_a_public_address_and_a_reading_stranger_are_answered_by_one_door_only():
    def seen(asked):
        return JsonResponse({"body": asked.body, "query": asked.query, "known": asked.actor is not None})

    opened = json.loads(idhub.address(public=True, post=seen)(posted(b'{"a": 1}')).content)
    assert opened == {"body": {"a": 1}, "query": {}, "known": False}
    read = json.loads(idhub.address(get=seen)(ASKING.get("/?q=1")).content)
    assert read == {"body": None, "query": {"q": "1"}, "known": False}
    refused = json.loads(snms.address(get=seen)(ASKING.get("/?q=1")).content)
    assert refused["status"] == -1


def test_a_stranger_is_told_so_where_a_view_needs_to_know_who_asks():
    def needing(asked):
        return JsonResponse({"who": str(asked.known_actor)})

    said = json.loads(idhub.address(get=needing)(ASKING.get("/")).content)
    assert said["code"] == 401


def test_a_door_of_its_own_words_needs_nothing_else():
    class Bad(JialiangError):
        """A refusal of this test."""

        def __init__(self, **facts: object) -> None:
            self.facts = facts

    door = Envelope(
        Bad,
        lambda error: HttpResponse(error.facts["place"]),
        lambda: HttpResponse("fault"),
        logging.getLogger("t"),
    )
    request = ASKING.put("/")
    assert door.guarded(request, lambda r: door.view_of({"GET": None}, r)).content == b"PUT"
    assert door.guarded(posted(b"{"), lambda r: HttpResponse(door.body(r))).content == b"body"
