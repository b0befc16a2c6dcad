"""``serve`` with real processes: front, a small control plane and a worker, killed and brought back."""

from __future__ import annotations

import http.client
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from tests.assembly.processes import alive, family, wait_for
from tests.integration.resolver.tables import SqliteTable

from jialiang.assembly import serving
from jialiang.assembly.front import BadServerSetting
from jialiang.assembly.serving import (
    AddressInUse,
    NotReady,
    check_address,
    environment,
    front_programs,
    programs,
    serve,
)
from jialiang.formats.public_keys import CHECKED_AT_MARKER, key_by_number, unknown_key
from jialiang.kernel.settings import Settings, read_settings

NUMBER, CODE = "JL2026-000123", "K7QM3XRD9FWTP"
ASK = f"/api/v1/authenticity?number={NUMBER}&code="

CONTROL = """
import os
def app(environ, start_response):
    length = len(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
    body = f"{os.getpid()} {length} {environ['HTTP_X_FORWARDED_FOR']} {environ['HTTP_HOST']}".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
def served():
    from jialiang.assembly.guarded import end_with_parent
    end_with_parent()
    return app
"""
WORKER = "import time, sys, pathlib\nwhile True: pathlib.Path(sys.argv[1]).touch(); time.sleep(0.1)"
SERVE = """
import sys
from jialiang.assembly.serving import serve
from jialiang.assembly.settings import current_settings
serve(current_settings(), worker=("own_worker", sys.argv[1]), control="own_control:served",
      ready=lambda address: print("ready", address, flush=True))
"""


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


class Installation:
    """A running ``serve`` with its table and its address."""

    def __init__(self, folder: Path) -> None:
        (folder / "modules").mkdir()
        (folder / "modules" / "own_control.py").write_text(CONTROL)
        (folder / "modules" / "own_worker.py").write_text(WORKER)
        self.beat = folder / "beat"
        self.settings = replace(
            read_settings({"JIALIANG_DEMO": "1", "JIALIANG_NATIVE_PORT": "0"}),
            data_dir=folder / "data",
            port=free_port(),
            misses_per_minute=1000,
        )
        self.settings.data_dir.mkdir()
        self.table = SqliteTable(self.settings.data_dir / "jialiang.sqlite3")
        self.table.put(key_by_number(NUMBER, CODE, "json"), 1, b'{"verdict": "genuine"}')
        self.table.put(unknown_key("json"), 2, b'{"verdict": "unknown", "at": "' + CHECKED_AT_MARKER + b'"}')
        path = f"{folder / 'modules'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(self.beat)],
            env=environment(self.settings) | {"PYTHONPATH": path},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline().startswith("ready http://localhost:8000")

    def get(self, path: str, body: bytes | None = None, timeout: float = 10.0) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.settings.port, timeout=timeout)
        try:
            connection.request("GET" if body is None else "POST", path, body)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def answers(self) -> bool:
        try:
            return self.get(ASK + CODE)[0] == 200 and self.get("/console")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def servers(self, kind: str) -> list[int]:
        """granian's own process of a kind and its workers, which are forks with the same command line."""
        return sorted(pid for pid, words in family(self.process.pid).items() if kind in words)

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()
        self.table.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    installation = Installation(tmp_path_factory.mktemp("house"))
    yield installation
    installation.end()


def test_one_address_answers_for_both_planes(house: Installation) -> None:
    assert house.get(ASK + CODE) == (200, b'{"verdict": "genuine"}')
    status, body = house.get("/console")
    assert status == 200
    assert body.split()[1:] == [b"0", b"127.0.0.1", f"127.0.0.1:{house.settings.port}".encode()]
    assert json.loads(house.get("/healthz")[1])["status"] == "ready"
    deadline = time.monotonic() + 30
    while not house.beat.exists():
        assert time.monotonic() < deadline, "the worker never beat"
        time.sleep(0.05)


def test_an_upload_of_several_megabytes_arrives_whole(house: Installation) -> None:
    assert house.get("/check/file", b"x" * 5_000_000)[1].split()[1] == b"5000000"


def test_a_wrong_code_and_an_unknown_number_differ_in_nothing_but_the_time(house: Installation) -> None:
    wrong = house.get(ASK + "K7QM3XRD9FWTQ")
    unknown = house.get(f"/api/v1/authenticity?number=JL2026-999999&code={CODE}")
    moment = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
    assert wrong[0] == unknown[0] == 404
    assert moment.sub(b"T", wrong[1]) == moment.sub(b"T", unknown[1]) == b'{"verdict": "unknown", "at": "T"}'
    assert len(wrong[1]) == len(unknown[1])


