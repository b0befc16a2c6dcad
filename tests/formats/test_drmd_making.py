"""Reference material documents by hand: XML and words to the letter, days and check digits computed again."""

import csv
import io
import json
from datetime import date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.formats.drmd_samples import UNIT, plain_xml, sample_data, sample_xml

from jialiang.formats.conversion.converters import Wish
from jialiang.formats.data_members import MemberMissing, MemberUnknown, MemberWrong
from jialiang.formats.drmd import errors
from jialiang.formats.drmd.conversion import convert
from jialiang.formats.drmd.data import document_data
from jialiang.formats.drmd.identifiers import why_not_cas
from jialiang.formats.drmd.making import document_xml, template
from jialiang.formats.drmd.names import CERTIFICATE, KINDS, SHEET, STATEMENTS, drmd
from jialiang.formats.drmd.reading import read_document
from jialiang.formats.drmd.rules import check_rules, kinds_of, rules
from jialiang.formats.drmd.structure import check_structure
from jialiang.formats.drmd.tables import COLUMNS, rows
from jialiang.formats.drmd.validity import Validity, validity_of
from jialiang.formats.findings import holds
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.text import Text

TODAY = date(2026, 6, 16)
NS = {"d": "urn:drmd:schema", "c": "https://ptb.de/dcc", "s": "https://ptb.de/si"}

SMALL = {
    "kind": SHEET,
    "number": "RM-1",
    "validity": {"form": "untilRevoked"},
    "producer": {"name": "P", "address": {"city": "X"}},
    "materials": [{"name": "M"}],
    "properties": [
        {"name": "B", "results": [{"name": "R", "values": [{"name": "Q", "value": "1.50", "unit": "\\one"}]}]}
    ],
    "statements": [
        {"name": "storageInformation", "text": {"zh": "冷藏", "en": "cool"}},
        {"name": "intendedUse", "text": "use"},
        {"name": "instructionsForHandlingAndUse", "text": "shake"},
    ],
}
XML = """<?xml version="1.0" encoding="UTF-8"?>
<drmd:digitalReferenceMaterialDocument xmlns:dcc="https://ptb.de/dcc" xmlns:drmd="urn:drmd:schema" \
xmlns:si="https://ptb.de/si" schemaVersion="1.0.0">
  <drmd:administrativeData>
    <drmd:coreData>
      <drmd:titleOfTheDocument>productInformationSheet</drmd:titleOfTheDocument>
      <drmd:uniqueIdentifier>RM-1</drmd:uniqueIdentifier>
      <drmd:documentVersion>1</drmd:documentVersion>
      <drmd:validity>
        <drmd:untilRevoked>true</drmd:untilRevoked>
      </drmd:validity>
    </drmd:coreData>
    <drmd:referenceMaterialProducer>
      <drmd:name>
        <dcc:content>P</dcc:content>
      </drmd:name>
      <drmd:contact>
        <dcc:name>
          <dcc:content>P</dcc:content>
        </dcc:name>
        <dcc:location>
          <dcc:city>X</dcc:city>
        </dcc:location>
      </drmd:contact>
    </drmd:referenceMaterialProducer>
  </drmd:administrativeData>
  <drmd:materials>
    <drmd:material>
      <drmd:name>
        <dcc:content>M</dcc:content>
      </drmd:name>
    </drmd:material>
  </drmd:materials>
  <drmd:propertiesList>
    <drmd:properties>
      <drmd:name>
        <dcc:content>B</dcc:content>
      </drmd:name>
      <drmd:results>
        <drmd:result>
          <drmd:name>
            <dcc:content>R</dcc:content>
          </drmd:name>
          <drmd:data>
            <drmd:quantity>
              <dcc:name>
                <dcc:content>Q</dcc:content>
              </dcc:name>
              <si:real>
                <si:value>1.50</si:value>
                <si:unit>\\one</si:unit>
              </si:real>
            </drmd:quantity>
          </drmd:data>
        </drmd:result>
      </drmd:results>
    </drmd:properties>
  </drmd:propertiesList>
  <drmd:statements>
    <drmd:intendedUse>
      <dcc:content>use</dcc:content>
    </drmd:intendedUse>
    <drmd:storageInformation>
      <dcc:content lang="zh">冷藏</dcc:content>
      <dcc:content lang="en">cool</dcc:content>
    </drmd:storageInformation>
    <drmd:instructionsForHandlingAndUse>
      <dcc:content>shake</dcc:content>
    </drmd:instructionsForHandlingAndUse>
  </drmd:statements>
</drmd:digitalReferenceMaterialDocument>
"""


