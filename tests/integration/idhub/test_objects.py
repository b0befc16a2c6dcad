"""Operations on digital objects: registered by a template, read by who may, changed over and beside, retired."""

from __future__ import annotations

from typing import Any

import pytest
from tests.functions.prefix_verbs import add_prefix, customer
from tests.integration.idhub.conftest import DOIP, TEMPLATE, Program
from tests.ledger import World

from jialiang.base.identifiers.selectors import is_taken
from jialiang.functions import identifiers
from jialiang.integration.idhub import objects
from jialiang.kernel.clock import utc_now

pytestmark = pytest.mark.django_db
CREATE, UPDATE, MERGE = "0.DOIP/Op.Create", "0.DOIP/Op.Update", "0.DOIP.EXTEND/Op.Update.Non.Overlay"
DELETE, READ = "0.DOIP/Op.Delete", "0.DOIP/Op.Retrieve"
ONE = "88.101.5/T-1"
CONTENT = {"name": "玻璃液体温度计", "range": "50", "cost": "120"}


def elements(program: Program, target: str = ONE) -> dict[str, str]:
    envelope = program.operate(READ, target)
    assert envelope["code"] == 1
    return {element["type"]: element["value"] for element in envelope["data"]["attributes"]["elements"]}


def test_an_object_is_created_and_its_body_comes_back(program: Program) -> None:
    envelope = program.operate(CREATE, ONE, CONTENT)
    assert envelope["code"] == 10000
    assert envelope["data"] == {"type": TEMPLATE, "attributes": {"content": CONTENT}}
    assert elements(program) == CONTENT


def test_an_object_is_read_with_index_name_and_kind_of_data(program: Program) -> None:
    program.operate(CREATE, ONE, CONTENT)
    data = program.operate(READ, ONE.upper())["data"]
    assert (data["id"], data["type"]) == (ONE, TEMPLATE)
    assert data["attributes"]["elements"][:2] == [
        {"index": 2000, "type": "name", "name": "名称", "dataType": 1, "value": "玻璃液体温度计"},
        {"index": 2001, "type": "range", "name": "量程", "dataType": 2, "value": "50"},
    ]


def test_a_stranger_reads_what_is_public_and_no_more(program: Program) -> None:
    program.operate(CREATE, ONE, CONTENT)
    assert elements(Program()) == {"name": "玻璃液体温度计", "range": "50"}
    assert elements(program) == CONTENT


def test_a_template_is_an_object_too(program: Program) -> None:
    data = Program().operate(READ, TEMPLATE)["data"]
    assert (data["id"], data["type"]) == (TEMPLATE, "0.TYPE/DO.DOIPMETA")
    content = data["attributes"]["content"]
    assert content["basicInfo"] == {
        "metaName": "乳品温度计",
        "metaCode": "META_dairy",
        "metaContributor": "88.101.5",
    }
    assert [item["itemBasicInfo"]["itemIndex"] for item in content["itemInfos"]] == [2000, 2001, 2002]
    assert content["itemInfos"][1]["itemSchemaInfo"]["dataType"] == 2
    assert (content["required"], content["uniqueness"]) == (["range"], [])


def test_creating_again_says_that_it_exists(program: Program) -> None:
    program.operate(CREATE, ONE, CONTENT)
    assert program.operate(CREATE, ONE, {"range": "60"})["code"] == 105
    assert elements(program) == CONTENT


def test_an_update_covers_all_and_a_merge_only_what_it_names(program: Program) -> None:
    program.operate(CREATE, ONE, CONTENT)
    assert program.operate(MERGE, ONE, {"name": "新名称"})["code"] == 10000
    assert elements(program) == CONTENT | {"name": "新名称"}
    assert program.operate(UPDATE, ONE, {"range": "60"})["code"] == 10000
    assert elements(program) == {"range": "60"}


def test_a_deleted_object_is_gone_for_strangers_and_its_name_is_kept(program: Program) -> None:
    program.operate(CREATE, ONE, CONTENT)
    assert program.operate(DELETE, ONE) == {"code": 10000, "message": "成功"}
    assert Program().operate(READ, ONE)["code"] == 104
    assert program.operate(CREATE, ONE, CONTENT)["code"] == 105


