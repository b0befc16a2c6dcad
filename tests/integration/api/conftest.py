"""What tests of the REST door share: an institute whose people hold tokens."""

from __future__ import annotations

import pytest
from tests.functions.record_world import World
from tests.integration.api.calling import Caller, founded, stranger

from jialiang.integration.api import limits
from jialiang.kernel.clock import utc_now


@pytest.fixture(autouse=True)
def _full_buckets() -> None:
    """Let no test be limited by what another one asked."""
    for limit in (limits.file_checks, limits.fake_reports, limits.questions, limits.document_deeds):
        limit.forget()


@pytest.fixture
def world(tenant) -> World:
    """An institute today, with a customer's thermometer and a reference in force; not in scope."""
    return founded(tenant, utc_now())


@pytest.fixture
def as_role(world):
    """Return the program of somebody by role."""
    known: dict[str, Caller] = {}

    def caller(role: str) -> Caller:
        if role not in known:
            known[role] = Caller.of(world, role)
        return known[role]

    return caller


@pytest.fixture
def anyone(db) -> Caller:
    """Somebody without token or session."""
    return stranger()
