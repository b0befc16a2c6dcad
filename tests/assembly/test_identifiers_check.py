"""``jialiang identifiers check``: exit status, both languages, JSON, and that it needs no installation."""

import json
import os
import subprocess
import sys

import pytest

from jialiang.assembly.cli import main
from jialiang.formats.codes import SYSTEMS, check

GTIN = "6907951408302"


@pytest.mark.parametrize(
    ("system", "code", "status"),
    [
        ("GTIN-13", GTIN, 0),
        ("gtin-13", GTIN[:-1] + "9", 1),
        ("Handle", "88.101.5/压力表-№7", 0),
        ("MA", "MA.156.2001.7/9", 0),
        ("OID", "3.1", 1),
        ("USCC", "91110000600037341L", 0),
        ("GS1-Digital-Link", "https://id.example.org/01/9506000134352", 1),
        ("GTIN-99", GTIN, 2),
        ("", "", 2),
        ("GIAI", "", 1),
    ],
)
def test_the_exit_status_says_whether_the_code_is_right(system, code, status, capsys):
    assert main(["identifiers", "check", system, code]) == status
    out, err = capsys.readouterr()
    assert bool(out) == (status < 2)
    assert bool(err) == (status == 2)


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "正确的代码是 6907951408302"), ("en", "the code is 6907951408302")]
)
def test_a_wrong_check_digit_is_told_with_the_right_code(language, words, capsys):
    assert main(["identifiers", "check", "GTIN-13", "6907951408309", "--lang", language]) == 1
    out = capsys.readouterr().out
    assert words in out
    assert ("不正确" in out) == (language == "zh")


def test_the_json_is_the_verdict(capsys):
    assert main(["identifiers", "check", "GRAI", "09506000134352SN-1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == check("GRAI", "09506000134352SN-1").to_json()


def test_a_right_code_is_told_with_its_parts(capsys):
    main(["identifiers", "check", "Handle", "88.101.5/ins-1", "--lang", "en"])
    assert capsys.readouterr().out == "Handle  88.101.5/ins-1  right\n  prefix: 88.101.5\n  suffix: ins-1\n"


def test_a_provisional_verdict_says_so(capsys):
    main(["identifiers", "check", "MA", "MA.156.1001.1", "--lang", "zh"])
    assert "暂定" in capsys.readouterr().out


def test_an_unknown_system_is_told_as_json_too(capsys):
    assert main(["identifiers", "check", "X", "1", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "JL-COD-001"


def test_a_code_that_no_screen_can_show_is_shown_without_it(capsys):
    assert main(["identifiers", "check", "Handle", "88.1/a\x00b"]) == 1
    assert "\x00" not in capsys.readouterr().out


def test_it_needs_no_installation(tmp_path):
    program = (
        "import sys; from jialiang.assembly.cli import main; status = main(sys.argv[1:]);"
        "print('django' in sys.modules); sys.exit(status)"
    )
    words = ["identifiers", "check", "GTIN-13", GTIN]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("JIALIANG_", "DJANGO_"))}
    ran = subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout.splitlines()[-1]) == (0, "False"), ran.stderr
    assert list(tmp_path.iterdir()) == []


EVERY_SYSTEM = [
    ("GTIN-8", "73513537", "73513536"),
    ("GTIN-12", "036000291452", "036000291453"),
    ("GTIN-13", "6291041500213", "6291041500214"),
    ("GTIN-14", "09506000134352", "09506000134353"),
    ("GLN", "9506000134352", "9506000134353"),
    ("SSCC", "106141411234567897", "106141411234567898"),
    ("GSRN", "692905678082712512", "692905678082712513"),
    ("GSIN", "69227224087768321", "69227224087768322"),
    ("GINC", "9506000ORDER/1", "ORDER/1"),
    ("GRAI", "09506000134352SN-1", "19506000134352SN-1"),
    ("GIAI", "9506000INS-7", "INS-7"),
    ("GDTI", "9506000134352CAL", "9506000134353CAL"),
    ("GCN", "9506000134352001", "950600013435200A"),
    ("CPID", "9506000AB-1", "9506000ab-1"),
    ("ITIP", "095060001343520102", "095060001343520201"),
    ("GMN", "1987654Ad4X4bL5ttr2310c2K", "1987654Ad4X4bL5ttr2310c2L"),
    ("M-UDI-DI", "1987654Ad4X4bL5ttr2310c2K", "1987654Ad4X4bL5ttr2310cK2"),
    ("GS1-Digital-Link", "https://a.b/01/09506000134352", "https://a.b/gtin/09506000134352"),
    ("GS1-Element-String", "(01)09506000134352(21)S", "(01)09506000134352(37)3"),
    ("USCC", "91110000600037341L", "91110000600037341M"),
    ("OID", "1.2.156.112559", "1.2..156"),
    ("Handle", "88.101.5/ins-1", "88.101.5"),
    ("Ecode", "100011", "10001A"),
    ("MA", "MA.156.1001.1", "ma.156.1001.1"),
]


def test_every_system_has_a_case():
    assert [system for system, *_ in EVERY_SYSTEM] == list(SYSTEMS)


@pytest.mark.parametrize(("system", "right", "wrong"), EVERY_SYSTEM, ids=[each[0] for each in EVERY_SYSTEM])
def test_every_system_answers_in_both_languages_and_as_json(system, right, wrong, capsys):
    for code, status in ((right, 0), (wrong, 1)):
        printed = {}
        for language in ("zh", "en"):
            assert main(["identifiers", "check", system, code, "--lang", language]) == status
            printed[language] = capsys.readouterr().out
            assert printed[language].startswith(f"{system}  {code}  ")
        first = {language: text.splitlines()[0].rsplit("  ", 1)[1] for language, text in printed.items()}
        assert first == ({"zh": "正确", "en": "right"} if status == 0 else {"zh": "不正确", "en": "wrong"})
        assert main(["identifiers", "check", system, code, "--json"]) == status
        told = json.loads(capsys.readouterr().out)
        assert (told["system"], told["code"], told["valid"]) == (system, code, status == 0)
        for finding in told["findings"]:
            assert finding["what"]["zh"] in printed["zh"]
            assert finding["hint"]["en"] in printed["en"]