def small(**changes):
    """The small document's data, its own copy, with members replaced."""
    return json.loads(json.dumps(SMALL)) | changes


def with_value(value, *more, **result):
    """The small document with another property value, and more of them."""
    data = small()
    data["properties"][0]["results"] = [{"name": "R", "values": [value, *more], **result}]
    return data


def xpath(data, path):
    """What an XPath finds in the document that data make."""
    return etree.fromstring(document_xml(data)).xpath(path, namespaces=NS)


def test_a_small_document_to_the_letter():
    assert document_xml(SMALL).decode() == XML
    assert [
        each.rule for each in check_rules(parse_xml(XML.encode()), TODAY) if each.severity == "error"
    ] == []


def test_what_was_given_comes_back_and_nothing_else():
    assert document_data(read_document(document_xml(SMALL))) == {
        "format": "jialiang.reference-material/1",
        "version": "1.0.0",
        "kind": SHEET,
        "number": "RM-1",
        "document_version": "1",
        "validity": {"form": "untilRevoked"},
        "producer": {"name": {"und": "P"}, "address": {"city": "X"}},
        "materials": [{"name": {"und": "M"}}],
        "properties": [{"name": {"und": "B"}, "results": [{"name": {"und": "R"}, "values": [
            document_data(read_document(document_xml(SMALL)))["properties"][0]["results"][0]["values"][0]]}]}],
        "statements": [
            {"name": "intendedUse", "text": {"und": "use"}},
            {"name": "storageInformation", "text": {"zh": "冷藏", "en": "cool"}},
            {"name": "instructionsForHandlingAndUse", "text": {"und": "shake"}},
        ],
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_data_that_come_back_make_the_same_bytes(kind):
    first = document_xml(sample_data(kind))
    again = document_xml(json.loads(json.dumps(document_data(read_document(first)))))
    assert again == first


@pytest.mark.parametrize("order", [STATEMENTS, STATEMENTS[::-1], (*STATEMENTS[3:], *STATEMENTS[:3])])
def test_statements_stand_in_the_order_of_the_schema(order):
    given_ = [{"name": name, "text": name} for name in ("statement", *order, "statement")]
    found = [etree.QName(each).localname for each in xpath(small(statements=given_), "//d:statements/*")]
    assert found == [*STATEMENTS, "statement", "statement"]


ONE = {"name": "Q", "value": "1", "unit": "\\one"}


@pytest.mark.parametrize(
    ("data", "lists", "alone"),
    [
        (with_value(ONE), 0, 1), (with_value(ONE, list=True), 1, 0), (with_value(ONE, list=False), 0, 1),
        (with_value(ONE, ONE), 1, 0), (with_value(ONE, ONE, list=False), 1, 0),
    ],
)  # fmt: skip
def test_several_values_stand_in_a_list_and_one_alone_where_nothing_else_is_said(data, lists, alone):
    assert (len(xpath(data, "//d:data/d:list")), len(xpath(data, "//d:data/d:quantity"))) == (lists, alone)
    assert read_document(document_xml(data)).properties[0].tables[0].is_list is bool(lists)


# What is given of an uncertainty, and what is written of it.
EXPANDED = {"expanded_uncertainty": "0.2", "coverage_factor": "2", "coverage_probability": "0.95"}
INTERVAL = {
    "standard_uncertainty": "0.1",
    "interval_min": "0.8",
    "interval_max": "1.2",
    "coverage_probability": "0.95",
}
UNCERTAINTIES = [
    ({}, []),
    ({"standard_uncertainty": "0.1"}, ["standardMU", "valueStandardMU=0.1"]),
    ({"standard_uncertainty": "0.1", "distribution": "normal"},
     ["standardMU", "valueStandardMU=0.1", "distribution=normal"]),
    (EXPANDED, ["expandedMU", "valueExpandedMU=0.2", "coverageFactor=2", "coverageProbability=0.95"]),
    (INTERVAL, ["coverageIntervalMU", "valueStandardMU=0.1", "intervalMin=0.8", "intervalMax=1.2",
                "coverageProbability=0.95"]),
    (EXPANDED | INTERVAL, ["expandedMU", "valueExpandedMU=0.2", "coverageFactor=2", "coverageProbability=0.95"]),
]  # fmt: skip


@pytest.mark.parametrize(("stated", "written"), UNCERTAINTIES)
def test_an_uncertainty_is_written_in_the_form_that_its_members_have(stated, written):
    found = xpath(with_value(ONE | stated), "//s:measurementUncertaintyUnivariate//*")
    told = [etree.QName(each).localname + (f"={each.text}" if not len(each) else "") for each in found]
    assert told == written


@pytest.mark.parametrize(
    ("stated", "missing"),
    [
        ({"expanded_uncertainty": "1"}, "coverage_factor"),
        ({"expanded_uncertainty": "1", "coverage_factor": "2"}, "coverage_probability"),
        ({"interval_min": "0"}, "standard_uncertainty"),
        ({"interval_min": "0", "standard_uncertainty": "1"}, "interval_max"),
    ],
)
def test_half_an_uncertainty_is_refused_with_the_member_that_is_missing(stated, missing):
    with pytest.raises(MemberMissing) as refused:
        document_xml(with_value(ONE | stated))
    assert refused.value.facts["place"] == f"properties[1].results[1].values[1].{missing}"


@pytest.mark.parametrize(
    ("value", "path", "text"),
    [
        ({"name": "Q", "words": {"zh": "褐"}}, "//c:noQuantity/c:content[@lang='zh']", "褐"),
        ({"name": "Q", "chars": ["a", "b"]}, "//c:charsXMLList", "a b"),
        (ONE | {"label": "L"}, "//s:real/s:label", "L"),
        (ONE | {"date_time": "2026-06-16T00:00:00Z"}, "//s:real/s:dateTime", "2026-06-16T00:00:00Z"),
        (ONE | {"quantity_kind": "Mass"}, "//s:real/s:quantityTypeQUDT", "Mass"),
        (ONE | {"significant_digits": "2"}, "//s:real/s:significantDigit", "2"),
        ({"name": "Q", "value": ["1", "2"], "unit": ["\\one", "\\one"]}, "//s:valueXMLList", "1 2"),
        ({"name": "Q", "value": ["1", "2"], "unit": ["\\one", "\\one"]}, "//s:unitXMLList", "\\one \\one"),
        ({"names": {"en": "N"}, "name": "Q", "value": "1", "unit": "\\one"}, "//d:quantity/c:name/c:content", "N"),
        (ONE | {"identifiers": [{"scheme": "InChI", "number": "7"}]}, "//d:propertyIdentifier/d:value", "7"),
    ],
)  # fmt: skip
def test_a_member_of_a_value_stands_in_its_element(value, path, text):
    (found,) = xpath(with_value(value), path)
    assert found.text == text


def test_what_the_reader_says_beside_a_value_is_passed_over():
    beside = {"path": "/x", "line": 7, "kind": "real", "element": "quantity", "uncertainty_form": "standard"}
    assert document_xml(with_value(ONE | beside)) == document_xml(with_value(ONE))


@pytest.mark.parametrize(
    ("changes", "error", "zh", "en"),
    [
        ({"kind": "x"}, MemberWrong, "kind", "one of referenceMaterialCertificate, productInformationSheet"),
        ({"number": ""}, MemberMissing, "number", "number"),
        ({"colour": "red"}, MemberUnknown, "colour", "colour"),
        ({"format": "x"}, MemberWrong, "jialiang.reference-material/1", "jialiang.reference-material/1"),
    ],
)
def test_a_refusal_names_the_member_in_both_languages(changes, error, zh, en):
    with pytest.raises(error) as refused:
        document_xml(small(**changes))
    told = refused.value
    assert zh in told.what.zh + told.rule.zh and en in told.what.en + told.rule.en


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (errors.NotAReferenceMaterialDocument(root="a", line=2),
         Text("第 2 行：根元素是“a”，不是数字标准物质文件。",
              "Line 2: the root element is “a”; this is no digital reference material document.")),
        (errors.MadeIllFormed(finding=Text("错", "wrong"), path="/a"),
         Text("按所给数据写出的文件结构不对：错（/a）",
              "The document that these data make is not well made: wrong (/a)")),
        (errors.UnknownForm(notation="pdf", known="json"),
         Text("不能把数字标准物质文件写成“pdf”。", "A reference material document cannot be written as “pdf”.")),
    ],
)  # fmt: skip
def test_an_error_is_told_to_the_letter(error, text):
    assert error.what == text


