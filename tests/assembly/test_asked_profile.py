"""The Chinese profile for certificates that do not claim it: which reports change, how they count, in what order."""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.chinese_certificates import KINDS, xml_of_kind
from tests.formats.dcc_samples import SAMPLES, certificate_with, sample
from tests.formats.documents.packing import pdf_with, zipped

from jialiang.assembly.asked_profile import with_chinese_profile
from jialiang.assembly.bulk.checking import How, check_many
from jialiang.assembly.bulk.jobs import selected
from jialiang.assembly.cli import main
from jialiang.assembly.second_opinion import with_second_opinion
from jialiang.formats.conversion.registry import convert
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.chinese_profile.catalogue import profile_id
from jialiang.formats.dcc.chinese_profile.checking import check_profile
from jialiang.formats.documents.reports import Report, check_file
from jialiang.formats.xml.parsing import parse_xml

FOREIGN = certificate_with()
SI = b'<si:real xmlns:si="https://ptb.de/si"><si:value>1</si:value><si:unit>\\metre</si:unit></si:real>'
BROKEN = b"<c"


def claiming(kind: str = KINDS[2]) -> bytes:
    return xml_of_kind(kind).encode()


def silent(kind: str = KINDS[2]) -> bytes:
    """The same without the claim."""
    text = xml_of_kind(kind)
    assert profile_id() in text
    return text.replace(profile_id(), "other").encode()


def asked(name: str, data: bytes) -> tuple[tuple[Report, ...], tuple[Report, ...]]:
    return check_file(name, data), check_file(name, data, also=[with_chinese_profile])


def of_profile(report: Report) -> list[str]:
    return [finding.rule for finding in report.findings if finding.rule.startswith("CN-")]


# --- one document --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_who_claims_it_is_not_told_twice(kind: str) -> None:
    wrong = claiming(kind).replace(b"91110000600037341L", b"91110000600037341K")
    for data in (claiming(kind), wrong):
        before, after = asked("a.xml", data)
        assert after == before


@pytest.mark.parametrize("kind", KINDS)
def test_who_keeps_it_without_a_claim_has_nothing_against_it(kind: str) -> None:
    (before,), (after,) = asked("a.xml", silent(kind))
    assert of_profile(after) == []
    assert after == before


@pytest.mark.parametrize("kind", KINDS)
def test_asking_finds_what_the_claim_would_have_found(kind: str) -> None:
    def found(data: bytes) -> list[tuple[str, str, str]]:
        _, (report,) = asked("a.xml", data.replace(b"91110000600037341L", b"91110000600037341K"))
        return [(f.rule, f.severity, f.path) for f in report.findings if f.rule.startswith("CN-")]

    assert found(silent(kind)) == found(claiming(kind)) != []


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_gets_exactly_the_findings_of_the_profile_in_the_order_of_lines(
    oracles: Path, name: str
) -> None:
    data = sample(oracles, name)
    (before,), (after,) = asked(f"{name}.xml", data)
    profile = check_profile(parse_xml(data), asked=True)
    assert profile
    assert sorted(map(repr, after.findings)) == sorted(map(repr, (*before.findings, *profile)))
    lines = [finding.line or 0 for finding in after.findings]
    assert lines == sorted(lines)
    for severity, counted in (("error", after.errors), ("warning", after.warnings), ("hint", after.hints)):
        assert counted == sum(finding.severity == severity for finding in after.findings)


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_but_the_findings_changes(oracles: Path, name: str) -> None:
    (before,), (after,) = asked(f"{name}.xml", sample(oracles, name))
    for member in ("file", "kind", "version", "number", "laboratory", "sha256"):
        assert getattr(after, member) == getattr(before, member)
    assert not after.is_valid
    assert after.first_error == next(each for each in after.findings if each.severity == "error")


def test_the_first_error_is_that_of_the_first_line_whoever_found_it() -> None:
    (before,), (after,) = asked("a.xml", certificate_with(end="2026-02-01"))
    assert before.first_error is not None
    assert after.first_error is not None
    assert (after.first_error.line or 0) <= (before.first_error.line or 0)
    assert after.errors > before.errors


