"""Statistics of resolution: who may read them, what a day tells, that it is frozen once and can be made again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from jialiang.formats.handle.count_log import Counted
from jialiang.functions import resolution_statistics as verbs
from jialiang.functions.resolution_statistics import (
    BadStatisticsQuestion,
    freeze_days,
    read_days,
    read_statistics,
)
from jialiang.governance.resolution_counts.models import ResolutionCount
from jialiang.governance.resolution_counts.services import count_here
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.security.policy import NotAuthorized

ZONE = "Asia/Shanghai"
DAY = date(2026, 6, 16)
MIDNIGHT = datetime(2026, 6, 15, 16, tzinfo=UTC)
NOON = MIDNIGHT + timedelta(hours=12)
NEXT_DAY = MIDNIGHT + timedelta(days=1, minutes=10)


@pytest.fixture
def quality(in_tenant) -> Actor:
    return Actor(None, in_tenant.id, Text("质量", "Quality"), frozenset({"quality_manager"}), None, "api")


def a_days_work() -> None:
    for counted, number in {
        Counted("page", "found", "qr", "CN-37", "88.1"): 900,
        Counted("redirect", "found", "none", "", "88.1"): 100,
        Counted("page", "not_found"): 40,
        Counted("authenticity", "found"): 250,
        Counted("authenticity", "not_found"): 7,
    }.items():
        count_here(counted, number, NOON)


@pytest.mark.parametrize("role", ["customer", "technician", "reviewer", "signatory", "receptionist"])
def test_roles_that_have_no_business_with_statistics_are_refused(quality: Actor, role: str) -> None:
    actor = replace(quality, roles=frozenset({role}))
    with pytest.raises(NotAuthorized):
        read_statistics(actor=actor, since=MIDNIGHT, until=NEXT_DAY)
    with pytest.raises(NotAuthorized):
        read_days(actor=actor, since=DAY, until=DAY)


@pytest.mark.parametrize("role", ["quality_manager", "auditor", "regulator", "system_administrator"])
def test_those_who_watch_over_the_node_read_them(quality: Actor, role: str) -> None:
    a_days_work()
    found = read_statistics(
        actor=replace(quality, roles=frozenset({role})), since=MIDNIGHT, until=MIDNIGHT + timedelta(days=1)
    )
    assert [total.number for total in found.totals] == [1297]


def test_sums_come_by_what_was_asked_for(quality: Actor) -> None:
    a_days_work()
    found = read_statistics(
        actor=quality, since=MIDNIGHT, until=MIDNIGHT + timedelta(days=1), by=("kind", "outcome")
    )
    assert {total.by: total.number for total in found.totals} == {
        ("authenticity", "found"): 250,
        ("authenticity", "not_found"): 7,
        ("page", "found"): 900,
        ("page", "not_found"): 40,
        ("redirect", "found"): 100,
    }
    assert found.gaps == 0


@pytest.mark.parametrize(
    ("since", "until", "by"),
    [
        (MIDNIGHT, MIDNIGHT, ()),
        (NEXT_DAY, MIDNIGHT, ()),
        (MIDNIGHT, MIDNIGHT + timedelta(days=367), ()),
        (MIDNIGHT, NEXT_DAY, ("colour",)),
        (MIDNIGHT, NEXT_DAY, ("kind", "number")),
    ],
)
def test_a_question_that_cannot_be_counted_is_refused_with_the_rule(
    quality: Actor, since: datetime, until: datetime, by: tuple[str, ...]
) -> None:
    with pytest.raises(BadStatisticsQuestion) as caught:
        read_statistics(actor=quality, since=since, until=until, by=by)
    assert "366" in caught.value.rule.en
    assert "hour" in caught.value.rule.zh


def test_a_day_tells_what_the_counts_say(quality: Actor) -> None:
    a_days_work()
    assert freeze_days(first=DAY, time_zone=ZONE, now=NEXT_DAY + timedelta(minutes=1)) == [DAY]
    (day,) = read_days(actor=quality, since=DAY, until=DAY)
    assert day.content["day"] == "2026-06-16"
    assert day.content["visits"]["total"] == 1297
    assert day.content["visits"]["by_carrier"] == {"none": 397, "qr": 900}
    assert day.content["visits"]["by_region"] == {"": 397, "CN-37": 900}
    assert day.content["visits"]["by_hour"] == {"2026-06-16T04": 1297}
    assert day.content["conversion"] == {"pages": 1000, "checks": 250, "per_1000_pages": 250}
    assert day.content["registered"] == {"organizations": 0, "identifiers": 0}
    assert day.content["benefit"] == {"certificates_issued": 0}
    assert day.is_reproduced


def test_a_day_without_pages_has_no_conversion(quality: Actor) -> None:
    freeze_days(first=DAY, time_zone=ZONE, now=NEXT_DAY + timedelta(minutes=1))
    (day,) = read_days(actor=quality, since=DAY, until=DAY)
    assert day.content["conversion"] == {"pages": 0, "checks": 0, "per_1000_pages": 0}
    assert day.content["visits"]["total"] == 0


def test_a_day_is_frozen_once_and_late_counts_are_seen_as_such(quality: Actor) -> None:
    a_days_work()
    now = NEXT_DAY + timedelta(minutes=1)
    assert freeze_days(first=DAY, time_zone=ZONE, now=now) == [DAY]
    (before,) = read_days(actor=quality, since=DAY, until=DAY)
    count_here(Counted("page", "found"), 1, NOON)
    assert freeze_days(first=DAY, time_zone=ZONE, now=now) == []
    (after,) = read_days(actor=quality, since=DAY, until=DAY)
    assert (after.digest, after.content) == (before.digest, before.content)
    assert before.is_reproduced
    assert not after.is_reproduced


def test_a_day_is_not_frozen_before_its_counts_have_come(quality: Actor) -> None:
    early = MIDNIGHT + timedelta(days=1, minutes=9)
    assert freeze_days(first=DAY, time_zone=ZONE, now=early) == []
    assert freeze_days(first=DAY, time_zone=ZONE, now=NEXT_DAY) == [DAY]


def test_days_that_were_missed_are_caught_up_with(in_tenant) -> None:
    done = freeze_days(time_zone=ZONE, now=NEXT_DAY + timedelta(minutes=1))
    assert len(done) == verbs.DAYS_LOOKED_BACK
    assert done[-1] == DAY
    assert done == sorted(done)


def test_an_organization_of_the_day_is_told(world, quality: Actor, now: datetime) -> None:
    day = now.astimezone(UTC).date()
    content = verbs.daily_content(day, "UTC")
    assert content["registered"]["organizations"] >= 2
    assert content["registered"]["identifiers"] >= 0
    assert ResolutionCount.objects.count() == 0
