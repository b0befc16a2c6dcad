"""A prefix that passes to another organization takes its records along: each by a version that says so."""

from __future__ import annotations

import importlib
from dataclasses import replace
from datetime import timedelta

import pytest
from django.apps import apps as installed
from tests.functions.prefix_verbs import ITEMS, add_prefix, add_template, customer, operator
from tests.pictures import nothing_changes

from jialiang.base.identifiers import batch_services, selectors
from jialiang.base.identifiers.models import IdentifierBatch, IdentifierVersion
from jialiang.base.prefixes import errors
from jialiang.formats.handle.published import record_key
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifier_templates, identifiers, prefixes
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.governance.publication.selectors import answer
from jialiang.security.audit.models import AuditRecord
from jialiang.security.policy import NotOwnOrganization
from jialiang.vocabulary.statuses import ItemReaders

PREFIX, BELOW, BESIDE = "88.101.5", "88.101.5.1", "88.101.6"
URL = HandleValue(1, "URL", b"https://example.org/1")
NOTE = HandleValue(7, "NOTE", b"for administrators", permissions=0b1100)


@pytest.fixture
def row(world):
    add_prefix(world, "88.101", world.own_id)
    for text in (BELOW, BESIDE):
        add_prefix(world, text)
    found = add_prefix(world, PREFIX)
    for name in (f"{PREFIX}/a", f"{PREFIX}/b", f"{PREFIX}/c", f"{BELOW}/a", f"{BESIDE}/a"):
        identifiers.register(actor=customer(world), name=name, values=(URL, NOTE), now=world.now)
    identifiers.retire(actor=customer(world), name=f"{PREFIX}/c", now=world.now)
    return found


def transferred(world, row, holder_id=None, **members):
    given = {"holder_id": holder_id or world.mill_id, "reason": " 并购\n重组 ", "now": world.now, **members}
    return prefixes.transfer(actor=operator(world), prefix_id=row.id, **given)


def owner(name):
    return selectors.record(name).organization_id


@pytest.mark.parametrize("part", [1, 2, 1000])
def test_the_records_of_the_prefix_go_along_and_no_others(world, row, monkeypatch, part):
    monkeypatch.setattr(batch_services, "AT_ONCE", part)
    transferred(world, row)
    assert [owner(f"{PREFIX}/{suffix}") for suffix in "abc"] == [world.mill_id] * 3
    assert [owner(f"{text}/a") for text in (BELOW, BESIDE)] == [world.dairy_id] * 2
    assert selectors.record(f"{PREFIX}/c").state == "retired"


def test_each_gets_a_version_that_says_by_which_deed_why_and_whose_it_was(world, row):
    later = world.now + timedelta(days=3)
    transferred(world, row, now=later)
    now, before = selectors.history(f"{PREFIX}/a")
    assert (now.record.version, now.action, now.reason) == (2, "prefix.transfer", "并购 重组")
    assert (now.record.organization_id, before.record.organization_id) == (world.mill_id, world.dairy_id)
    assert (now.record.changed_at, before.record.changed_at) == (later, world.now)
    assert now.record.record == before.record.record
    batch = IdentifierBatch.objects.get()
    assert (now.batch_id, batch.mode, batch.counts) == (batch.id, "transfer", {"updated": 3})
    past = identifiers.resolve_identifier(
        actor=customer(world, world.mill_id), name=f"{PREFIX}/a", at=world.now + timedelta(days=1), now=later
    )
    assert (past.version, past.organization_id) == (1, world.dairy_id)


def test_one_audit_record_and_one_event_stand_for_all_of_them(world, row):
    transferred(world, row)
    found = AuditRecord.objects.filter(action="prefix.transfer").values_list("subject_type", flat=True)
    assert sorted(found) == ["identifier_batch", "prefix"]
    told = OutboxEvent.objects.get(name="identifier.batch_completed")
    assert told.data == {"mode": "transfer", "counts": {"updated": 3}}


