"""The structure of reference material documents: verdicts, words and places of what is wrong."""

import re

import pytest
from lxml import etree
from tests.formats.drmd_samples import plain_xml, sample_xml
from tests.proofs.schema_documents import load_grammar

from jialiang.formats.drmd.names import CERTIFICATE, KINDS, SHEET
from jialiang.formats.drmd.structure import RULES, check_structure

BASE = re.sub(r">\s+<", "><", plain_xml(CERTIFICATE))
TYPE = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema" xsi:type'


@pytest.fixture(scope="module")
def schema(oracles, tmp_path_factory):
    """The official schema, with MathML known."""
    return load_grammar(oracles / "dcoc" / "drmd" / "drmd.xsd", tmp_path_factory.mktemp("schema")).schema


def edited(before, after, text=BASE):
    """A document with one text replaced, which has to be there."""
    assert before in text, before
    return text.replace(before, after, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_what_we_make_is_valid_for_both(schema, kind):
    for data in (sample_xml(kind), plain_xml(kind).encode()):
        tree = etree.fromstring(data)
        assert schema.validate(tree), schema.error_log
        assert check_structure(tree) == ()


UNTIL = "<drmd:specificTime>2030-12-31</drmd:specificTime>"
VALUES = (BASE[: BASE.index("<drmd:propertiesList>")], BASE[BASE.index("<drmd:propertiesList>") :])
FAULTS = {
    "kind that is none": (
        edited(">referenceMaterialCertificate<", ">certificate<"),
        "VALUE",
        "titleOfTheDocument[1]",
    ),
    "empty number": (edited(">RM-0001<", "><"), "VALUE", "uniqueIdentifier[1]"),
    "version of two numbers": (edited('"1.0.0"', '"1.0"'), "ATTRIBUTE-VALUE", "@schemaVersion"),
    "no version": (
        edited(' schemaVersion="1.0.0"', ""),
        "ATTRIBUTE-MISSING",
        "digitalReferenceMaterialDocument",
    ),
    "no validity": (edited(UNTIL, ""), "INCOMPLETE", "validity[1]"),
    "two validities": (edited(UNTIL, UNTIL * 2), "UNEXPECTED", "specificTime[2]"),
    "revoked already": (
        edited(UNTIL, "<drmd:untilRevoked>false</drmd:untilRevoked>"),
        "VALUE",
        "untilRevoked[1]",
    ),
    "true as a digit": (
        edited(UNTIL, "<drmd:untilRevoked>1</drmd:untilRevoked>"),
        "VALUE",
        "untilRevoked[1]",
    ),
    "period in words": (
        edited(UNTIL, "<drmd:timeAfterDispatch><drmd:period>1 year</drmd:period></drmd:timeAfterDispatch>"),
        "VALUE",
        "period[1]",
    ),
    "day that is none": (edited("2030-12-31", "2030-02-30"), "VALUE", "specificTime[1]"),
    "contact of the DCC": (
        edited("<drmd:contact>", "<dcc:contact>").replace("</drmd:contact>", "</dcc:contact>"),
        "UNEXPECTED",
        "dcc:contact[1]",
    ),
    "name of the DRMD in a quantity": (
        edited("<drmd:quantity><dcc:name>", "<drmd:quantity><drmd:name/><dcc:name>"),
        "UNEXPECTED",
        "drmd:name[1]",
    ),
    "identifier before the number": (
        VALUES[0]
        + edited(
            "<si:real>",
            "<drmd:propertyIdentifiers><drmd:propertyIdentifier><drmd:scheme>a</drmd:scheme>"
            "<drmd:value>b</drmd:value></drmd:propertyIdentifier></drmd:propertyIdentifiers><si:real>",
            VALUES[1],
        ),
        "UNEXPECTED",
        "drmd:propertyIdentifiers[1]",
    ),
    "certified perhaps": (
        edited('isCertified="true"', 'isCertified="yes"'),
        "ATTRIBUTE-VALUE",
        "@isCertified",
    ),
    "refType of the DCC": (
        edited("isCertified=", 'refType="basic_nominalValue" isCertified='),
        "ATTRIBUTE-VALUE",
        "@refType",
    ),
    "attribute that is none": (
        edited("isCertified=", 'certified="x" isCertified='),
        "ATTRIBUTE",
        "@certified",
    ),
    "one id twice": (
        edited("isCertified=", 'id="a" isCertified=').replace("<drmd:result>", '<drmd:result id="a">'),
        "ID",
        "@id",
    ),
    "statements in another order": (
        edited("<drmd:statements>", "<drmd:statements><drmd:legalNotice/>"),
        "UNEXPECTED",
        "legalNotice[1]",
    ),
    "text between": (edited("<drmd:materials>", "<drmd:materials>some"), "TEXT", "drmd:materials[1]"),
    "list and quantity": (
        edited("</drmd:list>", "</drmd:list><drmd:quantity/>"),
        "UNEXPECTED",
        "drmd:quantity[1]",
    ),
    "list of nothing": (
        BASE[: BASE.index("<drmd:list>")] + "<drmd:list/>" + BASE[BASE.index("</drmd:list>") + 12 :],
        "INCOMPLETE",
        "drmd:list[1]",
    ),
    "type that is none": (
        edited("<drmd:quantity>", f'<drmd:quantity {TYPE}="dcc:textType">'),
        "TYPE",
        "@xsi:type",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_where_it_is(schema, name):
    text, kind, place = FAULTS[name]
    tree = etree.fromstring(text.encode())
    assert not schema.validate(tree)
    found = check_structure(tree)
    assert f"{RULES}-{kind}" in {finding.rule for finding in found}
    (first,) = [finding for finding in found if finding.rule == f"{RULES}-{kind}"][:1]
    assert first.path.endswith(place)
    assert first.severity == "error" and first.line is not None
    assert any("\u4e00" <= letter <= "\u9fff" for letter in first.text.zh) and "{" not in first.text.en


ALLOWED = {
    "another version": edited('"1.0.0"', '"27.0.3"'),
    "digits of another script": edited('"1.0.0"', '"١.٠.٠"'),
    "until revoked, left empty": edited(UNTIL, "<drmd:untilRevoked/>"),
    "until revoked with a type": edited(
        UNTIL, f'<drmd:untilRevoked {TYPE}="xs:boolean">true</drmd:untilRevoked>'
    ),
    "dispatched": edited(
        UNTIL,
        "<drmd:timeAfterDispatch><drmd:dispatchDate>2026-01-01Z</drmd:dispatchDate>"
        "<drmd:period>P1Y6M</drmd:period></drmd:timeAfterDispatch>",
    ),
    "own type named": edited("<drmd:quantity>", f'<drmd:quantity {TYPE}="drmd:quantityType">'),
    "type that extends the declared one": edited(
        "<dcc:itemQuantity>", f'<dcc:itemQuantity {TYPE}="drmd:quantityType">'
    ).replace(
        "</dcc:itemQuantity>",
        "<drmd:propertyIdentifiers><drmd:propertyIdentifier><drmd:scheme>a</drmd:scheme><drmd:value>b"
        "</drmd:value></drmd:propertyIdentifier></drmd:propertyIdentifiers></dcc:itemQuantity>",
    ),
    "refType of the DCC at a quantity": edited(
        "<drmd:quantity>", '<drmd:quantity refType="basic_nominalValue gp_x">'
    ),
    "certified as a digit": edited('isCertified="true"', 'isCertified="1"'),
    "certified not": edited('isCertified="true"', 'isCertified="false"'),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_the_schema_allows_is_allowed(schema, name):
    tree = etree.fromstring(ALLOWED[name].encode())
    assert schema.validate(tree), schema.error_log
    assert check_structure(tree) == ()


BASES = {
    "the base of an extending type": edited(
        "<drmd:quantity>", f'<drmd:quantity {TYPE}="dcc:primitiveQuantityType">'
    ),
    "a fixed value of another": edited(
        UNTIL, f'<drmd:untilRevoked {TYPE}="xs:boolean">false</drmd:untilRevoked>'
    ),
    "a type beside": edited(UNTIL, f'<drmd:untilRevoked {TYPE}="xs:string">true</drmd:untilRevoked>'),
    "an identifier as a quantity": edited("<drmd:quantity>", f'<drmd:quantity {TYPE}="drmd:identifierType">'),
    "an anonymous type": edited(UNTIL, f'<drmd:untilRevoked {TYPE}="drmd:_true">true</drmd:untilRevoked>'),
}


@pytest.mark.parametrize("name", BASES)
def test_types_that_are_not_derived_are_refused(schema, name):
    tree = etree.fromstring(BASES[name].encode())
    assert not schema.validate(tree)
    assert check_structure(tree) != ()


@pytest.mark.parametrize(
    "root",
    [
        "<a/>",
        '<digitalReferenceMaterialDocument xmlns="urn:other"/>',
        '<dcc:digitalCalibrationCertificate xmlns:dcc="https://ptb.de/dcc" schemaVersion="3.3.0"/>',
        '<drmd:material xmlns:drmd="urn:drmd:schema"/>',
    ],
)
def test_another_root_is_no_such_document(root):
    (found,) = check_structure(etree.fromstring(root))
    assert found.rule == "DRMD-STRUCTURE-ROOT"
    assert "drmd:digitalReferenceMaterialDocument" in found.text.en


def test_the_findings_end_somewhere():
    text = edited("<drmd:materials>", "<drmd:materials>" + "<drmd:nonsense/>" * 5000)
    found = check_structure(etree.fromstring(text.encode()))
    assert 400 < len(found) <= 501
    assert found[-1].rule == "DRMD-STRUCTURE-MORE"


def test_depth_costs_no_stack():
    deep = "<dcc:description>" * 200 + "</dcc:description>" * 200
    text = edited("<drmd:materials>", f"<drmd:materials>{deep}")
    assert check_structure(etree.fromstring(text.encode()))


@pytest.mark.parametrize("kind", KINDS)
def test_both_kinds_share_one_structure(kind):
    other = SHEET if kind == CERTIFICATE else CERTIFICATE
    assert check_structure(etree.fromstring(plain_xml(kind).replace(kind, other).encode())) == ()
