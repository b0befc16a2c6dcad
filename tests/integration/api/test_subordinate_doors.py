"""Subordinate nodes and their reports by REST: registered, reported to with headers and bytes, listed, decided on."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from tests.functions.prefix_verbs import SITE
from tests.integration.api.calling import ROOT, Caller
from tests.integration.api.operations.house import House, small_house
from tests.subordinates import (
    NODE,
    OTHER_SITE,
    REGISTRATIONS,
    RESOLUTIONS,
    ROUTES,
    TEMPLATES,
    Report,
    deed,
    route,
)
from tests.subordinates import ROOT as NODE_ROOT

from jialiang.formats.node_report.header import MEDIA_TYPE
from jialiang.governance.subordinate_nodes.models import ReceivedReport
from jialiang.integration.api.received_reports import told_digest
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.services import create_tenant

NEW = {"prefix": NODE, "name": {"zh": "晨星节点", "en": "Morning Star node"}}


@pytest.fixture
def house(db, settings, tmp_path: Path) -> House:
    """An institute with a customer that holds 88.101.5."""
    settings.JIALIANG = replace(settings.JIALIANG, data_dir=tmp_path)
    tenant = create_tenant(slug="yunze", name=Text("云泽市计量测试院"), now=utc_now())
    return small_house(tenant)


@pytest.fixture
def operator(house) -> Caller:
    return house.by("identifier_operator")


@pytest.fixture
def node(operator) -> dict[str, Any]:
    """A node that was registered."""
    made: dict[str, Any] = operator.done("/subordinate-nodes", NEW, 201)
    return made


@pytest.fixture
def program(node) -> Caller:
    """The node's own program."""
    return Caller(Client(), {"Authorization": f"Bearer {node['token']}"})


def content_digest(data: bytes) -> str:
    return f"sha-256=:{b64encode(sha256(data).digest()).decode()}:"


def hand_in(caller: Caller, report: Report | bytes, **headers: str) -> Any:
    data = report if isinstance(report, bytes) else report.data
    given = caller.headers | {"Content-Digest": content_digest(data)} | headers
    return caller.client.post(f"{ROOT}/node-reports", data, content_type=MEDIA_TYPE, headers=given)


def code_of(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


# --- nodes ------------------------------------------------------------------------------------------------------


def test_a_node_is_registered_and_its_token_told_once(operator, node) -> None:
    assert (node["prefix"], node["state"], node["has_root"], node["token"][:3]) == (NODE, "active", False, "jl_")
    read = operator.read(f"/subordinate-nodes/{node['id']}")
    assert read == {name: told for name, told in node.items() if name != "token"}
    (standing,) = operator.read("/subordinate-nodes")["items"]
    assert (standing["node"], standing["open_proposals"], standing["late"]) == (read, 0, [])
    assert standing["last"] == dict.fromkeys(("registrations", "resolutions", "templates", "routes"))


def test_an_idempotency_key_does_not_keep_the_token(operator) -> None:
    key = {"Idempotency-Key": "once"}
    assert operator.post("/subordinate-nodes", NEW, headers=key).status_code == 201
    assert code_of(operator.post("/subordinate-nodes", NEW, headers=key))[0] == 409


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"prefix": "88.102"}, (404, "JL-PFX-003")),
        ({"root": "nonsense"}, (422, "JL-NOD-005")),
        ({"name": {"zh": "", "en": "x"}}, (422, "JL-NOD-013")),
        ({"name": {}}, (422, "JL-API-001")),
        ({"colour": "red"}, (422, "JL-API-001")),
    ],
)
def test_what_will_not_do_is_refused(operator, change: dict[str, Any], expected: tuple[int, str]) -> None:
    assert code_of(operator.post("/subordinate-nodes", NEW | change)) == expected
    assert operator.read("/subordinate-nodes")["items"] == []


def test_a_node_with_a_root_has_its_signatures_checked(operator) -> None:
    node = operator.done("/subordinate-nodes", NEW | {"root": NODE_ROOT.body().decode()}, 201)
    assert node["has_root"]
    program = Caller(Client(), {"Authorization": f"Bearer {node['token']}"})
    answer = hand_in(program, REGISTRATIONS, **{"Report-Signature": REGISTRATIONS.signed()})
    assert (answer.status_code, answer.json()["signature"]) == (201, "valid")
    assert code_of(hand_in(program, RESOLUTIONS, **{"Report-Signature": REGISTRATIONS.signed()})) == (
        422,
        "JL-NOD-009",
    )


