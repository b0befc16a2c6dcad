"""Codes and seals by REST: recorded, taken off, compared; who may, whose they are, what is refused."""

from __future__ import annotations

from uuid import uuid4

import pytest
from tests.integration.api.calling import Caller, founded
from tests.integration.api.operations.house import another_thermometer
from tests.integration.api.test_door import refused

from jialiang.base.instrument_marks.selectors import IdentityCheck, InstrumentMark, marks_of
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.audit.selectors import history
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

SEAL = {"role": "seal", "code": "F 0001", "put_by": "云泽院热工室", "put_on": "2026-06-16"}
MADE = {"role": "production", "code": "P-1001"}
ROLES = ("production", "repair", "verification", "seal")
WRITERS = ("receptionist", "technician", "instrument_manager", "customer")
READERS = ("reviewer", "signatory", "auditor", "quality_manager")


@pytest.fixture
def at(world):
    """Where the codes of the customer's thermometer stand."""
    return f"/instruments/{world.thermometer_id}/marks"


@pytest.fixture
def checks(world):
    return f"/instruments/{world.thermometer_id}/identity-checks"


@pytest.fixture
def technician(as_role):
    return as_role("technician")


def counted(world) -> tuple[int, int, int]:
    with scope(world.tenant.id):
        return InstrumentMark.objects.count(), IdentityCheck.objects.count(), OutboxEvent.objects.count()


def compared(caller, checks, *found):
    body = {"found": [{"role": role, "code": code} for role, code in found]}
    told = caller.done(checks, body, 201)
    return told["agrees"], [(each["outcome"], each["role"], each["found"]) for each in told["findings"]]


def test_what_was_recorded_is_told_and_listed_by_role(technician, at, world):
    seal, made = technician.done(at, SEAL, 201), technician.done(at, MADE, 201)
    assert {name: seal[name] for name in SEAL} == SEAL
    assert seal["instrument_id"] == str(world.thermometer_id)
    assert (seal["state"], seal["state_reason"], seal["removed_at"]) == ("in_place", "", None)
    assert (made["put_by"], made["put_on"]) == ("", None)
    assert technician.read(at) == [made, seal]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_codes_of_its_own(technician, at, role):
    for name in ROLES:
        technician.done(at, {"role": name, "code": "same"}, 201)
    refused(technician.post(at, {"role": role, "code": "SAME"}), 409, "JL-MRK-002")
    assert [each["role"] for each in technician.read(at)] == list(ROLES)


@pytest.mark.parametrize(
    "again", ["F 0001", "f0001", "F0001", " f 00 01 ", "0001"], ids=["same", "small", "joined", "spaced", "bare"]
)
def test_a_code_is_the_same_however_it_is_typed(technician, at, again):
    technician.done(at, SEAL, 201)
    answer = technician.post(at, SEAL | {"code": again})
    assert answer.status_code == (201 if again.strip() == "0001" else 409), answer.content


@pytest.mark.parametrize(
    ("body", "members"),
    [
        ({}, {"role", "code"}), ({"role": "owner", "code": "x"}, {"role"}),
        ({"role": "identifier", "code": "x"}, {"role"}),
        ({"role": "seal", "code": ""}, {"code"}), ({"role": "seal", "code": "x" * 101}, {"code"}),
        (SEAL | {"put_on": "16.6.2026"}, {"put_on"}), (SEAL | {"put_on": 20260616}, {"put_on"}),
        (SEAL | {"put_on": "2026-02-30"}, {"put_on"}), (SEAL | {"put_by": "x" * 101}, {"put_by"}),
        (SEAL | {"state": "removed"}, {"state"}), (SEAL | {"code": 7}, {"code"}),
    ],
    ids=lambda given: ",".join(sorted(map(str, given))) or "nothing",
)  # fmt: skip
def test_members_of_another_kind_are_named(technician, at, world, body, members):
    before = counted(world)
    told = refused(technician.post(at, body), 422, "JL-API-001")
    assert {entry["member"].split(".")[1] for entry in told["errors"]} == members
    assert counted(world) == before


@pytest.mark.parametrize("code", [" ", "\t", "a\nb", "a\u2028b"], ids=ascii)
def test_a_code_that_is_no_line_of_text_is_refused_in_both_languages(technician, at, world, code):
    before = counted(world)
    zh = refused(technician.post(at, SEAL | {"code": code}, headers={"Accept-Language": "zh"}), 422, "JL-MRK-001")
    en = refused(technician.post(at, SEAL | {"code": code}, headers={"Accept-Language": "en"}), 422, "JL-MRK-001")
    assert zh["detail"].startswith(zh["what"]["zh"]) and "编码" in zh["detail"]
    assert en["detail"].startswith(en["what"]["en"]) and "code" in en["detail"]
    assert counted(world) == before


