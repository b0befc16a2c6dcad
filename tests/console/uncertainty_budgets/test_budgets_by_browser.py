"""A budget by browser: begun, edited as it evaluates itself, reviewed by another, and named on a record's page."""

import pytest
from playwright.sync_api import expect

from jialiang.base.uncertainty_budgets.selectors import uncertainty_budgets, versions_in_force
from jialiang.security.tenancy.scope import scope
from tests.console.bench import bench_of
from tests.functions.record_world import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(window, username):
    window.page.context.clear_cookies(name="sessionid")
    window.page.goto(window.server + "/sign-in/")
    window.page.fill("input[name=login]", username)
    window.page.fill("input[name=password]", PASSWORD)
    window.page.press("input[name=password]", "Enter")
    window.page.wait_for_load_state("networkidle")


def sound(window, name):
    """The page is accessible, fits the screen, and leaves its picture."""
    window.page.wait_for_load_state("networkidle")
    assert window.findings() == [], name
    assert not window.is_wider_than_the_screen(), name
    window.shoot(f"budgets-{name}")


@pytest.mark.parametrize(
    ("language", "theme", "size"), [("en", "light", "desktop"), ("zh-hans", "dark", "phone")]
)
def test_from_the_first_draft_to_the_record_that_names_it(visit, tenant, language, theme, size):
    bench = bench_of(tenant)
    window = visit(language, theme, size)
    page = window.page
    sign_in(window, "technician")
    page.goto(window.server + "/budgets/new")
    page.fill("input[name=name_zh]", "温度计修正值评定")
    page.select_option("select[name=procedure]", "thermometer_line")
    page.fill("input[name=unit]", "℃")
    sound(window, "new")
    page.click("[data-main-action]")
    expect(page.locator("#answer")).to_contain_text("0.1624")
    typed = page.locator("input[name=i-7-parameters]").input_value()
    page.fill("input[name=i-7-parameters]", typed.replace("half_width = 0.005", "half_width = 0.05"))
    page.press("input[name=i-7-parameters]", "Tab")
    expect(page.locator("#answer")).to_contain_text("± 0.057")
    sound(window, "edit")
    page.click("button[value=save]")
    sound(window, "draft")
    page.click("button[value=submit]")
    page.wait_for_load_state("networkidle")
    address = page.url
    sign_in(window, "reviewer")
    page.goto(address)
    sound(window, "review")
    page.click("button[value=approve]")
    page.wait_for_load_state("networkidle")
    with scope(tenant.id):
        (held,) = versions_in_force("thermometer_line")
        assert len(uncertainty_budgets()) == 1
        record_id = bench.submitted()
    page.goto(window.server + "/budgets/")
    sound(window, "list")
    page.goto(window.server + f"/calibrations/{record_id}/uncertainty")
    expect(page.locator(f"a[href='/budgets/versions/{held.id}/']").first).to_be_visible()
    sound(window, "record")
    assert window.wrong == []
