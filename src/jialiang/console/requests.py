"""A request of somebody who signed in, as the middleware has completed it."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from jialiang.security.actor import Actor
from jialiang.security.tenancy.selectors import Tenant


class SignedInRequest(HttpRequest):
    """What ``middleware.SignedIn`` adds to a request: who acts, and for which institute; None for strangers."""

    actor: Actor | None
    tenant: Tenant | None


def completed(request: HttpRequest) -> SignedInRequest:
    """Return the same request by its fuller type."""
    return cast(SignedInRequest, request)


def who(request: HttpRequest) -> Actor:
    """Return who asks; only behind ``login_required``. Raises TypeError for a stranger's request."""
    actor = completed(request).actor
    if actor is None:
        raise TypeError("a page for strangers has no actor")
    return actor
