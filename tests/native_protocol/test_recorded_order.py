"""The order that a client in use went through, replayed and gone through anew, over TCP and UDP, IPv4 and IPv6."""

from __future__ import annotations

import json
import struct
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.native_protocol.client import (
    RETURN_DIGEST,
    Client,
    Value,
    block,
    content,
    numbers,
    record_body,
    signed_by,
    stretched_from,
)
from tests.native_protocol.node import Node

from jialiang.functions import handle_identities, identifiers
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.security.audit.models import AuditRecord

WAYS = [("tcp", "127.0.0.1"), ("udp", "127.0.0.1"), ("tcp", "::1"), ("udp", "::1")]
NAME, CHINESE = "88.101.5/ins-0000001", "88.101.5/压力表-№7"
ADMIN = "88.101.5/admin"
VALUES = [
    Value(1, "URL", b"https://example.org/i/1"),
    Value(2, "EMAIL", b"lab@example.org"),
    Value(2000, "serialNumber", b"SN-0001"),
]
RESOLVE, SITE, CREATE, DELETE, ADD, REMOVE, MODIFY, LIST = 1, 2, 100, 101, 102, 103, 104, 105


def _client(node: Node, transport: str = "tcp", host: str = "127.0.0.1", **more: int) -> Client:
    return Client(host, node.running.port(host), transport, **more)


@pytest.mark.parametrize(("transport", "host"), WAYS)
def test_the_whole_order(node: Node, key: rsa.RSAPrivateKey, transport: str, host: str):
    with _client(node, transport, host) as client:
        assert client.ask(SITE, block("/"), 0x19000000).code == 1
        assert client.ask(CREATE, record_body(NAME, VALUES)).code == 408
        response = client.log_in(ADMIN, 300, key)
        assert (response.op, response.code, response.body) == (2001, 1, b"")
        created = client.ask(CREATE, record_body(NAME, VALUES))
        assert (created.code, created.body) == (1, block(NAME))
        assert client.ask(CREATE, record_body(NAME, VALUES)).code == 101
        chinese = [
            Value(1, "URL", "https://example.org/中文".encode()),
            Value(3, "DESC", "数字压力表 0~60 MPa".encode()),
        ]
        assert client.ask(CREATE, record_body(CHINESE, chinese)).body == block(CHINESE)
        assert [value.data for value in client.resolve(NAME).record()[1]] == [value.data for value in VALUES]
        assert [value.data for value in client.resolve(CHINESE).record()[1]] == [
            value.data for value in chinese
        ]
        assert [value.index for value in client.resolve(NAME, types=("EMAIL",)).record()[1]] == [2]
        assert [value.index for value in client.resolve(NAME, (2000,), ("URL",)).record()[1]] == [1, 2000]
        assert client.resolve(NAME, types=("NOPE",)).code == 200
        assert client.resolve("88.101.5/none").code == 100
        more = [Value(6, "URL", b"https://six.example"), Value(7, "URL", b"https://seven.example")]
        assert client.ask(ADD, record_body(NAME, more)).code == 1
        assert client.ask(ADD, record_body(NAME, more)).code == 201
        assert client.ask(MODIFY, record_body(NAME, [Value(6, "EMAIL", b"six@example.org")])).code == 1
        assert client.resolve(NAME, (6,)).record()[1][0].data == b"six@example.org"
        assert client.ask(REMOVE, block(NAME) + numbers((6, 7))).code == 1
        assert client.ask(REMOVE, block(NAME) + numbers((6,))).code == 200
        assert [value.index for value in client.resolve(NAME).record()[1]] == [1, 2, 2000]
        assert client.ask(DELETE, block(NAME)).code == 1
        assert client.resolve(NAME).code == 100
        assert client.ask(CREATE, record_body(NAME, VALUES)).code == 101, "no name is given twice"
        assert client.ask(401).code == 1
        assert client.ask(CREATE, record_body("88.101.5/other", VALUES)).code == 408


def test_the_recorded_requests_replayed_with_a_new_expiry(node: Node, key: rsa.RSAPrivateKey, oracles: Path):
    file = oracles / "identifiers" / "native_wire_caict_idsdk.json"
    pairs = json.loads(file.read_text(encoding="utf-8"))["messages"]
    challenge = sent = None
    with _client(node) as client:
        for pair in pairs:
            data = bytearray.fromhex(pair["request_hex"])
            struct.pack_into(">I", data, 36, int(time.time()) + 43200)
            if pair["seq"] == 18:  # the recording lacks the removal before it
                assert client.ask(REMOVE, block(NAME) + numbers((6, 7))).code == 1
            if pair["op"] == "response_to_challenge":  # signed anew: other chance, another key
                response = client.answer_challenge(challenge, sent, ADMIN, 300, signed_by(key))
            else:
                sent = bytes(data[20:])
                client.socket.sendall(data)
                response = client.read()
                assert response.request == struct.unpack_from(">I", data, 8)[0]
            challenge = response
            assert response.code == pair["expectedResponseCode"], pair["seq"]
            recorded = bytes.fromhex(pair["response_hex"])
            assert response.op == struct.unpack_from(">I", recorded, 20)[0]
            if pair["op"] == "resolve" and response.code == 1:
                _same_values(response.body, recorded[44:-4])
            elif pair["op"] == "create" and response.code == 1:
                assert response.body == recorded[44:-4]


