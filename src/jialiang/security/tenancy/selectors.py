"""Reading institutes. One query each, by primary key or by the unique index of ``slug``."""

from __future__ import annotations

from uuid import UUID

from jialiang.security.tenancy.errors import TenantNotFound
from jialiang.security.tenancy.models import Tenant


def tenant(tenant_id: UUID) -> Tenant:
    """Return the institute with this id. Raises :class:`TenantNotFound`."""
    return _found(Tenant.objects.filter(pk=tenant_id).first(), str(tenant_id))


def tenant_by_slug(slug: str) -> Tenant:
    """Return the institute with this short name. Raises :class:`TenantNotFound`."""
    return _found(Tenant.objects.filter(slug=slug).first(), slug)


def tenants() -> list[Tenant]:
    """Return all institutes by their short names."""
    return list(Tenant.objects.order_by("slug"))


def first_founded() -> Tenant | None:
    """Return the institute that was founded first, which operates the node; None before any is: one query."""
    return Tenant.objects.order_by("created_at", "id").first()


def _found(row: Tenant | None, wanted: str) -> Tenant:
    if row is None:
        raise TenantNotFound(tenant=wanted)
    return row
