"""What the state of a thing forbids: each deed in each wrong state, with the code that says so, and nothing left."""

from __future__ import annotations

import json
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from tests.functions.record_world import PASSWORD
from tests.integration.api.operations.house import House, rows_of_all_institutes
from tests.integration.api.operations.table import AGREEMENT, BOTH, CELL, NEW_CHECK, NEW_RECORD, PAPER

REASON = {"reason": "无"}
WITHDRAWAL = {"reason": BOTH, "password": PASSWORD}
APPROVAL = {"seen_digest": "0" * 64, "password": PASSWORD}
Case = tuple[str, str, str, dict[str, Any], int]

RECORDS: list[Case] = [
    # who, where, in which state, what, status
    ("technician", "/calibrations/{submitted}/submission", "in review", {}, 409),
    ("technician", "/calibrations/{reviewed}/submission", "awaiting approval", {}, 409),
    ("technician", "/calibrations/{issued_record}/submission", "approved", {}, 409),
    ("technician", "/calibrations/{draft}/amendments", "draft", CELL | REASON, 409),
    ("technician", "/calibrations/{issued_record}/amendments", "approved", CELL | REASON, 409),
    ("reviewer", "/calibrations/{draft}/review", "draft", {"seen_digest": "0" * 64}, 409),
    ("reviewer", "/calibrations/{reviewed}/review", "awaiting approval", {"seen_digest": "0" * 64}, 409),
    ("reviewer", "/calibrations/{issued_record}/review", "approved", {"seen_digest": "0" * 64}, 409),
    (
        "reviewer",
        "/calibrations/{submitted}/review",
        "in review, another digest",
        {"seen_digest": "0" * 64},
        409,
    ),
    ("reviewer", "/calibrations/{draft}/return", "draft", REASON, 409),
    ("signatory", "/calibrations/{issued_record}/return", "approved", REASON, 409),
    ("second technician", "/calibrations/{submitted}/takeover", "in review", REASON, 409),
    ("second technician", "/calibrations/{issued_record}/takeover", "approved", REASON, 409),
    ("signatory", "/calibrations/{draft}/approval", "draft", APPROVAL, 409),
    ("signatory", "/calibrations/{submitted}/approval", "in review", APPROVAL, 409),
    ("signatory", "/calibrations/{issued_record}/approval", "approved", APPROVAL, 409),
    ("signatory", "/calibrations/{reviewed}/approval", "awaiting approval, another digest", APPROVAL, 409),
]
BUDGETS: list[Case] = [
    ("reviewer", "/budget-versions/{draft_budget}/release", "draft", {"seen_digest": "{budget_digest}"}, 409),
    ("reviewer", "/budget-versions/{draft_budget}/return", "draft", REASON, 409),
    ("technician", "/budget-versions/{submitted_budget}/submission", "in review", {}, 409),
    ("reviewer", "/budget-versions/{submitted_budget}/release", "another digest", {"seen_digest": "0"}, 409),
]
CERTIFICATES: list[Case] = [
    ("signatory", "/certificates/{numbered}/withdrawal", "issuing", WITHDRAWAL, 409),
    ("signatory", "/certificates/{numbered}/amendment", "issuing", {"reason": BOTH}, 409),
    ("signatory", "/certificates/{issued}/voiding", "in force", {"reason": BOTH}, 409),
]
LEDGERS: list[Case] = [
    ("receptionist", "/commissions/{accepted_commission}/acceptance", "accepted", AGREEMENT, 409),
    ("receptionist", "/commissions/{accepted_commission}/items", "accepted", {"instrument_id": "{thermometer}"}, 409),
    ("receptionist", "/items/{accepted_item}/receipt", "received", {}, 409),
    ("receptionist", "/items/{accepted_item}/hand-over", "received", {"to": "received"}, 409),
    ("receptionist", "/items/{accepted_item}/hand-over", "received", {"to": "expected"}, 409),
    ("receptionist", "/items/{expected_item}/hand-over", "expected", {"to": "returned"}, 409),
    ("receptionist", "/items/{expected_item}/hand-over", "expected", {"to": "in_laboratory"}, 409),
    ("receptionist", "/instruments/{suspended_thermometer}/suspension", "suspended", REASON, 409),
    ("receptionist", "/instruments/{thermometer}/restoration", "registered", REASON, 409),
    ("standards_keeper", "/measurement-standards/{suspended_standard}/suspension", "suspended", REASON, 409),
    ("standards_keeper", "/measurement-standards/{standard}/resumption", "in use", REASON, 409),
    ("technician", "/calibrations", "no item received", NEW_RECORD | {"item_id": "{expected_item}"}, 409),
    ("technician", "/calibrations", "a standard out of use",
     NEW_RECORD | {"reference_standard_id": "{suspended_standard}"}, 409),
]  # fmt: skip
CASES = (*RECORDS, *CERTIFICATES, *LEDGERS)


