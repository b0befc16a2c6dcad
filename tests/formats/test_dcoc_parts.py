"""The parts of a certificate of conformity, one member at a time: where it stands in each form, by hand."""

import json
from dataclasses import replace

import pytest
import rdflib
from lxml import etree
from tests.formats.dcoc_samples import FORMS, SMALLEST, through

from jialiang.formats.dcoc.documents import read_dcoc, write_dcoc
from jialiang.formats.dcoc.json_form import dcoc_json_models, json_form
from jialiang.formats.dcoc.model import Address, Contact, Named, PreviousCertificate, Validity, texts
from jialiang.formats.dcoc.rdf_nodes import Iri, Literal, RdfNode, rdf_node
from jialiang.formats.dcoc.reading import refuse_unfit
from jialiang.formats.dcoc.rules.breach import day_of, leaves, shown, spoken
from jialiang.formats.dcoc.rules.checking import check_dcoc
from jialiang.formats.dcoc.shapes import CERTIFICATE, elements, iri, shape
from jialiang.formats.dcoc.xml_form import check_structure

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # by rdflib's own parser
EN = texts({"en": "word"})
V, T = "http://www.w3.org/2006/vcard/ns#", "http://purl.org/dc/terms/"
D = "https://oimlsmart.org/ns/dcoc/1.0#"


def contact(**members):
    """The smallest certificate whose manufacturer has these members."""
    return replace(SMALLEST, manufacturer=replace(Contact(name=EN), **members))


def address(**members):
    """The smallest certificate whose manufacturer lives there."""
    return contact(address=Address(**members))


MEMBERS = [
    (contact(name=texts({"en": "Acme"})), "manufacturer/name/content", "manufacturer/name/en", V + "fn", "Acme"),
    (contact(identifier="7"), "manufacturer/identifier", "manufacturer/identifier", T + "identifier", "7"),
    (contact(organization=EN), "manufacturer/organization/content", "manufacturer/organization/en",
     V + "organization-name", "word"),
    (contact(role=EN), "manufacturer/role/content", "manufacturer/role/en", V + "role", "word"),
    (contact(email="a@b.example"), "manufacturer/email", "manufacturer/email", V + "hasEmail", "a@b.example"),
    (contact(phone="+861"), "manufacturer/phone", "manufacturer/phone", V + "hasTelephone", "+861"),
    (contact(url="https://m.example/"), "manufacturer/url", "manufacturer/url", V + "hasURL", "https://m.example/"),
    (address(street=EN), "manufacturer/address/street/content", "manufacturer/address/street/en",
     V + "street-address", "word"),
    (address(city=EN), "manufacturer/address/city/content", "manufacturer/address/city/en", V + "locality", "word"),
    (address(region=EN), "manufacturer/address/region/content", "manufacturer/address/region/en", V + "region",
     "word"),
    (address(postal_code="1"), "manufacturer/address/postalCode", "manufacturer/address/postalCode",
     V + "postal-code", "1"),
    (address(country="CN"), "manufacturer/address/country", "manufacturer/address/country", V + "country-name", "CN"),
    (replace(SMALLEST, scheme=Named("1b")), "certificationScheme/identifier", "certificationScheme/identifier",
     T + "identifier", "1b"),
    (replace(SMALLEST, scheme=Named("1b", EN)), "certificationScheme/title/content", "certificationScheme/title/en",
     T + "title", "word"),
    (replace(SMALLEST, scheme=Named("1b", (), "urn:a:b")), "certificationScheme/uri", "certificationScheme/uri",
     T + "references", "urn:a:b"),
    (replace(SMALLEST, validity=Validity(conditions=EN)), "validity/conditions/content", "validity/conditions/en",
     T + "description", "word"),
    (replace(SMALLEST, previous=(PreviousCertificate("9"),)), "previousCertificates/certNo",
     "previousCertificates/0/certNo", D + "certNo", "9"),
    (replace(SMALLEST, previous=(PreviousCertificate("9", "4"),)), "previousCertificates/revision",
     "previousCertificates/0/revision", D + "revision", "4"),
    (replace(SMALLEST, previous=(PreviousCertificate("9", date="2020-01-01"),)), "previousCertificates/certDate",
     "previousCertificates/0/certDate", D + "certDate", "2020-01-01"),
    (replace(SMALLEST, previous=(PreviousCertificate("9", uri="urn:a:b"),)), "previousCertificates/uri",
     "previousCertificates/0/uri", T + "references", "urn:a:b"),
    (replace(SMALLEST, modifications=EN), "modifications/content", "modifications/en", D + "modifications", "word"),
    (replace(SMALLEST, reference_numbers=("r",)), "referenceNos", "referenceNos/0", D + "referenceNos", "r"),
    (replace(SMALLEST, applied_documents=(Named("d"),)), "additionallyAppliedDocuments/identifier",
     "additionallyAppliedDocuments/0/identifier", T + "identifier", "d"),
]  # fmt: skip
IDS = [each[2] for each in MEMBERS]


