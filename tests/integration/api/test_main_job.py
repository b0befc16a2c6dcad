"""The main job through the REST door alone: from founding the people to a certificate that anyone can check."""

from __future__ import annotations

import io
import json
from base64 import b64decode
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.functions.record_world import CELSIUS, H3, PASSWORD, POINTS, credit_code
from tests.integration.api.calling import Caller

from jialiang.assembly.duties import worker
from jialiang.assembly.founding import Institute, found
from jialiang.base.organizations.facts import OrganizationFacts
from jialiang.formats.authenticity.examination import examine
from jialiang.formats.pdf.reading import embedded_files
from jialiang.functions.authenticity import trust_anchors
from jialiang.kernel.clock import local_date, utc_now
from jialiang.kernel.text import Text
from jialiang.security.audit.selectors import verify_chain
from jialiang.security.policy import matrix

pytestmark = pytest.mark.slow
REASON = {"zh": "使用地点有误", "en": "The place of use was wrong"}
PEOPLE = ("receptionist", "technician", "reviewer", "signatory", "standards_keeper", "auditor", "customer")


def today() -> str:
    return local_date(utc_now(), "Asia/Shanghai").isoformat()


def by_session(username: str) -> Caller:
    """Sign in as the console does, and make a token with the password."""
    client = Client()
    assert client.login(username=username, password=PASSWORD)
    made = Caller(client).done("/tokens", {"name": "script", "days": 1, "password": PASSWORD}, 201)
    return Caller(Client(), {"Authorization": f"Bearer {made['token']}"})


@pytest.fixture
def institute(db):
    """A founded institute: its administrator is the only person there."""
    facts = OrganizationFacts(
        name=Text("云泽市计量测试院", "Yunze Institute of Metrology"),
        kind="institute",
        credit_code=credit_code("12440100MB5580010"),
        short_code="YZ",
        city=Text("云泽市", "Yunze"),
        street=Text("度量路 5 号", "5 Duliang Road"),
        phone="0100-5550 0187",
        fictional=True,
    )
    now = utc_now()
    return found(Institute(slug="yunze", facts=facts), username="admin", password=lambda: PASSWORD, now=now)


@pytest.fixture
def staff(institute) -> dict[str, Caller]:
    """The people of the institute and of its customer, all made through the door."""
    admin = by_session("admin")
    customer = admin.done(
        "/organizations",
        {
            "name": {"zh": "晨星乳业有限公司", "en": "Chenxing Dairy Co., Ltd."},
            "credit_code": credit_code("91440100MA5580010"),
            "city": {"zh": "云泽市", "en": "Yunze"},
            "street": {"zh": "牧原大道 18 号", "en": "18 Muyuan Avenue"},
            "fictional": True,
        },
        201,
    )
    callers = {"system_administrator": admin, "customer_id": customer["id"]}
    for role in PEOPLE:
        person = admin.done(
            "/people",
            {
                "username": role.replace("_", "-"),
                "password": PASSWORD,
                "name": {"zh": f"某{role}", "en": role.title()},
                "organization_id": customer["id"] if role == "customer" else None,
            },
            201,
        )
        admin.done(f"/people/{person['id']}/roles", {"role": role, "valid_from": today()}, 201)
        callers[role] = by_session(role.replace("_", "-"))
    return callers


def reference(staff) -> str:
    keeper = staff["standards_keeper"]
    standard = keeper.done(
        "/measurement-standards",
        {
            "name": {"zh": "标准铂电阻温度计", "en": "Reference platinum thermometer"},
            "level": "reference",
            "model": "SPRT-25",
            "serial_number": "PRT-25-07",
            "quantity": {"zh": "温度", "en": "Temperature"},
            "unit": CELSIUS,
            "measuring_interval": {"zh": "0 ℃ ~ 100 ℃", "en": "0 °C to 100 °C"},
            "measuring_interval_minimum": "0",
            "measuring_interval_maximum": "100",
            "drift_half_width": "0.0005",
        },
        201,
    )
    keeper.done(
        f"/measurement-standards/{standard['id']}/certificates",
        {
            "number": "GJ-2026-C-000312",
            "issuer": {"zh": "国家示范计量院（虚构）", "en": "National Demonstration Institute (fictional)"},
            "expanded_uncertainty": "0.0020",
            "coverage_factor": "2.00",
            "unit": CELSIUS,
            "valid_from": "2026-01-02",
            "valid_until": f"{int(today()[:4]) + 1}-12-31",
            "upward": {
                "referral": {"zh": "国家温度基准（虚构）", "en": "National temperature standard (fictional)"},
                "number": "GJ-2026-C-000007",
                "procedure": "analogue",
                "digest": "",
                "valid_until": f"{int(today()[:4]) + 2}-12-31",
            },
        },
        201,
    )
    return standard["id"]


