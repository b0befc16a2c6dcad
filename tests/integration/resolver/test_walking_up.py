"""From a qualifier that nobody has published to the level above it: every key with qualifiers, every set of levels."""

from __future__ import annotations

import json
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.resolver.node import ROOT, Node

from jialiang.formats.codes.check_characters import check_digit
from jialiang.formats.gs1.links import DEFAULT, Gs1Link

LINKSET = ("accept", "application/linkset+json")


def checked(body: str) -> str:
    return body + check_digit(body)


PATHS: list[tuple[tuple[str, str], ...]] = [
    (("01", "09506000134352"), ("22", "2A"), ("10", "LOT-1"), ("21", "S.7")),
    (("01", "09506000134352"), ("10", "LOT-1"), ("21", "S.7")),
    (("01", "09506000134352"), ("21", "S.7")),
    (("01", "09506000134352"), ("235", "TPX7")),
    (("414", checked("950600013435")), ("254", "door-3")),
    (("8006", checked("0950600013435") + "0102"), ("22", "2A"), ("10", "L")),
    (("8010", "9506000ABC"), ("8011", "7")),
    (("8018", checked("95060001343521234")), ("8019", "5")),
    (("00", checked("00950600013435212")),),
    (("8004", "9506000GIAI-1"),),
]


def level(pairs: tuple[tuple[str, str], ...]) -> str:
    return "/".join(part for pair in pairs for part in pair)


def levels(pairs: tuple[tuple[str, str], ...]) -> list[str]:
    """Return the levels of a path, most specific first."""
    return [level(pairs[:count]) for count in range(len(pairs), 0, -1)]


def place(of: str) -> str:
    return f"https://lab.example.cn/{of.replace('/', '-')}"


def published(*paths: str) -> Node:
    node = Node(per_minute=100_000)
    for path in paths:
        node.links(path, Gs1Link(DEFAULT, place(path), path, is_default=True), description=path)
    return node


SUBSETS = [
    (pairs, subset)
    for pairs in PATHS
    for count in range(len(pairs) + 1)
    for subset in combinations(levels(pairs), count)
]


@pytest.mark.parametrize(("pairs", "there"), SUBSETS, ids=lambda each: str(len(each)))
def test_the_most_specific_level_that_is_there_answers(
    pairs: tuple[tuple[str, str], ...], there: tuple[str, ...]
) -> None:
    node = published(*there)
    for slash in ("", "/"):
        reply = node.open(f"/{level(pairs)}{slash}")
        if there:
            assert (reply.status, reply.headers["location"]) == (307, place(there[0]))
        else:
            assert reply.status == 404
        told = node.open(f"/{level(pairs)}{slash}", "", LINKSET)
        assert told.status == (200 if there else 404)
        if there:
            anchors = [each["anchor"] for each in json.loads(told.body)["linkset"]]
            assert anchors == [f"{ROOT}/{each}" for each in there]


@pytest.mark.parametrize("pairs", PATHS, ids=lambda each: level(each)[:20])
def test_a_level_below_says_nothing_of_the_one_above(pairs: tuple[tuple[str, str], ...]) -> None:
    node = published(level(pairs))
    for above in levels(pairs)[1:]:
        assert node.open(f"/{above}").status == 404


@pytest.mark.parametrize("pairs", [pairs for pairs in PATHS if len(pairs) > 1], ids=lambda each: level(each)[:20])
def test_another_value_of_the_last_qualifier_leads_up_and_keeps_its_own_linkset_address(
    pairs: tuple[tuple[str, str], ...],
) -> None:
    above = level(pairs[:-1])
    node = published(level(pairs), above)
    (name, value) = pairs[-1]
    other = level((*pairs[:-1], (name, value[:-1] + ("8" if value[-1] != "8" else "9"))))
    reply = node.open(f"/{other}")
    assert (reply.status, reply.headers["location"]) == (307, place(above))
    assert f"<{ROOT}/{other}?linkType=linkset>" in reply.headers["link"]


def test_case_counts_in_values_and_the_wrong_case_leads_up() -> None:
    node = published("01/09506000134352/21/Ab", "01/09506000134352")
    assert node.open("/01/09506000134352/21/Ab").headers["location"].endswith("-Ab")
    for other in ("AB", "ab", "aB"):
        assert node.open(f"/01/09506000134352/21/{other}").headers["location"] == place("01/09506000134352")


