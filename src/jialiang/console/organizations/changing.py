"""Registering and changing organizations, adding sites and contacts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from jialiang.base.organizations.facts import ContactFacts, OrganizationFacts, SiteFacts
from jialiang.base.organizations.selectors import organization as organization_row
from jialiang.console.asking import Crumb, FormPage, done, form_page, posted, way_back
from jialiang.console.instruments.forms import province_options
from jialiang.console.merging import as_read, collision
from jialiang.console.noun_forms import carried_out, facts_from, members_changed
from jialiang.console.organizations.forms import (
    ChangeOrganizationForm,
    ContactForm,
    OrganizationForm,
    SiteForm,
)
from jialiang.console.requests import who
from jialiang.console.wording import in_words
from jialiang.functions import organizations as verbs
from jialiang.functions.deed import permit
from jialiang.governance.data_elements import columns, facts_of
from jialiang.kernel.clock import utc_now
from jialiang.security.policy import OwnedBy


@login_required
def register_organization(request: HttpRequest) -> HttpResponse:
    """Show the empty record, or register what was typed."""
    actor = who(request)
    permit(actor, "organization.register")
    form = OrganizationForm(posted(request), initial={"kind": "enterprise", "country_code": "CN"})
    if request.method == "POST":
        row = carried_out(
            form,
            lambda cleaned: verbs.register(
                actor=actor, facts=facts_from(OrganizationFacts, cleaned), now=utc_now()
            ),
        )
        if row is not None:
            said = gettext("Registered: %(name)s") % {"name": in_words(row.name)}
            return done(request, said, way_back(request, _page_of(row)))
    everyone = reverse("organizations")
    around = FormPage(
        title=gettext("Register an organization"),
        verb=gettext("Register the organization"),
        back=everyone,
        crumbs=(Crumb(gettext("Organizations"), everyone),),
    )
    return form_page(request, form, around, provinces=province_options())


@login_required
def change(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Show the record for changing, or change what differs; a collision with another person is shown and asked."""
    actor, row = who(request), organization_row(organization_id)
    permit(actor, "organization.change", OwnedBy(row.id))
    facts = facts_of(OrganizationFacts, row)
    stored = {name: value for name, value in columns(facts).items() if name not in ("parent_id", "fictional")}
    first = stored | {"version": row.version, "as_read": as_read(stored)}
    form = ChangeOrganizationForm(posted(request), initial=first)
    if request.method == "POST" and form.is_valid():
        merge = form.merge(stored, row.version)
        if merge.clashes:
            return collision(request, form, merge, stored=stored, version=row.version, title=row.name)

        def act(_cleaned: dict[str, Any]) -> Any:
            return verbs.change(
                actor=actor,
                organization_id=row.id,
                changes=members_changed(OrganizationFacts, stored, merge.changes),
                expected_version=row.version,
                now=utc_now(),
            )

        if carried_out(form, act) is not None:
            return done(request, gettext("The record is changed."), _page_of(row))
    around = _around(row, gettext("Change the record"), gettext("Save the changes"))
    return form_page(request, form, around, provinces=province_options())


@login_required
def add_site(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Add a place where the organization works."""
    actor, row = who(request), organization_row(organization_id)
    permit(actor, "site.add", OwnedBy(row.id))
    form = SiteForm(posted(request))

    def act(cleaned: dict[str, Any]) -> Any:
        return verbs.add_site(
            actor=actor, organization_id=row.id, facts=facts_from(SiteFacts, cleaned), now=utc_now()
        )

    if request.method == "POST" and carried_out(form, act) is not None:
        return done(request, gettext("The site is added."), _page_of(row))
    return form_page(
        request,
        form,
        _around(row, gettext("Add a site"), gettext("Add the site")),
        provinces=province_options(),
    )


@login_required
def add_contact(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Add somebody to talk to."""
    actor, row = who(request), organization_row(organization_id)
    permit(actor, "contact.add", OwnedBy(row.id))
    form = ContactForm(posted(request))

    def act(cleaned: dict[str, Any]) -> Any:
        return verbs.add_contact(
            actor=actor, organization_id=row.id, facts=facts_from(ContactFacts, cleaned), now=utc_now()
        )

    if request.method == "POST" and carried_out(form, act) is not None:
        return done(request, gettext("The contact is added."), _page_of(row))
    return form_page(request, form, _around(row, gettext("Add a contact"), gettext("Add the contact")))


def _around(row: Any, title: str, verb: str) -> FormPage:
    crumbs = (
        Crumb(gettext("Organizations"), reverse("organizations")),
        Crumb(in_words(row.name), _page_of(row)),
    )
    return FormPage(title=title, verb=verb, back=_page_of(row), crumbs=crumbs)


def _page_of(row: Any) -> str:
    return reverse("organization", args=[row.id])
