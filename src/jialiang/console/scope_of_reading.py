"""How lists are narrowed: to everything of the institute, or to what belongs to the person's own organization."""

from __future__ import annotations

from uuid import UUID

from jialiang.security.actor import Actor
from jialiang.security.policy import NotAuthorized, NotOwnOrganization, limit, require

NOBODY = UUID(int=0)


def own_or_all(actor: Actor, action: str) -> UUID | None:
    """Return None for all things, else the organization that the list is narrowed to.

    A customer without an organization sees nothing. Raises NotAuthorized where the action is not for the person.
    """
    narrowed = limit(actor, action)
    return None if narrowed is None else narrowed.organization_id or NOBODY


def may(actor: Actor, action: str, thing: object | None = None) -> bool:
    """Tell whether a button for an action on a thing is shown; the verb decides anew."""
    try:
        require(actor, action, thing)
    except (NotAuthorized, NotOwnOrganization):
        return False
    return True
