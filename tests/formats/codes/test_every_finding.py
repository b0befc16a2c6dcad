"""Every way in which codes on an instrument may differ from those on record: what is found is said once."""

from __future__ import annotations

from collections import Counter
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.codes.found_marks import CarriedCode, compare_marks, folded_code

ROLES = ("production", "repair", "verification", "seal")
OUTCOMES = {"agrees", "differs", "missing", "foreign", "other_role", "unknown"}
RECORD = tuple(CarriedCode(role, f"{role[0]}-{number}") for number, role in enumerate(ROLES, 1))
ELSEWHERE = {"x-9": "Scale 7"}


def said_of(mark, how):
    """What somebody finds in the place of a mark."""
    return {
        "right": [mark], "unsaid": [CarriedCode("", mark.code)], "gone": [], "wrong": [CarriedCode(mark.role, "z-0")],
        "foreign": [CarriedCode(mark.role, "x-9")],
    }[how]  # fmt: skip


EXPECTED = {"right": "agrees", "unsaid": "agrees", "gone": "missing", "wrong": "differs", "foreign": "foreign"}


@pytest.mark.parametrize("ways", list(product(EXPECTED, repeat=2)), ids="-".join)
@pytest.mark.parametrize("places", [(0, 1), (0, 3), (2, 3)])
def test_each_place_is_judged_by_itself(ways, places):
    told = dict(zip(places, ways, strict=True))
    found = [
        code for place, mark in enumerate(RECORD) for code in said_of(mark, told.get(place, "right"))
    ]
    result = compare_marks(RECORD, found, ELSEWHERE)
    by_role = {each.role: each.outcome for each in result.findings}
    wanted = {mark.role: EXPECTED[told.get(place, "right")] for place, mark in enumerate(RECORD)}
    assert by_role == wanted
    assert result.agrees is (set(wanted.values()) == {"agrees"})


@pytest.mark.parametrize("order", list(permutations(range(4)))[::3], ids=str)
def test_the_order_in_which_codes_are_found_does_not_matter(order):
    found = [RECORD[place] for place in order]
    assert compare_marks(RECORD, found, {}) == compare_marks(RECORD, RECORD, {})
    wrong = [CarriedCode("seal", "z-0") if code.role == "seal" else code for code in found]
    outcomes = Counter(each.outcome for each in compare_marks(RECORD, wrong, {}).findings)
    assert outcomes == {"agrees": 3, "differs": 1}


@pytest.mark.parametrize("one", ROLES)
@pytest.mark.parametrize("other", ROLES)
def test_a_code_under_another_role_is_told_with_both(one, other):
    if one == other:
        return
    mark = next(each for each in RECORD if each.role == one)
    found = [each for each in RECORD if each != mark] + [CarriedCode(other, mark.code)]
    strange = [each for each in compare_marks(RECORD, found, {}).findings if each.outcome != "agrees"]
    assert [(each.outcome, each.role, each.found, each.expected) for each in strange] == [
        ("other_role", other, mark.code, mark.code)
    ]


def test_two_codes_that_change_places_are_both_told():
    made, mended = RECORD[:2]
    swapped = [CarriedCode(made.role, mended.code), CarriedCode(mended.role, made.code), *RECORD[2:]]
    outcomes = Counter(each.outcome for each in compare_marks(RECORD, swapped, {}).findings)
    assert outcomes == {"agrees": 2, "other_role": 2}


@pytest.mark.parametrize("count", range(5))
def test_seals_of_one_role_are_matched_by_code_and_not_by_place(count):
    seals = [CarriedCode("seal", f"F {number}") for number in range(4)]
    found = [*seals[count:], *(CarriedCode("seal", f"N {number}") for number in range(count))]
    result = compare_marks(seals, found, {})
    outcomes = Counter(each.outcome for each in result.findings)
    assert outcomes["agrees"] == 4 - count
    assert outcomes["differs"] == count
    assert {each.expected for each in result.findings} == {seal.code for seal in seals}


@pytest.mark.parametrize("extra", range(1, 4))
def test_more_codes_than_are_on_record_are_unknown(extra):
    more = [CarriedCode("seal", f"N {number}") for number in range(extra)]
    findings = compare_marks(RECORD, [*RECORD, *more], {}).findings
    assert [each.outcome for each in findings] == ["agrees"] * 4 + ["unknown"] * extra
    assert all(not each.expected for each in findings[4:])


