"""Programs that end are started again, and none is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.assembly.processes import alive, wait_for

from jialiang.assembly.supervision import Kept, Program, Supervisor

SLEEPER = """
import os, signal, subprocess, sys, time
folder = sys.argv[1]
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open(f"{folder}/{os.getpid()}", "w").write(str(child.pid))
if len(sys.argv) > 2:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
time.sleep(60)
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "sleeper.py").write_text(SLEEPER)
    (tmp_path / "modules" / "hasty.py").write_text("raise SystemExit(3)")
    (tmp_path / "pids").mkdir()
    return os.environ | {"PYTHONPATH": str(tmp_path / "modules")}


def children(tmp_path: Path) -> dict[int, int]:
    """Process and grandchild of every start that has come far enough to write it down."""
    written = {int(file.name): file.read_text() for file in (tmp_path / "pids").iterdir()}
    return {pid: int(child) for pid, child in written.items() if child}


def test_a_killed_program_comes_back_and_its_children_do_not_stay(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    supervisor = Supervisor([Program("sleeper", "sleeper", (str(tmp_path / "pids"),))], environment)
    killed: list[int] = []

    def kill_the_first() -> None:
        if not killed and children(tmp_path):
            killed.extend(children(tmp_path))
            os.kill(killed[0], signal.SIGKILL)

    deadline = time.monotonic() + 10
    supervisor.run(lambda: len(children(tmp_path)) == 2 or time.monotonic() > deadline, kill_the_first)
    started = children(tmp_path)
    assert len(started) == 2
    assert supervisor.kept[0].starts == 2
    assert wait_for(lambda: not any(alive(pid) for pair in started.items() for pid in pair))


def test_a_program_that_ignores_the_signal_is_killed_with_its_children(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    kept = Kept(Program("stubborn", "sleeper", (str(tmp_path / "pids"), "stubborn")), environment)
    kept.look(time.monotonic())
    assert wait_for(lambda: bool(children(tmp_path)))
    time.sleep(0.1)
    kept.ask_to_stop()
    kept.end(0.3)
    assert kept.pid == 0
    assert wait_for(lambda: not any(alive(pid) for pair in children(tmp_path).items() for pid in pair))


def test_a_program_that_ends_at_once_is_started_again_ever_more_slowly(environment: dict[str, str]) -> None:
    kept = Kept(Program("hasty", "hasty"), environment)
    pauses = []
    now = 0.0
    for _ in range(8):
        kept.look(now)
        kept._process.wait()
        kept.look(now)
        pauses.append(kept._due - now)
        kept.look(now + pauses[-1] - 0.01)
        assert kept.pid == 0, "started before its time"
        now += pauses[-1]
    assert pauses == pytest.approx([0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0, 10.0])


def test_a_program_that_ran_steadily_starts_again_at_once(environment: dict[str, str]) -> None:
    kept = Kept(Program("hasty", "hasty"), environment)
    kept.look(0.0)
    kept._process.wait()
    kept.look(31.0)
    assert kept._due == 31.2


def test_an_error_while_running_ends_everything(tmp_path: Path, environment: dict[str, str]) -> None:
    supervisor = Supervisor([Program("sleeper", "sleeper", (str(tmp_path / "pids"),))], environment)

    def fail_once_started() -> None:
        if children(tmp_path):
            raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        supervisor.run(lambda: False, fail_once_started)
    assert wait_for(lambda: not any(alive(pid) for pair in children(tmp_path).items() for pid in pair))


def test_a_guarded_program_ends_when_its_parent_is_killed(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    parent_code = (
        "import subprocess, sys, time;"
        f"subprocess.Popen([sys.executable, '-m', 'jialiang.assembly.guarded', 'sleeper', {str(tmp_path / 'pids')!r}]);"
        "time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", parent_code], env=environment)
    assert wait_for(lambda: bool(children(tmp_path)))
    (guarded,) = children(tmp_path)
    parent.kill()
    parent.wait()
    assert wait_for(lambda: not alive(guarded), 3.0)
    os.kill(children(tmp_path)[guarded], signal.SIGKILL)


def test_a_program_sees_its_own_arguments(tmp_path: Path) -> None:
    (tmp_path / "shows.py").write_text("import sys; print(__name__, sys.argv[1:])")
    command = Program("shows", "shows", ("a", "b")).command
    shown = subprocess.run(
        command, env=os.environ | {"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert shown.stdout == "__main__ ['a', 'b']\n"
