"""Charts that can be zoomed, by browser: they appear when asked for, zoom, switch series and give way to the SVG."""

import pytest
from playwright.sync_api import expect

from tests.console.measurement_science.test_desk_by_browser import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIBRARY = "echarts.common.min.js"
OPEN = {"en": "Zoom and choose series", "zh-hans": "缩放并选择数据系列"}
DRAWN = "document.querySelector('.jl-zoom-canvas canvas')"


def begin(visit, add_person, path, language="en", theme="light", size="desktop"):
    add_person("li.xiaoliang", "technician")
    window = visit(language, theme, size)
    window.asked = []
    window.page.on("request", lambda asked: window.asked.append(asked.url))
    sign_in(window)
    window.page.goto(window.server + path)
    window.page.wait_for_load_state("networkidle")
    return window


def opened(window, language="en"):
    window.page.get_by_role("button", name=OPEN[language]).first.click()
    window.page.locator(".jl-zoom-canvas canvas").first.wait_for()
    return window.page.locator(".jl-zoomable").first


def option(window):
    return window.page.evaluate(
        "(() => { const o = echarts.getInstanceByDom(document.querySelector('.jl-zoom-canvas')).getOption();"
        " return {names: o.series.map((s) => s.name), colours: o.series.map((s) => s.lineStyle?.color),"
        " selected: o.legend[0].selected, animation: o.animation, across: o.xAxis[0].type,"
        " marks: o.series.map((s) => s.data.map((d) => d.value))}; })()"
    )


@pytest.mark.parametrize(
    ("language", "theme", "size"),
    [("en", "light", "desktop"), ("zh-hans", "dark", "desktop"), ("zh-hans", "light", "phone")],
)
def test_the_allan_family_zooms_and_switches(visit, add_person, language, theme, size):
    window = begin(visit, add_person, "/science/charts/allan", language, theme, size)
    assert not any(LIBRARY in url for url in window.asked)
    host = opened(window, language)
    assert sum(LIBRARY in url for url in window.asked) == 1
    expect(host.locator("> svg")).to_be_hidden()
    told = option(window)
    assert told["across"] == "log"
    assert not told["animation"]  # the visitor asked for less motion
    assert {"ADEV", "OADEV", "MDEV", "HDEV", "OHDEV", "TOTDEV", "HTOTDEV"} <= set(told["names"])
    canvas = host.locator(".jl-zoom-canvas")
    assert "ADEV" in canvas.get_attribute("aria-label")
    canvas.press("+")
    expect(host).to_have_attribute("data-from", "25.0")
    expect(host).to_have_attribute("data-to", "75.0")
    canvas.press("ArrowRight")
    expect(host).to_have_attribute("data-from", "37.5")
    switch = host.get_by_role("button", name="ADEV", exact=True)
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "false")
    assert option(window)["selected"]["ADEV"] is False
    canvas.press("0")
    expect(host).to_have_attribute("data-to", "100.0")
    assert window.findings() == []
    assert not window.is_wider_than_the_screen()
    window.shoot("zoom-allan")
    canvas.press("Escape")
    expect(host.locator("> svg")).to_be_visible()
    expect(host.get_by_role("button", name=OPEN[language])).to_be_focused()
    assert window.wrong == []


def test_print_shows_the_drawing_and_the_theme_is_followed(visit, add_person):
    window = begin(visit, add_person, "/science/charts/allan")
    host = opened(window)
    light = option(window)["colours"]
    window.page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'dark')")
    window.page.wait_for_timeout(200)
    dark = option(window)["colours"]
    assert light[0] != dark[0]
    assert dark[0].startswith(("rgb", "color"))
    window.page.emulate_media(media="print")
    expect(host.locator("> svg")).to_be_visible()
    expect(host.locator(".jl-zoom")).to_be_hidden()
    assert window.wrong == []


def test_the_distribution_of_a_budget_zooms_and_stays_open_while_the_budget_changes(visit, add_person):
    window = begin(visit, add_person, "/science/budget?example=gum-s1-9-3")
    opened(window)
    told = option(window)
    assert told["names"] == [
        "Monte Carlo",
        "law of propagation",
        "interval by Monte Carlo",
        "interval by the law of propagation",
    ]
    assert told["across"] == "value"
    window.shoot("zoom-distribution")
    before = told["marks"][1]
    window.page.select_option("#method", "lpu2")
    expect(window.page.locator("#answer")).to_contain_text("(1.23 ± 0.15)")
    window.page.locator(".jl-zoomable.is-open canvas").first.wait_for()
    assert option(window)["marks"][1] != before
    assert sum(LIBRARY in url for url in window.asked) == 1
    assert window.wrong == []


def test_without_script_the_drawing_stays(visit, add_person, chromium, live_server):
    add_person("li.xiaoliang", "technician")
    context = chromium.new_context(java_script_enabled=False, locale="en-GB")
    context.add_cookies([{"name": "jialiang_language", "value": "en", "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + "/sign-in/")
    page.fill("input[name=login]", "li.xiaoliang")
    from tests.console.people import PASSWORD

    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")
    page.goto(live_server.url + "/science/charts/allan")
    expect(page.locator(".jl-zoomable > svg")).to_be_visible()
    expect(page.get_by_role("button", name=OPEN["en"])).to_have_count(0)
    context.close()


@pytest.mark.parametrize("path", ["/science/", "/science/risk", "/science/gauge", "/science/charts/shewhart"])
def test_pages_without_such_charts_ask_for_nothing_more(visit, add_person, path):
    window = begin(visit, add_person, path)
    assert not any("zoomable.js" in url or "echarts" in url for url in window.asked)


@pytest.mark.parametrize(
    ("language", "theme", "size"),
    [("en", "light", "desktop"), ("zh-hans", "dark", "desktop"), ("zh-hans", "light", "phone")],
)
def test_a_gauge_study_by_paste_and_by_file(visit, add_person, tmp_path, language, theme, size):
    window = begin(visit, add_person, "/science/gauge", language, theme, size)
    page = window.page
    assert window.findings() == []
    assert not window.is_wider_than_the_screen()
    window.shoot("gauge")
    page.emulate_media(media="print")
    window.shoot("gauge-print")
    page.emulate_media(media="screen")
    page.fill("#id_readings", "P1;A;1.0\nP1;A;1.2")
    page.press("#id_readings", "Tab")
    expect(page.locator("#answer .jl-stop")).to_be_visible()
    file = tmp_path / "study.csv"
    cells = [(p, o, t, p + o / 10 + t / 50 + p * o * t / 300) for p in (1, 2, 3) for o in (1, 2) for t in (1, 2)]
    file.write_text("part,operator,trial,value\n" + "\n".join(f"{p},O{o},{t},{v:.4f}" for p, o, t, v in cells))
    page.set_input_files("#file", file)
    page.click("button[value=open]")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#id_readings")).to_contain_text("3,O2,2,")
    expect(page.locator("#answer svg.jl-chart").first).to_be_visible()
    window.shoot("gauge-file")
    assert [line for line in window.wrong if "422" not in line] == []
