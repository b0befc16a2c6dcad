"""Verbs on identities ``index:handle``, and how one becomes an actor.

A door asks :func:`actor_by_secret`, or checks a signature by :func:`key_of` and then asks :func:`actor_by_key` or tells
:func:`signature_refused`. Wrong and unknown cost the same and say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from jialiang.base.handle_identities import selectors, services
from jialiang.base.handle_identities.errors import IdentityRefused
from jialiang.base.handle_identities.selectors import HandleIdentity, IdentityKey
from jialiang.functions.deed import permit, put_on_record
from jialiang.security.actor import Actor, Door, identity_actor
from jialiang.security.policy import OwnedBy


@dataclass(frozen=True, slots=True)
class NewIdentity:
    """An identity just made; ``secret`` is shown once, empty where a public key was given."""

    row: HandleIdentity
    secret: str = field(default="", repr=False)


@transaction.atomic
def add_key(
    *,
    actor: Actor,
    identity: str,
    organization_id: UUID,
    public_key: str | Mapping[str, Any],
    note: str = "",
    now: datetime,
) -> NewIdentity:
    """Add an identity with the public half of its key, PEM or JWK. Event ``handle_identity.added``.

    A customer adds for the own organization, under a prefix that it holds. Raises BadIdentity, BadPublicKey,
    IdentityNotOfPrefix, IdentityTaken, IdentityMember.
    """
    permit(actor, "handle_identity.add", OwnedBy(organization_id))
    row = services.add_with_key(identity, organization_id, public_key, note=note, actor=actor, now=now)
    return NewIdentity(_made(actor, row, now))


@transaction.atomic
def add_secret(
    *, actor: Actor, identity: str, organization_id: UUID, note: str = "", now: datetime
) -> NewIdentity:
    """Add an identity with a secret made here and told once. Event ``handle_identity.added``."""
    permit(actor, "handle_identity.add", OwnedBy(organization_id))
    row, secret = services.add_with_secret(identity, organization_id, note=note, actor=actor, now=now)
    return NewIdentity(_made(actor, row, now), secret)


@transaction.atomic
def revoke(*, actor: Actor, identity_id: UUID, reason: str = "", now: datetime) -> HandleIdentity:
    """End an identity at once and for good. Event ``handle_identity.revoked``. Raises IdentityRevoked."""
    permit(actor, "handle_identity.revoke", selectors.handle_identity(identity_id))
    row = services.revoke(identity_id, reason=reason, actor=actor, now=now)
    told = {"identity": row.text, "organization_id": row.organization_id}
    put_on_record(
        actor,
        "handle_identity.revoke",
        row,
        now,
        event="handle_identity.revoked",
        data=told,
        **told,
        reason=row.revoke_reason,
    )
    return row


def actor_by_secret(identity: str, secret: str, now: datetime, *, door: Door = "api") -> Actor:
    """Return who acts by an identity and its secret. Call it before the transaction of the verb.

    Raises IdentityRefused for a wrong secret as for an unknown or revoked identity, IdentityLocked after five
    failures under one name in fifteen minutes.
    """
    selectors.require_unlocked(identity, now)
    found = selectors.identity_by_secret(identity, secret)
    if found is None:
        services.note_failure(identity, now)
        raise IdentityRefused()
    return _acting(found, now, door)


def key_of(identity: str, now: datetime) -> IdentityKey:
    """Return by what the signature or the answer of an identity is checked, the key of nobody for one not in force.

    Raises IdentityLocked as :func:`actor_by_secret` does.
    """
    selectors.require_unlocked(identity, now)
    return selectors.key_for(identity)


def actor_by_key(identity: str, now: datetime, *, door: Door = "api") -> Actor:
    """Return who acts by an identity whose signature or answer the door has checked and found to hold.

    Raises IdentityRefused where the identity is not in force (any more).
    """
    found = selectors.shown_identity(identity)
    if found is None:
        raise signature_refused(identity, now)
    return _acting(found, now, door)


def signature_refused(identity: str, now: datetime) -> IdentityRefused:
    """Count a signature or an answer that did not hold, and return the error to raise."""
    services.note_failure(identity, now)
    return IdentityRefused()


def _acting(found: HandleIdentity, now: datetime, door: Door) -> Actor:
    services.note_use(found, now)
    return identity_actor(found.tenant_id, found.organization_id, found.text, door)


def _made(actor: Actor, row: HandleIdentity, now: datetime) -> HandleIdentity:
    told = {"identity": row.text, "organization_id": row.organization_id, "kind": row.kind}
    put_on_record(
        actor,
        "handle_identity.add",
        row,
        now,
        event="handle_identity.added",
        data=told,
        **told,
        note=row.note,
    )
    return row
