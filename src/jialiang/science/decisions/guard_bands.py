"""Guard bands: acceptance limits A = factor · T, by the usual rules of the trade or solved for a risk.

The rules need only TUR = T/U. ``factor_for`` solves the exact global risk; a factor above 1 means that values
beyond the tolerance could be accepted and the risk would still be met.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

from scipy.optimize import brentq
from scipy.special import ndtri

from jialiang.science.decisions.risk import risk_of_ratio
from jialiang.science.distributions import require_positive
from jialiang.science.errors import ParameterNotAllowed
from jialiang.science.solving import NoSolution

Risk = Literal["pfa", "pfr"]
_FLOAT_NOISE = 1e-12  # 1 - 0.95 is more than 0.05 in binary fractions


def rss(tur: float) -> float:
    """Return √(1 - 1/TUR²): the uncertainty taken off in quadrature; needs TUR ≥ 1."""
    _at_least_one(tur)
    return math.sqrt(1 - 1 / tur**2)


def whole_uncertainty(tur: float) -> float:
    """Return 1 - 1/TUR: the whole U of 95 % taken off (w = U); negative below TUR 1, then nothing passes."""
    require_positive("tur", tur)
    return 1 - 1 / tur


def rp10(tur: float) -> float:
    """Return 1.25 - 1/TUR (NCSL RP-10); 1 at TUR 4, and as the formula says above it."""
    require_positive("tur", tur)
    return 1.25 - 1 / tur


def managed(tur: float) -> float:
    """Return 1 - M/TUR with M = 1.04 - exp(0.38 ln TUR - 0.54): PFA ≤ 2 % whatever the process (Dobbert)."""
    require_positive("tur", tur)
    multiple = 1.04 - math.exp(0.38 * math.log(tur) - 0.54)
    return 1 - multiple / tur


def specific(tur: float, risk: float) -> float:
    """Return the factor at whose limit the risk of accepting one item wrongly is ``risk`` (JCGM 106, 8.3)."""
    require_positive("tur", tur)
    _require_risk("target_specific_risk", risk)
    return 1 + float(ndtri(risk)) / (2 * tur)


RULES: dict[str, Callable[[float], float]] = {
    "rss": rss,
    "test95": whole_uncertainty,
    "rp10": rp10,
    "dobbert_6": managed,
}


def factor_for(itp: float, tur: float, target: float, risk: Risk = "pfa") -> float:
    """Return the factor at which the global PFA (or PFR) equals ``target``; bracketed, then Brent to 1e-15.

    Raises NoSolution where no acceptance limit gives that risk: PFA stays below 1 - itp, PFR below itp.
    """
    require_positive("tur", tur)
    _require_risk(f"target_{risk}", target)
    highest = 1 - itp if risk == "pfa" else itp
    if target >= highest * (1 - _FLOAT_NOISE):
        raise NoSolution(sought="guard_band_factor", reason=f"{risk} = {target} ≥ {highest:.6g}")

    def excess(factor: float) -> float:
        found = risk_of_ratio(itp, tur, factor)
        return (found.pfa if risk == "pfa" else found.pfr) - target

    widest = 1 + 40 / (2 * tur)
    if excess(widest) * excess(0.0) > 0:
        raise NoSolution(sought="guard_band_factor", reason=f"{risk} = {target}")
    return float(brentq(excess, 0.0, widest, xtol=1e-15, rtol=8.9e-16))


def _at_least_one(tur: float) -> None:
    if not 1 <= tur < math.inf:
        raise ParameterNotAllowed(parameter="tur", given=tur, allowed="≥ 1")


def _require_risk(name: str, risk: float) -> None:
    if not 0 < risk < 1:
        raise ParameterNotAllowed(parameter=name, given=risk, allowed=f"0 < {name} < 1")