@pytest.mark.parametrize(
    ("role", "path", "state", "body", "status"),
    CASES,
    ids=[f"{path} {state}" for _, path, state, _, _ in CASES],
)
def test_a_deed_that_the_state_forbids_is_a_conflict_and_leaves_nothing(
    house: House, role: str, path: str, state: str, body: dict[str, Any], status: int
):
    before = rows_of_all_institutes()
    response = house.by(role).post(house.address(path), house.filled(body))
    told = response.json()
    assert response.status_code == status, (state, told)
    assert told["way_out"]["zh"]
    assert told["way_out"]["en"]
    assert rows_of_all_institutes() == before


TWICE: list[tuple[str, str, dict[str, Any]]] = [
    ("technician", "/calibrations/{draft}/submission", {}),
    ("reviewer", "/calibrations/{submitted}/review", {"seen_digest": "{submitted_digest}"}),
    ("reviewer", "/calibrations/{submitted}/return", REASON),
    (
        "signatory",
        "/calibrations/{reviewed}/approval",
        {"seen_digest": "{preview_digest}", "password": PASSWORD},
    ),
    ("signatory", "/certificates/{issued}/withdrawal", WITHDRAWAL),
    ("signatory", "/certificates/{issued}/amendment", {"reason": BOTH}),
    ("signatory", "/certificates/{numbered}/voiding", {"reason": BOTH}),
    ("receptionist", "/commissions/{open_commission}/acceptance", AGREEMENT),
    ("receptionist", "/commissions/{open_commission}/cancellation", REASON),
    ("receptionist", "/instruments/{thermometer}/suspension", REASON),
    ("receptionist", "/instruments/{suspended_thermometer}/retirement", REASON),
    ("receptionist", "/instruments/{suspended_thermometer}/restoration", REASON),
    ("standards_keeper", "/measurement-standards/{standard}/suspension", REASON),
    ("standards_keeper", "/measurement-standards/{suspended_standard}/resumption", REASON),
    ("receptionist", "/items/{expected_item}/receipt", {}),
    ("receptionist", "/items/{accepted_item}/hand-over", {"to": "returned"}),
    ("receptionist", "/commissions/{open_commission}/items", {"instrument_id": "{thermometer}"}),
]


@pytest.mark.parametrize(("role", "path", "body"), TWICE, ids=[path for _, path, _ in TWICE])
def test_without_a_key_a_deed_is_done_once_and_the_second_time_a_conflict(
    house: House, role: str, path: str, body: dict[str, Any]
):
    caller, address, filled = house.by(role), house.address(path), house.filled(body)
    first = caller.post(address, filled)
    assert first.status_code in (200, 201), first.content.decode()
    before = rows_of_all_institutes()
    second = caller.post(address, filled)
    assert second.status_code == 409, second.content.decode()
    assert rows_of_all_institutes() == before


