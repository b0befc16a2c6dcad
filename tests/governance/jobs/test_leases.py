"""Jobs: claimed once, fenced, renewed, retried, given up; whatever workers and clocks do."""

import threading
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections, transaction

from jialiang.governance.jobs import selectors
from jialiang.governance.jobs.errors import JobNotDead, LeaseLost
from jialiang.governance.jobs.leases import LONGEST_LEASE, LONGEST_WAIT, LeasedJob
from jialiang.governance.jobs.models import Job
from jialiang.governance.jobs.services import MOST_ATTEMPTS, claim, complete, enqueue, fail, renew, revive
from jialiang.kernel.text import Text
from jialiang.security.tenancy.errors import NoTenantInScope
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

KIND = "certificate.finish"
LEASE = 30.0
SECOND = timedelta(seconds=1)


def an_enqueued_job(now: datetime, kind: str = KIND) -> UUID:
    return enqueue(kind, uuid4(), {"number": "JLX-2026-00001"}, now)


def claimed(now: datetime, worker: str = "worker-1", lease_seconds: float = LEASE) -> LeasedJob:
    leased = claim(worker, [KIND], now, lease_seconds)
    assert leased is not None
    return leased


def test_a_worker_is_given_the_job_with_all_that_it_needs(in_tenant: Tenant, now: datetime) -> None:
    job_id = an_enqueued_job(now)
    leased = claimed(now)
    assert (leased.id, leased.tenant_id, leased.kind) == (job_id, in_tenant.id, KIND)
    assert leased.payload == {"number": "JLX-2026-00001"}
    assert (leased.attempt, leased.fence, leased.lease_until) == (1, 1, now + 30 * SECOND)
    assert claim("worker-2", [KIND], now, LEASE) is None


def test_a_job_exists_only_if_its_transaction_commits(in_tenant: Tenant, now: datetime) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        an_enqueued_job(now)
        _ = 1 / 0
    assert claim("worker-1", [KIND], now, LEASE) is None


def test_a_job_is_enqueued_in_a_scope_and_claimed_without_one(tenant: Tenant, now: datetime) -> None:
    with pytest.raises(NoTenantInScope):
        an_enqueued_job(now)
    with scope(tenant.id):
        an_enqueued_job(now)
    leased = claimed(now)
    assert leased.tenant_id == tenant.id
    complete(leased, now)
    with everywhere("look at the job of a test"):
        assert Job.objects.get().state == "done"


def test_jobs_of_all_institutes_are_claimed_oldest_first(in_tenant: Tenant, now: datetime) -> None:
    other = create_tenant(slug="other-institute", name=Text(zh="另一计量院"), now=now)
    second = an_enqueued_job(now)
    with scope(other.id):
        first = an_enqueued_job(now - SECOND)
    assert [claimed(now).id, claimed(now).id] == [first, second]


def test_a_worker_claims_the_kinds_it_knows_only(in_tenant: Tenant, now: datetime) -> None:
    an_enqueued_job(now, "report.render")
    assert claim("worker-1", [KIND], now, LEASE) is None
    assert claim("worker-1", [], now, LEASE) is None
    assert claim("worker-1", [KIND, "report.render"], now, LEASE) is not None


def test_a_completed_job_is_done_and_never_claimed_again(in_tenant: Tenant, now: datetime) -> None:
    job_id = an_enqueued_job(now)
    complete(claimed(now), now + SECOND)
    row = selectors.job(job_id)
    assert row is not None
    assert (row.state, row.finished_at, row.lease_until) == ("done", now + SECOND, None)
    assert claim("worker-2", [KIND], now + timedelta(days=1), LEASE) is None


def test_the_job_of_a_killed_worker_comes_back_when_its_lease_is_over(
    in_tenant: Tenant, now: datetime
) -> None:
    an_enqueued_job(now)
    claimed(now)
    assert claim("worker-2", [KIND], now + 29 * SECOND, LEASE) is None
    again = claimed(now + 30 * SECOND, "worker-2")
    assert (again.attempt, again.fence) == (2, 2)


