"""Making and revoking identities, noting their use and the tries that failed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from jialiang.base.handle_identities.errors import (
    BadIdentity,
    IdentityMember,
    IdentityNotOfPrefix,
    IdentityRevoked,
    IdentityTaken,
    IdentityUnknown,
)
from jialiang.base.handle_identities.models import HandleIdentity, IdentityFailure
from jialiang.base.handle_identities.public_keys import checked_public_key, pem_of
from jialiang.base.handle_identities.selectors import (
    LARGEST_INDEX,
    WINDOW,
    failure_key,
    is_identity_given,
    purpose_of,
    secret_digest,
)
from jialiang.base.organizations.selectors import organization
from jialiang.base.prefixes.openness import require_open
from jialiang.base.prefixes.selectors import prefix_by_text
from jialiang.formats.handle.names import BadHandle, folded, parsed_handle
from jialiang.formats.handle.values import parsed_identity
from jialiang.governance import data_elements as elements
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import storable
from jialiang.security.actor import Actor
from jialiang.security.keys.sealed_secrets import sealed
from jialiang.security.tenancy.scope import everywhere
from jialiang.vocabulary.statuses import HandleIdentityKind, HandleIdentityState

LONGEST_HANDLE = 255
USE_IS_NOTED_EVERY = timedelta(minutes=1)


def add_with_key(
    identity: str,
    organization_id: UUID,
    public_key: str | Mapping[str, Any],
    *,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> HandleIdentity:
    """Store an identity that shows itself by a key pair, of which the public half is given as PEM or JWK.

    Raises BadIdentity, BadPublicKey, IdentityNotOfPrefix, IdentityTaken, IdentityMember, OrganizationUnknown.
    """
    row = _new(identity, organization_id, note, actor, now)
    row.kind, row.public_key_pem = HandleIdentityKind.PUBLIC_KEY, pem_of(checked_public_key(public_key))
    return _inserted(row)


def add_with_secret(
    identity: str, organization_id: UUID, *, note: str = "", actor: Actor, now: datetime
) -> tuple[HandleIdentity, str]:
    """Store an identity that shows itself by a secret, which is made and told now and never again.

    Raises BadIdentity, IdentityNotOfPrefix, IdentityTaken, IdentityMember, OrganizationUnknown.
    """
    row = _new(identity, organization_id, note, actor, now)
    secret = secrets.token_urlsafe(32)
    row.kind, row.secret_digest = HandleIdentityKind.SECRET_KEY, secret_digest(secret)
    row.secret_sealed = sealed(secret.encode(), purpose_of(row))
    return _inserted(row), secret


def revoke(identity_id: UUID, *, reason: str, actor: Actor, now: datetime) -> HandleIdentity:
    """End an identity for good. Raises IdentityUnknown, IdentityRevoked, IdentityMember."""
    row = HandleIdentity.objects.select_for_update(of=("self",)).filter(pk=identity_id).first()
    if row is None:
        raise IdentityUnknown(wanted=str(identity_id))
    if row.state == HandleIdentityState.REVOKED:
        raise IdentityRevoked(identity=row.text, since=f"{row.revoked_at:%Y-%m-%d %H:%M} UTC")
    row.state, row.revoked_at, row.revoke_reason = (
        HandleIdentityState.REVOKED,
        now,
        _line("revoke_reason", reason),
    )
    row.revoked_by_name = _name(actor)
    row.secret_sealed = row.secret_digest = ""  # nothing of it is needed any more
    row.save()
    return row


def note_use(identity: HandleIdentity, now: datetime) -> None:
    """Keep when an identity was used last, at most once a minute: reading must not cost a write each time."""
    if identity.last_used_at is not None and now - identity.last_used_at < USE_IS_NOTED_EVERY:
        return
    with everywhere("an identity is used before its institute is in scope"):
        HandleIdentity.objects.filter(pk=identity.pk).update(last_used_at=now)


@transaction.atomic(durable=True)
def note_failure(identity: str, now: datetime) -> None:
    """Remember a try that failed, whatever becomes of the request; older ones are forgotten."""
    IdentityFailure.objects.filter(at__lte=now - WINDOW).delete()
    IdentityFailure.objects.create(identity_digest=failure_key(identity), at=now)


def _new(identity: str, organization_id: UUID, note: str, actor: Actor, now: datetime) -> HandleIdentity:
    reference = parsed_identity(identity.strip())
    if (
        reference is None
        or not 1 <= reference.index <= LARGEST_INDEX
        or len(reference.handle) > LONGEST_HANDLE
    ):
        raise BadIdentity(given=storable(identity.strip(), 80))
    try:
        handle = parsed_handle(reference.handle)
    except BadHandle as problem:
        raise BadIdentity(given=storable(identity.strip(), 80)) from problem
    holder = organization(organization_id)
    prefix = prefix_by_text(handle.prefix)
    try:
        if prefix is None:
            raise IdentityNotOfPrefix(identity=reference.text)
        require_open(prefix, holder.id)
    except JialiangError as problem:
        raise IdentityNotOfPrefix(identity=reference.text) from problem
    if is_identity_given(handle.text, reference.index):
        raise IdentityTaken(identity=reference.text)
    return HandleIdentity(
        id=new_id(now),
        organization=holder,
        prefix=prefix,
        index=reference.index,
        handle=handle.text,
        folded=folded(handle.text),
        note=_line("note", note),
        created_by_name=_name(actor),
        created_at=now,
    )


def _inserted(row: HandleIdentity) -> HandleIdentity:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as problem:  # somebody took it in the meantime
        raise IdentityTaken(identity=row.text) from problem
    return row


def _line(member: str, given: str) -> str:
    text = " ".join(given.split())
    why = elements.refusal(HandleIdentity, member, text)
    if why:
        name = elements.element_name("handle_identity", member)
        raise IdentityMember(member=name, given=storable(text, 80), reason=why)
    return text


def _name(actor: Actor) -> str:
    return (actor.name.zh or actor.name.en)[:100]
