"""The table of a bulk check: one row a report in both notations, texts that a spreadsheet must not compute, counts."""

from __future__ import annotations

import csv
import io
import json
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.assembly.bulk.progress import EACH_SECONDS, WIDTH, Progress
from jialiang.assembly.bulk.summary import COLUMNS, FORMULAS, Summary, Totals, partial_name, row_of
from jialiang.formats.documents.reports import Report
from jialiang.formats.findings import DocumentFinding
from jialiang.kernel.text import Text

VALID = Report("a.xml", "dcc", "3.3.0", "N-1", Text("甲所", "Lab A"), warnings=1, hints=2)
ERROR = DocumentFinding("R-1", "error", 7, "/", Text("错", "wrong"))
INVALID = Report("b.xml", "dcc", "3.3.0", "N-2", Text("", "Lab B"), errors=3, first_error=ERROR)
LOST = Report("c.xml", errors=1, first_error=DocumentFinding("R-2", "error", None, "", Text("坏", "bad")))
REPORTS = {"valid": VALID, "invalid": INVALID, "unreadable": LOST}


def written(reports: list[Report], notation: str, language: str = "en", *, complete: bool = True) -> str:
    out, totals = io.StringIO(), Totals()
    summary = Summary(out, notation, language)  # type: ignore[arg-type]
    for report in reports:
        summary.add(report)
        totals.add(report)
    summary.close(totals, complete=complete, files=9)
    return out.getvalue()


@pytest.mark.parametrize(
    ("language", "laboratories", "said"),
    [("zh", ["甲所", "Lab B", ""], ["", "错", "坏"]), ("en", ["Lab A", "Lab B", ""], ["", "wrong", "bad"])],
)
def test_words_of_a_row_are_of_the_language_and_the_rest_is_not(
    language: str, laboratories: list[str], said: list[str]
) -> None:
    rows = [row_of(report, language) for report in REPORTS.values()]
    assert [row["laboratory"] for row in rows] == laboratories
    assert [row["first_error"] for row in rows] == said
    assert [(row["valid"], row["readable"]) for row in rows] == [(True, True), (False, True), (False, False)]
    assert [row["first_error_line"] for row in rows] == [None, 7, None]
    assert all(tuple(row) == COLUMNS for row in rows)


@pytest.mark.parametrize("many", range(4))
@pytest.mark.parametrize("complete", [True, False])
def test_json_is_whole_whatever_number_of_rows_and_however_it_ends(many: int, complete: bool) -> None:
    reports = list(REPORTS.values())[:many]
    told = json.loads(written(reports, "json", complete=complete))
    assert told["rows"] == [row_of(report, "en") for report in reports]
    assert (told["complete"], told["files"], told["documents"]) == (complete, 9, many)
    assert told["documents"] == told["valid"] + told["invalid"] + told["unreadable"]


@settings(max_examples=80)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20))
def test_a_text_of_a_laboratory_comes_through_both_notations(name: str) -> None:
    report = Report("a.xml", "dcc", laboratory=Text("", name))
    assert json.loads(written([report], "json"))["rows"][0]["laboratory"] == name
    (row,) = csv.DictReader(io.StringIO(written([report], "csv"), newline=""))
    cell = row["laboratory"]
    told = f"'{name}" if name.startswith(FORMULAS) else name
    assert cell == told.replace("\r\n", "\n").replace("\r", "\n")
    assert not cell.startswith(FORMULAS)


@pytest.mark.parametrize("sign", FORMULAS)
@pytest.mark.parametrize("column", ["file", "identifier", "version"])
def test_no_column_of_a_stranger_s_words_is_computed(sign: str, column: str) -> None:
    names = {"file": "file", "identifier": "number", "version": "version"}
    report = Report(**{"file": "a", "kind": "dcc"} | {names[column]: f"{sign}cmd|' /C calc'!A0"})
    (row,) = csv.DictReader(io.StringIO(written([report], "csv"), newline=""))
    assert row[column] == f"'{sign}cmd|' /C calc'!A0".replace("\r", "\n")


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\u2028", "\x0b"])
def test_a_line_end_within_a_text_ends_no_row(end: str) -> None:
    reports = [Report(f"a{end}b.xml", "dcc", number=f"N{end}1"), VALID]
    rows = list(csv.DictReader(io.StringIO(written(reports, "csv"), newline="")))
    assert [row["kind"] for row in rows] == ["dcc", "dcc"]
    assert rows[1]["identifier"] == "N-1"


@pytest.mark.parametrize("found", list(product([0, 1, 2], repeat=3)))
def test_the_status_is_that_of_the_worst(found: tuple[int, int, int]) -> None:
    totals = Totals(passed_over=4)
    for many, report in zip(found, REPORTS.values(), strict=True):
        for _ in range(many):
            totals.add(report)
    valid, invalid, unreadable = found
    assert totals.counts == {
        "documents": sum(found), "valid": valid, "invalid": invalid, "unreadable": unreadable, "passed_over": 4,
    }  # fmt: skip
    assert totals.status == (2 if unreadable else 1 if invalid else 0)


@pytest.mark.parametrize(
    ("name", "partial"),
    [("t.csv", "t.partial.csv"), ("d/t.json", "d/t.partial.json"), ("t", "t.partial"), ("a.b.csv", "a.b.partial.csv")],
)
def test_a_table_that_is_not_whole_has_another_name(name: str, partial: str) -> None:
    assert partial_name(Path(name)) == Path(partial)


@pytest.mark.parametrize(("complete", "last"), [(True, None), (False, "# interrupted: 2 documents of 9 files")])
def test_csv_says_at_its_end_alone_that_it_was_interrupted(complete: bool, last: str | None) -> None:
    lines = written([VALID, INVALID], "csv", complete=complete).splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert lines[3:] == ([last] if last else [])


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("seconds", "drawn"), [(EACH_SECONDS / 2, 5), (EACH_SECONDS, 10), (EACH_SECONDS * 3, 10), (EACH_SECONDS / 5, 2)]
)
def test_a_bar_is_drawn_once_in_its_time(seconds: float, drawn: int) -> None:
    now = [0.0]
    out = Terminal()
    progress = Progress(out, 10, seconds=lambda: now[0])
    for _ in range(10):
        now[0] += seconds * 1.0001
        progress.step(0)
    assert out.getvalue().count("\r") == drawn
    assert out.getvalue().count("█") <= drawn * WIDTH


@pytest.mark.parametrize("total", [0, 1, 3])
def test_more_than_was_said_never_overflows_the_bar(total: int) -> None:
    now = iter(range(100))
    out = Terminal()
    progress = Progress(out, total, seconds=lambda: float(next(now)))
    for _ in range(5):
        progress.step(1)
    for shown in out.getvalue().split("\r")[1:]:
        assert shown.count("█") + shown.count("·") == WIDTH