def test_a_withdrawal_is_seen_within_a_second(house: Installation) -> None:
    key = key_by_number("JL2026-7", "7", "json")
    house.table.put(key, 10, b"genuine")
    delays = []
    for version in range(11, 15):
        assert wait_for(lambda: house.get("/api/v1/authenticity?number=JL2026-7&code=7")[1] == b"genuine")
        house.table.put(key, 2 * version, b"withdrawn")
        began = time.monotonic()
        assert wait_for(
            lambda: house.get("/api/v1/authenticity?number=JL2026-7&code=7")[1] == b"withdrawn", 1.0
        )
        delays.append(time.monotonic() - began)
        house.table.put(key, 2 * version + 1, b"genuine")
    assert max(delays) < 1.0


MALFORMED = [
    b"GET /check?number=1&code=%zz%\xff HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET\r\n\r\n",
    b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nshort",
    b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /c/1/2?k=1 HTTP/1.1\r\nHost: x\r\nCookie: \xff\xfe\xfd\r\nAccept: \xff\r\n\r\n",
    b"GET /console HTTP/1.1\r\nHost: x\r\nX-A: \xff\xfe\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: " + b"a" * 200_000 + b"\r\n\r\n",
    b"\r\n" * 5000,
]


@pytest.mark.parametrize("raw", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_request_stops_nobody(house: Installation, raw: bytes) -> None:
    before = house.servers("front")
    with socket.create_connection(("127.0.0.1", house.settings.port), timeout=5) as line:
        try:
            line.sendall(raw)
            line.shutdown(socket.SHUT_WR)
            while line.recv(65536):
                continue
        except ConnectionError:
            pass
    assert house.answers()
    assert house.servers("front") == before


KNOWN = b"number=JL2026-000123&code=K7QM3XRD9FWTP"
GENUINE = b'{"verdict": "genuine"}'
SPOKEN: list[tuple[str, bytes, int, bytes, bool]] = [
    ("1.0", b"GET /api/v1/authenticity?%s HTTP/1.0\r\n\r\n", 200, GENUINE, True),
    ("1.0 with a host", b"GET /api/v1/authenticity?%s HTTP/1.0\r\nHost: x\r\n\r\n", 200, GENUINE, True),
    ("1.0 kept", b"GET /api/v1/authenticity?%s HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, GENUINE, False),
    ("1.1", b"GET /api/v1/authenticity?%s HTTP/1.1\r\nHost: x\r\n\r\n", 200, GENUINE, False),
    ("1.1 closed", b"GET /api/v1/authenticity?%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 200, GENUINE, True),
    ("head", b"HEAD /api/v1/authenticity?%s HTTP/1.1\r\nHost: x\r\n\r\n", 200, b"", False),
    ("head 1.0", b"HEAD /api/v1/authenticity?%s HTTP/1.0\r\n\r\n", 200, b"", True),
    ("head of what is not there", b"HEAD /api/v1/authenticity?%s1 HTTP/1.1\r\nHost: x\r\n\r\n", 404, b"", False),
    ("encoded path", b"GET /api/v1/%%61uthenticity?%s HTTP/1.1\r\nHost: x\r\n\r\n", 200, GENUINE, False),
    ("whole address", b"GET http://x/api/v1/authenticity?%s HTTP/1.1\r\nHost: x\r\n\r\n", 200, GENUINE, False),
    ("a tag that was seen", b"GET /api/v1/authenticity?%s HTTP/1.1\r\nHost: x\r\nIf-None-Match: *\r\n\r\n",
     200, GENUINE, False),
    ("since", b"GET /api/v1/authenticity?%s HTTP/1.1\r\nHost: x\r\n"
     b"If-Modified-Since: Sat, 21 Nov 2099 00:00:00 GMT\r\n\r\n", 200, GENUINE, False),
    ("a part of it", b"GET /api/v1/authenticity?%s HTTP/1.1\r\nHost: x\r\nRange: bytes=0-3\r\n\r\n",
     200, GENUINE, False),
    ("a body with get", b"GET /api/v1/authenticity?%s HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab",
     200, GENUINE, False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "status", "body", "closed"), [rest for _, *rest in SPOKEN], ids=[name for name, *_ in SPOKEN]
)
def test_the_public_is_answered_in_every_form_of_http_1(
    house: Installation, raw: bytes, status: int, body: bytes, closed: bool
) -> None:
    with socket.create_connection(("127.0.0.1", house.settings.port), timeout=5) as line:
        line.sendall(raw.replace(b"%%", b"%").replace(b"%s", KNOWN))
        head, _, rest = _received(line, closed).partition(b"\r\n\r\n")
    first, *fields = head.decode("latin-1").split("\r\n")
    named = {name.lower(): content.strip() for name, _, content in (field.partition(":") for field in fields)}
    assert first.split()[1] == str(status)
    assert rest == body
    if status == 200:
        assert named["content-length"] == str(len(GENUINE))
    assert "etag" not in named, "an answer of this moment is never kept"


def _received(line: socket.socket, closed: bool) -> bytes:
    """Read one answer; up to the end of the connection where it is ``closed``, which then must come."""
    data = b""
    line.settimeout(5 if closed else 0.5)
    try:
        while piece := line.recv(65536):
            data += piece
    except TimeoutError:
        assert not closed, "the connection stayed open"
        return data
    assert closed, "the connection was closed"
    return data


def test_requests_sent_one_behind_the_other_are_answered_in_their_order(house: Installation) -> None:
    one = b"GET /api/v1/authenticity?%s HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", house.settings.port), timeout=5) as line:
        line.sendall(
            one.replace(b"%s", KNOWN) + one.replace(b"%s", b"number=a&code=b") + one.replace(b"%s", KNOWN)
        )
        statuses = re.findall(rb"HTTP/1.1 (\d+)", _received(line, closed=False))
    assert statuses == [b"200", b"404", b"200"]


MANY = 4600
"""More connections than the front's queue of those that wait holds, and than the 2 048 that granian once took."""


@pytest.fixture
def many_files() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    if before[1] != resource.RLIM_INFINITY and before[1] < MANY + 500:
        pytest.skip(f"this system lets a process open {before[1]} files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (MANY + 500, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.usefixtures("many_files")
def test_thousands_of_open_connections_are_all_answered(house: Installation) -> None:
    asked = b"GET /api/v1/authenticity?%s HTTP/1.1\r\nHost: x\r\n\r\n" % KNOWN
    with ExitStack() as lines:
        opened = [
            lines.enter_context(socket.create_connection(("127.0.0.1", house.settings.port), timeout=30))
            for _ in range(MANY)
        ]
        for line in opened:
            line.sendall(asked)
            assert line.recv(65536).startswith(b"HTTP/1.1 200")
        for line in (opened[0], opened[-1]):  # none had to make room
            line.sendall(asked)
            assert line.recv(65536).startswith(b"HTTP/1.1 200")


LIMITS = """
import resource, sys
from jialiang.assembly.servers import allow_files
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[2])))
print(allow_files(int(sys.argv[3])), *resource.getrlimit(resource.RLIMIT_NOFILE))
"""


@pytest.mark.parametrize(
    ("now", "most", "wanted", "then"),
    [(64, 900, 400, 400), (64, 900, 5000, 900), (800, 900, 400, 800), (64, 64, 400, 64)],
)
def test_the_limit_of_open_files_is_raised_as_far_as_the_system_lets_it(
    now: int, most: int, wanted: int, then: int
) -> None:
    words = [sys.executable, "-c", LIMITS, str(now), str(most), str(wanted)]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert told.split() == [str(then), str(then), str(most)]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "NONSENSE"])
