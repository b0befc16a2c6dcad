"""How many names were registered under a prefix: kept beside the records, for counting ten million takes seconds."""

from __future__ import annotations

from datetime import datetime

from jialiang.base.identifiers.models import Identifier, IdentifierCount
from jialiang.formats.handle.names import folded, name_digest
from jialiang.kernel.ids import new_id


def registered_under(prefix: str, now: datetime) -> int:
    """Return how many names this institute ever registered under a prefix; the number is locked until commit."""
    return _count(prefix, now).registered


def count_up(prefix: str, adding: int, now: datetime) -> None:
    """Add names that have just been stored to the number that this institute registered under a prefix."""
    row = _count(prefix, now, just_stored=adding)
    row.registered += adding
    row.save(update_fields=["registered"])


def _count(prefix: str, now: datetime, *, just_stored: int = 0) -> IdentifierCount:
    digest = name_digest(prefix)
    rows = IdentifierCount.objects.select_for_update().filter(prefix_digest=digest)
    row = rows.first()
    if row is None:
        there = Identifier.objects.filter(prefix=folded(prefix)).count() - just_stored
        IdentifierCount.objects.get_or_create(
            prefix_digest=digest, defaults={"id": new_id(now), "registered": there}
        )
        row = rows.get()
    return row
