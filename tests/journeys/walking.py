"""How a role walks through all pages that links lead to, in both languages, at the desk and on a phone."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from jialiang.business.demonstration.data import world
from tests.journeys.browsing import DESK, PHONE, Window, window

MOST_PAGES = 45
A_SHAPE = 1  # pages of one shape of address that are looked at
NO_PAGE = re.compile(
    r"/(files|forms|trust)/|/documents/\d+$|\.(pdf|pem|json|csv|xml|svg)$|/sign-out/|/c/|/preview|^/[0-9][0-9.]*/"
)
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
HAN = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff]+(?:[\u3400-\u4dbf\u4e00-\u9fff（）、，：· \d]*[\u3400-\u4dbf\u4e00-\u9fff）]+)?"
)
SENTENCE = re.compile(r"[A-Za-z][a-z']+(?:[ ,]+[A-Za-z][A-Za-z']+){2,}")
LEFT_AS_THEY_ARE = (
    "中文",  # the other language's name
    "嘉量",  # the house's name
    "签发程序",  # the worker, as the history of a certificate keeps it: names of persons are kept as they signed
    "嘉量平台证书根",  # the root authority's name as its certificate has it, in both languages
    "Jialiang Root Authority",
)
TEXTS = """() => {
  const seen = e => e.checkVisibility({checkOpacity: true, checkVisibilityCSS: true});
  const rest = 'script,style,noscript,template,code,pre,kbd,svg title,[translate=no]';
  const own = document.documentElement.lang;
  const said = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; (n = walker.nextNode());) {
    const e = n.parentElement, l = e && e.closest('[lang]');
    if (!e || e.closest(rest) || !seen(e) || (l && l.getAttribute('lang') !== own)) continue;
    said.push(n.data.replace(/\\s+/g, ' ').trim());
  }
  for (const e of document.querySelectorAll('[placeholder],[aria-label],[title],[alt]'))
    for (const a of ['placeholder', 'aria-label', 'title', 'alt'])
      if (e.hasAttribute(a) && seen(e) && e.closest('[lang]').getAttribute('lang') === own)
        said.push(e.getAttribute(a));
  return said.filter(Boolean);
}"""


def walk_through(role: str, chromium: Browser, installation: str, screens: Path) -> None:
    """Walk in Chinese, then look at the same pages in English."""
    faults: list[str] = []
    with window(chromium, installation, "zh", screens, faults) as shown:
        shown.sign_in(role)
        pages = list(walked(shown, faults))
    assert len(pages) >= 5, f"{role} reaches only {pages}"
    with window(chromium, installation, "en", screens, faults) as shown:
        shown.sign_in(role)
        for address in pages:
            look_at(shown, address, faults)
    assert not faults, "\n".join(dict.fromkeys(faults))


def walked(shown: Window, faults: list[str]) -> Iterator[str]:
    """Follow links breadth first from where the role arrives, and yield every address that was looked at."""
    waiting, known, shapes = [urlsplit(shown.page.url).path], set(), Counter()
    visited = 0
    while waiting and visited < MOST_PAGES:
        address = waiting.pop(0)
        shape = KEY.sub("…", address)
        if address in known or shapes[shape] >= A_SHAPE:
            continue
        known.add(address)
        shapes[shape] += 1
        visited += 1
        look_at(shown, address, faults)
        waiting += links_of(shown)
        yield address


def links_of(shown: Window) -> list[str]:
    """Return the addresses of this site that the page links to, acts and files left out."""
    hrefs = shown.page.locator("a[href]").evaluate_all(
        "all => all.map(a => new URL(a.getAttribute('href'), document.baseURI).href)"
    )
    here = urlsplit(shown.page.url)
    parts = [urlsplit(href) for href in hrefs]
    own = [p for p in parts if p.netloc == here.netloc and not NO_PAGE.search(p.path)]
    return [p.path + (f"?{p.query}" if p.query else "") for p in own]


def look_at(shown: Window, address: str, faults: list[str]) -> None:
    """Open a page and note what is wrong with it."""
    answer = shown.page.goto(address, wait_until="load")
    where = f"{address} ({shown.language})"
    if answer is None or answer.status != 200:
        faults.append(f"{where}: status {answer.status if answer else 'none'}")
        return
    faults += [f"{where}: not translated: {text}" for text in foreign(shown)]
    if shown.is_too_wide():
        faults.append(f"{where}: scrolls sideways at the desk")
    shown.page.set_viewport_size(PHONE)
    if shown.is_too_wide():
        faults.append(f"{where}: scrolls sideways on a phone")
    shown.page.set_viewport_size(DESK)


def foreign(shown: Window) -> list[str]:
    """Return what stands on the page in the other language and is no datum."""
    pattern = HAN if shown.language == "en" else SENTENCE
    found = [run for text in shown.page.evaluate(TEXTS) for run in pattern.findall(text)]
    return sorted({run for run in found if not any(run.strip() in datum for datum in data())})


@cache
def data() -> tuple[str, ...]:
    """Return the words of the demonstration's world: what people typed is shown as they typed it."""

    def texts(node: object) -> Iterator[str]:
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            for value in node.values():
                yield from texts(value)
        elif isinstance(node, list):
            for value in node:
                yield from texts(value)

    return (*texts(json.loads(json.dumps(world()))), *LEFT_AS_THEY_ARE)
