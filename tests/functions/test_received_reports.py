"""Taking reports of subordinate nodes: whole or not at all, once, from whom they come, and what is told of them."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.functions.prefix_verbs import add_prefix
from tests.ledger import ROLES
from tests.pictures import nothing_changes, what_is_left
from tests.subordinates import (
    DAY,
    EVERY_KIND,
    NODE,
    OTHER_SITE,
    REGISTRATIONS,
    RESOLUTIONS,
    ROOT,
    ROUTES,
    TEMPLATES,
    Below,
    Report,
    below,
    count,
    counts,
    deed,
    deeds,
    register_node,
    route,
)

from jialiang.formats.handle.values import HandleReference
from jialiang.formats.node_report.errors import (
    BadReportHeader,
    BadReportLine,
    NotANodeReport,
    ReportLinesMissing,
)
from jialiang.formats.node_report.examining import ReportBreaksRule
from jialiang.functions import received_reports as verbs
from jialiang.functions.node_reports import AnotherOperates
from jialiang.functions.register_check import verify_stored_files
from jialiang.governance.storage.current import current_store
from jialiang.governance.subordinate_nodes import errors, selectors
from jialiang.governance.subordinate_nodes.models import ReceivedReport
from jialiang.governance.subordinate_nodes.selectors import ReportQuery
from jialiang.kernel.settings import Settings
from jialiang.kernel.text import Text
from jialiang.security.policy import NotAuthorized, roles_for
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path: Path) -> Settings:
    """An object store of the test's own."""
    settings.JIALIANG = replace(settings.JIALIANG, data_dir=tmp_path)
    return settings.JIALIANG


@pytest.fixture
def node(world) -> Below:
    return below(world)


@pytest.fixture
def known_root(world) -> Below:
    """A node whose root is known."""
    return below(world, with_root=True)


def take(node: Below, data: bytes, **more):
    given = {"actor": node.program, "now": node.world.now} | more
    return verbs.receive(file=BytesIO(data), **given)


# --- taken ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("report", EVERY_KIND, ids=lambda report: report.kind)
def test_a_report_is_taken_whole(node, report: Report) -> None:
    with what_is_left() as left:
        receipt = node.hand_in(report)
    row = selectors.report(receipt.report.pk)
    assert receipt.is_new
    assert (row.kind, row.day, row.revision, row.lines) == (report.kind, DAY, 1, len(report.lines))
    assert (row.sha256, row.size, row.door) == (report.digest, len(report.data), "api")
    assert current_store().get(row.sha256) == report.data
    told = {"prefix": NODE, "kind": report.kind, "day": "2026-06-15", "revision": 1}
    assert left.told == [("node_report.received", told)]
    assert left.recorded[-1][0] == "node_report.receive"
    assert left.recorded[-1][1] | told == left.recorded[-1][1]


def test_what_was_taken_is_what_its_lines_add_up_to(node) -> None:
    assert node.hand_in(REGISTRATIONS).report.sums == {"total": 3, "deed": {"registered": 3}}
    assert node.hand_in(RESOLUTIONS).report.sums["carrier"] == {"qr": 1297}


def test_the_same_bytes_once_more_change_nothing(node) -> None:
    first = node.hand_in(REGISTRATIONS)
    with nothing_changes():
        again = node.hand_in(REGISTRATIONS)
    assert (again.is_new, again.report) == (False, first.report)


def test_a_day_whose_content_changed_comes_with_a_higher_revision(node) -> None:
    node.hand_in(REGISTRATIONS)
    with nothing_changes(), pytest.raises(errors.RevisionNotHigher):
        node.hand_in(REGISTRATIONS.but(lines=deeds(4)))
    receipt = node.hand_in(REGISTRATIONS.but(lines=deeds(4), revision=2))
    assert [each["kind"] for each in receipt.report.findings] == ["revised"]
    assert "was 3 and is 4" in receipt.report.findings[0]["en"]


