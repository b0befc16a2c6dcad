"""Addresses of label templates, and their place in the navigation."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_noop

from jialiang.console.label_templates.pages import (
    change_label_template,
    create_label_template,
    label_template,
    label_template_file,
    label_templates,
    shipped_label_template,
    withdraw_label_template,
)
from jialiang.console.shell import NavEntry, register
from jialiang.security.policy import roles_for

register(
    NavEntry(
        gettext_noop("Label templates"),
        "label_templates",
        "print",
        "resources",
        64,
        roles=roles_for("label_template.create"),
    )
)

_ONE = "label-templates/<uuid:template_id>/"
urlpatterns = [
    path("label-templates/", label_templates, name="label_templates"),
    path("label-templates/new", create_label_template, name="label_template_new"),
    path("label-templates/shipped/<str:name>", shipped_label_template, name="label_template_shipped"),
    path(_ONE, label_template, name="label_template"),
    path(f"{_ONE}change", change_label_template, name="label_template_change"),
    path(f"{_ONE}template.json", label_template_file, name="label_template_file"),
    path(f"{_ONE}withdraw", withdraw_label_template, name="label_template_withdraw"),
]
