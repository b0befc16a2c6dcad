"""Each rule of our own: what breaks it, what does not, where it is found, and in which words."""

import json
import subprocess
import sys
import textwrap
import time
from datetime import date
from fractions import Fraction

import pytest
from tests.formats.dcc_samples import (
    NS,
    SAMPLES,
    certificate_with,
    changed,
    expanded,
    expanded_list,
    quantity,
    real,
    real_list,
    reference,
    sample,
)

from jialiang.formats.dcc.digests import Procedure, digest_bytes, digest_of, procedure_of
from jialiang.formats.dcc.rules.catalogue import code_set, codes, rules
from jialiang.formats.dcc.rules.checking import CHECKS, LIMIT, check_dsi_rules, check_numbers, check_rules
from jialiang.formats.dcc.rules.numbers import (
    agreement,
    digits_of,
    is_number,
    known_unit,
    last_digit,
    number_of,
    shown,
)
from jialiang.formats.xml.parsing import parse_xml

METRE, KELVIN, CELSIUS = "\\metre", "\\kelvin", "\\degreecelsius"


def found(document, today=None):
    """The ids of the rules that a document breaks, hints about completeness apart."""
    tree = parse_xml(document if isinstance(document, bytes) else document.encode())
    return [f.rule.removeprefix("DCC-") for f in check_rules(tree, today)]


def finding(document, rule, today=None):
    """The one finding of a rule."""
    tree = parse_xml(document if isinstance(document, bytes) else document.encode())
    (only,) = [f for f in check_rules(tree, today) if f.rule == f"DCC-{rule}"]
    return only


def one(value, unit=METRE, uncertainty="", **more):
    """A certificate of one quantity."""
    return certificate_with(quantity(real(value, unit, uncertainty), **more))


def test_a_good_certificate_breaks_no_rule():
    assert found(certificate_with(quantity(real("1.000", METRE, expanded("0.002", "2", "0.95"))))) == []


def test_every_rule_has_words_in_both_languages_and_a_page():
    for id_, rule in rules().items():
        assert id_.startswith("DCC-")
        assert rule.severity in ("error", "warning", "hint")
        for text in (rule.title, rule.text, rule.why):
            assert text.zh
            assert text.en
        assert 0 <= rule.ptb <= 14


def test_findings_say_line_path_and_facts_in_both_languages():
    made = finding(one("1", METRE, expanded("-0.1")), "UNCERTAINTY-NOT-POSITIVE")
    assert made.severity == "error"
    assert made.path.endswith("/si:real[1]/si:expandedUnc[1]/si:uncertainty[1]")
    assert "-0.1" in made.text.zh
    assert "-0.1" in made.text.en
    assert "2" in made.text.en
    tree = parse_xml(one("1", METRE, expanded("-0.1")))
    (element,) = tree.xpath(made.path, namespaces=NS)
    assert element.sourceline == made.line
    assert made.to_json()["text"] == {"zh": made.text.zh, "en": made.text.en}


# --- numbers and uncertainties ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["1", "-1", "+1.5", ".5", "5.", "1e10", "1E-7", "NaN", "0012.500", "1e999999999"]
)
def test_numbers_of_d_si_are_read(text):
    assert is_number(text)


@pytest.mark.parametrize(
    "text", ["1,5", "\u22121", "1 000", "INF", "0x1", "1e", "", ".", "１", "1.2.3", "nan", "--1"]
)
def test_what_is_no_number_is_said(text):
    assert not is_number(text)


@pytest.mark.parametrize(("text", "advice"), [("1,5", "→ 1.5"), ("\u22120.5", "→ -0.5"), ("－3", "→ -3")])
def test_a_decimal_comma_or_a_typographic_minus_gets_advice(text, advice):
    made = finding(one(text), "NUMBER-UNREADABLE")
    assert made.severity == "error"
    assert advice in made.text.en
    assert advice in made.text.zh


@pytest.mark.parametrize("text", ["abc", "1.234,56", "", "1e"])
def test_other_nonsense_gets_none(text):
    assert "→" not in finding(one(text), "NUMBER-UNREADABLE").text.en


def test_unreadable_numbers_of_uncertainties_and_lists_are_found():
    assert found(one("1", METRE, expanded("0,1"))) == ["NUMBER-UNREADABLE"]
    assert found(certificate_with(quantity(real_list("1 2,5 3", METRE)))) == ["NUMBER-UNREADABLE"]


