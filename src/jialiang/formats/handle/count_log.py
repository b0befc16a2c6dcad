"""The count log of a process that answers questions: one file, one line a second, read again exactly once.

    {"count_log":1,"process":"<id>","begun":<t>}                  the first line
    {"s":1,"b":<t>,"e":<t>,"n":[[kind,outcome,carrier,region,prefix,<count>], …]}     what came from b to e
    {"closed":<t>}                            the last, only after an orderly end

Times are whole seconds since 1970, UTC. A line cut off by a kill is no line. Every line is one write, so that a
killed process lacks at most what came after its last one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from jialiang.formats.handle.names import folded
from jialiang.kernel.errors import Unreadable

VERSION = 1
KINDS = (
    "handle_json", "redirect", "page", "linkset", "native_tcp", "native_udp", "authenticity", "registration"
)  # fmt: skip
OUTCOMES = ("found", "not_found", "suspended", "retired", "refused", "failed")
CARRIERS = ("none", "qr", "datamatrix", "code128", "nfc", "rfid", "active", "typed")


class BadCountLog(Unreadable):
    """A line of a count log is not what it must be; facts: ``line`` (from 1), ``fault``."""

    code = "JL-CNT-001"


class Counted(NamedTuple):
    """What is counted together: names of :data:`KINDS`, :data:`OUTCOMES`, :data:`CARRIERS`, a region, a prefix.

    ``region`` is a code like ``CN-37`` or empty; ``prefix`` is empty where nothing was found, so that strangers cannot
    make the log grow, and else written as :func:`counted_prefix` writes it.
    """

    kind: str
    outcome: str
    carrier: str = "none"
    region: str = ""
    prefix: str = ""


def counted_prefix(name: str) -> str:
    """Return the prefix of a name by the one spelling under which it is counted, however it was asked for."""
    return folded(name.partition("/")[0])


@dataclass(frozen=True, slots=True)
class CountLine:
    """What came from ``begun`` to ``ended`` (seconds since 1970), the ``sequence``-th line of its process, from 1."""

    sequence: int
    begun: int
    ended: int
    counts: Mapping[Counted, int]


@dataclass(frozen=True, slots=True)
class CountLog:
    """A log, or its new part: ``process`` is empty unless the part holds the first line; ``length`` counts bytes read.

    ``closed`` is the moment of an orderly end, None without one.
    """

    process: str
    begun: int | None
    lines: tuple[CountLine, ...]
    closed: int | None
    length: int


def first_line(process: str, begun: int) -> bytes:
    """Return the line that opens the log of a process."""
    return _bytes({"count_log": VERSION, "process": process, "begun": begun})


def count_line(line: CountLine) -> bytes:
    """Return one line, its counts in order, so that equal counts are equal bytes."""
    counts = [[*counted, number] for counted, number in sorted(line.counts.items())]
    return _bytes({"s": line.sequence, "b": line.begun, "e": line.ended, "n": counts})


def last_line(closed: int) -> bytes:
    """Return the line that closes a log."""
    return _bytes({"closed": closed})


def read_log(data: bytes, *, line_before: int = 0) -> CountLog:
    """Read a log, or the part after ``line_before`` lines. What stands after the last line feed is left for later.

    Raises :class:`BadCountLog`; nothing of such a log may be counted.
    """
    length = data.rfind(b"\n") + 1
    process, begun, closed = "", None, None
    lines: list[CountLine] = []
    for number, text in enumerate(data[:length].splitlines(), start=line_before + 1):
        if closed is not None:
            raise BadCountLog(line=number, fault="after the end")
        found = _object(text, number)
        if number == 1:
            process, begun = _opened(found)
        elif "closed" in found:
            closed = _whole(found.get("closed"), number)
        else:
            lines.append(_line(found, number))
    return CountLog(process, begun, tuple(lines), closed, length)


def summed(lines: Iterable[CountLine]) -> dict[tuple[int, Counted], int]:
    """Return the sums by hour (``begun`` of a line in hours since 1970) and what is counted together."""
    sums: dict[tuple[int, Counted], int] = {}
    for line in lines:
        for counted, number in line.counts.items():
            place = (line.begun // 3600, counted)
            sums[place] = sums.get(place, 0) + number
    return sums



def _opened(found: dict[str, Any]) -> tuple[str, int]:
    process = found.get("process")
    if found.get("count_log") != VERSION or not isinstance(process, str) or not process:
        raise BadCountLog(line=1, fault="not a count log")
    return process, _whole(found.get("begun"), 1)


def _line(found: dict[str, Any], number: int) -> CountLine:
    entries = found.get("n")
    if not isinstance(entries, list):
        raise BadCountLog(line=number, fault="not a count log")
    counts = dict(_entry(entry, number) for entry in entries)
    sequence, begun, ended = (_whole(found.get(name), number) for name in ("s", "b", "e"))
    return CountLine(sequence, begun, ended, counts)


def _entry(entry: object, number: int) -> tuple[Counted, int]:
    if not isinstance(entry, list) or len(entry) != 6 or not all(isinstance(part, str) for part in entry[:5]):
        raise BadCountLog(line=number, fault="not a count log")
    counted = Counted(*entry[:5])
    if counted.kind not in KINDS or counted.outcome not in OUTCOMES or counted.carrier not in CARRIERS:
        raise BadCountLog(line=number, fault="unknown name")
    return counted, _whole(entry[5], number)


def _whole(value: object, number: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BadCountLog(line=number, fault="not a whole number")
    return value


def _object(text: bytes, number: int) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as problem:
        raise BadCountLog(line=number, fault="not JSON") from problem
    if not isinstance(found, dict):
        raise BadCountLog(line=number, fault="not a count log")
    return found


def _bytes(member: dict[str, Any]) -> bytes:
    return json.dumps(member, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
