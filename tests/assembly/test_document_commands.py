"""``jialiang dcc`` and ``jialiang dsi``: words, JSON, exit status; without Django and without a network."""

import hashlib
import json
import subprocess
import sys
import textwrap

import pytest
from lxml import etree
from tests.conftest import ROOT
from tests.formats.dcc_samples import (
    SAMPLES,
    c14n,
    certificate_with,
    expanded,
    quantity,
    real,
    reference,
    sample,
    sample_certificate,
)

from jialiang.assembly.arguments import parser
from jialiang.assembly.cli import main
from jialiang.assembly.document_text import quantities_text
from jialiang.formats.dcc.certificate import Certificate

GOOD = "v3.3.0_gp_temperature_valid"
BAD = "v3.3.0_gp_temperature_schema_invalid"


@pytest.fixture
def file_of(oracles):
    """The path of a sample."""
    return lambda name: str(oracles / "dcc" / "samples" / f"{name}.xml")


@pytest.fixture
def written(tmp_path):
    """Write bytes to a file and return its path."""

    def write(name, data):
        (tmp_path / name).write_bytes(data)
        return str(tmp_path / name)

    return write


def run(capsys, *words):
    """Run a command; its status, and what it printed."""
    status = main(list(words))
    return status, capsys.readouterr()


def run_json(capsys, *words):
    """Run a command with ``--json``; its status, and the document."""
    status, printed = run(capsys, *words, "--json")
    assert printed.out.count("\n") == 1
    return status, json.loads(printed.out)


# --- check --------------------------------------------------------------------------------------------------------


def test_check_has_an_object_a_file_in_order_and_the_worst_status(capsys, file_of, written):
    broken = written("broken.xml", b"<a>")
    status, reports = run_json(capsys, "dcc", "check", file_of(GOOD), file_of(BAD), broken)
    assert status == 2
    assert [report["file"] for report in reports] == [file_of(GOOD), file_of(BAD), broken]
    assert [report["valid"] for report in reports] == [True, False, False]
    assert [report["version"] for report in reports] == ["3.3.0", "3.3.0", ""]
    for report in reports:
        for finding in report["findings"]:
            assert set(finding) == {"rule", "severity", "line", "path", "text"}
            assert finding["severity"] in ("error", "warning", "hint")
    (unreadable,) = reports[2]["findings"]
    assert (unreadable["rule"], unreadable["line"]) == ("JL-XML-002", 1)


@pytest.mark.parametrize("name", SAMPLES)
def test_check_calls_a_sample_valid_as_its_schema_does(capsys, file_of, name):
    status, (report,) = run_json(capsys, "dcc", "check", file_of(name))
    assert report["valid"] is (name != BAD)
    assert status == (1 if name == BAD else 0)


def test_check_says_structure_and_good_practice_together(capsys, file_of, written):
    _, (report,) = run_json(capsys, "dcc", "check", file_of(BAD))
    rules = {finding["rule"] for finding in report["findings"]}
    assert any(rule.startswith("DCC-STRUCTURE") for rule in rules)
    assert "DCC-SOFTWARE-MISSING" in rules
    lines = [finding["line"] for finding in report["findings"]]
    assert lines == sorted(lines)
    bad = written("u.xml", certificate_with(quantity(real("1", "\\metre", expanded("-1")))))
    status, (report,) = run_json(capsys, "dcc", "check", bad)
    assert (status, report["valid"]) == (1, False)


def test_check_for_people_in_both_languages(capsys, file_of):
    _, english = run(capsys, "dcc", "check", file_of(BAD), "--lang", "en")
    _, chinese = run(capsys, "dcc", "check", file_of(BAD), "--lang", "zh")
    assert ": invalid" in english.out
    assert "无效" in chinese.out
    assert "line 17" in english.out
    assert "行 17" in chinese.out
    status, quiet = run(capsys, "dcc", "check", file_of(GOOD), "--lang", "en", "--no-hints")
    assert (status, quiet.out.count("\n")) == (0, 1)


