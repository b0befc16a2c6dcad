"""The list of identities, the page of one, making one (its secret is shown once) and revoking one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from jialiang.base.handle_identities.public_keys import described, key_of_pem
from jialiang.base.handle_identities.selectors import handle_identities as identity_rows
from jialiang.base.handle_identities.selectors import handle_identity as identity_row
from jialiang.console.asking import Crumb, FormPage, chosen, done, form_page, posted
from jialiang.console.noun_forms import NounForm, carried_out, fill_choices, options, text_field
from jialiang.console.prefixes.forms import RemarkForm, holder_options
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may, own_or_all
from jialiang.console.shell import page
from jialiang.functions import handle_identities as verbs
from jialiang.functions.deed import permit
from jialiang.kernel.clock import utc_now
from jialiang.vocabulary.statuses import HandleIdentityState

READ, ADD = "handle_identity.read", "handle_identity.add"


class IdentityForm(NounForm):
    """An identity; without a public key a secret is made."""

    noun = "handle_identity"
    at_field = {
        "JL-HID-001": "identity", "JL-HID-002": "public_key", "JL-HID-003": "identity", "JL-HID-007": "identity",
    }  # fmt: skip

    organization_id = forms.ChoiceField()
    identity = text_field(300, required=True, autocomplete="off")
    public_key = forms.CharField(
        required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})
    )
    note = text_field(100)

    def __init__(self, *args: Any, chooses: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if chooses:
            fill_choices(self, "organization_id", holder_options(gettext("Choose…")))
        else:
            del self.fields["organization_id"]
        self.fields["identity"].help_text = gettext("For example 300:88.101.5/admin.")
        self.fields["public_key"].help_text = gettext(
            "PEM or JWK: RSA of 2048 bits and more, EC P-256 or Ed25519. Empty: a secret is made and shown once."
        )


@login_required
def handle_identities(request: HttpRequest) -> HttpResponse:
    """List identities, newest first."""
    actor = who(request)
    own = own_or_all(actor, READ)
    states = dict(options(HandleIdentityState))
    state = chosen(request, "state", states)
    rows = identity_rows(state=state, only_organization=own, after=request.GET.get("after", ""))
    context = {"rows": rows.rows, "next_after": rows.next_after, "states": states, "state": state,
               "may_add": may(actor, ADD)}  # fmt: skip
    return page(request, "handle_identities/list.html", context)


@login_required
def handle_identity(request: HttpRequest, identity_id: UUID) -> HttpResponse:
    """Show one identity; never its secret."""
    actor, row = who(request), identity_row(identity_id)
    permit(actor, READ, row)
    in_force = row.state == HandleIdentityState.ACTIVE
    context = {"row": row, "may_revoke": in_force and may(actor, "handle_identity.revoke", row)}
    if row.public_key_pem:
        context |= {"key": described(key_of_pem(row.public_key_pem)), "pem": row.public_key_pem}
    return page(request, "handle_identities/one.html", context)


@login_required
@never_cache
def add_identity(request: HttpRequest) -> HttpResponse:
    """Show the empty form, or make the identity; a secret stands on the answer and nowhere else."""
    actor = who(request)
    permit(actor, ADD)
    own = actor.organization_id
    prefix = request.GET.get("prefix", "")[:60]
    form = IdentityForm(
        posted(request), chooses=own is None, initial={"identity": f"300:{prefix}/" if prefix else ""}
    )

    def act(cleaned: dict[str, Any]) -> Any:
        whose = own or UUID(cleaned["organization_id"])
        said: dict[str, Any] = {"actor": actor, "identity": cleaned["identity"], "organization_id": whose}
        said |= {"note": cleaned["note"], "now": utc_now()}
        key = cleaned["public_key"]
        return verbs.add_key(**said, public_key=key) if key.strip() else verbs.add_secret(**said)

    if request.method == "POST":
        made = carried_out(form, act)
        if made is not None and made.secret:
            return page(request, "handle_identities/secret.html", {"row": made.row, "secret": made.secret})
        if made is not None:
            said = gettext("The identity %(identity)s is added.") % {"identity": made.row.text}
            return done(request, said, reverse("handle_identity", args=[made.row.id]))
    everything = reverse("handle_identities")
    around = FormPage(
        title=gettext("Add an identity"),
        verb=gettext("Add the identity"),
        back=everything,
        crumbs=(Crumb(gettext("Identities"), everything),),
        intro=gettext("A program signs in by it and writes identifiers for the holder of the prefix."),
    )
    return form_page(request, form, around)


@login_required
def revoke_identity(request: HttpRequest, identity_id: UUID) -> HttpResponse:
    """Ask for a remark, then end the identity."""
    actor, row = who(request), identity_row(identity_id)
    permit(actor, "handle_identity.revoke", row)
    form = RemarkForm(posted(request))

    def act(cleaned: dict[str, Any]) -> Any:
        return verbs.revoke(actor=actor, identity_id=row.id, reason=cleaned["reason"], now=utc_now())

    here = reverse("handle_identity", args=[row.id])
    if request.method == "POST" and carried_out(form, act) is not None:
        return done(request, gettext("The identity is revoked."), here)
    crumbs = (Crumb(gettext("Identities"), reverse("handle_identities")), Crumb(row.text, here))
    title, intro = (
        gettext("Revoke the identity"),
        gettext("At once and for good; a new one needs a new index."),
    )
    return form_page(request, form, FormPage(title, title, here, crumbs, intro))