@pytest.mark.parametrize("u", ["0", "0.000", "-0.1", "0e5"])
def test_an_expanded_uncertainty_is_above_zero(u):
    assert found(one("1", METRE, expanded(u))) == ["UNCERTAINTY-NOT-POSITIVE"]


@pytest.mark.parametrize(("value", "u"), [("0.001", "0.5"), ("0", "0.1"), ("-0.002", "0.3")])
def test_an_uncertainty_larger_than_the_value_is_no_fault(value, u):
    """Errors and corrections lie near zero."""
    assert found(one(value, METRE, expanded(u))) == []


def test_nan_in_a_list_of_uncertainties_is_no_fault():
    assert found(certificate_with(quantity(real_list("1 NaN", METRE, expanded_list("0.1 NaN"))))) == []


def standard(u):
    return (
        "<si:measurementUncertaintyUnivariate><si:standardMU><si:valueStandardMU>"
        f"{u}</si:valueStandardMU></si:standardMU></si:measurementUncertaintyUnivariate>"
    )


def test_standard_uncertainties_are_not_negative_and_hardly_zero():
    assert found(one("1", METRE, standard("-0.1"))) == ["STANDARD-UNCERTAINTY-NEGATIVE"]
    assert found(one("1", METRE, standard("0"))) == ["STANDARD-UNCERTAINTY-ZERO"]
    assert found(one("1", METRE, standard("0.1"))) == []


def test_an_exact_constant_may_have_no_uncertainty():
    inside = "<si:value>1</si:value><si:unit>\\one</si:unit><si:uncertainty>0</si:uncertainty>"
    constant = f"<si:constant>{inside}</si:constant>"
    assert found(certificate_with(quantity(constant))) == []


# k for p from JCGM 100:2008, table G.1 (normal): 95 % 1.960, 95.45 % 2, 99 % 2.576, 99.73 % 3.
NORMAL = [("1.96", "0.95"), ("2", "0.95"), ("2.00", "0.9545"), ("2.576", "0.99"), ("3", "0.9973"), ("1.645", "0.90"),
          ("2.87", "0.95"), ("1", "0.6827")]  # fmt: skip


@pytest.mark.parametrize(("k", "p"), NORMAL)
def test_coverage_factors_of_the_normal_and_of_student_are_plausible(k, p):
    assert found(one("1", METRE, expanded("0.1", k, p))) == []


@pytest.mark.parametrize(
    ("k", "p"), [("2", "0.99"), ("1", "0.95"), ("2", "0.9973"), ("5", "0.95"), ("9", "0.90")]
)
def test_a_factor_that_does_not_fit_its_probability_is_said(k, p):
    made = finding(one("1", METRE, expanded("0.1", k, p)), "COVERAGE-IMPLAUSIBLE")
    assert made.severity == "warning"
    assert f"k = {k}" in made.text.en


def test_the_factor_of_a_rectangular_distribution_is_smaller():
    """k = √3 · 0.95 = 1.65 for 95 % of a rectangular distribution (JCGM 100:2008, G.1.3, 4.3.7)."""
    assert found(one("1", METRE, expanded("0.1", "1.65", "0.95", "rectangular"))) == []
    assert found(one("1", METRE, expanded("0.1", "1.65", "0.95", "normal"))) == ["COVERAGE-IMPLAUSIBLE"]


def test_a_probability_of_one_or_nonsense_is_not_judged():
    assert found(one("1", METRE, expanded("0.1", "2", "1"))) == []


def interval(low, high):
    return (
        f"<si:coverageInterval><si:standardUnc>0.1</si:standardUnc><si:intervalMin>{low}</si:intervalMin>"
        f"<si:intervalMax>{high}</si:intervalMax><si:coverageProbability>0.95</si:coverageProbability>"
        "</si:coverageInterval>"
    )


def test_coverage_intervals_hold_their_value_the_right_way_round():
    assert found(one("1", METRE, interval("0.8", "1.2"))) == []
    assert found(one("1", METRE, interval("1.2", "0.8"))) == ["INTERVAL-REVERSED"]
    assert found(one("2", METRE, interval("0.8", "1.2"))) == ["VALUE-OUTSIDE-INTERVAL"]


