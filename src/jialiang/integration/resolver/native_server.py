"""The server of the native protocol: TCP and UDP on one port, at one or several addresses of IPv4 and IPv6."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence

from jialiang.integration.resolver.native_datagrams import Datagrams
from jialiang.integration.resolver.native_service import NativeService
from jialiang.integration.resolver.native_streams import StreamLimits, Streams

BACKLOG = 1024
RECEIVE_BYTES = 1024 * 1024  # room for datagrams that come while we work


class NativeServer:
    """Listens for a service."""

    def __init__(self, service: NativeService, limits: StreamLimits | None = None) -> None:
        self._service = service
        self.streams = Streams(service, limits or StreamLimits())
        self._servers: list[asyncio.Server] = []
        self._endpoints: list[asyncio.DatagramTransport] = []
        self.addresses: list[tuple[str, int]] = []

    async def start(self, hosts: Sequence[str], port: int, *, shared: bool = False) -> None:
        """Listen at ``port`` of every address in ``hosts``; port 0 picks a free one for each. Raises OSError.

        ``shared``: several processes may listen at the same port, and the system spreads connections over them.
        """
        loop = asyncio.get_running_loop()
        try:
            for host in hosts:
                stream, datagram = bound_pair(host, port, shared=shared)
                self.addresses.append(stream.getsockname()[:2])
                server = await loop.create_server(self.streams, sock=stream, backlog=BACKLOG)
                self._servers.append(server)
                endpoint, _ = await loop.create_datagram_endpoint(lambda: Datagrams(self._service), sock=datagram)
                self._endpoints.append(endpoint)
        except OSError:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Close everything."""
        for server in self._servers:
            server.close()
        self.streams.close()
        for endpoint in self._endpoints:
            endpoint.close()
        for server in self._servers:
            await server.wait_closed()
        self._servers.clear()
        self._endpoints.clear()
        self.addresses.clear()


def bound_pair(host: str, port: int, *, shared: bool = False) -> tuple[socket.socket, socket.socket]:
    """Return a socket for streams and one for datagrams at the same port. Raises OSError."""
    stream = _bound(host, port, socket.SOCK_STREAM, shared=shared)
    try:
        return stream, _bound(host, stream.getsockname()[1], socket.SOCK_DGRAM, shared=shared)
    except OSError:
        stream.close()
        raise


def _bound(host: str, port: int, kind: socket.SocketKind, *, shared: bool) -> socket.socket:
    family, _, _, _, target = socket.getaddrinfo(host, port, type=kind)[0]
    made = socket.socket(family, kind)
    try:
        made.setblocking(False)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if kind == socket.SOCK_STREAM:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        else:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
        if shared:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        made.bind(target)
    except OSError:
        made.close()
        raise
    return made
