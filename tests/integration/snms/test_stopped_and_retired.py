"""What business systems may do to records that are reserved, suspended or retired, and when their token runs out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.functions.prefix_verbs import customer, operator
from tests.integration.snms.conftest import IDENTITY, Business, a_record
from tests.ledger import World

from jialiang.base.identifiers import selectors
from jialiang.functions import identifiers
from jialiang.integration.identity_sessions import IdentitySessions
from jialiang.integration.snms import door
from jialiang.kernel.clock import utc_now
from jialiang.security.tenancy.scope import scope

pytestmark = pytest.mark.django_db
DATA, DETAIL = "/identityv2/data", "/identityv2/data/detail"
NAME = "88.101.5/001"
BODY = {"handle": NAME, "value": a_record()["value"]}


@pytest.fixture
def made(business: Business, world: World) -> Business:
    """The dairy's system with one record, of no template."""
    with scope(world.tenant_id):
        identifiers.register(actor=customer(world), name=NAME, values=[], now=utc_now())
    return business


def state(world: World) -> tuple[str, int]:
    with scope(world.tenant_id):
        found = selectors.record(NAME)
        return found.state.value, found.version


def moved(world: World, *verbs: Any) -> None:
    with scope(world.tenant_id):
        for verb in verbs:
            verb(actor=operator(world), name=NAME, reason="recall", now=utc_now())


# --- states --------------------------------------------------------------------------------------------------


def test_a_record_is_retired_once(made: Business, world: World) -> None:
    assert made.ask("DELETE", DATA, {"handle": NAME})["status"] == 1
    before = state(world)
    assert before[0] == "retired"
    again = made.ask("DELETE", DATA, {"handle": NAME})
    assert (again["status"], again["data"]) == (-2, None)
    assert state(world) == before


@pytest.mark.parametrize("verbs", [(identifiers.retire,), (identifiers.suspend, identifiers.retire)])
def test_a_retired_record_takes_no_values_and_gives_its_name_to_nothing(
    made: Business, world: World, verbs: tuple[Any, ...]
) -> None:
    moved(world, *verbs)
    before = state(world)
    for method in ("PUT", "POST"):
        envelope = made.ask(method, DATA, a_record())
        assert envelope["status"] == -2
        assert envelope["message"]
    assert made.ask("POST", DATA, a_record())["message"] == "标识已存在"
    assert state(world) == before


def test_of_a_batch_only_what_may_be_retired_is(made: Business, world: World) -> None:
    moved(world, identifiers.retire)
    envelope = made.ask("DELETE", f"{DATA}/batchDelete", [NAME, "88.101.5/none", "no-slash"])
    assert envelope["status"] == 1
    assert [(each["handle"], each["code"]) for each in envelope["data"]] == [
        (NAME, -2), ("88.101.5/none", -2), ("no-slash", -2),
    ]  # fmt: skip
    assert len({each["msg"] for each in envelope["data"][:2]}) == 1  # retired or unknown: it is gone


# --- tokens --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "status"),
    [
        (timedelta(0), 1),
        (timedelta(hours=23, minutes=59), 1),
        (timedelta(hours=24, seconds=1), -1),
        (timedelta(days=30), -1),
        (timedelta(minutes=-5), -1),
    ],
)
def test_a_token_opens_every_address_for_a_day(
    made: Business, monkeypatch: pytest.MonkeyPatch, by: timedelta, status: int
) -> None:
    moment = utc_now() + by
    monkeypatch.setattr(door, "utc_now", lambda: moment)
    assert made.ask("GET", DETAIL, handle=NAME)["status"] == status
    if status == -1:
        for method, path in (
            ("POST", DATA), ("PUT", DATA), ("DELETE", DATA), ("POST", f"{DATA}/batchCreate"),
            ("PUT", f"{DATA}/batchUpdate"), ("DELETE", f"{DATA}/batchDelete"), ("POST", "/snms/api/v5/template"),
        ):  # fmt: skip
            assert made.ask(method, path, b"{")["status"] == -1  # before its body is even read


@pytest.mark.parametrize("other", ["idhub", "", "SNMS"])
def test_the_token_of_another_door_opens_nothing_here(made: Business, other: str) -> None:
    made.token = IdentitySessions(other).token(IDENTITY, utc_now())
    assert made.ask("GET", DETAIL, handle=NAME)["status"] == -1


# --- every address and method --------------------------------------------------------------------------------

ADDRESSES = {
    "/identityv2/data/detail": {"GET"},
    "/identityv2/data": {"POST", "PUT", "DELETE"},
    "/identityv2/data/batchCreate": {"POST"},
    "/identityv2/data/batchUpdate": {"PUT"},
    "/identityv2/data/batchDelete": {"DELETE"},
    "/snms/api/v3/template": {"GET", "POST", "PUT", "DELETE"},
    "/snms/api/v5/template": {"GET", "POST", "PUT", "DELETE"},
}


@pytest.mark.parametrize("path", ADDRESSES)
def test_each_address_names_the_methods_it_takes(business: Business, path: str) -> None:
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - ADDRESSES[path]:
        envelope = business.ask(method, path)
        assert envelope["status"] == -2
        assert all(taken in envelope["message"] for taken in ADDRESSES[path])


@pytest.mark.parametrize("body", [b"\xff", b"{", b'{"handle": "\\ud800"}', b"[" * 3000, b"nul"])
def test_a_body_that_cannot_be_read_is_told_as_such_and_nothing_is_done(
    made: Business, world: World, body: bytes
) -> None:
    before = state(world)
    for method in ("POST", "PUT", "DELETE"):
        envelope = made.ask(method, DATA, body)
        assert envelope["status"] == -2
        assert "body" in envelope["message"]
    assert state(world) == before
