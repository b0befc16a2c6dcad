"""The outbox: an event with its change, handed on at least once, in order, and parked when it is poison."""

import threading
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import connections, transaction

from jialiang.governance.outbox import selectors
from jialiang.governance.outbox.errors import EventNotParked
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.governance.outbox.services import EVERY_EVENT, MOST_ATTEMPTS, dispatch, publish, release
from jialiang.kernel.events import Event
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.tenancy.errors import NoTenantInScope
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import current_tenant_id, scope
from jialiang.security.tenancy.services import create_tenant

ISSUED = "certificate.issued"
SECOND = timedelta(seconds=1)
LATER = timedelta(hours=1)


def published(now: datetime, subject: UUID | None = None, name: str = ISSUED, **data: object) -> UUID:
    subject = subject or uuid4()
    publish(Event(name, subject, now, data))
    return subject


class Listener:
    """Remembers what it was told; fails on the subjects it is asked to."""

    def __init__(self, *failing: UUID) -> None:
        self.heard: list[Event] = []
        self.failing = set(failing)

    def __call__(self, event: Event) -> None:
        if event.subject_id in self.failing:
            raise RuntimeError("the handler cannot")
        self.heard.append(event)


@pytest.fixture(autouse=True)
def _expected_failures(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", logger="jialiang.governance.outbox.services")


def test_an_event_reaches_its_handlers_as_it_was_published(in_tenant: Tenant, now: datetime) -> None:
    subject = published(now, number="JLX-2026-00001", value=Decimal("10.000"))
    listener = Listener()
    assert dispatch({ISSUED: [listener]}, now) == 1
    event = listener.heard[0]
    assert (event.name, event.subject_id, event.happened_at) == (ISSUED, subject, now)
    assert event.data == {"number": "JLX-2026-00001", "value": "10.000"}
    assert dispatch({ISSUED: [listener]}, now) == 0
    assert selectors.waiting() == 0


def test_an_event_of_a_change_that_is_rolled_back_never_was(in_tenant: Tenant, now: datetime) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        published(now)
        _ = 1 / 0
    assert selectors.waiting() == 0


def test_an_event_is_published_in_a_scope_and_handled_in_the_same(tenant: Tenant, now: datetime) -> None:
    with pytest.raises(NoTenantInScope):
        published(now)
    other = create_tenant(slug="other-institute", name=Text(zh="另一计量院"), now=now)
    for owner in (tenant, other):
        with scope(owner.id):
            published(now)
    seen: list[UUID] = []
    assert dispatch({ISSUED: [lambda event: seen.append(current_tenant_id())]}, now) == 2
    assert seen == [tenant.id, other.id]
    with pytest.raises(NoTenantInScope):
        current_tenant_id()


def test_handlers_are_chosen_by_name_and_an_event_for_nobody_is_done(
    in_tenant: Tenant, now: datetime
) -> None:
    issued, everything = Listener(), Listener()
    published(now)
    published(now, name="instrument.registered")
    assert dispatch({ISSUED: [issued], EVERY_EVENT: [everything]}, now) == 2
    assert [event.name for event in issued.heard] == [ISSUED]
    assert [event.name for event in everything.heard] == [ISSUED, "instrument.registered"]


def test_no_more_than_the_limit_is_handed_on_at_a_time(in_tenant: Tenant, now: datetime) -> None:
    for _ in range(5):
        published(now)
    assert [dispatch({}, now, limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_what_a_failing_handler_wrote_is_rolled_back_and_tried_again(
    in_tenant: Tenant, now: datetime
) -> None:
    published(now)
    calls: list[int] = []

    def writes_then_fails_once(event: Event) -> None:
        published(now, name="effect")
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("once")

    handlers = {ISSUED: [writes_then_fails_once]}
    assert dispatch(handlers, now) == 0
    assert OutboxEvent.objects.filter(name="effect").count() == 0
    assert OutboxEvent.objects.get().last_error == "RuntimeError: once"
    assert dispatch(handlers, now + SECOND) == 0
    assert dispatch(handlers, now + 2 * SECOND) == 2
    assert OutboxEvent.objects.filter(name="effect").count() == 1


def test_events_of_one_subject_keep_their_order_behind_a_failing_one_and_others_pass(
    in_tenant: Tenant, now: datetime
) -> None:
    stuck, free = uuid4(), uuid4()
    published(now, stuck, step=1)
    published(now, stuck, step=2)
    published(now, free, step=3)
    listener = Listener(stuck)
    assert dispatch({ISSUED: [listener]}, now) == 1
    assert [event.data["step"] for event in listener.heard] == [3]
    listener.failing.clear()
    assert dispatch({ISSUED: [listener]}, now + LATER) == 2
    assert [event.data["step"] for event in listener.heard] == [3, 1, 2]


def test_equal_subjects_of_two_institutes_do_not_wait_for_each_other(
    in_tenant: Tenant, now: datetime
) -> None:
    subject = uuid4()
    other = create_tenant(slug="other-institute", name=Text(zh="另一计量院"), now=now)
    published(now, subject)
    with scope(other.id):
        published(now, subject)
    failing_here: list[UUID] = []

    def fails_in_the_first(event: Event) -> None:
        failing_here.append(current_tenant_id())
        if current_tenant_id() == in_tenant.id:
            raise RuntimeError("not here")

    assert dispatch({ISSUED: [fails_in_the_first]}, now) == 1
    assert Counter(failing_here) == {in_tenant.id: 1, other.id: 1}


def test_poison_is_parked_with_its_error_and_then_lets_the_later_ones_pass(
    in_tenant: Tenant, now: datetime
) -> None:
    subject = published(now, step=1)
    published(now, subject, step=2)
    heard: list[int] = []

    def chokes_on_the_first(event: Event) -> None:
        if event.data["step"] == 1:
            raise ValueError("毒")
        heard.append(event.data["step"])

    moment = now
    for _ in range(MOST_ATTEMPTS):
        assert heard == []
        dispatch({ISSUED: [chokes_on_the_first]}, moment)
        moment += LATER
    parked = selectors.parked()
    assert [event.last_error for event in parked] == ["ValueError: 毒"]
    assert parked[0].attempts == MOST_ATTEMPTS
    dispatch({ISSUED: [chokes_on_the_first]}, moment)
    assert heard == [2]


def test_a_parked_event_can_be_released_and_another_cannot(in_tenant: Tenant, now: datetime) -> None:
    subject = published(now)
    listener = Listener(subject)
    moment = now
    for _ in range(MOST_ATTEMPTS):
        dispatch({ISSUED: [listener]}, moment)
        moment += LATER
    event_id = selectors.parked()[0].id
    with scope(uuid4()), pytest.raises(EventNotParked):
        release(event_id)
    release(event_id)
    with pytest.raises(EventNotParked):
        release(event_id)
    listener.failing.clear()
    assert dispatch({ISSUED: [listener]}, moment) == 1


def test_a_wait_written_by_a_clock_that_was_ahead_does_not_hold_an_event(
    in_tenant: Tenant, now: datetime
) -> None:
    listener = Listener(published(now))
    dispatch({ISSUED: [listener]}, now + timedelta(days=400))
    listener.failing.clear()
    assert dispatch({ISSUED: [listener]}, now) == 1


def test_events_can_be_read_again_from_any_point(in_tenant: Tenant, now: datetime) -> None:
    for step in range(5):
        published(now, step=step)
    dispatch({}, now)
    cursor, steps = 0, []
    while batch := selectors.events_after(cursor, limit=2):
        steps += [event.data["step"] for event in batch]
        cursor = batch[-1].id
    assert steps == [0, 1, 2, 3, 4]


def test_data_without_one_exact_text_cannot_be_published(in_tenant: Tenant, now: datetime) -> None:
    with pytest.raises(TypeError), transaction.atomic():
        published(now, value=0.1)
    assert selectors.waiting() == 0


@pytest.mark.django_db(transaction=True)
def test_dispatchers_at_once_hand_on_each_event_once_and_in_order(in_tenant: Tenant, now: datetime) -> None:
    subjects = [new_id(now) for _ in range(6)]
    for step in range(5):
        for subject in subjects:
            published(now, subject, step=step)
    heard: list[tuple[UUID, int]] = []
    problems: list[BaseException] = []

    def work() -> None:
        try:
            while dispatch({ISSUED: [lambda e: heard.append((e.subject_id, e.data["step"]))]}, now, limit=5):
                pass
        except BaseException as problem:  # noqa: BLE001 the thread's failure is the test's
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while dispatch({ISSUED: [lambda e: heard.append((e.subject_id, e.data["step"]))]}, now):
        pass
    assert problems == []
    assert len(heard) == 30
    for subject in subjects:
        assert [step for heard_subject, step in heard if heard_subject == subject] == [0, 1, 2, 3, 4]
