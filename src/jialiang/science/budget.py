"""An uncertainty budget as a document: inputs, their knowledge, and how they hang together.

Budgets are frozen values; :func:`budget_to_plain` writes them as JSON of text members (numbers as the shortest
decimal text of the float, so reading gives the same bits), :func:`budget_from_plain` reads them back.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from jialiang.kernel.text import Text
from jialiang.science.distributions import Distribution, distribution_from_plain, distribution_to_plain
from jialiang.science.errors import (
    BudgetUnreadable,
    DuplicateSymbol,
    GroupDegreesDiffer,
    ImpossibleCorrelation,
    ParameterNotAllowed,
    UnknownSymbol,
)

SCHEMA = "jialiang.uncertainty-budget/1"
_SMALLEST_EIGENVALUE = -1e-10  # coefficients rounded to a few digits may miss by this much


@dataclass(frozen=True, slots=True)
class InputQuantity:
    """One input: its estimate in ``unit`` and what is known about the deviation from it.

    ``group`` names the fit or the set of observations that the input was estimated from together with others;
    ``sensitivity`` is given where no model is; ``source`` refers to the certificate, record or specification.
    ``stated_degrees_of_freedom`` overrides those of the distribution (a type B judged to be uncertain itself).
    """

    symbol: str
    name: Text
    unit: str
    estimate: float
    distribution: Distribution
    evaluation: Literal["A", "B"] = "B"
    stated_degrees_of_freedom: float | None = None
    sensitivity: float | None = None
    source: str = ""
    group: str | None = None

    def __post_init__(self) -> None:
        stated = self.stated_degrees_of_freedom
        if stated is not None and not stated > 0:
            raise ParameterNotAllowed(parameter="ν", given=stated, allowed="> 0")

    @property
    def standard_uncertainty(self) -> float:
        """u(x) of the distribution."""
        return self.distribution.standard_uncertainty

    @property
    def degrees_of_freedom(self) -> float:
        """ν of u(x): as stated, else of the t-distribution, else infinite."""
        if self.stated_degrees_of_freedom is not None:
            return self.stated_degrees_of_freedom
        return float(getattr(self.distribution, "degrees_of_freedom", math.inf))


@dataclass(frozen=True, slots=True)
class Correlation:
    """The correlation coefficient r of two inputs, by symbol."""

    first: str
    second: str
    coefficient: float


@dataclass(frozen=True, slots=True)
class Budget:
    """The inputs of one measurand and their correlations; checked when made.

    ``model_text`` documents the model for people; ``estimate`` is y where sensitivities stand in for a model.
    """

    symbol: str
    name: Text
    unit: str
    inputs: tuple[InputQuantity, ...]
    correlations: tuple[Correlation, ...] = ()
    model_text: str = ""
    estimate: float | None = None

    def __post_init__(self) -> None:
        _require_unique(item.symbol for item in self.inputs)
        _require_unique("–".join(sorted((r.first, r.second))) for r in self.correlations)
        for correlation in self.correlations:
            self.position(correlation.first)
            self.position(correlation.second)
        _require_possible(self)
        _require_common_degrees(self)

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols of the inputs, in order."""
        return tuple(item.symbol for item in self.inputs)

    @property
    def estimates(self) -> dict[str, float]:
        """The estimates by symbol."""
        return {item.symbol: item.estimate for item in self.inputs}

    def position(self, symbol: str) -> int:
        """Return where an input stands. Raises UnknownSymbol."""
        if symbol not in self.symbols:
            raise UnknownSymbol(symbol=symbol, known=", ".join(self.symbols))
        return self.symbols.index(symbol)

    def correlation_matrix(self) -> NDArray[np.float64]:
        """Return r of every pair, ones on the diagonal, in the order of the inputs."""
        matrix = np.eye(len(self.inputs))
        for pair in self.correlations:
            first, second = self.position(pair.first), self.position(pair.second)
            matrix[first, second] = matrix[second, first] = pair.coefficient
        return matrix

    def correlated_sets(self) -> tuple[tuple[int, ...], ...]:
        """Return the positions of inputs that depend on one another, directly or through others.

        A set holds more than one input; members of a group belong together even with r = 0, because they share
        one estimate of their scatter.
        """
        linked = self.correlation_matrix() != 0
        groups = [item.group for item in self.inputs]
        for a, group in enumerate(groups):
            for b, other in enumerate(groups):
                linked[a, b] |= group is not None and group == other
        return tuple(members for members in _components(linked) if len(members) > 1)


def budget_to_plain(budget: Budget) -> dict[str, Any]:
    """Write a budget as JSON's own types; every number is text."""
    plain: dict[str, Any] = {
        "schema": SCHEMA,
        "symbol": budget.symbol,
        "name": budget.name.to_json(),
        "unit": budget.unit,
        "model": budget.model_text,
        "inputs": [_input_to_plain(item) for item in budget.inputs],
        "correlations": [[r.first, r.second, repr(r.coefficient)] for r in budget.correlations],
    }
    return plain if budget.estimate is None else plain | {"estimate": repr(budget.estimate)}


