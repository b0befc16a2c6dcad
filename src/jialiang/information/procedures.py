"""The evaluation procedures that a record may follow: which columns it has and which parameters it needs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from jialiang.base.calibrations.errors import BadEntry, UnknownProcedure
from jialiang.kernel.text import Text
from jialiang.science.decimal_text import read_decimal

MOST_ROWS = 400
_HIGHEST_PROBABILITY = Decimal("0.999")  # the validation's draws are enough for it (GUM-S1, 7.9.4)
_COUNTS = ("rows", "repeats")


@dataclass(frozen=True, slots=True)
class Named:
    """A column or a parameter: its key, its name, and a parameter's usual text."""

    key: str
    name: Text
    default: str = ""


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure; ``columns`` are typed by the technician, ``parameters`` given when the record is started."""

    key: str
    name: Text
    description: Text
    columns: tuple[Named, ...]
    parameters: tuple[Named, ...]

    def parameters_with(self, given: dict[str, str]) -> dict[str, str]:
        """Return all parameters, ``given`` over the usual ones. Raises BadEntry on an unknown or unreadable one."""
        known = {parameter.key: parameter for parameter in self.parameters}
        for key in given:
            if key not in known:
                raise BadEntry(entry=Text(key, key), given=given[key], expected=_one_of(known))
        merged = {key: given.get(key, parameter.default).strip() for key, parameter in known.items()}
        return {key: _checked(known[key], text) if text else "" for key, text in merged.items()}

    def layout(self, points: tuple[str, ...], parameters: dict[str, str], unit: str) -> dict[str, Any]:
        """Return the table of a record: columns with their unit, the number of rows, and what each row stands for."""
        columns = [{"key": c.key, "name": c.name.to_json(), "unit": unit} for c in self.columns]
        if "rows" in parameters:
            return {"columns": columns, "rows": int(parameters["rows"])}
        repeats = int(parameters["repeats"])
        labels = [point for point in points for _ in range(repeats)]
        if not 1 <= len(labels) <= MOST_ROWS:
            raise BadEntry(entry=Text("校准点", "points"), given=len(points), expected=_rows_text())
        return {"columns": columns, "rows": len(labels), "row_points": labels, "repeats": repeats}


@cache
def procedures() -> dict[str, Procedure]:
    """Return all procedures by key."""
    file = resources.files("jialiang.information") / "procedures.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    return {key: _procedure(key, members) for key, members in data.items()}


def procedure(key: str) -> Procedure:
    """Return one procedure. Raises UnknownProcedure."""
    found = procedures().get(key)
    if found is None:
        raise UnknownProcedure(procedure=key, known=", ".join(procedures()))
    return found


def _procedure(key: str, data: dict[str, Any]) -> Procedure:
    columns = tuple(Named(c["key"], Text.from_json(c["name"])) for c in data["columns"])
    parameters = tuple(Named(p["key"], Text.from_json(p["name"]), p["default"]) for p in data["parameters"])
    return Procedure(
        key, Text.from_json(data["name"]), Text.from_json(data["description"]), columns, parameters
    )


def _checked(parameter: Named, text: str) -> str:
    number = read_decimal(text)
    if parameter.key in _COUNTS and not (number.text.isdigit() and 1 <= int(number.text) <= MOST_ROWS):
        raise BadEntry(entry=parameter.name, given=text, expected=_rows_text())
    if parameter.key == "coverage_probability" and not 0 < number.number <= _HIGHEST_PROBABILITY:
        bounds = Text(
            f"包含概率大于 0，不超过 {_HIGHEST_PROBABILITY}，例如 0.95",
            f"A coverage probability lies above 0 and is at most {_HIGHEST_PROBABILITY}: 0.95",
        )
        raise BadEntry(entry=parameter.name, given=text, expected=bounds)
    if parameter.key not in ("reference_point", "standard_value") and number.number < 0:
        raise BadEntry(entry=parameter.name, given=text, expected=Text("此项不能为负", "It is not negative"))
    return number.text


def _one_of(known: dict[str, Named]) -> Text:
    names = ", ".join(known)
    return Text(f"此程序的参数：{names}", f"The parameters of this procedure: {names}")


def _rows_text() -> Text:
    return Text(f"1 到 {MOST_ROWS} 之间的整数", f"A whole number from 1 to {MOST_ROWS}")
