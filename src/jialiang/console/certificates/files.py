"""The files of a certificate, handed out byte for byte as issued."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jialiang.console.downloads import attachment
from jialiang.console.requests import who
from jialiang.functions import certificates


@login_required
@require_safe
def file(request: HttpRequest, certificate_id: UUID, kind: str) -> HttpResponse:
    """Answer a file as an attachment, its digest verified on reading. Raises FileNotIssued."""
    actor = who(request)
    name, data = certificates.file_of(actor=actor, certificate_id=certificate_id, kind=kind)
    return attachment(name, data)
