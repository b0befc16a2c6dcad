"""Topics about calibration intervals; each may be bounded, and never exceeds ``legal_maximum``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from jialiang.science.errors import ParameterNotAllowed
from jialiang.science.intervals.attributes import AttributesHistory, method_a3
from jialiang.science.intervals.control_chart import control_chart_interval
from jialiang.science.intervals.proposal import UNBOUNDED, Bounds, Proposal, propose
from jialiang.science.intervals.reliability import MODELS, AttributesData, FittedReliability, fit_all
from jialiang.science.intervals.simple_methods import (
    BlackBoxCheck,
    StaircaseRule,
    black_box,
    in_use_time,
    staircase,
)
from jialiang.science.intervals.variables import (
    DriftModel,
    ToleranceTarget,
    drift_model,
    interval_for_tolerance,
    interval_for_uncertainty,
)
from jialiang.science.solving import NoSolution
from jialiang.science.topics.reading import Members

Answer = dict[str, Any]
RULE = ("inner_fraction", "extend_factor", "reduce_factor")


def a3(given: Members) -> Answer:
    """NCSLI RP-1 method A3."""
    history = AttributesHistory(given.whole("in_tolerance"), given.whole("n"), given.number("interval_days"))
    found = method_a3(
        history,
        target=given.number("target"),
        confidence=given.number("confidence", 0.5),
        max_change=given.number("max_change", 2.0),
        two_sided=given.flag("two_sided", default=False),
        bounds=_bounds(given),
    )
    return {
        "interval_days": found.interval_days,
        "rejection_confidence": found.rejection_confidence,
        "rejected": found.rejected,
        "reliability_range": list(found.reliability_range),
        "observed_reliability": history.observed_reliability,
        **_held(found.proposal),
    }


def s2(given: Members) -> Answer:
    """NCSLI RP-1 method S2: reliability models by maximum likelihood."""
    counts = tuple(int(n) for n in given.numbers("n"))
    data = AttributesData(tuple(given.numbers("times")), counts, _found_in_tolerance(given, counts))
    names = [given.choice("model", tuple(MODELS))] if "model" in given else None
    target = given.number("target")
    fits = fit_all(data, names)
    bounds = _bounds(given)
    proposals = {fit.model.name: _interval(fit, target) for fit in fits}
    answer: Answer = {"models": {fit.model.name: _fit(fit, proposals[fit.model.name]) for fit in fits}}
    usable = [
        (fit.model.name, days) for fit in fits if not fit.is_rejected and (days := proposals[fit.model.name])
    ]
    if not usable:
        return answer | {"best": None, "interval": None, "held_by": None}
    best, found = usable[0]
    proposal = propose("S2", None, found, bounds)
    answer |= {"best": best, "interval": float(proposal.proposed), **_held(proposal)}
    return answer


def variables(given: Members) -> Answer:
    """Regression of variables data, with an uncertainty target, a reliability target or both."""
    model = drift_model(
        given.decimals("days"),
        given.decimals("delta"),
        u0=given.number("u0", 0.0),
        y0=given.number("y0", 0.0),
        order=given.whole("order", 1),
    )
    if "u_target" not in given:
        given.only_one_of(*(["low"] if "low" in given else ["high"]), "u_target")
    found = _targets(given, model)
    bounds = _bounds(given)
    reached = [days for days in found.values() if days is not None]
    proposal = _bounded(min(reached) if reached else None, bounds)
    return {
        "coefficients": list(model.curve.coefficients),
        "covariance": [list(row) for row in model.curve.covariance],
        "residual_sd": model.curve.residual_standard_deviation,
        "dof": model.curve.degrees_of_freedom,
        "interval_days": found,
        "proposed_days": None if proposal is None else float(proposal.proposed),
        "held_by": None if proposal is None else proposal.held_by,
    }


def stairs(given: Members) -> Answer:
    """The staircase of ILAC-G24 / OIML D 10."""
    rule = given.part("rule", RULE)
    default = StaircaseRule()
    chosen = StaircaseRule(
        *(rule.decimal(name) if name in rule else getattr(default, name) for name in RULE),
    )
    found = staircase(
        given.decimal("interval"),
        given.decimal("error"),
        given.decimal("mpe"),
        rule=chosen,
        bounds=_bounds(given),
    )
    return {"interval": float(found.proposed), **found.evidence, **_held(found)}


def control_chart(given: Members) -> Answer:
    """The control-chart method of ILAC-G24 / OIML D 10."""
    found = control_chart_interval(
        given.decimals("days"),
        given.decimals("deviations"),
        given.number("mpe"),
        coverage_factor=given.number("k", 2.0),
        bounds=_bounds(given),
    )
    return {"interval_days": float(found.proposed), **found.evidence, **_held(found)}


def in_use(given: Members) -> Answer:
    """The in-use-time method of ILAC-G24 / OIML D 10."""
    found = in_use_time(
        given.decimal("hours_allowed"),
        given.decimal("hours_used"),
        given.decimal("days_observed"),
        bounds=_bounds(given),
    )
    return {"interval_days": float(found.proposed), **found.evidence, **_held(found)}


def box(given: Members) -> Answer:
    """In-service checking of ILAC-G24 / OIML D 10 (black box)."""
    rows = given.parts("checks", ("parameter", "deviation", "limit"))
    checks = [
        BlackBoxCheck(row.text("parameter"), row.decimal("deviation"), row.decimal("limit")) for row in rows
    ]
    found, due_now = black_box(
        given.decimal("interval"),
        checks,
        share=given.decimal("share") if "share" in given else "0.8",
        extend_factor=given.decimal("extend_factor") if "extend_factor" in given else "1.1",
        bounds=_bounds(given),
    )
    return {"interval": float(found.proposed), "calibrate_now": due_now, **found.evidence, **_held(found)}


def _bounds(given: Members) -> Bounds:
    ends = [given.optional_decimal(name) for name in ("minimum", "maximum", "legal_maximum")]
    return Bounds(*ends) if any(end is not None for end in ends) else UNBOUNDED


def _held(proposal: Proposal) -> Answer:
    return {"held_by": proposal.held_by, "unbounded": float(proposal.found)}


def _bounded(found: float | None, bounds: Bounds) -> Proposal | None:
    """Bound a finding; one beyond the horizon is as long as the bounds allow, None without any."""
    if found is None:
        longest: list[Decimal] = [b for b in (bounds.maximum, bounds.legal_maximum) if b is not None]
        return propose("variables", None, min(longest), bounds) if longest else None
    return propose("variables", None, found, bounds)


def _targets(given: Members, model: DriftModel) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    if "u_target" in given:
        found["uncertainty_target"] = interval_for_uncertainty(model, given.number("u_target"))
    low, high = given.optional_number("low"), given.optional_number("high")
    if low is not None or high is not None:
        target = ToleranceTarget(low, high, given.number("confidence", 0.95))
        sides = "two_sided" if None not in (low, high) else "upper_only" if low is None else "lower_only"
        found[f"reliability_{sides}"] = interval_for_tolerance(model, target)
    return found


def _found_in_tolerance(given: Members, counts: tuple[int, ...]) -> tuple[int, ...]:
    if given.only_one_of("in_tolerance", "observed_reliability") == "in_tolerance":
        return tuple(int(g) for g in given.numbers("in_tolerance"))
    shares = given.numbers("observed_reliability")
    if any(not 0 <= share <= 1 for share in shares):
        raise ParameterNotAllowed(parameter="observed_reliability", given=shares, allowed="0 … 1")
    return tuple(round(share * n) for share, n in zip(shares, counts, strict=False))


def _interval(fit: FittedReliability, target: float) -> float | None:
    try:
        return fit.interval(target)
    except NoSolution:
        return None


def _fit(fit: FittedReliability, interval: float | None) -> Answer:
    return {
        "theta": list(fit.theta),
        "neg_log_lik": fit.neg_log_likelihood,
        "aicc": fit.aicc,
        "F": fit.f_ratio,
        "F_crit": fit.f_critical,
        "rejected": fit.is_rejected,
        "interval": interval,
    }
