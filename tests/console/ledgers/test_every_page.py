"""Every page of the ledgers as every role in both languages: it opens or refuses, whole, safe and in one language."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from jialiang.kernel.text import Text
from jialiang.security.accounts.models import Person
from jialiang.security.policy import matrix
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant
from tests.console.ledgers.conftest import HOSTILE, Things, build_things
from tests.ledger import ROLES, build_world

pytestmark = pytest.mark.django_db

LISTS = {
    "/instruments/?view=all": "instrument.read",
    "/instruments/?view=due&q=T&purpose=other": "instrument.read",
    "/instruments/?view=compulsory": "instrument.read",
    "/commissions/?view=all": "commission.read",
    "/commissions/?view=open&q=T&kind=calibration": "commission.read",
    "/standards/": "measurement_standard.read",
    "/standards/?view=all&q=YZ": "measurement_standard.read",
    "/organizations/?q=a&kind=enterprise": "organization.read",
    "/people/": "person.read",
    "/people/?view=customers&q=li": "person.read",
    "/audit/": "audit.read",
    "/audit/?action=instrument.register&verify=1": "audit.read",
    "/keys/": "signing_key.read",
    "/health/": "job.read",
}
FORMS = {
    "/instruments/new": "instrument.register",
    "/commissions/new": "commission.open",
    "/standards/new": "measurement_standard.register",
    "/organizations/new": "organization.register",
    "/people/new": "person.add",
    "/keys/new": "signing_key.issue",
}


def pages_of(things: Things, person: Person) -> dict[str, str]:
    """Return address → action of everything that one world shows."""
    instrument, standard = f"/instruments/{things.instrument.id}/", f"/standards/{things.standard.id}/"
    organization, opened = f"/organizations/{things.world.dairy_id}/", f"/commissions/{things.opened.id}/"
    accepted, item, whom = (
        f"/commissions/{things.accepted.id}/",
        f"/items/{things.item.id}/",
        f"/people/{person.pk}/",
    )
    return {
        instrument: "instrument.read",
        f"{instrument}?history=all": "instrument.read",
        f"{instrument}change": "instrument.change",
        f"{instrument}suspend": "instrument.suspend",
        f"{instrument}restore": "instrument.restore",
        f"{instrument}retire": "instrument.retire",
        standard: "measurement_standard.read",
        f"{standard}?checks=all": "measurement_standard.read",
        f"{standard}dcc": "measurement_standard.add_certificate",
        f"{standard}certificate": "measurement_standard.add_certificate",
        f"{standard}check": "measurement_standard.record_check",
        f"{standard}suspend": "measurement_standard.suspend",
        f"{standard}resume": "measurement_standard.resume",
        organization: "organization.read",
        f"{organization}change": "organization.change",
        f"{organization}site": "site.add",
        f"{organization}contact": "contact.add",
        opened: "commission.read",
        accepted: "commission.read",
        f"{accepted}slip": "commission.read",
        f"{opened}accept": "commission.accept",
        f"{opened}items": "commission.add_item",
        f"{opened}cancel": "commission.cancel",
        f"/commissions/new?customer={things.world.dairy_id}": "commission.open",
        f"/commissions/new?item={things.instrument.id}": "commission.open",
        f"{item}receive": "item.receive",
        f"{item}hand-over": "item.hand_over",
        whom: "person.read",
        f"{whom}grant": "person.grant_role",
        f"{whom}revoke/technician": "person.revoke_role",
        f"{whom}deactivate": "person.deactivate",
    }


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("role", ROLES)
def test_every_page_opens_for_those_who_may_and_refuses_the_others(
    desk: Callable[..., Client], add_person: Callable[..., Person], checked: Things, role: str, language: str
) -> None:
    client = desk(role, language=language)
    other = add_person("chen.tonglv", "technician")
    for url, action in (LISTS | FORMS | pages_of(checked, other)).items():
        answer = client.get(url)
        rights = matrix()[action]
        expected = {200} if rights.get(role) == "any" else {200, 403} if role in rights else {403}
        html = answer.content.decode()
        assert answer.status_code in expected, (role, url)
        assert HOSTILE not in html, url
        assert f'<html lang="{"en" if language == "en" else "zh-Hans"}"' in html
        assert html.count("<h1") == 1, url
        assert " style=" not in html, url
        if answer.status_code == 403:
            assert "JL-POL-00" in html, url


@pytest.mark.parametrize("role", ["receptionist", "standards_keeper", "system_administrator"])
def test_another_institutes_things_do_not_exist(
    desk: Callable[..., Client], add_person: Callable[..., Person], things: Things, now: datetime, role: str
) -> None:
    client = desk(role)
    elsewhere = create_tenant(
        slug="elsewhere", name=Text("别院", "Elsewhere"), time_zone="Asia/Shanghai", now=now
    )
    with scope(elsewhere.id):
        foreign = build_things(build_world(elsewhere.id, now))
    mine = add_person("chen.tonglv", "technician")
    for url, action in pages_of(foreign, mine).items():
        if url.startswith("/people/") or url.startswith("/commissions/new?item"):
            continue
        if role in matrix()[action]:
            assert client.get(url).status_code == 404, url


def test_a_stranger_is_asked_to_sign_in(client: Client, things: Things) -> None:
    for url in (*LISTS, *FORMS, f"/instruments/{things.instrument.id}/", "/profile"):
        answer = client.get(url)
        assert answer.status_code == 302, url
        assert answer["Location"].startswith("/sign-in/")


def test_a_customer_sees_the_own_things_only(desk: Callable[..., Client], things: Things) -> None:
    client = desk("customer")
    listed = client.get("/instruments/?view=all").content.decode()
    assert "T-1" in listed
    assert "M-1" not in listed
    widened = client.get(f"/instruments/?view=all&owner={things.world.mill_id}").content.decode()
    assert "M-1" not in widened
    refused = client.get(f"/instruments/{things.foreign.id}/")
    assert refused.status_code == 403
    assert "JL-POL-002" in refused.content.decode()
    organizations = client.get("/organizations/").content.decode()
    assert "Morning Star Dairy" in organizations
    assert "Poplar Flour Mill" not in organizations
    assert client.get(f"/organizations/{things.world.mill_id}/").status_code == 403


def test_lists_go_on_by_key_and_keep_their_filters(desk: Callable[..., Client], things: Things) -> None:
    with scope(things.world.tenant_id):
        for number in range(60):
            things.world.instrument(serial_number=f"Q7-{number:03d}")
    client = desk("receptionist")
    first = client.get("/instruments/?view=all&q=Q7-")
    page = first.context["list_page"]
    assert (len(page.rows), page.total, bool(page.after)) == (50, 60, True)
    second = client.get(f"/instruments/?view=all&q=Q7-&after={page.after}&from=50")
    shown = {line.row.id for line in page.rows} | {line.row.id for line in second.context["list_page"].rows}
    assert len(shown) == 60
    assert "51 to 60 of 60" in second.content.decode()


def test_a_page_of_instruments_costs_the_same_however_many_it_shows(
    desk: Callable[..., Client], things: Things, django_assert_max_num_queries: Callable[..., object]
) -> None:
    with scope(things.world.tenant_id):
        for number in range(40):
            things.world.instrument(serial_number=f"Q7-{number:03d}")
    client = desk("receptionist")
    with django_assert_max_num_queries(35):
        client.get("/instruments/?view=all")


def test_an_unknown_view_or_filter_is_passed_over(desk: Callable[..., Client]) -> None:
    client = desk("receptionist", "auditor")
    for url in (
        "/instruments/?view=toys&purpose=fun&owner=x",
        "/commissions/?view=toys",
        "/audit/?action=x&before=y",
    ):
        assert client.get(url).status_code == 200, url
    assert client.get("/instruments/?view=all&after=nonsense").status_code == 422
