"""Roles from one day to another: every edge of the period, revoked and granted again, and what belongs apart."""

from datetime import date, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jialiang.kernel.text import Text
from jialiang.security.accounts import selectors
from jialiang.security.accounts.errors import (
    AccountClosed,
    BadRolePeriod,
    IncompatibleRoles,
    PersonNotFound,
    RoleNotHeld,
    UnknownRole,
    UsernameTaken,
)
from jialiang.security.accounts.models import Person, RoleAssignment
from jialiang.security.accounts.services import APART, create_person, deactivate, grant_role, revoke_role
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant
from jialiang.vocabulary.roles import roles

DAY = timedelta(days=1)
TODAY = date(2026, 6, 16)


pytestmark = pytest.mark.usefixtures("quick_hashing")


def a_person(tenant: Tenant, now: datetime, username: str = "zhang.wei", **members: Any) -> Person:
    facts = {"password": "brass-vessel-AD-9", "name": Text("张伟", "Zhang Wei"), **members}
    return create_person(tenant_id=tenant.id, username=username, now=now, **facts)


@pytest.fixture
def person(in_tenant: Tenant, now: datetime) -> Person:
    return a_person(in_tenant, now)


def grant(
    who: Person, role: str, now: datetime, first: date = TODAY, last: date | None = None
) -> RoleAssignment:
    return grant_role(
        person_id=who.id, role=role, valid_from=first, valid_until=last, granted_by_id=None, now=now
    )


def revoke(who: Person, role: str, now: datetime) -> int:
    return revoke_role(person_id=who.id, role=role, revoked_by_id=UUID(int=1), now=now)


PERIODS = [
    # first day, last day, day asked: is it held?
    (0, None, -1, False),
    (0, None, 0, True),
    (0, None, 36500, True),
    (0, 0, -1, False),
    (0, 0, 0, True),
    (0, 0, 1, False),
    (0, 30, 30, True),
    (0, 30, 31, False),
    (10, 20, 9, False),
    (10, 20, 10, True),
    (10, 20, 20, True),
    (10, 20, 21, False),
    (-30, -1, 0, False),
]


@pytest.mark.parametrize(("first", "last", "on", "held"), PERIODS)
def test_a_role_is_held_on_the_days_of_its_period(
    first: int, last: int | None, on: int, held: bool, person: Person, now: datetime
) -> None:
    grant(person, "technician", now, TODAY + first * DAY, None if last is None else TODAY + last * DAY)
    day = TODAY + on * DAY
    assert ("technician" in selectors.roles_of(person.id, day)) is held
    assert (person in selectors.holders_of("technician", day)) is held
    assert ("technician" in selectors.actor_of(person.id, day, "console").roles) is held


@pytest.mark.parametrize(
    ("last", "allowed"), [(TODAY, True), (TODAY + DAY, True), (TODAY - DAY, False), (None, True)]
)
def test_a_period_does_not_end_before_it_begins(
    last: date | None, allowed: bool, person: Person, now: datetime
) -> None:
    if allowed:
        assert grant(person, "reviewer", now, last=last).valid_until == last
        return
    with pytest.raises(BadRolePeriod) as refused:
        grant(person, "reviewer", now, last=last)
    assert (refused.value.facts["valid_from"], refused.value.facts["valid_until"]) == (TODAY, last)
    assert selectors.open_assignments() == []


@pytest.mark.parametrize("role", ["", "boss", "system", "Technician", "technician ", "校准人员"])
def test_what_is_no_role_for_people_is_refused_with_those_that_are(
    role: str, person: Person, now: datetime
) -> None:
    with pytest.raises(UnknownRole) as refused:
        grant(person, role, now)
    known = str(refused.value.facts["known"]).split(", ")
    assert known == [key for key, each in roles().items() if each.grantable]


@pytest.mark.parametrize("role", sorted(key for key, each in roles().items() if each.grantable))
def test_every_role_for_people_can_be_granted_and_revoked(role: str, person: Person, now: datetime) -> None:
    grant(person, role, now)
    assert selectors.roles_of(person.id, TODAY) == {role}
    assert revoke(person, role, now) == 1
    assert selectors.roles_of(person.id, TODAY) == frozenset()


def test_a_role_granted_twice_is_held_over_both_periods_and_revoked_at_once(
    person: Person, now: datetime
) -> None:
    grant(person, "technician", now, TODAY, TODAY + 5 * DAY)
    grant(person, "technician", now, TODAY + 10 * DAY, TODAY + 15 * DAY)
    held = [n for n in range(20) if selectors.roles_of(person.id, TODAY + n * DAY)]
    assert held == [*range(6), *range(10, 16)]
    assert revoke(person, "technician", now) == 2
    assert selectors.roles_of(person.id, TODAY + 12 * DAY) == frozenset()


def test_revoking_keeps_who_did_it_and_when_and_touches_no_other_role(person: Person, now: datetime) -> None:
    grant(person, "technician", now)
    grant(person, "reviewer", now)
    revoke(person, "technician", now + DAY)
    revoked, kept = sorted(selectors.role_assignments(person.id), key=lambda row: row.role == "reviewer")
    assert (revoked.revoked_at, revoked.revoked_by_id) == (now + DAY, UUID(int=1))
    assert (kept.revoked_at, kept.revoked_by_id) == (None, None)
    with pytest.raises(RoleNotHeld):
        revoke(person, "technician", now + 2 * DAY)
    assert RoleAssignment.objects.get(role="technician").revoked_at == now + DAY


