"""Certificates of plain documents: valid by the official schema, nothing against them, every problem named at once."""

import copy
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.formats.dcc_samples import NS, schema
from tests.formats.ptb_schematron import ptb_failures

from jialiang.formats.conversion.errors import NotDecodable
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.making.errors import TemplateNotUsable, UnknownTemplate
from jialiang.formats.making.examples import emptied, example_document
from jialiang.formats.making.fields import fields_of, objects, table
from jialiang.formats.making.making import Source, make_certificate, read_json_document
from jialiang.formats.making.problems import MOST, DocumentNotUsable, json_path
from jialiang.formats.making.schema import json_schema
from jialiang.formats.making.templating import template_named, template_names
from jialiang.formats.xml.parsing import parse_xml

TODAY = date(2026, 12, 1)
TEMPLATES = (
    "calibration-certificate-cn", "mass", "table", "temperature", "test-report-cn", "type-evaluation-report-cn",
    "verification-certificate-cn", "verification-notice-cn",
)  # fmt: skip


def make(document, **options):
    return make_certificate(Source(document, {}), today=TODAY, **options)


def found(xml, path):
    return [str(each) for each in etree.fromstring(xml).xpath(path, namespaces=NS)]


def refused(document, **options):
    """The problems of a document: (place, kind) each."""
    with pytest.raises(DocumentNotUsable) as problem:
        make(document, **options)
    return [(each.path, each.rule.removeprefix("DCC-DOCUMENT-")) for each in problem.value.findings]


def example(template="temperature", **changes):
    return example_document(template) | changes


def columns(*given_columns, **changes):
    """An example whose one table has these columns."""
    return example("table", results=[{"name": "Table", "columns": list(given_columns)}], **changes)


def column(**members):
    return {"name": "Value", "unit": "\\volt", "values": ["1.0", "2.0"]} | members


U = {"expandedUncertainty": ["0.1", "0.2"], "coverageFactor": "2", "coverageProbability": "0.95"}


# --- what is made -------------------------------------------------------------------------------------------------


VARIANTS = {
    "temperature": example(),
    "mass": example("mass"),
    "any table": example("table"),
    "no equipment, software, statements": {
        k: v for k, v in example().items() if k not in ("equipment", "software", "statements")
    },
    "a comment in two languages": example(comment={"zh": "备注", "en": "Comment"}),
    "a comment in no language": example(comment="Nothing else."),
    "a page inside": example(document={"fileName": "a.pdf", "mimeType": "application/pdf", "base64": "JVBERg=="}),
    "a file in a result": columns(column()) | {"results": [{"name": "T", "columns": [column()], "files": [
        {"name": {"zh": "原始数据", "en": "Raw data"}, "fileName": "raw.csv", "mimeType": "text/csv", "base64": "MSwy"}
    ]}]},
    "expanded uncertainty one a row": columns(column(**U)),
    "expanded uncertainty for all": columns(column(**U | {"expandedUncertainty": "0.1"})),
    "standard uncertainty": columns(column(standardUncertainty=["0.05", "0.06"], distribution="normal")),
    "conformity one a row": columns(column(conformity=["pass", "fail"])),
    "conformity for all": columns(column(conformity="pass")),
    "words as results": columns({"name": "Look", "texts": ["good", "a scratch"]}),
    "marks as results": columns({"name": "Mark", "texts": ["A", "B"]}),
    "a point without a value": columns(column(values=["1.0", None])),
    "a temperature": columns(column(unit="\\degreecelsius", values=["20.00", "21.0"], refType="basic_measuredValue")),
    "a difference in degrees": columns(column(unit="\\degreecelsius", refType="basic_measurementError")),
    "keys": columns(column(methods=["method"], equipment=["standard"])),
    "two tables": example("table") | {"results": [{"name": "A", "columns": [column()]},
                                                   {"name": "B", "columns": [column(values=["3"])]}]},
    "before and after": example(
        "table",
        conditions=[{"key": "found", "name": {"zh": "调整前", "en": "As found"}, "status": "beforeAdjustment",
                     "refType": "basic_adjustment", "text": {"zh": "调整前", "en": "as found"}}],
        results=[{"name": "As found", "conditions": ["found"], "columns": [column()]}],
    ),
    "a condition of one value": example(conditions=[
        {"name": "Pressure", "refType": "ex_pressure", "value": "1013.25", "unit": "\\hecto\\pascal"}]),
    "three items": example(items=example()["items"] * 3),
    "a digest and one above": example(equipment=[{
        "name": "Standard", "measurementStandard": True, "certificate": {
            "referral": {"zh": "证书", "en": "Certificate"}, "number": "A-1", "procedure": "sha256",
            "digest": "ab" * 32, "inValidity": True, "traceable": True,
            "linked": {"referral": "National", "number": "N-1", "procedure": "analogue"}}}]),
    "replaces another": example(certificate=example()["certificate"] | {
        "replaces": {"number": "EX-2025-0009", "change": "amended"},
        "previous": {"referral": "Previous", "number": "EX-2025-0009", "procedure": "sha256", "digest": "cd" * 32}}),
    "a statement of conformity": example(statements=[{
        "refType": "basic_conformity", "name": "Conformity", "norm": ["JJG 1"], "reference": ["5.1", "5.2"],
        "convention": "ilacMRA", "declaration": {"zh": "合格", "en": "It conforms."}, "conformity": "pass",
        "date": "2026-03-06"}]),
}  # fmt: skip


