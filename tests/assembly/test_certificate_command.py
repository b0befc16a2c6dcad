"""``jialiang certificate`` needs no installation; its exit status is the verdict."""

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from tests.formats.sample_keys import anchors, signed_sample

from jialiang.assembly.cli import main
from jialiang.assembly.forgery import altered, resigned_by_stranger
from jialiang.assembly.register_client import RegisterSilent, facts_from_json, register_facts
from jialiang.formats.authenticity.examination import examine
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.xades.verification import TrustAnchors


@pytest.fixture
def files(tmp_path: Path, now) -> Path:
    xml = signed_sample()
    (tmp_path / "c.xml").write_bytes(xml)
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
    """Answers as an installation's register does."""

    answer: bytes = b"{}"
    asked: dict[str, list[str]] = {}

    def do_GET(self) -> None:
        type(self).asked = parse_qs(urlsplit(self.path).query)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def register() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Register)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_with_a_register_a_withdrawn_certificate_is_not_genuine(files, register, capsys):
    Register.answer = json.dumps(
        {"status": "withdrawn", "since": "2026-06-18T09:30:00+08:00", "reason": {"zh": "失准", "en": "off"}}
    ).encode()
    at = ("--at", "2026-06-20T00:00:00+08:00")
    assert main(verify(files, "c.xml", "--json", "--status", register, *at)) == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["verdict"], answer["status"]) == ("withdrawn", "withdrawn")
    assert Register.asked["sha256"] == [sha256_hex((files / "c.xml").read_bytes())]
    assert Register.asked["identifier"]


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
