"""Templates whose items become unique, or cease to be, while records that name them are stored already."""

from __future__ import annotations

import importlib
from dataclasses import replace

import pytest
from django.apps import apps as installed
from tests.functions.prefix_verbs import ITEMS, add_prefix, add_template, customer, operator
from tests.pictures import nothing_changes

from jialiang.base.identifier_templates import errors
from jialiang.base.identifier_templates.facts import TemplateFacts
from jialiang.base.identifier_templates.selectors import identifier_template
from jialiang.base.identifiers import unique_values
from jialiang.base.identifiers.errors import ValueRepeated
from jialiang.base.identifiers.models import IdentifierValueClaim
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifier_templates, identifiers
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import TemplateDataType

PREFIX = "88.101.5"
SERIAL, MADE_ON = ITEMS
LOOSE = replace(SERIAL, unique=False)


@pytest.fixture
def owner(world):
    add_prefix(world, PREFIX)
    return customer(world)


@pytest.fixture
def labelled(owner, now):
    """Register records that name a version before a template of it is kept here; the values are serial numbers."""

    def act(*texts, template="V1"):
        for place, text in enumerate(texts):
            value = HandleValue(SERIAL.index, SERIAL.type, text.encode())
            name = f"{PREFIX}/{template.strip()}-{place}"
            identifiers.register(actor=owner, name=name, values=(value,), template=template, now=now)

    return act


def change(world, row, *items):
    return identifier_templates.change(
        actor=customer(world), template_id=row.id, changes={}, items=items,
        expected_version=identifier_template(row.id).version, now=world.now,
    )  # fmt: skip


def held():
    return sorted(IdentifierValueClaim.objects.values_list("identifier__name", flat=True))


def test_a_template_takes_what_records_that_name_it_have(world, labelled):
    labelled("S1", "S2")
    labelled("S1", template="V1-old")
    add_template(world)
    assert held() == [f"{PREFIX}/V1-0", f"{PREFIX}/V1-1"]


@pytest.mark.parametrize("part", [1, 2, 1000])
def test_a_template_is_refused_where_they_repeat_with_count_and_examples(world, labelled, monkeypatch, part):
    monkeypatch.setattr(unique_values, "AT_ONCE", part)
    labelled("S1", "S2", "S1", "S1", "S2")
    with nothing_changes(), pytest.raises(errors.TemplateValuesRepeat) as refused:
        add_template(world)
    assert refused.value.facts["count"] == 3
    for told in (refused.value.what.zh, refused.value.what.en):
        assert "V1" in told
        assert f"2000: {PREFIX}/V1-0 = {PREFIX}/V1-2" in told
    assert "更正或注销" in refused.value.way_out.zh
    assert "new version" in refused.value.way_out.en


def test_of_many_repeats_a_few_are_told_and_all_are_counted(world, labelled):
    labelled(*["S1"] * 9)
    with pytest.raises(errors.TemplateValuesRepeat) as refused:
        add_template(world)
    assert refused.value.facts["count"] == 8
    assert str(refused.value.facts["examples"]).count(" = ") == identifier_templates.MOST_EXAMPLES


def test_a_draft_item_becomes_unique_only_where_nothing_repeats(world, owner, labelled, now):
    labelled("S1", "S1")
    row = identifier_templates.create(
        actor=owner, facts=_facts(), items=[LOOSE, MADE_ON], now=now
    )
    assert held() == []
    with nothing_changes(), pytest.raises(errors.TemplateValuesRepeat):
        change(world, row, SERIAL)
    identifiers.retire(actor=owner, name=f"{PREFIX}/V1-1", now=now)
    change(world, row, SERIAL)
    assert held() == [f"{PREFIX}/V1-0"]


def test_publishing_looks_again(world, labelled):
    labelled("S1")
    row = add_template(world)
    assert held() == [f"{PREFIX}/V1-0"]
    IdentifierValueClaim.objects.all()._raw_delete("default")
    identifier_templates.publish(actor=customer(world), template_id=row.id, now=world.now)
    assert held() == [f"{PREFIX}/V1-0"]


