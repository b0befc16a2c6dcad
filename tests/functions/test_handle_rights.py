"""HS_ADMIN and HS_VLIST: which identity may do what to a record and under a prefix."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.functions.prefix_verbs import add_prefix, customer

from jialiang.formats.handle.admins import ALL_PERMISSIONS, AdminPermission, AdminRecord, value_list_octets
from jialiang.formats.handle.values import HandleReference, HandleValue, ResponseCode
from jialiang.functions.handle_rights import (
    DEEDS,
    InsufficientRight,
    require_handle_right,
    require_prefix_right,
    require_value_right,
)
from jialiang.kernel.text import Text
from jialiang.security.actor import identity_actor, system_actor

ME = "300:88.101.5/admin"
NAME = "88.101.5/instrument-1"


@pytest.fixture
def me(world):
    """An identity of the dairy."""
    return identity_actor(world.tenant_id, world.dairy_id, ME, "api")


def admin(reference: str, permissions: AdminPermission = ALL_PERMISSIONS, index: int = 100) -> HandleValue:
    number, _, handle = reference.partition(":")
    return HandleValue(index, "HS_ADMIN", AdminRecord(handle, int(number), permissions).octets())


def group(index: int, *members: str) -> HandleValue:
    parts = [member.partition(":") for member in members]
    return HandleValue(
        index, "HS_VLIST", value_list_octets(tuple(HandleReference(int(n), h) for n, _, h in parts))
    )


def may(actor, values, deed, lookup=lambda name: ()) -> bool:
    try:
        require_handle_right(actor, values, deed, lookup=lookup)
    except InsufficientRight as refused:
        assert refused.response_code == ResponseCode.INSUFFICIENT_PERMISSIONS == 401
        assert refused.facts == {"identity": actor.identity, "deed": deed}
        return False
    return True


def test_the_deeds_are_the_twelve_bits():
    assert [(deed, int(bit)) for deed, bit in DEEDS.items()] == [
        ("add_handle", 1), ("delete_handle", 2), ("add_derived_prefix", 4), ("delete_derived_prefix", 8),
        ("modify_value", 16), ("remove_value", 32), ("add_value", 64), ("modify_admin", 128), ("remove_admin", 256),
        ("add_admin", 512), ("read_value", 1024), ("list_handles", 2048),
    ]  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS)
def test_an_administrator_may_what_its_bit_says_and_nothing_else(me, deed):
    assert may(me, [admin(ME, DEEDS[deed])], deed)
    assert not may(me, [admin(ME, ALL_PERMISSIONS & ~DEEDS[deed])], deed)


@pytest.mark.parametrize(
    ("reference", "is_me"),
    [
        ("300:88.101.5/ADMIN", True),
        ("301:88.101.5/admin", False),
        ("300:88.101.5/other", False),
        ("300:88.102/admin", False),
    ],
)
def test_an_administrator_is_known_by_index_and_handle_whatever_the_letters_case(me, reference, is_me):
    assert may(me, [admin(reference)], "modify_value") is is_me


def test_any_of_several_administrators_suffices_with_its_own_bit_only(me):
    values = [admin("1:88.1/x"), admin(ME, DEEDS["add_value"], index=101)]
    assert may(me, values, "add_value")
    assert not may(me, values, "remove_value")


def test_a_record_without_administrators_is_its_owner_s_as_the_house_says(me):
    assert may(me, [HandleValue(1, "URL", b"https://example.org")], "delete_handle")


def test_an_administrator_that_cannot_be_read_gives_the_record_to_nobody(me):
    assert not may(me, [HandleValue(100, "HS_ADMIN", b"\x0f")], "modify_value")
    assert may(me, [HandleValue(100, "hs_admin", b"\x0f"), admin(ME)], "modify_value")


def test_a_list_names_its_members_and_lists_lead_to_lists(me):
    records = {
        "88.1/team": [group(2, "1:88.1/x", "200:88.1/inner")],
        "88.1/inner": [group(200, ME)],
    }
    lookup = lambda name: records.get(name, ())  # noqa: E731
    assert may(me, [admin("2:88.1/team")], "add_value", lookup)
    assert not may(me, [admin("3:88.1/team")], "add_value", lookup)
    assert not may(me, [admin("2:88.1/team")], "add_value")


def test_lists_that_lead_in_a_circle_or_are_broken_end(me):
    records = {
        "88.1/a": [group(1, "1:88.1/b")],
        "88.1/b": [group(1, "1:88.1/a")],
        "88.1/c": [HandleValue(1, "HS_VLIST", b"\x00")],
    }
    lookup = lambda name: records.get(name, ())  # noqa: E731
    assert not may(me, [admin("1:88.1/a")], "add_value", lookup)
    assert not may(me, [admin("1:88.1/c")], "add_value", lookup)


def test_a_value_that_is_no_list_names_nobody(me):
    lookup = lambda name: [HandleValue(1, "DESC", group(1, ME).data)]  # noqa: E731
    assert not may(me, [admin("1:88.1/a")], "add_value", lookup)


def test_the_usual_list_of_a_prefix_holds_the_identities_of_its_holder(world, me):
    add_prefix(world, "88.101.5")
    add_prefix(world, "88.102.1", world.mill_id)
    usual = admin("200:0.NA/88.101.5", AdminPermission(0b011111110011))
    assert may(me, [usual], "modify_value")
    assert not may(me, [usual], "list_handles")
    assert may(me, [admin("200:0.na/88.101.5")], "modify_value")
    assert not may(me, [admin("200:0.NA/88.102.1")], "modify_value")
    assert not may(me, [admin("300:0.NA/88.101.5")], "modify_value")
    assert not may(me, [admin("200:0.NA/88.777")], "modify_value")


def test_a_list_kept_in_the_prefix_s_own_record_counts_instead(world, me):
    add_prefix(world, "88.101.5")
    kept = {"0.NA/88.101.5": [group(200, "300:88.101.5/somebody-else")]}
    assert not may(me, [admin("200:0.NA/88.101.5")], "modify_value", lambda name: kept.get(name, ()))


def under(actor, prefix, deed, lookup=lambda name: ()) -> bool:
    try:
        require_prefix_right(actor, prefix, deed, lookup=lookup)
    except InsufficientRight:
        return False
    return True


def test_under_a_prefix_the_identities_of_its_holder_create(world, me):
    own, other = add_prefix(world, "88.101.5"), add_prefix(world, "88.102.1", world.mill_id)
    for prefix in (own, "88.101.5"):
        assert under(me, prefix, "add_handle")
    for prefix in (other, "88.102.1", "88.777"):
        assert not under(me, prefix, "add_handle")


def test_administrators_kept_for_a_prefix_count_instead_of_the_holder(world, me):
    own = add_prefix(world, "88.101.5")
    kept = {"0.NA/88.101.5": [admin(ME, DEEDS["list_handles"])]}
    lookup = lambda name: kept.get(name, ())  # noqa: E731
    assert under(me, own, "list_handles", lookup)
    assert not under(me, own, "add_handle", lookup)


@pytest.mark.parametrize(
    ("bits", "write", "passes"),
    [
        (8, False, True),
        (2, False, True),
        (4, False, False),
        (0, False, False),
        (4, True, True),
        (1, True, True),
        (8, True, False),
        (10, True, False),
    ],
)
def test_a_value_s_own_bits_say_whether_it_is_read_and_written(me, bits, write, passes):
    value = HandleValue(1, "URL", b"", permissions=bits)
    if passes:
        require_value_right(me, value, write=write)
    else:
        with pytest.raises(InsufficientRight) as refused:
            require_value_right(me, value, write=write)
        assert refused.value.facts["deed"] == ("modify_value" if write else "read_value")


def test_people_and_the_program_are_held_to_the_permissions_of_the_house_alone(world):
    locked = [admin("1:88.1/x", AdminPermission(0))]
    for actor in (customer(world), system_actor(world.tenant_id, Text("系统"), "cli")):
        require_handle_right(actor, locked, "modify_value")
        require_prefix_right(actor, "88.777", "add_handle")
        require_value_right(actor, HandleValue(1, "URL", b"", permissions=0), write=True)


def test_a_deed_that_is_not_one_is_a_fault_of_the_program(me):
    with pytest.raises(KeyError):
        require_handle_right(replace(me), [], "fly")
