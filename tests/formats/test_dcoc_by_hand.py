"""Certificates of conformity by hand: whole files of other hands, words to the letter, orders of days by force."""

import itertools
import json
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urljoin

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.formats.dcoc_samples import BODY, SAMPLE, SMALLEST, changed, rules_of, through
from tests.formats.sample_content import sample_content

from jialiang.formats.content import Statement
from jialiang.formats.dcoc import errors
from jialiang.formats.dcoc.documents import FORMS, JSON_LIMITS, XML_LIMITS, read_dcoc, write_dcoc
from jialiang.formats.dcoc.json_form import json_form
from jialiang.formats.dcoc.making import dcoc_from_content
from jialiang.formats.dcoc.model import Address, Contact, Named, PreviousCertificate, Validity, text_in, texts
from jialiang.formats.dcoc.rdf_nodes import is_plain_iri
from jialiang.formats.dcoc.reading import refuse_unfit
from jialiang.formats.dcoc.rules.breach import day_of
from jialiang.formats.dcoc.rules.checking import check_dcoc
from jialiang.formats.findings import holds
from jialiang.formats.json_documents.errors import JsonTooMany
from jialiang.formats.xml.errors import TooManyElements
from jialiang.kernel.text import Text

# --- the smallest certificate, in every form to the letter ----------------------------------------------------------

XML = """<?xml version="1.0" encoding="UTF-8"?>
<digitalCertificateOfConformity xmlns="urn:jialiang:dcoc:1" schemaVersion="1.0.0">
  <certificationScheme>
    <identifier>3</identifier>
  </certificationScheme>
  <certificationBody>
    <name>
      <content lang="en">Body</content>
    </name>
    <identifier>1</identifier>
    <email>a@body.example</email>
  </certificationBody>
  <certNo>1</certNo>
  <revision>0</revision>
  <manufacturer>
    <name>
      <content lang="en">Maker</content>
    </name>
    <phone>+86 10 1234567</phone>
  </manufacturer>
  <categoryOfInstrument>
    <identifier>MI-005</identifier>
  </categoryOfInstrument>
  <certObjectIDs>
    <identifier>T-1</identifier>
  </certObjectIDs>
  <certDate>2026-01-02</certDate>
  <certificationCriteria>
    <identifier>EN 1</identifier>
  </certificationCriteria>
  <statementOfConformity>
    <content lang="en">It conforms.</content>
  </statementOfConformity>
  <validity>
    <from>2026-01-02</from>
    <until>2036-01-01</until>
  </validity>
  <responsibles>
    <name>
      <content lang="en">P</content>
    </name>
    <role>
      <content lang="en">decision</content>
    </role>
  </responsibles>
  <languages>en</languages>
</digitalCertificateOfConformity>
"""
PLAIN = {
    "schema": "jialiang.dcoc/1",
    "certificationScheme": {"identifier": "3"},
    "certificationBody": {"name": {"en": "Body"}, "identifier": "1", "email": "a@body.example"},
    "certNo": "1",
    "revision": "0",
    "manufacturer": {"name": {"en": "Maker"}, "phone": "+86 10 1234567"},
    "categoryOfInstrument": {"identifier": "MI-005"},
    "certObjectIDs": [{"identifier": "T-1"}],
    "certDate": "2026-01-02",
    "certificationCriteria": [{"identifier": "EN 1"}],
    "statementOfConformity": {"en": "It conforms."},
    "validity": {"from": "2026-01-02", "until": "2036-01-01"},
    "responsibles": [{"name": {"en": "P"}, "role": {"en": "decision"}}],
    "languages": ["en"],
}
TURTLE = """
@prefix d: <https://oimlsmart.org/ns/dcoc/1.0#> . @prefix t: <http://purl.org/dc/terms/> .
@prefix v: <http://www.w3.org/2006/vcard/ns#> . @prefix x: <http://www.w3.org/2001/XMLSchema#> .
[] a d:DigitalCertificateOfConformity ;
  d:certificationScheme [ t:identifier "3" ] ;
  d:certificationBody [ a v:Organization ; v:fn "Body"@en ; t:identifier "1" ; v:hasEmail <mailto:a@body.example> ] ;
  d:certNo "1" ; d:revision "0" ;
  d:manufacturer [ a v:Organization ; v:fn "Maker"@en ; v:hasTelephone <tel:+86%2010%201234567> ] ;
  d:categoryOfInstrument [ t:identifier "MI-005" ] ; d:certObjectIDs [ t:identifier "T-1" ] ;
  d:certDate "2026-01-02"^^x:date ; d:certificationCriteria [ t:identifier "EN 1" ] ;
  d:statementOfConformity "It conforms."@en ;
  d:validity [ t:valid "start=2026-01-02; end=2036-01-01;"^^t:Period ] ;
  d:responsibles [ a v:Individual ; v:fn "P"@en ; v:role "decision"@en ] ; d:languages "en" .
"""


