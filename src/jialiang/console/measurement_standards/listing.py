"""The list of measurement standards: what stops work first, then what ends soonest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop

from jialiang.base.measurement_standards.selectors import (
    carrying,
    count_standards,
    ends_on,
    standards,
    standards_in_use,
)
from jialiang.console.asking import View, chosen, this_day, wanted_text
from jialiang.console.paging import page_of
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may
from jialiang.console.shell import page
from jialiang.console.units import symbol_of
from jialiang.console.wording import in_words
from jialiang.functions.deed import permit
from jialiang.information.queue import STANDARD_REMINDER_DAYS
from jialiang.security.tenancy.paging import LARGEST_SIZE
from jialiang.vocabulary.statuses import StandardLevel, StandardState, label

ALL = "all"
VIEWS = {
    StandardState.IN_USE.value: gettext_noop("In use, the most urgent first"),
    StandardState.SUSPENDED.value: gettext_noop("Suspended"),
    ALL: gettext_noop("All"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A standard of the list with the certificate that carries it, or its latest one, and how urgent it is."""

    row: Any
    certificate: Any
    ends: date | None
    look: str
    level: str
    unit: str

    @property
    def id(self) -> Any:
        """The standard's id, by which pages go on."""
        return self.row.id


@login_required
def measurement_standards(request: HttpRequest) -> HttpResponse:
    """List the standards; within a laboratory they are few, so the order is made here."""
    actor, on = who(request), this_day()
    permit(actor, "measurement_standard.read")
    text = wanted_text(request)
    view = chosen(request, "view", VIEWS, ALL if text else StandardState.IN_USE.value)
    rows = standards(text=text, state="" if view == ALL else view, size=LARGEST_SIZE).rows
    lines = sorted((line_of(row, on) for row in rows), key=_urgency)
    numbers = {key: count_standards(state="" if key == ALL else key) for key in VIEWS}
    found = page_of(lines, request)
    context = {
        "views": [View(key, gettext(name), numbers[key], key == view) for key, name in VIEWS.items()],
        "view": view,
        "list_page": replace(found, total=numbers[view] if not text else len(lines)),
        "searched": text,
        "may_register": may(actor, "measurement_standard.register"),
        "stopped": ending(on),
    }
    return page(request, "measurement_standards/list.html", context)


def line_of(row: Any, on: date) -> Line:
    """Judge a standard whose certificates are at hand."""
    certificate = decisive(row, on)
    ends = ends_on(certificate) if certificate else None
    level = in_words(label(StandardLevel(row.level)))
    return Line(row, certificate, ends, look(row.state, ends, on), level, symbol_of(row.unit))


def decisive(row: Any, on: date) -> Any:
    """Return the certificate that carries a standard on a day, else the latest that had begun; one to come is none."""
    begun = (each for each in row.certificates.all() if each.valid_from <= on)
    return carrying(row, on) or next(begun, None)


def look(state: str, ends: date | None, on: date) -> str:
    """Return the state to be drawn: suspended and retired by decision, else by the certificate's end."""
    if state != StandardState.IN_USE:
        return state
    if ends is None:
        return "unproven"
    if ends < on:
        return "expired"
    return "ending" if (ends - on).days <= STANDARD_REMINDER_DAYS else state


def ending(on: date) -> int:
    """Count the standards in use that no certificate carries on a day."""
    return sum(carrying(row, on) is None for row in standards_in_use())


def _urgency(line: Line) -> tuple[int, date, str]:
    rank = {"expired": 0, "unproven": 0, "ending": 1, StandardState.IN_USE.value: 2}.get(line.look, 3)
    return rank, line.ends or date.min, str(line.row.id)
