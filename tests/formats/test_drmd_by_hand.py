"""A reference material document written by hand, as another laboratory might: other prefixes, older uncertainties."""

import csv
import io
import json
import subprocess
import sys
from datetime import date

import pytest
from lxml import etree
from tests.proofs.schema_documents import load_grammar

from jialiang.formats.conversion.converters import Wish
from jialiang.formats.drmd.conversion import convert
from jialiang.formats.drmd.data import document_data
from jialiang.formats.drmd.making import document_xml
from jialiang.formats.drmd.reading import document_of, read_document
from jialiang.formats.drmd.rules import check_rules
from jialiang.formats.drmd.structure import check_structure
from jialiang.formats.xml.parsing import parse_xml

WATER = """<?xml version="1.0" encoding="UTF-8"?>
<!-- a sheet that nobody has issued -->
<digitalReferenceMaterialDocument xmlns="urn:drmd:schema" xmlns:c="https://ptb.de/dcc" xmlns:q="https://ptb.de/si"
    schemaVersion="1.0.0">
  <administrativeData>
    <coreData>
      <titleOfTheDocument>referenceMaterialCertificate</titleOfTheDocument>
      <uniqueIdentifier>W-7</uniqueIdentifier>
      <documentVersion>2.1</documentVersion>
      <validity><timeAfterDispatch><dispatchDate>2026-01-31</dispatchDate><period>P1M</period></timeAfterDispatch></validity>
    </coreData>
    <referenceMaterialProducer>
      <name><c:content lang="en">Institute of Waters</c:content><c:content lang="de">Wasserinstitut</c:content></name>
      <contact><c:name><c:content>IW</c:content></c:name>
        <c:location><c:city>Berlin</c:city><c:countryCode>DE</c:countryCode>
          <c:further><c:content>Back yard</c:content></c:further></c:location></contact>
      <cryptElectronicSeal>false</cryptElectronicSeal>
    </referenceMaterialProducer>
    <respPersons><c:respPerson><c:person><c:name><c:content>Dr. B</c:content></c:name></c:person>
      <c:role>head</c:role><c:mainSigner>1</c:mainSigner></c:respPerson></respPersons>
  </administrativeData>
  <materials>
    <material>
      <name><c:content lang="en">Water</c:content></name>
      <description><c:name><c:content>About</c:content></c:name><c:content lang="en">clear</c:content>
        <c:content lang="en">sterile</c:content></description>
      <minimumSampleSize><c:itemQuantity><q:real><q:value>1<!-- not 10 -->0</q:value>
        <q:unit>\\milli\\litre</q:unit></q:real>
      </c:itemQuantity></minimumSampleSize>
    </material>
  </materials>
  <propertiesList>
    <properties isCertified="true" id="p1">
      <name><c:content lang="en">Certified</c:content></name>
      <procedures><c:usedMethod refId="p1"><c:name><c:content>Titration</c:content></c:name><c:norm>ISO 6059</c:norm>
      </c:usedMethod></procedures>
      <results>
        <result refType="basic_measuredValue">
          <name><c:content lang="en">Hardness</c:content></name>
          <data><quantity refType="basic_measuredValue">
            <c:name><c:content lang="en">Hardness</c:content><c:content lang="de">Härte</c:content></c:name>
            <q:real><q:value>1.80</q:value><q:unit>\\milli\\mole\\per\\litre</q:unit>
              <q:expandedUnc><q:uncertainty>0.04</q:uncertainty><q:coverageFactor>2</q:coverageFactor>
                <q:coverageProbability>0.95</q:coverageProbability></q:expandedUnc></q:real>
          </quantity></data>
        </result>
        <result>
          <name><c:content lang="en">Ions</c:content></name>
          <data><list>
            <quantity><c:name><c:content>Calcium</c:content></c:name>
              <q:real><q:value>7.2e1</q:value><q:unit>\\milli\\gram\\per\\litre</q:unit>
                <q:coverageInterval><q:standardUnc>0.5</q:standardUnc><q:intervalMin>71</q:intervalMin>
                  <q:intervalMax>73</q:intervalMax><q:coverageProbability>0.95</q:coverageProbability>
                </q:coverageInterval></q:real>
              <propertyIdentifiers><propertyIdentifier><scheme>CAS</scheme><value>7440-70-2</value></propertyIdentifier>
                <propertyIdentifier><scheme>InChI</scheme><value>InChI=1S/Ca</value><link>https://inchi.example</link>
                </propertyIdentifier></propertyIdentifiers></quantity>
            <quantity><c:name><c:content>Speed of light</c:content></c:name>
              <q:constant><q:value>299792458</q:value><q:unit>\\metre\\second\\tothe{-1}</q:unit></q:constant></quantity>
            <quantity><c:name><c:content>Smell</c:content></c:name>
              <c:noQuantity><c:content lang="en">none</c:content><c:content lang="de">keiner</c:content></c:noQuantity>
            </quantity>
          </list></data>
        </result>
      </results>
    </properties>
  </propertiesList>
  <statements>
    <intendedUse><c:content lang="en">Teaching</c:content></intendedUse>
    <storageInformation><c:content lang="en">Cold</c:content></storageInformation>
    <instructionsForHandlingAndUse><c:content lang="en">Pour</c:content></instructionsForHandlingAndUse>
    <metrologicalTraceability><c:content lang="en">To the SI</c:content></metrologicalTraceability>
  </statements>
</digitalReferenceMaterialDocument>
""".encode()