NEEDS_A_REASON = [
    ("reviewer", "/calibrations/{submitted}/return"),
    ("second technician", "/calibrations/{draft}/takeover"),
    ("receptionist", "/commissions/{open_commission}/cancellation"),
    ("receptionist", "/instruments/{thermometer}/suspension"),
    ("receptionist", "/instruments/{suspended_thermometer}/restoration"),
    ("receptionist", "/instruments/{suspended_thermometer}/retirement"),
    ("standards_keeper", "/measurement-standards/{standard}/suspension"),
    ("standards_keeper", "/measurement-standards/{suspended_standard}/resumption"),
]


@pytest.mark.parametrize(("role", "path"), NEEDS_A_REASON, ids=[path for _, path in NEEDS_A_REASON])
@pytest.mark.parametrize("reason", ["", "   "])
def test_an_empty_reason_is_none(house: House, role: str, path: str, reason: str):
    before = rows_of_all_institutes()
    response = house.by(role).post(house.address(path), {"reason": reason})
    assert response.status_code == 422, response.content.decode()
    assert rows_of_all_institutes() == before


# --- who has done what may not do the next ----------------------------------------------------------------------


def test_nobody_reviews_or_approves_what_he_did_himself(house: House):
    """Separation of duties through the door: one person with three roles meets the rule at each step."""
    admin = house.by("system_administrator")
    people = {role: str(house.world.people[role].person_id) for role in ("technician", "reviewer")}
    today = house.world.now.date().isoformat()
    for person, role in (("technician", "reviewer"), ("technician", "signatory"), ("reviewer", "signatory")):
        granted = admin.post(f"/people/{people[person]}/roles", {"role": role, "valid_from": today})
        assert granted.status_code in (201, 403, 409, 422), granted.content.decode()
    record, digest = house.things["submitted"], house.things["submitted_digest"]
    own = house.by("technician").post(f"/calibrations/{record}/review", {"seen_digest": digest})
    assert own.status_code == 403, own.content.decode()
    approving = house.by("reviewer").post(
        f"/calibrations/{house.things['reviewed']}/approval",
        {"seen_digest": house.things["preview_digest"], "password": PASSWORD},
    )
    assert approving.status_code == 403, approving.content.decode()


def test_another_technician_neither_records_nor_submits_until_he_has_taken_over(house: House):
    draft = house.things["draft"]
    other = house.by("second technician")
    assert other.patch(f"/calibrations/{draft}", {"cells": [CELL]}).status_code in (403, 409)
    assert other.post(f"/calibrations/{draft}/submission", {}).status_code in (403, 409)
    assert other.post(f"/calibrations/{draft}/takeover", REASON).status_code == 200
    assert other.patch(f"/calibrations/{draft}", {"cells": [CELL]}).status_code == 200
    assert house.by("technician").patch(f"/calibrations/{draft}", {"cells": [CELL]}).status_code in (403, 409)


def test_nobody_grants_to_himself_or_closes_his_own_account(house: House):
    admin = house.by("system_administrator")
    own = str(house.world.people["system_administrator"].person_id)
    today = house.world.now.date().isoformat()
    for response in (
        admin.post(f"/people/{own}/roles", {"role": "signatory", "valid_from": today}),
        admin.delete(f"/people/{own}/roles/system_administrator"),
        admin.post(f"/people/{own}/deactivation", {}),
    ):
        assert (response.status_code, response.json()["code"]) == (403, "JL-PER-001")


WRONG_CONFIRMATIONS = [
    {},
    {"password": ""},
    {"password": "wrong"},
    {"totp": "000000"},
    {"password": PASSWORD + " "},
]