def test_who_comes_back_after_another_took_over_has_lost_the_job(in_tenant: Tenant, now: datetime) -> None:
    an_enqueued_job(now)
    late = claimed(now)
    successor = claimed(now + 31 * SECOND, "worker-2")
    for act in (
        lambda: complete(late, now + 32 * SECOND),
        lambda: fail(late, "too late", now + 32 * SECOND),
        lambda: renew(late, now + 32 * SECOND, LEASE),
    ):
        with pytest.raises(LeaseLost) as caught:
            act()
    assert (caught.value.code, caught.value.http_status) == ("JL-JOB-001", 409)
    complete(successor, now + 33 * SECOND)
    with pytest.raises(LeaseLost):
        complete(successor, now + 34 * SECOND)


def test_a_late_worker_whom_nobody_replaced_may_still_complete(in_tenant: Tenant, now: datetime) -> None:
    an_enqueued_job(now)
    leased = claimed(now)
    complete(leased, now + timedelta(minutes=5))
    assert selectors.counts() == {"done": 1}


def test_the_effect_of_a_lost_lease_is_rolled_back_with_it(in_tenant: Tenant, now: datetime) -> None:
    an_enqueued_job(now)
    late = claimed(now)
    claimed(now + 31 * SECOND, "worker-2")
    with pytest.raises(LeaseLost), transaction.atomic():
        an_enqueued_job(now, "effect")
        complete(late, now + 32 * SECOND)
    assert claim("worker-3", ["effect"], now, LEASE) is None


def test_long_work_keeps_its_job_by_renewing(in_tenant: Tenant, now: datetime) -> None:
    an_enqueued_job(now)
    leased = claimed(now)
    for minute in range(1, 5):
        leased = renew(leased, now + minute * 20 * SECOND, LEASE)
        assert claim("worker-2", [KIND], now + minute * 20 * SECOND + 29 * SECOND, LEASE) is None
    assert leased.lease_until == now + 110 * SECOND
    complete(leased, now + 109 * SECOND)


def test_a_failed_job_waits_longer_each_time_and_then_is_dead(in_tenant: Tenant, now: datetime) -> None:
    job_id = an_enqueued_job(now)
    moment, waits = now, []
    for attempt in range(1, MOST_ATTEMPTS + 1):
        leased = claimed(moment)
        assert leased.attempt == attempt
        fail(leased, f"attempt {attempt} failed", moment)
        row = selectors.job(job_id)
        assert row is not None
        if attempt < MOST_ATTEMPTS:
            assert claim("worker-2", [KIND], row.not_before - SECOND, LEASE) is None
            waits.append(row.not_before - moment)
            moment = row.not_before
    assert waits == sorted(waits)
    assert waits[0] == 2 * SECOND
    assert max(waits) <= LONGEST_WAIT
    assert (row.state, row.last_error) == ("dead", f"attempt {MOST_ATTEMPTS} failed")
    assert claim("worker-2", [KIND], moment + timedelta(days=1), LEASE) is None
    assert [dead.id for dead in selectors.dead_jobs()] == [job_id]


def test_a_job_that_kills_its_workers_is_given_up_and_does_not_hold_up_the_next(
    in_tenant: Tenant, now: datetime
) -> None:
    poison = an_enqueued_job(now)
    moment = now
    for _ in range(MOST_ATTEMPTS):
        assert claimed(moment).id == poison
        moment += 31 * SECOND
    healthy = an_enqueued_job(moment)
    assert claimed(moment).id == healthy
    row = selectors.job(poison)
    assert row is not None
    assert row.state == "dead"
    assert str(MOST_ATTEMPTS) in row.last_error


def test_a_worker_whose_poisoned_job_was_given_up_cannot_complete_it(
    in_tenant: Tenant, now: datetime
) -> None:
    an_enqueued_job(now)
    moment = now
    for _ in range(MOST_ATTEMPTS):
        leased = claimed(moment)
        moment += 31 * SECOND
    assert claim("worker-2", [KIND], moment, LEASE) is None
    with pytest.raises(LeaseLost):
        complete(leased, moment)


def test_a_dead_job_can_be_revived_and_a_living_one_cannot(in_tenant: Tenant, now: datetime) -> None:
    job_id = an_enqueued_job(now)
    with pytest.raises(JobNotDead):
        revive(job_id, now)
    Job.objects.filter(pk=job_id).update(state="dead", attempts=MOST_ATTEMPTS)
    with scope(uuid4()), pytest.raises(JobNotDead):
        revive(job_id, now)
    revive(job_id, now)
    assert claimed(now).attempt == 1


