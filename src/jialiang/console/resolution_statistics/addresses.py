"""Addresses of the statistics of resolution, and their place in the navigation."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_noop

from jialiang.console.resolution_statistics.showing import resolution_statistics
from jialiang.console.shell import NavEntry, register
from jialiang.security.policy import roles_for

register(
    NavEntry(
        gettext_noop("Resolution statistics"),
        "resolution_statistics",
        "report",
        "organization",
        50,
        roles=roles_for("resolution_statistics.read"),
    )
)

urlpatterns = [path("resolution-statistics/", resolution_statistics, name="resolution_statistics")]
