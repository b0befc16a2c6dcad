"""When the second confirmation locks and opens again: timelines of right and wrong tries, to the second."""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jialiang.kernel.text import Text
from jialiang.security.accounts.confirmation import MOST_FAILURES, WINDOW
from jialiang.security.accounts.errors import ConfirmationLocked, ConfirmationRefused, PasswordTooWeak
from jialiang.security.accounts.models import ConfirmationAttempt, Person
from jialiang.security.accounts.services import confirm, create_person
from jialiang.security.actor import Actor
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import current_tenant_id, scope
from jialiang.security.tenancy.services import create_tenant

RIGHT, WRONG = "brass-vessel-AD-9", "brass-vessel-AD-8"
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


pytestmark = pytest.mark.usefixtures("quick_hashing")


@pytest.fixture(autouse=True)
def _no_tries_remembered() -> None:
    cache.clear()


@pytest.fixture
def person(in_tenant: Tenant, now: datetime) -> Person:
    return create_person(
        tenant_id=in_tenant.id, username="li.si", password=RIGHT, name=Text("李四", "Li Si"), now=now
    )


@pytest.fixture
def actor(person: Person) -> Actor:
    return Actor(person.id, person.tenant_id, person.name, frozenset({"signatory"}), None, "console")


def tried(actor: Actor, password: str, moment: datetime) -> str:
    """``held``, ``refused`` or ``locked``."""
    try:
        confirm(actor=actor, password=password, now=moment)
    except ConfirmationLocked:
        return "locked"
    except ConfirmationRefused:
        return "refused"
    return "held"


W, R = WRONG, RIGHT
TIMELINES = {
    # tries as (seconds from the beginning, password) and what came of each
    "right at once": ([(0, R)], ["held"]),
    "four wrong, then right": ([(0, W), (1, W), (2, W), (3, W), (4, R)], ["refused"] * 4 + ["held"]),
    "five wrong, then right": ([(0, W), (1, W), (2, W), (3, W), (4, W), (5, R)], ["refused"] * 5 + ["locked"]),
    "locked until the first of the five is fifteen minutes old": (
        [(0, W), (10, W), (20, W), (30, W), (40, W), (899, R), (900, R)], ["refused"] * 5 + ["locked", "held"]),
    "tries while locked do not lengthen the lock": (
        [(0, W), (0, W), (0, W), (0, W), (0, W), (100, W), (500, W), (899, W), (900, R)],
        ["refused"] * 5 + ["locked"] * 3 + ["held"]),
    "one more wrong after the first has aged locks again": (
        [(0, W), (100, W), (100, W), (100, W), (100, W), (900, W), (901, R), (1000, R)],
        ["refused"] * 5 + ["refused", "locked", "held"]),
    "slow guessing, one in four minutes, is never locked": (
        [(n * 240, W) for n in range(8)] + [(8 * 240, R)], ["refused"] * 8 + ["held"]),
    "a right one between forgives the wrong ones before": (
        [(0, W), (1, W), (2, W), (3, W), (4, R), (5, W), (6, W), (7, W), (8, W), (9, R)],
        ["refused"] * 4 + ["held"] + ["refused"] * 4 + ["held"]),
    "five wrong after a right one lock": (
        [(0, R), (1, W), (2, W), (3, W), (4, W), (5, W), (6, R)], ["held"] + ["refused"] * 5 + ["locked"]),
    "all within one second": ([(0, W)] * 5 + [(0, R)], ["refused"] * 5 + ["locked"]),
}  # fmt: skip


@pytest.mark.parametrize(("tries", "outcomes"), TIMELINES.values(), ids=TIMELINES)
def test_each_timeline_locks_and_opens_as_laid_out(
    tries: list[tuple[int, str]], outcomes: list[str], actor: Actor, now: datetime
) -> None:
    assert [tried(actor, password, now + at * SECOND) for at, password in tries] == outcomes


def test_the_lock_says_when_it_ends(actor: Actor, now: datetime) -> None:
    for n in range(MOST_FAILURES):
        tried(actor, WRONG, now + n * MINUTE)
    with pytest.raises(ConfirmationLocked) as locked:
        confirm(actor=actor, password=RIGHT, now=now + 5 * MINUTE)
    assert locked.value.facts == {"actor": actor.name, "failures": 5, "until": "2026-06-16 08:02:30 UTC"}
    assert tried(actor, RIGHT, now + WINDOW - SECOND) == "locked"
    assert tried(actor, RIGHT, now + WINDOW) == "held"


def test_tries_are_written_with_their_outcome_and_those_while_locked_are_not(
    actor: Actor, now: datetime
) -> None:
    tried(actor, RIGHT, now)
    for n in range(1, 8):
        tried(actor, WRONG, now + n * SECOND)
    rows = list(ConfirmationAttempt.objects.order_by("at").values_list("method", "succeeded"))
    assert rows == [("password", True)] + [("password", False)] * 5


PASSWORDS = {
    "empty": "", "capitals": RIGHT.upper(), "a blank behind": RIGHT + " ", "a blank before": " " + RIGHT,
    "cut": RIGHT[:-1], "full-width letters": "ｂrass-vessel-AD-9", "a zero byte": RIGHT + "\x00",
    "half a letter": "\ud83d", "very long": "x" * 100_000, "another person's": "seven bronze measures",
}  # fmt: skip


@pytest.mark.parametrize("password", PASSWORDS.values(), ids=PASSWORDS)
def test_only_the_very_password_confirms(password: str, actor: Actor, now: datetime) -> None:
    assert tried(actor, password, now) == "refused"
    assert tried(actor, RIGHT, now + SECOND) == "held"


@pytest.mark.parametrize(
    "code", ["000000", "", "12345", "1234567", "１２３４５６", "-12345", "abcdef", "\x00", "\ud83d"]
)
def test_without_an_authenticator_no_code_of_any_shape_confirms(
    code: str, actor: Actor, now: datetime
) -> None:
    with pytest.raises(ConfirmationRefused):
        confirm(actor=actor, totp=code, now=now)


def test_a_password_of_half_letters_is_refused_when_it_is_chosen(in_tenant: Tenant, now: datetime) -> None:
    with pytest.raises(PasswordTooWeak):
        create_person(
            tenant_id=in_tenant.id,
            username="wang.wu",
            password="long enough \ud83d",
            name=Text("王五"),
            now=now,
        )
    assert not Person.objects.exists()


def test_confirming_leaves_the_scope_as_it_was(actor: Actor, tenant: Tenant, now: datetime) -> None:
    other = create_tenant(slug="other-institute", name=Text("另一院"), now=now)
    with scope(other.id):
        assert tried(actor, RIGHT, now) == "held"
        assert tried(actor, WRONG, now) == "refused"
        assert current_tenant_id() == other.id
        assert not ConfirmationAttempt.objects.exists()
    with scope(tenant.id):
        assert ConfirmationAttempt.objects.count() == 2


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(gaps=st.lists(st.sampled_from([0, 1, 60, 300, 899, 900]), min_size=1, max_size=14))
def test_never_are_six_wrong_passwords_looked_at_within_a_quarter_of_an_hour(gaps, actor, now) -> None:
    ConfirmationAttempt.objects.all().delete()
    moment, looked_at = now, []
    for gap in gaps:
        moment += gap * SECOND
        if tried(actor, WRONG, moment) == "refused":
            looked_at.append(moment)
    for first, sixth in zip(looked_at, looked_at[MOST_FAILURES:], strict=False):
        assert sixth - first >= WINDOW
