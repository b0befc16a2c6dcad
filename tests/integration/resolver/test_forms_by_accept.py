"""``GET /<prefix>/<suffix>`` by what is registered and what is accepted: one table of statuses, forms and places."""

from __future__ import annotations

import json
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.resolver.fakes import Reply
from tests.integration.resolver.node import EMAIL, ROOT, SITE, URL, Node

from jialiang.formats.handle.values import HandleValue

WEIGHTS = {"a": 1.0, "b": 3.0, "c": 0.0, "d": 0.5}
PEOPLE = "".join(f'<location href="https://{each}.example/7" weight="{w}"/>' for each, w in WEIGHTS.items())
DATA = '<location http_role="conneg" href="https://data.example/7" weight="0"/>'


def locations(inner: str, ways: str = "") -> HandleValue:
    chosen_by = f' chooseby="{ways}"' if ways else ""
    return HandleValue(5, "10320/loc", f"<locations{chosen_by}>{inner}</locations>".encode(), timestamp=1781582850)


@pytest.fixture(scope="module")
def node() -> Node:
    node = Node(per_minute=1_000_000)
    reader = node.reader
    reader.record("88.101.5/url", URL, EMAIL)
    reader.record("88.101.5/both", URL, locations(PEOPLE + DATA))
    reader.record("88.101.5/people", locations(PEOPLE))
    reader.record("88.101.5/data", EMAIL, locations(DATA))
    reader.record("88.101.5/plain", EMAIL)
    reader.closed("88.101.5/stopped", "suspended", 404)
    reader.closed("88.101.5/scrapped", "retired", 410)
    reader.prefix("88.101.6", "suspended")
    reader.prefix("88.101.7", "delegated", SITE)
    reader.prefix("88.101.8", "delegated", {"servers": []})
    return node


# --- the table -----------------------------------------------------------------------------------------------

ACCEPTS = {
    None: "page",
    "": "page",
    "*/*": "page",
    "text/html": "page",
    "TEXT/HTML": "page",
    "text/*": "page",
    "application/xhtml+xml": "page",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "page",
    "image/png": "page",
    "image/png, */*;q=0.1": "page",
    "application/json": "json",
    "application/*": "json",
    "application/json, text/html": "json",
    "text/html;q=0.9, application/json": "json",
    "text/html;q=0, application/json;q=0.1": "json",
    "application/json;q=0.4, text/html;q=0.5": "page",
    "application/json;q=0, */*": "page",
    "application/json;charset=utf-8": "json",
    "application/json;q=0": "page",
    "application/ld+json": "ld",
    "application/ld+json;q=0.9, application/json;q=0.8": "ld",
    "application/ld+json;q=0.8, application/json;q=0.9": "json",
    "image/png, application/ld+json;q=0.2, text/html;q=0.1": "ld",
    "application/json;q=x, application/ld+json": "ld",
    ",,;q=1,application/ld+json": "ld",
}
KINDS = {
    # name               page                          json                          ld
    "88.101.5/url": ((302, URL.text), (200, "json"), (200, "ld")),
    "88.101.5/both": ((302, "https://a.example/7"), (302, "https://data.example/7"), (302, "https://data.example/7")),
    "88.101.5/people": ((302, "https://a.example/7"), (200, "json"), (200, "ld")),
    "88.101.5/data": ((200, "page"), (302, "https://data.example/7"), (302, "https://data.example/7")),
    "88.101.5/plain": ((200, "page"), (200, "json"), (200, "ld")),
    "88.101.5/stopped": ((404, "page"), (404, "json"), (404, "ld")),
    "88.101.5/scrapped": ((410, "page"), (410, "json"), (410, "ld")),
    "88.101.5/none": ((404, "page"), (404, "json"), (404, "json")),
    "88.999/x": ((404, "page"), (400, "json"), (400, "json")),
    "88.101.6/x": ((404, "page"), (404, "json"), (404, "json")),
    "88.101.8/x": ((404, "page"), (400, "json"), (400, "json")),
}
TYPES = {"page": "text/html; charset=utf-8", "json": "application/json;charset=UTF-8", "ld": "application/ld+json"}
DELEGATED = "http://192.0.2.7:8000/88.101.7/x%20y"


def fields(accept: str | None) -> list[tuple[str, str]]:
    return [] if accept is None else [("accept", accept)]


