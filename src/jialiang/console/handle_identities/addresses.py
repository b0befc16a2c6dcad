"""Addresses of identities, and their place in the navigation."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_noop

from jialiang.console.handle_identities.pages import (
    add_identity,
    handle_identities,
    handle_identity,
    revoke_identity,
)
from jialiang.console.shell import NavEntry, register
from jialiang.security.policy import roles_for

register(
    NavEntry(
        gettext_noop("Identities"),
        "handle_identities",
        "key",
        "resources",
        62,
        roles=roles_for("handle_identity.add"),
    )
)

urlpatterns = [
    path("handle-identities/", handle_identities, name="handle_identities"),
    path("handle-identities/new", add_identity, name="handle_identity_new"),
    path("handle-identities/<uuid:identity_id>/", handle_identity, name="handle_identity"),
    path("handle-identities/<uuid:identity_id>/revoke", revoke_identity, name="handle_identity_revoke"),
]
