"""The signature of a record as its page tells it, and signing it with the institute's seal."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from jialiang.base.identifiers.records import StoredRecord
from jialiang.base.identifiers.selectors import record_by_id
from jialiang.console.asking import Crumb, FormPage, done, form_page, posted
from jialiang.console.identifiers.forms import SignForm
from jialiang.console.noun_forms import carried_out
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may
from jialiang.formats.handle.trust_documents import trust_document
from jialiang.formats.handle.trust_reports import NOT_SIGNED, TrustReport, VerdictWords, verdict_words
from jialiang.functions.deed import permit
from jialiang.functions.identifier_trust import sign_values, trust_report
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import IdentifierState

SHAPES = {"tick": "rosette-tick", "question": "dashed-question", "bar": "octagon-bar", "clock": "clock"}


@dataclass(frozen=True, slots=True)
class ShownSignature:
    """What the page tells of a signature: the verdict, who signed, which values, the chain, and what is wrong."""

    words: VerdictWords
    shape: str
    document: dict[str, object]
    findings: tuple[Text, ...]
    is_signed: bool
    may_sign: bool


def shown_signature(actor: Actor, record: StoredRecord) -> ShownSignature:
    """Return the signature of a record for its page; signing is offered to whoever may where it does not hold."""
    report = trust_report(record.name, utc_now())
    words = verdict_words(report.verdict)
    return ShownSignature(
        words,
        SHAPES[words.shape],
        trust_document(report),
        tuple(finding.text for finding in report.findings),
        report.verdict != NOT_SIGNED,
        _may_sign(actor, record, report),
    )


@login_required
def sign_identifier(request: HttpRequest, identifier_id: UUID) -> HttpResponse:
    """Say what signing means, then sign the public values of a record with the institute's seal."""
    actor, record = who(request), record_by_id(identifier_id)
    permit(actor, "identifier.sign", record)
    here, form = reverse("identifier", args=[record.id]), SignForm(posted(request))

    def act(_cleaned: object) -> object:
        return sign_values(actor=actor, name=record.name, now=utc_now())

    if request.method == "POST" and carried_out(form, act) is not None:
        return done(request, gettext("The public values are signed."), here)
    crumbs = (Crumb(gettext("Identifiers"), reverse("identifiers")), Crumb(record.name, here))
    intro = gettext("The seal of the institute then answers for every value that everyone may read.")
    title = gettext("Sign the values")
    return form_page(request, form, FormPage(title, title, here, crumbs, intro))


def _may_sign(actor: Actor, record: StoredRecord, report: TrustReport) -> bool:
    open_record = record.state != IdentifierState.RETIRED
    public = any(value.is_public for value in record.record.values)
    return open_record and public and not report.is_trusted and may(actor, "identifier.sign", record)
