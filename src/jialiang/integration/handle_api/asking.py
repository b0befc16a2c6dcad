"""Who asks: an identity ``index:handle`` by its secret, its session or its certificate."""

from __future__ import annotations

import binascii
from base64 import b64decode
from datetime import datetime
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest

from jialiang.functions.handle_identities import actor_by_secret
from jialiang.integration.handle_api.answers import AuthenticationNeeded
from jialiang.integration.handle_api.certificates import actor_of_certificate
from jialiang.integration.handle_api.sessions import actor_of_session, parameters
from jialiang.security.actor import Actor


def acting(request: HttpRequest, now: datetime) -> Actor:
    """Return who acts. Raises AuthenticationNeeded, IdentityRefused, IdentityLocked."""
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        identity, secret = basic(rest)
        return actor_by_secret(identity, secret, now)
    if scheme.lower() == "handle":
        given = parameters(rest)
        if given.get("clientCert", "").lower() == "true":
            return actor_of_certificate(_certificate(request), given, now)
        return actor_of_session(given, now)
    raise AuthenticationNeeded()


def basic(text: str) -> tuple[str, str]:
    """Return identity and secret; the identity is percent-encoded, for its colon. Raises AuthenticationNeeded."""
    try:
        user, colon, secret = b64decode(text.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise AuthenticationNeeded() from None
    if not colon:
        raise AuthenticationNeeded()
    return unquote(user), secret


def _certificate(request: HttpRequest) -> str:
    name = settings.JIALIANG.client_certificate_header
    return request.headers.get(name, "") if name else ""