@pytest.mark.parametrize(
    ("after", "rule"),
    [
        (expanded_list("0.1 0.2"), "UNCERTAINTY-LENGTH"),
        (expanded_list("0.1", "2 2"), "LIST-LENGTH"),
        (expanded_list("0.1", "2", "0.95 0.95"), "LIST-LENGTH"),
        ("<si:dateTimeXMLList>2026-03-01T00:00:00Z 2026-03-01T01:00:00Z</si:dateTimeXMLList>", "LIST-LENGTH"),
    ],
)
def test_lists_are_as_long_as_the_values_or_have_one_entry(after, rule):
    assert found(certificate_with(quantity(real_list("1 2 3", METRE, after)))) == [rule]


def test_one_entry_or_one_each_is_right():
    assert (
        found(certificate_with(quantity(real_list("1 2 3", METRE, expanded_list("0.1 0.2 0.3", "2 2 2")))))
        == []
    )
    assert found(certificate_with(quantity(real_list("1 2 3", METRE, expanded_list("0.1"))))) == []


def relative(stated, unit="\\one"):
    return (
        f"<dcc:relativeUncertainty><dcc:relativeUncertaintySingle><si:value>{stated}</si:value>"
        f"<si:unit>{unit}</si:unit></dcc:relativeUncertaintySingle></dcc:relativeUncertainty>"
    )


@pytest.mark.parametrize(
    ("stated", "unit"), [("0.033", "\\one"), ("0.0333", "\\one"), ("3.3", "\\percent"), ("0.034", "\\one")]
)
def test_a_relative_uncertainty_may_be_rounded(stated, unit):
    """0.1 / 3 = 0.0333…; rounded, and rounded up."""
    assert found(one("3", METRE, expanded("0.1"), after=relative(stated, unit))) == []


@pytest.mark.parametrize(
    ("stated", "unit"),
    [("0.33", "\\one"), ("0.0333", "\\percent"), ("0.04", "\\percent"), ("0.035", "\\one")],
)
def test_a_wrong_relative_uncertainty_is_calculated_anew(stated, unit):
    made = finding(one("3", METRE, expanded("0.1"), after=relative(stated, unit)), "RELATIVE-WRONG")
    assert ("3.333333333" in made.text.en) == (unit == "\\percent")


def test_a_value_of_zero_has_no_relative_uncertainty_to_calculate():
    assert found(one("0", METRE, expanded("0.1"), after=relative("0.1"))) == []


# --- units --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "suggestion"),
    [("\\degreeCelsius", "\\degreecelsius"), ("\\meter", "\\metre"), ("mm", "\\milli\\metre")],
)
def test_a_unit_that_is_none_gets_a_suggestion(unit, suggestion):
    made = finding(one("1", unit), "UNIT-UNKNOWN")
    assert made.severity == "warning"
    assert suggestion in made.text.en


@pytest.mark.parametrize("unit", ["\\decibel", "|mmHg", "\\kilogram\\metre\\tothe{-3}", "\\one", "\\percent"])
def test_units_of_d_si_and_declared_ones_are_known(unit):
    assert found(one("1", unit)) == []


def test_many_wrong_units_do_not_take_long():
    many = "".join(quantity(real("1", f"\\metr{chr(97 + n % 26)}{chr(97 + n // 26)}e")) for n in range(500))
    start = time.perf_counter()
    assert found(certificate_with(many)).count("UNIT-UNKNOWN") == 500
    assert time.perf_counter() - start < 10


def hybrid(*pairs):
    return certificate_with(quantity("<si:hybrid>" + "".join(real(*pair) for pair in pairs) + "</si:hybrid>"))


@pytest.mark.parametrize(
    "pairs",
    [
        [("293.15", KELVIN), ("20.00", CELSIUS)],
        [("293.2", KELVIN), ("20.0", CELSIUS)],  # rounded to a tenth
        [("0.05", KELVIN), ("0.05", CELSIUS)],  # a difference of temperatures
        [("0.455", "\\one"), ("45.5", "\\percent")],
        [("1", METRE), ("1000", "\\milli\\metre"), ("100", "\\centi\\metre")],
    ],
)
def test_writings_of_a_hybrid_that_agree(pairs):
    assert found(hybrid(*pairs)) == []


