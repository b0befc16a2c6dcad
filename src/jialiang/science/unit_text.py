"""Units as people type them: ``kg/m3``, ``W m-2 K-4``, ``J/(mol K)``, ``mPa·s``, ``µV/K``, or in the D-SI spelling.

A slash divides by the next factor or by the parentheses after it; factors stand beside one another, or with a point
or a star between. Exponents follow the symbol: ``m3``, ``m^3``, ``m**3``, ``m³``. Factors are exact.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from jialiang.science.errors import UnitSyntax, UnknownUnit
from jialiang.science.units import DIMENSIONLESS, Dimension, parse_unit, suggested_unit, symbol_spellings

_SUPERSCRIPT = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_FACTOR = re.compile(
    r"([^\W\d_]+_?[^\W\d_]*|[°′″%‰'\"][CF]?|1)(?:(?:\^|\*\*)?([+-]?[0-9]{1,2})|\^\(([+-]?[0-9]{1,2})\))?"
)
_LONGEST = 120
_SMALLEST, _LARGEST = Fraction(1, 10**300), Fraction(10**300)


@dataclass(frozen=True, slots=True)
class UnitMeaning:
    """What a unit is for computing: SI value = ``factor`` × number + ``offset``; ``level`` names a logarithmic one.

    ``dsi`` is its D-SI spelling, empty where the D-SI has none.
    """

    text: str
    factor: Fraction
    offset: Fraction
    dimension: Dimension
    dsi: str = ""
    level: str = ""

    def same_scale(self, other: UnitMeaning) -> bool:
        """Whether numbers in both units may be added as they are: same dimension, factor and kind of level."""
        return (self.dimension, self.factor, bool(self.level)) == (
            other.dimension,
            other.factor,
            bool(other.level),
        )


@lru_cache(maxsize=4096)
def read_unit(text: str) -> UnitMeaning:
    """Read a unit as typed. Raises UnknownUnit, UnitSyntax."""
    written = text.strip()
    if not written or len(written) > _LONGEST:
        raise UnitSyntax(unit=text[:_LONGEST], token=text[:_LONGEST])
    if written.startswith("\\"):
        unit = parse_unit(written)
        return _of_usable_size(UnitMeaning(written, unit.factor, unit.offset, unit.dimension, dsi=written))
    if written in _table()["levels"]:
        return UnitMeaning(written, Fraction(1), Fraction(0), DIMENSIONLESS, level=written)
    factors = _Reader(written).whole()
    if len(factors) == 1 and factors[0][1] == 1:
        return _alone(written, factors[0][0])
    return _of_usable_size(_compound(written, factors))


def _of_usable_size(unit: UnitMeaning) -> UnitMeaning:
    """Refuse a unit whose factor to SI units no floating-point number can hold (``Tm99``)."""
    size = abs(unit.factor)
    if not _SMALLEST <= size <= _LARGEST:
        raise UnitSyntax(unit=unit.text, token=unit.text)
    return unit


class _Reader:
    """Takes a unit apart into (symbol, power)."""

    def __init__(self, text: str) -> None:
        self._written = text
        self._text = text.translate(_SUPERSCRIPT).replace("℃", "°C").replace("℉", "°F")
        self._place = 0

    def whole(self) -> list[tuple[str, int]]:
        """Return every factor with its power."""
        found = self._product(1, 0)
        if self._place < len(self._text):
            raise UnitSyntax(unit=self._written, token=self._text[self._place :])
        return found

    def _product(self, sign: int, depth: int) -> list[tuple[str, int]]:
        found: list[tuple[str, int]] = []
        power, divided = sign, False
        while self._place < len(self._text) and self._text[self._place] != ")":
            letter = self._text[self._place]
            if letter in " ·*.⋅":
                self._place += 1
            elif letter == "/" and not divided:
                self._place += 1
                power, divided = -sign, True
            else:
                found += self._factor(power, depth)
                power, divided = sign, False
        if divided or not found:
            raise UnitSyntax(unit=self._written, token=self._text[self._place :] or self._written)
        return found

    def _factor(self, power: int, depth: int) -> list[tuple[str, int]]:
        if self._text[self._place] == "(" and depth < 4:
            self._place += 1
            inside = self._product(power, depth + 1)
            if not self._text.startswith(")", self._place):
                raise UnitSyntax(unit=self._written, token=self._text[self._place :] or self._written)
            self._place += 1
            return inside
        match = _FACTOR.match(self._text, self._place)
        if match is None:
            raise UnitSyntax(unit=self._written, token=self._text[self._place :])
        self._place = match.end()
        return [(match[1], power * int(match[2] or match[3] or 1))]


def _alone(written: str, symbol: str) -> UnitMeaning:
    dsi = _dsi_of(symbol)
    if dsi is None:
        meaning = _compound(written, [(symbol, 1)])
        return replace(meaning, offset=Fraction(_table()["offsets"].get(symbol, "0")))
    unit = parse_unit(dsi)
    return UnitMeaning(written, unit.factor, unit.offset, unit.dimension, dsi=dsi)


def _compound(written: str, factors: list[tuple[str, int]]) -> UnitMeaning:
    factor, dimension = Fraction(1), DIMENSIONLESS
    tokens: list[str] | None = []
    for symbol, power in factors:
        dsi = _dsi_of(symbol)
        scale, own = _meaning_of(written, symbol, dsi)
        factor *= scale**power
        dimension = tuple(a + b * power for a, b in zip(dimension, own, strict=True))
        if dsi is None or tokens is None:
            tokens = None
        elif dsi != "\\one" or len(factors) == 1:
            tokens.append(
                ("\\per" if power < 0 else "") + dsi + (f"\\tothe{{{abs(power)}}}" if abs(power) > 1 else "")
            )
    return UnitMeaning(written, factor, Fraction(0), dimension, dsi="".join(tokens or ()))


def _meaning_of(written: str, symbol: str, dsi: str | None) -> tuple[Fraction, Dimension]:
    if dsi is not None:
        unit = parse_unit(dsi)
        return unit.factor, unit.dimension
    outside = _table()["outside"].get(symbol)
    if outside is None:
        raise UnknownUnit(unit=written, token=symbol, suggestion=suggested_unit(symbol))
    numerator, _, denominator = outside[0].partition("/")
    return Fraction(numerator) / Fraction(denominator or 1), tuple(Fraction(power) for power in outside[1])


@cache
def _dsi_of(symbol: str) -> str | None:
    if symbol.startswith(("u", "μ")) and len(symbol) > 1 and "µ" + symbol[1:] in symbol_spellings():
        return symbol_spellings()["µ" + symbol[1:]]
    if symbol in _table()["outside"]:
        return None
    return _table()["spellings"].get(symbol) or symbol_spellings().get(symbol)


@cache
def _table() -> dict[str, Any]:
    text = (resources.files("jialiang.science") / "unit_text.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


def level_facts(level: str) -> tuple[str, str | None]:
    """Return the scale (``10``, ``20``, ``1`` or ``neper``) of a logarithmic unit and its reference as text."""
    scale, reference = _table()["levels"][level]
    return scale, reference
