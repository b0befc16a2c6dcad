"""The traps of the field, one test each: what software gets wrong, with numbers of the literature."""

import json
import math

import pytest

from jialiang.science.coverage import usable_degrees_of_freedom
from jialiang.science.distributions import Arcsine, CurvilinearTrapezoidal, StudentT
from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.reading import read_document, with_settings
from jialiang.science.documents.results import result_to_plain
from jialiang.science.rounding import reported
from jialiang.science.sampling import ENGINE_VERSION


def found(document, **settings):
    return evaluate_document(with_settings(read_document(document), **settings))


def one(distribution, **members):
    return {
        "model": {"expr": {"y": "x"}},
        "inputs": [{"name": "x", "mean": 0, "distribution": distribution, **members}],
    }


def test_t_scale_is_not_a_standard_deviation():
    """GUM-S1 6.4.9 takes s/√n as scale: draws spread by √(ν/(ν-2)) more; NIST TN 1900 gives the deviation itself."""
    scaled = found(one("t_scaled", scale=1.0, dof=5), method="mc", draws=1_000_000).outputs["y"]
    deviated = found(one("t_by_mean_sd", sd=1.0, dof=5), method="mc", draws=1_000_000).outputs["y"]
    assert scaled.standard_uncertainty == pytest.approx(math.sqrt(5 / 3), rel=0.01)
    assert deviated.standard_uncertainty == pytest.approx(1.0, rel=0.01)
    assert (
        StudentT(1.0, 5.0).standard_uncertainty
        == StudentT(1.0, 5.0, "standard_deviation").standard_uncertainty
    )


def test_an_arcsine_of_half_width_a_has_u_of_a_over_root_two():
    assert Arcsine(1.0).standard_uncertainty == pytest.approx(1 / math.sqrt(2), rel=1e-15)
    drawn = found(one("arcsine", low=-1, high=1), method="mc", draws=1_000_000).outputs["y"]
    assert drawn.standard_uncertainty == pytest.approx(1 / math.sqrt(2), rel=0.003)


def test_a_rectangle_of_inexact_limits_is_drawn_limits_first():
    """GUM-S1 6.4.3: u² = (b-a)²/12 + d²/9; both limits move by up to d."""
    shape = CurvilinearTrapezoidal(1.0, 0.5)
    drawn = found(one("ctrap", a=-1, b=1, d=0.5), method="mc", draws=1_000_000).outputs["y"]
    assert shape.standard_uncertainty**2 == pytest.approx(1 / 3 + 0.25 / 9, rel=1e-15)
    assert drawn.standard_uncertainty == pytest.approx(shape.standard_uncertainty, rel=0.003)


def test_degrees_of_freedom_are_cut_after_rounding_to_three_digits():
    """GUM G.4.1: ν_eff = 18.9987 prints as 19.0 and is used as 19; strict truncation would give 18."""
    assert usable_degrees_of_freedom(18.998742314267954) == 19
    assert usable_degrees_of_freedom(16.751855737627245) == 16
    assert usable_degrees_of_freedom(16.751855737627245, "real") == 16.751855737627245


def correlated(**members):
    return {
        "model": {"expr": {"y": "a+b"}},
        "inputs": [{"name": s, "distribution": "t", "u": 1, "dof": 6, **members} for s in "ab"],
        "correlation": [["a", "b", 0.5]],
        "settings": {"draws": 400_000},
    }


def test_correlated_inputs_break_welch_and_satterthwaite():
    """ν is null, never infinite, and k comes from the draws."""
    evaluation = found(correlated())
    output = result_to_plain(evaluation)["outputs"]["y"]
    assert output["nu_eff"] is None
    assert output["coverage_from"] == "monte_carlo"
    assert 1.96 < output["k"] < 2.6
    assert output["U"] == pytest.approx(output["k"] * output["u"])


def test_inputs_estimated_together_keep_their_common_degrees():
    output = found(correlated(group="fit")).outputs["y"]
    assert output.degrees_of_freedom == 6
    assert output.coverage_from == "t"
    assert output.coverage_factor == pytest.approx(2.4469, abs=1e-4)


def test_correlated_inputs_that_are_certain_of_their_u_have_infinite_degrees():
    document = correlated()
    document["inputs"] = [{"name": s, "u": 1} for s in "ab"]
    assert result_to_plain(found(document))["outputs"]["y"]["nu_eff"] == "inf"


def test_a_stationary_point_fails_validation_and_does_not_pass_as_certainty():
    """GUM-S1 9.4 at x1 = 0: first order says u = 0."""
    document = {
        "model": {"expr": {"y": "a**2+b**2"}},
        "inputs": [{"name": s, "mean": 0, "u": 0.005} for s in "ab"],
    }
    evaluation = found(document)
    assert evaluation.outputs["y"].standard_uncertainty == 0
    assert evaluation.outputs["y"].coverage_factor is None
    assert evaluation.validation["y"].validated is False
    plain = result_to_plain(evaluation)
    assert plain["validation"]["y"]["validated"] is False
    assert "Monte Carlo" in plain["outputs"]["y"]["statement"]["en"]


def test_symmetric_and_shortest_are_labelled_and_differ_where_the_output_is_skew():
    document = {
        "model": {"expr": {"y": "log(x)"}},
        "inputs": [{"name": "x", "distribution": "rectangular", "low": 0.1, "high": 1.1}],
    }
    output = result_to_plain(found(document, method="mc", draws=100_000))["outputs"]["y"]
    assert output["interval_kind"] == "symmetric"
    symmetric, shortest = output["interval"], output["shortest_interval"]
    assert shortest[1] - shortest[0] < symmetric[1] - symmetric[0]
    assert "shortest one" in output["statement"]["en"]
    assert "最短包含区间" in output["statement"]["zh"]


def test_seed_draws_and_engine_are_in_the_record():
    plain = result_to_plain(found(one("normal", u=1), method="mc", draws=20_000, seed=77))
    assert (plain["seed"], plain["draws"], plain["engine_version"]) == (77, 20_000, ENGINE_VERSION)
    assert plain["simulation"]["engine_version"] == ENGINE_VERSION


@pytest.mark.parametrize(
    ("rule", "value", "uncertainty", "texts"),
    [
        ("half_even", 10.057_62, 0.027, ("10.058", "0.027")),  # GUM 7.2.6
        ("half_even", 0.125, 0.1, ("0.12", "0.10")),
        ("half_up", 0.125, 0.1, ("0.13", "0.10")),
        ("up", 1.0, 0.0121, ("1.000", "0.013")),
        ("half_even", 9.6, 0.9504, ("9.60", "0.95")),  # the precision is that of the rounded u
    ],
)
def test_the_value_has_the_place_of_the_rounded_uncertainty(rule, value, uncertainty, texts):
    rounded = reported(value, uncertainty, rule=rule)
    assert (rounded.value_text, rounded.uncertainty_text) == texts


def test_stored_figures_are_never_those_of_the_report():
    plain = result_to_plain(found(one("normal", u=0.123456789), method="lpu", draws=20_000))
    assert plain["outputs"]["y"]["u"] == 0.123456789
    assert plain["outputs"]["y"]["reported"]["u"] == "0.12"
    assert json.loads(json.dumps(plain))["outputs"]["y"]["U"] == plain["outputs"]["y"]["U"]
