"""Measurement standards and organizations on screen: what carries work today, what may be done, what is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jialiang.base.measurement_standards.models import MeasurementStandard, StandardCertificate
from jialiang.base.measurement_standards.selectors import certificates_of, check_observations
from jialiang.base.organizations.models import Organization
from jialiang.console.measurement_standards.addresses import stopped
from jialiang.console.measurement_standards.listing import ending, line_of, look
from jialiang.functions import measurement_standards
from jialiang.kernel.clock import utc_now
from jialiang.security.accounts.models import Person
from tests.console.registers.conftest import Registers
from tests.ledger import PAPER, credit_code

LIST = "/standards/"


def text(answer: Any) -> str:
    return answer.content.decode()


def today() -> date:
    return utc_now().astimezone(ZoneInfo("Asia/Shanghai")).date()


def page_of(registers: Registers, name: str = "standard") -> str:
    return f"{LIST}{getattr(registers, name).id}/"


def carried(registers: Registers, begins: int, ends: int, number: str = "X-1", **members: Any) -> Any:
    """Give the bare standard a certificate that holds from and until so many days from today."""
    return measurement_standards.add_certificate(
        actor=registers.world.person("standards_keeper"),
        standard_id=registers.bare_standard.id,
        facts=replace(
            PAPER,
            number=number,
            valid_from=today() + timedelta(days=begins),
            valid_until=today() + timedelta(days=ends),
            **members,
        ),
        now=utc_now(),
    )


def row_of(registers: Registers) -> Any:
    return MeasurementStandard.objects.prefetch_related("certificates").get(pk=registers.bare_standard.id)


@pytest.mark.parametrize(
    ("validities", "shown", "carrying"),
    [
        ([], "unproven", None),
        ([(-100, 100)], "in_use", "X-0"),
        ([(-100, 60)], "ending", "X-0"),
        ([(-100, 61)], "in_use", "X-0"),
        ([(0, 0)], "ending", "X-0"),
        ([(-100, -1)], "expired", "X-0"),
        ([(1, 365)], "unproven", None),
        ([(-400, -1), (1, 365)], "expired", "X-0"),
        ([(-100, 100), (50, 400)], "in_use", "X-0"),
        ([(-400, -100), (-99, 100)], "in_use", "X-1"),
        ([(-400, 10), (-20, 300)], "in_use", "X-1"),
    ],
)
def test_a_standard_looks_as_the_certificate_that_decides_today(
    registers: Registers, validities: list[tuple[int, int]], shown: str, carrying: str | None
) -> None:
    for number, (begins, ends) in enumerate(validities):
        carried(registers, begins, ends, f"X-{number}")
    line = line_of(row_of(registers), today())
    assert line.look == shown
    assert (line.certificate.number if line.certificate else None) == carrying


def test_a_certificate_to_come_carries_no_work_on_the_page_either(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    carried(registers, 1, 365)
    answer = as_("technician").get(page_of(registers, "bare_standard"))
    assert (answer.context["look"], answer.context["newest"]) == ("unproven", None)
    assert "it may carry work today" not in text(answer)
    assert "No certificate carries this standard today: work with it stops." in text(answer)


def test_a_revoked_certificate_carries_nothing_from_that_day(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    StandardCertificate.objects.filter(standard_id=registers.standard.id).update(revoked_at=utc_now())
    answer = as_("standards_keeper").get(page_of(registers))
    (line,) = answer.context["lines"]
    assert (line.is_carrying, line.is_revoked) == (False, True)
    assert answer.context["look"] == "expired"
    assert "Revoked" in text(answer)


@pytest.mark.parametrize(
    ("role", "state", "buttons"),
    [
        ("standards_keeper", "in_use", {"may_add", "may_check", "may_suspend"}),
        ("standards_keeper", "suspended", {"may_add", "may_check", "may_resume"}),
        ("standards_keeper", "retired", set()),
        ("technician", "in_use", set()),
        ("reviewer", "suspended", set()),
        ("receptionist", "in_use", set()),
        ("auditor", "in_use", set()),
        ("system_administrator", "suspended", set()),
    ],
)
def test_a_standard_offers_what_its_state_and_the_role_allow(
    registers: Registers, as_: Callable[..., Client], role: str, state: str, buttons: set[str]
) -> None:
    MeasurementStandard.objects.filter(pk=registers.standard.id).update(state=state)
    answer = as_(role).get(page_of(registers))
    names = ("may_add", "may_check", "may_suspend", "may_resume")
    assert {name for name in names if answer.context[name]} == buttons
    for name, ending_of in (
        ("may_add", "dcc"),
        ("may_check", "check"),
        ("may_suspend", "suspend"),
        ("may_resume", "resume"),
    ):
        assert (f'href="{page_of(registers)}{ending_of}"' in text(answer)) is (name in buttons)


@pytest.mark.parametrize(
    ("state", "ends", "shown"),
    [
        ("in_use", None, "unproven"),
        ("in_use", date(2026, 6, 15), "expired"),
        ("in_use", date(2026, 6, 16), "ending"),
        ("suspended", None, "suspended"),
        ("suspended", date(2026, 6, 15), "suspended"),
        ("retired", date(2027, 6, 15), "retired"),
    ],
)
def test_what_was_decided_counts_before_what_the_certificate_says(
    state: str, ends: date | None, shown: str
) -> None:
    assert look(state, ends, date(2026, 6, 16)) == shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["bare_standard", "standard"]),
        ("?view=in_use", ["bare_standard", "standard"]),
        ("?view=suspended", []),
        ("?view=all", ["bare_standard", "standard"]),
        ("?q=YZ-T-009", ["standard"]),
        ("?q=STD-9", ["standard"]),
        ("?q=platinum", ["bare_standard", "standard"]),
        ("?q=nothing", []),
        ("?view=nonsense", ["bare_standard", "standard"]),
    ],
)
def test_the_list_of_standards_shows_what_stops_work_first(
    registers: Registers, as_: Callable[..., Client], query: str, found: list[str]
) -> None:
    answer = as_("auditor").get(LIST + query)
    page = answer.context["list_page"]
    assert [line.row.id for line in page.rows] == [getattr(registers, name).id for name in found]
    assert answer.context["stopped"] == 1
    assert ("1 carries no work today" in text(answer)) is True


@pytest.mark.parametrize(
    ("query", "zh", "en"),
    [
        ("?q=nothing", "没有符合条件的标准。", "No standard fits."),
        ("?view=suspended", "这里还没有计量标准。", "No measurement standards here."),
    ],
)
def test_an_empty_list_of_standards_says_why(
    hire: Callable[..., Person], query: str, zh: str, en: str
) -> None:
    client = Client()
    client.force_login(hire("li.heng", "auditor"))
    for language, words in (("zh-hans", zh), ("en", en)):
        client.cookies["jialiang_language"] = language
        assert words in text(client.get(LIST + query))


@pytest.mark.parametrize(
    ("role", "number", "stops"),
    [("standards_keeper", 1, True), ("technician", 0, False), ("auditor", 0, False)],
)
def test_keepers_are_told_what_stops_work(registers: Registers, role: str, number: int, stops: bool) -> None:
    waiting = stopped(registers.world.person(role), utc_now())
    assert (waiting.number, waiting.stops) == (number, stops)
    assert ending(today()) == 1


def test_the_uncertainty_to_compute_with_stands_with_its_unit_and_k(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    html = text(as_("auditor").get(page_of(registers)))
    nbsp = "\u00a0"
    assert f"<b>0.004</b>{nbsp}°C" in html
    assert f"(<i>k</i>{nbsp}={nbsp}2.00)" in html
    assert f'±<span class="jl-q"><b>0.002</b>{nbsp}°C</span>' in html


CHECKS = ["0.010", "0.012", "0.011", "0.009", "0.010", "0.013", "0.011", "0.010", "0.012", "0.009", "0.011"]


def record_checks(registers: Registers, texts: list[str]) -> None:
    rows = [
        SimpleNamespace(observed_on=f"20{10 + n}-06-15", measured_value=value)
        for n, value in enumerate(texts)
    ]
    for row in rows:
        measurement_standards.record_check(
            actor=registers.world.person("standards_keeper"),
            standard_id=registers.standard.id,
            facts=_check(row),
            now=utc_now(),
        )


def _check(row: Any) -> Any:
    from_facts = measurement_standards.CheckFacts
    return from_facts(observed_on=row.observed_on, measured_value=row.measured_value, unit="\\degreecelsius")


def test_too_few_checks_make_no_chart_and_say_how_many_are_needed(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    record_checks(registers, CHECKS[:2])
    answer = as_("auditor").get(page_of(registers))
    assert answer.context["chart"] is None
    assert f"A control chart is drawn from {answer.context['fewest']} checks on." in text(answer)


def test_a_chart_says_how_many_checks_and_what_the_drift_is(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    record_checks(registers, CHECKS)
    answer = as_("auditor").get(page_of(registers))
    chart = answer.context["chart"]
    assert chart.state == "passed"
    assert chart.finding.startswith("11 checks, 0 beyond the limits of three standard deviations.")
    assert "°C a year" in chart.finding
    assert [check.measured_value for check in answer.context["checks"]] == CHECKS[::-1]


def test_a_check_far_outside_stops_the_work_in_words(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    record_checks(registers, [*CHECKS, "0.500"])
    chart = as_("auditor").get(page_of(registers)).context["chart"]
    assert chart.state == "failed"
    assert "do not work with it before this is explained" in chart.finding


def test_old_checks_are_folded_and_shown_on_demand(registers: Registers, as_: Callable[..., Client]) -> None:
    record_checks(registers, [*CHECKS, "0.010", "0.011", "0.010"])
    client = as_("auditor")
    cut = client.get(page_of(registers)).context
    assert (len(cut["checks"]), cut["more_checks"]) == (12, 2)
    whole = client.get(f"{page_of(registers)}?checks=all").context
    assert (len(whole["checks"]), whole["more_checks"]) == (14, 0)


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"measured_value": "ten"}, "measured_value", "it is not a decimal number such as 0.05"),
        ({"measured_value": "0,01"}, "measured_value", "it is not a decimal number such as 0.05"),
        ({"unit": "bogons"}, "unit", "it is not a known unit"),
        ({"standard_deviation": "-0.1"}, "standard_deviation", "it may not be negative"),
    ],
)
def test_a_check_that_cannot_be_is_told_at_its_field(
    registers: Registers, as_: Callable[..., Client], changed: dict[str, str], field: str, reason: str
) -> None:
    typed = {"observed_on": "2026-06-10", "measured_value": "0.0100", "unit": "℃"}
    answer = as_("standards_keeper").post(f"{page_of(registers)}check", typed | changed)
    assert answer.status_code == 422
    assert reason in str(answer.context["form"].errors[field])
    assert list(check_observations(registers.standard.id)) == []


PAPER_FORM = {
    "number": "GJ-2027-C-000009",
    "issuer_zh": "国家示范计量院（虚构）",
    "valid_from": "2026-06-01",
    "valid_until": "2028-05-31",
    "expanded_uncertainty": "0.003",
    "coverage_factor": "2",
    "unit": "℃",
    "values": "0 0.001 0.003 2",
}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"valid_until": "2026-05-31"}, "valid_until"),
        ({"expanded_uncertainty": "0"}, "expanded_uncertainty"),
        ({"expanded_uncertainty": "-0.003"}, "expanded_uncertainty"),
        ({"expanded_uncertainty": "small"}, "expanded_uncertainty"),
        ({"coverage_factor": "two"}, "coverage_factor"),
        ({"values": "0 abc 0.003 2"}, "values"),
        ({"unit": "kg"}, "unit"),
    ],
)
def test_a_certificate_that_does_not_hold_is_told_at_its_field_and_not_kept(
    registers: Registers, as_: Callable[..., Client], changed: dict[str, str], field: str
) -> None:
    answer = as_("standards_keeper").post(f"{page_of(registers)}certificate", PAPER_FORM | changed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "JL-STD-002" in str(answer.context["form"].errors[field])
    assert [row.number for row in certificates_of(registers.standard.id)] == ["GJ-2026-C-000001"]


def test_the_same_number_twice_is_a_conflict_at_its_field(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    answer = as_("standards_keeper").post(
        f"{page_of(registers)}certificate", PAPER_FORM | {"number": "GJ-2026-C-000001"}
    )
    assert answer.status_code == 409
    assert "JL-STD-005" in str(answer.context["form"].errors["number"])


@pytest.mark.parametrize(
    "xml", [b"<a/>", b"not xml", b"<dcc:digitalCalibrationCertificate xmlns:dcc='https://ptb.de/dcc'/>"]
)
def test_a_file_that_is_no_certificate_is_refused_on_the_form(
    registers: Registers, as_: Callable[..., Client], xml: bytes
) -> None:
    answer = as_("standards_keeper").post(
        f"{page_of(registers)}dcc", {"file": SimpleUploadedFile("x.xml", xml)}
    )
    assert answer.status_code == 422
    assert "JL-" in str(answer.context["form"].errors)


@pytest.mark.parametrize(
    ("verb", "before", "after"), [("suspend", "in_use", "suspended"), ("resume", "suspended", "in_use")]
)
def test_a_standard_is_suspended_and_resumed_with_a_reason(
    registers: Registers, as_: Callable[..., Client], verb: str, before: str, after: str
) -> None:
    MeasurementStandard.objects.filter(pk=registers.standard.id).update(state=before)
    client, address = as_("standards_keeper"), f"{page_of(registers)}{verb}"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "跌落"}).status_code == 302
    assert MeasurementStandard.objects.get(pk=registers.standard.id).state == after
    again = client.post(address, {"reason": "跌落"})
    assert again.status_code == 409
    assert "JL-STD-006" in text(again)


# ---- organizations -----------------------------------------------------------------------------------------------


def company(registers: Registers, name: str = "dairy_id") -> str:
    return f"/organizations/{getattr(registers.world, name)}/"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3),
        ("?q=dairy", 1),
        ("?q=%E9%9D%A2%E7%B2%89", 1),
        ("?q=YZ", 1),
        ("?kind=institute", 1),
        ("?kind=enterprise", 2),
        ("?kind=regulator", 0),
        ("?kind=nonsense", 3),
        ("?q=nothing", 0),
        ("?q=dairy&kind=institute", 0),
    ],
)
def test_organizations_are_found_by_name_code_and_kind(
    as_: Callable[..., Client], query: str, found: int
) -> None:
    answer = as_("receptionist").get(f"/organizations/{query}")
    assert answer.context["list_page"].total == found
    if not found:
        assert "No organization fits." in text(answer)


@pytest.mark.parametrize(
    ("role", "whose", "buttons"),
    [
        ("receptionist", "dairy_id", {"may_change", "may_add_site", "may_add_contact", "may_order"}),
        ("receptionist", "own_id", {"may_change", "may_add_site", "may_add_contact"}),
        ("system_administrator", "dairy_id", {"may_change", "may_add_site", "may_add_contact"}),
        ("instrument_manager", "dairy_id", set()),
        ("technician", "dairy_id", set()),
        ("customer", "dairy_id", {"may_order"}),
        ("auditor", "dairy_id", set()),
    ],
)
def test_an_organization_offers_what_the_role_allows(
    registers: Registers, as_: Callable[..., Client], role: str, whose: str, buttons: set[str]
) -> None:
    context = as_(role).get(company(registers, whose)).context
    names = ("may_change", "may_add_site", "may_add_contact", "may_order")
    assert {name for name in names if context[name]} == buttons


@pytest.mark.parametrize(("role", "reads"), [("receptionist", True), ("identifier_operator", False)])
def test_an_organization_leads_only_where_the_role_may_go(
    registers: Registers, as_: Callable[..., Client], role: str, reads: bool
) -> None:
    shown = as_(role).get(company(registers))
    assert (shown.context["may_read_instruments"], shown.context["may_read_commissions"]) == (reads, reads)
    assert (f"/instruments/?owner={registers.world.dairy_id}" in shown.content.decode()) is reads
    assert ("Latest commissions" in text(shown)) is reads


def test_an_instrument_manager_keeps_the_own_organization(
    registers: Registers, hire: Callable[..., Person]
) -> None:
    client = Client()
    client.force_login(hire("qi.guanli", "instrument_manager", organization_id=registers.world.dairy_id))
    assert client.get(f"{company(registers)}change").status_code == 200
    assert client.get(f"{company(registers, 'mill_id')}change").status_code == 403
    assert client.post(f"{company(registers)}site", {"name_zh": "二号厂区"}).status_code == 302
    assert client.post(f"{company(registers, 'mill_id')}site", {"name_zh": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("code", "holds"),
    [(credit_code(2), True), ("91370000MA000000" + "AA", False)],
)
def test_the_check_of_a_credit_code_is_shown(
    registers: Registers, as_: Callable[..., Client], code: str, holds: bool
) -> None:
    Organization.objects.filter(pk=registers.world.dairy_id).update(credit_code=code)
    answer = as_("auditor").get(company(registers))
    assert answer.context["code_holds"] is holds
    agrees = "the check character agrees" if holds else "the check character does not agree"
    assert agrees in text(answer)


def test_the_page_counts_instruments_and_lists_the_latest_commissions(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    context = as_("auditor").get(company(registers)).context
    assert context["instruments"] == 3
    assert [row.id for row in context["latest"]] == [registers.opened.id, registers.accepted.id]
    assert context["province"].en == "Shandong"
    assert context["kind"] == "Enterprise"


FIRM = {"name_zh": "新星纺织厂", "kind": "enterprise", "country_code": "CN", "credit_code": credit_code(77)}


@pytest.mark.parametrize(
    ("changed", "status", "field", "code"),
    [
        ({"credit_code": credit_code(77)[:-1] + "?"}, 422, "credit_code", "JL-ORG-003"),
        ({"credit_code": credit_code(2)}, 409, "credit_code", "JL-ORG-005"),
        ({"gln": "1234567890123"}, 422, "gln", "JL-ORG-004"),
        ({"email": "no address"}, 422, "email", "JL-ORG-002"),
        ({"region_code": "990000"}, 422, "region_code", "JL-ORG-002"),
        ({"short_code": "lower"}, 422, "short_code", "JL-ORG-002"),
    ],
)
def test_what_an_organization_cannot_be_is_told_at_its_field(
    registers: Registers,
    as_: Callable[..., Client],
    changed: dict[str, str],
    status: int,
    field: str,
    code: str,
) -> None:
    answer = as_("receptionist").post("/organizations/new", FIRM | changed)
    assert answer.status_code == status
    assert list(answer.context["form"].errors) == [field]
    assert code in str(answer.context["form"].errors[field])
    assert not Organization.objects.filter(name_zh="新星纺织厂").exists()


@pytest.mark.parametrize(
    ("next_page", "leads_to"),
    [
        ("/commissions/new", "/commissions/new"),
        ("https://evil.example/", "/organizations/"),
        ("", "/organizations/"),
    ],
)
def test_after_registering_one_goes_on_where_one_came_from(
    registers: Registers, as_: Callable[..., Client], next_page: str, leads_to: str
) -> None:
    answer = as_("receptionist").post(f"/organizations/new?next={next_page}", FIRM)
    assert answer.status_code == 302
    assert answer["Location"].startswith(leads_to)
    assert "evil" not in answer["Location"]


def test_two_who_change_an_organization_are_asked_where_they_collide(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    client, address = as_("receptionist"), f"{company(registers)}change"
    form = client.get(address).context["form"]
    sent = {name: value for name, value in form.initial.items() if value not in (None, False)}
    Organization.objects.filter(pk=registers.world.dairy_id).update(
        phone="0531-9", version=registers_version(registers) + 1
    )
    merged = client.post(address, sent | {"email": "desk@example.org"})
    assert merged.status_code == 302
    asked = client.post(address, sent | {"phone": "0531-1"})
    assert asked.status_code == 409
    assert [(clash.name, clash.now, clash.mine) for clash in asked.context["clashes"]] == [
        ("phone", "0531-9", "0531-1")
    ]
    row = Organization.objects.get(pk=registers.world.dairy_id)
    assert (row.phone, row.email) == ("0531-9", "desk@example.org")
    decided = client.post(address, asked.context["hidden"] | {"phone": "0531-1"})
    assert decided.status_code == 302
    assert Organization.objects.get(pk=registers.world.dairy_id).phone == "0531-1"


def registers_version(registers: Registers) -> int:
    return int(Organization.objects.get(pk=registers.world.dairy_id).version)


@pytest.mark.parametrize(
    ("given", "field"), [({"name": "王五"}, "phone"), ({"name": "王五", "email": "nowhere"}, "email")]
)
def test_a_contact_can_be_reached(
    registers: Registers, as_: Callable[..., Client], given: dict[str, str], field: str
) -> None:
    answer = as_("receptionist").post(f"{company(registers)}contact", given)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_sites_and_contacts_stand_on_the_page(registers: Registers, as_: Callable[..., Client]) -> None:
    client = as_("receptionist")
    site = {"name_zh": "热工室", "name_en": "Thermal laboratory", "is_laboratory": "on"}
    assert client.post(f"{company(registers)}site", site).status_code == 302
    contact = {"name": "赵六", "duty": "设备科", "phone": "0531-6"}
    assert client.post(f"{company(registers)}contact", contact).status_code == 302
    html = text(client.get(company(registers)))
    for words in ("Thermal laboratory", "laboratory", "赵六", "设备科", "0531-6"):
        assert words in html


def test_moments_are_those_of_the_institute(registers: Registers, as_: Callable[..., Client]) -> None:
    late = datetime(2026, 6, 15, 16, 30, tzinfo=ZoneInfo("UTC"))
    Organization.objects.filter(pk=registers.world.mill_id).update(created_at=late)
    html = text(as_("auditor").get("/organizations/?q=Poplar"))
    assert "2026-06-16" in html
    assert "2026-06-15" not in html
