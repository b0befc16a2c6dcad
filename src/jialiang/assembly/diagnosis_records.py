"""Looking at the records: jobs, certificates in work, numbers, answers, stored files, contents, the audit trail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings

from jialiang.assembly.findings import Finding, error, warning
from jialiang.assembly.stored_tables import file_digests, tables_now
from jialiang.base.certificates.publishing import missing_answers
from jialiang.base.certificates.selectors import certificates
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.public_keys import FORMS, unknown_key
from jialiang.governance.counters.selectors import gaps
from jialiang.governance.jobs.selectors import dead_jobs
from jialiang.governance.outbox.selectors import parked
from jialiang.governance.publication.selectors import answer
from jialiang.governance.storage import current_store
from jialiang.governance.storage.errors import ObjectDamaged
from jialiang.governance.storage.folder import FolderStore
from jialiang.security.audit.selectors import verify_chain
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.selectors import tenants
from jialiang.vocabulary.statuses import CertificateState

PATIENCE = timedelta(minutes=10)
MOST = 20


def jobs(now: datetime) -> Iterator[Finding]:
    """Look for jobs that were given up, events that are parked, and a worker that is not there."""
    with everywhere("look at the work of all institutes"):
        for job in dead_jobs()[:MOST]:
            last = job.last_error[:200]
            yield error("jobs.dead", kind=job.kind, job=job.pk, attempts=job.attempts, reason=last)
        for event in parked()[:MOST]:
            yield error("events.parked", name=event.name, event=event.pk, reason=event.last_error[:200])
    waiting = tables_now().rows("governance_jobs.job").filter(state="ready", not_before__lt=now - PATIENCE)
    oldest = waiting.order_by("not_before").first()
    if oldest is not None:
        yield error("jobs.waiting", count=waiting.count(), since=_text(oldest.not_before))


def issuing(now: datetime) -> Iterator[Finding]:
    """Look for certificates that have a number and are not finished."""
    with everywhere("look at the certificates of all institutes"):
        late = certificates(state=CertificateState.ISSUING).filter(numbered_at__lt=now - PATIENCE)
        for certificate in late[:MOST]:
            since = _text(certificate.numbered_at)
            yield error("certificates.issuing", number=certificate.number, since=since)


def numbers(now: datetime) -> Iterator[Finding]:
    """Look for serials that no number accounts for."""
    for tenant in tenants():
        with scope(tenant.pk):
            for gap in gaps()[:MOST]:
                yield error(
                    "numbers.gap", tenant=tenant.name, kind=gap.kind, year=gap.year, serial=gap.serial
                )


def published_answers(now: datetime) -> Iterator[Finding]:
    """Look whether the public is answered: about every certificate that is out, and about the unknown."""
    if any(answer(unknown_key(form)) is None for form in FORMS):
        yield error("answers.unknown_missing")
    with everywhere("look at the certificates of all institutes"):
        out = certificates().exclude(published_at=None).exclude(state=CertificateState.VOID)
        for certificate in out.iterator(chunk_size=500):
            if missing_answers(certificate):
                yield error("answers.missing", number=certificate.number)


def stored_files(now: datetime) -> Iterator[Finding]:
    """Look whether every file that a record names is stored, and whether anything lies there that none names."""
    tables, store = tables_now(), current_store()
    named = {digest: label for label in tables.models for digest in file_digests(tables, label)}
    for digest in sorted(named):
        if not store.exists(digest):
            yield error("files.missing", digest=digest, table=named[digest])
    unnamed = [digest for digest in store.all_digests() if digest not in named]
    if unnamed:
        yield warning("files.unnamed", count=len(unnamed), first=unnamed[0])
    if isinstance(store, FolderStore):
        loose = [path for path in store.loose_files() if _age(path.stat().st_mtime, now) > PATIENCE]
        if loose:
            yield warning("files.loose", count=len(loose), first=loose[0])


def digests(now: datetime) -> Iterator[Finding]:
    """Recompute the digest of every stored file: nothing that was issued has changed by a byte."""
    store = current_store()
    for digest in store.all_digests():
        try:
            store.get(digest)
        except ObjectDamaged:
            yield error("files.damaged", digest=digest, folder=settings.JIALIANG.object_dir)


def frozen_contents(now: datetime) -> Iterator[Finding]:
    """Recompute the digest of every frozen content, and see that its number is the certificate's."""
    with everywhere("prove the contents of all certificates"):
        for certificate in certificates().iterator(chunk_size=500):
            content: str = certificate.content
            same = sha256_hex(content.encode()) == certificate.content_digest
            if not same or json.loads(content).get("number") != certificate.number:
                yield error("certificates.changed", number=certificate.number)


def audit_trail(now: datetime) -> Iterator[Finding]:
    """Recompute the audit chain of every institute."""
    for tenant in tenants():
        problems = verify_chain(tenant.pk)
        for problem in problems[:MOST]:
            yield error("audit.broken", tenant=tenant.name, seq=problem.seq, fault=problem.fault)


def _age(written: float, now: datetime) -> timedelta:
    return timedelta(seconds=now.timestamp() - written)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
