"""Screens of measuring instruments: the ledger, one instrument, its forms."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_noop

from jialiang.console.instruments.changing import change, move, register_instrument
from jialiang.console.instruments.labels import print_labels_of_instruments
from jialiang.console.instruments.listing import instruments
from jialiang.console.instruments.one import instrument
from jialiang.console.shell import NavEntry, register
from jialiang.security.policy import roles_for

register(
    NavEntry(
        gettext_noop("Instruments"),
        "instruments",
        "instruments",
        "quantities",
        10,
        roles=roles_for("instrument.read"),
        thumb=gettext_noop("Instruments"),
        home_of=frozenset({"instrument_manager"}),
    )
)

urlpatterns = [
    path("instruments/", instruments, name="instruments"),
    path("instruments/new", register_instrument, name="instrument_new"),
    path("instruments/labels", print_labels_of_instruments, name="instrument_labels"),
    path("instruments/<uuid:instrument_id>/", instrument, name="instrument"),
    path("instruments/<uuid:instrument_id>/change", change, name="instrument_change"),
    path("instruments/<uuid:instrument_id>/<str:verb>", move, name="instrument_move"),
]
