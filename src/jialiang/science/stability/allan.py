"""The Allan family on phase data: how far averages over τ differ from one another (NIST SP 1065).

Phase x is in seconds (or any unit of y·s), one value every τ0; fractional frequency y becomes phase by summing
y τ0. All sums run over differences of phase, so a constant offset of phase or frequency does not matter.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from jialiang.science.distributions import require_positive
from jialiang.science.errors import ParameterNotAllowed, TooFewObservations
from jialiang.science.solving import Floats

Deviation = Callable[[Floats, int, float], float | None]
_CHUNK = 64
HADAMARD_TOTAL_BIAS = {0: 0.995, -1: 0.851, -2: 0.771, -3: 0.717, -4: 0.679}


@dataclass(frozen=True, slots=True)
class PhaseRecord:
    """Phase values at a spacing of τ0 (seconds)."""

    phase: Floats
    tau0: float

    @property
    def count(self) -> int:
        """Number of phase values; one more than of frequency values."""
        return int(self.phase.size)


def phase_record(phase: Sequence[float] | Floats, tau0: float) -> PhaseRecord:
    """Take at least three finite phase values."""
    require_positive("tau0", tau0)
    values = np.asarray(phase, dtype=float)
    if values.ndim != 1 or values.size < 3:
        raise TooFewObservations(needed=3, given=int(values.size))
    if not np.all(np.isfinite(values)):
        raise ParameterNotAllowed(parameter="phase", given="∞, NaN", allowed="finite")
    return PhaseRecord(values - values[0], tau0)


def record_of_frequency(frequency: Sequence[float] | Floats, tau0: float) -> PhaseRecord:
    """Sum at least two values of mean fractional frequency into phase; their mean is taken out first."""
    require_positive("tau0", tau0)
    y = np.asarray(frequency, dtype=float)
    if y.ndim != 1 or y.size < 2:
        raise TooFewObservations(needed=2, given=int(y.size))
    if not np.all(np.isfinite(y)):
        raise ParameterNotAllowed(parameter="frequency", given="∞, NaN", allowed="finite")
    return phase_record(np.concatenate([[0.0], np.cumsum(y - y.mean())]) * tau0, tau0)


def averaging_factor(tau: float, tau0: float) -> int:
    """Return m = τ/τ0. Raises ParameterNotAllowed unless τ is a whole multiple of τ0."""
    require_positive("tau", tau)
    factor = round(tau / tau0)
    if factor < 1 or abs(tau / tau0 - factor) > 1e-9 * factor:
        raise ParameterNotAllowed(parameter="tau", given=tau, allowed=f"{tau0:g} × 1, 2, 3 …")
    return factor


def octaves(record: PhaseRecord) -> tuple[float, ...]:
    """Return τ0 times 1, 2, 4 … as far as the record carries an Allan deviation."""
    most = (record.count - 1) // 2
    return tuple(record.tau0 * 2**power for power in range(most.bit_length()))


def adev(x: Floats, m: int, tau0: float) -> float | None:
    """Return the Allan deviation of steps that do not overlap; None where the record is too short."""
    return _second(x[::m], m * tau0)


def oadev(x: Floats, m: int, tau0: float) -> float | None:
    """Return the overlapping Allan deviation."""
    differences = _differences(x, m, 2)
    return _root_mean(differences, 2 * (m * tau0) ** 2)


def mdev(x: Floats, m: int, tau0: float) -> float | None:
    """Return the modified Allan deviation: the second difference of phase averaged over m."""
    differences = _differences(x, m, 2)
    if differences.size < m:
        return None
    return _root_mean(_moving_mean(differences, m), 2 * (m * tau0) ** 2)


def tdev(x: Floats, m: int, tau0: float) -> float | None:
    """Return the time deviation τ MDEV/√3, in the unit of phase."""
    found = mdev(x, m, tau0)
    return None if found is None else m * tau0 * found / math.sqrt(3)


def hdev(x: Floats, m: int, tau0: float) -> float | None:
    """Return the Hadamard deviation of steps that do not overlap: linear frequency drift does not matter."""
    return _root_mean(_differences(x[::m], 1, 3), 6 * (m * tau0) ** 2)


def ohdev(x: Floats, m: int, tau0: float) -> float | None:
    """Return the overlapping Hadamard deviation."""
    return _root_mean(_differences(x, m, 3), 6 * (m * tau0) ** 2)


def totdev(x: Floats, m: int, tau0: float) -> float | None:
    """Return the total deviation: the record is continued by reflection at both ends, τ up to its length."""
    if m > x.size - 1:
        return None
    longer = np.concatenate([2 * x[0] - x[-2:0:-1], x, 2 * x[-1] - x[-2:0:-1]])
    middle = np.arange(x.size - 1, 2 * x.size - 3)  # the inner values of the record
    differences = longer[middle - m] - 2 * longer[middle] + longer[middle + m]
    return _root_mean(differences, 2 * (m * tau0) ** 2)


def htotdev(x: Floats, m: int, tau0: float, alpha: int = 0) -> float | None:
    """Return the Hadamard total deviation: every 3m frequencies without their drift, reflected at both ends.

    Its variance is divided by the bias of the noise type α (0.995 for white frequency noise), as the published
    values of the test record are; at m = 1 it is the overlapping Hadamard deviation.
    """
    if alpha not in HADAMARD_TOTAL_BIAS:
        raise ParameterNotAllowed(parameter="alpha", given=alpha, allowed="-4 … 0")
    if m == 1:
        return ohdev(x, m, tau0)
    y = np.diff(x) / tau0
    windows = y.size - 3 * m + 1
    if windows < 1:
        return None
    view = np.lib.stride_tricks.sliding_window_view(y, 3 * m)
    squares = [_hadamard_total(view[start : start + _CHUNK], m) for start in range(0, windows, _CHUNK)]
    return math.sqrt(math.fsum(squares) / windows / 6 / HADAMARD_TOTAL_BIAS[alpha])


FAMILY: dict[str, Deviation] = {
    "adev": adev,
    "oadev": oadev,
    "mdev": mdev,
    "tdev": tdev,
    "hdev": hdev,
    "ohdev": ohdev,
    "totdev": totdev,
    "htotdev": htotdev,
}


def deviation(record: PhaseRecord, kind: str, tau: float) -> float | None:
    """Return one member of the family at τ; None where the record is too short for it."""
    if kind not in FAMILY:
        raise ParameterNotAllowed(parameter="deviation", given=kind, allowed=", ".join(FAMILY))
    return FAMILY[kind](record.phase, averaging_factor(tau, record.tau0), record.tau0)


def _second(x: Floats, tau: float) -> float | None:
    return _root_mean(_differences(x, 1, 2), 2 * tau**2)


def _differences(x: Floats, step: int, order: int) -> Floats:
    found = x
    for _ in range(order):
        found = found[step:] - found[:-step]
    return found


def _root_mean(differences: Floats, divisor: float) -> float | None:
    if not differences.size:
        return None
    return math.sqrt(float(np.dot(differences, differences)) / differences.size / divisor)


def _moving_mean(values: Floats, m: int) -> Floats:
    sums = np.concatenate([[0.0], np.cumsum(values)])
    means: Floats = (sums[m:] - sums[:-m]) / m
    return means


def _hadamard_total(windows: Floats, m: int) -> float:
    """Sum over windows of the mean square Hadamard difference of the 6m places about each."""
    length = 3 * m
    half = length // 2
    slope = (windows[:, length - half :].mean(axis=1) - windows[:, :half].mean(axis=1)) / (length - half)
    flat = windows - slope[:, None] * np.arange(length)
    mirrored = flat[:, ::-1]
    sums = np.cumsum(np.concatenate([np.zeros((len(flat), 1)), mirrored, flat, mirrored], axis=1), axis=1)
    means = (sums[:, m:] - sums[:, :-m]) / m
    at = np.arange(6 * m)
    steps = means[:, at] - 2 * means[:, at + m] + means[:, at + 2 * m]
    return float(np.sum(np.mean(steps**2, axis=1)))
