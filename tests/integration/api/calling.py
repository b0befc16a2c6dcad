"""Programs that call the REST door, and the institute that they work for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.test import Client
from tests.functions import record_world
from tests.functions.record_world import World

from jialiang.kernel.text import Text
from jialiang.security.accounts.selectors import actor_of
from jialiang.security.accounts.services import create_person, grant_role
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import scope
from jialiang.security.tokens.services import create_token

FURTHER_ROLES = (
    "system_administrator",
    "auditor",
    "instrument_manager",
    "identifier_operator",
    "quality_manager",
)
ROOT = "/api/v1"


def founded(tenant: Tenant, now: datetime, *, mark: str = "", short_code: str = "YZ") -> World:
    """Found the world of the main job with everybody that the door knows, today."""
    world = record_world.build_world(
        tenant, now, short_code=short_code, mark=mark, valid_until=now.date() + timedelta(days=200)
    )
    with scope(tenant.id):
        for role in FURTHER_ROLES:
            world.people[role] = add_person(world, role, mark, now)
        world.people["customer"] = add_person(world, "customer", mark, now, organization_id=world.customer_id)
    return world


def add_person(world: World, role: str, mark: str, now: datetime, organization_id: Any = None) -> Any:
    """Add somebody with one role."""
    person = create_person(
        tenant_id=world.tenant.id,
        username=f"{role.replace('_', '-')}{mark.lower()}",
        password=record_world.PASSWORD,
        name=Text("某人", role.title()),
        organization_id=organization_id,
        now=now,
    )
    grant_role(person_id=person.id, role=role, valid_from=date(2026, 1, 1), granted_by_id=None, now=now)
    return actor_of(person.id, now.date(), "console")


@dataclass
class Caller:
    """A program: sends JSON with its token, and tells what came back."""

    client: Client
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, world: World, role: str, **token: Any) -> Caller:
        """The program of the person of ``world`` who holds a role."""
        with scope(world.tenant.id):
            _, text = create_token(
                actor=world.people[role], name="test", days=token.pop("days", 30), now=world.now, **token
            )
        return cls(Client(), {"Authorization": f"Bearer {text}"})

    def get(self, path: str, *, headers: dict[str, str] | None = None, **query: Any) -> Any:
        return self.client.get(ROOT + path, query, headers=self.headers | (headers or {}))

    def post(self, path: str, body: Any = None, *, headers: dict[str, str] | None = None) -> Any:
        return self._send(self.client.post, path, body, headers)

    def patch(self, path: str, body: Any, *, headers: dict[str, str] | None = None) -> Any:
        return self._send(self.client.patch, path, body, headers)

    def delete(self, path: str) -> Any:
        return self.client.delete(ROOT + path, headers=self.headers)

    def upload(self, path: str, **parts: Any) -> Any:
        return self.client.post(ROOT + path, parts, headers=self.headers)

    def done(self, path: str, body: Any = None, status: int = 200) -> Any:
        """POST, and insist on the status; return what came back as JSON."""
        response = self.post(path, {} if body is None else body)
        assert response.status_code == status, (response.status_code, response.content.decode())
        return response.json()

    def read(self, path: str, **query: Any) -> Any:
        """GET, and insist on 200; return what came back as JSON."""
        response = self.get(path, **query)
        assert response.status_code == 200, (response.status_code, response.content.decode())
        return response.json()

    def _send(self, method: Any, path: str, body: Any, headers: dict[str, str] | None) -> Any:
        more = self.headers | (headers or {})
        if body is None:
            return method(ROOT + path, headers=more)
        return method(ROOT + path, body, content_type="application/json", headers=more)


def stranger() -> Caller:
    """Somebody without token or session."""
    return Caller(Client())
