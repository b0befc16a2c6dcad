"""Bulk checks of files that lie about their encoding, that vanish meanwhile, and of errors that change process."""

from __future__ import annotations

import json
import pickle
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.formats.chinese_certificates import KINDS, xml_of_kind
from tests.formats.dcc_samples import certificate_with, quantity, real
from tests.formats.documents.packing import pdf_with, zipped

from jialiang.assembly.bulk.checking import BATCH, How, check_batch, check_many
from jialiang.assembly.bulk.jobs import Job, in_utf_8, loaded, selected
from jialiang.assembly.bulk.numbers import Numbers
from jialiang.assembly.cli import main
from jialiang.assembly.command_errors import FileUnreadable
from jialiang.formats.conversion.registry import convert
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.documents.errors import ArchiveUnreadable, CheckerLost, NothingInside, SizeRefused
from jialiang.formats.documents.reports import Report, check_file
from jialiang.formats.xml.errors import EncodingMismatch, EncodingRefused
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text

DECLARED = '<?xml version="1.0" encoding="UTF-8"?>'


def lying(value: str, number: str = "N-1") -> bytes:
    """A certificate in GB18030 that declares UTF-8."""
    xml = certificate_with(quantity(real(value, "\\metre"), "长度"), number=number).decode()
    return (DECLARED + xml).encode("gb18030")


def checked(paths: list[Path], how: How, workers: int = 1) -> list[Report]:
    return list(check_many(selected(paths).jobs, how, workers=workers))


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


# --- an encoding that is known from elsewhere ----------------------------------------------------------------------


@pytest.mark.parametrize(("encoding", "readable"), [("", False), ("gb18030", True), ("GBK", True), ("utf-8", False)])
def test_a_lie_about_the_encoding_is_read_when_the_truth_is_told(tmp_path: Path, encoding: str, readable: bool) -> None:
    (tmp_path / "a.xml").write_bytes(lying("1"))
    (report,) = checked([tmp_path], How(read_as=encoding))
    assert report.is_readable is readable
    assert ("JL-XML-013" in rules(report)) is not readable


