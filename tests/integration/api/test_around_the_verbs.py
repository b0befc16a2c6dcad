"""What the door does around every verb, without a database: forms of requests, problems, limits, the document."""

import json
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.integration.api import problems
from jialiang.integration.api.limits import StrangersLimit
from jialiang.integration.api.negotiation import REPORT_FORMS, UPLOADS, admits, check_answer, check_request
from jialiang.integration.api.openapi import completed
from jialiang.integration.api.problems import (
    BodyTooLarge,
    FormNotAccepted,
    FormNotOffered,
    InputRejected,
    TooOften,
    problem,
)
from jialiang.integration.api.repetition import NEVER_KEPT
from jialiang.kernel.errors import JialiangError

JSON = "application/json"


@settings(max_examples=40)
@given(st.sampled_from([JSON, "application/*", "*/*"]), st.integers(0, 1000))
def test_a_range_admits_whatever_quality_above_zero_it_names(name: str, thousandths: int) -> None:
    assert admits(f"text/html, {name};q={thousandths / 1000:.3f}", JSON) is (thousandths > 0)


@pytest.mark.parametrize("ranges", [[JSON + ";q=0", "application/*"], ["application/*;q=0", "*/*"]])
def test_the_most_specific_range_decides_wherever_it_stands(ranges: list[str]) -> None:
    assert not admits(", ".join(ranges), JSON)
    assert not admits(", ".join(reversed(ranges)), JSON)


def test_names_of_forms_are_read_without_regard_to_case_and_parameters() -> None:
    assert admits("Application/JSON; charset=utf-8; Q=0.5", JSON)
    assert not admits("Application/JSON; charset=utf-8; Q=0", JSON)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("form", ["text/plain", "multipart/form-data", "", "application/jsonx"])
def test_a_body_that_is_no_json_is_not_read(method: str, form: str) -> None:
    request = RequestFactory().generic(method, "/api/v1/organizations", b"x", content_type=form)
    with pytest.raises(FormNotAccepted) as refused:
        check_request(request)
    assert refused.value.facts == {"given": form or "—", "accepted": JSON}


@pytest.mark.parametrize("address", UPLOADS)
def test_addresses_of_files_take_files_alone(address: str) -> None:
    path = "/api/v1" + address
    check_request(RequestFactory().post(path, {"file": "x"}))
    with pytest.raises(FormNotAccepted, match="JL-API-008"):
        check_request(RequestFactory().post(path, b"{}", content_type=JSON))


@pytest.mark.parametrize("form", REPORT_FORMS)
def test_reports_of_nodes_come_as_gzip(form: str) -> None:
    check_request(RequestFactory().post("/api/v1/node-reports", b"x", content_type=form))


@pytest.mark.parametrize("form", [JSON, "multipart/form-data", "application/zip", "application/x-gzip", "text/plain"])
def test_reports_of_nodes_come_in_no_other_form(form: str) -> None:
    with pytest.raises(FormNotAccepted) as refused:
        check_request(RequestFactory().generic("POST", "/api/v1/node-reports", b"x", content_type=form))
    assert refused.value.facts["accepted"] == ", ".join(REPORT_FORMS)


@pytest.mark.parametrize("path", ["/api/v1/node-reports/sent", "/api/v1/subordinate-nodes", "/api/v1/x/node-reports"])
def test_other_addresses_take_no_reports(path: str) -> None:
    with pytest.raises(FormNotAccepted):
        check_request(RequestFactory().generic("POST", path, b"x", content_type=REPORT_FORMS[0]))


def test_a_request_without_a_body_needs_no_form() -> None:
    check_request(RequestFactory().generic("POST", "/api/v1/x", b"", content_type=""))
    check_request(RequestFactory().generic("DELETE", "/api/v1/x", b"", content_type="text/plain"))


def test_the_largest_body_is_read_and_one_byte_more_is_not(settings) -> None:
    largest = settings.JIALIANG.max_upload_bytes
    request = RequestFactory().post(
        "/api/v1/x", b"{}", content_type=JSON, headers={"Content-Length": str(largest)}
    )
    check_request(request)
    request = RequestFactory().post(
        "/api/v1/x", b"{}", content_type=JSON, headers={"Content-Length": str(largest + 1)}
    )
    with pytest.raises(BodyTooLarge) as refused:
        check_request(request)
    assert refused.value.facts == {"size": largest + 1, "largest": largest}


def test_a_nul_is_refused_in_the_path_too() -> None:
    with pytest.raises(InputRejected):
        check_request(RequestFactory().get("/api/v1/things/a%00b"))


