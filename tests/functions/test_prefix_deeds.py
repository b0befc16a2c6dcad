"""Every verb on prefixes and identities: who may, what it leaves, what a second time gives, whose things it reaches."""

from __future__ import annotations

import pytest
from tests.functions.prefix_verbs import SITE, VERBS, customer, make_things
from tests.ledger import ROLES, actor
from tests.pictures import nothing_changes, picture, what_is_left

from jialiang.base.handle_identities import errors as of_identities
from jialiang.base.identifier_templates import errors as of_templates
from jialiang.base.prefixes import errors as of_prefixes
from jialiang.functions.deed import ForeignTenant
from jialiang.kernel.errors import NotFound
from jialiang.kernel.text import Text
from jialiang.security.policy import NotAuthorized, NotOwnOrganization, matrix, roles_for
from jialiang.security.tenancy.errors import NoTenantInScope
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

NOUNS = {"prefix", "handle_identity", "identifier_template"}
CUSTOMERS = (
    "identifier_template.create",
    "identifier_template.change",
    "identifier_template.publish",
    "identifier_template.withdraw",
    "prefix.apply",
    "prefix.withdraw_application",
    "handle_identity.add",
    "handle_identity.revoke",
)
MAKING = {"prefix.add"}


@pytest.fixture
def things(world):
    return make_things(world)


def somebody(world, action):
    """The first of the roles that may do the verb, acting for the dairy where a customer may."""
    role = sorted(roles_for(action) & set(ROLES))[0]
    return world.person(role, organization_id=world.dairy_id if role == "customer" else None)


def changed(state_of: str, new: dict, old: dict, **told) -> tuple[str, dict, dict]:
    """Kind, event data and audit detail of a verb that changes the dairy's prefix."""
    data = {"prefix": "88.101.5", "state": state_of, "organization_id": "@organization"} | told
    return "prefix", data, {"prefix": "88.101.5", "old": old, "new": new, "reason": "r"}


ACTIVE = {"state": "active"}
GRANTED = {"prefix": "88.101.7", "organization_id": "@organization"}
NEW = {"prefix": "88.103", "organization_id": "@own"}
KEY = {"identity": "301:88.101.5/gateway", "organization_id": "@organization", "kind": "public_key"}
V1 = {"prefix": "88.101.5", "code": "V1", "organization_id": "@organization"}
V2 = V1 | {"code": "V2"}
GONE = {"identity": "300:88.101.5/admin", "organization_id": "@organization"}
WISHED = {"organization_id": "@organization", "parent": "88.101", "wished_code": ""}

# action: event, kind of the subject, members of the event, members of the audit detail
DEEDS = {
    "prefix.withdraw_application": (
        "prefix.application_withdrawn", "prefix_application", {"organization_id": "@organization"}, {"reason": "r"}
    ),
    "prefix.approve": ("prefix.approved", "prefix_application", GRANTED, GRANTED | {"quota": 2000}),
    "prefix.refuse": (
        "prefix.refused", "prefix_application",
        {"organization_id": "@organization", "reason": "r"}, {"organization_id": "@organization", "reason": "r"},
    ),
    "prefix.add": ("prefix.added", "prefix", NEW, NEW | {"quota": 9, "shared": False}),
    "prefix.delegate": (
        "prefix.delegated",
        *changed("delegated", {"state": "delegated", "state_reason": "r", "site": SITE},
                 ACTIVE | {"state_reason": "", "site": None}),
    ),
    "prefix.suspend": (
        "prefix.suspended",
        *changed("suspended", {"state": "suspended", "state_reason": "r"}, ACTIVE | {"state_reason": ""}),
    ),
    "prefix.transfer": (
        "prefix.transferred",
        *changed("active", {"holder_id": "@mill"}, {"holder_id": "@organization"}, organization_id="@mill"),
    ),
    "prefix.withdraw": (
        "prefix.withdrawn",
        *changed("withdrawn", {"state": "withdrawn", "state_reason": "r"}, ACTIVE | {"state_reason": ""}),
    ),
    "handle_identity.add": ("handle_identity.added", "handle_identity", KEY, KEY | {"note": "网关"}),
    "identifier_template.create": (
        "identifier_template.created", "identifier_template", V2, V2 | {"indexes": [2000, 2001]},
    ),
    "identifier_template.publish": ("identifier_template.published", "identifier_template", V1, V1),
    "identifier_template.withdraw": (
        "identifier_template.withdrawn", "identifier_template", V1 | {"reason": "r"}, V1 | {"reason": "r"},
    ),
    "handle_identity.revoke": ("handle_identity.revoked", "handle_identity", GONE, GONE | {"reason": "r"}),
}  # fmt: skip


def meant(expected, things):
    if isinstance(expected, dict):
        return {member: meant(value, things) for member, value in expected.items()}
    return str(things[expected[1:]]) if isinstance(expected, str) and expected.startswith("@") else expected


@pytest.mark.parametrize("action", DEEDS)
def test_a_verb_leaves_one_audit_record_and_its_event(world, things, action):
    event, kind, data, detail = DEEDS[action]
    who = somebody(world, action)
    with what_is_left() as left:
        VERBS[action](who, things, world.now)
    (record,) = left.audit
    assert (record.action, record.subject_type, record.actor_id) == (action, kind, who.person_id)
    assert record.detail == meant(detail, things)
    assert left.told == [(event, meant(data, things))]
    assert str(left.events[0].subject_id) == record.subject_id