@pytest.mark.parametrize(
    "pairs",
    [
        [("293.15", CELSIUS), ("20.00", KELVIN)],  # the units are swapped
        [("293.15", KELVIN), ("21.00", CELSIUS)],
        [("1", METRE), ("1", "\\second")],
        [("0.455", "\\percent"), ("45.5", "\\one")],
        [("1.000", METRE), ("1001", "\\milli\\metre"), ("1005", "\\milli\\metre")],
    ],
)
def test_writings_of_a_hybrid_that_disagree(pairs):
    assert set(found(hybrid(*pairs))) == {"HYBRID-INCONSISTENT"}


def test_a_hybrid_of_lists_says_the_row():
    lists = real_list("293.15 303.15", KELVIN) + real_list("20.00 31.00", CELSIUS)
    made = finding(certificate_with(quantity(f"<si:hybrid>{lists}</si:hybrid>")), "HYBRID-INCONSISTENT")
    assert "Value 2: 303.15" in made.text.en


@pytest.mark.parametrize(
    ("ref_type", "unit"), [("basic_temperature", "\\pascal"), ("basic_humidityRelativeMin", KELVIN)]
)
def test_a_unit_that_does_not_fit_the_quantity_is_said(ref_type, unit):
    assert found(one("1", unit, attributes=f'refType="{ref_type}"')) == ["UNIT-UNFIT"]


def test_a_unit_that_fits_is_fine():
    assert found(one("20", CELSIUS, attributes='refType="basic_temperature"')) == []


def comparison(measured, reference_value, error, unit=KELVIN, error_unit=KELVIN):
    def column(ref_type, values, of):
        return quantity(real_list(values, of), attributes=f'refType="{ref_type}"')

    return certificate_with(
        "<dcc:list>"
        + column("basic_measuredValue", measured, unit)
        + column("basic_referenceValue", reference_value, unit)
        + column("basic_measurementError", error, error_unit)
        + "</dcc:list>"
    )


def test_an_error_is_indication_minus_reference():
    assert found(comparison("306.35 373.45", "306.25 373.30", "0.10 0.15")) == []
    assert found(comparison("20.10 30.15", "20.00 30.00", "0.10 0.15", CELSIUS)) == []
    assert found(comparison("1.001 2.002", "1.000 2.000", "1 2", "\\volt", "\\milli\\volt")) == []


@pytest.mark.parametrize(
    "parts",
    [
        ("306.35 373.45", "306.25 373.30", "-0.10 -0.15", KELVIN, KELVIN),  # the sign
        ("306.35 373.45", "306.25 373.30", "0.10 0.51", KELVIN, KELVIN),  # digits swapped
        ("1.001 2.002", "1.000 2.000", "1 2", "\\volt", "\\volt"),  # the unit
    ],
)
def test_an_error_that_does_not_follow_is_said(parts):
    assert found(comparison(*parts)) == ["ERROR-INCONSISTENT"]


def test_a_relative_error_is_not_compared():
    assert found(comparison("1.01", "1.00", "1.0", "\\volt", "\\percent")) == []


def test_numbers_in_two_units_agree_within_one_unit_of_their_last_digits():
    agree = agreement(known_unit("\\milli\\metre"), known_unit(METRE), difference=False)
    assert agree(digits_of("1.20"), digits_of("0.0012"))
    assert not agree(digits_of("1.20"), digits_of("0.00130"))
    assert last_digit(number_of("1.20")) == Fraction(1, 100)
    assert number_of("1e999999999") is None
    assert number_of("NaN") is None
    assert known_unit("\\" + "a" * 300) is None
    assert shown(Fraction(1, 3)) == "0.3333333333"


# --- administration -----------------------------------------------------------------------------------------------


def with_dates(**dates):
    text = certificate_with().decode()
    if "receipt" in dates:
        text = text.replace(
            "<dcc:beginPerf", f"<dcc:receiptDate>{dates['receipt']}</dcc:receiptDate><dcc:beginPerf", 1
        )
    if "issue" in dates:
        text = text.replace(
            "</dcc:coreData>", f"<dcc:issueDate>{dates['issue']}</dcc:issueDate></dcc:coreData>"
        )
    return text


