"""The rules for certificates of conformity as a table: what breaks each of them and nothing else, and where."""

import json
import string
from dataclasses import replace
from datetime import date

import pytest
from lxml import etree
from tests.formats.dcoc_samples import (
    BODY,
    ELEMENTS,
    FORMS,
    MAKER,
    SAMPLE,
    SMALLEST,
    changed,
    rules_of,
    through,
)

from jialiang.formats.dcoc.documents import read_dcoc, write_dcoc
from jialiang.formats.dcoc.json_form import json_form
from jialiang.formats.dcoc.model import Address, Contact, Named, PreviousCertificate, Validity, texts
from jialiang.formats.dcoc.rules.catalogue import is_known_category, rules
from jialiang.formats.dcoc.rules.checking import LIMIT, check_dcoc
from jialiang.formats.findings import holds

BOTH = texts({"zh": "甲", "en": "a"})
PERSON = SAMPLE.responsibles[0]


def person(**members):
    """The sample with its first responsible changed."""
    return changed(responsibles=(replace(PERSON, **members), SAMPLE.responsibles[1]))


def body(**members):
    """The sample with its body changed."""
    return changed(body=replace(BODY, **members))


def validity(begins="2026-06-16", until="2036-06-15", conditions=BOTH):
    """The sample with another validity."""
    return changed(validity=Validity(begins, until, conditions))


def previous(*given):
    """The sample with other certificates before it."""
    return changed(previous=tuple(PreviousCertificate(*each) for each in given))


