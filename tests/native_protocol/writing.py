"""What tests of writing over the native protocol share: short words for requests, and what is done by other doors."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.functions.prefix_verbs import add_prefix, operator
from tests.native_protocol.client import Client, Response, Value, block, numbers, record_body
from tests.native_protocol.node import Node

from jialiang.base.identifiers import selectors
from jialiang.base.prefixes.selectors import prefix_of
from jialiang.functions import handle_identities, identifiers, prefixes
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.kernel.clock import utc_now
from jialiang.security.audit.models import AuditRecord

PREFIX, ADMIN = "88.101.5", "88.101.5/admin"
MILL, MILL_ADMIN = "88.101.77", "88.101.77/admin"
CREATE, DELETE, ADD, REMOVE, MODIFY, LIST = 100, 101, 102, 103, 104, 105
OVERWRITE, PUBLIC_ONLY = 0x00400000, 0x01000000
OK, ERROR, BROKEN, UNKNOWN, THERE, BAD_NAME = 1, 2, 4, 100, 101, 102
NO_VALUES, INDEX_TAKEN, BAD_VALUE, NOT_HERE = 200, 201, 202, 301
NO_RIGHT, NOT_AUTHENTIC, NOT_LOGGED_IN, FULL = 401, 403, 408, 605
SECONDS = 5.0


def connected(node: Node, transport: str = "tcp") -> Client:
    """A client that nobody knows."""
    return Client("127.0.0.1", node.running.port("127.0.0.1"), transport)


@contextmanager
def logged_in(node: Node, key: rsa.RSAPrivateKey, identity: str = ADMIN) -> Iterator[Client]:
    """A client that has logged in as ``300:identity``."""
    with connected(node) as client:
        assert client.log_in(identity, 300, key).code == OK
        yield client


def add_mill(node: Node, key: rsa.RSAPrivateKey) -> None:
    """Another customer with a prefix and an identity of its own, by the same key."""
    add_prefix(node.world, MILL, node.world.mill_id)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    handle_identities.add_key(
        identity=f"300:{MILL_ADMIN}", public_key=public, actor=operator(node.world),
        organization_id=node.world.mill_id, now=node.world.now,
    )  # fmt: skip


def create(client: Client, name: str, *values: Value, flags: int = 0) -> Response:
    """Create a record."""
    return client.ask(CREATE, record_body(name, list(values)), flags)


def add(client: Client, name: str, *values: Value, flags: int = 0) -> Response:
    """Add values."""
    return client.ask(ADD, record_body(name, list(values)), flags)


def modify(client: Client, name: str, *values: Value) -> Response:
    """Change values."""
    return client.ask(MODIFY, record_body(name, list(values)))


def remove(client: Client, name: str, *indexes: int) -> Response:
    """Remove values."""
    return client.ask(REMOVE, block(name) + numbers(indexes))


def delete(client: Client, name: str) -> Response:
    """Delete a record, which retires it."""
    return client.ask(DELETE, block(name))


def read(client: Client, name: str, *indexes: int, flags: int = 0) -> dict[int, bytes]:
    """Data by their indexes; nothing where the values are not to be had."""
    response = client.resolve(name, indexes, flags=flags)
    assert response.code in (OK, NO_VALUES)
    return {value.index: value.data for value in response.record()[1]} if response.code == OK else {}


def eventually(client: Client, name: str, code: int) -> Response:
    """Resolve until the answer has a code: what another door has done reaches the server in a moment."""
    until = time.monotonic() + SECONDS
    while (response := client.resolve(name)).code != code:
        assert time.monotonic() < until, response
    return response


def kept(name: str) -> dict[int, bytes]:
    """What the database holds of a record: data by their indexes."""
    return {value.index: value.data for value in selectors.record(name).record.values}


def told(response: Response, code: int, error: str, *words: str) -> None:
    """The response has this code; its words are for people: number of the error, both languages, what is meant."""
    assert response.code == code, response
    assert response.text.startswith(error), response.text
    assert any("一" <= letter <= "鿿" for letter in response.text), response.text
    assert [word for word in words if word not in response.text] == [], response.text


@contextmanager
def nothing_recorded() -> Iterator[None]:
    """No verb leaves an audit record or an event of identifiers."""

    def rows() -> tuple[int, int]:
        deeds = AuditRecord.objects.filter(action__startswith="identifier.")
        return deeds.count(), OutboxEvent.objects.filter(name__startswith="identifier.").count()

    before = rows()
    yield
    assert rows() == before


def suspend(node: Node, name: str) -> None:
    """The operator stops a record."""
    identifiers.suspend(actor=operator(node.world), name=name, reason="召回", now=utc_now())


def resume(node: Node, name: str) -> None:
    """The operator lets it go on."""
    identifiers.resume(actor=operator(node.world), name=name, now=utc_now())


def suspend_prefix(node: Node, text: str = PREFIX) -> None:
    """The operator stops a prefix."""
    prefixes.suspend(actor=operator(node.world), prefix_id=prefix_of(text).pk, reason="欠费", now=utc_now())


def resume_prefix(node: Node, text: str = PREFIX) -> None:
    """The operator lets it go on."""
    prefixes.resume(actor=operator(node.world), prefix_id=prefix_of(text).pk, now=utc_now())


def set_quota(node: Node, quota: int | None, text: str = PREFIX) -> None:
    """The operator sets how many names there may be."""
    actor = operator(node.world)
    prefixes.set_quota(actor=actor, prefix_id=prefix_of(text).pk, quota=quota, now=utc_now())
