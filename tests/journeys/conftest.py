"""The demonstration, run once as a newcomer runs it: a process of its own, fresh data, files left in a folder."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import ROOT, absent
from tests.journeys.browsing import ARGUMENTS, CHROMIUM, Opened, Window, window
from tests.serving import free_port, served_environment, serving

SECONDS = 240


@dataclass(frozen=True)
class Demonstration:
    """What a run of ``jialiang demo --once`` left."""

    folder: Path
    report: dict[str, Any]
    printed: str

    def read(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()


def jialiang(*words: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command as users do, without this test run's settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JIALIANG_", "DJANGO_", "PYTEST_"))}
    return subprocess.run(
        [sys.executable, "-m", "jialiang.assembly.cli", *words],
        cwd=ROOT,
        env=kept | (environment or {}),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """The demonstration's folder; the run is made once for all journeys."""
    folder = tmp_path_factory.mktemp("demo")
    ran = jialiang("demo", "--once", "--out", str(folder), "--lang", "en")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return Demonstration(folder, json.loads((folder / "report.json").read_text(encoding="utf-8")), ran.stdout)


@pytest.fixture(scope="session")
def installation(demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demonstration's institutes, served by the real processes on a copy of their data."""
    data = tmp_path_factory.mktemp("served") / "data"
    shutil.copytree(demonstration.folder / "data", data)
    with serving(served_environment(data, free_port(), {})) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    if not CHROMIUM.is_file():
        absent("Chromium", f"no {CHROMIUM}; install it by make test as root")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def screens() -> Path:
    """Where pictures of the pages are left to be looked at."""
    folder = ROOT / "build" / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def opened(chromium: Browser, installation: str, screens: Path) -> Iterator[Opened]:
    """Open windows, signed in where a person is named; after the test nothing may have gone wrong in any of them."""
    faults: list[str] = []

    def open_window(language: str, username: str = "", **options: object) -> AbstractContextManager[Window]:
        return _signed_in(window(chromium, installation, language, screens, faults, **options), username)

    yield open_window
    assert not faults, "\n".join(faults)


@contextmanager
def _signed_in(opening: AbstractContextManager[Window], username: str) -> Iterator[Window]:
    with opening as shown:
        if username:
            shown.sign_in(username)
        yield shown
