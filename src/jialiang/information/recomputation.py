"""Recomputed alike (重算一致): do the readings still give the figures that are stored with a record?

Compared are figures: numbers, units, identities. The words that stand beside them for display (names of influences,
warnings) belong to the software that wrote them; another release may word them otherwise and changes no result. The
stored evaluation itself, words and all, is guarded by its own digest.
"""

from __future__ import annotations

from typing import Any

from jialiang.base.calibrations.selectors import Calibration
from jialiang.formats.canonical import canonical_json, sha256_hex
from jialiang.information.evaluation import evaluate
from jialiang.information.evaluation_task import EvaluationTask
from jialiang.kernel.errors import JialiangError

WORDS = frozenset({"name", "warnings"})
DRAWN = frozenset({"agrees", "simulated_low", "simulated_high", "d_low", "d_high", "engine"})


def figures_of(evaluation: Any, *, drawn: bool = True) -> Any:
    """Return an evaluation (JSON) without its words; without ``drawn``, also without what random numbers gave."""
    left_out = WORDS if drawn else WORDS | DRAWN
    if isinstance(evaluation, dict):
        return {
            key: figures_of(member, drawn=drawn) for key, member in evaluation.items() if key not in left_out
        }
    if isinstance(evaluation, list):
        return [figures_of(member, drawn=drawn) for member in evaluation]
    return evaluation


def figures_digest(evaluation: dict[str, Any], *, drawn: bool = True) -> str:
    """Return the SHA-256 of the canonical JSON of :func:`figures_of`."""
    return sha256_hex(canonical_json(figures_of(evaluation, drawn=drawn)))


def is_recomputed_alike(record: Calibration, task: EvaluationTask) -> bool:
    """Tell whether the stored evaluation has its digest, and the readings evaluated anew give its figures.

    Draws of another engine (another release of the generator) are other bits: they are compared only where the
    engine is the same. Where the task cannot be evaluated any more, it is not recomputed alike.
    """
    stored = record.evaluation
    if not stored or sha256_hex(canonical_json(stored)) != record.evaluation_digest:
        return False
    try:
        anew = evaluate(task)
    except JialiangError:
        return False
    drawn = _engines(stored) == _engines(anew)
    return figures_digest(anew, drawn=drawn) == figures_digest(stored, drawn=drawn)


def _engines(evaluation: dict[str, Any]) -> set[str]:
    found = (point["monte_carlo"] for point in evaluation["points"])
    return {str(simulated["engine"]) for simulated in found if simulated}
