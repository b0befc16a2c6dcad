"""Until when a reference material may be used."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from lxml import etree

from jialiang.formats.drmd.names import DRMD

Form = Literal["", "untilRevoked", "timeAfterDispatch", "specificTime"]
_DURATION = re.compile(
    r"P(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,6})D)?"
    r"(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.\d{1,9})?S)?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Validity:
    """How the validity is stated; ``until`` is its last day, None where none follows from the document."""

    form: Form = ""
    until: date | None = None
    dispatched: str = ""
    period: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the validity ready for JSON; empty members are left out."""
        said = {"form": self.form, "until": self.until.isoformat() if self.until else "",
                "dispatched": self.dispatched, "period": self.period}  # fmt: skip
        return {name: text for name, text in said.items() if text}


def validity_of(element: etree._Element) -> Validity:
    """Read ``drmd:validity``; what cannot be read is left out."""
    names: dict[str, str] = {"": DRMD}
    if element.find("untilRevoked", names) is not None:
        return Validity("untilRevoked")
    if (stated := element.findtext("specificTime", None, names)) is not None:
        return Validity("specificTime", _day(stated))
    after = element.find("timeAfterDispatch", names)
    if after is None:
        return Validity()
    dispatched = after.findtext("dispatchDate", "", names).strip()
    period = after.findtext("period", "", names).strip()
    start = _day(dispatched)
    return Validity("timeAfterDispatch", _later(start, period) if start else None, dispatched, period)


def _later(start: date, period: str) -> date | None:
    """Return the day a period ends: months first, held at the end of a short month, then days and time (ISO 8601)."""
    match = _DURATION.fullmatch(period)
    if match is None or period.endswith(("P", "T")):
        return None
    years, months, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    whole = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds).days
    count = start.month - 1 + years * 12 + months
    year, month = start.year + count // 12, count % 12 + 1
    try:
        last = calendar.monthrange(year, month)[1]
        return date(year, month, min(start.day, last)) + timedelta(days=whole)
    except (ValueError, OverflowError):
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
