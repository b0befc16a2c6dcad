"""Unified social credit codes: parts, faults with their place, and remarks that do not make a code wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.codes import check
from jialiang.formats.codes.credit_codes import organization_check
from jialiang.vocabulary.credit_codes import ALPHABET, check_character

KNOWN = "91110000600037341L"  # the specimen of python-stdnum


def made(organization="60003734", division="110000", begin="91", last=None):
    body = begin + division + organization + (organization_check(organization) if last is None else last)
    return body + check_character(body)


def test_the_parts_of_a_code_are_named():
    assert dict(check("USCC", KNOWN).parts) == {
        "registering_department": "9",
        "kind_of_organization": "1",
        "division": "110000",
        "organization": "600037341",
        "check": "L",
    }


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("91110000600037341l", KNOWN),
        ("91 1100 0060 0037 341L", KNOWN),
        ("９１１１００００６０００３７３４１Ｌ", KNOWN),
    ],
)
def test_what_typing_adds_is_undone_and_told(typed, canonical):
    verdict = check("USCC", typed)
    assert (verdict.valid, verdict.canonical) == (True, canonical)
    assert [f.reason for f in verdict.findings] == ["typed_otherwise"]


@pytest.mark.parametrize(
    ("code", "reason", "expected"),
    [
        ("", "empty", ""),
        ("91110000", "length", ""),
        (KNOWN + "1", "length", ""),
        ("91110000600037341M", "credit_check", "L"),
        ("9111000O600037341L", "credit_letter_likely", KNOWN),
        ("91110000600O37341L", "credit_letter_likely", KNOWN),
        ("91110000S00037341L", "credit_letter", ""),
        ("911100V0600037341L", "credit_letter", ""),
        ("91A10000600037341L", "credit_division", ""),
        ("91110000600037341_", "credit_letter", ""),
    ],
)
def test_faults_are_told_with_what_was_probably_meant(code, reason, expected):
    found = check("USCC", code).findings[0]
    assert (found.reason, found.expected) == (reason, expected)


def test_the_place_of_a_letter_that_is_not_used_is_told():
    what = check("USCC", "91110000I00037341L").findings[0].what
    assert "9" in what.en
    assert "“I”" in what.zh


def test_the_mended_code_of_a_wrong_check_character_is_right():
    found = check("USCC", "91110000600037341A").findings[0]
    assert KNOWN in found.hint.zh
    assert check("USCC", KNOWN).valid


def test_an_organization_code_with_another_check_is_a_remark_only():
    code = made("60003734", last="9")
    verdict = check("USCC", code)
    assert (verdict.valid, [f.reason for f in verdict.findings]) == (True, ["organization_check"])
    assert verdict.findings[0].expected == "1"
    assert verdict.findings[0].severity == "hint"


def test_a_division_outside_the_provinces_is_a_remark_only():
    verdict = check("USCC", made(division="990000"))
    assert (verdict.valid, [f.reason for f in verdict.findings]) == (True, ["credit_province"])


@pytest.mark.parametrize(
    ("body", "character"),
    [("60003734", "1"), ("D2143569", "X"), ("00000000", "0"), ("10000001", "6")],
)
def test_the_check_of_organization_codes_is_modulo_11(body, character):
    total = sum(int(c, 36) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    value = (11 - total % 11) % 11
    assert organization_check(body) == ("X" if value == 10 else str(value)) == character


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8))
def test_every_made_code_is_right_without_remark(organization):
    verdict = check("USCC", made(organization))
    assert (verdict.valid, verdict.findings) == (True, ())


@given(st.text(ALPHABET, min_size=8, max_size=8), st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_never_passes(organization, place, other):
    code = made(organization)
    changed = code[:place] + other + code[place + 1 :]
    assert check("USCC", changed).valid == (changed == code)
