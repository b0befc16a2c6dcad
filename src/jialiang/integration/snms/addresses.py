"""Addresses of the door for business systems."""

from __future__ import annotations

from django.urls import path

from jialiang.integration.snms import data, templates, tokens
from jialiang.integration.snms.door import address

TEMPLATE = address(get=templates.read, post=templates.create, put=templates.update, delete=templates.delete)

urlpatterns = [
    path("identity/token", tokens.by_secret),
    path("identity/token/v1", tokens.by_digest),
    path("identityv2/data/detail", address(get=data.detail)),
    path("identityv2/data", address(post=data.create, put=data.update, delete=data.delete)),
    path("identityv2/data/batchCreate", address(post=data.create_batch)),
    path("identityv2/data/batchUpdate", address(put=data.update_batch)),
    path("identityv2/data/batchDelete", address(delete=data.delete_batch)),
    path("snms/api/v3/template", TEMPLATE),
    path("snms/api/v5/template", TEMPLATE),
]