@pytest.mark.parametrize("name", VARIANTS)
def test_what_is_made_is_valid_and_has_nothing_against_it(oracles, name):
    made = make(VARIANTS[name])
    tree = parse_xml(made.xml)
    official = schema(oracles, "3.3.0")
    assert official.validate(tree), official.error_log
    assert [failure for failure in ptb_failures(tree, oracles) if failure.is_assert] == []
    assert [(each.rule, each.text.en) for each in made.findings if each.severity != "hint"] == []
    assert made.is_valid


def test_a_german_certificate_needs_no_chinese(oracles):
    def only_german(inside):
        if isinstance(inside, dict) and set(inside) <= {"zh", "en"} and inside:
            return {"de": f"auf Deutsch {inside['en']}"}
        if isinstance(inside, dict):
            return {name: only_german(each) for name, each in inside.items()}
        return [only_german(each) for each in inside] if isinstance(inside, list) else inside

    document = only_german(example())
    document["certificate"] |= {"languages": ["de"], "country": "DE"}
    made = make(document)
    assert schema(oracles, "3.3.0").validate(parse_xml(made.xml))
    assert [each.rule for each in made.findings if each.severity != "hint"] == []
    names = found(made.xml, "//dcc:list/dcc:quantity/dcc:name/dcc:content[@lang='de']/text()")
    assert names == ["Bezugstemperatur", "Angezeigte Temperatur", "Messabweichung"]
    assert found(made.xml, "//dcc:measurementResult/dcc:name/dcc:content[not(@lang)]/text()") == ["Results"]


def test_the_same_document_gives_the_same_bytes():
    assert make(example()).xml == make(json.loads(json.dumps(example()))).xml


@pytest.mark.parametrize(
    "text", ["0.0500", "-0.00", "+1.5", ".5", "5.", "1.5E-3", "1e5", "12345678901234567890.10"]
)
def test_decimal_text_is_kept_letter_by_letter(text):
    xml = make(columns(column(values=[text, text]))).xml
    assert found(xml, "//si:valueXMLList/text()") == [f"{text} {text}"]


@pytest.mark.parametrize("text", ["0.0500", "1.50e-3", "-0.00", "100", "1E5"])
def test_numbers_of_json_are_taken_as_they_are_written(text):
    raw = json.dumps(columns(column(values=["@", "@"]))).replace('"@"', text)
    xml = make_certificate(read_json_document(raw.encode()), today=TODAY).xml
    assert found(xml, "//si:valueXMLList/text()") == [f"{text} {text}"]


def test_a_temperature_is_in_kelvin_too_and_a_difference_in_kelvin_alone():
    xml = make(VARIANTS["a temperature"]).xml
    assert found(xml, "//dcc:list//si:hybrid//si:unitXMLList/text()") == ["\\kelvin", "\\degreecelsius"]
    assert found(xml, "//dcc:list//si:hybrid//si:valueXMLList/text()") == ["293.15 294.15", "20.00 21.0"]
    xml = make(VARIANTS["a difference in degrees"]).xml
    assert found(xml, "//dcc:list//si:unitXMLList/text()") == ["\\kelvin"]
    assert found(xml, "//dcc:list//si:valueXMLList/text()") == ["1.0 2.0"]


