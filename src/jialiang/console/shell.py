"""The frame of every page: navigation by role, the search, what all templates know.

A screen registers its entry when its module is imported (``urls.py`` imports them all); the frame shows what the
person's roles allow, in a fixed order, whatever the order of the imports was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext, gettext_noop

from jialiang.console.preferences import LANGUAGE_TAGS, theme_of
from jialiang.console.wording import in_words, reading_language
from jialiang.kernel.clock import utc_now
from jialiang.security.actor import Actor
from jialiang.vocabulary.roles import roles

GROUPS = {
    "work": gettext_noop("Work"),
    "business": gettext_noop("Business"),
    "quantities": gettext_noop("Measurement"),
    "resources": gettext_noop("Resources"),
    "organization": gettext_noop("Organization"),
}
THUMB_LINKS = 4


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many things wait for the person; ``stops`` says that they stop work."""

    number: int
    stops: bool = False


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One entry of the navigation.

    ``label`` is an English msgid marked with ``gettext_noop``; ``roles`` who sees it (``everyone`` if empty), where
    ``opens`` says so of the person, if it is given;
    ``count`` says what waits for the person; ``thumb`` is the short msgid on a phone's bar; ``home_of`` the roles
    whose first page after sign-in this is.
    """

    label: str
    url_name: str
    icon: str
    group: str
    order: int
    roles: frozenset[str] = frozenset()
    opens: Callable[[Actor], bool] | None = None
    count: Callable[[Actor, datetime], Waiting] | None = None
    thumb: str = ""
    home_of: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one person sees it."""

    label: str
    url: str
    icon: str
    current: bool
    waiting: Waiting | None
    thumb: str


_entries: dict[str, NavEntry] = {}


def register(entry: NavEntry) -> None:
    """Take an entry into the navigation; the same name again replaces it."""
    if entry.group not in GROUPS:
        raise ValueError(f"no group {entry.group!r}; there are {', '.join(GROUPS)}")
    _entries[entry.url_name] = entry


def entries_for(actor: Actor) -> list[NavEntry]:
    """Return what the roles of ``actor`` open, in the order of the column."""
    groups = list(GROUPS)
    by_role = [entry for entry in _entries.values() if not entry.roles or entry.roles & actor.roles]
    seen = [entry for entry in by_role if entry.opens is None or entry.opens(actor)]
    return sorted(seen, key=lambda entry: (groups.index(entry.group), entry.order))


def thing_url(noun: str, *args: object) -> str:
    """Return the page of one thing; its URL is named as its noun. Empty where the noun has no page."""
    try:
        return reverse(noun, args=args)
    except NoReverseMatch:
        return ""


def landing_url(actor: Actor) -> str:
    """Return where a person arrives after sign-in: the page of the first role that has one, else home."""
    for entry in entries_for(actor):
        if entry.home_of & actor.roles:
            return reverse(entry.url_name)
    return reverse("home")


def navigation(actor: Actor, path: str, now: datetime) -> list[tuple[str, list[Link]]]:
    """Return the groups with their links; the entry with the longest matching address is the current one."""
    entries = entries_for(actor)
    urls = {entry.url_name: reverse(entry.url_name) for entry in entries}
    current = max((url for url in urls.values() if path.startswith(url)), key=len, default="")
    if current == reverse("home") and path != current:
        current = ""
    groups: dict[str, list[Link]] = {}
    for entry in entries:
        url = urls[entry.url_name]
        waiting = entry.count(actor, now) if entry.count else None
        thumb = gettext(entry.thumb) if entry.thumb else ""
        link = Link(gettext(entry.label), url, entry.icon, url == current, waiting, thumb)
        groups.setdefault(gettext(GROUPS[entry.group]), []).append(link)
    return list(groups.items())


def thumb_links(groups: list[tuple[str, list[Link]]], path: str) -> list[Link]:
    """Return the links of a phone's bar: the first entries with a short name, and the search among them."""
    links = [link for _, group in groups for link in group if link.thumb][: THUMB_LINKS - 1]
    url, word = reverse("search"), gettext("Search")
    return [*links[:2], Link(word, url, "search", path == url, None, word), *links[2:]]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give every template the frame: language, theme, today, and for a signed-in person the navigation."""
    now = utc_now()
    language = reading_language()
    known: dict[str, Any] = {
        "page_language": LANGUAGE_TAGS[language],
        "other_language": "en" if language == "zh" else "zh-hans",
        "theme": theme_of(request),
        "now": now,
        "today": timezone.localdate(now),
        "actor": getattr(request, "actor", None),
        "tenant": getattr(request, "tenant", None),
    }
    if known["actor"] is not None and not request.headers.get("HX-Request"):
        groups = navigation(known["actor"], request.path, now)
        known |= {"navigation": groups, "thumbs": thumb_links(groups, request.path)}
        known["roles_in_words"] = roles_in_words(known["actor"])
    return known


def roles_in_words(actor: Actor) -> str:
    """Return the names of the roles, in the order of the vocabulary."""
    names = [in_words(role.name) for key, role in roles().items() if key in actor.roles]
    return gettext(", ").join(names)


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, fragment: str = "", status: int = 200
) -> HttpResponse:
    """Answer with the whole page, or with ``fragment`` alone when htmx asked; the answers never share a cache."""
    asked = bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted")
    response = render(request, fragment if fragment and asked else template, context, status=status)
    if fragment:
        patch_vary_headers(response, ["HX-Request", "HX-Boosted"])
    return response
