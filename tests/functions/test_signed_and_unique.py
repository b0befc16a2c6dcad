"""Records that are signed and have unique values: neither rule loosens the other, by any way of writing."""

from __future__ import annotations

import pytest
from django.conf import settings
from tests.functions.prefix_verbs import ITEMS, add_prefix, add_template, customer, operator
from tests.ledger import World

from jialiang.base.identifiers import errors
from jialiang.base.identifiers.models import IdentifierValueClaim
from jialiang.base.identifiers.public_reads import record_anywhere
from jialiang.base.prefixes.selectors import prefix_by_text
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifier_templates, identifiers, prefixes
from jialiang.functions.identifier_batches import BatchItem, register_many
from jialiang.functions.identifier_trust import trust_report
from jialiang.kernel.text import Text
from jialiang.security.keys import services
from jialiang.security.tenancy.selectors import tenant

PREFIX = "88.101.5"
A, B = f"{PREFIX}/a", f"{PREFIX}/b"
DUE = HandleValue(2, "DUE_DATE", b"2027-06-15")
LATER = HandleValue(2, "DUE_DATE", b"2028-06-15")
INDEX = ITEMS[0].index


def serial(text: str) -> HandleValue:
    return HandleValue(INDEX, ITEMS[0].type, text.encode())


def item(name: str, text: str, due: HandleValue = DUE) -> BatchItem:
    return BatchItem(name, (serial(text), due), template="V1")


def indexes(name: str) -> list[int]:
    record = record_anywhere(name)
    return [] if record is None else [value.index for value in record.record.values]


def held() -> list[str]:
    return sorted(IdentifierValueClaim.objects.values_list("identifier__name", flat=True))


@pytest.fixture
def desk(world: World) -> World:
    """An institute with a seal, and a customer's prefix with a published template."""
    services.create_authority(world.now)
    services.issue_seal(tenant(world.tenant_id), Text("示范计量院", "Institute"), "12370000MB0000000X", world.now)
    prefixes.found(actor=world.person("system_administrator", "identifier_operator"), now=world.now)
    add_prefix(world, "88.101", world.own_id)
    add_prefix(world, PREFIX)
    row = add_template(world)
    identifier_templates.publish(actor=customer(world), template_id=row.id, now=world.now)
    return world


def written(world: World, name: str, text: str) -> None:
    identifiers.register(
        actor=operator(world), name=name, values=(serial(text), DUE), template="V1", now=world.now
    )


def test_one_record_has_its_value_taken_and_its_signature_in_one_version(desk: World) -> None:
    written(desk, A, "S1")
    assert (held(), indexes(A)) == ([A], [2, 401, INDEX])
    found = trust_report(A, desk.now)
    assert (found.verdict, found.verified) == ("holds", (2, INDEX))


def test_a_repeat_is_refused_before_anything_is_signed(desk: World) -> None:
    written(desk, A, "S1")
    with pytest.raises(errors.ValueRepeated):
        written(desk, B, "S1")
    assert (held(), indexes(B)) == ([A], [])
    assert trust_report(A, desk.now).is_trusted


def test_a_refused_change_leaves_value_and_signature_as_they_were(desk: World) -> None:
    written(desk, A, "S1")
    written(desk, B, "S2")
    before = record_anywhere(B)
    with pytest.raises(errors.ValueRepeated):
        identifiers.modify_values(actor=operator(desk), name=B, values=[serial("S1")], now=desk.now)
    assert record_anywhere(B) == before
    assert trust_report(B, desk.now).is_trusted


@pytest.mark.parametrize("number", [1, 30])
def test_a_batch_signs_and_takes_for_every_record_it_writes(desk: World, number: int) -> None:
    items = [item(f"{PREFIX}/{place}", f"S{place}") for place in range(number)]
    found = register_many(actor=operator(desk), items=items, mode="create", now=desk.now)
    assert {one.outcome for one in found} == {"created"}
    assert held() == sorted(one.name for one in items)
    assert all(trust_report(one.name, desk.now).is_trusted for one in items)
    again = register_many(actor=operator(desk), items=items, mode="create", now=desk.now)
    assert {one.outcome for one in again} == {"unchanged"}, "the signature beside them makes no difference"


def test_in_a_batch_only_what_is_written_is_signed(desk: World) -> None:
    found = register_many(actor=operator(desk), items=[item(A, "S1"), item(B, "S1")], mode="create", now=desk.now)
    assert [one.outcome for one in found] == ["created", "refused"]
    assert trust_report(A, desk.now).is_trusted
    assert indexes(B) == []


@pytest.mark.parametrize("mode", ["create", "update"])
def test_a_trial_writes_neither_claims_nor_signatures_nor_a_chain(desk: World, mode: str) -> None:
    if mode == "update":
        identifiers.register(actor=customer(desk), name=A, values=(serial("S1"), DUE), template="V1", now=desk.now)
    before = (held(), indexes(A))
    found = register_many(
        actor=operator(desk), items=[item(A, "S2", LATER)], mode=mode, dry_run=True, now=desk.now
    )
    assert [one.outcome for one in found] == ["created" if mode == "create" else "updated"]
    assert (held(), indexes(A)) == before
    assert record_anywhere(f"{settings.JIALIANG.identifier_prefix}/0.0") is None


def test_values_exchanged_by_a_batch_are_signed_anew(desk: World) -> None:
    for name, text in ((A, "S1"), (B, "S2")):
        written(desk, name, text)
    freed = register_many(actor=operator(desk), items=[item(A, "S3")], mode="update", now=desk.now)
    moved = register_many(actor=operator(desk), items=[item(B, "S1"), item(A, "S2")], mode="update", now=desk.now)
    assert [one.outcome for one in (*freed, *moved)] == ["updated"] * 3
    assert held() == [A, B]
    assert all(trust_report(name, desk.now).is_trusted for name in (A, B))


def test_a_retired_record_lets_its_value_go_and_another_is_signed_with_it(desk: World) -> None:
    written(desk, A, "S1")
    identifiers.retire(actor=operator(desk), name=A, now=desk.now)
    written(desk, B, "S1")
    assert held() == [B]
    assert trust_report(B, desk.now).is_trusted


def test_a_record_that_changes_hands_keeps_its_value_and_a_signature_that_holds(desk: World) -> None:
    written(desk, A, "S1")
    prefixes.transfer(
        actor=operator(desk), prefix_id=prefix_by_text(PREFIX).id, holder_id=desk.mill_id, reason="移交", now=desk.now
    )
    record = record_anywhere(A)
    assert record is not None
    assert (record.organization_id, record.version, held()) == (desk.mill_id, 2, [A])
    assert trust_report(A, desk.now).is_trusted
    with pytest.raises(errors.ValueRepeated):
        identifiers.register(
            actor=customer(desk, desk.mill_id), name=B, values=(serial("S1"),), template="V1", now=desk.now
        )


def test_what_a_customer_writes_takes_the_value_unsigned(desk: World) -> None:
    identifiers.register(actor=customer(desk), name=A, values=(serial("S1"), DUE), template="V1", now=desk.now)
    assert (held(), indexes(A)) == ([A], [2, INDEX])
    assert trust_report(A, desk.now).verdict == "not_signed"
