"""The addresses of this door."""

from __future__ import annotations

from django.urls import path

from jialiang.integration.handle_api import records, search, session_views

urlpatterns = [
    path("api/handles/", records.record),
    path("api/handles/<path:name>", records.record),
    path("api/sessions", session_views.all_sessions),
    path("api/sessions/", session_views.all_sessions),
    path("api/sessions/this", session_views.this_session),
    path("hrls/handles", search.handles),
    path("hrls/handles/", search.handles),
]
