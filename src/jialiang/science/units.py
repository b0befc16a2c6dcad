"""Units as the D-SI spells them (``\\milli\\gram``, ``\\metre\\per\\second``): meaning, print, conversion.

A unit is ``[\\per][\\prefix]\\unit[\\tothe{n}]`` once or more; ``\\per`` turns the next unit only. Factors
are exact fractions. The degree Celsius is affine where it stands alone; in a compound unit, and for
differences and uncertainties, it is the kelvin.
"""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from jialiang.kernel.text import Text
from jialiang.science.errors import UnitsNotConvertible, UnitSyntax, UnknownUnit
from jialiang.science.rounding import as_decimal

Dimension = tuple[Fraction, ...]
BASE_QUANTITIES = ("m", "kg", "s", "A", "K", "mol", "cd")
DIMENSIONLESS: Dimension = (Fraction(0),) * len(BASE_QUANTITIES)

_TOKEN = re.compile(r"\\([A-Za-z]+)(?:\{([+-]?[0-9]{1,3}(?:\.[0-9]{1,3})?)\})?")
_SUPERSCRIPTS = str.maketrans("-0123456789.", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹·")
_CONVERSION_DIGITS = 50


@dataclass(frozen=True, slots=True)
class UnitPart:
    """One factor of a unit: prefix and unit by their D-SI names, and the power (negative after ``\\per``)."""

    prefix: str
    name: str
    power: Fraction

    def symbol(self, language: str) -> str:
        """Return prefix symbol and unit symbol, without the power."""
        entry = _table()["units"][self.name]
        chinese = language.lower().startswith("zh")
        letters = entry.get("symbol_zh", entry["symbol"]) if chinese else entry["symbol"]
        return (_table()["prefixes"][self.prefix][0] if self.prefix else "") + str(letters)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit understood: SI value = ``factor`` × number + ``offset``; ``dimension`` as in BASE_QUANTITIES."""

    dsi: str
    parts: tuple[UnitPart, ...]
    factor: Fraction
    offset: Fraction
    dimension: Dimension

    def display(self, language: str) -> str:
        """Return the printed symbol: ``℃`` in Chinese, ``°C`` in English; empty for the unit one."""
        printed = [part for part in self.parts if part.symbol(language)]
        below = [part for part in printed if part.power < 0]
        if len(below) == 1 and len(printed) > 1:
            above = "·".join(_power(p.symbol(language), p.power) for p in printed if p.power > 0)
            return f"{above}/{_power(below[0].symbol(language), -below[0].power)}"
        return "·".join(_power(part.symbol(language), part.power) for part in printed)


@lru_cache(maxsize=4096)
def parse_unit(dsi: str) -> Unit:
    """Read a D-SI unit. Raises UnknownUnit (with the nearest spelling) and UnitSyntax."""
    parts = tuple(_parts(dsi))
    factor, dimension = Fraction(1), DIMENSIONLESS
    for part in parts:
        entry = _table()["units"][part.name]
        scale = Fraction(entry["factor"]) * Fraction(10) ** _exponent_of_ten(part.prefix)
        factor *= _raised(scale, part.power)
        if factor == 0:
            raise UnitSyntax(unit=dsi, token=f"\\tothe{{{float(abs(part.power)):g}}}")
        dimension = tuple(a + b * part.power for a, b in zip(dimension, entry["dimension"], strict=True))
    return Unit(dsi, parts, factor, _offset(parts), dimension)


def display_unit(dsi: str, language: str) -> str:
    """Return the printed symbol of a D-SI unit in ``zh`` or ``en``."""
    return parse_unit(dsi).display(language)


def quantity_text(number_text: str, dsi: str, language: str) -> str:
    """Return number and unit as printed: a space between them, none before the degrees of a plane angle."""
    symbol = display_unit(dsi, language)
    gap = "" if symbol in ("", "°", "′", "″") else " "
    return f"{number_text}{gap}{symbol}"


def are_convertible(source: str, target: str) -> bool:
    """Whether two D-SI units measure quantities of the same dimension."""
    return parse_unit(source).dimension == parse_unit(target).dimension


def convert(number: Decimal | int | str, *, source: str, target: str, difference: bool = False) -> Decimal:
    """Convert a number between units, to 50 digits and exact where it ends earlier.

    Raises UnitsNotConvertible, NotANumber, NumberOutOfBounds.
    ``difference=True`` for errors, corrections, steps and every uncertainty: 0.1 °C is then 0.1 K.
    """
    start, end = parse_unit(source), parse_unit(target)
    if start.dimension != end.dimension:
        raise UnitsNotConvertible(source=source, target=target)
    offset = Fraction(0) if difference else start.offset - end.offset
    exact = (Fraction(as_decimal(number)) * start.factor + offset) / end.factor
    with localcontext() as context:
        context.prec = _CONVERSION_DIGITS
        return Decimal(exact.numerator) / Decimal(exact.denominator)


def known_units() -> tuple[str, ...]:
    """Return the D-SI tokens of all units that stand without prefix, for forms and documentation."""
    return tuple(f"\\{name}" for name in _table()["units"])


def is_unit_token(name: str) -> bool:
    """Whether a token (without its backslash) is a unit, a prefix, ``per`` or ``tothe``."""
    return name in ("per", "tothe") or name in _table()["units"] or name in _table()["prefixes"]


@cache
def _table() -> dict[str, Any]:
    text = (resources.files("jialiang.science") / "unit_table.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


def _parts(dsi: str) -> list[UnitPart]:
    tokens = _tokens(dsi)
    parts: list[UnitPart] = []
    position = 0
    while position < len(tokens):
        sign, position = (-1, position + 1) if tokens[position] == ("per", "") else (1, position)
        prefix, position = _prefix_at(dsi, tokens, position)
        name, position = _unit_at(dsi, tokens, position, prefix)
        power = Fraction(sign)
        if position < len(tokens) and tokens[position][0] == "tothe":
            power *= _power_given(dsi, tokens[position][1])
            position += 1
        parts.append(UnitPart(prefix, name, power))
    return parts


def _tokens(dsi: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    position = 0
    while position < len(dsi):
        match = _TOKEN.match(dsi, position)
        if match is None or (match[2] is not None) != (match[1] == "tothe"):
            no_token = match is None and position == 0
            raise _unknown(dsi, dsi) if no_token else UnitSyntax(unit=dsi, token=dsi[position:])
        tokens.append((match[1], match[2] or ""))
        position = match.end()
    if not tokens:
        raise UnitSyntax(unit=dsi, token=dsi)
    return tokens


def _prefix_at(dsi: str, tokens: list[tuple[str, str]], position: int) -> tuple[str, int]:
    if position < len(tokens) and tokens[position][0] in _table()["prefixes"]:
        return tokens[position][0], position + 1
    return "", position


def _unit_at(dsi: str, tokens: list[tuple[str, str]], position: int, prefix: str) -> tuple[str, int]:
    name = tokens[position][0] if position < len(tokens) else ""
    if name not in _table()["units"]:
        misplaced = not name or name in ("per", "tothe") or name in _table()["prefixes"]
        token = f"\\{name}" if name else dsi
        raise UnitSyntax(unit=dsi, token=token) if misplaced else _unknown(dsi, token)
    if prefix and not _table()["units"][name].get("prefixable", True):
        raise UnitSyntax(unit=dsi, token=f"\\{prefix}\\{name}")
    return name, position + 1


def _power_given(dsi: str, text: str) -> Fraction:
    power = Fraction(text)
    if power == 0:
        raise UnitSyntax(unit=dsi, token=f"\\tothe{{{text}}}")
    return power


def symbol_spellings() -> dict[str, str]:
    """Return the D-SI spelling of every printed symbol, with every prefix that fits: ``mg`` is ``\\milli\\gram``."""
    return _symbols()


def suggested_unit(token: str) -> str | Text:
    """Return the D-SI unit nearest to what was written, or words saying that there is none."""
    written = token.strip()
    near = difflib.get_close_matches(written.lstrip("\\").lower(), _spellings(), n=1, cutoff=0.5)
    none = Text(zh="（没有相近的单位，请查单位表）", en="(nothing similar; see the table of units)")
    by_symbol = _symbols().get(written) or _symbols().get(written.lower())
    return by_symbol or (_spellings()[near[0]] if near else none)


def _unknown(dsi: str, token: str) -> UnknownUnit:
    return UnknownUnit(unit=dsi, token=token, suggestion=suggested_unit(token))


@cache
def _spellings() -> dict[str, str]:
    """Names as people write them, in lower case: ``milligram`` is ``\\milli\\gram``."""
    table = _table()
    names = {name.lower(): f"\\{name}" for name in (*table["prefixes"], *table["units"])}
    return {prefix + name: f"\\{prefix}\\{name}" for prefix, name in _prefixed()} | names


@cache
def _symbols() -> dict[str, str]:
    """Printed symbols, case kept: ``mg`` is ``\\milli\\gram``, ``℃`` is ``\\degreecelsius``."""
    prefixes, units = _table()["prefixes"], _table()["units"]
    prefixed = {prefixes[p][0] + units[n]["symbol"]: f"\\{p}\\{n}" for p, n in _prefixed()}
    plain = {u[key]: f"\\{n}" for n, u in units.items() for key in ("symbol", "symbol_zh") if u.get(key)}
    return prefixed | plain


def _prefixed() -> list[tuple[str, str]]:
    units = _table()["units"]
    fit = [name for name, unit in units.items() if unit.get("prefixable", True)]
    return [(prefix, name) for prefix in _table()["prefixes"] for name in fit]


def _exponent_of_ten(prefix: str) -> int:
    return int(_table()["prefixes"][prefix][1]) if prefix else 0


def _raised(scale: Fraction, power: Fraction) -> Fraction:
    if power.denominator == 1:
        return scale**power.numerator
    try:
        return Fraction(float(scale) ** float(power))
    except OverflowError:
        return Fraction(0)


def _offset(parts: tuple[UnitPart, ...]) -> Fraction:
    alone = len(parts) == 1 and not parts[0].prefix and parts[0].power == 1
    return Fraction(_table()["units"][parts[0].name].get("offset", "0")) if alone else Fraction(0)


def _power(symbol: str, power: Fraction) -> str:
    text = str(power) if power.denominator == 1 else f"{float(power):g}"
    return symbol if power == 1 else symbol + text.translate(_SUPERSCRIPTS)
