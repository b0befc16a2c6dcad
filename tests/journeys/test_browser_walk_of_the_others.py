"""Those around the bench walk through all their pages, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.walking import walk_through

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("role", ("quality", "customer", "yz-admin", "identifiers"))
def test_all_pages_of_the_others_hold(role: str, chromium: Browser, installation: str, screens: Path) -> None:
    walk_through(role, chromium, installation, screens)
