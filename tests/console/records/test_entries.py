"""Reading the form of a record: what can be kept is kept, what cannot is told at its field, nothing sent is guessed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from jialiang.base.readings.views import CellEntry
from jialiang.console.calibrations.entries import understood
from tests.console.records.faked import cell, form, view

FILLED = view(
    (cell(1, "indication", "21.521"), cell(1, "correction", "-0.171")),
    (cell(2, "indication", "22.012"), None),
)
FROZEN = view(
    (cell(1, "indication", "21.521"), cell(1, "correction", "-0.171")),
    conditions={"temperature": ("22.9", "23.3"), "humidity": ("43", "47")},
    frozen=True,
    dates=(date(2026, 6, 15), date(2026, 6, 16)),
)


def wrong(language: str = "en", record: Any = FILLED, **typed: str) -> dict[str, str]:
    with translation.override(language):
        return understood(form(**typed), record).errors


def test_a_form_that_sends_nothing_changes_nothing() -> None:
    found = understood(form(), FROZEN)
    assert (found.cells, found.errors) == ([], {})
    entry = found.entry()
    assert entry.environment == {
        "temperature": {"minimum": "22.9", "maximum": "23.3"},
        "humidity": {"minimum": "43", "maximum": "47"},
    }
    assert (entry.begin_date, entry.end_date) == (date(2026, 6, 15), date(2026, 6, 16))
    assert (entry.cells, entry.reason, entry.expected_version) == ((), "", None)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("21.521", None),
        ("  21.521 ", None),
        ("21.5210", "21.5210"),
        ("+21.521", "+21.521"),
        ("21.52", "21.52"),
        ("-0", "-0"),
        ("−21.5", "−21.5"),
        ("２１．５", "２１．５"),
        ("1.5E-3", "1.5E-3"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_only_a_cell_that_differs_is_entered_digit_for_digit(typed: str, kept: str | None) -> None:
    found = understood(form(c__1__indication=typed), FILLED)
    assert found.errors == {}
    assert found.cells == ([] if kept is None else [CellEntry(1, "indication", kept)])


def test_an_empty_cell_that_is_filled_is_entered_and_one_left_empty_is_not() -> None:
    found = understood(form(c__2__correction="-0.169", c__2__indication="22.012"), FILLED)
    assert found.cells == [CellEntry(2, "correction", "-0.169")]
    assert understood(form(c__2__correction=""), FILLED).cells == []


@pytest.mark.parametrize("name", ["c-3-indication", "c-1-secret", "c-0-indication", "c--1-indication", "c-1"])
def test_a_cell_that_the_table_does_not_have_is_passed_over(name: str) -> None:
    found = understood(form(**{name.replace("-", "__"): "99"}), FILLED)
    assert (found.cells, found.errors) == ([], {})


@pytest.mark.parametrize(
    ("typed", "zh", "en"),
    [
        (
            "21,521",
            "“21,521”中含有逗号。请把逗号改成小数点（例如 21.521）；千位分隔请直接去掉。",
            "“21,521” contains a comma. Type a point (for example 21.521), or leave thousands separators out.",
        ),
        (
            "21.5 ℃",
            "“21.5 ℃”不是一个数。请按仪器显示填写，例如 -0.171 或 1.5E-3；没有读数时请留空。",
            "“21.5 ℃” is not a number. Type it as the instrument shows it, for example -0.171 or 1.5E-3;"
            " leave the field empty where there is no reading.",
        ),
        (
            "1e99",
            "“1e99”的位数或指数过大。请检查是否多填了数字，或改用带词头的单位。",
            "“1e99” has too many digits or too large an exponent."
            " Check for stray digits, or use a unit with a prefix.",
        ),
    ],
)
def test_what_is_no_number_is_told_with_the_way_out_and_not_entered(typed: str, zh: str, en: str) -> None:
    for language, words in (("zh-hans", zh), ("en", en)):
        assert wrong(language, c__1__indication=typed) == {"c-1-indication": words}
    found = understood(form(c__1__indication=typed, c__2__correction="-0.1"), FILLED)
    assert found.cells == [CellEntry(2, "correction", "-0.1")]
    assert found.entries.typed["c-1-indication"] == typed


@pytest.mark.parametrize("typed", ["nan", "inf", "Infinity", "--1", "1 2", "0x10", "1e", ".", "½", "<b>"])
def test_what_only_looks_like_a_number_is_refused(typed: str) -> None:
    assert list(wrong(c__1__indication=typed)) == ["c-1-indication"]


REASON = {
    "zh-hans": "为什么更改读数？读数提交过后，更改须写明理由。",
    "en": "Why were readings changed? A reason is needed once they were submitted.",
}
NOT_EMPTIED = {
    "zh-hans": "提交过的读数只能更改，不能清空。",
    "en": "A submitted reading is amended, not emptied.",
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_submitted_reading_is_changed_with_a_reason_and_never_emptied(language: str) -> None:
    assert wrong(language, FROZEN, c__1__correction="-0.17") == {"reason": REASON[language]}
    assert wrong(language, FROZEN, c__1__correction="-0.17", reason=" \n ") == {"reason": REASON[language]}
    assert wrong(language, FROZEN, c__1__correction="") == {"c-1-correction": NOT_EMPTIED[language]}
    assert wrong(language, FROZEN, c__1__correction="-0.17", reason="misread") == {}


def test_an_unchanged_submitted_reading_asks_for_no_reason() -> None:
    assert wrong(record=FROZEN, c__1__correction="-0.171", c__1__indication="21.521 ") == {}


def test_a_reason_is_trimmed_and_cut_to_its_length() -> None:
    found = understood(form(reason="  " + "因" * 400), FROZEN)
    assert found.entry().reason == "因" * 300
    assert understood(form(reason=" misread "), FROZEN).entry().reason == "misread"


@pytest.mark.parametrize(
    ("low", "high", "kept"),
    [
        ("22.9", "23.3", ("22.9", "23.3")),
        ("23", "23", ("23", "23")),
        ("-5", "-4.5", ("-5", "-4.5")),
        ("23.0", "23", ("23.0", "23")),
        ("22.9", "", ("22.9", "")),
        ("", "23.3", ("", "23.3")),
        ("", "", ("", "")),
        (" 22.9 ", "\t23.3", ("22.9", "23.3")),
    ],
)
def test_both_ends_of_a_condition_are_kept_as_typed(low: str, high: str, kept: tuple[str, str]) -> None:
    found = understood(form(temperature__minimum=low, temperature__maximum=high), FILLED)
    assert found.errors == {}
    assert tuple(found.environment["temperature"].values()) == kept


@pytest.mark.parametrize(
    ("low", "high", "fields"),
    [
        ("23.3", "22.9", ["temperature-maximum"]),
        ("-4.5", "-5", ["temperature-maximum"]),
        ("9", "10,5", ["temperature-maximum"]),
        ("warm", "23", ["temperature-minimum"]),
        ("warm", "hot", ["temperature-minimum", "temperature-maximum"]),
    ],
)
def test_a_condition_that_cannot_be_keeps_what_is_stored(low: str, high: str, fields: list[str]) -> None:
    found = understood(form(temperature__minimum=low, temperature__maximum=high), FROZEN)
    assert list(found.errors) == fields
    assert found.environment["temperature"] == {"minimum": "22.9", "maximum": "23.3"}
    assert found.entries.typed["temperature-minimum"] == low


def test_ends_are_compared_as_numbers_and_not_as_texts() -> None:
    found = understood(form(humidity__minimum="9.5", humidity__maximum="10"), FILLED)
    assert found.errors == {}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", "相对湿度：最大值小于最小值。"),
        ("en", "relative humidity: the highest is below the lowest."),
    ],
)
def test_reversed_ends_are_told_with_the_name_of_the_condition(language: str, words: str) -> None:
    found = wrong(language, humidity__minimum="47", humidity__maximum="43")
    assert found == {"humidity-maximum": words}


def test_an_end_that_was_not_sent_stands_as_stored_beside_the_new_one() -> None:
    found = understood(form(temperature__maximum="23.5"), FROZEN)
    assert found.environment["temperature"] == {"minimum": "22.9", "maximum": "23.5"}
    below = understood(form(temperature__maximum="22"), FROZEN)
    assert list(below.errors) == ["temperature-maximum"]


def test_a_condition_whose_fields_were_sent_empty_is_emptied() -> None:
    found = understood(form(temperature__minimum="", temperature__maximum=""), FROZEN)
    assert found.environment["temperature"] == {"minimum": "", "maximum": ""}
    assert found.environment["humidity"] == {"minimum": "43", "maximum": "47"}


WRITE_SO = {"zh-hans": "日期请写作 2026-06-16。", "en": "Write the date as 2026-06-16."}


@pytest.mark.parametrize(
    "typed", ["16.06.2026", "06/16/2026", "2026-06-31", "2026-6-16", "yesterday", "２０２６-06-16x"]
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_date_is_written_one_way(typed: str, language: str) -> None:
    assert wrong(language, begin_date=typed) == {"begin_date": WRITE_SO[language]}


@pytest.mark.parametrize(
    ("begin", "end", "fields"),
    [
        ("2026-06-16", "2026-06-16", []),
        ("2026-06-15", "2026-06-16", []),
        ("2026-06-17", "2026-06-16", ["end_date"]),
        ("2027-01-01", "2026-12-31", ["end_date"]),
        ("2026-06-17", "soon", ["end_date"]),
        ("2026-06-17", "", []),
        ("", "2026-06-16", []),
    ],
)
def test_work_does_not_end_before_it_begins(begin: str, end: str, fields: list[str]) -> None:
    found = wrong(begin_date=begin, end_date=end)
    assert list(found) == fields


def test_a_new_end_is_compared_with_the_beginning_that_is_stored() -> None:
    assert list(wrong(record=FROZEN, end_date="2026-06-14")) == ["end_date"]
    assert wrong("zh-hans", FROZEN, end_date="2026-06-14") == {"end_date": "结束日期不得早于开始日期。"}
    assert wrong(record=FROZEN, end_date="2026-06-15") == {}


def test_a_stored_date_is_not_emptied_without_a_word() -> None:
    assert wrong(record=FROZEN, end_date="") == {"end_date": WRITE_SO["en"]}
    assert wrong(end_date="") == {}


@pytest.mark.parametrize(
    ("sent", "version"),
    [
        ("3", 3),
        ("0", 0),
        ("", None),
        ("three", None),
        ("-1", None),
        ("1.0", None),
        ("9" * 9, 999_999_999),
        ("9" * 10, None),
    ],
)
def test_the_version_that_was_read_is_a_small_whole_number(sent: str, version: int | None) -> None:
    assert understood(form(version=sent), FILLED).entry().expected_version == version


def test_everything_that_is_wrong_is_told_at_once() -> None:
    found = wrong(
        c__1__indication="a",
        c__2__correction="1,5",
        humidity__minimum="wet",
        begin_date="today",
        end_date="2026-06-16",
    )
    assert list(found) == ["c-1-indication", "c-2-correction", "humidity-minimum", "begin_date"]


@given(
    st.dictionaries(st.sampled_from(["c-1-indication", "c-2-correction", "temperature-minimum"]), st.text())
)
def test_whatever_is_typed_is_either_kept_or_told(typed: dict[str, str]) -> None:
    sent = form()
    sent.update(typed)
    found = understood(sent, FILLED)
    entered = {f"c-{entry.row}-{entry.column}": entry.text for entry in found.cells}
    for name, text in typed.items():
        if name.startswith("c-"):
            stored = "21.521" if name == "c-1-indication" else ""
            assert name in found.errors or entered.get(name, stored) == text.strip()
        else:
            kept = found.environment["temperature"]["minimum"]
            assert name in found.errors or kept == text.strip()
