"""How numbers, units, intervals and moments stand on paper: typographic minus, narrow groups, decimal points in line.

Decimal text is kept as it is reported: ``10.000`` never becomes ``10``. Nothing is rounded here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jialiang.formats.pdf.errors import ContentUnsuitable
from jialiang.kernel.text import Language
from jialiang.science.units import display_unit

MINUS = "\N{MINUS SIGN}"
NARROW = "\N{THIN SPACE}"
NO_BREAK = "\N{NO-BREAK SPACE}"
GROUPED_FROM = 5  # digits on one side of the point; four stay together
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_NUMBER = re.compile(r"([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,9}))?", re.ASCII)
_WHOLE_SYMBOLS = {"°", "′", "″"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a column: ``text`` is printed, ``lead`` and ``trail`` only take up the room of their letters."""

    text: str
    lead: str = ""
    trail: str = ""


def shown_number(text: str, *, signed: bool = False, grouped: bool | None = None) -> str:
    """Write decimal text for readers: ``-0.00005`` → ``−0.000 05``; ``signed`` puts + before what is above zero.

    ``grouped`` settles whether digits stand in threes (otherwise from five digits on); other text is left alone.
    """
    parts = _NUMBER.fullmatch(text.strip())
    if parts is None:
        return text.strip()
    sign, whole, fraction, exponent = parts[1], parts[2], parts[3] or "", parts[4]
    if grouped is None:
        grouped = _wants_groups(whole, fraction)
    written = _grouped(whole, fraction) if grouped else _joined(whole, fraction)
    power = f" × 10{str(int(exponent)).translate(_SUPERSCRIPTS)}" if exponent else ""
    return _sign(sign, whole + fraction, signed=signed) + written + power.replace(" ", NO_BREAK)


def aligned(texts: Sequence[str], *, signed: bool = False) -> tuple[Figure, ...]:
    """Give the numbers of a column the room that puts their decimal points on one line."""
    parts = [_NUMBER.fullmatch(text.strip()) for text in texts]
    grouped = any(p is not None and _wants_groups(p[2], p[3] or "") for p in parts)
    shown = [shown_number(text, signed=signed, grouped=grouped) for text in texts]
    plain = [p is not None and p[4] is None for p in parts]
    halves = [_halves(text) for text, is_plain in zip(shown, plain, strict=True) if is_plain]
    longest_head = max((head for head, _ in halves), key=len, default="")
    longest_tail = max((tail for _, tail in halves), key=len, default="")
    return tuple(
        _figure(text, longest_head, longest_tail) if is_plain else Figure(text)
        for text, is_plain in zip(shown, plain, strict=True)
    )


def shown_unit(unit: str, language: Language) -> str:
    r"""Write a D-SI unit in print: ``\degreecelsius`` → ``℃`` (zh), ``°C`` (en), ``\one`` → empty text.

    What has no backslash is no D-SI and is returned as given; an unknown D-SI unit raises UnknownUnit.
    """
    return display_unit(unit, language) if "\\" in unit else unit


def with_unit(number: str, unit: str) -> str:
    """Join a shown number and a shown unit by a space that does not break, except before ° ′ ″."""
    return number + ("" if not unit or unit in _WHOLE_SYMBOLS else NO_BREAK) + unit


def shown_percent(probability: str) -> str:
    """Write a probability of decimal text as per cent, exactly: ``0.9545`` → ``95.45 %``.

    What lies outside of 0 to 1 is no probability and raises ContentUnsuitable, as does what is no decimal text.
    """
    parts = _NUMBER.fullmatch(probability.strip())
    if parts is None or parts[4] is not None or not 0 <= Decimal(parts[0]) <= 1:
        raise ContentUnsuitable(member="coverage_probability", given=probability)
    digits = (parts[3] or "").ljust(2, "0")
    whole = (parts[2] + digits[:2]).lstrip("0") or "0"
    fraction = digits[2:].rstrip("0")
    return f"{_joined(whole, fraction)}{NO_BREAK}%"


def moment(text: str) -> datetime:
    """Read an RFC 3339 moment; one without an offset raises ContentUnsuitable."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise ContentUnsuitable(member="signing_time", given=text) from error
    if read.tzinfo is None:
        raise ContentUnsuitable(member="signing_time", given=text)
    return read


def local_moment(text: str, time_zone: str) -> tuple[str, str]:
    """Write a moment in the institute's time zone and that zone's offset: ``2026-06-16 15:47:30``, ``UTC+08:00``."""
    try:
        local = moment(text).astimezone(ZoneInfo(time_zone))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ContentUnsuitable(member="time_zone", given=time_zone) from error
    except OverflowError as error:
        raise ContentUnsuitable(member="signing_time", given=text) from error
    offset = local.strftime("%z")
    return local.strftime("%Y-%m-%d %H:%M:%S"), f"UTC{offset[:3].replace('-', MINUS)}:{offset[3:5]}"


def _wants_groups(whole: str, fraction: str) -> bool:
    return len(whole) >= GROUPED_FROM or len(fraction) >= GROUPED_FROM


def _grouped(whole: str, fraction: str) -> str:
    first = len(whole) % 3 or 3
    heads = [whole[:first], *(whole[i : i + 3] for i in range(first, len(whole), 3))]
    tails = [fraction[i : i + 3] for i in range(0, len(fraction), 3)]
    return _joined(NARROW.join(heads), NARROW.join(tails))


def _joined(whole: str, fraction: str) -> str:
    return f"{whole}.{fraction}" if fraction else whole


def _sign(sign: str, digits: str, *, signed: bool) -> str:
    if not digits.strip("0"):
        return ""
    if sign == "-":
        return MINUS
    return "+" if signed or sign == "+" else ""


def _halves(text: str) -> tuple[str, str]:
    head, point, tail = text.partition(".")
    return head, point + tail


def _figure(text: str, longest_head: str, longest_tail: str) -> Figure:
    head, tail = _halves(text)
    return Figure(text, longest_head[: len(longest_head) - len(head)], longest_tail[len(tail) :])