def test_a_number_that_is_none_is_told_with_its_place():
    with pytest.raises(errors.MadeIllFormed) as refused:
        document_xml(with_value(ONE | {"value": "one"}))
    assert refused.value.facts["path"].endswith("/si:real[1]/si:value[1]")
    assert "one" in refused.value.what.en and "one" in refused.value.what.zh


@pytest.mark.parametrize("kind", KINDS)
def test_the_template_holds_as_each_kind(kind):
    data = template() | {"kind": kind}
    tree = parse_xml(document_xml(data))
    assert check_structure(tree) == ()
    broken = [each.rule for each in check_rules(tree, TODAY) if each.severity == "error"]
    assert broken == ([] if kind == CERTIFICATE else ["PIS-001", "PIS-003"])


# --- validity -------------------------------------------------------------------------------------------------------


def validity(inside):
    """A validity as an element."""
    return etree.fromstring(f'<validity xmlns="urn:drmd:schema">{inside}</validity>')


def after(dispatched, period):
    """The last day of a validity that begins with the dispatch."""
    inside = f"<dispatchDate>{dispatched}</dispatchDate><period>{period}</period>"
    return validity_of(validity(f"<timeAfterDispatch>{inside}</timeAfterDispatch>")).until


@settings(deadline=None)
@given(
    start=st.dates(date(1900, 1, 1), date(2200, 1, 1)), years=st.integers(0, 30), months=st.integers(0, 40),
    days=st.integers(0, 500), hours=st.integers(0, 100), minutes=st.integers(0, 3000), seconds=st.integers(0, 90_000),
)  # fmt: skip
def test_a_period_ends_where_a_calendar_of_another_hand_has_it(
    start, years, months, days, hours, minutes, seconds
):
    moved = datetime.combine(start, datetime.min.time()) + relativedelta(years=years, months=months)
    end = moved + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    assert after(start, f"P{years}Y{months}M{days}DT{hours}H{minutes}M{seconds}S") == end.date()


