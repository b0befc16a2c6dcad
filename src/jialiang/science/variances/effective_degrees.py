"""Welch–Satterthwaite (GUM G.2b) for independent components, without a whole budget around them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from jialiang.science.errors import LengthsDiffer, ParameterNotAllowed, TooFewObservations


def welch_satterthwaite(contributions: Sequence[float], degrees: Sequence[float]) -> tuple[float, float]:
    """Return u_c and ν_eff = u_c⁴ / Σ u_i⁴/ν_i for contributions |c_i| u_i; infinite ν is allowed."""
    if len(contributions) != len(degrees):
        raise LengthsDiffer(first=len(contributions), second=len(degrees))
    if not contributions:
        raise TooFewObservations(needed=1, given=0)
    for u in contributions:
        if not 0 <= u < math.inf:
            raise ParameterNotAllowed(parameter="u", given=u, allowed="≥ 0")
    for nu in degrees:
        if not nu > 0:
            raise ParameterNotAllowed(parameter="dof", given=nu, allowed="> 0")
    combined = math.hypot(*contributions)
    if combined == 0:
        raise ParameterNotAllowed(parameter="u", given=0.0, allowed="> 0")
    shares = math.fsum((u / combined) ** 4 / nu for u, nu in zip(contributions, degrees, strict=True))
    return combined, (1 / shares if shares else math.inf)
