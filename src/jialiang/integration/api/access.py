"""Reading by permission: what a view may show, and to what a list is narrowed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from jialiang.functions.deed import permit
from jialiang.security.actor import Actor
from jialiang.security.policy import NotOwnOrganization, limit


def acting(request: HttpRequest) -> Actor:
    """Return who acts; the door has asked for it already."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    if not isinstance(actor, Actor):
        raise TypeError("an address without authentication has no actor")
    return actor


def readable(request: HttpRequest, action: str, thing: Any) -> Any:
    """Return the thing if the actor may read it; raises what the policy raises."""
    permit(acting(request), action, thing)
    return thing


def narrowed(request: HttpRequest, action: str) -> UUID | None:
    """Return the organization to which the actor's lists are narrowed, None for all of the institute.

    Somebody who sees the own organization's things only, but belongs to none, sees nothing: raises NotOwnOrganization.
    """
    actor = acting(request)
    own = limit(actor, action)
    if own is None:
        return None
    if own.organization_id is None:
        raise NotOwnOrganization(action=action, actor=actor.name)
    return own.organization_id


def of_all(request: HttpRequest, action: str) -> None:
    """Let pass who may read all of the institute's; raises what the policy raises."""
    if narrowed(request, action) is not None:
        raise NotOwnOrganization(action=action, actor=acting(request).name)
