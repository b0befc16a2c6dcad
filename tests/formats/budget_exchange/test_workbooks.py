"""Budgets as workbooks: nothing is lost on the way, numbers keep every digit, formulas are refused with their cell."""

import io
import json
from importlib import resources

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.formats.budget_exchange.cells import fits_a_cell, read, read_member, written, written_member
from jialiang.formats.budget_exchange.errors import SheetNotUsable
from jialiang.formats.budget_exchange.exchange import read_budget, write_budget
from jialiang.formats.budget_exchange.workbook_reading import read_workbook
from jialiang.formats.budget_exchange.workbook_writing import write_workbook
from jialiang.formats.making.errors import WorkbookNotReadable
from jialiang.science.documents.errors import DocumentNotJson, DocumentTooLarge
from jialiang.science.documents.evaluating import propagate
from jialiang.science.documents.reading import read_document
from jialiang.science.documents.text import LARGEST
from jialiang.science.errors import BudgetUnreadable

DOCUMENT = {
    "id": "mass",
    "title": {"zh": "质量", "en": "Mass"},
    "model": {
        "expr": {"d": "a*k - 1.200'kg'", "e": "a + b"},
        "unit": {"d": "kg", "e": "kg"},
        "constants": {"k": 2},
        "outputs": ["d", "e"],
    },
    "inputs": [
        {
            "name": "a",
            "unit": "kg",
            "mean": "1.2000",
            "U": "0.0500",
            "k": "2.0",
            "distribution": "normal",
            "dof": "12",
        },
        {
            "name": "b",
            "unit": "kg",
            "readings": ["1.10", "1.20", "1.30"],
            "source": {"certificate": "C-7", "ref": "q1"},
        },
        {"name": "c", "difference": True, "mean": "0", "half_width": "1e-3", "label": "[not a list"},
    ],
    "correlation": [["a", "c", "0.50"]],
    "settings": {"method": "lpu", "probability": 0.95, "validate": False, "seed": 7},
    "common_influences": [{"name": "c", "on": {"a": 1, "b": -0.5}}],
}


def sheets(document=DOCUMENT):
    return openpyxl.load_workbook(io.BytesIO(write_workbook(document)))


def saved(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_everything_comes_back_and_numbers_have_the_digits_as_written():
    assert read_workbook(write_workbook(DOCUMENT)) == DOCUMENT


def test_the_layout_is_one_sheet_for_model_inputs_correlation_settings_and_the_rest():
    book = sheets()
    assert book.sheetnames == ["model", "inputs", "correlation", "settings", "further"]
    assert [cell.value for cell in book["model"][1]] == ["name", "expression", "unit"]
    assert [cell.value for cell in book["model"][2]] == ["d", "a*k - 1.200'kg'", "kg"]
    heads = [cell.value for cell in book["inputs"][1]]
    assert heads[:5] == ["name", "unit", "distribution", "mean", "half_width"]
    assert book["inputs"].cell(2, heads.index("U") + 1).value == "0.0500"
    assert [cell.value for cell in book["correlation"][2]] == ["a", "c", "0.50"]
    assert {row[0].value for row in book["further"].iter_rows(min_row=2) if row[0].value} == {
        "id", "title", "model.constants", "model.outputs", "common_influences",
    }  # fmt: skip


def test_every_filled_cell_is_a_text_cell():
    for sheet in sheets().worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type == "s" and cell.number_format == "@" for cell in row if cell.value)


def test_an_expression_that_begins_as_a_formula_is_a_text():
    document = {"model": {"expr": {"y": "=a"}}, "inputs": [{"name": "a", "mean": "=1+1"}]}
    assert read_workbook(write_workbook(document)) == document


def test_numbers_of_json_keep_their_bits():
    item = {"name": "a", "mean": 0.1 + 0.2, "u": 5e-324, "dof": 1e22}
    found = read_workbook(write_workbook({"model": {"expr": {"y": "a"}, "t0": 20.0}, "inputs": [item]}))
    assert {name: float(text) for name, text in found["inputs"][0].items() if name != "name"} == {
        "mean": 0.1 + 0.2,
        "u": 5e-324,
        "dof": 1e22,
    }
    assert found["model"]["t0"] == 20.0


def test_inputs_by_name_become_a_list():
    found = read_workbook(
        write_workbook({"model": {"expr": {"y": "a+b"}}, "inputs": {"a": {"u": "1"}, "b": "2"}})
    )
    assert found["inputs"] == [{"name": "a", "u": "1"}, {"name": "b", "value": "2"}]


@pytest.mark.parametrize(
    "model",
    [
        {"expr": "y = a"},
        {"expr": {"y": "a"}, "unit": "kg"},
        {"expr": {}, "unit": {}},
        {"fit": "b=a"},
        {"expr": {"y": "a", "z": "2"}, "unit": {"y": "kg", "w": "m"}},
    ],
)
def test_a_model_without_rows_of_its_own_is_kept_as_json(model):
    document = {"model": model, "inputs": [{"name": "a", "u": "1"}]}
    assert read_workbook(write_workbook(document)) == document


