"""The words on reading pages: complete in both languages, and none that nobody uses."""

import json
import re
from importlib import resources
from pathlib import Path
from string import Formatter

import pytest

import jialiang.formats.reading_view as package
from jialiang.formats.dcc.rules import catalogue
from jialiang.formats.reading_view.wording import coded, language_name, listed, own

WORDS = json.loads((resources.files(package) / "wording.json").read_text(encoding="utf-8"))
CODED = (
    "conformity",
    "status",
    "issuer",
    "place",
    "change",
    "software",
    "distribution",
    "language",
    "ref_type",
)
HAN = re.compile("[\u4e00-\u9fff]")


def placeholders(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(WORDS))
def test_words_are_there_in_both_languages(key):
    words = WORDS[key]
    assert set(words) == {"zh", "en"}
    assert all(words.values())
    assert placeholders(words["zh"]) == placeholders(words["en"])
    assert not HAN.search(words["en"])
    assert HAN.search(words["zh"]) or words["zh"] in ("SHA-256", "BIOS", "版本 {text}", "{name}：{text}")


def test_every_word_is_used():
    folders = [Path(package.__file__).parent, Path(package.__file__).parent.parent / "pdf"]
    source = "".join(file.read_text(encoding="utf-8") for folder in folders for file in folder.glob("*.py"))
    built = {f"{form}.{place}" for form in ("cartesian", "polar") for place in (0, 1)}
    built |= {"column.interval_min", "column.interval_max", "signatures.some", "signatures.none"}
    unused = [key for key in WORDS
              if key.partition(".")[0] not in CODED and key not in built and f'"{key}"' not in source]  # fmt: skip
    assert unused == []


@pytest.mark.parametrize(
    ("group", "codes"),
    [
        ("conformity", "pass fail conditionalPass conditionalFail noPass noFail"),
        ("status", "beforeAdjustment afterAdjustment beforeRepair afterRepair"),
        ("issuer", "manufacturer calibrationLaboratory customer owner other"),
        ("place", "laboratory customer laboratoryBranch customerBranch other"),
        ("change", "amended substituted"),
        ("software", "application bios driver editor firmware library os other"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_code_of_the_schema_has_words(group, codes, language):
    for code in codes.split():
        words = coded(group, code, language)
        assert words != code or words in ("pass", "fail", "other", "application", "driver", "editor", "firmware",
                                          "library", "amended", "substituted")  # fmt: skip


def test_a_code_that_nobody_knows_is_shown_as_it_is():
    assert coded("conformity", "perhaps", "zh") == "perhaps"
    assert coded("conformity", "", "zh") == ""
    assert coded("nothing", "x.y", "en") == "x.y"


def test_the_known_ref_types_have_words():
    folder = resources.files(catalogue.__package__)
    known = json.loads((folder / "codes.json").read_text(encoding="utf-8"))["ref_types"].split()
    without = [each for each in known if coded("ref_type", each, "zh") == each]
    assert set(without) <= {"basic_note1"}


@pytest.mark.parametrize(
    ("tag", "zh", "en"),
    [
        ("de", "德文（de）", "German (de)"),
        ("zh", "中文（zh）", "Chinese (zh)"),
        ("EN", "英文（EN）", "English (EN)"),
        ("xx", "xx", "xx"),
        ("", "", ""),
        ("de-CH", "德文（de-CH）", "German (de-CH)"),
    ],
)
def test_languages_have_names(tag, zh, en):
    assert language_name(tag, "zh") == zh
    assert language_name(tag, "en") == en


def test_lists_are_written_as_the_language_does():
    assert listed(("a", "b"), "zh") == "a、b"
    assert listed(("a", "b"), "en") == "a, b"
    assert listed((), "en") == ""


def test_words_take_facts():
    assert own("statement", "zh", number=3) == "声明 3"
    assert own("address.box", "en", number="{7}") == "P.O. box {7}"
    with pytest.raises(KeyError):
        own("no.such.key", "en")