def test_dates_follow_one_another():
    assert found(with_dates(receipt="2026-02-20", issue="2026-03-05")) == []
    assert found(with_dates(receipt="2026-03-02")) == ["DATE-ORDER"]
    assert found(with_dates(issue="2026-03-01")) == ["DATE-ORDER"]


def test_a_date_in_the_future_is_an_error_for_those_who_know_the_day():
    assert found(certificate_with()) == []
    assert found(certificate_with(), date(2026, 3, 1)) == []  # tomorrow may be today elsewhere
    made = finding(certificate_with(), "DATE-IN-FUTURE", date(2026, 2, 28))
    assert made.severity == "error"
    assert "2026-03-02" in made.text.en


def test_recalibration_comes_after_the_work():
    statement = '<dcc:statement refType="basic_recalibration"><dcc:date>{}</dcc:date></dcc:statement>'
    assert found(certificate_with(statements=statement.format("2027-03-01"))) == []
    assert found(certificate_with(statements=statement.format("2025-03-01"))) == ["DATE-ORDER"]


def test_times_of_values_lie_within_the_work():
    when = "<si:dateTimeXMLList>{}</si:dateTimeXMLList>"
    inside = real_list("1", METRE, when.format("2026-03-01T09:00:00Z"))
    outside = real_list("1", METRE, when.format("2025-03-01T09:00:00Z"))
    assert found(certificate_with(quantity(inside))) == []
    assert found(certificate_with(quantity(outside))) == ["TIME-OUTSIDE-WORK"]


def test_what_is_no_date_is_left_to_the_structure():
    assert found(certificate_with().decode().replace("2026-03-02", "second of March")) == []


def test_laboratory_code_main_signer_and_replaced_certificate():
    text = certificate_with().decode()
    assert found(text.replace("<dcc:calibrationLaboratoryCode>L0</dcc:calibrationLaboratoryCode>", "")) == [
        "LABORATORY-CODE-MISSING"
    ]
    assert found(text.replace("<dcc:mainSigner>true</dcc:mainSigner>", "")) == ["SIGNER-MISSING"]
    replaced = (
        "<dcc:reportAmendedSubstituted><dcc:typeOfChange>amended</dcc:typeOfChange><dcc:replacedUniqueIdentifier>"
        "N-0</dcc:replacedUniqueIdentifier></dcc:reportAmendedSubstituted></dcc:coreData>"
    )
    made = finding(text.replace("</dcc:coreData>", replaced), "PREVIOUS-REPORT-MISSING")
    assert (made.severity, "N-0" in made.text.en) == ("hint", True)


@pytest.mark.parametrize(
    ("procedure", "value", "expected"),
    [
        ("sha256", "ab" * 32, []),
        ("SHA-256", "AB:" * 31 + "AB", []),
        ("c14n-sha256", "q" * 43 + "=", []),
        ("http://www.w3.org/2001/04/xmlenc#sha256", "ab" * 32, []),
        ("analogue", "analogue", []),
        ("SHA3-256", "ab" * 32, []),
        ("sm3", "ab" * 32, []),
        ("md5", "ab" * 16, ["HASH-WEAK"]),
        ("SHA1", "ab" * 20, ["HASH-WEAK"]),
        ("hash", "ab" * 32, ["HASH-UNNAMED"]),
        ("sha256", "ab" * 31, ["DIGEST-MALFORMED"]),
        ("sha256", "-GP-Value-", ["DIGEST-MALFORMED"]),
    ],
)
def test_references_name_their_algorithm_and_a_digest_of_it(procedure, value, expected):
    assert found(certificate_with(equipment=reference("C-1", procedure, value))) == expected


def test_standards_are_valid_traceable_and_have_a_certificate():
    extra = "<dcc:inValidityRange>{}</dcc:inValidityRange><dcc:traceable>{}</dcc:traceable>"
    made = certificate_with(
        equipment=reference("C-7", "analogue", "analogue", extra.format("false", "false"))
    )
    assert found(made) == ["STANDARD-OUT-OF-VALIDITY", "STANDARD-NOT-TRACEABLE"]
    assert "C-7" in finding(made, "STANDARD-OUT-OF-VALIDITY").text.en
    assert (
        found(certificate_with(equipment=reference("C-7", "analogue", "analogue", extra.format("true", "1"))))
        == []
    )
    alone = reference("C-7", "analogue", "analogue")
    start, end = (
        alone.index("<dcc:certificate>"),
        alone.index("</dcc:certificate>") + len("</dcc:certificate>"),
    )
    assert found(certificate_with(equipment=alone[:start] + alone[end:])) == ["STANDARD-WITHOUT-CERTIFICATE"]


