"""Addresses of identifiers, and their place in the navigation."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_noop

from jialiang.console.identifiers.changing import change_identifier, move_identifier
from jialiang.console.identifiers.exporting import export_list
from jialiang.console.identifiers.importing import import_identifiers
from jialiang.console.identifiers.labels import print_identifier_labels
from jialiang.console.identifiers.registering import choose_template, register_identifier
from jialiang.console.identifiers.showing import identifier, identifiers
from jialiang.console.identifiers.signing import sign_identifier
from jialiang.console.shell import NavEntry, register
from jialiang.security.policy import roles_for

register(
    NavEntry(
        gettext_noop("Identifiers"),
        "identifiers",
        "tag",
        "resources",
        59,
        roles=roles_for("identifier.register"),
    )
)

_ONE = "identifiers/<uuid:identifier_id>/"
urlpatterns = [
    path("identifiers/", identifiers, name="identifiers"),
    path("identifiers/export", export_list, name="identifiers_export"),
    path("identifiers/import", import_identifiers, name="identifiers_import"),
    path("identifiers/labels", print_identifier_labels, name="identifier_labels"),
    path("identifiers/new", choose_template, name="identifier_new"),
    path("identifiers/new/plain", register_identifier, name="identifier_new_plain"),
    path("identifiers/new/<uuid:template_id>", register_identifier, name="identifier_new_by"),
    path(_ONE, identifier, name="identifier"),
    path(f"{_ONE}change", change_identifier, name="identifier_change"),
    path(f"{_ONE}signature", sign_identifier, name="identifier_sign"),
    path(f"{_ONE}<slug:deed>", move_identifier, name="identifier_deed"),
]
