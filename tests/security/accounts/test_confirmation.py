"""The second confirmation: by password or one-time code, counted although the act is rolled back."""

import threading
import time
from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.db import connections, transaction

from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.accounts.confirmation import MOST_FAILURES, WINDOW
from jialiang.security.accounts.errors import ConfirmationLocked, ConfirmationRefused
from jialiang.security.accounts.models import ConfirmationAttempt, Person
from jialiang.security.accounts.services import confirm, create_person, deactivate
from jialiang.security.actor import Actor, system_actor
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import everywhere

PASSWORD = "brass-vessel-AD-9"
SECOND = timedelta(seconds=1)


@pytest.fixture
def person(in_tenant: Tenant, now: datetime) -> Person:
    cache.clear()
    return create_person(
        tenant_id=in_tenant.id, username="li.si", password=PASSWORD, name=Text(zh="李四", en="Li Si"), now=now
    )


@pytest.fixture
def actor(person: Person) -> Actor:
    return Actor(person.id, person.tenant_id, person.name, frozenset({"signatory"}), None, "console")


@pytest.fixture
def secret(person: Person) -> str:
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def fail_times(actor: Actor, now: datetime, count: int) -> None:
    for _ in range(count):
        with pytest.raises(ConfirmationRefused) as caught:
            confirm(actor=actor, password="wrong", now=now)
        assert not isinstance(caught.value, ConfirmationLocked)


def test_the_own_password_confirms(actor: Actor, now: datetime) -> None:
    assert confirm(actor=actor, password=PASSWORD, now=now) == "password"


def test_a_one_time_code_confirms_once(actor: Actor, secret: str, now: datetime) -> None:
    code = code_of(secret)
    assert confirm(actor=actor, totp=code, now=now) == "totp"
    with pytest.raises(ConfirmationRefused):
        confirm(actor=actor, totp=code, now=now)


def test_without_an_authenticator_no_code_confirms(actor: Actor, now: datetime) -> None:
    assert not Authenticator.objects.exists()
    with pytest.raises(ConfirmationRefused) as caught:
        confirm(actor=actor, totp="123456", now=now)
    assert (caught.value.code, caught.value.http_status) == ("JL-ACC-010", 403)


def test_a_wrong_code_is_not_saved_by_a_right_password(actor: Actor, secret: str, now: datetime) -> None:
    wrong = "000000" if code_of(secret) != "000000" else "000001"
    with pytest.raises(ConfirmationRefused):
        confirm(actor=actor, password=PASSWORD, totp=wrong, now=now)


def test_nothing_at_all_and_the_program_itself_do_not_confirm(actor: Actor, now: datetime) -> None:
    worker = system_actor(actor.tenant_id, Text(zh="工作进程", en="Worker"), "worker")
    for who, password in ((actor, ""), (worker, PASSWORD)):
        with pytest.raises(ConfirmationRefused):
            confirm(actor=who, password=password, now=now)
    assert ConfirmationAttempt.objects.count() == 0


def test_after_five_failures_even_the_right_password_has_to_wait(actor: Actor, now: datetime) -> None:
    fail_times(actor, now, MOST_FAILURES)
    with pytest.raises(ConfirmationLocked) as caught:
        confirm(actor=actor, password=PASSWORD, now=now + SECOND)
    assert (caught.value.code, caught.value.http_status) == ("JL-ACC-011", 429)
    assert "2026-06-16 08:02:30 UTC" in caught.value.what.zh
    with pytest.raises(ConfirmationLocked):
        confirm(actor=actor, password=PASSWORD, now=now + WINDOW - SECOND)
    assert confirm(actor=actor, password=PASSWORD, now=now + WINDOW) == "password"


def test_four_failures_do_not_lock_and_a_success_forgives_them(actor: Actor, now: datetime) -> None:
    fail_times(actor, now, MOST_FAILURES - 1)
    confirm(actor=actor, password=PASSWORD, now=now + SECOND)
    fail_times(actor, now + 2 * SECOND, MOST_FAILURES - 1)
    confirm(actor=actor, password=PASSWORD, now=now + 3 * SECOND)


def test_failures_of_codes_and_passwords_count_together(actor: Actor, secret: str, now: datetime) -> None:
    fail_times(actor, now, 3)
    for _ in range(2):
        with pytest.raises(ConfirmationRefused):
            confirm(actor=actor, totp="abcdef", now=now)
    with pytest.raises(ConfirmationLocked):
        confirm(actor=actor, totp=code_of(secret), now=now)


def test_one_persons_failures_do_not_lock_another(actor: Actor, in_tenant: Tenant, now: datetime) -> None:
    fail_times(actor, now, MOST_FAILURES)
    other = create_person(
        tenant_id=in_tenant.id, username="wang.wu", password=PASSWORD, name=Text(zh="王五"), now=now
    )
    neighbour = Actor(other.id, in_tenant.id, other.name, frozenset(), None, "console")
    assert confirm(actor=neighbour, password=PASSWORD, now=now) == "password"


def test_a_closed_account_confirms_nothing(actor: Actor, person: Person, now: datetime) -> None:
    deactivate(person_id=person.id, now=now)
    with pytest.raises(ConfirmationRefused):
        confirm(actor=actor, password=PASSWORD, now=now)


def test_it_works_at_the_wall_clock_when_no_moment_is_given(actor: Actor) -> None:
    before = utc_now()
    confirm(actor=actor, password=PASSWORD)
    assert before <= ConfirmationAttempt.objects.get().at <= utc_now()


def test_inside_a_verbs_transaction_it_refuses_to_work_at_all(actor: Actor, now: datetime) -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        confirm(actor=actor, password=PASSWORD, now=now)


@pytest.mark.django_db(transaction=True)
def test_a_hundred_guesses_at_once_are_counted_like_guesses_in_a_row(actor: Actor, now: datetime) -> None:
    outcomes: list[str] = []

    def guess(number: int) -> None:
        try:
            confirm(actor=actor, password=f"guess {number}", now=now)
        except ConfirmationLocked:
            outcomes.append("locked")
        except ConfirmationRefused:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["locked"] * 15 + ["refused"] * 5
    with everywhere("count the tries of a test"):
        assert ConfirmationAttempt.objects.count() == 5
