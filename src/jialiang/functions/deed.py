"""What every verb has around its change: the permission before it, the audit record and the event after it.

A verb reads::

    @transaction.atomic
    def retire(*, actor: Actor, instrument_id: UUID, reason: str, now: datetime) -> Instrument:
        instrument = selectors.instrument(instrument_id)
        permit(actor, "instrument.retire", instrument)
        services.retire(...)
        put_on_record(actor, "instrument.retire", instrument, now, event="instrument.retired", reason=reason)
        return instrument

Both halves run in the verb's transaction: a change without its audit record, or an event for a change that
was rolled back, cannot exist.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from jialiang.governance.outbox.services import publish
from jialiang.kernel.errors import NotAllowed
from jialiang.kernel.events import Event
from jialiang.security import policy
from jialiang.security.actor import Actor
from jialiang.security.audit.services import record
from jialiang.security.tenancy.scope import current_tenant_id


class ForeignTenant(NotAllowed):
    """The actor belongs to another tenant than the one in scope."""

    code = "JL-DEED-001"


def permit(actor: Actor, action: str, thing: object | None = None) -> None:
    """Let ``actor`` do ``action`` (on ``thing``), in the tenant in scope.

    Raises ``NoTenantInScope`` outside every scope, :class:`ForeignTenant` in another tenant's, and what
    ``policy.require`` raises. Call it before the first change; a verb that makes a new thing calls it without
    ``thing`` and, if a customer may do it, once more with the thing that the new one belongs to.
    """
    if current_tenant_id() != actor.tenant_id:
        raise ForeignTenant(actor=actor.name, action=action)
    policy.require(actor, action, thing)


def put_on_record(
    actor: Actor,
    action: str,
    subject: Model,
    now: datetime,
    *,
    event: str = "",
    data: dict[str, Any] | None = None,
    **detail: Any,
) -> None:
    """Write the audit record of a deed on ``subject`` and, where ``event`` is named, publish it.

    ``detail`` goes into the audit record and ``data`` into the event; both are JSON without floats. The event's
    subject is the thing's id.
    """
    record(actor, action, subject, now, **detail)
    if event:
        publish(Event(event, _id(subject), now, data or {}))


def _id(subject: Model) -> UUID:
    if not isinstance(subject.pk, UUID):
        raise TypeError(f"{type(subject).__name__} is not known by a UUID: events speak of rows of a tenant")
    return subject.pk
