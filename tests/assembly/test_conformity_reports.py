"""What the commands for documents report and write: verdicts by table, digests computed again, options that arrive."""

import argparse
import hashlib
import itertools
import json
from datetime import datetime
from pathlib import Path

import pytest
from tests.formats.dcoc_samples import SAMPLE, changed
from tests.formats.drmd_samples import plain_xml, sample_xml
from tests.formats.sample_keys import CHECK_TIME
from tests.formats.test_credential_by_hand import token_of
from tests.formats.test_credential_rules import small

from jialiang.assembly import conformity_reports
from jialiang.assembly.arguments import parser
from jialiang.assembly.cli import main
from jialiang.assembly.command_errors import NotWritable, OutputMissing
from jialiang.assembly.commands import credential, dcoc, drmd
from jialiang.assembly.conformity_reports import report_files, write_converted
from jialiang.formats.dcoc.documents import FORMS, write_dcoc
from jialiang.formats.dcoc.errors import NotRdf
from jialiang.formats.findings import DocumentFinding
from jialiang.kernel.text import Text


@pytest.fixture(autouse=True)
def _on_a_day(monkeypatch):
    """The day of every check."""
    for command in (dcoc, credential, drmd):
        monkeypatch.setattr(command, "utc_now", lambda: CHECK_TIME)


def given(**members):
    """Arguments as a command gives them."""
    return argparse.Namespace(
        **{"json": True, "lang": "en", "no_hints": False, "out": None, "to": "xml"} | members
    )


def finding(severity):
    """A finding of a severity."""
    return DocumentFinding(f"X-{severity.upper()}", severity, 3, "/a", Text("中", "en"))


CONTENT = {"good": [], "hint": ["hint"], "warning": ["warning"], "bad": ["error", "hint"], "gone": None}


def examine(file):
    """A check that finds what the name of the file says."""
    found = CONTENT[file.name]
    if found is None:
        raise NotRdf(detail="x")
    return {"version": "7", "number": file.name}, list(map(finding, found))


@pytest.mark.parametrize("names", list(itertools.permutations(CONTENT, 2)) + [(each,) for each in CONTENT])
def test_the_worst_file_gives_the_status_whatever_the_order(names, capsys):
    statuses = {"good": 0, "hint": 0, "warning": 0, "bad": 1, "gone": 2}
    assert report_files(given(files=list(map(Path, names))), examine) == max(statuses[each] for each in names)
    reports = json.loads(capsys.readouterr().out)
    assert [each["file"] for each in reports] == list(names)
    assert [each["valid"] for each in reports] == [statuses[each] == 0 for each in names]


def test_a_file_that_cannot_be_read_has_its_error_as_finding(capsys):
    report_files(given(files=[Path("gone")]), examine)
    (report,) = json.loads(capsys.readouterr().out)
    assert (report["version"], [each["rule"] for each in report["findings"]]) == ("", ["JL-COC-003"])
    assert report["findings"][0]["severity"] == "error" and report["findings"][0]["text"]["zh"]


@pytest.mark.parametrize("no_hints", [False, True])
def test_hints_are_left_out_of_findings_and_never_of_the_verdict(no_hints, capsys):
    files = [Path("hint"), Path("bad")]
    assert report_files(given(files=files, no_hints=no_hints), examine) == 1
    rules = [[each["rule"] for each in report["findings"]] for report in json.loads(capsys.readouterr().out)]
    assert rules == ([[], ["X-ERROR"]] if no_hints else [["X-HINT"], ["X-ERROR", "X-HINT"]])


@pytest.mark.parametrize(
    ("lang", "printed"),
    [
        ("en", "warning (7): valid\n  ! line 3  X-WARNING  en\ngood (7): valid\n"),
        ("zh", "warning (7): 有效\n  ! 行 3  X-WARNING  中\ngood (7): 有效\n"),
    ],
)
def test_people_read_verdicts_and_findings_line_by_line(lang, printed, capsys):
    report_files(given(files=[Path("warning"), Path("good")], json=False, lang=lang), examine)
    assert capsys.readouterr().out == printed


