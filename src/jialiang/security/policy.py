"""Who may do which verb on what: one action, one permission of the same name, read from ``data/permissions.json``.

A role may do an action on ``any`` thing of its institute, or only on those of the actor's ``own`` organization.
What a thing belongs to is read from the first of :data:`OWNERSHIP` that it has; a thing that does not exist yet is
stood for by :class:`OwnedBy`. Where the ownership of a thing cannot be told, the answer is no; without a thing only
the right to the action as such is examined.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from uuid import UUID

from jialiang.kernel.errors import NotAllowed
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.vocabulary.roles import role_name

OWNERSHIP = ("customer_organization_id", "owner_organization_id", "organization_id")
ANY = "any"


class NotAuthorized(NotAllowed):
    """None of the actor's roles may do this; the error names the action and who may."""

    code = "JL-POL-001"


class NotOwnOrganization(NotAllowed):
    """The actor may do this for the own organization only, and the thing is another's."""

    code = "JL-POL-002"


class AnotherInstitute(NotAllowed):
    """The thing belongs to another institute than the actor."""

    code = "JL-POL-003"


class UnknownAction(KeyError):
    """An action that is not in the matrix: a fault of the program."""


@dataclass(frozen=True, slots=True)
class OwnedBy:
    """Stands for a thing that is about to be made, or for all things, of one organization."""

    organization_id: UUID | None


@cache
def matrix() -> Mapping[str, Mapping[str, str]]:
    """Return the whole matrix: action → role → ``any`` or ``own``."""
    file = resources.files("jialiang.security") / "data" / "permissions.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    return MappingProxyType({action: MappingProxyType(row) for action, row in data.items()})


def roles_for(action: str) -> frozenset[str]:
    """Return the roles that may do an action (some of them on things of the own organization only)."""
    return frozenset(_row(action))


def allowed(actor: Actor, action: str) -> bool:
    """Tell whether the actor may do the action at all: on any thing or on those of the own organization."""
    return not actor.roles.isdisjoint(_row(action))


def require(actor: Actor, action: str, thing: object | None = None) -> None:
    """Let the action pass, or raise :class:`NotAuthorized`, :class:`NotOwnOrganization`, :class:`AnotherInstitute`."""
    row = _row(action)
    held = {row[role] for role in actor.roles if role in row}
    if not held:
        raise NotAuthorized(action=action, actor=actor.name, who=_who(row))
    if getattr(thing, "tenant_id", actor.tenant_id) != actor.tenant_id:
        raise AnotherInstitute(action=action, actor=actor.name)
    if thing is not None and ANY not in held and not _is_own(actor, thing):
        raise NotOwnOrganization(action=action, actor=actor.name)


def limit(actor: Actor, action: str) -> OwnedBy | None:
    """Return what the actor's lists are narrowed to: None for all things, else those of one organization.

    Raises :class:`NotAuthorized` when the actor may not do the action at all.
    """
    row = _row(action)
    held = {row[role] for role in actor.roles if role in row}
    if not held:
        raise NotAuthorized(action=action, actor=actor.name, who=_who(row))
    return None if ANY in held else OwnedBy(actor.organization_id)


def _row(action: str) -> Mapping[str, str]:
    try:
        return matrix()[action]
    except KeyError:
        raise UnknownAction(action) from None


def _is_own(actor: Actor, thing: object) -> bool:
    owners = (getattr(thing, attribute) for attribute in OWNERSHIP if hasattr(thing, attribute))
    owner = next(owners, None)
    return owner is not None and owner == actor.organization_id


def _who(row: Mapping[str, str]) -> Text:
    names = [role_name(role) for role in row if role != "system"]
    return Text(
        zh="、".join(n.zh for n in names) or "系统", en=", ".join(n.en for n in names) or "the system"
    )
