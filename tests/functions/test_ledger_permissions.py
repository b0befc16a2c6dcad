"""Every verb of the ledgers: who may not do it, that another institute's things do not exist, and no scope no deed.

Whoever is refused has changed nothing: no row of any table, no audit record, no event.
"""

import pytest
from tests.functions.ledger_verbs import ON_THINGS, VERBS, make_things
from tests.ledger import ROLES, actor
from tests.pictures import nothing_changes, picture

from jialiang.functions.deed import ForeignTenant
from jialiang.kernel.errors import NotFound
from jialiang.kernel.text import Text
from jialiang.security.policy import NotAuthorized, NotOwnOrganization, roles_for
from jialiang.security.tenancy.errors import NoTenantInScope
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

OWN_ONLY = [
    (action, role) for action in ON_THINGS for role in ("customer", "instrument_manager")
    if role in roles_for(action) and (role == "customer" or action.split(".")[0] in {"organization", "site", "contact"})
]  # fmt: skip


@pytest.fixture
def things(world):
    """One thing of every noun, each in the state that lets its verb through."""
    return make_things(world)


@pytest.mark.parametrize("action", VERBS)
def test_a_verb_lets_through_exactly_the_roles_of_the_matrix(world, things, action):
    may, before = roles_for(action), picture()
    for role in ROLES:
        if role not in may:
            with pytest.raises(NotAuthorized) as refused:
                VERBS[action](world.person(role, organization_id=world.dairy_id), things, world.now)
            assert refused.value.facts["action"] == action
    assert picture() == before
    allowed = sorted(may & set(ROLES))[0]
    VERBS[action](world.person(allowed, organization_id=world.dairy_id), things, world.now)


@pytest.mark.parametrize(("action", "role"), OWN_ONLY)
def test_a_customer_acts_on_things_of_the_own_organization_only(world, things, action, role):
    stranger = world.person(role, organization_id=world.mill_id)
    with nothing_changes(), pytest.raises(NotOwnOrganization):
        VERBS[action](stranger, things, world.now)
    VERBS[action](world.person(role, organization_id=world.dairy_id), things, world.now)


@pytest.mark.parametrize("action", ON_THINGS)
def test_things_of_another_institute_do_not_exist(world, things, action):
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)
    with nothing_changes(), scope(other.id), pytest.raises(NotFound):
        ON_THINGS[action](actor(other.id, world.now, *ROLES), things, world.now)


@pytest.mark.parametrize("action", VERBS)
def test_an_actor_of_another_institute_does_nothing_here(world, things, action):
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)
    with nothing_changes(), pytest.raises((ForeignTenant, NotFound)) as refused:
        VERBS[action](actor(other.id, world.now, *ROLES), things, world.now)
    assert refused.type is ForeignTenant


@pytest.mark.parametrize("action", VERBS)
def test_outside_every_scope_nothing_is_done(tenant, now, action):
    anything = dict.fromkeys(
        ("organization", "person", "standard", "suspended standard", "instrument", "suspended instrument",
         "open commission", "full commission", "item", "received item"), tenant.id
    )  # fmt: skip
    with nothing_changes(), pytest.raises(NoTenantInScope):
        VERBS[action](actor(tenant.id, now, *ROLES), anything, now)