def test_a_clock_that_jumps_ahead_costs_the_lease_but_never_the_order(
    in_tenant: Tenant, now: datetime
) -> None:
    an_enqueued_job(now)
    first = claimed(now)
    ahead = claimed(now + timedelta(days=1), "worker-2")
    with pytest.raises(LeaseLost):
        complete(first, now + SECOND)
    complete(ahead, now + 2 * SECOND)


def test_a_lease_written_by_a_clock_that_was_ahead_does_not_block_the_job(
    in_tenant: Tenant, now: datetime
) -> None:
    an_enqueued_job(now)
    claimed(now + timedelta(days=400), "worker-with-a-wrong-clock")
    assert claimed(now + SECOND, "worker-2").fence == 2


def test_a_wait_written_by_a_clock_that_was_ahead_does_not_block_the_job(
    in_tenant: Tenant, now: datetime
) -> None:
    an_enqueued_job(now + timedelta(days=400))
    assert claimed(now).attempt == 1


def test_a_clock_that_jumps_back_does_not_take_a_job_from_its_worker(
    in_tenant: Tenant, now: datetime
) -> None:
    an_enqueued_job(now - timedelta(hours=1))
    leased = claimed(now)
    assert claim("worker-2", [KIND], now - timedelta(minutes=10), LEASE) is None
    complete(leased, now - timedelta(minutes=10))


@pytest.mark.parametrize("seconds", [0, -1, LONGEST_LEASE.total_seconds() + 1])
def test_a_lease_is_neither_empty_nor_endless(seconds: float, in_tenant: Tenant, now: datetime) -> None:
    with pytest.raises(ValueError, match="lease"):
        claim("worker-1", [KIND], now, seconds)


def test_jobs_of_a_thing_are_listed_in_their_order(in_tenant: Tenant, now: datetime) -> None:
    subject = uuid4()
    first = enqueue("a", subject, {}, now)
    second = enqueue("b", subject, {}, now + SECOND)
    an_enqueued_job(now)
    assert [job.id for job in selectors.jobs_of(subject)] == [first, second]
    assert selectors.job(uuid4()) is None


def _drain(now: datetime, worker: str, done: list[UUID], claims: list[tuple[UUID, int]]) -> None:
    while leased := claim(worker, [KIND], now, LEASE):
        claims.append((leased.id, leased.fence))
        with transaction.atomic():
            complete(leased, now)
        done.append(leased.id)


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_do_every_job_exactly_once(in_tenant: Tenant, now: datetime) -> None:
    wanted = {an_enqueued_job(now) for _ in range(60)}
    done: list[UUID] = []
    claims: list[tuple[UUID, int]] = []
    problems: list[BaseException] = []

    def work(number: int) -> None:
        try:
            _drain(now, f"worker-{number}", done, claims)
        except BaseException as problem:  # noqa: BLE001 the thread's failure is the test's
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # A worker that found every row taken for the moment went home; one more drains what is left.
    _drain(now, "worker-last", done, claims)
    assert problems == []
    assert len(done) == len(claims) == 60
    assert set(done) == wanted
    assert {fence for _, fence in claims} == {1}


@pytest.mark.django_db(transaction=True)
def test_two_workers_race_for_one_job_and_the_fence_tells_who_has_it(
    in_tenant: Tenant, now: datetime
) -> None:
    for _ in range(5):
        an_enqueued_job(now)
        barrier = threading.Barrier(2)
        won: list[LeasedJob | None] = []

        def race(
            worker: str, barrier: threading.Barrier = barrier, won: list[LeasedJob | None] = won
        ) -> None:
            barrier.wait()
            won.append(claim(worker, [KIND], now, LEASE))
            connections.close_all()

        threads = [threading.Thread(target=race, args=(f"worker-{n}",)) for n in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [leased is None for leased in won].count(False) == 1
        complete(next(leased for leased in won if leased), now)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_worker_does_not_wait_for_a_row_that_another_is_just_taking(
    in_tenant: Tenant, now: datetime, postgres: None
) -> None:
    first, second = an_enqueued_job(now), an_enqueued_job(now + SECOND)
    got: list[LeasedJob | None] = []

    def other() -> None:
        got.append(claim("worker-2", [KIND], now + SECOND, LEASE))
        connections.close_all()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM governance_jobs_job WHERE id = %s FOR UPDATE", [first])
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(timeout=4)
        assert not thread.is_alive()
    assert got[0] is not None
    assert got[0].id == second
