"""What every page of the console owes its readers, read from its HTML: faults are told one sentence each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from django.conf import settings
from lxml import html
from lxml.html import HtmlElement

from tests.console.browsing import ROOT

LOCAL = re.compile(r"(/(?!/)|#|\?|data:image/png;base64,)")
UNLABELLED = {"hidden", "submit", "button"}
PAPER = "jl-sheet"
SENTENCE = 12  # English msgids of so many letters and more are sentences, not names such as “PDF”


def faults_of(page: str, language: str) -> list[str]:
    """Return everything that is wrong with a page in a language."""
    root = html.fromstring(page)
    found = [
        *_frame(root, language),
        *_ids(root),
        *_controls(root),
        *_forms(root),
        *_tables(root),
        *_links(root),
    ]
    return found + (list(_english(root)) if language != "en" else [])


def _frame(root: HtmlElement, language: str) -> Iterator[str]:
    if root.get("lang") != ("en" if language == "en" else "zh-Hans"):
        yield f"the page says lang={root.get('lang')!r}"
    if len(root.findall(".//h1")) != 1:
        yield f"{len(root.findall('.//h1'))} headings of the first level"
    if not (root.findtext(".//title") or "").strip():
        yield "no title"
    levels = [int(e.tag[1]) for e in root.iter("h1", "h2", "h3", "h4")]
    if any(deeper > level + 1 for level, deeper in zip(levels, levels[1:], strict=False)):
        yield f"headings leave a level out: {levels}"
    for element in root.iter():
        if isinstance(element.tag, str) and element.get("style") is not None:
            yield f"<{element.tag}> has a style of its own"
        if isinstance(element.tag, str) and any(name.startswith("on") for name in element.attrib):
            yield f"<{element.tag}> has a script of its own"


def _ids(root: HtmlElement) -> Iterator[str]:
    counted = Counter(e.get("id") for e in root.iter() if isinstance(e.tag, str) and e.get("id"))
    for name, number in counted.items():
        if number > 1:
            yield f"the id {name!r} stands {number} times"
    for element in root.xpath("//*[@aria-describedby or @aria-labelledby]"):
        named = f"{element.get('aria-describedby') or ''} {element.get('aria-labelledby') or ''}".split()
        for name in named:
            if name not in counted:
                yield f"{name!r} describes something but is not there"


def _controls(root: HtmlElement) -> Iterator[str]:
    labelled = {label.get("for") for label in root.iter("label")}
    for control in root.iter("input", "select", "textarea"):
        if control.get("type") in UNLABELLED or control.get("aria-label"):
            continue
        inside = any(above.tag == "label" for above in control.iterancestors())
        if not inside and control.get("id") not in labelled:
            yield f"no label for the control {control.get('name')!r}"
    for button in root.iter("button"):
        if not (button.text_content().strip() or button.get("aria-label")):
            yield "a button without a word"


def _forms(root: HtmlElement) -> Iterator[str]:
    for form in root.iter("form"):
        writes = (form.get("method") or "get").lower() == "post"
        has_token = bool(form.xpath(".//input[@name='csrfmiddlewaretoken']"))
        if writes is not has_token:
            yield f"the form {form.get('action')!r} {'lacks' if writes else 'gives away'} its token"


def _tables(root: HtmlElement) -> Iterator[str]:
    for head in root.xpath("//table//th"):
        if not head.get("scope"):
            yield f"the head {head.text_content().strip()!r} has no scope"
    for table in root.iter("table"):
        if not table.xpath(".//th"):
            yield "a table without heads"


def _links(root: HtmlElement) -> Iterator[str]:
    for link in root.iter("a"):
        address, words = link.get("href"), link.text_content().strip() or link.get("aria-label")
        if address is None or not (LOCAL.match(address) or address.startswith(_public())):
            yield f"a link leads to {address!r}"
        if not words and not link.xpath(".//img[@alt]"):
            yield f"a link to {address!r} says nothing"
    for picture in root.iter("img"):
        if picture.get("alt") is None:
            yield "a picture without words"


def _public() -> str:
    """The address under which this installation is checked from outside."""
    return f"{settings.JIALIANG.public_url}/c/"


def _english(root: HtmlElement) -> Iterator[str]:
    for paper in root.find_class(PAPER):
        paper.drop_tree()  # the pages of a certificate are printed in two languages
    told = " ".join(root.text_content().split())
    for msgid in _sentences():
        if msgid in told:
            yield f"still in English: {msgid!r}"


@cache
def _sentences() -> tuple[str, ...]:
    """Return every English msgid of the console that is long enough and holds no placeholder."""
    found = []
    for part in (ROOT / "src/jialiang/console/locale/zh_Hans/parts").glob("*.po"):
        found += re.findall(r'^msgid "([^"%\\]+)"$', part.read_text(encoding="utf-8"), re.MULTILINE)
    return tuple(sorted({msgid for msgid in found if len(msgid) >= SENTENCE and " " in msgid}))