BROKEN = [
    ("no way to reach the body", body(address=Address(), email="", phone="", url=""), "DCOC-BODY-CONTACT",
     "warning", "/certificationBody"),
    ("a body without a number", body(identifier=""), "DCOC-BODY-IDENTIFIER", "hint", "/certificationBody"),
    ("a maker without a contact", changed(manufacturer=Contact(name=BOTH)), "DCOC-MANUFACTURER-CONTACT",
     "hint", "/manufacturer"),
    ("a person without a role", person(role=()), "DCOC-RESPONSIBLE-ROLE", "hint", "/responsibles[1]"),
    ("an object with a title alone", changed(objects=(Named("A"), Named(title=BOTH))), "DCOC-OBJECT-ID-MISSING",
     "error", "/certObjectIDs[2]"),
    ("an object twice", changed(objects=(Named("A"), Named("B"), Named("A"))), "DCOC-OBJECT-REPEATED",
     "warning", "/certObjectIDs[3]"),
    ("a criterion without a number", changed(criteria=(Named(title=BOTH),)), "DCOC-CRITERION-NUMBER-MISSING",
     "warning", "/certificationCriteria[1]"),
    ("a category without a code", changed(category=Named(title=BOTH)), "DCOC-CATEGORY-CODE-MISSING",
     "hint", "/categoryOfInstrument"),
    ("an unknown category", changed(category=Named("scales", BOTH)), "DCOC-CATEGORY-UNKNOWN",
     "hint", "/categoryOfInstrument/identifier"),
    ("an e-mail without a host", body(email="office"), "DCOC-EMAIL-FORMAT", "warning", "/certificationBody/email"),
    ("an e-mail with a blank", person(email="a b@c.example"), "DCOC-EMAIL-FORMAT", "warning",
     "/responsibles[1]/email"),
    ("a telephone of letters", body(phone="call me"), "DCOC-PHONE-FORMAT", "hint", "/certificationBody/phone"),
    ("a web address without a scheme", body(url="body.example"), "DCOC-URI-FORMAT", "warning",
     "/certificationBody/url"),
    ("a scheme at no address", changed(scheme=Named("1a", BOTH, "no address")), "DCOC-URI-FORMAT", "warning",
     "/certificationScheme/uri"),
    ("a country of three letters", body(address=replace(BODY.address, country="CHN")), "DCOC-COUNTRY-UNKNOWN",
     "warning", "/certificationBody/address/country"),
    ("a country that does not exist", body(address=replace(BODY.address, country="XX")), "DCOC-COUNTRY-UNKNOWN",
     "warning", "/certificationBody/address/country"),
    ("an end before the beginning", validity("2036-06-16", "2036-06-15"), "DCOC-VALIDITY-REVERSED", "error",
     "/validity"),
    ("an end before the issue", validity("", "2026-06-15"), "DCOC-VALIDITY-BEFORE-ISSUE", "error",
     "/validity/until"),
    ("a beginning before the issue", validity("2026-06-15"), "DCOC-VALIDITY-BACKDATED", "warning",
     "/validity/from"),
    ("no end", validity(until=""), "DCOC-VALIDITY-OPEN", "hint", "/validity"),
    ("a revision of letters", changed(revision="B"), "DCOC-REVISION-FORMAT", "warning", "/revision"),
    ("a negative revision", changed(revision="-1"), "DCOC-REVISION-FORMAT", "warning", "/revision"),
    ("a revision of Chinese digits", changed(revision="一"), "DCOC-REVISION-FORMAT", "warning", "/revision"),
    ("a revision that follows nothing", changed(previous=()), "DCOC-PREVIOUS-MISSING", "warning", "/revision"),
    ("a revision that changes nothing", changed(modifications=()), "DCOC-MODIFICATIONS-MISSING", "warning",
     "/revision"),
    ("changes in a first issue", changed(revision="0", previous=()), "DCOC-MODIFICATIONS-UNEXPECTED", "warning",
     "/modifications"),
    ("itself before it", previous(("C-2026-7", "1", "2026-03-02")), "DCOC-PREVIOUS-REVISION", "error",
     "/previousCertificates[1]"),
    ("a later revision before it", previous(("C-2026-7", "0"), ("C-2026-7", "2")), "DCOC-PREVIOUS-REVISION",
     "error", "/previousCertificates[2]"),
    ("a later date before it", previous(("C-2025-1", "0", "2026-06-17")), "DCOC-PREVIOUS-LATER", "error",
     "/previousCertificates[1]"),
    ("one twice before it", previous(("C-1", "0"), ("C-1", "0")), "DCOC-PREVIOUS-REPEATED", "warning",
     "/previousCertificates[2]"),
    ("a language that is none", changed(languages=("zh", "en", "qq")), "DCOC-LANGUAGE-UNKNOWN", "error",
     "/languages[2]"),
    ("a text without a language", changed(category=Named("R 76", texts({"und": "x"}))),
     "DCOC-TEXT-WITHOUT-LANGUAGE", "hint", "/categoryOfInstrument/title"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("certificate", "rule", "severity", "path"),
    [each[1:] for each in BROKEN],
    ids=[each[0] for each in BROKEN],
)
def test_a_fault_breaks_its_rule_and_no_other(certificate, rule, severity, path):
    found = [
        each for each in check_dcoc(through(certificate, "json")) if each.rule != "DCOC-LANGUAGE-INCOMPLETE"
    ]
    assert [(each.rule, each.severity, each.path) for each in found] == [(rule, severity, path)]


@pytest.mark.parametrize("form", ["rdfxml", "jsonld", "xml"])
@pytest.mark.parametrize("case", BROKEN[::3], ids=[each[0] for each in BROKEN[::3]])
def test_a_fault_is_found_in_every_form(case, form):
    _, certificate, rule, severity, path = case
    found = [each for each in check_dcoc(through(certificate, form)) if each.rule == rule]
    assert [(each.severity, each.path) for each in found] == [(severity, path)]
    assert all((each.line is not None) is (form == "xml") for each in found)


UNBROKEN = {
    "an unlimited one is only hinted at": (validity(until=""), {"DCOC-VALIDITY-OPEN"}),
    "it may begin on the day of issue": (validity("2026-06-16"), set()),
    "it may begin later": (validity("2026-07-01"), set()),
    "it may last a day": (validity("2026-06-16", "2026-06-16"), set()),
    "a time zone is no fault": (validity("2026-06-16Z", "2036-06-15+08:00"), set()),
    "a body with a telephone alone": (body(address=Address(), email="", url=""), set()),
    "a body with a city alone": (body(address=Address(city=BOTH), email="", url="", phone=""), set()),
    "another certificate of the same day": (previous(("C-1", "9", "2026-06-16")), set()),
    "an earlier one without a date": (previous(("C-2026-7", "0")), set()),
    "an earlier one without a revision": (previous(("C-2026-6",)), set()),
    "two revisions before it": (changed(revision="2", previous=(PreviousCertificate("C-2026-7", "0"),
                                                               PreviousCertificate("C-2026-7", "1"))), set()),
    "a region of a language": (changed(languages=("zh-CN", "en-GB")), set()),
    "a telephone with parentheses": (body(phone="+49 (531) 592-0"), set()),
    "a category of the Chinese list": (changed(category=Named("JJG 539", BOTH)), set()),
    "objects of one number and two titles": (changed(objects=(Named("A", BOTH), Named("A"))), set()),
    "blanks around a revision": (changed(revision=" 1 "), set()),
}  # fmt: skip


@pytest.mark.parametrize(("certificate", "expected"), UNBROKEN.values(), ids=UNBROKEN)
def test_what_is_no_fault(certificate, expected):
    assert set(rules_of(certificate)) == expected


TODAY = [
    ("2026-06-16", set()),
    ("2036-06-15", set()),
    ("2036-06-16", {"DCOC-EXPIRED"}),
    ("2026-06-15", set()),
    ("2026-06-14", {"DCOC-DATE-IN-FUTURE", "DCOC-NOT-YET-VALID"}),
    ("2020-01-01", {"DCOC-DATE-IN-FUTURE", "DCOC-NOT-YET-VALID"}),
]


@pytest.mark.parametrize(("today", "expected"), TODAY)
def test_the_day_of_the_check_decides_whether_it_is_in_force(today, expected):
    found = check_dcoc(through(SAMPLE, "json"), date.fromisoformat(today))
    assert {each.rule for each in found} == expected
    assert holds(found)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("value", ["2026-02-30", "2026-13-01", "0000-01-01"])
def test_a_day_that_is_not_in_the_calendar_is_an_error(value, form):
    found = check_dcoc(through(changed(date=value), form))
    assert "DCOC-DATE-FORMAT" in {each.rule for each in found}
    assert not holds(found)
    assert value in next(each for each in found if each.rule == "DCOC-DATE-FORMAT").text.en


LANGUAGES = [
    (("zh", "en"), {"zh": "x", "en": "x"}, set()),
    (("zh", "en"), {"zh": "x"}, {"DCOC-LANGUAGE-INCOMPLETE"}),
    (("zh", "en", "fr"), {"zh": "x", "en": "x"}, {"DCOC-LANGUAGE-INCOMPLETE", "DCOC-LANGUAGE-UNUSED"}),
    (("zh", "en"), {"zh": "x", "en": "x", "de": "x"}, {"DCOC-LANGUAGE-UNDECLARED"}),
    (("zh", "en"), {"zh-Hans": "x", "en-GB": "x"}, set()),
    (("zh", "en"), {"ZH": "x", "EN": "x"}, set()),
    (("zh", "en"), {"zh": "x", "en": "x", "und": "x"}, {"DCOC-TEXT-WITHOUT-LANGUAGE"}),
    (("zh",), {"zh": "x"}, {"DCOC-LANGUAGE-UNDECLARED"}),
]


@pytest.mark.parametrize(("declared", "statement", "expected"), LANGUAGES)
def test_languages_are_declared_and_used(declared, statement, expected):
    assert set(rules_of(changed(languages=declared, statement=texts(statement)))) == expected


@pytest.mark.parametrize("member", ["modifications", "statement"])
@pytest.mark.parametrize("left", ["zh", "en"])
def test_what_binds_is_said_in_every_language(member, left):
    found = check_dcoc(through(changed(**{member: texts({left: "x"})}), "json"))
    assert [each.rule for each in found] == ["DCOC-LANGUAGE-INCOMPLETE"]
    assert ({"zh", "en"} - {left}).pop() in found[0].text.en


@pytest.mark.parametrize(
    ("code", "is_known"),
    [
        ("R 76", True), ("R 76-1", True), ("OIML R 76-1:2006", True), ("R137", True), ("MI-001", True),
        ("MI-010", True), ("JJG 539", True), ("JJG 1036-2008", True), ("JJF 1059.1-2012", True), (" R 76 ", True),
        ("MI-011", False), ("MI-000", False), ("R", False), ("76", False), ("R 1234", False), ("", False),
        ("GB 1", False), ("R 76 scales", False),
    ],
)  # fmt: skip
def test_known_categories(code, is_known):
    assert is_known_category(code) is is_known


REQUIRED = [name for name, often in ELEMENTS.items() if often.startswith("1")]
SINGLE = [name for name, often in ELEMENTS.items() if often.endswith("1")]


def without(name):
    """The JSON form of the sample without an element."""
    return {key: value for key, value in json_form(SAMPLE).items() if key != name}


def rules_in(data):
    """The ids of what is found in a document."""
    return {each.rule for each in check_dcoc(read_dcoc(data))}


def of_cardinality(data):
    """The facts in words of every cardinality that is not kept."""
    return [each.text.en for each in check_dcoc(read_dcoc(data)) if each.rule == "DCOC-CARDINALITY"]


@pytest.mark.parametrize("name", ELEMENTS)
def test_an_element_that_is_missing_in_json(name):
    data = json.dumps(without(name)).encode()
    expected = [f"{name} stands 0 times; it has to stand {ELEMENTS[name]}."] if name in REQUIRED else []
    assert of_cardinality(data) == expected
    assert holds(check_dcoc(read_dcoc(data))) is (name not in REQUIRED)


@pytest.mark.parametrize("name", ELEMENTS)
def test_an_element_that_is_missing_in_xml(name):
    root = etree.fromstring(write_dcoc(SAMPLE, "xml"))
    for each in root.findall(f"{{*}}{name}"):
        root.remove(each)
    data = etree.tostring(root)
    expected = [f"{name} stands 0 times; it has to stand {ELEMENTS[name]}."] if name in REQUIRED else []
    assert of_cardinality(data) == expected
    structural = {each for each in rules_in(data) if each.startswith("DCOC-STRUCTURE")}
    assert bool(structural) is (name in REQUIRED)


@pytest.mark.parametrize("name", ELEMENTS)
def test_an_element_that_is_missing_in_json_ld(name):
    document = json.loads(write_dcoc(SAMPLE, "jsonld"))
    del document[name]
    expected = [f"{name} stands 0 times; it has to stand {ELEMENTS[name]}."] if name in REQUIRED else []
    assert of_cardinality(json.dumps(document).encode()) == expected


@pytest.mark.parametrize("name", ELEMENTS)
def test_an_element_that_is_missing_in_rdf_xml(name):
    root = etree.fromstring(write_dcoc(SAMPLE, "rdfxml"))
    for each in root[0].findall(f"{{https://oimlsmart.org/ns/dcoc/1.0#}}{name}"):
        root[0].remove(each)
    expected = [f"{name} stands 0 times; it has to stand {ELEMENTS[name]}."] if name in REQUIRED else []
    assert of_cardinality(etree.tostring(root)) == expected


@pytest.mark.parametrize("name", ELEMENTS)
def test_an_element_that_stands_twice_in_xml(name):
    root = etree.fromstring(write_dcoc(SAMPLE, "xml"))
    first = root.find(f"{{*}}{name}")
    first.addnext(etree.fromstring(etree.tostring(first)))
    count = len(root.findall(f"{{*}}{name}"))
    found = of_cardinality(etree.tostring(root))
    expected = [f"{name} stands {count} times; it has to stand {ELEMENTS[name]}."] if name in SINGLE else []
    assert found == expected
    assert bool({each for each in rules_in(etree.tostring(root)) if each.startswith("DCOC-STRUCTURE")}) is (
        name in SINGLE
    )


@pytest.mark.parametrize(
    "name", [each for each in SINGLE if each not in ("modifications", "statementOfConformity")]
)
def test_an_element_that_stands_twice_in_json_ld(name):
    document = json.loads(write_dcoc(SAMPLE, "jsonld"))
    other = {"@id": "#other", "identifier": "x"} if isinstance(document[name], dict) else "2020-01-01"
    document[name] = [document[name], other]
    found = of_cardinality(json.dumps(document).encode())
    assert found == [f"{name} stands 2 times; it has to stand {ELEMENTS[name]}."]


@pytest.mark.parametrize("name", ["modifications", "statementOfConformity"])
def test_a_text_in_two_languages_stands_once_and_two_of_one_language_stand_twice(name):
    document = json.loads(write_dcoc(SAMPLE, "jsonld"))
    document[name] = {"zh": ["一", "二"], "en": "one"}
    found = of_cardinality(json.dumps(document).encode())
    assert found == [f"{name} stands 2 times; it has to stand {ELEMENTS[name]}."]


@pytest.mark.parametrize("name", ELEMENTS)
def test_an_element_in_the_wrong_place_of_xml(name):
    root = etree.fromstring(write_dcoc(SAMPLE, "xml"))
    moved = root.find(f"{{*}}{name}")
    is_first = name == "certificationScheme"
    root.remove(moved)
    root.insert(len(root) if is_first else 0, moved)
    found = check_dcoc(read_dcoc(etree.tostring(root)))
    assert not holds(found)
    assert any(each.rule == "DCOC-STRUCTURE-UNEXPECTED" and each.line for each in found)


@pytest.mark.parametrize("name", ELEMENTS)
def test_an_element_of_another_name(name):
    root = etree.fromstring(write_dcoc(SAMPLE, "xml"))
    root.find(f"{{*}}{name}").tag = f"{{urn:jialiang:dcoc:1}}{name}X"
    found = check_dcoc(read_dcoc(etree.tostring(root)))
    assert any(f"{name}X" in each.text.en for each in found if each.rule == "DCOC-STRUCTURE-UNEXPECTED")
    document = json_form(SAMPLE)
    document[f"{name}X"] = document.pop(name)
    found = check_dcoc(read_dcoc(json.dumps(document).encode()))
    assert [each.path for each in found if each.rule == "DCOC-STRUCTURE-UNKNOWN"] == [f"/{name}X"]


JUNK = {
    "number": 7,
    "null": None,
    "true": True,
    "empty array": [],
    "array of numbers": [1],
    "text": "x",
    "object": {},
}


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)
@pytest.mark.parametrize("name", ELEMENTS)
def test_an_element_of_another_kind_in_json_is_never_valid_unless_it_says_something(name, junk):
    document = json_form(SAMPLE) | {name: junk}
    reading = read_dcoc(json.dumps(document).encode())
    found = check_dcoc(reading)
    is_word = name in ("certNo", "revision") and isinstance(junk, str)
    nothing = ELEMENTS[name] == "0..*" and junk == []
    assert holds(found) is (is_word or nothing), found


