"""Who acts: one frozen value that a door builds and every verb is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from jialiang.kernel.text import Text

Door = Literal["console", "api", "cli", "worker", "public"]
SYSTEM_ROLE = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the system, then ``person_id`` is None) with the roles held on the day, and the door used.

    ``organization_id`` is the customer's organization that the person belongs to, None for the institute's own.
    """

    person_id: UUID | None
    tenant_id: UUID
    name: Text
    roles: frozenset[str]
    organization_id: UUID | None
    door: Door

    def holds(self, role: str) -> bool:
        """Tell whether the actor holds a role."""
        return role in self.roles

    @property
    def is_system(self) -> bool:
        """Tell whether no person acts, but the program itself."""
        return self.person_id is None and SYSTEM_ROLE in self.roles


def system_actor(tenant_id: UUID, name: Text, door: Door) -> Actor:
    """Return the actor that stands for the program itself (the worker, the command line) in an institute."""
    return Actor(None, tenant_id, name, frozenset({SYSTEM_ROLE}), None, door)
