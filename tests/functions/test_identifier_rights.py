"""An identity ``index:handle`` under its own prefix: quotas, rights of the Handle System, and the values' own bits."""

import pytest

from jialiang.base.identifiers import errors
from jialiang.base.prefixes.errors import QuotaReached
from jialiang.base.prefixes.facts import PrefixFacts
from jialiang.formats.handle.admins import ALL_PERMISSIONS, AdminPermission, AdminRecord, value_list_octets
from jialiang.formats.handle.values import HandleReference, HandleValue
from jialiang.functions import identifiers, prefixes
from jialiang.functions.handle_rights import InsufficientRight
from jialiang.functions.identifier_batches import BatchItem
from jialiang.security.actor import identity_actor
from jialiang.security.policy import NotOwnOrganization

OWN = "88.101.5"
NAME = f"{OWN}/ins-7"
URL = HandleValue(1, "URL", b"https://example.org/7")
HIDDEN = HandleValue(2, "NOTE", b"for administrators", permissions=0b1100)
FIXED = HandleValue(3, "NOTE", b"written once", permissions=0b1010)


@pytest.fixture
def prefix(world, now):
    operator = world.person("identifier_operator")
    for text, holder in (("88", world.own_id), ("88.101", world.own_id), (OWN, world.dairy_id)):
        row = prefixes.add(actor=operator, facts=PrefixFacts(text=text, holder_id=holder), now=now)
    return row


@pytest.fixture
def identity(world, prefix):
    return identity_actor(world.tenant_id, world.dairy_id, f"301:{OWN}/key", door="api")


@pytest.fixture
def other(world, prefix):
    return identity_actor(world.tenant_id, world.dairy_id, f"302:{OWN}/key", door="api")


@pytest.fixture
def stranger(world, prefix):
    return identity_actor(world.tenant_id, world.mill_id, "301:88.101.6/key", door="api")


def admin_value(permissions, index=100, identity=f"301:{OWN}/key"):
    number, _, handle = identity.partition(":")
    return HandleValue(index, "HS_ADMIN", AdminRecord(handle, int(number), permissions).octets())


def test_the_holder_s_identity_registers_under_its_prefix_and_owns_the_record(world, identity, now):
    record = identifiers.register(actor=identity, name=NAME, values=(URL,), now=now)
    assert record.organization_id == world.dairy_id
    customer = world.person("customer", organization_id=world.dairy_id)
    assert identifiers.put_values(actor=customer, name=NAME, values=(FIXED,), now=now).version == 2


def test_an_identity_of_another_holder_registers_nothing_there(stranger, now):
    with pytest.raises(NotOwnOrganization):
        identifiers.register(actor=stranger, name=NAME, values=(URL,), now=now)
    found = identifiers.register_many(actor=stranger, items=[BatchItem(NAME)], mode="create", now=now)
    assert isinstance(found[0].error, NotOwnOrganization | InsufficientRight)


def test_who_is_not_named_by_the_record_s_administrators_changes_nothing(identity, other, now):
    identifiers.register(actor=identity, name=NAME, values=(URL, admin_value(ALL_PERMISSIONS)), now=now)
    with pytest.raises(InsufficientRight):
        identifiers.modify_values(actor=other, name=NAME, values=(HandleValue(1, "URL", b"x"),), now=now)
    with pytest.raises(InsufficientRight):
        identifiers.retire(actor=other, name=NAME, now=now)
    assert identifiers.modify_values(actor=identity, name=NAME, values=(HandleValue(1, "URL", b"x"),), now=now)


def test_each_deed_needs_its_own_bit(identity, now):
    bits = AdminPermission.MODIFY_VALUE | AdminPermission.ADD_VALUE
    identifiers.register(actor=identity, name=NAME, values=(URL, admin_value(bits)), now=now)
    identifiers.modify_values(actor=identity, name=NAME, values=(HandleValue(1, "URL", b"x"),), now=now)
    identifiers.add_values(actor=identity, name=NAME, values=(HandleValue(5, "URL", b"y"),), now=now)
    for refused in (
        lambda: identifiers.remove_values(actor=identity, name=NAME, indexes=(5,), now=now),
        lambda: identifiers.retire(actor=identity, name=NAME, now=now),
        lambda: identifiers.modify_values(actor=identity, name=NAME, values=(admin_value(ALL_PERMISSIONS),), now=now),
        lambda: identifiers.add_values(
            actor=identity, name=NAME, values=(admin_value(ALL_PERMISSIONS, 101),), now=now
        ),
        lambda: identifiers.remove_values(actor=identity, name=NAME, indexes=(100,), now=now),
        lambda: identifiers.register(actor=identity, name=NAME, values=(URL,), overwrite=True, now=now),
    ):
        with pytest.raises(InsufficientRight):
            refused()
    assert identifiers.resolve_identifier(actor=identity, name=NAME, now=now).version == 3


