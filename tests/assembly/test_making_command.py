"""``jialiang dcc new``, and the encodings and RDF of ``jialiang dcc convert``: files, words, JSON, exit status."""

import hashlib
import io
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from tests.conftest import ROOT
from tests.formats.dcc_samples import certificate_with, quantity, real, schema

from jialiang.assembly.certificate_making import PASSPHRASE
from jialiang.assembly.cli import main
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.making.templating import template_names
from jialiang.formats.xades.verification import verify

CODES = ["JL-MAK-001", "JL-MAK-002", "JL-MAK-003", "JL-MAK-004", "JL-MAK-005"]


def run(capsys, *words):
    status = main([str(word) for word in words])
    return status, capsys.readouterr()


@pytest.fixture
def document(tmp_path, capsys):
    """An example document in a file, and its content."""
    file = tmp_path / "data.json"
    assert run(capsys, "dcc", "new", "--example", "json", "-o", file)[0] == 0
    return file, json.loads(file.read_text(encoding="utf-8"))


# --- making -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("template", template_names())
@pytest.mark.parametrize("kind", ["json", "xlsx"])
def test_the_example_of_every_template_becomes_a_valid_certificate(capsys, tmp_path, oracles, kind, template):
    example, made = tmp_path / f"example.{kind}", tmp_path / "certificate.xml"
    assert run(capsys, "dcc", "new", "--example", kind, "--template", template, "-o", example)[0] == 0
    status, printed = run(capsys, "dcc", "new", "--from", example, "-o", made, "--lang", "en")
    assert (status, printed.out) == (0, "")
    assert printed.err == f"{example} (3.3.0): valid\n"
    assert schema(oracles, "3.3.0").validate(etree.parse(str(made)))
    assert run(capsys, "dcc", "check", made)[0] == 0


def test_without_a_name_the_certificate_goes_to_standard_output(capsys, document):
    status, printed = run(capsys, "dcc", "new", "--from", document[0])
    assert (status, printed.err) == (0, "")
    assert Certificate.read(printed.out.encode()).number == "EX-2026-0001"


def test_json_tells_what_was_written(capsys, tmp_path, document):
    out = tmp_path / "c.xml"
    status, printed = run(capsys, "dcc", "new", "--from", document[0], "-o", out, "--json")
    said = json.loads(printed.out)
    assert (status, said["valid"], said["out"], said["findings"]) == (0, True, str(out), [])
    assert said["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()


@pytest.mark.parametrize("kind", ["json", "xlsx"])
def test_an_empty_form_is_refused_with_everything_that_is_missing(capsys, tmp_path, kind):
    form, out = tmp_path / f"form.{kind}", tmp_path / "c.xml"
    run(capsys, "dcc", "new", "--example", kind, "--empty", "-o", form)
    status, printed = run(capsys, "dcc", "new", "--from", form, "-o", out, "--json")
    said = json.loads(printed.out)
    assert (status, said["valid"], said["out"]) == (1, False, None)
    assert not out.exists()
    assert sum(1 for each in said["findings"] if each["rule"] == "DCC-DOCUMENT-MISSING") >= 10
    places = {each["path"] for each in said["findings"]}
    assert ("certificate!C2" if kind == "xlsx" else "$.certificate.number") in places
    status, chinese = run(capsys, "dcc", "new", "--from", form, "-o", out, "--lang", "zh")
    assert status == 1
    assert "缺少“证书编号”" in chinese.err


def test_a_certificate_that_breaks_a_rule_is_not_written(capsys, tmp_path, document):
    file, content = document
    content["certificate"]["beginDate"] = "2026-03-09"
    file.write_text(json.dumps(content), encoding="utf-8")
    out = tmp_path / "c.xml"
    status, printed = run(capsys, "dcc", "new", "--from", file, "-o", out, "--lang", "en")
    assert (status, out.exists()) == (1, False)
    assert "DCC-DATES-REVERSED" in printed.err


def test_a_warning_is_told_and_the_certificate_written(capsys, tmp_path, document):
    file, content = document
    content["equipment"][0]["certificate"]["inValidity"] = False
    file.write_text(json.dumps(content), encoding="utf-8")
    out = tmp_path / "c.xml"
    status, printed = run(capsys, "dcc", "new", "--from", file, "-o", out, "--lang", "en")
    assert (status, out.exists()) == (0, True)
    assert "DCC-STANDARD-OUT-OF-VALIDITY" in printed.err


def test_a_template_of_ones_own_from_a_file(capsys, tmp_path, document):
    file, content = document
    own = {"format": "jialiang.dcc-template/1", "columns": {"p": {
        "name": {"zh": "压力", "en": "Pressure"}, "unit": "\\kilo\\pascal"}}, "result": {"name": "R"}}  # fmt: skip
    (tmp_path / "own.json").write_text(json.dumps(own), encoding="utf-8")
    content["results"] = [{"columns": [{"column": "p", "values": ["1.20"]}]}]
    file.write_text(json.dumps(content), encoding="utf-8")
    out = tmp_path / "c.xml"
    assert run(capsys, "dcc", "new", "--from", file, "--template", tmp_path / "own.json", "-o", out)[0] == 0
    (made,) = Certificate.read(out.read_bytes()).find(name="Pressure")
    assert (made.first.values, made.first.unit) == (("1.20",), ("\\kilo\\pascal",))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--template", "nothing-like-it"), "JL-MAK-002"),
        (("--template", "{data}"), "JL-MAK-003"),
        (("--sign", "{data}", "{data}"), "JL-MAK-005"),
    ],
)
def test_what_does_not_do_is_told_by_its_code(capsys, tmp_path, document, words, code):
    given = [word.format(data=document[0]) for word in words]
    status, printed = run(
        capsys, "dcc", "new", "--from", document[0], "-o", tmp_path / "c.xml", *given, "--json"
    )
    assert (status, json.loads(printed.out)["error"]["code"]) == (2, code)


