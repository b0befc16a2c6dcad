"""Stability computed a second way: χ² of scipy, definitions written out as sums, least squares in fractions."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from jialiang.science.stability.allan import HADAMARD_TOTAL_BIAS, htotdev, phase_record
from jialiang.science.stability.allan_confidence import confidence
from jialiang.science.topics.registry import evaluate_topic

RECORD = phase_record(np.cumsum(np.random.default_rng(12).normal(size=200)), 1.0)


@pytest.mark.parametrize("kind", ["adev", "oadev", "mdev", "ohdev", "totdev"])
@pytest.mark.parametrize("alpha", [0, -1, -2])
@pytest.mark.parametrize("p", [0.5, 0.683, 0.95])
def test_an_interval_leaves_equal_tails_of_chi_squared(kind, alpha, p):
    found = confidence(RECORD, kind, 4.0, 2.0, alpha=alpha, probability=p)
    law = stats.chi2(found.degrees_of_freedom)
    assert law.sf(found.degrees_of_freedom * (2.0 / found.low) ** 2) == pytest.approx((1 - p) / 2, rel=1e-7)
    assert law.cdf(found.degrees_of_freedom * (2.0 / found.high) ** 2) == pytest.approx((1 - p) / 2, rel=1e-7)
    assert found.alpha == alpha
    assert found.low < 2.0 < found.high


def hadamard_total(x: np.ndarray, m: int, alpha: int) -> float:
    """SP 1065, 5.13: window by window, loop by loop."""
    y = np.diff(x)
    total, windows = 0.0, len(y) - 3 * m + 1
    for start in range(windows):
        z = y[start : start + 3 * m]
        half = (3 * m) // 2
        first, last = z[:half].mean(), z[3 * m - half :].mean()
        slope = (last - first) / (3 * m - half)
        flat = np.array([z[i] - slope * i for i in range(3 * m)])
        nine = [*flat[::-1], *flat, *flat[::-1]]
        for at in range(6 * m):
            a, b, c = (sum(nine[at + k * m : at + (k + 1) * m]) / m for k in range(3))
            total += (a - 2 * b + c) ** 2 / (6 * m)
    return math.sqrt(total / windows / 6 / HADAMARD_TOTAL_BIAS[alpha])


@pytest.mark.parametrize("alpha", sorted(HADAMARD_TOTAL_BIAS))
@pytest.mark.parametrize("m", [2, 3, 4])
def test_the_hadamard_total_deviation_loop_by_loop(m, alpha):
    x = np.cumsum(np.random.default_rng(m).normal(size=26))
    assert htotdev(x, m, 1.0, alpha) == pytest.approx(hadamard_total(x, m, alpha), rel=1e-10)


rows = st.lists(
    st.tuples(st.integers(-40, 40), st.integers(-99, 99), st.integers(1, 9)), min_size=4, max_size=9
)


@settings(max_examples=50)
@given(rows, st.booleans(), st.integers(-20, 20))
def test_a_calibration_line_in_fractions(points, weighted, x0):
    x = [Fraction(p[0], 4) - Fraction(x0, 4) for p in points]
    y, w = [Fraction(p[1], 8) for p in points], [Fraction(1, p[2] ** 2) for p in points]
    if not weighted:
        w = [Fraction(1)] * len(points)
    assume(len(set(x)) > 1)
    s, sx, sy = (
        sum(w),
        sum(a * b for a, b in zip(w, x, strict=True)),
        sum(a * b for a, b in zip(w, y, strict=True)),
    )
    sxx = sum(a * b * b for a, b in zip(w, x, strict=True))
    sxy = sum(a * b * c for a, b, c in zip(w, x, y, strict=True))
    determinant = s * sxx - sx * sx
    slope, intercept = (s * sxy - sx * sy) / determinant, (sxx * sy - sx * sxy) / determinant
    chi = sum(a * (c - intercept - slope * b) ** 2 for a, b, c in zip(w, x, y, strict=True))
    asked = {"x": [p[0] / 4 for p in points], "y": [p[1] / 8 for p in points], "reference_point": x0 / 4}
    found = evaluate_topic("calibration-curve", asked | ({"u": [p[2] for p in points]} if weighted else {}))
    scale = 1.0 if weighted else float(chi) / (len(points) - 2)
    assert found["coefficients"] == [float(intercept), float(slope)]
    expected = [[sxx, -sx], [-sx, s]]
    told = np.asarray(found["covariance"])
    assert told == pytest.approx(
        np.array([[float(v / determinant) for v in r] for r in expected]) * scale, rel=1e-10
    )
    if weighted:
        assert found["chi_squared"] == pytest.approx(float(chi), rel=1e-12)
        assert found["probability"] == pytest.approx(
            float(stats.chi2.sf(float(chi), len(points) - 2)), abs=1e-9
        )
    else:
        assert found["residual_sd"] == pytest.approx(math.sqrt(chi / (len(points) - 2)), rel=1e-12)
