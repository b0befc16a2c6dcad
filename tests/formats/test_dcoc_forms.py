"""Every form of a certificate of conformity carries all of it: round trips, one graph in two syntaxes, signatures."""

import json
import logging
import socket

import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from lxml import etree
from rdflib.compare import isomorphic
from tests.formats.dcoc_samples import CERTIFICATES, ELEMENTS, FORMS, SAMPLE, SMALLEST, changed, through
from tests.formats.sample_keys import CHECK_TIME, SIGNING_TIME, institute, issuing, root
from tests.formats.test_xades_signing import xmlsec1

from jialiang.formats.dcoc.documents import read_dcoc, write_dcoc
from jialiang.formats.dcoc.errors import UnfitIdentifier, UnfitLanguage, UnfitText, UnknownForm
from jialiang.formats.dcoc.model import Contact, Named, Validity, text_in, texts
from jialiang.formats.dcoc.rdf_nodes import is_day, is_plain_iri
from jialiang.formats.dcoc.rules.checking import check_dcoc
from jialiang.formats.dcoc.shapes import elements, iri, namespaces, shape
from jialiang.formats.dcoc.xml_form import NAMESPACE, ROOT
from jialiang.formats.xades.signing import sign_enveloped
from jialiang.formats.xades.verification import verify

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # by its own parser
SYNTAXES = {"rdfxml": "xml", "jsonld": "json-ld"}
DCOC, VCARD, DCT = (rdflib.Namespace(namespaces()[each]) for each in ("dcoc", "vcard", "dcterms"))


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """Nothing here may ask the network."""

    def refused(*_, **__):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)


def graph_of(certificate, form, base="https://base.example/"):
    """What rdflib alone makes of a form."""
    return rdflib.Graph().parse(data=write_dcoc(certificate, form), format=SYNTAXES[form], publicID=base)


def test_the_elements_are_those_of_the_data_structure(oracles):
    listed = json.loads((oracles / "dcoc/dcoc-nobomet/dcoc-elements.json").read_text("utf-8"))
    assert [(each.name, each.often) for each in elements()] == [
        (each[0], each[1]) for each in listed["elements"]
    ]
    assert {each.name: each.often for each in elements()} == ELEMENTS
    assert namespaces()["dcoc"] == listed["rdf"]["namespace"]
    assert shape("certificate").rdf_class == listed["rdf"]["class"]
    assert {*listed["rdf"]["reused"], "dcoc", "rdf"} == set(namespaces())
    contacts = {each[0] for each in listed["elements"] if each[2:] == ["contact"]}
    assert {each.name for each in elements() if each.kind in ("organization", "person")} == contacts
    assert [each[0] for each in listed["elements"] if each[2:] == ["xsd:date"]] == ["certDate"]
    assert {each.name for each in elements() if each.kind == "date"} == {"certDate"}


@pytest.mark.parametrize("certificate", [SAMPLE, SMALLEST], ids=["whole", "smallest"])
@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_read_as_it_was_written(certificate, form):
    reading = through(certificate, form)
    assert reading.certificate == certificate
    assert reading.notation == form
    assert reading.findings == ()
    assert write_dcoc(reading.certificate, form) == write_dcoc(certificate, form)


@pytest.mark.parametrize("second", FORMS)
@pytest.mark.parametrize("first", FORMS)
def test_every_form_turns_into_every_other_without_loss(first, second):
    there = through(SAMPLE, first).certificate
    back = through(through(there, second).certificate, first).certificate
    assert back == SAMPLE
    assert write_dcoc(back, first) == write_dcoc(SAMPLE, first)


@pytest.mark.parametrize("form", FORMS)
def test_a_whole_certificate_breaks_no_rule(form):
    assert check_dcoc(through(SAMPLE, form)) == ()
    assert check_dcoc(through(SMALLEST, form)) == ()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(certificate=CERTIFICATES)
def test_anything_survives_the_plain_forms(certificate):
    for form in ("xml", "json"):
        assert through(certificate, form).certificate == certificate


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(certificate=CERTIFICATES)
def test_anything_survives_rdf(certificate):
    for form in SYNTAXES:
        assert through(certificate, form).certificate == certificate


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(certificate=CERTIFICATES)
def test_both_syntaxes_say_one_graph_of_anything(certificate):
    assert isomorphic(graph_of(certificate, "rdfxml"), graph_of(certificate, "jsonld"))


