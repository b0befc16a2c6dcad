"""Organizations, their sites and contacts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from jialiang.base.organizations import selectors
from jialiang.base.organizations.facts import ContactFacts, OrganizationFacts, SiteFacts
from jialiang.functions import organizations as verbs
from jialiang.integration.api.access import acting, narrowed, readable
from jialiang.integration.api.conditions import remember_version, version_read
from jialiang.integration.api.members import (
    Body,
    Version,
    View,
    changed_members,
    changes_of,
    facts_from,
    members_of,
    view_of,
)
from jialiang.integration.api.paging import Listed, PageQuery, listed
from jialiang.kernel.clock import utc_now
from jialiang.security.policy import OwnedBy
from jialiang.vocabulary.statuses import OrganizationKind

router = Router(tags=["organizations"])
READ = "organization.read"


@members_of(OrganizationFacts)
class NewOrganization(Body):
    """A body to be registered."""

    kind: OrganizationKind = OrganizationKind.ENTERPRISE


@changes_of(OrganizationFacts)
class OrganizationChange(Body):
    """Members to be changed; those left out stay as they are."""

    version: Version = None


@members_of(SiteFacts)
class NewSite(Body):
    """A place where an organization works."""


@members_of(ContactFacts)
class NewContact(Body):
    """Somebody to talk to; one of telephone and e-mail is needed."""


@view_of(OrganizationFacts)
class OrganizationView(View):
    """An organization; `is_own` marks the institute itself."""

    id: UUID
    is_own: bool
    created_at: datetime
    version: int


@view_of(SiteFacts)
class SiteView(View):
    """A site."""

    id: UUID
    organization_id: UUID
    created_at: datetime


@view_of(ContactFacts)
class ContactView(View):
    """A contact."""

    id: UUID
    organization_id: UUID
    created_at: datetime


class OrganizationQuery(PageQuery):
    """What a list of organizations is narrowed by."""

    text: str = ""
    kind: OrganizationKind | None = None


@router.get("/organizations", response=Listed[OrganizationView], summary="List organizations")
def list_organizations(request: HttpRequest, response: HttpResponse, query: Query[OrganizationQuery]) -> Any:
    """Organizations of the institute, newest first; `text` is looked for in names and codes.

    A customer sees the own organization only. Permission `organization.read`.
    """
    found = selectors.organizations(
        text=query.text,
        kind=query.kind or "",
        only_id=narrowed(request, READ),
        after=query.after,
        size=query.limit,
    )
    return listed(request, response, found, OrganizationView.of)


@router.post("/organizations", response={201: OrganizationView}, summary="Register an organization")
def register_organization(request: HttpRequest, response: HttpResponse, body: NewOrganization) -> Any:
    """Register a customer, maker or regulator; in China its credit code (GB 32100) is verified.

    Permission `organization.register`.
    """
    facts = facts_from(OrganizationFacts, body)
    row = verbs.register(actor=acting(request), facts=facts, now=utc_now())
    response["Location"] = f"{request.path}/{row.id}"
    return Status(201, OrganizationView.of(row))


@router.get(
    "/organizations/{uuid:organization_id}", response=OrganizationView, summary="Read an organization"
)
def read_organization(request: HttpRequest, organization_id: UUID) -> Any:
    """One organization with its version. Permission `organization.read`."""
    readable(request, READ, OwnedBy(organization_id))
    row = selectors.organization(organization_id)
    remember_version(request, row.version)
    return OrganizationView.of(row)


@router.patch(
    "/organizations/{uuid:organization_id}", response=OrganizationView, summary="Change an organization"
)
def change_organization(request: HttpRequest, organization_id: UUID, body: OrganizationChange) -> Any:
    """Change the members named, from the version that was read (`If-Match` or `version`).

    Permission `organization.change`.
    """
    readable(request, "organization.change", OwnedBy(organization_id))
    stored = selectors.organization(organization_id)
    row, _ = verbs.change(
        actor=acting(request),
        organization_id=organization_id,
        changes=changed_members(body),
        expected_version=version_read(request, body.version, stored.version) or 0,
        now=utc_now(),
    )
    return OrganizationView.of(row)


@router.get(
    "/organizations/{uuid:organization_id}/sites",
    response=list[SiteView],
    summary="List the sites of an organization",
)
def list_sites(request: HttpRequest, organization_id: UUID) -> Any:
    """The places where an organization works, oldest first. Permission `organization.read`."""
    readable(request, READ, OwnedBy(organization_id))
    selectors.organization(organization_id)
    return [SiteView.of(row) for row in selectors.sites_of(organization_id)]


@router.post("/organizations/{uuid:organization_id}/sites", response={201: SiteView}, summary="Add a site")
def add_site(request: HttpRequest, organization_id: UUID, body: NewSite) -> Any:
    """Add a place where an organization works. Permission `site.add`."""
    row = verbs.add_site(
        actor=acting(request),
        organization_id=organization_id,
        facts=facts_from(SiteFacts, body),
        now=utc_now(),
    )
    return Status(201, SiteView.of(row))


@router.get(
    "/organizations/{uuid:organization_id}/contacts",
    response=list[ContactView],
    summary="List the contacts of an organization",
)
def list_contacts(request: HttpRequest, organization_id: UUID) -> Any:
    """The people to talk to at an organization, oldest first. Permission `organization.read`."""
    readable(request, READ, OwnedBy(organization_id))
    selectors.organization(organization_id)
    return [ContactView.of(row) for row in selectors.contacts_of(organization_id)]


@router.post(
    "/organizations/{uuid:organization_id}/contacts", response={201: ContactView}, summary="Add a contact"
)
def add_contact(request: HttpRequest, organization_id: UUID, body: NewContact) -> Any:
    """Add somebody to talk to at an organization. Permission `contact.add`."""
    row = verbs.add_contact(
        actor=acting(request),
        organization_id=organization_id,
        facts=facts_from(ContactFacts, body),
        now=utc_now(),
    )
    return Status(201, ContactView.of(row))
