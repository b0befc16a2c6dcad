"""CSV, Excel, Parquet, Arrow and pandas: every value of every sample in every form, exact."""

import csv
import io

import openpyxl
import pyarrow.parquet
import pytest
from tests.formats.dcc_samples import (
    NS,
    SAMPLES,
    certificate_with,
    expanded,
    expanded_list,
    quantity,
    real,
    real_list,
    sample_certificate,
)

from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.registry import convert
from jialiang.formats.conversion.rows import COLUMNS, entry, groups, rows
from jialiang.formats.conversion.tables import arrow_table, data_frame
from jialiang.formats.conversion.text_tables import harmless
from jialiang.formats.dcc.certificate import Certificate


def csv_rows(certificate, wish=None):
    """The rows of the CSV as another reader sees them."""
    data = convert(certificate, "csv", wish).data
    encoding = "utf-8-sig" if wish is None or wish.encoding == "utf-8" else wish.encoding
    return list(csv.DictReader(io.StringIO(data.decode(encoding), newline="")))


@pytest.mark.parametrize("name", SAMPLES)
def test_every_value_of_a_sample_stands_in_the_csv(oracles, name):
    certificate = sample_certificate(oracles, name)
    found = csv_rows(certificate)
    xpath = "//si:real/si:value | //si:realListXMLList/si:valueXMLList"
    expected = [v for e in certificate.tree.xpath(xpath, namespaces=NS) for v in e.text.split()]
    assert [row["value"] for row in found if row["unit"]] == expected
    assert {row["certificate"] for row in found} == {certificate.number}


@pytest.mark.parametrize("name", SAMPLES)
def test_parquet_and_csv_say_the_same(oracles, name):
    certificate = sample_certificate(oracles, name)
    table = pyarrow.parquet.read_table(io.BytesIO(convert(certificate, "parquet").data))
    found = csv_rows(certificate)
    assert table.num_rows == len(found)
    for column in ("path", "value", "unit", "expanded_uncertainty", "coverage_factor", "conformity"):
        ours = table.column(column).to_pylist()
        assert [harmless(text) for text in ours] == [row[column] for row in found]
    assert table.schema.metadata[b"certificate"].decode() == certificate.number


@pytest.mark.parametrize("name", SAMPLES)
def test_numbers_stand_beside_their_texts(oracles, name):
    frame = data_frame(sample_certificate(oracles, name))
    for text, number in zip(frame["value"], frame["value_number"], strict=True):
        if number == number:  # not NaN
            assert float(text) == number
    assert list(frame.columns[: len(COLUMNS)]) == list(COLUMNS)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_table_of_results_is_a_sheet(oracles, name):
    certificate = sample_certificate(oracles, name)
    book = openpyxl.load_workbook(io.BytesIO(convert(certificate, "xlsx").data))
    tables = list(groups(certificate))
    assert len(book.worksheets) == len(tables) + 1
    for sheet, group in zip(book.worksheets, tables, strict=False):
        first = group[0].first
        if first is not None:
            shown = [sheet.cell(row, 1).value for row in range(2, len(first.values) + 2)]
            assert [float(value) for value in shown] == [float(text) for text in first.values]
    everything = book.worksheets[-1]
    assert everything.max_row - 1 == len(list(rows(certificate)))


def sheet_of(document):
    certificate = Certificate.read(document)
    return openpyxl.load_workbook(io.BytesIO(convert(certificate, "xlsx").data)).worksheets[0]


def listed(*quantities):
    return certificate_with(f"<dcc:list>{''.join(quantities)}</dcc:list>")


def test_excel_shows_the_zeros_of_the_certificate():
    sheet = sheet_of(listed(quantity(real_list("1.500 2.00 -0.10", "\\metre", expanded_list("0.020")))))
    assert [sheet.cell(row, 1).value for row in (2, 3, 4)] == [1.5, 2.0, -0.1]
    assert [sheet.cell(row, 1).number_format for row in (2, 3, 4)] == ["0.000", "0.00", "0.00"]
    assert sheet.cell(1, 1).value == "Value / m"
    assert (sheet.cell(1, 2).value, sheet.cell(2, 2).number_format) == ("U (Value / m)", "0.000")


