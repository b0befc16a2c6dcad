"""Screens of measurement standards: what ends first, one standard with its evidence, its forms."""

from __future__ import annotations

from datetime import datetime

from django.urls import path
from django.utils.translation import gettext_noop

from jialiang.console.measurement_standards.changing import (
    add_certificate,
    add_digital_certificate,
    move,
    record_check,
    register_standard,
)
from jialiang.console.measurement_standards.jjf1033 import standard_jjf1033
from jialiang.console.measurement_standards.listing import ending, measurement_standards
from jialiang.console.measurement_standards.one import measurement_standard
from jialiang.console.shell import NavEntry, Waiting, register
from jialiang.security.actor import Actor
from jialiang.security.policy import allowed, roles_for
from jialiang.security.tenancy.calendar import today


def stopped(actor: Actor, now: datetime) -> Waiting:
    """Count the standards that carry no work today, for their keepers."""
    if not allowed(actor, "measurement_standard.add_certificate"):
        return Waiting(0)
    return Waiting(ending(today(now)), stops=True)


register(
    NavEntry(
        gettext_noop("Measurement standards"),
        "measurement_standards",
        "standards",
        "quantities",
        20,
        roles=roles_for("measurement_standard.read") - {"customer"},
        count=stopped,
        thumb=gettext_noop("Our standards"),
        home_of=frozenset({"standards_keeper"}),
    )
)

urlpatterns = [
    path("standards/", measurement_standards, name="measurement_standards"),
    path("standards/new", register_standard, name="measurement_standard_new"),
    path("standards/<uuid:standard_id>/", measurement_standard, name="measurement_standard"),
    path("standards/<uuid:standard_id>/dcc", add_digital_certificate, name="measurement_standard_dcc"),
    path(
        "standards/<uuid:standard_id>/certificate", add_certificate, name="measurement_standard_certificate"
    ),
    path("standards/<uuid:standard_id>/check", record_check, name="measurement_standard_check"),
    path("standards/<uuid:standard_id>/jjf1033", standard_jjf1033, name="measurement_standard_jjf1033"),
    path("standards/<uuid:standard_id>/<str:verb>", move, name="measurement_standard_move"),
]
