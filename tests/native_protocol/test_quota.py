"""The quota of a prefix over the native protocol: how many names may ever be created, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.functions.prefix_verbs import customer
from tests.native_protocol import writing
from tests.native_protocol.client import Client, Value
from tests.native_protocol.node import Node
from tests.native_protocol.writing import FULL, OK, OVERWRITE, PREFIX, UNKNOWN, kept, told

from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifiers
from jialiang.kernel.clock import utc_now

A, B, C = (f"{PREFIX}/{letter}" for letter in "abc")
URL, NOTE = Value(1, "URL", b"https://example.org/"), Value(2, "NOTE", b"n")


@pytest.fixture
def client(node: Node, key: rsa.RSAPrivateKey) -> Iterator[Client]:
    """The dairy's client, whose prefix may have two names."""
    writing.set_quota(node, 2)
    with writing.logged_in(node, key) as known:
        yield known


def full(client: Client) -> Client:
    assert [writing.create(client, name, URL).code for name in (A, B)] == [OK, OK]
    return client


@pytest.mark.parametrize("flags", [0, OVERWRITE], ids=["create", "create or overwrite"])
def test_a_name_too_many_is_refused_with_the_numbers_and_leaves_nothing(client: Client, flags: int):
    full(client)
    with writing.nothing_recorded():
        told(writing.create(client, C, URL, flags=flags), FULL, "JL-PFX-009", PREFIX, "配额为 2", "have 2 identifiers")
    assert client.resolve(C).code == UNKNOWN


def test_a_larger_quota_makes_room_and_none_sets_no_limit(client: Client, node: Node):
    full(client)
    writing.set_quota(node, 3)
    assert writing.create(client, C, URL).code == OK
    assert writing.create(client, f"{PREFIX}/d", URL).code == FULL
    writing.set_quota(node, None)
    assert [writing.create(client, f"{PREFIX}/d{place}", URL).code for place in range(4)] == [OK] * 4


def test_what_is_there_is_written_as_before(client: Client):
    full(client)
    assert writing.add(client, A, NOTE).code == OK
    assert writing.modify(client, A, Value(2, "NOTE", b"m")).code == OK
    assert writing.remove(client, A, 1).code == OK
    assert writing.create(client, B, NOTE, flags=OVERWRITE).code == OK
    assert (kept(A), kept(B)) == ({2: b"m"}, {2: b"n"})


def test_deleting_gives_no_room_as_no_name_is_given_twice(client: Client):
    full(client)
    assert writing.delete(client, A).code == OK
    assert writing.create(client, C, URL).code == FULL


def test_a_refused_creation_takes_no_room(client: Client):
    assert writing.create(client, A, Value(0, "URL", b"x")).code == writing.BAD_VALUE
    assert writing.create(client, A, URL).code == OK
    assert writing.create(client, A, URL).code == writing.THERE
    assert writing.create(client, B, URL).code == OK


def test_names_from_every_door_count_together(client: Client, node: Node):
    value = HandleValue(1, "URL", b"https://example.org/")
    identifiers.register(actor=customer(node.world), name=A, values=[value], now=utc_now())
    assert writing.create(client, B, URL).code == OK
    assert writing.create(client, C, URL).code == FULL
