"""Checks between calibrations (期间核查): a plan, a criterion, and the answer normal, warning or out of control."""

from __future__ import annotations

import calendar
import math
from dataclasses import dataclass
from datetime import MAXYEAR, date
from decimal import Decimal
from typing import Literal

from jialiang.science.distributions import require_positive
from jialiang.science.errors import ParameterNotAllowed
from jialiang.science.exact_decimals import product, size
from jialiang.science.rounding import Number, as_decimal

Criterion = Literal["en", "mpe-share", "uncertainty", "control-limits"]
State = Literal["normal", "warning", "out_of_control"]
CRITERIA: tuple[Criterion, ...] = ("en", "mpe-share", "uncertainty", "control-limits")
WARNING_SHARE = Decimal("0.7")


@dataclass(frozen=True, slots=True)
class CheckCriterion:
    """What |Δ| between check and reference may be, and from which share of it on a warning is given."""

    name: Criterion
    limit: Decimal
    warning_share: Decimal = WARNING_SHARE

    def judge(self, deviation: Number) -> State:
        """Return the state of one check; on the limit is still inside."""
        found = size(as_decimal(deviation))
        if found > self.limit:
            return "out_of_control"
        return "warning" if found > product(self.limit, self.warning_share) else "normal"


def by_en(expanded: float, expanded_ref: float) -> CheckCriterion:
    """Return |Δ| ≤ √(U² + U_ref²)."""
    limit = math.hypot(expanded, expanded_ref)
    require_positive("U", limit)
    return CheckCriterion("en", as_decimal(limit))


def by_share_of_mpe(maximum_permissible_error: Number, share: float = 1 / 3) -> CheckCriterion:
    """Return |Δ| ≤ share · |MPE|, a third unless the plan says otherwise."""
    require_positive("share", share)
    half = size(as_decimal(maximum_permissible_error))
    exact = half / 3 if share == 1 / 3 else half * as_decimal(share)
    require_positive("mpe", float(half))
    return CheckCriterion("mpe-share", exact)


def by_uncertainty(expanded: Number) -> CheckCriterion:
    """Return |Δ| ≤ U of the standard that is checked."""
    require_positive("U", float(as_decimal(expanded)))
    return CheckCriterion("uncertainty", as_decimal(expanded))


def by_control_limits(sd: float) -> CheckCriterion:
    """Return |Δ| ≤ 3 s from the centre of the check chart, with the warning at 2 s."""
    require_positive("sd", sd)
    return CheckCriterion("control-limits", 3 * as_decimal(sd), Decimal(2) / Decimal(3))


def check_days(first: date, *, months: int, until: date) -> tuple[date, ...]:
    """Return the days of a plan: the first, then every so many months, up to and including ``until``.

    A month that is too short has its check on its last day; later ones return to the day of the first.
    """
    if months < 1:
        raise ParameterNotAllowed(parameter="months", given=months, allowed="≥ 1")
    days, number = [], 0
    while (day := _later(first, number * months)) is not None and day <= until:
        days.append(day)
        number += 1
    return tuple(days)


def _later(day: date, months: int) -> date | None:
    """Return the day so many months later; None where the calendar ends."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > MAXYEAR:
        return None
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
