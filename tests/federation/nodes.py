"""Installations as they are run: a data folder, a founded institute, ``jialiang serve``, and who calls it."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.ledger import credit_code
from tests.serving import ROOT, free_port, serving, without_settings

PASSWORD = "vessel-of-bronze-9"
SECRET = "a passphrase of forty characters or more."
SECONDS = 180
WORK = """
from jialiang.assembly.django_start import start_django
start_django()
from tests.federation.rounds import rounds
rounds({hours})
"""


@dataclass(frozen=True)
class Answer:
    """What came back by HTTP."""

    status: int
    body: Any


@dataclass
class Caller:
    """A program with a token at an address."""

    address: str
    token: str = ""

    def post(self, path: str, body: Any) -> Answer:
        """POST JSON."""
        return self._ask("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})

    def get(self, path: str, **query: Any) -> Answer:
        """GET."""
        return self._ask("GET", f"{path}?{urlencode(query)}" if query else path)

    def done(self, path: str, body: Any, status: int = 200) -> Any:
        """POST, and insist on the status."""
        answer = self.post(path, body)
        assert answer.status == status, answer
        return answer.body

    def read(self, path: str, **query: Any) -> Any:
        """GET, and insist on 200."""
        answer = self.get(path, **query)
        assert answer.status == 200, answer
        return answer.body

    def every(self, path: str, **query: Any) -> list[Any]:
        """All members of a list, newest first."""
        found, after = [], ""
        while True:
            page = self.read(path, **query, **({"after": after} if after else {}))
            found += page["members"]
            after = page["next_after"]
            if not after:
                return found

    def _ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        given = {"Accept": "application/json", **(headers or {})}
        given |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        request = urllib.request.Request(f"{self.address}{path}", body, given, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return Answer(response.status, json.load(response))
        except urllib.error.HTTPError as refused:
            with refused:
                return Answer(refused.code, json.load(refused))


@dataclass
class Node:
    """One installation."""

    name: str
    folder: Path
    prefix: str
    number: int
    port: int = field(default_factory=free_port)
    native_port: int = field(default_factory=free_port)
    more: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are started with."""
        return without_settings() | {
            "JIALIANG_DATA_DIR": str(self.folder),
            "JIALIANG_SECRET_KEY": SECRET,
            "JIALIANG_KEY_PASSPHRASE": SECRET,
            "JIALIANG_IDENTIFIER_PREFIX": self.prefix,
            "JIALIANG_PORT": str(self.port),
            "JIALIANG_NATIVE_PORT": str(self.native_port),
            "JIALIANG_NATIVE_ADDRESSES": "127.0.0.1",
            "JIALIANG_PUBLIC_URL": self.address,
            "JIALIANG_NODE_REPORT_HOUR": "0",
            **self.more,
        }

    @property
    def site(self) -> dict[str, Any]:
        """Where it answers, as its operator tells it to the one above."""
        interfaces = [
            {"query": True, "admin": False, "protocol": protocol, "port": port}
            for protocol, port in (("TCP", self.native_port), ("UDP", self.native_port), ("HTTP", self.port))
        ]
        return {"version": 1, "servers": [{"serverId": 1, "address": "127.0.0.1", "interfaces": interfaces}]}

    def run(self, *words: str) -> Any:
        """Run a command of the installation and return what it says as JSON."""
        ran = self.ran(*words)
        assert ran.returncode == 0, (words, ran.stdout, ran.stderr)
        return json.loads(ran.stdout)

    def ran(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the installation."""
        command = [sys.executable, "-m", "jialiang.assembly.cli", *words, "--json"]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=SECONDS, check=False
        )

    def work(self, hours: float) -> None:
        """Let a worker whose clock is some hours ahead or behind do its rounds (``rounds.py``), to the end."""
        with self.working(hours) as process:
            assert process.wait(SECONDS) == 0

    @contextmanager
    def working(self, hours: float) -> Iterator[subprocess.Popen[bytes]]:
        """Start such a worker; it is killed at the end of the block if it still runs."""
        process = subprocess.Popen(
            [sys.executable, "-c", WORK.format(hours=hours)], cwd=ROOT, env=self.environment
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()

    def found(self) -> Node:
        """Found its institute."""
        self.folder.mkdir(parents=True)
        password = self.folder / "password"
        password.write_text(f"{PASSWORD}\n")
        password.chmod(0o600)
        self.run(
            "init", "--institute-zh", f"{self.name}计量院", "--institute-en", f"Institute {self.name}",
            "--credit-code", credit_code(self.number), "--short-code", self.name.upper(), "--slug", self.name,
            "--admin", f"{self.name}-admin", "--password-file", str(password),
        )  # fmt: skip
        return self

    def token_of(self, person: str) -> str:
        """A token of somebody, made on the machine."""
        made = self.run("token", "create", "--tenant", self.name, "--person", person, "--name", "federation")
        return str(made["token"])

    def hire(self, username: str, role: str, organization_id: str | None = None) -> Caller:
        """Give somebody a role at the running node, and return its program."""
        admin = Caller(self.address, self.token_of(f"{self.name}-admin"))
        name = {"zh": "某人", "en": username}
        person = admin.done(
            "/api/v1/people",
            {"username": username, "password": PASSWORD, "name": name, "organization_id": organization_id},
            201,
        )
        granted = {"role": role, "valid_from": date(2026, 1, 1).isoformat()}
        admin.done(f"/api/v1/people/{person['id']}/roles", granted, 201)
        return Caller(self.address, self.token_of(username))


class Running:
    """Nodes that run until the block ends; one may be stopped and started in between."""

    def __init__(self) -> None:
        self._stacks: dict[str, ExitStack] = {}

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self._stacks):
            self.stop(name)

    def start(self, node: Node) -> None:
        """Serve, and return once it answers."""
        stack = ExitStack()
        stack.enter_context(serving(node.environment))
        self._stacks[node.name] = stack

    def stop(self, name: str) -> None:
        """End its processes."""
        self._stacks.pop(name).close()
