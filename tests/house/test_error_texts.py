"""Every error that can be raised has words in both languages, and every word belongs to an error."""

import importlib
import json
import pkgutil
import re
import string
from pathlib import Path

import pytest

import jialiang
from jialiang.kernel.errors import JialiangError

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ROOT / "src" / "jialiang" / "kernel" / "error_texts"
SKIPPED = ("django_settings", "wsgi", "migrations", "jialiang.assembly.commands", "__main__")


def load_all_modules() -> None:
    for module in pkgutil.walk_packages(jialiang.__path__, "jialiang."):
        if not any(part in module.name for part in SKIPPED):
            importlib.import_module(module.name)


def all_errors(kind: type[JialiangError] = JialiangError) -> list[type[JialiangError]]:
    below = [error for sub in kind.__subclasses__() for error in all_errors(sub)]
    return [kind, *below] if "code" in vars(kind) and kind is not JialiangError else below


@pytest.fixture(scope="module")
def errors() -> list[type[JialiangError]]:
    load_all_modules()
    found = dict.fromkeys(all_errors())  # an error of two kinds is reached twice
    return [error for error in found if error.__module__.startswith("jialiang.")]


@pytest.fixture(scope="module")
def texts() -> dict[str, dict[str, dict[str, str]]]:
    return {
        code: words
        for file in sorted(TEXTS.glob("*.json"))
        for code, words in json.loads(file.read_text(encoding="utf-8")).items()
    }


def test_every_code_has_the_form_and_is_given_once(errors):
    codes = [error.code for error in errors]
    assert all(re.fullmatch(r"JL-[A-Z]{2,5}-\d{3}", code) for code in codes)
    assert sorted(codes) == sorted(set(codes))


def test_every_error_says_what_which_rule_and_the_way_out_in_both_languages(errors, texts):
    missing = [
        (error.code, member, language)
        for error in errors
        for member in ("what", "rule", "way_out")
        for language in ("zh", "en")
        if not texts.get(error.code, {}).get(member, {}).get(language)
    ]
    assert missing == []


def test_no_words_without_an_error(errors, texts):
    assert set(texts) - {error.code for error in errors} == set()


def test_both_languages_name_the_same_facts(texts):
    def facts(pattern: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(pattern) if name}

    uneven = [
        (code, member)
        for code, words in texts.items()
        for member, both in words.items()
        if facts(both["zh"]) != facts(both["en"])
    ]
    assert uneven == []


def test_chinese_is_chinese_and_english_is_english(texts):
    for code, words in texts.items():
        for both in words.values():
            assert re.search("[\u4e00-\u9fff]", both["zh"]), code
            assert not re.search("[，。；：]", both["en"]), code


def test_every_code_has_a_heading_in_the_reference(errors):
    page = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    assert [error.code for error in errors if f"### {error.code}" not in page] == []
