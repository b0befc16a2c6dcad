"""Exporting the list of identifiers as it is filtered."""

from __future__ import annotations

from weakref import finalize

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_POST

from jialiang.console.identifiers.filtering import looked_for
from jialiang.console.requests import who
from jialiang.formats.identifier_tables import KINDS
from jialiang.formats.identifier_tables.reading import Kind
from jialiang.functions.identifier_exports import MEDIA_TYPES, Wanted, exported_file
from jialiang.kernel.clock import utc_now


@require_POST
@login_required
def export_list(request: HttpRequest) -> FileResponse:
    """Answer the records that the filter of the list leaves, as a table of the kind asked for, else as CSV."""
    given = {name: request.POST.get(name, "").strip() for name in ("q", "prefix", "state", "kind")}
    kind: Kind = next((known for known in KINDS if known == given["kind"]), "csv")
    wanted = Wanted(state=given["state"], **looked_for(given["q"], given["prefix"]))
    out = exported_file(actor=who(request), wanted=wanted, kind=kind, now=utc_now())
    name = f"identifiers.{kind}"
    answer = FileResponse(out, as_attachment=True, filename=name, content_type=MEDIA_TYPES[kind])
    finalize(answer, out.close)  # also where nobody reads the answer
    return answer