def test_uncertainties_are_written_in_their_form():
    stated = (
        Certificate.read(make(VARIANTS["expanded uncertainty one a row"]).xml).find(name="Value")[0].first
    )
    assert stated.uncertainty.form == "expanded"
    assert stated.uncertainty.expanded_uncertainty == ("0.1", "0.2")
    assert (stated.uncertainty.coverage_factor, stated.uncertainty.coverage_probability) == (
        ("2",),
        ("0.95",),
    )
    stated = Certificate.read(make(VARIANTS["standard uncertainty"]).xml).find(name="Value")[0].first
    assert (stated.uncertainty.form, stated.uncertainty.distribution) == ("standard", ("normal",))
    assert stated.uncertainty.standard_uncertainty == ("0.05", "0.06")


def test_what_a_column_does_not_name_belongs_to_the_table():
    quantity_ = Certificate.read(make(columns(column())).xml).find(name="Value")[0]
    assert [link.name for link in quantity_.equipment] == [(("zh", "标准器"), ("en", "Reference standard"))]
    assert [link.name for link in quantity_.methods] == [(("zh", "比较法"), ("en", "Comparison"))]


def test_a_table_before_adjustment_says_so():
    quantity_ = Certificate.read(make(VARIANTS["before and after"]).xml).find(name="Value")[0]
    assert quantity_.adjustment == "beforeAdjustment"


def test_a_comment_and_files_come_out_again():
    xml = make(VARIANTS["a file in a result"]).xml
    assert found(xml, "//dcc:byteData/dcc:dataBase64/text()") == ["MSwy"]
    xml = make(VARIANTS["a comment in two languages"]).xml
    assert found(xml, "/*/dcc:comment/dcc:content/text()") == ["备注", "Comment"]


# --- what is refused ----------------------------------------------------------------------------------------------


def without(path, template="temperature"):
    """An example without one member."""
    document = example(template)
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    del holder[path[-1]]
    return document


MANDATORY = [
    ("format",), ("certificate",), ("certificate", "number"), ("certificate", "languages"),
    ("certificate", "country"), ("certificate", "beginDate"), ("certificate", "endDate"),
    ("certificate", "location"), ("laboratory",), ("laboratory", "name"), ("laboratory", "country"),
    ("customer",), ("customer", "name"), ("customer", "country"), ("persons",), ("persons", 0, "name"),
    ("persons", 1, "mainSigner"), ("items",), ("items", 0, "name"), ("items", 0, "identifications"),
    ("items", 0, "identifications", 0, "issuer"), ("items", 0, "identifications", 0, "value"),
    ("methods",), ("methods", 0, "name"), ("equipment", 0, "name"),
    ("equipment", 0, "certificate", "referral"), ("equipment", 0, "certificate", "number"),
    ("equipment", 0, "certificate", "procedure"), ("conditions",), ("conditions", 0, "name"),
    ("software", 0, "name"), ("software", 0, "release"), ("results",), ("results", 0, "columns"),
]  # fmt: skip


@pytest.mark.parametrize("path", MANDATORY, ids=json_path)
def test_every_mandatory_member_is_missed(path):
    assert (json_path(path), "MISSING") in refused(without(path))


@pytest.mark.parametrize("path", MANDATORY, ids=json_path)
@pytest.mark.parametrize("nothing", ["", None, {}, []])
def test_nothing_in_a_mandatory_member_is_missed_too(path, nothing):
    document = example()
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = nothing
    assert (json_path(path), "MISSING") in refused(document)


def test_all_problems_are_told_in_one_go():
    document = example()
    document["certificate"] |= {"number": "", "beginDate": "4.3.2026", "country": "XX"}
    document["items"][0]["naem"] = "typo"
    document["results"][0]["columns"][1]["values"] = ["1,5", "2", "3"]
    document["results"][0]["columns"][2]["unit"] = "\\kelvinn"
    assert sorted(refused(document)) == sorted([
        ("$.certificate.beginDate", "DATE"), ("$.certificate.country", "CODE"), ("$.certificate.number", "MISSING"),
        ("$.items[0].naem", "UNKNOWN"), ("$.results[0].columns[1].values[0]", "DECIMAL"),
        ("$.results[0].columns[2].unit", "UNIT"),
    ])  # fmt: skip