@pytest.mark.parametrize("operation", [UPDATE, MERGE, DELETE, READ])
def test_what_is_not_there_is_not_found(program: Program, operation: str) -> None:
    assert program.operate(operation, "88.101.5/none", CONTENT)["code"] == 104


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        ({"range": "50", "colour": "red"}, TEMPLATE, 603),
        (CONTENT, "88.101.5/META_none", 604),
        (CONTENT, "88.999.77/META_none", 604),
        (CONTENT, "no-slash", 40508),
        ({"range": True}, TEMPLATE, 101),
        ({"range": ["50"]}, TEMPLATE, 101),
        ({"range": 5.5}, TEMPLATE, 101),
        ({"range": "5" * 4001}, TEMPLATE, 101),
    ],
)
def test_content_that_does_not_fit_writes_nothing(
    program: Program, content: dict[str, Any], kind: str, code: int
) -> None:
    assert program.operate(CREATE, ONE, content, kind)["code"] == code
    assert not is_taken(ONE)


def test_numbers_are_kept_as_they_are_written(program: Program) -> None:
    assert program.operate(CREATE, ONE, {"range": 50})["code"] == 10000
    assert elements(program) == {"range": "50"}


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (None, "body"),
        ([], "body"),
        ({"attributes": {"content": {}}}, "type"),
        ({"type": TEMPLATE}, "attributes"),
        ({"type": TEMPLATE, "attributes": []}, "attributes"),
        ({"type": TEMPLATE, "attributes": {"content": "x"}}, "attributes.content"),
    ],
)
def test_a_body_that_breaks_a_rule_is_told_where(program: Program, body: Any, place: str) -> None:
    envelope = program.ask("POST", DOIP, body, targetId=ONE, operationId=CREATE)
    assert envelope["code"] == 101
    assert f"{place} " in envelope["message"]
    assert not is_taken(ONE)


@pytest.mark.parametrize(("operation", "code"), [("0.DOIP/Op.Hello", 404), ("0.doip/op.create", 404), ("", 101)])
def test_an_operation_that_is_not_known_is_refused(program: Program, operation: str, code: int) -> None:
    envelope = program.ask("POST", DOIP, {}, targetId=ONE, operationId=operation)
    assert envelope["code"] == code


def test_a_read_by_get_may_not_write(program: Program) -> None:
    assert program.ask("GET", DOIP, targetId=ONE, operationId=CREATE)["code"] == 404
    assert not is_taken(ONE)


@pytest.mark.parametrize(("target", "code"), [("no-slash", 40508), ("88..5/x", 40508), ("", 101)])
def test_a_target_that_is_no_name_is_refused(program: Program, target: str, code: int) -> None:
    assert program.operate(READ, target)["code"] == code
    assert program.operate(CREATE, target, CONTENT)["code"] == code


def test_nothing_is_written_under_the_prefix_of_another(program: Program, world: World) -> None:
    add_prefix(world, "88.101.6", holder_id=world.mill_id)
    assert program.operate(CREATE, "88.101.6/x", CONTENT)["code"] in (103, 701)
    assert not is_taken("88.101.6/x")


def test_the_object_of_another_is_neither_changed_nor_deleted(program: Program, world: World) -> None:
    add_prefix(world, "88.101.6", holder_id=world.mill_id)
    mill = customer(world, world.mill_id)
    identifiers.register(actor=mill, name="88.101.6/mine", values=[], now=utc_now())
    for operation in (UPDATE, MERGE, DELETE):
        assert program.operate(operation, "88.101.6/mine", CONTENT)["code"] in (103, 701)


def test_writing_needs_a_token(stranger: Program) -> None:
    for operation in (CREATE, UPDATE, MERGE, DELETE):
        assert stranger.operate(operation, ONE, CONTENT)["code"] == 401
    assert not is_taken(ONE)


def test_a_fault_of_the_program_tells_nothing_but_that(
    program: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(objects.verbs, "retire", broken)
    assert program.operate(DELETE, ONE) == {"code": 500, "message": "系统内部错误"}
    assert "a secret detail" in caplog.text


def test_another_method_is_refused_in_the_envelope(program: Program) -> None:
    assert program.ask("PUT", DOIP, {}, targetId=ONE, operationId=READ)["code"] == 101
