"""How often identifiers were resolved: a time by any dimension, its course, and the days as they were frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop

from jialiang.console.asking import this_day
from jialiang.console.charts.plane import Axis, Plane
from jialiang.console.requests import who
from jialiang.console.shell import page
from jialiang.console.wording import reading_language
from jialiang.functions.received_reports import operates, read_sums
from jialiang.functions.resolution_statistics import read_days, read_statistics
from jialiang.governance.resolution_counts.selectors import Total
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.calendar import first_moment

USUAL_DAYS = 7
LONGEST_DAYS = 366
DIMENSIONS = {
    "kind": gettext_noop("Kind of question"),
    "outcome": gettext_noop("Outcome"),
    "carrier": gettext_noop("Carrier"),
    "region": gettext_noop("Region"),
    "prefix": gettext_noop("Prefix"),
}
WORDS = {
    "handle_json": gettext_noop("Handle JSON"),
    "redirect": gettext_noop("Redirect"),
    "page": gettext_noop("Page"),
    "linkset": gettext_noop("GS1 linkset"),
    "native_tcp": gettext_noop("Native protocol, TCP"),
    "native_udp": gettext_noop("Native protocol, UDP"),
    "authenticity": gettext_noop("Authenticity check"),
    "registration": gettext_noop("Registration"),
    "found": gettext_noop("Found"),
    "not_found": gettext_noop("Not found"),
    "suspended": gettext_noop("Suspended"),
    "retired": gettext_noop("Retired"),
    "refused": gettext_noop("Refused"),
    "failed": gettext_noop("Failed"),
    "none": gettext_noop("No carrier named"),
    "qr": gettext_noop("QR code"),
    "datamatrix": gettext_noop("Data Matrix"),
    "code128": gettext_noop("Code 128"),
    "nfc": gettext_noop("NFC tag"),
    "rfid": gettext_noop("RFID tag"),
    "active": gettext_noop("Active carrier"),
    "typed": gettext_noop("Typed by hand"),
    "": gettext_noop("Not known"),
}
HOUR = "%Y-%m-%dT%H"
_TIME = Text(zh="起始后的时间", en="Time since the beginning")
_NUMBER = Text(zh="每小时解析次数", en="Resolutions in an hour")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: its word, the number, its share of all."""

    word: str
    number: int
    share: float


@login_required
def resolution_statistics(request: HttpRequest) -> HttpResponse:
    """Show a time (the last seven days), ``?since=&until=&by=``."""
    actor = who(request)
    since, until = _days(request)
    by = request.GET.get("by", "kind")
    by = by if by in DIMENSIONS else "kind"
    begin, end = first_moment(since), first_moment(until + timedelta(days=1))
    found = read_statistics(actor=actor, since=begin, until=end, by=(by,))
    hours = read_statistics(actor=actor, since=begin, until=end, by=("hour",)).totals
    rows = _rows(found.totals)
    context = {
        "since": since,
        "until": until,
        "by": by,
        "dimensions": [(key, gettext(name)) for key, name in DIMENSIONS.items()],
        "dimension": gettext(DIMENSIONS[by]),
        "rows": rows,
        "total": sum(row.number for row in rows),
        "gaps": found.gaps,
        "drawing": _course(hours, begin, end) if hours else None,
        "days": list(reversed(read_days(actor=actor, since=since, until=until))),
        "below": read_sums(actor=actor, since=since, until=until, now=utc_now()) if operates(actor) else [],
    }
    return page(request, "resolution_statistics/list.html", context)


def _days(request: HttpRequest) -> tuple[date, date]:
    until = _day(request.GET.get("until", "")) or this_day()
    since = _day(request.GET.get("since", "")) or until - timedelta(days=USUAL_DAYS - 1)
    earliest = max(until.toordinal() - LONGEST_DAYS + 1, date.min.toordinal())
    return date.fromordinal(min(max(since.toordinal(), earliest), until.toordinal())), until


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day <= date(2999, 12, 30) else None


def _rows(totals: Sequence[Total]) -> list[Row]:
    whole = sum(total.number for total in totals) or 1
    named = [Row(_word(total.by[0]), total.number, 100 * total.number / whole) for total in totals]
    return sorted(named, key=lambda row: -row.number)


def _word(code: str) -> str:
    return gettext(WORDS[code]) if code in WORDS else code


def _course(hours: Sequence[Total], begin: datetime, end: datetime) -> SafeString:
    counted = {total.by[0]: total.number for total in hours}
    length = int((end - begin) / timedelta(hours=1))
    numbers = [counted.get((begin + timedelta(hours=i)).strftime(HOUR), 0) for i in range(length)]
    plane = Plane(Axis(_TIME, "d", 0, length / 24), Axis(_NUMBER, "", 0, 1.08 * max(numbers)))
    steps = [place for i, number in enumerate(numbers) for place in ((i / 24, number), ((i + 1) / 24, number))]
    label = gettext("Resolutions in each hour of the time")
    return plane.drawing([plane.path("col", steps)], label=label, language=reading_language())
