"""The words and the tree of an expression; sums and products are flat, so a long sum is not a deep one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from jialiang.science.expression.errors import ExpressionSyntax

Kind = Literal["number", "name", "sign", "unit", "end"]

_NUMBER = re.compile(r"(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,4})?", re.ASCII)
_SIGNS = ("**", "<=", ">=", "==", "!=", *"+-*/^()[],<>=·×÷−")
_MEANT = {"·": "*", "×": "*", "÷": "/", "−": "-", "^": "**"}
_BLANK = " \t\r\n"


class Token(NamedTuple):
    """One word of the source and where it begins."""

    kind: Kind
    text: str
    start: int


class Span(NamedTuple):
    """A stretch of a source text; ``text`` is what stands there, for errors."""

    source: str
    start: int
    end: int

    @property
    def text(self) -> str:
        """The term as written, shortened to a line."""
        words = " ".join(self.source[self.start : self.end].split())
        return words if len(words) <= 60 else words[:59] + "…"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written; ``imaginary`` after ``j``; ``unit`` where one stands in quotation marks behind it."""

    value: float
    imaginary: bool
    unit: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Name:
    """An input, an intermediate quantity or a constant."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands joined from left to right by operators of one rank: ``+ -``, ``* /``, ``and``, ``or``."""

    head: Node
    tail: tuple[tuple[str, Node], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Unary:
    """A sign or ``not`` before an operand."""

    operator: str
    operand: Node
    span: Span


@dataclass(frozen=True, slots=True)
class Power:
    """A base raised to an exponent."""

    base: Node
    exponent: Node
    span: Span


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two quantities compared; the result is a truth, for ``where`` only."""

    operator: str
    left: Node
    right: Node
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments."""

    function: str
    arguments: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Items:
    """An array written out: ``[a, b, c]``."""

    elements: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Element:
    """One element of an array, counted from zero; negative counts from the end."""

    array: Node
    index: int
    span: Span


Node: TypeAlias = Number | Name | Chain | Unary | Power | Comparison | Call | Items | Element


def tokens(source: str) -> Iterator[Token]:
    """Split a source into words. Raises ExpressionSyntax."""
    place = 0
    while place < len(source):
        letter = source[place]
        if letter in _BLANK:
            place += 1
            continue
        token = _token_at(source, place, letter)
        yield token
        place += len(token.text) + (2 if token.kind == "unit" else 0)
    yield Token("end", "", len(source))


def meant(sign: str) -> str:
    """Return the operator that a sign stands for: ``^`` is ``**``, ``·`` is ``*``."""
    return _MEANT.get(sign, sign)


def _token_at(source: str, place: int, letter: str) -> Token:
    number = _NUMBER.match(source, place)
    if number:
        return Token("number", number[0], place)
    if letter == "_" or letter.isalpha():
        return Token("name", _word_at(source, place), place)
    if letter in "'\"":
        end = source.find(letter, place + 1)
        if end < 0:
            raise ExpressionSyntax(place=place + 1, found=letter, source=_around(source, place))
        return Token("unit", source[place + 1 : end], place)
    for sign in _SIGNS:
        if source.startswith(sign, place):
            return Token("sign", sign, place)
    raise ExpressionSyntax(place=place + 1, found=letter, source=_around(source, place))


def _word_at(source: str, place: int) -> str:
    end = place + 1
    while end < len(source) and (source[end] == "_" or source[end].isalnum()):
        end += 1
    return source[place:end]


def _around(source: str, place: int) -> str:
    return Span(source, max(0, place - 20), min(len(source), place + 20)).text


def unexpected(source: str, token: Token) -> ExpressionSyntax:
    """Return the error of a word that stands where none of its kind may."""
    found = token.text[:40] if token.kind != "end" else "∎"
    return ExpressionSyntax(place=token.start + 1, found=found, source=_around(source, token.start))
