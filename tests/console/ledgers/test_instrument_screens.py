"""Instruments on screen: registering, changing together with others, moving, what the page tells."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jialiang.base.instruments.selectors import (
    InstrumentFilter,
    history,
    instrument,
    instruments,
    ledger_facts,
)
from jialiang.functions import instruments as verbs
from jialiang.governance.data_elements import columns
from jialiang.security.tenancy.scope import scope
from tests.console.ledgers.conftest import Things

pytestmark = pytest.mark.django_db


def plate(things: Things, **members: str) -> dict[str, str]:
    return {
        "owner_id": str(things.world.dairy_id),
        "name_zh": "压力表",
        "model": "YB-100",
        "serial_number": "P-77",
        "place_of_use": "杀菌釜",
        "region_code": "370100",
        "purpose": "other",
        "unit": "kPa",
        "maximum_permissible_error": "1.6",
        **members,
    }


def as_form(things: Things, **members: Any) -> dict[str, Any]:
    """What a browser sends back of the change form that was just opened."""
    with scope(things.world.tenant_id):
        stored = columns(ledger_facts(things.instrument.id))
        version = instrument(things.instrument.id).version
    sent = {name: "" if value in (None, False) else value for name, value in stored.items()}
    return {**sent, "version": version, "as_read": json.dumps(stored), "reason": "", **members}


def stored(things: Things) -> Any:
    with scope(things.world.tenant_id):
        return instrument(things.instrument.id)


def test_an_instrument_is_registered_with_the_unit_as_people_write_it(
    desk: Callable[..., Client], things: Things
) -> None:
    answer = desk("receptionist").post("/instruments/new", plate(things))
    assert answer.status_code == 302
    with scope(things.world.tenant_id):
        row = instruments(InstrumentFilter(text="P-77")).rows[0]
    assert row.unit == "\\kilo\\pascal"
    assert answer["Location"] == f"/instruments/{row.id}/"


def test_what_is_missing_is_said_beside_each_field_and_what_was_typed_stays(
    desk: Callable[..., Client], things: Things
) -> None:
    typed = plate(things, name_zh="", region_code="", origin="<b>原样</b>")
    answer = desk("receptionist").post("/instruments/new", typed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert html.count('aria-invalid="true"') == 2
    assert "id_name_zh-error" in html
    assert 'value="P-77"' in html
    assert "&lt;b&gt;原样&lt;/b&gt;" in html
    assert html.count(" autofocus") == 1


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("unit", "bogons"),
        ("region_code", "990000"),
        ("maximum_permissible_error", "-1"),
        ("manufacturer_credit_code", "1"),
    ],
)
def test_a_rule_of_the_ledger_is_said_beside_its_field(
    desk: Callable[..., Client], things: Things, member: str, value: str
) -> None:
    answer = desk("receptionist", language="zh-hans").post(
        "/instruments/new", plate(things, **{member: value})
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{member}-error"' in html
    assert "JL-INS-002" in html


def test_the_same_instrument_twice_is_a_conflict_with_a_way_out(
    desk: Callable[..., Client], things: Things
) -> None:
    client = desk("receptionist")
    client.post("/instruments/new", plate(things))
    again = client.post("/instruments/new", plate(things))
    assert again.status_code == 409
    assert "JL-INS-003" in again.content.decode()


def test_a_customer_registers_for_the_own_organization_only(
    desk: Callable[..., Client], things: Things
) -> None:
    client = desk("customer")
    answer = client.post("/instruments/new", plate(things, owner_id=str(things.world.mill_id)))
    assert answer.status_code == 422
    assert client.post("/instruments/new", plate(things)).status_code == 302


def test_a_change_keeps_the_old_value_with_its_reason(desk: Callable[..., Client], things: Things) -> None:
    client = desk("instrument_manager")
    url = f"/instruments/{things.instrument.id}/"
    answer = client.post(f"{url}change", as_form(things, place_of_use="新化验室", reason="搬迁"))
    assert answer.status_code == 302
    html = client.get(url).content.decode()
    assert "新化验室" in html
    assert '<del class="jl-old">乳品检验室</del>' in html
    assert "搬迁" in html


def change_elsewhere(things: Things, **changes: Any) -> None:
    with scope(things.world.tenant_id):
        verbs.change(
            actor=things.world.person("receptionist"),
            instrument_id=things.instrument.id,
            changes=changes,
            expected_version=instrument(things.instrument.id).version,
            now=things.world.now,
        )


def test_changes_of_different_fields_merge_by_themselves(desk: Callable[..., Client], things: Things) -> None:
    client, form = desk("receptionist"), as_form(things, place_of_use="我的地点")
    change_elsewhere(things, inventory_number="ELSE-1")
    assert client.post(f"/instruments/{things.instrument.id}/change", form).status_code == 302
    row = stored(things)
    assert (row.place_of_use, row.inventory_number) == ("我的地点", "ELSE-1")


def test_changes_of_the_same_field_are_shown_and_asked_before_anything_is_written(
    desk: Callable[..., Client], things: Things
) -> None:
    client, form = desk("receptionist"), as_form(things, place_of_use="我的地点", origin="德国")
    change_elsewhere(things, place_of_use="别人的地点")
    url = f"/instruments/{things.instrument.id}/change"
    asked = client.post(url, form)
    html = asked.content.decode()
    assert asked.status_code == 409
    assert [text in html for text in ("乳品检验室", "别人的地点", "我的地点")] == [True] * 3
    assert stored(things).place_of_use == "别人的地点"
    decided = {**asked.context["hidden"], "place_of_use": "别人的地点"}
    assert client.post(url, decided).status_code == 302
    row = stored(things)
    assert (row.place_of_use, row.origin) == ("别人的地点", "德国")


def test_a_form_that_lost_what_was_read_asks_instead_of_overwriting(
    desk: Callable[..., Client], things: Things
) -> None:
    client, form = desk("receptionist"), as_form(things, place_of_use="我的地点", as_read="not json")
    change_elsewhere(things, place_of_use="别人的地点")
    assert client.post(f"/instruments/{things.instrument.id}/change", form).status_code == 409


def test_moves_need_a_reason_and_stand_in_the_history(desk: Callable[..., Client], things: Things) -> None:
    client, url = desk("receptionist"), f"/instruments/{things.foreign.id}/"
    assert client.post(f"{url}suspend", {"reason": ""}).status_code == 422
    assert client.post(f"{url}suspend", {"reason": "dropped"}).status_code == 302
    assert "dropped" in client.get(url).content.decode()
    assert client.post(f"{url}suspend", {"reason": "again"}).status_code == 409
    assert client.post(f"{url}restore", {"reason": "checked"}).status_code == 302
    assert client.post(f"{url}retire", {"reason": "worn out"}).status_code == 302
    assert client.post(f"{url}dance", {"reason": "x"}).status_code == 404
    with scope(things.world.tenant_id):
        assert [change.action for change in history(things.foreign.id)][:3] == [
            "instrument.retire", "instrument.restore", "instrument.suspend",
        ]  # fmt: skip


def test_buttons_are_shown_to_those_who_may_press_them(desk: Callable[..., Client], things: Things) -> None:
    html = desk("auditor").get(f"/instruments/{things.foreign.id}/").content.decode()
    assert "/suspend" not in html
    assert "/change" not in html
