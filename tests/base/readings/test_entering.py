"""Typing, freezing and amending: each refusal, each trace, and what the digest covers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from tests.base.bench_rows import LAYOUT, build_bench

from jialiang.base.readings import errors, services
from jialiang.base.readings.models import Reading, ReadingAmendment, ReadingSet
from jialiang.base.readings.selectors import digest_problems, frozen_digest, people_of, readings_of
from jialiang.base.readings.views import CellEntry
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.science.errors import DecimalComma, NotANumber, NumberOutOfBounds
from jialiang.security.actor import Actor, system_actor
from jialiang.security.tenancy.errors import NoTenantInScope
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant


@pytest.fixture
def bench(world):
    return build_bench(world)


@pytest.fixture
def sheet(bench):
    return bench.readings()


@pytest.fixture
def write(bench, sheet):
    def entered(*cells, minutes=0, actor=None, source="manual"):
        entries = [CellEntry(row, column, text, source) for row, column, text in cells]
        now = bench.world.now + timedelta(minutes=minutes)
        services.enter(sheet, entries, actor=actor or bench.technician, now=now)

    return entered


@pytest.fixture
def correct(bench, sheet):
    def amended(row, column, text, *, reason="看错", minutes=1, actor=None, source="manual"):
        now = bench.world.now + timedelta(minutes=minutes)
        entry = CellEntry(row, column, text, source)
        return services.amend(sheet, entry, reason=reason, actor=actor or bench.technician, now=now)

    return amended


def other_institute(bench):
    with everywhere("a second institute for the test"):
        return create_tenant(slug="other-institute", name=Text("另一机构"), now=bench.world.now)


# typed, kept as typed, understood
TYPED = [
    ("10.000", "10.000", "10.000"),
    (" 21.521 ", "21.521", "21.521"),
    ("２１．５", "２１．５", "21.5"),
    ("－0.5", "－0.5", "-0.5"),
    ("−0.5", "−0.5", "-0.5"),
    ("+3", "+3", "3"),
    ("0", "0", "0"),
    ("-0.0", "-0.0", "-0.0"),
    (".5", ".5", "0.5"),
    ("1e3", "1e3", "1E3"),
]


@pytest.mark.parametrize(("typed", "kept", "understood"), TYPED)
def test_a_cell_is_kept_as_typed_and_understood_beside_it(sheet, write, typed, kept, understood):
    write((1, "indication", typed))
    (found,) = readings_of(sheet).cells
    assert (found.text, found.first_text) == (kept, kept)
    assert float(found.decimal_text) == float(understood)
    assert (found.unit, found.source, found.person_name) == ("\\degreecelsius", "manual", "李四")


@pytest.mark.parametrize(
    ("typed", "error"),
    [("1,5", DecimalComma), ("1，5", DecimalComma), ("abc", NotANumber), ("1.2.3", NotANumber), ("--1", NotANumber),
     ("NaN", NotANumber), ("Infinity", NotANumber), ("1E99", NumberOutOfBounds), ("0x10", NotANumber)],
)  # fmt: skip
def test_what_is_no_number_is_refused_and_nothing_of_it_stands(sheet, write, typed, error):
    with pytest.raises(error), transaction.atomic():
        write((1, "indication", "1.0"), (2, "indication", typed))
    assert readings_of(sheet).cells == ()


def test_a_cell_longer_than_the_column_is_refused_on_every_database(sheet, write, correct, bench):
    """40 digits with sign and point have 42 characters: SQLite would store what PostgreSQL does not."""
    longest = f"-0.{'1' * 37}"
    write((1, "indication", longest))
    assert readings_of(sheet).cells[0].text == longest
    for cells in ([(2, "indication", f"{longest}1")], [(1, "indication", f"-{'1' * 20}.{'1' * 20}")]):
        with pytest.raises(errors.TextRefused) as refused, transaction.atomic():
            write(*cells)
        assert refused.value.code == "JL-REA-007"
        assert refused.value.facts["row"] == cells[0][0]
    services.freeze(sheet, bench.world.now)
    with pytest.raises(errors.TextRefused):
        correct(1, "indication", f"{longest}1")


@pytest.mark.parametrize("reason", ["长" * 301, "看错\x00", "\x1b[31m"])
def test_a_reason_that_cannot_be_stored_is_refused(sheet, write, correct, bench, reason):
    write((1, "indication", "1"))
    services.freeze(sheet, bench.world.now)
    with pytest.raises(errors.TextRefused):
        correct(1, "indication", "2", reason=reason)
    assert ReadingAmendment.objects.count() == 0
    correct(1, "indication", "2", reason=f"第一行\n{'长' * 290}")


def test_typing_over_takes_person_time_and_source_of_who_typed_last(bench, sheet, write):
    colleague = bench.world.person("receptionist")
    write((1, "indication", "1.0"), (2, "indication", "2.0"))
    write((1, "indication", "1.0"), (2, "indication", "2.00"), minutes=5, actor=colleague, source="file")
    first, second = readings_of(sheet).cells
    assert (first.person_name, first.source, first.entered_at) == ("李四", "manual", bench.world.now)
    assert (second.person_name, second.source) == ("张三", "file")
    assert second.entered_at == bench.world.now + timedelta(minutes=5)
    assert people_of(sheet) == {bench.technician.person_id, colleague.person_id}


@pytest.mark.parametrize("blank", ["", "   "])
def test_an_empty_text_empties_the_cell_of_a_draft(sheet, write, blank):
    write((1, "indication", "1.0"), (1, "correction", "0.1"))
    write((1, "indication", blank))
    assert [(c.column, c.text) for c in readings_of(sheet).cells] == [("correction", "0.1")]
    write((3, "indication", blank))
    assert Reading.objects.count() == 1


@pytest.mark.parametrize(
    ("texts", "stands"), [(("1.0", "2.0"), ["2.0"]), (("1.0", ""), []), (("", "1.0"), ["1.0"])]
)
def test_of_a_cell_that_comes_twice_in_a_batch_the_last_text_stands(sheet, write, texts, stands):
    write(*[(1, "indication", text) for text in texts])
    assert [c.text for c in readings_of(sheet).cells] == stands


@pytest.mark.parametrize(
    ("row", "column"), [(0, "indication"), (4, "indication"), (-1, "indication"), (1, "bath"), (1, "")]
)
def test_only_cells_of_the_table_are_typed_or_amended(bench, sheet, write, correct, row, column):
    with pytest.raises(errors.CellOutsideLayout) as refused:
        write((row, column, "1"))
    assert refused.value.facts["columns"] == "indication, correction"
    assert refused.value.facts["rows"] == 3
    services.freeze(sheet, bench.world.now)
    with pytest.raises(errors.CellOutsideLayout):
        correct(row, column, "1")


def test_frozen_readings_keep_their_moment_and_digest_however_often_they_are_frozen(bench, sheet, write):
    write((1, "indication", "1.0"))
    digest = services.freeze(sheet, bench.world.now)
    later = bench.world.now + timedelta(days=1)
    assert services.freeze(sheet, later) == digest
    assert readings_of(sheet).frozen_at == bench.world.now
    with pytest.raises(errors.ReadingsFrozen) as refused:
        write((1, "indication", "2.0"))
    assert refused.value.facts["frozen_at"] == "2026-06-16T07:47:30Z"


@pytest.mark.parametrize(
    "members",
    [{"entered_text": "1.00"}, {"unit": "\\kelvin"}, {"source": "device"}, {"person_name": "某人"}, {"row": 2},
     {"column": "correction"}],
    ids=str,
)  # fmt: skip
def test_a_cell_changed_behind_the_verbs_no_longer_has_the_digest(bench, sheet, write, members):
    write((1, "indication", "1.0"))
    kept = services.freeze(sheet, bench.world.now)
    assert digest_problems() == []
    Reading.objects.filter(reading_set_id=sheet).update(**members)
    ((found, stored, computed),) = digest_problems()
    assert (found, stored) == (sheet, kept)
    assert computed == frozen_digest(sheet) != kept


def test_a_cell_entered_at_another_moment_or_a_table_with_another_unit_has_another_digest(
    bench, sheet, write
):
    write((1, "indication", "1.0"))
    kept = services.freeze(sheet, bench.world.now)
    Reading.objects.update(entered_at=bench.world.now + timedelta(seconds=1))
    assert frozen_digest(sheet) != kept
    Reading.objects.update(entered_at=bench.world.now)
    assert frozen_digest(sheet) == kept
    ReadingSet.objects.filter(pk=sheet).update(layout=LAYOUT | {"rows": 4})
    assert frozen_digest(sheet) != kept


def test_unfrozen_readings_are_no_problem_of_digests(sheet, write):
    write((1, "indication", "1.0"))
    assert digest_problems() == []


def test_a_draft_is_not_amended(sheet, write, correct):
    write((1, "indication", "1.0"))
    with pytest.raises(errors.ReadingsNotFrozen):
        correct(1, "indication", "2.0")
    assert ReadingAmendment.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "reason", "error"),
    [
        ("2.0", "", errors.ReasonMissing),
        ("2.0", " \n", errors.ReasonMissing),
        ("1.0", "看错", errors.NothingAmended),
        (" 1.0 ", "看错", errors.NothingAmended),
        ("2,0", "看错", DecimalComma),
        ("", "看错", NotANumber),
    ],
)
def test_an_amendment_that_cannot_be_is_refused_and_leaves_nothing(
    bench, sheet, write, correct, text, reason, error
):
    write((1, "indication", "1.0"))
    services.freeze(sheet, bench.world.now)
    with pytest.raises(error), transaction.atomic():
        correct(1, "indication", text, reason=reason)
    assert ReadingAmendment.objects.count() == 0
    assert readings_of(sheet).cells[0].text == "1.0"


def test_another_spelling_of_the_same_number_is_an_amendment(bench, sheet, write, correct):
    write((1, "indication", "1.0"))
    services.freeze(sheet, bench.world.now)
    assert correct(1, "indication", "1.00") == ("1.0", "1.00")


def test_amendments_of_one_moment_stand_in_the_order_of_their_making(bench, sheet, write, correct):
    write((1, "indication", "1"))
    digest = services.freeze(sheet, bench.world.now)
    assert [correct(1, "indication", text) for text in ("2", "3", "2")] == [
        ("1", "2"),
        ("2", "3"),
        ("3", "2"),
    ]
    (found,) = readings_of(sheet).cells
    assert (found.first_text, found.text, found.decimal_text) == ("1", "2", "2")
    assert [(a.old_text, a.new_text) for a in found.amendments] == [("1", "2"), ("2", "3"), ("3", "2")]
    assert frozen_digest(sheet) == digest


def test_a_missing_cell_is_added_with_its_own_source_and_outside_the_digest(bench, sheet, write, correct):
    write((1, "indication", "1"))
    digest = services.freeze(sheet, bench.world.now)
    assert correct(2, "indication", "２.5", source="device") == ("", "２.5")
    added = readings_of(sheet).cell(2, "indication")
    assert (added.first_text, added.text, added.decimal_text, added.source) == ("", "２.5", "2.5", "device")
    assert frozen_digest(sheet) == digest
    assert digest_problems() == []


def test_who_only_amended_is_among_the_people_and_a_program_is_not(bench, sheet, write, correct):
    program = system_actor(bench.world.tenant_id, Text("网关", "gateway"), "worker")
    write((1, "indication", "1"), actor=program)
    assert people_of(sheet) == frozenset()
    services.freeze(sheet, bench.world.now)
    english = Actor(
        new_id(bench.world.now), bench.world.tenant_id, Text("", "Berta"), frozenset(), None, "api"
    )
    correct(1, "indication", "2", actor=english)
    assert people_of(sheet) == {english.person_id}
    (found,) = readings_of(sheet).cells
    assert (found.person_name, found.amendments[0].person_name) == ("网关", "Berta")


def test_a_copy_holds_the_last_word_of_each_cell_and_is_a_draft(bench, sheet, write, correct):
    colleague = bench.world.person("receptionist")
    write((1, "indication", "1"), (2, "indication", "2"))
    services.freeze(sheet, bench.world.now)
    correct(2, "indication", "2.5", actor=colleague, minutes=7)
    target = bench.readings()
    services.copy_readings(sheet, target)
    copied = readings_of(target)
    assert [(c.row, c.text, c.person_name, c.amendments) for c in copied.cells] == [
        (1, "1", "李四", ()), (2, "2.5", "张三", ()),
    ]  # fmt: skip
    assert copied.cells[1].entered_at == bench.world.now + timedelta(minutes=7)
    assert (copied.frozen_at, copied.digest) == (None, "")
    assert [c.text for c in readings_of(sheet).cells] == ["1", "2.5"]


def test_in_another_institute_readings_do_not_exist(bench, sheet, write):
    write((1, "indication", "1"))
    services.freeze(sheet, bench.world.now)
    Reading.objects.update(entered_text="9")
    deeds = [
        lambda: readings_of(sheet),
        lambda: frozen_digest(sheet),
        lambda: services.freeze(sheet, bench.world.now),
        lambda: services.enter(sheet, [], actor=bench.technician, now=bench.world.now),
        lambda: services.amend(
            sheet, CellEntry(1, "indication", "2"), reason="r", actor=bench.technician, now=bench.world.now
        ),
        lambda: services.copy_readings(sheet, sheet),
    ]
    with scope(other_institute(bench).id):
        for deed in deeds:
            with pytest.raises(ReadingSet.DoesNotExist):
                deed()
        assert digest_problems() == []
        assert people_of(sheet) == frozenset()
    assert len(digest_problems()) == 1


def test_outside_every_scope_nothing_is_made(tenant, now):
    with pytest.raises(NoTenantInScope):
        services.create_reading_set(instrument_id=new_id(now), layout=LAYOUT, now=now)


def test_a_cell_stands_once_and_its_history_cannot_be_deleted(bench, sheet, write, correct):
    write((1, "indication", "1"))
    services.freeze(sheet, bench.world.now)
    correct(1, "indication", "2")
    stored = Reading.objects.get()
    twin = Reading(
        **{f.attname: getattr(stored, f.attname) for f in Reading._meta.fields}
        | {"id": new_id(bench.world.now)}
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)
    for row in (stored, ReadingSet.objects.get(pk=sheet)):
        with pytest.raises(ProtectedError):
            row.delete()
