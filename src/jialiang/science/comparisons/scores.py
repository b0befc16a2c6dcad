"""Scores of one participant's result (ISO 13528 clause 9, ISO/IEC 17043, JJF 1117): E_n, ζ, z and z′.

All is taken in decimal arithmetic, so 1.00005 - 1.0 is 0.00005 and 1.2/0.4 is 3: no verdict hangs on binary noise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from jialiang.science.distributions import require_positive
from jialiang.science.errors import ParameterNotAllowed
from jialiang.science.exact_decimals import difference as exact_difference
from jialiang.science.exact_decimals import product, quotient, root_of_squares
from jialiang.science.rounding import Number, as_decimal

Verdict = Literal["satisfactory", "questionable", "unsatisfactory"]
NEGLIGIBLE_SHARE = 0.3  # up to here u(x_pt) may be left out beside σ_pt
QUESTIONABLE, UNSATISFACTORY = 2.0, 3.0


@dataclass(frozen=True, slots=True)
class Score:
    """A score and its name: ``en``, ``zeta``, ``z`` or ``zprime``."""

    name: str
    score: float

    @property
    def verdict(self) -> Verdict:
        """E_n: satisfactory up to 1, else unsatisfactory. Others: questionable between 2 and 3, from 3 on bad."""
        size = abs(self.score)
        if self.name == "en":
            return "satisfactory" if size <= 1 else "unsatisfactory"
        if size >= UNSATISFACTORY:
            return "unsatisfactory"
        return "satisfactory" if size <= QUESTIONABLE else "questionable"


def en_score(x: Number, expanded: float, x_ref: Number, expanded_ref: float) -> Score:
    """Return E_n = (x - X)/√(U² + U_ref²); both U at the same coverage probability."""
    return Score("en", _over(x, x_ref, _joined("U", expanded, expanded_ref)))


def zeta_score(x: Number, u: float, x_ref: Number, u_ref: float) -> Score:
    """Return ζ = (x - X)/√(u² + u_ref²)."""
    return Score("zeta", _over(x, x_ref, _joined("u", u, u_ref)))


def z_score(x: Number, x_ref: Number, sigma_pt: float) -> Score:
    """Return z = (x - X)/σ_pt."""
    require_positive("sigma_pt", sigma_pt)
    return Score("z", _over(x, x_ref, as_decimal(sigma_pt)))


def zprime_score(x: Number, x_ref: Number, sigma_pt: float, u_ref: float) -> Score:
    """Return z′ = (x - X)/√(σ_pt² + u_ref²), for an assigned value whose uncertainty counts."""
    require_positive("sigma_pt", sigma_pt)
    return Score("zprime", _over(x, x_ref, _joined("u_ref", sigma_pt, u_ref)))


def prefers_zprime(sigma_pt: float, u_ref: float) -> bool:
    """Whether u(X) is more than 0.3 σ_pt, so that z′ takes the place of z."""
    require_positive("sigma_pt", sigma_pt)
    return as_decimal(u_ref) > product(as_decimal(NEGLIGIBLE_SHARE), as_decimal(sigma_pt))


def difference(x: Number, x_ref: Number) -> float:
    """Return x - X without the noise of binary fractions."""
    return float(exact_difference(as_decimal(x), as_decimal(x_ref)))


def _over(x: Number, x_ref: Number, scale: Decimal) -> float:
    return float(quotient(exact_difference(as_decimal(x), as_decimal(x_ref)), scale))


def _joined(name: str, one: float, other: float) -> Decimal:
    for part in (one, other):
        if not 0 <= part < math.inf:
            raise ParameterNotAllowed(parameter=name, given=part, allowed="≥ 0")
    require_positive(name, math.hypot(one, other))
    return root_of_squares(as_decimal(one), as_decimal(other))
