"""Estimate and standard uncertainty of each distribution, each spelling of its members, and type A by hand."""

import math

import pytest

from jialiang.kernel.errors import JialiangError
from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.reading import read_document
from jialiang.science.errors import UnknownDistribution

ROOT3, ROOT6 = math.sqrt(3), math.sqrt(6)


def read(*inputs, expr="1", **members):
    settings = {"settings": {"validate": False}}
    return read_document({"model": {"expr": {"y": expr}}, "inputs": list(inputs), **settings, **members})


def known(kind, **members):
    """Return estimate and u of one input."""
    item = read({"name": "x", "distribution": kind, **members}).budget.inputs[0]
    return item.estimate, item.standard_uncertainty


@pytest.mark.parametrize(
    ("kind", "members", "estimate", "u"),
    [
        ("normal", {"u": 2}, 0, 2),
        ("normal", {"x": 7, "sigma": 2}, 7, 2),
        ("normal", {"nominal": 7, "U": 3, "k": 1.5}, 7, 2),
        ("normal", {"estimate": 7, "expanded_uncertainty": 3, "coverage_factor": 1.5}, 7, 2),
        ("normal", {"mean": -50, "relative_u": 0.02}, -50, 1),
        ("normal", {"mean": 7, "u": 2, "U": 100}, 7, 2),
        ("certificate", {"mean": "7.0", "U": "3e0"}, 7, 1.5),
        ("t", {"mean": 7, "s": 2, "degrees_of_freedom": 9}, 7, 2),
        ("scaled t", {"mean": 7, "u": 2, "df": 9}, 7, 2),
        ("t_sd", {"mean": 7, "sd": 2, "dof": 9}, 7, 2),
        ("R", {"mean": 7, "hw": 3}, 7, ROOT3),
        ("resolution", {"mean": 7, "semi_range": 0.5}, 7, 0.5 / ROOT3),
        ("uniform", {"min": 4, "max": 10}, 7, ROOT3),
        ("uniform", {"lower": 4, "upper": 10}, 7, ROOT3),
        ("rect", {"mean": 7, "width": 6}, 7, ROOT3),
        ("rectangular", {"mean": 7, "a": 3}, 7, ROOT3),
        ("rectangular", {"a": 4, "b": 10}, 7, ROOT3),
        ("rectangular", {"low": 5, "high": 5}, 5, 0),
        ("tri", {"mean": 7, "half_width": 6}, 7, ROOT6),
        ("triangular", {"low": 0, "c": 3, "high": 9}, 4, math.sqrt((81 + 9 - 27) / 18)),
        ("triangular", {"low": 0, "mode": 9, "high": 9}, 6, math.sqrt(81 / 18)),
        ("arcsin", {"mean": 7, "amplitude": 2}, 7, math.sqrt(2)),
        ("U-shaped", {"low": 5, "high": 9}, 7, math.sqrt(2)),
        ("trap", {"mean": 7, "half_width": 6, "top_share": 0.5}, 7, 6 * math.sqrt(1.25 / 6)),
        ("trapezoidal", {"low": 1, "high": 13, "top_half_width": 3}, 7, 6 * math.sqrt(1.25 / 6)),
        ("trapezoidal", {"mean": 7, "half_width": 6, "beta": 1}, 7, 6 / ROOT3),
        ("ctrap", {"a": 4, "b": 10, "d": 0}, 7, ROOT3),
        ("ctrap", {"a": 4, "b": 10, "d": 1.5}, 7, math.sqrt(3 + 2.25 / 9)),
        ("exp", {"mean": 5}, 5, 5),
        ("exponential", {"rate": 4, "low": 1}, 1.25, 0.25),
        ("exponential", {"mean": 5, "low": 3}, 5, 2),
        ("gamma", {"alpha": 4, "theta": 3}, 12, 6),
        ("gamma", {"shape": 4, "rate": 0.5}, 8, 4),
        ("gamma", {"shape": 4}, 4, 2),
        ("gamma", {"mean": 12, "u": 6}, 12, 6),
        ("beta", {"alpha": 2, "beta": 3}, 0.4, 0.2),
        ("beta", {"p": 2, "q": 3, "low": 10, "high": 20}, 14, 2),
        ("lognormal", {"mu": 0, "sigma": 1}, math.exp(0.5), math.sqrt(math.e * (math.e - 1))),
        ("log normal", {"mean": 10, "u": 5}, 10, 5),
        ("truncnorm", {"mean": 5, "u": 2}, 5, 2),
        ("truncated", {"mean": 0, "u": 1, "high": 0}, -math.sqrt(2 / math.pi), math.sqrt(1 - 2 / math.pi)),
        ("empirical", {"values": [1, 1, 5, 5]}, 3, 2),
        ("discrete", {"data": [0, 0, 0, 4]}, 1, ROOT3),
        ("fixed", {"value": 9}, 9, 0),
        ("exact", {"nominal": "9"}, 9, 0),
    ],
)
def test_estimate_and_u_of_each_distribution(kind, members, estimate, u):
    assert known(kind, **members) == (
        pytest.approx(estimate, rel=1e-14),
        pytest.approx(u, rel=1e-13, abs=1e-15),
    )