@pytest.mark.parametrize("confirmation", WRONG_CONFIRMATIONS)
@pytest.mark.parametrize("deed", ["approval", "withdrawal", "token"])
def test_what_has_to_be_confirmed_is_not_done_without(house: House, confirmation: dict[str, str], deed: str):
    path, role, body = {
        "approval": ("/calibrations/{reviewed}/approval", "signatory", {"seen_digest": "{preview_digest}"}),
        "withdrawal": ("/certificates/{issued}/withdrawal", "signatory", {"reason": BOTH}),
        "token": ("/tokens", "technician", {"name": "x"}),
    }[deed]
    response = house.by(role).post(house.address(path), house.filled(body) | confirmation)
    assert (response.status_code, response.json()["code"]) == (403, "JL-ACC-010")
    assert house.by("signatory").read(f"/certificates/{house.things['issued']}")["state"] == "in_force"
    assert (
        house.by("signatory").read(f"/calibrations/{house.things['reviewed']}")["state"]
        == "awaiting_approval"
    )


# --- what reading says in each state ----------------------------------------------------------------------------

SHOWN: list[tuple[str, dict[str, Any]]] = [
    ("draft", {"state": "draft", "submitted_at": None, "reviewed_at": None, "evaluation_digest": ""}),
    ("submitted", {"state": "in_review", "reviewed_at": None, "reviewed_digest": ""}),
    ("reviewed", {"state": "awaiting_approval", "approved_at": None}),
    ("issued_record", {"state": "approved", "amends_certificate_id": None}),
]


@pytest.mark.parametrize(("name", "facts"), SHOWN)
def test_a_record_shows_how_far_it_has_come(house: House, name: str, facts: dict[str, Any]):
    told = house.by("auditor").read(f"/calibrations/{house.things[name]}")
    assert {member: told[member] for member in facts} == facts
    assert told["points"] == ["22", "24", "26"]
    assert told["environment"]["humidity"] == {"minimum": "43", "maximum": "47"}
    readings = house.by("auditor").read(f"/calibrations/{house.things[name]}/readings")
    assert (readings["frozen_at"] is None) is (name == "draft")
    assert len(readings["cells"]) == 22
    assert {cell["text"] for cell in readings["cells"] if cell["row"] == 10} == {"26.010", "-0.161"}


FILES = {"xml": b"<?xml", "pdf_zh": b"%PDF-", "pdf_en": b"%PDF-"}


@pytest.mark.parametrize("kind", FILES)
def test_a_certificate_that_is_being_issued_has_no_files_yet(house: House, kind: str):
    caller = house.by("customer")
    issued, numbered = house.things["issued"], house.things["numbered"]
    assert caller.get(f"/certificates/{issued}/files/{kind}").content.startswith(FILES[kind])
    response = caller.get(f"/certificates/{numbered}/files/{kind}")
    assert (response.status_code, response.json()["code"]) == (404, "JL-CER-007")
    assert caller.read(f"/certificates/{numbered}/files") == []


# --- standards: checks, chart, uploads --------------------------------------------------------------------------


def checks(count: int, start: int = 0) -> dict[str, Any]:
    """Observations of a stable standard: 23.000 and 23.002 in turn, one a month."""
    return {
        "observations": [
            NEW_CHECK
            | {
                "observed_on": f"{2024 + (start + n) // 12}-{(start + n) % 12 + 1:02d}-15",
                "measured_value": "23.000" if n % 2 else "23.002",
            }
            for n in range(count)
        ]
    }


