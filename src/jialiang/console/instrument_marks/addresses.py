"""Addresses of codes and seals on instruments."""

from __future__ import annotations

from django.urls import path

from jialiang.console.instrument_marks.pages import check_identity, instrument_marks, record_mark, remove_mark

_OF = "instruments/<uuid:instrument_id>/marks"
urlpatterns = [
    path(_OF, instrument_marks, name="instrument_marks"),
    path(f"{_OF}/new", record_mark, name="instrument_mark_new"),
    path(f"{_OF}/check", check_identity, name="instrument_mark_check"),
    path("instrument-marks/<uuid:mark_id>/remove", remove_mark, name="instrument_mark_remove"),
]
