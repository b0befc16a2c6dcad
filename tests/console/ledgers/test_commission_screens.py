"""The desk on screen: intake in one step, terms, items' way, the slip; nothing is half done."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jialiang.base.commissions.selectors import (
    CommissionFilter,
    commission,
    commissions,
    count_commissions,
    item,
    items_of,
)
from jialiang.console.commissions.forms import split_points
from jialiang.security.tenancy.scope import scope
from tests.console.ledgers.conftest import Things

pytestmark = pytest.mark.django_db
TERMS = {
    "decision_rule": "simple_acceptance",
    "due_date": "yes",
    "agreed_interval_months": "12",
    "fee_kind": "charged",
}


@pytest.fixture
def balance(things: Things) -> Any:
    """An instrument of the dairy that is free to be sent in."""
    with scope(things.world.tenant_id):
        return things.world.instrument(serial_number="B-5")


def order(things: Things, *instruments: Any, **more: Any) -> dict[str, Any]:
    noted = {f"condition_{row.id}": "外观完好" for row in instruments}
    return {
        "customer": str(things.world.dairy_id),
        "kind": "calibration",
        "items": [str(row.id) for row in instruments],
        "accept_now": "on",
        "is_here": "on",
        "place": "3 号架",
        **TERMS,
        **noted,
        **more,
    }


def latest(things: Things) -> Any:
    with scope(things.world.tenant_id):
        return commissions(CommissionFilter(customer_id=things.world.dairy_id)).rows[0]


def count(things: Things) -> int:
    with scope(things.world.tenant_id):
        return count_commissions()


def test_the_desk_opens_accepts_and_receives_in_one_step(
    desk: Callable[..., Client], things: Things, balance: Any
) -> None:
    sent = order(things, balance, **{f"points_{balance.id}": "20， 25;30"})
    answer = desk("receptionist").post("/commissions/new", sent)
    row = latest(things)
    assert answer.status_code == 302
    assert (row.state, row.due_date_agreed, row.agreed_interval_months) == ("accepted", True, 12)
    with scope(things.world.tenant_id):
        entry = items_of(row.id)[0]
    assert (entry.custody, entry.condition_zh, entry.requested_points) == (
        "received",
        "外观完好",
        ["20", "25", "30"],
    )


def test_only_opening_leaves_the_terms_for_later(
    desk: Callable[..., Client], things: Things, balance: Any
) -> None:
    sent = order(things, balance, accept_now="", is_here="", decision_rule="", due_date="", fee_kind="")
    assert desk("receptionist").post("/commissions/new", sent).status_code == 302
    assert latest(things).state == "open"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"items": []}, "items-error"),
        ({"agreed_interval_months": ""}, "id_agreed_interval_months-error"),
        ({"accept_now": ""}, "id_accept_now-error"),
        ({"fee_kind": "free_compulsory"}, "id_fee_kind-error"),
    ],
)
def test_a_refused_intake_opens_nothing_and_keeps_what_was_noted(
    desk: Callable[..., Client], things: Things, balance: Any, changed: dict[str, Any], field: str
) -> None:
    before = count(things)
    answer = desk("receptionist").post("/commissions/new", order(things, balance, **changed))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{field}"' in html
    assert 'value="外观完好"' in html
    assert count(things) == before


def test_the_wording_of_the_standard_stands_where_the_terms_are_agreed(
    desk: Callable[..., Client], things: Things
) -> None:
    html = desk("receptionist").get(f"/commissions/{things.opened.id}/accept").content.decode()
    assert "7.8.4.3" in html
    assert "7.1.3" in html


def test_instruments_of_others_and_those_that_are_away_are_not_offered(
    desk: Callable[..., Client], things: Things, balance: Any
) -> None:
    client = desk("receptionist")
    offered = client.get(f"/commissions/new?customer={things.world.dairy_id}").content.decode()
    assert f'value="{balance.id}"' in offered
    assert str(things.foreign.id) not in offered
    assert client.post("/commissions/new", order(things, things.foreign)).status_code == 422


def test_an_order_from_the_ledger_comes_with_its_instruments_chosen(
    desk: Callable[..., Client], things: Things, balance: Any
) -> None:
    html = desk("receptionist").get(f"/commissions/new?item={balance.id}").content.decode()
    assert f'id="item-{balance.id}" value="{balance.id}" checked' in html


def test_the_customer_is_chosen_by_name_first(desk: Callable[..., Client], things: Things) -> None:
    html = desk("receptionist").get("/commissions/new?q=Poplar").content.decode()
    assert "Poplar Flour Mill" in html
    assert "Morning Star" not in html


def test_a_customer_orders_and_the_desk_agrees(
    desk: Callable[..., Client], things: Things, balance: Any
) -> None:
    client = desk("customer")
    page = client.get("/commissions/new").content.decode()
    assert 'name="decision_rule"' not in page
    assert (
        client.post("/commissions/new", {"kind": "calibration", "items": [str(balance.id)]}).status_code
        == 302
    )
    assert latest(things).state == "open"
    assert client.get(f"/commissions/{latest(things).id}/accept").status_code == 403


def test_terms_are_accepted_once_and_from_the_version_that_was_read(
    desk: Callable[..., Client], things: Things
) -> None:
    client, url = desk("receptionist"), f"/commissions/{things.opened.id}/accept"
    assert client.post(url, TERMS | {"version": "99"}).status_code == 409
    assert client.post(url, TERMS | {"version": "1", "agreed_interval_months": ""}).status_code == 422
    assert client.post(url, TERMS | {"version": "1"}).status_code == 302
    assert "after 12 months" in client.get(f"/commissions/{things.opened.id}/").content.decode()


def test_an_item_is_received_with_its_condition_and_handed_on(
    desk: Callable[..., Client], things: Things
) -> None:
    client, url = desk("receptionist"), f"/items/{things.item.id}/"
    assert client.post(f"{url}receive", {"condition_zh": ""}).status_code == 422
    assert client.post(f"{url}receive", {"condition_zh": "划痕", "place": "A1"}).status_code == 302
    assert client.post(f"{url}hand-over", {"to": "moon"}).status_code == 422
    assert client.post(f"{url}hand-over", {"to": "in_laboratory"}).status_code == 302
    assert client.post(f"{url}hand-over", {"to": "returned", "note": "交还"}).status_code == 302
    html = client.get(f"/commissions/{things.accepted.id}/").content.decode()
    assert "交还" in html
    with scope(things.world.tenant_id):
        assert item(things.item.id).condition_zh == "划痕"
        assert commission(things.accepted.id).state == "completed"


def test_items_are_added_all_or_none(desk: Callable[..., Client], things: Things, balance: Any) -> None:
    client, url = desk("receptionist"), f"/commissions/{things.opened.id}/items"
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"items": [str(balance.id)], f"points_{balance.id}": "x"}).status_code == 422
    assert client.post(url, {"items": [str(balance.id)]}).status_code == 302
    with scope(things.world.tenant_id):
        assert [entry.instrument.serial_number for entry in items_of(things.opened.id)] == ["T-2", "B-5"]


def test_cancelling_needs_a_reason(desk: Callable[..., Client], things: Things) -> None:
    client, url = desk("receptionist"), f"/commissions/{things.opened.id}/cancel"
    assert client.post(url, {"reason": " "}).status_code == 422
    assert client.post(url, {"reason": "撤单"}).status_code == 302
    assert "撤单" in client.get(f"/commissions/{things.opened.id}/").content.decode()


def test_the_slip_says_what_was_taken_in_and_agreed(desk: Callable[..., Client], things: Things) -> None:
    html = (
        desk("receptionist", language="zh-hans")
        .get(f"/commissions/{things.accepted.id}/slip")
        .content.decode()
    )
    for words in (
        things.accepted.number,
        "晨星乳业有限公司",
        "T-1",
        "简单接受",
        "收样人",
        "data:image/png;base64,",
    ):
        assert words in html


def test_points_are_split_at_the_marks_of_both_scripts() -> None:
    assert split_points("20, 25；30 、35") == ("20", "25", "30", "35")
    assert split_points("  ") == ()