# --- writing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"x", "量".encode() * 1000])
def test_what_was_written_is_told_with_its_digest(data, tmp_path, capsys):
    out = tmp_path / "out"
    write_converted(given(out=out, to="json"), data, "dcoc convert")
    told = json.loads(capsys.readouterr().out)
    assert out.read_bytes() == data
    assert told == {
        "to": "json",
        "out": str(out),
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def test_json_needs_a_file_to_write_to(capsysbinary):
    with pytest.raises(OutputMissing) as refused:
        write_converted(given(), b"x", "dcoc convert")
    assert refused.value.facts == {"command": "dcoc convert"}
    assert capsysbinary.readouterr().out == b""


def test_without_json_the_bytes_are_all_that_is_printed(capsysbinary):
    write_converted(given(json=False), b"\x00\xff", "dcoc convert")
    assert capsysbinary.readouterr().out == b"\x00\xff"


def test_a_folder_is_no_file_to_write_to(tmp_path):
    with pytest.raises(NotWritable) as refused:
        write_converted(given(out=tmp_path), b"x", "dcoc convert")
    assert refused.value.facts["file"] == tmp_path and refused.value.what.zh


def test_the_statuses_are_those_of_every_command():
    assert (conformity_reports.HOLDS, conformity_reports.HOLDS_NOT, conformity_reports.CANNOT) == (0, 1, 2)
    assert (drmd.HOLDS, drmd.HOLDS_NOT, drmd.CANNOT) == (0, 1, 2)


# --- words of the commands ------------------------------------------------------------------------------------------

DEFAULTS = [
    (["dcoc", "check", "a", "b"], {"files": [Path("a"), Path("b")], "no_hints": False, "trust": [], "json": False}),
    (["dcoc", "check", "--trust", "r", "--trust", "s", "a"], {"trust": [Path("r"), Path("s")]}),
    (["dcoc", "new", "--from", "d"], {"data": Path("d"), "to": "xml", "out": None}),
    (["dcoc", "convert", "a", "--to", "credential"],
     {"issuer": None, "credential_id": "", "assessment_level": "Unspecified", "scheme_version": "",
      "scheme_valid_from": "", "file": Path("a"), "out": None}),
    (["credential", "check", "a"], {"key": None, "files": [Path("a")]}),
    (["credential", "convert", "a", "--to", "jwt", "-o", "b"], {"to": "jwt", "out": Path("b")}),
    (["drmd", "check", "a", "--no-hints"], {"files": [Path("a")], "no_hints": True}),
    (["drmd", "convert", "a", "--to", "csv"], {"encoding": "utf-8", "typed": False, "out": None}),
    (["drmd", "new", "--template"], {"template": True, "source": None}),
    (["drmd", "new", "--from", "d", "--lang", "zh"], {"template": False, "source": Path("d"), "lang": "zh"}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), DEFAULTS)
def test_words_become_arguments(words, expected):
    found = vars(parser().parse_args(words))
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("words", "place", "value"),
    [
        (["--credential-id", "urn:uuid:7"], ("id",), "urn:uuid:7"),
        (["--assessment-level", "Accredited"], ("credentialSubject", "assessmentLevel"), "Accredited"),
        (["--scheme-version", "2", "--scheme-valid-from", "2024-05-01"],
         ("credentialSubject", "scope", "version"), "2"),
        (["--lang", "zh"], ("issuer", "name"), "示例认证中心（虚构）"),
        (["--lang", "en"], ("issuer", "name"), "Sample Certification Centre (fictional)"),
    ],
)  # fmt: skip
def test_what_is_asked_for_stands_in_the_credential(words, place, value, tmp_path):
    file, out = tmp_path / "c.xml", tmp_path / "c.json"
    file.write_bytes(write_dcoc(SAMPLE, "xml"))
    asked = [
        "dcoc",
        "convert",
        str(file),
        "--to",
        "credential",
        "--issuer",
        "did:web:a.example",
        "-o",
        str(out),
    ]
    assert main([*asked, *words]) == 0
    found = json.loads(out.read_bytes())
    digest = found["credentialSubject"]["conformityCertificate"]["hashDigest"]
    assert digest == hashlib.sha256(file.read_bytes()).hexdigest()
    for step in place:
        found = found[step]
    assert found == value


