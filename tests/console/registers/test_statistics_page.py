"""The page of resolution statistics: what is counted is told in words; a strange wish becomes the usual one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from jialiang.console.resolution_statistics.showing import DIMENSIONS, LONGEST_DAYS, WORDS
from jialiang.formats.handle.count_log import CARRIERS, KINDS, OUTCOMES, Counted
from jialiang.functions.resolution_statistics import freeze_days
from jialiang.governance.resolution_counts.services import count_here
from jialiang.kernel.clock import utc_now
from jialiang.security.tenancy.calendar import first_moment
from tests.console.registers.conftest import Registers
from tests.console.whole import faults_of

PAGE = "/resolution-statistics/"
DAY = date(2026, 6, 16)


@pytest.fixture
def manager(as_: Callable[..., Client]) -> Client:
    return as_("quality_manager")


def ask(client: Client, language: str = "en", **query: str) -> str:
    client.cookies["jialiang_language"] = language
    answer = client.get(PAGE, query)
    assert answer.status_code == 200
    return answer.content.decode()


def cells(page: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(<td.*?)</tr>", page, re.S)
    return [[re.sub(r"<[^>]+>", " ", cell).strip() for cell in re.findall(r"<td.*?</td>", row, re.S)] for row in rows]


@pytest.fixture
def counted(registers: Registers) -> None:
    noon = first_moment(DAY) + timedelta(hours=12)
    for counted, number in {
        Counted("page", "found", "qr", "CN-37", "88.101.5"): 750,
        Counted("handle_json", "found", prefix="88.101.5"): 200,
        Counted("native_udp", "not_found"): 50,
    }.items():
        count_here(counted, number, noon)


def test_every_word_that_can_be_counted_has_its_name() -> None:
    assert {*KINDS, *OUTCOMES, *CARRIERS, ""} == set(WORDS)


def test_kinds_are_told_in_words_with_their_shares(manager: Client, counted: None) -> None:
    page = ask(manager, since="2026-06-16", until="2026-06-16")
    assert cells(page)[:3] == [
        ["Page", "750", "75.0"],
        ["Handle JSON", "200", "20.0"],
        ["Native protocol, UDP", "50", "5.0"],
    ]
    assert ">1000<" in page
    assert "<svg" in page


def test_the_same_in_chinese(manager: Client, counted: None) -> None:
    page = ask(manager, "zh-hans", since="2026-06-16", until="2026-06-16", by="carrier")
    assert [row[0] for row in cells(page)[:2]] == ["二维码", "未注明载体"]
    assert faults_of(page, "zh") == []


@pytest.mark.parametrize(
    ("by", "first"),
    [("outcome", "Found"), ("carrier", "QR code"), ("region", "CN-37"), ("prefix", "88.101.5"), ("colour", "Page")],
)
def test_each_dimension_can_be_asked_for_and_a_strange_one_is_the_usual(
    manager: Client, counted: None, by: str, first: str
) -> None:
    rows = cells(ask(manager, since="2026-06-16", until="2026-06-16", by=by))
    assert rows[0][0] == first


def test_a_time_without_questions_says_so(manager: Client, counted: None) -> None:
    page = ask(manager, since="2026-06-17", until="2026-06-18")
    assert "Nothing was resolved in this time." in page
    assert "No day of this time has been frozen yet." in page


@pytest.mark.parametrize("since", ["nonsense", "2026-13-01", "1066-10-14", "9999-12-31", ""])
def test_a_day_that_is_none_is_the_usual_one(manager: Client, since: str) -> None:
    page = ask(manager, since=since, until="2026-06-16")
    assert 'name="since" value="2026-06-10"' in page


def test_the_end_before_the_beginning_is_one_day(manager: Client) -> None:
    assert 'name="since" value="2026-06-16"' in ask(manager, since="2026-07-01", until="2026-06-16")


def test_a_time_is_at_most_a_year(manager: Client) -> None:
    page = ask(manager, since="2020-01-01", until="2026-06-16")
    earliest = date(2026, 6, 16) - timedelta(days=LONGEST_DAYS - 1)
    assert f'name="since" value="{earliest.isoformat()}"' in page


def test_frozen_days_are_shown_and_compared(manager: Client, counted: None) -> None:
    freeze_days(first=DAY, time_zone="Asia/Shanghai", now=first_moment(DAY + timedelta(days=2)))
    page = ask(manager, since="2026-06-16", until="2026-06-16")
    assert "Says the same" in page
    count_here(Counted("page", "found"), 1, first_moment(DAY))
    page = ask(manager, since="2026-06-16", until="2026-06-16")
    assert "Counts came later" in page
    assert faults_of(page, "en") == []


@pytest.mark.parametrize("role", ["technician", "customer", "receptionist", "signatory"])
def test_roles_without_the_right_are_refused(as_: Callable[..., Client], role: str) -> None:
    assert as_(role).get(PAGE).status_code == 403


def test_dimensions_have_labels(manager: Client) -> None:
    page: Any = ask(manager)
    for key in DIMENSIONS:
        assert f'<option value="{key}"' in page
    assert str(utc_now().year) in page
