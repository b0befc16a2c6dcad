"""Evaluations as documents to keep."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.canonical import canonical_json
from jialiang.kernel.text import Text
from jialiang.science.budget import Budget, Correlation, InputQuantity, budget_from_plain
from jialiang.science.distributions import Normal, Rectangular, StudentT
from jialiang.science.errors import BudgetUnreadable, ParameterNotAllowed
from jialiang.science.evaluation import EvaluationSettings, evaluate
from jialiang.science.evaluation_document import (
    contributions_to_plain,
    evaluation_to_plain,
    settings_from_plain,
    settings_to_plain,
)
from jialiang.science.montecarlo import MOST_DRAWS


def an_input(symbol, distribution, **members):
    return InputQuantity(symbol, Text(zh=symbol), "\\kelvin", 0.0, distribution, sensitivity=1.0, **members)


BUDGET = Budget(
    "b",
    Text(zh="修正值", en="correction"),
    "\\kelvin",
    (
        an_input("y1", StudentT(0.003, 9.0), group="line"),
        an_input("y2", StudentT(0.002, 9.0), group="line"),
        an_input("d", Rectangular(0.002)),
    ),
    (Correlation("y1", "y2", -0.93),),
    estimate=-0.16,
)

settings_strategy = st.builds(
    EvaluationSettings,
    coverage_probability=st.floats(0.5, 0.99),
    convention=st.sampled_from(["t", "fixed"]),
    fixed_factor=st.floats(1, 3),
    degrees_of_freedom_rule=st.sampled_from(["truncate", "real"]),
    digits=st.sampled_from([1, 2]),
    rounding_rule=st.sampled_from(["half_even", "half_up", "up"]),
    smallest_expanded_uncertainty=st.floats(0, 1),
    seed=st.none() | st.integers(0, 2**63),
    draws=st.none() | st.integers(10_000, MOST_DRAWS),
    validation_digits=st.sampled_from([1, 2]),
    interval_kind=st.sampled_from(["symmetric", "shortest"]),
)


@given(settings_strategy)
def test_settings_written_as_text_read_back_the_same(settings):
    plain = json.loads(json.dumps(settings_to_plain(settings)))
    assert all(isinstance(member, str) for member in plain.values())
    assert settings_from_plain(plain) == settings


def test_a_stored_evaluation_is_enough_to_evaluate_again_to_the_same_digits():
    stored = evaluation_to_plain(evaluate(BUDGET, settings=EvaluationSettings(seed=3, draws=20_000)))
    stored = json.loads(json.dumps(stored, ensure_ascii=False))
    again = evaluate(budget_from_plain(stored["budget"]), settings=settings_from_plain(stored["settings"]))
    assert evaluation_to_plain(again) == stored


def test_the_document_has_canonical_bytes_because_it_holds_no_float():
    document = evaluation_to_plain(evaluate(BUDGET, settings=EvaluationSettings(seed=3, draws=20_000)))
    assert canonical_json(document) == canonical_json(json.loads(canonical_json(document)))


def test_a_reader_without_engine_finds_value_uncertainty_k_and_verdict():
    document = evaluation_to_plain(evaluate(BUDGET, settings=EvaluationSettings(seed=3, draws=200_000)))
    assert document["reported"] == {
        "value_text": "-0.1600",
        "uncertainty_text": "0.0037",
        "coverage_factor_text": "2.06",
    }
    assert document["coverage_from"] == "t"
    assert document["degrees_of_freedom_used"] == "26.0"
    assert document["validation"]["ok"] is True
    assert document["validation"]["seed"] == document["simulation"]["seed"] == "3"
    assert len(document["validation"]["simulated_interval"]) == 2


def test_what_does_not_apply_is_left_out():
    document = evaluation_to_plain(evaluate(BUDGET))
    assert "simulation" not in document
    assert "validation" not in document
    assert "seed" not in document["settings"]


def test_the_table_of_contributions_sums_to_the_combined_uncertainty():
    found = evaluate(BUDGET)
    rows = contributions_to_plain(found.propagation)
    assert [row["symbol"] for row in rows] == ["y1", "y2", "d"]
    assert sum(float(row["share"]) for row in rows) == pytest.approx(1)
    assert rows[2]["degrees_of_freedom"] == "inf"
    assert float(rows[2]["standard_uncertainty"]) == pytest.approx(0.002 / math.sqrt(3))


def test_undefined_degrees_of_freedom_are_left_out_not_infinite():
    inputs = an_input("a", StudentT(1.0, 5.0)), an_input("b", Normal(1.0))
    budget = Budget("y", Text(), "\\one", inputs, (Correlation("a", "b", 0.5),), estimate=0.0)
    document = evaluation_to_plain(evaluate(budget, settings=EvaluationSettings(seed=1, draws=20_000)))
    assert "effective_degrees_of_freedom" not in document
    assert document["coverage_from"] == "monte_carlo"


@pytest.mark.parametrize(
    ("data", "member"),
    [
        ({"convention": "k2"}, "convention"),
        ({"rounding_rule": None}, "rounding_rule"),
        ({"digits": "two"}, "digits"),
        ({"coverage_probability": None}, "coverage_probability"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_wrong_settings_name_the_member(data, member):
    with pytest.raises(BudgetUnreadable) as caught:
        settings_from_plain(data)
    assert caught.value.facts["member"] == member


@pytest.mark.parametrize(("draws", "holds"), [("10000", True), (str(MOST_DRAWS), True), ("adaptive", True),
                                              (str(MOST_DRAWS + 1), False), ("1000000000000", False)])  # fmt: skip
def test_a_document_does_not_order_more_draws_than_a_machine_holds(draws, holds):
    if holds:
        assert settings_to_plain(settings_from_plain({"draws": draws}))["draws"] == draws
        return
    with pytest.raises(ParameterNotAllowed) as refused:
        settings_from_plain({"draws": draws})
    assert refused.value.facts == {"parameter": "draws", "given": int(draws), "allowed": f"≤ {MOST_DRAWS}"}
