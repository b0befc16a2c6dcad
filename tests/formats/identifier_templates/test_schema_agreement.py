"""For every kind of data the check and the JSON Schema of a template give one answer, whatever the text is."""

from __future__ import annotations

from dataclasses import replace

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.handle.values import HandleValue
from jialiang.formats.identifier_templates.checking import check_values, fits_data_type
from jialiang.formats.identifier_templates.items import RecordTemplate, TemplateItem
from jialiang.formats.identifier_templates.json_schema import json_schema
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import ItemReaders, TemplateDataType

ITEM = TemplateItem(index=2000, type="DATA", name=Text("数据", "Data"))
FORMATS = jsonschema.FormatChecker(formats=["date"])


def both(text: str, **members) -> tuple[bool, bool]:
    """What the check and what a validator of the schema says of a record with this one item."""
    template = RecordTemplate("88.101.5", "V1", Text("模板"), (replace(ITEM, **members),))
    checked = check_values(template, [HandleValue(2000, "DATA", text.encode())]) == ()
    validator = jsonschema.Draft202012Validator(json_schema(template), format_checker=FORMATS)
    return checked, validator.is_valid({"DATA": text})


ADDRESSES = [
    ("https://example.org", True), ("http://example.org/", True), ("HTTPS://example.org/a", True),
    ("https://example.org:8443/a?b=c#d", True), ("https://example.org?b", True), ("https://example.org#d", True),
    ("https://[2001:db8::7]/manual.pdf", True), ("https://[2001:db8::7]:8443/", True), ("http://203.0.113.7/", True),
    ("https://某.例/说明书.pdf", True), ("https://reader@example.org/", True), ("https://example.org/a@b:c", True),
    ("https://example.org/" + "a" * 200, True), ("https://example.org:/", True),
    ("https://", False), ("https:///a", False), ("https://?a", False), ("https://#a", False), ("https://:80/", False),
    ("https://@/", False), ("https://[", False), ("https://[]/", False), ("https://[::1", False),
    ("https://[xyz]/", False),
    ("https://a b/", False), ("https://example.org/a b", False), ("https://example.org/a\u3000b", False),
    (" https://example.org/", False), ("https//example.org", False), ("ftp://example.org/", False),
    ("javascript:alert(1)", False), ("//example.org/", False), ("example.org", False), ("httpss://a/", False),
    ("xhttps://a/", False), ("https://example.org:x/", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fits"), ADDRESSES)
def test_an_address_of_a_file_is_one_for_both(text: str, fits: bool):
    assert both(text, data_type=TemplateDataType.FILE, maximum_length=1000) == (fits, fits)


NUMBERS = [
    ("0", True), ("00.50", True), ("-0.30", True), ("+12", True), (".5", True), ("1e3", True), ("1E-999", True),
    ("6.02214076e+23", True),
    ("", False), ("1.", False), (".", False), ("-", False), ("1e", False), ("1e1000", False), ("1e1.5", False),
    ("0x10", False), ("1,5", False), ("1 000", False), ("inf", False), ("−1", False), ("٣", False), ("1_0", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fits"), NUMBERS)
def test_a_number_is_one_for_both(text: str, fits: bool):
    assert both(text, data_type=TemplateDataType.NUMBER) == (fits, fits)


DAYS = [
    ("2026-06-16", True), ("2024-02-29", True), ("2000-02-29", True), ("9999-12-31", True), ("0001-01-01", True),
    ("1900-02-29", False), ("2026-02-30", False), ("2026-04-31", False), ("2026-00-10", False), ("2026-13-01", False),
    ("2026-W25-2", False), ("2026-167", False), ("26-06-16", False), ("2026/06/16", False), ("2026-06-16T00:00", False),
    ("２０２６-06-16", False), ("", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fits"), DAYS)
def test_a_date_is_a_day_of_the_calendar_for_both(text: str, fits: bool):
    assert both(text, data_type=TemplateDataType.DATE) == (fits, fits)


NAMES = [
    ("88.101.5/a", True), ("88.101.5/", True), ("88.101.5//", True), ("88/温度计", True), ("10.1000/a b", True),
    ("88.101.5", False), ("/a", False), (".88/a", False), ("88./a", False), ("88..1/a", False), ("", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fits"), NAMES)
def test_a_reference_is_a_name_for_both(text: str, fits: bool):
    assert both(text, data_type=TemplateDataType.REFERENCE) == (fits, fits)


@pytest.mark.parametrize(("length", "fits"), [(2, False), (3, True), (7, True), (8, False)])
@pytest.mark.parametrize("letter", ["x", "温", "🌡"])
def test_lengths_are_counted_in_letters_and_not_in_bytes_by_both(letter: str, length: int, fits: bool):
    assert both(letter * length, minimum_length=3, maximum_length=7) == (fits, fits)


PIECES = {
    TemplateDataType.NUMBER: "+-.0159eE, x",
    TemplateDataType.DATE: "0129-",
    TemplateDataType.FILE: "https:/@?#[].a1 ",
    TemplateDataType.REFERENCE: "8./a",
}


@pytest.mark.parametrize("kind", PIECES)
@given(data=st.data())
def test_both_agree_on_every_text_that_looks_like_the_data(kind: TemplateDataType, data: st.DataObject):
    text = data.draw(st.text(PIECES[kind], max_size=24))
    if kind == TemplateDataType.FILE:
        text = data.draw(st.sampled_from(["", "http://", "https://", "HTTP://a", "https://[::1]"])) + text
    if kind == TemplateDataType.REFERENCE:
        text = text.strip()
    checked, valid = both(text, data_type=kind)
    assert checked is valid


@given(st.integers(-(10**20), 10**20), st.floats(allow_nan=False, allow_infinity=False))
def test_what_programs_write_as_a_number_is_one(whole: int, broken: float):
    assert fits_data_type(TemplateDataType.NUMBER, str(whole))
    assert fits_data_type(TemplateDataType.NUMBER, repr(broken))


@given(st.dates())
def test_every_day_of_the_calendar_is_a_date(day):
    assert both(day.isoformat(), data_type=TemplateDataType.DATE) == (True, True)


@given(st.binary(min_size=32, max_size=32))
def test_every_digest_names_a_file_in_lower_case_only(digest: bytes):
    text = f"sha256:{digest.hex()}"
    assert both(text, data_type=TemplateDataType.FILE) == (True, True)
    for broken in (text.upper(), text[:-1], text + "0", f"sha512:{digest.hex()}", digest.hex()):
        assert both(broken, data_type=TemplateDataType.FILE) == (False, False)


@pytest.mark.parametrize(
    ("enabled", "required", "record", "fits"),
    [
        (True, True, {"DATA": "x"}, True),
        (True, True, {}, False),
        (True, False, {}, True),
        (False, True, {}, True),
        (False, True, {"DATA": "x"}, False),
        (False, False, {"DATA": "x"}, False),
    ],
)
def test_a_disabled_item_is_neither_needed_nor_taken_by_both(enabled, required, record, fits):
    template = RecordTemplate("88.1", "V1", Text("模板"), (replace(ITEM, enabled=enabled, required=required),))
    values = [HandleValue(2000, "DATA", text.encode()) for text in record.values()]
    assert (check_values(template, values) == ()) is fits
    assert jsonschema.Draft202012Validator(json_schema(template)).is_valid(record) is fits


@given(st.lists(st.sampled_from(ItemReaders), min_size=1, max_size=6))
def test_the_schema_of_any_template_is_a_schema_with_a_member_for_each_item(readers):
    items = tuple(
        replace(ITEM, index=2000 + place, type=f"T{place}", readers=own, data_type=list(TemplateDataType)[place % 5])
        for place, own in enumerate(readers)
    )
    schema = json_schema(RecordTemplate("88.1", "V1", Text("模板"), items))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert [(name, own["x-index"], own["x-readers"]) for name, own in schema["properties"].items()] == [
        (item.type, item.index, item.readers.value) for item in items
    ]
    assert schema["title"] == "模板"
