"""Words, units and fields of the desk, each on its own: both languages, Chinese input, what is refused and how."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from jialiang.console.measurement_science.budget_text import read_number, read_parameters, read_value
from jialiang.console.measurement_science.fields import LONGEST_NUMBER, NumberField, NumbersField, RowsField
from jialiang.console.measurement_science.wording import (
    DISTRIBUTIONS,
    distribution_name,
    printed_unit,
    sentence,
    source_in_words,
)
from jialiang.console.measurement_science.worked_examples import ORDER, example_document, examples
from jialiang.kernel.errors import InvalidInput
from jialiang.science.distributions import Normal
from jialiang.science.errors import BudgetUnreadable, NotANumber


def has_han(words: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in words)


@pytest.mark.parametrize("kind", [*DISTRIBUTIONS, "curvilinear_trapezoidal", "triangular_between"])
def test_every_distribution_has_a_name_in_both_languages(kind):
    with translation.override("en"):
        english = distribution_name(kind)
    with translation.override("zh-hans"):
        chinese = distribution_name(kind)
    assert english != chinese
    assert has_han(chinese) and not has_han(english)
    assert "_" not in english


@pytest.mark.parametrize("word", ["", "mine", "<b>", "SHAPE"])
def test_what_has_no_name_stands_as_written(word):
    assert distribution_name(word) == source_in_words(word) == word


@pytest.mark.parametrize(
    ("unit", "en", "zh"),
    [
        ("", "", ""),
        ("1", "", ""),
        ("degC", "°C", "℃"),
        ("kg/m3", "kg/m³", "kg/m³"),
        ("furlong", "furlong", "furlong"),
        ("m/", "m/", "m/"),
        ("<script>", "<script>", "<script>"),
    ],
)
def test_units_are_printed_in_the_language_of_the_page(unit, en, zh):
    for language, expected in (("en", en), ("zh-hans", zh)):
        with translation.override(language):
            assert printed_unit(unit).replace(" ", "").replace("\u202f", "") == expected


@pytest.mark.parametrize(
    "wrong", [lambda: Normal(-1.0), lambda: read_number("1,5"), lambda: read_parameters("=", "normal")]
)
def test_an_error_is_one_sentence_after_another_with_its_code_at_the_end(wrong):
    with pytest.raises(InvalidInput) as refused:
        wrong()
    for language, stop in (("en", "."), ("zh-hans", "。")):
        with translation.override(language):
            words = sentence(refused.value)
        assert words.endswith(f"{stop} ({refused.value.code})")
        assert stop * 2 not in words
        assert has_han(words) == (language == "zh-hans")


@pytest.mark.parametrize("text", ["1.50", "-0.020", "1e-3", "１．５０", "－2", " 7 "])
def test_a_number_is_cleaned_to_what_was_understood(text):
    assert float(NumberField().clean(text)) == float(read_number(text))
    assert NumbersField().clean(f"{text};{text}") == [read_number(text)] * 2


@pytest.mark.parametrize("text", ["x", "1,5", "nan", "1 2", "9" * (LONGEST_NUMBER + 1)])
def test_a_number_that_is_none_is_refused_with_words(text):
    with pytest.raises(ValidationError) as refused:
        NumberField().clean(text)
    assert " ".join(refused.value.messages).strip()


def test_what_may_be_left_out_is_empty_and_what_may_not_is_refused():
    assert NumberField(required=False).clean("") == ""
    assert NumbersField(required=False).clean("  ") == []
    assert RowsField(columns=("a",), required=False).clean("") == []
    for field in (NumberField(), NumbersField(), RowsField(columns=("a",))):
        with pytest.raises(ValidationError):
            field.clean("")


@pytest.mark.parametrize("line", ["a", "a; 1; 2; 3", "a; b", ";", "a, 1"])
def test_a_row_with_other_cells_than_its_columns_is_refused(line):
    with pytest.raises(ValidationError) as refused:
        RowsField(columns=("name", "value"), texts=("name",)).clean(f"good; 1\n{line}")
    assert refused.value.messages


@given(st.lists(st.decimals(-1000, 1000, places=3), min_size=1, max_size=20), st.sampled_from(" ;\n\t、；"))
def test_pasted_numbers_keep_their_order_and_digits(numbers, between):
    texts = [f"{number:f}" for number in numbers]
    assert [float(text) for text in NumbersField().clean(between.join(texts))] == [float(n) for n in numbers]


@pytest.mark.parametrize("text", ["[1, 2", "{", "[1, NaNs]", "{'a': 1}", "[" * 100_000])
def test_lists_that_are_no_json_are_refused_and_the_message_is_short(text):
    with pytest.raises(BudgetUnreadable) as refused:
        read_value(text)
    assert len(str(refused.value.facts["member"])) <= 60


@pytest.mark.parametrize(
    ("text", "value"), [("[1, 2]", [1, 2]), ('{"a": 1}', {"a": 1}), ("scale", "scale"), ("1.20", "1.20")]
)
def test_values_of_a_cell(text, value):
    assert read_value(text) == value


def test_neither_number_nor_word_is_refused():
    with pytest.raises(NotANumber):
        read_value("1.2.3 m")


def test_examples_come_in_order_with_a_title_in_both_languages_and_are_fresh_copies():
    assert tuple(example.key for example in examples()) == ORDER
    assert all(has_han(each.title.zh) and not has_han(each.title.en) and each.source for each in examples())
    example_document(ORDER[0])["inputs"] = []
    assert example_document(ORDER[0])["inputs"]
    with pytest.raises(KeyError):
        example_document("../gum-h1")
