"""Handing a request over to the control plane and its response back, both as streams."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from jialiang.integration.resolver.answers import Headers
from jialiang.integration.resolver.control_plane import ControlPlane, Response
from jialiang.integration.resolver.handed_headers import Origin, request_head, response_headers
from jialiang.kernel.errors import InvalidInput

GATHERED = 1024 * 1024
"""Up to this length a body is taken in whole first, so that a slow line does not hold a thread of the control plane."""


class BodyTooLarge(InvalidInput):
    """The request body is longer than the installation allows."""

    code = "JL-SRV-005"
    http_status = 413


class BodyWithoutLength(InvalidInput):
    """The request has a body but does not say how long it is; WSGI could not read it."""

    code = "JL-SRV-006"
    http_status = 411


class ClientGone(Exception):
    """The client broke off; nobody is left to answer."""


class StreamTransport(Protocol):
    """What granian returns for a streamed response."""

    async def send_bytes(self, data: bytes) -> None:
        """Send one piece."""


class HttpProtocol(Protocol):
    """The part of granian's RSGI protocol that is used here."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the request body."""

    def response_empty(self, status: int, headers: Headers) -> None:
        """Answer without a body."""

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Answer in one piece."""

    def response_stream(self, status: int, headers: Headers) -> StreamTransport:
        """Answer piece by piece."""


class RequestHeaders(Protocol):
    """Request header fields, names in lower case."""

    def __contains__(self, key: str) -> bool:
        """Say whether there is such a field."""

    def get(self, key: str, default: str = "") -> str:
        """Return the first content of a field."""

    def items(self) -> list[tuple[str, str]]:
        """Return every field."""


class Scope(Protocol):
    """The part of granian's RSGI scope that is used here; ``path`` is decoded, ``query_string`` raw."""

    proto: str
    method: str
    path: str
    query_string: str
    client: str
    scheme: str
    headers: RequestHeaders


class Handover:
    """Hands requests over, bodies up to ``max_body`` bytes; ``of_proxies``: fields that only trusted proxies write."""

    def __init__(
        self, control_plane: ControlPlane, *, max_body: int, of_proxies: frozenset[str] = frozenset()
    ) -> None:
        self._control_plane = control_plane
        self._max_body = max_body
        self._of_proxies = of_proxies

    async def __call__(self, scope: Scope, protocol: HttpProtocol, origin: Origin) -> None:
        """Carry one exchange. Raises errors with an HTTP status as long as nothing was answered yet."""
        head = request_head(
            scope.method, scope.path, scope.query_string, scope.headers.items(), origin, self._of_proxies
        )
        length = self._length(scope)
        body = None if length is None else await _gathered(_pieces(protocol, length), length)
        response = await self._control_plane.send(head, body, length or 0)
        try:
            await _answer(protocol, response)
        finally:
            self._control_plane.done(response)

    def _length(self, scope: Scope) -> int | None:
        stated = scope.headers.get("content-length", "")
        if scope.headers.get("transfer-encoding", ""):
            raise BodyWithoutLength()
        if not stated.isdecimal():
            return None
        if int(stated) > self._max_body:
            raise BodyTooLarge(limit=self._max_body // 1024 // 1024)
        return int(stated)


async def _pieces(protocol: HttpProtocol, length: int) -> AsyncIterator[bytes]:
    """Yield the request body. Raises :class:`ClientGone` when fewer than ``length`` bytes come."""
    left = length
    try:
        async for piece in protocol:
            left -= len(piece)
            yield piece
    except RuntimeError as problem:  # granian's protocol errors
        raise ClientGone from problem
    if left > 0:
        raise ClientGone


async def _gathered(body: AsyncIterator[bytes], length: int) -> AsyncIterator[bytes]:
    if length > GATHERED:
        return body
    return _again([piece async for piece in body])


async def _again(pieces: list[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def _answer(protocol: HttpProtocol, response: Response) -> None:
    headers = response_headers(response.headers)
    if response.bodiless:
        async for _ in response.body():
            continue
        protocol.response_empty(response.status, headers)
    elif response.length is not None and response.length <= GATHERED:
        whole = b"".join([piece async for piece in response.body()])
        protocol.response_bytes(response.status, headers, whole)
    else:
        transport = protocol.response_stream(response.status, headers)
        async for piece in response.body():
            try:
                await transport.send_bytes(piece)
            except RuntimeError as problem:
                raise ClientGone from problem
