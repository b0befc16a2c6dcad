"""What the worker of an installation does: its duties, its timetable, and leases that a second worker respects."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.assembly.installation import founded, use_folder

from jialiang.assembly.duties import SUBSCRIPTIONS, forget_kept_answers, noted, worker
from jialiang.assembly.working import IDLE_SECONDS, LEASE_SECONDS, Appointment, Worker
from jialiang.functions.job_handlers import HANDLERS
from jialiang.governance.idempotency.services import claim as claim_key
from jialiang.governance.idempotency.services import keep
from jialiang.governance.jobs.errors import LeaseLost
from jialiang.governance.jobs.leases import LeasedJob
from jialiang.governance.jobs.selectors import counts, job
from jialiang.governance.jobs.services import MOST_ATTEMPTS, claim, complete, enqueue, fail, renew
from jialiang.governance.jobs.timetable import due, finish
from jialiang.governance.outbox.selectors import parked, waiting
from jialiang.governance.outbox.services import publish
from jialiang.kernel.events import Event
from jialiang.kernel.ids import new_id
from jialiang.security.keys.selectors import crl
from jialiang.security.tenancy.scope import current_tenant_id, scope

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class Clock:
    """A clock that tests move by hand."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


def working(clock: Clock, name: str = "one", **more: Any) -> Worker:
    facts = {"jobs": {}, "events": {}, "timetable": (), "clock": clock, "after_turn": int} | more
    return Worker(name=name, **facts)


# --- the duties of an installation ------------------------------------------------------------------------------


def test_an_installation_s_worker_has_every_handler_and_the_whole_timetable(clock: Clock) -> None:
    busy = worker(clock)
    assert busy.jobs == HANDLERS
    assert "certificate.finish" in busy.jobs
    assert {appointment.name: appointment.every for appointment in busy.timetable} == {
        "keys.renew_crl": 6 * HOUR,
        "idempotency.forget": HOUR,
        "resolutions.collect": timedelta(seconds=10),
        "resolutions.freeze": timedelta(minutes=15),
        "node_reports.make": timedelta(minutes=15),
        "node_reports.compare": 24 * HOUR,
        "node_reports.send": timedelta(minutes=1),
    }
    assert busy.events == SUBSCRIPTIONS


def test_the_revocation_list_is_renewed_long_before_it_runs_out(
    clock: Clock, settings, tmp_path, now
) -> None:
    use_folder(settings, tmp_path / "data")
    founded(now)
    first = crl()
    busy = worker(clock)
    busy.drain()
    for hours in range(6, 24 * 9, 6):
        clock.moment = now + timedelta(hours=hours)
        busy.drain()
        until = crl().next_update_utc
        assert until is not None
        assert until - clock.moment > timedelta(days=2), hours
    assert crl().last_update_utc > first.last_update_utc


def test_without_an_authority_there_is_nothing_to_renew(clock: Clock) -> None:
    assert worker(clock).drain() == 1  # both appointments kept in one turn
    assert worker(clock).drain() == 0


def test_kept_answers_are_forgotten_by_the_hour(in_tenant, clock: Clock, now, caplog) -> None:
    claimed = claim_key(owner_id=new_id(now), key="k", request_digest="0" * 64, now=now)
    keep(claimed, type("Kept", (), {"status": 201, "headers": {}, "body": b""})())
    with caplog.at_level(logging.INFO, "jialiang.assembly.duties"):
        forget_kept_answers(now + 23 * HOUR)
        forget_kept_answers(now + 25 * HOUR)
        forget_kept_answers(now + 26 * HOUR)
    assert [record.getMessage().split()[0] for record in caplog.records] == ["0", "1", "0"]


def test_every_event_is_noted_with_its_subject(now, caplog) -> None:
    subject = new_id(now)
    with caplog.at_level(logging.INFO, "jialiang.assembly.duties"):
        noted(Event("certificate.issued", subject, now, {"number": "YZ-1"}))
    assert caplog.records[0].getMessage() == f"certificate.issued {subject}"


# --- the timetable ----------------------------------------------------------------------------------------------

EVERY = timedelta(hours=6)
KEPT: list[tuple[str, list[timedelta], int]] = [
    ("at once the first time", [timedelta(0)], 1),
    ("not twice at the same moment", [timedelta(0), timedelta(0)], 1),
    ("not a second before its time", [timedelta(0), EVERY - timedelta(seconds=1)], 1),
    ("at its time", [timedelta(0), EVERY], 2),
    (
        "once after a long rest, and not for every time that was missed",
        [timedelta(0), 10 * EVERY, 10 * EVERY],
        2,
    ),
    ("from the last run on", [timedelta(0), EVERY + HOUR, 2 * EVERY, 2 * EVERY + HOUR], 3),
    ("in spite of a last run in the future", [EVERY, timedelta(0)], 2),
]


