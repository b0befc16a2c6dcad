"""The worker does one job at a time, gives back what fails, hands events on, and keeps appointments."""

from datetime import datetime, timedelta

import pytest

from jialiang.assembly.working import Appointment, Worker
from jialiang.governance.jobs.errors import LeaseLost
from jialiang.governance.jobs.selectors import counts, job
from jialiang.governance.jobs.services import enqueue
from jialiang.governance.outbox.services import publish
from jialiang.kernel.events import Event
from jialiang.kernel.ids import new_id

pytestmark = pytest.mark.django_db


class Clock:
    """A clock that tests move by hand."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock(now):
    return Clock(now)


def worker(clock, jobs=None, events=None, timetable=()):
    return Worker(jobs=jobs or {}, events=events or {}, timetable=timetable, clock=clock, after_turn=int, name="test")


def test_a_job_is_done_once_in_the_scope_of_its_institute(in_tenant, clock, now):
    seen = []
    subject = new_id(now)
    identifier = enqueue("greet", subject, {"word": "hello"}, now)
    busy = worker(clock, {"greet": lambda leased, at: seen.append((leased.subject_id, leased.payload["word"], at))})
    assert busy.drain() == 1
    assert seen == [(subject, "hello", now)]
    assert job(identifier).state == "done"
    assert busy.drain() == 0


def test_a_job_that_fails_is_given_back_and_tried_again_later(in_tenant, clock, now):
    tries = []

    def fragile(leased, at):
        tries.append(at)
        if len(tries) == 1:
            raise ValueError("the printer burns")

    identifier = enqueue("print", new_id(now), {}, now)
    busy = worker(clock, {"print": fragile})
    assert busy.turn()
    assert job(identifier).last_error == "ValueError: the printer burns"
    assert not busy.turn()
    clock.moment += timedelta(minutes=1)
    assert busy.turn()
    assert job(identifier).state == "done"
    assert len(tries) == 2


def test_a_job_that_never_succeeds_ends_dead_and_does_not_stop_the_others(in_tenant, clock, now):
    def broken(leased, at):
        raise RuntimeError("never")

    enqueue("bad", new_id(now), {}, now)
    good = enqueue("good", new_id(now), {}, now)
    busy = worker(clock, {"bad": broken, "good": lambda leased, at: None})
    for _ in range(40):
        busy.turn()
        clock.moment += timedelta(hours=1)
    assert counts()["dead"] == 1
    assert job(good).state == "done"


def test_work_that_another_worker_took_over_is_left_to_it(in_tenant, clock, now):
    def overtaken(leased, at):
        raise LeaseLost(work="x", worker="test", fence=1)

    identifier = enqueue("slow", new_id(now), {}, now)
    assert worker(clock, {"slow": overtaken}).turn()
    assert job(identifier).state == "leased"


def test_kinds_that_the_worker_does_not_know_are_left_for_others(in_tenant, clock, now):
    identifier = enqueue("foreign", new_id(now), {}, now)
    assert worker(clock, {"known": lambda leased, at: None}).drain() == 0
    assert job(identifier).state == "ready"


def test_events_reach_those_who_subscribed_by_name_and_those_who_take_all(in_tenant, clock, now):
    by_name, everything = [], []
    subject = new_id(now)
    publish(Event("certificate.issued", subject, now, {"number": "1"}))
    publish(Event("certificate.withdrawn", subject, now, {}))
    handlers = {
        "certificate.issued": (lambda e: by_name.append(e.data["number"]),),
        "*": (lambda e: everything.append(e.name),),
    }
    worker(clock, events=handlers).drain()
    assert by_name == ["1"]
    assert everything == ["certificate.issued", "certificate.withdrawn"]


def test_an_appointment_is_kept_when_due_and_not_before(in_tenant, clock, now):
    kept = []
    timetable = (Appointment("hourly", timedelta(hours=1), kept.append),)
    busy = worker(clock, timetable=timetable)
    busy.drain()
    assert kept == [now]
    clock.moment += timedelta(minutes=59)
    busy.drain()
    assert kept == [now]
    clock.moment += timedelta(minutes=2)
    busy.drain()
    assert kept == [now, clock.moment]


def test_it_runs_until_it_is_stopped_and_waits_only_when_idle(in_tenant, clock, now):
    enqueue("greet", new_id(now), {}, now)
    enqueue("greet", new_id(now), {}, now)
    done, waits = [], []
    busy = worker(clock, {"greet": lambda leased, at: done.append(1)})
    busy.run(lambda: len(waits) == 2, waits.append)
    assert len(done) == 2
    assert all(0 < seconds <= 1 for seconds in waits)
