"""What tests of business share: a small world of ledgers."""

import pytest
from tests.ledger import World, build_world


@pytest.fixture
def world(in_tenant, now) -> World:
    """An institute with two customers, in scope."""
    return build_world(in_tenant.id, now)
