"""``jialiang dcoc`` and ``jialiang credential``: words, JSON, exit status; without Django and without a network."""

import json
import re
import subprocess
import sys
import textwrap

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from tests.conftest import ROOT
from tests.formats.dcoc_samples import ELEMENTS, FORMS, SAMPLE, changed
from tests.formats.sample_keys import CHECK_TIME, SIGNING_TIME, institute, issuing, root, stranger
from tests.formats.test_credential_rules import small

from jialiang.assembly.arguments import parser
from jialiang.assembly.cli import main
from jialiang.assembly.commands import credential, dcoc
from jialiang.assembly.conformity_arguments import DCOC_FORMS
from jialiang.formats.credential.documents import check_structure, write_json
from jialiang.formats.credential.tokens import enveloped, read_token, sign_token, verify_token
from jialiang.formats.dcoc import documents
from jialiang.formats.dcoc.documents import read_dcoc, write_dcoc
from jialiang.formats.dcoc.json_form import json_form
from jialiang.formats.dcoc.model import Validity
from jialiang.formats.pdf.reading import embedded_files
from jialiang.formats.xades.signing import sign_enveloped

DID = "did:web:body.example"


@pytest.fixture(autouse=True)
def _on_a_day(monkeypatch):
    """The day of every check."""
    for command in (dcoc, credential):
        monkeypatch.setattr(command, "utc_now", lambda: CHECK_TIME)


@pytest.fixture
def files(tmp_path):
    """The sample in every form, by form."""
    for form in FORMS:
        (tmp_path / f"c.{form}").write_bytes(write_dcoc(SAMPLE, form))
    return {form: tmp_path / f"c.{form}" for form in FORMS}


@pytest.fixture
def written(tmp_path):
    """Write bytes to a file and return its path."""

    def write(name, data):
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return write


