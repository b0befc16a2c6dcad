"""Equivalent degrees of freedom from the whole covariance matrix in whole numbers; partitions and curves by force.

For ν = (tr S)²/tr S² of the mean square of normal differences with covariance S. Phase is what Greenhall and Riley
take: means over one spacing of a sum of white noise, 2 for white phase to -4, each an integral of Brownian motion.
"""

import itertools
import math
import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.science.stability.allan_confidence import equivalent_degrees
from jialiang.science.stability.change_points import change_points
from jialiang.science.stability.drift import DriftRate, value_on_day
from jialiang.science.stability.polynomial import fit_curve

ORDERS = {"adev": 2, "oadev": 2, "mdev": 2, "hdev": 3, "ohdev": 3}


def integrated_brownian(s, t, times):
    """cov(w(s), w(t)) of Brownian motion integrated so many times: ∫ (s-u)^n (t-u)^n du / n!² up to the smaller."""
    s, t = min(s, t), max(s, t)
    n, gap = times, t - s
    terms = (Fraction(math.comb(n, k) * gap ** (n - k) * s ** (n + k + 1), n + k + 1) for k in range(n + 1))
    return sum(terms, Fraction(0)) / math.factorial(n) ** 2


def differences(kind, m, count):
    """The weights of w in every difference that the deviation squares; w at 0 … count (+ m - 1)."""
    width = m if kind == "mdev" else 1  # phase is averaged over this many spacings
    size = count + 1
    order = ORDERS[kind]
    stride = m if kind in ("adev", "hdev") else 1
    rows = []
    for start in range(0, count - width + 1 - order * m, stride):
        row = [0] * size
        for k in range(order + 1):
            share = (-1) ** (order - k) * math.comb(order, k)
            row[start + k * m + width] += share
            row[start + k * m] -= share
        rows.append(row)
    return np.array(rows, dtype=object)


def exact_degrees(kind, alpha, m, count):
    times = (2 - alpha) // 2
    size = count + 1
    covariance = np.array(
        [[integrated_brownian(s, t, times) for t in range(size)] for s in range(size)], dtype=object
    )
    weights = differences(kind, m, count)
    spread = weights @ covariance @ weights.T
    trace = sum(spread[i, i] for i in range(len(spread)))
    return float(trace**2 / np.sum(spread * spread)), len(weights)


CASES = [
    (kind, alpha, m, count)
    for kind, alphas in (("adev", (2, 0, -2)), ("oadev", (2, 0, -2)), ("mdev", (2, 0, -2)))
    for alpha in alphas
    for m, count in ((1, 12), (2, 17), (3, 20), (4, 15))
] + [
    (kind, alpha, m, count)
    for kind in ("hdev", "ohdev")
    for alpha in (2, 0, -2, -4)
    for m, count in ((1, 12), (2, 19), (4, 17))
]


@pytest.mark.parametrize(("kind", "alpha", "m", "count"), CASES)
def test_degrees_of_freedom_are_those_of_the_whole_covariance(kind, alpha, m, count):
    exact, terms = exact_degrees(kind, alpha, m, count)
    assert equivalent_degrees(kind, alpha, m, count) == pytest.approx(max(1.0, exact), rel=1e-6)
    assert 1 - 1e-9 <= exact <= terms + 1e-9


# --- changes of level, by all partitions ----------------------------------------------------------------------------


def best_of_all(series, price, shortest):
    """The least cost over every way to cut a series into stretches, in fractions."""
    exact = [Fraction(x) for x in series]
    best = None
    places = range(1, len(series))
    for cuts in itertools.chain.from_iterable(itertools.combinations(places, n) for n in range(len(series))):
        ends = (0, *cuts, len(series))
        pieces = [exact[a:b] for a, b in itertools.pairwise(ends)]
        if min(map(len, pieces)) < shortest:
            continue
        cost = price * len(cuts)
        for piece in pieces:
            mean = sum(piece) / len(piece)
            cost += sum((x - mean) ** 2 for x in piece)
        if best is None or cost < best:
            best = cost
    return best


@settings(max_examples=60)
@given(st.lists(st.integers(-8, 8), min_size=6, max_size=9), st.integers(0, 40), st.integers(1, 3))
def test_no_other_partition_costs_less(series, price, shortest):
    found = change_points([float(x) for x in series], sd=1.0, penalty=float(price), shortest=shortest)
    cost = Fraction(price * len(found.change_points))
    for stretch in found.stretches:
        piece = series[stretch.first : stretch.last + 1]
        mean = Fraction(sum(piece), len(piece))
        cost += sum((x - mean) ** 2 for x in piece)
        assert len(piece) >= shortest
        assert stretch.mean == pytest.approx(float(mean), abs=1e-12)
        assert stretch.standard_uncertainty == pytest.approx(1 / math.sqrt(len(piece)))
    assert float(cost) == pytest.approx(float(best_of_all(series, price, shortest)), abs=1e-9)
    assert [s.first for s in found.stretches] == [0, *(s.last + 1 for s in found.stretches[:-1])]
    assert found.stretches[-1].last == len(series) - 1


