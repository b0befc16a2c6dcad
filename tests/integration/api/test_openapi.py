"""The OpenAPI document: schemathesis takes it, and what the door answers is what it says."""

from __future__ import annotations

import re

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from tests.functions import record_world

from jialiang.integration.api import limits
from jialiang.integration.api.door import api, document
from jialiang.integration.api.negotiation import UPLOADS
from jialiang.integration.api.openapi import METHODS
from jialiang.integration.api.repetition import CONFIRMED, NEVER_KEPT
from jialiang.security.policy import matrix, roles_for
from jialiang.security.tenancy.scope import scope

OPERATIONS = [
    (path, method, told)
    for path, methods in document()["paths"].items()
    for method, told in methods.items()
    if method in METHODS
]
EXAMPLES = 3
DOCUMENT_DEEDS = ("kinds", "check", "genuineness", "structure", "quantities", "convert", "migrate", "compare", "chain")
CHECKS = (
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    unsupported_method,
)
ROLES = (
    "system_administrator",
    "receptionist",
    "technician",
    "reviewer",
    "signatory",
    "standards_keeper",
    "auditor",
    "identifier_operator",
    "quality_manager",
)
load_all_checks()


def test_every_operation_says_what_it_does_and_whose_it_is():
    for path, method, told in OPERATIONS:
        assert told["summary"] and told["description"] and len(told["tags"]) == 1, (method, path)
        assert re.fullmatch(r"[a-z_]+", told["operationId"])
    names = [told["operationId"] for _, _, told in OPERATIONS]
    assert sorted(names) == sorted(set(names))


def test_every_permission_that_a_description_names_is_an_action():
    named = {
        action
        for _, _, told in OPERATIONS
        for action in re.findall(r"Permission `([a-z_.]+)`", told["description"])
    }
    assert named <= set(matrix())
    verbs = {
        action for action in matrix() if not action.startswith(("tenant.", "job.", "signing_key.", "fake."))
    }
    elsewhere = {
        "certificate.finish", "identifier.sign", "search.read", "token.create_for_another", "token.revoke_others",
        "upper_node.apply", "subordinate_node.accept_site",
    }  # fmt: skip
    assert verbs - named <= elsewhere


def test_addresses_without_login_are_the_public_ones():
    public = {path for path, _, told in OPERATIONS if not told.get("security")}
    assert public == {
        "/api/v1/authenticity",
        "/api/v1/authenticity/{prefix}/{suffix}",
        "/api/v1/authenticity-checks",
        "/api/v1/register",
        "/api/v1/fake-reports",
        "/api/v1/codes",
        "/api/v1/codes/{system}",
        "/api/v1/trust/ca.pem",
        "/api/v1/trust/crl",
        "/api/v1/trust/identifier-signature",
        "/api/v1/institutes/{slug}/did.json",
        *(f"/api/v1/documents/{deed}" for deed in DOCUMENT_DEEDS),
    }


def test_no_number_with_a_fraction_goes_in_or_out():
    def kinds(schema: object) -> list[object]:
        if isinstance(schema, dict):
            return [schema.get("type"), *(kind for member in schema.values() for kind in kinds(member))]
        if isinstance(schema, list):
            return [kind for member in schema for kind in kinds(member)]
        return []

    assert "number" not in [kind for kind in kinds(document()) if isinstance(kind, str)]


def test_uploads_and_confirmed_deeds_are_the_ones_that_the_door_knows():
    uploads = {
        path
        for path, _, told in OPERATIONS
        if "multipart/form-data" in told.get("requestBody", {}).get("content", {})
    }
    tools = {f"/api/v1/documents/{deed}" for deed in DOCUMENT_DEEDS[1:]}
    known = {path for path, method, _ in OPERATIONS if method == "post" and path.endswith(UPLOADS)}
    assert uploads == known | tools
    schemas = document()["components"]["schemas"]
    secret = set()
    for path, _, told in OPERATIONS:
        for content in told.get("requestBody", {}).get("content", {}).values():
            name = content["schema"].get("$ref", "").rpartition("/")[2]
            if "password" in schemas.get(name, {}).get("properties", {}):
                secret.add(path)
    assert {path for path in secret if not path.endswith(NEVER_KEPT)} == {
        path for path, _, _ in OPERATIONS if path.endswith(CONFIRMED)
    }


@pytest.fixture
def things(world) -> dict[str, str]:
    """One thing of each noun, so that addresses lead somewhere."""
    with scope(world.tenant.id):
        certificate = record_world.issued_certificate(world)
        return {
            "organization_id": str(world.customer_id),
            "person_id": str(world.people["technician"].person_id),
            "standard_id": str(world.standard_id),
            "instrument_id": str(world.thermometer_id),
            "commission_id": str(certificate.calibration.item.commission_id),
            "item_id": str(certificate.calibration.item_id),
            "calibration_id": str(certificate.calibration_id),
            "certificate_id": str(certificate.id),
            "subject_id": str(certificate.id),
        }


@pytest.mark.slow
def test_schemathesis_finds_no_server_error_and_answers_conform(world, things, as_role, application):
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    seen: dict[str, set[int]] = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        statuses = seen.setdefault(operation.label, set())
        takes_something = any(list(part) for part in (operation.iter_parameters(), operation.body))
        for mode in GenerationMode if takes_something else (GenerationMode.POSITIVE,):
            _tried(operation.as_strategy(generation_mode=mode), as_role(_role(operation)), things, statuses)
    assert len(seen) == len(OPERATIONS)
    reached = [label for label, statuses in seen.items() if statuses & {200, 201, 404}]
    assert len(reached) > len(OPERATIONS) // 3


def _tried(cases, caller, things, statuses) -> None:
    @seed(20260616)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def holds(case):
        _one_case(case, caller, things, statuses)

    holds()


def _one_case(case, caller, things, statuses) -> None:
    for limit in (
        limits.file_checks, limits.fake_reports, limits.questions, limits.document_deeds, limits.code_checks,
    ):  # fmt: skip
        limit.forget()
    for name in case.path_parameters or {}:
        if name in things:
            case.path_parameters[name] = things[name]
    response = case.call(headers=caller.headers)
    statuses.add(response.status_code)
    assert response.status_code < 500, (case.as_curl_command(), response.text)
    case.validate_response(response, checks=list(CHECKS))


def _role(operation) -> str:
    """Somebody who may do it, so that the verb itself is reached."""
    named = re.findall(r"Permission `([a-z_.]+)`", operation.definition.raw["description"])
    return next(role for role in ROLES if not named or role in roles_for(named[0]))


@pytest.fixture
def application():
    """The control plane; it does not close the connection that the test's transaction lives in."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_the_document_is_served_and_is_openapi_3_1(anyone):
    told = anyone.read("/openapi.json")
    assert told["openapi"].startswith("3.1")
    assert told["paths"].keys() == api.get_openapi_schema()["paths"].keys()
