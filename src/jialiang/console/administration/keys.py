"""Keys and seals: validity, fingerprint, revocation; the root that everybody is told to trust."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cryptography import x509
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from jialiang.console.administration.forms import REASONS, ConfirmForm, RevokeKeyForm
from jialiang.console.asking import Crumb, FormPage, done, form_page, posted
from jialiang.console.noun_forms import carried_out
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may
from jialiang.console.shell import page
from jialiang.functions import signing_keys as verbs
from jialiang.functions.deed import permit
from jialiang.kernel.clock import utc_now
from jialiang.security.keys.authority import fingerprint
from jialiang.security.keys.selectors import authority, has_authority
from jialiang.security.keys.selectors import signing_keys as key_rows


@login_required
def signing_keys(request: HttpRequest) -> HttpResponse:
    """Show the institute's keys and the authority."""
    actor, now = who(request), utc_now()
    permit(actor, "signing_key.read")
    context = {
        "keys": [_key(row, now) for row in key_rows()],
        "authority": authority() if has_authority() else None,
        "may_issue": may(actor, "signing_key.issue"),
        "may_revoke": may(actor, "signing_key.revoke"),
    }
    return page(request, "administration/keys.html", context)


@login_required
def issue_seal(request: HttpRequest) -> HttpResponse:
    """Say what a new seal means, then make it."""
    actor = who(request)
    permit(actor, "signing_key.issue")
    form = ConfirmForm(posted(request))
    if (
        request.method == "POST"
        and carried_out(form, lambda _cleaned: verbs.issue_seal(actor=actor, now=utc_now())) is not None
    ):
        return done(request, gettext("The new seal is in force."), reverse("signing_keys"))
    intro = gettext(
        "Certificates approved from now on bear the new seal, valid for two years; issued ones keep theirs."
    )
    return form_page(request, form, _around(gettext("Issue a new seal"), gettext("Issue the seal"), intro))


@login_required
def revoke_key(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """Ask why, then revoke."""
    actor = who(request)
    permit(actor, "signing_key.revoke")
    if all(row.id != key_id for row in key_rows()):
        raise Http404
    form = RevokeKeyForm(posted(request))

    def act(cleaned: dict[str, Any]) -> Any:
        return verbs.revoke(actor=actor, signing_key_id=key_id, reason=cleaned["reason"], now=utc_now())

    if request.method == "POST" and carried_out(form, act) is not None:
        return done(
            request,
            gettext("The key is revoked; the new revocation list is published."),
            reverse("signing_keys"),
        )
    intro = gettext(
        "This cannot be undone. Whoever checks a certificate signed afterwards with this key is warned."
    )
    return form_page(request, form, _around(gettext("Revoke a key"), gettext("Revoke the key"), intro))


def _key(row: Any, now: Any) -> dict[str, Any]:
    certificate = x509.load_pem_x509_certificate(row.certificate_pem.encode())
    state = "in_force" if row.valid_from <= now < row.valid_until else "expired"
    return {
        "row": row,
        "fingerprint": fingerprint(certificate),
        "state": "revoked" if row.revoked_at else state,
        "reason": gettext(REASONS[row.revocation_reason])
        if row.revocation_reason in REASONS
        else row.revocation_reason,
        "until": row.valid_until.date(),
    }


def _around(title: str, verb: str, intro: str) -> FormPage:
    everything = reverse("signing_keys")
    return FormPage(title, verb, everything, (Crumb(gettext("Keys and seals"), everything),), intro)
