"""An item that was disabled and is enabled again: what was registered without it meanwhile still fits."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.base.identifier_templates.errors import TemplateItemFixed
from jialiang.base.identifier_templates.facts import merged_items
from jialiang.formats.handle.values import HandleValue
from jialiang.formats.identifier_templates.checking import check_values
from jialiang.formats.identifier_templates.items import RecordTemplate, TemplateItem
from jialiang.kernel.text import Text

SERIAL = TemplateItem(index=2000, type="SERIAL", name=Text("编号", "Serial"), required=True, maximum_length=9)
PLACE = TemplateItem(index=2001, type="PLACE", name=Text("地点", "Place"))
OLD = (SERIAL, PLACE)
WITH = (HandleValue(2000, "SERIAL", b"S-1"),)
WITHOUT: tuple[HandleValue, ...] = ()


def published(items: tuple[TemplateItem, ...], *changes: TemplateItem) -> tuple[TemplateItem, ...]:
    """The items of a published template after one change."""
    return merged_items(items, changes, published=True)


def rules_broken(items: tuple[TemplateItem, ...], values: tuple[HandleValue, ...]) -> set[str]:
    found = check_values(RecordTemplate("88.1", "V1", Text("模板"), items), values)
    return {finding.rule for finding in found}


def test_while_it_is_disabled_a_record_is_registered_without_a_required_item():
    off = published(OLD, replace(SERIAL, enabled=False))
    assert rules_broken(OLD, WITHOUT) == {"required"}
    assert rules_broken(off, WITHOUT) == set()


def test_enabled_again_it_may_be_left_out_and_those_without_it_still_fit():
    off = published(OLD, replace(SERIAL, enabled=False))
    on = published(off, replace(SERIAL, enabled=True, required=False))
    assert rules_broken(on, WITHOUT) == set()
    assert rules_broken(on, WITH) == set()


@pytest.mark.parametrize("stays_required", [True, False])
def test_enabled_again_as_required_is_refused_by_the_member_in_both_languages(stays_required: bool):
    off = published(OLD, replace(SERIAL, enabled=False, required=stays_required))
    with pytest.raises(TemplateItemFixed) as refused:
        published(off, replace(SERIAL, enabled=True, required=True))
    assert refused.value.facts["index"] == 2000
    assert refused.value.facts["member"].zh == "必填"
    assert refused.value.code == "JL-TPL-007"
    assert "重新启用" in refused.value.rule.zh
    assert "enabled again" in refused.value.rule.en


def test_once_it_has_been_optional_it_never_becomes_required_again():
    items = published(OLD, replace(SERIAL, enabled=False))
    items = published(items, replace(SERIAL, required=False))
    for enabled in (True, False):
        with pytest.raises(TemplateItemFixed):
            published(items, replace(SERIAL, enabled=enabled, required=True))


def test_a_disabled_item_keeps_its_mark_of_being_required_while_it_stays_disabled():
    off = published(OLD, replace(SERIAL, enabled=False))
    renamed = published(off, replace(SERIAL, enabled=False, name=Text("出厂编号")))
    assert renamed[0].required
    assert renamed[0].name == Text("出厂编号")


def test_in_a_draft_an_item_is_switched_as_one_likes_for_nothing_was_registered():
    off = merged_items(OLD, [replace(SERIAL, enabled=False)], published=False)
    assert merged_items(off, [SERIAL], published=False) == OLD


def test_an_optional_item_is_switched_off_and_on_without_any_change_of_its_rules():
    off = published(OLD, replace(PLACE, enabled=False))
    assert published(off, PLACE) == OLD


def test_a_new_item_is_not_required_even_where_it_begins_disabled():
    new = TemplateItem(index=2002, type="X", name=Text("x"), required=True, enabled=False)
    with pytest.raises(TemplateItemFixed):
        published(OLD, new)
    assert published(OLD, replace(new, required=False))[-1].index == 2002


STATES = list(product([True, False], repeat=2))  # required, enabled
MAY = {
    # (required, enabled) before: the pairs that may follow
    (True, True): set(STATES),
    (True, False): {(True, False), (False, True), (False, False)},
    (False, True): {(False, True), (False, False)},
    (False, False): {(False, True), (False, False)},
}


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
def test_each_step_of_required_and_enabled(before: tuple[bool, bool], after: tuple[bool, bool]):
    old = (replace(SERIAL, required=before[0], enabled=before[1]),)
    new = replace(SERIAL, required=after[0], enabled=after[1])
    if after in MAY[before]:
        assert published(old, new) == (new,)
    else:
        with pytest.raises(TemplateItemFixed):
            published(old, new)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(STATES), max_size=6), st.lists(st.booleans(), min_size=7, max_size=7))
def test_whatever_fitted_when_it_was_registered_fits_ever_after(steps, gives_it):
    """At each step somebody registers a record, with the item or without; as long as it is enabled they all fit."""
    items, registered = (SERIAL,), []
    for step, given_it in zip([(True, True), *steps], gives_it, strict=False):
        try:
            items = published(items, replace(SERIAL, required=step[0], enabled=step[1]))
        except TemplateItemFixed:
            continue
        values = WITH if given_it else WITHOUT
        if not rules_broken(items, values):
            registered.append(values)
        left = {rule for record in registered for rule in rules_broken(items, record)}
        assert left <= {"enabled"}  # what stands under an item that is no longer used is told so and stays