def test_the_xml_to_the_letter():
    assert write_dcoc(SMALLEST, "xml").decode() == XML
    reading = read_dcoc(XML.encode())
    assert (reading.certificate, reading.findings) == (SMALLEST, ())


def test_the_json_to_the_letter():
    assert write_dcoc(SMALLEST, "json").decode() == json.dumps(PLAIN, indent=2) + "\n"
    assert read_dcoc(json.dumps(PLAIN).encode()).certificate == SMALLEST


@pytest.mark.parametrize("form", ["rdfxml", "jsonld"])
def test_the_rdf_is_the_graph_that_one_writes_by_hand(form):
    rdflib = pytest.importorskip("rdflib")
    compare = pytest.importorskip("rdflib.compare")
    graph, data = rdflib.Graph(), write_dcoc(SMALLEST, form)
    if form == "jsonld":
        to_rdf = pytest.importorskip("rdflib.plugins.parsers.jsonld").to_rdf
        to_rdf(json.loads(data), graph, base="http://here.example/")
    else:
        graph.parse(data=data, format="xml", publicID="http://here.example/")
    by_hand = rdflib.Graph().parse(data=TURTLE, format="turtle")
    # Parts have names in ours and none in the other: names of this document are taken away before they are compared.
    nameless = rdflib.Graph()
    blanks = {}

    def bare(node):
        own = isinstance(node, rdflib.URIRef) and str(node).startswith("http://here.example/")
        return blanks.setdefault(node, rdflib.BNode()) if own else node

    for s, p, o in graph:
        nameless.add((bare(s), p, bare(o)))
    assert compare.isomorphic(nameless, by_hand)


@pytest.mark.parametrize("form", ["rdfxml", "jsonld"])
def test_a_graph_of_another_hand_is_read_the_same(form):
    rdflib = pytest.importorskip("rdflib")
    graph = rdflib.Graph().parse(data=TURTLE, format="turtle")
    data = graph.serialize(format={"rdfxml": "pretty-xml", "jsonld": "json-ld"}[form]).encode()
    reading = read_dcoc(data)
    assert (reading.certificate, reading.notation, reading.findings) == (SMALLEST, form, ())
    assert check_dcoc(reading, date(2026, 1, 2)) == ()


# --- words ----------------------------------------------------------------------------------------------------------

