"""Writing applications for prefixes, in the transaction of the verb; until one is approved no prefix exists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from jialiang.base.organizations.selectors import organization
from jialiang.base.prefixes import services
from jialiang.base.prefixes.errors import (
    ApplicationDecided,
    ApplicationUnknown,
    OwnApplication,
    PrefixChanged,
    PrefixMember,
    PrefixReasonMissing,
    PrefixStateForbids,
    PrefixTaken,
)
from jialiang.base.prefixes.facts import ApplicationFacts, KeptDocument, checked_application
from jialiang.base.prefixes.models import PrefixApplication, PrefixDocument
from jialiang.base.prefixes.selectors import is_prefix_given, prefix
from jialiang.base.prefixes.texts import checked_code, checked_prefix
from jialiang.governance import data_elements as elements
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import storable
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import PrefixApplicationState, PrefixState, label


def submit(
    facts: ApplicationFacts, documents: Sequence[KeptDocument], *, actor: Actor, now: datetime
) -> PrefixApplication:
    """Store an application with its documents; it reserves nothing.

    Raises OrganizationUnknown, PrefixUnknown, PrefixStateForbids (the one above is not active), BadPrefix,
    PrefixTaken (the wished one was given before), ApplicationIncomplete, PrefixMember.
    """
    written = checked_application(facts)
    parent = prefix(facts.parent_id)
    if parent.state != PrefixState.ACTIVE:
        state, allowed = label(PrefixState(parent.state)), label(PrefixState.ACTIVE)
        raise PrefixStateForbids(prefix=parent.text, state=state, allowed=allowed)
    if written["wished_code"]:
        wished = checked_prefix(f"{parent.text}.{checked_code(written['wished_code'])}")
        if is_prefix_given(wished):
            raise PrefixTaken(prefix=wished)
    row = PrefixApplication.objects.create(
        id=new_id(now),
        organization=organization(facts.organization_id),
        parent=parent,
        applicant_id=actor.person_id,
        applicant_name=_name(actor),
        submitted_at=now,
        **written,
    )
    for position, kept in enumerate(documents, start=1):
        PrefixDocument.objects.create(
            id=new_id(now),
            application=row,
            position=position,
            name=kept.name,
            media_type=kept.media_type,
            size=kept.size,
            sha256=kept.sha256,
        )
    return row


def approve(
    application_id: UUID,
    *,
    wished_code: str | None = None,
    quota: int | None = None,
    expected_version: int | None = None,
    actor: Actor,
    now: datetime,
) -> PrefixApplication:
    """Grant the prefix: with the code the operator gives, else the wished one, else the next number.

    Raises ApplicationDecided, OwnApplication, PrefixChanged, and what minting a prefix raises.
    """
    row = _waiting(application_id, expected_version)
    _refuse_own(row, actor)
    code = row.wished_code if wished_code is None else wished_code
    row.granted = services.mint(
        row.parent_id, row.organization_id, wished_code=code, quota=quota, actor=actor, now=now
    )
    return _decided(row, PrefixApplicationState.APPROVED, "", actor, now)


def refuse(
    application_id: UUID, *, reason: str, expected_version: int | None = None, actor: Actor, now: datetime
) -> PrefixApplication:
    """Refuse an application. Raises ApplicationDecided, OwnApplication, PrefixReasonMissing, PrefixChanged."""
    row = _waiting(application_id, expected_version)
    _refuse_own(row, actor)
    text = _reason(reason)
    if not text:
        raise PrefixReasonMissing()
    return _decided(row, PrefixApplicationState.REFUSED, text, actor, now)


def withdraw(application_id: UUID, *, reason: str = "", actor: Actor, now: datetime) -> PrefixApplication:
    """Take an application back before it is decided. Raises ApplicationDecided."""
    row = _waiting(application_id, None)
    return _decided(row, PrefixApplicationState.WITHDRAWN, _reason(reason), actor, now)


def _waiting(application_id: UUID, expected_version: int | None) -> PrefixApplication:
    rows = PrefixApplication.objects.select_for_update(of=("self",)).select_related("organization", "parent")
    row = rows.filter(pk=application_id).first()
    if row is None:
        raise ApplicationUnknown(wanted=str(application_id))
    if expected_version not in (None, row.version):
        raise PrefixChanged(what=row.parent.text, read=expected_version, stored=row.version)
    if row.state != PrefixApplicationState.SUBMITTED:
        raise ApplicationDecided(state=label(PrefixApplicationState(row.state)))
    return row


def _refuse_own(row: PrefixApplication, actor: Actor) -> None:
    same_person = actor.person_id is not None and actor.person_id == row.applicant_id
    if same_person or actor.organization_id == row.organization_id:
        raise OwnApplication(prefix=row.parent.text)


def _decided(
    row: PrefixApplication, state: PrefixApplicationState, reason: str, actor: Actor, now: datetime
) -> PrefixApplication:
    row.state, row.reason, row.decided_at = state, reason, now
    row.decided_by_id, row.decided_by_name = actor.person_id, _name(actor)
    row.version += 1
    row.save()
    return row


def _reason(reason: str) -> str:
    text = " ".join(reason.split())
    why = elements.refusal(PrefixApplication, "reason", text)
    if why:
        name = elements.element_name("prefix_application", "reason")
        raise PrefixMember(member=name, given=storable(text, 80), reason=why)
    return text


def _name(actor: Actor) -> str:
    return (actor.name.zh or actor.name.en)[:100]
