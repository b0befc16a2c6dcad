"""Commissions on screen: views, the page of each state, items and their way, terms, the slip, who may do what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from jialiang.base.commissions.models import Commission, CommissionItem
from jialiang.base.commissions.selectors import custody_events, items_of
from jialiang.base.organizations.facts import ContactFacts
from jialiang.console.commissions.addresses import to_accept
from jialiang.console.commissions.one import steps_from
from jialiang.functions import organizations
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.accounts.models import Person
from tests.console.registers.conftest import Registers

LIST = "/commissions/"


def text(answer: Any) -> str:
    return answer.content.decode()


def page_of(registers: Registers, name: str) -> str:
    return f"{LIST}{getattr(registers, name).id}/"


def set_state(registers: Registers, name: str, state: str, **members: Any) -> None:
    Commission.objects.filter(pk=getattr(registers, name).id).update(state=state, **members)


def set_custody(registers: Registers, custody: str) -> None:
    CommissionItem.objects.filter(pk=registers.item.id).update(custody=custody)


@pytest.mark.parametrize(
    ("role", "state", "buttons"),
    [
        ("receptionist", "open", {"accept", "items", "cancel"}),
        ("receptionist", "accepted", {"cancel"}),
        ("receptionist", "completed", set()),
        ("receptionist", "cancelled", set()),
        ("customer", "open", {"items"}),
        ("customer", "accepted", set()),
        ("technician", "open", set()),
        ("signatory", "accepted", set()),
        ("quality_manager", "open", set()),
        ("auditor", "open", set()),
        ("regulator", "accepted", set()),
        ("system_administrator", "open", set()),
        ("instrument_manager", "open", set()),
    ],
)
def test_a_commission_offers_what_its_state_and_the_role_allow(
    registers: Registers, as_: Callable[..., Client], role: str, state: str, buttons: set[str]
) -> None:
    set_state(registers, "opened", state)
    answer = as_(role).get(page_of(registers, "opened"))
    context = answer.context
    shown = {
        name
        for name, key in (("accept", "may_accept"), ("items", "may_add"), ("cancel", "may_cancel"))
        if context[key]
    }
    assert shown == buttons
    for name in ("accept", "items", "cancel"):
        assert (f'href="{page_of(registers, "opened")}{name}"' in text(answer)) is (name in buttons)
    assert f'href="{page_of(registers, "opened")}slip"' in text(answer)


@pytest.mark.parametrize(
    ("role", "custody", "receive", "hand_over"),
    [
        ("receptionist", "expected", True, False),
        ("receptionist", "received", False, True),
        ("receptionist", "in_laboratory", False, True),
        ("receptionist", "returned", False, False),
        ("technician", "expected", False, False),
        ("technician", "received", False, False),
        ("customer", "expected", False, False),
        ("auditor", "in_laboratory", False, False),
    ],
)
def test_an_item_is_moved_by_the_desk_along_its_way(
    registers: Registers,
    as_: Callable[..., Client],
    role: str,
    custody: str,
    receive: bool,
    hand_over: bool,
) -> None:
    set_custody(registers, custody)
    answer = as_(role).get(page_of(registers, "accepted"))
    (line,) = answer.context["lines"]
    assert (line.may_receive, line.may_hand_over) == (receive, hand_over)
    assert (f"/items/{registers.item.id}/receive" in text(answer)) is receive
    assert (f"/items/{registers.item.id}/hand-over" in text(answer)) is hand_over


@pytest.mark.parametrize("state", ["open", "completed", "cancelled"])
def test_an_expected_item_is_received_only_into_an_accepted_commission(
    registers: Registers, as_: Callable[..., Client], state: str
) -> None:
    set_state(registers, "accepted", state)
    (line,) = as_("receptionist").get(page_of(registers, "accepted")).context["lines"]
    assert not line.may_receive


@pytest.mark.parametrize(
    ("custody", "ways"),
    [
        ("expected", []),
        ("received", ["in_laboratory", "returned"]),
        ("in_laboratory", ["received", "returned"]),
        ("returned", []),
    ],
)
def test_where_an_item_may_go_next(registers: Registers, custody: str, ways: list[str]) -> None:
    registers_item = CommissionItem(custody=custody)
    assert [way.value for way in steps_from(registers_item)] == ways


@pytest.mark.parametrize(
    ("state", "zh", "en"),
    [
        ("open", "待受理", "To be accepted"),
        ("accepted", "已受理", "Accepted"),
        ("completed", "已完成", "Completed"),
        ("cancelled", "已取消", "Cancelled"),
    ],
)
def test_the_chip_of_a_commission(
    registers: Registers, hire: Callable[..., Person], state: str, zh: str, en: str
) -> None:
    set_state(registers, "opened", state, state_reason="客户撤回" if state == "cancelled" else "")
    client = Client()
    client.force_login(hire("li.heng", "auditor"))
    for language, word in (("zh-hans", zh), ("en", en)):
        client.cookies["jialiang_language"] = language
        html = text(client.get(page_of(registers, "opened")))
        assert f">{word}</span>" in html
        assert ("客户撤回" in html) is (state == "cancelled")


@pytest.mark.parametrize(
    ("query", "found", "view"),
    [
        ("", {"opened"}, "open"),
        ("view=open", {"opened"}, "open"),
        ("view=accepted", {"accepted"}, "accepted"),
        ("view=completed", set(), "completed"),
        ("view=cancelled", set(), "cancelled"),
        ("view=all", {"opened", "accepted"}, "all"),
        ("view=nonsense", {"opened"}, "open"),
        ("q=T-1", {"accepted"}, "all"),
        ("q=T-", {"opened", "accepted"}, "all"),
        ("view=open&q=T-1", set(), "open"),
        ("q=Morning", {"opened", "accepted"}, "all"),
        ("q=%E6%99%A8%E6%98%9F", {"opened", "accepted"}, "all"),
        ("kind=calibration", {"opened", "accepted"}, "all"),
        ("kind=testing", set(), "all"),
        ("kind=nonsense", {"opened"}, "open"),
        ("q=%25", set(), "all"),
    ],
)
def test_views_and_filters_of_the_desk(
    registers: Registers, as_: Callable[..., Client], query: str, found: set[str], view: str
) -> None:
    answer = as_("receptionist").get(f"{LIST}?{query}")
    assert {row.id for row in answer.context["list_page"].rows} == {
        getattr(registers, name).id for name in found
    }
    assert answer.context["view"] == view
    assert [each.key for each in answer.context["views"] if each.current] == [view]


def test_the_first_view_that_holds_anything_is_opened(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    set_state(registers, "opened", "completed")
    answer = as_("receptionist").get(LIST)
    assert answer.context["view"] == "accepted"
    numbers = {view.key: view.number for view in answer.context["views"]}
    assert numbers == {"open": 0, "accepted": 1, "completed": 1, "cancelled": 0, "all": 2}


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("en", ["To be accepted", "Accepted, in work", "Completed", "Cancelled", "All"]),
        ("zh-hans", ["待受理", "进行中", "已完成", "已取消", "全部"]),
    ],
)
def test_the_views_of_the_desk_are_named(
    as_: Callable[..., Client], language: str, labels: list[str]
) -> None:
    views = as_("receptionist", language=language).get(LIST).context["views"]
    assert [view.label for view in views] == labels


@pytest.mark.parametrize(
    ("role", "button"),
    [("receptionist", "Take in items"), ("customer", "Order calibration"), ("auditor", "")],
)
def test_the_list_opens_a_commission_in_the_words_of_its_reader(
    as_: Callable[..., Client], role: str, button: str
) -> None:
    html = text(as_(role).get(LIST))
    assert ('href="/commissions/new"' in html) is bool(button)
    assert button in html


@pytest.mark.parametrize(
    ("query", "zh", "en"),
    [
        ("view=all&q=nothing", "没有符合条件的委托。", "No commission fits."),
        ("view=cancelled", "这里还没有委托。", "No commissions here."),
    ],
)
def test_an_empty_view_of_the_desk_says_why(
    hire: Callable[..., Person], query: str, zh: str, en: str
) -> None:
    client = Client()
    client.force_login(hire("li.heng", "receptionist"))
    for language, words in (("zh-hans", zh), ("en", en)):
        client.cookies["jialiang_language"] = language
        assert words in text(client.get(f"{LIST}?{query}"))


@pytest.mark.parametrize(
    ("role", "number"), [("receptionist", 1), ("technician", 0), ("customer", 0), ("auditor", 0)]
)
def test_only_the_desk_is_told_how_many_wait_to_be_accepted(
    registers: Registers, role: str, number: int
) -> None:
    assert to_accept(registers.world.person(role), utc_now()).number == number


@pytest.mark.parametrize(
    ("rule", "agreed", "fee", "expected"),
    [
        (
            "none",
            None,
            "charged",
            ["No statement of conformity", "none: the customer did not ask for one", "Charged"],
        ),
        ("simple_acceptance", 12, "charged", ["Simple acceptance", "yes, after 12 months", "Charged"]),
        (
            "guard_band_u",
            1,
            "internal",
            ["Guard band w = U, four outcomes", "yes, after 1 month", "Internal"],
        ),
        (
            "guard_band_u",
            24,
            "free_compulsory",
            ["yes, after 24 months", "Free (compulsory verification)"],
        ),
    ],
)
def test_what_was_agreed_is_told_in_words(
    registers: Registers,
    as_: Callable[..., Client],
    rule: str,
    agreed: int | None,
    fee: str,
    expected: list[str],
) -> None:
    set_state(
        registers,
        "accepted",
        "accepted",
        decision_rule=rule,
        due_date_agreed=agreed is not None,
        agreed_interval_months=agreed,
        fee_kind=fee,
    )
    html = text(as_("auditor").get(page_of(registers, "accepted")))
    for words in expected:
        assert words in html, words


def test_before_acceptance_nothing_is_agreed(registers: Registers, as_: Callable[..., Client]) -> None:
    html = text(as_("auditor").get(page_of(registers, "opened")))
    assert "Not accepted yet: nothing is agreed, and no work starts." in html
    chinese = text(Client().get(page_of(registers, "opened"), follow=True))
    assert "Not accepted yet" not in chinese


def test_requested_points_stand_with_the_unit_of_the_instrument(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    html = text(as_("auditor").get(page_of(registers, "accepted")))
    assert '<span class="jl-q"><b>21.5</b>\u00a0°C</span>' in html
    assert '<span class="jl-q"><b>25</b>\u00a0°C</span>' in html


def test_a_promise_is_loud_while_it_is_open_and_quiet_afterwards(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    late = utc_now().date() - timedelta(days=40)
    set_state(registers, "accepted", "accepted", promised_on=late)
    client = as_("receptionist")
    loud = text(client.get(page_of(registers, "accepted")))
    assert "days late" in loud
    set_state(registers, "accepted", "completed")
    quiet = text(client.get(page_of(registers, "accepted")))
    assert late.isoformat() in quiet
    assert "days late" not in quiet


TERMS = {
    "decision_rule": "guard_band_u",
    "due_date": "yes",
    "agreed_interval_months": "12",
    "fee_kind": "charged",
    "promised_on": "2027-06-30",
}


def test_accepting_keeps_the_terms_and_is_done_once(registers: Registers, as_: Callable[..., Client]) -> None:
    client, address = as_("receptionist"), f"{page_of(registers, 'opened')}accept"
    form = client.get(address).context["form"]
    assert form.initial == {
        "version": registers.opened.version,
        "due_date": "no",
        "fee_kind": "charged",
        "decision_rule": "none",
    }
    sent = TERMS | {"version": str(registers.opened.version)}
    done = client.post(address, sent, follow=True)
    assert f"Commission {registers.opened.number} is accepted." in text(done)
    row = Commission.objects.get(pk=registers.opened.id)
    assert (row.state, row.decision_rule, row.agreed_interval_months) == ("accepted", "guard_band_u", 12)
    assert (row.due_date_agreed, row.promised_on.isoformat()) == (True, "2027-06-30")
    again = client.post(address, sent)
    assert again.status_code == 409
    assert "JL-COM-" in text(again)


def test_a_verification_proposes_its_own_terms_and_needs_them(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    set_state(registers, "opened", "open", kind="legal_verification")
    client, address = as_("receptionist"), f"{page_of(registers, 'opened')}accept"
    form = client.get(address).context["form"]
    assert (form.initial["due_date"], form.initial["decision_rule"]) == ("yes", "simple_acceptance")
    sent = TERMS | {"decision_rule": "none", "version": str(registers.opened.version)}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "JL-COM-009" in str(refused.context["form"].errors["decision_rule"])


def test_free_of_charge_is_only_compulsory_verification(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    address = f"{page_of(registers, 'opened')}accept"
    sent = TERMS | {"fee_kind": "free_compulsory", "version": str(registers.opened.version)}
    refused = as_("receptionist").post(address, sent)
    assert refused.status_code == 422
    assert "JL-COM-008" in str(refused.context["form"].errors["fee_kind"])


def test_terms_read_from_an_older_version_are_not_accepted(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    set_state(registers, "opened", "open", version=registers.opened.version + 1)
    sent = TERMS | {"version": str(registers.opened.version)}
    answer = as_("receptionist").post(f"{page_of(registers, 'opened')}accept", sent)
    assert answer.status_code == 409
    assert "JL-COM-409" in text(answer)
    assert Commission.objects.get(pk=registers.opened.id).state == "open"


def test_an_item_is_received_with_its_condition_and_both_languages(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    client, address = as_("receptionist"), f"/items/{registers.item.id}/receive"
    assert client.post(address, {"condition_zh": ""}).status_code == 422
    sent = {
        "condition_zh": "外观完好",
        "condition_en": "in good order",
        "accessories": "探头",
        "place": "3 号架",
    }
    done = client.post(address, sent, follow=True)
    assert "Taken in: Liquid-in-glass thermometer T-1" in text(done)
    (line,) = done.context["lines"]
    assert (line.row.custody, line.row.condition) == ("received", Text("外观完好", "in good order"))
    (event,) = custody_events(registers.item.id)
    assert (event.to_custody, event.place) == ("received", "3 号架")
    again = client.post(address, sent)
    assert again.status_code == 409
    assert "JL-COM-007" in text(again)


def test_the_last_item_back_completes_the_commission(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    client, item = as_("receptionist"), f"/items/{registers.item.id}/"
    client.post(f"{item}receive", {"condition_zh": "完好"})
    form = client.get(f"{item}hand-over").context["form"]
    assert [value for value, _ in form.fields["to"].choices] == ["in_laboratory", "returned"]
    client.post(f"{item}hand-over", {"to": "in_laboratory", "place": "201"})
    done = client.post(f"{item}hand-over", {"to": "returned", "note": "已签收"}, follow=True)
    assert done.context["row"].state == "completed"
    assert [event.to_custody for event, _ in done.context["events"]] == [
        "returned",
        "in_laboratory",
        "received",
    ]


def test_an_item_goes_nowhere_before_it_is_here(registers: Registers, as_: Callable[..., Client]) -> None:
    answer = as_("receptionist").post(f"/items/{registers.item.id}/hand-over", {"to": "returned"})
    assert answer.status_code == 422
    assert CommissionItem.objects.get(pk=registers.item.id).custody == "expected"


@pytest.mark.parametrize(
    ("custody", "status"), [("expected", 302), ("received", 302), ("in_laboratory", 409)]
)
def test_what_is_in_the_laboratory_is_brought_back_before_a_cancellation(
    registers: Registers, as_: Callable[..., Client], custody: str, status: int
) -> None:
    set_custody(registers, custody)
    answer = as_("receptionist").post(f"{page_of(registers, 'accepted')}cancel", {"reason": "客户撤回"})
    row = Commission.objects.get(pk=registers.accepted.id)
    assert (answer.status_code, row.state) == (status, "cancelled" if status == 302 else "accepted")


def test_only_instruments_that_are_free_are_added(registers: Registers, as_: Callable[..., Client]) -> None:
    client, address = as_("receptionist"), f"{page_of(registers, 'opened')}items"
    offered = {row["row"].serial_number for row in client.get(address).context["form"].rows()}
    assert "P-1" in offered
    assert "T-2" not in offered
    assert "M-1" not in offered
    busy = client.post(address, {"items": [str(registers.thermometer.id)]})
    assert busy.status_code in {409, 422}
    added = {"items": [str(registers.gauge.id)], f"points_{registers.gauge.id}": "0、100"}
    assert client.post(address, added).status_code == 302
    items = {item.instrument_id: item for item in items_of(registers.opened.id)}
    assert list(items[registers.gauge.id].requested_points) == ["0", "100"]


def test_instruments_to_add_are_searched(registers: Registers, as_: Callable[..., Client]) -> None:
    address = f"{page_of(registers, 'opened')}items"
    client = as_("receptionist")
    found = client.get(address, {"q": "pressure"}).context
    assert [row["row"].serial_number for row in found["form"].rows()] == ["P-1"]
    assert found["searched"] == "pressure"
    assert client.get(address, {"q": "nothing"}).context["form"].rows() == []


def test_the_contact_of_the_customer_is_proposed(registers: Registers, as_: Callable[..., Client]) -> None:
    organizations.add_contact(
        actor=registers.world.person("receptionist"),
        organization_id=registers.world.dairy_id,
        facts=ContactFacts(name="赵六", phone="0531-6"),
        now=utc_now(),
    )
    form = as_("receptionist").get(f"/commissions/new?customer={registers.world.dairy_id}").context["form"]
    assert (form["contact_name"].value(), form["contact_phone"].value()) == ("赵六", "0531-6")


@pytest.mark.parametrize(
    ("query", "template"),
    [
        ("", "commissions/choose_customer.html"),
        ("?customer=nonsense", "commissions/choose_customer.html"),
        ("?customer={dairy}", "commissions/new.html"),
        ("?item={gauge}", "commissions/new.html"),
    ],
)
def test_the_desk_asks_for_the_customer_where_it_is_not_known(
    registers: Registers, as_: Callable[..., Client], query: str, template: str
) -> None:
    address = "/commissions/new" + query.format(dairy=registers.world.dairy_id, gauge=registers.gauge.id)
    answer = as_("receptionist").get(address)
    assert answer.status_code == 200
    assert template in [each.name for each in answer.templates]


def test_a_customer_orders_for_itself_whatever_the_address_says(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    client = as_("customer")
    own = client.get("/commissions/new")
    assert own.context["customer"].id == registers.world.dairy_id
    assert not own.context["at_desk"]
    other = client.get(f"/commissions/new?customer={registers.world.mill_id}")
    if other.status_code == 200:
        assert other.context["customer"].id == registers.world.dairy_id
    else:
        assert other.status_code == 403


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_slip_says_who_what_and_on_which_terms(
    registers: Registers, as_: Callable[..., Client], language: str
) -> None:
    answer = as_("receptionist", language=language).get(f"{page_of(registers, 'accepted')}slip")
    html = text(answer)
    english = language == "en"
    for words in (
        registers.accepted.number,
        "T-1",
        "Morning Star Dairy Ltd" if english else "晨星乳业有限公司",
        "Yunze Institute of Metrology" if english else "云泽市计量测试院",
        "Simple acceptance" if english else "简单接受",
        "Charged" if english else "收费",
        "°C" if english else "℃",
    ):
        assert words in html, words
    assert answer.context["code"].startswith("data:image/png;base64,")
