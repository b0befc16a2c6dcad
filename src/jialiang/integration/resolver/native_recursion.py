"""Asking on behalf of a client: names of others are asked for at the server of their prefix or at the parent, and kept.

What others answered is kept as long as its values may live, at most a day; that something is not there, for a minute.
A client that wishes an authoritative answer gets a fresh one. Each server on the way counts up; too many is a ring.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from jialiang.formats.handle.names import folded
from jialiang.formats.handle.octets import BadOctets
from jialiang.formats.handle.site_json import site_from_json
from jialiang.formats.handle.sites import Site, read_site
from jialiang.formats.handle.structure_faults import BadStructure
from jialiang.formats.handle.values import HandleValue, ResponseCode
from jialiang.formats.handle.wire.bodies import Question, Record, Referral
from jialiang.formats.handle.wire.codes import OpCode, OpFlag
from jialiang.formats.handle.wire.conversation import Answered, read_response
from jialiang.formats.handle.wire.messages import Header
from jialiang.integration.resolver.native_client import NativeClient, OtherServerSilent
from jialiang.integration.resolver.native_frames import Asked

MOST_RECURSIONS = 8
MOST_REFERRALS = 4
MOST_SERVERS = 64
LONGEST_KEPT_SECONDS = 86400.0
NOT_FOUND_SECONDS = 60.0
OVERHEAD = 500
_REFERRALS = (ResponseCode.SERVICE_REFERRAL, ResponseCode.PREFIX_REFERRAL)
_KEPT = (ResponseCode.SUCCESS, ResponseCode.HANDLE_NOT_FOUND, ResponseCode.VALUES_NOT_FOUND)

Reply = tuple[int, bytes]
_Key = tuple[str, tuple[int, ...], tuple[str, ...]]


class Recursion:
    """Asks others; ``parent`` is host and port of the server above, None where only delegations are followed."""

    def __init__(
        self,
        parent: tuple[str, int] | None,
        *,
        limit_bytes: int,
        clock: Callable[[], float] = time.time,
        client: Callable[[str, int], NativeClient] = NativeClient,
    ) -> None:
        self._parent = parent
        self._limit = limit_bytes
        self._clock = clock
        self._client = client
        self._clients: OrderedDict[tuple[str, int], NativeClient] = OrderedDict()
        self._kept: OrderedDict[_Key, tuple[float, Reply]] = OrderedDict()
        self.bytes_held = 0

    async def ask(self, asked: Asked, question: Question, site: dict[str, Any] | None) -> Reply | None:
        """Return response code and body, None where there is nobody to ask. Raises ``OtherServerSilent``."""
        servers = _native_addresses(site) if site is not None else [self._parent] if self._parent else []
        if not servers or asked.message.header.recursions >= MOST_RECURSIONS:
            return None
        key = (folded(question.handle), question.indexes, tuple(map(folded, question.types)))
        if not asked.wants(OpFlag.AUTHORITATIVE):
            until, kept = self._kept.get(key, (0.0, None))
            if kept is not None and until > self._clock():
                self._kept.move_to_end(key)
                return kept
        reply, seconds = await self._asked(asked, question, servers)
        self._keep(key, reply, seconds)
        return reply

    def close(self) -> None:
        """Break all connections off."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    async def _asked(
        self, asked: Asked, question: Question, servers: list[tuple[str, int]]
    ) -> tuple[Reply, float]:
        flags = int(OpFlag.RECURSIVE | OpFlag.PUBLIC_ONLY)
        if asked.wants(OpFlag.AUTHORITATIVE):
            flags |= int(OpFlag.AUTHORITATIVE)
        header = Header(
            OpCode.RESOLVE,
            flags=flags,
            recursions=asked.message.header.recursions + 1,
            expiration=int(asked.now) + 3600,
        )
        for _ in range(MOST_REFERRALS):
            code, answered = await self._first_answer(servers, header, question.octets())
            onward = _referred_to(answered) if code in _REFERRALS else []
            if not onward:
                return (code, answered.body.octets()), _seconds(code, answered, self._clock())
            servers = onward
        raise OtherServerSilent(address="{}:{}".format(*servers[0]), reason="one server refers to the next without end")

    async def _first_answer(
        self, servers: list[tuple[str, int]], header: Header, body: bytes
    ) -> tuple[int, Answered]:
        for last, address in ((at == len(servers) - 1, address) for at, address in enumerate(servers)):
            try:
                message = await self._connection(address).ask(header, body)
                return message.header.response, read_response(message)
            except BadOctets as problem:
                raise OtherServerSilent(address="{}:{}".format(*address), reason=str(problem)) from problem
            except OtherServerSilent:
                if last:
                    raise
        raise AssertionError("there is no server to ask")

    def _connection(self, address: tuple[str, int]) -> NativeClient:
        client = self._clients.pop(address, None) or self._client(*address)
        self._clients[address] = client
        if len(self._clients) > MOST_SERVERS:
            _, least_used = self._clients.popitem(last=False)
            least_used.close()
        return client

    def _keep(self, key: _Key, reply: Reply, seconds: float) -> None:
        before = self._kept.pop(key, None)
        if before is not None:
            self.bytes_held -= _size(key, before[1])
        if seconds <= 0:
            return
        self._kept[key] = (self._clock() + seconds, reply)
        self.bytes_held += _size(key, reply)
        while self.bytes_held > self._limit:
            oldest, (_, dropped) = self._kept.popitem(last=False)
            self.bytes_held -= _size(oldest, dropped)


def _native_addresses(site: dict[str, Any]) -> list[tuple[str, int]]:
    try:
        return _tcp_addresses(site_from_json("HS_SITE", site))
    except BadStructure:
        return []


def _tcp_addresses(site: Site) -> list[tuple[str, int]]:
    return [
        (server.address_text, own.port)
        for server in site.servers
        for own in server.interfaces
        if own.query and own.protocol == "TCP"
    ]


def _referred_to(answered: Answered) -> list[tuple[str, int]]:
    values = answered.body.values if isinstance(answered.body, Referral) else None
    return [address for value in values or () for address in _addresses_in(value)]


def _addresses_in(value: HandleValue) -> list[tuple[str, int]]:
    if not folded(value.type).startswith(("hs_site", "hs_na_delegate")):
        return []
    try:
        return _tcp_addresses(read_site(value.data))
    except BadOctets:
        return []


def _seconds(code: int, answered: Answered, now: float) -> float:
    if code not in _KEPT:
        return 0.0
    if not isinstance(answered.body, Record):
        return NOT_FOUND_SECONDS
    values = answered.body.record.values
    lives = [value.ttl - now if value.ttl_absolute else float(value.ttl) for value in values]
    return min([LONGEST_KEPT_SECONDS, *lives])


def _size(key: _Key, reply: Reply) -> int:
    return OVERHEAD + len(reply[1]) + len(key[0])
