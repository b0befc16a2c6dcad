"""Long lists of administrators: how many records are read for one decision, and what is said where they do not tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import pytest

from jialiang.formats.handle.admins import (
    ALL_PERMISSIONS,
    AdminPermission,
    AdminRecord,
    value_list_octets,
)
from jialiang.formats.handle.values import HandleReference, HandleValue, ResponseCode
from jialiang.functions.handle_rights import (
    DEEDS,
    MOST_LISTS,
    InsufficientRight,
    TooManyLists,
    require_handle_right,
)
from jialiang.kernel.errors import NotAllowed
from jialiang.security.actor import identity_actor

SOMEWHERE = UUID("0190a5b4-0000-7000-8000-000000000001")
ME = "300:88.101.5/Admin"
WHO = identity_actor(SOMEWHERE, SOMEWHERE, ME, "api")


def reference(text: str) -> HandleReference:
    index, _, handle = text.partition(":")
    return HandleReference(int(index), handle)


def admin(text: str, permissions: AdminPermission = ALL_PERMISSIONS, index: int = 100) -> HandleValue:
    named = reference(text)
    return HandleValue(index, "HS_ADMIN", AdminRecord(named.handle, named.index, permissions).octets())


def members(names: Sequence[str], index: int = 1) -> HandleValue:
    return HandleValue(index, "HS_VLIST", value_list_octets(tuple(map(reference, names))))


class Records:
    """Records by name, and how often each was read."""

    def __init__(self) -> None:
        self.kept: dict[str, list[HandleValue]] = {}
        self.asked: Counter[str] = Counter()

    def put(self, name: str, *values: HandleValue) -> Records:
        self.kept[name.lower()] = list(values)
        return self

    def __call__(self, name: str) -> Sequence[HandleValue]:
        self.asked[name.lower()] += 1
        return self.kept.get(name.lower(), [])


def names(number: int, beginning: str = "1:88.1/n") -> list[str]:
    return [f"{beginning}{place}" for place in range(number)]


@pytest.mark.parametrize("others", [5000, 20_000])
def test_a_list_that_names_thousands_makes_no_more_than_two_hundred_be_read(others: int):
    records = Records().put("88.1/team", members(names(others)))
    with pytest.raises(TooManyLists):
        require_handle_right(WHO, [admin("1:88.1/team")], "modify_value", lookup=records)
    assert len(records.asked) == sum(records.asked.values()) == MOST_LISTS == 200


@pytest.mark.parametrize(("others", "decided"), [(MOST_LISTS - 1, True), (MOST_LISTS, False)])
def test_the_bound_is_exact(others: int, decided: bool):
    """The list itself is one record, each of those that it names another."""
    records = Records().put("88.1/team", members(names(others)))
    with pytest.raises(InsufficientRight) as refused:
        require_handle_right(WHO, [admin("1:88.1/team")], "modify_value", lookup=records)
    assert (type(refused.value) is InsufficientRight) is decided
    assert sum(records.asked.values()) == min(others + 1, MOST_LISTS)


@pytest.mark.parametrize("place", [0, 1, 2500, 4999])
def test_whoever_stands_in_a_long_list_is_found_before_any_other_list_is_read(place: int):
    long = names(5000)
    long[place] = ME.upper()
    records = Records().put("88.1/team", members(long))
    require_handle_right(WHO, [admin("1:88.1/team")], "modify_value", lookup=records)
    assert sum(records.asked.values()) == 1


def test_an_administrator_who_is_named_is_found_though_another_one_is_a_list_of_thousands():
    records = Records().put("88.1/team", members(names(5000)))
    for order in (
        [admin("1:88.1/team", index=100), admin(ME, index=101)],
        [admin(ME), admin("1:88.1/team", index=101)],
    ):
        require_handle_right(WHO, order, "modify_value", lookup=records)
    assert not records.asked


def test_thousands_of_administrators_are_bounded_together_and_not_one_by_one():
    values = [admin(name, index=100 + place) for place, name in enumerate(names(900))]
    records = Records()
    with pytest.raises(TooManyLists):
        require_handle_right(WHO, values, "add_value", lookup=records)
    assert sum(records.asked.values()) == MOST_LISTS


def test_many_lists_in_one_record_are_one_reading():
    lists = [members([f"{place + 1}:88.1/book"], index=place) for place in range(1, 8)]
    records = Records().put("88.1/book", *lists, members([ME], index=8))
    require_handle_right(WHO, [admin("1:88.1/book")], "modify_value", lookup=records)
    assert records.asked == {"88.1/book": 1}


def test_one_record_in_many_spellings_counts_once():
    spellings = ["1:88.1/BOOK", "2:88.1/Book", "3:88.1/book", "4:88.1/bOOK"]
    records = Records().put("88.1/team", members(spellings)).put("88.1/book", members([ME], index=4))
    require_handle_right(WHO, [admin("1:88.1/team")], "modify_value", lookup=records)
    assert records.asked == {"88.1/team": 1, "88.1/book": 1}


def test_an_administrator_without_the_right_is_not_even_read():
    weak = AdminPermission.ADD_VALUE
    records = Records().put("88.1/team", members([ME]))
    values = [admin("1:88.1/team", weak)]
    require_handle_right(WHO, values, "add_value", lookup=records)
    records.asked.clear()
    with pytest.raises(InsufficientRight):
        require_handle_right(WHO, values, "remove_value", lookup=records)
    assert not records.asked


@pytest.mark.parametrize("deed", sorted(DEEDS))
def test_the_refusal_says_who_what_and_how_many_in_both_languages(deed: str):
    records = Records().put("88.1/team", members(names(300)))
    with pytest.raises(TooManyLists) as refused:
        require_handle_right(WHO, [admin("1:88.1/team")], deed, lookup=records)
    told = refused.value
    assert (told.code, told.http_status, told.response_code) == (
        "JL-HID-011", NotAllowed.http_status, ResponseCode.INSUFFICIENT_PERMISSIONS,
    )  # fmt: skip
    assert ME in told.what.zh
    assert ME in told.what.en
    assert deed in told.what.en
    assert "200" in told.rule.zh
    assert "200" in told.rule.en
    assert "HS_ADMIN" in told.way_out.zh
    assert "HS_ADMIN" in told.way_out.en


@pytest.mark.parametrize("deed", sorted(DEEDS))
def test_each_right_is_its_own_bit(deed: str):
    """An administrator with one bit does the deed of this bit and no other."""
    values = [admin(ME, DEEDS[deed])]
    done = set()
    for other in DEEDS:
        try:
            require_handle_right(WHO, values, other)
        except InsufficientRight:
            continue
        done.add(other)
    assert done == {deed}


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"\xff" * 40], ids=["none", "short", "garbage"])
def test_an_administrator_value_that_cannot_be_read_names_nobody_and_opens_nothing(data: bytes):
    for lookup in (Records(), Records().put("88.1/team", members([ME]))):
        with pytest.raises(InsufficientRight):
            require_handle_right(WHO, [HandleValue(100, "HS_ADMIN", data)], "modify_value", lookup=lookup)


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x00\x00\x00\x05", b"\xff" * 12])
def test_a_list_that_cannot_be_read_has_no_members(data: bytes):
    records = Records().put("88.1/team", HandleValue(1, "HS_VLIST", data))
    with pytest.raises(InsufficientRight) as refused:
        require_handle_right(WHO, [admin("1:88.1/team")], "modify_value", lookup=records)
    assert type(refused.value) is InsufficientRight


@pytest.mark.parametrize("kind", ["HS_VLIST", "hs_vlist", "Hs_VList"])
def test_the_type_of_a_list_has_no_case(kind: str):
    value = HandleValue(1, kind, value_list_octets((reference(ME),)))
    require_handle_right(
        WHO, [admin("1:88.1/team")], "modify_value", lookup=Records().put("88.1/team", value)
    )


@pytest.mark.parametrize("kind", ["URL", "HS_ADMIN", "HS_SITE", "HS_VLIST.x"])
def test_a_value_of_another_type_is_no_list(kind: str):
    value = HandleValue(1, kind, value_list_octets((reference(ME),)))
    with pytest.raises(InsufficientRight):
        require_handle_right(
            WHO, [admin("1:88.1/team")], "modify_value", lookup=Records().put("88.1/team", value)
        )
