"""The eight tests for unnatural patterns (GB/T 17989.2, ISO 7870-2), on distances from the centre in σ.

A signal stands at the point that completes a pattern. For 2 of 3 and 4 of 5 that point is itself beyond; at the
start of a series the window is as long as the series.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from jialiang.science.errors import ParameterNotAllowed


@dataclass(frozen=True, slots=True, order=True)
class Signal:
    """A pattern completed at ``index`` (from 0) under ``rule`` (1 … 8)."""

    index: int
    rule: int


Distances = Sequence[float]
Test = Callable[[Distances, int], bool]


def _beyond_three(z: Distances, i: int) -> bool:
    return abs(z[i]) > 3


def _nine_on_one_side(z: Distances, i: int) -> bool:
    last = z[i - 8 : i + 1] if i >= 8 else []
    return bool(last) and (all(x > 0 for x in last) or all(x < 0 for x in last))


def _six_trending(z: Distances, i: int) -> bool:
    steps = _steps(z, i, 6)
    return bool(steps) and (all(s > 0 for s in steps) or all(s < 0 for s in steps))


def _fourteen_alternating(z: Distances, i: int) -> bool:
    steps = _steps(z, i, 14)
    return bool(steps) and all(a * b < 0 for a, b in zip(steps, steps[1:], strict=False))


def _two_of_three(z: Distances, i: int) -> bool:
    return _several_beyond(z, i, needed=2, window=3, reach=2.0)


def _four_of_five(z: Distances, i: int) -> bool:
    return _several_beyond(z, i, needed=4, window=5, reach=1.0)


def _fifteen_within_one(z: Distances, i: int) -> bool:
    return i >= 14 and all(abs(x) < 1 for x in z[i - 14 : i + 1])


def _eight_outside_one(z: Distances, i: int) -> bool:
    return i >= 7 and all(abs(x) > 1 for x in z[i - 7 : i + 1])


RULES: dict[int, Test] = {
    1: _beyond_three,
    2: _nine_on_one_side,
    3: _six_trending,
    4: _fourteen_alternating,
    5: _two_of_three,
    6: _four_of_five,
    7: _fifteen_within_one,
    8: _eight_outside_one,
}


def signals(distances: Distances, rules: Iterable[int] = tuple(RULES)) -> tuple[Signal, ...]:
    """Return every signal of the chosen rules, by place and then by rule."""
    chosen = sorted(set(rules))
    for rule in chosen:
        if rule not in RULES:
            raise ParameterNotAllowed(parameter="rules", given=rule, allowed="1 … 8")
    return tuple(
        Signal(i, rule) for i in range(len(distances)) for rule in chosen if RULES[rule](distances, i)
    )


def _steps(z: Distances, i: int, points: int) -> list[float]:
    if i < points - 1:
        return []
    last = z[i - points + 1 : i + 1]
    return [b - a for a, b in zip(last, last[1:], strict=False)]


def _several_beyond(z: Distances, i: int, *, needed: int, window: int, reach: float) -> bool:
    side = 1 if z[i] > 0 else -1
    last = z[max(0, i - window + 1) : i + 1]
    return side * z[i] > reach and sum(side * x > reach for x in last) >= needed