@pytest.mark.parametrize("role", ["", *ROLES])
def test_one_that_belongs_elsewhere_says_to_which_instrument(role):
    found = [*RECORD, CarriedCode(role, "X - 9")]
    last = compare_marks(RECORD, found, ELSEWHERE).findings[-1]
    assert (last.outcome, last.role, last.found, last.expected, last.instrument) == (
        "foreign", role, "X - 9", "", "Scale 7",
    )  # fmt: skip


def test_a_code_of_this_instrument_is_not_foreign_even_if_another_carries_it_too():
    result = compare_marks(RECORD, RECORD, {folded_code(mark.code): "Scale 7" for mark in RECORD})
    assert result.agrees
    assert {each.instrument for each in result.findings} == {""}


CODES = st.lists(
    st.builds(CarriedCode, st.sampled_from(ROLES), st.sampled_from(["a", "b", "c", "d", "A", " b "])),
    max_size=6,
    unique_by=lambda each: (each.role, folded_code(each.code)),
)
FOUND = st.lists(
    st.builds(CarriedCode, st.sampled_from(("", *ROLES)), st.sampled_from(["a", "b", "c", "d", "e", "B"])),
    max_size=6,
    unique_by=lambda each: (each.role, folded_code(each.code)),
)
OTHERS = st.dictionaries(st.sampled_from(["a", "b", "e"]), st.just("Scale 7"))


@given(CODES, FOUND, OTHERS)
def test_everything_found_is_told_exactly_once(recorded, found, elsewhere):
    findings = compare_marks(recorded, found, elsewhere).findings
    told = Counter(each.found for each in findings if each.outcome != "missing")
    assert told == Counter(each.code for each in found)


@given(CODES, FOUND, OTHERS)
def test_everything_on_record_is_told_exactly_once(recorded, found, elsewhere):
    findings = compare_marks(recorded, found, elsewhere).findings
    assert Counter(each.expected for each in findings if each.expected) == Counter(each.code for each in recorded)
    assert {each.outcome for each in findings} <= OUTCOMES


@given(CODES, FOUND, OTHERS)
def test_a_comparison_agrees_only_where_every_finding_does(recorded, found, elsewhere):
    result = compare_marks(recorded, found, elsewhere)
    same = {(mark.role, folded_code(mark.code)) for mark in recorded}
    if result.agrees:
        assert len(found) == len(recorded) > 0
        assert all(not each.role or (each.role, folded_code(each.code)) in same for each in found)
    if recorded and {(each.role, folded_code(each.code)) for each in found} == same:
        assert result.agrees


@given(CODES, FOUND, OTHERS)
def test_what_a_finding_says_is_consistent_in_itself(recorded, found, elsewhere):
    for each in compare_marks(recorded, found, elsewhere).findings:
        assert bool(each.found) is (each.outcome != "missing")
        assert bool(each.instrument) is (each.outcome == "foreign")
        if each.outcome in ("agrees", "other_role"):
            assert folded_code(each.found) == folded_code(each.expected)
        if each.outcome in ("differs", "foreign") and each.expected:
            assert folded_code(each.found) != folded_code(each.expected)
        assert set(each.to_json()) == {"outcome", "role", "found", "expected", "instrument"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("F 0001", "f0001", True), ("F\u30000001", "F0001", True), ("F-0001", "F0001", False), ("ß", "SS", True),
     ("F 0001", "F 0010", False), ("\tF0001\n", "F0001", True), ("О1", "O1", False)],
)  # fmt: skip
def test_codes_are_the_same_without_blanks_and_capitals_only(one, other, same):
    assert (folded_code(one) == folded_code(other)) is same
    result = compare_marks([CarriedCode("seal", one)], [CarriedCode("seal", other)], {})
    assert result.agrees is same


@given(st.text(max_size=30))
def test_folding_a_folded_code_changes_nothing_more_than_the_first_time(code):
    assert folded_code(folded_code(code)) == folded_code(code) or "\u0345" in code or not code.isascii()
    assert not any(letter.isspace() for letter in folded_code(code))