def test_the_new_holder_reads_and_changes_and_the_old_one_no_more(world, row):
    transferred(world, row)
    new, old = customer(world, world.mill_id), customer(world)
    assert identifiers.put_values(actor=new, name=f"{PREFIX}/a", values=(HandleValue(2, "X", b"y"),), now=world.now)
    with nothing_changes(), pytest.raises(NotOwnOrganization):
        identifiers.put_values(actor=old, name=f"{PREFIX}/b", values=(URL,), now=world.now)
    seen = identifiers.resolve_identifier(actor=old, name=f"{PREFIX}/b", now=world.now)
    assert [value.index for value in seen.record.values] == [1]
    seen = identifiers.resolve_identifier(actor=new, name=f"{PREFIX}/b", now=world.now)
    assert [value.index for value in seen.record.values] == [1, 7]


def test_what_only_the_holder_reads_by_a_template_is_the_new_one_s(world, row):
    template = add_template(world)
    hidden = replace(ITEMS[0], readers=ItemReaders.HOLDER)
    identifier_templates.change(
        actor=customer(world), template_id=template.id, changes={}, items=[hidden], expected_version=1, now=world.now
    )
    identifier_templates.publish(actor=customer(world), template_id=template.id, now=world.now)
    serial = HandleValue(2000, "SERIAL", b"S1")
    identifiers.register(
        actor=customer(world), name=f"{PREFIX}/d", values=(serial,), template="V1", now=world.now
    )
    before = answer(record_key(f"{PREFIX}/d")).body
    transferred(world, row)
    assert answer(record_key(f"{PREFIX}/d")).body == before
    assert identifier_templates.template_for(PREFIX, "V1").items[0] == hidden
    seen = identifiers.resolve_identifier(actor=customer(world), name=f"{PREFIX}/d", now=world.now)
    assert seen.record.values == ()


def test_a_transfer_that_is_refused_moves_nothing(world, row):
    for members in ({"reason": " "}, {"reason": "x" * 201}):
        with nothing_changes(), pytest.raises((errors.PrefixReasonMissing, errors.PrefixMember)):
            transferred(world, row, **members)


def test_a_transfer_to_who_holds_it_leaves_no_version(world, row):
    with nothing_changes():
        transferred(world, row, world.dairy_id)
    assert selectors.record(f"{PREFIX}/a").version == 1


def test_back_again_is_a_version_more_and_an_empty_prefix_leaves_no_batch(world, row):
    transferred(world, row)
    transferred(world, row, world.dairy_id)
    assert owner(f"{PREFIX}/a") == world.dairy_id
    owners = [entry.record.organization_id for entry in selectors.history(f"{PREFIX}/a")]
    assert owners == [world.dairy_id, world.mill_id, world.dairy_id]
    count = IdentifierBatch.objects.count()
    transferred(world, add_prefix(world, "88.101.9"))
    assert IdentifierBatch.objects.count() == count == 2


def test_a_thousand_records_cost_a_few_statements(world, row, django_assert_max_num_queries):
    items = [identifiers.BatchItem(f"{PREFIX}/n-{i}", (URL,)) for i in range(1000)]
    identifiers.register_many(actor=customer(world), items=items, mode="create", now=world.now)
    with django_assert_max_num_queries(100):  # SQLite takes 999 parameters a statement, hence parts of parts
        transferred(world, row)
    assert owner(f"{PREFIX}/n-999") == world.mill_id


def test_past_versions_of_before_get_the_owner_of_their_record_by_the_migration(world, row):
    value = HandleValue(2, "X", b"y")
    identifiers.put_values(actor=customer(world), name=f"{PREFIX}/a", values=(value,), now=world.now)
    IdentifierVersion.objects.update(organization_id=None)
    migration = importlib.import_module("jialiang.base.identifiers.migrations.0005_owners_of_versions")
    migration.tell_owners(installed, None)
    assert selectors.history(f"{PREFIX}/a")[1].record.organization_id == world.dairy_id
