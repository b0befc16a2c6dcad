"""PTB's 14 patterns: ours against SaxonC running theirs, on the samples and on a mutant for every assert and report."""

import re
from dataclasses import replace

import pytest
from tests.formats.dcc_samples import (
    NS,
    SAMPLES,
    certificate_with,
    expanded,
    expanded_list,
    quantity,
    real,
    real_list,
    reference,
    sample,
)
from tests.formats.made_up_content import made_up
from tests.formats.ptb_schematron import place_of, ptb_failures
from tests.formats.sample_content import sample_content

from jialiang.formats.dcc.rules.catalogue import code_set, rules
from jialiang.formats.dcc.rules.checking import check_rules
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.xml.parsing import parse_xml
from jialiang.formats.xml.places import Places


def theirs(tree, oracles):
    """Pairs (pattern, path) that PTB's Schematron finds."""
    places, found = Places(), set()
    for failure in ptb_failures(tree, oracles):
        element, attribute = place_of(failure, tree)
        found.add((failure.pattern, places.path(element, attribute)))
    return found


def ours(tree):
    """Pairs (pattern, path) that our rules find, of those that answer one of PTB's patterns."""
    found = set()
    for finding in check_rules(tree):
        pattern, path = rules()[finding.rule].ptb, finding.path
        # PTB reports a text in an undeclared language at the text, ours at its attribute.
        path = path.removesuffix("/@lang") if finding.rule == "DCC-LANGUAGE-UNDECLARED" else path
        if pattern:
            found.add((pattern, path))
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_our_rules_agree_with_ptb_on_a_sample(oracles, name):
    tree = parse_xml(sample(oracles, name))
    assert ours(tree) == theirs(tree, oracles)


LIST = "<dcc:list>{}</dcc:list>"
METRE = "\\metre"
USED = "<dcc:usedMethods><dcc:usedMethod><dcc:name><dcc:content>Comparison</dcc:content></dcc:name></dcc:usedMethod>"
BASE = certificate_with(LIST.format(quantity(real("1.0", METRE)) + quantity(real("2.0", METRE)))).decode()
ALONE = certificate_with(quantity(real("1.0", METRE))).decode()


def without(text, start, end):
    """The text without what stands from ``start`` to ``end``."""
    before, _, rest = text.partition(start)
    assert rest, start
    return before + rest.partition(end)[2]


def relative(u="0.5", k="2", single="0.5"):
    inner = f"<dcc:relativeUncertainty><si:value>{single}</si:value><si:unit>\\one</si:unit></dcc:relativeUncertainty>"
    return f"<dcc:relativeUncertainty>{inner}</dcc:relativeUncertainty>"


def relative_list(values="0.5"):
    inner = f"<si:valueXMLList>{values}</si:valueXMLList><si:unitXMLList>\\one</si:unitXMLList>"
    return (
        f"<dcc:relativeUncertainty><dcc:relativeUncertaintyXmlList>{inner}</dcc:relativeUncertaintyXmlList>"
        "</dcc:relativeUncertainty>"
    )


def hybrid_with(unit):
    return quantity(f"<si:hybrid>{real('1', METRE)}{real('1', unit)}</si:hybrid>")


def statement(inside):
    return f"<dcc:statement>{inside}</dcc:statement>"


