"""How long a failing event waits, who waits behind it, and what is kept of its error."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from jialiang.governance.outbox import selectors
from jialiang.governance.outbox.errors import EventNotParked
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.governance.outbox.services import EVERY_EVENT, LONGEST_WAIT, dispatch, publish, release
from jialiang.kernel.events import Event
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import current_tenant_id, scope
from jialiang.security.tenancy.services import create_tenant

SECOND = timedelta(seconds=1)
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def _expected_failures(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", logger="jialiang.governance.outbox.services")


def published(now: datetime, subject: UUID | None = None, name: str = "certificate.issued") -> int:
    publish(Event(name, subject or uuid4(), now, {}))
    return OutboxEvent.objects.order_by("-id").values_list("id", flat=True)[0]


def refuse(said: str = "the door is shut") -> Callable[[Event], None]:
    def handler(_: Event) -> None:
        raise RuntimeError(said)

    return handler


def accept(_: Event) -> None:
    """Take any event."""


def the_only() -> OutboxEvent:
    return OutboxEvent.objects.get()


# Two to the power of the attempt in seconds; after the eighth attempt the event is parked.
WAITS = [(1, 2), (2, 4), (3, 8), (4, 16), (5, 32), (6, 64), (7, 128)]


def test_each_failure_doubles_the_wait_to_the_second_and_the_eighth_parks(
    in_tenant: Tenant, now: datetime
) -> None:
    published(now)
    moment = now
    for attempt, seconds in WAITS:
        assert dispatch({EVERY_EVENT: [refuse()]}, moment) == 0
        row = the_only()
        assert (row.attempts, row.not_before, row.parked_at) == (attempt, moment + seconds * SECOND, None)
        assert dispatch({EVERY_EVENT: [accept]}, row.not_before - MICROSECOND) == 0
        moment = row.not_before
    dispatch({EVERY_EVENT: [refuse()]}, moment)
    row = the_only()
    assert (row.attempts, row.parked_at, row.dispatched_at) == (8, moment, None)
    assert dispatch({EVERY_EVENT: [accept]}, moment + 365 * 86400 * SECOND) == 0


def test_the_longest_regular_wait_is_below_the_one_that_counts_as_a_wrong_clock() -> None:
    assert max(seconds for _, seconds in WAITS) * SECOND < LONGEST_WAIT


@pytest.mark.parametrize(
    ("ahead", "handed_on"),
    [
        (-SECOND, 1),
        (timedelta(0), 1),
        (MICROSECOND, 0),
        (LONGEST_WAIT, 0),
        (LONGEST_WAIT + MICROSECOND, 1),
        (timedelta(days=3650), 1),
    ],
)
def test_a_wait_counts_up_to_the_longest_possible_one(
    in_tenant: Tenant, now: datetime, ahead: timedelta, handed_on: int
) -> None:
    published(now)
    OutboxEvent.objects.update(not_before=now + ahead)
    assert dispatch({EVERY_EVENT: [accept]}, now) == handed_on


ERRORS = {
    "short": ("the door is shut", "RuntimeError: the door is shut"),
    "with a zero byte": ("read \x00 from the socket", "RuntimeError: read \ufffd from the socket"),
    "with half a letter": ("bad text \ud83d", "RuntimeError: bad text \ufffd"),
    "of several lines": ("first\nsecond", "RuntimeError: first\nsecond"),
    "in Chinese": ("连接被拒绝", "RuntimeError: 连接被拒绝"),
    "longer than a page": ("x" * 5000, "RuntimeError: " + "x" * 1986),
    "empty": ("", "RuntimeError: "),
}


@pytest.mark.parametrize(("said", "kept"), ERRORS.values(), ids=ERRORS)
def test_whatever_a_handler_says_is_kept_and_stops_nothing(
    in_tenant: Tenant, now: datetime, said: str, kept: str
) -> None:
    published(now, name="bad")
    published(now, name="good")
    assert dispatch({"bad": [refuse(said)], "good": [accept]}, now) == 1
    assert OutboxEvent.objects.get(name="bad").last_error == kept


def test_of_several_handlers_all_run_or_what_they_wrote_is_undone(in_tenant: Tenant, now: datetime) -> None:
    subject = uuid4()
    published(now, subject)

    def writes(event: Event) -> None:
        publish(Event("written", event.subject_id, event.happened_at, {}))

    assert dispatch({"certificate.issued": [writes, refuse()], "written": [accept]}, now) == 0
    assert not OutboxEvent.objects.filter(name="written").exists()
    later = now + 2 * SECOND
    assert dispatch({"certificate.issued": [writes, accept], "written": [accept]}, later) == 2
    assert OutboxEvent.objects.filter(name="written", dispatched_at=later).count() == 1


def test_handlers_of_the_name_run_before_those_of_every_event_each_once(
    in_tenant: Tenant, now: datetime
) -> None:
    told: list[str] = []
    published(now, name="a")
    handlers = {
        EVERY_EVENT: [lambda _: told.append("every 1"), lambda _: told.append("every 2")],
        "a": [lambda _: told.append("a 1"), lambda _: told.append("a 2")],
        "b": [lambda _: told.append("b")],
    }
    dispatch(handlers, now)
    assert told == ["a 1", "a 2", "every 1", "every 2"]


def test_a_star_in_the_name_of_an_event_is_only_a_name(in_tenant: Tenant, now: datetime) -> None:
    told: list[str] = []
    published(now, name="*")
    dispatch({EVERY_EVENT: [lambda event: told.append(event.name)]}, now)
    assert set(told) == {"*"}


def test_an_event_that_a_handler_publishes_about_the_same_thing_comes_after_the_present_one(
    in_tenant: Tenant, now: datetime
) -> None:
    subject, told = uuid4(), []

    def first(event: Event) -> None:
        told.append("first")
        publish(Event("second", event.subject_id, now, {}))

    published(now, subject, "first")
    assert dispatch({"first": [first], "second": [lambda _: told.append("second")]}, now) == 2
    assert told == ["first", "second"]


def test_a_parked_event_lets_later_ones_pass_and_comes_back_behind_them(
    in_tenant: Tenant, now: datetime
) -> None:
    subject, told = uuid4(), []
    parked = published(now, subject, "poison")
    OutboxEvent.objects.filter(pk=parked).update(parked_at=now, attempts=8)
    published(now, subject, "later")
    handlers = {EVERY_EVENT: [lambda event: told.append(event.name)]}
    assert dispatch(handlers, now) == 1
    release(parked)
    row = OutboxEvent.objects.get(pk=parked)
    assert (row.parked_at, row.attempts, row.not_before) == (None, 0, None)
    assert dispatch(handlers, now) == 1
    assert told == ["later", "poison"]
    with pytest.raises(EventNotParked) as refused:
        release(parked)
    assert refused.value.facts == {"event": parked}


def test_a_released_event_has_all_its_attempts_again(in_tenant: Tenant, now: datetime) -> None:
    parked = published(now)
    OutboxEvent.objects.update(parked_at=now, attempts=8, last_error="RuntimeError: old")
    release(parked)
    dispatch({EVERY_EVENT: [refuse("new")]}, now)
    row = the_only()
    assert (row.attempts, row.parked_at, row.last_error) == (1, None, "RuntimeError: new")


@pytest.mark.parametrize("limit", [0, 1, 2, 3, 5])
def test_a_failing_event_uses_up_the_limit_too_so_that_a_run_always_ends(
    in_tenant: Tenant, now: datetime, limit: int
) -> None:
    for _ in range(3):
        published(now, name="bad")
    dispatch({"bad": [refuse()]}, now, limit)
    assert OutboxEvent.objects.filter(attempts=1).count() == min(limit, 3)


def test_each_institute_is_in_scope_for_its_own_events_and_none_afterwards(
    tenant: Tenant, now: datetime
) -> None:
    other = create_tenant(slug="other-institute", name=Text("另一院"), now=now)
    for institute in (tenant, other, tenant):
        with scope(institute.id):
            publish(Event("a", new_id(now), now, {}))
    seen: list[UUID] = []
    assert dispatch({"a": [lambda _: seen.append(current_tenant_id())]}, now) == 3
    assert seen == [tenant.id, other.id, tenant.id]
    with scope(other.id):
        assert [row.tenant_id for row in selectors.events_after(0)] == [other.id]


def test_a_release_reaches_the_own_institute_only(tenant: Tenant, now: datetime) -> None:
    other = create_tenant(slug="other-institute", name=Text("另一院"), now=now)
    with scope(tenant.id):
        parked = published(now)
        OutboxEvent.objects.update(parked_at=now)
    with scope(other.id):
        with pytest.raises(EventNotParked):
            release(parked)
        assert selectors.parked() == []
    with scope(tenant.id):
        assert [row.id for row in selectors.parked()] == [parked]


def test_what_waits_is_neither_handed_on_nor_parked(in_tenant: Tenant, now: datetime) -> None:
    published(now, name="done")
    parked = published(now, name="parked")
    published(now, name="failing")
    OutboxEvent.objects.filter(pk=parked).update(parked_at=now)
    dispatch({"done": [accept], "failing": [refuse()]}, now)
    assert selectors.waiting() == 1
    assert [row.name for row in selectors.events_after(0)] == ["done", "parked", "failing"]
    assert [row.name for row in selectors.events_after(parked)] == ["failing"]
    assert [row.name for row in selectors.events_after(0, limit=1)] == ["done"]
