"""The tree of prefixes, the page of one, the desk of applications and the page of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from jialiang.base.handle_identities.selectors import identities_of_prefix
from jialiang.base.organizations.selectors import organization as organization_row
from jialiang.base.prefixes.selectors import (
    application as application_row,
)
from jialiang.base.prefixes.selectors import (
    applications as application_rows,
)
from jialiang.base.prefixes.selectors import (
    changes_of,
    count_waiting,
    documents_of,
    tree,
)
from jialiang.base.prefixes.selectors import (
    prefix as prefix_row,
)
from jialiang.console.asking import chosen
from jialiang.console.noun_forms import options
from jialiang.console.prefixes.forms import GrantForm, WhyForm
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may, own_or_all
from jialiang.console.shell import page
from jialiang.console.wording import in_words
from jialiang.functions import prefixes as verbs
from jialiang.functions.deed import permit
from jialiang.vocabulary.statuses import PrefixApplicationState, PrefixLevel, PrefixState, label

READ = "prefix.read"
DEEDS = {
    "set_quota": (PrefixState.ACTIVE, PrefixState.SUSPENDED, PrefixState.DELEGATED),
    "transfer": (PrefixState.ACTIVE, PrefixState.SUSPENDED, PrefixState.DELEGATED),
    "delegate": (PrefixState.ACTIVE, PrefixState.DELEGATED),
    "suspend": (PrefixState.ACTIVE, PrefixState.DELEGATED),
    "resume": (PrefixState.SUSPENDED, PrefixState.DELEGATED),
    "withdraw": (PrefixState.ACTIVE, PrefixState.SUSPENDED, PrefixState.DELEGATED),
}
NOT_OF_THE_SHARED = ("suspend", "transfer", "delegate", "withdraw")


@login_required
def prefixes(request: HttpRequest) -> HttpResponse:
    """Show the tree, or what of it the own organization holds."""
    actor = who(request)
    rows = tree(only_holder=own_or_all(actor, READ))
    context = {
        "rows": [(row, range(row.text.count(".")), in_words(label(PrefixLevel(row.level)))) for row in rows],
        "may_add": may(actor, "prefix.add"),
        "may_apply": may(actor, "prefix.apply"),
        "may_read_identities": may(actor, "handle_identity.read"),
        "may_read_templates": may(actor, "identifier_template.read"),
        "waiting": count_waiting() if may(actor, "prefix.approve") else 0,
    }
    return page(request, "prefixes/tree.html", context)


@login_required
def prefix(request: HttpRequest, prefix_id: UUID) -> HttpResponse:
    """Show one prefix: who holds it, what may be done, what was done."""
    actor, row = who(request), prefix_row(prefix_id)
    permit(actor, READ, row)
    deeds = [
        deed
        for deed, states in DEEDS.items()
        if row.state in states
        and may(actor, f"prefix.{deed}", row)
        and not (row.shared and deed in NOT_OF_THE_SHARED)
    ]
    context = {
        "row": row,
        "level": in_words(label(PrefixLevel(row.level))),
        "deeds": deeds,
        "changes": [_told(change) for change in reversed(changes_of(row.id))],
        "identities": identities_of_prefix(row.id) if may(actor, "handle_identity.read", row) else [],
        "may_add_identity": may(actor, "handle_identity.add", row) and row.state == PrefixState.ACTIVE,
    }
    return page(request, "prefixes/one.html", context)


@login_required
def prefix_applications(request: HttpRequest) -> HttpResponse:
    """List applications; the desk of the operator begins with those that wait."""
    actor = who(request)
    decides = may(actor, "prefix.approve")
    states = dict(options(PrefixApplicationState))
    state = chosen(request, "state", states, "submitted" if decides and "state" not in request.GET else "")
    own = own_or_all(actor, READ)
    rows = application_rows(state=state, only_organization=own, after=request.GET.get("after", ""))
    context = {"rows": rows.rows, "next_after": rows.next_after, "states": states, "state": state,
               "may_apply": may(actor, "prefix.apply")}  # fmt: skip
    return page(request, "prefixes/applications.html", context)


@login_required
def prefix_application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Show one application with its documents, and to whom it is given the decision."""
    actor, row = who(request), application_row(application_id)
    permit(actor, READ, row)
    return page(request, "prefixes/application.html", application_context(actor, row))


def application_context(
    actor: Any, row: Any, *, grant: GrantForm | None = None, refusal: WhyForm | None = None
) -> dict[str, Any]:
    """Return what the page of an application shows; a form that was refused stands where it was filled."""
    waits = row.state == PrefixApplicationState.SUBMITTED
    first = {"code": row.wished_code, "version": row.version}
    return {
        "row": row,
        "documents": documents_of(row.id),
        "may_decide": waits and may(actor, "prefix.approve"),
        "may_withdraw": waits and may(actor, "prefix.withdraw_application", row),
        "may_go_on": bool(row.granted) and may(actor, "identifier_template.create", row),
        "grant": grant or GrantForm(initial=first, prefix="grant"),
        "refusal": refusal or WhyForm(prefix="refusal"),
    }


@login_required
def application_document(request: HttpRequest, application_id: UUID, position: int) -> HttpResponse:
    """Hand out a document of an application, to be kept rather than shown: strangers wrote it."""
    name, media_type, data = verbs.document(
        actor=who(request), application_id=application_id, position=position
    )
    response = HttpResponse(data, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _told(change: Any) -> dict[str, Any]:
    """Return a deed with its state and holder in words."""
    holder = change.new.get("holder_id")
    return {
        "change": change,
        "state": change.new.get("state", ""),
        "holder": organization_row(UUID(holder)).name if holder else "",
        "has_quota": "quota" in change.new,
        "quota": change.new.get("quota"),
    }
