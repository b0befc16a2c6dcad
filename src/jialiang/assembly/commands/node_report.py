"""``jialiang node report --day DATE [-o DIR]``: make the reports of a day, and write them as files."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from jialiang.assembly.node_lines import as_operator, report_document, report_lines
from jialiang.assembly.saying import say
from jialiang.functions.node_reports import make, report_file, report_signature
from jialiang.governance.node_reports.errors import DayNotReportable
from jialiang.governance.node_reports.selectors import SentReport
from jialiang.kernel.clock import utc_now
from jialiang.security.actor import Actor


def run(arguments: argparse.Namespace) -> int:
    """Make what is missing or changed. Returns 0."""
    day = _day(arguments.day)

    def deed(actor: Actor) -> list[SentReport]:
        rows = make(actor=actor, day=day, kinds=arguments.kind, now=utc_now())
        if arguments.out:
            _write(actor, rows, arguments.out)
        return rows

    rows = as_operator(deed)
    say(arguments, {"reports": [report_document(row) for row in rows]}, report_lines(rows))
    return 0


def _write(actor: Actor, rows: list[SentReport], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for row in rows:
        for name, data in (
            report_file(actor=actor, report_id=row.pk),
            report_signature(actor=actor, report_id=row.pk),
        ):
            if data:
                (folder / name).write_bytes(data)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise DayNotReportable(day=text[:40]) from problem
