"""The worker: finishes what verbs have started, hands events on, and keeps the timetable."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import close_old_connections

from jialiang.governance.jobs.errors import LeaseLost
from jialiang.governance.jobs.leases import LeasedJob
from jialiang.governance.jobs.services import claim, complete, fail
from jialiang.governance.jobs.timetable import due
from jialiang.governance.jobs.timetable import finish as finish_turn
from jialiang.governance.outbox.services import dispatch
from jialiang.kernel.events import Event
from jialiang.security.tenancy.scope import scope

LEASE_SECONDS = 120
IDLE_SECONDS = 0.2

JobHandler = Callable[[LeasedJob, datetime], None]
EventHandler = Callable[[Event], None]
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Appointment:
    """Work that comes again: its name, how often, and what is to be done."""

    name: str
    every: timedelta
    deed: Callable[[datetime], None]


@dataclass(frozen=True, slots=True)
class Worker:
    """What one worker can do; the maps are put together in :mod:`jialiang.assembly.duties`."""

    jobs: Mapping[str, JobHandler]
    events: Mapping[str, Sequence[EventHandler]]
    timetable: Sequence[Appointment]
    clock: Callable[[], datetime]
    after_turn: Callable[[], None] = close_old_connections
    name: str = f"{socket.gethostname()}:{os.getpid()}"

    def run(self, stopped: Callable[[], bool], wait: Callable[[float], object]) -> None:
        """Work until ``stopped``; ``wait`` sleeps where nothing is due."""
        while not stopped():
            if not self.turn():
                wait(IDLE_SECONDS)
            self.after_turn()

    def drain(self) -> int:
        """Work until nothing is due and return how many turns did something."""
        turns = 0
        while self.turn():
            turns += 1
        return turns

    def turn(self) -> bool:
        """Do one job, hand on waiting events, keep due appointments; tell whether there was anything to do."""
        worked = self._one_job()
        worked = dispatch(self.events, self.clock()) > 0 or worked
        for appointment in self.timetable:
            worked = self._keep(appointment) or worked
        return worked

    def _one_job(self) -> bool:
        leased = claim(self.name, tuple(self.jobs), self.clock(), LEASE_SECONDS)
        if leased is None:
            return False
        try:
            with scope(leased.tenant_id):
                self.jobs[leased.kind](leased, self.clock())
                complete(leased, self.clock())
        except LeaseLost:
            logger.warning("job %s %s went to another worker", leased.kind, leased.id)
        except Exception as problem:  # noqa: BLE001 whatever a job raises, it is given back and the worker goes on
            logger.exception("job %s %s failed", leased.kind, leased.id)
            self._give_back(leased, problem)
        return True

    def _give_back(self, leased: LeasedJob, problem: Exception) -> None:
        try:
            fail(leased, f"{type(problem).__name__}: {problem}", self.clock())
        except LeaseLost:
            logger.warning("job %s %s went to another worker", leased.kind, leased.id)

    def _keep(self, appointment: Appointment) -> bool:
        turn = due(appointment.name, appointment.every, self.clock())
        if turn is None:
            return False
        appointment.deed(self.clock())
        finish_turn(turn, self.clock())
        return True
