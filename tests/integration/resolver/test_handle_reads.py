"""``GET /api/handles/…`` as a client meets it, without a server: what is public, and from published rows alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.resolver.fakes import Request
from tests.integration.resolver.node import EMAIL, NAME, SECRET, SITE, SUBTYPE, URL, Node

from jialiang.formats.handle.count_log import Counted


@pytest.fixture
def node() -> Node:
    return Node()


def indexes(said: dict[str, Any]) -> list[int]:
    return [value["index"] for value in said["values"]]


def test_a_record_is_answered_with_its_public_values_and_the_name_as_it_was_written(node: Node) -> None:
    status, said = node.json()
    assert (status, said["responseCode"], said["handle"]) == (200, 1, NAME)
    assert indexes(said) == [1, 2, 3]
    assert b"secret" not in node.get().body


def test_the_case_of_letters_of_the_name_does_not_count(node: Node) -> None:
    told = node.json("88.101.5/iNS-7")[1]
    assert told == {**node.json()[1], "handle": "88.101.5/iNS-7"}


def test_headers_open_the_answer_to_every_page_and_let_it_be_compared(node: Node) -> None:
    headers = node.get().headers
    assert headers["content-type"] == "application/json;charset=UTF-8"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-cache"
    assert headers["etag"].strip('"')


def test_the_second_answer_comes_from_memory_with_the_same_headers(node: Node) -> None:
    first = node.get()
    node.reader.asked.clear()
    second = node.get()
    assert node.reader.asked == []
    assert (second.status, second.headers, second.body) == (first.status, first.headers, first.body)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("index=1", [1]),
        ("index=1&index=3", [1, 3]),
        ("type=EMAIL", [2]),
        ("type=email", [2]),
        ("type=URL&type=EMAIL", [1, 2]),
        ("index=1&type=EMAIL", [1, 2]),
        ("type=DESC.", [3]),
        ("type=DESC", []),
        ("type=DESC.LONG", [3]),
        ("index=300", []),
        ("type=HS_SECKEY", []),
        ("index=99", []),
        ("publicOnly=true", [1, 2, 3]),
        ("unknown=parameter", [1, 2, 3]),
    ],
)
def test_values_are_chosen_by_index_or_type(node: Node, query: str, found: list[int]) -> None:
    status, said = node.json(query=query)
    assert status == 200
    assert indexes(said) == found
    assert said["responseCode"] == (1 if found else 200)


def test_a_record_without_public_values_is_found_and_has_none(node: Node) -> None:
    node.reader.record("88.101.5/empty", SECRET)
    for query in ("", "index=1"):
        status, said = node.json("88.101.5/empty", query)
        assert (status, said["responseCode"], said["values"]) == (200, 200, [])


def test_pretty_is_the_same_said_in_lines(node: Node) -> None:
    pretty = node.get(query="pretty").body
    assert b"\n  " in pretty
    assert json.loads(pretty) == json.loads(node.get().body)
    assert b"\n" not in node.get(query="pretty=false").body


def test_a_callback_gets_a_script(node: Node) -> None:
    reply = node.get(query="callback=lab.show_7")
    assert reply.headers["content-type"].startswith("application/javascript")
    assert reply.body.startswith(b"/**/lab.show_7({")
    assert reply.body.endswith(b"});")
    assert json.loads(reply.body.removeprefix(b"/**/lab.show_7(").removesuffix(b");"))["responseCode"] == 1


@pytest.mark.parametrize(
    "query",
    ["callback=alert(1)", "callback=a%0Ab", "callback=%3Cscript%3E", "callback=1x", "callback=" + "a" * 600,
     "callback=a..b", "index=one", "index=-1", "index=", "index=99999999999", "x=" + "y" * 3000,
     "&".join(["index=1"] * 300)],
)  # fmt: skip
def test_a_query_that_is_not_usable_is_refused_with_a_reason(node: Node, query: str) -> None:
    status, said = node.json(query=query)
    assert (status, said["responseCode"]) == (400, 2)
    assert said["message"]


def test_what_the_client_has_is_not_sent_again(node: Node) -> None:
    tag = node.get().headers["etag"]
    for held in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        reply = node.get(NAME, "", ("if-none-match", held))
        assert (reply.status, reply.body, reply.headers["etag"]) == (304, b"", tag)
    assert node.get(NAME, "", ("if-none-match", '"other"')).status == 200


def test_another_form_of_the_answer_has_another_tag(node: Node) -> None:
    tags = {
        node.get(query=query).headers["etag"] for query in ("", "index=1", "index=2", "pretty", "callback=f")
    }
    assert len(tags) == 5


def test_a_change_is_told_as_soon_as_the_time_of_trust_has_run_out(node: Node) -> None:
    before = node.get()
    node.reader.record(NAME, EMAIL)
    node.watch.seconds += 0.31
    after = node.get(NAME, "", ("if-none-match", before.headers["etag"]))
    assert after.status == 200
    assert indexes(json.loads(after.body)) == [2]


def test_another_record_that_changes_leaves_the_one_in_memory(node: Node) -> None:
    node.get()
    node.reader.record("88.101.5/other", URL)
    node.watch.seconds += 0.31
    node.reader.asked.clear()
    assert node.get().status == 200
    assert node.reader.asked == []


@pytest.mark.parametrize(
    ("state", "status", "outcome"), [("suspended", 404, "suspended"), ("retired", 410, "retired")]
)
def test_a_suspended_and_a_retired_record_say_so(node: Node, state: str, status: int, outcome: str) -> None:
    node.reader.closed(NAME, state, status)
    for _ in range(2):
        reply = node.get()
        said = json.loads(reply.body)
        assert (reply.status, said["responseCode"], said["state"]) == (status, 100, state)
        assert "values" not in said
    assert node.counted[-1] == Counted("handle_json", outcome, "none", "", "88.101.5")
    assert json.loads(node.get(query="index=1").body)["state"] == state


def test_a_name_that_is_not_there_is_404_with_100(node: Node) -> None:
    status, said = node.json("88.101.5/none")
    assert (status, said["responseCode"], said["handle"]) == (404, 100, "88.101.5/none")


def test_a_prefix_that_is_not_kept_here_is_not_ours(node: Node) -> None:
    status, said = node.json("10.1000/1")
    assert (status, said["responseCode"]) == (400, 301)


def test_the_record_of_a_prefix_is_ours_where_the_prefix_is(node: Node) -> None:
    node.reader.record("0.NA/88.101.5", URL)
    assert node.json("0.NA/88.101.5")[0] == 200
    assert node.json("0.na/10.1000")[1]["responseCode"] == 301


def test_a_suspended_prefix_hides_its_records_at_once(node: Node) -> None:
    assert node.json()[0] == 200
    node.reader.prefix("88.101.5", "suspended")
    node.watch.seconds += 0.31
    status, said = node.json()
    assert (status, said["responseCode"], said["state"]) == (404, 100, "suspended")
    node.reader.prefix("88.101.5")
    node.watch.seconds += 0.31
    assert node.json()[0] == 200


def test_a_delegated_prefix_leads_to_the_server_that_has_it(node: Node) -> None:
    node.reader.prefix("88.101.9", "delegated", SITE)
    reply = node.get("88.101.9/a b")
    assert (reply.status, json.loads(reply.body)["responseCode"]) == (307, 303)
    assert reply.headers["location"] == "http://192.0.2.7:8000/api/handles/88.101.9/a%20b"
    node.reader.prefix("88.101.8", "delegated", None)
    node.watch.seconds += 0.31
    assert node.get("88.101.8/x").status == 400


@pytest.mark.parametrize(
    "name", ["", "88.101.5", "/x", "88..5/x", "88.101.5/" + "x" * 2100, "88.101.5/a\x00b", "88.101.5/x "]
)
def test_what_is_no_name_is_refused(node: Node, name: str) -> None:
    status, said = node.json(name)
    assert (status, said["responseCode"]) == (400, 102)


def test_head_tells_the_same_as_get(node: Node) -> None:
    assert node.get(method="HEAD").headers == node.get().headers


def test_a_page_of_another_origin_may_ask_first(node: Node) -> None:
    reply = node.get(method="OPTIONS")
    assert reply.status == 204
    assert {"GET", "HEAD", "OPTIONS"} <= set(reply.headers["access-control-allow-methods"].split(", "))
    assert "Authorization" in reply.headers["access-control-allow-headers"]


@pytest.mark.parametrize(
    ("method", "query", "fields"),
    [
        ("GET", "auth=true", []),
        ("GET", "auth", []),
        ("GET", "publicOnly=false", []),
        ("GET", "", [("authorization", "Basic x")]),
        ("GET", "index=1", [("authorization", "Basic x")]),
        ("PUT", "overwrite=true", []),
        ("POST", "", []),
        ("DELETE", "", []),
    ],
)
def test_writes_and_reads_that_need_a_right_are_handed_over(
    node: Node, method: str, query: str, fields: list[tuple[str, str]]
) -> None:
    node.get()  # held in memory: even then
    reply = node.get(NAME, query, *fields, method=method)
    assert reply.body == b"django"
    assert node.handed.seen == [(method, f"/api/handles/{NAME}")]


def test_auth_that_is_said_to_be_false_is_a_public_read(node: Node) -> None:
    assert node.json(query="auth=false")[0] == 200
    assert node.handed.seen == []


def test_every_answer_is_counted_once(node: Node) -> None:
    node.get()
    node.get()
    node.get(query="via=qr")
    node.get("88.101.5/none")
    node.get("10.1/x")
    node.get(query="index=x")
    found = Counted("handle_json", "found", "none", "", "88.101.5")
    assert node.counted == [
        found,
        found,
        found._replace(carrier="qr"),
        Counted("handle_json", "not_found"),
        Counted("handle_json", "refused"),
        Counted("handle_json", "refused"),
    ]


def test_the_region_counts_only_from_a_trusted_proxy(node: Node) -> None:
    field = ("x-client-region", "cn-37")
    for client, region in (("10.0.0.1:1", "CN-37"), ("203.0.113.9:1", "")):
        node.ask(Request(f"/api/handles/{NAME}", fields=[field], client=client))
        assert node.counted[-1].region == region
    node.ask(Request(f"/api/handles/{NAME}", fields=[("x-client-region", "<b>")], client="10.0.0.1:1"))
    assert node.counted[-1].region == ""


def test_who_asks_too_often_for_what_is_not_there_waits_and_others_do_not() -> None:
    node = Node(per_minute=3)
    for number in range(3):
        assert node.get(f"88.101.5/none-{number}").status == 404
    reply = node.get("88.101.5/none-3")
    assert reply.status == 429
    assert int(reply.headers["retry-after"]) > 0
    other = Request("/api/handles/88.101.5/none-4", client="198.51.100.1:1")
    assert node.ask(other).status == 404


def test_what_is_there_is_answered_however_often_and_not_charged() -> None:
    node = Node(per_minute=1)
    assert {node.get(query=f"index={number % 3 + 1}").status for number in range(50)} == {200}


def test_a_table_that_cannot_be_compared_is_503_not_an_old_answer(node: Node) -> None:
    node.get()
    node.reader.broken = True
    assert node.get().status == 200  # within the time of trust
    node.watch.seconds += 0.31
    reply = node.get()
    assert reply.status == 503
    assert json.loads(reply.body)["code"] == "JL-SRV-004"


def test_memory_stays_within_its_bound_whatever_is_asked() -> None:
    node = Node(per_minute=10_000, limit_bytes=64_000)
    for number in range(300):
        node.reader.record(f"88.101.5/{number}", URL)
    for number in range(300):
        assert node.get(f"88.101.5/{number}").status == 200
        assert node.resolver.bytes_held <= 64_000


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_is_asked_gets_an_answer(name: str, query: str) -> None:
    node = Node()
    reply = node.get(name, query)
    assert reply.status in {200, 400, 404}


def test_two_spellings_of_a_name_are_one_record_after_a_change(node: Node) -> None:
    spellings = [NAME, NAME.lower(), NAME.upper()]
    for spelling in spellings:
        node.get(spelling)
    node.reader.record(NAME, SUBTYPE)
    node.watch.seconds += 0.31
    assert [indexes(node.json(spelling)[1]) for spelling in spellings] == [[3]] * 3
