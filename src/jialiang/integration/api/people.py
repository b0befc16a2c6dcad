"""People of the institute and of its customers, and the roles that they hold."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field

from jialiang.functions import people as verbs
from jialiang.integration.api.access import acting, of_all
from jialiang.integration.api.members import Bilingual, Body, Day, Short, View
from jialiang.integration.api.paging import Listed, PageQuery, listed, page_of
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.accounts import selectors
from jialiang.security.tenancy.calendar import today

router = Router(tags=["people"])
READ = "person.read"


class NewPerson(Body):
    """Somebody who will sign in; a customer's people name their organization."""

    username: Short
    password: Annotated[str, Field(max_length=200, json_schema_extra={"format": "password"})]
    name: Bilingual
    email: Short = ""
    organization_id: UUID | None = None


class NewRole(Body):
    """A role from one day to another, both included; without an end until it is revoked."""

    role: Short
    valid_from: Day
    valid_until: Day | None = None


class PersonView(View):
    """A person with the roles held today."""

    id: UUID
    username: str
    name: Text
    email: str
    organization_id: UUID | None
    is_active: bool
    roles: list[str]
    created_at: datetime


class RoleView(View):
    """A role as it was granted."""

    role: str
    valid_from: date
    valid_until: date | None
    granted_at: datetime
    revoked_at: datetime | None


class ActorView(View):
    """Who acts, with the roles of today."""

    person_id: UUID | None
    name: Text
    roles: list[str]
    organization_id: UUID | None


@router.get("/me", response=ActorView, summary="Read who acts")
def read_me(request: HttpRequest) -> Any:
    """The person behind the token or session, and the roles with which requests are judged."""
    actor = acting(request)
    return ActorView.of(actor, roles=sorted(actor.roles))


@router.get("/people", response=Listed[PersonView], summary="List people")
def list_people(request: HttpRequest, response: HttpResponse, query: Query[PageQuery]) -> Any:
    """Everybody who signs in to this institute, by name. Permission `person.read`."""
    of_all(request, READ)
    found = page_of(selectors.people(), lambda row: row.pk.hex, query)
    return listed(request, response, found, _view)


@router.post("/people", response={201: PersonView}, summary="Add a person")
def add_person(request: HttpRequest, response: HttpResponse, body: NewPerson) -> Any:
    """Add somebody who may sign in, without any role yet. An Idempotency-Key is not used here, because of the password.

    Permission `person.add`.
    """
    facts = verbs.PersonFacts(
        username=body.username,
        password=body.password,
        name=body.name,
        email=body.email,
        organization_id=body.organization_id,
    )
    row = verbs.add(actor=acting(request), facts=facts, now=utc_now())
    response["Location"] = f"{request.path}/{row.pk}"
    return Status(201, _view(row))


@router.get("/people/{uuid:person_id}", response=PersonView, summary="Read a person")
def read_person(request: HttpRequest, person_id: UUID) -> Any:
    """One person with the roles held today. Permission `person.read`."""
    of_all(request, READ)
    return _view(selectors.person(person_id))


@router.get("/people/{uuid:person_id}/roles", response=list[RoleView], summary="List every role ever granted")
def list_roles(request: HttpRequest, person_id: UUID) -> Any:
    """Every role that was ever granted to a person, latest first. Permission `person.read`."""
    of_all(request, READ)
    selectors.person(person_id)
    return [RoleView.of(row) for row in selectors.role_assignments(person_id)]


@router.post("/people/{uuid:person_id}/roles", response={201: RoleView}, summary="Grant a role")
def grant_role(request: HttpRequest, person_id: UUID, body: NewRole) -> Any:
    """Grant a role; nobody grants one to himself. Permission `person.grant_role`."""
    row = verbs.grant_role(
        actor=acting(request),
        person_id=person_id,
        role=body.role,
        valid_from=body.valid_from,
        valid_until=body.valid_until,
        now=utc_now(),
    )
    return Status(201, RoleView.of(row))


@router.delete("/people/{uuid:person_id}/roles/{role}", response=PersonView, summary="Revoke a role")
def revoke_role(request: HttpRequest, person_id: UUID, role: str) -> Any:
    """End every open grant of a role; nobody revokes the own. Permission `person.revoke_role`."""
    verbs.revoke_role(actor=acting(request), person_id=person_id, role=role, now=utc_now())
    return _view(selectors.person(person_id))


@router.post("/people/{uuid:person_id}/deactivation", response=PersonView, summary="Close an account")
def deactivate_person(request: HttpRequest, person_id: UUID) -> Any:
    """Close an account for good: no more sign-in, roles and tokens end. Permission `person.deactivate`."""
    return _view(verbs.deactivate(actor=acting(request), person_id=person_id, now=utc_now()))


def _view(row: Any) -> Any:
    return PersonView.of(row, id=row.pk, roles=sorted(selectors.roles_of(row.pk, today(utc_now()))))
