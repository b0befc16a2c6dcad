"""Lists of administrators that lead to lists: whom they name, how deep they are followed, what following them costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.handle.admins import ALL_PERMISSIONS, AdminRecord, value_list_octets
from jialiang.formats.handle.values import HandleReference, HandleValue
from jialiang.functions.handle_rights import (
    DEEPEST_LIST,
    InsufficientRight,
    require_handle_right,
    require_prefix_right,
)
from jialiang.security.actor import Actor, identity_actor

SOMEWHERE = UUID("0190a5b4-0000-7000-8000-000000000001")
ME = "300:88.101.5/Admin"
Graph = dict[str, Sequence[str]]


def someone(identity: str = ME) -> Actor:
    """An identity as a door hands it on; none of these tests asks the database who holds what."""
    return identity_actor(SOMEWHERE, SOMEWHERE, identity, "api")


def reference(text: str) -> HandleReference:
    index, _, handle = text.partition(":")
    return HandleReference(int(index), handle)


def admin(text: str) -> HandleValue:
    named = reference(text)
    return HandleValue(100, "HS_ADMIN", AdminRecord(named.handle, named.index, ALL_PERMISSIONS).octets())


class Records:
    """Records that hold lists, by ``index:handle``, and how often each record was asked for."""

    def __init__(self, lists: Graph) -> None:
        self.lists = lists
        self.asked: Counter[str] = Counter()

    def __call__(self, name: str) -> Sequence[HandleValue]:
        self.asked[name.lower()] += 1
        return [
            HandleValue(named.index, "HS_VLIST", value_list_octets(tuple(map(reference, members))))
            for named, members in ((reference(text), members) for text, members in self.lists.items())
            if named.handle.lower() == name.lower()
        ]


def may(records: Records, *administrators: str, actor: Actor | None = None) -> bool:
    values = [admin(text) for text in administrators]
    try:
        require_handle_right(actor or someone(), values, "modify_value", lookup=records)
    except InsufficientRight:
        return False
    return True


def chain(length: int) -> Graph:
    """``1:88.1/0`` lists ``1:88.1/1`` and so on; the last of ``length`` lists names me."""
    graph: dict[str, Sequence[str]] = {f"1:88.1/{step}": [f"1:88.1/{step + 1}"] for step in range(length - 1)}
    return graph | {f"1:88.1/{length - 1}": [ME]}


@pytest.mark.parametrize(
    ("length", "named"), [(1, True), (2, True), (DEEPEST_LIST, True), (DEEPEST_LIST + 1, False)]
)
def test_a_chain_of_lists_is_followed_eight_deep_and_no_deeper(length: int, named: bool):
    assert may(Records(chain(length)), "1:88.1/0") is named


def test_a_list_of_a_hundred_lists_that_all_list_each_other_is_read_list_by_list_once():
    names = [f"1:88.1/{number}" for number in range(100)]
    records = Records(dict.fromkeys(names, names))
    assert not may(records, names[0])
    assert set(records.asked.values()) == {1}
    assert len(records.asked) == 100


def test_a_list_that_lists_itself_in_every_spelling_is_read_once():
    records = Records({"1:88.1/team": ["1:88.1/TEAM", "01:88.1/Team", "1:88.1/team"] * 30})
    assert not may(records, "1:88.1/team")
    assert records.asked == {"88.1/team": 1}


def test_two_lists_in_one_record_are_two_lists():
    records = Records({"1:88.1/team": ["2:88.1/team"], "2:88.1/team": [ME]})
    assert may(records, "1:88.1/team")
    assert not may(records, "3:88.1/team")


def test_whoever_is_named_at_once_costs_no_reading_of_lists():
    records = Records({"1:88.1/team": [ME]})
    assert may(records, ME)
    assert not records.asked


def test_the_shortest_way_counts_where_a_list_is_reached_by_several():
    long_way = chain(DEEPEST_LIST + 1)
    assert not may(Records(long_way), "1:88.1/0")
    short = dict(long_way) | {"1:88.1/0": ["1:88.1/1", f"1:88.1/{DEEPEST_LIST}"]}
    assert may(Records(short), "1:88.1/0")


LISTS = [f"1:88.1/{number}" for number in range(6)]


@given(
    graph=st.dictionaries(st.sampled_from(LISTS), st.lists(st.sampled_from([*LISTS, ME, "7:88.1/x"]), max_size=5)),
    first=st.sampled_from(LISTS),
)
def test_who_is_named_is_who_can_be_reached_from_the_administrator(graph: Graph, first: str):
    reached, border = {first}, [first]
    while border:  # six lists: no way is longer than eight
        border = [member for name in border for member in graph.get(name, ()) if member not in reached]
        reached |= set(border)
    assert may(Records(graph), first) is (ME in reached)


@given(graph=st.dictionaries(st.sampled_from(LISTS), st.lists(st.sampled_from([*LISTS, ME]), max_size=5)))
def test_listing_somebody_else_too_never_takes_a_right_away(graph: Graph):
    before = may(Records(graph), LISTS[0])
    wider = {name: [*members, "9:88.1/guest"] for name, members in graph.items()}
    assert may(Records(wider), LISTS[0]) is before
    assert may(Records(graph), LISTS[0], "8:88.1/other") is before


@pytest.mark.parametrize("identity", ["300:88.101.5/admin", "0300:88.101.5/ADMIN"])
def test_a_member_is_known_however_its_name_is_written(identity: str):
    assert may(Records({"1:88.1/team": [identity]}), "1:88.1/team")


def test_administrators_of_a_prefix_may_be_a_list_elsewhere():
    team: Graph = {"1:88.1/team": [ME]}

    def lookup(name: str) -> Sequence[HandleValue]:
        return [admin("1:88.1/team")] if name == "0.NA/88.101.5" else Records(team)(name)

    require_prefix_right(someone(), "88.101.5", "add_handle", lookup=lookup)
    with pytest.raises(InsufficientRight) as refused:
        require_prefix_right(someone("301:88.101.5/Admin"), "88.101.5", "add_handle", lookup=lookup)
    assert refused.value.facts == {"identity": "301:88.101.5/Admin", "deed": "add_handle"}