def test_what_was_taken_off_stays_with_its_reason_and_its_number_is_free_again(technician, at):
    first = technician.done(at, SEAL, 201)
    gone = technician.done(f"/instrument-marks/{first['id']}/removal", {"reason": " 铅封  破损 "})
    assert (gone["state"], gone["state_reason"]) == ("removed", "铅封 破损")
    assert gone["removed_at"]
    refused(technician.post(f"/instrument-marks/{first['id']}/removal", {"reason": "再拆"}), 409, "JL-MRK-004")
    second = technician.done(at, SEAL, 201)
    assert second["id"] != first["id"]
    assert technician.read(at) == [second, gone]
    refused(technician.post(at, SEAL), 409, "JL-MRK-002")


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, "JL-API-001"), ({"reason": ""}, "JL-MRK-001"), ({"reason": "  "}, "JL-MRK-001"),
     ({"reason": "x" * 201}, "JL-API-001"), ({"reason": "x", "state": "removed"}, "JL-API-001")],
    ids=str,
)  # fmt: skip
def test_a_removal_needs_a_reason(technician, at, body, code):
    mark = technician.done(at, SEAL, 201)
    refused(technician.post(f"/instrument-marks/{mark['id']}/removal", body), 422, code)
    assert technician.read(at) == [mark]


RECORDED = (("production", "P-1001"), ("seal", "F 0001"))


@pytest.fixture
def sealed(technician, at):
    for body in (MADE, SEAL):
        technician.done(at, body, 201)


@pytest.mark.parametrize(
    ("found", "agrees", "outcomes"),
    [
        (RECORDED, True, ["agrees", "agrees"]),
        (RECORDED[::-1], True, ["agrees", "agrees"]),
        ((("", "p-1001"), ("", "f0001")), True, ["agrees", "agrees"]),
        ((("production", "P-1001"),), False, ["agrees", "missing"]),
        ((("production", "P-1001"), ("seal", "F 0002")), False, ["agrees", "differs"]),
        ((("production", "P-1002"), ("seal", "F 0002")), False, ["differs", "differs"]),
        ((*RECORDED, ("repair", "R-1")), False, ["agrees", "agrees", "unknown"]),
        ((*RECORDED, ("", "R-1")), False, ["agrees", "agrees", "unknown"]),
        ((("repair", "F 0001"), ("production", "P-1001")), False, ["agrees", "other_role"]),
        ((("seal", "P-1001"), ("production", "F 0001")), False, ["other_role", "other_role"]),
        ((("", "x"),), False, ["unknown", "missing", "missing"]),
    ],
    ids=str,
)
def test_a_check_says_of_each_code_what_it_is(technician, sealed, checks, found, agrees, outcomes):
    told = compared(technician, checks, *found)
    assert (told[0], [outcome for outcome, _, _ in told[1]]) == (agrees, outcomes)
    [kept] = technician.read(checks)
    assert (kept["agrees"], [each["outcome"] for each in kept["findings"]]) == (agrees, outcomes)


def test_a_code_of_another_instrument_is_told_with_whose_it_is(technician, sealed, checks, world):
    with scope(world.tenant.id):
        other = another_thermometer(world, "S-77")
    technician.done(f"/instruments/{other}/marks", SEAL | {"code": "F 0077"}, 201)
    told = technician.done(checks, {"found": [{"role": "seal", "code": "f0077"}, {"code": "P-1001"}]}, 201)
    [foreign] = [each for each in told["findings"] if each["outcome"] == "foreign"]
    assert foreign["instrument"].endswith("S-77")
    assert (foreign["found"], foreign["expected"]) == ("f0077", "F 0001")


