"""API tokens: what opens the door, for how long, with which roles, and what is kept of them."""

import hmac
import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.kernel.text import Text
from jialiang.security.accounts.models import Person
from jialiang.security.accounts.services import create_person, deactivate, grant_role, revoke_role
from jialiang.security.actor import Actor, system_actor
from jialiang.security.tenancy.errors import NoTenantInScope
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant
from jialiang.security.tokens import selectors
from jialiang.security.tokens.errors import (
    BadTokenName,
    BadTokenPeriod,
    TokenRefused,
    TokenRolesNotHeld,
    TokenUnknown,
)
from jialiang.security.tokens.models import ApiToken
from jialiang.security.tokens.services import LONGEST_DAYS, create_token, note_use, revoke_token

PASSWORD = "brass-vessel-AD-9"
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
MICROSECOND = timedelta(microseconds=1)
TODAY = date(2026, 6, 16)


def a_person(tenant: Tenant, now: datetime, username: str = "zhang.wei") -> Person:
    return create_person(
        tenant_id=tenant.id, username=username, password=PASSWORD, name=Text("张伟", "Zhang Wei"), now=now
    )


def hold(person: Person, role: str, now: datetime, *, first: date = TODAY, last: date | None = None) -> None:
    grant_role(
        person_id=person.id, role=role, valid_from=first, valid_until=last, granted_by_id=None, now=now
    )


pytestmark = pytest.mark.usefixtures("quick_hashing")


@pytest.fixture
def person(in_tenant: Tenant, now: datetime) -> Person:
    return a_person(in_tenant, now)


@pytest.fixture
def actor(person: Person, now: datetime) -> Actor:
    """The person, holding two roles from today on."""
    hold(person, "technician", now)
    hold(person, "reviewer", now)
    return Actor(
        person.id, person.tenant_id, person.name, frozenset({"technician", "reviewer"}), None, "console"
    )


def made(actor: Actor, now: datetime, **members: object) -> tuple[ApiToken, str]:
    facts = {"name": "温度室采集程序", "days": 30, "roles": ()}
    return create_token(actor=actor, now=now, **{**facts, **members})


# --- the text and what is kept of it -------------------------------------------------------------------------


def test_the_text_of_a_token_has_one_shape_and_is_kept_nowhere(actor: Actor, now: datetime) -> None:
    row, text = made(actor, now)
    match = re.fullmatch(r"jl_([0-9a-f]{12})_([A-Za-z0-9_-]{43})", text)
    assert match is not None
    stored = [str(getattr(row, column.attname)) for column in ApiToken._meta.concrete_fields]
    assert match[1] in stored
    assert not any(match[2] in column for column in stored)
    assert row.secret_digest == selectors.secret_digest(match[2])


def test_the_digest_of_a_secret_is_sha_256() -> None:
    # FIPS 180-4, the digest of "abc".
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert selectors.secret_digest("abc") == known


def test_no_two_tokens_share_prefix_or_secret(actor: Actor, now: datetime) -> None:
    texts = [made(actor, now)[1] for _ in range(20)]
    assert len({text[3:15] for text in texts}) == 20
    assert len({text[16:] for text in texts}) == 20


def test_a_token_belongs_to_its_person_and_institute_and_says_when_it_ends(
    actor: Actor, now: datetime
) -> None:
    row, text = made(actor, now, days=7)
    found = selectors.shown_token(text, now)
    assert (found.id, found.person_id, found.tenant_id) == (row.id, actor.person_id, actor.tenant_id)
    assert (found.created_at, found.expires_at) == (now, now + 7 * DAY)
    assert (found.last_used_at, found.revoked_at) == (None, None)


# --- which words open the door -------------------------------------------------------------------------------

