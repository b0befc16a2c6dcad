"""Numbers for names, taken one by one under a lock."""

from __future__ import annotations

from datetime import datetime

from jialiang.base.identifiers.models import IdentifierSequence
from jialiang.formats.handle.names import name_digest
from jialiang.kernel.ids import new_id


def next_number(prefix: str, series: str, step: int, now: datetime) -> int:
    """Return the number that is ``step`` after the last of a series under a prefix; the row is locked until commit."""
    which = {"prefix_digest": name_digest(prefix), "series": series}
    rows = IdentifierSequence.objects.select_for_update().filter(**which)
    row = rows.first()
    if row is None:
        IdentifierSequence.objects.get_or_create(**which, defaults={"id": new_id(now)})
        row = rows.get()
    row.last += step
    row.save(update_fields=["last"])
    return row.last