@pytest.mark.parametrize(
    ("members", "kind", "u"),
    [
        ({"u": 2}, "normal", 2),
        ({"U": 2}, "normal", 1),
        ({"half_width": 3}, "rectangular", ROOT3),
        ({"low": -3, "high": 3}, "rectangular", ROOT3),
        ({"value": 3}, "normal", 0),
        ({"mean": 3, "u": None}, "normal", 0),
    ],
)
def test_members_tell_the_distribution_where_nobody_names_it(members, kind, u):
    item = read({"name": "x", **members}).budget.inputs[0]
    assert (item.distribution.kind, item.standard_uncertainty) == (kind, pytest.approx(u, abs=1e-15))


@pytest.mark.parametrize("kind", ["gumbel", "norma", "normal!", "rectangular_", "0"])
def test_an_unknown_distribution_is_named_with_those_that_are_known(kind):
    with pytest.raises(UnknownDistribution) as refused:
        known(kind, mean=1, u=1)
    assert refused.value.facts["kind"] == kind
    assert "trapezoidal, " in refused.value.facts["known"] + ", "


@pytest.mark.parametrize(
    ("members", "evaluation"),
    [
        ({"mean": 1, "u": 1}, "B"),
        ({"mean": 1, "u": 1, "type": "A"}, "A"),
        ({"mean": 1, "u": 1, "distribution": "t", "dof": 5}, "A"),
        ({"mean": 1, "u": 1, "distribution": "t", "dof": 5, "type": "B"}, "B"),
        ({"readings": [1, 2]}, "A"),
    ],
)
def test_the_type_of_evaluation(members, evaluation):
    assert read({"name": "x", **members}).budget.inputs[0].evaluation == evaluation


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("C-1", "C-1"),
        (None, ""),
        (["C-1", 2], "C-1, 2"),
        ({"certificate": "C-1", "page": 2}, "C-1, 2"),
        (7, "7"),
    ],
)
def test_the_source_of_an_input_is_one_text(source, text):
    assert read({"name": "x", "u": 1, "source": source}).budget.inputs[0].source == text


# --- type A --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "mean", "u", "nu"),
    [
        ({"readings": [1, 2, 3]}, 2, 1 / ROOT3, 2),
        ({"readings": ["1", "3"]}, 2, 1, 1),
        ({"readings": [5, 5, 5]}, 5, 0, 2),
        ({"readings": ["0.1", "0.2", "0.3"]}, 0.2, 0.1 / ROOT3, 2),
        ({"readings": [4], "pooled": {"s": 2, "dof": 10}}, 4, 2, 10),
        ({"readings": [3, 5, 3, 5], "pooled": {"sd": 2, "nu": 10}}, 4, 1, 10),
        # means 2, 12: s² of means 50, within 2; F = 2·50/2 > 18.5
        ({"readings": [[1, 3], [11, 13]]}, 7, 5, 1),
        # means 2, 3: F = 2·0.5/2 = 0.5; all four: s² = 5/3
        ({"readings": [[1, 3], [2, 4]]}, 2.5, math.sqrt(5 / 3) / 2, 3),
        # five readings, ν = 4: u √(4/2)
        ({"readings": [1, 2, 3, 4, 5], "type_a": "bayesian"}, 3, math.sqrt(0.5) * math.sqrt(2), math.inf),
    ],
)
def test_readings_by_hand(members, mean, u, nu):
    document = read({"name": "x", **members}, expr="x")
    item = document.budget.inputs[0]
    assert (item.estimate, item.standard_uncertainty) == (pytest.approx(mean), pytest.approx(u, rel=1e-14))
    assert item.degrees_of_freedom == nu


