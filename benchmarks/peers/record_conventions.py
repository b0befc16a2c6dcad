"""The same for the Allan family: what allantools does otherwise, as the figure it then gives."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from scipy.special import chdtri

from benchmarks.peers.comparing import Difference, Figure, agree

Row = dict[str, Any]
NOT_HERE = math.nan
"""What a convention answers for a difference that it has nothing to do with: no figure agrees with it."""
_TOTAL = {0: (1.50, 0.0), -1: (1.17, 0.22), -2: (0.93, 0.36)}


def full_sum(found: Difference, record: Row, own: Row, theirs: Row) -> Figure:
    """Their ν where their own sum without shortcuts (``edf_greenhall_simple``) is ours."""
    known = found.figure == "edf" and theirs.get("edf_full") is not None
    return theirs["edf"] if known and agree(own["edf"], theirs["edf_full"], 1e-6) else NOT_HERE


def interval_follows(found: Difference, record: Row, own: Row, theirs: Row) -> Figure:
    """The end of the interval by χ² from their ν."""
    if found.figure not in ("low", "high") or theirs.get("edf") is None:
        return NOT_HERE
    tail = (1 - record["probability"]) / 2
    point = float(chdtri(theirs["edf"], tail if found.figure == "low" else 1 - tail))
    return float(own["value"] * math.sqrt(theirs["edf"] / point))


def total_by_count(found: Difference, record: Row, own: Row, theirs: Row) -> Figure:
    """Coefficients to two decimals, and the number of phase values where we take that of intervals."""
    kind, m = _kind_and_factor(found)
    if kind != "totdev" or found.figure != "edf" or record["alpha"] not in _TOTAL:
        return NOT_HERE
    slope, shift = _TOTAL[record["alpha"]]
    return slope * len(record["phase"]) / m - shift


def total_of_phase_noise(found: Difference, record: Row, own: Row, theirs: Row) -> Figure:
    """The approximations of the overlapping deviation for white and flicker phase noise, as printed."""
    kind, m = _kind_and_factor(found)
    if kind != "totdev" or found.figure != "edf" or record["alpha"] not in (1, 2):
        return NOT_HERE
    count = len(record["phase"])
    if record["alpha"] == 2:
        return (count + 1) * (count - 2 * m) / (2 * (count - m))
    return math.exp(math.sqrt(math.log((count - 1) / (2 * m)) * math.log((2 * m + 1) * (count - 1) / 4)))


def single_difference(found: Difference, record: Row, own: Row, theirs: Row) -> Figure:
    """No deviation from one difference alone."""
    kind, m = _kind_and_factor(found)
    steps = (len(record["phase"]) - 1) // m + 1
    return None if kind in ("adev", "hdev") and steps == (3 if kind == "adev" else 4) else NOT_HERE


def noise_outside(found: Difference, record: Row, own: Row, theirs: Row) -> Figure:
    """An α outside -2 … 2, at whose ends ours stays."""
    return theirs["alpha"] if own["alpha"] == max(-2, min(2, theirs["alpha"])) else NOT_HERE


def _kind_and_factor(found: Difference) -> tuple[str, int]:
    kind, _, factor = found.output.partition(" m=")
    return kind, int(factor)


OF_RECORDS: dict[str, Callable[[Difference, Row, Row, Row], Figure]] = {
    "full_sum": full_sum,
    "interval_follows": interval_follows,
    "total_by_count": total_by_count,
    "total_of_phase_noise": total_of_phase_noise,
    "single_difference": single_difference,
    "noise_outside": noise_outside,
}
