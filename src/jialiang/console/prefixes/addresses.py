"""Addresses of prefixes and applications, and their place in the navigation."""

from __future__ import annotations

from datetime import datetime

from django.urls import path
from django.utils.translation import gettext_noop

from jialiang.base.prefixes.selectors import count_waiting
from jialiang.console.prefixes.changing import add_prefix, apply, approve, do, refuse, withdraw_application
from jialiang.console.prefixes.showing import (
    application_document,
    prefix,
    prefix_application,
    prefix_applications,
    prefixes,
)
from jialiang.console.shell import NavEntry, Waiting, register
from jialiang.security.actor import Actor
from jialiang.security.policy import allowed, roles_for


def _waiting(actor: Actor, _now: datetime) -> Waiting:
    """Tell the operator how many applications wait."""
    return Waiting(count_waiting() if allowed(actor, "prefix.approve") else 0)


register(
    NavEntry(
        gettext_noop("Prefixes"), "prefixes", "traceability", "resources", 60, roles=roles_for("prefix.read")
    )
)
register(
    NavEntry(
        gettext_noop("Prefix applications"),
        "prefix_applications",
        "tasks",
        "resources",
        61,
        roles=roles_for("prefix.apply") | roles_for("prefix.approve"),
        count=_waiting,
        home_of=frozenset({"identifier_operator"}),
    )
)

_ONE = "prefixes/applications/<uuid:application_id>/"
urlpatterns = [
    path("prefixes/", prefixes, name="prefixes"),
    path("prefixes/new", add_prefix, name="prefix_new"),
    path("prefixes/applications/", prefix_applications, name="prefix_applications"),
    path("prefixes/applications/new", apply, name="prefix_apply"),
    path(_ONE, prefix_application, name="prefix_application"),
    path(f"{_ONE}approve", approve, name="prefix_approve"),
    path(f"{_ONE}refuse", refuse, name="prefix_refuse"),
    path(f"{_ONE}withdraw", withdraw_application, name="prefix_application_withdraw"),
    path(f"{_ONE}documents/<int:position>", application_document, name="prefix_document"),
    path("prefixes/<uuid:prefix_id>/", prefix, name="prefix"),
    path("prefixes/<uuid:prefix_id>/<slug:deed>", do, name="prefix_deed"),
]
