"""Numbers, quantities, identifiers and dates in templates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jialiang.console.numbers import NO_BREAK_SPACE, longest_fraction, on_screen, split_number, with_unit
from jialiang.console.wording import distance, heading_date, in_words, reading_language, time_zone_in_words
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text
from jialiang.science.units import display_unit

register = template.Library()
MOST_ALIGNED = 9
ABSENT = SafeString("—")


@register.simple_tag
def number_cell(value: object, fraction: int = 0, *, signed: bool = False, extra: str = "") -> SafeString:
    """Draw a table cell aligned on the decimal point.

    ``fraction`` is the longest fraction of the column (see the filter ``decimals_of``); an absent value is a dash.
    """
    if value is None or value == "":
        return format_html(
            '<td class="jl-num jl-f{}{}">—<span class="f"></span></td>', _aligned(fraction), _more(extra)
        )
    return format_html(
        '<td class="jl-num jl-f{}{}">{}</td>', _aligned(fraction), _more(extra), _parts(value, signed=signed)
    )


@register.simple_tag
def changed_cell(
    old: object, new: object, fraction: int = 0, *, note: object = "", href: str = "", signed: bool = False
) -> SafeString:
    """Draw a cell whose value was amended: the old one struck through, the number leads to who, when and why."""
    mark = (
        format_html('<sup><a href="{}">{}</a></sup>', href, note)
        if href
        else format_html("<sup>{}</sup>", note)
    )
    return format_html(
        '<td class="jl-num jl-f{} is-changed"><del class="jl-old">{}</del>{}{}</td>',
        _aligned(fraction),
        on_screen(old, signed=signed),
        _parts(new, signed=signed),
        mark if note else "",
    )


@register.simple_tag
def quantity(
    value: object,
    unit: Text | str = "",
    u: object = None,
    k: object = None,
    *,
    signed: bool = False,
    big: bool = False,
) -> SafeString:
    """Draw value, unit and expanded uncertainty as one unbreakable thing: ``20.013 ℃ ± 0.012 ℃ (k = 2)``."""
    unit = in_words(unit)
    shown = format_html("<b>{}</b>{}", on_screen(value, signed=signed), with_unit("", unit))
    if u not in {None, ""}:
        shown += format_html(
            '{}<span class="pm">±{}{}</span>', NO_BREAK_SPACE, NO_BREAK_SPACE, with_unit(on_screen(u), unit)
        )
    if k not in {None, ""}:
        shown += format_html('{0}<span class="k">(<i>k</i>{0}={0}{1})</span>', NO_BREAK_SPACE, on_screen(k))
    return format_html('<span class="jl-q{}">{}</span>', " jl-q-big" if big else "", shown)


@register.simple_tag
def symbol(letters: str, index: str = "") -> SafeString:
    """Draw the symbol of a quantity: the letter italic, a descriptive index upright."""
    return format_html(
        '<i class="jl-sym">{}</i>{}', letters, format_html("<sub>{}</sub>", index) if index else ""
    )


@register.simple_tag
def identifier(text: object, *, big: bool = False) -> SafeString:
    """Draw an identifier, serial number or code: slashed zero, I l 1 told apart."""
    return format_html('<span class="jl-code{}">{}</span>', " jl-code-big" if big else "", text)


@register.simple_tag(takes_context=True)
def due(context: Context, day: date | None, *, expiry: bool = False, closed: bool = False) -> SafeString:
    """Draw a date with its distance from today below; ``closed`` drops the distance, where nothing is due any more."""
    if day is None:
        return format_html('<span class="jl-3rd">{}</span>', "—")
    if closed:
        return format_html('<time datetime="{0}">{0}</time>', day.isoformat())
    far = distance(day, context["today"], expiry=expiry)
    colour = format_html(' class="jl-{}"', far.kind) if far.kind else ""
    return format_html(
        '<time datetime="{0}">{0}</time><small{1}>{2}</small>', day.isoformat(), colour, far.words
    )


@register.simple_tag(takes_context=True)
def due_cell(
    context: Context, day: date | None, *, expiry: bool = False, closed: bool = False, extra: str = ""
) -> SafeString:
    """Draw :func:`due` as a table cell."""
    return format_html(
        '<td class="jl-due{}">{}</td>', _more(extra), due(context, day, expiry=expiry, closed=closed)
    )


@register.filter
def number(value: object) -> str:
    """Write decimal text for a sentence: true minus, narrow groups."""
    return on_screen(value)


@register.filter
def signed_number(value: object) -> str:
    """Write an error or a change: always with its sign, zero without."""
    return on_screen(value, signed=True)


@register.filter
def unit(dsi: str | None) -> str:
    """Write a D-SI unit as it is printed in the language of the page; what is no unit stays as it is."""
    try:
        return display_unit(dsi, reading_language()) if dsi else ""
    except InvalidInput:
        return str(dsi)


@register.filter
def decimals_of(rows: Iterable[object], member: str = "") -> int:
    """Return the longest fraction of a column: of the rows themselves, or of their ``member``."""
    return longest_fraction(_member(row, member) if member else row for row in rows)


@register.filter
def day(value: date | datetime | None) -> SafeString:
    """Write a date as ``2026-06-16``; a moment is shown on its date in the institute's time zone."""
    if value is None:
        return ABSENT
    shown = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{0}">{0}</time>', shown.isoformat())


@register.filter(name="heading_date")
def written_heading_date(value: date) -> str:
    """Write a date as in a heading: ``Tuesday, 16 June 2026``."""
    return heading_date(value)


register.filter("time_zone_in_words", time_zone_in_words)


@register.filter
def moment(value: datetime | None) -> SafeString:
    """Write a moment as ``2026-06-16 15:47:30`` in the institute's time zone, machine-readable with offset."""
    if value is None:
        return ABSENT
    local = timezone.localtime(value)
    written = local.strftime("%Y-%m-%d %H:%M:%S")
    return format_html(
        '<time datetime="{}" class="jl-nowrap">{}</time>', local.isoformat(timespec="seconds"), written
    )


def _parts(value: object, *, signed: bool) -> SafeString:
    parts = split_number(value, signed=signed)
    return format_html('{}<span class="f">{}</span>{}', parts.whole, parts.fraction, parts.power)


def _member(row: object, member: str) -> object:
    return row.get(member) if isinstance(row, dict) else getattr(row, member, None)


def _aligned(fraction: int) -> int:
    return max(0, min(int(fraction or 0), MOST_ALIGNED))


def _more(classes: str) -> str:
    return f" {classes}" if classes else ""
