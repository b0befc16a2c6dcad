"""What the console's tests share: compiled translations, people who sign in, a browser."""

import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from types import ModuleType

import pytest
from django.core.cache import cache
from django.test import Client

from jialiang.kernel.text import Text
from jialiang.security.accounts.models import Person
from jialiang.security.accounts.services import create_person, grant_role
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import scope
from tests.console.browsing import ROOT, Visit
from tests.console.people import PASSWORD

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs beside the ORM


def tool(name: str) -> ModuleType:
    """Import one of tools/*.py, which are no package."""
    spec = importlib.util.spec_from_file_location(f"jialiang_tools_{name}", ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


tool("messages").compile_catalogue()


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    """Forget how often others tried to sign in."""
    cache.clear()


@pytest.fixture
def add_person(tenant: Tenant, now: datetime) -> Callable[..., Person]:
    """Add somebody with roles: ``add_person("li", "technician")``."""

    def add(username: str, *roles: str, zh: str = "李小量", en: str = "Li Xiaoliang") -> Person:
        with scope(tenant.id):
            person = create_person(
                tenant_id=tenant.id, username=username, password=PASSWORD, name=Text(zh=zh, en=en), now=now
            )
            for role in roles:
                grant_role(
                    person_id=person.id, role=role, valid_from=date(2020, 1, 1), granted_by_id=None, now=now
                )
        return person

    return add


@pytest.fixture
def signed_in(client: Client, add_person: Callable[..., Person]) -> Callable[..., Client]:
    """Sign in somebody with roles in a language: ``signed_in("technician", language="en")``."""

    def sign_in(*roles: str, language: str = "zh-hans") -> Client:
        client.force_login(add_person("li.xiaoliang", *roles))
        client.cookies["jialiang_language"] = language
        return client

    return sign_in


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """A headless Chromium of Debian's, without its background connections."""
    playwright = pytest.importorskip("playwright.sync_api")
    program = Path("/usr/bin/chromium")
    if not program.exists():
        pytest.skip("chromium is absent")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=str(program),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: object, live_server: object) -> Iterator[Callable[..., Visit]]:
    """Start visits: ``visit("en", "dark", "phone")``."""
    visits: list[Visit] = []

    def start(language: str = "zh-hans", theme: str = "light", size: str = "desktop") -> Visit:
        visits.append(Visit(chromium, live_server.url, language, theme, size))
        return visits[-1]

    yield start
    for each in visits:
        each.context.close()
