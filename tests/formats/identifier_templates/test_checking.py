"""Values against templates: what fits, what does not and why, and the same answer by JSON Schema."""

from __future__ import annotations

from dataclasses import replace

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.handle.values import HandleValue
from jialiang.formats.identifier_templates.checking import (
    check_values,
    fits_data_type,
    unique_data,
    unique_items,
)
from jialiang.formats.identifier_templates.items import (
    RecordTemplate,
    TemplateItem,
    item_fault,
    readable_values,
)
from jialiang.formats.identifier_templates.json_schema import json_schema
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import ItemReaders, TemplateDataType

SERIAL = TemplateItem(
    index=2000,
    type="SERIAL",
    name=Text("出厂编号", "Serial number"),
    required=True,
    unique=True,
    minimum_length=3,
    maximum_length=20,
)
LIMIT = TemplateItem(
    index=2001, type="MPE", name=Text("最大允许误差"), data_type=TemplateDataType.NUMBER, maximum_length=12
)
MADE_ON = TemplateItem(index=2002, type="MADE_ON", name=Text("", "Made on"), data_type=TemplateDataType.DATE)
MANUAL = TemplateItem(index=2003, type="MANUAL", name=Text("说明书"), data_type=TemplateDataType.FILE)
PART_OF = TemplateItem(
    index=2004, type="PART_OF", name=Text("所属装置"), data_type=TemplateDataType.REFERENCE
)
OLD = TemplateItem(index=2005, type="COLOUR", name=Text("颜色"), required=True, enabled=False)
TEMPLATE = RecordTemplate(
    "88.101.5", "V1", Text("温度计", "Thermometer"), (SERIAL, LIMIT, MADE_ON, MANUAL, PART_OF, OLD)
)
GOOD = {
    2000: ("SERIAL", "2024-0317"),
    2001: ("MPE", "0.30"),
    2002: ("MADE_ON", "2024-02-29"),
    2003: ("MANUAL", "https://example.org/manual.pdf"),
    2004: ("PART_OF", "88.101.5/line-3"),
}


def values(members=GOOD, **more):
    return [HandleValue(index, kind, text.encode()) for index, (kind, text) in members.items()]


def broken(index, text, kind=None):
    return values(GOOD | {index: (kind or GOOD[index][0], text)})


def rules(given):
    return [(finding.index, finding.rule) for finding in check_values(TEMPLATE, given)]


def test_what_fits_has_no_finding_and_other_values_are_free():
    free = [HandleValue(1, "URL", b"\xff"), HandleValue(100, "HS_ADMIN", b""), HandleValue(1999, "X", b"")]
    assert check_values(TEMPLATE, values() + free) == ()
    assert rules(values({2000: ("serial", "abc")})) == []


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ([], [(2000, "required")]),
        (broken(2000, "ab"), [(2000, "length")]),
        (broken(2000, "x" * 21), [(2000, "length")]),
        (broken(2000, "温" * 20), []),
        (broken(2000, "2024-0317", "URL"), [(2000, "type")]),
        (broken(2001, "0,30"), [(2001, "data_type")]),
        (broken(2001, "0.3000000000001"), [(2001, "length")]),
        (broken(2002, "2023-02-29"), [(2002, "data_type")]),
        (broken(2002, "20240229"), [(2002, "data_type")]),
        (broken(2003, "manual.pdf"), [(2003, "data_type")]),
        (broken(2004, "line-3"), [(2004, "data_type")]),
        (values() + [HandleValue(2005, "COLOUR", b"red")], [(2005, "enabled")]),
        (values() + [HandleValue(2006, "X", b"")], [(2006, "index")]),
        (values({}) + [HandleValue(2000, "SERIAL", b"\xff\xfe\xfd")], [(2000, "data_type")]),
        (values({2001: ("MPE", "a"), 2009: ("X", "")}), [(2000, "required"), (2001, "data_type"), (2009, "index")]),
    ],
)  # fmt: skip
def test_each_rule_has_its_finding_in_the_order_of_the_indexes(given, found):
    assert rules(given) == found


def test_a_finding_names_the_item_in_both_languages():
    (missing,) = check_values(TEMPLATE, values({}))
    assert missing.message == Text("出厂编号（2000）：缺少必填项", "Serial number (2000): it is required")
    (wrong,) = check_values(TEMPLATE, broken(2002, "yesterday"))
    assert wrong.message.zh == "Made on（2002）：应为日期，如 2026-06-16"


@pytest.mark.parametrize(
    ("kind", "text", "fits"),
    [
        ("text", "", True),
        ("number", "-1.5e-3", True), ("number", ".5", True), ("number", "1.", False), ("number", "NaN", False),
        ("number", "１", False), ("number", "1\n", False),
        ("date", "2026-06-16", True), ("date", "2026-6-16", False), ("date", "2026-13-01", False),
        ("file", "sha256:" + "0a" * 32, True), ("file", "sha256:" + "0A" * 32, False),
        ("file", "http://x/", True), ("file", "ftp://x/", False), ("file", "https:///x", False),
        ("file", "https://x y/", False), ("file", "http://[", False),
        ("reference", "88.101.5/a/b", True), ("reference", "88.101.5", False), ("reference", "/a", False),
    ],
)  # fmt: skip
def test_the_data_types_take_what_they_say(kind, text, fits):
    assert fits_data_type(TemplateDataType(kind), text) is fits


def test_unique_data_are_told_by_index():
    assert unique_data(TEMPLATE, values()) == ((2000, b"2024-0317"),)
    no_longer = replace(TEMPLATE, items=(replace(SERIAL, unique=False),))
    assert unique_data(no_longer, values()) == ()


