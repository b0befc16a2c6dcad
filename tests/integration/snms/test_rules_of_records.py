"""Rules that this door shares with every other: what is unique stands once, what is suspended is not mended past it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.functions.prefix_verbs import add_template, customer, operator
from tests.integration.snms.conftest import Business, a_record
from tests.integration.snms.test_templates import V5, a_template, an_item
from tests.ledger import World

from jialiang.base.identifier_templates.selectors import items_of, template_by_code
from jialiang.base.identifiers import selectors
from jialiang.functions import identifier_templates, identifiers
from jialiang.kernel.clock import utc_now
from jialiang.security.tenancy.scope import scope

pytestmark = pytest.mark.django_db
DATA = "/identityv2/data"
ONE, TWO = "88.101.5/001", "88.101.5/002"


def numbered(name: str, serial: str, index: int = 2000) -> dict[str, Any]:
    """Return a record by the template with a unique serial number, as it is sent."""
    value = {"data": {"format": "string", "value": serial}, "auth": "", "index": index, "type": "SERIAL"}
    return {"handle": name, "templateVersion": "V1", "value": [value]}


@pytest.fixture
def unique(business: Business, world: World) -> Business:
    """The dairy's system, a template with a unique item, and a record with the serial number S1."""
    with scope(world.tenant_id):
        row = add_template(world)
        identifier_templates.publish(actor=customer(world), template_id=row.id, now=utc_now())
    assert business.ask("POST", DATA, numbered(ONE, "S1"))["status"] == 1
    return business


def kept(world: World, name: str = ONE) -> tuple[int, str, list[bytes]]:
    with scope(world.tenant_id):
        found = selectors.record(name)
        return found.version, found.state.value, [value.data for value in found.record.values]


# --- unique --------------------------------------------------------------------------------------------------


def test_a_value_that_another_record_has_is_refused_in_chinese_with_that_record(unique: Business, world: World) -> None:
    envelope = unique.ask("POST", DATA, numbered(TWO, "S1"))
    assert (envelope["status"], envelope["data"]) == (-2, None)
    assert ONE in envelope["message"] and "S1" in envelope["message"] and "更正或注销" in envelope["message"]
    assert unique.ask("POST", DATA, numbered(TWO, "S2"))["status"] == 1
    assert unique.ask("PUT", DATA, numbered(TWO, "S1"))["status"] == -2
    assert kept(world, TWO) == (1, "active", [b"S2"])
    assert unique.ask("DELETE", DATA, {"handle": ONE})["status"] == 1
    assert unique.ask("PUT", DATA, numbered(TWO, "S1"))["status"] == 1


def test_in_a_batch_the_record_that_repeats_says_so_and_the_others_are_written(unique: Business) -> None:
    three = "88.101.5/003"
    envelope = unique.ask("POST", f"{DATA}/batchCreate", [numbered(TWO, "S1"), numbered(three, "S3")])
    first, second = envelope["data"]
    assert ONE in first["msg"]
    assert second["msg"] == "success"
    envelope = unique.ask("PUT", f"{DATA}/batchUpdate", [numbered(three, "S1")])
    assert ONE in envelope["data"][0]["msg"]


def test_a_change_of_a_template_by_this_door_leaves_unique_what_is_unique(unique: Business, world: World) -> None:
    item = an_item("SERIAL", name="编号", required=True, metadata={"type": "string", "maxLength": 255})
    body = a_template(item, prefix="88.101.5", version="V1")
    assert unique.ask("PUT", V5, body)["status"] == 1
    with scope(world.tenant_id):
        row = template_by_code("88.101.5", "V1")
        assert row is not None
        assert (items_of(row)[0].name.zh, items_of(row)[0].unique) == ("编号", True)
    assert unique.ask("POST", DATA, numbered(TWO, "S1"))["status"] == -2


# --- suspended -----------------------------------------------------------------------------------------------


def test_a_suspended_record_keeps_its_values_until_it_is_resumed(unique: Business, world: World) -> None:
    with scope(world.tenant_id):
        identifiers.suspend(actor=operator(world), name=ONE, reason="recall", now=utc_now())
    before = kept(world)
    envelope = unique.ask("PUT", DATA, numbered(ONE, "S9"))
    assert (envelope["status"], envelope["data"]) == (-2, None)
    assert "已暂停" in envelope["message"]
    batch = unique.ask("PUT", f"{DATA}/batchUpdate", [numbered(ONE, "S9")])
    assert "已暂停" in batch["data"][0]["msg"]
    assert unique.ask("POST", DATA, a_record())["message"] == "标识已存在"
    assert kept(world) == before
    with scope(world.tenant_id):
        identifiers.resume(actor=operator(world), name=ONE, now=utc_now())
    assert unique.ask("PUT", DATA, numbered(ONE, "S9"))["status"] == 1
    assert kept(world)[2] == [b"S9"]


def test_a_reserved_record_takes_values(unique: Business, world: World) -> None:
    with scope(world.tenant_id):
        identifiers.register(actor=customer(world), name=TWO, values=[], state="reserved", now=utc_now())
    assert unique.ask("PUT", DATA, numbered(TWO, "S2"))["status"] == 1