# --- with a link type ----------------------------------------------------------------------------------------


def typed(name: str, kind: str, *, default: bool = False) -> Gs1Link:
    return Gs1Link(kind, f"https://lab.example.cn/{name}", name, is_default=default)


@pytest.fixture(scope="module")
def node() -> Node:
    """A serial number with a certificate, its lot with a recall, its GTIN with a page and a certificate."""
    node = Node(per_minute=100_000)
    gtin = "01/09506000134352"
    node.links(gtin, typed("page", "gs1:pip", default=True), typed("type", "gs1:certificationInfo"))
    node.links(f"{gtin}/10/L", typed("recall", "gs1:recallStatus", default=True))
    node.links(f"{gtin}/10/L/21/S", typed("own", "gs1:certificationInfo", default=True))
    return node


@pytest.mark.parametrize(
    ("path", "kind", "found"),
    [
        ("/10/L/21/S", "", "own"),
        ("/10/L/21/S", "gs1:certificationInfo", "own"),
        ("/10/L/21/S", "gs1:recallStatus", "recall"),
        ("/10/L/21/S", "gs1:pip", "page"),
        ("/10/L/21/S", "gs1:defaultLink", "own"),
        ("/10/L/21/S", "gs1:review", None),
        ("/10/L/21/X", "", "recall"),
        ("/10/L/21/X", "gs1:certificationInfo", "type"),
        ("/10/L", "gs1:certificationInfo", "type"),
        ("/10/X/21/S", "", "page"),  # the serial number of another lot
        ("/10/X/21/S", "gs1:certificationInfo", "type"),
        ("/21/S", "", "page"),
        ("", "gs1:recallStatus", None),
        ("", "gs1:certificationInfo", "type"),
        ("", "https://gs1.org/voc/pip", "page"),
        ("", "https://ref.gs1.org/voc/pip", "page"),
        ("", "gs1:PIP", None),
        ("", "pip", None),
    ],
)
def test_the_nearest_level_that_has_the_type_answers(node: Node, path: str, kind: str, found: str | None) -> None:
    reply = node.open(f"/01/09506000134352{path}", f"linkType={kind}" if kind else "")
    if found is None:
        assert reply.status == 404
        assert "rel=\"linkset\"" in reply.headers["link"]
    else:
        assert (reply.status, reply.headers["location"]) == (307, f"https://lab.example.cn/{found}")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("query", ["", "linkType=gs1:pip", "linkType=gs1:review", "linkType=linkset", "linkType=all"])
def test_no_answer_is_one_that_a_cache_may_keep_without_asking(node: Node, query: str, method: str) -> None:
    reply = node.open("/01/09506000134352", query, method=method)
    assert reply.headers["cache-control"] in {"no-cache", "no-store"}
    assert reply.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("query", "passed_on"),
    [
        ("a=1", "?a=1"),
        ("linkType=gs1:pip&a=1&lang=zh", "?a=1"),
        ("context=CN&mediaType=text/html", ""),
        ("17=261231", "?17=261231"),
        ("a=1&a=2", "?a=1&a=2"),
        ("a", "?a"),
        ("a=%E9%87%8F", "?a=%E9%87%8F"),
        ("a=b;c", "?a=b;c"),
        ("linktype=gs1:review", "?linktype=gs1:review"),
    ],
)
def test_what_is_not_for_the_resolver_goes_along(node: Node, query: str, passed_on: str) -> None:
    reply = node.open("/01/09506000134352", query)
    assert reply.headers["location"] == f"https://lab.example.cn/page{passed_on}"


@given(st.sampled_from([each for each in PATHS if len(each) > 1]), st.data())
def test_any_published_levels_are_joined_most_specific_first(
    pairs: tuple[tuple[str, str], ...], data: st.DataObject
) -> None:
    there = data.draw(st.lists(st.sampled_from(levels(pairs)), unique=True, min_size=1))
    node = published(*there)
    told = json.loads(node.open(f"/{level(pairs)}", "linkType=linkset").body)["linkset"]
    assert [each["itemDescription"] for each in told] == [each for each in levels(pairs) if each in there]
