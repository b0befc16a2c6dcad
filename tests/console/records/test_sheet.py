"""The sheet of a record: cells with who and what was before, results, conditions, and the sentence of the chart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from jialiang.console.calibrations.access import is_technician, may_approve, may_review
from jialiang.console.calibrations.sheet import Entries, Sheet, cell_name, sheet_of
from jialiang.console.calibrations.words import (
    ACTIONS,
    DEVIATIONS,
    PLACES,
    RETURN_REASONS,
    action_name,
    deviation_name,
    joined,
    shown_state,
    step_names,
)
from jialiang.information.procedures import procedures
from jialiang.information.record_view import RecordView, RowLine
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import CalibrationState
from tests.console.records.faked import (
    INDICATION,
    REVIEWER,
    SIGNATORY,
    TECHNICIAN,
    amended,
    cell,
    record,
    result,
    step,
    view,
)

ONE_ROW = view((cell(1, "indication", "21.521"), cell(1, "correction", "-0.17")))


def laid_out(shown: RecordView, language: str = "en", **entries: Any) -> Sheet:
    with translation.override(language):
        return sheet_of(shown, Entries(**entries))


def test_a_cell_says_what_stands_in_it_who_entered_it_and_what_it_is_of() -> None:
    (row,) = laid_out(ONE_ROW).rows
    indication, correction = row.cells
    assert (indication.name, indication.label) == ("c-1-indication", "Indication, 1")
    assert (indication.text, indication.old, indication.note, indication.error) == ("21.521", "", 0, "")
    assert indication.source == "李小量, 2026-06-16"
    assert correction.label == "Correction, 1"
    assert laid_out(ONE_ROW, "zh-hans").rows[0].cells[0].label == "示值, 1"


def test_an_empty_cell_has_nobody_who_entered_it() -> None:
    empty = laid_out(view((None, None))).rows[0].cells[0]
    assert (empty.text, empty.source, empty.old) == ("", "", "")


def test_an_amended_cell_shows_the_value_before_the_last_amendment_and_its_mark() -> None:
    shown = view(
        (cell(1, "indication", "21.521"), cell(1, "correction", "-0.163", "-0.164", "-0.167")),
        amendments=(amended(1, 1), amended(2, 1)),
    )
    indication, correction = laid_out(shown).rows[0].cells
    assert (correction.text, correction.old, correction.note, correction.note_text) == (
        "-0.163",
        "-0.167",
        2,
        "2",
    )
    assert (indication.old, indication.note) == ("", 0)


def test_the_mark_stands_at_the_column_that_was_amended() -> None:
    shown = view(
        (cell(1, "indication", "2", "1"), cell(1, "correction", "4", "3")),
        amendments=(amended(1, 1), amended(2, 1, INDICATION)),
    )
    for language in ("en", "zh-hans"):
        indication, correction = laid_out(shown, language).rows[0].cells
        assert (indication.note, correction.note) == (2, 1)


def test_what_was_typed_stands_where_it_was_typed_beside_what_is_wrong() -> None:
    sheet = laid_out(
        view((cell(1, "indication", "21.521"), None), conditions={"temperature": ("22.9", "")}),
        typed={"c-1-indication": "21,5", "temperature-maximum": "warm", "begin_date": "today"},
        errors={"c-1-indication": "a comma", "temperature-maximum": "no number", "begin_date": "no date"},
    )
    typed = sheet.rows[0].cells[0]
    assert (typed.text, typed.error) == ("21,5", "a comma")
    (condition,) = sheet.conditions
    assert (condition.minimum.text, condition.minimum.error) == ("22.9", "")
    assert (condition.maximum.text, condition.maximum.error) == ("warm", "no number")
    assert (sheet.begin.text, sheet.begin.error) == ("today", "no date")


def test_rows_of_one_point_stand_together() -> None:
    cells = (None, None)
    shown = replace(
        ONE_ROW, rows=tuple(RowLine(n, p, cells) for n, p in enumerate(["0", "0", "50", "50"], 1))
    )
    rows = laid_out(shown).rows
    assert [row.opens_group for row in rows] == [True, False, True, False]
    assert [row.cells[0].label for row in rows] == [
        "Indication, 0",
        "Indication, 0",
        "Indication, 50",
        "Indication, 50",
    ]


@pytest.mark.parametrize(
    ("language", "labels", "unit"),
    [
        ("en", ("ambient temperature, lowest", "ambient temperature, highest"), "°C"),
        ("zh-hans", ("环境温度, 最小", "环境温度, 最大"), "℃"),
    ],
)
def test_a_condition_has_two_fields_in_its_unit(language: str, labels: tuple[str, str], unit: str) -> None:
    (condition,) = laid_out(view(conditions={"temperature": ("22.9", "23.3")}), language).conditions
    assert (condition.minimum.label, condition.maximum.label) == labels
    assert (condition.minimum.name, condition.maximum.name) == ("temperature-minimum", "temperature-maximum")
    assert (condition.minimum.text, condition.maximum.text, condition.unit) == ("22.9", "23.3", unit)


@pytest.mark.parametrize(
    ("dates", "shown"),
    [
        ((None, None), ("", "")),
        ((date(2026, 6, 5), None), ("2026-06-05", "")),
        ((date(2026, 6, 5), date(2026, 12, 31)), ("2026-06-05", "2026-12-31")),
    ],
)
def test_dates_are_shown_as_a_date_field_reads_them(dates: Any, shown: tuple[str, str]) -> None:
    sheet = laid_out(view(dates=dates))
    assert (sheet.begin.text, sheet.end.text) == shown
    assert (sheet.begin.label, sheet.end.label) == ("Work began", "Work ended")


@pytest.mark.parametrize(
    ("rows", "places", "most"),
    [
        ([(None, None)], [0, 0], 0),
        ([(cell(1, "indication", "21"), cell(1, "correction", "-0.17"))], [0, 2], 2),
        (
            [
                (cell(1, "indication", "21.5"), None),
                (cell(2, "indication", "21.521"), cell(2, "correction", "0")),
            ],
            [3, 0],
            3,
        ),
    ],
)
def test_a_column_is_as_wide_as_its_longest_reading(rows: Any, places: list[int], most: int) -> None:
    sheet = laid_out(view(*rows))
    assert [width for _, width in sheet.columns] == places
    assert sheet.places == most


@pytest.mark.parametrize(
    ("conformity", "outcome"),
    [
        ("pass", "pass"),
        ("conditionalPass", "conditional_pass"),
        ("conditionalFail", "conditional_fail"),
        ("fail", "fail"),
        ("", ""),
        ("unheard", ""),
    ],
)
def test_a_verdict_has_the_look_of_its_outcome(conformity: str, outcome: str) -> None:
    sheet = laid_out(view(results=(result(conformity=conformity),)))
    assert [each.outcome for each in sheet.results] == [outcome]
    assert sheet.judged is bool(conformity)


@pytest.mark.parametrize(
    ("results", "limited", "judged", "compared", "factors", "width"),
    [
        ((), False, False, False, "", 4),
        ((result(),), False, False, False, "2.00", 3),
        ((result(), result(coverage_factor="2.05")), False, False, False, "", 4),
        ((result(maximum_permissible_error="0.2"),), True, False, False, "2.00", 4),
        ((result(maximum_permissible_error="0.2", conformity="pass"),), True, True, False, "2.00", 5),
        (
            (
                result(maximum_permissible_error="0.2", conformity="pass"),
                result(coverage_factor="2.1", previous_deviation="-0.15"),
            ),
            True,
            True,
            True,
            "",
            6,
        ),
    ],
)
def test_the_computed_part_has_the_columns_that_it_needs(
    results: Any, limited: bool, judged: bool, compared: bool, factors: str, width: int
) -> None:
    sheet = laid_out(view(results=results))
    assert (sheet.limited, sheet.judged, sheet.compared) == (limited, judged, compared)
    assert (sheet.factors, sheet.width) == (factors, width)


def test_deviations_align_with_those_of_the_last_time_and_u_for_itself() -> None:
    lines = (
        result(deviation="-0.16", u="0.0041", previous_deviation="-0.1234"),
        result(deviation="+0.2", u="0.01"),
    )
    sheet = laid_out(view(results=lines))
    assert (sheet.deviation_places, sheet.u_places) == (4, 4)


@pytest.mark.parametrize(
    ("limit", "far"), [("0.2", False), ("0.82", False), ("0.83", True), ("5", True), ("", False)]
)
def test_limits_that_would_squash_the_points_are_told_instead_of_drawn(limit: str, far: bool) -> None:
    # largest deviation with U is 0.160 + 0.004 = 0.164; five times that is 0.82
    sheet = laid_out(view(results=(result(maximum_permissible_error=limit),)))
    assert sheet.limits_far is far
    assert ("MPE" in sheet.chart) is (bool(limit) and not far)


@pytest.mark.parametrize(
    ("results", "language", "sentence"),
    [
        ((), "en", "Nothing can be computed yet."),
        ((), "zh-hans", "目前还不能计算。"),
        (
            (result("22", "-0.16"),),
            "en",
            "1 point computed; the largest value is \u22120.16 °C at 22 °C.",
        ),
        (
            (result("22", "-0.16"), result("-24.5", "+0.2"), result("26", "-0.19")),
            "en",
            "3 points computed; the largest value is +0.2 °C at \u221224.5 °C.",
        ),
        (
            (result("22", "+0.1"), result("24", "-0.1")),
            "en",
            "2 points computed; the largest value is +0.1 °C at 22 °C.",
        ),
    ],
)
def test_the_finding_is_told_as_one_sentence(results: Any, language: str, sentence: str) -> None:
    sheet = laid_out(view(results=results), language)
    assert sheet.finding == sentence
    if results:
        assert f'aria-label="{sentence}"' in sheet.chart
    else:
        assert sheet.chart == ""


def test_the_chart_names_what_it_shows_in_the_language_of_the_page() -> None:
    shown = view(results=(result(),))
    assert "Correction / °C" in laid_out(shown).chart
    assert "Point / °C" in laid_out(shown).chart
    assert "修正值 / ℃" in laid_out(shown, "zh-hans").chart
    assert "校准点 / ℃" in laid_out(shown, "zh-hans").chart


def test_a_fitted_line_is_drawn_through_the_readings_that_are_there() -> None:
    line = {"y1": "-0.1712", "y2": "0.00218", "t0": "20.0"}
    shown = view(
        (cell(1, "indication", "21.521"), cell(1, "correction", "-0.171")),
        (cell(2, "indication", "22.012"), None),
        (cell(3, "indication", "26.511"), cell(3, "correction", "-0.160")),
        results=(result(),),
        evaluation={"line": line},
    )
    sheet = laid_out(shown)
    assert sheet.fitted
    assert sheet.chart.count('class="read"') == 2
    assert sheet.chart.count('class="trend"') == 1
    unfitted = laid_out(replace(shown, evaluation={}))
    assert not unfitted.fitted
    assert 'class="trend"' not in unfitted.chart


@pytest.mark.parametrize(
    ("procedure", "zh", "en"),
    [
        ("thermometer_line", "修正值", "Correction"),
        ("repeated_comparison", "示值误差", "Error"),
        ("mass_comparison", "与标称值之差", "Deviation from nominal"),
    ],
)
def test_what_a_procedure_determines_has_its_name(procedure: str, zh: str, en: str) -> None:
    with translation.override("en"):
        assert deviation_name(procedure) == en
    with translation.override("zh-hans"):
        assert deviation_name(procedure) == zh
    assert laid_out(view(procedure=procedure)).deviation == en


def test_every_procedure_has_a_name_for_what_it_determines() -> None:
    assert set(DEVIATIONS) == set(procedures())


def test_the_steps_go_from_taking_in_to_issuing() -> None:
    with translation.override("en"):
        assert step_names() == ["Take in", "Enter readings", "Review", "Approve", "Issue"]
    with translation.override("zh-hans"):
        assert step_names() == ["收样", "录入", "核验", "批准", "签发"]
    assert [PLACES[state] for state in CalibrationState] == [1, 2, 3, 5]


@pytest.mark.parametrize("action", [*ACTIONS, "calibration.unheard_of"])
def test_every_step_is_told_in_both_languages_and_an_unknown_one_by_its_name(action: str) -> None:
    with translation.override("en"):
        english = action_name(action)
    with translation.override("zh-hans"):
        chinese = action_name(action)
    if action in ACTIONS:
        assert english == ACTIONS[action]
        assert not chinese.isascii()
    else:
        assert english == chinese == action


def test_the_last_reason_for_a_return_is_the_one_that_is_written() -> None:
    assert len(RETURN_REASONS) == 5
    assert RETURN_REASONS[-1] == "Other, as written"


@pytest.mark.parametrize(
    ("state", "actions", "shown"),
    [
        ("draft", [], "draft"),
        ("draft", ["calibration.start"], "draft"),
        ("draft", ["calibration.submit", "calibration.return"], "returned"),
        ("draft", ["calibration.return", "calibration.record"], "draft"),
        ("in_review", ["calibration.return"], "in_review"),
        ("approved", ["calibration.return"], "approved"),
    ],
)
def test_a_draft_that_was_sent_back_is_returned_until_it_is_worked_on(
    state: str, actions: list[str], shown: str
) -> None:
    assert shown_state(state, tuple(step(action) for action in actions)) == shown


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((), Text("", "")),
        ((Text("日期", "date"),), Text("日期", "date")),
        ((Text("日期", "date"), Text("湿度", "humidity")), Text("日期、湿度", "date, humidity")),
        ((Text("日期", "date"), Text("湿度", "")), Text("日期、湿度", "date, 湿度")),
    ],
)
def test_an_enumeration_has_the_marks_of_its_language(texts: tuple[Text, ...], expected: Text) -> None:
    assert joined(texts) == expected


def test_the_name_of_a_cell_is_its_place() -> None:
    assert cell_name(11, "indication") == "c-11-indication"


def person(person_id: Any, *roles: str) -> Actor:
    return Actor(person_id, TECHNICIAN, Text("某人", "Somebody"), frozenset(roles), None, "console")


@pytest.mark.parametrize(
    ("who", "state", "own", "review", "approve"),
    [
        (person(TECHNICIAN, "technician"), "draft", True, False, False),
        (person(TECHNICIAN, "reviewer"), "draft", False, False, False),
        (person(REVIEWER, "technician"), "draft", False, False, False),
        (person(REVIEWER, "reviewer"), "draft", False, False, False),
        (person(REVIEWER, "reviewer"), "in_review", False, True, False),
        (person(TECHNICIAN, "technician", "reviewer"), "in_review", True, False, False),
        (person(SIGNATORY, "signatory"), "in_review", False, False, False),
        (person(SIGNATORY, "signatory"), "awaiting_approval", False, False, True),
        (person(REVIEWER, "reviewer", "signatory"), "awaiting_approval", False, False, False),
        (person(TECHNICIAN, "technician", "signatory"), "awaiting_approval", True, False, False),
        (person(SIGNATORY, "reviewer"), "awaiting_approval", False, False, False),
        (person(SIGNATORY, "signatory"), "approved", False, False, False),
        (person(SIGNATORY, "auditor"), "awaiting_approval", False, False, False),
    ],
)
def test_entering_reviewing_and_approving_are_three_persons(
    who: Actor, state: str, own: bool, review: bool, approve: bool
) -> None:
    shown = record(state=state, calibrated_by_id=TECHNICIAN, reviewed_by_id=REVIEWER)
    assert is_technician(who, shown) is own
    assert may_review(who, shown) is review
    assert may_approve(who, shown) is approve
