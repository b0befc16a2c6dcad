"""Verbs on reports to the node above: who may, what is made, what is kept, and what stays on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from tests.functions.node_world import (
    DAY,
    DEEDS_OF_THE_DAY,
    MIDNIGHT,
    MORNING_AFTER,
    NODE,
    NOON,
    a_days_counts,
    a_days_deeds,
    freeze,
    give_prefixes,
    lines_of,
    publish_template,
    register,
    use_node,
)
from tests.ledger import ROLES, World

from jialiang.formats.handle.count_log import Counted
from jialiang.formats.node_report.header import KINDS
from jialiang.formats.node_report.signing import judged
from jialiang.functions import node_reports as verbs
from jialiang.functions.node_reports import AnotherOperates, BadReportTime
from jialiang.functions.register_check import verify_stored_files
from jialiang.functions.trust_chain import root_of
from jialiang.governance.node_reports.errors import DayNotReportable, ReportKindUnknown, SentReportUnknown
from jialiang.governance.node_reports.models import SentReport
from jialiang.governance.node_reports.services import begin, refuse
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.governance.resolution_counts.services import count_here
from jialiang.governance.storage.current import current_store
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.security.audit.models import AuditRecord
from jialiang.security.keys import services as keys
from jialiang.security.keys.selectors import authority
from jialiang.security.policy import NotAuthorized
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

MAY_READ = {"identifier_operator", "quality_manager", "auditor", "regulator", "system_administrator"}
MAY_DO = {"identifier_operator", "system_administrator"}


@pytest.fixture
def node(world: World, settings) -> World:
    """A node with prefixes, whose day is over and frozen."""
    use_node(settings)
    give_prefixes(world)
    a_days_deeds(world)
    a_days_counts()
    freeze()
    return world


def make(world: World, *kinds: str, day: date = DAY, now=MORNING_AFTER) -> list[SentReport]:
    return verbs.make(actor=world.person("identifier_operator"), day=day, kinds=kinds, now=now)


# --- making -------------------------------------------------------------------------------------------------------


def test_a_report_of_each_kind_is_made_of_a_frozen_day(node: World) -> None:
    rows = make(node)
    assert [row.kind for row in rows] == list(KINDS)
    assert {(row.node, row.day, row.time_zone, row.revision, row.state) for row in rows} == {
        (NODE, DAY, "Asia/Shanghai", 1, "made")
    }
    assert [row.lines for row in rows] == [len(lines_of(row)) for row in rows]
    assert rows[0].lines == len(DEEDS_OF_THE_DAY)


def test_the_file_is_kept_under_its_digest_with_its_size(node: World) -> None:
    for row in make(node):
        data = current_store().get(row.sha256)
        assert sha256(data).hexdigest() == row.sha256
        assert len(data) == row.size


def test_only_the_kinds_that_are_named_or_set_are_made(node: World, settings) -> None:
    assert [row.kind for row in make(node, "routes", "registrations")] == ["registrations", "routes"]
    use_node(settings, node_report_kinds=("templates",))
    assert [row.kind for row in make(node)] == ["templates"]


def test_a_day_that_says_the_same_is_not_made_twice(node: World) -> None:
    first = make(node)
    again = make(node, now=MORNING_AFTER + timedelta(hours=1))
    assert [row.pk for row in again] == [row.pk for row in first]
    assert SentReport.objects.count() == len(KINDS)


def test_counts_that_came_late_become_the_next_revision(node: World) -> None:
    (first,) = make(node, "resolutions")
    count_here(Counted("page", "found"), 5, NOON)
    (second,) = make(node, "resolutions", now=MORNING_AFTER + timedelta(hours=1))
    assert (first.revision, second.revision) == (1, 2)
    assert [line["number"] for line in lines_of(second) if line["by"] == "total"] == [1012]
    assert [line["number"] for line in lines_of(first) if line["by"] == "total"] == [1007]
    assert second.file_name.endswith("_resolutions_r2.ndjson.gz")


def test_deeds_that_came_late_become_the_next_revision(node: World) -> None:
    make(node, "registrations")
    register(node, "88.101.5/forgotten", NOON)
    (second,) = make(node, "registrations")
    assert second.revision == 2
    assert second.lines == len(DEEDS_OF_THE_DAY) + 1


def test_the_first_report_tells_all_templates_and_later_days_their_own(node: World) -> None:
    publish_template(node, "V1", MIDNIGHT - timedelta(days=9))
    publish_template(node, "V2", MIDNIGHT + timedelta(days=1, hours=1))
    (first,) = make(node, "templates")
    freeze(DAY + timedelta(days=1), now=MORNING_AFTER + timedelta(days=1))
    (second,) = make(node, "templates", day=DAY + timedelta(days=1))
    assert [line["code"] for line in lines_of(first)] == ["V1"]
    assert [line["code"] for line in lines_of(second)] == ["V2"]
    (again,) = make(node, "templates")
    assert again.pk == first.pk


def test_the_site_of_the_node_stands_in_its_routes(node: World, settings) -> None:
    use_node(settings, node_addresses=("192.0.2.7", "2001:db8::7"), public_url="https://node.example.cn:8443")
    (row,) = make(node, "routes")
    site = lines_of(row)[0]["site"]
    assert [server["address"] for server in site["servers"]] == ["192.0.2.7", "2001:db8::7"]
    assert [(each["protocol"], each["port"]) for each in site["servers"][0]["interfaces"]] == [
        ("TCP", 2641), ("UDP", 2641), ("HTTPS", 8443),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "interfaces"),
    [
        ({"native_addresses": ("192.0.2.9",), "native_port": 0, "public_url": "http://x.cn"}, [("HTTP", 80)]),
        ({"node_addresses": ("192.0.2.9",), "native_port": 0, "public_url": "https://x.cn"}, [("HTTPS", 443)]),
    ],
    ids=["http", "https"],
)
def test_what_is_not_served_is_not_told_of_the_site(node: World, settings, changes, interfaces) -> None:
    use_node(settings, **changes)
    (row,) = make(node, "routes")
    (server,) = lines_of(row)[0]["site"]["servers"]
    assert server["address"] == "192.0.2.9"
    assert [(each["protocol"], each["port"]) for each in server["interfaces"]] == interfaces


def test_without_an_address_no_site_is_told(node: World) -> None:
    (row,) = make(node, "routes")
    assert lines_of(row)[0]["site"] is None


def test_a_site_that_changed_becomes_the_next_revision(node: World, settings) -> None:
    make(node, "routes")
    use_node(settings, node_addresses=("192.0.2.7",))
    assert make(node, "routes")[0].revision == 2


def test_a_day_that_is_not_frozen_cannot_be_reported(node: World) -> None:
    with pytest.raises(DayNotReportable) as caught:
        make(node, day=DAY + timedelta(days=30))
    assert "2026-07-16" in caught.value.what.en


@pytest.mark.parametrize("kind", ["weather", "", "Routes", "routes "])
def test_a_kind_that_is_none_is_refused(node: World, kind: str) -> None:
    with pytest.raises(ReportKindUnknown) as caught:
        make(node, kind)
    assert "registrations, resolutions, templates, routes" in caught.value.rule.en
    assert not SentReport.objects.exists()


def test_an_installation_without_authority_reports_unsigned(node: World) -> None:
    assert {row.signature for row in make(node)} == {""}


def test_with_an_authority_every_report_is_signed_by_it(node: World) -> None:
    keys.create_authority(node.now)
    root = root_of(authority())
    for row in make(node):
        found = judged(row.signature, row.header, row.sha256, root.key)
        assert found is not None
        assert (found.issuer, found.of_this_report, found.holds) == (root.identity.text, True, True)


def test_what_was_made_stands_on_record_and_what_was_not_does_not(node: World) -> None:
    before = AuditRecord.objects.filter(action="node_report.make").count()
    rows = make(node, "routes")
    make(node, "routes")
    acts = AuditRecord.objects.filter(action="node_report.make")
    assert acts.count() == before + 1
    assert acts.get().detail == {"kind": "routes", "day": "2026-06-16", "revision": 1, "digest": rows[0].sha256}
    assert OutboxEvent.objects.filter(name="node_report.made").count() == 1


# --- reading ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_who_may_read_and_who_may_not(node: World, role: str) -> None:
    (row,) = make(node, "routes")
    actor = node.person(role)
    asked = (
        lambda: verbs.read_reports(actor=actor, since=DAY, until=DAY),
        lambda: verbs.read_report(actor=actor, report_id=row.pk),
        lambda: verbs.report_file(actor=actor, report_id=row.pk),
        lambda: verbs.report_signature(actor=actor, report_id=row.pk),
    )
    for ask in asked:
        if role in MAY_READ:
            assert ask()
        else:
            with pytest.raises(NotAuthorized):
                ask()


@pytest.mark.parametrize("role", ROLES)
def test_who_may_make_and_send_and_who_may_not(node: World, role: str) -> None:
    (row,) = make(node, "routes")
    actor = node.person(role)
    asked = (
        lambda: verbs.make(actor=actor, day=DAY, now=MORNING_AFTER),
        lambda: verbs.send(actor=actor, report_id=row.pk, now=MORNING_AFTER),
        lambda: verbs.hurry(actor=actor, now=MORNING_AFTER),
    )
    for ask in asked:
        if role in MAY_DO:
            assert ask()
        else:
            with pytest.raises(NotAuthorized):
                ask()


def test_files_have_names_and_signatures_beside_them(node: World) -> None:
    keys.create_authority(node.now)
    (row,) = make(node, "routes")
    actor = node.person("auditor")
    name, data = verbs.report_file(actor=actor, report_id=row.pk)
    assert name == "88.101_2026-06-16_routes_r1.ndjson.gz"
    assert sha256(data).hexdigest() == row.sha256
    signed, text = verbs.report_signature(actor=actor, report_id=row.pk)
    assert signed == f"{name}.jwt"
    assert text.count(b".") == 2


def test_days_are_listed_newest_first(node: World) -> None:
    freeze(DAY - timedelta(days=1))
    make(node, day=DAY - timedelta(days=1))
    make(node)
    actor = node.person("auditor")
    rows = verbs.read_reports(actor=actor, since=DAY - timedelta(days=1), until=DAY)
    assert [row.kind for row in rows] == [*KINDS, *KINDS]
    assert rows[0].day > rows[-1].day
    assert len(verbs.read_reports(actor=actor, since=DAY, until=DAY)) == len(KINDS)


@pytest.mark.parametrize("days", [-1, 367, 40_000])
def test_a_time_that_is_turned_round_or_too_long_is_refused(node: World, days: int) -> None:
    with pytest.raises(BadReportTime) as caught:
        verbs.read_reports(actor=node.person("auditor"), since=DAY, until=DAY + timedelta(days=days))
    assert "366" in caught.value.rule.en


def test_a_report_that_is_not_there_is_told(node: World) -> None:
    for verb in (verbs.read_report, verbs.report_file, verbs.report_signature):
        with pytest.raises(SentReportUnknown):
            verb(actor=node.person("auditor"), report_id=new_id(node.now))


# --- letting go ---------------------------------------------------------------------------------------------------


def test_a_refused_report_is_let_go_again_and_stands_on_record(node: World) -> None:
    (row,) = make(node, "routes")
    taken = begin(row.pk, MORNING_AFTER)
    assert taken is not None
    refuse(taken, Text("不符", "no"), MORNING_AFTER)
    sent = verbs.send(actor=node.person("identifier_operator"), report_id=row.pk, now=MORNING_AFTER)
    assert (sent.state, sent.attempts) == ("made", 0)
    assert AuditRecord.objects.filter(action="node_report.send").count() == 1
    assert OutboxEvent.objects.filter(name="node_report.queued").count() == 1


def test_everything_outstanding_is_let_go_at_once(node: World) -> None:
    rows = make(node)
    assert verbs.hurry(actor=node.person("identifier_operator"), now=MORNING_AFTER) == len(rows)
    (act,) = AuditRecord.objects.filter(action="node_report.send")
    assert act.detail["waiting"] == len(rows)


def test_where_nothing_waits_nothing_stands_on_record(node: World) -> None:
    assert verbs.hurry(actor=node.person("identifier_operator"), now=MORNING_AFTER) == 0
    assert not AuditRecord.objects.filter(action="node_report.send").exists()


# --- whose node ---------------------------------------------------------------------------------------------------


@pytest.fixture
def stranger(node: World) -> Actor:
    """An administrator of an institute that was founded later."""
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="a-later-institute", name=Text("后来的机构", "A later one"), now=MORNING_AFTER)
    return replace(node.person("system_administrator", "identifier_operator", "auditor"), tenant_id=other.id)


def test_the_institute_founded_first_operates_the_node_and_no_other(node: World, stranger: Actor) -> None:
    operator = node.person("identifier_operator")
    assert verbs.operates_node(operator)
    assert not verbs.operates_node(stranger)
    with scope(stranger.tenant_id):
        assert not verbs.operates_node(stranger)
        assert verbs.operates_node(operator)


def test_another_institute_neither_reads_nor_sends_what_speaks_of_all(node: World, stranger: Actor) -> None:
    (row,) = make(node, "routes")
    asked = (
        lambda: verbs.read_reports(actor=stranger, since=DAY, until=DAY),
        lambda: verbs.report_file(actor=stranger, report_id=row.pk),
        lambda: verbs.make(actor=stranger, day=DAY, now=MORNING_AFTER),
        lambda: verbs.send(actor=stranger, report_id=row.pk, now=MORNING_AFTER),
        lambda: verbs.hurry(actor=stranger, now=MORNING_AFTER),
    )
    for ask in asked:
        with scope(stranger.tenant_id), pytest.raises(AnotherOperates) as caught:
            ask()
        assert "Jialiang Demonstration Institute" in caught.value.rule.en


# --- the files of reports in the register -------------------------------------------------------------------------


@pytest.fixture
def own_store(node: World, settings, tmp_path: Path) -> Path:
    """A folder of data with nothing else in it."""
    settings.JIALIANG = replace(settings.JIALIANG, data_dir=tmp_path)
    return tmp_path


def told_of(rows: list[SentReport]) -> list[tuple[str, str, str]]:
    """Return kind, severity and subject of what the check finds about the files of some reports."""
    own = {row.file_name for row in rows} | {row.sha256 for row in rows}
    found = verify_stored_files(MORNING_AFTER)
    return sorted((each.kind, each.grave, each.subject) for each in found if each.subject in own)


@pytest.mark.usefixtures("own_store")
def test_the_files_of_reports_are_known_to_the_check_of_the_register(node: World) -> None:
    assert told_of(make(node)) == []
    assert verify_stored_files(MORNING_AFTER) == []


@pytest.mark.usefixtures("own_store")
def test_a_file_that_no_report_names_is_told(node: World) -> None:
    rows = make(node)
    SentReport.objects.filter(pk=rows[0].pk).delete()
    assert told_of(rows) == [("loose_object", "warning", rows[0].sha256)]


def test_a_damaged_or_lost_file_of_a_report_is_told_by_its_name(node: World, own_store: Path) -> None:
    rows = make(node)
    damaged, lost, *_ = (next(own_store.rglob(row.sha256)) for row in rows)
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"x")
    lost.unlink()
    assert told_of(rows) == sorted(("file_damaged", "damage", row.file_name) for row in rows[:2])


@pytest.mark.usefixtures("own_store")
def test_a_size_that_is_not_that_of_the_file_is_told(node: World) -> None:
    row, *_ = make(node)
    SentReport.objects.filter(pk=row.pk).update(size=row.size + 1)
    assert told_of([row]) == [("file_damaged", "damage", row.file_name)]
