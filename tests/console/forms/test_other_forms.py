"""Forms of organizations, people, keys, certificates and reports: each rule with its words in both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from jialiang.console.administration.forms import (
    REASONS,
    ConfirmForm,
    PersonForm,
    RevokeKeyForm,
    RoleForm,
)
from jialiang.console.authenticity.reporting import ReportForm
from jialiang.console.certificates.changing import ConfirmedReasonForm, ReasonForm
from jialiang.console.organizations.forms import (
    ChangeOrganizationForm,
    ContactForm,
    OrganizationForm,
    SiteForm,
)
from jialiang.functions.certificates import Confirmation
from jialiang.kernel.text import Text
from jialiang.security.tenancy.models import Tenant
from jialiang.vocabulary.roles import roles
from tests.console.forms.wrong import NOT_A_DAY, REQUIRED, complaints, labels, no_choice, too_long
from tests.ledger import build_world

FIRM = {"name_zh": "晨星乳业有限公司", "kind": "enterprise", "country_code": "CN"}
LONGEST = {
    "name_zh": 100,
    "name_en": 200,
    "credit_code": 30,
    "gln": 20,
    "region_code": 6,
    "postal_code": 10,
    "city_zh": 60,
    "city_en": 60,
    "street_zh": 120,
    "street_en": 120,
    "phone": 40,
    "email": 254,
    "website": 120,
    "short_code": 12,
    "laboratory_code": 40,
}


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, {}),
        ({"name_zh": ""}, {"name_zh": REQUIRED}),
        ({"kind": ""}, {"kind": REQUIRED}),
        ({"kind": "club"}, {"kind": no_choice("club")}),
        ({"country_code": ""}, {"country_code": REQUIRED}),
        ({"country_code": "CHN"}, {"country_code": too_long(2, 3)}),
        ({member: "x" * limit for member, limit in LONGEST.items()}, {}),
        (
            {member: "x" * (limit + 1) for member, limit in LONGEST.items()},
            {member: too_long(limit, limit + 1) for member, limit in LONGEST.items()},
        ),
    ],
)
def test_an_organization_has_a_name_a_kind_and_a_country(
    changed: dict[str, str], wrong: dict[str, tuple[str, str]]
) -> None:
    assert complaints(lambda: OrganizationForm(FIRM | changed)) == wrong


@pytest.mark.parametrize(("typed", "kept"), [("cn", "CN"), ("De", "DE"), (" fr ", "FR")])
def test_a_country_is_kept_in_capitals(typed: str, kept: str) -> None:
    form = OrganizationForm(FIRM | {"country_code": typed})
    assert form.is_valid()
    assert form.cleaned_data["country_code"] == kept


def test_organizations_are_asked_for_in_four_groups_that_hold_every_field() -> None:
    expected = {
        "en": ["Who it is", "Where it is", "How to reach it", "Only for institutes"],
        "zh-hans": ["基本信息", "地址", "联系方式", "仅计量机构填写"],
    }
    for language, titles in expected.items():
        with translation.override(language):
            form = OrganizationForm()
            groups = form.grouped()
        assert [title for title, _ in groups] == titles
        assert sorted(bound.name for _, fields in groups for bound in fields) == sorted(form.fields)


def test_the_kinds_and_the_members_of_an_organization_are_called_in_both_languages() -> None:
    told = labels(OrganizationForm)
    assert told["credit_code"] == ("统一社会信用代码", "Unified social credit code")
    assert told["gln"] == ("全球位置码（GLN）", "Global location number (GLN)")
    assert told["laboratory_code"] == ("实验室认可编号", "Laboratory accreditation number")
    assert told["street_en"] == ("街道地址（英文）", "Street (in English)")
    with translation.override("zh-hans"):
        form = OrganizationForm()
        kinds = dict(form.fields["kind"].choices)
        hint = str(form.fields["credit_code"].help_text)
    assert kinds == {
        "national_institute": "国家计量院",
        "institute": "计量技术机构",
        "enterprise": "企业",
        "regulator": "监管部门",
    }
    assert "18 位" in hint
    assert "GB 32100" in hint


def test_a_change_of_an_organization_carries_the_version_that_was_read() -> None:
    changed = complaints(lambda: ChangeOrganizationForm(FIRM))
    assert changed == {"version": REQUIRED}
    form = ChangeOrganizationForm(FIRM | {"version": "4", "as_read": '{"name_zh": "旧名"}'})
    assert form.is_valid()
    assert {bound.name for bound in form.hidden_fields()} == {"version", "as_read"}


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"name_zh": "一号厂区"}, {}),
        ({"name_zh": "热工室", "is_laboratory": "on"}, {}),
        ({}, {"name_zh": REQUIRED}),
        ({"name_zh": "厂" * 101}, {"name_zh": too_long(100, 101)}),
        ({"name_zh": "厂", "address_zh": "路" * 201}, {"address_zh": too_long(200, 201)}),
        ({"name_zh": "厂", "region_code": "3701000"}, {"region_code": too_long(6, 7)}),
    ],
)
def test_a_site_has_a_name(given: dict[str, str], wrong: dict[str, tuple[str, str]]) -> None:
    assert complaints(lambda: SiteForm(given)) == wrong


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"name": "王五", "phone": "0531-1"}, {}),
        ({"name": "王五"}, {}),
        ({"phone": "0531-1"}, {"name": REQUIRED}),
        ({"name": "王" * 61}, {"name": too_long(60, 61)}),
        ({"name": "王五", "email": "e" * 255}, {"email": too_long(254, 255)}),
        ({"name": "王五", "duty": "d" * 61}, {"duty": too_long(60, 61)}),
    ],
)
def test_a_contact_has_a_name(given: dict[str, str], wrong: dict[str, tuple[str, str]]) -> None:
    assert complaints(lambda: ContactForm(given)) == wrong


@pytest.fixture
def firms(in_tenant: Tenant, now: Any) -> dict[str, str]:
    world = build_world(in_tenant.id, now)
    return {"dairy": str(world.dairy_id), "mill": str(world.mill_id), "own": str(world.own_id)}


ACCOUNT = {"username": "zhang.wei", "name_zh": "张伟", "password": "seven bronze measures"}


@pytest.mark.django_db
def test_a_person_works_for_a_customer_or_for_the_institute_itself(firms: dict[str, str]) -> None:
    with translation.override("en"):
        offered = dict(PersonForm().fields["organization_id"].choices)
    assert offered == {
        "": "this institute",
        firms["dairy"]: "Morning Star Dairy Ltd",
        firms["mill"]: "Poplar Flour Mill",
    }
    for employer, wrong in (
        ("", {}),
        (firms["dairy"], {}),
        (firms["own"], {"organization_id": no_choice(firms["own"])}),
        ("nobody", {"organization_id": no_choice("nobody")}),
    ):
        assert (
            complaints(lambda employer=employer: PersonForm(ACCOUNT | {"organization_id": employer})) == wrong
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, {}),
        ({"username": ""}, {"username": REQUIRED}),
        ({"name_zh": ""}, {"name_zh": REQUIRED}),
        ({"password": ""}, {"password": REQUIRED}),
        ({"username": "u" * 61}, {"username": too_long(60, 61)}),
        ({"name_zh": "张" * 101}, {"name_zh": too_long(100, 101)}),
        ({"name_en": "Z" * 101}, {"name_en": too_long(100, 101)}),
        ({"email": "e" * 255}, {"email": too_long(254, 255)}),
    ],
)
def test_an_account_needs_a_name_to_sign_in_with_a_name_to_sign_and_a_password(
    in_tenant: Tenant, changed: dict[str, str], wrong: dict[str, tuple[str, str]]
) -> None:
    assert complaints(lambda: PersonForm(ACCOUNT | changed)) == wrong


@pytest.mark.django_db
def test_the_first_password_is_never_written_back_into_the_page(in_tenant: Tenant) -> None:
    form = PersonForm(ACCOUNT | {"username": ""})
    assert "seven bronze" not in form.as_p()
    assert 'autocomplete="new-password"' in str(form["password"])
    assert labels(PersonForm)["password"] == ("初始密码", "First password")


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, {}),
        ({"valid_until": "2026-12-31"}, {}),
        ({"role": ""}, {"role": REQUIRED}),
        ({"role": "king"}, {"role": no_choice("king")}),
        ({"role": "system"}, {"role": no_choice("system")}),
        ({"valid_from": ""}, {"valid_from": REQUIRED}),
        ({"valid_from": "01/02/2026"}, {"valid_from": NOT_A_DAY}),
        ({"valid_until": "soon"}, {"valid_until": NOT_A_DAY}),
    ],
)
def test_a_role_begins_on_a_day_and_may_end_on_another(
    changed: dict[str, str], wrong: dict[str, tuple[str, str]]
) -> None:
    granted = {"role": "technician", "valid_from": "2026-06-16"}
    assert complaints(lambda: RoleForm(granted | changed)) == wrong


def test_a_role_without_an_end_has_none() -> None:
    form = RoleForm({"role": "auditor", "valid_from": "2026-06-16", "valid_until": ""})
    assert form.is_valid()
    assert form.cleaned_data == {
        "role": "auditor",
        "valid_from": date(2026, 6, 16),
        "valid_until": None,
    }


def test_every_role_that_a_person_can_have_is_offered_and_the_system_s_is_not() -> None:
    with translation.override("zh-hans"):
        offered = dict(RoleForm().fields["role"].choices)
    assert offered.pop("") == "请选择…"
    assert offered == {key: role.name.zh for key, role in roles().items() if role.grantable}
    assert not {"system", "identity"} & set(offered)
    assert len(offered) == 13


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        *(({"reason": reason}, {}) for reason in REASONS),
        ({}, {"reason": REQUIRED}),
        ({"reason": "tired of it"}, {"reason": no_choice("tired of it")}),
    ],
)
def test_a_key_ends_for_one_of_the_reasons_of_the_revocation_list(
    given: dict[str, str], wrong: dict[str, tuple[str, str]]
) -> None:
    assert complaints(lambda: RevokeKeyForm(given)) == wrong


def test_a_deed_that_asks_for_nothing_is_only_confirmed() -> None:
    assert ConfirmForm({}).is_valid()
    assert list(ConfirmForm().fields) == []


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"reason_zh": "温度读数有误"}, {}),
        ({"reason_zh": "温度读数有误", "reason_en": "A reading was wrong"}, {}),
        ({"reason_en": "A reading was wrong"}, {"reason_zh": REQUIRED}),
        ({"reason_zh": " \n"}, {"reason_zh": REQUIRED}),
        ({"reason_zh": "误" * 300}, {}),
        ({"reason_zh": "误" * 301}, {"reason_zh": too_long(300, 301)}),
        ({"reason_zh": "误", "reason_en": "w" * 301}, {"reason_en": too_long(300, 301)}),
    ],
)
@pytest.mark.parametrize("form", [ReasonForm, ConfirmedReasonForm])
def test_a_certificate_is_changed_for_a_reason_that_the_public_can_read(
    form: Callable[..., ReasonForm], given: dict[str, str], wrong: dict[str, tuple[str, str]]
) -> None:
    assert complaints(lambda: form(given)) == wrong


def test_the_reason_is_bilingual_and_the_confirmation_as_typed() -> None:
    form = ConfirmedReasonForm(
        {"reason_zh": " 误 ", "reason_en": "wrong", "password": " blank ends ", "totp": " 123456 "}
    )
    assert form.is_valid()
    assert form.reason == Text("误", "wrong")
    assert form.confirmation == Confirmation(password=" blank ends ", totp="123456")
    nothing = ConfirmedReasonForm({"reason_zh": "误"})
    assert nothing.is_valid()
    assert nothing.confirmation == Confirmation(password="", totp="")
    assert complaints(lambda: ConfirmedReasonForm({"reason_zh": "误", "totp": "1" * 13})) == {
        "totp": too_long(12, 13)
    }
    assert 'value=" blank ends "' not in form.as_p()


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, {}),
        ({"number": "YZ-2026-C-000001", "description": "封印不对", "contact": "0531-1"}, {}),
        ({"number": "n" * 61}, {"number": too_long(60, 61)}),
        ({"identifier": "i" * 121}, {"identifier": too_long(120, 121)}),
        ({"description": "d" * 1001}, {"description": too_long(1000, 1001)}),
        ({"contact": "c" * 121}, {"contact": too_long(120, 121)}),
    ],
)
def test_a_stranger_s_report_is_taken_in_any_length_that_can_be_kept(
    given: dict[str, str], wrong: dict[str, tuple[str, str]]
) -> None:
    assert complaints(lambda: ReportForm(given)) == wrong
