"""Errors of indication from repeated readings."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.science.errors import NotANumber, TooFewObservations
from jialiang.science.evaluation import EvaluationSettings
from jialiang.science.repeated_comparison import ComparisonPoint, comparison_budget, evaluate_comparison
from jialiang.science.type_a import PooledDeviation
from jialiang.science.type_b import certificate_uncertainty, displayed_resolution

G = "\\gram"
TYPE_B = (
    certificate_uncertainty(
        unit=G, expanded_uncertainty=0.0003, coverage_factor=2.0, source="weight certificate"
    ),
    displayed_resolution(unit=G, step=0.0001, source="display"),
)
READINGS = (
    "10.0012",
    "10.0009",
    "10.0014",
    "10.0011",
    "10.0010",
    "10.0013",
    "10.0012",
    "10.0008",
    "10.0011",
    "10.0012",
)


def a_point(indications=READINGS, **members):
    return ComparisonPoint(G, members.pop("reference", "10.0000"), tuple(indications), TYPE_B, **members)


def test_the_error_is_the_mean_less_the_reference_with_all_contributions():
    found = evaluate_comparison(a_point(), EvaluationSettings(seed=1, draws=100_000))
    assert found.indication_error == pytest.approx(0.00112, rel=1e-12)
    assert found.type_a.standard_deviation == pytest.approx(0.00018135294011681176, rel=1e-9)
    combined = math.sqrt(found.type_a.standard_uncertainty_of_mean**2 + 0.00015**2 + 0.00005**2 / 3)
    propagation = found.evaluation.propagation
    assert propagation.combined_standard_uncertainty == pytest.approx(combined, rel=1e-12)
    assert propagation.degrees_of_freedom == pytest.approx(
        9 * (combined / found.type_a.standard_uncertainty_of_mean) ** 4
    )
    assert (found.evaluation.reported.value_text, found.evaluation.reported.uncertainty_text) == (
        "0.00112",
        "0.00032",
    )
    assert found.evaluation.validation.ok


@given(st.integers(-(10**9), 10**9), st.integers(0, 6), st.integers(2, 10))
def test_readings_equal_to_the_reference_have_no_error_at_all(digits, places, count):
    text = format(digits * 10**-places, f".{places}f") if places else str(digits)
    found = evaluate_comparison(a_point([text] * count, reference=text))
    assert found.indication_error == 0.0
    assert found.type_a.standard_deviation == 0.0
    assert found.evaluation.propagation.degrees_of_freedom == math.inf


def test_the_difference_is_exact_before_it_is_a_float():
    found = evaluate_comparison(a_point(["1000000000.1", "1000000000.1"], reference="1000000000.0"))
    assert found.indication_error == 0.1


def test_one_reading_with_a_pooled_deviation_is_enough():
    pooled = PooledDeviation(0.0002, 40.0)
    found = evaluate_comparison(a_point(["10.0012"], pooled=pooled))
    first = found.evaluation.budget.inputs[0]
    assert first.standard_uncertainty == 0.0002
    assert first.degrees_of_freedom == 40
    with pytest.raises(TooFewObservations):
        evaluate_comparison(a_point(["10.0012"]))
    with pytest.raises(TooFewObservations):
        comparison_budget(a_point([]))


def test_few_readings_make_k_larger_than_two():
    wide = ("10.0000", "10.0030", "9.9990")
    found = evaluate_comparison(a_point(wide))
    assert found.evaluation.coverage.degrees_of_freedom_used == 2
    assert found.evaluation.coverage_factor_text == "4.30"


def test_a_reading_that_is_no_number_is_refused():
    with pytest.raises(NotANumber):
        evaluate_comparison(a_point(["10.0012", "ten"]))