@pytest.mark.parametrize(("certificate", "path", "text"), [(e[0], e[1], e[4]) for e in MEMBERS], ids=IDS)
def test_a_member_in_xml(certificate, path, text):
    root = etree.fromstring(write_dcoc(certificate, "xml"))
    steps = "/".join(f"{{urn:jialiang:dcoc:1}}{step}" for step in path.split("/"))
    assert root.findtext(steps) == text
    assert check_structure(root.getroottree()) == ()


@pytest.mark.parametrize(("certificate", "path", "text"), [(e[0], e[2], e[4]) for e in MEMBERS], ids=IDS)
def test_a_member_in_json(certificate, path, text):
    found = json.loads(write_dcoc(certificate, "json"))
    for step in path.split("/"):
        found = found[int(step) if step.isdecimal() else step]
    assert found == text


@pytest.mark.parametrize("form", ["rdfxml", "jsonld"])
@pytest.mark.parametrize(("certificate", "term", "text"), [(e[0], e[3], e[4]) for e in MEMBERS], ids=IDS)
def test_a_member_in_rdf(certificate, term, text, form):
    syntax = {"rdfxml": "xml", "jsonld": "json-ld"}[form]
    graph = rdflib.Graph().parse(
        data=write_dcoc(certificate, form), format=syntax, publicID="https://b.example/"
    )
    objects = map(str, graph.objects(None, rdflib.URIRef(term)))
    found = {each.removeprefix("mailto:").removeprefix("tel:") for each in objects}
    assert text in found


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("certificate", [each[0] for each in MEMBERS], ids=IDS)
def test_a_member_survives(certificate, form):
    assert through(certificate, form).certificate == certificate


@pytest.mark.parametrize("path", [each[1] for each in MEMBERS], ids=IDS)
def test_a_member_that_stands_twice_in_its_part_is_a_fault_of_structure(path):
    certificate = next(each[0] for each in MEMBERS if each[1] == path)
    root = etree.fromstring(write_dcoc(certificate, "xml"))
    steps = [f"{{urn:jialiang:dcoc:1}}{step}" for step in path.removesuffix("/content").split("/")]
    element = root.find("/".join(steps))
    element.addnext(etree.fromstring(etree.tostring(element)))
    found = check_structure(etree.fromstring(etree.tostring(root)).getroottree())
    assert bool(found) is (path != "referenceNos")
    assert all(each.rule == "DCOC-STRUCTURE-UNEXPECTED" and each.line for each in found)


