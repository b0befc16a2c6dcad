"""The node above over HTTP: what goes out, what its answers mean, and what is never done."""

from __future__ import annotations

import socket
from base64 import b64encode
from email.parser import BytesParser
from hashlib import sha256
from typing import Any

import pytest
from tests.formats.node_report.reports import HEADER, REGISTRATION, written
from tests.upper_node import ACCOUNT_TOKEN, REFUSED, TOKEN, Asked, Said, UpperNodeHere

from jialiang.governance.node_reports import http_call
from jialiang.governance.node_reports.errors import UpperNodeForbids, UpperNodeRefuses, UpperNodeSilent
from jialiang.governance.node_reports.http_call import call
from jialiang.governance.node_reports.http_node import HttpUpperNode, form_data
from jialiang.governance.node_reports.port import OutgoingApplication, OutgoingDocument, OutgoingReport
from jialiang.kernel.errors import JialiangError

DATA = written(REGISTRATION)
DIGEST = sha256(DATA).hexdigest()
REPORT = OutgoingReport(HEADER, DIGEST, DATA, "head.claims.signature")
DOCUMENTS = (OutgoingDocument('营业"执照.pdf', b"%PDF-1.7\r\n--x"), OutgoingDocument("b.png", b"\x89PNG"))
APPLICATION = OutgoingApplication("88.111", "温度计的标识", "7", DOCUMENTS)


@pytest.fixture
def node(here: UpperNodeHere) -> HttpUpperNode:
    return HttpUpperNode(here.address + "/", "88.111.5", token=TOKEN, account_token=ACCOUNT_TOKEN)


def test_a_report_goes_out_with_digest_signature_and_token(here: UpperNodeHere, node: HttpUpperNode) -> None:
    receipt = node.send(REPORT)
    (asked,) = here.asked
    assert (asked.method, asked.path, asked.body) == ("POST", "/api/v1/node-reports", DATA)
    digest = b64encode(bytes.fromhex(DIGEST)).decode()
    assert asked.headers["Content-Digest"] == f"sha-256=:{digest}:"
    assert asked.headers["Content-Type"] == "application/vnd.jialiang.node-report+gzip"
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["Report-Signature"] == "head.claims.signature"
    assert receipt["id"] == f"r-{DIGEST[:8]}"


def test_without_a_signature_none_is_sent(here: UpperNodeHere, node: HttpUpperNode) -> None:
    node.send(OutgoingReport(HEADER, DIGEST, DATA))
    assert here.asked[0].headers["Report-Signature"] is None


def test_the_same_report_again_gets_the_same_receipt(here: UpperNodeHere, node: HttpUpperNode) -> None:
    assert node.send(REPORT) == node.send(REPORT)
    assert len(here.kept) == 1


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (Said(401, {"what": {"zh": "未登录", "en": "not signed in"}}), UpperNodeForbids),
        (Said(403, {"detail": "suspended"}), UpperNodeForbids),
        (Said(409, REFUSED), UpperNodeRefuses),
        (Said(413, REFUSED), UpperNodeRefuses),
        (Said(422, REFUSED), UpperNodeRefuses),
        (Said(400, b"<html>"), UpperNodeRefuses),
        (Said(404, {}), UpperNodeSilent),
        (Said(404, b"<html>"), UpperNodeSilent),
        (Said(404, {"code": "JL-API-004"}), UpperNodeSilent),
        (Said(404, {"code": "JL-PFX-003"}), UpperNodeRefuses),
        (Said(405, {}), UpperNodeSilent),
        (Said(429, {}, {"Retry-After": "7"}), UpperNodeSilent),
        (Said(500, {}), UpperNodeSilent),
        (Said(503, b""), UpperNodeSilent),
        (Said(204, b""), UpperNodeSilent),
        (Said(301, b"", {"Location": "/elsewhere"}), UpperNodeSilent),
        (Said(307, b"", {"Location": "http://127.0.0.1:9/"}), UpperNodeSilent),
        (Said(201, b"not json"), UpperNodeSilent),
        (Said(201, []), UpperNodeSilent),
        (Said(201, {"digest": "sha-256:" + "0" * 64}), UpperNodeSilent),
        (Said(201, b"[" * 100_000), UpperNodeSilent),
    ],
    ids=lambda each: str(each.status) if isinstance(each, Said) else each.__name__,
)
def test_what_an_answer_means(
    here: UpperNodeHere, node: HttpUpperNode, said: Said, error: type[JialiangError]
) -> None:
    here.instead = lambda asked: said
    with pytest.raises(error) as caught:
        node.send(REPORT)
    assert here.address in caught.value.what.en
    assert TOKEN not in str(caught.value.to_json())
    assert len(here.asked) == 1  # nothing is asked twice, and no redirect followed


def test_what_the_node_above_says_of_a_refusal_is_told_in_both_languages(
    here: UpperNodeHere, node: HttpUpperNode
) -> None:
    here.instead = lambda asked: Said(422, REFUSED)
    with pytest.raises(UpperNodeRefuses) as caught:
        node.send(REPORT)
    assert "前缀不符" in caught.value.what.zh
    assert "the prefix is another's" in caught.value.what.en
    assert "422" in caught.value.what.en


@pytest.mark.parametrize(
    ("body", "shown"),
    [({"detail": "too late"}, "too late"), ({"title": "no"}, "no"), (b"<b>bad</b>", "<b>bad</b>"), (b"\xff\xfe", "")],
    ids=["detail", "title", "html", "bytes"],
)
def test_what_is_said_in_other_forms_is_told_as_it_is(
    here: UpperNodeHere, node: HttpUpperNode, body: Any, shown: str
) -> None:
    here.instead = lambda asked: Said(422, body)
    with pytest.raises(UpperNodeRefuses) as caught:
        node.send(REPORT)
    assert shown in caught.value.what.en


