"""Conversions of odd and hostile certificates: long lists, special letters, gaps of GBK, nothing at all."""

import csv
import io
import json

import cbor2
import msgpack
import openpyxl
import pytest
from tests.formats.dcc_samples import (
    c14n,
    certificate_with,
    expanded,
    expanded_list,
    quantity,
    real,
    real_list,
)

from jialiang.formats.conversion.binary import from_json
from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.data import certificate_data
from jialiang.formats.conversion.encodings import encode_text, encode_xml
from jialiang.formats.conversion.errors import NotDecodable, NotEncodable, NotLossless, UnknownEncoding
from jialiang.formats.conversion.lossless import FORMAT, from_lossless, to_lossless
from jialiang.formats.conversion.registry import convert, xml_of
from jialiang.formats.conversion.rows import COLUMNS, entry, rows
from jialiang.formats.conversion.tables import arrow_table
from jialiang.formats.conversion.text_tables import harmless
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.xml.parsing import parse_xml

METRE = "\\metre"


def of(inside="", **more):
    return Certificate.read(certificate_with(inside, **more))


def called(name):
    return of(quantity(real("1", METRE), name))


def words(text):
    return of(quantity(f"<dcc:noQuantity><dcc:content>{text}</dcc:content></dcc:noQuantity>"))


def csv_rows(certificate, encoding="utf-8"):
    text = convert(certificate, "csv", Wish(encoding=encoding)).data
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    return list(csv.DictReader(io.StringIO(text.decode(codec), newline="")))


def book_of(certificate, language="en"):
    return openpyxl.load_workbook(io.BytesIO(convert(certificate, "xlsx", Wish(language)).data))


def cells_of(certificate):
    """The last sheet as rows by column."""
    sheet = book_of(certificate).worksheets[-1]
    return [dict(zip(COLUMNS, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)]


# --- rows ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "row", "expected"),
    [((), 0, ""), (("a",), 0, "a"), (("a",), 99, "a"), (("a", "b"), 1, "b"), (("a", "b"), 2, "")],
)
def test_one_entry_stands_for_all_rows(texts, row, expected):
    assert entry(texts, row) == expected


def test_lists_of_other_lengths_leave_the_rest_empty():
    (_, second, third) = csv_rows(
        of(quantity(real_list("1 2 3", METRE, expanded_list("0.1 0.2", "2", "0.95"))))
    )
    assert (second["expanded_uncertainty"], second["coverage_factor"]) == ("0.2", "2")
    assert (third["value"], third["expanded_uncertainty"], third["coverage_probability"]) == ("3", "", "0.95")


def test_a_complex_value_has_both_parts_in_its_row():
    inside = (
        "<si:complexListXMLList><si:valueMagnitudeXMLList>1 2</si:valueMagnitudeXMLList>"
        "<si:valuePhaseXMLList>0.1 0.2</si:valuePhaseXMLList><si:unitXMLList>\\volt</si:unitXMLList>"
        "<si:unitPhaseXMLList>\\radian</si:unitPhaseXMLList></si:complexListXMLList>"
    )
    found = [(r["value"], r["second"], r["unit"], r["second_unit"]) for r in csv_rows(of(quantity(inside)))]
    assert found == [("1", "0.1", "\\volt", "\\radian"), ("2", "0.2", "\\volt", "\\radian")]


def test_every_column_is_in_every_row_and_nothing_else():
    certificate = of(
        quantity(real("1", METRE, expanded())) + quantity("<dcc:charsXMLList>a b</dcc:charsXMLList>")
    )
    assert all(tuple(row) == COLUMNS for row in rows(certificate))


def test_a_long_list_is_written_whole():
    many = [f"{n}.50" for n in range(3000)]
    certificate = of(quantity(real_list(" ".join(many), METRE, expanded_list("0.1"))))
    found = csv_rows(certificate)
    assert [row["value"] for row in found] == many
    assert found[-1]["row"] == "3000"
    assert arrow_table(certificate).num_rows == 3000


# --- letters ------------------------------------------------------------------------------------------------------


# the text of the file (as XML) and what it says
LETTERS = {
    "quotes": ("say &quot;x&quot;, 'y'", "say \"x\", 'y'"),
    "commas and semicolons": ("a,b;c", "a,b;c"),
    "markup": ("&lt;b&gt; &amp;amp;", "<b> &amp;"),
    "a line break": ("a\nb", "a\nb"),
    "beyond the first plane": ("𠮷 𝛼", "𠮷 𝛼"),
    "right to left": ("\u202eabc", "\u202eabc"),
    "a zero-width letter": ("a\u200bb", "a\u200bb"),
    "combining": ("e\u0301", "e\u0301"),
    "a byte order mark inside": ("a\ufeffb", "a\ufeffb"),
}


@pytest.mark.parametrize("case", LETTERS)
def test_letters_come_through_every_table(case):
    xml, said = LETTERS[case]
    certificate = called(xml)
    assert csv_rows(certificate)[0]["name"] == said
    assert csv_rows(certificate, "gb18030")[0]["name"] == said
    assert cells_of(certificate)[0]["name"] == said
    assert arrow_table(certificate).column("name").to_pylist() == [said]


