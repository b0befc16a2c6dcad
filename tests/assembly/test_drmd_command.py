"""``jialiang drmd``: what each deed prints where, how it ends, and what wrong use is told."""

import json

import pytest
from tests.formats.drmd_samples import plain_xml, sample_data, sample_xml

from jialiang.assembly.cli import main
from jialiang.formats.drmd.names import CERTIFICATE, SHEET


@pytest.fixture
def file_of(tmp_path):
    """Writes a file and returns its name."""

    def writing(name, data):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return str(path)

    return writing


def run_json(capsys, *words):
    status = main([*map(str, words), "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_check_reports_file_by_file_and_ends_with_the_worst(capsys, file_of):
    good = file_of("good.xml", plain_xml())
    bad = file_of("bad.xml", plain_xml().replace("7439-92-1", "7439-92-2"))
    broken = file_of("broken.xml", plain_xml()[:500])
    status, reports = run_json(capsys, "drmd", "check", good, bad, broken)
    assert status == 2
    assert [(r["file"], r["valid"], r["kind"], r["version"]) for r in reports] == [
        (good, True, CERTIFICATE, "1.0.0"),
        (bad, False, CERTIFICATE, "1.0.0"),
        (broken, False, "", ""),
    ]
    assert reports[0]["findings"] == []
    assert [f["rule"] for f in reports[1]["findings"]] == ["DRMD-CAS-WRONG"]
    assert set(reports[1]["findings"][0]) == {"rule", "severity", "line", "path", "text"}
    assert reports[2]["findings"][0]["rule"] == "JL-XML-002"
    assert main(["drmd", "check", good]) == 0
    assert main(["drmd", "check", good, bad]) == 1


@pytest.mark.parametrize(
    ("data", "rule"),
    [(b"<a/>", "JL-RMD-001"), (b"", "JL-XML-002"), ('<dcc:x xmlns:dcc="https://ptb.de/dcc"/>', "JL-RMD-001")],
)
def test_what_is_no_such_document_is_told_so(capsys, file_of, data, rule):
    status, (report,) = run_json(capsys, "drmd", "check", file_of("a.xml", data))
    assert (status, report["findings"][0]["rule"]) == (2, rule)


def test_a_file_that_is_not_there(capsys, tmp_path):
    status, (report,) = run_json(capsys, "drmd", "check", tmp_path / "gone.xml")
    assert (status, report["findings"][0]["rule"]) == (2, "JL-CLI-001")


def test_structure_and_rules_stand_together_and_hints_can_be_left_out(capsys, file_of):
    text = plain_xml(SHEET).replace("drmd:healthAndSafetyInformation", "drmd:health")
    name = file_of("a.xml", text)
    _, (report,) = run_json(capsys, "drmd", "check", name)
    assert {f["rule"] for f in report["findings"]} == {"DRMD-STRUCTURE-UNEXPECTED", "DRMD-015"}
    assert [f["line"] for f in report["findings"]] == sorted(f["line"] for f in report["findings"])
    _, (report,) = run_json(capsys, "drmd", "check", "--no-hints", name)
    assert {f["rule"] for f in report["findings"]} == {"DRMD-STRUCTURE-UNEXPECTED"}


@pytest.mark.parametrize(
    ("language", "words"), [("zh", ("无效", "校验位应为 1")), ("en", ("invalid", "check digit"))]
)
def test_the_report_for_people_is_in_their_language(capsys, file_of, language, words):
    name = file_of("bad.xml", plain_xml().replace("7439-92-1", "7439-92-2"))
    assert main(["drmd", "check", "--lang", language, name]) == 1
    printed = capsys.readouterr().out
    assert all(word in printed for word in words)


@pytest.mark.parametrize("notation", ["json", "cbor", "msgpack"])
def test_lossless_data_come_back(capsys, file_of, tmp_path, notation):
    name, between, again = file_of("a.xml", sample_xml()), tmp_path / f"a.{notation}", tmp_path / "b.xml"
    status, said = run_json(capsys, "drmd", "convert", name, "--to", notation, "-o", between)
    assert (status, said["bytes"], said["unmapped"]) == (0, between.stat().st_size, [])
    assert main(["drmd", "convert", str(between), "--to", "xml", "-o", str(again)]) == 0
    assert again.read_bytes().rstrip() == sample_xml().rstrip()
    assert main(["drmd", "check", str(between)]) == 0


def test_data_go_round_through_new(capsys, file_of, tmp_path):
    name, data, again = file_of("a.xml", sample_xml()), tmp_path / "a.json", tmp_path / "b.xml"
    assert main(["drmd", "convert", name, "--to", "data-json", "-o", str(data)]) == 0
    status, said = run_json(capsys, "drmd", "new", "--from", data, "-o", again)
    assert (status, said["valid"], said["bytes"]) == (0, True, again.stat().st_size)
    assert again.read_bytes() == sample_xml()


def test_tables_and_typed_data_are_printed_where_no_file_is_named(capsysbinary, file_of):
    name = file_of("a.xml", sample_xml())
    assert main(["drmd", "convert", name, "--to", "csv", "--lang", "zh"]) == 0
    assert "铅" in capsysbinary.readouterr().out.decode("utf-8-sig")
    assert main(["drmd", "convert", name, "--to", "data-json"]) == 0
    assert json.loads(capsysbinary.readouterr().out)["number"] == "RM-0001"


def test_letters_that_an_encoding_lacks_are_named(capsys, file_of, tmp_path):
    name = file_of("a.xml", plain_xml().replace("铅的质量分数", "𠮷"))
    out = str(tmp_path / "a.csv")
    assert main(["drmd", "convert", name, "--to", "csv", "--encoding", "gbk", "--lang", "zh", "-o", out]) == 0
    assert "𠮷" in capsys.readouterr().err


def test_the_template_makes_a_document(capsys, tmp_path):
    data, out = tmp_path / "t.json", tmp_path / "t.xml"
    assert main(["drmd", "new", "--template", "-o", str(data)]) == 0
    assert main(["drmd", "new", "--from", str(data), "-o", str(out)]) == 0
    assert out.read_text(encoding="utf-8") == plain_xml()
    assert capsys.readouterr().err == ""


def test_a_document_that_breaks_rules_is_made_and_said_so(capsys, tmp_path, file_of):
    given = sample_data()
    given["properties"][0]["results"][0]["values"][0].pop("expanded_uncertainty")
    data, out = file_of("d.json", json.dumps(given)), tmp_path / "d.xml"
    assert main(["drmd", "new", "--from", data, "-o", str(out), "--lang", "en"]) == 1
    assert "RMC-007" in capsys.readouterr().err
    status, said = run_json(capsys, "drmd", "new", "--from", data, "-o", out)
    assert (status, said["valid"]) == (1, False)
    assert "RMC-007" in {f["rule"] for f in said["findings"]}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("{}", "JL-DOC-001"),
        ("[", "JL-CNV-004"),
        ('{"kind": 1, "kind": 2}', "JL-CNV-004"),
        ('{"titel": 1}', "JL-DOC-003"),
        ('{"format": "x"}', "JL-DOC-002"),
    ],
)
def test_data_that_cannot_be_used_are_refused(capsys, file_of, tmp_path, data, code):
    status, said = run_json(
        capsys, "drmd", "new", "--from", file_of("d.json", data), "-o", tmp_path / "x.xml"
    )
    assert (status, said["error"]["code"]) == (2, code)
    assert not (tmp_path / "x.xml").exists()


@pytest.mark.parametrize("words", [("convert", "--to", "json"), ("new", "--template")])
def test_with_json_a_file_has_to_be_named(capsys, file_of, words):
    deed, *rest = words
    given = [file_of("a.xml", plain_xml())] if deed == "convert" else []
    status, said = run_json(capsys, "drmd", deed, *given, *rest)
    assert (status, said["error"]["code"]) == (2, "JL-CLI-006")


def test_another_notation_is_refused(capsys, file_of, tmp_path):
    name = file_of("a.xml", plain_xml())
    status, said = run_json(capsys, "drmd", "convert", name, "--to", "pdf", "-o", tmp_path / "a.pdf")
    assert (status, said["error"]["code"]) == (2, "JL-RMD-003")


@pytest.mark.parametrize(
    "words", [["new"], ["new", "--template", "--from", "x"], ["check"], ["convert", "a.xml"], []]
)
def test_wrong_use_ends_with_two(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["drmd", *words])
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err
