"""Certificates of the five Chinese kinds made from a document: valid by the profile, refused where it is broken."""

import copy
from datetime import date

import pytest
from lxml import etree
from tests.formats.dcc_samples import NS, schema
from tests.formats.ptb_schematron import ptb_failures

from jialiang.formats.dcc.chinese_profile.catalogue import kinds
from jialiang.formats.dcc.chinese_profile.checking import check_profile
from jialiang.formats.dcc.chinese_profile.reading import profile_of
from jialiang.formats.making.errors import TemplateNotUsable
from jialiang.formats.making.examples import emptied, example_document
from jialiang.formats.making.making import Source, make_certificate
from jialiang.formats.making.problems import DocumentNotUsable
from jialiang.formats.making.reading_workbook import read_workbook
from jialiang.formats.making.templating import template_named
from jialiang.formats.making.writing_workbook import workbook_form
from jialiang.formats.xml.parsing import parse_xml

TODAY = date(2026, 12, 1)
KINDS = {
    "verification-certificate-cn": ("verification_certificate", "检定证书", "legal_verification"),
    "verification-notice-cn": ("verification_notice", "检定结果通知书", "legal_verification"),
    "calibration-certificate-cn": ("calibration_certificate", "校准证书", "calibration"),
    "test-report-cn": ("test_report", "检测报告", "testing"),
    "type-evaluation-report-cn": ("type_evaluation_report", "型式评价报告", "type_evaluation"),
}
OWN = {"format": "jialiang.dcc-template/1", "result": {"name": "R"}}


def example(template="verification-certificate-cn"):
    """A filled document of a kind."""
    return copy.deepcopy(example_document(template))


def make(document, **options):
    """What is made of it."""
    return make_certificate(Source(document, {}), today=TODAY, **options)


def rules(document):
    """The rules that a document breaks once it is a certificate."""
    return {each.rule for each in make(document).findings}


def statement(document, ref_type):
    """A statement of a document by its refType."""
    return next(each for each in document["statements"] if each.get("refType") == ref_type)


def only_chinese(given):
    """The same with the Chinese texts alone."""
    if isinstance(given, dict):
        return {n: only_chinese(each) for n, each in given.items() if n != "en" or "zh" not in given}
    return [only_chinese(each) for each in given] if isinstance(given, list) else given


def test_every_kind_of_the_profile_has_a_template():
    assert {kind for kind, _, _ in KINDS.values()} == set(kinds())


@pytest.mark.parametrize("template", KINDS)
def test_the_example_of_a_kind_is_valid_and_has_nothing_against_it(oracles, template):
    made = make(example(template))
    tree = parse_xml(made.xml)
    assert made.findings == ()
    assert check_profile(tree, asked=True) == ()
    assert schema(oracles, "3.3.0").validate(etree.fromstring(made.xml).getroottree())


@pytest.mark.parametrize("template", KINDS)
def test_ptb_has_nothing_against_it_either(oracles, template):
    assert ptb_failures(etree.fromstring(make(example(template)).xml).getroottree(), oracles) == []


@pytest.mark.parametrize("template", KINDS)
def test_the_certificate_says_of_which_kind_it_is(template):
    said = profile_of(parse_xml(make(example(template)).xml))
    kind, title, convention = KINDS[template]
    assert (said.kind.id, said.title.zh, said.convention, said.is_claimed) == (kind, title, convention, True)
    assert said.missing == ()
    assert said.first("institute_credit_code").zh == "121100004000000001"
    assert [said.first(each).zh for each in ("calibrated_by", "reviewed_by", "approved_by")] == [
        "张三",
        "王五",
        "李四",
    ]


@pytest.mark.parametrize("template", KINDS)
def test_a_workbook_makes_the_same_certificate_as_the_document(template):
    document = example(template)
    source = read_workbook(workbook_form(document))
    assert make_certificate(source, today=TODAY).xml == make(document).xml


@pytest.mark.parametrize("template", KINDS)
def test_in_chinese_alone_it_is_as_good(oracles, template):
    document = only_chinese(example(template))
    document["certificate"]["languages"] = ["zh"]
    made = make(document)
    assert made.findings == ()
    assert b'lang="en"' not in made.xml
    assert schema(oracles, "3.3.0").validate(etree.fromstring(made.xml).getroottree())


@pytest.mark.parametrize("template", KINDS)
def test_the_form_keeps_what_it_is_about_and_lacks_the_rest(template):
    form = emptied(example(template))
    assert [each["refType"] for each in form["persons"]] == ["jl_calibrated", "jl_reviewed", "jl_approved"]
    assert [each["name"] for each in form["persons"]] == ["", "", ""]
    numbers = form["certificate"]["identifications"]
    assert [each["refType"] for each in numbers] == [
        "jl_instituteCreditCode",
        "jl_customerCreditCode",
        "jl_recordNumber",
    ]
    assert {each["value"] for each in numbers} == {""}
    with pytest.raises(DocumentNotUsable) as refused:
        make(form)
    assert "DCC-DOCUMENT-SIGNER" not in {each.rule for each in refused.value.findings}


# --- what breaks the profile ---------------------------------------------------------------------------------------


def _persons_alike(document):
    document["persons"][1]["name"] = document["persons"][2]["name"]