@pytest.fixture
def run(capsys):
    """Run a command; its status, what it printed, and what it said on the error line."""

    def running(*words):
        status = main([str(word) for word in words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return running


@pytest.fixture
def run_json(run):
    """Run a command with ``--json``; its status, and the document."""

    def running(*words):
        status, out, _ = run(*words, "--json")
        assert out.count("\n") == 1
        return status, json.loads(out)

    return running


def test_the_forms_of_the_command_are_those_that_are_written():
    assert tuple(documents.FORMS) == DCOC_FORMS


@pytest.mark.parametrize("form", FORMS)
def test_a_good_certificate_is_valid_in_every_form(form, files, run_json, run):
    status, (report,) = run_json("dcoc", "check", files[form])
    assert status == 0
    assert (report["valid"], report["version"], report["notation"]) == (True, "1.2", form)
    assert (report["number"], report["findings"]) == ("C-2026-7", [])
    assert run("dcoc", "check", files[form], "--lang", "zh")[:2] == (0, f"{files[form]} (1.2): 有效\n")


def test_the_worst_file_decides_and_every_file_is_reported_in_order(files, written, run_json):
    bad = written("bad.xml", write_dcoc(changed(objects=()), "xml"))
    broken = written("broken.xml", b"<a")
    status, reports = run_json("dcoc", "check", files["xml"], bad, broken, files["json"])
    assert status == 2
    assert [each["file"] for each in reports] == [
        str(each) for each in (files["xml"], bad, broken, files["json"])
    ]
    assert [each["valid"] for each in reports] == [True, False, False, True]
    assert {each["rule"] for each in reports[1]["findings"]} >= {
        "DCOC-CARDINALITY",
        "DCOC-STRUCTURE-UNEXPECTED",
    }
    (told,) = reports[2]["findings"]
    assert (told["rule"], told["line"], told["severity"]) == ("JL-XML-002", 1, "error")
    assert run_json("dcoc", "check", files["xml"], bad)[0] == 1


def test_hints_are_left_out_where_nobody_wants_them(written, run_json):
    file = written("open.xml", write_dcoc(changed(validity=Validity("2026-06-16")), "xml"))
    assert [each["rule"] for each in run_json("dcoc", "check", file)[1][0]["findings"]] == [
        "DCOC-VALIDITY-OPEN"
    ]
    assert run_json("dcoc", "check", file, "--no-hints")[1][0]["findings"] == []


def test_findings_are_told_with_their_lines(written, run):
    data = write_dcoc(changed(revision="B"), "xml")
    line = next(n for n, text in enumerate(data.decode().splitlines(), start=1) if "<revision>" in text)
    status, out, _ = run("dcoc", "check", written("c.xml", data), "--lang", "en")
    assert status == 0
    assert out.splitlines()[1].startswith(f"  ! line {line}  DCOC-REVISION-FORMAT  The revision “B”")


def test_a_missing_file_is_unreadable(tmp_path, run_json):
    status, (report,) = run_json("dcoc", "check", tmp_path / "none.xml")
    assert (status, report["findings"][0]["rule"]) == (2, "JL-CLI-001")


@pytest.mark.parametrize("to", FORMS)
@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_converted_into_every_other(form, to, files, tmp_path, run_json):
    status, said = run_json("dcoc", "convert", files[form], "--to", to, "-o", tmp_path / "out")
    assert status == 0
    assert (tmp_path / "out").read_bytes() == write_dcoc(SAMPLE, to)
    assert said["bytes"] == len(write_dcoc(SAMPLE, to))
    assert re.fullmatch("[0-9a-f]{64}", said["sha256"])


def test_what_is_of_the_form_already_keeps_its_bytes(written, tmp_path, run):
    data = write_dcoc(SAMPLE, "xml").replace(b"<certNo>", b"<!-- a note --><certNo>")
    assert run("dcoc", "convert", written("c.xml", data), "--to", "xml", "-o", tmp_path / "out")[0] == 0
    assert (tmp_path / "out").read_bytes() == data


def test_standard_output_holds_one_thing(files, run_json):
    status, problem = run_json("dcoc", "convert", files["xml"], "--to", "json")
    assert (status, problem["error"]["code"]) == (2, "JL-CLI-006")


def test_a_conversion_goes_to_standard_output(files, capsysbinary):
    assert main(["dcoc", "convert", str(files["xml"]), "--to", "jsonld"]) == 0
    assert capsysbinary.readouterr().out == write_dcoc(SAMPLE, "jsonld")


@pytest.mark.parametrize("form", FORMS)
def test_a_credential_is_made_of_every_form_and_holds(form, files, tmp_path, run_json):
    out = tmp_path / "credential.json"
    words = [
        "--to",
        "credential",
        "--issuer",
        DID,
        "--assessment-level",
        "Accredited",
        "--lang",
        "en",
        "-o",
        out,
    ]
    assert run_json("dcoc", "convert", files[form], *words)[0] == 0
    document = json.loads(out.read_bytes())
    assert check_structure(document) == ()
    assert document["credentialSubject"]["assessmentLevel"] == "Accredited"
    status, (report,) = run_json("credential", "check", out)
    assert (status, report["secured"]) == (0, "none")
    assert [each["rule"] for each in report["findings"]] == ["CREDENTIAL-NOT-SECURED"]


@pytest.mark.parametrize(
    ("words", "code"),
    [([], "JL-VC-003"), (["--issuer", "body.example"], "JL-VC-003")],
)
def test_a_credential_needs_a_did(words, code, files, run_json, tmp_path):
    given = ("dcoc", "convert", files["xml"], "--to", "credential", *words, "-o", tmp_path / "out")
    status, problem = run_json(*given)
    assert (status, problem["error"]["code"]) == (2, code)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (["--assessment-level", "Splendid"], "CREDENTIAL-STRUCTURE-VALUE"),
        (["--scheme-version", "1", "--scheme-valid-from", "May"], "CREDENTIAL-DATE-FORMAT"),
        (["--credential-id", "seven"], "CREDENTIAL-ID-NOT-URI"),
    ],
)
def test_a_credential_that_would_not_hold_is_not_written(words, rule, files, run_json, tmp_path):
    given = (
        "dcoc",
        "convert",
        files["xml"],
        "--to",
        "credential",
        "--issuer",
        DID,
        *words,
        "-o",
        tmp_path / "out",
    )
    status, report = run_json(*given)
    assert status == 1
    assert rule in {each["rule"] for each in report["findings"]}
    assert not (tmp_path / "out").exists()


def test_a_certificate_is_made_from_data(written, tmp_path, run):
    data = {key: value for key, value in json_form(SAMPLE).items() if key != "schema"}
    file = written("data.json", json.dumps(data, ensure_ascii=False).encode())
    assert run("dcoc", "new", "--from", file, "-o", tmp_path / "c.xml")[0] == 0
    assert (tmp_path / "c.xml").read_bytes() == write_dcoc(SAMPLE, "xml")
    assert run("dcoc", "new", "--from", file, "--to", "rdfxml", "-o", tmp_path / "c.rdf")[0] == 0
    assert read_dcoc((tmp_path / "c.rdf").read_bytes()).certificate == SAMPLE


