"""From a template to the budget document of one point: every input with the numbers of its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jialiang.information.budget_templates.errors import SourceMissing
from jialiang.information.budget_templates.template import BudgetTemplate, TemplateInput
from jialiang.information.points_correlation import COMMON
from jialiang.information.template_evaluation.place import Bound, Place
from jialiang.information.template_evaluation.sources import bound
from jialiang.science.unit_text import read_unit

KEPT = frozenset(
    ("name", "label", "unit", "top_share", "quantity_kind", "difference", "relative_uncertainty_of_u", "type_a")
)
"""Members of an input that stay beside what its source gives; the others are numbers of the trial."""

DRAWS = "200000"
_EXACT = frozenset({"value"})


@dataclass(frozen=True, slots=True)
class BoundDocument:
    """The budget document of a point (no floats), the origin of each input, and the inputs that were left out."""

    document: dict[str, Any]
    origins: Mapping[str, Mapping[str, str]]
    left_out: tuple[str, ...]


def bound_document(template: BudgetTemplate, place: Place, *, validated: bool) -> BoundDocument:
    """Bind a template. Raises SourceMissing, and what converting units and reading readings raises."""
    inputs: list[dict[str, Any]] = []
    constants: dict[str, str] = {}
    origins: dict[str, Mapping[str, str]] = {}
    left_out = []
    for item in template.inputs:
        found = _found(place, item)
        if item.source is None:
            inputs.append(dict(item.members) | {"name": item.symbol, "unit": _own_unit(place, item)})
        elif found is None:
            constants[item.symbol] = "0"
            left_out.append(item.symbol)
            continue
        elif set(found.members) <= _EXACT:
            constants[item.symbol] = _with_unit(found.members["value"], _own_unit(place, item))
        else:
            inputs.append(_input(place, item, found))
        origins[item.symbol] = _origin(item, found)
    document = _document(template, place, inputs, constants, validated=validated)
    return BoundDocument(document, origins, tuple(left_out))


def _origin(item: TemplateInput, found: Bound | None) -> dict[str, str]:
    kind = item.source.kind if item.source else "constant"
    stated = item.members.get("common_to_points")
    is_common = kind in COMMON if stated is None else stated is True
    return {"kind": kind, "common": "true" if is_common else "false"} | dict(found.origin if found else {})


def _found(place: Place, item: TemplateInput) -> Bound | None:
    """Return what the source gives; None where there is no source, or nothing and the input may be left out."""
    if item.source is None:
        return None
    found = bound(place, item, _own_unit(place, item))
    if found is None and not item.source.may_be_left_out:
        raise SourceMissing(input=item.symbol, source=item.source.kind, point=place.point)
    return found


def _input(place: Place, item: TemplateInput, found: Bound) -> dict[str, Any]:
    kept = {name: member for name, member in item.members.items() if name in KEPT}
    unit = _own_unit(place, item)
    is_slope = item.source is not None and item.source.words.get("part") == "slope"
    if is_slope and not kept.get("unit"):
        unit = f"{unit}\\per{unit}"
    return kept | {"name": item.symbol, "source": found.source, "unit": unit} | dict(found.members)


def _own_unit(place: Place, item: TemplateInput) -> str:
    """Return the unit of an input in the D-SI spelling where it has one: its own, else that of the record."""
    given = str(item.members.get("unit") or "")
    return (read_unit(given).dsi or given) if given else place.task.unit


def _document(
    template: BudgetTemplate,
    place: Place,
    inputs: list[dict[str, Any]],
    constants: dict[str, str],
    *,
    validated: bool,
) -> dict[str, Any]:
    given = template.document
    model = dict(given["model"])
    units = model.get("unit")
    own = {name: unit for name, unit in units.items() if unit} if isinstance(units, Mapping) else {}
    expressions = _expressions(model, template.measurand) | constants
    model |= {"expr": expressions, "outputs": [template.measurand], "unit": own | {template.measurand: place.task.unit}}
    kept = {name: given[name] for name in ("title", "constants", "common_influences") if name in given}
    document = kept | {
        "id": f"{place.template.code}/{place.template.number}",
        "model": model,
        "inputs": inputs,
        "settings": _settings(given.get("settings", {}), place, validated=validated),
    }
    pairs = _correlation(template, place)
    return document | ({"correlation": pairs} if pairs else {})


def _expressions(model: Mapping[str, Any], measurand: str) -> dict[str, Any]:
    """Return the expressions by name; one that stands as a text alone is that of the measurand."""
    given = model.get("expr")
    if isinstance(given, str):
        left, equals, right = given.partition("=")
        return {measurand: right if equals and left.strip() == measurand else given}
    return dict(given or {})


def _with_unit(number: str, unit: str) -> str:
    """Write an exact number of the calibration as a term that the dimensions of the model are checked with."""
    return f"({number})" if unit == "1" else f"({number}'{unit}')"


def _correlation(template: BudgetTemplate, place: Place) -> list[Any]:
    """Return the coefficients of the template, those of the fitted line in place of the trial's."""
    line = [item.symbol for item in template.of_kind("line")]
    given = template.document.get("correlation") or []
    pairs = [pair for pair in given if not (isinstance(pair, list) and set(pair[:2]) <= set(line))]
    if place.line is not None and len(line) == 2:
        pairs.append([*line, repr(place.line.correlation)])
    return pairs


def _settings(given: Mapping[str, Any], place: Place, *, validated: bool) -> dict[str, Any]:
    """Return the template's rules with p of the record, the seed of its readings, and draws that do not vary."""
    usual = {"method": "lpu", "draws": DRAWS, "digits": "1", "interval_kind": "symmetric"}
    p = place.task.parameters.get("coverage_probability") or str(given.get("probability") or "0.95")
    seed = str(int(place.task.readings_digest[:8], 16))
    return usual | dict(given) | {"probability": p, "seed": seed, "validate": validated}
