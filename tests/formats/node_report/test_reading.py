"""Reading reports: whatever is wrong is told with line, member and rule, and nothing grows without a limit."""

from __future__ import annotations

import gzip
import json
import zlib
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.node_report.reports import (
    HEADER,
    LINES,
    REGISTRATION,
    RESOLUTION,
    ROUTE,
    TEMPLATE,
    by_hand,
    read_all,
    written,
)

from jialiang.formats.node_report.errors import (
    BadReportHeader,
    BadReportLine,
    NodeReportTooLarge,
    NotANodeReport,
    ReportLinesMissing,
    faults,
)
from jialiang.formats.node_report.header import DEEDS, KINDS, LINE_MEMBERS
from jialiang.formats.node_report.reading import ReportLimits, read
from jialiang.kernel.errors import JialiangError

WHOLE = written(REGISTRATION, REGISTRATION)


def refused(data: bytes, kind: type[JialiangError], limits: ReportLimits | None = None) -> JialiangError:
    with pytest.raises(kind) as caught:
        read_all(data, limits or ReportLimits())
    told = caught.value.to_json()
    for member in ("what", "rule", "way_out"):
        assert told[member]["zh"]
        assert told[member]["en"]
        assert "{" not in told[member]["en"]
    return caught.value


# --- the bytes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"\x1f", WHOLE[:5], WHOLE[:40], WHOLE[:-1], WHOLE[:-8]], ids=len)
def test_bytes_that_end_too_early_are_told(data: bytes) -> None:
    problem = refused(data, NotANodeReport)
    assert problem.facts["fault"].en == "the bytes end too early"
    assert problem.code == "JL-NRP-001"


@pytest.mark.parametrize(
    "data", [b"{}\n", b"PK\x03\x04", b"\x1f\x8b\x08\x00" + b"\xff" * 40], ids=["json", "zip", "bad"]
)
def test_what_is_no_gzip_is_told(data: bytes) -> None:
    assert refused(data, NotANodeReport).facts["fault"].en.startswith("these are no bytes of gzip")


def test_a_flipped_bit_is_found() -> None:
    place = len(WHOLE) // 2
    flipped = WHOLE[:place] + bytes([WHOLE[place] ^ 0x10]) + WHOLE[place + 1 :]
    with pytest.raises((NotANodeReport, BadReportHeader, BadReportLine, ReportLinesMissing)):
        read_all(flipped)


def test_a_wrong_checksum_is_found() -> None:
    wrong = WHOLE[:-8] + bytes([WHOLE[-8] ^ 1]) + WHOLE[-7:]
    refused(wrong, NotANodeReport)


