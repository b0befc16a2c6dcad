"""The distribution of an output of a budget document, drawn for its picture from the budget and its seed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jialiang.information.simulated_distribution import COLUMNS, SimulatedDistribution
from jialiang.science.coverage_intervals import symmetric_interval
from jialiang.science.documents.evaluating import DocumentEvaluation, OutputEvaluation
from jialiang.science.sampling import Sampler

DRAWS = 100_000
_CHUNK = 1 << 14
_LEFT_OUT = 0.0005
"""Share of the draws on either side that the columns may leave out, so that far tails do not squash the rest."""


def output_distributions(evaluation: DocumentEvaluation) -> dict[str, SimulatedDistribution]:
    """Return the distribution of every output by name; outputs with u = 0 or draws that are no numbers have none."""
    drawn = _drawn(evaluation)
    found = {}
    for row, (name, output) in zip(drawn, evaluation.outputs.items(), strict=True):
        if output.standard_uncertainty > 0 and np.isfinite(row).all() and row.min() < row.max():
            found[name] = _of_output(evaluation, output, np.sort(row))
    return found


def _drawn(evaluation: DocumentEvaluation) -> NDArray[np.float64]:
    document = evaluation.document
    sampler = Sampler(document.budget, evaluation.settings.seed)
    values = np.empty((len(document.model.outputs), DRAWS))
    with np.errstate(all="ignore"):
        for start in range(0, DRAWS, _CHUNK):
            part = values[:, start : start + _CHUNK]
            for row, found in zip(part, document.model(sampler.draw(part.shape[1])), strict=True):
                row[:] = found
    return values


def _of_output(
    evaluation: DocumentEvaluation, output: OutputEvaluation, ordered: NDArray[np.float64]
) -> SimulatedDistribution:
    p = evaluation.settings.probability
    law = output.propagation
    estimate = law.estimate if law else output.value
    u = law.combined_standard_uncertainty if law and law.combined_standard_uncertainty else 0.0
    edge = max(1, round(_LEFT_OUT * len(ordered)))
    low, high = float(ordered[edge]), float(ordered[-edge - 1])
    if u:
        low, high = min(low, estimate - 3.5 * u), max(high, estimate + 3.5 * u)
    counts, edges = np.histogram(ordered, bins=COLUMNS, range=(low, high))
    densities = counts / (len(ordered) * (edges[1] - edges[0]))
    reach = (output.coverage_factor or 2.0) * u
    simulation = evaluation.simulation
    simulated = (
        simulation.outputs[output.name].symmetric_interval if simulation else symmetric_interval(ordered, p)
    )
    return SimulatedDistribution(
        edges=tuple(float(edge) for edge in edges),
        densities=tuple(float(density) for density in densities),
        estimate=estimate,
        uncertainty=u or output.standard_uncertainty,
        simulated=(float(simulated[0]), float(simulated[1])),
        propagated=(estimate - reach, estimate + reach),
        draws=simulation.outputs[output.name].draws if simulation else len(ordered),
    )
