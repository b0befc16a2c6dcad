"""Type A evaluation in documents: readings of one quantity, groups of readings, simultaneous observations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from scipy.special import fdtri

from jialiang.kernel.text import Text
from jialiang.science.budget import Correlation, InputQuantity
from jialiang.science.distributions import Distribution, Normal, StudentT
from jialiang.science.documents.fields import Fields, as_number
from jialiang.science.errors import BudgetUnreadable, LengthsDiffer, ParameterNotAllowed, TooFewObservations
from jialiang.science.rounding import as_decimal
from jialiang.science.type_a import (
    PooledDeviation,
    Repeatability,
    pooled_deviation,
    repeatability,
    repeatability_with,
)

GROUP = "observations"
_SIGNIFICANCE = 0.95


def read_type_a(entry: Fields) -> tuple[float, Distribution, float | None]:
    """Return mean, distribution and stated ν of an input with ``readings``.

    ``pooled`` (s, dof) brings the scatter of earlier series. Readings in groups (a list of lists) are analysed for
    scatter between the groups. ``type_a: bayesian`` takes the standard deviation of the t-distribution as u, with no
    degrees of freedom left to count (a prior that knows nothing; needs more than three readings).
    """
    found = _evaluated(entry)
    u, nu = found.standard_uncertainty_of_mean, found.degrees_of_freedom
    if u == 0:
        return found.mean, Normal(0.0), nu
    if entry.choice("type_a", ("gum", "bayesian"), "gum") == "bayesian":
        if not nu > 2:
            raise ParameterNotAllowed(parameter="ν", given=nu, allowed="> 2")
        return found.mean, StudentT(u * math.sqrt(nu / (nu - 2)), nu, "standard_deviation"), math.inf
    return found.mean, StudentT(u, nu), nu


def _evaluated(entry: Fields) -> Repeatability:
    rows = entry.listed("readings")
    if rows and isinstance(rows[0], list | tuple):
        return grouped_repeatability([_exact(row, entry.where("readings")) for row in rows])
    readings = _exact(rows, entry.where("readings"))
    if entry.has("pooled"):
        pooled = entry.inside("pooled")
        return repeatability_with(
            PooledDeviation(pooled.needed("s", "sd"), pooled.needed("dof", "nu")), readings
        )
    return repeatability(readings)


def grouped_repeatability(groups: Sequence[Sequence[Fraction]]) -> Repeatability:
    """Return the grand mean of equal groups with the scatter that the analysis of variance calls for (GUM H.5).

    Where the groups differ significantly (F above its 95 % limit), the means of the groups are the observations;
    else all readings are pooled.
    """
    size = _common_size(groups)
    series = [repeatability(group) for group in groups]
    between = repeatability([sum(group, Fraction(0)) / size for group in groups])
    within = pooled_deviation([s.standard_deviation for s in series], [s.degrees_of_freedom for s in series])
    j, k = len(groups), size
    ratio_limit = float(fdtri(j - 1, j * (k - 1), _SIGNIFICANCE))
    if k * between.standard_deviation**2 > ratio_limit * within.standard_deviation**2:
        return between
    squares = (j - 1) * k * between.standard_deviation**2 + j * (k - 1) * within.standard_deviation**2
    pooled = math.sqrt(squares / (j * k - 1))
    return Repeatability(between.mean, pooled, j * k, j * k - 1)


def _common_size(groups: Sequence[Sequence[Fraction]]) -> int:
    sizes = {len(group) for group in groups}
    if len(sizes) > 1:
        raise LengthsDiffer(first=min(sizes), second=max(sizes))
    fewest = min(len(groups), *sizes)
    if fewest < 2:
        raise TooFewObservations(needed=2, given=fewest)
    return sizes.pop()


def read_observations(data: Fields) -> tuple[list[InputQuantity], list[Correlation], dict[str, str]]:
    """Return the means of simultaneous observations, r of their pairs, and their units; they share ν = n - 1."""
    columns, units, rows = _table(data)
    means = [sum(column, Fraction(0)) / len(rows) for column in zip(*rows, strict=True)]
    away = np.array([[float(x - m) for x, m in zip(row, means, strict=True)] for row in rows])
    degrees = len(rows) - 1
    deviations = np.sqrt((away**2).sum(axis=0) / degrees / len(rows))
    items = [
        InputQuantity(
            symbol=name,
            name=Text(en=name),
            unit=unit,
            estimate=float(mean),
            distribution=StudentT(float(u), float(degrees)) if u > 0 else Normal(0.0),
            evaluation="A",
            stated_degrees_of_freedom=float(degrees),
            source=GROUP,
            group=GROUP,
        )
        for name, unit, mean, u in zip(columns, units, means, deviations, strict=True)
    ]
    return items, _correlations(columns, away), dict(zip(columns, units, strict=True))


def _table(data: Fields) -> tuple[list[str], list[str], list[list[Fraction]]]:
    """Return the names of the columns, their units and the rows."""
    columns = [str(name) for name in data.listed("columns", "names")]
    rows = [_exact(row, data.where("rows")) for row in data.listed("rows", "data")]
    if len(rows) < 2:
        raise TooFewObservations(needed=2, given=len(rows))
    units = [str(unit) for unit in data.listed("units")] or [""] * len(columns)
    for width in (*map(len, rows), len(units)):
        if width != len(columns) or width == 0:
            raise LengthsDiffer(first=len(columns), second=width)
    return columns, units, rows


def _correlations(
    columns: Sequence[str], away: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> list[Correlation]:
    size = np.sqrt((away**2).sum(axis=0))
    return [
        Correlation(
            columns[a], columns[b], float(np.clip(away[:, a] @ away[:, b] / (size[a] * size[b]), -1, 1))
        )
        for a in range(len(columns))
        for b in range(a + 1, len(columns))
        if size[a] > 0 and size[b] > 0
    ]


def _exact(given: object, member: str) -> list[Fraction]:
    if not isinstance(given, list | tuple):
        raise BudgetUnreadable(member=member)
    for item in given:
        as_number(item, member)
    return [Fraction(as_decimal(item)) for item in given]
