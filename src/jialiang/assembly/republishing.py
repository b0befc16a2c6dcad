"""Writing the published answers anew from the certificates: after an import, and when the pages have a new form."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from jialiang.base.certificates.publishing import publish_answers, publish_unknown
from jialiang.base.certificates.selectors import certificates
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.selectors import tenants
from jialiang.vocabulary.statuses import CertificateState


def republish(tenant_id: UUID, now: datetime) -> int:
    """Publish the answers of every certificate of a tenant that is out; return how many certificates."""
    count = 0
    with scope(tenant_id):
        out = certificates().exclude(published_at=None).exclude(state=CertificateState.VOID)
        for certificate in out.iterator(chunk_size=500):
            publish_answers(certificate, now)
            count += 1
    return count


def republish_everything(now: datetime) -> int:
    """Publish the answers of all tenants and the one to the unknown, one transaction each; return the certificates."""
    with transaction.atomic():
        publish_unknown(settings.JIALIANG.domain, now)
    count = 0
    for tenant in tenants():
        with transaction.atomic():
            count += republish(tenant.pk, now)
    return count
