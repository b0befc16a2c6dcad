"""The frame as each role meets it: where one arrives, what the navigation opens, language and time of the institute."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from jialiang.console.middleware import SECURITY_HEADERS
from jialiang.console.shell import entries_for, landing_url, roles_in_words, thing_url
from jialiang.kernel.clock import utc_now
from jialiang.security.accounts.models import Person
from jialiang.security.tenancy.models import Tenant
from tests.console.people import PASSWORD
from tests.console.registers.conftest import Registers

EVERY_ENTRY = (
    "home",
    "calibrations",
    "commissions",
    "certificates",
    "numbers",
    "organizations",
    "scan",
    "instruments",
    "measurement_standards",
    "traceability",
    "uncertainty_budgets",
    "comparison_rounds",
    "measurement_science",
    "identifiers",
    "prefixes",
    "prefix_applications",
    "handle_identities",
    "identifier_templates",
    "label_templates",
    "people",
    "audit",
    "signing_keys",
    "jobs",
    "resolution_statistics",
    "node_reports",
    "subordinate_nodes",
)
NODE = {"resolution_statistics", "node_reports", "subordinate_nodes"}
WATCH = {"people", "audit", "signing_keys", "jobs"} | NODE
KEEPS = {"handle_identities", "identifier_templates"}  # of identifiers: the operator and customers
READS_ONLY = KEEPS | {"prefix_applications"}
NAMESPACE = READS_ONLY | {"prefixes", "identifiers"}
BUDGETS = {"uncertainty_budgets", "comparison_rounds"}
LABELS = {"label_templates"}  # designed by those who keep registers
REGISTERS = {"identifiers"}  # the desk of those who register
SCAN = {"scan"}  # for those who handle instruments
DESK = {"measurement_science"} | BUDGETS  # open to all, shown to those who measure and review
CLOSED = {
    "receptionist": WATCH | DESK | KEEPS | LABELS,
    "technician": WATCH | {"numbers"} | NAMESPACE | LABELS,
    "reviewer": WATCH | {"numbers"} | NAMESPACE | LABELS | SCAN,
    "signatory": {"people", "audit"} | NODE | READS_ONLY | REGISTERS | LABELS | SCAN,
    "standards_keeper": WATCH | {"numbers"} | NAMESPACE | LABELS,
    "instrument_manager": WATCH | DESK | {"numbers", "calibrations"} | READS_ONLY,
    "customer": WATCH | DESK | LABELS | {"numbers", "calibrations", "measurement_standards", "traceability"},
    "quality_manager": READS_ONLY | REGISTERS | SCAN,
    "auditor": READS_ONLY | REGISTERS | LABELS | SCAN,
    "regulator": (WATCH - NODE) | DESK | READS_ONLY | REGISTERS | LABELS,
    "system_administrator": DESK | {"calibrations"} | READS_ONLY | REGISTERS | SCAN,
}
SEEN = {role: [name for name in EVERY_ENTRY if name not in closed] for role, closed in CLOSED.items()}
ARRIVES = {
    "receptionist": "commissions",
    "technician": "home",
    "reviewer": "home",
    "signatory": "home",
    "standards_keeper": "measurement_standards",
    "instrument_manager": "instruments",
    "customer": "home",
    "quality_manager": "home",
    "auditor": "audit",
    "regulator": "home",
    "system_administrator": "people",
}


def text(answer: Any) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("role", SEEN)
def test_the_navigation_of_a_role_is_this_list_in_this_order(registers: Registers, role: str) -> None:
    addresses = [reverse(name) for name in SEEN[role]]
    entries = entries_for(registers.world.person(role))
    assert [reverse(entry.url_name) for entry in entries] == addresses


NODE_PAGES = ("node_reports", "subordinate_nodes")


@pytest.mark.parametrize("role", ["identifier_operator", "quality_manager", "system_administrator"])
def test_pages_of_the_node_are_for_the_institute_that_operates_it(registers: Registers, role: str) -> None:
    here = registers.world.person(role)
    elsewhere = replace(here, tenant_id=UUID(int=7))
    pages = {reverse(name) for name in NODE_PAGES}
    shown = [{reverse(entry.url_name) for entry in entries_for(person)} & pages for person in (here, elsewhere)]
    assert shown[0]
    assert shown[1] == set()


@pytest.mark.parametrize("role", SEEN)
def test_every_entry_that_is_shown_opens(registers: Registers, as_: Callable[..., Client], role: str) -> None:
    client = as_(role)
    for name in SEEN[role]:
        assert client.get(reverse(name)).status_code == 200, name


@pytest.mark.parametrize("role", ARRIVES)
def test_after_sign_in_one_arrives_where_the_work_is(
    registers: Registers, hire: Callable[..., Person], role: str
) -> None:
    hire("li.xiaoliang", role)
    client = Client()
    answer = client.post("/sign-in/", {"login": "li.xiaoliang", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"] == reverse(ARRIVES[role])
    assert landing_url(registers.world.person(role)) == reverse(ARRIVES[role])


def test_of_several_homes_the_first_of_the_navigation_counts(registers: Registers) -> None:
    both = registers.world.person("auditor", "receptionist")
    assert landing_url(both) == reverse("commissions")
    assert landing_url(registers.world.person()) == reverse("home")


def test_roles_are_named_in_the_order_of_the_vocabulary(
    registers: Registers, hire: Callable[..., Person]
) -> None:
    client = Client()
    client.force_login(hire("li.xiaoliang", "reviewer", "technician"))
    for language, words in (("zh-hans", "校准人员、核验人员"), ("en", "Technician, Reviewer")):
        client.cookies["jialiang_language"] = language
        assert words in text(client.get("/"))
    assert roles_in_words(registers.world.person()) == ""


def test_somebody_without_a_role_arrives_at_an_empty_home(as_: Callable[..., Client]) -> None:
    client = as_()
    answer = client.get("/")
    assert answer.status_code == 200
    assert "Nothing waits for you" in text(answer)
    for name in ("instruments", "commissions", "certificates", "calibrations", "people", "audit"):
        refused = client.get(reverse(name))
        assert refused.status_code == 403, name
        assert "JL-POL-001" in text(refused)


def test_a_role_that_has_lapsed_opens_nothing_any_more(
    registers: Registers, hire: Callable[..., Person]
) -> None:
    person = hire("li.xiaoliang", "auditor")
    client = Client()
    client.force_login(person)
    assert client.get("/audit/").status_code == 200
    person.role_assignments.update(valid_until=utc_now().date().replace(year=utc_now().year - 1))
    assert client.get("/audit/").status_code == 403


def test_an_account_that_was_closed_is_signed_out_at_once(hire: Callable[..., Person]) -> None:
    person = hire("li.xiaoliang", "auditor")
    client = Client()
    client.force_login(person)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get("/audit/").status_code == 302


@pytest.mark.parametrize(
    ("cookie", "of_person", "tag"),
    [
        ("en", "zh-hans", "en"),
        ("zh-hans", "en", "zh-Hans"),
        ("", "en", "en"),
        ("", "zh-hans", "zh-Hans"),
        ("fr", "en", "en"),
        ("<script>", "zh-hans", "zh-Hans"),
        ("", "klingon", "zh-Hans"),
    ],
)
def test_the_language_is_that_of_the_cookie_then_of_the_person_then_of_the_house(
    hire: Callable[..., Person], cookie: str, of_person: str, tag: str
) -> None:
    person = hire("li.xiaoliang", "auditor")
    Person.objects.filter(pk=person.pk).update(language=of_person)
    client = Client()
    client.force_login(person)
    if cookie:
        client.cookies["jialiang_language"] = cookie
    assert f'<html lang="{tag}"' in text(client.get("/instruments/"))


def test_the_language_is_switched_by_a_form_and_stays(as_: Callable[..., Client]) -> None:
    client = as_("auditor", language="zh-hans")
    answer = client.post("/preferences/language", {"language": "en", "next": "/instruments/?view=all"})
    assert (answer.status_code, answer["Location"]) == (302, "/instruments/?view=all")
    cookie = answer.cookies["jialiang_language"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("en", True, "Lax")
    assert '<html lang="en"' in text(client.get("/instruments/?view=all"))


@pytest.mark.parametrize(
    ("zone", "zh", "en", "written"),
    [
        ("Asia/Shanghai", "北京时间（UTC+8）", "Beijing time (UTC+8)", "2026-06-16 00:30:00"),
        ("Europe/Berlin", "Europe/Berlin", "Europe/Berlin", "2026-06-15 18:30:00"),
        ("America/Bogota", "America/Bogota", "America/Bogota", "2026-06-15 11:30:00"),
    ],
)
def test_times_are_those_of_the_institute_and_the_foot_says_so(
    registers: Registers, hire: Callable[..., Person], zone: str, zh: str, en: str, written: str
) -> None:
    Tenant.objects.filter(pk=registers.world.tenant_id).update(time_zone=zone)
    person = hire("li.xiaoliang", "auditor")
    client = Client()
    client.force_login(person)
    registers.opened.refresh_from_db()
    type(registers.opened).objects.filter(pk=registers.opened.pk).update(
        opened_at=datetime(2026, 6, 15, 16, 30, tzinfo=UTC)
    )
    for language, words in (("zh-hans", zh), ("en", en)):
        client.cookies["jialiang_language"] = language
        html = text(client.get(f"/commissions/{registers.opened.id}/"))
        assert written in html
        assert words in html


@pytest.mark.parametrize(
    "address",
    ["/instruments/", "/commissions/new", "/standards/", "/people/", "/instruments/nonsense", "/audit/"],
)
def test_every_answer_to_somebody_is_guarded_and_never_stored(
    as_: Callable[..., Client], address: str
) -> None:
    answer = as_("receptionist", "auditor").get(address)
    for name, value in SECURITY_HEADERS.items():
        assert answer[name] == value, name
    if answer.status_code != 404 or "nonsense" not in address:
        assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "address", ["/instruments/?view=all", "/commissions/", "/standards/", "/organizations/", "/audit/"]
)
def test_pages_carry_no_script_in_line_and_reach_for_no_other_host(
    as_: Callable[..., Client], address: str
) -> None:
    html = text(as_("receptionist", "auditor").get(address))
    assert " onclick=" not in html
    assert " style=" not in html
    assert "<style" not in html
    assert 'src="http' not in html
    assert 'href="http' not in html
    scripts = [part for part in html.split("<script")[1:] if "src=" not in part[: part.index(">")]]
    assert all('type="application/json"' in part[: part.index(">")] for part in scripts)


@override_settings(DEBUG=False)
@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "There is no page for you at this address."), ("zh-hans", "这个地址下没有您能看的页面。")],
)
def test_an_address_behind_which_nothing_is_says_so_in_the_language_of_the_page(
    as_: Callable[..., Client], language: str, title: str
) -> None:
    client = as_("auditor", language=language)
    for address in ("/no-such-page", f"/organizations/{utc_now().year}/"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert title in text(answer)
        assert "JL-CON-001" in text(answer)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/instruments/{0}/", "JL-INS-004"),
        ("/standards/{0}/", "JL-STD-004"),
        ("/commissions/{0}/", "JL-COM-003"),
        ("/items/{0}/receive", "JL-COM-003"),
        ("/organizations/{0}/", "JL-ORG-007"),
        ("/people/{0}/", "JL-ACC-001"),
        ("/certificates/{0}/", "JL-CER-"),
        ("/calibrations/{0}/", "JL-CAL-011"),
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_thing_that_does_not_exist_is_named_with_its_code(
    as_: Callable[..., Client], language: str, address: str, code: str
) -> None:
    client = as_("receptionist", "auditor", language=language)
    answer = client.get(address.format("01900000-0000-7000-8000-000000000000"))
    assert answer.status_code == 404
    assert code in text(answer)
    assert f'<html lang="{"en" if language == "en" else "zh-Hans"}"' in text(answer)


def test_htmx_gets_an_error_alone_for_the_place_of_notices(as_: Callable[..., Client]) -> None:
    answer = as_("auditor").get(
        "/instruments/01900000-0000-7000-8000-000000000000/", headers={"HX-Request": "true"}
    )
    assert answer.status_code == 404
    assert "<html" not in text(answer)
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#notices", "innerHTML show:window:top")


@pytest.mark.parametrize(
    ("noun", "address"),
    [
        ("instrument", "/instruments/{0}/"),
        ("measurement_standard", "/standards/{0}/"),
        ("commission", "/commissions/{0}/"),
        ("organization", "/organizations/{0}/"),
        ("certificate", "/certificates/{0}/"),
        ("calibration", "/calibrations/{0}/"),
        ("person", "/people/{0}/"),
        ("site", ""),
        ("no_such_noun", ""),
    ],
)
def test_the_page_of_a_thing_is_named_as_its_noun(noun: str, address: str) -> None:
    key = "01900000-0000-7000-8000-000000000000"
    assert thing_url(noun, key) == address.format(key)


@pytest.mark.parametrize(
    "address",
    [
        "/instruments/new",
        "/commissions/new?customer={dairy}",
        "/standards/new",
        "/organizations/new",
        "/people/new",
    ],
)
def test_a_form_that_writes_is_refused_without_its_token(
    registers: Registers, hire: Callable[..., Person], address: str
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(hire("li.xiaoliang", "receptionist", "standards_keeper"))
    client.cookies["jialiang_language"] = "en"
    answer = client.post(address.format(dairy=registers.world.dairy_id), {"name_zh": "x"})
    assert answer.status_code == 403
    assert "JL-CON-003" in text(answer)
    assert "nothing has changed" in text(answer)


@pytest.mark.parametrize(
    ("searched", "leads_to"),
    [("P-1", "gauge"), ("YZ-T-009", "standard"), ("nothing like it", "")],
)
def test_a_number_that_only_one_thing_has_opens_it(
    registers: Registers, as_: Callable[..., Client], searched: str, leads_to: str
) -> None:
    answer = as_("auditor").get("/search", {"q": searched})
    if leads_to:
        thing = getattr(registers, leads_to)
        noun = "standards" if leads_to == "standard" else "instruments"
        assert answer["Location"] == f"/{noun}/{thing.id}/"
    else:
        assert "Nothing of yours fits." in text(answer)


def test_a_customer_finds_the_own_things_only(registers: Registers, as_: Callable[..., Client]) -> None:
    client = as_("customer")
    assert client.get("/search", {"q": "M-1"}).context["hits"] == []
    assert client.get("/search", {"q": "P-1"})["Location"] == f"/instruments/{registers.gauge.id}/"
    assert client.get("/search", {"q": "YZ-T-009"}).context["hits"] == []
