"""The audit trail: newest first, filtered by deed and person; the chain of hashes is proven on request."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop

from jialiang.console.administration.words import DEEDS, deed
from jialiang.console.asking import chosen
from jialiang.console.requests import who
from jialiang.console.shell import page, thing_url
from jialiang.functions.deed import permit
from jialiang.security.accounts.selectors import people
from jialiang.security.audit.selectors import page as audit_page
from jialiang.security.audit.selectors import verify_chain

SIZE = 50
PAGES = {"site", "contact"}
FAULTS = {
    "missing": gettext_noop("a record is missing"),
    "altered": gettext_noop("a record was altered"),
    "unlinked": gettext_noop("a record does not continue the one before"),
    "cut": gettext_noop("the end of the trail was cut off"),
}


@dataclass(frozen=True, slots=True)
class Act:
    """One record, with the page of its subject and its facts as text."""

    row: Any
    deed: str
    url: str
    facts: list[tuple[str, str]]


@login_required
def audit(request: HttpRequest) -> HttpResponse:
    """Show fifty records; ``?before=`` goes on, ``?verify=1`` recomputes the whole chain."""
    actor = who(request)
    permit(actor, "audit.read")
    action = chosen(request, "action", DEEDS)
    person = _uuid(request.GET.get("person", ""))
    before = request.GET.get("before", "")
    number = int(before) if before.isdecimal() and len(before) < len("9223372036854775807") else None
    rows = audit_page(before=number, limit=SIZE + 1, action=action, actor_id=person)
    verified = verify_chain(actor.tenant_id) if request.GET.get("verify") else None
    context = {
        "acts": [_act(row) for row in rows[:SIZE]],
        "next_before": rows[SIZE - 1].seq if len(rows) > SIZE else None,
        "is_first": number is None,
        "actions": sorted(((key, deed(key)) for key in DEEDS), key=lambda pair: pair[1]),
        "action": action,
        "people": [(str(row.pk), row) for row in people()],
        "person": str(person or ""),
        "verified": verified is not None,
        "faults": [(problem.seq, FAULTS[problem.fault]) for problem in verified or []],
    }
    return page(request, "administration/audit.html", context)


def _act(row: Any) -> Act:
    url = thing_url(row.subject_type, row.subject_id) if row.subject_type not in PAGES else ""
    return Act(
        row, deed(row.action), url, [(key, _plain(value)) for key, value in row.detail.items() if value]
    )


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
