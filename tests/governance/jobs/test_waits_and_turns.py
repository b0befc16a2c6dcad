"""The figures of jobs and turns: waits after failures, limits of leases, and intervals when the clocks are changed."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.governance.jobs import selectors
from jialiang.governance.jobs.errors import JobNotDead, LeaseLost
from jialiang.governance.jobs.leases import LONGEST_LEASE, LONGEST_WAIT, LeasedJob, lease_end
from jialiang.governance.jobs.models import Job, Timetable
from jialiang.governance.jobs.services import MOST_ATTEMPTS, claim, complete, enqueue, fail, renew, revive
from jialiang.governance.jobs.timetable import LONGEST_TURN, SHORTEST_LEASE, due, finish
from jialiang.kernel.text import Text
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

KIND = "finish_certificate"
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)


def taken(now: datetime, lease: float = 60) -> LeasedJob:
    leased = claim("worker-1", [KIND], now, lease)
    assert leased is not None
    return leased


def new_job(now: datetime) -> UUID:
    return enqueue(KIND, uuid4(), {}, now)


# --- failures ------------------------------------------------------------------------------------------------

# Two to the power of the attempt in seconds; the eighth failure ends the job.
WAITS = [2, 4, 8, 16, 32, 64, 128]


def test_each_failure_doubles_the_wait_to_the_second_and_the_eighth_ends_the_job(
    in_tenant: Tenant, now: datetime
) -> None:
    job = new_job(now)
    moment = now
    for attempt, seconds in enumerate(WAITS, start=1):
        leased = taken(moment)
        assert (leased.attempt, leased.fence) == (attempt, attempt)
        fail(leased, f"failure {attempt}", moment)
        row = Job.objects.get(pk=job)
        assert (row.state, row.not_before, row.last_error) == (
            "ready", moment + seconds * SECOND, f"failure {attempt}",
        )  # fmt: skip
        assert claim("worker-2", [KIND], row.not_before - MICROSECOND, 60) is None
        moment = row.not_before
    fail(taken(moment), "the last", moment)
    row = Job.objects.get(pk=job)
    assert (row.state, row.attempts, row.finished_at, row.last_error) == (
        "dead", MOST_ATTEMPTS, moment, "the last",
    )  # fmt: skip
    assert claim("worker-2", [KIND], moment + DAY, 60) is None


ERRORS = {
    "with a zero byte": ("a\x00b", "a\ufffdb"),
    "with half a letter": ("\udcff from a file name", "\ufffd from a file name"),
    "of several lines": ("Traceback\n  line 1", "Traceback\n  line 1"),
    "longer than a page": ("汉" * 3000, "汉" * 2000),
}


@pytest.mark.parametrize(("said", "kept"), ERRORS.values(), ids=ERRORS)
@pytest.mark.parametrize("last", [False, True], ids=["tried again", "given up"])
def test_whatever_a_worker_says_is_kept(
    in_tenant: Tenant, now: datetime, said: str, kept: str, last: bool
) -> None:
    job = new_job(now)
    if last:
        Job.objects.update(attempts=MOST_ATTEMPTS - 1)
    fail(taken(now), said, now)
    row = Job.objects.get(pk=job)
    assert row.last_error == kept
    assert row.state == ("dead" if last else "ready")


def test_the_error_of_a_failure_is_gone_when_the_job_is_done(in_tenant: Tenant, now: datetime) -> None:
    job = new_job(now)
    fail(taken(now), "once", now)
    later = now + 2 * SECOND
    complete(taken(later), later)
    row = Job.objects.get(pk=job)
    assert (row.state, row.last_error, row.finished_at, row.lease_until) == ("done", "", later, None)


def test_a_revived_job_has_all_its_attempts_but_no_fence_twice(in_tenant: Tenant, now: datetime) -> None:
    job = new_job(now)
    Job.objects.update(attempts=MOST_ATTEMPTS - 1, fence=7)
    fail(taken(now), "the last", now)
    revive(job, now + HOUR)
    leased = taken(now + HOUR)
    assert (leased.attempt, leased.fence) == (1, 9)


def test_only_the_own_institutes_dead_jobs_are_listed_and_revived(tenant: Tenant, now: datetime) -> None:
    other = create_tenant(slug="other-institute", name=Text("另一院"), now=now)
    with scope(tenant.id):
        job = new_job(now)
        Job.objects.update(state="dead", finished_at=now)
    with scope(other.id):
        assert selectors.dead_jobs() == []
        with pytest.raises(JobNotDead):
            revive(job, now)
    with scope(tenant.id):
        assert [row.id for row in selectors.dead_jobs()] == [job]
        assert selectors.counts() == {"dead": 1}


# --- leases --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "allowed"),
    [(0.000001, True), (1, True), (3600, True), (3600.000001, False), (0, False), (-1, False), (1e9, False)],
)
def test_a_lease_lasts_between_nothing_and_an_hour(now: datetime, seconds: float, allowed: bool) -> None:
    if allowed:
        assert lease_end(now, seconds) == now + timedelta(seconds=seconds)
    else:
        with pytest.raises(ValueError, match="a lease lasts"):
            lease_end(now, seconds)


@pytest.mark.parametrize(
    ("passed", "claimable"),
    [(timedelta(0), False), (60 * SECOND - MICROSECOND, False), (60 * SECOND, True), (HOUR, True)],
)
def test_a_lease_holds_until_its_last_moment(
    in_tenant: Tenant, now: datetime, passed: timedelta, claimable: bool
) -> None:
    new_job(now)
    taken(now, 60)
    assert (claim("worker-2", [KIND], now + passed, 60) is not None) is claimable


@pytest.mark.parametrize(
    ("column", "ahead", "claimable"),
    [
        ("lease_until", LONGEST_LEASE, False),
        ("lease_until", LONGEST_LEASE + MICROSECOND, True),
        ("not_before", LONGEST_WAIT, False),
        ("not_before", LONGEST_WAIT + MICROSECOND, True),
    ],
)
def test_what_a_wrong_clock_wrote_counts_up_to_the_longest_possible(
    in_tenant: Tenant, now: datetime, column: str, ahead: timedelta, claimable: bool
) -> None:
    new_job(now)
    Job.objects.update(state="leased" if column == "lease_until" else "ready", **{column: now + ahead})
    assert (claim("worker-2", [KIND], now, 60) is not None) is claimable


@pytest.mark.parametrize("deed", ["renew", "complete", "fail"])
@pytest.mark.parametrize("since", ["taken over", "done", "given back"])
def test_whoever_lost_the_job_can_do_nothing_to_it(
    in_tenant: Tenant, now: datetime, deed: str, since: str
) -> None:
    new_job(now)
    old = taken(now, 60)
    later = now + MINUTE
    if since == "taken over":
        taken(later)
    elif since == "done":
        complete(old, now)
    else:
        fail(old, "given back", now)
    before = Job.objects.values().get()
    deeds = {
        "renew": lambda: renew(old, later, 60),
        "complete": lambda: complete(old, later),
        "fail": lambda: fail(old, "late", later),
    }
    with pytest.raises(LeaseLost) as lost:
        deeds[deed]()
    assert lost.value.facts["fence"] == 1
    assert Job.objects.values().get() == before


def test_renewing_lengthens_the_lease_from_now_and_keeps_the_fence(in_tenant: Tenant, now: datetime) -> None:
    new_job(now)
    leased = taken(now, 60)
    longer = renew(leased, now + 50 * SECOND, 60)
    assert (longer.lease_until, longer.fence, longer.attempt) == (now + 110 * SECOND, 1, 1)
    assert claim("worker-2", [KIND], now + 109 * SECOND, 60) is None
    complete(leased, now + 100 * SECOND)


def test_the_job_that_may_run_longest_is_taken_first_and_not_the_one_made_first(
    in_tenant: Tenant, now: datetime
) -> None:
    made_first, made_second = new_job(now), new_job(now + SECOND)
    fail(taken(now), "waits two seconds", now)
    moment = now + 2 * SECOND
    assert [taken(moment).id, taken(moment).id] == [made_second, made_first]


@pytest.mark.parametrize("kinds", [[], ["another"], ["finish"], ["FINISH_CERTIFICATE"]])
def test_a_worker_is_given_only_the_very_kinds_it_knows(
    in_tenant: Tenant, now: datetime, kinds: list[str]
) -> None:
    new_job(now)
    assert claim("worker-1", kinds, now, 60) is None


# --- turns of the timetable ----------------------------------------------------------------------------------

LEASES = [
    # interval, how long a turn that is never finished blocks the next
    (SECOND, SHORTEST_LEASE),
    (59 * SECOND, SHORTEST_LEASE),
    (MINUTE, MINUTE),
    (5 * MINUTE, 5 * MINUTE),
    (10 * MINUTE, LONGEST_TURN),
    (HOUR, LONGEST_TURN),
    (30 * DAY, LONGEST_TURN),
]


@pytest.mark.parametrize(("every", "lease"), LEASES)
def test_a_turn_blocks_others_for_its_interval_between_one_and_ten_minutes(
    db: None, now: datetime, every: timedelta, lease: timedelta
) -> None:
    turn = due("renew_crl", every, now)
    assert turn is not None
    assert (turn.fence, turn.lease_until) == (1, now + lease)
    assert due("renew_crl", every, now + lease - MICROSECOND) is None
    again = due("renew_crl", every, now + lease)
    assert again is not None
    assert again.fence == 2
    with pytest.raises(LeaseLost):
        finish(turn, now + lease)
    finish(again, now + lease)


@pytest.mark.parametrize(
    ("passed", "is_due"),
    [(HOUR - MICROSECOND, False), (HOUR, True), (2 * HOUR, True), (-MICROSECOND, True)],
)
def test_work_is_due_an_interval_after_it_last_ended(
    db: None, now: datetime, passed: timedelta, is_due: bool
) -> None:
    turn = due("renew_crl", HOUR, now - 5 * MINUTE)
    assert turn is not None
    finish(turn, now)
    assert (due("renew_crl", HOUR, now + passed) is not None) is is_due


def hours(zone: str, first: tuple[int, ...], count: int) -> list[datetime]:
    """Every hour that passes from a local moment on, as that zone writes it (both of a doubled one)."""
    begin = datetime(*first, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return [(begin + n * HOUR).astimezone(ZoneInfo(zone)) for n in range(count)]


CHANGES_OF_CLOCKS = {
    "Berlin loses an hour": ("Europe/Berlin", (2026, 3, 29, 0), [0, 1, 3, 4]),
    "Berlin gains an hour": ("Europe/Berlin", (2026, 10, 25, 1), [1, 2, 2, 3]),
    "New York loses an hour": ("America/New_York", (2026, 3, 8, 0), [0, 1, 3, 4]),
    "New York gains an hour": ("America/New_York", (2026, 11, 1, 0), [0, 1, 1, 2]),
    "Lord Howe gains half an hour": ("Australia/Lord_Howe", (2026, 4, 5, 0), [0, 1, 1, 2]),
    "Shanghai changes nothing": ("Asia/Shanghai", (2026, 3, 29, 0), [0, 1, 2, 3]),
    "Shanghai lost an hour in 1986": ("Asia/Shanghai", (1986, 5, 4, 0), [0, 1, 3, 4]),
}


@pytest.mark.parametrize(("zone", "first", "dial"), CHANGES_OF_CLOCKS.values(), ids=CHANGES_OF_CLOCKS)
def test_hourly_work_runs_once_an_hour_also_when_the_clocks_are_changed(
    db: None, zone: str, first: tuple[int, ...], dial: list[int]
) -> None:
    moments = hours(zone, first, 4)
    assert [moment.hour for moment in moments] == dial
    runs = []
    for moment in moments:
        for minutes in (0, 20, 40):
            present = (moment.astimezone(UTC) + minutes * MINUTE).astimezone(ZoneInfo(zone))
            turn = due("hourly", HOUR, present)
            if turn is not None:
                runs.append(present.astimezone(UTC))
                finish(turn, present)
    assert [later - earlier for earlier, later in pairwise(runs)] == [HOUR] * 3


def test_two_works_have_turns_of_their_own_and_a_changed_interval_is_kept(db: None, now: datetime) -> None:
    for name, every in (("a", HOUR), ("b", DAY)):
        turn = due(name, every, now)
        assert turn is not None
        finish(turn, now)
    assert due("a", HOUR, now + HOUR) is not None
    assert due("b", DAY, now + HOUR) is None
    assert due("b", HOUR, now + HOUR) is not None
    assert dict(Timetable.objects.values_list("name", "every_seconds")) == {"a": 3600, "b": 3600}


@given(st.floats(min_value=1e-6, max_value=3600, allow_nan=False))
def test_no_allowed_lease_looks_like_one_of_a_wrong_clock(seconds: float) -> None:
    begin = datetime(2026, 6, 16, tzinfo=UTC)
    assert begin <= lease_end(begin, seconds) <= begin + LONGEST_LEASE