@pytest.fixture(scope="module")
def document():
    return read_document(WATER)


def test_it_is_valid_for_both(oracles, tmp_path):
    schema = load_grammar(oracles / "dcoc" / "drmd" / "drmd.xsd", tmp_path).schema
    tree = etree.fromstring(WATER)
    assert schema.validate(tree), schema.error_log
    assert check_structure(tree) == ()


def test_the_rules_say_what_is_only_recommended_or_conditional():
    found = {(f.rule, f.severity) for f in check_rules(parse_xml(WATER), date(2026, 2, 28))}
    assert found == {("DRMD-013", "warning"), ("DRMD-015", "hint")}
    later = {f.rule for f in check_rules(parse_xml(WATER), date(2026, 3, 1))}
    assert later - {rule for rule, _ in found} == {"DRMD-EXPIRED"}


def test_what_stands_in_it_is_read(document):
    assert (document.number, document.document_version) == ("W-7", "2.1")
    assert (document.validity.until, document.validity.dispatched) == (date(2026, 2, 28), "2026-01-31")
    assert document.producer.name == (("en", "Institute of Waters"), ("de", "Wasserinstitut"))
    assert dict(document.producer.place) == {"city": "Berlin", "countryCode": "DE"}
    assert (document.persons[0].name, document.persons[0].main_signer) == ((("", "Dr. B"),), True)
    (water,) = document.materials
    assert water.description == (("en", "clear"), ("en", "sterile"))
    block = document.properties[0]
    assert (block.procedures[0].norms, block.is_certified) == (("ISO 6059",), True)


def test_a_comment_cuts_no_text():
    cut = WATER.replace(b"W-7", b"W<!-- or not -->-7").replace(b">clear<", b">cl<!-- - -->ear<")
    cut = cut.replace(b">Pour<", b">Po<!-- - -->ur<").replace(b"<q:value>1.80", b"<q:value>1<!-- -->.80")
    assert document_data(read_document(cut)) == document_data(read_document(WATER))
    assert check_structure(etree.fromstring(cut)) == ()


def test_a_comment_cuts_no_number(document):
    (size,) = document.materials[0].minimum_sample_size
    # As canonical XML has it, in which comments do not exist.
    assert size.first.values == ("10",)


def test_older_uncertainties_are_read_in_their_form(document):
    hardness, calcium, light, smell = (each.quantity for _, _, each in document.values())
    assert (hardness.first.values, hardness.first.uncertainty.form) == (("1.80",), "expanded")
    assert hardness.first.uncertainty.expanded_uncertainty == ("0.04",)
    assert hardness.name_in("de") == "Härte" and hardness.ref_type == ("basic_measuredValue",)
    assert (calcium.first.values, calcium.first.uncertainty.form) == (("7.2e1",), "coverage_interval")
    assert (calcium.first.uncertainty.interval_min, calcium.first.uncertainty.interval_max) == (
        ("71",),
        ("73",),
    )
    assert (light.kind, light.first.values) == ("constant", ("299792458",))
    assert dict(smell.words) == {"en": "none", "de": "keiner"}
    assert [i.scheme for i in document.values()[1][2].identifiers] == ["CAS", "InChI"]


@pytest.mark.parametrize(("language", "names"), [("en", ["Hardness", "Calcium", "Speed of light", "Smell"]),
                                                 ("de", ["Härte", "Calcium", "Speed of light", "Smell"])])  # fmt: skip
def test_the_table_to_the_letter(language, names):
    text = convert(parse_xml(WATER), "csv", Wish(language)).data.decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    assert [row["name"] for row in table] == names
    assert [row["value"] for row in table] == [
        "1.80",
        "7.2e1",
        "299792458",
        "none" if language == "en" else "keiner",
    ]
    assert [row["uncertainty_form"] for row in table] == ["expanded", "coverage_interval", "", ""]
    assert table[1]["identifiers"] == "CAS 7440-70-2; InChI InChI=1S/Ca"
    assert table[1]["interval_max"] == "73"
    assert {row["document"] for row in table} == {"W-7"}
    assert [row["form"] for row in table] == ["real", "real", "constant", "noQuantity"]


def test_what_data_say_is_written_in_the_names_of_today(document):
    data = json.loads(json.dumps(document_data(document)))
    # A constant and an interval without a standard uncertainty are not made: only what data can say.
    values = data["properties"][0]["results"][1]["values"]
    del values[1]
    again = document_of(parse_xml(document_xml(data)))
    assert document_data(again)["validity"] == data["validity"] == {
        "form": "timeAfterDispatch", "until": "2026-02-28", "dispatched": "2026-01-31", "period": "P1M",
    }  # fmt: skip
    hardness, calcium, smell = (each.quantity for _, _, each in again.values())
    assert hardness.first.uncertainty.expanded_uncertainty == ("0.04",)
    assert calcium.first.uncertainty.interval_min == ("71",)
    assert dict(smell.words)["de"] == "keiner"
    assert again.materials[0].description == document.materials[0].description


def test_reading_needs_no_django_and_is_quick_to_import():
    code = (
        "import sys; import jialiang.formats.drmd.reading, jialiang.formats.drmd.rules, jialiang.formats.drmd.making;"
        "print([m for m in sys.modules if m.split('.')[0] in ('django', 'requests', 'httpx', 'saxonche')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
