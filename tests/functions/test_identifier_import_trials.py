"""Trials of imports over several parts: what a dry run foretells of names and codes is what the import then finds."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.conf import settings
from tests.pictures import nothing_changes

from jialiang.base.identifiers import selectors
from jialiang.base.identifiers.models import IdentifierBatch
from jialiang.formats.identifier_tables import TableRefused, read_table
from jialiang.functions import identifier_imports
from jialiang.functions.identifier_imports import import_rows

PREFIX = settings.JIALIANG.identifier_prefix
THIRTEEN, FOURTEEN = "6901234567892", "06901234567892"


@pytest.fixture
def imported(world, now, monkeypatch):
    monkeypatch.setattr(identifier_imports, "AT_ONCE", 2)  # a part is two rows

    def act(text, mode="create", **members):
        rows = read_table(io.BytesIO(text.encode()), "csv")
        actor = world.person("identifier_operator")
        return import_rows(actor=actor, rows=rows, mode=mode, **{"now": lambda: now, **members})

    return act


def table(*rows, heading="identifier,code:GTIN-13,code:GTIN-14,1:URL"):
    return "\n".join([heading, *(f"{PREFIX}/{row}" for row in rows)]) + "\n"


CASES = {
    "a code again": table(f"a,{THIRTEEN},,", "b,,,", f"c,{THIRTEEN},,"),
    "its path by another code": table(f"a,{THIRTEEN},,", "b,,,", f"c,,{FOURTEEN},"),
    "both codes on one record": table(f"a,{THIRTEEN},{FOURTEEN},", "b,,,", "c,,,"),
    "a name again": table("a,,,https://x", "b,,,", "A,,,https://x"),
    "a name again with other values": table("a,,,https://x", "b,,,", "A,,,https://y"),
    "a wrong code": table("a,,,", "b,,,", "c,6901234567890,,"),
    "nothing wrong": table("a,,,", "b,,,", f"c,{THIRTEEN},,"),
}
REFUSED_ROW = {"a code again": 4, "its path by another code": 4, "a name again with other values": 4, "a wrong code": 4}


@pytest.mark.parametrize("case", CASES)
def test_a_trial_over_parts_foretells_what_the_import_finds(imported, case):
    with nothing_changes():
        trial = imported(CASES[case], dry_run=True)
    real = imported(CASES[case])
    assert (trial.counts, trial.rows, trial.holds) == (real.counts, real.rows, real.holds)
    assert [(fault.row, fault.column) for fault in trial.faults] == [(fault.row, fault.column) for fault in real.faults]
    assert [fault.row for fault in real.faults] == ([REFUSED_ROW[case]] if case in REFUSED_ROW else [])


@pytest.mark.parametrize("case", ["a code again", "its path by another code"])
def test_whose_code_it_is_is_told_by_trial_and_import_alike(imported, case):
    trial, real = imported(CASES[case], dry_run=True), imported(CASES[case])
    assert f"{PREFIX}/a" in trial.faults[0].reason.zh
    assert trial.faults == real.faults


def test_codes_are_no_matter_where_records_are_to_be_retired(imported):
    imported(table("a,,,", "b,,,", "c,,,"))
    text = table(f"a,{THIRTEEN},,", "b,6901234567890,,", f"c,{THIRTEEN},,")
    trial, real = imported(text, mode="delete", dry_run=True), imported(text, mode="delete")
    assert trial.counts == real.counts == {"deleted": 3}
    assert {selectors.record(f"{PREFIX}/{suffix}").state for suffix in "abc"} == {"retired"}


def test_each_part_is_a_batch_of_its_own_at_its_own_moment(imported, now):
    moments = iter(now + timedelta(minutes=minute) for minute in range(9))
    told = []
    report = imported(
        table("a,,,", "b,,,", "c,,,", "d,,,", "e,,,"), now=lambda: next(moments),
        after_part=lambda so_far: told.append((so_far.rows, so_far.last_row)),
    )  # fmt: skip
    assert report.counts == {"created": 5}
    assert told == [(2, 3), (4, 5), (5, 6)]
    assert [batch.at - now for batch in IdentifierBatch.objects.order_by("at")] == [
        timedelta(minutes=minute) for minute in range(3)
    ]
    assert selectors.record(f"{PREFIX}/c").created_at == now + timedelta(minutes=1)


def test_a_file_that_ends_being_a_table_keeps_the_parts_before(imported):
    with pytest.raises(TableRefused):
        imported(table("a,,,", "b,,,") + '"no end')
    assert selectors.is_taken(f"{PREFIX}/b")
    again = imported(table("a,,,", "b,,,", "c,,,"))
    assert again.counts == {"unchanged": 2, "created": 1}


def test_a_table_of_headings_alone_is_empty_and_holds(imported):
    with nothing_changes():
        report = imported(table())
    assert (report.rows, report.last_row, report.holds, report.to_json()["counts"]) == (0, 0, True, {})


def test_a_template_that_no_column_holds_is_a_fault_of_its_row(imported):
    text = table(f"a,{'t' * 301}", "b,V2", heading="identifier,template")
    report = imported(text)
    assert report.counts == {"refused": 1, "created": 1}
    assert (report.faults[0].row, report.faults[0].column) == (2, "template")
    assert "300" in report.faults[0].reason.en


# one name in several rows: whatever part they lie in, the trial and the import say the same

AGAIN = {
    # rows over parts of two, which rows are refused, what is counted
    "in one part": (("a,,,https://x", "a,,,https://y", "b,,,", "c,,,"), [3], {"done": 3, "refused": 1}),
    "in two parts": (("a,,,https://x", "b,,,", "a,,,https://y", "c,,,"), [4], {"done": 3, "refused": 1}),
    "in three parts": (
        ("a,,,https://x", "b,,,", "a,,,https://y", "c,,,", "A,,,https://z"), [4, 6], {"done": 3, "refused": 2}),
    "the same in one part": (("a,,,https://x", "A,,,https://x", "b,,,"), [], {"done": 2, "unchanged": 1}),
    "the same in two parts": (("a,,,https://x", "b,,,", "A,,,https://x"), [], {"done": 2, "unchanged": 1}),
    "twice in a later part": (
        ("a,,,https://x", "b,,,", "a,,,https://y", "a,,,https://x"), [4], {"done": 2, "refused": 1, "unchanged": 1}),
    "a letter of its data": (("a,,,https://x/A", "b,,,", "a,,,https://x/a"), [4], {"done": 2, "refused": 1}),
    "its code alone": ((f"a,{THIRTEEN},,https://x", "b,,,", "a,,,https://x"), [4], {"done": 2, "refused": 1}),
}  # fmt: skip


@pytest.mark.parametrize("mode", ["create", "update"])
@pytest.mark.parametrize("case", AGAIN)
def test_a_name_again_is_judged_alike_by_trial_and_import_in_every_part(imported, case, mode):
    rows, refused, counted = AGAIN[case]
    if mode == "update":
        imported(table("a,,,https://old", "b,,,https://old", "c,,,https://old"))
    with nothing_changes():
        trial = imported(table(*rows), mode=mode, dry_run=True)
    real = imported(table(*rows), mode=mode)
    assert trial.counts == real.counts
    assert trial.faults == real.faults
    assert [(fault.row, fault.column) for fault in real.faults] == [(row, "identifier") for row in refused]
    done = {"create": "created", "update": "updated"}[mode]
    assert dict(real.counts) == {done if key == "done" else key: number for key, number in counted.items()}
    url = next(value for value in selectors.record(f"{PREFIX}/a").record.values if value.index == 1)
    assert url.text == rows[0].rpartition(",")[2]
    assert selectors.record(f"{PREFIX}/a").version == (1 if mode == "create" else 2)


@pytest.mark.parametrize("mode", ["create", "update"])
@pytest.mark.parametrize("places", [(0, 1), (0, 2), (1, 4)])
def test_the_row_that_came_first_is_named_in_both_languages(imported, mode, places):
    rows = [f"n{number},,," for number in range(5)]
    rows[places[0]], rows[places[1]] = "same,,,https://x", "Same,,,https://y"
    if mode == "update":
        imported(table(*(f"n{number},,,https://old" for number in range(5)), "same,,,https://old"))
    for dry_run in (True, False):
        (fault,) = imported(table(*rows), mode=mode, dry_run=dry_run).faults
        assert fault.row == places[1] + 2  # the first row of a table is its heading
        assert str(places[0] + 2) in fault.reason.zh
        assert str(places[0] + 2) in fault.reason.en


@pytest.mark.parametrize("mode", ["create", "update"])
def test_a_row_that_was_refused_does_not_stand_in_the_way_of_a_later_one(imported, mode):
    if mode == "update":
        imported(table("a,,,https://old", "b,,,https://old"))
    text = table("a,6901234567890,,", "b,,,", "a,,,https://x")
    trial, real = imported(text, mode=mode, dry_run=True), imported(text, mode=mode)
    assert trial.counts == real.counts
    assert real.counts["refused"] == 1
    assert [fault.row for fault in real.faults] == [2]
    assert selectors.record(f"{PREFIX}/a").record.values[0].text == "https://x"


def test_retiring_a_name_twice_is_retiring_it_once(imported):
    imported(table("a,,,", "b,,,"))
    text = table("a,,,https://x", "b,,,", "A,,,https://y", "b,,,")
    trial, real = imported(text, mode="delete", dry_run=True), imported(text, mode="delete")
    assert trial.counts == real.counts == {"deleted": 2, "unchanged": 2}


@pytest.mark.parametrize("mode", ["create", "update"])
def test_an_import_run_again_finds_its_work_done(imported, mode):
    imported(table("a,,,https://old", "b,,,https://old", "c,,,https://old"))
    text = table("a,,,https://x", "b,,,https://x", "c,,,https://x", "a,,,https://x")
    if mode == "update":
        assert imported(text, mode=mode).counts == {"updated": 3, "unchanged": 1}
        assert imported(text, mode=mode).counts == {"unchanged": 4}
    else:
        assert imported(text, mode=mode).counts == {"refused": 4}
