"""Those who calibrate, review and sign walk through all their pages, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.walking import walk_through

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("role", ("reception", "technician", "reviewer", "signatory", "keeper"))
def test_all_pages_of_the_bench_hold(role: str, chromium: Browser, installation: str, screens: Path) -> None:
    walk_through(role, chromium, installation, screens)
