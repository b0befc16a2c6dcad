"""The ledger as a list: what is due first, views with counts, filters in the address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop

from jialiang.base.instruments.selectors import (
    InstrumentFilter,
    count_instruments,
    counts_by_state,
    instruments_by_id,
)
from jialiang.base.instruments.selectors import instruments as instrument_rows
from jialiang.base.organizations.selectors import organization
from jialiang.console.asking import View, chosen, listed, this_day, wanted_text
from jialiang.console.noun_forms import options
from jialiang.console.paging import Page, page_of
from jialiang.console.requests import who
from jialiang.console.shell import page, thing_url
from jialiang.information.due_dates import DueInstrument, due_instruments
from jialiang.information.status import Fitness, fitness_of_many
from jialiang.kernel.errors import NotFound
from jialiang.security.policy import allowed, limit
from jialiang.vocabulary.statuses import FitnessForUse, InstrumentState, Purpose

ALL, DUE = "all", "due"
VIEWS = {
    DUE: gettext_noop("Due in 30 days and overdue"),
    ALL: gettext_noop("All"),
    InstrumentState.SUSPENDED.value: gettext_noop("Taken out of use"),
    InstrumentState.AWAY.value: gettext_noop("Away for calibration"),
    "compulsory": gettext_noop("Compulsory verification"),
    InstrumentState.REGISTERED.value: gettext_noop("Newly registered"),
    InstrumentState.RETIRED.value: gettext_noop("Scrapped"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An instrument of the list with what its evidence says today."""

    row: Any
    fitness: Fitness
    look: str

    @property
    def due(self) -> date | None:
        """Until when it may be used; none where it is out of use for another reason than its date."""
        return None if self.look == FitnessForUse.OUT_OF_USE else self.fitness.due.date

    @property
    def certificate_url(self) -> str:
        """The page of the certificate that decides."""
        return thing_url("certificate", self.fitness.certificate_id) if self.fitness.certificate_id else ""

    @property
    def is_late(self) -> bool:
        """Whether its due date has passed."""
        return self.look == "expired"


@login_required
def instruments(request: HttpRequest) -> HttpResponse:
    """List the instruments that the person may see; who comes without a view gets what is due, if anything is."""
    actor, on = who(request), this_day()
    narrowed = limit(actor, "instrument.read")
    wanted = _wanted(request, narrowed.organization_id if narrowed else None, own_only=narrowed is not None)
    due = due_instruments(on, owner_id=wanted.owner_id)
    view = chosen(request, "view", VIEWS, DUE if due and not wanted.text and not wanted.purpose else ALL)
    found = _due_page(request, due, wanted) if view == DUE else _page(request, wanted, view)
    context = {
        "views": _views(wanted.owner_id, view, len(due)),
        "view": view,
        "list_page": replace(found, rows=lines(found.rows, on)),
        "wanted": wanted,
        "owner": _owner(wanted.owner_id),
        "purposes": options(Purpose),
        "may_register": allowed(actor, "instrument.register"),
        "may_order": allowed(actor, "commission.open"),
        "shows_owner": narrowed is None,
        "overdue": sum(entry.is_overdue for entry in due),
    }
    return page(request, "instruments/list.html", context)


def lines(rows: Any, on: date) -> list[Line]:
    """Join instruments with their fitness for use on a day: two queries."""
    ledgers = {row.id: row for row in rows}
    judged = fitness_of_many(ledgers, on)
    return [Line(row, judged[key], look(row, judged[key], on)) for key, row in ledgers.items()]


def look(row: Any, fitness: Fitness, on: date) -> str:
    """Return the state to be drawn: where the instrument is, else what its evidence says."""
    if row.state in (InstrumentState.AWAY, InstrumentState.RETIRED):
        return str(row.state)
    over = fitness.due.date is not None and fitness.due.date < on
    return "expired" if over and row.state != InstrumentState.SUSPENDED else fitness.state.value


def _wanted(request: HttpRequest, own: UUID | None, *, own_only: bool) -> InstrumentFilter:
    owner = own if own_only else _uuid(request.GET.get("owner", ""))
    if own_only and owner is None:
        owner = UUID(int=0)  # a customer without an organization owns nothing
    return InstrumentFilter(wanted_text(request), owner, "", chosen(request, "purpose", list(Purpose)))


def _page(request: HttpRequest, wanted: InstrumentFilter, view: str) -> Page:
    narrow: dict[str, Callable[[], InstrumentFilter]] = {
        ALL: lambda: wanted,
        "compulsory": lambda: replace(wanted, compulsory=True),
    }
    narrowed = narrow.get(view, lambda: replace(wanted, state=view))()
    rows = instrument_rows(narrowed, after=request.GET.get("after", ""))
    return listed(request, rows, count_instruments(narrowed))


def _due_page(request: HttpRequest, due: list[DueInstrument], wanted: InstrumentFilter) -> Page:
    rows = instruments_by_id(entry.instrument_id for entry in due)
    ordered = [rows[entry.instrument_id] for entry in due if _fits(rows[entry.instrument_id], wanted)]
    return page_of(ordered, request)


def _fits(row: Any, wanted: InstrumentFilter) -> bool:
    text = wanted.text.casefold()
    told = (row.name_zh, row.name_en, row.model, row.serial_number, row.inventory_number)
    return (not text or any(text in part.casefold() for part in told)) and wanted.purpose in ("", row.purpose)


def _views(owner_id: UUID | None, view: str, due: int) -> list[View]:
    by_state = counts_by_state(owner_id)
    numbers = by_state | {
        ALL: sum(by_state.values()),
        DUE: due,
        "compulsory": count_instruments(InstrumentFilter(owner_id=owner_id, compulsory=True)),
    }
    return [View(key, gettext(label), numbers[key], key == view) for key, label in VIEWS.items()]


def _owner(owner_id: UUID | None) -> Any:
    if owner_id is None:
        return None
    try:
        return organization(owner_id)
    except NotFound:
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
