"""Templates by the door for business systems: made and published at once, read, grown, withdrawn; records fit them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.functions.prefix_verbs import add_prefix, customer
from tests.integration.snms.conftest import Business, a_record
from tests.ledger import World

from jialiang.base.identifier_templates.selectors import items_of, template_by_code
from jialiang.functions import identifiers
from jialiang.kernel.clock import utc_now
from jialiang.security.tenancy.scope import scope
from jialiang.vocabulary.statuses import CarrierKind, IdentifierTemplateState

pytestmark = pytest.mark.django_db
V5, V3 = "/snms/api/v5/template", "/snms/api/v3/template"
DONE = {"message": "success", "status": 1, "data": True}
NAMED = {"prefix": "88.101.5", "version": "1.0.1"}


def an_item(kind: str = "ip", **more: Any) -> dict[str, Any]:
    return {
        "name": "地址",
        "idType": kind,
        "metadata": {"type": "string", "minLength": 1, "maxLength": 10},
        "required": False,
        **more,
    }


def a_template(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        **NAMED,
        "industryCategory": "A",
        "industrySpecific": "01",
        "industryTrade": "011",
        "industrySubclass": "0111",
        "type": 1,
        "description": "测试模板",
        "items": list(items) or [an_item()],
        **more,
    }


def test_a_template_is_read_as_it_was_made(business: Business) -> None:
    assert business.ask("POST", V5, a_template()) == DONE
    envelope = business.ask("GET", V5, **NAMED)
    assert envelope["status"] == 1
    assert envelope["data"] == {
        **NAMED,
        "name": "",
        "industryCategory": "A",
        "industrySpecific": "01",
        "industryTrade": "011",
        "industrySubclass": "0111",
        "type": 1,
        "description": "测试模板",
        "items": [an_item(idIndex=2000, state=0)],
    }


def test_both_versions_of_the_address_answer_alike(business: Business) -> None:
    business.ask("POST", V3, a_template())
    assert business.ask("GET", V3, **NAMED) == business.ask("GET", V5, **NAMED)


def test_a_template_is_published_at_once_and_records_are_registered_by_it(business: Business, world: World) -> None:
    business.ask("POST", V5, a_template(an_item("item0", metadata={"minLength": 0, "maxLength": 99})))
    with scope(world.tenant_id):
        row = template_by_code("88.101.5", "1.0.1")
        assert row is not None
        assert row.state == IdentifierTemplateState.PUBLISHED
        assert row.carrier == CarrierKind.ACTIVE_CARRIER
    assert business.ask("POST", "/identityv2/data", a_record("t1", version="1.0.1")) == DONE


def test_items_get_indexes_from_2000_in_their_order(business: Business) -> None:
    business.ask("POST", V5, a_template(an_item("a"), an_item("b", idIndex=2010), an_item("c")))
    items = business.ask("GET", V5, **NAMED)["data"]["items"]
    assert [(item["idType"], item["idIndex"]) for item in items] == [("a", 2000), ("b", 2010), ("c", 2011)]


def test_a_change_adds_items_and_disables_them_and_takes_none_out(business: Business, world: World) -> None:
    business.ask("POST", V5, a_template(an_item("a"), an_item("b")))
    assert business.ask("PUT", V5, {**NAMED, "items": [an_item("b", state=1), an_item("c")]}) == DONE
    items = business.ask("GET", V5, **NAMED)["data"]["items"]
    assert [(item["idType"], item["idIndex"], item["state"]) for item in items] == [
        ("a", 2000, 0),
        ("b", 2001, 1),
        ("c", 2002, 0),
    ]
    with scope(world.tenant_id):
        row = template_by_code("88.101.5", "1.0.1")
        assert row is not None
        assert [item.enabled for item in items_of(row)] == [True, False, True]


def test_what_was_registered_must_still_fit_after_a_change(business: Business) -> None:
    business.ask("POST", V5, a_template(an_item("a")))
    narrower = an_item("a", metadata={"minLength": 5, "maxLength": 10})
    assert business.ask("PUT", V5, {**NAMED, "items": [narrower]})["status"] == -2
    assert business.ask("GET", V5, **NAMED)["data"]["items"][0]["metadata"]["minLength"] == 1


def test_a_deleted_template_registers_nothing_more(business: Business, world: World) -> None:
    business.ask("POST", V5, a_template())
    assert business.ask("DELETE", V5, NAMED) == DONE
    with scope(world.tenant_id):
        row = template_by_code("88.101.5", "1.0.1")
        assert row is not None
        assert row.state == IdentifierTemplateState.WITHDRAWN


def test_the_same_version_again_is_refused(business: Business) -> None:
    business.ask("POST", V5, a_template())
    envelope = business.ask("POST", V5, a_template(an_item("other")))
    assert (envelope["status"], envelope["data"]) == (-2, None)
    assert business.ask("GET", V5, **NAMED)["data"]["items"][0]["idType"] == "ip"


def test_what_is_not_there_is_said_to_be_missing(business: Business) -> None:
    for method, body in (("PUT", a_template()), ("DELETE", NAMED)):
        assert business.ask(method, V5, body)["status"] == -2
    assert business.ask("GET", V5, **NAMED)["status"] == -2


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"prefix": None}, "prefix"),
        ({"prefix": "8" * 65}, "prefix"),
        ({"version": ""}, "version"),
        ({"version": "v" * 129}, "version"),
        ({"type": 3}, "type"),
        ({"type": True}, "type"),
        ({"type": "1"}, "type"),
        ({"items": []}, "items"),
        ({"items": {}}, "items"),
        ({"items": ["x"]}, "items[0]"),
        ({"items": [an_item() | {"idType": ""}]}, "items[0].idType"),
        ({"items": [an_item() | {"name": 5}]}, "items[0].name"),
        ({"items": [an_item(), an_item("b") | {"metadata": None}]}, "items[1].metadata"),
        ({"items": [an_item(metadata={"type": "number"})]}, "items[0].metadata.type"),
        ({"items": [an_item(metadata={"minLength": "1"})]}, "items[0].metadata.minLength"),
        ({"items": [an_item(metadata={"maxLength": -1})]}, "items[0].metadata.maxLength"),
        ({"items": [an_item(idIndex=True)]}, "items[0].idIndex"),
        ({"industryTrade": "021"}, "industryTrade"),
        ({"industrySpecific": 1}, "industrySpecific"),
    ],
)
def test_a_member_that_breaks_a_rule_is_told_at_its_place(
    business: Business, world: World, more: dict[str, Any], place: str
) -> None:
    envelope = business.ask("POST", V5, a_template() | more)
    assert envelope["status"] == -2
    assert f" {place} " in envelope["message"]
    with scope(world.tenant_id):
        assert template_by_code("88.101.5", "1.0.1") is None


@pytest.mark.parametrize(
    "items",
    [
        [an_item(idIndex=1999)],
        [an_item("HS_ADMIN")],
        [an_item("a"), an_item("A")],
        [an_item("a", idIndex=2000), an_item("b", idIndex=2000)],
        [an_item(metadata={"minLength": 9, "maxLength": 3})],
    ],
)
def test_items_that_do_not_go_together_make_no_template(
    business: Business, world: World, items: list[dict[str, Any]]
) -> None:
    assert business.ask("POST", V5, a_template(*items))["status"] == -2
    with scope(world.tenant_id):
        assert template_by_code("88.101.5", "1.0.1") is None


def test_nothing_is_made_under_the_prefix_of_another_nor_read_of_it(business: Business, world: World) -> None:
    with scope(world.tenant_id):
        add_prefix(world, "88.101.6", holder_id=world.mill_id)
    assert business.ask("POST", V5, a_template(prefix="88.101.6"))["status"] in (-2, -3)
    with scope(world.tenant_id):
        assert template_by_code("88.101.6", "1.0.1") is None


def test_an_industry_may_be_left_out(business: Business) -> None:
    bare = {key: value for key, value in a_template().items() if not key.startswith("industry")}
    assert business.ask("POST", V5, bare) == DONE
    data = business.ask("GET", V5, **NAMED)["data"]
    assert (data["industryCategory"], data["industrySubclass"]) == ("", "")


def test_without_a_description_the_version_is_the_name(business: Business) -> None:
    business.ask("POST", V5, a_template(description="", type=2))
    data = business.ask("GET", V5, **NAMED)["data"]
    assert (data["description"], data["type"]) == ("1.0.1", 2)


def test_without_a_token_no_template_is_seen(stranger: Business) -> None:
    for method, body in (("POST", a_template()), ("PUT", a_template()), ("DELETE", NAMED)):
        assert stranger.ask(method, V5, body)["status"] == -1
    assert stranger.ask("GET", V5, **NAMED)["status"] == -1


def test_people_see_what_machines_made(business: Business, world: World) -> None:
    business.ask("POST", V5, a_template())
    business.ask("POST", "/identityv2/data", a_record("seen", version="1.0.1") | {"value": [_value()]})
    with scope(world.tenant_id):
        record = identifiers.resolve_identifier(actor=customer(world), name="88.101.5/seen", now=utc_now())
    assert record.template == "1.0.1"


def _value() -> dict[str, Any]:
    return {"index": 2000, "type": "ip", "data": {"format": "string", "value": "10.0.0.1"}}
