"""The form as a workbook: what it holds comes out again, numbers as their cells show them, problems by their cell."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.making import reading_workbook
from jialiang.formats.making.cells import CellProblem, cell_text
from jialiang.formats.making.errors import WorkbookNotReadable
from jialiang.formats.making.examples import emptied, example_document
from jialiang.formats.making.heads import flat, heads_of, is_head, put
from jialiang.formats.making.making import Source, make_certificate
from jialiang.formats.making.problems import DocumentNotUsable
from jialiang.formats.making.reading_workbook import read_workbook
from jialiang.formats.making.sheets import Sheet
from jialiang.formats.making.writing_workbook import workbook_form

TODAY = date(2026, 12, 1)
TEMPLATES = ("mass", "table", "temperature")


def form(template="temperature", **changes):
    """The example's form as an openpyxl workbook."""
    return openpyxl.load_workbook(io.BytesIO(workbook_form(example_document(template) | changes)))


def saved(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def make(data):
    return make_certificate(read_workbook(data), today=TODAY)


def problems(book):
    """The problems of a form: (cell, kind) each."""
    with pytest.raises(DocumentNotUsable) as refused:
        make(saved(book))
    return [(each.path, each.rule.removeprefix("DCC-DOCUMENT-")) for each in refused.value.findings]


def cell_at(sheet, head, row=None):
    """The cell beside a head in column A, or under a head in row 1."""
    if row is None:
        return next(sheet.cell(each.row, 3) for each in sheet["A"] if each.value == head)
    return next(sheet.cell(row, each.column) for each in sheet[1] if each.value == head)


# --- there and back -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_form_makes_the_certificate_of_its_document(template):
    document = example_document(template)
    made = make(workbook_form(document))
    assert made.findings == ()
    assert made.xml == make_certificate(Source(document, {}), today=TODAY).xml


RICH = {
    "one U a row and one for all": {"results": [{"name": "R", "columns": [
        {"name": "A", "unit": "\\volt", "values": ["1", "2"], "expandedUncertainty": ["0.1", "0.2"],
         "coverageFactor": ["2", "2.1"], "coverageProbability": ["0.95"]},
        {"name": "B", "unit": "\\volt", "values": ["1", "2"], "standardUncertainty": ["0.1"]}]}]},
    "one row": {"results": [{"name": "R", "columns": [
        {"name": "A", "unit": "\\volt", "values": ["1"], "expandedUncertainty": ["0.1"], "coverageFactor": ["2"],
         "coverageProbability": ["0.95"], "conformity": ["pass"]}]}]},
    "words beside values": {"results": [{"name": "R", "columns": [
        {"name": "P", "texts": ["a", "b", "c d"]}, {"name": "A", "unit": "\\one", "values": ["1.00", "2.0", "3"]}]}]},
    "two tables": {"results": [{"name": "R", "columns": [{"name": "A", "unit": "\\volt", "values": ["1"]}]},
                               {"name": "S", "columns": [{"name": "B", "unit": "\\metre", "values": ["2", "3"]}]}]},
    "lists and keys": {"methods": [{"key": "m", "name": "M", "norm": ["A 1", "B 2"], "reference": ["5.1"]}],
                       "results": [{"name": "R", "columns": [
                           {"name": "A", "unit": "\\volt", "values": ["1"], "methods": ["m"]}]}]},
    "two numbers of an item": {"items": [{"name": "Thing", "identifications": [
        {"issuer": "manufacturer", "value": "1", "name": "Serial"}, {"issuer": "owner", "value": "007"}]}]},
    "the chain": {"equipment": [{"key": "standard", "name": "S", "certificate": {
        "referral": "C", "number": "1", "procedure": "analogue", "inValidity": True, "traceable": True,
        "linked": {"referral": "D", "number": "2", "procedure": "analogue"}}}]},
    "texts that look like formulas": {"comment": "=1+1", "customer": {"name": "-Works-", "country": "CN",
                                                                      "street": "+1 @ home"}},
}  # fmt: skip


@pytest.mark.parametrize("name", RICH)
def test_rich_documents_come_through_the_form(name):
    document = example_document("table") | RICH[name]
    assert make(workbook_form(document)).xml == make_certificate(Source(document, {}), today=TODAY).xml


def test_the_empty_form_names_what_is_mandatory_by_its_cell():
    found = problems(
        openpyxl.load_workbook(io.BytesIO(workbook_form(emptied(example_document("temperature")))))
    )
    assert ("certificate!C2", "MISSING") in found
    assert ("items", "MISSING") in found
    assert {kind for _, kind in found} <= {"MISSING", "VALUES"}


def test_every_cell_of_the_form_is_a_text_cell_and_none_a_formula():
    book = form("table", comment="=1+1")
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.number_format == "@"
                assert cell.data_type in ("s", "n")
                assert cell.data_type == "s" or cell.value is None


def test_the_form_has_every_head_with_words_in_both_languages():
    book = form()
    heads = {each.value for each in book["items"][1]}
    assert {"name@zh", "name@en", "model", "identifications.1.value", "accuracyClass@zh"} <= heads
    assert "制造商" in " ".join(str(each.value) for each in book["items"][2])
    assert book["certificate"]["B2"].value.startswith("证书编号 / ")


# --- numbers ------------------------------------------------------------------------------------------------------

SHOWN = [
    # held; format; text
    (1.5, "0.000", "1.500"), (1.0005, "0.000", "1.001"), (-0.0004, "0.000", "-0.000"), (20, "0.00", "20.00"),
    (1234.5, "#,##0.00", "1234.50"), (0.1, "General", "0.1"), (20.0, "General", "20"), (1e-7, "General", "0.0000001"),
    (100000, "General", "100000"), (0.30000000000000004, "0.0", "0.3"), (2.675, "0.00", "2.68"), (5, "0", "5"),
    (0.00012345, "0.00E+00", "1.23E-4"), (99999, "0.0E+00", "1.0E5"), (0, "0.00E+00", "0.00"), (1.5, "@", "1.5"),
    (1e22, "0", "10000000000000000000000"), (12.5, "0.0_)", "12.5"), (12.5, "0.0;-0.0", "12.5"), (7, "", "7"),
]  # fmt: skip


@pytest.mark.parametrize(("held", "number_format", "text"), SHOWN)
def test_a_number_cell_is_what_it_shows(held, number_format, text):
    cell = openpyxl.Workbook().active.cell(1, 1, held)
    cell.number_format = number_format or "General"
    assert cell_text(cell) == text


@pytest.mark.parametrize(
    "number_format", ["0%", "0.0%", "# ?/?", '0.0 "V"', "[Red]0.0", "¥0.00", "0.0#", "mm:ss"]
)
def test_formats_that_show_something_else_are_refused(number_format):
    cell = openpyxl.Workbook().active.cell(1, 1, 0.5)
    cell.number_format = number_format
    if cell.is_date:
        pytest.skip("read as a date")
    with pytest.raises(CellProblem) as refused:
        cell_text(cell)
    assert refused.value.kind == "CELL-FORMAT"


def test_more_digits_than_a_number_cell_holds_are_refused():
    cell = openpyxl.Workbook().active.cell(1, 1, 0.30000000000000004)
    with pytest.raises(CellProblem) as refused:
        cell_text(cell)
    assert refused.value.kind == "CELL-DIGITS"


@given(st.decimals(min_value=-9999, max_value=9999, places=4))
def test_a_number_of_four_decimals_keeps_them(number):
    cell = openpyxl.Workbook().active.cell(1, 1, float(number))
    cell.number_format = "0.0000"
    assert cell_text(cell) == (f"{number:f}" if number else cell_text(cell))


@pytest.mark.parametrize(
    ("held", "text"),
    [(True, True), (False, False), ("  a ", "a"), (None, ""), (date(2026, 3, 4), "2026-03-04"),
     (datetime(2026, 3, 4), "2026-03-04"), (datetime(2026, 3, 4, 5, 6), "2026-03-04T05:06:00")],
)  # fmt: skip
def test_other_cells(held, text):
    assert cell_text(openpyxl.Workbook().active.cell(1, 1, held)) == text


def test_numbers_of_the_results_are_taken_as_shown():
    book = form("table")
    sheet = book["results"]
    first = next(row[0].row for row in sheet.iter_rows() if row[0].value == "values")
    for offset, held in enumerate((1.0, 10.0, 100.0)):
        cell = sheet.cell(first + offset, 3)
        cell.value, cell.number_format = held, "0.000000"
    assert b"1.000000 10.000000 100.000000" in make(saved(book)).xml


def test_dates_and_truth_values_may_be_cells_of_their_kind():
    book = form()
    cell_at(book["certificate"], "beginDate").value = date(2026, 3, 4)
    cell_at(book["persons"], "mainSigner", 3).value = False
    cell_at(book["persons"], "mainSigner", 4).value = True
    assert make(saved(book)).xml == make(saved(form())).xml


# --- problems by their cell ---------------------------------------------------------------------------------------


def test_problems_are_named_by_their_cell_all_at_once():
    book = form("table")
    cell_at(book["certificate"], "beginDate").value = "4.3.2026"
    where_number = cell_at(book["certificate"], "number").coordinate
    cell_at(book["certificate"], "number").value = None
    model = cell_at(book["items"], "identifications.1.issuer", 3)
    model.value = "maker"
    sheet = book["results"]
    values = next(row[0].row for row in sheet.iter_rows() if row[0].value == "values")
    sheet.cell(values + 1, 3).value = "10,0"
    found = problems(book)
    assert (f"certificate!{where_number}", "MISSING") in found
    assert (f"certificate!{cell_at(book['certificate'], 'beginDate').coordinate}", "DATE") in found
    assert (f"items!{model.coordinate}", "CODE") in found
    assert (f"results!C{values + 1}", "DECIMAL") in found
    assert len(found) == 4


def change(sheet, place, held, number_format=None):
    def apply(book):
        book[sheet][place].value = held
        if number_format:
            book[sheet][place].number_format = number_format

    return apply


def add_sheet(title):
    return lambda book: book.create_sheet(title)


BROKEN = [
    (change("certificate", "C2", 0.5, "0%"), "certificate!C2", "CELL-FORMAT"),
    (change("certificate", "C2", 1234567890.1234567, "General"), "certificate!C2", "CELL-DIGITS"),
    (change("certificate", "C2", "=1+1"), "certificate!C2", "CELL-FORMULA"),
    (change("certificate", "C2", "#DIV/0!"), "certificate!C2", "CELL-ERROR"),
    (change("certificate", "A3", "number"), "certificate!A3", "CELL-TWICE"),
    (change("certificate", "A3", "not a head!"), "certificate!A3", "CELL-HEAD"),
    (change("items", "A1", "name@z"), "items!A1", "CELL-HEAD"),
    (change("items", "B1", "name@zh"), "items!B1", "CELL-TWICE"),
    (add_sheet("stuff"), "stuff", "SHEET"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("apply", "place", "kind"), BROKEN, ids=[f"{kind} {place}" for _, place, kind in BROKEN]
)
def test_cells_that_cannot_be_taken(apply, place, kind):
    book = form()
    apply(book)
    if kind == "CELL-ERROR":
        book["certificate"]["C2"].data_type = "e"
    if kind == "CELL-FORMULA":
        book["certificate"]["C2"].data_type = "f"
    assert (place, kind) in problems(book)


def test_an_unknown_head_is_an_unknown_member_of_its_cell():
    book = form()
    book["customer"]["A20"].value = "colour"
    book["customer"]["C20"].value = "red"
    assert ("customer!C20", "UNKNOWN") in problems(book)


def test_heads_of_a_result_are_checked():
    book = form("table")
    sheet = book["results"]
    part = next(row[0].row for row in sheet.iter_rows() if row[0].value == "part")
    sheet.cell(part, 2).value = "expandedUncertainty"
    assert ("results!B" + str(part), "CELL-HEAD") in problems(book)
    sheet.cell(part, 2).value = "speed"
    assert ("results!B" + str(part), "CELL-HEAD") in problems(book)
    sheet.cell(part, 1).value = "parts"
    assert (f"results!A{part}", "CELL-HEAD") in problems(book)


def test_remarks_are_left_out():
    book = form()
    book.create_sheet("# notes")["A1"].value = "anything"
    book["persons"]["A9"].value = "# remember to sign"
    book["customer"]["A30"].value = "# a remark"
    assert make(saved(book)).xml == make(saved(form())).xml


def test_rows_between_rows_of_results_may_be_empty():
    book = form("table")
    sheet = book["results"]
    sheet.insert_rows(sheet.max_row - 50 if sheet.max_row > 60 else 14)
    assert b"1.000000" in make(saved(book)).xml


# --- hostile workbooks --------------------------------------------------------------------------------------------


def archive(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return buffer.getvalue()


def with_member(data, name, content):
    """A workbook with one member put in or exchanged."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for member in source.namelist():
            made.writestr(member, content if member == name else source.read(member))
    return buffer.getvalue()


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x03\x04", b"x" * 100, archive(a=b"b"), archive()])
def test_what_is_no_workbook_is_refused(data):
    with pytest.raises(WorkbookNotReadable) as refused:
        read_workbook(data)
    assert refused.value.facts["reason"]


@pytest.mark.parametrize("cut", [30, 200, 1000, 4000, -10, -100])
def test_a_cut_workbook_is_refused(cut):
    with pytest.raises(WorkbookNotReadable):
        read_workbook(workbook_form(example_document("mass"))[:cut])


def test_entities_are_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'
    with pytest.raises(WorkbookNotReadable) as refused:
        read_workbook(with_member(saved(form()), "xl/workbook.xml", bomb))
    assert refused.value.facts["reason"] == "DOCTYPE"


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
@pytest.mark.parametrize("content", [b"", b"<a", b"<a/>"])
def test_broken_members_break_nothing(member, content):
    with pytest.raises((WorkbookNotReadable, DocumentNotUsable)):
        make(with_member(saved(form()), member, content))


def test_a_bomb_is_refused_before_it_goes_off():
    data = with_member(saved(form()), "xl/theme/theme1.xml", b" " * (210 * 1024 * 1024))
    assert len(data) < 1024 * 1024
    with pytest.raises(WorkbookNotReadable) as refused:
        read_workbook(data)
    assert "unpacked" in str(refused.value.facts["reason"])


@pytest.mark.parametrize("place", ["XFD1", "A1048576", "XFD1048576"])
def test_a_cell_at_the_end_of_the_world_is_refused_in_no_time(place):
    book = form()
    book["items"][place].value = "x"
    with pytest.raises(WorkbookNotReadable):
        read_workbook(saved(book))


def test_too_large_and_too_many_are_refused(monkeypatch):
    data = saved(form())
    for limit in ("LARGEST", "_MEMBERS", "_MOST_SHEETS"):
        with monkeypatch.context() as patch:
            patch.setattr(reading_workbook, limit, 3)
            with pytest.raises(WorkbookNotReadable):
                read_workbook(data)


# --- heads --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["name", "name@zh", "identifications.1.value", "certificate.linked.number"])
def test_heads(text):
    assert is_head(text)


@pytest.mark.parametrize(
    "text", ["", "1", "name@", "name@zho", "a..b", "a.0.b", "a.100.b", "a b", "a[1]", ".a", "a."]
)
def test_what_is_no_head(text):
    assert not is_head(text)


def test_what_is_put_by_its_head_is_where_it_belongs():
    item = {}
    assert put(item, "identifications.2.name@zh", "编号", "item") == ("identifications", 1, "name")
    assert put(item, "model", "M", "item") == ("model",)
    assert item == {"identifications": [{}, {"name": {"zh": "编号"}}], "model": "M"}
    method = {}
    put(method, "norm", "A 1; B 2 ;", "method")
    assert method == {"norm": ["A 1", "B 2"]}


@pytest.mark.parametrize(
    "head", ["model.1", "model.x", "identifications.x", "identifications", "name.1.a@zh", "x.y.z"]
)
def test_heads_against_the_grain_break_nothing(head):
    item = {"model": "M", "identifications": [{}], "name": "N"}
    put(item, head, "v", "item")
    with pytest.raises(DocumentNotUsable):
        make_certificate(Source(example_document("mass") | {"items": [item]}, {}))


@pytest.mark.parametrize("template", TEMPLATES)
def test_an_entry_is_flattened_and_put_together_again(template):
    for item in example_document(template)["items"]:
        again = {}
        for head, held in flat(item, "item").items():
            put(again, head, held, "item")
        assert again == item


def test_heads_of_a_kind_have_no_double():
    for kind in ("item", "equipment", "statement", "certificate"):
        heads = [head for head, _ in heads_of(kind, ("zh", "en"))]
        assert len(heads) == len(set(heads))
        assert all(map(is_head, heads))


@pytest.mark.parametrize(("column", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
def test_places_have_the_names_of_spreadsheets(column, name):
    assert Sheet("s", []).place(7, column) == f"s!{name}7"


def test_a_sheet_knows_its_cells():
    sheet = Sheet("s", [(2, 3, "x"), (1, 1, True)])
    assert (sheet.at(2, 3), sheet.at(9, 9), sheet.text(1, 1)) == ("x", "", "true")
    assert (list(sheet.rows()), list(sheet.columns())) == ([1, 2], [1, 3])
