"""A budget document as the rows of a page, and back: nothing of a document is lost on the way.

What has no row of its own (observations, fits, constants …) stands as JSON in one field.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from jialiang.console.measurement_science.budget_text import (
    member_of,
    read_number,
    read_parameters,
    written,
    written_parameters,
)
from jialiang.console.wording import in_words
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text
from jialiang.science.documents.distribution_reading import kind_of_members
from jialiang.science.documents.fields import Fields
from jialiang.science.errors import BudgetUnreadable

MOST_ROWS = 100
BLANK_ROWS = 2
FORMULA, INPUT = ("name", "expression", "unit"), (
    "name", "value", "unit", "distribution", "parameters", "dof", "source",
)  # fmt: skip
SETTINGS = ("method", "probability", "digits", "seed")
OWN_MEMBERS = frozenset({"id", "title", "source", "model", "inputs", "correlation", "settings"})
NO_DISTRIBUTION = ("", "readings")
Row = dict[str, str]


@dataclass(slots=True)
class BudgetSheet:
    """What stands in the fields; ``wrong`` says by the id of a field what is wrong with it."""

    title: str = ""
    formulas: list[Row] = field(default_factory=list)
    inputs: list[Row] = field(default_factory=list)
    correlation: str = ""
    further: str = ""
    equation: str = "numerical"
    settings: Row = field(default_factory=dict)
    wrong: dict[str, Text] = field(default_factory=dict)

    def padded(self, more: int = BLANK_ROWS) -> BudgetSheet:
        """Add empty rows to fill in; returns the sheet itself."""
        self.formulas += [dict.fromkeys(FORMULA, "")] * (1 if self.formulas else 2)
        self.inputs += [dict.fromkeys(INPUT, "") for _ in range(more)]
        return self


def sheet_of_form(given: QueryDict) -> BudgetSheet:
    """Take the fields of the form; rows without a name and without anything else are left out."""
    return BudgetSheet(
        title=given.get("title", "").strip()[:200],
        formulas=_rows(given, "f", FORMULA),
        inputs=_rows(given, "i", INPUT),
        correlation=given.get("correlation", "").replace("\r", ""),
        further=given.get("further", "").replace("\r", ""),
        equation="quantity" if given.get("equation") == "quantity" else "numerical",
        settings={name: given.get(name, "").strip() for name in SETTINGS},
    )


def sheet_of_document(document: Any) -> BudgetSheet:
    """Lay a document out in rows. Raises BudgetUnreadable where its shape is none of a document."""
    top = Fields(document, "")
    model = top.inside("model")
    rest = {name: value for name, value in top.data.items() if name not in OWN_MEMBERS}
    settings = dict(top.inside("settings").data)
    shown = {name: written(settings.pop(name, "")) for name in SETTINGS}
    model_rest = {n: v for n, v in model.data.items() if n not in ("expr", "unit", "equation")}
    formulas, unit = _formulas(model)
    rest |= {"model": model_rest | unit} if model_rest or unit else {}
    rest |= {"settings": settings} if settings else {}
    rest |= {name: top.data[name] for name in ("id", "source") if name in top.data}
    rows, odd = _inputs(top)
    rest |= {"inputs": odd} if odd else {}
    pairs = top.any_of("correlation", "correlations")
    if pairs is not None and not _is_pairs(pairs):
        rest["correlation"], pairs = pairs, None
    return BudgetSheet(
        title=_title(top.any_of("title")),
        formulas=formulas,
        inputs=rows,
        correlation="\n".join(", ".join(written(part) for part in pair) for pair in pairs or ()),
        further=json.dumps(rest, ensure_ascii=False, indent=1) if rest else "",
        equation=str(model.any_of("equation") or "numerical"),
        settings=shown,
    )


def document_of_sheet(sheet: BudgetSheet) -> dict[str, Any]:
    """Put the document together; what cannot be read is noted in ``sheet.wrong`` and left out."""
    further = _further(sheet)
    model = dict(further.pop("model", {}))
    model["expr"] = {row["name"]: row["expression"] for row in sheet.formulas if row["name"]}
    units = {row["name"]: row["unit"] for row in sheet.formulas if row["name"] and row["unit"]}
    others = model.get("unit", {})
    units = others | units if isinstance(others, dict) else units
    model |= {"unit": units} if units else {}
    model |= {"equation": sheet.equation} if sheet.equation != "numerical" else {}
    if not model["expr"]:
        model.pop("expr")
    inputs = [_input(sheet, place, row) for place, row in enumerate(sheet.inputs)]
    document: dict[str, Any] = {"title": sheet.title} if sheet.title else {}
    document |= {"model": model, "inputs": inputs + list(further.pop("inputs", []))}
    pairs = [_pair(sheet, line) for line in sheet.correlation.splitlines() if line.strip()]
    document |= {"correlation": pairs} if pairs else {}
    settings = _settings(sheet) | dict(further.pop("settings", {}))
    document |= {"settings": settings} if settings else {}
    return document | further


def _rows(given: QueryDict, kind: str, names: tuple[str, ...]) -> list[Row]:
    found = []
    for number in range(MOST_ROWS):
        if f"{kind}-{number}-name" not in given:
            break
        row = {name: given.get(f"{kind}-{number}-{name}", "").strip() for name in names}
        if any(text for name, text in row.items() if name != "distribution"):
            found.append(row)
    return found


def _title(given: Any) -> str:
    return in_words(Text.from_json(given)) if isinstance(given, Mapping) else str(given or "")


def _formulas(model: Fields) -> tuple[list[Row], dict[str, Any]]:
    """Return a row for each expression, and the units that belong to no expression."""
    given, units = model.any_of("expr") or {}, model.any_of("unit") or {}
    if isinstance(given, str):
        name, equals, right = given.partition("=")
        given = {name.strip(): right.strip()} if equals and name.strip().isidentifier() else {"y": given}
    if not isinstance(given, Mapping):
        raise BudgetUnreadable(member="model.expr")
    rows = [{"name": str(n), "expression": str(e), "unit": _unit(units, n)} for n, e in given.items()]
    if not isinstance(units, Mapping):
        return rows, {} if rows else {"unit": units}
    others = {name: unit for name, unit in units.items() if name not in given}
    return rows, {"unit": others} if others else {}


def _unit(units: Any, name: str) -> str:
    return str(units.get(name, "")) if isinstance(units, Mapping) else str(units)


def _inputs(top: Fields) -> tuple[list[Row], list[Any]]:
    """Return a row for each input, and those that a row cannot hold (arrays, complex, several at once)."""
    given = top.any_of("inputs") or []
    if isinstance(given, Mapping):
        given = [
            {"name": n} | (dict(i) if isinstance(i, Mapping) else {"value": i}) for n, i in given.items()
        ]
    if not isinstance(given, list):
        raise BudgetUnreadable(member="inputs")
    rows: list[Row] = []
    odd: list[Any] = []
    for index, entry in enumerate(given):
        item = Fields(entry, f"inputs[{index}]")
        if _fits_a_row(item) and len(rows) < MOST_ROWS - BLANK_ROWS:
            rows.append(_row(item))
        else:
            odd.append(entry)
    return rows, odd


def _fits_a_row(item: Fields) -> bool:
    if item.any_of("distribution") == "multivariate_normal" or not isinstance(item.any_of("name"), str):
        return False
    return not isinstance(member_of(item, "mean", "value")[1], list | dict)


def _row(item: Fields) -> Row:
    mean, value = member_of(item, "mean", "value")
    source = item.any_of("source")
    # A bilingual label is long: it goes to the end of the cell, behind what people change.
    taken = {"name", "unit", "distribution", "dof", "source", mean}
    others = {n: v for n, v in item.data.items() if n not in taken and v is not None}
    if isinstance(source, Mapping) and not {"zh", "en"} >= set(source):
        others["source"], source = dict(source), None
    # The page has no empty choice: a kind that the members tell is said, or the form would send another one.
    kind = str(item.any_of("distribution") or ("readings" if "readings" in others else kind_of_members(item)))
    return {
        "name": str(item.any_of("name")),
        "value": written(value),
        "unit": str(item.any_of("unit") or ""),
        "distribution": kind,
        "parameters": written_parameters(dict(sorted(others.items(), key=lambda pair: pair[0] == "label"))),
        "dof": written(item.any_of("dof")),
        "source": _title(source),
    }


def _is_pairs(given: Any) -> bool:
    return isinstance(given, list) and all(isinstance(pair, list) and len(pair) == 3 for pair in given)


def _input(sheet: BudgetSheet, place: int, row: Row) -> dict[str, Any]:
    item: dict[str, Any] = {"name": row["name"]}
    if row["distribution"] not in NO_DISTRIBUTION:
        item["distribution"] = row["distribution"]
    for name, member in (("value", "mean"), ("dof", "dof")):
        if row[name] and row[name] not in ("∞", "inf"):
            with _noting(sheet, f"i-{place}-{name}"):
                item[member] = read_number(row[name])
    with _noting(sheet, f"i-{place}-parameters"):
        item |= read_parameters(row["parameters"], row["distribution"])
    return item | {name: row[name] for name in ("unit", "source") if row[name]}


def _pair(sheet: BudgetSheet, line: str) -> list[str]:
    parts = [part.strip() for part in line.replace("，", ",").replace(";", ",").split(",")]
    with _noting(sheet, "correlation"):
        if len(parts) != 3:
            raise BudgetUnreadable(member=line.strip()[:60])
        return [parts[0], parts[1], read_number(parts[2])]
    return parts


def _settings(sheet: BudgetSheet) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, text in sheet.settings.items():
        if text and name == "method":
            found[name] = text
        elif text:
            with _noting(sheet, name):
                found[name] = read_number(text)
    return found


def _further(sheet: BudgetSheet) -> dict[str, Any]:
    with _noting(sheet, "further"):
        try:
            found = json.loads(sheet.further) if sheet.further.strip() else {}
        except (ValueError, RecursionError) as problem:
            raise BudgetUnreadable(member=str(problem)[:120]) from problem
        if not isinstance(found, dict) or not _is_of_objects(found):
            raise BudgetUnreadable(member="{ … }")
        return found
    return {}


def _is_of_objects(found: dict[str, Any]) -> bool:
    kinds = {"model": dict, "settings": dict, "inputs": list}
    return all(isinstance(found.get(name, kind()), kind) for name, kind in kinds.items())


@contextmanager
def _noting(sheet: BudgetSheet, where: str) -> Iterator[None]:
    """Note what is wrong beside a field and go on with the others."""
    try:
        yield
    except InvalidInput as problem:
        sheet.wrong.setdefault(where, problem.what)