@pytest.mark.parametrize("name", [each for each in ELEMENTS if each not in ("modifications",)])
def test_an_element_that_says_nothing_is_an_error(name):
    root = etree.fromstring(write_dcoc(SAMPLE, "xml"))
    for each in root.findall(f"{{*}}{name}"):
        each[:] = []
        each.text = " "
    found = check_dcoc(read_dcoc(etree.tostring(root)))
    assert any(each.rule == "DCOC-EMPTY" and each.path.startswith(f"/{name}") for each in found), found
    assert not holds(found)


def test_lines_are_those_of_the_file():
    data = write_dcoc(body(email="office"), "xml")
    found = check_dcoc(read_dcoc(data))
    lines = data.decode().splitlines()
    assert [each.rule for each in found] == ["DCOC-EMAIL-FORMAT"]
    assert "<email>office</email>" in lines[found[0].line - 1]


def test_no_more_findings_than_help():
    many = changed(objects=tuple(Named(title=BOTH) for _ in range(2 * LIMIT)))
    assert len(check_dcoc(through(many, "json"))) == LIMIT


def test_the_smallest_one_needs_nothing_more():
    assert rules_of(SMALLEST) == []
    assert rules_of(replace(SMALLEST, manufacturer=MAKER)) == ["DCOC-LANGUAGE-UNDECLARED"]


@pytest.mark.parametrize("rule", rules().values(), ids=rules())
def test_a_rule_has_words_in_both_languages_with_the_same_facts(rule):
    for words in (rule.title, rule.text, rule.why):
        assert words.zh and words.en
        assert any("\u4e00" <= letter <= "\u9fff" for letter in words.zh)
        named = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name}
            for text in (words.zh, words.en)
        ]
        assert named[0] == named[1]
    assert rule.severity in ("error", "warning", "hint")
    assert rule.id.startswith("DCOC-")


def test_every_rule_is_broken_somewhere_in_these_tests():
    tried = {each[2] for each in BROKEN} | {each for _, _, rules_ in LANGUAGES for each in rules_}
    tried |= {each for _, rules_ in TODAY for each in rules_}
    elsewhere = {"DCOC-CARDINALITY", "DCOC-EMPTY", "DCOC-DATE-FORMAT", "DCOC-RDF-NOT-KEPT", "DCOC-PART-REPEATED"}
    assert set(rules()) == tried | elsewhere
