"""Topics about results that are compared: scores, z-scores, algorithm-a, means, key comparisons, whole rounds."""

from __future__ import annotations

from typing import Any, cast

from jialiang.kernel.text import Text
from jialiang.science.comparisons import scores as scoring
from jialiang.science.comparisons.consistent_mean import (
    covariance_of,
    dersimonian_laird,
    mandel_paule,
    weighted_mean,
)
from jialiang.science.comparisons.key_comparison import METHODS, Degree, Method, key_comparison
from jialiang.science.comparisons.robust import algorithm_a
from jialiang.science.comparisons.rounds import (
    AssignedBy,
    AssignedValue,
    Participation,
    RoundReport,
    assigned_value,
    score_round,
)
from jialiang.science.comparisons.youden import youden_plot
from jialiang.science.distributions import require_positive
from jialiang.science.errors import LengthsDiffer
from jialiang.science.topics.reading import Members

Answer = dict[str, Any]
_ASSIGNED = ("algorithm-a", "weighted-mean", "reference")


def scores(given: Members) -> Answer:
    """E_n and ζ of one result; z and z′ too where σ_pt is given."""
    x, x_ref = given.decimal("x"), given.decimal("x_ref")
    k = given.number("k", 2.0)
    k_ref = given.number("k_ref", k)
    require_positive("k", k)
    require_positive("k_ref", k_ref)
    expanded, expanded_ref = given.number("U"), given.number("U_ref")
    if k == k_ref:
        en = scoring.en_score(x, expanded, x_ref, expanded_ref)
    else:
        raise_to = k / k_ref  # both at the k of the participant
        en = scoring.en_score(x, expanded, x_ref, expanded_ref * raise_to)
    zeta = scoring.zeta_score(x, expanded / k, x_ref, expanded_ref / k_ref)
    return {"en": en.score, "zeta": zeta.score, "en_verdict": en.verdict, "zeta_verdict": zeta.verdict}


def z_scores(given: Members) -> Answer:
    """z and z′ of one result."""
    x, x_ref, sigma = given.decimal("x"), given.decimal("x_ref"), given.number("sigma_pt")
    u_ref = _reference_uncertainty(given)
    z = scoring.z_score(x, x_ref, sigma)
    zprime = scoring.zprime_score(x, x_ref, sigma, u_ref)
    return {
        "z": z.score,
        "zprime": zprime.score,
        "prefer": "zprime" if scoring.prefers_zprime(sigma, u_ref) else "z",
        "z_verdict": z.verdict,
        "zprime_verdict": zprime.verdict,
    }


def robust(given: Members) -> Answer:
    """Algorithm A."""
    found = algorithm_a(given.numbers("data"))
    return {
        "robust_mean": found.mean,
        "robust_sd": found.standard_deviation,
        "u": found.standard_uncertainty,
        "n": found.count,
        "iterations": len(found.steps) - 1,
        "replaced": list(found.replaced),
    }


def mean(given: Members) -> Answer:
    """The weighted mean, its consistency, and the two means with a between-laboratory variance."""
    x, u = given.numbers("x"), _uncertainties(given)
    if "correlation" in given:
        covariance = covariance_of(u, given.table("correlation"))
        found = weighted_mean(x, u, covariance=covariance)
    else:
        found = weighted_mean(x, u)
    answer: Answer = {
        "mean": found.mean,
        "u": found.standard_uncertainty,
        "u_external": found.external_uncertainty,
        "chi_squared": found.chi_squared,
        "dof": found.degrees_of_freedom,
        "probability": found.probability,
        "consistent": found.is_consistent,
        "birge_ratio": found.birge_ratio,
        "weights": list(found.weights),
    }
    if len(x) > 1 and "correlation" not in given:
        for name, method in (("mandel_paule", mandel_paule), ("dersimonian_laird", dersimonian_laird)):
            other = method(x, u)
            answer[name] = {"mean": other.mean, "u": other.standard_uncertainty, "between_sd": other.between}
    return answer


