"""Identities ``index:handle``: how they are made, how one becomes an actor, and that trying teaches nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.functions.prefix_verbs import PUBLIC_KEY, SITE, add_prefix, customer, operator
from tests.ledger import build_world
from tests.pictures import nothing_changes

from jialiang.base.handle_identities import errors
from jialiang.base.handle_identities.models import HandleIdentity, IdentityFailure
from jialiang.base.handle_identities.selectors import (
    handle_identities as listed,
)
from jialiang.base.handle_identities.selectors import (
    handle_identity,
    identities_of_prefix,
    is_identity_given,
)
from jialiang.functions import handle_identities, prefixes
from jialiang.kernel.text import Text
from jialiang.security.policy import allowed
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

ADMIN = "300:88.101.5/Admin"


@pytest.fixture
def prefix(world):
    """The dairy's prefix."""
    return add_prefix(world, "88.101.5")


def with_secret(world, identity=ADMIN, organization_id=None, actor=None):
    return handle_identities.add_secret(
        actor=actor or customer(world),
        identity=identity,
        organization_id=organization_id or world.dairy_id,
        now=world.now,
    )


def with_key(world, identity="301:88.101.5/key"):
    return handle_identities.add_key(
        actor=customer(world),
        identity=identity,
        organization_id=world.dairy_id,
        public_key=PUBLIC_KEY,
        now=world.now,
    ).row


def test_whoever_shows_the_secret_is_the_holder_s_identity(world, prefix):
    made = with_secret(world)
    actor = handle_identities.actor_by_secret("300:88.101.5/aDMIN", made.secret, world.now)
    assert (actor.identity, actor.organization_id, actor.tenant_id) == (
        ADMIN,
        world.dairy_id,
        world.tenant_id,
    )
    assert (actor.roles, actor.person_id, actor.is_system, actor.door) == ({"identity"}, None, False, "api")
    assert actor.name == Text(ADMIN, ADMIN)
    assert allowed(actor, "prefix.read")
    assert not allowed(actor, "handle_identity.add")


def test_the_secret_is_long_random_and_told_once(world, prefix):
    first, second = with_secret(world), with_secret(world, "302:88.101.5/Admin")
    assert len(first.secret) == 43
    assert first.secret != second.secret
    assert first.secret not in repr(first)
    stored = HandleIdentity.objects.get(pk=first.row.pk)
    assert all(first.secret not in str(value) for value in vars(stored).values())


def test_the_secret_can_be_known_again_for_a_challenge(world, prefix):
    made = with_secret(world)
    key = handle_identities.key_of(ADMIN, world.now)
    assert (key.secret.decode(), key.public_key_pem, key.in_force) == (made.secret, "", True)
    assert made.secret not in repr(key)


def test_a_public_key_is_what_a_signature_is_checked_by(world, prefix):
    row = with_key(world)
    key = handle_identities.key_of("301:88.101.5/KEY", world.now)
    assert (key.identity, key.public_key_pem, key.secret, key.in_force) == (row.text, PUBLIC_KEY, b"", True)
    assert handle_identities.actor_by_key(row.text, world.now, door="api").identity == "301:88.101.5/key"


def refusals(world, made):
    """Everything that must look alike from outside: what is shown, and as which identity."""
    keyed = with_key(world)
    return {
        "wrong secret": (ADMIN, made.secret[:-1] + ("A" if made.secret[-1] != "A" else "B")),
        "empty secret": (ADMIN, ""),
        "unknown index": ("301:88.101.5/Admin", made.secret),
        "unknown handle": ("300:88.101.5/nobody", made.secret),
        "unknown prefix": ("300:88.777/x", made.secret),
        "no identity": ("Admin", made.secret),
        "half letters": ("300:88.101.5/\ud800", "\ud800"),
        "a zero byte": ("300:88.101.5/\x00", "\x00"),
        "an index that no column holds": ("4294967295:88.101.5/Admin", made.secret),
        "an identity that has a key": (keyed.text, ""),
    }


