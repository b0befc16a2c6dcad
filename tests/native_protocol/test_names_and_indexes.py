"""Names and indexes at the borders of what is taken: unknown, empty, too long, twice, out of range."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.native_protocol import writing
from tests.native_protocol.client import Client, Value, block, numbers
from tests.native_protocol.node import Node
from tests.native_protocol.writing import (
    BAD_NAME,
    BAD_VALUE,
    BROKEN,
    INDEX_TAKEN,
    NO_VALUES,
    OK,
    OVERWRITE,
    PREFIX,
    REMOVE,
    UNKNOWN,
    kept,
    told,
)

NAME = f"{PREFIX}/gauge-1"
URL, NOTE = Value(1, "URL", b"https://example.org/1"), Value(2, "NOTE", b"n")
LONGEST = 2048
HEAD = f"{PREFIX}/"
BAD_NAMES = {
    "nothing": "",
    "no slash": "88.101.5",
    "no prefix": "/gauge",
    "empty part of the prefix": "88..5/gauge",
    "line break": f"{HEAD}a\nb",
    "blank at the end": f"{HEAD}a ",
    "an octet too long": HEAD + "x" * (LONGEST - len(HEAD) + 1),
    "Chinese letters count thrice": HEAD + "压" * ((LONGEST - len(HEAD)) // 3 + 1),
    "much too long": HEAD + "x" * 100_000,
}


@pytest.fixture
def client(node: Node, key: rsa.RSAPrivateKey) -> Iterator[Client]:
    """The dairy's client and a record with two values."""
    with writing.logged_in(node, key) as known:
        assert writing.create(known, NAME, URL, NOTE).code == OK
        yield known


def test_an_index_that_is_not_there_is_not_changed_and_nothing_beside_it(client: Client):
    more = Value(3, "NOTE", b"m")
    with writing.nothing_recorded():
        told(writing.modify(client, NAME, more), NO_VALUES, "JL-IDE-008", NAME, "3")
        told(writing.modify(client, NAME, Value(1, "URL", b"x"), more), NO_VALUES, "JL-IDE-008", "3")
        told(writing.remove(client, NAME, 3, 4), NO_VALUES, "JL-IDE-008", "3, 4")
        told(writing.remove(client, NAME, 1, 3), NO_VALUES, "JL-IDE-008", "3")
    assert kept(NAME) == {1: URL.data, 2: NOTE.data}
    assert client.resolve(NAME, (3,)).code == NO_VALUES
    assert writing.read(client, NAME, 2, 3) == {2: NOTE.data}


def test_an_index_that_is_taken_is_not_added_and_nothing_beside_it(client: Client):
    told(writing.add(client, NAME, Value(3, "NOTE", b"m"), NOTE), INDEX_TAKEN, "JL-IDE-007", NAME, "2")
    assert kept(NAME) == {1: URL.data, 2: NOTE.data}
    assert writing.add(client, NAME, Value(3, "NOTE", b"m"), NOTE, flags=OVERWRITE).code == OK


def test_a_removal_of_nothing_changes_nothing(client: Client):
    with writing.nothing_recorded():
        assert client.ask(REMOVE, block(NAME) + numbers(())).code == OK
    assert kept(NAME) == {1: URL.data, 2: NOTE.data}


def test_an_index_that_is_removed_twice_in_one_request_is_removed_once(client: Client):
    assert writing.remove(client, NAME, 2, 2).code == OK
    assert kept(NAME) == {1: URL.data}


@pytest.mark.parametrize(
    ("value", "index"),
    [
        (Value(0, "NOTE", b"x"), "0"),
        (Value(2**31, "NOTE", b"x"), str(2**31)),
        (Value(2**32 - 1, "NOTE", b"x"), str(2**32 - 1)),
        (Value(5, "", b"x"), "5"),
        (Value(5, "A\nB", b"x"), "5"),
        (Value(5, "T" * 5000, b"x"), "5"),
        (Value(5, "NOTE", b"x", ttl=2**31), "5"),
        (Value(5, "HS_ADMIN", b"no administrator"), "5"),
        (Value(5, "NOTE", bytes(1_000_001)), "5"),
        (Value(5, "NOTE", b"x", references=[("", 1)]), "5"),
    ],
    ids=[
        "index 0", "index of 32 bits", "largest number", "no type", "type of two lines", "type too long",
        "time to live", "broken administrator", "data too long", "reference to nothing",
    ],
)  # fmt: skip
def test_a_value_out_of_range_is_refused_wherever_it_is_written(client: Client, value: Value, index: str):
    with writing.nothing_recorded():
        told(writing.create(client, f"{NAME}-2", value), BAD_VALUE, "JL-IDE-006", index)
        told(writing.add(client, NAME, value), BAD_VALUE, "JL-IDE-006", index)
        told(writing.create(client, NAME, value, flags=OVERWRITE), BAD_VALUE, "JL-IDE-006", index)
    assert client.resolve(f"{NAME}-2").code == UNKNOWN
    assert kept(NAME) == {1: URL.data, 2: NOTE.data}


