"""A text in two languages falls back to the other one and fills its placeholders per language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.kernel.text import LANGUAGES, Text


def test_a_missing_language_is_stood_in_for_by_the_other():
    assert Text(zh="温度计").in_language("en") == "温度计"
    assert Text(en="Thermometer").in_language("zh-hans") == "Thermometer"
    assert Text("温度计", "Thermometer").in_language("en-GB") == "Thermometer"


def test_placeholders_are_filled_with_the_fact_of_the_same_language():
    sentence = Text("{name}已到期", "{name} has expired").format(name=Text("标准器", "The standard"))
    assert sentence == Text("标准器已到期", "The standard has expired")


def test_json_keeps_both_and_leaves_empty_ones_out():
    assert Text("温度计", "Thermometer").to_json() == {"zh": "温度计", "en": "Thermometer"}
    assert Text(zh="温度计").to_json() == {"zh": "温度计"}
    assert Text.from_json({"en": "x"}) == Text(en="x")


def test_an_empty_text_is_false():
    assert not Text()
    assert Text(en="x")


WORDS = st.text(max_size=12)
TEXTS = st.builds(Text, WORDS, WORDS)


@given(TEXTS)
def test_any_text_goes_to_json_and_back(text):
    assert Text.from_json(text.to_json()) == text
    assert all(text.to_json().values())


@given(
    TEXTS,
    st.sampled_from(["zh", "zh-Hans", "ZH-cn", "zh_TW"]),
    st.sampled_from(["en", "EN-gb", "de", "", "fr-zh"]),
)
def test_every_chinese_locale_reads_chinese_and_every_other_english(text, chinese, other):
    assert text.in_language(chinese) == (text.zh or text.en)
    assert text.in_language(other) == (text.en or text.zh)


@given(TEXTS)
def test_a_text_is_true_if_it_says_anything_in_any_language(text):
    assert bool(text) == bool(text.in_language("zh")) == bool(text.in_language("en"))


@given(WORDS, WORDS)
def test_what_somebody_typed_is_never_taken_for_a_placeholder(name, value):
    pattern = Text("{name}：{value}", "{name}: {value}")
    filled = pattern.format(name=Text(f"{name}{{0}}", f"{name}{{value}}"), value=value)
    assert filled == Text(f"{name}{{0}}：{value}", f"{name}{{value}}: {value}")


def test_a_fact_that_is_missing_is_an_error_and_no_gap():
    with pytest.raises(KeyError, match="date"):
        Text("{date}", "{date}").format(name="x")


def test_a_fact_in_one_language_only_stands_in_for_the_other():
    assert Text("{a}", "{a}").format(a=Text(zh="标准器")) == Text("标准器", "标准器")


def test_chinese_comes_first_wherever_both_are_listed():
    assert [language for language, _ in Text("一", "one").items()] == list(LANGUAGES) == ["zh", "en"]