def test_ref_types_of_ptb_are_known_and_others_are_free():
    assert found(one("1", attributes='refType="basic_measuredValue gp_x own_thing"')) == []
    made = finding(one("1", attributes='refType="basic_arithmenticMean"'), "REFTYPE-UNKNOWN")
    assert (made.severity, "basic_arithmeticMean" in made.text.en) == ("hint", True)


def test_references_point_to_the_right_kind_of_thing():
    text = certificate_with(quantity(real("1", METRE), attributes='id="q1"')).decode()
    wrong = finding(text.replace('refId="item1"', 'refId="item1 q1"'), "REFID-KIND")
    assert "quantity" in wrong.text.en
    to_name = text.replace("<dcc:content>Table", '<dcc:content id="t">Table').replace('id="q1"', 'refId="t"')
    assert found(to_name) == ["REFID-KIND"]


def test_the_mandatory_language_is_a_used_one():
    text = certificate_with().decode()
    assert found(text.replace("mandatoryLangCodeISO639_1>zh", "mandatoryLangCodeISO639_1>de")) == [
        "MANDATORY-LANGUAGE-UNDECLARED"
    ]


def test_columns_are_even_and_conclusions_match():
    two = quantity(real_list("1 2 3", METRE)) + quantity(real_list("1 2", METRE))
    assert found(certificate_with(f"<dcc:list>{two}</dcc:list>")) == ["COLUMNS-UNEVEN"]
    constant = quantity(real_list("1 2 3", METRE)) + quantity(real("1", METRE))
    assert found(certificate_with(f"<dcc:list>{constant}</dcc:list>")) == []
    concluded = (
        "<dcc:measurementMetaData><dcc:metaData><dcc:conformityXMLList>pass pass</dcc:conformityXMLList>"
        "</dcc:metaData></dcc:measurementMetaData>"
    )
    assert found(certificate_with(quantity(real_list("1 2 3", METRE), after=concluded))) == [
        "CONFORMITY-LENGTH"
    ]


# --- several files, many findings, other documents ----------------------------------------------------------------


def test_one_number_with_other_results_is_told_but_no_fault_of_either_file():
    first, copy = parse_xml(one("1", METRE)), parse_xml(one("1", METRE))
    other = parse_xml(one("2", METRE))
    assert check_numbers([("a", first), ("b", copy)]) == {}
    made = check_numbers([("a", first), ("b", copy), ("c", other)])
    assert list(made) == ["c"]
    assert (made["c"].severity, made["c"].rule) == ("warning", "DCC-NUMBER-REUSED")
    assert "N-1" in made["c"].text.en


def test_a_document_with_thousands_of_faults_gives_a_list_that_ends():
    many = quantity(real("1,5", "\\nothing")) * 1500
    made = check_rules(parse_xml(certificate_with(many)))
    assert len(made) == LIMIT
    assert [f.line or 0 for f in made] == sorted(f.line or 0 for f in made)


def test_the_rules_of_d_si_need_no_certificate():
    wrong = real("1,5", "\\meter", expanded("0"))
    xml = f'<x xmlns:si="https://ptb.de/si">{wrong}</x>'
    rules_found = {f.rule for f in check_dsi_rules(parse_xml(xml.encode()))}
    assert rules_found == {"DCC-NUMBER-UNREADABLE", "DCC-UNIT-UNKNOWN", "DCC-UNCERTAINTY-NOT-POSITIVE"}


@pytest.mark.parametrize("name", SAMPLES)
def test_real_samples_have_no_errors(oracles, name):
    made = check_rules(parse_xml(sample(oracles, name)), date(2026, 11, 21))
    assert [f.rule for f in made if f.severity == "error"] == []


