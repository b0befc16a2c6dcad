"""The operations that anyone may ask: every proof, every verdict, every limit, and nothing told to who guesses."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from typing import Any

import jsonschema_rs
import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from tests.functions.record_world import PASSWORD
from tests.integration.api.calling import ROOT, Caller, stranger
from tests.integration.api.operations.house import House, rows_of_all_institutes
from tests.integration.api.operations.table import BOTH

from jialiang.assembly.forgery import altered, resigned_by_stranger
from jialiang.integration.api import limits
from jialiang.integration.api.door import document
from jialiang.kernel.clock import utc_now

NOT_REGISTERED = {
    "status": "not_registered", "since": None, "reason": {"zh": "", "en": ""}, "superseded_by": "", "due_date": "",
    "time_zone": "", "kind": "", "issued_digests": [], "issued_content_digest": "", "issued_xml": "",
}  # fmt: skip


@pytest.fixture
def anyone(house: House) -> Caller:
    """Somebody without token or session, in front of an institute in full work."""
    return stranger()


@pytest.fixture
def told(house: House) -> dict[str, Any]:
    """What the paper of the issued certificate says: number, identifier, check code, digests, files."""
    reader = house.by("auditor")
    path = f"/certificates/{house.things['issued']}"
    content = json.loads(reader.get(f"{path}/content").content)
    row = reader.read(path)
    files = {kind: reader.get(f"{path}/files/{kind}").content for kind in ("xml", "pdf_zh", "pdf_en")}
    return {
        "number": row["number"],
        "identifier": row["identifier"],
        "code": content["check_code"],
        "content_digest": row["content_digest"],
        "files": files,
    }


def checked(anyone: Caller, data: bytes, name: str = "c.xml") -> dict[str, Any]:
    response = anyone.client.post(f"{ROOT}/authenticity-checks", {"file": _named(data, name)})
    assert response.status_code == 200, response.content.decode()
    answer: dict[str, Any] = response.json()
    return answer


def _named(data: bytes, name: str) -> BytesIO:
    file = BytesIO(data)
    file.name = name
    return file


def withdrawn(house: House) -> None:
    house.by("signatory").done(
        f"/certificates/{house.things['issued']}/withdrawal", {"reason": BOTH, "password": PASSWORD}
    )


# --- by number, by identifier -----------------------------------------------------------------------------------

TYPED: list[tuple[str, Callable[[str], str]]] = [
    ("as printed", lambda code: code),
    ("in small letters", str.lower),
    ("in groups", lambda code: "-".join((code[:4], code[4:8], code[8:]))),
    ("with blanks", lambda code: f" {code[:5]} {code[5:]} "),
]


@pytest.mark.parametrize(("how", "typed"), TYPED, ids=[how for how, _ in TYPED])
def test_the_code_is_read_as_people_type_it(anyone, told, how: str, typed: Callable[[str], str]):
    code = typed(told["code"])
    by_number = anyone.get("/authenticity", number=told["number"], code=code)
    by_identifier = anyone.get(f"/authenticity/{told['identifier']}", k=code)
    for response in (by_number, by_identifier):
        assert (response.status_code, response.json()["verdict"]) == (200, "genuine")
        assert response["Cache-Control"] == "no-store"
        assert {"verdict", "status", "checked_at"} <= set(response.json())


WRONG_CODES = ["0" * 13, "1", "x" * 40, "𝟎" * 13, "' OR 1=1 --"]


@pytest.mark.parametrize("code", WRONG_CODES)
def test_a_wrong_code_and_an_unknown_number_are_answered_alike(anyone, told, code: str):
    wrong = anyone.get("/authenticity", number=told["number"], code=code)
    unknown = anyone.get("/authenticity", number="YZ-1999-C-000001", code=told["code"])
    by_identifier = anyone.get(f"/authenticity/{told['identifier']}", k=code)
    assert [r.status_code for r in (wrong, unknown, by_identifier)] == [404] * 3
    shown = [response.json() for response in (wrong, unknown, by_identifier)]
    for each in shown:
        each.pop("checked_at")
        assert each["verdict"] == "unknown"
        assert told["code"] not in json.dumps(each)
    assert shown[0].keys() == shown[1].keys() == shown[2].keys() | {"queried_number"}
    for secret in ("晨星", "Chenxing", "T2104", told["content_digest"]):
        assert secret not in json.dumps(shown, ensure_ascii=False)


def test_a_number_that_is_being_issued_is_not_known_yet(house, anyone):
    row = house.by("auditor").read(f"/certificates/{house.things['numbered']}")
    content = json.loads(house.by("auditor").get(f"/certificates/{house.things['numbered']}/content").content)
    response = anyone.get("/authenticity", number=row["number"], code=content["check_code"])
    assert (response.status_code, response.json()["verdict"]) == (404, "unknown")


@pytest.mark.parametrize(
    ("path", "query", "member"),
    [
        ("/authenticity", {"number": "x"}, "query.code"),
        ("/authenticity", {"code": "x"}, "query.number"),
        ("/authenticity", {"number": "", "code": "x"}, "query.number"),
        ("/authenticity", {"number": "x", "code": ""}, "query.code"),
        ("/authenticity", {"number": "x" * 201, "code": "x"}, "query.number"),
        ("/authenticity", {"number": "x", "code": "x" * 41}, "query.code"),
        ("/authenticity/88.999.1/x", {}, "query.k"),
        ("/authenticity/88.999.1/x", {"k": ""}, "query.k"),
        ("/register", {"sha256": "0" * 65}, "query.sha256"),
        ("/register", {"content_digest": "0" * 65}, "query.content_digest"),
        ("/register", {"identifier": "x" * 201}, "query.identifier"),
        ("/register", {"code": "x" * 41}, "query.code"),
    ],
)
def test_a_question_that_does_not_fit_is_named(anyone, path: str, query: dict[str, str], member: str):
    response = anyone.get(path, **query)
    assert (response.status_code, response.json()["code"]) == (422, "JL-API-001")
    assert [entry["member"] for entry in response.json()["errors"]] == [member]


def test_what_others_add_to_an_address_does_not_matter(anyone, told):
    response = anyone.get(
        "/authenticity", number=told["number"], code=told["code"], utm_source="qr", lang="en"
    )
    assert response.status_code == 200


# --- by file ----------------------------------------------------------------------------------------------------

HARMED: list[tuple[str, str, Callable[[bytes], bytes], str]] = [
    ("xml", "as issued", lambda data: data, "genuine"),
    ("pdf_zh", "as issued", lambda data: data, "genuine"),
    ("pdf_en", "as issued", lambda data: data, "genuine"),
    ("xml", "one digit of a result", altered, "altered"),
    ("xml", "the serial number", lambda data: data.replace(b"T-4", b"T-5"), "altered"),
    ("xml", "a blank behind it", lambda data: data + b" ", "altered"),
    ("xml", "signed by somebody else", lambda data: resigned_by_stranger(data, utc_now()), "unknown"),
    ("pdf_zh", "bytes behind its end", lambda data: data + b"\n%", "altered"),
    ("pdf_en", "cut off", lambda data: data[:-20], "altered"),
]


@pytest.mark.parametrize(
    ("kind", "what", "harm", "verdict"), HARMED, ids=[f"{k} {w}" for k, w, _, _ in HARMED]
)
def test_a_file_is_judged_by_its_bytes(anyone, told, kind: str, what: str, harm, verdict: str):
    data = harm(told["files"][kind])
    answer = checked(anyone, data, f"c.{kind[:3]}")
    assert answer["verdict"] == verdict, (what, answer)
    assert len(answer["checks"]) >= 5
    for check in answer["checks"]:
        assert set(check) >= {"name", "outcome", "text"}
        assert set(check["text"]) == {"zh", "en"}
    if verdict != "genuine" and kind == "xml" and what != "signed by somebody else":
        assert any(check["outcome"] == "failed" for check in answer["checks"])


@pytest.mark.parametrize("kind", ["xml", "pdf_zh", "pdf_en"])
def test_a_withdrawal_is_seen_in_every_form_at_once(house, anyone, told, kind: str):
    assert checked(anyone, told["files"][kind])["verdict"] == "genuine"
    withdrawn(house)
    answer = checked(anyone, told["files"][kind])
    assert (answer["verdict"], answer["status"]) == ("withdrawn", "withdrawn")
    assert anyone.read("/authenticity", number=told["number"], code=told["code"])["verdict"] == "withdrawn"


NO_CERTIFICATES = [
    ("nothing", b""), ("noise", bytes(range(256))), ("text", "只是文字".encode()), ("json", b"{}"),
    ("other xml", b"<a/>"), ("broken xml", b"<dcc:digitalCalibrationCertificate"), ("empty pdf", b"%PDF-1.7\n%%EOF"),
    ("a bomb", b'<!DOCTYPE a [<!ENTITY b "' + b"c" * 1000 + b'">]><a>&b;&b;</a>'),
    ("an entity from elsewhere", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
]  # fmt: skip


@pytest.mark.parametrize(("what", "data"), NO_CERTIFICATES, ids=[what for what, _ in NO_CERTIFICATES])
def test_what_is_no_certificate_is_told_so_and_never_a_fault(anyone, what: str, data: bytes):
    response = anyone.client.post(f"{ROOT}/authenticity-checks", {"file": _named(data, "c.xml")})
    assert response.status_code in (200, 400, 422), response.content.decode()
    assert b"root:" not in response.content
    if response.status_code == 200:
        assert response.json()["verdict"] not in ("genuine", "withdrawn", "superseded")
    else:
        assert response.json()["code"].startswith("JL-")


def test_a_check_keeps_neither_the_file_nor_a_trace(anyone, told):
    before = rows_of_all_institutes()
    checked(anyone, told["files"]["xml"])
    checked(anyone, altered(told["files"]["xml"]))
    assert rows_of_all_institutes() == before


def test_a_check_without_a_file_names_it(anyone):
    response = anyone.client.post(f"{ROOT}/authenticity-checks", {"other": _named(b"x", "x")})
    assert (response.status_code, response.json()["code"]) == (422, "JL-API-001")
    assert [entry["member"] for entry in response.json()["errors"]] == ["file.file"]


# --- the register -----------------------------------------------------------------------------------------------


def test_the_register_answers_whoever_proves_to_hold_the_certificate(anyone, told):
    digests = {kind: sha256(data).hexdigest() for kind, data in told["files"].items()}
    proofs: list[dict[str, str]] = [
        *({"sha256": digest} for digest in digests.values()),
        {"sha256": digests["xml"].upper()},
        {"identifier": told["identifier"], "code": told["code"]},
        {"identifier": told["identifier"], "code": told["code"].lower()},
        {"sha256": "0" * 64, "identifier": told["identifier"], "code": told["code"]},
    ]
    for proof in proofs:
        facts = anyone.read("/register", **proof)
        assert facts["status"] == "in_force", proof
        assert b64decode(facts["issued_xml"]) == told["files"]["xml"]
        assert set(digests.values()) <= set(facts["issued_digests"])


GUESSES: list[dict[str, str]] = [
    {},
    {"identifier": "{identifier}"},
    {"identifier": "{identifier}", "code": "0000000000000"},
    {"identifier": "{identifier}", "content_digest": "0" * 64},
    {"identifier": "{number}", "code": "{code}"},
    {"code": "{code}"},
    {"content_digest": "{content_digest}"},
    {"sha256": "{content_digest}"},
    {"sha256": ""},
    {"identifier": "/", "code": "{code}"},
]


@pytest.mark.parametrize("guess", GUESSES, ids=str)
def test_to_who_guesses_the_register_says_nothing(anyone, told, guess: dict[str, str]):
    words = {name: text for name, text in told.items() if isinstance(text, str)}
    asked = {name: text.format(**words) for name, text in guess.items()}
    assert anyone.read("/register", **asked) == NOT_REGISTERED


def test_the_register_tells_of_a_withdrawal_and_its_reason(house, anyone, told):
    withdrawn(house)
    facts = anyone.read("/register", identifier=told["identifier"], code=told["code"])
    assert (facts["status"], facts["reason"]) == ("withdrawn", BOTH)
    assert facts["since"]


# --- reports of fakes -------------------------------------------------------------------------------------------


def test_a_report_reaches_the_institute_whose_number_was_seen(house, theirs, anyone):
    ours, others = house.place(), theirs.place()
    anyone.done("/fake-reports", {"number": "YZ-2026-C-000123", "description": "印章是照片"}, 201)
    assert house.since(ours) == (["fake.report"], ["fake.reported"])
    assert theirs.since(others) == ([], [])
    anyone.done("/fake-reports", {"number": "ZZ-2026-C-000123", "description": "印章是照片"}, 201)
    assert theirs.since(others) == (["fake.report"], ["fake.reported"])


BAD_REPORTS: list[tuple[dict[str, Any], int, str]] = [
    ({}, 422, "JL-"),
    ({"contact": "me@example.cn"}, 422, "JL-"),
    ({"number": "x" * 61}, 422, "JL-API-001"),
    ({"description": "x" * 1001}, 422, "JL-API-001"),
    ({"identifier": "x" * 201}, 422, "JL-API-001"),
    ({"contact": "x" * 121, "number": "1"}, 422, "JL-API-001"),
    ({"number": 1}, 422, "JL-API-001"),
    ({"number": "1", "surplus": 1}, 422, "JL-API-001"),
]


@pytest.mark.parametrize(("body", "status", "code"), BAD_REPORTS)
def test_a_report_that_does_not_fit_is_refused(anyone, body: dict[str, Any], status: int, code: str):
    before = rows_of_all_institutes()
    for limit in (limits.fake_reports,):
        limit.forget()
    response = anyone.post("/fake-reports", body)
    assert response.status_code == status, response.content.decode()
    assert response.json()["code"].startswith(code)
    assert rows_of_all_institutes() == before


# --- limits -----------------------------------------------------------------------------------------------------

LIMITED: list[tuple[str, int, Callable[[Caller], Any]]] = [
    ("wrong codes", 30, lambda who: who.get("/authenticity", number="YZ-1", code="1")),
    ("wrong identifiers", 30, lambda who: who.get("/authenticity/88.999.1/x", k="1")),
    ("the register", 30, lambda who: who.get("/register", sha256="0" * 64)),
    ("files", 30, lambda who: who.upload("/authenticity-checks", file=_named(b"<a/>", "a"))),
    ("reports", 6, lambda who: who.post("/fake-reports", {"number": "YZ-1"})),
]


@pytest.mark.parametrize(("what", "many", "ask"), LIMITED, ids=[what for what, _, _ in LIMITED])
def test_a_stranger_is_stopped_after_so_many_a_minute_and_told_how_long(
    house, anyone, what: str, many: int, ask
):
    answers = [ask(anyone) for _ in range(many)]
    assert 429 not in {answer.status_code for answer in answers}
    stopped = next(
        answer for _ in range(20) if (answer := ask(anyone)).status_code == 429
    )  # tokens come back meanwhile
    assert (stopped.status_code, stopped.json()["code"]) == (429, "JL-API-015")
    assert 0 < int(stopped["Retry-After"]) <= 60
    assert ask(house.by("customer")).status_code != 429, "whoever is signed in is not counted"


def test_right_answers_are_not_limited(anyone, told):
    for _ in range(35):
        assert anyone.get("/authenticity", number=told["number"], code=told["code"]).status_code == 200


# --- whom to trust ----------------------------------------------------------------------------------------------


def test_the_revocation_list_is_signed_by_the_root_that_is_handed_out_and_is_fresh(anyone):
    root = x509.load_pem_x509_certificate(anyone.get("/trust/ca.pem").content)
    revoked = x509.load_der_x509_crl(anyone.get("/trust/crl").content)
    assert revoked.issuer == root.subject
    assert revoked.is_signature_valid(root.public_key())  # type: ignore[arg-type]
    until = revoked.next_update_utc
    assert until is not None
    assert until > utc_now()
    assert root.fingerprint(hashes.SHA256())


@pytest.mark.parametrize("path", ["/trust/ca.pem", "/trust/crl"])
@pytest.mark.parametrize(("accept", "status"), [("*/*", 200), ("application/*", 200), ("text/html", 406)])
def test_files_of_trust_come_in_their_own_form(anyone, path: str, accept: str, status: int):
    response = anyone.get(path, headers={"Accept": accept})
    assert response.status_code == status
    if status == 200:
        again = anyone.get(path, headers={"Accept": accept, "If-None-Match": response["ETag"]})
        assert again.status_code == 304


@pytest.mark.parametrize(
    ("path", "query"),
    [("/register", {"sha256": "0" * 64}), ("/authenticity", {"number": "x", "code": "1"})],
)
def test_public_answers_are_as_the_document_says(anyone, path: str, query: dict[str, str]):
    response = anyone.get(path, **query)
    told = document()["paths"][f"/api/v1{path}"]["get"]["responses"]
    schema = told[response.status_code]["content"]["application/json"]["schema"]
    validator = jsonschema_rs.Draft202012Validator(schema | {"components": document()["components"]})
    assert not [error.message for error in validator.iter_errors(response.json())]


@pytest.mark.parametrize("shown", ["Bearer nonsense", "Bearer jl_000000000000_" + "A" * 43, "Basic eDp5"])
@pytest.mark.parametrize("path", ["/trust/ca.pem", "/register", "/authenticity?number=1&code=1"])
def test_a_wrong_token_opens_not_even_what_is_open_to_all(anyone, shown: str, path: str):
    response = anyone.client.get(ROOT + path, headers={"Authorization": shown})
    assert (response.status_code, response.json()["code"]) == (401, "JL-TOK-001")


# --- the document of an institute's DID -------------------------------------------------------------------------


def test_the_did_of_a_credential_leads_to_the_key_that_signed_it(house: House, anyone: Caller):
    certificate = house.things["issued"]
    body = {"scheme_number": "YZ-CS-02", "password": PASSWORD}
    house.by("signatory").done(f"/certificates/{certificate}/attestation", body, 201)
    reader = house.by("auditor")
    files = reader.read(f"/certificates/{certificate}/files")
    assert [file["kind"] for file in files] == ["xml", "pdf_zh", "pdf_en", "dcoc", "credential"]
    handed = reader.get(f"/certificates/{certificate}/files/credential")
    assert handed["Content-Type"] == "application/vc+jwt"
    did, _, _ = jwt.get_unverified_header(handed.content)["kid"].partition("#")
    slug = did.rpartition(":")[2]
    document = anyone.read(f"/institutes/{slug}/did.json")
    assert document["id"] == did
    (method,) = document["verificationMethod"]
    key = jwt.PyJWK(method["publicKeyJwk"], algorithm="ES256").key
    claims = jwt.decode(handed.content, key, algorithms=["ES256"])
    dcoc = reader.get(f"/certificates/{certificate}/files/dcoc").content
    link = claims["credentialSubject"]["conformityCertificate"]
    assert link["hashDigest"] == sha256(dcoc).hexdigest()
    for data, name in ((dcoc, "a.xml"), (handed.content, "a.jwt")):
        assert checked(anyone, data, name)["verdict"] == "genuine"
    withdrawn(house)
    for data, name in ((dcoc, "a.xml"), (handed.content, "a.jwt")):
        assert checked(anyone, data, name)["verdict"] == "withdrawn"


def test_an_institute_that_is_not_there_has_no_did(anyone: Caller):
    assert anyone.get("/institutes/nobody/did.json").status_code == 404


def test_anyone_checks_the_signature_of_an_identifier(house: House, anyone: Caller, told: dict[str, Any]):
    found = anyone.read("/trust/identifier-signature", name=told["identifier"])
    assert (found["verdict"], found["trusted"], found["findings"]) == ("holds", True, [])
    assert found["verified"] == [1]
    assert [step["subject"].partition(":")[0] for step in found["chain"]] == ["400", "400"]
    assert found["chain"][-1]["subject"] == found["chain"][-1]["issuer"], "it ends at a root"
    assert found["signed_by"] == found["chain"][0]["subject"]


def test_a_name_that_nobody_registered_and_one_without_a_signature_are_told_alike(house: House, anyone: Caller):
    path = f"/identifiers/{house.things['suspended_identifier']}"
    suspended = house.by("instrument_manager").read(path)["name"]
    for name in ("88.999/nothing", suspended):
        found = anyone.read("/trust/identifier-signature", name=name)
        assert (found["verdict"], found["trusted"]) == ("not_signed", False)
        assert found["findings"][0]["zh"] == "没有签名"
        assert found["remedy"]["en"]


@pytest.mark.parametrize("given", [{}, {"name": ""}, {"name": "x" * 2049}])
def test_a_question_without_a_name_is_refused(anyone: Caller, given: dict[str, str]):
    assert anyone.get("/trust/identifier-signature", **given).status_code == 422