WRONG = [
    # what is changed; where; what is found
    (columns(column(values=["1.0"]), column()), "$.results[0].columns[1].values", "ROWS"),
    (columns(column(**U | {"expandedUncertainty": ["1", "2", "3"]})),
     "$.results[0].columns[0].expandedUncertainty", "LENGTH"),
    (columns(column(expandedUncertainty="0.1")), "$.results[0].columns[0].expandedUncertainty", "COVERAGE-MISSING"),
    (columns(column(coverageFactor="2")), "$.results[0].columns[0].coverageFactor", "COVERAGE-ALONE"),
    (columns(column(**U, standardUncertainty="0.1")), "$.results[0].columns[0]", "UNCERTAINTY-BOTH"),
    (columns(column(**U | {"coverageFactor": "0.5"})), "$.results[0].columns[0].coverageFactor[0]", "COVERAGE"),
    (columns(column(**U | {"coverageProbability": "95"})),
     "$.results[0].columns[0].coverageProbability[0]", "COVERAGE"),
    (columns(column(**U | {"expandedUncertainty": ["0.1", "-1"]})),
     "$.results[0].columns[0].expandedUncertainty[1]", "NEGATIVE"),
    (columns(column(standardUncertainty="0")), "$.results[0].columns[0].standardUncertainty[0]", "NEGATIVE"),
    (columns(column(texts=["a", "b"])), "$.results[0].columns[0]", "VALUES"),
    (columns({"name": "Nothing"}), "$.results[0].columns[0]", "VALUES"),
    (columns({"name": "V", "values": ["1"]}), "$.results[0].columns[0].unit", "UNIT-MISSING"),
    (columns({"name": "V", "texts": ["a"], "unit": "\\volt"}), "$.results[0].columns[0].unit", "TEXT-COLUMN"),
    (columns(column(conformity=["pass", "good"])), "$.results[0].columns[0].conformity[1]", "CODE"),
    (columns(column(methods=["other"])), "$.results[0].columns[0].methods[0]", "KEY-UNKNOWN"),
    (columns(column(refType="no prefix")), "$.results[0].columns[0].refType", "REFTYPE"),
    (columns(column(values=[1.5, 2])), "$.results[0].columns[0].values[0]", "KIND"),
    (columns(column(values="x" * 3000)), "$.results[0].columns[0].values[0]", "TOO-LONG"),
    (columns(column(name="a\x00b")), "$.results[0].columns[0].name", "CHARACTER"),
    (columns(column(name={"zh": "值"})), "$.results[0].columns[0].name", "LANGUAGE-MISSING"),
    (columns(column(name={"zh": "值", "en": "V", "fr": "V"})), "$.results[0].columns[0].name", "LANGUAGE-UNDECLARED"),
    (columns(column(name=["V"])), "$.results[0].columns[0].name", "KIND"),
    (columns(column(column="volts")), "$.results[0].columns[0].column", "COLUMN-UNKNOWN"),
    (example(persons=[{"name": "A", "mainSigner": False}]), "$.persons", "SIGNER"),
    (example(persons=[{"name": "A", "mainSigner": "yes"}]), "$.persons[0].mainSigner", "KIND"),
    (example(persons={"name": "A"}), "$.persons", "KIND"),
    (example(customer="Somebody"), "$.customer", "KIND"),
    (example(conditions=[{"name": "T"}]), "$.conditions[0]", "CONDITION"),
    (example(conditions=[{"name": "T", "value": "20"}]), "$.conditions[0]", "CONDITION"),
    (example(conditions=[{"name": "T", "minimum": "20", "unit": "\\kelvin"}]), "$.conditions[0]", "CONDITION"),
    (example(statements=[{"date": "2026-01-01"}]), "$.statements[0]", "STATEMENT"),
    (example(methods=[{"key": "1a", "name": "M"}]), "$.methods[0].key", "KEY"),
    (example(methods=[{"key": "a", "name": "M"}, {"key": "a", "name": "N"}]), "$.methods[1].key", "KEY-REPEATED"),
    (example(format="jialiang.dcc-document/2"), "$.format", "CONST"),
    (example(document={"fileName": "a", "mimeType": "b", "base64": "%%%"}), "$.document.base64", "BASE64"),
    (example(certificate=example()["certificate"] | {"languages": ["zh", "en", "zh"]}),
     "$.certificate.languages", "LANGUAGE-TWICE"),
    (example(certificate=example()["certificate"] | {"languages": ["xx"]}), "$.certificate.languages[0]", "CODE"),
    (example(certificate=example()["certificate"] | {"endDate": "2026-02-30"}), "$.certificate.endDate", "DATE"),
    (example(equipment=[{"name": "S", "certificate": {"referral": "C", "number": "1", "procedure": "sha256"}}]),
     "$.equipment[0].certificate.digest", "DIGEST-MISSING"),
    (example(equipment=[{"name": "S", "certificate": {
        "referral": "C", "number": "1", "procedure": "sha256", "digest": "abc"}}]),
     "$.equipment[0].certificate.digest", "DIGEST"),
    (example(equipment=[{"name": "S", "certificate": {
        "referral": "C", "number": "1", "procedure": "analogue", "linked": {
            "referral": "C", "number": "1", "procedure": "sha256"}}}]),
     "$.equipment[0].certificate.linked.digest", "DIGEST-MISSING"),
    ([], "$", "KIND"),
    ("text", "$", "KIND"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("document", "place", "kind"), WRONG, ids=[f"{kind} {place}" for _, place, kind in WRONG]
)
def test_each_problem_is_named_with_its_place(document, place, kind):
    assert (place, kind) in refused(document)


@pytest.mark.parametrize(
    ("document", "place", "kind"), WRONG, ids=[f"{kind} {place}" for _, place, kind in WRONG]
)
def test_every_problem_has_words_in_both_languages(document, place, kind):
    with pytest.raises(DocumentNotUsable) as problem:
        make(document)
    for each in problem.value.findings:
        assert (
            each.text.zh and each.text.en and "{" not in each.text.zh.replace("{ }", "").replace('{"zh"', "")
        )
        assert each.severity == "error"
    assert str(problem.value.facts["count"]) in problem.value.what.en


def test_a_wrong_unit_comes_with_a_suggestion():
    with pytest.raises(DocumentNotUsable) as problem:
        make(columns(column(unit="Volt")))
    assert "\\volt perhaps" in problem.value.findings[0].text.en


def test_what_is_wrong_is_not_also_called_missing_or_unfit():
    document = columns(column(**U | {"coverageFactor": "two", "expandedUncertainty": "x"}))
    assert sorted(kind for _, kind in refused(document)) == ["DECIMAL", "DECIMAL"]
    document = columns(column(values=["a", "b"]), column())
    assert [kind for _, kind in refused(document)] == ["DECIMAL", "DECIMAL"]


def test_problems_without_end_come_to_an_end():
    assert len(refused(columns(column(values=["x"] * 5000)))) == MOST


def test_nests_without_end_are_refused():
    reference = {"referral": "C", "number": "1", "procedure": "analogue"}
    for _ in range(60):
        reference = {"referral": "C", "number": "1", "procedure": "analogue", "linked": reference}
    assert "KIND" in {
        kind for _, kind in refused(example(equipment=[{"name": "S", "certificate": reference}]))
    }


def test_a_certificate_that_breaks_a_rule_of_practice_says_so():
    made = make(example(certificate=example()["certificate"] | {"beginDate": "2026-03-09"}))
    assert not made.is_valid
    assert "DCC-DATES-REVERSED" in {each.rule for each in made.findings}


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from([*fields_of("document"), *fields_of("column"), "x"]), inner, max_size=4),
    max_leaves=10,
)  # fmt: skip


