"""A whole certificate as one HTML file."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from importlib import resources

from jialiang.formats.html_page.pieces import block_html, text_html
from jialiang.formats.reading_view.blocks import Group, Paragraph, ReadingView

_TAGS = {"zh": "zh-Hans", "en": "en"}
_SIDE_BY_SIDE = ("laboratory", "customer", "persons")
_MARK = (
    '<svg viewBox="0 0 30 26" width="30" height="26" fill="none" stroke="currentColor" stroke-width="1.7" '
    'stroke-linejoin="round" aria-hidden="true"><path d="M8.5 3h13v11.5h-13zM7 3h16M10.5 14.5V22h9v-7.5M9.5 22h11"/>'
    '<path d="M8.5 7H3V3.5M3 3.5h3.5V11H3zM21.5 7H27M23.5 4.5H27V9h-3.5z"/></svg>'
)


def html_of(view: ReadingView) -> bytes:
    """Return the page (UTF-8): all styles inside, no script, a policy that lets nothing be loaded."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    title = f"{view.title} {view.number}".strip()
    page = (
        f'<!doctype html>\n<html lang="{_TAGS[view.language]}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        '<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title><style>{style}</style></head>\n"
        f"<body><main>{_top(view)}{_notices(view)}{_sections(view)}"
        f"<footer>{_MARK}<p>{escape(view.origin)}</p></footer></main></body></html>\n"
    )
    return page.encode("utf-8")


def _top(view: ReadingView) -> str:
    laboratory = f'<p class="lab">{text_html(view.laboratory)}</p>' if view.laboratory else ""
    number = f'<p class="no">{escape(view.number)}</p>' if view.number else ""
    return f"<header>{laboratory}<h1>{escape(view.title)}</h1>{number}</header>"


def _notices(view: ReadingView) -> str:
    return "".join(f'<div class="warning" role="note">{_lines(each)}</div>' for each in view.notices)


def _lines(paragraph: Paragraph) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in paragraph.said.lines)


def _sections(view: ReadingView) -> str:
    parties = [each for each in view.sections if each.key in _SIDE_BY_SIDE]
    parts: list[str] = []
    for each in view.sections:
        if each.key not in _SIDE_BY_SIDE:
            parts.append(_section(each))
        elif each is parties[0]:
            parts.append(f'<div class="pa">{"".join(map(_section, parties))}</div>')
    return "\n".join(parts)


def _section(group: Group) -> str:
    inside = "".join(block_html(block, 3) for block in group.blocks)
    return f'<section class="se {group.key}" id="{group.key}"><h2>{text_html(group.heading)}</h2>{inside}</section>'


@cache
def _style() -> str:
    file = resources.files("jialiang.formats.html_page") / "style.css"
    return file.read_text(encoding="utf-8").strip()
