"""Verbs on prefixes and on applications for them. Every change is published in the transaction of its verb."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from jialiang.base.identifier_templates.services import follow_prefix
from jialiang.base.identifiers.counting import registered_under
from jialiang.base.organizations.selectors import own_organization
from jialiang.base.prefixes import applying, services
from jialiang.base.prefixes.errors import DocumentUnknown
from jialiang.base.prefixes.facts import (
    ApplicationFacts,
    KeptDocument,
    PrefixFacts,
    UploadedDocument,
    checked_documents,
    media_type,
)
from jialiang.base.prefixes.publishing import publish_prefix
from jialiang.base.prefixes.selectors import (
    Prefix,
    PrefixApplication,
    application,
    documents_of,
    is_prefix_given,
    prefix,
    prefix_by_text,
)
from jialiang.functions.deed import permit, put_on_record
from jialiang.functions.identifier_owners import hand_over
from jialiang.governance.storage.current import current_store
from jialiang.security.actor import Actor
from jialiang.security.policy import OwnedBy


def apply(
    *, actor: Actor, facts: ApplicationFacts, documents: Sequence[UploadedDocument], now: datetime
) -> PrefixApplication:
    """Apply for a prefix for an organization, with documents. Event ``prefix.applied``; nothing exists before approval.

    A customer applies for the own organization. Raises ApplicationIncomplete, BadDocument, BadPrefix, PrefixTaken,
    PrefixUnknown, PrefixStateForbids, PrefixMember.
    """
    permit(actor, "prefix.apply", OwnedBy(facts.organization_id))
    checked_documents(documents)
    kept = [_kept(document) for document in documents]  # files that no row names harm nobody
    with transaction.atomic():
        row = applying.submit(facts, kept, actor=actor, now=now)
        told = {
            "organization_id": row.organization_id,
            "parent": row.parent.text,
            "wished_code": row.wished_code,
        }
        files = [{"name": document.name, "sha256": document.sha256} for document in kept]
        put_on_record(
            actor, "prefix.apply", row, now, event="prefix.applied", data=told, **told, documents=files
        )
    return row


@transaction.atomic
def withdraw_application(
    *, actor: Actor, application_id: UUID, reason: str = "", now: datetime
) -> PrefixApplication:
    """Take back an application that is not decided yet. Event ``prefix.application_withdrawn``."""
    permit(actor, "prefix.withdraw_application", application(application_id))
    row = applying.withdraw(application_id, reason=reason, actor=actor, now=now)
    put_on_record(
        actor,
        "prefix.withdraw_application",
        row,
        now,
        event="prefix.application_withdrawn",
        data={"organization_id": row.organization_id},
        reason=row.reason,
    )
    return row


@transaction.atomic
def approve(
    *,
    actor: Actor,
    application_id: UUID,
    code: str | None = None,
    quota: int | None = None,
    expected_version: int | None = None,
    now: datetime,
) -> PrefixApplication:
    """Approve an application: the prefix is there from now on, in ``granted``. Event ``prefix.approved``.

    ``code`` takes the place of the wished one; empty, the next number is given. Raises OwnApplication,
    ApplicationDecided, PrefixTaken, BadPrefix, BadQuota, PrefixStateForbids.
    """
    permit(actor, "prefix.approve", application(application_id))
    row = applying.approve(
        application_id,
        wished_code=code,
        quota=quota,
        expected_version=expected_version,
        actor=actor,
        now=now,
    )
    if row.granted is None:
        raise TypeError("an approved application has its prefix")
    publish_prefix(row.granted, now)
    told = {"prefix": row.granted.text, "organization_id": row.organization_id}
    put_on_record(
        actor, "prefix.approve", row, now, event="prefix.approved", data=told, **told, quota=row.granted.quota
    )
    return row


@transaction.atomic
def refuse(
    *,
    actor: Actor,
    application_id: UUID,
    reason: str,
    expected_version: int | None = None,
    now: datetime,
) -> PrefixApplication:
    """Refuse an application, with a reason. Event ``prefix.refused``. Raises OwnApplication, ApplicationDecided."""
    permit(actor, "prefix.refuse", application(application_id))
    row = applying.refuse(
        application_id, reason=reason, expected_version=expected_version, actor=actor, now=now
    )
    told = {"organization_id": row.organization_id, "reason": row.reason}
    put_on_record(actor, "prefix.refuse", row, now, event="prefix.refused", data=told, **told)
    return row


@transaction.atomic
def add(*, actor: Actor, facts: PrefixFacts, now: datetime) -> Prefix:
    """Add a prefix without an application: a node of the tree that this server keeps. Event ``prefix.added``."""
    permit(actor, "prefix.add")
    return _added(actor, services.add(facts, actor=actor, now=now), now)


@transaction.atomic
def found(*, actor: Actor, now: datetime) -> Prefix | None:
    """Give the institute in scope its row of the installation's own prefix, which all institutes share.

    Returns None where it is there already. Event ``prefix.added``.
    """
    permit(actor, "prefix.add")
    text = settings.JIALIANG.identifier_prefix
    if prefix_by_text(text) is not None or is_prefix_given(text, but_shared=True):
        return None
    facts = PrefixFacts(text=text, holder_id=own_organization().id)
    return _added(actor, services.add(facts, shared=True, actor=actor, now=now), now)


@transaction.atomic
def delegate(*, actor: Actor, prefix_id: UUID, site: object, reason: str = "", now: datetime) -> Prefix:
    """Let another server answer for a prefix, described as HS_SITE in JSON. Event ``prefix.delegated``."""
    return _done(
        actor,
        "prefix.delegate",
        prefix_id,
        now,
        lambda: services.delegate(prefix_id, site=site, reason=reason, actor=actor, now=now),
        event="prefix.delegated",
    )


@transaction.atomic
def suspend(*, actor: Actor, prefix_id: UUID, reason: str, now: datetime) -> Prefix:
    """Stop resolving and registering under a prefix, with a reason. Event ``prefix.suspended``."""
    return _done(
        actor,
        "prefix.suspend",
        prefix_id,
        now,
        lambda: services.suspend(prefix_id, reason=reason, actor=actor, now=now),
        event="prefix.suspended",
    )


@transaction.atomic
def resume(*, actor: Actor, prefix_id: UUID, reason: str = "", now: datetime) -> Prefix:
    """End a suspension, or take a delegated prefix back. Event ``prefix.resumed``."""
    return _done(
        actor,
        "prefix.resume",
        prefix_id,
        now,
        lambda: services.resume(prefix_id, reason=reason, actor=actor, now=now),
        event="prefix.resumed",
    )


@transaction.atomic
def transfer(*, actor: Actor, prefix_id: UUID, holder_id: UUID, reason: str, now: datetime) -> Prefix:
    """Give a prefix with its templates and records to another organization, with a reason.

    Each record that the old holder owns gets a version that says so; all together are a batch with its own audit
    record. Events ``prefix.transferred`` and, where there are records, ``identifier.batch_completed``.
    """
    old = prefix(prefix_id).holder_id

    def moved() -> Prefix:
        row = services.transfer(prefix_id, holder_id=holder_id, reason=reason, actor=actor, now=now)
        if row.holder_id != old:
            follow_prefix(row.text, row.holder_id)
            hand_over(actor, row.text, old=old, new=row.holder_id, reason=reason, now=now)
        return row

    return _done(
        actor,
        "prefix.transfer",
        prefix_id,
        now,
        moved,
        event="prefix.transferred",
    )


@transaction.atomic
def set_quota(
    *,
    actor: Actor,
    prefix_id: UUID,
    quota: int | None,
    used: int = 0,
    expected_version: int | None = None,
    now: datetime,
) -> Prefix:
    """Change how many identifiers a prefix may have, None for no limit; never fewer than are registered or ``used``.

    Event ``prefix.quota_changed``. Raises BadQuota, PrefixChanged, PrefixStateForbids.
    """

    def changed() -> Prefix:
        least = used if quota is None else max(used, registered_under(prefix(prefix_id).text, now))
        return services.set_quota(
            prefix_id, quota=quota, used=least, expected_version=expected_version, actor=actor, now=now
        )

    return _done(actor, "prefix.set_quota", prefix_id, now, changed, event="prefix.quota_changed")


@transaction.atomic
def withdraw(*, actor: Actor, prefix_id: UUID, reason: str, now: datetime) -> Prefix:
    """Take a prefix back for good, with a reason. Event ``prefix.withdrawn``. Raises PrefixHasChildren."""
    return _done(
        actor,
        "prefix.withdraw",
        prefix_id,
        now,
        lambda: services.withdraw(prefix_id, reason=reason, actor=actor, now=now),
        event="prefix.withdrawn",
    )


def document(*, actor: Actor, application_id: UUID, position: int) -> tuple[str, str, bytes]:
    """Return name, media type and bytes of a document of an application. Raises DocumentUnknown."""
    permit(actor, "prefix.read", application(application_id))
    found = next((row for row in documents_of(application_id) if row.position == position), None)
    if found is None:
        raise DocumentUnknown(position=position)
    return found.name, found.media_type, current_store().get(found.sha256)


def _added(actor: Actor, row: Prefix, now: datetime) -> Prefix:
    publish_prefix(row, now)
    told: dict[str, Any] = {"prefix": row.text, "organization_id": row.holder_id}
    put_on_record(
        actor,
        "prefix.add",
        row,
        now,
        event="prefix.added",
        data=told,
        **told,
        quota=row.quota,
        shared=row.shared,
    )
    return row


def _done(
    actor: Actor, action: str, prefix_id: UUID, now: datetime, change: Callable[[], Prefix], *, event: str
) -> Prefix:
    before = prefix(prefix_id)
    permit(actor, action, before)
    row = change()
    if row.version == before.version:  # nothing to change leaves no trace
        return row
    publish_prefix(row, now)
    told: dict[str, Any] = {"prefix": row.text, "state": row.state, "organization_id": row.holder_id}
    last = row.changes.order_by("-id").values("old", "new", "reason")[0]
    put_on_record(actor, action, row, now, event=event, data=told, prefix=row.text, **last)
    return row


def _kept(document: UploadedDocument) -> KeptDocument:
    sha256 = current_store().put(document.data)
    return KeptDocument(document.name.strip(), media_type(document.data), len(document.data), sha256)
