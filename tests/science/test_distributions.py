"""Standard uncertainties and draws of the input distributions."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.science.distributions import (
    Arcsine,
    CurvilinearTrapezoidal,
    Normal,
    Rectangular,
    StudentT,
    Trapezoidal,
    Triangular,
    degrees_of_freedom_from_reliability,
    distribution_from_plain,
    distribution_to_plain,
)
from jialiang.science.errors import BudgetUnreadable, ParameterNotAllowed, UnknownDistribution

ROWS = json.loads(
    (Path(__file__).parent.parent / "vectors" / "standard_uncertainty_factors.json").read_text(
        encoding="utf-8"
    )
)["rows"]
EVERY_SHAPE = [
    Normal(0.7),
    StudentT(0.7, 9.0),
    Rectangular(0.7),
    Triangular(0.7),
    Arcsine(0.7),
    Trapezoidal(0.7, 0.3),
    CurvilinearTrapezoidal(0.7, 0.2),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: json.dumps(row["distribution"]))
def test_the_standard_deviation_is_the_literature_share_of_the_half_width(row):
    numerator, denominator = row["variance"]
    distribution = distribution_from_plain(row["distribution"])
    assert distribution.standard_deviation**2 == pytest.approx(numerator / denominator, rel=1e-14)


@pytest.mark.parametrize("shape", EVERY_SHAPE, ids=lambda shape: shape.kind)
def test_draws_have_the_stated_mean_and_standard_deviation(shape):
    draws = shape.sample(np.random.default_rng(20261121), 400_000)
    assert abs(draws.mean()) < 5 * shape.standard_deviation / math.sqrt(400_000)
    assert draws.std() == pytest.approx(shape.standard_deviation, rel=0.01)


@pytest.mark.parametrize("shape", EVERY_SHAPE, ids=lambda shape: shape.kind)
def test_draws_do_not_depend_on_the_size_of_the_chunks(shape):
    whole = shape.sample(np.random.Generator(np.random.PCG64(7)), 1000)
    rng = np.random.Generator(np.random.PCG64(7))
    pieces = np.concatenate([shape.sample(rng, count) for count in (1, 399, 600)])
    assert np.array_equal(whole, pieces)


@pytest.mark.parametrize("shape", [s for s in EVERY_SHAPE if hasattr(s, "half_width")], ids=lambda s: s.kind)
def test_no_draw_leaves_the_half_width(shape):
    draws = shape.sample(np.random.default_rng(1), 100_000)
    reach = shape.half_width + getattr(shape, "limit_half_width", 0.0)
    assert np.abs(draws).max() <= reach
    assert np.abs(draws).max() > 0.9 * shape.half_width


def test_an_arcsine_draw_prefers_the_edges_and_a_triangular_one_the_middle():
    arcsine = np.abs(Arcsine(1.0).sample(np.random.default_rng(1), 100_000))
    triangular = np.abs(Triangular(1.0).sample(np.random.default_rng(1), 100_000))
    assert (arcsine > math.sqrt(0.5)).mean() == pytest.approx(0.5, abs=0.01)
    assert (triangular > math.sqrt(0.5)).mean() == pytest.approx((1 - math.sqrt(0.5)) ** 2, abs=0.01)


def test_the_scale_of_a_t_is_not_its_standard_deviation():
    by_scale = StudentT(0.0091, 3.0)
    by_deviation = StudentT(0.0091, 3.0, "standard_deviation")
    assert by_scale.standard_deviation == pytest.approx(0.0091 * math.sqrt(3))
    assert by_deviation.standard_deviation == 0.0091
    assert by_deviation.scale == pytest.approx(0.0091 / math.sqrt(3))
    assert by_scale.standard_uncertainty == by_deviation.standard_uncertainty == 0.0091


def test_a_t_with_two_degrees_of_freedom_has_no_finite_standard_deviation():
    assert StudentT(1.0, 2.0).standard_deviation == math.inf
    with pytest.raises(ParameterNotAllowed):
        StudentT(1.0, 2.0, "standard_deviation")


def test_a_certificate_gives_u_as_expanded_uncertainty_over_k():
    assert Normal.from_expanded(0.045, 2.0).standard_uncertainty == 0.0225
    with pytest.raises(ParameterNotAllowed):
        Normal.from_expanded(0.045, 0.0)


@given(st.floats(0, 1e6), st.floats(0, 1))
def test_a_trapezoid_lies_between_a_triangle_and_a_rectangle(half_width, top_share):
    u = Trapezoidal(half_width, top_share).standard_uncertainty
    slack = 1 + 1e-12
    assert Triangular(half_width).standard_uncertainty <= u * slack
    assert u <= Rectangular(half_width).standard_uncertainty * slack


@pytest.mark.parametrize("shape", [*EVERY_SHAPE, StudentT(0.1, 3.5, "standard_deviation")], ids=repr)
def test_a_distribution_written_as_text_reads_back_the_same(shape):
    plain = distribution_to_plain(shape)
    assert all(isinstance(member, str) for member in plain.values())
    assert distribution_from_plain(json.loads(json.dumps(plain))) == shape


def test_an_unknown_distribution_names_those_that_exist():
    with pytest.raises(UnknownDistribution) as caught:
        distribution_from_plain({"kind": "gauss"})
    assert "rectangular" in caught.value.rule.en


@pytest.mark.parametrize(
    "data", [{"kind": "rectangular"}, {"kind": "normal", "u": "x"}, {"kind": "normal", "v": "1"}]
)
def test_missing_wrong_and_strange_parameters_are_refused(data):
    with pytest.raises(BudgetUnreadable):
        distribution_from_plain(data)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Normal(-1.0),
        lambda: Normal(math.nan),
        lambda: Rectangular(-0.1),
        lambda: Rectangular(math.inf),
        lambda: Trapezoidal(1.0, 1.5),
        lambda: Trapezoidal(-1.0, 0.5),
        lambda: CurvilinearTrapezoidal(1.0, 2.0),
        lambda: CurvilinearTrapezoidal(-1.0, 0.0),
        lambda: StudentT(1.0, 0.0),
        lambda: StudentT(1.0, math.inf),
        lambda: StudentT(1.0, 5.0, "variance"),
        lambda: StudentT(-1.0, 5.0),
    ],
)
def test_parameters_outside_their_domain_are_refused(make):
    with pytest.raises(ParameterNotAllowed) as caught:
        make()
    assert caught.value.what.zh


def test_a_type_b_uncertainty_known_to_a_quarter_has_eight_degrees_of_freedom():
    assert degrees_of_freedom_from_reliability(0.25) == 8
    assert degrees_of_freedom_from_reliability(0.1) == pytest.approx(50)
    assert degrees_of_freedom_from_reliability(0.0) == math.inf
