"""Rows a page at a time, newest first, by key and not by count.

A page is found by the id of the last row before it (ids are sortable by time), so that page one thousand costs what
page one costs, and rows that arrive meanwhile neither repeat nor hide another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from jialiang.kernel.errors import InvalidInput
from jialiang.security.tenancy.rows import TenantRow

Row = TypeVar("Row", bound=TenantRow)
Item = TypeVar("Item")
Other = TypeVar("Other")
DEFAULT_SIZE = 50
LARGEST_SIZE = 200


class BadCursor(InvalidInput):
    """The mark of the page's beginning is not one that a page gave."""

    code = "JL-PAGE-001"


class BadPageSize(InvalidInput):
    """A page has from 1 to LARGEST_SIZE rows."""

    code = "JL-PAGE-002"


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some rows and the mark after which the next page begins, empty on the last page."""

    rows: tuple[Item, ...]
    next_after: str = ""

    def __iter__(self) -> Iterator[Item]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def map(self, change: Callable[[Item], Other]) -> Page[Other]:
        """Return the page with every row changed into something else."""
        return Page(tuple(change(row) for row in self.rows), self.next_after)


def page(rows: QuerySet[Row, Any], *, after: str = "", size: int = DEFAULT_SIZE) -> Page[Row]:
    """Return the rows after the mark, newest first: one query on the primary key. Raises BadCursor, BadPageSize."""
    if not 1 <= size <= LARGEST_SIZE:
        raise BadPageSize(size=size, largest=LARGEST_SIZE)
    ordered = rows.order_by("-id")
    if after:
        ordered = ordered.filter(id__lt=cursor(after))
    found = list(ordered[: size + 1])
    return Page(tuple(found[:size]), found[size - 1].id.hex if len(found) > size else "")


def cursor(after: str) -> UUID:
    """Return the id that the mark of a page names. Raises BadCursor."""
    try:
        return UUID(hex=after)
    except ValueError:
        raise BadCursor(given=after[:60]) from None
