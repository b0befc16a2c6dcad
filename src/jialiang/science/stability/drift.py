"""The value of a measurement standard on the day of use: its certificates, its drift, and u of both."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from jialiang.science.distributions import require_positive
from jialiang.science.errors import LengthsDiffer, ParameterNotAllowed
from jialiang.science.fit import Prediction
from jialiang.science.rounding import Number
from jialiang.science.stability.polynomial import Curve, fit_curve

_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class ValueOnDay:
    """The value on a day, its u, and the parts of u: certificate, drift, and instability since then."""

    value: float
    standard_uncertainty: float
    from_certificate: float
    from_drift: float
    from_instability: float


@dataclass(frozen=True, slots=True)
class DriftRate:
    """Change a day with its standard uncertainty; 0 with u says that the drift is only known to be small."""

    rate: float
    standard_uncertainty: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.rate) and 0 <= self.standard_uncertainty < math.inf):
            raise ParameterNotAllowed(parameter="drift", given=self.rate, allowed="finite, u ≥ 0")


def value_on_day(
    certified: float, u_certified: float, days: float, drift: DriftRate, *, instability: float = 0.0
) -> ValueOnDay:
    """Carry the last certificate forward by ``days``: y = y0 + r t, u² = u0² + t² u²(r) + u²(instability).

    The drift rate must not come from the same certificate; use :func:`drift_of_history` for a whole history.
    """
    require_positive("u", u_certified)
    if not 0 <= days < math.inf:
        raise ParameterNotAllowed(parameter="days", given=days, allowed="≥ 0")
    if not 0 <= instability < math.inf:
        raise ParameterNotAllowed(parameter="instability", given=instability, allowed="≥ 0")
    moved = days * drift.standard_uncertainty
    u = math.hypot(u_certified, moved, instability)
    return ValueOnDay(certified + days * drift.rate, u, u_certified, moved, instability)


@dataclass(frozen=True, slots=True)
class History:
    """A line through all certificates, and what of u they share (a reference common to all of them).

    ``excess`` is the standard deviation added to each certificate's own u so that the line fits (0 if it does).
    """

    curve: Curve
    common_uncertainty: float
    excess: float

    def on(self, day: float) -> Prediction:
        """Return the value on a day with u of line, common part and instability from one day to another."""
        found = self.curve.predict(day)
        u = math.hypot(found.standard_uncertainty, self.common_uncertainty, self.excess)
        return Prediction(found.value, u, found.degrees_of_freedom)

    @property
    def rate(self) -> DriftRate:
        """The slope a day with its u."""
        return DriftRate(self.curve.coefficients[1], self.curve.standard_uncertainties[1])

    @property
    def is_significant(self) -> bool:
        """Whether the slope exceeds twice its standard uncertainty."""
        return abs(self.rate.rate) > 2 * self.rate.standard_uncertainty


def drift_of_history(
    days: Sequence[Number],
    values: Sequence[Number],
    uncertainties: Sequence[float],
    *,
    common_uncertainty: float = 0.0,
) -> History:
    """Fit a line through three or more certificates, weighted by what is their own of u.

    The common part, u of a reference that all share, shifts all alike: it is taken out of the weights and put back
    into the prediction. If χ² is above ν, an instability is added to every u until it equals ν.
    """
    own = _own_parts(uncertainties, common_uncertainty, len(days))
    last = max((float(day) for day in days), default=0.0)

    def fitted(excess: float) -> Curve:
        widened = [math.hypot(u, excess) for u in own]
        return fit_curve(days, values, order=1, reference_point=last, uncertainties=widened)

    if not _is_strained(fitted(0.0)):
        return History(fitted(0.0), common_uncertainty, 0.0)
    low, high = 0.0, max(map(float, values)) - min(map(float, values))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _is_strained(fitted(middle)) else (low, middle)
    return History(fitted(high), common_uncertainty, high)


def _is_strained(curve: Curve) -> bool:
    """Whether χ² exceeds its degrees of freedom, where there are any."""
    return curve.degrees_of_freedom > 0 and (curve.chi_squared or 0.0) > curve.degrees_of_freedom


def _own_parts(uncertainties: Sequence[float], common: float, count: int) -> list[float]:
    if len(uncertainties) != count:
        raise LengthsDiffer(first=count, second=len(uncertainties))
    own = []
    for u in uncertainties:
        require_positive("u", u)
        if not 0 <= common < u:
            raise ParameterNotAllowed(parameter="u_common", given=common, allowed=f"0 … < {u:g}")
        own.append(math.sqrt((u - common) * (u + common)))
    return own
