"""One small institute for the tests of the registers' pages: built once a module, every test starts from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from jialiang.base.commissions.selectors import items_of
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.accounts.models import Person
from jialiang.security.accounts.services import create_person, grant_role
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant
from tests.console.people import PASSWORD
from tests.console.registers.identifier_desk import Desk, set_up
from tests.console.standing import standing
from tests.ledger import PAPER, World, build_world


@dataclass(frozen=True)
class Registers:
    """Two customers, four instruments, two standards, an accepted and an open commission."""

    world: World
    thermometer: Any
    gauge: Any
    mill_scale: Any
    ordered: Any
    standard: Any
    bare_standard: Any
    accepted: Any
    item: Any
    opened: Any


def build() -> Registers:
    now = utc_now()
    name = Text(zh="云泽市计量测试院", en="Yunze Institute of Metrology")
    tenant = create_tenant(slug="yunze", name=name, time_zone="Asia/Shanghai", now=now)
    with scope(tenant.id):
        world = build_world(tenant.id, now)
        thermometer = world.instrument(serial_number="T-1", inventory_number="INV-7", purpose="medical_care")
        gauge = world.instrument(
            name=Text("压力表", "Pressure gauge"), serial_number="P-1", model="YB-150", unit="\\kilo\\pascal"
        )
        ordered = world.instrument(serial_number="T-2")
        accepted = world.commission(thermometer)
        today = now.date()
        paper = replace(
            PAPER, valid_from=today - timedelta(days=100), valid_until=today + timedelta(days=265)
        )
        return Registers(
            world=world,
            thermometer=thermometer,
            gauge=gauge,
            mill_scale=world.instrument(owner_id=world.mill_id, serial_number="M-1", compulsory=True),
            ordered=ordered,
            standard=world.standard(paper, serial_number="YZ-T-009", code="STD-9"),
            bare_standard=world.standard(serial_number="YZ-T-010"),
            accepted=accepted,
            item=items_of(accepted.id)[0],
            opened=world.commission(ordered, agreement=None),
        )


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Registers]:
    """The institute, for all tests of a module."""
    with standing(build, django_db_blocker) as world:
        yield world


@pytest.fixture
def registers(built: Registers, db: None) -> Iterator[Registers]:
    """The institute, in scope for the test."""
    cache.clear()
    with scope(built.world.tenant_id):
        yield built


@pytest.fixture
def hire(registers: Registers) -> Callable[..., Person]:
    """Give somebody an account: ``hire("li.heng", "technician")``; a customer works for the dairy."""

    def add(username: str, *roles: str, **members: Any) -> Person:
        employer = registers.world.dairy_id if "customer" in roles else None
        now = utc_now()
        person = create_person(
            tenant_id=registers.world.tenant_id,
            username=username,
            password=PASSWORD,
            now=now,
            **{"name": Text("李小量", "Li Xiaoliang"), "organization_id": employer, **members},
        )
        for role in roles:
            grant_role(
                person_id=person.id,
                role=role,
                valid_from=now.date() - timedelta(days=30),
                granted_by_id=None,
                now=now,
            )
        return person

    return add


@pytest.fixture
def as_(hire: Callable[..., Person]) -> Callable[..., Client]:
    """Sign somebody with roles in: ``as_("receptionist", language="zh-hans")``."""

    def sign_in(*roles: str, language: str = "en") -> Client:
        client = Client()
        client.force_login(hire("li.xiaoliang", *roles))
        client.cookies["jialiang_language"] = language
        return client

    return sign_in


@pytest.fixture(scope="module")
def built_desk(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Desk]:
    """The desk of identifiers, for all tests of a module."""
    with standing(set_up, django_db_blocker) as desk:
        yield desk


@pytest.fixture
def identifier_desk(built_desk: Desk, db: None) -> Iterator[Desk]:
    """Three identifiers, a template, and people who may do everything, some things, nothing; in scope for the test."""
    cache.clear()
    with scope(built_desk.world.tenant_id):
        yield built_desk