def test_data_that_break_a_rule_make_nothing(written, tmp_path, run, run_json):
    data = json_form(SAMPLE) | {"validity": {"from": "2036-01-01", "until": "2026-06-20"}}
    file = written("data.json", json.dumps(data).encode())
    status, report = run_json("dcoc", "new", "--from", file, "-o", tmp_path / "c.xml")
    assert (status, report["valid"]) == (1, False)
    assert "DCOC-VALIDITY-REVERSED" in {each["rule"] for each in report["findings"]}
    status, out, err = run("dcoc", "new", "--from", file, "--lang", "zh", "-o", tmp_path / "c.xml")
    assert (status, out) == (1, "")
    assert "DCOC-VALIDITY-REVERSED" in err and "无效" in err
    assert not (tmp_path / "c.xml").exists()


@pytest.mark.parametrize("data", [b"[]", b"7", b"{", b'{"schema": "other/1"}', b'"x"'])
def test_data_of_another_kind_are_refused(data, written, run_json, tmp_path):
    status, problem = run_json("dcoc", "new", "--from", written("data.json", data), "-o", tmp_path / "c.xml")
    assert status == 2
    assert problem["error"]["code"] in ("JL-COC-001", "JL-JSON-002")


def token():
    """The small credential in a token."""
    return sign_token(small(), institute(), f"{DID}#key-1")


@pytest.fixture
def keys(written):
    """The public key of the issuer and that of somebody else, as certificates."""
    right, wrong = institute().certificate, stranger()[1].certificate
    return {
        "right": written("right.pem", right.public_bytes(Encoding.PEM)),
        "wrong": written("wrong.pem", wrong.public_bytes(Encoding.PEM)),
    }


@pytest.mark.parametrize("envelope", [True, False], ids=["enveloped", "bare"])
def test_the_signature_of_a_token_is_checked_with_a_key(envelope, written, keys, run_json):
    data = write_json(enveloped(read_token(token()))) if envelope else token().encode()
    file = written("credential", data)
    status, (report,) = run_json("credential", "check", file, "--key", keys["right"])
    assert (status, report["secured"], report["signature_verified"], report["findings"]) == (
        0,
        "token",
        True,
        [],
    )
    status, (report,) = run_json("credential", "check", file, "--key", keys["wrong"])
    assert (status, report["valid"], report["signature_verified"]) == (1, False, False)
    assert [each["rule"] for each in report["findings"]] == ["JL-VC-005"]
    status, (report,) = run_json("credential", "check", file)
    assert (status, report["signature_verified"]) == (0, False)
    assert [each["rule"] for each in report["findings"]] == ["CREDENTIAL-SIGNATURE-UNCHECKED"]


def test_with_a_key_a_credential_has_to_be_signed(written, keys, run_json):
    file = written("credential.json", write_json(small()))
    status, (report,) = run_json("credential", "check", file, "--key", keys["right"])
    assert status == 1
    assert [each["rule"] for each in report["findings"]] == ["JL-VC-009", "CREDENTIAL-NOT-SECURED"]


def test_a_key_that_is_none_is_refused(written, run_json):
    file = written("credential.json", write_json(small()))
    status, problem = run_json("credential", "check", file, "--key", file)
    assert (status, problem["error"]["code"]) == (2, "JL-VC-010")


def test_credentials_are_reported_in_order_and_the_worst_decides(oracles, written, run_json):
    good = oracles / "dcoc/untp/untp-dcc-instance.json"
    bad = written("bad.json", write_json(small() | {"id": 7}))
    broken = written("broken.json", b"{")
    status, reports = run_json("credential", "check", good, bad, broken)
    assert status == 2
    assert [each["valid"] for each in reports] == [True, False, False]
    assert [each["findings"][0]["rule"] for each in reports[1:]] == [
        "CREDENTIAL-STRUCTURE-KIND",
        "JL-JSON-002",
    ]
    assert reports[0]["version"] == "VC 2.0"


