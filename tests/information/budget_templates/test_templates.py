"""Templates read: sources and their words, exact quantities of readings, numbers as texts, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.information.budget_templates.test_shipped_templates import in_use

from jialiang.information.budget_templates.errors import NotAnExactTerm, TemplateUnreadable
from jialiang.information.budget_templates.exact_terms import exact_quantity, names_of
from jialiang.information.budget_templates.in_use import chosen, is_same_unit
from jialiang.information.budget_templates.numbers import numbers_as_texts
from jialiang.information.budget_templates.shipped_templates import shipped_template
from jialiang.information.budget_templates.template import MEMBERS, read_template, require_fits
from jialiang.information.procedures import procedure
from jialiang.kernel.errors import InvalidInput


def one(source, **members):
    entry = {"name": "x", "mean": "0", "u": "1", "from": source} | members
    return {"model": {"expr": {"y": "x"}}, "inputs": [entry]}


def test_a_template_knows_its_measurand_and_its_sources():
    found = read_template(shipped_template("repeated_comparison"))
    assert found.measurand == "E"
    assert [item.source.kind for item in found.inputs] == [
        "readings", "certificate", "drift", "resolution", "parameter"
    ]  # fmt: skip
    assert [item.source.may_be_left_out for item in found.inputs] == [False, False, True, True, True]
    assert [item.symbol for item in found.of_kind("drift")] == ["delta_drift"]


@pytest.mark.parametrize(
    ("model", "measurand"),
    [
        ({"expr": "y = 2*x"}, "y"),
        ({"expr": "2*x"}, "y"),
        ({"expr": {"a": "x", "b": "2*a"}}, "a"),
        ({"expr": {"a": "x", "b": "2*a"}, "outputs": ["b"]}, "b"),
    ],
)
def test_the_measurand_is_the_first_output_unless_it_is_named(model, measurand):
    document = one({"source": "certificate"}) | {"model": model}
    assert read_template(document).measurand == measurand
    assert read_template(document | {"measurand": measurand}).measurand == measurand
    with pytest.raises(TemplateUnreadable):
        read_template(document | {"measurand": "z"})


WRONG = {
    "an unknown source": one({"source": "gut feeling"}),
    "no source at all": one({}),
    "a member that the source does not have": one({"source": "certificate", "part": "slope"}),
    "a word that the member does not have": one({"source": "line", "part": "middle"}),
    "readings without a quantity": one({"source": "readings"}),
    "a wrong word for what is missing": one({"source": "drift", "when_missing": "guess"}),
    "no input from a calibration": {"model": {"expr": "y = x"}, "inputs": [{"name": "x", "value": 1}]},
    "no inputs": {"model": {"expr": "y = x"}, "inputs": []},
    "too many inputs": {"model": {"expr": "y = 1"}, "inputs": [{"name": f"x{k}", "value": 1} for k in range(61)]},
    "a name that is none": one({"source": "point"}, name="2x"),
    "no model": {"inputs": one({"source": "point"})["inputs"]},
    "from that is no object": one("certificate"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_nobody_can_fill_is_refused_with_its_member(name):
    with pytest.raises(InvalidInput) as refused:
        read_template(WRONG[name])
    assert refused.value.facts["member"]


MISFITS = {
    "a line for readings at points": ("repeated_comparison", {"source": "line", "part": "slope"}),
    "readings at points for a line": ("thermometer_line", {"source": "readings", "quantity": "indication"}),
    "a parameter of another procedure": ("repeated_comparison", {"source": "parameter", "name": "standard_value"}),
    "a column of another procedure": ("mass_comparison", {"source": "readings", "quantity": "indication - standard"}),
    "a quantity without readings": ("mass_comparison", {"source": "readings", "quantity": "point + 1"}),
}


@pytest.mark.parametrize("name", MISFITS)
def test_a_source_that_the_procedure_does_not_have_is_refused(name):
    key, source = MISFITS[name]
    with pytest.raises(TemplateUnreadable) as refused:
        require_fits(read_template(one(source)), procedure(key))
    assert refused.value.facts["known"]


def test_every_source_is_documented():
    page = Path("docs/reference/budget-templates.md").read_text(encoding="utf-8")
    for kind, words in MEMBERS.items():
        assert f"`{kind}`" in page
        for name, choices in words.items():
            assert f"`{name}`" in page
            assert all(f"`{choice}`" in page for choice in choices)


EXACT = [
    ("indication - standard", {"indication": "20.031", "standard": "20.013"}, "0.018"),
    ("d + s - point", {"d": "0.00123", "s": "20.000017", "point": "20"}, "0.001247"),
    ("-a", {"a": "1.10"}, "-1.10"),
    ("2*(a - b)", {"a": "0.3", "b": "0.1"}, "0.4"),
    ("a*a", {"a": "1e-10"}, "0.00000000000000000001"),
    ("+a − b", {"a": "3", "b": "1"}, "2"),
]


@pytest.mark.parametrize(("quantity", "known", "expected"), EXACT)
def test_quantities_of_readings_are_exact_decimals(quantity, known, expected):
    assert Decimal(exact_quantity(quantity, known)) == Decimal(expected)


@given(
    a=st.decimals(-10**6, 10**6, places=7, allow_nan=False),
    b=st.decimals(-10**6, 10**6, places=5, allow_nan=False),
)
def test_a_difference_of_readings_is_never_rounded(a, b):
    assert Decimal(exact_quantity("a - b", {"a": str(a), "b": str(b)})) == a - b
    assert Decimal(exact_quantity("3*a + b", {"a": str(a), "b": str(b)})) == 3 * a + b


@pytest.mark.parametrize("quantity", ["a / b", "sqrt(a)", "a**2", "2j*a", "1'kg'*a", "a > b", "[a, b]"])
def test_what_is_not_exact_belongs_into_the_model(quantity):
    with pytest.raises(NotAnExactTerm):
        exact_quantity(quantity, {"a": "1", "b": "3"})
    with pytest.raises(NotAnExactTerm):
        names_of(quantity)


def test_an_unknown_name_and_digits_without_end_are_refused():
    with pytest.raises(NotAnExactTerm):
        exact_quantity("c", {"a": "1"})
    with pytest.raises(NotAnExactTerm):
        exact_quantity("*".join("a" * 20), {"a": "1." + "3" * 39})


def test_names_of_a_quantity_come_once_each():
    assert names_of("a - 2*(b + a) + 1") == ("a", "b")


def test_numbers_become_texts_and_everything_else_stays():
    given_document = {"a": 0.05, "b": [1, True, None, 1e-30], "c": "0.10"}
    assert numbers_as_texts(given_document) == {"a": "0.05", "b": [1, True, None, "1e-30"], "c": "0.10"}
    for number in (float("inf"), float("nan")):
        with pytest.raises(TemplateUnreadable) as refused:
            numbers_as_texts({"inputs": [{"u": number}]})
        assert refused.value.facts["member"] == "document.inputs[0].u"
    nested: dict = {}
    for _ in range(60):
        nested = {"n": nested}
    with pytest.raises(TemplateUnreadable):
        numbers_as_texts(nested)


def test_of_two_templates_that_meet_the_smaller_code_has_the_common_point():
    low = in_use("thermometer_line", code="UB-2026-0002", maximum="20")
    high = in_use("thermometer_line", code="UB-2026-0001", minimum="20", maximum="30")
    assert chosen((low, high), "20") is high
    assert chosen((low, high), "19.999") is low
    assert chosen((low, high), "30.001") is None
    assert chosen((), "1") is None


@pytest.mark.parametrize(
    ("one_unit", "other", "same"),
    [
        ("\\degreecelsius", "°C", True),
        ("\\milli\\gram", "mg", True),
        ("\\degreecelsius", "\\kelvin", False),
        ("\\gram", "\\milli\\gram", False),
        ("\\gram", "\\metre", False),
        ("\\gram", "furlong", False),
        ("furlong", "furlong", True),
    ],
)
def test_units_are_compared_by_what_they_mean(one_unit, other, same):
    assert is_same_unit(one_unit, other) is same
