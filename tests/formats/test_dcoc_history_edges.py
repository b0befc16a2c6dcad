"""Dates, revisions and predecessors of certificates of conformity at their edges: one day, one revision, one letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.dcoc_samples import FORMS, SAMPLE, changed, rules_of, through

from jialiang.formats.dcoc.model import NO_LANGUAGE, PreviousCertificate, Validity, text_in, texts
from jialiang.formats.dcoc.rules.breach import day_of
from jialiang.formats.dcoc.rules.checking import check_dcoc

ISSUED = date(2026, 6, 16)
HISTORY = {
    "DCOC-VALIDITY-REVERSED", "DCOC-VALIDITY-BEFORE-ISSUE", "DCOC-VALIDITY-BACKDATED", "DCOC-VALIDITY-OPEN",
    "DCOC-DATE-IN-FUTURE", "DCOC-NOT-YET-VALID", "DCOC-EXPIRED", "DCOC-REVISION-FORMAT", "DCOC-PREVIOUS-MISSING",
    "DCOC-MODIFICATIONS-MISSING", "DCOC-MODIFICATIONS-UNEXPECTED", "DCOC-PREVIOUS-REPEATED", "DCOC-PREVIOUS-LATER",
    "DCOC-PREVIOUS-REVISION", "DCOC-DATE-FORMAT",
}  # fmt: skip


def broken(certificate, today=None):
    return set(rules_of(certificate, today=today)) & HISTORY


def day(off: int) -> str:
    return str(ISSUED + timedelta(days=off))


def valid(begins: str, until: str):
    return changed(validity=Validity(begins, until, SAMPLE.validity.conditions))


VALIDITIES = [
    (0, 0, set()),
    (0, 1, set()),
    (1, 1, set()),
    (2, 1, {"DCOC-VALIDITY-REVERSED"}),
    (-1, 1, {"DCOC-VALIDITY-BACKDATED"}),
    (-2, -1, {"DCOC-VALIDITY-BACKDATED", "DCOC-VALIDITY-BEFORE-ISSUE"}),
    (-1, -2, {"DCOC-VALIDITY-BACKDATED", "DCOC-VALIDITY-BEFORE-ISSUE", "DCOC-VALIDITY-REVERSED"}),
    (0, 36500, set()),
]


@pytest.mark.parametrize(("begins", "until", "expected"), VALIDITIES)
@pytest.mark.parametrize("form", FORMS)
def test_a_validity_begins_before_it_ends_and_not_before_it_was_issued(begins, until, expected, form):
    certificate = valid(day(begins), day(until))
    assert set(rules_of(certificate, form)) & HISTORY == expected


def test_a_validity_without_an_end_is_open_and_nothing_else():
    assert broken(valid(day(0), "")) == {"DCOC-VALIDITY-OPEN"}


# today against issued (0), begins (0) and until: a day of grace for what may be tomorrow already elsewhere
TODAYS = [
    (0, 10, 0, set()),
    (0, 10, -1, set()),
    (0, 10, -2, {"DCOC-DATE-IN-FUTURE", "DCOC-NOT-YET-VALID"}),
    (5, 10, 3, {"DCOC-NOT-YET-VALID"}),
    (5, 10, 4, set()),
    (0, 10, 10, set()),
    (0, 10, 11, {"DCOC-EXPIRED"}),
    (0, 0, 1, {"DCOC-EXPIRED"}),
]


@pytest.mark.parametrize(("begins", "until", "today", "expected"), TODAYS)
def test_the_day_of_the_check_against_the_days_of_the_certificate(begins, until, today, expected):
    assert broken(valid(day(begins), day(until)), ISSUED + timedelta(days=today)) == expected


@given(begins=st.integers(0, 400), length=st.integers(0, 400), today=st.integers(0, 900))
def test_between_its_first_and_its_last_day_a_certificate_holds(begins, length, today):
    certificate = valid(day(begins), day(begins + length))
    found = {
        each.rule for each in check_dcoc(through(certificate, "json"), ISSUED + timedelta(days=today))
    } & HISTORY
    assert ("DCOC-EXPIRED" in found) is (today > begins + length)
    assert ("DCOC-NOT-YET-VALID" in found) is (today < begins - 1)


REVISIONS = [
    ("0", "", 0, set()),
    ("0", "new", 0, {"DCOC-MODIFICATIONS-UNEXPECTED"}),
    ("1", "new", 1, set()),
    ("1", "", 1, {"DCOC-MODIFICATIONS-MISSING"}),
    ("1", "new", 0, {"DCOC-PREVIOUS-MISSING"}),
    ("1", "", 0, {"DCOC-MODIFICATIONS-MISSING", "DCOC-PREVIOUS-MISSING"}),
    ("01", "new", 1, set()),
    ("A", "new", 1, {"DCOC-REVISION-FORMAT"}),
    ("-1", "new", 1, {"DCOC-REVISION-FORMAT"}),
    ("1.0", "new", 1, {"DCOC-REVISION-FORMAT"}),
    ("١", "new", 1, {"DCOC-REVISION-FORMAT"}),
    ("1234567890", "new", 1, {"DCOC-REVISION-FORMAT"}),
]


@pytest.mark.parametrize(("revision", "said", "before", "expected"), REVISIONS)
def test_a_revision_says_what_it_changed_and_what_it_follows(revision, said, before, expected):
    certificate = changed(
        revision=revision,
        modifications=texts({"zh": said, "en": said}),
        previous=(PreviousCertificate("OTHER", "0", "2026-03-02"),) * before,
    )
    assert broken(certificate) == expected


NUMBER = SAMPLE.number
PREVIOUS = [
    ((("OTHER", "0", -1),), set()),
    (((NUMBER, "1", -1),), {"DCOC-PREVIOUS-REVISION"}),
    (((NUMBER, "2", -1),), {"DCOC-PREVIOUS-REVISION"}),
    (((NUMBER, "0", 0),), set()),
    (((NUMBER, "0", 1),), {"DCOC-PREVIOUS-LATER"}),
    (((f" {NUMBER} ", " 1 ", -1),), {"DCOC-PREVIOUS-REVISION"}),
    (((NUMBER.lower(), "1", -1),), set()),
    (((NUMBER, "0", -1), (NUMBER, "0", -2)), {"DCOC-PREVIOUS-REPEATED"}),
    ((("OTHER", "0", -1), ("OTHER", "1", -1)), set()),
    ((("OTHER", "9", 2),), {"DCOC-PREVIOUS-LATER"}),
    (((NUMBER, "1", 3),), {"DCOC-PREVIOUS-LATER", "DCOC-PREVIOUS-REVISION"}),
]


@pytest.mark.parametrize(("given_", "expected"), PREVIOUS)
def test_what_came_before_is_older_and_named_once(given_, expected):
    before = tuple(PreviousCertificate(number, revision, day(off)) for number, revision, off in given_)
    assert broken(changed(previous=before)) == expected


DAYS = [
    ("2026-06-16", date(2026, 6, 16)), ("2024-02-29", date(2024, 2, 29)), ("2026-02-29", None), ("2026-13-01", None),
    ("2026-6-16", None), ("20260616", None), ("", None), ("2026-06-16T00:00:00", None), ("16.06.2026", None),
    ("2026-06-16Z", date(2026, 6, 16)), ("2026-06-16+08:00", date(2026, 6, 16)), ("2026-06-16 ", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), DAYS)
def test_days_of_the_calendar(text, expected):
    assert day_of(text) == expected


@pytest.mark.parametrize(
    "text", [text for text, expected in DAYS if expected is None and text.strip() and text == text.strip()]
)
def test_what_is_no_day_is_told_and_compared_with_nothing(text):
    assert broken(valid(day(0), text)) == {"DCOC-DATE-FORMAT"}
    assert "DCOC-EXPIRED" not in broken(valid(day(0), text), date(2999, 1, 1))


TEXTS = [
    ({"zh": "甲", "en": "a"}, "zh", "甲"), ({"zh": "甲", "en": "a"}, "en", "a"), ({"zh": "甲", "en": "a"}, "de", "a"),
    ({"zh-Hans": "甲"}, "zh", "甲"), ({"zh": "甲"}, "zh-Hans", "甲"), ({"EN-GB": "a"}, "en", "a"), ({}, "zh", ""),
    ({"": "plain"}, "zh", "plain"),
]  # fmt: skip


@pytest.mark.parametrize(("pairs", "language", "expected"), TEXTS)
def test_a_text_in_a_language_or_in_whichever_there_is(pairs, language, expected):
    assert text_in(texts(pairs), language) == expected


def test_of_two_spellings_of_a_tag_the_first_stays_and_empty_texts_are_none():
    assert texts([("en", "a"), ("EN", "b"), ("zh", ""), ("", "c")]) == (("en", "a"), (NO_LANGUAGE, "c"))


def test_sets_are_sorted_and_kept_once():
    certificate = replace(SAMPLE, languages=("zh", "en", "zh"), reference_numbers=("b", "a", "b"))
    assert (certificate.languages, certificate.reference_numbers) == (("en", "zh"), ("a", "b"))


@pytest.mark.parametrize("today", [None, ISSUED])
def test_every_breach_is_told_in_both_languages_with_its_place(today):
    certificate = changed(
        revision="x", previous=(PreviousCertificate(NUMBER, "1", day(3)),) * 2, date="2026-06-31"
    )
    found = check_dcoc(through(certificate, "json"), today)
    assert found
    for each in found:
        assert each.path.startswith("/")
        assert each.text.zh
        assert each.text.en
        assert "{" not in each.text.zh + each.text.en
