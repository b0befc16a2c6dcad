"""Printing labels of instruments: what stands on them is in the ledger and in their certificates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from jialiang.base.instruments.errors import InstrumentUnknown
from jialiang.base.instruments.selectors import instrument as instrument_row
from jialiang.console.asking import Crumb, FormPage, form_page, posted
from jialiang.console.label_templates.papers import PaperForm, dots_of, label_file
from jialiang.console.noun_forms import carried_out
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may
from jialiang.console.wording import in_words, reading_language
from jialiang.functions.deed import permit
from jialiang.functions.identifier_labels import print_instrument_labels
from jialiang.kernel.clock import utc_now

MOST_CHOSEN = 200


@login_required
def print_labels_of_instruments(request: HttpRequest) -> HttpResponse:
    """Ask on what the labels of the instruments in the address are printed, or hand them out."""
    actor = who(request)
    permit(actor, "instrument.read")
    rows = [row for given in request.GET.getlist("id")[:MOST_CHOSEN] if (row := _instrument(given, actor))]
    form = PaperForm(posted(request), initial={"language": reading_language()})

    def act(cleaned: dict[str, Any]) -> bytes:
        ids = [row.id for row in rows]
        return print_instrument_labels(actor=actor, instrument_ids=ids, now=utc_now(), **dots_of(cleaned))

    if request.method == "POST":
        written = carried_out(form, act)
        if written is not None:
            return label_file(written)
    everything = reverse("instruments")
    one = rows[0] if len(rows) == 1 else None
    back = reverse("instrument", args=[one.id]) if one else everything
    crumbs: tuple[Crumb, ...] = (Crumb(gettext("Instruments"), everything),)
    if one:
        crumbs = (*crumbs, Crumb(f"{in_words(one.name)} {one.serial_number}", back))
    intro = gettext("Certificate, dates and status follow from the certificates of today.")
    around = FormPage(gettext("Print labels"), gettext("Make the labels"), back, crumbs, intro)
    return form_page(request, form, around)


def _instrument(given: str, actor: Any) -> Any:
    try:
        row = instrument_row(UUID(given))
    except (ValueError, InstrumentUnknown):
        return None
    return row if may(actor, "instrument.read", row) else None
