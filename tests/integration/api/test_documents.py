"""The tools for documents over the wire: every operation, every way to hand a file in, every way to do it wrong."""

from __future__ import annotations

import json
import zipfile
from hashlib import sha256
from io import BytesIO
from typing import Any

import jsonschema_rs
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.formats.dcc_samples import SAMPLES, certificate_with, expanded, quantity, real, reference
from tests.formats.dcoc_samples import SAMPLE as DCOC
from tests.formats.drmd_samples import sample_xml as drmd_xml
from tests.formats.sample_keys import institute, root, signed
from tests.formats.test_credential_rules import small as credential
from tests.integration.api.calling import ROOT, Caller

from jialiang.assembly.cli import main
from jialiang.formats.conversion.registry import notations
from jialiang.formats.credential.documents import read_credential
from jialiang.formats.credential.rules.checking import check_credential
from jialiang.formats.credential.tokens import sign_token
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcoc.documents import read_dcoc, write_dcoc
from jialiang.integration.api import limits
from jialiang.integration.api.door import document

ROOT_PEM = root().certificate.public_bytes(Encoding.PEM)
METRE = "\\metre"
FIRST = certificate_with(quantity(real("10.0", METRE, expanded("0.3")), "Length"))
SECOND = certificate_with(quantity(real("10.4", METRE, expanded("0.4")), "Length"))
OLD = certificate_with(quantity(real("1", METRE)), version="3.2.1")
SI = b'<si:real xmlns:si="https://ptb.de/si"><si:value>1</si:value><si:unit>\\metre</si:unit></si:real>'
PROBLEM = "application/problem+json"


def named(data: bytes, name: str) -> BytesIO:
    file = BytesIO(data)
    file.name = name
    return file


def zipped(**files: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "."), data)
    return out.getvalue()


def handed(anyone: Caller, deed: str, *files: tuple[bytes, str], query: str = "") -> Any:
    """Hand files in as a form."""
    parts = {"file": [named(data, name) for data, name in files]}
    return anyone.client.post(f"{ROOT}/documents/{deed}{query}", parts)


def sent(anyone: Caller, deed: str, body: bytes, kind: str = "application/xml", query: str = "") -> Any:
    """Send one file as the whole body."""
    return anyone.client.post(f"{ROOT}/documents/{deed}{query}", body, content_type=kind)


def fitting(response: Any, deed: str) -> Any:
    """The answer as JSON, which has the shape that the document promises."""
    assert response.status_code == 200, response.content.decode()
    told = document()["paths"][f"/api/v1/documents/{deed}"]["post"]["responses"][200]
    schema = told["content"]["application/json"]["schema"]
    assert jsonschema_rs.validator_for(schema).is_valid(response.json())
    assert response["Cache-Control"] == "no-store"
    return response.json()


