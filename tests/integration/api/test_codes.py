"""Codes by REST: anyone may ask, the verdict is that of the command line, and asking is limited."""

import json

import pytest

from jialiang.assembly.cli import main
from jialiang.formats.codes import SYSTEMS
from jialiang.integration.api import limits
from jialiang.integration.api.codes import LONGEST_CODE

LINK = "https://id.example.org/01/09506000134352/21/S%2F1?17=261231#x"


@pytest.mark.parametrize(
    ("system", "code", "valid"),
    [
        ("GTIN-13", "6907951408302", True),
        ("gtin-13", "6907951408309", False),
        ("GS1-Digital-Link", LINK, True),
        ("GIAI", "", False),
        ("Handle", "88.101.5/压力表-№7", True),
        ("GS1-Element-String", "0109506000134352\x1d", True),
        ("MA", "MA.156.2001.7/9", True),
        ("OID", "1..2", False),
        ("USCC", "91110000600037341l", True),
        ("GS1-Element-String", "(01)09506000134352(21)a+b&c=d", True),
    ],
)
def test_the_answer_is_the_json_of_the_command_line(anyone, capsys, system, code, valid):
    response = anyone.get(f"/codes/{system}", code=code)
    assert response.status_code == 200, response.content.decode()
    told = response.json()
    assert told["valid"] is valid
    assert main(["identifiers", "check", system, code, "--json"]) == (0 if valid else 1)
    printed = json.loads(capsys.readouterr().out)
    for found in printed["findings"]:
        found.setdefault("expected", "")
    assert told == printed


def test_the_systems_are_listed(anyone):
    told = anyone.read("/codes")
    assert [each["name"] for each in told] == list(SYSTEMS)
    assert [each["name"] for each in told if each["provisional"]] == ["Ecode", "MA"]
    assert all(each["title"]["zh"] and each["title"]["en"] for each in told)


def test_an_unknown_system_is_refused_with_those_that_are_known(anyone):
    response = anyone.get("/codes/GTIN-99", code="1")
    assert (response.status_code, response.json()["code"]) == (422, "JL-COD-001")
    assert "GTIN-14" in response.json()["rule"]["zh"]


@pytest.mark.parametrize("query", [{}, {"code": "x" * (LONGEST_CODE + 1)}])
def test_a_code_is_needed_and_bounded(anyone, query):
    assert anyone.get("/codes/Handle", **query).status_code == 422


def test_the_longest_code_is_answered(anyone):
    told = anyone.get("/codes/Handle", code="8/" + "x" * (LONGEST_CODE - 2)).json()
    assert [found["reason"] for found in told["findings"]] == ["handle_length"]


def test_a_stranger_who_asks_too_often_waits_and_members_do_not(anyone, program, monkeypatch):
    assert limits.CODE_CHECKS_A_MINUTE == 120
    monkeypatch.setattr(limits, "code_checks", limits.StrangersLimit(3))  # the next one is free after 20 s
    for _ in range(3):
        assert anyone.get("/codes/OID", code="1.2").status_code == 200
    refused = anyone.get("/codes/OID", code="1.2")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) >= 1
    assert program("technician").get("/codes/OID", code="1.2").status_code == 200


def test_every_shared_vector_is_answered_as_it_says(anyone, oracles):
    file = oracles / "identifiers" / "check_vectors.json"
    systems = json.loads(file.read_text(encoding="utf-8"))["systems"]
    asked = 0
    for system, vectors in systems.items():
        limits.code_checks.forget()
        for vector in vectors:
            told = anyone.get(f"/codes/{system}", code=vector["value"]).json()
            assert told["valid"] == vector["valid"], vector
            assert told["code"] == vector["value"]
            if "canonical_path" in vector:
                assert told["parts"]["path"] == vector["canonical_path"]
            asked += 1
    assert asked == 144


def test_the_document_describes_the_answer(anyone):
    document = anyone.read("/openapi.json")
    described = document["paths"]["/api/v1/codes/{system}"]["get"]
    assert described["operationId"] == "check_code"
    assert not described.get("security")
    assert {parameter["name"] for parameter in described["parameters"]} == {"system", "code"}
    answer = described["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    members = document["components"]["schemas"][answer]["properties"]
    assert list(members) == ["system", "code", "canonical", "valid", "provisional", "parts", "findings"]
