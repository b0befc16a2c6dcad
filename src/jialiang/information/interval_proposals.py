"""Proposals of calibration intervals (days) from what stored certificates found, with their evidence.

A result counts as found: the record knows of no adjustment. In tolerance is a certificate of which no point exceeds
its maximum permissible error; one without any such limit says nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any
from uuid import UUID

from jialiang.information.drift import DriftPoint, DriftSeries
from jialiang.information.trends import by_instrument
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text
from jialiang.science.decimal_text import exact_float
from jialiang.science.rounding import as_decimal
from jialiang.science.topics.registry import evaluate_topic

DAYS_OF_A_MONTH = 30.4375
AT_ONE_INTERVAL = 0.25
"""A time between calibrations counts as the present interval when it differs by no more than this share of it."""
_NO_LIMIT = Text(
    zh="在所考察的时间内未降到目标，或模型与数据不符",
    en="The target is not reached in any time looked at, or the model does not fit",
)
_ALIKE = Text(
    zh="结果全部合格或全部不合格，不能求可靠性随时间的变化",
    en="All were found in tolerance, or none: nothing tells how the reliability changes with time",
)
_NO_MPE = Text(
    zh="该点没有约定最大允许误差，或没有可推算的间隔",
    en="No maximum permissible error was agreed at this point, or there is no interval to start from",
)
_NO_TIMES = Text(
    zh="没有两次相继的、给出合格与否的校准",
    en="No two calibrations in succession that tell whether it was in tolerance",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What proposals are asked for: the share in tolerance at the end of the interval, and a legal maximum (days)."""

    target: float = 0.95
    legal_maximum_days: float | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the ledger says of one instrument: its interval in months, and whether verification is compulsory."""

    interval_months: int | None
    is_compulsory: bool


@dataclass(frozen=True, slots=True)
class IntervalProposal:
    """One method's proposal in days; ``why_not`` stands where the method has none."""

    method: str
    proposed_days: float | None
    unbounded_days: float | None
    held_by: str | None
    evidence: dict[str, Any]
    why_not: Text | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """All proposals, the interval they start from, the legal maximum that held them and where it is from."""

    current_days: float | None
    legal_maximum_days: float | None
    legal_from: str
    proposals: tuple[IntervalProposal, ...]


@dataclass(frozen=True, slots=True)
class _Gap:
    days: int
    is_in_tolerance: bool


def proposals_for(
    every: Sequence[DriftSeries], shown: DriftSeries, ledger: dict[UUID, Ledger], wanted: Wanted
) -> Survey:
    """Return the proposals: A3 and S2 from all points, and for one instrument regression (or staircase) of ``shown``.

    None goes above the legal maximum: the one given or that of the latest certificates of legal verification, the
    shorter; where verification is compulsory and neither is known, the present interval.
    """
    gaps = _gaps(every)
    current = _present_interval(ledger.values(), [gap.days for gap in gaps])
    legal, legal_from = _legal_maximum(every, ledger.values(), current, wanted)
    bounds = {"legal_maximum": legal} if legal is not None else {}
    found = [_a3(gaps, current, wanted, bounds), _s2(gaps, wanted, bounds)]
    if len(by_instrument(shown.points)) == 1:
        ordered = sorted(shown.points, key=lambda each: each.day)
        regressed = _variables(ordered, bounds)
        found.append(regressed)
        if regressed.why_not is not None:
            found.append(_staircase(ordered[-1], current, bounds))
    return Survey(current, legal, legal_from, tuple(found))


def _gaps(every: Sequence[DriftSeries]) -> list[_Gap]:
    """Return the times between calibrations in succession, with what the later one found of all points."""
    margins: dict[UUID, list[bool]] = {}
    points: dict[UUID, DriftPoint] = {}
    for point in (point for series in every for point in series.points):
        points[point.certificate_id] = point
        if point.margin:
            margins.setdefault(point.certificate_id, []).append(as_decimal(point.margin) >= 0)
    return [
        _Gap((after.day - before.day).days, all(margins[after.certificate_id]))
        for history in by_instrument(points.values()).values()
        for before, after in zip(history, history[1:], strict=False)
        if after.day > before.day and after.certificate_id in margins
    ]


def _present_interval(ledger: Iterable[Ledger], gaps: Sequence[int]) -> float | None:
    agreed = Counter(entry.interval_months for entry in ledger if entry.interval_months)
    if agreed:
        most = max(agreed.values())
        return min(months for months, count in agreed.items() if count == most) * DAYS_OF_A_MONTH
    return float(median(gaps)) if gaps else None