def test_the_revision_before_may_arrive_late_and_is_refused(node) -> None:
    node.hand_in(REGISTRATIONS.but(revision=2))
    with nothing_changes(), pytest.raises(errors.RevisionNotHigher) as refused:
        node.hand_in(REGISTRATIONS)
    assert (refused.value.facts["highest"], refused.value.facts["kind"]) == (2, "registrations")


def test_stored_reports_are_named_by_the_register(node) -> None:
    node.all_in()
    assert [each for each in verify_stored_files(node.world.now) if each.kind == "loose_object"] == []


# --- from whom --------------------------------------------------------------------------------------------------


def test_roles_that_have_no_business_with_reports_are_refused(node) -> None:
    for role in sorted(set(ROLES) - roles_for("node_report.receive")):
        with nothing_changes(), pytest.raises(NotAuthorized):
            node.hand_in(REGISTRATIONS, node.world.person(role))


def test_the_operator_hands_in_a_file_for_a_node_without_a_line(node) -> None:
    receipt = node.hand_in(REGISTRATIONS, node.operator)
    assert (receipt.is_new, receipt.report.door) == (True, "console")


def test_a_prefix_without_a_node_reports_nothing(node) -> None:
    strange = REGISTRATIONS.but(node="88.102.1", lines=())
    for who in (node.program, node.operator):
        with nothing_changes(), pytest.raises(errors.NodeNotAdmitted) as refused:
            node.hand_in(strange, who)
        assert "registered" in refused.value.facts["reason"].en


def test_a_node_reports_by_its_own_token_only(node) -> None:
    other = below(node.world, "88.101.6")
    with nothing_changes(), pytest.raises(errors.NodeNotAdmitted) as refused:
        node.hand_in(REGISTRATIONS, other.program)
    assert "token" in refused.value.facts["reason"].en


def test_somebody_with_the_role_and_no_node_reports_nothing(node) -> None:
    with nothing_changes(), pytest.raises(errors.NodeNotAdmitted):
        node.hand_in(REGISTRATIONS, node.world.person("subordinate_node"))


def test_an_institute_that_does_not_operate_the_node_takes_nothing(node) -> None:
    with everywhere("another institute for the test"):
        other = create_tenant(slug="other", name=Text("另一院"), now=node.world.now + timedelta(days=1))
    with scope(other.id), pytest.raises(AnotherOperates):
        node.hand_in(REGISTRATIONS, replace(node.operator, tenant_id=other.id))
    assert not ReceivedReport.objects.exists()


# --- nothing half -----------------------------------------------------------------------------------------------


def stored_files(folder: Path) -> list[Path]:
    return [path for path in (folder / "objects").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", NotANodeReport),
        (b"no gzip", NotANodeReport),
        (REGISTRATIONS.data[:-9], NotANodeReport),
        (REGISTRATIONS.data + b"x", NotANodeReport),
        (gzip.compress(b"{}\n"), BadReportHeader),
        (gzip.compress(gzip.decompress(REGISTRATIONS.data).replace(b"registered", b"invented")), BadReportLine),
        (gzip.compress(gzip.decompress(REGISTRATIONS.data).rsplit(b"\n", 2)[0] + b"\n"), ReportLinesMissing),
    ],
    ids=["empty", "no gzip", "cut", "more", "no header", "bad line", "line missing"],
)
def test_what_cannot_be_read_to_its_end_leaves_nothing(node, own_folder, data: bytes, error) -> None:
    with nothing_changes(), pytest.raises(error):
        take(node, data)
    assert stored_files(own_folder.data_dir) == []


@pytest.mark.parametrize(
    "report",
    [
        REGISTRATIONS.but(lines=(*deeds(2), deed(identifier="88.1/x", prefix="88.1"))),
        REGISTRATIONS.but(day=date(2026, 6, 17), lines=()),
        RESOLUTIONS.but(lines=counts(7)[:-1]),
        ROUTES.but(lines=(route(f"{NODE}.1"),)),
        ROUTES.but(lines=(route(site={"servers": []}),)),
        ROUTES.but(lines=(route(site=OTHER_SITE | {"note": "a\x00b"}),)),
    ],
    ids=["strange", "tomorrow", "sums", "not first", "no server", "zero"],
)
def test_what_breaks_a_rule_leaves_nothing(node, own_folder, report: Report) -> None:
    with nothing_changes(), pytest.raises(ReportBreaksRule):
        node.hand_in(report)
    assert stored_files(own_folder.data_dir) == []


