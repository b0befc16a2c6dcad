"""Logging in by an identity and its secret, plain or as the digest of the day."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from jialiang.functions.handle_identities import actor_by_key, actor_by_secret, key_of, signature_refused
from jialiang.integration.identity_sessions import IdentitySessions
from jialiang.integration.snms.envelope import LoginRefused, NotLoggedIn
from jialiang.kernel.clock import local_date
from jialiang.kernel.errors import NotAllowed
from jialiang.security.actor import Actor

TIME_ZONE = "Asia/Shanghai"
_sessions = IdentitySessions("snms")


def token_by_secret(identity: str, secret: str, now: datetime) -> str:
    """Return a token for an identity that shows its secret. Raises LoginRefused, IdentityLocked."""
    try:
        actor = actor_by_secret(identity, secret, now)
    except NotAllowed as refused:
        raise LoginRefused() from refused
    return _sessions.token(actor.identity, now)


def token_by_digest(identity: str, digest: str, now: datetime) -> str:
    """Return a token for an identity that shows ``sha256(hex(sha256(secret)) + day)`` in hexadecimal.

    The day is that of China, written ``2019-08-15``; that before and that after are accepted around midnight.
    Raises LoginRefused, IdentityLocked.
    """
    key = key_of(identity, now)
    days = (local_date(now + timedelta(hours=hours), TIME_ZONE).isoformat() for hours in (0, -1, 1))
    fits = [hmac.compare_digest(daily_digest(key.secret, day).encode(), digest.lower().encode()) for day in days]
    if not any(fits) or not key.secret or not key.in_force:
        raise LoginRefused() from signature_refused(identity, now)
    return _sessions.token(actor_by_key(identity, now).identity, now)


def daily_digest(secret: bytes, day: str) -> str:
    """Return what a client sends in place of the secret on a day, in hexadecimal."""
    return sha256((sha256(secret).hexdigest() + day).encode()).hexdigest()


def actor_of_session(token: str, now: datetime) -> Actor:
    """Return who acts by a token. Raises NotLoggedIn."""
    actor = _sessions.actor(token, now)
    if actor is None:
        raise NotLoggedIn()
    return actor
