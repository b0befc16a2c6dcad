"""Handle JSON by whose identity asks: another customer, another institute, a revoked identity; nothing half-written."""

# ruff: noqa: F811 fixtures are imported

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.functions.prefix_verbs import add_prefix, customer, operator
from tests.integration.handle_api.test_writing import (  # noqa: F401 fixtures among them
    EMAIL,
    IDENTITY,
    NAME,
    SECRET_VALUE,
    URL,
    Door,
    authorization,
    door,
    made,
    session_of,
    signed,
    world,
)
from tests.ledger import World, build_world

from jialiang.base.handle_identities.models import HandleIdentity
from jialiang.base.identifiers.selectors import history
from jialiang.formats.handle.json_values import HIGHEST_INDEX
from jialiang.formats.handle.published import record_key
from jialiang.functions import handle_identities
from jialiang.governance.publication.selectors import answer as published
from jialiang.governance.publication.selectors import latest_version
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

MILL, MILL_NAME = "300:88.101.7/mill", "88.101.7/scale"


@pytest.fixture
def mill(made: Door, world: World) -> Door:
    """The door of the mill, a customer of the same institute with a prefix of its own."""
    with scope(world.tenant_id):
        add_prefix(world, "88.101.7", world.mill_id)
        found = handle_identities.add_secret(
            actor=customer(world, world.mill_id), identity=MILL, organization_id=world.mill_id, now=utc_now()
        )
    return Door(found.secret, MILL)


@pytest.fixture
def stranger(made: Door) -> Door:
    """The door of a customer of another institute."""
    other = create_tenant(slug="elsewhere", name=Text("别处计量院", "Elsewhere"), now=utc_now())
    with scope(other.id):
        there = build_world(other.id, utc_now())
        add_prefix(there, "77.1")
        found = handle_identities.add_secret(
            actor=customer(there), identity="300:77.1/app", organization_id=there.dairy_id, now=utc_now()
        )
    return Door(found.secret, "300:77.1/app")


def row() -> tuple[bytes, int]:
    found = published(record_key(NAME))
    assert found is not None
    return found.body, found.version


@pytest.mark.parametrize("who", ["mill", "stranger"])
def test_nobody_elses_identity_reads_what_is_not_public(
    request: pytest.FixtureRequest,
    made: Door,
    who: str,
) -> None:
    made.handle("PUT", "", [URL, SECRET_VALUE])
    other = request.getfixturevalue(who)
    status, said = other.handle("GET")
    assert "internal" not in json.dumps(said)
    assert status in {200, 403, 404}


@pytest.mark.parametrize("who", ["mill", "stranger"])
def test_a_search_finds_nobody_elses_names(request: pytest.FixtureRequest, made: Door, who: str) -> None:
    other = request.getfixturevalue(who)
    assert other.ask("GET", "/hrls/handles?URL=*") == (200, [])
    assert other.ask("GET", "/hrls/handles?URL=*&prefix=88.101.5") == (200, [])
    assert made.ask("GET", "/hrls/handles?URL=*") == (200, [NAME])


def test_each_writes_under_its_own_prefix_alone(mill: Door, made: Door) -> None:
    assert mill.codes("PUT", "", [URL], MILL_NAME) == (201, 1)
    assert mill.codes("PUT", "", [URL], "88.101.5/mills") == (403, 401)
    assert made.codes("PUT", "", [URL], "88.101.7/dairys") == (403, 401)
    assert mill.ask("GET", "/hrls/handles?URL=*") == (200, [MILL_NAME])


def test_a_name_is_minted_only_under_a_prefix_of_ones_own(mill: Door) -> None:
    version = latest_version()
    assert mill.codes("PUT", "?mintNewSuffix=true", [URL], "88.101.5/") == (403, 401)
    assert latest_version() == version


