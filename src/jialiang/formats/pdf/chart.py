"""The graph of a table of results: errors or corrections over the reference, each with its bar of ±U.

Only the geometry is made here, in parts of the plot's width and height (0 left and below, 1 right and above); the
template draws it. Binary floats serve to place marks; the numbers that are printed are decimal text.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from jialiang.formats.content import Column, ResultTable
from jialiang.formats.pdf.figures import shown_number

REFERENCE_TYPES = ("basic_referenceValue", "basic_nominalValue", "basic_measuredValue")
TICKS_WANTED = 6
LARGEST = 1e30  # and one over it the smallest: what is beyond has been no reading
SMALLEST_SHARE = 1e-10  # of the largest number that the span may be
ROOM = 0.06  # part of the span left free at either end


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis at ``at`` (0 to 1) and the number beside it."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A measured point and the ends of its bar; ``low`` equals ``high`` where no uncertainty is given."""

    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A graph ready to draw; ``zero`` is the height of the line of no deviation, None if far outside."""

    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    zero: float | None


def is_deviation(column: Column) -> bool:
    """Tell whether a column holds errors or corrections, which always carry their sign."""
    return column.ref_type.endswith(("Error", "orrection", "Deviation"))


def axes_of(table: ResultTable) -> tuple[Column, Column] | None:
    """Return the reference and the first deviation of a table, or None where it lacks either."""
    deviation = next((column for column in table.columns if is_deviation(column)), None)
    by_type = {column.ref_type: column for column in reversed(table.columns)}
    reference = next((by_type[name] for name in REFERENCE_TYPES if name in by_type), None)
    return (reference, deviation) if reference and deviation else None


def chart_of(reference: Column, deviation: Column) -> Chart | None:
    """Return the graph of the deviation over the reference; None unless all are numbers, at two places at least.

    Numbers that no axis can hold apart have no graph either.
    """
    try:
        xs = [float(Decimal(text)) for text in reference.quantity_values]
        ys = [float(Decimal(text)) for text in deviation.quantity_values]
        bars = [float(Decimal(text)) for text in deviation.expanded_uncertainties] or [0.0] * len(ys)
    except (InvalidOperation, ValueError):
        return None
    ends = [end for y, u in zip(ys, bars, strict=True) for end in (y - u, y + u)]
    if len(set(xs)) < 2 or not (_can_be_drawn(xs) and _can_be_drawn(ends)):
        return None
    across = _Axis.over(xs)
    upward = _Axis.over(ends)
    if _near_zero(ends):
        upward = _Axis.over([0.0, *ends])
    marks = tuple(
        Mark(across.place(x), upward.place(y), upward.place(y - u), upward.place(y + u))
        for x, y, u in zip(xs, ys, bars, strict=True)
    )
    return Chart(across.ticks(signed=False), upward.ticks(signed=True), marks, upward.inside(0.0))


def _can_be_drawn(numbers: list[float]) -> bool:
    """Tell whether binary floats hold the numbers apart well enough for an axis with marks."""
    if not all(map(math.isfinite, numbers)):
        return False
    largest, span = max(map(abs, numbers)), max(numbers) - min(numbers)
    return largest < LARGEST and (span == 0 or span > max(1 / LARGEST, largest * SMALLEST_SHARE))


def _near_zero(ends: list[float]) -> bool:
    """Tell whether zero may be shown without pressing the points into less than half of the height."""
    span = max(ends) - min(ends)
    return max(0.0, *ends) - min(0.0, *ends) <= 2 * span


@dataclass(frozen=True, slots=True)
class _Axis:
    low: float
    high: float
    step: float

    @classmethod
    def over(cls, numbers: list[float]) -> _Axis:
        """Span the numbers with a little room, marked in steps of 1, 2 or 5 times a power of ten."""
        low, high = min(numbers), max(numbers)
        if low == high:
            half = abs(high) / 2 or 0.5
            low, high = low - half, high + half
        span = high - low
        rough = span / TICKS_WANTED
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(power * nice for nice in (1, 2, 5, 10) if power * nice >= rough * 0.999)
        return cls(low - span * ROOM, high + span * ROOM, step)

    def place(self, number: float) -> float:
        """Return where a number stands, 0 to 1; five decimals are far below what paper shows."""
        return round((number - self.low) / (self.high - self.low), 5)

    def inside(self, number: float) -> float | None:
        """Return where a number stands, or None where that is off the axis."""
        place = self.place(number)
        return place if 0 <= place <= 1 else None

    def ticks(self, *, signed: bool) -> tuple[Tick, ...]:
        """Return the marks inside the axis, labelled with as many decimals as the step has."""
        decimals = max(0, -math.floor(math.log10(self.step) + 1e-9))
        first, last = math.ceil(self.low / self.step - 1e-9), math.floor(self.high / self.step + 1e-9)
        return tuple(
            Tick(self.place(n * self.step), shown_number(f"{n * self.step:.{decimals}f}", signed=signed))
            for n in range(first, last + 1)
        )
