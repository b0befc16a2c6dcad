"""A node above, on this machine: it keeps what comes, answers as installations do, and can be told to misbehave."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN, ACCOUNT_TOKEN = "jl_reports_" + "t" * 32, "jl_account_" + "a" * 32
REFUSED = {"code": "JL-SUB-001", "what": {"zh": "前缀不符", "en": "the prefix is another's"}, "status": 422}


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: Message
    body: bytes


@dataclass(frozen=True)
class Said:
    """One answer: status, body (JSON unless bytes) and more headers."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def octets(self) -> bytes:
        """The body as bytes."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass
class UpperNodeHere:
    """What came, what is kept, and what is to be answered instead of the truth."""

    address: str = ""
    asked: list[Asked] = field(default_factory=list)
    kept: dict[str, bytes] = field(default_factory=dict)
    applications: list[dict[str, Any]] = field(default_factory=list)
    instead: Callable[[Asked], Said | None] = lambda asked: None

    def answer(self, asked: Asked) -> Said:
        """Answer as an installation does."""
        self.asked.append(asked)
        said = self.instead(asked)
        if said is not None:
            return said
        known = {f"Bearer {TOKEN}", f"Bearer {ACCOUNT_TOKEN}"}
        if asked.headers.get("Authorization") not in known:
            return Said(401, {"what": {"zh": "未登录", "en": "Nobody is signed in"}})
        if asked.path.startswith("/api/v1/prefix-applications"):
            return self._application(asked)
        return self._report(asked)

    def _application(self, asked: Asked) -> Said:
        if asked.method == "GET":
            return Said(200, {"members": self.applications, "next_after": ""})
        row = {"id": f"a-{len(self.applications)}", "state": "submitted", "wished_code": "7", "purpose": "温度计"}
        self.applications.insert(0, row)
        return Said(201, row)

    def _report(self, asked: Asked) -> Said:
        if asked.method == "GET":
            return Said(200, {"members": [], "next_after": ""})
        digest = sha256(asked.body).hexdigest()
        is_new = digest not in self.kept
        self.kept[digest] = asked.body
        receipt = {"id": f"r-{digest[:8]}", "digest": f"sha-256:{digest}", "state": "accepted", "findings": []}
        return Said(201 if is_new else 200, receipt)


@contextmanager
def upper_node() -> Iterator[UpperNodeHere]:
    """Serve a node above on a free port of this machine."""
    here = UpperNodeHere()

    class Door(BaseHTTPRequestHandler):
        def _do(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            said = here.answer(Asked(self.command, self.path, self.headers, self.rfile.read(length)))
            self.send_response(said.status)
            for name, text in said.headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(said.octets)))
            self.end_headers()
            self.wfile.write(said.octets)

        def do_GET(self) -> None:
            self._do()

        def do_POST(self) -> None:
            self._do()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    here.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
