"""Signing records anew after a new seal, part by part: certificates, and what the institute had signed before.

What somebody without ``identifier.sign`` wrote stays unsigned: the seal does not answer for it unasked.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from jialiang.base.identifiers import batch_services, services
from jialiang.base.identifiers.batch_services import Rewritten
from jialiang.base.identifiers.rows_read import stored
from jialiang.base.identifiers.selectors import Identifier
from jialiang.base.identifiers.services import Edit
from jialiang.functions.deed import permit, put_on_record
from jialiang.functions.identifier_answers import Changed, publish_records
from jialiang.functions.identifier_signing import CALIBRATION_TYPES, SIGNED_SUBJECTS, Signing
from jialiang.governance.jobs.services import enqueue
from jialiang.kernel.ids import new_id
from jialiang.security.actor import Actor
from jialiang.security.keys.errors import SealMissing
from jialiang.security.keys.selectors import seal_for

SIGN_JOB = "identifier.sign"
AT_ONCE = 500
MODE = "sign"


@transaction.atomic
def sign_part(*, actor: Actor, after: UUID | None, now: datetime) -> int:
    """Sign up to :data:`AT_ONCE` records behind the one of an id with the seal in force, and enqueue the rest.

    Done twice it changes nothing more. Without a seal in force nothing is done: the next seal starts this again.
    Event ``identifier.batch_completed``. Returns how many records have a new signature.
    """
    permit(actor, "identifier.sign")
    try:
        seal_for(actor.tenant_id, now)
    except SealMissing:
        return 0
    rows = batch_services.rows_that_speak_of(SIGNED_SUBJECTS, CALIBRATION_TYPES, after, AT_ONCE)
    signing, batch_id = Signing(actor, now), new_id(now)
    tried = (_rewritten(row, signing, batch_id) for row in rows)
    changed = [one for one in tried if one is not None]
    if changed:
        _write(actor, changed, batch_id, now)
    if len(rows) == AT_ONCE:
        enqueue(SIGN_JOB, actor.tenant_id, {"after": str(rows[-1].pk)}, now)
    return len(changed)


def _rewritten(row: Identifier, signing: Signing, batch_id: UUID) -> Rewritten | None:
    if row.subject_kind != "certificate" and not signing.was_signed(row):
        return None
    past = services.begun(row, "identifier.sign")
    now = max(signing.now, row.changed_at)
    edit = signing.after(row, Edit(values=stored(row).record.values), always=True)
    services.apply(row, edit, now)
    if services.same(row, past):
        return None
    services.finished(row, past, now)
    services.sign(row, "identifier.sign", "", signing.actor, batch_id)
    return Rewritten(row, past, codes_follow=False)


def _write(actor: Actor, changed: list[Rewritten], batch_id: UUID, now: datetime) -> None:
    names = "\n".join(one.row.name for one in changed)
    digest = sha256(names.encode()).hexdigest()
    batch = batch_services.begin_batch(batch_id, MODE, digest, actor=actor, now=now)
    batch_services.rewrite(changed, now)
    records = [stored(one.row) for one in changed]
    publish_records([Changed(record, record.codes) for record in records], now)
    counts = {"signed": len(changed)}
    batch_services.end_batch(batch, counts)
    put_on_record(
        actor,
        "identifier.sign",
        batch,
        now,
        event="identifier.batch_completed",
        data={"mode": MODE, "counts": counts},
        mode=MODE,
        counts=counts,
    )
