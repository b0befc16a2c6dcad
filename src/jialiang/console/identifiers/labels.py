"""Printing labels: of identifiers that were chosen, or of the table that was just imported."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from jialiang.base.identifiers.errors import IdentifierUnknown
from jialiang.base.identifiers.selectors import record_by_id, records_named
from jialiang.console.asking import Crumb, FormPage, form_page, posted
from jialiang.console.identifiers.tables import kept, rows_of
from jialiang.console.label_templates.papers import PaperForm, dots_of, label_file
from jialiang.console.noun_forms import carried_out, fill_choices
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may
from jialiang.console.wording import in_words, reading_language
from jialiang.formats.handle.names import folded
from jialiang.formats.labels.contents import statuses
from jialiang.formats.labels.pages import MOST_LABELS
from jialiang.formats.labels.templates import templates
from jialiang.functions.deed import permit
from jialiang.functions.identifier_labels import print_labels
from jialiang.kernel.clock import utc_now
from jialiang.security.actor import Actor

MOST_TOLD = 5
MOST_CHOSEN = 200


class LabelsForm(PaperForm):
    """Which labels, and on what."""

    names = forms.CharField(
        max_length=400_000,
        label=gettext_lazy("Identifiers"),
        help_text=gettext_lazy("One a line, at most 2 000."),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
    status = forms.ChoiceField(  # type: ignore[assignment]  # a field; the answer's status is the class's
        label=gettext_lazy("Metrological status"), required=False
    )
    field_order = ("names", "template", "sheet", "dots_per_inch", "language", "status", "start")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = ((name, in_words(status.words)) for name, status in statuses().items())
        fill_choices(self, "status", [("", gettext("None of them")), *words])

    def clean_names(self) -> list[str]:
        """Return the names; each has a record."""
        names = list(dict.fromkeys(line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()))
        if len(names) > MOST_LABELS:
            raise forms.ValidationError(gettext("At most %(n)s labels are printed at once.") % {"n": MOST_LABELS})
        found = {folded(record.name) for record in records_named(names)}
        missing = [name[:80] for name in names if folded(name) not in found]
        if missing:
            told = ", ".join(missing[:MOST_TOLD])
            raise forms.ValidationError(gettext("Not registered here: %(names)s") % {"names": told})
        return names


@login_required
def print_identifier_labels(request: HttpRequest) -> HttpResponse:
    """Ask what to print, or hand out the labels as PDF."""
    actor = who(request)
    permit(actor, "identifier.read")
    plain = next(iter(templates()))  # one of the institute's own may speak of a certificate that no record has
    first = {"names": "\n".join(_names(request, actor)), "language": reading_language(), "template": plain}
    form = LabelsForm(posted(request), initial=first)

    def act(cleaned: dict[str, Any]) -> bytes:
        return print_labels(actor=actor, now=utc_now(), **dots_of(cleaned))

    if request.method == "POST":
        written = carried_out(form, act)
        if written is not None:
            return label_file(written)
    everything = reverse("identifiers")
    crumbs = (Crumb(gettext("Identifiers"), everything),)
    return form_page(request, form, FormPage(gettext("Print labels"), gettext("Make the labels"), everything, crumbs))


def _names(request: HttpRequest, actor: Actor) -> list[str]:
    """Return the names that the address asks for: of chosen records, or of the table that was imported."""
    table = kept(actor, request.GET.get("table", ""))
    if table is not None:
        wanted = [row.name for row in rows_of(table) if not row.faults]
        return [record.name for record in records_named(wanted)][:MOST_LABELS]
    return [name for given in request.GET.getlist("id")[:MOST_CHOSEN] if (name := _name(given, actor))]


def _name(given: str, actor: Actor) -> str:
    try:
        record = record_by_id(UUID(given))
    except (ValueError, IdentifierUnknown):
        return ""
    return record.name if may(actor, "identifier.read", record) else ""

