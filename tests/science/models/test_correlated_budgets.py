"""Correlated inputs and several outputs against linear algebra on derivatives that mpmath takes (GUM equation 13).

Covariance comes in by three doors: coefficients, a matrix, and influences that inputs have in common. All of them have
to give J V Jᵀ, whatever the order in which the inputs stand.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from jialiang.kernel.errors import JialiangError
from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.reading import read_document, with_settings
from jialiang.science.documents.results import result_to_plain

Matrix = np.ndarray


@dataclass(frozen=True)
class Joint:
    """Outputs as texts and once more as functions of mpmath, all of the same inputs in the same order."""

    name: str
    texts: dict[str, str]
    models: dict[str, Callable[..., mpf]]
    inputs: dict[str, tuple[float, float]]


JOINTS = [
    Joint(
        "impedance of three observed quantities",
        {"resistance": "v/i*cos(p)", "reactance": "v/i*sin(p)", "impedance": "v/i"},
        {
            "resistance": lambda v, i, p: v / i * mpmath.cos(p),
            "reactance": lambda v, i, p: v / i * mpmath.sin(p),
            "impedance": lambda v, i, p: v / i,
        },
        {"v": (4.9990, 0.0032), "i": (0.019661, 9.5e-6), "p": (1.04446, 0.00075)},
    ),
    Joint(
        "modulus and phase",
        {"modulus": "hypot(re1, im1)", "phase": "atan2(im1, re1)"},
        {"modulus": lambda a, b: mpmath.sqrt(a**2 + b**2), "phase": lambda a, b: mpmath.atan2(b, a)},
        {"re1": (0.6, 0.01), "im1": (-0.3, 0.02)},
    ),
    Joint(
        "sides of a rectangle",
        {"area": "a*b", "circumference": "2*(a + b)", "diagonal": "sqrt(a**2 + b**2)", "aspect": "a/b"},
        {
            "area": lambda a, b: a * b,
            "circumference": lambda a, b: 2 * (a + b),
            "diagonal": lambda a, b: mpmath.sqrt(a**2 + b**2),
            "aspect": lambda a, b: a / b,
        },
        {"a": (120.0, 0.05), "b": (35.0, 0.04)},
    ),
    Joint(
        "two standards against a third",
        {"first": "x1 - s", "second": "x2 - s", "between": "x1 - x2"},
        {"first": lambda a, b, s: a - s, "second": lambda a, b, s: b - s, "between": lambda a, b, s: a - b},
        {"x1": (10.0003, 2e-4), "x2": (9.9998, 3e-4), "s": (10.0, 1e-4)},
    ),
    Joint(
        "decay through two layers",
        {"transmission": "exp(-m1*d1 - m2*d2)", "optical": "m1*d1 + m2*d2"},
        {
            "transmission": lambda m1, d1, m2, d2: mpmath.exp(-m1 * d1 - m2 * d2),
            "optical": lambda m1, d1, m2, d2: m1 * d1 + m2 * d2,
        },
        {"m1": (0.5, 0.01), "d1": (1.2, 0.01), "m2": (1.7, 0.02), "d2": (0.3, 0.005)},
    ),
    Joint(
        "one output alone",
        {"ratio": "(a - c)/(b - c)"},
        {"ratio": lambda a, b, c: (a - c) / (b - c)},
        {"a": (2.31, 0.004), "b": (1.87, 0.003), "c": (0.02, 0.002)},
    ),
]
SEEDS = range(6)


def correlation_of(count: int, seed: int) -> Matrix:
    """A correlation matrix that chance made: rows of unit length multiplied with one another."""
    chance = random.Random(f"{count}/{seed}")
    rows = np.array([[chance.uniform(-1, 1) for _ in range(count + 1)] for _ in range(count)])
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows @ rows.T


def jacobian(of: Joint) -> Matrix:
    at = tuple(mpf(mean) for mean, _ in of.inputs.values())
    rows = []
    with mpmath.workdps(40):
        for model in of.models.values():
            orders = [tuple(int(k == n) for k in range(len(at))) for n in range(len(at))]
            rows.append([float(mpmath.diff(model, at, order)) for order in orders])
    return np.array(rows)


def covariance_of(of: Joint, correlation: Matrix) -> Matrix:
    u = np.array([u for _, u in of.inputs.values()])
    return correlation * np.outer(u, u)


def document(of: Joint, *, order: list[str] | None = None, **more: Any) -> dict[str, Any]:
    names = order or list(of.inputs)
    inputs = [{"name": name, "mean": of.inputs[name][0], "u": of.inputs[name][1]} for name in names]
    model = {"expr": dict(of.texts), "outputs": list(of.texts)}
    return {"model": model, "inputs": inputs, "settings": {"validate": False}, **more}


def pairs(of: Joint, correlation: Matrix) -> list[list[Any]]:
    names = list(of.inputs)
    indices = itertools.combinations(range(len(names)), 2)
    return [[names[i], names[j], float(correlation[i, j])] for i, j in indices]


def evaluated(given: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return result_to_plain(evaluate_document(with_settings(read_document(given), **changes)))


def matrix_told(of: Joint, plain: dict[str, Any]) -> Matrix:
    names = list(of.texts)
    found = np.eye(len(names))
    for one, other, r in plain["correlation"]:
        i, j = names.index(one), names.index(other)
        found[i, j] = found[j, i] = r
    return found


def check(of: Joint, plain: dict[str, Any], covariance: Matrix, relative: float = 1e-10) -> None:
    slopes = jacobian(of)
    wanted = slopes @ covariance @ slopes.T
    u = np.sqrt(np.diag(wanted))
    told = np.array([plain["outputs"][name]["u"] for name in of.texts])
    assert told == pytest.approx(u, rel=relative)
    if len(of.texts) > 1:
        assert matrix_told(of, plain) == pytest.approx(wanted / np.outer(u, u), abs=10 * relative)
    for row, name in zip(slopes, of.texts, strict=True):
        by_name = {each["name"]: each["sensitivity"] for each in plain["contributions"][name]}
        for slope, source in zip(row, of.inputs, strict=True):
            assert by_name.get(source, 0.0) == pytest.approx(slope, rel=1e-10, abs=1e-13)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("of", JOINTS, ids=lambda each: each.name)
def test_coefficients_give_the_covariance_of_the_outputs(of: Joint, seed: int) -> None:
    correlation = correlation_of(len(of.inputs), seed)
    plain = evaluated(document(of, correlation=pairs(of, correlation)), method="lpu")
    check(of, plain, covariance_of(of, correlation))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("of", JOINTS, ids=lambda each: each.name)
def test_a_matrix_says_what_its_coefficients_say(of: Joint, seed: int) -> None:
    correlation = correlation_of(len(of.inputs), seed)
    as_matrix = {"order": list(of.inputs), "matrix": correlation.tolist()}
    one = evaluated(document(of, correlation=as_matrix), method="lpu")
    other = evaluated(document(of, correlation=pairs(of, correlation)), method="lpu")
    check(of, one, covariance_of(of, correlation))
    for name in of.texts:
        assert one["outputs"][name]["u"] == pytest.approx(other["outputs"][name]["u"], rel=1e-13)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("of", JOINTS, ids=lambda each: each.name)
def test_the_order_of_inputs_and_coefficients_does_not_matter(of: Joint, seed: int) -> None:
    chance, correlation = random.Random(seed), correlation_of(len(of.inputs), seed)
    order = chance.sample(list(of.inputs), len(of.inputs))
    turned = [[b, a, r] if chance.random() < 0.5 else [a, b, r] for a, b, r in pairs(of, correlation)]
    chance.shuffle(turned)
    straight = evaluated(document(of, correlation=pairs(of, correlation)), method="lpu")
    mixed = evaluated(document(of, order=order, correlation=turned), method="lpu")
    for name in of.texts:
        for member in ("value", "u", "k", "U"):
            wanted = straight["outputs"][name][member]
            assert mixed["outputs"][name][member] == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("r", [-1.0, -0.5, 0.0, 0.5, 1.0])
@pytest.mark.parametrize("of", [each for each in JOINTS if len(each.inputs) == 2], ids=lambda each: each.name)
def test_two_inputs_from_full_to_no_correlation(of: Joint, r: float) -> None:
    names, correlation = list(of.inputs), np.array([[1, r], [r, 1]])
    plain = evaluated(document(of, correlation=[[*names, r]]), method="lpu")
    slopes, u = jacobian(of), [u for _, u in of.inputs.values()]
    for row, name in zip(slopes, of.texts, strict=True):
        a, b = row[0] * u[0], row[1] * u[1]
        wanted = math.sqrt(max(a * a + b * b + 2 * r * a * b, 0.0))
        assert plain["outputs"][name]["u"] == pytest.approx(wanted, rel=1e-7, abs=1e-9 * (abs(a) + abs(b)))
    if abs(r) < 1:
        check(of, plain, covariance_of(of, correlation))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("of", JOINTS, ids=lambda each: each.name)
def test_influences_in_common_are_covariance_by_another_name(of: Joint, seed: int) -> None:
    chance = random.Random(seed)
    on = {name: chance.choice([-1, -0.5, 0.25, 1]) * u for name, (_, u) in of.inputs.items()}
    given = document(of, common_influences=[{"name": "shared", "on": on}])
    given["inputs"].append({"name": "shared", "mean": 0, "u": 1})
    plain = evaluated(given, method="lpu")
    own = np.diag([u**2 for _, u in of.inputs.values()])
    moved = np.array(list(on.values()))
    slopes = jacobian(of)
    wanted = slopes @ (own + np.outer(moved, moved)) @ slopes.T
    for k, name in enumerate(of.texts):
        assert plain["outputs"][name]["u"] == pytest.approx(math.sqrt(wanted[k, k]), rel=1e-10)
    if len(of.texts) > 1:
        spread = np.sqrt(np.diag(wanted))
        assert matrix_told(of, plain) == pytest.approx(wanted / np.outer(spread, spread), abs=1e-9)


@pytest.mark.parametrize("of", JOINTS, ids=lambda each: each.name)
def test_draws_of_correlated_inputs_agree_with_the_law_where_models_are_nearly_straight(of: Joint) -> None:
    correlation = correlation_of(len(of.inputs), 1)
    given = document(of, correlation=pairs(of, correlation))
    drawn = evaluated(given, method="mc", draws=60_000, seed=20260616)
    wanted = jacobian(of) @ covariance_of(of, correlation) @ jacobian(of).T
    for k, name in enumerate(of.texts):
        assert drawn["outputs"][name]["u"] == pytest.approx(math.sqrt(wanted[k, k]), rel=0.02)
    if len(of.texts) > 1:
        spread = np.sqrt(np.diag(wanted))
        assert matrix_told(of, drawn) == pytest.approx(wanted / np.outer(spread, spread), abs=0.02)


INDEFINITE = [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]
NO_CORRELATIONS = [
    (INDEFINITE, "JL-UNC-014", "cannot hold together"),
    ([[1, 1.2, 0], [1.2, 1, 0], [0, 0, 1]], "JL-UNC-014", "r(v, i) = 1.2"),
    ([[1, 0.5, 0], [0.4, 1, 0], [0, 0, 1]], "JL-UNC-014", "v–i: 0.5 ≠ 0.4"),
    ([[0.9, 0, 0], [0, 1, 0], [0, 0, 1]], "JL-UNC-014", "v–v: 0.9 ≠ 1"),
    ([[1, 0], [0, 1]], "JL-UNC-008", "2 and 3"),
]


@pytest.mark.parametrize(("matrix", "code", "said"), NO_CORRELATIONS)
def test_what_is_no_correlation_matrix_is_refused(matrix: list[list[float]], code: str, said: str) -> None:
    given = document(JOINTS[0], correlation={"order": list(JOINTS[0].inputs), "matrix": matrix})
    with pytest.raises(JialiangError) as refused:
        evaluated(given, method="lpu")
    assert refused.value.code == code
    assert said in refused.value.what.en
