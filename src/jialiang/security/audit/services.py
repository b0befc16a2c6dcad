"""Appending to the audit trail, in the transaction of the verb that is recorded."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import models, transaction

from jialiang.kernel.ids import new_id
from jialiang.kernel.plain import json_ready
from jialiang.security.actor import Actor
from jialiang.security.audit.chain import record_hash
from jialiang.security.audit.errors import ForeignActor
from jialiang.security.audit.models import AuditHead, AuditRecord
from jialiang.security.tenancy.scope import current_tenant_id


@transaction.atomic
def record(actor: Actor, action: str, subject: models.Model, now: datetime, **detail: object) -> AuditRecord:
    """Append one act. The end of the chain stays locked until commit, so call it last, after the change.

    ``detail`` becomes JSON (``kernel.plain.json_ready``); floats raise TypeError. Raises :class:`ForeignActor`.
    """
    tenant_id = current_tenant_id()
    if actor.tenant_id != tenant_id:
        raise ForeignActor(action=action, actor=actor.name)
    head = _locked_head()
    row = AuditRecord(
        id=new_id(now),
        tenant_id=tenant_id,
        seq=head.seq + 1,
        at=now,
        actor_id=actor.person_id,
        actor_name_zh=actor.name.zh,
        actor_name_en=actor.name.en,
        door=actor.door,
        action=action,
        subject_type=subject_type(type(subject)),
        subject_id=str(subject.pk),
        detail=json_ready(detail),
        previous_hash=head.hash,
    )
    row.hash = record_hash(row)
    row.save(force_insert=True)
    AuditHead.objects.filter(pk=tenant_id).update(seq=row.seq, hash=row.hash)
    return row


def subject_type(model: type[models.Model]) -> str:
    """Return the noun of a model as it stands in the trail: ``MeasurementStandard`` → ``measurement_standard``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", model.__name__).lower()


def _locked_head() -> AuditHead:
    tenant_id = current_tenant_id()
    heads = AuditHead.objects.select_for_update().filter(pk=tenant_id)
    head = heads.first()
    if head is None:
        AuditHead.objects.get_or_create(pk=tenant_id)
        head = heads.get()
    return head