@pytest.mark.parametrize("case", LETTERS)
@pytest.mark.parametrize("notation", ["json", "cbor", "msgpack"])
def test_letters_come_back_from_every_lossless_form(case, notation):
    certificate = called(LETTERS[case][0])
    assert c14n(xml_of(convert(certificate, notation).data, f".{notation}")) == c14n(certificate.tree)


# What a spreadsheet program could take for a formula, and what it gets.
FORMULAS = {
    "=1+1": "'=1+1", "@SUM(A1)": "'@SUM(A1)", "+cmd": "'+cmd", "-cmd": "'-cmd", "-1+1": "'-1+1", "\tx": "'\tx",
    "＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠x": "'＠x", "=": "'=", "-": "'-", "+-1": "'+-1",
    "-1": "-1", "+1.5": "+1.5", "-.5e-3": "-.5e-3", "-5.": "-5.", "a=1": "a=1", " =1": " =1", "": "", "'": "'",
}  # fmt: skip


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_is_a_formula(cell):
    assert harmless(cell) == FORMULAS[cell]


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "@x", "+x", "-x"])
def test_a_formula_in_a_name_or_in_words_is_a_text(text):
    assert csv_rows(called(text))[0]["name"] == f"'{text}"
    assert csv_rows(words(text))[0]["value"] == f"'{text}"
    (cell,) = [row["value"] for row in cells_of(words(text))]
    assert cell == f"'{text}"


# --- GBK ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unmapped", "kept"),
    [
        ("砝码 1 kg", (), "砝码 1 kg"),
        ("20 °C ± 0.1", (), "20 °C ± 0.1"),
        ("10 µm", ("µ",), "10 ?m"),
        ("m² Å m²", ("²", "Å"), "m? ? m?"),
        ("𠮷", ("𠮷",), "?"),
        ("", (), ""),
    ],
)
def test_gaps_of_gbk_are_named_once_in_their_order(text, unmapped, kept):
    made = encode_text(text, "gbk")
    assert made.unmapped == unmapped
    assert made.data.decode("gbk") == kept


@pytest.mark.parametrize("name", ["GBK", "gbk", "Gbk", "gb18030", "GB18030", "utf-8", "UTF_8"])
def test_encodings_are_named_in_any_case(name):
    assert encode_text("量", name).data.decode(name).lstrip("\ufeff") == "量"


@pytest.mark.parametrize("name", ["", "utf-32", "latin1", "gbk\0", "utf8" * 30])
def test_other_encodings_are_refused_with_those_there_are(name):
    with pytest.raises(UnknownEncoding) as refused:
        encode_text("x", name)
    assert refused.value.facts["known"] == "UTF-8, UTF-16, GB18030, GBK"
    assert len(str(refused.value.facts["encoding"])) <= 40


def test_only_utf_8_has_a_mark_at_its_beginning():
    assert encode_text("x", "utf-8").data == b"\xef\xbb\xbfx"
    assert encode_text("x", "gbk").data == b"x"
    assert encode_text("x", "gb18030").data == b"x"


def test_xml_in_gbk_loses_no_letter_of_texts_and_attributes():
    tree = parse_xml('<a b="²">µ<c/>𠮷</a>'.encode())
    made = encode_xml(tree, "gbk")
    assert set(made.unmapped) == {"²", "µ", "𠮷"}
    assert made.data.splitlines()[0].lower().count(b"gbk") == 1
    assert c14n(made.data) == c14n(tree)


@pytest.mark.parametrize("xml", ["<a><!-- ² --></a>", "<a><Å/></a>", '<a Å="1"/>'])
def test_gaps_where_no_reference_can_stand_are_refused(xml):
    with pytest.raises(NotEncodable) as refused:
        encode_xml(parse_xml(xml.encode()), "gbk")
    assert refused.value.facts["characters"] in ("²", "Å")


# --- workbooks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("1.500", 1.5, "0.000"),
        ("-0.20", -0.2, "0.00"),
        ("42", 42, "0"),
        (".5", 0.5, "0.0"),
        ("123456789.123456", 123456789.123456, "0.000000"),
        ("0.1234567890123456", "0.1234567890123456", "General"),
        ("1e-3", "1e-3", "General"),
        ("NaN", "NaN", "General"),
        ("1,5", "1,5", "General"),
    ],
)
def test_numbers_of_a_workbook_show_the_digits_of_the_certificate(text, value, shown):
    sheet = book_of(of(quantity(real(text, METRE)))).worksheets[-1]
    cell = sheet.cell(2, COLUMNS.index("value") + 1)
    assert (cell.value, cell.number_format) == (value, shown)


@pytest.mark.parametrize("name", ["a/b\\c?d*e[f]:g", "'quoted'", "x" * 60, "量" * 40, "&lt;&gt;"])
def test_any_name_of_a_result_makes_a_sheet(name):
    inside = f"<dcc:list>{quantity(real_list('1 2', METRE))}</dcc:list>"
    data = certificate_with(inside).decode().replace("<dcc:content>Table<", f"<dcc:content>{name}<")
    first, _ = book_of(Certificate.read(data.encode())).sheetnames
    assert first.startswith("1 ")
    assert len(first) <= 31
    assert not set(first) & set("\\/*?:[]'")