SECRET = "A" * 43
MALFORMED = {
    "nothing": "",
    "blanks": "   ",
    "the prefix alone": "jl_0123456789ab",
    "no secret": "jl_0123456789ab_",
    "a secret too short": f"jl_0123456789ab_{SECRET[1:]}",
    "a secret too long": f"jl_0123456789ab_{SECRET}A",
    "a prefix too short": f"jl_0123456789a_{SECRET}",
    "capitals in the prefix": f"jl_0123456789AB_{SECRET}",
    "another brand": f"gh_0123456789ab_{SECRET}",
    "a letter outside the alphabet": f"jl_0123456789ab_{'+' + SECRET[1:]}",
    "a line end behind it": f"jl_0123456789ab_{SECRET}\n",
    "a blank before it": f" jl_0123456789ab_{SECRET}",
    "the scheme before it": f"Bearer jl_0123456789ab_{SECRET}",
    "digits of another script": f"jl_٠123456789ab_{SECRET}",
    "full-width letters": f"ｊｌ_0123456789ab_{SECRET}",
    "a quote": f"jl_0123456789ab_{SECRET}' OR '1'='1",
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED)
def test_what_has_not_the_shape_of_a_token_is_refused_without_asking_the_database(
    text: str, now: datetime
) -> None:
    with pytest.raises(TokenRefused):  # a query would fail here: the database is not open to this test
        selectors.shown_token(text, now)


@pytest.mark.parametrize("place", [16, 30, 58])
def test_one_wrong_letter_anywhere_in_the_secret_is_refused(actor: Actor, now: datetime, place: int) -> None:
    text = made(actor, now)[1]
    other = "B" if text[place] != "B" else "C"
    with pytest.raises(TokenRefused):
        selectors.shown_token(text[:place] + other + text[place + 1 :], now)


def test_the_secret_of_another_token_does_not_fit(actor: Actor, now: datetime) -> None:
    one, other = made(actor, now)[1], made(actor, now)[1]
    with pytest.raises(TokenRefused):
        selectors.shown_token(one[:16] + other[16:], now)


def test_the_stored_digest_does_not_open_the_door(actor: Actor, now: datetime) -> None:
    row, _ = made(actor, now)
    with pytest.raises(TokenRefused):
        selectors.shown_token(f"jl_{row.prefix}_{row.secret_digest[:43]}", now)


def test_secrets_are_compared_in_constant_time(
    actor: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, text = made(actor, now)
    compared: list[tuple[str, str]] = []
    honest = hmac.compare_digest

    def watched(one: str, other: str) -> bool:
        compared.append((one, other))
        return honest(one, other)

    monkeypatch.setattr(hmac, "compare_digest", watched)
    selectors.shown_token(text, now)
    assert compared == [(row.secret_digest, row.secret_digest)]


@settings(max_examples=60)
@given(st.text(max_size=80))
def test_no_text_does_anything_but_be_refused(text: str) -> None:
    with pytest.raises(TokenRefused):
        selectors.shown_token(text, datetime(2026, 6, 16, tzinfo=UTC))


def test_every_refusal_reads_the_same_and_is_a_401(actor: Actor, now: datetime) -> None:
    row, text = made(actor, now, days=1)
    revoked, revoked_text = made(actor, now)
    revoke_token(revoked.id, now=now)
    said = set()
    for shown, moment in [("x", now), (text[:-1] + "!", now), (text, now + DAY), (revoked_text, now)]:
        with pytest.raises(TokenRefused) as refused:
            selectors.shown_token(shown, moment)
        said.add((str(refused.value), str(refused.value.facts), refused.value.http_status))
    assert len(said) == 1
    assert said.pop()[2] == 401


# --- how long -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "opens"),
    [
        (timedelta(0), True),
        (30 * DAY - MICROSECOND, True),
        (30 * DAY, False),
        (30 * DAY + MICROSECOND, False),
        (400 * DAY, False),
    ],
)
def test_a_token_opens_until_its_last_moment_and_not_at_it(
    actor: Actor, now: datetime, after: timedelta, opens: bool
) -> None:
    row, text = made(actor, now, days=30)
    if opens:
        assert selectors.shown_token(text, now + after).id == row.id
    else:
        with pytest.raises(TokenRefused):
            selectors.shown_token(text, now + after)


@pytest.mark.parametrize("days", [-1, 0, LONGEST_DAYS + 1, 10**6])
def test_a_token_without_a_sensible_end_is_not_made(actor: Actor, now: datetime, days: int) -> None:
    with pytest.raises(BadTokenPeriod) as refused:
        made(actor, now, days=days)
    assert refused.value.facts == {"days": days, "longest": 366}
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("days", [1, LONGEST_DAYS])
def test_one_day_and_a_leap_year_are_sensible(actor: Actor, now: datetime, days: int) -> None:
    assert made(actor, now, days=days)[0].expires_at - now == days * DAY


