"""Reading, making and converting reference material documents: everything said, every text as it was given."""

import copy
import csv
import io
import json
import socket
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.formats.drmd_samples import CADMIUM, LEAD, UNIT, plain_xml, sample_data, sample_xml

from jialiang.formats.conversion.binary import from_cbor, from_json, from_msgpack
from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.errors import UnknownEncoding
from jialiang.formats.conversion.lossless import from_lossless
from jialiang.formats.data_members import MemberMissing, MemberUnknown, MemberWrong
from jialiang.formats.drmd.conversion import convert
from jialiang.formats.drmd.data import document_data
from jialiang.formats.drmd.errors import MadeIllFormed, NotAReferenceMaterialDocument, UnknownForm
from jialiang.formats.drmd.making import document_xml, template
from jialiang.formats.drmd.names import CERTIFICATE, KINDS, SHEET
from jialiang.formats.drmd.reading import document_of, read_document
from jialiang.formats.drmd.tables import COLUMNS, rows
from jialiang.formats.drmd.validity import Validity, validity_of
from jialiang.formats.xml.canonicalization import canonical_document
from jialiang.formats.xml.errors import XmlNotWellFormed
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.errors import JialiangError

NS = {"drmd": "urn:drmd:schema", "dcc": "https://ptb.de/dcc", "si": "https://ptb.de/si"}


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    def refused(*_):
        raise AssertionError("a socket was asked for")

    monkeypatch.setattr(socket.socket, "connect", refused)


# --- reading ------------------------------------------------------------------------------------------------------


def test_everything_a_document_says_is_read():
    document = read_document(sample_xml())
    assert (document.kind, document.version, document.number) == (CERTIFICATE, "1.0.0", "RM-0001")
    assert document.document_version == "1"
    assert document.validity == Validity("specificTime", date(2030, 12, 31))
    assert [(i.scheme, i.number) for i in document.identifiers] == [("DOI", "10.9999/rm.1")]
    assert dict(document.producer.name) == {"zh": "示例研制单位", "en": "Sample Producer"}
    assert dict(document.producer.place)["streetNo"] == "9"
    assert (document.producer.phone, document.producer.identifiers[0].scheme) == ("+86 10 5550 0000", "ROR")
    assert [(p.role, p.main_signer) for p in document.persons] == [
        ("approving officer", True),
        ("reviewer", False),
    ]
    soil, blank = document.materials
    assert (soil.classes[0].class_id, soil.identifiers[0].number) == ("soil", "2026-01")
    (size,) = soil.minimum_sample_size
    assert (size.first.values, size.first.unit) == (("0.1",), ("\\gram",))
    mass, colour = soil.quantities
    assert mass.first.uncertainty.standard_uncertainty == ("0.5",)
    assert dict(colour.words) == {"zh": "褐色", "en": "brown"}
    assert (blank.name, blank.minimum_sample_size) == ((("", "Blank"),), ())
    assert dict(document.statement("intendedUse"))["en"] == "Calibration and validation of methods"
    assert [words for name, words in document.statements if name == "statement"] == [
        (("", "First"),),
        (("zh", "第二"),),
    ]
    assert document.statement("legalNotice") == ()
    assert document.comment == "for tests"


def test_blocks_tables_and_values_belong_together():
    document = read_document(sample_xml())
    first, second = document.properties
    assert (first.is_certified, second.is_certified) == (True, False)
    assert first.procedures[0].norms == ("ISO 1", "ISO 2") and first.procedures[0].references == ("Report 7",)
    assert [(len(t.values), t.is_list) for t in first.tables] == [(3, True), (1, False), (1, False)]
    lead, cadmium, _ = first.tables[0].values
    assert (lead.identifiers[0].number, lead.identifiers[0].link) == (LEAD["number"], LEAD["link"])
    assert cadmium.identifiers[0].number == CADMIUM["number"]
    assert lead.quantity.first.values == ("12.30",)
    assert lead.quantity.first.uncertainty.coverage_factor == ("2.0",)
    assert lead.quantity.result == (("", "Elements"),) and lead.quantity.table
    assert len(document.values()) == 6
    assert len(document.values(certified=True)) == 5
    assert [each.quantity.chars for _, _, each in document.values(certified=False)] == [("fine", "<90")]


