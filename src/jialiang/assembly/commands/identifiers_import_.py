"""``jialiang identifiers import FILE``: a table of identifiers, every bad row explained."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from jialiang.assembly.command_errors import FileUnreadable
from jialiang.assembly.founding import founder
from jialiang.assembly.saying import say
from jialiang.formats.identifier_tables import kind_of_name, read_table
from jialiang.functions.identifier_imports import OUTCOMES, ImportReport, import_rows
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.selectors import tenant_by_slug

HOLDS, HOLDS_NOT = 0, 1
WORDS = {
    "created": Text("登记", "created"),
    "updated": Text("更新", "updated"),
    "deleted": Text("注销", "retired"),
    "unchanged": Text("未变", "unchanged"),
    "refused": Text("未通过", "refused"),
}


def run(arguments: argparse.Namespace) -> int:
    """Import one file. Returns 0 when every row was (or would be) taken, 1 when one was not."""
    kind = kind_of_name(arguments.file.name)
    tenant = tenant_by_slug(arguments.tenant)
    try:
        with arguments.file.open("rb") as stream, scope(tenant.pk):
            report = import_rows(
                actor=founder(tenant),
                rows=read_table(stream, kind),
                mode=arguments.mode,
                dry_run=arguments.dry_run,
                now=utc_now,
            )
    except OSError as problem:
        raise FileUnreadable(file=arguments.file, reason=problem.strerror or str(problem)) from problem
    say(arguments, {"file": str(arguments.file), **report.to_json()}, _lines(report))
    return HOLDS if report.holds else HOLDS_NOT


def _lines(report: ImportReport) -> Iterator[Text]:
    for fault in report.faults:
        where = f" {fault.column}" if fault.column else ""
        yield Text(
            f"第 {fault.row} 行{where}：{fault.reason.zh}{fault.remedy.zh}",
            f"row {fault.row}{where}: {fault.reason.en} {fault.remedy.en}".rstrip(),
        )
    numbers = [(WORDS[outcome], report.counts[outcome]) for outcome in OUTCOMES if report.counts[outcome]]
    zh = "，".join(f"{word.zh} {count}" for word, count in numbers)
    en = ", ".join(f"{count} {word.en}" for word, count in numbers)
    trial = Text("试运行，未写入：", "dry run, nothing is written: ") if report.dry_run else Text("", "")
    yield Text(f"{trial.zh}共 {report.rows} 行：{zh or '无'}", f"{trial.en}{report.rows} rows: {en or 'none'}")