def test_check_finds_one_number_with_two_contents(capsys, written):
    one = written("1.xml", certificate_with(quantity(real("1", "\\metre"))))
    same = written("2.xml", certificate_with(quantity(real("1", "\\metre"))))
    other = written("3.xml", certificate_with(quantity(real("2", "\\metre"))))
    status, reports = run_json(capsys, "dcc", "check", one, same, other)
    assert status == 0  # each file by itself is sound; which of the two is the certificate, no file can say
    assert [report["valid"] for report in reports] == [True, True, True]
    last = reports[2]["findings"][-1]
    assert (last["rule"], last["severity"]) == ("DCC-NUMBER-REUSED", "warning")


def test_check_of_what_cannot_be_read_is_status_2(capsys, tmp_path):
    status, (report,) = run_json(capsys, "dcc", "check", "no-such-file.xml")
    assert (status, report["findings"][0]["rule"]) == (2, "JL-CLI-001")
    status, (report,) = run_json(capsys, "dcc", "check", str(tmp_path))
    assert (status, report["findings"][0]["rule"]) == (2, "JL-FIL-003")


def test_check_of_what_is_no_certificate_is_status_2(capsys, written):
    status, (report,) = run_json(capsys, "dcc", "check", written("a.xml", b"<a/>"))
    assert (status, report["findings"][0]["rule"]) == (2, "JL-DCC-001")


def test_check_knows_the_day(capsys, written):
    future = written("f.xml", certificate_with(end="2999-01-01"))
    status, (report,) = run_json(capsys, "dcc", "check", future)
    assert status == 1
    assert "DCC-DATE-IN-FUTURE" in {finding["rule"] for finding in report["findings"]}


# --- quantities ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SAMPLES)
def test_quantities_are_those_of_the_library(capsys, file_of, oracles, name):
    status, found = run_json(capsys, "dcc", "quantities", file_of(name), "--lang", "en")
    assert status == 0
    assert found == [quantity_.to_json("en") for quantity_ in sample_certificate(oracles, name).quantities()]
    for each in found:
        assert {"path", "name", "kind"} <= set(each)
        if "value" in each and not isinstance(each["value"], list):
            assert isinstance(each["value"], str)


def test_quantities_are_chosen_by_ref_type_and_name(capsys, file_of):
    _, found = run_json(capsys, "dcc", "quantities", file_of(GOOD), "--ref-type", "basic_measurementError")
    assert [each["value"] for each in found] == [["0.072", "0.089", "0.107", "-0.009", "-0.084"]]
    assert found[0]["expanded_uncertainty"] == ["0.061"]
    assert (found[0]["coverage_factor"], found[0]["coverage_probability"]) == ("2", "0.95")
    _, none = run_json(capsys, "dcc", "quantities", file_of(GOOD), "--name", "no such name")
    assert none == []


def test_quantities_for_people(capsys, file_of):
    status, printed = run(
        capsys, "dcc", "quantities", file_of(GOOD), "--ref-type", "basic_measurementError", "--lang", "en"
    )
    assert status == 0
    assert (
        printed.out == "Measurement error: 0.072 0.089 0.107 -0.009 -0.084  K  U = 0.061  k = 2  p = 0.95\n"
    )


def test_long_lists_and_words_are_shortened_for_people():
    data = certificate_with(
        quantity("<si:realListXMLList><si:valueXMLList>1 2 3 4 5 6 7 8</si:valueXMLList><si:unitXMLList>\\metre"
                 "</si:unitXMLList></si:realListXMLList>", "Many")
        + quantity("<dcc:noQuantity><dcc:content>fine</dcc:content></dcc:noQuantity>", "Look")
    )  # fmt: skip
    assert (
        quantities_text(Certificate.read(data).quantities(), "en")
        == "Many: 1 2 3 4 5 6 … (8)  m\nLook: fine\n"
    )


def test_quantities_of_what_is_unreadable(capsys, written):
    status, printed = run(capsys, "dcc", "quantities", written("x.xml", b"<a>"), "--lang", "en")
    assert status == 2
    assert "JL-XML-002" in printed.err
    status, document = run_json(capsys, "dcc", "quantities", written("y.xml", b"<a>"))
    assert document["error"]["code"] == "JL-XML-002"


