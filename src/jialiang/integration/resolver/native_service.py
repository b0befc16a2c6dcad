"""What happens with a request of the native protocol: answered from what is published, or handed to the control plane.

    resolve, site                   answered here; what a logged-in identity asks for goes to the control plane
    create … list, home, unhome     by an identity that has logged in, or that answers a challenge for this request
    login, answer to a challenge    the challenge is made and kept here, the proof is checked in the control plane
    sessions with keys, replication     not supported, and said so
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from jialiang.formats.handle.octets import BadOctets
from jialiang.formats.handle.values import ResponseCode
from jialiang.formats.handle.wire.bodies import Body, Challenge, Question
from jialiang.formats.handle.wire.codes import OpCode, OpFlag
from jialiang.formats.handle.wire.conversation import read_request
from jialiang.formats.handle.wire.messages import Envelope, Header, Message, read_content, read_header
from jialiang.integration.resolver.misses import MissLimit
from jialiang.integration.resolver.native_door import HandedReply, HandedRequest, NativeDoor
from jialiang.integration.resolver.native_frames import Asked, Said, complaint
from jialiang.integration.resolver.native_peers import Challenges, Logins, Peer, new_session
from jialiang.integration.resolver.native_reads import NativeReads
from jialiang.kernel.errors import JialiangError, TooMany, Unavailable

log = logging.getLogger(__name__)

ADMINISTRATION = frozenset(
    {
        OpCode.CREATE, OpCode.DELETE, OpCode.ADD_VALUES, OpCode.REMOVE_VALUES, OpCode.MODIFY_VALUES,
        OpCode.LIST_HANDLES, OpCode.HOME_PREFIX, OpCode.UNHOME_PREFIX, OpCode.LIST_PREFIXES,
    }
)  # fmt: skip
LOGIN_FIRST = (2, 3)
"""Clients of this version log in by operation 2001 and expect 408 before; others expect a challenge for the request."""
_REFUSED_LOGIN = frozenset({ResponseCode.AUTHENTICATION_FAILED, ResponseCode.INVALID_ADMIN})


class NativeService:
    """Answers messages. Without a ``door`` it is a read replica."""

    def __init__(
        self,
        reads: NativeReads,
        door: NativeDoor | None,
        attempts: MissLimit,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.reads = reads
        self._door = door
        self._attempts = attempts
        self._clock = clock
        self._challenges = Challenges(monotonic)
        self._logins = Logins(monotonic)

    @property
    def waiting(self) -> int:
        """How many challenges wait for their answer."""
        return len(self._challenges)

    def now(self) -> float:
        """Return the moment in seconds since 1970."""
        return self._clock()

    def at_once(self, data: bytes | bytearray, at: int, peer: Peer) -> bytes | None:
        """Return the answer to the frame at ``at`` if memory alone may give it."""
        if peer.transport == "native_udp" and self._logins and any(data[at + 4 : at + 8]):
            return None  # a session, perhaps of somebody who may read more
        return self.reads.at_once(data, at, peer, self._clock())

    async def answer(self, envelope: Envelope, content: bytes, peer: Peer) -> bytes:
        """Return the frame to send back, no bytes for what is not to be answered. Never raises."""
        now = self._clock()
        try:
            asked = Asked(read_content(envelope, content), now)
        except BadOctets as fault:
            return malformed(envelope, content, fault, now)
        if asked.message.header.response:
            return b""  # a response that nobody here has asked for
        try:
            said = await self._said(asked, peer)
        except BadOctets as fault:
            said = complaint(ResponseCode.PROTOCOL_ERROR, words(fault))
        except JialiangError as error:
            said = complaint(_code(error), words(error))
            if isinstance(error, Unavailable):
                log.warning("%s: %s", error.code, error.facts.get("reason", ""))
        return said.frame(asked)

    async def _said(self, asked: Asked, peer: Peer) -> Said:
        if asked.has_run_out:
            return complaint(ResponseCode.PROTOCOL_ERROR, "the request has run out; look at the clock of the client")
        body = read_request(asked.message)
        op = asked.op
        if op == OpCode.RESOLVE and isinstance(body, Question):
            return await self._resolved(asked, body, peer)
        if op == OpCode.SITE_INFO:
            return self.reads.site(peer)
        if op == OpCode.SESSION_TERMINATE:
            peer.identity = ""
            self._logins.end(peer, asked.session)
            return Said(ResponseCode.SUCCESS)
        if self._door is None or not _is_for_the_door(op):
            return complaint(ResponseCode.OPERATION_NOT_SUPPORTED, "this server does not support the operation")
        return await self._administered(asked, body, peer, self._door)

    async def _resolved(self, asked: Asked, question: Question, peer: Peer) -> Said:
        identity = self._identity(asked, peer)
        if identity and self._door is not None and not asked.wants(OpFlag.PUBLIC_ONLY):
            handed = await self._door.hand(_request(asked, peer, identity))
            if handed.response != ResponseCode.SERVER_NOT_RESPONSIBLE:
                return Said(handed.response, handed.body)
        return await self.reads.resolve(asked, question, peer)

    async def _administered(self, asked: Asked, body: Body, peer: Peer, door: NativeDoor) -> Said:
        if asked.op == OpCode.LOGIN_ID_SYSTEM:
            return self._challenge(asked, peer)
        if asked.op == OpCode.CHALLENGE_ANSWER:
            return await self._proved(asked, peer, door)
        if asked.op == OpCode.VERIFY_CHALLENGE:
            return _said(await self._attempted(asked, peer, door, _request(asked, peer)))
        identity = self._identity(asked, peer)
        if identity:
            return _said(await self._handed(door, _request(asked, peer, identity)))
        envelope = asked.message.envelope
        if (envelope.major, envelope.minor) == LOGIN_FIRST and not asked.wants(OpFlag.RETURN_DIGEST):
            return complaint(ResponseCode.NOT_LOGGED_IN, "log in first")
        return self._challenge(asked, peer)

    def _challenge(self, asked: Asked, peer: Peer) -> Said:
        session = asked.session
        if not session or peer.transport == "native_udp":
            session = new_session()
        content = asked.message.content
        waiting = self._challenges.begin(peer, session, asked.digest, content, asked.op)
        nonce = Challenge(waiting.nonce).octets()
        return Said(ResponseCode.AUTHENTICATION_NEEDED, nonce, session=session, with_digest=True)

    async def _proved(self, asked: Asked, peer: Peer, door: NativeDoor) -> Said:
        waiting = self._challenges.take(peer, asked.session)
        if waiting is None:
            return complaint(ResponseCode.AUTHENTICATION_FAILED, "no challenge waits for this answer")
        proved = HandedRequest(
            self._clock(), str(peer.address), asked.message.content,
            nonce=waiting.nonce, digest=waiting.digest[1:], original=waiting.content,
        )  # fmt: skip
        handed = await self._attempted(asked, peer, door, proved)
        if handed.response == ResponseCode.SUCCESS and waiting.op == OpCode.LOGIN_ID_SYSTEM:
            self._log_in(asked, peer, handed.identity)
        return _said(handed, op=waiting.op)

    async def _attempted(
        self, asked: Asked, peer: Peer, door: NativeDoor, request: HandedRequest
    ) -> HandedReply:
        """Hand a proof over; who fails too often in a minute waits. Raises ``TooManyMisses``."""
        self._attempts.admit(peer.household)
        handed = await self._handed(door, request)
        failed = handed.response in _REFUSED_LOGIN
        if failed or (asked.op == OpCode.VERIFY_CHALLENGE and handed.body != b"\x01"):
            self._attempts.charge(peer.household)
        return handed

    async def _handed(self, door: NativeDoor, request: HandedRequest) -> HandedReply:
        """Hand over what may write; whoever asks afterwards finds it written, though its answer be lost."""
        try:
            return await door.hand(request)
        finally:
            self.reads.written()

    def _log_in(self, asked: Asked, peer: Peer, identity: str) -> None:
        if peer.transport == "native_tcp":
            peer.identity = identity
        else:
            self._logins.put(peer, asked.session, identity)

    def _identity(self, asked: Asked, peer: Peer) -> str:
        return peer.identity or (self._logins.identity(peer, asked.session) if asked.session else "")


def malformed(envelope: Envelope, content: bytes, fault: BadOctets, now: float) -> bytes:
    """Return the answer to a message that cannot be read, no bytes where it has not even a header."""
    try:
        header, _ = read_header(content)
    except BadOctets:
        header = Header(0)
    if header.response:
        return b""
    asked = Asked(Message(envelope, Header(header.op), b""), now)
    return complaint(ResponseCode.PROTOCOL_ERROR, words(fault)).frame(asked)


def words(error: JialiangError) -> str:
    """Return an error in both languages, for clients that show what a server says."""
    return f"{error.code} {error.what.en} {error.what.zh}"


def _request(asked: Asked, peer: Peer, identity: str = "") -> HandedRequest:
    return HandedRequest(asked.now, str(peer.address), asked.message.content, identity)


def _said(handed: HandedReply, op: int | None = None) -> Said:
    return Said(handed.response, handed.body, op=op)


def _is_for_the_door(op: int) -> bool:
    return op in ADMINISTRATION or op in (
        OpCode.LOGIN_ID_SYSTEM,
        OpCode.CHALLENGE_ANSWER,
        OpCode.VERIFY_CHALLENGE,
    )


def _code(error: JialiangError) -> int:
    if isinstance(error, TooMany | Unavailable):
        return int(ResponseCode.SERVER_BUSY)
    return int(ResponseCode.ERROR)
