"""Reads of records: filters one by one and together, odd letters in them, pages, and every version as of its moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.console.standing import standing
from tests.functions.prefix_verbs import add_prefix, operator
from tests.ledger import World, build_world

from jialiang.base.identifiers import selectors
from jialiang.base.identifiers.errors import IdentifierStateForbids, IdentifierUnknown
from jialiang.base.identifiers.public_reads import record_anywhere, record_at
from jialiang.base.identifiers.records import RecordCode
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifiers
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

NOW = datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC)
GIAI = "40123459317"
EVERY = {"T-1", "T-2", "t_3", "U-1"}


@dataclass
class Shelf:
    """Four records: T-1 with a code, T-2 reserved, t_3 retired, and U-1 of the mill; T-1 has had five versions."""

    world: World
    moments: list[datetime]


def build() -> Shelf:
    tenant = create_tenant(slug="shelf", name=Text("云泽院", "Yunze"), time_zone="Asia/Shanghai", now=NOW)
    with scope(tenant.id):
        world = build_world(tenant.id, NOW)
        add_prefix(world, "88.101.5")
        add_prefix(world, "88.102", world.mill_id)
        who, name = operator(world), "88.101.5/T-1"
        moments = [NOW + timedelta(minutes=10 * step) for step in range(5)]
        for other, state in (
            ("88.101.5/T-2", "reserved"),
            ("88.101.5/t_3", "active"),
            ("88.102/U-1", "active"),
        ):
            identifiers.register(actor=who, name=other, values=(), state=state, now=NOW)
        identifiers.retire(actor=who, name="88.101.5/t_3", reason="报废", now=NOW)
        identifiers.register(
            actor=who,
            name=name,
            values=[HandleValue(1, "URL", b"a")],
            codes=[RecordCode("GIAI", GIAI)],
            now=moments[0],
        )
        identifiers.add_values(actor=who, name=name, values=[HandleValue(2, "NOTE", b"b")], now=moments[1])
        identifiers.suspend(actor=who, name=name, reason="被盗", now=moments[2])
        identifiers.resume(actor=who, name=name, now=moments[3])
        identifiers.remove_values(actor=who, name=name, indexes=[1], now=moments[4])
        return Shelf(world, moments)


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Shelf]:
    with standing(build, django_db_blocker) as shelf:
        yield shelf


@pytest.fixture
def shelf(built: Shelf, db: None) -> Iterator[Shelf]:
    with scope(built.world.tenant_id):
        yield built


def suffixes(query: dict[str, Any]) -> set[str]:
    return {record.name.partition("/")[2] for record in selectors.records(**query)}


FOUND: list[tuple[dict[str, str], set[str]]] = [
    ({}, EVERY), ({"prefix": "88.101.5"}, {"T-1", "T-2", "t_3"}), ({"prefix": "88.101"}, set()),
    ({"prefix": "88.102"}, {"U-1"}),
    ({"state": "active"}, {"T-1", "U-1"}), ({"state": "reserved"}, {"T-2"}), ({"state": "retired"}, {"t_3"}),
    ({"state": "suspended"}, set()), ({"state": "ACTIVE"}, set()), ({"name": "88.101.5/t-1"}, {"T-1"}),
    ({"name": "T-1"}, set()),
    ({"code": GIAI}, {"T-1"}), ({"code": GIAI[:-1]}, set()), ({"code": "%"}, set()),
    ({"code": GIAI, "prefix": "88.102"}, set()),
    ({"beginning": "88.101.5/"}, {"T-1", "T-2", "t_3"}), ({"beginning": "88.101.5/T"}, {"T-1", "T-2", "t_3"}),
    ({"beginning": "88.101.5/T-"}, {"T-1", "T-2"}), ({"beginning": "88.101.5/t_"}, {"t_3"}),
    ({"beginning": "88.101.5/%"}, set()),
    ({"beginning": "88.101.5"}, {"T-1", "T-2", "t_3"}), ({"beginning": "88"}, set()), ({"beginning": "/"}, set()),
    ({"beginning": "88.102/u", "state": "active"}, {"U-1"}), ({"beginning": "88.102/", "prefix": "88.101.5"}, set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"), FOUND, ids=lambda part: str(part) if isinstance(part, dict) else ""
)
def test_records_are_found_by_each_filter_and_by_all_together(
    shelf: Shelf, query: dict[str, Any], found: set[str]
) -> None:
    assert suffixes(query) == found
    assert selectors.count_records(**query) == len(found)
    of_the_mill = query | {"organization_id": shelf.world.mill_id}
    assert suffixes(of_the_mill) == found & {"U-1"}


@pytest.mark.parametrize("member", ["prefix", "state", "name", "code", "beginning"])
@pytest.mark.parametrize("text", ["\0", "88.101.5/T-1\0", "\ud800", "88.101.5\n"])
def test_what_no_database_holds_is_found_nowhere(shelf: Shelf, member: str, text: str) -> None:
    assert suffixes({member: text}) == set()
    assert selectors.count_records(**{member: text}) == 0


@pytest.mark.parametrize("size", [1, 2, 3, 4, 200])
def test_pages_tell_every_record_once_and_the_newest_first(shelf: Shelf, size: int) -> None:
    seen, after = [], ""
    while True:
        part = selectors.records(after=after, size=size)
        seen += [record.id for record in part]
        after = part.next_after
        if not after:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == 4


@pytest.mark.parametrize("step", range(5))
@pytest.mark.parametrize(("aside", "back"), [(0, 0), (1, 0), (599_999_999, 0), (-1, 1)])
def test_each_version_is_read_from_its_moment_to_the_microsecond_before_the_next(
    shelf: Shelf, step: int, aside: int, back: int
) -> None:
    current = record_anywhere("88.101.5/T-1")
    assert current is not None
    read = record_at(current, shelf.moments[step] + timedelta(microseconds=aside))
    wanted = step - back
    if wanted < 0:
        assert read is None
        return
    assert read is not None
    assert read.version == wanted + 1
    assert read.state == ("suspended" if wanted == 2 else "active")
    assert [value.index for value in read.record.values] == [[1], [1, 2], [1, 2], [1, 2], [2]][wanted]
    assert (read.id, read.created_at, read.changed_at) == (current.id, NOW, shelf.moments[wanted])


def test_the_history_tells_each_deed_newest_first(shelf: Shelf) -> None:
    told = [(past.record.version, past.action, past.reason) for past in selectors.history("88.101.5/t-1")]
    assert told == [
        (5, "identifier.change", ""), (4, "identifier.resume", ""), (3, "identifier.suspend", "被盗"),
        (2, "identifier.change", ""), (1, "identifier.register", ""),
    ]  # fmt: skip


def test_the_past_of_a_record_is_asked_by_those_who_may_read_it_and_by_nobody_else(shelf: Shelf) -> None:
    asked = {"name": "88.101.5/T-1", "at": shelf.moments[2], "now": shelf.moments[4] + timedelta(hours=1)}
    assert identifiers.resolve_identifier(actor=operator(shelf.world), **asked).version == 3
    stranger = shelf.world.person("customer", organization_id=shelf.world.mill_id)
    with pytest.raises(Exception, match="JL-") as refused:
        identifiers.resolve_identifier(actor=stranger, **asked)
    assert getattr(refused.value, "http_status", 0) == 403
    with pytest.raises(IdentifierUnknown):
        identifiers.resolve_identifier(
            actor=operator(shelf.world), **asked | {"at": NOW - timedelta(microseconds=1)}
        )


@pytest.mark.parametrize("name", ["88.101.5/none", "", "\0", "88.101.5", "温"])
def test_a_name_that_nobody_has_is_read_by_no_way(shelf: Shelf, name: str) -> None:
    assert not selectors.is_taken(name)
    assert record_anywhere(name) is None
    assert selectors.records_named([name, "88.102/u-1", name]) == [selectors.record("88.102/U-1")]
    for read in (selectors.record, selectors.history):
        with pytest.raises(IdentifierUnknown) as refused:
            read(name)
        assert refused.value.code == "JL-IDE-003"


def test_codes_of_a_retired_record_are_free_and_those_of_others_are_read(shelf: Shelf) -> None:
    found = selectors.record_by_code("GIAI", GIAI)
    assert found is not None
    assert found.name == "88.101.5/T-1"
    assert selectors.record_by_code("GTIN-13", GIAI) is None
    identifiers.retire(
        actor=operator(shelf.world), name=found.name, reason="报废", now=NOW + timedelta(hours=2)
    )
    assert selectors.record_by_code("GIAI", GIAI) is None
    with pytest.raises(IdentifierStateForbids):
        identifiers.activate(actor=operator(shelf.world), name=found.name, now=NOW + timedelta(hours=3))


@pytest.mark.parametrize(
    ("since", "until", "number"),
    [(NOW, NOW + timedelta(days=1), 4), (NOW, NOW, 0), (NOW - timedelta(days=1), NOW, 0),
     (NOW + timedelta(microseconds=1), NOW + timedelta(days=1), 0)],
)  # fmt: skip
def test_what_was_registered_in_a_span_is_counted_with_its_beginning_and_without_its_end(
    shelf: Shelf, since: datetime, until: datetime, number: int
) -> None:
    assert selectors.number_registered(since, until) == number
