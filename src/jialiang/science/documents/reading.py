"""From a JSON document to a budget, a model and settings. The shape: docs/reference/budget-document.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jialiang.kernel.text import Text
from jialiang.science.budget import Budget
from jialiang.science.documents.fields import Fields, as_number
from jialiang.science.documents.fit_reading import fitted_inputs, read_fit
from jialiang.science.documents.inputs import Inputs, read_inputs
from jialiang.science.documents.settings import DocumentSettings, read_settings
from jialiang.science.documents.units import UnitPlan, plan_units
from jialiang.science.errors import BudgetUnreadable
from jialiang.science.expression.limits import LIMITS, Limits
from jialiang.science.models.fitting import FittedModel
from jialiang.science.models.model import ImplicitEquations, MeasurementModel, ModelText, read_model

SCHEMA = "jialiang.budget-document/1"
_MODEL_MEMBERS = frozenset(
    {
        "expr",
        "unit",
        "outputs",
        "equation",
        "complex",
        "implicit",
        "fit",
        "predict",
        "inputs_note",
        "constants",
    }
)


@dataclass(frozen=True, slots=True)
class BudgetDocument:
    """A document understood: ready to be evaluated.

    ``notes`` say, in zh and en, what the reader should know about units; ``fitted`` is the fit, if there is one.
    """

    identifier: str
    title: str
    budget: Budget
    model: MeasurementModel
    units: UnitPlan
    settings: DocumentSettings
    notes: tuple[Text, ...]
    fitted: FittedModel | None = None


def read_document(data: Any, limits: Limits = LIMITS) -> BudgetDocument:
    """Read a document from JSON's own types, its model within limits. Raises errors of the areas UNC, UNIT and EXPR."""
    top = Fields(data, "")
    model = top.inside("model")
    inputs = read_inputs(top)
    fitted = _add_fit(inputs, top, model)
    _add_constants(inputs, model)
    text = _model_text(inputs, top, model, fitted)
    compiled = read_model(text, limits)
    plan = plan_units(model, compiled, inputs)
    if plan.input_scales:
        scaled = replace(text, input_scales=plan.input_scales, output_scales=plan.output_scales)
        compiled = read_model(scaled, limits)
    budget = Budget(
        symbol=top.text("id") or "document",
        name=Text(en=top.text("title") if isinstance(top.any_of("title"), str) else ""),
        unit="",
        inputs=tuple(inputs.items),
        correlations=tuple(inputs.correlations),
    )
    settings = read_settings(top)
    title = top.any_of("title")
    return BudgetDocument(
        top.text("id"),
        title if isinstance(title, str) else "",
        budget,
        compiled,
        plan,
        settings,
        plan.notes,
        fitted,
    )


def with_settings(
    document: BudgetDocument, *, draws_adaptive: bool = False, **changes: Any
) -> BudgetDocument:
    """Return the document with other settings; None leaves a setting as it is."""
    given = {name: value for name, value in changes.items() if value is not None}
    if draws_adaptive:
        given["draws"] = None
    return replace(document, settings=replace(document.settings, **given))


def _add_fit(inputs: Inputs, top: Fields, model: Fields) -> FittedModel | None:
    own = top.any_of("fit")
    member = top.inside("fit") if isinstance(own, Mapping) else model
    formula = member.text("model", "formula") if isinstance(own, Mapping) else model.text("fit")
    if not formula:
        return None
    _add_constants(inputs, model)
    data = member.inside("data") if isinstance(own, Mapping) and member.has("data") else top.inside("data")
    constants = inputs.constants | {
        str(n): as_number(v, member.where(n)) for n, v in member.data.items() if isinstance(v, int | float)
    }
    inputs.constants = dict(constants)
    fitted = read_fit(formula, member, data, constants)
    items, correlations = fitted_inputs(fitted)
    units = member.inside("units").data if isinstance(member.any_of("units"), Mapping) else {}
    for item in items:
        inputs.add(item, str(units.get(item.symbol, "")))
    inputs.correlations += correlations
    return fitted


def _add_constants(inputs: Inputs, model: Fields) -> None:
    """Take numbers of the model that are no member of its own (``t0``) and its ``constants``."""
    for name, value in {**model.data, **model.inside("constants").data}.items():
        if name not in _MODEL_MEMBERS and isinstance(value, int | float) and not isinstance(value, bool):
            inputs.constants[str(name)] = as_number(value, model.where(name))


def _model_text(inputs: Inputs, top: Fields, model: Fields, fitted: FittedModel | None) -> ModelText:
    expressions, implicit = _expressions(model), _implicit(model)
    outputs = [str(name) for name in model.listed("outputs")] or [
        *(fitted.parameters if fitted is not None else ()),
        *expressions,
        *(unknown for system in implicit for unknown in system.starts),
    ]
    if not outputs:
        raise BudgetUnreadable(member="model.expr")
    taken = {item.symbol for item in inputs.items} | set(expressions)
    fixed = {name: f"({value!r})" for name, value in inputs.constants.items() if name not in taken}
    return ModelText(
        expressions=expressions | fixed,
        inputs=[item.symbol for item in inputs.items],
        outputs=outputs,
        arrays=inputs.arrays,
        implicit=implicit,
        common_influences=_influences(top),
        complex_inputs=inputs.complex_inputs,
    )


def _expressions(model: Fields) -> dict[str, str]:
    given = model.any_of("expr", "expression", "expressions", "equations")
    found: dict[str, Any] = dict(given) if isinstance(given, Mapping) else {}
    if isinstance(given, str):
        name, equals, right = given.partition("=")
        simple = bool(equals) and name.strip().isidentifier() and not right.startswith("=")
        found = {name.strip(): right} if simple else {"y": given}
    if model.has("predict"):
        found |= dict(model.inside("predict").data)
    for name, source in found.items():
        if not isinstance(source, str | int | float):
            raise BudgetUnreadable(member=model.where(f"expr.{name}"))
    return {str(name): str(source) for name, source in found.items()}


def _implicit(model: Fields) -> tuple[ImplicitEquations, ...]:
    given = model.any_of("implicit")
    if given is None:
        return ()
    systems: Sequence[Any] = given if isinstance(given, list) else [given]
    return tuple(_system(Fields(entry, "model.implicit")) for entry in systems)


def _system(system: Fields) -> ImplicitEquations:
    equations = system.any_of("equations", "equation")
    listed = [equations] if isinstance(equations, str) else system.listed("equations")
    starts = system.inside("unknowns").data or system.inside("start").data
    if not listed or len(listed) != len(starts) or not all(isinstance(e, str) for e in listed):
        raise BudgetUnreadable(member="model.implicit.equations")
    return ImplicitEquations(tuple(listed), {str(name): _start(value) for name, value in starts.items()})


def _start(value: Any) -> float | str:
    return value if isinstance(value, str) else as_number(value, "model.implicit.unknowns")


def _influences(top: Fields) -> dict[str, dict[str, float]]:
    """Read ``common_influences``: ``[{"name": "delta", "on": {"x1": 1, "x2": -0.5}}]``; delta itself is an input."""
    found: dict[str, dict[str, float]] = {}
    for index, entry in enumerate(top.listed("common_influences")):
        influence = Fields(entry, f"common_influences[{index}]")
        name = influence.text("name")
        if not name:
            raise BudgetUnreadable(member=influence.where("name"))
        for symbol in influence.inside("on").data:
            found.setdefault(str(symbol), {})[name] = influence.inside("on").needed(str(symbol))
    return found
