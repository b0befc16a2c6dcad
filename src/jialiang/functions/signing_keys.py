"""Verbs on the institute's signing keys: a new seal, and the end of one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cryptography import x509
from django.db import transaction

from jialiang.base.organizations.selectors import own_organization
from jialiang.functions.deed import permit, put_on_record
from jialiang.functions.identifier_resigning import SIGN_JOB
from jialiang.functions.trust_chain import withdraw_certificate
from jialiang.governance.jobs.services import enqueue
from jialiang.security.actor import Actor
from jialiang.security.keys import services
from jialiang.security.keys.selectors import SigningKey
from jialiang.security.tenancy.scope import current_tenant_id
from jialiang.security.tenancy.selectors import tenant


@transaction.atomic
def issue_seal(*, actor: Actor, now: datetime) -> SigningKey:
    """Make a new key for the institute's seal, certified for two years under name and credit code of the ledger.

    Certificates that are approved from now on bear it; the worker signs identifiers anew with it. Raises
    OrganizationUnknown, AuthorityMissing, BadSubject.
    """
    permit(actor, "signing_key.issue")
    own = own_organization()
    row = services.issue_seal(tenant(current_tenant_id()), own.name, own.credit_code, now)
    enqueue(SIGN_JOB, actor.tenant_id, {"after": ""}, now)
    put_on_record(actor, "signing_key.issue", row, now, name=row.name, valid_until=row.valid_until)
    return row


@transaction.atomic
def revoke(*, actor: Actor, signing_key_id: UUID, reason: str, now: datetime) -> SigningKey:
    """Revoke a key for good and publish a new revocation list; signatures of identifiers by it hold no longer.

    The worker signs anew where another seal is in force; ``reason`` is one of ``keys.services.REASONS``."""
    permit(actor, "signing_key.revoke")
    row = services.revoke(signing_key_id, reason, now)
    withdraw_certificate(actor, x509.load_pem_x509_certificate(row.certificate_pem.encode()).public_key(), now)
    enqueue(SIGN_JOB, actor.tenant_id, {"after": ""}, now)
    put_on_record(actor, "signing_key.revoke", row, now, name=row.name, reason=reason)
    return row
