"""The four bits of values and the twelve of administrators, over the native protocol."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.functions.prefix_verbs import operator
from tests.native_protocol import writing
from tests.native_protocol.client import Client, Response, Value, block
from tests.native_protocol.node import Node
from tests.native_protocol.writing import (
    ADMIN,
    MILL_ADMIN,
    NO_RIGHT,
    NO_VALUES,
    NOT_LOGGED_IN,
    OK,
    OVERWRITE,
    PREFIX,
    PUBLIC_ONLY,
    kept,
    told,
)

from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifiers
from jialiang.kernel.clock import utc_now

NAME = f"{PREFIX}/balance-1"
URL = Value(1, "URL", b"https://example.org/1")
ADMIN_READ, ADMIN_WRITE, PUBLIC_READ, PUBLIC_WRITE = 8, 4, 2, 1
LOCKED = Value(9, "NOTE", b"locked", permissions=ADMIN_READ | PUBLIC_READ)
CHANGED = Value(9, "NOTE", b"changed", permissions=ADMIN_READ | ADMIN_WRITE | PUBLIC_READ)
WAYS: dict[str, Callable[[Client], Response]] = {
    "modify": lambda client: writing.modify(client, NAME, CHANGED),
    "put over": lambda client: writing.add(client, NAME, CHANGED, flags=OVERWRITE),
    "remove": lambda client: writing.remove(client, NAME, 9),
    "leave out": lambda client: writing.create(client, NAME, URL, flags=OVERWRITE),
    "unlock": lambda client: writing.modify(client, NAME, Value(9, "NOTE", b"locked", permissions=14)),
}
RIGHTS = {"delete": 1, "modify": 4, "remove": 5, "add": 6}
"""Deeds and the place of their bit among the rights of an administrator."""


@pytest.fixture
def client(node: Node, key: rsa.RSAPrivateKey) -> Iterator[Client]:
    """The dairy's client."""
    with writing.logged_in(node, key) as known:
        yield known


@pytest.fixture
def stranger(node: Node) -> Iterator[Client]:
    """Somebody who has not logged in."""
    with writing.connected(node) as unknown:
        yield unknown


def administrator(rights: int, identity: str = ADMIN, index: int = 300) -> Value:
    """An HS_ADMIN value that names an identity and its rights."""
    return Value(100, "HS_ADMIN", struct.pack(">H", rights) + block(identity) + struct.pack(">I", index))


@pytest.mark.parametrize("way", WAYS)
def test_a_value_that_administrators_may_not_write_stays_as_it_is(client: Client, way: str):
    assert writing.create(client, NAME, URL, LOCKED).code == OK
    with writing.nothing_recorded():
        told(WAYS[way](client), NO_RIGHT, "JL-HID-010", ADMIN, "modify_value")
    assert kept(NAME) == {1: URL.data, 9: LOCKED.data}


@pytest.mark.parametrize("way", WAYS)
def test_either_right_to_write_is_enough(client: Client, way: str):
    for name, permissions in ((NAME, PUBLIC_READ | PUBLIC_WRITE), (NAME, ADMIN_WRITE | PUBLIC_READ)):
        open_value = Value(9, "NOTE", b"locked", permissions=permissions)
        assert writing.create(client, name, URL, open_value, flags=OVERWRITE).code == OK
        assert WAYS[way](client).code == OK


def test_the_values_beside_a_locked_one_are_written_as_ever(client: Client):
    assert writing.create(client, NAME, URL, LOCKED).code == OK
    assert writing.add(client, NAME, Value(2, "NOTE", b"n")).code == OK
    assert writing.modify(client, NAME, Value(1, "URL", b"https://example.org/2")).code == OK
    assert writing.remove(client, NAME, 2).code == OK
    assert writing.modify(client, NAME, LOCKED).code == OK, "what changes nothing needs no right"
    assert kept(NAME) == {1: b"https://example.org/2", 9: LOCKED.data}


def test_of_several_values_one_that_is_locked_is_enough(client: Client):
    assert writing.create(client, NAME, URL, LOCKED).code == OK
    told(writing.modify(client, NAME, Value(1, "URL", b"x"), CHANGED), NO_RIGHT, "JL-HID-010")
    told(writing.remove(client, NAME, 1, 9), NO_RIGHT, "JL-HID-010")
    assert kept(NAME) == {1: URL.data, 9: LOCKED.data}


def test_people_unlock_what_machines_may_not_write(client: Client, node: Node):
    assert writing.create(client, NAME, URL, LOCKED).code == OK
    opened = HandleValue(9, "NOTE", b"locked", permissions=14)
    identifiers.modify_values(actor=operator(node.world), name=NAME, values=[opened], now=utc_now())
    assert writing.modify(client, NAME, CHANGED).code == OK


@pytest.mark.parametrize("deed", ["create", "modify", "add", "remove", "delete"])
def test_a_value_that_the_public_may_write_still_needs_a_login(client: Client, stranger: Client, deed: str):
    everyone = Value(9, "NOTE", b"x", permissions=15)
    assert writing.create(client, NAME, URL, everyone).code == OK
    asked: dict[str, Callable[[], Response]] = {
        "create": lambda: writing.create(stranger, f"{NAME}-2", URL),
        "modify": lambda: writing.modify(stranger, NAME, CHANGED),
        "add": lambda: writing.add(stranger, NAME, Value(2, "NOTE", b"y")),
        "remove": lambda: writing.remove(stranger, NAME, 9),
        "delete": lambda: writing.delete(stranger, NAME),
    }
    assert asked[deed]().code == NOT_LOGGED_IN
    assert kept(NAME) == {1: URL.data, 9: b"x"}


