"""Many files checked at once: order, processes, archives, one number twice, and a process that dies."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from tests.formats.dcc_samples import certificate_with, quantity, real

from jialiang.assembly.bulk import checking
from jialiang.assembly.bulk.checking import BATCH, UNDER_WAY, How, check_batch, check_many, default_workers
from jialiang.assembly.bulk.jobs import Job, Selection, is_many, loaded, selected
from jialiang.formats.documents.errors import ArchiveUnreadable, NothingInside, SizeRefused
from jialiang.formats.documents.reports import Report

MANY = 3 * BATCH + 5


def certificate(n: int) -> bytes:
    """A certificate of its own number; every fifth breaks a rule, every seventh is none at all."""
    if n % 7 == 6:
        return b"<broken"
    return certificate_with(number=f"N-{n}", end="2999-01-01" if n % 5 == 4 else "2026-03-02")


def expected(n: int) -> tuple[bool, bool]:
    """Whether file ``n`` is readable and valid."""
    return n % 7 != 6, n % 7 != 6 and n % 5 != 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Some dozens of files in three folders, with others among them."""
    root = tmp_path / "many"
    for n in range(MANY):
        place = root / f"{n % 3}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{n:03}.xml").write_bytes(certificate(n))
    (root / "readme.txt").write_text("passed over")
    (root / ".hidden.xml").write_bytes(b"x")
    return root


@pytest.fixture
def archive(folder: Path, tmp_path: Path) -> Path:
    """The same files as an archive."""
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(folder.rglob("*.*")):
            packed.write(file, file.relative_to(folder).as_posix())
    return path


def today():
    from datetime import date

    return date(2026, 6, 16)


def checked(paths: list[Path], *, workers: int = 1, **how: bool) -> list[Report]:
    return list(check_many(selected(paths).jobs, How(today(), **how), workers=workers))


def verdicts(reports: list[Report]) -> dict[int, tuple[bool, bool]]:
    return {int(Path(each.file).stem): (each.is_readable, each.is_valid) for each in reports}


# --- which files -------------------------------------------------------------------------------------------------


def test_a_folder_is_read_in_one_order_and_others_are_counted(folder: Path) -> None:
    selection = selected([folder])
    paths = [str(job.path) for job in selection.jobs]
    assert paths == sorted(paths)
    assert (len(paths), selection.passed_over) == (MANY, 2)
    assert selected([folder]) == selection


def test_an_archive_is_its_members(archive: Path) -> None:
    selection = selected([archive])
    assert (len(selection.jobs), selection.passed_over) == (MANY, 2)
    assert selection.jobs[0].name == f"{archive}/0/000.xml"
    assert selection.jobs[0].read() == certificate(0)


def test_paths_keep_the_order_in_which_they_are_named(folder: Path, archive: Path) -> None:
    one = folder / "1" / "001.xml"
    names = [job.name for job in selected([one, archive, folder]).jobs]
    assert names[0] == str(one)
    assert names[1].startswith(str(archive)) and names[-1].startswith(str(folder))


def test_what_is_not_there_or_cannot_be_opened_stands_for_itself(tmp_path: Path) -> None:
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04")
    paths = [tmp_path / "nothing.xml", tmp_path / "bad.zip"]
    assert selected(paths) == Selection(tuple(Job(path) for path in paths))
    assert [each.findings[0].rule for each in checked(paths)] == ["JL-CLI-001", "JL-FIL-001"]


def test_a_folder_without_documents_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    selection = selected([tmp_path])
    assert (selection.jobs, selection.passed_over) == ((Job(tmp_path),), 1)
    with pytest.raises(NothingInside):
        selection.jobs[0].read()


def test_links_to_folders_are_not_followed(folder: Path) -> None:
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    assert len(selected([folder]).jobs) == MANY


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jialiang.assembly.bulk.jobs.LARGEST", 10)
    (tmp_path / "a.xml").write_bytes(b"x" * 11)
    with pytest.raises(SizeRefused):
        Job(tmp_path / "a.xml").read()


@pytest.mark.parametrize(("name", "many"), [("a.xml", False), ("a.zip", True), ("A.ZIP", True), (".", True)])
def test_folders_and_archives_are_many(tmp_path: Path, name: str, many: bool) -> None:
    assert is_many([tmp_path / name]) is many


def test_a_damaged_member_comes_with_its_error_and_the_next_one_as_ever(tmp_path: Path) -> None:
    path = tmp_path / "z.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr("a.xml", b"<a>first</a>")
        packed.writestr("b.xml", certificate(0))
    path.write_bytes(path.read_bytes().replace(b"<a>first</a>", b"<a>FIRST</a>"))
    (_, first), (_, second) = loaded(selected([path]).jobs)
    assert isinstance(first, ArchiveUnreadable)
    assert second == certificate(0)
    assert [each.is_valid for each in checked([path])] == [False, True]