def test_excel_keeps_numbers_that_a_float_cannot_hold_as_texts():
    exact = "1.23456789012345678"
    sheet = sheet_of(listed(quantity(real(exact, "\\metre", expanded("0.00000005")))))
    assert (sheet.cell(2, 1).value, sheet.cell(2, 1).data_type) == (exact, "s")
    assert sheet.cell(2, 2).number_format == "0.00000000"


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd", "@x", "＝1", "\tx", "=HYPERLINK(1)"])
def test_no_text_is_a_formula(text):
    assert harmless(text) == f"'{text}"
    named = listed(quantity(real("1", "\\metre"), name=text.strip().replace("&", "")))
    certificate = Certificate.read(named)
    assert all(not row["name"].startswith(("=", "+", "-", "@", "＝")) for row in csv_rows(certificate))
    book = openpyxl.load_workbook(io.BytesIO(convert(certificate, "xlsx").data))
    assert not [
        c for sheet in book.worksheets for line in sheet.iter_rows() for c in line if c.data_type == "f"
    ]


@pytest.mark.parametrize("text", ["-0.1", "+5", "1e-3", "-.5", "", "plain", "5 - 3"])
def test_numbers_and_plain_texts_stay_as_they_are(text):
    assert harmless(text) == text


def test_a_constant_uncertainty_stands_in_every_row():
    certificate = Certificate.read(
        certificate_with(quantity(real_list("1 2 3", "\\metre", expanded_list("0.1"))))
    )
    found = list(rows(certificate))
    assert [(r["row"], r["value"], r["expanded_uncertainty"], r["unit"]) for r in found] == [
        ("1", "1", "0.1", "\\metre"), ("2", "2", "0.1", "\\metre"), ("3", "3", "0.1", "\\metre"),
    ]  # fmt: skip


def test_every_unit_of_a_hybrid_is_a_writing(oracles):
    found = [
        row
        for row in csv_rows(sample_certificate(oracles, "v3.3.0_gp_temperature_valid"))
        if row["kind"] == "hybrid"
    ]
    assert {(row["writing"], row["unit"]) for row in found} == {("1", "\\kelvin"), ("2", "\\degreecelsius")}
    assert len(found) == 3 * 2 * 5


def test_words_are_rows_without_a_unit():
    certificate = Certificate.read(
        certificate_with(
            quantity("<dcc:noQuantity><dcc:content lang='zh'>合格</dcc:content>"
                     "<dcc:content lang='en'>good</dcc:content>"
                     "</dcc:noQuantity>") + quantity("<dcc:charsXMLList>A B</dcc:charsXMLList>")
        )
    )  # fmt: skip
    assert [row["value"] for row in rows(certificate, "zh")] == ["合格", "A", "B"]
    assert [row["value"] for row in rows(certificate, "en")] == ["good", "A", "B"]
    assert [row["value"] for row in rows(certificate, "fr")] == ["合格", "A", "B"]


def test_labels_follow_the_language(oracles):
    certificate = sample_certificate(oracles, "v3.1.2_gp_humidity")
    assert "Messabweichung" in {row["name"] for row in rows(certificate, "de")}
    assert "Measurement error" in {row["name"] for row in rows(certificate, "en")}


def test_csv_in_gb18030_is_read_back(oracles):
    certificate = sample_certificate(oracles, "v3.1.2_gp_humidity")
    wish = Wish("de", "gb18030")
    assert csv_rows(certificate, wish) == csv_rows(certificate, Wish("de"))


def test_gbk_names_what_it_cannot_write(oracles):
    made = convert(sample_certificate(oracles, "v3.1.2_gp_humidity"), "csv", Wish("de", "gbk"))
    assert "ä" in made.unmapped


def test_entries_of_rows():
    assert entry((), 3) == ""
    assert entry(("a",), 3) == "a"
    assert entry(("a", "b"), 1) == "b"
    assert entry(("a", "b"), 2) == ""


def test_an_empty_certificate_has_empty_tables():
    certificate = Certificate.read(certificate_with("<dcc:text><dcc:content>none</dcc:content></dcc:text>"))
    assert list(rows(certificate)) == []
    assert arrow_table(certificate).num_rows == 0
    assert len(csv_rows(certificate)) == 0
    book = openpyxl.load_workbook(io.BytesIO(convert(certificate, "xlsx", Wish("zh")).data))
    assert book.sheetnames == ["全部量值"]
