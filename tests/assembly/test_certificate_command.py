"""``jialiang certificate`` needs no installation; its exit status is the verdict."""

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ReasonFlags
from tests.assembly.revocation import revocation_list, sealed_under_the_root
from tests.formats.sample_keys import anchors, signed_sample

from jialiang.assembly import register_client
from jialiang.assembly.cli import main
from jialiang.assembly.forgery import altered, resigned_by_stranger
from jialiang.assembly.register_client import (
    RegisterSilent,
    RevocationListSilent,
    facts_from_json,
    register_facts,
)
from jialiang.formats.authenticity.examination import examine
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.xades.verification import TrustAnchors


@pytest.fixture
def files(tmp_path: Path, now) -> Path:
    xml = signed_sample()
    (tmp_path / "c.xml").write_bytes(xml)
    (tmp_path / "direct.xml").write_bytes(sealed_under_the_root())
    (tmp_path / "altered.xml").write_bytes(altered(xml))
    (tmp_path / "impostor.xml").write_bytes(resigned_by_stranger(xml, now))
    (tmp_path / "noise.bin").write_bytes(b"\x00\x01 nothing of the kind")
    pem = b"".join(root.public_bytes(Encoding.PEM) for root in anchors().roots)
    (tmp_path / "ca.pem").write_bytes(pem)
    return tmp_path


def verify(files: Path, name: str, *more: str) -> list[str]:
    return ["certificate", "verify", str(files / name), "--trust", str(files / "ca.pem"), *more]


@pytest.mark.parametrize(
    ("name", "verdict", "status"),
    [("c.xml", "genuine", 0), ("altered.xml", "altered", 1), ("impostor.xml", "unknown", 1)],
)
def test_the_exit_status_is_0_only_for_genuine(files, capsys, name, verdict, status):
    assert main(verify(files, name, "--json", "--at", "2026-06-20T00:00:00+08:00")) == status
    answer = json.loads(capsys.readouterr().out)
    assert answer["verdict"] == verdict
    assert answer["status"] == "not_checked"
    assert answer["sha256"] == sha256_hex((files / name).read_bytes())
    assert {"name", "outcome", "text", "evidence"} <= set(answer["checks"][0])


def test_of_an_altered_file_nothing_good_is_said_about_its_bytes(files, capsys):
    main(verify(files, "altered.xml", "--json", "--at", "2026-06-20T00:00:00+08:00"))
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)["checks"]}
    assert checks["bytes"]["outcome"] == "not_checked"
    assert "unchanged" not in checks["bytes"]["text"]["en"]


def test_without_a_trusted_root_nobody_is_known(files, capsys):
    assert main(["certificate", "verify", str(files / "c.xml"), "--json", "--at", "2026-06-20"]) == 1
    assert json.loads(capsys.readouterr().out)["verdict"] == "unknown"


