"""A bound template evaluated: the outcome of its measurand in the form that every point of a record has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from jialiang.information.budget_templates.in_use import TemplateInUse
from jialiang.information.budget_templates.template import BudgetTemplate, read_template
from jialiang.information.science_questions import LIMITS, bounded
from jialiang.information.template_evaluation.binding import BoundDocument, bound_document
from jialiang.information.template_evaluation.place import Place
from jialiang.kernel.text import Text
from jialiang.science.budget import Budget
from jialiang.science.coverage import Coverage, CoverageConvention, usable_degrees_of_freedom
from jialiang.science.documents.evaluating import DocumentEvaluation, OutputEvaluation, evaluate_document
from jialiang.science.documents.reading import read_document
from jialiang.science.documents.settings import DocumentSettings
from jialiang.science.evaluation import Evaluation, EvaluationSettings
from jialiang.science.montecarlo import Simulation
from jialiang.science.propagation import Propagation
from jialiang.science.rounding import reported
from jialiang.science.validation import Validation


@dataclass(frozen=True, slots=True)
class ByTemplate:
    """A point evaluated by a template: which version, the document that was evaluated, and where inputs come from."""

    template: TemplateInUse
    evaluation: Evaluation
    bound: BoundDocument

    def plain(self) -> dict[str, Any]:
        """Return what the stored point says about it beside its figures."""
        return {
            "template": self.template.plain(),
            "document": self.bound.document,
            "origins": {symbol: dict(origin) for symbol, origin in self.bound.origins.items()},
            "left_out": list(self.bound.left_out),
        }


def evaluate_by_template(place: Place, *, validated: bool) -> ByTemplate:
    """Bind and evaluate a template at one point. Raises SourceMissing and what ``science.documents`` raises."""
    template = read_template(place.template.document)
    bound = bound_document(template, place, validated=validated)
    found = evaluate_document(bounded(read_document(bound.document, LIMITS)))
    evaluation = _evaluation(template, found, place)
    return ByTemplate(place.template, evaluation, bound)


def _evaluation(template: BudgetTemplate, found: DocumentEvaluation, place: Place) -> Evaluation:
    output = found.outputs[template.measurand]
    settings = found.settings
    propagation = _propagation(output)
    drawn = found.simulation.outputs[output.name] if found.simulation is not None else None
    return Evaluation(
        budget=_budget(template, found, propagation, place),
        settings=EvaluationSettings(coverage_probability=settings.probability),
        propagation=propagation,
        coverage=_coverage(output, settings),
        coverage_from=_coverage_from(output),
        expanded_uncertainty=output.expanded_uncertainty,
        reported=reported(
            output.value,
            output.expanded_uncertainty,
            digits=settings.reported_digits,
            rule=settings.rounding_rule,
        ),
        simulation=drawn,
        validation=_validation(found, output, drawn),
    )


def _propagation(output: OutputEvaluation) -> Propagation:
    """Return value, u and ν of the output with the table of the law; a model without derivatives has no table."""
    rows = output.propagation
    return Propagation(
        output.value,
        output.standard_uncertainty,
        output.degrees_of_freedom,
        rows.contributions if rows is not None else (),
        rows.terms if rows is not None else (),
    )


def _coverage(output: OutputEvaluation, rules: DocumentSettings) -> Coverage:
    factor, nu = output.coverage_factor or 0.0, output.degrees_of_freedom
    used = nu
    if output.coverage_from == "t" and nu is not None:
        used = usable_degrees_of_freedom(nu, rules.degrees_of_freedom_rule)
    return Coverage(rules.probability, factor, factor * output.standard_uncertainty, used, _convention(output))


def _convention(output: OutputEvaluation) -> CoverageConvention:
    return "fixed" if output.coverage_from == "fixed" else "t"


def _coverage_from(output: OutputEvaluation) -> Literal["t", "fixed", "monte_carlo"]:
    return "monte_carlo" if output.coverage_from == "monte_carlo" else _convention(output)


def _validation(
    found: DocumentEvaluation, output: OutputEvaluation, drawn: Simulation | None
) -> Validation | None:
    """Return the verdict on the law; None where nothing was drawn, or the draws themselves are the result."""
    verdict = found.validation.get(output.name)
    if verdict is None or drawn is None:
        return None
    return Validation(
        ok=verdict.validated,
        d_low=verdict.d_low,
        d_high=verdict.d_high,
        delta=verdict.delta,
        digits=verdict.digits,
        interval_kind=verdict.kind,
        propagated_interval=output.interval,
        simulated_interval=drawn.interval(verdict.kind),
        draws=drawn.draws,
        seed=drawn.seed,
        engine_version=drawn.engine_version,
    )


def _budget(template: BudgetTemplate, found: DocumentEvaluation, law: Propagation, place: Place) -> Budget:
    """Return the budget with its sensitivities, so that the stored point stands for itself."""
    slopes = {row.input_quantity.symbol: row.sensitivity for row in law.contributions}
    own = found.document.budget
    inputs = tuple(replace(item, sensitivity=slopes.get(item.symbol)) for item in own.inputs)
    return Budget(
        symbol=template.measurand,
        name=_title(template.document.get("title"), place),
        unit=place.task.unit,
        inputs=inputs,
        correlations=own.correlations,
        model_text=_model_text(template),
        estimate=law.estimate,
    )


def _title(given: Any, place: Place) -> Text:
    if isinstance(given, Mapping):
        return Text.from_json(dict(given))
    return Text(en=str(given)) if given else Text(place.template.code, place.template.code)


def _model_text(template: BudgetTemplate) -> str:
    expressions = template.document["model"].get("expr") or {}
    if isinstance(expressions, str):
        return expressions
    return "; ".join(f"{name} = {source}" for name, source in expressions.items())