def test_every_number_is_that_of_an_independent_reading():
    data = sample_xml()
    tree = etree.fromstring(data)
    texts = tree.xpath(
        "//drmd:quantity//si:value/text() | //drmd:quantity//si:valueXMLList/text()", namespaces=NS
    )
    ours = [
        value
        for _, _, each in read_document(data).values()
        for writing in each.quantity.writings
        for value in writing.values
    ]
    assert (
        ours
        == " ".join(texts).split()
        == [
            "12.30",
            "0.050",
            "1.0E-3",
            "505.078",
            "231.928",
            "1.0",
            "NaN",
            "-2.50",
        ]
    )
    units = tree.xpath(
        "//drmd:quantity//si:unit/text() | //drmd:quantity//si:unitXMLList/text()", namespaces=NS
    )
    assert [w.unit[0] for _, _, e in read_document(data).values() for w in e.quantity.writings] == units


def test_what_is_missing_is_empty():
    root = etree.fromstring(f'<drmd:digitalReferenceMaterialDocument xmlns:drmd="{NS["drmd"]}"/>')
    document = document_of(root.getroottree())
    assert (document.kind, document.number, document.materials, document.values()) == ("", "", (), ())
    assert document.validity == Validity()
    assert document_data(document) == {"format": "jialiang.reference-material/1"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_loses_its_parts_one_by_one_without_a_traceback(kind):
    whole = etree.fromstring(sample_xml(kind))
    for number in range(1, len(list(whole.iter(etree.Element)))):
        root = copy.deepcopy(whole)
        gone = list(root.iter(etree.Element))[number]
        gone.getparent().remove(gone)
        document = document_of(root.getroottree())
        assert document_data(document)["format"]
        assert list(rows(document)) or not document.values()


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<untilRevoked>true</untilRevoked>", Validity("untilRevoked")),
        ("<specificTime>2028-02-29</specificTime>", Validity("specificTime", date(2028, 2, 29))),
        ("<specificTime>2028-02-29+08:00</specificTime>", Validity("specificTime", date(2028, 2, 29))),
        ("<specificTime>soon</specificTime>", Validity("specificTime")),
        (
            "<timeAfterDispatch><period>P1Y</period></timeAfterDispatch>",
            Validity("timeAfterDispatch", None, "", "P1Y"),
        ),
        ("", Validity()),
    ],
)
def test_validity_in_each_form(inside, expected):
    assert validity_of(etree.fromstring(f'<validity xmlns="{NS["drmd"]}">{inside}</validity>')) == expected


# Worked by hand: months first, held at the end of a short month, then days.
@pytest.mark.parametrize(
    ("dispatched", "period", "until"),
    [
        ("2024-01-31", "P1M", date(2024, 2, 29)),
        ("2023-01-31", "P1M", date(2023, 2, 28)),
        ("2024-02-29", "P1Y", date(2025, 2, 28)),
        ("2024-11-15", "P3M", date(2025, 2, 15)),
        ("2024-12-31", "P1D", date(2025, 1, 1)),
        ("2024-01-30", "P1Y1M1D", date(2025, 3, 1)),
        ("2024-01-01", "PT48H", date(2024, 1, 3)),
        ("2024-01-01", "P0D", date(2024, 1, 1)),
        ("2024-12-01", "P12M", date(2025, 12, 1)),
        ("2024-01-01", "P18M", date(2025, 7, 1)),
        ("2024-01-01", "-P1D", None),
        ("2024-01-01", "P", None),
        ("2024-01-01", "P1YT", None),
        ("9999-12-31", "P1D", None),
        ("2024-01-01", "P9999Y", None),
        ("x", "P1Y", None),
        ("2024-01-01", "", None),
    ],
)
def test_a_validity_after_dispatch_ends_on_its_day(dispatched, period, until):
    inside = f"<dispatchDate>{dispatched}</dispatchDate><period>{period}</period>"
    element = f'<validity xmlns="{NS["drmd"]}"><timeAfterDispatch>{inside}</timeAfterDispatch></validity>'
    assert validity_of(etree.fromstring(element)).until == until


