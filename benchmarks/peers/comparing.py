"""Figure by figure: what two answers to the same model say, and where they differ by more than 10⁻⁹."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

TOLERANCE = 1e-9
FIGURES = ("value", "u", "nu_eff", "U")
RECORD_FIGURES = ("value", "edf", "low", "high", "alpha")
Figure = float | str | None


@dataclass(frozen=True)
class Difference:
    """One figure of one output that two packages give differently; ``relative`` is None where one gives no number."""

    peer: str
    model: str
    kind: str
    output: str
    figure: str
    ours: Figure
    theirs: Figure

    @property
    def relative(self) -> float | None:
        """|ours - theirs| by the larger of both."""
        return relative(self.ours, self.theirs)


@dataclass
class Comparison:
    """Everything that one peer said: figures compared, differences, and what it does not offer, counted by reason."""

    peer: str
    version: str
    compared: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[str, str]] = field(default_factory=list)
    models: int = 0


def relative(ours: Figure, theirs: Figure) -> float | None:
    """Return |a - b| / max(|a|, |b|); zero where both are the same word, None where only one is a number."""
    if ours == theirs:
        return 0.0
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return abs(ours - theirs) / max(abs(ours), abs(theirs))
    return None


def agree(ours: Figure, theirs: Figure, tolerance: float = TOLERANCE) -> bool:
    """Whether two figures are the same number within the tolerance, or the same word."""
    found = relative(ours, theirs)
    return found is not None and found <= tolerance


def compare(
    peer: str, told: dict[str, Any], models: list[dict[str, Any]], own: dict[str, dict[str, Any]]
) -> Comparison:
    """Compare the answers of a peer with ours."""
    comparison = Comparison(peer, told["version"])
    for model in models:
        theirs = told["answers"].get(model["id"], {"refused": "no answer"})
        if "left_out" in theirs:
            comparison.left_out[theirs["left_out"]] += 1
            continue
        if "refused" in theirs:
            comparison.refused.append((model["id"], theirs["refused"]))
            continue
        comparison.models += 1
        for output, figure, first, second in figures(own[model["id"]], theirs):
            comparison.compared[figure] += 1
            if not agree(first, second):
                found = Difference(peer, model["id"], model["kind"], output, figure, first, second)
                comparison.differences.append(found)
    return comparison


def figures(own: dict[str, Any], theirs: dict[str, Any]) -> Iterator[tuple[str, str, Figure, Figure]]:
    """Yield output, figure and both numbers, of every figure that the peer gives at all."""
    for output, row in own["outputs"].items():
        other = theirs["outputs"][output]
        for figure in (*FIGURES, *RECORD_FIGURES[1:]):
            if figure in row and figure in other:
                yield output, figure, row[figure], other[figure]
    told = {(a, b): r for a, b, r in theirs.get("correlation", [])}
    for a, b, r in own.get("correlation", []):
        if (a, b) in told:
            yield f"{a}, {b}", "r", r, told[a, b]
