"""Rules of records by Handle JSON: a value that is unique by a template stands in one record, however it is written."""

from __future__ import annotations

from typing import Any

import pytest
from tests.functions.prefix_verbs import add_template, customer, operator
from tests.integration.handle_api.test_writing import Door, door, made, world
from tests.ledger import World

from jialiang.base.identifiers import errors, selectors
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifier_templates, identifiers
from jialiang.functions.identifier_batches import BatchItem
from jialiang.kernel.clock import utc_now
from jialiang.security.actor import Actor, identity_actor
from jialiang.security.tenancy.scope import scope

__all__ = ["door", "made", "world"]
ONE, TWO = "88.101.5/one", "88.101.5/two"


def serial(text: str) -> dict[str, Any]:
    return {"index": 2000, "type": "SERIAL", "data": text}


@pytest.fixture
def unique(made: Door, world: World) -> Door:
    """The dairy's client, and two records by a template with a unique serial number."""
    with scope(world.tenant_id):
        row = add_template(world)
        identifier_templates.publish(actor=customer(world), template_id=row.id, now=utc_now())
        for name, text in ((ONE, b"S1"), (TWO, b"S2")):
            identifiers.register(
                actor=customer(world), name=name, values=[HandleValue(2000, "SERIAL", text)], template="V1",
                now=utc_now(),
            )  # fmt: skip
    return made


@pytest.mark.parametrize(
    ("method", "query"),
    [("PUT", ""), ("POST", "?overwrite=true"), ("PUT", "?index=2000"), ("PUT", "?index=various")],
)
def test_no_way_of_writing_gives_a_record_the_value_of_another(
    unique: Door, world: World, method: str, query: str
) -> None:
    status, said = unique.handle(method, query, [serial("S1")], TWO)
    assert (status, said["responseCode"]) == (409, 2)
    assert ONE in said["message"]
    assert said["error"]["code"] == "JL-IDE-021"
    with scope(world.tenant_id):
        assert [value.data for value in selectors.record(TWO).record.values] == [b"S2"]
    assert unique.codes(method, query, [serial("S3")], TWO) == (200, 1)


def test_a_record_that_was_deleted_keeps_its_value_until_it_is_retired(unique: Door) -> None:
    """DELETE suspends: who deleted it may create it anew with the value that it had."""
    assert unique.codes("DELETE", name=ONE) == (200, 1)
    assert unique.codes("PUT", "", [serial("S1")], TWO) == (409, 2)
    assert unique.codes("PUT", "", [serial("S1")], ONE) == (201, 1)


def identity(world: World) -> Actor:
    return identity_actor(world.tenant_id, world.dairy_id, "300:88.101.5/app", "api")


CHANGES = {
    "replace": lambda who, now: identifiers.replace_values(actor=who, name=ONE, values=(), now=now),
    "overwrite": lambda who, now: identifiers.register(actor=who, name=ONE, values=(), overwrite=True, now=now),
    "put": lambda who, now: identifiers.put_values(
        actor=who, name=ONE, values=(HandleValue(7, "NOTE", b"x"),), now=now
    ),
    "remove": lambda who, now: identifiers.remove_values(actor=who, name=ONE, indexes=(2000,), now=now),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_verb_itself_keeps_identities_from_suspended_records_and_lets_people_correct_them(
    unique: Door, world: World, change: str
) -> None:
    with scope(world.tenant_id):
        identifiers.suspend(actor=operator(world), name=ONE, reason="recall", now=utc_now())
        with pytest.raises(errors.IdentifierStateForbids) as refused:
            CHANGES[change](identity(world), utc_now())
        assert "已预留、有效" in refused.value.rule.zh
        assert selectors.record(ONE).version == 2
        identifiers.put_values(
            actor=operator(world), name=ONE, values=(HandleValue(7, "NOTE", b"x"),), now=utc_now()
        )
        assert selectors.record(ONE).version == 3


def test_a_batch_of_an_identity_refuses_what_is_suspended_and_nothing_else(unique: Door, world: World) -> None:
    with scope(world.tenant_id):
        identifiers.suspend(actor=operator(world), name=ONE, reason="recall", now=utc_now())
        items = [
            BatchItem(ONE, (HandleValue(2000, "SERIAL", b"S8"),), template="V1"),
            BatchItem(TWO, (HandleValue(2000, "SERIAL", b"S9"),), template="V1"),
        ]
        found = identifiers.register_many(actor=identity(world), items=items, mode="update", now=utc_now())
        assert [one.outcome for one in found] == ["refused", "updated"]
        assert isinstance(found[0].error, errors.IdentifierStateForbids)
