"""Servers for the tests of the native protocol."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.functions.prefix_verbs import add_prefix, operator
from tests.ledger import build_world
from tests.native_protocol.node import Node, installation_reader, same_process_door
from tests.native_protocol.running import NAME, VALUES, Published, Running

from jialiang.functions import handle_identities
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant


@pytest.fixture
def published(tmp_path: Path) -> Iterator[Published]:
    """A table with one prefix and one record."""
    table = Published(tmp_path / "published.sqlite3")
    table.prefix("88.101.5")
    table.record(NAME, VALUES)
    yield table
    table.close()


@pytest.fixture
def running(published: Published) -> Iterator[Running]:
    """A read replica over that table, on IPv4 and IPv6."""
    with Running(published.path) as server:
        yield server


@pytest.fixture(scope="session")
def key() -> rsa.RSAPrivateKey:
    """The key of the identity 300:88.101.5/admin."""
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def node(transactional_db: None, key: rsa.RSAPrivateKey) -> Iterator[Node]:
    """An installation in which the dairy holds 88.101.5, with an identity by key and one by secret, and its server."""
    now = datetime.now(UTC).replace(microsecond=0)
    name = Text("嘉量示范计量院", "Jialiang Demonstration Institute of Metrology")
    tenant = create_tenant(slug="demo-institute", name=name, time_zone="Asia/Shanghai", now=now)
    with scope(tenant.id):
        world = build_world(tenant.id, now)
        add_prefix(world, "88.101.5")
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        members = {"actor": operator(world), "organization_id": world.dairy_id, "now": now}
        handle_identities.add_key(identity="300:88.101.5/admin", public_key=public, **members)
        secret = handle_identities.add_secret(identity="301:88.101.5/admin", **members).secret
        with Running(installation_reader, door=same_process_door) as running:
            yield Node(running, world, secret)