def _same_values(ours: bytes, recorded: bytes) -> None:
    """The server keeps the moment of a value itself; all the rest is as recorded."""
    from tests.native_protocol.client import Reader

    def told(body: bytes) -> list[tuple[object, ...]]:
        reader = Reader(body)
        name, values = reader.text(), [reader.value() for _ in range(reader.number())]
        return [
            name,
            *(
                (v.index, v.type, v.data, v.ttl_kind, v.ttl, v.permissions, tuple(v.references))
                for v in values
            ),
        ]

    assert told(ours) == told(recorded)


def test_what_was_done_is_on_record_under_the_identity(node: Node, key: rsa.RSAPrivateKey):
    with _client(node) as client:
        client.log_in(ADMIN, 300, key)
        client.ask(CREATE, record_body(NAME, VALUES))
        client.ask(DELETE, block(NAME))
    deeds = AuditRecord.objects.filter(action__startswith="identifier.").order_by("id")
    assert [deed.action for deed in deeds] == ["identifier.register", "identifier.retire"]
    assert OutboxEvent.objects.filter(name="identifier.registered").count() == 1
    stored = identifiers.resolve_identifier(
        actor=handle_identities.actor_by_key("300:88.101.5/admin", node.world.now),
        name=NAME,
        now=node.world.now,
    )
    assert stored.organization_id == node.world.dairy_id


@pytest.mark.parametrize(("transport", "host"), WAYS[:2])
def test_a_secret_logs_in_as_well(node: Node, transport: str, host: str):
    with _client(node, transport, host) as client:
        asked = content(2001, block(ADMIN) + struct.pack(">I", 301), RETURN_DIGEST)
        prove = stretched_from(node.secret.encode())
        assert client.answer_challenge(client.exchange(asked), asked, ADMIN, 301, prove).code == 1
        assert client.ask(CREATE, record_body(NAME, VALUES)).code == 1


def test_a_client_of_the_wide_world_is_challenged_for_the_request_itself(node: Node, key: rsa.RSAPrivateKey):
    with _client(node, minor=10) as client:
        asked = content(CREATE, record_body(NAME, VALUES))
        response = client.answer_challenge(client.exchange(asked), asked, ADMIN, 300, signed_by(key))
        assert (response.op, response.code, response.body) == (CREATE, 1, block(NAME))
        assert client.resolve(NAME).code == 1
        assert client.exchange(content(DELETE, block(NAME))).code == 402, "one answer is good for one request"


