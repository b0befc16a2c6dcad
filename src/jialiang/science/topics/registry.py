"""All topics by name, and the one way to evaluate them; described for people in ``topics.json``."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any

from jialiang.science.topics import charts, comparisons, decisions, gauge, intervals, stability, variances
from jialiang.science.topics.errors import MemberUnknown, UnknownTopic
from jialiang.science.topics.reading import Members

Calculation = Callable[[Members], dict[str, Any]]
_ALIKE = 0.85

_CALCULATIONS: dict[str, Calculation] = {
    "scores": comparisons.scores,
    "z-scores": comparisons.z_scores,
    "algorithm-a": comparisons.robust,
    "weighted-mean": comparisons.mean,
    "key-comparison": comparisons.equivalence,
    "youden": comparisons.youden,
    "comparison-round": comparisons.comparison_round,
    "risk": decisions.risk,
    "guardband": decisions.guardband,
    "decision": decisions.decision,
    "specific-risk": decisions.specific_risk,
    "tur": decisions.tur,
    "chart": charts.chart,
    "ewma": charts.ewma,
    "cusum": charts.cusum,
    "check-standard": charts.check_standard,
    "intermediate-check": charts.intermediate_check,
    "repeatability": variances.repeatability,
    "pooled-deviation": variances.pooled,
    "welch-satterthwaite": variances.effective_degrees,
    "anova": variances.anova,
    "gauge-study": gauge.gauge_study,
    "stability-jjf1033": variances.stability,
    "verification-jjf1033": variances.verification,
    "interval-a3": intervals.a3,
    "interval-s2": intervals.s2,
    "interval-variables": intervals.variables,
    "interval-staircase": intervals.stairs,
    "interval-control-chart": intervals.control_chart,
    "interval-in-use": intervals.in_use,
    "interval-black-box": intervals.box,
    "allan": stability.allan,
    "calibration-curve": stability.calibration_curve,
    "drift": stability.drift,
    "value-on-day": stability.on_day,
    "change-points": stability.changes,
}


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: its name, what it does, where the formulas are from, and its members in and out with their meaning."""

    name: str
    title: str
    source: str
    takes: Mapping[str, str]
    gives: Mapping[str, str]


@cache
def topics() -> dict[str, Topic]:
    """Return every topic by name, in the order of the reference page."""
    file = resources.files("jialiang.science.topics") / "topics.json"
    described = json.loads(file.read_text(encoding="utf-8"))
    return {name: Topic(name, **described[name]) for name in _CALCULATIONS}


def evaluate_topic(name: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Evaluate one input object; the answer is plain JSON, null where a figure does not exist.

    Members that the topic does not know are listed under ``ignored``; one that looks like a documented member
    is an error. Raises UnknownTopic, the errors of ``topics.errors`` and those of the calculation.
    """
    if name not in _CALCULATIONS:
        raise UnknownTopic(topic=name, known=", ".join(_CALCULATIONS))
    documented = tuple(topics()[name].takes)
    given = Members(name, data, documented)
    ignored = [member for member in given.names() if member not in documented]
    for member in ignored:
        absent = [other for other in documented if other not in given]
        alike = [word for word in get_close_matches(member, absent, n=1, cutoff=_ALIKE) if len(member) > 2]
        if alike:
            raise MemberUnknown(topic=name, member=member, suggestion=alike[0])
    answer: dict[str, Any] = plain(_CALCULATIONS[name](given))
    return answer | {"ignored": ignored} if ignored else answer


def plain(value: Any) -> Any:
    """Return a value as JSON can carry it: Decimal as float, ∞ and NaN as null."""
    if isinstance(value, Mapping):
        return {str(name): plain(inside) for name, inside in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inside) for inside in value]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value