def taken_in(staff) -> dict[str, str]:
    """The customer registers a thermometer and orders; the reception accepts and receives it."""
    customer, reception = staff["customer"], staff["receptionist"]
    instrument = customer.done(
        "/instruments",
        {
            "name": {"zh": "数字温度计", "en": "Digital thermometer"},
            "model": "TDX-200",
            "serial_number": "T2104-0387",
            "manufacturer": {"zh": "北辰仪器（虚构）", "en": "Beichen Instruments (fictional)"},
            "measuring_interval": {"zh": "−30 ℃ ~ 150 ℃", "en": "−30 °C to 150 °C"},
            "maximum_permissible_error": "0.2",
            "displayed_resolution": "0.001",
            "unit": CELSIUS,
            "place_of_use": "巴氏杀菌间",
            "region_code": "440100",
            "purpose": "other",
            "interval_months": 12,
        },
        201,
    )
    commission = customer.done(
        "/commissions",
        {
            "customer_id": staff["customer_id"],
            "kind": "calibration",
            "items": [{"instrument_id": instrument["id"], "requested_points": list(POINTS)}],
        },
        201,
    )
    terms = {"decision_rule": "guard_band_u", "due_date_agreed": True, "agreed_interval_months": 12}
    accepted = reception.done(f"/commissions/{commission['id']}/acceptance", terms | {"fee_kind": "charged"})
    assert accepted["state"] == "accepted"
    item = accepted["items"][0]
    received = reception.done(
        f"/items/{item['id']}/receipt", {"condition": {"zh": "完好", "en": "in good order"}, "place": "A-3"}
    )
    assert received["custody"] == "received"
    return {"instrument": instrument["id"], "commission": commission["id"], "item": item["id"]}


def submitted(staff, item_id: str, standard_id: str) -> dict:
    technician = staff["technician"]
    record = technician.done(
        "/calibrations",
        {
            "item_id": item_id,
            "procedure": "thermometer_line",
            "method": {"zh": "数字温度计校准方法", "en": "Calibration of digital thermometers"},
            "method_norm": "YZ-TM-07",
            "reference_standard_id": standard_id,
            "points": list(POINTS),
            "parameters": {"bath_uniformity": "0.002"},
        },
        201,
    )
    cells = [
        {"row": row, "column": column, "text": text}
        for row, pair in enumerate(H3, start=1)
        for column, text in zip(("indication", "correction"), pair, strict=True)
    ]
    entry = {
        "cells": cells,
        "environment": {
            "temperature": {"minimum": "22.9", "maximum": "23.3"},
            "humidity": {"minimum": "43", "maximum": "47"},
        },
        "begin_date": today(),
        "end_date": today(),
    }
    saved = technician.patch(f"/calibrations/{record['id']}", entry)
    assert saved.status_code == 200, saved.content.decode()
    return technician.done(f"/calibrations/{record['id']}/submission")


def approved(staff, record: dict) -> dict:
    calibration = f"/calibrations/{record['id']}"
    staff["reviewer"].done(f"{calibration}/review", {"seen_digest": record["evaluation_digest"]})
    signatory = staff["signatory"]
    seen = signatory.read(f"{calibration}/preview")
    assert not seen["differs_from_review"]
    issued = signatory.done(
        f"{calibration}/approval", {"seen_digest": seen["digest"], "password": PASSWORD}, 201
    )
    assert issued["state"] == "issuing"
    worker().drain()
    return signatory.read(f"/certificates/{issued['id']}")