def test_wrong_and_unknown_say_the_same_and_cost_the_same(world, prefix):
    made = with_secret(world)
    told, costs = set(), set()
    for shown in refusals(world, made).values():
        IdentityFailure.objects.all().delete()
        with CaptureQueriesContext(connection) as queries, pytest.raises(errors.IdentityRefused) as refused:
            handle_identities.actor_by_secret(*shown, world.now)
        told.add(str(refused.value.to_json()))
        costs.add(len(queries))
    assert len(told) == 1
    assert len(costs) == 1


def test_after_five_failures_in_fifteen_minutes_nobody_is_examined_under_that_name(world, prefix):
    made = with_secret(world)
    for _ in range(5):
        with pytest.raises(errors.IdentityRefused):
            handle_identities.actor_by_secret("300:88.101.5/ADMIN", "x", world.now)
    later = world.now + timedelta(minutes=14, seconds=59)
    for ask in (
        lambda: handle_identities.actor_by_secret(ADMIN, made.secret, later),
        lambda: handle_identities.key_of(ADMIN, later),
    ):
        with pytest.raises(errors.IdentityLocked) as locked:
            ask()
        assert (locked.value.http_status, locked.value.facts) == (429, {"failures": 5, "minutes": 15})
    assert (
        handle_identities.actor_by_secret(ADMIN, made.secret, world.now + timedelta(minutes=15)).identity
        == ADMIN
    )


def test_a_name_that_nobody_has_is_locked_like_any_other(world, prefix):
    for _ in range(5):
        with pytest.raises(errors.IdentityRefused):
            handle_identities.actor_by_secret("1:88.1/nobody", "x", world.now)
    with pytest.raises(errors.IdentityLocked):
        handle_identities.actor_by_secret("1:88.1/nobody", "x", world.now)
    with pytest.raises(errors.IdentityRefused) as other:
        handle_identities.actor_by_secret("2:88.1/nobody", "x", world.now)
    assert type(other.value) is errors.IdentityRefused


def test_failures_are_forgotten_after_their_time(world, prefix):
    for name in ("1:88.1/a", "1:88.1/b"):
        with pytest.raises(errors.IdentityRefused):
            handle_identities.actor_by_secret(name, "x", world.now)
    assert IdentityFailure.objects.count() == 2
    with pytest.raises(errors.IdentityRefused):
        handle_identities.actor_by_secret("1:88.1/c", "x", world.now + timedelta(minutes=15))
    assert IdentityFailure.objects.count() == 1


def test_signatures_that_do_not_hold_are_counted_with_wrong_secrets(world, prefix):
    row = with_key(world)
    for _ in range(5):
        error = handle_identities.signature_refused(row.text, world.now)
        assert error.to_json() == errors.IdentityRefused().to_json()
    with pytest.raises(errors.IdentityLocked):
        handle_identities.key_of(row.text, world.now)


def test_for_an_unknown_identity_there_is_a_key_that_nothing_answers(world, prefix):
    nobody = handle_identities.key_of("301:88.101.5/nobody", world.now)
    assert nobody.public_key_pem.startswith("-----BEGIN PUBLIC KEY-----")
    assert (nobody.in_force, nobody.secret) == (False, b"")
    with pytest.raises(errors.IdentityRefused):
        handle_identities.actor_by_key("301:88.101.5/nobody", world.now)


def test_a_revoked_identity_enters_no_more_and_its_secret_is_gone(world, prefix):
    made = with_secret(world)
    row = handle_identities.revoke(
        actor=customer(world), identity_id=made.row.id, reason="员工离职", now=world.now
    )
    assert (row.state, row.revoked_at, row.revoke_reason) == ("revoked", world.now, "员工离职")
    assert (row.secret_sealed, row.secret_digest) == ("", "")
    for secret in (made.secret, ""):
        with pytest.raises(errors.IdentityRefused):
            handle_identities.actor_by_secret(ADMIN, secret, world.now)
    assert not handle_identities.key_of(ADMIN, world.now).in_force
    with nothing_changes(), pytest.raises(errors.IdentityTaken):
        with_secret(world)


