"""From values to places on a drawing, and round values for its ticks."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import floor, log10

STEPS = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps ``low`` to the coordinate ``start`` and ``high`` to ``end``."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the coordinate of a value, to a tenth."""
        width = (self.high - self.low) or 1.0
        return round(self.start + (value - self.low) / width * (self.end - self.start), 1)


def ticks(low: float, high: float, about: int = 5) -> list[tuple[float, str]]:
    """Return round values between two others with their text, all with the same number of places."""
    step = _step((high - low) / about)
    first = floor(low / float(step))
    found = []
    for multiple in range(first, first + 4 * about):
        value = step * multiple
        if low <= float(value) <= high:
            found.append((float(value), format(value if value else abs(value), "f")))
    return found


def widened(low: float, high: float, by: float = 0.08) -> tuple[float, float]:
    """Return the ends with some air; a point, or what floating point cannot tell from one, becomes an interval."""
    margin = (high - low) * by
    if not (low - margin < low and high + margin > high):
        margin = max(abs(low), abs(high)) * by or 1.0
    return low - margin, high + margin


def _step(raw: float) -> Decimal:
    exponent = floor(log10(raw)) if raw > 0 else 0
    factor = next(step for step in STEPS if step >= raw / 10**exponent - 1e-9)
    step = Decimal(factor).scaleb(exponent)
    return step.quantize(Decimal(1)) if step >= 1 else step
