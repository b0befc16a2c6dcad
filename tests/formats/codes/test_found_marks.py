"""Codes found on an instrument against those on record: which agree, which one differs, whose it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.codes.found_marks import CarriedCode, compare_marks, folded_code

MADE = CarriedCode("production", "P-1001")
MENDED = CarriedCode("repair", "R-77")
CHECKED = CarriedCode("verification", "V-2026-9")
SEAL = CarriedCode("seal", "F 0001")
RECORD = (MADE, MENDED, CHECKED, SEAL)


def told(found, elsewhere=None, recorded=RECORD):
    comparison = compare_marks(recorded, found, elsewhere or {})
    return comparison.agrees, [(f.outcome, f.role, f.found, f.expected, f.instrument) for f in comparison.findings]


def test_all_that_is_on_record_and_nothing_else_agrees():
    agrees, findings = told(RECORD)
    assert agrees
    assert [each[0] for each in findings] == ["agrees"] * 4


def test_the_one_that_differs_is_named_with_what_is_on_record():
    agrees, findings = told((MADE, MENDED, CarriedCode("verification", "V-2026-8"), SEAL))
    assert not agrees
    assert [each for each in findings if each[0] != "agrees"] == [
        ("differs", "verification", "V-2026-8", "V-2026-9", "")
    ]


def test_one_that_was_not_found_is_missing():
    assert told((MADE, MENDED, CHECKED)) == (
        False,
        [
            ("agrees", "production", "P-1001", "P-1001", ""), ("agrees", "repair", "R-77", "R-77", ""),
            ("agrees", "verification", "V-2026-9", "V-2026-9", ""), ("missing", "seal", "", "F 0001", ""),
        ],
    )  # fmt: skip


def test_one_of_another_instrument_is_told_with_whose_it_is_and_what_it_stands_for():
    _, findings = told((MADE, MENDED, CarriedCode("verification", "V-1"), SEAL), {"v-1": "Scale 7"})
    assert ("foreign", "verification", "V-1", "V-2026-9", "Scale 7") in findings
    assert "missing" not in [each[0] for each in findings]


def test_one_that_nobody_knows_is_not_on_record():
    agrees, findings = told((*RECORD, CarriedCode("seal", "F 0002")))
    assert not agrees
    assert findings[-1] == ("unknown", "seal", "F 0002", "", "")


def test_a_code_under_another_role_is_neither_missing_nor_unknown():
    _, findings = told((MADE, MENDED, CarriedCode("repair", "V-2026-9"), SEAL))
    assert [each for each in findings if each[0] != "agrees"] == [
        ("other_role", "repair", "V-2026-9", "V-2026-9", "")
    ]


def test_who_cannot_tell_the_role_is_understood():
    assert told([CarriedCode("", each.code) for each in RECORD])[0]
    _, findings = told([CarriedCode("", "X-1")], recorded=[MADE])
    assert findings == [("unknown", "", "X-1", "", ""), ("missing", "production", "", "P-1001", "")]


@pytest.mark.parametrize("code", ["f0001", " F 0001 ", "F\t0001", "F0001"])
def test_blanks_and_capitals_do_not_make_another_code(code):
    assert told([CarriedCode("seal", code)], recorded=[SEAL])[0]


def test_the_same_code_found_twice_is_one():
    assert told([SEAL, CarriedCode("seal", "f0001")], recorded=[SEAL])[0]


def test_nothing_on_record_and_nothing_found_is_no_agreement():
    assert told((), recorded=()) == (False, [])


roles = st.sampled_from(["production", "repair", "seal", ""])
codes = st.lists(st.builds(CarriedCode, roles, st.text("AB1 ", min_size=1, max_size=3)), max_size=6)


@given(found=codes, recorded=codes)
def test_every_code_on_record_is_spoken_of_once_and_none_is_invented(found, recorded):
    recorded = [each for each in recorded if each.role and each.code.strip()]
    recorded = list({(each.role, folded_code(each.code)): each for each in recorded}.values())
    comparison = compare_marks(recorded, found, {})
    expected = sorted(finding.expected for finding in comparison.findings if finding.expected)
    assert expected == sorted(each.code for each in recorded)
    seen = {folded_code(finding.found) for finding in comparison.findings if finding.found}
    assert seen <= {folded_code(each.code) for each in found}
    if comparison.agrees:
        assert {folded_code(each.code) for each in found} == {folded_code(each.code) for each in recorded}
