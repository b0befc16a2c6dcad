"""Applying for a prefix at the node above, and what became of it there."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from jialiang.console.asking import Crumb, FormPage, done, form_page, posted
from jialiang.console.node_reports.forms import UpperApplicationForm
from jialiang.console.noun_forms import carried_out
from jialiang.console.requests import who
from jialiang.console.shell import page
from jialiang.functions import upper_node as verbs
from jialiang.functions.node_reports import operate
from jialiang.governance.node_reports.port import OutgoingDocument
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import JialiangError
from jialiang.vocabulary.statuses import PrefixApplicationState


@login_required
def upper_applications(request: HttpRequest) -> HttpResponse:
    """Show the applications as the upper node tells of them now; where it does not, why."""
    actor = who(request)
    operate(actor, verbs.APPLY)
    rows: list[verbs.UpperApplication] = []
    problem: JialiangError | None = None
    try:
        rows = verbs.applications(actor=actor)
    except JialiangError as caught:
        problem = caught
    context = {
        "rows": rows,
        "problem": problem,
        "known_states": {state.value for state in PrefixApplicationState},
        "granted": any(row.state == PrefixApplicationState.APPROVED for row in rows),
    }
    return page(request, "node_reports/applications.html", context)


@login_required
def apply(request: HttpRequest) -> HttpResponse:
    """Show the empty application, or hand it in at the upper node."""
    actor = who(request)
    operate(actor, verbs.APPLY)
    form = UpperApplicationForm(posted(request), request.FILES or None)

    def act(cleaned: dict[str, Any]) -> Any:
        documents = [OutgoingDocument(part.name or "", part.read()) for part in cleaned.pop("documents")]
        return verbs.apply(actor=actor, documents=documents, now=utc_now(), **cleaned)

    if request.method == "POST" and carried_out(form, act) is not None:
        return done(request, gettext("The application lies at the upper node."), reverse("upper_applications"))
    around = FormPage(
        title=gettext("Apply for a prefix at the upper node"),
        verb=gettext("Hand in the application"),
        back=reverse("upper_applications"),
        crumbs=(Crumb(gettext("Node reports"), reverse("node_reports")),),
        intro=gettext("The operator of the upper node reviews it there."),
        multipart=True,
    )
    return form_page(request, form, around)
