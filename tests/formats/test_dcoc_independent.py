"""Independent second opinions on certificates of conformity: a schema, a JSON schema and SPARQL, written here by hand.

They repeat in other languages what our models say as data; the verdicts have to agree on hundreds of changed documents.
"""

import copy
import json
import os
import random

import jsonschema
import pytest
import rdflib
from lxml import etree
from tests.formats.dcoc_samples import ELEMENTS, SAMPLE

from jialiang.formats.dcoc.documents import read_dcoc, write_dcoc
from jialiang.formats.dcoc.json_form import dcoc_json_models
from jialiang.formats.dcoc.shapes import CERTIFICATE
from jialiang.formats.dcoc.xml_form import NAMESPACE, check_structure
from jialiang.formats.json_documents.checking import check_json
from jialiang.kernel.errors import JialiangError

SEED = int(os.environ.get("TEST_SEED", "20260616"))
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # by rdflib's own parser

SCHEMA = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:jialiang:dcoc:1"
           xmlns="urn:jialiang:dcoc:1" elementFormDefault="qualified">
  <xs:simpleType name="word">
    <xs:restriction base="xs:string"><xs:pattern value="(.|\\s)*\\S(.|\\s)*"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="country">
    <xs:restriction base="xs:string"><xs:pattern value="[A-Z][A-Z]"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="version">
    <xs:restriction base="xs:string"><xs:enumeration value="1.0.0"/></xs:restriction>
  </xs:simpleType>
  <xs:complexType name="content">
    <xs:simpleContent>
      <xs:extension base="word"><xs:attribute name="lang" type="xs:language"/></xs:extension>
    </xs:simpleContent>
  </xs:complexType>
  <xs:complexType name="text">
    <xs:sequence><xs:element name="content" type="content" maxOccurs="unbounded"/></xs:sequence>
  </xs:complexType>
  <xs:complexType name="named">
    <xs:sequence>
      <xs:element name="identifier" type="word" minOccurs="0"/>
      <xs:element name="title" type="text" minOccurs="0"/>
      <xs:element name="uri" type="xs:anyURI" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="address">
    <xs:sequence>
      <xs:element name="street" type="text" minOccurs="0"/>
      <xs:element name="city" type="text" minOccurs="0"/>
      <xs:element name="region" type="text" minOccurs="0"/>
      <xs:element name="postalCode" type="word" minOccurs="0"/>
      <xs:element name="country" type="country" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="contact">
    <xs:sequence>
      <xs:element name="name" type="text"/>
      <xs:element name="identifier" type="word" minOccurs="0"/>
      <xs:element name="organization" type="text" minOccurs="0"/>
      <xs:element name="role" type="text" minOccurs="0"/>
      <xs:element name="address" type="address" minOccurs="0"/>
      <xs:element name="email" type="word" minOccurs="0"/>
      <xs:element name="phone" type="word" minOccurs="0"/>
      <xs:element name="url" type="xs:anyURI" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="validity">
    <xs:sequence>
      <xs:element name="from" type="xs:date" minOccurs="0"/>
      <xs:element name="until" type="xs:date" minOccurs="0"/>
      <xs:element name="conditions" type="text" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="previous">
    <xs:sequence>
      <xs:element name="certNo" type="word"/>
      <xs:element name="revision" type="word" minOccurs="0"/>
      <xs:element name="certDate" type="xs:date" minOccurs="0"/>
      <xs:element name="uri" type="xs:anyURI" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:element name="digitalCertificateOfConformity">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="certificationScheme" type="named"/>
        <xs:element name="certificationBody" type="contact"/>
        <xs:element name="certNo" type="word"/>
        <xs:element name="revision" type="word"/>
        <xs:element name="modifications" type="text" minOccurs="0"/>
        <xs:element name="manufacturer" type="contact"/>
        <xs:element name="categoryOfInstrument" type="named"/>
        <xs:element name="certObjectIDs" type="named" maxOccurs="unbounded"/>
        <xs:element name="certDate" type="xs:date"/>
        <xs:element name="certificationCriteria" type="named" maxOccurs="unbounded"/>
        <xs:element name="additionallyAppliedDocuments" type="named" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="statementOfConformity" type="text"/>
        <xs:element name="validity" type="validity"/>
        <xs:element name="responsibles" type="contact" maxOccurs="unbounded"/>
        <xs:element name="previousCertificates" type="previous" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="referenceNos" type="word" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="languages" type="xs:language" maxOccurs="unbounded"/>
      </xs:sequence>
      <xs:attribute name="schemaVersion" type="version" use="required"/>
      <xs:attribute name="identifier" type="xs:anyURI"/>
    </xs:complexType>
  </xs:element>