WRONG_VALUES = [
    ("certDate", "16.6.2026"), ("certDate", "2026-02-30"), ("certDate", ""), ("certNo", ""), ("certNo", " \n"),
    ("revision", ""), ("languages", "zh_CN"), ("languages", ""), ("languages", "a b"), ("validity/from", "soon"),
    ("validity/until", "2036"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text"), WRONG_VALUES)
def test_a_wrong_value_is_told_with_its_line(path, text):
    data = write_dcoc(SMALLEST, "xml")
    root = etree.fromstring(data)
    element = root.find("/".join(f"{{urn:jialiang:dcoc:1}}{step}" for step in path.split("/")))
    element.text = text
    (found,) = check_structure(etree.fromstring(etree.tostring(root)).getroottree())
    assert found.rule == "DCOC-STRUCTURE-VALUE"
    assert (
        f"<{path.split('/')[-1]}>" in data.decode().splitlines()[found.line]
    )  # the file begins with a line more
    assert found.text.zh and found.text.en


ATTRIBUTES = [
    ("schemaVersion", None, "ATTRIBUTE-MISSING"), ("schemaVersion", "2.0.0", "ATTRIBUTE-VALUE"),
    ("schemaVersion", "", "ATTRIBUTE-VALUE"), ("identifier", "https://a:99999999999/", "ATTRIBUTE-VALUE"),
    ("version", "1", "ATTRIBUTE"), ("identifier", "urn:a:b", None), ("identifier", "", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "kind"), ATTRIBUTES)
def test_attributes_of_the_root(name, value, kind):
    root = etree.fromstring(write_dcoc(SMALLEST, "xml"))
    if value is None:
        del root.attrib[name]
    else:
        root.set(name, value)
    found = check_structure(root.getroottree())
    assert [each.rule for each in found] == ([f"DCOC-STRUCTURE-{kind}"] if kind else [])


@pytest.mark.parametrize("after", [each.name for each in elements() if each.name != "languages"])
def test_a_signature_stands_at_the_end_alone(after):
    root = etree.fromstring(write_dcoc(SMALLEST, "xml"))
    signature = etree.Element("{http://www.w3.org/2000/09/xmldsig#}Signature")
    found = root.findall(f"{{*}}{after}")
    root.insert(root.index(found[-1]) + 1 if found else 0, signature)
    rules = {each.rule for each in check_structure(root.getroottree())}
    assert "DCOC-STRUCTURE-UNEXPECTED" in rules


def test_comments_and_instructions_change_nothing():
    data = write_dcoc(SMALLEST, "xml").replace(
        b"<certNo>1</certNo>", b"<certNo><!-- x -->1<!-- y --></certNo>"
    )
    reading = read_dcoc(data)
    assert (reading.certificate, check_dcoc(reading)) == (SMALLEST, ())


def test_the_encoding_of_the_file_does_not_matter():
    chinese = replace(SMALLEST, statement=texts({"zh": "量", "en": "x"}), languages=("en", "zh"))
    for form, encodings in (("xml", ("gb18030", "utf-16")), ("rdfxml", ("gb18030", "utf-16"))):
        text = write_dcoc(chinese, form).decode()
        for encoding in encodings:
            data = text.replace('encoding="UTF-8"', f'encoding="{encoding}"').encode(encoding)
            assert read_dcoc(data).certificate == chinese


def nodes(node):
    """A node and all below it."""
    yield node
    for each in node.properties:
        for value in each.values:
            if isinstance(value, RdfNode):
                yield from nodes(value)


def test_parts_are_named_after_the_certificate():
    certificate = replace(address(city=EN), identifier="https://b.example/c/1")
    named = {each.iri.removeprefix("https://b.example/c/1") for each in nodes(rdf_node(certificate))}
    assert named == {
        "", "#certificationScheme", "#certificationBody", "#manufacturer", "#manufacturer-address",
        "#categoryOfInstrument", "#certObjectIDs-1", "#certificationCriteria-1", "#validity", "#responsibles-1",
    }  # fmt: skip
    with_fragment = rdf_node(replace(certificate, identifier="https://b.example/c#1"))
    assert "https://b.example/c#1-validity" in {each.iri for each in nodes(with_fragment)}


@pytest.mark.parametrize(
    ("certificate", "name", "value"),
    [
        (contact(email="a b@c"), "email", Iri("mailto:a%20b@c")),
        (contact(phone="+86 (10) 1/2"), "phone", Iri("tel:+86%20(10)%201%2F2")),
        (contact(phone="量"), "phone", Iri("tel:%E9%87%8F")),
        (contact(url="https://a.example/量"), "url", Iri("https://a.example/量")),
        (contact(url="a.example"), "url", Literal("a.example")),
        (contact(role=texts({"und": "x"})), "role", Literal("x")),
        (contact(role=texts({"zh-Hans": "x"})), "role", Literal("x", "zh-Hans")),
    ],
)
def test_values_of_a_contact_in_rdf(certificate, name, value):
    (maker,) = [each for each in nodes(rdf_node(certificate)) if each.iri == "#manufacturer"]
    assert [each.values for each in maker.properties if each.name == name] == [(value,)]


@pytest.mark.parametrize(
    ("begins", "until", "period"),
    [
        ("2026-06-16", "2036-06-15", "start=2026-06-16; end=2036-06-15;"),
        ("2026-06-16", "", "start=2026-06-16;"),
        ("", "2036-06-15", "end=2036-06-15;"),
        ("a;b", "", "start=a%3Bb;"),
    ],
)
def test_a_period_is_written_as_dublin_core_has_it(begins, until, period):
    found = rdf_node(replace(SMALLEST, validity=Validity(begins, until)))
    (validity,) = [each for each in nodes(found) if each.iri == "#validity"]
    assert validity.properties[0].values == (Literal(period, datatype="dcterms:Period"),)


def test_leaves_are_walked_with_their_paths():
    found = {path: value for path, _, value in leaves(contact(email="a@b.example"))}
    assert found["/manufacturer/email"] == "a@b.example"
    assert found["/certObjectIDs[1]/identifier"] == "T-1"
    assert found["/languages[1]"] == "en"
    assert found["/modifications"] == ()
    assert dict(spoken(SMALLEST))["/statementOfConformity"] == texts({"en": "It conforms."})
    assert "/modifications" not in dict(spoken(SMALLEST))


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-06-16", "2026-06-16"), ("2026-06-16+08:00", "2026-06-16"), ("2026-6-1", None), ("", None)],
)
def test_days_of_texts(text, day):
    assert (str(day_of(text)) if day_of(text) else None) == day


def test_long_texts_are_cut():
    assert (len(shown("x" * 500)), shown("x" * 60)) == (60, "x" * 60)


@pytest.mark.parametrize(
    "name", [CERTIFICATE, "named", "organization", "person", "address", "validity", "previous"]
)
def test_every_shape_has_the_attributes_of_its_class(name):
    found = shape(name)
    empty = found.made({})
    attributes = {each.attribute for each in found.members}
    of_class = set(found.value_class.__dataclass_fields__) - (
        {"identifier"} if name == CERTIFICATE else set()
    )
    assert attributes == of_class
    assert all(hasattr(empty, each) for each in attributes)
    assert len({each.name for each in found.members}) == len(found.members)


@pytest.mark.parametrize("term", ["dcoc:certNo", "vcard:fn", "dcterms:valid", "xsd:date", "rdf:type"])
def test_terms_become_iris(term):
    assert iri(term).endswith(term.partition(":")[2])
    assert iri(term).startswith("http")


def test_the_models_of_json_follow_the_shapes():
    models = dcoc_json_models().objects
    assert set(models[CERTIFICATE].members) == {each.name for each in elements()} | {"schema", "identifier"}
    assert models["address"].members["country"].type == "text"
    assert models["validity"].members["from"].type == "_date"
    assert models[CERTIFICATE].members["languages"].least == 1
    assert not models["named"].is_open


def test_json_leaves_out_what_is_empty():
    found = json_form(SMALLEST)
    assert found["certificationScheme"] == {"identifier": "3"}
    assert not {"modifications", "previousCertificates", "referenceNos", "identifier"} & set(found)


def test_what_is_fit_passes():
    assert refuse_unfit(contact(email="a\tb\nc")) is None


def test_tags_are_the_same_in_small_and_capital_letters():
    assert texts([("zh", "a"), ("ZH", "b")]) == (("zh", "a"),)
    assert texts({"EN": "b", "zh": "c", "en": "a"}) == (("EN", "b"), ("zh", "c"))


@pytest.mark.parametrize("lang", ["en", "EN"])
def test_two_texts_of_one_language_in_xml_are_an_error(lang):
    data = write_dcoc(SMALLEST, "xml").replace(
        b"It conforms.</content>",
        f'It conforms.</content><content lang="{lang}">It does not.</content>'.encode(),
    )
    reading = read_dcoc(data)
    (found,) = check_dcoc(reading)
    assert (found.rule, found.severity) == ("DCOC-PART-REPEATED", "error")
    assert found.path.endswith("/dcoc:statementOfConformity[1]/dcoc:content[2]")
    assert found.line == next(
        n for n, line in enumerate(data.decode().splitlines(), 1) if "It does not" in line
    )
    assert reading.certificate.statement == texts({"en": "It conforms."})


REPEATED = [
    ("identifier", {"identifier": ["3", "4"]}),
    ("title", {"title": {"en": ["one", "two"]}}),
    ("uri", {"uri": ["urn:a:b", "urn:a:c"]}),
]


@pytest.mark.parametrize(("name", "members"), REPEATED)
def test_a_member_that_stands_twice_in_a_part_of_rdf_is_an_error(name, members):
    document = json.loads(write_dcoc(replace(SMALLEST, scheme=Named("3", EN, "urn:a:b")), "jsonld"))
    document["certificationScheme"] |= members
    found = check_dcoc(read_dcoc(json.dumps(document).encode()))
    assert [(each.rule, each.path) for each in found] == [("DCOC-PART-REPEATED", "#certificationScheme")]
    assert name in found[0].text.en


def test_a_part_in_two_languages_is_no_repetition():
    document = json.loads(write_dcoc(SMALLEST, "jsonld"))
    document["manufacturer"]["name"] = {"en": "Maker", "en-GB": "Maker"}
    assert check_dcoc(read_dcoc(json.dumps(document).encode())) == ()
