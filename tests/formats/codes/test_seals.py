"""Several codes and seals on one instrument: the one that differs is named, whichever it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.codes.seals import FACTS, KINDS, Mark, check_identity

NAME, SERIAL, MODEL = "88.101.5/ins-1", "P-2026-001", "YB-150"


def marks(**changed):
    whole = [Mark(kind, f"{kind[0].upper()}-1", NAME, SERIAL, MODEL) for kind in KINDS]
    return [
        Mark(m.kind, m.code, *(changed.get(f"{m.kind}_{fact}", getattr(m, fact)) for fact in FACTS))
        for m in whole
    ]


def test_marks_that_agree_are_of_one_instrument():
    verdict = check_identity(marks())
    assert (verdict.same, verdict.differences, verdict.missing, verdict.findings) == (True, (), (), ())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fact", FACTS)
def test_the_one_that_differs_is_named_with_what_it_says_and_what_belongs_there(kind, fact):
    verdict = check_identity(marks(**{f"{kind}_{fact}": "another"}))
    assert not verdict.same
    (found,) = verdict.differences
    right = {"identifier": NAME, "serial": SERIAL, "model": MODEL}[fact]
    assert (found.mark.kind, found.fact, found.said, found.expected) == (kind, fact, "another", right)
    (told,) = verdict.findings
    assert (told.reason, told.severity, told.expected) == ("seal_differs", "error", right)
    for words in (told.what.zh, told.what.en):
        assert "another" in words
        assert right in words


def test_one_foreign_mark_differs_in_all_its_facts():
    foreign = {f"repair_{fact}": f"x-{fact}" for fact in FACTS}
    verdict = check_identity(marks(**foreign))
    assert [(d.mark.code, d.fact) for d in verdict.differences] == [("R-1", fact) for fact in FACTS]


def test_with_two_marks_at_odds_the_makers_counts():
    verdict = check_identity([Mark("verification", "V", "b"), Mark("production", "P", "a")])
    assert [(d.mark.code, d.expected) for d in verdict.differences] == [("V", "a")]


def test_three_marks_at_odds_name_the_two_that_are_not_the_makers():
    verdict = check_identity(marks(repair_identifier="x", verification_identifier="y"))
    assert [(d.mark.kind, d.said, d.expected) for d in verdict.differences] == [
        ("repair", "x", NAME),
        ("verification", "y", NAME),
    ]


def test_two_later_marks_outvote_the_makers():
    verdict = check_identity(marks(production_serial="P-2026-0O1"))
    assert [(d.mark.kind, d.expected) for d in verdict.differences] == [("production", SERIAL)]


def test_several_marks_of_one_kind_are_compared_too():
    verdict = check_identity([*marks(), Mark("repair", "R-2", "other")])
    assert [d.mark.code for d in verdict.differences] == ["R-2"]


@pytest.mark.parametrize("typed", ["p-2026-001", "P-2026 - 001", " P-2026-001\t"])
def test_capitals_and_blanks_make_no_difference(typed):
    assert check_identity(marks(verification_serial=typed)).same


def test_a_fact_that_a_mark_does_not_tell_is_not_held_against_it():
    assert check_identity(marks(repair_serial="", repair_model="", verification_model="")).same


def test_a_kind_that_is_needed_and_missing_is_a_warning():
    verdict = check_identity([m for m in marks() if m.kind != "verification"])
    assert (verdict.same, verdict.missing) == (True, ("verification",))
    assert [(f.reason, f.severity) for f in verdict.findings] == [("seal_missing", "warning")]
    assert check_identity(marks()[:2], needed=()).missing == ()


def test_marks_with_nothing_in_common_prove_nothing():
    verdict = check_identity([Mark("production", "P", identifier="a"), Mark("verification", "V", serial="1")])
    assert (verdict.same, verdict.differences) == (False, ())
    assert [f.reason for f in verdict.findings] == ["seals_silent"]


@pytest.mark.parametrize("few", [[], [Mark("production", "P")]])
def test_one_mark_alone_cannot_be_compared(few):
    with pytest.raises(ValueError, match="two marks"):
        check_identity(few)


def test_the_verdict_as_json():
    told = check_identity(marks(repair_serial="x")[:2]).to_json()
    assert told["same"] is False
    assert told["differences"] == [
        {"kind": "repair", "code": "R-1", "fact": "serial", "said": "x", "expected": SERIAL}
    ]
    assert told["missing"] == ["verification"]
    assert [f["reason"] for f in told["findings"]] == ["seal_differs", "seal_missing"]


MARKS = st.builds(
    Mark, st.sampled_from(KINDS), st.text(min_size=1, max_size=5), *[st.sampled_from(["", "a", "b", "B"])] * 3
)


@given(st.lists(MARKS, min_size=2, max_size=6), st.randoms())
def test_the_verdict_is_the_same_in_any_order_when_there_is_a_majority(found, rng):
    verdict = check_identity(found, needed=())
    for fact in FACTS:
        told = [getattr(mark, fact).casefold() for mark in found if getattr(mark, fact)]
        named = [d for d in verdict.differences if d.fact == fact]
        assert len(named) <= len(told) // 2 or not told
        assert all(d.said.casefold() != d.expected.casefold() for d in named)
    assert verdict.same == (not verdict.findings)


@pytest.mark.parametrize(
    ("changed", "zh", "en"),
    [
        (
            {"repair_serial": "P-2025-9"},
            "修理标志“R-1”的出厂编号为“P-2025-9”，其余为“P-2026-001”。",
            "The repair mark “R-1” says serial number “P-2025-9”; the others say “P-2026-001”.",
        ),
        (
            {"verification_identifier": "88.101.5/ins-2"},
            "检定标志“V-1”的标识为“88.101.5/ins-2”，其余为“88.101.5/ins-1”。",
            "The verification mark “V-1” says identifier “88.101.5/ins-2”; the others say “88.101.5/ins-1”.",
        ),
        (
            {"production_model": "YB-100"},
            "制造标志“P-1”的型号为“YB-100”，其余为“YB-150”。",
            "The production mark “P-1” says model “YB-100”; the others say “YB-150”.",
        ),
    ],
)
def test_the_words_of_a_difference(changed, zh, en):
    (told,) = check_identity(marks(**changed)).findings
    assert (told.what.zh, told.what.en) == (zh, en)
    assert "另一台器具" in told.hint.zh
    assert "another instrument" in told.hint.en


@pytest.mark.parametrize(
    ("kind", "zh", "en"),
    [
        ("production", "缺少制造标志。", "The production mark is missing."),
        ("repair", "缺少修理标志。", "The repair mark is missing."),
        ("verification", "缺少检定标志。", "The verification mark is missing."),
    ],
)
def test_the_words_of_a_missing_mark(kind, zh, en):
    left = [mark for mark in marks() if mark.kind != kind]
    (told,) = check_identity(left, needed=KINDS).findings
    assert (told.what.zh, told.what.en) == (zh, en)