def test_an_application_is_recorded_with_the_digests_of_its_documents(world, things):
    with what_is_left() as left:
        VERBS["prefix.apply"](customer(world), things, world.now)
    (action, detail), told = left.recorded[0], left.told
    (document,) = detail.pop("documents")
    assert (action, detail) == ("prefix.apply", meant(WISHED, things))
    assert (document["name"], len(document["sha256"])) == ("营业执照.pdf", 64)
    assert told == [("prefix.applied", meant(WISHED, things))]


def test_resuming_and_changing_the_quota_are_recorded_with_what_was_before(world, things):
    with what_is_left() as left:
        VERBS["prefix.resume"](somebody(world, "prefix.resume"), things, world.now)
        VERBS["prefix.set_quota"](somebody(world, "prefix.set_quota"), things, world.now)
    assert left.recorded == [
        ("prefix.resume", {"prefix": "88.101.6", "reason": "",
                           "old": {"state": "suspended", "state_reason": "欠费"},
                           "new": {"state": "active", "state_reason": ""}}),
        ("prefix.set_quota", {"prefix": "88.101.5", "reason": "", "old": {"quota": None}, "new": {"quota": 500}}),
    ]  # fmt: skip
    assert [name for name, _ in left.told] == ["prefix.resumed", "prefix.quota_changed"]


AGAIN = {
    "prefix.withdraw_application": of_prefixes.ApplicationDecided,
    "prefix.approve": of_prefixes.PrefixChanged,
    "prefix.refuse": of_prefixes.ApplicationDecided,
    "prefix.add": of_prefixes.PrefixTaken,
    "prefix.suspend": of_prefixes.PrefixStateForbids,
    "prefix.resume": of_prefixes.PrefixStateForbids,
    "prefix.withdraw": of_prefixes.PrefixStateForbids,
    "handle_identity.add": of_identities.IdentityTaken,
    "handle_identity.revoke": of_identities.IdentityRevoked,
    "identifier_template.create": of_templates.TemplateExists,
    "identifier_template.change": of_templates.TemplateChanged,
    "identifier_template.publish": of_templates.TemplateStateForbids,
    "identifier_template.withdraw": of_templates.TemplateStateForbids,
}


@pytest.mark.parametrize("action", AGAIN)
def test_a_verb_repeated_is_refused_and_leaves_nothing_a_second_time(world, things, action):
    who = somebody(world, action)
    VERBS[action](who, things, world.now)
    with nothing_changes(), pytest.raises(AGAIN[action]):
        VERBS[action](who, things, world.now)


@pytest.mark.parametrize("action", ["prefix.delegate", "prefix.transfer", "prefix.set_quota"])
def test_what_changes_nothing_leaves_no_trace(world, things, action):
    who = somebody(world, action)
    VERBS[action](who, things, world.now)
    with nothing_changes():
        VERBS[action](who, things, world.now)


def test_every_verb_of_the_matrix_is_tried_here():
    asked_by_doors = {"prefix.read", "handle_identity.read", "identifier_template.read"}
    own = {action for action in matrix() if action.split(".")[0] in NOUNS}
    assert set(VERBS) | asked_by_doors == own


@pytest.mark.parametrize("action", VERBS)
def test_a_verb_lets_through_exactly_the_roles_of_the_matrix(world, things, action):
    may, before = roles_for(action), picture()
    for role in ROLES:
        if role not in may:
            with pytest.raises(NotAuthorized):
                VERBS[action](world.person(role, organization_id=world.dairy_id), things, world.now)
    assert picture() == before
    VERBS[action](somebody(world, action), things, world.now)


@pytest.mark.parametrize("action", CUSTOMERS)
def test_a_customer_acts_for_the_own_organization_only(world, things, action):
    with nothing_changes(), pytest.raises(NotOwnOrganization):
        VERBS[action](customer(world, world.mill_id), things, world.now)
    VERBS[action](customer(world), things, world.now)


@pytest.mark.parametrize("action", sorted(set(VERBS) - MAKING))
def test_things_of_another_institute_do_not_exist(world, things, action):
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)
    with nothing_changes(), scope(other.id), pytest.raises(NotFound):
        VERBS[action](actor(other.id, world.now, *ROLES), things, world.now)


@pytest.mark.parametrize("action", VERBS)
def test_an_actor_of_another_institute_does_nothing_here(world, things, action):
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)
    with nothing_changes(), pytest.raises((ForeignTenant, NotFound)):
        VERBS[action](actor(other.id, world.now, *ROLES), things, world.now)


@pytest.mark.parametrize("action", VERBS)
def test_outside_every_scope_nothing_is_done(tenant, now, action):
    names = (
        "organization",
        "mill",
        "own",
        "second level",
        "prefix",
        "suspended",
        "application",
        "identity",
        "template",
    )
    with nothing_changes(), pytest.raises(NoTenantInScope):
        VERBS[action](actor(tenant.id, now, *ROLES), dict.fromkeys(names, tenant.id), now)
