"""Reading people and the roles they hold on a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from jialiang.kernel.text import Text
from jialiang.security.accounts.errors import AccountClosed, PersonNotFound
from jialiang.security.accounts.models import Person as Person
from jialiang.security.accounts.models import RoleAssignment as RoleAssignment
from jialiang.security.actor import Actor, Door
from jialiang.security.tenancy.scope import current_tenant_id, scope


def person(person_id: UUID) -> Person:
    """Return a person of the institute in scope (one query). Raises :class:`PersonNotFound`."""
    found = Person.objects.filter(tenant_id=current_tenant_id(), pk=person_id).first()
    if found is None:
        raise PersonNotFound(person=str(person_id))
    return found


def person_by_username(username: str) -> Person:
    """Return the person in scope who signs in by a name (one query). Raises :class:`PersonNotFound`."""
    found = Person.objects.filter(tenant_id=current_tenant_id(), username=username).first()
    if found is None:
        raise PersonNotFound(person=username[:60])
    return found


def people(*, only_active: bool = False) -> list[Person]:
    """Return the people of the institute in scope by name (one query, index ``person_tenant_name``)."""
    rows = Person.objects.filter(tenant_id=current_tenant_id()).order_by("name_zh", "username")
    return list(rows.filter(is_active=True) if only_active else rows)


def roles_of(person_id: UUID, on: date) -> frozenset[str]:
    """Return the roles that a person of the institute in scope holds on a day (one query)."""
    return frozenset(_held(on).filter(person_id=person_id).values_list("role", flat=True))


def role_assignments(person_id: UUID) -> list[RoleAssignment]:
    """Return every role a person was ever granted, latest first (one query)."""
    return list(RoleAssignment.objects.filter(person_id=person_id).order_by("-granted_at", "role"))


def open_assignments() -> list[RoleAssignment]:
    """Return the roles of everybody that were granted and not revoked, whatever their period (one query)."""
    return list(RoleAssignment.objects.filter(revoked_at=None).order_by("valid_from", "id"))


def holders_of(role: str, on: date) -> list[Person]:
    """Return the active people of the institute who hold a role on a day, by name (one query)."""
    ids = _held(on).filter(role=role).values("person_id")
    rows = Person.objects.filter(tenant_id=current_tenant_id(), is_active=True, pk__in=ids)
    return list(rows.order_by("name_zh", "username"))


def actor_of(person_id: UUID, on: date, door: Door) -> Actor:
    """Return the actor that a signed-in person is on a day; needs no scope, it tells the scope to enter.

    Two queries, both by index. Raises :class:`PersonNotFound` and :class:`AccountClosed`.
    """
    found = Person.objects.filter(pk=person_id).first()
    if found is None:
        raise PersonNotFound(person=str(person_id))
    if not found.is_active:
        raise AccountClosed(person=found.name)
    with scope(found.tenant_id):
        roles = roles_of(person_id, on)
    return Actor(found.id, found.tenant_id, found.name, roles, found.organization_id, door)


def name_of(person_id: UUID | None) -> Text:
    """Return the name of a person of the institute in scope, empty for nobody (one query)."""
    if person_id is None:
        return Text()
    return person(person_id).name


def _held(on: date) -> QuerySet[RoleAssignment]:
    open_end = Q(valid_until=None) | Q(valid_until__gte=on)
    return RoleAssignment.objects.filter(open_end, valid_from__lte=on, revoked_at=None)
