"""The files of a certificate, handed out byte for byte as issued, and every other form made from its XML."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jialiang.console.downloads import attachment
from jialiang.console.requests import who
from jialiang.console.wording import reading_language
from jialiang.formats.conversion.converters import Wish
from jialiang.functions import certificates
from jialiang.functions.certificate_forms import form_of


@login_required
@require_safe
def file(request: HttpRequest, certificate_id: UUID, kind: str) -> HttpResponse:
    """Answer a file as an attachment, its digest verified on reading. Raises FileNotIssued."""
    actor = who(request)
    name, data = certificates.file_of(actor=actor, certificate_id=certificate_id, kind=kind)
    return attachment(name, data)


@login_required
@require_safe
def form(request: HttpRequest, certificate_id: UUID, notation: str) -> HttpResponse:
    """Answer a certificate in a notation, in ``?language=`` or that of the page. Raises UnknownNotation."""
    asked = request.GET.get("language", "")
    wish = Wish(asked if asked in ("zh", "en") else reading_language())
    made = form_of(actor=who(request), certificate=str(certificate_id), name=notation, wish=wish)
    return attachment(made.name, made.data)
