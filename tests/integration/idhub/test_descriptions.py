"""Records and templates as the door for programs writes them, member by member."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from jialiang.base.identifiers.records import StoredRecord
from jialiang.formats.handle.values import HandleRecord, HandleValue
from jialiang.formats.identifier_templates.items import RecordTemplate, TemplateItem
from jialiang.integration.idhub.descriptions import DATA_TYPES, described_record, described_template
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import IdentifierState, TemplateDataType, label

MOMENT = datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC)
NOBODY = UUID(int=0)
NAME_ITEM = TemplateItem(index=2000, type="name", name=Text("名称", "Name"), minimum_length=1, maximum_length=40)
RANGE_ITEM = TemplateItem(
    index=2001, type="range", name=Text("", "Range"), data_type=TemplateDataType.NUMBER, required=True, unique=True
)
OLD_ITEM = TemplateItem(
    index=2002, type="old", name=Text("旧项", "Old"), data_type=TemplateDataType.DATE,
    enabled=False, required=True, unique=True,
)  # fmt: skip
TEMPLATE = RecordTemplate("88.101.5", "META_x", Text("温度计", "Thermometer"), (NAME_ITEM, RANGE_ITEM, OLD_ITEM))


def stored(*values: HandleValue, template: str = "META_x", name: str = "88.101.5/T-1") -> StoredRecord:
    return StoredRecord(
        NOBODY, NOBODY, HandleRecord(name, values), IdentifierState.ACTIVE, 1, template, (), None, "", None,
        MOMENT, MOMENT,
    )  # fmt: skip


def elements(*values: HandleValue, template: RecordTemplate | None = TEMPLATE) -> list[dict[str, Any]]:
    return described_record(stored(*values), template)["attributes"]["elements"]


# --- records -------------------------------------------------------------------------------------------------


def test_a_record_tells_its_name_and_type_twice_as_the_guide_shows_it() -> None:
    said = described_record(stored(), TEMPLATE)
    assert said == {
        "id": "88.101.5/T-1",
        "type": "88.101.5/META_x",
        "attributes": {"id": "88.101.5/T-1", "type": "88.101.5/META_x", "elements": []},
    }


def test_a_record_without_a_template_is_of_no_type() -> None:
    said = described_record(stored(HandleValue(1, "URL", b"https://a.example"), template=""), None)
    assert (said["type"], said["attributes"]["type"]) == ("", "")
    assert said["attributes"]["elements"] == [
        {"index": 1, "type": "URL", "name": "URL", "dataType": 1, "value": "https://a.example"}
    ]


def test_the_prefix_of_the_type_is_that_of_the_name_whatever_slashes_follow() -> None:
    assert described_record(stored(name="88.101.5/a/b/c"), TEMPLATE)["type"] == "88.101.5/META_x"


@pytest.mark.parametrize(
    ("value", "element"),
    [
        (HandleValue(2000, "name", "玻璃".encode()), (2000, "name", "名称", 1, "玻璃")),
        (HandleValue(2001, "range", b"50"), (2001, "range", "Range", 2, "50")),  # English where no Chinese name is
        (HandleValue(2002, "old", b"2026-06-16"), (2002, "old", "旧项", 3, "2026-06-16")),  # disabled and still shown
        (HandleValue(2003, "free", b"x"), (2003, "free", "free", 1, "x")),  # no item: its type is its name
        (HandleValue(2000, "NAME", b"x"), (2000, "NAME", "名称", 1, "x")),  # the type as it was written
        (HandleValue(7, "raw", b"\xff\x00"), (7, "raw", "raw", 1, "ff00")),  # no text: hexadecimal
        (HandleValue(8, "raw", b""), (8, "raw", "raw", 1, "")),
    ],
)
def test_an_element_takes_its_name_and_kind_from_the_item_of_its_index(
    value: HandleValue, element: tuple[int, str, str, int, str]
) -> None:
    assert elements(value) == [dict(zip(("index", "type", "name", "dataType", "value"), element, strict=True))]


def test_elements_keep_the_order_of_the_record() -> None:
    values = [HandleValue(index, "x", b"x") for index in (2001, 5, 2000)]
    assert [each["index"] for each in elements(*values)] == [2001, 5, 2000]


def test_without_the_template_at_hand_the_values_are_shown_by_their_types() -> None:
    (only,) = elements(HandleValue(2001, "range", b"50"), template=None)
    assert only == {"index": 2001, "type": "range", "name": "range", "dataType": 1, "value": "50"}


# --- templates -----------------------------------------------------------------------------------------------


def content(template: RecordTemplate = TEMPLATE) -> dict[str, Any]:
    said = described_template("88.101.5/META_x", template)
    assert (said["id"], said["type"]) == ("88.101.5/META_x", "0.TYPE/DO.DOIPMETA")
    assert set(said) == {"id", "type", "attributes"}
    found: dict[str, Any] = said["attributes"]["content"]
    return found


def test_a_template_tells_its_name_code_and_contributor() -> None:
    assert content()["basicInfo"] == {
        "metaName": "温度计",
        "metaCode": "META_x",
        "metaContributor": "88.101.5",
    }


def test_a_template_without_a_chinese_name_shows_the_english_one() -> None:
    assert content(RecordTemplate("88.1", "M", Text("", "Meter")))["basicInfo"]["metaName"] == "Meter"


def test_an_item_is_described_in_two_parts() -> None:
    assert content()["itemInfos"][0] == {
        "itemBasicInfo": {"itemIndex": 2000, "itemCode": "name", "enName": "name", "cnName": "名称", "state": 0},
        "itemSchemaInfo": {
            "dataType": 1,
            "dataTypeString": label(TemplateDataType.TEXT).zh,
            "minLength": 1,
            "maxLength": 40,
        },
    }


def test_a_disabled_item_is_listed_as_such_and_is_neither_required_nor_put_in() -> None:
    said = content()
    assert [each["itemBasicInfo"]["state"] for each in said["itemInfos"]] == [0, 0, 1]
    assert said["required"] == ["range"]
    assert said["uniqueness"] == ["range"]
    assert said["inputItem"] == ["name", "range"]
    assert said["listItem"] == []


@pytest.mark.parametrize(
    ("kind", "number"),
    [("text", 1), ("number", 2), ("date", 3), ("file", 4), ("reference", 5)],
)
def test_each_kind_of_data_has_the_number_of_the_guide(kind: str, number: int) -> None:
    item = TemplateItem(index=2000, type="x", name=Text("项", "Item"), data_type=TemplateDataType(kind))
    template = RecordTemplate("88.1", "M", Text("表", "Meter"), (item,))
    assert content(template)["itemInfos"][0]["itemSchemaInfo"]["dataType"] == number
    (element,) = elements(HandleValue(2000, "x", b"1"), template=template)
    assert element["dataType"] == number


def test_no_kind_of_data_is_left_without_a_number() -> None:
    assert set(DATA_TYPES) == set(TemplateDataType)
    assert len(set(DATA_TYPES.values())) == len(DATA_TYPES)