def test_a_revoked_token_is_shut_at_once_and_stays_revoked_since_the_first_time(
    actor: Actor, now: datetime
) -> None:
    row, text = made(actor, now)
    assert revoke_token(row.id, now=now).revoked_at == now
    with pytest.raises(TokenRefused):
        selectors.shown_token(text, now)
    assert revoke_token(row.id, now=now + DAY).revoked_at == now


def test_revoking_one_token_leaves_the_others_open(actor: Actor, now: datetime) -> None:
    (gone, _), (kept, text) = made(actor, now), made(actor, now)
    revoke_token(gone.id, now=now)
    assert selectors.shown_token(text, now).id == kept.id


# --- whose rights -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "acts_with"),
    [
        ((), {"technician", "reviewer"}),
        (("technician",), {"technician"}),
        (("reviewer", "technician"), {"technician", "reviewer"}),
    ],
)
def test_a_token_acts_with_the_roles_it_names_or_with_all(
    actor: Actor, now: datetime, named: tuple[str, ...], acts_with: set[str]
) -> None:
    row, _ = made(actor, now, roles=named)
    acting = selectors.actor_by_token(row, now)
    assert acting.roles == acts_with
    assert (acting.person_id, acting.tenant_id, acting.name, acting.door) == (
        actor.person_id,
        actor.tenant_id,
        actor.name,
        "api",
    )


@pytest.mark.parametrize("roles", [("signatory",), ("technician", "signatory"), ("system",), ("",)])
def test_a_token_cannot_ask_for_more_than_its_person_holds(
    actor: Actor, now: datetime, roles: tuple[str, ...]
) -> None:
    with pytest.raises(TokenRolesNotHeld) as refused:
        made(actor, now, roles=roles)
    assert refused.value.facts == {"roles": ", ".join(sorted(roles)), "held": "reviewer, technician"}


def test_roles_named_twice_are_kept_once_in_order(actor: Actor, now: datetime) -> None:
    assert made(actor, now, roles=["technician", "reviewer", "technician"])[0].roles == [
        "reviewer",
        "technician",
    ]


def test_a_role_taken_from_the_person_is_taken_from_the_token(actor: Actor, now: datetime) -> None:
    narrowed, whole = made(actor, now, roles=["technician"])[0], made(actor, now)[0]
    revoke_role(person_id=actor.person_id, role="technician", revoked_by_id=None, now=now)
    assert selectors.actor_by_token(narrowed, now).roles == frozenset()
    assert selectors.actor_by_token(whole, now).roles == {"reviewer"}


def test_a_role_given_later_does_not_widen_a_token_that_names_its_roles(actor: Actor, now: datetime) -> None:
    narrowed, whole = made(actor, now, roles=["technician"])[0], made(actor, now)[0]
    hold(Person.objects.get(pk=actor.person_id), "signatory", now)
    assert selectors.actor_by_token(narrowed, now).roles == {"technician"}
    assert selectors.actor_by_token(whole, now).roles == {"technician", "reviewer", "signatory"}


@pytest.mark.parametrize(
    ("moment", "held"),
    [
        (datetime(2026, 6, 30, 15, 59, 59, tzinfo=UTC), True),  # 23:59:59 of the last day in Shanghai
        (datetime(2026, 6, 30, 16, 0, 0, tzinfo=UTC), False),  # midnight there; still 30 June in UTC
    ],
)
def test_a_role_ends_with_the_day_of_the_institute_also_for_tokens(
    person: Person, now: datetime, moment: datetime, held: bool
) -> None:
    hold(person, "technician", now, last=date(2026, 6, 30))
    actor = Actor(person.id, person.tenant_id, person.name, frozenset({"technician"}), None, "console")
    row, _ = made(actor, now)
    assert ("technician" in selectors.actor_by_token(row, moment).roles) is held


