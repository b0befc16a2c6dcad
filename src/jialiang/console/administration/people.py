"""People and their roles as a matrix, each with its validity (picture 11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from jialiang.base.organizations.selectors import organizations
from jialiang.console.administration.forms import PersonForm
from jialiang.console.asking import (
    Crumb,
    FormPage,
    View,
    chosen,
    done,
    form_page,
    posted,
    this_day,
    wanted_text,
)
from jialiang.console.noun_forms import carried_out
from jialiang.console.paging import page_of
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may
from jialiang.console.shell import page
from jialiang.functions import people as verbs
from jialiang.functions.deed import permit
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.accounts.selectors import open_assignments
from jialiang.security.accounts.selectors import people as person_rows
from jialiang.security.tenancy.paging import LARGEST_SIZE
from jialiang.vocabulary.roles import Role, roles

SOON = timedelta(days=30)
STAFF, CUSTOMERS, CLOSED = "staff", "customers", "closed"
VIEWS = {
    STAFF: gettext_noop("This institute"),
    CUSTOMERS: gettext_noop("Customers' people"),
    CLOSED: gettext_noop("Closed accounts"),
}
FACTORS = {
    "totp": gettext_noop("one-time code"),
    "webauthn": gettext_noop("passkey"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A role of a person: ``yes``, ``ending``, ``ahead``, ``lapsed`` or ``no``, and the day that matters."""

    state: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person of the matrix."""

    id: Any
    row: Any
    cells: list[Cell]
    factors: list[str]
    organization: Text


@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Show people × roles; filters by name and role."""
    actor, on = who(request), this_day()
    permit(actor, "person.read")
    view = chosen(request, "view", VIEWS, STAFF)
    columns = _columns(view)
    wanted, role = wanted_text(request), chosen(request, "role", roles())
    everybody = person_rows()
    held = _held(on)
    shown = [
        row
        for row in everybody
        if _view_of(row) == view and _fits(row, wanted) and (not role or role in held.get(row.pk, {}))
    ]
    lines = _lines(shown, columns, held)
    numbers = {key: sum(_view_of(row) == key for row in everybody) for key in VIEWS}
    context = {
        "views": [View(key, gettext(name), numbers[key], key == view) for key, name in VIEWS.items()],
        "view": view,
        "columns": columns,
        "list_page": page_of(lines, request),
        "searched": wanted,
        "role": role,
        "may_add": may(actor, "person.add"),
        "lapsed": _in_state(lines, "lapsed"),
        "ending": _in_state(lines, "ending"),
    }
    return page(request, "administration/people.html", context)


def _in_state(lines: list[PersonLine], state: str) -> int:
    return sum(cell.state == state for line in lines for cell in line.cells)


@login_required
def add_person(request: HttpRequest) -> HttpResponse:
    """Add somebody who may sign in; roles come next, on the person's page."""
    actor = who(request)
    permit(actor, "person.add")
    form = PersonForm(posted(request))

    def act(cleaned: dict[str, Any]) -> Any:
        facts = verbs.PersonFacts(
            username=cleaned["username"],
            password=cleaned["password"],
            name=Text(cleaned["name_zh"], cleaned["name_en"]),
            email=cleaned["email"],
            organization_id=cleaned["organization_id"] or None,
        )
        return verbs.add(actor=actor, facts=facts, now=utc_now())

    if request.method == "POST":
        row = carried_out(form, act)
        if row is not None:
            said = gettext("Added: %(name)s. Without a role nothing opens yet.") % {"name": row.name_zh}
            return done(request, said, reverse("person", args=[row.pk]))
    everybody = reverse("people")
    crumbs = (Crumb(gettext("People and roles"), everybody),)
    around = FormPage(gettext("Add a person"), gettext("Add the person"), everybody, crumbs)
    return form_page(request, form, around)


def cell_of(valid_from: date, valid_until: date | None, on: date) -> Cell:
    """Judge one grant on a day."""
    if valid_until is not None and valid_until < on:
        return Cell("lapsed", valid_until)
    if valid_from > on:
        return Cell("ahead", valid_from)
    if valid_until is not None and valid_until - on <= SOON:
        return Cell("ending", valid_until)
    return Cell("yes", valid_until)


def _held(on: date) -> dict[Any, dict[str, Cell]]:
    """Return the grants of everybody: person → role → the best of several grants."""
    order = ("lapsed", "ahead", "ending", "yes")
    held: dict[Any, dict[str, Cell]] = {}
    for grant in open_assignments():
        cell = cell_of(grant.valid_from, grant.valid_until, on)
        before = held.setdefault(grant.person_id, {}).get(grant.role)
        if before is None or order.index(cell.state) >= order.index(before.state):
            held[grant.person_id][grant.role] = cell
    return held


def _columns(view: str) -> list[tuple[str, Role]]:
    outside = view == CUSTOMERS
    return [
        (key, role)
        for key, role in roles().items()
        if role.grantable and (key in verbs.CUSTOMERS_ROLES if outside else key != "customer")
    ]


def _view_of(row: Any) -> str:
    if not row.is_active:
        return CLOSED
    return CUSTOMERS if row.organization_id else STAFF


def _fits(row: Any, wanted: str) -> bool:
    text = wanted.casefold()
    return not text or any(
        text in part.casefold() for part in (row.username, row.name_zh, row.name_en, row.email)
    )


def _lines(
    rows: Iterable[Any], columns: list[tuple[str, Role]], held: dict[Any, dict[str, Cell]]
) -> list[PersonLine]:
    rows = list(rows)
    factors: dict[Any, list[str]] = {}
    found = Authenticator.objects.filter(user_id__in=[row.pk for row in rows], type__in=list(FACTORS))
    for person_id, kind in found.values_list("user_id", "type"):
        factors.setdefault(person_id, []).append(gettext(FACTORS[kind]))
    names = (
        {row.id: row.name for row in organizations(size=LARGEST_SIZE)}
        if any(r.organization_id for r in rows)
        else {}
    )
    return [
        PersonLine(
            id=row.pk,
            row=row,
            cells=[held.get(row.pk, {}).get(key, Cell("no")) for key, _ in columns],
            factors=sorted(set(factors.get(row.pk, []))),
            organization=names.get(row.organization_id, Text()),
        )
        for row in rows
    ]
