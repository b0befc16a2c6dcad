"""Applying for prefixes, deciding on applications, and what the operator does to a prefix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from jialiang.base.prefixes.facts import ApplicationFacts, PrefixFacts, UploadedDocument
from jialiang.base.prefixes.selectors import application as application_row
from jialiang.base.prefixes.selectors import prefix as prefix_row
from jialiang.console.asking import Crumb, FormPage, done, form_page, posted
from jialiang.console.noun_forms import NounForm, carried_out
from jialiang.console.prefixes import forms
from jialiang.console.prefixes.showing import application_context
from jialiang.console.requests import who
from jialiang.console.shell import page
from jialiang.functions import prefixes as verbs
from jialiang.functions.deed import permit
from jialiang.kernel.clock import utc_now
from jialiang.security.actor import Actor

Act = Callable[..., Any]
DEEDS: dict[str, tuple[type[NounForm], Act, str, str]] = {
    # form, verb, title, what it means
    "suspend": (
        forms.WhyForm,
        verbs.suspend,
        gettext_noop("Suspend the prefix"),
        gettext_noop("Nothing under it is resolved or registered until it is resumed."),
    ),
    "resume": (
        forms.RemarkForm,
        verbs.resume,
        gettext_noop("Resume the prefix"),
        gettext_noop("This server answers for it again."),
    ),
    "transfer": (
        forms.TransferForm,
        verbs.transfer,
        gettext_noop("Transfer the prefix"),
        gettext_noop("The new holder gets its templates; identities of the old one enter no more."),
    ),
    "set_quota": (
        forms.QuotaForm,
        verbs.set_quota,
        gettext_noop("Change the quota"),
        gettext_noop("How many identifiers there may be under it."),
    ),
    "delegate": (
        forms.DelegationForm,
        verbs.delegate,
        gettext_noop("Delegate the prefix"),
        gettext_noop("Another server answers for it; clients are sent there."),
    ),
    "withdraw": (
        forms.WhyForm,
        verbs.withdraw,
        gettext_noop("Take the prefix back"),
        gettext_noop("For good: it is never given again."),
    ),
}


@login_required
def apply(request: HttpRequest) -> HttpResponse:
    """Show the empty application, or hand it in."""
    actor = who(request)
    permit(actor, "prefix.apply")
    own = actor.organization_id
    form = forms.ApplicationForm(posted(request), request.FILES or None, chooses=own is None)

    def act(cleaned: dict[str, Any]) -> Any:
        facts = ApplicationFacts(
            organization_id=own or UUID(cleaned["organization_id"]),
            parent_id=UUID(cleaned["parent_id"]),
            purpose=cleaned["purpose"],
            wished_code=cleaned["wished_code"],
        )
        documents = [UploadedDocument(part.name or "", part.read()) for part in cleaned["documents"]]
        return verbs.apply(actor=actor, facts=facts, documents=documents, now=utc_now())

    if request.method == "POST":
        row = carried_out(form, act)
        if row is not None:
            said = gettext(
                "The application is handed in. The operator reviews it; until then nothing can be registered."
            )
            return done(request, said, _application(row.id))
    around = FormPage(
        title=gettext("Apply for a prefix"),
        verb=gettext("Hand in the application"),
        back=reverse("prefix_applications"),
        crumbs=(Crumb(gettext("Prefixes"), reverse("prefixes")),),
        intro=gettext("Under a prefix an enterprise registers its identifiers."),
        multipart=True,
    )
    return form_page(request, form, around)


@login_required
@require_POST
def approve(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Grant the prefix that the form says."""
    actor, row = who(request), application_row(application_id)
    permit(actor, "prefix.approve", row)
    form = forms.GrantForm(request.POST, prefix="grant")

    def act(cleaned: dict[str, Any]) -> Any:
        return verbs.approve(
            actor=actor,
            application_id=row.id,
            code=cleaned["code"],
            quota=cleaned["quota"],
            expected_version=cleaned["version"],
            now=utc_now(),
        )

    decided = carried_out(form, act)
    if decided is None:
        context = application_context(actor, row, grant=form)
        return page(request, "prefixes/application.html", context, status=form.status)
    said = gettext("Approved: the prefix %(prefix)s is there.") % {"prefix": decided.granted.text}
    return done(request, said, _application(row.id))