def test_a_closed_account_shuts_its_tokens_with_the_same_words_as_a_wrong_one(
    actor: Actor, now: datetime
) -> None:
    row, text = made(actor, now)
    deactivate(person_id=actor.person_id, now=now)
    with pytest.raises(TokenRefused) as refused:
        selectors.actor_by_token(selectors.shown_token(text, now), now)
    assert refused.value.facts == {}


def test_the_program_itself_has_no_tokens(in_tenant: Tenant, now: datetime) -> None:
    with pytest.raises(TypeError, match="the system is none"):
        made(system_actor(in_tenant.id, Text("系统"), "worker"), now)


# --- names, lists, institutes -------------------------------------------------------------------------------

NAMES = {
    "empty": ("", False),
    "blanks": (" \t\u3000", False),
    "61 letters": ("a" * 61, False),
    "a line end inside": ("line one\nline two", False),
    "a zero byte": ("nul\x00byte", False),
    "half a letter": ("half \ud83d letter", False),
    "an escape that colours a terminal": ("\x1b[31mred", False),
    "one letter": ("a", True),
    "60 Chinese characters": ("温" * 60, True),
    "blanks around it": ("  edge gateway ", True),
}


@pytest.mark.parametrize(("name", "usable"), NAMES.values(), ids=NAMES)
def test_a_token_has_a_name_that_every_database_and_screen_can_show(
    actor: Actor, now: datetime, name: str, usable: bool
) -> None:
    if usable:
        assert made(actor, now, name=name)[0].name == name.strip()
    else:
        with pytest.raises(BadTokenName):
            made(actor, now, name=name)
        assert not ApiToken.objects.exists()


def test_tokens_of_a_person_are_listed_newest_first_and_no_others(
    actor: Actor, in_tenant: Tenant, now: datetime
) -> None:
    rows = [made(actor, now + n * SECOND)[0].id for n in range(3)]
    other = a_person(in_tenant, now, "li.si")
    made(Actor(other.id, in_tenant.id, other.name, frozenset(), None, "console"), now)
    assert [row.id for row in selectors.tokens_of(actor.person_id)] == rows[::-1]


def test_an_unknown_token_is_not_found(in_tenant: Tenant, now: datetime) -> None:
    for deed in (lambda: selectors.token(uuid4()), lambda: revoke_token(uuid4(), now=now)):
        with pytest.raises(TokenUnknown):
            deed()


def test_a_token_of_another_institute_is_neither_found_nor_revoked_but_tells_its_own_institute(
    actor: Actor, now: datetime
) -> None:
    row, text = made(actor, now)
    other = create_tenant(slug="other-institute", name=Text("另一院"), now=now)
    with scope(other.id):
        with pytest.raises(TokenUnknown):
            selectors.token(row.id)
        with pytest.raises(TokenUnknown):
            revoke_token(row.id, now=now)
        assert selectors.tokens_of(actor.person_id) == []
        assert selectors.shown_token(text, now).tenant_id == actor.tenant_id


def test_a_token_is_shown_before_any_institute_is_in_scope_but_not_made_there(
    tenant: Tenant, now: datetime
) -> None:
    with scope(tenant.id):
        person = a_person(tenant, now)
        row, text = made(Actor(person.id, tenant.id, person.name, frozenset(), None, "console"), now)
    assert selectors.shown_token(text, now).id == row.id
    assert selectors.actor_by_token(row, now).person_id == person.id
    with pytest.raises(NoTenantInScope):
        made(Actor(person.id, tenant.id, person.name, frozenset(), None, "console"), now)


# --- noting the use ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "noted"), [(0, False), (59, False), (60, True), (3600, True)])
def test_use_is_noted_once_a_minute_at_most(
    actor: Actor, now: datetime, seconds: int, noted: bool, django_assert_num_queries
) -> None:
    row, text = made(actor, now)
    note_use(row, now)
    shown = selectors.shown_token(text, now)
    assert shown.last_used_at == now
    later = now + seconds * SECOND
    with django_assert_num_queries(1 if noted else 0):
        note_use(shown, later)
    assert selectors.shown_token(text, now).last_used_at == (later if noted else now)


def test_noting_the_use_touches_that_token_alone(actor: Actor, now: datetime) -> None:
    used, unused = made(actor, now)[0], made(actor, now)[0]
    note_use(used, now + SECOND)
    assert selectors.token(unused.id).last_used_at is None
