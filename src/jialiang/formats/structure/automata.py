"""Content models as automata: after each child it is known which may follow (Glushkov's construction).

XML Schema demands that a name leads to one place only, so the automaton of a content model is deterministic.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from jialiang.formats.structure.notation import (
    AnyOrder,
    Child,
    Choice,
    Expression,
    Foreign,
    Repeated,
    Sequence,
)

T = TypeVar("T")
Resolve = Callable[[Child], tuple[str, T]]
"""Gives the name with its namespace, and the type, of a child element."""


@dataclass(slots=True, eq=False)
class State(Generic[T]):
    """A place in a content model: where each child leads, with its type, and whether the content may end here."""

    accepts: bool = False
    moves: dict[str, tuple[State[T], T]] = field(default_factory=dict, repr=False)  # states lead in circles
    wildcards: list[tuple[Foreign, State[T]]] = field(default_factory=list, repr=False)


@dataclass(frozen=True, slots=True)
class _Span:
    """What an expression begins and ends with (places by number), and whether it may be empty."""

    first: tuple[int, ...]
    last: tuple[int, ...]
    empty: bool


class _Places:
    """The leaves of an expression, numbered, and which may follow which."""

    def __init__(self) -> None:
        self.leaves: list[Child | Foreign] = []
        self.follow: list[list[int]] = []

    def span(self, expression: Expression) -> _Span:
        """Number the leaves of an expression and join them; return what it begins and ends with."""
        if isinstance(expression, Child | Foreign):
            self.leaves.append(expression)
            self.follow.append([])
            place = (len(self.leaves) - 1,)
            return _Span(place, place, empty=False)
        if isinstance(expression, Sequence):
            return self._in_order([self.span(part) for part in expression.parts])
        if isinstance(expression, Choice):
            spans = [self.span(part) for part in expression.parts]
            first, last = (tuple(p for s in spans for p in getattr(s, end)) for end in ("first", "last"))
            return _Span(first, last, empty=any(span.empty for span in spans))
        if isinstance(expression, Repeated):
            span = self.span(expression.part)
            if expression.many:
                self._join(span.last, span.first)
            return _Span(span.first, span.last, empty=span.empty or expression.optional)
        raise ValueError("children in any order stand alone in a content model")

    def _in_order(self, spans: list[_Span]) -> _Span:
        whole = _Span((), (), empty=True)
        for span in spans:
            self._join(whole.last, span.first)
            whole = _Span(
                whole.first + span.first if whole.empty else whole.first,
                whole.last + span.last if span.empty else span.last,
                empty=whole.empty and span.empty,
            )
        return whole

    def _join(self, ends: tuple[int, ...], begins: tuple[int, ...]) -> None:
        for end in ends:
            self.follow[end] += [place for place in begins if place not in self.follow[end]]


def automaton(expression: Expression, resolve: Resolve[T]) -> State[T]:
    """Return the state in which the content begins."""
    if isinstance(expression, AnyOrder):
        return _any_order(expression, resolve)
    places = _Places()
    whole = places.span(expression)
    start: State[T] = State(accepts=whole.empty)
    states: list[State[T]] = [State(accepts=place in whole.last) for place in range(len(places.leaves))]
    resolved = [resolve(leaf) if isinstance(leaf, Child) else None for leaf in places.leaves]
    for state, following in ((start, whole.first), *zip(states, places.follow, strict=True)):
        for place in following:
            leaf, named = places.leaves[place], resolved[place]
            if isinstance(leaf, Foreign):
                state.wildcards.append((leaf, states[place]))
            elif named is not None:
                state.moves.setdefault(named[0], (states[place], named[1]))
    return start


def _any_order(expression: AnyOrder, resolve: Resolve[T]) -> State[T]:
    """One state for each set of children seen."""
    named: list[tuple[str, T]] = []
    needed = 0
    for number, part in enumerate(expression.parts):
        optional = isinstance(part, Repeated) and part.optional
        leaf = part.part if isinstance(part, Repeated) else part
        if not isinstance(leaf, Child):
            raise ValueError("only elements stand in any order")
        named.append(resolve(leaf))
        needed |= 0 if optional else 1 << number
    states: list[State[T]] = [State(accepts=seen & needed == needed) for seen in range(1 << len(named))]
    for seen, state in enumerate(states):
        for number, (name, its_type) in enumerate(named):
            if not seen >> number & 1:
                state.moves[name] = (states[seen | 1 << number], its_type)
    return states[0]
