"""Handle JSON where it needs a right: writes, authorised reads, sessions, certificates, and their response codes."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.core.cache import cache
from django.test import Client
from tests.functions.prefix_verbs import add_prefix, customer
from tests.ledger import World, build_world

from jialiang.base.handle_identities.public_keys import pem_of
from jialiang.base.identifiers.errors import IdentifierRetired, ValueTaken
from jialiang.base.identifiers.selectors import history
from jialiang.formats.handle.published import record_key
from jialiang.formats.handle.values import ResponseCode
from jialiang.functions import handle_identities, identifiers
from jialiang.governance.publication.selectors import answer as published
from jialiang.integration.handle_api.answers import AuthenticationNeeded, pair_of
from jialiang.integration.handle_api.asking import basic
from jialiang.integration.handle_api.sessions import parameters
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import Conflict, JialiangError, NotFound, TooMany, Unavailable
from jialiang.security.tenancy.scope import scope

IDENTITY, NAME = "300:88.101.5/app", "88.101.5/ins-7"
URL = {"index": 1, "type": "URL", "data": "https://lab.example.cn/7"}
EMAIL = {"index": 2, "type": "EMAIL", "data": {"format": "string", "value": "lab@example.cn"}}
SECRET_VALUE = {"index": 9, "type": "NOTE", "data": "internal", "permissions": "1100"}
RSA_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.derive_private_key(11, ec.SECP256R1())


@dataclass
class Door:
    """A client with credentials of its own."""

    secret: str
    identity: str = IDENTITY
    http: Client = field(default_factory=Client)

    def ask(
        self, method: str, path: str, body: Any = None, authorization: str | None = "basic", **headers: str
    ) -> tuple[int, Any]:
        if authorization == "basic":
            authorization = (
                "Basic " + b64encode(f"{quote(self.identity, safe='')}:{self.secret}".encode()).decode()
            )
        if authorization:
            headers["Authorization"] = authorization
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        answer = self.http.generic(method, path, data, content_type="application/json", headers=headers)
        assert answer.get("Access-Control-Allow-Origin") == "*" or path.startswith("/hrls")
        assert answer["Cache-Control"] == "no-store"
        return answer.status_code, json.loads(answer.content) if method != "HEAD" else None

    def handle(
        self, method: str, query: str = "", body: Any = None, name: str = NAME, **more: Any
    ) -> tuple[int, Any]:
        return self.ask(method, f"/api/handles/{name}{query}", body, **more)

    def codes(self, method: str, query: str = "", body: Any = None, name: str = NAME) -> tuple[int, int]:
        status, said = self.handle(method, query, body, name)
        return status, said["responseCode"]

    def indexes(self, query: str = "") -> list[int]:
        return [value["index"] for value in self.handle("GET", query)[1]["values"]]


@pytest.fixture
def world(in_tenant: Any) -> World:
    world = build_world(in_tenant.id, utc_now())
    add_prefix(world, "88.101.5")
    return world


@pytest.fixture
def door(world: World) -> Iterator[Door]:
    cache.clear()
    with scope(world.tenant_id):
        actor = customer(world)
        made = handle_identities.add_secret(
            actor=actor, identity=IDENTITY, organization_id=world.dairy_id, now=utc_now()
        )
        for index, key in ((301, RSA_KEY), (302, EC_KEY)):
            handle_identities.add_key(
                actor=actor, identity=f"{index}:88.101.5/app", organization_id=world.dairy_id,
                public_key=pem_of(key.public_key()), now=utc_now(),
            )  # fmt: skip
    yield Door(made.secret)


@pytest.fixture
def made(door: Door) -> Door:
    assert door.codes("PUT", "", [URL, EMAIL]) == (201, 1)
    return door


# --- writing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [[URL], {"values": [URL]}, URL])
def test_a_record_is_created_and_published_at_once(door: Door, body: Any) -> None:
    status, said = door.handle("PUT", "?overwrite=false", body)
    assert (status, said) == (201, {"responseCode": 1, "handle": NAME})
    row = published(record_key(NAME))
    assert row is not None
    assert json.loads(row.body)["values"][0]["data"]["value"] == "https://lab.example.cn/7"


def test_a_record_that_is_there_is_replaced_unless_that_is_forbidden(made: Door) -> None:
    assert made.codes("PUT", "?overwrite=false", [URL]) == (409, 101)
    assert made.indexes() == [1, 2]
    assert made.codes("PUT", "", [EMAIL]) == (200, 1)
    assert made.indexes() == [2]
    assert made.codes("POST", "", [URL]) == (409, 101)
    assert made.codes("POST", "?overwrite=true", [URL]) == (200, 1)


def test_single_values_are_put_in_place_of_their_own(made: Door) -> None:
    third = {"index": 3, "type": "NOTE", "data": "x"}
    assert made.codes("PUT", "?index=various", [third, {**URL, "data": "https://new.example"}]) == (200, 1)
    assert made.indexes() == [1, 2, 3]
    assert made.codes("PUT", "?index=2&overwrite=true", [{**EMAIL, "data": "b@example.cn"}]) == (200, 1)
    assert made.codes("PUT", "?index=various&overwrite=false", [third]) == (409, 201)
    assert made.codes("PUT", "?index=1", [EMAIL]) == (400, 2)
    assert made.codes("PUT", "?index=one", [EMAIL]) == (400, 2)
    assert made.codes("PUT", "?index=various", [URL], name="88.101.5/none") == (404, 100)


def test_values_are_removed_by_their_indexes(made: Door) -> None:
    assert made.codes("DELETE", "?index=2") == (200, 1)
    assert made.indexes() == [1]
    assert made.codes("DELETE", "?index=2") == (400, 200)


def test_a_deleted_record_is_gone_for_clients_and_only_its_owner_may_make_it_anew(
    made: Door, world: World
) -> None:
    assert made.codes("DELETE") == (200, 1)
    row = published(record_key(NAME))
    assert row is not None
    assert json.loads(row.body)["responseCode"] == 100
    assert made.codes("DELETE") == (404, 100)
    assert made.codes("PUT", "?overwrite=false", [EMAIL]) == (201, 1)
    assert made.indexes() == [2]
    with scope(world.tenant_id):
        assert [entry.action for entry in history(NAME)][-1] == "identifier.register"
        assert len(history(NAME)) >= 3


def test_a_record_suspended_for_a_cause_is_not_revived_by_a_client(made: Door, world: World) -> None:
    with scope(world.tenant_id):
        identifiers.suspend(
            actor=world.person("identifier_operator"), name=NAME, reason="recall", now=utc_now()
        )
    assert made.codes("PUT", "?overwrite=false", [URL]) == (409, 101)
    assert made.codes("PUT", "", [URL]) == (409, 2)


def test_a_retired_name_is_never_given_again(made: Door, world: World) -> None:
    with scope(world.tenant_id):
        identifiers.retire(actor=world.person("identifier_operator"), name=NAME, now=utc_now())
    assert made.codes("PUT", "", [URL]) == (409, 101)


def test_a_name_is_minted(door: Door) -> None:
    status, said = door.handle("PUT", "?mintNewSuffix=true", [URL], name="88.101.5/")
    assert status == 201
    assert said["handle"].startswith("88.101.5/")
    assert len(said["handle"]) > 20


@pytest.mark.parametrize(
    ("method", "name", "body", "expected"),
    [
        ("PUT", "no-slash", [URL], (400, 102)),
        ("DELETE", "no-slash", None, (400, 102)),
        ("GET", "no-slash", None, (400, 102)),
        ("PUT", NAME, [{"index": 1}], (400, 202)),
        ("PUT", NAME, b"{broken", (400, 202)),
        ("PUT", NAME, [{**URL, "index": 0}], (400, 202)),
        ("PUT", NAME, [URL, URL], (400, 202)),
        ("PUT", "10.1000/x", [URL], (403, 401)),
        ("DELETE", "88.101.5/none", None, (404, 100)),
        ("GET", "88.101.5/none", None, (404, 100)),
        ("PATCH", NAME, None, (400, 2)),
    ],
)
def test_what_is_refused_is_told_with_status_and_code(
    door: Door, method: str, name: str, body: Any, expected: tuple[int, int]
) -> None:
    assert door.codes(method, "", body, name) == expected


def test_a_refusal_says_what_and_the_way_out_in_both_languages(door: Door) -> None:
    _, said = door.handle("PUT", "", [{"index": 1}])
    assert said["message"]
    assert set(said["error"]["what"]) == set(said["error"]["way_out"]) == {"zh", "en"}
    assert "facts" not in said["error"]


def test_an_administrator_that_is_another_shuts_the_identity_out(made: Door) -> None:
    admin = {"handle": "88.101.5/other", "index": 300, "permissions": "011111110011"}
    value = {"index": 100, "type": "HS_ADMIN", "data": {"format": "admin", "value": admin}}
    assert made.codes("PUT", "", [URL, value]) == (200, 1)
    assert made.codes("PUT", "", [URL]) == (403, 401)
    assert made.codes("DELETE") == (403, 401)


# --- reading -------------------------------------------------------------------------------------------------


def test_an_identity_reads_what_is_not_public_and_strangers_do_not(made: Door) -> None:
    made.handle("PUT", "", [URL, SECRET_VALUE])
    assert made.indexes() == [1, 9]
    assert made.indexes("?publicOnly=true") == [1]
    assert made.indexes("?index=9") == [9]
    assert made.handle("GET", "?type=none")[1]["responseCode"] == 200
    status, said = made.handle("GET", "?auth=true", authorization=None)
    assert (status, [value["index"] for value in said["values"]]) == (200, [1])
    assert made.handle("GET", "?publicOnly=false", authorization=None)[0] == 401
    assert made.handle("HEAD", authorization=None)[0] == 200


def test_past_every_memory_a_stranger_still_gets_no_more_than_is_published(door: Door) -> None:
    assert door.handle("GET", "?auth=true", authorization=None, name="88.101.5/none")[0] == 404
    assert door.handle("GET", "?auth=true", authorization=None, name="10.1/x")[0] == 404
    assert door.handle("GET", "?index=x", authorization=None)[0] == 400


# --- who asks ------------------------------------------------------------------------------------------------


UNUSABLE = [
    None, "Basic", "Basic !!", "Basic " + b64encode(b"no colon").decode(), "Bearer x", "Handle", 'Handle sessionId="x"',
    'Handle clientCert="true"',
]  # fmt: skip


@pytest.mark.parametrize("authorization", UNUSABLE)
def test_without_usable_credentials_nothing_is_written(door: Door, authorization: str | None) -> None:
    status, said = door.handle("PUT", "", [URL], authorization=authorization)
    assert (status, said["responseCode"]) == (401, 402)
    assert published(record_key(NAME)) is None


def test_a_wrong_secret_and_an_unknown_identity_are_refused_alike(door: Door) -> None:
    wrong, unknown = replace(door, secret="wrong"), replace(door, identity="300:88.101.5/nobody")
    assert wrong.handle("PUT", "", [URL]) == unknown.handle("PUT", "", [URL])
    assert wrong.codes("PUT", "", [URL]) == (403, 403)


def test_after_five_wrong_secrets_the_right_one_has_to_wait(door: Door) -> None:
    for _ in range(5):
        replace(door, secret="wrong").handle("DELETE")
    assert door.codes("PUT", "", [URL]) == (403, 403)


def test_the_user_is_percent_encoded_and_the_secret_is_not() -> None:
    text = b64encode(b"300%3A88.101.5%2Fapp:a%20b:c").decode()
    assert basic(text) == ("300:88.101.5/app", "a%20b:c")


# --- sessions ------------------------------------------------------------------------------------------------


def session_of(door: Door) -> tuple[str, bytes]:
    status, said = door.ask("POST", "/api/sessions", authorization=None)
    assert status == 201
    return said["sessionId"], b64decode(said["nonce"])


def signed(door: Door, kind: str, nonce: bytes) -> tuple[str, bytes]:
    text = nonce + b"client nonce"
    if kind == "secret":
        secret = door.secret.encode()
        return IDENTITY, sha256(secret + text + secret).digest()
    if kind == "rsa":
        return "301:88.101.5/app", RSA_KEY.sign(text, padding.PKCS1v15(), hashes.SHA256())
    return "302:88.101.5/app", EC_KEY.sign(text, ec.ECDSA(hashes.SHA256()))


def authorization(session: str, kind: str, identity: str, signature: bytes, alg: str = "SHA256") -> str:
    cnonce, key = b64encode(b"client nonce").decode(), "HS_SECKEY" if kind == "secret" else "HS_PUBKEY"
    return (
        f'Handle version="0", sessionId="{session}", id="{identity}", type="{key}", cnonce="{cnonce}", '
        f'alg="{alg}", signature="{b64encode(signature).decode()}"'
    )


@pytest.mark.parametrize("kind", ["secret", "rsa", "ec"])
def test_a_signed_session_writes_and_then_needs_no_further_signature(door: Door, kind: str) -> None:
    session, nonce = session_of(door)
    shown = authorization(session, kind, *signed(door, kind, nonce))
    status, said = door.ask("PUT", "/api/sessions/this", authorization=shown)
    assert (status, said["authenticated"]) == (200, True)
    alone = f'Handle sessionId="{session}"'
    assert door.handle("PUT", "", [URL], authorization=alone)[0] == 201
    assert door.ask("GET", "/api/sessions/this", authorization=alone)[1]["id"] == said["id"]
    assert door.ask("DELETE", "/api/sessions/this", authorization=alone)[0] == 200
    assert door.handle("PUT", "", [URL], authorization=alone)[0] == 401


def test_a_request_may_carry_its_signature_itself(door: Door) -> None:
    session, nonce = session_of(door)
    shown = authorization(session, "rsa", *signed(door, "rsa", nonce))
    assert door.handle("PUT", "", [URL], authorization=shown)[0] == 201


@pytest.mark.parametrize("kind", ["secret", "rsa", "ec"])
def test_a_signature_of_another_nonce_key_or_algorithm_is_refused(door: Door, kind: str) -> None:
    session, nonce = session_of(door)
    identity, good = signed(door, kind, nonce)
    _, stale = signed(door, kind, b"another nonce")
    for shown in (
        authorization(session, kind, identity, stale),
        authorization(session, kind, "303:88.101.5/app", good),
        authorization(session, kind, identity, good, "MD5"),
        authorization(session, kind, identity, b""),
    ):
        assert door.handle("PUT", "", [URL], authorization=shown)[0] == 403
    assert door.handle("PUT", "", [URL], authorization=f'Handle sessionId="{session}"')[0] == 401


def test_a_session_of_the_console_is_no_session_here(door: Door) -> None:
    door.http.get("/check")
    for session in ("", "x" * 200, door.http.session.session_key or "none"):
        assert door.ask("GET", "/api/sessions/this", authorization=f'Handle sessionId="{session}"')[0] == 401


def test_other_methods_of_sessions_are_refused(door: Door) -> None:
    assert door.ask("GET", "/api/sessions", authorization=None)[0] == 400
    session, _ = session_of(door)
    assert door.ask("PATCH", "/api/sessions/this", authorization=f'Handle sessionId="{session}"')[0] == 400


def test_parameters_are_read_with_and_without_quotes() -> None:
    assert parameters('sessionId="a=b", id=300:x/y , alg="SHA256"') == {
        "sessionId": "a=b",
        "id": "300:x/y",
        "alg": "SHA256",
    }


# --- certificates --------------------------------------------------------------------------------------------


def certificate(key: Any, subject: str, now: datetime, days: int = 1) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.USER_ID, subject)])
    built = x509.CertificateBuilder(
        name, name, key.public_key(), 7, now - timedelta(days=2), now + timedelta(days=days)
    )
    return quote(built.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode())


@pytest.fixture
def behind_proxy(door: Door, settings: Any) -> Door:
    settings.JIALIANG = replace(settings.JIALIANG, client_certificate_header="X-Client-Cert")
    return door


def test_a_certificate_with_the_key_of_the_identity_writes(behind_proxy: Door) -> None:
    shown = {
        "X-Client-Cert": certificate(RSA_KEY, "301:88.101.5/app", utc_now()),
        "authorization": 'Handle clientCert="true"',
    }
    assert behind_proxy.handle("PUT", "", [URL], **shown)[0] == 201


@pytest.mark.parametrize("fault", ["another key", "out of time", "no identity", "no certificate", "not set"])
def test_any_other_certificate_does_not(behind_proxy: Door, settings: Any, fault: str) -> None:
    key = ec.derive_private_key(99, ec.SECP256R1()) if fault == "another key" else EC_KEY
    subject = "399:88.101.5/app" if fault == "no identity" else "302:88.101.5/app"
    text = certificate(key, subject, utc_now(), -1 if fault == "out of time" else 1)
    if fault == "not set":
        settings.JIALIANG = replace(settings.JIALIANG, client_certificate_header="")
    headers = {"X-Client-Cert": "nonsense" if fault == "no certificate" else text}
    status, _ = behind_proxy.handle("PUT", "", [URL], authorization='Handle clientCert="true"', **headers)
    assert status == (401 if fault in {"no certificate", "not set"} else 403)
    assert published(record_key(NAME)) is None


# --- reverse lookup ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("URL=*example.cn*", [NAME]),
        ("url=HTTPS://LAB.*", [NAME]),
        ("URL=https://lab.example.cn/7", [NAME]),
        ("URL=lab.example.cn", []),
        ("URL=*&EMAIL=lab@*", [NAME]),
        ("URL=*&EMAIL=other@*", []),
        ("URL=*&prefix=88.101.5", [NAME]),
        ("URL=*&prefix=88.101.6", []),
        ("NOTE=*", []),
    ],
)
def test_names_are_found_by_their_public_values(made: Door, query: str, found: list[str]) -> None:
    made.handle("PUT", "?index=various", [SECRET_VALUE])
    assert made.ask("GET", f"/hrls/handles?{query}") == (200, found)


def test_a_search_is_bounded_and_needs_an_identity(made: Door) -> None:
    made.handle("PUT", "", [URL], name="88.101.5/other")
    assert len(made.ask("GET", "/hrls/handles?URL=*&limit=1")[1]) == 1
    for query in ("", "limit=5", "URL=*&limit=0", "URL=*&limit=x", "URL=*&limit=5000"):
        assert made.ask("GET", f"/hrls/handles?{query}")[0] == 400
    assert made.ask("POST", "/hrls/handles?URL=*")[0] == 400
    assert made.http.get("/hrls/handles", {"URL": "*"}).status_code == 401


# --- codes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "pair"),
    [
        (AuthenticationNeeded(), (401, ResponseCode.AUTHENTICATION_NEEDED)),
        (IdentifierRetired(identifier="1/x"), (410, ResponseCode.HANDLE_NOT_FOUND)),
        (ValueTaken(identifier="1/x", indexes="1"), (409, ResponseCode.VALUE_ALREADY_EXISTS)),
        (Conflict(), (409, ResponseCode.ERROR)),
        (TooMany(), (429, ResponseCode.SERVER_BUSY)),
        (Unavailable(), (503, ResponseCode.SERVER_BUSY)),
        (NotFound(), (500, ResponseCode.ERROR)),
    ],
)
def test_every_kind_of_error_has_its_pair(error: JialiangError, pair: tuple[int, ResponseCode]) -> None:
    assert pair_of(error) == pair
