"""The frame in a real browser: both languages, themes and sizes; nothing that axe finds, nothing from outside."""

from itertools import product

import pytest

from jialiang.console import home
from tests.console.browsing import SIZES
from tests.console.people import PASSWORD
from tests.console.test_home import QUEUE

LOOKS = list(product(("zh-hans", "en"), ("light", "dark"), SIZES))
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("language", "theme", "size"), LOOKS)
def test_the_frame_holds_for_every_language_theme_and_size(visit, add_person, language, theme, size) -> None:
    add_person("li.xiaoliang", "technician", "reviewer")
    seen = visit(language, theme, size)
    page = seen.page
    for name, address in (("sign-in", "/sign-in/"), ("components", "/_components")):
        page.goto(seen.server + address)
        seen.shoot(name)
        assert seen.findings() == []
        assert not seen.is_wider_than_the_screen(), name
        if name == "sign-in":
            page.fill("#id_login", "li.xiaoliang")
            page.fill("#id_password", PASSWORD)
            page.click("form[action='/sign-in/'] button.btn-primary")
            page.wait_for_url(seen.server + "/")
            seen.shoot("home")
            assert seen.findings() == []
    assert seen.wrong == []


ACCOUNT_PAGES = {
    "security": "/account/security/",
    "password": "/account/password/",
    "totp": "/account/security/totp/activate/",
    "search": "/search?q=T2104",
    "not-found": "/instruments/unknown",
    "sign-out": "/sign-out/",
}


@pytest.mark.parametrize(("language", "size"), [("zh-hans", "desktop"), ("en", "phone")])
def test_the_pages_of_an_account_hold(visit, add_person, language: str, size: str) -> None:
    add_person("li.xiaoliang", "technician")
    seen = visit(language, "light", size)
    page = seen.page
    page.goto(seen.server + "/sign-in/")
    page.fill("#id_login", "li.xiaoliang")
    page.fill("#id_password", "wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    seen.shoot("sign-in-refused")
    page.fill("#id_login", "li.xiaoliang")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(seen.server + "/")
    page.goto(seen.server + "/account/security/totp/activate/")
    seen.shoot("confirm")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/totp/activate/")
    for name, address in ACCOUNT_PAGES.items():
        page.goto(seen.server + address)
        seen.shoot(name)
        assert seen.findings() == [], name
        assert not seen.is_wider_than_the_screen(), name
    assert [line for line in seen.wrong if "404" not in line] == []


@pytest.mark.parametrize(
    ("language", "theme", "size"), [("zh-hans", "light", "desktop"), ("en", "dark", "phone")]
)
def test_the_queue_holds(visit, add_person, monkeypatch, language: str, theme: str, size: str) -> None:
    add_person("li.xiaoliang", "technician")
    monkeypatch.setattr(home, "queue_for", lambda _actor, _now: QUEUE)
    seen = visit(language, theme, size)
    page = seen.page
    page.goto(seen.server + "/sign-in/")
    page.fill("#id_login", "li.xiaoliang")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(seen.server + "/")
    seen.shoot("queue")
    assert seen.findings() == []
    assert not seen.is_wider_than_the_screen()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.className") == "jl-name"


def test_the_keyboard_reaches_search_menu_and_content(visit, add_person) -> None:
    add_person("li.xiaoliang", "technician")
    seen = visit("en")
    page = seen.page
    page.goto(seen.server + "/sign-in/")
    page.fill("#id_login", "li.xiaoliang")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(seen.server + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "jl-skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.press("Escape")
    page.click(".jl-me > summary")
    seen.shoot("menu")
    assert seen.findings() == []
    page.keyboard.press("Escape")
    assert page.evaluate("document.querySelector('.jl-me').open") is False
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.evaluate("document.querySelector('#keys').open") is True
    seen.shoot("keys")
    assert seen.wrong == []


def test_what_is_copied_is_data(visit) -> None:
    seen = visit("en")
    seen.page.goto(seen.server + "/_components")
    copied = seen.page.evaluate(
        """() => {
            const range = document.createRange();
            range.selectNodeContents(document.querySelector("td.jl-num"));
            getSelection().removeAllRanges(); getSelection().addRange(range);
            const given = {clipboardData: new DataTransfer(), bubbles: true, cancelable: true};
            const event = new ClipboardEvent("copy", given);
            document.querySelector("td.jl-num").dispatchEvent(event);
            return event.clipboardData.getData("text/plain");
        }"""
    )
    assert copied == "-20"


def test_the_sign_in_works_without_script(chromium, live_server, add_person) -> None:
    add_person("li.xiaoliang", "technician")
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + "/sign-in/")
    page.fill("#id_login", "li.xiaoliang")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(live_server.url + "/")
    page.click(".jl-me > summary")
    page.click(".jl-me-theme button[value=dark]")
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    page.click(".jl-me > summary")
    page.click(".jl-me-leave")
    page.wait_for_url("**/sign-in/**")
    context.close()