def test_damage_far_behind_is_found_when_the_lines_before_it_are_read() -> None:
    lines = [RESOLUTION | {"word": sha256(bytes([at % 256, at // 256])).hexdigest()} for at in range(5000)]
    long = written(*lines, kind="resolutions")
    header, found = read(BytesIO(long[:-8] + bytes([long[-8] ^ 1]) + long[-7:]))
    assert header.lines == 5000
    with pytest.raises(NotANodeReport) as caught:
        list(found)
    assert caught.value.facts["line"] > 1


@pytest.mark.parametrize("more", [b"x", WHOLE, bytes(70_000)], ids=["letter", "report", "zeros"])
def test_bytes_after_the_end_are_refused(more: bytes) -> None:
    assert refused(WHOLE + more, NotANodeReport).facts["fault"].en == "bytes follow the end"


def test_a_last_line_without_line_feed_is_refused_with_its_number() -> None:
    data = gzip.compress(gzip.decompress(WHOLE).rstrip(b"\n"))
    problem = refused(data, NotANodeReport)
    assert problem.facts["fault"].en == "the last line has no line feed"
    assert problem.facts["line"] == 3


def test_an_empty_gzip_has_no_header() -> None:
    assert refused(gzip.compress(b""), NotANodeReport).facts["fault"].en == "there is no header"


@pytest.mark.parametrize("level", [1, 6, 9])
@pytest.mark.parametrize("part", [1, 7, 1000])
def test_any_gzip_of_the_lines_is_read_however_it_comes(level: int, part: int) -> None:
    class Trickle(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(part, size or part) if size != -1 else part)

    data = gzip.compress(gzip.decompress(WHOLE), level)
    _, lines = read(Trickle(data))
    assert list(lines) == [REGISTRATION, REGISTRATION]


# --- what grows ---------------------------------------------------------------------------------------------------


def test_a_line_longer_than_the_limit_is_refused_before_its_end() -> None:
    long = REGISTRATION | {"identifier": "88.111.5/" + "a" * 5000}
    problem = refused(written(REGISTRATION, long), NodeReportTooLarge, ReportLimits(line=2000))
    assert (problem.facts["line"], problem.facts["limit"]) == (3, 2000)
    assert problem.http_status == 413


def test_a_line_of_exactly_the_limit_is_read_and_one_more_byte_is_not() -> None:
    data = written(REGISTRATION)
    longest = max(map(len, gzip.decompress(data).split(b"\n")))
    assert read_all(data, ReportLimits(line=longest))[1] == [REGISTRATION]
    refused(data, NodeReportTooLarge, ReportLimits(line=longest - 1))


def test_a_bomb_is_stopped_at_the_total() -> None:
    packed = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = packed.compress(b"\n".join([b"{}"] * 3)) + b"".join(packed.compress(bytes(2**20)) for _ in range(64))
    bomb += packed.flush()
    assert len(bomb) < 100_000
    refused(bomb, BadReportHeader)
    header = gzip.decompress(written()).rstrip(b"\n")
    packed = zlib.compressobj(9, zlib.DEFLATED, 31)
    long = packed.compress(header + b"\n") + b"".join(packed.compress(bytes(2**20)) for _ in range(64)) + packed.flush()
    problem = refused(long, NodeReportTooLarge, ReportLimits(line=2**30, total=2**21))
    assert problem.facts["limit"] == 2**21


def test_depth_inside_a_line_is_bounded() -> None:
    deep = '{"by":' * 100 + "1" + "}" * 100
    assert refused(by_hand(deep), BadReportLine).facts["line"] == 2


# --- the header ---------------------------------------------------------------------------------------------------

HEADERS: list[tuple[dict[str, Any], str, str]] = [
    ({"format": "node-report"}, "format", "one of these is expected: jialiang-node-report"),
    ({"version": 2}, "version", "only version 1 is read"),
    ({"version": "1"}, "version", "a whole number, at least 1, is expected"),
    ({"version": True}, "version", "a whole number, at least 1, is expected"),
    ({"node": ""}, "node", "a prefix is expected"),
    ({"node": "88..5"}, "node", "a prefix is expected"),
    ({"node": "88.111.5/x"}, "node", "a prefix is expected"),
    ({"node": "88 111"}, "node", "a prefix is expected"),
    ({"node": 88}, "node", "a prefix is expected"),
    ({"node": "8" * 256}, "node", "a prefix is expected"),
    ({"kind": "weather"}, "kind", "registrations, resolutions, templates, routes"),
    ({"kind": None}, "kind", "one of these is expected"),
    ({"kind": ["routes"]}, "kind", "one of these is expected"),
    ({"day": "2026-02-30"}, "day", "a day is expected"),
    ({"day": "20261121"}, "day", "a day is expected"),
    ({"day": "2026-11-21T00:00:00Z"}, "day", "a day is expected"),
    ({"day": 20261121}, "day", "a day is expected"),
    ({"time_zone": "Asia/Atlantis"}, "time_zone", "the name of a time zone"),
    ({"time_zone": "../../etc/passwd"}, "time_zone", "the name of a time zone"),
    ({"time_zone": ""}, "time_zone", "the name of a time zone"),
    ({"time_zone": 8}, "time_zone", "the name of a time zone"),
    ({"revision": 0}, "revision", "a whole number, at least 1, is expected"),
    ({"revision": 1.5}, "revision", "a whole number, at least 1, is expected"),
    ({"made_at": "2026-11-22"}, "made_at", "a moment in UTC"),
    ({"made_at": "2026-11-22T25:00:00Z"}, "made_at", "a moment in UTC"),
    ({"made_at": "2026-11-22T00:10:00+08:00"}, "made_at", "a moment in UTC"),
    ({"lines": -1}, "lines", "a whole number, at least 0, is expected"),
    ({"lines": "0"}, "lines", "a whole number, at least 0, is expected"),
    ({"colour": "red"}, "colour", "does not belong here"),
]


@pytest.mark.parametrize(
    ("members", "member", "said"), HEADERS, ids=[f"{at}-{m}" for at, (_, m, _) in enumerate(HEADERS)]
)
def test_a_header_that_is_wrong_is_told_with_its_member(members: dict[str, Any], member: str, said: str) -> None:
    problem = refused(by_hand(header=members), BadReportHeader)
    assert (problem.facts["member"], problem.facts["line"]) == (member, 1)
    assert said in problem.facts["fault"].en


@pytest.mark.parametrize("member", list(HEADER.to_json()))
def test_a_member_that_the_header_lacks_is_told(member: str) -> None:
    told = {name: value for name, value in HEADER.to_json().items() if name != member}
    problem = refused(gzip.compress(json.dumps(told).encode() + b"\n"), BadReportHeader)
    assert problem.facts["member"] == member
    assert problem.facts["fault"].en == "this member is missing"


@pytest.mark.parametrize("line", [b"", b"[]", b"null", b"1", b'"x"', b"{", b"\xff", b"{}{}", b'{"a":1,"a":2}'])
def test_a_first_line_that_is_no_object_is_told(line: bytes) -> None:
    assert refused(gzip.compress(line + b"\n"), BadReportHeader).facts["line"] == 1


# --- the lines ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        b"", b"[]", b"null", b"7", b"{", b"\xff\xfe", b"NaN",
        b'{"by":"kind","by":"kind"}', b'{"by":NaN}', b'{"by":"\\ud800"}',
    ],
    ids=range(10),
)  # fmt: skip
def test_a_line_that_is_no_object_of_json_is_told_with_its_number(line: bytes) -> None:
    problem = refused(by_hand(REGISTRATION, line, REGISTRATION), BadReportLine)
    assert problem.facts["line"] == 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_of_another_kind_is_refused(kind: str) -> None:
    other = LINES["routes" if kind != "routes" else "resolutions"]
    problem = refused(by_hand(other, header={"kind": kind}), BadReportLine)
    assert problem.facts["line"] == 2


EVERY_MEMBER = [(kind, member) for kind, tests in LINE_MEMBERS.items() for member in tests]


@pytest.mark.parametrize(("kind", "member"), EVERY_MEMBER)
def test_every_member_of_a_line_is_needed(kind: str, member: str) -> None:
    line = {name: value for name, value in LINES[kind].items() if name != member}
    problem = refused(by_hand(line, header={"kind": kind}), BadReportLine)
    assert problem.facts["member"] == member
    assert problem.facts["fault"].en == "this member is missing"


@pytest.mark.parametrize(("kind", "member"), EVERY_MEMBER)
def test_every_member_of_a_line_has_its_form(kind: str, member: str) -> None:
    wrong = LINES[kind] | {member: 3.5}
    problem = refused(by_hand(LINES[kind], wrong, header={"kind": kind}), BadReportLine)
    assert (problem.facts["member"], problem.facts["line"]) == (member, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_a_member_that_does_not_belong_to_a_line_is_told(kind: str) -> None:
    problem = refused(by_hand(LINES[kind] | {"{values}": []}, header={"kind": kind}), BadReportLine)
    assert problem.facts["member"] == "(values)"
    assert "does not belong here" in problem.facts["fault"].en


BAD_LINES = [
    ("registrations", REGISTRATION | {"deed": "invented"}, "deed"),
    ("registrations", REGISTRATION | {"at": "2026-11-21"}, "at"),
    ("registrations", REGISTRATION | {"version": 0}, "version"),
    ("registrations", REGISTRATION | {"version": True}, "version"),
    ("registrations", REGISTRATION | {"identifier": ""}, "identifier"),
    ("registrations", REGISTRATION | {"prefix": "88.111.5/"}, "prefix"),
    ("resolutions", RESOLUTION | {"by": "weather"}, "by"),
    ("resolutions", RESOLUTION | {"number": -1}, "number"),
    ("resolutions", RESOLUTION | {"word": None}, "word"),
    ("templates", TEMPLATE | {"names": {"zh": "温度计"}}, "names"),
    ("templates", TEMPLATE | {"names": {"zh": "温度计", "en": None}}, "names"),
    ("templates", TEMPLATE | {"names": "温度计"}, "names"),
    ("templates", TEMPLATE | {"schema": []}, "schema"),
    ("templates", TEMPLATE | {"code": ""}, "code"),
    ("routes", ROUTE | {"site": []}, "site"),
    ("routes", ROUTE | {"parent": "88."}, "parent"),
    ("routes", ROUTE | {"holder": None}, "holder"),
    ("routes", ROUTE | {"holder": {"name": {"zh": "", "en": ""}}}, "holder"),
    ("routes", ROUTE | {"holder": {"name": "乳品厂", "credit_code": ""}}, "holder"),
    ("routes", ROUTE | {"holder": {"name": {"zh": "", "en": ""}, "credit_code": 7}}, "holder"),
]


@pytest.mark.parametrize(
    ("kind", "line", "member"), BAD_LINES, ids=[f"{at}-{m}" for at, (_, _, m) in enumerate(BAD_LINES)]
)
def test_what_a_member_may_not_be_is_refused(kind: str, line: dict[str, Any], member: str) -> None:
    assert refused(by_hand(line, header={"kind": kind}), BadReportLine).facts["member"] == member


@pytest.mark.parametrize("deed", DEEDS)
def test_every_deed_of_the_format_is_read(deed: str) -> None:
    assert read_all(written(REGISTRATION | {"deed": deed}))[1][0]["deed"] == deed


@pytest.mark.parametrize("line", [ROUTE | {"site": None}, ROUTE | {"parent": ""}], ids=["no site", "no parent"])
def test_a_route_may_have_neither_site_nor_parent(line: dict[str, Any]) -> None:
    assert read_all(written(line, kind="routes"))[1] == [line]


# --- how many -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("told", "there"), [(1, 0), (3, 2), (10, 1)])
def test_lines_that_are_missing_are_told(told: int, there: int) -> None:
    problem = refused(by_hand(*[REGISTRATION] * there, header={"lines": told}), ReportLinesMissing)
    assert (problem.facts["told"], problem.facts["found"]) == (told, there)


@pytest.mark.parametrize(("told", "there"), [(0, 1), (2, 5)])
def test_more_lines_than_told_are_refused_at_the_first_of_them(told: int, there: int) -> None:
    problem = refused(by_hand(*[REGISTRATION] * there, header={"lines": told}), ReportLinesMissing)
    assert problem.facts["line"] == told + 2


NAMES = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40)


@given(st.lists(st.tuples(NAMES, st.sampled_from(DEEDS), st.integers(1, 2**31)), max_size=20))
def test_whatever_names_are_written_are_read_again(rows: list[tuple[str, str, int]]) -> None:
    lines = [
        REGISTRATION | {"identifier": f"88.111.5/{name}", "deed": deed, "version": version}
        for name, deed, version in rows
    ]
    assert read_all(written(*lines))[1] == lines


@given(st.binary(max_size=400))
def test_whatever_bytes_come_an_error_of_the_format_is_the_worst(data: bytes) -> None:
    for each in (data, gzip.compress(data), by_hand(data)):
        with pytest.raises((NotANodeReport, BadReportHeader, BadReportLine, ReportLinesMissing)):
            read_all(each)


def test_every_fault_has_its_words_in_both_languages() -> None:
    for words in faults().values():
        assert any("一" <= letter <= "鿿" for letter in words.zh)
        assert words.en.isascii() or "“" in words.en
