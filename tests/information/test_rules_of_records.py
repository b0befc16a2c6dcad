"""Rules of a record that need no database: procedures, conditions, what is missing, verdicts, drift margins."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.base.calibrations.errors import BadEntry, RecordIncomplete
from jialiang.base.readings.views import Cell, Readings
from jialiang.information.drift import DriftPoint
from jialiang.information.procedures import MOST_ROWS, procedure
from jialiang.information.record_checks import checked_conditions, missing_of, require_complete
from jialiang.information.verdicts import overall, verdict_of
from jialiang.kernel.text import Text
from jialiang.science.errors import DecimalComma, NotANumber

AT = datetime(2026, 6, 16, tzinfo=UTC)
DAY = date(2026, 6, 16)


def agreed(rule, limit="0.2"):
    return SimpleNamespace(decision_rule=rule, maximum_permissible_error=limit)


# rule, deviation, U, limit: outcome. Guard band w = U (ILAC-G8, 4.2.2): inside L−U pass, within U below L conditional
VERDICTS = [
    ("simple_acceptance", "0.000",  "0.500", "0.2", "pass"),
    ("simple_acceptance", "0.200",  "0.100", "0.2", "pass"),
    ("simple_acceptance", "-0.200", "0.100", "0.2", "pass"),
    ("simple_acceptance", "0.201",  "0.001", "0.2", "fail"),
    ("simple_acceptance", "-0.201", "0.001", "0.2", "fail"),
    ("guard_band_u",      "0.100",  "0.050", "0.2", "pass"),
    ("guard_band_u",      "0.150",  "0.050", "0.2", "pass"),
    ("guard_band_u",      "-0.150", "0.050", "0.2", "pass"),
    ("guard_band_u",      "0.151",  "0.050", "0.2", "conditionalPass"),
    ("guard_band_u",      "0.200",  "0.050", "0.2", "conditionalPass"),
    ("guard_band_u",      "0.201",  "0.050", "0.2", "conditionalFail"),
    ("guard_band_u",      "-0.240", "0.050", "0.2", "conditionalFail"),
    ("guard_band_u",      "0.251",  "0.050", "0.2", "fail"),
    ("guard_band_u",      "-0.300", "0.050", "0.2", "fail"),
    ("none",              "9",      "0.050", "0.2", ""),
    ("",                  "9",      "0.050", "0.2", ""),
    ("simple_acceptance", "9",      "0.050", "",    ""),
    ("guard_band_u",      "9",      "0.050", "",    ""),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "deviation", "uncertainty", "limit", "outcome"), VERDICTS)
def test_the_agreed_rule_gives_its_outcome(rule, deviation, uncertainty, limit, outcome):
    assert verdict_of(agreed(rule, limit), deviation, uncertainty) == outcome


@given(st.integers(-400, 400), st.integers(1, 199))
def test_a_verdict_does_not_depend_on_the_sign_of_the_deviation(thousandths, spread):
    rule = agreed("guard_band_u")
    text, width = f"{thousandths / 1000:.3f}", f"{spread / 1000:.3f}"
    opposite = f"{-thousandths / 1000:.3f}"
    assert verdict_of(rule, text, width) == verdict_of(rule, opposite, width)


@pytest.mark.parametrize(
    ("outcomes", "worst"),
    [
        ([], ""),
        (["", ""], ""),
        (["pass", ""], "pass"),
        (["pass", "conditionalPass"], "conditionalPass"),
        (["conditionalFail", "conditionalPass", "pass"], "conditionalFail"),
        (["pass", "fail", "conditionalFail"], "fail"),
    ],
)
def test_the_worst_point_speaks_for_the_instrument(outcomes, worst):
    assert overall(outcomes) == worst
    assert overall(reversed(outcomes)) == worst


# conditions as given: as kept
CONDITIONS = [
    ({}, {}),
    (
        {"temperature": {"minimum": "22.9", "maximum": "23.3"}},
        {"temperature": {"minimum": "22.9", "maximum": "23.3"}},
    ),
    ({"temperature": {"minimum": "22.90"}}, {"temperature": {"minimum": "22.90", "maximum": "22.90"}}),
    ({"humidity": {"maximum": "47"}}, {"humidity": {"minimum": "47", "maximum": "47"}}),
    ({"pressure": {"minimum": "", "maximum": " "}}, {}),
    (
        {"temperature": {"minimum": "－5", "maximum": "２"}},
        {"temperature": {"minimum": "-5", "maximum": "2"}},
    ),
    (
        {"temperature": {"minimum": "20", "maximum": "20.0"}},
        {"temperature": {"minimum": "20", "maximum": "20.0"}},
    ),
    ({"humidity": {}}, {}),
]


@pytest.mark.parametrize(("typed", "kept"), CONDITIONS)
def test_conditions_are_kept_as_understood_and_one_bound_stands_for_both(typed, kept):
    assert checked_conditions(typed) == kept


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"temperature": {"minimum": "23.4", "maximum": "23.3"}}, BadEntry),
        ({"wind": {"minimum": "1"}}, BadEntry),
        ({"temperature": {"minimum": "22,9"}}, DecimalComma),
        ({"humidity": {"maximum": "about 40"}}, NotANumber),
    ],
)
def test_conditions_that_cannot_be_are_refused(typed, error):
    with pytest.raises(error):
        checked_conditions(typed)


def sheet(*filled, rows=2):
    names = {"standard": {"zh": "标准值", "en": "Standard"}, "indication": {"zh": "示值", "en": "Indication"}}
    columns = [{"key": key, "name": name, "unit": ""} for key, name in names.items()]
    cells = tuple(Cell(row, key, "1", "1", "", "manual", "甲", AT, "1") for row, key in filled)
    return Readings(UUID(int=1), {"columns": columns, "rows": rows}, None, "", cells)


FULL = tuple((row, key) for row in (1, 2) for key in ("standard", "indication"))
BOTH = {"temperature": {}, "humidity": {}}


def record(environment=BOTH, begin=DAY, end=DAY):
    return SimpleNamespace(number="JL-2026-000001", environment=environment, begin_date=begin, end_date=end)


# record, readings: what is missing in English
MISSING = [
    (record(), sheet(*FULL), []),
    (record(), sheet(*FULL[1:]), ["row 1, standard"]),
    (record(), sheet(), ["row 1, standard", "row 1, indication", "row 2, standard", "row 2, indication"]),
    (record({"temperature": {}}), sheet(*FULL), ["relative humidity"]),
    (record({"pressure": {}}), sheet(*FULL), ["ambient temperature", "relative humidity"]),
    (record(begin=None), sheet(*FULL), ["date of the work"]),
    (record(end=None), sheet(*FULL), ["date of the work"]),
    (record({}, None, None), sheet(*FULL[:3]),
     ["row 2, indication", "ambient temperature", "relative humidity", "date of the work"]),
]  # fmt: skip


@pytest.mark.parametrize(("stored", "readings", "english"), MISSING)
def test_everything_that_is_missing_is_named_at_once(stored, readings, english):
    assert [text.en for text in missing_of(stored, readings)] == english
    if not english:
        require_complete(stored, readings)
        return
    with pytest.raises(RecordIncomplete) as refused:
        require_complete(stored, readings)
    assert refused.value.facts["count"] == len(english)
    assert refused.value.facts["missing"].en == ", ".join(english)
    assert refused.value.facts["number"] == "JL-2026-000001"


def test_work_does_not_end_before_it_begins():
    with pytest.raises(BadEntry) as refused:
        require_complete(record(end=date(2026, 6, 15)), sheet(*FULL))
    assert refused.value.facts["given"] == "2026-06-16 … 2026-06-15"
    require_complete(record(end=date(2026, 6, 17)), sheet(*FULL))


# procedure, parameter, text: as kept, or the error
PARAMETERS = [
    ("thermometer_line", "coverage_probability", "0.95", "0.95"),
    ("thermometer_line", "coverage_probability", "0.999", "0.999"),
    ("thermometer_line", "coverage_probability", "0.9991", BadEntry),
    ("thermometer_line", "coverage_probability", "0", BadEntry),
    ("thermometer_line", "coverage_probability", "1", BadEntry),
    ("thermometer_line", "coverage_probability", "95", BadEntry),
    ("thermometer_line", "coverage_probability", "-0.5", BadEntry),
    ("thermometer_line", "rows", "1", "1"),
    ("thermometer_line", "rows", str(MOST_ROWS), str(MOST_ROWS)),
    ("thermometer_line", "rows", str(MOST_ROWS + 1), BadEntry),
    ("thermometer_line", "rows", "0", BadEntry),
    ("thermometer_line", "rows", "-3", BadEntry),
    ("thermometer_line", "rows", "2.5", BadEntry),
    ("thermometer_line", "reference_point", "-20.5", "-20.5"),
    ("thermometer_line", "bath_uniformity", "0.002", "0.002"),
    ("thermometer_line", "bath_uniformity", "-0.002", BadEntry),
    ("thermometer_line", "bath_uniformity", "0,002", DecimalComma),
    ("thermometer_line", "bath_uniformity", "little", NotANumber),
    ("thermometer_line", "buoyancy", "1", BadEntry),
    ("repeated_comparison", "repeats", "１０", "10"),
    ("repeated_comparison", "repeats", "3.0", BadEntry),
    ("repeated_comparison", "rows", "3", BadEntry),
    ("mass_comparison", "standard_value", "-1", "-1"),
    ("mass_comparison", "buoyancy_half_width", "-0.1", BadEntry),
]


@pytest.mark.parametrize(("key", "parameter", "typed", "expected"), PARAMETERS)
def test_a_parameter_is_kept_as_understood_or_refused_by_name(key, parameter, typed, expected):
    plan = procedure(key)
    if isinstance(expected, str):
        assert plan.parameters_with({parameter: typed})[parameter] == expected
        return
    with pytest.raises(expected) as refused:
        plan.parameters_with({parameter: typed})
    if expected is BadEntry:
        assert refused.value.facts["given"] == typed


@pytest.mark.parametrize("key", ["thermometer_line", "repeated_comparison", "mass_comparison"])
def test_parameters_that_are_not_given_are_the_usual_ones_and_an_emptied_one_stays_empty(key):
    plan = procedure(key)
    usual = plan.parameters_with({})
    assert set(usual) == {parameter.key for parameter in plan.parameters}
    assert usual == {parameter.key: parameter.default for parameter in plan.parameters}
    assert plan.parameters_with({"coverage_probability": " "})["coverage_probability"] == ""


def test_rows_of_repeated_readings_stand_for_their_points():
    plan = procedure("repeated_comparison")
    layout = plan.layout(("20", "30.0"), plan.parameters_with({"repeats": "3"}), "\\kelvin")
    assert layout["row_points"] == ["20", "20", "20", "30.0", "30.0", "30.0"]
    assert (layout["rows"], layout["repeats"]) == (6, 3)
    assert {column["unit"] for column in layout["columns"]} == {"\\kelvin"}


@pytest.mark.parametrize(
    ("count", "repeats", "fits"), [(1, 400, True), (2, 200, True), (2, 201, False), (0, 3, False)]
)
def test_a_table_has_from_one_to_four_hundred_rows(count, repeats, fits):
    plan = procedure("repeated_comparison")
    parameters = plan.parameters_with({"repeats": str(repeats)})
    points = tuple(str(n) for n in range(count))
    if fits:
        assert plan.layout(points, parameters, "")["rows"] == count * repeats
        return
    with pytest.raises(BadEntry):
        plan.layout(points, parameters, "")


# deviation, limit: what is left of the limit
MARGINS = [
    ("0.150", "0.20", "0.050"),
    ("-0.150", "0.20", "0.050"),
    ("-0.250", "0.20", "-0.050"),
    ("0.2", "0.20", "0.00"),
    ("0", "1", "1"),
    ("0.1", "", ""),
]


@pytest.mark.parametrize(("deviation", "limit", "margin"), MARGINS)
def test_what_is_left_of_the_limit_is_counted_from_the_size_of_the_deviation(deviation, limit, margin):
    point = DriftPoint(UUID(int=1), "YZ-1", DAY, deviation, "0.01", "2.00", limit, "pass")
    assert point.margin == margin


def test_the_words_of_a_missing_cell_are_those_of_its_column_in_both_languages():
    (missing,) = missing_of(record(), sheet(*FULL[:3]))
    assert missing == Text("第 2 行示值", "row 2, indication")