def test_checks_come_back_as_entered_and_make_a_chart(house: House):
    keeper, path = house.by("standards_keeper"), f"/measurement-standards/{house.things['standard']}"
    too_few = keeper.get(f"{path}/control-chart")
    assert (too_few.status_code, too_few.json()["way_out"]["en"] != "") == (422, True)
    added = keeper.done(f"{path}/checks", checks(12), 201)
    assert [entry["sequence"] for entry in added] == list(range(1, 13))
    assert [entry["measured_value"] for entry in keeper.read(f"{path}/checks")] == ["23.002", "23.000"] * 6
    chart = keeper.read(f"{path}/control-chart")
    assert len(chart["labels"]) == len(chart["texts"]) == 12
    assert float(chart["centre"]) == pytest.approx(23.001)
    # alternating ± 0.001 about the mean: s = sqrt(12/11) · 0.001
    assert float(chart["standard_deviation"]) == pytest.approx(0.001 * (12 / 11) ** 0.5)
    lower, upper = map(float, chart["action_limits"])
    assert (lower + upper) / 2 == pytest.approx(23.001)
    assert (chart["outside"], chart["latest_is_outside"]) == ([], False)
    far = {"observations": [NEW_CHECK | {"observed_on": "2026-06-15", "measured_value": "23.050"}]}
    keeper.done(f"{path}/checks", far, 201)
    after = keeper.read(f"{path}/control-chart", baseline="12")
    assert after["latest_is_outside"] is True
    assert house.by("customer").get(f"{path}/control-chart").status_code == 403


UPLOADS = ("digital-certificates", "documents")


@pytest.mark.parametrize("kind", UPLOADS)
def test_an_upload_is_guarded_like_every_other_deed(house: House, theirs: House, kind: str):
    standard = house.things["standard"]
    for role, path, status, code in (
        ("stranger", standard, 401, "JL-API-003"),
        ("technician", standard, 403, "JL-POL-001"),
        ("nobody", standard, 403, "JL-POL-001"),
        ("standards_keeper", theirs.things["standard"], 404, "JL-STD-004"),
    ):
        before = rows_of_all_institutes()
        sent = {"facts": _paper_text()} if kind == "documents" else {}
        response = house.by(role).upload(
            f"/measurement-standards/{path}/{kind}", file=_file(kind, house), **sent
        )
        assert (response.status_code, response.json()["code"]) == (status, code), role
        assert rows_of_all_institutes() == before


def _paper_text() -> str:
    return json_text(PAPER)


def json_text(facts: dict[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False)


def _file(kind: str, house: House) -> Any:
    if kind == "documents":
        return BytesIO(b"%PDF-1.7 scanned")
    data = house.by("auditor").get(f"/certificates/{house.things['issued']}/files/xml").content
    return BytesIO(data)


def test_an_upload_without_its_file_or_with_wrong_parts_names_them(house: House):
    keeper, path = house.by("standards_keeper"), f"/measurement-standards/{house.things['standard']}"
    empty = keeper.upload(f"{path}/digital-certificates", valid_until="2027-01-01")
    assert (empty.status_code, empty.json()["errors"][0]["member"]) == (422, "file.file")
    wrong = keeper.upload(
        f"{path}/digital-certificates", file=_file("digital-certificates", house), valid_until="soon"
    )
    assert [entry["member"] for entry in wrong.json()["errors"]] == ["form.valid_until"]
    for facts in ("no json", "[]", json_text(PAPER | {"surplus": 1}), json_text({"number": "x"})):
        response = keeper.upload(f"{path}/documents", file=_file("documents", house), facts=facts)
        assert (response.status_code, response.json()["code"]) == (400, "JL-API-002"), facts
    no_certificate = keeper.upload(f"{path}/digital-certificates", file=_file("documents", house))
    assert no_certificate.status_code in (400, 422)


def test_a_document_is_kept_with_its_digest(house: House):
    keeper, path = house.by("standards_keeper"), f"/measurement-standards/{house.things['standard']}"
    before = house.place()
    response = keeper.upload(f"{path}/documents", file=_file("documents", house), facts=_paper_text())
    assert response.status_code == 201, response.content.decode()
    told = response.json()
    assert told["number"] == PAPER["number"]
    assert told["digest"] == sha256(b"%PDF-1.7 scanned").hexdigest()
    assert house.since(before) == (
        ["measurement_standard.add_certificate"],
        ["measurement_standard.certificate_added"],
    )
    assert told in keeper.read(f"{path}/certificates")
