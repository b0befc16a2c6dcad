"""Scanned codes by REST: texts and photographs, what they lead to, and what is refused."""

from __future__ import annotations

from base64 import b64encode

import pytest
from django.conf import settings
from PIL import Image
from tests.formats.carriers.test_photographs import ADDRESS, bomb, encoded, on_desk, symbol

from jialiang.base.identifiers.selectors import identifier_of
from jialiang.base.instruments.selectors import instruments
from jialiang.integration.api.scans import ADDRESSES
from jialiang.security.tenancy.scope import scope

HOME = settings.JIALIANG.public_url


def told(response):
    assert response.status_code == 200, response.content.decode()
    return response.json()["scans"]


@pytest.fixture
def thermometer(world):
    with scope(world.tenant.id):
        row = instruments().rows[0]
        return row, identifier_of("instrument", row.id).text


def ask(caller, **body):
    return caller.post("/scans", body)


def test_a_code_opens_its_thing_at_the_address_that_is_told(world, as_role, thermometer):
    row, name = thermometer
    me = as_role("technician")
    for text in (row.serial_number, name, f"{HOME}/{name}", f"No. {row.serial_number}"):
        [scan] = told(ask(me, text=text))
        assert (scan["outcome"], scan["text"], scan["symbol"], scan["host"]) == ("found", text, "", "")
        [thing] = scan["found"]
        assert (thing["noun"], thing["id"]) == ("instrument", str(row.id))
        answer = me.get(thing["href"].removeprefix("/api/v1"))
        assert (answer.status_code, answer.json()["serial_number"]) == (200, row.serial_number)


def test_every_symbol_of_a_photograph_is_answered(as_role):
    photograph = b64encode(encoded(on_desk(symbol("qr", 4), symbol("code_128", 2)))).decode()
    first, second = told(ask(as_role("technician"), photograph=photograph))
    assert (first["symbol"], first["text"], first["outcome"]) == ("QR Code", ADDRESS, "foreign")
    assert first["host"] == "id.example.cn"
    assert (second["symbol"], second["text"], second["outcome"]) == ("Code 128", "T2104-0387", "found")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "JL-SCN-004"), ({"text": "  "}, 422, "JL-SCN-004"), ({"text": "x" * 5000}, 422, "JL-API-002"),
        ({"photograph": "?"}, 422, "JL-API-002"), ({"photograph": b64encode(b"x").decode()}, 422, "JL-SCN-001"),
        ({"photograph": b64encode(bomb(20_000, 20_000)).decode()}, 413, "JL-SCN-002"),
        ({"photograph": b64encode(encoded(Image.new("L", (300, 300), 255))).decode()}, 422, "JL-SCN-003"),
        ({"text": "7", "other": 1}, 422, "JL-API-002"), ({"text": 7}, 422, "JL-API-002"),
    ],
    ids=lambda given: str(given)[:40],
)  # fmt: skip
def test_what_is_refused_is_explained_in_both_languages(as_role, body, status, code):
    response = ask(as_role("technician"), **body)
    problem = response.json()
    assert response.status_code == status, problem
    if code.startswith("JL-SCN"):
        assert problem["code"] == code
    assert problem["way_out"]["zh"] and problem["way_out"]["en"]


def test_without_a_token_nothing_is_recognised(world, anyone):
    assert ask(anyone, text="7").status_code == 401


def test_who_may_read_neither_finds_neither(world, as_role, thermometer):
    row, name = thermometer
    [scan] = told(ask(as_role("identifier_operator"), text=row.serial_number))
    assert (scan["outcome"], scan["found"]) == ("unknown", [])
    [scan] = told(ask(as_role("identifier_operator"), text=name))
    assert [thing["noun"] for thing in scan["found"]] == ["identifier"]
    assert as_role("identifier_operator").get(scan["found"][0]["href"].removeprefix("/api/v1")).status_code == 200


def test_a_check_address_of_others_gives_the_public_page(as_role):
    [scan] = told(ask(as_role("customer"), text=f"{HOME}/c/88.1/none?k=A"))
    assert (scan["outcome"], scan["public_url"]) == ("public", f"{HOME}/c/88.1/none?k=A")


def test_the_document_names_every_outcome_and_permission(anyone):
    document = anyone.get("/openapi.json").json()
    told_of = document["paths"]["/api/v1/scans"]["post"]["description"]
    for noun in ADDRESSES:
        assert f"`{noun}.read`" in told_of
    described = document["components"]["schemas"]["ScanView"]["description"]
    for outcome in ("found", "public", "foreign", "unknown", "not_a_code"):
        assert f"`{outcome}`" in described
