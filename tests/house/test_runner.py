"""``tools/run_tests.py`` leaves no test out."""

from tests.conftest import ROOT
from tests.console.conftest import tool

MARK = "mark." + "browser"


def test_every_test_with_a_browser_lies_where_the_runner_looks_for_them() -> None:
    folders = tuple(ROOT / folder for folder in tool("run_tests").WITH_BROWSER)
    marked = [file for file in (ROOT / "tests").rglob("*.py") if MARK in file.read_text(encoding="utf-8")]
    assert len(marked) >= 3
    assert [file for file in marked if not any(file.is_relative_to(folder) for folder in folders)] == []
