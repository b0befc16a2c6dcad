"""Which quantity of one certificate is which of the other, and which row is which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from jialiang.formats.dcc.quantities.model import MeasurementResult

_POINTS = ("basic_nominalValue", "basic_calibrationValue", "basic_referenceValue")
Pair = tuple[MeasurementResult | None, MeasurementResult | None]


def paired(first: Sequence[MeasurementResult], second: Sequence[MeasurementResult]) -> list[Pair]:
    """Pair quantities by role, refType and name; what is left over stays alone.

    The n-th of several alike goes with the n-th; a quantity whose name was changed goes with the one of the same
    refType at the same path.
    """
    waiting: dict[object, list[MeasurementResult]] = defaultdict(list)
    for quantity in second:
        waiting[_key(quantity)].append(quantity)
    pairs: list[Pair] = []
    alone: list[MeasurementResult] = []
    for quantity in first:
        same = waiting[_key(quantity)]
        if same:
            pairs.append((quantity, same.pop(0)))
        else:
            alone.append(quantity)
    rest = [quantity for left in waiting.values() for quantity in left]
    return _in_order(first, pairs + _by_place(alone, rest))


def _by_place(alone: Iterable[MeasurementResult], rest: list[MeasurementResult]) -> list[Pair]:
    by_place = {(quantity.path, quantity.ref_type): quantity for quantity in rest}
    pairs: list[Pair] = [
        (quantity, by_place.pop((quantity.path, quantity.ref_type), None)) for quantity in alone
    ]
    return pairs + [(None, quantity) for quantity in by_place.values()]


def _in_order(first: Sequence[MeasurementResult], pairs: list[Pair]) -> list[Pair]:
    order = {quantity.path: position for position, quantity in enumerate(first)}
    return sorted(pairs, key=lambda pair: order[pair[0].path] if pair[0] is not None else len(order))


def _key(quantity: MeasurementResult) -> object:
    return quantity.role, quantity.ref_type, frozenset(text.casefold() for _, text in quantity.name)


def point_labels(quantities: Sequence[MeasurementResult]) -> dict[str, tuple[str, ...]]:
    """Return, by table, the texts of the column at whose values the rows were measured."""
    labels: dict[str, tuple[int, tuple[str, ...]]] = {}
    for quantity in quantities:
        ranks = [_POINTS.index(ref_type) for ref_type in quantity.ref_type if ref_type in _POINTS]
        if quantity.table and ranks and quantity.first is not None:
            rank = min(ranks)
            if quantity.table not in labels or rank < labels[quantity.table][0]:
                labels[quantity.table] = (rank, quantity.first.values)
    return {table: texts for table, (_, texts) in labels.items()}


def matched_rows(
    first: int, second: int, labels: tuple[tuple[str, ...], tuple[str, ...]]
) -> list[tuple[int, int]]:
    """Return pairs of rows (from 0): by their points where those are the same texts, else one after the other."""
    points_first, points_second = labels
    usable = len(points_first) == first and len(points_second) == second
    if usable and len(set(points_first)) == first and len(set(points_second)) == second:
        there = {point: row for row, point in enumerate(points_second)}
        found = [(row, there[point]) for row, point in enumerate(points_first) if point in there]
        if found:
            return found
    return [(row, row) for row in range(min(first, second))]
