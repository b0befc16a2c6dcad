"""Who speaks the native protocol with us, and what is remembered of it: challenges that wait, and who has logged in."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Literal

from jialiang.formats.handle.challenges import NONCE_BYTES
from jialiang.integration.resolver.clients import Address, household

CHALLENGE_SECONDS = 60.0
LOGIN_SECONDS = 1800.0
MOST_CHALLENGES = 10_000
MOST_LOGINS = 20_000

Transport = Literal["native_tcp", "native_udp"]


@dataclass
class Peer:
    """One connection, or for datagrams one address; ``local`` is the address of ours that it reached."""

    transport: Transport
    address: Address
    local: str
    identity: str = ""
    key: Hashable = field(default_factory=object)
    """What tells it from others: on a connection the connection, for datagrams the address."""

    @property
    def household(self) -> bytes:
        """What shares a limit with it."""
        return household(self.address)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A challenge that was sent: its chance, the digest with its kind, and the request that it was for."""

    nonce: bytes
    digest: bytes
    content: bytes
    op: int


class Challenges:
    """Challenges that wait for their answer; each may be answered once, for a minute."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._waiting: OrderedDict[tuple[Hashable, int], tuple[float, Waiting]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._waiting)

    def begin(self, peer: Peer, session: int, digest: bytes, content: bytes, op: int) -> Waiting:
        """Make and keep a challenge for a peer and a session."""
        waiting = Waiting(secrets.token_bytes(NONCE_BYTES), digest, content, op)
        self._waiting.pop((peer.key, session), None)
        while len(self._waiting) >= MOST_CHALLENGES:
            self._waiting.popitem(last=False)
        self._waiting[peer.key, session] = (self._monotonic() + CHALLENGE_SECONDS, waiting)
        return waiting

    def take(self, peer: Peer, session: int) -> Waiting | None:
        """Return what waits, once; None where nothing does."""
        until, waiting = self._waiting.pop((peer.key, session), (0.0, None))
        return waiting if until > self._monotonic() else None


class Logins:
    """Who has logged in over datagrams: by address and the session that we gave."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._identities: OrderedDict[tuple[Hashable, int], tuple[float, str]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._identities)

    def put(self, peer: Peer, session: int, identity: str) -> None:
        """Remember an identity for half an hour after its last use."""
        self._identities.pop((peer.key, session), None)
        while len(self._identities) >= MOST_LOGINS:
            self._identities.popitem(last=False)
        self._identities[peer.key, session] = (self._monotonic() + LOGIN_SECONDS, identity)

    def identity(self, peer: Peer, session: int) -> str:
        """Return who logged in, empty where nobody did."""
        until, identity = self._identities.get((peer.key, session), (0.0, ""))
        if until <= self._monotonic():
            self._identities.pop((peer.key, session), None)
            return ""
        self.put(peer, session, identity)
        return identity

    def end(self, peer: Peer, session: int) -> None:
        """Forget a login."""
        self._identities.pop((peer.key, session), None)


def new_session() -> int:
    """Return a number for a session that nobody guesses; some clients read it as signed."""
    return secrets.randbelow(2**31 - 1) + 1