def test_a_cell_is_never_longer_than_a_workbook_may_hold():
    (row,) = cells_of(words("x" * 40_000))
    assert row["value"] == "x" * 32_000


# --- nothing ------------------------------------------------------------------------------------------------------


EMPTY = b'<dcc:digitalCalibrationCertificate xmlns:dcc="https://ptb.de/dcc" schemaVersion="3.3.0"/>'


def test_an_empty_certificate_is_written_in_every_notation():
    certificate = Certificate.read(EMPTY)
    assert csv_rows(certificate) == []
    assert convert(certificate, "csv").data.decode("utf-8-sig") == ",".join(COLUMNS) + "\r\n"
    assert book_of(certificate, "zh").sheetnames == ["全部量值"]
    assert arrow_table(certificate).num_rows == 0
    assert json.loads(convert(certificate, "data-json").data) == {
        "format": "jialiang.certificate-data/1", "version": "3.3.0",
    }  # fmt: skip
    for notation, read in (("cbor", cbor2.loads), ("msgpack", msgpack.unpackb)):
        assert read(convert(certificate, notation, Wish(typed=True)).data) == certificate_data(certificate)
        assert c14n(xml_of(convert(certificate, notation).data, f".{notation}")) == c14n(EMPTY)


# --- data of others -----------------------------------------------------------------------------------------------


def lossless(*nodes):
    return {"format": FORMAT, "nodes": list(nodes)}


# What is no lossless data, and a word of the reason.
REFUSED = {
    "nothing": (None, "format"),
    "a list": ([], "format"),
    "another format": ({"format": "x", "nodes": []}, "format"),
    "no nodes": ({"format": FORMAT}, "nodes"),
    "nodes of text": ({"format": FORMAT, "nodes": "a"}, "nodes"),
    "a number": (lossless(1), "neither"),
    "an empty object": (lossless({}), "neither"),
    "a name that is none": (lossless({"name": "1a"}), "1a"),
    "a name with markup": (lossless({"name": "a><b"}), "name"),
    "a name of two colons": (lossless({"name": "a:b:c"}), "name"),
    "no name": (lossless({"name": None}), "name"),
    "a namespace among attributes": (lossless({"name": "a", "attributes": [["xmlns:x", "u"]]}), "declares"),
    "attributes as an object": (lossless({"name": "a", "attributes": {"b": "1"}}), "pairs"),
    "an attribute of three": (lossless({"name": "a", "attributes": [["b", "1", "2"]]}), "pairs"),
    "an attribute that is a number": (lossless({"name": "a", "attributes": [["b", 1]]}), "text"),
    "a prefix with markup": (lossless({"name": "a", "declares": [['b="', "u"]]}), "prefix"),
    "content as text": (lossless({"name": "a", "content": "text"}), "content"),
    "a comment that ends": (lossless({"comment": "a-->b"}, {"name": "a"}), "--"),
    "a comment with a dash at its end": (lossless({"comment": "a-"}, {"name": "a"}), "--"),
    "an instruction that ends": (lossless({"instruction": ["a", "?><b/>"]}, {"name": "a"}), "?>"),
    "an instruction of one": (lossless({"instruction": ["a"]}, {"name": "a"}), "pair"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_data_of_others_that_are_not_lossless(case):
    data, reason = REFUSED[case]
    with pytest.raises(NotLossless) as refused:
        from_lossless(data)
    assert reason in str(refused.value.facts["reason"])


@pytest.mark.parametrize(
    "data", [b'{"a": NaN, "a": 1}', b"{'a': 1}", b"", b"\xef\xbb\xbf\xff", b'{"a": ' * 50_000]
)
def test_what_is_no_json_is_refused(data):
    with pytest.raises(NotDecodable) as refused:
        from_json(data)
    assert refused.value.facts["notation"] == "JSON"
    assert len(str(refused.value.facts["reason"])) <= 200


SHAPES = (
    "<a/>", "<a> </a>", "<a>\n<b/>x<c/>\n</a>", '<a b="&#10;&#9;&quot;&lt;"/>', "<a>&#13;</a>", "<!--y--><a/><!--z-->",
    '<p:a xmlns:p="urn:u"><p:b xmlns:p="urn:v"/></p:a>', '<a xmlns="urn:u"><b xmlns=""/></a>',
    '<a xml:lang="zh" xml:space="preserve"> </a>',
    '<a xmlns:p="urn:u" xmlns:q="urn:u" p:x="1" q:y="2"/>', "<甲 乙='丙'>丁</甲>", "<a>]]&gt;</a>",
)  # fmt: skip


@pytest.mark.parametrize("xml", SHAPES)
def test_every_shape_comes_back(xml):
    assert c14n(from_lossless(to_lossless(parse_xml(xml.encode())))) == c14n(xml.encode())
