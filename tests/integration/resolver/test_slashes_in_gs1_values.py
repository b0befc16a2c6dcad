"""Slashes in values of GS1 keys: the server decodes ``%2F``, so they are asked for compressed, and never guessed at."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.resolver.node import ROOT, Node

from jialiang.formats.codes.compression import compress
from jialiang.formats.codes.digital_link import DigitalLink, parse_digital_link
from jialiang.formats.gs1.links import DEFAULT, Gs1Link
from jialiang.integration.resolver.gs1_reads import digital_link, is_digital_link

GTIN = "01/09506000134352"
PROBE = """
async def app(scope, protocol):
    protocol.response_str(200, [], "\\n".join([scope.path, scope.query_string, *sorted(dir(scope))]))
"""


def home(name: str) -> Gs1Link:
    return Gs1Link(DEFAULT, f"https://lab.example.cn/{name}", name, is_default=True)


@pytest.fixture
def node() -> Node:
    node = Node(per_minute=1000)
    node.links(GTIN, home("type"))
    node.links(f"{GTIN}/10/A%2FB", home("slash"))
    node.links(f"{GTIN}/10/A", home("lot"))
    return node


def compressed(path: str, *, keep_key: bool) -> str:
    short = compress(parse_digital_link(f"/{path}"), keep_key=keep_key)
    return "/" + short.split("/", 3)[-1] if "://" in short else short


# --- what the server gives -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """What granian tells an RSGI application of a path with ``%2F``: the path, the query, the names of its scope."""
    folder = tmp_path_factory.mktemp("probe")
    (folder / "probe.py").write_text(PROBE)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["-m", "granian", "--interface", "rsgi", "--port", str(port), "--no-log", "probe:app"]
    server = subprocess.Popen([sys.executable, *words], cwd=folder, env={"PYTHONPATH": str(folder), "PATH": ""})
    try:
        yield _asked(port, "/01/09506000134352/10/A%2FB?x=%2F")
    finally:
        server.terminate()
        server.wait(30)


def _asked(port: int, target: str) -> list[str]:
    until = time.monotonic() + 60
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
                line.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
                with line.makefile("rb") as answer:
                    return answer.read().decode().partition("\r\n\r\n")[2].split("\n")
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def test_the_scope_has_a_decoded_path_and_no_raw_one(told: list[str]) -> None:
    assert told[:2] == ["/01/09506000134352/10/A/B", "x=%2F"]
    names = {name for name in told[2:] if not name.startswith("_")}
    assert not {name for name in names if "raw" in name or "target" in name or "uri" in name or "url" in name}


# --- so a plain link with one is none ------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["10/A/B", "10/A/B/", "10/A//B", "10//A", "10/A/B/C/D/E"])
def test_a_value_that_lost_its_slash_is_refused_and_not_taken_for_another(node: Node, asked: str) -> None:
    reply = node.open(f"/{GTIN}/{asked}")
    assert (reply.status, reply.headers.get("location")) == (400, None)


def test_two_segments_more_are_a_qualifier_only_where_the_key_has_it(node: Node) -> None:
    assert node.open(f"/{GTIN}/10/A/21/B").headers["location"].endswith("/lot")  # as written: lot A, serial B
    assert node.open(f"/{GTIN}/10/A/99/B").status == 400


def test_percent_signs_that_were_encoded_twice_are_letters_of_the_value(node: Node) -> None:
    node.links(f"{GTIN}/10/A%252FB", home("percent"))
    assert node.open(f"/{GTIN}/10/A%2FB").headers["location"].endswith("/percent")  # sent as A%252FB


# --- and a compressed one is answered ------------------------------------------------------------------------


@pytest.mark.parametrize("keep_key", [False, True])
def test_compressed_the_value_with_its_slash_is_found(node: Node, keep_key: bool) -> None:
    path = compressed(f"{GTIN}/10/A%2FB", keep_key=keep_key)
    assert "%" not in path
    reply = node.open(path)
    assert (reply.status, reply.headers["location"]) == (307, "https://lab.example.cn/slash")
    assert f'<{ROOT}/{GTIN}/10/A%2FB>; rel="owl:sameAs"' in reply.headers["link"]


def test_the_levels_of_a_compressed_value_with_a_slash_are_its_own(node: Node) -> None:
    reply = node.open(compressed(f"{GTIN}/10/A%2FB", keep_key=False), "linkType=linkset")
    anchors = [level["anchor"] for level in json.loads(reply.body)["linkset"]]
    assert anchors == [f"{ROOT}/{GTIN}/10/A%2FB", f"{ROOT}/{GTIN}"]


def test_a_compressed_value_that_is_not_there_leads_up_and_not_to_its_first_part(node: Node) -> None:
    reply = node.open(compressed(f"{GTIN}/10/A%2FC", keep_key=False))
    assert reply.headers["location"].endswith("/type")


# --- laws ----------------------------------------------------------------------------------------------------

LETTERS = st.text(st.sampled_from("ABCxyz019-._!%&'()*+,:;<=>?\"/"), min_size=1, max_size=20)


@given(LETTERS)
def test_any_value_without_a_slash_survives_the_decoding_of_the_server(value: str) -> None:
    link = DigitalLink(("01", "09506000134352"), (("21", value),))
    found = digital_link(unquote(link.path))
    if "/" in value:
        assert found != link
    else:
        assert isinstance(found, DigitalLink)
        assert found.qualifiers == (("21", value),)


@given(LETTERS)
def test_any_value_survives_compressed(value: str) -> None:
    link = DigitalLink(("01", "09506000134352"), (("21", value),))
    path = compressed(link.path[1:], keep_key=False)
    assert path == quote(path)
    assert is_digital_link(path)
    found = digital_link(path)
    assert isinstance(found, DigitalLink)
    assert found.path == link.path


def test_what_is_filed_with_a_slash_is_filed_by_its_canonical_path(node: Node) -> None:
    row = asyncio.run(node.resolver.linkset(f"{GTIN}/10/A%2FB"))
    assert row is not None
    assert b"lab.example.cn/slash" in row[0]
    assert asyncio.run(node.resolver.linkset(f"{GTIN}/10/A/B")) is None
