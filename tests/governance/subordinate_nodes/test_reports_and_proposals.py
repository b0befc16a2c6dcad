"""Rows of received reports and of servers that nodes tell of: once each, the highest revision in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from jialiang.governance.subordinate_nodes import errors, selectors, services
from jialiang.governance.subordinate_nodes.models import ReceivedReport, SiteProposal, SubordinateNode
from jialiang.governance.subordinate_nodes.selectors import ReportQuery
from jialiang.governance.subordinate_nodes.services import Arrival
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.security.tenancy.paging import BadCursor
from jialiang.vocabulary.statuses import SiteProposalState

DAY = date(2026, 6, 15)
SITE = {"servers": [{"address": "203.0.113.7", "interfaces": [{"protocol": "TCP", "port": 2641}]}]}
OTHER = {"servers": [{"address": "203.0.113.8", "interfaces": [{"protocol": "TCP", "port": 2641}]}]}


@pytest.fixture
def who(in_tenant) -> Actor:
    return Actor(None, in_tenant.id, Text("许标识", "Xu"), frozenset(), None, "cli")


@pytest.fixture
def nodes(who, now) -> list[SubordinateNode]:
    """Two nodes."""
    return [
        services.register(
            prefix=prefix, name=Text("节点"), holder=Text("乳业"), root="", person_id=new_id(now), actor=who, now=now
        )
        for prefix in ("88.101.5", "88.101.6")
    ]


@pytest.fixture
def accept(who, now, nodes):
    """Receive a report of the first node: ``accept("registrations", day=…, revision=2, total=7)``."""
    made = iter(range(10_000))

    def accepting(kind: str = "registrations", node: SubordinateNode | None = None, **members: Any) -> Any:
        digest = members.pop("sha256", f"{next(made):064x}")
        given = {"day": DAY, "revision": 1, "sums": {"total": members.pop("total", 3)}} | members
        arrival = Arrival(
            kind=kind, time_zone="Asia/Shanghai", made_at=now, sha256=digest, size=100, lines=3, signature="none",
            **given,
        )  # fmt: skip
        return services.accept((node or nodes[0]).pk, arrival, actor=who, now=now)

    return accepting


# --- reports ----------------------------------------------------------------------------------------------------


def test_a_report_is_stored_with_what_it_adds_up_to(accept, now) -> None:
    row, is_new = accept(findings=({"kind": "late", "zh": "迟到", "en": "late"},))
    stored = selectors.report(row.pk)
    assert is_new
    assert (stored.kind, stored.day, stored.revision, stored.sums) == ("registrations", DAY, 1, {"total": 3})
    assert (stored.findings[0]["kind"], stored.door, stored.received_by_name) == ("late", "cli", "许标识")
    assert (stored.received_at, stored.node.prefix) == (now, "88.101.5")


def test_the_same_bytes_once_more_are_the_report_that_is_there(accept) -> None:
    row, _ = accept(sha256="a" * 64)
    assert accept(sha256="a" * 64, revision=9) == (row, False)
    assert ReceivedReport.objects.count() == 1


def test_the_same_bytes_of_another_node_are_another_report(accept, nodes) -> None:
    accept(sha256="a" * 64)
    assert accept(sha256="a" * 64, node=nodes[1])[1]


@pytest.mark.parametrize("revision", [1, 2])
def test_other_content_needs_a_higher_revision(accept, revision: int) -> None:
    accept(revision=2)
    with pytest.raises(errors.RevisionNotHigher) as refused:
        accept(revision=revision)
    assert (refused.value.facts["revision"], refused.value.facts["highest"]) == (revision, 2)
    assert refused.value.http_status == 409
    assert accept(revision=3)[1]


def test_revisions_may_be_left_out_and_count_by_kind_and_day(accept) -> None:
    assert accept(revision=7)[1]
    assert accept("resolutions")[1]
    assert accept(day=DAY + timedelta(days=1))[1]


def test_the_database_holds_a_revision_once(accept) -> None:
    row, _ = accept()
    row.pk = new_id(row.received_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_suspended_node_reports_nothing(accept, nodes, now) -> None:
    services.suspend(nodes[0].pk, reason="r", now=now)
    with pytest.raises(errors.NodeNotAdmitted) as refused:
        accept()
    assert refused.value.http_status == 403
    assert not ReceivedReport.objects.exists()


def test_the_highest_revision_of_each_day_is_in_force(accept, nodes) -> None:
    for revision, total in ((1, 3), (2, 5), (4, 4)):
        accept(revision=revision, total=total)
    accept(day=DAY - timedelta(days=1), total=9)
    accept(node=nodes[1], total=1)
    found = selectors.reports_in_force(ReportQuery())
    assert [(row.day.day, row.node.prefix, row.revision, row.sums["total"]) for row in found] == [
        (14, "88.101.5", 1, 9), (15, "88.101.5", 4, 4), (15, "88.101.6", 1, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("members", "number"),
    [
        ({}, 4),
        ({"kind": "resolutions"}, 1),
        ({"since": DAY}, 3),
        ({"until": DAY - timedelta(days=1)}, 1),
        ({"since": DAY, "until": DAY, "kind": "registrations"}, 2),
    ],
)
def test_reports_are_narrowed_by_what_is_asked(accept, nodes, members: dict[str, Any], number: int) -> None:
    accept()
    accept("resolutions")
    accept(day=DAY - timedelta(days=1))
    accept(node=nodes[1])
    query = ReportQuery(**members)
    assert len(selectors.reports(query)) == len(selectors.reports_in_force(query)) == number
    own = replace(query, node_id=nodes[0].pk)
    assert {row.node_id for row in selectors.reports(own)} <= {nodes[0].pk}


def test_reports_come_a_page_at_a_time_newest_first(accept) -> None:
    rows = [accept(revision=revision)[0] for revision in range(1, 6)]
    first = selectors.reports(ReportQuery(), size=2)
    second = selectors.reports(ReportQuery(), after=first.next_after, size=2)
    last = selectors.reports(ReportQuery(), after=second.next_after, size=2)
    assert [row.revision for page in (first, second, last) for row in page] == [5, 4, 3, 2, 1]
    assert last.next_after == ""
    assert first.rows[0] == rows[-1]
    with pytest.raises(BadCursor):
        selectors.reports(ReportQuery(), after="nonsense")


def test_the_last_day_of_each_kind_is_told(accept, nodes) -> None:
    accept()
    accept(day=DAY - timedelta(days=3))
    accept("routes", day=DAY - timedelta(days=2))
    assert selectors.last_days() == {
        (nodes[0].pk, "registrations"): DAY,
        (nodes[0].pk, "routes"): DAY - timedelta(days=2),
    }


def test_unknown_reports_are_told_so(db) -> None:
    with pytest.raises(errors.ReportUnknown):
        selectors.report(uuid4())
    assert selectors.same_bytes(uuid4(), "a" * 64) is None
    assert selectors.highest_revision(uuid4(), "routes", DAY) == 0


def test_every_stored_file_is_named(accept) -> None:
    rows = [accept(revision=revision)[0] for revision in (1, 2)]
    named = [(f"{row.node.prefix} {row.day} {row.kind} r{row.revision}", row.sha256, row.size) for row in rows]
    assert list(selectors.stored_files()) == named
    assert [name[-3:] for name, *_ in named] == [" r1", " r2"]


# --- servers that nodes tell of ---------------------------------------------------------------------------------


def test_a_server_is_proposed_once_as_long_as_it_waits(accept, now) -> None:
    report, _ = accept("routes")
    assert services.propose(report, SITE, now=now) is not None
    assert services.propose(report, dict(reversed(SITE.items())), now=now) is None
    assert selectors.open_proposals() == 1


def test_another_server_supersedes_what_waits(accept, nodes, now) -> None:
    report, _ = accept("routes")
    services.propose(report, SITE, now=now)
    services.propose(report, OTHER, now=now + timedelta(seconds=1))
    assert [(row.site, row.state) for row in selectors.proposals_of(nodes[0].pk)] == [
        (OTHER, "open"),
        (SITE, "superseded"),
    ]
    assert selectors.open_proposals_by_node() == {nodes[0].pk: 1}


def test_what_was_refused_is_not_proposed_again_until_something_else_was(accept, who, now) -> None:
    report, _ = accept("routes")
    proposal = services.propose(report, SITE, now=now)
    services.decide(proposal.pk, SiteProposalState.REFUSED, reason="未约定", actor=who, now=now)
    assert services.propose(report, SITE, now=now + timedelta(days=1)) is None
    assert services.propose(report, OTHER, now=now + timedelta(days=2)) is not None
    assert services.propose(report, SITE, now=now + timedelta(days=3)) is not None


def test_what_was_accepted_is_proposed_again_where_the_delegation_was_changed_since(accept, who, now) -> None:
    report, _ = accept("routes")
    proposal = services.propose(report, SITE, now=now)
    services.decide(proposal.pk, SiteProposalState.ACCEPTED, actor=who, now=now)
    assert services.propose(report, SITE, now=now + timedelta(days=1)) is not None


def test_a_proposal_is_decided_once_by_somebody_who_is_named(accept, who, now) -> None:
    report, _ = accept("routes")
    proposal = services.propose(report, SITE, now=now)
    with pytest.raises(errors.NodeMember):
        services.decide(proposal.pk, SiteProposalState.REFUSED, reason=" ", actor=who, now=now)
    row = services.decide(proposal.pk, SiteProposalState.ACCEPTED, actor=who, now=now)
    assert (row.state, row.decided_by_name, row.decided_at) == ("accepted", "许标识", now)
    with pytest.raises(errors.ProposalDecided) as refused:
        services.decide(proposal.pk, SiteProposalState.REFUSED, reason="r", actor=who, now=now)
    assert refused.value.facts["state"].en == "Accepted"
    assert SiteProposal.objects.get(pk=proposal.pk).state == "accepted"


def test_unknown_proposals_are_told_so(db, who, now) -> None:
    with pytest.raises(errors.ProposalUnknown):
        selectors.proposal(uuid4())
    with pytest.raises(errors.ProposalUnknown):
        services.decide(uuid4(), SiteProposalState.ACCEPTED, actor=who, now=now)


def test_the_digest_of_a_server_does_not_depend_on_the_order_of_its_members() -> None:
    turned = {"servers": [dict(reversed(SITE["servers"][0].items()))]}
    assert services.site_digest(SITE) == services.site_digest(turned)
    assert services.site_digest(SITE) != services.site_digest(OTHER)