def checked(anyone: Caller, data: bytes, name: str) -> dict:
    return anyone.upload("/authenticity-checks", file=SimpleUploadedFile(name, data)).json()


def test_a_reading_becomes_a_certificate_that_anyone_can_check(staff, anyone, institute):
    standard_id = reference(staff)
    things = taken_in(staff)
    record = submitted(staff, things["item"], standard_id)
    evaluation = staff["reviewer"].read(f"/calibrations/{record['id']}/evaluation")
    # JCGM 100:2008, H.3.3: y1 = −0.1712 °C, y2 = 0.00218, r = −0.930 (as printed)
    line = evaluation["evaluation"]["line"]
    assert float(line["y1"]) == pytest.approx(-0.1712, abs=5e-5)
    assert float(line["y2"]) == pytest.approx(0.00218, abs=5e-6)
    assert float(line["r"]) == pytest.approx(-0.930, abs=5e-4)
    certificate = approved(staff, record)
    assert certificate["state"] == "in_force"
    assert certificate["number"] == f"YZ-{today()[:4]}-C-000001"
    assert certificate["due_date"]

    customer = staff["customer"]
    files = {entry["kind"]: entry for entry in customer.read(f"/certificates/{certificate['id']}/files")}
    data = {kind: customer.get(f"/certificates/{certificate['id']}/files/{kind}").content for kind in files}
    assert {kind: sha256(each).hexdigest() for kind, each in data.items()} == {
        kind: entry["sha256"] for kind, entry in files.items()
    }
    assert data["pdf_zh"].startswith(b"%PDF")
    content = customer.get(f"/certificates/{certificate['id']}/content")
    assert sha256(content.content).hexdigest() == certificate["content_digest"]

    for name, kind in (("c.xml", "xml"), ("c.zh.pdf", "pdf_zh"), ("c.en.pdf", "pdf_en")):
        assert checked(anyone, data[kind], name)["verdict"] == "genuine"
    assert checked(anyone, data["pdf_en"] + b"\n%", "c.pdf")["verdict"] == "altered"
    assert checked(anyone, data["xml"].replace(b"T2104", b"T2105"), "c.xml")["verdict"] == "altered"

    code = json.loads(content.content)["check_code"]
    by_number = anyone.read("/authenticity", number=certificate["number"], code=code)
    by_identifier = anyone.read(f"/authenticity/{certificate['identifier']}", k=code)
    assert by_number["verdict"] == by_identifier["verdict"] == "genuine"
    wrong = anyone.get("/authenticity", number=certificate["number"], code="0" * 13)
    assert (wrong.status_code, wrong.json()["verdict"]) == (404, "unknown")

    reception = staff["receptionist"]
    reception.done(f"/items/{things['item']}/hand-over", {"to": "returned"})
    assert customer.read(f"/commissions/{things['commission']}")["state"] == "completed"
    status = customer.read(f"/instruments/{things['instrument']}/status")
    assert (status["state"], status["certificate_number"]) == ("fit", certificate["number"])
    chain = customer.read(f"/instruments/{things['instrument']}/chain")
    assert chain["is_unbroken"], chain["findings"]
    assert [step["kind"] for step in chain["steps"]] == ["instrument", "standard", "reference"]

    account = reception.read(f"/certificate-numbers/calibration/{today()[:4]}")
    assert [(line["serial"], line["state"]) for line in account["members"]] == [(1, "used")]
    assert verify_chain(institute.tenant.id) == []
    acts = staff["auditor"].read("/audit", limit=200)["members"]
    assert {act["door"] for act in acts} == {"api", "cli", "worker"}
    assert {act["action"] for act in acts} <= set(matrix())


