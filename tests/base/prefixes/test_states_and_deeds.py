"""Prefixes in every state against every deed: what passes, where it leads, what the row and its history say after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.console.standing import standing
from tests.functions.prefix_verbs import SITE, operator
from tests.ledger import World, build_world

from jialiang.base.prefixes import errors, services
from jialiang.base.prefixes.facts import PrefixFacts
from jialiang.base.prefixes.models import Prefix
from jialiang.base.prefixes.openness import require_open, require_room
from jialiang.base.prefixes.selectors import (
    applications,
    changes_of,
    children_of,
    count_prefixes,
    is_prefix_given,
    prefix,
    prefix_by_text,
    prefix_of,
    prefixes,
    tree,
)
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

NOW = datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
STATES = ("active", "suspended", "delegated", "withdrawn")


def build() -> World:
    tenant = create_tenant(slug="states", name=Text("云泽院", "Yunze"), time_zone="Asia/Shanghai", now=NOW)
    with scope(tenant.id):
        return build_world(tenant.id, NOW)


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with standing(build, django_db_blocker) as world:
        yield world


@pytest.fixture
def world(built: World, db: None) -> Iterator[World]:
    with scope(built.tenant_id):
        yield built


def add(world: World, text: str, holder_id: UUID | None = None, **members: Any) -> Prefix:
    facts = PrefixFacts(text=text, holder_id=holder_id or world.dairy_id, **members)
    return services.add(facts, actor=operator(world), now=NOW)


def in_state(world: World, state: str, text: str = "88.101") -> Prefix:
    row, said = add(world, text), {"actor": operator(world), "now": NOW}
    if state == "suspended":
        return services.suspend(row.id, reason="欠费", **said)
    if state == "delegated":
        return services.delegate(row.id, site=SITE, reason="迁出", **said)
    if state == "withdrawn":
        return services.withdraw(row.id, reason="注销", **said)
    return row


DEEDS: dict[str, Callable[[World, Prefix], Prefix]] = {
    "suspend": lambda w, p: services.suspend(p.id, reason="  因\n故 ", actor=operator(w), now=LATER),
    "resume": lambda w, p: services.resume(p.id, reason="查明", actor=operator(w), now=LATER),
    "delegate": lambda w, p: services.delegate(p.id, site=SITE, reason="迁出", actor=operator(w), now=LATER),
    "transfer": lambda w, p: services.transfer(
        p.id, holder_id=w.mill_id, reason="并购", actor=operator(w), now=LATER
    ),
    "set_quota": lambda w, p: services.set_quota(p.id, quota=7, actor=operator(w), now=LATER),
    "withdraw": lambda w, p: services.withdraw(p.id, reason="注销", actor=operator(w), now=LATER),
}
LEADS = {  # deed: from which state to which; where nothing changes to the same one
    "suspend": {"active": "suspended", "delegated": "suspended"},
    "resume": {"suspended": "active", "delegated": "active"},
    "delegate": {"active": "delegated", "delegated": "delegated"},
    "transfer": {"active": "active", "suspended": "suspended", "delegated": "delegated"},
    "set_quota": {"active": "active", "suspended": "suspended", "delegated": "delegated"},
    "withdraw": {"active": "withdrawn", "suspended": "withdrawn", "delegated": "withdrawn"},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("deed", DEEDS)
def test_every_deed_in_every_state(world: World, deed: str, state: str) -> None:
    row = in_state(world, state)
    before, told = prefix(row.id), len(changes_of(row.id))
    if state not in LEADS[deed]:
        with pytest.raises(errors.PrefixStateForbids) as refused:
            DEEDS[deed](world, row)
        facts = refused.value.facts
        assert facts["prefix"] == "88.101"
        assert facts["state"].zh
        assert facts["state"].zh not in facts["allowed"].zh
        assert facts["allowed"].en.count(", ") == facts["allowed"].zh.count("、")
        after = prefix(row.id)
        assert (after.version, after.state, len(changes_of(row.id))) == (before.version, state, told)
        return
    DEEDS[deed](world, row)
    after = prefix(row.id)
    changed = (deed, state) != ("delegate", "delegated")
    assert after.state == LEADS[deed][state]
    assert (after.version - before.version, len(changes_of(row.id)) - told) == (changed, changed)
    assert after.state_since == (LATER if after.state != state else NOW)
    assert after.holder_id == (world.mill_id if deed == "transfer" else world.dairy_id)
    assert after.quota == (7 if deed == "set_quota" else None)
    assert (after.site is not None) is (
        after.state == "delegated" or (state == "delegated" and after.state == "suspended")
    )


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_is_told_with_who_when_why_and_what_changed(world: World, deed: str) -> None:
    row = in_state(world, "suspended" if deed == "resume" else "active")
    DEEDS[deed](world, row)
    change = changes_of(row.id)[-1]
    assert (change.deed, change.at, change.person_name) == (deed, LATER, operator(world).name.zh)
    assert set(change.old) == set(change.new) != set()
    assert change.old != change.new
    assert change.reason == {
        "suspend": "因 故", "resume": "查明", "delegate": "迁出", "transfer": "并购", "set_quota": "",
        "withdraw": "注销",
    }[deed]  # fmt: skip


@pytest.mark.parametrize("deed", ["suspend", "transfer", "withdraw"])
@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("", errors.PrefixReasonMissing), (" \n\t ", errors.PrefixReasonMissing), ("x" * 201, errors.PrefixMember),
        ("长" * 201, errors.PrefixMember), ("a\0b", errors.PrefixMember), ("x" * 200, None), ("<b>&", None),
        ("🙂", None),
    ],
)  # fmt: skip
def test_a_weighty_deed_needs_a_reason_of_one_to_two_hundred_letters(
    world: World, deed: str, reason: str, error: type[JialiangError] | None
) -> None:
    row, said = in_state(world, "active"), {"actor": operator(world), "now": LATER, "reason": reason}
    more = {"holder_id": world.mill_id} if deed == "transfer" else {}
    if error is None:
        getattr(services, deed)(row.id, **said, **more)
        assert changes_of(row.id)[-1].reason == reason
        return
    with pytest.raises(error) as refused:
        getattr(services, deed)(row.id, **said, **more)
    assert refused.value.what.zh != refused.value.what.en
    assert prefix(row.id).version == 1


@pytest.mark.parametrize("deed", ["resume", "delegate"])
def test_a_light_deed_needs_no_reason_but_one_that_is_given_has_to_fit(world: World, deed: str) -> None:
    row = in_state(world, "suspended" if deed == "resume" else "active")
    more = {"site": SITE} if deed == "delegate" else {}
    said = {"actor": operator(world), "now": LATER}
    with pytest.raises(errors.PrefixMember):
        getattr(services, deed)(row.id, reason="x" * 201, **said, **more)
    getattr(services, deed)(row.id, reason=" ", **said, **more)
    assert changes_of(row.id)[-1].reason == ""


@pytest.mark.parametrize("deed", DEEDS)
def test_nothing_is_done_to_a_prefix_that_is_not_there(world: World, deed: str) -> None:
    with pytest.raises(errors.PrefixUnknown) as refused:
        DEEDS[deed](world, Prefix(id=uuid4()))
    assert refused.value.code == "JL-PFX-003"


@pytest.mark.parametrize("deed", ["suspend", "delegate", "transfer", "withdraw"])
def test_the_installation_s_own_prefix_stays_where_it_is(world: World, deed: str) -> None:
    own = next(row for row in tree() if row.shared)
    with pytest.raises(errors.BadPrefix) as refused:
        DEEDS[deed](world, own)
    assert refused.value.facts["given"] == own.text
    assert prefix(own.id).version == own.version


# --- quotas ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quota", "used", "holds"),
    [
        (1, 0, True), (1, 1, True), (0, 0, False), (-1, 0, False), (1, 2, False), (2, 2, True), (5, 4, True),
        (5, 6, False),
        (2_000_000_000, 0, True), (2_000_000_001, 0, False), (None, 0, True), (None, 99, True),
        (True, 0, False), (False, 0, False), ("7", 0, False), (7.0, 0, False), (float("nan"), 0, False), ([], 0, False),
    ],
)  # fmt: skip
def test_a_quota_is_a_whole_number_of_what_is_used_or_more(
    world: World, quota: Any, used: int, holds: bool
) -> None:
    row = in_state(world, "active")
    said = {"used": used, "actor": operator(world), "now": LATER}
    if holds:
        assert services.set_quota(row.id, quota=quota, **said).quota == quota
        return
    with pytest.raises(errors.BadQuota) as refused:
        services.set_quota(row.id, quota=quota, **said)
    assert refused.value.facts["least"] == max(used, 1)
    assert refused.value.facts["most"] == 2_000_000_000
    assert prefix(row.id).quota is None


@pytest.mark.parametrize(
    ("quota", "used", "adding", "fits"),
    [
        (None, 0, 1, True), (None, 10**12, 10**9, True), (1, 0, 1, True), (1, 1, 1, False), (1, 0, 2, False),
        (1, 1, 0, True),
        (10, 9, 1, True), (10, 9, 2, False), (10, 0, 10, True), (10, 0, 11, False), (10, 11, 0, False),
    ],
)  # fmt: skip
def test_room_beside_what_is_used(quota: int | None, used: int, adding: int, fits: bool) -> None:
    row = Prefix(text="88.1", quota=quota)
    if fits:
        require_room(row, used=used, adding=adding)
    else:
        with pytest.raises(errors.QuotaReached) as refused:
            require_room(row, used=used, adding=adding)
        assert refused.value.facts == {"prefix": "88.1", "quota": quota, "used": used, "adding": adding}


@pytest.mark.parametrize(("expected", "passes"), [(None, True), (1, True), (0, False), (2, False)])
def test_a_quota_is_set_on_the_version_that_was_read(
    world: World, expected: int | None, passes: bool
) -> None:
    row, said = in_state(world, "active"), {"actor": operator(world), "now": LATER}
    if passes:
        assert services.set_quota(row.id, quota=3, expected_version=expected, **said).version == 2
    else:
        with pytest.raises(errors.PrefixChanged) as refused:
            services.set_quota(row.id, quota=3, expected_version=expected, **said)
        assert (refused.value.facts["read"], refused.value.facts["stored"]) == (expected, 1)


def test_the_same_quota_again_leaves_no_trace(world: World) -> None:
    row, said = add(world, "88.101", quota=7), {"actor": operator(world), "now": LATER}
    assert services.set_quota(row.id, quota=7, **said).version == 1
    assert len(changes_of(row.id)) == 1


# --- who may register -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("holder", "held"), [("dairy", True), ("mill", False), ("own", False), (None, True)])
def test_under_an_active_prefix_its_holder_registers(
    world: World, state: str, holder: str | None, held: bool
) -> None:
    row = in_state(world, state)
    holder_id = getattr(world, f"{holder}_id") if holder else None
    if state == "active" and held:
        require_open(row, holder_id)
        return
    expected = errors.PrefixOfAnother if state == "active" else errors.PrefixStateForbids
    with pytest.raises(expected):
        require_open(row, holder_id)


@pytest.mark.parametrize("holder", ["dairy", "mill", "own"])
def test_under_the_shared_prefix_everyone_registers(world: World, holder: str) -> None:
    require_open(next(row for row in tree() if row.shared), getattr(world, f"{holder}_id"))


# --- the tree -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "order", [("88", "88.101", "88.101.5"), ("88.101.5", "88.101", "88"), ("88.101", "88", "88.101.5")]
)
def test_the_tree_is_the_same_whatever_came_first(world: World, order: tuple[str, ...]) -> None:
    for text in order:
        add(world, text)
    above = {row.text: row.parent.text if row.parent else "" for row in tree() if not row.shared}
    assert above == {"88": "", "88.101": "88", "88.101.5": "88.101"}
    assert [row.text for row in children_of(prefix_of("88").id)] == ["88.101"]


def test_a_prefix_takes_only_what_continues_it_by_one_code(world: World) -> None:
    for text in ("88.1", "880.1", "88.1.2", "8"):
        add(world, text)
    add(world, "88")
    assert {row.text for row in children_of(prefix_of("88").id)} == {"88.1"}
    assert prefix_of("880.1").parent_id is None


@pytest.mark.parametrize("text", ["88.AbC", "88.abc", "88.ABC", " 88.aBC "])
def test_a_prefix_is_given_once_whatever_the_case(world: World, text: str) -> None:
    first = add(world, "88.AbC")
    with pytest.raises(errors.PrefixTaken) as refused:
        add(world, text)
    assert refused.value.facts["prefix"] == text.strip()
    assert is_prefix_given(text)
    found = prefix_by_text(text)
    assert found is not None
    assert found.id == first.id
    assert found.text == "88.AbC"


@pytest.mark.parametrize("state", STATES)
def test_a_prefix_that_was_given_is_never_given_again(world: World, state: str) -> None:
    in_state(world, state)
    with pytest.raises(errors.PrefixTaken):
        add(world, "88.101")


@pytest.mark.parametrize(
    ("state", "taken"), [("active", True), ("suspended", True), ("delegated", True), ("withdrawn", False)]
)
def test_below_a_withdrawn_prefix_nothing_is_added(world: World, state: str, taken: bool) -> None:
    in_state(world, state)
    if taken:
        assert add(world, "88.101.1").parent.text == "88.101"
    else:
        with pytest.raises(errors.PrefixStateForbids):
            add(world, "88.101.1")


@pytest.mark.parametrize("state", STATES)
def test_a_prefix_is_withdrawn_when_all_below_it_are(world: World, state: str) -> None:
    above = add(world, "88")
    in_state(world, state)
    if state == "withdrawn":
        assert DEEDS["withdraw"](world, above).state == "withdrawn"
        return
    with pytest.raises(errors.PrefixHasChildren) as refused:
        DEEDS["withdraw"](world, above)
    assert refused.value.facts == {"prefix": "88", "count": 1}


# --- filters --------------------------------------------------------------------------------------------------

ODD = ["\0", "88\0", "\ud800", "a\nb", "a\u2028b"]


@pytest.mark.parametrize("text", ODD)
def test_what_no_database_holds_is_found_nowhere(world: World, text: str) -> None:
    add(world, "88.101")
    assert prefixes(text=text).rows == ()
    assert count_prefixes(text=text) == 0
    assert prefixes(state=text).rows == ()
    assert applications(state=text).rows == ()
    assert prefix_by_text(text) is None
    with pytest.raises(errors.PrefixUnknown) as refused:
        prefix_of(text)
    assert refused.value.code == "JL-PFX-003"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", 4), ("  ", 4), ("88", 4), ("88.101", 2), ("88.101.", 1), ("88.10", 3), (" 88.LAB", 0), ("101", 0),
        ("%", 0),
        ("_", 0), ("88.102.LAB", 1), ("88.102.lab", 1), ("8_", 0), ("\\", 0), ("'", 0), ("中", 0), ("88.101.5.1", 0),
    ],
)  # fmt: skip
def test_prefixes_are_found_by_how_they_begin(world: World, text: str, found: int) -> None:
    for each in ("88", "88.101", "88.101.5", "88.102.Lab"):
        add(world, each)
    own = {row.text for row in tree() if row.shared}
    assert len([row for row in prefixes(text=text) if row.text not in own]) == found
    assert count_prefixes(text=text) == len(prefixes(text=text))


def test_pages_of_prefixes_tell_each_of_them_once(world: World) -> None:
    texts = {f"88.7.{number}" for number in range(7)}
    for text in sorted(texts):
        add(world, text)
    seen, after = [], ""
    while True:
        part = prefixes(text="88.7.", after=after, size=3)
        seen += [row.text for row in part]
        after = part.next_after
        if not after:
            break
    assert set(seen) == texts
    assert len(seen) == 7
