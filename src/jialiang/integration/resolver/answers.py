"""Ready answers in memory, bounded by bytes, each trusted for a fraction of a second.

Within ``TRUSTED_SECONDS`` of the moment a read began, an answer is given from memory. After that its key and stamp are
compared with the table, which costs one indexed lookup and moves no body. So a change is seen within 0.4 s and
the time of one lookup, with no channel that could be lost. What cannot be compared is not given.
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Callable

from jialiang.formats.public_keys import CHECKED_AT_MARKER, after_key
from jialiang.integration.resolver.reader import AnswerReader, AnswersUnavailable, Row, Unchanged

TRUSTED_SECONDS = 0.4
OVERHEAD = 1024  # bytes of memory that an entry costs beside its body and headers

Headers = list[tuple[str, str]]


class Answer:
    """A ready answer: headers as the server wants them, and a body that tells the moment of the check."""

    __slots__ = ("_body", "_dated", "_dated_for", "headers", "not_after", "size", "stamp", "trusted_until")

    def __init__(self, row: Row, trusted_until: float) -> None:
        self.headers = header_list(row.headers)
        self.stamp = row.stamp
        self.not_after = row.not_after
        self.trusted_until = trusted_until
        self.size = OVERHEAD + 2 * len(row.body) + len(row.headers)
        self._body = row.body
        self._dated = row.body
        self._dated_for: bytes | None = None if CHECKED_AT_MARKER in row.body else b"any"

    def body_at(self, moment: bytes) -> bytes:
        """Return the body with ``moment`` (20 bytes, RFC 3339) in place of every marker; made once a second."""
        if self._dated_for != moment and self._dated_for != b"any":
            self._dated = self._body.replace(CHECKED_AT_MARKER, moment)
            self._dated_for = moment
        return self._dated


class Answers:
    """The answers this process holds, most recently used last."""

    def __init__(
        self, reader: AnswerReader, *, limit_bytes: int, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._reader = reader
        self._limit = limit_bytes
        self._monotonic = monotonic
        self._held: OrderedDict[str, Answer] = OrderedDict()
        self.bytes_held = 0

    def holds(self, key: str) -> bool:
        """Say whether an answer to ``key`` is in memory, trusted or not."""
        return key in self._held

    def at_hand(self, key: str, now: float) -> Answer | None:
        """Return the answer in force at ``now`` (seconds since 1970) if memory alone may give it."""
        answer = self._held.get(key)
        if answer is None or answer.trusted_until <= self._monotonic():
            return None
        if answer.not_after is not None and now >= answer.not_after:
            return None
        self._held.move_to_end(key)
        return answer

    async def find(self, key: str, now: float) -> Answer | None:
        """Return the answer in force at ``now``, None where nothing was published.

        Raises :class:`AnswersUnavailable` when the table cannot be read, or when an answer has run out and the
        one that should follow is missing: an answer past its time is never given.
        """
        answer = await self._current(key)
        if answer is None or answer.not_after is None or now < answer.not_after:
            return answer
        follower = await self._current(after_key(key))
        if follower is None:
            raise AnswersUnavailable(reason=f"no row {after_key(key)}")
        return follower

    async def _current(self, key: str) -> Answer | None:
        began = self._monotonic()
        held = self._held.get(key)
        if held is not None and held.trusted_until > began:
            self._held.move_to_end(key)
            return held
        found = await self._reader.read(key, None if held is None else held.stamp)
        if isinstance(found, Unchanged) and held is not None:
            held.trusted_until = max(held.trusted_until, began + TRUSTED_SECONDS)
            return held
        self._forget(key)
        if not isinstance(found, Row):
            return None
        try:
            answer = Answer(found, began + TRUSTED_SECONDS)
        except ValueError as problem:
            raise AnswersUnavailable(reason=f"headers of {key}: {problem}") from problem
        self._keep(key, answer)
        return answer

    def _keep(self, key: str, answer: Answer) -> None:
        if answer.size > self._limit:
            return
        self._held[key] = answer
        self.bytes_held += answer.size
        while self.bytes_held > self._limit:
            _, oldest = self._held.popitem(last=False)
            self.bytes_held -= oldest.size

    def _forget(self, key: str) -> None:
        answer = self._held.pop(key, None)
        if answer is not None:
            self.bytes_held -= answer.size


def header_list(text: str) -> Headers:
    """Read the stored headers, a JSON object or a JSON list of pairs, as pairs with names in lower case."""
    stored = json.loads(text or "{}")
    pairs = stored.items() if isinstance(stored, dict) else stored
    return [(str(name).lower(), str(content)) for name, content in pairs]