def test_other_methods_go_to_the_control_plane_whole(house: Installation, method: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", house.settings.port, timeout=10)
    try:
        connection.request(method, ASK + CODE, b"12345", {"X-Forwarded-For": "203.0.113.1"})
        response = connection.getresponse()
        assert response.status == 200
        assert response.read().split()[1:3] == [b"5", b"127.0.0.1"]
    finally:
        connection.close()


def test_a_killed_worker_of_the_control_plane_comes_back(house: Installation) -> None:
    killed = int(house.get("/console")[1].split()[0])
    os.kill(killed, signal.SIGKILL)
    assert house.get(ASK + CODE)[0] == 200, "the public is answered meanwhile"
    assert wait_for(lambda: house.get("/console")[0] == 200)
    assert int(house.get("/console")[1].split()[0]) != killed


def test_a_killed_server_of_the_control_plane_comes_back_without_orphans(house: Installation) -> None:
    server, *workers = house.servers("control")
    os.kill(server, signal.SIGKILL)
    assert wait_for(lambda: not any(alive(pid) for pid in (server, *workers)))
    assert wait_for(house.answers)
    assert not set(house.servers("control")) & {server, *workers}


@pytest.mark.parametrize("which", [0, -1], ids=["server", "worker"])
def test_a_killed_front_comes_back(house: Installation, which: int) -> None:
    killed = house.servers("front")[which]
    os.kill(killed, signal.SIGKILL)
    assert wait_for(lambda: len(set(house.servers("front")) - {killed}) == 2 and house.answers())


def test_the_job_worker_lets_the_servers_go_first(house: Installation) -> None:
    (worker,) = house.servers("own_worker")
    nicer = min(19, os.getpriority(os.PRIO_PROCESS, house.process.pid) + 10)
    assert os.getpriority(os.PRIO_PROCESS, worker) == nicer
    assert os.getpriority(os.PRIO_PROCESS, house.servers("front")[0]) == os.getpriority(os.PRIO_PROCESS, 0)


def test_a_killed_job_worker_comes_back(house: Installation) -> None:
    (worker,) = house.servers("own_worker")
    os.kill(worker, signal.SIGKILL)
    assert wait_for(lambda: bool(house.servers("own_worker")) and house.servers("own_worker") != [worker])


def test_a_second_installation_on_the_same_address_is_refused(house: Installation) -> None:
    with pytest.raises(AddressInUse) as refused:
        check_address(house.settings)
    assert f"127.0.0.1:{house.settings.port}" in refused.value.what.zh


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_in_order(tmp_path: Path, number: signal.Signals) -> None:
    own = Installation(tmp_path)
    members = family(own.process.pid)
    assert len(members) >= 5
    own.process.send_signal(number)
    assert own.process.wait(10) == 0
    assert not [pid for pid in members if alive(pid)]
    check_address(own.settings)
    own.end()


def test_when_serve_itself_is_killed_nothing_lives_on(tmp_path: Path) -> None:
    own = Installation(tmp_path)
    members = family(own.process.pid)
    own.process.kill()
    own.process.wait()
    assert wait_for(lambda: not [pid for pid in members if alive(pid)], 8.0)
    check_address(own.settings)
    own.end()


def test_an_address_of_another_machine_cannot_be_served() -> None:
    with pytest.raises(AddressInUse):
        check_address(Settings(host="192.0.2.1", port=free_port()))


def test_a_front_alone_needs_to_know_its_control_plane() -> None:
    with pytest.raises(BadServerSetting):
        serve(Settings(port=free_port()), front_only=True)


def test_nothing_that_answers_is_an_error_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "READY_SECONDS", 0.5)
    monkeypatch.setattr(serving, "FRONT", "no.such.module:front")
    elsewhere = "http://127.0.0.1:9"
    settings = replace(
        read_settings({"JIALIANG_DEMO": "1", "JIALIANG_NATIVE_PORT": "0"}),
        data_dir=tmp_path,
        port=free_port(),
        control_plane=elsewhere,
    )
    with pytest.raises(NotReady) as refused:
        serve(settings, worker=())
    assert "front" in str(refused.value.facts["reason"])
    assert not [words for words in family(os.getpid()).values() if "no.such.module:front" in words]


def test_what_runs_depends_on_where_the_control_plane_is() -> None:
    assert [program.name for program in programs(Settings())] == ["front", "native", "control", "worker"]
    assert [program.name for program in programs(Settings(), worker=())] == ["front", "native", "control"]
    remote = Settings(control_plane="http://10.0.0.1:8000")
    assert [program.name for program in programs(remote)] == ["front", "native", "worker"]
    assert [program.name for program in front_programs(Settings())] == ["front", "native"]
    assert [program.name for program in front_programs(Settings(native_port=0))] == ["front"]


def test_a_started_process_reads_the_same_settings(tmp_path: Path) -> None:
    settings = replace(
        read_settings({"JIALIANG_DEMO": "1", "JIALIANG_NATIVE_PORT": "0"}),
        data_dir=tmp_path,
        trusted_proxies=("10.0.0.0/8", "2001:db8::/32"),
        font_dir=tmp_path / "fonts",
        port=8123,
    )
    assert read_settings(environment(settings)) == settings