def test_reaching_asks_for_the_receipts_of_this_node(here: UpperNodeHere, node: HttpUpperNode) -> None:
    node.reach()
    assert here.asked[0].path == "/api/v1/node-reports?node=88.111.5"
    here.instead = lambda asked: Said(403, {})
    with pytest.raises(UpperNodeForbids):
        node.reach()


def test_a_node_that_is_not_there_is_told_with_the_reason(here: UpperNodeHere) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(UpperNodeSilent) as caught:
            HttpUpperNode(address, "88.111.5", token=TOKEN).reach()
    assert caught.value.http_status == 503
    assert "refused" in str(caught.value.facts["reason"])


def test_a_name_that_nobody_has_is_told() -> None:
    with pytest.raises(UpperNodeSilent):
        HttpUpperNode("http://node.invalid", "88.111.5", token=TOKEN).reach()


def test_a_node_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(UpperNodeSilent) as caught:
            call(address, "GET", "/", headers={}, seconds=0.05)
    assert "timed out" in str(caught.value.facts["reason"])


def test_an_answer_that_does_not_end_is_given_up(
    here: UpperNodeHere, node: HttpUpperNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_call, "LARGEST_ANSWER", 1000)
    here.instead = lambda asked: Said(201, b"x" * 1001)
    with pytest.raises(UpperNodeSilent) as caught:
        node.send(REPORT)
    assert "> 1000 bytes" in str(caught.value.facts["reason"])
    here.instead = lambda asked: Said(200, b" " * 998 + b"{}")
    node.reach()


def test_plain_http_is_not_taken_for_https(here: UpperNodeHere) -> None:
    with pytest.raises(UpperNodeSilent):
        call(here.address.replace("http:", "https:"), "GET", "/", headers={}, seconds=5)
    assert here.asked == []


# --- applying -----------------------------------------------------------------------------------------------------


def test_an_application_goes_out_as_a_form_with_its_documents(here: UpperNodeHere, node: HttpUpperNode) -> None:
    told = node.apply(APPLICATION)
    assert told["state"] == "submitted"
    (asked,) = here.asked
    assert asked.headers["Authorization"] == f"Bearer {ACCOUNT_TOKEN}"
    parts = parts_of(asked)
    assert [name for name, _, _ in parts] == ["parent", "purpose", "wished_code", "file", "file"]
    assert [data for _, _, data in parts[:3]] == [b"88.111", "温度计的标识".encode(), b"7"]
    assert parts[3][2] == b"%PDF-1.7\r\n--x"
    assert [name for _, name, _ in parts[3:]] == ["营业%22执照.pdf", "b.png"]


def parts_of(asked: Asked) -> list[tuple[str, str, bytes]]:
    head = f"Content-Type: {asked.headers['Content-Type']}\r\n\r\n".encode()
    boundary = asked.headers["Content-Type"].partition("boundary=")[2].encode()
    found = []
    for part in (head + asked.body).split(b"--" + boundary)[1:-1]:
        headers, _, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        disposition = headers.splitlines()[0].decode()
        name = disposition.partition('name="')[2].partition('"')[0]
        file = disposition.partition('filename="')[2].rpartition('"')[0]
        found.append((name, file, data.removesuffix(b"\r\n")))
    return found


def test_the_form_is_one_that_parsers_read() -> None:
    body = form_data(APPLICATION, "edge")
    read = BytesParser().parsebytes(b"Content-Type: multipart/form-data; boundary=edge\r\n\r\n" + body)
    assert read.is_multipart()
    assert len(read.get_payload()) == 5
    assert not read.defects


@pytest.mark.parametrize("name", ["a\r\nX-Evil: 1", 'a"; filename="b', "a\\b"], ids=["line", "quote", "backslash"])
def test_a_file_name_cannot_leave_its_place(name: str) -> None:
    application = OutgoingApplication("88.111", "p", "", (OutgoingDocument(name, b"%PDF-"),))
    body = form_data(application, "edge")
    line = next(each for each in body.split(b"\r\n") if b"filename=" in each)
    assert line.count(b'"') == 4
    assert b"\\" not in line
    assert b"X-Evil" not in body or b"\nX-Evil" not in body


def test_applications_are_listed_by_the_account(here: UpperNodeHere, node: HttpUpperNode) -> None:
    node.apply(APPLICATION)
    node.apply(APPLICATION)
    assert [row["id"] for row in node.applications()] == ["a-1", "a-0"]
    assert here.asked[-1].headers["Authorization"] == f"Bearer {ACCOUNT_TOKEN}"


@pytest.mark.parametrize("body", [{}, [], {"members": {}}, {"members": [1]}, b"x"], ids=range(5))
def test_a_list_that_is_none_is_told(here: UpperNodeHere, node: HttpUpperNode, body: Any) -> None:
    here.instead = lambda asked: Said(200, body)
    with pytest.raises(UpperNodeSilent):
        node.applications()


def test_without_an_account_the_token_for_reports_is_used(here: UpperNodeHere) -> None:
    HttpUpperNode(here.address, "88.111.5", token=TOKEN).applications()
    assert here.asked[0].headers["Authorization"] == f"Bearer {TOKEN}"


def test_neither_token_is_shown_by_anything(node: HttpUpperNode) -> None:
    assert TOKEN not in repr(node)
    assert b"PDF" not in repr(APPLICATION).encode()
    assert DATA[:4].hex() not in repr(REPORT)