@pytest.mark.parametrize(
    "root", ["<a/>", '<a xmlns="urn:drmd:schema"/>', "<digitalReferenceMaterialDocument/>"]
)
def test_another_document_is_refused_with_its_root_and_line(root):
    with pytest.raises(NotAReferenceMaterialDocument) as refused:
        read_document(f"\n{root}".encode())
    assert refused.value.facts["line"] == 2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<",
        b"\x00" * 100,
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        b"<a>" * 5000 + b"</a>" * 5000,
        "<a>嘉".encode("gb18030"),
    ],
)
def test_hostile_bytes_are_refused_with_an_error_of_ours(data):
    with pytest.raises(JialiangError):
        read_document(data)


# --- making -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_data_make_a_document_that_says_the_data(kind):
    xml = sample_xml(kind)
    data = document_data(read_document(xml))
    assert document_xml(data) == xml
    assert document_xml(json.loads(json.dumps(data))) == xml
    assert document_data(read_document(document_xml(data))) == data


def test_the_template_is_a_beginning():
    assert read_document(document_xml(template())).kind == CERTIFICATE
    changed = template()
    changed["number"] = "X"
    assert template()["number"] == "RM-0001"


def at(path, value):
    """The sample's data with one member replaced; ``...`` takes it out."""
    data = sample_data()
    *steps, last = path
    place = data
    for step in steps:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return data


LEAD_AT = ("properties", 0, "results", 0, "values", 0)
WRONG = [
    (("kind",), ..., MemberMissing, "kind"),
    (("kind",), "certificate", MemberWrong, "kind"),
    (("number",), "", MemberMissing, "number"),
    (("number",), 12, MemberWrong, "number"),
    (("format",), "other/1", MemberWrong, "format"),
    (("titel",), "x", MemberUnknown, "titel"),
    (("validity",), ..., MemberMissing, "validity"),
    (("validity", "form"), "forever", MemberWrong, "validity.form"),
    (("validity", "until"), ..., MemberMissing, "validity.until"),
    (("validity", "till"), "2030", MemberUnknown, "validity.till"),
    (("producer", "name"), ..., MemberMissing, "producer.name"),
    (("producer", "address"), ..., MemberMissing, "producer.address"),
    (("producer", "address", "planet"), "Earth", MemberUnknown, "producer.address.planet"),
    (("persons", 0, "name"), ..., MemberMissing, "persons[1].name"),
    (("persons", 0, "main_signer"), "yes", MemberWrong, "persons[1].main_signer"),
    (("materials",), [], MemberMissing, "materials"),
    (("materials",), "soil", MemberWrong, "materials"),
    (("materials", 1, "name"), ..., MemberMissing, "materials[2].name"),
    (("materials", 0, "name"), {"zh": 5}, MemberWrong, "materials[1].name.zh"),
    (("materials", 0, "name"), 5, MemberWrong, "materials[1].name"),
    (("materials", 0, "classes", 0, "class_id"), ..., MemberMissing, "materials[1].classes[1].class_id"),
    (("properties", 0, "certified"), "true", MemberWrong, "properties[1].certified"),
    (("properties", 0, "results"), ..., MemberMissing, "properties[1].results"),
    ((*LEAD_AT, "value"), 12.3, MemberWrong, "properties[1].results[1].values[1].value"),
    ((*LEAD_AT, "value"), ..., MemberMissing, "properties[1].results[1].values[1].value"),
    ((*LEAD_AT, "unit"), ..., MemberMissing, "properties[1].results[1].values[1].unit"),
    ((*LEAD_AT, "coverage_factor"), ..., MemberMissing, "properties[1].results[1].values[1].coverage_factor"),
    ((*LEAD_AT, "uncertainty"), "0.1", MemberUnknown, "properties[1].results[1].values[1].uncertainty"),
    (
        (*LEAD_AT, "identifiers", 0, "number"),
        "",
        MemberMissing,
        "properties[1].results[1].values[1].identifiers[1].number",
    ),
    ((*LEAD_AT, "value"), ["1", "2 3"], MemberWrong, "properties[1].results[1].values[1].value"),
    ((*LEAD_AT, "value"), ["1", None], MemberWrong, "properties[1].results[1].values[1].value"),
    (("statements",), ..., MemberMissing, "statements"),
    (("statements", 0, "name"), "use", MemberWrong, "statements[1].name"),
    (("statements", 0, "text"), ..., MemberMissing, "statements[1].text"),
    (("statements",), {"intendedUse": "x"}, MemberWrong, "statements"),
    (("comment",), "x" * 100_001, MemberWrong, "comment"),
]


