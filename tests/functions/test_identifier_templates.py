"""Templates of identifier records from draft to withdrawal: what may still change when."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.functions.prefix_verbs import ITEMS, add_prefix, add_template, customer, operator
from tests.ledger import World
from tests.pictures import nothing_changes, what_is_left

from jialiang.base.identifier_templates import errors
from jialiang.base.identifier_templates.facts import TemplateFacts
from jialiang.base.identifier_templates.selectors import identifier_template, items_of, template_by_code
from jialiang.base.identifier_templates.selectors import identifier_templates as listed
from jialiang.base.prefixes import errors as of_prefixes
from jialiang.formats.handle.values import HandleValue
from jialiang.formats.identifier_templates.items import TemplateItem
from jialiang.functions import identifier_templates, prefixes
from jialiang.kernel.text import Text
from jialiang.security.actor import identity_actor
from jialiang.security.policy import NotOwnOrganization
from jialiang.vocabulary.statuses import ItemReaders, TemplateDataType

SERIAL, MADE_ON = ITEMS
COLOUR = TemplateItem(index=2009, type="COLOUR", name=Text("颜色", "Colour"))


@pytest.fixture
def prefix(world: World):
    """The dairy's prefix."""
    return add_prefix(world, "88.101.5")


@pytest.fixture
def draft(world: World, prefix):
    """A template of the dairy."""
    return add_template(world)


def change(world, row, *items, changes=None, version=None):
    return identifier_templates.change(
        actor=customer(world),
        template_id=row.id,
        changes=changes or {},
        items=items,
        expected_version=version or identifier_template(row.id).version,
        now=world.now,
    )


def publish(world, row):
    return identifier_templates.publish(actor=customer(world), template_id=row.id, now=world.now)


def test_a_template_is_a_draft_until_it_is_published_and_records_go_by_published_ones_only(world, draft):
    assert (draft.state, draft.organization_id, draft.version) == ("draft", world.dairy_id, 1)
    with pytest.raises(errors.TemplateUnknown):
        identifier_templates.template_for("88.101.5", "V1")
    assert identifier_templates.template_for("88.101.5", "V1", registering=False).items == ITEMS
    publish(world, draft)
    found = identifier_templates.template_for("88.101.5", "V1")
    assert (found.prefix, found.code, found.name, found.items) == (
        "88.101.5",
        "V1",
        Text("温度计", "Thermometer"),
        ITEMS,
    )
    assert identifier_templates.check_values(found, [HandleValue(2000, "SERIAL", b"7")]) == ()


def test_after_withdrawal_nothing_is_registered_by_it_but_it_can_be_read(world, draft):
    publish(world, draft)
    identifier_templates.withdraw(actor=customer(world), template_id=draft.id, reason="换版", now=world.now)
    with pytest.raises(errors.TemplateUnknown):
        identifier_templates.template_for("88.101.5", "V1")
    assert identifier_templates.template_for("88.101.5", "V1", registering=False).code == "V1"
    with nothing_changes(), pytest.raises(errors.TemplateStateForbids):
        change(world, draft, COLOUR)


def test_items_that_are_not_named_stay_and_none_is_ever_left_out(world, draft):
    row, altered = change(world, draft, COLOUR)
    assert [item.index for item in items_of(row)] == [2000, 2001, 2009]
    assert row.version == 2
    row, _ = change(world, draft, replace(SERIAL, enabled=False))
    assert [(item.index, item.enabled) for item in items_of(row)] == [
        (2000, False),
        (2001, True),
        (2009, True),
    ]
    assert list(altered.new) == ["items"]


def test_in_a_draft_everything_about_an_item_may_change(world, draft):
    new = replace(SERIAL, type="NUMBER", data_type=TemplateDataType.NUMBER, required=False, maximum_length=3)
    row, _ = change(world, draft, new)
    assert items_of(row)[0] == new


LOOSENED = {
    "disabled": replace(SERIAL, enabled=False),
    "renamed": replace(SERIAL, name=Text("编号")),
    "no longer required": replace(SERIAL, required=False),
    "no longer unique": replace(SERIAL, unique=False),
    "longer": replace(SERIAL, maximum_length=300),
    "for the holder only": replace(SERIAL, readers=ItemReaders.HOLDER),
    "a further item": COLOUR,
}


@pytest.mark.parametrize("how", LOOSENED)
def test_a_published_item_may_be_loosened(world, draft, how):
    publish(world, draft)
    row, _ = change(world, draft, LOOSENED[how])
    assert LOOSENED[how] in items_of(row)


TIGHTENED = {
    "another type": (replace(SERIAL, type="NO"), "type"),
    "another data type": (replace(MADE_ON, data_type=TemplateDataType.TEXT), "data type"),
    "required now": (replace(MADE_ON, required=True), "required"),
    "unique now": (replace(MADE_ON, unique=True), "unique"),
    "at least one letter": (replace(SERIAL, minimum_length=1), "minimum length"),
    "shorter": (replace(SERIAL, maximum_length=254), "maximum length"),
    "a further item that is required": (replace(COLOUR, required=True), "required"),
}


@pytest.mark.parametrize("how", TIGHTENED)
def test_a_published_item_is_never_tightened_so_that_what_was_registered_still_fits(world, draft, how):
    publish(world, draft)
    item, member = TIGHTENED[how]
    with nothing_changes(), pytest.raises(errors.TemplateItemFixed) as refused:
        change(world, draft, item)
    assert member in refused.value.what.en


BAD = {
    "an index below 2000": [replace(COLOUR, index=1001)],
    "a type of the Handle System": [replace(COLOUR, type="HS_ADMIN")],
    "an index twice": [COLOUR, replace(COLOUR, type="OTHER")],
    "a type twice": [replace(COLOUR, type="serial")],
    "too many": [replace(COLOUR, index=3000 + i, type=f"T{i}") for i in range(499)],
}