@pytest.mark.parametrize(("language", "word"), [("zh", "真实（未查询登记库"), ("en", "Genuine (no register asked")])
def test_the_text_speaks_the_language_asked_for(files, capsys, language, word):
    main(verify(files, "c.xml", "--lang", language, "--at", "2026-06-20T00:00:00+08:00"))
    printed = capsys.readouterr().out
    assert word in printed
    assert printed.count("✓") >= 4


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["verify", "{files}/noise.bin"], "JL-CHK-"),
        (["verify", "{files}/missing.xml"], "JL-CLI-001"),
        (["verify", "{files}/c.xml", "--trust", "{files}/noise.bin"], "JL-CLI-002"),
        (["verify", "{files}/c.xml", "--at", "tomorrow"], "JL-CLI-003"),
        (["show", "{files}/noise.bin"], "JL-"),
    ],
)
def test_what_cannot_be_read_exits_2_with_a_code_and_the_way_out(files, capsys, words, code):
    filled = [word.format(files=files) for word in words]
    assert main(["certificate", *filled, "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(code)
    assert len(said.strip().splitlines()) == 3
    assert main(["certificate", *filled, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["way_out"]["zh"]


def test_show_prints_numbers_with_their_uncertainty(files, capsys):
    assert main(["certificate", "show", str(files / "c.xml"), "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    view = examine((files / "c.xml").read_bytes(), trusted=TrustAnchors(()), at=None).view
    column = next(q for t in view.results for q in t.quantities if q.expanded_uncertainties)
    assert view.number in printed
    assert column.quantity_values[0].replace("-", "−") in printed
    assert column.expanded_uncertainties[0] in printed
    assert main(["certificate", "show", str(files / "c.xml"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["number"] == view.number


def test_wrong_use_exits_2(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["certificate", "verify"])
    assert stopped.value.code == 2


class Register(BaseHTTPRequestHandler):
    """Answers as an installation does: its register, and its revocation list."""

    answer: bytes = b"{}"
    revoked: bytes | int = b""
    asked: dict[str, list[str]] = {}
    paths: list[str] = []

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        type(self).paths.append(place.path)
        if place.path == "/api/v1/trust/crl":
            return self._send(self.revoked)
        type(self).asked = parse_qs(place.query)
        return self._send(self.answer)

    def _send(self, said: bytes | int) -> None:
        self.send_response(said if isinstance(said, int) else 200)
        self.end_headers()
        if isinstance(said, bytes):
            self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def register() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Register)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Register.answer, Register.revoked, Register.paths = IN_FORCE, revocation_list_of(), []
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def revocation_list_of(*serials: int, **more: Any) -> bytes:
    """The list of the sample's authority, in the bytes in which it is published."""
    return revocation_list(*serials, **more).public_bytes(Encoding.DER)


WITHDRAWN = json.dumps(
    {"status": "withdrawn", "since": "2026-06-18T09:30:00+08:00", "reason": {"zh": "失准", "en": "off"}}
).encode()
IN_FORCE = json.dumps({"status": "in_force", "since": "2026-06-16T15:47:30+08:00"}).encode()
AT = ("--at", "2026-06-20T00:00:00+08:00")


def asked_online(files: Path, register: str, capsys) -> tuple[int, dict[str, Any]]:
    """Verify the sample with register and revocation list; return exit status and verdict."""
    status = main(verify(files, "direct.xml", "--json", "--status", register, *AT))
    return status, json.loads(capsys.readouterr().out)


def revocation_check(answer: dict[str, Any]) -> dict[str, Any]:
    return next(check for check in answer["checks"] if check["name"] == "revocation")


def test_with_a_register_a_withdrawn_certificate_is_not_genuine(files, register, capsys):
    Register.answer = WITHDRAWN
    status, answer = asked_online(files, register, capsys)
    assert status == 1
    assert (answer["verdict"], answer["status"]) == ("withdrawn", "withdrawn")
    assert Register.asked["sha256"] == [sha256_hex((files / "direct.xml").read_bytes())]
    assert Register.asked["identifier"]


def test_online_the_revocation_list_is_fetched_and_a_seal_that_is_not_on_it_is_good(files, register, capsys):
    status, answer = asked_online(files, register, capsys)
    assert (status, answer["verdict"], answer["status"]) == (0, "genuine", "in_force")
    assert revocation_check(answer)["outcome"] == "ok"
    assert Register.paths == ["/api/v1/trust/crl", "/api/v1/register"]


@pytest.mark.parametrize(
    ("moment", "reason", "status", "outcome"),
    [
        ("before", ReasonFlags.cessation_of_operation, 1, "failed"),
        ("after", ReasonFlags.cessation_of_operation, 0, "warning"),
        ("after", ReasonFlags.key_compromise, 1, "failed"),
        ("before", ReasonFlags.key_compromise, 1, "failed"),
    ],
)
def test_online_a_revoked_seal_counts_by_its_reason_and_moment(
    files, register, capsys, moment, reason, status, outcome
):
    signer = examine((files / "direct.xml").read_bytes(), trusted=anchors(), at=None).findings
    shift = timedelta(days=-1 if moment == "before" else 1)
    Register.revoked = revocation_list_of(
        signer.signer_certificate.serial_number, revoked_at=signer.signing_time + shift, reason=reason
    )
    found, answer = asked_online(files, register, capsys)
    assert (found, revocation_check(answer)["outcome"]) == (status, outcome)
    assert (answer["verdict"] == "genuine") is (status == 0)
    if status:
        assert answer["reason"] == "signer_revoked"


@pytest.mark.parametrize(
    "more",
    [
        {"next_update": datetime(2026, 6, 19, tzinfo=UTC)},
        {"issuer": "Somebody else"},
        {"secret": "another root"},
    ],
)
def test_a_list_that_is_stale_or_another_s_leaves_revocation_unchecked_and_says_so(
    files, register, capsys, more
):
    Register.revoked = revocation_list_of(**more)
    status, answer = asked_online(files, register, capsys)
    check = revocation_check(answer)
    assert (status, check["outcome"], check["evidence"]["code"]) == (0, "not_checked", "JL-SIG-052")
    assert "revocation was not checked" in check["text"]["en"]


@pytest.mark.parametrize("said", [404, 503, b"", b"no list", b"<html></html>"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_list_that_cannot_be_had_ends_with_2_and_the_way_out(files, register, capsys, said, language):
    Register.revoked = said
    assert main(verify(files, "direct.xml", "--status", register, "--lang", language, *AT)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("JL-CLI-005")
    assert register in err
    assert "--status" in err
    assert "/api/v1/register" not in Register.paths


def test_a_list_without_end_is_not_read_to_its_end(files, register, monkeypatch):
    monkeypatch.setattr(register_client, "LARGEST_LIST", 100)
    assert len(Register.revoked) > 100
    with pytest.raises(RevocationListSilent) as refused:
        register_client.revocation_list(register)
    assert refused.value.facts["reason"] == "> 100 bytes"


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "ftp://127.0.0.1", "file:///etc/passwd", "127.0.0.1"])
def test_an_address_without_an_installation_hands_out_no_list(address):
    with pytest.raises(RevocationListSilent) as refused:
        register_client.revocation_list(address)
    assert refused.value.facts["address"] == address


def test_the_list_is_asked_for_below_the_address_with_or_without_a_slash(register):
    register_client.revocation_list(register)
    register_client.revocation_list(register + "/")
    assert Register.paths == ["/api/v1/trust/crl"] * 2


@pytest.mark.parametrize("answer", [b"no json", b"[]", b'{"since": "2026"}'])
def test_a_register_that_answers_nonsense_is_named(files, register, answer):
    Register.answer = answer
    examination = examine((files / "c.xml").read_bytes(), trusted=anchors(), at=None)
    with pytest.raises(RegisterSilent) as refused:
        register_facts(register, examination)
    assert refused.value.facts["address"] == register


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "ftp://127.0.0.1", "127.0.0.1"])
def test_a_register_that_cannot_be_reached_is_named(files, address):
    examination = examine((files / "c.xml").read_bytes(), trusted=anchors(), at=None)
    with pytest.raises(RegisterSilent) as refused:
        register_facts(address, examination)
    assert refused.value.facts["address"] == address


def test_the_registers_word_is_read_with_all_members():
    facts = facts_from_json(
        {
            "status": "superseded",
            "since": "2026-06-18T09:30:00+08:00",
            "reason": {"zh": "甲", "en": "a"},
            "superseded_by": "YZ-2",
            "due_date": "2027-06-15",
            "time_zone": "Asia/Shanghai",
            "kind": "calibration",
            "issued_digests": ["aa", "bb"],
            "issued_content_digest": "cc",
            "issued_xml": b64encode(b"<x/>").decode(),
        }
    )
    assert facts.issued_xml == b"<x/>"
    assert facts.issued_digests == ("aa", "bb")
    assert facts.since.isoformat() == "2026-06-18T09:30:00+08:00"
    assert (facts.superseded_by, facts.due_date, facts.reason.en) == ("YZ-2", "2027-06-15", "a")