def test_a_token_is_opened_and_put_into_an_envelope_and_taken_out_again(written, tmp_path, run):
    file, out = written("credential.jwt", token().encode()), tmp_path / "out"
    assert run("credential", "convert", file, "--to", "json", "-o", out)[0] == 0
    assert json.loads(out.read_bytes()) == small()
    assert run("credential", "convert", file, "--to", "envelope", "-o", out)[0] == 0
    inside = written("envelope.json", out.read_bytes())
    assert json.loads(inside.read_bytes())["type"] == "EnvelopedVerifiableCredential"
    assert run("credential", "convert", inside, "--to", "jwt", "-o", out)[0] == 0
    assert out.read_text().strip() == token()


@pytest.mark.parametrize("to", ["jwt", "envelope"])
def test_a_conversion_cannot_sign(to, written, tmp_path, run_json):
    file = written("credential.json", write_json(small()))
    status, problem = run_json("credential", "convert", file, "--to", to, "-o", tmp_path / "out")
    assert (status, problem["error"]["code"]) == (2, "JL-VC-009")


@pytest.mark.parametrize("command", ["dcoc", "credential"])
def test_a_calibration_certificate_is_named_as_what_it_is_not(command, oracles, run_json):
    sample = oracles / "dcc/samples/v3.3.0_gp_temperature_valid.xml"
    status, (report,) = run_json(command, "check", sample)
    assert (status, report["valid"]) == (2, False)


