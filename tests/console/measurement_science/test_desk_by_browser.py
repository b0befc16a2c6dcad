"""The desk by browser: live evaluation, a marked mistake, the risk explorer, a chart; axe has nothing to say."""

import pytest
from playwright.sync_api import expect

from tests.console.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [
    ("zh-hans", "light", "desktop"),
    ("en", "light", "desktop"),
    ("en", "dark", "desktop"),
    ("zh-hans", "dark", "phone"),
]
PAGES = {
    "desk": "/science/",
    "budget": "/science/budget?example=gum-s1-9-3",
    "budget-h2": "/science/budget?example=gum-h2",
    "risk": "/science/risk",
    "shewhart": "/science/charts/shewhart",
    "allan": "/science/charts/allan",
    "youden": "/science/charts/youden",
    "s2": "/science/intervals/s2",
    "variables": "/science/intervals/variables",
}


def sign_in(window):
    window.page.goto(window.server + "/sign-in/")
    window.page.fill("input[name=login]", "li.xiaoliang")
    window.page.fill("input[name=password]", PASSWORD)
    window.page.press("input[name=password]", "Enter")
    window.page.wait_for_load_state("networkidle")


@pytest.mark.parametrize(("language", "theme", "size"), LOOKS)
def test_pages_are_accessible_fit_the_screen_and_print(visit, add_person, language, theme, size):
    add_person("li.xiaoliang", "technician")
    window = visit(language, theme, size)
    sign_in(window)
    for name, path in PAGES.items():
        window.page.goto(window.server + path)
        window.page.wait_for_load_state("networkidle")
        assert window.findings() == [], name
        assert not window.is_wider_than_the_screen(), name
        window.shoot(f"science-{name}")
        if name in ("budget", "risk", "shewhart"):
            window.page.emulate_media(media="print")
            window.shoot(f"science-{name}-print")
            window.page.emulate_media(media="screen")
    assert window.wrong == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_budget_follows_every_change_and_marks_a_mistake(visit, add_person, language):
    add_person("li.xiaoliang", "technician")
    window = visit(language)
    sign_in(window)
    page = window.page
    page.goto(window.server + "/science/budget?example=gum-s1-9-3")
    expect(page.locator("#answer")).to_contain_text("(1.23 ± 0.11)")
    page.select_option("#method", "lpu2")
    expect(page.locator("#answer")).to_contain_text("(1.23 ± 0.15)")
    page.fill("#i-2-unit", "mg")
    page.press("#i-2-unit", "Tab")
    expect(page.locator("#answer mark")).to_be_visible()
    window.shoot("science-mistake")
    page.fill("#i-2-unit", "kg/m3")
    page.press("#i-2-unit", "Tab")
    expect(page.locator("#answer")).to_contain_text("(1.23 ± 0.15)")
    with page.expect_download() as kept:
        page.click("button[value=download]")
    assert kept.value.suggested_filename == "gum-s1-9-3.json"
    refusals = [line for line in window.wrong if "422" in line]  # the browser notes a refused budget
    assert refusals == window.wrong
