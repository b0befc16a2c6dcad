"""The control-chart method of ILAC-G24 / OIML D 10 (6.3): drift and scatter of the check points set the interval.

The line through the deviations at calibrations since the first, its scatter, and the MPE give the day on which the
deviation, enlarged by k standard uncertainties of a new observation, would leave ± MPE.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from jialiang.science.distributions import require_positive
from jialiang.science.intervals.proposal import UNBOUNDED, Bounds, Proposal, propose
from jialiang.science.intervals.variables import HORIZON_DAYS, first_day
from jialiang.science.rounding import Number
from jialiang.science.stability.polynomial import Curve, fit_curve


def control_chart_interval(
    days: Sequence[Number],
    deviations: Sequence[Number],
    maximum_permissible_error: float,
    *,
    coverage_factor: float = 2.0,
    current: Number | None = None,
    bounds: Bounds = UNBOUNDED,
) -> Proposal:
    """Return the interval from the last calibration to the day the limits are reached; at least three calibrations.

    Found is 0 where the last prediction is outside already, and 100 years where it never gets there.
    """
    require_positive("mpe", abs(maximum_permissible_error))
    require_positive("k", coverage_factor)
    last = max(float(day) for day in days) if days else 0.0
    curve = fit_curve(days, deviations, order=1, reference_point=last)
    allowed = abs(maximum_permissible_error)

    def margin(after: float) -> float:
        predicted = curve.predict(last + after)
        return (
            allowed - abs(predicted.value) - coverage_factor * _of_new(curve, predicted.standard_uncertainty)
        )

    found = first_day(margin)
    evidence = {
        "drift_per_day": curve.coefficients[1],
        "u_drift_per_day": curve.standard_uncertainties[1],
        "residual_sd": curve.residual_standard_deviation,
        "reached": found is not None,
    }
    return propose("control-chart", current, HORIZON_DAYS if found is None else found, bounds, evidence)


def _of_new(curve: Curve, own: float) -> float:
    return math.hypot(own, curve.residual_standard_deviation)
