"""``jialiang dcc check``: files, folders and archives; all findings of each, or a summary of many."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

from jialiang.assembly.bulk.checking import How, check_many
from jialiang.assembly.bulk.jobs import Job, selected
from jialiang.assembly.bulk.progress import Progress
from jialiang.assembly.bulk.summary import Summary, Totals, partial_name
from jialiang.assembly.cli import language
from jialiang.assembly.command_errors import NotWritable, OutputNotAsked, SchemasMissing
from jialiang.assembly.document_text import report_text, totals_text
from jialiang.assembly.settings import schema_folder
from jialiang.formats.documents.reports import Report
from jialiang.kernel.clock import utc_now

HOLDS, HOLDS_NOT, CANNOT = 0, 1, 2
FEW = 20
"""With fewer files nobody waits long enough for a bar."""


def check_files(arguments: argparse.Namespace) -> int:
    """Check the documents named. Returns the worst: 0 valid, 1 invalid, 2 unreadable or interrupted."""
    if arguments.out is not None and arguments.summary is None:
        raise OutputNotAsked()
    selection = selected(arguments.files)
    totals = Totals(passed_over=selection.passed_over)
    deed = _tell if arguments.summary is None else _summarize
    complete = deed(arguments, selection.jobs, totals)
    if len(selection.jobs) > FEW or arguments.summary is not None or not complete:
        sys.stderr.write(totals_text(totals.counts, complete, language(arguments)))
    return totals.status if complete else CANNOT


def _tell(arguments: argparse.Namespace, jobs: Sequence[Job], totals: Totals) -> bool:
    """Print every report, in JSON as one array that is closed whatever happens."""
    chosen = language(arguments)

    def take(report: Report) -> None:
        shown = _without_hints(report) if arguments.no_hints else report
        if arguments.json:
            comma = ", " if totals.documents else ""
            sys.stdout.write(comma + json.dumps(shown.to_json(), ensure_ascii=False))
        else:
            said = {"file": shown.file, "version": shown.version, "findings": shown.findings}
            status = HOLDS if report.is_valid else HOLDS_NOT if report.is_readable else CANNOT
            sys.stdout.write(report_text(said, status, chosen))

    how = _how(arguments)
    sys.stdout.write("[" if arguments.json else "")
    complete = _taken(arguments, jobs, how, totals, take)
    sys.stdout.write("]\n" if arguments.json else "")
    return complete


def _summarize(arguments: argparse.Namespace, jobs: Sequence[Job], totals: Totals) -> bool:
    """Write the table; a file has the name of a partial one until it is complete."""
    how = replace(_how(arguments), brief=True)
    with _opened(arguments.out) as out:
        summary = Summary(out, arguments.summary, language(arguments))
        complete = _taken(arguments, jobs, how, totals, summary.add)
        summary.close(totals, complete=complete, files=len(jobs))
    if arguments.out is not None and complete:
        partial_name(arguments.out).replace(arguments.out)
    return complete


def _how(arguments: argparse.Namespace) -> How:
    """Return how to check. Raises SchemasMissing where a second opinion is wanted and there is no folder for it."""
    folder = arguments.schemas or (schema_folder() if arguments.second_opinion else None)
    if (arguments.second_opinion or folder is not None) and (folder is None or not folder.is_dir()):
        raise SchemasMissing(folder=folder if folder is not None else "–")
    chinese = arguments.profile == "cn"
    return How(
        today=utc_now().date(),
        certificates_only=True,
        schemas=folder,
        chinese_profile=chinese,
        read_as=arguments.read_as,
    )


def _taken(
    arguments: argparse.Namespace,
    jobs: Sequence[Job],
    how: How,
    totals: Totals,
    take: Callable[[Report], None],
) -> bool:
    """Check all and hand each report on; False if the user interrupted it."""
    progress = Progress(sys.stderr, len(jobs)) if len(jobs) > FEW else None
    reports = check_many(jobs, how, workers=arguments.workers)
    try:
        for report in reports:
            take(report)
            totals.add(report)
            if progress is not None:
                progress.step(totals.documents - totals.valid)
    except KeyboardInterrupt:
        return False
    finally:
        reports.close()
        if progress is not None:
            progress.end(totals.documents - totals.valid)
    return True


@contextmanager
def _opened(out: Path | None) -> Iterator[IO[str]]:
    if out is None:
        yield sys.stdout
        return
    try:
        with partial_name(out).open("w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as problem:
        raise NotWritable(file=out, reason=problem.strerror or str(problem)) from problem


def _without_hints(report: Report) -> Report:
    return replace(report, findings=tuple(each for each in report.findings if each.severity != "hint"))
