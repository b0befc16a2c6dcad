"""Coverage factors."""

import json
import math
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vector_budgets import vector

from jialiang.science.coverage import (
    coverage_factor,
    expand,
    expand_with_fixed_factor,
    usable_degrees_of_freedom,
)
from jialiang.science.errors import DegreesOfFreedomNotReported, ParameterNotAllowed

TABLE = json.loads(
    (Path(__file__).parent.parent / "vectors" / "student_t_factors.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("row", TABLE["rows"], ids=lambda row: f"ν={row[0]}")
def test_factors_of_gum_table_g2(row):
    nu, *expected = row
    for text, probability in zip(expected, (0.95, 0.9545), strict=True):
        k = coverage_factor(probability, math.inf if nu is None else nu)
        unit = Decimal(1).scaleb(Decimal(text).as_tuple().exponent)
        assert str(Decimal(k).quantize(unit, rounding=ROUND_HALF_UP)) == text


def test_gum_h1_truncated_and_real_degrees_of_freedom(oracles):
    data = vector(oracles, "gum-h1-first-order")["expected"]["l"]
    for case, rule in zip(data["expanded"], ("truncate", "real"), strict=True):
        found = expand(
            data["u_first_order"]["value"], data["nu_eff"]["value"], coverage_probability=0.99, rule=rule
        )
        assert found.degrees_of_freedom_used == pytest.approx(case["nu"], rel=1e-12)
        assert found.coverage_factor == pytest.approx(case["k"], rel=1e-9)
        assert found.expanded_uncertainty == pytest.approx(case["U"], rel=1e-9)


def test_gum_g4_prints_19_0_and_uses_19_not_18(oracles):
    data = vector(oracles, "gum-g4-welch-satterthwaite")["expected"]
    found = expand(data["uc_percent"]["value"], data["nu_eff"]["value"], coverage_probability=0.95)
    assert found.degrees_of_freedom_used == 19
    assert found.coverage_factor == pytest.approx(data["k95"]["value"], rel=1e-9)
    assert found.expanded_uncertainty == pytest.approx(data["U95_percent"]["value"], rel=1e-9)
    assert coverage_factor(0.95, 18) == pytest.approx(data["k95"]["if_truncated"]["value"], rel=1e-9)


@pytest.mark.parametrize(
    ("nu", "used"),
    [
        (16.75, 16),
        (18.9987, 19),
        (18.94, 18),
        (5.996, 6),
        (5.99, 5),
        (99.96, 100),
        (0.4, 1),
        (1234.9, 1234),
        (math.inf, math.inf),
    ],
)
def test_truncation_comes_after_three_significant_digits(nu, used):
    assert usable_degrees_of_freedom(nu) == used
    assert usable_degrees_of_freedom(nu, "real") == nu


@given(st.floats(0.01, 0.998), st.floats(1, 1e4), st.floats(1e-6, 1e3))
def test_expanded_uncertainty_grows_with_probability_and_shrinks_with_degrees_of_freedom(p, nu, u):
    found = expand(u, nu, coverage_probability=p, rule="real")
    assert (
        expand(u, nu, coverage_probability=p + 0.001, rule="real").expanded_uncertainty
        > found.expanded_uncertainty
    )
    assert (
        expand(u, nu + 1, coverage_probability=p, rule="real").expanded_uncertainty
        < found.expanded_uncertainty
    )
    assert found.expanded_uncertainty > expand(u, math.inf, coverage_probability=p).expanded_uncertainty * (
        1 - 1e-6
    )


@given(st.floats(0.5, 4), st.floats(0.001, 1), st.floats(1e-6, 1e3))
def test_expanded_uncertainty_grows_with_k(k, more, u):
    one, other = (expand_with_fixed_factor(u, math.inf, factor=factor) for factor in (k, k + more))
    assert other.expanded_uncertainty > one.expanded_uncertainty
    assert other.coverage_probability > one.coverage_probability


def test_k_2_is_95_45_percent_for_infinite_and_less_for_few_degrees_of_freedom():
    normal = expand_with_fixed_factor(0.5, math.inf)
    assert normal.coverage_probability == pytest.approx(0.9545, abs=1e-5)
    assert (normal.expanded_uncertainty, normal.convention) == (1.0, "fixed")
    assert expand_with_fixed_factor(0.5, 4.0).coverage_probability == pytest.approx(0.8839, abs=1e-4)
    unknown = expand_with_fixed_factor(0.5, None)
    assert unknown.degrees_of_freedom_used is None
    assert unknown.coverage_probability == normal.coverage_probability


def test_undefined_degrees_of_freedom_give_no_k_from_t():
    with pytest.raises(DegreesOfFreedomNotReported) as caught:
        expand(1.0, None, coverage_probability=0.95)
    assert "蒙特卡洛" in caught.value.way_out.zh


def test_the_interval_is_symmetric_about_the_estimate():
    assert expand_with_fixed_factor(0.5, math.inf).interval(10.0) == (9.0, 11.0)


@pytest.mark.parametrize(
    "call",
    [
        lambda: coverage_factor(0.0),
        lambda: coverage_factor(1.0),
        lambda: coverage_factor(0.95, 0.0),
        lambda: coverage_factor(math.nan),
        lambda: coverage_factor(0.95, math.nan),
        lambda: expand_with_fixed_factor(1.0, None, factor=0.0),
    ],
)
def test_probabilities_and_factors_outside_their_domain_are_refused(call):
    with pytest.raises(ParameterNotAllowed):
        call()
