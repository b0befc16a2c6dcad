"""What a business system is refused leaves nothing behind; a member of a wrong kind is told."""

from __future__ import annotations

from typing import Any

import pytest
from tests.integration.snms.conftest import Business, a_record
from tests.integration.snms.test_templates import DONE, NAMED, V5, a_template, an_item
from tests.ledger import World

from jialiang.base.identifier_templates.selectors import template_by_code
from jialiang.security.tenancy.scope import scope

pytestmark = pytest.mark.django_db
DELETE = "/identityv2/data/batchDelete"


def test_a_template_that_cannot_be_published_is_not_drafted_either(business: Business, world: World) -> None:
    refused = business.ask("POST", V5, a_template(an_item(state=1)))  # every item is disabled
    assert refused["status"] == -2
    with scope(world.tenant_id):
        assert template_by_code("88.101.5", "1.0.1") is None
    assert business.ask("POST", V5, a_template(an_item(state=0))) == DONE  # the version is still free


@pytest.mark.parametrize(
    "more",
    [{"required": 1}, {"required": "true"}, {"required": 0}, {"state": 2}, {"state": "1"}, {"state": True}],
    ids=str,
)
def test_a_member_of_a_wrong_kind_is_told_and_not_taken_for_its_usual_value(
    business: Business, world: World, more: dict[str, Any]
) -> None:
    told = business.ask("POST", V5, a_template(an_item("a"), an_item("b", **more)))
    assert told["status"] == -2
    assert f" items[1].{next(iter(more))} " in told["message"]
    with scope(world.tenant_id):
        assert template_by_code("88.101.5", "1.0.1") is None


@pytest.mark.parametrize(
    ("more", "required", "state"),
    [
        ({}, False, 0),
        ({"required": True}, True, 0),
        ({"required": None, "state": None}, False, 0),
        ({"required": True, "state": 1}, True, 1),
    ],
    ids=str,
)
def test_what_is_said_of_an_item_is_read_again(
    business: Business, more: dict[str, Any], required: bool, state: int
) -> None:
    assert business.ask("POST", V5, a_template(an_item("a"), an_item("b", **more))) == DONE
    item = business.ask("GET", V5, **NAMED)["data"]["items"][1]
    assert (item["required"], item["state"]) == (required, state)


@pytest.mark.parametrize("written", ["names", "records", "handles", "mixed"])
def test_names_to_delete_may_be_written_as_records(business: Business, written: str) -> None:
    records = [a_record("d1"), a_record("d2")]
    names = [record["handle"] for record in records]
    for record in records:
        assert business.ask("POST", "/identityv2/data", record) == DONE
    body: Any = {
        "names": names,
        "records": [{"handle": name} for name in names],
        "handles": {"handles": names},
        "mixed": [names[0], records[1]],
    }[written]
    told = business.ask("DELETE", DELETE, body)["data"]
    assert told == [{"handle": name, "code": 1, "msg": "success"} for name in names]
    again = business.ask("DELETE", DELETE, body)["data"]
    assert [(one["handle"], one["code"]) for one in again] == [(name, -2) for name in names]
