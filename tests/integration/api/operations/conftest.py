"""What the tests of every operation share: an institute in full work and another one, built once for a module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.integration.api.operations.house import (
    House,
    full_house,
    kept_for_module,
    other_house,
    small_house,
)

from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.services import create_tenant


def _tenant() -> Tenant:
    name = Text("云泽市计量测试院", "Yunze Institute of Metrology")
    return create_tenant(slug="yunze", name=name, now=utc_now())


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[House, House]]:
    """An institute in full work, and another one."""
    yield from kept_for_module(django_db_blocker, lambda: (full_house(_tenant()), other_house()))


@pytest.fixture(scope="module")
def small(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    """An institute without work."""
    yield from kept_for_module(django_db_blocker, lambda: small_house(_tenant()))


@pytest.fixture
def house(built: tuple[House, House], db: None) -> House:
    """The institute in full work."""
    return built[0]


@pytest.fixture
def theirs(built: tuple[House, House], db: None) -> House:
    """The other institute."""
    return built[1]


@pytest.fixture
def empty_house(small: House, db: None) -> House:
    """The institute without work."""
    return small