def test_a_revoked_identity_is_shut_out_with_its_open_session(made: Door, world: World) -> None:
    session, nonce = session_of(made)
    shown = authorization(session, "secret", *signed(made, "secret", nonce))
    assert made.ask("PUT", "/api/sessions/this", authorization=shown)[0] == 200
    alone = f'Handle sessionId="{session}"'
    assert made.handle("PUT", "", [URL], authorization=alone)[0] == 200
    with scope(world.tenant_id):
        identity = next(each for each in HandleIdentity.objects.all() if each.text == IDENTITY)
        handle_identities.revoke(actor=operator(world), identity_id=identity.id, reason="left", now=utc_now())
    before = row()
    assert made.handle("PUT", "", [EMAIL], authorization=alone)[0] in {401, 403}
    assert made.handle("PUT", "", [EMAIL])[0] == 403
    assert made.handle("PUT", "", [EMAIL], authorization=shown)[0] == 403
    assert row() == before


def test_the_secret_of_one_identity_is_none_of_another(made: Door, mill: Door) -> None:
    crossed = Door(made.secret, MILL)
    assert crossed.codes("PUT", "", [URL], MILL_NAME) == (403, 403)
    assert published(record_key(MILL_NAME)) is None


# --- nothing half-written --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "query", "body"),
    [
        ("PUT", "", [URL, {**EMAIL, "index": 0}]),
        ("PUT", "", [URL, {**EMAIL, "permissions": "12"}]),
        ("PUT", "", [URL, {**EMAIL, "index": HIGHEST_INDEX + 1}]),
        ("PUT", "", [EMAIL, {"index": 5, "type": "GS1_LINK", "data": "no link"}]),
        ("PUT", "", [EMAIL, {"index": 5, "type": "GS1_LINK",
                             "data": '{"linkType":"gs1:pip","href":"https://a.example","title":"\\ud800"}'}]),
        ("PUT", "?index=various", [EMAIL, {**URL, "index": -1}]),
        ("PUT", "?index=2", [EMAIL, URL]),
        ("PUT", "?index=various&overwrite=false", [{**SECRET_VALUE}, URL]),
        ("DELETE", "?index=1&index=77", None),
        ("DELETE", "?index=1&index=x", None),
        ("DELETE", f"?index=1&index={'9' * 11}", None),
        ("PUT", "", b'[{"index": 1, "index": 2}]'),
        ("PUT", "", b"\xff\xfe"),
        ("PUT", "", b""),
        ("PUT", "", {"values": "x"}),
    ],
)  # fmt: skip
def test_of_a_write_that_is_refused_nothing_stays(
    made: Door,
    world: World,
    method: str,
    query: str,
    body: Any,
) -> None:
    with scope(world.tenant_id):
        entries = len(history(NAME))
    before, version = row(), latest_version()
    status, said = made.handle(method, query, body)
    assert status in {400, 409}
    assert said["message"]
    assert (row(), latest_version()) == (before, version)
    assert made.indexes() == [1, 2]
    with scope(world.tenant_id):
        assert len(history(NAME)) == entries


def test_what_is_read_carries_no_secret_and_tells_its_form(made: Door) -> None:
    made.handle("PUT", "", [URL, SECRET_VALUE])
    said = made.handle("GET")[1]
    assert said["handle"] == NAME
    assert made.secret not in json.dumps(said)
    hidden = next(value for value in said["values"] if value["index"] == 9)
    assert hidden["permissions"] == "1100"
    assert b"internal" not in row()[0]


# --- search ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("URL=*&limit=1", 200),
        ("URL=*&limit=1000", 200),
        ("URL=*&limit=1001", 400),
        ("URL=*&limit=000001", 200),
        ("URL=*&limit=0010009", 400),  # ten thousand and nine, with zeros in front
        ("URL=*&limit=0000001", 400),
        ("URL=*&limit=-1", 400),
        ("URL=*&limit=", 400),
        ("URL=*&limit=%C2%B2", 400),
        ("prefix=88.101.5", 400),
        ("page=1", 400),
    ],
)
def test_a_search_says_what_it_looks_for_and_how_much(door: Door, query: str, status: int) -> None:
    assert door.ask("GET", f"/hrls/handles?{query}")[0] == status