@pytest.mark.parametrize(
    ("period", "until"),
    [
        ("P2Y", "2028-06-16"), ("P6M", "2026-12-16"), ("P30D", "2026-07-16"), ("PT23H", "2026-06-16"),
        ("PT24H", "2026-06-17"), ("PT1440M", "2026-06-17"), ("PT1439M59S", "2026-06-16"), ("PT86400S", "2026-06-17"),
        ("PT86399.9S", "2026-06-16"), ("PT23H59M60S", "2026-06-17"), ("P1DT24H", "2026-06-18"),
    ],
)  # fmt: skip
def test_every_part_of_a_period_counts(period, until):
    assert after("2026-06-16", period) == date.fromisoformat(until)


@pytest.mark.parametrize(
    "period",
    ["", "P", "PT", "P1YT", "1Y", "P1W", "-P1Y", "P1.5Y", "P1M1Y", "PT1.S.2", "P１Y", "p1y", "P1Y ago"],
)
def test_what_is_no_period_ends_nowhere(period):
    assert after("2026-06-16", period) is None


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("2030-12-31", date(2030, 12, 31)), (" 2030-12-31\n", date(2030, 12, 31)), ("2030-12-31Z", date(2030, 12, 31)),
        ("2030-12-31+08:00", date(2030, 12, 31)), ("2030-02-30", None), ("", None), ("soon", None),
    ],
)  # fmt: skip
def test_a_day_of_its_own_is_the_last_one(said, until):
    assert validity_of(validity(f"<specificTime>{said}</specificTime>")) == Validity("specificTime", until)


