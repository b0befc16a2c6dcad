"""Records and prefixes that are suspended or retired: what may be written then, and what is answered."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.functions.prefix_verbs import add_prefix
from tests.native_protocol import writing
from tests.native_protocol.client import Client, Response, Value, block
from tests.native_protocol.node import Node
from tests.native_protocol.writing import (
    ADMIN,
    BAD_NAME,
    ERROR,
    LIST,
    MILL_ADMIN,
    NO_RIGHT,
    NOT_AUTHENTIC,
    NOT_HERE,
    OK,
    OVERWRITE,
    PREFIX,
    PUBLIC_ONLY,
    THERE,
    UNKNOWN,
    eventually,
    kept,
    told,
)

PLACE = "88.101.6"
"""A prefix of the dairy beside that of its identity, which does nothing while its own is suspended."""
NAME, OTHER = f"{PLACE}/scale-1", f"{PLACE}/scale-2"
URL, NEW, MORE = (
    Value(1, "URL", b"https://example.org/1"),
    Value(1, "URL", b"https://example.org/new"),
    Value(2, "NOTE", b"more"),
)
SECRET = Value(3, "NOTE", b"for the owner", permissions=12)
BEFORE = {1: URL.data, 3: SECRET.data}
WAYS: dict[str, Callable[[Client], Response]] = {
    "modify": lambda client: writing.modify(client, NAME, NEW),
    "add": lambda client: writing.add(client, NAME, MORE),
    "add over": lambda client: writing.add(client, NAME, NEW, flags=OVERWRITE),
    "remove": lambda client: writing.remove(client, NAME, 3),
    "create over": lambda client: writing.create(client, NAME, NEW, flags=OVERWRITE),
}
AFTER = {
    "modify": {1: NEW.data, 3: SECRET.data},
    "add": {1: URL.data, 2: MORE.data, 3: SECRET.data},
    "add over": {1: NEW.data, 3: SECRET.data},
    "remove": {1: URL.data},
    "create over": {1: NEW.data},
}


@pytest.fixture
def client(node: Node, key: rsa.RSAPrivateKey) -> Iterator[Client]:
    """The dairy's client and a record with a public value and a hidden one."""
    add_prefix(node.world, PLACE)
    with writing.logged_in(node, key) as known:
        assert writing.create(known, NAME, URL, SECRET).code == OK
        yield known


@pytest.fixture
def stranger(node: Node) -> Iterator[Client]:
    """Somebody who has not logged in."""
    with writing.connected(node) as unknown:
        yield unknown


@pytest.fixture
def mill(node: Node, key: rsa.RSAPrivateKey) -> Iterator[Client]:
    """The client of another customer, logged in."""
    writing.add_mill(node, key)
    with writing.logged_in(node, key, MILL_ADMIN) as known:
        yield known


@pytest.mark.parametrize("way", WAYS)
def test_a_suspended_record_is_not_written_until_it_is_resumed(client: Client, node: Node, way: str):
    writing.suspend(node, NAME)
    with writing.nothing_recorded():
        told(WAYS[way](client), ERROR, "JL-IDE-004", NAME, "Suspended", "已暂停")
    assert kept(NAME) == BEFORE
    writing.resume(node, NAME)
    assert WAYS[way](client).code == OK
    assert kept(NAME) == AFTER[way]


def test_a_suspended_record_is_not_given_anew(client: Client, node: Node):
    writing.suspend(node, NAME)
    told(writing.create(client, NAME, URL), THERE, "JL-IDE-002", NAME)
    told(writing.create(client, NAME.upper(), URL), THERE, "JL-IDE-002", NAME.upper())


def test_a_suspended_record_answers_its_owner_and_nobody_else(
    client: Client, stranger: Client, mill: Client, node: Node
):
    writing.suspend(node, NAME)
    assert eventually(stranger, NAME, UNKNOWN).text == "suspended"
    told(mill.resolve(NAME), UNKNOWN, "JL-IDE-012", NAME, "suspended", "已暂停使用")
    assert writing.read(client, NAME) == BEFORE, "the owner sees what is to be mended"
    assert eventually(client, NAME, OK).code == OK
    assert client.resolve(NAME, flags=PUBLIC_ONLY).code == UNKNOWN
    writing.resume(node, NAME)
    eventually(stranger, NAME, OK)
    assert writing.read(stranger, NAME) == {1: URL.data}
    assert writing.read(mill, NAME) == {1: URL.data}


@pytest.mark.parametrize("way", WAYS)
def test_a_retired_record_is_never_written_again(client: Client, way: str):
    assert writing.delete(client, NAME).code == OK
    with writing.nothing_recorded():
        response = WAYS[way](client)
    expected = (THERE, "JL-IDE-002") if way == "create over" else (ERROR, "JL-IDE-004")
    told(response, *expected, NAME)
    assert kept(NAME) == BEFORE, "its history stays"


