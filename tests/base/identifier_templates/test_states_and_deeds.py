"""Templates in every state against every deed, the members of a template one by one, and the lists of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.console.standing import standing
from tests.functions.prefix_verbs import ITEMS, SITE, add_prefix, operator
from tests.ledger import World, build_world

from jialiang.base.identifier_templates import errors, services
from jialiang.base.identifier_templates.facts import TemplateFacts
from jialiang.base.identifier_templates.models import IdentifierTemplate
from jialiang.base.identifier_templates.selectors import (
    identifier_template,
    identifier_templates,
    items_of,
    record_template,
    template_by_code,
)
from jialiang.base.prefixes import errors as prefix_errors
from jialiang.base.prefixes import services as prefix_services
from jialiang.base.prefixes.selectors import prefix_of
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

NOW = datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
STATES = ("draft", "published", "withdrawn")


def build() -> World:
    tenant = create_tenant(slug="templates", name=Text("云泽院", "Yunze"), time_zone="Asia/Shanghai", now=NOW)
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


def draft(world: World, code: str = "V1", items: Any = ITEMS, **members: Any) -> IdentifierTemplate:
    owner = members.pop("owner", world.dairy_id)
    facts = TemplateFacts(
        **({"prefix": "88.101.5", "code": code, "name": Text("温度计", "Thermometer")} | members)
    )
    return services.create(facts, items, organization_id=owner, now=NOW)


def in_state(world: World, state: str) -> IdentifierTemplate:
    row = draft(world)
    if state == "published":
        return services.publish(row.id, now=NOW)
    return services.withdraw(row.id, reason="作废", now=NOW) if state == "withdrawn" else row


DEEDS: dict[str, Callable[[IdentifierTemplate], Any]] = {
    "change": lambda row: services.change(row.id, {"industry": "C4014"}, expected_version=row.version),
    "items": lambda row: services.change(
        row.id, {}, [replace(ITEMS[1], enabled=False)], expected_version=row.version
    ),
    "publish": lambda row: services.publish(row.id, now=LATER),
    "withdraw": lambda row: services.withdraw(row.id, reason="  不再\n使用 ", now=LATER),
}
PASSES = {
    "change": {"draft": "draft", "published": "published"}, "items": {"draft": "draft", "published": "published"},
    "publish": {"draft": "published"}, "withdraw": {"draft": "withdrawn", "published": "withdrawn"},
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("deed", DEEDS)
def test_every_deed_in_every_state(world: World, deed: str, state: str) -> None:
    row = in_state(world, state)
    version = identifier_template(row.id).version
    if state not in PASSES[deed]:
        with pytest.raises(errors.TemplateStateForbids) as refused:
            DEEDS[deed](row)
        facts = refused.value.facts
        assert facts["code"] == "V1"
        assert facts["state"].zh
        assert facts["state"].zh not in facts["allowed"].zh
        assert identifier_template(row.id).version == version
        return
    DEEDS[deed](row)
    after = identifier_template(row.id)
    assert (after.state, after.version) == (PASSES[deed][state], version + 1)
    assert after.state_since == (LATER if after.state != state else NOW)
    assert after.state_reason == ("不再 使用" if deed == "withdraw" else "")


@pytest.mark.parametrize("deed", DEEDS)
def test_nothing_is_done_to_a_template_that_is_not_there(world: World, deed: str) -> None:
    with pytest.raises(errors.TemplateUnknown) as refused:
        DEEDS[deed](IdentifierTemplate(id=uuid4(), version=1))
    assert refused.value.code == "JL-TPL-005"


@pytest.mark.parametrize("version", [0, 2, 99])
def test_a_change_on_another_version_than_the_one_read_is_refused(world: World, version: int) -> None:
    row = draft(world)
    for deed in (
        lambda: services.change(row.id, {"industry": "C40"}, expected_version=version),
        lambda: services.publish(row.id, expected_version=version, now=LATER),
    ):
        with pytest.raises(errors.TemplateChanged) as refused:
            deed()
        assert (refused.value.facts["read"], refused.value.facts["stored"]) == (version, 1)
    assert identifier_template(row.id).state == "draft"


# --- members --------------------------------------------------------------------------------------------------

CREATED: dict[str, tuple[dict[str, Any], type[JialiangError] | None, str]] = {
    # members, error, the member that is named in English
    "a name in Chinese only": ({"name": Text("温度计")}, None, ""),
    "a name in English only": ({"name": Text("", "Thermometer")}, errors.TemplateIncomplete, "name of the template"),
    "no name": ({"name": Text()}, errors.TemplateIncomplete, "name of the template"),
    "no code": ({"code": " "}, errors.TemplateIncomplete, "template version"),
    "no carrier": ({"carrier": ""}, errors.TemplateIncomplete, "kind of carrier"),
    "a code of 128": ({"code": "v" * 128}, None, ""),
    "a code of 129": ({"code": "v" * 129}, errors.TemplateMember, "template version"),
    "a code with a zero": ({"code": "v\0"}, errors.TemplateMember, "template version"),
    "a code in Chinese": ({"code": "第一版"}, None, ""),
    "a name of 100": ({"name": Text("温" * 100)}, None, ""),
    "a name of 101": ({"name": Text("温" * 101)}, errors.TemplateMember, "name of the template"),
    "an English name of 101": ({"name": Text("温", "t" * 101)}, errors.TemplateMember, "name of the template"),
    "a name of two lines": ({"name": Text("温\n度")}, errors.TemplateMember, "name of the template"),
    "an unknown carrier": ({"carrier": "paper"}, errors.TemplateMember, "kind of carrier"),
    "an industry": ({"industry": "C4014"}, None, ""), "a letter of industry": ({"industry": "T"}, None, ""),
    "two digits": ({"industry": "A01"}, None, ""), "three digits": ({"industry": "A011"}, None, ""),
    "one digit": ({"industry": "A0"}, errors.TemplateMember, "industry code"),
    "five digits": ({"industry": "A01111"}, errors.TemplateMember, "industry code"),
    "an industry beyond T": ({"industry": "U01"}, errors.TemplateMember, "industry code"),
    "a small letter": ({"industry": "c4014"}, errors.TemplateMember, "industry code"),
    "full-width digits": ({"industry": "C４０"}, errors.TemplateMember, "industry code"),
}  # fmt: skip


@pytest.mark.parametrize("what", CREATED)
def test_each_member_of_a_new_template(world: World, what: str) -> None:
    members, error, named = CREATED[what]
    if error is None:
        row = draft(world, **members)
        assert (row.state, row.version) == ("draft", 1)
        return
    with pytest.raises(error) as refused:
        draft(world, **members)
    told = refused.value
    words = told.facts.get("member") or told.facts["members"]
    assert named in words.en
    assert words.zh != words.en
    assert not IdentifierTemplate.objects.exists()


def test_all_that_is_missing_is_told_at_once(world: World) -> None:
    with pytest.raises(errors.TemplateIncomplete) as refused:
        draft(world, prefix="", code="", name=Text(), carrier="")
    for word in ("prefix", "template version", "name of the template", "kind of carrier"):
        assert word in refused.value.facts["members"].en


@pytest.mark.parametrize(
    ("prefix", "owner", "error"),
    [
        ("88.101.5", "dairy", None), (" 88.101.5 ", "dairy", None), ("88.102", "mill", None),
        ("88.102", "dairy", prefix_errors.PrefixOfAnother), ("88.101.5", "own", prefix_errors.PrefixOfAnother),
        ("88.999", "dairy", prefix_errors.PrefixUnknown), ("88\0", "dairy", prefix_errors.PrefixUnknown),
        ("x" * 300, "dairy", prefix_errors.PrefixUnknown),
    ],
)  # fmt: skip
def test_a_template_stands_under_a_prefix_that_its_owner_holds(
    world: World, prefix: str, owner: str, error: type[JialiangError] | None
) -> None:
    owner_id = getattr(world, f"{owner}_id")
    if error is None:
        assert draft(world, prefix=prefix, owner=owner_id).prefix == prefix.strip()
    else:
        with pytest.raises(error):
            draft(world, prefix=prefix, owner=owner_id)


@pytest.mark.parametrize("state", ["suspended", "delegated", "withdrawn"])
def test_under_a_prefix_that_is_not_active_nothing_is_drafted(world: World, state: str) -> None:
    row, said = prefix_of("88.101.5"), {"actor": operator(world), "now": NOW, "reason": "因故"}
    match state:
        case "suspended":
            prefix_services.suspend(row.id, **said)
        case "delegated":
            prefix_services.delegate(row.id, site=SITE, **said)
        case _:
            prefix_services.withdraw(row.id, **said)
    with pytest.raises(prefix_errors.PrefixStateForbids):
        draft(world)


@pytest.mark.parametrize("prefix", ["88.101.5", " 88.101.5"])
def test_a_version_is_given_once_under_a_prefix(world: World, prefix: str) -> None:
    draft(world, "V1")
    with pytest.raises(errors.TemplateExists) as refused:
        draft(world, " V1 ", prefix=prefix)
    assert refused.value.facts == {"prefix": "88.101.5", "code": "V1"}
    assert draft(world, "v1").code == "v1"  # versions are told apart by their letters
    assert draft(world, "V1", prefix="88.102", owner=world.mill_id).code == "V1"


@pytest.mark.parametrize("state", STATES)
def test_a_version_that_was_given_is_given_no_more(world: World, state: str) -> None:
    in_state(world, state)
    with pytest.raises(errors.TemplateExists):
        draft(world)


CHANGED: dict[str, tuple[dict[str, Any], type[JialiangError] | None]] = {
    "a name": ({"name": Text("压力表", "Gauge")}, None), "the English name away": ({"name": Text("压力表")}, None),
    "a carrier": ({"carrier": "active_carrier"}, None), "an industry": ({"industry": " C40 "}, None),
    "no industry": ({"industry": ""}, None), "no name": ({"name": Text()}, errors.TemplateIncomplete),
    "the Chinese name away": ({"name": Text("", "Gauge")}, errors.TemplateIncomplete),
    "blanks as name": ({"name": Text(" ", " ")}, errors.TemplateIncomplete),
    "no carrier": ({"carrier": ""}, errors.TemplateIncomplete),
    "a strange carrier": ({"carrier": "paper"}, errors.TemplateMember),
    "a code": ({"code": "V2"}, errors.TemplateMember),
    "a prefix": ({"prefix": "88.102"}, errors.TemplateMember),
    "a state": ({"state": "published"}, errors.TemplateMember),
    "a long name": ({"name": Text("温" * 101)}, errors.TemplateMember),
    "a wrong industry": ({"industry": "40C"}, errors.TemplateMember), "an id": ({"id": "1"}, errors.TemplateMember),
}  # fmt: skip


@pytest.mark.parametrize("state", ["draft", "published"])
@pytest.mark.parametrize("what", CHANGED)
def test_each_member_that_is_changed_or_must_not_be(world: World, what: str, state: str) -> None:
    changes, error = CHANGED[what]
    row = in_state(world, state)
    if error is not None:
        with pytest.raises(error):
            services.change(row.id, changes, expected_version=row.version)
        assert identifier_template(row.id).version == row.version
        return
    after, altered = services.change(row.id, changes, expected_version=row.version)
    assert after.version == row.version + bool(altered)
    assert items_of(after) == ITEMS
    again, nothing = services.change(row.id, changes, expected_version=after.version)
    assert not nothing
    assert again.version == after.version


# --- items ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "items", [(), tuple(replace(item, enabled=False) for item in ITEMS)], ids=["none", "all off"]
)
def test_a_template_without_an_item_in_use_is_not_published(world: World, items: Any) -> None:
    row = draft(world, items=items)
    with pytest.raises(errors.TemplateIncomplete) as refused:
        services.publish(row.id, now=LATER)
    assert (refused.value.facts["members"].zh, refused.value.facts["members"].en) == ("数据项", "items")
    services.change(row.id, {}, [ITEMS[1]], expected_version=1)
    assert services.publish(row.id, now=LATER).state == "published"


def test_a_derived_template_begins_with_the_items_of_its_source_and_with_those_given(world: World) -> None:
    source = draft(world)
    more = replace(ITEMS[1], enabled=False)
    derived = draft(world, "V2", items=[more], derived_from_id=source.id)
    assert items_of(derived) == (ITEMS[0], more)
    assert items_of(identifier_template(source.id)) == ITEMS
    assert identifier_template(derived.id).derived_from_id == source.id


def test_items_are_read_back_as_they_were_given_and_in_the_order_of_their_indexes(world: World) -> None:
    row = draft(world, items=ITEMS[::-1])
    assert items_of(identifier_template(row.id)) == ITEMS
    value = record_template(row)
    assert (value.prefix, value.code, value.name, value.items) == ("88.101.5", "V1", row.name, ITEMS)
    assert str(row) == "88.101.5 V1"


def test_an_item_that_was_disabled_in_a_published_template_comes_back_as_an_optional_one(
    world: World,
) -> None:
    row = in_state(world, "published")
    row, _ = services.change(row.id, {}, [replace(ITEMS[0], enabled=False)], expected_version=row.version)
    with pytest.raises(errors.TemplateItemFixed) as refused:
        services.change(row.id, {}, [ITEMS[0]], expected_version=row.version)
    assert (refused.value.facts["index"], refused.value.facts["member"].en) == (2000, "required")
    row, _ = services.change(row.id, {}, [replace(ITEMS[0], required=False)], expected_version=row.version)
    assert (items_of(row)[0].enabled, items_of(row)[0].required) == (True, False)


# --- reads ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["\0", "88.101.5\0", "\ud800", "a\nb"])
def test_what_no_database_holds_is_found_nowhere(world: World, text: str) -> None:
    draft(world)
    assert identifier_templates(prefix=text).rows == ()
    assert identifier_templates(state=text).rows == ()
    assert identifier_templates(prefix="88.101.5", state=text).rows == ()
    assert template_by_code(text, "V1") is None
    assert template_by_code("88.101.5", text) is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"V1", "V2", "V3", "M1"}), ({"prefix": "88.101.5"}, {"V1", "V2", "V3"}),
        ({"prefix": " 88.101.5 "}, {"V1", "V2", "V3"}),
        ({"prefix": "88.101"}, set()), ({"prefix": "88.102"}, {"M1"}), ({"prefix": "%"}, set()),
        ({"state": "draft"}, {"V1", "M1"}), ({"state": "published"}, {"V2"}), ({"state": "withdrawn"}, {"V3"}),
        ({"state": "nonsense"}, set()), ({"prefix": "88.102", "state": "published"}, set()),
    ],
)  # fmt: skip
def test_templates_are_found_by_prefix_state_and_owner(
    world: World, query: dict[str, str], found: set[str]
) -> None:
    draft(world, "V1")
    services.publish(draft(world, "V2").id, now=NOW)
    services.withdraw(draft(world, "V3").id, reason="作废", now=NOW)
    draft(world, "M1", prefix="88.102", owner=world.mill_id)
    assert {row.code for row in identifier_templates(**query)} == found
    own = {row.code for row in identifier_templates(**query, only_organization=world.mill_id)}
    assert own == found & {"M1"}


def test_pages_of_templates_are_newest_first_and_tell_each_once(world: World) -> None:
    codes = [draft(world, f"V{number}").code for number in range(5)]
    first = identifier_templates(size=2)
    second = identifier_templates(size=2, after=first.next_after)
    third = identifier_templates(size=2, after=second.next_after)
    assert [row.code for page in (first, second, third) for row in page] == codes[::-1]
    assert third.next_after == ""


def test_the_templates_of_a_prefix_follow_it_in_whatever_state_they_are(world: World) -> None:
    for state, code in (("published", "P"), ("withdrawn", "W"), ("draft", "D")):
        row = draft(world, code)
        if state != "draft":
            services.publish(row.id, now=NOW) if state == "published" else services.withdraw(
                row.id, reason="r", now=NOW
            )
    draft(world, "M1", prefix="88.102", owner=world.mill_id)
    assert services.follow_prefix("88.101.5", world.mill_id) == 3
    assert services.follow_prefix("88.999", world.dairy_id) == 0
    assert {row.code for row in identifier_templates(only_organization=world.mill_id)} == {
        "P",
        "W",
        "D",
        "M1",
    }