@pytest.mark.parametrize(
    ("given_", "form", "until"),
    [
        ({"form": "untilRevoked"}, "untilRevoked", None),
        ({"until": "2030-12-31"}, "specificTime", "2030-12-31"),
        ({"form": "specificTime", "until": "2030-12-31"}, "specificTime", "2030-12-31"),
        ({"period": "P1Y", "dispatched": "2026-06-16"}, "timeAfterDispatch", "2027-06-16"),
        ({"form": "timeAfterDispatch", "period": "P1Y"}, "timeAfterDispatch", None),
    ],
)
def test_the_form_of_a_validity_follows_from_what_is_given(given_, form, until):
    found = read_document(document_xml(small(validity=given_))).validity
    assert (found.form, str(found.until or "")) == (form, until or "")
    again = found.to_json()
    assert read_document(document_xml(small(validity=again))).validity == found


@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_a_validity_has_ended_from_the_day_after_its_last(shift):
    tree = parse_xml(document_xml(small(validity={"until": str(TODAY + timedelta(days=shift))})))
    found = [each for each in check_rules(tree, TODAY) if each.rule == "DRMD-EXPIRED"]
    assert len(found) == (1 if shift < 0 else 0)
    if found:
        assert found[0].text == Text("有效期至 2026-06-15，已过。", "The validity ended on 2026-06-15.")


# --- identifiers and words ------------------------------------------------------------------------------------------


@given(digits=st.integers(100, 999_999_999).map(str))
def test_of_ten_check_digits_one_is_right(digits):
    """The digits but the last, in two groups; the sum goes from the right, times 1, 2, 3 …"""
    total = sum(int(digit) * place for place, digit in enumerate(reversed(digits), start=1)) % 10
    right = [last for last in range(10) if not why_not_cas(f"{digits[:-2]}-{digits[-2:]}-{last}")]
    fits = 2 <= len(digits) - 2 <= 7
    assert right == ([total] if fits else [])


def test_a_wrong_check_digit_is_told_with_the_right_one():
    assert why_not_cas("7732-18-4") == Text("校验位应为 5", "the check digit should be 5")
    assert why_not_cas("water") == Text(
        "应为三段数字，如 7732-18-5", "it is not of three groups of digits as 7732-18-5 is"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after_", "rule", "en"),
    [
        ('schemaVersion="1.0.0"', 'schemaVersion="9.9.9"', "DRMD-VERSION-UNKNOWN",
         "schemaVersion is 9.9.9; 1.0.0 is what is checked here."),
        ('schemaVersion="1.0.0"', "", "DRMD-VERSION-UNKNOWN", "schemaVersion is –; 1.0.0 is what is checked here."),
        ('isCertified="true"', 'isCertified="1"', "DRMD-CERTIFIED-UNCLEAR", "isCertified is written “1”."),
        ('isCertified="true"', 'isCertified="true" refId="a b a"', "DRMD-REFID-UNRESOLVED",
         "refId names a, b, which no element of the file has as its id."),
        ("7439-92-1", "7439-92-2", "DRMD-CAS-WRONG",
         "“7439-92-2” is no CAS registry number: the check digit should be 1."),
    ],
)  # fmt: skip
def test_a_finding_says_its_facts_to_the_letter(before, after_, rule, en):
    text = plain_xml()
    assert before in text
    (found,) = [
        f for f in check_rules(parse_xml(text.replace(before, after_, 1).encode()), TODAY) if f.rule == rule
    ]
    assert found.text.en == en
    assert found.severity == rules()[rule].severity


