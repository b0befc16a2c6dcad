"""Verbs on people and the roles they hold. Passwords and one-time codes never reach the audit trail."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from jialiang.base.organizations.selectors import organization
from jialiang.functions.deed import permit, put_on_record
from jialiang.kernel.errors import SeparationOfDuties
from jialiang.kernel.text import Text
from jialiang.security.accounts import services
from jialiang.security.accounts.selectors import Person, RoleAssignment, person
from jialiang.security.actor import Actor
from jialiang.security.tenancy.scope import current_tenant_id
from jialiang.vocabulary.roles import role_name, roles

CUSTOMERS_ROLES = frozenset({"customer", "instrument_manager"})


class OwnAccount(SeparationOfDuties):
    """Nobody grants roles to, takes roles from or closes the own account; facts: ``person``, ``action``."""

    code = "JL-PER-001"


class RoleNeedsOrganization(SeparationOfDuties):
    """A customer acts for an organization, the institute's people for none; facts: ``person``, ``role``."""

    code = "JL-PER-002"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """Somebody who will sign in; ``organization_id`` is the customer's organization, None for our own people."""

    username: str
    password: str = field(repr=False)
    name: Text
    email: str = ""
    organization_id: UUID | None = None


@transaction.atomic
def add(*, actor: Actor, facts: PersonFacts, now: datetime) -> Person:
    """Add somebody who may sign in, without any role. Event ``person.added``.

    Raises what ``accounts.create_person`` raises, and OrganizationUnknown.
    """
    permit(actor, "person.add")
    if facts.organization_id is not None:
        organization(facts.organization_id)
    row = services.create_person(
        tenant_id=current_tenant_id(),
        username=facts.username,
        password=facts.password,
        name=facts.name,
        email=facts.email,
        organization_id=facts.organization_id,
        now=now,
    )
    put_on_record(
        actor,
        "person.add",
        row,
        now,
        event="person.added",
        name=row.name,
        username=row.username,
        organization_id=row.organization_id,
    )
    return row


@transaction.atomic
def grant_role(
    *,
    actor: Actor,
    person_id: UUID,
    role: str,
    valid_from: date,
    valid_until: date | None = None,
    now: datetime,
) -> RoleAssignment:
    """Grant a role from one day to another, both included. Event ``person.role_granted``.

    A customer's people hold the roles ``customer`` and ``instrument_manager`` only, and only they are customers.
    Raises :class:`OwnAccount`, :class:`RoleNeedsOrganization`, and what ``accounts.grant_role`` raises.
    """
    permit(actor, "person.grant_role")
    row = person(person_id)
    _refuse_self(actor, row, "person.grant_role")
    _require_place(row, role)
    granted = services.grant_role(
        person_id=person_id,
        role=role,
        valid_from=valid_from,
        valid_until=valid_until,
        granted_by_id=actor.person_id,
        now=now,
    )
    period = {"valid_from": valid_from, "valid_until": valid_until}
    put_on_record(
        actor,
        "person.grant_role",
        row,
        now,
        event="person.role_granted",
        data={"role": role, **period},
        role=role,
        **period,
    )
    return granted


@transaction.atomic
def revoke_role(*, actor: Actor, person_id: UUID, role: str, now: datetime) -> int:
    """End every open grant of a role and return how many there were. Event ``person.role_revoked``."""
    permit(actor, "person.revoke_role")
    row = person(person_id)
    _refuse_self(actor, row, "person.revoke_role")
    ended = services.revoke_role(person_id=person_id, role=role, revoked_by_id=actor.person_id, now=now)
    put_on_record(
        actor, "person.revoke_role", row, now, event="person.role_revoked", data={"role": role}, role=role
    )
    return ended


@transaction.atomic
def deactivate(*, actor: Actor, person_id: UUID, now: datetime) -> Person:
    """Close an account for good: no more sign-in, open roles end. Event ``person.deactivated``."""
    permit(actor, "person.deactivate")
    _refuse_self(actor, person(person_id), "person.deactivate")
    row = services.deactivate(person_id=person_id, now=now)
    put_on_record(actor, "person.deactivate", row, now, event="person.deactivated", username=row.username)
    return row


def _refuse_self(actor: Actor, row: Person, action: str) -> None:
    if actor.person_id is not None and actor.person_id == row.pk:
        raise OwnAccount(person=row.name, action=action)


def _require_place(row: Person, role: str) -> None:
    outside = row.organization_id is not None
    if role not in roles():
        return  # the service says which roles there are
    if (outside and role not in CUSTOMERS_ROLES) or (not outside and role == "customer"):
        raise RoleNeedsOrganization(person=row.name, role=role_name(role))
