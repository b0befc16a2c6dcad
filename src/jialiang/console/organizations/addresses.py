"""Screens of organizations: customers, their sites and contacts."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_noop

from jialiang.console.organizations.changing import add_contact, add_site, change, register_organization
from jialiang.console.organizations.showing import organization, organizations
from jialiang.console.shell import NavEntry, register
from jialiang.security.policy import roles_for

register(
    NavEntry(
        gettext_noop("Organizations"),
        "organizations",
        "organization",
        "business",
        40,
        roles=roles_for("organization.read"),
    )
)

urlpatterns = [
    path("organizations/", organizations, name="organizations"),
    path("organizations/new", register_organization, name="organization_new"),
    path("organizations/<uuid:organization_id>/", organization, name="organization"),
    path("organizations/<uuid:organization_id>/change", change, name="organization_change"),
    path("organizations/<uuid:organization_id>/site", add_site, name="organization_site"),
    path("organizations/<uuid:organization_id>/contact", add_contact, name="organization_contact"),
]