def test_where_the_database_fails_the_file_harms_nobody_and_the_report_comes_again(node, monkeypatch) -> None:
    def failing(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(verbs, "put_on_record", failing)
        with nothing_changes(), pytest.raises(OSError, match="full"):
            node.hand_in(REGISTRATIONS)
    assert node.hand_in(REGISTRATIONS).is_new


def test_bytes_that_are_not_those_that_were_sent_are_refused(node) -> None:
    assert take(node, REGISTRATIONS.data, told_sha256=REGISTRATIONS.digest).is_new
    with nothing_changes(), pytest.raises(errors.DigestDiffers) as refused:
        take(node, RESOLUTIONS.data, told_sha256=REGISTRATIONS.digest)
    assert refused.value.facts["found"] == RESOLUTIONS.digest


# --- who vouches ------------------------------------------------------------------------------------------------


def test_a_signature_of_the_root_holds(known_root) -> None:
    report = known_root.hand_in(REGISTRATIONS, signature=f" {REGISTRATIONS.signed()}\n").report
    assert (report.signature, report.findings) == ("valid", [])


def test_a_report_without_signature_is_taken_and_told_of_where_the_root_is_known(known_root) -> None:
    report = known_root.hand_in(REGISTRATIONS).report
    assert (report.signature, [each["kind"] for each in report.findings]) == ("none", ["unsigned"])


def test_a_signature_cannot_be_checked_where_no_root_is_known(node) -> None:
    report = node.hand_in(REGISTRATIONS, signature=REGISTRATIONS.signed()).report
    assert (report.signature, [each["kind"] for each in report.findings]) == ("unproven", ["unproven"])


STRANGER = ec.derive_private_key(12, ec.SECP256R1())


@pytest.mark.parametrize(
    ("signature", "words"),
    [
        ("nonsense", "no JWT"),
        ("a.b.c", "no JWT"),
        (RESOLUTIONS.signed(), "does not speak of this report"),
        (REGISTRATIONS.but(revision=2).signed(), "does not speak of this report"),
        (REGISTRATIONS.but(node="88.101.6").signed(), "does not speak of this report"),
        (REGISTRATIONS.signed(STRANGER), "not made by the root"),
        (REGISTRATIONS.signed(identity=HandleReference(401, f"{NODE}/0.0")), "not made by the root"),
        (REGISTRATIONS.signed()[:-4] + "AAAA", "not made by the root"),
    ],
    ids=["nonsense", "no token", "another report", "another revision", "another node", "another key",
         "another identity", "altered"],
)  # fmt: skip
def test_a_wrong_signature_is_refused_with_the_report(known_root, signature: str, words: str) -> None:
    with nothing_changes(), pytest.raises(errors.SignatureRefused) as refused:
        known_root.hand_in(REGISTRATIONS, signature=signature)
    assert words in refused.value.facts["reason"].en


def test_the_identity_of_a_root_is_compared_without_regard_to_case(world) -> None:
    made = below(world, "88.101.Milk")
    root = replace(ROOT, identity=HandleReference(400, "88.101.milk/0.0"))
    type(made.made.row).objects.update(root=root.body().decode())
    report = REGISTRATIONS.but(node="88.101.MILK", lines=())
    signature = report.signed(identity=HandleReference(400, "88.101.MILK/0.0"))
    assert made.hand_in(report, signature=signature).report.signature == "valid"


# --- what is told besides ---------------------------------------------------------------------------------------


def test_gaps_of_the_statistics_are_told(node) -> None:
    lines = counts(5, count("gap", "2026-06-15T01:00:00Z", 1), count("gap", "2026-06-15T03:00:00Z", 1))
    (finding,) = node.hand_in(RESOLUTIONS.but(lines=lines)).report.findings
    assert (finding["kind"], "2 gaps" in finding["en"], "2 处" in finding["zh"]) == ("gaps", True, True)


@pytest.mark.parametrize(("days", "kinds"), [(0, []), (1, []), (2, ["late"]), (30, ["late"])])
def test_a_report_that_came_late_is_told_so(node, days: int, kinds: list[str]) -> None:
    receipt = node.hand_in(REGISTRATIONS, now=node.world.now + timedelta(days=days))
    assert [each["kind"] for each in receipt.report.findings] == kinds


def test_the_same_total_in_a_new_revision_is_no_finding(node) -> None:
    node.hand_in(REGISTRATIONS)
    other = tuple(line | {"deed": "changed"} for line in deeds(3))
    assert node.hand_in(REGISTRATIONS.but(lines=other, revision=2)).report.findings == []


# --- read -------------------------------------------------------------------------------------------------------


def test_a_node_sees_its_own_receipts_and_the_operator_all(node) -> None:
    other = below(node.world, "88.101.6")
    node.all_in()
    other.hand_in(REGISTRATIONS.but(node="88.101.6", lines=()))
    seen = verbs.read_reports(actor=node.program, query=ReportQuery())
    assert {row.node.prefix for row in seen} == {NODE}
    assert len(verbs.read_reports(actor=node.operator, query=ReportQuery())) == 5
    with pytest.raises(errors.NodeNotAdmitted):
        verbs.read_reports(actor=node.program, query=ReportQuery(other.node_id))
    strange = other.hand_in(TEMPLATES.but(node="88.101.6", lines=())).report
    with pytest.raises(errors.ReportUnknown):
        verbs.read_report(actor=node.program, report_id=strange.pk)
    assert verbs.read_report(actor=node.operator, report_id=strange.pk) == strange


def test_whoever_has_the_role_and_no_node_reads_nothing(node) -> None:
    with pytest.raises(errors.NodeNotAdmitted):
        verbs.read_reports(actor=node.world.person("subordinate_node"), query=ReportQuery())


def test_roles_that_may_not_read_are_refused(node) -> None:
    receipt = node.hand_in(REGISTRATIONS)
    for role in sorted(set(ROLES) - roles_for("node_report.read_received")):
        who = node.world.person(role)
        with pytest.raises(NotAuthorized):
            verbs.read_reports(actor=who, query=ReportQuery())
        for ask in (verbs.read_report, verbs.report_file):
            with pytest.raises(NotAuthorized):
                ask(actor=who, report_id=receipt.report.pk)


def test_a_report_is_handed_out_as_it_came(node) -> None:
    receipt = node.hand_in(REGISTRATIONS)
    name, data = verbs.report_file(actor=node.program, report_id=receipt.report.pk)
    assert (name, data) == (f"{NODE}_2026-06-15_registrations_r1.ndjson.gz", REGISTRATIONS.data)


def test_a_node_is_asked_for_by_its_prefix(node) -> None:
    assert verbs.node_asked("") is None
    assert verbs.node_asked(NODE) == node.node_id
    with pytest.raises(errors.NodeUnknown):
        verbs.node_asked("88.102")


@pytest.mark.parametrize(
    ("since", "until"), [(DAY, DAY - timedelta(days=1)), (DAY, DAY + timedelta(days=366))]
)
def test_a_time_that_cannot_be_answered_is_refused(node, since: date, until: date) -> None:
    for ask in (
        lambda: verbs.read_calendar(
            actor=node.operator, node_id=node.node_id, since=since, until=until, now=node.world.now
        ),
        lambda: verbs.read_sums(actor=node.operator, since=since, until=until, now=node.world.now),
    ):
        with pytest.raises(errors.BadReportQuestion) as refused:
            ask()
        assert refused.value.facts["longest"] == 366


def test_who_oversees_nodes(node) -> None:
    assert verbs.operates(node.operator)
    assert verbs.operates(node.world.person("auditor"))
    assert not verbs.operates(node.world.person("customer", organization_id=node.world.dairy_id))
    assert not verbs.operates(node.program)


def test_a_node_registered_with_a_root_knows_it(world) -> None:
    add_prefix(world, NODE)
    assert register_node(world, root=ROOT.body().decode()).row.root
