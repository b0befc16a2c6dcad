"""What the native protocol answers from published rows: resolution, site, referral.

A record that is held and asked for whole costs one look into two dicts and one packing of numbers.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from jialiang.formats.handle.count_log import Counted, counted_prefix
from jialiang.formats.handle.names import folded
from jialiang.formats.handle.octets import text_octets
from jialiang.formats.handle.site_json import site_from_json
from jialiang.formats.handle.values import ResponseCode
from jialiang.formats.handle.wire.bodies import Question
from jialiang.formats.handle.wire.codes import OpCode, OpFlag
from jialiang.formats.handle.wire.messages import COMPRESSED, ENCRYPTED, HEADER_BYTES, MAJOR, MINOR
from jialiang.integration.resolver.held_rows import HeldRow
from jialiang.integration.resolver.misses import MissLimit, TooManyMisses
from jialiang.integration.resolver.native_frames import (
    ANSWERS_LAST,
    FRAME,
    FRAME_BYTES,
    NO_CREDENTIAL,
    SITE_SERIAL,
    Asked,
    Said,
    complaint,
)
from jialiang.integration.resolver.native_peers import Peer
from jialiang.integration.resolver.native_records import NativeRecords, counted, native_record
from jialiang.integration.resolver.native_recursion import Recursion
from jialiang.integration.resolver.native_site import SITE_TYPE, OwnSite, site_record
from jialiang.integration.resolver.native_trust import PublishedTrust
from jialiang.integration.resolver.resolving import PREFIX_RECORDS, Refusal, Resolver

WITH_PREFIX_REFERRAL = (2, 5)
"""The version from which on clients know response 303; older ones get 302."""
_SLOW_FLAGS = int(
    OpFlag.RETURN_DIGEST | OpFlag.TRUSTED_QUERY | OpFlag.TRUSTED_RESULT | OpFlag.CERTIFY | OpFlag.ENCRYPT
)
_NOT_PLAIN = COMPRESSED | ENCRYPTED
_NO_CHOICE = bytes(8)

Count = Callable[[Counted], None]


class NativeReads:
    """Answers resolutions out of ``resolver``; names of others go to ``recursion`` where there is one."""

    def __init__(
        self,
        resolver: Resolver,
        site: OwnSite,
        misses: MissLimit,
        count: Count,
        *,
        limit_bytes: int,
        recursion: Recursion | None = None,
        trust: PublishedTrust | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._resolver = resolver
        self._feed = resolver.feed
        self._site = site
        self._misses = misses
        self._count = count
        self._recursion = recursion
        self._trust = trust
        self._monotonic = monotonic
        self._records = NativeRecords(limit_bytes)

    def at_once(self, data: bytes | bytearray, at: int, peer: Peer, now: float) -> bytes | None:
        """Return the frame that answers the one at ``at`` if memory alone may; None where it takes more.

        The frame is whole; only a plain resolution of everything public of a record at hand is answered here.
        """
        (
            major, minor, flags, _, session, request, _, length,
            op, response, op_flags, _, recursions, _, expiration, body_length,
        ) = FRAME.unpack_from(data, at)  # fmt: skip
        if op != OpCode.RESOLVE or response or major != MAJOR:
            return None
        if flags & _NOT_PLAIN or op_flags & _SLOW_FLAGS:
            return None
        if length != HEADER_BYTES + body_length + 4 or 0 < expiration < now or peer.identity:
            return None
        name_end = at + FRAME_BYTES + body_length - 8
        tail = data[name_end : name_end + 12]
        if tail != _NO_CHOICE + NO_CREDENTIAL or self._monotonic() >= self._feed.trusted_until:
            return None
        name_block = bytes(data[at + FRAME_BYTES : name_end])
        entry = self._records.held(name_block)
        if entry is None:
            return None
        name, record = entry
        row = self._resolver.at_hand(name)
        if row is None or row[1] != record.number or not record.places:
            return None
        self._count(counted(peer.transport, "found", record.prefix))
        body_length = len(name_block) + len(record.rest)
        head = FRAME.pack(
            major, minor, MAJOR, MINOR, session, request, 0, HEADER_BYTES + 4 + body_length,
            OpCode.RESOLVE, ResponseCode.SUCCESS, op_flags, SITE_SERIAL, recursions, 0, int(now) + ANSWERS_LAST,
            body_length,
        )  # fmt: skip
        return b"".join((head, name_block, record.rest, NO_CREDENTIAL))

    async def resolve(self, asked: Asked, question: Question, peer: Peer) -> Said:
        """Answer a resolution of public values. Raises ``AnswersUnavailable`` and ``TooManyMisses``."""
        try:
            self._misses.admit(peer.household)
        except TooManyMisses:
            self._count(counted(peer.transport, "refused", ""))
            raise
        said, outcome = await self._resolved(asked, question, peer)
        if outcome in {"not_found", "refused"}:
            self._misses.charge(peer.household)
        prefix = counted_prefix(question.handle) if outcome in {"found", "suspended", "retired"} else ""
        self._count(counted(peer.transport, outcome, prefix))
        return said

    def written(self) -> None:
        """Take note that something may have been written: what is held is compared before it is given again."""
        self._feed.doubt()

    def site(self, peer: Peer) -> Said:
        """Answer who this server is."""
        return Said(ResponseCode.SUCCESS, self._site.site(peer.local, peer.address).octets())

    async def _resolved(self, asked: Asked, question: Question, peer: Peer) -> tuple[Said, str]:
        found = await self._resolver.record(question.handle)
        if isinstance(found, Refusal):
            return await self._elsewhere(asked, question, peer, found)
        if found[2] != 200:
            outcome = "retired" if found[2] == 410 else "suspended"
            return complaint(ResponseCode.HANDLE_NOT_FOUND, outcome), outcome
        said = self._chosen(question, found)
        if self._trust is not None and asked.wants(OpFlag.TRUSTED_QUERY) and said.response == ResponseCode.SUCCESS:
            report = await self._trust.report(found, int(asked.now))
            said = replace(said, more_flags=int(OpFlag.TRUSTED_RESULT) if report.is_trusted else 0)
        return said, "found"

    def _chosen(self, question: Question, row: HeldRow) -> Said:
        block = text_octets(question.handle)
        entry = self._records.held(block)
        if entry is None or entry[1].number != row[1]:
            entry = (question.handle, native_record(row))
            self._records.keep(block, *entry)
        chosen = entry[1].chosen(question)
        if chosen is None:
            return complaint(ResponseCode.VALUES_NOT_FOUND, "values not found")
        return Said(ResponseCode.SUCCESS, block + chosen)

    async def _elsewhere(
        self, asked: Asked, question: Question, peer: Peer, refused: Refusal
    ) -> tuple[Said, str]:
        if refused.code == ResponseCode.HANDLE_NOT_FOUND:
            said = await self._prefix_record(question, peer)
            return (said, "found") if said else (complaint(refused.code, refused.message), refused.outcome)
        if refused.code not in (ResponseCode.SERVER_NOT_RESPONSIBLE, ResponseCode.PREFIX_REFERRAL):
            return complaint(refused.code, refused.message), refused.outcome
        if self._recursion is not None and not asked.wants(OpFlag.DO_NOT_REFER):
            answered = await self._recursion.ask(asked, question, refused.site)
            if answered is not None:
                code, body = answered
                return Said(code, body), "found" if code == ResponseCode.SUCCESS else "not_found"
        if refused.site is not None and not asked.wants(OpFlag.DO_NOT_REFER):
            return _referral(asked, question, refused.site), "refused"
        return complaint(ResponseCode.SERVER_NOT_RESPONSIBLE, refused.message), refused.outcome

    async def _prefix_record(self, question: Question, peer: Peer) -> Said | None:
        """Answer for the name of a prefix that is served here and has no record: by the site that serves it."""
        root, _, prefix = question.handle.partition("/")
        if folded(root) != folded(PREFIX_RECORDS) or not prefix:
            return None
        row = await self._resolver.prefix(prefix)
        if row is None or row.state == "suspended" or not _asks_for_site(question):
            return None
        return Said(ResponseCode.SUCCESS, site_record(question.handle, self._site.site(peer.local, peer.address)))


def _referral(asked: Asked, question: Question, site: dict[str, Any]) -> Said:
    knows = asked.message.envelope.version >= WITH_PREFIX_REFERRAL
    code = ResponseCode.PREFIX_REFERRAL if knows else ResponseCode.SERVICE_REFERRAL
    root = question.handle.partition("/")[0]
    record = question.handle if folded(root) == folded(PREFIX_RECORDS) else f"{PREFIX_RECORDS}/{root}"
    return Said(code, site_record(record, site_from_json(SITE_TYPE, site)))


def _asks_for_site(question: Question) -> bool:
    everything = not question.indexes and not question.types
    return everything or any(folded(kind).startswith("hs_site") for kind in question.types)

