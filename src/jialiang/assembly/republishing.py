"""Writing published answers of certificates, prefixes and identifiers anew: after an import, or for a new form."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.db import transaction

from jialiang.base.certificates.publishing import publish_answers, publish_unknown
from jialiang.base.certificates.selectors import certificates
from jialiang.base.identifiers.records import StoredRecord
from jialiang.base.identifiers.selectors import every_record
from jialiang.base.prefixes.publishing import publish_prefix
from jialiang.base.prefixes.selectors import tree
from jialiang.functions.identifier_answers import Changed, publish_records
from jialiang.functions.trust_chain import republish_root
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.selectors import tenants
from jialiang.vocabulary.statuses import CertificateState

AT_ONCE = 1000


def republish(tenant_id: UUID, now: datetime) -> int:
    """Publish a tenant's prefixes, its identifiers and its certificates that are out; return how many certificates."""
    count = 0
    with scope(tenant_id):
        out = certificates().exclude(published_at=None).exclude(state=CertificateState.VOID)
        for certificate in out.iterator(chunk_size=500):
            publish_answers(certificate, now)
            count += 1
        for prefix in tree():
            publish_prefix(prefix, now)
        records = (record for record in every_record() if _is_out(record))
        while part := [Changed(record) for record in islice(records, AT_ONCE)]:
            publish_records(part, now)
    return count


def _is_out(record: StoredRecord) -> bool:
    """Tell whether a record is for everyone: that of a certificate has no values before it is issued."""
    return not record.subject_kind or bool(record.record.values)


def republish_everything(now: datetime) -> int:
    """Publish the answers of all tenants and the one to the unknown, one transaction each; return the certificates."""
    with transaction.atomic():
        publish_unknown(settings.JIALIANG.domain, now)
    count = 0
    for tenant in tenants():
        with transaction.atomic():
            count += republish(tenant.pk, now)
    with transaction.atomic():
        republish_root(now)
    return count
