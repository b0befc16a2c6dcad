"""Prefixes, applications, identities and templates on screen: what is seen, what is typed, what is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jialiang.base.handle_identities.models import HandleIdentity
from jialiang.base.identifier_templates.models import IdentifierTemplate
from jialiang.base.identifier_templates.selectors import items_of
from jialiang.base.prefixes.models import Prefix, PrefixApplication
from jialiang.functions import handle_identities
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.security.tenancy.scope import scope
from tests.console.whole import faults_of
from tests.functions.prefix_verbs import LICENCE, PUBLIC_KEY, SITE, make_things
from tests.ledger import World, build_world

LISTS = ("prefixes", "prefix_applications", "handle_identities", "identifier_templates")


@dataclass
class Desk:
    """The institute with one thing of every noun, and browsers of its people."""

    world: World
    things: dict
    people: dict | None = None

    def browser(self, username: str, language: str = "en") -> Client:
        """The browser of somebody of the cast."""
        client = Client()
        client.force_login(self.people[username])
        client.cookies["jialiang_language"] = language
        return client

    def path(self, name: str, thing: str, *more) -> str:
        return reverse(name, args=[self.things[thing], *more])


@pytest.fixture
def desk(tenant, now, add_person) -> Iterator[Desk]:
    """An operator, a customer of the dairy, a customer of the mill, a technician."""
    with scope(tenant.id):
        world = build_world(tenant.id, now)
        found = Desk(world, make_things(world))
        found.people = {
            "operator": add_person("operator", "identifier_operator", zh="许标识", en="Xu Biaoshi"),
            "dairy": add_person("dairy", "customer", zh="赵牧", en="Zhao Mu"),
            "mill": add_person("mill", "customer", zh="白杨", en="Bai Yang"),
            "technician": add_person("tech", "technician"),
        }
        for name, owner in (("dairy", world.dairy_id), ("mill", world.mill_id)):
            found.people[name].organization_id = owner
            found.people[name].save()
        yield found


def pages(desk: Desk) -> list[str]:
    return [
        *(reverse(name) for name in LISTS),
        reverse("prefix_new"), reverse("prefix_apply"), reverse("handle_identity_new"),
        reverse("identifier_template_new"),
        desk.path("prefix", "prefix"), desk.path("prefix", "second level"), desk.path("prefix", "suspended"),
        *(desk.path("prefix_deed", "prefix", deed) for deed in DEEDS),
        desk.path("prefix_deed", "suspended", "resume"),
        desk.path("prefix_application", "application"),
        desk.path("handle_identity", "identity"), desk.path("handle_identity_revoke", "identity"),
        desk.path("identifier_template", "template"), desk.path("identifier_template_item_new", "template"),
        desk.path("identifier_template_item", "template", 2000), desk.path("identifier_template_withdraw", "template"),
        reverse("prefix_applications") + "?state=approved", reverse("identifier_templates") + "?prefix=88.777",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_the_operator_is_whole_in_both_languages(desk, language):
    browser = desk.browser("operator", language)
    for path in pages(desk):
        if path == reverse("prefix_apply"):
            continue
        response = browser.get(path)
        assert response.status_code == 200, path
        assert faults_of(response.content.decode(), language) == [], path


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_a_customer_is_whole_in_both_languages(desk, language):
    browser = desk.browser("dairy", language)
    for path in (
        *(reverse(name) for name in LISTS),
        reverse("prefix_apply"),
        reverse("handle_identity_new") + "?prefix=88.101.5",
        desk.path("prefix", "prefix"),
        desk.path("prefix_application", "application"),
        desk.path("prefix_application_withdraw", "application"),
        desk.path("identifier_template", "template"),
    ):
        response = browser.get(path)
        assert response.status_code == 200, path
        assert faults_of(response.content.decode(), language) == [], path


@pytest.mark.parametrize("who", ["mill", "technician"])
def test_others_see_nothing_of_it(desk, who):
    browser = desk.browser(who)
    for path in (
        desk.path("prefix", "prefix"), desk.path("prefix_application", "application"),
        desk.path("prefix_document", "application", 1), desk.path("handle_identity", "identity"),
        desk.path("identifier_template", "template"), desk.path("identifier_template_schema", "template"),
        reverse("prefix_new"), desk.path("prefix_deed", "prefix", "suspend"),
    ):  # fmt: skip
        assert browser.get(path).status_code == 403, path
    if who == "mill":
        shown = browser.get(reverse("prefixes")).content.decode()
        assert "88.101.5" not in shown


def licence(name: str = "营业执照.pdf", data: bytes = LICENCE.data) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def applied(desk: Desk, **members):
    body = {"parent_id": str(desk.things["second level"]), "purpose": "压力表", "wished_code": "milk"}
    body |= {"documents": [licence(), licence("铭牌.png", b"\x89PNG\r\n\x1a\n")]} | members
    return desk.browser("dairy").post(reverse("prefix_apply"), body, follow=True)


def test_a_customer_applies_and_the_operator_grants_from_the_desk(desk):
    page = applied(desk).content.decode()
    assert "The application is handed in." in page
    row = PrefixApplication.objects.order_by("-id").first()
    assert (row.wished_code, row.documents.count(), row.organization_id) == ("milk", 2, desk.world.dairy_id)
    operator = desk.browser("operator")
    listed = operator.get(reverse("prefix_applications")).content.decode()
    assert str(row.id) in listed
    address = reverse("prefix_application", args=[row.id])
    assert "Approve the application" in operator.get(address).content.decode()
    document = operator.get(reverse("prefix_document", args=[row.id, 1]))
    assert (document.content, document["Content-Type"]) == (LICENCE.data, "application/pdf")
    assert document["Content-Disposition"].startswith("attachment")
    said = {"grant-code": "milk", "grant-quota": "2000", "grant-version": "1"}
    done = operator.post(reverse("prefix_approve", args=[row.id]), said, follow=True).content.decode()
    assert "Approved: the prefix 88.101.milk is there." in done
    assert Prefix.objects.get(text="88.101.milk").quota == 2000
    assert "88.101.milk" in desk.browser("dairy").get(reverse("prefixes")).content.decode()


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"documents": []}, "This field is required"),
        ({"documents": [SimpleUploadedFile("a.exe", b"MZ")]}, "JL-PFX-014"),
        ({"wished_code": "5"}, "JL-PFX-002"),
        ({"wished_code": "5.1"}, "JL-PFX-001"),
        ({"purpose": ""}, "This field is required"),
    ],
)
def test_an_application_that_will_not_do_comes_back_with_what_was_typed(desk, members, said):
    before = PrefixApplication.objects.count()
    response = applied(desk, **members)
    assert response.status_code in (409, 422)
    assert said in response.content.decode()
    assert PrefixApplication.objects.count() == before


def test_a_grant_that_will_not_do_and_a_refusal_without_reason_are_said_beside_the_field(desk):
    operator = desk.browser("operator")
    taken = operator.post(
        desk.path("prefix_approve", "application"), {"grant-code": "5", "grant-version": "1"}
    )
    assert taken.status_code == 409
    assert "JL-PFX-002" in taken.content.decode()
    silent = operator.post(desk.path("prefix_refuse", "application"), {"refusal-reason": ""})
    assert silent.status_code == 422
    done = operator.post(
        desk.path("prefix_refuse", "application"), {"refusal-reason": "执照过期"}, follow=True
    )
    assert "The application is refused." in done.content.decode()
    assert (
        "执照过期"
        in desk.browser("dairy").get(desk.path("prefix_application", "application")).content.decode()
    )


def test_a_customer_takes_the_application_back_and_nobody_decides_on_it_any_more(desk):
    done = desk.browser("dairy").post(
        desk.path("prefix_application_withdraw", "application"), {"reason": ""}, follow=True
    )
    assert "The application is taken back." in done.content.decode()
    shown = desk.browser("operator").get(desk.path("prefix_application", "application")).content.decode()
    assert "Approve the application" not in shown


DEEDS = {
    "suspend": ({"reason": "欠费"}, "suspended"),
    "transfer": ({"holder_id": "@mill", "reason": "并购"}, "active"),
    "set_quota": ({"quota": "7", "version": "1"}, "active"),
    "delegate": ({"site": "@site", "reason": ""}, "delegated"),
    "withdraw": ({"reason": "停业"}, "withdrawn"),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_the_operator_does_a_deed_and_the_page_tells_it(desk, deed):
    body, state = DEEDS[deed]
    filled = {"@mill": str(desk.world.mill_id), "@site": json.dumps(SITE)}
    body = {name: filled.get(value, value) for name, value in body.items()}
    done = desk.browser("operator").post(desk.path("prefix_deed", "prefix", deed), body, follow=True)
    assert done.status_code == 200
    row = Prefix.objects.get(pk=desk.things["prefix"])
    assert (row.state, row.version) == (state, 2)
    assert "许标识" in done.content.decode()


def test_a_suspended_prefix_is_resumed_and_an_unknown_deed_is_not_found(desk):
    operator = desk.browser("operator")
    operator.post(desk.path("prefix_deed", "suspended", "resume"), {"reason": ""})
    assert Prefix.objects.get(pk=desk.things["suspended"]).state == "active"
    assert operator.get(desk.path("prefix_deed", "prefix", "explode")).status_code == 404


@pytest.mark.parametrize(
    ("deed", "body", "code"),
    [
        ("suspend", {"reason": ""}, "This field is required"),
        ("delegate", {"site": "{"}, "This is not JSON."),
        ("delegate", {"site": "[]"}, "JL-PFX-006"),
        ("set_quota", {"quota": "7", "version": "9"}, "JL-PFX-409"),
    ],
)
def test_a_deed_that_will_not_do_says_why(desk, deed, body, code):
    response = desk.browser("operator").post(desk.path("prefix_deed", "prefix", deed), body)
    assert response.status_code in (409, 422)
    assert code in response.content.decode()
    assert Prefix.objects.get(pk=desk.things["prefix"]).version == 1


def test_the_operator_adds_a_prefix(desk):
    body = {"text": "88.102", "holder_id": str(desk.world.own_id), "quota": ""}
    done = desk.browser("operator").post(reverse("prefix_new"), body, follow=True)
    assert "The prefix 88.102 is added." in done.content.decode()
    again = desk.browser("operator").post(reverse("prefix_new"), body)
    assert again.status_code == 409
    assert "JL-PFX-002" in again.content.decode()


def test_a_secret_is_shown_once_and_stands_on_no_other_page(desk):
    dairy = desk.browser("dairy")
    made = dairy.post(
        reverse("handle_identity_new"), {"identity": "301:88.101.5/gw", "public_key": "", "note": "网关"}
    )
    assert made.status_code == 200
    assert "no-store" in made["Cache-Control"]
    row = HandleIdentity.objects.get(index=301)
    page = made.content.decode()
    secret = next(word for word in page.replace("<", ">").split(">") if len(word.strip()) == 43).strip()
    actor: Actor = handle_identities.actor_by_secret(row.text, secret, utc_now())
    assert actor.organization_id == desk.world.dairy_id
    for path in (reverse("handle_identities"), reverse("handle_identity", args=[row.id])):
        assert secret not in dairy.get(path).content.decode()
    assert dairy.post(reverse("handle_identity_new"), {"identity": "301:88.101.5/gw"}).status_code == 409


def test_an_identity_with_a_key_is_added_shown_and_revoked(desk):
    dairy = desk.browser("dairy")
    bad = dairy.post(reverse("handle_identity_new"), {"identity": "302:88.101.5/gw", "public_key": "x"})
    assert bad.status_code == 422
    assert "JL-HID-002" in bad.content.decode()
    body = {"identity": "302:88.101.5/gw", "public_key": PUBLIC_KEY}
    done = dairy.post(reverse("handle_identity_new"), body, follow=True).content.decode()
    assert "EC P-256" in done
    assert "BEGIN PUBLIC KEY" in done
    row = HandleIdentity.objects.get(index=302)
    dairy.post(reverse("handle_identity_revoke", args=[row.id]), {"reason": "离职"})
    row.refresh_from_db()
    assert (row.state, row.revoke_reason) == ("revoked", "离职")
    assert "离职" in dairy.get(reverse("handle_identity", args=[row.id])).content.decode()


def item(**members):
    first = {
        "index": "2002", "type": "COLOUR", "name_zh": "颜色", "name_en": "Colour", "data_type": "text",
        "minimum_length": "0", "maximum_length": "20", "readers": "public", "enabled": "on",
    }  # fmt: skip
    return first | members


def test_a_customer_drafts_a_template_fills_it_and_publishes_it(desk):
    dairy = desk.browser("dairy")
    body = {"prefix_text": "88.101.5", "code": "V2", "name_zh": "压力表", "name_en": "Gauge",
            "carrier": "active_carrier", "industry": "C4014"}  # fmt: skip
    dairy.post(reverse("identifier_template_new"), body)
    row = IdentifierTemplate.objects.get(code="V2")
    empty = dairy.post(reverse("identifier_template_publish", args=[row.id]))
    assert empty.status_code == 422
    adding = reverse("identifier_template_item_new", args=[row.id])
    assert 'value="2000"' in dairy.get(adding).content.decode()
    assert dairy.post(adding, item(type="HS_ADMIN")).status_code == 422
    mill = str(desk.world.mill_id)
    dairy.post(adding, item(readers="organizations", organizations=[mill], required="on"))
    row.refresh_from_db()
    (kept,) = items_of(row)
    assert (kept.index, kept.name, kept.required, kept.organizations) == (
        2002,
        Text("颜色", "Colour"),
        True,
        (mill,),
    )
    published = dairy.post(reverse("identifier_template_publish", args=[row.id]), follow=True)
    assert "The template is published." in published.content.decode()
    schema = dairy.get(reverse("identifier_template_schema", args=[row.id])).json()
    assert list(schema["properties"]) == ["COLOUR"]


def test_a_published_item_is_disabled_and_not_tightened_on_screen(desk):
    dairy = desk.browser("dairy")
    dairy.post(desk.path("identifier_template_publish", "template"))
    address = desk.path("identifier_template_item", "template", 2001)
    shown = dairy.get(address).content.decode()
    assert "MADE_ON" in shown
    made_on = item(
        index="2001",
        type="MADE_ON",
        name_zh="出厂日期",
        name_en="Made on",
        data_type="date",
        maximum_length="10",
    )
    tightened = dairy.post(address, made_on | {"required": "on"})
    assert tightened.status_code == 409
    assert "JL-TPL-007" in tightened.content.decode()
    disabled = {name: value for name, value in made_on.items() if name != "enabled"}
    assert dairy.post(address, disabled).status_code == 302
    row = IdentifierTemplate.objects.get(pk=desk.things["template"])
    assert [one.enabled for one in items_of(row)] == [True, False]


def test_a_new_version_is_derived_and_the_old_one_withdrawn(desk):
    dairy = desk.browser("dairy")
    address = reverse("identifier_template_new") + f"?from={desk.things['template']}"
    assert "温度计" in dairy.get(address).content.decode()
    body = {"prefix_text": "88.101.5", "code": "V3", "name_zh": "温度计", "carrier": "passive_carrier"}
    dairy.post(address, body)
    derived = IdentifierTemplate.objects.get(code="V3")
    assert (derived.derived_from_id, len(derived.items)) == (desk.things["template"], 2)
    dairy.post(desk.path("identifier_template_withdraw", "template"), {"reason": "换版"})
    assert IdentifierTemplate.objects.get(pk=desk.things["template"]).state == "withdrawn"
    assert dairy.get(reverse("identifier_template_new") + "?from=nonsense").status_code == 200
