"""Analyses of variance written out in fractions, with probabilities of F by the incomplete beta function of mpmath."""

import itertools
import math
import random
from fractions import Fraction

import mpmath
import pytest

from jialiang.science.variances.anova import one_way
from jialiang.science.variances.effective_degrees import welch_satterthwaite
from jialiang.science.variances.gauge import crossed_study, nested_study


def beyond_f(ratio, nu1, nu2):
    """Pr(F > ratio), at thirty digits."""
    with mpmath.workdps(30):
        x = mpmath.mpf(nu2) / (nu2 + nu1 * mpmath.mpf(float(ratio)))
        return float(mpmath.betainc(mpmath.mpf(nu2) / 2, mpmath.mpf(nu1) / 2, 0, x, regularized=True))


def mean(values):
    values = list(values)
    return sum(values, Fraction(0)) / len(values)


def as_floats(study):
    return [[[float(x) for x in cell] for cell in row] for row in study]


def study_of(seed, shape, spreads):
    """Ticks of a sixteenth: an effect of the first level, of the second, of their cell, and of each reading."""
    rng = random.Random(seed)
    first, second, cell, own = spreads
    rows = [rng.randint(-first, first) for _ in range(shape[0])]
    columns = [rng.randint(-second, second) for _ in range(shape[1])]
    return [
        [
            [
                Fraction(row + column + joint + rng.randint(-own, own), 16)
                for joint in [rng.randint(-cell, cell)] * shape[2]
            ]
            for column in columns
        ]
        for row in rows
    ]


