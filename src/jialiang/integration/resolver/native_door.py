"""The way from the native protocol into the control plane: requests that change something or need a right.

The server of the native protocol keeps challenges and logins; the control plane checks proofs and does the deeds. What
it is handed it believes only with the seal of a process that knows the secret of the installation.
"""

from __future__ import annotations

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from typing import Any

from jialiang.integration.resolver.control_plane import ControlPlane, ControlPlaneDown

PATH = "/internal/native-handle"
SEAL_HEADER = "x-jialiang-seal"
FRESH_SECONDS = 60.0
_PURPOSE = b"jialiang native handle door 1"


@dataclass(frozen=True, slots=True)
class HandedRequest:
    """A request for the control plane.

    ``content`` is header, body and credential as they came. ``identity`` (``index:handle``) is who has logged in, empty
    for nobody. For the answer to a challenge, ``nonce`` and ``digest`` are what was sent, and ``original`` the content
    of the request that it was for. ``moment`` is in seconds since 1970.
    """

    moment: float
    client: str
    content: bytes
    identity: str = ""
    nonce: bytes = b""
    digest: bytes = b""
    original: bytes = b""

    def to_json(self) -> bytes:
        """Return it as it travels."""
        members = asdict(self)
        return json.dumps({name: _written(member) for name, member in members.items()}).encode()


@dataclass(frozen=True, slots=True)
class HandedReply:
    """What the control plane answers: response code, body, and who has logged in by it."""

    response: int
    body: bytes = b""
    identity: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {name: _written(member) for name, member in asdict(self).items()}


def seal(secret_key: str, body: bytes) -> str:
    """Return the seal of a body under the secret of the installation."""
    key = hmac.digest(secret_key.encode(), _PURPOSE, "sha256")
    return hmac.digest(key, body, "sha256").hex()


def opened_request(secret_key: str, body: bytes, seal_given: str, now: float) -> HandedRequest | None:
    """Return the request in a sealed body, None where the seal is wrong or older than a minute."""
    if not hmac.compare_digest(seal(secret_key, body).encode(), seal_given.encode()):
        return None
    given = json.loads(body)
    for name in ("content", "nonce", "digest", "original"):
        given[name] = b64decode(given[name])
    request = HandedRequest(**given)
    return request if abs(now - request.moment) <= FRESH_SECONDS else None


class NativeDoor:
    """Hands requests to the control plane over its socket."""

    def __init__(self, control_plane: ControlPlane, secret_key: str) -> None:
        self._control_plane = control_plane
        self._secret_key = secret_key

    async def hand(self, request: HandedRequest) -> HandedReply:
        """Return what the control plane answers. Raises ``ControlPlaneDown`` and ``ControlPlaneSlow``."""
        body = request.to_json()
        head = [
            f"POST {PATH} HTTP/1.1",
            "Host: localhost",
            f"X-Forwarded-For: {request.client}",
            "X-Forwarded-Proto: https",
            "Content-Type: application/json",
            f"{SEAL_HEADER}: {seal(self._secret_key, body)}",
        ]
        response = await self._control_plane.send(head, _once(body), len(body))
        try:
            whole = b"".join([piece async for piece in response.body()])
        finally:
            self._control_plane.done(response)
        if response.status != 200:
            raise ControlPlaneDown(reason=f"status {response.status} for a native request")
        try:
            given = json.loads(whole)
            return HandedReply(given["response"], b64decode(given["body"]), given["identity"])
        except (ValueError, KeyError, TypeError) as problem:
            raise ControlPlaneDown(reason="no answer to a native request") from problem


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


def _written(member: Any) -> Any:
    return b64encode(member).decode() if isinstance(member, bytes) else member
