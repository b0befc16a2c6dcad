"""The query of ``GET /api/handles/…``: which values are chosen, how they are written, and what is not taken."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.handle.json_values import HIGHEST_INDEX
from jialiang.integration.resolver.handle_questions import (
    LONGEST_QUERY,
    MOST_CHOSEN,
    BadQuestion,
    HandleQuestion,
    handle_question,
)
from jialiang.integration.resolver.handle_reads import holds_tag, http_address, outcome, replied


def value(index: int, kind: str) -> dict[str, Any]:
    return {"index": index, "type": kind, "data": {"format": "string", "value": f"{kind} 值"}}


KINDS = [(1, "URL"), (2, "EMAIL"), (3, "DESC.LONG"), (4, "desc"), (5, "DESCRIPTION"), (300, "HS_PUBKEY")]
SAID = {"responseCode": 1, "handle": "88.101.5/x", "values": [value(*kind) for kind in KINDS]}
BODY = json.dumps(SAID, ensure_ascii=False, separators=(",", ":")).encode()


def indexes(query: str, body: bytes = BODY) -> list[int]:
    return [each["index"] for each in json.loads(handle_question(query).answered(body))["values"]]


# --- choosing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "chosen"),
    [
        ("", [1, 2, 3, 4, 5, 300]),
        ("index=2", [2]),
        ("index=2&index=300", [2, 300]),
        ("index=300&index=2&index=2", [2, 300]),  # in the order of the record, each once
        ("index=7", []),
        ("index=0", []),
        ("index=%32", [2]),
        (f"index={HIGHEST_INDEX}", []),
        ("type=URL", [1]),
        ("type=url", [1]),
        ("type=Email&type=uRl", [1, 2]),
        ("type=DESC", [4]),  # no more than the very type
        ("type=DESC.", [3, 4]),  # the type and those below it, but not DESCRIPTION
        ("type=desc.l", []),
        ("type=", [1, 2, 3, 4, 5, 300]),
        ("type=none", []),
        ("index=1&type=EMAIL", [1, 2]),  # one or the other is enough
        ("index=1&type=URL", [1]),
        ("unknown=1", [1, 2, 3, 4, 5, 300]),
        ("Index=1", [1, 2, 3, 4, 5, 300]),  # names of parameters are written small
        ("auth=false&index=1", [1]),
    ],
)
def test_values_are_chosen_by_index_or_by_type(query: str, chosen: list[int]) -> None:
    assert indexes(query) == chosen


@pytest.mark.parametrize(
    ("query", "code"),
    [("index=2", 1), ("index=7", 200), ("type=none", 200), ("type=URL&index=7", 1), ("pretty&index=7", 200)],
)
def test_nothing_chosen_is_told_by_its_code_and_not_by_another_status(query: str, code: int) -> None:
    assert json.loads(handle_question(query).answered(BODY))["responseCode"] == code


def test_a_refusal_keeps_its_code_whatever_is_chosen() -> None:
    refusal = b'{"responseCode":100,"handle":"88.101.5/x","message":"none"}'
    said = json.loads(handle_question("index=1&pretty").answered(refusal))
    assert (said["responseCode"], said["values"], said["message"]) == (100, [], "none")


@given(
    st.sets(st.sampled_from([kind for kind, _ in KINDS])),
    st.sets(st.sampled_from([kind for _, kind in KINDS])),
)
def test_what_two_wishes_choose_together_is_what_each_chooses_alone(
    by_index: set[int], by_type: set[str]
) -> None:
    one, two = [f"index={index}" for index in by_index], [f"type={kind}" for kind in by_type]
    both = set(indexes("&".join(one + two)))
    alone = [set(indexes(wish)) for wish in one + two]
    assert both == (set().union(*alone) if alone else {index for index, _ in KINDS})


# --- what is not taken -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    ["index=", "index=x", "index=-1", "index=1.0", "index=1e3", "index=+1", "index=0x1", "index=²", "index=１",
     f"index={HIGHEST_INDEX + 1}", "index=1&index=", "index=" + "9" * 400],
)  # fmt: skip
def test_an_index_is_a_whole_number_that_the_protocol_can_hold(query: str) -> None:
    with pytest.raises(BadQuestion, match="whole number"):
        handle_question(query)


def test_a_query_has_a_longest_length() -> None:
    fits = "x=" + "1" * (LONGEST_QUERY - 2)
    assert handle_question(fits) == HandleQuestion()
    with pytest.raises(BadQuestion, match=str(LONGEST_QUERY)):
        handle_question(fits + "1")


def test_a_query_has_a_largest_number_of_parameters() -> None:
    assert indexes("&".join(["index=1", *["x=1"] * (MOST_CHOSEN - 1)])) == [1]
    with pytest.raises(BadQuestion, match=str(MOST_CHOSEN)):
        handle_question("&".join(["index=1", *["x=1"] * MOST_CHOSEN]))


@pytest.mark.parametrize(
    "name", ["f", "_f", "$f", "jQuery.f1", "a.b.c", "f" * 64, ".".join(["f"] * 8), "jQuery123_456"]
)
def test_a_callback_is_the_name_of_a_function(name: str) -> None:
    written = handle_question(f"callback={name}").answered(BODY)
    assert written.startswith(b"/**/" + name.encode() + b"(")
    assert json.loads(written[len(name) + 5 : -2]) == SAID
    assert written.endswith(b");")


@pytest.mark.parametrize(
    "name",
    ["1f", "f()", "f;g", "a..b", ".a", "a.", "f" * 65, ".".join(["f"] * 9), "alert(1)//", "a[0]", "<script>", "函数",
     "f%0A", "f+g"],
)  # fmt: skip
def test_what_is_no_name_of_a_function_is_refused_whatever_it_would_run(name: str) -> None:
    with pytest.raises(BadQuestion, match="callback"):
        handle_question(f"callback={name}")


# --- flags -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "pretty"),
    [("", False), ("pretty", True), ("pretty=", True), ("pretty=true", True), ("pretty=1", True), ("pretty=x", True),
     ("pretty=false", False), ("pretty=False", False), ("pretty=0", False), ("pretty=no", False),
     ("pretty=false&pretty=true", False)],
)  # fmt: skip
def test_pretty_is_said_by_naming_it(query: str, pretty: bool) -> None:
    question = handle_question(query)
    assert question.pretty is pretty
    assert (b"\n  " in question.answered(BODY)) is pretty
    assert json.loads(question.answered(BODY)) == SAID


@pytest.mark.parametrize(
    ("query", "authorised"),
    [("", False), ("auth", True), ("auth=", True), ("auth=true", True), ("auth=1", True), ("auth=FALSE", False),
     ("auth=0", False), ("auth=no", False), ("publicOnly", False), ("publicOnly=true", False),
     ("publicOnly=false", True), ("publicOnly=NO", True), ("publiconly=false", True), ("publiconly=true", False),
     ("publicOnly=true&publiconly=false", False), ("auth=false&publicOnly=false", True), ("authoritative=true", False)],
)  # fmt: skip
def test_who_asks_for_more_than_is_public_is_for_the_control_plane(query: str, authorised: bool) -> None:
    assert handle_question(query).authorised is authorised


def test_what_is_published_is_given_to_the_byte_where_nothing_is_wished() -> None:
    assert handle_question("").answered(BODY) is BODY
    assert handle_question("unknown=1&auth=false").answered(BODY) is BODY


@given(st.text(max_size=80))
def test_any_query_is_read_or_refused_and_its_answer_is_made_of_the_record(query: str) -> None:
    try:
        question = handle_question(query)
    except BadQuestion:
        return
    written = question.answered(BODY)
    if not question.callback:
        said = json.loads(written)
        assert all(each in SAID["values"] for each in said["values"])
        assert said["handle"] == SAID["handle"]


# --- the reply -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "held"),
    [
        ('"2a"', True),
        ('W/"2a"', True),
        ('"1", "2a"', True),
        ('"1","2a","3"', True),
        ("*", True),
        (" * ", True),
        ('"2A"', False),
        ('"2a', False),
        ("2a", False),
        ('"12a"', False),
        ('"2a-ffff"', False),
        ("", False),
        ('"*"', False),
    ],
)
def test_a_tag_is_held_only_as_a_whole(header: str, held: bool) -> None:
    assert holds_tag(header, '"2a"') is held


def reply(
    query: str = "", tags: str = "", status: int = 200, body: bytes = BODY
) -> tuple[int, dict[str, str], bytes]:
    answered, headers, written = replied((body, 42, status, 7), handle_question(query), tags)
    return answered, dict(headers), written


def test_every_form_of_an_answer_has_a_tag_of_its_own_and_the_same_each_time() -> None:
    queries = ["", "pretty", "index=1", "index=2", "type=URL", "callback=f", "callback=g", "index=9"]
    tags = [reply(query)[1]["etag"] for query in queries]
    assert tags == [reply(query)[1]["etag"] for query in queries]
    assert tags[0] == '"2a"'
    assert tags[2] == tags[4]  # the same bytes
    assert len(set(tags)) == len(tags) - 1


@pytest.mark.parametrize("query", ["", "pretty", "index=1", "callback=f"])
def test_who_has_the_very_form_is_sent_nothing_again(query: str) -> None:
    _, headers, _ = reply(query)
    status, again, body = reply(query, headers["etag"])
    assert (status, body, again["etag"]) == (304, b"", headers["etag"])
    assert "content-type" not in again
    assert reply(query, '"0"')[0] == 200


@pytest.mark.parametrize("status", [404, 410])
def test_a_tombstone_is_told_each_time_even_to_who_has_it(status: int) -> None:
    tombstone = b'{"responseCode":100,"handle":"88.101.5/x","state":"retired"}'
    answered, headers, body = reply("", '"2a"', status, tombstone)
    assert (answered, headers["etag"], body) == (status, '"2a"', tombstone)


def test_a_record_whose_values_are_none_of_them_public_says_so_and_stays_a_success() -> None:
    empty = b'{"responseCode":1,"handle":"88.101.5/x","values":[]}'
    status, headers, body = reply("", "", 200, empty)
    assert (status, json.loads(body)["responseCode"]) == (200, 200)
    assert headers["etag"] != '"2a"'
    assert json.loads(reply("pretty", "", 200, empty)[2])["responseCode"] == 200


def test_a_script_is_said_to_be_one() -> None:
    assert reply("callback=f")[1]["content-type"].startswith("application/javascript")
    assert reply("")[1]["content-type"].startswith("application/json")
    assert reply("callback=f")[1]["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("status", "counted"),
    [(200, "found"), (404, "suspended"), (410, "retired"), (400, "refused"), (500, "refused")],
)
def test_a_row_counts_by_its_status(status: int, counted: str) -> None:
    assert outcome(status) == counted


# --- the server that has a delegated prefix --------------------------------------------------------------------


def site(address: str, *interfaces: tuple[str, int, bool]) -> dict[str, Any]:
    said = [
        {"protocol": kind, "port": port, "query": query, "admin": False} for kind, port, query in interfaces
    ]
    return {"servers": [{"serverId": 1, "address": address, "interfaces": said}]}


@pytest.mark.parametrize(
    ("described", "address"),
    [
        (None, ""),
        ({}, ""),
        ({"servers": []}, ""),
        (site("192.0.2.7"), ""),
        (site("192.0.2.7", ("TCP", 2641, True)), ""),
        (site("192.0.2.7", ("HTTP", 8000, False)), ""),  # for administrators alone
        (site("192.0.2.7", ("HTTP", 8000, True)), "http://192.0.2.7:8000/x"),
        (site("192.0.2.7", ("UDP", 2641, True), ("HTTPS", 443, True)), "https://192.0.2.7:443/x"),
        (site("192.0.2.7", ("HTTP", 80, True), ("HTTPS", 443, True)), "http://192.0.2.7:80/x"),
        (site("2001:db8::7", ("HTTP", 8000, True)), "http://[2001:db8::7]:8000/x"),
        (
            {"servers": site("192.0.2.7")["servers"] + site("192.0.2.8", ("HTTP", 1, True))["servers"]},
            "http://192.0.2.8:1/x",
        ),
    ],
)
def test_the_first_interface_that_speaks_http_to_everybody_is_the_address(
    described: dict[str, Any] | None, address: str
) -> None:
    assert http_address(described, "/x") == address
