"""``jialiang node send``: everything outstanding goes now, in this process."""

from __future__ import annotations

import argparse

from jialiang.assembly.node_lines import as_operator, report_document, report_lines
from jialiang.assembly.saying import say
from jialiang.functions.node_report_rounds import send_due
from jialiang.functions.node_reports import hurry
from jialiang.functions.upper_node import reach
from jialiang.governance.node_reports.selectors import SentReport, outstanding
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor


def run(arguments: argparse.Namespace) -> int:
    """Send. Returns 0 where nothing is left, 1 where something waits; raises what the node above says to a question."""
    sent = as_operator(_sent)
    waiting = outstanding()
    document = {
        "accepted": [report_document(row) for row in sent],
        "waiting": [report_document(row) for row in waiting],
    }
    told = Text(f"已接收 {len(sent)} 份，待上报 {len(waiting)} 份。", f"{len(sent)} accepted, {len(waiting)} waiting.")
    say(arguments, document, [*report_lines([*sent, *waiting]), told])
    return int(bool(waiting))


def _sent(actor: Actor) -> list[SentReport]:
    found = reach(actor=actor)
    if found.problem is not None:
        raise found.problem
    hurry(actor=actor, now=utc_now())
    everything: list[SentReport] = []
    while accepted := send_due():
        everything += accepted
    return everything
