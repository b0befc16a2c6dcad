"""What better inputs bring, computed from the budget by hand: sums of squares, and the laws of any linear budget."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.improvements import improvements
from jialiang.science.documents.reading import read_document

linear = st.lists(st.tuples(st.integers(-9, 9).filter(bool), st.integers(1, 40)), min_size=1, max_size=6)


def evaluation(rows, *, dofs=None, **options):
    names = [f"x{k}" for k in range(len(rows))]
    expr = " + ".join(f"({c})*{name}" for name, (c, _) in zip(names, rows, strict=True))
    inputs = [{"name": name, "mean": 1, "u": u / 8} for name, (_, u) in zip(names, rows, strict=True)]
    for item, nu in zip(inputs, dofs or [], strict=False):
        item["dof"] = nu
    return evaluate_document(
        read_document(
            {
                "model": {"expr": {"y": expr}},
                "inputs": inputs,
                "settings": {"method": "lpu", "validate": False, **options},
            }
        )
    )


@settings(max_examples=50)
@given(linear, st.sampled_from([0.0, 0.1, 0.5, 0.9]))
def test_a_linear_budget_by_sums_of_squares(rows, factor):
    found = improvements(evaluation(rows, coverage_factor=2), factor=factor)["y"]
    parts = {f"x{k}": (c * u / 8) ** 2 for k, (c, u) in enumerate(rows)}
    total = sum(parts.values())
    assert {each.symbols for each in found} == {(name,) for name in parts}
    for each in found:
        (name,) = each.symbols
        left = total - parts[name] * (1 - factor**2)
        assert each.share == pytest.approx(parts[name] / total)
        assert each.standard_uncertainty == pytest.approx(math.sqrt(max(left, 0)), abs=1e-9)
        assert each.expanded_uncertainty == pytest.approx(2 * math.sqrt(max(left, 0)), abs=1e-9)
        assert each.gain == pytest.approx(1 - math.sqrt(max(left, 0) / total), abs=1e-9)
    sizes = [each.expanded_uncertainty for each in found]
    assert sizes == sorted(sizes)


@pytest.mark.parametrize("nu", [[4, 30], [9, 9], [3, 200]])
@pytest.mark.parametrize("factor", [0.25, 0.5, 0.8])
@pytest.mark.parametrize("rule", ["real", "truncate"])
def test_k_follows_the_new_degrees_of_freedom(nu, factor, rule):
    rows = [(1, 8), (2, 6)]
    found = improvements(evaluation(rows, dofs=nu, degrees_of_freedom_rule=rule), factor=factor)["y"]
    sizes = [abs(c) * u / 8 for c, u in rows]
    for each in found:
        place = int(each.symbols[0][1:])
        new = [s * (factor if k == place else 1) for k, s in enumerate(sizes)]
        u = math.hypot(*new)
        effective = u**4 / sum(s**4 / n for s, n in zip(new, nu, strict=True))
        used = effective if rule == "real" else math.floor(float(f"{effective:.3g}"))
        assert each.standard_uncertainty == pytest.approx(u)
        assert each.expanded_uncertainty == pytest.approx(u * float(stats.t.ppf(0.975, used)), rel=1e-9)


@settings(max_examples=30)
@given(linear, st.floats(0.05, 0.95))
def test_gains_do_not_depend_on_the_unit(rows, factor):
    plain = improvements(evaluation(rows, coverage_factor=2), factor=factor)["y"]
    tripled = improvements(evaluation([(c * 3, u) for c, u in rows], coverage_factor=2), factor=factor)["y"]
    assert sorted(each.gain for each in tripled) == pytest.approx(
        sorted(each.gain for each in plain), abs=1e-9
    )
    assert all(0 <= each.gain <= 1 for each in plain)
