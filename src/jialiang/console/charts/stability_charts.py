"""Drawings about time: the Allan plot and the proposal of a calibration interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from jialiang.console.charts.plane import Axis, Plane, logarithmic, text
from jialiang.console.charts.scale import widened
from jialiang.kernel.text import Text
from jialiang.science.intervals.reliability import AttributesData, FittedReliability
from jialiang.science.intervals.variables import DriftModel, ToleranceTarget

FAMILY = ("adev", "oadev", "mdev", "hdev", "ohdev", "totdev", "htotdev")
TAU = Text(zh="平均时间 τ", en="Averaging time τ")
_TIME = Text(zh="校准后的时间", en="Time since calibration")
_RELIABILITY = Text(zh="合格率（可靠性）", en="Reliability, share found in tolerance")
_PROPOSED = Text(zh="建议间隔", en="proposed interval")
_TARGET = Text(zh="目标", en="target")
_LEGAL = Text(zh="法定最长", en="legal maximum")
_LIMIT = Text(zh="规范限", en="tolerance limit")
_STEPS = 120
_KEY = 92


@dataclass(frozen=True, slots=True)
class Stability:
    """A deviation at one averaging time (seconds), with the ends of its confidence interval where known."""

    tau: float
    deviation: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    """The interval proposed, the unit of its time as printed, and the legal maximum if there is one."""

    interval: float
    unit: str
    legal_maximum: float | None = None

    @property
    def farthest(self) -> float:
        """The longest time that the drawing must hold."""
        return max(self.interval, self.legal_maximum or 0.0)


@dataclass(frozen=True, slots=True)
class Prediction:
    """A drift model and the target that its confidence interval must keep."""

    model: DriftModel
    target: ToleranceTarget

    @property
    def limits(self) -> list[float]:
        """The limits that exist."""
        return [limit for limit in (self.target.low, self.target.high) if limit is not None]

    def edge(self, day: float, side: int) -> float:
        """Return the value on a day (side 0) or an end of its confidence interval (-1, 1)."""
        reach = self.target.coverage_factor(
            self.model.curve.degrees_of_freedom
        ) * self.model.standard_uncertainty(day)
        return self.model.y0 + self.model.deviation(day) + side * reach


def allan_drawing(
    values: Sequence[Stability], quantity: Text, unit: str, *, label: str, language: str
) -> SafeString:
    """Draw deviations over averaging time on logarithmic axes with their confidence intervals; zeros are left out."""
    shown = [value for value in values if value.deviation > 0]
    ends = [end for v in shown for end in (v.deviation, v.low, v.high) if end]
    across = logarithmic(TAU, "s", [value.tau for value in shown])
    plane = Plane(across, logarithmic(quantity, unit, ends), height=340)
    parts = [plane.bar(v.tau, v.low, v.high) for v in shown if v.low and v.high]
    if len(shown) > 1:
        parts.append(plane.path("trend", [(v.tau, v.deviation) for v in shown]))
    parts += [plane.dot("pt", (v.tau, v.deviation), 3.5) for v in shown]
    return plane.drawing(parts, label=label, language=language)


def kind_of(name: str) -> str:
    """Return the class of a deviation's line where several stand in one drawing."""
    return f"c{FAMILY.index(name) + 1}"


def family_drawing(
    curves: Mapping[str, Sequence[Stability]], quantity: Text, *, label: str, language: str
) -> SafeString:
    """Draw several deviations (of ``FAMILY``) over averaging time, told apart by dashes; zeros are left out."""
    shown = {name: [value for value in values if value.deviation > 0] for name, values in curves.items()}
    every = [value for values in shown.values() for value in values]
    across = logarithmic(TAU, "s", [value.tau for value in every])
    plane = Plane(across, logarithmic(quantity, "1", [value.deviation for value in every]), height=356)
    parts = []
    for place, (name, values) in enumerate(shown.items()):
        marks = [(value.tau, value.deviation) for value in values]
        if len(marks) > 1:
            parts.append(plane.path(kind_of(name), marks))
        parts += [plane.dot("pt", mark, 2) for mark in marks]
        left = plane.left + 8 + _KEY * place
        parts.append(format_html('<path class="{}" d="M{} 23h24"/>', kind_of(name), left))
        parts.append(text("", left + 28, 27, name.upper()))
    return plane.drawing(parts, label=label, language=language)


def reliability_drawing(
    fit: FittedReliability,
    data: AttributesData,
    target: float,
    proposed: Proposed,
    *,
    label: str,
    language: str,
) -> SafeString:
    """Draw what was found in tolerance after how long, the fitted model, the target and the proposal."""
    longest = 1.08 * max(*data.times, proposed.farthest)
    plane = Plane(Axis(_TIME, proposed.unit, 0, longest), Axis(_RELIABILITY, "", 0, 1.05))
    times = [longest * step / _STEPS for step in range(1, _STEPS + 1)]
    most = max(data.counts)
    parts = [plane.level("limit", target), plane.path("curve", [(t, fit.reliability(t)) for t in times])]
    parts.append(
        plane.note("t-limit", (longest, target), f"{_TARGET.in_language(language)} {target:.3g}", by=(4, -4))
    )
    for time, share, count in zip(data.times, data.observed.tolist(), data.counts, strict=True):
        parts.append(plane.dot("pt", (time, share), round(2.5 + 4 * (count / most) ** 0.5, 1)))
    parts += _proposal(plane, proposed, 0.0, language)
    return plane.drawing(parts, label=label, language=language)


def drift_interval_drawing(
    prediction: Prediction, proposed: Proposed, quantity: Text, unit: str, *, label: str, language: str
) -> SafeString:
    """Draw the predicted value with its confidence interval until it touches a limit, and the proposal."""
    longest = 1.15 * max(proposed.farthest, 1.0)
    days = [longest * step / _STEPS for step in range(_STEPS + 1)]
    limits = prediction.limits
    held = [day for day in days if day <= 1.02 * proposed.interval]
    ends = [*limits, *(prediction.edge(day, side) for day in held for side in (-1, 1))]
    low, high = widened(min(ends), max(ends), 0.15)
    plane = Plane(Axis(_TIME, proposed.unit, 0, longest), Axis(quantity, unit, low, high))
    parts = [plane.level("limit", limit) for limit in limits]
    parts += [plane.note("t-limit", (0, limit), _LIMIT.in_language(language), by=(5, -4)) for limit in limits]
    for kind, side in (("trend", 0), ("trend ahead", -1), ("trend ahead", 1)):
        line = [(day, prediction.edge(day, side)) for day in days]
        parts.append(plane.path(kind, [point for point in line if low <= point[1] <= high] or line[:1]))
    parts += _proposal(plane, proposed, low, language)
    return plane.drawing(parts, label=label, language=language)


def _proposal(plane: Plane, proposed: Proposed, low: float, language: str) -> list[SafeString]:
    height = plane.up.high - plane.up.low
    words = f"{_PROPOSED.in_language(language)}: {proposed.interval:.4g} {proposed.unit}"
    parts = [plane.upright("lpu", proposed.interval)]
    parts.append(plane.note("lbl", (proposed.interval, low + 0.06 * height), words, by=(6, 0)))
    if proposed.legal_maximum is not None:
        parts.append(plane.upright("guard", proposed.legal_maximum))
        at = (proposed.legal_maximum, low + 0.14 * height)
        parts.append(plane.note("t-guard", at, _LEGAL.in_language(language), by=(6, 0)))
    return parts
