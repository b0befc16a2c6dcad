"""A fit in a document: ``b = y1 + y2*(t - t0)`` over columns of data gives correlated inputs with a common ν."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from jialiang.kernel.text import Text
from jialiang.science.budget import Correlation, InputQuantity
from jialiang.science.distributions import Distribution, Normal, StudentT
from jialiang.science.documents.fields import Fields, as_number
from jialiang.science.errors import BudgetUnreadable
from jialiang.science.expression.functions import CONSTANTS
from jialiang.science.expression.parser import parse
from jialiang.science.expression.syntax import (
    Call,
    Chain,
    Comparison,
    Element,
    Items,
    Name,
    Node,
    Number,
    Power,
    Unary,
)
from jialiang.science.models.fitting import FitTask, FittedModel, fit

GROUP = "fit"


def read_fit(formula: str, member: Fields, data: Fields, constants: Mapping[str, float]) -> FittedModel:
    """Fit the formula to the columns of ``data``. Names that are neither column nor constant are its parameters."""
    tree, ordinate = _formula(formula, member)
    columns = _columns(data)
    if ordinate not in columns:
        raise BudgetUnreadable(member=data.where(ordinate))
    ordinates = columns.pop(ordinate)
    right = tree.right.span
    used = dict.fromkeys(names_in(tree.right))
    stated = _stated(member, columns, len(ordinates))
    parameters = tuple(n for n in used if n not in columns and n not in constants and n not in CONSTANTS)
    task = FitTask(
        expression=right.source[right.start :],
        parameters=parameters,
        columns={name: column for name, column in columns.items() if name in used},
        ordinates=ordinates,
        constants={name: value for name, value in constants.items() if name in used},
        starts={str(n): as_number(v, member.where("start")) for n, v in member.inside("start").data.items()},
        uncertainties=stated,
    )
    return fit(task)


def _formula(formula: str, member: Fields) -> tuple[Comparison, str]:
    """Return the tree of ``b = …`` and the name on its left."""
    tree = parse(formula)
    if isinstance(tree, Comparison) and isinstance(tree.left, Name) and tree.operator in ("=", "=="):
        return tree, tree.left.name
    raise BudgetUnreadable(member=member.where("fit"))


def _columns(data: Fields) -> dict[str, list[float]]:
    return {
        str(name): [as_number(x, f"{data.path}.{name}") for x in column]
        for name, column in data.data.items()
        if isinstance(column, list)
    }


def _stated(member: Fields, columns: dict[str, list[float]], count: int) -> list[float] | None:
    given = member.any_of("uncertainty", "u")
    if isinstance(given, str):
        if given not in columns:
            raise BudgetUnreadable(member=f"{member.where('uncertainty')} ({given[:60]})")
        return columns.pop(given)
    if isinstance(given, int | float):
        return [as_number(given, member.where("uncertainty"))] * count
    return member.numbers("uncertainty", "u") or None


def fitted_inputs(fitted: FittedModel) -> tuple[list[InputQuantity], list[Correlation]]:
    """Return the parameters of a fit as inputs, with the correlation of every pair."""
    items = [
        InputQuantity(
            symbol=name,
            name=Text(en=name),
            unit="",
            estimate=estimate,
            distribution=_scatter(u, fitted.degrees_of_freedom),
            evaluation="A",
            stated_degrees_of_freedom=fitted.degrees_of_freedom,
            source=GROUP,
            group=GROUP,
        )
        for name, estimate, u in zip(
            fitted.parameters, fitted.estimates, fitted.standard_uncertainties, strict=True
        )
    ]
    count = len(items)
    correlations = [
        Correlation(fitted.parameters[a], fitted.parameters[b], float(fitted.correlation[a, b]))
        for a in range(count)
        for b in range(a + 1, count)
        if fitted.standard_uncertainties[a] and fitted.standard_uncertainties[b]
    ]
    return items, correlations


def _scatter(u: float, degrees: float) -> Distribution:
    return Normal(u) if u == 0 or math.isinf(degrees) else StudentT(u, degrees)


def names_in(node: Node) -> Iterator[str]:
    """Return the names of a tree, in the order of reading."""
    if isinstance(node, Name):
        yield node.name
    for child in _children(node):
        yield from names_in(child)


def _children(node: Any) -> tuple[Node, ...]:
    match node:
        case Chain():
            return (node.head, *(operand for _, operand in node.tail))
        case Unary():
            return (node.operand,)
        case Power():
            return (node.base, node.exponent)
        case Comparison():
            return (node.left, node.right)
        case Call():
            return node.arguments
        case Items():
            return node.elements
        case Element():
            return (node.array,)
        case Name() | Number():
            return ()
    return ()
