"""The distribution behind a Monte Carlo validation, drawn again from the stored budget and seed for its picture.

The evaluation keeps only what the validation found. Budget, seed and number of draws give the same draws again
(GUM-S1, 7.2: enough to repeat the calculation), so the columns need not be stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from jialiang.science.budget import budget_from_plain
from jialiang.science.propagation import linear_model
from jialiang.science.sampling import Sampler

COLUMNS = 48
REACH = 4.0  # standard uncertainties on either side


@dataclass(frozen=True, slots=True)
class SimulatedDistribution:
    """Columns of equal width (``len(edges) == len(densities) + 1``), and both intervals, in the unit of the result."""

    edges: tuple[float, ...]
    densities: tuple[float, ...]
    estimate: float
    uncertainty: float
    simulated: tuple[float, float]
    propagated: tuple[float, float]
    draws: int


def simulated_distribution(point: dict[str, Any]) -> SimulatedDistribution | None:
    """Return the distribution of one point of an evaluation, None where it was not validated by Monte Carlo."""
    found = point["monte_carlo"]
    if not found:
        return None
    budget = budget_from_plain(point["budget"])
    values = linear_model(budget)(**Sampler(budget, int(found["seed"])).draw(int(found["draws"])))
    estimate, uncertainty = float(point["deviation_exact"]), float(point["combined_standard_uncertainty"])
    reach = REACH * uncertainty
    counts, edges = np.histogram(values, bins=COLUMNS, range=(estimate - reach, estimate + reach))
    densities = counts / (int(found["draws"]) * (edges[1] - edges[0]))
    return SimulatedDistribution(
        edges=tuple(float(edge) for edge in edges),
        densities=tuple(float(density) for density in densities),
        estimate=estimate,
        uncertainty=uncertainty,
        simulated=(float(found["simulated_low"]), float(found["simulated_high"])),
        propagated=(float(found["propagated_low"]), float(found["propagated_high"])),
        draws=int(found["draws"]),
    )