def test_a_node_is_suspended_resumed_and_gets_another_token(operator, node, program) -> None:
    address = f"/subordinate-nodes/{node['id']}"
    assert code_of(operator.post(f"{address}/suspension", {"reason": ""})) == (422, "JL-NOD-013")
    assert operator.done(f"{address}/suspension", {"reason": "超期"})["state"] == "suspended"
    assert code_of(hand_in(program, REGISTRATIONS)) == (403, "JL-NOD-004")
    assert code_of(operator.post(f"{address}/suspension", {"reason": "超期"})) == (409, "JL-NOD-003")
    assert operator.done(f"{address}/resumption", {})["state"] == "active"
    assert hand_in(program, REGISTRATIONS).status_code == 201
    token = operator.done(f"{address}/token", {}, 201)["token"]
    assert hand_in(program, RESOLUTIONS).status_code == 401
    assert hand_in(Caller(Client(), {"Authorization": f"Bearer {token}"}), RESOLUTIONS).status_code == 201


# --- reports ----------------------------------------------------------------------------------------------------


def test_a_report_is_answered_with_its_receipt(program) -> None:
    answer = hand_in(program, REGISTRATIONS)
    receipt = answer.json()
    assert answer.status_code == 201
    assert answer["Location"] == f"{ROOT}/node-reports/{receipt['id']}"
    assert receipt["digest"] == f"sha-256:{REGISTRATIONS.digest}"
    assert (receipt["node"], receipt["kind"], receipt["day"]) == (NODE, "registrations", "2026-06-15")
    assert (receipt["lines"], receipt["state"], receipt["signature"]) == (3, "accepted", "none")
    assert program.read(f"/node-reports/{receipt['id']}") == receipt


def test_the_same_bytes_again_are_answered_alike_with_200(program) -> None:
    first, again = hand_in(program, REGISTRATIONS), hand_in(program, REGISTRATIONS)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    keyed = hand_in(program, REGISTRATIONS, **{"Idempotency-Key": "k"})
    assert (keyed.status_code, keyed.json()) == (200, first.json())


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (REGISTRATIONS.but(lines=(deed(),)), (409, "JL-NOD-006")),
        (b"", (422, "JL-NRP-001")),
        (b"no gzip", (422, "JL-NRP-001")),
        (gzip.compress(b"{}\n"), (422, "JL-NRP-003")),
        (REGISTRATIONS.but(revision=2, lines=(deed(identifier="88.1/x", prefix="88.1"),)), (422, "JL-NOD-008")),
        (REGISTRATIONS.but(node="88.101.6", lines=()), (403, "JL-NOD-004")),
        (REGISTRATIONS.but(node="88.101", lines=()), (403, "JL-NOD-004")),
    ],
    ids=["revision", "empty", "no gzip", "no header", "strange", "another node", "the prefix above"],
)
def test_what_is_refused_says_why_and_leaves_nothing(program, report: Any, expected: tuple[int, str]) -> None:
    hand_in(program, REGISTRATIONS)
    assert code_of(hand_in(program, report)) == expected
    assert ReceivedReport.objects.count() == 1


def test_a_broken_rule_is_told_with_its_line_in_both_languages(program) -> None:
    lines = (deed(), deed(identifier="88.1/x", prefix="88.1"))
    told = hand_in(program, REGISTRATIONS.but(lines=lines)).json()
    assert told["facts"]["line"] == "3"
    assert ("88.1" in told["what"]["zh"], "does not belong" in told["what"]["en"]) == (True, True)
    assert told["rule"]["zh"] != told["rule"]["en"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("sha-256=:AAAA:", (422, "JL-NOD-007")),
        ("sha-256=:?:", (422, "JL-NOD-007")),
        ("sha-256=:é:", (422, "JL-NOD-007")),
        (f"sha-512=:x:, {content_digest(RESOLUTIONS.data)}", (422, "JL-NOD-007")),
    ],
)
def test_a_digest_that_does_not_belong_to_the_bytes_is_refused(program, header: str, expected: Any) -> None:
    assert code_of(hand_in(program, REGISTRATIONS, **{"Content-Digest": header})) == expected


@pytest.mark.parametrize("header", ["", "sha-512=:AAAA:", f"sha-512=:x:, {content_digest(REGISTRATIONS.data)}"])
def test_a_digest_of_another_kind_is_not_looked_at(program, header: str) -> None:
    assert hand_in(program, REGISTRATIONS, **{"Content-Digest": header}).status_code == 201


