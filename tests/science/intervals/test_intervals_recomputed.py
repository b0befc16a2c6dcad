"""Intervals computed a second way: binomial distributions, likelihoods and roots written out, least squares."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from jialiang.science.coverage import coverage_factor, expand, expand_with_fixed_factor
from jialiang.science.topics.registry import evaluate_topic

histories = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
shares = st.floats(0.05, 0.98)


@given(histories, shares, shares, st.floats(1, 5), st.booleans())
def test_a3_by_the_binomial_distribution(history, target, confidence, most, two_sided):
    g, n = history
    asked = {"in_tolerance": g, "n": n, "interval_days": 300, "target": target, "confidence": confidence}
    found = evaluate_topic("interval-a3", asked | {"max_change": most, "two_sided": two_sided})
    law = stats.binom(n, target)
    if g in (0, n):
        q = 1 - law.pmf(g)
    elif g / n <= target:
        q = max(0.0, 1 - 2 * law.cdf(g))
    else:
        q = max(0.0, 2 * law.cdf(g) - 1) if two_sided else 0.0
    assert found["rejection_confidence"] == pytest.approx(float(q), abs=1e-9)
    if abs(q - confidence) < 1e-9:
        return
    assert found["rejected"] == (q > confidence)
    away = g / n - target
    power = 0.0 if q <= confidence else away * q if away <= 0 else min(away / max(1 - q, 1e-300), 290)
    factor = min(max(10**power, 1 / most), most)
    assert found["interval_days"] == pytest.approx(300 * factor, rel=1e-5)


@given(histories, shares)
def test_the_range_of_the_reliability_leaves_equal_tails(history, confidence):
    g, n = history
    asked = {"in_tolerance": g, "n": n, "interval_days": 100, "target": 0.9, "confidence": confidence}
    low, high = evaluate_topic("interval-a3", asked)["reliability_range"]
    tail = (1 - confidence) / 2
    assert low == 0 if g == 0 else stats.binom.sf(g - 1, n, low) == pytest.approx(tail, abs=1e-7)
    assert high == 1 if g == n else stats.binom.cdf(g, n, high) == pytest.approx(tail, abs=1e-7)


ONE_PARAMETER = {
    "exponential": lambda t, q: np.exp(-q * t),
    "gamma": lambda t, q: stats.gamma.sf(q * t, 4),
}
RECORDS = [
    ([30, 60, 120, 240], [20, 30, 25, 20], [20, 28, 20, 11]),
    ([7, 20, 40, 80, 150], [12, 12, 12, 12, 12], [11, 12, 9, 7, 4]),
    ([1.5, 2.5], [40, 40], [38, 33]),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: f"{len(record[0])} times")
@pytest.mark.parametrize("name", ONE_PARAMETER)
def test_one_parameter_fits_by_a_bounded_search(name, record):
    times, counts, good = (np.asarray(column, dtype=float) for column in record)
    curve = ONE_PARAMETER[name]

    def cost(log_rate: float) -> float:
        r = curve(times, math.exp(log_rate) / times.max())
        return -float(np.sum(good * np.log(r)) + np.sum((counts - good) * np.log1p(-r)))

    best = optimize.minimize_scalar(cost, bounds=(-6, 4), method="bounded", options={"xatol": 1e-12})
    rate = math.exp(best.x) / times.max()
    asked = {"times": record[0], "n": record[1], "in_tolerance": record[2], "target": 0.85, "model": name}
    found = evaluate_topic("interval-s2", asked)["models"][name]
    assert found["theta"] == pytest.approx([rate], rel=1e-5)
    assert found["neg_log_lik"] == pytest.approx(float(best.fun), rel=1e-10)
    total = counts.sum()
    assert found["aicc"] == pytest.approx(2 + 2 * float(best.fun) + 4 / (total - 2), rel=1e-9)
    day = optimize.brentq(lambda t: float(curve(t, found["theta"][0])) - 0.85, 1e-6, 1e4)
    assert found["interval"] == pytest.approx(day, rel=1e-8)
    observed, fitted = good / counts, curve(times, found["theta"][0])
    pure = float(np.sum(counts * observed * (1 - observed))) / (total - counts.size)
    lack = float(np.sum(counts * (observed - fitted) ** 2)) / (counts.size - 1)
    assert found["F"] == pytest.approx(lack / pure, rel=1e-8)
    assert found["F_crit"] == pytest.approx(float(stats.f.ppf(0.95, counts.size - 1, total - counts.size)))
    assert found["rejected"] == (lack / pure > found["F_crit"])


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("seed", [3, 4, 5])
def test_variables_data_by_least_squares_of_numpy(order, seed):
    rng = np.random.default_rng(seed)
    days = np.sort(rng.uniform(50, 800, 9)).round(1)
    delta = (1e-3 * days + rng.normal(0, 0.05, 9)).round(4)
    limits = {"low": -2.0, "high": 2.0, "confidence": 0.9, "u_target": 0.25}
    asked = {"days": days.tolist(), "delta": delta.tolist(), "u0": 0.02, "y0": 0.1, "order": order}
    found = evaluate_topic("interval-variables", asked | limits)
    design = np.column_stack([days**power for power in range(1, order + 1)])
    beta = np.linalg.lstsq(design, delta, rcond=None)[0]
    residual = delta - design @ beta
    nu = len(days) - order
    s = math.sqrt(float(residual @ residual) / nu)
    covariance = s**2 * np.linalg.inv(design.T @ design)
    assert found["coefficients"] == pytest.approx(beta, rel=1e-7)
    assert found["residual_sd"] == pytest.approx(s, rel=1e-9)
    assert np.asarray(found["covariance"]) == pytest.approx(covariance, rel=1e-6)

    def u(day: float) -> float:
        powers = np.array([day**power for power in range(1, order + 1)])
        return math.sqrt(0.02**2 + s**2 + float(powers @ covariance @ powers))

    k = float(stats.t.ppf(0.95, nu))
    for name, day in found["interval_days"].items():
        if day is None:
            continue
        value = 0.1 + float(sum(b * day**power for power, b in enumerate(beta, 1)))
        spent = u(day) if name == "uncertainty_target" else abs(value) + k * u(day)
        assert spent == pytest.approx(0.25 if name == "uncertainty_target" else 2.0, rel=1e-6)
    reached = [day for day in found["interval_days"].values() if day is not None]
    assert found["proposed_days"] == pytest.approx(min(reached))


# --- coverage


@given(st.floats(0.01, 0.9999), st.floats(0.6, 5000), st.floats(1e-9, 1e9))
def test_expansion_by_the_t_of_scipy(p, nu, u):
    found = expand(u, nu, coverage_probability=p, rule="real")
    k = float(stats.t.ppf((1 + p) / 2, nu))
    assert found.coverage_factor == pytest.approx(k, rel=1e-7)
    assert found.expanded_uncertainty == pytest.approx(k * u, rel=1e-7)
    fixed = expand_with_fixed_factor(u, nu, factor=k)
    assert fixed.coverage_probability == pytest.approx(p, rel=1e-6)
    assert coverage_factor(p) <= found.coverage_factor * (1 + 1e-12)
