"""What a better knowledge of one input would bring: its u made smaller, everything else as it is.

The law of propagation tells, first or second order as the document says. For an evaluation by Monte Carlo the law's
ratio is applied to U: an estimate to choose by, the new budget is then evaluated itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from jialiang.science.budget import Budget, InputQuantity
from jialiang.science.coverage import expand
from jialiang.science.distributions import Normal, StudentT
from jialiang.science.documents.evaluating import DocumentEvaluation, OutputEvaluation, propagate
from jialiang.science.propagation import IndependentTerm, JointPropagation, Propagation

HALF = 0.5


@dataclass(frozen=True, slots=True)
class Improvement:
    """The inputs improved together (those that depend on one another), their share now, and u and U of the output then.

    ``gain`` is the part of U that goes away, between 0 and 1.
    """

    symbols: tuple[str, ...]
    share: float
    standard_uncertainty: float
    expanded_uncertainty: float
    gain: float


def improvements(evaluation: DocumentEvaluation, *, factor: float = HALF) -> dict[str, list[Improvement]]:
    """Return by output what u times ``factor`` of each independent term would bring, the best first.

    Outputs whose U is zero have none. The budget is propagated once for every term of any output.
    """
    shown = {name: out for name, out in evaluation.outputs.items() if out.propagation and _has_u(out)}
    sets = dict.fromkeys(term.symbols for out in shown.values() for term in _terms(out) if term.symbols)
    after = {symbols: _propagated(evaluation, symbols, factor) for symbols in sets}
    return {name: _of_output(evaluation, out, after) for name, out in shown.items()}


def _of_output(
    evaluation: DocumentEvaluation,
    output: OutputEvaluation,
    after: Mapping[tuple[str, ...], JointPropagation],
) -> list[Improvement]:
    found = [
        _improvement(evaluation, output, after[term.symbols].outputs[output.name], term.symbols, term.share)
        for term in _terms(output)
        if term.symbols and term.contribution != 0
    ]
    return sorted(found, key=lambda each: each.expanded_uncertainty)


def _improvement(
    evaluation: DocumentEvaluation,
    output: OutputEvaluation,
    law: Propagation,
    symbols: tuple[str, ...],
    share: float,
) -> Improvement:
    u = law.combined_standard_uncertainty
    expanded = _expanded(evaluation, output, law)
    floors = evaluation.settings.smallest_expanded_uncertainty
    expanded = max(expanded, floors.get(output.name, floors.get("*", 0.0)))
    gain = 1 - expanded / output.expanded_uncertainty
    return Improvement(symbols, share, u, expanded, gain)


def _expanded(evaluation: DocumentEvaluation, output: OutputEvaluation, law: Propagation) -> float:
    """Return U then: k from t of the new ν_eff where k came from there, else in proportion to u."""
    settings, u, nu = evaluation.settings, law.combined_standard_uncertainty, law.degrees_of_freedom
    if output.coverage_from == "t" and nu is not None and u > 0:
        p, rule = settings.probability, settings.degrees_of_freedom_rule
        return expand(u, nu, coverage_probability=p, rule=rule).expanded_uncertainty
    now = output.propagation.combined_standard_uncertainty if output.propagation else math.nan
    return output.standard_uncertainty * (output.coverage_factor or 0.0) * u / now


def _propagated(evaluation: DocumentEvaluation, symbols: tuple[str, ...], factor: float) -> JointPropagation:
    document = evaluation.document
    method = "lpu" if evaluation.settings.method == "mc" else evaluation.settings.method
    budget = _scaled(document.budget, symbols, factor)
    return propagate(replace(document, budget=budget), method)


def _scaled(budget: Budget, symbols: tuple[str, ...], factor: float) -> Budget:
    inputs = tuple(_narrowed(item, factor) if item.symbol in symbols else item for item in budget.inputs)
    return replace(budget, inputs=inputs)


def _narrowed(item: InputQuantity, factor: float) -> InputQuantity:
    """Return the input with a smaller u and its own ν; the shape does not matter to the law of propagation."""
    u, nu = item.standard_uncertainty * factor, item.degrees_of_freedom
    distribution = Normal(u) if math.isinf(nu) else StudentT(u, nu)
    return replace(item, distribution=distribution)


def _terms(output: OutputEvaluation) -> tuple[IndependentTerm, ...]:
    return output.propagation.terms if output.propagation else ()


def _has_u(output: OutputEvaluation) -> bool:
    return output.expanded_uncertainty > 0 and output.standard_uncertainty > 0
