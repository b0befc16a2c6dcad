"""The worker's appointments with the count logs: living, ended, dead and broken ones."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jialiang.assembly.collecting import collect_counts, freeze_finished_days
from jialiang.formats.handle.count_log import Counted, CountLine, count_line, first_line
from jialiang.governance.resolution_counts.selectors import gaps, sums
from jialiang.integration.resolver.counting import SUFFIX, Counts

pytestmark = pytest.mark.django_db
FOUND = Counted("handle_json", "found")
T = 1_787_000_400
SINCE = datetime.fromtimestamp(T, UTC)
UNTIL = SINCE + timedelta(hours=1)


def living(folder: Path) -> Counts:
    return Counts(folder, clock=lambda: float(T))


def dead_log(folder: Path, process: str, number: int) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{process}{SUFFIX}"
    path.write_bytes(first_line(process, T) + count_line(CountLine(1, T, T + 1, {FOUND: number})))
    os.utime(path, (T + 1, T + 1))
    return path


def counted() -> int:
    return sums(SINCE, UNTIL)[0].number


def test_a_living_process_is_collected_and_its_log_stays(tmp_path: Path) -> None:
    counts = living(tmp_path)
    for turn in range(1, 4):
        counts.count(FOUND)
        counts.write_down()
        assert collect_counts(tmp_path) == 0
        assert counted() == turn
    assert len(list(tmp_path.iterdir())) == 1
    counts.close()


def test_an_ended_log_is_collected_once_and_put_away(tmp_path: Path) -> None:
    counts = living(tmp_path)
    counts.count(FOUND)
    counts.close()
    assert collect_counts(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []
    assert collect_counts(tmp_path) == 0
    assert counted() == 1
    assert gaps(SINCE, UNTIL) == []


def test_the_log_of_a_dead_process_is_counted_and_its_gap_is_marked(tmp_path: Path) -> None:
    path = dead_log(tmp_path, "d1", 17)
    assert collect_counts(tmp_path) == 1
    assert not path.exists()
    assert counted() == 17
    assert [(gap.process, gap.after) for gap in gaps(SINCE, UNTIL)] == [("d1", SINCE + timedelta(seconds=1))]


def test_a_log_put_back_by_hand_is_not_counted_again(tmp_path: Path) -> None:
    path = dead_log(tmp_path, "d1", 17)
    kept = path.read_bytes()
    collect_counts(tmp_path)
    path.write_bytes(kept)
    assert collect_counts(tmp_path) == 1
    assert counted() == 17


def test_a_broken_log_is_named_and_does_not_hold_up_the_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = tmp_path / f"a{SUFFIX}"
    broken.write_bytes(b"nonsense\n")
    dead_log(tmp_path, "b", 5)
    with caplog.at_level(logging.ERROR):
        assert collect_counts(tmp_path) == 1
    assert counted() == 5
    assert broken.exists()
    assert "JL-CNT-001" in caplog.text


def test_without_a_folder_there_is_nothing_to_collect(tmp_path: Path) -> None:
    assert collect_counts(tmp_path / "none") == 0


def test_days_are_frozen_by_the_zone_of_the_institute(in_tenant, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        freeze_finished_days(UNTIL)
    assert caplog.text.count("frozen") == 31
    caplog.clear()
    with caplog.at_level(logging.INFO):
        freeze_finished_days(UNTIL)
    assert "frozen" not in caplog.text


def test_days_are_frozen_before_there_is_an_institute(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        freeze_finished_days(UNTIL)
    assert caplog.text.count("frozen") == 31