def test_what_is_found_is_said_in_both_languages() -> None:
    _, (report,) = asked("a.xml", FOREIGN)
    assert "CN-KIND-UNKNOWN" in of_profile(report)
    for finding in report.findings:
        assert finding.text.zh and finding.text.en and finding.text.zh != finding.text.en
        assert "{" not in finding.text.zh + finding.text.en


# --- files of several documents and of none --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data", [SI, BROKEN, b"", b"<a/>", b"PK\x03\x04", b"\xff\xfe\x00", zipped({"a.txt": b"x"})]
)
def test_what_is_no_certificate_stays_as_it_was(data: bytes) -> None:
    before, after = asked("a", data)
    assert after == before


WRAPPED = {
    "pdf": pdf_with({"x.xml": FOREIGN}),
    "zip": zipped({"x.xml": FOREIGN}),
    "pdf in zip": zipped({"a.pdf": pdf_with({"x.xml": FOREIGN})}),
    "json": convert(Certificate.read(FOREIGN), "json").data,
    "cbor": convert(Certificate.read(FOREIGN), "cbor").data,
    "msgpack": convert(Certificate.read(FOREIGN), "msgpack").data,
}


@pytest.mark.parametrize("how", WRAPPED)
def test_a_wrapping_changes_nothing_about_what_is_found(how: str) -> None:
    _, (plain,) = asked("a.xml", FOREIGN)
    _, (wrapped,) = asked("a", WRAPPED[how])
    assert of_profile(wrapped) == of_profile(plain) != []
    assert wrapped.errors == plain.errors


def test_of_several_documents_each_gets_its_own() -> None:
    data = zipped({"1.xml": claiming(), "2.xml": FOREIGN, "3.xml": BROKEN, "4.xml": SI, "5.xml": silent()})
    before, after = asked("z.zip", data)
    assert [each.file for each in after] == [f"z.zip/{n}.xml" for n in range(1, 6)]
    assert [bool(of_profile(each)) for each in after] == [False, True, False, False, False]
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, True, True, True]


KINDS_OF_CONTENT = {"claiming": claiming(), "foreign": FOREIGN, "broken": BROKEN, "si": SI}


@pytest.mark.parametrize("first", KINDS_OF_CONTENT)
@pytest.mark.parametrize("second", KINDS_OF_CONTENT)
def test_two_documents_of_one_name_are_not_taken_for_each_other(
    first: str, second: str, tmp_path: Path
) -> None:
    data = zipped(
        {"a.pdf": pdf_with({"x.xml": KINDS_OF_CONTENT[first]}), "a.pdf/x.xml": KINDS_OF_CONTENT[second]}
    )
    _, after = asked("z.zip", data)
    assert [each.file for each in after] == ["z.zip/a.pdf/x.xml"] * 2
    assert [bool(of_profile(each)) for each in after] == [what == "foreign" for what in (first, second)]
    opinions = check_file("z.zip", data, also=[partial(with_second_opinion, folder=tmp_path)])
    told = [any(f.rule == "SECOND-OPINION-NONE" for f in each.findings) for each in opinions]
    assert told == [what in ("foreign", "claiming") for what in (first, second)]


@settings(max_examples=12, deadline=None)
@given(st.lists(st.sampled_from(sorted(KINDS_OF_CONTENT)), max_size=5))
def test_asking_twice_asks_no_more_of_who_claims_and_reports_keep_their_places(contents: list[str]) -> None:
    data = zipped({f"{n}.xml": KINDS_OF_CONTENT[each] for n, each in enumerate(contents)})
    before, after = asked("z.zip", data)
    assert [each.file for each in after] == [each.file for each in before]
    for what, one, other in zip(contents, before, after, strict=False):
        assert (other.errors > one.errors) is (what == "foreign")


# --- the bulk check ------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "f"
    root.mkdir()
    files = {"1.xml": claiming(), "2.xml": FOREIGN, "3.xml": silent(KINDS[0]), "4.xml": BROKEN}
    for name, data in files.items():
        (root / name).write_bytes(data)
    (root / "5.zip").write_bytes(zipped({"in.xml": certificate_with(number="N-5")}))
    return root


