"""What the worker does with reports: in order, once, however often it is killed and however long nobody answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from tests.functions.node_world import (
    DAY,
    MORNING_AFTER,
    NODE,
    NOON,
    ZONE,
    a_days_counts,
    a_days_deeds,
    freeze,
    give_prefixes,
    register,
    use_node,
)
from tests.ledger import World
from tests.upper_node import TOKEN, Asked, Said, UpperNodeHere, upper_node

from jialiang.formats.handle.count_log import Counted
from jialiang.formats.node_report.header import KINDS
from jialiang.formats.node_report.reading import read
from jialiang.functions import node_report_making as making
from jialiang.functions import node_report_rounds as rounds
from jialiang.functions.node_report_rounds import make_changed, make_due, send_due
from jialiang.governance.node_reports import selectors
from jialiang.governance.node_reports.errors import UpperNodeForbids, UpperNodeRefuses, UpperNodeSilent
from jialiang.governance.node_reports.models import SentReport
from jialiang.governance.node_reports.port import OutgoingApplication, OutgoingReport
from jialiang.governance.node_reports.services import LEASE, SHORTEST_WAIT
from jialiang.governance.resolution_counts.services import count_here
from jialiang.kernel.errors import JialiangError

ONE_DAY = timedelta(days=1)


@dataclass
class Above:
    """A node above by the port: what it took, in order, and what it says instead."""

    took: list[OutgoingReport] = field(default_factory=list)
    instead: Callable[[OutgoingReport], None] = lambda report: None
    address: str = "https://above.example.cn"

    def reach(self) -> None:
        """Answer."""

    def send(self, report: OutgoingReport) -> Mapping[str, Any]:
        """Take it, or raise what is to be said instead."""
        self.instead(report)
        self.took.append(report)
        return {"id": f"r-{len(self.took)}", "digest": f"sha-256:{report.sha256}", "state": "accepted"}

    def apply(self, application: OutgoingApplication) -> Mapping[str, Any]:
        """Take no application."""
        raise NotImplementedError

    def applications(self) -> Sequence[Mapping[str, Any]]:
        """Have none."""
        return []

    @property
    def told(self) -> list[tuple[int, str, int]]:
        """Day of the month, kind and revision of what was taken."""
        return [(each.header.day.day, each.header.kind, each.header.revision) for each in self.took]


def says(error: type[JialiangError], when: Callable[[OutgoingReport], bool] = lambda report: True) -> Any:
    """Return what makes a node above say an error."""

    def instead(report: OutgoingReport) -> None:
        if when(report):
            raise error(address="https://above", reason="out of order", status=422, said="no")

    return instead


class Clock:
    """A clock that stands, or goes on a little with every look."""

    def __init__(self, moment: datetime = MORNING_AFTER, step: timedelta = timedelta(0)) -> None:
        self.moment, self.step = moment, step

    def __call__(self) -> datetime:
        self.moment += self.step
        return self.moment


@pytest.fixture
def above() -> Above:
    return Above()


@pytest.fixture
def node(world: World, settings) -> World:
    use_node(settings)
    give_prefixes(world)
    a_days_deeds(world)
    a_days_counts()
    return world


@pytest.fixture
def made(node: World) -> list[SentReport]:
    """The reports of the first day."""
    freeze()
    return make_due(MORNING_AFTER)


# --- making -------------------------------------------------------------------------------------------------------


def test_nothing_is_made_before_a_day_is_frozen(node: World) -> None:
    assert make_due(MORNING_AFTER) == []


def test_the_last_frozen_day_is_the_first_that_is_reported(node: World) -> None:
    freeze(DAY - 5 * ONE_DAY)
    rows = make_due(MORNING_AFTER)
    assert [(row.day, row.kind) for row in rows] == [(DAY, kind) for kind in KINDS]
    assert make_due(MORNING_AFTER) == []


@pytest.mark.parametrize(("hour", "due"), [(0, True), (1, True), (2, True), (3, False), (23, False)])
def test_nothing_is_made_before_the_hour_that_is_set(node: World, settings, hour: int, due: bool) -> None:
    use_node(settings, node_report_hour=hour)
    freeze()
    assert bool(make_due(MORNING_AFTER)) is due  # two o'clock there
    assert make_due(MORNING_AFTER + ONE_DAY) != [] or due


def test_days_on_which_the_worker_stood_still_are_made_up_for(made: list[SentReport]) -> None:
    later = MORNING_AFTER + 3 * ONE_DAY
    freeze(DAY + ONE_DAY, now=later)
    rows = make_due(later)
    assert [row.day for row in rows] == [DAY + at * ONE_DAY for at in (1, 2, 3) for _ in KINDS]


def test_days_longer_ago_than_a_month_are_left(made: list[SentReport]) -> None:
    later = MORNING_AFTER + 60 * ONE_DAY
    freeze(DAY + ONE_DAY, now=later)
    assert min(row.day for row in make_due(later)) == later.date() - 31 * ONE_DAY


def test_only_kinds_that_are_set_are_made(node: World, settings) -> None:
    use_node(settings, node_report_kinds=("routes", "resolutions"))
    freeze()
    assert [row.kind for row in make_due(MORNING_AFTER)] == ["resolutions", "routes"]
    use_node(settings, node_report_kinds=())
    assert make_due(MORNING_AFTER) == []


def test_a_kind_that_is_set_later_is_made_up_for(node: World, settings) -> None:
    use_node(settings, node_report_kinds=("routes",))
    freeze()
    make_due(MORNING_AFTER)
    use_node(settings, node_report_kinds=KINDS)
    assert [row.kind for row in make_due(MORNING_AFTER)] == ["registrations", "resolutions", "templates"]


def test_counts_that_came_late_are_made_again_once(made: list[SentReport]) -> None:
    assert make_changed(MORNING_AFTER) == []
    count_here(Counted("page", "found"), 3, NOON)
    (row,) = make_changed(MORNING_AFTER)
    assert (row.kind, row.revision) == ("resolutions", 2)
    assert make_changed(MORNING_AFTER) == []


def test_deeds_that_came_late_are_made_again(node: World, made: list[SentReport]) -> None:
    register(node, "88.101.5/late", NOON)
    assert [row.kind for row in make_changed(MORNING_AFTER)] == ["registrations", "resolutions"]


def test_what_tells_how_things_stand_is_not_made_again_by_itself(made: list[SentReport], settings) -> None:
    use_node(settings, node_addresses=("192.0.2.7",))
    assert make_changed(MORNING_AFTER) == []


def test_after_a_week_counts_are_not_compared_any_more(made: list[SentReport]) -> None:
    count_here(Counted("page", "found"), 3, NOON)
    assert make_changed(MORNING_AFTER + 9 * ONE_DAY) == []


def test_two_workers_that_make_at_once_leave_one_row(made: list[SentReport], monkeypatch: pytest.MonkeyPatch) -> None:
    truth = selectors.latest
    looks = iter([None])
    monkeypatch.setattr(making.selectors, "latest", lambda *args: next(looks, truth(*args)))
    row, is_new = making.make_report("routes", DAY, ZONE, MORNING_AFTER)
    assert not is_new
    assert row.pk == truth(NODE, "routes", DAY).pk  # type: ignore[union-attr]


# --- sending ------------------------------------------------------------------------------------------------------


def test_reports_go_in_the_order_of_their_days_and_kinds(made: list[SentReport], above: Above) -> None:
    later = MORNING_AFTER + 2 * ONE_DAY
    freeze(DAY + ONE_DAY, now=later)
    make_due(later)
    accepted = send_due(Clock(later), above)
    assert above.told == [(day, kind, 1) for day in (16, 17, 18) for kind in KINDS]
    assert [row.state for row in accepted] == ["accepted"] * 12
    assert selectors.count_outstanding() == 0


def test_what_goes_is_the_file_that_is_kept(made: list[SentReport], above: Above) -> None:
    send_due(Clock(), above)
    for report, row in zip(above.took, made, strict=True):
        assert sha256(report.data).hexdigest() == report.sha256 == row.sha256
        header, lines = read(BytesIO(report.data))
        assert header == report.header == row.header
        assert len(list(lines)) == row.lines


def test_what_was_accepted_goes_no_second_time(made: list[SentReport], above: Above) -> None:
    send_due(Clock(), above)
    assert send_due(Clock(MORNING_AFTER + ONE_DAY), above) == []
    assert len(above.took) == len(KINDS)
    assert SentReport.objects.get(kind="routes").receipt["id"] == "r-4"


def test_silence_ends_the_round_and_everything_goes_later_in_order(made: list[SentReport], above: Above) -> None:
    above.instead = says(UpperNodeSilent)
    clock = Clock()
    for _ in range(6):
        assert send_due(clock, above) == []
        clock.moment += ONE_DAY
    first, *others = selectors.outstanding()
    assert (first.attempts, first.state) == (6, "made")
    assert "out of order" in first.problem_en
    assert {row.attempts for row in others} == {0}
    above.instead = lambda report: None
    assert len(send_due(clock, above)) == len(KINDS)
    assert [kind for _, kind, _ in above.told] == list(KINDS)
    assert not SentReport.objects.exclude(problem_en="").exists()


def test_who_is_turned_away_waits_too_until_the_token_is_mended(made: list[SentReport], above: Above) -> None:
    above.instead = says(UpperNodeForbids)
    assert send_due(Clock(), above) == []
    assert selectors.count_outstanding() == len(KINDS)
    assert "JL-UPN-007" in selectors.outstanding()[0].problem_en
    above.instead = lambda report: None
    assert send_due(Clock(MORNING_AFTER + SHORTEST_WAIT), above) != []


def test_what_is_refused_for_good_stands_aside_and_the_rest_goes(made: list[SentReport], above: Above) -> None:
    above.instead = says(UpperNodeRefuses, lambda report: report.header.kind == "resolutions")
    accepted = send_due(Clock(), above)
    assert [row.kind for row in accepted] == ["registrations", "templates", "routes"]
    refused = SentReport.objects.get(state="refused")
    assert refused.kind == "resolutions"
    assert "422" in refused.problem_zh
    assert send_due(Clock(MORNING_AFTER + ONE_DAY), above) == []


def test_a_wait_is_kept_and_holds_up_what_comes_after(made: list[SentReport], above: Above) -> None:
    above.instead = says(UpperNodeSilent)
    send_due(Clock(), above)
    above.instead = lambda report: None
    assert send_due(Clock(MORNING_AFTER + SHORTEST_WAIT - timedelta(seconds=1)), above) == []
    assert above.took == []
    assert len(send_due(Clock(MORNING_AFTER + SHORTEST_WAIT), above)) == len(KINDS)


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("taken", [False, True], ids=["before it arrived", "after it was taken"])
def test_a_sender_killed_in_the_middle_loses_and_doubles_nothing(
    made: list[SentReport], above: Above, taken: bool
) -> None:
    def die(report: OutgoingReport) -> None:
        if len(above.took) >= 1 and report.header.kind == "resolutions":
            if taken:
                above.took.append(report)
            raise Killed

    above.instead = die
    with pytest.raises(Killed):
        send_due(Clock(), above)
    above.instead = lambda report: None
    assert send_due(Clock(), above) == []  # its lease still runs
    send_due(Clock(MORNING_AFTER + LEASE), above)
    assert set(above.told) == {(16, kind, 1) for kind in KINDS}
    digests = {report.header.kind: report.sha256 for report in above.took}
    assert {row.kind: row.sha256 for row in made} == digests
    assert {row.state for row in SentReport.objects.all()} == {"accepted"}


def test_two_workers_do_not_send_the_same_report(made: list[SentReport], above: Above) -> None:
    second = Above()
    above.instead = lambda report: send_due(Clock(), second) and None
    send_due(Clock(), above)
    assert len(above.took) == len(KINDS)
    assert second.took == []


def test_a_round_ends_after_twenty_seconds_and_the_next_goes_on(made: list[SentReport], above: Above) -> None:
    clock = Clock(step=timedelta(seconds=4))
    first = send_due(clock, above)
    assert 0 < len(first) < len(KINDS)
    while send_due(clock, above):
        pass
    assert [kind for _, kind, _ in above.told] == list(KINDS)


def test_a_round_has_a_greatest_number(made: list[SentReport], above: Above, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "MOST_AT_ONCE", 3)
    assert len(send_due(Clock(), above)) == 3
    assert len(send_due(Clock(), above)) == 1


def test_a_file_that_is_damaged_is_told_and_does_not_hold_up_the_rest(
    made: list[SentReport], above: Above, monkeypatch: pytest.MonkeyPatch
) -> None:
    SentReport.objects.filter(kind="registrations").update(sha256="0" * 64)
    accepted = send_due(Clock(), above)
    assert len(accepted) == len(KINDS) - 1
    assert "JL-OBJ-001" in SentReport.objects.get(state="refused").problem_en


def test_a_later_revision_goes_after_the_earlier_one(made: list[SentReport], above: Above) -> None:
    count_here(Counted("page", "found"), 3, NOON)
    make_changed(MORNING_AFTER)
    send_due(Clock(), above)
    assert [told for told in above.told if told[1] == "resolutions"] == [
        (16, "resolutions", 1), (16, "resolutions", 2),
    ]  # fmt: skip


def test_without_a_node_above_reports_are_kept_and_nothing_goes(made: list[SentReport]) -> None:
    assert send_due(Clock()) == []
    assert {row.attempts for row in SentReport.objects.all()} == {0}


# --- over HTTP ----------------------------------------------------------------------------------------------------


@pytest.fixture
def here(settings) -> Iterator[UpperNodeHere]:
    with upper_node() as served:
        yield served


def test_the_node_that_is_set_is_sent_to_and_its_receipts_are_kept(
    made: list[SentReport], here: UpperNodeHere, settings
) -> None:
    use_node(settings, upper_node=here.address, upper_node_token=TOKEN)
    assert len(send_due(Clock())) == len(KINDS)
    assert set(here.kept) == {row.sha256 for row in made}
    for row in SentReport.objects.all():
        assert row.receipt["digest"] == f"sha-256:{row.sha256}"


def test_with_the_wrong_token_nothing_is_lost(made: list[SentReport], here: UpperNodeHere, settings) -> None:
    use_node(settings, upper_node=here.address, upper_node_token="jl_wrong")
    assert send_due(Clock()) == []
    assert len(here.asked) == 1
    use_node(settings, upper_node=here.address, upper_node_token=TOKEN)
    assert len(send_due(Clock(MORNING_AFTER + SHORTEST_WAIT))) == len(KINDS)


def test_an_answer_that_was_lost_on_the_way_is_asked_for_again(
    made: list[SentReport], here: UpperNodeHere, settings
) -> None:
    use_node(settings, upper_node=here.address, upper_node_token=TOKEN)

    def lost(asked: Asked) -> Said | None:
        if asked.method == "POST" and len(here.kept) == 0:
            here.kept[sha256(asked.body).hexdigest()] = asked.body
            return Said(502, b"the proxy lost it")
        return None

    here.instead = lost
    assert send_due(Clock()) == []
    assert len(send_due(Clock(MORNING_AFTER + SHORTEST_WAIT))) == len(KINDS)
    assert len(here.kept) == len(KINDS)
