"""Prefixes and templates of all institutes as the node tells them: each once, in order, and only its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.functions.prefix_verbs import add_prefix, add_template, customer, operator
from tests.ledger import World, build_world

from jialiang.base.identifier_templates.models import IdentifierTemplate
from jialiang.base.identifier_templates.node_reads import told_templates
from jialiang.base.prefixes.node_reads import prefixes_under
from jialiang.base.prefixes.selectors import place_in_tree, tree
from jialiang.functions import identifier_templates, prefixes
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

DAY = timedelta(days=1)


@pytest.fixture
def second(world: World) -> World:
    """Another institute of the installation, founded a day later."""
    later = world.now + DAY
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=later)
    with scope(other.id):
        return build_world(other.id, later)


def texts(node: str) -> list[str]:
    return [row.text for row in prefixes_under(node)]


def test_prefixes_stand_in_the_order_of_their_numbers(world: World) -> None:
    for text in ("88.101", "88.101.10", "88.101.9", "88.101.x", "88.101.9.2", "88.102"):
        add_prefix(world, text)
    assert texts("88.101") == ["88.101", "88.101.9", "88.101.9.2", "88.101.10", "88.101.x"]


@pytest.mark.parametrize(
    ("node", "found"),
    [("88.101.5", ["88.101.5"]), ("88.1", []), ("88.101.AB", ["88.101.ab"]), ("88.%", []), ("99", [])],
)
def test_only_what_stands_under_the_node_is_its_own(world: World, node: str, found: list[str]) -> None:
    for text in ("88.101.5", "88.101.55", "88.101.ab"):
        add_prefix(world, text)
    assert texts(node) == found


def test_the_tree_of_an_institute_keeps_its_order(world: World) -> None:
    for text in ("88.101.10", "88.101.9"):
        add_prefix(world, text)
    assert [row.text for row in tree()][:2] == ["88.101.9", "88.101.10"]
    assert place_in_tree("88.9") < place_in_tree("88.10") < place_in_tree("88.a")


def test_a_prefix_that_institutes_share_is_told_once_with_its_first_holder(world: World, second: World) -> None:
    (row,) = prefixes_under("88.999.1")
    assert row.holder_id == world.own_id
    with scope(second.tenant_id):
        (row,) = prefixes_under("88.999.1")
    assert row.holder_id == world.own_id


def test_a_prefix_of_another_institute_is_told_too(world: World, second: World) -> None:
    with scope(second.tenant_id):
        add_prefix(second, "88.101.6")
    add_prefix(world, "88.101.5")
    assert texts("88.101") == ["88.101.5", "88.101.6"]


def test_prefixes_are_read_by_one_query(world: World, django_assert_num_queries) -> None:
    add_prefix(world, "88.101.5")
    with django_assert_num_queries(1):
        assert [row.holder.name_en for row in prefixes_under("88.101")] == ["Morning Star Dairy Ltd"]


# --- templates ----------------------------------------------------------------------------------------------------


def published(world: World, code: str, moment) -> IdentifierTemplate:
    row = add_template(world, code)
    return identifier_templates.publish(actor=customer(world), template_id=row.id, now=moment)


def codes(world: World, since, until, node: str = "88.101") -> list[str]:
    return [row.code for row in told_templates(node, since, until)]


def test_templates_are_told_by_the_moment_of_their_state(world: World) -> None:
    add_prefix(world, "88.101.5")
    for at, code in enumerate(("V1", "V2", "V3")):
        published(world, code, world.now + at * DAY)
    add_template(world, "draft")
    assert codes(world, world.now + DAY, world.now + 2 * DAY) == ["V2"]
    assert codes(world, None, world.now + 2 * DAY) == ["V1", "V2"]
    assert codes(world, None, world.now) == []
    assert codes(world, world.now, world.now + 9 * DAY, "88.101.6") == []


def test_a_template_of_a_prefix_that_went_to_another_is_told_once(world: World) -> None:
    held = add_prefix(world, "88.101.5")
    published(world, "V1", world.now)
    prefixes.transfer(
        actor=operator(world), prefix_id=held.id, holder_id=world.mill_id, reason="并购", now=world.now + DAY
    )
    assert codes(world, None, world.now + 9 * DAY) == ["V1"]