@pytest.mark.parametrize("certificate", [SAMPLE, SMALLEST], ids=["whole", "smallest"])
def test_both_syntaxes_say_one_graph(certificate):
    one, other = graph_of(certificate, "rdfxml"), graph_of(certificate, "jsonld")
    assert isomorphic(one, other)
    assert len(one) > 20


def test_the_graph_says_what_the_certificate_says():
    """Asked by rdflib, not by our reader: every element by its term."""
    graph = graph_of(SAMPLE, "jsonld")
    subject = rdflib.URIRef(SAMPLE.identifier)
    assert set(graph.subjects(rdflib.RDF.type, DCOC.DigitalCertificateOfConformity)) == {subject}
    value = graph.value
    assert value(subject, DCOC.certNo) == rdflib.Literal("C-2026-7")
    assert value(subject, DCOC.revision) == rdflib.Literal("1")
    assert value(subject, DCOC.certDate) == rdflib.Literal("2026-06-16", datatype=rdflib.XSD.date)
    assert set(graph.objects(subject, DCOC.statementOfConformity)) == {
        rdflib.Literal(text, lang=tag) for tag, text in SAMPLE.statement
    }
    assert {str(each) for each in graph.objects(subject, DCOC.languages)} == {"zh", "en"}
    assert {str(each) for each in graph.objects(subject, DCOC.referenceNos)} == set(SAMPLE.reference_numbers)
    objects = {str(value(each, DCT.identifier)) for each in graph.objects(subject, DCOC.certObjectIDs)}
    assert objects == {"S-30", "S-15"}
    body = value(subject, DCOC.certificationBody)
    assert value(body, rdflib.RDF.type) == VCARD.Organization
    assert value(body, VCARD.hasEmail) == rdflib.URIRef("mailto:office@body.example")
    assert value(body, VCARD.hasTelephone) == rdflib.URIRef("tel:+86%2010%205550%200000")
    assert value(body, VCARD.hasURL) == rdflib.URIRef("https://body.example/")
    address = value(body, VCARD.hasAddress)
    assert value(address, rdflib.RDF.type) == VCARD.Address
    assert value(address, VCARD["postal-code"]) == rdflib.Literal("100000")
    persons = list(graph.objects(subject, DCOC.responsibles))
    assert {value(each, rdflib.RDF.type) for each in persons} == {VCARD.Individual}
    assert len(persons) == 2
    period = value(value(subject, DCOC.validity), DCT.valid)
    assert period == rdflib.Literal("start=2026-06-16; end=2036-06-15;", datatype=DCT.Period)
    previous = value(subject, DCOC.previousCertificates)
    assert (value(previous, DCOC.certNo), value(previous, DCOC.revision)) == (
        rdflib.Literal("C-2026-7"),
        rdflib.Literal("0"),
    )


def test_only_terms_of_the_announced_vocabularies_are_used():
    used = {str(predicate) for _, predicate, _ in graph_of(SAMPLE, "rdfxml")}
    assert all(any(each.startswith(uri) for uri in namespaces().values()) for each in used)
    assert {
        each.removeprefix(namespaces()["dcoc"]) for each in used if each.startswith(namespaces()["dcoc"])
    } == set(ELEMENTS)


@pytest.mark.parametrize("form", SYNTAXES)
def test_a_certificate_without_an_identifier_is_named_by_its_document(form):
    reading = through(changed(identifier=""), form)
    assert reading.certificate.identifier == ""
    moved = graph_of(changed(identifier=""), form, base="https://elsewhere.example/c.rdf")
    assert set(moved.subjects(rdflib.RDF.type)) >= {rdflib.URIRef("https://elsewhere.example/c.rdf")}
    assert rdflib.URIRef("https://elsewhere.example/c.rdf#responsibles-2") in set(moved.subjects())


@pytest.mark.parametrize("form", FORMS)
def test_order_survives_even_beyond_nine(form):
    numbered = tuple(Named(f"T-{n}") for n in (12, 3, 7, 1, 9, 2, 11, 4, 10, 5, 8, 6))
    assert through(changed(objects=numbered), form).certificate.objects == numbered


