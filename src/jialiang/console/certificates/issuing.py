"""The progress of issuing: number, content, signature, pages, publication. Leaving the page changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from jialiang.console.requests import who
from jialiang.console.shell import page
from jialiang.functions import certificates
from jialiang.governance.jobs.selectors import jobs_of
from jialiang.security.policy import allowed
from jialiang.vocabulary.statuses import CertificateState

STEPS = (
    gettext_noop("Take the number"),
    gettext_noop("Freeze the content"),
    gettext_noop("Sign"),
    gettext_noop("Set the pages"),
    gettext_noop("Publish"),
)
NUMBERED = 2  # number and content are there as soon as the certificate is


@login_required
@require_safe
def issuing(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """Show how far the issuing of a certificate is; htmx asks for the progress alone, once a second."""
    actor = who(request)
    found = certificates.read(actor=actor, certificate_id=certificate_id)
    job = next(iter(reversed(jobs_of(found.id))), None)
    stopped = job is not None and job.state == "dead" and found.state == CertificateState.ISSUING
    context: dict[str, Any] = {
        "certificate": found,
        "job": job,
        "steps": [gettext(step) for step in STEPS],
        "place": NUMBERED if found.state == CertificateState.ISSUING else len(STEPS),
        "running": found.state == CertificateState.ISSUING and not stopped,
        "stopped": stopped,
        "void": found.state == CertificateState.VOID,
        "may_void": found.state == CertificateState.ISSUING and allowed(actor, "certificate.void"),
    }
    return page(request, "certificates/issuing.html", context, fragment="certificates/progress.html")
