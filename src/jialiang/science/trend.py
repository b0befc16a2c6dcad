"""What calibrations over the years say: steady, drifting or changed at a step, and where the value will be.

A step and a slope are weighed alike: each costs 3 ln n (in units of σ²), the penalty of ``change_points``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from jialiang.science.coverage import coverage_factor
from jialiang.science.errors import ParameterNotAllowed, TooFewObservations
from jialiang.science.fit import Prediction
from jialiang.science.intervals.variables import DriftModel, drift_model
from jialiang.science.stability.change_points import Partition, change_points
from jialiang.science.stability.drift import History, drift_of_history
from jialiang.science.stability.polynomial import fit_curve

Verdict = Literal["steady", "drift", "step", "unknown"]
FEWEST_FOR_A_LINE = 3
FEWEST_FOR_STEPS = 4


@dataclass(frozen=True, slots=True)
class Calibrated:
    """One calibration: its day, the deviation found, its u, and what of u comes from the reference of all."""

    day: float
    deviation: float
    standard_uncertainty: float
    from_reference: float = 0.0


@dataclass(frozen=True, slots=True)
class Trend:
    """The verdict on one history; ``line`` is fitted from the last step on, None where too little is left.

    ``partition`` is None unless there are steps; ``first`` is the position (from 0) where the line begins.
    """

    verdict: Verdict
    line: History | None
    first: int
    partition: Partition | None

    def on(self, day: float) -> Prediction | None:
        """Return the value on a day after the last calibration, as the line carries it on."""
        return None if self.line is None else self.line.on(day)


@dataclass(frozen=True, slots=True)
class CommonDrift:
    """The drift that instruments have in common, from the changes between their calibrations.

    ``model`` is None below two changes; ``partition`` holds steps of all at once, in the order of ``days``.
    """

    verdict: Verdict
    model: DriftModel | None
    changes: tuple[tuple[float, float], ...]
    days: tuple[float, ...]
    partition: Partition | None

    def on(self, day: float, last: Calibrated) -> Prediction | None:
        """Return one instrument's value on a day, from its last calibration; u² = u0² + s² + t² u²(b)."""
        if self.model is None:
            return None
        own = replace(self.model, u0=last.standard_uncertainty, y0=last.deviation)
        elapsed = day - last.day
        value = own.y0 + own.deviation(elapsed)
        return Prediction(value, own.standard_uncertainty(elapsed), own.curve.degrees_of_freedom)


def trend_of(history: Sequence[Calibrated]) -> Trend:
    """Judge one history, oldest first: steps that explain it better than a line, else its slope (|b| > 2 u(b))."""
    _require_order(history)
    partition = steps_in([h.day for h in history], [h.deviation for h in history], _typical_uncertainty(history))
    first = partition.stretches[-1].first if partition else 0
    line = _line(history[first:])
    if partition:
        return Trend("step", line, first, partition)
    if line is None:
        return Trend("unknown", None, first, None)
    return Trend("drift" if line.is_significant else "steady", line, first, None)


def common_drift(histories: Sequence[Sequence[Calibrated]]) -> CommonDrift:
    """Judge several histories together, each oldest first: changes by regression through 0, steps about their means.

    The rate counts where it exceeds k u(b), k from t at 95 %. What is constant in an instrument does not matter.
    """
    for history in histories:
        _require_order(history)
    pairs = [pair for history in histories for pair in zip(history, history[1:], strict=False)]
    changes = tuple((b.day - a.day, b.deviation - a.deviation) for a, b in pairs if b.day > a.day)
    centred = _about_own_means(histories)
    days = tuple(day for day, _ in centred)
    partition = None
    if centred:
        everyone = [each for history in histories for each in history]
        partition = steps_in(days, [value for _, value in centred], _typical_uncertainty(everyone))
    model = drift_model(*zip(*changes, strict=True), u0=0.0) if len(changes) > 1 else None
    return CommonDrift(_common_verdict(model, partition), model, changes, days, partition)


def _about_own_means(histories: Sequence[Sequence[Calibrated]]) -> list[tuple[float, float]]:
    """Return (day, deviation less the mean of its history) of histories of two or more, by day."""
    return sorted(
        (each.day, each.deviation - math.fsum(h.deviation for h in history) / len(history))
        for history in histories
        if len(history) > 1
        for each in history
    )


def steps_in(days: Sequence[float], values: Sequence[float], sd: float) -> Partition | None:
    """Return the stretches of constant level, where there are two or more and a line explains the values worse."""
    count = len(values)
    if count < FEWEST_FOR_STEPS:
        return None
    found = change_points(values, sd=sd)
    if not found.change_points:
        return None
    spread = math.fsum(
        (value - stretch.mean) ** 2
        for stretch in found.stretches
        for value in values[stretch.first : stretch.last + 1]
    )
    price = found.penalty * sd**2
    return found if spread + price * len(found.change_points) < _about_a_line(days, values) + price else None


def _about_a_line(days: Sequence[float], values: Sequence[float]) -> float:
    """Return Σ of squared residuals about the straight line; ∞ where all stand on one day."""
    if len(set(days)) < 2:
        return math.inf
    line = fit_curve(days, values, order=1, reference_point=days[0])
    return line.residual_standard_deviation**2 * line.degrees_of_freedom


def _line(history: Sequence[Calibrated]) -> History | None:
    days = [each.day for each in history]
    if len(history) < FEWEST_FOR_A_LINE or len(set(days)) < 2:
        return None
    return drift_of_history(
        days,
        [each.deviation for each in history],
        [each.standard_uncertainty for each in history],
        common_uncertainty=_common(history),
    )


def _common(history: Sequence[Calibrated]) -> float:
    """Return what of u every calibration has from the reference, at most nearly all of the smallest u."""
    smallest = min(each.standard_uncertainty for each in history)
    return min(min(each.from_reference for each in history), 0.99 * smallest)


def _typical_uncertainty(history: Sequence[Calibrated]) -> float:
    """Return the root mean square of what of u is each calibration's own."""
    if not history:
        raise TooFewObservations(needed=1, given=0)
    common = _common(history)
    return math.sqrt(math.fsum(h.standard_uncertainty**2 - common**2 for h in history) / len(history))


def _common_verdict(model: DriftModel | None, partition: Partition | None) -> Verdict:
    if partition:
        return "step"
    if model is None:
        return "unknown"
    rate, u = model.curve.coefficients[0], model.curve.standard_uncertainties[0]
    return "drift" if abs(rate) > coverage_factor(0.95, model.curve.degrees_of_freedom) * u else "steady"


def _require_order(history: Sequence[Calibrated]) -> None:
    for before, after in zip(history, history[1:], strict=False):
        if after.day < before.day:
            raise ParameterNotAllowed(parameter="day", given=after.day, allowed=f"≥ {before.day:g}")
