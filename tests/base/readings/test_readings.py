"""Readings: exactly as typed, frozen once, amended for ever after."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.functions.record_world import World, build_world

from jialiang.base.readings.errors import CellOutsideLayout, ReadingsFrozen, ReadingsNotFrozen
from jialiang.base.readings.models import ReadingAmendment
from jialiang.base.readings.selectors import digest_problems, frozen_digest, readings_of
from jialiang.base.readings.services import amend, copy_readings, create_reading_set, enter, freeze
from jialiang.base.readings.views import CellEntry
from jialiang.science.errors import DecimalComma

LAYOUT = {"columns": [{"key": "indication", "name": {"zh": "示值", "en": "Indication"}, "unit": "\\kelvin"}], "rows": 3}


@pytest.fixture
def world(in_tenant, now) -> World:
    return build_world(in_tenant, now)


@pytest.fixture
def reading_set(world):
    return create_reading_set(instrument_id=world.thermometer_id, layout=LAYOUT, now=world.now)


@pytest.fixture
def type_in(world, reading_set):
    def typed(row: int, text: str, minutes: int = 0, person: str = "technician") -> None:
        now = world.now + timedelta(minutes=minutes)
        enter(reading_set.id, [CellEntry(row, "indication", text)], actor=world.people[person], now=now)

    return typed


def _amended(world, reading_set, row: int, text: str, minutes: int) -> tuple[str, str]:
    now = world.now + timedelta(minutes=minutes)
    entry = CellEntry(row, "indication", text)
    return amend(reading_set.id, entry, reason="看错", actor=world.people["technician"], now=now)


def test_trailing_zeros_are_kept(reading_set, type_in):
    type_in(1, "10.000")
    type_in(2, "10")
    readings = readings_of(reading_set.id)
    assert readings.column("indication") == ["10.000", "10", ""]
    assert readings.missing() == ((3, "indication"),)


def test_a_draft_is_typed_over_and_an_unchanged_cell_keeps_its_person_and_time(world, reading_set, type_in):
    type_in(1, "10.000")
    type_in(1, "10.000", minutes=5, person="reviewer")
    cell = readings_of(reading_set.id).cell(1, "indication")
    assert (cell.person_name, cell.entered_at) == ("李小量", world.now)
    type_in(1, "10.001", minutes=6)
    cell = readings_of(reading_set.id).cell(1, "indication")
    assert (cell.text, cell.first_text, cell.is_amended) == ("10.001", "10.001", False)
    type_in(1, "")
    assert readings_of(reading_set.id).cells == ()


def test_a_comma_is_refused_and_nothing_of_the_batch_stands(reading_set, type_in):
    with pytest.raises(DecimalComma):
        type_in(1, "10,5")
    assert readings_of(reading_set.id).cells == ()


@pytest.mark.parametrize(("row", "column"), [(0, "indication"), (4, "indication"), (1, "colour")])
def test_only_cells_of_the_table_are_taken(world, reading_set, row, column):
    with pytest.raises(CellOutsideLayout):
        enter(reading_set.id, [CellEntry(row, column, "1")], actor=world.people["technician"], now=world.now)


def test_frozen_readings_are_not_typed_over_and_a_draft_is_not_amended(world, reading_set, type_in):
    type_in(1, "10.000")
    with pytest.raises(ReadingsNotFrozen):
        _amended(world, reading_set, 1, "10.001", 1)
    digest = freeze(reading_set.id, world.now)
    with pytest.raises(ReadingsFrozen):
        type_in(1, "10.001")
    assert freeze(reading_set.id, world.now + timedelta(days=1)) == digest
    assert readings_of(reading_set.id).frozen_at == world.now


def test_amendments_add_up_and_the_first_text_stays(world, reading_set, type_in):
    type_in(1, "10.000")
    digest = freeze(reading_set.id, world.now)
    assert _amended(world, reading_set, 1, "10.001", 1) == ("10.000", "10.001")
    assert _amended(world, reading_set, 1, "10.002", 2) == ("10.001", "10.002")
    cell = readings_of(reading_set.id).cell(1, "indication")
    assert (cell.text, cell.decimal_text, cell.first_text) == ("10.002", "10.002", "10.000")
    assert [a.old_text for a in cell.amendments] == ["10.000", "10.001"]
    assert frozen_digest(reading_set.id) == digest
    assert digest_problems() == []


def test_a_cell_that_was_empty_can_be_added_by_amendment_without_touching_the_digest(world, reading_set, type_in):
    type_in(1, "10.000")
    digest = freeze(reading_set.id, world.now)
    assert _amended(world, reading_set, 2, "11.5", 1) == ("", "11.5")
    assert readings_of(reading_set.id).column("indication") == ["10.000", "11.5", ""]
    assert frozen_digest(reading_set.id) == digest


def test_a_copy_takes_the_readings_as_they_stand_with_who_and_when(world, reading_set, type_in):
    type_in(1, "10.000")
    freeze(reading_set.id, world.now)
    _amended(world, reading_set, 1, "10.001", 3)
    later = world.now + timedelta(days=9)
    copy = create_reading_set(instrument_id=world.thermometer_id, layout=LAYOUT, now=later)
    copy_readings(reading_set.id, copy.id)
    (cell,) = readings_of(copy.id).cells
    assert (cell.text, cell.amendments, cell.entered_at) == ("10.001", (), world.now + timedelta(minutes=3))
    assert ReadingAmendment.objects.count() == 1
