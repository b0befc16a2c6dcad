"""Work that comes again: once per interval, by one worker, also after kills and clock jumps."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connections

from jialiang.governance.jobs.errors import LeaseLost
from jialiang.governance.jobs.leases import Turn
from jialiang.governance.jobs.timetable import due, finish

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db


def a_turn(moment: datetime, every: timedelta = HOUR) -> Turn:
    turn = due("crl.renew", every, moment)
    assert turn is not None
    return turn


def test_work_is_due_at_first_and_then_once_per_interval(now: datetime) -> None:
    finish(a_turn(now), now)
    assert due("crl.renew", HOUR, now + 59 * MINUTE) is None
    finish(a_turn(now + HOUR), now + HOUR)
    assert due("crl.renew", HOUR, now + HOUR + MINUTE) is None


def test_while_one_worker_is_at_it_no_other_gets_the_turn(now: datetime) -> None:
    a_turn(now)
    assert due("crl.renew", HOUR, now + MINUTE) is None


def test_different_work_does_not_wait_for_one_another(now: datetime) -> None:
    a_turn(now)
    assert due("digests.check", HOUR, now) is not None


def test_the_turn_of_a_killed_worker_comes_again_after_its_lease(now: datetime) -> None:
    lost = a_turn(now)
    assert lost.lease_until == now + 10 * MINUTE
    again = a_turn(now + 10 * MINUTE)
    assert again.fence == lost.fence + 1
    with pytest.raises(LeaseLost):
        finish(lost, now + 11 * MINUTE)
    finish(again, now + 11 * MINUTE)


def test_a_turn_is_finished_once(now: datetime) -> None:
    turn = a_turn(now)
    finish(turn, now)
    with pytest.raises(LeaseLost):
        finish(turn, now)


def test_a_short_interval_still_leaves_a_minute_for_the_work(now: datetime) -> None:
    assert a_turn(now, timedelta(seconds=5)).lease_until == now + MINUTE


def test_a_last_run_in_the_future_comes_from_a_wrong_clock_and_does_not_count(now: datetime) -> None:
    wrong = now + timedelta(days=400)
    finish(a_turn(wrong), wrong)
    finish(a_turn(now), now)
    assert due("crl.renew", HOUR, now + MINUTE) is None


def test_a_lease_from_a_wrong_clock_does_not_block_the_work(now: datetime) -> None:
    a_turn(now + timedelta(days=400))
    assert due("crl.renew", HOUR, now) is not None


def test_a_changed_interval_holds_at_once(now: datetime) -> None:
    finish(a_turn(now), now)
    assert due("crl.renew", MINUTE, now + 2 * MINUTE) is not None


@pytest.mark.django_db(transaction=True)
def test_of_workers_at_once_exactly_one_gets_the_turn(now: datetime) -> None:
    barrier = threading.Barrier(4)
    turns: list[Turn | None] = []

    def race() -> None:
        barrier.wait()
        turns.append(due("crl.renew", HOUR, now))
        connections.close_all()

    threads = [threading.Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(turn is None for turn in turns) == [False, True, True, True]
