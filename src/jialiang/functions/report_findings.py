"""What is told of a report beside its numbers: it was accepted, and yet somebody may want to look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jialiang.governance.subordinate_nodes.services import Arrival
from jialiang.kernel.clock import local_date
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import ReportSignature

LATE_AFTER = timedelta(days=2)
WORDS = {
    "unsigned": Text("未签名，但该节点登记了根", "It is not signed, though the root of the node is known"),
    "unproven": Text("有签名，但未登记该节点的根，无法核验", "It is signed; no root is known to check it by"),
    "gaps": Text("统计中有 {count} 处缺口", "Its statistics have {count} gaps"),
    "late": Text("迟到：当天结束已超过 {days} 天", "It is late: the day ended {days} days ago"),
    "revised": Text("总数由 {before} 改为 {after}", "The total was {before} and is {after} now"),
    "site": Text("节点报告的解析地址与委派的不同", "The node answers elsewhere than its prefix is delegated to"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A report and what is known around it; ``before`` is the total of the revision before, None for none."""

    arrival: Arrival
    has_root: bool
    before: int | None
    site_differs: bool


def findings_of(told: Told, now: datetime) -> tuple[dict[str, Any], ...]:
    """Return the findings as they are stored: ``kind`` and the words in both languages."""
    arrival, total = told.arrival, told.arrival.sums.get("total", 0)
    gaps = sum(arrival.sums.get("gap", {}).values())
    days = (local_date(now, arrival.time_zone) - arrival.day).days
    found = {
        "unsigned": told.has_root and arrival.signature == ReportSignature.NONE,
        "unproven": arrival.signature == ReportSignature.UNPROVEN,
        "gaps": gaps > 0,
        "late": days > LATE_AFTER.days,
        "revised": told.before not in (None, total),
        "site": told.site_differs,
    }
    facts = {"count": gaps, "days": days - 1, "before": told.before, "after": total}
    return tuple(
        {"kind": kind, **WORDS[kind].format(**facts).to_json()} for kind, is_there in found.items() if is_there
    )