@pytest.mark.parametrize("pairs", [{"order": ["a"], "matrix": [[1]]}, [{"a": "a", "b": "b", "r": 0.1}], []])
def test_correlation_of_another_shape_is_kept_as_json(pairs):
    document = {"model": {"expr": {"y": "a"}}, "inputs": [{"name": "a", "u": "1"}], "correlation": pairs}
    assert read_workbook(write_workbook(document)) == document


EXAMPLES = sorted(
    f.name
    for f in (resources.files("jialiang.science.documents") / "examples").iterdir()
    if f.name.endswith(".json")
)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_worked_examples_have_the_same_bits_after_a_round_trip(name):
    file = resources.files("jialiang.science.documents") / "examples" / name
    document = json.loads(file.read_text(encoding="utf-8"))
    again = read_budget(write_budget(document, "xlsx"))
    before, after = (propagate(read_document(d), "lpu").outputs for d in (document, again))
    assert {
        n: (o.estimate, o.combined_standard_uncertainty, o.degrees_of_freedom) for n, o in before.items()
    } == {n: (o.estimate, o.combined_standard_uncertainty, o.degrees_of_freedom) for n, o in after.items()}


# what is refused


@pytest.mark.parametrize(
    ("sheet", "cell"), [("inputs", "D2"), ("model", "B2"), ("correlation", "C2"), ("settings", "B2")]
)
def test_a_formula_is_refused_with_its_cell(sheet, cell):
    book = sheets()
    book[sheet][cell].value = "=SUM(1,2)"
    with pytest.raises(SheetNotUsable) as caught:
        read_workbook(saved(book))
    assert caught.value.facts == {"place": f"{sheet}!{cell}", "reason": "=SUM(1,2)"}
    assert "formula" in caught.value.rule.en


def test_a_number_cell_is_what_it_shows():
    book = sheets()
    book["inputs"]["D2"].value, book["inputs"]["D2"].number_format = 1.25, "0.0000"
    assert read_workbook(saved(book))["inputs"][0]["mean"] == "1.2500"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda b: b.create_sheet("elsewhere"), "elsewhere"),
        (lambda b: b.remove(b["inputs"]), "inputs"),
        (lambda b: b["model"].__setitem__("B1", "formula"), "model!1"),
        (lambda b: b["inputs"].__setitem__("B1", "name"), "inputs!1"),
        (lambda b: b["model"].__setitem__("B2", None), "model!2"),
        (lambda b: b["correlation"].__setitem__("A2", None), "correlation!2"),
        (lambda b: b["further"].__setitem__("B2", "[1, 2"), "further: value"),
        (lambda b: b["correlation"].__setitem__("E2", "beyond"), "correlation!E2"),
    ],
)
def test_a_sheet_that_is_not_ours_is_refused_with_its_place(change, place):
    book = sheets()
    change(book)
    with pytest.raises(SheetNotUsable) as caught:
        read_workbook(saved(book))
    assert caught.value.facts["place"] == place


def test_a_cell_of_an_odd_format_is_refused():
    book = sheets()
    book["inputs"]["D2"].value, book["inputs"]["D2"].number_format = 0.25, "0.00%"
    with pytest.raises(SheetNotUsable, match="inputs!D2"):
        read_workbook(saved(book))


def test_a_remark_sheet_is_left_out():
    book = sheets()
    book.create_sheet("# notes")["A1"] = "anything"
    assert read_workbook(saved(book)) == DOCUMENT


def test_a_file_that_is_no_workbook_is_refused():
    with pytest.raises(WorkbookNotReadable):
        read_budget(b"PK\x03\x04 and nothing more")
    with pytest.raises(DocumentNotJson):
        read_budget(b"neither")
    with pytest.raises(DocumentTooLarge):
        read_budget(b" " * (LARGEST + 1))


@pytest.mark.parametrize("text", ["a\x00b", "x" * 40_000])
def test_what_no_cell_can_hold_is_refused_with_its_place(text):
    with pytest.raises(SheetNotUsable, match="model!B2"):
        write_workbook({"model": {"expr": {"y": text}}, "inputs": []})
    assert not fits_a_cell(text)


def test_what_is_no_document_is_refused_as_such():
    with pytest.raises(BudgetUnreadable):
        write_workbook([1, 2])
    with pytest.raises(BudgetUnreadable):
        write_workbook({"inputs": ["a"]})


PLAIN = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"),
    max_size=12,
)
MEMBERS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | PLAIN,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(PLAIN, inside, max_size=3),
    max_leaves=6,
)


@given(MEMBERS)
def test_every_member_of_json_comes_back_from_a_cell(member):
    assert read_member(written_member(member)) == member


@given(PLAIN)
def test_every_text_comes_back_from_a_cell_of_an_input(text):
    assert read(written(text)) == text


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["u", "mean", "label", "unit"]), PLAIN, min_size=1),
        min_size=1,
        max_size=4,
    )
)
def test_inputs_of_any_texts_come_back_from_a_workbook(entries):
    inputs = [{"name": f"x{k}"} | entry for k, entry in enumerate(entries)]
    document = {"model": {"expr": {"y": "x0"}}, "inputs": inputs}
    assert read_workbook(write_workbook(document)) == document
