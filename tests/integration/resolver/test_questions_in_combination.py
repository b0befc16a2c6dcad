"""Every parameter of the Handle JSON interface beside every other, judged by what a reader of the reference expects."""

from __future__ import annotations

import json
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.resolver.node import EMAIL, NAME, SECRET, SUBTYPE, URL, Node

from jialiang.formats.handle.values import HandleValue

PUBLIC: list[HandleValue] = [URL, EMAIL, SUBTYPE]
HANDED = b"django"


@pytest.fixture(scope="module")
def node() -> Node:
    return Node(per_minute=100_000)


def expected(indexes: list[str], types: list[str]) -> list[int]:
    """Return the indexes of the values that a question chooses: by index or by type, all where neither is named."""
    if not indexes and not types:
        return [value.index for value in PUBLIC]
    kept = []
    for value in PUBLIC:
        own = value.type.lower()
        by_type = any(
            own == kind.lower() or (kind.endswith(".") and (own + ".").startswith(kind.lower())) for kind in types
        )
        if str(value.index) in indexes or by_type:
            kept.append(value.index)
    return kept


def read(body: bytes, callback: str) -> dict[str, Any]:
    """Return the JSON of an answer, out of its script where there is one."""
    text = body.decode()
    if callback:
        assert text.startswith(f"/**/{callback}(")
        assert text.endswith(");")
        text = text[len(f"/**/{callback}(") : -2]
    said: dict[str, Any] = json.loads(text)
    return said


INDEXES: list[list[str]] = [[], ["1"], ["3", "1"], ["300"], ["77"], ["0"]]
TYPES: list[list[str]] = [[], ["URL"], ["url", "EMAIL"], ["DESC."], ["NONE"], ["HS_SECKEY"]]


@pytest.mark.parametrize("callback", ["", "cb", "a.b.$c_1"])
@pytest.mark.parametrize("pretty", ["", "true", "1"])
@pytest.mark.parametrize(("indexes", "types"), list(product(INDEXES, TYPES)), ids=str)
def test_choice_form_and_script_do_not_get_in_one_anothers_way(
    node: Node, indexes: list[str], types: list[str], pretty: str, callback: str
) -> None:
    pairs = [("index", each) for each in indexes] + [("type", each) for each in types]
    pairs += [("pretty", pretty)] * bool(pretty) + [("callback", callback)] * bool(callback)
    reply = node.get(NAME, urlencode(pairs))
    said = read(reply.body, callback)
    wanted = expected(indexes, types)
    assert [value["index"] for value in said["values"]] == wanted
    assert (reply.status, said["responseCode"]) == (200, 1 if wanted else 200)
    assert said["handle"] == NAME
    assert (b"\n" in reply.body) == bool(pretty)
    assert reply.headers["content-type"].startswith("application/javascript" if callback else "application/json")
    assert SECRET.data not in reply.body


@pytest.mark.parametrize("query", ["", "index=1", "pretty", "callback=f", "index=77", "type=URL&pretty&callback=f"])
def test_head_and_a_comparison_go_with_every_form(node: Node, query: str) -> None:
    got, head = node.get(NAME, query), node.get(NAME, query, method="HEAD")
    assert (head.status, head.headers) == (got.status, got.headers)
    tag = got.headers["etag"]
    for held in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        kept = node.get(NAME, query, ("if-none-match", held))
        assert (kept.status, kept.body, kept.headers["etag"]) == (304, b"", tag)
        assert "content-type" not in kept.headers
    for other in ('"other"', tag.strip('"'), tag[:-1], ""):
        assert node.get(NAME, query, ("if-none-match", other)).status == 200


def test_no_two_forms_share_their_tag(node: Node) -> None:
    queries = ["", "index=1", "index=2", "pretty", "callback=f", "callback=g", "index=1&pretty", "index=77"]
    tags = [node.get(NAME, query).headers["etag"] for query in queries]
    assert len(set(tags)) == len(queries)
    assert tags == [node.get(NAME, query).headers["etag"] for query in queries]


# --- repeated and malformed ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "indexes"),
    [
        ("index=1&index=1", [1]),
        ("index=2&index=1", [1, 2]),
        ("index=01", [1]),
        ("type=&index=1", [1]),
        ("type=", [1, 2, 3]),
        ("type=DESC.LONG", [3]),
        ("type=DESC.LONG.", [3]),
        ("type=desc.", [3]),
        ("type=desc.l", []),
        ("type=U", []),
        ("type=URL%20", []),
        ("TYPE=URL", [1, 2, 3]),  # names of parameters are compared with their case
        ("Index=1", [1, 2, 3]),
        ("unknown=1&x", [1, 2, 3]),
        ("pretty=false&index=1", [1]),
        ("callback=&index=1", [1]),
        ("index=1;index=2", None),
        ("&&index=1&&", [1]),
        ("index=%31", [1]),
        ("index=+1", None),
        ("index=", None),
        ("index", None),
        ("index=1.0", None),
        ("index=-1", None),
        ("index=0x1", None),
        ("index=１", None),
        ("index=1&index=x", None),
        ("index=99999999999999999999", None),
        ("callback=alert(1)", None),
        ("callback=a%0Ab", None),
        ("callback=1a", None),
        ("callback=a..b", None),
        ("callback=" + "a" * 65, None),
    ],
)
def test_each_way_of_writing_is_read_or_refused(node: Node, query: str, indexes: list[int] | None) -> None:
    reply = node.get(NAME, query)
    said = json.loads(reply.body)
    if indexes is None:
        assert (reply.status, said["responseCode"]) == (400, 2)
        assert said["message"]
        assert reply.headers["content-type"].startswith("application/json")  # never a script of a bad name
    else:
        assert (reply.status, [value["index"] for value in said["values"]]) == (200, indexes)