DEFINITION = "<dcc:nonSIDefinition>a foot</dcc:nonSIDefinition>"
UNIT = "<dcc:nonSIUnit>|foot</dcc:nonSIUnit>"
TEXT = "<dcc:content>Results</dcc:content>"
# name of the mutant: (document, number of the pattern that must speak)
MUTANTS = {
    "no methods for a list": (without(BASE, "<dcc:usedMethods>", "</dcc:usedMethods>"), 1),
    "no methods for a lone quantity": (without(ALONE, "<dcc:usedMethods>", "</dcc:usedMethods>"), 1),
    "no software for a list": (without(BASE, "<dcc:usedSoftware>", "</dcc:usedSoftware>"), 2),
    "no software for a lone quantity": (without(ALONE, "<dcc:usedSoftware>", "</dcc:usedSoftware>"), 2),
    "no conditions for a list": (without(BASE, "<dcc:influenceConditions>", "</dcc:influenceConditions>"), 3),
    "no conditions for a quantity": (without(ALONE, "<dcc:influenceConditions>", "</dcc:influenceConditions>"), 3),
    "older version": (BASE.replace('schemaVersion="3.3.0"', 'schemaVersion="3.2.1"'), 4),
    "id that nothing names": (BASE.replace("<dcc:list>", '<dcc:list id="alone">'), 5),
    "refId that names nothing": (BASE.replace('refId="item1"', 'refId="item2"'), 5),
    "text in an undeclared language": (BASE.replace(TEXT, '<dcc:content lang="fr">Résultats</dcc:content>'), 6),
    "text in one of two languages": (BASE.replace(TEXT, '<dcc:content lang="en">Results</dcc:content>'), 6),
    "text twice in one language": (
        BASE.replace(TEXT, '<dcc:content lang="en">R</dcc:content><dcc:content lang="en">S</dcc:content>'), 6),
    "three texts in two languages": (
        BASE.replace(TEXT, '<dcc:content lang="en">R</dcc:content><dcc:content lang="zh">S</dcc:content>'
                     '<dcc:content lang="zh">T</dcc:content>'), 6),
    "text without a language, far from a name": (
        certificate_with(quantity("<dcc:noQuantity><dcc:content>x</dcc:content></dcc:noQuantity>", "")).decode(), 6),
    "end before begin": (BASE.replace("2026-03-02", "2026-02-28"), 7),
    "release of words": (BASE.replace("v2.1", "second edition"), 8),
    "release of digits only": (BASE.replace("v2.1", "2.1"), 8),
    "language code that does not exist": (BASE.replace("ISO639_1>en<", "ISO639_1>xx<"), 9),
    "mandatory language code that does not exist": (
        BASE.replace("<dcc:mandatoryLangCodeISO639_1>zh", "<dcc:mandatoryLangCodeISO639_1>qq"), 9),
    "country that does not exist": (BASE.replace("3166_1>CN<", "3166_1>XX<"), 9),
    "relative without expanded uncertainty": (
        certificate_with(quantity(real("1", METRE), after=relative())).decode(), 10),
    "relative list without expanded uncertainty": (
        certificate_with(quantity(real_list("1 2", METRE), after=relative_list())).decode(), 10),
    "relative list with a single value": (
        certificate_with(quantity(real("1", METRE, expanded()), after=relative_list())).decode(), 10),
    "relative single with a list": (
        certificate_with(quantity(real_list("1 2", METRE, expanded_list()), after=relative())).decode(), 10),
    "relative uncertainty miscalculated": (
        certificate_with(quantity(real("2", METRE, expanded("1")), after=relative(single="0.7"))).decode(), 10),
    "too few relative uncertainties": (
        certificate_with(quantity(real_list("1 2 4", METRE, expanded_list("1")), after=relative_list("1 0.5"))
                         ).decode(), 10),
    "too few expanded uncertainties": (
        certificate_with(quantity(real_list("1 2 3", METRE, expanded_list("0.1 0.2")))).decode(), 10),
    "blank in a unit": (certificate_with(quantity(real("1", "\\kilo \\metre"))).decode(), 11),
    "too many units": (certificate_with(quantity(real_list("1 2 3", "\\metre \\metre"))).decode(), 11),
    "undeclared unit outside the SI": (certificate_with(hybrid_with("|foot")).decode(), 12),
    "unit outside the SI without definition": (certificate_with(statements=statement(UNIT)).decode(), 12),
    "definition without a unit outside the SI": (certificate_with(statements=statement(DEFINITION)).decode(), 12),
    "language declared twice": (BASE.replace("ISO639_1>en<", "ISO639_1>zh<"), 13),
    "two blanks in a list": (certificate_with(quantity(real_list("1  2", METRE))).decode(), 14),
    "blank before a list": (certificate_with(quantity(real_list(" 1 2", METRE))).decode(), 14),
    "blank before a list of uncertainties": (
        certificate_with(quantity(real_list("1 2", METRE, expanded_list(" 0.1", "2", "0.95")))).decode(), 14),
    "two blanks in a refType": (BASE.replace("<dcc:list>", '<dcc:list refType="a  b">'), 14),
    "blank after a refId": (BASE.replace('refId="item1"', 'refId="item1 "'), 14),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_our_rules_agree_with_ptb_on_a_mutant(oracles, name):
    document, pattern = MUTANTS[name]
    tree = parse_xml(document.encode())
    found = ours(tree)
    assert pattern in {number for number, _ in found}
    assert found == theirs(tree, oracles)


def test_the_mutants_reach_every_pattern():
    assert {pattern for _, pattern in MUTANTS.values()} == set(range(1, 15))
    assert {rule.ptb for rule in rules().values()} == set(range(15))


@pytest.mark.parametrize("document", [BASE, ALONE], ids=["list", "alone"])
def test_what_the_mutants_are_made_of_has_nothing_against_it(oracles, document):
    tree = parse_xml(document.encode())
    assert ours(tree) == theirs(tree, oracles) == set()


def test_declared_units_outside_the_si_are_right_for_both(oracles):
    made = certificate_with(hybrid_with("|foot"), statements=statement(DEFINITION + UNIT))
    tree = parse_xml(made)
    assert ours(tree) == theirs(tree, oracles) == set()


# --- where ours knowingly differs, because PTB's test says something else than its words --------------------------


def test_units_that_differ_are_not_called_redundant(oracles):
    """PTB's test compares each unit with the list that it is in, so it always holds; ours asks if all are the same."""
    differing = parse_xml(certificate_with(quantity(real_list("1 2", "\\metre \\kilo\\metre"))))
    assert {pattern for pattern, _ in theirs(differing, oracles)} == {11}
    assert ours(differing) == set()
    same = parse_xml(certificate_with(quantity(real_list("1 2", "\\metre \\metre"))))
    assert ours(same) == theirs(same, oracles)
    assert {finding.rule for finding in check_rules(same)} == {"DCC-UNIT-LIST-REDUNDANT"}


def test_uncertainties_of_d_si_2_2_count_as_expanded(oracles):
    """PTB looks for the older name expandedUnc alone."""
    new = (
        "<si:measurementUncertaintyUnivariate><si:expandedMU><si:valueExpandedMU>1</si:valueExpandedMU>"
        "<si:coverageFactor>2</si:coverageFactor><si:coverageProbability>0.95</si:coverageProbability>"
        "</si:expandedMU></si:measurementUncertaintyUnivariate>"
    )
    tree = parse_xml(certificate_with(quantity(real("2", METRE, new), after=relative(single="0.5"))))
    assert 10 in {pattern for pattern, _ in theirs(tree, oracles)}
    assert ours(tree) == set()


def test_every_id_of_a_ref_id_has_to_be_there(oracles):
    """For PTB one that is there is enough; for the schema (IDREFS) it is not."""
    tree = parse_xml(BASE.replace('refId="item1"', 'refId="item1 gone"').encode())
    assert theirs(tree, oracles) == set()
    assert {finding.rule for finding in check_rules(tree)} == {"DCC-REFID-UNRESOLVED"}


def test_the_name_of_a_single_relative_uncertainty_is_that_of_the_schema(oracles):
    """PTB's test says relativeUncertainty where the schema has relativeUncertaintySingle; ours reads both."""
    made = certificate_with(quantity(real("2", METRE, expanded("1")), after=relative(single="0.7"))).decode()
    made = made.replace("<dcc:relativeUncertainty><dcc:relativeUncertainty>",
                        "<dcc:relativeUncertainty><dcc:relativeUncertaintySingle>")  # fmt: skip
    made = made.replace("</dcc:relativeUncertainty></dcc:relativeUncertainty>",
                        "</dcc:relativeUncertaintySingle></dcc:relativeUncertainty>")  # fmt: skip
    tree = parse_xml(made.encode())
    assert theirs(tree, oracles) == set()
    assert "DCC-RELATIVE-WRONG" in {finding.rule for finding in check_rules(tree)}


def test_methods_declared_beside_the_measurement_results_count(oracles):
    """Since 3.3.0 what all measurement results share may stand beside them; PTB does not look there."""
    moved = without(BASE, "<dcc:usedMethods>", "</dcc:usedMethods>")
    moved = moved.replace("<dcc:measurementResults>", f"<dcc:measurementResults>{USED}</dcc:usedMethods>")
    tree = parse_xml(moved.encode())
    assert {pattern for pattern, _ in theirs(tree, oracles)} == {1}
    assert ours(tree) == set()


def test_our_code_lists_hold_those_of_ptb(oracles):
    text = (oracles / "dcc" / "schema" / "schematron" / "dcc.sch").read_text(encoding="utf-8")
    codes = set(re.findall(r"'([a-z]{2})'", text))
    assert codes == code_set("languages")
    countries = set(re.findall(r"'([A-Z]{2})'", text))
    # PTB's list lacks some countries of ISO 3166-1; it has none that ours lacks.
    assert countries < code_set("countries")
    assert {"AF", "AL", "DZ"} <= code_set("countries") - countries


# --- what we issue ------------------------------------------------------------------------------------------------


DATES = {"receipt_date": "2026-06-10", "begin_date": "2026-06-15", "end_date": "2026-06-15",
         "issue_date": "2026-06-16", "due_date": "2027-06-14"}  # fmt: skip
# Chance also leaves methods out, measures temperatures in volts and uses expired standards; that is rightly said.
CHANCE = {"DCC-ERROR-INCONSISTENT", "DCC-COVERAGE-IMPLAUSIBLE", "DCC-UNCERTAINTY-NOT-POSITIVE", "DCC-UNIT-UNFIT",
          "DCC-METHODS-MISSING", "DCC-STANDARD-OUT-OF-VALIDITY"}  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_whatever_we_issue_has_nothing_against_it(oracles, seed):
    """Made-up certificates: any shape; only what they say, being chance, need not make sense."""
    in_order = replace(made_up(seed), **DATES)
    tree = parse_xml(dcc_xml(in_order))
    assert [failure for failure in ptb_failures(tree, oracles) if failure.is_assert] == []
    assert {f.rule for f in check_rules(tree) if f.severity != "hint"} <= CHANCE


def test_the_sample_certificate_has_nothing_against_it(oracles):
    tree = parse_xml(dcc_xml(sample_content()))
    assert [failure for failure in ptb_failures(tree, oracles) if failure.is_assert] == []
    assert [f.rule for f in check_rules(tree) if f.severity != "hint"] == []
    assert tree.xpath("count(//dcc:quantity)", namespaces=NS) > 0


def test_a_reference_of_paper_is_no_fault(oracles):
    tree = parse_xml(certificate_with(equipment=reference("C-1", "analogue", "analogue")))
    assert ours(tree) == theirs(tree, oracles) == set()
