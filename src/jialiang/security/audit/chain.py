"""The hash over one audit record: what it covers, in one place for writing and for verifying."""

from __future__ import annotations

from jialiang.formats.canonical import canonical_json, sha256_hex
from jialiang.kernel.plain import json_ready
from jialiang.security.audit.models import AuditRecord

GENESIS = "0" * 64
COVERED = (
    "id",
    "tenant_id",
    "seq",
    "at",
    "actor_id",
    "actor_name_zh",
    "actor_name_en",
    "door",
    "action",
    "subject_type",
    "subject_id",
    "detail",
    "previous_hash",
)


def record_hash(record: AuditRecord) -> str:
    """Return SHA-256 (hexadecimal) of the canonical JSON of every column but the hash itself."""
    return sha256_hex(canonical_json(json_ready({name: getattr(record, name) for name in COVERED})))
