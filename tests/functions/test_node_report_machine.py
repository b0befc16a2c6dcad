"""Whatever happens to a node and the one above it, in whatever order: nothing is lost, doubled or out of its order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from tests.functions.node_world import DAY, MORNING_AFTER, NODE, NOON, ZONE, lines_of, use_node
from tests.ledger import World

from jialiang.formats.handle.count_log import Counted
from jialiang.formats.node_report.header import KINDS, RESOLUTIONS
from jialiang.formats.node_report.reading import read
from jialiang.functions.node_report_rounds import make_changed, make_due, send_due
from jialiang.functions.resolution_statistics import freeze_days
from jialiang.governance.node_reports import selectors, services
from jialiang.governance.node_reports.errors import UpperNodeForbids, UpperNodeRefuses, UpperNodeSilent
from jialiang.governance.node_reports.models import SentReport
from jialiang.governance.node_reports.port import OutgoingApplication, OutgoingReport
from jialiang.governance.resolution_counts.models import CollectedLog, FrozenDay, ResolutionCount
from jialiang.governance.resolution_counts.services import count_here

MOODS = ("takes", "silent", "forbids", "dies before", "dies after", "takes and is silent")
STEPS = st.one_of(
    st.tuples(st.just("mood"), st.sampled_from(MOODS)),
    st.tuples(st.just("counts"), st.integers(0, 3)),
    st.sampled_from([("send", 0), ("day", 0), ("compare", 0), ("wait", 1), ("wait", 90), ("hurry", 0)]),
)


class Killed(BaseException):
    """The process is gone."""


class Parent:
    """A node above by the rules: the same bytes again are the same receipt, an older revision is refused."""

    address = "https://above.example.cn"

    def __init__(self) -> None:
        self.mood = "takes"
        self.kept: dict[tuple[str, str], tuple[int, str]] = {}
        self.first_seen: list[tuple[str, str, int]] = []

    def reach(self) -> None:
        """Answer."""

    def send(self, report: OutgoingReport) -> Mapping[str, Any]:
        """Do as the mood is."""
        if self.mood == "silent":
            raise UpperNodeSilent(address=self.address, reason="away")
        if self.mood == "forbids":
            raise UpperNodeForbids(address=self.address, status=403, said="no")
        if self.mood == "dies before":
            raise Killed
        receipt = self._take(report)
        if self.mood == "dies after":
            raise Killed
        if self.mood == "takes and is silent":
            raise UpperNodeSilent(address=self.address, reason="the answer was lost")
        return receipt

    def _take(self, report: OutgoingReport) -> Mapping[str, Any]:
        header = report.header
        assert sha256(report.data).hexdigest() == report.sha256
        assert read(BytesIO(report.data))[0] == header
        place = (header.day.isoformat(), header.kind)
        revision, digest = self.kept.get(place, (0, ""))
        if digest != report.sha256:
            if header.revision <= revision:
                raise UpperNodeRefuses(address=self.address, status=409, said="older")
            self.kept[place] = (header.revision, report.sha256)
            self.first_seen.append((*place, header.revision))
        return {"id": f"r-{header.revision}", "digest": f"sha-256:{report.sha256}", "state": "accepted"}

    def apply(self, application: OutgoingApplication) -> Mapping[str, Any]:
        """Take no application."""
        raise NotImplementedError

    def applications(self) -> Sequence[Mapping[str, Any]]:
        """Have none."""
        return []


class Child:
    """A node: its clock, its counts, and rounds that may be killed."""

    def __init__(self, parent: Parent) -> None:
        self.parent, self.now, self.days = parent, MORNING_AFTER, 1
        freeze_days(first=DAY, time_zone=ZONE, now=self.now)
        make_due(self.now)

    def do(self, step: tuple[str, Any]) -> None:
        """Do one step."""
        name, how = step
        if name == "mood":
            self.parent.mood = how
            return
        getattr(self, f"_{name}")(how)

    def _send(self, _: int) -> None:
        try:
            send_due(lambda: self.now, self.parent)
        except Killed:
            self.parent.mood = "takes"

    def _day(self, _: int) -> None:
        self.days += 1
        self.now += timedelta(days=1)
        freeze_days(first=DAY, time_zone=ZONE, now=self.now)
        make_due(self.now)
        make_changed(self.now)

    def _counts(self, days_ago: int) -> None:
        count_here(Counted("page", "found"), 1, NOON + timedelta(days=max(self.days - 1 - days_ago, 0)))

    def _compare(self, _: int) -> None:
        make_changed(self.now)

    def _wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def _hurry(self, _: int) -> None:
        services.hurry(self.now)

    def settle(self) -> None:
        """Let the node above be well, and rounds go on until nothing is outstanding."""
        self.parent.mood = "takes"
        make_changed(self.now)
        for _ in range(5):
            self.now += timedelta(hours=2)
            send_due(lambda: self.now, self.parent)


def forget() -> None:
    """Begin anew within one test."""
    for table in (SentReport, FrozenDay, ResolutionCount, CollectedLog):
        table.objects.all().delete()


@given(steps=st.lists(STEPS, max_size=14))
@effort(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_the_end_everything_has_arrived_once_and_in_order(world: World, settings: Any, steps: list[Any]) -> None:
    use_node(settings)
    forget()
    parent = Parent()
    child = Child(parent)
    for step in steps:
        child.do(step)
    child.settle()
    rows = list(SentReport.objects.all())
    assert {row.state for row in rows} == {"accepted"}
    assert selectors.outstanding() == []
    assert {(row.day.isoformat(), row.kind) for row in rows} == set(parent.kept)
    assert len(parent.kept) == child.days * len(KINDS)
    for row in rows:
        if row == selectors.latest(NODE, row.kind, row.day):
            assert parent.kept[(row.day.isoformat(), row.kind)] == (row.revision, row.sha256)
    assert len(parent.first_seen) == len(set(parent.first_seen)) == len(rows)
    for kind in KINDS:
        revisions = [(day, revision) for day, of, revision in parent.first_seen if of == kind]
        per_day: dict[str, list[int]] = {}
        for day, revision in revisions:
            per_day.setdefault(day, []).append(revision)
        assert all(found == list(range(1, len(found) + 1)) for found in per_day.values())
        first = [day for day, revision in revisions if revision == 1]
        assert first == sorted(first)
    told = sum(_total(row) for row in rows if row == selectors.latest(NODE, RESOLUTIONS, row.day))
    assert told == sum(ResolutionCount.objects.values_list("number", flat=True))


def _total(row: SentReport) -> int:
    return sum(line["number"] for line in lines_of(row) if line["by"] == "total")


@pytest.mark.parametrize("mood", MOODS)
def test_each_mood_alone_ends_well(world: World, settings: Any, mood: str) -> None:
    use_node(settings)
    parent = Parent()
    child = Child(parent)
    for step in (("mood", mood), ("send", 0), ("day", 0), ("mood", mood), ("send", 0), ("wait", 90), ("send", 0)):
        child.do(step)
    child.settle()
    assert len(parent.kept) == 2 * len(KINDS)
    assert parent.first_seen == sorted(parent.first_seen, key=lambda seen: (seen[0], KINDS.index(seen[1])))


def test_a_parent_that_lost_what_it_had_gets_it_again_when_people_wish(world: World, settings: Any) -> None:
    use_node(settings)
    parent = Parent()
    child = Child(parent)
    child.settle()
    digests = dict(parent.kept)
    parent.kept.clear()
    for row in SentReport.objects.all():
        services.send_again(row.pk, child.now)
    child.settle()
    assert parent.kept == digests
