"""What is to be evaluated, as one frozen value: figures of a standard in another unit, digests, and what is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.information.budget_templates.test_shipped_templates import in_use
from tests.information.evaluation_tasks import CELSIUS, IN_GRAMS, STANDARD, comparison_task

from jialiang.base.calibrations.errors import StandardOfAnotherQuantity
from jialiang.base.readings.views import Amendment
from jialiang.information.evaluation_task import point_in, require_same_quantity, width_in

KELVIN, MILLIKELVIN, GRAM, MILLIGRAM = "\\kelvin", "\\milli\\kelvin", "\\gram", "\\milli\\gram"

WIDTHS = [
    ("0.1", CELSIUS, KELVIN, "0.1"),  # an interval of 0.1 °C is one of 0.1 K
    ("0.10", KELVIN, CELSIUS, "0.10"),
    ("6", MILLIKELVIN, CELSIUS, "0.006"),
    ("0.0040", GRAM, MILLIGRAM, "4"),
    ("4", MILLIGRAM, GRAM, "0.004"),
    ("60", "\\second", "\\minute", "1"),
    ("1", "\\minute", "\\hour", "0.016666666666666666667"),  # cut to twenty digits
    ("0.30", GRAM, GRAM, "0.30"),
    ("", GRAM, MILLIGRAM, ""),
]


@pytest.mark.parametrize(("text", "source", "target", "expected"), WIDTHS)
def test_a_width_in_another_unit_knows_no_zero_of_its_scale(text, source, target, expected):
    found = width_in(target, text, source)
    if expected in ("", text):
        assert found == expected
    else:
        assert float(found) == pytest.approx(float(expected), rel=1e-19)


POINTS = [
    ("0", CELSIUS, KELVIN, "273.15"),
    ("-40", CELSIUS, KELVIN, "233.15"),
    ("273.15", KELVIN, CELSIUS, "0"),
    ("20.00", CELSIUS, CELSIUS, "20.00"),
    ("1.5", GRAM, MILLIGRAM, "1500"),
    ("", CELSIUS, KELVIN, ""),
]


@pytest.mark.parametrize(("text", "source", "target", "expected"), POINTS)
def test_an_end_of_an_interval_in_another_unit_counts_from_the_other_zero(text, source, target, expected):
    found = point_in(target, text, source)
    assert found == expected or float(found) == float(expected)
    assert "E" not in found


PLAIN = st.decimals(-10**4, 10**4, places=4, allow_nan=False).map(str)


@given(PLAIN)
def test_a_point_there_and_back_is_the_same(text):
    there = point_in(KELVIN, text, CELSIUS)
    assert float(point_in(CELSIUS, there, KELVIN)) == float(text)


@given(PLAIN, PLAIN)
def test_the_width_between_two_points_is_the_width_in_every_unit(one, other):
    """Δt in mK by its ends is Δt in mK by its width."""
    ends = [float(point_in(MILLIKELVIN, text, CELSIUS)) for text in (one, other)]
    width = float(width_in(MILLIKELVIN, str(float(other) - float(one)), CELSIUS))
    assert ends[1] - ends[0] == pytest.approx(width, rel=1e-6, abs=1e-6)


def test_a_standard_is_expressed_in_the_unit_of_the_instrument_with_every_figure():
    written = replace(STANDARD, certificate_unit=MILLIKELVIN, expanded_uncertainty="6", unit=KELVIN,
                      drift_half_width="0.002", minimum="233.15", maximum="693.15")  # fmt: skip
    found = written.expressed_in(CELSIUS)
    assert (found.unit, found.certificate_unit) == (CELSIUS, CELSIUS)
    figures = (found.expanded_uncertainty, found.drift_half_width, found.minimum, found.maximum)
    assert [float(figure) for figure in figures] == [0.006, 0.002, -40, 420]
    assert (found.coverage_factor, found.serial_number, found.certificate_number) == ("2", "S-1", "GJ-1")


def test_in_its_own_unit_a_standard_keeps_its_digits():
    own = replace(STANDARD, expanded_uncertainty="0.0060", drift_half_width="0.00200", minimum="-40.0")
    assert own.expressed_in(CELSIUS) == own


def test_open_ends_and_an_unstated_drift_stay_open_and_unstated():
    found = replace(IN_GRAMS, drift_half_width="").expressed_in(MILLIGRAM)
    assert (found.drift_half_width, found.minimum, found.maximum) == ("", "", "")
    assert float(found.expanded_uncertainty) == 1.0


@pytest.mark.parametrize("wrong", ["unit", "certificate_unit"])
def test_a_standard_of_another_quantity_is_refused_with_both_units(wrong):
    with pytest.raises(StandardOfAnotherQuantity) as refused:
        replace(STANDARD, **{wrong: GRAM}).expressed_in(CELSIUS)
    facts = refused.value.facts
    assert facts["serial_number"] == "S-1"
    assert (facts["standard_unit"].en, facts["instrument_unit"].en) == ("g", "°C")


def test_an_instrument_without_a_unit_takes_that_of_any_standard():
    require_same_quantity("S-1", GRAM, "")
    require_same_quantity("S-1", CELSIUS, KELVIN)
    with pytest.raises(StandardOfAnotherQuantity):
        require_same_quantity("S-1", GRAM, KELVIN)


def with_cell(task, place, **changes):
    cells = list(task.readings.cells)
    cells[place] = replace(cells[place], **changes)
    return replace(task, readings=replace(task.readings, cells=tuple(cells)))


def test_the_digest_of_the_readings_follows_every_text_and_nothing_else():
    task = comparison_task()
    seen = {task.readings_digest}
    for place, cell in enumerate(task.readings.cells):
        seen.add(with_cell(task, place, text=cell.text + "0").readings_digest)
    assert len(seen) == len(task.readings.cells) + 1
    changed = replace(task, parameters={}, displayed_resolution="9", decision_rule="x", standard=IN_GRAMS)
    assert changed.readings_digest == task.readings_digest


def test_who_typed_a_reading_and_when_does_not_change_its_digest():
    task = comparison_task()
    other = with_cell(task, 0, person_name="何守准", entered_at=datetime(2030, 1, 1, tzinfo=UTC))
    assert other.readings != task.readings
    assert other.readings_digest == task.readings_digest


def test_an_amendment_changes_the_digest_even_where_the_text_is_the_same_again():
    task = comparison_task()
    twice = Amendment("20.013", "20.013", "笔误", None, "李小量", datetime(2026, 6, 17, tzinfo=UTC))
    assert with_cell(task, 0, amendments=(twice,)).readings_digest != task.readings_digest


def test_without_budgets_the_record_keeps_no_word_of_them():
    plain = comparison_task().inputs_plain()
    assert set(plain) == {
        "standard", "displayed_resolution", "maximum_permissible_error", "decision_rule", "parameters"
    }  # fmt: skip
    assert plain["standard"] == {
        "serial_number": "S-1", "certificate_number": "GJ-1", "expanded_uncertainty": "0.006", "coverage_factor": "2",
        "certificate_unit": CELSIUS, "unit": CELSIUS, "drift_half_width": "0.002",
    }  # fmt: skip


def test_with_budgets_it_keeps_versions_conditions_other_standards_and_what_was_gathered():
    template = in_use("repeated_comparison", digest="abc")
    spans = {"temperature": {"minimum": "22", "maximum": "23"}}
    facts = {"k": {"s": "0.1"}}
    task = comparison_task(templates=(template,), environment=spans, gathered=facts, other_standards=(IN_GRAMS,))
    plain = task.inputs_plain()
    assert plain["templates"] == [
        {"id": template.version_id, "code": "UB-2026-0001", "version": 1, "digest": "abc"}
    ]
    assert (plain["environment"], plain["gathered"]) == (spans, facts)
    assert [each["certificate_unit"] for each in plain["other_standards"]] == [GRAM]
    plain["gathered"]["k"]["s"] = "9"
    assert task.gathered == {"k": {"s": "0.1"}}


ENDS = [
    ("", "", ["-1e6", "0", "1e6"], []),
    ("0", "100", ["0", "0.0", "100", "100.000", "50"], ["-0.0001", "100.0001"]),
    ("", "-10", ["-10", "-11"], ["-9.9999"]),
    ("20", "", ["20", "1e3"], ["19.9999"]),
    ("20", "20", ["20", "20.00"], ["20.01", "19.99"]),
]


@pytest.mark.parametrize(("minimum", "maximum", "inside", "outside"), ENDS)
def test_a_template_covers_its_ends_and_nothing_beyond(minimum, maximum, inside, outside):
    template = in_use("repeated_comparison", minimum=minimum, maximum=maximum)
    task = comparison_task(templates=(template,))
    assert [task.template_for(point) for point in inside] == [template] * len(inside)
    assert [task.template_for(point) for point in outside] == [None] * len(outside)
