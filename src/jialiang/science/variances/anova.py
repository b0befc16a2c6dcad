"""One-way analysis of variance of equal groups (GUM H.5): is there more between groups than within them allows?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import fdtrc, fdtri

from jialiang.science.errors import LengthsDiffer, ParameterNotAllowed, TooFewObservations
from jialiang.science.type_a import repeatability


@dataclass(frozen=True, slots=True)
class OneWay:
    """J groups of K observations, by their means and standard deviations.

    ``within`` is s_b, the pooled standard deviation of one observation; ``from_means`` is s_a = √K s(means),
    the same standard deviation estimated from the group means.
    """

    grand_mean: float
    groups: int
    per_group: int
    sd_of_means: float
    within: float

    @property
    def from_means(self) -> float:
        """s_a = √K s(group means)."""
        return math.sqrt(self.per_group) * self.sd_of_means

    @property
    def degrees_between(self) -> int:
        """J - 1."""
        return self.groups - 1

    @property
    def degrees_within(self) -> int:
        """J (K - 1)."""
        return self.groups * (self.per_group - 1)

    @property
    def f_ratio(self) -> float:
        """F = s_a²/s_b²; infinite where the groups do not scatter within."""
        return (self.from_means / self.within) ** 2 if self.within else math.inf

    @property
    def probability(self) -> float:
        """Pr(F > observed) if all groups have one mean."""
        if math.isinf(self.f_ratio):
            return 0.0
        return float(fdtrc(self.degrees_between, self.degrees_within, self.f_ratio))

    def critical(self, probability: float = 0.95) -> float:
        """Return the quantile of F(J - 1, J (K - 1))."""
        if not 0 < probability < 1:
            raise ParameterNotAllowed(parameter="p", given=probability, allowed="0 < p < 1")
        return float(fdtri(self.degrees_between, self.degrees_within, probability))

    @property
    def between(self) -> float:
        """s_B = √((s_a² - s_b²)/K), 0 where the difference is negative."""
        return math.sqrt(max(self.from_means**2 - self.within**2, 0.0) / self.per_group)

    @property
    def u_of_mean(self) -> tuple[float, int]:
        """u and ν of the grand mean if groups differ: s(means)/√J, J - 1."""
        return self.sd_of_means / math.sqrt(self.groups), self.degrees_between

    @property
    def u_of_mean_if_pooled(self) -> tuple[float, int]:
        """u and ν of the grand mean if they do not: s of all observations over √(JK), JK - 1."""
        count = self.groups * self.per_group
        squares = self.degrees_between * self.from_means**2 + self.degrees_within * self.within**2
        return math.sqrt(squares / (count - 1) / count), count - 1


def one_way_of_summaries(means: Sequence[float], deviations: Sequence[float], per_group: int) -> OneWay:
    """Evaluate groups known by mean and standard deviation (n - 1), all of ``per_group`` observations."""
    if len(means) != len(deviations):
        raise LengthsDiffer(first=len(means), second=len(deviations))
    if per_group < 2:
        raise TooFewObservations(needed=2, given=per_group)
    of_means = repeatability(means)
    within = math.sqrt(math.fsum(s**2 for s in deviations) / len(deviations))
    return OneWay(of_means.mean, len(means), per_group, of_means.standard_deviation, within)


def one_way(groups: Sequence[Sequence[float]]) -> OneWay:
    """Evaluate at least two groups of equally many observations."""
    if len(groups) < 2:
        raise TooFewObservations(needed=2, given=len(groups))
    for group in groups:
        if len(group) != len(groups[0]):
            raise LengthsDiffer(first=len(groups[0]), second=len(group))
    found = [repeatability(group) for group in groups]
    return one_way_of_summaries(
        [f.mean for f in found], [f.standard_deviation for f in found], len(groups[0])
    )
