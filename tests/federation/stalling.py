"""A way between two nodes that may be held up: the one above has taken the report, the one below does not know."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PASSED_ON = ("Content-Type", "Authorization", "Content-Digest", "Report-Signature", "Accept")


class Way:
    """Hands requests on to ``target``; while it is ``held``, no answer comes back."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.statuses: Counter[int] = Counter()
        self.has_answer = threading.Event()
        self._free = threading.Event()
        self._free.set()
        self.address = ""

    def hold(self) -> None:
        """Hold up the answers from now on."""
        self.has_answer.clear()
        self._free.clear()

    def release(self) -> None:
        """Let the answers through."""
        self._free.set()

    def passed(self, method: str, path: str, headers: Any, body: bytes | None) -> tuple[int, bytes]:
        """Ask the target and return its answer, once answers go through."""
        given = {name: headers[name] for name in PASSED_ON if headers[name]}
        request = urllib.request.Request(f"{self.target}{path}", body, given, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                answer = response.status, response.read()
        except urllib.error.HTTPError as refused:
            with refused:
                answer = refused.code, refused.read()
        except urllib.error.URLError:
            answer = 502, b"{}"
        self.statuses[answer[0]] += 1
        self.has_answer.set()
        self._free.wait(120)
        return answer


@contextmanager
def way_to(target: str) -> Iterator[Way]:
    """Stand between a node and the one above it until the block ends."""
    way = Way(target)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])))

        def _answer(self, body: bytes | None) -> None:
            status, data = way.passed(self.command, self.path, self.headers, body)
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            except OSError:
                self.close_connection = True  # who asked was killed meanwhile

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the name of the library
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    way.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield way
    finally:
        way.release()
        server.shutdown()
        thread.join(10)
        server.server_close()