@pytest.mark.parametrize(("path", "value", "error", "place"), WRONG)
def test_a_wrong_member_is_named_with_its_place(path, value, error, place):
    with pytest.raises(error) as refused:
        document_xml(at(path, value))
    assert refused.value.facts["place"] == place
    assert place in refused.value.what.zh and place in refused.value.what.en


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("validity", "until"), "next year", "specificTime"),
        (("version",), "latest", "schemaVersion"),
        ((*LEAD_AT, "value"), "twelve", "si:value"),
        ((*LEAD_AT, "value"), "１２", "si:value"),
        ((*LEAD_AT, "coverage_probability"), "95 %", "coverageProbability"),
        (("producer", "address"), {"country_code": "China"}, "countryCode"),
        (("materials", 0, "name"), {"chinese": "土"}, "lang"),
        (("statements",), [{"name": "intendedUse", "text": "x"}], "storageInformation"),
        (("identifiers", 0, "link"), "http://[", "link"),
    ],
)
def test_what_breaks_the_structure_otherwise_is_refused_with_the_finding(path, value, said):
    with pytest.raises(MadeIllFormed) as refused:
        document_xml(at(path, value))
    assert said in str(refused.value.facts["finding"]) + str(refused.value.facts["path"])


@pytest.mark.parametrize("data", [None, [], "text", 5, {}, {"kind": CERTIFICATE}, True])
def test_data_of_another_shape_are_refused(data):
    with pytest.raises((MemberMissing, MemberWrong)):
        document_xml(data)


def test_a_character_that_xml_cannot_hold_is_refused():
    with pytest.raises(JialiangError) as refused:
        document_xml(at(("number",), "a\x00b"))
    assert refused.value.code.startswith("JL-XML")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda x: (
        st.lists(x, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "value", "unit", "zh", "text", "form"]), x, max_size=3)
    ),
    max_leaves=6,
)
PATHS = [path for path, *_ in WRONG]


@given(path=st.sampled_from(PATHS), value=JSON)
def test_any_data_make_a_valid_document_or_an_error_of_ours(path, value):
    try:
        xml = document_xml(at(path, value))
    except JialiangError as problem:
        assert problem.what.zh and problem.what.en
    else:
        assert read_document(xml).kind in KINDS


# --- converting ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("notation", "back"), [("json", from_json), ("cbor", from_cbor), ("msgpack", from_msgpack)]
)
def test_lossless_notations_come_back_to_the_byte(kind, notation, back):
    text = sample_xml(kind).decode().replace("<drmd:materials>", "<!-- said --><drmd:materials>")
    tree = parse_xml(text.encode())
    again = from_lossless(back(convert(tree, notation).data))
    assert canonical_document(parse_xml(again)) == canonical_document(tree)
    assert b"<!-- said -->" in again