SHAPES = [(2, 2, 2), (5, 3, 2), (3, 2, 4), (10, 3, 3)]
SPREADS = [(100, 20, 0, 8), (40, 0, 30, 8), (0, 50, 10, 16), (10, 10, 10, 10)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("spreads", SPREADS)
@pytest.mark.parametrize("pooling", [0.0, 0.25, 1.0])
def test_a_crossed_study_in_fractions(shape, spreads, pooling):
    study = study_of(str((shape, spreads)), shape, spreads)
    p, o, t = shape
    grand = mean(x for row in study for cell in row for x in cell)
    of_part = [mean(x for cell in row for x in cell) for row in study]
    of_operator = [mean(x for row in study for x in row[k]) for k in range(o)]
    of_cell = [[mean(cell) for cell in row] for row in study]
    squares = {
        "parts": o * t * sum((m - grand) ** 2 for m in of_part),
        "operators": p * t * sum((m - grand) ** 2 for m in of_operator),
        "interaction": t
        * sum(
            (of_cell[i][k] - of_part[i] - of_operator[k] + grand) ** 2
            for i, k in itertools.product(range(p), range(o))
        ),
        "repeatability": sum(
            (x - of_cell[i][k]) ** 2 for i in range(p) for k in range(o) for x in study[i][k]
        ),
    }
    degrees = {
        "parts": p - 1,
        "operators": o - 1,
        "interaction": (p - 1) * (o - 1),
        "repeatability": p * o * (t - 1),
    }
    found = crossed_study(as_floats(study), pooling_from=pooling)
    table = {effect.name: effect for effect in found.table}
    error, nu = squares["repeatability"], degrees["repeatability"]
    ratio = squares["interaction"] / degrees["interaction"] / (error / nu)
    chance = beyond_f(ratio, degrees["interaction"], nu)
    assert table["interaction"].f_ratio == pytest.approx(float(ratio), rel=1e-10, abs=1e-12)
    assert table["interaction"].probability == pytest.approx(chance, rel=1e-8)
    assert found.interaction_pooled == (chance > pooling)
    if found.interaction_pooled:
        error, nu = error + squares["interaction"], nu + degrees["interaction"]
        base = error / nu
    else:
        base = squares["interaction"] / degrees["interaction"]
    assert table["repeatability"].sum_of_squares == pytest.approx(float(error), rel=1e-11)
    assert table["repeatability"].degrees_of_freedom == nu
    for name in ("parts", "operators"):
        wanted = squares[name] / degrees[name] / base
        assert table[name].f_ratio == pytest.approx(float(wanted), rel=1e-9, abs=1e-12)
        nu2 = nu if found.interaction_pooled else degrees["interaction"]
        assert table[name].probability == pytest.approx(beyond_f(wanted, degrees[name], nu2), rel=1e-8)
    variances = {
        "repeatability": error / nu,
        "operators": max(Fraction(0), squares["operators"] / degrees["operators"] - base) / (p * t),
        "parts": max(Fraction(0), squares["parts"] / degrees["parts"] - base) / (o * t),
        "interaction": Fraction(0) if found.interaction_pooled else max(Fraction(0), base - error / nu) / t,
    }
    for name, variance in variances.items():
        assert getattr(found, name) ** 2 == pytest.approx(float(variance), rel=1e-9, abs=1e-12), name
    gauge = sum(variances.values()) - variances["parts"]
    assert found.gauge**2 == pytest.approx(float(gauge), rel=1e-9)
    assert found.total**2 == pytest.approx(float(gauge + variances["parts"]), rel=1e-9)
    assert found.distinct_categories == max(1, math.isqrt(int(2 * variances["parts"] / gauge)))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("spreads", SPREADS)
def test_a_nested_study_in_fractions(shape, spreads):
    study = study_of(str((spreads, shape)), shape, spreads)
    runs, days, repetitions = shape
    of_day = [[mean(cell) for cell in row] for row in study]
    of_run = [mean(row) for row in of_day]
    grand = mean(of_run)
    degrees = (runs * days * (repetitions - 1), runs * (days - 1), runs - 1)
    squares = (
        sum((x - of_day[r][d]) ** 2 for r in range(runs) for d in range(days) for x in study[r][d]),
        sum((of_day[r][d] - of_run[r]) ** 2 for r in range(runs) for d in range(days)),
        sum((m - grand) ** 2 for m in of_run),
    )
    s1, s2, s3 = (square / nu for square, nu in zip(squares, degrees, strict=True))
    found = nested_study(as_floats(study))
    assert found.degrees == degrees
    assert [s**2 for s in found.levels] == pytest.approx([float(s1), float(s2), float(s3)], rel=1e-10)
    of_days, of_runs = max(Fraction(0), s2 - s1 / repetitions), max(Fraction(0), s3 - s2 / days)
    assert (found.days**2, found.runs**2) == pytest.approx(
        (float(of_days), float(of_runs)), rel=1e-9, abs=1e-12
    )
    wanted = of_runs / 2 + of_days / 6 + s1 / 24
    assert found.standard_deviation(repetitions=4, days=3, runs=2) ** 2 == pytest.approx(
        float(wanted), rel=1e-9
    )


@pytest.mark.parametrize(("groups", "size"), [(2, 2), (3, 5), (6, 4), (10, 5), (25, 2)])
@pytest.mark.parametrize("between", [0, 5, 80])
def test_one_way_in_fractions(groups, size, between):
    rng = random.Random(f"{groups} {size} {between}")
    data = [
        [Fraction(level + rng.randint(-16, 16), 16) + 1000 for _ in range(size)]
        for level in (rng.randint(-between, between) for _ in range(groups))
    ]
    means = [mean(group) for group in data]
    grand = mean(means)
    above = size * sum((m - grand) ** 2 for m in means) / (groups - 1)
    within = sum((x - m) ** 2 for group, m in zip(data, means, strict=True) for x in group) / (
        groups * (size - 1)
    )
    found = one_way([[float(x) for x in group] for group in data])
    assert found.grand_mean == pytest.approx(float(grand), rel=1e-15)
    assert (found.from_means**2, found.within**2) == pytest.approx((float(above), float(within)), rel=1e-9)
    assert found.f_ratio == pytest.approx(float(above / within), rel=1e-9)
    assert found.probability == pytest.approx(
        beyond_f(above / within, groups - 1, groups * (size - 1)), rel=1e-7
    )
    assert found.between**2 == pytest.approx(
        float(max(Fraction(0), above - within) / size), rel=1e-7, abs=1e-12
    )
    count = groups * size
    whole = sum((x - grand) ** 2 for group in data for x in group)
    u, nu = found.u_of_mean_if_pooled
    assert (u**2, nu) == (pytest.approx(float(whole / (count - 1) / count), rel=1e-9), count - 1)
    u, nu = found.u_of_mean
    assert (u**2, nu) == (pytest.approx(float(above / count), rel=1e-9), groups - 1)
    assert beyond_f(found.critical(0.9), groups - 1, groups * (size - 1)) == pytest.approx(0.1, rel=1e-8)


@pytest.mark.parametrize("seed", range(10))
def test_effective_degrees_in_fractions(seed):
    rng = random.Random(seed)
    u = [Fraction(rng.randint(0, 40), 8) + Fraction(1, 8) for _ in range(rng.randint(1, 8))]
    nu = [rng.choice([1, 2, 5, 9, 30, math.inf]) for _ in u]
    combined = sum(v * v for v in u)
    shares = sum(v**4 / n for v, n in zip(u, nu, strict=True) if n != math.inf)
    found = welch_satterthwaite([float(v) for v in u], nu)
    wanted = math.inf if shares == 0 else float(combined**2 / shares)
    assert found == pytest.approx((math.sqrt(combined), wanted), rel=1e-13)
