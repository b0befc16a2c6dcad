"""Prefixes, identities and templates on screen: faults beside their fields, roles, states, and who never sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import html
from pytest_django.plugin import DjangoDbBlocker

from jialiang.base.handle_identities.models import HandleIdentity
from jialiang.base.identifier_templates.models import IdentifierTemplate
from jialiang.base.identifier_templates.selectors import items_of
from jialiang.base.prefixes.models import Prefix, PrefixApplication
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.accounts.models import Person
from jialiang.security.accounts.services import create_person, grant_role
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant
from tests.console.people import PASSWORD
from tests.console.standing import standing
from tests.console.whole import faults_of
from tests.functions.prefix_verbs import PUBLIC_KEY, make_things
from tests.ledger import World, build_world

STAFF = ("identifier_operator", "quality_manager", "auditor", "system_administrator", "technician", "receptionist")


@dataclass(frozen=True)
class Desk:
    """The institute with one thing of every noun, and its people by role; ``dairy`` and ``mill`` are customers."""

    world: World
    things: dict[str, UUID]
    people: dict[str, Person]
    signed_in: dict[str, Client]

    def browser(self, who: str, language: str = "en") -> Client:
        """A new browser with the session in which somebody signed in when the desk was set up."""
        client = Client()
        client.cookies.load({name: morsel.value for name, morsel in self.signed_in[who].cookies.items()})
        client.cookies["jialiang_language"] = language
        return client

    def path(self, name: str, thing: str, *more: object) -> str:
        return reverse(name, args=[self.things[thing], *more])


def build() -> Desk:
    now = utc_now()
    tenant = create_tenant(
        slug="qiuhe", name=Text("秋禾市计量院", "Qiuhe Institute"), time_zone="Asia/Shanghai", now=now
    )
    with scope(tenant.id):
        world = build_world(tenant.id, now)
        people = {role: employed(world, role, role, None) for role in STAFF}
        people["dairy"] = employed(world, "dairy", "customer", world.dairy_id)
        people["mill"] = employed(world, "mill", "customer", world.mill_id)
        return Desk(world, make_things(world), people, {who: signed_in(person) for who, person in people.items()})


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def employed(world: World, username: str, role: str, organization_id: UUID | None) -> Person:
    person = create_person(
        tenant_id=world.tenant_id, username=f"q.{username}", password=PASSWORD, name=Text("秋某", f"Qiu {username}"),
        now=world.now, organization_id=organization_id,
    )  # fmt: skip
    first_day = world.now.date() - timedelta(days=30)
    grant_role(person_id=person.id, role=role, valid_from=first_day, granted_by_id=None, now=world.now)
    return person


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Desk]:
    with standing(build, django_db_blocker) as desk:
        yield desk


@pytest.fixture
def desk(built: Desk, db: None) -> Iterator[Desk]:
    with scope(built.world.tenant_id):
        yield built


def marked(response: Any) -> set[str]:
    """The names of the controls that are shown as wrong; each says why, in a text of its own."""
    root = html.fromstring(response.content.decode())
    found = set()
    for control in root.xpath("//*[@aria-invalid='true']"):
        told = " ".join(root.get_element_by_id(each).text_content() for each in control.get("aria-describedby").split())
        assert told.strip(), control.get("name")
        found.add(control.get("name"))
    return found


def kept(response: Any, name: str) -> str:
    """What a control of the page holds."""
    (control,) = html.fromstring(response.content.decode()).xpath(f"//*[@name='{name}']")
    return control.get("value") if control.tag == "input" else control.text_content().strip()


# who gets in

PAGES: dict[str, Callable[[Desk], str]] = {
    "prefix": lambda desk: desk.path("prefix", "prefix"),
    "application": lambda desk: desk.path("prefix_application", "application"),
    "identity": lambda desk: desk.path("handle_identity", "identity"),
    "template": lambda desk: desk.path("identifier_template", "template"),
    "schema": lambda desk: desk.path("identifier_template_schema", "template"),
    "add": lambda desk: reverse("prefix_new"),
    "apply": lambda desk: reverse("prefix_apply"),
    "new identity": lambda desk: reverse("handle_identity_new"),
    "revoke": lambda desk: desk.path("handle_identity_revoke", "identity"),
    "suspend": lambda desk: desk.path("prefix_deed", "prefix", "suspend"),
    "delegate": lambda desk: desk.path("prefix_deed", "prefix", "delegate"),
    "draft": lambda desk: reverse("identifier_template_new"),
    "item": lambda desk: desk.path("identifier_template_item_new", "template"),
    "withdraw": lambda desk: desk.path("identifier_template_withdraw", "template"),
}
READS = {"prefix", "application", "identity", "template", "schema"}
ALLOWED = {
    "identifier_operator": set(PAGES) - {"apply"},
    "dairy": READS | {"apply", "new identity", "revoke", "draft", "item", "withdraw"},
    "mill": {"apply", "new identity", "draft"},
    "quality_manager": READS,
    "auditor": READS,
    "technician": set(),
}


@pytest.mark.parametrize("who", ALLOWED)
def test_a_page_opens_to_exactly_those_who_may(desk: Desk, who: str) -> None:
    browser = desk.browser(who)
    answers = {page: browser.get(path(desk)).status_code for page, path in PAGES.items()}
    assert answers == {page: 200 if page in ALLOWED[who] else 403 for page in PAGES}


def test_nobody_unknown_gets_in(desk: Desk) -> None:
    for page, path in PAGES.items():
        answer = Client().get(path(desk))
        assert answer.status_code == 302, page
        assert "sign-in" in answer["Location"] or "login" in answer["Location"], page


@pytest.mark.parametrize(
    "name", ["prefix", "prefix_application", "handle_identity", "handle_identity_revoke", "identifier_template",
             "identifier_template_schema", "identifier_template_withdraw"]
)  # fmt: skip
def test_what_is_not_there_is_404(desk: Desk, name: str) -> None:
    assert desk.browser("identifier_operator").get(reverse(name, args=[uuid4()])).status_code == 404


def test_another_institute_finds_nothing_under_our_addresses(desk: Desk) -> None:
    now = utc_now()
    other = create_tenant(slug="lanhe", name=Text("蓝河", "Lanhe"), time_zone="Asia/Shanghai", now=now)
    with scope(other.id):
        stranger = create_person(
            tenant_id=other.id, username="stranger", password=PASSWORD, name=Text("外人", "Stranger"), now=now
        )
        grant_role(
            person_id=stranger.id, role="identifier_operator", valid_from=now.date(), granted_by_id=None, now=now
        )
        client = Client()
        client.force_login(stranger)
        for page in READS | {"suspend", "revoke", "item", "withdraw"}:
            assert client.get(PAGES[page](desk)).status_code in (403, 404), page
        for name in ("prefixes", "prefix_applications", "handle_identities", "identifier_templates"):
            shown = client.get(reverse(name)).content.decode()
            assert "88.101.5" not in shown, name


@pytest.mark.parametrize("name", ["prefix_approve", "prefix_refuse"])
def test_a_decision_is_posted_and_never_a_link(desk: Desk, name: str) -> None:
    assert desk.browser("identifier_operator").get(desk.path(name, "application")).status_code == 405
    assert desk.browser("dairy").post(desk.path(name, "application"), {}).status_code == 403
    assert PrefixApplication.objects.get(pk=desk.things["application"]).state == "submitted"


# faults beside their fields


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"text": ""}, {"text"}), ({"holder_id": ""}, {"holder_id"}), ({"holder_id": str(UUID(int=1))}, {"holder_id"}),
        ({"quota": "0"}, {"quota"}), ({"quota": "2000000001"}, {"quota"}), ({"quota": "many"}, {"quota"}),
        ({"text": "88.101"}, {"text"}), ({"text": "88..5"}, {"text"}), ({"text": "8" * 61}, {"text"}),
        ({"text": "", "quota": "-1"}, {"text", "quota"}),
    ],
)  # fmt: skip
def test_a_prefix_that_will_not_do_is_told_beside_its_field_and_nothing_is_added(
    desk: Desk, changes: dict[str, str], wrong: set[str]
) -> None:
    before = Prefix.objects.count()
    body = {"text": "88.104", "holder_id": str(desk.world.own_id), "quota": "5"} | changes
    for language in ("en", "zh-hans"):
        answer = desk.browser("identifier_operator", language).post(reverse("prefix_new"), body)
        assert answer.status_code in (409, 422)
        assert marked(answer) == wrong
        assert faults_of(answer.content.decode(), language) == []
        if "text" not in changes:
            assert kept(answer, "text") == "88.104"
    assert Prefix.objects.count() == before


@pytest.mark.parametrize("quota", ["1", "2000000000", ""])
def test_a_quota_at_its_limits_or_none_is_taken(desk: Desk, quota: str) -> None:
    body = {"quota": quota, "version": str(Prefix.objects.get(pk=desk.things["prefix"]).version)}
    answer = desk.browser("identifier_operator").post(desk.path("prefix_deed", "prefix", "set_quota"), body)
    assert answer.status_code == 302
    assert Prefix.objects.get(pk=desk.things["prefix"]).quota == (int(quota) if quota else None)


@pytest.mark.parametrize(
    ("deed", "body", "wrong"),
    [
        ("suspend", {"reason": " "}, {"reason"}), ("suspend", {"reason": "长" * 201}, {"reason"}),
        ("withdraw", {}, {"reason"}), ("transfer", {"reason": "x"}, {"holder_id"}),
        ("transfer", {"holder_id": "nobody", "reason": ""}, {"holder_id", "reason"}),
        ("set_quota", {"quota": "0", "version": "1"}, {"quota"}), ("delegate", {"site": ""}, {"site"}),
        ("delegate", {"site": "{}" * 10_001}, {"site"}), ("delegate", {"site": "[" * 9000}, {"site"}),
        ("delegate", {"site": '{"servers": []}'}, {"site"}), ("delegate", {"site": "null"}, {"site"}),
    ],
)  # fmt: skip
def test_a_deed_is_refused_beside_its_field_and_leaves_the_prefix_as_it_was(
    desk: Desk, deed: str, body: dict[str, str], wrong: set[str]
) -> None:
    answer = desk.browser("identifier_operator").post(desk.path("prefix_deed", "prefix", deed), body)
    assert answer.status_code == 422
    assert marked(answer) == wrong
    row = Prefix.objects.get(pk=desk.things["prefix"])
    assert (row.state, row.version, row.holder_id) == ("active", 1, desk.world.dairy_id)


IDENTITY = {"identity": "310:88.101.5/gw", "public_key": "", "note": ""}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"identity": ""}, {"identity"}), ({"identity": "88.101.5/gw"}, {"identity"}),
        ({"identity": "0:88.101.5/gw"}, {"identity"}), ({"identity": "2147483648:88.101.5/gw"}, {"identity"}),
        ({"identity": "310:88.101.6/gw"}, {"identity"}), ({"identity": "310:88.999/gw"}, {"identity"}),
        ({"identity": "300:88.101.5/admin"}, {"identity"}), ({"public_key": "x"}, {"public_key"}),
        ({"public_key": PUBLIC_KEY[:-30]}, {"public_key"}), ({"note": "n" * 101}, {"note"}),
        ({"identity": "1:" + "8" * 299}, {"identity"}),
    ],
)  # fmt: skip
def test_an_identity_that_will_not_do_is_told_beside_its_field_and_no_secret_is_made(
    desk: Desk, changes: dict[str, str], wrong: set[str]
) -> None:
    before = HandleIdentity.objects.count()
    answer = desk.browser("dairy").post(reverse("handle_identity_new"), IDENTITY | changes)
    assert answer.status_code in (409, 422)
    assert marked(answer) == wrong
    assert HandleIdentity.objects.count() == before


@pytest.mark.parametrize("index", ["1", "2147483647"])
def test_a_secret_is_kept_by_no_cache_and_nowhere_in_the_row(desk: Desk, index: str) -> None:
    made = desk.browser("dairy", "zh-hans").post(
        reverse("handle_identity_new"), IDENTITY | {"identity": f"{index}:88.101.5/gw"}
    )
    assert made.status_code == 200
    assert {"no-store", "private"} <= {part.strip() for part in made["Cache-Control"].split(",")}
    assert faults_of(made.content.decode(), "zh-hans") == []
    row = HandleIdentity.objects.get(index=int(index))
    secret = made.context["secret"]
    assert secret in made.content.decode()
    stored = " ".join(str(getattr(row, field.attname)) for field in HandleIdentity._meta.concrete_fields)
    assert secret not in stored


def test_an_identity_that_was_revoked_offers_no_revoking_and_refuses_it(desk: Desk) -> None:
    dairy, address = desk.browser("dairy"), desk.path("handle_identity_revoke", "identity")
    shown = desk.path("handle_identity", "identity")
    assert address in dairy.get(shown).content.decode()
    assert dairy.post(address, {"reason": ""}).status_code == 302
    assert address not in dairy.get(shown).content.decode()
    again = dairy.post(address, {"reason": "again"})
    assert again.status_code == 409
    assert HandleIdentity.objects.get(pk=desk.things["identity"]).revoke_reason == ""


ITEM = {
    "index": "2002", "type": "COLOUR", "name_zh": "颜色", "name_en": "Colour", "data_type": "text",
    "minimum_length": "0", "maximum_length": "20", "readers": "public", "enabled": "on",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"index": "1999"}, {"index"}), ({"index": "2147483648"}, {"index"}), ({"type": ""}, {"type"}),
        ({"type": "T" * 129}, {"type"}), ({"name_zh": ""}, {"name_zh"}), ({"data_type": "colour"}, {"data_type"}),
        ({"minimum_length": "-1"}, {"minimum_length"}), ({"maximum_length": "100001"}, {"maximum_length"}),
        ({"readers": "everybody"}, {"readers"}), ({"organizations": [str(UUID(int=1))]}, {"organizations"}),
        ({"index": "", "type": ""}, {"index", "type"}),
    ],
)  # fmt: skip
def test_an_item_that_will_not_do_is_told_beside_its_field_and_the_draft_stays(
    desk: Desk, changes: dict[str, Any], wrong: set[str]
) -> None:
    answer = desk.browser("dairy").post(desk.path("identifier_template_item_new", "template"), ITEM | changes)
    assert answer.status_code == 422
    assert marked(answer) == wrong
    assert [item.index for item in items_of(IdentifierTemplate.objects.get(pk=desk.things["template"]))] == [2000, 2001]


@pytest.mark.parametrize("changes", [{"index": "2147483647"}, {"maximum_length": "100000"}, {"type": "T" * 128}])
def test_an_item_at_its_limits_is_taken(desk: Desk, changes: dict[str, str]) -> None:
    answer = desk.browser("dairy").post(desk.path("identifier_template_item_new", "template"), ITEM | changes)
    assert answer.status_code == 302
    assert len(items_of(IdentifierTemplate.objects.get(pk=desk.things["template"]))) == 3


@pytest.mark.parametrize("files", [11, 0])
def test_an_application_has_one_to_ten_documents(desk: Desk, files: int) -> None:
    before = PrefixApplication.objects.count()
    body = {
        "parent_id": str(desk.things["second level"]), "purpose": "压力表", "wished_code": "",
        "documents": [SimpleUploadedFile(f"{at}.pdf", b"%PDF-1.7") for at in range(files)],
    }  # fmt: skip
    answer = desk.browser("dairy").post(reverse("prefix_apply"), body)
    assert answer.status_code == 422
    assert marked(answer) == {"documents"}
    assert PrefixApplication.objects.count() == before


# what a state offers

OFFERED = {
    "active": {"set_quota", "transfer", "delegate", "suspend", "withdraw"},
    "suspended": {"set_quota", "transfer", "resume", "withdraw"},
    "delegated": {"set_quota", "transfer", "delegate", "suspend", "resume", "withdraw"},
    "withdrawn": set(),
}


@pytest.mark.parametrize("state", OFFERED)
def test_the_page_of_a_prefix_offers_what_its_state_allows_to_the_operator_alone(desk: Desk, state: str) -> None:
    Prefix.objects.filter(pk=desk.things["prefix"]).update(state=state)
    every = {deed: desk.path("prefix_deed", "prefix", deed) for deed in sorted(OFFERED["delegated"])}
    shown = desk.browser("identifier_operator").get(desk.path("prefix", "prefix")).content.decode()
    assert {deed for deed, address in every.items() if f'href="{address}"' in shown} == OFFERED[state]
    for who in ("dairy", "auditor"):
        shown = desk.browser(who).get(desk.path("prefix", "prefix")).content.decode()
        assert not any(address in shown for address in every.values())


@pytest.mark.parametrize("who", ["identifier_operator", "dairy"])
@pytest.mark.parametrize("given", ["", "submitted", "approved", "nonsense"])
def test_the_desk_begins_with_what_waits_and_a_customer_with_all(desk: Desk, who: str, given: str) -> None:
    query = {"state": given} if given else {}
    shown = desk.browser(who).get(reverse("prefix_applications"), query)
    assert shown.status_code == 200
    assert (str(desk.things["application"]) in shown.content.decode()) is (given != "approved")


def test_an_operator_cannot_take_a_customer_s_application_back_twice(desk: Desk) -> None:
    dairy, address = desk.browser("dairy"), desk.path("prefix_application_withdraw", "application")
    assert dairy.post(address, {"reason": ""}).status_code == 302
    assert dairy.post(address, {"reason": ""}).status_code == 409
    refused = desk.browser("identifier_operator").post(
        desk.path("prefix_approve", "application"), {"grant-code": "77", "grant-version": "2"}
    )
    assert refused.status_code == 409
    assert not Prefix.objects.filter(text="88.101.77").exists()
