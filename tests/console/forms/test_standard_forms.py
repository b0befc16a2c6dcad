"""Forms of measurement standards: identity, certificates of paper and file, checks, the reason of a move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from jialiang.base.measurement_standards.facts import CertificateFacts
from jialiang.console.measurement_standards.forms import (
    CheckForm,
    DigitalForm,
    MoveForm,
    PaperForm,
    StandardForm,
    content_of_upload,
)
from jialiang.kernel.text import Text
from jialiang.security.accounts.models import Person
from jialiang.security.tenancy.models import Tenant
from tests.console.forms.wrong import NOT_A_DAY, REQUIRED, complaints, labels, no_choice, too_long

PLATE = {
    "name_zh": "标准铂电阻温度计",
    "level": "reference",
    "model": "SPRT-25",
    "serial_number": "YZ-T-001",
    "quantity_zh": "温度",
    "unit": "℃",
    "measuring_interval_zh": "0 ℃～50 ℃",
}
LONGEST_ON_THE_PLATE = {
    "name_zh": 100,
    "name_en": 200,
    "model": 60,
    "serial_number": 60,
    "inventory_number": 60,
    "code": 20,
    "manufacturer_zh": 100,
    "manufacturer_en": 200,
    "quantity_zh": 60,
    "quantity_en": 60,
    "measuring_interval_zh": 100,
    "measuring_interval_en": 100,
    "measuring_interval_minimum": 30,
    "measuring_interval_maximum": 30,
    "drift_half_width": 30,
}
PAPER = {
    "number": "GJ-2026-C-000312",
    "issuer_zh": "国家示范计量院（虚构）",
    "valid_from": "2026-03-02",
    "valid_until": "2027-03-01",
    "expanded_uncertainty": "0.0020",
    "coverage_factor": "2.00",
    "unit": "℃",
}
EMPTY_FILE = ("所提交的是空文件。", "The submitted file is empty.")


def not_four(line: int, count: int) -> tuple[str, str]:
    return (f"第 {line} 行有 {count} 个数，应为 4 个。", f"Line {line} has {count} numbers, not four.")


@pytest.fixture
def keepers(in_tenant: Tenant, add_person: Callable[..., Person]) -> list[Person]:
    """Two keepers, one of them without a Latin name, and a technician."""
    return [
        add_person("he.shouzhun", "standards_keeper", zh="何守准", en="He Shouzhun"),
        add_person("meng.heng", "standards_keeper", zh="孟衡", en=""),
        add_person("li.xiaoliang", "technician"),
    ]


@pytest.mark.django_db
def test_a_keeper_is_chosen_among_those_who_hold_the_role_today(keepers: list[Person]) -> None:
    he, meng = str(keepers[0].pk), str(keepers[1].pk)
    for language, expected in (
        ("en", {"": "nobody yet", he: "He Shouzhun", meng: "孟衡"}),
        ("zh-hans", {"": "暂无", he: "何守准", meng: "孟衡"}),
    ):
        with translation.override(language):
            assert dict(StandardForm().fields["keeper_id"].choices) == expected
    form = StandardForm(PLATE | {"keeper_id": str(keepers[0].pk)})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["keeper_id"] == UUID(str(keepers[0].pk))
    other = str(keepers[2].pk)
    assert complaints(lambda: StandardForm(PLATE | {"keeper_id": other})) == {"keeper_id": no_choice(other)}


@pytest.mark.django_db
def test_a_standard_may_have_no_keeper_yet_and_lacks_what_is_empty(in_tenant: Tenant) -> None:
    form = StandardForm(PLATE)
    assert form.is_valid()
    assert form.cleaned_data["keeper_id"] is None
    assert form.cleaned_data["unit"] == "\\degreecelsius"
    assert complaints(lambda: StandardForm({})) == dict.fromkeys(PLATE, REQUIRED)
    for member in PLATE:
        assert complaints(lambda gone=member: StandardForm(PLATE | {gone: ""})) == {member: REQUIRED}


@pytest.mark.django_db
def test_every_member_of_the_plate_has_its_longest_text(in_tenant: Tenant) -> None:
    longest = {member: "量" * limit for member, limit in LONGEST_ON_THE_PLATE.items()}
    assert complaints(lambda: StandardForm(PLATE | longest)) == {}
    longer = {member: text + "量" for member, text in longest.items()}
    assert complaints(lambda: StandardForm(PLATE | longer)) == {
        member: too_long(limit, limit + 1) for member, limit in LONGEST_ON_THE_PLATE.items()
    }


@pytest.mark.django_db
def test_levels_are_offered_in_words_and_none_is_presumed(in_tenant: Tenant) -> None:
    expected = {
        "zh-hans": {
            "": "请选择…",
            "national": "国家计量标准",
            "reference": "最高计量标准",
            "working": "工作计量标准",
        },
        "en": {
            "": "Choose…",
            "national": "National measurement standard",
            "reference": "Reference measurement standard",
            "working": "Working measurement standard",
        },
    }
    for language, words in expected.items():
        with translation.override(language):
            assert dict(StandardForm().fields["level"].choices) == words
    wrong = complaints(lambda: StandardForm(PLATE | {"level": "primary"}))
    assert wrong == {"level": no_choice("primary")}


@pytest.mark.django_db
def test_a_standard_s_members_are_called_by_their_data_elements(in_tenant: Tenant) -> None:
    told = labels(StandardForm)
    assert told["name_zh"] == ("计量标准名称（中文）", "Name of the measurement standard (in Chinese)")
    assert told["code"] == ("计量标准代码", "Code of the measurement standard")
    assert told["measuring_interval_minimum"] == ("测量范围下限", "Lower limit of the measuring interval")
    assert told["drift_half_width"] == ("漂移半宽", "Half-width of drift")
    assert told["keeper_id"] == ("负责人", "Keeper")
    with translation.override("en"):
        form = StandardForm()
        groups = form.grouped()
    assert [title for title, _ in groups] == ["What it is", "Who made it", "What it measures"]
    assert sorted(bound.name for _, fields in groups for bound in fields) == sorted(form.fields)


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, {}),
        ({"issuer_en": "National Demonstration Institute"}, {}),
        ({"number": ""}, {"number": REQUIRED}),
        ({"issuer_zh": " "}, {"issuer_zh": REQUIRED}),
        ({"valid_from": ""}, {"valid_from": REQUIRED}),
        ({"valid_until": ""}, {"valid_until": REQUIRED}),
        ({"expanded_uncertainty": ""}, {"expanded_uncertainty": REQUIRED}),
        ({"coverage_factor": ""}, {"coverage_factor": REQUIRED}),
        ({"unit": ""}, {"unit": REQUIRED}),
        ({"valid_from": "02.03.2026"}, {"valid_from": NOT_A_DAY}),
        ({"valid_from": "03/02/2026"}, {"valid_from": NOT_A_DAY}),
        ({"valid_until": "2027-02-29"}, {"valid_until": NOT_A_DAY}),
        ({"valid_until": "March 1, 2027"}, {"valid_until": NOT_A_DAY}),
        ({"number": "n" * 81}, {"number": too_long(80, 81)}),
        ({"coverage_factor": "2" * 13}, {"coverage_factor": too_long(12, 13)}),
        ({"expanded_uncertainty": "0" * 31}, {"expanded_uncertainty": too_long(30, 31)}),
        ({"values": "0 0.001 0.003 2"}, {}),
        ({"values": "0 0.001 0.003 2\n\n   \n25 25.002 0.003 2"}, {}),
        ({"values": "0 0.001 0.003"}, {"values": not_four(1, 3)}),
        ({"values": "0 0.001 0.003 2\n25 25.002 0.003 2 5"}, {"values": not_four(2, 5)}),
        ({"values": "\n\n0 1 2 3\n\n7"}, {"values": not_four(2, 1)}),
        ({"values": "v" * 20_001}, {"values": too_long(20_000, 20_001)}),
    ],
)
def test_a_certificate_of_paper_is_typed_whole(
    changed: dict[str, str], wrong: dict[str, tuple[str, str]]
) -> None:
    assert complaints(lambda: PaperForm(PAPER | changed)) == wrong


def test_what_was_typed_becomes_the_facts_of_the_certificate_digit_by_digit() -> None:
    values = "0 0.0010 0.0030 2.00\n\t25   25.002\u30000.0030 2.00 "
    form = PaperForm(PAPER | {"values": values, "issuer_en": "National Institute"})
    assert form.is_valid(), form.errors
    assert form.facts == CertificateFacts(
        number="GJ-2026-C-000312",
        issuer=Text("国家示范计量院（虚构）", "National Institute"),
        expanded_uncertainty="0.0020",
        coverage_factor="2.00",
        unit="\\degreecelsius",
        valid_from=date(2026, 3, 2),
        valid_until=date(2027, 3, 1),
        measured_values=(
            {
                "nominal": "0",
                "measured": "0.0010",
                "expanded_uncertainty": "0.0030",
                "coverage_factor": "2.00",
            },
            {
                "nominal": "25",
                "measured": "25.002",
                "expanded_uncertainty": "0.0030",
                "coverage_factor": "2.00",
            },
        ),
    )


def test_a_certificate_without_values_has_none() -> None:
    form = PaperForm(PAPER | {"values": " \n "})
    assert form.is_valid()
    assert form.facts.measured_values == ()


def test_the_pdf_may_come_along_and_is_read_once() -> None:
    pdf = SimpleUploadedFile("certificate.pdf", b"%PDF-1.7", content_type="application/pdf")
    form = PaperForm(PAPER, {"file": pdf})
    assert form.is_valid()
    assert content_of_upload(form.cleaned_data["file"]) == b"%PDF-1.7"
    without = PaperForm(PAPER)
    assert without.is_valid()
    assert content_of_upload(without.cleaned_data["file"]) == b""
    empty = SimpleUploadedFile("empty.pdf", b"")
    assert complaints(lambda: PaperForm(PAPER, {"file": empty})) == {"file": EMPTY_FILE}


@pytest.mark.parametrize(
    ("data", "until", "wrong"),
    [
        (b"<dcc/>", "", {}),
        (b"<dcc/>", "2027-03-01", {}),
        (None, "", {"file": REQUIRED}),
        (b"", "", {"file": EMPTY_FILE}),
        (b"<dcc/>", "1.3.2027", {"valid_until": NOT_A_DAY}),
        (b"<dcc/>", "01/03/2027", {"valid_until": NOT_A_DAY}),
    ],
)
def test_a_dcc_is_its_file_and_an_end_only_where_it_states_none(
    data: bytes | None, until: str, wrong: dict[str, tuple[str, str]]
) -> None:
    def make() -> DigitalForm:
        files = {} if data is None else {"file": SimpleUploadedFile("dcc.xml", data)}
        return DigitalForm({"valid_until": until}, files)

    assert complaints(make) == wrong


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, {}),
        ({"standard_deviation": "0.002", "source": "TH-2"}, {}),
        ({"observed_on": ""}, {"observed_on": REQUIRED}),
        ({"observed_on": "16/06/2026"}, {"observed_on": NOT_A_DAY}),
        ({"observed_on": "2026-13-01"}, {"observed_on": NOT_A_DAY}),
        ({"measured_value": ""}, {"measured_value": REQUIRED}),
        ({"measured_value": "1" * 31}, {"measured_value": too_long(30, 31)}),
        ({"unit": ""}, {"unit": REQUIRED}),
        ({"standard_deviation": "1" * 31}, {"standard_deviation": too_long(30, 31)}),
        ({"source": "s" * 201}, {"source": too_long(200, 201)}),
    ],
)
def test_a_check_is_a_day_a_value_and_its_unit(
    changed: dict[str, str], wrong: dict[str, tuple[str, str]]
) -> None:
    typed = {"observed_on": "2026-06-16", "measured_value": "0.0100", "unit": "℃"}
    assert complaints(lambda: CheckForm(typed | changed)) == wrong


def test_checks_are_called_by_their_data_elements() -> None:
    assert labels(CheckForm) == {
        "observed_on": ("核查日期", "Date of the check"),
        "measured_value": ("核查值", "Measured value"),
        "unit": ("计量单位", "Unit"),
        "standard_deviation": ("标准偏差", "Standard deviation"),
        "source": ("数据来源", "Source"),
    }


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [("跌落", {}), ("", {"reason": REQUIRED}), ("因" * 201, {"reason": too_long(200, 201)})],
)
def test_suspending_is_its_reason(reason: str, wrong: dict[str, tuple[str, str]]) -> None:
    assert complaints(lambda: MoveForm({"reason": reason})) == wrong


@pytest.mark.parametrize(
    ("form", "places"),
    [
        (PaperForm, {"JL-STD-002": "values", "JL-STD-005": "number"}),
        (DigitalForm, {"JL-STD-005": "file", "JL-STD-008": "file", "JL-STD-009": "file"}),
        (MoveForm, {"JL-STD-007": "reason"}),
    ],
)
def test_a_refusal_by_the_verb_has_its_field(form: Any, places: dict[str, str]) -> None:
    assert form.at_field == places
    assert set(places.values()) <= set(form().fields)