@pytest.mark.parametrize(("rule", "moments", "times"), KEPT, ids=[rule for rule, _, _ in KEPT])
def test_an_appointment_is_kept(clock: Clock, now, rule: str, moments: list[timedelta], times: int) -> None:
    kept: list[datetime] = []
    busy = working(clock, timetable=(Appointment("a", EVERY, kept.append),))
    for moment in moments:
        clock.moment = now + moment
        busy.turn()
    assert len(kept) == times


def test_two_workers_keep_an_appointment_once(clock: Clock) -> None:
    kept: list[str] = []
    for name in ("one", "two"):
        appointment = Appointment("a", EVERY, lambda _, name=name: kept.append(name))
        working(clock, name, timetable=(appointment,)).turn()
    assert kept == ["one"]


@pytest.mark.parametrize(("later", "again"), [(timedelta(minutes=9), False), (timedelta(minutes=11), True)])
def test_an_appointment_whose_worker_was_killed_comes_again_after_its_lease(now, later, again: bool) -> None:
    assert due("a", EVERY, now) is not None
    assert (due("a", EVERY, now + later) is not None) is again


def test_who_comes_back_late_to_an_appointment_may_not_say_that_it_is_done(now) -> None:
    slow = due("a", EVERY, now)
    quick = due("a", EVERY, now + timedelta(minutes=11))
    assert slow is not None
    assert quick is not None
    with pytest.raises(LeaseLost):
        finish(slow, now + timedelta(minutes=12))
    finish(quick, now + timedelta(minutes=12))
    assert due("a", EVERY, now + timedelta(minutes=13)) is None


def test_an_appointment_that_fails_is_tried_again_after_its_lease(clock: Clock, now) -> None:
    tries: list[datetime] = []

    def broken(at: datetime) -> None:
        tries.append(at)
        if len(tries) == 1:
            raise OSError("no disk")

    busy = working(clock, timetable=(Appointment("a", EVERY, broken),))
    with pytest.raises(OSError, match="no disk"):
        busy.turn()
    assert not busy.turn()
    clock.moment = now + timedelta(minutes=11)
    assert busy.turn()
    assert len(tries) == 2


# --- leases and fences ------------------------------------------------------------------------------------------


def leased(now: datetime, *, worker: str = "one", seconds: float = LEASE_SECONDS) -> LeasedJob:
    found = claim(worker, ("k",), now, seconds)
    assert found is not None
    return found


def test_a_job_that_is_leased_is_nobody_else_s_until_the_lease_is_over(in_tenant, now) -> None:
    identifier = enqueue("k", new_id(now), {}, now)
    first = leased(now)
    assert (first.id, first.attempt, first.fence) == (identifier, 1, 1)
    for seconds in (0, 1, LEASE_SECONDS - 1):
        assert claim("two", ("k",), now + timedelta(seconds=seconds), LEASE_SECONDS) is None
    second = claim("two", ("k",), now + timedelta(seconds=LEASE_SECONDS + 1), LEASE_SECONDS)
    assert second is not None
    assert (second.id, second.attempt, second.fence, second.worker) == (identifier, 2, 2, "two")


LATE = [
    ("complete", lambda held, at: complete(held, at)),
    ("fail", lambda held, at: fail(held, "x", at)),
    ("renew", lambda held, at: renew(held, at, LEASE_SECONDS)),
]


@pytest.mark.parametrize(("deed", "act"), LATE, ids=[deed for deed, _ in LATE])
def test_who_lost_the_lease_can_neither_complete_nor_fail_nor_renew(in_tenant, now, deed: str, act) -> None:
    identifier = enqueue("k", new_id(now), {}, now)
    slow = leased(now, seconds=10)
    later = now + timedelta(seconds=11)
    quick = leased(later, worker="two")
    with pytest.raises(LeaseLost) as refused:
        act(slow, later)
    assert refused.value.facts["worker"] == "one"
    assert job(identifier).state == "leased"
    complete(quick, later)
    assert job(identifier).state == "done"
    with pytest.raises(LeaseLost):
        act(quick, later)


def test_a_lease_that_is_renewed_lasts_on(in_tenant, now) -> None:
    enqueue("k", new_id(now), {}, now)
    held = leased(now, seconds=10)
    for step in range(1, 6):
        held = renew(held, now + timedelta(seconds=8 * step), 10)
    assert claim("two", ("k",), now + timedelta(seconds=45), 10) is None
    complete(held, now + timedelta(seconds=45))


WAITS = [2, 4, 8, 16, 32, 64, 128]


