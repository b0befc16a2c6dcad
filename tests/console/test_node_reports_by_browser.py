"""Node reports as people see them: days with their states, one report, and applications; at the desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from jialiang.formats.node_report.header import KINDS
from jialiang.functions.node_report_making import make_report
from jialiang.governance.node_reports import services
from jialiang.governance.node_reports.models import SentReport
from jialiang.kernel.clock import local_date, utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from tests.console.measurement_science.test_desk_by_browser import sign_in
from tests.ledger import build_world
from tests.upper_node import TOKEN, UpperNodeHere, upper_node

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ZONE = "Asia/Shanghai"
LOOKS = [("zh-hans", "light", "desktop"), ("en", "dark", "phone")]


@pytest.fixture
def here(settings) -> Iterator[UpperNodeHere]:
    with upper_node() as served:
        settings.JIALIANG = replace(settings.JIALIANG, upper_node=served.address, upper_node_token=TOKEN)
        yield served


def some_days(tenant) -> SentReport:
    """Reports of three days: accepted, refused, waiting; return the one that was refused."""
    now = utc_now()
    today = local_date(now, ZONE)
    with scope(tenant.id):
        build_world(tenant.id, now)
        rows = {
            (days, kind): make_report(kind, today - timedelta(days=days), ZONE, now)[0]
            for days in (3, 2, 1)
            for kind in KINDS
        }
    for (days, kind), row in rows.items():
        taken = services.begin(row.pk, now) if days > 1 else None
        if taken is None:
            continue
        if (days, kind) == (2, "registrations"):
            services.refuse(taken, Text("第 3 行：前缀不符（422）", "Line 3: the prefix is another's (422)"), now)
        else:
            services.accept(taken, {"id": f"r-{days}", "findings": []}, now)
    return rows[(2, "registrations")]


@pytest.mark.parametrize(("language", "theme", "size"), LOOKS)
def test_days_one_report_and_the_applications_are_seen_and_hold(
    visit, tenant, add_person, here, language, theme, size
) -> None:
    add_person("li.xiaoliang", "identifier_operator")
    refused = some_days(tenant)
    window = visit(language, theme, size)
    sign_in(window)
    here.applications.append(
        {"id": "a-0", "state": "approved", "wished_code": "7", "purpose": "温度计", "submitted_at": "2026-06-16"}
    )
    for name, address in {
        "node-reports": reverse("node_reports") + "?ask=1",
        "node-report": reverse("node_report", args=[refused.pk]),
        "node-report-day": reverse("node_reports_make"),
        "upper-applications": reverse("upper_applications"),
        "upper-apply": reverse("upper_apply"),
    }.items():
        window.page.goto(window.server + address)
        assert window.findings() == [], name
        assert not window.is_wider_than_the_screen(), name
        window.shoot(name)
    assert window.wrong == []


def test_a_refused_report_is_let_go_by_one_button(visit, tenant, add_person, here) -> None:
    add_person("li.xiaoliang", "identifier_operator")
    refused = some_days(tenant)
    window = visit("en", "light", "desktop")
    sign_in(window)
    window.page.goto(window.server + reverse("node_report", args=[refused.pk]))
    window.page.click("text=Send again")
    window.page.wait_for_selector("text=The report goes within a minute.")
    assert SentReport.objects.get(pk=refused.pk).state == "made"
    assert window.wrong == []