@login_required
@require_POST
def refuse(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Refuse with the reason that the form says."""
    actor, row = who(request), application_row(application_id)
    permit(actor, "prefix.refuse", row)
    form = forms.WhyForm(request.POST, prefix="refusal")

    def act(cleaned: dict[str, Any]) -> Any:
        return verbs.refuse(actor=actor, application_id=row.id, reason=cleaned["reason"], now=utc_now())

    if carried_out(form, act) is None:
        context = application_context(actor, row, refusal=form)
        return page(request, "prefixes/application.html", context, status=form.status)
    return done(request, gettext("The application is refused."), _application(row.id))


@login_required
def withdraw_application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Ask for a remark, then take the application back."""
    actor, row = who(request), application_row(application_id)
    permit(actor, "prefix.withdraw_application", row)
    form = forms.RemarkForm(posted(request))

    def act(cleaned: dict[str, Any]) -> Any:
        return verbs.withdraw_application(
            actor=actor, application_id=row.id, reason=cleaned["reason"], now=utc_now()
        )

    if request.method == "POST" and carried_out(form, act) is not None:
        return done(request, gettext("The application is taken back."), _application(row.id))
    title = gettext("Take the application back")
    crumbs = (
        Crumb(gettext("Prefixes"), reverse("prefixes")),
        Crumb(gettext("Applications"), reverse("prefix_applications")),
    )
    return form_page(request, form, FormPage(title, title, _application(row.id), crumbs))


@login_required
def add_prefix(request: HttpRequest) -> HttpResponse:
    """Show the empty record, or add the prefix."""
    actor = who(request)
    permit(actor, "prefix.add")
    form = forms.NewPrefixForm(posted(request))

    def act(cleaned: dict[str, Any]) -> Any:
        return verbs.add(actor=actor, facts=PrefixFacts(**cleaned), now=utc_now())

    if request.method == "POST":
        row = carried_out(form, act)
        if row is not None:
            said = gettext("The prefix %(prefix)s is added.") % {"prefix": row.text}
            return done(request, said, reverse("prefix", args=[row.id]))
    around = FormPage(
        title=gettext("Add a prefix"),
        verb=gettext("Add the prefix"),
        back=reverse("prefixes"),
        crumbs=(Crumb(gettext("Prefixes"), reverse("prefixes")),),
        intro=gettext("For the nodes of the tree that this server keeps; enterprises apply."),
    )
    return form_page(request, form, around)


@login_required
def do(request: HttpRequest, prefix_id: UUID, deed: str) -> HttpResponse:
    """Ask what a deed on a prefix needs, then do it."""
    if deed not in DEEDS:
        raise Http404
    form_kind, verb, title, intro = DEEDS[deed]
    actor, row = who(request), prefix_row(prefix_id)
    permit(actor, f"prefix.{deed}", row)
    form = form_kind(posted(request), initial={"quota": row.quota, "version": row.version})

    if request.method == "POST" and carried_out(form, _acting(verb, actor, row.id)) is not None:
        said = gettext("%(deed)s: %(name)s") % {"deed": gettext(title), "name": row.text}
        return done(request, said, reverse("prefix", args=[row.id]))
    here = reverse("prefix", args=[row.id])
    crumbs = (Crumb(gettext("Prefixes"), reverse("prefixes")), Crumb(row.text, here))
    return form_page(request, form, FormPage(gettext(title), gettext(title), here, crumbs, gettext(intro)))


def _acting(verb: Act, actor: Actor, prefix_id: UUID) -> Callable[[dict[str, Any]], Any]:
    def act(cleaned: dict[str, Any]) -> Any:
        said = {"expected_version" if name == "version" else name: value for name, value in cleaned.items()}
        return verb(actor=actor, prefix_id=prefix_id, now=utc_now(), **said)

    return act


def _application(application_id: UUID) -> str:
    return reverse("prefix_application", args=[application_id])
