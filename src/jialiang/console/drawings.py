"""Icons, status shapes and the vessel mark: every line is drawn in ``drawings.json`` once."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

VESSEL = (
    '<path d="M8.5 3h13v11.5h-13zM7 3h16M10.5 14.5V22h9v-7.5M9.5 22h11"/>'
    '<path d="M8.5 7H3V3.5M3 3.5h3.5V11H3zM21.5 7H27M23.5 4.5H27V9h-3.5z"/>'
)


def icon(name: str, *, small: bool = False) -> SafeString:
    """Return an outline icon; it is decoration, the word stands beside it. Raises KeyError for an unknown name."""
    return format_html(
        '<svg class="jl-i{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>',
        " jl-i-s" if small else "",
        _drawing("icons", name),
    )


def shape(name: str, kind: str = "") -> SafeString:
    """Return a status shape, in the colour of ``kind`` (``ok``, ``stop`` …) if one is given."""
    return format_html(
        '<svg class="jl-s{}" viewBox="0 0 16 16" aria-hidden="true">{}</svg>',
        f" jl-{kind}" if kind else "",
        _drawing("shapes", name),
    )


def vessel() -> SafeString:
    """Return the mark of the house: the bronze vessel of five measures, seen from the front."""
    return format_html(
        '<svg viewBox="0 0 30 26" fill="none" stroke="currentColor" stroke-width="1.7"'
        ' stroke-linejoin="round" aria-hidden="true">{}</svg>',
        mark_safe(VESSEL),  # noqa: S308 a constant
    )


def names(kind: str) -> list[str]:
    """Return the names of all ``icons`` or ``shapes``."""
    return list(_drawings()[kind])


@cache
def _drawings() -> dict[str, dict[str, str]]:
    file = resources.files("jialiang.console") / "drawings.json"
    drawings: dict[str, dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return drawings


def _drawing(kind: str, name: str) -> SafeString:
    return mark_safe(_drawings()[kind][name])  # noqa: S308 our own file
