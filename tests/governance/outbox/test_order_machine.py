"""The outbox under any mixture of publishing, failing, waiting and releasing: order per subject, nothing lost."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from tests.machines import START, DatabaseMachine, run

from jialiang.governance.outbox import selectors
from jialiang.governance.outbox.errors import EventNotParked
from jialiang.governance.outbox.services import EVERY_EVENT, MOST_ATTEMPTS, dispatch, publish, release
from jialiang.kernel.events import Event

SUBJECTS = [UUID(int=n) for n in (1, 2, 3)]


class Outbox(DatabaseMachine):
    """Each event carries its serial; ``heard`` is what the handler was told per subject, ``broken`` who refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.serial = 0
        self.sent: dict[UUID, list[int]] = {subject: [] for subject in SUBJECTS}
        self.heard: dict[UUID, list[int]] = {subject: [] for subject in SUBJECTS}
        self.released: set[int] = set()
        self.broken: set[UUID] = set()

    def _publish(self, subject: UUID) -> int:
        self.serial += 1
        publish(Event("certificate.issued", subject, self.now, {"serial": self.serial}))
        return self.serial

    def _handle(self, event: Event) -> None:
        if event.subject_id in self.broken:
            raise RuntimeError("the handler cannot")
        self.heard[event.subject_id].append(event.data["serial"])

    @rule(subject=st.sampled_from(SUBJECTS))
    def publish_one(self, subject: UUID) -> None:
        self.sent[subject].append(self._publish(subject))

    @rule(subject=st.sampled_from(SUBJECTS))
    def roll_a_publication_back(self, subject: UUID) -> None:
        with pytest.raises(InterruptedError), transaction.atomic():
            self._publish(subject)
            raise InterruptedError

    @rule(subject=st.sampled_from(SUBJECTS))
    def mend_a_handler_while_the_first_of_two_still_waits(self, subject: UUID) -> None:
        for _ in range(2):
            self.sent[subject].append(self._publish(subject))
        mended, self.broken = self.broken - {subject}, self.broken | {subject}
        dispatch({EVERY_EVENT: [self._handle]}, self.now, 100)
        self.broken = mended
        dispatch({EVERY_EVENT: [self._handle]}, self.now, 100)

    @rule(limit=st.integers(1, 6))
    def dispatch_some(self, limit: int) -> None:
        before = sum(map(len, self.heard.values()))
        handed_on = dispatch({EVERY_EVENT: [self._handle]}, self.now, limit)
        assert handed_on == sum(map(len, self.heard.values())) - before <= limit

    @rule(subject=st.sampled_from(SUBJECTS))
    def break_or_mend(self, subject: UUID) -> None:
        self.broken ^= {subject}

    @rule(seconds=st.sampled_from([1, 4, 300, 1200]))
    def let_time_pass(self, seconds: int) -> None:
        self.pass_time(seconds)

    @precondition(lambda self: selectors.parked())
    @rule()
    def release_the_first_that_is_parked(self) -> None:
        row = selectors.parked()[0]
        release(row.id)
        self.released.add(row.data["serial"])
        with pytest.raises(EventNotParked):
            release(row.id)

    @invariant()
    def nothing_is_heard_twice_or_invented(self) -> None:
        for subject in SUBJECTS:
            assert len(set(self.heard[subject])) == len(self.heard[subject])
            assert set(self.heard[subject]) <= set(self.sent[subject])

    @invariant()
    def events_of_a_subject_come_in_order_but_for_those_that_were_parked(self) -> None:
        parked = {row.data["serial"] for row in selectors.parked()} | self.released
        for subject in SUBJECTS:
            in_order = [serial for serial in self.heard[subject] if serial not in parked]
            assert in_order == sorted(in_order)
            if in_order:
                behind = [serial for serial in self.sent[subject] if serial < in_order[-1]]
                assert set(behind) <= set(self.heard[subject]) | parked

    @invariant()
    def what_waits_is_counted(self) -> None:
        open_serials = sum(map(len, self.sent.values())) - sum(map(len, self.heard.values()))
        assert selectors.waiting() + len(selectors.parked()) == open_serials

    def teardown(self) -> None:
        """When every handler works again and time has passed, everything that is not parked is heard."""
        self.broken = set()
        self.now = max(self.now, START) + timedelta(days=1)
        while dispatch({EVERY_EVENT: [self._handle]}, self.now):
            pass
        left, parked = selectors.waiting(), selectors.parked()
        heard = sum(map(len, self.heard.values()))
        sent = sum(map(len, self.sent.values()))
        attempts = [row.attempts for row in parked]
        super().teardown()
        assert left == 0
        assert heard + len(parked) == sent
        assert all(count >= MOST_ATTEMPTS for count in attempts)


def test_whatever_handlers_do_each_subject_is_told_in_order_and_nothing_is_lost(db, caplog):
    caplog.set_level("CRITICAL", logger="jialiang.governance.outbox.services")
    run(Outbox, examples=10, steps=30)
