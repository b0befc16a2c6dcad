"""Reading and proving the audit trail of the institute in scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from jialiang.security.audit.chain import GENESIS, record_hash
from jialiang.security.audit.models import AuditHead, AuditRecord
from jialiang.security.tenancy.scope import scope

Fault = Literal["missing", "altered", "unlinked", "cut"]


@dataclass(frozen=True, slots=True)
class ChainProblem:
    """What is wrong at one place of the chain.

    ``missing``: a number is skipped; ``altered``: the record does not match its hash; ``unlinked``: it does not
    continue the one before; ``cut``: the chain ends elsewhere than its head says.
    """

    seq: int
    fault: Fault


def history(subject_type: str, subject_id: UUID | str) -> list[AuditRecord]:
    """Return all acts on one thing, oldest first (one query, index ``audit_subject``)."""
    rows = AuditRecord.objects.filter(subject_type=subject_type, subject_id=str(subject_id))
    return list(rows.order_by("seq"))


def page(
    *, before: int | None = None, limit: int = 50, action: str = "", actor_id: UUID | None = None
) -> list[AuditRecord]:
    """Return the newest acts before the sequence number ``before``, newest first (one query, keyset paging)."""
    rows = AuditRecord.objects.all()
    if before is not None:
        rows = rows.filter(seq__lt=before)
    if action:
        rows = rows.filter(action=action)
    if actor_id is not None:
        rows = rows.filter(actor_id=actor_id)
    return list(rows.order_by("-seq")[:limit])


def verify_chain(tenant_id: UUID) -> list[ChainProblem]:
    """Recompute an institute's whole chain and return every fault; an intact one gives an empty list."""
    problems: list[ChainProblem] = []
    expected, previous = 1, GENESIS
    with scope(tenant_id):
        for row in AuditRecord.objects.order_by("seq").iterator(chunk_size=2000):
            if row.seq != expected:
                problems.append(ChainProblem(expected, "missing"))
            elif row.previous_hash != previous:
                problems.append(ChainProblem(row.seq, "unlinked"))
            if record_hash(row) != row.hash:
                problems.append(ChainProblem(row.seq, "altered"))
            expected, previous = row.seq + 1, row.hash
    head = AuditHead.objects.filter(pk=tenant_id).values_list("seq", "hash").first() or (0, GENESIS)
    if head != (expected - 1, previous):
        problems.append(ChainProblem(expected, "cut"))
    return problems
