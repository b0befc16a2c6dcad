"""What is told of an accepted report beside its numbers: each finding where it belongs, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.functions.report_findings import WORDS, Told, findings_of
from jialiang.governance.subordinate_nodes.services import Arrival
from jialiang.vocabulary.statuses import ReportSignature

DAY = date(2026, 6, 15)
NEXT_MORNING = datetime(2026, 6, 15, 16, 10, tzinfo=UTC)
ARRIVAL = Arrival(
    kind="resolutions",
    day=DAY,
    time_zone="Asia/Shanghai",
    revision=1,
    made_at=NEXT_MORNING,
    sha256="a" * 64,
    size=100,
    lines=3,
    signature=ReportSignature.VALID,
    sums={"total": 7},
)
PLAIN = Told(ARRIVAL, has_root=True, before=None, site_differs=False)


def kinds(told: Told, now: datetime = NEXT_MORNING) -> list[str]:
    return [each["kind"] for each in findings_of(told, now)]


def with_arrival(**members: Any) -> Told:
    return replace(PLAIN, arrival=replace(ARRIVAL, **members))


def test_a_signed_report_on_the_next_morning_has_no_finding() -> None:
    assert findings_of(PLAIN, NEXT_MORNING) == ()


@pytest.mark.parametrize(
    ("signature", "has_root", "found"),
    [
        (ReportSignature.VALID, True, []),
        (ReportSignature.NONE, True, ["unsigned"]),
        (ReportSignature.NONE, False, []),
        (ReportSignature.UNPROVEN, False, ["unproven"]),
    ],
)
def test_who_vouches_is_told_where_it_is_in_doubt(signature: str, has_root: bool, found: list[str]) -> None:  # noqa: FBT001
    assert kinds(replace(with_arrival(signature=signature), has_root=has_root)) == found


@pytest.mark.parametrize(
    ("hours", "is_late"), [(0, False), (23, False), (24, False), (47, False), (48, True), (24 * 30, True)]
)
def test_a_report_is_late_from_the_third_day_on(hours: int, is_late: bool) -> None:  # noqa: FBT001
    """The day ends at 16:00 UTC; two midnights of its own zone later the report is late."""
    assert ("late" in kinds(PLAIN, NEXT_MORNING + timedelta(hours=hours))) is is_late


def test_lateness_is_told_in_days_of_the_nodes_own_zone() -> None:
    finding = findings_of(PLAIN, NEXT_MORNING + timedelta(days=9))[0]
    assert finding["kind"] == "late"
    assert ("9 days" in finding["en"], "9 天" in finding["zh"]) == (True, True)
    western = with_arrival(time_zone="America/Bogota")
    assert kinds(western, NEXT_MORNING + timedelta(hours=52)) == []
    assert kinds(PLAIN, NEXT_MORNING + timedelta(hours=52)) == ["late"]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [(None, 7, []), (7, 7, []), (6, 7, ["revised"]), (0, 7, ["revised"]), (7, 0, ["revised"]), (0, 0, [])],
)
def test_a_total_that_changed_is_told(before: int | None, after: int, found: list[str]) -> None:
    told = replace(with_arrival(sums={"total": after}), before=before)
    assert kinds(told) == found


@pytest.mark.parametrize(
    ("gap", "number"), [({}, 0), ({"2026-06-15T01:00:00Z": 1}, 1), ({"a": 2, "b": 3}, 5), ({"a": 0}, 0)]
)
def test_gaps_are_counted(gap: dict[str, int], number: int) -> None:
    found = findings_of(with_arrival(sums={"total": 7, "gap": gap}), NEXT_MORNING)
    assert len(found) == (1 if number else 0)
    if number:
        assert (f"{number} gaps" in found[0]["en"], f"{number} 处" in found[0]["zh"]) == (True, True)


def test_another_server_is_told() -> None:
    assert kinds(replace(PLAIN, site_differs=True)) == ["site"]


def test_several_findings_stand_in_one_order() -> None:
    told = Told(
        replace(ARRIVAL, signature=ReportSignature.NONE, sums={"total": 7, "gap": {"a": 1}}),
        has_root=True,
        before=6,
        site_differs=True,
    )
    assert kinds(told, NEXT_MORNING + timedelta(days=5)) == ["unsigned", "gaps", "late", "revised", "site"]


@given(
    st.sampled_from(list(ReportSignature)),
    st.booleans(),
    st.none() | st.integers(0, 10),
    st.integers(0, 10),
    st.booleans(),
    st.integers(0, 400),
)
def test_every_finding_is_known_told_once_and_said_in_both_languages(
    signature: str, has_root: bool, before: int | None, total: int, site_differs: bool, days: int  # noqa: FBT001
) -> None:
    told = Told(replace(ARRIVAL, signature=signature, sums={"total": total}), has_root, before, site_differs)
    found = findings_of(told, NEXT_MORNING + timedelta(days=days))
    assert len({each["kind"] for each in found}) == len(found)
    for each in found:
        assert set(each) == {"kind", "zh", "en"}
        assert each["kind"] in WORDS
        assert "{" not in each["zh"] + each["en"]


def test_findings_are_plain_json() -> None:
    found = findings_of(PLAIN, NEXT_MORNING + timedelta(days=9))
    assert all(isinstance(part, str) for each in found for part in each.values())
