"""What the screens of the ledgers have in common: what was posted, chosen, wanted, and where one goes afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest
from django.test import RequestFactory

from jialiang.console import asking, scope_of_reading
from jialiang.console.requests import completed, who
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.security.policy import NotAuthorized, OwnedBy
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.paging import Page as Rows
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

KNOWN = ("open", "accepted")
DAIRY, MILL = UUID(int=7), UUID(int=8)


@pytest.fixture
def get(rf: RequestFactory) -> Any:
    return lambda query="": rf.get(f"/list?{query}")


def actor(*roles: str, organization_id: UUID | None = None) -> Actor:
    return Actor(
        UUID(int=1), UUID(int=2), Text("张三", "Zhang San"), frozenset(roles), organization_id, "console"
    )


def test_an_empty_form_that_was_sent_is_checked_and_a_page_asked_for_is_not(rf: RequestFactory) -> None:
    assert asking.posted(rf.get("/x")) is None
    assert asking.posted(rf.head("/x")) is None
    sent = asking.posted(rf.post("/x", {}))
    assert sent is not None
    assert dict(sent) == {}
    assert asking.posted(rf.post("/x", {"a": "1"})).get("a") == "1"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ""),
        ("state=", ""),
        ("state=open", "open"),
        ("state=accepted", "accepted"),
        ("state=OPEN", ""),
        ("state=open%20", ""),
        ("state=nonsense", ""),
        ("state=open&state=accepted", "accepted"),
        ("State=open", ""),
        ("state=%3Cscript%3E", ""),
    ],
)
def test_only_a_known_value_of_the_address_is_chosen(get: Any, query: str, found: str) -> None:
    assert asking.chosen(get(query), "state", KNOWN) == found
    assert asking.chosen(get(query), "state", KNOWN, "all") == (found or "all")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", ""),
        ("q=", ""),
        ("q=T-1", "T-1"),
        ("q=%20%20T-1%20", "T-1"),
        ("q=%09%0A", ""),
        ("q=" + "a" * 100, "a" * 100),
        ("q=" + "a" * 101, "a" * 100),
        ("q=%E6%B8%A9%E5%BA%A6", "温度"),
        ("q=%3Cb%3E", "<b>"),
        ("Q=T-1", ""),
    ],
)
def test_what_is_looked_for_is_trimmed_and_cut(get: Any, query: str, text: str) -> None:
    assert asking.wanted_text(get(query)) == text


@pytest.mark.parametrize(
    ("given", "leads_to"),
    [
        ("/instruments/", "/instruments/"),
        ("/instruments/?view=all&q=x", "/instruments/?view=all&q=x"),
        ("http://testserver/instruments/", "http://testserver/instruments/"),
        ("", "/default"),
        ("https://evil.example/", "/default"),
        ("//evil.example/", "/default"),
        ("///evil.example/", "/default"),
        ("/\\evil.example", "/default"),
        ("\\\\evil.example", "/default"),
        ("javascript:alert(1)", "/default"),
        ("http:evil.example", "/default"),
        ("http://testserver@evil.example/", "/default"),
        ("http://testserver.evil.example/", "/default"),
        (" /instruments/", " /instruments/"),
    ],
)
def test_the_way_back_stays_in_the_house(rf: RequestFactory, given: str, leads_to: str) -> None:
    assert asking.way_back(rf.get("/x", {"next": given}), "/default") == leads_to
    assert asking.way_back(rf.post("/x", {"next": given}), "/default") == leads_to


def test_the_form_says_where_to_go_before_the_address_does(rf: RequestFactory) -> None:
    request = rf.post("/x?next=/from-address", {"next": "/from-form"})
    assert asking.way_back(request, "/default") == "/from-form"
    assert asking.way_back(rf.post("/x?next=/from-address"), "/default") == "/from-address"


def test_behind_tls_a_way_back_without_it_is_not_taken(rf: RequestFactory) -> None:
    plain, secure = "http://testserver/instruments/", "https://testserver/instruments/"
    assert asking.way_back(rf.get("/x", {"next": plain}, secure=True), "/default") == "/default"
    assert asking.way_back(rf.get("/x", {"next": secure}, secure=True), "/default") == secure


def test_what_was_done_is_said_once_on_the_page_that_follows(rf: RequestFactory) -> None:
    request = rf.post("/x")
    request.session = {}
    request._messages = FallbackStorage(request)
    answer = asking.done(request, "The check is recorded.", "/standards/1/#checks")
    assert (answer.status_code, answer["Location"]) == (302, "/standards/1/#checks")
    assert [(message.message, message.level_tag) for message in request._messages] == [
        ("The check is recorded.", "ok")
    ]


@pytest.mark.parametrize(
    ("query", "next_after", "first", "last", "after"),
    [
        ("", "", 1, 3, ""),
        ("", "k3", 1, 3, "k3"),
        ("after=k0&from=50", "k3", 51, 53, "k3"),
        ("from=50", "", 1, 3, ""),
        ("after=k0&from=x", "", 1, 3, ""),
    ],
)
def test_the_rows_of_a_selector_are_numbered_as_the_address_says(
    get: Any, query: str, next_after: str, first: int, last: int, after: str
) -> None:
    page = asking.listed(get(query), Rows(("a", "b", "c"), next_after), 60)
    assert (page.first_number, page.last_number, page.total, page.after) == (first, last, 60, after)


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Asia/Shanghai", datetime(2026, 6, 15, 15, 59, 59, tzinfo=UTC), date(2026, 6, 15)),
        ("Asia/Shanghai", datetime(2026, 6, 15, 16, 0, 0, tzinfo=UTC), date(2026, 6, 16)),
        ("Europe/Berlin", datetime(2026, 6, 15, 21, 59, 59, tzinfo=UTC), date(2026, 6, 15)),
        ("Europe/Berlin", datetime(2026, 6, 15, 22, 0, 0, tzinfo=UTC), date(2026, 6, 16)),
        ("America/Bogota", datetime(2026, 6, 16, 4, 59, 59, tzinfo=UTC), date(2026, 6, 15)),
        ("Pacific/Kiritimati", datetime(2026, 6, 15, 10, 0, 0, tzinfo=UTC), date(2026, 6, 16)),
    ],
)
@pytest.mark.django_db
def test_today_is_the_institute_s_day_and_not_the_server_s(
    monkeypatch: pytest.MonkeyPatch, now: datetime, zone: str, moment: datetime, day: date
) -> None:
    institute = create_tenant(slug="far-away", name=Text("远方", "Far away"), time_zone=zone, now=now)
    monkeypatch.setattr(asking, "utc_now", lambda: moment)
    with scope(institute.id):
        assert asking.this_day() == day


def test_a_page_for_strangers_has_no_actor(rf: RequestFactory) -> None:
    request: HttpRequest = rf.get("/")
    completed(request).actor = None
    with pytest.raises(TypeError, match="strangers"):
        who(request)
    completed(request).actor = actor("auditor")
    assert who(request).roles == {"auditor"}


@pytest.mark.parametrize(
    ("roles", "organization", "narrowed"),
    [
        (("receptionist",), None, None),
        (("receptionist",), DAIRY, None),
        (("customer",), DAIRY, DAIRY),
        (("customer",), None, scope_of_reading.NOBODY),
        (("customer", "auditor"), DAIRY, None),
    ],
)
def test_a_list_is_narrowed_to_the_own_organization_or_to_nothing(
    roles: tuple[str, ...], organization: UUID | None, narrowed: UUID | None
) -> None:
    asker = actor(*roles, organization_id=organization)
    assert scope_of_reading.own_or_all(asker, "instrument.read") == narrowed


def test_a_list_that_is_for_others_is_refused() -> None:
    with pytest.raises(NotAuthorized):
        scope_of_reading.own_or_all(actor("customer", organization_id=DAIRY), "person.read")
    with pytest.raises(NotAuthorized):
        scope_of_reading.own_or_all(actor(), "instrument.read")


@pytest.mark.parametrize(
    ("roles", "organization", "action", "thing", "shown"),
    [
        (("receptionist",), None, "instrument.retire", None, True),
        (("receptionist",), None, "instrument.retire", OwnedBy(MILL), True),
        (("auditor",), None, "instrument.retire", OwnedBy(MILL), False),
        (("customer",), DAIRY, "instrument.retire", OwnedBy(DAIRY), True),
        (("customer",), DAIRY, "instrument.retire", OwnedBy(MILL), False),
        (("customer",), None, "instrument.retire", OwnedBy(None), False),
        (("customer",), DAIRY, "commission.accept", OwnedBy(DAIRY), False),
        (("instrument_manager",), DAIRY, "site.add", OwnedBy(DAIRY), True),
        (("instrument_manager",), DAIRY, "site.add", OwnedBy(MILL), False),
        ((), None, "organization.read", None, False),
    ],
)
def test_a_button_is_shown_to_whom_the_verb_would_let_pass(
    roles: tuple[str, ...], organization: UUID | None, action: str, thing: OwnedBy | None, shown: bool
) -> None:
    assert scope_of_reading.may(actor(*roles, organization_id=organization), action, thing) is shown


def test_a_thing_of_another_institute_has_no_button_and_raises_nothing_unknown(tenant: Tenant) -> None:
    class Elsewhere:
        tenant_id = tenant.id

    asker = actor("receptionist")
    with pytest.raises(Exception, match="JL-POL-003"):
        scope_of_reading.may(asker, "instrument.retire", Elsewhere())
