"""Records by the door for business systems: registered, read, changed, retired; refusals in the words agreed."""

from __future__ import annotations

from typing import Any

import pytest
from tests.functions.prefix_verbs import add_prefix, customer
from tests.integration.snms.conftest import IDENTITY, Business, a_record
from tests.ledger import World

from jialiang.base.identifiers.selectors import is_taken
from jialiang.formats.handle.published import record_key
from jialiang.functions import handle_identities, identifiers
from jialiang.governance.publication.selectors import answer
from jialiang.integration.snms import data, door
from jialiang.kernel.clock import utc_now
from jialiang.security.audit.models import AuditRecord
from jialiang.security.tenancy.scope import scope

pytestmark = pytest.mark.django_db
ONE, DETAIL = "/identityv2/data", "/identityv2/data/detail"
DONE = {"message": "success", "status": 1, "data": True}


def test_a_record_is_registered_and_read_as_the_guide_shows_it(business: Business) -> None:
    assert business.ask("POST", ONE, a_record("xx002", "小型机械01", "www.002.example")) == DONE
    assert business.ask("GET", DETAIL, handle="88.101.5/xx002") == {
        "message": "success",
        "status": 1,
        "data": {
            "code": "200",
            "prefix": "88.101.5",
            "handle": "88.101.5/xx002",
            "templateVersion": "1.0",
            "value": [
                {"auth": "1", "index": 1001, "type": "TEMPLATE", "data": {"format": "string", "value": "1.0"}},
                {
                    "auth": "1",
                    "index": 2000,
                    "type": "item0",
                    "data": {"format": "string", "value": "小型机械01"},
                },
                {
                    "auth": "1",
                    "index": 2001,
                    "type": "item1",
                    "data": {"format": "string", "value": "www.002.example"},
                },
            ],
        },
    }


def test_a_registered_record_is_resolved_by_everyone(business: Business) -> None:
    business.ask("POST", ONE, a_record("pub"))
    published = answer(record_key("88.101.5/PUB"))
    assert published is not None
    assert "小型机械01".encode() in published.body


def test_what_an_identity_does_stands_in_the_trail_under_its_name(business: Business, world: World) -> None:
    business.ask("POST", ONE, a_record("trail"))
    with scope(world.tenant_id):
        act = AuditRecord.objects.filter(action="identifier.register").order_by("-seq")[0]
    assert act.actor_name.zh == IDENTITY
    assert act.detail["identifier"] == "88.101.5/trail"


def test_registering_again_says_that_it_exists(business: Business) -> None:
    business.ask("POST", ONE, a_record("again"))
    assert business.ask("POST", ONE, a_record("AGAIN", "other")) == {
        "message": "标识已存在",
        "status": -2,
        "data": None,
    }
    assert _texts(business, "again") == ["小型机械01"]


def test_an_update_puts_its_values_in_place_of_all(business: Business) -> None:
    business.ask("POST", ONE, a_record("up", "one", "two"))
    assert business.ask("PUT", ONE, a_record("up", "new", version="2.0")) == DONE
    shown = business.ask("GET", DETAIL, handle="88.101.5/up")["data"]
    assert shown["templateVersion"] == "2.0"
    assert _texts(business, "up") == ["new"]


def test_what_is_not_there_is_neither_read_nor_changed_nor_deleted(business: Business) -> None:
    gone = {"message": "没有找到标识", "status": -2, "data": None}
    assert business.ask("GET", DETAIL, handle="88.101.5/none") == gone
    assert business.ask("PUT", ONE, a_record("none")) == gone
    assert business.ask("DELETE", ONE, {"handle": "88.101.5/none"}) == gone


def test_a_deleted_record_is_gone_and_its_name_is_never_given_again(business: Business) -> None:
    business.ask("POST", ONE, a_record("del"))
    assert business.ask("DELETE", ONE, {"handle": "88.101.5/del"}) == DONE
    assert business.ask("POST", ONE, a_record("del"))["message"] == "标识已存在"
    published = answer(record_key("88.101.5/del"))
    assert published is not None
    assert published.headers[":status"] == "410"