def test_an_answer_is_checked_by_its_form_without_parameters() -> None:
    request = RequestFactory().get("/", headers={"Accept": "application/pdf"})
    check_answer(request, HttpResponse(b"", content_type="application/pdf; x=y"))
    with pytest.raises(FormNotOffered) as refused:
        check_answer(request, HttpResponse(b"{}", content_type=JSON))
    assert refused.value.facts == {"accept": "application/pdf", "offered": JSON}


ERRORS = [
    kind for kind in vars(problems).values() if isinstance(kind, type) and issubclass(kind, JialiangError)
]
OWN = [kind for kind in ERRORS if kind.__module__ == problems.__name__]
FACTS = {
    "members": "m", "reason": "r", "address": "/x", "method": "PUT", "allowed": "GET", "accept": "a", "offered": "o",
    "size": 2, "largest": 1, "given": "g", "accepted": "j", "longest": 200, "read": 1, "stored": 2, "seconds": 7,
}  # fmt: skip


@pytest.mark.parametrize("kind", OWN, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_error_of_the_door_is_a_problem_in_the_language_of_the_reader(
    kind: type[JialiangError], language: str
) -> None:
    error = kind(**FACTS)
    response = problem(RequestFactory().get("/", headers={"Accept-Language": language}), error)
    told = json.loads(response.content)
    assert response.status_code == told["status"] == error.http_status
    assert response["Content-Type"] == "application/problem+json"
    assert response["Content-Language"] == {"zh": "zh-Hans", "en": "en"}[language]
    assert told["title"] == problems.TITLES[error.http_status].in_language(language)
    assert told["detail"].startswith(told["what"][language])
    assert told["type"].endswith("#" + kind.code)
    assert told["code"] == kind.code
    assert "errors" not in told
    assert response.has_header("WWW-Authenticate") is (error.http_status == 401)
    assert response["Retry-After"] == "7"


def test_members_that_break_rules_are_listed_and_nobody_waits_without_a_reason() -> None:
    found = [{"member": "name", "reason": "r"}]
    response = problem(RequestFactory().get("/"), InputRejected(members="name"), errors=found)
    assert json.loads(response.content)["errors"] == found
    assert not response.has_header("Retry-After")


def asked_by(address: str, *, actor: object = None) -> object:
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    request.actor = actor
    return request


def test_a_stranger_is_stopped_after_as_many_deeds_as_are_allowed_and_neighbours_are_not() -> None:
    limit = StrangersLimit(3)
    for _ in range(3):
        limit.admit(asked_by("192.0.2.1"))
        limit.charge(asked_by("192.0.2.1"))
    with pytest.raises(TooOften) as refused:
        limit.admit(asked_by("192.0.2.1"))
    assert 0 < refused.value.facts["seconds"] <= 60
    limit.admit(asked_by("192.0.2.2"))
    limit.forget()
    limit.admit(asked_by("192.0.2.1"))


def test_one_household_of_ipv6_counts_as_one_stranger() -> None:
    limit = StrangersLimit(1)
    limit.charge(asked_by("2001:db8:1:2::1"))
    limit.admit(asked_by("2001:db8:1:3::1"))
    with pytest.raises(TooOften):
        limit.admit(asked_by("2001:db8:1:2:ffff::9"))


def test_whoever_only_pretends_to_be_known_is_counted() -> None:
    limit = StrangersLimit(1)
    limit.charge(asked_by("192.0.2.1", actor=SimpleNamespace(person_id=1)))
    with pytest.raises(TooOften):
        limit.admit(asked_by("192.0.2.1", actor=SimpleNamespace(person_id=1)))


def document(path: str, method: str, **operation: object) -> dict:
    found = completed(
        {"components": {"schemas": {}}, "paths": {path: {method: {"responses": {}} | operation}}}
    )
    return found["paths"][path][method]


@pytest.mark.parametrize(
    ("path", "method", "security", "names"),
    [
        ("/things", "post", [{}], ["Idempotency-Key"]),
        ("/things", "post", None, []),
        ("/things", "get", [{}], []),
        ("/things", "patch", [{}], ["If-Match"]),
        *((f"/x{secret}", "post", [{}], []) for secret in NEVER_KEPT),
    ],
)
def test_the_document_offers_keys_and_preconditions_where_the_door_reads_them(
    path: str, method: str, security: object, names: list[str]
) -> None:
    found = document(path, method, security=security)
    assert [parameter["name"] for parameter in found["parameters"]] == names
    assert set(found["responses"]) == {"4XX", "5XX"}
    assert "method" not in found


def test_a_refusal_that_an_operation_describes_itself_is_kept() -> None:
    own = {"description": "own"}
    assert document("/x", "get", responses={"4XX": own, "404": own})["responses"]["4XX"] is own
