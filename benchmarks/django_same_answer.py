"""The same answer by Django: the installation's settings and middleware, one address, one query by key."""

from __future__ import annotations

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.django_same_answer_settings"

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

application = get_wsgi_application()

from jialiang.formats.public_keys import CHECKED_AT_MARKER, key_by_number, unknown_key  # noqa: E402
from jialiang.governance.publication.selectors import answer_at  # noqa: E402
from jialiang.kernel.clock import iso_seconds, utc_now  # noqa: E402


def authenticity(request: HttpRequest) -> HttpResponse:
    """Answer by number and check code, as the front does."""
    now = utc_now()
    found = answer_at(key_by_number(request.GET.get("number", ""), request.GET.get("code", ""), "json"), now)
    status = 200 if found else 404
    found = found or answer_at(unknown_key("json"), now)
    body = found.body.replace(CHECKED_AT_MARKER, iso_seconds(now).encode())
    return HttpResponse(body, status=status, headers=dict(found.headers))


urlpatterns = [path("api/v1/authenticity", authenticity)]


def served() -> object:
    """Return the application to granian, as the control plane of the measured installation."""
    return application
