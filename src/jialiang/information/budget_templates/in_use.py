"""A version of a budget that a calibration is evaluated by: its identity, where it holds, and its document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from jialiang.science.decimal_text import read_decimal
from jialiang.science.errors import UnitSyntax, UnknownUnit
from jialiang.science.unit_text import read_unit


@dataclass(frozen=True, slots=True)
class TemplateInUse:
    """One version of a budget; ``minimum`` and ``maximum`` are decimal texts in ``unit``, empty where it is open."""

    version_id: str
    code: str
    number: int
    digest: str
    unit: str
    minimum: str
    maximum: str
    document: dict[str, Any] = field(compare=False)

    def covers(self, point: str) -> bool:
        """Whether a point (decimal text in ``unit``) lies inside, both ends included."""
        place = read_decimal(point).number
        above = not self.minimum or read_decimal(self.minimum).number <= place
        return above and (not self.maximum or place <= read_decimal(self.maximum).number)

    def plain(self) -> dict[str, Any]:
        """Return what a stored evaluation says about it."""
        return {"id": self.version_id, "code": self.code, "version": self.number, "digest": self.digest}


def is_same_unit(first: str, second: str) -> bool:
    """Whether two spellings mean one unit: same dimension, factor and zero."""
    if first == second:
        return True
    try:
        one, other = read_unit(first), read_unit(second)
    except (UnknownUnit, UnitSyntax):
        return False
    return one.same_scale(other) and one.offset == other.offset


def chosen(templates: Iterable[TemplateInUse], point: str) -> TemplateInUse | None:
    """Return the template for a point: of several that meet at a common end the one with the smaller code."""
    covering = [template for template in templates if template.covers(point)]
    return min(covering, key=lambda template: template.code, default=None)
