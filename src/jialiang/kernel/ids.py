"""Identifiers of stored things: sortable by time, unguessable enough to stand in an address."""

from __future__ import annotations

import os
import secrets
import threading
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from uuid import UUID

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK_CODE_LENGTH = 13  # 13 × 5 = 65 bits
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS_KEPT = 4096


class _Tails:
    """The last 62 bits of identifiers: random where a moment is new, greater by a random step where it is not.

    RFC 9562, 6.2, method 2 (monotonic random). The first tail leaves the highest bit free, so that half a thousand
    million identifiers of one moment find room; each step is of 32 random bits, so that knowing one identifier does
    not tell the next. Moments are microseconds; the last :data:`MOMENTS_KEPT` of them are remembered.
    """

    def __init__(self) -> None:
        self.forget()

    def next_of(self, microseconds: int) -> int:
        """Return a tail that is greater than every earlier one of this moment."""
        with self._lock:
            last = self._last.get(microseconds)
            tail = secrets.randbits(61) if last is None else last + 1 + secrets.randbits(32)
            self._last[microseconds] = tail
            self._last.move_to_end(microseconds)
            if len(self._last) > MOMENTS_KEPT:
                self._last.popitem(last=False)
        return tail

    def forget(self) -> None:
        """Start anew in a forked process: two processes must not continue one sequence, nor wait for one lock."""
        self._lock = threading.Lock()
        self._last: OrderedDict[int, int] = OrderedDict()


_tails = _Tails()
os.register_at_fork(after_in_child=_tails.forget)


def new_id(now: datetime) -> UUID:
    """Return a UUID version 7 (RFC 9562, 5.7) of the moment ``now``, aware.

    Identifiers sort by their moment, to the microsecond (6.2, method 3: the 12 bits of ``rand_a`` are the fraction of
    the millisecond), and those that one process makes for one moment sort in the order in which they were made.
    """
    microseconds = (now - EPOCH) // timedelta(microseconds=1)
    milliseconds, rest = divmod(microseconds, 1000)
    value = (milliseconds & (1 << 48) - 1) << 80
    value |= 0x7 << 76 | (rest << 12) // 1000 << 64
    value |= 0b10 << 62 | _tails.next_of(microseconds)
    return UUID(int=value)


def new_check_code() -> str:
    """Return a random check code of 65 bits, 13 letters of Crockford's base 32."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(CHECK_CODE_LENGTH))


def normalized_code(code: str) -> str:
    """Undo how people type a code: case, spaces, hyphens, I and L for 1, O for 0, full-width letters."""
    folded = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in code).upper()
    kept = "".join(c for c in folded if c.isalnum())
    return kept.replace("I", "1").replace("L", "1").replace("O", "0").replace("U", "V")


def grouped_code(code: str) -> str:
    """Write a check code as on paper: ``K7QM-3XRD-9FWT-P``."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))