@pytest.mark.parametrize("form", FORMS)
def test_the_report_names_notation_number_and_version(form, tmp_path, capsys):
    file = tmp_path / "anything"
    file.write_bytes(write_dcoc(changed(number="N-7", previous=()), form))
    assert main(["dcoc", "check", str(file), "--json"]) == 0
    (report,) = json.loads(capsys.readouterr().out)
    assert (report["notation"], report["number"], report["version"]) == (form, "N-7", "1.2")
    assert [each["rule"] for each in report["findings"]] == ["DCOC-PREVIOUS-MISSING"]


@pytest.mark.parametrize("day", ["2026-06-15", "2036-06-15", "2036-06-16"])
def test_the_clock_decides_what_has_expired(day, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(dcoc, "utc_now", lambda: datetime.fromisoformat(f"{day}T12:00:00+00:00"))
    file = tmp_path / "c.json"
    file.write_bytes(write_dcoc(SAMPLE, "json"))
    assert main(["dcoc", "check", str(file), "--json"]) == 0
    (report,) = json.loads(capsys.readouterr().out)
    assert [each["rule"] for each in report["findings"]] == (["DCOC-EXPIRED"] if day == "2036-06-16" else [])


@pytest.mark.parametrize(("to", "back"), list(itertools.product(["jwt", "envelope"], repeat=2)))
def test_a_token_goes_through_every_wrapping_unchanged(to, back, tmp_path):
    token = token_of(small())
    for name, form, source in (("a", to, token.encode()), ("b", back, None), ("c", "jwt", None)):
        if source is not None:
            (tmp_path / "start").write_bytes(source)
            last = tmp_path / "start"
        out = tmp_path / name
        assert main(["credential", "convert", str(last), "--to", form, "-o", str(out)]) == 0
        last = out
    assert last.read_text() == token + "\n"
    assert main(["credential", "convert", str(last), "--to", "json", "-o", str(tmp_path / "d")]) == 0
    assert json.loads((tmp_path / "d").read_bytes()) == small()


@pytest.mark.parametrize(
    ("encoding", "is_same"), [("utf-8", True), ("UTF-8", True), ("gb18030", False), ("gbk", False)]
)
def test_xml_in_its_own_encoding_keeps_its_bytes(encoding, is_same, tmp_path):
    file, out = tmp_path / "a.xml", tmp_path / "b.xml"
    file.write_bytes(b"<!-- kept -->" + sample_xml().split(b"?>\n", 1)[1])
    asked = ["drmd", "convert", str(file), "--to", "xml", "--encoding", encoding, "-o", str(out)]
    assert main(asked) == 0
    assert (out.read_bytes() == file.read_bytes()) is is_same


def test_a_validity_of_a_reference_material_is_judged_on_the_day_of_the_check(tmp_path, capsys, monkeypatch):
    file = tmp_path / "a.xml"
    file.write_text(plain_xml(), encoding="utf-8")
    for day, expected in (("2030-12-31", []), ("2031-01-01", ["DRMD-EXPIRED"])):
        monkeypatch.setattr(drmd, "utc_now", lambda now=day: datetime.fromisoformat(f"{now}T00:00:00+00:00"))
        assert main(["drmd", "check", str(file), "--json"]) == 0
        (report,) = json.loads(capsys.readouterr().out)
        assert [each["rule"] for each in report["findings"]] == expected


@pytest.mark.parametrize("command", ["dcoc", "credential", "drmd"])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"\xff\xfe",
        b"[" * 10_000,
        b"<a" * 10_000,
        b"<!DOCTYPE a []><a/>",
        b"a.b.c",
        b"{}",
        b"null",
    ],
)
def test_whatever_a_file_holds_the_command_ends_in_words(command, data, tmp_path, capsys):
    file = tmp_path / "file"
    file.write_bytes(data)
    assert main([command, "check", str(file), "--json"]) == 2
    (report,) = json.loads(capsys.readouterr().out)
    (found,) = report["findings"]
    assert found["rule"].startswith("JL-") and found["text"]["zh"] and found["text"]["en"]
    assert report["valid"] is False