def test_a_job_that_fails_waits_twice_as_long_each_time_and_is_dead_after_eight(in_tenant, now) -> None:
    identifier = enqueue("k", new_id(now), {}, now)
    at = now
    for wait in WAITS:
        fail(leased(at), f"try at {wait}", at)
        assert claim("one", ("k",), at + timedelta(seconds=wait - 1), 10) is None
        at += timedelta(seconds=wait)
    last = leased(at)
    assert last.attempt == MOST_ATTEMPTS
    fail(last, "for good", at)
    assert (job(identifier).state, job(identifier).last_error) == ("dead", "for good")
    assert claim("one", ("k",), at + timedelta(days=9), 10) is None


def test_a_job_that_kills_its_workers_is_given_up_and_holds_up_nobody(in_tenant, now) -> None:
    killer = enqueue("k", new_id(now), {}, now)
    at = now
    for _ in range(MOST_ATTEMPTS):
        leased(at, seconds=10)
        at += timedelta(seconds=11)
    other = enqueue("k", new_id(now), {}, at)
    assert leased(at).id == other
    assert job(killer).state == "dead"
    assert "8 attempts" in job(killer).last_error


def test_the_effect_of_work_that_was_taken_over_is_rolled_back(in_tenant, clock: Clock, now, caplog) -> None:
    """The slow worker's change and its mark are one transaction: the second worker's alone stays."""
    identifier = enqueue("slow", new_id(now), {}, now)

    def overtaken(held: LeasedJob, at: datetime) -> None:
        clock.moment = now + timedelta(seconds=LEASE_SECONDS + 1)
        taken = claim("two", ("slow",), clock.moment, LEASE_SECONDS)
        assert taken is not None

    with caplog.at_level(logging.WARNING):
        assert working(clock, jobs={"slow": overtaken}).turn()
    assert "went to another worker" in caplog.text
    assert (job(identifier).state, job(identifier).leased_by) == ("leased", "two")


def test_a_failure_of_work_that_was_taken_over_does_not_end_the_worker(
    in_tenant, clock: Clock, now, caplog
) -> None:
    identifier = enqueue("slow", new_id(now), {}, now)

    def fails_late(held: LeasedJob, at: datetime) -> None:
        clock.moment = now + timedelta(seconds=LEASE_SECONDS + 1)
        assert claim("two", ("slow",), clock.moment, LEASE_SECONDS) is not None
        raise ValueError("late")

    with caplog.at_level(logging.WARNING):
        assert working(clock, jobs={"slow": fails_late}).turn()
    assert job(identifier).leased_by == "two"
    assert job(identifier).last_error == ""


def test_jobs_run_in_the_scope_of_their_institute_and_leave_it(tenant, clock: Clock, now) -> None:
    seen = []
    with scope(tenant.id):
        enqueue("k", new_id(now), {}, now)
    busy = working(clock, jobs={"k": lambda held, at: seen.append(current_tenant_id())})
    assert busy.drain() == 1
    assert seen == [tenant.id]
    with pytest.raises(Exception, match="JL-TEN-001"):
        current_tenant_id()


def test_the_job_that_has_waited_longest_comes_first(in_tenant, clock: Clock, now) -> None:
    order: list[str] = []
    for name, minutes in (("late", 3), ("early", 1), ("middle", 2)):
        enqueue("k", new_id(now), {"name": name}, now + timedelta(minutes=minutes))
    clock.moment = now + timedelta(minutes=5)
    working(clock, jobs={"k": lambda held, at: order.append(held.payload["name"])}).drain()
    assert order == ["early", "middle", "late"]
    assert counts() == {"done": 3}


# --- events -----------------------------------------------------------------------------------------------------


def test_an_event_that_no_handler_takes_is_parked_after_eight_and_holds_up_its_subject_until_then(
    in_tenant, clock: Clock, now
) -> None:
    subject, other, seen = new_id(now), new_id(now), []

    def fragile(event: Event) -> None:
        if event.data.get("bad"):
            raise ValueError("cannot")
        seen.append(event.name)

    busy = working(clock, events={"*": (fragile,)})
    publish(Event("thing.first", subject, now, {"bad": True}))
    publish(Event("thing.second", subject, now, {}))
    publish(Event("thing.other", other, now, {}))
    busy.drain()
    assert seen == ["thing.other"]
    for _ in range(7):
        clock.moment += timedelta(minutes=15)
        busy.drain()
    assert seen == ["thing.other", "thing.second"]
    assert [event.name for event in parked()] == ["thing.first"]
    assert waiting() == 0


def test_it_waits_where_nothing_is_due_and_only_there(in_tenant, clock: Clock, now) -> None:
    for _ in range(2):
        enqueue("k", new_id(now), {}, now)
    pauses: list[float] = []
    turns: list[int] = []
    busy = working(clock, jobs={"k": lambda held, at: None}, after_turn=lambda: turns.append(1))
    busy.run(lambda: len(turns) == 5, pauses.append)
    assert pauses == [IDLE_SECONDS] * 3
