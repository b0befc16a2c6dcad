"""Reading a report line by line, with limits on everything that grows.

Nothing that was read may be used before the iterator has ended: only then are the bytes known to be whole.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from jialiang.formats.json_documents.reading import JsonLimits, read_json
from jialiang.formats.node_report.errors import (
    BadReportHeader,
    BadReportLine,
    NodeReportTooLarge,
    NotANodeReport,
    ReportLinesMissing,
    fault,
)
from jialiang.formats.node_report.header import LINE_MEMBERS, NodeReportHeader, parsed_header
from jialiang.formats.node_report.members import first_fault
from jialiang.formats.node_report.writing import GZIP, PART
from jialiang.kernel.errors import InvalidInput

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReportLimits:
    """How long a line, and everything unpacked, may be, in bytes; ten million registrations fit."""

    line: int = 1024 * 1024
    total: int = 4 * 1024**3


USUAL_LIMITS = ReportLimits()


def read(file: IO[bytes], limits: ReportLimits = USUAL_LIMITS) -> tuple[NodeReportHeader, Iterator[Line]]:
    """Return the header and an iterator over the lines, each tested by what its kind prescribes.

    ``file`` is read from where it stands, in parts of 64 KiB. Raises NotANodeReport, NodeReportTooLarge and
    BadReportHeader; so does the iterator, and BadReportLine and ReportLinesMissing, all with the number of the line.
    """
    raw = _raw_lines(file, limits)
    first = next(raw, None)
    if first is None:
        raise NotANodeReport(line=1, fault=fault("no header"))
    header = parsed_header(_object(first, 1, limits, BadReportHeader))
    return header, _lines(raw, header, limits)


def _lines(raw: Iterator[bytes], header: NodeReportHeader, limits: ReportLimits) -> Iterator[Line]:
    tests, number = LINE_MEMBERS[header.kind], 1
    for number, each in enumerate(raw, start=2):
        if number - 1 > header.lines:
            raise ReportLinesMissing(line=number, told=header.lines, found=f"≥ {number - 1}")
        line = _object(each, number, limits, BadReportLine)
        wrong = first_fault(line, tests)
        if wrong is not None:
            raise BadReportLine(line=number, member=wrong[0], fault=wrong[1])
        yield line
    if number - 1 != header.lines:
        raise ReportLinesMissing(line=number, told=header.lines, found=number - 1)


def _object(raw: bytes, number: int, limits: ReportLimits, error: type[InvalidInput]) -> Line:
    try:
        found = read_json(raw, JsonLimits(size=limits.line))
    except InvalidInput as problem:
        raise error(line=number, member="-", fault=fault("not JSON", detail=problem.what.en)) from problem
    if not isinstance(found, dict):
        raise error(line=number, member="-", fault=fault("not an object"))
    return found


def _raw_lines(file: IO[bytes], limits: ReportLimits) -> Iterator[bytes]:
    """Yield the lines without their line feeds."""
    number, total, rest = 1, 0, bytearray()
    for part in _unpacked(file):
        total += len(part.data)
        if total > limits.total:
            raise NodeReportTooLarge(line=number, limit=limits.total)
        *whole, last = part.data.split(b"\n")
        for each in whole:
            rest += each
            _refuse_long(len(rest), number, limits)
            yield bytes(rest)
            rest.clear()
            number += 1
        rest += last
        _refuse_long(len(rest), number, limits)
        if part.fault:
            raise NotANodeReport(line=number, fault=fault(part.fault))
    if rest:
        raise NotANodeReport(line=number, fault=fault("no line end"))


def _refuse_long(length: int, number: int, limits: ReportLimits) -> None:
    if length > limits.line:
        raise NodeReportTooLarge(line=number, limit=limits.line)


@dataclass(frozen=True, slots=True)
class _Part:
    """Unpacked bytes, at most 64 KiB, and the kind of fault after them, empty for none."""

    data: bytes
    fault: str = ""


def _unpacked(file: IO[bytes]) -> Iterator[_Part]:
    packed = zlib.decompressobj(GZIP)
    given = file.read(PART)
    while given and not packed.eof:
        try:
            data = packed.decompress(given, PART)
        except zlib.error:
            yield _Part(b"", "no gzip")
            return
        yield _Part(data)
        given = packed.unconsumed_tail or (b"" if packed.eof else file.read(PART))
    if not packed.eof:
        yield _Part(b"", "truncated")
    elif packed.unused_data or file.read(1):
        yield _Part(b"", "more after end")
