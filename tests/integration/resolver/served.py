"""``jialiang resolver serve`` over a table with linksets, asked over a real socket."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.assembly.processes import wait_for
from tests.integration.resolver.tables import SqliteTable

from jialiang.assembly.serving import environment
from jialiang.formats.gs1.links import Gs1Link
from jialiang.formats.gs1.linkset import LinkContext, with_choice_of_defaults, written_linkset
from jialiang.formats.handle.published import gs1_key
from jialiang.kernel.settings import read_settings

ROOT = "https://id.example.cn"
LINKSET = "application/linkset+json"


@dataclass(frozen=True)
class Answer:
    """What came over the socket; the names of header fields in small letters."""

    version: int
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def location(self) -> str:
        """Where a redirect leads; no redirect is a failure."""
        assert self.status == 307, (self.status, self.body[:200])
        return self.headers["location"]

    def json(self) -> Any:
        """The body of a good answer."""
        assert self.status == 200, (self.status, self.body[:200])
        return json.loads(self.body)


class ServedNode:
    """A read replica in processes of its own; ``linksets`` are the links by canonical path."""

    def __init__(self, folder: Path, linksets: Mapping[str, Sequence[Gs1Link]]) -> None:
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            self.port: int = trial.getsockname()[1]
        settings = replace(
            read_settings({"JIALIANG_DEMO": "1", "JIALIANG_NATIVE_PORT": "0"}),
            data_dir=folder,
            public_url=ROOT,
            unresolved_per_minute=100_000,
        )
        self._table = SqliteTable(folder / "jialiang.sqlite3")
        for version, (path, links) in enumerate(linksets.items(), 1):
            level = LinkContext(f"{ROOT}/{path}", f"Thing {version}", with_choice_of_defaults(links))
            self._table.put(gs1_key(path), version, written_linkset([level]))
        serve = [
            "jialiang.assembly.cli",
            "resolver",
            "serve",
            "--http",
            f"127.0.0.1:{self.port}",
            "--lang",
            "en",
        ]
        self._log = folder / "log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *serve], env=environment(settings), stderr=log, stdout=log
            )
        ready = f"Resolving on http://127.0.0.1:{self.port}\n"
        assert wait_for(lambda: ready in self._log.read_text(), 60), self._log.read_text()

    def ask(self, path: str, query: str = "", method: str = "GET", **headers: str) -> Answer:
        """Ask as plain clients do: every media type is welcome, nothing is said of languages."""
        given = {"Accept": "*/*"} | {name.replace("_", "-"): said for name, said in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            target = quote(path, safe="/%") + (f"?{query}" if query else "")
            try:
                connection.request(method, target, headers=given)
            except ConnectionError as problem:
                raise AssertionError(self._log.read_text()[-2000:]) from problem
            reply = connection.getresponse()
            fields = {name.lower(): said for name, said in reply.getheaders()}
            return Answer(reply.version, reply.status, fields, reply.read())
        finally:
            connection.close()

    def levels(self, path: str) -> list[dict[str, Any]]:
        """The linkset of a key, its levels from the most specific one."""
        found: list[dict[str, Any]] = self.ask(f"/{path}", Accept=LINKSET).json()["linkset"]
        return found

    def end(self) -> None:
        """Stop the processes and let go of the table."""
        self._process.terminate()
        self._process.wait(timeout=30)
        self._table.close()
