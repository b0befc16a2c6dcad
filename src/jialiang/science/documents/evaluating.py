"""Evaluating a document: law of propagation or Monte Carlo, coverage, and whether the law holds here.

k comes from t(ν_eff); where ν_eff is undefined (correlated inputs with finite ν) it comes from the draws. The law is
validated against as many draws as the verdict needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jialiang.science.coverage import Coverage, expand, expand_with_fixed_factor
from jialiang.science.coverage_intervals import Interval
from jialiang.science.distributions import Draws
from jialiang.science.documents.digits import digits_for
from jialiang.science.documents.reading import BudgetDocument
from jialiang.science.documents.settings import DocumentSettings
from jialiang.science.documents.verdicts import LawVerdict, verdict_is_clear, verdict_of
from jialiang.science.errors import CorrelationNotExpressible, ModelNotFinite
from jialiang.science.models.regions import Regions, regions_of
from jialiang.science.models.second_order import propagate_to_second_order
from jialiang.science.montecarlo import JointSimulation, MonteCarloSettings, Watch, simulate_jointly
from jialiang.science.propagation import JointPropagation, Propagation, propagate_jointly
from jialiang.science.stopping import Doubt, fewest_draws

_MOST_REGION_DRAWS = 1 << 20
_MOST_VERDICT_DRAWS = 1 << 22


@dataclass(frozen=True, slots=True)
class OutputEvaluation:
    """One measurand: value, u, ν_eff (None where it is not defined), k, U and both coverage intervals.

    ``coverage_from`` says where k came from: ``t``, ``fixed``, ``monte_carlo``, or ``none`` where u is zero.
    """

    name: str
    unit: str
    value: float
    standard_uncertainty: float
    degrees_of_freedom: float | None
    coverage_factor: float | None
    expanded_uncertainty: float
    interval: Interval
    shortest_interval: Interval
    coverage_from: str
    propagation: Propagation | None
    below_capability: bool


@dataclass(frozen=True, slots=True)
class DocumentEvaluation:
    """Everything about a document; ``simulation`` is None where no draws were made."""

    document: BudgetDocument
    settings: DocumentSettings
    outputs: Mapping[str, OutputEvaluation]
    correlation: Mapping[tuple[str, str], float]
    validation: Mapping[str, LawVerdict]
    simulation: JointSimulation | None
    regions: Regions | None
    validation_left_out: str = ""


def evaluate_document(document: BudgetDocument) -> DocumentEvaluation:
    """Evaluate by the settings of the document. The same settings give the same digits."""
    if document.settings.method == "mc":
        return _by_draws(document)
    return _by_law(document)


def _by_draws(document: BudgetDocument) -> DocumentEvaluation:
    settings, kept = document.settings, _KeptDraws()
    several = len(document.model.outputs) > 1
    simulation = _simulate(document, Watch(keep=kept.keep if several else None), settings.largest_draws)
    law = _law_or_none(document)
    outputs = {
        name: _drawn_output(document, name, simulation, law.outputs[name] if law else None)
        for name in document.model.outputs
    }
    regions = (
        regions_of(document.model.outputs, kept.values, settings.probability)
        if kept.values is not None
        else None
    )
    return DocumentEvaluation(document, settings, outputs, simulation.correlation, {}, simulation, regions)


def _law_or_none(document: BudgetDocument) -> JointPropagation | None:
    """Return the budget table of the law of propagation, where the model has derivatives."""
    try:
        return propagate(document, "lpu")
    except ModelNotFinite:
        return None


def propagate(document: BudgetDocument, method: str) -> JointPropagation:
    """Propagate all outputs by the law, first order (``lpu``) or second (``lpu2``)."""
    if method == "lpu2":
        return propagate_to_second_order(document.budget, document.model)
    models = {name: document.model.output(name) for name in document.model.outputs}
    return propagate_jointly(document.budget, models)


def _drawn_output(
    document: BudgetDocument, name: str, simulation: JointSimulation, law: Propagation | None
) -> OutputEvaluation:
    found = simulation.outputs[name]
    u = found.standard_uncertainty
    low, high = found.interval("symmetric")
    expanded = (high - low) / 2
    floor = _floor(document, name)
    return OutputEvaluation(
        name=name,
        unit=document.units.outputs.get(name, ""),
        value=found.estimate,
        standard_uncertainty=u,
        degrees_of_freedom=None,
        coverage_factor=expanded / u if u else None,
        expanded_uncertainty=max(expanded, floor),
        interval=found.symmetric_interval,
        shortest_interval=found.shortest_interval,
        coverage_from="monte_carlo" if u else "none",
        propagation=law,
        below_capability=expanded < floor,
    )


def _by_law(document: BudgetDocument) -> DocumentEvaluation:
    settings = document.settings
    law = propagate(document, settings.method)
    coverages = {name: _coverage(found, settings) for name, found in law.outputs.items()}
    simulation, reason = _compared_draws(document, law, coverages)
    outputs = {
        name: _law_output(document, name, found, _sure(coverages[name], found, simulation, name, settings))
        for name, found in law.outputs.items()
    }
    validation = _verdicts(outputs, law, simulation, settings) if simulation and settings.validate else {}
    return DocumentEvaluation(
        document, settings, outputs, law.correlation, validation, simulation, None, reason
    )


def _compared_draws(
    document: BudgetDocument, law: JointPropagation, coverages: Mapping[str, Coverage | None]
) -> tuple[JointSimulation | None, str]:
    """Return the draws that k or the validation needs; or why there are none, where only the validation does."""
    settings = document.settings
    needed = any(
        coverage is None and law.outputs[name].combined_standard_uncertainty > 0
        for name, coverage in coverages.items()
    )
    if not settings.validate and not needed:
        return None, ""
    watch = Watch(enough=_Verdicts(law, coverages, settings).enough)
    try:
        return _simulate(document, watch, min(_MOST_VERDICT_DRAWS, settings.largest_draws)), ""
    except (ModelNotFinite, CorrelationNotExpressible) as problem:
        if needed:
            raise
        return None, str(problem)


def _coverage(found: Propagation, settings: DocumentSettings) -> Coverage | None:
    """Return k and U from t or from the chosen factor; None where only draws can tell, or u is zero."""
    u, nu = found.combined_standard_uncertainty, found.degrees_of_freedom
    if u == 0:
        return None
    if settings.coverage_factor is not None:
        return expand_with_fixed_factor(u, nu, factor=settings.coverage_factor)
    if nu is None:
        return None
    return expand(u, nu, coverage_probability=settings.probability, rule=settings.degrees_of_freedom_rule)


def _sure(
    coverage: Coverage | None,
    found: Propagation,
    simulation: JointSimulation | None,
    name: str,
    settings: DocumentSettings,
) -> tuple[Coverage | None, str]:
    """Return the coverage and where it is from."""
    if coverage is not None:
        return coverage, coverage.convention
    u = found.combined_standard_uncertainty
    if u == 0 or simulation is None:
        return None, "none"
    low, high = simulation.outputs[name].interval("symmetric")
    expanded = (high - low) / 2
    return Coverage(settings.probability, expanded / u, expanded, None), "monte_carlo"


def _law_output(
    document: BudgetDocument, name: str, found: Propagation, covered: tuple[Coverage | None, str]
) -> OutputEvaluation:
    coverage, source = covered
    expanded = coverage.expanded_uncertainty if coverage else 0.0
    floor = _floor(document, name)
    reported = max(expanded, floor)
    interval = (found.estimate - expanded, found.estimate + expanded)
    certain = found.combined_standard_uncertainty == 0
    return OutputEvaluation(
        name=name,
        unit=document.units.outputs.get(name, ""),
        value=found.estimate,
        standard_uncertainty=found.combined_standard_uncertainty,
        degrees_of_freedom=None if certain else found.degrees_of_freedom,
        coverage_factor=coverage.coverage_factor if coverage else None,
        expanded_uncertainty=reported,
        interval=interval,
        shortest_interval=interval,
        coverage_from=source,
        propagation=found,
        below_capability=expanded < floor,
    )


def _floor(document: BudgetDocument, name: str) -> float:
    floors = document.settings.smallest_expanded_uncertainty
    return floors.get(name, floors.get("*", 0.0))


class _Verdicts:
    """Stops the draws as soon as the verdict of every output is clear."""

    def __init__(
        self, law: JointPropagation, coverages: Mapping[str, Coverage | None], settings: DocumentSettings
    ) -> None:
        self._law, self._coverages, self._settings = law, coverages, settings

    def enough(self, name: str, ordered: Draws, doubt: Doubt) -> bool:
        """Whether more draws cannot change the verdict of one output."""
        found, coverage = self._law.outputs[name], self._coverages[name]
        if coverage is None:
            u = found.combined_standard_uncertainty
            return u == 0 or doubt.symmetric_ends <= 0.01 * u
        return verdict_is_clear(found, coverage, ordered, doubt, self._settings)


def _verdicts(
    outputs: Mapping[str, OutputEvaluation],
    law: JointPropagation,
    simulation: JointSimulation,
    settings: DocumentSettings,
) -> dict[str, LawVerdict]:
    return {
        name: verdict_of(
            law.outputs[name].combined_standard_uncertainty,
            found.interval,
            simulation.outputs[name],
            simulation.doubts.get(name),
            settings,
        )
        for name, found in outputs.items()
        if found.coverage_from != "monte_carlo"
    }


def _simulate(document: BudgetDocument, watch: Watch, largest: int) -> JointSimulation:
    settings = document.settings
    u = None if settings.digits else _leading_u(document)
    chosen = MonteCarloSettings(
        seed=settings.seed,
        coverage_probability=settings.probability,
        draws=settings.draws,
        digits=settings.digits or (1 if u is None else digits_for(u)),
        interval_kind=settings.interval_kind,
        rule=settings.stopping_rule,
        largest_draws=max(largest, 32 * fewest_draws(settings.probability)),
    )
    return simulate_jointly(document.budget, document.model.outputs, document.model, chosen, watch)


def _leading_u(document: BudgetDocument) -> float | None:
    law = _law_or_none(document)
    if law is None:
        return None
    return next((o.combined_standard_uncertainty for o in law.outputs.values()), None)


class _KeptDraws:
    """Keeps the first draws of all outputs, for coverage regions."""

    def __init__(self) -> None:
        self.values: NDArray[np.float64] | None = None

    def keep(self, values: NDArray[np.float64]) -> None:
        """Copy at most a million draws of each output."""
        self.values = values[:, :_MOST_REGION_DRAWS].copy()