@pytest.mark.parametrize("form", FORMS)
def test_sets_are_sorted_and_have_everything_once(form):
    reading = through(changed(languages=("zh", "en", "zh"), reference_numbers=("b", "a", "b")), form)
    assert reading.certificate.languages == ("en", "zh")
    assert reading.certificate.reference_numbers == ("a", "b")


ODD_TEXTS = {
    "markup": "<b>&amp; ]]> \"'",
    "blanks": "  two  blanks  ",
    "lines": "one\n\ttwo",
    "rare letters": "𠮷量 é é \u2028",
    "right to left": "עברית",
    "braces": "{0} {name}",
    "backslash": "C:\\new\\x",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_odd_texts_stay_as_they_are(text, form):
    odd = changed(
        number=text,
        statement=texts({"zh": text, "und": text}),
        body=Contact(name=texts({"en": text}), phone=text, email=text, url=text),
        category=Named(text, texts({"en-GB": text}), text),
    )
    assert through(odd, form).certificate == odd


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("begins", "until"),
    [
        ("2026-06-16", ""),
        ("", "2036-06-15"),
        ("", ""),
        ("2026-06-16+08:00", "2036-06-15Z"),
        ("soon; end=never", "a%3Bb"),
        ("2026-02-30", "=;= ;"),
    ],
)
def test_a_validity_keeps_both_ends(begins, until, form):
    validity = Validity(begins, until, texts({"en": "if"}))
    assert through(changed(validity=validity), form).certificate.validity == validity


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("date", ["2026-06-16", "2026-02-30", "2026-06-16Z", "16.6.2026", "2026-6-1"])
def test_a_date_keeps_its_text(date, form):
    assert through(changed(date=date), form).certificate.date == date


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "uri",
    [
        "https://a.example/b/../c", "https://a.example/?", "https://a.example/#", "https://a.example/量",
        "urn:oid:1.2.3", "#responsibles-1", "no uri", "HTTPS://A.example", "https://a.example/%41", "tel:1",
        "https://a.example/b/.", "x:", "//a.example/b", "certObjectIDs-3",
    ],
)  # fmt: skip
def test_an_address_keeps_its_text_whether_or_not_it_is_one(uri, form):
    odd = changed(category=Named("R 76", (), uri), manufacturer=Contact(name=texts({"en": "M"}), url=uri))
    assert through(odd, form).certificate == odd


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("character", ["\r", "\x00", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_what_not_every_form_can_carry_is_refused_with_its_place(character, form):
    with pytest.raises(UnfitText) as refused:
        write_dcoc(changed(statement=texts({"en": f"a{character}b"})), form)
    assert refused.value.facts == {"path": "/statementOfConformity", "character": f"U+{ord(character):04X}"}
    with pytest.raises(UnfitText) as refused:
        write_dcoc(changed(responsibles=(SAMPLE.responsibles[0], Contact(email=character))), form)
    assert refused.value.facts["path"] == "/responsibles[2]/email"


@pytest.mark.parametrize("form", SYNTAXES)
@pytest.mark.parametrize(
    "identifier", ["no iri", "C-7", "https://a b", "/relative", "https://a.example/b/../c"]
)
def test_rdf_needs_an_iri_as_identifier(identifier, form):
    with pytest.raises(UnfitIdentifier) as refused:
        write_dcoc(changed(identifier=identifier), form)
    assert refused.value.facts["identifier"] == identifier
    assert through(changed(identifier=identifier), "json").certificate.identifier == identifier


@pytest.mark.parametrize("form", SYNTAXES)
@pytest.mark.parametrize("tag", ["zh_CN", "e n", "toolongtag1", "-", "中文"])
def test_rdf_needs_tags_that_are_tags(tag, form):
    with pytest.raises(UnfitLanguage) as refused:
        write_dcoc(changed(statement=texts({tag: "x"})), form)
    assert refused.value.facts == {"path": "statementOfConformity", "tag": tag}


@pytest.mark.parametrize("form", ["", "turtle", "XML", "html", "x" * 200])
def test_an_unknown_form_is_refused_with_the_known_ones(form):
    with pytest.raises(UnknownForm) as refused:
        write_dcoc(SAMPLE, form)
    assert refused.value.facts["known"] == "xml, rdfxml, jsonld, json"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("https://a.example/", True), ("urn:x:y", True), ("did:web:a.example", True), ("https://量.example/", True),
        ("https://a.example/?q=1#f", True), ("", False), ("a", False), ("https:", False), ("https://", False),
        ("https://a b", False), ("https://a/<", False), ("https://a/..", False), ("https://a/./b", False),
        ("https://a/?", False), ("https://a/#", False), ("1a:b", False), ("https://a/\x00", False),
    ],
)  # fmt: skip
def test_plain_iris(text, is_one):
    assert is_plain_iri(text) is is_one


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("2026-06-16", True), ("2024-02-29", True), ("2026-02-29", False), ("2026-6-16", False), ("", False),
        ("20260616", False), ("2026-W25-2", False), ("2026-06-16Z", False), ("２０２６-06-16", False),
    ],
)  # fmt: skip
def test_days(text, is_one):
    assert is_day(text) is is_one


