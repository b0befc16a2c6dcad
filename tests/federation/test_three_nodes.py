"""Three installations as processes: one above, one below that applied for its prefix there, one that asks for others.

What was reported at the one above is what the one below has, whoever is killed or away in between. It is one story,
told in the order in which it happens.
"""

from __future__ import annotations

import json
import sqlite3
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.assembly.processes import wait_for
from tests.federation.nodes import Caller, Node, Running
from tests.federation.stalling import Way, way_to
from tests.ledger import credit_code
from tests.native_protocol.client import Client

pytestmark = pytest.mark.slow
KINDS = ("registrations", "resolutions", "templates", "routes")
SHANGHAI = ZoneInfo("Asia/Shanghai")
ABOVE, BELOW = "88.111", "88.111.5"
DO_NOT_REFER = 0x00100000
NAMES = tuple(f"{BELOW}/gauge-{number}" for number in range(5))
LICENCE = b"%PDF-1.7 fictional business licence"


class Story:
    """The nodes and who acts at them."""

    def __init__(self, folder: Path, running: Running) -> None:
        self.folder, self.running = folder, running
        self.above = Node("above", folder / "above", "88.110", 71)
        self.below = Node("below", folder / "below", BELOW, 72)
        self.third = Node("third", folder / "third", "88.113", 73)
        self.operator = Caller("")
        self.node_id = ""
        self.way: Way

    def received(self, **query: Any) -> list[dict[str, Any]]:
        """What the operator above sees, newest first."""
        return self.operator.every("/api/v1/node-reports", limit=200, **query)

    def frozen(self, day: date) -> dict[str, Any]:
        """The statistics of a day as the node below froze them."""
        with closing(sqlite3.connect(self.below.folder / "jialiang.sqlite3")) as table:
            rows = table.execute(
                "SELECT content FROM governance_resolution_counts_frozenday WHERE day = ?", [day.isoformat()]
            )
            return dict(json.loads(rows.fetchone()[0]))

    def sent(self) -> list[tuple[str, str, int, str]]:
        """Day, kind, revision and state of every report below, in the order in which they are sent."""
        with closing(sqlite3.connect(self.below.folder / "jialiang.sqlite3")) as table:
            rows = table.execute(
                "SELECT day, kind, revision, state FROM governance_node_reports_sentreport ORDER BY day, kind, revision"
            )
            return [tuple(row) for row in rows.fetchall()]


def today() -> date:
    return datetime.now(SHANGHAI).date()


