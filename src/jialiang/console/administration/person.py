"""One person: account, roles with their periods, what was done about them; granting, revoking, closing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from jialiang.base.organizations.selectors import organization
from jialiang.console.administration.forms import ConfirmForm, RoleForm
from jialiang.console.administration.people import cell_of
from jialiang.console.administration.words import deed
from jialiang.console.asking import Crumb, FormPage, done, form_page, posted, this_day
from jialiang.console.noun_forms import carried_out
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may
from jialiang.console.shell import page
from jialiang.console.wording import in_words
from jialiang.functions import people as verbs
from jialiang.functions.deed import permit
from jialiang.kernel.clock import utc_now
from jialiang.security.accounts.selectors import person as person_row
from jialiang.security.accounts.selectors import role_assignments
from jialiang.security.audit.selectors import history
from jialiang.vocabulary.roles import role_name, roles


@login_required
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show one person."""
    actor, on = who(request), this_day()
    permit(actor, "person.read")
    row = person_row(person_id)
    grants = [
        {
            "row": grant,
            "name": role_name(grant.role),
            "cell": cell_of(grant.valid_from, grant.valid_until, on),
            "may_revoke": grant.revoked_at is None
            and may(actor, "person.revoke_role")
            and actor.person_id != row.pk,
        }
        for grant in role_assignments(row.pk)
    ]
    acts = [{"row": act, "deed": deed(act.action)} for act in reversed(history("person", row.pk))]
    context = {
        "row": row,
        "grants": grants,
        "acts": acts if may(actor, "audit.read") else [],
        "organization": organization(row.organization_id) if row.organization_id else None,
        "is_me": actor.person_id == row.pk,
        "may_grant": row.is_active and actor.person_id != row.pk and may(actor, "person.grant_role"),
        "may_close": row.is_active and actor.person_id != row.pk and may(actor, "person.deactivate"),
    }
    return page(request, "administration/person.html", context)


@login_required
def grant_role(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Ask for role and period, then grant."""
    actor = who(request)
    permit(actor, "person.grant_role")
    row = person_row(person_id)
    form = RoleForm(posted(request), initial={"valid_from": this_day().isoformat()})

    def act(cleaned: dict[str, Any]) -> Any:
        return verbs.grant_role(actor=actor, person_id=row.pk, now=utc_now(), **cleaned)

    if request.method == "POST" and carried_out(form, act) is not None:
        return done(request, gettext("The role is granted."), _page_of(row))
    title = gettext("Grant a role to %(name)s") % {"name": in_words(row.name)}
    intro = gettext(
        "Of one certificate, whoever calibrated, reviewed and approves are three people, whatever their roles."
    )
    return form_page(request, form, _around(row, title, gettext("Grant the role"), intro))


@login_required
def revoke_role(request: HttpRequest, person_id: UUID, role: str) -> HttpResponse:
    """Say what ends, then end it."""
    if role not in roles():
        raise Http404
    actor = who(request)
    permit(actor, "person.revoke_role")
    row = person_row(person_id)
    form = ConfirmForm(posted(request))
    if (
        request.method == "POST"
        and carried_out(
            form, lambda _cleaned: verbs.revoke_role(actor=actor, person_id=row.pk, role=role, now=utc_now())
        )
        is not None
    ):
        return done(request, gettext("The role is revoked."), _page_of(row))
    facts = {"name": in_words(row.name), "role": in_words(role_name(role))}
    title = gettext("Revoke “%(role)s” from %(name)s") % facts
    intro = gettext("It ends now. What was done in this role stays as it is.")
    return form_page(request, form, _around(row, title, gettext("Revoke the role"), intro))


@login_required
def deactivate(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Say what closing means, then close the account."""
    actor = who(request)
    permit(actor, "person.deactivate")
    row = person_row(person_id)
    form = ConfirmForm(posted(request))
    if (
        request.method == "POST"
        and carried_out(form, lambda _cleaned: verbs.deactivate(actor=actor, person_id=row.pk, now=utc_now()))
        is not None
    ):
        return done(request, gettext("The account is closed."), _page_of(row))
    title = gettext("Close the account of %(name)s") % {"name": in_words(row.name)}
    intro = gettext("For good: no more sign-in, open roles end. Records and signatures keep the name.")
    return form_page(request, form, _around(row, title, gettext("Close the account"), intro))


def _around(row: Any, title: str, verb: str, intro: str) -> FormPage:
    crumbs = (Crumb(gettext("People and roles"), reverse("people")), Crumb(in_words(row.name), _page_of(row)))
    return FormPage(title, verb, _page_of(row), crumbs, intro)


def _page_of(row: Any) -> str:
    return reverse("person", args=[row.pk])
