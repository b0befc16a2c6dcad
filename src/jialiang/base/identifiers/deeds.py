"""What was done to records in a time, on the whole installation: what a node reports upwards, without any value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from typing import Any

from django.db.models import F, Q, QuerySet

from jialiang.base.identifiers.models import Identifier, IdentifierVersion
from jialiang.formats.handle.names import folded
from jialiang.security.tenancy.scope import everywhere

AT_ONCE = 2000
COLUMNS = ("version", "state", "action", "changed_at", "template")


@dataclass(frozen=True, slots=True)
class RecordDeed:
    """A version of a record: the verb that made it, when, and the state since; ``prefix`` is in lower case."""

    at: datetime
    name: str
    version: int
    action: str
    state: str
    prefix: str
    template: str


def deeds_between(since: datetime, until: datetime, node: str) -> Iterator[RecordDeed]:
    """Yield what was done to records under ``node`` and the prefixes below it, in order of time, then of versions.

    From ``since`` up to, not with, ``until``. Two queries over the whole tables, read in parts and merged.
    """
    below = _under(folded(node))
    with everywhere("the node tells of all its institutes together"):
        now = Identifier.objects.filter(below(""), changed_at__gte=since, changed_at__lt=until)
        past = IdentifierVersion.objects.filter(below("identifier__"), changed_at__gte=since, changed_at__lt=until)
        streams = (
            _ordered(now, F("name"), F("prefix")),
            _ordered(past, F("identifier__name"), F("identifier__prefix")),
        )
    return merge(*(map(_deed, stream) for stream in streams), key=lambda deed: (deed.at, deed.version))


def _under(node: str) -> Any:
    def narrowed(to: str) -> Q:
        return Q(**{f"{to}prefix": node}) | Q(**{f"{to}prefix__startswith": f"{node}."})

    return narrowed


def _ordered(rows: QuerySet[Any], name: F, prefix: F) -> Iterator[dict[str, Any]]:
    told = rows.values(*COLUMNS, told_name=name, told_prefix=prefix)
    return iter(told.order_by("changed_at", "version", "told_name").iterator(chunk_size=AT_ONCE))


def _deed(row: dict[str, Any]) -> RecordDeed:
    return RecordDeed(
        row["changed_at"],
        row["told_name"],
        row["version"],
        row["action"],
        row["state"],
        row["told_prefix"],
        row["template"],
    )
