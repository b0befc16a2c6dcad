"""A proposal for a calibration interval: what the method found, what bounds it, and the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from jialiang.science.errors import LimitsInconsistent
from jialiang.science.rounding import Number, as_decimal

Bound = Literal["legal_maximum", "maximum", "minimum"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an interval may be: the laboratory's own minimum and maximum, and the maximum that the law sets."""

    minimum: Decimal | None = None
    maximum: Decimal | None = None
    legal_maximum: Decimal | None = None

    def __post_init__(self) -> None:
        given = [bound for bound in (self.minimum, self.maximum, self.legal_maximum) if bound is not None]
        highest = [bound for bound in (self.maximum, self.legal_maximum) if bound is not None]
        crossed = self.minimum is not None and highest and self.minimum > min(highest)
        if crossed or any(bound <= 0 for bound in given):
            raise LimitsInconsistent(limits=f"{self.minimum} … {self.maximum}, {self.legal_maximum}")

    def applied(self, interval: Decimal) -> tuple[Decimal, Bound | None]:
        """Return the interval within the bounds, and which one holds it; the law comes last and always wins."""
        held: Bound | None = None
        if self.minimum is not None and interval < self.minimum:
            interval, held = self.minimum, "minimum"
        if self.maximum is not None and interval > self.maximum:
            interval, held = self.maximum, "maximum"
        if self.legal_maximum is not None and interval > self.legal_maximum:
            interval, held = self.legal_maximum, "legal_maximum"
        return interval, held


UNBOUNDED = Bounds()


@dataclass(frozen=True, slots=True)
class Proposal:
    """The interval proposed; ``found`` is what the method alone says, ``held_by`` the bound that changed it.

    ``current`` is None where the method needs none; all intervals are in one unit of the caller's choice.
    """

    method: str
    current: Decimal | None
    found: Decimal
    proposed: Decimal
    held_by: Bound | None
    evidence: Mapping[str, object] = field(default_factory=dict)

    @property
    def changes(self) -> bool:
        """Whether the proposal differs from the current interval."""
        return self.current is None or self.proposed != self.current


def propose(
    method: str,
    current: Number | None,
    found: Number,
    bounds: Bounds = UNBOUNDED,
    evidence: Mapping[str, object] | None = None,
) -> Proposal:
    """Return the proposal that a method's finding makes within the bounds."""
    exact = as_decimal(found)
    proposed, held = bounds.applied(exact)
    before = None if current is None else as_decimal(current)
    return Proposal(method, before, exact, proposed, held, dict(evidence or {}))
