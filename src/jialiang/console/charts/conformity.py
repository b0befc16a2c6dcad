"""Drawings for decisions: one value between its limits, and the operating point between the two risks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString

from jialiang.console.charts.plane import Axis, Plane, text
from jialiang.console.charts.scale import widened
from jialiang.kernel.text import Text
from jialiang.science.decisions.risk import risk_of_ratio
from jialiang.science.decisions.statements import Limits

_WORDS = {
    "limit": Text(zh="规范限", en="tolerance limit"),
    "guard": Text(zh="接受限", en="acceptance limit"),
    "pfa": Text(zh="误接受概率 PFA", en="Probability of false acceptance, PFA"),
    "pfr": Text(zh="误拒绝概率 PFR", en="Probability of false rejection, PFR"),
    "point": Text(zh="工作点", en="operating point"),
    "target": Text(zh="目标", en="target"),
    "factor": Text(zh="保护带系数", en="guard-band factor"),
}
_FACTORS = tuple(0.5 + 0.01 * step for step in range(71))


@dataclass(frozen=True, slots=True)
class Judged:
    """A value with its U, its limits and the guard band w that was applied."""

    measured: float
    expanded_uncertainty: float
    limits: Limits
    guard_band: float = 0.0


def decision_drawing(judged: Judged, quantity: Text, unit: str, *, label: str, language: str) -> SafeString:
    """Draw the value with its U against tolerance and acceptance limits, on the axis of the quantity."""
    marks = list(_limit_marks(judged))
    values = [mark.value for mark in marks]
    ends = [judged.measured - judged.expanded_uncertainty, judged.measured + judged.expanded_uncertainty]
    low, high = widened(min(*ends, *values), max(*ends, *values), 0.2)
    plane = Plane(Axis(quantity, unit, low, high), Axis(Text(), "", 0, 1), height=170)
    parts = [plane.upright(mark.kind, mark.value) for mark in marks]
    for mark in marks:
        word = _WORDS[mark.kind].in_language(language)
        height = plane.y(1.0) + 10 if mark.kind == "limit" else plane.y(0.1)
        anchor = " t-end" if mark.side < 0 else ""
        parts.append(text(f"t-{mark.kind}{anchor}", plane.x(mark.value) + 5 * mark.side, height, word))
    parts.append(plane.path("u", [(ends[0], 0.5), (ends[1], 0.5)]))
    parts.append(plane.dot("pt-now", (judged.measured, 0.5), 5))
    parts.append(
        plane.note("lbl", (judged.measured, 0.5), f"U = {judged.expanded_uncertainty:.3g}", by=(0, -12))
    )
    return plane.drawing(parts, label=label, language=language)


def operating_point_drawing(
    itp: float, tur: float, factor: float, *, label: str, language: str, target_pfa: float | None = None
) -> SafeString:
    """Draw PFR over PFA for every guard band, the operating point of this one, and the target if there is one."""
    found = risk_of_ratio(itp, tur, factor)
    curve = [(100 * risk.pfa, 100 * risk.pfr) for risk in (risk_of_ratio(itp, tur, f) for f in _FACTORS)]
    widest = max(2.2 * 100 * found.pfa, 150 * (target_pfa or 0), 1e-6)
    highest = max(2.2 * 100 * found.pfr, 100 * risk_of_ratio(itp, tur).pfr * 2, 1e-6)
    plane = Plane(Axis(_WORDS["pfa"], "%", 0, widest), Axis(_WORDS["pfr"], "%", 0, highest))
    shown = [(x, y) for x, y in curve if x <= widest and y <= highest]
    parts = [plane.path("curve", shown)] if len(shown) > 1 else []
    if target_pfa is not None:
        parts.append(plane.upright("limit", 100 * target_pfa))
        parts.append(
            plane.note(
                "t-limit", (100 * target_pfa, highest), _WORDS["target"].in_language(language), by=(4, 12)
            )
        )
    point = (100 * found.pfa, 100 * found.pfr)
    words = _WORDS["point"].in_language(language), _WORDS["factor"].in_language(language)
    parts.append(plane.dot("pt-now", point, 5))
    parts.append(plane.note("lbl", point, f"{words[0]}: {words[1]} {factor:.3f}", by=(9, -23)))
    parts.append(plane.note("", point, f"PFA {point[0]:.3g} %, PFR {point[1]:.3g} %", by=(9, -9)))
    return plane.drawing(parts, label=label, language=language)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A line at a value; its words stand on the ``side`` that leaves the next line free."""

    value: float
    kind: str
    side: int


def _limit_marks(judged: Judged) -> Iterator[_Mark]:
    for limit, outwards in ((judged.limits.lower, -1), (judged.limits.upper, 1)):
        if limit is None:
            continue
        yield _Mark(float(limit), "limit", outwards)
        if judged.guard_band:
            yield _Mark(float(limit) - outwards * judged.guard_band, "guard", -outwards)
