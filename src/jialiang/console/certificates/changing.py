"""Amend, withdraw, void: pages that say what will happen, ask why in two languages, and confirm what leaves us."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from django.views.decorators.http import require_http_methods

from jialiang.console.requests import who
from jialiang.console.shell import page
from jialiang.console.wording import in_words
from jialiang.functions import certificates
from jialiang.functions.certificates import Confirmation
from jialiang.functions.deed import permit
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import JialiangError, NotAllowed
from jialiang.kernel.text import Text
from jialiang.security.accounts.errors import ConfirmationRefused

GRANTED = 25


class ReasonForm(forms.Form):
    """Why a certificate is changed; the public reads it."""

    reason_zh = forms.CharField(
        label=gettext_lazy("Reason, in Chinese"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    reason_en = forms.CharField(
        label=gettext_lazy("Reason, in English"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @property
    def reason(self) -> Text:
        """The reason in both languages."""
        return Text(self.cleaned_data["reason_zh"], self.cleaned_data["reason_en"])


class ConfirmedForm(forms.Form):
    """The second confirmation: the own password or a one-time code."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    totp = forms.CharField(
        label=gettext_lazy("Or a one-time code"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    @property
    def confirmation(self) -> Confirmation:
        """The confirmation as it was typed."""
        return Confirmation(self.cleaned_data["password"], self.cleaned_data["totp"].strip())


class ConfirmedReasonForm(ReasonForm, ConfirmedForm):
    """A reason with the second confirmation."""

    field_order = ("reason_zh", "reason_en", "password", "totp")


@dataclass(frozen=True, slots=True)
class Deed:
    """A change of a certificate: its action, form and words (msgids); ``do`` does it and returns where to go."""

    action: str
    form: type[ReasonForm]
    title: str
    button: str
    icon: str
    consequences: tuple[str, ...]
    notice: str
    do: Callable[[Any, UUID, Any], str]


def _amend(actor: Any, certificate_id: UUID, form: Any) -> str:
    copy = certificates.amend(actor=actor, certificate_id=certificate_id, reason=form.reason, now=utc_now())
    return reverse("calibration", args=[copy.id])


def _withdraw(actor: Any, certificate_id: UUID, form: Any) -> str:
    certificates.withdraw(
        actor=actor,
        certificate_id=certificate_id,
        reason=form.reason,
        confirmation=form.confirmation,
        now=utc_now(),
    )
    return reverse("certificate", args=[certificate_id])


def _void(actor: Any, certificate_id: UUID, form: Any) -> str:
    certificates.void(actor=actor, certificate_id=certificate_id, reason=form.reason, now=utc_now())
    return reverse("certificate", args=[certificate_id])


DEEDS = {
    "amend": Deed(
        "certificate.amend",
        ReasonForm,
        gettext_noop("Amend the certificate"),
        gettext_noop("Open the amending record"),
        "amend",
        (
            gettext_noop(
                "A copy of the record is opened for the technician who calibrated; "
                "readings keep person, time and source."
            ),
            gettext_noop("It is reviewed and approved like any record, by three persons."),
            gettext_noop(
                "This certificate stays in force until the amending one is issued; "
                "then it is superseded, never deleted."
            ),
        ),
        gettext_noop("The amending record is open."),
        _amend,
    ),
    "withdraw": Deed(
        "certificate.withdraw",
        ConfirmedReasonForm,
        gettext_noop("Withdraw the certificate"),
        gettext_noop("Withdraw the certificate"),
        "withdraw",
        (
            gettext_noop("Whoever checks it from now on reads: withdrawn, do not use, and your reason."),
            gettext_noop("The instrument loses the evidence of this certificate at once."),
            gettext_noop("A withdrawal cannot be undone; a new certificate needs a new record."),
        ),
        gettext_noop("The certificate is withdrawn; the public sees it now."),
        _withdraw,
    ),
    "void": Deed(
        "certificate.void",
        ReasonForm,
        gettext_noop("Void the number"),
        gettext_noop("Void the number"),
        "withdraw",
        (
            gettext_noop(
                "The number stays in the account of numbers as void, with your reason; "
                "it is never given again."
            ),
            gettext_noop("Nothing was published under it."),
            gettext_noop("The record waits for approval again and gets another number."),
        ),
        gettext_noop("The number is void; the record waits for approval again."),
        _void,
    ),
}


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, certificate_id: UUID, deed: str) -> HttpResponse:
    """Ask for the reason (and the confirmation) of a deed on a certificate, and do it."""
    planned = DEEDS[deed]
    actor = who(request)
    found = certificates.read(actor=actor, certificate_id=certificate_id)
    permit(actor, planned.action, found)
    form = planned.form(request.POST if request.method == "POST" else None)
    problem: JialiangError | None = None
    if form.is_bound and form.is_valid():
        try:
            url = planned.do(actor, certificate_id, form)
        except ConfirmationRefused as refused:
            form.add_error("password", in_words(refused.what))
        except NotAllowed:
            raise
        except JialiangError as stopped:
            problem = stopped
        else:
            messages.add_message(request, GRANTED, gettext(planned.notice))
            return HttpResponseRedirect(url)
    context = {
        "certificate": found,
        "form": form,
        "problem": problem,
        "deed": deed,
        "title": gettext(planned.title),
        "button": gettext(planned.button),
        "icon_name": planned.icon,
        "consequences": [gettext(line) for line in planned.consequences],
        "confirms": isinstance(form, ConfirmedReasonForm),
    }
    status = problem.http_status if problem else 422 if form.is_bound else 200
    return page(request, "certificates/change.html", context, status=status)
