"""Verbs on subordinate nodes: who may, what they leave, a token that only reports, servers that are decided on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from tests.functions.prefix_verbs import SITE, add_prefix
from tests.ledger import ROLES
from tests.pictures import nothing_changes, what_is_left
from tests.subordinates import (
    NODE,
    OTHER_SITE,
    REGISTRATIONS,
    ROOT,
    ROOT_KEY,
    ROUTES,
    Below,
    below,
    register_node,
    route,
)

from jialiang.base.prefixes.errors import PrefixStateForbids, PrefixUnknown
from jialiang.base.prefixes.selectors import prefix
from jialiang.formats.handle.trust import (
    EVERYTHING,
    Permission,
    Root,
    Validity,
    certificate_claims,
    raw_es256,
    token,
)
from jialiang.formats.handle.values import HandleReference
from jialiang.functions import prefixes
from jialiang.functions import subordinate_nodes as verbs
from jialiang.functions.node_reports import AnotherOperates
from jialiang.functions.node_roots import checked_root, kept_root
from jialiang.governance.subordinate_nodes import errors, selectors
from jialiang.governance.subordinate_nodes.models import SubordinateNode
from jialiang.kernel.text import Text
from jialiang.security.accounts.errors import UsernameTaken
from jialiang.security.policy import NotAuthorized, matrix, roles_for
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant
from jialiang.security.tokens.errors import TokenRefused
from jialiang.security.tokens.selectors import actor_by_token, shown_token, tokens_of

ACTIONS = sorted(action for action in matrix() if action.startswith(("subordinate_node.", "node_report.re")))
DEEDS = {
    "subordinate_node.register": lambda who, made, now: verbs.register(
        actor=who, prefix="88.101.6", name=Text("节点"), now=now
    ),
    "subordinate_node.renew_token": lambda who, made, now: verbs.renew_token(
        actor=who, node_id=made.node_id, now=now
    ),
    "subordinate_node.suspend": lambda who, made, now: verbs.suspend(
        actor=who, node_id=made.node_id, reason="超期", now=now
    ),
    "subordinate_node.resume": lambda who, made, now: verbs.resume(actor=who, node_id=made.node_id, now=now),
    "subordinate_node.accept_site": lambda who, made, now: verbs.accept_site(
        actor=who, proposal_id=proposal_of(made).pk, now=now
    ),
    "subordinate_node.refuse_site": lambda who, made, now: verbs.refuse_site(
        actor=who, proposal_id=proposal_of(made).pk, reason="未约定", now=now
    ),
    "subordinate_node.read": lambda who, made, now: verbs.read_nodes(actor=who, now=now),
}


def proposal_of(made: Below):
    return selectors.proposals_of(made.node_id)[0]


@pytest.fixture
def node(world) -> Below:
    """A node that told of another server, beside a prefix without one."""
    made = below(world)
    prefixes.delegate(actor=made.operator, prefix_id=made.prefix_id, site=SITE, now=world.now)
    prefixes.add(
        actor=made.operator,
        facts=prefixes.PrefixFacts(text="88.101.6", holder_id=world.mill_id),
        now=world.now,
    )
    made.hand_in(ROUTES)
    return made


# --- who may ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", sorted(DEEDS))
def test_whoever_may_not_is_refused_and_nothing_changes(node, action: str) -> None:
    for role in sorted(set(ROLES) - roles_for(action)):
        with nothing_changes(), pytest.raises(NotAuthorized):
            DEEDS[action](node.world.person(role), node, node.world.now)


@pytest.mark.parametrize("action", sorted(DEEDS))
def test_only_the_institute_that_operates_the_node_may(node, action: str) -> None:
    with everywhere("another institute for the test"):
        other = create_tenant(slug="other", name=Text("另一院"), now=node.world.now + timedelta(days=1))
    stranger = replace(node.operator, tenant_id=other.id)
    with scope(other.id), pytest.raises(AnotherOperates):
        DEEDS[action](stranger, node, node.world.now)


def test_the_matrix_knows_every_verb() -> None:
    assert set(DEEDS) | {"node_report.receive", "node_report.read_received"} == {
        action for action in ACTIONS if action != "node_report.read"
    }


# --- registering ------------------------------------------------------------------------------------------------


def test_registering_leaves_a_record_an_event_and_a_person_of_its_own(world) -> None:
    made = below(world).made
    assert (made.row.prefix, made.row.holder) == (NODE, Text("晨星乳业有限公司", "Morning Star Dairy Ltd"))
    with what_is_left() as left:
        prefixes.add(
            actor=world.person("identifier_operator"),
            facts=prefixes.PrefixFacts(text="88.101.6", holder_id=world.mill_id),
            now=world.now,
        )
        register_node(world, "88.101.6")
    assert left.told[-1] == ("subordinate_node.registered", {"prefix": "88.101.6"})
    action, detail = left.recorded[-1]
    assert (action, detail["username"], detail["has_root"]) == (
        "subordinate_node.register",
        "node-88.101.6",
        False,
    )
    assert not any(made.token in str(each) for each in left.recorded + left.told)


def test_the_token_reports_and_does_nothing_else(node) -> None:
    actor = actor_by_token(shown_token(node.made.token, node.world.now), node.world.now)
    assert actor.roles == {"subordinate_node"}
    assert {action for action in matrix() if "subordinate_node" in matrix()[action]} == {
        "node_report.receive",
        "node_report.read_received",
    }
    assert node.made.token not in repr(node.made)


def test_a_new_token_ends_the_one_before(node) -> None:
    now = node.world.now
    with what_is_left() as left:
        made = verbs.renew_token(actor=node.operator, node_id=node.node_id, now=now)
    assert left.told == [("subordinate_node.token_renewed", {"prefix": NODE})]
    with pytest.raises(TokenRefused):
        shown_token(node.made.token, now)
    assert shown_token(made.token, now).person_id == node.made.row.person_id
    assert [row.revoked_at is None for row in tokens_of(node.made.row.person_id)] == [True, False]


@pytest.mark.parametrize("text", ["88.101.9", "", "nonsense", "88.101.5 x"])
def test_a_node_answers_for_a_prefix_that_was_given_here(world, text: str) -> None:
    with nothing_changes(), pytest.raises(PrefixUnknown):
        register_node(world, text)


def test_a_prefix_has_one_node(node) -> None:
    with nothing_changes(), pytest.raises((errors.NodeTaken, UsernameTaken)):
        register_node(node.world)
    assert SubordinateNode.objects.count() == 1


@pytest.mark.parametrize("name", [Text(""), Text("节" * 101), Text("a\nb")])
def test_a_name_that_will_not_do_leaves_nothing(world, name: Text) -> None:
    add_prefix(world, NODE)
    with nothing_changes(), pytest.raises(errors.NodeMember):
        register_node(world, name=name)


# --- the root ---------------------------------------------------------------------------------------------------


def certificate(identity: HandleReference = ROOT.identity, key=ROOT_KEY, issuer=None) -> str:
    """The certificate that a root issued itself."""
    claims = certificate_claims(
        identity, key.public_key(), (Permission(EVERYTHING),), issuer or identity, Validity(0, 2_000_000_000, 0)
    )
    return token(claims, "ES256", lambda data: raw_es256(key.sign(data, ec.ECDSA(hashes.SHA256()))))


@pytest.mark.parametrize("given", [ROOT.body().decode(), f"\n {ROOT.body().decode()} \n", certificate()])
def test_a_root_is_kept_whether_it_comes_as_json_or_as_its_certificate(given: str) -> None:
    kept = checked_root(given, NODE)
    found = kept_root(kept)
    assert found is not None
    assert (found.identity, found.body()) == (ROOT.identity, ROOT.body())


def test_a_key_of_rsa_is_a_root_too() -> None:
    key = rsa.generate_private_key(65537, 2048).public_key()
    root = Root(ROOT.identity, key)
    found = kept_root(checked_root(root.body().decode(), NODE))
    assert found is not None
    assert found.body() == root.body()


def test_no_root_is_no_root() -> None:
    assert checked_root("  \n", NODE) == ""
    assert kept_root("") is None


STRANGE = HandleReference(400, "88.102/0.0")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("nonsense", "cannot be read"),
        ("{}", "cannot be read"),
        ("[]", "cannot be read"),
        ("{" * 5000, "cannot be read"),
        (json.dumps({"identity": "400:88.101.5/0.0"}), "cannot be read"),
        (json.dumps({"identity": "0.0", "publicKey": json.loads(ROOT.body())["publicKey"]}), "cannot be read"),
        (json.dumps({"identity": "400:88.101.5/0.0", "publicKey": {"kty": "oct", "k": "AA"}}), "cannot be read"),
        (certificate(issuer=STRANGE), "cannot be read"),
        (certificate()[:-6] + "AAAAAA", "cannot be read"),
        (Root(STRANGE, ROOT.key).body().decode(), "does not stand under"),
        (certificate(STRANGE), "does not stand under"),
        (Root(HandleReference(400, "88.101.50/0.0"), ROOT.key).body().decode(), "does not stand under"),
    ],
)
def test_what_is_no_root_of_the_node_is_refused(given: str, words: str) -> None:
    with pytest.raises(errors.BadNodeRoot) as refused:
        checked_root(given, NODE)
    assert words in refused.value.facts["reason"].en


# --- suspending -------------------------------------------------------------------------------------------------


def test_a_suspended_node_is_refused_until_it_is_resumed(node) -> None:
    now = node.world.now
    with what_is_left() as left:
        verbs.suspend(actor=node.operator, node_id=node.node_id, reason="超期", now=now)
    assert left.told == [("subordinate_node.suspended", {"prefix": NODE, "reason": "超期"})]
    with nothing_changes(), pytest.raises(errors.NodeNotAdmitted):
        node.hand_in(REGISTRATIONS)
    with what_is_left() as left:
        verbs.resume(actor=node.operator, node_id=node.node_id, now=now)
    assert left.told == [("subordinate_node.resumed", {"prefix": NODE, "reason": ""})]
    assert node.hand_in(REGISTRATIONS).is_new


# --- where a node answers ---------------------------------------------------------------------------------------


def test_another_server_changes_nothing_by_itself(node) -> None:
    assert prefix(node.prefix_id).site == SITE
    assert (proposal_of(node).site, proposal_of(node).state) == (OTHER_SITE, "open")
    assert [each["kind"] for each in selectors.report(proposal_of(node).report_id).findings] == ["site"]


def test_accepting_delegates_the_prefix_by_its_own_verb(node) -> None:
    with what_is_left() as left:
        row = verbs.accept_site(
            actor=node.operator, proposal_id=proposal_of(node).pk, reason="已核对", now=node.world.now
        )
    assert (row.state, prefix(node.prefix_id).site) == ("accepted", OTHER_SITE)
    assert [name for name, _ in left.told] == ["prefix.delegated", "subordinate_node.site_accepted"]
    assert [action for action, _ in left.recorded] == ["prefix.delegate", "subordinate_node.accept_site"]


def test_what_is_delegated_is_proposed_no_more(node) -> None:
    verbs.accept_site(actor=node.operator, proposal_id=proposal_of(node).pk, now=node.world.now)
    node.hand_in(ROUTES.but(revision=2))
    assert len(selectors.proposals_of(node.node_id)) == 1


def test_a_server_that_a_suspended_prefix_cannot_be_delegated_to_stays_open(node) -> None:
    prefixes.suspend(actor=node.operator, prefix_id=node.prefix_id, reason="r", now=node.world.now)
    with nothing_changes(), pytest.raises(PrefixStateForbids):
        verbs.accept_site(actor=node.operator, proposal_id=proposal_of(node).pk, now=node.world.now)


def test_refusing_leaves_the_delegation_as_it_is(node) -> None:
    with what_is_left() as left:
        verbs.refuse_site(
            actor=node.operator, proposal_id=proposal_of(node).pk, reason="未约定", now=node.world.now
        )
    assert left.told == [("subordinate_node.site_refused", {"prefix": NODE, "reason": "未约定"})]
    assert prefix(node.prefix_id).site == SITE
    node.hand_in(ROUTES.but(revision=2))
    assert [row.state for row in selectors.proposals_of(node.node_id)] == ["refused"]


@pytest.mark.parametrize("site", [None, SITE])
def test_a_node_that_answers_where_it_is_delegated_to_or_tells_nothing_proposes_nothing(world, site) -> None:
    made = below(world)
    prefixes.delegate(actor=made.operator, prefix_id=made.prefix_id, site=SITE, now=world.now)
    assert made.hand_in(ROUTES.but(lines=(route(site=site),))).report.findings == []
    assert selectors.open_proposals() == 0


# --- reading ----------------------------------------------------------------------------------------------------


def test_nodes_are_read_with_what_is_late_and_what_waits(node) -> None:
    (standing,) = verbs.read_nodes(actor=node.operator, now=node.world.now)
    assert (standing.node.prefix, standing.open_proposals, standing.late) == (NODE, 1, ())
    later = node.world.now + timedelta(days=3)
    (standing,) = verbs.read_nodes(actor=node.operator, now=later)
    assert standing.late == ("registrations", "resolutions")
    assert verbs.read_node(actor=node.operator, node_id=node.node_id) == node.made.row
    assert len(verbs.read_proposals(actor=node.operator, node_id=node.node_id)) == 1


def test_things_that_are_not_there_are_told_so(node) -> None:
    operator, now = node.operator, node.world.now
    for deed in (verbs.suspend, verbs.resume, verbs.renew_token):
        more = {} if deed is verbs.renew_token else {"reason": "r"}
        with nothing_changes(), pytest.raises(errors.NodeUnknown):
            deed(actor=operator, node_id=uuid4(), now=now, **more)
    for deed in (verbs.accept_site, verbs.refuse_site):
        with nothing_changes(), pytest.raises(errors.ProposalUnknown):
            deed(actor=operator, proposal_id=uuid4(), reason="r", now=now)
