"""The REST door: every noun's addresses under ``/api/v1``, one form of errors, one OpenAPI document."""

from __future__ import annotations

import logging
from copy import deepcopy
from functools import cache
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from jialiang import __version__
from jialiang.integration.api import (
    authenticity,
    calibrations,
    certificates,
    codes,
    commissions,
    comparison_rounds,
    desk,
    documents,
    handle_identities,
    identifier_templates,
    identifiers,
    instrument_marks,
    instruments,
    label_templates,
    measurement_standards,
    organizations,
    pages,
    people,
    prefix_applications,
    prefixes,
    received_reports,
    resolution_statistics,
    scans,
    science,
    sent_node_reports,
    standard_tests,
    subordinate_nodes,
    tokens,
    traceability,
    trends,
    trust,
    uncertainty_budgets,
)
from jialiang.integration.api.authentication import BearerToken, ConsoleSession
from jialiang.integration.api.openapi import DESCRIPTION, completed
from jialiang.integration.api.problems import (
    AddressUnknown,
    BodyUnreadable,
    InputRejected,
    SignInNeeded,
    UnexpectedFault,
    problem,
)
from jialiang.integration.api.reading_json import StrictJson
from jialiang.kernel.errors import JialiangError

log = logging.getLogger("jialiang.api")
NOUNS = (
    organizations,
    people,
    tokens,
    measurement_standards,
    standard_tests,
    instruments,
    instrument_marks,
    trends,
    commissions,
    comparison_rounds,
    calibrations,
    certificates,
    traceability,
    desk,
    science,
    authenticity,
    codes,
    scans,
    documents,
    identifiers,
    resolution_statistics,
    received_reports,
    subordinate_nodes,
    sent_node_reports,
    prefixes,
    prefix_applications,
    handle_identities,
    identifier_templates,
    label_templates,
    trust,
    uncertainty_budgets,
)


class RestDoor(NinjaAPI):
    """The framework's door with our OpenAPI document."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        """Return the OpenAPI 3.1 document."""
        prefix = "api/v1" if path_prefix is None else path_prefix
        return completed(super().get_openapi_schema(path_prefix=prefix, path_params=path_params))  # type: ignore[return-value]

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return the name of the function that answers: they are told apart by noun and verb."""
        return operation.view_func.__name__


api = RestDoor(
    title="Jialiang 嘉量",
    version=__version__,
    description=DESCRIPTION,
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
    auth=[BearerToken(), ConsoleSession()],
    parser=StrictJson(),
)
for noun in NOUNS:
    api.add_router("", noun.router)


@api.exception_handler(JialiangError)
def told(request: HttpRequest, error: JialiangError) -> HttpResponse:
    """Answer an error of the house."""
    if error.http_status >= 500:
        log.error("%s %s: %s", request.method, request.path, error)
    return problem(request, error)


@api.exception_handler(ValidationError)
def rejected(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer members that do not fit the interface, each with its place and reason."""
    errors = [{"member": _place(entry["loc"]), "reason": str(entry["msg"])} for entry in error.errors]
    named = ", ".join(dict.fromkeys(entry["member"] for entry in errors))
    return problem(request, InputRejected(members=named[:500]), errors=errors)


@api.exception_handler(AuthenticationError)
def unknown_person(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Answer whoever is not signed in."""
    return problem(request, SignInNeeded())


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what the framework itself refuses."""
    return problem(request, BodyUnreadable(reason=str(error)))


@api.exception_handler(ObjectDoesNotExist)
@api.exception_handler(Http404)
def not_there(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer an address behind which there is nothing."""
    return problem(request, AddressUnknown(address=request.path[:200]))


@api.exception_handler(Exception)
def failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer a fault without telling its inside; the log has it."""
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return problem(request, UnexpectedFault())


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document as plain JSON, made once."""
    return deepcopy(dict(api.get_openapi_schema()))


urlpatterns = [
    path("api/v1/openapi.json", pages.openapi_json, {"document": document}),
    path("api/v1/docs", pages.endpoints_page, {"document": document}),
    path("docs/errors", pages.errors_page),
    path("api/v1/", api.urls),
]


def _place(location: Any) -> str:
    """Return where a member stands: ``body.items.0.instrument_id`` without the framework's name of the parameter."""
    parts = [str(part) for part in location]
    if parts[:1] in (["body"], ["query"], ["form"], ["file"]) and len(parts) > 2:
        parts = [parts[0], *parts[2:]]
    return ".".join(parts)
