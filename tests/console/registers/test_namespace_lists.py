"""Lists of the namespace on screen: who sees which rows, odd letters in filters, paging, what strangers typed."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.urls import reverse

from jialiang.base.identifier_templates.selectors import identifier_template
from jialiang.base.prefixes.selectors import prefix_of
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import handle_identities, identifier_templates, identifiers, prefixes
from jialiang.kernel.text import Text
from tests.console.registers.identifier_desk import NOW, Desk, browser_of, page_of
from tests.console.whole import faults_of
from tests.functions.prefix_verbs import add_prefix, add_template, apply, customer, operator

LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])
LISTS = ("identifiers", "prefixes", "prefix_applications", "handle_identities", "identifier_templates")
ODD = {
    "a zero": "\0", "a zero behind": "88.101.5\0", "a line end": "88\n101", "percent": "%", "line below": "_",
    "quote": "'",
    "markup": "<b>", "backslash": "\\", "Chinese": "前缀", "emoji": "🙂", "long": "8" * 5000,
}  # fmt: skip
EVIL = '<script>alert("x")</script>&<b>'


def read(desk: Desk, person: str, name: str, query: str = "", language: str = "en") -> Any:
    return browser_of(desk, person, language).get(reverse(name) + query)


# --- filters --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ODD)
def test_no_filter_breaks_a_list_and_none_finds_what_is_not_there(identifier_desk: Desk, what: str) -> None:
    text = quote(ODD[what])
    found = read(identifier_desk, "operator", "identifier_templates", f"?prefix={text}")
    assert found.status_code == 200
    assert list(found.context["rows"]) == []
    for name in LISTS:
        assert (
            read(identifier_desk, "operator", name, f"?state={text}&prefix={text}&q={text}").status_code
            == 200
        )


@LANGUAGES
@pytest.mark.parametrize("what", ["a zero", "markup", "Chinese"])
def test_what_was_looked_for_stands_in_the_field_and_the_page_is_whole(
    identifier_desk: Desk, what: str, language: str
) -> None:
    answer = read(
        identifier_desk, "operator", "identifier_templates", f"?prefix={quote(ODD[what])}", language
    )
    shown = answer.content.decode()
    assert faults_of(shown, language) == []
    assert answer.context["prefix"] == ODD[what]
    assert 'value="<b>"' not in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"1.0", "2.0", "3.0"}), ("?prefix=88.101.5", {"1.0", "2.0", "3.0"}),
        ("?prefix=%2088.101.5%20", {"1.0", "2.0", "3.0"}),
        ("?prefix=88.101", set()), ("?state=draft", {"2.0"}), ("?state=published", {"1.0"}),
        ("?state=withdrawn", {"3.0"}),
        ("?state=withdrawn&prefix=88.102", set()), ("?state=nonsense", {"1.0", "2.0", "3.0"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("person", ["operator", "dairy", "auditor"])
def test_templates_are_found_by_prefix_and_state(
    identifier_desk: Desk, person: str, query: str, found: set[str]
) -> None:
    add_template(identifier_desk.world, "2.0")
    third = add_template(identifier_desk.world, "3.0")
    identifier_templates.withdraw(
        actor=operator(identifier_desk.world), template_id=third.id, reason="作废", now=NOW
    )
    answer = read(identifier_desk, person, "identifier_templates", query)
    assert {row.code for row in answer.context["rows"]} == found
    assert ("No template is here." in answer.content.decode()) is (not found)


@pytest.mark.parametrize("name", ["identifier_templates", "handle_identities", "prefix_applications"])
@pytest.mark.parametrize("after", ["x", "0" * 31, "%00", "88.101.5", "'"])
def test_a_mark_of_a_page_that_no_page_gave_is_refused_and_breaks_nothing(
    identifier_desk: Desk, name: str, after: str
) -> None:
    answer = read(identifier_desk, "operator", name, f"?after={after}")
    assert answer.status_code == 422
    assert "JL-PAGE-001" in answer.content.decode()


def test_a_long_list_of_templates_is_read_page_by_page_and_keeps_its_filter(identifier_desk: Desk) -> None:
    codes = {f"N{number:02}" for number in range(53)}
    for code in sorted(codes):
        add_template(identifier_desk.world, code)
    first = read(identifier_desk, "dairy", "identifier_templates", "?state=draft")
    after = first.context["next_after"]
    assert len(first.context["rows"]) == 50
    assert f"state=draft&amp;after={after}" in first.content.decode()
    rest = read(identifier_desk, "dairy", "identifier_templates", f"?state=draft&after={after}")
    assert {row.code for row in [*first.context["rows"], *rest.context["rows"]]} == codes
    assert (len(rest.context["rows"]), rest.context["next_after"]) == (3, "")


# --- who sees which rows --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        ("operator", {"88.101", "88.101.5", "88.102", "88.999.1"}),
        ("auditor", {"88.101", "88.101.5", "88.102", "88.999.1"}),
        ("dairy", {"88.101.5"}), ("mill", {"88.102"}),
    ],
)  # fmt: skip
def test_the_tree_shows_everybody_the_own_part(identifier_desk: Desk, person: str, seen: set[str]) -> None:
    answer = read(identifier_desk, person, "prefixes")
    assert {row.text for row, *_ in answer.context["rows"]} == seen
    for text in {"88.101.5", "88.102"} - seen:
        assert text not in answer.content.decode()


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("person", ["nobody"])
def test_whoever_has_no_role_sees_no_list(identifier_desk: Desk, name: str, person: str) -> None:
    assert read(identifier_desk, person, name).status_code == 403


@pytest.mark.parametrize("name", LISTS)
def test_a_stranger_is_asked_to_sign_in(identifier_desk: Desk, name: str, client: Any) -> None:
    assert client.get(reverse(name)).status_code == 302


OFFERS = {
    # list, address that it offers: who is offered it
    ("prefixes", "prefix_new"): {"operator"}, ("prefixes", "prefix_apply"): {"dairy", "mill"},
    ("identifiers", "identifier_new"): {"operator", "dairy", "mill"},
    ("handle_identities", "handle_identity_new"): {"operator", "dairy", "mill"},
    ("identifier_templates", "identifier_template_new"): {"operator", "dairy", "mill"},
}  # fmt: skip


@pytest.mark.parametrize("person", ["operator", "dairy", "mill", "auditor"])
@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer[1])
def test_a_list_offers_what_its_reader_may_do(
    identifier_desk: Desk, person: str, offer: tuple[str, str]
) -> None:
    name, address = offer
    shown = read(identifier_desk, person, name).content.decode()
    assert (f'href="{reverse(address)}"' in shown) is (person in OFFERS[offer])


@pytest.mark.parametrize(("person", "seen"), [("operator", 2), ("auditor", 2), ("dairy", 1), ("mill", 1)])
def test_identities_and_applications_are_seen_by_their_own(
    identifier_desk: Desk, person: str, seen: int
) -> None:
    world = identifier_desk.world
    for identity, holder in (("300:88.101.5/a", world.dairy_id), ("300:88.102/b", world.mill_id)):
        handle_identities.add_secret(
            actor=operator(world), identity=identity, organization_id=holder, now=NOW
        )
    parent = prefix_of("88.101")
    apply(world, parent)
    apply(world, parent, organization_id=world.mill_id, actor=customer(world, world.mill_id))
    for name in ("handle_identities", "prefix_applications"):
        assert len(read(identifier_desk, person, name, "?state=").context["rows"]) == seen, name


# --- what strangers typed -------------------------------------------------------------------------------------


@LANGUAGES
def test_what_a_customer_typed_is_shown_as_letters_everywhere(identifier_desk: Desk, language: str) -> None:
    world = identifier_desk.world
    row = apply(world, prefix_of("88.101"), purpose=EVIL)
    template = add_template(world, EVIL)
    made = handle_identities.add_secret(
        actor=customer(world),
        identity=f"300:88.101.5/{EVIL}",
        organization_id=world.dairy_id,
        note=EVIL,
        now=NOW,
    )
    record = identifiers.register(
        actor=customer(world), name=f"88.101.5/{EVIL}", values=[HandleValue(1, EVIL, EVIL.encode())], now=NOW
    )
    pages = [
        ("prefix_application", row.id), ("identifier_template", template.id), ("handle_identity", made.row.id),
        ("identifier", record.id), ("identifier_change", record.id), ("prefix", prefix_of("88.101.5").id),
        ("handle_identity_revoke", made.row.id), ("identifier_template_withdraw", template.id),
    ]  # fmt: skip
    for name, thing in pages:
        shown = page_of(identifier_desk, "operator", name, thing, language=language)
        assert "<script>alert" not in shown, name
        assert faults_of(shown, language) == [], name
        if name != "prefix":
            assert "&lt;script&gt;alert" in shown, name
    for name in LISTS:
        assert (
            "<script>alert" not in read(identifier_desk, "operator", name, language=language).content.decode()
        ), name


@LANGUAGES
def test_the_reason_of_a_deed_is_letters_in_the_history_of_a_prefix(
    identifier_desk: Desk, language: str
) -> None:
    row = add_prefix(identifier_desk.world, "88.101.7")
    prefixes.suspend(actor=operator(identifier_desk.world), prefix_id=row.id, reason=EVIL, now=NOW)
    shown = page_of(identifier_desk, "operator", "prefix", row.id, language=language)
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown
    assert ("已暂停" in shown or "暂停" in shown) if language == "zh-hans" else "uspended" in shown


@LANGUAGES
def test_the_name_of_a_template_is_told_in_the_language_of_the_reader_or_in_the_one_there_is(
    identifier_desk: Desk, language: str
) -> None:
    shown = page_of(
        identifier_desk, "dairy", "identifier_template", identifier_desk.template_id, language=language
    )
    assert ("温度计" in shown) is (language == "zh-hans")
    assert ("Thermometer" in shown) is (language == "en")
    row = identifier_template(identifier_desk.template_id)
    identifier_templates.change(
        actor=customer(identifier_desk.world), template_id=row.id, changes={"name": Text("只有中文")},
        expected_version=row.version, now=NOW,
    )  # fmt: skip
    assert "只有中文" in page_of(identifier_desk, "dairy", "identifier_template", row.id, language=language)
