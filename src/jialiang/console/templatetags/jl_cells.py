"""Cells of tables that people type into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import template
from django.utils.html import format_html, format_html_join
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
    return _with_fault(drawn, name, fault)


@register.simple_tag
def choice_cell(
    kind: str,
    row: int,
    member: str,
    value: str,
    label: str,
    wrong: Mapping[str, Text],
    options: Iterable[tuple[str, str]],
) -> SafeString:
    """Draw the choice of one cell, labelled and marked like :func:`cell`."""
    name = f"{kind}-{row}-{member}"
    fault = wrong.get(name)
    lines = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((key, SafeString(" selected") if key == value else "", words) for key, words in options),
    )
    drawn = format_html(
        '<select class="jl-in form-select jl-sel" name="{n}" id="{n}" aria-label="{}"{}>{}</select>',
        f"{label} {row + 1}",
        format_html(' aria-invalid="true" aria-describedby="{}-error"', name) if fault else "",
        lines,
        n=name,
    )
    return _with_fault(drawn, name, fault)


def _with_fault(drawn: SafeString, name: str, fault: Text | None) -> SafeString:
    if not fault:
        return drawn
    hint = '{}<span class="form-hint jl-stop" id="{}-error">{} {}</span>'
    return format_html(hint, drawn, name, drawings.shape("octagon-cross"), in_words(fault))
