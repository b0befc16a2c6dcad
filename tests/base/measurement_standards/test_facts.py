"""What is refused of a standard, its certificates and its checks, member by member; nothing of it needs a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger import PAPER, REFERENCE_THERMOMETER

from jialiang.base.measurement_standards.errors import StandardIncomplete, StandardMember
from jialiang.base.measurement_standards.facts import (
    CheckFacts,
    certificate_columns,
    check_columns,
    moment_of,
    standard_columns,
)
from jialiang.formats.content import CertificateReference
from jialiang.kernel.text import Text

CHECK = CheckFacts(observed_on="2026-01-15", measured_value="25.010", unit="\\degreecelsius")
VALUE = {"nominal": "20", "measured": "20.003", "expanded_uncertainty": "0.004", "coverage_factor": "2"}

# member of a standard: given, the English words of its refusal, empty where it is taken
STANDARDS = [
    ("name", Text("标" * 100), ""),
    ("name", Text("标" * 101), "101 characters"),
    ("name", Text("标准", "s" * 201), "201 characters"),
    ("name", Text("标\n准"), "control character"),
    ("level", "national", ""),
    ("level", "working", ""),
    ("level", "Reference", "is not one of"),
    ("model", "m" * 60, ""),
    ("model", "m" * 61, "61 characters"),
    ("serial_number", "s" * 61, "61 characters"),
    ("serial_number", "1\x002", "control character"),
    ("code", "c" * 20, ""),
    ("code", "c" * 21, "21 characters"),
    ("unit", "\\kelvin", ""),
    ("unit", "\\milli\\volt", ""),
    ("unit", "K", "not a known unit"),
    ("unit", "\\kelvn", "not a known unit"),
    ("quantity", Text("量" * 61), "61 characters"),
    ("measuring_interval_minimum", "-50", ""),
    ("measuring_interval_minimum", "０", ""),
    ("measuring_interval_minimum", "1,5", "not a decimal"),
    ("measuring_interval_minimum", "50", "the lower limit 50"),
    ("measuring_interval_minimum", "51", "the lower limit 51"),
    ("measuring_interval_minimum", "", ""),
    ("measuring_interval_maximum", "", ""),
    ("measuring_interval_maximum", "NaN", "not a decimal"),
    ("measuring_interval_maximum", "0", "the lower limit 0"),
    ("drift_half_width", "0", ""),
    ("drift_half_width", "", ""),
    ("drift_half_width", "-0.0001", "negative"),
    ("drift_half_width", "0.1 K", "not a decimal"),
    ("inventory_number", "i" * 61, "61 characters"),
]


@pytest.mark.parametrize(("member", "given", "english"), STANDARDS, ids=lambda given: str(given)[:30])
def test_a_member_of_a_standard(member, given, english):
    facts = replace(REFERENCE_THERMOMETER, **{member: given})
    if not english:
        standard_columns(facts)
        return
    with pytest.raises(StandardMember) as refused:
        standard_columns(facts)
    assert english in refused.value.what.en
    assert refused.value.code == "JL-STD-002"


@pytest.mark.parametrize(
    "member", ["name", "level", "model", "serial_number", "quantity", "unit", "measuring_interval"]
)
def test_a_standard_is_not_complete_without(member):
    empty = Text() if isinstance(getattr(REFERENCE_THERMOMETER, member), Text) else " "
    with pytest.raises(StandardIncomplete) as refused:
        standard_columns(replace(REFERENCE_THERMOMETER, **{member: empty}))
    assert "," not in refused.value.facts["members"].en


def test_decimals_of_a_standard_are_kept_as_understood():
    written = standard_columns(
        replace(REFERENCE_THERMOMETER, measuring_interval_maximum="＋５０．０", drift_half_width=".0020")
    )
    assert (written["measuring_interval_maximum"], written["drift_half_width"]) == ("50.0", "0.0020")


# member of a certificate: given, the English words of its refusal, empty where it is taken
CERTIFICATES = [
    ("number", "n" * 80, ""),
    ("number", "n" * 81, "81 characters"),
    ("issuer", Text("院" * 101), "101 characters"),
    ("expanded_uncertainty", "0.0040", ""),
    ("expanded_uncertainty", "４E-3", ""),
    ("expanded_uncertainty", "0", "greater than zero"),
    ("expanded_uncertainty", "-0.004", "greater than zero"),
    ("expanded_uncertainty", "0,004", "not a decimal"),
    ("expanded_uncertainty", "4 mK", "not a decimal"),
    ("coverage_factor", "2", ""),
    ("coverage_factor", "1.96", ""),
    ("coverage_factor", "0", "greater than zero"),
    ("coverage_factor", "two", "not a decimal"),
    ("unit", "\\kelvin", ""),
    ("unit", "mK", "not a known unit"),
    ("valid_until", PAPER.valid_from, ""),
    ("valid_until", PAPER.valid_from - timedelta(days=1), "2026-01-10"),
    ("form", "pdf", ""),
    ("form", "fax", "is not one of"),
    ("digest", "a" * 64, ""),
    ("digest", "A" * 64, "64"),
    ("digest", "a" * 63, "64"),
    ("digest", "g" * 64, "64"),
    ("stored_digest", "0" * 64, ""),
    ("stored_digest", "x", "64"),
    ("measured_values", (VALUE,), ""),
    ("measured_values", (VALUE | {"unit": "\\kelvin", "ref_type": "x"},), ""),
    ("measured_values", (VALUE | {"nominal": ""},), ""),
    ("measured_values", ({"nominal": "20"},), "cannot be stored"),
    ("measured_values", (VALUE, VALUE | {"measured": "20,003"}), "not a decimal"),
]


@pytest.mark.parametrize(("member", "given", "english"), CERTIFICATES, ids=lambda given: str(given)[:30])
def test_a_member_of_a_certificate(member, given, english):
    facts = replace(PAPER, **{member: given})
    if not english:
        certificate_columns(facts)
        return
    with pytest.raises(StandardMember) as refused:
        certificate_columns(facts)
    assert english in refused.value.what.en


@pytest.mark.parametrize(
    "member",
    ["number", "issuer", "expanded_uncertainty", "coverage_factor", "unit", "valid_from", "valid_until"],
)
def test_a_certificate_is_not_complete_without(member):
    given = getattr(PAPER, member)
    empty = Text() if isinstance(given, Text) else None if isinstance(given, date) else ""
    with pytest.raises(StandardIncomplete) as refused:
        certificate_columns(replace(PAPER, **{member: empty}))
    assert "," not in refused.value.facts["members"].en


def test_the_link_upward_is_kept_whole_and_its_absence_as_nothing():
    above = CertificateReference(Text("基准"), "T-1", "analogue", "")
    linked = replace(above, number="T-2", linked=above)
    assert certificate_columns(PAPER)["upward"] == {}
    kept = certificate_columns(replace(PAPER, upward=linked))["upward"]
    assert (kept["number"], kept["linked"]["number"]) == ("T-2", "T-1")


# member of a check: given, the English words of its refusal, empty where it is taken
CHECKS = [
    ("observed_on", "2026-01-15", ""),
    ("observed_on", "75.884", ""),
    ("observed_on", "9999-12-31", ""),
    ("observed_on", "2026-13-01", "neither a date"),
    ("observed_on", "2026-02-30", "neither a date"),
    ("observed_on", "yesterday", "neither a date"),
    ("observed_on", "2" * 21, "21 characters"),
    ("measured_value", "25.010", ""),
    ("measured_value", "-0", ""),
    ("measured_value", "25,010", "not a decimal"),
    ("standard_deviation", "0", ""),
    ("standard_deviation", "", ""),
    ("standard_deviation", "-0.1", "negative"),
    ("unit", "\\kelvin", ""),
    ("unit", "kelvin", "not a known unit"),
    ("source", "s" * 201, "201 characters"),
]


@pytest.mark.parametrize(("member", "given", "english"), CHECKS, ids=lambda given: str(given)[:30])
def test_a_member_of_a_check(member, given, english):
    facts = replace(CHECK, **{member: given})
    if not english:
        check_columns(facts)
        return
    with pytest.raises(StandardMember) as refused:
        check_columns(facts)
    assert english in refused.value.what.en


@pytest.mark.parametrize("member", ["observed_on", "measured_value", "unit"])
def test_a_check_is_not_complete_without(member):
    with pytest.raises(StandardIncomplete):
        check_columns(replace(CHECK, **{member: ""}))


# as typed: the moment in years
MOMENTS = [
    ("2026-01-01", 2026.0),
    ("2026-07-02", 2026 + 182 / 365),
    ("2024-07-01", 2024 + 182 / 366),
    ("2024-12-31", 2024 + 365 / 366),
    ("2026-12-31", 2026 + 364 / 365),
    ("9999-12-31", 9999 + 364 / 365),
    ("75.884", 75.884),
    ("-1", -1.0),
    ("２０", 20.0),
    ("soon", None),
    ("", None),
]


@pytest.mark.parametrize(("typed", "years"), MOMENTS)
def test_the_moment_of_a_check_in_years(typed, years):
    assert moment_of(typed) == (None if years is None else pytest.approx(years, abs=1e-12))


@given(st.dates())
def test_a_day_lies_within_its_own_year_and_before_the_next_day(day):
    moment = moment_of(day.isoformat())
    assert day.year <= moment < day.year + 1
    if day != date.max:
        assert moment < moment_of((day + timedelta(days=1)).isoformat())
