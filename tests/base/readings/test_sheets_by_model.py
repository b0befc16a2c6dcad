"""Sheets of readings against a plain dictionary: whatever is typed, frozen and amended, both tell the same."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import transaction
from tests.base.bench_rows import LAYOUT, build_bench
from tests.pictures import nothing_changes

from jialiang.base.readings import errors
from jialiang.base.readings.selectors import digest_problems, frozen_digest, people_of, readings_of
from jialiang.base.readings.services import amend, copy_readings, create_reading_set, enter, freeze
from jialiang.base.readings.views import CellEntry
from jialiang.kernel.errors import JialiangError

COLUMNS = ("indication", "correction")
TEXTS = ("20.00", "20.0", "-0.01", "1E-3", "+5", "０.５", " 7 ", "", "24.000")


@pytest.fixture
def bench(world):
    return build_bench(world)


def places():
    return [(row, column) for row in (1, 2, 3) for column in COLUMNS]


def as_dictionary(sheet):
    return {(cell.row, cell.column): cell.text for cell in sheet.cells}


def type_at_random(bench, sheet, rng, model):
    """Twenty batches by three people: the model holds text, person and moment of each cell."""
    people = [bench.world.person("technician") for _ in range(3)]
    for step in range(20):
        at, who = bench.world.now + timedelta(seconds=step), rng.choice(people)
        batch = [CellEntry(*rng.choice(places()), rng.choice(TEXTS)) for _ in range(rng.randrange(4))]
        enter(sheet, batch, actor=who, now=at)
        for each in batch:
            place, text = (each.row, each.column), each.text.strip()
            if not text:
                model.pop(place, None)
            elif model.get(place, ("",))[0] != text:
                model[place] = (text, who.person_id, at)


@pytest.mark.parametrize("seed", range(4))
def test_a_draft_holds_what_was_typed_last_and_who_typed_it(bench, seed):
    sheet, model = bench.readings(), {}
    type_at_random(bench, sheet, random.Random(seed), model)
    found = readings_of(sheet)
    assert as_dictionary(found) == {place: text for place, (text, _, _) in model.items()}
    assert {(c.row, c.column): c.entered_at for c in found.cells} == {p: at for p, (_, _, at) in model.items()}
    assert people_of(sheet) == {person for _, person, _ in model.values()}
    assert set(found.missing()) == set(places()) - set(model)
    assert [(c.row, c.column) for c in found.cells] == sorted(model)


@pytest.mark.parametrize("seed", range(3))
def test_amendments_tell_the_way_from_the_first_text_to_the_last(bench, seed):
    rng, sheet, model = random.Random(seed), bench.readings(), {}
    type_at_random(bench, sheet, rng, model)
    digest = freeze(sheet, bench.world.now)
    texts = {place: text for place, (text, _, _) in model.items()}
    ways = {place: [text] for place, text in texts.items()}
    for step in range(15):
        entry = CellEntry(*rng.choice(places()), rng.choice(TEXTS))
        place, at = (entry.row, entry.column), bench.world.now + timedelta(minutes=step // 4)
        try:
            with transaction.atomic():
                old, new = amend(sheet, entry, reason="看错", actor=bench.technician, now=at)
        except JialiangError:
            assert entry.text.strip() in ("", texts.get(place)), entry
            continue
        assert (old, new) == (texts.get(place, ""), entry.text.strip())
        texts[place] = new
        ways.setdefault(place, [""]).append(new)
    found = readings_of(sheet)
    assert as_dictionary(found) == texts
    for cell in found.cells:
        told = [cell.first_text, *(step.new_text for step in cell.amendments)]
        assert told == ways[cell.row, cell.column]
        assert [step.old_text for step in cell.amendments] == told[:-1]
    assert (frozen_digest(sheet), digest_problems()) == (digest, [])


def test_a_copy_of_any_sheet_reads_alike_and_remembers_nothing_of_the_way(bench):
    rng, sheet = random.Random(3), bench.readings()
    type_at_random(bench, sheet, rng, {})
    freeze(sheet, bench.world.now)
    for row, column in places():
        amend(sheet, CellEntry(row, column, "99.9"), reason="改", actor=bench.technician, now=bench.world.now)
    target = bench.readings()
    copy_readings(sheet, target)
    assert as_dictionary(readings_of(target)) == as_dictionary(readings_of(sheet)) == dict.fromkeys(places(), "99.9")
    assert not any(cell.amendments for cell in readings_of(target).cells)
    assert people_of(target) == {bench.technician.person_id}
    assert readings_of(target).frozen_at is None


# what is wrong with the batch: its entries, the error
BATCHES = [
    ([(0, "20.0")], errors.CellOutsideLayout),
    ([(4, "20.0")], errors.CellOutsideLayout),
    ([(1, "20.0"), (2, "20,0")], JialiangError),
    ([(1, ""), (2, "abc")], JialiangError),
    ([(1, "20.0"), (2, "9" * 41)], errors.TextRefused),
    ([(1, "20.0"), (9, "")], errors.CellOutsideLayout),
]


@pytest.mark.parametrize(("batch", "error"), BATCHES)
def test_a_batch_with_one_wrong_cell_leaves_the_sheet_as_it_was(bench, batch, error):
    sheet = bench.readings()
    enter(sheet, [CellEntry(1, "indication", "19.9")], actor=bench.technician, now=bench.world.now)
    entries = [CellEntry(row, "indication", text) for row, text in batch]
    with nothing_changes(), pytest.raises(error), transaction.atomic():
        enter(sheet, entries, actor=bench.technician, now=bench.world.now + timedelta(hours=1))
    assert as_dictionary(readings_of(sheet)) == {(1, "indication"): "19.9"}


# frozen, reason, row, column, text: of several faults the one that is told
AMENDMENTS = [
    (False, "", 9, "none", "x", errors.ReadingsNotFrozen),
    (True, " ", 9, "none", "x", errors.ReasonMissing),
    (True, "r" * 301, 9, "none", "x", errors.TextRefused),
    (True, "因\x00", 9, "none", "x", errors.TextRefused),
    (True, "因", 9, "none", "x" * 41, errors.TextRefused),
    (True, "因", 9, "indication", "x", errors.CellOutsideLayout),
    (True, "因", 1, "none", "x", errors.CellOutsideLayout),
    (True, "因", 1, "indication", "19.9", errors.NothingAmended),
    (True, "因", 1, "indication", " 19.9 ", errors.NothingAmended),
]


@pytest.mark.parametrize(("frozen", "why", "row", "column", "text", "error"), AMENDMENTS)
def test_of_several_faults_of_an_amendment_the_first_is_told(bench, frozen, why, row, column, text, error):
    sheet = bench.readings()
    enter(sheet, [CellEntry(1, "indication", "19.9")], actor=bench.technician, now=bench.world.now)
    if frozen:
        freeze(sheet, bench.world.now)
    with nothing_changes(), pytest.raises(error) as refused, transaction.atomic():
        amend(sheet, CellEntry(row, column, text), reason=why, actor=bench.technician, now=bench.world.now)
    assert type(refused.value) is error
    assert refused.value.what.zh and refused.value.what.en


def test_a_frozen_sheet_is_not_typed_over_not_even_with_the_same_text(bench):
    sheet = bench.readings()
    enter(sheet, [CellEntry(1, "indication", "19.9")], actor=bench.technician, now=bench.world.now)
    freeze(sheet, bench.world.now)
    with nothing_changes():
        for entries in ([], [CellEntry(1, "indication", "19.9")], [CellEntry(9, "none", "x")]):
            with pytest.raises(errors.ReadingsFrozen):
                enter(sheet, entries, actor=bench.technician, now=bench.world.now)


def test_digests_differ_as_soon_as_one_cell_or_the_table_does(bench):
    sheets = {}
    wide = {**LAYOUT, "rows": 4}
    cases = {
        "empty": (LAYOUT, []), "one": (LAYOUT, [(1, "indication", "1")]), "zero": (LAYOUT, [(1, "indication", "1.0")]),
        "row": (LAYOUT, [(2, "indication", "1")]), "column": (LAYOUT, [(1, "correction", "1")]), "wide": (wide, []),
        "wide one": (wide, [(1, "indication", "1")]),
    }  # fmt: skip
    thing = bench.world.instrument(serial_number="digests").id
    for name, (layout, cells) in cases.items():
        key = create_reading_set(instrument_id=thing, layout=layout, now=bench.world.now).id
        enter(key, [CellEntry(*cell) for cell in cells], actor=bench.technician, now=bench.world.now)
        sheets[name] = freeze(key, bench.world.now)
    assert len(set(sheets.values())) == len(cases)
    again = create_reading_set(instrument_id=thing, layout=LAYOUT, now=bench.world.now).id
    enter(again, [CellEntry(1, "indication", "1")], actor=bench.technician, now=bench.world.now)
    assert freeze(again, bench.world.now + timedelta(days=1)) == sheets["one"]