def test_a_retired_record_is_deleted_once(client: Client):
    assert writing.delete(client, NAME).code == OK
    told(writing.delete(client, NAME), ERROR, "JL-IDE-004", NAME, "Retired", "已注销")


def test_a_retired_record_answers_nobody_over_this_protocol(client: Client, stranger: Client, mill: Client):
    eventually(stranger, NAME, OK)
    assert writing.delete(client, NAME).code == OK
    assert stranger.resolve(NAME).text == "retired"
    for known in (client, mill):
        told(known.resolve(NAME), UNKNOWN, "JL-IDE-013", NAME, "retired", "已注销")
    told(writing.create(client, NAME, URL), THERE, "JL-IDE-002", NAME)


@pytest.mark.parametrize("way", [*WAYS, "delete", "create"])
def test_nothing_is_written_under_a_suspended_prefix_until_it_is_resumed(client: Client, node: Node, way: str):
    ways = WAYS | {
        "delete": lambda who: writing.delete(who, NAME),
        "create": lambda who: writing.create(who, OTHER, URL),
    }
    writing.suspend_prefix(node, PLACE)
    with writing.nothing_recorded():
        told(ways[way](client), NO_RIGHT, "JL-IDE-014", PLACE, "Suspended", "前缀状态为“暂停”")
    assert kept(NAME) == BEFORE
    writing.resume_prefix(node, PLACE)
    assert ways[way](client).code == OK


def test_under_a_suspended_prefix_nobody_but_its_holder_is_answered(
    client: Client, stranger: Client, mill: Client, node: Node
):
    eventually(stranger, NAME, OK)
    eventually(mill, NAME, OK)
    writing.suspend_prefix(node, PLACE)
    silent = eventually(stranger, NAME, UNKNOWN)
    assert "suspended" in silent.text
    assert eventually(mill, NAME, UNKNOWN).text == silent.text, "a login shows no more than everyone sees"
    assert writing.read(client, NAME) == BEFORE
    writing.resume_prefix(node, PLACE)
    eventually(stranger, NAME, OK)
    eventually(mill, NAME, OK)


def test_the_holder_cannot_resume_a_prefix_that_the_operator_has_suspended(client: Client, node: Node):
    writing.suspend_prefix(node, PLACE)
    told(client.ask(300, block(f"0.NA/{PLACE}")), NO_RIGHT, "JL-POL-")
    only = struct.pack(">I", 1) + block(f"0.NA/{PREFIX}")
    assert client.ask(302, block("0.NA/88")).body == only, "what is suspended is not among the prefixes in force"
    assert writing.create(client, OTHER, URL).code == NO_RIGHT
    assert client.ask(301, block(f"0.NA/{PLACE}")).code == NO_RIGHT


@pytest.mark.parametrize("way", [*WAYS, "delete", "create", "resolve", "list", "home"])
def test_an_identity_under_a_suspended_prefix_does_nothing_anywhere(client: Client, node: Node, way: str):
    ways = WAYS | {
        "delete": lambda who: writing.delete(who, NAME),
        "create": lambda who: writing.create(who, OTHER, URL),
        "resolve": lambda who: who.resolve(NAME),
        "list": lambda who: who.ask(LIST, block(f"0.NA/{PLACE}")),
        "home": lambda who: who.ask(300, block(f"0.NA/{PLACE}")),
    }
    writing.suspend_prefix(node, PREFIX)
    with writing.nothing_recorded():
        told(ways[way](client), NOT_AUTHENTIC, "JL-HID-005")
    assert kept(NAME) == BEFORE
    writing.resume_prefix(node, PREFIX)
    assert ways[way](client).code == OK, "the login holds"


def test_nobody_logs_in_under_a_suspended_prefix(client: Client, node: Node, key: rsa.RSAPrivateKey):
    writing.suspend_prefix(node, PREFIX)
    with writing.connected(node) as other:
        told(other.log_in(ADMIN, 300, key), NOT_AUTHENTIC, "JL-HID-005")
        writing.resume_prefix(node, PREFIX)
        assert other.log_in(ADMIN, 300, key).code == OK


@pytest.mark.parametrize(
    ("name", "code"),
    [("0.NA/88.101.5", OK), ("99.9/x", NOT_HERE), ("88.101.5/none", UNKNOWN), ("no-slash", BAD_NAME)],
    ids=["record of the prefix", "prefix of others", "not registered", "no name"],
)
def test_whoever_has_logged_in_is_answered_like_everyone_where_there_is_no_record(
    client: Client, stranger: Client, name: str, code: int
):
    known, unknown = client.resolve(name), stranger.resolve(name)
    assert (known.code, unknown.code) == (code, code)
    assert known.body == unknown.body or code == BAD_NAME
