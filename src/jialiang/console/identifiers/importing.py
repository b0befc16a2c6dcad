"""Importing a table: a trial tells every bad row, the import writes the good ones; again it finds its work done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy

from jialiang.console.asking import posted
from jialiang.console.identifiers.tables import KeptTable, keep, kept, rows_of
from jialiang.console.noun_forms import NounForm, carried_out, fill_choices
from jialiang.console.requests import who
from jialiang.console.shell import page
from jialiang.functions.deed import permit
from jialiang.functions.identifier_imports import ImportReport, import_rows
from jialiang.kernel.clock import utc_now
from jialiang.security.actor import Actor

GOOD = ("created", "updated", "unchanged")


class TableForm(NounForm):
    """A table to be tried."""

    at_field = {"JL-IDT-001": "file"}
    file = forms.FileField(
        label=gettext_lazy("Table"),
        help_text=gettext_lazy("CSV, XLSX or NDJSON; at most 10 MB and 20 000 rows. The first row names the columns."),
    )
    mode = forms.ChoiceField(label=gettext_lazy("What the rows do"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("create", gettext("Register new identifiers")), ("update", gettext("Change existing ones"))]
        fill_choices(self, "mode", choices)


@login_required
def import_identifiers(request: HttpRequest) -> HttpResponse:
    """Ask for a table, try it, or import the one that was tried."""
    actor = who(request)
    permit(actor, "identifier.register")
    if request.method == "POST" and "digest" in request.POST:
        return _imported(request, actor)
    form = TableForm(posted(request), request.FILES or None)

    def act(cleaned: dict[str, Any]) -> tuple[KeptTable, ImportReport]:
        table = keep(actor, cleaned["file"].name, cleaned["file"].read())
        return table, _report(actor, table, cleaned["mode"], dry_run=True)

    tried = carried_out(form, act) if request.method == "POST" else None
    if tried is None:
        return page(request, "identifiers/import.html", {"form": form}, status=form.status)
    return _told(request, form, *tried)


def _imported(request: HttpRequest, actor: Actor) -> HttpResponse:
    table = kept(actor, request.POST.get("digest", ""))
    form = TableForm()
    if table is None:
        return page(request, "identifiers/import.html", {"form": form, "gone": True}, status=409)
    mode = "update" if request.POST.get("mode") == "update" else "create"
    return _told(request, form, table, _report(actor, table, mode, dry_run=False))


def _report(actor: Actor, table: KeptTable, mode: str, *, dry_run: bool) -> ImportReport:
    return import_rows(actor=actor, rows=rows_of(table), mode=mode, dry_run=dry_run, now=utc_now)


def _told(request: HttpRequest, form: TableForm, table: KeptTable, report: ImportReport) -> HttpResponse:
    counts = {outcome: report.counts[outcome] for outcome in GOOD}
    context = {
        "form": form,
        "table": table,
        "report": report,
        "counts": counts,
        "good": sum(counts.values()),
        "to_write": counts["created"] + counts["updated"],
        "refused": report.counts["refused"],
    }
    return page(request, "identifiers/import.html", context)