def equivalence(given: Members) -> Answer:
    """The reference value of a key comparison and the degrees of equivalence."""
    x, u = given.numbers("x"), _uncertainties(given)
    method = cast(Method, given.choice("method", METHODS, "weighted-mean"))
    contributing = [int(i) for i in given.numbers("contributing")] if "contributing" in given else None
    found = key_comparison(
        x,
        u,
        method=method,
        contributing=contributing,
        seed=given.whole("seed", 1),
        draws=given.whole("draws", 1_000_000),
    )
    test = found.consistency
    return {
        "reference_value": found.reference_value,
        "u": found.standard_uncertainty,
        "U": 2 * found.standard_uncertainty,
        "chi_squared": test.chi_squared,
        "dof": test.degrees_of_freedom,
        "probability": test.probability,
        "consistent": test.is_consistent,
        "contributing": list(found.contributing),
        "degrees": [_degree(degree) for degree in found.degrees],
        "pairs": [[_degree(degree) for degree in row] for row in found.pairs],
    }


def youden(given: Members) -> Answer:
    """The figures of a Youden plot."""
    found = youden_plot(given.numbers("a"), given.numbers("b"), probability=given.number("probability", 0.95))
    return {
        "centre": list(found.centre),
        "sd_systematic": found.sd_along,
        "sd_random": found.sd_across,
        "radius": found.radius,
        "outside": list(found.outside),
        "points": [{"along": p.along, "across": p.across, "distance": p.distance} for p in found.points],
    }


def comparison_round(given: Members) -> Answer:
    """A whole round: assigned value, every score, the summary."""
    rows = given.parts("participants", ("code", "x", "U", "k"))
    participations = [
        Participation(row.text("code"), row.number("x"), row.optional_number("U"), row.number("k", 2.0))
        for row in rows
    ]
    for each in participations:
        require_positive("k", each.coverage_factor)
    report = score_round(
        participations, _assigned(given, participations), sigma_pt=given.optional_number("sigma_pt")
    )
    return {
        "assigned": {
            "by": report.assigned.by,
            "x_ref": report.assigned.x,
            "u_ref": report.assigned.standard_uncertainty,
        },
        "results": _results(report),
        "summary": report.summary,
    }


def _assigned(given: Members, participations: list[Participation]) -> AssignedValue:
    by = cast(
        AssignedBy, given.choice("assigned_by", _ASSIGNED, "reference" if "x_ref" in given else "algorithm-a")
    )
    if by == "reference":
        return AssignedValue(given.number("x_ref"), _reference_uncertainty(given), by)
    if "x_ref" in given:
        raise given.contradict(
            "assigned_by, x_ref", Text(zh="指定值只能有一个来源", en="the assigned value has one source only")
        )
    return assigned_value(participations, by)


def _results(report: RoundReport) -> list[Answer]:
    return [
        {
            "code": row.participation.code,
            **{score.name: score.score for score in row.scores},
            "verdicts": {score.name: score.verdict for score in row.scores},
        }
        for row in report.rows
    ]


def _uncertainties(given: Members) -> list[float]:
    name = given.only_one_of("u", "U")
    column = given.numbers(name)
    if len(column) != len(given.numbers("x")):
        raise LengthsDiffer(first=len(given.numbers("x")), second=len(column))
    k = given.number("k", 2.0)
    require_positive("k", k)
    return column if name == "u" else [expanded / k for expanded in column]


def _reference_uncertainty(given: Members) -> float:
    name = given.at_most_one_of("u_ref", "U_ref")
    if name is None:
        return 0.0
    k = given.number("k_ref", given.number("k", 2.0))
    require_positive("k", k)
    return given.number(name) / (k if name == "U_ref" else 1.0)


def _degree(degree: Degree) -> Answer:
    return {"d": degree.difference, "U": degree.expanded_uncertainty}
