"""The page of one instrument: four facts, drift, identity, certificates, history, code (picture 04)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop

from jialiang.base.certificates.selectors import certificates_of_instrument
from jialiang.base.commissions.selectors import items_of_instrument, unfinished_commission_of
from jialiang.base.identifiers.selectors import identifier_of
from jialiang.base.instruments.selectors import history, ledger_facts
from jialiang.base.instruments.selectors import instrument as instrument_row
from jialiang.console.asking import this_day
from jialiang.console.charts.drift import Dated, drift_chart
from jialiang.console.instruments.forms import ChangeForm
from jialiang.console.instruments.listing import look
from jialiang.console.ledger_history import HistoryLine, history_lines
from jialiang.console.numbers import on_screen
from jialiang.console.pictures import embedded_png
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may
from jialiang.console.shell import page, thing_url
from jialiang.console.units import symbol_of
from jialiang.console.wording import in_words
from jialiang.formats.symbols import qr_png
from jialiang.functions.deed import permit
from jialiang.functions.traceability import chain_of
from jialiang.information.drift import DriftSeries, drift_of
from jialiang.information.status import Fitness, fitness_of
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import InstrumentState, Purpose, label

SHOWN_CHANGES = 6
STEPS = {
    "instrument.suspend": (InstrumentState.REGISTERED, InstrumentState.IN_SERVICE),
    "instrument.restore": (InstrumentState.SUSPENDED,),
    "instrument.change": tuple(s for s in InstrumentState if s != InstrumentState.RETIRED),
    "instrument.retire": (InstrumentState.REGISTERED, InstrumentState.IN_SERVICE, InstrumentState.SUSPENDED),
    "commission.open": (InstrumentState.REGISTERED, InstrumentState.IN_SERVICE, InstrumentState.SUSPENDED),
}
BASES = {
    "certificate": gettext_noop("as the certificate says"),
    "owner_interval": gettext_noop("by the owner's own interval"),
    "unproven": gettext_noop("follows from the first certificate"),
    "none": gettext_noop("no date was agreed and no interval is set"),
}


@dataclass(frozen=True, slots=True)
class Traced:
    """How the chain of an instrument stands: how many steps up, and what was found."""

    steps: int
    holds: bool
    findings: tuple[Any, ...]


@login_required
def instrument(request: HttpRequest, instrument_id: UUID) -> HttpResponse:
    """Show one instrument; ``?point=`` chooses the point of the drift chart, ``?history=all`` the whole history."""
    actor, on = who(request), this_day()
    row = instrument_row(instrument_id)
    permit(actor, "instrument.read", row)
    fitness = fitness_of(instrument_id, on)
    series = drift_of(instrument_id)
    shown = next((s for s in series if s.point == request.GET.get("point")), _fullest(series))
    changes = _history(row)
    whole = request.GET.get("history") == "all"
    context = {
        "row": row,
        "facts": ledger_facts(instrument_id),
        "fitness": fitness,
        "look": look(row, fitness, on),
        "purpose": in_words(label(Purpose(row.purpose))),
        "basis": _basis(fitness),
        "unit": symbol_of(row.unit),
        "series": series,
        "shown": shown,
        "shown_unit": symbol_of(shown.unit) if shown else "",
        "latest": shown.points[-1] if shown else None,
        "chart": _chart(shown) if shown and len(shown.points) > 1 else "",
        "traced": _traced(actor, row, on) if fitness.certificate_number else None,
        "chain_url": thing_url("instrument_chain", row.id),
        "certificates": _certificates(row.id),
        "commission": unfinished_commission_of(row.id),
        "commissions": items_of_instrument(row.id),
        "changes": changes if whole else changes[:SHOWN_CHANGES],
        "more_changes": 0 if whole else max(len(changes) - SHOWN_CHANGES, 0),
        "identifier_text": getattr(identifier_of("instrument", row.id), "text", ""),
        "may": {action.replace(".", "_"): True for action in STEPS if _may(actor, action, row)},
    }
    if context["identifier_text"]:
        context["code"] = embedded_png(qr_png(str(context["identifier_text"]), 4))
    return page(request, "instruments/one.html", context)


def _basis(fitness: Fitness) -> str:
    known = fitness.due.basis if fitness.certificate_number else "unproven"
    return gettext(BASES[known])


def _may(actor: Actor, action: str, row: Any) -> bool:
    return row.state in STEPS[action] and may(actor, action, row)


def _fullest(series: tuple[DriftSeries, ...]) -> DriftSeries | None:
    """Return the point that was calibrated most often, the middle one of several."""
    most = max((len(s.points) for s in series), default=0)
    best = [s for s in series if len(s.points) == most]
    return best[len(best) // 2] if best else None


def _chart(series: DriftSeries) -> SafeString:
    unit = symbol_of(series.unit)
    points = [
        Dated(
            day=point.day,
            deviation=float(point.deviation),
            uncertainty=float(point.expanded_uncertainty),
            text=on_screen(point.deviation, signed=True),
            url=thing_url("certificate", point.certificate_id),
            title=f"{point.number} · {point.day.isoformat()}",
        )
        for point in series.points
    ]
    limit = series.points[-1].maximum_permissible_error
    facts = {
        "quantity": in_words(series.quantity),
        "point": on_screen(series.point),
        "unit": unit,
        "first": points[0].day.year,
        "last": points[-1].day.year,
    }
    label = (
        gettext("%(quantity)s at %(point)s %(unit)s from %(first)s to %(last)s, with U and the limits")
        % facts
    )
    axis = gettext("Year of the calibration (upwards: %(quantity)s / %(unit)s, bars are U)") % facts
    return drift_chart(points, label=label, axis=axis, limit=float(limit) if limit else None)


def _traced(actor: Actor, row: Any, on: Any) -> Traced | None:
    if not may(actor, "traceability.read", row):
        return None
    chain = chain_of(actor=actor, on=on, instrument_id=row.id)
    examination = chain.examination
    return Traced(
        max(examination.steps_up.values(), default=0), examination.is_unbroken, examination.findings
    )


def _certificates(instrument_id: UUID) -> list[dict[str, Any]]:
    on = this_day()
    found = []
    for issued in certificates_of_instrument(instrument_id):
        over = issued.state == "in_force" and issued.due_date is not None and issued.due_date < on
        state = "expired" if over else issued.state
        found.append({"row": issued, "state": state, "url": thing_url("certificate", issued.id)})
    return found


def _history(row: Any) -> list[HistoryLine]:
    form = ChangeForm()
    choices = {name: dict(getattr(entry, "choices", ())) for name, entry in form.fields.items()}
    return history_lines("instrument", history(row.id), choices)
