"""An evaluated document as JSON: the shape of ``jialiang uncertainty evaluate --json``.

Numbers are JSON numbers, unrounded; an infinite ν is the text ``inf``, one that is not defined is ``null``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from jialiang.science.documents.evaluating import DocumentEvaluation, OutputEvaluation
from jialiang.science.documents.statements import reported_output, statement
from jialiang.science.documents.verdicts import LawVerdict
from jialiang.science.models.fitting import FittedModel
from jialiang.science.models.regions import Regions
from jialiang.science.montecarlo import JointSimulation
from jialiang.science.propagation import Propagation
from jialiang.science.sampling import ENGINE_VERSION

SCHEMA = "jialiang.uncertainty-result/1"


def result_to_plain(evaluation: DocumentEvaluation) -> dict[str, Any]:
    """Write an evaluation as JSON's own types."""
    settings = evaluation.settings
    return {
        "schema": SCHEMA,
        "id": evaluation.document.identifier,
        "title": evaluation.document.title,
        "method": settings.method,
        "probability": settings.probability,
        "engine_version": ENGINE_VERSION,
        "seed": settings.seed if evaluation.simulation else None,
        "draws": _draws(evaluation.simulation),
        "outputs": {name: _output(found, evaluation) for name, found in evaluation.outputs.items()},
        "correlation": _correlation(evaluation.correlation),
        "contributions": {
            name: contributions(found.propagation)
            for name, found in evaluation.outputs.items()
            if found.propagation is not None
        },
        "validation": _validation(evaluation),
        "simulation": _simulation(evaluation),
        "regions": _regions(evaluation.regions),
        "fit": _fit(evaluation.document.fitted),
        "notes": [note.to_json() for note in evaluation.document.notes],
    }


def contributions(found: Propagation) -> list[dict[str, Any]]:
    """Write the budget table of one output, the largest contribution first."""
    rows = [
        {
            "name": row.input_quantity.symbol,
            "unit": row.input_quantity.unit,
            "estimate": row.input_quantity.estimate,
            "distribution": row.input_quantity.distribution.kind,
            "u": row.input_quantity.standard_uncertainty,
            "dof": _degrees(row.input_quantity.degrees_of_freedom),
            "sensitivity": row.sensitivity,
            "contribution": row.contribution,
            "share": row.share,
            "source": row.input_quantity.source,
        }
        for row in found.contributions
    ]
    return sorted(rows, key=lambda row: -abs(float(row["contribution"])))


def _output(found: OutputEvaluation, evaluation: DocumentEvaluation) -> dict[str, Any]:
    settings = evaluation.settings
    return {
        "value": found.value,
        "u": found.standard_uncertainty,
        "nu_eff": _degrees(found.degrees_of_freedom),
        "k": found.coverage_factor,
        "U": found.expanded_uncertainty,
        "interval": list(found.interval),
        "shortest_interval": list(found.shortest_interval),
        "interval_kind": "symmetric",
        "coverage_from": found.coverage_from,
        "unit": found.unit,
        "raised_to_capability": found.below_capability,
        "reported": reported_output(found, settings),
        "statement": statement(found, settings).to_json(),
    }


def _degrees(nu: float | None) -> float | str | None:
    return "inf" if nu is not None and math.isinf(nu) else nu


def _correlation(found: Mapping[tuple[str, str], float]) -> list[list[Any]]:
    names = list(dict.fromkeys(name for pair in found for name in pair))
    return [[a, b, found[a, b]] for k, a in enumerate(names) for b in names[k + 1 :]]


def _draws(simulation: JointSimulation | None) -> int | None:
    return None if simulation is None else next(iter(simulation.outputs.values())).draws


def _validation(evaluation: DocumentEvaluation) -> dict[str, Any] | None:
    if evaluation.validation_left_out:
        return {
            name: {"validated": None, "reason": evaluation.validation_left_out} for name in evaluation.outputs
        }
    if not evaluation.validation:
        return None
    return {name: _verdict(found) for name, found in evaluation.validation.items()}


def _verdict(found: LawVerdict) -> dict[str, Any]:
    return {
        "validated": found.validated,
        "interval_kind": found.kind,
        "d_low": found.d_low,
        "d_high": found.d_high,
        "delta": found.delta,
        "digits": found.digits,
        "by_digits": {str(digits): holds for digits, holds in found.by_digits.items()},
        "by_kind": {
            c.kind: {"d_low": c.d_low, "d_high": c.d_high, "validated": c.validated}
            for c in found.comparisons
        },
        "u_mc": found.simulated_u,
        "draws": found.draws,
        "certain": found.certain,
    }


def _simulation(evaluation: DocumentEvaluation) -> dict[str, Any] | None:
    joint, settings = evaluation.simulation, evaluation.settings
    if joint is None:
        return None
    one = next(iter(joint.outputs.values()))
    return {
        "draws": one.draws,
        "seed": one.seed,
        "adaptive": settings.draws is None,
        "stopping_rule": settings.stopping_rule if settings.draws is None else None,
        "converged": one.converged,
        "engine_version": one.engine_version,
        "outputs": {
            name: {
                "value": found.estimate,
                "u": found.standard_uncertainty,
                "interval": list(found.symmetric_interval),
                "shortest_interval": list(found.shortest_interval),
                "doubt": asdict(joint.doubts[name]) if name in joint.doubts else None,
            }
            for name, found in joint.outputs.items()
        },
    }


def _regions(regions: Regions | None) -> dict[str, Any] | None:
    if regions is None:
        return None
    ellipsoid, box, smallest = regions.ellipsoid, regions.box, regions.smallest
    return {
        "outputs": list(regions.outputs),
        "ellipsoidal": None if ellipsoid is None else asdict(ellipsoid),
        "rectangular": None if box is None else asdict(box),
        "smallest": None
        if smallest is None
        else {"volume": smallest.volume, "cells": len(smallest.cells), "probability": smallest.probability},
    }


def _fit(fitted: FittedModel | None) -> dict[str, Any] | None:
    if fitted is None:
        return None
    return {
        "parameters": dict(zip(fitted.parameters, fitted.estimates, strict=True)),
        "s_residual": fitted.residual_standard_deviation,
        "dof": _degrees(fitted.degrees_of_freedom),
        "residuals": list(fitted.residuals),
    }
