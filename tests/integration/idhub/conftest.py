"""What the tests of this door share: a dairy with prefix, key pair and published template, and a program that asks."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from django.core.cache import cache
from django.test import Client
from tests.functions.prefix_verbs import add_prefix, customer
from tests.ledger import World, build_world

from jialiang.base.handle_identities.public_keys import pem_of
from jialiang.base.identifier_templates.facts import TemplateFacts
from jialiang.formats.identifier_templates.items import TemplateItem
from jialiang.functions import handle_identities, identifier_templates
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.vocabulary.statuses import ItemReaders, TemplateDataType

HANDLE = "88.101.5/app"
TEMPLATE = "88.101.5/META_dairy"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
DOIP = "/api/v1/doip"


def signed(nonce: str, key: rsa.RSAPrivateKey = KEY) -> str:
    """Sign a nonce as the guide of the interface shows it."""
    return b64encode(key.sign(nonce.encode(), padding.PKCS1v15(), SHA256())).decode()


@dataclass
class Program:
    """A program of the dairy: its identity, its token, and how it asks."""

    handle: str = HANDLE
    token: str = ""
    http: Client = field(default_factory=Client)

    def ask(self, method: str, path: str, body: Any = None, **query: str) -> dict[str, Any]:
        """Return the envelope of an answer."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        address = f"{path}?{urlencode(query)}" if query else path
        answer = self.http.generic(method, address, data, content_type="application/json", headers=headers)
        assert answer.status_code == 200, answer.content[:300]
        assert answer["Cache-Control"] == "no-store"
        envelope: dict[str, Any] = json.loads(answer.content)
        assert set(envelope) <= {"code", "message", "data"}
        return envelope

    def operate(
        self, operation: str, target: str, content: dict[str, Any] | None = None, kind: str = TEMPLATE
    ) -> dict[str, Any]:
        """Return the envelope of an operation on an object."""
        query = {"targetId": target, "operationId": operation}
        if operation.endswith("Retrieve"):
            return self.ask("GET", DOIP, **query)
        body = None if content is None else {"type": kind, "attributes": {"content": content}}
        return self.ask("POST", DOIP, body, **query)

    def nonce(self) -> str:
        """Return a challenge."""
        return str(self.ask("GET", f"{DOIP}/public/challenge", handle=self.handle)["data"])

    def answered(self, signature: str) -> dict[str, Any]:
        """Return the envelope of the answer to a challenge."""
        body = {"handle": self.handle, "signature": signature}
        return self.ask("POST", f"{DOIP}/public/verify-response", body)


def items() -> list[TemplateItem]:
    """Return a name, a number that is required, and a cost that only the holder reads."""
    return [
        TemplateItem(index=2000, type="name", name=Text("名称", "Name"), maximum_length=40),
        TemplateItem(
            index=2001,
            type="range",
            name=Text("量程", "Range"),
            data_type=TemplateDataType.NUMBER,
            required=True,
        ),
        TemplateItem(index=2002, type="cost", name=Text("成本", "Cost"), readers=ItemReaders.HOLDER),
    ]


@pytest.fixture
def world(in_tenant: Any) -> World:
    """The institute's ledgers, with the dairy's prefix, its identity with a key pair, and its published template."""
    cache.clear()
    world = build_world(in_tenant.id, utc_now())
    add_prefix(world, "88.101.5")
    dairy = customer(world)
    handle_identities.add_key(
        actor=dairy,
        identity=f"301:{HANDLE}",
        organization_id=world.dairy_id,
        public_key=pem_of(KEY.public_key()),
        now=utc_now(),
    )
    facts = TemplateFacts(prefix="88.101.5", code="META_dairy", name=Text("乳品温度计", "Dairy thermometer"))
    template = identifier_templates.create(actor=dairy, facts=facts, items=items(), now=utc_now())
    identifier_templates.publish(actor=dairy, template_id=template.id, now=utc_now())
    return world


@pytest.fixture
def stranger(world: World) -> Iterator[Program]:
    """A program without a token."""
    with scope(world.tenant_id):
        yield Program()


@pytest.fixture
def program(stranger: Program) -> Program:
    """The dairy's program with its token."""
    envelope = stranger.answered(signed(stranger.nonce()))
    assert envelope["code"] == 1
    stranger.token = envelope["data"]["token"]
    return stranger
