"""Requests that are sent twice are done once: claims, answers, workers that come too late, and forgetting."""

import threading
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections, transaction
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from tests.machines import DatabaseMachine, run

from jialiang.governance.idempotency.errors import KeyInUse, KeyReused
from jialiang.governance.idempotency.models import KeyedRequest
from jialiang.governance.idempotency.services import (
    KEPT_FOR,
    RUNS_AT_MOST,
    KeptAnswer,
    claim,
    forget,
    keep,
    release,
)
from jialiang.kernel.text import Text
from jialiang.security.tenancy.errors import NoTenantInScope
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

OWNER = UUID(int=1)
KEY = "3f1c0a4e-order-17"
DIGEST = "a" * 64
SECOND = timedelta(seconds=1)
MADE = KeptAnswer(201, {"Location": "/api/instruments/7"}, '{"编号": 7}'.encode())


def claimed(now: datetime, *, owner: UUID = OWNER, key: str = KEY, digest: str = DIGEST) -> UUID:
    answer = claim(owner_id=owner, key=key, request_digest=digest, now=now)
    assert isinstance(answer, UUID)
    return answer


def repeated(now: datetime, *, digest: str = DIGEST) -> KeptAnswer:
    answer = claim(owner_id=OWNER, key=KEY, request_digest=digest, now=now)
    assert isinstance(answer, KeptAnswer)
    return answer


# --- one key, one request, one answer ------------------------------------------------------------------------


def test_the_second_request_gets_the_answer_of_the_first_to_the_byte(
    in_tenant: Tenant, now: datetime
) -> None:
    keep(claimed(now), MADE)
    assert repeated(now + SECOND) == MADE


@pytest.mark.parametrize(
    "answer",
    [
        KeptAnswer(200, {}, b""),
        KeptAnswer(204, {}, b""),
        KeptAnswer(201, {"Content-Type": "application/pdf"}, bytes(range(256))),
        KeptAnswer(200, {"Content-Language": "zh-hans", "Location": "/a?b=c&d=é"}, "汉".encode()),
    ],
    ids=["empty", "no content", "every byte", "two headers"],
)
def test_any_answer_comes_back_as_it_was(in_tenant: Tenant, now: datetime, answer: KeptAnswer) -> None:
    keep(claimed(now), answer)
    assert repeated(now) == answer


def test_a_key_with_another_request_is_refused_before_and_after_the_answer(
    in_tenant: Tenant, now: datetime
) -> None:
    first = claimed(now)
    for _ in range(2):
        with pytest.raises(KeyReused) as refused:
            claim(owner_id=OWNER, key=KEY, request_digest="b" * 64, now=now)
        assert refused.value.facts == {"key": KEY}
        keep(first, MADE)
    assert repeated(now) == MADE


@pytest.mark.parametrize(
    ("passed", "seconds"),
    [(0, 120), (1, 119), (60, 60), (119, 1), (119.5, 1)],
)
def test_while_the_first_request_runs_the_second_is_told_how_long_to_wait(
    in_tenant: Tenant, now: datetime, passed: float, seconds: int
) -> None:
    claimed(now)
    with pytest.raises(KeyInUse) as refused:
        claimed(now + passed * SECOND)
    assert refused.value.facts == {"key": KEY, "seconds": seconds}


@pytest.mark.parametrize(
    ("member", "other"),
    [("owner", UUID(int=2)), ("key", "3F1C0A4E-ORDER-17"), ("key", KEY + " ")],
    ids=["another owner", "other capitals", "a blank more"],
)
def test_another_owner_or_key_is_another_claim(
    in_tenant: Tenant, now: datetime, member: str, other: object
) -> None:
    first = claimed(now)
    assert claimed(now, **{member: other}) != first


def test_equal_owners_and_keys_of_two_institutes_are_strangers(tenant: Tenant, now: datetime) -> None:
    other = create_tenant(slug="other-institute", name=Text("另一院"), now=now)
    with scope(tenant.id):
        keep(claimed(now), MADE)
    with scope(other.id):
        second = claimed(now, digest="c" * 64)
        keep(second, KeptAnswer(200, {}, b"other"))
    with scope(tenant.id):
        assert repeated(now) == MADE


