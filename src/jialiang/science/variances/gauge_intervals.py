"""How sure a crossed gauge study is: χ² intervals of its standard deviations, with Satterthwaite's ν for GRR."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import chdtri

from jialiang.science.errors import ParameterNotAllowed
from jialiang.science.variances.gauge import CrossedStudy

Ends = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sureness:
    """Intervals of s of repetitions and of GRR, ν of GRR, and the categories at the ends of the latter.

    ``categories`` takes the standard deviation of the parts as it was found: it tells what the width of GRR alone
    leaves open.
    """

    repeatability: Ends
    gauge: Ends
    gauge_degrees: float
    categories: tuple[int, int]


def deviation_interval(found: float, degrees: float, confidence: float) -> Ends:
    """Return the ends of σ for s with ν: s √(ν/χ²), the tails alike. Raises ParameterNotAllowed."""
    if not 0 < confidence < 1:
        raise ParameterNotAllowed(parameter="confidence", given=confidence, allowed="0 < p < 1")
    tail = (1 - confidence) / 2
    low, high = (found * math.sqrt(degrees / float(chdtri(degrees, point))) for point in (tail, 1 - tail))
    return low, high


def sureness(study: CrossedStudy, *, confidence: float = 0.95) -> Sureness:
    """Return the intervals of a study; all deviations from their means are taken as normal."""
    error = study.table[-1]
    degrees = gauge_degrees(study)
    gauge = deviation_interval(study.gauge, degrees, confidence)
    return Sureness(
        repeatability=deviation_interval(study.repeatability, error.degrees_of_freedom, confidence),
        gauge=gauge,
        gauge_degrees=degrees,
        categories=(study.categories_at(gauge[1]), study.categories_at(gauge[0])),
    )


def gauge_degrees(study: CrossedStudy) -> float:
    """Return ν of GRR² as the sum of mean squares that it was made of: (Σ a MS)² / Σ (a MS)²/ν."""
    terms = [
        (weight * effect.mean_square, effect.degrees_of_freedom)
        for weight, effect in zip(_weights(study), study.table[1:], strict=True)
        if weight
    ]
    return math.fsum(part for part, _ in terms) ** 2 / math.fsum(part**2 / nu for part, nu in terms)


def _weights(study: CrossedStudy) -> tuple[float, float, float]:
    """The factors of the mean squares of operators, interaction and repetitions in GRR²."""
    parts, operators, interaction, error = (effect.degrees_of_freedom for effect in study.table)
    cells = (parts + 1) * (operators + 1)
    count = parts + operators + error + 1 + (0 if study.interaction_pooled else interaction)
    trials = count / cells
    of_operators = 1 / ((parts + 1) * trials) if study.operators else 0.0
    if study.interaction_pooled:
        return of_operators, 0.0, 1 - of_operators
    of_interaction = 1 / trials if study.interaction else 0.0
    return of_operators, of_interaction - of_operators, 1 - of_interaction
