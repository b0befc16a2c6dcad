"""Rules that this door shares with every other: what is unique stands once, what is suspended is not mended past it."""

from __future__ import annotations

import pytest
from tests.functions.prefix_verbs import add_template, customer, operator
from tests.integration.idhub.conftest import DOIP, TEMPLATE, Program
from tests.ledger import World

from jialiang.base.identifiers import selectors
from jialiang.functions import identifier_templates, identifiers
from jialiang.kernel.clock import utc_now

pytestmark = pytest.mark.django_db
CREATE, UPDATE, MERGE = "0.DOIP/Op.Create", "0.DOIP/Op.Update", "0.DOIP.EXTEND/Op.Update.Non.Overlay"
DELETE, READ = "0.DOIP/Op.Delete", "0.DOIP/Op.Retrieve"
ONE, TWO = "88.101.5/T-1", "88.101.5/T-2"
UNIQUE = "88.101.5/V1"


@pytest.fixture
def unique(program: Program, world: World) -> Program:
    """The dairy's program, a template with a unique serial number, and an object that has one."""
    row = add_template(world)
    identifier_templates.publish(actor=customer(world), template_id=row.id, now=utc_now())
    assert program.operate(CREATE, ONE, {"SERIAL": "S1"}, UNIQUE)["code"] == 10000
    return program


@pytest.mark.parametrize("operation", [UPDATE, MERGE])
def test_a_value_that_another_object_has_is_an_item_error_that_names_it(unique: Program, operation: str) -> None:
    refused = unique.operate(CREATE, TWO, {"SERIAL": "S1"}, UNIQUE)
    assert refused["code"] == 601
    assert ONE in refused["message"] and "S1" in refused["message"]
    assert not selectors.is_taken(TWO)
    assert unique.operate(CREATE, TWO, {"SERIAL": "S2"}, UNIQUE)["code"] == 10000
    assert unique.operate(operation, TWO, {"SERIAL": "S1"}, UNIQUE)["code"] == 601
    assert unique.operate(DELETE, ONE)["code"] == 10000
    assert unique.operate(operation, TWO, {"SERIAL": "S1"}, UNIQUE)["code"] == 10000


def test_a_template_as_an_object_says_what_is_unique(unique: Program) -> None:
    content = unique.operate(READ, UNIQUE)["data"]["attributes"]["content"]
    assert content["uniqueness"] == ["SERIAL"]


@pytest.mark.parametrize("operation", [UPDATE, MERGE])
def test_a_suspended_object_keeps_its_values_until_it_is_resumed(
    unique: Program, world: World, operation: str
) -> None:
    identifiers.suspend(actor=operator(world), name=ONE, reason="recall", now=utc_now())
    before = selectors.record(ONE)
    envelope = unique.operate(operation, ONE, {"SERIAL": "S9"}, UNIQUE)
    assert envelope["code"] == 106
    assert "已暂停" in envelope["message"]
    assert selectors.record(ONE) == before
    identifiers.resume(actor=operator(world), name=ONE, now=utc_now())
    assert unique.operate(operation, ONE, {"SERIAL": "S9"}, UNIQUE)["code"] == 10000


@pytest.mark.parametrize(
    "path", ["/api/v1/open/meta/create", "/api/v1/open/handle-user-group/list", "/api/v1/single-handle/authorization"]
)
def test_operations_of_metadata_and_grants_are_not_offered_here(program: Program, path: str) -> None:
    answer = program.http.post(path, {}, content_type="application/json")
    assert answer.status_code == 404


def test_an_operation_that_is_none_of_this_door_is_unknown(program: Program) -> None:
    envelope = program.ask("POST", DOIP, {}, targetId=TEMPLATE, operationId="0.DOIP/Op.Publish")
    assert envelope["code"] == 404
    assert "0.DOIP/Op.Publish" in envelope["message"]
