"""Quantities of the readings in exact decimal arithmetic: ``indication - standard``, row by row.

The mean of a difference is the difference of the means only while nothing is rounded: readings stay decimals as typed,
and only sums, differences, products and signs are allowed between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal, Inexact

from jialiang.information.budget_templates.errors import NotAnExactTerm
from jialiang.science.decimal_text import read_decimal
from jialiang.science.expression.parser import parse
from jialiang.science.expression.syntax import Chain, Name, Node, Number, Unary
from jialiang.science.rounding import plain_text

_EXACT = Context(prec=500, traps=[Inexact])


def exact_quantity(quantity: str, known: Mapping[str, str]) -> str:
    """Return a quantity of decimal texts as decimal text. Raises NotAnExactTerm, what reading an expression raises."""
    try:
        return plain_text(_value(parse(quantity), quantity, known))
    except Inexact as problem:
        raise NotAnExactTerm(quantity=quantity, term=quantity) from problem


def names_of(quantity: str) -> tuple[str, ...]:
    """Return the names in a quantity, each once. Raises NotAnExactTerm and what reading an expression raises."""
    return tuple(dict.fromkeys(_names(parse(quantity), quantity)))


def _value(node: Node, quantity: str, known: Mapping[str, str]) -> Decimal:
    if isinstance(node, Name) and node.name in known:
        return read_decimal(known[node.name]).number
    if _is_plain(node):
        return read_decimal(node.span.source[node.span.start : node.span.end]).number
    if isinstance(node, Unary) and node.operator in "+-":
        operand = _value(node.operand, quantity, known)
        return _EXACT.minus(operand) if node.operator == "-" else operand
    if isinstance(node, Chain) and all(sign in ("+", "-", "*") for sign, _ in node.tail):
        return _chained(node, quantity, known)
    raise NotAnExactTerm(quantity=quantity, term=node.span.text)


def _chained(node: Chain, quantity: str, known: Mapping[str, str]) -> Decimal:
    joined = {"+": _EXACT.add, "-": _EXACT.subtract, "*": _EXACT.multiply}
    found = _value(node.head, quantity, known)
    for sign, operand in node.tail:
        found = joined[sign](found, _value(operand, quantity, known))
    return found


def _names(node: Node, quantity: str) -> list[str]:
    if isinstance(node, Name):
        return [node.name]
    if _is_plain(node):
        return []
    return [name for operand in _operands(node, quantity) for name in _names(operand, quantity)]


def _operands(node: Node, quantity: str) -> tuple[Node, ...]:
    if isinstance(node, Unary) and node.operator in "+-":
        return (node.operand,)
    if isinstance(node, Chain) and all(sign in ("+", "-", "*") for sign, _ in node.tail):
        return (node.head, *(operand for _, operand in node.tail))
    raise NotAnExactTerm(quantity=quantity, term=node.span.text)


def _is_plain(node: Node) -> bool:
    return isinstance(node, Number) and not node.imaginary and node.unit is None