@pytest.mark.parametrize("workers", [1, 2])
def test_the_bulk_check_asks_in_every_process(folder: Path, workers: int) -> None:
    jobs = selected([folder]).jobs * 5
    asked_for = list(check_many(jobs, How(chinese_profile=True), workers=workers))
    plain = list(check_many(jobs, How(), workers=workers))
    found = [bool(of_profile(each)) for each in asked_for]
    assert found == [False, True, False, False, True] * 5
    assert not any(of_profile(each) for each in plain)


def test_a_brief_report_counts_the_profile_and_names_its_error(folder: Path) -> None:
    whole, brief = (
        list(check_many(selected([folder]).jobs, How(chinese_profile=True, brief=brief), workers=1))
        for brief in (False, True)
    )
    for one, other in zip(whole, brief, strict=True):
        assert other.findings == ()
        assert (other.errors, other.warnings, other.hints) == (one.errors, one.warnings, one.hints)
        assert other.first_error == one.first_error


def test_a_folder_of_schemas_and_the_profile_are_asked_together(folder: Path, tmp_path: Path) -> None:
    how = How(chinese_profile=True, schemas=tmp_path)
    (report,) = check_many(selected([folder / "2.xml"]).jobs, how, workers=1)
    assert of_profile(report)
    assert report.findings[-1].rule == "SECOND-OPINION-NONE"
    (alone,) = check_many(selected([folder / "2.xml"]).jobs, How(chinese_profile=True), workers=1)
    assert (report.errors, report.hints) == (alone.errors, alone.hints + 1)


@pytest.mark.parametrize(("words", "status"), [((), 0), (("--profile", "cn"), 1)])
def test_the_summary_of_the_command_counts_it(
    capsys: pytest.CaptureFixture[str], folder: Path, words: tuple[str, ...], status: int
) -> None:
    (folder / "4.xml").unlink()
    command = ["dcc", "check", str(folder), "--summary", "csv", "--lang", "en", "--workers", "1", *words]
    assert main(command) == status
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["valid"] for row in rows] == ["true", "true" if status == 0 else "false"] * 2
    firsts = [row["first_error_rule"].startswith("CN-") for row in rows]
    assert firsts == [False, status == 1] * 2


@pytest.mark.parametrize("language", ["zh", "en"])
def test_people_see_the_profile_of_every_document_of_an_archive(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, language: str
) -> None:
    (tmp_path / "z.zip").write_bytes(zipped({"a.xml": FOREIGN, "b.xml": certificate_with(number="N-2")}))
    assert main(["dcc", "check", str(tmp_path / "z.zip"), "--profile", "cn", "--lang", language]) == 1
    said = capsys.readouterr().out
    assert said.count("CN-KIND-UNKNOWN") == 2
    assert ("无效" in said, "invalid" in said) == ((True, False) if language == "zh" else (False, True))


def test_no_hints_takes_hints_of_the_profile_alone_and_leaves_its_errors(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(FOREIGN)
    main(["dcc", "check", str(path), "--profile", "cn", "--json", "--no-hints"])
    (report,) = json.loads(capsys.readouterr().out)
    assert "CN-KIND-UNKNOWN" in [each["rule"] for each in report["findings"]]
    assert "hint" not in {each["severity"] for each in report["findings"]}


# --- the second opinion on a version that is no version -------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "said"), [("9" * 5000, "9" * 20), ("", "–"), ("{folder}", "{folder}"), ("3.4.0", "3.4.0")]
)
def test_a_version_that_is_none_is_said_briefly(tmp_path: Path, version: str, said: str) -> None:
    data = FOREIGN.replace(b'schemaVersion="3.3.0"', f'schemaVersion="{version}"'.encode())
    (report,) = check_file("a.xml", data, also=[partial(with_second_opinion, folder=tmp_path)])
    finding = report.findings[-1]
    assert (finding.rule, finding.severity) == ("SECOND-OPINION-NONE", "hint")
    assert finding.text.en.startswith(f"There is no second opinion on DCC {said}: ")
    assert finding.text.zh.startswith(f"DCC {said} 没有第二意见：")
    assert len(finding.text.en) < 400
