"""Which reports hold: every rule has a line that breaks it, and what holds adds up to what its lines say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.subordinates import (
    DAY,
    EVERY_KIND,
    MIDNIGHT,
    NODE,
    OTHER_SITE,
    REGISTRATIONS,
    RESOLUTIONS,
    ROUTES,
    TEMPLATES,
    Report,
    count,
    counts,
    deed,
    deeds,
    route,
    template,
)

from jialiang.formats.node_report.errors import BadReportLine
from jialiang.formats.node_report.examining import (
    MOST_COUNTS,
    Examined,
    ReportBreaksRule,
    bounds,
    day_hours,
    examine,
    is_under,
    rule,
)
from jialiang.formats.node_report.header import DEEDS
from jialiang.formats.node_report.reading import read
from jialiang.kernel.text import Text

NOW = datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC)


def examined(report: Report, now: datetime = NOW) -> Examined:
    """Examine a report as it travels: packed and read again."""
    header, lines = read(BytesIO(report.data))
    return examine(header, lines, now)


def broken(report: Report, now: datetime = NOW) -> tuple[int, Text]:
    """Return the line and the reason for which a report does not hold."""
    with pytest.raises(ReportBreaksRule) as refused:
        examined(report, now)
    assert refused.value.http_status == 422
    return refused.value.facts["line"], refused.value.facts["reason"]


def registrations(*lines: dict[str, Any], **members: Any) -> Report:
    return Report("registrations", lines, **members)


def resolutions(*lines: dict[str, Any], **members: Any) -> Report:
    return Report("resolutions", lines, **members)


# --- what holds -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("report", EVERY_KIND, ids=lambda report: report.kind)
def test_a_report_of_every_kind_holds(report: Report) -> None:
    assert examined(report).sums["total"] > 0


def test_deeds_are_counted_by_what_was_done() -> None:
    lines = (*deeds(5), deed("2026-06-15T15:59:59Z", deed="retired", state="retired"))
    assert examined(registrations(*lines)).sums == {"total": 6, "deed": {"registered": 5, "retired": 1}}


@pytest.mark.parametrize("kind", ["registrations", "templates"])
def test_a_day_on_which_nothing_happened_is_a_report_too(kind: str) -> None:
    assert examined(Report(kind, ())).sums["total"] == 0


def test_a_day_without_any_question_has_its_total() -> None:
    assert examined(resolutions(*counts(0))).sums == {"total": 0}


def test_numbers_are_kept_as_they_came_and_the_total_beside_them() -> None:
    sums = examined(RESOLUTIONS).sums
    assert (sums["total"], sums["carrier"], sums["hour"]) == (1297, {"qr": 1297}, {"2026-06-15T01": 1297})
    more = counts(4, count("registered", "identifiers", 3), count("benefit", "certificates_issued", 2))
    assert examined(resolutions(*more)).sums["registered"] == {"identifiers": 3}


def test_gaps_of_one_second_add_up() -> None:
    gap = count("gap", "2026-06-15T01:00:00Z", 1)
    assert examined(resolutions(*counts(2, gap, gap))).sums["gap"] == {"2026-06-15T01:00:00Z": 2}


def test_templates_and_routes_are_counted_by_state() -> None:
    assert examined(TEMPLATES).sums == {"total": 2, "state": {"published": 1, "withdrawn": 1}}
    assert examined(ROUTES).sums == {"total": 2, "state": {"active": 2}}


def test_the_server_of_the_first_route_is_where_the_node_answers() -> None:
    assert examined(ROUTES).own_site == OTHER_SITE
    assert examined(Report("routes", (route(), route(f"{NODE}.1", site=OTHER_SITE)))).own_site is None
    assert examined(REGISTRATIONS).own_site is None


@given(st.lists(st.sampled_from(DEEDS), max_size=40))
def test_the_total_is_the_number_of_lines_and_the_sum_of_what_was_counted(done: list[str]) -> None:
    lines = [line | {"deed": kind} for line, kind in zip(deeds(len(done)), done, strict=True)]
    sums = examined(registrations(*lines)).sums
    assert sums["total"] == len(done) == sum(sums["deed"].values())
    assert sums["deed"] == {kind: done.count(kind) for kind in sorted(set(done))}


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=24))
def test_hours_that_add_up_hold_and_one_more_question_does_not(numbers: list[int]) -> None:
    hours = sorted(day_hours(DAY, "Asia/Shanghai"))
    split = [count("hour", hour, number) for hour, number in zip(hours, numbers, strict=False)]
    whole = [line for line in counts(sum(numbers)) if line["by"] != "hour"]
    if sum(numbers) == 0:
        return
    assert examined(resolutions(*whole, *split)).sums["total"] == sum(numbers)
    split[0] = count("hour", hours[0], numbers[0] + 1)
    assert "hour" in broken(resolutions(*whole, *split))[1].en


# --- whose it is ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prefix", "node", "expected"),
    [
        ("88.101.5", "88.101.5", True),
        ("88.101.5.1", "88.101.5", True),
        ("88.101.5.1.2", "88.101.5", True),
        ("88.101.50", "88.101.5", False),
        ("88.101", "88.101.5", False),
        ("88.101.6", "88.101.5", False),
        ("88.101.MILK", "88.101.milk", True),
        ("88.101.milk.A", "88.101.MILK", True),
        ("88.101.5-1", "88.101.5", False),
        ("x88.101.5", "88.101.5", False),
    ],
)
def test_what_stands_under_a_node(prefix: str, node: str, *, expected: bool) -> None:
    assert is_under(prefix, node) is expected


def test_deeds_under_prefixes_below_the_node_are_its_own() -> None:
    below = deed(identifier=f"{NODE}.7/x", prefix=f"{NODE}.7")
    assert examined(registrations(below)).sums["total"] == 1


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (deed(identifier="88.101.6/a", prefix="88.101.6"), "does not belong to the node"),
        (deed(identifier="88.101.50/a", prefix="88.101.50"), "does not belong to the node"),
        (deed(identifier="88.101.6/a"), "does not stand under the prefix"),
        (deed(identifier="88.101.5"), "does not stand under the prefix"),
        (deed(identifier=f"{NODE}.1/a"), "does not stand under the prefix"),
    ],
)
def test_an_identifier_of_somebody_else_is_refused_with_its_line(line: dict[str, Any], words: str) -> None:
    assert broken(registrations(deed("2026-06-15T00:00:00Z"), line))[0] == 3
    assert words in broken(registrations(line))[1].en


@pytest.mark.parametrize("kind", ["templates", "routes"])
def test_a_strange_prefix_is_refused(kind: str) -> None:
    line = template(prefix="88.102") if kind == "templates" else route("88.102")
    first = (template(),) if kind == "templates" else (route(),)
    at, reason = broken(Report(kind, (*first, line)))
    assert (at, "88.102" in reason.zh, NODE in reason.en) == (3, True, True)


# --- when it was ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "holds"),
    [
        ("2026-06-14T15:59:59Z", False),
        ("2026-06-14T16:00:00Z", True),
        ("2026-06-15T15:59:59Z", True),
        ("2026-06-15T16:00:00Z", False),
        ("0001-01-01T00:00:00Z", False),
        ("9999-12-31T23:59:59Z", False),
    ],
)
def test_a_deed_lies_within_the_day_of_the_zone(at: str, *, holds: bool) -> None:
    if holds:
        assert examined(registrations(deed(at))).sums["total"] == 1
    else:
        assert "within the day" in broken(registrations(deed(at)))[1].en


def test_deeds_stand_in_the_order_of_time_and_may_share_a_second() -> None:
    first, second = "2026-06-15T01:00:00Z", "2026-06-15T01:00:01Z"
    assert examined(registrations(deed(first), deed(first), deed(second))).sums["total"] == 3
    at, reason = broken(registrations(deed(second), deed(second), deed(first)))
    assert at == 4
    assert "earlier" in reason.en


@pytest.mark.parametrize(
    ("day", "now", "holds"),
    [
        (DAY, NOW, True),
        (date(2026, 6, 16), NOW, True),
        (date(2026, 6, 17), NOW, False),
        (date(2026, 6, 17), datetime(2026, 6, 16, 16, tzinfo=UTC), True),
        (date(2026, 6, 17), datetime(2026, 6, 16, 15, 59, tzinfo=UTC), False),
        (date(2000, 1, 1), NOW, True),
        (date(1999, 12, 31), NOW, False),
        (date(1, 1, 1), NOW, False),
        (date(9999, 12, 31), NOW, False),
    ],
)
def test_a_day_lies_between_two_thousand_and_today_in_its_zone(day: date, now: datetime, *, holds: bool) -> None:
    report = Report("templates", (), day=min(day, date(9999, 12, 30)))
    header = report.header
    header = type(header)(NODE, "templates", day, "Asia/Shanghai", 1, header.made_at, 0)
    if holds:
        assert examine(header, (), now).sums["total"] == 0
        return
    with pytest.raises(ReportBreaksRule) as refused:
        examine(header, (), now)
    assert refused.value.facts["line"] == 1


@pytest.mark.parametrize(
    ("day", "zone", "number"),
    [
        (DAY, "Asia/Shanghai", 24),
        (date(2026, 3, 29), "Europe/Berlin", 23),
        (date(2026, 10, 25), "Europe/Berlin", 25),
        (DAY, "Asia/Kolkata", 25),
    ],
)
def test_a_day_has_its_hours(day: date, zone: str, number: int) -> None:
    """Where the clock changes there is one more or less; a zone of half hours touches one more of UTC."""
    assert len(day_hours(day, zone)) == number


def test_the_bounds_of_a_day_are_midnights_of_its_zone() -> None:
    assert bounds(DAY, "Asia/Shanghai") == (MIDNIGHT, MIDNIGHT + timedelta(days=1))


def test_an_hour_of_another_day_is_refused() -> None:
    lines = [line | {"word": "2026-06-15T16"} if line["by"] == "hour" else line for line in counts(3)]
    assert "within the day" in broken(resolutions(*lines))[1].en


# --- whether it agrees with itself ------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["kind", "outcome", "carrier", "region", "hour"])
def test_numbers_that_do_not_add_up_to_the_total_are_refused(by: str) -> None:
    lines = [line | {"number": 8} if line["by"] == by else line for line in counts(7)]
    at, reason = broken(resolutions(*lines))
    assert at == len(lines) + 1
    assert (f"by {by}" in reason.en, "8" in reason.zh, "7" in reason.zh) == (True, True, True)


@pytest.mark.parametrize("by", ["kind", "outcome", "carrier", "region", "hour"])
def test_a_dimension_that_is_left_out_adds_up_to_nothing(by: str) -> None:
    assert f"by {by}" in broken(resolutions(*(line for line in counts(7) if line["by"] != by)))[1].en


def test_the_total_is_told_once() -> None:
    assert "total is missing" in broken(resolutions(*counts(7)[1:]))[1].en
    assert "total is missing" in broken(resolutions())[1].en
    assert "total is missing" in broken(resolutions(*counts(0), count("total", "again", 0)))[1].en
    assert broken(resolutions(*counts(0), *counts(0))) == (3, rule("twice", what="total "))


@pytest.mark.parametrize("word", ["a\x00b", "a\nb", "x" * 61, "\ud800"])
def test_a_word_that_no_database_holds_is_refused(word: str) -> None:
    report = resolutions(*counts(0), count("benefit", word, 1))
    if word == "\ud800":
        header = report.header
        with pytest.raises(ReportBreaksRule):
            examine(header, report.lines, NOW)
        return
    assert "cannot be used" in broken(report)[1].en


def test_more_numbers_than_statistics_have_are_refused() -> None:
    many = (count("benefit", f"{at}", 1) for at in range(MOST_COUNTS))
    assert broken(resolutions(*counts(0), *many)) == (MOST_COUNTS + 2, rule("too many", most=MOST_COUNTS))


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("templates", (template(), template())),
        ("templates", (template(), template(prefix=NODE.upper()))),
        ("routes", (route(), route(f"{NODE}.1"), route(f"{NODE}.1"))),
        ("routes", (route(), route(f"{NODE}.a"), route(f"{NODE}.A"))),
    ],
)
def test_what_stands_there_twice_is_refused(kind: str, lines: tuple[dict[str, Any], ...]) -> None:
    at, reason = broken(Report(kind, lines))
    assert at == len(lines) + 1
    assert "twice" in reason.en


def test_the_same_code_under_another_prefix_is_another_template() -> None:
    assert examined(Report("templates", (template(), template(prefix=f"{NODE}.1")))).sums["total"] == 2


@pytest.mark.parametrize("lines", [(), (route(f"{NODE}.1"),), (route(f"{NODE}.1"), route())])
def test_routes_begin_with_the_node_itself(lines: tuple[dict[str, Any], ...]) -> None:
    assert "first line" in broken(Report("routes", lines))[1].en


# --- how it is told ---------------------------------------------------------------------------------------------


def test_the_first_line_that_breaks_a_rule_is_named_and_the_rest_is_not_read() -> None:
    def lines() -> Iterable[dict[str, Any]]:
        yield deed()
        yield deed(identifier="88.1/x", prefix="88.1")
        pytest.fail("read on after a broken rule")

    with pytest.raises(ReportBreaksRule) as refused:
        examine(registrations(deed(), deed()).header, lines(), NOW)
    assert refused.value.facts["line"] == 3


def test_what_reading_finds_goes_through() -> None:
    with pytest.raises(BadReportLine) as refused:
        examined(registrations(deed(), deed(deed="invented")))
    assert refused.value.facts["line"] == 3


def test_texts_of_a_report_are_cut_where_an_error_shows_them() -> None:
    reason = broken(registrations(deed(identifier="y" * 5000)))[1]
    assert len(reason.en) < 200


@pytest.mark.parametrize(
    "kind", ["future", "strange prefix", "other prefix", "outside day", "disorder", "twice", "too many", "bad word",
             "no total", "sums differ", "not first"],
)  # fmt: skip
def test_every_rule_is_said_in_both_languages(kind: str) -> None:
    facts = dict.fromkeys(("day", "prefix", "node", "identifier", "at", "what", "most", "by", "sum", "total"), "x")
    said = rule(kind, **facts)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said.zh)
    assert said.en.isascii() or "’" in said.en
    assert "{" not in said.zh + said.en
