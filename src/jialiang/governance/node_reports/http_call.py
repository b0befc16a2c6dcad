"""One call over HTTP to one address: TLS verified, no redirect followed, answers bounded in time and length."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from jialiang.governance.node_reports.errors import UpperNodeSilent

SECONDS = 30.0
LARGEST_ANSWER = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of an answer."""

    status: int
    body: bytes

    def document(self) -> Any:
        """Return the body as JSON, None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


def call(
    address: str, method: str, path: str, *, headers: Mapping[str, str], body: bytes = b"", seconds: float = SECONDS
) -> Answer:
    """Ask ``address`` (``https://host:port``, no path) once. Raises UpperNodeSilent with the reason.

    ``seconds`` bounds each wait for the other side.
    """
    connection = _connection(address, seconds)
    try:
        connection.request(method, path, body or None, dict(headers))
        answer = connection.getresponse()
        data = answer.read(LARGEST_ANSWER + 1)
    except (OSError, http.client.HTTPException) as problem:
        raise UpperNodeSilent(address=address, reason=_reason(problem)) from problem
    finally:
        connection.close()
    if len(data) > LARGEST_ANSWER:
        raise UpperNodeSilent(address=address, reason=f"> {LARGEST_ANSWER} bytes")
    return Answer(answer.status, data)


def _connection(address: str, seconds: float) -> http.client.HTTPConnection:
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, parts.port, timeout=seconds)


def _reason(problem: Exception) -> str:
    return str(problem)[:300] or type(problem).__name__
