"""The rules of the DRMD: ours against SaxonC running the business rules, and our own by planted faults."""

import random
from datetime import date

import pytest
from lxml import etree
from tests.formats.drmd_samples import plain_xml, sample_xml
from tests.formats.ptb_schematron import drmd_failures, place_of
from tests.proofs.mutations import Mutator

from jialiang.formats.drmd.identifiers import why_not_cas
from jialiang.formats.drmd.names import CERTIFICATE, KINDS, SHEET
from jialiang.formats.drmd.rules import check_rules, rules
from jialiang.formats.findings import holds
from jialiang.formats.xml.parsing import parse_xml
from jialiang.formats.xml.places import Places

TODAY = date(2026, 6, 16)
BASE, PAGE = plain_xml(CERTIFICATE), plain_xml(SHEET)
OFFICIAL = {id_ for id_, rule in rules().items() if rule.role}


def ours(tree):
    """Pairs (rule, path), of those rules that the DRMD has."""
    return {(f.rule, f.path) for f in check_rules(tree) if f.rule in OFFICIAL}


def theirs(tree, oracles):
    """The same from the business rules."""
    places = Places()
    return {(id_, places.path(*place_of(failure, tree))) for id_, failure in drmd_failures(tree, oracles)}


def without(text, name):
    """A document without the first element of a name."""
    start = text.index(f"<{name}")
    return text[:start] + text[text.index(f"</{name}>", start) + len(name) + 3 :]


def edited(text, before, after):
    """A document with one text replaced, which has to be there."""
    assert before in text, before
    return text.replace(before, after, 1)


REAL = "<si:measurementUncertaintyUnivariate>"
QUANTITY = '<drmd:quantity xmlns:drmd="urn:drmd:schema" xmlns:si="https://ptb.de/si">{}</drmd:quantity>'
NUMBER = "<si:real><si:value>1</si:value><si:unit>\\one</si:unit></si:real>"
NUMBERS = (
    "<si:realListXMLList><si:valueXMLList>1 2</si:valueXMLList><si:unitXMLList>\\one</si:unitXMLList>"
    "</si:realListXMLList>"
)
KNOWN = NUMBER.replace(
    "</si:real>",
    "<si:measurementUncertaintyUnivariate><si:standardMU><si:valueStandardMU>1</si:valueStandardMU></si:standardMU>"
    "</si:measurementUncertaintyUnivariate></si:real>",
)
OLDER = NUMBER.replace(
    "</si:real>",
    "<si:expandedUnc><si:uncertainty>1</si:uncertainty><si:coverageFactor>2</si:coverageFactor>"
    "<si:coverageProbability>0.95</si:coverageProbability></si:expandedUnc></si:real>",
)


def alone(inside, text=BASE):
    """A document whose only certified value is a quantity that stands alone."""
    start, end = text.index("<drmd:list>"), text.index("</drmd:list>") + len("</drmd:list>")
    return text[:start] + QUANTITY.format(inside) + text[end:]


def listed(inside, text=BASE):
    """A document whose only certified value stands in a list."""
    return edited(alone("X", text), QUANTITY.format("X"), f"<drmd:list>{QUANTITY.format(inside)}</drmd:list>")


