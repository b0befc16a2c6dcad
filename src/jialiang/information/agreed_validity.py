"""Until when a certificate holds: by law for a verification, by agreement for anything else, else not at all.

ISO/IEC 17025, 7.8.4.3: a calibration certificate recommends no interval unless the customer agreed to one.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from jialiang.base.calibrations.selectors import Calibration
from jialiang.vocabulary.statuses import WorkKind

_NOT_ACCEPTED = ("fail", "conditionalFail")


def due_date_of(record: Calibration, outcome: str) -> date | None:
    """Return the last day on which the certificate of a record holds; a rejected instrument has none."""
    commission, instrument = record.item.commission, record.item.instrument
    verification = record.kind == WorkKind.LEGAL_VERIFICATION
    if record.end_date is None or not (verification or commission.due_date_agreed):
        return None
    if verification and outcome in _NOT_ACCEPTED:
        return None
    months = commission.agreed_interval_months or instrument.interval_months
    return last_day_of_interval(record.end_date, months) if months else None


def last_day_of_interval(start: date, months: int) -> date:
    """Return the day before the same day ``months`` later: 2026-06-16 and 12 months give 2027-06-15."""
    index = start.year * 12 + start.month - 1 + months
    year, month = index // 12, index % 12 + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return date(year, month, day) - timedelta(days=1)
