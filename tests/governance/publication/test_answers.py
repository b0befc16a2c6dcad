"""Published answers: ready bytes, in the transaction of the verb, in one order of versions."""

import json
import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections, transaction

from jialiang.formats.public_keys import after_key
from jialiang.governance.publication import selectors
from jialiang.governance.publication.answers import Answer
from jialiang.governance.publication.errors import BadAnswerKey, SuccessorMissing
from jialiang.governance.publication.services import publish, retire

pytestmark = pytest.mark.django_db
HTML = {"content-type": "text/html; charset=utf-8"}
DAY = timedelta(days=1)


def test_an_answer_is_served_with_the_very_bytes_that_were_published(now: datetime) -> None:
    body = "真实有效 <b>genuine</b>\x00\xff".encode()
    version = publish([Answer("a:1:zh", body, HTML)], now)
    stored = selectors.answer("a:1:zh")
    assert stored is not None
    assert (stored.body, stored.headers, stored.version, stored.changed_at) == (body, HTML, version, now)
    assert selectors.answer("a:2:zh") is None


def test_a_new_answer_replaces_the_old_one_under_a_higher_version(now: datetime) -> None:
    first = publish([Answer("a:1:zh", b"in force", HTML)], now)
    second = publish([Answer("a:1:zh", b"withdrawn", HTML)], now + DAY)
    assert second > first
    stored = selectors.answer("a:1:zh")
    assert stored is not None
    assert (stored.body, stored.changed_at) == (b"withdrawn", now + DAY)


def test_the_feed_gives_every_change_in_order(now: datetime) -> None:
    start = selectors.latest_version()
    publish([Answer("a", b"1"), Answer("b", b"2"), Answer("c", b"3")], now)
    publish([Answer("b", b"4")], now)
    assert [answer.key for answer in selectors.changed_since(start)] == ["a", "c", "b"]
    assert [answer.key for answer in selectors.changed_since(start, limit=1)] == ["a"]
    assert selectors.changed_since(selectors.latest_version()) == []
    assert selectors.latest_version() == start + 4


def test_an_answer_that_is_rolled_back_is_not_served_and_costs_no_version(now: datetime) -> None:
    start = publish([Answer("a", b"in force")], now)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        publish([Answer("a", b"withdrawn")], now)
        _ = 1 / 0
    stored = selectors.answer("a")
    assert stored is not None
    assert stored.body == b"in force"
    assert selectors.latest_version() == start


def test_from_its_end_on_the_successor_is_served(now: datetime) -> None:
    publish([Answer("a", b"in force", HTML, now + DAY), Answer(after_key("a"), b"expired", HTML)], now)
    bodies = [
        (selectors.answer_at("a", moment) or Answer("", b"")).body
        for moment in (now, now + DAY - timedelta(microseconds=1), now + DAY, now + 2 * DAY)
    ]
    assert bodies == [b"in force", b"in force", b"expired", b"expired"]
    assert selectors.answer_at("nothing", now) is None


def test_an_answer_that_ends_needs_its_successor_now_or_from_before(now: datetime) -> None:
    with pytest.raises(SuccessorMissing) as caught:
        publish([Answer("b", b"1"), Answer("a", b"in force", HTML, now + DAY)], now)
    assert "a#after" in caught.value.what.en
    assert selectors.answer("b") is None
    publish([Answer("a#after", b"expired")], now)
    publish([Answer("a", b"in force", HTML, now + DAY)], now)


@pytest.mark.parametrize("key", ["", "k" * 195])
def test_a_key_must_leave_room_for_its_successor(key: str, now: datetime) -> None:
    with pytest.raises(BadAnswerKey):
        publish([Answer(key, b"")], now)


def test_a_retired_answer_is_gone_with_its_successor_and_can_come_back(now: datetime) -> None:
    first = publish([Answer("a", b"1", HTML, now + DAY), Answer("a#after", b"2"), Answer("b", b"3")], now)
    assert retire("a") == 2
    assert retire("a") == 0
    assert selectors.answer("a") is None
    assert selectors.answer("b") is not None
    assert publish([Answer("a", b"4")], now) > first


def test_the_columns_are_those_that_readers_without_django_rely_on(now: datetime) -> None:
    publish([Answer("a", b"body", HTML)], now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, version, body, headers, not_after, changed_at FROM published_answer")
        key, version, body, headers, not_after, changed_at = cursor.fetchone()
    assert (key, bytes(body), json.loads(headers), not_after) == ("a", b"body", HTML, None)
    assert isinstance(version, int)
    assert changed_at is not None


@pytest.mark.django_db(transaction=True)
def test_versions_of_writers_at_once_become_visible_in_their_order(now: datetime) -> None:
    seen: list[int] = []
    problems: list[BaseException] = []
    running = threading.Event()

    def write(number: int) -> None:
        try:
            for step in range(10):
                publish([Answer(f"{number}-{step}", b"")], now)
        except BaseException as problem:  # noqa: BLE001 the thread's failure is the test's
            problems.append(problem)
        finally:
            connections.close_all()

    def follow() -> None:
        last = 0
        while not running.is_set() or selectors.changed_since(last):
            for answer in selectors.changed_since(last):
                seen.append(answer.version)
                last = answer.version
        connections.close_all()

    follower = threading.Thread(target=follow)
    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in (follower, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    running.set()
    follower.join()
    assert problems == []
    assert len(seen) == 40
    assert seen == sorted(set(seen))
