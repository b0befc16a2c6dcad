"""One budget from inputs to report: propagate, cover, round, validate. The same settings give the same digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jialiang.science.budget import Budget
from jialiang.science.coverage import (
    Coverage,
    CoverageConvention,
    DegreesOfFreedomRule,
    expand,
    expand_with_fixed_factor,
)
from jialiang.science.derivatives import Model
from jialiang.science.distributions import require_positive
from jialiang.science.montecarlo import (
    IntervalKind,
    MonteCarloSettings,
    Simulation,
    require_affordable,
    simulate,
)
from jialiang.science.propagation import Propagation, linear_model, propagate
from jialiang.science.rounding import ReportedResult, RoundingRule, coverage_factor_text, reported
from jialiang.science.validation import Validation, validate


@dataclass(frozen=True, slots=True)
class EvaluationSettings:
    """The laboratory's rules; kept with the record so that the evaluation can be repeated digit for digit.

    ``seed`` None leaves Monte Carlo out, unless ν_eff is undefined and k cannot come from elsewhere. ``draws`` None
    means adaptive; more than ``montecarlo.MOST_DRAWS`` raise ParameterNotAllowed, drawn or not.
    ``fixed_factor`` is k where ``convention`` is ``fixed``. ``smallest_expanded_uncertainty`` is the U of the
    laboratory's calibration and measurement capability, in the unit of the measurand: never reported below it.
    """

    coverage_probability: float = 0.95
    convention: CoverageConvention = "t"
    fixed_factor: float = 2.0
    degrees_of_freedom_rule: DegreesOfFreedomRule = "truncate"
    digits: int = 2
    rounding_rule: RoundingRule = "half_even"
    smallest_expanded_uncertainty: float = 0.0
    seed: int | None = None
    draws: int | None = 1_000_000
    validation_digits: int = 1
    interval_kind: IntervalKind = "symmetric"

    def __post_init__(self) -> None:
        require_affordable(self.draws)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything about one measured value; ``coverage_from`` says whether k came from t, choice or Monte Carlo.

    ``expanded_uncertainty`` is what is reported before rounding: U of ``coverage``, or the capability's where larger.
    """

    budget: Budget
    settings: EvaluationSettings
    propagation: Propagation
    coverage: Coverage
    coverage_from: Literal["t", "fixed", "monte_carlo"]
    expanded_uncertainty: float
    reported: ReportedResult
    simulation: Simulation | None
    validation: Validation | None

    @property
    def coverage_factor_text(self) -> str:
        """k as it stands on the certificate, two decimals."""
        return coverage_factor_text(self.coverage.coverage_factor)


def evaluate(
    budget: Budget, model: Model | None = None, settings: EvaluationSettings | None = None
) -> Evaluation:
    """Evaluate a budget by the settings (GUM clause 8, with the validation of GUM-S1 clause 8).

    Where ν_eff is undefined (correlated inputs with finite ν), k comes from the simulated interval; a validation
    would then compare the interval with itself and is left out.
    """
    rules = settings or EvaluationSettings()
    propagation = propagate(budget, model)
    from_draws = rules.convention == "t" and propagation.degrees_of_freedom is None
    coverage = None if from_draws else _coverage(propagation, rules)
    simulation = _simulation(budget, model, rules, coverage)
    validation = None
    if coverage is None:
        coverage = _simulated_coverage(propagation, simulation, rules)
    elif simulation is not None:
        digits, kind = rules.validation_digits, rules.interval_kind
        validation = validate(propagation, coverage, simulation, digits=digits, interval_kind=kind)
    expanded = max(coverage.expanded_uncertainty, rules.smallest_expanded_uncertainty)
    return Evaluation(
        budget=budget,
        settings=rules,
        propagation=propagation,
        coverage=coverage,
        coverage_from="monte_carlo" if from_draws else coverage.convention,
        expanded_uncertainty=expanded,
        reported=reported(propagation.estimate, expanded, digits=rules.digits, rule=rules.rounding_rule),
        simulation=simulation,
        validation=validation,
    )


def _coverage(propagation: Propagation, rules: EvaluationSettings) -> Coverage:
    u, nu = propagation.combined_standard_uncertainty, propagation.degrees_of_freedom
    if rules.convention == "fixed":
        return expand_with_fixed_factor(u, nu, factor=rules.fixed_factor)
    p, rule = rules.coverage_probability, rules.degrees_of_freedom_rule
    return expand(u, nu, coverage_probability=p, rule=rule)


def _simulation(
    budget: Budget, model: Model | None, rules: EvaluationSettings, coverage: Coverage | None
) -> Simulation | None:
    if rules.seed is None and coverage is not None:
        return None
    settings = MonteCarloSettings(
        seed=rules.seed or 0,
        coverage_probability=coverage.coverage_probability if coverage else rules.coverage_probability,
        draws=rules.draws,
        digits=rules.validation_digits,
        interval_kind=rules.interval_kind,
    )
    return simulate(budget, model or linear_model(budget), settings)


def _simulated_coverage(
    propagation: Propagation, simulation: Simulation | None, rules: EvaluationSettings
) -> Coverage:
    """Return the half-length of the simulated interval as U, and k as U over the u_c that is reported with it."""
    low, high = (simulation.interval(rules.interval_kind)) if simulation else (0.0, 0.0)
    expanded = (high - low) / 2
    require_positive("u_c", propagation.combined_standard_uncertainty)
    factor = expanded / propagation.combined_standard_uncertainty
    return Coverage(rules.coverage_probability, factor, expanded, None)
