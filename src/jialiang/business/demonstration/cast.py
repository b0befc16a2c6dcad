"""The people of an institute of the demonstration, each with the roles that they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from jialiang.business.demonstration.data import PASSWORD, text, world
from jialiang.functions import people
from jialiang.kernel.clock import local_date
from jialiang.security.accounts.selectors import actor_of
from jialiang.security.actor import Actor, Door

DOOR: Door = "cli"


@dataclass(frozen=True, slots=True)
class Institute:
    """An institute with its people: sign-in name → person."""

    tenant_id: UUID
    people: Mapping[str, UUID]

    def actor(self, username: str, now: datetime) -> Actor:
        """Return somebody as an actor with the roles of that day."""
        return actor_of(self.people[username], local_date(now, "Asia/Shanghai"), DOOR)


def hire(administrator: Actor, key: str, now: datetime) -> Institute:
    """Add the people of institute ``key`` and give them their roles."""
    added = {entry["username"]: add_person(administrator, entry, now) for entry in world()["people"][key]}
    return Institute(administrator.tenant_id, added)


def add_person(
    administrator: Actor, entry: Mapping[str, Any], now: datetime, organization_id: UUID | None = None
) -> UUID:
    """Add one person with the roles of ``entry``; a customer's person belongs to ``organization_id``."""
    facts = people.PersonFacts(
        username=entry["username"],
        password=PASSWORD,
        name=text(entry["name"]),
        email=f"{entry['username']}@example.org",
        organization_id=organization_id,
    )
    person = people.add(actor=administrator, facts=facts, now=now)
    for role in entry["roles"]:
        people.grant_role(
            actor=administrator,
            person_id=person.id,
            role=role,
            valid_from=local_date(now, "Asia/Shanghai"),
            now=now,
        )
    return person.id
