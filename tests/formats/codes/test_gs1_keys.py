"""GS1 keys as they are printed under a symbol: right ones, slips of the pen, and what typing adds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.codes import SYSTEMS, check
from jialiang.formats.codes.check_characters import check_digit
from jialiang.formats.codes.gs1_keys import gtin_of_14_digits

RIGHT = [
    ("GTIN-8", "73513537"),
    ("GTIN-12", "036000291452"),
    ("GTIN-13", "6291041500213"),
    ("GTIN-14", "09506000134352"),
    ("GLN", "9506000134352"),
    ("SSCC", "106141411234567897"),
    ("GSRN", "692905678082712512"),
    ("GSIN", "69227224087768321"),
    ("GINC", "9506000ORDER/1"),
    ("GRAI", "09506000134352SN-1"),
    ("GIAI", "9506000INS-7"),
    ("GDTI", "9506000134352CAL-2026"),
    ("GCN", "9506000134352001"),
    ("CPID", "9506000AB-1/2"),
    ("ITIP", "095060001343520102"),
    ("GMN", "1987654Ad4X4bL5ttr2310c2K"),
    ("M-UDI-DI", "1987654Ad4X4bL5ttr2310c2K"),
]
WRONG = [
    ("GTIN-8", "73513536", "check_digit"),
    ("GTIN-13", "62910415002I3", "non_digit"),
    ("GTIN-14", "", "empty"),
    ("GTIN-12", "６", "length"),
    ("GLN", "950600013435", "length"),
    ("SSCC", "106141411234567890", "check_digit"),
    ("GINC", "ORDER1", "prefix"),
    ("GINC", "9506000" + "X" * 24, "length"),
    ("GRAI", "19506000134352", "leading_zero"),
    ("GIAI", "950", "prefix"),
    ("GDTI", "9506000134353", "check_digit"),
    ("GDTI", "9506000134352" + "1" * 18, "length"),
    ("GCN", "9506000134352A", "non_digit"),
    ("CPID", "9506000ab", "character"),
    ("ITIP", "095060001343520201", "piece_of_total"),
    ("GMN", "1987654Ad4X4bL5ttr2310c22", "check_pair"),
    ("GMN", "19 7654Ad4", "character"),
    ("M-UDI-DI", "", "empty"),
]
TYPED = [
    ("GTIN-13", "6 291041 500213", "6291041500213"),
    ("GTIN-13", "６２９１０４１５００２１３", "6291041500213"),
    ("GTIN-13", "629-104-150-021-3", "6291041500213"),
    ("GLN", "9506000 134352", "9506000134352"),
    ("SSCC", "1 0614141 123456789 7", "106141411234567897"),
    ("GSRN", "6929–056780827–12512", "692905678082712512"),
]
LENGTHS = {
    "GTIN-8": 8,
    "GTIN-12": 12,
    "GTIN-13": 13,
    "GTIN-14": 14,
    "GLN": 13,
    "SSCC": 18,
    "GSRN": 18,
    "GSIN": 17,
}


@pytest.mark.parametrize(("system", "code"), RIGHT)
def test_right_keys_are_right_and_canonical(system, code):
    verdict = check(system, code)
    assert (verdict.valid, verdict.canonical, verdict.findings) == (True, code, ())


@pytest.mark.parametrize(("system", "code", "reason"), WRONG)
def test_wrong_keys_are_refused_with_their_reason(system, code, reason):
    verdict = check(system, code)
    assert (verdict.valid, verdict.findings[0].reason, verdict.code) == (False, reason, code)


@pytest.mark.parametrize(("system", "typed", "canonical"), TYPED)
def test_gaps_and_full_width_digits_are_undone_and_told(system, typed, canonical):
    verdict = check(system, typed)
    assert (verdict.valid, verdict.canonical) == (True, canonical)
    assert [(f.reason, f.severity, f.expected) for f in verdict.findings] == [
        ("typed_otherwise", "hint", canonical)
    ]


def test_letters_and_signs_of_alphanumeric_keys_are_never_undone():
    assert check("GIAI", "9506000-INS 7").findings[0].reason == "character"
    assert check("GIAI", "9506000-INS-7").canonical == "9506000-INS-7"


@pytest.mark.parametrize(
    ("system", "code", "parts"),
    [
        ("GTIN-8", "73513537", {"gtin14": "00000073513537", "check_digit": "7"}),
        ("GTIN-13", "6291041500213", {"gtin14": "06291041500213", "check_digit": "3"}),
        ("GRAI", "09506000134352SN-1", {"asset_type": "9506000134352", "serial": "SN-1"}),
        ("GRAI", "09506000134352", {"asset_type": "9506000134352"}),
        ("GDTI", "9506000134352CAL", {"document_type": "9506000134352", "serial": "CAL", "check_digit": "2"}),
        ("GCN", "9506000134352001", {"coupon": "9506000134352", "serial": "001", "check_digit": "2"}),
        ("ITIP", "095060001343520102", {"gtin": "09506000134352", "piece": "0102", "check_digit": "2"}),
        ("GLN", "9506000134352", {"check_digit": "2"}),
        ("GIAI", "9506000X", {}),
    ],
)
def test_parts_are_named(system, code, parts):
    assert dict(check(system, code).parts) == parts


@given(st.sampled_from(sorted(LENGTHS)), st.data())
def test_of_ten_last_digits_exactly_one_is_right_and_the_others_name_it(system, data):
    body = data.draw(st.text("0123456789", min_size=LENGTHS[system] - 1, max_size=LENGTHS[system] - 1))
    verdicts = [check(system, body + digit) for digit in "0123456789"]
    assert [verdict.valid for verdict in verdicts].count(True) == 1
    right = next(verdict for verdict in verdicts if verdict.valid)
    assert right.canonical == body + check_digit(body)
    for verdict in verdicts:
        if not verdict.valid:
            assert verdict.findings[0].expected == check_digit(body)


@given(st.sampled_from(sorted(LENGTHS)), st.text("0123456789", max_size=30))
def test_another_length_is_told_with_the_right_one(system, digits):
    if len(digits) != LENGTHS[system] and digits:
        found = check(system, digits).findings[0]
        assert found.reason == "length"
        assert str(LENGTHS[system]) in found.what.zh
        assert str(len(digits)) in found.what.en


@given(st.sampled_from(sorted(SYSTEMS)), st.text(max_size=60))
def test_any_text_gets_a_verdict_of_every_system(system, text):
    verdict = check(system, text)
    assert verdict.valid == all(finding.severity != "error" for finding in verdict.findings)
    assert verdict.valid or (verdict.canonical, dict(verdict.parts)) == ("", {})
    assert verdict.to_json()["code"] == text


@given(st.sampled_from(sorted(SYSTEMS)), st.text(max_size=60))
def test_a_canonical_form_is_its_own_canonical_form(system, text):
    verdict = check(system, text)
    if verdict.valid:
        again = check(system, verdict.canonical)
        assert (again.valid, again.canonical, dict(again.parts)) == (
            True,
            verdict.canonical,
            dict(verdict.parts),
        )


@pytest.mark.parametrize(
    ("digits", "padded"),
    [
        ("73513537", "00000073513537"),
        ("036000291452", "00036000291452"),
        ("6291041500213", "06291041500213"),
        ("09506000134352", "09506000134352"),
        ("6291041500214", ""),
        ("629104150021", ""),
        ("", ""),
        ("abc", ""),
        ("６２９１０４１５００２１３", ""),
        ("123456789", ""),
    ],
)
def test_a_right_gtin_is_padded_to_14_digits(digits, padded):
    assert gtin_of_14_digits(digits) == padded
