"""Codes and seals on screen, field by field and outcome by outcome, in both languages; and who is offered what."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from lxml import html

from jialiang.base.instrument_marks.selectors import identity_checks, marks_in_place, marks_of
from tests.console.registers.test_instrument_mark_pages import at
from tests.console.registers.test_label_designer_forms import under
from tests.console.whole import faults_of

LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])
CHINESE = re.compile("[\u4e00-\u9fff]")
RECORDED = {"production": "P-1001", "repair": "R-77", "verification": "V-9", "seal": "F 0001"}
ROLE_WORDS = {"zh-hans": ("制造编码", "修理编码", "检定编码", "封印号"),
              "en": ("Production code", "Repair code", "Verification code", "Seal number")}  # fmt: skip


@pytest.fixture
def browser(as_) -> Client:
    """The browser of a technician, in English."""
    return as_("technician")


@pytest.fixture
def marked(registers, browser):
    """A thermometer with a code of each role."""
    row = registers.thermometer
    for role, code in RECORDED.items():
        assert (
            browser.post(at("instrument_mark_new", row.id), {"role": role, "code": code}).status_code == 302
        )
    browser.get(at("instrument_marks", row.id))  # takes the notices off
    return row


def words_of(answer):
    return " ".join(html.fromstring(answer.content.decode()).text_content().split())


@LANGUAGES
@pytest.mark.parametrize(
    ("body", "field"),
    [({"role": "seal", "code": ""}, "code"), ({"role": "", "code": "x"}, "role"),
     ({"role": "owner", "code": "x"}, "role"),
     ({"role": "identifier", "code": "x"}, "role"), ({"role": "seal", "code": "x" * 101}, "code"),
     ({"role": "seal", "code": "x", "put_by": "y" * 101}, "put_by"),
     ({"role": "seal", "code": "x", "put_on": "2026-02-30"}, "put_on"),
     ({"role": "seal", "code": "f0001"}, "code")],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_what_cannot_be_recorded_is_explained_under_its_field(marked, browser, body, field, language):
    browser.cookies["jialiang_language"] = language
    answer = browser.post(at("instrument_mark_new", marked.id), body)
    assert answer.status_code in (409, 422)
    assert bool(CHINESE.search(under(answer, field))) is (language == "zh-hans")
    assert len(marks_of(marked.id)) == 4


@LANGUAGES
def test_a_removal_asks_for_its_reason_under_the_field(marked, browser, language):
    browser.cookies["jialiang_language"] = language
    mark = marks_of(marked.id)[0]
    for reason in ("", "   ", "x" * 201):
        answer = browser.post(at("instrument_mark_remove", mark.id), {"state_reason": reason})
        assert answer.status_code == 422
        assert bool(CHINESE.search(under(answer, "state_reason"))) is (language == "zh-hans")
    assert len(marks_in_place(marked.id)) == 4


OUTCOMES = {
    "agrees": (RECORDED, ("一致", "Agrees")),
    "differs": (RECORDED | {"seal": "F 0002"}, ("不一致", "Differs")),
    "missing": ({**RECORDED, "seal": ""}, ("未找到", "Not found")),
    "unknown": (RECORDED | {"any_role": "Z-1"}, ("未登记", "Not on record")),
    "other_role": ({**RECORDED, "seal": "", "repair": "R-77\nF 0001"}, ("", "")),
}


@LANGUAGES
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_each_outcome_is_said_in_words_with_what_was_found(marked, browser, outcome, language):
    browser.cookies["jialiang_language"] = language
    found, _ = OUTCOMES[outcome]
    answer = browser.post(at("instrument_mark_check", marked.id), found, follow=True)
    [kept] = identity_checks(marked.id)
    assert outcome in [each["outcome"] for each in kept.findings]
    assert kept.agrees is (outcome == "agrees")
    words = words_of(answer)
    assert ("所有编码一致" if language == "zh-hans" else "All codes agree") in words or not kept.agrees
    assert outcome not in ("other_role",) or "other_role" not in words
    assert all(each in words for each in ROLE_WORDS[language])
    assert faults_of(answer.content.decode(), language) == []


@LANGUAGES
def test_a_code_of_another_instrument_is_shown_with_its_name(registers, marked, browser, language):
    browser.cookies["jialiang_language"] = language
    other = registers.gauge
    browser.post(at("instrument_mark_new", other.id), {"role": "seal", "code": "F 0777"})
    answer = browser.post(at("instrument_mark_check", marked.id), RECORDED | {"seal": "f0777"}, follow=True)
    assert other.serial_number in words_of(answer)
    [kept] = identity_checks(marked.id)
    [foreign] = [each for each in kept.findings if each["outcome"] == "foreign"]
    assert (foreign["expected"], foreign["found"]) == ("F 0001", "f0777")


def test_a_scanner_that_types_all_codes_into_one_field_is_understood(marked, browser):
    typed = "\r\n".join(["", " p-1001 ", "r-77", "v-9", "f 00 01", ""])
    browser.post(at("instrument_mark_check", marked.id), {"any_role": typed})
    assert identity_checks(marked.id)[0].agrees


@LANGUAGES
@pytest.mark.parametrize(
    "found", [{}, {"seal": " \n "}, {"any_role": "\n".join(f"x{n}" for n in range(51))}], ids=range(3)
)
def test_a_check_of_nothing_or_of_too_much_is_refused_under_the_last_field(marked, browser, found, language):
    browser.cookies["jialiang_language"] = language
    answer = browser.post(at("instrument_mark_check", marked.id), found)
    assert answer.status_code == 422
    assert "JL-MRK-005" in under(answer, "any_role")
    assert identity_checks(marked.id) == []


def test_the_form_of_a_check_does_not_give_the_record_away(marked, browser):
    page = browser.get(at("instrument_mark_check", marked.id)).content.decode()
    assert not any(code in page for code in RECORDED.values())


def test_without_anything_in_place_no_check_is_offered(registers, browser):
    row = registers.gauge
    assert browser.get(at("instrument_marks", row.id)).context["may_check"] is False
    browser.post(at("instrument_mark_new", row.id), {"role": "seal", "code": "F 1"})
    assert browser.get(at("instrument_marks", row.id)).context["may_check"] is True
    [mark] = marks_of(row.id)
    browser.post(at("instrument_mark_remove", mark.id), {"state_reason": "破损"})
    assert browser.get(at("instrument_marks", row.id)).context["may_check"] is False
    assert browser.post(at("instrument_mark_remove", mark.id), {"state_reason": "破损"}).status_code == 409


@pytest.mark.parametrize(
    ("role", "offered"),
    [("technician", (True, True, True)), ("receptionist", (True, True, True)),
     ("instrument_manager", (True, True, True)),
     ("auditor", (False, False, False)), ("reviewer", (False, False, False)), ("regulator", (False, False, True)),
     ("customer", (True, True, True))],
)  # fmt: skip
def test_each_role_is_offered_what_it_may(marked, hire, role, offered):
    person = Client()
    person.force_login(hire("shen.yue", role))
    context = person.get(at("instrument_marks", marked.id)).context
    assert tuple(context[name] for name in ("may_record", "may_remove", "may_check")) == offered
    mark = marks_of(marked.id)[0]
    pages = (
        ("instrument_mark_new", marked.id),
        ("instrument_mark_remove", mark.id),
        ("instrument_mark_check", marked.id),
    )
    for (name, key), may in zip(pages, offered, strict=True):
        assert person.get(at(name, key)).status_code == (200 if may else 403)


def test_a_customer_reaches_no_marks_of_another(registers, hire):
    customer = Client()
    customer.force_login(hire("zhao.mu", "customer"))
    for name in ("instrument_marks", "instrument_mark_new", "instrument_mark_check"):
        assert customer.get(at(name, registers.mill_scale.id)).status_code == 403


def test_on_a_narrow_screen_each_code_says_whether_it_was_found_or_is_on_record(marked, browser):
    browser.post(at("instrument_mark_check", marked.id), RECORDED | {"seal": "F 0002"})
    page = html.fromstring(browser.get(at("instrument_marks", marked.id)).content.decode())
    rows = page.xpath("//section[@id='checks']//tbody/tr")
    assert len(rows) == 4
    for row in rows:
        told = [each.text_content() for each in row.xpath(".//*[contains(@class, 'jl-only-s')]")]
        assert told == ["Found on it", "On record", "Other instrument"]
