"""Addresses of templates, and their place in the navigation."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_noop

from jialiang.console.identifier_templates.pages import (
    change_item,
    create_template,
    identifier_template,
    identifier_templates,
    publish_template,
    template_schema,
    withdraw_template,
)
from jialiang.console.shell import NavEntry, register
from jialiang.security.policy import roles_for

register(
    NavEntry(
        gettext_noop("Identifier templates"),
        "identifier_templates",
        "columns",
        "resources",
        63,
        roles=roles_for("identifier_template.create"),
    )
)

_ONE = "identifier-templates/<uuid:template_id>/"
urlpatterns = [
    path("identifier-templates/", identifier_templates, name="identifier_templates"),
    path("identifier-templates/new", create_template, name="identifier_template_new"),
    path(_ONE, identifier_template, name="identifier_template"),
    path(f"{_ONE}schema.json", template_schema, name="identifier_template_schema"),
    path(f"{_ONE}items/new", change_item, name="identifier_template_item_new"),
    path(f"{_ONE}items/<int:index>", change_item, name="identifier_template_item"),
    path(f"{_ONE}publish", publish_template, name="identifier_template_publish"),
    path(f"{_ONE}withdraw", withdraw_template, name="identifier_template_withdraw"),
]