MUTANTS = {
    "DRMD-001": without(BASE, "drmd:titleOfTheDocument"),
    "DRMD-002": BASE.replace("drmd:material>", "drmd:stuff>"),
    "DRMD-003": BASE.replace("<drmd:properties ", "<drmd:stuff ").replace(
        "</drmd:properties>", "</drmd:stuff>"
    ),
    "DRMD-004": without(BASE, "drmd:intendedUse"),
    "DRMD-005": without(BASE, "drmd:storageInformation"),
    "DRMD-006": without(BASE, "drmd:instructionsForHandlingAndUse"),
    "DRMD-007": edited(
        edited(BASE, "<drmd:material>\n      <drmd:name>", "<drmd:material>\n      <drmd:label>"),
        "</drmd:name>\n      <drmd:description>",
        "</drmd:label>\n      <drmd:description>",
    ),
    "DRMD-008": without(BASE, "drmd:minimumSampleSize"),
    "DRMD-009": BASE.replace("drmd:result>", "drmd:outcome>"),
    "DRMD-010": without(BASE, "drmd:referenceMaterialProducer"),
    "DRMD-012": without(BASE, "drmd:validity"),
    "DRMD-013": without(BASE, "drmd:commutability"),
    "DRMD-014": without(BASE, "drmd:procedures"),
    "DRMD-015": without(BASE, "drmd:healthAndSafetyInformation"),
    "RMC-001": without(BASE, "drmd:metrologicalTraceability"),
    "RMC-002": edited(BASE, ' isCertified="true"', ""),
    "RMC-003": BASE.replace("drmd:results>", "drmd:outcomes>"),
    "RMC-005": without(BASE, "drmd:procedures"),
    "RMC-006": alone(NUMBER),
    "RMC-007": listed(NUMBER),
    "RMC-008": alone(NUMBERS),
    "RMC-009": alone(f"<si:hybrid>{KNOWN}{NUMBER}</si:hybrid>"),
    "RMC-010": without(BASE, "drmd:respPersons"),
    "RMC-011": without(BASE, "drmd:description"),
    "PIS-001": edited(PAGE, "<drmd:properties>", '<drmd:properties isCertified="true">'),
    "PIS-002": PAGE.replace("drmd:result>", "drmd:outcome>"),
    "PIS-003": edited(PAGE, "<drmd:properties>", '<drmd:properties isCertified="true">'),
    "PIS-005": without(PAGE, "drmd:description"),
}


def test_every_business_rule_has_a_mutant_and_words(oracles):
    text = (oracles / "dcoc" / "drmd" / "drmd-business-rules.sch").read_text(encoding="utf-8")
    schema = etree.fromstring(text.encode())
    asserts = {
        each.get("id"): each.get("role")
        for each in schema.iter("{http://purl.oclc.org/dsdl/schematron}assert")
    }
    assert set(MUTANTS) == set(asserts) == OFFICIAL
    assert {id_: rules()[id_].role for id_ in OFFICIAL} == asserts
    by_role = {"error": "error", "conditional-error": "warning", "warning": "hint"}
    assert all(rules()[id_].severity == by_role[role] for id_, role in asserts.items())


@pytest.mark.parametrize("rule", MUTANTS)
def test_our_rules_agree_with_the_business_rules_on_a_mutant(oracles, rule):
    tree = parse_xml(MUTANTS[rule].encode())
    found = ours(tree)
    assert rule in {id_ for id_, _ in found}
    assert found == theirs(tree, oracles)


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_mutants_are_made_of_has_nothing_against_it(oracles, kind):
    tree = parse_xml(plain_xml(kind).encode())
    assert ours(tree) == theirs(tree, oracles) == set()
    assert check_rules(tree, TODAY) == ()


@pytest.mark.parametrize("kind", KINDS)
def test_our_rules_agree_on_a_document_with_everything(oracles, kind):
    tree = parse_xml(sample_xml(kind))
    found = ours(tree)
    assert found == theirs(tree, oracles)
    # The second material of it has no minimum sample size.
    assert {id_ for id_, _ in found} == {"DRMD-008"}


@pytest.mark.parametrize("seed", range(120))
def test_our_rules_agree_on_documents_changed_by_chance(oracles, seed):
    chance = random.Random(seed)
    source = etree.fromstring(sample_xml(chance.choice(KINDS)))
    changed, names = Mutator(chance, [source]).mutated(source)
    if changed.tag != source.tag:
        return
    # Written and read again: what is compared is a file.
    tree = etree.ElementTree(etree.fromstring(etree.tostring(changed)))
    assert ours(tree) == theirs(tree, oracles), names


