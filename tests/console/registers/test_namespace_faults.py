"""Forms of the namespace that are refused: the status, the field, the words in both languages, and what was typed."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from lxml import html

from jialiang.base.identifier_templates.selectors import identifier_template, items_of
from jialiang.base.identifiers import selectors
from jialiang.base.prefixes.selectors import application, prefix_by_text, prefix_of
from jialiang.functions import identifier_templates, identifiers, prefixes
from tests.console.registers.identifier_desk import NAME, NOW, Desk, browser_of
from tests.console.whole import faults_of
from tests.functions.prefix_verbs import add_template, apply, operator

LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])


def wrong(answer: Any) -> set[str]:
    """The names of the controls that are shown as wrong, each with words of its own."""
    root = html.fromstring(answer.content.decode())
    controls = root.xpath("//*[@aria-invalid='true']")
    for control in controls:
        told = [
            root.get_element_by_id(each).text_content() for each in control.get("aria-describedby").split()
        ]
        assert "".join(told).strip(), control.get("name")
    return {control.get("name") for control in controls}


def kept(answer: Any, name: str) -> str:
    """What a control of the page holds."""
    (control,) = html.fromstring(answer.content.decode()).xpath(f"//*[@name='{name}']")
    if control.tag == "select":
        return "".join(control.xpath(".//option[@selected]/@value"))
    return control.get("value") if control.tag == "input" else control.text_content().strip()


# --- registering ----------------------------------------------------------------------------------------------

PLAIN = {
    "prefix_text": "88.101.5",
    "suffix": "N-1",
    "state": "active",
    "further": "1 URL https://example.org/",
    "codes": "",
}
REGISTERED: dict[str, tuple[dict[str, str], str, int]] = {
    # what is typed instead, the field, the status
    "a name that is there": ({"suffix": "T-1"}, "suffix", 409), "in other letters": ({"suffix": "t-1"}, "suffix", 409),
    "a suffix of 201": ({"suffix": "x" * 201}, "suffix", 422), "a zero": ({"suffix": "a\0b"}, "suffix", 422),
    "no prefix": ({"prefix_text": ""}, "prefix_text", 422),
    "another's prefix": ({"prefix_text": "88.102"}, "prefix_text", 422),
    "a prefix that is not kept": ({"prefix_text": "88.777"}, "prefix_text", 422),
    "no state": ({"state": ""}, "state", 422),
    "a state that is no first one": ({"state": "retired"}, "state", 422),
    "no line": ({"further": "URL x"}, "further", 422),
    "index 0": ({"further": "0 URL x"}, "further", 422),
    "an index too large": ({"further": "2147483648 URL x"}, "further", 422),
    "an index twice": ({"further": "1 URL x\n1 URL y"}, "further", 422),
    "a type too long": ({"further": f"1 {'T' * 129} x"}, "further", 422),
    "an administrator of words": ({"further": "100 HS_ADMIN me"}, "further", 422),
    "no code": ({"codes": "GIAI"}, "codes", 422), "a wrong code": ({"codes": "GTIN-13 6901234567890"}, "codes", 422),
    "an unknown system": ({"codes": "GTIN-99 1"}, "codes", 422),
    "a code twice": ({"codes": "GIAI 1\nGIAI 1"}, "codes", 422),
    "a code that is taken": ({"codes": "GIAI 40123459317"}, "codes", 409),
}  # fmt: skip


@pytest.mark.parametrize("what", REGISTERED)
def test_a_record_that_will_not_do_is_told_beside_its_field_and_keeps_what_was_typed(
    identifier_desk: Desk, what: str
) -> None:
    changes, field, status = REGISTERED[what]
    body = PLAIN | changes
    answer = browser_of(identifier_desk, "dairy").post(reverse("identifier_new_plain"), body)
    assert (answer.status_code, wrong(answer)) == (status, {field})
    for name in {"suffix", "further", "codes"} - set(changes):
        assert kept(answer, name) == body[name]
    assert not selectors.is_taken("88.101.5/N-1")


@LANGUAGES
@pytest.mark.parametrize(
    "what", ["a name that is there", "no line", "a wrong code", "a code that is taken", "no state"]
)
def test_the_page_of_a_refusal_is_whole_in_both_languages(
    identifier_desk: Desk, what: str, language: str
) -> None:
    body = PLAIN | REGISTERED[what][0]
    answer = browser_of(identifier_desk, "dairy", language).post(reverse("identifier_new_plain"), body)
    assert faults_of(answer.content.decode(), language) == []


@LANGUAGES
@pytest.mark.parametrize("suffix", ["N-1", ""])
def test_a_full_quota_is_told_beside_the_prefix(identifier_desk: Desk, suffix: str, language: str) -> None:
    row = prefix_of("88.101.5")
    prefixes.set_quota(actor=operator(identifier_desk.world), prefix_id=row.id, quota=2, now=NOW)
    answer = browser_of(identifier_desk, "dairy", language).post(
        reverse("identifier_new_plain"), PLAIN | {"suffix": suffix}
    )
    assert (answer.status_code, wrong(answer)) == (409, {"prefix_text"})
    assert "JL-PFX-009" in answer.content.decode()
    assert kept(answer, "further") == PLAIN["further"]
    prefixes.set_quota(actor=operator(identifier_desk.world), prefix_id=row.id, quota=3, now=NOW)
    assert (
        browser_of(identifier_desk, "dairy").post(reverse("identifier_new_plain"), PLAIN).status_code == 302
    )


@pytest.mark.parametrize("suffix", ["温度计 一号", "<b>&\"'", "a/b/c", "🙂", "x" * 200, "%2F"])
def test_unusual_letters_of_a_name_are_registered_as_they_are_typed(
    identifier_desk: Desk, suffix: str
) -> None:
    answer = browser_of(identifier_desk, "dairy").post(
        reverse("identifier_new_plain"), PLAIN | {"suffix": suffix}
    )
    assert answer.status_code == 302
    assert selectors.record(f"88.101.5/{suffix}").name == f"88.101.5/{suffix}"


# --- changing and moving --------------------------------------------------------------------------------------

STATES_OF_RECORDS = ("reserved", "active", "suspended", "retired")
MOVES = {
    "activate": {"reserved"},
    "suspend": {"active"},
    "resume": {"suspended"},
    "retire": {"reserved", "active", "suspended"},
}


def record_in(desk: Desk, state: str) -> Any:
    name, said = "88.101.5/M-1", {"actor": operator(desk.world), "now": NOW}
    record = identifiers.register(
        name=name, values=(), state="reserved" if state == "reserved" else "active", **said
    )
    if state == "suspended":
        record = identifiers.suspend(name=name, reason="r", **said)
    return identifiers.retire(name=name, reason="r", **said) if state == "retired" else record


@pytest.mark.parametrize("state", STATES_OF_RECORDS)
def test_a_record_is_moved_from_the_states_that_allow_it_and_offers_just_that(
    identifier_desk: Desk, state: str
) -> None:
    record = record_in(identifier_desk, state)
    browser = browser_of(identifier_desk, "dairy")
    offered = browser.get(reverse("identifier", args=[record.id])).context["deeds"]
    assert set(offered) == {deed for deed, states in MOVES.items() if state in states}
    for deed in sorted(MOVES.keys() - set(offered)):
        answer = browser.post(reverse("identifier_deed", args=[record.id, deed]), {"reason": "r"})
        assert answer.status_code == 409, deed
    assert selectors.record(record.name).version == record.version
    for deed in offered[:1]:
        assert (
            browser.post(reverse("identifier_deed", args=[record.id, deed]), {"reason": "r"}).status_code
            == 302
        )


@pytest.mark.parametrize("deed", ["suspend", "retire"])
@pytest.mark.parametrize("reason", ["", " ", "x" * 201, "a\0b"])
def test_a_weighty_deed_is_refused_beside_its_reason(identifier_desk: Desk, deed: str, reason: str) -> None:
    path = reverse("identifier_deed", args=[identifier_desk.record.id, deed])
    answer = browser_of(identifier_desk, "dairy").post(path, {"reason": reason})
    assert (answer.status_code, wrong(answer)) == (422, {"reason"})
    assert selectors.record(NAME).state == "active"


@LANGUAGES
def test_a_change_on_an_old_version_is_told_over_the_form_and_nothing_is_lost(
    identifier_desk: Desk, language: str
) -> None:
    path = reverse("identifier_change", args=[identifier_desk.record.id])
    body = {"item_2000": "ST-2", "item_2001": "2026-01-01", "further": "", "codes": "", "version": "0"}
    answer = browser_of(identifier_desk, "dairy", language).post(path, body)
    assert answer.status_code == 409
    assert (kept(answer, "item_2000"), kept(answer, "item_2001")) == ("ST-2", "2026-01-01")
    assert faults_of(answer.content.decode(), language) == []
    assert selectors.record(NAME).version == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"item_2000": ""}, "item_2000"), ({"item_2001": "2026-02-30"}, "item_2001"),
     ({"item_2001": "today"}, "item_2001"),
     ({"further": "2002 COLOUR red"}, "further"), ({"version": "x"}, None)],
)  # fmt: skip
def test_values_that_do_not_fit_the_template_are_told_beside_their_item(
    identifier_desk: Desk, changes: dict[str, str], field: str | None
) -> None:
    path = reverse("identifier_change", args=[identifier_desk.record.id])
    body = {
        "item_2000": "ST-2",
        "item_2001": "2026-01-01",
        "further": "",
        "codes": "",
        "version": "1",
    } | changes
    answer = browser_of(identifier_desk, "dairy").post(path, body)
    assert answer.status_code == 422
    assert field is None or wrong(answer) == {field}
    assert selectors.record(NAME).version == 1


# --- templates ------------------------------------------------------------------------------------------------

ITEM = {"index": "2000", "type": "SERIAL", "name_zh": "出厂编号", "name_en": "Serial number", "data_type": "text",
        "required": "on", "unique": "on", "minimum_length": "0", "maximum_length": "255",
        "readers": "public"}  # fmt: skip
NARROWER: dict[str, tuple[dict[str, str], str]] = {
    "another type": ({"type": "NUMBER", "enabled": "on"}, "type"),
    "other data": ({"data_type": "number", "enabled": "on"}, "data_type"),
    "longer at least": ({"minimum_length": "1", "enabled": "on"}, "minimum_length"),
    "shorter at most": ({"maximum_length": "254", "enabled": "on"}, "maximum_length"),
}


@LANGUAGES
@pytest.mark.parametrize("what", NARROWER)
def test_a_published_item_that_is_tightened_is_refused_beside_the_member(
    identifier_desk: Desk, what: str, language: str
) -> None:
    changes, field = NARROWER[what]
    path = reverse("identifier_template_item", args=[identifier_desk.template_id, 2000])
    answer = browser_of(identifier_desk, "dairy", language).post(path, ITEM | changes)
    assert (answer.status_code, wrong(answer)) == (409, {field})
    assert faults_of(answer.content.decode(), language) == []
    assert kept(answer, field) == changes[field]


@LANGUAGES
def test_an_item_that_was_disabled_comes_back_without_being_required(
    identifier_desk: Desk, language: str
) -> None:
    browser = browser_of(identifier_desk, "dairy", language)
    path = reverse("identifier_template_item", args=[identifier_desk.template_id, 2000])
    assert browser.post(path, ITEM).status_code == 302  # without “enabled”
    refused = browser.post(path, ITEM | {"enabled": "on"})
    assert (refused.status_code, wrong(refused)) == (409, {"required"})
    assert faults_of(refused.content.decode(), language) == []
    optional = {name: value for name, value in ITEM.items() if name != "required"} | {"enabled": "on"}
    assert browser.post(path, optional).status_code == 302
    item = items_of(identifier_template(identifier_desk.template_id))[0]
    assert (item.enabled, item.required) == (True, False)


@pytest.mark.parametrize("state", ["draft", "published", "withdrawn"])
def test_a_template_offers_what_its_state_allows(identifier_desk: Desk, state: str) -> None:
    row, said = (
        add_template(identifier_desk.world, "9.0"),
        {"actor": operator(identifier_desk.world), "now": NOW},
    )
    if state != "draft":
        identifier_templates.publish(template_id=row.id, **said)
    if state == "withdrawn":
        identifier_templates.withdraw(template_id=row.id, reason="r", **said)
    browser = browser_of(identifier_desk, "dairy")
    context = browser.get(reverse("identifier_template", args=[row.id])).context
    assert (context["may_change"], context["may_publish"], context["may_withdraw"]) == (
        state != "withdrawn", state == "draft", state != "withdrawn",
    )  # fmt: skip
    if state != "draft":
        assert browser.post(reverse("identifier_template_publish", args=[row.id])).status_code == 409
    withdrawn = browser.post(reverse("identifier_template_withdraw", args=[row.id]), {"reason": "r"})
    assert withdrawn.status_code == (409 if state == "withdrawn" else 302)


# --- decisions ------------------------------------------------------------------------------------------------


@LANGUAGES
@pytest.mark.parametrize(
    ("changes", "field", "status"),
    [({"code": "a b"}, "code", 422), ({"code": "x" * 21}, "code", 422), ({"code": "5"}, "code", 409),
     ({"quota": "0"}, "quota", 422), ({"quota": "2000000001"}, "quota", 422), ({"quota": "many"}, "quota", 422)],
)  # fmt: skip
def test_a_grant_that_will_not_do_leaves_the_application_waiting(
    identifier_desk: Desk, changes: dict[str, str], field: str, status: int, language: str
) -> None:
    row = apply(identifier_desk.world, prefix_of("88.101"), "77")
    body = {
        f"grant-{name}": value
        for name, value in ({"code": "77", "quota": "9", "version": "1"} | changes).items()
    }
    answer = browser_of(identifier_desk, "operator", language).post(
        reverse("prefix_approve", args=[row.id]), body
    )
    assert (answer.status_code, wrong(answer)) == (status, {f"grant-{field}"})
    assert kept(answer, f"grant-{field}") == changes[field]
    assert faults_of(answer.content.decode(), language) == []
    assert application(row.id).state == "submitted"
    assert prefix_by_text("88.101.77") is None