def seen(reply: Reply) -> tuple[int, str | None]:
    if "location" in reply.headers:
        return reply.status, reply.headers["location"]
    form = next(form for form, kind in TYPES.items() if kind == reply.headers["content-type"])
    return reply.status, form


@pytest.mark.parametrize(("accept", "name"), list(product(ACCEPTS, KINDS)), ids=str)
def test_each_thing_is_answered_in_the_form_that_is_preferred(node: Node, accept: str | None, name: str) -> None:
    form = ACCEPTS[accept]
    expected = KINDS[name][("page", "json", "ld").index(form)]
    node.chance = 0.0
    got = node.open(f"/{name}", "", *fields(accept))
    assert seen(got) == expected
    head = node.open(f"/{name}", "", *fields(accept), method="HEAD")
    assert (head.status, head.headers) == (got.status, got.headers)
    assert bool(got.body) == (got.status != 302)


@pytest.mark.parametrize("accept", ACCEPTS, ids=str)
def test_a_delegated_name_leads_to_its_server_in_whatever_form(node: Node, accept: str | None) -> None:
    reply = node.open("/88.101.7/x y", "", *fields(accept))
    assert (reply.status, reply.headers["location"]) == (307, DELEGATED)


@pytest.mark.parametrize("name", [name for name, kinds in KINDS.items() if (200, "ld") in kinds or kinds[0][0] == 410])
@pytest.mark.parametrize("accept", ["text/html", "application/json", "application/ld+json"])
def test_what_is_shown_is_not_sent_again_unless_it_is_a_tombstone(node: Node, name: str, accept: str) -> None:
    shown = node.open(f"/{name}", "noredirect", ("accept", accept))
    again = node.open(f"/{name}", "noredirect", ("accept", accept), ("if-none-match", shown.headers["etag"]))
    assert again.status == (304 if shown.status == 200 else shown.status)
    assert bool(again.body) == (shown.status != 200)


def test_no_two_forms_of_one_thing_share_their_tag(node: Node) -> None:
    tags = {
        node.open("/88.101.5/plain", query, ("accept", accept)).headers["etag"]
        for query, accept in (
            ("lang=zh", "text/html"), ("lang=en", "text/html"), ("", "application/json"), ("", "application/ld+json"),
        )
    }  # fmt: skip
    assert len(tags) == 4


@pytest.mark.parametrize("accept", ["text/html", "application/json", "application/ld+json"])
@pytest.mark.parametrize("name", ["url", "plain", "both"])
def test_every_answer_about_a_record_names_the_record_as_data(node: Node, name: str, accept: str) -> None:
    link = node.open(f"/88.101.5/{name}", "", ("accept", accept)).headers["link"]
    assert link == f'<{ROOT}/api/handles/88.101.5/{name}>; rel="alternate"; type="application/json"'


def test_json_of_a_page_is_the_very_record_of_the_interface(node: Node) -> None:
    page = node.open("/88.101.5/plain", "", ("accept", "application/json"))
    assert page.body == node.get("88.101.5/plain").body
    stopped = json.loads(node.open("/88.101.5/stopped", "", ("accept", "application/json")).body)
    assert (stopped["responseCode"], stopped["state"]) == (100, "suspended")


# --- choosing among locations --------------------------------------------------------------------------------


def by_weight(place: float) -> str:
    """Return where the wheel of weights stands: a 1, b 3, d 0.5, and c never."""
    at = place * sum(WEIGHTS.values())
    for name, weight in WEIGHTS.items():
        if at < weight:
            return f"https://{name}.example/7"
        at -= weight
    raise AssertionError(place)


@pytest.mark.parametrize(
    ("place", "name"),
    [(0.0, "a"), (0.2222, "a"), (0.2223, "b"), (0.5, "b"), (0.8888, "b"), (0.8889, "d"), (0.9999999, "d")],
)
def test_the_place_on_the_wheel_decides(node: Node, place: float, name: str) -> None:
    node.chance = place
    assert node.open("/88.101.5/people").headers["location"] == f"https://{name}.example/7" == by_weight(place)


