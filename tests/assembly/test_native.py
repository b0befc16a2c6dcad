"""The native protocol as a process: beside the front, and as a read replica on its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.assembly.processes import wait_for
from tests.native_protocol.client import Client
from tests.native_protocol.running import NAME, VALUES, Published
from tests.serving import free_port

from jialiang.assembly import serving
from jialiang.assembly.commands.resolver import asked_settings
from jialiang.assembly.front import BadServerSetting
from jialiang.assembly.native import Native, native_hosts, own_site, parent_address
from jialiang.assembly.serving import AddressInUse, check_native, environment
from jialiang.assembly.socket_addresses import BadSocketAddress, host_and_port
from jialiang.integration.resolver.native_server import bound_pair
from jialiang.kernel.settings import Settings, read_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = tmp_path / "data"
    folder.mkdir()
    table = Published(folder / "jialiang.sqlite3")
    table.prefix("88.101.5")
    table.record(NAME, VALUES)
    table.close()
    return replace(
        read_settings({"JIALIANG_DEMO": "1"}), data_dir=folder, port=free_port(), native_port=free_port()
    )


@contextmanager
def process(arguments: list[str], settings: Settings) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", *arguments]
    running = subprocess.Popen(command, env=environment(settings), stderr=subprocess.PIPE, text=True)
    try:
        yield running
    finally:
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0
        assert running.stderr is not None
        running.stderr.close()


def answers(port: int) -> bool:
    try:
        with Client("127.0.0.1", port) as client:
            return client.resolve(NAME).code == 1
    except OSError:
        return False


def test_a_process_answers_counts_and_ends_in_order(settings: Settings):
    with process(["jialiang.assembly.native", "replica"], settings):
        assert wait_for(lambda: answers(settings.native_port), 20)
        with Client("127.0.0.1", settings.native_port, "udp") as client:
            assert client.resolve(NAME).code == 1
        time.sleep(1.3)
    (log,) = settings.count_dir.glob("*.counts")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    counted = [entry for line in lines for entry in line.get("n", [])]
    assert sum(number for kind, *_, number in counted if kind == "native_udp") == 1
    assert {outcome for _, outcome, *_ in counted} == {"found"}
    assert "closed" in lines[-1]


def test_a_replica_resolves_over_both_protocols_and_writes_nothing(settings: Settings):
    http, native = f"127.0.0.1:{settings.port}", f"127.0.0.1:{settings.native_port}"
    arguments = [
        "jialiang.assembly.cli",
        "resolver",
        "serve",
        "--http",
        http,
        "--native",
        native,
        "--lang",
        "en",
    ]
    with process(arguments, replace(settings, port=1, native_port=1)) as running:
        assert running.stderr is not None
        assert running.stderr.readline() == f"Resolving on http://{http}\n"
        assert wait_for(lambda: answers(settings.native_port), 20)
        with urllib.request.urlopen(f"http://{http}/api/handles/{NAME}") as response:
            assert json.load(response)["handle"] == NAME
        with Client("127.0.0.1", settings.native_port) as client:
            assert client.ask(400).code == 5
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"http://{http}/sign-in/")
        assert refused.value.code == 502
        refused.value.close()


def test_a_replica_of_the_native_protocol_alone_says_where_it_is(settings: Settings):
    native = f"127.0.0.1:{settings.native_port}"
    with process(
        ["jialiang.assembly.cli", "resolver", "serve", "--native", native, "--lang", "zh"], settings
    ) as running:
        assert running.stderr is not None
        assert running.stderr.readline() == f"解析服务已就绪：{native}\n"
        assert answers(settings.native_port)


def test_the_supervisor_starts_a_killed_native_server_again(settings: Settings):
    native = f"127.0.0.1:{settings.native_port}"
    with process(["jialiang.assembly.cli", "resolver", "serve", "--native", native], settings) as running:
        assert running.stderr is not None
        running.stderr.readline()
        assert answers(settings.native_port)
        os.kill(_child(running.pid), signal.SIGKILL)
        assert wait_for(lambda: not answers(settings.native_port), 5)
        assert wait_for(lambda: answers(settings.native_port), 20)


def _child(pid: int) -> int:
    (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(child)


def test_a_port_that_is_taken_is_told_before_anything_starts(settings: Settings):
    for made in bound_pair("127.0.0.1", settings.native_port):
        with made, pytest.raises(AddressInUse) as refused:
            check_native(settings)
        assert refused.value.facts["address"] == f"127.0.0.1:{settings.native_port}"
    check_native(settings)
    check_native(replace(settings, native_port=0))


def test_where_it_listens_and_what_it_says_of_itself(settings: Settings):
    assert native_hosts(settings) == ("127.0.0.1",)
    assert native_hosts(replace(settings, native_hosts=("0.0.0.0", "::"))) == ("0.0.0.0", "::")
    with pytest.raises(BadServerSetting) as refused:
        own_site(replace(settings, native_addresses=("example.cn",)))
    assert refused.value.facts["name"] == "NATIVE_ADDRESSES"
    with pytest.raises(BadServerSetting):
        Native(replace(settings, native_parent="a:b:c"), replica=True)


def test_the_server_above_is_named_with_or_without_a_port(settings: Settings):
    assert parent_address(settings) is None
    assert parent_address(replace(settings, native_parent="node.example.cn")) == ("node.example.cn", 2641)
    assert parent_address(replace(settings, native_parent="[2001:db8::1]:3641")) == ("2001:db8::1", 3641)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("example.cn", ("example.cn", 2641)),
        ("127.0.0.1:1", ("127.0.0.1", 1)),
        ("[::]:65535", ("::", 65535)),
        ("[::1]", ("::1", 2641)),
    ],
)
def test_host_and_port_are_read(text: str, meant: tuple[str, int]):
    assert host_and_port(text, 2641) == meant


@pytest.mark.parametrize(
    "text",
    ["", ":1", "a:", "a:0", "a:65536", "a:x", "::1", "[::1", "[::1]x", "[::1]:", "a:-1", "a:１", "[]:1"],
)
def test_what_is_no_host_and_port_is_refused(text: str):
    with pytest.raises(BadSocketAddress) as refused:
        host_and_port(text, 2641)
    assert refused.value.facts["given"] == text


@pytest.mark.parametrize(
    ("http", "native", "meant"),
    [
        (None, None, ("127.0.0.1", 8000, (), 2641)),
        ("[::1]:80", None, ("::1", 80, (), 0)),
        (None, "0.0.0.0", ("127.0.0.1", 8000, ("0.0.0.0",), 2641)),
        ("a:80", "b:7000", ("a", 80, ("b",), 7000)),
    ],
)
def test_what_is_named_alone_leaves_the_other_out(
    http: str | None, native: str | None, meant: tuple[object, ...]
):
    asked = asked_settings(Settings(), http, native)
    assert (asked.host, asked.port, asked.native_hosts, asked.native_port) == meant


def test_a_replica_without_http_looks_at_the_native_port_until_it_answers(settings: Settings, monkeypatch):
    seen: list[object] = []
    monkeypatch.setattr(serving, "_supervise", lambda running, given, each: seen.append((running, each)))
    serving.serve_replica(settings, http=False)
    ((running, _),) = seen
    assert [(program.name, program.arguments) for program in running] == [("native", ("replica",))]
