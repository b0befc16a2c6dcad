"""The institute in scope: set by a door for one request or by the worker for one job, read by every query."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from jialiang.security.tenancy.errors import NoTenantInScope


@dataclass(frozen=True, slots=True)
class Everywhere:
    """Work for the whole installation (moving tenants, checking digests), and why it is allowed to see all."""

    reason: str


_in_force: ContextVar[UUID | Everywhere | None] = ContextVar("jialiang_tenant", default=None)


@contextmanager
def scope(tenant_id: UUID) -> Iterator[None]:
    """Narrow every query inside the ``with`` block to one institute; scopes nest, the innermost counts."""
    if not isinstance(tenant_id, UUID):
        raise TypeError(f"a scope needs the UUID of a tenant, not {tenant_id!r}")
    token = _in_force.set(tenant_id)
    try:
        yield
    finally:
        _in_force.reset(token)


@contextmanager
def everywhere(reason: str) -> Iterator[None]:
    """Let system work see all institutes; a written row must then name its institute itself."""
    if not reason.strip():
        raise ValueError("work on all tenants needs a reason")
    token = _in_force.set(Everywhere(reason))
    try:
        yield
    finally:
        _in_force.reset(token)


def current_tenant_id() -> UUID:
    """Return the institute in scope. Raises :class:`NoTenantInScope` outside a scope and in ``everywhere``."""
    tenant = _in_force.get()
    if isinstance(tenant, UUID):
        return tenant
    raise NoTenantInScope(what="current_tenant_id()")


def tenant_filter(what: str) -> UUID | None:
    """Return the institute to narrow a query of ``what`` to, None in ``everywhere``; raises outside both."""
    tenant = _in_force.get()
    if tenant is None:
        raise NoTenantInScope(what=what)
    return tenant if isinstance(tenant, UUID) else None
