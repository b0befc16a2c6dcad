"""The clerks: each takes in and issues over HTTP, one request after the other, all of them at once."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp

PATIENCE = aiohttp.ClientTimeout(total=90)
AGREED = {"decision_rule": "guard_band_u", "due_date_agreed": False, "fee_kind": "charged"}
LOOK_SECONDS = 1.0
REPEATS = 5  # of a request that was answered too late, with its idempotency key, as the answer itself says
REPEAT_SECONDS = 5.0
FINISH_SECONDS_EACH = 4.0  # how long the worker may take for one certificate before the proof gives up


@dataclass
class Book:
    """What the clerks were told: numbers, failures, and how long each kind of request took."""

    commissions: list[str] = field(default_factory=list)
    certificates: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    repeated: int = 0
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


class Refused(Exception):
    """A request was answered otherwise than it must be."""


def came_late(status: int, text: str) -> bool:
    """Whether the answer says: not in time, ask again (or: the first request is still being worked on)."""
    return status == 504 or (status == 409 and "JL-API-012" in text)


class Clerk:
    """One person's program, with its token and its own connection."""

    def __init__(self, session: aiohttp.ClientSession, book: Book, token: str) -> None:
        self._session = session
        self._book = book
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}

    async def ask(self, kind: str, method: str, path: str, wanted: int, body: Any = None) -> Any:
        """Send one request and return its JSON. Raises :class:`Refused`, which is in the book then."""
        more = {"Idempotency-Key": uuid4().hex} if method == "POST" else {}
        for _ in range(1 + REPEATS):
            began = time.monotonic()
            status, text = await self._send(method, path, body, more)
            self._book.seconds[kind].append(time.monotonic() - began)
            if not came_late(status, text):
                break
            self._book.repeated += 1
            await asyncio.sleep(REPEAT_SECONDS)
        if status != wanted:
            self._book.failures.append(f"{kind}: {status} {text[:300]}")
            raise Refused(kind)
        return json.loads(text)

    async def _send(self, method: str, path: str, body: Any, more: dict[str, str]) -> tuple[int, str]:
        try:
            async with self._session.request(
                method, f"/api/v1{path}", json=body, headers=self._headers | more
            ) as answer:
                return answer.status, await answer.text()
        except (TimeoutError, aiohttp.ClientError) as problem:
            return 0, f"{type(problem).__name__} {problem}"

    async def take_in(self, customer: str, instrument: str) -> None:
        """Open a commission with an item, accept it, receive the item."""
        order = {"customer_id": customer, "kind": "calibration", "items": [{"instrument_id": instrument}]}
        row = await self.ask("open", "POST", "/commissions", 201, order)
        self._book.commissions.append(row["number"])
        row = await self.ask("accept", "POST", f"/commissions/{row['id']}/acceptance", 200, AGREED)
        condition = {"condition": {"zh": "完好", "en": "in good order"}, "place": "A-3"}
        await self.ask("receive", "POST", f"/items/{row['items'][0]['id']}/receipt", 200, condition)

    async def issue(self, record: str, password: str) -> None:
        """Look at what would be issued, and approve exactly that with the password."""
        seen = await self.ask("preview", "GET", f"/calibrations/{record}/preview", 200)
        deed = {"seen_digest": seen["digest"], "password": password}
        row = await self.ask("approve", "POST", f"/calibrations/{record}/approval", 201, deed)
        self._book.certificates.append(row["number"])

    async def still_issuing(self) -> int:
        """Return how many certificates of the first page are not finished."""
        return len((await self.ask("look", "GET", "/certificates?state=issuing&limit=100", 200))["members"])

    async def work(self, customer: str, password: str, tasks: dict[str, Any]) -> None:
        """Do everything that lies on this desk: an intake, an issue, an intake …"""
        for instrument, record in zip(tasks["instruments"], tasks["records"], strict=True):
            for job in (self.take_in(customer, instrument), self.issue(record, password)):
                try:
                    await job
                except Refused:
                    continue


async def at_once(address: str, world: dict[str, Any]) -> tuple[Book, float, float]:
    """Let all clerks work, then wait for the worker; return the book, the seconds of the clerks and of the worker."""
    book = Book()
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(address, timeout=PATIENCE, connector=connector) as session:
        desks = [(Clerk(session, book, tasks["token"]), tasks) for tasks in world["clerks"]]
        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for clerk, tasks in desks:
                group.create_task(clerk.work(world["customer"], world["password"], tasks))
        worked = time.monotonic() - began
        deadline = time.monotonic() + 60 + FINISH_SECONDS_EACH * len(book.certificates)
        while await desks[0][0].still_issuing() and time.monotonic() < deadline:
            await asyncio.sleep(LOOK_SECONDS)
        return book, worked, time.monotonic() - began
