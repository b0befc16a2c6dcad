"""Pages of bounded lists: every row once, in order, whatever the size; the Link header leads on and keeps filters."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from jialiang.integration.api.paging import PageQuery, listed, page_of
from jialiang.security.tenancy.paging import BadCursor, Page


@settings(max_examples=40)
@given(st.lists(st.text("abcé 中/&", min_size=1, max_size=4), unique=True, max_size=25), st.integers(1, 9))
def test_following_the_marks_visits_every_row_once_in_order(rows: list[str], size: int) -> None:
    seen: list[str] = []
    after, pages = "", 0
    while True:
        found = page_of(rows, str, PageQuery(after=after, limit=size))
        seen += found.rows
        pages += 1
        after = found.next_after
        if not after:
            break
        assert len(found) == size
    assert seen == rows
    assert pages == max(1, -(-len(rows) // size))


def test_a_mark_that_no_page_gave_is_refused_and_cut_short() -> None:
    with pytest.raises(BadCursor) as refused:
        page_of(["a"], str, PageQuery(after="x" * 64))
    assert refused.value.facts["given"] == "x" * 60


def test_the_page_after_the_last_row_is_empty_and_leads_nowhere() -> None:
    assert page_of(["a", "b"], str, PageQuery(after="b")) == Page((), "")


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"limit": 201}, {"after": "x" * 65}, {"page": 2}])
def test_a_page_has_bounds_and_no_members_that_are_not_known(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PageQuery(**wrong)


@settings(max_examples=20)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12),
    st.text("a&=?#中 +", max_size=8),
)
def test_the_link_leads_to_the_next_page_with_the_same_filters(mark: str, text: str) -> None:
    request = RequestFactory().get("/api/v1/things", {"after": "old", "limit": "2", "text": text})
    response = HttpResponse()
    body = listed(request, response, Page(("a", "b"), mark), str.upper)
    assert body == {"members": ["A", "B"], "next_after": mark}
    address, _, kind = response["Link"].rpartition("; ")
    assert kind == 'rel="next"'
    parts = urlsplit(address.removeprefix("<").removesuffix(">"))
    assert parts.path == "/api/v1/things"
    asked = parse_qs(parts.query, keep_blank_values=True)
    assert asked == {"after": [mark], "limit": ["2"], "text": [text]}


def test_the_last_page_has_no_link() -> None:
    response = HttpResponse()
    listed(RequestFactory().get("/api/v1/things", {"after": "x"}), response, Page(("a",)), str)
    assert not response.has_header("Link")
