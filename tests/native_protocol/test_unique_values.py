"""Items that a template calls unique, over the native protocol: no request gives a value to a second record."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.functions.prefix_verbs import add_prefix, customer
from tests.native_protocol import writing
from tests.native_protocol.client import Client, Response, Value
from tests.native_protocol.node import Node
from tests.native_protocol.writing import ADMIN, ERROR, OK, OVERWRITE, PREFIX, kept, told

from jialiang.base.identifier_templates.facts import TemplateFacts
from jialiang.formats.handle.values import HandleValue
from jialiang.formats.identifier_templates.items import TemplateItem
from jialiang.functions import identifier_templates, identifiers
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import TemplateDataType

ONE, TWO = f"{PREFIX}/one", f"{PREFIX}/two"
SERIAL, SEAL, PART_OF, NOTE = 2000, 2001, 2002, 7
ITEMS = (
    TemplateItem(
        index=SERIAL, type="SERIAL", name=Text("出厂编号", "Serial number"), required=True, unique=True
    ),
    TemplateItem(index=SEAL, type="SEAL", name=Text("铅封号", "Seal number"), unique=True),
    TemplateItem(
        index=PART_OF, type="PART_OF", name=Text("所属装置", "Part of"),
        data_type=TemplateDataType.REFERENCE, unique=True,
    ),
)  # fmt: skip
Way = Callable[[Client, str, Value], Response]


def serial(data: str, permissions: int = 14) -> Value:
    return Value(SERIAL, "SERIAL", data.encode(), permissions=permissions)


def seal(data: str) -> Value:
    return Value(SEAL, "SEAL", data.encode())


def part_of(data: str) -> Value:
    return Value(PART_OF, "PART_OF", data.encode())


def publish(node: Node, prefix: str = PREFIX, code: str = "V1", owner: object = None) -> None:
    who = customer(node.world, owner)
    facts = TemplateFacts(prefix=prefix, code=code, name=Text("温度计", "Thermometer"))
    row = identifier_templates.create(actor=who, facts=facts, items=ITEMS, now=utc_now())
    identifier_templates.publish(actor=who, template_id=row.id, now=utc_now())


def register(node: Node, name: str, *values: tuple[int, str], template: str = "V1") -> None:
    kinds = {item.index: item.type for item in ITEMS}
    given = [HandleValue(index, kinds[index], data.encode()) for index, data in values]
    identifiers.register(
        actor=customer(node.world), name=name, values=given, template=template, now=utc_now()
    )


@pytest.fixture
def client(node: Node, key: rsa.RSAPrivateKey) -> Iterator[Client]:
    """The dairy's client, and two thermometers by a template: ``S1`` with the seal ``P1``, and ``S2``."""
    publish(node)
    register(node, ONE, (SERIAL, "S1"), (SEAL, "P1"))
    register(node, TWO, (SERIAL, "S2"))
    with writing.logged_in(node, key) as known:
        yield known


def created_over(client: Client, name: str, value: Value) -> Response:
    return writing.create(client, name, serial("S2"), value, flags=OVERWRITE)


def created_anew(client: Client, name: str, value: Value) -> Response:
    return writing.create(client, name, value, flags=OVERWRITE)


def added_over(client: Client, name: str, value: Value) -> Response:
    return writing.add(client, name, value, flags=OVERWRITE)


@pytest.mark.parametrize("way", [writing.modify, added_over, created_anew])
def test_a_serial_number_of_another_record_is_refused_with_words_for_people(client: Client, way: Way):
    with writing.nothing_recorded():
        told(way(client, TWO, serial("S1")), ERROR, "JL-IDE-021", "出厂编号", "Serial number", "S1", "2000", ONE, TWO)
    assert kept(TWO) == {SERIAL: b"S2"}
    assert writing.read(client, TWO) == {SERIAL: b"S2"}
    assert way(client, TWO, serial("S3")).code == OK
    assert writing.read(client, TWO) == {SERIAL: b"S3"}


@pytest.mark.parametrize("way", [writing.add, added_over, created_over])
def test_an_item_that_comes_later_is_unique_as_well(client: Client, way: Way):
    with writing.nothing_recorded():
        told(way(client, TWO, seal("P1")), ERROR, "JL-IDE-021", "铅封号", "Seal number", "P1", ONE)
    assert kept(TWO) == {SERIAL: b"S2"}
    assert way(client, TWO, seal("P2")).code == OK
    assert kept(TWO) == {SERIAL: b"S2", SEAL: b"P2"}


def test_of_many_values_one_that_repeats_is_enough_and_nothing_is_written(client: Client):
    note = Value(NOTE, "NOTE", b"beside the items")
    told(writing.add(client, TWO, note, seal("P1"), part_of("88.1/x")), ERROR, "JL-IDE-021", "P1")
    assert kept(TWO) == {SERIAL: b"S2"}


