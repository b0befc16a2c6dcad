"""A front with published identifiers in hand: a table, a clock, and what would be handed over."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from tests.integration.resolver.fakes import NOON, FedReader, Reply, Request, Watch

from jialiang.formats.gs1.links import Gs1Link
from jialiang.formats.gs1.linkset import LinkContext, written_linkset
from jialiang.formats.handle.count_log import Counted
from jialiang.formats.handle.published import gs1_key
from jialiang.formats.handle.values import ADMIN_READ, ADMIN_WRITE, HandleValue
from jialiang.integration.resolver.answers import Answers
from jialiang.integration.resolver.clients import TrustedProxies
from jialiang.integration.resolver.front import Front
from jialiang.integration.resolver.handed_headers import Origin
from jialiang.integration.resolver.handover import HttpProtocol, Scope
from jialiang.integration.resolver.identifiers import Identifiers
from jialiang.integration.resolver.misses import MissLimit
from jialiang.integration.resolver.native_trust import PublishedTrust
from jialiang.integration.resolver.regions import RegionHeader
from jialiang.integration.resolver.resolving import Resolver
from jialiang.integration.resolver.table_feed import TableFeed

ROOT = "https://id.example.cn"
NAME = "88.101.5/Ins-7"
URL = HandleValue(1, "URL", b"https://lab.example.cn/7", timestamp=1781582850)
EMAIL = HandleValue(2, "EMAIL", b"lab@example.cn", timestamp=1781582850)
SUBTYPE = HandleValue(3, "DESC.LONG", "游标卡尺".encode(), timestamp=1781582850)
SECRET = HandleValue(300, "HS_SECKEY", b"secret", permissions=ADMIN_READ | ADMIN_WRITE)
SITE = {"servers": [{"serverId": 1, "address": "192.0.2.7", "interfaces": [
    {"query": True, "admin": False, "protocol": "TCP", "port": 2641},
    {"query": True, "admin": False, "protocol": "HTTP", "port": 8000},
]}]}  # fmt: skip


class HandedOver:
    """Notes what would have been handed over."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    async def __call__(self, scope: Scope, protocol: HttpProtocol, origin: Origin) -> None:
        self.seen.append((scope.method, scope.path))
        protocol.response_bytes(200, [], b"django")


class Node:
    """A front with published identifiers, a clock and a hand-over in hand."""

    def __init__(self, per_minute: int = 50, limit_bytes: int = 4_000_000) -> None:
        self.reader, self.watch, self.handed = FedReader(), Watch(), HandedOver()
        self.counted: list[Counted] = []
        self.chance = 0.0
        proxies = TrustedProxies(["10.0.0.0/8"])
        feed = TableFeed(self.reader, monotonic=self.watch)
        self.resolver = Resolver(self.reader, feed, limit_bytes=limit_bytes)
        checks = Answers(self.reader, limit_bytes=1_000_000, monotonic=self.watch)
        identifiers = Identifiers(
            self.resolver,
            self.counted.append,
            MissLimit(per_minute, monotonic=self.watch),
            proxies,
            RegionHeader("X-Client-Region", proxies),
            ROOT,
            answers=checks,
            trust=PublishedTrust(self.resolver, self.reader, clock=lambda: NOON),
            clock=lambda: NOON,
            chance=lambda: self.chance,
            monotonic=self.watch,
        )
        self.front = Front(
            checks,
            MissLimit(5, monotonic=self.watch),
            proxies,
            self.handed,
            identifiers,
            clock=lambda: NOON,
        )
        self.reader.prefix("88.101.5")
        self.reader.record(NAME, URL, EMAIL, SUBTYPE, SECRET)

    def ask(self, request: Request) -> Reply:
        reply = Reply()
        asyncio.run(self.front(request, reply))
        return reply

    def get(self, name: str = NAME, query: str = "", *fields: tuple[str, str], method: str = "GET") -> Reply:
        return self.ask(Request(f"/api/handles/{name}", query, method=method, fields=list(fields)))

    def json(self, name: str = NAME, query: str = "") -> tuple[int, dict[str, Any]]:
        reply = self.get(name, query)
        return reply.status, json.loads(reply.body)

    def open(
        self, path: str, query: str = "", *fields: tuple[str, str], method: str = "GET", client: str = ""
    ) -> Reply:
        """Ask for any path, with header fields."""
        return self.ask(
            Request(path, query, method=method, fields=list(fields), client=client or "203.0.113.9:1")
        )

    def links(self, path: str, *links: Gs1Link, description: str = "Calliper") -> None:
        """Publish the links of a GS1 key by its canonical path, ``01/09506000134352``."""
        self.reader.write(gs1_key(path), written_linkset([LinkContext(f"{ROOT}/{path}", description, links)]))
