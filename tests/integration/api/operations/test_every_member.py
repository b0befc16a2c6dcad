"""Members of requests: what is missing, unknown, of the wrong kind, too long or out of bounds is named, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
from tests.integration.api.operations.house import House
from tests.integration.api.operations.table import (
    AGREEMENT,
    BOTH,
    CELL,
    DEEDS,
    NEW_CHECK,
    NEW_COMMISSION,
    NEW_CONTACT,
    NEW_INSTRUMENT,
    NEW_ORGANIZATION,
    NEW_PERSON,
    NEW_RECORD,
    NEW_SITE,
    NEW_STANDARD,
    OPERATIONS,
    PAPER,
    READS,
    Operation,
)

from jialiang.integration.api.door import document
from jialiang.integration.api.openapi import METHODS
from jialiang.security.audit.models import AuditRecord
from jialiang.security.tenancy.scope import everywhere

SOMEBODY = "7f1b6f0a-9c1e-7b3a-8a55-0d2f6c1b9e44"
BY_NAME = {operation.name: operation for operation in OPERATIONS}


@cache
def schemas() -> dict[str, Any]:
    """Return operationId → schema of its JSON body."""
    found = {}
    for methods in document()["paths"].values():
        for method in METHODS:
            content = (
                methods.get(method, {}).get("requestBody", {}).get("content", {}).get("application/json")
            )
            if content and "$ref" in content["schema"]:  # questions of science are read by science
                name = content["schema"]["$ref"].rpartition("/")[2]
                found[methods[method]["operationId"]] = document()["components"]["schemas"][name]
    return found


def address_of(operation: Operation) -> str:
    """An address of the right form; members are read before any thing is looked for."""
    names = {word.split("}")[0] for word in operation.path.split("{")[1:]}
    return operation.path.format(**dict.fromkeys(names, SOMEBODY))


def body_of(operation: Operation) -> dict[str, Any]:
    """The body of the table with ids of the right form."""

    def filled(part: Any) -> Any:
        if isinstance(part, dict):
            return {name: filled(member) for name, member in part.items()}
        if isinstance(part, list):
            return [filled(member) for member in part]
        return SOMEBODY if isinstance(part, str) and part.startswith("{") else part

    return filled(operation.body)


def refused(house: House, operation: Operation, body: Any, *members: str) -> dict[str, Any]:
    """Send a body, insist on a refusal that names the members and on nothing being left, return what was said."""
    send = house.by(operation.may).patch if operation.method == "patch" else house.by(operation.may).post
    with everywhere("count"):
        before = AuditRecord.objects.count()
    response = send(address_of(operation), body)
    told = response.json()
    assert (response.status_code, told["code"]) == (422, "JL-API-001"), told
    assert {entry["member"] for entry in told["errors"]} == set(members), told["errors"]
    assert all(entry["reason"] for entry in told["errors"])
    with everywhere("count"):
        assert AuditRecord.objects.count() == before
    return told


WITH_BODY = [operation for operation in DEEDS if operation.name in schemas()]


def required() -> Iterator[Any]:
    for operation in WITH_BODY:
        for member in schemas()[operation.name].get("required", []):
            yield pytest.param(operation, member, id=f"{operation.name}-{member}")


def test_every_body_of_the_interface_is_in_the_table():
    elsewhere = {"report_fake", "recognise_code", "resume_subordinate_node", "accept_node_site"}
    assert {operation.name for operation in WITH_BODY} | elsewhere == set(schemas())


@pytest.mark.parametrize(("operation", "member"), list(required()))
def test_a_member_that_is_needed_and_missing_is_named(operation: Operation, member: str, empty_house: House):
    body = {name: content for name, content in body_of(operation).items() if name != member}
    refused(empty_house, operation, body, f"body.{member}")


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
def test_a_member_that_is_not_known_is_named_and_nothing_is_guessed(operation: Operation, empty_house: House):
    refused(empty_house, operation, body_of(operation) | {"surplus": 1}, "body.surplus")
    refused(empty_house, operation, body_of(operation) | {"tenant_id": SOMEBODY}, "body.tenant_id")


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
@pytest.mark.parametrize("body", ["text", [], 7])
def test_a_body_that_is_no_object_is_refused(operation: Operation, body: Any, empty_house: House):
    send = empty_house.by(operation.may)
    text = {"text": '"text"'}.get(body, str(body)) if isinstance(body, str) else str(body)
    method = send.client.patch if operation.method == "patch" else send.client.post
    response = method(
        "/api/v1" + address_of(operation), text, content_type="application/json", headers=send.headers
    )
    assert (response.status_code, response.json()["code"]) == (422, "JL-API-001")


WRONG: list[tuple[str, dict[str, Any], str]] = [
    # organizations
    ("register_organization", {"name": "白杨"}, "body.name"),
    ("register_organization", {"name": {"zh": 1}}, "body.name.zh"),
    ("register_organization", {"name": {"zh": "一", "fr": "un"}}, "body.name.fr"),
    ("register_organization", {"name": {"zh": "长" * 1001}}, "body.name"),
    ("register_organization", {"kind": "ministry"}, "body.kind"),
    ("register_organization", {"fictional": "perhaps"}, "body.fictional"),
    ("register_organization", {"credit_code": 91}, "body.credit_code"),
    ("register_organization", {"phone": "0" * 1001}, "body.phone"),
    ("register_organization", {"parent_id": "mother"}, "body.parent_id"),
    ("change_organization", {"version": 0}, "body.version"),
    ("change_organization", {"version": 2_147_483_648}, "body.version"),
    ("change_organization", {"version": "one"}, "body.version"),
    ("add_site", {"name": ["二号"]}, "body.name"),
    ("add_site", {"is_laboratory": 7}, "body.is_laboratory"),
    ("add_contact", {"name": None}, "body.name"),
    ("add_contact", {"email": ["a@b"]}, "body.email"),
    # people and tokens
    ("add_person", {"username": "x" * 201}, "body.username"),
    ("add_person", {"password": "p" * 201}, "body.password"),
    ("add_person", {"organization_id": "none"}, "body.organization_id"),
    ("grant_role", {"valid_from": "2026-02-30"}, "body.valid_from"),
    ("grant_role", {"valid_from": "yesterday"}, "body.valid_from"),
    ("grant_role", {"valid_until": "31.12.2026"}, "body.valid_until"),
    ("grant_role", {"valid_until": "0"}, "body.valid_until"),
    ("grant_role", {"valid_from": 86400}, "body.valid_from"),
    ("grant_role", {"valid_from": "20260616"}, "body.valid_from"),
    ("grant_role", {"valid_from": "2026-06-16T00:00:00"}, "body.valid_from"),
    ("create_token", {"days": 0}, "body.days"),
    ("create_token", {"days": 367}, "body.days"),
    ("create_token", {"roles": "technician"}, "body.roles"),
    ("create_token", {"totp": "1" * 13}, "body.totp"),
    # standards
    ("register_standard", {"level": "highest"}, "body.level"),
    ("register_standard", {"keeper_id": 7}, "body.keeper_id"),
    ("register_standard", {"quantity": "电阻"}, "body.quantity"),
    ("add_paper_certificate", {"valid_until": "soon"}, "body.valid_until"),
    ("add_paper_certificate", {"measured_values": [{"nominal": "1" * 61}]}, "body.measured_values.0.nominal"),
    ("add_paper_certificate", {"measured_values": {"nominal": "1"}}, "body.measured_values"),
    ("add_paper_certificate", {"digest": "0" * 64}, "body.digest"),
    ("add_paper_certificate", {"form": "dcc"}, "body.form"),
    ("add_paper_certificate", {"signature_findings": {}}, "body.signature_findings"),
    ("record_checks", {"observations": []}, "body.observations"),
    ("record_checks", {"observations": [NEW_CHECK, NEW_CHECK | {"z": 1}]}, "body.observations.1.z"),
    ("record_checks", {"observations": [NEW_CHECK, NEW_CHECK | {"observed_on": 1}]}, "body.observations.1.observed_on"),
    ("suspend_standard", {"reason": "长" * 201}, "body.reason"),
    ("resume_standard", {"reason": BOTH}, "body.reason"),
    # instruments
    ("register_instrument", {"purpose": "fun"}, "body.purpose"),
    ("register_instrument", {"interval_months": -1}, "body.interval_months"),
    ("register_instrument", {"interval_months": 32768}, "body.interval_months"),
    ("register_instrument", {"interval_months": "12 months"}, "body.interval_months"),
    ("register_instrument", {"owner_id": ""}, "body.owner_id"),
    ("register_instrument", {"state": "in_service"}, "body.state"),
    ("register_instrument", {"compulsory": "sometimes"}, "body.compulsory"),
    ("change_instrument", {"owner_id": SOMEBODY}, "body.owner_id"),
    ("change_instrument", {"state": "retired"}, "body.state"),
    ("change_instrument", {"reason": "长" * 201}, "body.reason"),
    ("suspend_instrument", {"reason": 1}, "body.reason"),
    ("restore_instrument", {"reason": None}, "body.reason"),
    ("retire_instrument", {"reason": "长" * 201}, "body.reason"),
    # comparison rounds
    ("open_comparison_round", {"assigned_by": "vote"}, "body.assigned_by"),
    ("open_comparison_round", {"artefacts": [{}]}, "body.artefacts.0.name"),
    ("open_comparison_round", {"artefacts": [{"name": {"zh": "砝码"}}] * 3}, "body.artefacts"),
    ("enrol_participant", {"code": "X" * 21}, "body.code"),
    ("enter_comparison_result", {"artefact": 3}, "body.artefact"),
    ("enter_comparison_result", {"measured_value": 10}, "body.measured_value"),
    ("report_comparison_round", {"evaluation_digest": "a" * 65}, "body.evaluation_digest"),
    ("cancel_comparison_round", {"reason": "x" * 201}, "body.reason"),
    # commissions
    ("open_commission", {"kind": "repair"}, "body.kind"),
    ("open_commission", {"customer_id": "mill"}, "body.customer_id"),
    ("open_commission", {"items": [{}]}, "body.items.0.instrument_id"),
    ("open_commission", {"items": [{"instrument_id": SOMEBODY}] * 201}, "body.items"),
    ("open_commission", {"number": "YZ-1"}, "body.number"),
    ("add_item", {"requested_points": ["2" * 61]}, "body.requested_points.0"),
    ("add_item", {"requested_points": "22"}, "body.requested_points"),
    ("accept_commission", {"decision_rule": "coin"}, "body.decision_rule"),
    ("accept_commission", {"fee_kind": "free"}, "body.fee_kind"),
    ("accept_commission", {"promised_on": "tomorrow"}, "body.promised_on"),
    ("accept_commission", {"agreed_interval_months": 40000}, "body.agreed_interval_months"),
    ("cancel_commission", {"reason": "长" * 201}, "body.reason"),
    ("receive_item", {"condition": {"zh": "好" * 1001}}, "body.condition"),
    ("receive_item", {"place": "A" * 101}, "body.place"),
    ("receive_item", {"accessories": "A" * 201}, "body.accessories"),
    ("hand_item_over", {"to": "the_moon"}, "body.to"),
    ("hand_item_over", {"note": "长" * 201}, "body.note"),
    # records
    ("start_calibration", {"item_id": "1"}, "body.item_id"),
    ("start_calibration", {"points": [22]}, "body.points.0"),
    ("start_calibration", {"points": ["2"] * 401}, "body.points"),
    ("start_calibration", {"parameters": {"a": 1}}, "body.parameters.a"),
    ("start_calibration", {"other_standard_ids": [SOMEBODY] * 21}, "body.other_standard_ids"),
    ("start_calibration", {"procedure": "p" * 41}, "body.procedure"),
    ("record_calibration", {"cells": [CELL | {"row": 0}]}, "body.cells.0.row"),
    ("record_calibration", {"cells": [CELL | {"row": 32768}]}, "body.cells.0.row"),
    ("record_calibration", {"cells": [CELL | {"text": 21}]}, "body.cells.0.text"),
    ("record_calibration", {"cells": [CELL | {"text": "1" * 41}]}, "body.cells.0.text"),
    ("record_calibration", {"cells": [CELL | {"source": "memory"}]}, "body.cells.0.source"),
    ("record_calibration", {"cells": [CELL] * 4001}, "body.cells"),
    ("record_calibration", {"environment": {"mood": {}}}, "body.environment.mood.[key]"),
    ("record_calibration", {"environment": {"humidity": {"mean": "4"}}}, "body.environment.humidity.mean"),
    ("record_calibration", {"begin_date": "2026-13-01"}, "body.begin_date"),
    ("record_calibration", {"end_date": "1781582400"}, "body.end_date"),
    ("record_calibration", {"state": "approved"}, "body.state"),
    ("submit_calibration", {"version": -1}, "body.version"),
    ("amend_reading", {"reason": "长" * 301}, "body.reason"),
    ("amend_reading", {"column": 3}, "body.column"),
    ("review_calibration", {"seen_digest": "0" * 65}, "body.seen_digest"),
    ("return_calibration", {"reason": "长" * 401}, "body.reason"),
    ("take_over_calibration", {"reason": {}}, "body.reason"),
    # certificates
    ("approve_certificate", {"password": "p" * 201}, "body.password"),
    ("approve_certificate", {"totp": 123456}, "body.totp"),
    ("approve_certificate", {"number": "YZ-2026-C-000001"}, "body.number"),
    ("amend_certificate", {"reason": {"zh": "", "en": ""}}, "body.reason"),
    ("amend_certificate", {"reason": "text"}, "body.reason"),
    ("withdraw_certificate", {"reason": {}}, "body.reason"),
    ("withdraw_certificate", {"reason": {"en": "x" * 1001}}, "body.reason"),
    ("void_certificate", {"reason": None}, "body.reason"),
]


@pytest.mark.parametrize(
    ("name", "change", "member"), WRONG, ids=[f"{name}-{member}" for name, _, member in WRONG]
)
def test_a_member_that_does_not_fit_is_named_by_its_place(
    name: str, change: dict[str, Any], member: str, empty_house: House
):
    operation = BY_NAME[name]
    refused(empty_house, operation, body_of(operation) | change, member)


def test_everything_that_is_wrong_is_named_at_once(empty_house: House):
    body = body_of(BY_NAME["register_instrument"]) | {"purpose": "fun", "interval_months": -1, "surplus": 1}
    told = refused(
        empty_house,
        BY_NAME["register_instrument"],
        body,
        "body.purpose",
        "body.interval_months",
        "body.surplus",
    )
    assert told["facts"]["members"] == ", ".join(entry["member"] for entry in told["errors"])


PLACES = [
    "/organizations/{}", "/people/{}", "/people/{}/roles", "/measurement-standards/{}", "/instruments/{}",
    "/instruments/{}/status", "/commissions/{}", "/items/{}", "/calibrations/{}", "/certificates/{}",
    "/certificates/{}/files", "/audit/instrument/{}",
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "given", ["1", "not-an-id", "7f1b6f0a", "7f1b6f0a-9c1e-7b3a-8a55-0d2f6c1b9e4G", "%2e%2e"]
)
def test_an_address_with_something_that_is_no_id_leads_nowhere(place: str, given: str, empty_house: House):
    response = empty_house.by("auditor").get(place.format(given))
    assert (response.status_code, response.json()["code"]) == (404, "JL-API-004")


QUERIES: list[tuple[str, dict[str, str], str]] = [
    ("/organizations", {"limit": "0"}, "query.limit"),
    ("/organizations", {"limit": "201"}, "query.limit"),
    ("/organizations", {"limit": "many"}, "query.limit"),
    ("/organizations", {"after": "0" * 65}, "query.after"),
    ("/organizations", {"surplus": "1"}, "query.surplus"),
    ("/organizations", {"kind": "ministry"}, "query.kind"),
    ("/people", {"surplus": "1"}, "query.surplus"),
    ("/people", {"limit": "-1"}, "query.limit"),
    ("/measurement-standards", {"state": "lost"}, "query.state"),
    ("/instruments", {"state": "broken"}, "query.state"),
    ("/instruments", {"purpose": "fun"}, "query.purpose"),
    ("/instruments", {"compulsory": "2"}, "query.compulsory"),
    ("/instruments", {"owner_id": "me"}, "query.owner_id"),
    ("/commissions", {"state": "lost"}, "query.state"),
    ("/commissions", {"kind": "repair"}, "query.kind"),
    ("/commissions", {"customer_id": "7"}, "query.customer_id"),
    ("/calibrations", {"state": "done"}, "query.state"),
    ("/calibrations", {"limit": "1e2"}, "query.limit"),
    ("/certificates", {"state": "expired"}, "query.state"),
    ("/certificates", {"customer_id": ""}, "query.customer_id"),
    ("/audit", {"actor_id": "me"}, "query.actor_id"),
    ("/audit", {"surplus": "1"}, "query.surplus"),
    ("/calibrations", {"stat": "draft"}, "query.stat"),
    ("/instruments/{}/status", {"onn": "2026-06-16"}, "query.onn"),
    ("/me", {"as": "admin"}, "query.as"),
    ("/tokens", {"person": "all"}, "query.person"),
    ("/calibrations/{}/preview-pages", {"lang": "en"}, "query.lang"),
    ("/instruments/{}/chain", {"on": "86400"}, "query.on"),
    ("/search", {"text": "x"}, "query.text"),
    ("/search", {"text": "长" * 201}, "query.text"),
    ("/search", {}, "query.text"),
    ("/instruments/{}/status", {"on": "2026-02-30"}, "query.on"),
    ("/instruments/{}/chain", {"on": "today"}, "query.on"),
    ("/certificates/{}/chain", {"on": "0"}, "query.on"),
    ("/measurement-standards/{}/control-chart", {"baseline": "9"}, "query.baseline"),
    ("/measurement-standards/{}/control-chart", {"baseline": "100001"}, "query.baseline"),
    ("/calibrations/{}/preview-pages", {"language": "fr"}, "query.language"),
]


@pytest.mark.parametrize(("place", "query", "member"), QUERIES, ids=[f"{p}-{q}" for p, q, _ in QUERIES])
def test_a_question_that_does_not_fit_is_named(
    place: str, query: dict[str, str], member: str, empty_house: House
):
    response = empty_house.by("auditor").get(place.format(SOMEBODY), **query)
    told = response.json()
    assert (response.status_code, told["code"]) == (422, "JL-API-001"), told
    assert [entry["member"] for entry in told["errors"]] == [member]


PATHS: list[tuple[str, int, str]] = [
    ("/certificate-numbers/repair/2026", 422, "JL-API-001"),
    ("/certificate-numbers/calibration/1899", 422, "JL-API-001"),
    ("/certificate-numbers/calibration/10000", 422, "JL-API-001"),
    ("/certificate-numbers/calibration/this", 422, "JL-API-001"),
    (f"/certificates/{SOMEBODY}/files/docx", 422, "JL-API-001"),
    (f"/certificates/{SOMEBODY}/files/pdf", 422, "JL-API-001"),
    (f"/certificates/{SOMEBODY}/files/XML", 422, "JL-API-001"),
    (f"/certificates/{SOMEBODY}/files/", 404, "JL-API-004"),
    ("/organizations/", 404, "JL-API-004"),
    ("//organizations", 404, "JL-API-004"),
    ("/Organizations", 404, "JL-API-004"),
    ("/organizations/../people", 404, "JL-API-004"),
]


@pytest.mark.parametrize(("path", "status", "code"), PATHS)
def test_an_address_that_is_almost_right_is_not_guessed(
    path: str, status: int, code: str, empty_house: House
):
    response = empty_house.by("auditor").get(path)
    assert (response.status_code, response.json()["code"]) == (status, code)


METHODS_TAKEN = {
    "/organizations": {"GET", "POST"},
    "/people": {"GET", "POST"},
    "/tokens": {"GET", "POST"},
    "/me": {"GET"},
    "/queue": {"GET"},
    "/search": {"GET"},
    "/audit": {"GET"},
    "/procedures": {"GET"},
    "/certificates": {"GET"},
    "/calibrations": {"GET", "POST"},
    f"/organizations/{SOMEBODY}": {"GET", "PATCH"},
    f"/instruments/{SOMEBODY}": {"GET", "PATCH"},
    f"/calibrations/{SOMEBODY}": {"GET", "PATCH"},
    f"/calibrations/{SOMEBODY}/approval": {"POST"},
    f"/certificates/{SOMEBODY}/withdrawal": {"POST"},
    f"/tokens/{SOMEBODY}": {"DELETE"},
    f"/people/{SOMEBODY}/roles/technician": {"DELETE"},
    "/authenticity-checks": {"POST"},
    "/fake-reports": {"POST"},
    "/trust/crl": {"GET"},
}


@pytest.mark.parametrize(("path", "taken"), METHODS_TAKEN.items(), ids=METHODS_TAKEN)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_a_method_that_an_address_does_not_take_is_refused_with_those_it_takes(
    path: str, taken: set[str], method: str, empty_house: House
):
    if method in taken:
        return
    caller = empty_house.by("system_administrator")
    response = caller.client.generic(method, "/api/v1" + path, headers=caller.headers)
    assert (response.status_code, response.json()["code"]) == (405, "JL-API-005")
    also = {"HEAD"} if "GET" in taken else set()  # RFC 9110, 9.3.2: HEAD is answered wherever GET is
    assert set(response["Allow"].split(", ")) == taken | also
    assert response.json()["facts"]["method"] == method


BAD_FACTS: list[tuple[str, dict[str, Any], str]] = [
    ("register_organization", NEW_ORGANIZATION | {"credit_code": "91440100MA5590007X"}, "JL-ORG"),
    ("register_organization", NEW_ORGANIZATION | {"name": {"zh": "", "en": ""}}, "JL-ORG"),
    ("register_organization", NEW_ORGANIZATION | {"credit_code": ""}, "JL-ORG"),
    ("register_organization", NEW_ORGANIZATION | {"region_code": "999999"}, "JL-ORG"),
    ("register_organization", NEW_ORGANIZATION | {"email": "not an address"}, "JL-ORG"),
    ("add_person", NEW_PERSON | {"password": "short"}, "JL-ACC-004"),
    ("add_person", NEW_PERSON | {"username": ""}, "JL-ACC-003"),
    ("add_person", NEW_PERSON | {"name": {"zh": "", "en": ""}}, "JL-ACC-003"),
    ("register_standard", NEW_STANDARD | {"unit": "\\parsecs"}, "JL-STD"),
    ("register_standard", NEW_STANDARD | {"serial_number": ""}, "JL-STD"),
    ("register_standard", NEW_STANDARD | {"drift_half_width": "-1"}, "JL-STD"),
    ("register_standard", NEW_STANDARD | {"measuring_interval_minimum": "many"}, "JL-STD"),
    ("register_instrument", NEW_INSTRUMENT | {"owner_id": None, "unit": "\\metrre"}, "JL-INS"),
    ("register_instrument", NEW_INSTRUMENT | {"owner_id": None, "serial_number": ""}, "JL-INS"),
    ("register_instrument", NEW_INSTRUMENT | {"owner_id": None, "maximum_permissible_error": "0"}, "JL-INS"),
    ("register_instrument", NEW_INSTRUMENT | {"owner_id": None, "displayed_resolution": "1,5"}, "JL-INS"),
    ("register_instrument", NEW_INSTRUMENT | {"owner_id": None, "region_code": "000000"}, "JL-INS"),
]


@pytest.mark.parametrize(("name", "body", "code"), BAD_FACTS)
def test_facts_that_break_a_rule_of_the_noun_are_refused_in_its_words(
    name: str, body: dict[str, Any], code: str, empty_house: House
):
    operation = BY_NAME[name]
    with everywhere("count"):
        before = AuditRecord.objects.count()
    response = empty_house.by(operation.may).post(operation.path, empty_house.filled(body))
    told = response.json()
    assert response.status_code == 422, told
    assert told["code"].startswith(code), told
    assert told["way_out"]["zh"]
    assert told["way_out"]["en"]
    with everywhere("count"):
        assert AuditRecord.objects.count() == before


BAD_CHANGES: list[tuple[str, dict[str, Any], str]] = [
    ("change_organization", {"kind": "ministry"}, "JL-ORG"),
    ("change_organization", {"credit_code": "1"}, "JL-ORG"),
    ("change_organization", {"region_code": "999999"}, "JL-ORG"),
    ("change_organization", {"name": {"zh": "", "en": ""}}, "JL-ORG"),
    ("change_instrument", {"purpose": "fun"}, "JL-INS"),
    ("change_instrument", {"unit": "\\metrre"}, "JL-INS"),
    ("change_instrument", {"interval_months": 0}, "JL-INS"),
    ("change_instrument", {"serial_number": ""}, "JL-INS"),
    ("change_instrument", {"maximum_permissible_error": "-0.2"}, "JL-INS"),
]


@pytest.mark.parametrize(("name", "change", "code"), BAD_CHANGES)
def test_a_change_to_what_breaks_a_rule_of_the_noun_is_refused_and_changes_nothing(
    name: str, change: dict[str, Any], code: str, empty_house: House
):
    operation = BY_NAME[name]
    caller, address = empty_house.by("receptionist"), empty_house.address(operation.path)
    before = caller.get(address)
    response = caller.patch(address, change, headers={"If-Match": before["ETag"]})
    assert response.status_code == 422, response.json()
    assert response.json()["code"].startswith(code)
    assert caller.get(address)["ETag"] == before["ETag"]


UNKNOWN_PARTNERS: list[tuple[str, dict[str, Any], str]] = [
    ("open_commission", NEW_COMMISSION | {"customer_id": str(uuid4()), "items": []}, "JL-ORG-007"),
    ("open_commission", NEW_COMMISSION | {"items": [{"instrument_id": str(uuid4())}]}, "JL-INS-004"),
    ("register_instrument", NEW_INSTRUMENT | {"owner_id": str(uuid4())}, "JL-ORG-007"),
    ("start_calibration", NEW_RECORD | {"item_id": str(uuid4())}, "JL-COM-003"),
    ("add_person", NEW_PERSON | {"organization_id": str(uuid4())}, "JL-ORG-007"),
    ("accept_commission", AGREEMENT, "JL-COM-003"),
    ("add_paper_certificate", PAPER, "JL-STD-004"),
    ("add_site", NEW_SITE, "JL-ORG-007"),
    ("add_contact", NEW_CONTACT, "JL-ORG-007"),
]


@pytest.mark.parametrize(("name", "body", "code"), UNKNOWN_PARTNERS)
def test_a_body_that_names_a_thing_nobody_knows_is_refused_by_that_thing_s_name(
    name: str, body: dict[str, Any], code: str, empty_house: House
):
    operation = BY_NAME[name]
    role = "receptionist" if operation.may == "customer" else operation.may
    response = empty_house.by(role).post(address_of(operation), empty_house.filled(body))
    assert (response.status_code, response.json()["code"]) == (404, code)


def test_every_reading_operation_that_lists_pages_is_asked_with_wrong_pages():
    listed = {operation.path for operation in READS if operation.name.startswith("list_")}
    paged = {path for path, query, _ in QUERIES if {"limit", "after", "surplus"} & set(query)}
    assert paged <= listed | {"/audit", "/search"}
