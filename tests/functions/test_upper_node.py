"""Verbs towards the node above: looking whether it answers, applying there, and what it may not be told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.functions.node_world import NODE, use_node
from tests.ledger import ROLES, World
from tests.upper_node import ACCOUNT_TOKEN, REFUSED, TOKEN, Said, UpperNodeHere, upper_node

from jialiang.functions import upper_node as verbs
from jialiang.governance.node_reports.errors import (
    UpperNodeForbids,
    UpperNodeNotSet,
    UpperNodeRefuses,
    UpperNodeSilent,
)
from jialiang.governance.node_reports.port import OutgoingDocument
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.security.actor import Actor
from jialiang.security.audit.models import AuditRecord
from jialiang.security.policy import NotAuthorized

LICENCE = OutgoingDocument("营业执照.pdf", b"%PDF-1.7 fictional business licence")
MAY_APPLY = {"identifier_operator", "system_administrator"}
MAY_READ = MAY_APPLY | {"quality_manager", "auditor", "regulator"}


@pytest.fixture
def here(world: World, settings) -> Iterator[UpperNodeHere]:
    """A node above that is set, with both tokens."""
    with upper_node() as served:
        use_node(
            settings,
            upper_node=served.address,
            upper_node_token=TOKEN,
            upper_node_account_token=ACCOUNT_TOKEN,
        )
        yield served


@pytest.fixture
def operator(world: World) -> Actor:
    return world.person("identifier_operator")


def apply(actor: Actor, world: World, **more: str) -> verbs.UpperApplication:
    given = {"parent": " 88.111 ", "purpose": "温度计的标识", "wished_code": "7"} | more
    return verbs.apply(actor=actor, documents=[LICENCE], now=world.now, **given)


def test_a_node_above_that_answers_is_reached(here: UpperNodeHere, operator: Actor) -> None:
    found = verbs.reach(actor=operator)
    assert (found.address, found.node, found.is_reached, found.problem) == (here.address, NODE, True, None)


def test_without_one_that_is_told_and_nothing_is_asked(world: World, operator: Actor, settings) -> None:
    use_node(settings)
    found = verbs.reach(actor=operator)
    assert not found.is_reached
    assert isinstance(found.problem, UpperNodeNotSet)
    assert "JIALIANG_UPPER_NODE " in found.problem.what.en


def test_an_address_without_a_token_is_none(world: World, operator: Actor, settings) -> None:
    use_node(settings, upper_node="https://above.example.cn")
    found = verbs.reach(actor=operator)
    assert "JIALIANG_UPPER_NODE_TOKEN" in found.problem.what.zh  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("status", "error"), [(403, UpperNodeForbids), (503, UpperNodeSilent), (422, UpperNodeRefuses)]
)
def test_what_keeps_it_from_answering_is_told(
    here: UpperNodeHere, operator: Actor, status: int, error: type[Exception]
) -> None:
    here.instead = lambda asked: Said(status, REFUSED)
    found = verbs.reach(actor=operator)
    assert isinstance(found.problem, error)


@pytest.mark.parametrize("role", ROLES)
def test_who_may_ask_and_who_may_apply(here: UpperNodeHere, world: World, role: str) -> None:
    actor = world.person(role)
    for allowed, ask in (
        (MAY_READ, lambda: verbs.reach(actor=actor)),
        (MAY_APPLY, lambda: apply(actor, world)),
        (MAY_APPLY, lambda: verbs.applications(actor=actor) or True),
    ):
        if role in allowed:
            assert ask()
        else:
            with pytest.raises(NotAuthorized):
                ask()
    if role not in MAY_READ:
        assert here.asked == []


def test_an_application_arrives_and_stands_on_record_without_its_documents(
    here: UpperNodeHere, world: World, operator: Actor
) -> None:
    row = apply(operator, world)
    assert (row.id, row.state, row.wished_code) == ("a-0", "submitted", "7")
    (act,) = AuditRecord.objects.filter(action="upper_node.apply")
    assert act.detail == {"application": "a-0", "parent": "88.111", "address": here.address}
    assert OutboxEvent.objects.filter(name="upper_node.applied").count() == 1
    assert b"88.111\r\n" in here.asked[0].body


def test_an_application_that_is_refused_leaves_nothing_on_record(
    here: UpperNodeHere, world: World, operator: Actor
) -> None:
    here.instead = lambda asked: Said(422, REFUSED)
    with pytest.raises(UpperNodeRefuses) as caught:
        apply(operator, world)
    assert "前缀不符" in caught.value.what.zh
    assert not AuditRecord.objects.filter(action="upper_node.apply").exists()


def test_applications_are_listed_with_what_became_of_them(
    here: UpperNodeHere, world: World, operator: Actor
) -> None:
    apply(operator, world)
    here.applications[0] |= {"state": "approved", "granted_id": "p-7", "reason": None, "unknown": [1]}
    (row,) = verbs.applications(actor=operator)
    assert (row.state, row.granted_id, row.reason) == ("approved", "p-7", "")


def test_words_of_the_node_above_are_bounded(here: UpperNodeHere, operator: Actor) -> None:
    here.applications.append({"id": "a" * 5000, "state": "s", "purpose": ["x"] * 900})
    (row,) = verbs.applications(actor=operator)
    assert max(len(row.id), len(row.purpose)) <= 400


@pytest.mark.parametrize("token", [TOKEN, ACCOUNT_TOKEN])
def test_no_token_is_ever_kept_or_told(here: UpperNodeHere, world: World, operator: Actor, token: str) -> None:
    here.instead = lambda asked: Said(403, {"detail": "no"})
    found = verbs.reach(actor=operator)
    assert token not in str(found)
    here.instead = lambda asked: None
    apply(operator, world)
    kept = [*AuditRecord.objects.values_list("detail", flat=True), *OutboxEvent.objects.values_list("data", flat=True)]
    assert token not in str(kept)


def test_applying_needs_no_token_for_reports_which_comes_after_the_grant(
    here: UpperNodeHere, operator: Actor, world: World, settings
) -> None:
    use_node(settings, upper_node_token="")
    assert apply(operator, world).id
    assert verbs.applications(actor=operator)
    use_node(settings, upper_node_token=TOKEN, upper_node_account_token="")
    assert apply(operator, world).id
    use_node(settings, upper_node_token="")
    with pytest.raises(UpperNodeNotSet) as refused:
        apply(operator, world)
    assert refused.value.facts["setting"] == "JIALIANG_UPPER_NODE_TOKEN"