STATES = {
    "suspended": (lambda w, p: prefixes.suspend(actor=operator(w), prefix_id=p.id, reason="r", now=w.now), False),
    "withdrawn": (lambda w, p: prefixes.withdraw(actor=operator(w), prefix_id=p.id, reason="r", now=w.now), False),
    "delegated": (lambda w, p: prefixes.delegate(actor=operator(w), prefix_id=p.id, site=SITE, now=w.now), True),
    "transferred": (
        lambda w, p: prefixes.transfer(
            actor=operator(w), prefix_id=p.id, holder_id=w.mill_id, reason="r", now=w.now
        ),
        False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_an_identity_stands_and_falls_with_its_holder_s_prefix(world, prefix, state):
    made = with_secret(world)
    deed, enters = STATES[state]
    deed(world, prefix)
    if enters:
        assert handle_identities.actor_by_secret(ADMIN, made.secret, world.now).identity == ADMIN
    else:
        with pytest.raises(errors.IdentityRefused):
            handle_identities.actor_by_secret(ADMIN, made.secret, world.now)


def test_the_last_use_is_noted_at_most_once_a_minute(world, prefix):
    made = with_secret(world)
    for seconds, noted in ((0, 0), (59, 0), (60, 60), (90, 60)):
        handle_identities.actor_by_secret(ADMIN, made.secret, world.now + timedelta(seconds=seconds))
        assert handle_identity(made.row.id).last_used_at == world.now + timedelta(seconds=noted)


@pytest.mark.parametrize(
    "identity",
    ["", "Admin", "300", "300:", ":88.101.5/a", "x:88.101.5/a", "-1:88.101.5/a", "0:88.101.5/a", "300:88.101.5",
     "300:/a", "2147483648:88.101.5/a", "３:88.101.5/a", "300:88.101.5/" + "x" * 250, "300:88.101.5/a\nb"],
)  # fmt: skip
def test_what_is_no_identity_is_refused(world, prefix, identity):
    with nothing_changes(), pytest.raises(errors.BadIdentity):
        with_secret(world, identity)


@pytest.mark.parametrize("identity", ["300:88.777/a", "300:88.102.1/a", "300:88.103/a"])
def test_an_identity_stands_under_a_prefix_that_its_holder_has_and_that_is_active(world, prefix, identity):
    add_prefix(world, "88.102.1", world.mill_id)
    waiting = add_prefix(world, "88.103")
    prefixes.suspend(actor=operator(world), prefix_id=waiting.id, reason="r", now=world.now)
    with nothing_changes(), pytest.raises(errors.IdentityNotOfPrefix):
        with_secret(world, identity)


def test_under_the_installation_s_own_prefix_every_organization_may_have_identities(world):
    made = with_secret(world, "300:88.999.1/dairy")
    assert (
        handle_identities.actor_by_secret("300:88.999.1/dairy", made.secret, world.now).organization_id
        == world.dairy_id
    )


def test_a_note_that_does_not_fit_is_refused(world, prefix):
    with nothing_changes(), pytest.raises(errors.IdentityMember):
        handle_identities.add_secret(
            actor=customer(world),
            identity=ADMIN,
            organization_id=world.dairy_id,
            note="x" * 101,
            now=world.now,
        )


def test_an_identity_is_given_once_on_the_whole_installation_in_any_case(world):
    with_secret(world, "300:88.999.1/One")
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)
    with scope(other.id):
        foreign = build_world(other.id, world.now)
        assert is_identity_given("88.999.1/ONE", 300)
        with nothing_changes(), pytest.raises(errors.IdentityTaken):
            with_secret(foreign, "300:88.999.1/oNE")
        assert list(listed()) == []


def test_lists_are_narrowed_by_state_and_organization(world, prefix):
    made, keyed = with_secret(world), with_key(world)
    handle_identities.revoke(actor=operator(world), identity_id=made.row.id, now=world.now)
    assert [row.text for row in listed(state="active")] == [keyed.text]
    assert len(listed(only_organization=world.dairy_id)) == 2
    assert len(listed(only_organization=world.mill_id)) == 0
    assert [row.text for row in identities_of_prefix(prefix.id)] == [keyed.text]
