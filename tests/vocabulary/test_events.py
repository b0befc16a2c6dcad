"""The catalogue of events holds every event that the functions publish, and no other."""

import json
import re
from importlib import resources
from pathlib import Path

import jialiang

FUNCTIONS = Path(jialiang.__file__).parent / "functions"
PUBLISHED = re.compile(r'event="([a-z_.]+)"|Event\(\s*"([a-z_.]+)"|"(item\.[a-z_]+ed(?:_over)?)"')
IN_MAPS = re.compile(r'^\s+"[a-z_]+\.[a-z_]+": "([a-z_]+\.[a-z_]+)",$', re.MULTILINE)


def catalogue() -> dict[str, dict[str, str]]:
    file = resources.files("jialiang.vocabulary") / "data" / "events.json"
    return json.loads(file.read_text(encoding="utf-8"))


def published() -> set[str]:
    found = set()
    for file in FUNCTIONS.glob("*.py"):
        text = file.read_text(encoding="utf-8")
        found |= {name for match in PUBLISHED.findall(text) for name in match if name}
        found |= set(IN_MAPS.findall(text))
    return found


def test_every_published_event_is_in_the_catalogue_and_no_other():
    assert published() == set(catalogue())


def test_every_event_is_named_in_the_past_tense_after_its_noun():
    for name in catalogue():
        noun, _, deed = name.partition(".")
        assert noun and re.search(r"(ed|_over|withdrawn|made)$", deed), name


def test_every_event_is_told_in_both_languages():
    for name, words in catalogue().items():
        assert set(words) == {"zh", "en"}, name
        assert re.search("[\u4e00-\u9fff]", words["zh"]) and words["zh"].endswith("。"), name
        assert words["en"].isascii() and words["en"].endswith("."), name