@pytest.mark.parametrize(
    ("body", "code"),
    [({"found": []}, "JL-MRK-005"), ({"found": [{"code": " "}]}, "JL-MRK-005"), ({}, "JL-API-001"),
     ({"found": [{"code": ""}]}, "JL-API-001"), ({"found": [{"role": "seal"}]}, "JL-API-001"),
     ({"found": [{"code": "x", "role": "owner"}]}, "JL-API-001"), ({"found": [{"code": "x" * 301}]}, "JL-API-001"),
     ({"found": [{"code": f"x{n}"} for n in range(51)]}, "JL-API-001"), ({"found": "F 0001"}, "JL-API-001")],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_a_check_of_nothing_is_refused_and_not_kept(technician, sealed, checks, world, body, code):
    before = counted(world)
    told = refused(technician.post(checks, body), 422, code)
    assert told["what"]["zh"] != told["what"]["en"]
    assert counted(world) == before


def test_an_instrument_with_nothing_on_record_is_not_compared(technician, checks):
    told = refused(technician.post(checks, {"found": [{"code": "x"}]}), 422, "JL-MRK-005")
    assert (told["facts"]["found"], told["facts"]["recorded"]) == ("1", "0")


def test_the_latest_fifty_checks_are_told_latest_first(technician, sealed, checks):
    for number in range(53):
        technician.done(checks, {"found": [{"code": f"x{number}"}]}, 201)
    told = technician.read(checks)
    assert len(told) == 50
    assert [each["findings"][0]["found"] for each in told] == [f"x{number}" for number in range(52, 2, -1)]


@pytest.mark.parametrize("role", WRITERS)
def test_whoever_handles_instruments_does_every_deed(as_role, at, checks, role):
    caller = as_role(role)
    mark = caller.done(at, SEAL, 201)
    assert compared(caller, checks, ("seal", "F 0001"))[0]
    assert caller.done(f"/instrument-marks/{mark['id']}/removal", {"reason": "x"})["state"] == "removed"


@pytest.mark.parametrize("role", READERS)
def test_whoever_only_reads_instruments_is_refused_every_deed(as_role, technician, sealed, at, checks, world, role):
    caller = as_role(role)
    [first, _] = caller.read(at)
    before = counted(world)
    for path, body in (
        (at, SEAL | {"code": "F 0002"}), (f"/instrument-marks/{first['id']}/removal", {"reason": "x"}),
        (checks, {"found": [{"code": "F 0001"}]}),
    ):  # fmt: skip
        assert refused(caller.post(path, body), 403, "JL-POL-001")["facts"]["who"]
    assert counted(world) == before


def test_nobody_in_particular_is_asked_to_sign_in(anyone, at, checks, world):
    for answer in (anyone.get(at), anyone.get(checks), anyone.post(at, SEAL), anyone.post(checks, {"found": []})):
        assert answer.status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("get", "/instruments/{}/marks", None, "JL-INS-004"), ("post", "/instruments/{}/marks", SEAL, "JL-INS-004"),
        ("get", "/instruments/{}/identity-checks", None, "JL-INS-004"),
        ("post", "/instruments/{}/identity-checks", {"found": [{"code": "x"}]}, "JL-INS-004"),
        ("post", "/instrument-marks/{}/removal", {"reason": "x"}, "JL-MRK-003"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(technician, method, path, body, code):
    address = path.format(uuid4())
    refused(technician.get(address) if method == "get" else technician.post(address, body), 404, code)


def test_another_institute_reaches_nothing_of_it(technician, sealed, at, checks, world):
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-marks", name=Text("另一机构"), now=utc_now())
    elsewhere = founded(other, utc_now(), mark="X", short_code="OT")
    stranger = Caller.of(elsewhere, "technician")
    [first, _] = technician.read(at)
    for answer in (stranger.get(at), stranger.post(at, SEAL), stranger.get(checks)):
        refused(answer, 404, "JL-INS-004")
    refused(stranger.post(f"/instrument-marks/{first['id']}/removal", {"reason": "x"}), 404, "JL-MRK-003")
    own = f"/instruments/{elsewhere.thermometer_id}"
    stranger.done(f"{own}/marks", MADE, 201)
    told = stranger.done(f"{own}/identity-checks", {"found": [{"role": "seal", "code": "F 0001"}]}, 201)
    assert [each["outcome"] for each in told["findings"]] == ["unknown", "missing"], "a seal of others is no finding"


def test_each_deed_is_audited_on_its_own_thing_and_told_as_an_event(technician, at, checks, world):
    mark = technician.done(at, SEAL, 201)
    check = technician.done(checks, {"found": [{"code": "F 0002"}]}, 201)
    technician.done(f"/instrument-marks/{mark['id']}/removal", {"reason": "破损"})
    with scope(world.tenant.id):
        [row] = marks_of(world.thermometer_id)
        deeds = {each.action: each.detail for each in history("instrument_mark", row.id)}
        events = [event.name for event in OutboxEvent.objects.order_by("-id")[:3]][::-1]
    assert set(deeds) == {"instrument_mark.record", "instrument_mark.remove"}
    assert deeds["instrument_mark.remove"]["reason"] == "破损"
    assert deeds["instrument_mark.record"]["instrument_id"] == str(world.thermometer_id)
    assert events == ["instrument_mark.recorded", "instrument_mark.checked", "instrument_mark.removed"]
    assert not check["agrees"]
