"""Batches by the door for business systems: 2 000 at once, each with its message; the same again after a loss."""

from __future__ import annotations

from typing import Any

import pytest
from tests.functions.prefix_verbs import add_prefix
from tests.integration.snms.conftest import Business, a_record
from tests.ledger import World

from jialiang.base.identifiers.selectors import is_taken
from jialiang.formats.handle.published import record_key
from jialiang.governance.publication.selectors import answer
from jialiang.security.tenancy.scope import scope

pytestmark = pytest.mark.django_db
CREATE, UPDATE, DELETE = (f"/identityv2/data/batch{verb}" for verb in ("Create", "Update", "Delete"))


def told(envelope: dict[str, Any]) -> list[tuple[str, str]]:
    assert (envelope["status"], envelope["message"]) == (1, "success")
    return [(item["handle"], item["msg"]) for item in envelope["data"]]


def texts(business: Business, handle: str) -> list[str]:
    shown = business.ask("GET", "/identityv2/data/detail", handle=handle)["data"]["value"]
    return [value["data"]["value"] for value in shown if value["index"] != 1001]


def test_each_record_of_a_batch_has_its_message(business: Business) -> None:
    envelope = business.ask("POST", CREATE, [a_record("001"), a_record("002", "a", "b")])
    assert told(envelope) == [("88.101.5/001", "success"), ("88.101.5/002", "success")]
    assert texts(business, "88.101.5/002") == ["a", "b"]
    assert answer(record_key("88.101.5/001")) is not None


def test_what_is_there_already_says_so_and_the_rest_is_registered(business: Business) -> None:
    business.ask("POST", CREATE, [a_record("001", "first")])
    envelope = business.ask("POST", CREATE, [a_record("001", "other"), a_record("002")])
    assert told(envelope) == [("88.101.5/001", "标识已存在"), ("88.101.5/002", "success")]
    assert texts(business, "88.101.5/001") == ["first"]


def test_a_batch_sent_again_after_a_lost_answer_changes_nothing(business: Business) -> None:
    batch = [a_record(f"{i:03}") for i in range(20)]
    assert {message for _, message in told(business.ask("POST", CREATE, batch))} == {"success"}
    assert {message for _, message in told(business.ask("POST", CREATE, batch))} == {"标识已存在"}


def test_two_thousand_records_are_one_call(business: Business) -> None:
    batch = [a_record(f"m{i:04}", f"SN-{i}") for i in range(2000)]
    found = told(business.ask("POST", CREATE, batch))
    assert len(found) == 2000
    assert {message for _, message in found} == {"success"}
    assert texts(business, "88.101.5/m1999") == ["SN-1999"]


def test_one_more_is_refused_and_nothing_is_written(business: Business) -> None:
    for method, path, body in (
        ("POST", CREATE, [a_record(f"n{i}") for i in range(2001)]),
        ("DELETE", DELETE, [f"88.101.5/n{i}" for i in range(2001)]),
    ):
        envelope = business.ask(method, path, body)
        assert (envelope["status"], envelope["data"]) == (-2, None)
        assert "2001" in envelope["message"]
    assert not is_taken("88.101.5/n0")


def test_an_item_that_breaks_a_rule_is_told_and_the_others_are_written(business: Business) -> None:
    bad = a_record("bad")
    bad["value"][0]["index"] = 1001
    found = told(business.ask("POST", CREATE, [a_record("good"), bad, {"templateVersion": "1"}, "text"]))
    assert found[0] == ("88.101.5/good", "success")
    assert found[1][0] == "88.101.5/bad"
    assert "1001" in found[1][1]
    assert [handle for handle, _ in found[2:]] == ["", "text"]
    assert is_taken("88.101.5/good")
    assert not is_taken("88.101.5/bad")


def test_a_name_that_stands_twice_in_a_batch_is_written_once(business: Business) -> None:
    found = told(business.ask("POST", CREATE, [a_record("two", "first"), a_record("TWO", "second")]))
    assert found[0][1] == "success"
    assert found[1][1] != "success"
    assert texts(business, "88.101.5/two") == ["first"]


def test_nothing_is_written_under_the_prefix_of_another(business: Business, world: World) -> None:
    with scope(world.tenant_id):
        add_prefix(world, "88.101.6", holder_id=world.mill_id)
    found = told(business.ask("POST", CREATE, [a_record("x"), a_record("x", prefix="88.101.6")]))
    assert found[0][1] == "success"
    assert found[1][1] != "success"
    assert not is_taken("88.101.6/x")


def test_a_batch_of_changes_puts_values_in_place_of_all(business: Business) -> None:
    business.ask("POST", CREATE, [a_record("u1", "a", "b"), a_record("u2")])
    found = told(business.ask("PUT", UPDATE, [a_record("u1", "new"), a_record("u3"), a_record("u2")]))
    assert found == [("88.101.5/u1", "success"), ("88.101.5/u3", "没有找到标识"), ("88.101.5/u2", "success")]
    assert texts(business, "88.101.5/u1") == ["new"]


def test_a_batch_of_names_is_deleted_each_with_code_and_message(business: Business) -> None:
    business.ask("POST", CREATE, [a_record("d1"), a_record("d2")])
    envelope = business.ask("DELETE", DELETE, ["88.101.5/d1", "88.101.5/none", "88.101.5/d2", 7])
    assert envelope["data"][:3] == [
        {"handle": "88.101.5/d1", "code": 1, "msg": "success"},
        {"handle": "88.101.5/none", "code": -2, "msg": "标识不存在"},
        {"handle": "88.101.5/d2", "code": 1, "msg": "success"},
    ]
    assert envelope["data"][3]["code"] == -2
    again = business.ask("DELETE", DELETE, {"handles": ["88.101.5/d1"]})
    assert again["data"] == [{"handle": "88.101.5/d1", "code": -2, "msg": "标识不存在"}]


@pytest.mark.parametrize(("method", "path"), [("POST", CREATE), ("PUT", UPDATE), ("DELETE", DELETE)])
@pytest.mark.parametrize("body", [[], {}, None, "text"])
def test_a_body_that_is_no_batch_is_refused(business: Business, method: str, path: str, body: Any) -> None:
    envelope = business.ask(method, path, body)
    assert (envelope["status"], envelope["data"]) == (-2, None)


def test_a_batch_in_which_nothing_can_be_read_is_still_answered_item_by_item(business: Business) -> None:
    found = told(business.ask("POST", CREATE, [{}, {"handle": "88.101.5/x"}]))
    assert [handle for handle, _ in found] == ["", "88.101.5/x"]
    assert all(message != "success" for _, message in found)


def test_without_a_token_no_batch_is_read(stranger: Business) -> None:
    for method, path in (("POST", CREATE), ("PUT", UPDATE), ("DELETE", DELETE)):
        assert stranger.ask(method, path, [a_record()])["status"] == -1
    assert not is_taken("88.101.5/001")
