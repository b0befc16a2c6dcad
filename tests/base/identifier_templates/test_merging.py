"""Items of a template over its changes: none is lost, and what fitted a published template fits ever after."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jialiang.base.identifier_templates.errors import (
    BadTemplateItem,
    TemplateIncomplete,
    TemplateItemFixed,
    TemplateMember,
)
from jialiang.base.identifier_templates.facts import TemplateFacts, checked_facts, merged_items
from jialiang.formats.handle.values import HandleValue
from jialiang.formats.identifier_templates.checking import check_values
from jialiang.formats.identifier_templates.items import MOST_ITEMS, RecordTemplate, TemplateItem, item_fault
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import ItemReaders, TemplateDataType

SERIAL = TemplateItem(
    index=2000, type="SERIAL", name=Text("编号", "Serial"), required=True, unique=True,
    minimum_length=2, maximum_length=9,
)  # fmt: skip
PLACE = TemplateItem(index=2001, type="PLACE", name=Text("地点", "Place"))
OLD = (SERIAL, PLACE)
FACTS = TemplateFacts(prefix="88.101.5", code="V1", name=Text("温度计"))


def items(indexes: st.SearchStrategy[int]) -> st.SearchStrategy[TemplateItem]:
    """Items that hold by themselves; the type follows from the index, so that two never share one."""
    return st.builds(
        lambda index, kind, lengths, **flags: TemplateItem(
            index=index,
            type=f"T{index}",
            name=Text("项"),
            data_type=kind,
            minimum_length=min(lengths),
            maximum_length=max(lengths),
            **flags,
        ),
        indexes,
        st.sampled_from([TemplateDataType.TEXT, TemplateDataType.NUMBER]),
        st.tuples(st.integers(0, 4), st.integers(0, 4)),
        required=st.booleans(),
        unique=st.booleans(),
        enabled=st.booleans(),
        readers=st.sampled_from([ItemReaders.PUBLIC, ItemReaders.HOLDER]),
    )


SETS = st.lists(items(st.integers(2000, 2005)), max_size=5, unique_by=lambda item: item.index)


@given(SETS, SETS)
def test_a_merged_set_holds_the_given_items_and_every_other_old_one_by_index(old, given_items):
    merged = merged_items(old, given_items, published=False)
    by_index = {item.index: item for item in old} | {item.index: item for item in given_items}
    assert merged == tuple(by_index[index] for index in sorted(by_index))


@given(SETS, SETS)
def test_merging_again_what_was_merged_changes_nothing(old, given_items):
    merged = merged_items(old, given_items, published=False)
    assert merged_items(merged, given_items, published=True) == merged
    assert merged_items(merged, merged, published=True) == merged
    assert merged_items(merged, (), published=True) == merged


RECORDS = st.dictionaries(st.integers(2000, 2005), st.sampled_from(["", "1", "22", "abc", "4444", "55555"]))


@given(SETS, SETS, RECORDS)
def test_what_fitted_a_published_template_fits_after_every_change_it_bears(old, given_items, record):
    values = [HandleValue(index, f"T{index}", text.encode()) for index, text in record.items()]
    before = RecordTemplate("88.1", "V1", Text("模板"), merged_items((), old, published=False))
    assume(check_values(before, values) == ())
    try:
        after = replace(before, items=merged_items(before.items, given_items, published=True))
    except TemplateItemFixed:
        return
    enabled_before = {item.index for item in before.items if item.enabled}
    left = [
        finding
        for finding in check_values(after, values)
        if finding.rule != "enabled" and finding.index in enabled_before  # what is switched off or on is told so
    ]
    assert left == []


# --- each member of an item that is in use --------------------------------------------------------------------

BEARS = {
    "the same again": (SERIAL, True),
    "required no more": (replace(SERIAL, required=False), True),
    "required from now on": (replace(PLACE, required=True), False),
    "unique no more": (replace(SERIAL, unique=False), True),
    "unique from now on": (replace(PLACE, unique=True), False),
    "one letter less at least": (replace(SERIAL, minimum_length=1), True),
    "one letter more at least": (replace(SERIAL, minimum_length=3), False),
    "one letter more at most": (replace(SERIAL, maximum_length=10), True),
    "one letter less at most": (replace(SERIAL, maximum_length=8), False),
    "switched off": (replace(PLACE, enabled=False), True),
    "another name": (replace(PLACE, name=Text("位置", "Location")), True),
    "other letters of the type": (replace(PLACE, type="Place"), False),
    "another kind of data": (replace(PLACE, data_type=TemplateDataType.REFERENCE), False),
    "for some to read": (replace(PLACE, readers=ItemReaders.ORGANIZATIONS, organizations=("a",)), True),
    "a new item": (TemplateItem(index=2002, type="X", name=Text("x")), True),
    "a new item that is unique": (TemplateItem(index=2002, type="X", name=Text("x"), unique=True), True),
    "a new item of some length": (TemplateItem(index=2002, type="X", name=Text("x"), minimum_length=5), True),
    "a new item that is required": (TemplateItem(index=2002, type="X", name=Text("x"), required=True), False),
}


@pytest.mark.parametrize("how", BEARS)
def test_a_published_template_bears_what_widens_and_refuses_what_narrows(how):
    item, bears = BEARS[how]
    if bears:
        assert item in merged_items(OLD, [item], published=True)
    else:
        with pytest.raises(TemplateItemFixed) as refused:
            merged_items(OLD, [item], published=True)
        assert refused.value.facts["index"] == item.index
        assert refused.value.facts["member"].zh != refused.value.facts["member"].en
    assert item in merged_items(OLD, [item], published=False)


@pytest.mark.parametrize("published", [False, True])
@pytest.mark.parametrize(
    ("given_items", "index"),
    [
        ([PLACE, PLACE], 2001),
        ([replace(PLACE, index=2002)], 2002),
        ([replace(PLACE, index=2002, type="place")], 2002),
        ([replace(PLACE, index=1999)], 1999),
        ([PLACE, replace(PLACE, index=2002, type="HS_SITE")], 2002),
    ],
)
def test_items_that_exclude_each_other_are_refused_by_the_later_index(published, given_items, index):
    with pytest.raises(BadTemplateItem) as refused:
        merged_items(OLD, given_items, published=published)
    assert refused.value.facts["index"] == index


def test_two_items_may_change_their_types_in_a_draft_at_once():
    swapped = [replace(SERIAL, type="PLACE"), replace(PLACE, type="SERIAL")]
    assert merged_items(OLD, swapped, published=False) == tuple(swapped)


def test_a_template_has_five_hundred_items_and_not_one_more():
    many = [TemplateItem(index=3000 + place, type=f"T{place}", name=Text("项")) for place in range(MOST_ITEMS - 2)]
    whole = merged_items(OLD, many, published=False)
    assert len(whole) == MOST_ITEMS == 500
    with pytest.raises(BadTemplateItem) as refused:
        merged_items(whole, [TemplateItem(index=2500, type="ONE", name=Text("项"))], published=False)
    assert refused.value.facts["index"] == 3000 + MOST_ITEMS - 3  # the last by index is the one beyond


AT_THE_LIMIT = {
    "the first index": {"index": 2000}, "the last index": {"index": 2**31 - 1}, "a type of 128": {"type": "x" * 128},
    "a name of 100": {"name": Text("温" * 100)}, "an English name only": {"name": Text("", "Place")},
    "the longest data": {"maximum_length": 100_000}, "one length": {"minimum_length": 255, "maximum_length": 255},
    "no letter at all": {"maximum_length": 0}, "HS without a line": {"type": "HSV"},
    "fifty organizations": {
        "readers": ItemReaders.ORGANIZATIONS, "organizations": tuple(str(uuid4()) for _ in range(50)),
    },
}  # fmt: skip


@pytest.mark.parametrize("what", AT_THE_LIMIT)
def test_an_item_at_the_limit_of_a_rule_is_taken(what):
    assert item_fault(replace(PLACE, **AT_THE_LIMIT[what])) is None


# --- the facts of a template ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"prefix": ""}, ["前缀"]),
        ({"code": "\t"}, ["模板版本"]),
        ({"name": Text()}, ["模板名称"]),
        ({"prefix": " ", "code": "", "name": Text(" ", " ")}, ["前缀", "模板版本", "模板名称"]),
        ({"carrier": ""}, ["载体类型"]),
    ],
)
def test_everything_that_is_missing_is_named_at_once(members, named):
    with pytest.raises(TemplateIncomplete) as refused:
        checked_facts(replace(FACTS, **members))
    told = refused.value.facts["members"].zh
    assert all(word in told for word in named), told
    assert told.count("、") == len(named) - 1


INDUSTRIES = [
    ("A", True), ("T", True), ("C40", True), ("C401", True), ("C4014", True),
    ("U", False), ("c", False), ("C4", False), ("C40140", False), ("40", False), ("C4O", False), ("Ｃ", False),
    ("C\nA", False), ("C４０", False),
]  # fmt: skip


@pytest.mark.parametrize(("industry", "holds"), INDUSTRIES)
def test_an_industry_is_a_letter_with_none_or_two_to_four_digits(industry, holds):
    if holds:
        assert checked_facts(replace(FACTS, industry=industry))["industry"] == industry
    else:
        with pytest.raises(TemplateMember):
            checked_facts(replace(FACTS, industry=industry))


@pytest.mark.parametrize(
    ("members", "holds"),
    [
        ({"code": "x" * 128}, True), ({"code": "x" * 129}, False), ({"name": Text("温" * 100)}, True),
        ({"name": Text("温" * 101)}, False), ({"name": Text("温", "t" * 101)}, False), ({"code": "V\x001"}, False),
        ({"code": "V\ud800"}, False), ({"name": Text("a\u2028b")}, False), ({"carrier": "active_carrier"}, True),
        ({"carrier": "Active_carrier"}, False),
    ],
)  # fmt: skip
def test_columns_hold_what_fits_them(members, holds):
    if holds:
        assert set(checked_facts(replace(FACTS, **members))) == {"code", "name_zh", "name_en", "carrier", "industry"}
    else:
        with pytest.raises(TemplateMember) as refused:
            checked_facts(replace(FACTS, **members))
        refused.value.facts["given"].encode()  # it can be told
