"""Comparison rounds by browser: pages that axe accepts, that fit the screen, print and darken."""

import pytest

from jialiang.base.comparison_rounds.selectors import comparison_round
from jialiang.functions import comparison_rounds as verbs
from jialiang.kernel.clock import utc_now
from jialiang.security.tenancy.scope import scope
from tests.console.measurement_science.test_desk_by_browser import sign_in
from tests.functions.comparison_world import BARE_WEIGHT, SECOND_WEIGHT, Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [("zh-hans", "light", "desktop"), ("en", "dark", "desktop"), ("en", "light", "phone")]
RESULTS = (
    ("A", "0.012", "0.013", "0.006"),
    ("B", "0.016", "0.015", "0.005"),
    ("C", "0.009", "0.012", "0.008"),
    ("D", "0.031", "0.033", "0.006"),
    ("E", "0.014", "0.010", "0.010"),
)


def evaluated_round(tenant):
    """A round of five laboratories and two weights; laboratory D lies apart on both."""
    with scope(tenant.id):
        desk = Desk(tenant.id, utc_now())
        row = desk.open("weighted_mean", [BARE_WEIGHT, SECOND_WEIGHT])
        for code, first, second, expanded in RESULTS:
            desk.enrol(row, code)
            desk.enter(row, code, first, expanded)
            desk.enter(row, code, second, expanded, artefact=2)
        verbs.evaluate(actor=desk.technician, round_id=row.id, now=desk.now)
        return comparison_round(row.id)


@pytest.mark.parametrize(("language", "theme", "size"), LOOKS)
def test_pages_of_a_comparison_are_accessible_fit_the_screen_and_print(
    visit, tenant, add_person, language, theme, size
):
    add_person("li.xiaoliang", "technician", "quality_manager")
    row = evaluated_round(tenant)
    window = visit(language, theme, size)
    sign_in(window)
    home = f"/comparisons/{row.id}/"
    pages = {"list": "/comparisons/", "new": "/comparisons/new", "one": home, "report": f"{home}report"}
    for name, path in pages.items():
        window.page.goto(window.server + path)
        window.page.wait_for_load_state("networkidle")
        assert window.findings() == [], name
        assert not window.is_wider_than_the_screen(), name
        window.shoot(f"comparison-{name}")
    window.page.emulate_media(media="print")
    window.shoot("comparison-report-print")
    assert window.wrong == []
