"""Gauge studies: crossed parts × operators (repeatability and reproducibility) and nested levels of time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import fdtrc

from jialiang.science.distributions import require_positive
from jialiang.science.errors import LengthsDiffer, ParameterNotAllowed, TooFewObservations
from jialiang.science.solving import Floats, ModelUnsuitable

Study = Sequence[Sequence[Sequence[float]]]
STUDY_SPREAD = 6.0
_CATEGORIES = math.sqrt(2)


@dataclass(frozen=True, slots=True)
class Effect:
    """A line of the table: sum of squares, ν, mean square, F and its probability (None for the last line)."""

    name: str
    sum_of_squares: float
    degrees_of_freedom: int
    f_ratio: float | None = None
    probability: float | None = None

    @property
    def mean_square(self) -> float:
        """Sum of squares over ν."""
        return self.sum_of_squares / self.degrees_of_freedom if self.degrees_of_freedom else 0.0


@dataclass(frozen=True, slots=True)
class CrossedStudy:
    """Standard deviations of a crossed study; the interaction is pooled where it is not significant."""

    repeatability: float
    operators: float
    interaction: float
    parts: float
    table: tuple[Effect, ...]
    interaction_pooled: bool

    @property
    def reproducibility(self) -> float:
        """Operators and their interaction with parts."""
        return math.hypot(self.operators, self.interaction)

    @property
    def gauge(self) -> float:
        """Repeatability and reproducibility (GRR)."""
        return math.hypot(self.repeatability, self.reproducibility)

    @property
    def total(self) -> float:
        """Gauge and parts."""
        return math.hypot(self.gauge, self.parts)

    @property
    def distinct_categories(self) -> int:
        """√2 · parts/gauge, cut to a whole number, at least 1."""
        return self.categories_at(self.gauge)

    def categories_at(self, gauge: float) -> int:
        """Return how many categories the parts of this study would have with another GRR."""
        return max(1, math.floor(_CATEGORIES * self.parts / gauge)) if gauge else 0

    def share_of_tolerance(self, tolerance: float) -> float:
        """Return 6 GRR over the width of the tolerance."""
        require_positive("tolerance", tolerance)
        return STUDY_SPREAD * self.gauge / tolerance


def crossed_study(study: Study, *, pooling_from: float = 0.25) -> CrossedStudy:
    """Evaluate ``study[part][operator][trial]``: two or more of each, all cells alike, by analysis of variance.

    The interaction is pooled with the repeatability where its probability exceeds ``pooling_from``.
    """
    if not 0 <= pooling_from <= 1:
        raise ParameterNotAllowed(parameter="alpha", given=pooling_from, allowed="0 … 1")
    cells = _cells(study)
    parts, operators, trials = cells.shape
    squares = _sums_of_squares(cells)
    dof = (parts - 1, operators - 1, (parts - 1) * (operators - 1), parts * operators * (trials - 1))
    interaction = _tested("interaction", squares[2], dof[2], squares[3], dof[3])
    pooled = interaction.probability is not None and interaction.probability > pooling_from
    error = (squares[2] + squares[3], dof[2] + dof[3]) if pooled else (squares[3], dof[3])
    against = error if pooled else (squares[2], dof[2])
    part = _tested("parts", squares[0], dof[0], *against)
    operator = _tested("operators", squares[1], dof[1], *against)
    within, base = error[0] / error[1], against[0] / against[1]
    table = (part, operator, interaction, Effect("repeatability", *error))
    return CrossedStudy(
        repeatability=math.sqrt(within),
        operators=_root(operator.mean_square - base, parts * trials),
        interaction=0.0 if pooled else _root(base - within, trials),
        parts=_root(part.mean_square - base, operators * trials),
        table=table,
        interaction_pooled=pooled,
    )


@dataclass(frozen=True, slots=True)
class NestedStudy:
    """Levels of a check standard study: s1 of a repetition, s2 of a day's mean, s3 of a run's mean, and their ν.

    ``days`` and ``runs`` are the components √(s2² - s1²/J) and √(s3² - s2²/K), 0 where negative.
    """

    levels: tuple[float, float, float]
    degrees: tuple[int, int, int]
    days: float
    runs: float

    def standard_deviation(self, *, repetitions: int, days: int = 1, runs: int = 1) -> float:
        """Return s of a result averaged over so many repetitions a day, days a run, and runs."""
        for name, count in (("repetitions", repetitions), ("days", days), ("runs", runs)):
            if count < 1:
                raise ParameterNotAllowed(parameter=name, given=count, allowed="≥ 1")
        return math.hypot(
            self.runs / math.sqrt(runs),
            self.days / math.sqrt(runs * days),
            self.levels[0] / math.sqrt(runs * days * repetitions),
        )


def nested_study(study: Study) -> NestedStudy:
    """Evaluate ``study[run][day][repetition]`` of one check standard: two or more of each level."""
    cells = _cells(study)
    runs, days, repetitions = cells.shape
    day_means, run_means = cells.mean(axis=2), cells.mean(axis=(1, 2))
    degrees = (runs * days * (repetitions - 1), runs * (days - 1), runs - 1)
    s1 = math.sqrt(float(np.sum((cells - day_means[:, :, None]) ** 2)) / degrees[0])
    s2 = math.sqrt(float(np.sum((day_means - run_means[:, None]) ** 2)) / degrees[1])
    s3 = math.sqrt(float(np.sum((run_means - run_means.mean()) ** 2)) / degrees[2])
    return NestedStudy(
        (s1, s2, s3), degrees, _root(s2**2 - s1**2 / repetitions, 1), _root(s3**2 - s2**2 / days, 1)
    )


def _cells(study: Study) -> Floats:
    shapes = {len(row) for row in study}
    inner = {len(cell) for row in study for cell in row}
    for found in (shapes, inner):
        if len(found) > 1:
            raise LengthsDiffer(first=min(found), second=max(found))
    smallest = min(len(study), *shapes, *inner) if study else 0
    if smallest < 2:
        raise TooFewObservations(needed=2, given=smallest)
    cells = np.asarray(study, dtype=float)
    shifted: Floats = cells - cells.flat[0]  # variances do not change, and digits are kept
    return shifted


def _sums_of_squares(cells: Floats) -> tuple[float, float, float, float]:
    parts, operators, trials = cells.shape
    grand = cells.mean()
    by_part, by_operator, by_cell = cells.mean(axis=(1, 2)), cells.mean(axis=(0, 2)), cells.mean(axis=2)
    of_parts = operators * trials * float(np.sum((by_part - grand) ** 2))
    of_operators = parts * trials * float(np.sum((by_operator - grand) ** 2))
    rest = by_cell - by_part[:, None] - by_operator[None, :] + grand
    within = float(np.sum((cells - by_cell[:, :, None]) ** 2))
    if within == 0:
        raise ModelUnsuitable(model="gauge study", reason="s = 0")
    return of_parts, of_operators, trials * float(np.sum(rest**2)), within


def _tested(name: str, squares: float, dof: int, against: float, dof_against: int) -> Effect:
    base = against / dof_against
    if base == 0:
        return Effect(name, squares, dof)
    ratio = squares / dof / base
    return Effect(name, squares, dof, ratio, float(fdtrc(dof, dof_against, ratio)))


def _root(difference: float, count: int) -> float:
    return math.sqrt(max(difference, 0.0) / count)