# --- curves by Cramer's rule ----------------------------------------------------------------------------------------


def determinant(matrix):
    if not matrix:
        return Fraction(1)
    return sum(
        (-1) ** k * cell * determinant([row[:k] + row[k + 1 :] for row in matrix[1:]])
        for k, cell in enumerate(matrix[0])
        if cell
    )


def by_cramer(x, y, weights, powers):
    """Coefficients and the inverse of the normal matrix, by determinants."""
    normal = [
        [sum(w * p ** (i + j) for p, w in zip(x, weights, strict=True)) for j in powers] for i in powers
    ]
    right = [sum(w * q * p**i for p, q, w in zip(x, y, weights, strict=True)) for i in powers]
    whole = determinant(normal)
    size = range(len(powers))
    solved = [
        determinant([[right[r] if c == k else normal[r][c] for c in size] for r in size]) / whole
        for k in size
    ]
    cofactor = [
        [
            (-1) ** (r + c)
            * determinant([[normal[i][j] for j in size if j != r] for i in size if i != c])
            / whole
            for c in size
        ]
        for r in size
    ]
    return solved, cofactor


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    ("order", "lowest", "weighted"), [(1, 0, False), (2, 0, True), (2, 1, False), (3, 0, False), (3, 1, True)]
)
def test_curves_and_their_covariance_by_determinants(seed, order, lowest, weighted):
    rng = random.Random(f"{seed}{order}{lowest}")
    count, powers = order + 4, range(lowest, order + 1)
    x = [Fraction(k, 4) for k in rng.sample(range(-40, 40), count)]
    y = [Fraction(rng.randrange(-400, 400), 16) for _ in x]
    u = [Fraction(rng.randrange(1, 9), 8) for _ in x] if weighted else [Fraction(1)] * count
    start = Fraction(rng.randrange(-8, 8), 2)
    shifted = [p - start for p in x]
    solved, inverse = by_cramer(shifted, y, [1 / v**2 for v in u], powers)
    residuals = [
        q - sum(b * p**j for b, j in zip(solved, powers, strict=True))
        for p, q in zip(shifted, y, strict=True)
    ]
    found = fit_curve(
        [float(p) for p in x],
        [float(q) for q in y],
        order=order,
        lowest_power=lowest,
        reference_point=float(start),
        uncertainties=[float(v) for v in u] if weighted else None,
    )
    degrees = count - len(powers)
    squares = sum(r * r for r in residuals)
    assert found.coefficients == pytest.approx([float(b) for b in solved], rel=1e-14, abs=1e-300)
    assert found.residual_standard_deviation == pytest.approx(math.sqrt(squares / degrees), rel=1e-14)
    scale = 1 if weighted else squares / degrees
    assert np.array(found.covariance) == pytest.approx(
        np.array([[float(scale * cell) for cell in line] for line in inverse]), rel=1e-13
    )
    chi = sum((r / v) ** 2 for r, v in zip(residuals, u, strict=True))
    assert found.chi_squared == (pytest.approx(float(chi), rel=1e-13) if weighted else None)
    at = [(Fraction(3) - start) ** j for j in powers]
    variance = sum(a * b * scale * inverse[i][j] for i, a in enumerate(at) for j, b in enumerate(at))
    predicted = found.predict(3.0)
    assert predicted.standard_uncertainty == pytest.approx(math.sqrt(variance), rel=1e-9)
    assert predicted.value == pytest.approx(
        float(sum(b * a for b, a in zip(solved, at, strict=True))), rel=1e-10
    )


@given(
    st.fractions(-5, 5, max_denominator=64),
    st.fractions(Fraction(1, 64), 5, max_denominator=64),
    st.fractions(0, 5, max_denominator=64),
    st.integers(0, 4000),
)
def test_the_value_of_a_day_in_fractions(rate, u, u_rate, days):
    found = value_on_day(10.0, float(u), days, DriftRate(float(rate), float(u_rate)), instability=0.25)
    assert found.value == pytest.approx(float(10 + rate * days), rel=1e-13, abs=1e-12)
    assert found.standard_uncertainty**2 == pytest.approx(
        float(u**2 + (days * u_rate) ** 2 + Fraction(1, 16)), rel=1e-13
    )
