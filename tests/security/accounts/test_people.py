"""People, and the roles they hold from one day to another."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from jialiang.kernel.text import Text
from jialiang.security.accounts import errors, selectors
from jialiang.security.accounts.models import Person, RoleAssignment
from jialiang.security.accounts.services import create_person, deactivate, grant_role, revoke_role
from jialiang.security.actor import Actor
from jialiang.security.tenancy.errors import NoTenantInScope
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

PASSWORD = "brass-vessel-AD-9"
TODAY = date(2026, 6, 16)
DAY = timedelta(days=1)


def a_person(tenant: Tenant, now: datetime, username: str = "zhang.wei", **members: object) -> Person:
    facts = {
        "password": PASSWORD,
        "name": Text(zh="张伟", en="Zhang Wei"),
        "email": f"{username}@example.cn",
        "now": now,
    }
    return create_person(tenant_id=tenant.id, username=username, **{**facts, **members})


@pytest.fixture
def person(in_tenant: Tenant, now: datetime) -> Person:
    return a_person(in_tenant, now)


def granted(person: Person, role: str, now: datetime, **members: object) -> RoleAssignment:
    facts = {"valid_from": TODAY, "granted_by_id": None}
    return grant_role(person_id=person.id, role=role, now=now, **{**facts, **members})


def test_a_person_is_known_by_name_and_the_password_is_hashed(person: Person) -> None:
    found = selectors.person(person.id)
    assert found.name == Text(zh="张伟", en="Zhang Wei")
    assert selectors.name_of(person.id) == found.name
    assert selectors.name_of(None) == Text()
    assert found.check_password(PASSWORD)
    assert PASSWORD not in found.password
    assert (found.is_authenticated, found.is_active, str(found)) == (True, True, "zhang.wei")


@pytest.mark.parametrize("credential", ["zhang.wei", "ZHANG.WEI", "zhang.wei@example.cn"])
def test_a_person_signs_in_by_login_or_by_address(credential: str, person: Person, settings: object) -> None:
    settings.ACCOUNT_LOGIN_METHODS = {"username", "email"}
    by = "email" if "@" in credential else "username"
    request = RequestFactory().post("/")
    assert authenticate(request, **{by: credential}, password=PASSWORD) == person
    assert authenticate(request, **{by: credential}, password=PASSWORD + "x") is None


def test_the_administrator_answers_for_the_address(person: Person) -> None:
    address = EmailAddress.objects.get(user=person)
    assert (address.email, address.verified, address.primary) == ("zhang.wei@example.cn", True, True)


def test_a_person_may_have_no_address_and_many_may(in_tenant: Tenant, now: datetime) -> None:
    for username in ("li.si", "wang.wu"):
        assert a_person(in_tenant, now, username, email="").email == ""


@pytest.mark.parametrize(
    ("username", "email"),
    [("zhang.wei", "other@example.cn"), ("zhang.we1", "ZHANG.WEI@example.cn"), ("zhang.wei", "")],
)
def test_logins_and_addresses_are_given_once_whatever_their_capitals(
    username: str, email: str, person: Person, in_tenant: Tenant, now: datetime
) -> None:
    with pytest.raises(errors.UsernameTaken):
        a_person(in_tenant, now, username, email=email)


def test_the_database_refuses_a_login_that_differs_by_capitals_only(
    person: Person, in_tenant: Tenant, now: datetime
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(
            id=uuid4(), tenant=in_tenant, username="Zhang.Wei", name_zh="张伟", created_at=now
        )


def test_logins_are_unique_over_all_institutes(person: Person, now: datetime) -> None:
    other = create_tenant(slug="other-institute", name=Text(zh="另一计量院"), now=now)
    with pytest.raises(errors.UsernameTaken):
        a_person(other, now, email="second@example.cn")


@pytest.mark.parametrize("password", ["", "short", "password1234", "qwertyuiop"])
def test_a_weak_password_is_refused_with_the_rules_it_breaks(
    password: str, in_tenant: Tenant, now: datetime
) -> None:
    with pytest.raises(errors.PasswordTooWeak) as caught:
        a_person(in_tenant, now, password=password)
    assert str(caught.value.facts["rules"])
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("username", "Zhang"),
        ("username", "zw"),
        ("username", "张伟"),
        ("username", "zhang wei"),
        ("email", "no at"),
    ],
)
def test_bad_data_of_a_person_are_refused_by_name(
    member: str, value: str, in_tenant: Tenant, now: datetime
) -> None:
    username = value if member == "username" else "zhang.wei"
    with pytest.raises(errors.BadPerson) as caught:
        a_person(in_tenant, now, username, email=value if member == "email" else "")
    assert caught.value.facts["member"] == member


def test_a_person_needs_a_chinese_name(in_tenant: Tenant, now: datetime) -> None:
    with pytest.raises(errors.BadPerson):
        a_person(in_tenant, now, name=Text(en="Zhang Wei"))


def test_people_are_seen_in_their_own_institute_only(person: Person, now: datetime) -> None:
    other = create_tenant(slug="other-institute", name=Text(zh="另一计量院"), now=now)
    assert selectors.people() == [person]
    with scope(other.id):
        assert selectors.people() == []
        with pytest.raises(errors.PersonNotFound):
            selectors.person(person.id)
        with pytest.raises(errors.PersonNotFound):
            granted(person, "technician", now)
    with scope(uuid4()), pytest.raises(errors.PersonNotFound):
        deactivate(person_id=person.id, now=now)


def test_people_cannot_be_listed_outside_a_scope(tenant: Tenant, now: datetime) -> None:
    a_person(tenant, now)
    for ask in (selectors.people, lambda: selectors.role_assignments(UUID(int=0))):
        with pytest.raises(NoTenantInScope):
            ask()


@pytest.mark.parametrize(
    ("on", "held"),
    [(TODAY - DAY, False), (TODAY, True), (TODAY + 9 * DAY, True), (TODAY + 10 * DAY, False)],
)
def test_a_role_is_held_from_its_first_to_its_last_day(
    on: date, held: bool, person: Person, now: datetime
) -> None:
    granted(person, "reviewer", now, valid_until=TODAY + 9 * DAY)
    assert selectors.roles_of(person.id, on) == (frozenset({"reviewer"}) if held else frozenset())
    assert selectors.holders_of("reviewer", on) == ([person] if held else [])


def test_a_role_without_an_end_is_held_until_it_is_revoked(person: Person, now: datetime) -> None:
    granted(person, "reviewer", now)
    granted(person, "technician", now)
    far = TODAY + 4000 * DAY
    assert selectors.roles_of(person.id, far) == {"reviewer", "technician"}
    assert revoke_role(person_id=person.id, role="reviewer", revoked_by_id=UUID(int=3), now=now) == 1
    assert selectors.roles_of(person.id, TODAY) == {"technician"}
    rows = {row.role: row for row in selectors.role_assignments(person.id)}
    assert (rows["reviewer"].revoked_at, rows["reviewer"].revoked_by_id) == (now, UUID(int=3))
    with pytest.raises(errors.RoleNotHeld):
        revoke_role(person_id=person.id, role="reviewer", revoked_by_id=None, now=now)


def test_roles_that_do_not_exist_or_are_for_nobody_are_refused(person: Person, now: datetime) -> None:
    for role in ("verifier", "system", ""):
        with pytest.raises(errors.UnknownRole) as caught:
            granted(person, role, now)
        assert "signatory" in caught.value.rule.en
        assert "system," not in caught.value.rule.en


def test_a_role_does_not_end_before_it_begins(person: Person, now: datetime) -> None:
    with pytest.raises(errors.BadRolePeriod):
        granted(person, "reviewer", now, valid_until=TODAY - DAY)
    granted(person, "reviewer", now, valid_until=TODAY)


@pytest.mark.parametrize(
    ("first", "second"), [("system_administrator", "auditor"), ("auditor", "system_administrator")]
)
def test_who_administers_the_system_does_not_audit_it(
    first: str, second: str, person: Person, now: datetime
) -> None:
    granted(person, first, now)
    with pytest.raises(errors.IncompatibleRoles) as caught:
        granted(person, second, now)
    assert "系统管理员" in caught.value.what.zh
    granted(person, "technician", now)
    revoke_role(person_id=person.id, role=first, revoked_by_id=None, now=now)
    granted(person, second, now)


def test_the_actor_of_a_person_has_the_roles_of_the_day_and_needs_no_scope(
    tenant: Tenant, now: datetime
) -> None:
    organization = uuid4()
    with scope(tenant.id):
        person = a_person(tenant, now, organization_id=organization)
        granted(person, "customer", now, valid_until=TODAY)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        actor = selectors.actor_of(person.id, TODAY, "console")
    assert len(queries) == 2
    assert actor == Actor(
        person.id,
        tenant.id,
        Text(zh="张伟", en="Zhang Wei"),
        frozenset({"customer"}),
        organization,
        "console",
    )
    assert selectors.actor_of(person.id, TODAY + DAY, "api").roles == frozenset()
    with pytest.raises(errors.PersonNotFound):
        selectors.actor_of(uuid4(), TODAY, "console")


def test_a_closed_account_no_longer_acts_signs_in_or_holds_roles(person: Person, now: datetime) -> None:
    granted(person, "signatory", now)
    deactivate(person_id=person.id, now=now)
    with pytest.raises(errors.AccountClosed):
        selectors.actor_of(person.id, TODAY, "console")
    assert authenticate(RequestFactory().post("/"), username="zhang.wei", password=PASSWORD) is None
    assert selectors.holders_of("signatory", TODAY) == []
    assert selectors.people(only_active=True) == []
    assert selectors.people() == [Person.objects.get()]


def test_whoever_signed_something_is_never_deleted(person: Person, now: datetime) -> None:
    granted(person, "signatory", now)
    with pytest.raises(IntegrityError), transaction.atomic():
        person.delete()
