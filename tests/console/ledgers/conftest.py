"""What tests of the ledgers' screens share: a world with a hostile name in it, and people at their desks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from jialiang.base.commissions.selectors import items_of
from jialiang.base.measurement_standards.facts import CheckFacts
from jialiang.functions import measurement_standards
from jialiang.kernel.text import Text
from jialiang.security.accounts.models import Person
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import scope
from tests.ledger import PAPER, World, build_world

HOSTILE = "<script>alert(1)</script>"


@dataclass(frozen=True)
class Things:
    """One thing of every noun, as rows."""

    world: World
    instrument: Any
    foreign: Any
    standard: Any
    accepted: Any
    item: Any
    opened: Any


def build_things(world: World) -> Things:
    instrument = world.instrument(
        name=Text(f"温度计{HOSTILE}", f"Thermometer {HOSTILE}"), serial_number="T-1"
    )
    accepted = world.commission(instrument)
    return Things(
        world=world,
        instrument=instrument,
        foreign=world.instrument(owner_id=world.mill_id, serial_number="M-1"),
        standard=world.standard(PAPER, serial_number="YZ-T-009"),
        accepted=accepted,
        item=items_of(accepted.id)[0],
        opened=world.commission(world.instrument(serial_number="T-2"), agreement=None),
    )


@pytest.fixture
def things(tenant: Tenant, now: datetime) -> Things:
    """A small institute with something of every noun."""
    with scope(tenant.id):
        return build_things(build_world(tenant.id, now))


@pytest.fixture
def desk(client: Client, add_person: Callable[..., Person], things: Things) -> Callable[..., Client]:
    """Sign somebody in: ``desk("receptionist")``; a customer works for the dairy."""

    def sign_in(*roles: str, language: str = "en", username: str = "li.xiaoliang") -> Client:
        person = add_person(username, *roles)
        if "customer" in roles:
            Person.objects.filter(pk=person.pk).update(organization_id=things.world.dairy_id)
        client.force_login(person)
        client.cookies["jialiang_language"] = language
        return client

    return sign_in


@pytest.fixture
def checked(things: Things) -> Things:
    """The same, with twelve checks of the standard: enough for a control chart."""
    texts = [
        "0.010",
        "0.012",
        "0.011",
        "0.009",
        "0.010",
        "0.013",
        "0.011",
        "0.010",
        "0.012",
        "0.009",
        "0.011",
        "0.010",
    ]
    facts = [
        CheckFacts(observed_on=f"2026-{month:02d}-15", measured_value=text, unit="\\degreecelsius")
        for month, text in zip(range(1, 13), texts, strict=True)
    ]
    with scope(things.world.tenant_id):
        measurement_standards.record_checks(
            actor=things.world.person("standards_keeper"),
            standard_id=things.standard.id,
            observations=facts,
            now=things.world.now,
        )
    return things
