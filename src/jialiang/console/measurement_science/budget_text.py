"""The small language of a cell: ``half_width = 0.1``, ``U = 0.0012, k = 2``, ``readings = [1.2, 1.3]``.

A number alone means the parameter that its distribution is usually given by. Numbers stay texts with every digit as
typed; what Chinese input methods write is understood.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from jialiang.science.decimal_text import read_decimal
from jialiang.science.documents.fields import Fields
from jialiang.science.errors import BudgetUnreadable, NotANumber

USUAL = {
    "normal": "u",
    "t": "u",
    "t_by_mean_sd": "sd",
    "rectangular": "half_width",
    "triangular": "half_width",
    "trapezoidal": "half_width",
    "arcsine": "half_width",
    "exponential": "rate",
    "readings": "readings",
}
_UNDERSTOOD = str.maketrans({"，": ",", "；": ";", "＝": "=", "【": "[", "】": "]"})
_OPENING, _CLOSING = "[{", "]}"


def read_parameters(text: str, distribution: str) -> dict[str, Any]:
    """Return the members that a cell names. Raises BudgetUnreadable, NumberOutOfBounds."""
    found: dict[str, Any] = {}
    for piece in _pieces(text.translate(_UNDERSTOOD)):
        name, equals, value = (part.strip() for part in piece.partition("="))
        if not equals:
            name, value = USUAL.get(distribution, "u"), name
        if not name.isidentifier() or not value or name in found:
            raise BudgetUnreadable(member=piece)
        found[name] = read_value(value)
    return found


def read_value(text: str) -> Any:
    """Return a number as the text that was understood, a list or object as JSON, a word as it stands."""
    if text[0] in _OPENING:
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as problem:
            raise BudgetUnreadable(member=text[:60]) from problem
    try:
        return read_decimal(text).text
    except NotANumber:
        if text.isidentifier():
            return text
        raise


def read_number(text: str) -> str:
    """Return one number as understood. Raises NotANumber, DecimalComma, NumberOutOfBounds."""
    return read_decimal(text).text


def written_parameters(members: Mapping[str, Any]) -> str:
    """Write members as a cell shows them; reading it gives the same members."""
    return ", ".join(f"{name} = {written(value)}" for name, value in members.items())


def written(value: Any) -> str:
    """Write a value of a document for a cell: numbers as short as they are exact, lists as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return str(value)


def member_of(entry: Fields, *names: str) -> tuple[str, Any]:
    """Return the first of several spellings of a member that is there, with its value; nothing if none is."""
    return next(((name, entry.data[name]) for name in names if entry.data.get(name) is not None), ("", None))


def _pieces(text: str) -> Iterator[str]:
    """Cut at commas, semicolons and line ends that lie outside of brackets."""
    piece, depth = "", 0
    for letter in text:
        depth += (letter in _OPENING) - (letter in _CLOSING)
        if depth == 0 and letter in ",;\n":
            yield from [piece.strip()] if piece.strip() else []
            piece = ""
        else:
            piece += letter
    yield from [piece.strip()] if piece.strip() else []
