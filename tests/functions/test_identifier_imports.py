"""Importing tables: two thousand rows with fourteen bad ones explained, dry runs, and an import that broke off."""

import io

import pytest
from django.conf import settings
from openpyxl import Workbook

from jialiang.base.identifiers import selectors
from jialiang.base.identifiers.models import Identifier
from jialiang.formats.identifier_tables import read_table
from jialiang.functions import identifiers
from jialiang.functions.identifier_imports import MOST_FAULTS, import_rows
from jialiang.security.policy import NotAuthorized

PREFIX = settings.JIALIANG.identifier_prefix


@pytest.fixture
def operator(world):
    return world.person("identifier_operator")


@pytest.fixture
def imported(operator, now):
    def act(data, kind="csv", mode="create", **members):
        data = data.encode() if isinstance(data, str) else data
        rows = read_table(io.BytesIO(data), kind)
        return import_rows(actor=operator, rows=rows, mode=mode, now=lambda: now, **members)

    return act


def two_thousand_with_fourteen_bad_ones():
    """A workbook of an enterprise: rows 2 to 2001."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["标识", "状态", "代码:GIAI", "1:URL", "2:NAME", "3:SERIAL"])
    bad = {
        100: [""], 200: [f"{PREFIX}"], 300: ["88..1/x"], 400: [f"{PREFIX}/a\x0bb".replace("\x0b", "\u2028")],
        500: ["10.1000/1"], 600: [f"{PREFIX}/WLB-598"], 700: [None, "废弃"], 800: [None, "retired"],
        900: [None, None, "4012 3459"], 1000: [None, None, "40123459/2"], 1100: [None, None, "x"],
        1200: [None, None, "40123459/3"], 1300: [None, None, None, None, None, "12\u202913"],
        1400: [f"{PREFIX}/taken"],
    }  # fmt: skip
    for number in range(2, 2002):
        url, giai = f"https://example.org/{number}", f"40123459/{number}"
        row = [f"{PREFIX}/WLB-{number}", "有效", giai, url, "温度计", number]
        for place, cell in enumerate(bad.get(number, [])):
            row[place] = row[place] if cell is None else cell
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), sorted(bad)


def test_two_thousand_rows_with_fourteen_bad_ones_are_explained_and_the_rest_is_written(imported, operator, now):
    identifiers.register(actor=operator, name=f"{PREFIX}/taken", values=(), now=now)
    data, bad = two_thousand_with_fourteen_bad_ones()
    trial = imported(data, "xlsx", dry_run=True)
    assert (trial.rows, trial.counts["created"], trial.counts["refused"]) == (2000, 1986, 14)
    assert sorted({fault.row for fault in trial.faults}) == bad
    assert all(fault.reason.zh and fault.reason.en for fault in trial.faults)
    assert Identifier.objects.filter(name__startswith=f"{PREFIX}/WLB").count() == 0
    real = imported(data, "xlsx")
    assert real.to_json() == trial.to_json() | {"dry_run": False}
    assert Identifier.objects.filter(name__startswith=f"{PREFIX}/WLB").count() == 1986
    columns = {fault.row: fault.column for fault in real.faults}
    assert [columns[row] for row in (100, 700, 900, 1400)] == ["标识", "状态", "代码:GIAI", "标识"]


def test_an_import_run_again_changes_nothing(imported):
    text = f"identifier,1:URL\n{PREFIX}/a,https://x\n{PREFIX}/b,https://y\n"
    assert imported(text).counts == {"created": 2}
    assert imported(text).counts == {"unchanged": 2}
    assert imported(text, mode="update").counts == {"unchanged": 2}
    changed = text.replace("https://y", "https://z")
    assert imported(changed, mode="update").counts == {"unchanged": 1, "updated": 1}
    assert imported(text, mode="delete").counts == {"deleted": 2}
    assert imported(text, mode="delete").counts == {"unchanged": 2}


def test_an_import_that_broke_off_is_completed_by_running_it_again(imported):
    text = "identifier\n" + "".join(f"{PREFIX}/{number}\n" for number in range(2500))

    class BrokenOff(Exception):
        pass

    def break_off(report):
        if report.last_row > 1000:
            raise BrokenOff

    with pytest.raises(BrokenOff):
        imported(text, after_part=break_off)
    written = Identifier.objects.filter(subject_id=None).count()
    assert 0 < written < 2500
    assert imported(text).counts == {"unchanged": written, "created": 2500 - written}


def test_a_dry_run_finds_a_name_that_stands_twice_in_distant_rows(imported):
    rows = [f"{PREFIX}/{number},https://x" for number in range(1500)]
    rows += [f"{PREFIX}/7,https://x", f"{PREFIX}/8,https://other"]
    text = "identifier,1:URL\n" + "\n".join(rows)
    trial, real = imported(text, dry_run=True), imported(text)
    assert trial.counts == real.counts == {"created": 1500, "unchanged": 1, "refused": 1}
    assert trial.faults[0].row == real.faults[0].row == 1503


def test_faults_are_listed_up_to_a_number_and_counted_beyond(imported):
    report = imported("identifier\n" + "no slash\n" * (MOST_FAULTS + 500))
    assert len(report.faults) == MOST_FAULTS
    assert report.counts["refused"] == report.rows == MOST_FAULTS + 500
    assert not report.holds


def test_who_may_not_register_imports_nothing(world, now):
    rows = read_table(io.BytesIO(f"identifier\n{PREFIX}/1\n".encode()), "csv")
    with pytest.raises(NotAuthorized):
        import_rows(actor=world.person("auditor"), rows=rows, mode="create", now=lambda: now)
    assert not selectors.is_taken(f"{PREFIX}/1")
