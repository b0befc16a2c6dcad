"""Rows that belong to an institute: nothing reads or writes them outside its scope.

The guard sits at the base manager, through which Django runs every query, foreign-key access and save; at the
foreign key itself, which is asked for its value before each write; and at ``delete``, which asks neither.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self, TypeVar, cast
from uuid import UUID

from django.db import models

from jialiang.security.tenancy.errors import ForeignRow
from jialiang.security.tenancy.scope import tenant_filter

Row = TypeVar("Row", bound="TenantOwned")


class TenantManager(models.Manager[Row]):
    """Sees the rows of the institute in scope only; raises ``NoTenantInScope`` where there is none."""

    def get_queryset(self) -> models.QuerySet[Row]:
        """Return the rows of the institute in scope (of all in ``everywhere``)."""
        rows = super().get_queryset()
        tenant = tenant_filter(self.model.__name__)
        return rows if tenant is None else rows.filter(tenant_id=tenant)


class TenantKey(models.ForeignKey[Any, Any]):
    """A foreign key to the tenant that fills itself from the scope and refuses any other tenant's rows."""

    def pre_save(self, model_instance: models.Model, add: bool) -> UUID:
        """Return the tenant to be written. Raises ``ForeignRow`` when it is not the one in scope."""
        in_scope = tenant_filter(type(model_instance).__name__)
        written = cast(UUID | None, super().pre_save(model_instance, add)) or in_scope
        if written is None or in_scope not in (None, written):
            raise ForeignRow(what=type(model_instance).__name__, tenant=str(written), in_scope=str(in_scope))
        setattr(model_instance, self.attname, written)
        return written

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Stand in migrations as the plain foreign key that it is in the database."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", list(args), dict(kwargs)


class TenantOwned(models.Model):
    """A row that belongs to an institute; a new one may leave ``tenant`` out and gets the one in scope."""

    tenant = TenantKey("security_tenancy.Tenant", on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        """Foreign-key access and save go through the guarded manager as well."""

        abstract = True
        base_manager_name = "objects"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row. Raises ``NoTenantInScope`` outside a scope, ``ForeignRow`` in another tenant's."""
        in_scope = tenant_filter(type(self).__name__)
        if in_scope not in (None, self.tenant_id):
            raise ForeignRow(what=type(self).__name__, tenant=str(self.tenant_id), in_scope=str(in_scope))
        return super().delete(*args, **kwargs)


class TenantRow(TenantOwned):
    """A row of an institute that is known by an id which the caller gives (``kernel.ids.new_id``)."""

    id = models.UUIDField(primary_key=True, editable=False)

    class Meta(TenantOwned.Meta):
        """A child that has a Meta of its own keeps the guarded manager either way."""

        abstract = True
