"""What ``jialiang check`` finds in the register of certificates: every stored file, answer and number.

Nothing that was published may change by a byte; here that is proved by digest, over all institutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Literal

from jialiang.base.certificates import selectors
from jialiang.base.certificates.publishing import missing_answers
from jialiang.base.measurement_standards.selectors import stored_digests as digests_of_standards
from jialiang.base.prefixes.selectors import kept_documents
from jialiang.base.readings.selectors import digest_problems
from jialiang.formats.canonical import sha256_hex
from jialiang.governance.counters.selectors import gaps
from jialiang.governance.node_reports.selectors import stored_files as files_of_sent_reports
from jialiang.governance.storage.current import current_store
from jialiang.governance.storage.port import ObjectStore
from jialiang.governance.subordinate_nodes.selectors import stored_files as files_of_received_reports
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.selectors import Tenant, tenants

STUCK_AFTER = timedelta(minutes=15)
Grave = Literal["damage", "warning"]


@dataclass(frozen=True, slots=True)
class RegisterFinding:
    """Something that is not as it should be: how grave, in which institute (empty: of the node), what, in words."""

    grave: Grave
    kind: str
    tenant: str
    subject: str
    text: Text


def verify_stored_files(now: datetime) -> list[RegisterFinding]:
    """Check files, contents, readings, answers and numbers of every institute; an intact register gives nothing."""
    store = current_store()
    findings: list[RegisterFinding] = []
    known: set[str] = set()
    for name, digest, size in chain(files_of_sent_reports(), files_of_received_reports()):
        known.add(digest)
        findings += _file_findings("", store, name, digest, size)
    for institute in tenants():
        with scope(institute.id):
            findings += _of_institute(institute, store, known, now)
    for digest in store.all_digests():
        if digest not in known:
            text = Text(
                "没有登记引用此文件，可能是中断留下的", "Nothing names this file: a broken run left it"
            )
            findings.append(RegisterFinding("warning", "loose_object", "", digest, text))
    return findings


def _of_institute(
    institute: Tenant, store: ObjectStore, known: set[str], now: datetime
) -> Iterator[RegisterFinding]:
    known.update(digests_of_standards())
    for document in kept_documents():
        known.add(document.sha256)
        yield from _file_findings(institute.slug, store, document.name, document.sha256, document.size)
    for certificate in selectors.certificates():
        if sha256_hex(certificate.content.encode()) != certificate.content_digest:
            text = Text("冻结的内容与摘要不符", "The frozen content does not have its digest")
            yield RegisterFinding("damage", "content_changed", institute.slug, certificate.number, text)
        for file in selectors.files_of(certificate.id):
            known.add(file.sha256)
            yield from _file_findings(
                institute.slug, store, f"{certificate.number} {file.kind}", file.sha256, file.size
            )
        if certificate.published_at is not None:
            for key in missing_answers(certificate):
                text = Text(f"缺少已发布的回答 {key}", f"The published answer {key} is missing")
                yield RegisterFinding("damage", "answer_missing", institute.slug, certificate.number, text)
    for stuck in selectors.stuck_certificates(now - STUCK_AFTER):
        text = Text("签发中超过 15 分钟，请查看作业", "Being issued for more than 15 minutes: see its job")
        yield RegisterFinding("warning", "issuing_long", institute.slug, stuck.number, text)
    for gap in gaps():
        which = f"{gap.kind} {gap.year}"
        text = Text(f"{which} 的第 {gap.serial} 号没有下落", f"Serial {gap.serial} of {which} is missing")
        yield RegisterFinding("damage", "number_missing", institute.slug, str(gap.serial), text)
    for reading_set, kept, computed in digest_problems():
        both = f"{kept[:16]} ≠ {computed[:16]}"
        text = Text(f"原始读数与摘要不符：{both}", f"Readings do not have their digest: {both}")
        yield RegisterFinding("damage", "readings_changed", institute.slug, str(reading_set), text)


def _file_findings(
    institute: str, store: ObjectStore, subject: str, sha256: str, size: int
) -> Iterator[RegisterFinding]:
    try:
        data = store.get(sha256)
    except JialiangError as problem:
        yield RegisterFinding("damage", "file_damaged", institute, subject, problem.what)
        return
    if len(data) != size:
        text = Text("文件大小与登记不符", "The file does not have its registered size")
        yield RegisterFinding("damage", "file_damaged", institute, subject, text)
