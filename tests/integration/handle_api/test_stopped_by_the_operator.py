"""A record that the operator has suspended for a cause: no client of the Handle System changes, mends or empties it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.functions.prefix_verbs import customer, operator
from tests.integration.handle_api.test_writing import EMAIL, NAME, URL, Door, door, made, world
from tests.ledger import World

from jialiang.base.identifiers import selectors
from jialiang.functions import identifiers
from jialiang.integration.handle_api.records import DELETED
from jialiang.kernel.clock import utc_now
from jialiang.security.tenancy.scope import scope

__all__ = ["door", "made", "world"]
NOTE = {"index": 5, "type": "NOTE", "data": "later"}
MENDED = {"index": 1, "type": "URL", "data": "https://evil.example/7"}
FORBIDDEN = (409, 2)


@pytest.fixture
def stopped(made: Door, world: World) -> Door:
    """The dairy's client, whose record the institute has suspended."""
    with scope(world.tenant_id):
        identifiers.suspend(actor=operator(world), name=NAME, reason="recall of the series", now=utc_now())
    return made


def kept(of: World) -> tuple[int, str, list[tuple[int, bytes]], int]:
    """Return version, state and values of the record, and the length of its history."""
    with scope(of.tenant_id):
        found = selectors.record(NAME)
        values = [(value.index, value.data) for value in found.record.values]
        return found.version, found.state.value, values, len(selectors.history(NAME))


WRITES = [
    ("PUT", "?index=various", [NOTE]),
    ("PUT", "?index=various", [MENDED]),
    ("PUT", "?index=1", [MENDED]),
    ("PUT", "?index=5", NOTE),
    ("PUT", "?index=1&index=5", {"values": [MENDED, NOTE]}),
    ("PUT", "?index=various&overwrite=true", [MENDED]),
    ("PUT", "?index=various&overwrite=false", [NOTE]),
    ("PUT", "?index=various", []),
    ("POST", "?index=various", [NOTE]),
    ("POST", "?index=1&overwrite=true", [MENDED]),
    ("DELETE", "?index=1", None),
    ("DELETE", "?index=1&index=2", None),
    ("DELETE", "?index=77", None),
    ("DELETE", "", None),
    ("PUT", "", [URL]),
    ("POST", "?overwrite=true", [URL]),
]


@pytest.mark.parametrize(("method", "query", "body"), WRITES)
def test_nothing_of_it_is_changed_by_any_way_of_writing(
    stopped: Door, world: World, method: str, query: str, body: Any
) -> None:
    before = kept(world)
    assert before[1] == "suspended"
    assert stopped.codes(method, query, body) == FORBIDDEN
    assert kept(world) == before


@pytest.mark.parametrize("spelling", [NAME.upper(), NAME.replace("ins", "INS")])
def test_another_spelling_is_the_same_record(stopped: Door, world: World, spelling: str) -> None:
    before = kept(world)
    assert stopped.codes("PUT", "?index=various", [MENDED], spelling) == FORBIDDEN
    assert stopped.codes("DELETE", "?index=1", None, spelling) == FORBIDDEN
    assert kept(world) == before


@pytest.mark.parametrize("query", ["?index=various", "?index=1"])
def test_the_refusal_says_why_in_both_languages(stopped: Door, query: str) -> None:
    status, said = stopped.handle("PUT", query, [MENDED])
    assert status == 409
    assert said["handle"] == NAME
    what = said["error"]["what"]
    assert said["error"]["code"] == "JL-IDE-004"
    assert "暂停" in what["zh"] and "uspend" in what["en"]
    assert "recall" not in json.dumps(said)  # the operator's reason is not for everybody


def test_whole_and_single_writes_are_refused_in_the_same_words(stopped: Door) -> None:
    _, whole = stopped.handle("PUT", "", [URL])
    _, single = stopped.handle("PUT", "?index=1", [URL])
    assert whole == single


def test_a_value_that_breaks_a_rule_is_told_as_such_before(stopped: Door) -> None:
    assert stopped.codes("PUT", "?index=various", [{"index": 0, "type": "X", "data": "x"}])[0] == 400
    assert stopped.codes("DELETE", "?index=x") == (400, 2)


def test_resumed_it_is_written_again(stopped: Door, world: World) -> None:
    with scope(world.tenant_id):
        identifiers.resume(actor=operator(world), name=NAME, reason="released", now=utc_now())
    assert stopped.codes("PUT", "?index=various", [NOTE]) == (200, 1)
    assert stopped.codes("DELETE", "?index=1") == (200, 1)
    assert stopped.indexes() == [2, 5]


def test_its_owner_still_reads_it_and_strangers_do_not(stopped: Door) -> None:
    assert stopped.indexes() == [1, 2]
    status, said = stopped.handle("GET", "?auth=true", authorization=None)
    assert status == 404
    assert "values" not in said or said["values"] == []


def test_the_house_itself_may_still_put_it_right(stopped: Door, world: World) -> None:
    with scope(world.tenant_id):
        found = identifiers.remove_values(actor=customer(world), name=NAME, indexes=[2], now=utc_now())
    assert [value.index for value in found.record.values] == [1]


def test_a_client_that_deleted_it_finds_nothing_and_one_that_is_stopped_finds_that(made: Door, world: World) -> None:
    assert made.codes("DELETE") == (200, 1)
    assert made.codes("PUT", "?index=1", [URL]) == (404, 100)
    assert made.codes("PUT", "", [URL, EMAIL]) == (201, 1)
    with scope(world.tenant_id):
        identifiers.suspend(actor=operator(world), name=NAME, reason=f"{DELETED} by mistake", now=utc_now())
    assert made.codes("PUT", "?index=1", [URL]) == FORBIDDEN  # only the very words mean a deletion
    assert made.codes("PUT", "", [URL]) == FORBIDDEN


@pytest.mark.parametrize(("method", "body"), [("PUT", [NOTE]), ("DELETE", None)])
def test_a_record_that_is_not_there_is_unknown_as_before(made: Door, method: str, body: Any) -> None:
    assert made.codes(method, "?index=5", body, "88.101.5/none") == (404, 100)