def test_a_digest_is_read_as_the_standard_writes_it() -> None:
    assert told_digest(content_digest(b"x")) == sha256(b"x").hexdigest()
    assert told_digest("") == told_digest("md5=:x:") == ""


def test_another_form_and_a_body_that_is_too_large_are_refused(program, settings) -> None:
    given = {"headers": program.headers}
    for media_type in ("application/json", "text/plain"):
        answer = program.client.post(f"{ROOT}/node-reports", b"x", content_type=media_type, **given)
        assert code_of(answer) == (415, "JL-API-008")
    answer = program.client.post(f"{ROOT}/node-reports", REGISTRATIONS.data, content_type="application/gzip", **given)
    assert answer.status_code == 201
    settings.JIALIANG = replace(settings.JIALIANG, max_upload_bytes=100)
    assert code_of(hand_in(program, RESOLUTIONS)) == (413, "JL-API-007")


def test_who_may_hand_in_and_who_may_not(house, operator, node) -> None:
    assert hand_in(operator, REGISTRATIONS).status_code == 201
    for role in ("customer", "technician", "auditor"):
        assert code_of(hand_in(house.by(role), RESOLUTIONS)) == (403, "JL-POL-001")
    assert code_of(hand_in(house.by("stranger"), RESOLUTIONS)) == (401, "JL-API-003")


def test_the_token_of_a_node_opens_nothing_else(program) -> None:
    for address in ("/subordinate-nodes", "/prefixes", "/identifiers", "/people", "/resolution-statistics"):
        assert code_of(program.get(address)) == (403, "JL-POL-001"), address


def test_a_node_lists_its_receipts_to_find_what_is_missing(operator, node, program) -> None:
    for report in (REGISTRATIONS, RESOLUTIONS, TEMPLATES, ROUTES.but(lines=(route(),))):
        assert hand_in(program, report).status_code == 201
    assert [each["kind"] for each in program.read("/node-reports")["members"]] == [
        "routes", "templates", "resolutions", "registrations",
    ]  # fmt: skip
    assert len(program.read("/node-reports", kind="routes", node=NODE)["members"]) == 1
    assert program.read("/node-reports", since="2026-06-16")["members"] == []
    assert len(operator.read("/node-reports", until="2026-06-15")["members"]) == 4
    page = program.get("/node-reports", limit=3)
    assert "next" in page["Link"]
    assert len(program.read("/node-reports", after=page.json()["next_after"])["members"]) == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"kind": "gossip"}, (422, "JL-API-001")),
        ({"node": "88.102"}, (404, "JL-NOD-001")),
        ({"after": "x"}, (422, "JL-PAGE-001")),
        ({"since": "yesterday"}, (422, "JL-API-001")),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(program, query: dict[str, str], expected: Any) -> None:
    assert code_of(program.get("/node-reports", **query)) == expected


def test_a_report_is_downloaded_as_it_came(program) -> None:
    receipt = hand_in(program, REGISTRATIONS).json()
    answer = program.get(f"/node-reports/{receipt['id']}/file")
    assert (answer.content, answer["Content-Type"]) == (REGISTRATIONS.data, MEDIA_TYPE)
    assert f"{NODE}_2026-06-15_registrations_r1.ndjson.gz" in answer["Content-Disposition"]
    assert code_of(program.get(f"/node-reports/{uuid4()}/file")) == (404, "JL-NOD-010")


# --- days and sums ----------------------------------------------------------------------------------------------