def test_a_fifth_permission_cannot_even_be_read(client: Client):
    fifth = Value(5, "NOTE", b"x", permissions=16)
    for response in (
        writing.create(client, f"{NAME}-2", fifth),
        writing.add(client, NAME, fifth),
        writing.modify(client, NAME, Value(2, "NOTE", b"x", permissions=255)),
    ):
        told(response, BROKEN, "JL-HDL-020", "four bits", "四位")
    assert kept(NAME) == {1: URL.data, 2: NOTE.data}


def test_an_index_that_is_given_twice_is_refused(client: Client):
    twice = (Value(5, "NOTE", b"a"), Value(5, "NOTE", b"b"))
    told(writing.create(client, f"{NAME}-2", *twice), BAD_VALUE, "JL-IDE-006", "5", "twice", "重复")
    told(writing.add(client, NAME, *twice), BAD_VALUE, "JL-IDE-006", "5", "twice", "重复")
    both = (Value(2, "NOTE", b"a"), Value(2, "NOTE", b"b"))
    told(writing.modify(client, NAME, *both), BAD_VALUE, "JL-IDE-006", "2", "twice", "重复")


@pytest.mark.parametrize("fault", BAD_NAMES)
def test_a_text_that_is_no_name_is_told_so_by_every_deed(client: Client, fault: str):
    name = BAD_NAMES[fault]
    with writing.nothing_recorded():
        for response in (
            writing.create(client, name, URL),
            writing.create(client, name, URL, flags=OVERWRITE),
            writing.add(client, name, URL),
            writing.modify(client, name, URL),
            writing.remove(client, name, 1),
            writing.delete(client, name),
            client.resolve(name),
        ):
            told(response, BAD_NAME, "JL-HDL-001")
            assert len(response.body) < 1000, "what is refused is not sent back whole"


@pytest.mark.parametrize("fault", BAD_NAMES)
def test_a_stranger_is_told_so_as_well(node: Node, fault: str):
    with writing.connected(node) as stranger:
        assert stranger.resolve(BAD_NAMES[fault]).code == BAD_NAME


@pytest.mark.parametrize(
    "name",
    [HEAD, HEAD + "a/b//c", HEAD + "x" * (LONGEST - len(HEAD)), HEAD + "压" * ((LONGEST - len(HEAD)) // 3)],
    ids=["empty suffix", "further slashes", "longest", "longest in Chinese"],
)
def test_a_name_at_the_border_is_one_like_any_other(client: Client, node: Node, name: str):
    assert writing.create(client, name, URL).body == block(name)
    told(writing.create(client, name, URL), writing.THERE, "JL-IDE-002")
    assert writing.add(client, name, NOTE).code == OK
    assert writing.modify(client, name, Value(2, "NOTE", b"m")).code == OK
    with writing.connected(node) as stranger:
        assert stranger.resolve(name).record()[0] == name
        assert writing.read(stranger, name) == {1: URL.data, 2: b"m"}
    assert writing.delete(client, name).code == OK


@pytest.mark.parametrize("prefix", ["88." * 200 + "5", "9" * 1500], ids=["many parts", "one part"])
def test_a_prefix_longer_than_any_that_is_kept_is_no_name(client: Client, prefix: str):
    told(writing.create(client, f"{prefix}/x", URL), BAD_NAME, "JL-HDL-001")


@pytest.mark.parametrize("deed", ["add", "modify", "remove", "delete"])
def test_a_record_that_is_not_there_is_told_apart_from_a_name_that_is_none(client: Client, deed: str):
    name = f"{PREFIX}/none"
    asked = {
        "add": lambda: writing.add(client, name, URL),
        "modify": lambda: writing.modify(client, name, URL),
        "remove": lambda: writing.remove(client, name, 1),
        "delete": lambda: writing.delete(client, name),
    }
    told(asked[deed](), UNKNOWN, "JL-IDE-003", name)


def test_a_record_without_values_is_registered_and_has_none_to_show(client: Client):
    empty = f"{PREFIX}/empty"
    assert writing.create(client, empty).code == OK
    assert client.resolve(empty).code == NO_VALUES
    assert writing.add(client, empty, NOTE).code == OK
    assert writing.read(client, empty) == {2: NOTE.data}
    assert writing.remove(client, empty, 2).code == OK
    assert client.resolve(empty).code == NO_VALUES
