"""Signing the values of identifiers with the institute's seal, and telling whether they may be trusted.

The record bears HS_SIGNATURE from 401: digests of its values, issued by the seal, whose certificate and that of the
authority stand in records of their own (``trust_chain``). What the platform signs unasked stands in
``identifier_signing``.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jialiang.base.identifiers import checks, services
from jialiang.base.identifiers.errors import NothingToSign
from jialiang.base.identifiers.public_reads import record_anywhere
from jialiang.base.identifiers.records import StoredRecord
from jialiang.base.identifiers.rows_read import stored
from jialiang.base.identifiers.services import Edit
from jialiang.formats.handle.trust import (
    FIRST_INDEX,
    SIGNATURE_TYPE,
    TrustReport,
    best,
    certificate_in,
    chain_of,
    issuer_of,
    judged,
    signatures_in,
)
from jialiang.formats.handle.trust_reports import Finding
from jialiang.formats.handle.values import HandleReference
from jialiang.functions.deed import permit, put_on_record
from jialiang.functions.identifier_answers import changed, publish_records
from jialiang.functions.identifier_prefixes import open_prefix
from jialiang.functions.identifier_signing import Signing
from jialiang.functions.identifier_template_rules import Templates
from jialiang.functions.trust_chain import root_of
from jialiang.security.actor import Actor
from jialiang.security.keys.selectors import authority, has_authority, seal_for
from jialiang.vocabulary.statuses import IdentifierState


@transaction.atomic
def sign_values(*, actor: Actor, name: str, indexes: tuple[int, ...] = (), now: datetime) -> StoredRecord:
    """Sign values of a record, all public ones where no ``indexes`` are said, with the institute's seal.

    An older signature by the same seal is replaced. Event ``identifier.signed``. Raises IdentifierUnknown,
    IdentifierStateForbids, PrefixForbids, NothingToSign, SealMissing.
    """
    permit(actor, "identifier.sign")
    row = services.locked(name)
    permit(actor, "identifier.sign", row)
    open_prefix(row.prefix)
    before = stored(row)
    shown = Templates().shown(before).public().chosen(indexes).values
    values = [own for own in shown if not own.has_type(SIGNATURE_TYPE)]
    if not values:
        raise NothingToSign(identifier=before.name)
    seal_for(actor.tenant_id, now)  # raises SealMissing before anything is written
    signing = Signing(actor, now)
    signature = signing.signature(before.name, values, _signature_index(before, signing.issuer))
    edit = Edit(values=checks.put(row.name, before.record.values, (signature,), overwrite=True))
    services.change(row, edit, action="identifier.sign", actor=actor, now=now)
    after = stored(row)
    publish_records([changed(before, after)], now)
    put_on_record(
        actor,
        "identifier.sign",
        row,
        now,
        event="identifier.signed",
        data={"identifier": after.name, "version": after.version, "indexes": [own.index for own in values]},
        identifier=after.name,
        version=after.version,
        indexes=[own.index for own in values],
        issuer=signing.issuer.text,
    )
    return after


def trust_report(name: str, now: datetime) -> TrustReport:
    """Tell whether the public values of a record may be trusted, and if not, what is wrong. Never raises.

    Three or four queries for a record with a signature: the record, the authority and the chain.
    """
    record = record_anywhere(name)
    signatures = signatures_in(record.record.values) if record is not None and _is_open(record) else []
    if record is None or not signatures:
        return best([])
    if not has_authority():
        return TrustReport((Finding("no_root_here"),), signature=signatures[0])
    root, moment = root_of(authority()), int(now.timestamp())
    values = Templates().shown(record).public().values
    reports = (
        judged(record.name, values, text, _chain(text), root=root, now=moment)
        for text in signatures_in(values)
    )
    return best(reports)


def _is_open(record: StoredRecord) -> bool:
    """Tell whether everyone may read the values of a record: of others a stranger learns nothing."""
    return record.state == IdentifierState.ACTIVE


def _chain(signature: str) -> tuple[str, ...]:
    steps = chain_of(signature)
    wanted = next(steps, None)
    try:
        while wanted is not None:
            found = record_anywhere(wanted.handle)
            wanted = steps.send(certificate_in(found.record.values if found else (), wanted.index))
    except StopIteration as end:
        chain: tuple[str, ...] = end.value
        return chain
    return ()


def _signature_index(record: StoredRecord, issuer: HandleReference) -> int:
    """Return the index of the signature by the same issuer, else the first free one above the certificate's."""
    taken = {value.index: value for value in record.record.values}
    for index, value in sorted(taken.items()):
        if value.has_type(SIGNATURE_TYPE) and issuer_of(value.text or "") == issuer:
            return index
    return next(index for index in range(FIRST_INDEX + 1, FIRST_INDEX + len(taken) + 2) if index not in taken)