def budget_from_plain(data: Mapping[str, Any]) -> Budget:
    """Read a budget; numbers may be text or numbers. Raises BudgetUnreadable and what Budget raises."""
    if data.get("schema") != SCHEMA:
        raise BudgetUnreadable(member="schema")
    return Budget(
        symbol=str(_member(data, "symbol")),
        name=_text(data),
        unit=str(_member(data, "unit")),
        inputs=tuple(_input_from_plain(item) for item in _listed(data, "inputs")),
        correlations=tuple(_correlation_from_plain(item) for item in _listed(data, "correlations")),
        model_text=str(data.get("model", "")),
        estimate=_number(data, "estimate"),
    )


def _input_to_plain(item: InputQuantity) -> dict[str, Any]:
    optional = {
        "degrees_of_freedom": item.stated_degrees_of_freedom,
        "sensitivity": item.sensitivity,
        "source": item.source or None,
        "group": item.group,
    }
    plain: dict[str, Any] = {
        "symbol": item.symbol,
        "name": item.name.to_json(),
        "unit": item.unit,
        "estimate": repr(item.estimate),
        "distribution": distribution_to_plain(item.distribution),
        "evaluation": item.evaluation,
    }
    present = {name: value for name, value in optional.items() if value is not None}
    return plain | {name: value if isinstance(value, str) else repr(value) for name, value in present.items()}


def _input_from_plain(data: Mapping[str, Any]) -> InputQuantity:
    evaluation = _member(data, "evaluation")
    if evaluation not in ("A", "B"):
        raise BudgetUnreadable(member="evaluation")
    estimate = _number(data, "estimate")
    if estimate is None:
        raise BudgetUnreadable(member="estimate")
    return InputQuantity(
        symbol=str(_member(data, "symbol")),
        name=_text(data),
        unit=str(_member(data, "unit")),
        estimate=estimate,
        distribution=distribution_from_plain(_member(data, "distribution")),
        evaluation=evaluation,
        stated_degrees_of_freedom=_number(data, "degrees_of_freedom"),
        sensitivity=_number(data, "sensitivity"),
        source=str(data.get("source", "")),
        group=data.get("group"),
    )


def _correlation_from_plain(data: Any) -> Correlation:
    try:
        first, second, coefficient = data
        return Correlation(str(first), str(second), float(coefficient))
    except (TypeError, ValueError) as problem:
        raise BudgetUnreadable(member="correlations") from problem


def _member(data: Mapping[str, Any], name: str) -> Any:
    if not isinstance(data, Mapping) or name not in data:
        raise BudgetUnreadable(member=name)
    return data[name]


def _listed(data: Mapping[str, Any], name: str) -> list[Any]:
    listed = data.get(name, [])
    if not isinstance(listed, list):
        raise BudgetUnreadable(member=name)
    return listed


def _text(data: Mapping[str, Any]) -> Text:
    name = data.get("name", {})
    if not isinstance(name, Mapping):
        raise BudgetUnreadable(member="name")
    return Text.from_json(name)


def _number(data: Mapping[str, Any], name: str) -> float | None:
    try:
        return None if data.get(name) is None else float(data[name])
    except (TypeError, ValueError) as problem:
        raise BudgetUnreadable(member=name) from problem


def _require_unique(names: Iterable[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise DuplicateSymbol(symbol=name)


def _require_possible(budget: Budget) -> None:
    matrix = budget.correlation_matrix()
    if not budget.correlations:
        return
    possible = bool(np.all(np.abs(matrix) <= 1)) and all(matrix.diagonal() == 1)
    if not possible or float(np.linalg.eigvalsh(matrix)[0]) < _SMALLEST_EIGENVALUE:
        listed = ", ".join(f"r({r.first}, {r.second}) = {r.coefficient:g}" for r in budget.correlations)
        raise ImpossibleCorrelation(coefficients=listed)


def _require_common_degrees(budget: Budget) -> None:
    for group in {item.group for item in budget.inputs if item.group is not None}:
        degrees = {item.degrees_of_freedom for item in budget.inputs if item.group == group}
        if len(degrees) > 1:
            raise GroupDegreesDiffer(group=group, degrees=", ".join(f"{nu:g}" for nu in sorted(degrees)))


def _components(linked: NDArray[np.bool_]) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    left = set(range(len(linked)))
    while left:
        members, frontier = set[int](), {min(left)}
        while frontier:
            members |= frontier
            frontier = {int(b) for a in frontier for b in np.flatnonzero(linked[a])} - members
        left -= members
        found.append(tuple(sorted(members)))
    return found