def test_a_published_item_that_is_no_longer_unique_lets_its_values_go_and_never_takes_them_again(world, owner, now):
    row = add_template(world)
    identifier_templates.publish(actor=owner, template_id=row.id, now=now)
    value = HandleValue(SERIAL.index, SERIAL.type, b"S1")
    identifiers.register(actor=owner, name=f"{PREFIX}/a", values=(value,), template="V1", now=now)
    change(world, row, LOOSE)
    assert held() == []
    identifiers.register(actor=owner, name=f"{PREFIX}/b", values=(value,), template="V1", now=now)
    with pytest.raises(errors.TemplateItemFixed) as refused:
        change(world, row, SERIAL)
    assert "派生一个新版本" in refused.value.way_out.zh


def test_an_item_that_is_disabled_and_enabled_again_has_kept_what_is_unique(world, owner, now):
    row = add_template(world)
    identifier_templates.publish(actor=owner, template_id=row.id, now=now)
    value = HandleValue(SERIAL.index, SERIAL.type, b"S1")
    identifiers.register(actor=owner, name=f"{PREFIX}/a", values=(value,), template="V1", now=now)
    change(world, row, replace(SERIAL, enabled=False))
    change(world, row, replace(SERIAL, required=False))
    with pytest.raises(ValueRepeated):
        identifiers.register(actor=owner, name=f"{PREFIX}/b", values=(value,), template="V1", now=now)


def test_data_that_become_references_are_compared_as_names_from_then_on(world, owner, labelled, now):
    labelled("88.1/A", "88.1/a")
    row = add_template(world)
    assert len(held()) == 2
    with pytest.raises(errors.TemplateValuesRepeat):
        change(world, row, replace(SERIAL, data_type=TemplateDataType.REFERENCE))


def test_examples_name_only_records_that_the_actor_may_read(world, labelled, monkeypatch):
    labelled("S1", "S1")
    monkeypatch.setattr(
        identifier_templates, "may_read_all", lambda actor, record: not record.name.endswith("-0")
    )
    with pytest.raises(errors.TemplateValuesRepeat) as refused:
        add_template(world)
    assert refused.value.facts["examples"] == f"2000: — = {PREFIX}/V1-1"


def _facts():
    return TemplateFacts(prefix=PREFIX, code="V1", name=Text("温度计", "Thermometer"))


# --- what stood before ---------------------------------------------------------------------------------------


def test_records_of_before_take_what_they_have_by_the_migration_the_older_of_two_first(world, owner, labelled, now):
    row = identifier_templates.create(actor=owner, facts=_facts(), items=[LOOSE, MADE_ON], now=now)
    identifier_templates.publish(actor=owner, template_id=row.id, now=now)
    labelled("S1", "S1", "S2", "S3")
    identifiers.retire(actor=operator(world), name=f"{PREFIX}/V1-3", now=now)
    stored = identifier_template(row.id)
    stored.items = [SERIAL.to_json(), MADE_ON.to_json()]  # as it stood before anything held it
    stored.save()
    migration = importlib.import_module("jialiang.base.identifiers.migrations.0004_value_claims")
    for _ in range(2):  # a second run finds its own work done
        migration.claim_values(installed, None)
        assert held() == [f"{PREFIX}/V1-0", f"{PREFIX}/V1-2"]
    note = HandleValue(7, "NOTE", b"x")
    second = f"{PREFIX}/V1-1"
    assert identifiers.put_values(actor=owner, name=second, values=(note,), now=now).version == 2
    taken = HandleValue(SERIAL.index, SERIAL.type, b"S2")
    with pytest.raises(ValueRepeated):
        identifiers.put_values(actor=owner, name=second, values=(taken,), now=now)
    fresh = HandleValue(SERIAL.index, SERIAL.type, b"S4")
    identifiers.put_values(actor=owner, name=second, values=(fresh,), now=now)
    assert held() == [f"{PREFIX}/V1-0", f"{PREFIX}/V1-1", f"{PREFIX}/V1-2"]