def _wrong_code(document):
    document["certificate"]["identifications"][0]["value"] = "121100004000000002"


def _no_conclusion(document):
    document["statements"].remove(statement(document, "jl_conclusion"))


BROKEN = [
    (
        "verification-certificate-cn",
        lambda d: statement(d, "jl_conclusion")["declaration"].update(zh="还行"),
        "CN-CONCLUSION-FORM",
    ),
    (
        "verification-certificate-cn",
        lambda d: statement(d, "jl_conclusion").update(conformity="fail"),
        "CN-CONFORMITY-CONTRADICTED",
    ),
    ("verification-certificate-cn", _no_conclusion, "CN-FIELD-MISSING"),
    (
        "verification-certificate-cn",
        lambda d: d["methods"][0].update(norm=["JJF 1587-2016"]),
        "CN-REGULATION-NOT-JJG",
    ),
    ("verification-certificate-cn", lambda d: d["equipment"][0].pop("accuracy"), "CN-STANDARD-INCOMPLETE"),
    (
        "verification-certificate-cn",
        lambda d: statement(d, "basic_recalibration").update(date="2026-03-01"),
        "CN-VALID-UNTIL-EARLY",
    ),
    (
        "verification-notice-cn",
        lambda d: d["statements"].append(
            {
                "refType": "basic_recalibration",
                "name": {"zh": "有效期至", "en": "Valid until"},
                "date": "2027-03-04",
            }
        ),
        "CN-FIELD-FORBIDDEN",
    ),
    (
        "calibration-certificate-cn",
        lambda d: [
            d["results"][0]["columns"][2].pop(each)
            for each in ("expandedUncertainty", "coverageFactor", "coverageProbability", "distribution")
        ],
        "CN-UNCERTAINTY-MISSING",
    ),
    ("calibration-certificate-cn", lambda d: d["laboratory"].update(state="990000"), "CN-REGION-WRONG"),
    ("test-report-cn", _persons_alike, "CN-PERSONS-NOT-SEPARATE"),
    ("test-report-cn", _wrong_code, "CN-CREDIT-CODE-WRONG"),
    (
        "type-evaluation-report-cn",
        lambda d: d["results"][1]["columns"][2].pop("conformity"),
        "CN-ITEM-CONCLUSION-MISSING",
    ),
]


@pytest.mark.parametrize(("template", "change", "rule"), BROKEN, ids=[f"{t}-{r}" for t, _, r in BROKEN])
def test_what_breaks_the_profile_is_told(template, change, rule):
    document = example(template)
    change(document)
    assert rule in rules(document)


def test_an_error_by_the_profile_keeps_the_certificate_from_being_valid():
    document = example()
    _no_conclusion(document)
    assert not make(document).is_valid


def test_a_certificate_that_claims_no_profile_is_not_held_against_it():
    document = example("temperature")
    assert not any(rule.startswith("CN-") for rule in rules(document))


# --- statements of templates ----------------------------------------------------------------------------------------


def statements(document, template):
    """refTypes and conventions of the statements of the certificate."""
    tree = etree.fromstring(make(document, template=template).xml)
    found = tree.xpath("//dcc:statements/dcc:statement", namespaces=NS)
    return [(each.get("refType"), each.findtext("dcc:convention", None, NS)) for each in found]


def test_statements_of_a_template_come_first_and_none_of_the_document_is_lost():
    own = OWN | {
        "document": {"statements": [{"refType": "ex_a", "name": "A"}, {"refType": "ex_b", "name": "B"}]}
    }
    document = example("table")
    document["statements"] = [{"refType": "ex_c", "name": "C"}]
    assert statements(document, own) == [("ex_a", None), ("ex_b", None), ("ex_c", None)]
    del document["statements"]
    assert statements(document, own) == [("ex_a", None), ("ex_b", None)]


def test_a_statement_that_the_document_has_is_completed_and_not_changed():
    own = OWN | {"document": {"statements": [{"refType": "ex_a", "name": "A", "convention": "theirs"}]}}
    document = example("table")
    document["statements"] = [{"refType": "ex_c", "name": "C"}, {"refType": "ex_a", "declaration": "mine"}]
    assert statements(document, own) == [("ex_c", None), ("ex_a", "theirs")]
    document["statements"][1]["convention"] = "mine"
    assert statements(document, own) == [("ex_c", None), ("ex_a", "mine")]


def test_a_template_of_the_house_stays_as_it_is():
    before = copy.deepcopy(template_named("test-report-cn"))
    make(example("test-report-cn"))
    assert template_named("test-report-cn") == before


@pytest.mark.parametrize("stated", ["x", {"a": 1}, ["x"], [["x"]], 1])
def test_statements_of_a_template_that_are_none_are_refused(stated):
    with pytest.raises(TemplateNotUsable) as refused:
        make(example("table"), template=OWN | {"document": {"statements": stated}})
    assert "document.statements" in str(refused.value.facts)


@pytest.mark.parametrize("given", ["x", {"a": 1}, 7])
def test_statements_of_a_document_that_are_none_are_told_by_their_place(given):
    document = example() | {"statements": given}
    with pytest.raises(DocumentNotUsable) as refused:
        make(document)
    assert "$.statements" in {each.path for each in refused.value.findings}
