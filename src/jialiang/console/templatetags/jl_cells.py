"""Cells of tables that people type into."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jialiang.console import drawings
from jialiang.console.wording import in_words
from jialiang.kernel.text import Text

register = template.Library()
LONGEST = 2000


@register.simple_tag
def cell(
    kind: str,
    row: int,
    member: str,
    value: str,
    label: str,
    wrong: Mapping[str, Text],
    *,
    numeric: bool = False,
) -> SafeString:
    """Draw the input of one cell, ``i-2-unit``; its label names column and row, what is wrong stands below."""
    name = f"{kind}-{row}-{member}"
    fault = wrong.get(name)
    drawn = format_html(
        '<input class="jl-in{}" name="{n}" id="{n}" value="{}" maxlength="{}" aria-label="{}" autocomplete="off"'
        ' spellcheck="false"{}{}>',
        " jl-in-num" if numeric else "",
        value,
        LONGEST,
        f"{label} {row + 1}",
        SafeString(' inputmode="decimal"') if numeric else "",
        format_html(' aria-invalid="true" aria-describedby="{}-error"', name) if fault else "",
        n=name,
    )
    if not fault:
        return drawn
    hint = '{}<span class="form-hint jl-stop" id="{}-error">{} {}</span>'
    return format_html(hint, drawn, name, drawings.shape("octagon-cross"), in_words(fault))
