"""Lists a page at a time: ``after`` and ``limit`` in the address, ``Link: rel="next"`` in the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import BaseModel, ConfigDict, Field

from jialiang.security.tenancy.paging import DEFAULT_SIZE, LARGEST_SIZE, BadCursor, Page

Item = TypeVar("Item")
Row = TypeVar("Row")


class PageQuery(BaseModel):
    """Where a page begins and how long it is."""

    model_config = ConfigDict(extra="forbid")

    after: str = Field(
        "", max_length=64, description="Mark of the page before (`next_after`); empty: the first page."
    )
    limit: int = Field(DEFAULT_SIZE, ge=1, le=LARGEST_SIZE, description="Members of the page at the most.")


Paged = Annotated[PageQuery, Query()]


class Listed(BaseModel, Generic[Item]):
    """A page: its members, newest first, and the mark after which the next one begins (empty on the last)."""

    members: tuple[Item, ...]
    next_after: str


def listed(
    request: HttpRequest, response: HttpResponse, found: Page[Row], view: Callable[[Row], Any]
) -> dict[str, Any]:
    """Answer with a page and name the next one in the Link header."""
    if found.next_after:
        asked = {name: text for name, text in request.GET.items() if name != "after"}
        response["Link"] = f'<{request.path}?{urlencode(asked | {"after": found.next_after})}>; rel="next"'
    return {"members": [view(row) for row in found], "next_after": found.next_after}


def page_of(rows: Sequence[Row], key: Callable[[Row], str], wanted: PageQuery) -> Page[Row]:
    """Return a page of a list that is bounded by its nature, in its order; ``key`` marks a row. Raises BadCursor."""
    start = 0
    if wanted.after:
        marks = [key(row) for row in rows]
        if wanted.after not in marks:
            raise BadCursor(given=wanted.after[:60])
        start = marks.index(wanted.after) + 1
    shown = tuple(rows[start : start + wanted.limit])
    more = start + wanted.limit < len(rows)
    return Page(shown, key(shown[-1]) if more and shown else "")