@pytest.mark.parametrize("fault", BAD)
def test_items_that_will_not_do_are_refused(world, draft, fault):
    with nothing_changes(), pytest.raises(errors.BadTemplateItem) as refused:
        change(world, draft, *BAD[fault])
    assert refused.value.facts["reason"].zh


def test_a_new_version_is_derived_with_the_items_of_the_old_one(world, draft):
    facts = TemplateFacts(prefix="88.101.5", code="V2", name=Text("温度计"), derived_from_id=draft.id)
    row = identifier_templates.create(actor=customer(world), facts=facts, items=[COLOUR], now=world.now)
    assert (row.derived_from_id, items_of(row)) == (draft.id, (*ITEMS, COLOUR))


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"name": Text()}, errors.TemplateIncomplete),
        ({"code": " "}, errors.TemplateIncomplete),
        ({"code": "x" * 129}, errors.TemplateMember),
        ({"name": Text("a\nb")}, errors.TemplateMember),
        ({"carrier": "paper"}, errors.TemplateMember),
        ({"industry": "40"}, errors.TemplateMember),
        ({"industry": "Z01"}, errors.TemplateMember),
        ({"prefix": "88.777"}, of_prefixes.PrefixUnknown),
        ({"prefix": "88.102.1"}, of_prefixes.PrefixOfAnother),
        ({"code": "V1"}, errors.TemplateExists),
    ],
)  # fmt: skip
def test_a_template_that_will_not_do_is_refused(world, draft, members, error):
    add_prefix(world, "88.102.1", world.mill_id)
    facts = replace(TemplateFacts(prefix="88.101.5", code="V9", name=Text("温度计")), **members)
    with nothing_changes(), pytest.raises(error):
        identifier_templates.create(actor=customer(world), facts=facts, items=ITEMS, now=world.now)


@pytest.mark.parametrize("industry", ["", "C", "C40", "C401", "C4014"])
def test_the_industry_is_a_code_of_the_classification(world, draft, industry):
    row, _ = change(world, draft, changes={"industry": industry})
    assert row.industry == industry


@pytest.mark.parametrize("changes", [{"state": "published"}, {"items": []}, {"code": "V7"}, {"name": Text()}])
def test_what_is_no_member_to_change_is_refused(world, draft, changes):
    with nothing_changes(), pytest.raises((errors.TemplateMember, errors.TemplateIncomplete)):
        change(world, draft, changes=changes)


def test_a_change_that_changes_nothing_leaves_no_trace(world, draft):
    with nothing_changes():
        change(world, draft, SERIAL, changes={"name": Text("温度计", "Thermometer")})


def test_a_change_is_recorded_with_what_was_before(world, draft):
    with what_is_left() as left:
        change(world, draft, changes={"industry": "C4014"})
    ((action, detail),) = left.recorded
    assert (action, detail) == (
        "identifier_template.change",
        {"old": {"industry": ""}, "new": {"industry": "C4014"}},
    )
    ((event, data),) = left.told
    assert (event, data["members"], data["code"]) == ("identifier_template.changed", ["industry"], "V1")


def test_a_template_without_an_item_in_use_is_not_published(world, draft):
    change(world, draft, *(replace(item, enabled=False) for item in ITEMS))
    with nothing_changes(), pytest.raises(errors.TemplateIncomplete):
        publish(world, draft)


@pytest.mark.parametrize(
    ("reason", "error"), [(" ", errors.TemplateReasonMissing), ("x" * 201, errors.TemplateMember)]
)
def test_a_withdrawal_needs_a_reason_that_fits(world, draft, reason, error):
    with nothing_changes(), pytest.raises(error):
        identifier_templates.withdraw(
            actor=customer(world), template_id=draft.id, reason=reason, now=world.now
        )


def test_an_identity_keeps_templates_of_its_holder_and_of_nobody_else(world, draft):
    mine = identity_actor(world.tenant_id, world.dairy_id, "300:88.101.5/a", "api")
    theirs = identity_actor(world.tenant_id, world.mill_id, "300:88.102/a", "api")
    with nothing_changes(), pytest.raises(NotOwnOrganization):
        identifier_templates.publish(actor=theirs, template_id=draft.id, now=world.now)
    assert identifier_templates.publish(actor=mine, template_id=draft.id, now=world.now).state == "published"


def test_under_the_shared_prefix_the_institute_and_its_customers_keep_templates(world):
    facts = TemplateFacts(prefix="88.999.1", code="I1", name=Text("院内"))
    row = identifier_templates.create(actor=operator(world), facts=facts, items=ITEMS, now=world.now)
    assert row.organization_id == world.own_id
    assert add_template(world, "D1", "88.999.1").organization_id == world.dairy_id


def test_the_templates_of_a_prefix_go_with_it_to_its_new_holder(world, prefix, draft):
    prefixes.transfer(
        actor=operator(world), prefix_id=prefix.id, holder_id=world.mill_id, reason="并购", now=world.now
    )
    assert identifier_template(draft.id).organization_id == world.mill_id


def test_templates_are_found_by_prefix_in_any_case_and_listed_by_state_and_organization(world, draft):
    lettered = add_prefix(world, "88.Milk")
    other = add_template(world, "V1", lettered.text)
    assert template_by_code("88.mILK", " V1 ").id == other.id
    assert template_by_code("88.milk", "\ud800") is None
    publish(world, other)
    assert [row.id for row in listed(state="published")] == [other.id]
    assert [row.id for row in listed(prefix="88.101.5")] == [draft.id]
    assert len(listed(only_organization=world.mill_id)) == 0
