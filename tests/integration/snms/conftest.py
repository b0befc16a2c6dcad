"""What the tests of this door share: a dairy with a prefix and an identity, and a client that speaks the envelope."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from tests.functions.prefix_verbs import add_prefix, customer
from tests.ledger import World, build_world

from jialiang.functions import handle_identities
from jialiang.kernel.clock import utc_now
from jialiang.security.tenancy.scope import scope

IDENTITY = "300:88.101.5/app"


@dataclass
class Business:
    """A business system: its identity, its secret, and how it asks."""

    secret: str
    identity: str = IDENTITY
    http: Client = field(default_factory=Client)
    token: str = ""

    def ask(self, method: str, path: str, body: Any = None, **query: str) -> dict[str, Any]:
        """Return the envelope of an answer."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if method == "GET":
            answer = self.http.get(path, query, headers=headers)
        else:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            answer = self.http.generic(method, path, data, content_type="application/json", headers=headers)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/json"
        assert answer["Cache-Control"] == "no-store"
        envelope = json.loads(answer.content)
        assert set(envelope) == {"message", "status", "data"}
        return envelope

    def log_in(self) -> Business:
        """Get a token by the secret."""
        envelope = self.ask("POST", "/identity/token", {"username": self.identity, "password": self.secret})
        assert (envelope["status"], envelope["message"]) == (1, "success")
        self.token = envelope["data"]["token"]
        return self


@pytest.fixture
def world(in_tenant: Any) -> World:
    """The institute's ledgers, with the dairy's prefix 88.101.5 and the mill's 88.101.6."""
    world = build_world(in_tenant.id, utc_now())
    add_prefix(world, "88.101.5")
    return world


@pytest.fixture
def stranger(world: World) -> Iterator[Business]:
    """The dairy's system before it has logged in."""
    cache.clear()
    with scope(world.tenant_id):
        made = handle_identities.add_secret(
            actor=customer(world), identity=IDENTITY, organization_id=world.dairy_id, now=utc_now()
        )
    yield Business(made.secret)


@pytest.fixture
def business(stranger: Business) -> Business:
    """The dairy's system with its token."""
    return stranger.log_in()


def a_record(name: str = "001", *texts: str, prefix: str = "88.101.5", version: str = "1.0") -> dict[str, Any]:
    """Return a record as it is sent, its values under 2000 and following."""
    values = [
        {"data": {"format": "string", "value": text}, "auth": "", "index": 2000 + i, "type": f"item{i}"}
        for i, text in enumerate(texts or ("小型机械01",))
    ]
    return {"handle": f"{prefix}/{name}", "templateVersion": version, "value": values}
