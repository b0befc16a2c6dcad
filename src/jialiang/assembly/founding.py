"""Founding an installation and its institutes, step by step: each step may be repeated and then changes nothing.

The command ``init`` takes all of them; the demonstration takes those it needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from jialiang.base.certificates.publishing import publish_unknown
from jialiang.base.organizations.facts import OrganizationFacts
from jialiang.base.organizations.selectors import Organization, has_own_organization, own_organization
from jialiang.formats.public_keys import FORMS, unknown_key
from jialiang.functions import organizations, people, prefixes
from jialiang.governance.publication.selectors import answer
from jialiang.kernel.clock import local_date
from jialiang.kernel.errors import Conflict, InvalidInput
from jialiang.kernel.text import Text
from jialiang.security.accounts.errors import BadPerson
from jialiang.security.accounts.selectors import Person
from jialiang.security.accounts.selectors import people as all_people
from jialiang.security.actor import Actor, system_actor
from jialiang.security.keys.errors import KeyNotFound, SealMissing
from jialiang.security.keys.selectors import SealView, has_authority, seal_for
from jialiang.security.keys.services import create_authority, issue_seal
from jialiang.security.tenancy.errors import TenantNotFound
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.selectors import Tenant, tenant_by_slug
from jialiang.security.tenancy.services import create_tenant
from jialiang.vocabulary.credit_codes import normalized_credit_code
from jialiang.vocabulary.statuses import OrganizationKind

ADMINISTRATOR = "system_administrator"
FOUNDER = Text("命令行", "Command line")
ADMINISTRATOR_NAME = Text("系统管理员", "System administrator")
USABLE_SLUG = re.compile(r"[a-z][a-z0-9-]+[a-z0-9]")


class OtherInstitute(Conflict):
    """The short name belongs to another institute; facts: ``slug``, ``there``, ``given``."""

    code = "JL-INI-001"


class PasswordNeeded(InvalidInput):
    """No password was given for the first administrator; facts: ``username``."""

    code = "JL-INI-002"


class PasswordsDiffer(InvalidInput):
    """The password was not typed alike twice."""

    code = "JL-INI-003"


@dataclass(frozen=True, slots=True, kw_only=True)
class Institute:
    """An institute to be founded; ``facts`` is its own organization, with short code and credit code."""

    slug: str
    facts: OrganizationFacts
    time_zone: str = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Founded:
    """An institute with its seal and first administrator, and which steps had something to do."""

    tenant: Tenant
    seal: SealView
    administrator: Person
    steps: tuple[str, ...]


def slug_of(short_code: str) -> str:
    """Return the short name that goes with a short code: ``NIM`` → ``nim``, ``GJ`` → ``institute-gj``."""
    lowered = short_code.lower()
    return lowered if USABLE_SLUG.fullmatch(lowered) else f"institute-{lowered}"


def found(
    institute: Institute,
    *,
    username: str,
    password: Callable[[], str],
    administrator_name: Text = ADMINISTRATOR_NAME,
    now: datetime,
) -> Founded:
    """Take every step: tables, authority, institute, seal, administrator, answer to the unknown.

    ``password`` is asked only if the administrator is not there yet. The institute is founded whole or not at all.
    """
    migrate()
    steps: list[str] = []
    with transaction.atomic():
        steps += found_platform(now)
        tenant, is_new = found_institute(institute, now)
        steps += ["institute"] if is_new else []
        seal, is_new = found_seal(tenant, now)
        steps += ["seal"] if is_new else []
        administrator, is_new = found_administrator(tenant, username, password, administrator_name, now)
        steps += ["administrator"] if is_new else []
    return Founded(tenant, seal, administrator, tuple(steps))


def migrate() -> None:
    """Create the tables, or bring them to this version."""
    settings.JIALIANG.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)


def found_platform(now: datetime) -> list[str]:
    """Take the steps that come before any institute: authority and answer to the unknown; return those taken."""
    steps = {"authority": found_authority, "answers": publish_unknown_answers}
    return [name for name, step in steps.items() if step(now)]


def found_authority(now: datetime) -> bool:
    """Make the certificate authority of the installation; tell whether there was none."""
    if has_authority():
        return False
    create_authority(now)
    return True


def founder(tenant: Tenant) -> Actor:
    """Return the actor in whose name the command line founds an institute."""
    return system_actor(tenant.pk, FOUNDER, "cli")


def found_institute(institute: Institute, now: datetime) -> tuple[Tenant, bool]:
    """Found the tenant and register its own organization; tell whether it is new.

    Raises :class:`OtherInstitute` where the short name is taken by one with another credit code, and what
    registering raises.
    """
    try:
        tenant, is_new = tenant_by_slug(institute.slug), False
    except TenantNotFound:
        tenant = create_tenant(
            slug=institute.slug, name=institute.facts.name, time_zone=institute.time_zone, now=now
        )
        is_new = True
    with scope(tenant.pk):
        if not has_own_organization():
            organizations.register(actor=founder(tenant), facts=institute.facts, is_own=True, now=now)
        prefixes.found(actor=founder(tenant), now=now)
        own = own_organization()
    given = normalized_credit_code(institute.facts.credit_code)
    if own.credit_code != given:
        raise OtherInstitute(slug=institute.slug, there=f"{own.name_zh} {own.credit_code}", given=given)
    return tenant, is_new


def found_seal(tenant: Tenant, now: datetime) -> tuple[SealView, bool]:
    """Give the institute a seal where none is in force or its key did not come along; tell whether it is new."""
    try:
        return seal_for(tenant, now), False
    except (SealMissing, KeyNotFound):
        own = _own(tenant)
        issue_seal(tenant, own.name, own.credit_code, now)
        return seal_for(tenant, now), True


def found_administrator(
    tenant: Tenant, username: str, password: Callable[[], str], name: Text, now: datetime
) -> tuple[Person, bool]:
    """Add the first administrator; somebody of that sign-in name is left as he is. Tell whether he is new."""
    with scope(tenant.pk):
        known = next((person for person in all_people() if person.username == username), None)
        if known is not None:
            return known, False
        if not username.strip():
            raise BadPerson(member="username", given=username)
        facts = people.PersonFacts(username=username, password=password(), name=name)
        person = people.add(actor=founder(tenant), facts=facts, now=now)
        people.grant_role(
            actor=founder(tenant),
            person_id=person.pk,
            role=ADMINISTRATOR,
            valid_from=local_date(now, tenant.time_zone),
            now=now,
        )
        return person, True


def publish_unknown_answers(now: datetime) -> bool:
    """Publish what is said of numbers that are not known, where it is missing; tell whether it was."""
    if all(answer(unknown_key(form)) is not None for form in FORMS):
        return False
    publish_unknown(settings.JIALIANG.domain, now)
    return True


def institute_facts(*, name: Text, credit_code: str, short_code: str) -> OrganizationFacts:
    """Return the facts of an institute of metrology in China."""
    return OrganizationFacts(
        name=name, kind=OrganizationKind.INSTITUTE.value, credit_code=credit_code, short_code=short_code
    )


def _own(tenant: Tenant) -> Organization:
    with scope(tenant.pk):
        return own_organization()
