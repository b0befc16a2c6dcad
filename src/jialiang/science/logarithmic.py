"""Logarithmic quantities: levels in bel, decibel and neper, of power quantities and of root-power (field) quantities.

A level of a power quantity is ½ ln(P/P0) Np = lg(P/P0) B; of a root-power quantity ln(F/F0) Np = 2 lg(F/F0) B
(ISO 80000-1, annex on logarithmic quantities). Units with a reference (dBm, dBV) give the quantity itself.
"""

from __future__ import annotations

import math
from typing import Literal

from jialiang.science.errors import ParameterNotAllowed
from jialiang.science.unit_text import level_facts, read_unit

LevelKind = Literal["power", "field"]


def from_level(level: float, unit: str, kind: LevelKind) -> float:
    """Return the ratio to the reference, or the quantity in SI units where the unit names its reference."""
    scale, reference = _facts(unit, kind)
    exponent = level / scale
    return reference * (math.exp(exponent) if unit == "Np" else 10.0**exponent)


def to_level(ratio: float, unit: str, kind: LevelKind) -> float:
    """Return the level of a ratio, or of a quantity in SI units. Raises ParameterNotAllowed."""
    if not 0 < ratio < math.inf:
        raise ParameterNotAllowed(parameter="ratio", given=ratio, allowed="> 0")
    scale, reference = _facts(unit, kind)
    relative = ratio / reference
    return scale * (math.log(relative) if unit == "Np" else math.log10(relative))


def level_uncertainty(relative_uncertainty: float, unit: str, kind: LevelKind) -> float:
    """Return u of a level from the relative u of its quantity, first order: 1 % of power is 0.043 dB."""
    scale, _ = _facts(unit, kind)
    return scale * relative_uncertainty / (1.0 if unit == "Np" else math.log(10))


def _facts(unit: str, kind: LevelKind) -> tuple[float, float]:
    """Return the levels that one decade (one e-fold for neper) makes, and the reference in SI units."""
    if not read_unit(unit).level:
        raise ParameterNotAllowed(parameter="unit", given=unit, allowed="dB, B, Np, dBm, …")
    base, reference = level_facts(unit)
    if base == "neper":
        return (1.0 if kind == "field" else 0.5), 1.0
    number, _, name = (reference or "1 1").partition(" ")
    size = float(number) * float(read_unit(name).factor)
    if base == "20":
        return 20.0, size
    return (float(base) if kind == "power" else 2 * float(base)), size