# --- the check ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("how", ["folder", "archive"])
def test_reports_come_in_order_with_any_number_of_processes(
    folder: Path, archive: Path, workers: int, how: str
) -> None:
    source = folder if how == "folder" else archive
    reports = checked([source], workers=workers)
    assert [each.file for each in reports] == [job.name for job in selected([source]).jobs]
    assert verdicts(reports) == {n: expected(n) for n in range(MANY)}


def test_processes_say_what_one_process_says(folder: Path) -> None:
    assert checked([folder], workers=2) == checked([folder], workers=1)


def test_brief_reports_count_and_name_the_first_error_but_hold_no_findings(folder: Path) -> None:
    whole, brief = checked([folder]), checked([folder], brief=True)
    for one, other in zip(whole, brief, strict=True):
        assert other.findings == ()
        assert (other.errors, other.warnings, other.hints) == (one.errors, one.warnings, one.hints)
        assert other.first_error == one.first_error


def test_a_pdf_or_archive_below_a_folder_gives_a_report_a_document(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    with zipfile.ZipFile(tmp_path / "x" / "in.zip", "w") as packed:
        packed.writestr("a.xml", certificate(0))
        packed.writestr("b.xml", certificate(1))
    (tmp_path / "x" / "c.xml").write_bytes(certificate(2))
    assert [Path(each.file).name for each in checked([tmp_path])] == ["c.xml", "a.xml", "b.xml"]


def test_one_number_with_two_contents_is_found_over_all_files(tmp_path: Path) -> None:
    one = certificate_with(quantity(real("1", "\\metre")))
    for name, data in (("1", one), ("2", one), ("3", certificate_with(quantity(real("2", "\\metre"))))):
        (tmp_path / f"{name}.xml").write_bytes(data)
    for workers in (1, 2):
        reports = checked([tmp_path], workers=workers)
        assert [each.warnings for each in reports][2] == reports[0].warnings + 1
        assert reports[2].findings[-1].rule == "DCC-NUMBER-REUSED"
        assert "1.xml" in reports[2].findings[-1].text.en
        assert reports[1].findings == reports[0].findings
    brief = checked([tmp_path], brief=True)
    assert brief[2].warnings == brief[0].warnings + 1 and brief[2].findings == ()


def test_the_same_content_written_otherwise_is_no_second_certificate(tmp_path: Path) -> None:
    (tmp_path / "1.xml").write_bytes(certificate(0))
    (tmp_path / "2.xml").write_bytes(b'<?xml version="1.0"?>\n' + certificate(0))
    assert all(f.rule != "DCC-NUMBER-REUSED" for each in checked([tmp_path]) for f in each.findings)


def test_one_number_twice_inside_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "z.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a.xml", certificate_with(quantity(real("1", "\\metre"))))
        packed.writestr("b.xml", certificate_with(quantity(real("2", "\\metre"))))
    assert checked([path])[1].findings[-1].rule == "DCC-NUMBER-REUSED"


def test_memory_is_bounded_by_the_batches_under_way(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    real_loaded = checking.loaded

    def counted(jobs):
        for each in real_loaded(jobs):
            read.append(1)
            yield each

    monkeypatch.setattr(checking, "loaded", counted)
    reports = check_many([*selected([folder]).jobs] * 10, How(), workers=2)
    next(reports)
    assert len(read) <= UNDER_WAY * 2 * BATCH
    reports.close()


def test_closing_early_ends_the_processes(folder: Path) -> None:
    import multiprocessing

    reports = check_many(selected([folder]).jobs, How(), workers=2)
    next(reports)
    reports.close()
    assert multiprocessing.active_children() == []


def deadly(batch, how):
    """What a process of the pool does when one file kills it."""
    if any(job.path.name == "010.xml" for job, _ in batch):
        os._exit(9)
    return check_batch(batch, how)


def test_a_file_that_kills_its_process_costs_that_file_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "check_batch", deadly)
    reports = checked([folder], workers=2)
    assert len(reports) == MANY
    (lost,) = [each for each in reports if each.findings and each.findings[0].rule == "JL-FIL-006"]
    assert Path(lost.file).name == "010.xml"
    assert verdicts(reports) == {n: expected(n) if n != 10 else (False, False) for n in range(MANY)}


def test_there_is_a_process_a_core() -> None:
    assert 1 <= default_workers() <= (os.cpu_count() or 1)


def test_no_files_give_no_reports() -> None:
    assert list(check_many([], How(), workers=2)) == []
