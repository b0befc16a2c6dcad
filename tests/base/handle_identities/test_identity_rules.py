"""Identities: which texts are one, under which prefix, how they are known again, locked out, revoked and listed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.console.standing import standing
from tests.functions.prefix_verbs import PUBLIC_KEY, SITE, add_prefix, operator
from tests.ledger import World, build_world

from jialiang.base.handle_identities import errors, services
from jialiang.base.handle_identities.models import HandleIdentity, IdentityFailure
from jialiang.base.handle_identities.selectors import (
    MOST_FAILURES,
    WINDOW,
    failure_key,
    handle_identities,
    handle_identity,
    identities_of_prefix,
    identity_by_secret,
    identity_with_key,
    is_identity_given,
    key_for,
    require_unlocked,
    secret_digest,
    shown_identity,
)
from jialiang.base.organizations.errors import OrganizationUnknown
from jialiang.base.prefixes import services as prefix_services
from jialiang.base.prefixes.selectors import prefix_of
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

NOW = datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC)
ADMIN = "300:88.101.5/Admin"


def build() -> World:
    tenant = create_tenant(
        slug="identities", name=Text("云泽院", "Yunze"), time_zone="Asia/Shanghai", now=NOW
    )
    with scope(tenant.id):
        world = build_world(tenant.id, NOW)
        add_prefix(world, "88.101.5")
        add_prefix(world, "88.102", world.mill_id)
        return world


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with standing(build, django_db_blocker) as world:
        yield world


@pytest.fixture
def world(built: World, db: None) -> Iterator[World]:
    with scope(built.tenant_id):
        yield built


def with_secret(
    world: World, identity: str = ADMIN, holder_id: UUID | None = None, **more: Any
) -> tuple[Any, str]:
    return services.add_with_secret(
        identity, holder_id or world.dairy_id, actor=operator(world), now=NOW, **more
    )


def with_key(world: World, identity: str = "301:88.101.5/key", key: Any = PUBLIC_KEY) -> HandleIdentity:
    return services.add_with_key(identity, world.dairy_id, key, actor=operator(world), now=NOW)


HOLDS = {
    "the first index": "1:88.101.5/admin", "the last index": "2147483647:88.101.5/admin",
    "no suffix": "300:88.101.5/", "Chinese": "300:88.101.5/管理员", "markup": "300:88.101.5/<b>&\"'",
    "slashes": "300:88.101.5/a/b/c", "a colon": "300:88.101.5/a:b", "a blank": "300:88.101.5/a b",
    "leading zeros": "0300:88.101.5/admin", "blanks around": "  300:88.101.5/admin\n",
    "255 letters": "300:88.101.5/" + "x" * 246,
}  # fmt: skip
HOLDS_NOT = {
    "nothing": "", "a name": "88.101.5/admin", "no name": "300:", "no index": ":88.101.5/admin",
    "index 0": "0:88.101.5/admin", "an index too large": "2147483648:88.101.5/admin",
    "eleven digits": "00000000300:88.101.5/admin", "a negative index": "-1:88.101.5/admin",
    "a decimal": "1.5:88.101.5/admin", "full-width digits": "３００:88.101.5/admin", "words": "three:88.101.5/admin",
    "no slash": "300:88.101.5", "no prefix": "300:/admin", "an empty part": "300:88..5/admin",
    "a zero": "300:88.101.5/a\0b", "a line end": "300:88.101.5/a\nb", "a blank in front of the name": "300: 88.101.5/x",
    "256 letters": "300:88.101.5/" + "x" * 247, "a half letter": "300:88.101.5/\ud800",
}  # fmt: skip


@pytest.mark.parametrize("what", HOLDS)
def test_a_text_that_is_an_identity(world: World, what: str) -> None:
    row, secret = with_secret(world, HOLDS[what])
    index, _, handle = HOLDS[what].strip().partition(":")
    assert (row.index, row.handle) == (int(index), handle)
    assert row.text == f"{int(index)}:{handle}"
    found = identity_by_secret(row.text, secret)
    assert found is not None
    assert found.id == row.id


@pytest.mark.parametrize("what", HOLDS_NOT)
def test_a_text_that_is_none_is_refused_and_nothing_is_made(world: World, what: str) -> None:
    with pytest.raises(errors.BadIdentity) as refused:
        with_secret(world, HOLDS_NOT[what])
    assert refused.value.code == "JL-HID-001"
    assert refused.value.what.zh != refused.value.what.en
    str(refused.value.facts["given"]).encode()
    assert "\0" not in str(refused.value.facts["given"])
    assert not HandleIdentity.objects.exists()


@pytest.mark.parametrize("what", HOLDS_NOT)
def test_whoever_shows_such_a_text_is_nobody_and_breaks_nothing(world: World, what: str) -> None:
    with_secret(world)
    shown = HOLDS_NOT[what]
    assert shown_identity(shown) is None
    assert identity_by_secret(shown, "secret") is None
    assert key_for(shown).in_force is False
    assert len(failure_key(shown)) == 32


@pytest.mark.parametrize(
    ("identity", "holder"),
    [
        ("300:88.102/a", "dairy"), ("300:88.101.5/a", "mill"), ("300:88.777/a", "dairy"), ("300:88.101/a", "dairy"),
        ("300:88.101.5.1/a", "dairy"), ("300:88.101.5/a", "own"),
    ],
)  # fmt: skip
def test_an_identity_stands_under_a_prefix_of_its_holder(world: World, identity: str, holder: str) -> None:
    with pytest.raises(errors.IdentityNotOfPrefix) as refused:
        with_secret(world, identity, getattr(world, f"{holder}_id"))
    assert refused.value.facts["identity"] == identity


def test_a_holder_who_is_not_there_has_no_identities(world: World) -> None:
    with pytest.raises(OrganizationUnknown):
        with_secret(world, ADMIN, uuid4())


@pytest.mark.parametrize(
    "again", ["300:88.101.5/Admin", "300:88.101.5/ADMIN", "0300:88.101.5/admin", " 300:88.101.5/admin "]
)
@pytest.mark.parametrize("revoked", [False, True])
def test_an_identity_is_given_once_and_after_its_end_not_again(
    world: World, again: str, revoked: bool
) -> None:
    row, _ = with_secret(world)
    if revoked:
        services.revoke(row.id, reason="", actor=operator(world), now=NOW)
    with pytest.raises(errors.IdentityTaken):
        with_secret(world, again)
    assert is_identity_given("88.101.5/admin", 300)
    assert not is_identity_given("88.101.5/admin", 301)
    assert with_secret(world, "301:88.101.5/Admin")[0].index == 301


@pytest.mark.parametrize(
    ("note", "holds"),
    [("", True), ("网关 <一>", True), ("n" * 100, True), ("n" * 101, False), ("a\0b", False)],
)
def test_a_note_is_one_line_of_a_hundred_letters(world: World, note: str, holds: bool) -> None:
    if holds:
        assert with_secret(world, note=f" {note}\n")[0].note == note
    else:
        with pytest.raises(errors.IdentityMember) as refused:
            with_secret(world, note=note)
        assert refused.value.facts["member"].zh


# --- being known again ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("shown", ["300:88.101.5/Admin", "300:88.101.5/ADMIN", "0300:88.101.5/admin"])
def test_a_secret_holds_for_the_name_in_any_case(world: World, shown: str) -> None:
    _, secret = with_secret(world)
    assert identity_by_secret(shown, secret) is not None
    for wrong in ("", secret[:-1], secret + "x", secret.swapcase(), "\0", "\ud800", f" {secret}"):
        assert identity_by_secret(shown, wrong) is None


def test_secrets_of_two_identities_do_not_stand_for_each_other(world: World) -> None:
    (_, first), (_, second) = with_secret(world), with_secret(world, "301:88.101.5/Admin")
    assert first != second
    assert len(first) >= 43
    assert identity_by_secret("301:88.101.5/Admin", first) is None
    assert secret_digest(first) != secret_digest(second)


def test_an_identity_with_a_key_has_no_secret_not_even_an_empty_one(world: World) -> None:
    row = with_key(world)
    assert row.secret_digest == row.secret_sealed == ""
    assert identity_by_secret(row.text, "") is None
    assert key_for(row.text).public_key_pem == PUBLIC_KEY
    assert key_for(row.text).secret == b""


def test_a_secret_can_be_opened_for_a_challenge_and_stands_nowhere_in_plain(world: World) -> None:
    row, secret = with_secret(world)
    assert key_for(row.text).secret == secret.encode()
    kept = " ".join(str(getattr(row, field.attname)) for field in HandleIdentity._meta.concrete_fields)
    assert secret not in kept
    assert secret not in repr(key_for(row.text))


def test_of_several_keys_under_one_name_the_lowest_index_is_told(world: World) -> None:
    for index in (305, 301, 303):
        with_key(world, f"{index}:88.101.5/key")
    with_secret(world, "300:88.101.5/key")
    assert identity_with_key("88.101.5/KEY") == "301:88.101.5/key"
    lowest = HandleIdentity.objects.get(index=301)
    services.revoke(lowest.id, reason="", actor=operator(world), now=NOW)
    assert identity_with_key("88.101.5/key") == "303:88.101.5/key"
    assert identity_with_key("88.101.5/none") is None


@pytest.mark.parametrize("state", ["active", "delegated", "suspended", "withdrawn", "transferred", "revoked"])
def test_an_identity_stands_and_falls_with_its_prefix(world: World, state: str) -> None:
    row, secret = with_secret(world)
    prefix, said = prefix_of("88.101.5"), {"actor": operator(world), "now": NOW, "reason": "因故"}
    match state:
        case "delegated":
            prefix_services.delegate(prefix.id, site=SITE, **said)
        case "suspended":
            prefix_services.suspend(prefix.id, **said)
        case "withdrawn":
            prefix_services.withdraw(prefix.id, **said)
        case "transferred":
            prefix_services.transfer(prefix.id, holder_id=world.mill_id, **said)
        case "revoked":
            services.revoke(row.id, **said)
    in_force = state in ("active", "delegated")
    assert (shown_identity(ADMIN) is not None) is in_force
    assert (identity_by_secret(ADMIN, secret) is not None) is in_force
    assert key_for(ADMIN).in_force is in_force
    assert [found.id for found in identities_of_prefix(prefix.id)] == ([] if state == "revoked" else [row.id])


# --- failures -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failures", "locked"), [(0, False), (MOST_FAILURES - 1, False), (MOST_FAILURES, True), (9, True)]
)
@pytest.mark.parametrize("name", [ADMIN, "300:88.101.5/nobody", "no identity at all", "\0"])
def test_after_five_failures_a_name_is_locked_whoever_has_it(
    world: World, failures: int, locked: bool, name: str
) -> None:
    with_secret(world)
    for number in range(failures):
        IdentityFailure.objects.create(identity_digest=failure_key(name), at=NOW + timedelta(seconds=number))
    when = NOW + timedelta(minutes=1)
    require_unlocked("300:88.101.5/another", when)
    if locked:
        with pytest.raises(errors.IdentityLocked) as refused:
            require_unlocked(name, when)
        assert refused.value.facts == {"failures": failures, "minutes": 15}
        assert refused.value.http_status == 429
    else:
        require_unlocked(name, when)


@pytest.mark.parametrize(
    ("after", "locked"), [(WINDOW - timedelta(microseconds=1), True), (WINDOW, False), (WINDOW * 2, False)]
)
def test_a_lock_ends_with_its_window(world: World, after: timedelta, locked: bool) -> None:
    for _ in range(MOST_FAILURES):
        IdentityFailure.objects.create(identity_digest=failure_key(ADMIN), at=NOW)
    if locked:
        with pytest.raises(errors.IdentityLocked):
            require_unlocked(ADMIN, NOW + after)
    else:
        require_unlocked(ADMIN, NOW + after)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (ADMIN, ADMIN.upper(), True), (ADMIN, "0300:88.101.5/admin", True), (ADMIN, "301:88.101.5/admin", False),
        ("x", "X", True), ("温", "温 ", False), ("x" * 2100, "x" * 2200, True), (ADMIN, "88.101.5/admin", False),
    ],
)  # fmt: skip
def test_failures_are_counted_by_the_name_however_it_is_spelled(one: str, other: str, same: bool) -> None:
    assert (failure_key(one) == failure_key(other)) is same


# --- ending, using, listing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "holds"),
    [("", True), ("离职 <b>", True), ("r" * 200, True), ("r" * 201, False), ("a\0", False)],
)
def test_revoking_tells_who_and_why_and_leaves_no_secret(world: World, reason: str, holds: bool) -> None:
    row, _ = with_secret(world)
    said = {"reason": reason, "actor": operator(world), "now": NOW}
    if not holds:
        with pytest.raises(errors.IdentityMember):
            services.revoke(row.id, **said)
        assert handle_identity(row.id).state == "active"
        return
    services.revoke(row.id, **said)
    after = handle_identity(row.id)
    assert (after.state, after.revoked_at, after.revoke_reason) == ("revoked", NOW, reason)
    assert (after.secret_digest, after.secret_sealed, after.revoked_by_name) == (
        "",
        "",
        operator(world).name.zh,
    )
    with pytest.raises(errors.IdentityRevoked) as refused:
        services.revoke(row.id, **said)
    assert refused.value.facts["since"] == "2026-06-16 07:47 UTC"


def test_what_is_not_there_is_neither_read_nor_revoked(world: World) -> None:
    for deed in (lambda: handle_identity(uuid4()),
                 lambda: services.revoke(uuid4(), reason="", actor=operator(world), now=NOW)):  # fmt: skip
        with pytest.raises(errors.IdentityUnknown):
            deed()


@pytest.mark.parametrize(("seconds", "noted"), [(0, False), (59, False), (60, True), (3600, True)])
def test_the_last_use_is_noted_at_most_once_a_minute(world: World, seconds: int, noted: bool) -> None:
    row, _ = with_secret(world)
    services.note_use(row, NOW)
    used = handle_identity(row.id)
    assert used.last_used_at == NOW
    services.note_use(used, NOW + timedelta(seconds=seconds))
    assert handle_identity(row.id).last_used_at == NOW + timedelta(seconds=seconds if noted else 0)


@pytest.mark.parametrize(
    ("query", "found"),
    [({}, {300, 301, 7}), ({"state": "active"}, {301, 7}), ({"state": "revoked"}, {300}), ({"state": "none"}, set()),
     ({"state": "\0"}, set()), ({"state": "a\nb"}, set())],
)  # fmt: skip
def test_identities_are_listed_by_state_and_holder(
    world: World, query: dict[str, str], found: set[int]
) -> None:
    row, _ = with_secret(world)
    services.revoke(row.id, reason="", actor=operator(world), now=NOW)
    with_key(world)
    with_secret(world, "7:88.102/mill", world.mill_id)
    assert {each.index for each in handle_identities(**query)} == found
    assert {each.index for each in handle_identities(**query, only_organization=world.mill_id)} == found & {7}


def test_pages_of_identities_are_newest_first_and_tell_each_once(world: World) -> None:
    for index in range(1, 6):
        with_secret(world, f"{index}:88.101.5/x")
    first = handle_identities(size=2)
    second = handle_identities(size=2, after=first.next_after)
    third = handle_identities(size=2, after=second.next_after)
    assert [row.index for page in (first, second, third) for row in page] == [5, 4, 3, 2, 1]
