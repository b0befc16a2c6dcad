"""Pages of a list by key: the address says after which row it goes on, so nothing is skipped when rows are added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list: ``skipped`` of ``total`` stand before; ``after`` is the last key if more follow."""

    rows: Sequence[Any]
    total: int
    skipped: int = 0
    after: str = ""

    @property
    def first_number(self) -> int:
        """Number of the first row, from 1; 0 in an empty list."""
        return self.skipped + 1 if self.rows else 0

    @property
    def last_number(self) -> int:
        """Number of the last row shown."""
        return self.skipped + len(self.rows)

    def address(self, request: HttpRequest, which: Literal["first", "next"]) -> str:
        """Return the query string of the first or the next page, empty if there is none; filters are kept."""
        if (which == "first" and not self.skipped) or (which == "next" and not self.after):
            return ""
        parameters = request.GET.copy()
        parameters.pop("after", None)
        parameters.pop("from", None)
        if which == "next":
            parameters["after"] = self.after
            parameters["from"] = str(self.last_number)
        return "?" + parameters.urlencode()


def skipped_rows(request: HttpRequest) -> int:
    """Return how many rows the address says were shown before; it only numbers rows, it selects none."""
    number = request.GET.get("from", "")
    return (
        int(number)
        if number.isdecimal() and len(number) <= len("999999999") and request.GET.get("after")
        else 0
    )


def page_of(rows: Sequence[Any], request: HttpRequest, *, key: str = "id", size: int = PAGE_SIZE) -> Page:
    """Cut a page out of rows that are in order already; ``key`` names the member that the address carries.

    For lists that are small by nature (a laboratory's standards, its people): the selector gives them whole.
    """
    after = request.GET.get("after", "")
    start = next((i + 1 for i, row in enumerate(rows) if str(getattr(row, key)) == after), 0) if after else 0
    shown = rows[start : start + size]
    more = start + size < len(rows)
    return Page(shown, len(rows), start, str(getattr(shown[-1], key)) if more else "")
