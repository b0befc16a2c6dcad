"""Counting beside the hot path: one line a second, an orderly end, a lock while the process lives, and full disks."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from jialiang.formats.handle.count_log import Counted, CountLog, read_log
from jialiang.integration.resolver import counting
from jialiang.integration.resolver.counting import SUFFIX, Counts, carrier_of

FOUND = Counted("handle_json", "found", prefix="88.101.5")
MISSED = Counted("handle_json", "not_found")
T = 1_787_000_400  # a whole hour


class Clock:
    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock(T + 0.25)


@pytest.fixture
def counts(tmp_path: Path, clock: Clock) -> Counts:
    return Counts(tmp_path / "counts", clock=clock)


def logs(tmp_path: Path) -> list[CountLog]:
    return [read_log(path.read_bytes()) for path in sorted((tmp_path / "counts").glob(f"*{SUFFIX}"))]


def test_what_was_counted_in_a_second_is_one_line(counts: Counts, clock: Clock, tmp_path: Path) -> None:
    for counted in (FOUND, FOUND, MISSED):
        counts.count(counted)
    clock.now += 1
    counts.write_down()
    counts.count(FOUND)
    clock.now += 1
    counts.write_down()
    (log,) = logs(tmp_path)
    assert [(line.sequence, line.begun, line.ended, dict(line.counts)) for line in log.lines] == [
        (1, T, T + 1, {FOUND: 2, MISSED: 1}),
        (2, T + 1, T + 2, {FOUND: 1}),
    ]
    assert log.closed is None


def test_a_silent_second_writes_no_line_but_gives_a_sign(
    counts: Counts, clock: Clock, tmp_path: Path
) -> None:
    counts.write_down()
    (path,) = (tmp_path / "counts").iterdir()
    os.utime(path, (1, 1))
    before = path.read_bytes()
    clock.now += 1
    counts.write_down()
    assert path.read_bytes() == before
    assert path.stat().st_mtime > 1


def test_an_orderly_end_leaves_nothing_uncounted(counts: Counts, clock: Clock, tmp_path: Path) -> None:
    counts.count(FOUND)
    counts.close()
    (log,) = logs(tmp_path)
    assert sum(line.counts[FOUND] for line in log.lines) == 1
    assert log.closed == T


def test_an_hour_has_its_own_file_and_loses_nothing(counts: Counts, clock: Clock, tmp_path: Path) -> None:
    for second in range(3598, 3603):
        clock.now = T + second
        counts.count(FOUND)
        counts.write_down()
    counts.close()
    found = logs(tmp_path)
    assert len(found) == 2
    assert all(log.closed is not None for log in found)
    assert sum(line.counts[FOUND] for log in found for line in log.lines) == 5
    assert len({log.process for log in found}) == 2


def test_the_log_is_held_while_its_process_lives(counts: Counts, tmp_path: Path) -> None:
    counts.count(FOUND)
    counts.write_down()
    (path,) = (tmp_path / "counts").iterdir()
    with path.open("rb") as file:
        with pytest.raises(BlockingIOError):
            fcntl.flock(file.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
        counts.close()
        fcntl.flock(file.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)


def test_what_a_full_disk_refuses_is_written_the_next_time(
    counts: Counts, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts.write_down()
    counts.count(FOUND)
    write = os.write

    def full(descriptor: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(counting.os, "write", full)
    clock.now += 1
    with pytest.raises(OSError, match="no space"):
        counts.write_down()
    monkeypatch.setattr(counting.os, "write", write)
    counts.count(FOUND)
    clock.now += 1
    counts.write_down()
    (log,) = logs(tmp_path)
    assert [(line.sequence, line.begun, dict(line.counts)) for line in log.lines] == [(1, T, {FOUND: 2})]


def test_half_a_line_is_taken_back(
    counts: Counts, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts.write_down()
    counts.count(MISSED)
    write = os.write
    monkeypatch.setattr(counting.os, "write", lambda descriptor, data: write(descriptor, data[:7]))
    with pytest.raises(OSError, match="cut off"):
        counts.write_down()
    monkeypatch.setattr(counting.os, "write", write)
    counts.close()
    (log,) = logs(tmp_path)
    assert [dict(line.counts) for line in log.lines] == [{MISSED: 1}]


def test_a_killed_process_lacks_only_what_came_after_its_last_line(tmp_path: Path) -> None:
    program = textwrap.dedent(
        """
        import sys, time
        from pathlib import Path
        from jialiang.formats.handle.count_log import Counted
        from jialiang.integration.resolver.counting import Counts

        counts = Counts(Path(sys.argv[1]))
        for _ in range(1000):
            counts.count(Counted("handle_json", "found"))
        counts.write_down()
        counts.count(Counted("handle_json", "found"))
        print("written", flush=True)
        time.sleep(60)
        """
    )
    folder = tmp_path / "counts"
    running = subprocess.Popen([sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE)
    assert running.stdout is not None
    assert running.stdout.readline() == b"written\n"
    running.send_signal(signal.SIGKILL)
    running.wait()
    running.stdout.close()
    (log,) = logs(tmp_path)
    assert sum(sum(line.counts.values()) for line in log.lines) == 1000
    assert log.closed is None
    (path,) = folder.iterdir()
    with path.open("rb") as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)  # the dead let go


@pytest.mark.parametrize(
    ("query", "carrier"),
    [
        ("", "none"),
        ("index=1", "none"),
        ("via=qr", "qr"),
        ("index=1&via=nfc", "nfc"),
        ("via=dove", "none"),
        ("xvia=qr", "none"),
        ("via=", "none"),
    ],
)
def test_the_carrier_is_what_the_address_of_its_symbol_names(query: str, carrier: str) -> None:
    assert carrier_of(query) == carrier
