"""How units of D-SI read for people: ``\\degreecelsius`` is ℃ in Chinese and °C in English."""

from __future__ import annotations

import re
from contextlib import suppress

from jialiang.kernel.text import Text
from jialiang.science.errors import UnitSyntax
from jialiang.science.units import UnitPart, display_unit, is_unit_token, parse_unit

KELVIN = "\\kelvin"
DEGREE_CELSIUS = "\\degreecelsius"
ONE = "\\one"

_LONGEST = 200  # letters; a longer text is no unit, and would be costly to multiply out
_NAME = re.compile(r"\\([A-Za-z]+)")
_LOGARITHMIC = {"\\bel": "B", "\\decibel": "dB", "\\neper": "Np"}  # cannot be converted, but can be shown


def unit_text(unit: str) -> Text:
    """Return the symbol of a D-SI unit in both languages; what is not known stays as it is written.

    ``\\kilogram\\metre\\tothe{-3}`` gives ``kg/m³``, as on the pages; ``\\one`` gives an empty text.
    The unit may come from anybody: nothing is raised and nothing similar is searched for.
    """
    names = _NAME.findall(unit[:_LONGEST])
    if len(unit) <= _LONGEST and _NAME.match(unit) and all(is_unit_token(name) for name in names):
        with suppress(UnitSyntax):
            return Text(display_unit(unit, "zh"), display_unit(unit, "en"))
    symbol = _LOGARITHMIC.get(unit, unit)
    return Text(symbol, symbol)


def squared_unit(unit: str) -> str:
    """Return the unit of a variance: ``\\gram`` gives ``\\gram\\tothe{2}``, a difference in °C kelvin squared.

    Raises UnknownUnit and UnitSyntax for what cannot be multiplied with itself, such as a level.
    """
    if unit in ("", ONE):
        return ONE
    return "".join(_squared(part) for part in parse_unit(unit).parts)


def _squared(part: UnitPart) -> str:
    name = KELVIN if part.name == DEGREE_CELSIUS.removeprefix("\\") else f"\\{part.name}"
    letters = (f"\\{part.prefix}" if part.prefix else "") + name
    power = abs(part.power) * 2
    raised = letters if power == 1 else f"{letters}\\tothe{{{float(power):g}}}"
    return f"\\per{raised}" if part.power < 0 else raised
