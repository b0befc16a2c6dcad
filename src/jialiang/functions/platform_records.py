"""Records of what the platform itself gives identifiers to: instruments of the ledger, and certificates once issued.

What a ledger says of an instrument is its owner's: its values are written for administrators only, and the owner makes
public what shall be public by changing their permissions, which later changes of the ledger leave as they are.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from django.conf import settings

from jialiang.base.identifiers import services
from jialiang.base.identifiers.rows_read import stored
from jialiang.base.identifiers.selectors import Identifier, identifier_of
from jialiang.base.identifiers.services import Edit, NewRecord, suffix_of
from jialiang.base.instruments.selectors import Instrument
from jialiang.formats.handle.values import ADMIN_READ, ADMIN_WRITE, HandleValue
from jialiang.functions.identifier_answers import Changed, changed, publish_records
from jialiang.functions.identifier_signing import Signing
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import IdentifierState

FOR_ADMINISTRATORS = ADMIN_READ | ADMIN_WRITE
INSTRUMENT_VALUES = {"NAME": 2, "NAME_EN": 3, "MODEL": 4, "SERIAL_NUMBER": 5, "MANUFACTURER": 6}
PAGE_INDEX = 1


def register_instrument_record(actor: Actor, row: Instrument, now: datetime) -> Identifier:
    """Give an instrument its identifier, owned by the instrument's owner, and publish it in the verb's transaction."""
    new = NewRecord(
        f"{settings.JIALIANG.identifier_prefix}/{suffix_of(row.id)}",
        _instrument_values(row, ()),
        organization_id=row.owner_id,
        subject_kind="instrument",
        subject_id=row.id,
    )
    new = replace(new, values=Signing(actor, now).signed(new, always=True))
    code = services.register(new, actor=actor, now=now)
    publish_records([Changed(stored(code))], now)
    return code


def follow_instrument(actor: Actor, row: Instrument, now: datetime) -> None:
    """Write into an instrument's record what its ledger says now; a record that is retired stays as it is."""
    code = identifier_of("instrument", row.id)
    if code is None or code.state == IdentifierState.RETIRED:
        return
    locked = services.locked(code.name)
    before = stored(locked)
    edit = Edit(values=_instrument_values(row, before.record.values))
    edit = Signing(actor, now).after(locked, edit, always=True)
    if services.change(locked, edit, action="identifier.change", actor=actor, now=now):
        publish_records([changed(before, stored(locked))], now)


def publish_certificate_record(actor: Actor, certificate_id: UUID, now: datetime) -> None:
    """Let the identifier of an issued certificate lead to the page that asks for its check code."""
    code = identifier_of("certificate", certificate_id)
    if code is None or code.state == IdentifierState.RETIRED:
        return
    locked = services.locked(code.name)
    before = stored(locked)
    page = f"{settings.JIALIANG.public_url.rstrip('/')}/c/{quote(code.name)}"
    kept = tuple(value for value in before.record.values if value.index != PAGE_INDEX)
    edit = Edit(values=(HandleValue(PAGE_INDEX, "URL", page.encode()), *kept))
    edit = Signing(actor, now).after(locked, edit, always=True)
    if services.change(locked, edit, action="identifier.change", actor=actor, now=now):
        publish_records([changed(before, stored(locked))], now)


def _instrument_values(row: Instrument, before: tuple[HandleValue, ...]) -> tuple[HandleValue, ...]:
    there = {value.index: value for value in before}
    facts = {
        "NAME": row.name_zh, "NAME_EN": row.name_en, "MODEL": row.model,
        "SERIAL_NUMBER": row.serial_number, "MANUFACTURER": row.manufacturer_zh,
    }  # fmt: skip
    written = []
    for kind, index in INSTRUMENT_VALUES.items():
        old = there.pop(index, None)
        if old is not None and not old.has_type(kind):
            written.append(old)  # the owner put another value here
        elif facts[kind]:
            permissions = FOR_ADMINISTRATORS if old is None else old.permissions
            written.append(HandleValue(index, kind, facts[kind].encode(), permissions=permissions))
    return (*written, *there.values())
