"""What must hold for every budget: properties of the whole path from a document to its result."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.science.documents.evaluating import evaluate_document, propagate
from jialiang.science.documents.reading import read_document, with_settings
from jialiang.science.documents.results import result_to_plain

coefficients = st.floats(-100, 100).filter(lambda x: abs(x) > 1e-3)
uncertainties = st.floats(1e-3, 100)
estimates = st.floats(-1e3, 1e3)


@st.composite
def linear_budgets(draw):
    count = draw(st.integers(1, 6))
    c = [draw(coefficients) for _ in range(count)]
    inputs = [
        {
            "name": f"x{k}",
            "mean": draw(estimates),
            "u": draw(uncertainties),
            "dof": draw(st.sampled_from([None, 5, 50])),
        }
        for k in range(count)
    ]
    expression = " + ".join(f"({value!r})*x{k}" for k, value in enumerate(c))
    return c, {"model": {"expr": {"y": expression}}, "inputs": inputs, "settings": {"validate": False}}


def law(document, **changes):
    return evaluate_document(with_settings(read_document(document), **changes)).outputs["y"]


@settings(max_examples=60)
@given(linear_budgets())
def test_a_linear_model_is_propagated_as_by_hand(given_budget):
    c, document = given_budget
    found = law(document)
    terms = [a * item["mean"] for a, item in zip(c, document["inputs"], strict=True)]
    scale = max(map(abs, terms))
    assert found.value == pytest.approx(math.fsum(terms), rel=1e-12, abs=1e-12 * scale)
    u = math.sqrt(math.fsum((a * item["u"]) ** 2 for a, item in zip(c, document["inputs"], strict=True)))
    assert found.standard_uncertainty == pytest.approx(u, rel=1e-13)
    below = sum(
        (a * item["u"]) ** 4 / item["dof"]
        for a, item in zip(c, document["inputs"], strict=True)
        if item["dof"]
    )
    assert found.degrees_of_freedom == pytest.approx(u**4 / below if below else math.inf, rel=1e-10)


@settings(max_examples=60)
@given(linear_budgets())
def test_second_order_of_a_linear_model_is_first_order(given_budget):
    _, document = given_budget
    first, second = law(document), law(document, method="lpu2")
    assert second.standard_uncertainty == pytest.approx(first.standard_uncertainty, rel=1e-9)
    assert second.value == pytest.approx(first.value, rel=1e-9, abs=1e-9 * first.standard_uncertainty)


@settings(max_examples=40)
@given(linear_budgets(), st.randoms(use_true_random=False))
def test_permuting_inputs_changes_nothing(given_budget, chance):
    _, document = given_budget
    turned = document | {"inputs": chance.sample(document["inputs"], len(document["inputs"]))}
    for method, more in (("lpu", {}), ("mc", {"draws": 10_000})):
        one, other = (law(d, method=method, **more) for d in (document, turned))
        assert one.value == other.value
        assert one.standard_uncertainty == pytest.approx(other.standard_uncertainty, rel=1e-15)
        assert one.interval == pytest.approx(other.interval, rel=1e-15)


@settings(max_examples=40)
@given(linear_budgets(), st.floats(0.05, 0.98), st.floats(0.001, 0.019))
def test_the_expanded_uncertainty_grows_with_the_probability(given_budget, p, more):
    _, document = given_budget
    smaller, larger = law(document, probability=p), law(document, probability=p + more)
    assert smaller.coverage_factor < larger.coverage_factor
    assert smaller.expanded_uncertainty < larger.expanded_uncertainty
    assert smaller.standard_uncertainty == larger.standard_uncertainty


@settings(max_examples=40)
@given(linear_budgets(), st.floats(1.0, 5.0), st.floats(0.01, 3.0))
def test_the_expanded_uncertainty_grows_with_a_chosen_factor(given_budget, k, more):
    _, document = given_budget
    smaller, larger = law(document, coverage_factor=k), law(document, coverage_factor=k + more)
    assert smaller.expanded_uncertainty < larger.expanded_uncertainty
    assert larger.expanded_uncertainty == pytest.approx((k + more) * larger.standard_uncertainty, rel=1e-14)


@settings(max_examples=30)
@given(
    uncertainties, uncertainties, st.sampled_from([("mm", 1e-3), ("km", 1e3), ("µm", 1e-6), ("in", 0.0254)])
)
def test_scaling_units_scales_results(u1, u2, unit):
    """A model between quantities gives the same length whatever units its inputs and its output are in."""
    name, factor = unit

    def document(own, scale, out):
        inputs = [
            {"name": "a", "unit": own, "mean": 3 / scale, "u": u1 / scale},
            {"name": "b", "unit": "m", "mean": 5, "u": u2},
        ]
        model = {"expr": {"y": "a*2 + b"}, "unit": {"y": out}, "equation": "quantity"}
        return {"model": model, "inputs": inputs, "settings": {"validate": False}}

    metres, own = law(document("m", 1.0, "m")), law(document(name, factor, name))
    assert own.value * factor == pytest.approx(metres.value, rel=1e-12)
    assert own.expanded_uncertainty * factor == pytest.approx(metres.expanded_uncertainty, rel=1e-12)


@settings(max_examples=15)
@given(linear_budgets(), st.integers(0, 2**31))
def test_draws_of_a_linear_normal_model_agree_with_the_law(given_budget, seed):
    _, document = given_budget
    document = document | {"inputs": [item | {"dof": None} for item in document["inputs"]]}
    exact, drawn = law(document), law(document, method="mc", draws=20_000, seed=seed)
    u = exact.standard_uncertainty
    assert drawn.value == pytest.approx(exact.value, abs=6 * u / math.sqrt(20_000))
    assert drawn.standard_uncertainty == pytest.approx(u, rel=6 / math.sqrt(40_000))
    assert drawn.interval == pytest.approx(exact.interval, abs=0.12 * u)


@settings(max_examples=15)
@given(linear_budgets(), st.integers(0, 2**63))
def test_the_same_seed_gives_the_same_bits(given_budget, seed):
    _, document = given_budget
    one, other = (
        result_to_plain(
            evaluate_document(with_settings(read_document(document), method="mc", draws=10_000, seed=seed))
        )
        for _ in range(2)
    )
    assert one == other


@settings(max_examples=40)
@given(st.floats(-0.99, 0.99), uncertainties, uncertainties, coefficients, coefficients)
def test_correlation_enters_by_its_product_term(r, u1, u2, c1, c2):
    document = {
        "model": {"expr": {"y": f"({c1!r})*a + ({c2!r})*b"}},
        "inputs": [{"name": "a", "u": u1}, {"name": "b", "u": u2}],
        "correlation": [["a", "b", r]],
        "settings": {"validate": False},
    }
    variance = (c1 * u1) ** 2 + (c2 * u2) ** 2 + 2 * r * c1 * u1 * c2 * u2
    assert law(document).standard_uncertainty == pytest.approx(math.sqrt(variance), rel=1e-9)


@settings(max_examples=40)
@given(uncertainties, uncertainties, uncertainties, coefficients)
def test_a_common_influence_is_a_correlation(u1, u2, common, c):
    """x1 = a + δ, x2 = b + c δ: the same as the coefficient c u²(δ)/(u(x1) u(x2))."""
    by_influence = {
        "model": {"expr": {"y": "a - 2*b"}},
        "inputs": [{"name": "a", "u": u1}, {"name": "b", "u": u2}, {"name": "delta", "u": common}],
        "common_influences": [{"name": "delta", "on": {"a": 1, "b": c}}],
        "settings": {"validate": False},
    }
    ua, ub = math.hypot(u1, common), math.hypot(u2, c * common)
    by_coefficient = {
        "model": {"expr": {"y": "a - 2*b"}},
        "inputs": [{"name": "a", "u": ua}, {"name": "b", "u": ub}],
        "correlation": [["a", "b", c * common**2 / (ua * ub)]],
        "settings": {"validate": False},
    }
    one, other = law(by_influence), law(by_coefficient)
    scale = ua + 2 * ub
    assert one.standard_uncertainty == pytest.approx(other.standard_uncertainty, rel=1e-6, abs=1e-6 * scale)


@settings(max_examples=30)
@given(st.floats(0.1, 10), st.floats(0.001, 0.05), st.floats(0.001, 0.05), st.floats(-0.9, 0.9))
def test_second_order_is_exact_for_a_quadratic_form_of_normal_inputs(x, u1, u2, r):
    """Y = X1² + X2² of correlated normal inputs: mean and variance are known."""
    document = {
        "model": {"expr": {"y": "a**2 + b**2"}},
        "inputs": [{"name": "a", "mean": x, "u": u1}, {"name": "b", "mean": -x / 2, "u": u2}],
        "correlation": [["a", "b", r]],
        "settings": {"validate": False, "method": "lpu2"},
    }
    covariance = np.array([[u1**2, r * u1 * u2], [r * u1 * u2, u2**2]])
    mean = np.array([x, -x / 2])
    variance = 4 * mean @ covariance @ mean + 2 * np.trace(covariance @ covariance)
    found = law(document)
    assert found.value == pytest.approx(float(mean @ mean + np.trace(covariance)), rel=1e-12)
    assert found.standard_uncertainty == pytest.approx(math.sqrt(variance), rel=1e-9)


def test_third_derivatives_enter_as_the_gum_prints_them():
    """GUM 5.1.2 note, one input: u² = f'²u² + (½ f''² + f' f''')u⁴, here for exp at 0.3."""
    u, f = 0.2, math.exp(0.3)
    document = {"model": {"expr": {"y": "exp(x)"}}, "inputs": [{"name": "x", "mean": 0.3, "u": u}]}
    found = propagate(read_document(document), "lpu2").outputs["y"]
    assert found.combined_standard_uncertainty**2 == pytest.approx(f**2 * (u**2 + 1.5 * u**4), rel=1e-13)
    assert found.estimate == pytest.approx(f * (1 + u**2 / 2), rel=1e-14)


def test_mixed_third_derivatives_enter_for_both_inputs():
    """f = x y²: u² = y⁴u1² + 4x²y²u2² + terms ½ΣH² + Σ c T, by hand."""
    x, y, u1, u2 = 2.0, 3.0, 0.1, 0.2
    document = {
        "model": {"expr": {"f": "x*y**2"}},
        "inputs": [{"name": "x", "mean": x, "u": u1}, {"name": "y", "mean": y, "u": u2}],
    }
    first = (y * y * u1) ** 2 + (2 * x * y * u2) ** 2
    half = 0.5 * (2 * x * u2 * u2) ** 2 + (2 * y * u1 * u2) ** 2
    third = y * y * 2 * u1**2 * u2**2  # c_x f_xyy; f_yxx and f_yyy vanish
    found = propagate(read_document(document), "lpu2").outputs["f"]
    assert found.combined_standard_uncertainty**2 == pytest.approx(first + half + third, rel=1e-12)
