"""Cells of a workbook to exact texts.

A text cell is taken letter by letter. A number cell is what it shows: with the decimals of its format where that
fixes them (``0.000``, ``#,##0.00``, ``0.00E+00``), else the shortest decimal of the stored number. Other number
formats (percent, fractions, own ones) are refused, because what they show is not what they hold.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

_FIXED = re.compile(r"(?:#,##)?0(?:\.(0+))?(?:_[ )]|;.*)?")
_SCIENTIFIC = re.compile(r"0(?:\.(0+))?E\+00", re.IGNORECASE)
_GENERAL = ("General", "@", "")
_EXACT_DIGITS = 15


class CellProblem(Exception):
    """A cell that cannot be taken; ``kind`` and ``facts`` are those of the problem."""

    def __init__(self, kind: str, **facts: object) -> None:
        self.kind, self.facts = kind, facts
        super().__init__(kind)


def cell_text(cell: Any, *, is_formula: bool = False) -> str | bool:
    """Return what a cell of openpyxl holds as text (or a truth value); empty for nothing. Raises CellProblem."""
    held = cell.value
    if held is None:
        if is_formula:
            raise CellProblem("CELL-FORMULA")
        return ""
    if isinstance(held, bool):
        return held
    if cell.data_type == "e":
        raise CellProblem("CELL-ERROR", given=str(held))
    if isinstance(held, int | float):
        return _number(held, str(cell.number_format))
    if isinstance(held, datetime):
        return held.date().isoformat() if held.time() == time(0) else held.isoformat()
    if isinstance(held, date):
        return held.isoformat()
    return str(held).strip()


def _number(held: float, number_format: str) -> str:
    exact = Decimal(repr(held))
    if (fixed := _FIXED.fullmatch(number_format)) is not None:
        text = format(_rounded(exact, len(fixed.group(1) or "")), "f")
    elif (scientific := _SCIENTIFIC.fullmatch(number_format)) is not None:
        text = _in_powers(exact, len(scientific.group(1) or ""))
    elif number_format in _GENERAL:
        text = _shortest(exact)
    else:
        raise CellProblem("CELL-FORMAT", format=number_format)
    if len(Decimal(text).normalize().as_tuple().digits) > _EXACT_DIGITS:
        raise CellProblem("CELL-DIGITS")
    return text


def _shortest(exact: Decimal) -> str:
    whole = exact == exact.to_integral_value()
    return format(exact.to_integral_value(), "f") if whole else format(exact.normalize(), "f")


def _rounded(exact: Decimal, decimals: int) -> Decimal:
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _in_powers(exact: Decimal, decimals: int) -> str:
    if not exact:
        return format(_rounded(exact, decimals), "f")
    power = exact.adjusted()
    mantissa = _rounded(exact.scaleb(-power), decimals)
    if abs(mantissa) >= 10:
        power += 1
        mantissa = _rounded(exact.scaleb(-power), decimals)
    return f"{mantissa:f}E{power}"