def test_a_group_of_administrators_is_followed_into_its_list(identity, other, now):
    members = value_list_octets((HandleReference(302, f"{OWN}/key"),))
    identifiers.register(
        actor=identity, name=f"{OWN}/group", values=(HandleValue(400, "HS_VLIST", members),), now=now
    )
    admin = admin_value(ALL_PERMISSIONS, identity=f"400:{OWN}/group")
    identifiers.register(actor=identity, name=NAME, values=(URL, admin), now=now)
    assert identifiers.modify_values(actor=other, name=NAME, values=(HandleValue(1, "URL", b"x"),), now=now)
    with pytest.raises(InsufficientRight):
        identifiers.modify_values(actor=identity, name=NAME, values=(HandleValue(1, "URL", b"z"),), now=now)


def test_a_value_without_the_bit_to_write_stays_as_it_is(identity, now):
    identifiers.register(actor=identity, name=NAME, values=(URL, FIXED), now=now)
    for change in (
        lambda: identifiers.modify_values(actor=identity, name=NAME, values=(HandleValue(3, "NOTE", b"x"),), now=now),
        lambda: identifiers.remove_values(actor=identity, name=NAME, indexes=(3,), now=now),
    ):
        with pytest.raises(InsufficientRight):
            change()


def test_values_that_are_not_public_need_the_right_to_read(identity, other, now):
    bits = AdminPermission.READ_VALUE
    identifiers.register(actor=identity, name=NAME, values=(URL, HIDDEN, admin_value(bits)), now=now)

    def seen_by(actor):
        return [v.index for v in identifiers.resolve_identifier(actor=actor, name=NAME, now=now).record.values]

    assert seen_by(identity) == [1, 2, 100]
    assert seen_by(other) == [1, 100]


def test_many_at_once_are_held_to_the_same_rights(identity, other, now):
    locked = (URL, admin_value(ALL_PERMISSIONS))
    items = [BatchItem(NAME, locked), BatchItem(f"{OWN}/open", (URL,))]
    assert [o.outcome for o in identifiers.register_many(actor=identity, items=items, mode="create", now=now)] == [
        "created",
        "created",
    ]
    changed = [BatchItem(NAME, (URL, FIXED, locked[1])), BatchItem(f"{OWN}/open", (URL, FIXED))]
    found = identifiers.register_many(actor=other, items=changed, mode="update", now=now)
    assert [o.outcome for o in found] == ["refused", "updated"]
    assert isinstance(found[0].error, InsufficientRight)
    found = identifiers.register_many(actor=other, items=items, mode="delete", now=now)
    assert [o.outcome for o in found] == ["refused", "deleted"]


def test_a_quota_counts_every_name_ever_registered(world, identity, prefix, now):
    operator = world.person("identifier_operator")
    prefixes.set_quota(actor=operator, prefix_id=prefix.id, quota=3, now=now)
    identifiers.register(actor=identity, name=f"{OWN}/1", values=(), now=now)
    identifiers.retire(actor=identity, name=f"{OWN}/1", now=now)
    items = [BatchItem(f"{OWN}/{number}") for number in range(1, 5)]
    found = identifiers.register_many(actor=identity, items=items[1:], mode="create", now=now)
    assert [o.outcome for o in found] == ["created", "created", "refused"]
    assert isinstance(found[2].error, QuotaReached)
    with pytest.raises(QuotaReached) as refused:
        identifiers.register(actor=identity, name=f"{OWN}/9", values=(), now=now)
    assert (refused.value.facts["used"], refused.value.facts["quota"]) == (3, 3)


def test_under_a_suspended_prefix_nothing_is_written(world, identity, prefix, now):
    identifiers.register(actor=identity, name=NAME, values=(URL,), now=now)
    prefixes.suspend(actor=world.person("identifier_operator"), prefix_id=prefix.id, reason="欠费", now=now)
    with pytest.raises(errors.PrefixForbids):
        identifiers.register(actor=identity, name=f"{OWN}/2", values=(), now=now)
    with pytest.raises(errors.PrefixForbids):
        identifiers.put_values(actor=identity, name=NAME, values=(FIXED,), now=now)
    found = identifiers.register_many(actor=identity, items=[BatchItem(f"{OWN}/2")], mode="create", now=now)
    assert isinstance(found[0].error, errors.PrefixForbids)
