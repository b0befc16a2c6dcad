"""State machines of Hypothesis on the test database: each run in a transaction that is rolled back at its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

START = datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC)


class DatabaseMachine(RuleBasedStateMachine):
    """An institute of its own in scope, or the one that stands for all runs, and a clock that only the rules move."""

    standing_tenant: Tenant | None = None
    standing_world: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self._transaction = transaction.atomic()
        self._transaction.__enter__()
        self.tenant: Tenant = self.standing_tenant or new_tenant()
        self._scope = scope(self.tenant.id)
        self._scope.__enter__()

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def teardown(self) -> None:
        self._scope.__exit__(None, None, None)
        transaction.set_rollback(True)
        self._transaction.__exit__(None, None, None)


def new_tenant() -> Tenant:
    """An institute of its own."""
    return create_tenant(slug=f"t{new_id(START).hex[:30]}", name=Text("机构"), now=START)


def run_in_one_world(
    machine: type[DatabaseMachine], build: Callable[[Tenant], Any], *, examples: int, steps: int, shrinks: bool = True
) -> None:
    """As :func:`run`, but with one institute and world: every run begins from them and leaves them as they were."""
    tenant = new_tenant()
    with scope(tenant.id):
        world = build(tenant)
    standing = type(machine.__name__, (machine,), {"standing_tenant": tenant, "standing_world": world})
    run(standing, examples=examples, steps=steps, shrinks=shrinks)


def run(machine: type[RuleBasedStateMachine], *, examples: int, steps: int, shrinks: bool = True) -> None:
    """Let Hypothesis look for a sequence of rules that breaks an invariant of the machine.

    ``shrinks=False`` reports the first one found as it is, where a step is too slow to look for a shorter one.
    """
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=checks,
        database=None,
        phases=(Phase.generate, Phase.shrink) if shrinks else (Phase.generate,),
    )
    run_state_machine_as_test(machine, settings=chosen)
