"""People at their browsers: Chromium as Debian ships it, watched for everything that a user would not forgive."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    expect,
)

from jialiang.business.demonstration.data import PASSWORD
from tests.conftest import absent

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
COOKIES = {"zh": "zh-hans", "en": "en"}
LOCALES = {"zh": "zh-CN", "en": "en-US"}
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 60_000
FORM_REFUSED = (
    "status of 422"  # without script a refused form comes back as a page, which Chromium notes as an error
)
UNBEARABLE = {"serious", "critical"}
PRINTED_DPI = 150

expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Window:
    """A page of one person (or of a stranger) in one language; what goes wrong on it is collected."""

    page: Page
    language: str
    screens: Path
    faults: list[str] = field(default_factory=list)
    shots: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def sign_in(self, username: str) -> None:
        """Sign in by the form."""
        self.go("/sign-in/")
        self.page.locator("input[name=login]").fill(username)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.press_and_wait(self.page.locator("form[action='/sign-in/'] button").first)
        assert "/sign-in/" not in self.page.url, f"{username} was not let in"

    def go(self, address: str, *, status: int = 200) -> Response:
        """Open an address and insist on its status; Chromium notes every other than 200 as an error of the page."""
        if status != 200:
            self.expected.append(f"status of {status}")
        answer = self.page.goto(address, wait_until="load")
        assert answer is not None
        assert answer.status == status, f"{address}: {answer.status}"
        return answer

    def sees_within_a_second(self, address: str, gone: str) -> None:
        """What was changed is committed once its page has answered; from then on a second is allowed."""
        deadline = time.monotonic() + 1.0
        while gone in self.page.request.get(address).text():
            assert time.monotonic() < deadline, f"a second after the change “{gone}” is still shown"

    def press_and_wait(self, button: Locator) -> None:
        """Press what leads to another page, and wait for it."""
        with self.page.expect_navigation(wait_until="load"):
            button.click()

    def main_action(self) -> None:
        """Press the one button that the page is for."""
        self.press_and_wait(self.page.locator("[data-main-action]"))

    def see(self, name: str, *, everywhere: bool = False) -> None:
        """Photograph the page and look for barriers; ``everywhere`` also on a phone and in the dark."""
        self._photograph(name, "light", "desktop")
        self._look_for_barriers(name)
        if self.is_too_wide():
            self.faults.append(f"{name}: scrolls sideways at the desk")
        if not everywhere:
            return
        self.page.emulate_media(color_scheme="dark")
        self._photograph(name, "dark", "desktop")
        self._look_for_barriers(f"{name} in the dark")
        self.page.set_viewport_size(PHONE)
        self._photograph(name, "dark", "phone")
        self.page.emulate_media(color_scheme="light")
        self._photograph(name, "light", "phone")
        self._look_for_barriers(f"{name} on a phone")
        if self.is_too_wide():
            self.faults.append(f"{name}: scrolls sideways on a phone")
        self.page.set_viewport_size(DESK)

    def is_too_wide(self) -> bool:
        """Whether the page has to be pushed sideways to be read."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"))

    def words(self) -> str:
        """Return what a reader sees."""
        return self.page.locator("body").inner_text()

    def _photograph(self, name: str, theme: str, device: str) -> None:
        file = self.screens / f"{name}-{self.language}-{theme}-{device}.png"
        self.page.screenshot(path=file, full_page=True, caret="initial")  # hiding it writes inline styles
        self.shots.append(file.name)

    def _look_for_barriers(self, name: str) -> None:
        for found in Axe().run(self.page).response["violations"]:
            if found["impact"] in UNBEARABLE:
                at = "; ".join(str(node["target"]) for node in found["nodes"][:3])
                self.faults.append(f"{name}: axe {found['id']} ({found['impact']}) at {at}")


@contextmanager
def window(
    browser: Browser, address: str, language: str, screens: Path, faults: list[str], **options: Any
) -> Iterator[Window]:
    """Open a window with cookies of its own; ``faults`` receives what goes wrong in it."""
    context = browser.new_context(
        base_url=address,
        locale=LOCALES[language],
        viewport=DESK,
        color_scheme="light",
        reduced_motion="reduce",  # what is looked at has come to rest
        **options,
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_cookies([{"name": "jialiang_language", "value": COOKIES[language], "url": address}])
    page = context.new_page()
    expected = [FORM_REFUSED] if options.get("java_script_enabled") is False else []
    _watch(context, page, urlsplit(address).netloc, faults, expected)
    try:
        yield Window(page, language, screens, faults, expected=expected)
    finally:
        context.close()


def _watch(context: BrowserContext, page: Page, host: str, faults: list[str], expected: list[str]) -> None:
    def said(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in expected):
            faults.append(f"console on {page.url}: {message.text[:300]}")

    def asked(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob", "about"} and parts.netloc != host:
            faults.append(f"request to another host: {request.url[:200]}")

    def answered(response: Response) -> None:
        if response.status >= 500:
            faults.append(f"{response.status} from {response.url}")

    page.on("console", said)
    page.on("pageerror", lambda problem: faults.append(f"error on {page.url}: {problem}"))
    context.on("request", asked)
    context.on("response", answered)


def row_with(page: Page, text: str) -> Locator:
    """Return the table row that shows a text."""
    return page.get_by_role("row").filter(has_text=text).first


def address_of_record(page: Page) -> str:
    """Return the path of the record that the page is about."""
    found = re.search(r"/calibrations/[0-9a-f-]{36}/", page.url)
    assert found, page.url
    return found.group()


Opened = Callable[..., AbstractContextManager[Window]]


def program(name: str) -> str:
    """Return where a program is; the test that needs it is left out, or fails, where it is not."""
    path = shutil.which(name)
    if path is None:
        absent(name, "install it by make test as root")
    return str(path)


def symbols_printed(file: Path, dpi: int = PRINTED_DPI) -> list[str]:
    """Return what a phone reads off the QR symbols on the first page of a PDF as printed, top to bottom."""
    drawn = file.with_suffix("")
    command = [program("pdftoppm"), "-r", str(dpi), "-png", "-f", "1", "-l", "1", "-singlefile", file, drawn]
    subprocess.run(command, check=True)
    read = zxingcpp.read_barcodes(Image.open(f"{drawn}.png"))
    symbols = [symbol for symbol in read if symbol.format.name == "QRCode"]
    symbols.sort(key=lambda symbol: (symbol.position.top_left.y, symbol.position.top_left.x))
    return [symbol.text for symbol in symbols]
