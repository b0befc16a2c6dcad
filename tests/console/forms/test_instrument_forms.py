"""The ledger's forms: which members are needed, how long each may be, what each is called, in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict
from django.utils import translation

from jialiang.console.instruments.forms import ChangeForm, MoveForm, RegisterForm, province_options
from tests.console.forms.wrong import (
    NOT_WHOLE,
    REQUIRED,
    at_least,
    at_most,
    complaints,
    labels,
    no_choice,
    too_long,
)

OWNERS = [("o-1", "晨星乳业有限公司"), ("o-2", "白杨面粉厂")]
PLATE = {
    "owner_id": "o-1",
    "name_zh": "压力表",
    "model": "YB-100",
    "serial_number": "P-77",
    "place_of_use": "杀菌釜",
    "region_code": "370100",
    "purpose": "other",
}
LONGEST = {
    "name_zh": 100,
    "name_en": 200,
    "model": 60,
    "serial_number": 60,
    "inventory_number": 60,
    "category_code": 20,
    "kind_code": 20,
    "manufacturer_zh": 100,
    "manufacturer_en": 200,
    "manufacturer_credit_code": 60,
    "origin": 60,
    "type_approval_number": 40,
    "measuring_interval_zh": 100,
    "measuring_interval_en": 100,
    "unit": 60,
    "accuracy_class": 60,
    "maximum_permissible_error": 30,
    "displayed_resolution": 30,
    "place_of_use": 120,
    "region_code": 6,
    "limitation_zh": 200,
    "limitation_en": 200,
}
CALLED = {
    "owner_id": ("使用单位", "Owner"),
    "name_zh": ("器具名称（中文）", "Name of the instrument (in Chinese)"),
    "name_en": ("器具名称（英文）", "Name of the instrument (in English)"),
    "model": ("型号规格", "Model"),
    "serial_number": ("出厂编号", "Serial number"),
    "inventory_number": ("管理编号", "Inventory number"),
    "category_code": ("项别", "Category code"),
    "kind_code": ("种别", "Kind code"),
    "manufacturer_zh": ("生产厂家（中文）", "Manufacturer (in Chinese)"),
    "manufacturer_en": ("生产厂家（英文）", "Manufacturer (in English)"),
    "manufacturer_credit_code": ("生产厂家统一社会信用代码", "Credit code of the manufacturer"),
    "origin": ("产地", "Origin"),
    "type_approval_number": ("型式批准证书编号", "Type approval number"),
    "measuring_interval_zh": ("测量范围（中文）", "Measuring interval (in Chinese)"),
    "measuring_interval_en": ("测量范围（英文）", "Measuring interval (in English)"),
    "unit": ("计量单位", "Unit"),
    "accuracy_class": ("准确度等级", "Accuracy class"),
    "maximum_permissible_error": ("最大允许误差", "Maximum permissible error"),
    "displayed_resolution": ("分辨力", "Displayed resolution"),
    "place_of_use": ("使用地点", "Place of use"),
    "region_code": ("行政区划代码", "Region code"),
    "purpose": ("用途", "Purpose"),
    "interval_months": ("检定/校准周期（月）", "Interval in months"),
    "compulsory": ("强制检定标志", "Under compulsory verification"),
    "on_site": ("现场检定/校准", "Calibrated on site"),
    "limitation_zh": ("限用范围（中文）", "Limitation (in Chinese)"),
    "limitation_en": ("限用范围（英文）", "Limitation (in English)"),
}


def typed(**members: Any) -> QueryDict:
    """What a browser sends; a member that is None is not sent at all."""
    sent = QueryDict(mutable=True)
    sent.update({name: value for name, value in (PLATE | members).items() if value is not None})
    return sent


def register_form(**members: Any) -> RegisterForm:
    return RegisterForm(typed(**members), owners=OWNERS)


def test_a_plate_with_its_six_members_and_the_owner_is_enough() -> None:
    assert complaints(register_form) == {}
    assert complaints(lambda: RegisterForm(QueryDict(""), owners=OWNERS)) == dict.fromkeys(PLATE, REQUIRED)


@pytest.mark.parametrize("member", PLATE)
def test_each_of_them_is_missed_alone_blanks_count_as_nothing(member: str) -> None:
    for nothing in (None, "", "   "):
        found = complaints(lambda nothing=nothing: register_form(**{member: nothing}))
        assert list(found) == [member]
    assert found[member] in (REQUIRED, no_choice("   "))


@pytest.mark.parametrize(("member", "limit"), LONGEST.items())
def test_a_member_fits_to_its_last_character_and_not_one_more(member: str, limit: int) -> None:
    assert complaints(lambda: register_form(**{member: "量" * limit})) == {}
    found = complaints(lambda: register_form(**{member: "量" * (limit + 1)}))
    assert found == {member: too_long(limit, limit + 1)}


@pytest.mark.parametrize(
    ("months", "wrong"),
    [
        ("0", at_least(1)),
        ("-12", at_least(1)),
        ("241", at_most(240)),
        ("1.5", NOT_WHOLE),
        ("十二", NOT_WHOLE),
        ("12 months", NOT_WHOLE),
        ("1e2", NOT_WHOLE),
    ],
)
def test_an_interval_is_a_whole_number_of_months_up_to_twenty_years(
    months: str, wrong: tuple[str, str]
) -> None:
    assert complaints(lambda: register_form(interval_months=months)) == {"interval_months": wrong}


@pytest.mark.parametrize(("months", "kept"), [("1", 1), ("240", 240), (" 12 ", 12), ("", None), ("006", 6)])
def test_an_interval_that_can_be_read_is_a_number_and_an_empty_one_is_none(
    months: str, kept: int | None
) -> None:
    form = register_form(interval_months=months)
    assert form.is_valid()
    assert form.cleaned_data["interval_months"] == kept


@pytest.mark.parametrize(
    ("member", "given"),
    [
        ("purpose", "fun"),
        ("purpose", "Other"),
        ("owner_id", "o-3"),
        ("owner_id", "晨星乳业有限公司"),
        ("owner_id", "<b>"),
    ],
)
def test_what_is_not_offered_is_not_taken(member: str, given: str) -> None:
    assert complaints(lambda: register_form(**{member: given})) == {member: no_choice(given)}


@pytest.mark.parametrize(
    ("purpose", "words"),
    [
        ("trade_settlement", ("贸易结算", "Trade settlement")),
        ("safety_protection", ("安全防护", "Safety protection")),
        ("medical_care", ("医疗卫生", "Medical care")),
        ("environmental_monitoring", ("环境监测", "Environmental monitoring")),
        ("other", ("其他", "Other")),
    ],
)
def test_the_purposes_of_compulsory_verification_are_offered_in_words(
    purpose: str, words: tuple[str, str]
) -> None:
    for language, expected in zip(("zh-hans", "en"), words, strict=True):
        with translation.override(language):
            assert dict(register_form().fields["purpose"].choices)[purpose] == expected
    assert complaints(lambda: register_form(purpose=purpose)) == {}


def test_every_member_is_called_by_its_data_element_in_both_languages() -> None:
    assert labels(register_form) == CALLED


@pytest.mark.parametrize(
    ("typed_unit", "stored"),
    [
        ("℃", "\\degreecelsius"),
        ("°C", "\\degreecelsius"),
        ("mg", "\\milli\\gram"),
        ("kPa", "\\kilo\\pascal"),
        (" mm ", "\\milli\\metre"),
        ("\\kelvin", "\\kelvin"),
        ("bogons", "bogons"),
        ("", ""),
    ],
)
def test_a_unit_is_kept_as_the_ledger_spells_it(typed_unit: str, stored: str) -> None:
    form = register_form(unit=typed_unit)
    assert form.is_valid()
    assert form.cleaned_data["unit"] == stored


@pytest.mark.parametrize(
    ("sent", "kept"), [("on", True), ("true", True), ("false", False), ("False", False), (None, False)]
)
def test_a_box_that_is_not_ticked_is_not_sent_and_means_no(sent: str | None, kept: bool) -> None:
    form = register_form(compulsory=sent, on_site=sent)
    assert form.is_valid()
    assert (form.cleaned_data["compulsory"], form.cleaned_data["on_site"]) == (kept, kept)


def test_blanks_around_what_was_typed_are_dropped_and_digits_are_kept_as_they_stand() -> None:
    form = register_form(serial_number="  00-77 ", maximum_permissible_error=" 0.300 ", region_code="370100")
    assert form.is_valid()
    kept = form.cleaned_data
    assert (kept["serial_number"], kept["maximum_permissible_error"]) == ("00-77", "0.300")
    assert kept["region_code"] == "370100"


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("en", ["What it is", "Who made it", "What it measures", "Where and what for"]),
        ("zh-hans", ["基本信息", "制造信息", "计量特性", "使用信息"]),
    ],
)
def test_the_form_is_grouped_as_people_read_a_plate(language: str, titles: list[str]) -> None:
    with translation.override(language):
        groups = register_form().grouped()
    assert [title for title, _ in groups] == titles
    shown = [bound.name for _, fields in groups for bound in fields]
    assert sorted(shown) == sorted(CALLED)
    assert shown[:3] == ["owner_id", "name_zh", "name_en"]


def test_a_change_carries_version_reason_and_what_was_read_but_no_owner() -> None:
    form = ChangeForm(typed(version="3", as_read="{}", reason="搬迁"))
    assert form.is_valid()
    assert "owner_id" not in form.fields
    assert form.cleaned_data["version"] == 3
    groups = [[bound.name for bound in fields] for _, fields in form.grouped()]
    assert groups[-1] == ["reason"]
    assert {bound.name for bound in form.hidden_fields()} == {"version", "as_read"}


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"version": ""}, {"version": REQUIRED}),
        ({"version": "two"}, {"version": NOT_WHOLE}),
        ({"reason": "因" * 201}, {"reason": too_long(200, 201)}),
        ({"as_read": "x" * 20_001}, {"as_read": too_long(20_000, 20_001)}),
        ({"reason": ""}, {}),
        ({"as_read": ""}, {}),
    ],
)
def test_what_a_change_cannot_do_without(changed: dict[str, str], wrong: dict[str, tuple[str, str]]) -> None:
    sent = {"version": "1", "as_read": "{}", "reason": ""} | changed
    assert complaints(lambda: ChangeForm(typed(**sent))) == wrong


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        ("", {"reason": REQUIRED}),
        ("  \t ", {"reason": REQUIRED}),
        ("因" * 201, {"reason": too_long(200, 201)}),
        ("因" * 200, {}),
        ("dropped, awaiting repair", {}),
    ],
)
def test_a_move_is_its_reason(reason: str, wrong: dict[str, tuple[str, str]]) -> None:
    assert complaints(lambda: MoveForm({"reason": reason})) == wrong


@pytest.mark.parametrize(
    ("field", "zh", "en"),
    [
        ("serial_number", "按铭牌填写", "As on the type plate"),
        ("maximum_permissible_error", "只填半宽，不写 ±，如 0.30", "Half-width, without ±: 0.30"),
        (
            "region_code",
            "使用地的六位代码（GB/T 2260），如 370100",
            "Six digits (GB/T 2260) of the place of use, such as 370100",
        ),
        (
            "interval_months",
            "使用单位自定的周期；证书只在有约定时才写日期。",
            "Your own interval; a certificate states a date only where one was agreed.",
        ),
        (
            "limitation_zh",
            "仅在使用范围小于器具能力时填写。",
            "Only if the instrument may be used for less than it can.",
        ),
        (
            "unit",
            "按印刷符号填写，如 ℃、mg、kPa；用于误差和分辨力。",
            "As printed: ℃, mg, kPa. Of the error and the resolution.",
        ),
    ],
)
def test_hints_say_how_to_fill_a_member_in(field: str, zh: str, en: str) -> None:
    for language, expected in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            assert str(register_form().fields[field].help_text) == expected


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("110000", "北京市", "Beijing"),
        ("370000", "山东省", "Shandong"),
        ("440000", "广东省", "Guangdong"),
        ("650000", "新疆维吾尔自治区", "Xinjiang"),
        ("810000", "香港特别行政区", "Hong Kong"),
    ],
)
def test_provinces_stand_beside_the_code_in_the_language_of_the_page(code: str, zh: str, en: str) -> None:
    with translation.override("zh-hans"):
        assert dict(province_options())[code] == zh
    with translation.override("en"):
        options = dict(province_options())
    assert options[code].startswith(en)
    assert len(options) == 34  # GB/T 2260: 23 provinces, 5 autonomous regions, 4 municipalities, 2 SARs
