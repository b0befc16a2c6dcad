"""Records as values: what the selectors of this folder give and its services take."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from jialiang.formats.handle.values import HandleRecord
from jialiang.vocabulary.statuses import IdentifierState


@dataclass(frozen=True, slots=True)
class RecordCode:
    """The code of a record in another system; one of a record's codes is ``primary``."""

    system: str
    code: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as it stands, or stood at a moment: name and values, and what the house knows of it."""

    id: UUID
    tenant_id: UUID
    record: HandleRecord
    state: IdentifierState
    version: int
    template: str
    codes: tuple[RecordCode, ...]
    organization_id: UUID | None
    subject_kind: str
    subject_id: UUID | None
    created_at: datetime
    changed_at: datetime

    @property
    def name(self) -> str:
        """The name as written."""
        return self.record.handle


@dataclass(frozen=True, slots=True)
class PastVersion:
    """One entry of a record's history: the version, who made it, when, by which verb and why."""

    record: StoredRecord
    action: str
    reason: str
    actor_id: UUID | None
    actor_name: str
    batch_id: UUID | None


def written_codes(codes: Iterable[RecordCode]) -> str:
    """Return codes as the text of a column, in the order given."""
    rows = [[code.system, code.code, *((1,) if code.primary else ())] for code in codes]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def read_codes(text: str) -> tuple[RecordCode, ...]:
    """Return the codes that :func:`written_codes` wrote."""
    return tuple(RecordCode(row[0], row[1], len(row) > 2) for row in json.loads(text))
