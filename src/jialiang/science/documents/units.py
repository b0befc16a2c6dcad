"""Units of a document: of each output, whether the model adds like to like, and what has to be converted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from jialiang.kernel.text import Text
from jialiang.science.documents.fields import Fields
from jialiang.science.documents.inputs import Inputs
from jialiang.science.errors import BudgetUnreadable, UnitsNotConvertible, UnitSyntax, UnknownUnit
from jialiang.science.models.dimension_check import TermUnit, check_dimensions
from jialiang.science.models.model import MeasurementModel
from jialiang.science.unit_text import UnitMeaning, read_unit

NOT_CHECKED = Text(
    "模型中的数可能带有单位，量纲只能部分检查；若要完全检查，请给这些数写上单位，例如 1.2'kg/m3'",
    "Numbers in the model may carry units, so dimensions could be checked in part only; to check them all, write the "
    "units of these numbers: 1.2'kg/m3'",
)
_UNKNOWN = Text(
    "单位“{unit}”不在单位表中，与它有关的项未作量纲检查",
    "The unit “{unit}” is not in the table of units; terms with it were not checked",
)


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """Units by output (as declared, else as they follow from the model; empty where neither is known), and notes.

    ``input_scales`` and ``output_scales`` (factor, offset) turn numbers into SI units and back; they are empty for a
    model between numbers.
    """

    outputs: Mapping[str, str]
    notes: tuple[Text, ...]
    input_scales: Mapping[str, tuple[float, float]]
    output_scales: Mapping[str, tuple[float, float]]


def plan_units(model: Fields, compiled: MeasurementModel, inputs: Inputs) -> UnitPlan:
    """Check the units of a model. Raises DimensionsDiffer, UnitNotForFunction, UnknownUnit (between quantities)."""
    between_quantities = model.choice("equation", ("numerical", "quantity"), "numerical") == "quantity"
    declared = _declared(model, compiled)
    notes: list[Text] = []
    meanings = {s: _read(unit, notes, strict=between_quantities) for s, unit in inputs.units.items()}
    wanted = {name: _read(unit, notes, strict=between_quantities) for name, unit in declared.items()}
    _check_kinds(inputs, meanings)
    if not between_quantities:
        return _numerical(compiled, meanings, wanted, declared, notes)
    plain = {symbol: meaning or read_unit("1") for symbol, meaning in meanings.items()}
    found, _ = check_dimensions(
        compiled.tape, _on_si_scale(plain), _lines(compiled, _on_si_scale(wanted)), strict=True
    )
    scales = {s: _scale(m, difference=s in inputs.differences) for s, m in plain.items()}
    backwards = {name: _scale(m, difference=False) for name, m in wanted.items() if m is not None}
    units = {name: declared.get(name) or _words(found[line]) for name, line in compiled.lines.items()}
    return UnitPlan(units, tuple(notes), scales, backwards)


def _numerical(
    compiled: MeasurementModel,
    meanings: Mapping[str, UnitMeaning | None],
    wanted: Mapping[str, UnitMeaning | None],
    declared: Mapping[str, str],
    notes: list[Text],
) -> UnitPlan:
    found, sure = check_dimensions(compiled.tape, meanings, _lines(compiled, wanted), strict=False)
    if not sure:
        notes.append(NOT_CHECKED)
    units = {
        name: declared.get(name) or (_words(found[line]) if sure else "")
        for name, line in compiled.lines.items()
    }
    return UnitPlan(units, tuple(notes), {}, {})


def _declared(model: Fields, compiled: MeasurementModel) -> dict[str, str]:
    """Return the declared unit of every output; one text is meant for all of them."""
    given = model.any_of("unit", "units")
    if given is None:
        return {}
    if isinstance(given, str):
        predicted = model.inside("predict").data
        return {name: given for name in compiled.outputs if not predicted or name in predicted}
    if not isinstance(given, Mapping):
        raise BudgetUnreadable(member=model.where("unit"))
    whole = {str(name): str(unit) for name, unit in given.items()}
    return {name: whole[_root(name)] for name in compiled.outputs if _root(name) in whole}


def _root(name: str) -> str:
    return name.removesuffix(".real").removesuffix(".imag").partition("[")[0]


def _read(unit: str, notes: list[Text], *, strict: bool) -> UnitMeaning | None:
    if not unit:
        return None
    try:
        return read_unit(unit)
    except (UnknownUnit, UnitSyntax):
        if strict:
            raise
        notes.append(_UNKNOWN.format(unit=unit))
        return None


def _lines(
    compiled: MeasurementModel, wanted: Mapping[str, UnitMeaning | None]
) -> dict[int, UnitMeaning | None]:
    return {line: wanted.get(name) for name, line in compiled.lines.items()}


def _on_si_scale(meanings: Mapping[str, UnitMeaning | None]) -> dict[str, UnitMeaning | None]:
    return {
        name: None
        if m is None
        else UnitMeaning(m.text, read_unit("1").factor, m.offset, m.dimension, m.dsi, m.level)
        for name, m in meanings.items()
    }


def _scale(meaning: UnitMeaning, *, difference: bool) -> tuple[float, float]:
    return float(meaning.factor), 0.0 if difference else float(meaning.offset)


def _words(unit: TermUnit | None) -> str:
    return "" if unit is None else unit.words


def _check_kinds(inputs: Inputs, meanings: Mapping[str, UnitMeaning | None]) -> None:
    for symbol, kind in inputs.kinds.items():
        coherent = kinds_of_quantity().get(kind.replace("_", " ").lower())
        if coherent is None:
            raise BudgetUnreadable(member=f"quantity_kind ({kind})")
        meaning, target = meanings[symbol], read_unit(coherent)
        if meaning is not None and (meaning.dimension, bool(meaning.level)) != (
            target.dimension,
            bool(target.level),
        ):
            raise UnitsNotConvertible(source=f"{symbol}: {meaning.text}", target=f"{coherent} ({kind})")


@cache
def kinds_of_quantity() -> dict[str, str]:
    """Return the known kinds of quantity with a coherent unit each."""
    text = (resources.files("jialiang.science") / "quantity_kinds.json").read_text(encoding="utf-8")
    kinds: dict[str, str] = json.loads(text)["kinds"]
    return kinds