def test_an_encoding_that_nobody_reads_is_said_of_each_document_and_stops_nothing(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.xml").write_bytes(certificate_with())
    assert [rules(each) for each in checked([tmp_path], How(read_as="ebcdic"))] == [{"JL-XML-008"}] * 2


@pytest.mark.parametrize("encoding", ["gb18030", "iso-8859-1", "us-ascii"])
def test_what_is_wrapped_is_not_taken_for_text_of_that_encoding(tmp_path: Path, encoding: str) -> None:
    xml = certificate_with(number="N-7")
    (tmp_path / "a.pdf").write_bytes(pdf_with({"x.xml": xml}))
    for suffix in ("json", "cbor", "msgpack"):
        (tmp_path / f"b.{suffix}").write_bytes(convert(Certificate.read(xml), suffix).data)
    reports = checked([tmp_path], How(read_as=encoding))
    assert len(reports) == 4
    assert {(each.number, each.is_valid) for each in reports} == {("N-7", True)}


def test_members_of_an_archive_are_read_in_it_too(tmp_path: Path) -> None:
    (tmp_path / "z.zip").write_bytes(zipped({"a.xml": lying("1"), "b.pdf": pdf_with({"x.xml": certificate_with()})}))
    reports = checked([tmp_path / "z.zip"], How(read_as="gb18030"))
    assert [each.is_readable for each in reports] == [True, True]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("brief", [False, True])
def test_one_number_twice_is_found_in_files_that_lie_about_their_encoding(
    tmp_path: Path, packed: bool, brief: bool
) -> None:
    files = {f"{n}.xml": lying(str(n)) for n in (1, 2)}
    if packed:
        (tmp_path / "z.zip").write_bytes(zipped(files))
    else:
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
    first, second = checked([tmp_path], How(read_as="gb18030", brief=brief))
    assert second.warnings == first.warnings + 1
    assert ("DCC-NUMBER-REUSED" in rules(second)) is not brief


@pytest.mark.parametrize(
    ("name", "data", "encoding", "read"),
    [
        ("a.xml", "<a>量</a>".encode("gb18030"), "GB18030", "<a>量</a>".encode()),
        ("a.xml", "<a>量</a>".encode("gb18030"), "gb_18030", None),
        ("a.xml", "<a>量</a>".encode("utf-16"), "UTF-16", "<a>量</a>".encode()),
        ("a.xml", b"<a>\xff</a>", "", b"<a>\xff</a>"),
        ("a.json", b'{"a": "\xff"}', "gb18030", b'{"a": "\xff"}'),
        ("a", b"%PDF-1.7 \xff\xff", "utf-8", b"%PDF-1.7 \xff\xff"),
        ("a", b"PK\x03\x04\xff\xff", "utf-8", b"PK\x03\x04\xff\xff"),
    ],
)
def test_only_a_document_itself_is_written_in_utf_8(name: str, data: bytes, encoding: str, read: bytes | None) -> None:
    if read is None:
        with pytest.raises(EncodingRefused):
            in_utf_8(name, data, encoding)
    else:
        assert in_utf_8(name, data, encoding) == read


def test_bytes_that_are_not_of_the_encoding_told_are_located() -> None:
    with pytest.raises(EncodingMismatch) as refused:
        in_utf_8("a.xml", b"<a>\n<b>\xe9</b></a>", "utf-8")
    assert (refused.value.facts["line"], refused.value.facts["column"]) == (2, 4)
    assert refused.value.facts["byte"] == "0xE9"


def test_the_command_reads_a_folder_of_mixed_files(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(lying("1"))
    (tmp_path / "b.pdf").write_bytes(pdf_with({"x.xml": certificate_with(number="N-2")}))
    assert main(["dcc", "check", str(tmp_path), "--json", "--read-as", "gb18030"]) == 0
    assert [each["valid"] for each in json.loads(capsys.readouterr().out)] == [True, True]
    assert main(["dcc", "check", str(tmp_path), "--json"]) == 2


def test_encoding_and_profile_are_asked_for_together(tmp_path: Path) -> None:
    wrong = xml_of_kind(KINDS[0]).replace("91110000600037341L", "91110000600037341K")
    body = wrong.partition("?>")[2] if wrong.startswith("<?xml") else wrong
    (tmp_path / "a.xml").write_bytes((DECLARED + body).encode("gb18030"))
    for asked in (False, True):
        (report,) = checked([tmp_path], How(read_as="gb18030", chinese_profile=asked))
        assert [rule for rule in rules(report) if rule.startswith("CN-")] == ["CN-CREDIT-CODE-WRONG"]


# --- what vanishes between looking and reading ----------------------------------------------------------------------


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "z.zip"
    path.write_bytes(zipped({f"{n}.xml": certificate_with(number=f"N-{n}") for n in range(3)}))
    return path


def test_an_archive_that_is_gone_is_an_error_of_each_member(archive: Path) -> None:
    jobs = selected([archive]).jobs
    archive.unlink()
    assert [(job, type(given)) for job, given in loaded(jobs)] == [(job, FileUnreadable) for job in jobs]
    with pytest.raises(FileUnreadable):
        jobs[0].read()


def test_an_archive_that_was_spoilt_is_an_error_of_each_member_and_others_go_on(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "b.xml").write_bytes(certificate_with(number="N-b"))
    jobs = selected([archive, tmp_path / "b.xml"]).jobs
    archive.write_bytes(b"PK\x03\x04")
    reports = list(check_many(jobs, How(), workers=1))
    assert [rules(each) for each in reports[:3]] == [{"JL-FIL-001"}] * 3
    assert [each.file for each in reports[:3]] == [job.name for job in jobs[:3]]
    assert reports[3].is_valid


def test_a_member_that_is_gone_is_an_error_of_that_member(archive: Path) -> None:
    jobs = selected([archive]).jobs
    archive.write_bytes(zipped({"0.xml": b"<a/>", "2.xml": b"<c/>"}))
    found = [given for _, given in loaded(jobs)]
    assert (found[0], found[2]) == (b"<a/>", b"<c/>")
    assert isinstance(found[1], NothingInside)
    with pytest.raises(NothingInside) as refused:
        jobs[1].read()
    assert "1.xml" in refused.value.what.en and "1.xml" in refused.value.what.zh


def test_each_archive_is_opened_once_whatever_number_of_members(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from jialiang.assembly.bulk import jobs as module

    opened: list[str] = []
    real_opened = module.opened_archive

    def counted(source, name, limits):
        opened.append(name)
        return real_opened(source, name, limits)

    other = archive.with_name("y.zip")
    other.write_bytes(archive.read_bytes())
    jobs = selected([archive, other]).jobs
    monkeypatch.setattr(module, "opened_archive", counted)
    assert len(list(loaded(jobs))) == 6
    assert opened == [str(archive), str(other)]


@pytest.mark.parametrize("harm", ["deleted", "spoilt", "another archive"])
def test_a_number_seen_in_a_file_that_changed_meanwhile_raises_nothing(tmp_path: Path, harm: str) -> None:
    path = tmp_path / "z.zip"
    path.write_bytes(zipped({"a.xml": certificate_with(number="N-1")}))
    (job,) = selected([path]).jobs
    (first,) = check_file(job.name, job.read())
    (second,) = check_file("b.xml", certificate_with(quantity(real("2", "\\metre")), number="N-1"))
    numbers = Numbers()
    assert numbers.seen(job, first) is first
    if harm == "deleted":
        path.unlink()
    else:
        path.write_bytes(b"PK" if harm == "spoilt" else zipped({"b.xml": b"<b/>"}))
    assert numbers.seen(Job(tmp_path / "b.xml"), second) is second


def test_a_wrapping_whose_document_has_gone_raises_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_with({"x.xml": certificate_with(number="N-1")}))
    job = Job(path)
    (first,) = check_file(job.name, job.read())
    numbers = Numbers()
    numbers.seen(job, first)
    path.write_bytes(pdf_with({"y.xml": certificate_with(number="N-1")}))
    other = replace(first, file="other.xml", sha256="0" * 64)
    assert numbers.seen(Job(tmp_path / "other.xml"), other) is other


@pytest.mark.parametrize(("kind", "number"), [("", ""), ("", "N-1"), ("dsi", "N-1"), ("dcc", "")])
def test_only_certificates_with_a_number_are_remembered(kind: str, number: str) -> None:
    numbers = Numbers()
    for digest in ("0" * 64, "1" * 64):
        report = Report("a.xml", kind, number=number, sha256=digest)
        assert numbers.seen(Job(Path("/nowhere")), report) is report


# --- between processes ---------------------------------------------------------------------------------------------

ERRORS = [
    ArchiveUnreadable(file="z.zip", reason=Text("坏", "bad")),
    NothingInside(file="z.zip"),
    CheckerLost(file="a.xml"),
    SizeRefused(file="a.xml", size=2, limit=1, line=1),
    FileUnreadable(file=Path("a.xml"), reason="gone"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_an_error_travels_with_its_facts_and_words(error: JialiangError) -> None:
    arrived = pickle.loads(pickle.dumps(error))
    assert type(arrived) is type(error)
    assert (arrived.facts, arrived.args, str(arrived)) == (error.facts, error.args, str(error))
    assert arrived.to_json() == error.to_json()
    assert arrived.what.zh and arrived.what.en


def damaged(path: Path, many: int) -> list[Job]:
    """An archive whose second member is damaged."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as packed:
        for n in range(many):
            data = b"<a>second</a>" if n == 1 else certificate_with(number=f"N-{n}")
            packed.writestr(f"{n:03}.xml", data)
    path.write_bytes(path.read_bytes().replace(b"<a>second</a>", b"<a>SECOND</a>"))
    return list(selected([path]).jobs)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_damaged_member_says_what_is_wrong_with_any_number_of_processes(tmp_path: Path, workers: int) -> None:
    jobs = damaged(tmp_path / "z.zip", BATCH + 2)
    reports = list(check_many(jobs, How(), workers=workers))
    assert [each.is_valid for each in reports] == [n != 1 for n in range(BATCH + 2)]
    assert rules(reports[1]) == {"JL-FIL-001"}


def test_a_batch_goes_there_and_its_answer_comes_back(tmp_path: Path) -> None:
    batch = list(loaded(damaged(tmp_path / "z.zip", 3)))
    there = pickle.loads(pickle.dumps((batch, How(chinese_profile=True, schemas=tmp_path))))
    answers = check_batch(*there)
    assert pickle.loads(pickle.dumps(answers)) == answers
    assert [job for job, _ in answers] == [job for job, _ in batch]


# --- a reader of archives meets what is no archive ------------------------------------------------------------------


def odd_files(folder: Path) -> Iterator[tuple[Path, str]]:
    (folder / "empty.zip").write_bytes(zipped({}))
    yield folder / "empty.zip", ""
    (folder / "text.zip").write_bytes(b"no archive at all")
    yield folder / "text.zip", "JL-XML-002"
    (folder / "folder.zip").mkdir()
    yield folder / "folder.zip", "JL-FIL-003"
    yield folder / "missing.zip", "JL-CLI-001"


def test_names_of_archives_that_are_none_are_answered_one_by_one(tmp_path: Path) -> None:
    for path, code in odd_files(tmp_path):
        reports = checked([path], How())
        assert [rules(each) for each in reports] == ([{code}] if code else []), path


def test_an_empty_archive_gives_nothing_and_counts_nothing(tmp_path: Path) -> None:
    (tmp_path / "z.zip").write_bytes(zipped({"a.txt": b"x", "b/": b""}))
    assert selected([tmp_path / "z.zip"]).jobs == ()
    assert selected([tmp_path / "z.zip"]).passed_over == 1


def test_an_interrupted_reader_closes_its_archive(archive: Path) -> None:
    each = loaded(selected([archive]).jobs)
    assert isinstance(next(each)[1], bytes)
    each.close()
    archive.unlink()
    assert not archive.exists()
