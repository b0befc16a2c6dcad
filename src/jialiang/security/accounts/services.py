"""Adding people, granting and revoking roles, closing accounts."""

from __future__ import annotations

import re
from datetime import date, datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q

from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text, is_one_line, storable
from jialiang.security.accounts import selectors
from jialiang.security.accounts.confirmation import confirm
from jialiang.security.accounts.errors import (
    BadPerson,
    BadRolePeriod,
    IncompatibleRoles,
    PasswordTooWeak,
    RoleNotHeld,
    UnknownRole,
    UsernameTaken,
)
from jialiang.security.accounts.models import Person, RoleAssignment
from jialiang.security.tenancy.scope import scope
from jialiang.vocabulary.roles import role_name, roles

__all__ = ["confirm", "create_person", "deactivate", "grant_role", "revoke_role"]

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,58}[a-z0-9]")
LONGEST_NAME = 100
UNUSABLE_LETTERS = Text("密码中有控制字符或不完整的字符。", "The password holds control characters or half letters.")
APART = frozenset({"system_administrator", "auditor"})


@transaction.atomic
def create_person(
    *,
    tenant_id: UUID,
    username: str,
    password: str,
    name: Text,
    email: str = "",
    organization_id: UUID | None = None,
    now: datetime,
) -> Person:
    """Add somebody who may sign in. The administrator answers for the address, so it counts as verified.

    Raises :class:`BadPerson`, :class:`PasswordTooWeak` (each broken rule) and :class:`UsernameTaken`.
    """
    email = email.strip()
    _check(username, name, email)
    if Person.objects.filter(Q(username__iexact=username) | Q(email__iexact=email) & ~Q(email="")).exists():
        raise UsernameTaken(username=username, email=email)
    person = Person(
        id=new_id(now),
        tenant_id=tenant_id,
        username=username,
        email=email,
        name_zh=name.zh,
        name_en=name.en,
        organization_id=organization_id,
        created_at=now,
    )
    if not is_one_line(password):
        raise PasswordTooWeak(rules=UNUSABLE_LETTERS)
    try:
        validate_password(password, person)
    except ValidationError as problem:
        raise PasswordTooWeak(rules=" ".join(problem.messages)) from problem
    person.set_password(password)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
            if email:
                EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    except IntegrityError as problem:  # somebody took the name in the meantime
        raise UsernameTaken(username=username, email=email) from problem
    return person


@transaction.atomic
def grant_role(
    *,
    person_id: UUID,
    role: str,
    valid_from: date,
    valid_until: date | None = None,
    granted_by_id: UUID | None,
    now: datetime,
) -> RoleAssignment:
    """Grant a role from one day to another (inclusive; open without an end).

    Raises :class:`UnknownRole`, :class:`BadRolePeriod`, :class:`IncompatibleRoles`, ``PersonNotFound``.
    """
    if role not in roles() or not roles()[role].grantable:
        raise UnknownRole(role=role, known=", ".join(r.key for r in roles().values() if r.grantable))
    if valid_until is not None and valid_until < valid_from:
        raise BadRolePeriod(role=role_name(role), valid_from=valid_from, valid_until=valid_until)
    person = _locked(person_id)
    _check_apart(person, role)
    return RoleAssignment.objects.create(
        id=new_id(now),
        person=person,
        role=role,
        valid_from=valid_from,
        valid_until=valid_until,
        granted_by_id=granted_by_id,
        granted_at=now,
    )


@transaction.atomic
def revoke_role(*, person_id: UUID, role: str, revoked_by_id: UUID | None, now: datetime) -> int:
    """End every open grant of a role at once and return how many there were. Raises :class:`RoleNotHeld`."""
    person = selectors.person(person_id)
    open_grants = RoleAssignment.objects.filter(person=person, role=role, revoked_at=None)
    ended = open_grants.update(revoked_at=now, revoked_by_id=revoked_by_id)
    if not ended:
        raise RoleNotHeld(person=person.name, role=role_name(role))
    return ended


@transaction.atomic
def deactivate(*, person_id: UUID, now: datetime) -> Person:
    """Close an account: the person no longer signs in, open sessions end, open roles are revoked."""
    person = _locked(person_id)
    RoleAssignment.objects.filter(person=person, revoked_at=None).update(revoked_at=now)
    person.is_active = False
    person.save(update_fields=["is_active"])
    return person


def _locked(person_id: UUID) -> Person:
    tenant_id = selectors.person(person_id).tenant_id
    with scope(tenant_id):
        return Person.objects.select_for_update().get(pk=person_id)


def _check(username: str, name: Text, email: str) -> None:
    if not USERNAME.fullmatch(username):
        raise BadPerson(member="username", given=username)
    if not name.zh.strip():
        raise BadPerson(member="name.zh", given=name.zh)
    for language, written in name.items():
        if len(written) > LONGEST_NAME or not is_one_line(written):
            raise BadPerson(member=f"name.{language}", given=storable(written, LONGEST_NAME))
    if email:
        try:
            validate_email(email)
        except ValidationError as problem:
            raise BadPerson(member="email", given=email) from problem


def _check_apart(person: Person, role: str) -> None:
    if role not in APART:
        return
    held = RoleAssignment.objects.filter(person=person, role__in=APART - {role}, revoked_at=None).first()
    if held is not None:
        raise IncompatibleRoles(person=person.name, role=role_name(role), held=role_name(held.role))
