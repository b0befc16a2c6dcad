"""The switch of the language on a page with results: the browser carries the files on, and no page is empty."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from jialiang.formats.dcoc.documents import write_dcoc
from tests.formats.dcoc_samples import SAMPLE
from tests.journeys.browsing import window

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(("language", "other"), [("zh", "en"), ("en", "zh-Hans")])
def test_a_comparison_is_read_in_the_other_language(
    chromium: Browser, installation: str, screens: Path, oracles: Path, tmp_path: Path, language: str, other: str
) -> None:
    faults: list[str] = []
    samples = [oracles / "dcc" / "samples" / f"{n}.xml" for n in ("v3.0.0_mass_singleweight", "v3.1.2_gp_humidity")]
    with window(chromium, installation, language, screens, faults) as shown:
        shown.go("/workbench/compare")
        shown.page.set_input_files("#file", samples)
        shown.press_and_wait(shown.page.locator(".jl-drop button"))
        shown.see("language-compare")
        with shown.page.expect_download() as waiting:
            shown.page.locator("[formaction='/workbench/difference-json']").click()
        assert Path(waiting.value.path()).read_bytes().startswith(b"{")
        shown.press_and_wait(shown.page.locator("[form=work][formaction*=page_language]"))
        assert shown.page.locator("html").get_attribute("lang") == other
        assert samples[0].name in shown.words()
        shown.see("language-switched")
    (tmp_path / "c.dcoc.xml").write_bytes(write_dcoc(SAMPLE, "xml"))
    with window(chromium, installation, language, screens, faults) as shown:
        shown.go("/workbench/convert")
        shown.page.set_input_files("#file", [tmp_path / "c.dcoc.xml"])
        shown.press_and_wait(shown.page.locator(".jl-drop button"))
        shown.see("convert-dcoc")
    assert faults == []
