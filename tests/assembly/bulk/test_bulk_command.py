"""``jialiang dcc check`` with folders, archives and ``--summary``: tables, progress, and an interruption."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.formats.dcc_samples import certificate_with

from jialiang.assembly.bulk import deed
from jialiang.assembly.bulk.progress import Progress
from jialiang.assembly.bulk.summary import COLUMNS, Summary, Totals, partial_name, row_of
from jialiang.assembly.cli import main
from jialiang.formats.documents.reports import check_file

GOOD = certificate_with()
BAD = certificate_with(end="2999-01-01", number="N-2")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "f"
    root.mkdir()
    (root / "a.xml").write_bytes(GOOD)
    (root / "b.xml").write_bytes(BAD)
    (root / "c.xml").write_bytes(b"<c")
    (root / "d.txt").write_bytes(b"x")
    return root


def run(capsys, *words: object) -> tuple[int, str, str]:
    status = main([str(word) for word in words])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# --- all findings ------------------------------------------------------------------------------------------------


def test_a_folder_is_told_like_files(capsys, folder: Path) -> None:
    status, out, _ = run(capsys, "dcc", "check", folder, "--json", "--workers", 1)
    reports = json.loads(out)
    assert status == 2
    assert [(Path(each["file"]).name, each["valid"]) for each in reports] == [
        ("a.xml", True), ("b.xml", False), ("c.xml", False),
    ]  # fmt: skip
    by_name = [folder / name for name in ("a.xml", "b.xml", "c.xml")]
    assert json.loads(run(capsys, "dcc", "check", *by_name, "--json")[1]) == reports


VERDICTS = [("zh", "有效", "无法读取"), ("en", "valid", "unreadable")]


@pytest.mark.parametrize(("language", "valid", "unreadable"), VERDICTS)
def test_a_folder_is_told_for_people(capsys, folder: Path, language: str, valid: str, unreadable: str) -> None:
    _, out, err = run(capsys, "dcc", "check", folder, "--lang", language)
    assert f"a.xml (3.3.0): {valid}" in out and f"c.xml: {unreadable}" in out
    assert err == ""  # three files: nobody waits for them


def test_hints_are_left_out_of_folders_too(capsys, folder: Path) -> None:
    _, out, _ = run(capsys, "dcc", "check", folder, "--json", "--no-hints")
    assert {f["severity"] for each in json.loads(out) for f in each["findings"]} <= {"error", "warning"}


def test_an_archive_is_checked(capsys, folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as packed:
        packed.write(folder / "a.xml", "in/a.xml")
    status, out, _ = run(capsys, "dcc", "check", tmp_path / "z.zip", "--json")
    assert (status, json.loads(out)[0]["file"]) == (0, f"{tmp_path / 'z.zip'}/in/a.xml")


# --- the summary -------------------------------------------------------------------------------------------------


def test_the_table_has_a_row_a_document(capsys, folder: Path) -> None:
    status, out, err = run(capsys, "dcc", "check", folder, "--summary", "csv", "--lang", "en")
    rows = table(out)
    assert status == 2
    assert tuple(rows[0]) == COLUMNS
    assert [Path(row["file"]).name for row in rows] == ["a.xml", "b.xml", "c.xml"]
    assert [(row["valid"], row["readable"]) for row in rows] == [
        ("true", "true"), ("false", "true"), ("false", "false"),
    ]  # fmt: skip
    assert (rows[0]["version"], rows[0]["laboratory"], rows[0]["identifier"]) == ("3.3.0", "Lab", "N-1")
    assert (rows[1]["first_error_rule"], rows[1]["errors"]) == ("DCC-DATE-IN-FUTURE", "1")
    assert rows[2]["first_error_rule"] == "JL-XML-002" and rows[2]["first_error"]
    assert "3 documents: 1 valid, 1 invalid, 1 unreadable; 1 other files passed over." in err


def test_json_says_the_same_and_that_it_is_complete(capsys, folder: Path) -> None:
    _, out, _ = run(capsys, "dcc", "check", folder, "--summary", "json", "--lang", "zh")
    told = json.loads(out)
    assert told["complete"] is True
    assert (told["files"], told["documents"], told["valid"], told["invalid"], told["unreadable"]) == (3, 3, 1, 1, 1)
    assert [tuple(row) for row in told["rows"]] == [COLUMNS] * 3
    assert told["rows"][0]["valid"] is True and told["rows"][0]["first_error_line"] is None


@pytest.mark.parametrize("notation", ["csv", "json"])
def test_a_file_has_its_name_when_it_is_complete(capsys, folder: Path, tmp_path: Path, notation: str) -> None:
    out = tmp_path / f"table.{notation}"
    status, printed, _ = run(capsys, "dcc", "check", folder, "--summary", notation, "-o", out)
    assert (status, printed) == (2, "")
    assert out.exists() and not partial_name(out).exists()
    whole = out.read_text(encoding="utf-8")
    assert whole == run(capsys, "dcc", "check", folder, "--summary", notation)[1].replace("\r\n", "\n")


@pytest.mark.parametrize("count", [0, 1])
def test_json_without_and_with_one_row_is_json(count: int) -> None:
    out = io.StringIO()
    summary = Summary(out, "json", "en")
    for _ in range(count):
        summary.add(check_file("a.xml", GOOD)[0])
    summary.close(Totals(), complete=True, files=count)
    assert len(json.loads(out.getvalue())["rows"]) == count


@pytest.mark.parametrize("begins", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_of_the_table_is_a_formula(begins: str) -> None:
    out = io.StringIO()
    summary = Summary(out, "csv", "en")
    summary.add(check_file(begins, b"")[0])
    (row,) = table(out.getvalue())
    assert row["file"] == f"'{begins}"


def test_the_words_of_a_row_follow_the_language() -> None:
    (report,) = check_file("c.xml", b"<c")
    assert row_of(report, "zh")["first_error"] != row_of(report, "en")["first_error"]


@pytest.mark.parametrize(
    ("data", "status"), [([GOOD], 0), ([GOOD, BAD], 1), ([GOOD, b"<c"], 2), ([BAD, b"<c"], 2), ([], 0)]
)
def test_the_status_is_that_of_the_worst(data: list[bytes], status: int) -> None:
    from datetime import date

    totals = Totals()
    for each in data:
        totals.add(check_file("x", each, today=date(2026, 6, 16))[0])
    assert totals.status == status
    assert totals.documents == totals.valid + totals.invalid + totals.unreadable == len(data)


# --- wrong use -----------------------------------------------------------------------------------------------------


def test_a_file_for_no_summary_is_refused(capsys, folder: Path, tmp_path: Path) -> None:
    status, out, _ = run(capsys, "dcc", "check", folder, "-o", tmp_path / "x", "--json")
    assert (status, json.loads(out)["error"]["code"]) == (2, "JL-CLI-010")


def test_a_summary_that_cannot_be_written_is_refused(capsys, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "no" / "such" / "t.csv"
    status, _, err = run(capsys, "dcc", "check", folder, "--summary", "csv", "-o", out, "--lang", "en")
    assert status == 2 and "JL-CLI-007" in err


@pytest.mark.parametrize("workers", ["0", "-1", "257", "many"])
def test_a_number_of_processes_that_makes_no_sense_is_refused(capsys, folder: Path, workers: str) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["dcc", "check", str(folder), "--workers", workers])
    assert refused.value.code == 2


# --- progress ----------------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_that_fills() -> None:
    out, clock = Terminal(), iter(range(100))
    progress = Progress(out, 4, seconds=lambda: float(next(clock)))
    for invalid in (0, 1, 1, 2):
        progress.step(invalid)
    progress.end(2)
    shown = out.getvalue().split("\r")
    assert "4/4" in shown[-1] and "✗ 2" in shown[-1] and shown[-1].count("█") == 30
    assert shown[1].count("█") == 7
    assert out.getvalue().endswith("\n")


def test_a_bar_is_not_drawn_for_every_file() -> None:
    out = Terminal()
    progress = Progress(out, 1000, seconds=lambda: 1.0)
    for _ in range(1000):
        progress.step(0)
    assert out.getvalue() == ""


def test_elsewhere_there_is_a_line_at_times() -> None:
    out = io.StringIO()
    progress = Progress(out, 20_000)
    for _ in range(20_000):
        progress.step(0)
    progress.end(0)
    assert out.getvalue().splitlines() == [f"{n} / 20000" for n in range(2000, 20_001, 2000)]


def test_many_files_are_counted_on_standard_error_and_never_in_the_table(capsys, tmp_path: Path) -> None:
    for n in range(deed.FEW + 1):
        (tmp_path / f"{n}.xml").write_bytes(b"<c")
    status, out, err = run(capsys, "dcc", "check", tmp_path, "--summary", "csv", "--lang", "en")
    assert status == 2
    assert len(table(out)) == deed.FEW + 1
    assert f"{deed.FEW + 1} documents" in err


def test_the_program_of_the_how_to_checks_a_folder(capsys, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "howto" / "check-certificates.md").read_text(encoding="utf-8")
    program = next(each for each in page.split("```python\n")[1:] if "check_many" in each).partition("```")[0]
    folder.rename(folder.parent / "archive-2025")
    monkeypatch.chdir(folder.parent)
    exec(compile(program, "how-to", "exec"), {})
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [f"archive-2025/{name}.xml" for name in "abc"]
    assert lines[0].split()[1:] == ["True", "0"] and lines[2].split()[1:] == ["False", "1"]


# --- interrupted -------------------------------------------------------------------------------------------------


def test_an_interruption_leaves_a_partial_summary_that_says_so(
    capsys, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(jobs, how, *, workers):
        yield check_file("a.xml", GOOD)[0]
        raise KeyboardInterrupt

    monkeypatch.setattr(deed, "check_many", stopped)
    for notation in ("csv", "json"):
        out = tmp_path / f"t.{notation}"
        status, _, err = run(capsys, "dcc", "check", folder, "--summary", notation, "-o", out, "--lang", "en")
        assert status == 2 and "interrupted" in err
        assert not out.exists()
        text = partial_name(out).read_text(encoding="utf-8")
        if notation == "csv":
            assert text.splitlines()[-1] == "# interrupted: 1 documents of 3 files"
        else:
            assert (json.loads(text)["complete"], len(json.loads(text)["rows"])) == (False, 1)
    status, out_text, _ = run(capsys, "dcc", "check", folder, "--json")
    assert (status, len(json.loads(out_text))) == (2, 1)


def test_control_c_ends_the_pool_and_keeps_what_was_done(tmp_path: Path) -> None:
    root = tmp_path / "many"
    root.mkdir()
    for n in range(4000):
        (root / f"{n:04}.xml").write_bytes(GOOD)
    out = tmp_path / "t.csv"
    words = [sys.executable, "-m", "jialiang.assembly.cli", "dcc", "check", str(root), "--workers", "2",
             "--summary", "csv", "-o", str(out), "--lang", "en"]  # fmt: skip
    process = subprocess.Popen(
        words,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background job ignores it
    )
    deadline = time.monotonic() + 60
    while not (partial_name(out).exists() and partial_name(out).stat().st_size > 4000):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2 and "interrupted" in err
    assert "Traceback" not in err
    lines = partial_name(out).read_text(encoding="utf-8").splitlines()
    assert lines[-1].startswith("# interrupted: ") and lines[-1].endswith(" of 4000 files")
    assert [Path(row["file"]).name for row in table("\n".join(lines[:-1]))] == [
        f"{n:04}.xml" for n in range(len(lines) - 2)
    ]
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