U = "<si:uncertaintyXMLList>"
END = "<dcc:endPerformanceDate>"
SEMANTIC = {
    "unit swap": (("\\kelvin</si:unitXMLList>", "\\degreecelsius</si:unitXMLList>"), "DCC-HYBRID-INCONSISTENT"),
    "decimal comma": (("<si:value>306</si:value>", "<si:value>306,5</si:value>"), "DCC-NUMBER-UNREADABLE"),
    "typographic minus": (("<si:valueXMLList>-0.23", "<si:valueXMLList>\u22120.23"), "DCC-NUMBER-UNREADABLE"),
    "uncertainty of zero": ((f"{U}0.061", f"{U}0"), "DCC-UNCERTAINTY-NOT-POSITIVE"),
    "negative uncertainty": ((f"{U}0.061", f"{U}-0.061"), "DCC-UNCERTAINTY-NOT-POSITIVE"),
    "date in the future": ((f"{END}1957-08-13", f"{END}2057-08-13"), "DCC-DATE-IN-FUTURE"),
}  # fmt: skip


@pytest.mark.parametrize("attack", SEMANTIC)
def test_hostile_metrology_gives_an_error_with_its_place(oracles, attack):
    pair, rule = SEMANTIC[attack]
    tree = changed(oracles, "v3.3.0_gp_temperature_valid", pair)
    made = [f for f in check_rules(tree, date(2026, 11, 21)) if f.rule == rule]
    assert made
    assert made[0].severity == "error"
    assert made[0].line


def test_an_uncertainty_larger_than_its_value_stays_without_finding(oracles):
    tree = changed(
        oracles, "v3.3.0_gp_temperature_valid", ("<si:uncertaintyXMLList>0.061", "<si:uncertaintyXMLList>9.9")
    )
    before = check_rules(parse_xml(sample(oracles, "v3.3.0_gp_temperature_valid")))
    assert {f.rule for f in check_rules(tree)} == {f.rule for f in before}


# --- digests --------------------------------------------------------------------------------------------------------


def test_digests_are_recomputed_of_bytes_or_of_canonical_xml():
    """SHA-256 of “abc” is the vector of FIPS 180-4; canonical XML has no declaration and no blanks in tags."""
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest_of(b"abc", None, procedure_of("SHA-256")).hex() == expected
    tree = parse_xml(b'<?xml version="1.0"?><a  b="1" ></a>')
    canonical = digest_of(b"", tree, procedure_of("c14n-sha256"))
    assert canonical == digest_of(b'<a b="1"></a>', None, Procedure("sha256"))
    assert digest_of(b"abc", None, procedure_of("analogue")) is None
    assert digest_of(b"abc", None, procedure_of("c14n-sha256")) is None
    assert digest_of(b"abc", None, procedure_of("SHA3-256")).hex().startswith("3a985da74fe225b2")


def test_digests_are_read_in_hexadecimal_and_base64():
    sha256 = Procedure("sha256")
    assert digest_bytes("AB" * 32, sha256) == b"\xab" * 32
    assert digest_bytes("q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=", sha256) == b"\xab" * 32
    assert digest_bytes("zz" * 32, sha256) is None
    assert digest_bytes("", sha256) is None
    assert digest_bytes("anything", Procedure("")) is None or Procedure("").length == 0


def test_the_catalogue_is_complete():
    assert {"zh", "en", "de"} <= code_set("languages")
    assert {"CN", "DE", "US"} <= code_set("countries")
    assert len(code_set("countries")) == 249
    assert "basic_measurementError" in code_set("ref_types")
    assert set(codes()["dimensions"]) <= code_set("ref_types")
    assert len(CHECKS) == len(set(CHECKS))


# --- hostile files, in a process of little memory and little time ---------------------------------------------------

