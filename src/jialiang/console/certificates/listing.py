"""The list of certificates: by state, newest first; a customer sees the own ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from jialiang.base.certificates.selectors import certificates
from jialiang.console.certificates.standing import shown_state
from jialiang.console.paging import PAGE_SIZE, Page, skipped_rows
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import own_or_all
from jialiang.console.shell import NavEntry, page, register
from jialiang.kernel.clock import utc_now
from jialiang.security.policy import roles_for
from jialiang.vocabulary.statuses import CertificateState

READ = "certificate.read"
VIEWS = {
    "": gettext_noop("All"),
    "in_force": gettext_noop("In force"),
    "issuing": gettext_noop("Issuing"),
    "superseded": gettext_noop("Superseded"),
    "withdrawn": gettext_noop("Withdrawn"),
    "void": gettext_noop("Void"),
}
LONGEST_SEARCH = 100

register(
    NavEntry(
        gettext_noop("Certificates"),
        "certificates",
        "certificates",
        "business",
        20,
        roles=roles_for(READ) - {"system"},
        thumb=gettext_noop("Certificates"),
    )
)


@dataclass(frozen=True, slots=True)
class View:
    """A saved view."""

    key: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """One certificate and the state to show, expiry included."""

    certificate: Any
    state: str


@login_required
@require_safe
def list_certificates(request: HttpRequest) -> HttpResponse:
    """List certificates; ``?state=`` chooses a view, ``?q=`` narrows by number, serial number or customer."""
    customer = own_or_all(who(request), READ)
    chosen = request.GET.get("state", "")
    chosen = chosen if chosen in VIEWS else ""
    searched = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    found = certificates(
        state=chosen if chosen in set(CertificateState) else "",
        customer_id=customer,
        search=searched,
    )
    skipped, total = skipped_rows(request), found.count()
    rows = list(found[skipped : skipped + PAGE_SIZE])
    today = timezone.localdate(utc_now())
    listed = [Listed(row, shown_state(row, today)) for row in rows]
    more = skipped + len(rows) < total
    context = {
        "views": [View(key, gettext(label), key == chosen) for key, label in VIEWS.items()],
        "chosen": chosen,
        "searched": searched,
        "list_page": Page(listed, total, skipped, str(rows[-1].id) if more else ""),
    }
    return page(request, "certificates/list.html", context, fragment="certificates/rows.html")