def _legal_maximum(
    every: Sequence[DriftSeries], ledger: Iterable[Ledger], current: float | None, wanted: Wanted
) -> tuple[float | None, str]:
    stated = [float(each.valid_days) for each in _latest(every) if each.valid_days and each.valid_days > 0]
    known = [(days, "certificate") for days in stated]
    if wanted.legal_maximum_days is not None:
        known.append((wanted.legal_maximum_days, "given"))
    if not known and current is not None and any(entry.is_compulsory for entry in ledger):
        known.append((current, "present_interval"))
    return min(known) if known else (None, "")


def _latest(every: Iterable[DriftSeries]) -> Iterable[DriftPoint]:
    """Return the last calibration of each instrument, at whatever point."""
    latest: dict[UUID | None, DriftPoint] = {}
    for series in every:
        for key, history in by_instrument(series.points).items():
            if key not in latest or latest[key].day <= history[-1].day:
                latest[key] = history[-1]
    return latest.values()


def _a3(gaps: list[_Gap], current: float | None, wanted: Wanted, bounds: dict[str, float]) -> IntervalProposal:
    near = [gap for gap in gaps if current and abs(gap.days - current) <= AT_ONE_INTERVAL * current]
    if not near or current is None:
        return _none("A3", _NO_TIMES)
    counts = {"in_tolerance": sum(gap.is_in_tolerance for gap in near), "n": len(near), "interval_days": current}
    return _asked("A3", "interval-a3", counts | {"target": wanted.target} | bounds, "interval_days", counts)


def _s2(gaps: list[_Gap], wanted: Wanted, bounds: dict[str, float]) -> IntervalProposal:
    """Fit the exponential model to what was found after about so many months; the page of S2 has the others."""
    groups: dict[int, list[_Gap]] = {}
    for gap in gaps:
        groups.setdefault(max(1, round(gap.days / DAYS_OF_A_MONTH)), []).append(gap)
    if not groups:
        return _none("S2", _NO_TIMES)
    rows = [groups[months] for months in sorted(groups)]
    if len({gap.is_in_tolerance for gap in gaps}) == 1:
        return _none("S2", _ALIKE)
    counts = {
        "times": [fmean(gap.days for gap in row) for row in rows],
        "n": [len(row) for row in rows],
        "in_tolerance": [sum(gap.is_in_tolerance for gap in row) for row in rows],
    }
    asked = counts | {"target": wanted.target, "model": "exponential"}
    return _asked("S2", "interval-s2", asked | bounds, "interval", counts)


def _variables(ordered: Sequence[DriftPoint], bounds: dict[str, float]) -> IntervalProposal:
    last = ordered[-1]
    pairs = [pair for pair in zip(ordered, ordered[1:], strict=False) if pair[1].day > pair[0].day]
    if not last.maximum_permissible_error or not pairs:
        return _none("variables", _NO_MPE)
    limit = abs(exact_float(last.maximum_permissible_error))
    changes = {
        "days": [(after.day - before.day).days for before, after in pairs],
        "delta": [float(as_decimal(after.deviation) - as_decimal(before.deviation)) for before, after in pairs],
    }
    asked = changes | {
        "u0": last.standard_uncertainty,
        "y0": exact_float(last.deviation),
        "low": -limit,
        "high": limit,
    }
    return _asked("variables", "interval-variables", asked | bounds, "proposed_days", changes)


def _staircase(last: DriftPoint, current: float | None, bounds: dict[str, float]) -> IntervalProposal:
    if current is None or not last.maximum_permissible_error:
        return _none("staircase", _NO_MPE)
    asked = {"error": last.deviation, "mpe": last.maximum_permissible_error}
    return _asked("staircase", "interval-staircase", asked | {"interval": current} | bounds, "interval", asked)


def _asked(
    method: str, topic: str, data: dict[str, Any], member: str, evidence: dict[str, Any]
) -> IntervalProposal:
    try:
        answer = evaluate_topic(topic, data)
    except InvalidInput as error:
        return _none(method, error.what)
    proposed = answer[member]
    if proposed is None:
        return IntervalProposal(method, None, None, None, evidence, _NO_LIMIT)
    told = {name: answer[name] for name in ("best", "observed_reliability", "step") if name in answer}
    return IntervalProposal(
        method, float(proposed), answer.get("unbounded"), answer["held_by"], evidence | told
    )


def _none(method: str, why: Text) -> IntervalProposal:
    return IntervalProposal(method, None, None, None, {}, why)
