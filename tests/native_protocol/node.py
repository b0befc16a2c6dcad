"""A whole node in one process: the server of the native protocol, and the control plane behind its door."""

from __future__ import annotations

import asyncio
import importlib
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, connections
from tests.ledger import World
from tests.native_protocol.running import Running

from jialiang.assembly.front import READERS
from jialiang.integration.api.native_handle import replied
from jialiang.integration.resolver.native_door import (
    HandedReply,
    HandedRequest,
    NativeDoor,
    opened_request,
    seal,
)
from jialiang.kernel.clock import utc_now


@dataclass(frozen=True)
class Node:
    """A running node; ``secret`` is that of 301:88.101.5/admin."""

    running: Running
    world: World
    secret: str


class SameProcessDoor(NativeDoor):
    """Hands requests over as they travel, sealed, but without a socket."""

    def __init__(self) -> None:
        self._key = settings.JIALIANG.secret_key

    async def hand(self, request: HandedRequest) -> HandedReply:
        body = request.to_json()
        return await asyncio.to_thread(self._reply, body, seal(self._key, body))

    def _reply(self, body: bytes, sealed: str) -> HandedReply:
        request = opened_request(self._key, body, sealed, time.time())
        assert request is not None
        try:
            return replied(request, utc_now())
        finally:
            connections.close_all()


def same_process_door() -> NativeDoor:
    """Make the door."""
    return SameProcessDoor()


def installation_reader() -> Any:
    """Read what the verbs of this test publish."""
    described = connection.settings_dict
    return importlib.import_module(READERS[described["ENGINE"]]).opened(described)
