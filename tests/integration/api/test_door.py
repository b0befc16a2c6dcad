"""What the door does around every address: who asks, in which institute and form, once, and how it refuses."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test import Client
from tests.functions import record_world
from tests.functions.record_world import PASSWORD, credit_code
from tests.integration.api.calling import ROOT, Caller, founded, stranger

from jialiang.base.organizations.models import Organization
from jialiang.governance.idempotency.models import KeyedRequest
from jialiang.governance.idempotency.services import RUNS_AT_MOST, forget
from jialiang.integration.api.negotiation import admits
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.accounts.services import deactivate, revoke_role
from jialiang.security.audit.selectors import history
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant
from jialiang.security.tokens.models import ApiToken

MEMBERS = {"type", "title", "status", "detail", "code", "what", "rule", "way_out", "facts"}


def refused(response, status: int, code: str) -> dict:
    """Insist on a problem, and return it."""
    body = response.json()
    assert (response.status_code, body["code"]) == (status, code), body
    assert response["Content-Type"] == "application/problem+json"
    assert set(body) >= MEMBERS
    assert body["type"] == f"/docs/errors#{code}"
    assert body["status"] == status
    for member in ("what", "rule", "way_out"):
        assert set(body[member]) == {"zh", "en"}
    return body


def customer_body(serial: int = 7, **more: object) -> dict:
    code = credit_code(f"91440100MA559{serial:04d}")
    return {
        "name": {"zh": "白杨面粉厂", "en": "Poplar Flour Mill"},
        "credit_code": code,
        "fictional": True,
    } | more


# --- who asks ---------------------------------------------------------------------------------------------------


def test_a_stranger_is_told_how_to_come_in(anyone):
    response = anyone.get("/instruments")
    refused(response, 401, "JL-API-003")
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "shown", ["Bearer nonsense", "Bearer jl_000000000000_" + "A" * 43, "Basic YTpi", "Bearer "]
)
def test_whatever_is_no_token_does_not_open_even_a_public_address(anyone, shown):
    refused(anyone.get("/register", headers={"Authorization": shown}), 401, "JL-TOK-001")


def test_a_token_is_known_by_its_secret_and_not_by_its_prefix(as_role):
    caller = as_role("receptionist")
    text = caller.headers["Authorization"]
    other = text[:-1] + ("A" if text[-1] != "A" else "B")
    refused(caller.get("/me", headers={"Authorization": other}), 401, "JL-TOK-001")
    assert caller.read("/me")["roles"] == ["receptionist"]


def test_the_table_of_tokens_holds_nothing_that_opens_the_door(as_role, world):
    secret = as_role("receptionist").headers["Authorization"].split("_", 2)[2]
    with scope(world.tenant.id):
        row = ApiToken.objects.get()
    assert all(secret not in str(value) for value in vars(row).values())


def test_a_token_ends_on_its_day_is_revoked_at_once_and_dies_with_the_account(world):
    with scope(world.tenant.id):
        ended, revoked, orphaned = (
            Caller.of(world, role) for role in ("technician", "reviewer", "signatory")
        )
        rows = {row.person_id: row for row in ApiToken.objects.all()}
        person = world.people["technician"].person_id
        ApiToken.objects.filter(pk=rows[person].pk).update(expires_at=utc_now())
        deactivate(person_id=world.people["signatory"].person_id, now=utc_now())
    token_id = revoked.read("/tokens")[0]["id"]
    assert revoked.delete(f"/tokens/{token_id}").json()["revoked_at"] is not None
    for caller in (ended, revoked, orphaned):
        refused(caller.get("/me"), 401, "JL-TOK-001")


def test_a_token_holds_no_more_than_its_roles_and_its_person_today(world):
    with scope(world.tenant.id):
        from_both = world.people["receptionist"]
        caller = Caller.of(world, "receptionist", roles=("receptionist",))
        revoke_role(person_id=from_both.person_id, role="receptionist", revoked_by_id=None, now=utc_now())
    assert caller.read("/me")["roles"] == []
    refused(caller.post("/organizations", customer_body()), 403, "JL-POL-001")


def test_making_a_token_needs_the_password_again_and_is_on_record_without_the_secret(as_role, world):
    caller = as_role("technician")
    wish = {"name": "bench PC", "days": 7, "roles": ["technician"]}
    refused(caller.post("/tokens", wish), 403, "JL-ACC-010")
    refused(caller.post("/tokens", wish | {"password": "wrong-password"}), 403, "JL-ACC-010")
    refused(caller.post("/tokens", wish | {"password": PASSWORD, "roles": ["signatory"]}), 422, "JL-TOK-003")
    made = caller.done("/tokens", wish | {"password": PASSWORD}, 201)
    assert Caller(Client(), {"Authorization": f"Bearer {made['token']}"}).read("/me")["roles"] == [
        "technician"
    ]
    assert [row["name"] for row in caller.read("/tokens")] == ["bench PC", "test"]
    with scope(world.tenant.id):
        written = json.dumps([row.detail for row in history("api_token", made["id"])])
    assert made["prefix"] in written
    assert made["token"].split("_", 2)[2] not in written


def test_a_token_of_somebody_else_is_not_found_but_by_the_administrator(as_role):
    theirs = as_role("technician").read("/tokens")[0]["id"]
    refused(as_role("reviewer").delete(f"/tokens/{theirs}"), 404, "JL-TOK-004")
    assert as_role("system_administrator").delete(f"/tokens/{theirs}").status_code == 200
    refused(as_role("technician").get("/me"), 401, "JL-TOK-001")


def test_use_of_a_token_is_noted(as_role, world):
    as_role("technician").read("/me")
    with scope(world.tenant.id):
        assert ApiToken.objects.get().last_used_at is not None


def test_a_session_changes_things_with_its_token_against_forgery_only(world):
    client = Client(enforce_csrf_checks=True)
    assert client.login(username="receptionist", password=PASSWORD)
    caller = Caller(client)
    assert caller.read("/me")["roles"] == ["receptionist"]
    refused(caller.post("/organizations", customer_body()), 403, "JL-API-009")
    forged = "a" * 32
    client.cookies["csrftoken"] = forged
    refused(
        caller.post("/organizations", customer_body(), headers={"X-CSRFToken": "b" * 32}), 403, "JL-API-009"
    )
    assert caller.post("/organizations", customer_body(), headers={"X-CSRFToken": forged}).status_code == 201


# --- in which institute -----------------------------------------------------------------------------------------


def test_another_institute_s_things_are_not_found_by_any_address(world, as_role, tenant):
    other = create_tenant(slug="other-institute", name=Text("另一院", "Another"), now=utc_now())
    theirs = founded(other, utc_now(), mark="B", short_code="ZZ")
    with scope(other.id):
        certificate = record_world.issued_certificate(theirs)
        item = certificate.calibration.item
    reads = {
        "receptionist": [
            f"/organizations/{theirs.customer_id}",
            f"/organizations/{theirs.customer_id}/sites",
            f"/organizations/{theirs.customer_id}/contacts",
            f"/instruments/{theirs.thermometer_id}",
            f"/instruments/{theirs.thermometer_id}/history",
            f"/instruments/{theirs.thermometer_id}/status",
            f"/instruments/{theirs.thermometer_id}/chain",
            f"/commissions/{item.commission_id}",
            f"/items/{item.id}",
            f"/items/{item.id}/custody",
            f"/calibrations/{certificate.calibration_id}",
            f"/calibrations/{certificate.calibration_id}/readings",
            f"/calibrations/{certificate.calibration_id}/evaluation",
            f"/calibrations/{certificate.calibration_id}/steps",
            f"/certificates/{certificate.id}",
            f"/certificates/{certificate.id}/content",
            f"/certificates/{certificate.id}/files",
            f"/certificates/{certificate.id}/files/xml",
            f"/certificates/{certificate.id}/chain",
            f"/certificates/{certificate.id}/status-changes",
            f"/measurement-standards/{theirs.standard_id}",
            f"/measurement-standards/{theirs.standard_id}/certificates",
            f"/measurement-standards/{theirs.standard_id}/checks",
            f"/measurement-standards/{theirs.standard_id}/control-chart",
            f"/measurement-standards/{theirs.standard_id}/chain",
        ],
        "system_administrator": [
            f"/people/{theirs.people['technician'].person_id}",
            f"/people/{theirs.people['technician'].person_id}/roles",
        ],
        "signatory": [
            f"/calibrations/{certificate.calibration_id}/preview",
            f"/calibrations/{certificate.calibration_id}/preview-pages",
        ],
    }
    for role, addresses in reads.items():
        for address in addresses:
            assert as_role(role).get(address).status_code == 404, address
    for noun in ("organizations", "instruments", "commissions", "calibrations", "certificates"):
        ids = {member["id"] for member in as_role("receptionist").read(f"/{noun}")["members"]}
        with everywhere("compare"):
            assert str(certificate.id) not in ids and str(theirs.thermometer_id) not in ids
    deeds = [
        (
            "signatory",
            f"/certificates/{certificate.id}/withdrawal",
            {"reason": {"zh": "无"}, "password": PASSWORD},
        ),
        ("signatory", f"/certificates/{certificate.id}/amendment", {"reason": {"zh": "无"}}),
        ("receptionist", f"/commissions/{item.commission_id}/cancellation", {"reason": "无"}),
        ("receptionist", f"/items/{item.id}/hand-over", {"to": "returned"}),
        ("receptionist", f"/instruments/{theirs.thermometer_id}/retirement", {"reason": "无"}),
        ("reviewer", f"/calibrations/{certificate.calibration_id}/return", {"reason": "无"}),
        ("standards_keeper", f"/measurement-standards/{theirs.standard_id}/suspension", {"reason": "无"}),
        ("system_administrator", f"/people/{theirs.people['technician'].person_id}/deactivation", {}),
    ]
    for role, address, body in deeds:
        assert as_role(role).post(address, body).status_code == 404, address
    assert as_role("auditor").read(f"/audit/certificate/{certificate.id}") == []


def test_a_customer_sees_and_handles_the_own_things_only(world, as_role):
    reception = as_role("receptionist")
    mill = reception.done("/organizations", customer_body(), 201)["id"]
    with scope(world.tenant.id):
        facts = record_world.thermometer_facts("MILL-1")
        foreign = record_world.instruments.register(
            actor=world.people["receptionist"], facts=facts, owner_id=mill, now=utc_now()
        )
    customer = as_role("customer")
    own = customer.read("/instruments")["members"]
    assert [row["id"] for row in own] == [str(world.thermometer_id)]
    assert customer.read("/instruments", owner_id=mill)["members"] == own
    assert [row["id"] for row in customer.read("/organizations")["members"]] == [str(world.customer_id)]
    assert customer.read("/search", text="MILL-1") == []
    for address in (
        f"/instruments/{foreign.id}",
        f"/organizations/{mill}",
        f"/instruments/{foreign.id}/chain",
    ):
        refused(customer.get(address), 403, "JL-POL-002")
    refused(customer.post("/commissions", {"customer_id": mill, "kind": "calibration"}), 403, "JL-POL-002")
    for address in ("/calibrations", "/measurement-standards", "/people", "/audit", "/procedures"):
        refused(customer.get(address), 403, "JL-POL-001")


@pytest.mark.parametrize(
    ("role", "address", "body"),
    [
        ("technician", "/organizations", customer_body()),
        ("receptionist", "/people", {"username": "someone", "password": PASSWORD, "name": {"zh": "某人"}}),
        ("reviewer", "/commissions", {"customer_id": str(uuid4()), "kind": "calibration"}),
        ("auditor", "/fake-numbers", {}),
    ],
)
def test_a_role_that_may_not_is_told_who_may(as_role, role, address, body):
    response = as_role(role).post(address, body)
    if address == "/fake-numbers":
        refused(response, 404, "JL-API-004")
    else:
        assert refused(response, 403, "JL-POL-001")["facts"]["who"]


# --- in which form ----------------------------------------------------------------------------------------------


def test_the_language_of_a_problem_follows_the_reader_and_both_stand_in_it(as_role):
    caller = as_role("receptionist")
    address = f"/instruments/{uuid4()}"
    zh = refused(
        caller.get(address, headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}), 404, "JL-INS-004"
    )
    en = refused(caller.get(address, headers={"Accept-Language": "en-GB"}), 404, "JL-INS-004")
    assert (zh["title"], en["title"]) == ("没有找到", "Not found")
    assert zh["detail"].startswith(zh["what"]["zh"]) and en["detail"].startswith(en["what"]["en"])
    assert zh["what"].keys() == en["what"].keys()


def test_members_that_do_not_fit_are_all_named(as_role):
    body = customer_body(surplus=1) | {"name": "no text", "fictional": "perhaps"}
    told = refused(as_role("receptionist").post("/organizations", body), 422, "JL-API-001")
    assert {entry["member"] for entry in told["errors"]} == {"body.surplus", "body.name", "body.fictional"}
    listed = refused(as_role("receptionist").get("/organizations", limit="0", kind="x"), 422, "JL-API-001")
    assert {entry["member"] for entry in listed["errors"]} == {"query.limit", "query.kind"}


@pytest.mark.parametrize(
    "text",
    [
        '{"name": ',
        '{"name": {}, "name": {}}',
        '{"a": NaN}',
        '{"a": 1.5}',
        '"\\u0000"',
        '"\\ud800"',
        "[" * 60 + "]" * 60,
    ],
)
def test_a_body_that_could_be_read_in_two_ways_is_not_read(as_role, text):
    caller = as_role("receptionist")
    response = caller.client.post(
        f"{ROOT}/organizations", text, content_type="application/json", headers=caller.headers
    )
    refused(response, 400, "JL-API-002")


def test_a_nul_in_the_address_is_refused(as_role):
    refused(as_role("receptionist").get("/search", text="a\0b"), 422, "JL-API-001")


def test_wrong_address_method_form_and_size_are_problems_too(as_role, settings):
    caller = as_role("receptionist")
    refused(caller.get("/nothing-here"), 404, "JL-API-004")
    wrong = caller.delete("/organizations")
    refused(wrong, 405, "JL-API-005")
    assert set(wrong["Allow"].split(", ")) == {"GET", "HEAD", "POST"}
    refused(caller.get("/organizations", headers={"Accept": "text/html"}), 406, "JL-API-006")
    refused(
        caller.post("/organizations", customer_body(), headers={"Accept": "image/png"}), 406, "JL-API-006"
    )
    plain = caller.client.post(
        f"{ROOT}/organizations", "a=b", content_type="text/plain", headers=caller.headers
    )
    refused(plain, 415, "JL-API-008")
    upload = caller.client.post(f"{ROOT}/authenticity-checks", "{}", content_type="application/json")
    refused(upload, 415, "JL-API-008")
    large = {"Content-Length": str(settings.JIALIANG.max_upload_bytes + 1)}
    refused(caller.post("/organizations", customer_body(), headers=large), 413, "JL-API-007")


@pytest.mark.parametrize(
    ("accept", "admitted"),
    [
        ("", True),
        ("*/*", True),
        ("application/*;q=0.1", True),
        ("text/html, application/json;q=0.5", True),
        ("text/html", False),
        ("application/json;q=0, */*", False),
        ("*/*;q=0", False),
        ("application/json;q=bad", False),
    ],
)
def test_accept_is_read_as_rfc_9110_says(accept, admitted):
    assert admits(accept, "application/json") is admitted


def test_a_fault_is_a_problem_that_tells_nothing_of_the_inside(as_role, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise RuntimeError("secret inside")

    monkeypatch.setattr("jialiang.integration.api.desk.search", broken)
    told = refused(as_role("receptionist").get("/search", text="abc"), 500, "JL-API-016")
    assert "secret" not in json.dumps(told)
    assert "secret inside" in caplog.text


# --- a page at a time, what has been read, from which version ---------------------------------------------------


def test_pages_follow_one_another_without_gap_or_repetition(as_role, world):
    caller = as_role("receptionist")
    for serial in range(5):
        caller.done("/organizations", customer_body(serial + 20, name={"zh": f"客户{serial}"}), 201)
    seen, address = [], f"{ROOT}/organizations?limit=3&kind=enterprise"
    while address:
        response = caller.client.get(address, headers=caller.headers)
        seen += [member["id"] for member in response.json()["members"]]
        assert len(response.json()["members"]) <= 3
        link = response.get("Link", "")
        address = link.partition("<")[2].partition(">")[0]
        assert bool(link) == bool(response.json()["next_after"])
    with scope(world.tenant.id):
        stored = Organization.objects.filter(kind="enterprise").order_by("-id").values_list("id", flat=True)
        assert seen == [str(key) for key in stored]
    refused(caller.get("/organizations", after="not-a-mark"), 422, "JL-PAGE-001")
    refused(as_role("auditor").get("/audit", after="-1"), 422, "JL-PAGE-001")


def test_the_trail_is_read_a_page_at_a_time(as_role):
    caller = as_role("auditor")
    whole = [entry["seq"] for entry in caller.read("/audit", limit=200)["members"]]
    first = caller.read("/audit", limit=2)
    second = caller.read("/audit", limit=200, after=first["next_after"])
    assert [entry["seq"] for entry in (*first["members"], *second["members"])] == whole
    assert whole == sorted(whole, reverse=True)


def test_what_has_been_read_is_not_sent_again_until_it_changes(as_role, world):
    caller, address = as_role("receptionist"), f"/organizations/{world.customer_id}"
    tag = caller.get(address)["ETag"]
    again = caller.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert caller.patch(address, {"phone": "020-5550 0101"}, headers={"If-Match": tag}).status_code == 200
    changed = caller.get(address, headers={"If-None-Match": tag})
    assert (changed.status_code, changed.json()["phone"]) == (200, "020-5550 0101")


def test_a_change_starts_from_the_version_that_was_read(as_role, world):
    caller, address = as_role("receptionist"), f"/instruments/{world.thermometer_id}"
    tag = caller.get(address)["ETag"]
    change = {"place_of_use": "检验室"}
    refused(caller.patch(address, change), 428, "JL-API-013")
    refused(caller.patch(address, change, headers={"If-Match": "*"}), 428, "JL-API-013")
    assert caller.patch(address, change, headers={"If-Match": tag}).json()["version"] == 2
    refused(caller.patch(address, {"origin": "CN"}, headers={"If-Match": tag}), 412, "JL-API-014")
    refused(caller.patch(address, {"origin": "CN", "version": 1}), 409, "JL-INS-409")
    assert caller.patch(address, {"origin": "CN", "version": 2}).json()["origin"] == "CN"
    assert [entry["action"] for entry in caller.read(f"{address}/history")][0].endswith("change")


# --- once -------------------------------------------------------------------------------------------------------


def test_a_request_sent_twice_is_done_once_and_answered_alike(as_role, world):
    caller, key = as_role("receptionist"), {"Idempotency-Key": "order-1"}
    body = {"customer_id": str(world.customer_id), "kind": "calibration"}
    first = caller.post("/commissions", body, headers=key)
    second = caller.post("/commissions", body, headers=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content and second["Location"] == first["Location"]
    assert second["Idempotent-Replayed"] == "true" and not first.has_header("Idempotent-Replayed")
    assert len(caller.read("/commissions")["members"]) == 1


def test_a_key_belongs_to_one_request_of_one_person(as_role, world):
    key = {"Idempotency-Key": "order-1"}
    body = {"customer_id": str(world.customer_id), "kind": "calibration"}
    assert as_role("receptionist").post("/commissions", body, headers=key).status_code == 201
    refused(
        as_role("receptionist").post("/commissions", body | {"note": "other"}, headers=key), 422, "JL-API-011"
    )
    assert as_role("customer").post("/commissions", body, headers=key).status_code == 201


def test_a_refused_request_leaves_its_key_free(as_role, world):
    caller, key = as_role("receptionist"), {"Idempotency-Key": "k"}
    refused(
        caller.post("/commissions", {"customer_id": str(uuid4()), "kind": "calibration"}, headers=key),
        404,
        "JL-ORG-007",
    )
    body = {"customer_id": str(world.customer_id), "kind": "calibration"}
    assert caller.post("/commissions", body, headers=key).status_code == 201


@pytest.mark.parametrize("key", ["x" * 201, "line\tbreak"])
def test_a_key_is_short_and_printable(as_role, world, key):
    body = {"customer_id": str(world.customer_id), "kind": "calibration"}
    refused(
        as_role("receptionist").post("/commissions", body, headers={"Idempotency-Key": key}),
        422,
        "JL-API-010",
    )


def test_kept_answers_are_forgotten_after_a_day(as_role, world):
    body = {"customer_id": str(world.customer_id), "kind": "calibration"}
    as_role("receptionist").post("/commissions", body, headers={"Idempotency-Key": "k"})
    assert forget(utc_now() + timedelta(hours=23)) == 0
    assert forget(utc_now() + timedelta(hours=25)) == 1
    again = as_role("receptionist").post("/commissions", body, headers={"Idempotency-Key": "k"})
    assert not again.has_header("Idempotent-Replayed")


def test_an_approval_under_way_is_not_begun_again_and_one_that_died_is(as_role, world):
    with scope(world.tenant.id):
        record = record_world.submitted_record(world)
        record_world.pass_review(world, record)
    signatory = as_role("signatory")
    digest = signatory.read(f"/calibrations/{record}/preview")["digest"]
    body = {"seen_digest": digest, "password": PASSWORD}
    address, key = f"/calibrations/{record}/approval", {"Idempotency-Key": "approve"}
    first = signatory.post(address, body, headers=key)
    assert first.status_code == 201
    assert signatory.post(address, body, headers=key).json()["id"] == first.json()["id"]
    with scope(world.tenant.id):
        KeyedRequest.objects.update(status=None)
    refused(signatory.post(address, body, headers=key), 409, "JL-API-012")
    with scope(world.tenant.id):
        KeyedRequest.objects.update(runs_until=utc_now() - RUNS_AT_MOST)
    assert (
        signatory.post(address, body, headers=key).status_code == 409
    )  # the record itself refuses a second number


def test_neither_passwords_nor_tokens_are_kept(as_role, world):
    key = {"Idempotency-Key": "secret"}
    body = {"name": "n", "password": PASSWORD}
    assert as_role("technician").post("/tokens", body, headers=key).status_code == 201
    with scope(world.tenant.id):
        assert KeyedRequest.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_same_request_at_the_same_moment_is_done_once(tenant):
    world = founded(tenant, utc_now())
    caller = Caller.of(world, "receptionist")
    body = {"customer_id": str(world.customer_id), "kind": "calibration"}

    def send(_: int):
        try:
            return Caller(Client(), caller.headers).post(
                "/commissions", body, headers={"Idempotency-Key": "k"}
            )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(send, range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(caller.read("/commissions")["members"]) == 1
    assert connection.vendor in ("sqlite", "postgresql")


# --- anyone -----------------------------------------------------------------------------------------------------


def test_strangers_are_limited_and_the_signed_in_are_not(as_role, anyone, world):
    seen = {"number": "YZ-2026-C-000099", "description": "the seal is a photograph"}
    answers = [anyone.post("/fake-reports", seen) for _ in range(7)]
    assert [answer.status_code for answer in answers[:6]] == [201] * 6
    told = refused(answers[6], 429, "JL-API-015")
    assert answers[6]["Retry-After"] == told["facts"]["seconds"]
    assert as_role("customer").post("/fake-reports", seen).status_code == 201
    refused(stranger().post("/fake-reports", {}), 429, "JL-API-015")


def test_asking_the_register_for_what_is_not_there_is_limited(anyone, world):
    for serial in range(30):
        assert anyone.get("/register", identifier=f"88.999.1/yz-2026-c-{serial:06d}").status_code == 200
    refused(anyone.get("/register", identifier="88.999.1/yz-2026-c-000031"), 429, "JL-API-015")


def test_whom_to_trust_is_told_to_anyone(anyone, world):
    root = anyone.get("/trust/ca.pem")
    assert root.content.startswith(b"-----BEGIN CERTIFICATE-----")
    assert root["Content-Type"] == "application/x-pem-file"
    revoked = anyone.get("/trust/crl")
    assert (revoked.content[:1], revoked["Content-Type"]) == (b"\x30", "application/pkix-crl")


def test_documentation_needs_nothing_from_elsewhere_and_runs_no_script(client, db):
    for address, words in (("/api/v1/docs", "接口文档"), ("/docs/errors", "JL-API-001")):
        page = client.get(address, headers={"Accept-Language": "zh"})
        text = page.content.decode()
        assert page.status_code == 200 and words in text
        assert "<script" not in text and "src=" not in text and 'href="http' not in text
        policy = page["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
    assert 'id="JL-TOK-001"' in client.get("/docs/errors?lang=en").content.decode()