@pytest.mark.parametrize(
    "words",
    [
        ["dcoc"], ["credential"], ["dcoc", "check"], ["dcoc", "convert", "x"], ["dcoc", "new"],
        ["dcoc", "convert", "x", "--to", "docx"], ["credential", "convert", "x", "--to", "xml"],
        ["dcoc", "new", "--from", "x", "--to", "credential"], ["credential", "check"],
        ["dcoc", "check", "x", "--key", "y"],
    ],
)  # fmt: skip
def test_wrong_use_ends_with_2(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage: jialiang")


@pytest.mark.parametrize(
    "words", [("dcoc", d) for d in ("check", "convert", "new")] + [("credential", "check")]
)
def test_every_deed_explains_itself(words, capsys):
    with pytest.raises(SystemExit):
        parser().parse_args([*words, "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    assert "exit status: 0 it holds or is done, 1 it does not hold" in shown
    assert "--json" in shown and "--lang {zh,en}" in shown


def test_neither_django_nor_the_network_is_touched(files, tmp_path):
    """In a process of its own, in which sockets cannot connect and Django cannot be imported."""
    made = tmp_path / "credential.json"
    made.write_bytes(write_json(small()))
    program = f"""
        import socket, sys
        def refused(*_, **__):
            raise AssertionError("the network was asked")
        socket.socket.connect = socket.getaddrinfo = refused
        sys.modules["django"] = None
        from jialiang.assembly.cli import main
        for form in {list(map(str, files.values()))}:
            assert main(["dcoc", "check", form]) == 0
        assert main(["credential", "check", {str(made)!r}]) == 0
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_rdf_of_a_certificate_that_was_signed_says_the_same(files, written, tmp_path, run):
    root = etree.fromstring(files["xml"].read_bytes())
    signature = etree.SubElement(root, "{http://www.w3.org/2000/09/xmldsig#}Signature")
    assert signature is not None
    file = written("signed.xml", etree.tostring(root))
    assert run("dcoc", "convert", file, "--to", "rdfxml", "-o", tmp_path / "out")[0] == 0
    assert (tmp_path / "out").read_bytes() == write_dcoc(SAMPLE, "rdfxml")


def block(page, language):
    """The first block of code of a page of the documentation in a language."""
    text = (ROOT / "docs" / "reference" / page).read_text("utf-8")
    return text.split(f"```{language}\n", 1)[1].split("```", 1)[0]


def test_the_example_of_the_documentation_makes_a_certificate(written, tmp_path, run, run_json):
    file = written("data.json", block("dcoc.md", "json").encode())
    assert run("dcoc", "new", "--from", file, "-o", tmp_path / "c.xml")[0] == 0
    status, (report,) = run_json("dcoc", "check", tmp_path / "c.xml")
    assert (status, {each["severity"] for each in report["findings"]}) == (0, {"hint"})


def test_the_program_of_the_documentation_signs_a_credential():
    names = {"certificate": SAMPLE, "signer": institute()}
    exec(compile(block("credential.md", "python"), "credential.md", "exec"), names)
    token_ = read_token(names["token"])
    verify_token(token_, institute().certificate.public_key())
    assert check_structure(token_.payload) == ()


@pytest.mark.parametrize("name", list(ELEMENTS))
def test_the_documentation_tells_every_element_with_its_cardinality(name):
    page = (ROOT / "docs" / "reference" / "dcoc.md").read_text("utf-8")
    often = "1" if ELEMENTS[name] == "1..1" else ELEMENTS[name]
    assert f"| `{name}` | {often} |" in page


PRINTED = [
    ("en", "valid", "· /  CREDENTIAL-NOT-SECURED  The credential is neither enveloped"),
    ("zh", "有效", "· /  CREDENTIAL-NOT-SECURED  凭证既没有封装在令牌中"),
]


@pytest.mark.parametrize(("asked", "verdict", "line"), PRINTED)
def test_people_read_it_in_their_language(asked, verdict, line, written, run):
    file = written("credential.json", write_json(small()))
    status, out, err = run("credential", "check", file, "--lang", asked)
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == f"{file} (VC 2.0): {verdict}"
    assert line in out


def signed():
    """The sample as signed XML."""
    return sign_enveloped(write_dcoc(SAMPLE, "xml"), institute(), [issuing().certificate], SIGNING_TIME)


@pytest.fixture
def roots(written):
    """The root that issued the signer's certificate, and another one."""
    own, other = root().certificate, stranger()[0].certificate
    return {
        "own": written("own.pem", own.public_bytes(Encoding.PEM)),
        "other": written("other.pem", other.public_bytes(Encoding.PEM)),
    }


def test_a_signed_certificate_holds_under_its_root(written, roots, run_json):
    file = written("signed.xml", signed())
    status, (report,) = run_json("dcoc", "check", file, "--trust", roots["own"])
    assert (status, report["signature"]) == (0, "holds")
    (told,) = report["findings"]
    assert (told["rule"], told["severity"]) == ("JL-SIG-052", "warning")  # no revocation list was given
    status, (report,) = run_json("dcoc", "check", file, "--trust", roots["other"], "--trust", roots["own"])
    assert (status, report["signature"]) == (0, "holds")


def test_under_another_root_it_does_not_hold(written, roots, run_json):
    status, (report,) = run_json("dcoc", "check", written("signed.xml", signed()), "--trust", roots["other"])
    assert (status, report["valid"], report["signature"]) == (1, False, "broken")
    assert report["findings"][0]["severity"] == "error"
    assert report["findings"][0]["rule"].startswith("JL-SIG-")


def test_an_altered_one_does_not_hold(written, roots, run_json):
    altered = signed().replace(b"2036-06-15", b"2046-06-15")
    status, (report,) = run_json("dcoc", "check", written("signed.xml", altered), "--trust", roots["own"])
    assert (status, report["signature"]) == (1, "broken")


def test_an_unsigned_one_does_not_hold_where_a_root_is_asked_for(files, roots, run_json):
    status, (report,) = run_json("dcoc", "check", files["xml"], "--trust", roots["own"])
    assert (status, report["signature"]) == (1, "broken")
    assert report["findings"][0]["rule"] == "JL-SIG-010"


@pytest.mark.parametrize(("form", "signature"), [("xml", "none"), ("json", "none"), ("rdfxml", "none")])
def test_without_a_root_it_is_said_that_nothing_was_checked(form, signature, files, written, run_json):
    assert run_json("dcoc", "check", files[form])[1][0]["signature"] == signature
    assert run_json("dcoc", "check", written("signed.xml", signed()))[1][0]["signature"] == "unchecked"


def test_a_root_that_is_none_is_refused(files, run_json):
    status, problem = run_json("dcoc", "check", files["xml"], "--trust", files["xml"])
    assert (status, problem["error"]["code"]) == (2, "JL-CLI-002")


@pytest.mark.parametrize(("language", "word"), [("zh", "数字合格证书"), ("en", "Certificate of conformity")])
def test_pages_are_in_the_language_asked_for(files, tmp_path, run, language, word):
    out = tmp_path / "page.html"
    assert run("dcoc", "convert", files["jsonld"], "--to", "html", "--lang", language, "-o", out)[0] == 0
    assert word in out.read_text(encoding="utf-8")


def test_the_pdf_carries_the_xml(files, tmp_path, run_json):
    out = tmp_path / "page.pdf"
    status, said = run_json("dcoc", "convert", files["xml"], "--to", "pdf", "-o", out)
    assert status == 0
    assert [each.data for each in embedded_files(out.read_bytes())] == [files["xml"].read_bytes()]
