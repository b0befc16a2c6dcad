"""How large a model may be: whoever sends one cannot occupy the machine with it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from jialiang.science.expression.errors import ExpressionTooLarge, ModelTooSlow


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one model: nesting, nodes of its text, operations it becomes, characters, and processor seconds."""

    depth: int = 64
    nodes: int = 10_000
    operations: int = 40_000
    characters: int = 100_000
    seconds: float = 5.0


LIMITS = Limits()


class Meter:
    """Counts what a model has used of its limits; raises ExpressionTooLarge or ModelTooSlow."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        """Start the clock; it counts processor time of this thread only."""
        self.limits = limits
        self.nodes = 0
        self.operations = 0
        self._started = time.thread_time()

    def restart(self) -> None:
        """Give a new evaluation of the same model its own time."""
        self._started = time.thread_time()

    def characters(self, count: int) -> None:
        """Refuse a text that is too long before it is looked at."""
        if count > self.limits.characters:
            raise ExpressionTooLarge(measure="characters", limit=self.limits.characters)

    def deeper(self, depth: int) -> None:
        """Refuse nesting beyond the limit."""
        if depth > self.limits.depth:
            raise ExpressionTooLarge(measure="depth", limit=self.limits.depth)

    def node(self, count: int = 1) -> None:
        """Count nodes; look at the clock now and then."""
        self.nodes += count
        if self.nodes > self.limits.nodes:
            raise ExpressionTooLarge(measure="nodes", limit=self.limits.nodes)
        if self.nodes % 64 < count:
            self.time()

    def operation(self) -> None:
        """Count an operation of the tape, also one that stands there already; look at the clock now and then."""
        self.operations += 1
        if self.operations > self.limits.operations:
            raise ExpressionTooLarge(measure="operations", limit=self.limits.operations)
        if self.operations % 256 == 0:
            self.time()

    def time(self) -> None:
        """Refuse to go on when the processor time is used up."""
        if time.thread_time() - self._started > self.limits.seconds:
            raise ModelTooSlow(seconds=self.limits.seconds)