def test_a_claim_needs_an_institute(db: None, now: datetime) -> None:
    with pytest.raises(NoTenantInScope):
        claimed(now)


# --- given back, forgotten -----------------------------------------------------------------------------------


def test_a_request_that_changed_nothing_gives_its_key_back(in_tenant: Tenant, now: datetime) -> None:
    release(claimed(now))
    keep(claimed(now, digest="d" * 64), MADE)
    assert repeated(now, digest="d" * 64) == MADE


def test_a_claim_that_is_rolled_back_never_was(in_tenant: Tenant, now: datetime) -> None:
    with transaction.atomic():
        claimed(now)
        transaction.set_rollback(True)
    assert not KeyedRequest.objects.exists()
    claimed(now)


@pytest.mark.parametrize(
    ("after", "kept"),
    [(KEPT_FOR - SECOND, True), (KEPT_FOR, False), (KEPT_FOR + SECOND, False)],
)
def test_an_answer_is_kept_for_a_day_and_then_the_key_is_free(
    in_tenant: Tenant, now: datetime, after: timedelta, kept: bool
) -> None:
    keep(claimed(now), MADE)
    answer = claim(owner_id=OWNER, key=KEY, request_digest=DIGEST, now=now + after)
    assert isinstance(answer, KeptAnswer) is kept


def test_a_key_free_after_its_day_may_carry_another_request(in_tenant: Tenant, now: datetime) -> None:
    keep(claimed(now), MADE)
    keep(claimed(now + KEPT_FOR, digest="e" * 64), KeptAnswer(200, {}, b"new"))
    assert repeated(now + KEPT_FOR, digest="e" * 64).body == b"new"


def test_forgetting_takes_what_has_had_its_day_in_every_institute_and_nothing_else(
    tenant: Tenant, now: datetime
) -> None:
    other = create_tenant(slug="other-institute", name=Text("另一院"), now=now)
    for institute in (tenant, other):
        with scope(institute.id):
            claimed(now, key="old")
            claimed(now + SECOND, key="young")
    assert forget(now + KEPT_FOR - SECOND) == 0
    assert forget(now + KEPT_FOR) == 2
    with everywhere("looking at all"):
        assert {row.key for row in KeyedRequest.objects.all()} == {"young"}
    assert forget(now + KEPT_FOR) == 0


# --- workers that die and come back --------------------------------------------------------------------------


def test_the_claim_of_a_worker_that_died_is_given_to_the_next(in_tenant: Tenant, now: datetime) -> None:
    claimed(now)
    second = claimed(now + RUNS_AT_MOST)
    with pytest.raises(KeyInUse):
        claimed(now + RUNS_AT_MOST + SECOND)
    keep(second, MADE)
    assert repeated(now + RUNS_AT_MOST + SECOND) == MADE


def test_a_worker_that_comes_back_late_does_not_replace_the_answer_that_was_given(
    in_tenant: Tenant, now: datetime
) -> None:
    late = claimed(now)
    second = claimed(now + RUNS_AT_MOST)
    keep(second, MADE)
    keep(late, KeptAnswer(200, {}, b"too late"))
    assert repeated(now + RUNS_AT_MOST) == MADE


def test_a_worker_that_comes_back_late_and_failed_does_not_free_the_key_of_the_answer(
    in_tenant: Tenant, now: datetime
) -> None:
    late = claimed(now)
    keep(claimed(now + RUNS_AT_MOST), MADE)
    release(late)
    assert repeated(now + RUNS_AT_MOST) == MADE


def test_a_worker_that_comes_back_late_does_not_end_the_claim_of_the_one_who_took_over(
    in_tenant: Tenant, now: datetime
) -> None:
    late = claimed(now)
    second = claimed(now + RUNS_AT_MOST)
    release(late)
    keep(late, KeptAnswer(200, {}, b"too late"))
    with pytest.raises(KeyInUse):
        claimed(now + RUNS_AT_MOST + SECOND)
    keep(second, MADE)
    assert repeated(now + RUNS_AT_MOST + SECOND) == MADE