@pytest.mark.parametrize("prefix", ["88.101.6", "88.999.77"])
def test_nothing_is_written_under_the_prefix_of_another(business: Business, world: World, prefix: str) -> None:
    with scope(world.tenant_id):
        add_prefix(world, "88.101.6", holder_id=world.mill_id)
    envelope = business.ask("POST", ONE, a_record("x", prefix=prefix))
    assert (envelope["status"], envelope["data"]) == (-3, None)
    assert not is_taken(f"{prefix}/x")


def test_the_record_of_another_is_seen_as_everyone_sees_it(business: Business, world: World) -> None:
    with scope(world.tenant_id):
        add_prefix(world, "88.101.6", holder_id=world.mill_id)
        made = handle_identities.add_secret(
            actor=customer(world, world.mill_id),
            identity="300:88.101.6/mill",
            organization_id=world.mill_id,
            now=utc_now(),
        )
    mill = Business(made.secret, "300:88.101.6/mill").log_in()
    mill.ask("POST", ONE, a_record("mine", prefix="88.101.6"))
    assert business.ask("GET", DETAIL, handle="88.101.6/mine")["data"]["handle"] == "88.101.6/mine"
    assert business.ask("DELETE", ONE, {"handle": "88.101.6/mine"})["status"] == -3
    assert business.ask("PUT", ONE, a_record("mine", "stolen", prefix="88.101.6"))["status"] == -3
    assert mill.ask("GET", DETAIL, handle="88.101.6/mine")["data"]["value"][-1]["data"]["value"] == "小型机械01"


@pytest.mark.parametrize(
    ("method", "body", "place"),
    [
        ("POST", {}, "handle"),
        ("POST", {"handle": "88.101.5/x"}, "templateVersion"),
        ("POST", a_record("x") | {"value": [{"index": 1001}]}, "value[0].index"),
        ("PUT", a_record("x") | {"value": []}, "value"),
        ("DELETE", {}, "handle"),
        ("DELETE", None, "body"),
    ],
)
def test_a_body_that_breaks_a_rule_writes_nothing(
    business: Business, method: str, body: Any, place: str
) -> None:
    envelope = business.ask(method, ONE, body)
    assert envelope["status"] == -2
    assert f" {place} " in envelope["message"]
    assert not is_taken("88.101.5/x")


def test_a_question_without_a_name_says_what_is_missing(business: Business) -> None:
    envelope = business.ask("GET", DETAIL)
    assert envelope["status"] == -2
    assert "缺少必要的请求参数" in envelope["message"]
    assert "handle" in envelope["message"]


@pytest.mark.parametrize("name", ["no-slash", "88..5/x", "88.101.5/\nx", "88.101.5/x "])
def test_a_name_that_is_none_is_refused(business: Business, name: str) -> None:
    body = a_record() | {"handle": name}
    assert business.ask("POST", ONE, body)["status"] == -2
    assert business.ask("GET", DETAIL, handle=name)["status"] == -2


def test_another_method_is_refused_in_the_envelope(business: Business) -> None:
    assert "GET" in business.ask("POST", DETAIL, {})["message"]
    assert "POST、PUT、DELETE" in business.ask("PATCH", ONE, {})["message"]


def test_a_fault_of_the_program_tells_nothing_but_that(
    business: Business, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(data.verbs, "register", broken)
    envelope = business.ask("POST", ONE, a_record("fault"))
    assert envelope == {"message": "系统内部错误", "status": -4, "data": None}
    assert "a secret detail" in caplog.text
    assert door.log.name == "jialiang.snms"


def test_a_suspended_record_is_told_as_such_to_others_and_shown_to_its_holder(
    business: Business, world: World
) -> None:
    business.ask("POST", ONE, a_record("susp"))
    with scope(world.tenant_id):
        identifiers.suspend(actor=customer(world), name="88.101.5/susp", reason="停产", now=utc_now())
    assert business.ask("GET", DETAIL, handle="88.101.5/susp")["status"] == 1


def _texts(business: Business, name: str) -> list[str]:
    values = business.ask("GET", DETAIL, handle=f"88.101.5/{name}")["data"]["value"]
    return [value["data"]["value"] for value in values if value["index"] != 1001]
