"""Each operation of the interface, one row each: who may, who may not, whose things, what it answers and leaves."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client
from tests.functions.record_world import PASSWORD
from tests.integration.api.calling import Caller
from tests.integration.api.operations.house import NOBODY, STRANGER, House, nowhere, rows_of_all_institutes
from tests.integration.api.operations.table import (
    CHARTS,
    DEEDS,
    OPERATIONS,
    PUBLIC,
    QUESTIONS,
    READS,
    UPLOADS,
    Operation,
)

from jialiang.integration.api.door import document
from jialiang.integration.api.openapi import METHODS
from jialiang.integration.api.repetition import NEVER_KEPT
from jialiang.security.accounts.models import Person
from jialiang.security.audit.selectors import verify_chain
from jialiang.security.policy import roles_for
from jialiang.security.tenancy.scope import scope

OF_THINGS = [operation for operation in OPERATIONS if operation.missing]
GUARDED = [operation for operation in OPERATIONS if operation.may_not]
FREE_FOR_PEOPLE = {
    "read_me", "read_queue", "search_everything", "recognise_code",
    "list_topics", "read_budget_schema", "ask_topic", "evaluate_uncertainty", "convert_uncertainty",
}  # fmt: skip
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OF_THIS_SECOND = {"preview_certificate", "preview_pages"}  # they tell the moment of signing
UNCHANGED = "a deed that was refused leaves nothing"


@cache
def described() -> dict[str, tuple[str, dict[str, Any]]]:
    """Return operationId → method and description of the OpenAPI document."""
    return {
        told["operationId"]: (method, told)
        for methods in document()["paths"].values()
        for method, told in methods.items()
        if method in METHODS
    }


def permission_of(operation: Operation) -> str:
    """Return the permission that the document names for an operation."""
    named = re.findall(r"Permission `([a-z_.]+)`", described()[operation.name][1]["description"])
    return named[0] if named else ""


def asked(house: House, role: str, operation: Operation, **headers: str) -> Any:
    """Send an operation of the table as somebody."""
    return sent(house, role, operation, house.address(operation.path), house.filled(operation.body), headers)


def sent(
    house: House, role: str, operation: Operation, address: str, body: Any, headers: dict[str, str]
) -> Any:
    caller = house.by(role)
    if operation.method == "get":
        return caller.get(address, headers=headers, **operation.query)
    if operation.method == "delete":
        return caller.delete(address)
    send = caller.post if operation.method == "post" else caller.patch
    return send(address, body, headers=headers)


def code_of(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


# --- the table is whole -----------------------------------------------------------------------------------------


def test_the_table_has_every_operation_of_the_interface_once():
    named = [operation.name for operation in OPERATIONS] + [*UPLOADS, *CHARTS, *PUBLIC]
    assert sorted(named) == sorted(described())


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_the_table_agrees_with_the_document_about_method_permission_and_status(operation: Operation):
    method, told = described()[operation.name]
    assert method == operation.method
    assert operation.status in told["responses"]
    permission = permission_of(operation)
    if operation.name in FREE_FOR_PEOPLE:
        assert not permission
        return
    role = operation.may.removeprefix("second ")
    assert role in roles_for(permission)
    if operation.may_not:
        assert operation.may_not not in roles_for(permission)
    else:  # every role of people has it
        assert {"customer", "regulator", "auditor", "technician"} <= roles_for(permission)
    for act in operation.acts:
        assert act == permission


# --- who may not ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_a_stranger_is_asked_who_it_is(operation: Operation, house: House):
    before = rows_of_all_institutes()
    response = asked(house, STRANGER, operation)
    assert code_of(response) == (401, "JL-API-003")
    assert response["WWW-Authenticate"] == 'Bearer realm="jialiang"'
    assert rows_of_all_institutes() == before, UNCHANGED


@pytest.mark.parametrize("operation", GUARDED, ids=str)
def test_a_role_without_the_permission_is_refused_and_leaves_nothing(operation: Operation, house: House):
    house.by(operation.may_not)
    before = rows_of_all_institutes()
    response = asked(house, operation.may_not, operation)
    assert code_of(response) == (403, "JL-POL-001")
    assert response.json()["facts"]["action"] == permission_of(operation)
    assert rows_of_all_institutes() == before, UNCHANGED


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_a_person_without_any_role_may_nothing_but_ask_who_it_is(operation: Operation, house: House):
    house.by(NOBODY)
    before = rows_of_all_institutes()
    response = asked(house, NOBODY, operation)
    if operation.name in FREE_FOR_PEOPLE:
        assert response.status_code == 200
        empty = {"read_queue": {"entries": [], "cut": False}, "search_everything": []}
        assert response.json() == empty.get(operation.name, response.json())
    else:
        assert code_of(response) == (403, "JL-POL-001")
    assert rows_of_all_institutes() == before, UNCHANGED


# --- whose things -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", OF_THINGS, ids=str)
def test_a_thing_of_another_institute_is_as_unknown_as_one_that_nobody_has(
    operation: Operation, house: House, theirs: House
):
    house.by(operation.may)
    before = rows_of_all_institutes()
    body = house.filled(operation.body)
    foreign = sent(house, operation.may, operation, theirs.address(operation.path), body, {})
    unknown = sent(house, operation.may, operation, operation.path.format(**nowhere(house)), body, {})
    assert code_of(foreign) == code_of(unknown) == (404, operation.missing)
    assert set(foreign.json()["facts"]) == set(unknown.json()["facts"])
    assert rows_of_all_institutes() == before, UNCHANGED


OWN_ONLY = [
    "read_organization", "list_sites", "list_contacts", "read_instrument", "read_history", "read_status",
    "change_instrument", "suspend_instrument", "read_instrument_chain", "read_trend",
    "read_interval_proposals",
]  # fmt: skip


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.name in OWN_ONLY], ids=str)
def test_a_customer_reaches_the_own_organization_s_things_only(operation: Operation, house: House):
    reception = house.by("receptionist")
    body = {"name": {"zh": "另一客户"}, "credit_code": "", "country_code": "DE", "fictional": True}
    other = reception.done("/organizations", body, 201)["id"]
    registered = {
        "owner_id": other, "name": {"zh": "别家的"}, "model": "M", "serial_number": "X-1", "purpose": "other",
        "place_of_use": "别处", "region_code": "440100",
    }  # fmt: skip
    instrument = reception.done("/instruments", registered, 201)["id"]
    address = operation.path.format(customer=other, thermometer=instrument)
    response = sent(house, "customer", operation, address, house.filled(operation.body), {})
    assert code_of(response) == (403, "JL-POL-002")


# --- what it answers and leaves ---------------------------------------------------------------------------------


def conforms(operation: Operation, response: Any) -> None:
    """Hold an answer to the schema that the document gives for it."""
    told = described()[operation.name][1]["responses"][response.status_code]
    content = told.get("content", {})
    if operation.media_type not in content:
        assert operation.media_type != "application/json" or not content
        return
    schema = content[operation.media_type]["schema"]
    if schema.get("format") == "binary":
        assert response["Content-Type"] == operation.media_type
        assert response.getvalue()
        return
    whole = schema | {"components": document()["components"]}
    validator = jsonschema_rs.Draft202012Validator(whole)
    assert not [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(response.json())]


@pytest.mark.parametrize("operation", READS, ids=str)
def test_reading_answers_by_its_schema_can_be_repeated_and_leaves_nothing(operation: Operation, house: House):
    house.by(operation.may)
    before = house.place()
    response = asked(house, operation.may, operation)
    assert response.status_code == 200, response.content.decode()
    assert response["Content-Type"].partition(";")[0] == operation.media_type
    if operation.media_type == "application/json":
        conforms(operation, response)
    assert re.fullmatch(r'"[0-9a-f.]+"', response["ETag"])
    assert "Authorization" in response["Vary"]
    assert response["Cache-Control"] == "private, no-cache"
    assert house.since(before) == ([], [])
    if operation.name in OF_THIS_SECOND:
        return
    again = asked(house, operation.may, operation, **{"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", response["ETag"])


@pytest.mark.parametrize("operation", READS, ids=str)
def test_reading_is_refused_in_a_form_that_is_not_offered(operation: Operation, house: House):
    response = asked(house, operation.may, operation, Accept="image/png")
    assert code_of(response) == (406, "JL-API-006")
    assert response.json()["facts"]["offered"] == operation.media_type


@pytest.mark.parametrize("operation", DEEDS, ids=str)
def test_a_deed_answers_by_its_schema_and_leaves_one_act_and_its_event(operation: Operation, house: House):
    house.by(operation.may)
    before = house.place()
    response = asked(house, operation.may, operation)
    assert response.status_code == operation.status, response.content.decode()
    conforms(operation, response)
    acts, events = house.since(before)
    assert (tuple(acts), tuple(events)) == (operation.acts, operation.events)


@pytest.mark.parametrize("operation", [o for o in DEEDS if o.status == 201], ids=str)
def test_what_is_made_is_found_at_the_place_that_is_named(operation: Operation, house: House):
    response = asked(house, operation.may, operation)
    place = response.get("Location", "")
    listed_only = {
        "add_site", "add_contact", "grant_role", "create_token", "add_paper_certificate", "record_checks", "add_item",
        "enrol_participant", "record_instrument_mark", "check_instrument_identity", "renew_node_token",
        "make_node_reports",
    }  # fmt: skip
    assert bool(place) is (operation.name not in listed_only)
    if place:
        found = house.by(operation.may if operation.name != "add_person" else "auditor").client.get(
            place, headers=house.by("auditor").headers
        )
        assert found.json()["id"] == response.json()["id"]


SUBJECTS = {
    "make_node_reports": "sent_report", "send_node_report_again": "sent_report",
    "send_outstanding_node_reports": "sent_report",
    "register_organization": "organization", "change_organization": "organization", "add_site": "site",
    "add_contact": "contact", "add_person": "person", "grant_role": "person", "revoke_role": "person",
    "deactivate_person": "person", "create_token": "api_token", "revoke_token": "api_token",
    "register_standard": "measurement_standard", "add_paper_certificate": "measurement_standard",
    "record_checks": "measurement_standard", "suspend_standard": "measurement_standard",
    "resume_standard": "measurement_standard", "register_instrument": "instrument",
    "change_instrument": "instrument", "suspend_instrument": "instrument", "restore_instrument": "instrument",
    "open_comparison_round": "comparison_round",
    "enrol_participant": "comparison_round",
    "enter_comparison_result": "comparison_round", "evaluate_comparison_round": "comparison_round",
    "report_comparison_round": "comparison_round", "cancel_comparison_round": "comparison_round",
    "retire_instrument": "instrument", "register_identifier": "identifier", "change_identifier": "identifier",
    "activate_identifier": "identifier", "suspend_identifier": "identifier", "resume_identifier": "identifier",
    "retire_identifier": "identifier", "write_identifiers": "identifier_batch",
    "sign_identifier": "identifier", "export_identifiers": "tenant",
    "open_commission": "commission", "add_item": "commission",
    "accept_commission": "commission", "cancel_commission": "commission", "receive_item": "commission_item",
    "hand_item_over": "commission_item", "start_calibration": "calibration", "record_calibration": "calibration",
    "create_uncertainty_budget": "budget_version", "change_uncertainty_budget": "budget_version",
    "submit_budget": "budget_version", "approve_budget": "budget_version", "return_budget": "budget_version",
    "withdraw_budget": "budget_version", "take_over_calibration": "calibration",
    "submit_calibration": "calibration", "amend_reading": "calibration",
    "review_calibration": "calibration", "return_calibration": "calibration",
    "approve_certificate": "certificate", "amend_certificate": "certificate",
    "attest_certificate": "certificate", "withdraw_certificate": "certificate", "void_certificate": "certificate",
    "add_prefix": "prefix", "delegate_prefix": "prefix",
    "suspend_prefix": "prefix", "resume_prefix": "prefix",
    "transfer_prefix": "prefix", "change_quota": "prefix",
    "withdraw_prefix": "prefix",
    "approve_application": "prefix_application", "refuse_application": "prefix_application",
    "withdraw_application": "prefix_application",
    "register_subordinate_node": "subordinate_node", "suspend_subordinate_node": "subordinate_node",
    "renew_node_token": "subordinate_node", "refuse_node_site": "site_proposal",
    "add_identity": "handle_identity", "revoke_identity": "handle_identity",
    "record_instrument_mark": "instrument_mark", "remove_instrument_mark": "instrument_mark",
    "check_instrument_identity": "identity_check", "create_label_template": "label_template",
    "change_label_template": "label_template", "withdraw_label_template": "label_template",
    "create_template": "identifier_template", "change_template": "identifier_template",
    "publish_template": "identifier_template", "withdraw_template": "identifier_template",
}  # fmt: skip


@pytest.mark.parametrize("operation", [o for o in DEEDS if o.acts], ids=str)
def test_the_act_names_its_person_its_door_and_its_subject_and_keeps_no_secret(
    operation: Operation, house: House
):
    response = asked(house, operation.may, operation)
    assert response.status_code == operation.status, response.content.decode()
    (act,) = house.by("auditor").read("/audit", limit="1")["members"]
    assert (act["action"],) == operation.acts
    assert act["door"] == "api"
    assert act["actor_id"] == str(house.world.people[operation.may].person_id)
    assert act["subject_type"] == SUBJECTS[operation.name]
    assert PASSWORD not in json.dumps(act)
    with scope(house.world.tenant.id):
        assert verify_chain(house.world.tenant.pk) == []


@pytest.mark.parametrize("operation", DEEDS, ids=str)
def test_by_session_a_deed_without_the_token_against_forgery_is_refused_and_leaves_nothing(
    operation: Operation, house: House
):
    client = Client(enforce_csrf_checks=True)
    client.force_login(Person.objects.get(pk=house.world.people[operation.may].person_id), BACKEND)
    caller = Caller(client)
    before = rows_of_all_institutes()
    address, body = house.address(operation.path), house.filled(operation.body)
    if operation.method == "delete":
        response = caller.delete(address)
    else:
        response = (caller.patch if operation.method == "patch" else caller.post)(address, body)
    assert code_of(response) == (403, "JL-API-009")
    assert rows_of_all_institutes() == before, UNCHANGED


@pytest.mark.parametrize("operation", [o for o in READS if o.name not in OF_THIS_SECOND], ids=str)
def test_head_tells_what_get_would_and_sends_nothing(operation: Operation, house: House):
    caller, address = house.by(operation.may), "/api/v1" + house.address(operation.path)
    whole = caller.client.get(address, operation.query, headers=caller.headers)
    head = caller.client.head(address, operation.query, headers=caller.headers)
    assert (whole.status_code, head.content) == (200, b"")
    assert head.status_code == 200
    for name in ("ETag", "Content-Type", "Vary", "Cache-Control"):
        assert head[name] == whole[name]
    again = caller.client.head(
        address, operation.query, headers=caller.headers | {"If-None-Match": head["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("operation", QUESTIONS, ids=str)
def test_a_question_is_answered_alike_each_time_and_leaves_nothing(operation: Operation, house: House):
    house.by(operation.may)
    before = rows_of_all_institutes()
    first = asked(house, operation.may, operation, **{"Idempotency-Key": "k"})
    second = asked(house, operation.may, operation, **{"Idempotency-Key": "k"})
    assert first.status_code == 200, first.content.decode()
    conforms(operation, first)
    assert second.content == first.content
    assert not second.has_header("Idempotent-Replayed")
    assert first["Cache-Control"] == "no-store"
    assert rows_of_all_institutes() == before


@pytest.mark.parametrize("operation", DEEDS, ids=str)
def test_head_does_no_deed(operation: Operation, house: House):
    before = rows_of_all_institutes()
    caller = house.by(operation.may)
    response = caller.client.head("/api/v1" + house.address(operation.path), headers=caller.headers)
    readable = {reading.path for reading in READS}
    assert response.status_code == (200 if operation.path in readable else 405)
    assert rows_of_all_institutes() == before, UNCHANGED


# --- once -------------------------------------------------------------------------------------------------------

KEYED = [o for o in DEEDS if o.method == "post" and not o.path.endswith(NEVER_KEPT)]
OTHER_BODY = {
    "deactivate_person": None,
    "submit_calibration": {"version": 1},
}


def changed_body(operation: Operation, house: House) -> dict[str, Any]:
    """Return another body that the interface reads."""
    body = dict(house.filled(operation.body))
    for name in ("reason", "place", "note", "phone", "method_norm", "seen_digest", "accessories"):
        if isinstance(body.get(name), str):
            return body | {name: body[name] + "1"}
    if isinstance(body.get("reason"), dict):
        return body | {"reason": {"zh": "另一个原因"}}
    return body | OTHER_BODY.get(operation.name, {}) if body else {}


@pytest.mark.parametrize("operation", KEYED, ids=str)
def test_a_deed_with_a_key_is_done_once_and_answered_alike(operation: Operation, house: House):
    house.by(operation.may)
    before = house.place()
    key = {"Idempotency-Key": f"key-{operation.name}"}
    first = asked(house, operation.may, operation, **key)
    second = asked(house, operation.may, operation, **key)
    assert first.status_code == operation.status, first.content.decode()
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert second["Idempotent-Replayed"] == "true"
    assert not first.has_header("Idempotent-Replayed")
    assert second.get("Location") == first.get("Location")
    acts, events = house.since(before)
    assert (tuple(acts), tuple(events)) == (operation.acts, operation.events)


@pytest.mark.parametrize("operation", KEYED, ids=str)
def test_a_key_of_another_request_is_refused_and_leaves_nothing(operation: Operation, house: House):
    key = {"Idempotency-Key": f"key-{operation.name}"}
    assert asked(house, operation.may, operation, **key).status_code == operation.status
    before = rows_of_all_institutes()
    address = house.address(operation.path)
    other = house.by(operation.may).post("/calibrations", house.filled(operation.body), headers=key)
    if address != "/calibrations":
        assert code_of(other) == (422, "JL-API-011")
    body = changed_body(operation, house)
    if body != house.filled(operation.body):
        assert code_of(house.by(operation.may).post(address, body, headers=key)) == (422, "JL-API-011")
    assert rows_of_all_institutes() == before, UNCHANGED


@pytest.mark.parametrize("operation", [o for o in DEEDS if o.path.endswith(NEVER_KEPT)], ids=str)
def test_where_a_secret_passes_a_key_is_not_used(operation: Operation, house: House):
    key = {"Idempotency-Key": "k"}
    first = asked(house, operation.may, operation, **key)
    second = asked(house, operation.may, operation, **key)
    assert first.status_code == operation.status
    assert not second.has_header("Idempotent-Replayed")
    once = ("add_person", "add_identity", "register_subordinate_node")
    assert second.status_code == (409 if operation.name in once else operation.status)


# --- from which version -----------------------------------------------------------------------------------------

VERSIONED = ("change_organization", "change_instrument", "record_calibration")
OPTIONAL = ("accept_commission", "submit_calibration")


@pytest.mark.parametrize("operation", [o for o in DEEDS if o.name in (*VERSIONED, *OPTIONAL)], ids=str)
def test_a_change_from_a_version_that_has_passed_is_refused_and_leaves_nothing(
    operation: Operation, house: House
):
    house.by(operation.may)
    before = rows_of_all_institutes()
    body = {name: member for name, member in house.filled(operation.body).items() if name != "version"}
    address = house.address(operation.path)
    stale = sent(house, operation.may, operation, address, body, {"If-Match": '"99.abc"'})
    assert code_of(stale) == (412, "JL-API-014")
    assert stale.json()["facts"]["read"] == "99"
    assert rows_of_all_institutes() == before, UNCHANGED


@pytest.mark.parametrize("operation", [o for o in DEEDS if o.name in VERSIONED[:2]], ids=str)
def test_a_change_that_does_not_say_where_it_starts_is_refused(operation: Operation, house: House):
    body = {name: member for name, member in house.filled(operation.body).items() if name != "version"}
    response = sent(house, operation.may, operation, house.address(operation.path), body, {})
    assert code_of(response) == (428, "JL-API-013")


@pytest.mark.parametrize("operation", [o for o in DEEDS if o.name in (*VERSIONED, *OPTIONAL)], ids=str)
def test_the_tag_that_was_read_is_where_a_change_starts(operation: Operation, house: House):
    address = house.address(operation.path)
    thing = address if operation.method == "patch" else address.rpartition("/")[0]
    tag = house.by(operation.may).get(thing)["ETag"]
    body = {name: member for name, member in house.filled(operation.body).items() if name != "version"}
    first = sent(house, operation.may, operation, address, body, {"If-Match": tag})
    assert first.status_code == operation.status, first.content.decode()
    changed = house.by(operation.may).get(thing)
    assert changed["ETag"] != tag
    assert changed.json()["version"] > int(tag.strip('"').partition(".")[0])
