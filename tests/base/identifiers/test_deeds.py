"""Deeds on records as the node tells them: against whole histories, in order, across institutes and versions."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.functions.prefix_verbs import add_prefix, operator
from tests.ledger import World

from jialiang.base.identifiers.deeds import RecordDeed, deeds_between
from jialiang.base.identifiers.models import Identifier, IdentifierVersion
from jialiang.functions import identifiers
from jialiang.security.tenancy.scope import everywhere

HOUR = timedelta(hours=1)
NODE = "88.101"


@pytest.fixture
def keeper(world: World):
    add_prefix(world, NODE, world.own_id)
    add_prefix(world, "88.101.5")
    add_prefix(world, "88.1011")
    return operator(world)


def told(since: datetime, until: datetime, node: str = NODE) -> list[RecordDeed]:
    return list(deeds_between(since, until, node))


def history() -> set[tuple[str, int, datetime, str]]:
    """Every version there is, by the tables alone."""
    with everywhere("what stands in the tables"):
        now = {(row.name, row.version, row.changed_at, row.action) for row in Identifier.objects.all()}
        past = {
            (row.identifier.name, row.version, row.changed_at, row.action)
            for row in IdentifierVersion.objects.select_related("identifier")
        }
    return now | past


def a_life(keeper, name: str, begins: datetime) -> None:
    """Reserve, activate, suspend, resume and retire a record, an hour each."""
    identifiers.register(actor=keeper, name=name, values=(), state="reserved", now=begins)
    identifiers.activate(actor=keeper, name=name, now=begins + HOUR)
    identifiers.suspend(actor=keeper, name=name, reason="丢失", now=begins + 2 * HOUR)
    identifiers.resume(actor=keeper, name=name, now=begins + 3 * HOUR)
    identifiers.retire(actor=keeper, name=name, reason="报废", now=begins + 4 * HOUR)


def test_every_version_of_the_node_is_told_once(world: World, keeper) -> None:
    for at, name in enumerate(("88.101/a", "88.101.5/b", "88.101.5/c")):
        a_life(keeper, name, world.now + at * HOUR)
    a_life(keeper, "88.1011/stranger", world.now)
    found = told(world.now, world.now + 24 * HOUR)
    versions = {(deed.name, deed.version, deed.at, deed.action) for deed in found}
    assert versions == {row for row in history() if not row[0].startswith("88.1011")}
    assert len(found) == 15


def test_deeds_come_in_the_order_of_time(world: World, keeper) -> None:
    a_life(keeper, "88.101/late", world.now + 2 * HOUR)
    a_life(keeper, "88.101/early", world.now)
    moments = [deed.at for deed in told(world.now, world.now + 24 * HOUR)]
    assert moments == sorted(moments)
    assert len(moments) == 10


@pytest.mark.parametrize(
    ("first", "last", "versions"), [(0, 5, [1, 2, 3, 4, 5]), (1, 3, [2, 3]), (4, 5, [5]), (2, 2, []), (5, 9, [])]
)
def test_a_time_begins_with_its_first_moment_and_ends_before_its_last(
    world: World, keeper, first: int, last: int, versions: list[int]
) -> None:
    a_life(keeper, "88.101.5/a", world.now)
    found = told(world.now + first * HOUR, world.now + last * HOUR)
    assert [deed.version for deed in found] == versions


def test_times_side_by_side_share_nothing_and_lose_nothing(world: World, keeper) -> None:
    a_life(keeper, "88.101.5/a", world.now)
    whole = told(world.now, world.now + 6 * HOUR)
    parts = [deed for at in range(6) for deed in told(world.now + at * HOUR, world.now + (at + 1) * HOUR)]
    assert parts == whole


def test_the_state_is_that_of_the_version_and_not_of_today(world: World, keeper) -> None:
    a_life(keeper, "88.101.5/a", world.now)
    found = told(world.now, world.now + 24 * HOUR)
    assert [deed.state for deed in found] == ["reserved", "active", "suspended", "active", "retired"]
    assert {deed.prefix for deed in found} == {"88.101.5"}


@pytest.mark.parametrize(
    ("node", "number"), [("88.101", 1), ("88.101.5", 1), ("88.10", 0), ("88.101.55", 0), ("88.101.5.1", 0), ("88", 1)]
)
def test_a_node_has_what_stands_under_it_and_nothing_that_begins_alike(
    world: World, keeper, node: str, number: int
) -> None:
    identifiers.register(actor=keeper, name="88.101.5/a", values=(), now=world.now)
    assert len(told(world.now, world.now + HOUR, node)) == number


def test_a_percent_sign_in_the_node_is_no_pattern(world: World, keeper) -> None:
    identifiers.register(actor=keeper, name="88.101.5/a", values=(), now=world.now)
    for node in ("%", "88.%", "88_101", "88.101%"):
        assert told(world.now, world.now + HOUR, node) == []


def test_no_more_than_two_queries_are_asked(world: World, keeper, django_assert_num_queries) -> None:
    a_life(keeper, "88.101.5/a", world.now)
    with django_assert_num_queries(2):
        assert len(told(world.now, world.now + 24 * HOUR)) == 5
