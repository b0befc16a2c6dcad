"""ETags and preconditions without a database: the tag follows content and version, a change names where it starts."""

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.integration.api.conditions import remember_version, tagged, version_read
from jialiang.integration.api.problems import TagUnknown, VersionNeeded, VersionPassed


def answer(content: bytes = b"{}", *, version: int = 1, method: str = "GET", **headers: str) -> HttpResponse:
    request = RequestFactory().generic(method, "/", headers=headers)
    if version:
        remember_version(request, version)
    response = HttpResponse(content, content_type="application/json")
    response["Link"] = '</next>; rel="next"'
    response["Cache-Control"] = "private"
    return tagged(request, response)


@settings(max_examples=30)
@given(st.binary(max_size=20), st.binary(max_size=20), st.integers(0, 99), st.integers(0, 99))
def test_tags_are_equal_exactly_where_version_and_content_are(
    a: bytes, b: bytes, one: int, other: int
) -> None:
    first, second = answer(a, version=one), answer(b, version=other)
    assert (first["ETag"] == second["ETag"]) is ((a, one) == (b, other))
    assert answer(b, version=other, **{"If-None-Match": first["ETag"]}).status_code == (
        304 if (a, one) == (b, other) else 200
    )


def test_a_tag_is_strong_and_tells_its_version_so_that_a_change_can_start_from_it() -> None:
    tag = answer(version=17)["ETag"]
    assert tag.startswith('"17.')
    assert tag.endswith('"')
    request = RequestFactory().patch("/", headers={"If-Match": tag})
    assert version_read(request, None, 17) == 17


@pytest.mark.parametrize("wanted", ["{}", "W/{}", '"x", {}', '"x",W/{} , "y"', "*"])
def test_a_reader_who_has_it_is_told_so_without_the_content(wanted: str) -> None:
    tag = answer()["ETag"]
    again = answer(**{"If-None-Match": wanted.format(tag)})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == tag
    assert again["Link"] == '</next>; rel="next"'
    assert again["Cache-Control"] == "private"
    assert not again.has_header("Content-Type")


@pytest.mark.parametrize("wanted", ["", '"x"', "x", "1"])
def test_a_reader_who_has_something_else_gets_it_whole(wanted: str) -> None:
    assert answer(**{"If-None-Match": wanted}).content == b"{}"


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_only_reading_is_tagged(method: str) -> None:
    assert not answer(method=method, **{"If-None-Match": "*"}).has_header("ETag")


def test_neither_refusals_nor_streams_are_tagged_and_a_tag_of_the_view_stays() -> None:
    request = RequestFactory().get("/", headers={"If-None-Match": "*"})
    assert tagged(request, HttpResponse(status=404)).status_code == 404
    assert not tagged(request, StreamingHttpResponse([b"x"])).has_header("ETag")
    own = HttpResponse(b"x", headers={"ETag": '"own"'})
    assert tagged(RequestFactory().get("/"), own)["ETag"] == '"own"'


@pytest.mark.parametrize(
    ("tag", "given", "needed", "read"),
    [
        ('"4.abc"', None, True, 4),
        ('W/"4.abc"', None, True, 4),
        ('"4.abc"', 3, True, 4),
        ("4", None, True, 4),
        ("", 3, True, 3),
        ("", None, False, None),
        ("*", None, False, None),
        ("*", 3, True, 3),
        ('"3.a", "4.abc"', None, True, 4),
        ('"x", W/"4.abc" ,"9.b"', None, False, 4),
        ('"a,b", "4.abc"', None, True, 4),
        (" , ", 3, True, 3),
    ],
)
def test_the_header_goes_before_the_body(tag: str, given: int | None, needed: bool, read: int | None) -> None:
    assert (
        version_read(RequestFactory().patch("/", headers={"If-Match": tag}), given, 4, needed=needed) == read
    )


@pytest.mark.parametrize("tag", ["", "*", ","])
def test_a_change_without_a_version_that_can_be_read_is_not_begun(tag: str) -> None:
    with pytest.raises(VersionNeeded) as refused:
        version_read(RequestFactory().patch("/", headers={"If-Match": tag}), None, 4)
    assert refused.value.http_status == 428


@pytest.mark.parametrize("needed", [True, False])
def test_a_version_that_has_passed_is_refused_with_both_numbers(needed: bool) -> None:
    with pytest.raises(VersionPassed) as refused:
        version_read(RequestFactory().patch("/", headers={"If-Match": '"3.a"'}), None, 4, needed=needed)
    assert refused.value.facts == {"read": 3, "stored": 4}
    assert refused.value.http_status == 412


@pytest.mark.parametrize("needed", [True, False])
@pytest.mark.parametrize("given", [None, 4])
@pytest.mark.parametrize(
    "tag", ['"x"', '"-4.a"', '"4444444444.a"', '".a"', '"4a.b"', '"x.abc"', 'x, "y"', "null", '"", ""']
)
def test_a_tag_that_was_never_given_here_stops_the_change_whether_or_not_one_is_needed(
    tag: str, given: int | None, needed: bool
) -> None:
    with pytest.raises(TagUnknown) as refused:
        version_read(RequestFactory().patch("/", headers={"If-Match": tag}), given, 4, needed=needed)
    assert refused.value.http_status == 412
    assert str(refused.value.facts["given"]) in refused.value.what.zh
    assert "ETag" in refused.value.way_out.zh and "ETag" in refused.value.way_out.en


def test_of_several_tags_none_of_which_holds_the_first_that_can_be_read_is_told() -> None:
    with pytest.raises(VersionPassed) as refused:
        version_read(RequestFactory().patch("/", headers={"If-Match": '"x", "3.a", "2.b"'}), 4, 4, needed=False)
    assert refused.value.facts == {"read": 3, "stored": 4}


def test_a_passed_version_in_the_body_is_left_to_the_verb() -> None:
    assert version_read(RequestFactory().patch("/"), 3, 4) == 3
