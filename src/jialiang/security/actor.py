"""Who acts: one frozen value that a door builds and every verb is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from jialiang.kernel.text import Text

Door = Literal["console", "api", "cli", "worker", "public"]
SYSTEM_ROLE = "system"
IDENTITY_ROLE = "identity"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the system, then ``person_id`` is None) with the roles held on the day, and the door used.

    ``organization_id`` is the customer's organization that the person belongs to, None for the institute's own.
    ``identity`` is the text ``index:handle`` where no person acts but an identity of the Handle System; its role is
    :data:`IDENTITY_ROLE` and its organization the holder.
    """

    person_id: UUID | None
    tenant_id: UUID
    name: Text
    roles: frozenset[str]
    organization_id: UUID | None
    door: Door
    identity: str = ""

    def holds(self, role: str) -> bool:
        """Tell whether the actor holds a role."""
        return role in self.roles

    @property
    def is_system(self) -> bool:
        """Tell whether no person acts, but the program itself."""
        return self.person_id is None and SYSTEM_ROLE in self.roles


def identity_actor(tenant_id: UUID, organization_id: UUID, identity: str, door: Door) -> Actor:
    """Return the actor that an identity ``index:handle`` of an organization is, once it has shown its key."""
    shown, roles = Text(identity, identity), frozenset({IDENTITY_ROLE})
    return Actor(None, tenant_id, shown, roles, organization_id, door, identity)


def system_actor(tenant_id: UUID, name: Text, door: Door) -> Actor:
    """Return the actor that stands for the program itself (the worker, the command line) in an institute."""
    return Actor(None, tenant_id, name, frozenset({SYSTEM_ROLE}), None, door)
