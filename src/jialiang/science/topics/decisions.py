"""Topics about conformity: decision, specific-risk, risk, guardband, tur."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from jialiang.kernel.text import Text
from jialiang.science.decisions.guard_bands import RULES, factor_for, specific
from jialiang.science.decisions.probability import conformance, process_capability, tolerance_ratio
from jialiang.science.decisions.risk import (
    GlobalRisk,
    NormalProcess,
    Process,
    RectangularProcess,
    global_risk,
    risk_of_ratio,
)
from jialiang.science.decisions.statements import DecisionRule, Limits, decide, guard_band_width
from jialiang.science.topics.errors import MemberUnreadable
from jialiang.science.topics.reading import Members

Answer = dict[str, Any]
_RULES = {"simple": "simple", "guarded": "guarded", "non-binary": "non_binary", "jjf1094": "jjf1094"}
_LOWER, _UPPER = ("lower", "low", "TL"), ("upper", "high", "TU")
_STATEMENTS = {
    "pass": "pass",
    "conditionalPass": "conditional_pass",
    "conditionalFail": "conditional_fail",
    "fail": "fail",
    "undecided": "undecided",
}


def decision(given: Members) -> Answer:
    """A statement of conformity by a named rule."""
    rule = cast(DecisionRule, _RULES[given.choice("rule", tuple(_RULES))])
    limits = limits_of(given)
    measured = given.decimal(given.only_one_of("error", "y"))
    expanded, u = _uncertainties(given, needed=rule != "simple")
    multiple = given.decimal("r") if "r" in given else Decimal(1)
    if rule == "jjf1094" and multiple != 1:
        raise given.contradict("rule, r", Text(zh="jjf1094 不使用 r", en="jjf1094 takes no r"))
    width = guard_band_width(expanded or 0, multiple)
    found = decide(measured, limits, rule=rule, guard_band=width, standard_uncertainty=u)
    return {
        "statement": _STATEMENTS[found.outcome],
        "probability": found.conformance_probability,
        "specific_risk": found.specific_risk,
        "guard_band": float(found.guard_band),
    }


def specific_risk(given: Members) -> Answer:
    """Probabilities of one measured value."""
    limits = limits_of(given)
    measured = given.number(given.only_one_of("y", "mean", "error"))
    u = _standard_uncertainty(given)
    nu = given.number("dof", math.inf)
    found = conformance(measured, u, limits, degrees_of_freedom=nu)
    return {
        "conformance_probability": found.inside,
        "p_nc": found.outside,
        "p_below": found.below,
        "p_above": found.above,
        "cpk": process_capability(measured, u, limits),
    }


def risk(given: Members) -> Answer:
    """Global risk, from itp and TUR or from a process, u, limits and acceptance limits."""
    if "itp" in given or "tur" in given:
        if (other := [name for name in ("process", "limits", "mpe", "acceptance") if name in given]) != []:
            raise given.contradict(
                ", ".join(("itp", *other)),
                Text(zh="itp 与 tur 已经确定过程和限值", en="itp and tur already fix process and limits"),
            )
        return _risks(
            risk_of_ratio(given.number("itp"), given.number("tur"), given.number("guard_band_factor", 1.0))
        )
    tolerance = _floats(limits_of(given))
    acceptance = _acceptance(given, tolerance)
    return _risks(
        global_risk(_process(given), _standard_uncertainty(given), tolerance=tolerance, acceptance=acceptance)
    )


def guardband(given: Members) -> Answer:
    """The acceptance limit over the tolerance limit, by a rule of thumb or solved for a risk."""
    tur = given.number("tur")
    target = given.at_most_one_of("target_pfa", "target_pfr", "target_specific_risk", "rule")
    rules = {name: rule(tur) for name, rule in RULES.items() if name != "rss" or tur >= 1}
    answer: Answer = {"factors": rules}
    if target is None:
        if "itp" in given:
            given.only_one_of("target_pfa", "target_pfr", "target_specific_risk", "rule")
        return answer
    if target == "rule":
        return {"guard_band_factor": RULES[given.choice("rule", tuple(RULES))](tur), **answer}
    wanted = given.number(target)
    if target == "target_specific_risk":
        return {"guard_band_factor": specific(tur, wanted), **answer}
    itp = given.number("itp")
    factor = factor_for(itp, tur, wanted, "pfa" if target == "target_pfa" else "pfr")
    reached, without = risk_of_ratio(itp, tur, factor), risk_of_ratio(itp, tur)
    return {
        "guard_band_factor": factor,
        "pfa": reached.pfa,
        "pfr": reached.pfr,
        "pfa_without_guard_band": without.pfa,
        "pfr_without_guard_band": without.pfr,
        **answer,
    }


def tur(given: Members) -> Answer:
    """The test uncertainty ratio and the capability index of JCGM 106."""
    limits = limits_of(given)
    expanded, u = _uncertainties(given, needed=True)
    ratio = tolerance_ratio(limits, float(expanded or 0))
    index = tolerance_ratio(limits, 2 * (u or 0))
    return {"tur": ratio, "capability_index": index, "u": u}


def limits_of(given: Members) -> Limits:
    """Read ``mpe`` (± its size) or ``limits``: a pair [lower, upper] or an object, null for a missing one."""
    if given.only_one_of("mpe", "limits") == "mpe":
        return Limits.symmetric(given.decimal("mpe"))
    return Limits(*_pair(given, "limits"))


def _pair(given: Members, name: str) -> tuple[Decimal | None, Decimal | None]:
    raw = given.raw(name)
    if isinstance(raw, Mapping):
        inside = given.part(name, (*_LOWER, *_UPPER))
        low, high = inside.at_most_one_of(*_LOWER), inside.at_most_one_of(*_UPPER)
        return (None if low is None else inside.decimal(low)), (
            None if high is None else inside.decimal(high)
        )
    if not isinstance(raw, list) or len(raw) != 2:
        raise MemberUnreadable(member=name, given=str(raw)[:60], expected="[lower, upper] | {lower, upper}")
    ends = Members(name, {"lower": raw[0], "upper": raw[1]}, ("lower", "upper"))
    return ends.optional_decimal("lower"), ends.optional_decimal("upper")


def _uncertainties(given: Members, *, needed: bool) -> tuple[Decimal | None, float | None]:
    """Read U with k (2 unless given), or u; return U and u."""
    if not needed and "U" not in given and "u" not in given:
        return None, None
    if given.only_one_of("U", "u") == "u":
        u = given.decimal("u")
        return u * (given.decimal("k") if "k" in given else 2), float(u)
    expanded = given.decimal("U")
    return expanded, float(expanded) / given.number("k", 2.0) if expanded else None


def _standard_uncertainty(given: Members) -> float:
    found = _uncertainties(given, needed=True)[1]
    return 0.0 if found is None else found


def _floats(limits: Limits) -> tuple[float, float]:
    return (
        -math.inf if limits.lower is None else float(limits.lower),
        math.inf if limits.upper is None else float(limits.upper),
    )


def _acceptance(given: Members, tolerance: tuple[float, float]) -> tuple[float, float]:
    if given.at_most_one_of("acceptance", "guard_band_factor") == "acceptance":
        low, high = _pair(given, "acceptance")
        return (-math.inf if low is None else float(low), math.inf if high is None else float(high))
    factor = given.number("guard_band_factor", 1.0)
    if factor == 1:
        return tolerance
    if math.isinf(tolerance[0]) or math.isinf(tolerance[1]):
        raise given.contradict(
            "guard_band_factor, limits",
            Text(zh="只有一个限值时须直接给出 acceptance", en="with one limit, acceptance is given itself"),
        )
    middle, half = (tolerance[0] + tolerance[1]) / 2, (tolerance[1] - tolerance[0]) / 2
    return middle - factor * half, middle + factor * half


def _process(given: Members) -> Process:
    process = given.part("process", ("kind", "mean", "sd", "low", "high"))
    if process.choice("kind", ("normal", "rectangular"), "normal") == "normal":
        return NormalProcess(process.number("mean", 0.0), process.number("sd"))
    return RectangularProcess(process.number("low"), process.number("high"))


def _risks(found: GlobalRisk) -> Answer:
    return {
        "pfa": found.pfa,
        "pfr": found.pfr,
        "pfa_conditional": found.pfa_of_accepted,
        "pfr_conditional": found.pfr_of_rejected,
        "itp": found.in_tolerance,
        "accepted": found.accepted,
    }