# --- more than is public -------------------------------------------------------------------------------------

AUTH = ["", "auth", "auth=true", "auth=1", "auth=yes", "auth=false", "auth=0", "auth=no", "auth=FALSE"]
PUBLIC_ONLY = ["", "publicOnly=true", "publicOnly=false", "publicOnly=0", "publicOnly=No", "publiconly=false"]


@pytest.mark.parametrize(("auth", "public_only"), list(product(AUTH, PUBLIC_ONLY)))
@pytest.mark.parametrize("rest", ["", "index=1", "pretty"])
def test_either_wish_for_more_is_for_the_control_plane(node: Node, auth: str, public_only: str, rest: str) -> None:
    more = auth in {"auth", "auth=true", "auth=1", "auth=yes"} or public_only.lower().endswith(("false", "0", "no"))
    reply = node.get(NAME, "&".join(filter(None, [auth, public_only, rest])))
    assert (reply.body == HANDED) == more
    if not more:
        assert reply.status == 200


@pytest.mark.parametrize("query", ["auth=false&auth=true", "auth=true&auth=false"])
def test_of_a_parameter_said_twice_the_first_counts(node: Node, query: str) -> None:
    assert (node.get(NAME, query).body == HANDED) == query.startswith("auth=true")


@pytest.mark.parametrize("header", ["Basic eDp5", "Handle x", "Bearer x", "x"])
def test_whoever_authenticates_is_for_the_control_plane_whatever_is_asked(node: Node, header: str) -> None:
    for query in ("", "index=1", "publicOnly=true", "auth=false"):
        assert node.get(NAME, query, ("authorization", header)).body == HANDED


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH", "TRACE"])
@pytest.mark.parametrize("query", ["", "index=various", "overwrite=false", "index=x", "auth=false"])
def test_whatever_is_no_reading_is_handed_over_unread(node: Node, method: str, query: str) -> None:
    assert node.get(NAME, query, method=method).body == HANDED


# --- hostile paths -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("88.101.5/" + "x" * 2039, 404, 100),  # 2 048 octets: the longest name
        ("88.101.5/" + "x" * 2040, 400, 102),
        ("88.101.5/" + "量" * 680, 400, 102),
        ("88.101.5/a\0b", 400, 102),
        ("88.101.5/a\r\nSet-Cookie: x", 400, 102),
        ("88.101.5/ ", 400, 102),
        ("88.101.5/\ufffd", 404, 100),
        ("88.101.5/../../etc/passwd", 404, 100),
        ("88.101.5//", 404, 100),
        ("88.101.5/%2F", 404, 100),
        ("88.101.5/<script>", 404, 100),
        ("/88.101.5/x", 400, 102),
        ("88.101.5", 400, 102),
        ("", 400, 102),
        ("..", 400, 102),
        (".88/x", 400, 102),
        ("88.101.5\\x/y", 400, 301),
    ],
)
def test_odd_names_are_judged_and_told_back_only_as_json(node: Node, name: str, status: int, code: int) -> None:
    reply = node.get(name)
    said = json.loads(reply.body)
    assert (reply.status, said["responseCode"]) == (status, code)
    assert len(said["handle"]) <= 2048
    assert all("\r" not in text and "\n" not in text for pair in reply.headers.items() for text in pair)
    assert reply.headers["x-content-type-options"] == "nosniff"


@given(
    st.lists(st.sampled_from(["1", "2", "3", "300", "9"]), max_size=4),
    st.lists(st.sampled_from(["URL", "url", "DESC.", "DESC.LONG", "EMAIL.", "X", "HS_SECKEY"]), max_size=4),
    st.randoms(use_true_random=False),
)
def test_the_order_of_parameters_does_not_count(indexes: list[str], types: list[str], chance: Any) -> None:
    pairs = [("index", each) for each in indexes] + [("type", each) for each in types]
    chance.shuffle(pairs)
    said = json.loads(SHARED.get(NAME, urlencode(pairs)).body)
    assert [value["index"] for value in said["values"]] == expected(indexes, types)


SHARED = Node(per_minute=100_000)
