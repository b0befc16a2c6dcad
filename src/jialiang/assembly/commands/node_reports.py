"""``jialiang node reports``: what was made of the last days, and what became of it."""

from __future__ import annotations

import argparse
from datetime import timedelta

from jialiang.assembly.node_lines import as_operator, report_document, report_lines
from jialiang.assembly.saying import say
from jialiang.functions.node_reports import read_reports
from jialiang.kernel.clock import utc_now
from jialiang.vocabulary.statuses import NodeReportState


def run(arguments: argparse.Namespace) -> int:
    """List reports. Returns 0, and 1 where one was refused."""
    until = utc_now().date()
    since = until - timedelta(days=max(arguments.days, 1))
    rows = as_operator(lambda actor: read_reports(actor=actor, since=since, until=until))
    say(arguments, {"reports": [report_document(row) for row in rows]}, report_lines(rows))
    return int(any(row.state == NodeReportState.REFUSED for row in rows))