@given(JUNK)
def test_no_document_breaks_the_maker(document):
    with pytest.raises(DocumentNotUsable):
        make(document)


@given(st.sampled_from(sorted(fields_of("document"))), JUNK)
def test_no_member_breaks_the_maker(member, junk):
    try:
        made = make(example() | {member: junk})
    except (DocumentNotUsable, UnknownTemplate):
        return
    assert made.xml


# --- reading JSON -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b'{"a": 1, "a": 2}',
        b"[NaN]",
        b"[Infinity]",
        b"[" * 100_000,
        b"\xff\xff",
        b'{"a": -Infinity}',
    ],
)
def test_what_is_no_json_is_refused(data):
    with pytest.raises(NotDecodable):
        read_json_document(data)


def test_documents_are_read_in_gb_18030():
    text = json.dumps(example(), ensure_ascii=False)
    assert read_json_document(text.encode("gb18030")).document == read_json_document(text.encode()).document


# --- templates ----------------------------------------------------------------------------------------------------


def test_the_house_has_these_templates():
    assert template_names() == TEMPLATES
    for name in TEMPLATES:
        assert template_named(name)["title"]["zh"]


def test_a_document_may_name_its_template_or_be_given_one():
    document = example()
    assert (
        make(document).xml
        == make({k: v for k, v in document.items() if k != "template"}, template="temperature").xml
    )