def test_a_thousand_turns_go_as_the_weights_say(node: Node) -> None:
    chance, found = Random(4711), []
    for _ in range(1000):
        node.chance = chance.random()
        place = node.open("/88.101.5/people").headers["location"]
        assert place == by_weight(node.chance)
        found.append(place[8])
    assert found.count("c") == 0
    for name, weight in WEIGHTS.items():
        assert abs(found.count(name) / 1000 - weight / 4.5) < 0.05


COUNTRIES = (
    '<location id="0" href="https://cn.example/" country="cn"/>'
    '<location id="1" href="https://de.example/" country="DE"/>'
    '<location id="2" href="https://world.example/"/>'
)


@pytest.mark.parametrize(
    ("ways", "query", "region", "found"),
    [
        ("", "", "CN", "cn"),
        ("", "", "CN-37", "cn"),
        ("", "", "de", "de"),
        ("", "", "FR", "world"),
        ("", "", "", "world"),
        ("", "", "nonsense", "world"),
        ("", "locatt=id:1", "CN", "de"),
        ("", "locatt=country:DE", "CN", "de"),
        ("", "locatt=country:de", "CN", "cn"),  # attributes are compared with their case
        ("", "locatt=id:9", "CN", "cn"),
        ("", "locatt=id", "CN", "cn"),
        ("", "locatt=", "CN", "cn"),
        ("", "locatt=id:2&locatt=id:1", "CN", "de"),  # the last counts
        ("country,locatt", "locatt=id:1", "CN", "cn"),
        ("locatt", "", "CN", "cn"),  # the first where nothing else decides
        ("locatt", "locatt=id:2", "CN", "world"),
        ("weighted", "locatt=id:2", "DE", "cn"),
        ("unknown", "locatt=id:2", "DE", "cn"),
        (" LOCATT , Country ", "locatt=id:9", "DE", "de"),
    ],
)
def test_attribute_and_country_choose_in_the_order_that_is_said(ways: str, query: str, region: str, found: str) -> None:
    node = Node(per_minute=1000)
    node.reader.record("88.101.5/where", locations(COUNTRIES, ways))
    reply = node.open("/88.101.5/where", query, ("x-client-region", region), client="10.0.0.1:1")
    assert reply.headers["location"] == f"https://{found}.example/"


def test_a_stranger_does_not_say_where_he_is(node: Node) -> None:
    node.reader.record("88.101.5/where", locations(COUNTRIES))
    node.watch.seconds += 1
    reply = node.open("/88.101.5/where", "", ("x-client-region", "CN"))
    assert reply.headers["location"] == "https://world.example/"


@given(st.floats(0, 1, exclude_max=True))
def test_any_place_on_the_wheel_is_a_location_with_a_weight(place: float) -> None:
    SHARED.chance = place
    target = SHARED.open("/88.101.5/people").headers["location"]
    assert WEIGHTS[target[8]] > 0


SHARED = Node(per_minute=1_000_000)
SHARED.reader.record("88.101.5/people", locations(PEOPLE))


# --- methods -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["88.101.5/url", "88.101.5/none", "88.999/x", "0.NA/88.101.5"])
def test_a_page_of_another_origin_may_ask_first(node: Node, name: str) -> None:
    reply = node.open(f"/{name}", method="OPTIONS")
    assert (reply.status, reply.body) == (204, b"")
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_for_the_console(node: Node, method: str) -> None:
    assert node.open("/88.101.5/url", method=method).body == b"django"


@pytest.mark.parametrize(
    ("query", "target"),
    [
        ("urlappend=%2Fmore", "https://lab.example.cn/7/more"),
        ("urlappend=%3Fa%3Db%26c", "https://lab.example.cn/7?a=b&c"),
        ("urlappend=%E9%87%8F", "https://lab.example.cn/7%E9%87%8F"),
        ("urlappend=%0D%0AX%3A1", "https://lab.example.cn/7%0D%0AX:1"),
        ("urlappend=", "https://lab.example.cn/7"),
        ("index=1", "https://lab.example.cn/7"),
        ("type=url", "https://lab.example.cn/7"),
        ("index=2&type=URL", "https://lab.example.cn/7"),
        ("auth=true", "https://lab.example.cn/7"),
    ],
)
def test_what_the_query_says_goes_behind_the_address_as_letters_of_one(node: Node, query: str, target: str) -> None:
    reply = node.open("/88.101.5/url", query)
    assert (reply.status, reply.headers["location"]) == (302, target)
    assert target.isascii() and "\r" not in target
