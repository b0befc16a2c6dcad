"""Who asks: what a view may show, to what a list is narrowed, and deeds done in the name of who asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest

from jialiang.functions.deed import permit
from jialiang.kernel.clock import utc_now
from jialiang.security.actor import Actor
from jialiang.security.policy import NotOwnOrganization, limit

Done = TypeVar("Done")


def acting(request: HttpRequest) -> Actor:
    """Return who acts; the door has asked for it already."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    if not isinstance(actor, Actor):
        raise TypeError("an address without authentication has no actor")
    return actor


def done(request: HttpRequest, verb: Callable[..., Done], **given: Any) -> Done:
    """Do a verb now, in the name of who asks, and return what it returns; raises what the verb raises."""
    return verb(actor=acting(request), now=utc_now(), **given)


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
