"""Writing a report line by line: the same header and lines always become the same bytes."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import IO, Any

from jialiang.formats.node_report.header import NodeReportHeader

GZIP = 31  # zlib's window with a gzip header, which has neither name nor time
LEVEL = 6
PART = 64 * 1024


Line = Mapping[str, Any] | bytes
"""An object, or what :func:`line_bytes` has made of it."""


def write(header: NodeReportHeader, lines: Iterable[Line]) -> Iterator[bytes]:
    """Yield the gzip of a report in parts of about 64 KiB.

    Raises ValueError after the last line where there are more or fewer than the header says: the gzip has no end.
    """
    packing = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
    count, waiting = -1, bytearray()
    everything: Iterable[Line] = chain((header.to_json(),), lines)
    for each in everything:
        count += 1
        waiting += packing.compress(each if isinstance(each, bytes) else line_bytes(each))
        if len(waiting) >= PART:
            yield bytes(waiting)
            waiting.clear()
    if count != header.lines:
        raise ValueError(f"the header says {header.lines} lines, there are {count}")
    yield bytes(waiting + packing.flush())


def write_to(file: IO[bytes], header: NodeReportHeader, lines: Iterable[Line]) -> int:
    """Write the gzip of a report to a file and return how many bytes it has. Raises ValueError as :func:`write`."""
    return sum(file.write(part) for part in write(header, lines))


def line_bytes(member: Mapping[str, Any]) -> bytes:
    """Return an object as its line: members in order, no blanks, UTF-8, a line feed."""
    return json.dumps(member, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