@pytest.mark.parametrize(
    ("readings", "code"),
    [
        ([], "JL-UNC-006"),
        ([1], "JL-UNC-006"),
        ([[1, 2]], "JL-UNC-006"),
        ([[1], [2]], "JL-UNC-006"),
        ([[1, 2], [3]], "JL-UNC-008"),
        ([[], []], "JL-UNC-006"),
    ],
)
def test_too_few_readings(readings, code):
    with pytest.raises(JialiangError) as refused:
        read({"name": "x", "readings": readings})
    assert refused.value.code == code


def test_simultaneous_observations_by_hand():
    """V = 1, 2, 3 and I = 2, 1, 3: u = 1/√3 each, r = 1/2, ν = 2."""
    observations = {"columns": ["V", "I"], "units": ["V", "W/A"], "rows": [[1, 2], [2, 1], [3, 3]]}
    document = read(expr="V - I", observations=observations)
    assert [item.estimate for item in document.budget.inputs] == [2, 2]
    assert [item.unit for item in document.budget.inputs] == ["V", "W/A"]
    assert document.budget.correlations[0].coefficient == pytest.approx(0.5, rel=1e-14)
    with_sum = evaluate_document(read(expr="2*V + I", observations=observations)).outputs["y"]
    assert with_sum.standard_uncertainty == pytest.approx(math.sqrt((4 + 1 + 2) / 3), rel=1e-14)
    assert with_sum.degrees_of_freedom == pytest.approx(2)


def test_a_column_without_scatter_is_certain_and_uncorrelated():
    document = read(expr="V + I", observations={"columns": ["V", "I"], "rows": [[1, 5], [3, 5]]})
    assert [item.standard_uncertainty for item in document.budget.inputs] == [1, 0]
    assert document.budget.correlations == ()


# --- fits by hand --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("uncertainty", "u", "nu"),
    [(None, math.sqrt(7 / 9), 2), (0.3, 0.3 / ROOT3, math.inf), ([0.3, 0.3, 0.3], 0.3 / ROOT3, math.inf)],
)
def test_a_mean_as_the_smallest_fit(uncertainty, u, nu):
    """1, 2, 4: mean 7/3, s² = 7/3."""
    fit = {"model": "b = m", "data": {"b": [1, 2, 4]}, "uncertainty": uncertainty}
    data = {"fit": fit, "model": {}, "settings": {"validate": False}}
    found = evaluate_document(read_document(data)).outputs["m"]
    assert (found.value, found.standard_uncertainty) == (pytest.approx(7 / 3), pytest.approx(u, rel=1e-12))
    assert found.degrees_of_freedom == nu


def test_a_line_through_four_points_by_hand():
    """b = 1, 3, 2, 5 at t = 0 … 3: q = 5.5/5, p = 2.75 − 1.65, s² = 2.7/2; u(q) = s/√5, u(p) = s √(14/20)."""
    fit = {"model": "b = p + q*t", "data": {"t": [0, 1, 2, 3], "b": [1, 3, 2, 5]}}
    evaluation = evaluate_document(read_document({"fit": fit, "model": {}, "settings": {"validate": False}}))
    p, q = evaluation.outputs["p"], evaluation.outputs["q"]
    assert (p.value, q.value) == (pytest.approx(1.1), pytest.approx(1.1))
    assert q.standard_uncertainty == pytest.approx(math.sqrt(1.35 / 5), rel=1e-12)
    assert p.standard_uncertainty == pytest.approx(math.sqrt(1.35 * 0.7), rel=1e-12)
    assert evaluation.correlation["p", "q"] == pytest.approx(-1.5 * math.sqrt(0.2 / 0.7), rel=1e-12)
    assert evaluation.document.fitted.residual_standard_deviation == pytest.approx(math.sqrt(1.35), rel=1e-13)
