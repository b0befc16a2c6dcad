"""Reading tokens: of the institute in scope, and by what a program shows."""

from __future__ import annotations

import hmac
import re
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from jialiang.kernel.clock import local_date
from jialiang.security.accounts.errors import AccountClosed
from jialiang.security.accounts.selectors import actor_of
from jialiang.security.actor import Actor
from jialiang.security.tenancy.scope import everywhere
from jialiang.security.tenancy.selectors import tenant
from jialiang.security.tokens.errors import TokenRefused, TokenUnknown
from jialiang.security.tokens.models import ApiToken

SHAPE = re.compile(r"jl_([0-9a-f]{12})_([A-Za-z0-9_-]{43})", re.ASCII)


def tokens_of(person_id: UUID) -> list[ApiToken]:
    """Return the tokens of a person, newest first: one query by ``token_person``."""
    return list(ApiToken.objects.filter(person_id=person_id).order_by("-created_at", "-id"))


def token(token_id: UUID) -> ApiToken:
    """Return one token of the institute in scope: one query. Raises :class:`TokenUnknown`."""
    found = ApiToken.objects.filter(pk=token_id).first()
    if found is None:
        raise TokenUnknown(token=str(token_id))
    return found


def shown_token(text: str, now: datetime) -> ApiToken:
    """Return the token that a program shows, whatever its institute: one query by the prefix.

    Raises :class:`TokenRefused` for whatever does not open the door at the moment ``now``.
    """
    match = SHAPE.fullmatch(text)
    if match is None:
        raise TokenRefused()
    with everywhere("a token tells which institute its person works in"):
        found = ApiToken.objects.filter(prefix=match[1]).first()
    given = secret_digest(match[2])
    if found is None or not hmac.compare_digest(given, found.secret_digest):
        raise TokenRefused()
    if found.revoked_at is not None or found.expires_at <= now:
        raise TokenRefused()
    return found


def actor_by_token(shown: ApiToken, now: datetime) -> Actor:
    """Return who acts by a token: its person with the roles of today, narrowed to those of the token.

    Raises :class:`TokenRefused` where the account has been closed.
    """
    zone = tenant(shown.tenant_id).time_zone
    try:
        actor = actor_of(shown.person_id, local_date(now, zone), "api")
    except AccountClosed as closed:
        raise TokenRefused() from closed
    return replace(actor, roles=actor.roles & frozenset(shown.roles)) if shown.roles else actor


def secret_digest(secret: str) -> str:
    """Return what is stored of a secret; 256 random bits need no slow hash."""
    return sha256(secret.encode()).hexdigest()
