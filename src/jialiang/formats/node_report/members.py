"""What a member of a report must be: each test tells the kind of fault, empty where there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from jialiang.formats.node_report.errors import fault
from jialiang.kernel.text import Text

Test = Callable[[Any], Text | None]
LONGEST_PREFIX = 255
_PREFIX = re.compile(r"[^\s./\x00-\x1f\x7f]+(?:\.[^\s./\x00-\x1f\x7f]+)*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)


def moment_text(moment: datetime) -> str:
    """Return a moment as reports write it: UTC, whole seconds."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def parsed_moment(text: str) -> datetime:
    """Return the moment that :func:`moment_text` wrote. Raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def text(given: Any) -> Text | None:
    """Test for a text, which may be empty."""
    return None if isinstance(given, str) else fault("text")


def filled(given: Any) -> Text | None:
    """Test for a text that is not empty."""
    return None if isinstance(given, str) and given else fault("filled text")


def number(least: int) -> Test:
    """Return the test for a whole number."""

    def tested(given: Any) -> Text | None:
        good = isinstance(given, int) and not isinstance(given, bool) and given >= least
        return None if good else fault("number", least=least)

    return tested


def one_of(words: Sequence[str]) -> Test:
    """Return the test for one of some words."""

    def tested(given: Any) -> Text | None:
        good = isinstance(given, str) and given in words
        return None if good else fault("one of", expected=", ".join(words))

    return tested


def day(given: Any) -> Text | None:
    """Test for a day of the calendar."""
    return None if _is_made_by(date.fromisoformat, _DAY, given) else fault("day")


def moment(given: Any) -> Text | None:
    """Test for a moment in UTC."""
    return None if _is_made_by(parsed_moment, _MOMENT, given) else fault("moment")


def time_zone(given: Any) -> Text | None:
    """Test for the name of a time zone that is known here."""
    try:
        return None if isinstance(given, str) and ZoneInfo(given) else fault("time zone")
    except (ValueError, OSError, KeyError):
        return fault("time zone")


def prefix(given: Any) -> Text | None:
    """Test for a prefix."""
    good = isinstance(given, str) and len(given) <= LONGEST_PREFIX and _PREFIX.fullmatch(given)
    return None if good else fault("prefix")


def prefix_or_empty(given: Any) -> Text | None:
    """Test for a prefix or the empty text."""
    return None if given == "" else prefix(given)


def content(given: Any) -> Text | None:
    """Test for an object."""
    return None if isinstance(given, dict) else fault("object")


def content_or_null(given: Any) -> Text | None:
    """Test for an object or null."""
    return None if given is None or isinstance(given, dict) else fault("object or null")


def names(given: Any) -> Text | None:
    """Test for a name in both languages."""
    good = isinstance(given, dict) and set(given) == {"zh", "en"} and all(map(_is_text, given.values()))
    return None if good else fault("names")


def holder(given: Any) -> Text | None:
    """Test for whom a prefix belongs to: name in both languages and credit code."""
    good = isinstance(given, dict) and set(given) == {"name", "credit_code"} and names(given["name"]) is None
    return None if good and _is_text(given["credit_code"]) else fault("holder")


def first_fault(given: Mapping[str, Any], tests: Mapping[str, Test]) -> tuple[str, Text] | None:
    """Return the first member that is wrong, with what is wrong; None where every one is right."""
    for name, test in tests.items():
        wrong = test(given[name]) if name in given else fault("missing")
        if wrong is not None:
            return name, wrong
    stranger = next((name for name in given if name not in tests), None)
    return None if stranger is None else (_shown(stranger), fault("unknown member"))


def _is_made_by(make: Callable[[str], object], form: re.Pattern[str], given: Any) -> bool:
    if not isinstance(given, str) or not form.fullmatch(given):
        return False
    try:
        make(given)
    except ValueError:
        return False
    return True


def _is_text(given: Any) -> bool:
    return isinstance(given, str)


def _shown(name: str) -> str:
    return name[:40].replace("{", "(").replace("}", ")")