HOSTILE = {
    "xxe file": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    "xxe http": b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>',
    "parameter entity": b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/"> %p;]><x/>',
    "utf-16 doctype": '<!DOCTYPE x [<!ENTITY e "1">]><x>&e;</x>'.encode("utf-16"),
    "utf-7 doctype": b'<?xml version="1.0" encoding="UTF-7"?>+ADw-!DOCTYPE x+AD4-<x/>',
    "public doctype": b'<!DOCTYPE x PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://127.0.0.1:9/svg.dtd"><x/>',
    "quadratic": b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 50_000 + b'">]><x>' + b"&a;" * 50_000 + b"</x>",
    "xinclude behind a reference": b'<x xmlns:i="http://www.w3.org/2001/XInclud&#101;"><i:include href="x"/></x>',
    "instruction": b"<x><?php system('id')?></x>",
    "elements": b"<a>" + b"<b/>" * 1_000_000 + b"</a>",
    "xinclude": b'<x xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd"/></x>',
    "billion laughs": b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
    "depth": b"<a>" * 300_000,
    "attributes": b"<a " + b" ".join(b'a%d="1"' % n for n in range(1_000_000)) + b"/>",
    "namespaces": b"<a " + b" ".join(b'xmlns:a%d="u:%d"' % (n, n) for n in range(300_000)) + b"/>",
    "100 MB of text": b"<a>" + b"x" * 100_000_000 + b"</a>",
}
PROGRAM = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (512 * 2**20, 512 * 2**20))
resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
from pathlib import Path
from jialiang.assembly.cli import main
sys.exit(main(["dcc", "check", sys.argv[1], "--json"]))
"""


@pytest.mark.parametrize("attack", HOSTILE)
def test_hostile_xml_is_refused_with_a_located_error_in_little_memory_and_time(tmp_path, attack):
    file = tmp_path / "hostile.xml"
    file.write_bytes(HOSTILE[attack])
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), str(file)], capture_output=True, check=False
    )
    assert done.returncode == 2, done.stderr.decode()[-500:]
    (report,) = json.loads(done.stdout)
    assert report["valid"] is False
    (only,) = report["findings"]
    assert only["rule"].startswith(("JL-XML-", "JL-FIL-007" if attack == "100 MB of text" else "JL-XML-"))
    assert only["line"] == 1
    assert "root:" not in done.stdout.decode()


@pytest.mark.parametrize(
    "document",
    [
        b'<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"><xsl:template match="/">'
        b'<xsl:copy-of select="document(\'file:///etc/passwd\')"/></xsl:template></xsl:stylesheet>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>fetch("http://127.0.0.1:9/")</script></svg>',
        b"<html><body/></html>",
    ],
    ids=["stylesheet", "picture", "page"],
)
def test_what_is_no_certificate_is_not_run_but_named(tmp_path, document):
    file = tmp_path / "other.xml"
    file.write_bytes(document)
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), str(file)], capture_output=True, check=False
    )
    (report,) = json.loads(done.stdout)
    assert (done.returncode, report["valid"]) == (2, False)
    assert [(each["rule"], each["line"]) for each in report["findings"]] == [("JL-DCC-001", 1)]


HUGE = {
    "huge exponent": one("1e999999999", METRE, expanded("1e999999999")),
    "huge digits": one("9" * 100_000, METRE),
    "1e5 list values": certificate_with(
        quantity(real_list(" ".join(["1.5"] * 100_000), METRE, expanded_list("0.1")))
    ),
    "long unit": one("1", "\\kilo" * 20_000),
    "regex trap": one("1" * 50_000 + "x", "\\" + "a" * 50_000),
    "SVG with a script and a picture from outside": certificate_with(
        '<dcc:xml><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><script>x()</script>'
        '<image xlink:href="http://127.0.0.1:9/x.png"/></svg></dcc:xml>'
    ),
    "schema from outside": certificate_with().replace(
        b"schemaVersion=",
        b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        b'xsi:schemaLocation="https://ptb.de/dcc http://127.0.0.1:9/dcc.xsd" schemaVersion=',
    ),
    "long refType": one("1", attributes=f'refType="{"basic_a" * 10_000}"'),
}


@pytest.mark.parametrize("attack", HUGE)
def test_huge_content_is_checked_in_little_memory_and_time(tmp_path, attack):
    file = tmp_path / "huge.xml"
    file.write_bytes(HUGE[attack])
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), str(file)], capture_output=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr.decode()[-500:]


@pytest.mark.parametrize("trap", ["1" * 50_000 + "x", "." * 50_000, "1e" + "1" * 50_000 + "x", "-" * 50_000])
def test_no_number_is_a_trap_for_a_pattern(trap):
    start = time.perf_counter()
    assert not is_number(trap)
    assert number_of(trap) is None
    assert "UNIT-UNKNOWN" in found(one(trap[:20_000], "\\" + "a" * 50_000))
    assert time.perf_counter() - start < 2
