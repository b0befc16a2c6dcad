"""Every shared vector of every system of codes: the verdict, the reason, and what was read out of a right code."""

import json

import pytest

from jialiang.formats.codes import SYSTEMS, check

REASONS = {
    "check digit": {"check_digit"},
    "length": {"length"},
    "non-digit": {"non_digit", "oid_digits"},
    "leading zero missing": {"leading_zero"},
    "space not in charset 82": {"character"},
    "length >30": {"length"},
    "space": {"character"},
    "GCP must be >=4 leading digits": {"prefix"},
    "empty": {"empty"},
    "mod-31 check character": {"credit_check"},
    "letter I not allowed": {"credit_letter"},
    "letter S not allowed": {"credit_letter"},
    "first arc >2": {"oid_first_arc"},
    "second arc >39 under 0/1": {"oid_second_arc"},
    "second arc >39": {"oid_second_arc"},
    "empty arc": {"oid_empty_arc"},
    "needs 2 arcs": {"oid_short"},
    "no slash": {"handle_no_slash"},
    "empty prefix": {"handle_empty_prefix"},
    "empty prefix segment": {"handle_empty_segment"},
    "leading dot in prefix": {"handle_empty_segment"},
    "GTIN must be 14 digits (URI syntax >=1.4)": {"gtin_14"},
    "odd segment": {"odd_segments"},
    "qualifier order": {"qualifier_order"},
    "GRAI needs leading 0": {"leading_zero"},
    "serial is not a key qualifier of 414": {"qualifier_unknown"},
    "MD >20 for V=1": {"length"},
    "MD >28": {"length"},
    "V=1 MD must be digits": {"ecode_digits"},
    "too short": {"ecode_system"},
    "prefix is upper case MA": {"ma_begin"},
    "country arc is 3 digits": {"ma_country"},
    "separators": {"ma_short"},
    "empty node": {"ma_node"},
}
PROVISIONAL = {"Ecode", "MA"}
READ_OUT = {"asset_type", "serial", "prefix", "suffix"}


@pytest.fixture(scope="module")
def vectors(oracles):
    file = oracles / "identifiers" / "check_vectors.json"
    systems = json.loads(file.read_text(encoding="utf-8"))["systems"]
    return [(system, vector) for system, rows in systems.items() for vector in rows]


def test_there_are_144_vectors_of_14_systems_and_all_systems_are_known(vectors):
    assert len(vectors) == 144
    assert {system for system, _ in vectors} <= set(SYSTEMS)


def test_every_vector_is_judged_as_it_says(vectors):
    wrong = [(s, v["value"]) for s, v in vectors if check(s, v["value"]).valid != v["valid"]]
    assert wrong == []


def test_every_refusal_gives_the_reason_of_its_vector_first(vectors):
    for system, vector in vectors:
        if not vector["valid"]:
            verdict = check(system, vector["value"])
            assert verdict.findings[0].reason in REASONS[vector["reason"]], (system, vector)
            assert verdict.findings[0].severity == "error"
            assert (verdict.canonical, dict(verdict.parts)) == ("", {})


def test_every_right_vector_is_its_own_canonical_form(vectors):
    for system, vector in vectors:
        if vector["valid"]:
            verdict = check(system, vector["value"])
            assert verdict.canonical == vector["value"]
            assert all(finding.severity != "error" for finding in verdict.findings)


def test_what_a_vector_says_of_its_parts_is_read_out(vectors):
    seen = set()
    for system, vector in vectors:
        parts = check(system, vector["value"]).parts
        for name in READ_OUT & vector.keys():
            assert parts[name] == vector[name]
            seen.add(name)
        if "canonical_path" in vector:
            assert parts["path"] == vector["canonical_path"]
            seen.add("path")
    assert seen == READ_OUT | {"path"}


def test_the_check_digit_of_right_vectors_is_read_out(vectors):
    told = [(s, v) for s, v in vectors if v["valid"] and "check_digit" in v]
    assert len(told) >= 30
    for system, vector in told:
        assert check(system, vector["value"]).parts["check_digit"] == vector["check_digit"], vector


def test_wrong_check_digits_are_told_the_right_one_and_the_mended_code_is_right(vectors):
    mended = 0
    for system, vector in vectors:
        if vector.get("reason") == "check digit" and system not in ("GRAI", "GS1-Digital-Link"):
            found = check(system, vector["value"]).findings[0]
            whole = vector["value"][:-1] + found.expected
            assert whole in found.hint.zh
            assert whole in found.hint.en
            assert check(system, whole).valid
            mended += 1
    assert mended == 16


def test_only_the_verdicts_of_standards_not_read_are_provisional(vectors):
    for system, vector in vectors:
        verdict = check(system, vector["value"])
        assert verdict.provisional == (system in PROVISIONAL)
        assert ("provisional" in [f.reason for f in verdict.findings]) == (system in PROVISIONAL)


@pytest.mark.parametrize("system", ["gtin-13", "GTIN-13", "Gtin-13"])
def test_the_name_of_a_system_may_be_typed_in_any_capitals(system):
    verdict = check(system, "6909607236611")
    assert (verdict.system, verdict.valid) == ("GTIN-13", True)