</xs:schema>
"""
WORDS = [
    "", " ", "x", "2026-06-16", "2026-02-30", "zh", "zh_CN", "CN", "cn", "https://a.example/", "a b", "1.0.0", "\n",
]  # fmt: skip


@pytest.fixture(scope="module")
def schema():
    """The schema above."""
    return etree.XMLSchema(etree.fromstring(SCHEMA))


def mutated_xml(chance):
    """The sample with one thing of its XML changed by chance."""
    root = etree.fromstring(write_dcoc(SAMPLE, "xml"))
    every = list(root.iter())
    element = chance.choice(every[1:])
    parent = element.getparent()
    deed = chance.choice(
        ("drop", "again", "swap", "rename", "text", "attribute", "child", "namespace", "clear")
    )
    if deed == "drop":
        parent.remove(element)
    elif deed == "again":
        element.addnext(copy.deepcopy(element))
    elif deed == "swap":
        chance.choice(every[1:]).getparent().insert(0, element) if len(element) == 0 else parent.insert(
            0, element
        )
    elif deed == "rename":
        element.tag = f"{{{NAMESPACE}}}{chance.choice((*ELEMENTS, 'content', 'title', 'name', 'uri', 'x'))}"
    elif deed == "text":
        element.text = chance.choice(WORDS)
    elif deed == "attribute":
        chance.choice((element, root)).set(
            chance.choice(("lang", "id", "schemaVersion", "identifier")), chance.choice(WORDS)
        )
    elif deed == "child":
        etree.SubElement(element, f"{{{NAMESPACE}}}{chance.choice((*ELEMENTS, 'content'))}").text = "x"
    elif deed == "namespace":
        element.tag = f"{{urn:other}}{etree.QName(element).localname}"
    else:
        element.clear()
    return etree.tostring(root)


def test_the_sample_is_valid_by_the_schema_of_another_hand(schema):
    assert schema.validate(etree.fromstring(write_dcoc(SAMPLE, "xml")))


@pytest.mark.parametrize("round_", range(5))
def test_the_verdict_on_xml_is_that_of_a_schema_of_another_hand(round_, schema):
    chance = random.Random(f"xml {SEED} {round_}")
    invalid = 0
    for _ in range(120):
        data = mutated_xml(chance)
        tree = etree.ElementTree(etree.fromstring(data))
        expected = schema.validate(tree)
        assert (check_structure(tree) == ()) is expected, data.decode()
        invalid += not expected
    assert invalid > 40


def texts_schema():
    """Texts by language."""
    return {
        "type": "object",
        "propertyNames": {"pattern": "^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"},
        "additionalProperties": {"type": "string"},
    }


def object_schema(members, needed=()):
    """An object with these members and no others."""
    return {"type": "object", "properties": members, "required": list(needed), "additionalProperties": False}


def json_schema():
    """The JSON form as JSON Schema, written by hand."""
    text, words = {"type": "string"}, texts_schema()
    day = {
        "type": "string",
        "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(Z|[+-][0-9]{2}:[0-9]{2})?$",
    }
    named = object_schema({"identifier": text, "title": words, "uri": text})
    address = object_schema(
        {"street": words, "city": words, "region": words, "postalCode": text, "country": text}
    )
    contact = object_schema(
        {
            "name": words,
            "identifier": text,
            "organization": words,
            "role": words,
            "address": address,
            "email": text,
            "phone": text,
            "url": text,
        },
        ["name"],
    )
    validity = object_schema({"from": day, "until": day, "conditions": words})
    previous = object_schema({"certNo": text, "revision": text, "certDate": day, "uri": text}, ["certNo"])
    kinds = {
        "schema": text,
        "identifier": text,
        "certificationScheme": named,
        "certificationBody": contact,
        "certNo": text,
        "revision": text,
        "modifications": words,
        "manufacturer": contact,
        "categoryOfInstrument": named,
        "certObjectIDs": named,
        "certDate": day,
        "certificationCriteria": named,
        "additionallyAppliedDocuments": named,
        "statementOfConformity": words,
        "validity": validity,
        "responsibles": contact,
        "previousCertificates": previous,
        "referenceNos": text,
        "languages": text,
    }
    members = {}
    for name, kind in kinds.items():
        least, most = ELEMENTS.get(name, "1..1").split("..")
        members[name] = kind if most == "1" else {"type": "array", "items": kind, "minItems": int(least)}
    return object_schema(members, ["schema", *(n for n, often in ELEMENTS.items() if often.startswith("1"))])


JUNK = [
    None, 0, 1.5, True, "x", "", [], {}, ["x"], [1], {"zh": "x"}, {"zh_CN": "x"}, {"zh": 1}, "2026-06-16", "2026-13-01",
]  # fmt: skip


def spots(value, path=()):
    """Every place of a document."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from spots(each, (*path, key))


