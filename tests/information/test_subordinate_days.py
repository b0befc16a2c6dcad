"""Which days subordinate nodes reported, which are late, and what they add up to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.ledger import build_world
from tests.subordinates import (
    DAY,
    NODE,
    REGISTRATIONS,
    RESOLUTIONS,
    ROUTES,
    Below,
    Report,
    below,
    counts,
    deeds,
)

from jialiang.governance.subordinate_nodes.models import SubordinateNode
from jialiang.information.subordinate_days import calendar, standings, sums_of_time

TODAY = date(2026, 6, 16)


@pytest.fixture
def node(settings, tmp_path: Path, in_tenant, now) -> Below:
    """A node registered five days ago."""
    settings.JIALIANG = replace(settings.JIALIANG, data_dir=tmp_path)
    made = below(build_world(in_tenant.id, now))
    SubordinateNode.objects.update(registered_at=now - timedelta(days=5))
    return made


def row(node: Below) -> SubordinateNode:
    return SubordinateNode.objects.get(pk=node.node_id)


def both(day: date, registrations: int = 0, resolutions: int = 0) -> tuple[Report, Report]:
    """The daily reports of a day, told in the hours that the day has."""
    shift = (day - DAY).days
    lines = tuple(
        line | {"at": line["at"].replace("2026-06-15", day.isoformat())} for line in deeds(registrations)
    )
    hours = tuple(
        line | {"word": f"{day.isoformat()}T01"} if line["by"] == "hour" else line for line in counts(resolutions)
    )
    assert shift <= 0
    return REGISTRATIONS.but(day=day, lines=lines), RESOLUTIONS.but(day=day, lines=hours)


def days(*numbers: int) -> tuple[date, ...]:
    return tuple(date(2026, 6, number) for number in numbers)


# --- late -------------------------------------------------------------------------------------------------------


def test_a_day_is_late_when_a_whole_day_has_passed_since_it_ended(node) -> None:
    assert standings(TODAY)[0].late == ("registrations", "resolutions")
    node.all_in(both(date(2026, 6, 13)))
    assert standings(TODAY)[0].late == ("registrations", "resolutions")
    node.all_in(both(date(2026, 6, 14)))
    assert standings(TODAY)[0].late == ()
    assert standings(TODAY + timedelta(days=1))[0].late == ("registrations", "resolutions")


def test_one_kind_may_be_late_and_the_other_not(node) -> None:
    node.hand_in(both(date(2026, 6, 14))[0])
    (standing,) = standings(TODAY)
    assert standing.late == ("resolutions",)
    assert standing.last == {
        "registrations": date(2026, 6, 14), "resolutions": None, "templates": None, "routes": None,
    }  # fmt: skip


def test_a_node_that_was_registered_just_now_is_not_late(node, now) -> None:
    SubordinateNode.objects.update(registered_at=now)
    assert standings(TODAY)[0].late == ()
    assert standings(TODAY + timedelta(days=1))[0].late == ()
    assert standings(TODAY + timedelta(days=2))[0].late == ("registrations", "resolutions")


def test_templates_and_routes_are_never_late(node) -> None:
    node.all_in(both(date(2026, 6, 14)))
    assert standings(TODAY)[0].late == ()
    assert all(each.late == () for each in calendar(row(node), *days(14, 14), TODAY))


def test_what_waits_is_counted_with_its_node(node) -> None:
    node.hand_in(ROUTES)
    assert standings(TODAY)[0].open_proposals == 1


# --- the calendar -----------------------------------------------------------------------------------------------


def test_the_calendar_has_every_day_newest_first(node) -> None:
    found = calendar(row(node), *days(9, 16), TODAY)
    assert [each.day.day for each in found] == [16, 15, 14, 13, 12, 11, 10, 9]
    assert [each.day.day for each in found if each.late] == [14, 13, 12, 11]


def test_a_day_shows_the_report_in_force_of_each_kind(node) -> None:
    first, other = both(date(2026, 6, 14), 3, 5)
    node.all_in([first, other, first.but(lines=(), revision=2)])
    (day,) = calendar(row(node), *days(14, 14), TODAY)
    assert (day.reports["registrations"].revision, day.reports["registrations"].sums["total"]) == (2, 0)
    assert day.reports["resolutions"].sums["total"] == 5
    assert (day.reports["routes"], day.late) == (None, ())


def test_another_nodes_days_are_not_shown(node) -> None:
    other = below(node.world, "88.101.6")
    node.all_in(both(date(2026, 6, 14), 3, 5))
    (day,) = calendar(SubordinateNode.objects.get(pk=other.node_id), *days(14, 14), TODAY)
    assert set(day.reports.values()) == {None}


# --- sums -------------------------------------------------------------------------------------------------------


def test_days_add_up_by_node_and_missing_ones_are_told(node) -> None:
    node.all_in([*both(date(2026, 6, 12), 3, 100), *both(date(2026, 6, 14), 2, 50)])
    (sums,) = sums_of_time(*days(11, 16), TODAY)
    assert (sums.node.prefix, sums.registrations, sums.resolutions, sums.days) == (NODE, 5, 150, 2)
    assert sums.missing == days(11, 13)


def test_a_day_counts_as_reported_only_with_both_daily_kinds(node) -> None:
    node.hand_in(both(date(2026, 6, 14), 2, 50)[0])
    (sums,) = sums_of_time(*days(14, 14), TODAY)
    assert (sums.registrations, sums.resolutions, sums.days, sums.missing) == (2, 0, 0, days(14))


def test_the_revision_in_force_counts_and_not_those_before(node) -> None:
    first, _ = both(date(2026, 6, 14), 3)
    node.all_in([first, first.but(lines=first.lines[:1], revision=2)])
    assert sums_of_time(*days(14, 14), TODAY)[0].registrations == 1


def test_only_the_days_that_are_asked_for_count(node) -> None:
    node.all_in([*both(date(2026, 6, 12), 3, 100), *both(date(2026, 6, 14), 2, 50)])
    assert sums_of_time(*days(13, 14), TODAY)[0].resolutions == 50


def test_days_before_a_node_was_registered_are_not_missing(node) -> None:
    (sums,) = sums_of_time(date(2026, 1, 1), date(2026, 6, 11), TODAY)
    assert sums.missing == days(11)


def test_a_node_without_any_report_adds_up_to_nothing(node) -> None:
    (sums,) = sums_of_time(*days(15, 16), TODAY)
    assert (sums.registrations, sums.resolutions, sums.days, sums.missing) == (0, 0, 0, ())


def test_nodes_stand_by_prefix(node) -> None:
    below(node.world, "88.101.10")
    below(node.world, "88.101.4")
    assert [each.node.prefix for each in sums_of_time(*days(14, 14), TODAY)] == ["88.101.10", "88.101.4", NODE]
    assert [each.node.prefix for each in standings(TODAY)] == ["88.101.10", "88.101.4", NODE]
