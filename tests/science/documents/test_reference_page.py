"""The page and the schema of budget documents say what the engine does."""

import json
import re
from importlib import resources
from pathlib import Path

import jsonschema_rs
import pytest

from jialiang.science.documents.distribution_reading import _RULES
from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.reading import read_document
from jialiang.science.documents.results import result_to_plain
from jialiang.science.expression.catalogue import CATALOGUE
from jialiang.science.expression.functions import FUNCTIONS

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "budget-document.md").read_text(
    encoding="utf-8"
)
SCHEMA = json.loads(
    (resources.files("jialiang.science.documents") / "budget_document.schema.json").read_text(
        encoding="utf-8"
    )
)


def test_the_example_of_the_page_is_evaluated_and_its_units_are_all_checked():
    document = json.loads(re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)[1])
    jsonschema_rs.validate(SCHEMA, document)
    read = read_document(document)
    assert read.notes == ()
    output = evaluate_document(read).outputs["dm"]
    assert output.standard_uncertainty == pytest.approx(0.0749634738503338, rel=1e-9)


@pytest.mark.parametrize("name", sorted((set(FUNCTIONS) | set(CATALOGUE)) - {"neg"}))
def test_every_function_stands_on_the_page(name):
    assert re.search(rf"\b{name}\b", PAGE)


@pytest.mark.parametrize(
    "kind", ["normal", "t", "rectangular", "beta", "empirical", "truncated_normal", "ctrap"]
)
def test_distributions_of_the_page_are_read(kind):
    assert f"`{kind}`" in PAGE
    assert kind in _RULES


def test_every_vector_fits_the_schema(oracles):
    checked = 0
    for file in sorted((oracles / "uncertainty").glob("*.json")):
        vector = json.loads(file.read_text(encoding="utf-8"))
        if "model" in vector:
            jsonschema_rs.validate(SCHEMA, vector)
            checked += 1
    assert checked == 20


@pytest.mark.parametrize(
    "document",
    [
        [],
        {},
        {"model": {"equation": "other"}},
        {"model": {"expr": 3}},
        {"model": {}, "settings": {"probability": 1}},
        {"model": {}, "settings": {"draws": 5}},
        {"model": {}, "observations": {"columns": ["a"], "rows": [[1]]}},
        {"model": {}, "correlation": [["a", "b"]]},
    ],
)
def test_what_the_schema_refuses_is_wrong(document):
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(SCHEMA, document)


def test_every_member_of_a_result_stands_on_the_page():
    document = json.loads(re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)[1])
    plain = result_to_plain(evaluate_document(read_document(document | {"settings": {"draws": 10000}})))
    for member in (
        "outputs",
        "correlation",
        "contributions",
        "validation",
        "simulation",
        "regions",
        "fit",
        "notes",
    ):
        assert member in plain
        assert f"`{member}`" in PAGE
    for member in ("value", "u", "nu_eff", "k", "U", "interval", "shortest_interval", "unit", "reported"):
        assert member in plain["outputs"]["dm"]
        assert f"`{member}`" in PAGE
