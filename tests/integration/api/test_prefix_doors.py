"""Prefixes, identities and templates by REST: what the table of operations does not ask."""

from __future__ import annotations

import jsonschema
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now as clock
from tests.functions.prefix_verbs import ITEMS, LICENCE, PUBLIC_KEY
from tests.integration.api.operations.house import House, small_house

from jialiang.functions import handle_identities
from jialiang.kernel.text import Text
from jialiang.security.tenancy.services import create_tenant


@pytest.fixture
def house(db) -> House:
    """An institute with a customer that holds 88.101.5."""
    tenant = create_tenant(slug="yunze", name=Text("云泽市计量测试院"), now=clock())
    return small_house(tenant)


def licence(name: str = "营业执照.pdf", data: bytes = LICENCE.data) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def applied(house: House, role: str = "customer", **parts):
    wanted = {"parent_id": house.things["second_level"], "purpose": "压力表", "file": [licence()]} | parts
    return house.by(role).upload("/prefix-applications", **wanted)


def test_a_customer_applies_with_documents_and_the_operator_grants_the_prefix(house):
    response = applied(house, wished_code="milk", file=[licence(), licence("铭牌.png", b"\x89PNG\r\n\x1a\n")])
    told = response.json()
    assert (response.status_code, told["state"], told["organization_id"]) == (
        201,
        "submitted",
        house.things["customer"],
    )
    assert [(d["position"], d["name"], d["media_type"]) for d in told["documents"]] == [
        (1, "营业执照.pdf", "application/pdf"), (2, "铭牌.png", "image/png"),
    ]  # fmt: skip
    operator, address = house.by("identifier_operator"), f"/prefix-applications/{told['id']}"
    assert response["Location"] == f"/api/v1{address}"
    assert operator.read("/prefixes", text="88.101.milk")["members"] == []
    shown = operator.get(f"{address}/documents/1")
    assert (shown.content, shown["Content-Type"]) == (LICENCE.data, "application/pdf")
    assert shown["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert operator.get(f"{address}/documents/3").json()["code"] == "JL-PFX-017"
    granted = operator.done(f"{address}/grant", {"quota": 2000, "version": 1})
    (prefix,) = house.by("customer").read("/prefixes", text="88.101.MILK")["members"]
    assert (prefix["id"], prefix["quota"], prefix["state"]) == (granted["granted_id"], 2000, "active")


def test_an_application_is_refused_as_a_whole_where_a_document_will_not_do(house):
    for parts, code in (
        ({"file": [licence(), licence("a.exe", b"MZ")]}, "JL-PFX-014"),
        ({"file": []}, "JL-API-001"),
        ({"purpose": " "}, "JL-PFX-013"),
        ({"wished_code": "5"}, "JL-PFX-002"),
        ({"parent_id": house.things["suspended_prefix"]}, "JL-PFX-004"),
    ):
        response = applied(house, **parts)
        assert response.json()["code"] == code, parts
    assert len(house.by("customer").read("/prefix-applications")["members"]) == 1


def test_reception_applies_for_a_customer_and_others_do_not(house):
    response = applied(house, "receptionist", organization_id=house.things["customer"])
    assert response.status_code == 201
    assert applied(house, "technician").json()["code"] == "JL-POL-001"
    assert applied(house, "stranger").status_code == 401


def test_the_quota_changes_from_the_version_that_was_read(house):
    operator, address = house.by("identifier_operator"), f"/prefixes/{house.things['prefix']}"
    tag = operator.get(address)["ETag"]
    first = operator.patch(f"{address}/quota", {"quota": 9}, headers={"If-Match": tag})
    assert (first.status_code, first.json()["quota"], first.json()["version"]) == (200, 9, 2)
    assert operator.patch(f"{address}/quota", {"quota": 10}, headers={"If-Match": tag}).status_code == 412
    assert operator.patch(f"{address}/quota", {"quota": None, "version": 2}).json()["quota"] is None
    assert operator.patch(f"{address}/quota", {"quota": None}).status_code == 428


def test_a_delegation_is_told_with_its_server_and_a_bad_one_with_its_fault(house):
    operator, address = house.by("identifier_operator"), f"/prefixes/{house.things['prefix']}/delegation"
    bad = operator.post(address, {"site": {"servers": [{"address": "x"}]}})
    assert (bad.status_code, bad.json()["code"]) == (422, "JL-PFX-006")
    site = {"servers": [{"address": "2001:db8::7", "interfaces": [{"protocol": "UDP", "port": 2641}]}]}
    told = operator.done(address, {"site": site})
    assert (told["state"], told["site"]) == ("delegated", site)


def test_a_secret_is_told_once_and_opens_the_door_of_the_handle_system(house):
    customer = house.by("customer")
    made = customer.done("/handle-identities", {"identity": "301:88.101.5/gateway", "note": "网关"}, 201)
    actor = handle_identities.actor_by_secret("301:88.101.5/gateway", made["secret"], clock())
    assert str(actor.organization_id) == house.things["customer"]
    again = customer.read(f"/handle-identities/{made['id']}")
    assert made["secret"] not in str(again)
    assert again == {name: value for name, value in made.items() if name != "secret"} | {
        "last_used_at": again["last_used_at"]
    }
    assert made["secret"] not in str(house.by("auditor").read("/audit"))


def test_no_answer_that_holds_a_secret_is_kept_for_an_idempotency_key(house):
    customer, body = house.by("customer"), {"identity": "302:88.101.5/gateway"}
    first = customer.post("/handle-identities", body, headers={"Idempotency-Key": "k"})
    second = customer.post("/handle-identities", body, headers={"Idempotency-Key": "k"})
    assert (first.status_code, second.status_code, second.json()["code"]) == (201, 409, "JL-HID-003")


def test_with_a_public_key_there_is_no_secret(house):
    body = {"identity": "303:88.101.5/gateway", "public_key": PUBLIC_KEY}
    made = house.by("customer").done("/handle-identities", body, 201)
    assert (made["kind"], made["secret"], made["public_key_pem"]) == ("public_key", "", PUBLIC_KEY)
    bad = house.by("customer").post(
        "/handle-identities", body | {"public_key": "x", "identity": "304:88.101.5/g"}
    )
    assert (bad.status_code, bad.json()["code"]) == (422, "JL-HID-002")
    revoked = house.by("customer").read("/handle-identities", state="revoked")["members"]
    assert revoked == []


def test_a_template_is_read_as_a_schema_that_takes_what_the_check_takes(house):
    customer, address = house.by("customer"), f"/identifier-templates/{house.things['template']}"
    schema = customer.read(f"{address}/schema.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["SERIAL"]["x-index"] == ITEMS[0].index
    values = [{"index": 2001, "type": "MADE_ON", "data": "soon"}]
    found = customer.done(f"{address}/check", {"values": values})
    assert [(finding["index"], finding["rule"]) for finding in found] == [
        (2000, "required"),
        (2001, "data_type"),
    ]
    assert found[0]["message"] == {
        "zh": "出厂编号（2000）：缺少必填项",
        "en": "Serial number (2000): it is required",
    }
    right = [
        {"index": 2000, "type": "SERIAL", "data": "7"},
        {"index": 2001, "type": "MADE_ON", "data": "2026-06-16"},
    ]
    assert customer.done(f"{address}/check", {"values": right}) == []


def test_a_template_changes_item_by_item_and_is_listed_by_prefix_and_state(house):
    customer, address = house.by("customer"), f"/identifier-templates/{house.things['template']}"
    item = {"index": 2000, "type": "SERIAL", "name": {"zh": "编号"}, "enabled": False}
    body = {"version": 1, "industry": "C4014", "name": {"zh": "玻璃温度计"}, "items": [item]}
    told = customer.patch(address, body).json()
    assert [(own["index"], own["enabled"]) for own in told["items"]] == [(2000, False), (2001, True)]
    assert (told["industry"], told["name"], told["version"]) == ("C4014", {"zh": "玻璃温度计", "en": ""}, 2)
    customer.done(f"{address}/publication")
    listed = customer.read("/identifier-templates", prefix="88.101.5", state="published")["members"]
    assert [row["id"] for row in listed] == [house.things["template"]]


def test_an_item_for_named_organizations_keeps_their_ids(house):
    item = {
        "index": 2009, "type": "PRICE", "name": {"en": "Price"}, "readers": "organizations",
        "organizations": [house.things["customer"]],
    }  # fmt: skip
    body = {"prefix": "88.101.5", "code": "V7", "name": {"en": "Priced"}, "items": [item]}
    response = house.by("customer").post("/identifier-templates", body)
    assert response.status_code == 422  # a template has a Chinese name
    told = house.by("customer").done("/identifier-templates", body | {"name": {"zh": "价"}}, 201)
    assert told["items"][0]["organizations"] == [house.things["customer"]]
    assert house.by("customer").read(f"/identifier-templates/{told['id']}") == told