@pytest.mark.parametrize(
    ("language", "found"),
    [("zh", "量"), ("zh-Hans", "量"), ("ZH", "量"), ("en", "vessel"), ("en-GB", "vessel"), ("fr", "vessel")],
)
def test_a_text_is_given_in_the_language_or_in_another(language, found):
    assert text_in(texts({"zh-CN": "量", "en": "vessel"}), language) == found
    assert text_in((), language) == ""


def test_texts_are_sorted_and_empty_ones_left_out():
    assert texts({"zh": "b", "en": "a", "de": ""}) == (("en", "a"), ("zh", "b"))
    assert texts([("en", "first"), ("en", "second"), ("", "none")]) == (("en", "first"), ("und", "none"))


def test_the_xml_has_the_elements_by_their_names_in_their_order():
    tree = etree.fromstring(write_dcoc(SAMPLE, "xml"))
    assert tree.tag == ROOT
    names = [etree.QName(each).localname for each in tree]
    assert list(dict.fromkeys(names)) == list(ELEMENTS)
    assert {etree.QName(each).namespace for each in tree.iter()} == {NAMESPACE}


def test_the_xml_is_signed_and_verifies_here_and_with_xmlsec1(tmp_path):
    signed = sign_enveloped(write_dcoc(SAMPLE, "xml"), institute(), [issuing().certificate], SIGNING_TIME)
    assert verify(signed, [root().certificate], CHECK_TIME).holds
    assert xmlsec1(tmp_path, signed, root().certificate)
    reading = read_dcoc(signed)
    assert reading.certificate == SAMPLE
    assert check_dcoc(reading) == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"C-2026-7", b"C-2026-8"), (b"2036-06-15", b"2046-06-15"), (b">S-30<", b">S-31<"),
        (b"conform to", b"confirm to"), (b"identifier=", b"Identifier="), (b"<languages>zh", b"<languages>de"),
    ],
)  # fmt: skip
def test_a_signed_certificate_that_was_altered_does_not_verify(tmp_path, before, after):
    signed = sign_enveloped(write_dcoc(SAMPLE, "xml"), institute(), [issuing().certificate], SIGNING_TIME)
    altered = signed.replace(before, after, 1)
    assert altered != signed
    assert not verify(altered, [root().certificate], CHECK_TIME).holds
    assert not xmlsec1(tmp_path, altered, root().certificate)


@pytest.mark.parametrize("name", [each.name for each in elements()])
def test_every_term_is_of_the_namespace_of_the_data_structure(name):
    member = next(each for each in elements() if each.name == name)
    assert iri(member.term) == f"https://oimlsmart.org/ns/dcoc/1.0#{name}"


@pytest.mark.parametrize("blanks", [" ", "\n    ", "\t", "&#13;"])
def test_blanks_around_a_date_say_nothing(blanks):
    plain = write_dcoc(SAMPLE, "xml")
    spaced = plain
    for name, value in (("certDate", SAMPLE.date), ("from", SAMPLE.validity.begins), ("until", SAMPLE.validity.until)):
        whole = f"<{name}>{value}</{name}>".encode()
        assert whole in spaced
        spaced = spaced.replace(whole, f"<{name}>{blanks}{value}{blanks}</{name}>".encode(), 1)
    reading = read_dcoc(spaced)
    assert reading.certificate == SAMPLE
    assert [each.rule for each in check_dcoc(reading)] == [each.rule for each in check_dcoc(read_dcoc(plain))]
    assert read_dcoc(write_dcoc(reading.certificate, "jsonld")).certificate == SAMPLE
