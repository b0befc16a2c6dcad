"""Collecting count logs, exactly once, and freezing days."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import F

from jialiang.formats.handle.count_log import Counted, read_log, summed
from jialiang.governance.resolution_counts.errors import DayNotOver
from jialiang.governance.resolution_counts.models import CollectedLog, FrozenDay, ResolutionCount
from jialiang.governance.resolution_counts.selectors import bounds, frozen


@transaction.atomic
def collect(process: str, part: bytes, *, offset: int, is_dead: bool, last_sign: datetime) -> bool:
    """Count what stands in ``part``, the bytes of a process's log from ``offset`` on; tell whether its log is finished.

    A part that was counted before changes nothing. ``is_dead`` says that the process is gone; without a closing line
    its log ends with a gap after ``last_sign``, the last moment at which it is known to have written.
    Raises BadCountLog: nothing of the part is counted then.
    """
    CollectedLog.objects.get_or_create(pk=process, defaults={"begun_at": last_sign})
    row = CollectedLog.objects.select_for_update().get(pk=process)
    if row.closed_at is not None or row.gap_after is not None:
        return True
    if offset > row.offset:
        raise ValueError(f"bytes {row.offset} to {offset} of {process} are missing")
    new = part[row.offset - offset :]
    log = read_log(new, line_before=row.lines)
    _add(summed(log.lines))
    if log.begun is not None:
        row.begun_at = _moment(log.begun)
    if log.lines:
        row.last_line_at = _moment(log.lines[-1].ended)
    row.offset += log.length
    row.lines += new[: log.length].count(b"\n")
    row.closed_at = None if log.closed is None else _moment(log.closed)
    if is_dead and log.closed is None:
        row.gap_after = last_sign
    row.save()
    return row.closed_at is not None or row.gap_after is not None


def count_here(counted: Counted, number: int, now: datetime) -> None:
    """Add what the control plane itself did, in the transaction of its verb: exact without a log."""
    _add({(int(now.timestamp()) // 3600, counted): number})


@transaction.atomic
def freeze(day: date, content: Mapping[str, Any], *, time_zone: str, now: datetime) -> FrozenDay:
    """Keep the statistics of a day for good; a day that is frozen stays as it is. Raises DayNotOver."""
    found = frozen(day)
    if found is not None:
        return found
    if now < bounds(day, time_zone)[1]:
        raise DayNotOver(day=day.isoformat())
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = sha256(text.encode()).hexdigest()
    return FrozenDay.objects.create(day=day, time_zone=time_zone, content=text, digest=digest, frozen_at=now)


def _add(counts: Mapping[tuple[int, Counted], int]) -> None:
    for (hour, counted), number in sorted(counts.items()):
        named = {"hour": _moment(hour * 3600), **counted._asdict()}
        ResolutionCount.objects.get_or_create(**named, defaults={"number": 0})
        ResolutionCount.objects.filter(**named).update(number=F("number") + number)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
