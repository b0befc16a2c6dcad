"""A whole comparison round: the assigned value, every participant's scores, and what the report says of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from jialiang.science.comparisons.consistent_mean import weighted_mean
from jialiang.science.comparisons.robust import algorithm_a
from jialiang.science.comparisons.scores import (
    Score,
    en_score,
    prefers_zprime,
    z_score,
    zeta_score,
    zprime_score,
)
from jialiang.science.errors import DuplicateSymbol, TooFewObservations

AssignedBy = Literal["reference", "algorithm-a", "weighted-mean"]


@dataclass(frozen=True, slots=True)
class Participation:
    """What a participant reported: code, value, and U with its k if it gave one."""

    code: str
    x: float
    expanded_uncertainty: float | None = None
    coverage_factor: float = 2.0

    @property
    def standard_uncertainty(self) -> float | None:
        """U/k, None where none was reported."""
        return None if self.expanded_uncertainty is None else self.expanded_uncertainty / self.coverage_factor


@dataclass(frozen=True, slots=True)
class AssignedValue:
    """The assigned value with its standard uncertainty, how it was found, and U where a laboratory stated it.

    E_n takes the stated U; without one it takes u by the participant's own coverage factor.
    """

    x: float
    standard_uncertainty: float
    by: AssignedBy
    expanded_uncertainty: float | None = None


@dataclass(frozen=True, slots=True)
class ScoredParticipation:
    """A participation with every score that its data allow."""

    participation: Participation
    scores: tuple[Score, ...]


@dataclass(frozen=True, slots=True)
class RoundReport:
    """The assigned value, all scored participations in order, and per score how many got which verdict."""

    assigned: AssignedValue
    sigma_pt: float | None
    rows: tuple[ScoredParticipation, ...]

    @property
    def summary(self) -> dict[str, dict[str, int]]:
        """Counts of verdicts by score name."""
        found: dict[str, Counter[str]] = {}
        for score in (score for row in self.rows for score in row.scores):
            found.setdefault(score.name, Counter())[score.verdict] += 1
        return {name: dict(counts) for name, counts in found.items()}


def assigned_value(participations: Sequence[Participation], by: AssignedBy) -> AssignedValue:
    """Return the consensus of the participants: Algorithm A, or the mean weighted by 1/u² of those with a U."""
    if by == "algorithm-a":
        robust = algorithm_a([each.x for each in participations])
        return AssignedValue(robust.mean, robust.standard_uncertainty, by)
    stated = [(each.x, u) for each in participations if (u := each.standard_uncertainty)]
    if len(stated) < 2:
        raise TooFewObservations(needed=2, given=len(stated))
    mean = weighted_mean([x for x, _ in stated], [u for _, u in stated])
    return AssignedValue(mean.mean, mean.external_uncertainty, "weighted-mean")


def score_round(
    participations: Sequence[Participation], assigned: AssignedValue, *, sigma_pt: float | None = None
) -> RoundReport:
    """Score everyone: E_n and ζ where a U was reported, z or z′ where σ_pt is set."""
    if not participations:
        raise TooFewObservations(needed=1, given=0)
    codes = Counter(each.code for each in participations)
    for code, times in codes.items():
        if times > 1:
            raise DuplicateSymbol(symbol=code)
    rows = tuple(ScoredParticipation(each, _scores(each, assigned, sigma_pt)) for each in participations)
    return RoundReport(assigned, sigma_pt, rows)


def _scores(each: Participation, assigned: AssignedValue, sigma_pt: float | None) -> tuple[Score, ...]:
    found: list[Score] = []
    u, u_ref = each.standard_uncertainty, assigned.standard_uncertainty
    if u is not None and each.expanded_uncertainty is not None and math.hypot(u, u_ref) > 0:
        stated = assigned.expanded_uncertainty
        expanded_ref = each.coverage_factor * u_ref if stated is None else stated
        found.append(en_score(each.x, each.expanded_uncertainty, assigned.x, expanded_ref))
        found.append(zeta_score(each.x, u, assigned.x, u_ref))
    if sigma_pt is not None:
        found.append(z_score(each.x, assigned.x, sigma_pt))
        if prefers_zprime(sigma_pt, u_ref):
            found.append(zprime_score(each.x, assigned.x, sigma_pt, u_ref))
    return tuple(found)
