"""The evaluation of a comparison round: assigned value, degrees of equivalence, scores, Youden plot.

The document that is kept has every number as decimal text, so its digest is one thing and the same results give
the same digits. ``difference_uncertainty`` is U(d) of the degree of equivalence d = x - X: E_n is d / U(d).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from jialiang.base.comparison_rounds.errors import TooFewResults
from jialiang.base.comparison_rounds.selectors import (
    ComparisonArtefact,
    ComparisonResult,
    ComparisonRound,
    artefacts_of,
    results_of,
)
from jialiang.formats.canonical import canonical_json, sha256_hex
from jialiang.science.comparisons.key_comparison import Method, key_comparison
from jialiang.science.comparisons.robust import algorithm_a
from jialiang.science.comparisons.rounds import (
    AssignedValue,
    Participation,
    assigned_value,
    score_round,
)
from jialiang.science.comparisons.scores import (
    Score,
    difference,
    prefers_zprime,
    z_score,
    zprime_score,
)
from jialiang.science.comparisons.youden import youden_plot
from jialiang.vocabulary.statuses import AssignedValueMethod

NEEDED = {
    AssignedValueMethod.REFERENCE: 1,
    AssignedValueMethod.WEIGHTED_MEAN: 2,
    AssignedValueMethod.LARGEST_CONSISTENT_SUBSET: 2,
    AssignedValueMethod.ALGORITHM_A: 3,
}
FEWEST_IN_YOUDEN = 3
_METHODS: Mapping[str, Method] = {
    AssignedValueMethod.WEIGHTED_MEAN: "weighted-mean",
    AssignedValueMethod.LARGEST_CONSISTENT_SUBSET: "largest-consistent-subset",
}
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Degree:
    d: float
    expanded: float | None
    contributes: bool
    scores: tuple[Score, ...]


def evaluation_of(row: ComparisonRound) -> tuple[Document, str]:
    """Evaluate the results that stand and return the document with its SHA-256: three queries.

    Raises TooFewResults, and what the science refuses: no consistent subset, an iteration without end.
    """
    results = results_of(row.id)
    artefacts = artefacts_of(row.id)
    document = {
        "assigned_by": row.assigned_by,
        "unit": row.unit,
        "standard_deviation_for_assessment": row.standard_deviation_for_assessment,
        "artefacts": [_artefact(row, each, _of(each, results)) for each in artefacts],
        "youden": _youden(artefacts, results),
    }
    return document, sha256_hex(canonical_json(document))


def _of(artefact: ComparisonArtefact, results: Sequence[ComparisonResult]) -> list[ComparisonResult]:
    return [each for each in results if each.artefact_id == artefact.id]


def _artefact(
    row: ComparisonRound, artefact: ComparisonArtefact, results: Sequence[ComparisonResult]
) -> Document:
    needed = NEEDED[AssignedValueMethod(row.assigned_by)]
    if len(results) < needed:
        raise TooFewResults(artefact=artefact.name, needed=needed, given=len(results))
    sigma = _number(row.standard_deviation_for_assessment)
    taken = [_participation(each) for each in results]
    if row.assigned_by in _METHODS:
        answer, degrees = _by_participants(taken, _METHODS[row.assigned_by], sigma)
    else:
        answer, degrees = _by_assigned(row, artefact, taken, sigma)
    rows = [_row(each, degree) for each, degree in zip(results, degrees, strict=True)]
    return {"position": artefact.position, "name": artefact.name.to_json(), **answer, "rows": rows}


def _by_participants(
    taken: Sequence[Participation], method: Method, sigma: float | None
) -> tuple[Document, list[_Degree]]:
    """Take the key comparison reference value; U(d) leaves out what a laboratory shares with it.

    Where that is all of it, U(d) is zero and there is nothing to score the laboratory by but z.
    """
    u = [each.standard_uncertainty or 0.0 for each in taken]
    found = key_comparison([each.x for each in taken], u, method=method)
    reference, u_ref = found.reference_value, found.standard_uncertainty
    degrees = []
    for place, (each, degree) in enumerate(zip(taken, found.degrees, strict=True)):
        d, wide = difference(each.x, reference), degree.expanded_uncertainty
        against = (Score("en", d / wide), Score("zeta", 2 * d / wide)) if wide > 0 else ()
        scores = (*against, *_z(each.x, reference, u_ref, sigma))
        degrees.append(_Degree(d, wide, place in found.contributing, scores))
    test = found.consistency
    answer = {
        "assigned": _assigned(reference, u_ref, 2 * u_ref, 2.0),
        "consistency": {
            "chi_squared": repr(test.chi_squared),
            "degrees_of_freedom": test.degrees_of_freedom,
            "probability": repr(test.probability),
            "is_consistent": test.is_consistent,
        },
        "robust_standard_deviation": "",
    }
    return answer, degrees


def _by_assigned(
    row: ComparisonRound, artefact: ComparisonArtefact, taken: Sequence[Participation], sigma: float | None
) -> tuple[Document, list[_Degree]]:
    """Take the value of the reference laboratory, or the robust mean of the participants."""
    robust = ""
    factor = 2.0
    if row.assigned_by == AssignedValueMethod.REFERENCE:
        expanded, factor = float(artefact.expanded_uncertainty), float(artefact.coverage_factor)
        found = AssignedValue(float(artefact.assigned_value), expanded / factor, "reference", expanded)
    else:
        found = assigned_value(taken, "algorithm-a")
        expanded = factor * found.standard_uncertainty
        robust = repr(algorithm_a([each.x for each in taken]).standard_deviation)
    report = score_round(taken, found, sigma_pt=sigma)
    degrees = [
        _Degree(difference(each.x, found.x), _joined(each, found), robust != "", scored.scores)
        for each, scored in zip(taken, report.rows, strict=True)
    ]
    answer = {
        "assigned": _assigned(found.x, found.standard_uncertainty, expanded, factor),
        "consistency": None,
        "robust_standard_deviation": robust,
    }
    return answer, degrees


def _joined(each: Participation, found: AssignedValue) -> float | None:
    if each.expanded_uncertainty is None:
        return None
    stated = found.expanded_uncertainty
    other = each.coverage_factor * found.standard_uncertainty if stated is None else stated
    return math.hypot(each.expanded_uncertainty, other)


def _z(x: float, reference: float, u_ref: float, sigma: float | None) -> tuple[Score, ...]:
    if sigma is None:
        return ()
    plain = z_score(x, reference, sigma)
    return (plain, zprime_score(x, reference, sigma, u_ref)) if prefers_zprime(sigma, u_ref) else (plain,)


def _row(result: ComparisonResult, degree: _Degree) -> Document:
    return {
        "participant_id": str(result.participant_id),
        "code": result.participant.code,
        "name": result.participant.name.to_json(),
        "measured_value": result.measured_value,
        "expanded_uncertainty": result.expanded_uncertainty,
        "coverage_factor": result.coverage_factor,
        "difference": repr(degree.d),
        "difference_uncertainty": "" if degree.expanded is None else repr(degree.expanded),
        "contributes": degree.contributes,
        "scores": [
            {"name": each.name, "score": repr(each.score), "verdict": each.verdict} for each in degree.scores
        ],
    }


def _assigned(value: float, u: float, expanded: float, factor: float) -> Document:
    return {
        "value": repr(value),
        "standard_uncertainty": repr(u),
        "expanded_uncertainty": repr(expanded),
        "coverage_factor": repr(factor).removesuffix(".0"),
    }


def _youden(artefacts: Sequence[ComparisonArtefact], results: Sequence[ComparisonResult]) -> Document | None:
    if len(artefacts) != 2:
        return None
    first, second = ({each.participant_id: each for each in _of(item, results)} for item in artefacts)
    both: list[UUID] = [key for key in first if key in second]
    if len(both) < FEWEST_IN_YOUDEN:
        return None
    pairs = [(first[key].measured_value, second[key].measured_value) for key in both]
    plot = youden_plot([float(a) for a, _ in pairs], [float(b) for _, b in pairs])
    return {
        "codes": [first[key].participant.code for key in both],
        "first": [a for a, _ in pairs],
        "second": [b for _, b in pairs],
        "sd_along": repr(plot.sd_along),
        "sd_across": repr(plot.sd_across),
        "radius": repr(plot.radius),
        "outside": [first[both[place]].participant.code for place in plot.outside],
    }


def _participation(result: ComparisonResult) -> Participation:
    expanded = _number(result.expanded_uncertainty)
    return Participation(
        result.participant.code,
        float(result.measured_value),
        expanded,
        _number(result.coverage_factor) or 2.0,
    )


def _number(text: str) -> float | None:
    return float(text) if text else None