# --- convert ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("notation", ["json", "cbor", "msgpack"])
def test_convert_there_and_back(capsys, tmp_path, file_of, oracles, notation):
    there, back = str(tmp_path / f"c.{notation}"), tmp_path / "c.xml"
    status, made = run_json(capsys, "dcc", "convert", file_of(GOOD), "--to", notation, "-o", there)
    assert (status, made["to"], made["unmapped"]) == (0, notation, [])
    assert run(capsys, "dcc", "convert", there, "--to", "xml", "-o", str(back))[0] == 0
    assert c14n(back.read_bytes()) == c14n(sample(oracles, GOOD))
    # The other deeds read lossless data as well.
    assert run(capsys, "dcc", "check", there)[0] == 0


@pytest.mark.parametrize("notation", ["data-json", "csv", "xlsx", "parquet"])
def test_convert_to_tables_and_data(capsys, tmp_path, file_of, notation):
    out = tmp_path / "made"
    status, made = run_json(capsys, "dcc", "convert", file_of(GOOD), "--to", notation, "-o", str(out))
    assert status == 0
    assert made["bytes"] == out.stat().st_size > 100
    assert made["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()


def test_convert_of_xml_to_xml_keeps_the_bytes(capsysbinary, file_of, oracles):
    assert main(["dcc", "convert", file_of(GOOD), "--to", "xml"]) == 0
    assert capsysbinary.readouterr().out == sample(oracles, GOOD)


def test_convert_to_gbk_says_what_it_cannot_write(capsys, tmp_path, file_of):
    out = str(tmp_path / "made.csv")
    _, made = run_json(capsys, "dcc", "convert", file_of("v3.1.2_gp_humidity"), "--to", "csv", "--encoding", "gbk",
                       "--lang", "en", "-o", out)  # fmt: skip
    assert isinstance(made["unmapped"], list)
    status, printed = run(
        capsys, "dcc", "convert", file_of("v3.1.2_gp_humidity"), "--to", "xml", "--encoding", "gbk"
    )
    assert status == 2
    assert "JL-CNV-005" in printed.err


def test_convert_needs_a_place_beside_json(capsys, file_of):
    status, document = run_json(capsys, "dcc", "convert", file_of(GOOD), "--to", "csv")
    assert (status, document["error"]["code"]) == (2, "JL-CLI-006")


def test_convert_to_nowhere_and_to_nothing(capsys, tmp_path, file_of):
    status, document = run_json(
        capsys, "dcc", "convert", file_of(GOOD), "--to", "csv", "-o", str(tmp_path / "no" / "x")
    )
    assert (status, document["error"]["code"]) == (2, "JL-CLI-007")
    status, document = run_json(
        capsys, "dcc", "convert", file_of(GOOD), "--to", "docx", "-o", str(tmp_path / "x")
    )
    assert (status, document["error"]["code"]) == (2, "JL-CNV-001")


def test_typed_data_do_not_come_back(capsys, tmp_path, file_of):
    out = str(tmp_path / "c.cbor")
    assert run(capsys, "dcc", "convert", file_of(GOOD), "--to", "cbor", "--typed", "-o", out)[0] == 0
    status, document = run_json(capsys, "dcc", "convert", out, "--to", "xml", "-o", str(tmp_path / "x.xml"))
    assert (status, document["error"]["code"]) == (2, "JL-CNV-003")


# --- migrate, diff, chain -----------------------------------------------------------------------------------------


def test_migrate_writes_a_valid_certificate_and_says_what_changed(capsys, tmp_path, file_of):
    out = tmp_path / "new.xml"
    status, said = run_json(capsys, "dcc", "migrate", file_of("v2.4.0_siliziumkugel"), "-o", str(out))
    assert (status, said["version_before"], said["valid"]) == (0, "2.4.0", True)
    assert {"version", "renamed", "location-added"} <= {change["kind"] for change in said["changes"]}
    status, (report,) = run_json(capsys, "dcc", "check", str(out))
    assert (status, report["version"]) == (0, "3.3.0")
    status, difference = run_json(capsys, "dcc", "diff", file_of("v2.4.0_siliziumkugel"), str(out))
    assert difference["worst_e_n"] == 0.0


def test_migrate_without_a_place_prints_it(capsys, file_of):
    _, said = run_json(capsys, "dcc", "migrate", file_of("v3.1.2_gp_humidity"))
    assert Certificate.read(said["xml"].encode()).version == "3.3.0"


def test_migrate_for_people_counts_the_changes(capsysbinary, file_of):
    assert main(["dcc", "migrate", file_of("v3.1.2_gp_humidity"), "--lang", "en"]) == 0
    printed = capsysbinary.readouterr()
    assert Certificate.read(printed.out).version == "3.3.0"
    assert "3.1.2 → 3.3.0: valid" in printed.err.decode()


def test_migrate_refuses_what_it_does_not_know(capsys, written):
    status, document = run_json(capsys, "dcc", "migrate", written("x.xml", certificate_with(version="9.9.9")))
    assert (status, document["error"]["code"]) == (2, "JL-DCC-002")


def test_diff_is_status_0_for_the_same_and_1_otherwise(capsys, file_of):
    same = file_of(GOOD)
    assert run(capsys, "dcc", "diff", same, same, "--lang", "en")[0] == 0
    status, printed = run(
        capsys, "dcc", "diff", same, file_of("v3.3.0_gp_temperature_xmldsig_tampered"), "--lang", "en"
    )
    assert status == 1
    assert "certificate number: 1234 → 12345" in printed.out


def test_diff_shows_e_n(capsys, written):
    first = written("1.xml", certificate_with(quantity(real("10.00", "\\metre", expanded("0.03")))))
    second = written(
        "2.xml", certificate_with(quantity(real("10.05", "\\metre", expanded("0.04"))), number="N-2")
    )
    status, printed = run(capsys, "dcc", "diff", first, second, "--lang", "en")
    assert status == 1
    assert "10.00 → 10.05 \\metre  E_n = 1.00" in printed.out
    _, said = run_json(capsys, "dcc", "diff", first, second)
    assert (said["worst_e_n"], said["relation"]) == (1.0, "recalibration")


def chained(written):
    upper = certificate_with(number="NMI-1", end="2026-03-01")
    lower = certificate_with(equipment=reference("NMI-1", "sha256", hashlib.sha256(upper).hexdigest()))
    return written("low.xml", lower), upper


def test_chain_is_proved_with_all_its_files(capsys, written, tmp_path):
    low, upper = chained(written)
    drawing = tmp_path / "chain.svg"
    status, said = run_json(capsys, "dcc", "chain", low, written("up.xml", upper), "--svg", str(drawing))
    assert (status, said["proved"]) == (0, True)
    assert etree.fromstring(drawing.read_bytes()).tag.endswith("svg")
    status, printed = run(capsys, "dcc", "chain", low, "--lang", "en")
    assert status == 0
    assert "file missing" in printed.out
    status, printed = run(
        capsys, "dcc", "chain", low, written("up2.xml", upper.replace(b"1.0", b"1.5")), "--lang", "en"
    )
    assert status == 1
    assert "The chain is broken." in printed.out


def test_chain_looks_into_a_folder(capsys, written, tmp_path):
    low, upper = chained(written)
    store = tmp_path / "store" / "ab" / "cd"
    store.mkdir(parents=True)
    (store / hashlib.sha256(upper).hexdigest()).write_bytes(upper)
    (store / "noise").write_bytes(b"no certificate")
    status, said = run_json(capsys, "dcc", "chain", low, "--store", str(tmp_path / "store"))
    assert (status, said["proved"]) == (0, True)


def test_chain_looks_into_the_store_of_this_installation(capsys, written, tmp_path, monkeypatch):
    from jialiang.assembly.commands import dcc

    low, upper = chained(written)
    (tmp_path / "var" / "objects").mkdir(parents=True)
    (tmp_path / "var" / "objects" / "x").write_bytes(upper)

    class Here:
        object_dir = tmp_path / "var" / "objects"

    monkeypatch.setattr(dcc, "current_settings", Here)
    status, said = run_json(capsys, "dcc", "chain", low, "--store")
    assert (status, said["proved"]) == (0, True)


# --- dsi ----------------------------------------------------------------------------------------------------------


def test_dsi_check_counts_elements_and_finds_the_bad_ones(capsys, oracles):
    folder = oracles / "dcc" / "dsi_examples"
    good = str(folder / "SILVER" / "PTB-SILVER-examples.xml")
    bad = str(folder / "IMPROVABLE" / "PTB-IMPROVABLE-examples.xml")
    status, (report,) = run_json(capsys, "dsi", "check", good)
    assert (status, report["valid"]) == (0, True)
    assert report["elements"] > 0
    status, (report,) = run_json(capsys, "dsi", "check", bad)
    assert (status, report["valid"]) == (1, False)
    status, reports = run_json(capsys, "dsi", "check", good, "nothing.xml")
    assert status == 2


def test_dsi_check_of_a_version_that_is_none(capsys, oracles):
    status, document = run_json(capsys, "dsi", "check", "x.xml", "--version", "9.9")
    assert (status, document["error"]["code"]) == (2, "JL-CLI-008")


def test_dsi_check_for_people(capsys, written):
    file = written("d.xml", f'<x xmlns:si="https://ptb.de/si">{real("1,5", "m")}</x>'.encode())
    status, printed = run(capsys, "dsi", "check", file, "--lang", "en")
    assert status == 1
    assert "→ 1.5" in printed.out


# --- the command line itself --------------------------------------------------------------------------------------


def test_every_deed_has_words_and_json():
    deeds = ("dcc check x", "dcc quantities x", "dcc convert x --to csv", "dcc migrate x", "dcc diff x y",
             "dcc chain x", "dsi check x")  # fmt: skip
    for words in (deed.split() for deed in deeds):
        assert parser().parse_args([*words, "--json", "--lang", "zh"]).json


def test_the_program_of_the_how_to_runs(capsys, oracles, tmp_path, monkeypatch):
    page = (ROOT / "docs" / "howto" / "check-certificates.md").read_text(encoding="utf-8")
    program = page.partition("```python\n")[2].partition("```")[0]
    assert "Certificate.read" in program
    (tmp_path / "certificate.xml").write_bytes(sample(oracles, GOOD))
    monkeypatch.chdir(tmp_path)
    exec(compile(program, "how-to", "exec"), {})
    printed = capsys.readouterr().out
    assert "Measurement error ('0.072', '0.089', '0.107', '-0.009', '-0.084') ('\\\\kelvin',) ('0.061',)" in printed
    assert "DCC-SOFTWARE-MISSING" in printed


CORE_ONLY = """
import sys

class Gone:
    names = ("django", "ninja", "granian", "pikepdf", "typst", "segno", "jinja2", "whitenoise", "allauth", "openpyxl",
             "pyarrow", "pandas", "cbor2", "msgpack", "psycopg")
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name.split(".")[0])
        return None

sys.meta_path.insert(0, Gone())
import socket
def refused(*_, **__):
    raise AssertionError("no network")
socket.socket.connect = refused
from jialiang.assembly.cli import main
sys.exit(main(sys.argv[1:]))
"""


def core_only(*words):
    """Run a command where only the core and its dependencies are installed, and no address can be reached."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CORE_ONLY), *words],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_certificates_are_checked_where_only_the_core_is_installed(file_of, tmp_path):
    status, out, _ = core_only("dcc", "check", file_of(GOOD), "--json")
    assert (status, json.loads(out)[0]["valid"]) == (0, True)
    assert core_only("dcc", "quantities", file_of(GOOD), "--json")[0] == 0
    assert core_only("dcc", "migrate", file_of("v2.4.0_siliziumkugel"), "-o", str(tmp_path / "x.xml"))[0] == 0
    assert core_only("dcc", "diff", file_of(GOOD), file_of(GOOD))[0] == 0
    assert core_only("dcc", "chain", file_of(GOOD))[0] == 0
    assert core_only("dcc", "convert", file_of(GOOD), "--to", "json", "-o", str(tmp_path / "x.json"))[0] == 0


def test_what_the_core_cannot_do_says_what_to_install(file_of, tmp_path):
    status, out, _ = core_only("check", "--json")
    assert (status, json.loads(out)["error"]["code"]) == (2, "JL-CLI-009")
    assert "jialiang[platform]" in out
    status, out, _ = core_only(
        "dcc", "convert", file_of(GOOD), "--to", "xlsx", "-o", str(tmp_path / "x"), "--json"
    )
    assert (status, json.loads(out)["error"]["code"]) == (2, "JL-CNV-002")
    assert "jialiang[tables]" in out
