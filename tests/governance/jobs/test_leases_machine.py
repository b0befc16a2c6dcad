"""Jobs under any sequence of workers, deaths and clocks: an effect that is written with ``complete`` happens once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from tests.machines import DatabaseMachine, run

from jialiang.governance.counters import selectors as effects
from jialiang.governance.counters.services import take
from jialiang.governance.jobs.errors import JobNotDead, LeaseLost
from jialiang.governance.jobs.leases import LeasedJob
from jialiang.governance.jobs.models import Job
from jialiang.governance.jobs.services import MOST_ATTEMPTS, claim, complete, enqueue, fail, renew, revive
from jialiang.kernel.ids import new_id

KIND = "certificate.finish"
LEASE = 30.0


class Workers(DatabaseMachine):
    """``held`` are the leases that workers believe in, in the order of claiming; the last of a job may be true.

    The effect of a job is a number of a series, taken in the transaction that completes the job.
    """

    def __init__(self) -> None:
        super().__init__()
        self.jobs: list[UUID] = []
        self.held: list[LeasedJob] = []
        self.done: set[UUID] = set()

    def _newest(self, lease: LeasedJob) -> bool:
        return lease.fence == max(other.fence for other in self.held if other.id == lease.id)

    @rule()
    def enqueue_one(self) -> None:
        self.jobs.append(enqueue(KIND, new_id(self.now), {}, self.now))

    @rule()
    def roll_an_enqueuing_back(self) -> None:
        with pytest.raises(InterruptedError), transaction.atomic():
            enqueue(KIND, new_id(self.now), {}, self.now)
            raise InterruptedError

    @rule(worker=st.sampled_from(["a", "b", "c"]))
    def claim_one(self, worker: str) -> None:
        leased = claim(worker, [KIND], self.now, LEASE)
        if leased is None:
            return
        assert leased.id not in self.done
        others = [lease for lease in self.held if lease.id == leased.id]
        assert all(lease.fence < leased.fence for lease in others)
        self.held.append(leased)

    @precondition(lambda self: self.held)
    @rule(late=st.sampled_from([complete, renew]))
    def come_back_after_another_took_over(self, late: Any) -> None:
        """A worker sleeps through its lease, another claims the job, and the first wakes up."""
        self.pass_time(LEASE)
        sleeper = self.held[-1]
        taken = claim("z", [KIND], self.now, LEASE)
        if taken is None:
            return
        self.held.append(taken)
        if taken.id == sleeper.id:
            more = {} if late is complete else {"lease_seconds": LEASE}
            with pytest.raises(LeaseLost):
                late(sleeper, self.now, **more)

    @rule(seconds=st.sampled_from([0.001, 1, LEASE - 1, LEASE, 600]))
    def let_time_pass(self, seconds: float) -> None:
        self.pass_time(seconds)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def complete_with_its_effect(self, data: Any) -> None:
        lease = data.draw(st.sampled_from(self.held))
        stored = Job.objects.get(pk=lease.id)
        is_his = stored.state == "leased" and stored.fence == lease.fence
        try:
            with transaction.atomic():
                take(kind="effect", year=2026, pattern="E-{serial}", subject_id=lease.id, now=self.now)
                complete(lease, self.now)
        except LeaseLost:
            assert not is_his
        else:
            assert is_his
            assert lease.id not in self.done
            self.done.add(lease.id)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def die_between_effect_and_commit(self, data: Any) -> None:
        lease = data.draw(st.sampled_from(self.held))
        with pytest.raises((InterruptedError, LeaseLost)), transaction.atomic():
            take(kind="effect", year=2026, pattern="E-{serial}", subject_id=lease.id, now=self.now)
            complete(lease, self.now)
            raise InterruptedError

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def renew_one(self, data: Any) -> None:
        lease = data.draw(st.sampled_from(self.held))
        try:
            longer = renew(lease, self.now, LEASE)
        except LeaseLost:
            assert not self._newest(lease) or Job.objects.get(pk=lease.id).state != "leased"
        else:
            assert self._newest(lease)
            assert longer.lease_until == self.now + timedelta(seconds=LEASE)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def fail_one(self, data: Any) -> None:
        lease = data.draw(st.sampled_from(self.held))
        try:
            fail(lease, "no paper", self.now)
        except LeaseLost:
            return
        stored = Job.objects.get(pk=lease.id)
        assert stored.state == ("dead" if lease.attempt >= MOST_ATTEMPTS else "ready")
        assert stored.last_error == "no paper"

    @precondition(lambda self: self.jobs)
    @rule(data=st.data())
    def revive_one(self, data: Any) -> None:
        job_id = data.draw(st.sampled_from(self.jobs))
        dead = Job.objects.get(pk=job_id).state == "dead"
        if dead:
            revive(job_id, self.now)
            assert Job.objects.get(pk=job_id).attempts == 0
        else:
            with pytest.raises(JobNotDead):
                revive(job_id, self.now)

    @invariant()
    def each_effect_happened_once_and_only_for_what_is_done(self) -> None:
        happened = [line.subject_id for line in effects.account("effect", 2026)]
        assert sorted(happened) == sorted(self.done)
        assert set(Job.objects.filter(state="done").values_list("id", flat=True)) == self.done

    @invariant()
    def no_job_is_lost_and_none_is_invented(self) -> None:
        assert sorted(Job.objects.values_list("id", flat=True)) == sorted(self.jobs)

    @invariant()
    def nobody_tries_for_ever(self) -> None:
        assert all(job.attempts <= MOST_ATTEMPTS for job in Job.objects.all())
        assert all((job.lease_until is not None) == (job.state == "leased") for job in Job.objects.all())

    def teardown(self) -> None:
        """In the end a patient worker does all that is not dead."""
        for _ in range(len(self.jobs) * MOST_ATTEMPTS):
            self.pass_time(3600)
            lease = claim("patient", [KIND], self.now, LEASE)
            if lease is not None:
                complete(lease, self.now)
        states = set(Job.objects.values_list("state", flat=True))
        super().teardown()
        assert states <= {"done", "dead"}


def test_whatever_workers_and_clocks_do_each_effect_happens_once(db):
    run(Workers, examples=10, steps=30)
