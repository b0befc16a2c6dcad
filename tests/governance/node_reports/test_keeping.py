"""Keeping reports and what became of them: who sends, what an answer leaves, and in which order the rest goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError
from tests.formats.node_report.reports import HEADER

from jialiang.formats.node_report.header import KINDS
from jialiang.governance.node_reports import selectors, services
from jialiang.governance.node_reports.errors import ReportBeingSent, SentReportUnknown
from jialiang.governance.node_reports.models import SentReport
from jialiang.governance.node_reports.services import LEASE, LONGEST_WAIT, SHORTEST_WAIT, StoredFile
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text

pytestmark = pytest.mark.django_db
FILE = StoredFile("a" * 64, "b" * 64, 120)
DAY = HEADER.day
PROBLEM = Text("不通", "out of order")


def keep(now: datetime, *, kind: str = "registrations", day: date = DAY, revision: int = 1) -> SentReport:
    header = replace(HEADER, kind=kind, day=day, revision=revision, lines=3)
    return services.keep(header, FILE, "a.b.c", now)


def again(row: SentReport) -> SentReport:
    return selectors.sent_report(row.pk)


def test_a_report_is_kept_as_its_header_says(now: datetime) -> None:
    row = again(keep(now))
    assert row.header == replace(HEADER, lines=3)
    assert (row.sha256, row.content_digest, row.size, row.signature) == ("a" * 64, "b" * 64, 120, "a.b.c")
    assert (row.state, row.attempts, row.receipt, row.problem) == ("made", 0, None, Text())
    assert row.file_name == "88.111.5_2026-11-21_registrations_r1.ndjson.gz"
    assert str(row) == "88.111.5 2026-11-21 registrations r1"


def test_a_revision_is_kept_once(now: datetime) -> None:
    keep(now)
    with pytest.raises(IntegrityError):
        keep(now)


def test_a_report_that_is_not_there_is_told(now: datetime) -> None:
    with pytest.raises(SentReportUnknown):
        selectors.sent_report(new_id(now))
    with pytest.raises(SentReportUnknown):
        services.send_again(new_id(now), now)
    assert services.begin(new_id(now), now) is None


def test_the_newest_revision_is_the_latest(now: datetime) -> None:
    assert selectors.latest("88.111.5", "registrations", DAY) is None
    keep(now)
    second = keep(now, revision=2)
    keep(now, kind="routes", revision=9)
    assert selectors.latest("88.111.5", "registrations", DAY) == second
    assert selectors.latest("88.111.6", "registrations", DAY) is None


def test_the_first_day_is_that_of_a_kind_or_of_all(now: datetime) -> None:
    assert selectors.first_day("88.111.5") is None
    keep(now, kind="routes", day=DAY - timedelta(days=2))
    keep(now)
    assert selectors.first_day("88.111.5") == DAY - timedelta(days=2)
    assert selectors.first_day("88.111.5", "registrations") == DAY
    assert selectors.first_day("88.111.5", "templates") is None


def test_what_is_outstanding_goes_by_day_then_kind_then_revision(now: datetime) -> None:
    for day in (DAY, DAY - timedelta(days=1)):
        for kind in reversed(KINDS):
            keep(now, kind=kind, day=day, revision=2)
            keep(now, kind=kind, day=day)
    told = [(row.day, KINDS.index(row.kind), row.revision) for row in selectors.outstanding()]
    assert told == sorted(told)
    assert len(told) == selectors.count_outstanding() == 16


def test_lists_have_the_newest_day_first_and_revisions_from_the_first(now: datetime) -> None:
    for day in (DAY, DAY + timedelta(days=1), DAY - timedelta(days=1)):
        keep(now, day=day, kind="routes")
        keep(now, day=day, revision=2)
        keep(now, day=day)
    rows = selectors.reports_between(DAY, DAY + timedelta(days=1))
    assert [(row.day.day, row.kind, row.revision) for row in rows] == [
        (22, "registrations", 1), (22, "registrations", 2), (22, "routes", 1),
        (21, "registrations", 1), (21, "registrations", 2), (21, "routes", 1),
    ]  # fmt: skip


def test_one_sender_takes_a_report_and_no_other_meanwhile(now: datetime) -> None:
    row = keep(now)
    taken = services.begin(row.pk, now)
    assert taken is not None
    assert (taken.state, taken.attempts, taken.tried_at) == ("sending", 1, now)
    assert services.begin(row.pk, now) is None
    assert services.begin(row.pk, now + LEASE - timedelta(seconds=1)) is None


def test_a_sender_that_was_killed_is_followed_by_another(now: datetime) -> None:
    row = keep(now)
    services.begin(row.pk, now)
    following = services.begin(row.pk, now + LEASE)
    assert following is not None
    assert following.attempts == 2
    assert [each.pk for each in selectors.outstanding()] == [row.pk]


def test_who_was_overtaken_writes_nothing_any_more(now: datetime) -> None:
    row = keep(now)
    slow = services.begin(row.pk, now)
    quick = services.begin(row.pk, now + LEASE)
    assert slow is not None
    assert quick is not None
    assert not services.refuse(slow, PROBLEM, now)
    assert not services.give_back(slow, PROBLEM, now)
    assert services.accept(quick, {"id": "r-1"}, now)
    assert not services.accept(slow, {"id": "r-2"}, now)
    assert again(row).receipt == {"id": "r-1"}


def test_an_accepted_report_has_its_receipt_and_is_not_outstanding(now: datetime) -> None:
    row = services.begin(keep(now).pk, now)
    assert row is not None
    assert services.accept(row, {"id": "r-1", "findings": []}, now)
    found = again(row)
    assert (found.state, found.answered_at, found.lease_until) == ("accepted", now, None)
    assert selectors.outstanding() == []
    assert selectors.last_accepted_at() == now
    assert services.begin(row.pk, now + timedelta(days=1)) is None


def test_a_refused_report_keeps_why_and_waits_for_people(now: datetime) -> None:
    row = services.begin(keep(now).pk, now)
    assert row is not None
    services.refuse(row, PROBLEM, now)
    assert (again(row).state, again(row).problem) == ("refused", PROBLEM)
    assert selectors.outstanding() == []
    assert selectors.count_refused() == 1
    assert selectors.last_accepted_at() is None


def test_a_later_revision_makes_a_refused_one_forgotten(now: datetime) -> None:
    row = services.begin(keep(now).pk, now)
    assert row is not None
    services.refuse(row, PROBLEM, now)
    keep(now, kind="routes", revision=2)
    assert selectors.count_refused() == 1
    keep(now, revision=2)
    assert selectors.count_refused() == 0


def test_waits_double_up_to_an_hour(now: datetime) -> None:
    row, waits = keep(now), []
    for _ in range(12):
        taken = services.begin(row.pk, now)
        assert taken is not None
        services.give_back(taken, PROBLEM, now)
        due = again(row).not_before
        assert services.begin(row.pk, due - timedelta(seconds=1)) is None
        waits.append(due - now)
        now = due
    assert waits[:4] == [SHORTEST_WAIT, 2 * SHORTEST_WAIT, 4 * SHORTEST_WAIT, 8 * SHORTEST_WAIT]
    assert waits[-1] == LONGEST_WAIT
    assert again(row).problem == PROBLEM


@pytest.mark.parametrize("became", ["accept", "refuse", "give_back"])
def test_any_report_can_be_let_go_again(now: datetime, became: str) -> None:
    row = services.begin(keep(now).pk, now)
    assert row is not None
    told = {"id": "r"} if became == "accept" else PROBLEM
    getattr(services, became)(row, told, now)
    later = now + timedelta(minutes=1)
    services.send_again(row.pk, later)
    found = again(row)
    assert (found.state, found.attempts, found.not_before) == ("made", 0, later)
    assert services.begin(row.pk, later) is not None


def test_a_report_that_is_being_sent_is_left_alone(now: datetime) -> None:
    row = keep(now)
    services.begin(row.pk, now)
    with pytest.raises(ReportBeingSent) as caught:
        services.send_again(row.pk, now)
    assert "2026-06-16T07:48:30Z" in caught.value.what.en
    assert services.send_again(row.pk, now + LEASE).state == "made"


def test_hurrying_ends_all_waits_and_counts_what_waits(now: datetime) -> None:
    assert services.hurry(now) == 0
    rows = [keep(now), keep(now, kind="routes")]
    for row in rows:
        taken = services.begin(row.pk, now)
        assert taken is not None
        services.give_back(taken, PROBLEM, now)
    assert services.begin(rows[0].pk, now) is None
    assert services.hurry(now) == 2
    assert all(services.begin(row.pk, now) for row in rows)


def test_words_of_any_length_and_letters_are_kept_as_far_as_they_fit(now: datetime) -> None:
    row = services.begin(keep(now).pk, now)
    assert row is not None
    services.refuse(row, Text("坏\x00" * 3000, "\ud800" + "x" * 5000), now)
    assert len(again(row).problem_en) <= services.LONGEST_PROBLEM
