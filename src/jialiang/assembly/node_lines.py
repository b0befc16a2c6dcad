"""Reports to the node above as the command line shows them, and who acts there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from jialiang.assembly.founding import founder
from jialiang.functions.upper_node import UpperApplication
from jialiang.governance.node_reports.selectors import SentReport
from jialiang.kernel.clock import iso_seconds
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.security.tenancy.errors import TenantNotFound
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.selectors import first_founded
from jialiang.vocabulary.statuses import NodeReportState, label

Done = TypeVar("Done")


def as_operator(deed: Callable[[Actor], Done]) -> Done:
    """Do something as the institute that operates the node. Raises TenantNotFound before there is one."""
    institute = first_founded()
    if institute is None:
        raise TenantNotFound(tenant="—")
    with scope(institute.pk):
        return deed(founder(institute))


def report_document(row: SentReport) -> dict[str, Any]:
    """Return a report as the JSON document of a command."""
    return {
        "id": str(row.pk),
        "file": row.file_name,
        "kind": row.kind,
        "day": row.day.isoformat(),
        "revision": row.revision,
        "lines": row.lines,
        "size": row.size,
        "sha256": row.sha256,
        "state": row.state,
        "attempts": row.attempts,
        "problem": row.problem.to_json(),
        "made_at": iso_seconds(row.made_at),
        "answered_at": iso_seconds(row.answered_at) if row.answered_at else None,
    }


def report_lines(rows: Iterable[SentReport]) -> Iterator[Text]:
    """Yield one line a report, and why it waits or was refused."""
    for row in rows:
        state = label(NodeReportState(row.state))
        yield Text(
            f"{row.file_name}  {row.lines} 行，{row.size} 字节  {state.zh}",
            f"{row.file_name}  {row.lines} lines, {row.size} bytes  {state.en}",
        )
        if row.problem:
            yield Text(f"  {row.problem.zh}", f"  {row.problem.en}")


def application_lines(rows: Iterable[UpperApplication]) -> Iterator[Text]:
    """Yield one line an application at the node above."""
    for row in rows:
        told = f"{row.id}  {row.state}  {row.wished_code}  {row.reason}".rstrip()
        yield Text(told, told)
