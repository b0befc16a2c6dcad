"""People and their roles: who may hold what, from when to when, and that nobody raises the own rank."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.functions.ledger_verbs import NEW_PERSON
from tests.pictures import nothing_changes, what_is_left

from jialiang.base.organizations.errors import OrganizationUnknown
from jialiang.functions import people
from jialiang.functions.people import OwnAccount, RoleNeedsOrganization
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.accounts.errors import (
    BadRolePeriod,
    PasswordTooWeak,
    PersonNotFound,
    RoleNotHeld,
    UnknownRole,
    UsernameTaken,
)
from jialiang.security.accounts.selectors import actor_of, roles_of
from jialiang.vocabulary.roles import roles

BEGIN = date(2026, 1, 1)
OUTSIDE = {"customer", "instrument_manager"}


@pytest.fixture
def administrator(world):
    return world.person("system_administrator")


@pytest.fixture
def add(world, administrator):
    def added(username, organization_id=None):
        facts = replace(NEW_PERSON, username=username, organization_id=organization_id)
        return people.add(actor=administrator, facts=facts, now=world.now)

    return added


@pytest.fixture
def grant(world, administrator):
    def granted(person, role, valid_from=BEGIN, valid_until=None):
        return people.grant_role(
            actor=administrator, person_id=person.pk, role=role, valid_from=valid_from, valid_until=valid_until,
            now=world.now,
        )  # fmt: skip

    return granted


def test_which_roles_fit_inside_and_outside_the_institute(world, add, grant):
    """A customer's person holds the customers' roles only; ``customer`` is nobody's inside."""
    for serial, role in enumerate(sorted(key for key, role in roles().items() if role.grantable)):
        inside, outside = add(f"in.{serial}"), add(f"out.{serial}", world.dairy_id)
        for person, fits in ((inside, role != "customer"), (outside, role in OUTSIDE)):
            if fits:
                grant(person, role)
                assert role in roles_of(person.pk, world.now.date())
                continue
            with pytest.raises(RoleNeedsOrganization) as refused:
                grant(person, role)
            assert refused.value.code == "JL-PER-002"
            assert roles_of(person.pk, world.now.date()) == frozenset()


# first and last day of a role, day asked about: is it held
PERIODS = [
    (date(2026, 6, 16), None, date(2026, 6, 15), False),
    (date(2026, 6, 16), None, date(2026, 6, 16), True),
    (date(2026, 6, 16), None, date(2099, 1, 1), True),
    (date(2026, 1, 1), date(2026, 6, 16), date(2026, 6, 16), True),
    (date(2026, 1, 1), date(2026, 6, 16), date(2026, 6, 17), False),
    (date(2026, 6, 16), date(2026, 6, 16), date(2026, 6, 16), True),
]


def test_a_role_is_held_from_its_first_to_its_last_day(add, grant):
    for serial, (first, last, on, is_held) in enumerate(PERIODS):
        person = add(f"p.{serial}")
        grant(person, "reviewer", first, last)
        assert ("reviewer" in roles_of(person.pk, on)) is is_held, (first, last, on)
        assert ("reviewer" in actor_of(person.pk, on, "console").roles) is is_held


def test_what_cannot_be_granted_leaves_nothing(world, administrator, add, grant):
    person = add("wang.wu")
    with nothing_changes():
        for role, period, error in [
            ("emperor", (BEGIN, None), UnknownRole),
            ("reviewer", (date(2026, 2, 1), date(2026, 1, 31)), BadRolePeriod),
        ]:
            with pytest.raises(error):
                grant(person, role, *period)
        with pytest.raises(PersonNotFound):
            people.grant_role(
                actor=administrator,
                person_id=new_id(world.now),
                role="reviewer",
                valid_from=BEGIN,
                now=world.now,
            )


def test_a_revoked_role_is_gone_at_once_and_cannot_be_revoked_again(world, administrator, add, grant):
    person = add("wang.wu")
    grant(person, "reviewer")
    grant(person, "technician")
    verb = {"actor": administrator, "person_id": person.pk, "role": "reviewer", "now": world.now}
    with what_is_left() as left:
        assert people.revoke_role(**verb) == 1
    assert left.told == [("person.role_revoked", {"role": "reviewer"})]
    assert roles_of(person.pk, world.now.date()) == {"technician"}
    with nothing_changes(), pytest.raises(RoleNotHeld):
        people.revoke_role(**verb)


def test_a_closed_account_holds_no_role_from_then_on(world, administrator, add, grant):
    person = add("wang.wu")
    grant(person, "technician")
    closed = people.deactivate(actor=administrator, person_id=person.pk, now=world.now)
    assert not closed.is_active
    assert roles_of(person.pk, world.now.date() + timedelta(days=1)) == frozenset()


def test_nobody_grants_takes_or_closes_for_the_own_account(world, add, grant):
    person = add("wang.wu")
    grant(person, "system_administrator")
    oneself = actor_of(person.pk, world.now.date(), "console")
    own = {"actor": oneself, "person_id": person.pk, "now": world.now}
    with nothing_changes():
        for verb in (
            lambda: people.grant_role(role="signatory", valid_from=BEGIN, **own),
            lambda: people.revoke_role(role="system_administrator", **own),
            lambda: people.deactivate(**own),
        ):
            with pytest.raises(OwnAccount) as refused:
                verb()
            assert refused.value.code == "JL-PER-001"


# facts: why nobody is added
REFUSED = [
    ({"password": "short"}, PasswordTooWeak),
    ({"password": "wang.wu"}, PasswordTooWeak),
    ({"password": ""}, PasswordTooWeak),
    ({"organization_id": None, "username": "zhao.liu"}, UsernameTaken),
]


def test_somebody_who_cannot_be_added_is_not(world, administrator, add):
    add("zhao.liu")
    with nothing_changes():
        for members, error in REFUSED:
            with pytest.raises(error):
                people.add(actor=administrator, facts=replace(NEW_PERSON, **members), now=world.now)
        with pytest.raises(OrganizationUnknown):
            facts = replace(NEW_PERSON, organization_id=new_id(world.now))
            people.add(actor=administrator, facts=facts, now=world.now)


def test_neither_password_nor_its_hash_is_ever_recorded_or_told(world, administrator):
    facts = replace(NEW_PERSON, name=Text("王五", "Wang Wu"), password="seven bronze measures")
    with what_is_left() as left:
        person = people.add(actor=administrator, facts=facts, now=world.now)
    told = repr(left.recorded) + repr(left.told) + repr(facts)
    assert facts.password not in told
    assert person.password not in told
    assert person.password != facts.password
