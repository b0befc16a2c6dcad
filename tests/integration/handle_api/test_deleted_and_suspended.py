"""What clients of the Handle System may still do to a record that they deleted, or that was suspended for a cause."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.functions.prefix_verbs import customer
from tests.integration.handle_api.test_writing import EMAIL, NAME, URL, Door, door, made, world
from tests.ledger import World

from jialiang.base.identifiers import selectors
from jialiang.formats.handle.published import record_key
from jialiang.functions import identifiers
from jialiang.governance.publication.selectors import answer as published
from jialiang.integration.handle_api.records import DELETED
from jialiang.kernel.clock import utc_now
from jialiang.security.tenancy.scope import scope

__all__ = ["door", "made", "world"]
NOTE = {"index": 5, "type": "NOTE", "data": "later"}
SECRET = {"index": 9, "type": "NOTE", "data": "internal", "permissions": "1100"}


def version(of: World) -> int:
    with scope(of.tenant_id):
        return selectors.record(NAME).version


def moved(of: World, verb: Any, reason: str) -> None:
    with scope(of.tenant_id):
        verb(actor=customer(of), name=NAME, reason=reason, now=utc_now())


def shown() -> tuple[str, Any]:
    row = published(record_key(NAME))
    assert row is not None
    return row.headers.get(":status", "200"), json.loads(row.body).get("values")


@pytest.mark.parametrize(
    ("method", "query", "body"),
    [
        ("PUT", "?index=various", [NOTE]),
        ("PUT", "?index=5", [NOTE]),
        ("PUT", "?index=various&overwrite=false", [NOTE]),
        ("POST", "?index=various", [NOTE]),
        ("DELETE", "?index=1", None),
        ("DELETE", "", None),
    ],
)
def test_single_values_of_a_deleted_record_are_as_unknown_as_itself(
    made: Door, world: World, method: str, query: str, body: Any
) -> None:
    assert made.codes("DELETE") == (200, 1)
    before = version(world)
    assert made.codes(method, query, body) == (404, 100)
    assert version(world) == before
    assert made.codes("POST", "", [EMAIL]) == (201, 1)
    assert made.indexes() == [2]


def test_deleting_and_creating_again_and_again_keeps_one_history(made: Door, world: World) -> None:
    for _ in range(3):
        assert made.codes("DELETE") == (200, 1)
        assert shown()[0] == "404"
        assert made.codes("PUT", "?overwrite=false", [URL]) == (201, 1)
        assert shown()[0] == "200"
    with scope(world.tenant_id):
        past = selectors.history(NAME)
    assert [one.record.version for one in past] == list(range(len(past), 0, -1))
    assert [one.reason for one in past].count(DELETED) == 3


def test_made_anew_a_record_has_the_new_values_alone_and_none_of_its_codes(made: Door, world: World) -> None:
    assert made.codes("PUT", "?index=various", [SECRET]) == (200, 1)
    made.codes("DELETE")
    made.codes("PUT", "", [EMAIL])
    assert made.indexes() == [2]
    with scope(world.tenant_id):
        assert selectors.record(NAME).codes == ()
    assert [value["index"] for value in shown()[1]] == [2]


def test_what_is_not_public_is_told_neither_by_the_published_row_nor_to_strangers(made: Door) -> None:
    made.codes("PUT", "?index=various", [SECRET])
    assert made.indexes() == [1, 2, 9]
    assert made.indexes("?publicOnly=true") == [1, 2]
    status, said = made.handle("GET", "?auth=true", authorization=None)
    assert (status, [value["index"] for value in said["values"]]) == (200, [1, 2])
    assert "internal" not in json.dumps([shown(), said])


@pytest.mark.parametrize(
    ("method", "query", "body", "pair"),
    [
        ("PUT", "", [URL], (409, 2)),
        ("PUT", "?overwrite=false", [URL], (409, 101)),
        ("POST", "", [URL], (409, 101)),
        ("POST", "?overwrite=true", [URL], (409, 2)),
        ("DELETE", "", None, (409, 2)),
    ],
)
def test_suspended_for_a_cause_a_record_is_neither_revived_nor_deleted(
    made: Door, world: World, method: str, query: str, body: Any, pair: tuple[int, int]
) -> None:
    moved(world, identifiers.suspend, "recall")
    before = version(world)
    assert made.codes(method, query, body) == pair
    assert (version(world), shown()[0]) == (before, "404")
    moved(world, identifiers.resume, "mended")
    assert shown()[0] == "200"


@pytest.mark.parametrize(
    ("method", "query", "body", "pair"),
    [
        ("PUT", "", [URL], (409, 101)),
        ("PUT", "?overwrite=false", [URL], (409, 101)),
        ("PUT", "?index=various", [NOTE], (409, 2)),
        ("DELETE", "?index=1", None, (409, 2)),
        ("DELETE", "", None, (409, 2)),
    ],
)
def test_a_retired_record_takes_nothing_more(
    made: Door, world: World, method: str, query: str, body: Any, pair: tuple[int, int]
) -> None:
    moved(world, identifiers.retire, "scrapped")
    before = version(world)
    assert made.codes(method, query, body) == pair
    assert (version(world), shown()[0]) == (before, "410")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("?index=0", 200),
        ("?index=2147483647", 200),
        ("?index=1&index=3", 200),
        ("?index=12345678901", 2),
        ("?index=-1", 2),
        ("?index=１", 2),
        ("?index=", 2),
        ("?index=1&index=x", 2),
    ],
)
def test_an_index_that_is_none_is_refused_before_anything_is_removed(
    made: Door, world: World, query: str, code: int
) -> None:
    before = version(world)
    assert made.codes("DELETE", query) == (400, code)
    assert version(world) == before
