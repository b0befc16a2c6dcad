"""The public side of identifiers: decides what is answered here, answers it, and counts what was answered.

A record that is held in memory, is current, and is asked for without a query costs one look into a dict.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from random import random

from jialiang.formats.handle.count_log import Counted, counted_prefix
from jialiang.integration.resolver import gs1_reads
from jialiang.integration.resolver.answers import Answers
from jialiang.integration.resolver.clients import TrustedProxies, household, parsed_peer
from jialiang.integration.resolver.counting import carrier_of
from jialiang.integration.resolver.gs1_files import CONTEXT, DESCRIPTION
from jialiang.integration.resolver.gs1_reads import Gs1Reads, is_digital_link
from jialiang.integration.resolver.handle_proxy import HandleProxy
from jialiang.integration.resolver.handle_questions import BadQuestion, handle_question
from jialiang.integration.resolver.handle_reads import (
    COMPARED,
    EMPTY_RECORD,
    EXPOSED,
    HANDLES,
    JSON,
    OPEN,
    PREFLIGHT,
    RECORD_START,
    SAFE,
    HandleReads,
    Reply,
    unreadable,
)
from jialiang.integration.resolver.handover import HttpProtocol, Scope
from jialiang.integration.resolver.last_certificates import LastCertificates
from jialiang.integration.resolver.misses import MissLimit
from jialiang.integration.resolver.native_trust import PublishedTrust
from jialiang.integration.resolver.regions import RegionHeader
from jialiang.integration.resolver.resolving import Resolver

_PLAIN = [JSON, OPEN, EXPOSED, SAFE, COMPARED]
_NAME = len(HANDLES)
_NAME_PATH = re.compile(r"/(?:[0-9]+(?:\.[0-9]+)*|0\.NA)/.", re.IGNORECASE | re.DOTALL)
"""A path that is a name: its first part is a prefix, digits and dots, so that no address of the console is one."""
FILES = frozenset({DESCRIPTION, CONTEXT})
READING = frozenset({"GET", "HEAD"})

Count = Callable[[Counted], None]


class Identifiers:
    """Answers what is asked about identifiers; whatever it does not take is for somebody else."""

    def __init__(
        self,
        resolver: Resolver,
        count: Count,
        misses: MissLimit,
        proxies: TrustedProxies,
        regions: RegionHeader,
        root: str,
        *,
        answers: Answers | None = None,
        trust: PublishedTrust | None = None,
        clock: Callable[[], float] = time.time,
        chance: Callable[[], float] = random,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._resolver = resolver
        self._feed = resolver.feed
        self._count = count
        self._misses = misses
        self._proxies = proxies
        self._regions = regions
        self._monotonic = monotonic
        self._clock = clock
        self._handles = HandleReads(resolver)
        certificates = LastCertificates(answers, root, clock=clock) if answers else None
        self._proxy = HandleProxy(
            resolver, root, today=self._today, chance=chance, certificates=certificates, trust=trust
        )
        self._gs1 = Gs1Reads(resolver, root)

    def takes(self, path: str) -> bool:
        """Tell whether a path is about identifiers: their JSON interface, a name, or a GS1 Digital Link."""
        if path.startswith(HANDLES) or path in FILES:
            return True
        return bool(_NAME_PATH.match(path)) or is_digital_link(path)

    def answered_at_once(self, path: str, scope: Scope, protocol: HttpProtocol) -> bool:
        """Answer a plain read of a record from memory; False where that is not possible. ``path`` is below HANDLES."""
        row = self._resolver.at_hand(path[_NAME:])
        if row is None or self._monotonic() >= self._feed.trusted_until or scope.query_string:
            return False
        headers = scope.headers
        if row[2] != 200 or scope.method != "GET" or "authorization" in headers or "if-none-match" in headers:
            return False
        if row[0].endswith(EMPTY_RECORD) or not row[0].startswith(path[_NAME:].encode(), RECORD_START):
            return False
        protocol.response_bytes(200, [*_PLAIN, ("etag", f'"{row[1]:x}"')], row[0])
        prefix = counted_prefix(path[_NAME:])
        self._count(Counted("handle_json", "found", "none", self._regions.of(scope), prefix))
        return True

    def written(self) -> None:
        """Take note that a write has passed: who reads on this connection finds what was written."""
        self._feed.doubt()

    async def answered(self, path: str, scope: Scope, protocol: HttpProtocol) -> bool:
        """Answer a read of public values; False: this is for the control plane.

        Raises ``AnswersUnavailable`` and ``TooManyMisses``.
        """
        if path.startswith(HANDLES):
            return await self._handle(path[_NAME:], scope, protocol)
        if scope.method == "OPTIONS":
            protocol.response_empty(204, gs1_reads.PREFLIGHT)
            return True
        if scope.method not in READING:
            return self._not_allowed(path, protocol)
        file = self._gs1.file(path)
        if file is not None:
            self._reply(file, protocol)
            return True
        await self._page(path, scope, protocol)
        return True

    def _not_allowed(self, path: str, protocol: HttpProtocol) -> bool:
        by_key = path in FILES or is_digital_link(path)
        if by_key:
            self._reply(gs1_reads.NOT_ALLOWED, protocol)
        return by_key

    async def _page(self, path: str, scope: Scope, protocol: HttpProtocol) -> None:
        asker, region = self._admitted(scope), self._regions.of(scope)
        by_key = is_digital_link(path)
        if by_key:
            reply, kind, outcome = await self._gs1.answer(path, scope, region)
        else:
            reply, kind, outcome = await self._proxy.answer(path[1:], scope, region)
        if outcome in {"not_found", "refused"}:
            self._misses.charge(asker)
        self._answer(reply, kind, outcome, scope, protocol, "" if by_key else path[1:])

    async def _handle(self, name: str, scope: Scope, protocol: HttpProtocol) -> bool:
        if scope.method == "OPTIONS":
            protocol.response_empty(204, PREFLIGHT)
            return True
        if scope.method not in READING or scope.headers.get("authorization", ""):
            return False
        try:
            question = handle_question(scope.query_string)
        except BadQuestion as problem:
            self._answer(unreadable(name, problem), "handle_json", "refused", scope, protocol)
            return True
        if question.authorised:
            return False
        asker = self._admitted(scope)
        reply, outcome = await self._handles.answer(name, question, scope.headers.get("if-none-match", ""))
        if outcome in {"not_found", "refused"}:
            self._misses.charge(asker)
        self._answer(reply, "handle_json", outcome, scope, protocol, name)
        return True

    def _answer(
        self, reply: Reply, kind: str, outcome: str, scope: Scope, protocol: HttpProtocol, name: str = ""
    ) -> None:
        self._reply(reply, protocol)
        prefix = counted_prefix(name) if outcome in {"found", "suspended", "retired"} else ""
        self._count(Counted(kind, outcome, carrier_of(scope.query_string), self._regions.of(scope), prefix))

    @staticmethod
    def _reply(reply: Reply, protocol: HttpProtocol) -> None:
        status, headers, body = reply
        if body:
            protocol.response_bytes(status, headers, body)
        else:
            protocol.response_empty(status, headers)

    def _today(self) -> str:
        return f"{datetime.fromtimestamp(self._clock(), UTC):%Y-%m-%d}"

    def _admitted(self, scope: Scope) -> bytes:
        """Return what shares a limit with the client. Raises ``TooManyMisses``."""
        peer = parsed_peer(scope.client)
        asker = household(self._proxies.client(peer, scope.headers.get("x-forwarded-for", "")))
        self._misses.admit(asker)
        return asker