REPEATED = changed(objects=(Named("S-30"), Named("S-30")))
SENTENCES = [
    (REPEATED, "DCOC-OBJECT-REPEATED", "The object S-30 is named twice.", "认证对象 S-30 出现多次。"),
    (changed(category=Named("scales")), "DCOC-CATEGORY-UNKNOWN",
     "The code scales is of none of the lists known here (OIML R, MI-001 to MI-010, JJF/JJG).",
     "器具类别代码“scales”不在已知的编码中（OIML R、MI-001 至 MI-010、JJF/JJG）。"),
    (changed(body=replace(BODY, email="x")), "DCOC-EMAIL-FORMAT", "“x” is no e-mail address.", "“x”不是电子邮件地址。"),
    (changed(body=replace(BODY, phone="x")), "DCOC-PHONE-FORMAT", "“x” is no telephone number; write +86 10 ….",
     "“x”不是电话号码；宜写成 +86 10 …。"),
    (changed(body=replace(BODY, url="x")), "DCOC-URI-FORMAT", "“x” is no complete, normalized IRI.",
     "“x”不是完整、规范的 IRI。"),
    (changed(body=replace(BODY, address=Address(country="X"))), "DCOC-COUNTRY-UNKNOWN",
     "“X” is no code of two letters of ISO 3166-1.", "“X”不是 ISO 3166-1 的两字母代码。"),
    (changed(validity=Validity("2026-07-02", "2026-07-01")), "DCOC-VALIDITY-REVERSED",
     "The validity ends on 2026-07-01, before it begins on 2026-07-02.",
     "有效期止于 2026-07-01，早于起始日 2026-07-02。"),
    (changed(validity=Validity("", "2026-06-15")), "DCOC-VALIDITY-BEFORE-ISSUE",
     "The validity ends on 2026-06-15, before the certificate was issued on 2026-06-16.",
     "有效期止于 2026-06-15，早于签发日期 2026-06-16。"),
    (changed(validity=Validity("2026-06-15")), "DCOC-VALIDITY-BACKDATED",
     "The validity begins on 2026-06-15, before the certificate was issued on 2026-06-16.",
     "有效期始于 2026-06-15，早于签发日期 2026-06-16。"),
    (changed(revision="B"), "DCOC-REVISION-FORMAT", "The revision “B” is no whole number; the first issue is 0.",
     "修订号“B”不是整数；首次签发为 0。"),
    (changed(previous=()), "DCOC-PREVIOUS-MISSING", "The revision is 1, but there are no previousCertificates.",
     "修订号为 1，但没有 previousCertificates。"),
    (changed(previous=(PreviousCertificate("C-2026-7"),), revision=""), "DCOC-PREVIOUS-REVISION",
     "The previous certificate C-2026-7 has the revision –, which is not below that of this one.",
     "前一份证书 C-2026-7 的修订号 – 不小于本证书的修订号。"),
    (changed(previous=(PreviousCertificate("B", date="2026-06-17"),)), "DCOC-PREVIOUS-LATER",
     "The previous certificate B is dated 2026-06-17, later than this one (2026-06-16).",
     "前一份证书 B 的日期 2026-06-17 晚于本证书的签发日期 2026-06-16。"),
    (changed(languages=("zh",)), "DCOC-LANGUAGE-UNDECLARED",
     "The text is in en, which languages does not declare (declared: zh).",
     "文字的语言 en 未在 languages 中声明（已声明：zh）。"),
    (changed(languages=("zh", "en", "fr", "de")), "DCOC-LANGUAGE-INCOMPLETE", "The text is missing in: de, fr.",
     "该文字缺少语言：de, fr。"),
    (changed(objects=()), "DCOC-CARDINALITY", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("certificate", "rule", "en", "zh"), SENTENCES)
def test_a_finding_says_its_facts_to_the_letter(certificate, rule, en, zh):
    found = next(each for each in check_dcoc(through(certificate, "json")) if each.rule == rule)
    if en is None:
        assert "certObjectIDs" in found.text.en and "0" in found.text.en and "1..*" in found.text.zh
    else:
        assert found.text == Text(zh, en)


@pytest.mark.parametrize(
    ("certificate", "today", "rule", "en"),
    [
        (SAMPLE, "2026-06-14", "DCOC-DATE-IN-FUTURE",
         "The certificate is dated 2026-06-16, later than today (2026-06-14)."),
        (SAMPLE, "2026-06-14", "DCOC-NOT-YET-VALID", "The validity begins on 2026-06-16; today is 2026-06-14."),
        (SAMPLE, "2036-06-16", "DCOC-EXPIRED", "The validity ended on 2036-06-15; today is 2036-06-16."),
    ],
)  # fmt: skip
def test_a_finding_about_today_names_both_days(certificate, today, rule, en):
    found = check_dcoc(through(certificate, "json"), date.fromisoformat(today))
    assert {each.text.en for each in found if each.rule == rule} == {en}
    assert all(today in each.text.zh for each in found)


ERRORS = [
    (errors.NotACertificateOfConformity, {"found": "a", "line": 3}, 422,
     "Line 3: “a” is no digital certificate of conformity (D-CoC).", "第 3 行：“a”不是数字合格证书（D-CoC）。"),
    (errors.ForeignContext, {"context": "u"}, 422, "The document refers to the context u elsewhere.",
     "文件引用了外部上下文 u。"),
    (errors.NotRdf, {"detail": "d"}, 422, "The RDF cannot be read: d.", "读不出 RDF：d。"),
    (errors.SeveralCertificates, {"count": 2}, 422, "The RDF describes 2 certificates of conformity.",
     "RDF 中有 2 张合格证书。"),
    (errors.UnfitText, {"path": "/certNo", "character": "U+0000"}, 422, "/certNo holds the character U+0000.",
     "/certNo 含有字符 U+0000。"),
    (errors.UnfitIdentifier, {"identifier": "x"}, 422, "The identifier of the certificate “x” is no IRI.",
     "证书的标识“x”不是 IRI。"),
    (errors.UnknownForm, {"form": "pdf", "known": "xml"}, 404, "There is no form “pdf”.", "没有“pdf”这种形式。"),
    (errors.MissingElement, {"element": "certNo"}, 422, "certNo is missing.", "缺少 certNo。"),
    (errors.NotConforming, {"number": "1"}, 422, "The certificate 1 states no conformity.",
     "证书 1 没有给出合格结论。"),
    (errors.UnfitLanguage, {"path": "name", "tag": "?"}, 422, "name: “?” is no tag of a language.",
     "name 的语言标记“?”写法不对。"),
]  # fmt: skip


@pytest.mark.parametrize(("error", "facts", "status", "en", "zh"), ERRORS)
def test_a_refusal_is_told_in_both_languages(error, facts, status, en, zh):
    problem = error(**facts)
    assert (problem.what, problem.http_status) == (Text(zh, en), status)
    assert all((problem.rule.zh, problem.rule.en, problem.way_out.zh, problem.way_out.en))


# --- days -----------------------------------------------------------------------------------------------------------

DAY = date(2026, 6, 16)
AROUND = [DAY + timedelta(days=shift) for shift in (-2, -1, 0, 1, 2)]


@pytest.mark.parametrize("begins", [None, *AROUND])
@pytest.mark.parametrize("until", [None, *AROUND])
def test_every_order_of_issue_beginning_and_end(begins, until):
    """The certificate is of the middle day; what is wrong is worked out from the order alone."""
    expected = set()
    if begins and begins < DAY:
        expected.add("DCOC-VALIDITY-BACKDATED")
    if until is None:
        expected.add("DCOC-VALIDITY-OPEN")
    elif until < DAY:
        expected.add("DCOC-VALIDITY-BEFORE-ISSUE")
    if begins and until and begins > until:
        expected.add("DCOC-VALIDITY-REVERSED")
    given_ = Validity(str(begins or ""), str(until or ""), SAMPLE.validity.conditions)
    assert set(rules_of(changed(validity=given_))) == expected


@pytest.mark.parametrize("begins", AROUND)
@pytest.mark.parametrize("until", AROUND)
def test_every_place_of_today_in_a_validity(begins, until):
    certificate = changed(date=str(begins), validity=Validity(str(begins), str(until)), previous=())
    for today in AROUND:
        of_today = {"DCOC-EXPIRED", "DCOC-NOT-YET-VALID", "DCOC-DATE-IN-FUTURE"}
        found = {each.rule for each in check_dcoc(through(certificate, "json"), today)} & of_today
        early = {"DCOC-NOT-YET-VALID", "DCOC-DATE-IN-FUTURE"} if (begins - today).days > 1 else set()
        assert found == early | ({"DCOC-EXPIRED"} if until < today else set())


@settings(deadline=None)
@given(day=st.dates(), zone=st.sampled_from(["", "Z", "+08:00", "-14:00"]))
def test_every_day_of_the_calendar_is_read(day, zone):
    assert day_of(f"{day.isoformat()}{zone}") == day


NO_DAYS = ["2026-W25-2", "20260616", "2026-167", "2026-06-16T00:00:00", "2026-06-16 or so", "2026-06-16+8",
           "2026-06-31", "+2026-06-1", "２０２６-06-16", "2026-06-16ZZ", " 2026-06-16"]  # fmt: skip


@pytest.mark.parametrize("form", ["rdfxml", "jsonld"])
@pytest.mark.parametrize("text", NO_DAYS)
def test_what_is_not_written_as_a_date_is_told_in_rdf_too(text, form):
    found = check_dcoc(through(changed(date=text), form))
    assert ("DCOC-DATE-FORMAT", "/certDate") in {(each.rule, each.path) for each in found}
    assert not holds(found)


@pytest.mark.parametrize("text", NO_DAYS)
@pytest.mark.parametrize("form", ["xml", "json"])
def test_what_is_not_written_as_a_date_holds_in_no_form(text, form):
    only_blanks = form == "xml" and text.strip() != text  # those of XML say nothing, see test_dcoc_forms
    assert holds(check_dcoc(through(changed(date=text), form))) is only_blanks


REVISIONS = ["", "0", "1", "2", "10", "B", " 1", "01"]

# --- revisions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("now", REVISIONS)
def test_the_revision_before_is_below(now):
    """Texts equal but for blanks are one revision; numbers are compared as numbers; other texts not at all."""
    for then in REVISIONS:
        numbers = [int(each) if each.strip().isdigit() else None for each in (now, then)]
        wrong = now.strip() == then.strip() or (None not in numbers and numbers[1] >= numbers[0])
        found = rules_of(changed(revision=now, previous=(PreviousCertificate(SAMPLE.number, then),)))
        assert ("DCOC-PREVIOUS-REVISION" in found) is wrong, then


@pytest.mark.parametrize("number", ["C-2026-7", " C-2026-7 ", "C-2026-8", ""])
def test_only_certificates_of_one_number_have_revisions_in_order(number):
    found = rules_of(changed(previous=(PreviousCertificate(number, "7"),)))
    assert ("DCOC-PREVIOUS-REVISION" in found) is (number.strip() == "C-2026-7")


@pytest.mark.parametrize(
    ("revision", "expected"),
    [("0", True), ("00", True), ("999999999", True), ("1000000000", False), ("1.0", False),
     ("１", False), ("-0", False)],
)  # fmt: skip
def test_revisions_are_whole_numbers_of_up_to_nine_digits(revision, expected):
    assert ("DCOC-REVISION-FORMAT" not in rules_of(changed(revision=revision))) is expected


# --- languages ------------------------------------------------------------------------------------------------------

TAGS = ("zh", "zh-Hans", "zh-Hant", "EN", "en-GB", "und")


@pytest.mark.parametrize("declared", [each for n in (1, 2) for each in itertools.combinations(TAGS[:5], n)])
def test_declared_and_used_languages_by_force(declared):
    """A tag stands for another where both are equal or one is the other without its region or script."""

    def one(left, right):
        left, right = left.lower(), right.lower()
        return left == right or right.startswith(f"{left}-") or left.startswith(f"{right}-")

    for used in [each for n in (1, 2) for each in itertools.combinations(TAGS, n)]:
        spoken = texts(dict.fromkeys(used, "x"))
        named = Contact(name=spoken, email="a@b.example", identifier="1", role=spoken)
        certificate = replace(
            SMALLEST,
            languages=declared,
            statement=spoken,
            body=named,
            manufacturer=named,
            responsibles=(named,),
        )
        expected = {"DCOC-TEXT-WITHOUT-LANGUAGE"} if "und" in used else set()
        if any(tag != "und" and not any(one(tag, d) for d in declared) for tag in used):
            expected.add("DCOC-LANGUAGE-UNDECLARED")
        if any(not any(one(tag, d) for tag in used) for d in declared):
            expected |= {"DCOC-LANGUAGE-UNUSED", "DCOC-LANGUAGE-INCOMPLETE"}
        assert set(rules_of(certificate)) == expected, used


@pytest.mark.parametrize(
    ("language", "found"),
    [("zh", "量"), ("zh-TW", "量"), ("de", "vessel"), ("en-US", "vessel"), ("", "vessel"), ("und", "vessel")],
)
def test_a_text_that_is_not_there_in_a_language_is_given_in_the_first(language, found):
    assert text_in(texts({"zh": "量", "en-GB": "vessel"}), language) == found


# --- addresses ------------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(
    scheme=st.sampled_from(["https", "urn", "ftp", "did"]),
    rest=st.text(st.sampled_from("a.:/?#;%&=-"), max_size=8),
)
@example(scheme="https", rest="//a.example/../b")
@example(scheme="https", rest="//a.example/b/.")
def test_a_plain_iri_is_what_resolving_leaves_alone(scheme, rest):
    text = f"{scheme}:{rest}"
    if is_plain_iri(text):
        assert urljoin("gopher://document.invalid/x", text) == text


