"""What tests of the REST door share: an institute whose people hold tokens."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from tests.functions.record_world import PASSWORD, World
from tests.integration.api.calling import Caller, founded, stranger

from jialiang.integration.api import limits
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.accounts.selectors import actor_of
from jialiang.security.accounts.services import create_person, grant_role
from jialiang.security.tenancy.scope import scope
from jialiang.security.tokens.services import create_token


@pytest.fixture(autouse=True)
def _full_buckets() -> None:
    """Let no test be limited by what another one asked."""
    for limit in (
        limits.file_checks, limits.fake_reports, limits.questions, limits.document_deeds, limits.code_checks,
    ):  # fmt: skip
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


@pytest.fixture
def program(tenant, now):
    """Return the program of somebody by role, in an institute where nothing else is."""

    known: dict[str, Caller] = {}

    def caller(role: str) -> Caller:
        if role not in known:
            known[role] = made(role)
        return known[role]

    def made(role: str) -> Caller:
        with scope(tenant.id):
            person = create_person(
                tenant_id=tenant.id, username=f"of-{role}", password=PASSWORD, name=Text("某人"), now=now
            )
            grant_role(person_id=person.id, role=role, valid_from=date(2020, 1, 1), granted_by_id=None, now=now)
            actor = actor_of(person.id, utc_now().date(), "console")
            _, text = create_token(actor=actor, name="test", days=30, now=utc_now())
        return Caller(Client(), {"Authorization": f"Bearer {text}"})

    return caller
