"""Rows of subordinate nodes: registered once, suspended and resumed, found by prefix and by person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from jialiang.governance.subordinate_nodes import errors, selectors, services
from jialiang.governance.subordinate_nodes.models import SubordinateNode
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor

NAME, HOLDER = Text("晨星节点", "Morning Star node"), Text("晨星乳业有限公司", "Morning Star Dairy Ltd")


@pytest.fixture
def who(in_tenant, now) -> Actor:
    return Actor(None, in_tenant.id, Text("许标识", "Xu"), frozenset(), None, "api")


@pytest.fixture
def add(who, now):
    """Store a node: ``add("88.101.5")``."""

    def adding(prefix: str = "88.101.5", name: Text = NAME, **members: Any) -> SubordinateNode:
        given = {"holder": HOLDER, "root": "", "person_id": new_id(now), "actor": who, "now": now} | members
        return services.register(prefix=prefix, name=name, **given)

    return adding


def test_a_node_is_stored_with_who_registered_it(add, now) -> None:
    row = SubordinateNode.objects.get(pk=add().pk)
    assert (row.prefix, row.name, row.holder, row.state) == ("88.101.5", NAME, HOLDER, "active")
    assert (row.registered_at, row.state_since, row.registered_by_name) == (now, now, "许标识")
    assert str(row) == "88.101.5"


def test_a_prefix_has_one_node_whatever_the_case_of_its_letters(add) -> None:
    add("88.101.Milk")
    with pytest.raises(errors.NodeTaken) as refused:
        add("88.101.mILK")
    assert refused.value.http_status == 409
    assert SubordinateNode.objects.count() == 1


def test_of_two_who_register_at_once_the_database_lets_one(add, monkeypatch) -> None:
    add()
    monkeypatch.setattr(services, "node_by_prefix", lambda prefix: None)
    with pytest.raises(errors.NodeTaken):
        add()
    assert SubordinateNode.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (Text("", "Node"), "empty"),
        (Text("  ", "Node"), "empty"),
        (Text("节" * 101), "longer than 100"),
        (Text("节点", "n" * 101), "longer than 100"),
        (Text("节\n点"), "control character"),
        (Text("节点", "a\x00"), "control character"),
    ],
)
def test_a_name_that_cannot_be_stored_is_refused(add, name: Text, words: str) -> None:
    with pytest.raises(errors.NodeMember) as refused:
        add(name=name)
    assert words in refused.value.facts["reason"].en
    assert not SubordinateNode.objects.exists()


def test_blanks_around_a_name_are_left_out(add) -> None:
    assert add(name=Text(" 晨星 ", " Star ")).name == Text("晨星", "Star")


def test_a_node_is_found_by_id_prefix_and_person(add) -> None:
    row = add("88.101.Milk")
    assert selectors.node(row.pk) == row
    assert selectors.node_by_prefix("88.101.MILK") == row
    assert selectors.node_of_person(row.person_id) == row
    for unknown in ("88.101", "", "88.101.\ud800", "88.101.\x00"):
        assert selectors.node_by_prefix(unknown) is None
    assert selectors.node_of_person(uuid4()) is None
    with pytest.raises(errors.NodeUnknown):
        selectors.node(uuid4())


def test_nodes_are_listed_by_prefix(add) -> None:
    for prefix in ("88.101.9", "88.101.5", "88.101.b", "88.101.A"):
        add(prefix)
    assert [row.prefix for row in selectors.nodes()] == ["88.101.5", "88.101.9", "88.101.A", "88.101.b"]


def test_a_node_is_suspended_with_a_reason_and_resumed(add, now) -> None:
    later = now + timedelta(hours=1)
    row = services.suspend(add().pk, reason="  超过\n期限  ", now=later)
    assert (row.state, row.state_reason, row.state_since) == ("suspended", "超过 期限", later)
    row = services.resume(row.pk, now=later)
    assert (row.state, row.state_reason) == ("active", "")


@pytest.mark.parametrize(("reason", "words"), [("", "needed"), ("\n \t", "needed"), ("r" * 201, "longer than 200")])
def test_a_suspension_needs_a_reason_that_fits(add, now, reason: str, words: str) -> None:
    row = add()
    with pytest.raises(errors.NodeMember) as refused:
        services.suspend(row.pk, reason=reason, now=now)
    assert words in refused.value.facts["reason"].en
    assert selectors.node(row.pk).state == "active"


def test_a_node_is_suspended_once_and_resumed_once(add, now) -> None:
    row = add()
    with pytest.raises(errors.NodeStateForbids) as refused:
        services.resume(row.pk, now=now)
    assert refused.value.facts["allowed"].en == "Suspended"
    services.suspend(row.pk, reason="r", now=now)
    with pytest.raises(errors.NodeStateForbids) as refused:
        services.suspend(row.pk, reason="r", now=now)
    assert (refused.value.facts["state"].en, refused.value.facts["allowed"].en) == ("Suspended", "Active")


def test_nobody_suspends_what_is_not_there(db, now) -> None:
    for deed in (services.suspend, services.resume):
        with pytest.raises(errors.NodeUnknown):
            deed(uuid4(), reason="r", now=now)
