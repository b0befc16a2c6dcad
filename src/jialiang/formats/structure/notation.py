"""The notation in which content models are written as data, read into expressions.

``name:textType content:richContentType* ( norm:word | link:xs:anyURI )+``: child elements in order, each with its
type; ``?``, ``*`` and ``+`` say how often, ``|`` parts choices, ``&`` parts children in any order. ``[si:real]`` is
an element that is declared for the whole vocabulary; ``{any lax}`` and ``{other strict}`` stand for elements of any
vocabulary or of any other, checked if they are known or only allowed if they are known. A type whose content begins
with ``+dcc:primitiveQuantityType`` extends that type: its own children follow those of the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_TOKEN = re.compile(r"[()|&][?*+]?|\[[^\]]+\][?*+]?|\{[^}]+\}[?*+]?|[^\s()|&\[\]{}]+")
_HOW_OFTEN = "?*+"


@dataclass(frozen=True, slots=True)
class Child:
    """A child element: its name, and its type (empty: declared for the whole vocabulary).

    ``home`` is the prefix of the vocabulary that it comes from where that is another one.
    """

    name: str
    type: str = ""
    home: str = ""


@dataclass(frozen=True, slots=True)
class Foreign:
    """Elements of any vocabulary or, with ``other``, of others than the own; ``strict``: only known ones."""

    other: bool
    strict: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """All of the parts, in order."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the parts."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOrder:
    """All of the parts, each once, in any order."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """A part that may be absent (``optional``), or come more than once (``many``)."""

    part: Expression
    optional: bool
    many: bool


Expression = Child | Foreign | Sequence | Choice | AnyOrder | Repeated


def read_expression(text: str) -> Expression:
    """Read the notation. Raises ValueError where the data is not written so."""
    tokens = _TOKEN.findall(text)
    if "".join("".join(tokens).split()) != "".join(text.split()):
        raise ValueError(f"{text}: not in the notation")
    expression, position = _alternatives(tokens, 0)
    if position != len(tokens):
        raise ValueError(f"{text}: unbalanced at token {position}")
    return expression


def qualified(expression: Expression, home: str) -> Expression:
    """Return an expression of one vocabulary as a part of a type of another one."""
    if isinstance(expression, Child):
        return expression if expression.home else replace(expression, home=home)
    if isinstance(expression, Foreign):
        return expression
    if isinstance(expression, Repeated):
        return replace(expression, part=qualified(expression.part, home))
    return replace(expression, parts=tuple(qualified(part, home) for part in expression.parts))


def _alternatives(tokens: list[str], position: int) -> tuple[Expression, int]:
    """Read sequences between ``|`` or ``&`` up to a closing parenthesis or the end."""
    parts: list[Expression] = []
    separator = ""
    while True:
        part, position = _sequence(tokens, position)
        parts.append(part)
        if position == len(tokens) or tokens[position][0] == ")":
            break
        if separator not in ("", tokens[position]):
            raise ValueError(f"{separator} and {tokens[position]} stand together at token {position}")
        separator = tokens[position]
        position += 1
    if not separator:
        return parts[0], position
    return (AnyOrder if separator == "&" else Choice)(tuple(parts)), position


def _sequence(tokens: list[str], position: int) -> tuple[Expression, int]:
    parts: list[Expression] = []
    while position < len(tokens) and tokens[position][0] not in "|&)":
        if tokens[position] == "(":
            part, position = _alternatives(tokens, position + 1)
            if position == len(tokens):
                raise ValueError("unbalanced at the end")
        else:
            part = _leaf(tokens[position].rstrip(_HOW_OFTEN))
        parts.append(_often(part, tokens[position]))
        position += 1
    return (parts[0] if len(parts) == 1 else Sequence(tuple(parts))), position


def _leaf(token: str) -> Expression:
    if token.startswith("["):
        return Child(token[1:-1])
    if token.startswith("{"):
        whose, how = token[1:-1].split()
        return Foreign(other=whose == "other", strict=how == "strict")
    name, _, of_type = token.partition(":")
    return Child(name, of_type)


def _often(part: Expression, token: str) -> Expression:
    mark = token[-1] if token[-1] in _HOW_OFTEN else ""
    return Repeated(part, optional=mark in "?*", many=mark in "*+") if mark else part
