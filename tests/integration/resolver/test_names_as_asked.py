"""Handle JSON spells the name as it was asked for: a client takes another spelling for another record."""

from __future__ import annotations

import json

import pytest
from tests.integration.resolver.node import EMAIL, NAME, URL, Node

from jialiang.integration.resolver.handle_reads import as_asked

SPELLINGS = [NAME, NAME.lower(), NAME.upper(), "88.101.5/iNS-7"]


@pytest.fixture
def node() -> Node:
    return Node(per_minute=1000)


@pytest.mark.parametrize("spelled", SPELLINGS)
@pytest.mark.parametrize("query", ["", "index=1", "type=email", "pretty", "callback=f", "index=99"])
def test_the_name_comes_back_as_it_was_asked_for(node: Node, spelled: str, query: str) -> None:
    for _ in range(2):  # the second answer may come from memory
        body = node.get(spelled, query).body.decode()
        said = json.loads(body.removeprefix("/**/f(").removesuffix(");"))
        assert said["handle"] == spelled


def test_every_spelling_has_the_same_values_one_after_the_other(node: Node) -> None:
    found = [node.json(spelled) for spelled in SPELLINGS * 2]
    assert {status for status, _ in found} == {200}
    assert [said.pop("handle") for _, said in found] == SPELLINGS * 2
    assert all(said == found[0][1] for _, said in found)


@pytest.mark.parametrize(("state", "status"), [("suspended", 404), ("retired", 410)])
def test_a_record_that_is_not_in_force_is_named_as_asked_too(node: Node, state: str, status: int) -> None:
    node.reader.closed("88.101.5/Old", state, status)
    assert [node.json(name)[1]["handle"] for name in ("88.101.5/old", "88.101.5/OLD")] == [
        "88.101.5/old",
        "88.101.5/OLD",
    ]


@pytest.mark.parametrize("name", ['88.101.5/a"B', "88.101.5/a\\B", "88.101.5/量A器"])
def test_letters_that_json_writes_otherwise_change_nothing(node: Node, name: str) -> None:
    node.reader.record(name, URL, EMAIL)
    for spelled in (name, name.lower(), name):
        status, said = node.json(spelled)
        assert (status, said["handle"], len(said["values"])) == (200, spelled, 2)


def test_only_the_case_of_letters_is_ever_changed() -> None:
    row = (b'{"responseCode":1,"handle":"88.1/Ab","values":[]}', 7, 200, 3)
    assert as_asked(row, "88.1/Ab") is row
    assert as_asked(row, "88.1/xx") is row
    assert as_asked(row, "88.1/Abc") is row
    assert as_asked(row, "88.1/aB") == (b'{"responseCode":1,"handle":"88.1/aB","values":[]}', 7, 200, 3)


@pytest.mark.parametrize("path", [f"/api/handles/{NAME}", "/01/09506000134352"])
def test_an_answer_for_lack_of_the_table_is_open_to_every_origin(node: Node, path: str) -> None:
    node.reader.broken = True
    reply = node.open(path)
    assert (reply.status, reply.headers["access-control-allow-origin"]) == (503, "*")


def test_an_answer_to_who_asks_too_often_is_open_to_every_origin() -> None:
    node = Node(per_minute=1)
    replies = [node.open("/01/09506000134352") for _ in range(3)]
    assert [reply.status for reply in replies] == [404, 429, 429]
    assert all(reply.headers["access-control-allow-origin"] == "*" for reply in replies)