@pytest.mark.parametrize(
    ("data", "code"), [(b"{", "JL-CNV-004"), (b"PK", "JL-MAK-004"), (b"\xff\xff", "JL-CNV-004")]
)
def test_what_cannot_be_read_is_status_2(capsys, tmp_path, data, code):
    (tmp_path / "x").write_bytes(data)
    status, printed = run(capsys, "dcc", "new", "--from", tmp_path / "x", "-o", tmp_path / "c.xml", "--json")
    assert (status, json.loads(printed.out)["error"]["code"]) == (2, code)


@pytest.mark.parametrize("words", [(), ("--json",), ("--json", "--from", "x.json")])
def test_what_is_not_said_is_asked_for(capsys, words):
    status, printed = run(capsys, "dcc", "new", *words)
    assert status == 2
    assert "JL-CLI-006" in printed.out + printed.err


def test_a_file_that_is_not_there(capsys, tmp_path):
    status, printed = run(capsys, "dcc", "new", "--from", tmp_path / "none.json", "-o", tmp_path / "c.xml")
    assert status == 2
    assert "JL-CLI-001" in printed.err


def test_the_schema_is_written(capfdbinary):
    assert main(["dcc", "new", "--schema"]) == 0
    assert json.loads(capfdbinary.readouterr().out)["$ref"] == "#/$defs/document"


def test_the_form_opens_as_a_workbook(capsys, tmp_path):
    form = tmp_path / "form.xlsx"
    run(capsys, "dcc", "new", "--example", "xlsx", "-o", form)
    assert openpyxl.load_workbook(form).sheetnames[:4] == [
        "document",
        "certificate",
        "laboratory",
        "customer",
    ]


