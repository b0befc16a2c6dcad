"""Attest conformity by a certificate: a page that asks for the scheme, says what is issued, and confirms."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from jialiang.base.certificates.public_answers import content_of
from jialiang.console.certificates.changing import GRANTED, ConfirmedForm
from jialiang.console.requests import who
from jialiang.console.shell import page
from jialiang.console.wording import in_words
from jialiang.formats.content import CertificateContent
from jialiang.functions import certificates
from jialiang.functions.certificate_attestation import AttestationFacts, attest
from jialiang.functions.deed import permit
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import JialiangError, NotAllowed
from jialiang.kernel.text import Text
from jialiang.security.accounts.errors import ConfirmationRefused


class AttestationForm(ConfirmedForm):
    """Under which scheme conformity is attested, for which category of instruments."""

    scheme_number = forms.CharField(
        label=gettext_lazy("Number of the scheme"), max_length=120, required=False
    )
    scheme_zh = forms.CharField(
        label=gettext_lazy("Title of the scheme, in Chinese"), max_length=200, required=False
    )
    scheme_en = forms.CharField(
        label=gettext_lazy("Title of the scheme, in English"), max_length=200, required=False
    )
    scheme_uri = forms.CharField(
        label=gettext_lazy("Web address of the scheme"), max_length=300, required=False
    )
    scheme_version = forms.CharField(
        label=gettext_lazy("Version of the scheme"), max_length=60, required=False
    )
    scheme_valid_from = forms.DateField(
        label=gettext_lazy("In force since"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    category_zh = forms.CharField(
        label=gettext_lazy("Category of the instrument, in Chinese"), max_length=200, required=False
    )
    category_en = forms.CharField(
        label=gettext_lazy("Category of the instrument, in English"), max_length=200, required=False
    )
    field_order = (
        "scheme_number", "scheme_zh", "scheme_en", "scheme_uri", "scheme_version", "scheme_valid_from",
        "category_zh", "category_en", "password", "totp",
    )  # fmt: skip

    @property
    def facts(self) -> AttestationFacts:
        """What was filled in."""
        given = self.cleaned_data
        day = given["scheme_valid_from"]
        return AttestationFacts(
            scheme_number=given["scheme_number"],
            scheme_title=Text(given["scheme_zh"], given["scheme_en"]),
            scheme_uri=given["scheme_uri"],
            scheme_version=given["scheme_version"],
            scheme_valid_from=day.isoformat() if day else "",
            category_title=Text(given["category_zh"], given["category_en"]),
        )


@login_required
@require_http_methods(["GET", "POST"])
def attestation(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """Ask for the scheme and the confirmation, and issue certificate of conformity and credential."""
    actor = who(request)
    found = certificates.read(actor=actor, certificate_id=certificate_id)
    permit(actor, "certificate.attest", found)
    content = content_of(found)
    form = AttestationForm(request.POST) if request.method == "POST" else AttestationForm(initial=_likely(content))
    problem: JialiangError | None = None
    if form.is_bound and form.is_valid():
        try:
            attest(
                actor=actor,
                certificate_id=found.id,
                facts=form.facts,
                confirmation=form.confirmation,
                now=utc_now(),
            )
        except ConfirmationRefused as refused:
            form.add_error("password", in_words(refused.what))
        except NotAllowed:
            raise
        except JialiangError as stopped:
            problem = stopped
        else:
            messages.add_message(request, GRANTED, gettext("Certificate of conformity and credential are issued."))
            return HttpResponseRedirect(reverse("certificate", args=[found.id]))
    said = [each.declaration for each in content.statements if each.conformity is not None]
    context = {"certificate": found, "form": form, "problem": problem, "said": said}
    status = problem.http_status if problem else 422 if form.is_bound else 200
    return page(request, "certificates/attestation.html", context, status=status)


def _likely(content: CertificateContent) -> dict[str, str]:
    """Return what most likely is right: the category is what the instrument is called."""
    name = content.items[0].name if content.items else Text()
    return {"category_zh": name.zh, "category_en": name.en}