def long_before_midnight() -> bool:
    """Tell whether the day lasts long enough for the story."""
    return datetime.now(SHANGHAI).hour < 23


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Found the three, let the one below apply and be granted its prefix, delegate it, and register its node."""
    if not long_before_midnight():
        pytest.skip("the day ends too soon")
    with Running() as running:
        told = Story(tmp_path_factory.mktemp("federation"), running)
        for node in (told.above, told.below, told.third):
            node.found()
        running.start(told.above)
        told.operator = told.above.hire("operator", "identifier_operator")
        with way_to(told.above.address) as way:
            told.way = way
            told.below.more |= {"JIALIANG_UPPER_NODE": way.address}
            grant(told)
            told.third.more |= {"JIALIANG_NATIVE_PARENT": f"127.0.0.1:{told.above.native_port}"}
            yield told


def grant(told: Story) -> None:
    """Let the enterprise apply at the node above by the command line of its own, and the operator grant the prefix."""
    admin = Caller(told.above.address, told.above.token_of("above-admin"))
    enterprise = admin.done(
        "/api/v1/organizations",
        {"name": {"zh": "晨星乳业有限公司", "en": "Morning Star Dairy"}, "credit_code": credit_code(74)},
        201,
    )
    customer = told.above.hire("dairy", "customer", enterprise["id"])
    second = told.operator.done("/api/v1/prefixes", {"text": ABOVE, "holder_id": enterprise["id"]}, 201)
    told.below.more |= {"JIALIANG_UPPER_NODE_ACCOUNT_TOKEN": customer.token}
    licence = told.folder / "licence.pdf"
    licence.write_bytes(LICENCE)
    applied = told.below.run("node", "apply", str(licence), "--parent", ABOVE, "--purpose", "乳品温度计", "--code", "5")
    (waiting,) = told.operator.read("/api/v1/prefix-applications", state="submitted")["members"]
    assert waiting["parent_id"] == second["id"]
    assert waiting["id"] in json.dumps(applied)
    granted = told.operator.done(f"/api/v1/prefix-applications/{waiting['id']}/grant", {"version": waiting["version"]})
    told.operator.done(f"/api/v1/prefixes/{granted['granted_id']}/delegation", {"site": told.below.site})
    node = told.operator.done(
        "/api/v1/subordinate-nodes", {"prefix": BELOW, "name": {"zh": "晨星节点", "en": "Morning Star node"}}, 201
    )
    told.node_id = node["id"]
    told.below.more |= {"JIALIANG_UPPER_NODE_TOKEN": node["token"]}


def test_a_first_day_is_reported_by_call(story: Story) -> None:
    story.below.work(-72)
    first = today() - timedelta(days=4)
    assert story.sent() == [(first.isoformat(), kind, 1, "accepted") for kind in sorted(KINDS)]
    assert {(each["day"], each["kind"]) for each in story.received()} == {
        (first.isoformat(), kind) for kind in KINDS
    }


def test_while_the_node_above_is_away_nothing_is_lost_and_afterwards_it_comes_in_order(story: Story) -> None:
    story.running.stop("above")
    for hours in (-48, -24, 0):
        story.below.work(hours)
    days = [(today() - timedelta(days=back)).isoformat() for back in (3, 2, 1)]
    waiting = [row for row in story.sent() if row[3] != "accepted"]
    assert waiting == [(day, kind, 1, "made") for day in days for kind in sorted(KINDS)]
    story.running.start(story.above)
    story.below.work(2)
    assert {state for *_, state in story.sent()} == {"accepted"}
    order = [each["day"] for each in reversed(story.received())]
    assert order == sorted(order)
    assert len(order) == 4 * len(KINDS)


def test_what_is_registered_below_is_resolved_by_referral_from_above(story: Story) -> None:
    story.running.start(story.below)
    story.running.start(story.third)
    for name in NAMES:
        story.below.run("identifiers", "register", name, "--value", "1:URL=https://example.org/7", "--tenant", "below")
    with Client("127.0.0.1", story.above.native_port) as client:
        assert client.resolve(NAMES[0], flags=DO_NOT_REFER).code == 301, "it does not keep the record itself"
        assert client.resolve(NAMES[0]).code == 1
    with Client("127.0.0.1", story.third.native_port) as client:
        assert wait_for(lambda: client.resolve(NAMES[0]).code == 1, 20)
        for name in NAMES:
            found, values = client.resolve(name).record()
            assert (found, values[0].data) == (name, b"https://example.org/7")
        assert client.resolve(f"{BELOW}/nothing").code == 100
    with urllib.request.urlopen(f"{story.above.address}/api/handles/{NAMES[1]}") as response:
        told = json.load(response)
        assert response.url.startswith(story.below.address)
    assert (told["responseCode"], told["handle"]) == (1, NAMES[1])


def test_a_day_is_taken_from_files_and_the_call_of_the_same_bytes_says_so(story: Story) -> None:
    story.running.stop("below")
    folder = story.folder / "files"
    story.way.target, target = "http://127.0.0.1:9", story.way.target  # nobody there
    story.below.work(24.25)
    story.way.target = target
    story.below.run("node", "report", "--day", today().isoformat(), "-o", str(folder))
    files = sorted(folder.glob("*.ndjson.gz"))
    assert [path.name for path in files] == [f"{BELOW}_{today()}_{kind}_r1.ndjson.gz" for kind in sorted(KINDS)]
    taken = story.above.run("node", "receive", str(files[0]))
    assert (taken["new"], taken["kind"], taken["lines"]) == (True, "registrations", len(NAMES))
    again = story.above.run("node", "receive", str(files[0]))
    assert (again["new"], again["id"]) == (False, taken["id"])
    assert len(story.received(since=today().isoformat())) == 1


def test_a_worker_killed_in_the_middle_of_sending_loses_nothing_and_doubles_nothing(story: Story) -> None:
    story.way.hold()
    story.way.statuses.clear()
    with story.below.working(24.4) as worker:
        assert story.way.has_answer.wait(60)
        worker.kill()
        worker.wait()
    story.way.release()
    held = [row for row in story.sent() if row[3] == "sending"]
    assert held == [(today().isoformat(), "registrations", 1, "sending")]
    story.below.work(24.6)
    assert {state for *_, state in story.sent()} == {"accepted"}
    received = story.received(since=today().isoformat())
    assert sorted(each["kind"] for each in received) == sorted(KINDS)
    assert story.way.statuses[200] >= 2, "the bytes that were taken before were answered with their receipt"
    assert story.way.statuses[201] == len(KINDS) - 1


def test_the_numbers_above_are_those_below(story: Story) -> None:
    content = story.frozen(today())
    (sums,) = story.operator.read(
        "/api/v1/subordinate-nodes/sums", since=today().isoformat(), until=today().isoformat()
    )["items"]
    assert (sums["node"], sums["registrations"], sums["days"]) == (BELOW, len(NAMES), 1)
    assert sums["resolutions"] == content["visits"]["total"] > 0
    (resolutions,) = story.received(kind="resolutions", since=today().isoformat())
    for by in ("kind", "outcome", "carrier", "region", "hour"):
        assert resolutions["sums"].get(by, {}) == content["visits"][f"by_{by}"]
    assert resolutions["sums"]["registered"] == content["registered"]


def test_every_day_is_there_once_and_none_is_missing(story: Story) -> None:
    days = story.operator.read(f"/api/v1/subordinate-nodes/{story.node_id}/days", until=today().isoformat())["items"]
    reported = [each["day"] for each in days if all(each["reports"].values())]
    assert reported == [(today() - timedelta(days=back)).isoformat() for back in range(5)]
    assert all(each["late"] == [] for each in days)
    below = {(day, kind, revision) for day, kind, revision, _ in story.sent()}
    above = [(each["day"], each["kind"], each["revision"]) for each in story.received()]
    assert sorted(above) == sorted(below)


def test_another_server_waits_for_the_operator_above(story: Story) -> None:
    """The node below tells of the address and ports of its settings; what was delegated was written by hand."""
    (proposal, *_) = story.operator.read(f"/api/v1/subordinate-nodes/{story.node_id}/site-proposals")["items"]
    assert proposal["state"] == "open"
    story.operator.done(f"/api/v1/site-proposals/{proposal['id']}/acceptance", {})
    (prefix,) = story.operator.read("/api/v1/prefixes", text=BELOW)["members"]
    assert prefix["site"] == proposal["site"]
    story.running.start(story.below)
    with Client("127.0.0.1", story.third.native_port) as client:
        assert wait_for(lambda: client.resolve(NAMES[2]).code == 1, 20)