@pytest.mark.parametrize(
    "inside",
    [
        KNOWN,
        OLDER,
        f"<si:hybrid>{KNOWN}{OLDER}</si:hybrid>",
        "<dcc:noQuantity xmlns:dcc='https://ptb.de/dcc'/>",
        NUMBERS.replace("</si:realListXMLList>", "<si:expandedUncXMLList/></si:realListXMLList>"),
        f"{NUMBER}{KNOWN}",
    ],
)
@pytest.mark.parametrize("place", [alone, listed])
def test_values_with_an_uncertainty_are_right_for_both(oracles, inside, place):
    tree = parse_xml(place(inside).encode())
    assert ours(tree) == theirs(tree, oracles) == set()
    assert "DRMD-UNCERTAINTY-MISSING" not in {f.rule for f in check_rules(tree)}


def test_values_that_are_not_certified_need_no_uncertainty(oracles):
    for text in (edited(alone(NUMBER), ' isCertified="true"', ""), alone(NUMBER, PAGE)):
        tree = parse_xml(text.encode())
        assert not {id_ for id_, _ in ours(tree)} & {"RMC-006", "RMC-007", "RMC-008", "RMC-009"}
        assert ours(tree) == theirs(tree, oracles)


# --- our own ------------------------------------------------------------------------------------------------------