@pytest.mark.parametrize("scheme", ["CAS", "cas", " CAS RN ", "CASRN", "Cas Number"])
@pytest.mark.parametrize(
    ("number", "is_wrong"), [("7732-18-5", False), (" 7732-18-5 ", False), ("7732-18-6", True)]
)
def test_a_cas_number_is_one_whatever_its_scheme_is_called(scheme, number, is_wrong):
    text = plain_xml().replace(">CAS<", f">{scheme}<").replace("7439-92-1", number)
    found = [each.rule for each in check_rules(parse_xml(text.encode()), TODAY)]
    assert ("DRMD-CAS-WRONG" in found) is is_wrong


@pytest.mark.parametrize(
    ("title", "kinds"),
    [("referenceMaterialCertificate", {CERTIFICATE}), ("productInformationSheet", {SHEET}), ("other", set()),
     (" referenceMaterialCertificate", set()), ("<!-- x -->productInformationSheet", {SHEET})],
)  # fmt: skip
def test_the_kind_of_a_document_is_its_title_to_the_letter(title, kinds):
    text = XML.replace(">productInformationSheet<", f">{title}<")
    assert kinds_of(etree.fromstring(text.encode())) == kinds


def test_the_rules_of_one_kind_are_silent_about_the_other():
    for kind, other in ((CERTIFICATE, "PIS-"), (SHEET, "RMC-")):
        root = etree.fromstring(plain_xml(kind).encode())
        for name in ("statements", "propertiesList", "materials"):
            root.remove(root.find(drmd(name)))
        found = {each.rule for each in check_rules(root.getroottree(), TODAY)}
        assert found and not {rule for rule in found if rule.startswith(other)}


# --- reading and tables ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "is_certified"),
    [("true", True), ("1", True), (" true ", True), ("false", False), ("0", False), ("yes", False)],
)
def test_certified_is_read_as_a_truth_of_xml(said, is_certified):
    found = read_document(plain_xml().replace('isCertified="true"', f'isCertified="{said}"').encode())
    assert found.properties[0].is_certified is is_certified
    assert bool(found.values(certified=True)) is is_certified
    assert len(found.values(certified=not is_certified)) == 0
    assert len(found.values()) == 1


def test_a_statement_is_found_by_its_name():
    found = read_document(sample_xml())
    assert found.statement("statement") == (("", "First"),)
    assert found.statement("subcontractors") == (("", "Laboratory B"),)
    assert found.statement("legalNotice") == ()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_row_tells_names_in_a_language(language):
    first = next(rows(read_document(sample_xml()), language))
    chinese = language == "zh"
    assert first["materials"] == ("土壤成分标准物质; Blank" if chinese else "Soil reference material; Blank")
    assert first["properties"] == ("认定值" if chinese else "Certified values")
    assert list(first) == list(COLUMNS)


def test_the_rows_are_those_of_the_file_in_both_ways_of_writing_them():
    document = read_document(sample_xml())
    printed = list(csv.DictReader(io.StringIO(
        convert(parse_xml(sample_xml()), "csv", Wish("en")).data.decode("utf-8-sig"), newline="")))  # fmt: skip
    assert len(printed) == len(list(rows(document))) == 10
    for ours, theirs in zip(rows(document), printed, strict=True):
        assert {name: text.lstrip("'") for name, text in theirs.items()} == ours
    assert {row["unit"] for row in printed[:2]} == {UNIT}


def test_typed_data_are_the_same_in_every_notation():
    tree = parse_xml(sample_xml())
    expected = document_data(read_document(sample_xml()), "zh")
    assert json.loads(convert(tree, "data-json", Wish("zh")).data) == expected
    assert json.loads(convert(tree, "json", Wish("zh", typed=True)).data) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_that_holds_still_holds_after_every_lossless_way(kind):
    tree = parse_xml(plain_xml(kind).encode())
    assert holds(check_rules(tree, TODAY))
    again = parse_xml(convert(tree, "xml", Wish(encoding="utf-8")).data)
    assert check_rules(again, TODAY) == check_rules(tree, TODAY)
