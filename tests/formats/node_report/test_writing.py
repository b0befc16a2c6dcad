"""Writing reports: the bytes of the format, the same for the same content, in bounded memory."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from io import BytesIO
from typing import Any

import pytest
from tests.formats.node_report.reports import HEADER, LINES, REGISTRATION, RESOLUTION, read_all, written

from jialiang.formats.node_report.header import KINDS
from jialiang.formats.node_report.reading import read
from jialiang.formats.node_report.writing import line_bytes, write, write_to


def test_the_first_line_is_the_header_as_the_format_says() -> None:
    first, rest = gzip.decompress(written(REGISTRATION)).split(b"\n", 1)
    assert json.loads(first) == {
        "format": "jialiang-node-report",
        "version": 1,
        "node": "88.111.5",
        "kind": "registrations",
        "day": "2026-11-21",
        "time_zone": "Asia/Shanghai",
        "revision": 1,
        "made_at": "2026-11-22T00:10:00Z",
        "lines": 1,
    }
    assert rest == line_bytes(REGISTRATION)


def test_a_line_has_its_members_in_order_no_blanks_and_chinese_as_itself() -> None:
    assert line_bytes(REGISTRATION).decode() == (
        '{"at":"2026-11-21T01:02:03Z","deed":"registered","identifier":"88.111.5/温度计-7","prefix":"88.111.5",'
        '"state":"active","template":"","version":1}\n'
    )


def test_the_same_content_is_the_same_bytes_whatever_the_order_of_members() -> None:
    turned = dict(reversed(REGISTRATION.items()))
    assert written(REGISTRATION) == written(turned)
    assert written(REGISTRATION) != written(REGISTRATION | {"version": 2})


def test_the_gzip_has_neither_time_nor_name() -> None:
    data = written(REGISTRATION)
    assert data[:4] == b"\x1f\x8b\x08\x00"  # RFC 1952: magic, deflate, no flags and so no name
    assert data[4:8] == bytes(4)


def test_a_report_without_lines_is_its_header() -> None:
    assert gzip.decompress(written()).count(b"\n") == 1
    assert read_all(written())[1] == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_written_is_read_again(kind: str) -> None:
    header, lines = read_all(written(LINES[kind], LINES[kind], kind=kind, revision=7))
    assert lines == [LINES[kind], LINES[kind]]
    assert header == replace(HEADER, kind=kind, lines=2, revision=7)


@pytest.mark.parametrize(("told", "given"), [(0, 1), (2, 1), (1, 0), (5, 3)])
def test_another_number_of_lines_than_the_header_says_is_never_finished(told: int, given: int) -> None:
    parts = write(replace(HEADER, lines=told), [REGISTRATION] * given)
    with pytest.raises(ValueError, match=f"says {told} lines, there are {given}"):
        b"".join(parts)


def test_lines_that_are_bytes_already_go_in_as_they_are() -> None:
    assert b"".join(write(replace(HEADER, lines=1), [line_bytes(REGISTRATION)])) == written(REGISTRATION)


def test_writing_to_a_file_tells_its_size() -> None:
    file = BytesIO()
    size = write_to(file, replace(HEADER, lines=1), [REGISTRATION])
    assert size == len(file.getvalue())
    assert file.getvalue() == written(REGISTRATION)


def test_a_moment_is_told_in_utc() -> None:
    there = datetime(2026, 11, 22, 8, 10, tzinfo=timezone(timedelta(hours=8)))
    assert replace(HEADER, made_at=there).to_json()["made_at"] == "2026-11-22T00:10:00Z"


def test_files_are_named_after_node_day_kind_and_revision() -> None:
    header = replace(HEADER, kind="routes", day=date(2026, 1, 2), revision=3)
    assert header.file_name == "88.111.5_2026-01-02_routes_r3.ndjson.gz"
    assert header.signature_name == "88.111.5_2026-01-02_routes_r3.ndjson.gz.jwt"


def many(number: int) -> Iterator[dict[str, Any]]:
    return ({"by": "hour", "word": f"2026-11-21T{at % 24:02}", "number": at} for at in range(number))


def test_many_lines_are_read_in_little_memory() -> None:
    number = 30_000
    header = replace(HEADER, kind="resolutions", lines=number)
    file = BytesIO()
    write_to(file, header, many(number))
    file.seek(0)
    tracemalloc.start()
    try:
        total = sum(line["number"] for line in read(file)[1])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert total == number * (number - 1) // 2
    assert peak < 4 * 1024 * 1024


def test_parts_are_small_whatever_the_length_of_the_report() -> None:
    header = replace(HEADER, kind="resolutions", lines=50_000)
    parts = list(write(header, ({**RESOLUTION, "word": str(hash(str(at)))} for at in range(50_000))))
    assert len(parts) > 1
    assert max(map(len, parts)) < 256 * 1024