COMPLEX = "<si:complex><si:valueReal>1</si:valueReal><si:valueImag>0</si:valueImag><si:unit>x</si:unit></si:complex>"
DISPATCH = (
    "<drmd:timeAfterDispatch><drmd:dispatchDate>{}</drmd:dispatchDate><drmd:period>{}</drmd:period>"
    "</drmd:timeAfterDispatch>"
)
UNTIL = "<drmd:specificTime>2030-12-31</drmd:specificTime>"
PLANTED = {
    "another version": (
        edited(BASE, 'schemaVersion="1.0.0"', 'schemaVersion="2.0.0"'),
        "DRMD-VERSION-UNKNOWN",
        "hint",
    ),
    "no version": (edited(BASE, ' schemaVersion="1.0.0"', ""), "DRMD-VERSION-UNKNOWN", "hint"),
    "certified as a digit": (
        edited(BASE, 'Certified="true"', 'Certified="1"'),
        "DRMD-CERTIFIED-UNCLEAR",
        "warning",
    ),
    "certified with blanks": (
        edited(BASE, 'Certified="true"', 'Certified=" true"'),
        "DRMD-CERTIFIED-UNCLEAR",
        "warning",
    ),
    "hybrid in a list": (
        listed(f"<si:hybrid>{KNOWN}{NUMBER}</si:hybrid>"),
        "DRMD-UNCERTAINTY-MISSING",
        "error",
    ),
    "list in a list": (listed(NUMBERS), "DRMD-UNCERTAINTY-MISSING", "error"),
    "list in a hybrid": (alone(f"<si:hybrid>{NUMBERS}</si:hybrid>"), "DRMD-UNCERTAINTY-MISSING", "error"),
    "complex alone": (alone(COMPLEX), "DRMD-UNCERTAINTY-MISSING", "error"),
    "ended yesterday": (edited(BASE, "2030-12-31", "2026-06-15"), "DRMD-EXPIRED", "warning"),
    "ended after dispatch": (
        edited(BASE, UNTIL, DISPATCH.format("2025-06-15", "P1Y")),
        "DRMD-EXPIRED",
        "warning",
    ),
    "reference to nothing": (
        edited(BASE, "isCertified=", 'refId="gone" isCertified='),
        "DRMD-REFID-UNRESOLVED",
        "error",
    ),
    "one of two references to nothing": (
        edited(BASE, "isCertified=", 'id="here" refId="here gone" isCertified='),
        "DRMD-REFID-UNRESOLVED",
        "error",
    ),
    "wrong check digit": (edited(BASE, "7439-92-1", "7439-92-2"), "DRMD-CAS-WRONG", "error"),
    "no CAS number": (edited(BASE, "7439-92-1", "lead"), "DRMD-CAS-WRONG", "error"),
    "CAS in another spelling": (
        edited(edited(BASE, "7439-92-1", "7439-29-1"), ">CAS<", "> cas rn <"),
        "DRMD-CAS-WRONG",
        "error",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found_at_its_place_in_both_languages(name):
    text, rule, severity = PLANTED[name]
    tree = parse_xml(text.encode())
    (found,) = [finding for finding in check_rules(tree, TODAY) if finding.rule == rule]
    assert found.severity == severity == rules()[rule].severity
    assert found.path.startswith("/drmd:digitalReferenceMaterialDocument")
    assert found.line is not None and found.line >= 1
    assert any("\u4e00" <= letter <= "\u9fff" for letter in found.text.zh)
    assert "{" not in found.text.zh + found.text.en


HARMLESS = {
    "ends today": edited(BASE, "2030-12-31", "2026-06-16"),
    "until revoked": edited(BASE, UNTIL, "<drmd:untilRevoked>true</drmd:untilRevoked>"),
    "dispatch not known": edited(
        BASE, UNTIL, "<drmd:timeAfterDispatch><drmd:period>P1Y</drmd:period></drmd:timeAfterDispatch>"
    ),
    "a day left after dispatch": edited(BASE, UNTIL, DISPATCH.format("2025-06-16", "P1Y")),
    "a date that is none": edited(BASE, "2030-12-31", "2026-02-30"),
    "a period that is none": edited(BASE, UNTIL, DISPATCH.format("2020-01-01", "one year")),
    "a period beyond all years": edited(BASE, UNTIL, DISPATCH.format("2020-01-01", "P9999Y")),
    "another scheme": edited(BASE, ">CAS<", ">InChI<"),
    "certified false": edited(BASE, "<drmd:propertiesList>", "<drmd:propertiesList><!-- said -->"),
    "reference to an id": edited(BASE, "isCertified=", 'id="here" refId="here" isCertified='),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_no_fault_is_not_found(name):
    tree = parse_xml(HARMLESS[name].encode())
    assert check_rules(tree, TODAY) == ()


def test_without_a_day_no_validity_is_judged():
    tree = parse_xml(PLANTED["ended yesterday"][0].encode())
    assert check_rules(tree) == ()
    assert [f.rule for f in check_rules(tree, TODAY)] == ["DRMD-EXPIRED"]


def test_the_rules_for_quantities_hold_here_too():
    tree = parse_xml(edited(BASE, "\\milli\\gram\\per", "\\milli\\grm\\per").encode())
    found = check_rules(tree)
    assert {f.rule.split("-")[1] for f in found} == {"UNIT"}
    assert holds(found)


def test_every_rule_of_ours_is_planted():
    assert {rule for _, rule, _ in PLANTED.values()} == set(rules()) - OFFICIAL


def test_findings_come_in_the_order_of_the_file():
    text = BASE.replace("drmd:commutability", "drmd:x").replace("7439-92-1", "7439-92-2")
    text = edited(text, 'schemaVersion="1.0.0"', 'schemaVersion="9.9.9"')
    lines = [finding.line for finding in check_rules(parse_xml(text.encode()), TODAY)]
    assert lines == sorted(lines) and len(lines) == 3


def test_a_document_of_nothing_but_quantities_is_judged_in_time_and_not_without_end():
    many = "".join(QUANTITY.format(NUMBER) for _ in range(3000))
    text = edited(alone("X"), QUANTITY.format("X"), f"<drmd:list>{many}</drmd:list>")
    found = check_rules(parse_xml(text.encode()), TODAY)
    assert 1000 < len([f for f in found if f.rule == "RMC-007"]) <= 2000


# Registry numbers of water, formaldehyde, caffeine, lead and gold, and the figures of the CAS's own explanation.
@pytest.mark.parametrize("number", ["7732-18-5", "50-00-0", "58-08-2", "7439-92-1", "7440-57-5", "107-07-3"])
def test_real_cas_numbers_are_right_and_every_other_check_digit_is_wrong(number):
    assert not why_not_cas(number)
    for digit in "0123456789":
        if digit != number[-1]:
            assert number[-1] in why_not_cas(number[:-1] + digit).en


@pytest.mark.parametrize(
    "number", ["", "7732-18", "7732185", "07732-18-5", "7732-18-55", "x-18-5", "７732-18-5", "12345678-18-5"]
)
def test_what_is_no_cas_number_is_told_so(number):
    assert "three groups" in why_not_cas(number).en
