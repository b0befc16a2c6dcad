"""The ledger of instruments: views and filters, one page for each state, the buttons that go with state and role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from jialiang.base.instruments.models import Instrument
from jialiang.base.instruments.selectors import history
from jialiang.console.instruments.listing import Line, look
from jialiang.console.instruments.one import _fullest
from jialiang.functions import instruments as verbs
from jialiang.kernel.clock import utc_now
from jialiang.security.accounts.models import Person
from jialiang.vocabulary.statuses import FitnessForUse
from tests.console.registers.conftest import Registers

TODAY = date(2026, 6, 16)
LIST = "/instruments/"
BUTTONS = {
    "suspend": "instrument_suspend",
    "restore": "instrument_restore",
    "retire": "instrument_retire",
    "change": "instrument_change",
    "order": "commission_open",
}


def text(answer: Any) -> str:
    return answer.content.decode()


def page_of(registers: Registers, name: str = "gauge") -> str:
    return f"/instruments/{getattr(registers, name).id}/"


def set_state(registers: Registers, state: str, name: str = "gauge", **members: Any) -> None:
    Instrument.objects.filter(pk=getattr(registers, name).id).update(state=state, **members)


@pytest.mark.parametrize(
    ("role", "state", "buttons"),
    [
        ("receptionist", "registered", {"suspend", "retire", "change", "order"}),
        ("receptionist", "in_service", {"suspend", "retire", "change", "order"}),
        ("receptionist", "suspended", {"restore", "retire", "change", "order"}),
        ("receptionist", "away", {"change"}),
        ("receptionist", "retired", set()),
        ("instrument_manager", "registered", {"suspend", "retire", "change"}),
        ("instrument_manager", "suspended", {"restore", "retire", "change"}),
        ("customer", "in_service", {"suspend", "retire", "change", "order"}),
        ("customer", "away", {"change"}),
        ("technician", "in_service", set()),
        ("reviewer", "in_service", set()),
        ("signatory", "suspended", set()),
        ("standards_keeper", "in_service", set()),
        ("quality_manager", "in_service", set()),
        ("auditor", "in_service", set()),
        ("regulator", "in_service", set()),
        ("system_administrator", "in_service", set()),
    ],
)
def test_a_button_needs_the_state_and_the_role(
    registers: Registers, as_: Callable[..., Client], role: str, state: str, buttons: set[str]
) -> None:
    set_state(registers, state)
    answer = as_(role).get(page_of(registers))
    assert answer.context["may"] == {BUTTONS[name]: True for name in buttons}
    html = text(answer)
    for name in ("suspend", "restore", "retire", "change"):
        assert (f'href="{page_of(registers)}{name}"' in html) is (name in buttons), name
    assert (f'href="/commissions/new?item={registers.gauge.id}"' in html) is ("order" in buttons)


@pytest.mark.parametrize(
    ("state", "shown", "zh", "en"),
    [
        ("registered", "unproven", "新登记", "Newly registered"),
        ("in_service", "unproven", "新登记", "Newly registered"),
        ("suspended", "out_of_use", "停用", "Out of use"),
        ("away", "away", "送检中", "Away for calibration"),
        ("retired", "retired", "报废", "Scrapped"),
    ],
)
def test_the_chip_of_an_instrument_without_evidence(
    registers: Registers, hire: Callable[..., Person], state: str, shown: str, zh: str, en: str
) -> None:
    set_state(registers, state, state_reason="跌落")
    client = Client()
    client.force_login(hire("li.heng", "auditor"))
    for language, word in (("zh-hans", zh), ("en", en)):
        client.cookies["jialiang_language"] = language
        answer = client.get(page_of(registers))
        assert answer.context["look"] == shown
        assert f">{word}</span>" in text(answer)


@pytest.mark.parametrize(
    ("state", "evidence", "due", "shown"),
    [
        ("in_service", "fit", TODAY, "fit"),
        ("in_service", "fit", TODAY - timedelta(days=1), "expired"),
        ("in_service", "fit", None, "fit"),
        ("in_service", "limited", TODAY + timedelta(days=1), "limited"),
        ("in_service", "limited", TODAY - timedelta(days=1), "expired"),
        ("registered", "unproven", None, "unproven"),
        ("suspended", "out_of_use", TODAY - timedelta(days=9), "out_of_use"),
        ("away", "fit", TODAY - timedelta(days=9), "away"),
        ("retired", "out_of_use", TODAY - timedelta(days=9), "retired"),
    ],
)
def test_where_it_is_counts_first_then_its_date_then_its_evidence(
    state: str, evidence: str, due: date | None, shown: str
) -> None:
    fitness: Any = SimpleNamespace(
        state=FitnessForUse(evidence), due=SimpleNamespace(date=due), certificate_id=None
    )
    row = SimpleNamespace(state=state)
    assert look(row, fitness, TODAY) == shown
    line = Line(row, fitness, look(row, fitness, TODAY))
    assert line.is_late is (shown == "expired")
    assert line.due == (None if shown == "out_of_use" else due)
    assert line.certificate_url == ""


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("view=all", {"thermometer", "gauge", "mill_scale", "ordered"}),
        ("view=registered", {"thermometer", "gauge", "mill_scale", "ordered"}),
        ("view=compulsory", {"mill_scale"}),
        ("view=suspended", set()),
        ("view=retired", set()),
        ("view=away", set()),
        ("view=due", set()),
        ("view=all&q=P-1", {"gauge"}),
        ("view=all&q=pressure", {"gauge"}),
        ("view=all&q=%E5%8E%8B%E5%8A%9B", {"gauge"}),
        ("view=all&q=YB-150", {"gauge"}),
        ("view=all&q=INV-7", {"thermometer"}),
        ("view=all&q=%25", set()),
        ("view=all&q=_", set()),
        ("view=all&purpose=medical_care", {"thermometer"}),
        ("view=all&purpose=trade_settlement", set()),
        ("view=all&purpose=medical_care&q=P-1", set()),
        ("", {"thermometer", "gauge", "mill_scale", "ordered"}),
        ("q=M-1", {"mill_scale"}),
        ("view=nonsense", {"thermometer", "gauge", "mill_scale", "ordered"}),
    ],
)
def test_views_and_filters_narrow_the_ledger(
    registers: Registers, as_: Callable[..., Client], query: str, found: set[str]
) -> None:
    answer = as_("auditor").get(f"{LIST}?{query}")
    page = answer.context["list_page"]
    assert {line.row.id for line in page.rows} == {getattr(registers, name).id for name in found}
    assert page.total == len(found)


def test_a_ledger_is_opened_for_one_owner_and_keeps_it(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    answer = as_("auditor").get(f"{LIST}?view=all&owner={registers.world.mill_id}")
    assert [line.row.serial_number for line in answer.context["list_page"].rows] == ["M-1"]
    assert "Poplar Flour Mill" in text(answer)
    assert f'name="owner" value="{registers.world.mill_id}"' in text(answer)
    views = {view.key: view.number for view in answer.context["views"]}
    assert (views["all"], views["compulsory"], views["registered"]) == (1, 1, 1)


@pytest.mark.parametrize("owner", ["nonsense", str(UUID(int=5))])
def test_an_owner_that_does_not_exist_has_no_instruments(
    registers: Registers, as_: Callable[..., Client], owner: str
) -> None:
    answer = as_("auditor").get(f"{LIST}?view=all&owner={owner}")
    assert answer.status_code == 200
    assert answer.context["owner"] is None
    assert answer.context["list_page"].total == (4 if owner == "nonsense" else 0)


@pytest.mark.parametrize(
    ("state", "view"), [("suspended", "suspended"), ("retired", "retired"), ("away", "away")]
)
def test_a_state_has_its_view_with_its_count(
    registers: Registers, as_: Callable[..., Client], state: str, view: str
) -> None:
    set_state(registers, state)
    answer = as_("auditor").get(f"{LIST}?view={view}")
    assert [line.row.id for line in answer.context["list_page"].rows] == [registers.gauge.id]
    numbers = {each.key: each.number for each in answer.context["views"]}
    assert (numbers[view], numbers["registered"], numbers["all"]) == (1, 3, 4)
    assert [each.key for each in answer.context["views"] if each.current] == [view]


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        (
            "en",
            [
                "Due in 30 days and overdue",
                "All",
                "Taken out of use",
                "Away for calibration",
                "Compulsory verification",
                "Newly registered",
                "Scrapped",
            ],
        ),
        (
            "zh-hans",
            ["30 天内到期与逾期", "全部", "停用", "送检中", "强制检定", "新登记", "报废"],
        ),
    ],
)
def test_the_views_of_the_ledger_are_named(
    as_: Callable[..., Client], language: str, labels: list[str]
) -> None:
    views = as_("auditor", language=language).get(LIST).context["views"]
    assert [view.label for view in views] == labels


@pytest.mark.parametrize(
    ("query", "zh", "en"),
    [
        ("view=all&q=nothing", "没有符合条件的器具。", "No instrument fits."),
        ("view=all&purpose=trade_settlement", "没有符合条件的器具。", "No instrument fits."),
        ("view=due", "30 天内没有到期的器具。", "Nothing is due in the next 30 days."),
        ("view=retired", "这里还没有器具。", "No instruments here."),
    ],
)
def test_an_empty_list_says_why_it_is_empty(
    hire: Callable[..., Person], query: str, zh: str, en: str
) -> None:
    client = Client()
    client.force_login(hire("li.heng", "receptionist"))
    for language, words in (("zh-hans", zh), ("en", en)):
        client.cookies["jialiang_language"] = language
        assert words in text(client.get(f"{LIST}?{query}"))


@pytest.mark.parametrize(
    ("role", "register", "order", "owners"),
    [
        ("receptionist", True, True, True),
        ("instrument_manager", True, False, True),
        ("customer", True, True, False),
        ("auditor", False, False, True),
    ],
)
def test_the_list_offers_what_its_reader_may_do(
    as_: Callable[..., Client], role: str, register: bool, order: bool, owners: bool
) -> None:
    answer = as_(role).get(f"{LIST}?view=all")
    context = answer.context
    assert (context["may_register"], context["may_order"], context["shows_owner"]) == (
        register,
        order,
        owners,
    )
    assert ('href="/instruments/new' in text(answer)) is register
    assert ('type="checkbox" name="item"' in text(answer)) is order


def test_an_instrument_that_is_away_or_scrapped_cannot_be_ticked(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    set_state(registers, "away")
    html = text(as_("receptionist").get(f"{LIST}?view=away"))
    assert f'value="{registers.gauge.id}"' in html
    ticked = html[html.index(f'value="{registers.gauge.id}"') :]
    assert "disabled" in ticked[: ticked.index(">")]


def test_the_page_tells_unit_error_and_resolution_with_their_digits(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    english = text(as_("auditor").get(page_of(registers, "thermometer")))
    assert '±<span class="jl-q"><b>0.30</b>\u00a0°C</span>' in english
    assert '<span class="jl-q"><b>0.01</b>\u00a0°C</span>' in english
    assert "20 °C to 30 °C" in english


def test_the_page_speaks_chinese_with_the_chinese_unit(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    html = text(as_("auditor", language="zh-hans").get(page_of(registers, "thermometer")))
    assert '±<span class="jl-q"><b>0.30</b>\u00a0℃</span>' in html
    assert "工作用玻璃液体温度计" in html
    assert "20 ℃～30 ℃" in html
    assert "Liquid-in-glass" not in html


def test_an_instrument_without_certificates_says_so_everywhere(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    answer = as_("auditor").get(page_of(registers))
    context = answer.context
    assert (context["shown"], context["latest"], context["chart"], context["traced"]) == (
        None,
        None,
        "",
        None,
    )
    assert context["basis"] == "follows from the first certificate"
    html = text(answer)
    assert "No certificate yet. The first one makes the instrument fit for use." in html
    assert "no certificate carries it yet" in html
    assert "appears with the first certificate" in html


def test_the_page_leads_to_the_commission_that_it_is_in(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    answer = as_("receptionist").get(page_of(registers, "thermometer"))
    assert answer.context["commission"].id == registers.accepted.id
    html = text(answer)
    assert f'href="/commissions/{registers.accepted.id}/"' in html
    assert f'href="/commissions/new?item={registers.thermometer.id}"' not in html


def test_a_long_history_is_cut_and_shown_whole_on_demand(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    world = registers.world
    for number in range(8):
        verbs.change(
            actor=world.person("receptionist"),
            instrument_id=registers.gauge.id,
            changes={"place_of_use": f"room {number}"},
            expected_version=Instrument.objects.get(pk=registers.gauge.id).version,
            reason=f"move {number}",
            now=utc_now(),
        )
    client = as_("auditor")
    cut = client.get(page_of(registers))
    assert (len(cut.context["changes"]), cut.context["more_changes"]) == (6, 3)
    assert [line.reason for line in cut.context["changes"]] == [f"move {n}" for n in range(7, 1, -1)]
    assert "3 more" in text(cut)
    whole = client.get(f"{page_of(registers)}?history=all")
    assert (len(whole.context["changes"]), whole.context["more_changes"]) == (9, 0)
    assert whole.context["changes"][-1].title == "Registered"


@pytest.mark.parametrize(
    ("changes", "label", "old", "new"),
    [
        ({"place_of_use": "room 2"}, "Place of use", "乳品检验室", "room 2"),
        ({"compulsory": True}, "Under compulsory verification", "—", "yes"),
        ({"interval_months": 24}, "Interval in months", "12", "24"),
        ({"interval_months": None}, "Interval in months", "12", "—"),
        ({"purpose": "safety_protection"}, "Purpose", "Other", "Safety protection"),
        ({"unit": "\\mega\\pascal"}, "Unit", "kPa", "MPa"),
        ({"maximum_permissible_error": "0.300"}, "Maximum permissible error", "0.30", "0.300"),
    ],
)
def test_a_change_is_told_with_old_and_new_in_words(
    registers: Registers, as_: Callable[..., Client], changes: dict[str, Any], label: str, old: str, new: str
) -> None:
    verbs.change(
        actor=registers.world.person("receptionist"),
        instrument_id=registers.gauge.id,
        changes=changes,
        expected_version=registers.gauge.version,
        reason="checked",
        now=utc_now(),
    )
    latest = as_("auditor").get(page_of(registers)).context["changes"][0]
    assert [(each.label, each.old, each.new) for each in latest.altered] == [(label, old, new)]
    assert (latest.title, latest.reason, latest.state) == ("Record changed", "checked", "")


MOVES = [
    ("suspend", "registered", "suspended", "Take out of use", "停用"),
    ("restore", "suspended", "in_service", "Put back into service", "恢复使用"),
    ("retire", "suspended", "retired", "Scrap for good", "报废"),
]


@pytest.mark.parametrize(("verb", "before", "after", "en", "zh"), MOVES)
def test_a_move_asks_for_its_reason_then_stands_in_the_history(
    registers: Registers, hire: Callable[..., Person], verb: str, before: str, after: str, en: str, zh: str
) -> None:
    set_state(registers, before)
    client = Client()
    client.force_login(hire("li.heng", "receptionist"))
    for language, title in (("en", en), ("zh-hans", zh)):
        client.cookies["jialiang_language"] = language
        asked = client.get(f"{page_of(registers)}{verb}")
        assert asked.context["around"].title == title
        assert [crumb.url for crumb in asked.context["around"].crumbs] == [LIST, page_of(registers)]
    assert client.post(f"{page_of(registers)}{verb}", {"reason": " "}).status_code == 422
    done = client.post(f"{page_of(registers)}{verb}", {"reason": "跌落"}, follow=True)
    assert f"{zh}：压力表" in text(done)
    row = Instrument.objects.get(pk=registers.gauge.id)
    assert row.state == after
    change = history(row.id)[0]
    assert (change.action, change.reason) == (f"instrument.{verb}", "跌落")


@pytest.mark.parametrize(
    ("verb", "state"),
    [
        ("suspend", "suspended"),
        ("suspend", "away"),
        ("suspend", "retired"),
        ("restore", "in_service"),
        ("restore", "retired"),
        ("retire", "away"),
        ("retire", "retired"),
    ],
)
def test_a_move_that_the_state_forbids_is_a_conflict_with_a_way_out(
    registers: Registers, as_: Callable[..., Client], verb: str, state: str
) -> None:
    set_state(registers, state)
    answer = as_("receptionist").post(f"{page_of(registers)}{verb}", {"reason": "x"})
    assert answer.status_code == 409
    assert "JL-INS-006" in text(answer)
    assert Instrument.objects.get(pk=registers.gauge.id).state == state


def test_a_scrapped_instrument_is_not_changed(registers: Registers, as_: Callable[..., Client]) -> None:
    set_state(registers, "retired")
    client = as_("receptionist")
    form = client.get(f"{page_of(registers)}change").context["form"]
    sent = {name: value for name, value in form.initial.items() if value not in (None, False)}
    answer = client.post(f"{page_of(registers)}change", sent | {"place_of_use": "elsewhere"})
    assert answer.status_code == 409
    assert "JL-INS-006" in text(answer)
    assert Instrument.objects.get(pk=registers.gauge.id).place_of_use == "乳品检验室"


@pytest.mark.parametrize("verb", ["dance", "Suspend", "delete", "change2"])
def test_a_move_that_does_not_exist_is_not_found(
    registers: Registers, as_: Callable[..., Client], verb: str
) -> None:
    assert as_("receptionist").get(f"{page_of(registers)}{verb}").status_code == 404


@pytest.mark.parametrize(
    ("counts", "fullest"),
    [
        ([], None),
        ([1], 0),
        ([1, 3, 2], 1),
        ([3, 3, 3], 1),
        ([2, 2], 1),
        ([3, 1, 3], 2),
    ],
)
def test_the_point_calibrated_most_often_is_shown_first(counts: list[int], fullest: int | None) -> None:
    series: Any = tuple(
        SimpleNamespace(points=range(count), place=place) for place, count in enumerate(counts)
    )
    found = _fullest(series)
    assert (found.place if found else None) == fullest


def test_registering_offers_the_owner_that_was_asked_for(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    form = as_("receptionist").get(f"/instruments/new?owner={registers.world.mill_id}").context["form"]
    assert str(form["owner_id"].value()) == str(registers.world.mill_id)
    names = [label for _, label in form.fields["owner_id"].choices]
    assert names[0] == "Choose…"
    assert names[1:] == sorted(names[1:])


def test_a_customer_registers_for_the_own_organization_without_choosing(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    form = as_("customer").get("/instruments/new").context["form"]
    assert list(form.fields["owner_id"].choices) == [
        (str(registers.world.dairy_id), "Morning Star Dairy Ltd")
    ]
