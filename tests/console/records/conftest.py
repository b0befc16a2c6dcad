"""One institute for all tests of records and certificates on screen: built once, every test starts from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant
from tests.console.bench import Bench, bench_of
from tests.console.standing import standing
from tests.functions import record_world


@dataclass(frozen=True)
class Standing:
    """A record in every state, a certificate that is being issued, one in force; in Beijing's time zone."""

    bench: Bench
    item: UUID
    draft: UUID
    submitted: UUID
    reviewed: UUID
    issuing: UUID
    issuing_record: UUID
    issued: UUID
    issued_record: UUID

    @property
    def customer(self) -> UUID:
        return self.bench.world.customer_id


def build() -> Standing:
    now = utc_now()
    name = Text(zh="云泽市计量测试院", en="Yunze Institute of Metrology")
    tenant = create_tenant(slug="yunze", name=name, time_zone="Asia/Shanghai", now=now)
    with scope(tenant.id):
        bench = bench_of(tenant)
        world = bench.world
        issued = record_world.issued_certificate(world, due_date_agreed=True, agreed_interval_months=12)
        numbered = record_world.approve(world, bench.reviewed())
        return Standing(
            bench=bench,
            item=bench.item(),
            draft=bench.draft(),
            submitted=bench.submitted(),
            reviewed=bench.reviewed(),
            issuing=numbered.id,
            issuing_record=numbered.calibration_id,
            issued=issued.id,
            issued_record=issued.calibration_id,
        )


@pytest.fixture(scope="package")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Standing]:
    """The institute, for all tests of this package."""
    with standing(build, django_db_blocker) as world:
        yield world


@pytest.fixture
def house(built: Standing, db: None) -> Iterator[Standing]:
    """The institute with its records, in scope for the test."""
    cache.clear()
    with scope(built.bench.world.tenant.id):
        yield built


@pytest.fixture
def as_(house: Standing) -> Callable[..., Client]:
    """Sign one of the five people in, or a stranger of the institute with another role: ``as_("auditor")``."""

    def sign_in(role: str, language: str = "en", *, of_customer: bool = False) -> Client:
        if role in house.bench.world.people:
            return house.bench.client(role, language)
        client = house.bench.stranger_with(role, organization_id=house.customer if of_customer else None)
        client.cookies["jialiang_language"] = language
        return client

    return sign_in