@pytest.mark.parametrize(
    ("permissions", "owner_reads", "public_reads"),
    [
        (ADMIN_READ | ADMIN_WRITE | PUBLIC_READ, True, True),
        (ADMIN_READ | ADMIN_WRITE, True, False),
        (ADMIN_WRITE | PUBLIC_READ, True, True),
        (ADMIN_READ, True, False),
        (ADMIN_WRITE, False, False),
        (PUBLIC_WRITE, False, False),
        (0, False, False),
    ],
    ids=lambda given: f"{given:04b}" if type(given) is int else str(given),
)
def test_who_reads_a_value_by_its_bits(
    client: Client, stranger: Client, node: Node, key: rsa.RSAPrivateKey,
    permissions: int, owner_reads: bool, public_reads: bool,
):  # fmt: skip
    hidden = Value(9, "NOTE", b"seven bronze measures", permissions=permissions)
    assert writing.create(client, NAME, URL, hidden).code == OK
    writing.add_mill(node, key)
    everything, public = {1: URL.data, 9: hidden.data}, {1: URL.data}
    with writing.logged_in(node, key, MILL_ADMIN) as mill:
        readers = {client: owner_reads, stranger: public_reads, mill: public_reads}
        for reader, reads in readers.items():
            assert writing.read(reader, NAME) == (everything if reads else public)
            assert (writing.read(reader, NAME, 9) == {9: hidden.data}) is reads
            assert reader.resolve(NAME, types=("NOTE",)).code == (OK if reads else NO_VALUES)
    assert writing.read(client, NAME, flags=PUBLIC_ONLY) == (everything if public_reads else public)


def test_a_record_with_hidden_values_only_has_none_for_strangers(client: Client, stranger: Client):
    assert writing.create(client, NAME, Value(3, "HS_SECKEY", b"secret", permissions=12)).code == OK
    refused = stranger.resolve(NAME)
    assert (refused.code, refused.text) == (NO_VALUES, "values not found")
    assert b"secret" not in refused.body
    assert writing.read(client, NAME) == {3: b"secret"}


def test_a_value_is_hidden_and_shown_again_at_once(client: Client, stranger: Client):
    assert writing.create(client, NAME, URL).code == OK
    for permissions, shown in ((12, {}), (14, {1: URL.data}), (8 | 4, {})):
        assert writing.modify(client, NAME, Value(1, "URL", URL.data, permissions=permissions)).code == OK
        assert writing.read(stranger, NAME) == shown


@pytest.mark.parametrize("deed", RIGHTS)
@pytest.mark.parametrize("missing", [False, True], ids=["right alone", "right missing"])
def test_an_administrator_does_what_its_rights_allow(client: Client, deed: str, missing: bool):
    bit = 1 << RIGHTS[deed]
    rights = 0xFFF & ~bit if missing else bit
    assert writing.create(client, NAME, URL, administrator(rights)).code == OK
    asked: dict[str, Callable[[], Response]] = {
        "modify": lambda: writing.modify(client, NAME, Value(1, "URL", b"x")),
        "add": lambda: writing.add(client, NAME, Value(2, "NOTE", b"n")),
        "remove": lambda: writing.remove(client, NAME, 1),
        "delete": lambda: writing.delete(client, NAME),
    }
    response = asked.pop(deed)()
    if missing:
        told(response, NO_RIGHT, "JL-HID-010", ADMIN, deed)
    else:
        assert response.code == OK
    others = [ask().code for ask in asked.values() if missing]
    assert others == [OK] * len(others), "every other right holds"


def test_an_administrator_does_not_give_itself_rights(client: Client):
    values_only = 1 << 4 | 1 << 5 | 1 << 6
    assert writing.create(client, NAME, URL, administrator(values_only)).code == OK
    told(writing.modify(client, NAME, administrator(0xFFF)), NO_RIGHT, "JL-HID-010", "modify_admin")
    told(writing.remove(client, NAME, 100), NO_RIGHT, "JL-HID-010", "remove_admin")
    second = Value(101, "HS_ADMIN", administrator(0xFFF).data)
    told(writing.add(client, NAME, second), NO_RIGHT, "JL-HID-010", "add_admin")
    assert kept(NAME)[100] == administrator(values_only).data


def test_who_is_not_the_administrator_of_a_record_reads_what_is_public_and_writes_nothing(client: Client):
    hidden = Value(9, "NOTE", b"hidden", permissions=12)
    other = administrator(0xFFF, f"{PREFIX}/somebody-else")
    assert writing.create(client, NAME, URL, hidden, other).code == OK
    assert writing.read(client, NAME) == {1: URL.data, 100: other.data}
    for response in (
        writing.modify(client, NAME, Value(1, "URL", b"x")),
        writing.add(client, NAME, Value(2, "NOTE", b"n")),
        writing.remove(client, NAME, 9),
        writing.create(client, NAME, URL, flags=OVERWRITE),
        writing.delete(client, NAME),
    ):
        told(response, NO_RIGHT, "JL-HID-010", ADMIN)
    assert kept(NAME) == {1: URL.data, 9: hidden.data, 100: other.data}
