"""Verbs on organizations, their sites and contacts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from jialiang.base.organizations import services
from jialiang.base.organizations.facts import ContactFacts, OrganizationFacts, SiteFacts
from jialiang.base.organizations.selectors import Contact, Organization, Site
from jialiang.functions.deed import permit, put_on_record
from jialiang.governance.data_elements import Difference
from jialiang.security.actor import Actor
from jialiang.security.policy import OwnedBy


@transaction.atomic
def register(
    *, actor: Actor, facts: OrganizationFacts, is_own: bool = False, now: datetime
) -> Organization:
    """Register an organization; with ``is_own`` the institute itself, once. Event ``organization.registered``."""
    permit(actor, "organization.register")
    row = services.register(facts, is_own=is_own, now=now)
    put_on_record(
        actor,
        "organization.register",
        row,
        now,
        event="organization.registered",
        data={"name": row.name, "credit_code": row.credit_code},
        name=row.name,
        credit_code=row.credit_code,
        is_own=is_own,
    )
    return row


@transaction.atomic
def change(
    *,
    actor: Actor,
    organization_id: UUID,
    changes: Mapping[str, Any],
    expected_version: int,
    now: datetime,
) -> tuple[Organization, Difference]:
    """Change members of an organization (named as in ``OrganizationFacts``) from the version that was read.

    A change that changes nothing leaves neither a version nor a record. Event ``organization.changed``.
    """
    permit(actor, "organization.change", OwnedBy(organization_id))
    row, altered = services.change(organization_id, changes, expected_version=expected_version)
    if altered:
        put_on_record(
            actor,
            "organization.change",
            row,
            now,
            event="organization.changed",
            data={"members": sorted(altered.new)},
            old=altered.old,
            new=altered.new,
        )
    return row, altered


@transaction.atomic
def add_site(*, actor: Actor, organization_id: UUID, facts: SiteFacts, now: datetime) -> Site:
    """Add a place where an organization works."""
    permit(actor, "site.add", OwnedBy(organization_id))
    row = services.add_site(organization_id, facts, now=now)
    put_on_record(actor, "site.add", row, now, organization_id=organization_id, name=row.name)
    return row


@transaction.atomic
def add_contact(*, actor: Actor, organization_id: UUID, facts: ContactFacts, now: datetime) -> Contact:
    """Add somebody to talk to at an organization; the audit names the record, not the person's numbers."""
    permit(actor, "contact.add", OwnedBy(organization_id))
    row = services.add_contact(organization_id, facts, now=now)
    put_on_record(actor, "contact.add", row, now, organization_id=organization_id)
    return row
