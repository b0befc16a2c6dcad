"""Which header fields pass between the public side and the control plane."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from jialiang.integration.resolver.answers import Headers

HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Fields for one connection only (RFC 9110, 7.6.1)."""

WRITTEN_HERE = frozenset({"host", "content-length", "expect", "forwarded", "x-real-ip"})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from, as far as the front can vouch for it."""

    client: str
    scheme: str
    host: str
    by_proxy: bool = False


def request_head(
    method: str,
    path: str,
    query: str,
    headers: Iterable[tuple[str, str]],
    origin: Origin,
    of_proxies: frozenset[str] = frozenset(),
) -> list[str]:
    """Return the lines of the request to the control plane, without framing fields.

    ``path`` is decoded. Dropped are fields for one connection, whatever claims to say where the request came from,
    names with an underscore (under WSGI ``x_forwarded_for`` and ``x-forwarded-for`` would become one variable), and
    ``of_proxies``, the fields that only a trusted proxy may write, from anybody else.
    """
    target = quote(path, safe="/:@!$&'()*+,;=~-._") + (
        f"?{quote(query, safe='%/?:@!$&()*+,;=~-._')}" if query else ""
    )
    given = list(headers)
    dropped = HOP_BY_HOP | WRITTEN_HERE | _named_in_connection(given)
    dropped |= frozenset() if origin.by_proxy else of_proxies
    kept = [
        f"{name}: {content}"
        for name, content in given
        if name not in dropped and "_" not in name and not name.startswith("x-forwarded-")
    ]
    return [
        f"{method} {target} HTTP/1.1",
        f"Host: {origin.host}",
        f"X-Forwarded-For: {origin.client}",
        f"X-Forwarded-Proto: {origin.scheme}",
        f"X-Forwarded-Host: {origin.host}",
        *kept,
    ]


def response_headers(headers: Headers) -> Headers:
    """Return the fields of the control plane's response that the public may see, names in lower case."""
    dropped = HOP_BY_HOP | {"server", "date"} | _named_in_connection(headers)
    return [(name, content) for name, content in headers if name not in dropped]


def _named_in_connection(headers: Iterable[tuple[str, str]]) -> set[str]:
    contents = (content for name, content in headers if name == "connection")
    return {part.strip().lower() for content in contents for part in content.split(",")}
