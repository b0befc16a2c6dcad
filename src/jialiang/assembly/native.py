"""``python -m jialiang.assembly.native [replica]``: the server of the native Handle protocol. Imports no Django."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable

import uvloop

from jialiang.assembly.front import BadServerSetting, control_plane_address, reader
from jialiang.assembly.settings import current_settings
from jialiang.assembly.socket_addresses import BadSocketAddress, host_and_port
from jialiang.integration.resolver.control_plane import ControlPlane
from jialiang.integration.resolver.counting import Counts
from jialiang.integration.resolver.misses import MissLimit
from jialiang.integration.resolver.native_door import NativeDoor
from jialiang.integration.resolver.native_reads import NativeReads
from jialiang.integration.resolver.native_recursion import Recursion
from jialiang.integration.resolver.native_server import NativeServer
from jialiang.integration.resolver.native_service import NativeService
from jialiang.integration.resolver.native_site import OwnSite
from jialiang.integration.resolver.native_trust import PublishedTrust
from jialiang.integration.resolver.resolving import Resolver
from jialiang.integration.resolver.table_feed import TableFeed
from jialiang.kernel.settings import Settings

log = logging.getLogger(__name__)

REPLICA = "replica"
COUNT_SECONDS = 1.0
DEFAULT_PORT = 2641


class Native:
    """One process of the native protocol: what it reads, answers and counts."""

    def __init__(self, settings: Settings, *, replica: bool) -> None:
        """Put it together; a ``replica`` reads and nothing else. Raises :class:`BadServerSetting`."""
        self._settings = settings
        self._counts = Counts(settings.count_dir)
        self._recursion = recursion(settings)
        rows = reader(settings)
        resolver = Resolver(rows, TableFeed(rows), limit_bytes=settings.native_memory_bytes // 2)
        reads = NativeReads(
            resolver,
            own_site(settings),
            MissLimit(settings.unresolved_per_minute),
            self._counts.count,
            limit_bytes=settings.native_memory_bytes // 4,
            recursion=self._recursion,
            trust=PublishedTrust(resolver, rows),
        )
        self._server = NativeServer(NativeService(reads, door(settings, replica=replica), attempts(settings)))

    async def serve(self, stopped: asyncio.Event) -> None:
        """Serve until ``stopped`` is set. Raises OSError where an address is taken."""
        await self._server.start(native_hosts(self._settings), self._settings.native_port)
        writing = asyncio.get_running_loop().create_task(self._write_counts())
        try:
            await stopped.wait()
        finally:
            writing.cancel()
            await self._server.stop()
            self._recursion.close()
            self._counts.close()

    async def _write_counts(self) -> None:
        while True:
            await asyncio.sleep(COUNT_SECONDS)
            try:
                self._counts.write_down()
            except OSError as problem:
                log.warning("counts are not written down: %s", problem)


def door(settings: Settings, *, replica: bool) -> NativeDoor | None:
    """Return the way into the control plane; a replica has none."""
    return None if replica else NativeDoor(ControlPlane(control_plane_address(settings)), settings.secret_key)


def attempts(settings: Settings) -> MissLimit:
    """Return the limit on proofs that do not hold."""
    return MissLimit(settings.misses_per_minute)


def native_hosts(settings: Settings) -> tuple[str, ...]:
    """Return the addresses to listen at: those set, or that of the front."""
    return settings.native_hosts or (settings.host,)


def own_site(settings: Settings) -> OwnSite:
    """Return what the server says of itself. Raises :class:`BadServerSetting`."""
    try:
        return OwnSite(settings.native_addresses, settings.native_port)
    except ValueError as problem:
        found = ",".join(settings.native_addresses)
        raise BadServerSetting(name="NATIVE_ADDRESSES", found=found) from problem


def recursion(settings: Settings) -> Recursion:
    """Return who asks on behalf of clients. Raises :class:`BadServerSetting`."""
    return Recursion(parent_address(settings), limit_bytes=settings.native_memory_bytes // 4)


def parent_address(settings: Settings) -> tuple[str, int] | None:
    """Return host and port of the server above, None where none is set. Raises :class:`BadServerSetting`."""
    if not settings.native_parent:
        return None
    try:
        return host_and_port(settings.native_parent, DEFAULT_PORT)
    except BadSocketAddress as problem:
        raise BadServerSetting(name="NATIVE_PARENT", found=settings.native_parent) from problem


async def _run(make: Callable[[], Native]) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    await make().serve(stopped)


def main(arguments: list[str]) -> None:
    """Serve until a signal ends it."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    settings = current_settings()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(lambda: Native(settings, replica=REPLICA in arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])
