"""Components that hold other content: facts, lists of checks, timelines, notes, steps, bars."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from jialiang.console import drawings
from jialiang.console.states import look_of
from jialiang.console.templatetags.jl_numbers import moment as written_moment
from jialiang.console.wording import in_words
from jialiang.kernel.text import Text

register = template.Library()
NOTE_SHAPES = {"stop": "octagon-bar", "warn": "diamond-mark", "info": "information", "ok": "circle-tick"}


@register.simple_block_tag
def facts(content: str) -> SafeString:
    """Hold the four facts asked most: ``{% facts %}{% fact "…" %}…{% endfact %}{% endfacts %}``."""
    return format_html('<dl class="jl-facts">{}</dl>', content)


@register.simple_block_tag
def fact(content: str, label: Text | str, small: Text | str = "") -> SafeString:
    """Draw one fact: a small label, the strong answer, and a line below it if ``small`` is given."""
    below = format_html("<small>{}</small>", in_words(small)) if small else ""
    return format_html("<div><dt>{}</dt><dd>{}{}</dd></div>", in_words(label), _trimmed(content), below)


@register.simple_block_tag
def strip(content: str) -> SafeString:
    """Hold facts in one dense line; each is a ``{% fact %}``."""
    return format_html('<dl class="jl-strip">{}</dl>', content)


@register.simple_block_tag
def kv(content: str, *, double: bool = False) -> SafeString:
    """Hold label and value pairs, in two columns with ``double``."""
    return format_html('<dl class="jl-kv{}">{}</dl>', " jl-kv-2" if double else "", content)


@register.simple_block_tag
def pair(content: str, label: Text | str) -> SafeString:
    """Draw one label and its value; an empty value is a dash."""
    return format_html("<dt>{}</dt><dd>{}</dd>", in_words(label), _trimmed(content) or "—")


@register.simple_block_tag
def rules(content: str) -> SafeString:
    """Hold the rows of a message (which rule, since when, who, what now); each is a ``{% pair %}``."""
    return format_html('<dl class="jl-rule">{}</dl>', content)


@register.simple_block_tag
def checks(content: str) -> SafeString:
    """Hold a list of checks."""
    return format_html('<ul class="jl-checks">{}</ul>', content)


@register.simple_block_tag
def check(content: str, state: str, evidence: Text | str = "") -> SafeString:
    """Draw one check: its shape, the sentence, and the evidence at the end. States: see ``check`` in states.json."""
    look = look_of("check", state)
    drawn = format_html('{}<span class="jl-vh">{}</span>', drawings.shape(look.shape), in_words(look.word))
    return format_html(
        '<li><span class="jl-{}">{}</span><span>{}</span><span class="jl-2nd">{}</span></li>',
        look.kind,
        drawn,
        _trimmed(content),
        in_words(evidence),
    )


@register.simple_block_tag
def timeline(content: str) -> SafeString:
    """Hold a history, newest first."""
    return format_html('<ol class="jl-line">{}</ol>', content)


@register.simple_block_tag
def entry(
    content: str,
    at: datetime | None,
    title: Text | str,
    noun: str = "",
    state: str = "",
    who: Text | str = "",
) -> SafeString:
    """Draw one entry of a timeline: the state it led to as shape, when, what, who; details stand inside."""
    drawn = drawings.shape("small-ring", "idle")
    if noun:
        look = look_of(noun, state)
        drawn = drawings.shape(look.shape, look.kind)
    by = format_html(" · {}", in_words(who)) if who else ""
    when = format_html('<span class="jl-3rd">{}{}</span>', written_moment(at), by)
    body = format_html('<div class="jl-2nd">{}</div>', _trimmed(content)) if _trimmed(content) else ""
    return format_html('<li>{}{}<b class="jl-block">{}</b>{}</li>', drawn, when, in_words(title), body)


@register.simple_block_tag
def note(content: str, kind: str = "info") -> SafeString:
    """Draw a note: a shape and a sentence with the way out, at most one on a page."""
    return format_html(
        '<div class="jl-note jl-{}"{}>{}<div>{}</div></div>',
        kind,
        SafeString(' role="alert"') if kind == "stop" else "",
        drawings.shape(NOTE_SHAPES[kind]),
        _trimmed(content),
    )


@register.simple_tag
def steps(names: Iterable[Text | str], current: int, label: Text | str = "") -> SafeString:
    """Draw the steps of a task; those before ``current`` (from 0) are done."""
    items = format_html_join("", "<li{}>{}{}</li>", (_step(i, name, current) for i, name in enumerate(names)))
    return format_html('<ol class="jl-steps"{}>{}</ol>', _labelled(in_words(label)), items)


@register.simple_block_tag
def bar(content: str) -> SafeString:
    """Draw the sticky bar of a task: what is still missing, and the decision."""
    return format_html('<div class="jl-bar">{}</div>', content)


@register.simple_block_tag
def card(content: str, title: Text | str = "", *, body: bool = True, aside: Text | str = "") -> SafeString:
    """Draw a card; ``body=False`` lets a table or a list reach its edges, ``aside`` stands at the end of its head."""
    end = format_html('<span class="jl-push jl-cap">{}</span>', in_words(aside)) if aside else ""
    head = (
        format_html('<div class="card-header"><h2 class="card-title">{}</h2>{}</div>', in_words(title), end)
        if title
        else ""
    )
    inside = format_html('<div class="card-body">{}</div>', content) if body else content
    return format_html('<section class="card">{}{}</section>', head, inside)


@register.simple_block_tag
def scroller(content: str, label: Text | str) -> SafeString:
    """Hold a table or chart that may be wider than the screen: a labelled region that takes the focus."""
    return format_html(
        '<div class="jl-scroll" role="region" tabindex="0" aria-label="{}">{}</div>', in_words(label), content
    )


def _trimmed(content: str) -> SafeString:
    """Drop the space around what a block holds; it was escaped when the block was rendered."""
    return SafeString(content.strip())


def _step(number: int, name: Text | str, current: int) -> tuple[SafeString, SafeString, str]:
    if number < current:
        return SafeString(' class="done"'), drawings.shape("circle-tick"), in_words(name)
    if number == current:
        return SafeString(' aria-current="step"'), drawings.shape("half-circle"), in_words(name)
    return SafeString(""), drawings.shape("ring"), in_words(name)


def _labelled(label: str) -> SafeString | str:
    return format_html(' aria-label="{}"', label) if label else ""
