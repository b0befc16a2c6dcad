"""Addresses of the door for programs that speak to an IDHub enterprise node."""

from __future__ import annotations

from django.urls import path

from jialiang.integration.idhub import logins, objects
from jialiang.integration.idhub.door import address

urlpatterns = [
    path("api/v1/doip/public/challenge", address(public=True, get=logins.ask_challenge)),
    path("api/v1/doip/public/verify-response", address(public=True, post=logins.verify_response)),
    path("api/v1/doip", address(get=objects.read_object, post=objects.write_object)),
]
