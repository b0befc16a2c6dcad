"""The limit on asking for what is not there: a token bucket for each household, in bounded memory."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil

from jialiang.kernel.errors import TooMany

HOUSEHOLDS = 65536


class TooManyMisses(TooMany):
    """This address has asked for too many things that are not there."""

    code = "JL-SRV-003"


class MissLimit:
    """At most ``per_minute`` misses a minute on average, as many at once; hits cost nothing.

    Remembered are the ``HOUSEHOLDS`` that missed last; one that is forgotten starts with a full bucket.
    """

    def __init__(self, per_minute: int, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._burst = float(per_minute)
        self._rate = per_minute / 60
        self._monotonic = monotonic
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def admit(self, household: bytes) -> None:
        """Let a household ask for what may be missing. Raises :class:`TooManyMisses` with ``seconds`` to wait."""
        tokens = self._tokens(household, self._monotonic())
        if tokens < 1:
            raise TooManyMisses(seconds=ceil((1 - tokens) / self._rate))

    def charge(self, household: bytes) -> None:
        """Count a miss, after it was one: many who ask for what is there at the same moment are not held up.

        Misses that were under way together may overdraw the bucket, by one burst at most; the wait grows with it.
        """
        now = self._monotonic()
        self._put(household, max(-self._burst, self._tokens(household, now) - 1), now)

    def _tokens(self, household: bytes, now: float) -> float:
        tokens, since = self._buckets.get(household, (self._burst, now))
        return min(self._burst, tokens + (now - since) * self._rate)

    def _put(self, household: bytes, tokens: float, now: float) -> None:
        self._buckets[household] = (tokens, now)
        self._buckets.move_to_end(household)
        if len(self._buckets) > HOUSEHOLDS:
            self._buckets.popitem(last=False)
