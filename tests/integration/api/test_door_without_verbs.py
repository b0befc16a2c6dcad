"""The door with a fake behind it, without a database: refusals from below, HEAD, conditions, documents handed in."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseNotFound,
    StreamingHttpResponse,
)
from django.test import RequestFactory
from tests.formats.dcc_samples import certificate_with
from tests.formats.documents.packing import pdf_with, zipped

from jialiang.formats.documents.archives import STRANGERS
from jialiang.formats.documents.deeds import Made
from jialiang.formats.documents.errors import ArchiveTooLarge, NothingInside
from jialiang.formats.documents.notations import notation
from jialiang.integration.api.conditions import remember_version, version_read
from jialiang.integration.api.document_answers import file_answer
from jialiang.integration.api.handing_in import LONGEST_NAME, documents_of, pair_of, single_of
from jialiang.integration.api.middleware import Door, as_problem
from jialiang.integration.api.negotiation import DOCUMENTS, check_request
from jialiang.integration.api.problems import (
    TITLES,
    BodyTooLarge,
    DocumentsMiscounted,
    FormNotAccepted,
    VersionNeeded,
    VersionPassed,
    problem,
)
from jialiang.integration.api.repetition import is_kept
from jialiang.kernel.errors import Conflict, JialiangError, NotFound

ADDRESS = "/api/v1/nothing"
XML = certificate_with()


def asked(method: str = "GET", address: str = ADDRESS, **headers: str) -> HttpRequest:
    request = RequestFactory().generic(method, address, headers=headers)
    request.user = AnonymousUser()
    return request


def through(answer: HttpResponse, method: str = "GET", address: str = ADDRESS, **headers: str) -> HttpResponse:
    return Door(lambda _: answer)(asked(method, address, **headers))


def told(response: HttpResponse) -> dict[str, Any]:
    assert response["Content-Type"] == "application/problem+json"
    return json.loads(response.content)


def as_json(content: bytes = b'{"a": 1}', status: int = 200) -> HttpResponse:
    return HttpResponse(content, status=status, content_type="application/json")


# --- refusals from below the door ------------------------------------------------------------

BELOW = [
    (HttpResponseNotFound("<h1>no</h1>"), 404, "JL-API-004"),
    (HttpResponse("<h1>bad</h1>", status=400), 400, "JL-API-002"),
    (HttpResponse("", status=414), 400, "JL-API-002"),
    (HttpResponse("<h1>fault</h1>", status=500), 500, "JL-API-016"),
    (HttpResponse("", status=503), 500, "JL-API-016"),
]


@pytest.mark.parametrize(("below", "status", "code"), BELOW, ids=lambda each: str(getattr(each, "status_code", each)))
@pytest.mark.parametrize(
    ("language", "tag"), [("zh-CN,zh;q=0.9", "zh-Hans"), ("en-GB", "en"), ("en;q=0.1, zh", "zh-Hans")]
)
def test_no_page_of_html_leaves_the_door(
    below: HttpResponse, status: int, code: str, language: str, tag: str
) -> None:
    response = through(below, **{"Accept-Language": language})
    body = told(response)
    assert (response.status_code, body["status"], body["code"]) == (status, status, code)
    assert response["Content-Language"] == tag
    assert body["title"] == TITLES[status].in_language("zh" if tag == "zh-Hans" else "en")
    assert set(body["what"]) == {"zh", "en"} and "<h1>" not in response.content.decode()


@pytest.mark.parametrize(
    ("allowed", "with_head"),
    [(["GET"], "GET, HEAD"), (["POST"], "POST"), (["GET", "POST"], "GET, HEAD, POST"), (["GET", "HEAD"], "GET, HEAD"),
     (["POST", "GET", "PATCH"], "POST, GET, HEAD, PATCH"), ([], "")],
)  # fmt: skip
def test_methods_that_are_taken_are_told_with_head_where_get_is(allowed: list[str], with_head: str) -> None:
    response = through(HttpResponseNotAllowed(allowed), "OPTIONS")
    assert (response.status_code, response["Allow"]) == (405, with_head)
    body = told(response)
    assert body["code"] == "JL-API-005"
    assert body["facts"] == {"method": "OPTIONS", "allowed": with_head}


def test_what_a_view_said_in_json_stays_as_it_was() -> None:
    for content_type in ("application/json", "application/problem+json", "application/json; charset=utf-8"):
        said = HttpResponse(b'{"known": false}', status=404, content_type=content_type)
        assert as_problem(asked(), said) is said


@pytest.mark.parametrize("address", ["/", "/docs/errors", "/api/v2/x", "/api/v1"])
def test_what_is_not_under_the_root_passes_untouched(address: str) -> None:
    answer = HttpResponseNotFound("<h1>no</h1>")
    response = through(answer, address=address)
    assert response is answer
    assert not response.has_header("Vary") and not response.has_header("ETag")


def test_every_answer_says_what_it_depends_on_and_a_view_may_say_more() -> None:
    response = through(as_json())
    assert {each.strip() for each in response["Vary"].split(",")} == {
        "Accept", "Accept-Language", "Authorization", "Cookie",
    }  # fmt: skip
    assert response["Cache-Control"] == "private, no-cache"
    own = as_json()
    own["Cache-Control"], own["Vary"] = "public, max-age=60", "Origin, accept"
    response = through(own)
    assert response["Cache-Control"] == "public, max-age=60"
    assert response["Vary"].lower().count("accept") == 2 and "Origin" in response["Vary"]


class Strange(JialiangError):
    code = "JL-NONE-001"
    http_status = 418


@pytest.mark.parametrize(("error", "title"), [(Strange(), 500), (Conflict(), 409), (NotFound(), 404)])
def test_an_error_of_any_status_has_a_title(error: JialiangError, title: int) -> None:
    response = problem(asked(), error)
    assert response.status_code == error.http_status
    assert told(response)["title"] == TITLES[title].en or told(response)["title"] == TITLES[title].zh


def test_an_error_before_the_view_is_a_problem_with_all_its_headers() -> None:
    response = through(as_json(), Authorization="Basic eDp5")
    assert response.status_code == told(response)["status"] == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="jialiang"'
    assert "Authorization" in response["Vary"]
    assert not response.has_header("ETag")


# --- HEAD and conditions ------------------------------------------------------------


def test_head_is_asked_as_get_and_becomes_head_again() -> None:
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.method or "")
        return as_json()

    request = asked("HEAD")
    response = Door(view)(request)
    assert (seen, request.method, response.status_code) == (["GET"], "HEAD", 200)
    assert response["ETag"] == through(as_json())["ETag"]


def test_a_view_that_breaks_on_head_leaves_the_method_as_it_was() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise NotFound()

    request = asked("HEAD")
    assert Door(view)(request).status_code == 404
    assert request.method == "HEAD"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_the_reader_has_is_not_sent_again(method: str) -> None:
    tag = through(as_json())["ETag"]
    again = through(as_json(), method, **{"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert "Accept-Language" in again["Vary"]
    other = through(as_json(b'{"a": 2}'), method, **{"If-None-Match": tag})
    assert other.status_code == 200 and other["ETag"] != tag


@pytest.mark.parametrize("status", [201, 202, 204, 404, 409])
def test_only_a_whole_answer_is_compared(status: int) -> None:
    response = through(as_json(status=status), **{"If-None-Match": "*"})
    assert response.status_code == status
    assert not response.has_header("ETag")


def test_a_stream_is_not_read_to_be_tagged() -> None:
    def never():
        raise AssertionError("the stream was read")
        yield b""

    stream = StreamingHttpResponse(never(), content_type="application/json")
    assert not through(stream).has_header("ETag")


@pytest.mark.parametrize(
    ("accept", "status"),
    [("", 200), ("*/*", 200), ("application/json", 200), ("text/html", 406), ("application/json;q=0", 406),
     ("text/html, */*;q=0.1", 200), ("application/json;q=0, */*", 406)],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_form_is_settled_for_reading_and_before_a_deed(accept: str, status: int, method: str) -> None:
    done: list[int] = []

    def view(request: HttpRequest) -> HttpResponse:
        done.append(1)
        return as_json()

    response = Door(view)(asked(method, Accept=accept))
    assert response.status_code == status
    assert bool(done) is (status == 200 or method == "GET"), "a deed is not begun whose answer nobody wants"


@pytest.mark.parametrize("stored", [0, 1, 999_999_999])
def test_the_tag_of_what_was_read_opens_the_change_of_that_version_alone(stored: int) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        remember_version(request, stored)
        return as_json()

    tag = Door(view)(asked())["ETag"]
    assert version_read(asked("PATCH", **{"If-Match": tag}), None, stored) == stored
    for other in (stored + 1, stored - 1):
        with pytest.raises(VersionPassed) as refused:
            version_read(asked("PATCH", **{"If-Match": tag}), stored, other)
        assert refused.value.facts == {"read": stored, "stored": other}
        assert str(stored) in refused.value.what.zh and str(stored) in refused.value.what.en


def test_a_change_from_nowhere_is_told_how_to_begin_in_both_languages() -> None:
    with pytest.raises(VersionNeeded) as refused:
        version_read(asked("PATCH"), None, 1)
    for language in ("zh", "en"):
        assert told(problem(asked(**{"Accept-Language": language}), refused.value))["detail"].startswith(
            refused.value.what.in_language(language)
        )


# --- sizes and forms ------------------------------------------------------------


@pytest.mark.parametrize(
    ("length", "refused"),
    [("9" * 5000, True), ("9" * 18, True), ("1" + "0" * 30, True),
     ("-5", False), ("1e9", False), ("x", False), ("", False)],
)  # fmt: skip
def test_whatever_length_is_stated_is_a_number_or_none(length: str, refused: bool) -> None:
    request = RequestFactory().post(ADDRESS, b"{}", content_type="application/json", headers={"Content-Length": length})
    if refused:
        with pytest.raises(BodyTooLarge) as error:
            check_request(request)
        assert len(str(error.value.facts["size"])) <= 18
    else:
        check_request(request)


@pytest.mark.parametrize("form", [*DOCUMENTS, "multipart/form-data"])
def test_documents_are_taken_in_every_form_that_is_named(form: str) -> None:
    check_request(RequestFactory().generic("POST", "/api/v1/documents/check", b"x", content_type=form))
    if form not in ("application/json", "multipart/form-data"):
        with pytest.raises(FormNotAccepted):
            check_request(RequestFactory().generic("POST", "/api/v1/documents", b"x", content_type=form))


@pytest.mark.parametrize(
    ("path", "kept"),
    [("/api/v1/instruments", True), ("/api/v1/tokens", False), ("/api/v1/people", False),
     ("/api/v1/tokens/1/revocation", True), ("/api/v1/science/budgets", False),
     ("/api/v1/certificates/1/approval", True)],
)  # fmt: skip
def test_which_answers_are_kept_for_their_key(path: str, kept: bool) -> None:
    assert is_kept(path) is kept


# --- documents handed in ------------------------------------------------------------


def handed(*files: tuple[str, bytes]) -> HttpRequest:
    return RequestFactory().post("/x", {"file": [SimpleUploadedFile(name, data) for name, data in files]})


def whole(data: bytes, name: str | None = None) -> HttpRequest:
    query = "" if name is None else f"?name={quote(name)}"
    return RequestFactory().generic("POST", f"/x{query}", data, content_type="application/octet-stream")


@pytest.mark.parametrize(
    ("request_", "names"),
    [
        (whole(XML), ["document"]),
        (whole(XML, "证书.xml"), ["证书.xml"]),
        (whole(XML, "n" * 300), ["n" * LONGEST_NAME]),
        (whole(zipped({"a.xml": XML, "b.xml": XML}), "z.zip"), ["z.zip/a.xml", "z.zip/b.xml"]),
        (handed(("a.xml", XML), ("b.pdf", pdf_with({"x.xml": XML}))), ["a.xml", "b.pdf/x.xml"]),
        (handed(("b.xml", XML), ("a.xml", XML)), ["b.xml", "a.xml"]),
    ],
)
def test_documents_come_in_the_order_in_which_they_were_handed_in(request_: HttpRequest, names: list[str]) -> None:
    assert [part.name for part in documents_of(request_)] == names


@pytest.mark.parametrize(
    ("many", "single", "pair"), [(0, False, False), (1, True, False), (2, False, True), (3, False, False)]
)
def test_as_many_as_the_operation_takes_and_no_others(many: int, single: bool, pair: bool) -> None:
    for take, fits in ((single_of, single), (pair_of, pair)):
        request = handed(*((f"{n}.xml", XML) for n in range(many)))
        if fits:
            assert take(request)
            continue
        with pytest.raises(DocumentsMiscounted) as refused:
            take(request)
        assert refused.value.facts["given"] == many
        body = told(problem(asked(), refused.value))
        assert (body["code"], body["status"]) == ("JL-API-020", 422)
        assert str(many) in body["what"]["zh"] and str(many) in body["what"]["en"]


def test_documents_of_all_files_count_together() -> None:
    small = zipped({f"{n}.xml": b"<a/>" for n in range(STRANGERS.files)})
    assert len(documents_of(handed(("z.zip", small)))) == STRANGERS.files
    with pytest.raises(DocumentsMiscounted) as refused:
        documents_of(handed(("z.zip", small), ("one.xml", b"<a/>")))
    assert refused.value.facts["given"] == STRANGERS.files + 1
    with pytest.raises(ArchiveTooLarge):
        documents_of(handed(("z.zip", zipped({f"{n}.xml": b"<a/>" for n in range(STRANGERS.files + 1)}))))


def test_a_file_without_a_document_is_refused_whatever_stands_beside_it() -> None:
    with pytest.raises(NothingInside):
        documents_of(handed(("a.xml", XML), ("z.zip", zipped({"a.txt": b"x"}))))


@pytest.mark.parametrize(
    ("name", "plain"),
    [("a.csv", "a.csv"), ("证书.csv", "__.csv"), ('a"b.csv', "a_b.csv"), ("é?.csv", "__.csv")],
)
def test_a_file_is_an_attachment_that_no_browser_runs(name: str, plain: str) -> None:
    response = file_answer(Made(name, b"x", notation("csv"), ("é", "中")))
    assert response["Content-Disposition"] == f'attachment; filename="{plain}"'
    assert response["Content-Type"] == "text/csv"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Jialiang-Unmapped"] == "2"
    assert not file_answer(Made(name, b"x", notation("csv"))).has_header("Jialiang-Unmapped")