@pytest.mark.parametrize(
    ("mail", "is_one"),
    [
        ("a@b.example", True), ("a+b.c@b-c.example.org", True), ("甲@例.example", True),
        ("a@b", False), ("@b.example", False),
        ("a@", False), ("a@b..example", False), ("a@b.example.", False), ("a@@b.example", False),
        ("a@b.ex ample", False),
        ("a@.example", False), (" a@b.example", False), ("mailto:a@b.example", True),
    ],
)  # fmt: skip
def test_mail_addresses(mail, is_one):
    assert ("DCOC-EMAIL-FORMAT" not in rules_of(changed(body=replace(BODY, email=mail)))) is is_one


@pytest.mark.parametrize(
    ("phone", "is_one"),
    [
        ("+86 10 5550 0000", True), ("010-5550", True), ("12345", True), ("1234", False), ("+", False),
        ("++86 10 5550", False),
        ("+86 10 5550 ext 3", False), ("1" + "2" * 30, True), ("1" + "2" * 31, False), ("１２３４５６", False),
    ],
)  # fmt: skip
def test_telephone_numbers(phone, is_one):
    assert ("DCOC-PHONE-FORMAT" not in rules_of(changed(body=replace(BODY, phone=phone)))) is is_one


@pytest.mark.parametrize("member", ["email", "phone", "url"])
def test_one_way_to_reach_a_body_is_enough(member):
    alone = Contact(name=BODY.name, identifier="1", **{member: getattr(BODY, member)})
    assert "DCOC-BODY-CONTACT" not in rules_of(changed(body=alone))
    assert "DCOC-MANUFACTURER-CONTACT" not in rules_of(changed(manufacturer=alone))


