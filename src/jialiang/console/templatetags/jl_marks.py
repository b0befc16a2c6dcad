"""Icons, shapes, status marks and bilingual texts in templates."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jialiang.console import drawings
from jialiang.console.states import look_of
from jialiang.console.wording import in_words
from jialiang.kernel.text import Text

register = template.Library()
CURRENT = SafeString(' aria-current="page"')
SHARE_WIDTH = 88
SHARE_HEIGHT = 14


@register.simple_tag
def icon(name: str, label: str = "", *, small: bool = False) -> SafeString:
    """Draw an icon; where no word stands beside it, give ``label`` for those who cannot see it."""
    drawn = drawings.icon(name, small=small)
    return format_html('{}<span class="jl-vh">{}</span>', drawn, label) if label else drawn


@register.simple_tag
def shape(name: str, kind: str = "") -> SafeString:
    """Draw a bare status shape."""
    return drawings.shape(name, kind)


@register.simple_tag
def vessel() -> SafeString:
    """Draw the mark of the house."""
    return drawings.vessel()


@register.simple_tag
def status(noun: str, state: str, *, plain: bool = False, word: Text | str = "") -> SafeString:
    """Draw the status of a thing: colour, shape and word from ``states.json``; ``word`` says more than the usual."""
    look = look_of(noun, str(state))
    return mark(look.kind, look.shape, word or look.word, plain=plain)


@register.simple_tag
def mark(kind: str, shape_name: str, word: Text | str, *, plain: bool = False) -> SafeString:
    """Draw a mark that is no state of a noun: colour, shape and word."""
    return format_html(
        '<span class="jl-st jl-{}{}">{}{}</span>',
        kind,
        " jl-st-plain" if plain else "",
        drawings.shape(shape_name),
        in_words(word),
    )


@register.simple_tag
def status_shape(noun: str, state: str) -> SafeString:
    """Draw only the shape of a status, for places where its word stands anyway."""
    look = look_of(noun, str(state))
    return drawings.shape(look.shape, look.kind)


@register.simple_tag
def share(part: float, *, type_a: bool = False) -> SafeString:
    """Draw a bar for a share between 0 and 1; the figure stands beside it."""
    width = max(0.5, min(1.0, float(part)) * SHARE_WIDTH)
    return format_html(
        '<svg class="jl-share" viewBox="0 0 {w} {h}" aria-hidden="true"><rect class="bg" width="{w}" height="{h}"'
        ' rx="2"/><rect class="fg{a}" width="{p}" height="{h}" rx="2"/></svg>',
        w=SHARE_WIDTH,
        h=SHARE_HEIGHT,
        a="-a" if type_a else "",
        p=f"{width:.1f}",
    )


@register.simple_tag
def progress(done: int, total: int) -> SafeString:
    """Draw how far a task is: a bar, and the figures beside it."""
    width = 72 * done / total if total else 0
    return format_html(
        '<svg class="jl-prog" viewBox="0 0 72 6" preserveAspectRatio="none" aria-hidden="true"><rect class="bg"'
        ' width="72" height="6" rx="3"/><rect class="fg" width="{}" height="6" rx="3"/></svg><span>{} / {}</span>',
        f"{width:.1f}",
        done,
        total,
    )


@register.filter
def words(text: Text | str | None) -> str:
    """Return a bilingual text in the language of the page."""
    return in_words(text)


@register.simple_tag(takes_context=True)
def here(context: Context, url: str) -> SafeString:
    """Write ``aria-current`` into a link that leads to the page one is on."""
    return CURRENT if context["request"].path == url else SafeString("")
