"""Words that pages build from values: distances in days, dates, texts in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from jialiang.kernel.text import Language, Text

SOON_DAYS = 15


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a date is from today, in words, and how loud that is: ``stop``, ``warn`` or nothing."""

    words: str
    kind: str = ""


def reading_language() -> Language:
    """Return ``zh`` or ``en``, the language of the page."""
    return "en" if (get_language() or "zh").startswith("en") else "zh"


def in_words(text: Text | str | None) -> str:
    """Return a bilingual text in the language of the page; a plain text stays as it is."""
    if isinstance(text, Text):
        return text.in_language(reading_language())
    return text or ""


def distance(day: date, today: date, *, expiry: bool = False) -> Distance:
    """Say how far ``day`` is from ``today``: late is ``stop``, within 15 days ``warn``.

    A due date is *late* after its day; with ``expiry`` the day is the last one of validity, after it is *expired*.
    """
    days = (day - today).days
    if days < 0 and expiry:
        return Distance(
            ngettext("expired %(n)s day ago", "expired %(n)s days ago", -days) % {"n": -days}, "stop"
        )
    if days < 0:
        return Distance(ngettext("%(n)s day late", "%(n)s days late", -days) % {"n": -days}, "stop")
    if days == 0:
        return Distance(gettext("today"), "warn")
    kind = "warn" if days <= SOON_DAYS else ""
    return Distance(ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}, kind)


def time_zone_in_words(name: str) -> str:
    """Name a time zone as people do: Beijing time, or its IANA name."""
    return gettext("Beijing time (UTC+8)") if name == "Asia/Shanghai" else name


def heading_date(day: date) -> str:
    """Write a date as in a heading: ``2026 年 6 月 16 日，星期二`` or ``Tuesday, 16 June 2026``."""
    return date_format(day, gettext("l, j F Y"))