def test_what_the_document_gives_is_never_changed_by_a_template():
    document = example()
    document["results"][0]["name"] = {"zh": "自定", "en": "Own"}
    document["results"][0]["columns"][0] |= {"name": "Own name", "unit": "\\kelvin", "refType": "ex_own"}
    before = copy.deepcopy(document)
    xml = make(document).xml
    assert document == before
    assert "Own name" in xml.decode()
    assert found(xml, "//dcc:quantity[@refType='ex_own']//si:unitXMLList/text()") == ["\\kelvin"]


def test_a_template_of_ones_own():
    own = {
        "format": "jialiang.dcc-template/1", "name": "own",
        "document": {"laboratory": {"country": "DE"}, "software": [{"name": "S", "release": "v1"}]},
        "result": {"name": {"zh": "结果", "en": "Results", "de": "Ergebnisse"}},
        "columns": {"v": {"name": {"zh": "电压", "en": "Voltage"}, "unit": "\\volt"}},
    }  # fmt: skip
    document = example("table", results=[{"columns": [{"column": "v", "values": ["1"]}]}])
    del document["laboratory"]["country"], document["software"]
    made = make(document, template=own)
    assert found(made.xml, "//dcc:calibrationLaboratory//dcc:countryCode/text()") == ["DE"]
    assert found(made.xml, "//dcc:list/dcc:quantity/dcc:name/dcc:content/text()") == ["电压", "Voltage"]
    assert found(made.xml, "//dcc:result/dcc:name/dcc:content/@lang") == ["zh", "en"]


@pytest.mark.parametrize(
    "template", [{}, [], {"format": "x"}, {"format": "jialiang.dcc-template/1", "colums": {}},
                 {"format": "jialiang.dcc-template/1", "columns": []},
                 {"format": "jialiang.dcc-template/1", "columns": {"a": 1}},
                 {"format": "jialiang.dcc-template/1", "result": "x"}]
)  # fmt: skip
def test_what_is_no_template_is_refused(template):
    with pytest.raises(TemplateNotUsable) as problem:
        make(example(), template=template)
    assert problem.value.way_out.zh


def test_an_unknown_template_names_the_known_ones():
    with pytest.raises(UnknownTemplate) as problem:
        make(example(), template="pressure")
    assert "temperature" in problem.value.rule.en


# --- example, schema, table of fields -----------------------------------------------------------------------------


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_emptied_example_lacks_what_is_mandatory_and_nothing_else_is_wrong(template):
    kinds = {kind for _, kind in refused(emptied(example(template)))}
    assert kinds <= {"MISSING", "VALUES", "UNIT-MISSING", "CONDITION", "SIGNER"}
    assert "MISSING" in kinds


@pytest.mark.parametrize("name", VARIANTS)
def test_the_schema_takes_what_is_taken(name):
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator(json_schema()).validate(VARIANTS[name])


SEEN_BY_SCHEMA = ("MISSING", "UNKNOWN", "KIND", "CONST", "DATE", "CODE", "DECIMAL", "REFTYPE", "KEY")


@pytest.mark.parametrize(
    "document", [d for d, _, kind in WRONG if kind in SEEN_BY_SCHEMA] + [without(path) for path in MANDATORY]
)
def test_the_schema_refuses_what_is_refused_for_its_form(document):
    jsonschema = pytest.importorskip("jsonschema")
    if document in (columns(column(values=[1.5, 2])), without(("certificate", "endDate")) | {}):
        pytest.skip("numbers of JSON are fine where they are read letter by letter")
    if isinstance(document, dict) and document.get("certificate", {}).get("endDate") == "2026-02-30":
        pytest.skip("the schema knows the form of a date, not the calendar")
    assert not jsonschema.Draft202012Validator(json_schema()).is_valid(document)


def test_the_schema_is_one_itself():
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(json_schema())


def test_every_field_has_words_and_a_known_kind():
    assert objects()[0] == "document"
    for name in objects():
        for field in fields_of(name).values():
            assert field.label.zh, (name, field.name)
            assert field.label.en, (name, field.name)
            assert not field.holds_objects or field.of in objects()
            assert (field.kind in ("code", "codes", "const")) == bool(field.codes)


def test_every_problem_has_words():
    for kind, words in table("jialiang.formats.making:problems.json").items():
        assert words["zh"].endswith("。"), kind
        assert words["en"].endswith("."), kind