class TestRefusals:
    """Who may not, and how it is told."""

    def test_another_key_does_not_log_in(self, node: Node):
        with _client(node) as client:
            other = rsa.generate_private_key(65537, 2048)
            assert client.log_in(ADMIN, 300, other).code == 403
            assert client.ask(CREATE, record_body(NAME, VALUES)).code == 408

    def test_somebody_unknown_is_refused_like_somebody_with_a_wrong_key(
        self, node: Node, key: rsa.RSAPrivateKey
    ):
        with _client(node) as client:
            unknown = client.log_in("88.101.5/nobody", 300, key)
            wrong = client.log_in(ADMIN, 300, rsa.generate_private_key(65537, 2048))
            assert (unknown.code, unknown.text) == (wrong.code, wrong.text)

    def test_a_wrong_secret_does_not_log_in(self, node: Node):
        with _client(node) as client:
            asked = content(2001, block(ADMIN) + struct.pack(">I", 301), RETURN_DIGEST)
            answer = client.answer_challenge(
                client.exchange(asked), asked, ADMIN, 301, stretched_from(b"wrong")
            )
            assert answer.code == 403

    def test_a_login_is_of_the_identity_that_was_challenged(self, node: Node, key: rsa.RSAPrivateKey):
        with _client(node) as client:
            asked = content(2001, block("88.101.5/other") + struct.pack(">I", 300), RETURN_DIGEST)
            assert (
                client.answer_challenge(client.exchange(asked), asked, ADMIN, 300, signed_by(key)).code == 403
            )

    def test_a_challenge_is_answered_once(self, node: Node, key: rsa.RSAPrivateKey):
        with _client(node) as client:
            client.log_in(ADMIN, 300, key)
            body = block("HS_PUBKEY") + block(ADMIN) + struct.pack(">I", 300) + block(b"")
            assert client.ask(200, body).code == 403

    def test_a_login_holds_for_its_connection_alone(self, node: Node, key: rsa.RSAPrivateKey):
        with _client(node) as client, _client(node) as other:
            assert client.log_in(ADMIN, 300, key).code == 1
            other.session = client.session
            assert other.ask(CREATE, record_body(NAME, VALUES)).code == 408

    def test_a_session_over_datagrams_is_not_guessed_from_zero(self, node: Node, key: rsa.RSAPrivateKey):
        with _client(node, "udp") as client:
            assert client.log_in(ADMIN, 300, key).code == 1
            assert client.session > 0
            assert client.ask(CREATE, record_body(NAME, VALUES), session=0).code == 408
            assert client.ask(CREATE, record_body(NAME, VALUES), session=client.session ^ 1).code == 408
            assert client.ask(CREATE, record_body(NAME, VALUES)).code == 1

    def test_nobody_writes_under_the_prefix_of_another(self, node: Node, key: rsa.RSAPrivateKey):
        from tests.functions.prefix_verbs import add_prefix

        add_prefix(node.world, "88.101.77", node.world.mill_id)
        with _client(node) as client:
            client.log_in(ADMIN, 300, key)
            assert client.ask(CREATE, record_body("88.101.77/x", VALUES)).code == 401
            assert client.ask(CREATE, record_body("99.9/x", VALUES)).code == 401
            assert client.ask(CREATE, record_body("no-slash", VALUES)).code == 102
            assert client.ask(MODIFY, record_body("88.101.5/none", VALUES)).code == 100
            assert client.ask(LIST, block("0.NA/88.101.77")).code == 401
            assert client.ask(301, block("0.NA/88.101.5")).code == 401, "the operator alone suspends a prefix"

    def test_an_identity_that_was_revoked_does_nothing_more(self, node: Node, key: rsa.RSAPrivateKey):
        from tests.functions.prefix_verbs import operator

        from jialiang.base.handle_identities.selectors import handle_identities as listed

        with _client(node) as client:
            client.log_in(ADMIN, 300, key)
            (row,) = [row for row in listed() if row.text == "300:88.101.5/admin"]
            handle_identities.revoke(
                actor=operator(node.world), identity_id=row.pk, reason="r", now=node.world.now
            )
            assert client.ask(CREATE, record_body(NAME, VALUES)).code == 403


class TestRights:
    """What a logged-in identity reads and lists."""

    def test_values_that_are_not_public_are_read_by_who_may(self, node: Node, key: rsa.RSAPrivateKey):
        hidden = Value(300, "HS_SECKEY", b"seven bronze measures", permissions=12)
        with _client(node) as client, _client(node) as stranger:
            client.log_in(ADMIN, 300, key)
            assert client.ask(CREATE, record_body(NAME, [*VALUES, hidden])).code == 1
            assert [value.index for value in client.resolve(NAME).record()[1]] == [1, 2, 300, 2000]
            assert [value.index for value in client.resolve(NAME, flags=0x01000000).record()[1]] == [
                1,
                2,
                2000,
            ]
            assert [value.index for value in stranger.resolve(NAME).record()[1]] == [1, 2, 2000]
            assert stranger.resolve(NAME, (300,)).code == 200

    def test_names_and_prefixes_are_listed(self, node: Node, key: rsa.RSAPrivateKey):
        with _client(node) as client:
            client.log_in(ADMIN, 300, key)
            for name in (NAME, CHINESE):
                client.ask(CREATE, record_body(name, VALUES))
            listed = client.ask(LIST, block("0.NA/88.101.5"))
            assert listed.code == 1
            assert set(_names(listed.body)) == {NAME, CHINESE}
            assert _names(client.ask(302, block("0.NA/88")).body) == ["0.NA/88.101.5"]

    def test_a_prefix_that_is_kept_here_is_homed_already(self, node: Node, key: rsa.RSAPrivateKey):
        with _client(node) as client:
            client.log_in(ADMIN, 300, key)
            assert client.ask(300, block("0.NA/88.101.5")).code == 1
            assert client.ask(300, block("0.NA/88.999")).code == 100

    def test_overwriting_is_said(self, node: Node, key: rsa.RSAPrivateKey):
        with _client(node) as client:
            client.log_in(ADMIN, 300, key)
            client.ask(CREATE, record_body(NAME, VALUES))
            assert client.ask(CREATE, record_body(NAME, VALUES[:1]), 0x00400000).code == 1
            assert [value.index for value in client.resolve(NAME).record()[1]] == [1]

    def test_another_server_learns_whether_a_secret_is_right(self, node: Node):
        nonce, digest = bytes(range(16)), bytes(20)
        _, proof = stretched_from(node.secret.encode())(nonce + digest)
        with _client(node) as client:
            asked = block(ADMIN) + struct.pack(">I", 301) + block(nonce) + block(digest)
            assert client.ask(201, asked + block(proof)).body == b"\1"
            assert client.ask(201, asked + block(proof[:-1] + b"x")).body == b"\0"


def _names(body: bytes) -> list[str]:
    from tests.native_protocol.client import Reader

    reader = Reader(body)
    return [reader.text() for _ in range(reader.number())]