def test_a_revoked_role_may_be_granted_anew(person: Person, now: datetime) -> None:
    grant(person, "technician", now)
    revoke(person, "technician", now)
    grant(person, "technician", now + DAY)
    assert selectors.roles_of(person.id, TODAY) == {"technician"}
    assert len(selectors.role_assignments(person.id)) == 2


# --- what belongs apart --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "second"), list(permutations(sorted(APART), 2)))
def test_administering_and_auditing_are_never_held_together(
    first: str, second: str, person: Person, now: datetime
) -> None:
    grant(person, first, now)
    with pytest.raises(IncompatibleRoles) as refused:
        grant(person, second, now)
    assert refused.value.http_status == 403
    assert selectors.roles_of(person.id, TODAY) == {first}
    revoke(person, first, now)
    grant(person, second, now)
    assert selectors.roles_of(person.id, TODAY) == {second}


def test_not_even_a_period_in_the_future_may_overlap_later(person: Person, now: datetime) -> None:
    grant(person, "auditor", now, TODAY + 100 * DAY, TODAY + 200 * DAY)
    with pytest.raises(IncompatibleRoles):
        grant(person, "system_administrator", now, TODAY, TODAY + DAY)


def test_two_people_may_hold_them_apart(person: Person, in_tenant: Tenant, now: datetime) -> None:
    other = a_person(in_tenant, now, "li.si")
    grant(person, "auditor", now)
    grant(other, "system_administrator", now)
    assert selectors.holders_of("auditor", TODAY) == [person]
    assert selectors.holders_of("system_administrator", TODAY) == [other]


# --- closed accounts, other institutes -----------------------------------------------------------------------


def test_a_closed_account_holds_nothing_acts_nowhere_and_stays_on_record(
    person: Person, now: datetime
) -> None:
    grant(person, "signatory", now)
    closed = deactivate(person_id=person.id, now=now + DAY)
    assert closed.is_active is False
    assert selectors.roles_of(person.id, TODAY) == frozenset()
    assert selectors.holders_of("signatory", TODAY) == []
    with pytest.raises(AccountClosed) as refused:
        selectors.actor_of(person.id, TODAY, "console")
    assert refused.value.facts == {"person": person.name}
    assert selectors.person(person.id).name == person.name
    assert selectors.people() == [person]
    assert selectors.people(only_active=True) == []
    assert deactivate(person_id=person.id, now=now + 2 * DAY).is_active is False
    assert RoleAssignment.objects.get().revoked_at == now + DAY


def test_the_login_and_the_address_of_a_closed_account_are_not_given_again(
    person: Person, in_tenant: Tenant, now: datetime
) -> None:
    deactivate(person_id=person.id, now=now)
    with pytest.raises(UsernameTaken):
        a_person(in_tenant, now, "zhang.wei")


DEEDS = {
    "read": lambda who, now: selectors.person(who.id),
    "grant": lambda who, now: grant(who, "technician", now),
    "revoke": lambda who, now: revoke(who, "technician", now),
    "close": lambda who, now: deactivate(person_id=who.id, now=now),
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_people_of_another_institute_are_not_there(deed: Any, person: Person, now: datetime) -> None:
    grant(person, "technician", now)
    other = create_tenant(slug="other-institute", name=Text("另一院"), now=now)
    with scope(other.id):
        with pytest.raises(PersonNotFound):
            deed(person, now)
        assert (
            selectors.people()
            == selectors.holders_of("technician", TODAY)
            == selectors.open_assignments()
            == []
        )
        assert selectors.roles_of(person.id, TODAY) == frozenset()
    assert selectors.roles_of(person.id, TODAY) == {"technician"}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_nobody_is_not_there_either(deed: Any, in_tenant: Tenant, now: datetime) -> None:
    with pytest.raises(PersonNotFound):
        deed(Person(id=uuid4()), now)


def test_people_are_listed_by_name_and_then_by_login(in_tenant: Tenant, now: datetime) -> None:
    for login, name in (("c.c", "乙"), ("b.b", "甲"), ("a.a", "甲")):
        a_person(in_tenant, now, login, name=Text(name))
    listed = [(row.name_zh, row.username) for row in selectors.people()]
    assert listed == sorted(listed)
    assert len(listed) == 3


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    periods=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans()), max_size=4),
    day=st.integers(-1, 10),
)
def test_a_role_is_held_exactly_if_one_open_grant_covers_the_day(periods, day, person, now) -> None:
    RoleAssignment.objects.all().delete()
    covered = False
    for begin, length, revoked in periods:
        row = grant(person, "technician", now, TODAY + begin * DAY, TODAY + (begin + length) * DAY)
        if revoked:
            RoleAssignment.objects.filter(pk=row.pk).update(revoked_at=now)
        covered |= begin <= day <= begin + length and not revoked
    assert ("technician" in selectors.roles_of(person.id, TODAY + day * DAY)) is covered