def refused(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response["Content-Type"] == PROBLEM, response.content.decode()
    problem: dict[str, Any] = response.json()
    assert (response.status_code, problem["code"]) == (status, code), problem
    for member in ("what", "rule", "way_out"):
        assert problem[member]["zh"] and problem[member]["en"]
    return problem


def test_kinds_lists_what_is_read_and_written(anyone: Caller) -> None:
    told = anyone.read("/documents/kinds")
    assert [each["name"] for each in told["notations"]] == list(notations())
    assert {"dcc", "dsi"} <= {each["name"] for each in told["kinds"]}
    assert {"zip", "pdf", "json", "cbor", "msgpack"} <= {each["name"] for each in told["wrappings"]}
    for each in (*told["kinds"], *told["wrappings"], *told["notations"]):
        assert each["text"]["zh"] and each["text"]["en"]
    assert told["limits"]["requests_a_minute"] == limits.DOCUMENT_DEEDS_A_MINUTE
    assert "convert" in next(each for each in told["kinds"] if each["name"] == "dcc")["deeds"]


def test_check_answers_a_report_a_document_in_order(anyone: Caller) -> None:
    packed = zipped(a_xml=FIRST, b_xml=SI, note_txt=b"passed over")
    reports = fitting(handed(anyone, "check", (SECOND, "s.xml"), (packed, "p.zip"), (b"<a", "bad.xml")), "check")
    assert [(each["file"], each["kind"], each["valid"]) for each in reports] == [
        ("s.xml", "dcc", True), ("p.zip/a.xml", "dcc", True), ("p.zip/b.xml", "dsi", True), ("bad.xml", "", False),
    ]  # fmt: skip
    assert reports[3]["findings"][0]["rule"] == "JL-XML-002"


def test_check_takes_every_kind_that_is_listed(anyone: Caller) -> None:
    given = {"drmd": (drmd_xml(), "m.xml"), "dcoc": (write_dcoc(DCOC, "json"), "c.json"),
             "credential": (json.dumps(credential()).encode(), "v.json")}  # fmt: skip
    reports = fitting(handed(anyone, "check", *given.values()), "check")
    assert [each["kind"] for each in reports] == list(given)
    assert set(given) <= {each["name"] for each in anyone.read("/documents/kinds")["kinds"]}
    assert all(each["version"] for each in reports)


@pytest.mark.parametrize("form", ["ld+json", "rdf+xml"])
def test_a_certificate_of_conformity_may_be_the_body(anyone: Caller, form: str) -> None:
    data = write_dcoc(DCOC, {"ld+json": "jsonld", "rdf+xml": "rdfxml"}[form])
    (report,) = fitting(sent(anyone, "check", data, kind=f"application/{form}"), "check")
    assert (report["kind"], report["valid"]) == ("dcoc", True)


def test_check_of_a_body_is_that_of_a_form(anyone: Caller) -> None:
    by_form = fitting(handed(anyone, "check", (FIRST, "x.xml")), "check")
    by_body = fitting(sent(anyone, "check", FIRST, query="?name=x.xml"), "check")
    assert by_form == by_body
    assert fitting(sent(anyone, "check", FIRST), "check")[0]["file"] == "document"


def test_the_same_request_gets_the_same_answer(anyone: Caller) -> None:
    for deed in ("check", "quantities", "structure", "chain", "migrate"):
        one, other = (sent(anyone, deed, FIRST).content for _ in range(2))
        assert one == other, deed


def test_structure_says_nothing_about_good_practice(anyone: Caller) -> None:
    odd = certificate_with(end="2999-01-01")
    (structure,) = fitting(sent(anyone, "structure", odd), "structure")
    (whole,) = fitting(sent(anyone, "check", odd), "check")
    assert structure["valid"] and structure["findings"] == [] and structure["version"] == "3.3.0"
    assert not whole["valid"]


def test_quantities_are_exact_texts(anyone: Caller) -> None:
    (told,) = fitting(sent(anyone, "quantities", FIRST), "quantities")
    (found,) = [each for each in told["quantities"] if each["role"] == "result"]
    assert (found["value"], found["unit"], found["expanded_uncertainty"]) == ("10.0", METRE, "0.3")
    assert found == Certificate.read(FIRST).find(name="Length")[0].to_json("en")


@pytest.mark.parametrize("name", notations())
def test_convert_gives_every_notation_as_an_attachment(anyone: Caller, name: str) -> None:
    response = handed(anyone, "convert", (FIRST, "C-1.xml"), query=f"?to={name}&lang=zh")
    assert response.status_code == 200, response.content.decode()
    told = document()["paths"]["/api/v1/documents/convert"]["post"]["responses"][200]["content"]
    assert response["Content-Type"] in told
    assert response["Content-Disposition"].startswith('attachment; filename="C-1.')
    assert "sandbox" in response["Content-Security-Policy"]
    assert response.content


@pytest.mark.parametrize(("name", "kind"), [("json", "application/json"), ("cbor", "application/cbor"),
                                            ("msgpack", "application/msgpack")])  # fmt: skip
def test_lossless_forms_come_back(anyone: Caller, name: str, kind: str) -> None:
    packed = handed(anyone, "convert", (FIRST, "c.xml"), query=f"?to={name}").content
    back = sent(anyone, "convert", packed, kind, query="?to=xml")
    assert Certificate.read(back.content).number == Certificate.read(FIRST).number
    assert fitting(sent(anyone, "check", packed, "application/octet-stream"), "check")[0]["valid"]


OTHERS = {"drmd": (drmd_xml(), "m.xml"), "dcoc": (write_dcoc(DCOC, "xml"), "c.xml")}


@pytest.mark.parametrize("kind", OTHERS)
def test_other_kinds_are_converted_into_their_own_notations(anyone: Caller, kind: str) -> None:
    (listed,) = [each for each in anyone.read("/documents/kinds")["kinds"] if each["name"] == kind]
    assert "convert" in listed["deeds"]
    for each in listed["notations"]:
        limits.document_deeds.forget()
        query = f"?to={each['name']}&lang=zh&issuer=did:web:body.example"
        response = handed(anyone, "convert", OTHERS[kind], query=query)
        assert response.status_code == 200, (each, response.content.decode())
        assert response["Content-Type"] == each["media_type"]
        stem = OTHERS[kind][1].partition(".")[0]
        assert response["Content-Disposition"].startswith(f'attachment; filename="{stem}.')
        if each["name"] == "xml":
            assert response.content == OTHERS[kind][0]


def test_a_notation_of_another_kind_is_refused_with_those_there_are(anyone: Caller) -> None:
    problem = refused(handed(anyone, "convert", OTHERS["dcoc"], query="?to=csv"), 404, "JL-CNV-001")
    assert "rdfxml" in problem["facts"]["known"]
    refused(handed(anyone, "convert", OTHERS["drmd"], query="?to=html"), 404, "JL-CNV-001")


def test_rdf_of_conformity_comes_back_the_same(anyone: Caller) -> None:
    for to in ("rdfxml", "jsonld", "json"):
        made = handed(anyone, "convert", OTHERS["dcoc"], query=f"?to={to}").content
        assert read_dcoc(made).certificate == DCOC


def test_convert_counts_letters_that_an_encoding_lacks(anyone: Caller) -> None:
    data = certificate_with(quantity(real("1", METRE), "Länge \U0001f600"))
    response = sent(anyone, "convert", data, query="?to=xml&encoding=gbk")
    assert int(response["Jialiang-Unmapped"]) >= 1
    assert "Jialiang-Unmapped" not in sent(anyone, "convert", data, query="?to=xml")


def test_xml_is_handed_back_byte_for_byte(anyone: Caller) -> None:
    assert sent(anyone, "convert", FIRST, query="?to=xml").content == FIRST


@pytest.mark.parametrize("form", ["xml", "json", "jsonld", "rdfxml"])
def test_a_certificate_of_conformity_becomes_a_credential_of_the_issuer(anyone: Caller, form: str) -> None:
    data = write_dcoc(DCOC, form)
    answer = handed(anyone, "convert", (data, "c.x"), query="?to=credential&issuer=did:web:body.example")
    assert answer["Content-Type"] == "application/vc"
    assert 'c.credential.json"' in answer["Content-Disposition"]
    reading = read_credential(answer.content)
    assert not [each for each in check_credential(reading) if each.severity == "error"]
    assert reading.document["issuer"]["id"] == "did:web:body.example"
    link = reading.document["credentialSubject"]["conformityCertificate"]
    assert (link["linkName"], link["hashDigest"]) == (DCOC.number, sha256(data).hexdigest())
    (report,) = fitting(handed(anyone, "check", (answer.content, "c.json")), "check")
    assert (report["kind"], report["valid"]) == ("credential", True)


@pytest.mark.parametrize("issuer", ["", "https://body.example", "did:", "did:web:a b"])
def test_a_credential_needs_a_did_of_its_issuer(anyone: Caller, issuer: str) -> None:
    refused(handed(anyone, "convert", OTHERS["dcoc"], query=f"?to=credential&issuer={issuer}"), 422, "JL-VC-003")


def test_a_credential_says_its_words_in_the_language_asked_for(anyone: Caller) -> None:
    query = "?to=credential&issuer=did:web:body.example&lang="
    said = [json.loads(handed(anyone, "convert", OTHERS["dcoc"], query=query + each).content) for each in ("zh", "en")]
    assert [each["issuer"]["name"] for each in said] == [dict(DCOC.body.name)["zh"], dict(DCOC.body.name)["en"]]


def test_a_calibration_certificate_is_no_credential(anyone: Caller) -> None:
    refused(sent(anyone, "convert", FIRST, query="?to=credential&issuer=did:web:body.example"), 404, "JL-CNV-001")


def test_migrate_tells_what_changed_and_gives_xml(anyone: Caller) -> None:
    told = fitting(sent(anyone, "migrate", OLD), "migrate")
    assert (told["version_before"], told["valid"]) == ("3.2.1", True)
    assert told["changes"]
    alone = sent(anyone, "migrate", OLD, query="?form=xml")
    assert alone["Content-Type"] == "application/xml"
    assert alone.content.decode() == told["xml"]
    assert Certificate.read(alone.content).version == "3.3.0"
    assert fitting(sent(anyone, "migrate", FIRST), "migrate")["xml"] == FIRST.decode()


def test_compare_takes_the_first_file_as_the_earlier(anyone: Caller) -> None:
    told = fitting(handed(anyone, "compare", (FIRST, "a.xml"), (SECOND, "b.xml")), "compare")
    assert told["worst_e_n"] == pytest.approx(0.8)  # 0.4 / sqrt(0.3² + 0.4²)
    back = fitting(handed(anyone, "compare", (SECOND, "b.xml"), (FIRST, "a.xml")), "compare")
    rows = [row for each in back["quantities"] for row in each["rows"] if row["e_n"]]
    assert rows[0]["e_n"] == pytest.approx(-0.8)
    assert fitting(handed(anyone, "compare", (FIRST, "a.xml"), (FIRST, "b.xml")), "compare")["same"] is True


def test_chain_as_data_and_as_drawing(anyone: Caller) -> None:
    carried = reference("N-1", "sha256", sha256(FIRST).hexdigest())
    lower = certificate_with(quantity(real("1", METRE)), equipment=carried, number="N-2")
    told = fitting(handed(anyone, "chain", (lower, "l.xml"), (FIRST, "u.xml")), "chain")
    assert [link["state"] for link in told["links"]] == ["intact"]
    drawn = handed(anyone, "chain", (lower, "l.xml"), (FIRST, "u.xml"), query="?form=svg&lang=zh")
    assert drawn["Content-Type"] == "image/svg+xml"
    assert drawn.content.startswith(b"<svg")
    alone = fitting(handed(anyone, "chain", (lower, "l.xml")), "chain")
    assert [link["state"] for link in alone["links"]] == ["missing"]


# --- the same as at the command line -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_gets_the_answers_of_the_command_line(anyone: Caller, oracles, capsys, name: str) -> None:
    file = oracles / "dcc" / "samples" / f"{name}.xml"
    xml = file.read_bytes()

    def printed(*words: str) -> Any:
        main(["dcc", *words, "--json", "--lang", "en"])
        return json.loads(capsys.readouterr().out)

    (report,) = fitting(handed(anyone, "check", (xml, file.name)), "check")
    assert printed("check", str(file)) == [{k: v for k, v in report.items() if k != "kind"} | {"file": str(file)}]
    (told,) = fitting(handed(anyone, "quantities", (xml, file.name)), "quantities")
    assert printed("quantities", str(file)) == told["quantities"]
    migrated = fitting(handed(anyone, "migrate", (xml, file.name)), "migrate")
    by_command = printed("migrate", str(file))
    assert (by_command["valid"], by_command["changes"]) == (migrated["valid"], migrated["changes"])
    other = oracles / "dcc" / "samples" / f"{SAMPLES[-1]}.xml"
    compared = fitting(handed(anyone, "compare", (xml, "a.xml"), (other.read_bytes(), "b.xml")), "compare")
    assert printed("diff", str(file), str(other)) == compared


# --- wrong -------------------------------------------------------------------------------------------------------

WRONG = [
    ("check", [], "", 422, "JL-API-020"),
    ("quantities", [(b"\x00\x01\xffrubbish", "r.bin")], "", 422, "JL-XML-013"),
    ("quantities", [(SI, "s.xml")], "", 422, "JL-FIL-005"),
    ("quantities", [(b"<a/>", "a.xml")], "", 422, "JL-FIL-004"),
    ("structure", [(SI, "s.xml")], "", 422, "JL-FIL-005"),
    ("convert", [(FIRST, "a.xml")], "", 422, "JL-API-001"),
    ("convert", [(FIRST, "a.xml")], "?to=docx", 404, "JL-CNV-001"),
    ("convert", [(FIRST, "a.xml")], "?to=" + "x" * 41, 422, "JL-API-001"),
    ("convert", [(FIRST, "a.xml")], "?to=csv&encoding=big5", 404, "JL-CNV-006"),
    ("convert", [(FIRST, "a.xml")], "?to=csv&lang=fr", 422, "JL-API-001"),
    ("convert", [(FIRST, "a.xml"), (FIRST, "b.xml")], "?to=csv", 422, "JL-API-020"),
    ("convert", [(SI, "s.xml")], "?to=csv", 422, "JL-FIL-005"),
    ("migrate", [(certificate_with(version="9.9.9"), "a.xml")], "", 422, "JL-DCC-002"),
    ("migrate", [(FIRST, "a.xml")], "?form=pdf", 422, "JL-API-001"),
    ("compare", [(FIRST, "a.xml")], "", 422, "JL-API-020"),
    ("compare", [(FIRST, "a.xml")] * 3, "", 422, "JL-API-020"),
    ("compare", [(FIRST, "a.xml"), (SI, "s.xml")], "", 422, "JL-FIL-005"),
    ("chain", [(SI, "s.xml")], "", 422, "JL-FIL-003"),
    ("check", [(b"PK\x03\x04broken", "z.zip")], "", 422, "JL-FIL-001"),
    ("check", [(zipped(note_txt=b"x"), "z.zip")], "", 422, "JL-FIL-003"),
    ("check", [(zipped(a_zip=zipped(b_xml=FIRST)), "z.zip")], "", 413, "JL-FIL-002"),
    ("check", [(zipped(a_xml=b"0" * 9_000_000), "z.zip")], "", 413, "JL-FIL-002"),
    ("check", [(b"%PDF-1.7 broken", "p.pdf")], "", 422, "JL-PDF-005"),
    ("check", [(b"{}", "a.json")], "", 422, "JL-CNV-003"),
    ("check", [(b"{", "a.json")], "", 422, "JL-CNV-004"),
]


@pytest.mark.parametrize(("deed", "files", "query", "status", "code"), WRONG)
def test_what_is_wrong_is_said_as_a_problem(
    anyone: Caller, deed: str, files: list[tuple[bytes, str]], query: str, status: int, code: str
) -> None:
    refused(handed(anyone, deed, *files, query=query), status, code)


def test_too_many_documents_are_refused(anyone: Caller) -> None:
    many = zipped(**{f"c{n}_xml": b"<a/>" for n in range(101)})
    assert refused(handed(anyone, "check", (many, "m.zip")), 413, "JL-FIL-002")["facts"]["size"] == "101"
    twice = zipped(**{f"c{n}_xml": b"<a/>" for n in range(60)})
    refused(handed(anyone, "check", (twice, "1.zip"), (twice, "2.zip")), 422, "JL-API-020")


def test_a_body_that_is_too_large_is_refused_before_it_is_read(anyone: Caller, settings: Any) -> None:
    largest = settings.JIALIANG.max_upload_bytes
    response = anyone.client.post(
        f"{ROOT}/documents/check", b"x", content_type="application/xml", CONTENT_LENGTH=str(largest + 1)
    )
    refused(response, 413, "JL-API-007")


@pytest.mark.parametrize("kind", ["text/plain", "image/png", "application/x-www-form-urlencoded"])
def test_a_body_of_another_form_is_refused(anyone: Caller, kind: str) -> None:
    problem = refused(sent(anyone, "check", b"x", kind), 415, "JL-API-008")
    assert "application/xml" in problem["facts"]["accepted"]


@pytest.mark.parametrize("deed", ["check", "structure", "quantities", "convert", "migrate", "compare", "chain"])
def test_documents_are_posted(anyone: Caller, deed: str) -> None:
    refused(anyone.client.get(f"{ROOT}/documents/{deed}"), 405, "JL-API-005")


def test_strangers_are_limited_together_over_all_deeds(anyone: Caller) -> None:
    for _ in range(limits.DOCUMENT_DEEDS_A_MINUTE // 2):
        assert sent(anyone, "check", SI).status_code == 200
        assert sent(anyone, "chain", FIRST).status_code == 200
    response = sent(anyone, "check", SI)
    refused(response, 429, "JL-API-015")
    assert int(response["Retry-After"]) >= 1
    assert anyone.get("/documents/kinds").status_code == 200


def test_nothing_is_written(anyone: Caller, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        for deed in ("check", "quantities", "chain", "migrate"):
            sent(anyone, deed, FIRST)


# --- a certificate of the register in every form ------------------------------------------------------------------


@pytest.fixture
def issued(world: Any) -> Any:
    """An issued certificate."""
    from tests.functions import record_world

    from jialiang.security.tenancy.scope import scope

    with scope(world.tenant.id):
        return record_world.issued_certificate(world)


@pytest.mark.parametrize("name", [each for each in notations() if each not in ("xml", "pdf")])
def test_every_form_of_an_issued_certificate_is_made_from_its_xml(as_role: Any, issued: Any, name: str) -> None:
    response = as_role("auditor").get(f"/certificates/{issued.number}/forms/{name}", lang="zh")
    assert response.status_code == 200, response.content.decode()
    assert response["Content-Disposition"].startswith(f'attachment; filename="{issued.number}.')
    if name == "json":
        assert issued.number in json.dumps(response.json(), ensure_ascii=False)


def test_xml_and_pages_are_the_issued_files(as_role: Any, issued: Any) -> None:
    reader = as_role("auditor")
    for form, query, kind in (
        ("xml", {}, "xml"), ("pdf", {"lang": "zh"}, "pdf_zh"), ("pdf", {"lang": "en"}, "pdf_en"),
    ):  # fmt: skip
        made = reader.get(f"/certificates/{issued.number}/forms/{form}", **query)
        assert made.content == reader.get(f"/certificates/{issued.id}/files/{kind}").content
    other = reader.get(f"/certificates/{issued.number}/forms/xml", encoding="gb18030")
    assert "gb18030" in other.content[:60].decode("ascii", "replace").lower()


@pytest.mark.parametrize("who", ["auditor", "customer", "regulator"])
def test_whoever_may_read_the_certificate_may_have_its_forms(world: Any, issued: Any, who: str) -> None:
    if who in world.people:
        caller = Caller.of(world, who)
        read = caller.get(f"/certificates/{issued.id}").status_code
        assert caller.get(f"/certificates/{issued.number}/forms/csv").status_code == read == 200


def test_forms_that_are_not_there(as_role: Any, anyone: Caller, issued: Any) -> None:
    reader = as_role("auditor")
    refused(reader.get(f"/certificates/{issued.number}/forms/docx"), 404, "JL-CNV-001")
    refused(reader.get("/certificates/YZ-1999-C-000001/forms/json"), 404, "JL-CER-001")
    refused(reader.get(f"/certificates/{issued.number}/forms/json", lang="fr"), 422, "JL-API-001")
    refused(anyone.get(f"/certificates/{issued.number}/forms/json"), 401, "JL-API-003")


# --- genuineness ---------------------------------------------------------------------------------------------------


def asked(anyone: Caller, *files: tuple[bytes, str], roots: tuple[bytes, ...] = ()) -> Any:
    """Hand files and roots in and ask whether they are genuine."""
    limits.document_deeds.forget()
    given = [SimpleUploadedFile(name, data) for data, name in files]
    trusted = [SimpleUploadedFile("root.pem", data) for data in roots]
    return anyone.client.post(f"{ROOT}/documents/genuineness", {"file": given, "root": trusted})


def test_a_foreign_signed_certificate_is_told_apart_with_and_without_its_root(anyone: Caller) -> None:
    data = signed()
    (stranger,) = fitting(asked(anyone, (data, "c.xml")), "genuineness")
    assert (stranger["verdict"], stranger["reason"]) == ("unknown", "signer_not_trusted")
    told = stranger["signature"]
    assert (told["present"], told["holds"]) == (True, False)
    assert told["questions"]["integrity"] == {"outcome": "ok"}
    assert told["questions"]["chain"]["code"] == "JL-SIG-030"
    (signer,) = told["certificates"]
    assert signer["subject"] == institute().certificate.subject.rfc4514_string()
    (trusted,) = fitting(asked(anyone, (data, "c.xml"), roots=(ROOT_PEM,)), "genuineness")
    assert trusted["signature"]["holds"] is True
    assert [each["self_issued"] for each in trusted["signature"]["certificates"]] == [False, False, True]
    assert (trusted["verdict"], trusted["reason"], trusted["status"]) == ("unknown", "not_registered", "not_registered")


def test_an_altered_foreign_certificate_is_altered_whoever_is_trusted(anyone: Caller) -> None:
    data = signed().replace(b"</si:value>", b"0</si:value>", 1)
    assert data != signed()
    (told,) = fitting(asked(anyone, (data, "c.xml"), roots=(ROOT_PEM,)), "genuineness")
    assert told["verdict"] == "altered"
    assert told["signature"]["questions"]["integrity"]["outcome"] == "failed"
    assert told["signature"]["holds"] is False


def test_unsigned_archives_tokens_and_what_cannot_be_read_each_have_an_answer(anyone: Caller) -> None:
    by = institute()
    token = sign_token(credential(), by, "did:web:x#1", chain=(by.certificate,)).encode()
    told = fitting(
        asked(anyone, (zipped(a_xml=FIRST, b_xml=signed()), "p.zip"), (token, "v.jwt"), (b"<a", "bad.xml")),
        "genuineness",
    )
    assert [each["file"] for each in told] == ["p.zip/a.xml", "p.zip/b.xml", "v.jwt", "bad.xml"]
    assert told[0]["signature"] == {
        "present": False, "holds": False, "signing_time": "", "questions": {}, "certificates": [],
    }  # fmt: skip
    assert told[0]["reason"] == "not_signed"
    assert (told[2]["sort"], told[2]["signature"]["questions"]["integrity"]) == ("credential", {"outcome": "ok"})
    assert (told[3]["verdict"], told[3]["problem"]["code"]) == ("unknown", "JL-CHK-001")


def test_a_file_as_the_body_is_asked_about_too(anyone: Caller) -> None:
    (told,) = fitting(sent(anyone, "genuineness", signed(), query="?name=c.xml"), "genuineness")
    assert (told["file"], told["sort"], told["signature"]["present"]) == ("c.xml", "dcc", True)


@pytest.mark.parametrize("root", [b"", b"no certificate", ROOT_PEM * 21])
def test_a_root_that_is_none_is_refused(anyone: Caller, root: bytes) -> None:
    answer = asked(anyone, (FIRST, "c.xml"), roots=(root or b" ",))
    refused(answer, 422, "JL-CHK-005")