def test_days_and_sums_are_told(operator, node, program) -> None:
    receipt = hand_in(program, REGISTRATIONS).json()
    hand_in(program, RESOLUTIONS)
    days = operator.read(f"/subordinate-nodes/{node['id']}/days", since="2026-06-14", until="2026-06-15")["items"]
    assert [day["day"] for day in days] == ["2026-06-15", "2026-06-14"]
    assert days[0]["reports"]["registrations"] == receipt["id"]
    assert days[0]["reports"]["routes"] is None
    told = operator.read("/subordinate-nodes/sums", since="2026-06-14", until="2026-06-15")
    assert told["items"] == [
        {"node": NODE, "registrations": 3, "resolutions": 1297, "days": 1, "missing": []}
    ]
    assert code_of(operator.get("/subordinate-nodes/sums", since="2026-06-15", until="2026-06-14")) == (
        422,
        "JL-NOD-014",
    )


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"until": "0001-01-01"}, 200),
        ({"until": "9999-12-31"}, 200),
        ({"since": "9999-12-31"}, 422),
        ({"since": "0001-01-01"}, 422),
        ({"since": "0001-01-01", "until": "0001-01-01"}, 200),
        ({"since": "9999-12-31", "until": "9999-12-31"}, 200),
        ({"since": "2026-01-01", "until": "2027-01-01"}, 200),
        ({"since": "2026-01-01", "until": "2027-01-02"}, 422),
    ],
)
def test_days_at_the_ends_of_the_calendar_are_answered_or_refused(operator, node, query, status: int) -> None:
    for address in ("/subordinate-nodes/sums", f"/subordinate-nodes/{node['id']}/days"):
        assert operator.get(address, **query).status_code == status, address
    assert operator.get("/node-reports", **query).status_code == 200


def test_the_usual_time_is_the_last_thirty_one_days(operator, node) -> None:
    items = operator.read(f"/subordinate-nodes/{node['id']}/days")["items"]
    assert len(items) == 31
    told = operator.read("/subordinate-nodes/sums")
    assert datetime.fromisoformat(told["until"]) - datetime.fromisoformat(told["since"]) == timedelta(days=30)
    assert abs(datetime.fromisoformat(told["until"]).replace(tzinfo=UTC) - utc_now()) < timedelta(days=2)


# --- servers ----------------------------------------------------------------------------------------------------


@pytest.fixture
def proposal(house, operator, node, program) -> dict[str, Any]:
    """A server that the node told of, beside the delegated one."""
    operator.done(f"/prefixes/{house.things['prefix']}/delegation", {"site": SITE})
    hand_in(program, ROUTES)
    (told,) = operator.read(f"/subordinate-nodes/{node['id']}/site-proposals")["items"]
    found: dict[str, Any] = told
    return found


def test_a_server_is_accepted_and_the_prefix_delegated(house, operator, proposal) -> None:
    assert (proposal["state"], proposal["site"]) == ("open", OTHER_SITE)
    assert operator.read(f"/prefixes/{house.things['prefix']}")["site"] == SITE
    assert operator.done(f"/site-proposals/{proposal['id']}/acceptance", {})["state"] == "accepted"
    assert operator.read(f"/prefixes/{house.things['prefix']}")["site"] == OTHER_SITE
    assert code_of(operator.post(f"/site-proposals/{proposal['id']}/refusal", {"reason": "r"})) == (
        409,
        "JL-NOD-012",
    )


def test_a_server_is_refused_with_a_reason(house, operator, proposal) -> None:
    address = f"/site-proposals/{proposal['id']}/refusal"
    assert code_of(operator.post(address, {"reason": " "})) == (422, "JL-NOD-013")
    assert code_of(house.by("auditor").post(address, {"reason": "r"})) == (403, "JL-POL-001")
    assert operator.done(address, {"reason": "未约定"})["reason"] == "未约定"
    assert operator.read(f"/prefixes/{house.things['prefix']}")["site"] == SITE


def test_things_that_are_not_there_are_told_so(operator, node) -> None:
    nowhere = uuid4()
    for address, code in (
        (f"/subordinate-nodes/{nowhere}", "JL-NOD-001"),
        (f"/subordinate-nodes/{nowhere}/days", "JL-NOD-001"),
        (f"/subordinate-nodes/{nowhere}/site-proposals", "JL-NOD-001"),
        (f"/node-reports/{nowhere}", "JL-NOD-010"),
    ):
        assert code_of(operator.get(address)) == (404, code)
    for address in ("acceptance", "refusal"):
        answer = operator.post(f"/site-proposals/{nowhere}/{address}", {"reason": "r"})
        assert code_of(answer) == (404, "JL-NOD-011")


def test_the_document_tells_of_the_headers_and_the_bytes(operator) -> None:
    told = json.loads(operator.client.get(f"{ROOT}/openapi.json").content)["paths"]["/api/v1/node-reports"]["post"]
    assert set(told["requestBody"]["content"]) == {MEDIA_TYPE, "application/gzip", "application/octet-stream"}
    assert {each["name"] for each in told["parameters"]} == {"Content-Digest", "Report-Signature"}
    assert {"200", "201"} <= set(told["responses"])
