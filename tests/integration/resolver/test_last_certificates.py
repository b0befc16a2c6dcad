"""The page of an instrument tells the verdict on its last certificate, out of the answers that are published."""

from __future__ import annotations

import asyncio
import json

import pytest
from tests.integration.resolver.node import NAME, ROOT, Node

from jialiang.formats.handle.values import HandleValue
from jialiang.formats.identifier_page.page import CertificateSeen
from jialiang.formats.public_keys import key_by_identifier, key_by_number
from jialiang.integration.resolver.answers import Answers
from jialiang.integration.resolver.last_certificates import LastCertificates

CODE, NUMBER = "M3306WZ4X355F", "YZ-2026-C-000004"
BROWSER, ENGLISH, CHINESE = ("accept", "text/html"), ("accept-language", "en"), ("accept-language", "zh")
BY_SYMBOL = f"{ROOT}/c/88.101.5/cert-4?k={CODE}"
BY_NUMBER = f"{ROOT}/check?number={NUMBER}&code={CODE}"


def body(verdict: str, serial: str = "S-7", due: str = "2027-06-15") -> bytes:
    certificate = {"number": NUMBER, "serial_number": serial, "due_date": due}
    return json.dumps({"verdict": verdict, "certificate": certificate}).encode()


@pytest.fixture
def node() -> Node:
    return Node(per_minute=1000)


def names(node: Node, link: str, serial: str = "S-7") -> None:
    """Let the record of the instrument name a certificate."""
    node.reader.record(NAME, HandleValue(1, "CERTIFICATE", link.encode()), HandleValue(2, "SERIAL", serial.encode()))


def publish(node: Node, verdict: str = "genuine", **facts: str) -> None:
    node.reader.write(key_by_identifier("88.101.5/cert-4", CODE, "json"), body(verdict, **facts))
    node.reader.write(key_by_number(NUMBER, CODE, "json"), body(verdict, **facts))


def page(node: Node, language: tuple[str, str] = ENGLISH) -> str:
    reply = node.open(f"/{NAME}", "", BROWSER, language)
    assert reply.status == 200
    return reply.body.decode()


@pytest.mark.parametrize("link", [BY_SYMBOL, BY_NUMBER, f"{BY_SYMBOL}&lang=zh", BY_SYMBOL.replace("https", "HTTPS")])
@pytest.mark.parametrize(
    ("language", "words"), [(ENGLISH, "Genuine and in force"), (CHINESE, "真实，且有效")], ids=["en", "zh"]
)
def test_a_certificate_of_this_installation_is_checked(node: Node, link: str, language, words: str) -> None:
    names(node, link)
    publish(node)
    shown = page(node, language)
    assert words in shown
    assert NUMBER in shown


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("genuine", "Genuine and in force"),
        ("expired", "Genuine, but expired"),
        ("superseded", "Genuine, but superseded"),
        ("withdrawn", "Withdrawn. Do not use"),
    ],
)
def test_the_verdict_is_that_of_the_register_now(node: Node, verdict: str, words: str) -> None:
    names(node, BY_SYMBOL)
    publish(node, "genuine")
    page(node)
    publish(node, verdict)
    node.watch.seconds += 1
    assert words in page(node)


@pytest.mark.parametrize("link", [BY_SYMBOL, BY_NUMBER, BY_SYMBOL.replace(CODE, "AAAAAAAAAAAAA")])
def test_one_that_is_not_published_is_not_known_here(node: Node, link: str) -> None:
    names(node, link)
    assert "Not known here" in page(node)


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example/c/88.101.5/cert-4?k=M3306WZ4X355F",
        "http://id.example.cn/c/88.101.5/cert-4?k=M3306WZ4X355F",
        "https://id.example.cn:8443/c/88.101.5/cert-4?k=M3306WZ4X355F",
        f"{ROOT}/c/88.101.5/cert-4",
        f"{ROOT}/check",
        f"{ROOT}/certificates/4",
        "https://[bad",
    ],
)
def test_whatever_is_no_question_to_this_register_is_not_checked(node: Node, link: str) -> None:
    names(node, link)
    publish(node)
    shown = page(node)
    assert "Genuine" not in shown
    assert "Not known here" not in shown


def test_a_certificate_of_another_instrument_is_told(node: Node) -> None:
    names(node, BY_SYMBOL, serial="S-8")
    publish(node, serial="S-7")
    assert "of another instrument" in page(node)


def test_programs_get_the_record_without_a_verdict(node: Node) -> None:
    names(node, BY_SYMBOL)
    publish(node)
    assert b"verdict" not in node.get().body


def test_a_page_with_another_verdict_has_another_tag(node: Node) -> None:
    names(node, BY_SYMBOL)
    unknown = node.open(f"/{NAME}", "", BROWSER, ENGLISH).headers["etag"]
    other = Node(per_minute=1000)
    names(other, BY_SYMBOL)
    publish(other)
    assert other.open(f"/{NAME}", "", BROWSER, ENGLISH).headers["etag"] != unknown


@pytest.mark.parametrize("certificate", [None, {}, {"number": None}])
def test_an_answer_without_certificate_has_a_verdict_alone(node: Node, certificate) -> None:
    told = json.dumps({"verdict": "withdrawn", "certificate": certificate}).encode()
    node.reader.write(key_by_identifier("88.101.5/cert-4", CODE, "json"), told)
    asked = LastCertificates(Answers(node.reader, limit_bytes=1000), ROOT, clock=lambda: 0.0)
    said = {"values": [{"index": 1, "type": "CERTIFICATE", "data": {"format": "string", "value": BY_SYMBOL}}]}
    assert asyncio.run(asked.seen(said)) == CertificateSeen("withdrawn")
    assert asyncio.run(asked.seen({"values": []})) is None
