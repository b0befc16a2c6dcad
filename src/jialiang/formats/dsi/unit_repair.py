"""What somebody probably meant who wrote a unit that the D-SI does not know."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable

from jialiang.science.errors import UnitSyntax, UnknownUnit
from jialiang.science.units import display_unit, parse_unit

_PREFIXES = (
    "quetta", "ronna", "yotta", "zetta", "exa", "peta", "tera", "giga", "mega", "kilo", "hecto", "deca", "deci",
    "centi", "milli", "micro", "nano", "pico", "femto", "atto", "zepto", "yocto", "ronto", "quecto",
)  # fmt: skip
_OTHER_NAMES = {
    "meter": "metre", "meters": "metre", "metres": "metre", "liter": "litre", "liters": "litre", "litres": "litre",
    "celsius": "degreecelsius", "degc": "degreecelsius", "torr": "mmhg", "sec": "second", "grams": "gram",
    "angstroem": "angstrom", "milimetre": "millimetre",
}  # fmt: skip
_POWER_SIGN = re.compile(r"\^\{?([+-]?[0-9]+(?:\.[0-9]+)?)\}?")
_POWER_WORD = re.compile(r"\\(squared|cubed)")
_NAME = re.compile(r"[A-Za-z]+")
_ANY_PREFIX = "|".join(_PREFIXES)
_TWO_PREFIXES = re.compile(rf"\\({_ANY_PREFIX})\\({_ANY_PREFIX})(?=\\[A-Za-z])")
_OF_KILOGRAM = re.compile(rf"\\({_ANY_PREFIX})\\kilogram(?![A-Za-z])")
_ZEROTH_POWER = re.compile(
    rf"(?:\\per)?(?:\\(?:{_ANY_PREFIX}))?\\(?!per|tothe)[A-Za-z]+\\tothe\{{[+-]?0+(?:\.0+)?\}}"
)
_ALIKE = 0.8


def suggestion_for(text: str, names: tuple[str, ...], is_unit: Callable[[str], bool]) -> str | None:
    """Return the unit that ``text`` was probably meant as, one that ``is_unit`` accepts; None if none is near.

    Tried in turn: spaces, signs and capitals put right, two prefixes made one and zeroth powers left out, every
    name read as prefix and unit, similar names, symbols.
    """
    tidy = _tidied(text)
    for candidate in (
        tidy,
        simplified(tidy),
        _renamed(tidy, names, exactly=True),
        _renamed(tidy, names, exactly=False),
    ):
        if candidate and candidate != text and is_unit(candidate):
            return candidate
    return _by_symbol(text, is_unit)


def _tidied(text: str) -> str:
    """Take out blanks, write powers as the D-SI does, put one backslash before each name."""
    plain = _POWER_SIGN.sub(r"\\tothe{\1}", text.replace("{{", "{").replace("}}", "}"))
    plain = _POWER_WORD.sub(lambda word: r"\tothe{2}" if word[1] == "squared" else r"\tothe{3}", plain)
    plain = re.sub(r"\{\s*([+-]?)\s*([0-9]*)\s*,\s*([0-9]+)\s*\}", r"{\1\2.\3}", plain)
    plain = re.sub(r"\s*([{}])\s*", r"\1", plain)
    plain = re.sub(r"[\\\s/·*]+(?=[A-Za-z])", r"\\", plain.strip())
    if plain and plain[0] != "\\":
        plain = "\\" + plain
    return plain.rstrip()


def simplified(text: str) -> str | None:
    """Make one prefix of two, and leave out what stands to the power of zero; None where no prefix is the product."""
    try:
        plain = _OF_KILOGRAM.sub(lambda found: _product(found[1], "kilo") + "\\gram", text)
        plain = _TWO_PREFIXES.sub(lambda found: _product(found[1], found[2]), plain)
    except KeyError:
        return None
    return _ZEROTH_POWER.sub("", plain) or ("\\one" if text else None)


def _product(first: str, second: str) -> str:
    """Return the prefix that is the product of two, with its backslash; raises KeyError if there is none."""
    scales = {parse_unit(f"\\{prefix}\\metre").factor: f"\\{prefix}" for prefix in _PREFIXES}
    scales[parse_unit("\\metre").factor] = ""
    return scales[parse_unit(f"\\{first}\\metre").factor * parse_unit(f"\\{second}\\metre").factor]


def _renamed(text: str, names: tuple[str, ...], *, exactly: bool) -> str | None:
    """Replace every name by the unit it names, with its prefix if it has one."""
    pieces: list[str] = []
    position = 0
    for match in _NAME.finditer(text):
        known = _named(match[0], names, exactly=exactly)
        if known is None:
            return None
        pieces.append(text[position : match.start()].rstrip("\\") + known)
        position = match.end()
    return "".join(pieces) + text[position:]


def _named(word: str, names: tuple[str, ...], *, exactly: bool) -> str | None:
    lower = _OTHER_NAMES.get(word.lower(), word.lower())
    spellings = {"per": "\\per", "tothe": "\\tothe"}
    spellings |= {name: f"\\{name}" for name in (*_PREFIXES, *names)}
    spellings |= {
        prefix + name: f"\\{prefix}\\{name}" for prefix in _PREFIXES for name in names if name != "kilogram"
    }
    if lower in spellings:
        return spellings[lower]
    if exactly:
        return None
    near = difflib.get_close_matches(lower, spellings, n=1, cutoff=_ALIKE)
    return spellings[near[0]] if near else None


def _by_symbol(text: str, is_unit: Callable[[str], bool]) -> str | None:
    """Return the unit whose symbol ``text`` is, as the table of units finds it: ``mg`` is ``\\milli\\gram``."""
    if "\\" in text or len(text) > 6:
        return None
    try:
        parse_unit(text)
    except (UnknownUnit, UnitSyntax) as problem:
        found = problem.facts.get("suggestion")
        if (
            isinstance(found, str)
            and is_unit(found)
            and text in (display_unit(found, "en"), display_unit(found, "zh"))
        ):
            return found
    return None
