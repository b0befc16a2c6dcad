"""The words of findings: complete in both languages, filled with the same facts, and each of them used."""

import ast
import json
import re
import string
from importlib import resources
from pathlib import Path

import pytest

from jialiang.formats import codes
from jialiang.formats.codes import SYSTEMS, UnknownCodeSystem, check
from jialiang.formats.codes.verdicts import CodeRefused, finding, refused

PACKAGE = Path(codes.__file__).parent
WORDS = json.loads((resources.files("jialiang.formats.codes") / "findings.json").read_text(encoding="utf-8"))
CHINESE = re.compile("[\u4e00-\u9fff]")


def names(pattern):
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name}


@pytest.mark.parametrize("reason", sorted(WORDS))
def test_a_finding_says_what_and_how_to_mend_it_in_both_languages(reason):
    words = WORDS[reason]
    assert words["severity"] in ("error", "warning", "hint")
    for member in ("what", "hint"):
        assert CHINESE.search(words[member]["zh"])
        assert not CHINESE.search(words[member]["en"])
        assert names(words[member]["zh"]) == names(words[member]["en"])


def test_every_finding_is_made_somewhere_and_no_other():
    made = set()
    for file in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in WORDS:
                made.add(node.value)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("finding", "refused"):
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    assert first.value in WORDS, (file.name, first.value)
    assert made == set(WORDS)


def test_facts_and_what_is_expected_fill_the_words():
    found = finding("check_digit", "2", given="3", mended="09506000134352")
    assert found.what.en == "The check digit “3” is wrong; the other digits ask for “2”."
    assert found.hint.zh.endswith("正确的代码是 09506000134352。")
    assert found.to_json() == {
        "reason": "check_digit",
        "severity": "error",
        "what": found.what.to_json(),
        "hint": found.hint.to_json(),
        "expected": "2",
    }
    assert "expected" not in finding("empty").to_json()


def test_a_reason_that_has_no_words_is_a_fault_of_the_program():
    with pytest.raises(KeyError):
        finding("no such reason")


def test_facts_of_unknown_origin_are_shortened_and_made_storable():
    found = finding("handle_no_slash", given="a\x00b\ud800" + "x" * 500)
    assert len(found.what.zh) < 120
    assert "\x00" not in found.what.en
    found.what.en.encode()


def test_a_refusal_is_an_error_of_the_house_with_its_finding():
    error = refused("empty", "given\x00")
    assert isinstance(error, CodeRefused)
    assert (error.code, error.http_status, error.finding.reason) == ("JL-COD-002", 422, "empty")
    assert "given\ufffd" in error.what.zh
    assert error.way_out.zh == "请更正。" + error.finding.hint.zh
    assert error.to_json()["facts"]["code"] == "given\ufffd"


def test_a_verdict_as_json():
    told = check("Ecode", "10001A").to_json()
    assert list(told) == ["system", "code", "canonical", "valid", "provisional", "parts", "findings"]
    assert (told["valid"], told["provisional"], told["canonical"], told["parts"]) == (False, True, "", {})
    assert [each["reason"] for each in told["findings"]] == ["ecode_digits", "provisional"]
    json.dumps(told)


@pytest.mark.parametrize("name", ["", "GTIN", "gtin13", "no such\x00system" + "x" * 100])
def test_an_unknown_system_is_told_with_those_that_are_known(name):
    with pytest.raises(UnknownCodeSystem) as unknown:
        check(name, "1")
    assert unknown.value.http_status == 422
    for known in SYSTEMS:
        assert known in unknown.value.rule.zh


def test_every_system_has_a_title_in_both_languages():
    for name, system in SYSTEMS.items():
        assert system.name == name
        assert CHINESE.search(system.title.zh)
        assert not CHINESE.search(system.title.en)
    assert {name for name, system in SYSTEMS.items() if system.provisional} == {"Ecode", "MA"}