def test_an_item_that_is_disabled_stays_unique_for_the_records_that_have_it():
    switched_off = replace(TEMPLATE, items=(replace(SERIAL, enabled=False),))
    assert unique_data(switched_off, values()) == unique_data(TEMPLATE, values())


def test_empty_data_are_no_value_and_references_are_compared_as_names():
    def told(kind, data):
        template = replace(TEMPLATE, items=(replace(SERIAL, data_type=TemplateDataType(kind), minimum_length=0),))
        return unique_data(template, (HandleValue(SERIAL.index, SERIAL.type, data),))

    assert told("text", b"") == ()
    assert told("reference", b"88.101.5/AbC") == told("reference", b"88.101.5/aBc")
    assert told("text", b"88.101.5/AbC") != told("text", b"88.101.5/aBc")
    assert told("reference", b"\xff/A") == ((SERIAL.index, b"\xff/a"),)


def test_unique_items_are_told_with_how_they_are_compared():
    named = replace(SERIAL, index=2050, type="OF", data_type=TemplateDataType.REFERENCE, enabled=False)
    loose = replace(SERIAL, index=2051, type="LOOSE", unique=False)
    assert unique_items(replace(TEMPLATE, items=(SERIAL, named, loose))) == {(2000, False), (2050, True)}


# --- JSON Schema ----------------------------------------------------------------------------------------------


def test_the_schema_is_valid_and_tells_what_json_schema_has_no_words_for():
    schema = json_schema(TEMPLATE)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert (schema["x-prefix"], schema["x-template-version"], schema["title"]) == (
        "88.101.5",
        "V1",
        "Thermometer",
    )
    assert schema["required"] == ["SERIAL"]
    assert "COLOUR" not in schema["properties"]
    serial = schema["properties"]["SERIAL"]
    assert (serial["x-index"], serial["x-unique"], serial["minLength"], serial["maxLength"]) == (
        2000,
        True,
        3,
        20,
    )
    assert (serial["title"], serial["x-title-zh"], serial["x-readers"]) == (
        "Serial number",
        "出厂编号",
        "public",
    )


TEXTS = {
    "SERIAL": st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=24),
    "MPE": st.sampled_from(["0.3", "-1e5", "x", "", "1.", "+.5", "0.30000000000000"]),
    "MADE_ON": st.sampled_from(["2026-06-16", "2026-02-30", "16.6.2026", "2024-02-29", ""]),
    "MANUAL": st.sampled_from(["https://x/y", "sha256:" + "ab" * 32, "x", "file:///x", "http://"]),
    "PART_OF": st.sampled_from(["88.1/x", "88..1/x", "88.1", "/x", "a/"]),
}


@given(st.fixed_dictionaries({}, optional=TEXTS))
def test_a_schema_validator_and_the_check_agree_on_every_record(members):
    index = {item.type: item.index for item in TEMPLATE.items}
    record = [HandleValue(index[kind], kind, text.encode()) for kind, text in members.items()]
    checker = jsonschema.FormatChecker(formats=["date"])
    by_schema = jsonschema.Draft202012Validator(json_schema(TEMPLATE), format_checker=checker).is_valid(
        members
    )
    assert by_schema is (check_values(TEMPLATE, record) == ())


# --- items and grants -----------------------------------------------------------------------------------------


@given(
    st.builds(
        TemplateItem,
        index=st.integers(2000, 9999),
        type=st.text(min_size=1, max_size=9),
        name=st.builds(Text, st.text(max_size=5), st.text(max_size=5)),
        data_type=st.sampled_from(TemplateDataType),
        readers=st.sampled_from(ItemReaders),
        organizations=st.tuples(st.uuids().map(str)),
    )
)
def test_an_item_written_as_json_is_read_again(item):
    assert TemplateItem.from_json(item.to_json()) == item


@pytest.mark.parametrize(
    "members",
    [
        {"index": 1999}, {"index": 1001}, {"index": 2**31}, {"type": ""}, {"type": "x" * 129}, {"type": " X"},
        {"type": "a\nb"}, {"type": "HS_ADMIN"}, {"type": "hs_pubkey"}, {"name": Text()}, {"name": Text("x" * 101)},
        {"name": Text("a\tb")}, {"minimum_length": -1}, {"minimum_length": 21}, {"maximum_length": 100_001},
        {"readers": ItemReaders.ORGANIZATIONS}, {"organizations": ("a",)},
        {"readers": ItemReaders.ORGANIZATIONS, "organizations": tuple(map(str, range(51)))},
    ],
)  # fmt: skip
def test_an_item_that_will_not_do_is_told_why(members):
    assert item_fault(SERIAL) is None
    fault = item_fault(replace(SERIAL, **members))
    assert fault is not None
    assert fault.zh
    assert fault.en


def test_who_may_read_an_item_is_granted_item_by_item():
    owner, lab, stranger = "o", "l", "s"
    template = replace(TEMPLATE, items=(
        SERIAL,
        replace(LIMIT, readers=ItemReaders.HOLDER),
        replace(MADE_ON, readers=ItemReaders.ORGANIZATIONS, organizations=(lab,)),
    ))  # fmt: skip
    given = values() + [HandleValue(1, "URL", b"")]

    def seen(organization_id):
        kept = readable_values(template, given, organization_id=organization_id, holder_id=owner)
        return [value.index for value in kept]

    assert seen(owner) == [2000, 2001, 2002, 2003, 2004, 1]
    assert seen(lab) == [2000, 2002, 2003, 2004, 1]
    assert seen(stranger) == seen("") == [2000, 2003, 2004, 1]
    assert [item.permissions for item in template.items] == [0b1110, 0b1100, 0b1100]