# --- limits ---------------------------------------------------------------------------------------------------------


def test_as_many_values_as_a_certificate_may_have_and_one_more():
    head = json.dumps(PLAIN)[:-1]
    commas = head.count(",") + sum(head.count(bracket) for bracket in "[{")
    room = JSON_LIMITS.values - commas - 2  # the comma and bracket of the member that fills it up
    full = f'{head},"x":[{",".join(["1"] * (room + 1))}]}}'
    assert {each.rule for each in check_dcoc(read_dcoc(full.encode()))} == {"DCOC-STRUCTURE-UNKNOWN"}
    with pytest.raises(JsonTooMany):
        read_dcoc(full.replace(":[1", ":[1,1", 1).encode())


def test_xml_of_too_many_elements_is_refused():
    root = etree.fromstring(XML.encode())
    for _ in range(XML_LIMITS.elements):
        etree.SubElement(root, "{urn:jialiang:dcoc:1}referenceNos")
    with pytest.raises(TooManyElements):
        read_dcoc(etree.tostring(root))


@pytest.mark.parametrize(
    ("certificate", "path"),
    [
        (changed(identifier="a\x00"), "/identifier"), (changed(number="\r"), "/certNo"),
        (changed(objects=(Named("a"), Named("b", texts({"zh": "\x0b"})))), "/certObjectIDs[2]/title"),
        (changed(body=replace(BODY, address=Address(postal_code="\x7f\x1f"))), "/certificationBody/address/postalCode"),
        (changed(reference_numbers=("a", "\ufffe")), "/referenceNos[2]"),
        (changed(statement=(("z\x01", "x"),)), "/statementOfConformity"),
        (changed(responsibles=(Contact(phone="\ud800"),)), "/responsibles[1]/phone"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", FORMS)
def test_a_character_that_a_form_loses_is_named_with_its_place(certificate, path, form):
    for refusing in (refuse_unfit, lambda given_: write_dcoc(given_, form)):
        with pytest.raises(errors.UnfitText) as refused:
            refusing(certificate)
        assert refused.value.facts["path"] == path


# --- made of a certificate ------------------------------------------------------------------------------------------

SCHEME, CATEGORY = Named("1a"), Named("R 76")


def made(**changes):
    """The certificate of conformity of the sample content."""
    return dcoc_from_content(sample_content(**changes), scheme=SCHEME, category=CATEGORY)


def test_a_body_without_a_laboratory_code_goes_by_its_credit_code():
    institute = sample_content().institute
    assert made(institute=replace(institute, laboratory_code="")).body.identifier == institute.credit_code
    assert made(institute=replace(institute, laboratory_code="", credit_code="")).body.identifier == ""


def test_several_statements_follow_one_another_and_without_words_the_conclusion_stands():
    statements = tuple(
        Statement("basic_conformity", Text(), declared, conformity=outcome)
        for declared, outcome in (
            (Text("甲", "a"), "pass"), (Text("乙"), "pass"), (Text("丙", "c"), None), (Text("", "d"), "noFail"),
        )
    )  # fmt: skip
    assert made(statements=statements).statement == (("en", "a d"), ("zh", "甲 乙"))
    wordless = (Statement("basic_conformity", Text(), Text(), conformity="pass"),)
    assert made(statements=wordless, conclusion=Text("合格", "It passed.")).statement == (
        ("en", "It passed."), ("zh", "合格"),
    )  # fmt: skip


def test_a_content_of_nothing_has_neither_maker_nor_objects():
    found = made(items=())
    assert (found.manufacturer, found.objects) == (Contact(), ())
    assert {"DCOC-CARDINALITY", "DCOC-EMPTY"} & set(rules_of(found))


def test_a_number_that_an_item_has_twice_is_one_object():
    (item,) = sample_content().items
    found = made(items=(replace(item, model="X", serial_number="X", identifications=()),))
    assert [each.identifier for each in found.objects] == ["X"]


def test_methods_without_a_norm_are_no_criteria():
    methods = sample_content().methods
    found = made(methods=(replace(methods[0], norm=""), methods[1]))
    assert [each.identifier for each in found.criteria] == [methods[1].norm]


def test_the_json_form_of_what_was_made_holds_it_all():
    document = json_form(made())
    assert document["schema"] == "jialiang.dcoc/1"
    assert document["validity"] == {"from": "2026-06-16", "until": "2027-06-14"}
    assert document["languages"] == ["en", "zh"]