def test_whoever_takes_over_keeps_the_request_and_the_day_of_the_first(
    in_tenant: Tenant, now: datetime
) -> None:
    claimed(now)
    with pytest.raises(KeyReused):
        claimed(now + RUNS_AT_MOST, digest="f" * 64)
    claimed(now + RUNS_AT_MOST)
    row = KeyedRequest.objects.get()
    assert (row.request_digest, row.began_at, row.forget_at) == (DIGEST, now, now + KEPT_FOR)
    assert row.runs_until == now + 2 * RUNS_AT_MOST


def test_keeping_and_releasing_an_unknown_claim_change_nothing(in_tenant: Tenant, now: datetime) -> None:
    first = claimed(now)
    keep(uuid4(), MADE)
    release(uuid4())
    keep(first, MADE)
    assert repeated(now) == MADE


# --- many at once, and any order -----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_many_equal_requests_at_once_one_is_done_and_all_others_get_its_answer(
    in_tenant: Tenant, now: datetime
) -> None:
    outcomes: list[str] = []
    barrier = threading.Barrier(4)

    def send() -> None:
        barrier.wait()
        try:
            with scope(in_tenant.id), transaction.atomic():
                answer = claim(owner_id=OWNER, key=KEY, request_digest=DIGEST, now=now)
                if isinstance(answer, KeptAnswer):
                    outcomes.append(answer.body.decode())
                else:
                    keep(answer, KeptAnswer(201, {}, b"done"))
                    outcomes.append("did it")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["did it", "done", "done", "done"]


def test_a_repeated_request_writes_nothing(
    in_tenant: Tenant, now: datetime, django_assert_max_num_queries
) -> None:
    keep(claimed(now), MADE)
    before = KeyedRequest.objects.values().get()
    with django_assert_max_num_queries(8):
        repeated(now + SECOND)
    assert KeyedRequest.objects.values().get() == before
    assert connection.in_atomic_block


class Requests(DatabaseMachine):
    """Workers claim a key, die, come back, keep and release in any order; the model knows who holds it."""

    def __init__(self) -> None:
        super().__init__()
        self.holder: UUID | None = None
        self.until = self.now
        self.answer: KeptAnswer | None = None
        self.late: list[UUID] = []

    @rule(seconds=st.sampled_from([1, 60, 120, 3600]))
    def wait(self, seconds: int) -> None:
        self.pass_time(seconds)

    @rule()
    def send(self) -> None:
        running = self.holder is not None and self.until > self.now and self.answer is None
        try:
            got = claim(owner_id=OWNER, key=KEY, request_digest=DIGEST, now=self.now)
        except KeyInUse:
            assert running
            return
        assert not running
        if isinstance(got, KeptAnswer):
            assert got == self.answer
            return
        assert self.answer is None
        if self.holder is not None:
            self.late.append(self.holder)
        self.holder, self.until = got, self.now + RUNS_AT_MOST

    @rule(number=st.integers(0, 999))
    def finish(self, number: int) -> None:
        if self.holder is not None and self.answer is None:
            self.answer = KeptAnswer(201, {}, str(number).encode())
            keep(self.holder, self.answer)

    @rule()
    def fail(self) -> None:
        if self.holder is not None and self.answer is None:
            release(self.holder)
            self.holder = None

    @rule(failed=st.booleans())
    def come_back_late(self, failed: bool) -> None:
        for each in self.late:
            if failed:
                release(each)
            else:
                keep(each, KeptAnswer(500, {}, b"late"))

    @invariant()
    def the_kept_answer_is_the_first_one(self) -> None:
        row = KeyedRequest.objects.filter(owner_id=OWNER, key=KEY).first()
        assert (row is None) == (self.holder is None)
        if row is not None:
            assert row.status == (None if self.answer is None else self.answer.status)
            assert bytes(row.body) == (b"" if self.answer is None else self.answer.body)


def test_whatever_workers_do_a_key_has_one_answer(db: None) -> None:
    run(Requests, examples=25, steps=20)