def test_making_needs_no_django_and_no_network(tmp_path, document):
    script = f"""
import socket, sys
def refused(*a, **k): raise AssertionError("a socket was opened")
socket.socket.connect = refused
from jialiang.assembly.cli import main
status = main(["dcc", "new", "--from", {str(document[0])!r}, "-o", {str(tmp_path / "c.xml")!r}])
assert "django" not in sys.modules
sys.exit(status)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


# --- signing ------------------------------------------------------------------------------------------------------


def key_pair(tmp_path, key, passphrase=None):
    """A PEM key and a certificate of its own, in files."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example Laboratory")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    )  # fmt: skip
    how = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how)
    (tmp_path / "key.pem").write_bytes(pem)
    (tmp_path / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return tmp_path / "key.pem", tmp_path / "cert.pem"


@pytest.mark.parametrize("passphrase", [None, b"open sesame"])
def test_a_signed_certificate_is_valid_and_its_signature_holds(
    capsys, tmp_path, oracles, document, monkeypatch, passphrase
):
    if passphrase:
        monkeypatch.setenv(PASSPHRASE, passphrase.decode())
    out = tmp_path / "signed.xml"
    files = key_pair(tmp_path, ec.generate_private_key(ec.SECP256R1()), passphrase)
    assert run(capsys, "dcc", "new", "--from", document[0], "-o", out, "--sign", *files)[0] == 0
    assert schema(oracles, "3.3.0").validate(etree.parse(str(out)))
    assert out.read_bytes().count(b"<ds:SignatureValue>") == 1
    assert run(capsys, "dcc", "check", out)[0] == 0
    (signer,) = x509.load_pem_x509_certificates(files[1].read_bytes())
    findings = verify(out.read_bytes(), (signer,), datetime.now(UTC))
    assert findings.integrity.outcome == findings.signer.outcome == "ok"
    assert findings.signer_certificate == signer
    changed = out.read_bytes().replace(b"EX-2026-0001", b"EX-2026-0002")
    assert verify(changed, (signer,), None).integrity.outcome == "failed"


def test_a_wrong_passphrase_another_key_and_another_certificate_are_refused(
    capsys, tmp_path, document, monkeypatch
):
    key = ec.generate_private_key(ec.SECP256R1())
    cases = []
    for name, made, secret in (("a", key, b"right"), ("b", ec.generate_private_key(ec.SECP384R1()), None),
                               ("c", rsa.generate_private_key(65537, 2048), None)):  # fmt: skip
        (tmp_path / name).mkdir()
        cases.append(key_pair(tmp_path / name, made, secret))
    (tmp_path / "d").mkdir()
    other = key_pair(tmp_path / "d", ec.generate_private_key(ec.SECP256R1()))
    cases.append((other[0], cases[0][1]))
    monkeypatch.setenv(PASSPHRASE, "wrong")
    for files in cases:
        out = tmp_path / "c.xml"
        status, printed = run(capsys, "dcc", "new", "--from", document[0], "-o", out, "--sign", *files)
        assert (status, out.exists()) == (2, False)
        assert "JL-MAK-005" in printed.err


def test_a_passphrase_that_nobody_can_be_asked_for_is_named(capsys, tmp_path, document, monkeypatch):
    monkeypatch.delenv(PASSPHRASE, raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    files = key_pair(tmp_path, ec.generate_private_key(ec.SECP256R1()), b"secret")
    status, printed = run(
        capsys, "dcc", "new", "--from", document[0], "-o", tmp_path / "c.xml", "--sign", *files
    )
    assert status == 2
    assert PASSPHRASE in printed.err


# --- convert ------------------------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path):
    file = tmp_path / "certificate.xml"
    file.write_bytes(certificate_with(quantity(real("1.50", "\\metre"), "长度 µ")))
    return file


@pytest.mark.parametrize("notation", ["ttl", "jsonld"])
def test_rdf_is_written_to_a_file(capsys, tmp_path, certificate, notation):
    out = tmp_path / "out"
    status, printed = run(capsys, "dcc", "convert", certificate, "--to", notation, "-o", out, "--json")
    assert (status, json.loads(printed.out)["unmapped"]) == (0, [])
    assert "1.50" in out.read_text(encoding="utf-8")


LOST = [
    ("csv", "zh", "代替", "replacement"),
    ("csv", "en", "lost", "replacement"),
    ("json", "en", "escapes", "escape"),
    ("xml", "en", "references", "reference"),
    ("xml", "zh", "字符引用", "reference"),
]


@pytest.mark.parametrize(("notation", "language", "word", "instead"), LOST)
def test_letters_that_gbk_lacks_are_reported(
    capsys, tmp_path, certificate, notation, language, word, instead
):
    out = tmp_path / "out"
    words = (
        "dcc",
        "convert",
        certificate,
        "--to",
        notation,
        "--encoding",
        "gbk",
        "-o",
        out,
        "--lang",
        language,
    )
    status, printed = run(capsys, *words)
    assert status == 0
    assert "µ (U+00B5)" in printed.err
    assert word in printed.err
    said = json.loads(run(capsys, *words, "--json")[1].out)
    assert (said["unmapped"], said["unmapped_as"]) == (["µ"], instead)


@pytest.mark.parametrize("deed", ["check", "quantities", "convert"])
def test_an_undeclared_encoding_is_located_and_can_be_named(capsys, tmp_path, certificate, deed):
    wrong = tmp_path / "wrong.xml"
    wrong.write_bytes(certificate.read_bytes().decode().encode("gb18030"))
    more = ("--to", "data-json") if deed == "convert" else ()
    status, printed = run(capsys, "dcc", deed, wrong, *more, "--lang", "en")
    assert status == 2
    assert "JL-XML-013" in printed.out + printed.err
    assert "GB18030" in printed.out + printed.err or deed == "check"
    more = (*more, "-o", tmp_path / "out") if more else more
    assert run(capsys, "dcc", deed, wrong, *more, "--read-as", "gb18030")[0] == 0
    assert run(capsys, "dcc", deed, wrong, *more, "--read-as", "klingon")[0] == 2


@pytest.mark.parametrize("deed", ["migrate", "diff", "chain"])
def test_every_deed_on_certificates_takes_the_encoding_by_its_name(capsys, tmp_path, certificate, deed):
    wrong = tmp_path / "wrong.xml"
    wrong.write_bytes(certificate.read_bytes().decode().encode("gb18030"))
    files = (wrong, wrong) if deed == "diff" else (wrong,)
    more = ("-o", tmp_path / "out.xml") if deed == "migrate" else ()
    status, printed = run(capsys, "dcc", deed, *files, "--lang", "en")
    assert status == 2
    assert "JL-XML-013" in printed.out + printed.err
    assert run(capsys, "dcc", deed, *files, *more, "--read-as", "gb18030")[0] in (0, 1)
    assert run(capsys, "dcc", deed, *files, "--read-as", "klingon")[0] == 2


def test_rdf_in_another_encoding_is_refused(capsys, certificate):
    status, printed = run(capsys, "dcc", "convert", certificate, "--to", "ttl", "--encoding", "gbk")
    assert status == 2
    assert "JL-CNV-006" in printed.err
