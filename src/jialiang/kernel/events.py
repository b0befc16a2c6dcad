"""Facts that happened, named in the past tense and published once, when the change is committed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Event:
    """One fact: ``name`` (``certificate.issued``), the thing it is about, and what subscribers need to know."""

    name: str
    subject_id: UUID
    happened_at: datetime
    data: dict[str, Any] = field(default_factory=dict)