def mutated_json(document, chance):
    """A document with one thing changed by chance."""
    made = copy.deepcopy(document)
    *around, last = chance.choice([path for path in spots(made) if path])
    holder = made
    for step in around:
        holder = holder[step]
    deed = chance.choice(("drop", "retype", "rename", "again", "add"))
    if deed == "drop":
        del holder[last]
    elif deed == "rename" and isinstance(holder, dict):
        holder[chance.choice((*ELEMENTS, "title", "name", "x", "z_z"))] = holder.pop(last)
    elif deed == "again" and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[last]))
    elif deed == "add" and isinstance(holder[last], dict):
        holder[last][chance.choice(("title", "name", "x", "en", "uri"))] = chance.choice(JUNK)
    else:
        holder[last] = chance.choice(JUNK)
    return made


@pytest.mark.parametrize("round_", range(4))
def test_the_verdict_on_json_is_that_of_a_json_schema_of_another_hand(round_):
    official = jsonschema.Draft202012Validator(json_schema())
    sample = json.loads(write_dcoc(SAMPLE, "json"))
    assert official.is_valid(sample)
    chance = random.Random(f"json {SEED} {round_}")
    invalid = 0
    for _ in range(120):
        made = mutated_json(sample, chance)
        expected = official.is_valid(made)
        found = check_json(made, dcoc_json_models(), CERTIFICATE, "X")
        assert (found == ()) is expected, json.dumps(made)
        invalid += not expected
    assert invalid > 40


def counted(data, syntax):
    """How often each element stands, asked by SPARQL; a text in several languages stands once."""
    graph = rdflib.Graph().parse(data=data, format=syntax, publicID="https://base.example/")
    counts = {}
    for name in ELEMENTS:
        query = (
            "SELECT (MAX(?n) AS ?most) WHERE { SELECT ?tag (COUNT(DISTINCT ?o) AS ?n) WHERE {"
            " ?c a <https://oimlsmart.org/ns/dcoc/1.0#DigitalCertificateOfConformity>;"
            f" <https://oimlsmart.org/ns/dcoc/1.0#{name}> ?o . BIND(LANG(?o) AS ?tag) }} GROUP BY ?tag }}"
        )
        rows = [row[0] for row in graph.query(query) if row[0] is not None]
        counts[name] = int(rows[0]) if rows else 0
    return counts


@pytest.mark.parametrize("round_", range(12))
def test_the_counts_of_elements_are_those_of_sparql(round_):
    chance = random.Random(f"rdf {SEED} {round_}")
    document = json.loads(write_dcoc(SAMPLE, "jsonld"))
    for name in chance.sample(list(ELEMENTS), 4):
        value = document[name]
        if chance.random() < 0.4:
            del document[name]
        elif isinstance(value, dict) and "@id" not in value:
            document[name] = value | {"zh": ["一", "二", "三"]}
        elif isinstance(value, list):
            document[name] = value[:-1]
        elif isinstance(value, dict):
            document[name] = [value, {"@id": "#other", "identifier": "x"}]
        else:
            document[name] = [value, "other"]
    data = json.dumps(document).encode()
    assert dict(read_dcoc(data).counts) == counted(data, "json-ld")


@pytest.mark.parametrize("form", ["rdfxml", "jsonld"])
def test_the_sample_counts_the_same_in_both_syntaxes(form):
    data = write_dcoc(SAMPLE, form)
    expected = {
        "certObjectIDs": 2, "additionallyAppliedDocuments": 2, "responsibles": 2, "referenceNos": 2, "languages": 2,
    }  # fmt: skip
    found = counted(data, {"rdfxml": "xml", "jsonld": "json-ld"}[form])
    assert found == {name: expected.get(name, 1) for name in ELEMENTS}
    assert dict(read_dcoc(data).counts) == found


@pytest.mark.parametrize("round_", range(4))
def test_changed_documents_of_every_form_are_read_or_refused_in_words(round_):
    """Letters are changed anywhere in the bytes: no traceback, whatever comes of it."""
    chance = random.Random(f"bytes {SEED} {round_}")
    for form in ("xml", "rdfxml", "jsonld", "json"):
        data = bytearray(write_dcoc(SAMPLE, form))
        for _ in range(12):
            made = bytearray(data)
            for _ in range(chance.randrange(1, 4)):
                made[chance.randrange(len(made))] = chance.choice(b'<>"&{}[]:/#@ \n0Aa\xff')
            try:
                read_dcoc(bytes(made))
            except JialiangError as refused:
                assert refused.what.zh and refused.what.en
