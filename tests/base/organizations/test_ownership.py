"""Who may change an organization: those of the desk any, whoever manages a customer's instruments only its own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.ledger import actor, credit_code

from jialiang.base.organizations import services
from jialiang.base.organizations.facts import OrganizationFacts
from jialiang.kernel.text import Text
from jialiang.security.policy import NotOwnOrganization, require

DAIRY = OrganizationFacts(name=Text("晨星乳业有限公司", "Morning Star Dairy"), credit_code=credit_code(7))


def test_an_organization_is_its_own_for_the_policy(in_tenant, now):
    own = services.register(DAIRY, now=now)
    other = services.register(replace(DAIRY, credit_code=credit_code(8)), now=now)
    manager = actor(in_tenant.id, now, "instrument_manager", organization_id=own.id)
    for action in ("organization.change", "site.add", "contact.add"):
        require(manager, action, own)
        with pytest.raises(NotOwnOrganization):
            require(manager, action, other)
    customer = actor(in_tenant.id, now, "customer", organization_id=own.id)
    require(customer, "organization.read", own)
    with pytest.raises(NotOwnOrganization):
        require(customer, "organization.read", other)
    require(actor(in_tenant.id, now, "receptionist"), "organization.change", other)


def test_somebody_without_an_organization_owns_none(in_tenant, now):
    row = services.register(DAIRY, now=now)
    with pytest.raises(NotOwnOrganization):
        require(actor(in_tenant.id, now, "instrument_manager"), "organization.change", row)
