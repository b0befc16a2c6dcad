"""Registering a node (its token is shown once), what is done to one, deciding on servers, reports as files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache

from jialiang.console.asking import Crumb, FormPage, done, form_page, posted
from jialiang.console.noun_forms import NounForm, carried_out
from jialiang.console.requests import who
from jialiang.console.shell import page
from jialiang.console.subordinate_nodes import forms
from jialiang.functions import received_reports
from jialiang.functions import subordinate_nodes as verbs
from jialiang.functions.deed import permit
from jialiang.functions.subordinate_nodes import NodeWithToken
from jialiang.governance.subordinate_nodes.selectors import proposal as proposal_row
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text

LONGEST_SIGNATURE = 64 * 1024
Deed = tuple[type[NounForm], Callable[..., Any], str, str, str]
DEEDS: dict[str, Deed] = {
    # form, verb, title, what it means, what is said afterwards
    "suspend": (
        forms.NodeWhyForm,
        verbs.suspend,
        gettext_noop("Suspend the node"),
        gettext_noop("No report of it is taken until it is resumed; its prefix is resolved as before."),
        gettext_noop("The node is suspended."),
    ),
    "resume": (
        forms.NodeRemarkForm,
        verbs.resume,
        gettext_noop("Resume the node"),
        gettext_noop("Its reports are taken again, those of the time between too."),
        gettext_noop("The node is resumed."),
    ),
}


@login_required
@never_cache
def register_node(request: HttpRequest) -> HttpResponse:
    """Show the empty form, or register the node; its token stands on the answer and nowhere else."""
    actor = who(request)
    permit(actor, "subordinate_node.register")
    form = forms.NodeForm(posted(request))

    def act(cleaned: dict[str, Any]) -> NodeWithToken:
        name = Text(cleaned["name_zh"], cleaned["name_en"])
        return verbs.register(
            actor=actor, prefix=cleaned["prefix_text"], name=name, root=cleaned["root"], now=utc_now()
        )

    if request.method == "POST":
        made = carried_out(form, act)
        if made is not None:
            return _with_token(request, made)
    around = FormPage(
        title=gettext("Register a subordinate node"),
        verb=gettext("Register the node"),
        back=reverse("subordinate_nodes"),
        crumbs=_crumbs(),
        intro=gettext("Another installation answers for a prefix given here and reports its days."),
    )
    return form_page(request, form, around)


@login_required
@never_cache
def renew_token(request: HttpRequest, node_id: UUID) -> HttpResponse:
    """Ask, then make a new token and end the one before."""
    actor = who(request)
    permit(actor, "subordinate_node.renew_token")
    row = verbs.read_node(actor=actor, node_id=node_id)
    form = NounForm(posted(request))
    if request.method == "POST":
        made = carried_out(
            form, lambda _: verbs.renew_token(actor=actor, node_id=node_id, now=utc_now())
        )
        if made is not None:
            return _with_token(request, made)
    title = gettext("Renew the token")
    intro = gettext("The token before ends at once; the node reports by the new one.")
    here = reverse("subordinate_node", args=[node_id])
    return form_page(request, form, FormPage(title, title, here, _crumbs(row.prefix, here), intro))


@login_required
def node_deed(request: HttpRequest, node_id: UUID, deed: str) -> HttpResponse:
    """Ask for a reason or remark, then suspend or resume the node."""
    if deed not in DEEDS:
        raise Http404
    actor = who(request)
    kind, verb, title, intro, said = DEEDS[deed]
    permit(actor, f"subordinate_node.{deed}")
    row = verbs.read_node(actor=actor, node_id=node_id)
    form = kind(posted(request))
    here = reverse("subordinate_node", args=[node_id])

    def act(cleaned: dict[str, Any]) -> Any:
        return verb(actor=actor, node_id=node_id, reason=cleaned["state_reason"], now=utc_now())

    if request.method == "POST" and carried_out(form, act) is not None:
        return done(request, gettext(said), here)
    around = FormPage(gettext(title), gettext(title), here, _crumbs(row.prefix, here), gettext(intro))
    return form_page(request, form, around)


@login_required
def accept_site(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Ask for a remark, then delegate the prefix to the server that the node told of."""
    title, intro = (
        gettext("Accept the server"),
        gettext("The prefix is delegated to it: clients are sent there from now on."),
    )
    said = gettext("Accepted: the prefix is delegated to this server.")
    return _decide(request, proposal_id, "accept_site", forms.NodeRemarkForm, (title, intro, said))


@login_required
def refuse_site(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Ask for a reason, then leave the delegation as it is."""
    title, intro = gettext("Refuse the server"), gettext("The delegation stays as it is.")
    said = gettext("Refused: the delegation stays as it is.")
    return _decide(request, proposal_id, "refuse_site", forms.NodeWhyForm, (title, intro, said))


@login_required
def receive_report(request: HttpRequest) -> HttpResponse:
    """Show the empty form, or take a report that a node without a line gave as a file."""
    actor = who(request)
    permit(actor, received_reports.RECEIVE)
    form = forms.ReportForm(posted(request), request.FILES or None)

    def act(cleaned: dict[str, Any]) -> Any:
        signature = cleaned["signature"].read(LONGEST_SIGNATURE) if cleaned["signature"] else b""
        return received_reports.receive(
            actor=actor,
            file=cleaned["report"].file,
            signature=signature.decode("ascii", "replace"),
            now=utc_now(),
        )

    if request.method == "POST":
        receipt = carried_out(form, act)
        if receipt is not None:
            said = gettext("The report is accepted: %(lines)s lines.") % {"lines": receipt.report.lines}
            again = gettext("This report was received before; nothing has changed.")
            here = reverse("subordinate_node", args=[receipt.report.node_id])
            return done(request, said if receipt.is_new else again, here)
    around = FormPage(
        title=gettext("Take a report from a file"),
        verb=gettext("Take the report"),
        back=reverse("subordinate_nodes"),
        crumbs=_crumbs(),
        intro=gettext("It is read to its end and examined; only then it is kept, whole."),
        multipart=True,
    )
    return form_page(request, form, around)


def _decide(
    request: HttpRequest, proposal_id: UUID, deed: str, kind: type[NounForm], words: tuple[str, str, str]
) -> HttpResponse:
    actor = who(request)
    permit(actor, f"subordinate_node.{deed}")
    row, form, (title, intro, said) = proposal_row(proposal_id), kind(posted(request)), words
    here = reverse("subordinate_node", args=[row.node_id])

    def act(cleaned: dict[str, Any]) -> Any:
        verb = getattr(verbs, deed)
        return verb(actor=actor, proposal_id=row.pk, reason=cleaned["state_reason"], now=utc_now())

    if request.method == "POST" and carried_out(form, act) is not None:
        return done(request, said, here)
    return form_page(request, form, FormPage(title, title, here, _crumbs(row.node.prefix, here), intro))


def _with_token(request: HttpRequest, made: NodeWithToken) -> HttpResponse:
    context = {"row": made.row, "token": made.token, "address": request.build_absolute_uri("/").rstrip("/")}
    return page(request, "subordinate_nodes/token.html", context)


def _crumbs(prefix: str = "", url: str = "") -> tuple[Crumb, ...]:
    first = Crumb(gettext("Subordinate nodes"), reverse("subordinate_nodes"))
    return (first, Crumb(prefix, url)) if prefix else (first,)
