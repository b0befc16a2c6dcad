"""Somebody without account brings certificates of other laboratories to the workbench, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from jialiang.formats.dcc.certificate import Certificate
from tests.journeys.browsing import Window, window

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAMPLES = ("v3.0.0_mass_singleweight", "v2.4.0_siliziumkugel", "v3.1.2_gp_humidity")
LANGUAGES = ("zh", "en")
VALID = {"zh": "有效", "en": "valid"}
ENTITY = b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'
DROP = """([place, name, text]) => {
  const files = new DataTransfer();
  files.items.add(new File([text], name, {type: "text/xml"}));
  document.querySelector(place).dispatchEvent(
    new DragEvent("drop", {dataTransfer: files, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def files(oracles: Path) -> list[Path]:
    """Certificates of three laboratories, of three versions."""
    return [oracles / "dcc" / "samples" / f"{name}.xml" for name in SAMPLES]


def step(shown: Window, name: str) -> None:
    """Press the button of a step."""
    shown.press_and_wait(shown.page.locator(f".jl-work-steps [formaction='/workbench/{name}']"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_three_certificates_go_through_every_step(
    chromium: Browser, installation: str, screens: Path, files: list[Path], language: str
) -> None:
    faults: list[str] = []
    with window(chromium, installation, language, screens, faults) as shown:
        shown.go("/workbench/")
        shown.see("workbench", everywhere=True)
        shown.page.set_input_files("#file", files)
        shown.press_and_wait(shown.page.locator(".jl-drop button"))
        for name in SAMPLES:
            assert f"{name}.xml" in shown.words()
        shown.see("workbench-see", everywhere=True)
        step(shown, "check")
        assert VALID[language] in shown.words()
        shown.see("workbench-check", everywhere=True)
        step(shown, "genuineness")
        shown.see("workbench-genuineness", everywhere=True)
        step(shown, "chain")
        shown.see("workbench-chain", everywhere=True)
        step(shown, "migrate")
        shown.see("workbench-migrate", everywhere=True)
        with shown.page.expect_download() as waiting:
            shown.page.locator("[formaction='/workbench/migrated']").first.click()
        assert Certificate.read(Path(waiting.value.path()).read_bytes()).version == "3.3.0"
        step(shown, "convert")
        shown.see("workbench-convert", everywhere=True)
        shown.page.select_option("#to", "data-json")
        with shown.page.expect_download() as waiting:
            shown.page.locator("[formaction='/workbench/converted']").click()
        assert json.loads(Path(waiting.value.path()).read_bytes())
        shown.page.locator("[name=carried]").first.uncheck()
        step(shown, "compare")
        shown.see("workbench-compare", everywhere=True)
    assert not faults, "\n".join(dict.fromkeys(faults))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_comparison_with_uncertainties_is_drawn(
    chromium: Browser, installation: str, screens: Path, oracles: Path, language: str
) -> None:
    faults: list[str] = []
    pair = [oracles / "dcc" / "samples" / f"v3.1.1_gp_temperature_{name}.xml" for name in ("typical", "extensive")]
    with window(chromium, installation, language, screens, faults) as shown:
        shown.go("/workbench/compare")
        shown.page.set_input_files("#file", pair)
        shown.press_and_wait(shown.page.locator(".jl-drop button"))
        assert shown.page.locator("svg.jl-chart rect").count() > 1
        shown.see("workbench-drawing", everywhere=True)
    assert not faults, "\n".join(dict.fromkeys(faults))


def test_a_file_is_dropped(chromium: Browser, installation: str, screens: Path, files: list[Path]) -> None:
    faults: list[str] = []
    with window(chromium, installation, "en", screens, faults) as shown:
        shown.go("/workbench/check")
        with shown.page.expect_navigation(wait_until="load"):
            shown.page.evaluate(DROP, ["[data-drop]", "dropped.xml", files[0].read_text("utf-8")])
        assert "dropped.xml" in shown.words()
    assert not faults, "\n".join(dict.fromkeys(faults))


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_goes_without_script_and_wrong_files_are_told(
    chromium: Browser, installation: str, screens: Path, files: list[Path], language: str
) -> None:
    faults: list[str] = []
    options = {"java_script_enabled": False}
    with window(chromium, installation, language, screens, faults, **options) as shown:
        shown.go("/workbench/")
        rubbish = {"name": "rubbish.xml", "mimeType": "text/xml", "buffer": ENTITY}
        good = {"name": files[0].name, "mimeType": "text/xml", "buffer": files[0].read_bytes()}
        shown.page.set_input_files("#file", [good, rubbish])
        shown.press_and_wait(shown.page.locator(".jl-drop button"))
        assert "JL-XML-003" in shown.page.content()
        step(shown, "check")
        assert VALID[language] in shown.page.content()
        shown.page.locator("[name=carried]").first.uncheck()
        step(shown, "compare")
        assert "JL-WBE-005" in shown.page.content()
        shown.page.screenshot(path=screens / f"workbench-refusal-{language}.png", full_page=True)
    assert not faults, "\n".join(dict.fromkeys(faults))
