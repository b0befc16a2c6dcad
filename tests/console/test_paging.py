"""Pages of a list by key."""

from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from jialiang.console.paging import Page, page_of, skipped_rows

ROWS = [SimpleNamespace(id=f"k{n}") for n in range(1, 8)]


def visit(query: str = ""):
    return RequestFactory().get(f"/list{query}")


def test_following_next_shows_every_row_once() -> None:
    seen, query = [], ""
    for _ in range(5):
        page = page_of(ROWS, visit(query), size=3)
        seen += [row.id for row in page.rows]
        query = page.address(visit(query), "next")
        if not query:
            break
    assert seen == [row.id for row in ROWS]


def test_the_foot_numbers_rows_from_one() -> None:
    page = page_of(ROWS, visit("?after=k3"), size=3)
    assert (page.first_number, page.last_number, page.total) == (4, 6, 7)


def test_filters_stay_in_the_address() -> None:
    page = page_of(ROWS, visit("?state=fit"), size=3)
    assert page.address(visit("?state=fit"), "next") == "?state=fit&after=k3&from=3"
    later = page_of(ROWS, visit("?state=fit&after=k3&from=3"), size=3)
    assert later.address(visit("?state=fit&after=k3&from=3"), "first") == "?state=fit"


def test_a_key_that_is_gone_starts_from_the_beginning() -> None:
    assert page_of(ROWS, visit("?after=gone"), size=3).first_number == 1


def test_an_empty_list_has_no_rows_and_no_way_on() -> None:
    page = page_of([], visit())
    assert (page.first_number, page.last_number, page.address(visit(), "next")) == (0, 0, "")


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("?after=a&from=50", 50),
        ("?from=50", 0),
        ("?after=a&from=-1", 0),
        ("?after=a&from=x", 0),
        ("?after=a&from=" + "9" * 30, 0),
    ],
)
def test_the_number_in_the_address_is_believed_only_where_it_can_be(query: str, number: int) -> None:
    assert skipped_rows(visit(query)) == number


def test_a_page_in_the_middle_leads_both_ways() -> None:
    page = Page(ROWS[3:6], 7, 3, "k6")
    assert page.address(visit(), "first") == "?"
    assert page.address(visit(), "next") == "?after=k6&from=6"