@pytest.mark.parametrize("way", [writing.modify, added_over, created_anew])
def test_when_the_other_record_is_deleted_its_value_is_free(client: Client, way: Way):
    assert way(client, TWO, serial("S1")).code == ERROR
    assert writing.delete(client, ONE).code == OK
    assert way(client, TWO, serial("S1")).code == OK
    assert writing.read(client, TWO) == {SERIAL: b"S1"}


def test_a_value_that_was_changed_or_removed_is_free(client: Client):
    assert writing.modify(client, ONE, serial("S9")).code == OK
    assert writing.modify(client, TWO, serial("S1")).code == OK
    assert writing.remove(client, ONE, SEAL).code == OK
    assert writing.add(client, TWO, seal("P1")).code == OK
    told(writing.add(client, ONE, seal("P1")), ERROR, "JL-IDE-021", "P1", TWO)
    told(writing.modify(client, ONE, serial("S1")), ERROR, "JL-IDE-021", "S1", TWO)


def test_a_record_that_is_suspended_keeps_its_value(client: Client, node: Node):
    writing.suspend(node, ONE)
    told(writing.modify(client, TWO, serial("S1")), ERROR, "JL-IDE-021", "S1")
    writing.resume(node, ONE)
    assert writing.modify(client, TWO, serial("S1")).code == ERROR


@pytest.mark.parametrize("way", [writing.modify, added_over, created_anew])
@pytest.mark.parametrize("name", [ONE, f"{PREFIX}/ONE"], ids=["as written", "other case"])
def test_the_same_value_in_the_same_record_is_fine(client: Client, way: Way, name: str):
    assert way(client, name, serial("S1")).code == OK
    assert kept(ONE)[SERIAL] == b"S1"
    assert writing.modify(client, TWO, serial("S1")).code == ERROR


def test_the_same_text_under_two_items_of_one_record_is_fine(client: Client):
    assert writing.add(client, TWO, seal("S2")).code == OK
    assert writing.modify(client, ONE, seal("S1")).code == OK


def test_data_are_compared_letter_by_letter_and_names_without_regard_to_case(client: Client):
    assert writing.modify(client, TWO, serial("s1")).code == OK
    assert writing.add(client, ONE, part_of("88.101.5/Bench")).code == OK
    told(writing.add(client, TWO, part_of("88.101.5/bENCH")), ERROR, "JL-IDE-021", "88.101.5/bENCH", ONE, "所属装置")
    assert writing.modify(client, ONE, part_of("88.101.5/BENCH")).code == OK, "its own, written otherwise"
    assert writing.add(client, TWO, part_of("88.101.5/desk")).code == OK


def test_a_record_that_names_no_template_takes_nothing(client: Client):
    three = f"{PREFIX}/three"
    assert writing.create(client, three, serial("S1"), seal("P1")).code == OK
    assert kept(three) == {SERIAL: b"S1", SEAL: b"P1"}
    assert writing.modify(client, ONE, serial("S1")).code == OK


def test_values_are_unique_within_their_prefix_and_version(client: Client, node: Node):
    publish(node, code="V2")
    register(node, f"{PREFIX}/other-version", (SERIAL, "S1"), template="V2")
    add_prefix(node.world, "88.101.6")
    publish(node, prefix="88.101.6")
    register(node, "88.101.6/other-prefix", (SERIAL, "S3"))
    assert writing.modify(client, "88.101.6/other-prefix", serial("S1")).code == OK
    told(writing.modify(client, TWO, serial("S1")), ERROR, "JL-IDE-021", ONE)


def test_a_required_item_cannot_be_removed_to_make_room(client: Client):
    told(writing.remove(client, ONE, SERIAL), 202, "JL-IDE-020", ONE, "V1", "2000")
    assert kept(ONE) == {SERIAL: b"S1", SEAL: b"P1"}


def test_an_identity_is_not_told_which_record_has_a_value_that_it_may_not_read(
    client: Client, node: Node, key: rsa.RSAPrivateKey
):
    """The record is hidden from this identity by an administrator of its own, and its serial number from everyone."""
    nobody = Value(100, "HS_ADMIN", b"\x0f\xff" + b"\0\0\0\x0f88.101.5/nobody" + b"\0\0\x01\x2c")
    assert len("88.101.5/nobody") == 15
    assert writing.modify(client, ONE, serial("S1", permissions=12)).code == OK
    assert writing.add(client, ONE, nobody).code == OK
    response = writing.modify(client, TWO, serial("S1"))
    told(response, ERROR, "JL-IDE-021", "S1", "—")
    assert ONE not in response.text
    assert ADMIN not in response.text
