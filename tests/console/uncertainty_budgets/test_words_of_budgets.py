"""How a page says where an input comes from, what it is tried with, and where a budget holds: in both languages."""

from __future__ import annotations

import pytest
from django.utils import translation

from jialiang.console.uncertainty_budgets.wording import SOURCES, WORDS, InputLine, input_line, interval_words
from jialiang.information.budget_templates.shipped_templates import shipped_template
from jialiang.information.budget_templates.template import MEMBERS, read_template
from jialiang.information.procedures import procedures

LANGUAGES = ("zh-hans", "en")


def line(source: dict[str, str] | None, language: str = "en", **members) -> InputLine:
    entry = {"name": "d", "mean": "0", "u": "1"} | members | ({"from": source} if source else {})
    other = {"name": "c", "mean": "0", "u": "1", "from": {"source": "certificate"}}
    document = {"model": {"expr": {"y": "d + c"}}, "inputs": [entry, other]}
    with translation.override(language):
        return input_line(read_template(document).inputs[0])


def usual(kind: str) -> dict[str, str]:
    return {"source": kind} | {name: (words[0] if words else "rows") for name, words in MEMBERS[kind].items()}


def test_every_source_and_every_word_of_one_is_named():
    assert list(SOURCES) == list(MEMBERS)
    words = {word for members in MEMBERS.values() for each in members.values() for word in each}
    assert words == set(WORDS)


@pytest.mark.parametrize("kind", MEMBERS)
def test_a_source_has_another_name_in_each_language(kind):
    chinese, english = (line(usual(kind), language).source for language in LANGUAGES)
    assert english == SOURCES[kind]
    assert chinese != english
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)


ALL_WORDS = [
    (kind, name, word)
    for kind, members in MEMBERS.items()
    for name, words in members.items()
    for word in words
]


@pytest.mark.parametrize(("kind", "name", "word"), ALL_WORDS)
def test_every_word_of_a_source_is_told_in_both_languages(kind, name, word):
    source = usual(kind) | {name: word}
    if name == "of":
        source["scatter"] = "history"
    chinese, english = (line(source, language).detail for language in LANGUAGES)
    assert WORDS[word] in english
    assert WORDS[word] not in chinese


def test_of_whose_records_is_told_only_where_records_are_asked():
    for scatter in ("readings", "record"):
        assert "instrument" not in line(usual("readings") | {"scatter": scatter}).detail
    assert "of the same instrument" in line(usual("readings") | {"scatter": "history"}).detail


def test_what_the_budget_itself_states_is_said_so():
    english, chinese = line(None), line(None, "zh-hans")
    assert (english.source, english.detail, english.may_be_left_out) == ("Stated in the budget", "", False)
    assert chinese.source != english.source


@pytest.mark.parametrize(("missing", "may"), [("stop", False), ("leave_out", True), (None, False)])
def test_whether_an_input_may_be_left_out(missing, may):
    source = usual("drift") | ({"when_missing": missing} if missing else {})
    assert line(source).may_be_left_out is may


TRIALS = [
    ({"mean": "0", "u": "0.05"}, "mean = 0, u = 0.05"),
    ({"u": None, "half_width": "0.002"}, "mean = 0, half_width = 0.002"),
    ({"u": None, "U": "0.006", "k": "2"}, "mean = 0, U = 0.006, k = 2"),
    ({"u": None, "mean": None, "low": "1.1", "high": "1.3"}, "low = 1.1, high = 1.3"),
    ({"u": "0.0029", "mean": "-0.1712", "dof": "9"}, "mean = -0.1712, u = 0.0029, dof = 9"),
    ({"u": None, "mean": None, "readings": ["1", "2", "3"]}, "n = 3"),
    ({"u": "", "mean": "0"}, "mean = 0"),
    ({"u": 0, "mean": 0}, "mean = 0, u = 0"),
]


@pytest.mark.parametrize(("members", "text"), TRIALS)
def test_what_an_input_is_tried_out_with(members, text):
    assert line(usual("certificate"), **members).trial == text


@pytest.mark.parametrize(
    ("unit", "end"), [("mg", " (mg)"), ("\\milli\\gram", " (mg)"), ("", ""), ("\\degreecelsius", " (°C)")]
)
def test_the_unit_of_an_input_stands_behind_its_trial(unit, end):
    found = line(usual("certificate"), **({"unit": unit} if unit else {})).trial
    assert found == "mean = 0, u = 1" + end


@pytest.mark.parametrize("kind", ["normal", "rectangular", "triangular", "arcsine", "t"])
def test_a_distribution_is_named_in_the_language_of_the_page(kind):
    chinese, english = (
        line(usual("drift"), language, distribution=kind).distribution for language in LANGUAGES
    )
    assert chinese != english
    assert chinese
    assert english


def test_readings_are_a_distribution_of_their_own_and_none_has_no_name():
    assert line(usual("readings"), readings=["1", "2"]).distribution == "readings (type A)"
    assert line(usual("certificate")).distribution == ""


@pytest.mark.parametrize(
    ("label", "english", "chinese"),
    [
        ({"zh": "漂移", "en": "Drift"}, "Drift", "漂移"),
        ({"zh": "漂移"}, "漂移", "漂移"),
        ({"en": "Drift"}, "Drift", "Drift"),
        ("Drift", "", ""),
        (None, "", ""),
    ],
)
def test_the_name_of_an_input_is_that_of_the_language_or_of_the_other(label, english, chinese):
    assert line(usual("drift"), "en", label=label).name == english
    assert line(usual("drift"), "zh-hans", label=label).name == chinese


INTERVALS = [
    ("", "", "every point"), ("0", "", "0 … ∞"), ("", "100.0", "−∞ … 100.0"), ("-10", "-1", "−10 … −1"),
    ("20", "20", "20 … 20"), ("0.10", "1.50", "0.10 … 1.50"),
]  # fmt: skip


@pytest.mark.parametrize(("minimum", "maximum", "words"), INTERVALS)
def test_an_interval_in_words_with_open_ends_and_a_true_minus(minimum, maximum, words):
    with translation.override("en"):
        assert interval_words(minimum, maximum) == words
    with translation.override("zh-hans"):
        assert (interval_words(minimum, maximum) == words) is bool(minimum or maximum)


@pytest.mark.parametrize("key", procedures())
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_input_of_every_shipped_template_has_a_line_without_a_gap(key, language):
    with translation.override(language):
        lines = [input_line(item) for item in read_template(shipped_template(key)).inputs]
    for each in lines:
        assert each.symbol
        assert each.name
        assert each.source
        assert each.trial
    assert len({each.symbol for each in lines}) == len(lines)
