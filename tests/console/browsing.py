"""A visit to the console with a real browser."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

ROOT = Path(__file__).resolve().parents[2]
SCREENS = ROOT / "build" / "screens"
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


class Visit:
    """One browser context that notes what should not be: errors on the console, requests to other hosts."""

    def __init__(self, chromium, server: str, language: str, theme: str, size: str) -> None:
        self.context = chromium.new_context(
            viewport=SIZES[size], locale="zh-CN" if language != "en" else "en-GB", reduced_motion="reduce"
        )
        self.context.add_cookies(
            [
                {"name": "jialiang_language", "value": language, "url": server},
                {"name": "jialiang_theme", "value": theme, "url": server},
            ]
        )
        self.server, self.label = server, f"{language[:2]}-{theme}-{size}"
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.page.on("console", lambda line: line.type == "error" and self.wrong.append(line.text))
        self.page.on("pageerror", lambda problem: self.wrong.append(str(problem)))
        self.page.on("request", lambda asked: self._foreign(asked.url))

    def _foreign(self, url: str) -> None:
        if not url.startswith((self.server, "data:")):
            self.wrong.append(f"request to {url}")

    def shoot(self, name: str) -> None:
        SCREENS.mkdir(parents=True, exist_ok=True)
        self.page.evaluate("document.fonts.ready")
        self.page.screenshot(path=SCREENS / f"shell-{name}-{self.label}.png", full_page=True)

    def findings(self) -> list[str]:
        result = Axe().run(self.page)
        return [f"{v['id']}: {n['html'][:200]}" for v in result.response["violations"] for n in v["nodes"]]

    def is_wider_than_the_screen(self) -> bool:
        return self.page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