@pytest.mark.parametrize(
    ("notation", "back"), [("data-json", from_json), ("cbor", from_cbor), ("msgpack", from_msgpack)]
)
def test_typed_notations_hold_the_data(notation, back):
    tree = parse_xml(sample_xml())
    made = back(convert(tree, notation, Wish("zh", typed=True)).data)
    assert made == document_data(document_of(tree), "zh")
    values = made["properties"][0]["results"][0]["values"]
    assert [each["value"] for each in values] == ["12.30", "0.050", "1.0E-3"]
    assert values[0]["name"] == "铅"


def table_of(tree, **wish):
    made = convert(tree, "csv", Wish(**wish))
    text = made.data.decode("utf-8-sig" if wish.get("encoding", "utf-8") == "utf-8" else wish["encoding"])
    return list(csv.DictReader(io.StringIO(text))), made


def test_the_table_has_a_row_a_value_with_all_that_belongs_to_it():
    table, _ = table_of(parse_xml(sample_xml()), language="zh")
    assert tuple(table[0]) == COLUMNS
    assert [row["value"] for row in table] == [
        "12.30",
        "0.050",
        "1.0E-3",
        "505.078",
        "231.928",
        "1.0",
        "NaN",
        "-2.50",
        "fine",
        "'<90"[1:],
    ]
    lead = table[0]
    assert (lead["name"], lead["properties"], lead["certified"]) == ("铅", "认定值", "true")
    assert (lead["identifiers"], lead["unit"], lead["procedures"]) == ("CAS 7439-92-1", UNIT, "IDMS")
    assert (lead["expanded_uncertainty"], lead["coverage_factor"]) == ("0.40", "2.0")
    assert [row["writing"] for row in table[3:5]] == ["1", "2"]
    assert [(row["row"], row["expanded_uncertainty"], row["coverage_factor"]) for row in table[5:8]] == [
        ("1", "0.1", "2"),
        ("2", "NaN", "2"),
        ("3", "0.2", "2"),
    ]
    assert [row["certified"] for row in table[8:]] == ["false", "false"]


def test_a_cell_that_a_spreadsheet_would_calculate_is_made_harmless():
    xml = plain_xml().replace("铅的质量分数", "=1+1").encode()
    (row,), _ = table_of(parse_xml(xml), language="zh")
    assert row["name"] == "'=1+1"


def test_tables_in_chinese_encodings_name_what_they_lack():
    xml = plain_xml().replace("铅的质量分数", "铅𠮷").encode()
    _, whole = table_of(parse_xml(xml), language="zh", encoding="gb18030")
    assert whole.unmapped == ()
    _, short = table_of(parse_xml(xml), language="zh", encoding="gbk")
    assert short.unmapped == ("𠮷",)
    with pytest.raises(UnknownEncoding):
        convert(parse_xml(xml), "csv", Wish(encoding="latin-9"))


def test_xml_in_another_encoding_says_the_same():
    tree = parse_xml(sample_xml())
    again = etree.fromstring(convert(tree, "xml", Wish(encoding="gb18030")).data)
    assert canonical_document(again.getroottree()) == canonical_document(tree)


@pytest.mark.parametrize("notation", ["pdf", "", "JSON", "xlsx"])
def test_another_notation_is_refused_with_those_there_are(notation):
    with pytest.raises(UnknownForm) as refused:
        convert(parse_xml(plain_xml().encode()), notation)
    assert "data-json" in refused.value.facts["known"]


def test_only_reference_material_documents_are_converted():
    with pytest.raises(NotAReferenceMaterialDocument):
        convert(parse_xml(b"<a/>"), "json")
    with pytest.raises(XmlNotWellFormed):
        parse_xml(plain_xml(SHEET)[:-9].encode())
