"""The worker's rounds of node reports on an installation, with a clock that is some hours ahead or behind.

Run in a process of the installation, after ``start_django``: ``rounds(-72)`` does what a worker did three days ago.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from jialiang.assembly.collecting import collect_counts, freeze_finished_days
from jialiang.assembly.settings import current_settings
from jialiang.functions.node_report_rounds import make_due, send_due
from jialiang.kernel.clock import utc_now


def rounds(hours: float) -> None:
    """Collect, freeze, make reports and send what is outstanding, in the order of the timetable."""

    def clock() -> datetime:
        return utc_now() + timedelta(hours=hours)

    collect_counts(current_settings().count_dir)
    freeze_finished_days(clock())
    make_due(clock())
    send_due(clock)
