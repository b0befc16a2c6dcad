"""From a combined standard uncertainty to an expanded one: k from the t-distribution, or k = 2 by convention."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from scipy.special import ndtr, ndtri, stdtr, stdtridf, stdtrit

from jialiang.science.distributions import require_positive
from jialiang.science.errors import DegreesOfFreedomNotReported, ParameterNotAllowed
from jialiang.science.rounding import three_significant_digits

_ALMOST_ONE = 0.99  # what a printed k of ν = 1 may give back
DegreesOfFreedomRule = Literal["truncate", "real"]
CoverageConvention = Literal["t", "fixed"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """k, U and the coverage probability; ``convention`` ``fixed`` says that k was chosen, not computed.

    ``degrees_of_freedom_used`` is ν_eff after the laboratory's rule; None where k was chosen without ν_eff.
    """

    coverage_probability: float
    coverage_factor: float
    expanded_uncertainty: float
    degrees_of_freedom_used: float | None
    convention: CoverageConvention = "t"

    def interval(self, estimate: float) -> tuple[float, float]:
        """Return (y - U, y + U)."""
        return estimate - self.expanded_uncertainty, estimate + self.expanded_uncertainty


def expand(
    combined_standard_uncertainty: float,
    degrees_of_freedom: float | None,
    *,
    coverage_probability: float,
    rule: DegreesOfFreedomRule = "truncate",
) -> Coverage:
    """Return U = k u_c with k from t(ν_eff). Raises DegreesOfFreedomNotReported where ν_eff is undefined."""
    if degrees_of_freedom is None:
        raise DegreesOfFreedomNotReported()
    used = usable_degrees_of_freedom(degrees_of_freedom, rule)
    k = coverage_factor(coverage_probability, used)
    return Coverage(coverage_probability, k, k * combined_standard_uncertainty, used)


def expand_with_fixed_factor(
    combined_standard_uncertainty: float, degrees_of_freedom: float | None, *, factor: float = 2.0
) -> Coverage:
    """Return U = k u_c with a chosen k, and the probability it really has with ν_eff (95.45 % for infinite ν)."""
    require_positive("k", factor)
    nu = math.inf if degrees_of_freedom is None else degrees_of_freedom
    below = float(ndtr(factor) if math.isinf(nu) else stdtr(nu, factor))
    expanded = factor * combined_standard_uncertainty
    return Coverage(2 * below - 1, factor, expanded, degrees_of_freedom, "fixed")


def coverage_factor(coverage_probability: float, degrees_of_freedom: float = math.inf) -> float:
    """Return k = t_p(ν), two-sided; 1.96 for p = 0.95 and infinite ν. ν need not be a whole number."""
    if not 0 < coverage_probability < 1:
        raise ParameterNotAllowed(parameter="p", given=coverage_probability, allowed="0 < p < 1")
    if not degrees_of_freedom > 0:
        raise ParameterNotAllowed(parameter="ν", given=degrees_of_freedom, allowed="> 0")
    quantile = (1 + coverage_probability) / 2
    return float(ndtri(quantile) if math.isinf(degrees_of_freedom) else stdtrit(degrees_of_freedom, quantile))


def degrees_of_freedom_of(coverage_probability: float, factor: float) -> float | None:
    """Return ν of which k = t_p(ν) is the coverage factor; None where no t-distribution has such a factor.

    k is printed with two decimals: k = 2.28 for 95 % gives 8.6, though ν may be 8.5 or 8.7; k = 1.96 gives none.
    """
    if not 0 < coverage_probability < 1 or not factor > float(ndtri((1 + coverage_probability) / 2)):
        return None
    found = float(stdtridf((1 + coverage_probability) / 2, factor))
    return max(1.0, found) if math.isfinite(found) and found > _ALMOST_ONE else None


def usable_degrees_of_freedom(degrees_of_freedom: float, rule: DegreesOfFreedomRule = "truncate") -> float:
    """Return ν_eff as it enters the t-distribution.

    ``truncate`` cuts to the whole number below, after rounding to three significant digits: the GUM's own
    example has 18.9987, prints 19.0 and uses 19. Never below 1. ``real`` keeps the fraction.
    """
    if rule == "real" or math.isinf(degrees_of_freedom):
        return degrees_of_freedom
    if degrees_of_freedom >= 1000:
        return float(math.floor(degrees_of_freedom))
    return float(max(1, math.floor(three_significant_digits(degrees_of_freedom))))
