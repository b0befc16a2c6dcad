"""What a unit of the D-SI means, and what other systems call it: UCUM, QUDT, the SI Reference Point of the BIPM.

The D-SI writes units as ``[\\per][\\prefix]\\unit[\\tothe{n}]``, once or more. Units that ``jialiang.science`` knows
are taken from there; others that the D-SI names (nautical mile, natural and atomic units, bel, neper) stand here.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from jialiang.formats.dsi.unit_repair import simplified, suggestion_for
from jialiang.science.errors import UnitSyntax, UnknownUnit
from jialiang.science.units import DIMENSIONLESS, Dimension, is_unit_token, parse_unit

QUDT = "http://qudt.org/vocab/unit/"
SI_REFERENCE_POINT = "https://si-digital-framework.org/SI/units/"

_LONGEST = 500
_PART = re.compile(
    r"(?P<per>\\per)?(?P<tokens>(?:\\(?!per(?![A-Za-z])|tothe(?![A-Za-z]))[A-Za-z]+){1,2}?)"
    r"(?:\\tothe\{(?P<power>[+-]?[0-9]{1,3}(?:\.[0-9]{1,3})?)\})?(?=\\(?!tothe\{)|$)"
)


@dataclass(frozen=True, slots=True)
class DsiUnit:
    """A unit understood: SI value = ``factor`` × number + ``offset``; ``factor`` is None for logarithmic units.

    ``dimension`` are the powers of m, kg, s, A, K, mol, cd. ``ucum`` is a code, ``qudt`` and ``si_reference_point``
    are IRIs; None where the system cannot say the unit. IRIs of compound units follow the naming rules of their
    system; whether it lists the compound is not known here.
    """

    text: str
    factor: Fraction | None
    offset: Fraction
    dimension: Dimension
    ucum: str | None
    qudt: str | None
    si_reference_point: str | None


@dataclass(frozen=True, slots=True)
class _Part:
    prefix: str
    name: str
    power: Fraction


@lru_cache(maxsize=4096)
def read_unit(text: str) -> DsiUnit:
    """Read a unit of the D-SI. Raises UnknownUnit and UnitSyntax; an unknown unit comes with a suggestion."""
    parts = _parts_or_better(text)
    factor: Fraction | None = Fraction(1)
    dimension = DIMENSIONLESS
    for part in parts:
        own, exponents = _meaning(part)
        raised = None if own is None or factor is None else _raised(own, part.power)
        factor = None if raised is None or factor is None else factor * raised
        dimension = tuple(a + b * part.power for a, b in zip(dimension, exponents, strict=True))
    return DsiUnit(
        text=text, factor=factor, offset=_offset(parts), dimension=dimension,
        ucum=_ucum(parts), qudt=_qudt(parts), si_reference_point=_si_reference_point(parts),
    )  # fmt: skip


def is_unit(text: str) -> bool:
    """Whether ``text`` is a unit of the D-SI."""
    try:
        read_unit(text)
    except (UnknownUnit, UnitSyntax):
        return False
    return True


def better_unit(text: str) -> str | None:
    """Return how a text that is no unit of the D-SI was probably meant; None if it is one or cannot be guessed.

    ``kilowatt hour`` gives ``\\kilo\\watt\\hour``, ``\\degreeCelsius`` gives ``\\degreecelsius``.
    """
    return None if is_unit(text) else suggestion_for(text[:_LONGEST], tuple(_table()["units"]), is_unit)


def _parts_or_better(text: str) -> tuple[_Part, ...]:
    """Return the parts of a unit; what only breaks the grammar comes with what it amounts to."""
    try:
        return _parts(text)
    except UnitSyntax as problem:
        better = simplified(text) if len(text) <= _LONGEST else None
        # A text that is simplified once more is no unit; looking further would never end.
        if better in (None, text) or simplified(str(better)) != better or not _could_be_read(str(better)):
            raise
        raise UnknownUnit(unit=text, token=problem.facts["token"], suggestion=better) from None


def _parts(text: str) -> tuple[_Part, ...]:
    if len(text) > _LONGEST:
        raise UnitSyntax(unit=text[:40] + "…", token=text[:40] + "…")
    parts: list[_Part] = []
    position = 0
    while position < len(text):
        match = _PART.match(text, position)
        if match is None:
            break
        end, part = _part(text, match)
        parts.append(part)
        position = end
    if position < len(text) or not parts:
        raise _refused(text, text[position:] or text)
    return tuple(parts)


def _part(text: str, match: re.Match[str]) -> tuple[int, _Part]:
    """Return where a part ends, and the part; a prefix takes the next name with it."""
    names = match["tokens"].split("\\")[1:]
    end = match.end()
    if len(names) == 1 and names[0] in _table()["prefixes"]:
        longer = _PART.match(text, end)
        if match["power"] or longer is None or longer["per"]:
            raise UnitSyntax(unit=text, token=match[0])
        names += longer["tokens"].split("\\")[1:]
        match, end, per = longer, longer.end(), bool(match["per"])
    else:
        per = bool(match["per"])
    prefix, name = names if len(names) == 2 else ("", names[0])
    _check_names(text, prefix, name)
    power = Fraction(match["power"] or 1)
    if power == 0:
        raise UnitSyntax(unit=text, token=match[0])
    return end, _Part(prefix, name, -power if per else power)


def _check_names(text: str, prefix: str, name: str) -> None:
    if name not in _table()["units"] and not _is_known_to_science(name):
        raise _refused(text, f"\\{name}")
    more = _table()["more"].get(name)
    if prefix and more is not None and not more.get("prefixable"):
        raise UnitSyntax(unit=text, token=f"\\{prefix}\\{name}")
    if more is None:
        parse_unit(f"\\{prefix}\\{name}" if prefix else f"\\{name}")


def _refused(text: str, token: str) -> UnknownUnit | UnitSyntax:
    better = suggestion_for(text, tuple(_table()["units"]), _could_be_read)
    if better is not None:
        return UnknownUnit(unit=text, token=token, suggestion=better)
    try:
        parse_unit(text)
    except (UnknownUnit, UnitSyntax) as problem:
        return problem
    return UnitSyntax(unit=text, token=token)


def _could_be_read(text: str) -> bool:
    """Whether a suggestion is a unit, without looking for suggestions again."""
    names = re.findall(r"\\([A-Za-z]+)", text)
    known = {*_table()["units"], *_table()["prefixes"], "per", "tothe"}
    return bool(names) and all(name in known for name in names) and is_unit(text)


def _is_known_to_science(name: str) -> bool:
    return is_unit_token(name) and name not in _table()["prefixes"] and name not in ("per", "tothe")


def _meaning(part: _Part) -> tuple[Fraction | None, Dimension]:
    more = _table()["more"].get(part.name)
    if more is None:
        unit = parse_unit(f"\\{part.prefix}\\{part.name}" if part.prefix else f"\\{part.name}")
        return unit.factor, unit.dimension
    dimension = tuple(Fraction(power) for power in more["dimension"])
    if more["factor"] is None:
        return None, dimension
    scale = parse_unit(f"\\{part.prefix}\\metre").factor if part.prefix else Fraction(1)
    return Fraction(more["factor"]) * scale, dimension


def _raised(factor: Fraction, power: Fraction) -> Fraction:
    if power.denominator == 1:
        return factor**power.numerator
    return Fraction(float(factor) ** float(power))


def _offset(parts: tuple[_Part, ...]) -> Fraction:
    alone = len(parts) == 1 and not parts[0].prefix and parts[0].power == 1
    return parse_unit("\\degreecelsius").offset if alone and parts[0].name == "degreecelsius" else Fraction(0)


def _ucum(parts: tuple[_Part, ...]) -> str | None:
    codes: list[str] = []
    for part in parts:
        code = _code(part.name, 0)
        if code is None or part.power.denominator != 1:
            return None
        if code == "1" and len(parts) > 1:
            continue
        power = "" if part.power == 1 or code == "1" else str(part.power)
        codes.append(_table()["prefixes"].get(part.prefix, "") + code + power)
    return ".".join(codes) or "1"


def _qudt(parts: tuple[_Part, ...]) -> str | None:
    above: list[str] = []
    below: list[str] = []
    for part in parts:
        code = _code(part.name, 1)
        if code is None or part.power.denominator != 1:
            return None
        if code == "UNITLESS":
            continue
        size = "" if abs(part.power) == 1 else str(abs(part.power))
        (above if part.power > 0 else below).append(part.prefix.capitalize() + code + size)
    return QUDT + ("-".join([*above, *(["PER", *below] if below else [])]) or "UNITLESS")


def _si_reference_point(parts: tuple[_Part, ...]) -> str | None:
    names: list[str] = []
    for part in parts:
        code = _code(part.name, 2)
        if code is None or part.power.denominator != 1:
            return None
        names.append(part.prefix + code + ("" if part.power == 1 else str(part.power)))
    return SI_REFERENCE_POINT + ".".join(names)


def _code(name: str, system: int) -> str | None:
    codes: list[str | None] = _table()["units"].get(name, [None, None, None])
    return codes[system]


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(
        (resources.files("jialiang.formats.dsi") / "unit_codes.json").read_text("utf-8")
    )
    return table
