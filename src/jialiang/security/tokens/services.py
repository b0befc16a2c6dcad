"""Making, revoking and noting the use of tokens."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from jialiang.kernel.ids import new_id
from jialiang.kernel.text import is_one_line
from jialiang.security.actor import Actor
from jialiang.security.tenancy.scope import everywhere
from jialiang.security.tokens.errors import BadTokenName, BadTokenPeriod, TokenRolesNotHeld
from jialiang.security.tokens.models import ApiToken
from jialiang.security.tokens.selectors import secret_digest, token

LONGEST_DAYS = 366
LONGEST_NAME = 60
USE_IS_NOTED_EVERY = timedelta(minutes=1)


def create_token(
    *, actor: Actor, name: str, days: int, roles: Iterable[str] = (), now: datetime
) -> tuple[ApiToken, str]:
    """Make a token of the acting person; the text ``jl_<prefix>_<secret>`` is told now and never again.

    Without ``roles`` it acts with all that the person holds on the day of use.
    Raises :class:`BadTokenName`, :class:`BadTokenPeriod`, :class:`TokenRolesNotHeld`.
    """
    if actor.person_id is None:
        raise TypeError("a token is a person's, and the system is none")
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not is_one_line(name):
        raise BadTokenName(given=name[:LONGEST_NAME])
    if not 1 <= days <= LONGEST_DAYS:
        raise BadTokenPeriod(days=days, longest=LONGEST_DAYS)
    wanted = sorted(set(roles))
    if not actor.roles.issuperset(wanted):
        raise TokenRolesNotHeld(roles=", ".join(wanted), held=", ".join(sorted(actor.roles)))
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        id=new_id(now),
        person_id=actor.person_id,
        name=name,
        prefix=prefix,
        secret_digest=secret_digest(secret),
        roles=wanted,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return row, f"jl_{prefix}_{secret}"


def revoke_token(token_id: UUID, *, now: datetime) -> ApiToken:
    """End a token for good; one that has been revoked stays as it is. Raises ``TokenUnknown``."""
    row = token(token_id)
    if row.revoked_at is None:
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
    return row


def note_use(shown: ApiToken, now: datetime) -> None:
    """Keep when a token was used last, at most once a minute: reading must not cost a write each time."""
    if shown.last_used_at is not None and now - shown.last_used_at < USE_IS_NOTED_EVERY:
        return
    with everywhere("a token is used before the institute is in scope"):
        ApiToken.objects.filter(pk=shown.pk).update(last_used_at=now)