def test_an_amendment_supersedes_and_a_withdrawal_is_seen_at_once(staff, anyone):
    things = taken_in(staff)
    first = approved(staff, submitted(staff, things["item"], reference(staff)))
    code = json.loads(staff["signatory"].get(f"/certificates/{first['id']}/content").content)["check_code"]
    copy = staff["signatory"].done(f"/certificates/{first['id']}/amendment", {"reason": REASON}, 201)
    assert copy["amends_certificate_id"] == first["id"]
    second = approved(staff, staff["technician"].done(f"/calibrations/{copy['id']}/submission"))
    told = anyone.read("/authenticity", number=first["number"], code=code)
    assert (told["verdict"], told["superseded_by_number"]) == ("superseded", second["number"])

    refused = staff["signatory"].post(
        f"/certificates/{second['id']}/withdrawal", {"reason": REASON, "password": "not the password"}
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "JL-ACC-010")
    withdrawn = staff["signatory"].done(
        f"/certificates/{second['id']}/withdrawal", {"reason": REASON, "password": PASSWORD}
    )
    assert (withdrawn["state"], withdrawn["status_reason"]) == ("withdrawn", REASON)
    code = json.loads(staff["signatory"].get(f"/certificates/{second['id']}/content").content)["check_code"]
    assert anyone.read("/authenticity", number=second["number"], code=code)["verdict"] == "withdrawn"
    history = staff["auditor"].read(f"/certificates/{second['id']}/status-changes")
    assert [entry["to_state"] for entry in history] == ["issuing", "in_force", "withdrawn"]


def test_the_register_answers_whoever_holds_the_certificate_and_nobody_else(staff, anyone):
    things = taken_in(staff)
    certificate = approved(staff, submitted(staff, things["item"], reference(staff)))
    xml = staff["customer"].get(f"/certificates/{certificate['id']}/files/xml").content
    pdf = staff["customer"].get(f"/certificates/{certificate['id']}/files/pdf_zh").content
    code = json.loads(staff["customer"].get(f"/certificates/{certificate['id']}/content").content)[
        "check_code"
    ]
    examined = examine(xml, trusted=trust_anchors(), at=utc_now(), attachments_of_pdf=embedded_files)
    identifier = certificate["identifier"]
    held = (
        {"sha256": sha256(xml).hexdigest()},
        {"sha256": sha256(pdf).hexdigest()},
        {"sha256": "0" * 64, "identifier": identifier, "content_digest": examined.content_digest},
        {"identifier": identifier, "code": code},
    )
    for proof in held:
        told = anyone.read("/register", **proof)
        assert (told["status"], b64decode(told["issued_xml"])) == ("in_force", xml)
        assert told["due_date"] == certificate["due_date"]
        assert sha256(pdf).hexdigest() in told["issued_digests"]
    guessed = (
        {"identifier": identifier},
        {"identifier": identifier, "code": "0" * 13},
        {"identifier": identifier, "content_digest": "0" * 64},
        {"content_digest": examined.content_digest},
        {"sha256": "0" * 64},
        {},
    )
    nothing = anyone.read("/register")
    assert nothing["status"] == "not_registered"
    for proof in guessed:
        assert anyone.read("/register", **proof) == nothing


def test_the_certificate_of_an_institute_is_taken_up_as_evidence_of_a_standard(staff):
    things = taken_in(staff)
    certificate = approved(staff, submitted(staff, things["item"], reference(staff)))
    xml = staff["customer"].get(f"/certificates/{certificate['id']}/files/xml").content
    keeper = staff["standards_keeper"]
    standard = keeper.done(
        "/measurement-standards",
        {
            "name": {"zh": "数字温度计", "en": "Digital thermometer"},
            "level": "working",
            "model": "TDX-200",
            "serial_number": "T2104-0387",
            "quantity": {"zh": "温度", "en": "Temperature"},
            "unit": CELSIUS,
            "measuring_interval": {"zh": "−30 ℃ ~ 150 ℃", "en": "−30 °C to 150 °C"},
        },
        201,
    )
    response = keeper.upload(
        f"/measurement-standards/{standard['id']}/digital-certificates", file=io.BytesIO(xml)
    )
    assert response.status_code == 201, response.content.decode()
    taken = response.json()
    assert (taken["number"], taken["form"]) == (certificate["number"], "dcc")
    assert taken["signature_findings"]["holds"] is True
    assert taken["valid_until"] == certificate["due_date"]
