"""Ecode and MA: the structure that is known, and that every verdict says how far it can be trusted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.codes import check


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("1000112345678901234567890", {"version": "1", "system": "0001", "data": "12345678901234567890"}),
        ("100011", {"version": "1", "system": "0001", "data": "1"}),
        ("20064" + "9" * 28, {"version": "2", "system": "0064", "data": "9" * 28}),
        ("300001ABC0123", {"version": "3", "system": "00001", "data": "ABC0123"}),
        ("400001压力表", {"version": "4", "system": "00001", "data": "压力表"}),
    ],
)
def test_the_parts_of_an_ecode(code, parts):
    verdict = check("Ecode", code)
    assert (verdict.valid, verdict.provisional, dict(verdict.parts)) == (True, True, parts)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "empty"),
        ("0000112", "ecode_version"),
        ("5000112", "ecode_version"),
        ("A000112", "ecode_version"),
        ("1000", "ecode_system"),
        ("10001", "length"),
        ("10001" + "1" * 21, "length"),
        ("20001" + "1" * 29, "length"),
        ("300001" + "A" * 40, "length"),
        ("30001", "ecode_system"),
        ("3000A1B", "ecode_system"),
        ("10001A", "ecode_digits"),
        ("300001A-1", "ecode_letters"),
        ("300001压", "ecode_letters"),
        ("400001", "length"),
        ("400001a\tb", "ecode_letters"),
        ("400001" + "压" * 513, "length"),
        ("4000", "ecode_system"),
        ("1000１1", "ecode_system"),
        ("10001１", "ecode_digits"),
    ],
)
def test_slips_in_an_ecode(code, reason):
    assert [f.reason for f in check("Ecode", code).findings] == [reason, "provisional"]


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("MA.156.1001.123456", {"country": "156", "node": "1001", "user": "123456"}),
        ("MA.156.M0.100003/01.A1", {"country": "156", "node": "M0", "user": "100003", "product": "01.A1"}),
        ("MA.156.1001.7.8/9/x", {"country": "156", "node": "1001", "user": "7.8", "product": "9/x"}),
    ],
)
def test_the_parts_of_an_ma_code(code, parts):
    verdict = check("MA", code)
    assert (verdict.valid, verdict.provisional, dict(verdict.parts)) == (True, True, parts)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "empty"),
        ("MA", "ma_short"),
        ("MA.156", "ma_short"),
        ("MA.156.1", "ma_short"),
        ("ma.156.1.1", "ma_begin"),
        ("XX.156.1.1", "ma_begin"),
        ("MA.15.1.1", "ma_country"),
        ("MA.1560.1.1", "ma_country"),
        ("MA.CN6.1.1", "ma_country"),
        ("MA.156..1", "ma_node"),
        ("MA.156.a.1", "ma_node"),
        ("MA.156.1.1/", "ma_after"),
        ("MA.156.1.1//x", "ma_after"),
        ("MA.156.1.1/a b", "ma_after"),
        ("MA/156/1/1", "ma_short"),
        ("MA.１５６.1.1", "ma_country"),
        ("MA.156.1.1\n", "ma_node"),
    ],
)
def test_slips_in_an_ma_code(code, reason):
    assert [f.reason for f in check("MA", code).findings] == [reason, "provisional"]


@given(st.sampled_from(["Ecode", "MA"]), st.text(max_size=80))
def test_every_verdict_says_that_it_claims_no_conformance(system, text):
    verdict = check(system, text)
    last = verdict.findings[-1]
    assert (verdict.provisional, last.reason, last.severity) == (True, "provisional", "hint")
    assert "no conformance" in last.hint.en
    assert "不代表符合" in last.hint.zh
