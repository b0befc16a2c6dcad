"""The language of a cell, documents laid out in rows and put together again, and where an error is said to lie."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from jialiang.console.measurement_science.budget_faults import fault_of
from jialiang.console.measurement_science.budget_sheet import (
    MOST_ROWS,
    BudgetSheet,
    document_of_sheet,
    sheet_of_document,
    sheet_of_form,
)
from jialiang.console.measurement_science.budget_text import read_parameters, written, written_parameters
from jialiang.console.measurement_science.fields import NumbersField, RowsField
from jialiang.kernel.errors import InvalidInput
from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.reading import read_document
from jialiang.science.errors import BudgetUnreadable

X = {"name": "x", "mean": 2, "u": 0.5, "distribution": "normal"}


def document(*inputs, expr="x", **members):
    return {"model": {"expr": {"y": expr}}, "inputs": list(inputs), **members}


# --- cells


@pytest.mark.parametrize(
    ("text", "distribution", "members"),
    [
        ("", "normal", {}),
        ("0.10", "normal", {"u": "0.10"}),
        ("0.10", "t_by_mean_sd", {"sd": "0.10"}),
        ("0.10", "rectangular", {"half_width": "0.10"}),
        ("0.10", "nothing known", {"u": "0.10"}),
        ("U=0.2,k=2", "normal", {"U": "0.2", "k": "2"}),
        ("U = 0.2；k = 2；", "normal", {"U": "0.2", "k": "2"}),
        ("low＝−1，high＝1", "rectangular", {"low": "-1", "high": "1"}),
        ("[1, 2.5]", "readings", {"readings": [1, 2.5]}),
        ("readings = [[1, 2], [3, 4]], type_a = bayesian", "", {"readings": [[1, 2], [3, 4]], "type_a": "bayesian"}),
        ('pooled = {"s": 1, "dof": 9}, 3', "normal", {"pooled": {"s": 1, "dof": 9}, "u": "3"}),
        ("a = 1\nb = 2", "beta", {"a": "1", "b": "2"}),
    ],
)
def test_a_cell_names_members_and_keeps_their_digits(text, distribution, members):
    assert read_parameters(text, distribution) == members


@pytest.mark.parametrize(
    "text", ["u =", "= 3", "u = 1, u = 2", "2u = 3", "u = [1, 2", "u = {]", "u = 1e99", "u = a b", "1 2"]
)
def test_a_cell_that_cannot_be_read_is_refused(text):
    with pytest.raises(InvalidInput):
        read_parameters(text, "normal")


NAMES = st.sampled_from(["u", "U", "k", "low", "high", "alpha", "half_width", "readings"])
VALUES = st.one_of(
    st.decimals(-1000, 1000, allow_nan=False, places=4).map(lambda d: format(d, "f").replace("-0.0000", "0.0000")),
    st.lists(st.integers(-9, 9), max_size=4),
)


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_what_is_written_reads_the_same(members):
    assert read_parameters(written_parameters(members), "normal") == members


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (50000623.0, "50000623"), (1.15e-05, "1.15e-05"), ("10.000", "10.000"), (True, "true"), (0.1, "0.1")],
)
def test_numbers_of_a_document_are_written_as_short_as_they_are_exact(value, text):
    assert written(value) == text


# --- sheets


@pytest.mark.parametrize(
    "data",
    [
        document(X),
        document(X, expr="2*x", correlation=[], constants={"c": 2}),
        document(X, X | {"name": "z"}, expr="x*z", correlation=[["x", "z", 0.25]]),
        document({"name": "x", "mean": [1, 2], "u": 0.1}, expr="x[0]*x[1]"),
        document({"name": "x", "readings": [1, 2, 4]}),
        document({"name": "x", "mean": 1, "u": 0.2, "dof": 7, "group": "g", "label": {"zh": "量"}}),
        document(X, settings={"method": "lpu2", "probability": 0.9, "rounding_rule": "up", "cmc": 0.1}),
        {"model": {"expr": "y = 2*x", "unit": "m"}, "inputs": {"x": {"mean": 1, "u": 0.1, "unit": "m"}}},
        {"model": {"expr": {"y": "x"}, "equation": "quantity", "unit": {"y": "mm"}}, "inputs": [X | {"unit": "m"}]},
        {"model": {"implicit": {"equations": ["w**2 = x"], "unknowns": {"w": 1}}}, "inputs": [X | {"u": 0.01}]},
        {"model": {"expr": {"y": "a+b"}}, "inputs": [{"names": ["a", "b"], "distribution": "multivariate_normal",
                                                       "mean": [1, 2], "covariance": [[1, 0.5], [0.5, 1]]}]},
        document(X, X | {"name": "z"}, expr="x+z", correlation={"order": ["x", "z"], "matrix": [[1, 0.5], [0.5, 1]]}),
    ],
)  # fmt: skip
def test_a_document_laid_out_and_put_together_again_means_the_same(data):
    sheet = sheet_of_document(data)
    again = document_of_sheet(sheet)
    assert sheet.wrong == {}
    first, second = (evaluate_document(read_document(json.loads(json.dumps(d)))) for d in (data, again))
    assert first.settings == second.settings
    for name, output in first.outputs.items():
        other = second.outputs[name]
        assert (output.value, output.standard_uncertainty) == (other.value, other.standard_uncertainty)
        assert (output.expanded_uncertainty, output.unit) == (other.expanded_uncertainty, other.unit)


def test_more_inputs_than_rows_are_kept_beside_them():
    data = document(*(X | {"name": f"x{k}"} for k in range(MOST_ROWS + 20)), expr="x0 + x119")
    sheet = sheet_of_document(data)
    assert len(sheet.inputs) < MOST_ROWS
    assert [item["name"] for item in document_of_sheet(sheet)["inputs"]] == [f"x{k}" for k in range(MOST_ROWS + 20)]


@pytest.mark.parametrize("data", [None, [], {"model": []}, {"model": 3}, document(X) | {"inputs": 3}, document(7)])
def test_what_is_no_document_is_refused_or_empty(data):
    try:
        sheet = sheet_of_document(data)
    except BudgetUnreadable:
        return
    assert not sheet.formulas


def test_rows_without_anything_are_left_out_of_a_form():
    form = QueryDict(mutable=True)
    form.update({"f-0-name": "", "f-1-name": "y", "f-1-expression": " x ", "i-0-name": "", "i-0-distribution": "t"})
    sheet = sheet_of_form(form)
    assert sheet.formulas == [{"name": "y", "expression": "x", "unit": ""}]
    assert sheet.inputs == []


# --- where an error lies


@pytest.mark.parametrize(
    ("formulas", "wrong", "where", "term"),
    [
        ({"y": "x + 1'm'"}, {"unit": "s"}, "f-0-expression", "x"),
        ({"w": "2*x", "y": "x*x + x*3'm2'"}, {"unit": "m"}, "f-1-expression", "x*x"),
        ({"w": "x", "y": "xx + 1"}, {}, "f-1-expression", "xx"),
        ({"w": "x", "y": "x + sinn(x)"}, {}, "f-1-expression", "sinn"),
    ],
)
def test_the_term_is_found_in_its_own_formula(formulas, wrong, where, term):
    rows = [{"name": n, "expression": e, "unit": ""} for n, e in formulas.items()]
    sheet = BudgetSheet(formulas=rows)
    with pytest.raises(InvalidInput) as refused:
        evaluate_document(read_document({"model": {"expr": formulas}, "inputs": [X | wrong]}))
    fault = fault_of(refused.value, sheet)
    assert (fault.where, fault.term) == (where, term)
    assert fault.before + fault.term + fault.after == formulas[rows[int(where[2])]["name"]]


# --- pasted numbers


@pytest.mark.parametrize(
    "text", ["1.0 2.50\t3", "1.0\n2.50\r\n3\n", "1.0; 2.50;3", "1.0, 2.50, 3", "１.0、2.50、３", "  1.0  2.50 \n\n 3 "]
)
def test_numbers_are_parted_by_whatever_a_sheet_puts_between_them(text):
    assert NumbersField().clean(text) == ["1.0", "2.50", "3"]


@pytest.mark.parametrize("text", ["1,5", "1.0 two", "1..0", "nan", "inf", "0x1"])
def test_what_is_no_number_is_told(text):
    with pytest.raises(ValidationError):
        NumbersField().clean(text)


def test_rows_of_cells_are_named_by_their_columns():
    field = RowsField(columns=("name", "value"), texts=("name",))
    assert field.clean("a b; 1.0\nc\t２") == [{"name": "a b", "value": "1.0"}, {"name": "c", "value": "2"}]
    with pytest.raises(ValidationError):
        field.clean("a; 1; 2")
