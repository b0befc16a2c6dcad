"""A server of the native protocol in a thread, over a table of published answers that the test writes."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from tests.integration.resolver.tables import SqliteTable

from jialiang.formats.handle.count_log import Counted
from jialiang.formats.handle.json_values import answer_body
from jialiang.formats.handle.published import PublishedPrefix, prefix_key, record_key
from jialiang.formats.handle.values import HandleRecord, HandleValue
from jialiang.integration.resolver.misses import MissLimit
from jialiang.integration.resolver.native_door import NativeDoor
from jialiang.integration.resolver.native_reads import NativeReads
from jialiang.integration.resolver.native_recursion import Recursion
from jialiang.integration.resolver.native_server import NativeServer
from jialiang.integration.resolver.native_service import NativeService
from jialiang.integration.resolver.native_site import OwnSite
from jialiang.integration.resolver.native_streams import StreamLimits
from jialiang.integration.resolver.native_trust import PublishedTrust
from jialiang.integration.resolver.resolving import Resolver
from jialiang.integration.resolver.sqlite_reader import SqliteReader
from jialiang.integration.resolver.table_feed import TableFeed

MEGABYTE = 1024 * 1024
NAME = "88.101.5/ins-0000001"
VALUES = (
    HandleValue(1, "URL", b"https://example.org/i/1"),
    HandleValue(2, "EMAIL", b"lab@example.org"),
    HandleValue(2000, "serialNumber", b"SN-0001"),
)


class Published(SqliteTable):
    """A table of published answers into which records and prefixes are put as the verbs do."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._version = 0

    def record(self, name: str, values: Iterable[HandleValue]) -> None:
        self._put(record_key(name), answer_body(HandleRecord(name, tuple(values))))

    def ended(self, name: str, status: int) -> None:
        self._put(record_key(name), b'{"responseCode":100}', headers=f'{{":status":"{status}"}}')

    def prefix(self, prefix: str, state: str = "active", site: dict[str, Any] | None = None) -> None:
        self._put(prefix_key(prefix), PublishedPrefix(prefix, state, site).body())

    def _put(self, key: str, body: bytes, headers: str = "{}") -> None:
        self._version += 1
        self.put(key, self._version, body, headers=headers)


class Running(AbstractContextManager["Running"]):
    """A running server; ``port(host)`` is where it listens."""

    def __init__(
        self,
        table: Path | Callable[[], Any],
        *,
        hosts: tuple[str, ...] = ("127.0.0.1", "::1"),
        door: Callable[[], NativeDoor] | None = None,
        recursion: Callable[[], Recursion] | None = None,
        misses: int = 100_000,
        limits: StreamLimits | None = None,
        addresses: tuple[str, ...] = (),
    ) -> None:
        self._table, self._hosts, self._door, self._recursion = table, hosts, door, recursion
        self._misses, self._limits, self._addresses = misses, limits, addresses
        self.counts: Counter[Counted] = Counter()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._problem: BaseException | None = None

    def __enter__(self) -> Running:
        self._thread.start()
        assert self._ready.wait(10)
        if self._problem:
            raise self._problem
        return self

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        assert not self._thread.is_alive()

    def port(self, host: str) -> int:
        """Return the port at one address."""
        return dict(self.server.addresses)[host]

    async def _serve(self) -> None:
        self.loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        reader = SqliteReader(self._table) if isinstance(self._table, Path) else self._table()
        resolver = Resolver(reader, TableFeed(reader), limit_bytes=MEGABYTE)
        self.recursion = self._recursion() if self._recursion else None
        self.reads = NativeReads(
            resolver,
            OwnSite(self._addresses, 2641),
            MissLimit(self._misses),
            lambda counted: self.counts.update([counted]),
            limit_bytes=MEGABYTE,
            recursion=self.recursion,
            trust=PublishedTrust(resolver, reader),
        )
        service = NativeService(self.reads, self._door() if self._door else None, MissLimit(30))
        self.server = NativeServer(service, self._limits)
        try:
            await self.server.start(self._hosts, 0)
        except OSError as problem:
            self._problem = problem
            self._ready.set()
            return
        self._ready.set()
        await self._stop.wait()
        await self.server.stop()
        if self.recursion is not None:
            self.recursion.close()
        await reader.close()
