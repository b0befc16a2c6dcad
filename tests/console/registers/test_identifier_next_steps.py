"""What a clerk is led to next: from a granted prefix to a template, from there to records, from bad rows to none."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jialiang.base.prefixes.selectors import prefix_by_text
from jialiang.functions import identifier_templates, prefixes
from tests.console.registers.identifier_desk import browser_of, page_of
from tests.console.whole import faults_of
from tests.functions.prefix_verbs import add_template, apply, customer, operator

LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])
DRAFT, REGISTER, IMPORT = "identifier_template_new", "identifier_new_by", "identifiers_import"


@pytest.fixture
def application(identifier_desk):
    """The dairy's application for ``88.101.7``, which waits."""
    return apply(identifier_desk.world, prefix_by_text("88.101"), "7")


def granted(identifier_desk, application, now) -> None:
    prefixes.approve(actor=operator(identifier_desk.world), application_id=application.id, quota=50, now=now)


@LANGUAGES
def test_a_granted_prefix_leads_its_holder_to_a_template(identifier_desk, application, now, language):
    link = f'href="{reverse(DRAFT)}"'
    assert link not in page_of(identifier_desk, "dairy", "prefix_application", application.id, language=language)
    granted(identifier_desk, application, now)
    shown = page_of(identifier_desk, "dairy", "prefix_application", application.id, language=language)
    assert link in shown
    assert faults_of(shown, language) == []


@pytest.mark.parametrize("person", ["auditor"])
def test_who_drafts_no_templates_is_not_led_there(identifier_desk, application, now, person):
    granted(identifier_desk, application, now)
    shown = page_of(identifier_desk, person, "prefix_application", application.id)
    assert f'href="{reverse(DRAFT)}"' not in shown


def test_the_digest_of_a_document_is_told_whole(identifier_desk, application):
    shown = page_of(identifier_desk, "operator", "prefix_application", application.id)
    digest = shown.partition("SHA-256 ")[2][:64]
    assert len(digest) == 64
    assert set(digest) <= set("0123456789abcdef")


@LANGUAGES
@pytest.mark.parametrize(("person", "led"), [("dairy", True), ("operator", True), ("auditor", False)])
def test_a_published_template_leads_to_registering_and_importing(identifier_desk, person, led, language):
    shown = page_of(identifier_desk, person, "identifier_template", identifier_desk.template_id, language=language)
    register = reverse(REGISTER, args=[identifier_desk.template_id])
    assert (f'href="{register}"' in shown) == led
    assert (f'href="{reverse(IMPORT)}"' in shown) == led
    assert faults_of(shown, language) == []


def test_a_draft_and_a_withdrawn_template_lead_to_neither(identifier_desk, now):
    world = identifier_desk.world
    draft = add_template(world, "2.0")
    register = reverse(REGISTER, args=[draft.id])
    assert register not in page_of(identifier_desk, "dairy", "identifier_template", draft.id)
    identifier_templates.withdraw(actor=customer(world), template_id=draft.id, reason="不用", now=now)
    assert register not in page_of(identifier_desk, "dairy", "identifier_template", draft.id)


def test_a_new_template_is_for_printed_labels_unless_something_else_is_said(identifier_desk):
    form = browser_of(identifier_desk, "dairy").get(reverse(DRAFT)).context["form"]
    assert form["carrier"].initial == "passive_carrier"


def imported(desk, text: str, language: str):
    browser, path = browser_of(desk, "dairy", language), reverse(IMPORT)
    file = SimpleUploadedFile("t.csv", text.encode())
    tried = browser.post(path, {"file": file, "mode": "create"})
    told = {"digest": tried.context["table"].digest, "mode": "create"}
    return tried.content.decode(), browser.post(path, told).content.decode()


@pytest.mark.parametrize(
    ("language", "reason", "remedy", "mended", "whole"),
    [
        ("zh-hans", "缺少斜杠", "请写成“前缀/后缀”", "请改正有误", "全部行均已写入。"),
        ("en", "no slash", "Write prefix/suffix, for example", "Mend the bad ones", "All rows are written."),
    ],
)
def test_bad_rows_are_told_with_reason_and_remedy_and_none_when_all_is_well(
    identifier_desk, language, reason, remedy, mended, whole
):
    tried, written = imported(identifier_desk, "标识\n88.101.5/a\n88.101.5\n", language)
    for shown in (tried, written):
        assert reason in shown
        assert remedy in shown
        assert whole not in shown
        assert faults_of(shown, language) == []
    _, again = imported(identifier_desk, "标识\n88.101.5/a\n88.101.5/b\n", language)
    assert whole in again
    assert reason not in again
    assert mended not in again
    assert faults_of(again, language) == []
