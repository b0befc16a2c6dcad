"""The desk's forms: what is ordered, what is agreed before work starts, how an item arrives and where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.http import QueryDict
from django.utils import translation

from jialiang.base.commissions.facts import Agreement
from jialiang.console.commissions.forms import (
    AddItemForm,
    AgreementForm,
    CancelForm,
    DeskForm,
    HandOverForm,
    OrderForm,
    ReceiveForm,
    split_points,
)
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import CustodyState
from tests.console.forms.wrong import (
    NOT_A_DAY,
    NOT_WHOLE,
    REQUIRED,
    at_least,
    at_most,
    complaints,
    labels,
    no_choice,
    too_long,
)

FIRST, SECOND = UUID(int=1), UUID(int=2)
TERMS = {
    "decision_rule": "guard_band_u",
    "due_date": "yes",
    "agreed_interval_months": "12",
    "fee_kind": "charged",
    "promised_on": "2026-06-30",
    "version": "1",
}
CHOOSE_ONE = ("请至少选择一件器具。", "Choose at least one instrument.")
SAY_MONTHS = ("请填写周期（月）。", "Say after how many months.")
ACCEPT_FIRST = ("先受理委托，才能收样。", "Items are taken in once the commission is accepted.")


@dataclass(frozen=True)
class Row:
    """An instrument as the form needs it."""

    id: UUID
    serial_number: str


ROWS = [Row(FIRST, "T-1"), Row(SECOND, "T-2")]


def sent(given: dict[str, Any]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in given.items():
        if value is not None:
            query.setlist(name, value if isinstance(value, list) else [value])
    return query


def terms(**changed: Any) -> AgreementForm:
    return AgreementForm(sent(TERMS | changed))


def order(**given: Any) -> OrderForm:
    return OrderForm(sent({"kind": "calibration", "items": [str(FIRST)]} | given), instruments=ROWS)


def desk(**given: Any) -> DeskForm:
    whole = {"kind": "calibration", "items": [str(FIRST)], "accept_now": "on", **TERMS}
    return DeskForm(sent(whole | given), instruments=ROWS)


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, {}),
        ({"version": ""}, {}),
        ({"promised_on": ""}, {}),
        ({"decision_rule": None}, {"decision_rule": REQUIRED}),
        ({"decision_rule": "guess"}, {"decision_rule": no_choice("guess")}),
        ({"due_date": None}, {"due_date": REQUIRED}),
        ({"due_date": "maybe"}, {"due_date": no_choice("maybe")}),
        ({"fee_kind": ""}, {"fee_kind": REQUIRED}),
        ({"fee_kind": "bribe"}, {"fee_kind": no_choice("bribe")}),
        ({"agreed_interval_months": ""}, {"agreed_interval_months": SAY_MONTHS}),
        ({"agreed_interval_months": "0"}, {"agreed_interval_months": at_least(1)}),
        ({"agreed_interval_months": "241"}, {"agreed_interval_months": at_most(240)}),
        ({"agreed_interval_months": "half"}, {"agreed_interval_months": NOT_WHOLE}),
        ({"due_date": "no", "agreed_interval_months": ""}, {}),
        ({"due_date": "no", "agreed_interval_months": "0"}, {"agreed_interval_months": at_least(1)}),
        ({"promised_on": "30.06.2026"}, {"promised_on": NOT_A_DAY}),
        ({"promised_on": "06/05/2026"}, {"promised_on": NOT_A_DAY}),
        ({"promised_on": "2026-06-31"}, {"promised_on": NOT_A_DAY}),
        ({"version": "one"}, {"version": NOT_WHOLE}),
    ],
)
def test_terms_are_complete_or_say_what_they_lack(
    changed: dict[str, Any], wrong: dict[str, tuple[str, str]]
) -> None:
    assert complaints(lambda: terms(**changed)) == wrong


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (
            {},
            Agreement(
                decision_rule="guard_band_u",
                due_date_agreed=True,
                agreed_interval_months=12,
                fee_kind="charged",
                promised_on=date(2026, 6, 30),
            ),
        ),
        (
            {"due_date": "no", "promised_on": ""},
            Agreement(
                decision_rule="guard_band_u",
                due_date_agreed=False,
                agreed_interval_months=None,
                fee_kind="charged",
                promised_on=None,
            ),
        ),
        (
            {"decision_rule": "none", "fee_kind": "internal", "agreed_interval_months": "240"},
            Agreement(
                decision_rule="none",
                due_date_agreed=True,
                agreed_interval_months=240,
                fee_kind="internal",
                promised_on=date(2026, 6, 30),
            ),
        ),
    ],
)
def test_the_agreement_is_what_the_form_says_an_interval_nobody_asked_for_is_dropped(
    changed: dict[str, Any], expected: Agreement
) -> None:
    form = terms(**changed)
    assert form.is_valid()
    assert form.agreement == expected


@pytest.mark.parametrize("written", ["2026-06-30", "2026/06/30", "2026年06月30日", "2026年6月30日"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_day_is_read_year_first_in_either_language(written: str, language: str) -> None:
    with translation.override(language):
        form = terms(promised_on=written)
        assert form.is_valid()
    assert form.agreement.promised_on == date(2026, 6, 30)


def test_the_wording_of_the_standard_stands_at_the_terms_in_both_languages() -> None:
    with translation.override("en"):
        form = AgreementForm()
        assert "7.8.4.3" in str(form.fields["due_date"].help_text)
        assert "7.1.3" in str(form.fields["decision_rule"].help_text)
        assert dict(form.fields["due_date"].choices) == {
            "no": "No: the certificate states no next date",
            "yes": "Yes: the customer asks for a next date",
        }
        assert [value for value, _ in form.fields["decision_rule"].choices] == [
            "none",
            "simple_acceptance",
            "guard_band_u",
        ]
    with translation.override("zh-hans"):
        form = AgreementForm()
        assert dict(form.fields["fee_kind"].choices) == {
            "charged": "收费",
            "free_compulsory": "强制检定免费",
            "internal": "内部",
        }
        assert dict(form.fields["due_date"].choices)["no"] == "不约定：证书不写下次日期"


def test_terms_are_called_as_the_field_calls_them() -> None:
    assert labels(AgreementForm) == {
        "decision_rule": ("判定规则", "Decision rule"),
        "due_date": ("证书上的下次日期", "Next date on the certificate"),
        "agreed_interval_months": ("约定周期（月）", "Agreed interval in months"),
        "fee_kind": ("收费方式", "Fee"),
        "promised_on": ("承诺完成日期", "Promised date"),
        "version": ("Version", "Version"),
    }


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, {}),
        ({"items": [str(FIRST), str(SECOND)]}, {}),
        ({"items": None}, {"items": CHOOSE_ONE}),
        ({"items": [str(UUID(int=3))]}, {"items": no_choice(str(UUID(int=3)))}),
        ({"items": [str(FIRST), "T-2"]}, {"items": no_choice("T-2")}),
        ({"kind": None}, {"kind": REQUIRED}),
        ({"kind": "repair"}, {"kind": no_choice("repair")}),
        ({"kind": "testing"}, {}),
        ({"kind": "legal_verification"}, {}),
        ({"contact_name": "王" * 60, "contact_phone": "0" * 40, "note": "注" * 400}, {}),
        ({"contact_name": "王" * 61}, {"contact_name": too_long(60, 61)}),
        ({"contact_phone": "0" * 41}, {"contact_phone": too_long(40, 41)}),
        ({"note": "注" * 401}, {"note": too_long(400, 401)}),
    ],
)
def test_an_order_names_its_kind_and_at_least_one_instrument_on_offer(
    given: dict[str, Any], wrong: dict[str, tuple[str, str]]
) -> None:
    assert complaints(lambda: order(**given)) == wrong


def test_what_was_noted_beside_each_instrument_goes_with_it() -> None:
    form = order(
        items=[str(SECOND), str(FIRST)],
        **{
            f"condition_{FIRST}": "  外观完好 ",
            f"accessories_{FIRST}": "探头 1 支",
            f"points_{FIRST}": "0，50;100",
            f"condition_{SECOND}": "",
            f"condition_{UUID(int=3)}": "not mine",
        },
    )
    assert form.is_valid()
    second, first = form.item_facts()
    assert (first.instrument_id, second.instrument_id) == (FIRST, SECOND)
    assert (first.condition, first.accessories) == (Text(zh="外观完好"), "探头 1 支")
    assert first.requested_points == ("0", "50", "100")
    assert (second.condition, second.accessories, second.requested_points) == (Text(), "", ())


def test_nothing_typed_beside_an_instrument_is_lost_by_an_error() -> None:
    form = order(items=[str(SECOND)], kind=None, **{f"points_{SECOND}": "20 30", f"condition_{FIRST}": "裂"})
    assert not form.is_valid()
    first, second = form.rows()
    assert (first["row"], first["is_chosen"], first["condition"]) == (ROWS[0], False, "裂")
    assert (second["is_chosen"], second["points"], second["accessories"]) == (True, "20 30", "")


@pytest.mark.parametrize(
    ("initial", "chosen"),
    [({}, [False, False]), ({"items": [FIRST]}, [True, False]), ({"items": (FIRST, SECOND)}, [True, True])],
)
def test_instruments_that_were_asked_for_come_chosen(initial: dict[str, Any], chosen: list[bool]) -> None:
    form = OrderForm(None, instruments=ROWS, initial=initial)
    assert [row["is_chosen"] for row in form.rows()] == chosen


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, {}),
        ({"is_here": "on", "place": "3 号架"}, {}),
        ({"accept_now": None, "decision_rule": None, "due_date": None, "fee_kind": None}, {}),
        ({"decision_rule": None}, {"decision_rule": REQUIRED}),
        ({"due_date": None, "fee_kind": None}, {"due_date": REQUIRED, "fee_kind": REQUIRED}),
        ({"accept_now": None, "is_here": "on"}, {"accept_now": ACCEPT_FIRST}),
        (
            {"accept_now": None, "is_here": "on", "agreed_interval_months": ""},
            {"accept_now": ACCEPT_FIRST, "agreed_interval_months": SAY_MONTHS},
        ),
        ({"agreed_interval_months": ""}, {"agreed_interval_months": SAY_MONTHS}),
        ({"accept_now": None, "decision_rule": "guess"}, {"decision_rule": no_choice("guess")}),
        ({"items": None, "kind": None}, {"items": CHOOSE_ONE, "kind": REQUIRED}),
        ({"place": "架" * 101}, {"place": too_long(100, 101)}),
    ],
)
def test_the_desk_may_leave_the_terms_for_later_but_not_take_items_in_without_them(
    given: dict[str, Any], wrong: dict[str, tuple[str, str]]
) -> None:
    assert complaints(lambda: desk(**given)) == wrong


def test_the_desk_s_form_shows_its_terms_as_one_group_of_the_intake() -> None:
    with translation.override("en"):
        groups = DeskForm(None, instruments=ROWS).grouped()
    assert [(title, [bound.name for bound in fields]) for title, fields in groups] == [
        (
            "Agreed with the customer",
            ["decision_rule", "due_date", "agreed_interval_months", "fee_kind", "promised_on"],
        )
    ]


@pytest.mark.parametrize(
    ("code", "field"),
    [
        ("JL-COM-004", "items"),
        ("JL-COM-006", "items"),
        ("JL-COM-012", "items"),
        ("JL-COM-008", "fee_kind"),
        ("JL-COM-009", "decision_rule"),
    ],
)
def test_a_refusal_of_the_whole_intake_has_a_place_on_its_form(code: str, field: str) -> None:
    form = DeskForm(None, instruments=ROWS)
    assert form.at_field[code] == field
    assert field in form.fields


def test_more_items_are_asked_for_and_nothing_else() -> None:
    form = AddItemForm(sent({"items": [str(SECOND)]}), instruments=ROWS)
    assert form.is_valid()
    assert list(form.fields) == ["items"]
    assert [facts.instrument_id for facts in form.item_facts()] == [SECOND]
    nothing = complaints(lambda: AddItemForm(QueryDict(""), instruments=ROWS))
    assert nothing == {"items": CHOOSE_ONE}


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"condition_zh": "外观完好"}, {}),
        ({}, {"condition_zh": REQUIRED}),
        ({"condition_zh": " ", "condition_en": "in good order"}, {"condition_zh": REQUIRED}),
        ({"condition_zh": "好" * 201}, {"condition_zh": too_long(200, 201)}),
        ({"condition_zh": "好", "condition_en": "g" * 201}, {"condition_en": too_long(200, 201)}),
        ({"condition_zh": "好", "accessories": "a" * 201}, {"accessories": too_long(200, 201)}),
        ({"condition_zh": "好", "place": "p" * 101}, {"place": too_long(100, 101)}),
    ],
)
def test_an_item_arrives_with_its_condition(given: dict[str, str], wrong: dict[str, tuple[str, str]]) -> None:
    assert complaints(lambda: ReceiveForm(given)) == wrong


@pytest.mark.parametrize(
    ("places", "given", "wrong"),
    [
        (["in_laboratory", "returned"], {"to": "in_laboratory"}, {}),
        (["in_laboratory", "returned"], {"to": "returned", "note": "已签收"}, {}),
        (["in_laboratory", "returned"], {"to": "received"}, {"to": no_choice("received")}),
        (["received"], {}, {"to": REQUIRED}),
        (["received"], {"to": "received", "note": "n" * 201}, {"note": too_long(200, 201)}),
        ([], {"to": "returned"}, {"to": no_choice("returned")}),
    ],
)
def test_an_item_goes_only_where_it_may_go_next(
    places: list[str], given: dict[str, str], wrong: dict[str, tuple[str, str]]
) -> None:
    steps = [CustodyState(place) for place in places]
    assert complaints(lambda: HandOverForm(given, places=steps)) == wrong


def test_the_ways_of_an_item_are_told_in_words() -> None:
    ways = [CustodyState.IN_LABORATORY, CustodyState.RECEIVED, CustodyState.RETURNED]
    expected = {
        "en": ["To the laboratory", "Back to the desk", "To the customer"],
        "zh-hans": ["送实验室", "退回收发室", "返还委托单位"],
    }
    for language, words in expected.items():
        with translation.override(language):
            assert [str(label) for _, label in HandOverForm(places=ways).fields["to"].choices] == words


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        ("客户撤回", {}),
        ("", {"reason": REQUIRED}),
        ("\n", {"reason": REQUIRED}),
        ("因" * 201, {"reason": too_long(200, 201)}),
    ],
)
def test_a_cancellation_is_its_reason(reason: str, wrong: dict[str, tuple[str, str]]) -> None:
    assert complaints(lambda: CancelForm({"reason": reason})) == wrong


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("", ()),
        ("  ", ()),
        ("20", ("20",)),
        ("0 50 100", ("0", "50", "100")),
        ("0,50,100", ("0", "50", "100")),
        ("0，50，100", ("0", "50", "100")),
        ("0;50；100", ("0", "50", "100")),
        ("0、50、 100", ("0", "50", "100")),
        ("-20.0, +5", ("-20.0", "+5")),
        ("\t0\n50", ("0", "50")),
        (",;，；、", ()),
        ("1.50 1.5", ("1.50", "1.5")),
    ],
)
def test_points_are_told_apart_and_keep_their_digits(text: str, points: tuple[str, ...]) -> None:
    assert split_points(text) == points
